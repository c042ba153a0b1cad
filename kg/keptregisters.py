"""What came of the registers, kept for the next build: tables that are as they were are not made statements again.

An entry is one of `kg.keptjobs` without sources.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kg import cache, keptjobs
from kg.cache import Cache
from kg.iris import Iris
from kg.jobs import Outcome
from kg.registerparts import Shelf, map_registers
from kg.registertables import REGISTERS_FOLDER
from kg.validation import Validator

KIND: Final = "registers"


def key(iris: Iris, held: Shelf, volumes: Collection[str]) -> str:
    """What the statements of the registers depend on, as one name; the rules tell of the shipped tables."""
    tables = "" if held.folder == REGISTERS_FOLDER else cache.tables(held.folder)
    given = {register: asdict(file) for register, file in sorted(held.given.items())}
    return cache.digest(KIND, iris.base, tables, given, sorted(volumes))


def take(
    kept: Cache, iris: Iris, held: Shelf, parts: Sequence[Path], volumes: Collection[str], validator: Validator
) -> Outcome:
    """What comes of the registers: as an earlier build left it, or mapped anew and kept, unless one is left out."""
    entry = kept.entry(KIND, key(iris, held, volumes))
    if folder := entry.sound():
        return keptjobs.revived(folder, (), parts)
    outcome = map_registers(iris, held, parts, volumes, validator)
    if not outcome.left_out:
        keptjobs.keep(entry, (), parts, outcome)
    return outcome
