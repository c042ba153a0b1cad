"""axe-core as a client: every kind of page, wide and light, narrow and dark, by WCAG 2.2 AA and good practice."""

from __future__ import annotations

import json
import shutil
from typing import Any, Final

import httpx
import pytest
from client_fixtures import Published, need, run
from page_fixtures import BROWSER, CHROMIUM, MISTAKES, pages_of

LARGEST: Final = 100_000
"""Bytes of an ordinary document page with all that it loads."""


@pytest.fixture(scope="module")
def seen(library: Published) -> dict[str, Any]:
    """What axe.mjs says of each page."""
    need(shutil.which("node") and (BROWSER / "node_modules" / "axe-core").is_dir(), "axe-core", "make clients")
    need(CHROMIUM, "Chromium", "a package of the system")
    paths = pages_of(library)
    done = run("node", BROWSER / "axe.mjs", CHROMIUM or "", library.base, *paths, seconds=600)
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    assert len(told) == 2 * len(set(paths))
    return told


@pytest.mark.parametrize(
    "fault", ["violations", "twice", "nowhere", "elsewhere"], ids=["axe", "ids", "fragments", "hosts"]
)
def test_no_page_has_the_fault(seen: dict[str, Any], fault: str) -> None:
    assert {page: told[fault] for page, told in seen.items() if told[fault]} == {}


def test_no_page_is_wider_than_its_window(seen: dict[str, Any]) -> None:
    assert {page: told["wider"] for page, told in seen.items() if told["wider"] > 0} == {}


def test_the_browser_complains_of_nothing_but_what_is_answered_with_an_error(seen: dict[str, Any]) -> None:
    assert {page.split(" ")[0] for page, told in seen.items() if told["complaints"]} == set(MISTAKES)


def test_a_document_page_is_small_with_all_that_it_loads(library: Published) -> None:
    with httpx.Client(base_url=library.base, trust_env=False) as http:
        page = http.get("doc/document/sample1931v01/d1.html")
        loaded = [http.get(f"static/{name}") for name in ("style.css", "favicon.svg")]
        assert sum(len(answer.content) for answer in (page, *loaded)) < LARGEST
        assert "<script src" not in page.text


def test_a_reader_without_scripts_goes_from_a_conclusion_to_its_words_and_from_note_to_mark(library: Published) -> None:
    need(shutil.which("node") and (BROWSER / "node_modules").is_dir(), "Playwright", "make clients")
    need(CHROMIUM, "Chromium", "a package of the system")
    done = run("node", BROWSER / "reader.mjs", CHROMIUM or "", library.base, "doc/document/sample1931v01/d1.html")
    assert done.returncode == 0, done.stderr.decode()
    why, words, note, mark, *_, following = json.loads(done.stdout)
    own = "doc/document/sample1931v01/d1.html"
    assert why.startswith(f"{own}#why-")
    assert words.startswith(f"{own}#at-")
    assert (note, mark) == (f"{own}#fn1", f"{own}#fn1-mark")
    assert following == "doc/document/sample1931v01/d2.html"
