"""What the page of a document shows beside its description: its own statements, one query, the rows of a list.

The description (service/descriptions.py) tells of the document and its parts.  A reader wants what stands one step
further: the volume as a book, where citations and mentions stand in text and footnotes, what the rules behind the
inferences say, which documents cite or answer this one.

What the document's own source says is read from its download, of which the engine would give a row a statement and
take ten times as long; the store is asked for what is said elsewhere.  Without a download all is asked of the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from kg.iris import Iris
from kg.vocabulary import DGM, PREFIXES, RDF
from service.descriptions import PARTS, Description, Source, solutions
from service.lines import Collected, Lines, graph_of, node, object_of
from service.ownstatements import OwnSources
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
_LEADS: Final = frozenset(map(node, (DGM.rule, DGM.target, DGM.refersTo, DGM.office, DGM.state, RDF.object)))
_MENTIONED_IN: Final = node(DGM.mentionedIn)
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
    sources: OwnSources | None = None,
) -> Surroundings:
    """Without an index (of a former snapshot) dates and neighbours are missing.  Raises QueryError."""
    own = await run_in_threadpool(_own, description, sources) if sources else {}
    query = _outside(own) if own else _QUERY
    body = await source.results(_PROLOGUE + query.replace("$thing", description.iri))
    graph, beside = ox.NamedNode(description.iri), Collected()
    for row in solutions(body):
        beside.add(ox.Quad(row[0], row[1], row[2], graph))
    about = description.with_more(_beyond(description, own), beside)
    answered_by = tuple(sorted(_answered_by(about)))
    cited_by = tuple(dict.fromkeys(_cited_by(iris, about)))
    told = {name for name in about.described(DGM.Document) if name != about.iri}
    wanted = [description.iri, *told, *cited_by, *(document for document, _ in answered_by)]
    if index is None:
        return Surroundings(about=about, cited_by=cited_by, answered_by=answered_by)
    rows, neighbours = await run_in_threadpool(lambda: (index.documents(wanted), index.beside(description.iri)))
    return Surroundings(
        about=about,
        documents=rows,
        previous=neighbours[0],
        next=neighbours[1],
        cited_by=tuple(sorted(cited_by, key=lambda iri: _number(rows, iri))),
        answered_by=answered_by,
    )


def _own(description: Description, sources: OwnSources) -> Lines:
    """What the document's source says; nothing where several graphs speak of it, of which its download has one."""
    thing, graphs = node(description.iri), set[bytes]()
    for lines in description.told:
        graphs |= {graph_of(pair) for pair in lines.get(thing, ())}
        graphs |= {
            graph_of(pair)
            for said in lines.values()
            for pair in said
            if pair[0] == _MENTIONED_IN and object_of(pair[1]) == thing
        }
    return sources.lines(description.iri) if len(graphs) == 1 else {}


def _beyond(description: Description, own: Lines) -> Lines:
    """What a page has use for of those parts that the description does not tell in full."""
    full = description.told[0]
    return {
        subject: [pair for pair in said if pair[0] in _USED]
        for subject, said in own.items()
        if len(full.get(subject, ())) < len(said)
    }


def _outside(own: Lines) -> str:
    """The query for what the document's own statements lead to."""
    linked = {object_of(rest) for said in own.values() for predicate, rest in said if predicate in _LEADS}
    things = sorted(thing.decode() for thing in linked if thing.startswith(b"<"))
    return _OUTSIDE.replace("$linked", " ".join(things))


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
