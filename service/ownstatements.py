"""What a document's own source says of it, read from the document's download in place of the store.

The source tells of a document and its parts in one graph, and its download has all of that in 2 ms, of which the engine
needs 10 to look it up statement by statement.  What the description shows in full is chosen by the same rule as in the
query of service/descriptions.py; tests hold the two to the same statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.downloads import Downloads
from kg.errors import SnapshotError
from kg.iris import Iris
from kg.snapshot import Snapshot
from kg.vocabulary import DCTERMS, DGM, OA, PREFIXES, RDF, RDFS


def _terms(*iris: str) -> frozenset[bytes]:
    return frozenset(f"<{iri}>".encode() for iri in iris)


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
_TYPE, _ORDER = _terms(RDF.type), _terms(DGM.order)
_PASSAGE, _SELECTOR, _SUBJECT = _terms(DGM.passage), _terms(OA.hasSelector), _terms(RDF.subject)

Lines = Mapping[bytes, list[tuple[bytes, bytes]]]
"""By subject: predicate, and the rest of the line from the object on."""


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A part that points at its document; `lines` say so and what it is, `order` is its dgm:order."""

    predicate: str
    subject: str
    kinds: frozenset[str]
    order: str | None
    lines: bytes


@dataclass(frozen=True, slots=True)
class OwnStatements:
    """`lines` are N-Quads: the document and its parts in full, labels of those of its parts that these point to.

    `outside` are the other things that they point to, `links` the parts that point at the document (but by
    rdf:subject); the IRIs of the document and its parts begin with what the regular expression `part` matches, and end
    there or go on with a slash.
    """

    lines: bytes
    outside: tuple[str, ...]
    links: tuple[OwnLink, ...]
    part: str

    def quads(self) -> list[ox.Quad]:
        return list(ox.parse(self.lines, format=ox.RdfFormat.N_QUADS))


class OwnSources:
    """The downloads of a snapshot's documents."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._iris, self._downloads = Iris(snapshot.manifest.base_iri), Downloads(snapshot.downloads)
        # RDF that was loaded as it is may say anything of a document in any graph.
        self._graphs = {f"<{entry.graph}>".encode() for entry in snapshot.manifest.sources if entry.volume}

    def of(self, iri: str) -> OwnStatements | None:
        """None for what is no document of a source of ours, and where the download has not all.  Reads files."""
        content = content_of(iri, self._iris, self._downloads)
        if not content or content[content.rindex(b" <") + 1 : content.rindex(b">") + 1] not in self._graphs:
            return None
        name = iri.removeprefix(f"{self._iris.base}id/document/")
        return told(content, iri, f"{re.escape(self._iris.base)}id/[^/]+/{re.escape(name)}")


def content_of(iri: str, iris: Iris, downloads: Downloads) -> bytes | None:
    """The download of a document as N-Quads, None if there is none.  Reads files."""
    parsed = iris.parse(iri)
    if not parsed or parsed[0] != "document":
        return None
    try:
        return downloads.document("/".join(parsed[1]), "nq", "")
    except SnapshotError:
        # Published without downloads.
        return None


def told(content: bytes, iri: str, part: str) -> OwnStatements | None:
    """What a description has of a document's statements, one a line; None if they lead to parts that are not there."""
    thing = f"<{iri}>".encode()
    lines, inferences, links = _indexed(content, thing)
    full = dict.fromkeys(_full(lines, thing, inferences))
    # Which links are the document's own is told to the store by their names.
    named = re.compile(f"<{part}[/>]".encode())
    if not full.keys() <= lines.keys() or not all(map(named.match, lines)):
        return None
    kept = [_line(subject, *said) for subject in full for said in lines[subject]]
    pointed = {
        rest[: rest.index(b">") + 1] for subject in full for _, rest in lines[subject] if rest.startswith(b"<")
    } - full.keys()
    labels = (_line(node, *said) for node in pointed & lines.keys() for said in lines[node] if said[0] in _LABELS)
    outside = sorted(node[1:-1].decode() for node in pointed - lines.keys())
    own = tuple(_link(lines, *link) for link in links)
    return OwnStatements(b"".join((*kept, *labels)), tuple(outside), own, part)


def _indexed(content: bytes, thing: bytes) -> tuple[Lines, list[tuple[bytes, bytes]], list[tuple[bytes, bytes, bytes]]]:
    """The lines by subject; (inference, what it is about); the statements that point at the thing."""
    found: dict[bytes, list[tuple[bytes, bytes]]] = {}
    inferences, links, start, last = list[tuple[bytes, bytes]](), list[tuple[bytes, bytes, bytes]](), thing + b" ", b""
    statements: list[tuple[bytes, bytes]] = []
    for line in content.splitlines():
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:  # the lines of a subject stand together
            statements, last = found.setdefault(subject, []), subject
        statements.append((predicate, rest))
        if predicate in _SUBJECT:
            inferences.append((subject, _thing(rest) or b""))
        elif rest.startswith(start):
            links.append((subject, predicate, rest))
    return found, inferences, links


def _link(lines: Lines, subject: bytes, predicate: bytes, rest: bytes) -> OwnLink:
    said = lines[subject]
    kept = [_line(subject, predicate, rest), *(_line(subject, *pair) for pair in said if pair[0] in _OF_LINKS)]
    kinds = frozenset(kind[1:-1].decode() for kind in _values(lines, [subject], _TYPE))
    order = next((value.split(b'"')[1].decode() for link, value in said if link in _ORDER), None)
    return OwnLink(predicate[1:-1].decode(), subject[1:-1].decode(), kinds, order, b"".join(kept))


def _line(subject: bytes, predicate: bytes, rest: bytes) -> bytes:
    return b"%b %b %b\n" % (subject, predicate, rest)


def _thing(rest: bytes) -> bytes | None:
    """The object, if it is an IRI."""
    return rest[: rest.index(b">") + 1] if rest.startswith(b"<") else None


def _values(lines: Lines, subjects: Iterable[bytes], predicates: frozenset[bytes]) -> Iterator[bytes]:
    for subject in subjects:
        for predicate, rest in lines.get(subject, ()):
            if predicate in predicates and (value := _thing(rest)) is not None:
                yield value


def _full(lines: Lines, thing: bytes, every: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The thing, its parts, inferences about them, the passages of these; as `descriptions` asks for them.

    `every` inference is there with what it is about.
    """
    parts = list(_values(lines, [thing], _PARTS))
    for event, role in _PARTIES:
        parts += _values(lines, _values(lines, [thing], event), role)
    about = {thing, *parts}
    inferences = [node for node, value in every if value in about]
    resting = [thing, *inferences]
    passages = list(_values(lines, resting, _PASSAGE))
    yield from (thing, *parts, *_values(lines, [thing], _BESIDE), *inferences, *passages)
    yield from _values(lines, [thing, *passages], _SELECTOR)
