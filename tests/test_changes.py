"""`/changes`: ActivityStreams over the publications of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from service_fixtures import BROWSER, serving

from kg.load import load
from service import changes
from service.app import ServiceConfig

BASE = "http://data.example/"
STREAM = {"Accept": "application/ld+json"}


def publish(out: Path, things: dict[str, int]) -> None:
    lines = "".join(f'<{BASE}id/thing/{name}> <{BASE}p> "{value}" .\n' for name, value in things.items())
    (out.parent / "a.nt").write_text(lines, encoding="utf-8")
    assert load([(out.parent / "a.nt", None)], out, BASE).snapshot


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Three publications: `t0` to `t9`; all of them changed, and `new`; none but `t1`, as at first, and `new`."""
    out = tmp_path_factory.mktemp("changes") / "out"
    first = {f"t{number}": 0 for number in range(10)}
    publish(out, first)
    publish(out, {**dict.fromkeys(first, 1), "new": 0})
    publish(out, {"t1": 0, "new": 0})
    config = ServiceConfig(folder=out, workers=1)
    with serving(config) as (address, _), httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as it:
        yield it


@pytest.fixture
def pages(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """All pages, as a harvester goes through them: from the first on by `next`."""
    monkeypatch.setattr(changes, "PAGE_SIZE", 4)
    page = http.get("/changes", headers=STREAM).json()["first"]
    found = []
    while page:
        found.append(http.get(page["id"].removeprefix(BASE.rstrip("/")), headers=STREAM).json())
        page = found[-1].get("next")
    return found


def things(items: list[dict[str, dict[str, str]]]) -> list[tuple[object, str]]:
    return [(item["type"], item["object"]["id"].removeprefix(f"{BASE}id/")) for item in items]


def test_the_pages_have_every_change_in_order(http: httpx.Client, pages: list[dict[str, list[object]]]) -> None:
    items = [item for page in pages for item in page["orderedItems"]]
    told = things(items)  # type: ignore[arg-type]
    assert told[0] == ("Create", "dataset/dragoman")
    assert [row for row in told if row[1].startswith("thing/")] == [
        ("Create", "thing/new"),
        *(("Update", f"thing/t{number}") for number in range(10)),
        ("Delete", "thing/t0"),
        ("Update", "thing/t1"),
        *(("Delete", f"thing/t{number}") for number in range(2, 10)),
    ]
    collection = http.get("/changes", headers=STREAM).json()
    assert collection["type"] == "OrderedCollection"
    assert collection["totalItems"] == len(items)
    assert collection["last"]["id"] == pages[-1]["id"]
    times = [item["published"] for item in items]  # type: ignore[index]
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_the_pages_are_chained_both_ways(pages: list[dict[str, object]]) -> None:
    start = 0
    for before, page in zip([None, *pages], pages, strict=False):
        assert page["type"] == "OrderedCollectionPage"
        assert page.get("prev") == (before and {"id": before["id"], "type": "OrderedCollectionPage"})
        assert page["startIndex"] == start
        items = page["orderedItems"]
        assert isinstance(items, list)
        assert 0 < len(items) <= 4
        start += len(items)


def test_what_went_is_a_tombstone(pages: list[dict[str, list[dict[str, dict[str, str]]]]]) -> None:
    gone = [item for page in pages for item in page["orderedItems"] if item["type"] == "Delete"]  # type: ignore[comparison-overlap]
    assert gone
    assert all(item["object"]["type"] == "Tombstone" and item["object"]["deleted"] for item in gone)


def test_it_is_negotiated(http: httpx.Client) -> None:
    for path in ("/changes", "/changes/2/1"):
        for media_type in ("application/ld+json", "application/activity+json", "application/json"):
            answer = http.get(path, headers={"Accept": media_type})
            assert answer.headers["content-type"] == media_type
            assert answer.json()["@context"] == "https://www.w3.org/ns/activitystreams"
        page = http.get(path, headers={"Accept": BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "/changes/" in page.text
        assert http.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", ["0/1", "1/0", "1/2", "4/1", "2/99", "x/1", "1/x", "-1/1", "1/1/1", "01/1", "%00/1"])
def test_there_is_no_other_page(http: httpx.Client, path: str) -> None:
    assert http.get(f"/changes/{path}", headers=STREAM).status_code == 404
