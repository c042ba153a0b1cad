"""The outermost layer, in plain ASGI: CORS and security headers on every status, OPTIONS, the last resort.

An error that nothing else has answered becomes a 500 problem if the response has not begun; if it has, it goes
on up, and the server breaks the connection.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.site import SITE, Site

_log = logging.getLogger(__name__)

# What a script in a page may read (https://fetch.spec.whatwg.org/#http-access-control-expose-headers).
_EXPOSED = (
    "Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Length, Content-Location, Content-Profile, "
    "Content-Range, Date, ETag, Last-Modified, Link, Location, Memento-Datetime, Retry-After, Vary"
)
HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer-when-downgrade",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Accept-Language, Accept-Profile, Cache-Control, Content-Type, If-Match, "
        "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Prefer, Range"
    ),
    "Access-Control-Max-Age": "86400",
}


class Edge:
    """`lease` gives a request its site, `allowed` the methods of a path, `on_error` the answer to an error of ours."""

    def __init__(
        self,
        app: ASGIApp,
        lease: Callable[[], AbstractContextManager[Site]],
        allowed: Callable[[Scope], tuple[str, ...]],
        on_error: Callable[[Request], Response],
    ) -> None:
        self._app, self._lease, self._allowed, self._on_error = app, lease, allowed, on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._lease() as site:
            scope[SITE] = site
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(HEADERS)
            elif scope["method"] == "HEAD":
                # RFC 9110, 9.3.2: the header fields of GET, and no content.
                message = {**message, "body": b""}
            await send(message)

        try:
            if scope["method"] == "OPTIONS" and (methods := self._allowed(scope)):
                await self._options(methods)(scope, receive, send_on)
            else:
                await self._app(scope, receive, send_on)
        except Exception:
            if started:
                raise
            _log.exception("a request failed")
            await self._on_error(Request(scope))(scope, receive, send_on)

    def _options(self, methods: tuple[str, ...]) -> Response:
        """Plain OPTIONS and CORS preflight (https://fetch.spec.whatwg.org/#cors-preflight-fetch) alike."""
        names = ", ".join(methods)
        return Response(status_code=204, headers={"Allow": names, "Access-Control-Allow-Methods": names, **_PREFLIGHT})
