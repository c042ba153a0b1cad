"""The writer of snapshots: parts in, a folder with its name out, switched in one rename.

Order of what reaches the disk: every file of the snapshot, flushed; the folder's name; the link `current`.
So a crash at any point leaves the old snapshot served, and at most a working folder that the next build
removes.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hashlib
import heapq
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from kg.document import Fault
from kg.errors import PublishError
from kg.snapshot import (
    CURRENT,
    DATA,
    DOUBTS,
    DOWNLOADS,
    MANIFEST,
    REPORT,
    SEARCH,
    SNAPSHOTS,
    STORE,
    SUMS,
    Manifest,
    Snapshot,
    file_digest,
)
from kg.statements import Statements, canonical
from kg.textindex import write_index
from kg.vocabulary import PREFIXES, RDF, RDFS

_WORKING = ".building"
_LOCK = ".lock"
_LABEL = f"<{RDFS.label}>".encode()
# Bytes of N-Quads loaded at a time: twenty megabytes take 200 MB of memory, and are faster than a hundred.
_PIECE = 20 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The published statements of one source: `path` holds its N-Quads, sorted, all in `graph`."""

    graph: str
    volume: str | None
    path: Path


class Publication:
    """A snapshot in the making, as a context: `with Publication(DIR) as publication: ...`.

    `folder` is the working folder for parts.  Leaving the context removes it; nothing is published unless
    `publish` returned.  Raises PublishError if another build holds DIR, or the disk does not take it.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / f"{_WORKING}-{os.getpid()}"
        self._lock: int | None = None

    def __enter__(self) -> Publication:
        with disk_errors(self.out):
            self.out.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.out / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(self._lock)
                self._lock = None
                raise PublishError(f"{self.out}: another build is writing here; wait until it ends") from error
            # With the lock held, every working folder is a dead build's.
            for stale in self.out.glob(f"{_WORKING}-*"):
                shutil.rmtree(stale)
            (self.folder / "parts").mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What cannot be removed now is a dead build's to the next one.
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    def part(self, number: int) -> Path:
        """Where a worker writes the statements of its `number`-th source."""
        return self.folder / "parts" / f"{number:06}.nq"

    def data(self, parts: Sequence[Part], shared_graph: str) -> tuple[str, int]:
        """Write data.nq from the parts in the order of their graphs: its SHA-256 and number of statements.

        What is in a part is not said again in the shared graph, so that the union has each statement once; and of
        two labels that sources share for one thing the first in order stands.  Memory holds no part: only a number
        for each shared statement.
        """
        digest, count = hashlib.sha256(), 0
        with disk_errors(self.out), (self._snapshot() / DATA).open("wb") as stream:
            ordered = sorted(parts, key=lambda part: part.graph)
            merged = merge_shared(parts, self.folder / "shared.nq")
            shared = {hash(_triple(line)) for line in _lines(merged)}
            stated: set[bytes] = set()
            for graph, sources in groupby(ordered, key=lambda part: part.graph):
                if graph == shared_graph:
                    raise PublishError(f"{shared_graph} is the graph that sources share; name another")
                for line in _merged(_lines(part.path) for part in sources):
                    if hash(triple := _triple(line)) in shared:
                        stated.add(triple)
                    digest.update(line)
                    stream.write(line)
                    count += 1
            for line in _lines(merged):
                if _triple(line) not in stated:
                    digest.update(line)
                    stream.write(line)
                    count += 1
        return digest.hexdigest(), count

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
            _store(snapshot)
            write_index(snapshot / STORE, snapshot / SEARCH)
            _downloads(snapshot, parts, self.folder)
            (snapshot / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
            _sums(snapshot)
            _flush(snapshot)
            final = self.out / SNAPSHOTS / manifest.id
            final.parent.mkdir(exist_ok=True)
            self._name(snapshot, final, manifest)
            self._switch(final)
        return Snapshot.open(self.out)

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


def shared_part(part: Path) -> Path:
    """Where the statements of a part that other sources make, too, stand beside it."""
    return part.with_suffix(".shared.nq")


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as stream:
            yield from stream


def _merged(sources: Iterable[Iterator[bytes]]) -> Iterator[bytes]:
    """The lines of sorted sources in order, each once."""
    return (line for line, _ in groupby(heapq.merge(*sources)))


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


def _triple(line: bytes) -> bytes:
    return line[: line.rindex(b" <")]


@contextlib.contextmanager
def disk_errors(out: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a PublishError that says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise PublishError(
            f"{out}: cannot write ({reason}); make room or choose another --out. "
            "The snapshot published before is untouched"
        ) from error


def _sums(snapshot: Path) -> None:
    """Digest every file, so that damage can be found later."""
    files = sorted(path for path in snapshot.rglob("*") if path.is_file())
    lines = [f"{file_digest(path)}  {path.relative_to(snapshot).as_posix()}\n" for path in files]
    (snapshot / SUMS).write_text("".join(lines), encoding="utf-8")


def _prefixes(*names: str) -> dict[str, str]:
    return {name: PREFIXES[name] for name in names or PREFIXES}


def _store(snapshot: Path) -> None:
    """Load the store piece by piece: one bulk load of all takes memory with the number of statements."""
    store = ox.Store(str(snapshot / STORE))
    with (snapshot / DATA).open("rb") as stream:
        while piece := stream.readlines(_PIECE):
            store.bulk_load(input=b"".join(piece), format=ox.RdfFormat.N_QUADS)
    store.flush()


def _downloads(snapshot: Path, parts: Sequence[Part], working: Path) -> None:
    """The whole dataset and each volume, in every format offered for download."""
    folder = snapshot / DOWNLOADS
    folder.mkdir()
    _formats(snapshot / DATA, folder / "dragoman")
    volumes = sorted({part.volume for part in parts if part.volume})
    for volume in volumes:
        data = folder / f"{volume}.nq"
        with data.open("wb") as stream:
            for part in sorted(parts, key=lambda part: part.graph):
                if part.volume == volume:
                    stream.writelines(_lines(part.path))
            stream.writelines(
                _lines(merge_shared((part for part in parts if part.volume == volume), working / "volume.nq"))
            )
        _formats(data, folder / volume)


def _formats(data: Path, target: Path) -> None:
    """Turtle has the triples of all graphs, types first; JSON-LD keeps the graphs apart."""
    subjects = groupby(ox.parse(path=str(data), format=ox.RdfFormat.N_QUADS), key=lambda quad: quad.subject)
    triples = (quad.triple for _, quads in subjects for quad in sorted(quads, key=_type_first))
    ox.serialize(triples, f"{target}.ttl", format=ox.RdfFormat.TURTLE, prefixes=_prefixes())
    quads = ox.parse(path=str(data), format=ox.RdfFormat.N_QUADS)
    ox.serialize(quads, f"{target}.jsonld", format=ox.RdfFormat.JSON_LD, prefixes=_prefixes())


def _type_first(quad: ox.Quad) -> bool:
    return quad.predicate.value != RDF.type


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
