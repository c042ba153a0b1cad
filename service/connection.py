"""What stands below the application: requests that are not HTTP, and those over a limit, get problem documents too.

uvicorn answers such a request itself, in a word of plain text and without CORS; nothing of it reaches the
application.  The limits keep a client from filling the memory with a head that never ends, and from holding a
connection by sending or reading as slowly as it can.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any, ClassVar, Final

import httptools

from kg.errors import DragomanError, Overloaded
from service.middleware import HEADERS
from service.problems import (
    MEDIA_TYPE,
    BadRequest,
    HeadTooLarge,
    MethodNotImplemented,
    RequestError,
    RequestTimeout,
    UriTooLong,
    problem,
)
from service.site import Site
from service.succession import Succession
from service.upgrade import WithoutUpgrade

MAX_FIELDS: Final = 64 * 1024
"""Bytes that the header fields of a request may have."""
MAX_FIELD_COUNT: Final = 200
"""How many header fields a request may have."""
MAX_TARGET: Final = 65_535
"""Bytes that an address with its query may have: the parser counts them in 16 bits."""
_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    503: "Service Unavailable",
}
# RFC 9112, 3.2, by RFC 3986, 3.2.2.
_HOST: Final = re.compile(rb"[\w.~%!$&'()*+,;=:\[\]-]*", re.ASCII)


class Connection(WithoutUpgrade):
    """One connection to a client.

    A head must be whole within `head_seconds` of the connection or of its first byte, a body within `body_seconds`
    of its head; a client that takes nothing of an answer for `write_seconds` is cut off.  More than `most`
    connections at a time are refused.
    """

    head_seconds: ClassVar[float] = 15.0
    body_seconds: ClassVar[float] = 30.0
    write_seconds: ClassVar[float] = 60.0
    most: ClassVar[int] = 1000

    _room, _left = MAX_FIELDS, MAX_FIELD_COUNT
    _in_head = True
    _refusal: DragomanError | None = None
    _alarm: asyncio.TimerHandle | None = None
    _patience: asyncio.TimerHandle | None = None

    @property
    def _site(self) -> Site:
        app: Any = self.config.app
        succession = app.state.succession
        assert isinstance(succession, Succession)  # noqa: S101 - create_app sets it
        return succession.site

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self._refusal = Overloaded("there are too many connections")
            self.send_400_response("")
        else:
            self._expect(self.head_seconds, "head")

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        # What stands in the buffer goes when the client takes it; nothing else tells that it does not.
        self._patience = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None
        super().resume_writing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._see_off()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._see_off()

    def _see_off(self) -> None:
        """A connection that is to close once all is sent does so in any case."""
        if self._patience is None:
            self._patience = self.loop.call_later(self.write_seconds, self.transport.abort)

    def _expect(self, seconds: float | None, what: str = "") -> None:
        """Gives the client so long for what comes next; None: for as long as it takes."""
        if self._alarm:
            self._alarm.cancel()
        self._alarm = self.loop.call_later(seconds, self._late, what) if seconds else None

    def _late(self, what: str) -> None:
        if self.flow.read_paused:
            self._expect(self.body_seconds, what)  # it is we who do not read: an earlier request is answered first
            return
        if what == "head" and self.headers is None:
            self.transport.close()  # it has said nothing, and hears nothing
            return
        self._refusal = RequestTimeout(f"the {what} of the request did not come to its end in time")
        self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._room, self._left, self._in_head = MAX_FIELDS, MAX_FIELD_COUNT, True
        self._expect(self.head_seconds, "head")

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._refuse(UriTooLong(f"the address has more than {MAX_TARGET} bytes"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._room -= len(name) + len(value)
        self._left -= 1
        if self._room < 0 or self._left < 0:
            limits = f"{MAX_FIELDS} bytes or are more than {MAX_FIELD_COUNT}"
            self._refuse(HeadTooLarge(f"the header fields have more than {limits}"))
        # What stands behind the chunks of a body is no part of the head (RFC 9110, 6.5.1): nobody in front has seen it.
        # No answer depends on a cookie, which Python before 3.11.10 reads in the square of its length (CVE-2024-7592).
        if self._in_head and name.lower() != b"cookie":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            self._refuse(BadRequest(f"this is not HTTP/1.1, but {version}"))
        if len(hosts) > 1 or (version == "1.1" and not hosts) or any(not _HOST.fullmatch(host) for host in hosts):
            self._refuse(BadRequest("a request has one field Host, which names a host (RFC 9112, 3.2)"))
        self._expect(self.body_seconds, "body")
        self._in_head = self.parser.offered  # the head of such a request is read a second time
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def _refuse(self, error: RequestError) -> None:
        # The parser stops at an error of its callbacks, and `data_received` then asks for the answer below.
        self._refusal = error
        raise error

    def _owes_another(self) -> bool:
        """Whether an answer is on its way, or to come first, or was given before the body of its request was there."""
        last = self.cycle
        if not last or self.pipeline:
            return bool(self.pipeline)
        if last.response_complete:
            return bool(last.more_body)
        return bool(last.response_started or not last.more_body)

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no request; none where the client would take it for that to another request."""
        if self._owes_another():
            self.transport.abort()
            return
        error = self._refusal
        if error is None and isinstance(sys.exception(), httptools.HttpParserInvalidMethodError):
            error = MethodNotImplemented("no method of this name is known here; names of methods are in capitals")
        told = problem(error or BadRequest(f"{msg} It does not follow RFC 9112."))
        body = (json.dumps(told.document(self._site.base), indent=1) + "\n").encode()
        self._expect(None)
        fields = {
            **HEADERS,
            **told.headers,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        head = [f"HTTP/1.1 {told.kind.status} {_PHRASES[told.kind.status]}"]
        head += [f"{name}: {value}" for name, value in {**fields, "Cache-Control": "no-store"}.items()]
        self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self.transport.close()
        self._see_off()
