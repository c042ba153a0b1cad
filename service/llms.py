"""`/llms.txt`: what a program that reads for a language model must know to ask well and to quote rightly.

It follows the proposal of that name (https://llmstxt.org/): Markdown with a heading, a summary in a quotation, then
lists of links.  The queries are those of the gallery, so that the tests that run them hold this file, too.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from service.gallery import Gallery
from service.site import Site

QUERIES: Final = ("letters-of-a-person", "in-office-on-a-day", "passage-behind", "words-in-texts", "answers-and-why")
"""Of the gallery: those that show best how the data are asked."""

_TEXT: Final = """# Dragoman

> {documents:,} diplomatic documents of {volumes:,} volumes as linked data: who wrote to whom, when and from which post,
> about which file, what answers what, and on which printed page; {statements:,} statements, each with its passage.

Rules for whoever answers from these data:

- What a source states is a direct triple of the document and its parts. What is inferred is a node of its own, a
  `dgm:Inference` or a `dgm:InferredMention`, with `dgm:certainty` (certain, probable), `dgm:rule` and `dgm:evidence`.
  Say which of the two an answer rests on.
- What is not told is not there: no date, person or place is guessed. An empty answer means that these volumes do not
  say so, not that it was not so.
- Quote the words: `dgm:passage` leads to offsets and the exact words in the published text.
- Name a document by its identifier (`VOLUME/dN`) and its address, `{base}id/document/VOLUME/dN`.

## How to ask

- [SPARQL 1.1]({base}sparql): GET or POST `query`; JSON, CSV, TSV or XML by `Accept`; {seconds:g} seconds a query. The
  default graph is the union of all.
- [Search]({base}search): words (`q`), days (`after`, `before`) and facets; all rows as `format=json` or `format=csv`
- [Who held an office on a day]({base}resolve?{resolve}): JSON by `Accept`
- Any IRI `{base}id/…`: Turtle, JSON-LD, N-Triples or RDF/XML by `Accept`, or `{base}doc/…` with the ending
  `.ttl`, `.jsonld`, `.nt` or `.rdf`
- [This service in OpenAPI]({base}openapi.json)

## Vocabulary

- [Ontology]({base}ontology.ttl): every class and property with a definition and an example
- [Shapes]({base}shapes.ttl): which properties a thing has, and how many values
- [JSON-LD context]({base}ontology/context.jsonld)
- [Competency questions]({base}ontology/competency.ttl) and [the gallery]({base}sparql/examples) of {queries} queries

## Data

- [Downloads]({base}download/): each document, each volume, and the whole ([N-Quads]({base}download/dragoman.nq)), CC0
- [The dataset]({base}dataset): what it holds, field by field, versions, how to cite it
- [Changes]({base}changes): what each publication changed

## Queries to begin with
"""


def text_of(site: Site, gallery: Gallery) -> str:
    """The whole file; `site` tells addresses and numbers."""
    counts = site.snapshot.manifest.counts
    begin = _TEXT.format(
        base=site.base,
        documents=counts["documents"],
        volumes=counts["volumes"],
        statements=counts["statements"],
        seconds=site.queries.limits.seconds,
        resolve=urlencode({"office": "Secretary of State", "on": "1934-03-01"}),
        queries=len(gallery.examples),
    )
    chosen = [example for name in QUERIES if (example := gallery.named(name))]
    return begin + "".join(f"\n### {one.question}\n\n```sparql\n{one.text.strip()}\n```\n" for one in chosen)
