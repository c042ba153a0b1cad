"""The registers of a build: the tables that ship with the package, or newer archives in their place, as parts.

The shipped tables' statements are held against the shapes by the tests, once, and not again by each build; those of
an archive are held against them when it is given.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import __version__, officeholders, registers, registertables
from kg.authorities import Authorities, authorities
from kg.errors import InvalidDocument, SourceError
from kg.iris import Iris
from kg.jobs import Outcome, source_file
from kg.registers import Register
from kg.registertables import REGISTERS, REGISTERS_FOLDER, TABLES
from kg.snapshot import SourceEntry
from kg.statements import Statements, canonical, in_order
from kg.triples import SourceFile, provenance
from kg.validation import Validator, validate

SHIPPED_FORMAT = "text/tab-separated-values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The registers that a build uses: a folder of tables, the archives among them by register, and what they change.

    `changes` has a line for each table that an archive replaces, and one for each oddity of its records.
    """

    folder: Path = REGISTERS_FOLDER
    given: dict[str, SourceFile] = field(default_factory=dict)
    changes: tuple[str, ...] = ()

    def known(self) -> Authorities:
        return authorities(self.folder)


def shelf(archives: Iterable[Path], folder: Path, outcome: Outcome) -> Shelf:
    """The shipped tables with those of the archives in their place; `folder` is where to write them.

    An archive that cannot be read is left out, and the shipped tables stay.
    """
    given: dict[str, SourceFile] = {}
    changes: list[str] = []
    for archive in dict.fromkeys(path.resolve() for path in archives):
        try:
            register, file = registers.read(archive), source_file(archive, "application/gzip")
        except SourceError as error:
            outcome.leave_out(error)
            continue
        if not given:
            shutil.copytree(REGISTERS_FOLDER, folder)
        given[register.name] = file
        changes += _replaced(register, folder)
    return Shelf(folder=folder, given=given, changes=tuple(changes)) if given else Shelf()


def _replaced(register: Register, folder: Path) -> Iterator[str]:
    for table, rows in register.tables.items():
        added, removed, changed = registertables.changes(registertables.read_table(table, folder), rows)
        registertables.write_table(table, rows, folder)
        yield f"{register.name}: {table}: {len(rows):,} rows; {added} added, {removed} removed, {changed} changed"
    yield from (f"{register.name}: {remark}" for remark in register.remarks)


def map_registers(
    iris: Iris,
    held: Shelf,
    parts: Sequence[Path],
    volumes: Collection[str],
    validator: Validator = validate,
) -> Outcome:
    """Write each register's statements as a part; `volumes` are those whose lists of persons are joined."""
    outcome = Outcome()
    for part, register in zip(parts, REGISTERS, strict=True):
        file = held.given.get(register) or shipped_file(register)
        statements = register_part(iris, register, held.known(), file, volumes)
        if register in held.given and (results := validator(statements)):
            outcome.results += results
            fact = f"{len(results)} statements break a shape, the first: {results[0].message} ({results[0].focus})"
            advice = "report it: the register's form has changed"
            outcome.leave_out(InvalidDocument(fact, file=file.name, advice=advice))
            continue
        lines = in_order(statements.own(), iris.part_of_document())
        entry = SourceEntry(
            name=file.name,
            graph=iris.graph(register),
            sha256=file.sha256,
            bytes=file.bytes,
            volume=None,
            format=file.format,
            read=0,
            published=0,
            statements=len(lines),
        )
        outcome.add(entry, part, lines, canonical(statements.shared.own()))
    return outcome


def register_part(
    iris: Iris, register: str, known: Authorities, file: SourceFile, volumes: Collection[str]
) -> Statements:
    """What a register states, with where it comes from and the states that it speaks of."""
    out = provenance(iris, file, __version__, graph=register)
    out.update(officeholders.register_statements(iris, iris.graph(register), register, known, volumes))
    out.shared.update(officeholders.state_statements(iris, known))
    return out


def shipped_file(register: str) -> SourceFile:
    """The shipped tables of a register as a source."""
    digest, size = hashlib.sha256(), 0
    for table, (owner, _) in TABLES.items():
        if owner == register:
            content = registertables.table_file(table).read_bytes()
            digest.update(content)
            size += len(content)
    return SourceFile(name=f"{register}.tsv", sha256=digest.hexdigest(), bytes=size, format=SHIPPED_FORMAT)
