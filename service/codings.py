"""Content codings of answers: gzip (RFC 1952) and zstd (RFC 8878), as RFC 9110, 8.4 and 12.5.3 have it.

A coded answer is another representation, so it has a strong entity tag of its own: that of the bare one, with the
coding's name inside the quotes.  Files that can be asked for in ranges are never coded on the way: compressed ones
stand beside them.  See docs/decisions/0010-content-codings.md.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import zstandard
from starlette.datastructures import MutableHeaders

from service.negotiation import IDENTITY, choose_coding
from service.problems import NotAcceptable

# In the server's order of preference: zstd is smaller and five times as fast.
CODINGS: Final = ("zstd", "gzip")
FIELD: Final = "Accept-Encoding"
LEAST: Final = 1024
"""Bytes from which on a coding is worth its while; less fits into one packet."""

_GZIP_LEVEL, _ZSTD_LEVEL = 5, 3
_COMPRESSIBLE = re.compile(
    r"text/.+|image/svg\+xml|application/(?:.+\+)?(?:json|xml|trig|n-triples|n-quads|linkset|link-format)"
)


class Encoder(Protocol):
    """Takes content piece by piece; what `feed` gives can be decoded to all that was fed so far."""

    def feed(self, content: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        # 16 more than the window's size asks for gzip's frame; it has no name and no time, so it is always the same.
        self._stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def feed(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Zstd:
    def __init__(self) -> None:
        # At this level the window is 2 MB; a browser takes 8 at most (RFC 9659).
        self._stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def feed(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Identity:
    def feed(self, content: bytes) -> bytes:
        return content

    def finish(self) -> bytes:
        return b""


_ENCODERS: Final[dict[str, Callable[[], Encoder]]] = {"gzip": _Gzip, "zstd": _Zstd, IDENTITY: _Identity}


def encoder(coding: str) -> Encoder:
    return _ENCODERS[coding]()


def encode(content: bytes, coding: str) -> bytes:
    """Whole content at once: the same bytes, the same result."""
    if coding == "gzip":
        return gzip.compress(content, _GZIP_LEVEL, mtime=0)
    return zstandard.compress(content, _ZSTD_LEVEL) if coding == "zstd" else content


def compressible(media_type: str) -> bool:
    return bool(_COMPRESSIBLE.fullmatch(media_type.partition(";")[0].strip()))


def coding_of(accept_encoding: Sequence[str], media_type: str, length: int | None) -> str:
    """The coding of an answer of this type; `length` in bytes, None if nobody knows.  Raises NotAcceptable."""
    if not compressible(media_type):
        return IDENTITY
    worth = length is None or length >= LEAST
    chosen = choose_coding(accept_encoding, CODINGS, worth=worth)
    if chosen is None:
        raise NotAcceptable((*CODINGS, IDENTITY), vary=FIELD)
    return chosen


def tagged(etag: str, coding: str) -> str:
    """The entity tag of the coded representation: "x" → "x-gzip"."""
    return etag if coding == IDENTITY else f'{etag[:-1]}-{coding}"'


def declare(headers: MutableHeaders, media_type: str, coding: str) -> None:
    """Says in `headers` what the coding makes of an answer: Vary, Content-Encoding, ETag."""
    if compressible(media_type):
        headers.add_vary_header(FIELD)
    if coding != IDENTITY:
        headers["Content-Encoding"] = coding
    if coding != IDENTITY and "etag" in headers:
        headers["ETag"] = tagged(headers["etag"], coding)
