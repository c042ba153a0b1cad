"""How much of what a reader may want of a document the documents have: field by field, stated or inferred.

A field is stated if the source says it, inferred if a rule alone does; a document that has neither leaves it unknown.
Counts are made document by document while downloads are, and stand in coverage.tsv: volume, field, documents that
state it, documents of which it is inferred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from kg.iris import Iris
from kg.vocabulary import DCTERMS, DGM, RDF

How = Literal["stated", "inferred"]
Subjects = Mapping[str, Mapping[str, Sequence[str]]]
"""Subject → predicate → objects, each as N-Triples writes it."""
Coverage = dict[str, dict[str, tuple[int, int]]]
"""Volume → field → documents that state it, documents of which it is inferred alone."""
DOCUMENTS: Final = "documents"
"""The row that counts the documents of a volume."""


@dataclass(frozen=True, slots=True)
class Field:
    """`name` in the table, what a page calls it, and what counts."""

    name: str
    label: str
    meaning: str


FIELDS: Final = (
    Field("title", "Title", "the heading"),
    Field("date", "Date", "a date of sending or of the meeting, or the days between which it lies"),
    Field("place", "Place", "the place of sending as the dateline prints it"),
    Field("city", "City", "the place of sending joined to one place of GeoNames"),
    Field("sender", "Sender", "a sender by name or office"),
    Field("recipient", "Recipient", "a recipient by name or office"),
    Field("sender-person", "Sender identified", "a sender joined to one person of the registers"),
    Field("recipient-person", "Recipient identified", "a recipient joined to one person of the registers"),
    Field("kind", "Kind", "telegram, note, memorandum and so on"),
    Field("file", "File number", "the number of the file"),
    Field("file-words", "File in words", "the number of the file read by the tables of the filing system"),
    Field("source", "Source", "the note of where the paper lies"),
    Field("page", "Pages", "the printed page"),
    Field("answers", "Answers", "the document that it answers"),
    Field("cites", "Cites", "a document, page or footnote that a citation leads to"),
    Field("names", "Names", "a person, place, office, day or other thing that its text names"),
    Field("footnote", "Footnotes", "at least one footnote"),
    Field("text", "Text", "the text"),
)
_DIRECT: Final = {
    "title": DCTERMS.title,
    "kind": DGM.kind,
    "file": DGM.fileNumber,
    "source": DGM.sourceNote,
    "page": DGM.page,
    "footnote": DGM.footnote,
    "text": DGM.text,
}


class _Document:
    """The statements about one document and its parts, as fields are looked for in them."""

    def __init__(self, subjects: Subjects, document: str, registered: str) -> None:
        """`document` is its IRI in angle brackets; those of persons of registers begin with `registered`."""
        self.iri, self._subjects, self._registered = document, subjects, registered
        self._inferred: dict[tuple[str, str], set[str]] = {}
        for facts in subjects.values():
            for subject in facts.get(f"<{RDF.subject}>", ()):
                for predicate in facts.get(f"<{RDF.predicate}>", ()):
                    values = facts.get(f"<{RDF.object}>", ())
                    self._inferred.setdefault((subject, predicate), set()).update(values)

    def stated(self, predicate: str, subjects: Iterable[str] | None = None) -> list[str]:
        """Of the subjects, or of the document itself."""
        own = (self.iri,) if subjects is None else subjects
        return [value for each in own for value in self._subjects.get(each, {}).get(f"<{predicate}>", ())]

    def inferred(self, predicate: str, subjects: Iterable[str] | None = None) -> set[str]:
        own = (self.iri,) if subjects is None else subjects
        return {value for each in own for value in self._inferred.get((each, f"<{predicate}>"), ())}

    def one(self, predicate: str, subjects: Iterable[str]) -> bool:
        """Whether of one of the subjects a single value is inferred."""
        return any(len(self.inferred(predicate, [each])) == 1 for each in subjects)

    def person(self, parties: Iterable[str]) -> bool:
        """Whether one of the parties is joined to one person of the registers."""
        found = [self.inferred(DGM.person, [party]) for party in parties]
        return any(len(values) == 1 and self._in_registers(*values) for values in found)

    def names(self) -> bool:
        """Whether a rule found something named in it."""
        return any(self.iri in facts.get(f"<{DGM.mentionedIn}>", ()) for facts in self._subjects.values())

    def _in_registers(self, person: str) -> bool:
        """Persons of a volume have its name before theirs."""
        return person.startswith(self._registered) and "/" not in person.removeprefix(self._registered)


def of_document(subjects: Subjects, document: str, iris: Iris) -> dict[str, How]:
    """The fields that a document has.  `document` is its IRI; what is stated goes before what is inferred."""
    about = _Document(subjects, f"<{document}>", f"<{iris.base}id/person/")
    found: dict[str, How] = {}
    for field, stated, inferred in _tests(about):
        if stated:
            found[field] = "stated"
        elif inferred:
            found[field] = "inferred"
    return found


def _tests(about: _Document) -> Iterable[tuple[str, bool, bool]]:
    """(field, whether it is stated, whether it is inferred)."""
    for field, predicate in _DIRECT.items():
        yield field, bool(about.stated(predicate)), bool(about.inferred(predicate))
    sent, received, held = (about.stated(event) for event in (DGM.sending, DGM.receiving, DGM.holding))
    bounds = [value for predicate in (DGM.edtf, DGM.earliest, DGM.latest) for value in about.inferred(predicate)]
    yield "date", bool(about.stated(DGM.edtf, (*sent, *held))), bool(bounds)
    yield "place", bool(about.stated(DGM.placePrinted, sent)), False
    yield "city", bool(about.stated(DGM.place, sent)), about.one(DGM.place, sent)
    for who, events, role in (("sender", sent, DGM.sender), ("recipient", received, DGM.recipient)):
        stated, inferred = about.stated(role, events), about.inferred(role, events)
        yield who, bool(stated), bool(inferred)
        yield f"{who}-person", False, about.person((*stated, *inferred))
    yield "file-words", False, bool(about.inferred(DGM.fileWords))
    yield "answers", False, bool(about.inferred(DGM.answers))
    whole = [about.iri, *about.stated(DGM.footnote)]
    cited = about.stated(DGM.citation, whole)
    yield "cites", bool(about.stated(DGM.target, cited)), bool(about.inferred(DGM.target, cited))
    yield "names", bool(about.stated(DGM.mention, whole)), about.names()


def write(counts: Mapping[tuple[str, str, str], int]) -> str:
    """coverage.tsv of numbers by (volume, field, how)."""
    volumes = sorted({volume for volume, _, _ in counts})
    lines = ["volume\tfield\tstated\tinferred\n"]
    for volume in volumes:
        for field in (DOCUMENTS, *(field.name for field in FIELDS)):
            stated, inferred = (counts.get((volume, field, how), 0) for how in ("stated", "inferred"))
            lines.append(f"{volume}\t{field}\t{stated}\t{inferred}\n")
    return "".join(lines)


def read(path: Path) -> Coverage:
    """What coverage.tsv says; nothing if an older version published the snapshot."""
    found: Coverage = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            volume, field, stated, inferred = line.split("\t")
            found.setdefault(volume, {})[field] = int(stated), int(inferred)
    return found


def total(coverage: Coverage) -> dict[str, tuple[int, int]]:
    """The numbers of all volumes together."""
    sums = Counter[tuple[str, int]]()
    for fields in coverage.values():
        for field, numbers in fields.items():
            for place, number in enumerate(numbers):
                sums[field, place] += number
    return {field: (sums[field, 0], sums[field, 1]) for field in dict.fromkeys(field for field, _ in sums)}
