"""People, offices, terms of office and states, as the State Department's registers have them; who held what, when.

The values and the questions they answer.  Nothing here reads an archive (`kg.registers`) or makes RDF
(`kg.officeholders`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from kg.registertables import REGISTERS_FOLDER, TABLES, Row, read_table

OfficeKind = Literal["president", "principal", "chief", "organization"]
HOME = "united-states"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A date of a term as the register gives it: "1934", "1934-03" or "1934-03-13", None if it gives none; `note` are
    its words on it ("Left post", "Presented recall on")."""

    date: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """A person: `id` is the register's; years are four digits or None; `viaf` a number of that file."""

    id: str
    surname: str
    forename: str | None = None
    generation: str | None = None
    alternative: tuple[str, ...] = ()
    birth: str | None = None
    death: str | None = None
    career: str | None = None
    viaf: str | None = None

    @property
    def name(self) -> str:
        name = f"{self.forename} {self.surname}" if self.forename else self.surname
        return f"{name}, {self.generation}" if self.generation else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office: `id` is "president", "principal/secretary", "chief/japan", "organization/un".

    One for each post, whatever the title of the day: `Term.title` has that.  `receiving` is the id of the state to
    which a chief of mission is sent, None for the others; `start` and `end` are the years in which the office was.
    """

    id: str
    kind: OfficeKind
    label: str
    receiving: str | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A person's term in an office.

    `title` is the title's id ("ambassador-e-p"), `territory` the state's name at the time, as the register's id of it.
    `started` is the presentation of credentials, of principals the entry on duty.  `served` is False for nominees who
    never did.  `resident` is where the holder of several posts lived, `group` what is held together.
    """

    id: str
    person: str
    office: str
    title: str
    territory: str | None = None
    appointed: Milestone = Milestone()
    arrived: Milestone = Milestone()
    started: Milestone = Milestone()
    ended: Milestone = Milestone()
    note: str | None = None
    served: bool = True
    resident: str | None = None
    group: str | None = None

    @property
    def begins(self) -> str | None:
        """The first day in office: of principals and presidents the entry on duty, since appointment precedes it; of
        chiefs of mission the credentials, else the arrival, else the appointment."""
        return self.started.date or self.arrived.date or self.appointed.date

    @property
    def doubt(self) -> str | None:
        """Why the register's dates cannot all be right, None if they can."""
        start, end = self.begins, self.ended.date
        if start and end and end[: len(start)] < start[: len(end)]:
            return f"it ended {end}, before it started {start}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateName:
    """A name or an adjective of a state in the years in which it was used; None where the years are open."""

    name: str
    adjective: bool
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    id: str
    label: str
    names: tuple[StateName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """A person of the volumes' lists, joined by the register of people: `keys` are "VOLUME#POINTER"."""

    id: str
    name: str
    birth: str | None
    death: str | None
    viaf: str | None
    officer: str | None
    keys: tuple[str, ...]


_NOT_FOLDED = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1 << 15)
def fold(name: str) -> str:
    """A name without case, accents, spaces and marks: "De la Rúa" is "delarua"."""
    # Decomposed, accents are characters of their own, and go with the marks.
    return _NOT_FOLDED.sub("", unicodedata.normalize("NFKD", name.casefold()))


class Authorities:
    """All registers, indexed.  `tables` are as `kg.registertables.TABLES` names them."""

    def __init__(self, tables: Mapping[str, Iterable[Row]]) -> None:
        rows = {table: [dict(zip(TABLES[table][1], row, strict=True)) for row in tables[table]] for table in TABLES}
        self.tables = tables
        self.states = _states(rows)
        self.listed_persons = {row["id"]: _listed(row) for row in rows["listed"]}
        self.persons = _persons(rows, self.listed_persons.values())
        self.titles = {row["id"]: row["label"] for row in rows["titles"]}
        self.offices = _offices(rows, self.states)
        self.terms = _terms(rows, self.persons)
        self._by_office: dict[str, list[Term]] = defaultdict(list)
        self._by_person: dict[str, list[Term]] = defaultdict(list)
        for term in sorted(self.terms.values(), key=lambda term: (term.begins or "9999", term.id)):
            self._by_office[term.office].append(term)
            self._by_person[term.person].append(term)
        self._surnames: dict[str, list[RegisterPerson]] = defaultdict(list)
        for person in self.persons.values():
            self._surnames[fold(person.surname)].append(person)
        self._keys = {key: entry for entry in self.listed_persons.values() for key in entry.keys}
        self._names: dict[str, list[tuple[StateName, State]]] = defaultdict(list)
        for state in self.states.values():
            for name in state.names:
                self._names[fold(name.name)].append((name, state))

    def terms_of(self, office: str) -> tuple[Term, ...]:
        """The terms in an office in order of their start, nominees' with them."""
        return tuple(self._by_office.get(office, ()))

    def terms_by(self, person: str) -> tuple[Term, ...]:
        return tuple(self._by_person.get(person, ()))

    def president(self, identifier: str) -> str:
        """The person's id of a president whom another table names."""
        return identifier if f"{identifier}-p" not in self.persons else f"{identifier}-p"

    def surnamed(self, surname: str) -> tuple[RegisterPerson, ...]:
        return tuple(self._surnames.get(fold(surname), ()))

    def listed(self, volume: str, pointer: str) -> ListedEntry | None:
        """The person whom a pointer into a volume's own list means, if the register of people has the list."""
        return self._keys.get(f"{volume}#{pointer.removeprefix('#')}")

    def states_named(self, name: str, year: str | None = None) -> tuple[State, ...]:
        """States of that name or adjective, in that year if one is given."""
        found = self._names.get(fold(name), ())
        if year:
            found = [pair for pair in found if (pair[0].start or "") <= year <= (pair[0].end or "9999")] or found
        return tuple({state.id: state for _, state in found}.values())


def _cell(value: str) -> str | None:
    return value or None


def _states(rows: Mapping[str, list[dict[str, str]]]) -> dict[str, State]:
    labels = {row["id"]: row["label"] for row in rows["states"]}
    labels[HOME] = "United States"
    names: dict[str, list[StateName]] = defaultdict(list)
    for row in state_names():
        name, kind, state, start, end = row
        names[state].append(StateName(name=name, adjective=kind == "adjective", start=_cell(start), end=_cell(end)))
    ids = {*labels, *names, *(row["receiving"] for row in rows["offices"] if row["receiving"])}
    out = {}
    for state in sorted(ids):
        # The register marks some names with an asterisk, which is none of the name.
        label = (labels.get(state) or state.replace("-", " ").title()).rstrip("*")
        known = names[state]
        if fold(label) not in {fold(name.name) for name in known}:
            known.append(StateName(name=label, adjective=False))
        out[state] = State(id=state, label=label, names=tuple(known))
    return out


@cache
def state_names(folder: Path = REGISTERS_FOLDER) -> tuple[Row, ...]:
    """(name, "name" or "adjective", state, first year, last year): the compilers' own table."""
    lines = (folder / "names.tsv").read_text(encoding="utf-8").split("\n")[1:]
    return tuple(tuple(line.split("\t")) for line in lines if line)


def _listed(row: dict[str, str]) -> ListedEntry:
    return ListedEntry(
        id=row["id"],
        name=row["name"],
        birth=_cell(row["birth"]),
        death=_cell(row["death"]),
        viaf=_cell(row["viaf"]),
        officer=_cell(row["pocom"]),
        keys=tuple(row["keys"].split()),
    )


def _persons(rows: Mapping[str, list[dict[str, str]]], listed: Iterable[ListedEntry]) -> dict[str, RegisterPerson]:
    viaf: dict[str, set[str]] = defaultdict(set)
    for entry in listed:
        if entry.officer and entry.viaf:
            viaf[entry.officer].add(entry.viaf)
    out = {}
    for row in rows["persons"]:
        numbers = viaf[row["id"]]
        out[row["id"]] = RegisterPerson(
            id=row["id"],
            surname=row["surname"] or row["id"],
            forename=_cell(row["forename"]),
            generation=_cell(row["generation"]),
            alternative=tuple(filter(None, row["alternative"].split("; "))),
            birth=_cell(row["birth"]),
            death=_cell(row["death"]),
            career=_cell(row["career"]),
            viaf=min(numbers) if len(numbers) == 1 else None,
        )
    for row in rows["presidents"]:
        president = _president(row, out)
        if president not in out:
            forename, _, surname = row["name"].rpartition(" ")
            out[president] = RegisterPerson(
                id=president, surname=surname, forename=forename, birth=_cell(row["birth"]), death=_cell(row["death"])
            )
    return out


def _president(row: dict[str, str], persons: Mapping[str, RegisterPerson]) -> str:
    """The person's id.  Another may bear the name: William Howard Taft III was an ambassador."""
    identifier = re.sub(r"-\d+$", "", row["id"])
    same = persons.get(identifier)
    return identifier if same is None or same.birth == _cell(row["birth"]) else f"{identifier}-p"


def _offices(rows: Mapping[str, list[dict[str, str]]], states: Mapping[str, State]) -> dict[str, Office]:
    out = {"president": Office(id="president", kind="president", label="President of the United States", start="1789")}
    for row in rows["offices"]:
        receiving = _cell(row["receiving"])
        label = f"Chief of mission of the United States, {states[receiving].label}" if receiving else row["label"]
        out[row["id"]] = Office(
            id=row["id"],
            kind=row["kind"],  # type: ignore[arg-type]  # the table's words are the type's
            label=label,
            receiving=receiving,
            start=_cell(row["start"]),
            end=_cell(row["end"]),
        )
    return out


def _terms(rows: Mapping[str, list[dict[str, str]]], persons: Mapping[str, RegisterPerson]) -> dict[str, Term]:
    out = {}
    for row in rows["terms"]:
        dates = {
            event: Milestone(date=_cell(row[event]), note=_cell(row[f"{event}_note"]))
            for event in ("appointed", "arrived", "started", "ended")
        }
        out[row["id"]] = Term(
            id=row["id"],
            person=row["person"],
            office=row["office"],
            title=row["title"],
            territory=_cell(row["territory"]),
            note=_cell(row["note"]),
            served=row["served"] == "yes",
            resident=_cell(row["resident"]),
            group=_cell(row["group"]),
            **dates,
        )
    for row in rows["presidents"]:
        term = Term(
            id=f"president-{row['id']}",
            person=_president(row, persons),
            office="president",
            title="president",
            started=Milestone(date=_cell(row["started"])),
            ended=Milestone(date=_cell(row["ended"])),
        )
        out[term.id] = term
    return out


@cache
def authorities(folder: Path = REGISTERS_FOLDER) -> Authorities:
    """The registers in a folder of tables, by default those that ship with the package."""
    return Authorities({table: read_table(table, folder) for table in TABLES})
