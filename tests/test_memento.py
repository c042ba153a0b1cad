"""Memento (RFC 7089) over the snapshots kept, and 410 for what is gone: on a real port, three publications."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from service_fixtures import BROWSER, serving

from kg.history import History, Published
from kg.load import load
from service.app import ServiceConfig
from service.memento import http_date, stamp

BASE = "http://data.example/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def publish(out: Path, things: dict[str, str]) -> None:
    out.parent.mkdir(exist_ok=True)
    path = out.parent / "things.nt"
    path.write_text("".join(f'<{BASE}id/thing/{key}> <{LABEL}> "{value}" .\n' for key, value in things.items()))
    assert load([(path, None)], out, BASE).snapshot is not None


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history") / "out"
    publish(folder, {"kept": "first", "gone": "was here"})
    publish(folder, {"kept": "second", "gone": "was here", "x.ttl": "a name like a suffix"})
    publish(folder, {"kept": "third", "new": "new", "x.ttl": "a name like a suffix"})
    return folder


@pytest.fixture(scope="module")
def times(out: Path) -> tuple[Published, ...]:
    return History.open(out).publications()


@pytest.fixture(scope="module")
def http(out: Path) -> Iterator[httpx.Client]:
    with (
        serving(ServiceConfig(folder=out, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


def links(answer: httpx.Response) -> dict[str, list[str]]:
    """Targets by relation."""
    found: dict[str, list[str]] = {}
    for target, relations in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"]):
        for relation in relations.split():
            found.setdefault(relation, []).append(target)
    return found


def test_a_time_leads_to_the_state_that_was_published_then(http: httpx.Client, times: tuple[Published, ...]) -> None:
    told = {}
    for published in times:
        for seconds in (0, 0.5):
            wanted = published.time + timedelta(seconds=seconds)
            gate = http.get("/doc/thing/kept.nt", headers={"Accept-Datetime": http_date(wanted)})
            assert gate.status_code == 302
            assert gate.headers["location"] == f"/memento/{stamp(published.time)}/doc/thing/kept.nt"
            assert "accept-datetime" in gate.headers["vary"].lower()
            assert links(gate)["original"] == links(gate)["timegate"] == ["/doc/thing/kept.nt"]
            assert "memento-datetime" not in gate.headers
        memento = http.get(gate.headers["location"])
        assert memento.status_code == 200
        assert memento.headers["memento-datetime"] == http_date(published.time)
        assert memento.headers["last-modified"] == http_date(published.time)
        assert "immutable" in memento.headers["cache-control"]
        told[published.id] = memento.text
    assert ["first" in text for text in told.values()] == [True, False, False]
    assert ["third" in text for text in told.values()] == [False, False, True]


def test_times_before_all_and_after_all_lead_to_the_first_and_the_last(
    http: httpx.Client, times: tuple[Published, ...]
) -> None:
    for wanted, published in (
        (datetime(1900, 1, 1, tzinfo=UTC), times[0]),
        (datetime(2200, 1, 1, tzinfo=UTC), times[-1]),
    ):
        gate = http.get("/doc/thing/kept", headers={"Accept-Datetime": http_date(wanted)})
        assert gate.headers["location"] == f"/memento/{stamp(published.time)}/doc/thing/kept"


@pytest.mark.parametrize(
    "wrong", ["", "yesterday", "2026-01-01", "Thu, 32 May 2007 20:35:00 GMT", "Thu, 31 May 2007 20:35:00 +0200"]
)
def test_what_is_no_date_is_400(http: httpx.Client, wrong: str) -> None:
    answer = http.get("/doc/thing/kept", headers={"Accept-Datetime": wrong})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/problems/bad-request")


def test_a_memento_links_to_those_beside_it(http: httpx.Client, times: tuple[Published, ...]) -> None:
    first, second, third = (f"/memento/{stamp(row.time)}/doc/thing/kept" for row in times)
    answer = http.get(second, headers={"Accept": "text/turtle"})
    found = links(answer)
    assert found["original"] == found["timegate"] == ["/doc/thing/kept"]
    assert found["timemap"] == ["/timemap/link/doc/thing/kept"]
    assert found["prev"] == [first]
    assert found["next"] == [third]
    assert found["first"] == [first]
    assert found["last"] == [third]
    assert found["memento"] == [first, second, third]
    assert answer.headers["content-location"] == f"{second}.ttl"
    assert http.get(f"{second}.ttl").content == answer.content
    page = http.get(second, headers={"Accept": BROWSER}).text
    assert "As of" in page
    assert "This is what the data of that time say." in page
    assert f'href="{second}.jsonld"' in page
    assert "prev" not in links(http.get(first))
    assert "next" not in links(http.get(third))


def test_the_present_document_says_where_its_past_is(http: httpx.Client) -> None:
    found = links(http.get("/doc/thing/kept.ttl"))
    assert found["timegate"] == found["original"] == ["/doc/thing/kept.ttl"]
    assert found["timemap"] == ["/timemap/link/doc/thing/kept.ttl"]


def test_the_timemap_lists_the_snapshots_that_have_the_thing(http: httpx.Client, times: tuple[Published, ...]) -> None:
    def listed(path: str) -> list[str]:
        answer = http.get(f"/timemap/link/doc/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/link-format"
        rows = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; datetime="([^"]*)")?', answer.text)
        assert rows[0][:2] == (f"/doc/{path}", "original timegate")
        assert rows[1][:2] == (f"/timemap/link/doc/{path}", "self")
        found = [target for target, relations, _ in rows if "memento" in relations.split()]
        assert all(http.get(target).status_code == 200 for target in found)
        return [target.split("/")[2] for target in found]

    first, second, third = (stamp(row.time) for row in times)
    assert listed("thing/kept") == [first, second, third]
    assert listed("thing/kept.ttl") == [first, second, third]
    assert listed("thing/new") == [third]
    assert listed("thing/gone") == [first, second]
    assert listed("thing/x.ttl") == [second, third]
    told = http.get("/timemap/link/doc/thing/gone", headers={"Accept": "application/json"}).json()
    assert [row["uri"] for row in told["mementos"]["list"]] == [
        f"/memento/{first}/doc/thing/gone",
        f"/memento/{second}/doc/thing/gone",
    ]
    assert http.get("/timemap/link/doc/thing/none").status_code == 404


@pytest.mark.parametrize("path", ["/id/thing/gone", "/doc/thing/gone", "/doc/thing/gone.ttl"])
def test_what_is_withdrawn_is_410_with_its_last_state(
    http: httpx.Client, times: tuple[Published, ...], path: str
) -> None:
    last = f"/memento/{stamp(times[1].time)}/doc/thing/gone"
    answer = http.get(path)
    assert answer.status_code == 410
    problem = answer.json()
    assert problem["type"] == f"{BASE}problems/gone"
    assert problem["memento"] == last
    assert problem["withdrawn"] == times[2].time.isoformat()
    assert links(answer)["memento"] == [last]
    assert http.get(last, headers={"Accept": "text/turtle"}).text.count('"was here"') == 1
    page = http.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 410
    assert f'href="{last}"' in page.text
    gate = http.get("/doc/thing/gone", headers={"Accept-Datetime": http_date(times[0].time)})
    assert gate.headers["location"] == f"/memento/{stamp(times[0].time)}/doc/thing/gone"


def test_a_time_without_a_snapshot_and_a_thing_that_was_not_there_are_404(
    http: httpx.Client, times: tuple[Published, ...]
) -> None:
    first = stamp(times[0].time)
    for path in ("/memento/19000101000000/doc/thing/kept", f"/memento/{first}/doc/thing/new", f"/memento/{first}/doc/"):
        assert http.get(path).status_code == 404
    assert http.get("/doc/thing/none", headers={"Accept-Datetime": http_date(times[0].time)}).status_code == 404


def test_more_snapshots_than_stay_open_can_be_asked_in_turn(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(out, copy, symlinks=True)
    publish(copy, {"kept": "fourth"})
    publish(copy, {"kept": "fifth"})
    words = ["first", "second", "third", "fourth", "fifth"]
    with (
        serving(ServiceConfig(folder=copy, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        for _ in range(2):
            for word, published in zip(words, History.open(copy).publications(), strict=True):
                assert f'"{word}"' in client.get(f"/memento/{stamp(published.time)}/doc/thing/kept.nt").text
        # A snapshot that is taken away is no longer listed, and its time is not known.
        second = History.open(copy).publications()[1]
        shutil.rmtree(second.path)
        assert client.get(f"/memento/{stamp(second.time)}/doc/thing/kept.nt").status_code == 404
        assert stamp(second.time) not in client.get("/timemap/link/doc/thing/kept").text


def test_what_is_published_later_is_not_there_before_the_service_serves_it(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(out, copy, symlinks=True)
    with (
        serving(ServiceConfig(folder=copy, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        before = client.get("/timemap/link/doc/thing/kept").text
        publish(copy, {"kept": "later"})
        assert client.get("/timemap/link/doc/thing/kept").text == before
        assert client.get("/doc/thing/new.nt").status_code == 200
