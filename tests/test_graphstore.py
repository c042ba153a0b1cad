"""The read part of the Graph Store Protocol over HTTP: naming a graph, negotiation, validators, methods."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest
from service_fixtures import BASE, COUNTING, busy, client, folder, make_snapshot, seal, serving, statements  # noqa: F401

from service.app import ServiceConfig
from service.frames import GRAPH_TYPES

VOLUME, BULK = f"{BASE}id/graph/v1.xml", f"{BASE}id/graph/bulk.nt"
_ALIASES = {"application/json": "application/ld+json", "application/xml": "application/rdf+xml"}


def parsed(answer: httpx.Response) -> set[ox.Triple]:
    media_type = answer.headers["content-type"].partition(";")[0]
    form = ox.RdfFormat.from_media_type(_ALIASES.get(media_type, media_type))
    assert form is not None
    return {quad.triple for quad in ox.parse(answer.content, format=form)}


def stored(*graphs: str) -> set[ox.Triple]:
    lines = "".join(line for part in statements() for line in part)
    quads = ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)
    return {quad.triple for quad in quads if str(quad.graph_name) in {f"<{graph}>" for graph in graphs}}


@pytest.mark.parametrize("media_type", [*GRAPH_TYPES])
def test_a_graph_comes_whole_in_every_type_that_is_offered(client: httpx.Client, media_type: str) -> None:  # noqa: F811
    for params, graphs in (({"graph": VOLUME}, [VOLUME]), ({"graph": BULK}, [BULK]), ({"default": ""}, [VOLUME, BULK])):
        answer = client.get("/graph-store", params=params, headers={"Accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert parsed(answer) == stored(*graphs)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("turtle", "text/turtle"),
        ("N-Triples", "application/n-triples"),
        ("jsonld", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_the_parameter_format_goes_before_accept(client: httpx.Client, name: str, media_type: str) -> None:  # noqa: F811
    params = {"graph": VOLUME, "format": name}
    answer = client.get("/graph-store", params=params, headers={"Accept": "application/n-quads"})
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_default_graph_is_asked_for_without_a_value(client: httpx.Client) -> None:  # noqa: F811
    assert parsed(client.get("/graph-store?default")) == stored(VOLUME, BULK)


def test_an_iri_is_decoded_once(tmp_path: Path) -> None:
    path = make_snapshot(tmp_path)
    store = ox.Store(next(path.glob("snapshots/*/store")))
    node = ox.NamedNode("http://a.example/x")
    for name, text in (("http://a.example/1%2F", "once"), ("http://a.example/1/", "twice")):
        store.add(ox.Quad(node, node, ox.Literal(text), ox.NamedNode(name)))
    del store
    seal(path)
    with serving(ServiceConfig(folder=path, workers=1)) as (address, _):
        for query, text in (("http://a.example/1%252F", "once"), ("http%3A//a.example/1%2F", "twice")):
            url = f"http://{address}/graph-store?format=nt&graph={query}"
            assert httpx.get(url, trust_env=False).text == f'{node} {node} "{text}" .\n'


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("", 400, "bad-request"),
        ("?default&graph=http://a.example/", 400, "bad-request"),
        ("?default=yes", 400, "bad-request"),
        ("?graph=", 400, "bad-request"),
        ("?graph=relative", 400, "bad-request"),
        ("?graph=//host/path", 400, "bad-request"),
        ("?graph=http://[", 400, "bad-request"),
        ("?graph=http://a.example/%20", 400, "bad-request"),
        ("?graph=http://a.example/%3E", 400, "bad-request"),
        ("?graph=http://a.example/%00", 400, "bad-request"),
        ("?graph=%FF", 400, "bad-request"),
        ("?graph=http://a.example/&graph=http://b.example/", 400, "bad-request"),
        ("?default&format=gif", 400, "bad-request"),
        ("?default&format=csv", 406, "not-acceptable"),
        ("?graph=http://a.example/none", 404, "not-found"),
        ("?graph=http://a.example/SERVICE", 404, "not-found"),
        ("?graph=http://a.example/" + "(" * 300, 404, "not-found"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_wrong_name_is_a_problem(client: httpx.Client, method: str, query: str, status: int, slug: str) -> None:  # noqa: F811
    answer = client.request(method, f"/graph-store{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    if method == "GET":
        assert answer.json()["type"] == f"{BASE}problems/{slug}"


def test_a_type_that_no_graph_has_is_406_with_those_that_it_has(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get("/graph-store?default", headers={"Accept": "image/png, text/turtle;q=0"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [*GRAPH_TYPES]
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graphs_cannot_be_changed(client: httpx.Client, method: str) -> None:  # noqa: F811
    answer = client.request(method, "/graph-store", params={"graph": VOLUME}, content=b"<a:a> <a:b> <a:c> .")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["status"] == 405


def test_head_has_the_header_fields_of_get(client: httpx.Client) -> None:  # noqa: F811
    for graph in (VOLUME, BULK):
        get = client.get("/graph-store", params={"graph": graph})
        head = client.head("/graph-store", params={"graph": graph})
        assert head.content == b""
        # Of these only reading the graph tells (RFC 9110, 9.3.2).
        open_to_get = {"date", "content-length", "transfer-encoding"}
        assert dict(head.headers).items() >= {k: v for k, v in get.headers.items() if k not in open_to_get}.items()


def test_a_tag_is_of_one_graph_in_one_type_and_survives_a_restart(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    def tag(http: httpx.Client, **params: str) -> str:
        return http.head("/graph-store", params=params).headers["etag"]

    asked = [{"graph": graph, "format": name} for graph in (VOLUME, BULK) for name in ("ttl", "nt")]
    asked.append({"default": "", "format": "ttl"})
    tags = [tag(client, **params) for params in asked]
    assert len({*tags}) == len(tags)
    again = client.get("/graph-store", params=asked[0], headers={"If-None-Match": tags[0]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tags[0]
    assert again.headers["vary"] == "Accept, Accept-Encoding"
    assert client.get("/graph-store", params=asked[1], headers={"If-None-Match": tags[0]}).status_code == 200
    with (
        serving(ServiceConfig(folder=folder, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        assert [tag(http, **params) for params in asked] == tags


def test_if_none_match_reads_no_graph(folder: Path) -> None:  # noqa: F811
    with (
        serving(ServiceConfig(folder=folder, workers=1, query_seconds=20)) as (address, server),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=5) as http,
    ):
        tag = http.head("/graph-store?default").headers["etag"]
        host, port = address.split(":")
        # The only worker for queries is kept busy; what is not read needs none.
        with socket.create_connection((host, int(port))) as connection:
            endless = urlencode({"query": COUNTING})
            connection.sendall(f"GET /sparql?{endless} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            limit = time.monotonic() + 5
            while not busy(server) and time.monotonic() < limit:
                time.sleep(0.02)
            for path in ("/graph-store?default", "/graph-store?default="):
                assert http.get(path, headers={"If-None-Match": tag}).status_code == 304
            assert http.get(f"/graph-store?graph={VOLUME}", headers={"If-None-Match": "*"}).status_code == 304
            assert busy(server) == 1


@pytest.fixture(scope="module")
def controls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service on a graph with a character that XML cannot hold."""
    path = make_snapshot(tmp_path_factory.mktemp("controls"))
    store = ox.Store(next(path.glob("snapshots/*/store")))
    node = ox.NamedNode("http://a.example/x")
    store.add(ox.Quad(node, node, ox.Literal("\x00\x1f\ufffe"), node))
    del store
    seal(path)
    with serving(ServiceConfig(folder=path, workers=1)) as (address, _):
        yield f"http://{address}"


def test_what_xml_cannot_hold_is_not_written_as_xml(controls: str) -> None:
    url = f"{controls}/graph-store?graph=http://a.example/x"
    refused = httpx.get(url, headers={"Accept": "application/rdf+xml"}, trust_env=False)
    assert refused.status_code == 406
    assert "application/rdf+xml" not in refused.json()["offered"]
    for name in ("text/turtle", "application/n-triples", "application/ld+json"):
        answer = httpx.get(url, headers={"Accept": name}, trust_env=False)
        assert [triple.object.value for triple in parsed(answer)] == ["\x00\x1f\ufffe"]
