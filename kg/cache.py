"""What a build keeps for the next one, beside the snapshots: never needed, and never trusted.

    DIR/cache/KIND/KEY/     an entry: its files, and SHA256SUMS, written last

KEY is a digest of all that the entry was made from: what it is found by is what makes it right.  An entry that is not
as it was written is not used.  Entries are written in the working folder of a build and come here by one rename when
it ends; those that it had no use for go, so that the cache has no more than the last build needed.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import sys
import zlib
from collections import defaultdict
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kg.snapshot import SUMS, file_digest
from kg.vocabulary import ONTOLOGY_FOLDER, SHAPES_FOLDER

CACHE = "cache"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an earlier build may have left what is wanted (None: do not look), and where this one may write it."""

    kept: Path | None
    room: Path

    def sound(self) -> Path | None:
        """The folder of an earlier build, every file as it was written; None if there is none."""
        if self.kept is None:
            return None
        try:
            sums = (self.kept / SUMS).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return None
        rows = [line.partition("  ") for line in sums]
        return self.kept if all(file_digest(self.kept / name) == digest for digest, _, name in rows) else None

    def seal(self) -> None:
        """Call it when all files are in `room`: without it, the entry does not count."""
        files = sorted(path for path in self.room.iterdir() if path.name != SUMS)
        (self.room / SUMS).write_text("".join(f"{file_digest(path)}  {path.name}\n" for path in files), "utf-8")


class Cache:
    """The cache in the folder `out`, for the one build that holds its lock and works in the folder `working`."""

    def __init__(self, out: Path, working: Path, *, fresh: bool = False) -> None:
        """`fresh` uses nothing that earlier builds left."""
        self._folder, self._new, self._fresh = out / CACHE, working / CACHE, fresh
        self._wanted: dict[str, set[str]] = defaultdict(set)

    def entry(self, kind: str, key: str) -> Entry:
        self._wanted[kind].add(key)
        return Entry(None if self._fresh else self._folder / kind / key, self._new / kind / key)

    def settle(self) -> None:
        """Take in what was written, and remove what was not asked for; kinds that nothing was asked of stay."""
        for sums in sorted(self._new.glob(f"*/*/{SUMS}")):
            target = self._folder / sums.parent.relative_to(self._new)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                shutil.rmtree(target)
            sums.parent.rename(target)
        for kind, wanted in self._wanted.items():
            for path in self._folder.glob(f"{kind}/*"):
                if path.name not in wanted:
                    shutil.rmtree(path)


def digest(*parts: object) -> str:
    """A name for what was made from these (JSON values) by the rules as they are."""
    return hashlib.sha256(json.dumps([rules(), *parts]).encode()).hexdigest()[:32]


@functools.cache
def rules() -> str:
    """A digest of what makes data from sources: our code, shapes, vocabulary and tables; Python and its packages."""
    versions = sorted(f"{package.name} {package.version}" for package in metadata.distributions())
    whole = hashlib.sha256(json.dumps([sys.version, zlib.ZLIB_RUNTIME_VERSION, versions]).encode())
    for folder in (Path(__file__).parent, SHAPES_FOLDER, ONTOLOGY_FOLDER):
        whole.update(tables(folder).encode())
    return whole.hexdigest()


def tables(folder: Path) -> str:
    """A digest of the files in a folder, with their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    rows = [(path.relative_to(folder).as_posix(), file_digest(path)) for path in files]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
