"""The letters between posts and the threads of answers: tables, pages, queries, and what is nonsensical."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
from client_fixtures import SAMPLES, Published, published
from lxml import etree

from kg.correspondence import threads
from kg.snapshot import Snapshot
from kg.vocabulary import DGM
from service import figures
from service.posts import Posts, Question, Spread, by_wire, hours_of, pairs_of, unusual, years_of

GEXF = "{http://gexf.net/1.3}"
RENAMED = {
    "sample1931v01": "letters1931v01",
    "Minister in Veldria": "Ambassador in Mexico",
    "Veldria": "Mexico",
    "Harrow": "Clark",
    "Almar": "Mexico City",
    "Received March 3": "Received March 1",
}
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The first sample as if it were of Mexico, of which the registers know the ambassador."""
    folder = tmp_path_factory.mktemp("letters")
    volume, text = folder / "letters1931v01.xml", (SAMPLES / "sample1931v01.xml").read_text(encoding="utf-8")
    for word, other in RENAMED.items():
        text = text.replace(word, other)
    volume.write_text(text, encoding="utf-8")
    with published([volume], folder / "published", registers=True) as served:
        yield served


@pytest.fixture(scope="module")
def http(library: Published) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=library.base, trust_env=False, timeout=60) as client:
        yield client


def rows(http: httpx.Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(http.get(address, headers={"Accept": "text/csv"}).text)))


def test_answers_join_documents_to_threads_and_rings_end() -> None:
    assert threads([]) == []
    assert threads([(2, 1), (3, 2), (4, 2), (9, 8)]) == [([1, 2, 3, 4], 3), ([8, 9], 2)]
    joined, longest = threads([(1, 2), (2, 3), (3, 1)])[0]
    assert joined == [1, 2, 3]
    assert longest == 3


def test_quartiles_of_days_and_what_lies_outside() -> None:
    spread = Spread.of([1, 2, 3, 4, 5])
    assert (spread.lower, spread.median, spread.upper) == (2, 3, 4)
    assert Spread.of([7]) == Spread(number=1, least=7, lower=7, median=7, upper=7, most=7)
    assert [days for days in (-1, 0, 11, 12) if spread.unusual(days)] == [-1, 12]


def letter(days: int | None, sent: str = "1934-03-13") -> dict[str, object]:
    names = {
        "kind": None,
        "hours": None,
        "from_key": "a",
        "to_key": "b",
        "from_label": "A",
        "to_label": "B",
        "stated": 0,
    }
    return {**names, "id": 1, "days": days, "sent": sent}


def test_a_letter_received_before_it_was_sent_is_shown_first() -> None:
    letters = [letter(2), letter(3), letter(3), letter(2), letter(3), letter(90), letter(-1), letter(None)]
    assert [row["days"] for row in unusual(letters)] == [-1, 90]
    assert years_of([letter(2), letter(4, "1935-01-01"), letter(None, "1936-01-01")]).keys() == {"1934", "1935"}
    (pair,) = pairs_of(letters)
    assert (pair.letters, pair.spread and pair.spread.number) == (8, 7)


def test_telegrams_are_parted_from_the_others_and_counted_in_hours_where_both_times_are_told() -> None:
    wired = [{**letter(1), "kind": DGM.telegram, "hours": hours} for hours in (3.5, -2.0, None)]
    telegrams, others = by_wire([*wired, letter(20)])
    assert (len(telegrams), [row["days"] for row in others]) == (3, [20])
    spread = hours_of(telegrams)
    assert spread
    assert (spread.number, spread.least, spread.most) == (2, -2.0, 3.5)
    assert hours_of(others) is None


def test_the_rows_of_latency_have_hours_and_say_which_are_unusual(http: httpx.Client) -> None:
    own = rows(http, "correspondence?view=latency&format=csv")
    assert {row["unusual"] for row in own if int(row["days"]) < 0} == {"true"}
    for row in own:
        assert bool(row["hours"]) == ("T" in row["sent"] and "T" in row["received"])
        if row["hours"]:
            sent, received = (datetime.fromisoformat(row[name][:16]) for name in ("sent", "received"))
            assert float(row["hours"]) == pytest.approx((received - sent).total_seconds() / 3600, abs=0.06)
    page = http.get("correspondence?view=latency", headers=PAGE).text
    assert "By wire, and otherwise" in page


@pytest.mark.parametrize("unit", ["office", "state", "place"])
def test_the_query_behind_a_view_gives_the_same_rows(http: httpx.Client, unit: str) -> None:
    times = ("", "&after=1931-03-02", "&before=1931-03-02")
    for view, time in itertools.product(("network", "documents", "latency"), times):
        address = f"correspondence?unit={unit}&view={view}{time}"
        own = rows(http, f"{address}&format=csv")
        found = re.search(r'sparql\?query=([^"]+)"', http.get(address, headers=PAGE).text)
        assert found
        asked = rows(http, f"sparql?query={html.unescape(found[1])}")
        columns = ("from", "to", "documents" if view == "network" else "document")
        assert {tuple(row[name] for name in columns) for row in own} == {
            tuple(row[name] for name in columns) for row in asked
        }
        assert len(own) == len(asked)
        assert own or time
        if not time and view == "latency":
            assert -1 in {int(row["days"]) for row in own}


def test_the_denominator_is_in_sight_and_a_time_narrows_it(http: httpx.Client) -> None:
    every = json.loads(http.get("search?format=json").text)
    page = " ".join(http.get("correspondence", headers=PAGE).text.split())
    told = {row["document"] for row in rows(http, "correspondence?view=documents&format=csv")}
    assert f"Of {len(every):,} documents <strong>{len(told):,}</strong> tell both posts" in page
    nothing = http.get("correspondence?after=2099", headers=PAGE)
    assert nothing.status_code == 200
    assert "Nothing is found" in nothing.text


def test_a_thread_has_all_documents_that_answer_one_another(http: httpx.Client, library: Published) -> None:
    listed = rows(http, "correspondence?view=threads&format=csv")
    assert listed
    document = listed[0]["document"].removeprefix(f"{library.base}id/document/")
    page = http.get(f"correspondence/thread?document={document}", headers=PAGE)
    assert page.status_code == 200
    answers = rows(http, f"correspondence/thread?document={document}&format=csv")
    assert {row["certainty"] for row in answers} <= {"certain", "probable"}
    members = {row["document"] for row in answers} | {row["answers"] for row in answers}
    assert len(members) == int(listed[0]["documents"])
    assert all(f">{iri.removeprefix(f'{library.base}id/document/')}<" in page.text for iri in members)
    shown = http.get(f"doc/document/{document}.html").text
    assert f"correspondence/thread?document={document}" in shown


def test_gexf_is_well_formed_and_has_every_pair(http: httpx.Client) -> None:
    answer = http.get("correspondence?format=gexf")
    assert answer.headers["content-disposition"] == 'attachment; filename="network.gexf"'
    tree = etree.fromstring(answer.content)
    assert len(tree.findall(f".//{GEXF}edge")) == len(rows(http, "correspondence?format=csv"))


@pytest.mark.parametrize(
    "address",
    [
        "correspondence?unit=planet", "correspondence?view=all", "correspondence?order=random", "correspondence?page=0",
        "correspondence?after=yesterday", "correspondence?format=doc", "correspondence?view=threads&format=gexf",
        "correspondence/thread", "correspondence/thread?document=a&format=gexf",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(http: httpx.Client, address: str) -> None:
    assert http.get(address, headers=PAGE).status_code == 400


def test_nothing_that_was_asked_is_markup_or_sql(http: httpx.Client) -> None:
    for post in ("<script>alert(1)</script>", "' OR 1=1 --", "http://x/\u202e<b>", "x" * 5000):
        page = http.get("correspondence", params={"post": post}, headers=PAGE)
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "Nothing is found" in page.text
    assert http.get("correspondence/thread?document=%3Cb%3E", headers=PAGE).status_code == 404


def test_what_is_not_there_has_no_label_and_no_letters(samples_snapshot: Snapshot) -> None:
    assert Posts(samples_snapshot.search).label("nothing") == ""
    assert Posts(samples_snapshot.search).letters(Question(after="2099")) == []


def test_pictures_escape_names_and_go_logarithmic() -> None:
    hostile = "<script>&\u0000"
    drawn = [
        figures.matrix([hostile, "b"], {(hostile, "b"): 3}, hostile),
        figures.boxes([(hostile, -2, 0, 1, 2, 9)], "t"),
        figures.boxes([("a", 0, 10, 20, 40, 400)], "t"),
        figures.thread([hostile, "b"], [(1, 0, False)], "t"),
    ]
    assert not [svg for svg in drawn if "<script>" in svg]
    assert ">365<" in drawn[2]
    assert "stroke-dasharray" in drawn[3]
