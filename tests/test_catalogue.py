"""VoID, DCAT and the service description: every number counted again over HTTP, every file and format asked for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, VOID
from service_fixtures import make_snapshot, serving

from kg.build import BuildConfig, build
from kg.load import load
from kg.snapshot import Snapshot
from kg.vocabulary import DGM
from service.app import ServiceConfig
from service.catalogue import FORMAT_IRIS
from service.gallery import load as load_gallery
from service.textindex import Search, TextIndex

ROOT = "http://localhost:8000/"
DATASET = URIRef(f"{ROOT}id/dataset/dragoman")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
# Two days; the year of one is a slip of the markup.
SLIP = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="slip1931v01"><text><body>
<div type="document" xml:id="d1" n="1"><head>One</head>
  <dateline><date when="1931-03-02">March 2, 1931</date></dateline>
  <p>Here.</p></div>
<div type="document" xml:id="d2" n="2"><head>Other</head>
  <dateline><date when="0201-03-05">the 5th</date></dateline>
  <p>There.</p></div>
</body></text></TEI>"""
IANA = "https://www.iana.org/assignments/media-types/"


@pytest.fixture(scope="module")
def http(registers_snapshot: Snapshot) -> Iterator[httpx.Client]:
    """The service on the samples and the registers."""
    config = ServiceConfig(folder=registers_snapshot.path.parent.parent, workers=1)
    with serving(config) as (address, _), httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=60) as it:
        yield it


@pytest.fixture(scope="module")
def catalogue(http: httpx.Client) -> rdflib.Graph:
    return graph_of(http, "/catalogue")


def graph_of(http: httpx.Client, path: str) -> rdflib.Graph:
    answer = http.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.text, format="turtle")


def rows(http: httpx.Client, query: str) -> list[dict[str, str]]:
    answer = http.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    bindings = answer.json()["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in bindings]


def number(http: httpx.Client, query: str) -> int:
    return int(rows(http, query)[0]["n"])


def test_it_keeps_the_shapes_of_dcat_ap(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    shapes = rdflib.Graph().parse(Path(__file__).parent / "shapes" / "dcat-ap.ttl")
    for graph in (catalogue, catalogue + graph_of(http, "/catalogue/sample1931v01")):
        conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
        assert conforms, text
    broken = rdflib.Graph() + catalogue
    broken.remove((None, SPDX.checksumValue, None))
    assert not pyshacl.validate(broken, shacl_graph=shapes)[0]


def test_it_has_no_blank_nodes(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    for graph in (catalogue, graph_of(http, "/sparql"), graph_of(http, "/catalogue/sample1931v01")):
        assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


def test_every_number_of_the_whole_is_that_of_a_query(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    queries = {
        VOID.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        VOID.classes: "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
        VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        VOID.entities: f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{ROOT}id/')) }}",
    }
    for predicate, query in queries.items():
        (value,) = catalogue.objects(DATASET, predicate)
        assert int(value) == number(http, query), predicate


def test_the_partitions_are_all_classes_and_properties_with_their_numbers(
    catalogue: rdflib.Graph, http: httpx.Client
) -> None:
    for partition, key, counted, query in (
        (VOID.classPartition, VOID["class"], VOID.entities, "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k"),
    ):  # fmt: skip
        nodes = list(catalogue.objects(DATASET, partition))
        found = {str(catalogue.value(node, key)): int(str(catalogue.value(node, counted))) for node in nodes}
        assert len(found) == len(nodes) > 20
        assert found == {row["k"]: int(row["n"]) for row in rows(http, query)}


def test_every_subset_has_the_statements_that_it_says(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    graphs = {row["g"]: int(row["n"]) for row in rows(http, query)}
    subsets = set(catalogue.objects(DATASET, VOID.subset))
    counts = {str(subset): int(str(catalogue.value(subset, VOID.triples))) for subset in subsets}
    volumes = {name for name in counts if name.startswith(f"{ROOT}catalogue/")}
    assert {name: count for name, count in counts.items() if name not in volumes} == graphs
    assert volumes == {f"{ROOT}catalogue/sample1931v01", f"{ROOT}catalogue/sample1931v02"}
    for volume in volumes:
        assert counts[volume] == sum(counts[str(graph)] for graph in catalogue.objects(URIRef(volume), VOID.subset))


def test_examples_roots_and_vocabularies_are_in_the_data(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    for example in (*catalogue.objects(DATASET, VOID.exampleResource), *catalogue.objects(DATASET, VOID.rootResource)):
        assert str(example).startswith(str(catalogue.value(DATASET, VOID.uriSpace)))
        assert re.search(str(catalogue.value(DATASET, VOID.uriRegexPattern)), str(example))
        assert http.get(str(example).removeprefix(ROOT.rstrip("/"))).status_code == 303
    used = {row["k"] for row in rows(http, "SELECT DISTINCT ?k { { ?s ?k ?o } UNION { ?s a ?k } }")}
    vocabularies = list(catalogue.objects(DATASET, VOID.vocabulary))
    assert len(vocabularies) > 5
    assert all(any(term.startswith(str(iri)) for term in used) for iri in vocabularies)


def test_the_time_that_it_covers_is_that_of_the_sendings(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    query = """PREFIX dgm: <https://w3id.org/dragoman/ontology#>
        SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) {
          ?s a dgm:Sending ; dgm:date ?d FILTER(DATATYPE(?d) = <http://www.w3.org/2001/XMLSchema#date>) }"""
    period = catalogue.value(DATASET, DCTERMS.temporal)
    found = {"first": str(catalogue.value(period, DCAT.startDate)), "last": str(catalogue.value(period, DCAT.endDate))}
    assert found == rows(http, query)[0]


def test_a_year_that_cannot_be_meant_is_no_part_of_that_time(tmp_path: Path) -> None:
    (tmp_path / "slip1931v01.xml").write_text(SLIP, encoding="utf-8")
    built = build(BuildConfig(sources=(tmp_path,), out=tmp_path / "out", jobs=1, registers=False))
    assert built.snapshot is not None
    graph = rdflib.Graph().parse(built.snapshot.catalogue, format="nt")
    days = [str(day) for name in (DCAT.startDate, DCAT.endDate) for day in graph.objects(None, name)]
    assert days == ["1931-03-02", "1931-03-02"]
    found = TextIndex(built.snapshot.search).search(Search(), 1, 9)
    assert found.total == 2
    assert [(value.key, value.number) for value in found.facets["period"]] == [("1931", 1)]


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/sample1931v01"])
def test_every_distribution_is_as_long_as_it_says_and_has_the_checksum(http: httpx.Client, path: str) -> None:
    graph = graph_of(http, path)
    downloads = [node for node in graph.subjects(RDF.type, DCAT.Distribution) if graph.value(node, DCAT.downloadURL)]
    assert len(downloads) == 15
    for node in downloads:
        answer = http.get(str(graph.value(node, DCAT.downloadURL)).removeprefix(ROOT.rstrip("/")))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert len(answer.content) == int(str(graph.value(node, DCAT.byteSize)))
        digest = str(graph.value(graph.value(node, SPDX.checksum), SPDX.checksumValue))
        assert hashlib.sha256(answer.content).hexdigest() == digest
        packed = graph.value(node, DCAT.compressFormat)
        media_type = str(packed or graph.value(node, DCAT.mediaType)).removeprefix(IANA)
        assert answer.headers["content-type"].partition(";")[0] == media_type
        name = str(graph.value(node, DCTERMS.title))
        current = http.get(f"/download/{name}")
        assert current.content == answer.content


def test_every_dump_and_service_answers(catalogue: rdflib.Graph, http: httpx.Client) -> None:
    dumps = [str(dump) for dump in catalogue.objects(None, VOID.dataDump)]
    assert len(dumps) == 3 * 15
    for dump in dumps:
        assert http.head(dump.removeprefix(ROOT.rstrip("/"))).status_code == 200
    for service in catalogue.subjects(RDF.type, DCAT.DataService):
        for address in catalogue.objects(service, DCAT.endpointDescription):
            assert http.get(str(address).removeprefix(ROOT.rstrip("/"))).status_code == 200
    assert http.get("/graph-store?default", headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("path", ["/catalogue", "/.well-known/void"])
def test_it_stands_where_it_is_looked_for_in_every_format(
    http: httpx.Client, path: str, catalogue: rdflib.Graph
) -> None:
    formats = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
    for media_type, name in formats.items():
        answer = http.get(path, headers={"Accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert set(rdflib.Graph().parse(data=answer.text, format=name)) == set(catalogue)
    assert json.loads(http.get(path, headers={"Accept": "application/ld+json"}).text)
    assert http.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_the_first_page_leads_programs_to_it(http: httpx.Client, catalogue: rdflib.Graph) -> None:
    for path in ("/", "/id/dataset/dragoman"):
        graph = graph_of(http, path)
        assert set(catalogue.triples((DATASET, None, None))) <= set(graph)


def test_its_times_are_those_of_the_history(catalogue: rdflib.Graph) -> None:
    (version,) = catalogue.objects(DATASET, DCAT.hasVersion)
    assert catalogue.value(DATASET, DCAT.hasCurrentVersion) == version
    issued = catalogue.value(version, DCTERMS.issued)
    assert isinstance(issued, Literal)
    assert catalogue.value(DATASET, DCTERMS.issued) == catalogue.value(DATASET, DCTERMS.modified) == issued
    assert catalogue.value(version, DCAT.version) == catalogue.value(DATASET, DCAT.version)
    assert catalogue.value(catalogue.value(DATASET, DCTERMS.publisher), FOAF.name)


def test_an_unknown_volume_has_no_catalogue(http: httpx.Client) -> None:
    for name in ("none", "sample1931v01/", "%2e%2e", "#x"):
        assert http.get(f"/catalogue/{name}", headers={"Accept": "text/turtle"}).status_code in (404, 406)


def test_the_service_description_is_what_the_suite_of_the_w3c_asks_for(http: httpx.Client) -> None:
    """returns-rdf, has-endpoint-triple, conforms-to-schema: domains and ranges of the vocabulary."""
    graph = graph_of(http, "/sparql")
    endpoint = URIRef(f"{ROOT}sparql")
    assert (endpoint, SD.endpoint, endpoint) in graph
    assert (endpoint, RDF.type, SD.Service) in graph
    ranges = {
        SD.defaultDataset: SD.Dataset, SD.defaultGraph: SD.Graph, SD.namedGraph: SD.NamedGraph, SD.graph: SD.Graph,
    }  # fmt: skip
    domains = {
        SD.endpoint: SD.Service, SD.feature: SD.Service, SD.resultFormat: SD.Service, SD.supportedLanguage: SD.Service,
        SD.defaultDataset: SD.Service, SD.defaultGraph: SD.Dataset, SD.namedGraph: SD.Dataset, SD.name: SD.NamedGraph,
    }  # fmt: skip
    for subject, predicate, value in graph:
        if str(predicate).startswith(str(SD)):
            assert predicate in domains or predicate in ranges, predicate
            assert predicate not in domains or (subject, RDF.type, domains[predicate]) in graph
            assert predicate not in ranges or (value, RDF.type, ranges[predicate]) in graph


def test_each_format_of_results_that_is_listed_is_served_and_no_other(http: httpx.Client) -> None:
    listed = {str(iri).rpartition("/")[2] for iri in graph_of(http, "/sparql").objects(None, SD.resultFormat)}
    served = set()
    for name, iri in FORMAT_IRIS.items():
        query = "ASK {}" if iri.startswith("SPARQL") and name in ("json", "xml") else "SELECT * { ?s ?p ?o } LIMIT 1"
        query = query if iri.startswith("SPARQL") else "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"
        answer = http.get("/sparql", params={"query": query, "format": name})
        if answer.status_code == 200:
            served.add(iri)
    assert listed == served == set(FORMAT_IRIS.values())


def test_the_graphs_of_the_service_have_their_numbers(http: httpx.Client) -> None:
    graph = graph_of(http, "/sparql")
    found = {
        str(graph.value(node, SD.name)): int(str(graph.value(graph.value(node, SD.graph), VOID.triples)))
        for node in graph.objects(DATASET, SD.namedGraph)
    }
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert found == {row["g"]: int(row["n"]) for row in rows(http, query)}
    whole = graph.value(graph.value(DATASET, SD.defaultGraph), VOID.triples)
    assert int(str(whole)) == number(http, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_the_examples_of_the_service_can_be_asked(http: httpx.Client) -> None:
    graph = graph_of(http, "/sparql")
    forms = {
        SH.SPARQLSelectExecutable: (SH.select, "text/csv"),
        SH.SPARQLConstructExecutable: (SH.construct, "text/turtle"),
        SH.SPARQLAskExecutable: (SH.ask, "application/sparql-results+json"),
    }
    examples = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(examples) == len(load_gallery().examples) > 50
    for example in examples:
        [kind] = set(graph.objects(example, RDF.type)) & set(forms)
        predicate, accepted = forms[URIRef(str(kind))]
        query = str(graph.value(example, predicate))
        answer = http.get("/sparql", params={"query": query}, headers={"Accept": accepted})
        assert answer.status_code == 200, query
        file = str(graph.value(example, URIRef("http://www.w3.org/2000/01/rdf-schema#seeAlso")))
        assert http.get(file.removeprefix(ROOT.rstrip("/"))).text.strip() == query.strip()


def test_the_page_of_the_ontology_counts_terms_as_queries_do(http: httpx.Client) -> None:
    text = http.get("/ontology", headers={"Accept": "text/html"}).text
    for term, query in (
        ("Document", f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{DGM.Document}> }}"),
        ("Passage", f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{DGM.Passage}> }}"),
        ("placePrinted", f"SELECT (COUNT(*) AS ?n) {{ ?s <{DGM.placePrinted}> ?o }}"),
    ):
        told = re.search(rf'id="{term}">.*?<p class="note">([\d,]+) [a-z ]+ in this dataset', text, re.DOTALL)
        assert told
        assert int(told[1].replace(",", "")) == number(http, query)


def test_loaded_data_are_counted_too(tmp_path: Path) -> None:
    """Hashes and ranges: many values, in several graphs, some of them alike."""
    lines = [
        f'<http://x.example/s{number % 700}> <http://x.example/p{number % 7}> "{number // 3}" <{ROOT}g{number % 3}> .'
        for number in range(5000)
    ]
    (tmp_path / "a.nq").write_text("\n".join(lines), encoding="utf-8")
    snapshot = load([(tmp_path / "a.nq", None)], tmp_path / "out", ROOT).snapshot
    assert snapshot is not None
    quads = list(ox.parse(path=str(snapshot.data), format=ox.RdfFormat.N_QUADS))
    graph = rdflib.Graph().parse(snapshot.catalogue, format="nt")
    expected = {
        VOID.triples: len(quads),
        VOID.distinctSubjects: len({quad.subject for quad in quads}),
        VOID.distinctObjects: len({quad.object for quad in quads}),
        VOID.properties: len({quad.predicate for quad in quads}),
    }
    assert {predicate: int(str(graph.value(DATASET, predicate))) for predicate in expected} == expected


def test_under_a_path_it_stands_at_the_root_of_the_host_as_well(tmp_path: Path) -> None:
    """RFC 8615: well-known addresses begin at the root."""
    folder = make_snapshot(tmp_path, "http://data.example/data/")
    with (
        serving(ServiceConfig(folder=folder, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=60) as http,
    ):
        one, other = (http.get(f"{root}/.well-known/void", headers={"Accept": "text/turtle"}) for root in ("", "/data"))
        assert one.status_code == other.status_code == 200
        assert one.text == other.text
        assert "GET" in http.options("/.well-known/void").headers["allow"]
        assert http.post("/.well-known/void").status_code == 405
        assert http.get("/catalogue").status_code == 404
