"""The writer of downloads: data.nq in every format, compressed, and the counts of the catalogue on the way.

Chunks of data.nq are converted each by itself, in worker processes: a document, or some of what belongs to none,
becomes a piece of each format, a gzip member and a zstd frame.  Then pieces are strung together, format by format.
Memory holds a piece at a time and what is distinct in a chunk; a chunk has `CHUNK` bytes, if no document is longer.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import shutil
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import zstandard

from kg import coverage
from kg.catalogue import Counts
from kg.downloads import (
    COMMON,
    INDEX,
    SCHEMA,
    SPANS,
    WHOLE,
    ZSTD_LEVEL,
    Coding,
    File,
    decompressed,
    gz,
    volume_name,
    zst,
)
from kg.formats import FORMATS, Piece, head, tail
from kg.iris import Iris
from kg.statements import document_order
from kg.vocabulary import DGM, RDF, XSD

CHUNK: Final = 16 << 20
_REST_LINES: Final = 2000
# How far apart the points are from which a plain file can be given.
_STRIDE: Final = 1 << 20
_KEPT: Final[tuple[Coding, ...]] = ("gz", "zst")
BESIDE: Final = ("pieces", "subjects", "objects")
"""Suffixes of what conversion writes beside the pieces; the last two for chunks of data.nq alone."""
_TYPE: Final = f"<{RDF.type}>"
_DATE: Final = f"<{DGM.date}>"
_DOUBT: Final = f"<{DGM.doubt}>"
_EARLIEST: Final = f"<{DGM.earliest}>"
_DAY: Final = re.compile(rf'"(\d{{4}}-\d\d-\d\d)"\^\^<{re.escape(XSD.date)}>')
_CODED: Final[dict[Coding, Callable[[bytes], bytes]]] = {"gz": gz, "zst": zst}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A graph's lines in data.nq: `length` bytes from `start`.  `volume` is None for what belongs to no volume."""

    graph: str
    volume: str | None
    start: int
    length: int
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """`length` bytes of `source` from `start`, which go to `name`; and to the whole, if they are `of_data` (data.nq).

    `target` is the path, without suffixes, of the files that conversion writes.  `spans` has one that an earlier build
    converted: where its pieces stand (start, length) in the files of its download, FORMAT.CODING beside `target`.
    """

    base: str
    source: Path
    start: int
    length: int
    name: str
    of_data: bool
    target: Path
    spans: Mapping[str, tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a chunk held; `coverage` has documents by (volume, field, how).

    Hashes of its subjects and objects stand in files beside its pieces.
    """

    prefixes: frozenset[str]
    predicates: Counter[str]
    classes: Counter[str]
    examples: dict[str, str]
    dates: tuple[str, str] | None
    coverage: Counter[tuple[str, str, str]]


@dataclass(slots=True)
class _Counts:
    predicates: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    subjects: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    examples: dict[str, str] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)
    coverage: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, piece: Piece) -> None:
        for subject, predicates in piece.subjects.items():
            self.subjects.add(subject)
            for predicate, values in predicates.items():
                self.predicates[predicate] += len(values)
                self.objects.update(values)
            for kind in predicates.get(_TYPE, ()):
                self.classes[kind] += 1
                self.examples.setdefault(kind[1:-1], subject[1:-1])
            # A year that cannot be meant (kg/dates.py) is doubtful and has no bounds.
            meant = _DOUBT not in predicates or _EARLIEST in predicates
            if f"<{DGM.Sending}>" in predicates.get(_TYPE, ()) and meant:
                self.dates.update(match[1] for day in predicates.get(_DATE, ()) if (match := _DAY.fullmatch(day)))

    def cover(self, piece: Piece, document: str, iris: Iris) -> None:
        """The fields that a document has, which a piece holds with all its parts."""
        _, (volume, *_) = iris.parse(document) or ("", ("",))
        self.coverage[volume, coverage.DOCUMENTS, "stated"] += 1
        for name, how in coverage.of_document(piece.subjects, document, iris).items():
            self.coverage[volume, name, how] += 1


def chunks(data: Path, extents: Iterable[Extent], base: str, folder: Path) -> list[Chunk]:
    """data.nq in chunks, in order, none of which ends within a document."""
    spans: list[list[int]] = []
    names: list[str] = []
    for extent in extents:
        name = volume_name(extent.volume) if extent.volume else COMMON
        if names and names[-1] == name:
            spans[-1][1] = extent.start + extent.length
        else:
            spans.append([extent.start, extent.start + extent.length])
            names.append(name)
    pattern = Iris(base).part_of_document()
    out: list[Chunk] = []
    with data.open("rb") as stream:
        for (start, end), name in zip(spans, names, strict=True):
            cuts = [start, *_cuts(stream, start, end, pattern), end]
            for first, last in itertools.pairwise(cuts):
                target = folder / f"{len(out):06}"
                out.append(
                    Chunk(
                        base=base, source=data, start=first, length=last - first, name=name, of_data=True, target=target
                    )
                )
    return out


def _cuts(stream: BinaryIO, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[int]:
    """Where documents begin, or subjects that belong to none, every `CHUNK` bytes or so."""
    while (start := start + CHUNK) < end:
        stream.seek(start)
        start += len(stream.readline())
        last = None
        for line in stream:
            key = _piece_key(line.decode(), pattern)
            if start >= end or (last is not None and key != last):
                break
            last = key
            start += len(line)
        if start < end:
            yield start


def _piece_key(line: str, pattern: re.Pattern[str]) -> tuple[str, int, str]:
    """The document, or the subject of what belongs to none."""
    return document_order(line, pattern) if pattern.match(line) else (line[: line.index(">")], 0, "")


def convert(chunk: Chunk) -> Converted:
    """Write a chunk's pieces: `target`.FORMAT.gz and .zst; the sizes of each in `target`.pieces; hashes."""
    counts, prefixes, iris = _Counts(), set[str](), Iris(chunk.base)
    compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    with ExitStack() as stack:
        files = {
            (form, coding): stack.enter_context(beside(chunk, f"{form}.{coding}").open("wb"))
            for form in FORMATS
            for coding in _KEPT
        }
        table = stack.enter_context(beside(chunk, "pieces").open("w", encoding="utf-8"))
        for key, lines in _pieces(chunk):
            first = f"<{iris.base}id/document/{key}>" if key else None
            piece = Piece(lines, first)
            counts.add(piece)
            if first in piece.subjects and chunk.of_data:
                counts.cover(piece, first[1:-1], iris)
            sizes: list[int] = []
            for form, text in (("nq", "".join(lines)), *piece.texts()):
                content = text.encode()
                coded: dict[Coding, bytes] = {"gz": gz(content), "zst": compressor.compress(content)}
                for coding, body in coded.items():
                    files[form, coding].write(body)
                sizes += [len(content), len(coded["gz"]), len(coded["zst"])]
            prefixes |= piece.prefixes
            # Only what has the document itself can be asked for as a document.
            print(key if first in piece.subjects else "", *sizes, sep="\t", file=table)
    if chunk.of_data:
        _hashes(chunk, "subjects", counts.subjects)
        _hashes(chunk, "objects", counts.objects)
    return Converted(
        prefixes=frozenset(prefixes),
        predicates=counts.predicates,
        classes=counts.classes,
        examples=counts.examples,
        dates=(min(counts.dates), max(counts.dates)) if counts.dates else None,
        coverage=counts.coverage,
    )


def beside(chunk: Chunk, suffix: str) -> Path:
    """A file that conversion wrote."""
    return chunk.target.with_name(f"{chunk.target.name}.{suffix}")


def _body(chunk: Chunk, suffix: str) -> bytes:
    """The pieces of a chunk in one format and coding, strung together: a tenth of the chunk's size or so."""
    if chunk.spans is None:
        return beside(chunk, suffix).read_bytes()
    start, length = chunk.spans[suffix]
    with chunk.target.with_name(suffix).open("rb") as stream:
        stream.seek(start)
        return stream.read(length)


def link(source: Path, target: Path) -> None:
    """One file under two names, where the file system can; else a copy."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _pieces(chunk: Chunk) -> Iterator[tuple[str, list[str]]]:
    """(VOLUME/DOCUMENT or "", its lines): all of a document in one graph; of the rest, some subjects."""
    pattern = Iris(chunk.base).part_of_document()
    lines: list[str] = []
    last: tuple[str, tuple[str, int, str]] | None = None
    start = end = b""
    with chunk.source.open("rb") as stream:
        stream.seek(chunk.start)
        left = chunk.length
        while left > 0:
            raw = stream.readline()
            left -= len(raw)
            line = raw.decode()
            if lines and raw.startswith(start) and raw.endswith(end):  # subject and graph as before
                lines.append(line)
                continue
            start, end = raw[: raw.index(b">") + 1], raw[raw.rindex(b" <") :]
            key = line[line.rindex(" <") :], document_order(line, pattern)
            full = len(lines) >= _REST_LINES and not key[1][0] and _subject(line) != _subject(lines[-1])
            if lines and (key != last or full):
                yield _key(lines[0], pattern), lines
                lines = []
            lines.append(line)
            last = key
    if lines:
        yield _key(lines[0], pattern), lines


def _subject(line: str) -> str:
    return line[: line.index(">")]


def _key(line: str, pattern: re.Pattern[str]) -> str:
    match = pattern.match(line)
    return f"{match[1]}/{match[2]}" if match else ""


def _hashes(chunk: Chunk, name: str, terms: Iterable[str]) -> None:
    """The terms as sorted numbers of 64 bits; the last bit is set for an IRI that we mint."""
    minted = f"<{chunk.base}id/"
    numbers = sorted(
        int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest()) | 1
        if term.startswith(minted)
        else int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest()) & ~1
        for term in terms
    )
    with beside(chunk, name).open("wb") as stream:
        array("Q", numbers).tofile(stream)


def distinct(paths: Sequence[Path]) -> tuple[int, int]:
    """How many different numbers stand in files of sorted ones, and how many of them are odd.

    They are counted range by range, so that memory holds a part of them.
    """
    total = sum(path.stat().st_size // 8 for path in paths)
    ranges = max(1, total >> 20)
    number, odd = 0, 0
    with ExitStack() as stack:
        readers = [_Ahead(stack.enter_context(path.open("rb"))) for path in paths]
        for step in range(1, ranges + 1):
            limit = (1 << 64) * step // ranges
            found = {value for reader in readers for value in reader.below(limit)}
            number += len(found)
            odd += sum(value & 1 for value in found)
    return number, odd


class _Ahead:
    """Sorted numbers of a file, some at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held: array[int] = array("Q")

    def below(self, limit: int) -> Iterator[int]:
        while True:
            if not self._held:
                self._held.frombytes(self._stream.read(1 << 13))
            if not self._held or self._held[0] >= limit:
                return
            if self._held[-1] < limit:
                yield from self._held
                self._held = array("Q")
            else:
                place = next(index for index, value in enumerate(self._held) if value >= limit)
                yield from self._held[:place]
                self._held = self._held[place:]
                return


def count(all_chunks: Sequence[Chunk], converted: Sequence[Converted], extents: Iterable[Extent]) -> Counts:
    """What data.nq holds, from what its chunks do."""
    classes, predicates = Counter[str](), Counter[str]()
    examples: dict[str, str] = {}
    own = [(chunk, found) for chunk, found in zip(all_chunks, converted, strict=True) if chunk.of_data]
    for _, found in own:
        predicates.update(found.predicates)
        classes.update(found.classes)
        examples = {**found.examples, **examples}
    dates = [day for _, found in own for day in found.dates or ()]
    subjects, entities = distinct([beside(chunk, "subjects") for chunk, _ in own])
    objects, _ = distinct([beside(chunk, "objects") for chunk, _ in own])
    graphs = {extent.graph: extent.statements for extent in extents if extent.statements}
    return Counts(
        triples=sum(graphs.values()),
        entities=entities,
        subjects=subjects,
        objects=objects,
        classes={kind[1:-1]: number for kind, number in classes.items() if kind[0] == "<"},
        predicates={predicate[1:-1]: number for predicate, number in predicates.items()},
        examples=examples,
        dates=(min(dates), max(dates)) if dates else None,
        graphs=graphs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Strung:
    """The files of one format: their rows in the index, and from where plain ones can be given."""

    files: list[File]
    seeks: list[tuple[str, str, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stringing:
    """One format of all downloads: pieces of `chunks` in order, `prefixes` by name of the download.

    `known` are files by name and coding whose sizes and digests need not be found; compressed ones are those that
    an earlier build wrote.
    """

    format: str
    folder: Path
    about: str
    chunks: tuple[Chunk, ...]
    prefixes: dict[str, frozenset[str]]
    known: dict[tuple[str, Coding], File]


def whole(extents: Iterable[Extent], digest: str) -> File:
    """The N-Quads of the whole, whose plain form is data.nq."""
    return File(WHOLE, "nq", "", sum(extent.length for extent in extents), digest, 0, 0)


def stringings(
    all_chunks: Sequence[Chunk], converted: Sequence[Converted], folder: Path, about: str, known: Iterable[File]
) -> Iterator[Stringing]:
    """A task for each format; `known` is of all."""
    files = list(known)
    prefixes: dict[str, frozenset[str]] = {WHOLE: frozenset(), COMMON: frozenset()}
    for chunk, result in zip(all_chunks, converted, strict=True):
        for name in (WHOLE, chunk.name) if chunk.of_data else (chunk.name,):
            prefixes[name] = prefixes.get(name, frozenset()) | result.prefixes
    for form in FORMATS:
        yield Stringing(
            format=form,
            folder=folder,
            about=about,
            chunks=tuple(all_chunks),
            prefixes=prefixes,
            known={(file.name, file.coding): file for file in files if file.format == form},
        )


def string(task: Stringing) -> Strung:
    """Write the compressed files of one format, and digest them and the plain ones."""
    files: list[File] = []
    seeks: list[tuple[str, str, int, int]] = []
    plain = _plain_digests(task)
    for name in task.prefixes:
        first, last = head(task.format, task.prefixes[name], task.about).encode(), tail(task.format).encode()
        files.append(plain[name])
        parts = _of(task.chunks, name)
        for coding in _KEPT:
            files.append(_kept(task, name, coding, parts) or _strung(task, name, coding, parts, first, last))
        seeks += _seeks(task.format, name, parts, len(first), len(zst(first)) if first else 0)
    return Strung(files=files, seeks=seeks)


def _kept(task: Stringing, name: str, coding: Coding, parts: Sequence[Chunk]) -> File | None:
    """The file of an earlier build under a second name, if there is one."""
    if file := task.known.get((name, coding)):
        path = task.folder / file.path
        path.parent.mkdir(exist_ok=True)
        link(parts[0].target.with_name(f"{task.format}.{coding}"), path)
    return file


def _strung(task: Stringing, name: str, coding: Coding, parts: Sequence[Chunk], first: bytes, last: bytes) -> File:
    before, after = (_CODED[coding](text) if text else b"" for text in (first, last))
    path, suffix = task.folder / f"{name}.{task.format}.{coding}", f"{task.format}.{coding}"
    path.parent.mkdir(exist_ok=True)
    _write(path, before, (_body(chunk, suffix) for chunk in parts), after)
    size, digest = _size_and_digest(path)
    return File(name, task.format, coding, size, digest, len(before), len(after))


def _of(all_chunks: Iterable[Chunk], name: str) -> list[Chunk]:
    return [chunk for chunk in all_chunks if (chunk.of_data if name == WHOLE else chunk.name == name)]


def _plain_digests(task: Stringing) -> dict[str, File]:
    """The plain forms, whose sizes and digests are found in one pass over the pieces, as far as they are not known."""
    known = {name: file for (name, coding), file in task.known.items() if not coding}
    digests = {name: hashlib.sha256() for name in task.prefixes if name not in known}
    sizes: Counter[str] = Counter()

    def feed(name: str, content: bytes) -> None:
        if name in digests:
            digests[name].update(content)
            sizes[name] += len(content)

    first = {name: head(task.format, task.prefixes[name], task.about).encode() for name in task.prefixes}
    last = tail(task.format).encode()
    for name, text in first.items():
        feed(name, text)
    for chunk in task.chunks:
        if chunk.name in digests or (chunk.of_data and WHOLE in digests):
            for block in decompressed(io.BytesIO(_body(chunk, f"{task.format}.zst"))):
                feed(chunk.name, block)
                if chunk.of_data:
                    feed(WHOLE, block)
    for name in task.prefixes:
        feed(name, last)
    found = {
        name: File(name, task.format, "", sizes[name], digest.hexdigest(), len(first[name]), len(last))
        for name, digest in digests.items()
    }
    return known | found


def _write(path: Path, before: bytes, bodies: Iterable[bytes], after: bytes) -> None:
    with path.open("wb") as target:
        target.write(before)
        target.writelines(bodies)
        target.write(after)


def _size_and_digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _sizes(chunk: Chunk) -> Iterator[tuple[str, list[int]]]:
    """Of each piece: VOLUME/DOCUMENT or "", then plain, gzip and zstd size in each format."""
    with beside(chunk, "pieces").open(encoding="utf-8") as table:
        for line in table:
            key, *sizes = line.rstrip("\n").split("\t")
            yield key, [int(size) for size in sizes]


def _seeks(form: str, name: str, parts: Iterable[Chunk], plain: int, coded: int) -> Iterator[tuple[str, str, int, int]]:
    place, last = 3 * list(FORMATS).index(form), 0
    for chunk in parts:
        for _, sizes in _sizes(chunk):
            if plain - last >= _STRIDE:
                yield name, form, plain, coded
                last = plain
            plain += sizes[place]
            coded += sizes[place + 2]


def write_index(folder: Path, strung: Iterable[Strung], all_chunks: Sequence[Chunk]) -> None:
    """downloads/index.sqlite, as `kg.downloads` reads it."""
    with closing(sqlite3.connect(folder / INDEX)) as index, index:
        for statement in filter(str.strip, SCHEMA.split(";")):
            index.execute(statement)
        heads: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        for one in strung:
            for file in one.files:
                heads[file.name][file.format, file.coding] = file.head
                row = (file.name, file.format, file.coding, file.size, file.sha256, file.head, file.tail)
                index.execute("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            index.executemany("INSERT INTO seek VALUES (?, ?, ?, ?)", one.seeks)
        for name in sorted({chunk.name for chunk in all_chunks} - {COMMON}):
            index.executemany(
                "INSERT INTO document VALUES (?, ?, ?)", _documents(name, _of(all_chunks, name), heads[name])
            )


def _documents(
    name: str, parts: Iterable[Chunk], heads: dict[tuple[str, str], int]
) -> Iterator[tuple[str, str, bytes]]:
    places = [heads[form, coding] for form in FORMATS for coding in _KEPT]
    for chunk in parts:
        for key, sizes in _sizes(chunk):
            coded = [size for index, size in enumerate(sizes) if index % 3]
            if key:
                yield key, name, SPANS.pack(*(number for span in zip(places, coded, strict=True) for number in span))
            places = [place + size for place, size in zip(places, coded, strict=True)]
