"""The writer of snapshots: parts in, a folder with its name out, switched in one rename.

Order of what reaches the disk: every file of the snapshot, flushed; the folder's name; the link `current`; the row
of the publication in the history.  So a crash at any point leaves the old snapshot served, and at most a working folder
that the next build removes and a row that it adds.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hashlib
import heapq
import io
import multiprocessing
import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, ParamSpec, TypeVar

import pyoxigraph as ox

from kg import coverage, diff, packing, store, textindex
from kg.cache import Cache
from kg.catalogue import catalogue
from kg.document import Fault
from kg.downloads import Downloads, volume_name
from kg.errors import PublishError, SnapshotError
from kg.history import Change, Recorder
from kg.iris import Iris
from kg.keptdownloads import KeptDownloads
from kg.packing import Chunk, Extent
from kg.snapshot import (
    CATALOGUE,
    COVERAGE,
    CURRENT,
    DATA,
    DOUBTS,
    DOWNLOADS,
    MANIFEST,
    REPORT,
    SIZES,
    SNAPSHOTS,
    STORE,
    SUMS,
    Manifest,
    Snapshot,
    file_digest,
)
from kg.statements import Statements, canonical, document_order
from kg.vocabulary import PREFIXES, RDFS

WORKING = ".building"
_LOCK = ".lock"
Given = ParamSpec("Given")
Result = TypeVar("Result")
_LABEL = f"<{RDFS.label}>".encode()
# Lines, and bytes of a file, that are written at a time.
_BATCH = 4096
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The published statements of one source: `path` holds its N-Quads, sorted, all in `graph`."""

    graph: str
    volume: str | None
    path: Path


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """The one writer of a folder of snapshots, made if absent; what a dead one left is removed.

    Raises PublishError if there is another, or the disk refuses.
    """
    with disk_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        with disk_errors(out):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise PublishError(f"{out}: another build is writing here; wait until it ends") from error
            # With the lock held, every working folder is a dead build's.
            for stale in out.glob(f"{WORKING}-*"):
                shutil.rmtree(stale)
        yield
    finally:
        os.close(lock)


class Publication:
    """A snapshot in the making, as a context: `with Publication(DIR) as publication: ...`.

    `folder` is the working folder for parts.  Leaving the context removes it; nothing is published unless
    `publish` returned.  Raises PublishError if another build holds DIR, or the disk does not take it.
    """

    def __init__(self, out: Path, iris: Iris, jobs: int = 1, *, fresh: bool = False) -> None:
        """`jobs` is how many processes make downloads; `fresh` reuses nothing that an earlier build left."""
        self.out, self._iris, self._jobs = out, iris, jobs
        self._extents: list[Extent] = []
        self.folder = out / f"{WORKING}-{os.getpid()}"
        self._fresh, self.cache = fresh, Cache(out, self.folder, fresh=fresh)
        self._held = contextlib.ExitStack()
        self._beside = ThreadPoolExecutor(1)

    def __enter__(self) -> Publication:
        with disk_errors(self.out), contextlib.ExitStack() as stack:
            stack.enter_context(held(self.out))
            (self.folder / "parts").mkdir(parents=True)
            self._held = stack.pop_all()
        # Digests take no lock of the interpreter: it is looked over while sources are mapped.
        self._older = self._beside.submit(self._whole_older)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown(cancel_futures=True)
        # What cannot be removed now is a dead build's to the next one.
        shutil.rmtree(self.folder, ignore_errors=True)
        self._held.close()

    def part(self, number: int) -> Path:
        """Where a worker writes the statements of its `number`-th source."""
        return self.folder / "parts" / f"{number:06}.nq"

    def data(self, parts: Sequence[Part], shared_graph: str) -> tuple[str, int]:
        """Write data.nq from the parts in the order of their graphs: its SHA-256 and number of statements.

        Each part is sorted by `in_order`, document by document, and so is each graph.

        What is in a part is not said again in the shared graph, so that the union has each statement once; and of
        two labels that sources share for one thing the first in order stands.  Memory holds no part: only numbers
        for shared statements and their subjects.
        """
        with disk_errors(self.out), _DataWriter(self._snapshot() / DATA) as writer:
            ordered = sorted(parts, key=lambda part: part.graph)
            merged = merge_shared(parts, self.folder / "shared.nq")
            said = _Said(merged, self._iris)
            for graph, group in groupby(ordered, key=lambda part: part.graph):
                if graph == shared_graph:
                    raise PublishError(f"{shared_graph} is the graph that sources share; name another")
                sources = list(group)
                if len(sources) == 1:
                    blocks = _blocks(sources[0].path)
                else:
                    blocks = _batches(_merged((_lines(part.path) for part in sources), self._order))
                writer.write(graph, sources[0].volume, map(said.noted, blocks))
            rest = (line for line in _lines(merged) if _triple(line) not in said.again)
            writer.write(shared_graph, None, _batches(rest))
        self._extents = writer.extents
        return writer.digest.hexdigest(), sum(extent.statements for extent in writer.extents)

    def _order(self, line: bytes) -> tuple[str | int, ...]:
        """As `in_order` sorts."""
        text = line.decode()
        return (*document_order(text, self._iris.part_of_document()), text)

    def report(self, statements: Statements) -> str:
        """Write the validation report as Turtle: its SHA-256."""
        quads = ox.parse("".join(canonical(statements)).encode(), format=ox.RdfFormat.N_QUADS)
        triples = (quad.triple for quad in quads)
        turtle = io.BytesIO()
        ox.serialize(triples, turtle, format=ox.RdfFormat.TURTLE, prefixes=_prefixes("rdf", "rdfs", "sh"))
        with disk_errors(self.out):
            (self._snapshot() / REPORT).write_bytes(turtle.getvalue())
        return hashlib.sha256(turtle.getvalue()).hexdigest()

    def doubts(self, rows: Iterable[tuple[str, Fault]]) -> None:
        """Write the doubts of all sources as a table: source, line, document, kind, fact, what was kept."""
        with disk_errors(self.out), (self._snapshot() / DOUBTS).open("w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream, delimiter="\t", lineterminator="\n")
            table.writerow(("source", "line", "document", "kind", "fact", "kept"))
            for source, fault in rows:
                table.writerow((source, fault.line, fault.document, fault.kind, fault.fact, fault.kept))

    def publish(self, parts: Sequence[Part], manifest: Manifest) -> Snapshot:
        """Make the derived files, give the folder its name and switch to it."""
        snapshot = self._snapshot()
        with disk_errors(self.out):
            digests = self._derive(snapshot, parts, manifest)
            (snapshot / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
            _sums(snapshot, {**digests, snapshot / DATA: manifest.data_sha256})
            _flush(snapshot)
            final = self.out / SNAPSHOTS / manifest.id
            final.parent.mkdir(exist_ok=True)
            self._name(snapshot, final, manifest)
            with Recorder(self.out, self._changes) as recorder:
                recorder.settle()
                recorder.stage(final)
                self._switch(final)
                recorder.settle()
        return Snapshot.open(self.out)

    def _derive(self, snapshot: Path, parts: Sequence[Part], manifest: Manifest) -> dict[Path, str]:
        """The store, the downloads and the catalogue; the engine loads while other processes compress.

        Returns digests of files that it came by.
        """
        folder, downloads = self.folder / "chunks", snapshot / DOWNLOADS
        folder.mkdir()
        downloads.mkdir()
        cut = packing.chunks(snapshot / DATA, self._extents, self._iris.base, folder)
        cut += self._shared_chunks(parts, folder)
        with _Workers(self._jobs if len(cut) > 1 else 1) as workers:
            storing = workers.beside(self._beside, partial(self._store, snapshot, manifest, workers))
            kept = KeptDownloads(cut, self.cache)
            cut = kept.chunks
            converting = [
                done or workers.submit(packing.convert, chunk) for chunk, done in zip(cut, kept.converted, strict=True)
            ]
            converted = [task.result() if isinstance(task, Future) else task for task in converting]
            counting = workers.submit(packing.count, cut, converted, self._extents)
            known = [*kept.files, packing.whole(self._extents, manifest.data_sha256)]
            tasks = packing.stringings(cut, converted, downloads, self._iris.dataset(), known)
            strung = [task.result() for task in [workers.submit(packing.string, task) for task in tasks]]
            digests, indexing = storing.result()
            for step in indexing:
                step.result()
            workers.submit(textindex.finish, snapshot).result()
        files = [file for one in strung for file in one.files if file.coding]
        kept.keep(converted, strung, downloads)
        packing.write_index(downloads, strung, cut)
        text = catalogue(self._iris, manifest, counting.result(), Downloads(downloads).files())
        (snapshot / CATALOGUE).write_text(text, encoding="utf-8")
        covered = sum((found.coverage for found in converted), Counter[tuple[str, str, str]]())
        (snapshot / COVERAGE).write_text(coverage.write(covered), encoding="utf-8")
        return digests | {downloads / file.path: file.sha256 for file in files}

    def _store(
        self, snapshot: Path, manifest: Manifest, workers: _Workers
    ) -> tuple[dict[Path, str], list[Future[None]]]:
        """Write the store, and have the index made from it: digests of the store's files, and steps on their way."""
        store.write(Snapshot(snapshot, manifest), self._older.result())
        indexing = [workers.submit(step, snapshot) for step in (textindex.write_documents, textindex.write_pairs)]
        files = sorted((snapshot / STORE).iterdir())
        return {path: digest for path in files if (digest := file_digest(path))}, indexing

    def _shared_chunks(self, parts: Sequence[Part], folder: Path) -> Iterator[Chunk]:
        """What a volume's sources share with others belongs to the volume's download, too."""
        for number, volume in enumerate(sorted({part.volume for part in parts if part.volume})):
            own = [part for part in parts if part.volume == volume]
            path = merge_shared(own, folder / f"shared-{number}.nq")
            if size := path.stat().st_size:
                yield Chunk(
                    base=self._iris.base,
                    source=path,
                    start=0,
                    length=size,
                    name=volume_name(volume),
                    of_data=False,
                    target=folder / f"shared-{number}",
                )

    def _changes(self, older: Path, newer: Path) -> Iterator[Change]:
        return diff.things(Snapshot.open(older), Snapshot.open(newer), self.folder / "touched.sqlite")

    def _whole_older(self) -> Snapshot | None:
        """The snapshot that is published, if this one's store may begin with what it has."""
        try:
            older = None if self._fresh else Snapshot.open(self.out)
        except SnapshotError:
            return None
        return older if older and not older.damage(of=(DATA, STORE)) else None

    def _snapshot(self) -> Path:
        folder = self.folder / "snapshot"
        folder.mkdir(exist_ok=True)
        return folder

    def _name(self, snapshot: Path, final: Path, manifest: Manifest) -> None:
        """The same sources again give the same name: the folder there stays, for somebody may be reading it.

        One that is damaged makes room for the new one.
        """
        if final.exists():
            if not Snapshot(final, manifest).damage():
                return
            final.rename(self.folder / "damaged")
        snapshot.rename(final)
        _flush_folder(final.parent)

    def _switch(self, final: Path) -> None:
        link = self.folder / CURRENT
        link.symlink_to(Path(SNAPSHOTS) / final.name)
        link.replace(self.out / CURRENT)
        _flush_folder(self.out)


class _DataWriter:
    """data.nq in the making: its digest, and where each graph stands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.digest = hashlib.sha256()
        self.extents: list[Extent] = []

    def __enter__(self) -> _DataWriter:
        self._stream = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, graph: str, volume: str | None, blocks: Iterable[bytes]) -> None:
        """Write a graph; its lines come in blocks of whole ones."""
        start, statements = self._stream.tell(), 0
        for block in blocks:
            self.digest.update(block)
            self._stream.write(block)
            statements += block.count(b"\n")
        length = self._stream.tell() - start
        self.extents.append(Extent(graph=graph, volume=volume, start=start, length=length, statements=statements))


class _Said:
    """What the shared graph says, as numbers of its statements and their subjects: memory holds no line of it.

    `again` are statements of it that a source makes, too, in its own graph.
    """

    def __init__(self, merged: Path, iris: Iris) -> None:
        self._document = re.compile(iris.part_of_document().pattern.encode())
        self._statements = {hash(_triple(line)) for line in _lines(merged)}
        self._subjects = {hash(_subject(line)) for line in _lines(merged)}
        self._volumes = {self._volume(line) for line in _lines(merged)} | {None}
        self.again: set[bytes] = set()

    def noted(self, block: bytes) -> bytes:
        """The block, which has lines in the order of data.nq, after a look for what the shared graph says, too."""
        last = block[block.rfind(b"\n", 0, -1) + 1 :]
        # From one document of a volume to another there is nothing else; and of most volumes no other source speaks.
        if (volume := self._volume(block)) != self._volume(last) or volume in self._volumes:
            for line in block.splitlines(keepends=True):
                # Most subjects are of one source: a triple with all its text is hashed for the others alone.
                if hash(_subject(line)) in self._subjects and hash(triple := _triple(line)) in self._statements:
                    self.again.add(triple)
        return block

    def _volume(self, line: bytes) -> bytes | None:
        match = self._document.match(line)
        return match[1] if match else None


class _Workers:
    """Processes that make downloads and the text index; with one job, this process itself, at once."""

    def __init__(self, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(jobs, mp_context=context) if jobs > 1 else None

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=kind is not None)

    def submit(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Future[Result]:
        return self._pool.submit(work, *given, **named) if self._pool else _done(work(*given, **named))

    def beside(self, thread: ThreadPoolExecutor, work: Callable[[], Result]) -> Future[Result]:
        """What this process does itself while they work."""
        return thread.submit(work) if self._pool else _done(work())


def _done(result: Result) -> Future[Result]:
    done: Future[Result] = Future()
    done.set_result(result)
    return done


def shared_part(part: Path) -> Path:
    """Where the statements of a part that other sources make, too, stand beside it."""
    return part.with_suffix(".shared.nq")


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as stream:
            yield from stream


def _blocks(path: Path) -> Iterator[bytes]:
    """The lines of a file in blocks, none of which ends within a line."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block + stream.readline()


def _batches(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in blocks."""
    rest = iter(lines)
    while batch := b"".join(islice(rest, _BATCH)):
        yield batch


def _merged(sources: Iterable[Iterator[bytes]], key: Callable[[bytes], Any] | None = None) -> Iterator[bytes]:
    """The lines of sorted sources in order, each once; no source has one twice."""
    all_sources = list(sources)
    if len(all_sources) == 1:
        return all_sources[0]
    return (line for line, _ in groupby(heapq.merge(*all_sources, key=key)))


# Files that are open at a time: less than any system allows a process.
OPEN_FILES = 200


def merge_shared(parts: Iterable[Part], target: Path) -> Path:
    """Write what the parts share, in order, each statement once and one label a thing."""
    paths = [path for part in parts if (path := shared_part(part.path)).exists()]
    rounds = 0
    while len(paths) > OPEN_FILES:
        rounds += 1
        groups = [paths[start : start + OPEN_FILES] for start in range(0, len(paths), OPEN_FILES)]
        paths = [target.with_suffix(f".{rounds}-{number}") for number in range(len(groups))]
        for path, group in zip(paths, groups, strict=True):
            with path.open("wb") as stream:
                stream.writelines(_merged(map(_lines, group)))
    with target.open("wb") as stream:
        stream.writelines(_one_label(_merged(map(_lines, paths))))
    return target


def _one_label(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sources may name a thing that they share in several ways: the first label in order stands."""
    labelled = None
    for line in lines:
        subject, predicate, _ = line.split(b" ", 2)
        if predicate != _LABEL or subject != labelled:
            yield line
        if predicate == _LABEL:
            labelled = subject


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _triple(line: bytes) -> bytes:
    return line[: line.rindex(b" <")]


@contextlib.contextmanager
def disk_errors(out: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a PublishError that says what to do."""
    try:
        yield
    except BrokenProcessPool as error:
        raise PublishError(
            f"{out}: a process that made downloads died; look for a lack of memory, or build with --jobs 1. "
            "The snapshot published before is untouched"
        ) from error
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PublishError(
            f"{out}: cannot write ({reason}); make room or choose another --out. "
            "The snapshot published before is untouched"
        ) from error


def _sums(snapshot: Path, known: Mapping[Path, str] = MappingProxyType({})) -> None:
    """Size and digest of every file, so that damage can be found later; `known` are digests found before."""
    files = sorted(path for path in snapshot.rglob("*") if path.is_file())
    sizes = [f"{path.stat().st_size}\t{path.relative_to(snapshot).as_posix()}\n" for path in files]
    (snapshot / SIZES).write_text("".join(sizes), encoding="utf-8")
    listed = sorted([*files, snapshot / SIZES])
    lines = [f"{known.get(path) or file_digest(path)}  {path.relative_to(snapshot).as_posix()}\n" for path in listed]
    (snapshot / SUMS).write_text("".join(lines), encoding="utf-8")


def _prefixes(*names: str) -> dict[str, str]:
    return {name: PREFIXES[name] for name in names or PREFIXES}


def _flush(folder: Path) -> None:
    """Force a folder's files to the disk, so that the name never stands for less than the content."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
