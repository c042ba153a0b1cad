"""The tables that file numbers are read with: `ontology/files/*.tsv`, loaded once.

`ontology/files/README.md` says where they come from.  In a code `**` and `††` stand for country numbers and
every other character for itself: "7**.††15" is boundaries between two countries.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from kg.vocabulary import ONTOLOGY_FOLDER

_FOLDER = ONTOLOGY_FOLDER / "files"
_COUNTRY = "#"  # the token for ** and †† in a trie


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published work that rows of the tables were read in; `url` is empty if none is known."""

    key: str
    citation: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """A class or subject of a decimal scheme.

    `phrase` says how the label takes up countries, "{label}: of {1} in {2}"; `broader` is a code of the same
    scheme, empty at the top.  `certainty` is "certain" for what a manual or finding aid prints and "probable"
    for what was observed or remembered.
    """

    scheme: str
    code: str
    label: str
    phrase: str
    broader: str
    certainty: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow:
    """What a country number stood for from `first` to `last`, years that both count."""

    number: str
    name: str
    also: str
    iso3: str
    first: int
    last: int
    certainty: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """A designation of the subject-numeric file: `level` is primary, subject, organization, area
    or organization-subject (code "* 3", for use after any organization)."""

    code: str
    level: str
    label: str
    iso3: str
    first: int
    last: int
    certainty: str
    sources: tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A node of the trie of codes: by the next character, which is `#` for a country number."""

    children: dict[str, Node] = field(default_factory=dict)
    row: ClassRow | None = None


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def sources() -> dict[str, Source]:
    """By key, as the `sources` of every row name them."""
    return {
        row["key"]: Source(key=row["key"], citation=row["citation"], url=row["url"]) for row in _rows("sources.tsv")
    }


@cache
def classes(scheme: str) -> dict[str, ClassRow]:
    """The rows of one scheme by code."""
    return {
        row["code"]: ClassRow(
            scheme=scheme,
            code=row["code"],
            label=row["label"],
            phrase=row["phrase"],
            broader=row["broader"],
            certainty=row["certainty"],
            sources=tuple(row["sources"].split()),
        )
        for row in _rows("classes.tsv")
        if row["scheme"] == scheme
    }


@cache
def trie(scheme: str) -> Node:
    """The codes of one scheme, without case, spaces and dashes, which files write as they like."""
    root = Node()
    for row in classes(scheme).values():
        node = root
        for character in compact(row.code.replace("**", _COUNTRY).replace("††", _COUNTRY)):
            node = node.children.setdefault(character, Node())
        node.row = row
    return root


def compact(text: str) -> str:
    return "".join(character for character in text.casefold() if character not in " -–—‑")


@cache
def countries(scheme: str) -> dict[str, tuple[CountryRow, ...]]:
    """The rows of each country number of one decimal scheme, oldest first."""
    found: dict[str, list[CountryRow]] = defaultdict(list)
    for row in _rows("countries.tsv"):
        if row["scheme"] == scheme:
            found[row["number"]].append(
                CountryRow(
                    number=row["number"],
                    name=row["name"],
                    also=row["also"],
                    iso3=row["iso3"],
                    first=int(row["from"]),
                    last=int(row["to"]),
                    certainty=row["certainty"],
                    sources=tuple(row["sources"].split()),
                )
            )
    return {number: tuple(rows) for number, rows in found.items()}


@cache
def subjects() -> dict[tuple[str, str], tuple[SubjectRow, ...]]:
    """The subject-numeric designations by level and code, oldest first."""
    found: dict[tuple[str, str], list[SubjectRow]] = defaultdict(list)
    for row in _rows("subjects.tsv"):
        found[row["level"], row["code"]].append(
            SubjectRow(
                code=row["code"],
                level=row["level"],
                label=row["label"],
                iso3=row["iso3"],
                first=int(row["from"]),
                last=int(row["to"]),
                certainty=row["certainty"],
                sources=tuple(row["sources"].split()),
            )
        )
    return {key: tuple(sorted(rows, key=lambda row: row.first)) for key, rows in found.items()}
