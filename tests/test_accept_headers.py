"""Real clients get what they can read, by their real Accept headers, wherever they ask."""

from __future__ import annotations

import httpx
import pytest
from accept_headers import CLIENTS, Client
from rdflib.plugins.stores.sparqlconnector import SPARQLConnector
from service_fixtures import client, folder  # noqa: F401

from service.representations import PLAIN, suffix_of

QUERIES = {
    "select": "SELECT * { ?s ?p ?o } LIMIT 3",
    "ask": "ASK {}",
    "construct": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
}
TURTLE, RDF_XML, JSON_LD, N_TRIPLES = (
    "text/turtle",
    "application/rdf+xml",
    "application/ld+json",
    "application/n-triples",
)
HTML, JSON, CSV = "text/html", "application/json", "text/csv"
RESULTS_JSON, RESULTS_XML = "application/sparql-results+json", "application/sparql-results+xml"

# Client → type of a document; of the first page, if another; of SELECT and ASK; of CONSTRUCT.
EXPECTED: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "rdflib": (TURTLE, None, RESULTS_XML, RDF_XML),
    "rdflib turtle": (TURTLE, None, None, TURTLE),
    "rdflib xml": (RDF_XML, None, None, None),
    # N-Triples under the type that they had in 2004.
    "rdflib nt": (PLAIN, None, None, None),
    "rdflib json": (JSON_LD, None, RESULTS_JSON, None),
    "rdflib csv": (None, None, CSV, None),
    "rdflib tsv": (None, None, "text/tab-separated-values", None),
    "Jena": (TURTLE, None, RESULTS_JSON, TURTLE),
    "Comunica": (JSON_LD, None, RESULTS_JSON, TURTLE),
    "rapper": (RDF_XML, None, None, None),
    "rapper turtle": (TURTLE, None, None, None),
    "rapper guess": (TURTLE, None, None, None),
    "Virtuoso": (RDF_XML, None, None, None),
    "Virtuoso, newer": (TURTLE, None, None, None),
    "SPARQLWrapper": (None, None, RESULTS_XML, RDF_XML),
    "SPARQLWrapper json": (None, None, RESULTS_JSON, TURTLE),
    "SPARQLWrapper csv": (None, None, CSV, None),
    "SPARQLWrapper turtle": (None, None, RESULTS_JSON, TURTLE),
    "SPARQLWrapper json-ld": (None, None, None, JSON_LD),
    "SPARQLWrapper n3": (None, None, None, TURTLE),
    "LodLive": (JSON, None, JSON, JSON),
    "curl, wget, requests, httpx": (TURTLE, HTML, RESULTS_JSON, TURTLE),
    "Firefox": (HTML, None, HTML, HTML),
    "Firefox, before": (HTML, None, HTML, HTML),
    "Chromium": (HTML, None, HTML, HTML),
}


def kind(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.headers["content-type"].split(";")[0]


@pytest.mark.parametrize("sender", CLIENTS, ids=lambda sender: sender.name)
def test_a_client_gets_what_it_can_read(client: httpx.Client, sender: Client) -> None:  # noqa: F811
    document, first_page, results, graph = EXPECTED[sender.name]
    if sender.rdf is not None:
        sent = {"Accept": sender.rdf}
        suffix = suffix_of(document or "")
        see = client.get("/id/document/v1/d1", headers=sent)
        assert (see.status_code, see.headers["location"]) == (303, f"/doc/document/v1/d1{suffix}")
        assert kind(client.get(see.headers["location"], headers=sent)) == {JSON: JSON_LD, PLAIN: N_TRIPLES}.get(
            document or "", document
        )
        for path in ("/doc/document/v1/d1", "/ontology", "/shapes", "/report"):
            assert kind(client.get(path, headers=sent)) == document
        landing = client.get("/", headers=sent)
        if (first_page or document) == HTML:
            assert kind(landing) == HTML
        else:
            assert (landing.status_code, landing.headers["location"]) == (303, f"/doc/dataset/dragoman{suffix}")
    for form, expected in (("select", results), ("ask", results), ("construct", graph)):
        if accept := getattr(sender, form):
            for answer in (
                client.get("/sparql", params={"query": QUERIES[form]}, headers={"Accept": accept}),
                client.post("/sparql", data={"query": QUERIES[form]}, headers={"Accept": accept}),
            ):
                assert kind(answer) == expected, form


def test_no_client_is_expected_that_there_is_not() -> None:
    assert list(EXPECTED) == [sender.name for sender in CLIENTS]


def test_rdflib_still_asks_as_it_was_heard() -> None:
    """Of all these, rdflib is at hand."""
    for name, form in (("rdflib", "xml"), ("rdflib csv", "csv"), ("rdflib tsv", "tsv")):
        heard = next(sender.select for sender in CLIENTS if sender.name == name) or ""
        asked = SPARQLConnector("http://data.example/", returnFormat=form).response_mime_types()
        assert set(asked.split(", ")) == set(heard.split(", "))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle;version=1.2", TURTLE),
        ("text/turtle; version=1.1; q=0.9, application/ld+json; q=0.8", TURTLE),
        ("application/n-triples;charset=utf-8", "application/n-triples"),
        ("application/rdf+xml;charset=ISO-8859-1", RDF_XML),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', JSON_LD),
        ('application/ld+json;profile="http://unknown.example/"', JSON_LD),
        ("text/html;level=1", HTML),
        ("application/json;odata.metadata=minimal", JSON),
    ],
)
def test_a_parameter_leads_to_the_type_and_never_to_406(client: httpx.Client, accept: str, expected: str) -> None:  # noqa: F811
    for path in ("/doc/document/v1/d1", "/ontology"):
        assert kind(client.get(path, headers={"Accept": accept})) == expected
    query = {"query": QUERIES["construct"]}
    assert kind(client.get("/sparql", params=query, headers={"Accept": accept})) == expected
    for form in ("application/sparql-results+json;charset=utf-8", "application/sparql-results+json;version=1.2"):
        answer = client.get("/sparql", params={"query": QUERIES["ask"]}, headers={"Accept": form})
        assert kind(answer) == RESULTS_JSON
