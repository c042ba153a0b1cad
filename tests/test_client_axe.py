"""axe-core as a client: every kind of page, wide and light, narrow and dark, by WCAG 2.2 AA and good practice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pyoxigraph as ox
import pytest
from client_fixtures import CLIENTS, SAMPLES, Published, need, published, run

FOLDER = CLIENTS / "browser"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LARGEST: Final = 100_000
"""Bytes of an ordinary document page with all that it loads."""
PAGES: Final = (
    "", "search", "search?view=timeline", "search?view=map", "search?view=network", "search?q=zzzzqqq&after=1931",
    "resolve", "resolve?office=Secretary+of+State&on=1934-03-01", "sparql", "ontology", "ontology/alignment",
    "shapes", "report", "download/", "changes", "doc/document/sample1931v01/d999", "doc/dataset/dragoman.html",
)  # fmt: skip
KINDS: Final = (
    "Document", "Volume", "Division", "Page", "Footnote", "Party", "Sending", "Citation", "Inference", "Passage",
    "InferredMention", "Rule", "Person", "Office", "Place", "Mission", "State", "FileUnit", "TermOfOffice",
    "RelationEvent", "Source",
)  # fmt: skip
LINKED: Final = (
    "SELECT ?s { ?s a <https://w3id.org/dragoman/ontology#$kind> OPTIONAL { ?other ?p ?s } }"
    " GROUP BY ?s ORDER BY DESC(COUNT(?other)) ?s"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The samples with the registers, which have offices, terms and states."""
    with published([SAMPLES], tmp_path_factory.mktemp("axe"), registers=True) as served:
        yield served


def _things(site: Published) -> list[str]:
    """The page of one thing of each kind: of that to which most points."""
    found = []
    for kind in KINDS:
        solutions = site.store.query(LINKED.replace("$kind", kind), use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        things = [str(row["s"].value) for row in solutions]
        assert things, kind
        found.append(f"doc/{things[0].removeprefix(site.base + 'id/')}.html")
    return found


@pytest.fixture(scope="module")
def seen(site: Published) -> dict[str, Any]:
    """What axe.mjs says of each page."""
    need(shutil.which("node") and (FOLDER / "node_modules" / "axe-core").is_dir(), "axe-core", "make clients")
    need(CHROMIUM, "Chromium", "a package of the system")
    done = run("node", FOLDER / "axe.mjs", CHROMIUM or "", site.base, *PAGES, *_things(site), seconds=600)
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    assert len(told) == 2 * (len(PAGES) + len(KINDS))
    return told


@pytest.mark.parametrize(
    "fault", ["violations", "twice", "nowhere", "elsewhere"], ids=["axe", "ids", "fragments", "hosts"]
)
def test_no_page_has_the_fault(seen: dict[str, Any], fault: str) -> None:
    assert {page: told[fault] for page, told in seen.items() if told[fault]} == {}


def test_no_page_is_wider_than_its_window(seen: dict[str, Any]) -> None:
    assert {page: told["wider"] for page, told in seen.items() if told["wider"] > 0} == {}


def test_the_browser_complains_of_nothing_but_the_page_that_is_missing(seen: dict[str, Any]) -> None:
    assert {page for page, told in seen.items() if told["complaints"]} == {
        page for page in seen if page.startswith("doc/document/sample1931v01/d999 ")
    }


def test_a_document_page_is_small_with_all_that_it_loads(site: Published) -> None:
    with httpx.Client(base_url=site.base, trust_env=False) as http:
        page = http.get("doc/document/sample1931v01/d1.html")
        loaded = [http.get(f"static/{name}") for name in ("style.css", "favicon.svg")]
        assert sum(len(answer.content) for answer in (page, *loaded)) < LARGEST
        assert "<script src" not in page.text
