"""Responses: validators, conditional requests, codings, ranges (RFC 9110, 8.4, 13 and 14), streamed answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from kg.errors import QueryError
from service import codings
from service.negotiation import choose, parse_accept
from service.parameters import told
from service.problems import MEDIA_TYPE as PROBLEM
from service.problems import NotAcceptable, PreconditionFailed, RangeNotSatisfiable
from service.queries import Answer
from service.representations import HTML, QUALITIES, digest

_log = logging.getLogger(__name__)

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_RANGES = re.compile(r"\s*bytes\s*=(.*)", re.IGNORECASE)
_RANGE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*")
# Of what a 200 would say, a 304 repeats these (RFC 9110, 15.4.5).
KEPT_FIELDS: Final = ("cache-control", "content-location", "etag", "expires", "last-modified", "link", "vary")

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
    chosen = choose(parse_accept(request.headers.getlist("accept")), offers, QUALITIES)
    if chosen is None:
        raise NotAcceptable(offers)
    return chosen


def problem_type(request: Request) -> str:
    """As what a problem is told: a page only where the request prefers one (RFC 9457, 3)."""
    offers = (PROBLEM, "application/json", HTML)
    return choose(parse_accept(request.headers.getlist("accept")), offers) or PROBLEM


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
    streamed: bool = False,
) -> Response:
    """200 with validators, 304, or PreconditionFailed; media type and profile are negotiated by now.

    The coding is negotiated here; a page says which parameters it does not know.  `etag` is the tag of the body as it
    is given.  If it might have been `streamed`, it is coded as a stream would be, however short it proved.
    """
    body = told(request, body) if media_type == HTML else body
    coding = codings.coding_of(request.headers.getlist(codings.FIELD), media_type, None if streamed else len(body))
    fields = MutableHeaders({"ETag": etag or digest(body), "Cache-Control": cache, **(headers or {})})
    codings.declare(fields, media_type, coding)
    if unchanged := conditional(request, fields, modified):
        return unchanged
    fields["Content-Type"] = content_type(media_type)
    return Response(codings.encode(body, coding), headers=fields)


def before_stream(
    request: Request, media_type: str, headers: Mapping[str, str], *, modified: int | None = None
) -> Response | None:
    """The answer where a stream, whose tag is known beforehand, need not be begun: to HEAD, and 304; else None.

    Raises PreconditionFailed.
    """
    coding = codings.coding_of(request.headers.getlist(codings.FIELD), media_type, None)
    fields = MutableHeaders(headers)
    codings.declare(fields, media_type, coding)
    if unchanged := conditional(request, fields, modified):
        return unchanged
    if request.method != "HEAD":
        return None
    fields["Content-Type"] = content_type(media_type)
    response = Response(headers=fields)
    del response.headers["content-length"]  # only reading could tell (RFC 9110, 9.3.2)
    return response


def file_reply(
    request: Request,
    path: Path,
    media_type: str,
    *,
    etag: str,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
    modified: int | None = None,
    cache: str = "no-cache",
) -> Response:
    """A file as it lies on the disk, whole or in ranges, never coded on the way; `name` is what it is saved as.

    Raises PreconditionFailed and RangeNotSatisfiable.
    """
    fields = MutableHeaders({"ETag": etag, "Cache-Control": cache, "Accept-Ranges": "bytes", **(headers or {})})
    if unchanged := conditional(request, fields, modified):
        return unchanged
    fields["Content-Type"] = content_type(media_type)
    return _File(path, name, fields, wanted_ranges(request, fields, path.stat().st_size))


def conditional(request: Request, fields: MutableHeaders, modified: int | None) -> Response | None:
    """304 if the client has this representation, None if it needs it; adds Last-Modified to `fields`.

    In the order of RFC 9110, 13.2.2.  Raises PreconditionFailed.
    """
    if modified is not None:
        fields["Last-Modified"] = formatdate(modified, usegmt=True)
    if not _as_expected(request, fields["etag"], modified):
        raise PreconditionFailed(f"the entity tag is {fields['etag']} now")
    if not not_modified(request, fields["etag"], modified):
        return None
    return Response(status_code=304, headers={name: value for name, value in fields.items() if name in KEPT_FIELDS})


def _as_expected(request: Request, etag: str, modified: int | None) -> bool:
    """If-Match, compared strongly, beats If-Unmodified-Since (RFC 9110, 13.1.1, 13.1.4)."""
    if tags := request.headers.getlist("if-match"):
        return _matches(tags, etag, weakly=False)
    since = _seconds(request.headers.get("if-unmodified-since"))
    return since is None or modified is None or modified <= since


def not_modified(request: Request, etag: str, modified: int | None) -> bool:
    """If-None-Match, compared weakly, beats If-Modified-Since (RFC 9110, 13.1.2, 13.1.3)."""
    if tags := request.headers.getlist("if-none-match"):
        return _matches(tags, etag, weakly=True)
    since = _seconds(request.headers.get("if-modified-since"))
    return since is not None and modified is not None and modified <= since


def _matches(headers: Sequence[str], etag: str, *, weakly: bool) -> bool:
    if any(header.strip() == "*" for header in headers):
        return True
    tags = [tag for header in headers for tag in _TAG.findall(header)]
    return any(text == etag and (weakly or not weak) for weak, text in tags)


def _seconds(date: str | None) -> float | None:
    """An HTTP date in seconds since 1970; None for what is no date, which is passed over."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None


def wanted_ranges(request: Request, fields: Headers, size: int) -> str:
    """The Range header with the ranges that can be given, "" for the whole file (RFC 9110, 14.2 and 13.1.5).

    Range counts for GET alone.  Another unit, or what cannot be read, is passed over.
    """
    match = _RANGES.fullmatch(request.headers.get("range", ""))
    condition = request.headers.get("if-range")
    if not match or request.method != "GET" or condition not in (None, fields["etag"], fields.get("last-modified")):
        return ""
    parts = [_RANGE.fullmatch(part) for part in match[1].split(",") if part.strip()]
    spans = [(part[1], part[2]) for part in parts if part]
    if not spans or len(spans) < len(parts) or any(not _is_range(*span) for span in spans):
        return ""
    satisfiable = [f"{first}-{last}" for first, last in spans if (int(first) < size if first else int(last) and size)]
    if not satisfiable:
        raise RangeNotSatisfiable(size)
    return "bytes=" + ",".join(satisfiable)


def _is_range(first: str, last: str) -> bool:
    # No file has a number of bytes of more than 18 digits.
    if not first + last or max(len(first), len(last)) > 18:
        return False
    return not (first and last) or int(first) <= int(last)


class _File(FileResponse):
    """A file of which `ranges` (a Range header, or "") are sent; what the request says of ranges is settled."""

    def __init__(self, path: Path, name: str | None, headers: Mapping[str, str], ranges: str) -> None:
        super().__init__(path, headers=headers, filename=name, stat_result=path.stat())
        self._ranges = [(b"range", ranges.encode())] if ranges else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        others = [pair for pair in scope["headers"] if pair[0] not in (b"range", b"if-range")]
        await super().__call__({**scope, "headers": [*others, *self._ranges]}, receive, send)


@asynccontextmanager
async def while_here(request: Request, after: float) -> AsyncIterator[None]:
    """What runs in it is cancelled when the client leaves: nobody waits for it then.  Raises ClientDisconnect.

    The client is watched from `after` seconds on.  The request's body must have been read.
    """
    loop, watches = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        patience.reschedule(loop.time())

    alarm = loop.call_later(after, lambda: watches.add(loop.create_task(watch())))
    try:
        async with asyncio.timeout(None) as patience:
            yield
    except TimeoutError:
        if not patience.expired():
            raise
        raise ClientDisconnect from None
    finally:
        alarm.cancel()
        for task in watches:
            task.cancel()
            await asyncio.wait(watches)


class AnswerResponse(Response):
    """A SPARQL answer, streamed while it is made, coded as the client accepts.

    An answer that breaks off must not look whole: this response is left unfinished, and the server closes the
    connection without the last chunk (RFC 9112, 8).  What the answer gives is sent on at once, coded
    or not; it comes in pieces of 64 kB.
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "Content-Type": content_type(answer.media_type)})
        del self.headers["content-length"]
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(self._watch(receive))
        try:
            # Nobody knows how long it will be, so it is coded even if it proves short.
            accepted = Headers(scope=scope).getlist(codings.FIELD)
            coding = codings.coding_of(accepted, self._answer.media_type, None)
            codings.declare(self.headers, self._answer.media_type, coding)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._send(codings.encoder(coding), send, content=scope["method"] != "HEAD")
        except QueryError as error:
            if not watch.done():
                # The message may hold what the client sent.
                _log.warning("an answer broke off: %s", type(error).__name__)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
            self._answer.close()

    async def _send(self, encoder: codings.Encoder, send: Send, *, content: bool) -> None:
        if content:
            async for chunk in self._answer:
                await send({"type": "http.response.body", "body": encoder.feed(chunk), "more_body": True})
        last = encoder.finish() if content else b""
        await send({"type": "http.response.body", "body": last, "more_body": False})

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._answer.close()


def kept_as(name: str, media_type: str, formats: Mapping[str, str]) -> dict[str, str]:
    """The name under which a browser keeps all rows of a view (RFC 6266); a page has none."""
    suffix = next(suffix for suffix, kind in formats.items() if kind == media_type)
    return {} if suffix == "html" else {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
