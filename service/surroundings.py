"""What the page of a document shows beside its description: one query, and the rows of a list.

The description (service/descriptions.py) tells of the document and its parts.  A reader wants what stands one step
further: the volume as a book, where citations and mentions stand in text and footnotes, what the rules behind the
inferences say, which documents cite or answer this one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from kg.iris import Iris
from kg.vocabulary import DGM, PREFIXES, RDF
from service.descriptions import PARTS, Description, Source, quad_of
from service.textindex import TextIndex

_WORDS = "dgm:passage/oa:hasSelector?"
# What is told in full (?n).
_FULL: Final = f"""
  {{ <$thing> dgm:volume ?n }}
  UNION {{ <$thing> (dgm:citation|dgm:mention|dgm:enclosure)/{_WORDS} ?n }}
  UNION {{ <$thing> dgm:footnote/(dgm:citation|dgm:mention)/({_WORDS})? ?n }}
  UNION {{ <$thing> dgm:footnote/dgm:citation/^rdf:subject ?n }}
  UNION {{ <$thing> ^dgm:mentionedIn/({_WORDS})? ?n }}
  UNION {{ <$thing> ^rdf:object ?n }}
  UNION {{ <$thing> (^rdf:subject|^dgm:mentionedIn|(dgm:footnote/dgm:citation/^rdf:subject))/dgm:rule ?n }}
  UNION {{ <$thing> ({PARTS})/^rdf:subject/dgm:rule ?n }}
"""
_LABELS = "rdf:type, rdfs:label, dcterms:title, dcterms:identifier, dgm:pageNumber"
_QUERY: Final = f"""
SELECT ?g ?s ?p ?o WHERE {{
  {{ {{ SELECT DISTINCT (?n AS ?s) {{ {_FULL} }} }} LATERAL {{ GRAPH ?g {{ ?s ?p ?o }} }} }}
  UNION {{
    {{ SELECT DISTINCT ?s {{ {{ SELECT DISTINCT ?n {{ {_FULL} }} }} LATERAL {{ ?n ?link ?s FILTER(isIRI(?s)) }} }} }}
    LATERAL {{ GRAPH ?g {{ ?s ?p ?o FILTER(?p IN ({_LABELS})) }} }} }}
}}
"""
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


async def around(source: Source, iris: Iris, description: Description, index: TextIndex | None) -> Surroundings:
    """Without an index (of a former snapshot) dates and neighbours are missing.  Raises QueryError."""
    body = await source.results(_PROLOGUE + _QUERY.replace("$thing", description.iri))
    quads = (quad_of(row) for row in json.loads(body)["results"]["bindings"])
    about = description.with_more(quads)
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
