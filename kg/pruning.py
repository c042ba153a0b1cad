"""Old snapshots: which are kept, how large they are, and how they go.

A snapshot leaves its place by one rename, so that what dies in between leaves none by halves.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.history import History, Published
from kg.publish import WORKING, disk_errors, held
from kg.snapshot import CURRENT, SNAPSHOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A snapshot on the disk: its last publication, None if none is recorded, and its size in bytes."""

    path: Path
    published: Published | None
    bytes: int
    current: bool


def kept(folder: Path) -> list[Kept]:
    """Every snapshot in a folder, the last published first; those never published at the end.

    Raises SnapshotError if the record of publications is damaged.
    """
    last = {published.id: published for published in History.open(folder).all()}
    current = (folder / CURRENT).resolve()
    found = [
        Kept(path=path, published=last.get(path.name), bytes=_size(path), current=path.resolve() == current)
        for path in (folder / SNAPSHOTS).glob("*")
    ]
    return sorted(found, key=lambda one: (-(one.published.number if one.published else 0), one.path.name))


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def prune(folder: Path, keep: int) -> Iterator[Kept]:
    """Removes all but the `keep` last published snapshots, one or more, and gives each that it removed.

    What `current` names stays in any case.  Raises PublishError if a build is at work or the disk refuses,
    SnapshotError if the record of publications is damaged.
    """
    with held(folder):
        for one in [one for one in kept(folder)[max(1, keep) :] if not one.current]:
            with disk_errors(folder):
                away = folder / f"{WORKING}-{os.getpid()}-{one.path.name}"
                one.path.rename(away)
                shutil.rmtree(away)
            yield one
