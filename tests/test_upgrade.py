"""Requests that offer another protocol (RFC 9110, 7.8), byte by byte on a socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from service_fixtures import folder, serving  # noqa: F401

from service.app import ServiceConfig

QUERY = b"ASK { ?s ?p ?o }"
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
SIZED = b"Content-Length: %d\r\n\r\n%s" % (len(QUERY), QUERY)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (QUERY[:5], len(QUERY) - 5, QUERY[5:])


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[tuple[str, int]]:  # noqa: F811
    with serving(ServiceConfig(folder=folder, workers=1)) as (served, _):
        host, _, port = served.partition(":")
        yield host, int(port)


@pytest.fixture
def line(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=20) as connected:
        yield connected


def post(body: bytes, offer: bytes = OFFER) -> bytes:
    return b"POST /sparql HTTP/1.1\r\nHost: data.example\r\nContent-Type: application/sparql-query\r\n" + offer + body


def answer(line: socket.socket) -> tuple[int, bytes]:
    response = HTTPResponse(line)
    response.begin()
    return response.status, response.read()


def says_yes(line: socket.socket) -> bool:
    status, body = answer(line)
    assert status == 200, body
    return json.loads(body)["boolean"] is True


@pytest.mark.parametrize("body", [SIZED, CHUNKED], ids=["sized", "chunked"])
@pytest.mark.parametrize(
    "offer",
    [OFFER, OFFER.replace(b"Upgrade, ", b"keep-alive, Upgrade,"), b"Connection: upgrade\r\nUpgrade: websocket\r\n"],
)
def test_an_offer_takes_no_body_away(line: socket.socket, body: bytes, offer: bytes) -> None:
    line.sendall(post(body, offer))
    assert says_yes(line)


@pytest.mark.parametrize("body", [SIZED, CHUNKED], ids=["sized", "chunked"])
def test_a_request_may_come_in_pieces(line: socket.socket, body: bytes) -> None:
    request = post(body)
    for start in range(0, len(request), 7):
        line.sendall(request[start : start + 7])
    assert says_yes(line)


def test_the_connection_goes_on(line: socket.socket) -> None:
    for offer in (OFFER, b"", OFFER):
        line.sendall(post(SIZED, offer))
        assert says_yes(line)
    line.sendall(b"GET /health HTTP/1.1\r\nHost: data.example\r\n" + OFFER + b"\r\n")
    status, body = answer(line)
    assert (status, json.loads(body)["status"]) == (200, "ok")


def test_close_is_still_heard_beside_an_offer(line: socket.socket) -> None:
    line.sendall(post(SIZED, OFFER.replace(b"Upgrade, ", b"close, Upgrade, ")))
    assert says_yes(line)
    assert line.recv(1) == b""


@pytest.mark.parametrize(
    "request_",
    [b"CONNECT data.example:80 HTTP/1.1\r\nHost: data.example:80\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
)
def test_what_is_no_request_for_us_is_refused(line: socket.socket, request_: bytes) -> None:
    line.sendall(request_)
    status, _ = answer(line)
    assert 400 <= status < 500
