"""Descriptions of what is unusual: graphs, reports, hubs, RDF that some formats cannot hold, unknown names."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from service_fixtures import BROWSER, serving

from kg.load import load
from kg.snapshot import Snapshot
from kg.vocabulary import DGM, ONTOLOGY_FOLDER, RDF, RDFS
from service.app import ServiceConfig
from service.descriptions import MAX_PAGE, PAGE_SIZE, WINDOW, Descriptions, InMemory, in_order, read
from service.kept import footprint
from service.representations import RDF_TYPES

BASE = "http://data.example/"
CONTEXT = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes())["@context"]
HUB = 4 * WINDOW + PAGE_SIZE + 7
ODD = rf"""
@prefix rdf: <{RDF.iri}> . @prefix rdfs: <{RDFS.iri}> . @prefix dgm: <{DGM.iri}> . @prefix p: <http://p.example/> .
<{BASE}id/odd/control> rdfs:label "bell \u0007 and end \uFFFF" .
<{BASE}id/odd/return> rdfs:label "a\r\nb\tc" .
<{BASE}id/odd/predicate> <http://p.example/2026/> "no name" ; rdfs:label "numbers" .
<{BASE}id/odd/class> a <http://p.example/9> .
<{BASE}id/odd/literal-class> a "not an IRI", p:Thing ; p:x <{BASE}id/odd/return> .
<{BASE}id/odd/order> dgm:order "abc", "²", 3 ; rdfs:label "x"@en-US, "y"^^p:type .
<{BASE}id/odd/node> p:x [ p:y "inside" ] .
<{BASE}id/odd/%C3%A4%2F%22> rdfs:label "slash and umlaut" ; p:q-1.2 <{BASE}id/odd/%C3%A4%2F%22> .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("loaded")
    (work / "odd.ttl").write_text(ODD, encoding="utf-8")
    lines = [f"<{BASE}id/leaf/{number}> <{BASE}p> <{BASE}id/hub/1> .\n" for number in range(HUB)]
    (work / "hub.nt").write_text("".join(lines), encoding="utf-8")
    (work / "named.trig").write_text(f"<{BASE}id/graph/inner> {{ <{BASE}id/odd/in> <{BASE}p> 1 }}", encoding="utf-8")
    (work / "bad.ttl").write_text(f"<{BASE}id/document/v/d1> a <{DGM.Document}> .", encoding="utf-8")
    names = ("odd.ttl", "hub.nt", "named.trig", "bad.ttl")
    built = load([(work / name, None) for name in names], work / "out", BASE)
    assert [error.file for error in built.errors] == [str(work / "bad.ttl")]
    return work / "out"


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[httpx.Client]:
    with (
        serving(ServiceConfig(folder=folder, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


def graph(http: httpx.Client, path: str, media_type: str = "application/n-triples") -> frozenset[ox.Triple]:
    answer = http.get(path, headers={"Accept": media_type}, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.text)
    kind = ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    return frozenset(quad.triple for quad in ox.parse(answer.content, format=kind))


def test_a_graph_that_was_loaded_as_it_is_can_be_looked_up(http: httpx.Client) -> None:
    told = http.get("/id/graph/hub.nt", headers={"Accept": "text/turtle"}, follow_redirects=True).text
    assert f"<{BASE}id/graph/hub.nt> a void:Dataset" in told
    assert 'rdfs:label "Statements from hub.nt"' in told
    assert f"void:triples {HUB}" in told
    assert "Statements from inner" in http.get("/doc/graph/inner.nt").text
    assert http.get("/id/graph/none").status_code == 404


def test_blank_nodes_have_become_things_that_can_be_looked_up(http: httpx.Client) -> None:
    (node,) = [
        triple.object for triple in graph(http, "/id/odd/node") if triple.predicate.value == "http://p.example/x"
    ]
    assert isinstance(node, ox.NamedNode)
    assert node.value.startswith(f"{BASE}id/node/")
    assert "value=inside" in str(graph(http, f"/id/{node.value.removeprefix(BASE + 'id/')}"))


def test_the_validation_report_and_what_it_tells_of_can_be_looked_up(http: httpx.Client, folder: Path) -> None:
    report = ox.parse(path=Snapshot.open(folder).report, format=ox.RdfFormat.TURTLE)
    subjects = {quad.subject.value for quad in report if isinstance(quad.subject, ox.NamedNode)}
    assert len(subjects) > 2
    for subject in subjects:
        assert any(triple.subject.value == subject for triple in graph(http, "/" + subject.removeprefix(BASE)))
    # What was left out is not in the data; why it was, is.
    told = http.get("/doc/document/v/d1.ttl").text
    assert "sh:focusNode" in told
    assert "sh:ValidationResult" in told
    assert http.get("/doc/document/v/d1.html").status_code == 200


def test_what_points_at_a_hub_is_all_there_each_once_and_counted(http: httpx.Client) -> None:
    seen: list[str] = []
    pages = -(-HUB // PAGE_SIZE)
    for page in range(1, pages + 1):
        triples = graph(http, f"/doc/hub/1.nt?page={page}")
        here = [triple.subject.value for triple in triples if triple.predicate.value == f"{BASE}p"]
        assert len(here) == (PAGE_SIZE if page < pages else HUB - PAGE_SIZE * (pages - 1))
        seen += here
        totals = {t.object.value for t in triples if t.predicate.value.endswith("#totalItems")}
        assert totals == {str(HUB)}
    assert len(seen) == len(set(seen)) == HUB
    first, last = http.get("/doc/hub/1.nt"), http.get(f"/doc/hub/1.nt?page={pages}")
    assert f'</doc/hub/1.nt?page={pages}>; rel="last"' in first.headers["link"]
    assert '</doc/hub/1.nt?page=2>; rel="next"' in first.headers["link"]
    assert 'rel="next"' not in last.headers["link"]
    for beyond in (pages + 1, MAX_PAGE):
        assert http.get(f"/doc/hub/1.nt?page={beyond}").status_code == 404
    assert f"{HUB:,}" in http.get("/doc/hub/1.html").text


class Counting(InMemory):
    """A source that says how often it was asked."""

    asked = 0

    async def results(self, text: str) -> bytes:
        self.asked += 1
        return await super().results(text)


@pytest.fixture
def volume() -> Counting:
    """A volume of 699 documents."""
    volume, quads = ox.NamedNode(f"{BASE}id/volume/v"), []
    for number in range(1, 700):
        document = ox.NamedNode(f"{BASE}id/document/v/d{number}")
        values = {DGM.volume: volume, DGM.order: ox.Literal(number), RDF.type: ox.NamedNode(DGM.Document)}
        quads += [ox.Quad(document, ox.NamedNode(predicate), value) for predicate, value in values.items()]
    return Counting(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:g")) for quad in quads)


def test_a_page_of_a_hub_is_in_order(volume: Counting, folder: Path) -> None:
    descriptions = Descriptions(volume, Snapshot.open(folder))
    described = asyncio.run(descriptions.get(f"{BASE}id/volume/v", 2))
    found = {int(subject.rpartition("/d")[2]) for _, subject in described.incoming}
    assert found == set(range(501, 700))
    assert [(count.type, count.number) for count in described.counts] == [(DGM.Document, 699)]
    assert described.last_page == 2


def test_one_page_in_many_formats_is_one_query_and_little_is_kept(volume: Counting, folder: Path) -> None:
    descriptions = Descriptions(volume, Snapshot.open(folder), kept=16_000)
    for _ in range(5):
        asyncio.run(descriptions.get(f"{BASE}id/document/v/d1"))
    assert volume.asked == 1
    for number in range(1, 50):
        asyncio.run(descriptions.get(f"{BASE}id/document/v/d{number}"))
    asked = volume.asked
    asyncio.run(descriptions.get(f"{BASE}id/document/v/d49"))
    assert volume.asked == asked
    asyncio.run(descriptions.get(f"{BASE}id/document/v/d1"))
    assert volume.asked == asked + 1
    for wrong in ("", "no iri", "http://a.example/> } #", "http://a.example/\n"):
        assert not asyncio.run(descriptions.get(wrong))
    assert volume.asked == asked + 1


def test_a_kept_description_does_not_grow_with_what_is_looked_up_in_it(volume: Counting, folder: Path) -> None:
    descriptions = Descriptions(volume, Snapshot.open(folder))
    iri = f"{BASE}id/volume/v"
    sizes = []
    for _ in range(3):
        described = asyncio.run(descriptions.get(iri))
        sizes.append(footprint(described))
        for _, subject in described.incoming:
            assert described.types(subject)
        assert footprint(described) > 1.2 * sizes[0]
    assert volume.asked == 1
    assert sizes[1:] == sizes[:1] * 2
    assert 0.8 < described.size / sizes[0] < 1.25


@pytest.mark.parametrize("name", ["control", "predicate", "class"])
def test_what_rdf_xml_cannot_hold_is_406_and_says_why(http: httpx.Client, name: str) -> None:
    for path in (f"/doc/odd/{name}.rdf", f"/doc/odd/{name}", f"/id/odd/{name}"):
        answer = http.get(path, headers={"Accept": "application/rdf+xml"})
        assert answer.status_code == 406
        assert "XML" in answer.json()["detail"]
        assert "text/turtle" in answer.json()["offered"]
        assert "application/rdf+xml" not in answer.json()["offered"]
    second = http.get(f"/id/odd/{name}", headers={"Accept": "application/rdf+xml, application/n-triples;q=0.1"})
    assert second.headers["location"] == f"/doc/odd/{name}.nt"


@pytest.mark.parametrize("name", ["control", "predicate", "class", "return", "literal-class", "order", "%C3%A4%2F%22"])
def test_odd_descriptions_are_one_graph_wherever_they_can_be_written(http: httpx.Client, name: str) -> None:
    refused = {"application/rdf+xml"} if name in ("control", "predicate", "class") else set()
    graphs = set()
    for media_type in RDF_TYPES:
        answer = http.get(f"/doc/odd/{name}", headers={"Accept": media_type})
        if media_type in refused:
            assert answer.status_code == 406
            continue
        assert answer.status_code == 200
        body = answer.content
        if media_type == "application/ld+json":
            body = json.dumps({**answer.json(), "@context": CONTEXT}).encode()
        kind = ox.RdfFormat.from_media_type(media_type)
        graphs.add(frozenset(quad.triple for quad in ox.parse(body, format=kind)))
    assert len(graphs) == 1
    assert http.get(f"/doc/odd/{name}.html").status_code == 200


def test_quads_say_which_graph_says_it(http: httpx.Client) -> None:
    quads = list(ox.parse(http.get("/doc/odd/return.nq").content, format=ox.RdfFormat.N_QUADS))
    own = {quad.graph_name for quad in quads if quad.subject == ox.NamedNode(f"{BASE}id/odd/return")}
    assert own == {ox.NamedNode(f"{BASE}id/graph/odd.ttl")}
    document = {quad.graph_name for quad in quads if quad.subject == ox.NamedNode(f"{BASE}doc/odd/return")}
    assert document == {ox.DefaultGraph()}
    assert set(ox.parse(http.get("/doc/odd/return.trig").content, format=ox.RdfFormat.TRIG)) == set(quads)


def test_json_ld_comes_in_the_forms_that_are_asked_for(http: httpx.Client) -> None:
    forms = {
        "expanded": lambda told: isinstance(told, list) and "@included" in told[0],
        "flattened": lambda told: isinstance(told, list) and all("@included" not in node for node in told),
        "framed": lambda told: told["id"] == f"{BASE}id/odd/literal-class" and "@context" in told,
        "compacted": lambda told: told["id"] == f"{BASE}id/odd/literal-class" and "@context" in told,
        "flattened http://www.w3.org/ns/json-ld#compacted": lambda told: "@graph" in told and "@context" in told,
    }
    graphs, tags = set(), set()
    for form, fits in forms.items():
        profile = f"http://www.w3.org/ns/json-ld#{form}"
        answer = http.get("/doc/odd/literal-class", headers={"Accept": f'application/ld+json;profile="{profile}"'})
        media_type, _, parameter = answer.headers["content-type"].partition(";")
        assert media_type == "application/ld+json"
        assert set(parameter.removeprefix('profile="').rstrip('"').split()) == set(profile.split())
        told = answer.json()
        assert fits(told), form
        if isinstance(told, dict):
            told["@context"] = CONTEXT
        graphs.add(frozenset(quad.triple for quad in ox.parse(json.dumps(told), format=ox.RdfFormat.JSON_LD)))
        tags.add(answer.headers["etag"])
    assert len(graphs) == 1
    assert len(tags) == len(forms)
    plain = http.get("/doc/odd/literal-class", headers={"Accept": 'application/ld+json;profile="urn:none"'})
    assert plain.status_code == 200
    assert plain.headers["content-type"] == "application/ld+json"


def test_orders_that_are_no_numbers_break_nothing(http: httpx.Client) -> None:
    assert http.get("/doc/odd/order.html").status_code == 200
    body = b'{"head": {"vars": []}, "results": {"bindings": []}}'
    description, labels = read("urn:x", 1, body)
    assert in_order(["b", "a"], description) == ["b", "a"]
    assert not description
    assert not labels


def similar(http: httpx.Client, path: str) -> list[str]:
    answer = http.get(path)
    assert answer.status_code == 404
    rows = answer.json().get("similar", [])
    for row in rows:
        assert http.get(row["document"]).status_code == 200
        assert http.get("/" + row["iri"].removeprefix(BASE)).status_code == 303
    return [row["iri"].removeprefix(f"{BASE}id/") for row in rows]


def test_a_name_that_is_not_there_is_404_with_those_near_it(http: httpx.Client) -> None:
    assert similar(http, "/id/leaf/4507")[:2] == ["leaf/4506", "leaf/4505"]
    assert similar(http, "/doc/leaf/4508.ttl")[0] == "leaf/4506"
    assert similar(http, "/id/odd/RETURN")[0] == "odd/return"
    assert similar(http, "/id/odd/return.html")[0] == "odd/return"
    assert similar(http, "/id/nothing/at/all") == []
    assert similar(http, "/id/") == []
    page = http.get("/id/odd/RETURN", headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert 'href="/doc/odd/return"' in page.text
