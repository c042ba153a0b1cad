"""HTTP to the letter on every route: RFC 9110, RFC 9457 and the Fetch standard's CORS."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from service_fixtures import BASE, BROWSER, client, folder, serving  # noqa: F401
from starlette.requests import Request
from starlette.responses import Response

from service.app import ROOMS, ServiceConfig
from service.connection import MAX_FIELDS
from service.middleware import HEADERS, Edge
from service.openapi import OPERATIONS

# A value for the parameters of a route; without one here, a route is asked for something that it does not have.
VALUES = {
    "/id/{path:path}": ["document/v1/d1"],
    "/doc/{path:path}": ["document/v1/d1", "document/v1/d1.ttl", "person/v1/hub.html"],
    "/linkset/{path:path}": ["document/v1/d1"],
    "/memento/{time}/doc/{path:path}": ["20200101000000/doc/document/v1/d1"],
    "/timemap/link/doc/{path:path}": ["document/v1/d1"],
    "/ontology{suffix}": [".ttl", ".jsonld", ".html"],
    "/shapes{suffix}": [".nt"],
    "/report{suffix}": [".rdf"],
    "/ontology/alignment{suffix}": [".ttl"],
    "/ontology/competency{suffix}": [".ttl"],
    "/download/{path:path}": ["dragoman.nq", "dragoman.ttl.gz", "volume/v1.ttl", "document/v1/d1.nt"],
    "/problems/{slug}": ["not-found"],
    "/static/{name}": ["style.css", "favicon.svg"],
}
EXTRA = [
    "/sparql?query=ASK%20%7B%7D", "/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7D", "/sparql?query=nonsense",
    "/graph-store?default=", "/graph-store?graph=http://data.example/id/graph/bulk.nt", "/graph-store?graph=x",
    "/resolve?office=x&on=1900", "/nothing", "/doc/person/v1/hub?page=2",
]  # fmt: skip
ROUTES = [route for room in ROOMS for route in room.routes if isinstance(route, APIRoute)]


def addresses() -> list[str]:
    """Every address of every route, parameters filled in."""
    found = dict.fromkeys(EXTRA)
    for path in sorted({route.path for route in ROUTES if "GET" in (route.methods or ())}):
        for value in VALUES.get(path, ["x"]):
            found[re.sub(r"\{[^}]+\}", value, path)] = None
    return list(found)


ADDRESSES = addresses()


def methods(address: str) -> set[str]:
    path = address.partition("?")[0]
    return {method for route in ROUTES if route.path_regex.match(path) for method in route.methods or ()}


def comparable(answer: httpx.Response) -> dict[str, str]:
    # Date and id are those of the answer; how a body is chunked is not said where there is none.
    own = ("date", "transfer-encoding", "x-request-id")
    return {name: value for name, value in answer.headers.items() if name not in own}


@pytest.fixture(scope="module")
def second(folder: Path) -> Iterator[httpx.Client]:  # noqa: F811
    """Another process's worth of service on the same snapshot."""
    with (
        serving(ServiceConfig(folder=folder, workers=1, query_seconds=20)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as http,
    ):
        yield http


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle, */*;q=0.1"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_its_content(client: httpx.Client, address: str, accept: str) -> None:  # noqa: F811
    client.get(address, headers={"Accept": accept})  # a query's answer has its tag once it is kept
    get, head = (client.request(method, address, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    assert head.status_code == get.status_code
    assert head.content == b""
    assert comparable(head) == comparable(get)


@pytest.mark.parametrize("address", ADDRESSES)
def test_tags_outlive_a_restart(client: httpx.Client, second: httpx.Client, address: str) -> None:  # noqa: F811
    for accept in (BROWSER, "text/turtle, */*;q=0.1"):
        for http in (client, second):
            http.get(address, headers={"Accept": accept})  # a query's answer has its tag once it is kept
        one, other = (http.get(address, headers={"Accept": accept}) for http in (client, second))
        assert comparable(one) == comparable(other)
        if address not in ("/health",) and one.status_code == 200 and "chunked" not in str(one.headers):
            assert re.fullmatch(r'"[0-9a-f]{32}(-gzip|-zstd)?"', one.headers["etag"])


@pytest.mark.parametrize("address", ADDRESSES)
def test_304_comes_after_negotiation_and_repeats_the_fields(client: httpx.Client, address: str) -> None:  # noqa: F811
    for accept in (BROWSER, "application/ld+json, */*;q=0.1"):
        full = client.get(address, headers={"Accept": accept})
        if "etag" not in full.headers:
            continue
        for method in ("GET", "HEAD"):
            sent = {"Accept": accept, "If-None-Match": f'W/"x", W/{full.headers["etag"]}'}
            again = client.request(method, address, headers=sent)
            assert (again.status_code, again.content) == (304, b"")
            for name in ("etag", "cache-control", "content-location", "last-modified", "link", "vary"):
                assert again.headers.get(name) == full.headers.get(name), name
            assert "content-type" not in again.headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_changes_with_a_field_names_it_in_vary(client: httpx.Client, address: str) -> None:  # noqa: F811
    asked = [{"Accept": accept} for accept in (BROWSER, "text/turtle", "application/ld+json", "image/png")]
    answers = [client.get(address, headers=sent) for sent in asked]
    answers += [client.get(address, headers={"Accept": "*/*", "Accept-Encoding": name}) for name in ("gzip", "br")]
    differs = {
        (answer.status_code, answer.headers.get("content-type"), answer.headers.get("location"))
        for answer in answers[: len(asked)]
        if answer.headers.get("content-type") not in ("application/problem+json", "text/html; charset=utf-8")
        or answer.status_code < 400
    }
    for answer in answers:
        vary = answer.headers.get("vary", "").split(", ")
        assert len(vary) == len(set(vary))
        if answer.status_code >= 400 or len(differs) > 1:
            assert "Accept" in vary, answer.headers
        if "content-encoding" in answer.headers:
            assert "Accept-Encoding" in vary


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_method_that_is_not_there_is_405_with_allow(client: httpx.Client, address: str) -> None:  # noqa: F811
    known = methods(address)
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY"):
        answer = client.request(method, address)
        check_cors(answer)
        if method in known:
            assert answer.status_code != 405
            continue
        assert answer.status_code == (405 if known else 404), method
        check_problem(answer)
        if known:
            assert set(answer.headers["allow"].split(", ")) == known | {"OPTIONS"}


def check_cors(answer: httpx.Response) -> None:
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {
        "ETag", "Link", "Location", "Memento-Datetime", "Content-Profile", "Retry-After", "Content-Location",
        "Accept-Ranges", "Content-Range", "Vary", "Allow", "Last-Modified",
    } <= set(exposed)  # fmt: skip


def check_problem(answer: httpx.Response, status: int | None = None) -> dict[str, Any]:
    """A valid problem document (RFC 9457, 3.1), whose type is an address of ours."""
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code == (status or answer.status_code)
    assert document["type"].startswith(f"{BASE}problems/")
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_status_has_cors(client: httpx.Client, address: str) -> None:  # noqa: F811
    for sent in (
        {},
        {"If-None-Match": "*"},
        {"If-Match": '"x"'},
        {"Range": "bytes=99999999-"},
        {"Accept": "image/png"},
    ):
        answer = client.get(address, headers=sent)
        check_cors(answer)
        if answer.status_code >= 400:
            check_problem(answer)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_preflight_allows_what_the_address_knows(client: httpx.Client, address: str) -> None:  # noqa: F811
    sent = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "accept, accept-profile, accept-datetime, if-none-match, range, content-type",
    }
    answer = client.options(address, headers=sent)
    check_cors(answer)
    if not methods(address):
        assert answer.status_code == 404
        return
    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["access-control-allow-methods"].split(", "))
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert set(sent["Access-Control-Request-Headers"].split(", ")) <= set(allowed)
    assert answer.content == b""


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_base_never_follows_the_request(client: httpx.Client, address: str) -> None:  # noqa: F811
    evil = {
        "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example;proto=https",
        "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil", "X-HTTP-Method-Override": "DELETE",
    }  # fmt: skip
    usual, changed = client.get(address), client.get(address, headers=evil)
    assert changed.content == usual.content
    assert comparable(changed) == comparable(usual)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/id/document/v1/d1", "public, max-age=86400"),
        ("/doc/document/v1/d1.ttl", "public, max-age=86400"),
        ("/linkset/document/v1/d1", "public, max-age=86400"),
        ("/ontology/context.jsonld", "public, max-age=86400"),
        ("/sparql?query=ASK%20%7B%7D", "no-cache"),
        ("/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7D", "no-cache"),
        ("/nothing", "no-store"),
        ("/health", "no-store"),
    ],
)
def test_how_long_an_answer_may_be_kept(client: httpx.Client, address: str, expected: str) -> None:  # noqa: F811
    assert client.get(address).headers["cache-control"] == expected


def test_problems_come_as_a_page_to_those_who_read_pages(client: httpx.Client) -> None:  # noqa: F811
    for accept, expected in [
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html;q=0.5, application/problem+json", "application/problem+json"),
        ("application/json", "application/json"),
        ("text/turtle", "application/problem+json"),
        ("*/*", "application/problem+json"),
    ]:
        answer = client.get("/nothing", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, expected)
    kind = check_problem(client.get("/nothing"))["type"]
    assert client.get(kind.removeprefix(BASE.rstrip("/"))).json()["status"] == 404


def test_a_fault_of_ours_is_a_500_problem_that_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """No address is known to fail, so the edge gets an application that does."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("secret of /etc/passwd")

    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    edge = Edge(
        broken, lease=contextlib.nullcontext, allowed=lambda _: ("GET",), on_error=lambda _: Response(b"{}", 500)
    )
    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}
    with caplog.at_level(logging.CRITICAL):
        asyncio.run(edge(scope, Request(scope).receive, send))
    start, body = messages[0], messages[1]
    assert start["status"] == 500
    names = {name for name, _ in start["headers"]}
    assert {name.lower().encode() for name in HEADERS} <= names
    assert b"secret" not in body["body"]


class TestConnections:
    """What is no request of HTTP/1.1 reaches no application; it gets a problem document all the same."""

    def ask(self, client: httpx.Client, sent: bytes) -> httpx.Response:  # noqa: F811
        """The one answer to raw bytes, after which the service must have closed or kept the connection in order."""
        host, port = client.base_url.host, client.base_url.port
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(sent)
            head, content = b"", b""
            while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                head += more
            head, _, content = head.partition(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").split("\r\n")
            fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
            length = int({name.lower(): value for name, value in fields}.get("content-length", 0))
            while len(content) < length and (more := connection.recv(65536)):
                content += more
        assert status.startswith("HTTP/1.1 ")
        return httpx.Response(int(status.split()[1]), headers=fields, content=content)

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
            (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
            (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
            (b"nonsense\r\n\r\n", 501),
            (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
            (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET /id/ä HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
            (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: x\r\nAccept: a\x00b\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400),
            (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400),
            (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * MAX_FIELDS + b"\r\n\r\n", 431),
            (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * MAX_FIELDS + b"\r\n", 431),
            (b"GET /" + b"a" * 66_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
            (b"GET /id/" + b"a" * 65_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /sparql?query=" + b"%20" * 22_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
            (b"GET /id/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /id/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /id/%00%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET http://evil.example/nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /nothing HTTP/1.1\r\nHost: x\r\nAccept: a/b\xff\xfe;\xe4\r\n\r\n", 404),
            (b"GET /nothing?%00%ff HTTP/1.1\r\nHost: x\r\n\r\n", 404),
            (b"GET /sparql?query=%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            (b"GET /doc/document/v1/d1?page=%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ],
    )  # fmt: skip
    def test_a_broken_request_gets_a_problem(self, client: httpx.Client, sent: bytes, status: int) -> None:  # noqa: F811
        answer = self.ask(client, sent)
        check_cors(answer)
        check_problem(answer, status)
        assert "set-cookie" not in answer.headers
        assert "passwd" not in answer.text

    @pytest.mark.parametrize(
        "sent",
        [
            b"GET /id/x%0d%0aX-Evil:1 HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
            b"GET /download/x%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /doc/document/v1/d1?page=2%0d%0aX-Evil:1 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /sparql?format=%0d%0aX-Evil:1&query=ASK{} HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /sparql?default-graph-uri=http://a/%0d%0aX-Evil:1&query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /resolve?office=a%0d%0aX-Evil:1&on=1900 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /linkset/x%0d%0aX-Evil:1 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /nothing HTTP/1.1\r\nHost: x%0d%0aX-Evil: 1\r\n\r\n",
        ],
    )
    def test_no_field_and_no_log_line_is_split_by_input(
        self,
        client: httpx.Client,  # noqa: F811
        caplog: pytest.LogCaptureFixture,
        sent: bytes,
    ) -> None:
        answer = self.ask(client, sent)
        assert "x-evil" not in answer.headers
        assert "X-Evil" not in answer.headers.get("location", "")
        assert not [record for record in caplog.records if "\n" in record.getMessage()]

    def test_options_may_ask_about_the_server(self, client: httpx.Client) -> None:  # noqa: F811
        answer = self.ask(client, b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.status_code == 204
        assert {"GET", "HEAD", "OPTIONS", "POST"} == set(answer.headers["allow"].split(", "))

    def test_a_request_after_another_on_one_connection_is_answered(self, client: httpx.Client) -> None:  # noqa: F811
        twice = b"HEAD /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 2
        with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as connection:
            connection.sendall(twice)
            got = b""
            while got.count(b"HTTP/1.1 200 OK") < 2:
                more = connection.recv(65536)
                assert more, got
                got += more

    def test_the_limits_of_a_head_count_for_each_request(self, client: httpx.Client) -> None:  # noqa: F811
        large = {"X-Large": "a" * (MAX_FIELDS - 2000)}
        assert [client.get("/robots.txt", headers=large).status_code for _ in range(3)] == [200, 200, 200]


def test_every_route_is_described() -> None:
    described = set(OPERATIONS)
    missing = {
        (method, route.path) for route in ROUTES if route.include_in_schema for method in route.methods or ()
    } - described
    assert not missing, "service/openapi.py tells nothing of them"
