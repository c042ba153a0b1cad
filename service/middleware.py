"""The outermost layer, in plain ASGI: CORS and security headers on every status, OPTIONS, the last resort.

Every request has an id, which the log tells, and answers that are errors.

An error that nothing else has answered becomes a 500 problem if the response has not begun; if it has, it goes
on up, and the server breaks the connection.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.logs import ACCESS, REQUEST, request_id
from service.metrics import Metrics
from service.site import SITE, Site
from service.turns import CLIENT, client_of

_log = logging.getLogger(__name__)

# What a script in a page may read (https://fetch.spec.whatwg.org/#http-access-control-expose-headers).
_EXPOSED = (
    "Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Length, Content-Location, Content-Profile, "
    "Content-Range, Date, ETag, Last-Modified, Link, Location, Memento-Datetime, Retry-After, Vary, X-Request-Id"
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
# As they are sent; no room has any of them.
_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_REQUEST_ID: Final = b"x-request-id"
# What log and figures tell of a client that left before its answer, which nobody gets; nginx has the same number.
_CLIENT_GONE: Final = 499
# Characters of an address that a line of the log has; a query is none of its business.
_LOGGED: Final = 2000
_PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Accept-Language, Accept-Profile, Cache-Control, Content-Type, If-Match, "
        "If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Prefer, Range"
    ),
    "Access-Control-Max-Age": "86400",
}


@dataclass(slots=True)
class _Told:
    """What one request got: its status, 0 before there is one, and the bytes of its content."""

    began: float
    status: int = 0
    size: int = 0


class Edge:
    """`lease` gives a request its site, `allowed` the methods of a path, `on_error` the answer to an error of ours.

    `metrics` take note of each request, unless they are None; the log does, if it is told to.
    """

    def __init__(
        self,
        app: ASGIApp,
        lease: Callable[[], AbstractContextManager[Site]],
        allowed: Callable[[Scope], tuple[str, ...]],
        on_error: Callable[[Request], Response],
        metrics: Metrics | None = None,
    ) -> None:
        self._app, self._lease, self._allowed, self._on_error = app, lease, allowed, on_error
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        REQUEST.set(request_id(given.decode("latin-1")))
        CLIENT.set(client_of(scope["client"][0]) if scope.get("client") else "")
        told = _Told(began=time.monotonic())
        with self._lease() as site, self._metrics.running.track_inprogress() if self._metrics else nullcontext():
            scope[SITE] = site
            try:
                await self._answer(scope, receive, send, told)
            finally:
                self._note(scope, told)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, told: _Told) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                headers = [*message.get("headers", ()), *_HEADERS]
                if told.status >= 400:
                    headers.append((_REQUEST_ID, REQUEST.get().encode("latin-1")))
                message = {**message, "headers": headers}
            elif scope["method"] == "HEAD":
                # RFC 9110, 9.3.2: the header fields of GET, and no content.
                message = {**message, "body": b""}
            told.size += len(message.get("body", b""))
            await send(message)

        try:
            if scope["method"] == "OPTIONS" and (methods := self._allowed(scope)):
                await self._options(methods)(scope, receive, send_on)
            else:
                await self._app(scope, receive, send_on)
        except ClientDisconnect:
            told.status = told.status or _CLIENT_GONE
        except Exception:
            if told.status:
                raise
            _log.exception("a request failed")
            await self._on_error(Request(scope))(scope, receive, send_on)

    def _note(self, scope: Scope, told: _Told) -> None:
        seconds = time.monotonic() - told.began
        if self._metrics:
            self._metrics.note(scope, told.status, seconds, told.size)
        if ACCESS.isEnabledFor(logging.INFO):
            facts = {
                "method": scope["method"],
                "path": scope["raw_path"].decode("latin-1")[:_LOGGED],
                "status": told.status,
                "bytes": told.size,
                "seconds": round(seconds, 4),
                "client": (scope.get("client") or ("",))[0],
            }
            ACCESS.info("answered", extra={"facts": facts})

    def _options(self, methods: tuple[str, ...]) -> Response:
        """Plain OPTIONS and CORS preflight (https://fetch.spec.whatwg.org/#cors-preflight-fetch) alike."""
        names = ", ".join(methods)
        return Response(status_code=204, headers={"Allow": names, "Access-Control-Allow-Methods": names, **_PREFLIGHT})
