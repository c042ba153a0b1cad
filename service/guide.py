"""The help, `/help`: what a first query says line by line, and the queries that the page quotes.

The prose is in the template.  The queries stand here, so that a test can ask them.
"""

from __future__ import annotations

from typing import Final

FIRST_QUERY: Final = (
    (
        "PREFIX dgm: <https://w3id.org/dragoman/ontology#>",
        "An abbreviation: from here on, dgm:Document means the term Document of the Dragoman ontology.",
    ),
    (
        "PREFIX dcterms: <http://purl.org/dc/terms/>",
        "Another: the terms that libraries use for titles and identifiers.",
    ),
    (
        "SELECT ?date ?title",
        "What you want to see: one column for each name with a question mark.  The names are yours to choose.",
    ),
    (
        "WHERE {",
        "What must be true of a row.  Each line is a short sentence: subject, property, object.",
    ),
    (
        "  ?document a dgm:Document .",
        "There is something, call it ?document, that is a document (“a” is “is a”).  The full stop ends it.",
    ),
    ("  ?document dcterms:title ?title .", "It has a title; call that ?title.  The same name means the same thing."),
    ("  ?document dgm:sending ?sending .", "It was sent: the sending is an event of its own, with its place and date."),
    ('  ?sending dgm:placePrinted "Washington" .', "The dateline prints “Washington”, in just these letters."),
    ("  ?sending dgm:date ?date .", "The sending has a date.  Documents without a date give no row."),
    ("}", "The end of the pattern."),
    ("ORDER BY ?date", "The earliest first."),
    ("LIMIT 20", "Twenty rows are enough for a look.  Without this line you get all."),
)
"""Line of the query, what it says."""

INFERRED_QUERY: Final = """PREFIX dgm: <https://w3id.org/dragoman/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?about ?value ?words ?rule
WHERE {
  ?inference a dgm:Inference ;
    rdf:subject/rdfs:label ?about ;
    rdf:predicate dgm:place ;
    rdf:object/rdfs:label ?value ;
    dgm:certainty dgm:probable ;
    dgm:evidence ?words ;
    dgm:rule/rdfs:label ?rule .
}
LIMIT 20
"""
"""Places of sending that are probable only, with the words and the rule that each rests on."""


def first_query() -> str:
    return "".join(f"{line}\n" for line, _ in FIRST_QUERY)
