"""The downloads of a snapshot and their reader: the whole, what no volume has, each volume, each document.

    downloads/
      NAME.FORMAT.gz, .zst    NAME: dragoman (the whole), common (what belongs to no volume), volume/VOLUME
      index.sqlite            sizes and digests of every download; where documents stand in their volumes

Only compressed files are kept.  They are strings of gzip members (RFC 1952, 2.2) and zstd frames (RFC 8878, 3.1), one
for each document, so that a document's download is a cut out of its volume's, and the plain form of a file can be given
from any byte on without making it whole.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal
from urllib.parse import quote

import zstandard

from kg.errors import SnapshotError
from kg.formats import FORMATS

WHOLE: Final = "dragoman"
COMMON: Final = "common"
VOLUME: Final = "volume/"
INDEX: Final = "index.sqlite"
Coding = Literal["", "gz", "zst"]
"""The suffix of a compressed file; "" is the plain form, which is not kept."""
CODINGS: Final[dict[Coding, str]] = {"": "", "gz": "application/gzip", "zst": "application/zstd"}
"""Suffix → media type of the compressed file."""

GZIP_LEVEL, ZSTD_LEVEL = 5, 3
SCHEMA: Final = """
CREATE TABLE file (
  name TEXT, format TEXT, coding TEXT, size INTEGER, sha256 TEXT, head INTEGER, tail INTEGER,
  PRIMARY KEY (name, format, coding)) WITHOUT ROWID;
CREATE TABLE seek (
  name TEXT, format TEXT, plain INTEGER, zst INTEGER, PRIMARY KEY (name, format, plain)) WITHOUT ROWID;
CREATE TABLE document (key TEXT PRIMARY KEY, volume TEXT, spans BLOB) WITHOUT ROWID;
"""
# Of a document in each format: start and length in the gzip file, start and length in the zstd file.
SPANS: Final = struct.Struct(f"<{4 * len(FORMATS)}Q")
_BLOCK: Final = 1 << 18


def gz(content: bytes) -> bytes:
    """One member, without name and time: the same bytes, the same member."""
    return zlib.compress(content, GZIP_LEVEL, wbits=16 + zlib.MAX_WBITS)


def zst(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(content)


def unzst(content: bytes) -> bytes:
    """What `zst` made of it.  A frame that tells its size is unpacked at once, in a seventh of the time of a stream."""
    return zstandard.ZstdDecompressor().decompress(content) if content else b""


def volume_name(volume: str) -> str:
    """The name of a volume's downloads."""
    return VOLUME + quote(volume, safe="")


@dataclass(frozen=True, slots=True)
class File:
    """A download: `name`.`format`[.`coding`].  `size` in bytes, `sha256` in hexadecimal digits.

    `head` and `tail` are the bytes before and after what it has of documents: prefixes, brackets.
    """

    name: str
    format: str
    coding: Coding
    size: int
    sha256: str
    head: int
    tail: int

    @property
    def path(self) -> str:
        """What follows `download/` in its address."""
        return f"{self.name}.{self.format}" + (f".{self.coding}" if self.coding else "")

    @property
    def media_type(self) -> str:
        return CODINGS[self.coding] or FORMATS[self.format]


class Downloads:
    """The downloads in one folder.  Raises SnapshotError if the index is gone or damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[File]:
        """Every file but those of documents: the whole, the common ones, the volumes."""
        query = "SELECT name, format, coding, size, sha256, head, tail FROM file"
        order = {WHOLE: 0, COMMON: 1}
        forms = list(FORMATS)
        with self._index() as index:
            files = [File(*row) for row in index.execute(query)]
        return sorted(
            files, key=lambda file: (order.get(file.name, 2), file.name, forms.index(file.format), file.coding)
        )

    def file(self, name: str, form: str, coding: str) -> File | None:
        query = """SELECT name, format, coding, size, sha256, head, tail FROM file
            WHERE name = ? AND format = ? AND coding = ?"""
        with self._index() as index:
            row = index.execute(query, (name, form, coding)).fetchone()
        return File(*row) if row else None

    def path(self, file: File) -> Path:
        """Where a compressed file lies."""
        return self.folder / file.path

    def plain(self, name: str, form: str, start: int = 0) -> Iterator[bytes]:
        """The plain form of a file from a byte on, in blocks."""
        query = "SELECT plain, zst FROM seek WHERE name = ? AND format = ? AND plain <= ? ORDER BY plain DESC LIMIT 1"
        with self._index() as index:
            at, offset = index.execute(query, (name, form, start)).fetchone() or (0, 0)
        with (self.folder / f"{name}.{form}.zst").open("rb") as stream:
            stream.seek(offset)
            skip = start - at
            for block in decompressed(stream):
                yield block[skip:]
                skip = max(0, skip - len(block))

    def document(self, key: str, form: str, coding: Coding) -> bytes | None:
        """The download of a document, VOLUME/DOCUMENT as in its IRI; None if there is none."""
        query = """SELECT spans, name, format, coding, size, sha256, head, tail
            FROM document JOIN file ON name = volume WHERE key = ? AND format = ? AND coding = ?"""
        if form not in FORMATS or coding not in CODINGS:
            return None
        kept = coding or "zst"
        with self._index() as index:
            row = index.execute(query, (key, form, kept)).fetchone()
        if row is None:
            return None
        spans, file = row[0], File(*row[1:])
        place = 4 * list(FORMATS).index(form) + (2 if kept == "zst" else 0)
        start, length = SPANS.unpack(spans)[place : place + 2]
        with self.path(file).open("rb") as stream:
            spans = ((0, file.head), (start, length), (file.size - file.tail, file.tail))
            frames = [_at(stream, *span) for span in spans]
        return b"".join(frames if coding else map(unzst, frames))

    def has(self, key: str) -> bool:
        """Whether there are downloads of this document, VOLUME/DOCUMENT as in its IRI."""
        with self._index() as index:
            return index.execute("SELECT 1 FROM document WHERE key = ?", (key,)).fetchone() is not None

    def documents(self) -> Iterator[str]:
        """The keys of all documents."""
        with self._index() as index:
            yield from (key for (key,) in index.execute("SELECT key FROM document ORDER BY key"))

    @contextlib.contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        path = self.folder / INDEX
        try:
            # The file never changes, so that no lock is needed: it may lie on a read-only disk.
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            with contextlib.closing(sqlite3.connect(address, uri=True)) as index:
                yield index
        except sqlite3.Error as error:
            raise SnapshotError(f"{path}: cannot be read ({error}); build the snapshot again") from error


def _at(stream: BinaryIO, start: int, length: int) -> bytes:
    stream.seek(start)
    return stream.read(length)


def decompressed(stream: BinaryIO) -> Iterator[bytes]:
    """The content of a string of frames, in blocks."""
    reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
    while block := reader.read(_BLOCK):
        yield block
