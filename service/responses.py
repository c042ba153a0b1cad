"""Responses: validators and conditional requests (RFC 9110, 13), negotiation's headers, streamed answers."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import QueryError
from service.negotiation import choose, parse_accept
from service.problems import NotAcceptable
from service.queries import Answer
from service.representations import digest

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# Of what a 200 would say, a 304 repeats these (RFC 9110, 15.4.5).
_KEPT = ("cache-control", "content-location", "etag", "expires", "last-modified", "link", "vary")

Handler = TypeVar("Handler", bound=Callable[..., Any])


def readable(router: APIRouter, path: str) -> Callable[[Handler], Handler]:
    """A route for GET and, since FastAPI adds none, for HEAD (RFC 9110, 9.3.2)."""

    def register(handler: Handler) -> Handler:
        router.add_api_route(path, handler, methods=["GET"], response_model=None)
        router.add_api_route(path, handler, methods=["HEAD"], response_model=None, include_in_schema=False)
        return handler

    return register


def negotiate(request: Request, offers: Iterable[str]) -> str:
    """The offer that the request accepts.  Raises NotAcceptable."""
    offers = tuple(offers)
    chosen = choose(parse_accept(request.headers.getlist("accept")), offers)
    if chosen is None:
        raise NotAcceptable(offers)
    return chosen


def content_type(media_type: str) -> str:
    """RDF and results are UTF-8 by definition, text/* only if it says so."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def reply(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    headers: Mapping[str, str] | None = None,
    modified: int | None = None,
    etag: str | None = None,
    cache: str = "no-cache",
) -> Response:
    """200 with validators, or 304; negotiation is done by now."""
    fields = {"ETag": etag or digest(body), "Cache-Control": cache, **(headers or {})}
    if modified is not None:
        fields["Last-Modified"] = formatdate(modified, usegmt=True)
    if not_modified(request, fields["ETag"], modified):
        kept = {name: value for name, value in fields.items() if name.lower() in _KEPT}
        return Response(status_code=304, headers=kept)
    return Response(body, headers={**fields, "Content-Type": content_type(media_type)})


def not_modified(request: Request, etag: str, modified: int | None) -> bool:
    """If-None-Match, compared weakly, beats If-Modified-Since (RFC 9110, 13.1.2, 13.1.3, 13.2.2)."""
    tags = request.headers.getlist("if-none-match")
    if tags:
        return _matches(tags, etag)
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False  # what is no date is passed over


def _matches(headers: Sequence[str], etag: str) -> bool:
    known = _TAG.findall(etag)
    return any(header.strip() == "*" or set(known) & set(_TAG.findall(header)) for header in headers)


async def gone(request: Request) -> None:
    """Returns when the client has left; the request's body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class AnswerResponse(Response):
    """A SPARQL answer, streamed while it is made.

    An answer that breaks off must not look whole: the error leaves this response unfinished, and the server
    closes the connection without the last chunk (RFC 9112, 8).
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "Content-Type": content_type(answer.media_type)})
        del self.headers["content-length"]
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        watch = asyncio.create_task(self._watch(receive))
        try:
            if scope["method"] != "HEAD":
                async for chunk in self._answer:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except QueryError:
            if not watch.done():
                raise
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
            self._answer.close()

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._answer.close()
