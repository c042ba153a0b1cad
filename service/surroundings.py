"""What the page of a document shows beside its description: its own statements, one query, the rows of a list.

The description (service/descriptions.py) tells of the document and its parts.  A reader wants what stands one step
further: the volume as a book, where citations and mentions stand in text and footnotes, what the rules behind the
inferences say, which documents cite or answer this one.

What the document's own source says is read from its download, of which the engine would give a row a statement and
take ten times as long; the store is asked for what is said elsewhere.  Without a download all is asked of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from kg.downloads import Downloads
from kg.iris import Iris
from kg.vocabulary import DGM, OA, PREFIXES, RDF
from service.descriptions import PARTS, Description, Source, solutions
from service.ownstatements import content_of
from service.textindex import TextIndex

# Citations, mentions and inferences (?n): of text and footnotes, of what they stand in, of what leads here.
_NODES: Final = f"""
  {{ <$thing> (dgm:citation|dgm:mention|dgm:enclosure|dgm:signature)|(dgm:footnote/(dgm:citation|dgm:mention)) ?n }}
  UNION {{ <$thing> dgm:footnote/dgm:citation/^rdf:subject ?n }}
  UNION {{ <$thing> ^rdf:subject ?n }}
  UNION {{ <$thing> ({PARTS})/^rdf:subject ?n }}
  UNION {{ <$thing> ^dgm:mentionedIn ?n }}
  UNION {{ <$thing> ^rdf:object ?n }}
"""
# What a page has no use for is not fetched: of a long document that is most of what there is.
_SAID = (
    "rdf:type, rdfs:label, rdf:subject, rdf:predicate, rdf:object, dgm:certainty, dgm:evidence, dgm:rank, dgm:rule, "
    "dgm:passage, dgm:target, dgm:refersTo, dgm:office, dgm:state, dgm:edtf, dgm:mentionKind, dgm:mentionedIn"
)
_LINKS = "dgm:rule|dgm:target|dgm:refersTo|dgm:office|dgm:state|rdf:object"
_LABELS = "rdf:type, rdfs:label, dcterms:title, dcterms:identifier, dcterms:description, dgm:pageNumber"
_QUERY: Final = f"""
SELECT ?s ?p ?o WHERE {{
  {{ <$thing> dgm:volume ?s LATERAL {{ ?s ?p ?o }} }}
  UNION {{ {{ SELECT DISTINCT (?n AS ?s) {{ {_NODES} }} }} LATERAL {{ ?s ?p ?o FILTER(?p IN ({_SAID})) }} }}
  UNION {{
    {{ SELECT DISTINCT ?s {{
      {{ SELECT DISTINCT ?n {{ {_NODES} }} }} LATERAL {{ ?n {_LINKS} ?s FILTER(isIRI(?s)) }} }} }}
    LATERAL {{ ?s ?p ?o FILTER(?p IN ({_LABELS})) }} }}
  UNION {{
    {{ SELECT DISTINCT ?s {{ {{ SELECT DISTINCT ?n {{ {_NODES} }} }} LATERAL {{ ?n dgm:passage ?s }} }} }}
    LATERAL {{ ?s ?p ?o FILTER(?p IN (oa:hasSource, dgm:within, oa:hasSelector)) }} }}
  UNION {{
    {{ SELECT DISTINCT ?s {{
      {{ SELECT DISTINCT ?n {{ {_NODES} }} }} LATERAL {{ ?n dgm:passage/oa:hasSelector ?s . ?s oa:start ?start }} }} }}
    LATERAL {{ ?s ?p ?o FILTER(?p IN (oa:start, oa:end)) }} }}
}}
"""
# The same, where the document's own statements are at hand: what they lead to, and what leads here from elsewhere.
_OUTSIDE: Final = f"""
SELECT ?s ?p ?o WHERE {{
  {{ <$thing> dgm:volume ?s LATERAL {{ ?s ?p ?o }} }}
  UNION {{ {{ <$thing> ^rdf:object ?s }} LATERAL {{ ?s ?p ?o FILTER(?p IN ({_SAID})) }} }}
  UNION {{ VALUES ?s {{ $linked }} LATERAL {{ ?s ?p ?o FILTER(?p IN ({_LABELS})) }} }}
}}
"""
# What a page has use for of the document's own statements; the description has more of what it tells in full.
_USED: Final = frozenset(
    f"<{PREFIXES[prefix]}{name}>".encode()
    for prefix, _, name in (
        term.strip().partition(":")
        for term in f"{_SAID}, {_LABELS}, oa:hasSource, dgm:within, oa:hasSelector, oa:start, oa:end".split(",")
    )
)
_TYPE: Final = f"<{RDF.type}>".encode()
# Of a passage its place is used, not its types, which are a third of all that is left.
_OF_PASSAGES: Final = tuple(
    f"<{kind}>".encode() for kind in (DGM.Passage, OA.TextPositionSelector, OA.TextQuoteSelector)
)
_LEADS: Final = frozenset({DGM.rule, DGM.target, DGM.refersTo, DGM.office, DGM.state, RDF.object})
_PROLOGUE = "".join(f"PREFIX {name}: <{value}> " for name, value in PREFIXES.items())
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`about` is the description with what stands around it; `documents` are rows of the text index by IRI."""

    about: Description
    documents: dict[str, Row] = field(default_factory=dict)
    previous: Row | None = None
    next: Row | None = None
    cited_by: tuple[str, ...] = ()
    answered_by: tuple[tuple[str, str], ...] = ()
    """(document, inference)"""


async def around(
    source: Source,
    iris: Iris,
    description: Description,
    index: TextIndex | None,
    downloads: Downloads | None = None,
) -> Surroundings:
    """Without an index (of a former snapshot) dates and neighbours are missing.  Raises QueryError."""
    own = await run_in_threadpool(_own, iris, description, downloads) if downloads else ()
    query = _outside(own) if own else _QUERY
    body = await source.results(_PROLOGUE + query.replace("$thing", description.iri))
    graph = ox.NamedNode(description.iri)
    about = description.with_more((*own, *(ox.Quad(row[0], row[1], row[2], graph) for row in solutions(body))))
    answered_by = tuple(sorted(_answered_by(about)))
    cited_by = tuple(dict.fromkeys(_cited_by(iris, about)))
    told = {name for name in about.described(DGM.Document) if name != about.iri}
    wanted = [description.iri, *told, *cited_by, *(document for document, _ in answered_by)]
    if index is None:
        return Surroundings(about=about, cited_by=cited_by, answered_by=answered_by)
    rows, beside = await run_in_threadpool(lambda: (index.documents(wanted), index.beside(description.iri)))
    return Surroundings(
        about=about,
        documents=rows,
        previous=beside[0],
        next=beside[1],
        cited_by=tuple(sorted(cited_by, key=lambda iri: _number(rows, iri))),
        answered_by=answered_by,
    )


def _own(iris: Iris, description: Description, downloads: Downloads) -> tuple[ox.Quad, ...]:
    """What the document's source says; nothing where several graphs speak of it, of which its download has one."""
    thing = ox.NamedNode(description.iri)
    graphs = {
        quad.graph_name
        for quad in description.quads
        if quad.subject == thing or (quad.object == thing and quad.predicate.value == DGM.mentionedIn)
    }
    content = content_of(description.iri, iris, downloads) if len(graphs) == 1 else None
    return tuple(ox.parse(b"".join(_used(content or b"")), format=ox.RdfFormat.N_QUADS))


def _used(content: bytes) -> Iterator[bytes]:
    for line in content.splitlines(keepends=True):
        _, predicate, rest = line.split(b" ", 2)
        if predicate in _USED and not (predicate == _TYPE and rest.startswith(_OF_PASSAGES)):
            yield line


def _outside(own: Iterable[ox.Quad]) -> str:
    """The query for what the document's own statements lead to."""
    linked = {quad.object for quad in own if quad.predicate.value in _LEADS and isinstance(quad.object, ox.NamedNode)}
    return _OUTSIDE.replace("$linked", " ".join(sorted(str(thing) for thing in linked)))


def _number(rows: dict[str, Row], iri: str) -> tuple[int, str]:
    return (rows[iri]["id"], "") if iri in rows else (1 << 60, iri)


def _answered_by(about: Description) -> list[tuple[str, str]]:
    return [
        (document, inference)
        for inference in about.subjects(RDF.object, about.iri)
        if about.value(inference, RDF.predicate) == DGM.answers
        for document in about.values(inference, RDF.subject)
    ]


def _cited_by(iris: Iris, about: Description) -> list[str]:
    """The documents that have a citation of this one, stated or inferred; a citation is named by its document."""
    citations = [subject for predicate, subject in about.incoming if predicate == DGM.target]
    citations += [
        subject
        for inference in about.subjects(RDF.object, about.iri)
        if about.value(inference, RDF.predicate) == DGM.target
        for subject in about.values(inference, RDF.subject)
    ]
    named = (iris.parse(citation) for citation in citations)
    documents = (iris.document(*parsed[1][:2]) for parsed in named if parsed and len(parsed[1]) > 2)
    return [document for document in documents if document != about.iri]
