"""What is told of one thing: one query, one value.

A description holds the statements about the thing; about its parts, one useful level down (sending, receiving,
parties, footnotes); the inferences about it or its parts; type and label of all that it points to; and what
points at it, `PAGE_SIZE` at a time, counted.  docs/decisions/0002 and 0003 draw the model.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from kg.vocabulary import DCTERMS, DGM, PREFIXES, RDF, RDFS
from service import frames
from service.queries import Query, WorkerPool

PAGE_SIZE: Final = 500
_JSON: Final = "application/sparql-results+json"
assert _JSON in frames.RESULT_TYPES  # noqa: S101 - two modules, one name

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`\x7f]*')
_LABELS = "rdf:type, rdfs:label, dcterms:title, dcterms:identifier, dgm:pageNumber, dgm:order, skos:prefLabel"

# Each branch gives statements (?s ?p ?o) and what they are for (?role).  What points at the thing comes with its
# labels, since sorting it is what takes the time: ?t is then the property that points.  The last branch counts: ?o
# things of type ?t point through ?p.
_QUERY = """
SELECT ?role ?s ?p ?o ?t WHERE {
  { BIND("own" AS ?role) BIND(<$thing> AS ?s) <$thing> ?p ?o }
  UNION { BIND("label" AS ?role) <$thing> ?link ?s . ?s ?p ?o FILTER(?p IN ($labels)) }
  UNION { BIND("part" AS ?role) <$thing> dgm:sending|dgm:receiving|dgm:footnote ?s . ?s ?p ?o }
  UNION { BIND("part" AS ?role)
    <$thing> (dgm:sending/dgm:sender)|(dgm:receiving/dgm:recipient)|dgm:sender|dgm:recipient ?s . ?s ?p ?o }
  UNION { BIND("label" AS ?role)
    <$thing> (dgm:sending/dgm:sender/dgm:person)|(dgm:receiving/dgm:recipient/dgm:person) ?s .
    ?s ?p ?o FILTER(?p IN ($labels)) }
  UNION { BIND("part" AS ?role) ?s rdf:subject <$thing> . ?s ?p ?o }
  UNION { BIND("part" AS ?role)
    <$thing> dgm:sending|dgm:receiving|dgm:footnote|(dgm:sending/dgm:sender)|(dgm:receiving/dgm:recipient) ?part .
    ?s rdf:subject ?part . ?s ?p ?o }
  UNION { BIND("label" AS ?role) ?inference rdf:subject <$thing> . ?inference rdf:object|dgm:rule ?s .
    ?s ?p ?o FILTER(?p IN ($labels)) }
  UNION { BIND("incoming" AS ?role)
    { $incoming }
    OPTIONAL { ?s ?p ?o FILTER(?p IN ($labels)) } }
  UNION { BIND("count" AS ?role)
    { SELECT ?p ?t (COUNT(DISTINCT ?subject) AS ?o) {
        ?subject ?p <$thing> FILTER(?p != rdf:subject) OPTIONAL { ?subject a ?t } } GROUP BY ?p ?t } }
}
"""
_INCOMING = """
SELECT DISTINCT ?s (?link AS ?t) ?kind ?order {
  ?s ?link <$thing> FILTER(?link != rdf:subject) OPTIONAL { ?s a ?kind } OPTIONAL { ?s dgm:order ?order } }
ORDER BY ?link ?kind ?order ?s LIMIT $limit OFFSET $offset
"""

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of one type (None: of no type) point at the thing through one property."""

    predicate: str
    type: str | None
    number: int


@dataclass(slots=True)
class Description:
    """All that one page says.  Empty if the dataset says nothing of the thing and nothing points at it."""

    iri: str
    page: int = 1
    triples: list[ox.Triple] = field(default_factory=list)
    incoming: set[tuple[str, str]] = field(default_factory=set)
    """(predicate, subject)"""
    counts: list[Count] = field(default_factory=list)
    _index: dict[str, dict[str, list[Term]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, triple: ox.Triple) -> None:
        values = self._index[_value(triple.subject)][triple.predicate.value]
        if triple.object not in values:
            values.append(triple.object)
            self.triples.append(triple)

    def __bool__(self) -> bool:
        return bool(self.triples)

    def properties(self, subject: str) -> Mapping[str, list[Term]]:
        return self._index.get(subject, {})

    def values(self, subject: str, predicate: str) -> list[str]:
        """Lexical forms and IRIs."""
        return [_value(term) for term in self.properties(subject).get(predicate, ())]

    def value(self, subject: str, predicate: str) -> str | None:
        return next(iter(self.values(subject, predicate)), None)

    def types(self, subject: str) -> list[str]:
        return self.values(subject, RDF.type)

    def subjects(self, predicate: str, value: str) -> list[str]:
        return [subject for subject in self._index if value in self.values(subject, predicate)]

    def label(self, subject: str) -> str | None:
        """Title, label, or identifier, whichever comes first."""
        for predicate in (DCTERMS.title, RDFS.label, _SKOS_LABEL, DGM.pageNumber, DCTERMS.identifier):
            if found := self.value(subject, predicate):
                return found
        return None

    @property
    def incoming_total(self) -> int:
        """All rows that pages of `incoming` are cut from; a thing of two types has two."""
        return sum(count.number for count in self.counts)


_SKOS_LABEL = PREFIXES["skos"] + "prefLabel"


def is_iri(text: str) -> bool:
    """An absolute IRI that may stand between < and >."""
    return _IRI.fullmatch(text) is not None


async def describe(pool: WorkerPool, iri: str, page: int = 1) -> Description:
    """One query.  Raises QueryError."""
    description = Description(iri, page)
    if not is_iri(iri):
        return description
    answer = await pool.ask(Query(text=_text(iri, page), results=_JSON, graph=None))
    for row in json.loads(await answer.read())["results"]["bindings"]:
        _take(description, row)
    return description


async def exists(pool: WorkerPool, iri: str) -> bool:
    """Whether the dataset says anything of the thing, or names it in a statement or as a graph."""
    if not is_iri(iri):
        return False
    text = f"ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }}"
    answer = await pool.ask(Query(text=text, results=_JSON, graph=None))
    return bool(json.loads(await answer.read())["boolean"])


def _text(iri: str, page: int) -> str:
    incoming = _INCOMING.replace("$limit", str(PAGE_SIZE)).replace("$offset", str((page - 1) * PAGE_SIZE))
    body = _QUERY.replace("$incoming", incoming).replace("$labels", _LABELS).replace("$thing", iri)
    prologue = "".join(f"PREFIX {name}: <{value}> " for name, value in PREFIXES.items())
    return prologue + body


def _take(description: Description, row: dict[str, Any]) -> None:
    role = row["role"]["value"]
    if role == "count":
        kind = row["t"]["value"] if "t" in row else None
        if "p" in row:
            description.counts.append(Count(row["p"]["value"], kind, int(row["o"]["value"])))
        return
    if role == "incoming":
        link = ox.NamedNode(row["t"]["value"])
        description.incoming.add((link.value, row["s"]["value"]))
        description.add(ox.Triple(_resource(row["s"]), link, ox.NamedNode(description.iri)))
    if "p" in row:
        description.add(ox.Triple(_resource(row["s"]), ox.NamedNode(row["p"]["value"]), _term(row["o"])))


def _resource(cell: dict[str, str]) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(cell["value"]) if cell["type"] == "bnode" else ox.NamedNode(cell["value"])


def _term(cell: dict[str, str]) -> Term:
    """SPARQL 1.1 Query Results JSON Format, 3.2.2."""
    if cell["type"] != "literal":
        return _resource(cell)
    if language := cell.get("xml:lang"):
        return ox.Literal(cell["value"], language=language)
    datatype = cell.get("datatype")
    return ox.Literal(cell["value"], datatype=ox.NamedNode(datatype) if datatype else None)


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def in_order(subjects: Iterable[str], description: Description) -> list[str]:
    """By dgm:order where there is one, then as they come."""
    return sorted(subjects, key=lambda subject: int(description.value(subject, DGM.order) or 0))
