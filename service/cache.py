"""A cache in front of the rooms (RFC 9111): what was answered once for a snapshot is answered again without work.

A snapshot never changes, so an answer that depends on nothing else stays right.  A room says so of its answer by
`steady`; the key is the address as it was sent and all header fields that any room selects a representation by.
Conditions are weighed here, by the rules of `responses`, before anything else is done.  Ranges and preconditions are
left to the rooms, and so is what the history tells.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.kept import Kept, footprint
from service.responses import KEPT_FIELDS, not_modified
from service.site import SITE

Fields = list[tuple[bytes, bytes]]

_STEADY: Final = "dragoman.steady"
_SELECTING: Final = frozenset({b"accept", b"accept-encoding", b"accept-profile"})
_LEFT_ALONE: Final = frozenset({b"range", b"if-range", b"if-match", b"if-unmodified-since", b"accept-datetime"})
_CONDITIONS: Final = frozenset({b"if-none-match", b"if-modified-since"})
_STATUSES: Final = (200, 303)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer to GET; `etag` is None for a redirection, which has no validators."""

    status: int
    fields: Fields
    body: bytes
    etag: bytes | None
    modified: int | None

    @classmethod
    def of(cls, status: int, fields: Fields, body: bytes) -> Stored:
        told = Headers(raw=fields)
        since = told.get("last-modified")
        modified = int(parsedate_to_datetime(since).timestamp()) if since else None
        etag = told.get("etag")
        return cls(status, fields, body, etag.encode("latin-1") if etag else None, modified)

    @property
    def unchanged(self) -> Fields:
        """The header fields of a 304 (RFC 9110, 15.4.5)."""
        return [(name, value) for name, value in self.fields if name.decode("latin-1") in KEPT_FIELDS]


def steady(request: Request) -> None:
    """Says that what is answered depends on nothing but the snapshot, the address and what selects a representation."""
    request.scope[_STEADY] = True


class Cache:
    """The layer; each site keeps what was answered from its snapshot."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        kept: Kept[Stored] = scope[SITE].responses
        stored = kept.get(key)
        if stored:
            await _answer(stored, scope, send)
        elif scope["method"] == "GET":
            await self._app(scope, receive, _Recorder(kept, key, scope, send))
        else:
            await self._app(scope, receive, send)


def _key(scope: Scope) -> Hashable | None:
    """What an answer is kept under; None if it is none of this layer's business."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    selecting = []
    for pair in scope["headers"]:
        if pair[0] in _SELECTING:
            selecting.append(pair)
        elif pair[0] in _LEFT_ALONE:
            return None
    return scope["raw_path"], scope["query_string"], tuple(selecting)


async def _answer(stored: Stored, scope: Scope, send: Send) -> None:
    status, fields, body = stored.status, stored.fields, stored.body
    if stored.etag is not None and _has(scope, stored):
        status, fields, body = 304, stored.unchanged, b""
    # A list of its own: the layers outside add to it.
    await send({"type": "http.response.start", "status": status, "headers": list(fields)})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _has(scope: Scope, stored: Stored) -> bool:
    """Whether the client has this representation."""
    conditions = [pair for pair in scope["headers"] if pair[0] in _CONDITIONS]
    if not conditions or stored.etag is None:
        return False
    if conditions == [(b"if-none-match", stored.etag)]:
        return True
    return not_modified(Request(scope), stored.etag.decode("latin-1"), stored.modified)


class _Recorder:
    """Passes an answer on, and keeps it if it is steady, whole and in one piece."""

    def __init__(self, kept: Kept[Stored], key: Hashable, scope: Scope, send: Send) -> None:
        self._kept, self._key, self._scope, self._send = kept, key, scope, send
        self._status, self._fields = 0, Fields()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._fields = message["status"], list(message.get("headers", ()))
        elif self._status in _STATUSES and self._scope.get(_STEADY):
            if not message.get("more_body"):
                body = message.get("body", b"")
                stored = Stored.of(self._status, self._fields, body)
                self._kept.keep(self._key, stored, footprint(stored))
            self._status = 0  # what follows a first piece is not the whole
        await self._send(message)
