"""What stands below the application: requests that are not HTTP, and heads over the limit, get problem documents too.

uvicorn answers such a request itself, in a word of plain text and without CORS; nothing of it reaches the
application.  The limits keep a client from filling the memory with a head that never ends.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import httptools

from service.middleware import HEADERS
from service.problems import (
    MEDIA_TYPE,
    BadRequest,
    HeadTooLarge,
    MethodNotImplemented,
    RequestError,
    UriTooLong,
    problem,
)
from service.site import Site
from service.succession import Succession
from service.upgrade import WithoutUpgrade

MAX_FIELDS: Final = 64 * 1024
"""Bytes that the header fields of a request may have."""
MAX_TARGET: Final = 65_535
"""Bytes that an address with its query may have: the parser counts them in 16 bits."""
_PHRASES = {400: "Bad Request", 414: "URI Too Long", 431: "Request Header Fields Too Large", 501: "Not Implemented"}


class Connection(WithoutUpgrade):
    """One connection to a client."""

    _room = MAX_FIELDS
    _refusal: RequestError | None = None

    @property
    def _site(self) -> Site:
        app: Any = self.config.app
        succession = app.state.succession
        assert isinstance(succession, Succession)  # noqa: S101 - create_app sets it
        return succession.site

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._room = MAX_FIELDS

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAX_TARGET:
            self._refuse(UriTooLong(f"the address has more than {MAX_TARGET} bytes"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._room -= len(name) + len(value)
        if self._room < 0:
            self._refuse(HeadTooLarge(f"the header fields have more than {MAX_FIELDS} bytes"))
        super().on_header(name, value)

    def _refuse(self, error: RequestError) -> None:
        # The parser stops at an error of its callbacks, and `data_received` then asks for the answer below.
        self._refusal = error
        raise error

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no request; none if another answer is on its way, which it would cut in two."""
        if self.cycle and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.close()
            return
        error = self._refusal
        if error is None and isinstance(sys.exception(), httptools.HttpParserInvalidMethodError):
            error = MethodNotImplemented("no method of this name is known here; names of methods are in capitals")
        told = problem(error or BadRequest(f"{msg} It does not follow RFC 9112."))
        body = (json.dumps(told.document(self._site.base), indent=1) + "\n").encode()
        fields = {**HEADERS, "Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), "Connection": "close"}
        head = [f"HTTP/1.1 {told.kind.status} {_PHRASES[told.kind.status]}"]
        head += [f"{name}: {value}" for name, value in {**fields, "Cache-Control": "no-store"}.items()]
        self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self.transport.close()
