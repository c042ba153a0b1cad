"""HTTP/1.1 connections on which an offer to change the protocol is passed over (RFC 9110, 7.8).

Java's own client, which Apache Jena uses, offers HTTP/2 with every request over plain HTTP (`Upgrade: h2c`).  The
parser takes such an offer for accepted and reads no further, so that the request would be handled without its
body.  Here its head is read a second time, without the offer, and then its body.
"""

from __future__ import annotations

from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER: Final = frozenset({b"upgrade", b"http2-settings"})


class _Parser:
    """httptools' parser of requests for `protocol`; after an offer a new one goes on."""

    def __init__(self, protocol: WithoutUpgrade) -> None:
        self._protocol = protocol
        self._start()

    def _start(self) -> None:
        self._parser = httptools.HttpRequestParser(self._protocol)
        # As uvicorn sets it: what follows the last request of a connection is no error of that request.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    @property
    def offered(self) -> bool:
        """Whether the head just read has an offer.  CONNECT, too, ends HTTP to the parser, but offers nothing."""
        return bool(self._parser.should_upgrade()) and self._parser.get_method() != b"CONNECT"

    def feed_data(self, data: bytes) -> None:
        """Raises HttpParserError; HttpParserUpgrade for CONNECT alone."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if not self.offered:
                raise
            head = self._head()
            self._start()
            self.feed_data(head + data[upgrade.args[0] :])

    def _head(self) -> bytes:
        """The head that has been read, without the offer."""
        protocol = self._protocol
        lines = [b"%s %s HTTP/%s" % (self._parser.get_method(), protocol.url, self._parser.get_http_version().encode())]
        for name, value in protocol.headers:
            if name == b"connection":
                value = b",".join(token for token in value.split(b",") if token.strip().lower() not in _OFFER)
            if name not in _OFFER:
                lines.append(name + b": " + value)
        return b"\r\n".join(lines) + b"\r\n\r\n"


class WithoutUpgrade(HttpToolsProtocol):
    """A connection of a server without WebSockets."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.parser: Any = _Parser(self)

    def on_headers_complete(self) -> None:
        if not self.parser.offered:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.offered:
            super().on_message_complete()
