"""A browser as a client: a reader who opens pages, and a program on a page of another origin."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from client_fixtures import CLIENTS, DOCUMENT, Published, answer, need, rows_of, triples

FOLDER = CLIENTS / "browser"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TITLES = "SELECT ?s ?title { ?s <http://purl.org/dc/terms/title> ?title }"


class _Elsewhere(BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b'<!DOCTYPE html><title>Elsewhere</title><link rel="icon" href="data:,">')

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of a page of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def seen(service: Published, elsewhere: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one visit saw (visit.mjs)."""
    need(shutil.which("node") and (FOLDER / "node_modules").is_dir(), "Playwright", "make clients")
    need(CHROMIUM, "Chromium", "a package of the system")
    folder = tmp_path_factory.mktemp("browser")
    printed = answer("node", FOLDER / "visit.mjs", CHROMIUM or "", service.base, elsewhere, folder)
    told: dict[str, Any] = json.loads(printed)
    return told


def test_a_reader_goes_from_the_first_page_to_a_document(seen: dict[str, Any], service: Published) -> None:
    title = next(
        str(row["title"].value)
        for row in service.store.query(
            f"SELECT ?title {{ <{service.base}{DOCUMENT}> <http://purl.org/dc/terms/title> ?title }}",
            use_default_graph_as_union=True,
        )
    )
    assert "Dragoman" in seen["landing"]
    assert seen["volume"]["url"] == f"{service.base}doc/volume/sample1931v01.html"
    assert seen["document"]["url"] == f"{service.base}{DOCUMENT.replace('id/', 'doc/')}.html"
    assert title in seen["document"]["title"]
    assert title in seen["document"]["text"]
    assert seen["styled"]


def test_what_is_not_there_is_a_page_that_says_so(seen: dict[str, Any]) -> None:
    assert seen["missing"] == {"status": 404, "type": "text/html; charset=utf-8"}


def test_the_form_answers_and_tells_errors_without_losing_the_query(seen: dict[str, Any], service: Published) -> None:
    assert len(seen["rows"]) == service.rows(TITLES).total()
    assert "line 1" in seen["malformed"]
    assert seen["kept"].strip() == "SELECT nonsense"


def test_the_editor_answers_as_the_form_does(seen: dict[str, Any]) -> None:
    if not seen["editor"]:
        pytest.skip("no editor was built here: `make setup` does it where there is Node")
    assert seen["edited"] == seen["rows"]


def test_a_download_is_saved_under_its_name(seen: dict[str, Any], service: Published) -> None:
    path = Path(seen["download"])
    assert path.name == "dragoman.ttl"
    assert triples(path.read_bytes(), ox.RdfFormat.TURTLE) == service.graphs()


def test_the_browser_complains_of_nothing_but_the_errors_that_were_asked_for(seen: dict[str, Any]) -> None:
    statuses = [re.search(r"the server responded with a status of (\d+)", text) for text in seen["complaints"]]
    assert [found and found[1] for found in statuses] == ["404", "400", "404"], "\n".join(seen["complaints"])


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_program_of_another_origin_asks(seen: dict[str, Any], service: Published, way: str) -> None:
    answered = seen["cors"][way]
    assert answered["status"] == 200
    assert rows_of(answered["text"], ox.QueryResultsFormat.JSON) == service.rows(TITLES)


def test_a_program_of_another_origin_follows_an_iri(seen: dict[str, Any], service: Published) -> None:
    document = seen["cors"]["document"]
    assert (document["status"], document["redirected"]) == (200, True)
    assert document["url"] == f"{service.base}{DOCUMENT.replace('id/', 'doc/')}.ttl"
    assert triples(document["text"], ox.RdfFormat.TURTLE) == service.described()
    assert {"content-type", "etag", "link", "last-modified"} <= set(document["headers"])


def test_a_program_of_another_origin_sends_conditions_and_ranges(seen: dict[str, Any], service: Published) -> None:
    assert (seen["cors"]["again"]["status"], seen["cors"]["again"]["text"]) == (304, "")
    part = seen["cors"]["part"]
    assert (part["status"], part["text"].encode()) == (206, service.snapshot.data.read_bytes()[:100])


def test_a_program_of_another_origin_can_read_errors(seen: dict[str, Any]) -> None:
    for name, status in (("malformed", 400), ("missing", 404)):
        told = seen["cors"][name]
        assert told["status"] == status
        assert json.loads(told["text"])["status"] == status
