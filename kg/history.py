"""The record of publications: when each snapshot was published, and what changed from the one before.

It stands beside the snapshots, in DIR/history.sqlite: a snapshot itself has no clock and no memory, so that its
bytes depend on its sources only.  Builds write it, one at a time; any number of processes read it meanwhile.

    publication     number, time (UTC seconds), snapshot, counts of created, updated and deleted things
    change          (publication, position) → IRI, kind

Changes of a publication are written before its row, which alone makes them count (`staged` tells the next build
that they are whole): a crash leaves rows that nobody sees.  A switch that is not recorded (a crash between the two; a
link set by hand) is for readers a publication of which no changes are known, and the next build records it.

The first publication has no changes: all of it is new.  docs/decisions/0011-history-downloads-catalogue.md
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from kg.errors import SnapshotError
from kg.snapshot import CURRENT, MANIFEST, SNAPSHOTS, Snapshot

HISTORY: Final = "history.sqlite"
Kind = Literal["created", "updated", "deleted"]
KINDS: Final[tuple[Kind, ...]] = ("created", "updated", "deleted")
# Rows a transaction: readers wait for one of these at most.
_BATCH: Final = 20_000
_WAIT_SECONDS: Final = 30.0
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS publication (
  number INTEGER PRIMARY KEY, time INTEGER NOT NULL UNIQUE, snapshot TEXT NOT NULL,
  created INTEGER, updated INTEGER, deleted INTEGER);
CREATE TABLE IF NOT EXISTS change (
  publication INTEGER NOT NULL, position INTEGER NOT NULL, iri TEXT NOT NULL, kind INTEGER NOT NULL,
  PRIMARY KEY (publication, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staged (
  number INTEGER, snapshot TEXT NOT NULL, created INTEGER, updated INTEGER, deleted INTEGER);
CREATE INDEX IF NOT EXISTS change_iri ON change (iri, publication);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One publication.  `number` counts from 1; `time` is in UTC, whole seconds, later than the one before.

    `counts` are the numbers of things created, updated and deleted; empty where what came before is not known.
    """

    number: int
    time: datetime
    id: str
    path: Path
    counts: dict[Kind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What a publication did to a thing."""

    iri: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A thing that is gone: the time it went, and the last publication that had it (None if no longer kept)."""

    iri: str
    time: datetime
    last: Published | None


@dataclass(frozen=True, slots=True)
class History:
    """The publications of one folder, opened by `History.open(DIR)`.

    Each call reads anew, so that a long-running service sees what builds add.  Raises SnapshotError if the record is
    damaged.  Without a record (a folder of an older version) there is one publication: what is current.
    """

    folder: Path

    @classmethod
    def open(cls, folder: str | Path) -> History:
        return cls(Path(folder))

    def all(self) -> tuple[Published, ...]:
        """Every publication, the oldest first, whether its snapshot is still kept or not."""
        current = self.unrecorded()
        return (*self.recorded(), current) if current else self.recorded()

    def unrecorded(self) -> Published | None:
        """What is current but not recorded: a build died after the switch, or the link was set by hand."""
        recorded = self.recorded()
        return self._current(recorded[-1] if recorded else None)

    def publications(self) -> tuple[Published, ...]:
        """Those whose snapshots are still kept, the oldest first; one snapshot may have been published twice."""
        return tuple(published for published in self.all() if (published.path / MANIFEST).is_file())

    def changes(self, published: Published, *, start: int = 0, limit: int = 1000) -> tuple[Change, ...]:
        """The changes of a publication in the order of their IRIs, `limit` at most from the `start`-th on."""
        query = "SELECT iri, kind FROM change WHERE publication = ? AND position >= ? ORDER BY position LIMIT ?"
        with self._reading() as database:
            rows = _rows(database, query, published.number, start, limit)
            return tuple(Change(iri, KINDS[kind]) for iri, kind in rows)

    def withdrawn(self, iri: str) -> Withdrawn | None:
        """What became of a thing that was deleted and not created again; None for any other."""
        query = """
            SELECT kind, time, number FROM change JOIN publication ON number = publication
            WHERE iri = ? ORDER BY number DESC LIMIT 1"""
        with self._reading() as database:
            row = next(_rows(database, query, iri), None)
            if row is None or KINDS[row[0]] != "deleted":
                return None
            before = next(_rows(database, "SELECT * FROM publication WHERE number = ?", row[2] - 1), None)
        last = self._published(before) if before else None
        kept = last if last and (last.path / MANIFEST).is_file() else None
        return Withdrawn(iri=iri, time=datetime.fromtimestamp(row[1], UTC), last=kept)

    def presence(self, iri: str) -> Callable[[int], bool]:
        """Whether the snapshot of the publication of a number had a thing that is or was there, by what is recorded.

        Before its first change a thing was there unless that made it; where nothing is known it counts as there.
        """
        query = "SELECT number, kind FROM change JOIN publication ON number = publication WHERE iri = ? ORDER BY number"
        with self._reading() as database:
            changes = [(number, KINDS[kind]) for number, kind in _rows(database, query, iri)]

        def present(number: int) -> bool:
            past = [kind for changed, kind in changes if changed <= number]
            return past[-1] != "deleted" if past else not changes or changes[0][1] != "created"

        return present

    def recorded(self) -> tuple[Published, ...]:
        """What builds have written down, the oldest first."""
        with self._reading() as database:
            rows = _rows(database, "SELECT * FROM publication ORDER BY number")
            return tuple(self._published(row) for row in rows)

    def whole(self, tell: Callable[[str], None], *, quick: bool = True) -> Iterator[Snapshot]:
        """The snapshots that are as they were written: the current one, then those published before, newest first.

        `tell` is called with a line for each that is not.
        """
        seen: set[Path] = set()
        for path in self._candidates(tell):
            if (real := path.resolve()) in seen:
                continue
            seen.add(real)
            try:
                snapshot = Snapshot.open(path)
            except SnapshotError as error:
                tell(str(error))
                continue
            if damage := snapshot.damage(quick=quick):
                more = f"; and {len(damage) - 3} more" if len(damage) > 3 else ""
                tell(f"{snapshot.path}: {'; '.join(map(str, damage[:3]))}{more}; build it again")
            else:
                yield snapshot

    def _candidates(self, tell: Callable[[str], None]) -> Iterator[Path]:
        own = (self.folder / MANIFEST).is_file()
        yield self.folder if own else self.folder / CURRENT
        try:
            recorded = () if own else self.recorded()
        except SnapshotError as error:
            tell(str(error))
            return
        yield from (published.path for published in reversed(recorded) if (published.path / MANIFEST).is_file())

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The record, read-only; None if there is none."""
        path = self.folder / HISTORY
        if not path.is_file():
            yield None
            return
        try:
            address = f"{path.resolve().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS)) as database:
                yield database
        except sqlite3.Error as error:
            raise SnapshotError(
                f"{path}: cannot be read ({error}); take it out, and the next build begins anew"
            ) from error

    def _published(self, row: tuple[Any, ...]) -> Published:
        number, seconds, snapshot, *counts = row
        return Published(
            number=number,
            time=datetime.fromtimestamp(seconds, UTC),
            id=snapshot,
            path=(self.folder / SNAPSHOTS / snapshot).absolute(),
            counts={} if None in counts else dict(zip(KINDS, counts, strict=True)),
        )

    def _current(self, last: Published | None) -> Published | None:
        """What `current` names, if that is not the last publication recorded; its time is that of the link.

        A snapshot's own folder is current by itself.
        """
        own = (self.folder / MANIFEST).is_file()
        link = self.folder if own else self.folder / CURRENT
        try:
            path, seconds = link.resolve(strict=True), int(link.lstat().st_mtime)
        except OSError:
            return None
        if last and path.name == last.id:
            return None
        if last:
            seconds = max(seconds, int(last.time.timestamp()) + 1)
        number = last.number + 1 if last else 1
        return Published(number=number, time=datetime.fromtimestamp(seconds, UTC), id=path.name, path=path)


def _rows(database: sqlite3.Connection | None, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
    return iter(database.execute(query, values).fetchall() if database else ())


Compare = Callable[[Path, Path], Iterable[Change]]
"""What changed from the snapshot in one folder to that in the other, sorted by IRI."""


class Recorder:
    """The writer of the record, as a context, for the one build that holds DIR's lock.

    `stage(path)` before the switch, `settle()` after it; and `settle()` first, for what other hands have switched.
    Raises sqlite3.Error if the disk does not take it.
    """

    def __init__(self, folder: Path, compare: Compare) -> None:
        self._history = History.open(folder)
        self._compare = compare
        self._database = sqlite3.connect(folder / HISTORY, timeout=_WAIT_SECONDS, isolation_level=None)

    def __enter__(self) -> Recorder:
        self._database.execute("PRAGMA synchronous = FULL")
        with self._transaction():
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._database.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def stage(self, path: Path) -> None:
        """Write down what changes from the last publication to the snapshot at `path`; nothing if it is the same."""
        recorded = self._history.recorded()
        if recorded and recorded[-1].id != path.name:
            self._stage(recorded[-1], path)

    def settle(self) -> None:
        """Record what is current, with its changes, unless it is the last publication recorded."""
        current = self._history.unrecorded()
        if current is None:
            return
        recorded = self._history.recorded()
        if recorded and not self._staged(current):
            self._stage(recorded[-1], current.path)
        counts = self._staged(current) or (None, None, None)
        row = (current.number, int(current.time.timestamp()), current.id, *counts)
        with self._transaction():
            self._database.execute("INSERT INTO publication VALUES (?, ?, ?, ?, ?, ?)", row)
            self._database.execute("DELETE FROM staged")

    def _stage(self, last: Published, path: Path) -> None:
        number = last.number + 1
        self._forget(number)
        try:
            counts = self._write(number, self._compare(last.path, path))
        except SnapshotError:
            # What was published before is gone or damaged: that nothing is known of changes is what to record.
            self._forget(number)
            counts = (None, None, None)
        with self._transaction():
            self._database.execute("INSERT INTO staged VALUES (?, ?, ?, ?, ?)", (number, path.name, *counts))

    def _staged(self, current: Published) -> tuple[Any, ...] | None:
        query = "SELECT created, updated, deleted FROM staged WHERE number = ? AND snapshot = ?"
        row: tuple[Any, ...] | None = self._database.execute(query, (current.number, current.id)).fetchone()
        return row

    def _write(self, number: int, changes: Iterable[Change]) -> tuple[int | None, ...]:
        counts: Counter[Kind] = Counter()
        rows = enumerate(changes)
        while batch := list(islice(rows, _BATCH)):
            counts.update(change.kind for _, change in batch)
            with self._transaction():
                self._database.executemany(
                    "INSERT INTO change VALUES (?, ?, ?, ?)",
                    ((number, position, change.iri, KINDS.index(change.kind)) for position, change in batch),
                )
        return tuple(counts[kind] for kind in KINDS)

    def _forget(self, number: int) -> None:
        """Remove, a batch at a time, what a build that died staged."""
        self._database.execute("DELETE FROM staged")
        gone = "DELETE FROM change WHERE publication = ? AND position >= ?"
        row = self._database.execute("SELECT MAX(position) FROM change WHERE publication = ?", (number,)).fetchone()
        for position in range(row[0] or 0, -_BATCH, -_BATCH):
            with self._transaction():
                self._database.execute(gone, (number, max(position, 0)))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        with self._database:  # commits, or rolls back whatever it is that ends it
            yield
