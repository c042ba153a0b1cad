"""What differs between two snapshots: statements, and the things that they are about.

Both are found in one pass over the two data.nq, which are sorted by graph (the graph that sources share last), by
document and by line.  A thing has changed if its statements in the union of all graphs have: one that only moved
between graphs has not.  What only tells how a graph was made (the graph, the mapping, the software) is not news when
it changes, or every new version would change everything; that it came or went is.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final, Literal

import pyoxigraph as ox

from kg.errors import SnapshotError
from kg.history import Change, Kind
from kg.iris import Iris
from kg.snapshot import Snapshot
from kg.statements import document_order

Sign = Literal["-", "+"]
# After so many lines that both have, they are compared by blocks of so many bytes.
_ALIKE: Final = 256
_BLOCK: Final = 1 << 18
BOOKKEEPING: Final = frozenset({"graph", "activity", "software"})


def statements(older: Snapshot, newer: Snapshot) -> Iterator[tuple[Sign, bytes]]:
    """The lines of data.nq that only one of the two has, in their order: `-` of the older, `+` of the newer."""
    order = _Order(older, newer)
    with _data(older) as left, _data(newer) as right:
        a, b, alike = left.readline(), right.readline(), 0
        while a or b:
            if a == b:
                alike += 1
                if alike % _ALIKE == 0:
                    _pass_over(left, right)
                a, b = left.readline(), right.readline()
            elif a and (not b or order.key(a) < order.key(b)):
                yield "-", a
                a, alike = left.readline(), 0
            else:
                yield "+", b
                b, alike = right.readline(), 0


def _pass_over(left: BinaryIO, right: BinaryIO) -> None:
    """Go on in both, by whole lines, as long as blocks of them are the same bytes."""
    while True:
        places = left.tell(), right.tell()
        block = left.read(_BLOCK)
        end = block.rfind(b"\n") + 1 if block == right.read(_BLOCK) else 0
        for stream, place in zip((left, right), places, strict=True):
            stream.seek(place + end)
        if not end:
            return


class _Order:
    """The order of data.nq: by graph, the shared one last; in all others by document; then by line."""

    def __init__(self, *snapshots: Snapshot) -> None:
        all_iris = [Iris(snapshot.manifest.base_iri) for snapshot in snapshots]
        self._shared = {iris.shared_graph() for iris in all_iris}
        self._patterns = {iris.base: iris.part_of_document() for iris in all_iris}

    def key(self, line: bytes) -> tuple[bool, str, str, int, str, str]:
        text = line.decode()
        graph = text[text.rindex(" <") + 2 : -4]
        if graph in self._shared:
            return True, graph, "", 0, "", text
        documents = (document_order(text, pattern) for pattern in self._patterns.values())
        return False, graph, *next(filter(any, documents), ("", 0, "")), text


def _data(snapshot: Snapshot) -> BinaryIO:
    try:
        return snapshot.data.open("rb")
    except OSError as error:
        raise SnapshotError(f"{snapshot.data}: cannot be read ({error.strerror}); build the snapshot again") from error


def things(older: Snapshot, newer: Snapshot, scratch: Path) -> Iterator[Change]:
    """What was created, updated and deleted, in the order of the IRIs.

    `scratch` is a file that is made for the duration: memory does not grow with the number of changes.
    """
    with _table(scratch) as database:
        database.executemany("INSERT INTO touched VALUES (?, ?, ?)", _touched(statements(older, newer)))
        with _store(older) as before, _store(newer) as after:
            rows = database.execute("SELECT iri, removed, added FROM touched ORDER BY iri")
            for iri, group in groupby(rows, key=lambda row: row[0]):
                # Sums of hashes are equal if the same triples went from some graphs and came to others.
                removed, added = (sum(column) for column in list(zip(*group, strict=True))[1:])
                if removed != added and (kind := _kind(iri.decode(), before, after, newer.manifest.base_iri)):
                    yield Change(iri.decode(), kind)


@contextlib.contextmanager
def _table(scratch: Path) -> Iterator[sqlite3.Connection]:
    scratch.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(scratch, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("CREATE TABLE touched (iri BLOB, removed INTEGER, added INTEGER)")
            database.execute("BEGIN")
            yield database
    finally:
        scratch.unlink(missing_ok=True)


def _touched(lines: Iterator[tuple[Sign, bytes]]) -> Iterator[tuple[bytes, int, int]]:
    for sign, line in lines:
        triple = hash(line[: line.rindex(b" <")]) >> 2
        yield line[1 : line.index(b">")], triple if sign == "-" else 0, triple if sign == "+" else 0


def _kind(iri: str, before: ox.Store, after: ox.Store, base: str) -> Kind | None:
    thing = ox.NamedNode(iri)
    was, stays = (
        next(iter(store.quads_for_pattern(thing, None, None, None)), None) is not None for store in (before, after)
    )
    if was and stays:
        kind = (Iris(base).parse(iri) or ("", ()))[0]
        return None if kind in BOOKKEEPING else "updated"
    return "created" if stays else "deleted"


@contextlib.contextmanager
def _store(snapshot: Snapshot) -> Iterator[ox.Store]:
    try:
        yield ox.Store.read_only(str(snapshot.store))
    except (OSError, RuntimeError) as error:
        raise SnapshotError(f"{snapshot.path}: the store is damaged; build the snapshot again") from error
