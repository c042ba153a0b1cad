"""Linked data: 303 from thing to document, five representations, validators."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from pyld import jsonld
from service_fixtures import BASE, BROWSER, BULK, client, folder, make_snapshot, serving  # noqa: F401

from kg.vocabulary import COMPETENCY_FOLDER
from service.app import ServiceConfig
from service.representations import SUFFIXES, write

D1 = "document/v1/d1"
FORMATS = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml"}


@pytest.mark.parametrize(("media_type", "suffix"), SUFFIXES.items())
def test_a_thing_is_303_to_a_document_of_the_negotiated_type(
    client: httpx.Client,  # noqa: F811
    media_type: str,
    suffix: str,
) -> None:
    answer = client.get(f"/id/{D1}", headers={"Accept": media_type})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc/{D1}{suffix}"
    assert answer.headers["vary"] == "Accept, Accept-Profile"
    document = client.get(answer.headers["location"], headers={"Accept": "image/png"})
    assert document.status_code == 200
    assert document.headers["content-type"].split(";")[0] == media_type
    negotiated = client.get(f"/doc/{D1}", headers={"Accept": media_type})
    assert negotiated.content == document.content
    assert negotiated.headers["content-location"] == f"/doc/{D1}{suffix}"
    assert negotiated.headers["vary"] == "Accept, Accept-Profile, Accept-Datetime, Accept-Encoding"


def test_all_representations_are_the_same_graph(client: httpx.Client) -> None:  # noqa: F811
    for path in (D1, "volume/v1", "source/v1.xml", "person/v1/hub"):
        graphs = [
            rdflib.Graph().parse(data=client.get(f"/doc/{path}{suffix}").content, format=name)
            for suffix, name in FORMATS.items()
        ]
        context = client.get("/ontology/context.jsonld").json()

        def load(url: str, _: object = None, context: object = context) -> dict[str, object]:
            assert url == f"{BASE}ontology/context.jsonld"
            return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

        document = client.get(f"/doc/{path}.jsonld").json()
        quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
        graphs.append(rdflib.Graph().parse(data=quads, format="nt"))
        assert len(graphs[0]) > 3
        for graph in graphs[1:]:
            assert rdflib.compare.isomorphic(graphs[0], graph)


def test_a_description_tells_parts_labels_inferences_and_what_points_at_it(client: httpx.Client) -> None:  # noqa: F811
    text = client.get(f"/doc/{D1}.ttl").text
    for said in (
        f"<{BASE}id/{D1}> a dgm:Document ;",
        'dgm:placePrinted "Geneva"',
        'dgm:name "Gilbert"',
        'rdfs:label "Gilbert, Prentiss B."',
        'dgm:text "A note."',
        "a dgm:Inference",
        'dgm:evidence "[Page 65]"',
        'dgm:pageNumber "64"',
        'rdfs:label "A volume"',
    ):
        assert said in text, said
    assert "_:" not in text
    assert f"<{BASE}id/{D1}>" in client.get("/doc/volume/v1.nt").text


def test_turtle_begins_with_the_thing_and_names_only_prefixes_in_use(client: httpx.Client) -> None:  # noqa: F811
    text = client.get(f"/doc/{D1}.ttl").text
    head, _, body = text.partition("\n\n")
    assert body.startswith(f"<{BASE}id/{D1}> a dgm:Document ;\n\trdfs:label ")
    names = [line.split()[1] for line in head.splitlines()]
    assert names == ["dcterms:", "dgm:", "foaf:", "rdf:", "rdfs:", "xsd:"]


def test_representations_are_the_same_bytes_whatever_order_they_come_in() -> None:
    thing, predicate = ox.NamedNode("http://a.example/t"), ox.NamedNode("http://a.example/p")
    triples = [ox.Triple(thing, predicate, ox.Literal(f"value {number}")) for number in range(20)]
    triples += [ox.Triple(ox.NamedNode(f"http://a.example/{number}"), predicate, thing) for number in range(20)]
    for media_type in SUFFIXES:
        if media_type != "text/html":
            first = write(triples, media_type, about=thing.value)
            assert write(reversed(triples), media_type, about=thing.value) == first


def test_json_ld_is_one_tree_with_our_context(client: httpx.Client) -> None:  # noqa: F811
    document = client.get(f"/doc/{D1}.jsonld").json()
    assert document["@context"] == f"{BASE}ontology/context.jsonld"
    assert document["id"] == f"{BASE}id/{D1}"
    assert document["type"] == "Document"
    assert json.dumps(document["sending"]).count("Gilbert") == 3
    assert list(document)[:4] == ["@context", "id", "type", "label"]
    assert list(document)[-1] == "@included"
    assert document["order"] == 1
    assert document["footnote"][0]["onHeading"] is False
    assert client.get(f"/doc/{D1}", headers={"Accept": "application/json"}).json() == document


@pytest.mark.parametrize(
    "path", ["/id/document/v1/none", "/doc/document/v1/none", "/doc/document/v1/none.ttl", "/id/", "/id/x%22%3E/y"]
)
def test_an_unknown_thing_is_404(client: httpx.Client, path: str) -> None:  # noqa: F811
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == f"{BASE}problems/not-found"
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_an_unacceptable_type_is_406_with_what_is_offered(client: httpx.Client) -> None:  # noqa: F811
    for path in (f"/id/{D1}", f"/doc/{D1}", "/ontology"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "text/turtle" in answer.json()["offered"]
        assert answer.headers["vary"].split(", ")[0] == "Accept"


def test_a_key_that_ends_like_a_suffix_is_told_from_one(client: httpx.Client) -> None:  # noqa: F811
    def says(path: str, iri: str) -> bool:
        text = client.get(path, headers={"Accept": "application/n-triples"}).text
        return text.count(f'<{BASE}id/{iri}> <http://www.w3.org/2000/01/rdf-schema#label> "v1.xml"') == 1

    assert client.get("/id/source/v1.xml").headers["location"] == "/doc/source/v1.xml.ttl"
    assert says("/doc/source/v1.xml", "source/v1.xml")
    assert says("/doc/source/v1.xml.nt", "source/v1.xml")
    # There is an `a` and an `a.ttl`: the suffix is taken off first, and only one.
    assert client.get("/doc/source/a.ttl").text.count("<http://data.example/id/source/a> a") == 1
    assert client.get("/id/source/a.ttl").headers["location"] == "/doc/source/a.ttl.ttl"
    assert "<http://data.example/id/source/a.ttl> a" in client.get("/doc/source/a.ttl.ttl").text


def test_percent_encoded_keys_go_round(client: httpx.Client) -> None:  # noqa: F811
    key = "q%25%2F%C3%A4%3F.nt"
    location = client.get(f"/id/source/{key}").headers["location"]
    assert location == f"/doc/source/{key}.ttl"
    assert f"<{BASE}id/source/{key}> a" in client.get(location).text
    assert f"<{BASE}id/source/{key}> a" in client.get(f"/doc/source/{key}").text
    # Another spelling of the same name leads to ours.
    other = client.get("/id/source/q%25%2f%c3%a4%3f%2Ent")
    assert other.headers["location"] == location


def test_what_points_at_a_thing_is_paged_and_counted(client: httpx.Client) -> None:  # noqa: F811
    first = client.get("/doc/person/v1/hub.nt")
    assert first.text.count("<http://data.example/near>") == 500
    assert 'rel="next"' in first.headers["link"]
    seen: set[str] = set()
    for page in range(1, 5):
        seen.update(client.get("/doc/person/v1/hub.nt", params={"page": page}).text.splitlines())
    assert len([line for line in seen if "/near>" in line]) == BULK
    page = client.get("/doc/person/v1/hub.html", params={"page": 4}).text
    assert "Part 4 of 4" in page
    assert 'rel="next"' not in client.get("/doc/person/v1/hub.nt", params={"page": 4}).headers["link"]
    for wrong in ("0", "-1", "x", "99999999999", "1e3", "²"):
        assert client.get("/doc/person/v1/hub", params={"page": wrong}).status_code == 400


def test_validators_survive_and_304_comes_after_negotiation(client: httpx.Client) -> None:  # noqa: F811
    turtle = client.get(f"/doc/{D1}", headers={"Accept": "text/turtle"})
    html = client.get(f"/doc/{D1}", headers={"Accept": "text/html"})
    tag = turtle.headers["etag"]
    assert tag != html.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = client.get(f"/doc/{D1}", headers={"Accept": "text/turtle", "If-None-Match": sent})
        assert answer.status_code == 304
        assert answer.content == b""
        for name in ("etag", "vary", "cache-control", "content-location"):
            assert answer.headers[name] == turtle.headers[name]
    mixed = client.get(f"/doc/{D1}", headers={"Accept": "text/html", "If-None-Match": tag})
    assert mixed.status_code == 200
    unchanged = {"If-Modified-Since": turtle.headers["last-modified"]}
    assert client.get(f"/doc/{D1}.ttl", headers=unchanged).status_code == 304
    # If-None-Match beats If-Modified-Since: RFC 9110, 13.2.2.
    both = client.get(f"/doc/{D1}.ttl", headers={**unchanged, "If-None-Match": '"other"'})
    assert both.status_code == 200
    assert client.get(f"/doc/{D1}.ttl", headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_the_page_of_a_document_escapes_its_text_and_marks_its_footnotes(client: httpx.Client) -> None:  # noqa: F811
    page = client.get(f"/doc/{D1}.html").text
    assert '<h1 dir="auto">Document 1 &lt;b&gt;' in page
    assert "&lt;script&gt;alert" in page
    assert page.replace('<script type="application/ld+json">', "", 1).count("<script") == 0
    assert 'First<sup><a id="fn1-mark" href="#fn1" aria-label="Footnote 7">7</a></sup>' in page
    assert "inferred" in page
    assert 'href="/id/person/v1/p_GP"' in page
    assert "Telegram from Geneva, 13 March 1934" in page
    assert "style=" not in page


def test_the_page_of_a_thing_shows_labels_and_not_iris(client: httpx.Client) -> None:  # noqa: F811
    page = client.get("/doc/volume/v1.html").text
    assert "Document 1 &lt;b&gt;" in page
    assert "https://w3id.org/dragoman/ontology#volume" not in page


def test_identifiers_do_not_follow_the_request(client: httpx.Client) -> None:  # noqa: F811
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for path in (f"/doc/{D1}.ttl", f"/doc/{D1}.html", "/sparql", "/", "/nothing"):
        answer = client.get(path, headers=forged)
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)


def test_a_base_with_a_path_mounts_everything_under_it(tmp_path: Path) -> None:
    base = "https://host.example/data/"
    make_snapshot(tmp_path, base)
    with (
        serving(ServiceConfig(folder=tmp_path, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        answer = http.get(f"/data/id/{D1}")
        assert answer.headers["location"] == f"/data/doc/{D1}.ttl"
        assert f"<{base}id/{D1}> a" in http.get(answer.headers["location"]).text
        assert 'href="/data/static/style.css"' in http.get("/data/", headers={"Accept": BROWSER}).text
        assert http.get("/data/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        assert http.get(f"/id/{D1}").status_code == 404
        assert http.get("/").status_code == 404
        wrong = http.put("/data/sparql")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST, QUERY, OPTIONS")
        assert http.get("/data/nothing").json()["type"] == f"{base}problems/not-found"


def test_the_ontology_dereferences_in_every_type(client: httpx.Client) -> None:  # noqa: F811
    sizes = set()
    for suffix, name in FORMATS.items():
        sizes.add(len(rdflib.Graph().parse(data=client.get(f"/ontology{suffix}").content, format=name)))
        assert client.get(f"/shapes{suffix}").status_code == 200
    assert len(sizes) == 1
    assert 'id="Document"' in client.get("/ontology", headers={"Accept": BROWSER}).text
    assert client.get("/ontology", headers={"Accept": "application/ld+json"}).json()["@context"]
    assert client.get("/ontology.exe").status_code == 404


def test_answers_do_not_change_from_process_to_process() -> None:
    code = (
        "import hashlib; from service import vocabularies; v = vocabularies.load('http://a.example/', 'x');"
        "print(*[hashlib.sha256(f.write(t, v.context)).hexdigest() for f in (v.ontology, v.shapes)"
        " for t in ('text/turtle', 'application/n-triples', 'application/rdf+xml', 'application/ld+json')])"
    )
    runs = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(runs) == 1


@pytest.mark.parametrize("name", ["ontology", "ontology/alignment", "ontology/competency", "shapes", "report"])
def test_files_beside_the_data_are_one_graph_in_every_type(client: httpx.Client, name: str) -> None:  # noqa: F811
    graphs, tags = list[ox.Dataset](), set[str]()
    for media_type, suffix in SUFFIXES.items():
        answer = client.get(f"/{name}", headers={"Accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-location"] == f"/{name}{suffix}"
        assert f'</{name}{suffix}>; rel="alternate"' not in answer.headers["link"]
        assert client.get(f"/{name}{suffix}").content == answer.content
        tags.add(answer.headers["etag"])
        if media_type == "text/html":
            continue
        body = answer.content
        if media_type == "application/ld+json":
            context = client.get("/ontology/context.jsonld").json()["@context"]
            told = answer.json()
            body = json.dumps({**told, "@context": context}).encode()
        dataset = ox.Dataset(
            ox.Quad(*quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))
        )
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        graphs.append(dataset)
    assert all(dataset == graphs[0] for dataset in graphs)
    assert len(graphs[0])
    assert len(tags) == len(SUFFIXES)


def test_competency_questions_can_be_run_as_they_are_published(client: httpx.Client) -> None:  # noqa: F811
    store = ox.Store()
    store.load(client.get("/ontology/competency.ttl").content, format=ox.RdfFormat.TURTLE)
    queries = [quad.object for quad in store if quad.predicate.value.endswith("#select")]
    assert len(queries) == len(list(COMPETENCY_FOLDER.glob("*.rq"))) > 0
    for query in queries:
        assert isinstance(query, ox.Literal)
        assert client.get("/sparql", params={"query": query.value}).status_code == 200
