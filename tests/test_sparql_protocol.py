"""SPARQL 1.1 Protocol over HTTP: operations, negotiation, errors, limits, connections that break."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from service_fixtures import (  # noqa: F401
    BASE,
    BROWSER,
    COUNTING,
    ENDLESS,
    STREAMING,
    busy,
    client,
    folder,
    serving,
    worker_pids,
)

from service.app import ServiceConfig
from service.frames import GRAPH_TYPES, RESULT_TYPES

ASK = "ASK { ?s ?p ?o }"
GRAPH = f"{BASE}id/graph/bulk.nt"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://data.example/p> ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UTF_16 = {"Content-Type": "application/sparql-query;charset=utf-16"}
DIRECT = {"Content-Type": "application/sparql-query"}


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    document: dict[str, object] = response.json()
    assert document["status"] == status
    assert document["type"] == f"{BASE}problems/{slug}"
    assert "Traceback" not in response.text
    assert "/tmp/" not in response.text  # noqa: S108 - that no path leaks out is what is tested
    return document


def test_a_query_may_come_by_get_by_form_and_by_itself(client: httpx.Client) -> None:  # noqa: F811
    answers = [
        client.get("/sparql", params={"query": ASK}),
        client.post("/sparql", data={"query": ASK}),
        client.post("/sparql", content=ASK, headers=DIRECT),
        client.post("/sparql", content=ASK, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}),
        client.request("QUERY", "/sparql", content=ASK, headers=DIRECT),
    ]
    for answer in answers:
        assert answer.json() == {"head": {}, "boolean": True}
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_a_form_is_decoded_once(client: httpx.Client) -> None:  # noqa: F811
    query = 'SELECT ("100%25+1" AS ?x) {}'
    for answer in (
        client.post("/sparql", data={"query": query}),
        client.get("/sparql", params={"query": query}),
    ):
        assert answer.json()["results"]["bindings"][0]["x"]["value"] == "100%25+1"


def test_the_protocols_dataset_comes_before_the_querys_own(client: httpx.Client) -> None:  # noqa: F811
    def number(query: str, **parameters: str) -> str:
        params = {"query": query, "format": "csv", **parameters}
        direct = client.post("/sparql", content=query, headers=DIRECT, params={"format": "csv", **parameters}).text
        assert client.get("/sparql", params=params).text == direct
        return direct.split()[1]

    assert number(COUNT) == "2000"
    assert number(COUNT, **{"default-graph-uri": GRAPH}) == "2000"
    assert number(COUNT, **{"default-graph-uri": "http://none.example/"}) == "0"
    assert number(COUNT.replace("{", "FROM <http://none.example/> {", 1), **{"default-graph-uri": GRAPH}) == "2000"
    assert number(COUNT, **{"named-graph-uri": GRAPH}) == "0"
    both = f"/sparql?format=csv&default-graph-uri=http://a.example/&default-graph-uri={GRAPH}"
    assert client.post(both, content=COUNT, headers=DIRECT).text.split()[1] == "2000"


@pytest.mark.parametrize("media_type", [*RESULT_TYPES])
def test_results_come_in_every_type_that_is_offered(client: httpx.Client, media_type: str) -> None:  # noqa: F811
    answer = client.get("/sparql", params={"query": COUNT}, headers={"Accept": media_type})
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert "2000" in answer.text


@pytest.mark.parametrize("media_type", [*GRAPH_TYPES])
def test_graphs_come_in_every_type_that_is_offered(client: httpx.Client, media_type: str) -> None:  # noqa: F811
    query = "CONSTRUCT WHERE { ?s <http://data.example/p> ?o } LIMIT 3"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": media_type})
    assert answer.headers["content-type"].split(";")[0] == media_type
    known = {"application/json": "application/ld+json", "application/xml": "application/rdf+xml"}
    form = ox.RdfFormat.from_media_type(known.get(media_type, media_type))
    assert form is not None
    assert len(list(ox.parse(answer.content, format=form))) == 3


def test_the_form_of_the_query_decides_which_types_are_acceptable(client: httpx.Client) -> None:  # noqa: F811
    both = "text/turtle, application/sparql-results+xml;q=0.5"
    select = client.get("/sparql", params={"query": COUNT}, headers={"Accept": both})
    assert select.headers["content-type"] == "application/sparql-results+xml"
    describe = client.get("/sparql", params={"query": f"DESCRIBE <{BASE}id/volume/v1>"}, headers={"Accept": both})
    assert describe.headers["content-type"] == "text/turtle; charset=utf-8"
    refused = client.get("/sparql", params={"query": COUNT}, headers={"Accept": "text/turtle"})
    assert problem(refused, 406, "not-acceptable")["offered"] == [*RESULT_TYPES]
    assert refused.headers["vary"] == "Accept"
    assert problem(client.get("/sparql", params={"query": COUNT, "format": "ttl"}), 406, "not-acceptable")
    problem(client.get("/sparql", params={"query": COUNT}, headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("names", "results", "graph"),
    [
        (("json", "JSON"), "application/sparql-results+json", "application/ld+json"),
        (("srj", "application/sparql-results+json"), "application/sparql-results+json", None),
        (("xml",), "application/sparql-results+xml", "application/rdf+xml"),
        (("srx", "application/sparql-results+xml"), "application/sparql-results+xml", None),
        (("csv", "text/csv", "text/csv;charset=utf-8"), "text/csv", None),
        (("tsv", "text/tab-separated-values"), "text/tab-separated-values", None),
        (("ttl", "turtle", "text/turtle"), None, "text/turtle"),
        (("nt", "ntriples", "n-triples", "application/n-triples"), None, "application/n-triples"),
        (("nq", "nquads", "n-quads", "application/n-quads"), None, "application/n-quads"),
        (("trig", "application/trig"), None, "application/trig"),
        (("rdf", "rdfxml", "rdf/xml", "application/rdf+xml"), None, "application/rdf+xml"),
        (("jsonld", "json-ld", "application/ld+json"), None, "application/ld+json"),
        (("application/json",), "application/json", "application/json"),
        (("html", "text/html"), "text/html", "text/html"),
    ],
)
def test_the_parameter_format_takes_names_and_media_types(
    client: httpx.Client,  # noqa: F811
    names: tuple[str, ...],
    results: str | None,
    graph: str | None,
) -> None:
    asked = {"Accept": "image/png"}
    for name in names:
        for query, expected in ((COUNT, results), (f"DESCRIBE <{BASE}id/volume/v1>", graph)):
            answer = client.get("/sparql", params={"query": query, "format": name}, headers=asked)
            if expected is None:
                problem(answer, 406, "not-acceptable")
            else:
                assert answer.status_code == 200
                assert answer.headers["content-type"].split(";")[0] == expected


def test_a_plus_in_a_url_written_by_hand_is_a_plus(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get("/sparql?query=ASK%7B%7D&format=application/sparql-results+xml")
    assert answer.headers["content-type"] == "application/sparql-results+xml"
    empty = client.get("/sparql?query=ASK%7B%7D&format=", headers={"Accept": "text/csv"})
    assert empty.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_graph_that_is_given_twice_counts_once(client: httpx.Client) -> None:  # noqa: F811
    url = f"/sparql?format=csv&default-graph-uri={GRAPH}&default-graph-uri={GRAPH}"
    assert client.post(url, content=COUNT, headers=DIRECT).text.split()[1] == "2000"


def test_a_content_type_that_is_given_twice_is_ambiguous(client: httpx.Client) -> None:  # noqa: F811
    twice = [("Content-Type", "application/sparql-query"), ("Content-Type", "application/x-www-form-urlencoded")]
    assert problem(client.post("/sparql", content=ASK, headers=twice), 400, "bad-request")


def test_an_answer_that_xml_cannot_hold_is_offered_in_other_types(client: httpx.Client) -> None:  # noqa: F811
    for character in ("\\u0000", "\\u000B", "\\uFFFE", "\x01"):
        query = f'SELECT ("a{character}b" AS ?x) {{}}'
        refused = client.get("/sparql", params={"query": query, "format": "xml"})
        offered = problem(refused, 406, "not-acceptable")["offered"]
        assert "application/sparql-results+xml" not in offered  # type: ignore[operator]
        assert len(client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["x"]["value"]) == 3
    construct = 'CONSTRUCT { <a:a> <a:b> "\\u0001" } {}'
    problem(client.get("/sparql", params={"query": construct, "format": "rdf"}), 406, "not-acceptable")
    late = """SELECT ?x { { SELECT ("x" AS ?x) { ?s ?p ?o . ?t ?q ?u } LIMIT 9999 } UNION { BIND("\\u0001" AS ?x) } }"""
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/sparql", params={"query": late, "format": "xml"})


def test_csv_follows_rfc_4180(client: httpx.Client) -> None:  # noqa: F811
    query = 'SELECT ?a ?b ?c { VALUES (?a ?b) { ("x,\\"y\\"\\nz" <http://a.example/>) (UNDEF 1) } }'
    answer = client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.content.startswith(b"a,b,c\r\n")
    assert list(csv.reader(io.StringIO(answer.text, newline=""))) == [
        ["a", "b", "c"],
        ['x,"y"\nz', "http://a.example/", ""],
        ["", "1", ""],
    ]


def test_a_malformed_query_is_400_with_line_and_column(client: httpx.Client) -> None:  # noqa: F811
    document = problem(client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"}), 400, "malformed-query")
    assert (document["line"], document["column"]) == (2, 9)


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "bad-request"),
        ("/sparql?query=%FF", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&format=gif", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=relative", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&named-graph-uri=http://a%20b/", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&format=pdf&format=doc", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&format=image/png", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=http://%5B", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=", 400, "bad-request"),
        ("/sparql?query=ASK%7B%7D&named-graph-uri=http://a.example/%25zz", 400, "bad-request"),
        ("/sparql?query=", 400, "malformed-query"),
        ("/sparql?update=CLEAR%20ALL", 403, "query-refused"),
        ("/sparql?query=CLEAR%20ALL", 403, "query-refused"),
        ("/sparql?query=ASK%7BSERVICE%3Ca:b%3E%7B%7D%7D", 403, "query-refused"),
        ("/sparql?query=" + "(" * 300, 403, "query-refused"),
    ],
)
def test_a_wrong_get_is_a_problem_of_its_own_kind(
    client: httpx.Client,  # noqa: F811
    path: str,
    status: int,
    slug: str,
) -> None:
    assert problem(client.get(path), status, slug)["title"]


@pytest.mark.parametrize(
    ("content", "headers", "status", "slug"),
    [
        (b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400, "bad-request"),
        (b"", FORM, 400, "bad-request"),
        (b"query=%FF", FORM, 400, "bad-request"),
        (b"ASK { \xff }", DIRECT, 400, "bad-request"),
        (ASK.encode(), {}, 415, "unsupported-media-type"),
        (ASK.encode(), {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (ASK.encode("utf-16"), UTF_16, 415, "unsupported-media-type"),
        (ASK.encode(), {**DIRECT, "Content-Encoding": "gzip"}, 415, "unsupported-media-type"),
        (b"update=CLEAR+ALL", FORM, 403, "query-refused"),
        (b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403, "query-refused"),
        (b"ASK {}" + b" " * 1_100_000, DIRECT, 413, "content-too-large"),
        (b"query=" + b"x" * 1_100_000, FORM, 413, "query-too-long"),
        (b"query=" + b"x" * 4_000_000, FORM, 413, "content-too-large"),
        (b"&a=b" * 2000, FORM, 400, "bad-request"),
    ],
)  # fmt: skip
def test_a_wrong_post_is_a_problem_of_its_own_kind(
    client: httpx.Client,  # noqa: F811
    content: bytes,
    headers: dict[str, str],
    status: int,
    slug: str,
) -> None:
    assert problem(client.post("/sparql", content=content, headers=headers), status, slug)["title"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_405_with_allow(client: httpx.Client, method: str) -> None:  # noqa: F811
    answer = client.request(method, "/sparql")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST, QUERY, OPTIONS"


def test_preflight_allows_what_the_protocol_has(client: httpx.Client) -> None:  # noqa: F811
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_without_a_query_machines_get_a_service_description(client: httpx.Client) -> None:  # noqa: F811
    for media_type in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"):
        answer = client.get("/sparql", headers={"Accept": media_type})
        assert answer.headers["content-type"].split(";")[0] == media_type
    triples = list(ox.parse(client.get("/sparql").content, format=ox.RdfFormat.TURTLE))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = {(triple.predicate.value, str(triple.object)) for triple in triples}
    assert (f"{sd}endpoint", f"<{BASE}sparql>") in said
    assert (f"{sd}feature", f"<{sd}UnionDefaultGraph>") in said


def test_without_a_query_people_get_a_form_that_runs_by_itself(client: httpx.Client) -> None:  # noqa: F811
    page = client.get("/sparql", headers={"Accept": BROWSER}).text
    assert '<textarea id="query" name="query"' in page
    assert '<form id="ask" action="/sparql" method="get">' in page


def test_people_see_the_answer_and_the_mistake_on_the_page(client: httpx.Client) -> None:  # noqa: F811
    query = 'SELECT ?t ("<script>" AS ?x) { ?s <http://purl.org/dc/terms/title> ?t }'
    page = client.get("/sparql", params={"query": query}, headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Document 1 &lt;b&gt;" in page.text
    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text
    wrong = client.get("/sparql", params={"query": "SELECT </textarea><b>"}, headers={"Accept": BROWSER})
    assert wrong.status_code == 400
    assert "line 1" in wrong.text
    assert "&lt;/textarea&gt;" in wrong.text
    rows = "SELECT * { ?s <http://data.example/p> ?o }"
    assert "The first 500 rows" in client.get("/sparql", params={"query": rows, "format": "html"}).text


def test_a_body_that_breaks_off_is_no_fault_of_ours(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:  # noqa: F811
    host, port = client.base_url.host, client.base_url.port or 0
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\n"
    for _ in range(3):
        with socket.create_connection((host, port)) as connection:
            connection.sendall(head.encode() + b"ASK {")
    assert client.get("/sparql", params={"query": ASK}).status_code == 200
    assert "a request failed" not in caplog.text


def test_head_is_get_without_the_body(client: httpx.Client) -> None:  # noqa: F811
    for params in ({"query": ASK}, {}):
        get, head = client.get("/sparql", params=params), client.head("/sparql", params=params)
        assert head.content == b""
        assert {**get.headers, "date": ""} == {**head.headers, "date": ""}
    assert client.head("/sparql", params={"query": STREAMING}).status_code == 200


@pytest.fixture(scope="module")
def limited(folder: Path) -> Iterator[tuple[str, uvicorn.Server]]:  # noqa: F811
    """Two workers, two seconds."""
    config = ServiceConfig(folder=folder, workers=2, query_seconds=2, worker_memory_mb=1024, queue=2)
    with serving(config) as running:
        yield running


def test_an_endless_query_is_503_while_other_requests_go_on(limited: tuple[str, uvicorn.Server]) -> None:
    url = f"http://{limited[0]}"
    answers: dict[str, tuple[float, httpx.Response]] = {}

    def ask(query: str) -> None:
        start = time.monotonic()
        answer = httpx.get(f"{url}/sparql", params={"query": query}, timeout=30, trust_env=False)
        answers[query] = (time.monotonic() - start, answer)

    # One more than there are workers: pages have a worker of their own.
    threads = [threading.Thread(target=ask, args=(query,)) for query in (COUNTING, ENDLESS, COUNTING + " #")]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    with httpx.Client(base_url=url, trust_env=False) as http:
        for path in ("/health", "/doc/document/v1/d1.ttl", "/"):
            start = time.monotonic()
            assert http.get(path).status_code == 200
            assert time.monotonic() - start < 0.5
    for thread in threads:
        thread.join()
    slugs = set()
    for seconds, answer in answers.values():
        document = problem(answer, 503, str(answer.json()["type"]).rpartition("/")[2])
        slugs.add(str(document["type"]).rpartition("/")[2])
        assert seconds < 3.5
    assert slugs <= {"query-timeout", "query-memory", "overloaded"}
    assert "retry-after" in answers[COUNTING][1].headers
    assert httpx.get(f"{url}/sparql", params={"query": ASK}, trust_env=False).json()["boolean"] is True


def test_an_answer_that_fails_late_breaks_the_connection(limited: tuple[str, uvicorn.Server]) -> None:
    host, port = limited[0].split(":")
    request = f"GET /sparql?query={STREAMING.replace(' ', '%20').replace('?', '%3F')} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(request.encode())
        received, tail = 0, b""
        while chunk := connection.recv(1 << 20):
            received += len(chunk)
            tail = (tail + chunk)[-5:]
    assert received > 64 * 1024
    assert tail != b"0\r\n\r\n"  # the last chunk of RFC 9112, 7.1, which says that all is there
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://{limited[0]}/sparql", params={"query": STREAMING}, timeout=30, trust_env=False)


@pytest.mark.parametrize("query", [COUNTING, STREAMING])
def test_a_query_whose_client_leaves_is_stopped(folder: Path, query: str) -> None:  # noqa: F811
    with serving(ServiceConfig(folder=folder, workers=1, query_seconds=60)) as (address, server):
        host, port = address.split(":")
        encoded = query.replace(" ", "%20").replace("?", "%3F")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"GET /sparql?query={encoded} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            limit = time.monotonic() + 20
            while not busy(server) and time.monotonic() < limit:
                time.sleep(0.05)
            assert busy(server) == 1
        start = time.monotonic()
        answer = httpx.get(f"http://{address}/sparql", params={"query": ASK}, timeout=30, trust_env=False)
        assert answer.json()["boolean"] is True
        assert time.monotonic() - start < 5


def test_a_long_answer_is_whole_and_chunked(client: httpx.Client) -> None:  # noqa: F811
    query = "SELECT * { ?s <http://data.example/p> ?o . ?t <http://data.example/near> ?u } LIMIT 100000"
    answer = client.get("/sparql", params={"query": query})
    assert answer.headers["transfer-encoding"] == "chunked"
    assert len(json.loads(answer.content)["results"]["bindings"]) == 100_000


def resident(pid: int) -> int:
    """Bytes of memory that a process holds and shares with no file."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell what a process holds")
def test_a_million_rows_need_no_memory_to_match(folder: Path) -> None:  # noqa: F811
    query = "SELECT ?s ?t ?u { ?s <http://data.example/p> ?o . ?t <http://data.example/near> ?u } LIMIT 1000000"
    with serving(ServiceConfig(folder=folder, workers=1, query_seconds=120)) as (address, server):
        pids = [os.getpid(), *worker_pids(server)]
        before, most, size = [resident(pid) for pid in pids], [0] * len(pids), 0
        url, params = f"http://{address}/sparql", {"query": query, "format": "csv"}
        sent = {"Accept-Encoding": "identity"}
        with httpx.stream("GET", url, params=params, headers=sent, timeout=120, trust_env=False) as answer:
            for number, chunk in enumerate(answer.iter_raw()):
                size += len(chunk)
                if number % 50 == 0:
                    most = [max(old, resident(pid)) for old, pid in zip(most, pids, strict=True)]
    assert size > 80_000_000
    assert all(peak - start < size / 4 for peak, start in zip(most, before, strict=True)), (before, most)


def test_workers_die_with_the_service(folder: Path) -> None:  # noqa: F811
    with serving(ServiceConfig(folder=folder, workers=2)) as (_, server):
        pids = worker_pids(server)
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
