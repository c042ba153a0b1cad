"""Comunica as a client: of the endpoint, of IRIs that it follows, of downloads, of several at once."""

from __future__ import annotations

import re
import shutil

import pyoxigraph as ox
import pytest
from client_fixtures import (
    ASK,
    CLIENTS,
    CONSTRUCT,
    DOCUMENT,
    MALFORMED,
    NESTED,
    SELECT,
    Published,
    answer,
    boolean_of,
    need,
    rows_of,
    run,
    triples,
)

PROGRAM = CLIENTS / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
RESULTS = "text/tab-separated-values"
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.fixture(autouse=True)
def comunica() -> None:
    need(shutil.which("node") and PROGRAM.exists(), "Comunica", "make clients")


def ask(*sources: str, query: str, type: str = RESULTS, options: tuple[str, ...] = ()) -> str:
    return answer(PROGRAM, *sources, "--query", query, "--outputType", type, *options)


def graph(*sources: str, query: str = EVERYTHING, options: tuple[str, ...] = ()) -> set[ox.Triple]:
    written = ask(*sources, query=query, type="application/n-triples", options=options)
    return triples(written, ox.RdfFormat.N_TRIPLES)


# With sparql@ the user says what it is; without, Comunica reads the service description.
@pytest.mark.parametrize("said", ["sparql@", ""])
def test_select(service: Published, said: str) -> None:
    found = ask(said + service.sparql, query=SELECT)
    assert rows_of(found, ox.QueryResultsFormat.TSV) == service.rows()


def test_ask_and_construct(service: Published) -> None:
    assert boolean_of(ask(f"sparql@{service.sparql}", query=ASK, type="application/sparql-results+json")) is True
    assert graph(f"sparql@{service.sparql}", query=CONSTRUCT) == service.triples()


@pytest.mark.parametrize(
    "local", [DOCUMENT, *(f"doc/document/sample1931v01/d1{s}" for s in (".ttl", ".rdf", ".jsonld"))]
)
def test_an_iri_is_read_as_a_source(service: Published, local: str) -> None:
    assert graph(service.base + local) == service.described()


@pytest.mark.parametrize("name", ["sample1931v01.ttl", "sample1931v01.jsonld", "dragoman.nq"])
def test_a_download_is_read_as_a_source(service: Published, name: str) -> None:
    volume = None if name.startswith("dragoman") else "sample1931v01"
    found = graph(f"{service.base}download/{name}", options=("--unionDefaultGraph",))
    assert found == service.graphs(volume)


def test_a_document_and_the_endpoint_are_joined(service: Published) -> None:
    query = f"SELECT ?p {{ <{service.base}{DOCUMENT}> ?p ?o }}"
    found = ask(service.base + DOCUMENT, f"sparql@{service.sparql}", query=query)
    ours = service.rows(query)
    # Each source gives its own: what both say comes twice.
    assert set(rows_of(found, ox.QueryResultsFormat.TSV)) == set(ours)


def test_errors_are_errors(service: Published) -> None:
    for source, query, told in (
        (f"sparql@{service.sparql}", MALFORMED, r"unexpected character"),
        # Comunica parses before it sends; how deep a query may be nested only the service knows.
        (f"sparql@{service.sparql}", NESTED, r"HTTP status 4\d\d"),
        (f"{service.base}id/document/sample1931v01/d999", SELECT, r"HTTP status 404"),
    ):
        done = run(PROGRAM, source, "--query", query, "--outputType", RESULTS)
        assert done.returncode != 0
        assert re.search(told, done.stderr.decode()), done.stderr.decode()
