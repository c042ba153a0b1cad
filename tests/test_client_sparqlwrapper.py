"""SPARQLWrapper as a client.

It repeats the wanted format in the parameters `format`, `output` and `results`, as a short name and as media
types: a service must make sense of these, or pass over them.
"""

from __future__ import annotations

import csv
import io
import json
from urllib.error import HTTPError

import pyoxigraph as ox
import pytest
import rdflib
from client_fixtures import (
    ASK,
    ASK_NOT,
    CONSTRUCT,
    DOCUMENT,
    MALFORMED,
    SELECT,
    Published,
    boolean_of,
    rows_of,
    triples,
)
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointNotFound, QueryBadFormed

# It makes a graph of a class that rdflib calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
TWICE = pytest.mark.xfail(strict=True, reason="format is given twice, or as n3; the service takes neither")
WAYS = [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def wrapper(service: Published, query: str, form: str, way: tuple[str, str] = WAYS[0]) -> SPARQLWrapper:
    made = SPARQLWrapper(service.sparql)
    made.setMethod(way[0])
    made.setRequestMethod(way[1])
    made.setReturnFormat(form)
    made.setTimeout(60)
    made.setQuery(query)
    return made


def body(service: Published, query: str, form: str, way: tuple[str, str] = WAYS[0]) -> bytes:
    content = wrapper(service, query, form, way).query().response.read()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("form", "format"), [("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML)])
def test_select_and_ask(service: Published, form: str, format: ox.QueryResultsFormat, way: tuple[str, str]) -> None:
    assert rows_of(body(service, SELECT, form, way), format) == service.rows()
    assert boolean_of(body(service, ASK, form, way), format) is True
    assert boolean_of(body(service, ASK_NOT, form, way), format) is False


def test_select_is_converted(service: Published) -> None:
    found = wrapper(service, SELECT, "json").queryAndConvert()
    titles = [row["title"]["value"] for row in found["results"]["bindings"]]
    assert sorted(titles) == sorted(dict(row)["title"][1:-1] for row in service.rows())
    assert wrapper(service, ASK, "json").queryAndConvert()["boolean"] is True


def test_select_as_csv(service: Published) -> None:
    table = csv.DictReader(io.StringIO(body(service, SELECT, "csv").decode()))
    assert sorted(row["title"] for row in table) == sorted(dict(row)["title"][1:-1] for row in service.rows())


@TWICE
@pytest.mark.parametrize("way", WAYS)
def test_select_as_tsv(service: Published, way: tuple[str, str]) -> None:
    assert rows_of(body(service, SELECT, "tsv", way), ox.QueryResultsFormat.TSV) == service.rows()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("form", "format"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        pytest.param("n3", ox.RdfFormat.N3, marks=TWICE),
        ("xml", ox.RdfFormat.RDF_XML),
        pytest.param("rdf+xml", ox.RdfFormat.RDF_XML, marks=TWICE),
    ],
)
def test_construct(service: Published, form: str, format: ox.RdfFormat, way: tuple[str, str]) -> None:
    assert triples(body(service, CONSTRUCT, form, way), format) == service.triples()


@pytest.mark.parametrize("form", ["xml", pytest.param("json-ld", marks=TWICE)])
def test_a_graph_is_converted(service: Published, form: str) -> None:
    for query in (CONSTRUCT, f"DESCRIBE <{service.base}{DOCUMENT}>"):
        graph = wrapper(service, query, form).queryAndConvert()
        assert isinstance(graph, rdflib.Graph)
        assert triples(graph.serialize(format="nquads"), ox.RdfFormat.N_QUADS) == service.triples(query)


def test_the_dataset_of_the_protocol(service: Published) -> None:
    graph = f"{service.base}id/graph/sample1931v01.xml"
    made = wrapper(service, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "json")
    made.addDefaultGraph(graph)
    count = sum(1 for _ in service.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    assert [row["n"]["value"] for row in made.queryAndConvert()["results"]["bindings"]] == [str(count)]


@pytest.mark.parametrize("way", WAYS)
def test_a_malformed_query_is_told_with_its_place(service: Published, way: tuple[str, str]) -> None:
    with pytest.raises(QueryBadFormed) as told:
        wrapper(service, MALFORMED, "json", way).query()
    assert '\\n "line": 1,' in str(told.value)


def test_no_updates_and_no_other_endpoint(service: Published) -> None:
    update = wrapper(service, "INSERT DATA { <http://a.example/> <http://a.example/> 1 }", "json", WAYS[1])
    with pytest.raises(HTTPError) as refused:
        update.query()
    assert refused.value.code == 403
    assert json.loads(refused.value.read())["status"] == 403
    elsewhere = SPARQLWrapper(f"{service.base}nothing")
    elsewhere.setQuery(SELECT)
    with pytest.raises(EndPointNotFound):
        elsewhere.query()
