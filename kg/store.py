"""The store of a snapshot: all of data.nq loaded, or the store of the last snapshot with what has changed since.

The engine never writes a file of data again once it is whole, so that a store may begin with the files of another
under second names; the merging at the end leaves it with files of its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph as ox

from kg import diff
from kg.errors import SnapshotError
from kg.packing import link
from kg.snapshot import Snapshot

# Bytes of N-Quads loaded at a time: forty megabytes take 300 MB of memory; sixty take 470 MB, and a tenth less time.
_PIECE: Final = 40 << 20
# To remove a statement takes as long as to load two or three.
_REMOVAL: Final = 3
_DATA_FILE: Final = ".sst"


def write(newer: Snapshot, older: Snapshot | None) -> None:
    """Write the store of a snapshot in the making, from that of `older`, which is whole, if most of it stays."""
    if older is None or not _followed(newer, older):
        shutil.rmtree(newer.store, ignore_errors=True)
        with newer.data.open("rb") as lines:
            _load(ox.Store(str(newer.store)), lines)


def _load(store: ox.Store, lines: BinaryIO) -> None:
    """Load piece by piece: one bulk load of all takes memory with the number of statements.

    Each piece leaves files of its own, and a look-up goes through all of them: merged, it takes a third of the time.
    """
    while piece := lines.readlines(_PIECE):
        store.bulk_load(input=b"".join(piece), format=ox.RdfFormat.N_QUADS)
    store.flush()
    store.optimize()


def _followed(newer: Snapshot, older: Snapshot) -> bool:
    """Make the store from the older one; False if that is too different, or something else came of it."""
    changes = newer.path.with_name("changes")
    changes.mkdir()
    try:
        if not _differences(newer, older, changes):
            return False
        _link(older.store, newer.store)
        store = ox.Store(str(newer.store))
        with (changes / "removed").open("rb") as lines:
            for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS):
                store.remove(quad)
        with (changes / "added").open("rb") as lines:
            _load(store, lines)
        # The engine takes "01" and "1" for one number: who removes the one has removed the other, and less is left.
        return len(store) == newer.manifest.counts["statements"]
    except SnapshotError:
        return False
    finally:
        shutil.rmtree(changes)


def _differences(newer: Snapshot, older: Snapshot, folder: Path) -> bool:
    """Write what was removed and what was added; False if loading all takes less time."""
    most, weight = newer.manifest.counts["statements"] // 2, 0
    with (folder / "removed").open("wb") as removed, (folder / "added").open("wb") as added:
        for sign, line in diff.statements(older, newer):
            weight += _REMOVAL if sign == "-" else 1
            if weight > most:
                return False
            (removed if sign == "-" else added).write(line)
    return True


def _link(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.iterdir():
        if path.suffix == _DATA_FILE:
            link(path, target / path.name)
        else:
            shutil.copyfile(path, target / path.name)
