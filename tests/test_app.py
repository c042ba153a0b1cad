"""The service as a whole: configuration, every route's manners, health, start and stop."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from service_fixtures import BASE, BROWSER, client, folder  # noqa: F401

from kg.errors import SnapshotError
from service.app import ROOMS, SETTINGS, ServiceConfig, create_app
from service.problems import TABLE

PATHS = [
    "/", "/sparql", "/ontology", "/ontology.ttl", "/ontology/context.jsonld", "/shapes", "/report", "/download/",
    "/download/dragoman.nq", "/doc/document/v1/d1", "/doc/document/v1/d1.html", "/health", "/robots.txt",
    "/static/style.css", "/static/favicon.svg", "/problems/not-found", "/openapi.json",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_headers_of_get_and_no_body(client: httpx.Client, path: str) -> None:  # noqa: F811
    get, head = client.get(path), client.head(path)
    assert get.status_code == 200
    assert head.status_code == 200
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/id/document/v1/d1"])
def test_every_answer_has_cors_and_security_headers(client: httpx.Client, path: str) -> None:  # noqa: F811
    for answer in (client.get(path), client.put(path), client.get(path, headers={"Accept": "image/png"})):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.status_code < 500


def test_every_route_that_answers_get_answers_head() -> None:
    for room in ROOMS:
        routes = [route for route in room.routes if isinstance(route, APIRoute)]
        for path in {route.path for route in routes if "GET" in route.methods}:
            assert any("HEAD" in route.methods for route in routes if route.path == path)


@pytest.mark.parametrize("path", ["/", "/ontology", "/id/document/v1/d1", "/health", "/download/dragoman.nq"])
def test_a_method_that_is_not_there_is_405_with_allow(client: httpx.Client, path: str) -> None:  # noqa: F811
    answer = client.delete(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["allowed"] == ["GET", "HEAD", "OPTIONS"]
    assert client.options(path).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/", "/sparql", "/ontology", "/shapes", "/report", "/download/", "/doc/volume/v1"])
def test_pages_hold_no_script_of_their_own_and_name_no_other_host_for_their_parts(
    client: httpx.Client,  # noqa: F811
    path: str,
) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r'<script(?! src="/static/editor\.js" defer></script>)', answer.text)
    for forbidden in ("<style", " style=", 'src="http', 'rel="stylesheet" href="http', "onclick"):
        assert forbidden not in answer.text


def test_every_kind_of_problem_has_a_page(client: httpx.Client) -> None:  # noqa: F811
    for kind in TABLE.values():
        facts = client.get(f"/problems/{kind.slug}").json()
        assert facts["status"] == kind.status
        assert facts["type"] == f"{BASE}problems/{kind.slug}"
        assert kind.title in client.get(f"/problems/{kind.slug}", headers={"Accept": BROWSER}).text
    assert client.get("/problems/none").status_code == 404


def test_health_tells_the_snapshot_and_asks_a_worker(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    facts = client.get("/health").json()
    assert facts["status"] == "ok"
    assert facts["snapshot"] == (folder / "current").resolve().name
    assert facts["base_iri"] == BASE


def test_the_first_page_lists_the_volumes(client: httpx.Client) -> None:  # noqa: F811
    page = client.get("/", headers={"Accept": BROWSER}).text
    assert 'href="/id/volume/v1"' in page
    assert "A volume" in page
    turtle = client.get("/", headers={"Accept": "text/turtle"})
    assert turtle.status_code == 303
    assert client.get(turtle.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/%00", "/id/%00", "/doc/%ff%fe", "/%0d%0aX-Evil:%201", "/id/" + "a/" * 2000, "//", "/doc/"]
)
def test_odd_paths_are_404_problems(client: httpx.Client, path: str) -> None:  # noqa: F811
    answer = client.send(client.build_request("GET", httpx.URL(str(client.base_url).rstrip("/") + path)))
    assert answer.status_code == 404
    assert "x-evil" not in answer.headers


def test_settings_come_from_the_environment_and_arguments_go_before() -> None:
    environ = {"DRAGOMAN_QUERY_SECONDS": "2.5", "DRAGOMAN_WORKERS": "7", "DRAGOMAN_QUEUE": " 9 ", "OTHER": "x"}
    config = ServiceConfig.from_environ(environ, folder=Path("x"))
    assert (config.query_seconds, config.workers, config.queue) == (2.5, 7, 9)
    assert ServiceConfig.from_environ(environ, folder=Path("x"), workers=3).workers == 3
    assert ServiceConfig.from_environ({}, folder=Path("x")).workers >= 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (variable, value)
        for variable, _ in SETTINGS.values()
        for value in ("x", "0", "-1", "1e99", "nan", "inf")
        if (variable, value) != ("DRAGOMAN_CACHE_MB", "0")  # none may be kept
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    with pytest.raises(ValueError, match=variable):
        ServiceConfig.from_environ({variable: value}, folder=Path("x"))


def test_without_a_snapshot_there_is_no_service(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        create_app(ServiceConfig(folder=tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="systemd is of Linux, and Windows has no such sockets in Python")
def test_systemd_is_told_once_the_service_answers(folder: Path, tmp_path: Path) -> None:  # noqa: F811
    command = [sys.executable, "-m", "kg.cli", "serve", str(folder), "--port", "0", "--workers", "1"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}
        ) as process:
            assert systemd.recv(100) == b"READY=1"
            assert process.stdout
            url = process.stdout.readline().strip().rpartition(" ")[2]
            assert httpx.get(f"{url}health", trust_env=False).status_code == 200
            process.send_signal(signal.SIGTERM)


def test_serve_prints_its_address_when_it_answers_and_stops_on_a_signal(folder: Path) -> None:  # noqa: F811
    code = (
        "import os, pathlib, sys; from service.app import Listening, ServiceConfig, serve;"
        "serve(ServiceConfig.from_environ(os.environ, folder=pathlib.Path(sys.argv[1])), Listening(port=0))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DRAGOMAN_WORKERS": "1"},
    )
    with process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.strip().rpartition(" ")[2]
        assert httpx.get(f"{url}health", trust_env=False).json()["status"] == "ok"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) in (0, -signal.SIGINT)
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_importing_the_service_loads_no_xml_no_rdflib_and_no_shacl() -> None:
    code = "import sys, service.app; print([m for m in ('lxml', 'rdflib', 'pyshacl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
