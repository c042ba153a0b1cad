"""The tables of the registers as files: what columns they have, and how they are read and written.

A table is a list of rows of text, an empty cell where the register is silent.  The tables that ship with the package
stand in `ontology/registers/`, with the sources, dates and licences in their README.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.vocabulary import ONTOLOGY_FOLDER

REGISTERS_FOLDER = ONTOLOGY_FOLDER / "registers"

Row = tuple[str, ...]
EVENTS = ("appointed", "arrived", "started", "ended")
TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "persons": ("pocom", ("id", "surname", "forename", "generation", "alternative", "birth", "death", "career")),
    "offices": ("pocom", ("id", "kind", "label", "receiving", "start", "end")),
    "titles": ("pocom", ("id", "label")),
    "terms": (
        "pocom",
        (
            *("id", "person", "office", "title", "territory"),
            *(column for event in EVENTS for column in (event, f"{event}_note")),
            *("note", "served", "resident", "group"),
        ),
    ),
    "presidents": ("travels", ("id", "name", "birth", "death", "started", "ended")),
    "travels": ("travels", ("id", "person", "role", "start", "end", "state", "locale")),
    "visits": ("visits", ("id", "start", "end", "visitor", "state")),
    "listed": ("people", ("id", "name", "birth", "death", "viaf", "pocom", "keys")),
    "states": ("rdcr", ("id", "label")),
    "relations": ("rdcr", ("id", "state", "event", "start", "end", "heading")),
    "tags": ("tags", ("id", "label", "broader")),
}
REGISTERS = tuple(dict.fromkeys(register for register, _ in TABLES.values()))
_PACKED = frozenset(("listed",))


def table_file(table: str, folder: Path = REGISTERS_FOLDER) -> Path:
    return folder / (f"{table}.tsv.gz" if table in _PACKED else f"{table}.tsv")


def write_table(table: str, rows: Iterable[Row], folder: Path = REGISTERS_FOLDER) -> None:
    """Tab-separated values with a heading line; the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(TABLES[table][1])
    writer.writerows(rows)
    content = text.getvalue().encode()
    table_file(table, folder).write_bytes(gzip.compress(content, 9, mtime=0) if table in _PACKED else content)


def read_table(table: str, folder: Path = REGISTERS_FOLDER) -> list[Row]:
    path = table_file(table, folder)
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().split("\n")
    return [tuple(line.split("\t")) for line in lines[1:] if line]


def changes(before: Iterable[Row], after: Iterable[Row]) -> tuple[int, int, int]:
    """How many rows were added, removed and changed, by id."""
    old, new = {row[0]: row for row in before}, {row[0]: row for row in after}
    changed = sum(1 for key in old.keys() & new.keys() if old[key] != new[key])
    return len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed
