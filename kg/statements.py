"""RDF terms and statements as N-Quads text, in the canonical form of RDF Dataset Canonicalization.

Terms are strings that stand in N-Quads as they are: `<iri>`, `"text"`, `"1"^^<datatype>`.  A statement is one
line with its line feed.  Text all the way keeps the mapping fast and the bytes under our control; there are
no blank nodes.  https://www.w3.org/TR/rdf-canon/#canonical-quads
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg.vocabulary import RDF, RDFS, XSD

Term = str

_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_NEEDS_ESCAPE = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]')
# RFC 3987 leaves these out of IRIs, and N-Quads out of IRIREF.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


@lru_cache(maxsize=1 << 14)
def iri(value: str) -> Term:
    """Raises ValueError if the value cannot stand in an IRI (`kg.iris` percent-encodes what sources give)."""
    if _NOT_IN_IRI.search(value):
        raise ValueError(f"{value!r} is no IRI")
    return f"<{value}>"


def literal(value: str, datatype: str = XSD.string) -> Term:
    """A literal; `value` is the canonical lexical form of its datatype, neither checked nor rewritten."""
    quoted = f'"{_NEEDS_ESCAPE.sub(_escape, value)}"'
    return quoted if datatype == XSD.string else f"{quoted}^^<{datatype}>"


def integer(value: int) -> Term:
    return literal(str(value), XSD.integer)


def boolean(value: bool) -> Term:
    return literal("true" if value else "false", XSD.boolean)


_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_XSD_FORMS = (
    (re.compile(r"\d{4}"), XSD.gYear),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), XSD.gYearMonth),
    (re.compile(rf"\d{{4}}-{_DAY}"), XSD.date),
    (re.compile(rf"\d{{4}}-{_DAY}T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?"), XSD.dateTime),
    (re.compile(rf"--{_DAY}"), XSD.gMonthDay),
)


def xsd_date(edtf: str) -> Term | None:
    """The XSD literal that says the same as an EDTF date; None where XSD has none (intervals, doubts)."""
    value = "-" + edtf.removeprefix("XXXX") if edtf.startswith("XXXX-") else edtf
    for form, datatype in _XSD_FORMS:
        if form.fullmatch(value):
            return literal(value, datatype)
    return None


_LABEL = f"<{RDFS.label}>"


class Statements:
    """A set of statements in the named graph of one source.

    `add` takes IRIs as bare strings for subject and predicate, terms as objects; of a None nothing is said.
    `shared` is where to say what other sources say in the same words (a concept, a rule): one graph for all, so
    that the union of the graphs has each statement once.  Without a shared graph, it is the statements themselves.
    """

    def __init__(self, graph: str, shared: str | None = None) -> None:
        self._end = f" {iri(graph)} .\n"
        self._lines: set[str] = set()
        self.shared: Statements = Statements(shared) if shared else self

    def add(self, subject: str, predicate: str, *objects: Term | None) -> None:
        start = f"{iri(subject)} {iri(predicate)} "
        self._lines.update(f"{start}{term}{self._end}" for term in objects if term is not None)

    def link(self, subject: str, predicate: str, *targets: str | None) -> None:
        self.add(subject, predicate, *(iri(target) for target in targets if target is not None))

    def text(self, subject: str, predicate: str, *values: str | None) -> None:
        self.add(subject, predicate, *(literal(value) for value in values if value is not None))

    def describe(self, subject: str, kind: str, label: str) -> None:
        """Type and label, which every thing has."""
        self.link(subject, RDF.type, kind)
        self.text(subject, RDFS.label, label)

    def update(self, other: Statements) -> None:
        self._lines |= other._lines
        if other.shared is not other:
            self.shared._lines |= other.shared._lines

    def remove(self, subject: str) -> None:
        """Say nothing of it any more."""
        prefix = f"{iri(subject)} "
        for statements in {self, self.shared}:
            statements._lines = {line for line in statements._lines if not line.startswith(prefix)}

    def subjects(self) -> set[str]:
        """The IRIs that something is said of."""
        return {line[1 : line.index(">")] for line in self}

    def labels(self) -> list[tuple[str, str]]:
        """(subject, statement) of the labels in the source's graph alone."""
        parts = ((line, *line.split(" ", 2)[:2]) for line in self._lines)
        return [(subject, line) for line, subject, predicate in parts if predicate == _LABEL]

    def discard(self, line: str) -> None:
        self._lines.discard(line)

    def own(self) -> Iterator[str]:
        """The statements of the source's graph alone."""
        return iter(self._lines)

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        if self.shared is not self:
            yield from self.shared._lines

    def __len__(self) -> int:
        return sum(1 for _ in self)


def canonical(lines: Iterable[str]) -> list[str]:
    """Each statement once, in code point order."""
    return sorted(set(lines))


def in_order(lines: Iterable[str], part_of_document: re.Pattern[str]) -> list[str]:
    """Each statement once, in the order of data.nq: document by document, in code point order within each.

    What belongs to no document comes first.  `part_of_document` is `Iris.part_of_document()`.
    """
    subjects: dict[str, list[str]] = defaultdict(list)
    for line in set(lines):
        subjects[line[: line.index(">")]].append(line)
    documents: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for subject, about in subjects.items():
        documents[document_order(subject, part_of_document)] += about
    return [line for document in sorted(documents) for line in sorted(documents[document])]


def document_order(line: str, part_of_document: re.Pattern[str]) -> tuple[str, int, str]:
    """Sorts d2 before d10; ("", 0, "") for what belongs to no document."""
    match = part_of_document.match(line)
    return (match[1], len(match[2]), match[2]) if match else ("", 0, "")
