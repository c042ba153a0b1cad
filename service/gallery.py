"""The gallery of examples: queries with the question that each answers and for whom, found by words, under themes.

`ontology/examples/*.rq` are single questions, `ontology/competency/*.rq` whole tables of the dataset.  A file begins
with comments: its title, its question, `For: …`, `Theme: …`, an empty comment, then notes.  A table that takes longer
than a reader waits is not shown: an example that says `Table: NAME` gives a volume's part of it, of a volume that the
dataset served has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.snapshot import Manifest
from kg.vocabulary import COMPETENCY_FOLDER, EXAMPLES_FOLDER

THEMES: Final = (
    "Correspondence",
    "People and offices",
    "Files and archives",
    "Citations and answers",
    "Places and states",
    "Texts and notes",
    "Evidence and doubt",
    "Reuse",
    "Whole tables",
)
"""In the order of the page."""
FIRST: Final = "busiest-posts"
"""The example that an empty page shows."""
_VOLUME: Final = "sample1931v01"
"""The volume that the files name."""
_FEW: Final = 20

_TABLES_FOR: Final = "anyone who takes the data elsewhere"


@dataclass(frozen=True, slots=True)
class Example:
    """A query; `audience` says for whom it is, `notes` what to know about it, in sentences; `table` is the competency
    question of which it gives a part."""

    name: str
    title: str
    question: str
    audience: str
    theme: str
    notes: str
    text: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    examples: tuple[Example, ...]

    def themes(self, words: str = "") -> dict[str, tuple[Example, ...]]:
        """Examples by theme that hold every one of the words, in whatever case and with whatever accents."""
        wanted = _folded(words).split()
        found: dict[str, tuple[Example, ...]] = {}
        for theme in THEMES:
            these = [one for one in self.examples if one.theme == theme]
            if kept := tuple(one for one in these if all(word in _haystack(one) for word in wanted)):
                found[theme] = kept
        return found

    def named(self, name: str) -> Example | None:
        return next((one for one in self.examples if one.name == name), None)

    @property
    def tables(self) -> tuple[Example, ...]:
        """What the dataset answers as a whole, or a volume at a time, by title."""
        found = [one for one in self.examples if one.table or one.theme == THEMES[-1]]
        return tuple(sorted(found, key=lambda one: one.title))

    @property
    def first(self) -> Example:
        return next((one for one in self.examples if one.name == FIRST), self.examples[0])


def load(volume: str = _VOLUME) -> Gallery:
    """Reads both folders; `volume` is the one that examples begin with.

    Raises OSError if they are not there, ValueError for a file without its head.
    """
    examples = [
        replace(one, text=one.text.replace(f'"{_VOLUME}"', f'"{volume}"')) for one in _read(EXAMPLES_FOLDER, {})
    ]
    parts = {one.table for one in examples}
    tables = _read(COMPETENCY_FOLDER, {"For": _TABLES_FOR, "Theme": THEMES[-1]})
    return Gallery((*examples, *(one for one in tables if one.name not in parts)))


def volume_of(manifest: Manifest) -> str:
    """The volume to begin with: of those with a few documents that of which least is stated, else the largest."""
    volumes = sorted(manifest.volumes, key=lambda volume: volume.statements)
    usual = [volume.id for volume in volumes if volume.documents >= _FEW]
    return next(iter(usual), volumes[-1].id if volumes else _VOLUME)


def _read(folder: Path, defaults: Mapping[str, str]) -> Iterable[Example]:
    for path in sorted(folder.glob("*.rq")):
        yield _example(path.stem, path.read_text(encoding="utf-8"), defaults)


def _example(name: str, text: str, defaults: Mapping[str, str]) -> Example:
    head = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        head.append(line.removeprefix("#").strip())
    facts = dict(defaults)
    for line in head[2:]:
        key, found, value = line.partition(": ")
        if found and key in ("For", "Theme", "Table"):
            facts[key] = value
    notes = " ".join(line for line in head[2:] if line and not line.startswith(("For: ", "Theme: ", "Table: ")))
    if len(head) < 2 or facts.get("Theme") not in THEMES or "For" not in facts:
        raise ValueError(f"{name}.rq: expected its title, question, For: and Theme: (one of {', '.join(THEMES)})")
    return Example(name, head[0], head[1], facts["For"], facts["Theme"], notes, text, facts.get("Table", ""))


def _haystack(example: Example) -> str:
    return _folded(f"{example.title} {example.question} {example.audience} {example.theme} {example.notes}")


def _folded(text: str) -> str:
    marks = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter))
