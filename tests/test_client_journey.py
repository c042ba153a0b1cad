"""A reader's journey in Chromium, from the landing page to a file on disk, with JavaScript and again without it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from client_fixtures import Published, answer, need, triples
from page_fixtures import BROWSER, CHROMIUM

import service.pages

FIRST = "sample1931v01/d1"


@pytest.fixture(scope="module")
def seen(library: Published, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the reader saw (journey.mjs)."""
    need(shutil.which("node") and (BROWSER / "node_modules").is_dir(), "Playwright", "make clients")
    need(CHROMIUM, "Chromium", "a package of the system")
    folder = tmp_path_factory.mktemp("journey")
    told: dict[str, Any] = json.loads(answer("node", BROWSER / "journey.mjs", CHROMIUM or "", library.base, folder))
    return told


@pytest.fixture(params=["scripted", "plain"])
def reader(request: pytest.FixtureRequest, seen: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = seen[request.param]
    return told


def test_the_reader_goes_from_the_landing_page_to_a_file(reader: dict[str, Any], library: Published) -> None:
    # From the landing page through search to a document.
    assert reader["pages"][:3] == ["/", "/search?q=harbor+dues+treaty", f"/doc/document/{FIRST}.html"]
    assert reader["count"].startswith("1 of 7 documents")
    assert reader["heading"].startswith(reader["found"])

    # "Why?" opens a reason on the same page, and leads to the words.
    assert "inferred" not in reader["why"]
    assert "Certain" in reader["why"]
    assert reader["words"] in reader["heading"]

    # A person.
    assert reader["sender"] == reader["person"] == "Harrow, Minister in Veldria"

    # The map, with its table, and the query behind it, which finds all that was on it.
    assert reader["map"] == len(reader["places"]) >= 1
    assert "dgm:Document" in reader["query"]
    assert reader["rows"] == library.rows(reader["query"]).total() == library.snapshot.manifest.counts["documents"]

    # A file, whole and in Turtle.
    taken = triples(Path(reader["file"]).read_bytes(), ox.RdfFormat.TURTLE)
    document = ox.NamedNode(f"{library.base}id/document/{FIRST}")
    assert {triple for triple in taken if triple.subject == document} == _stated(library, document)


def _stated(library: Published, document: ox.NamedNode) -> set[ox.Triple]:
    return {quad.triple for quad in library.store.quads_for_pattern(document, None, None, None)}


def test_the_editor_runs_an_example(seen: dict[str, Any], library: Published) -> None:
    told = seen["scripted"]
    assert told["editor"] == service.pages.EDITOR.exists()
    if not told["editor"]:
        pytest.skip("the editor was not built: set-up found no Node")
    text = (Path(service.pages.__file__).parent.parent / "ontology" / "examples" / "documents-by-year.rq").read_text()
    assert len(told["example"]) == library.rows(text).total() >= 1


def test_no_request_leaves_the_machine_and_the_browser_complains_of_nothing(
    reader: dict[str, Any], library: Published
) -> None:
    assert [address for address in reader["asked"] if not address.startswith(library.base)] == []
    assert reader["asked"]
    assert reader["complaints"] == []


def test_without_scripts_none_is_asked_for(seen: dict[str, Any]) -> None:
    assert [address for address in seen["plain"]["asked"] if address.endswith(".js")] == []
