"""What a document's own source says of it, read from the document's download in place of the store.

The source tells of a document and its parts in one graph, and its download has all of that in 2 ms, of which the engine
needs 10 to look it up statement by statement.  What the description shows in full is chosen by the same rule as in the
query of service/descriptions.py; tests hold the two to the same statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.downloads import Downloads
from kg.errors import SnapshotError
from kg.iris import Iris
from kg.snapshot import Snapshot
from kg.vocabulary import DCTERMS, DGM, OA, PREFIXES, RDF, RDFS
from service.lines import Lines, Said, graph_of, indexed, node, object_of, text_of


def _terms(*iris: str) -> frozenset[bytes]:
    return frozenset(map(node, iris))


LABELS: Final = (
    RDF.type, RDFS.label, DCTERMS.title, DCTERMS.identifier, DGM.pageNumber, DGM.order, PREFIXES["skos"] + "prefLabel",
)  # fmt: skip
"""What is told of things that a description only points to."""
_LABELS: Final = _terms(*LABELS)
_PARTS: Final = _terms(
    DGM.sending, DGM.receiving, DGM.holding, DGM.sender, DGM.recipient, DGM.participant, DGM.signature, DGM.citation,
    DGM.mention,
)  # fmt: skip
_BESIDE: Final = _terms(DGM.footnote, DGM.enclosure, DGM.pageBreak)
_PARTIES: Final = ((_terms(DGM.sending), _terms(DGM.sender)), (_terms(DGM.receiving), _terms(DGM.recipient)))
# What is told of each thing that points at another; as `descriptions` asks for it.
_OF_LINKS: Final = _terms(RDF.type, RDFS.label, DGM.order, DCTERMS.identifier)
_TYPE, _ORDER, _SUBJECT = node(RDF.type), node(DGM.order), node(RDF.subject)
_PASSAGE, _SELECTOR = _terms(DGM.passage), _terms(OA.hasSelector)


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A part that points at its document; `said` tells so and what it is.

    `kind` is its first type in order of the alphabet, `order` its dgm:order.
    """

    predicate: str
    subject: bytes
    kind: str
    order: str | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OwnStatements:
    """`lines` are of the document and its parts in full, and labels of those of its parts that these point to.

    `outside` are the other things that they point to, `links` the parts that point at the document (but by
    rdf:subject); the IRIs of the document and its parts begin with what the regular expression `part` matches, and end
    there or go on with a slash.
    """

    lines: Lines
    outside: tuple[str, ...]
    links: tuple[OwnLink, ...]
    part: str


class OwnSources:
    """The downloads of a snapshot's documents."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._iris, self._downloads = Iris(snapshot.manifest.base_iri), Downloads(snapshot.downloads)
        # RDF that was loaded as it is may say anything of a document in any graph.
        self._graphs = {f"<{entry.graph}>".encode() for entry in snapshot.manifest.sources if entry.volume}
        self._latest: tuple[str, Lines] = "", {}

    def lines(self, iri: str) -> Lines:
        """All that a document's download has, nothing if there is none.  Reads files."""
        latest = self._latest
        if latest[0] != iri:
            # A page is made of its description first, and then of what else the download has.
            latest = self._latest = iri, indexed(self._content(iri))
        return latest[1]

    def _content(self, iri: str) -> bytes:
        parsed = self._iris.parse(iri)
        if not parsed or parsed[0] != "document":
            return b""
        try:
            return self._downloads.document("/".join(parsed[1]), "nq", "") or b""
        except SnapshotError:
            # Published without downloads.
            return b""

    def of(self, iri: str) -> OwnStatements | None:
        """None for what is no document of a source of ours, and where the download has not all.  Reads files."""
        lines = self.lines(iri)
        if not lines or graph_of(next(iter(lines.values()))[0]) not in self._graphs:
            return None
        name = iri.removeprefix(f"{self._iris.base}id/document/")
        return told(lines, iri, f"{re.escape(self._iris.base)}id/[^/]+/{re.escape(name)}")


def told(lines: Lines, iri: str, part: str) -> OwnStatements | None:
    """What a description has of a document's statements; None if they lead to parts that are not there."""
    thing = node(iri)
    start = thing + b" "
    links = [
        (subject, pair)
        for subject, said in lines.items()
        for pair in said
        if pair[1].startswith(start) and pair[0] != _SUBJECT
    ]
    full = dict.fromkeys(_full(lines, thing))
    # Which links are the document's own is told to the store by their names.
    named = re.compile(f"<{part}[/>]".encode())
    if not full.keys() <= lines.keys() or not all(map(named.match, lines)):
        return None
    found = {subject: lines[subject] for subject in full}
    pointed = {object_of(rest) for said in found.values() for _, rest in said if rest.startswith(b"<")} - full.keys()
    labels = {subject: [pair for pair in lines[subject] if pair[0] in _LABELS] for subject in pointed & lines.keys()}
    outside = sorted(subject[1:-1].decode() for subject in pointed - lines.keys())
    own = tuple(_link(lines, *link) for link in links)
    return OwnStatements({**found, **labels}, tuple(outside), own, part)


def _link(lines: Lines, subject: bytes, pair: Said) -> OwnLink:
    said = (pair, *[other for other in lines[subject] if other[0] in _OF_LINKS])
    kind = min([text_of(rest) for predicate, rest in said if predicate == _TYPE], default="")
    order = next((text_of(rest) for predicate, rest in said if predicate == _ORDER), None)
    return OwnLink(text_of(pair[0]), subject, kind, order, said)


def _values(lines: Lines, subjects: Iterable[bytes], predicates: frozenset[bytes]) -> Iterator[bytes]:
    """Those that are IRIs."""
    for subject in subjects:
        for predicate, rest in lines.get(subject, ()):
            if predicate in predicates and rest.startswith(b"<"):
                yield object_of(rest)


def _full(lines: Lines, thing: bytes) -> Iterator[bytes]:
    """The thing, its parts, inferences about them, the passages of these; as `descriptions` asks for them."""
    parts = list(_values(lines, [thing], _PARTS))
    for event, role in _PARTIES:
        parts += _values(lines, _values(lines, [thing], event), role)
    about = {thing, *parts}
    inferences = [
        subject
        for subject, said in lines.items()
        for predicate, rest in said
        if predicate == _SUBJECT and object_of(rest) in about
    ]
    resting = [thing, *inferences]
    passages = list(_values(lines, resting, _PASSAGE))
    yield from (thing, *parts, *_values(lines, [thing], _BESIDE), *inferences, *passages)
    yield from _values(lines, [thing, *passages], _SELECTOR)
