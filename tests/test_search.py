"""Search over the samples: words, facets, views, exports, and what is hostile."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from lxml import etree

from kg.build import BuildConfig, build
from kg.snapshot import Snapshot
from service import figures
from service.datewords import in_words
from service.search import sparql_of
from service.textindex import Search, TextIndex, by_month, match
from tests.service_fixtures import asking

GEXF = "{http://gexf.net/1.3}"


@pytest.fixture(scope="module")
def index(samples_snapshot: Snapshot) -> TextIndex:
    return TextIndex(samples_snapshot.search)


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot) as client:
        yield client


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("", ""),
        ("treaty", '"treaty"'),
        ("arms embargo", '"arms" AND "embargo"'),
        ('"arms embargo" chaco', '"arms embargo" AND "chaco"'),
        ("arms -chaco", '("arms") NOT ("chaco")'),
        ('arms -"gran chaco"', '("arms") NOT ("gran chaco")'),
        ("embass*", '"embass"*'),
        ("peace OR war treaty", '("peace" OR "war") AND "treaty"'),
        ("OR", '"OR"'),
        ("peace AND war", '"peace" AND "war"'),
        ("peace NOT war treaty", '("peace" AND "treaty") NOT ("war")'),
        ('peace AND NOT "the war"', '("peace") NOT ("the war")'),
        ("peace not war and treaty", '"peace" AND "not" AND "war" AND "and" AND "treaty"'),
        ("peace NOT", '"peace" AND "NOT"'),
        ("AND", '"AND"'),
        ("-chaco", ""),
        ('" * ( ) NEAR :', '"NEAR"'),
        ('title:x AND NEAR "', '"title x" AND "NEAR"'),
    ],
)
def test_words_become_an_expression_that_says_no_more_than_they_do(words: str, expression: str) -> None:
    assert match(words) == expression


def test_the_index_holds_every_document_once(samples_snapshot: Snapshot) -> None:
    with closing(sqlite3.connect(samples_snapshot.search)) as base:
        assert (
            base.execute("SELECT COUNT(*), COUNT(DISTINCT iri) FROM document").fetchone()
            == (samples_snapshot.manifest.counts["documents"],) * 2
        )
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_words_are_found_in_all_their_forms_and_in_footnotes(index: TextIndex) -> None:
    everything = index.search(Search(), 1, 100)
    assert everything.total == everything.documents == len(everything.found)
    title = everything.found[0].row["title"]
    word = next(word for word in title.split() if len(word) > 6)
    assert index.search(Search(words=word.lower()), 1, 10).total >= 1
    assert index.search(Search(words="zzzzqqq"), 1, 10).total == 0


def test_a_facet_counts_what_it_then_finds(index: TextIndex) -> None:
    facets = index.search(Search(), 1, 1).facets
    assert {"period", "place", "volume", "kind"} <= set(facets)
    for facet, values in facets.items():
        for value in values:
            assert index.count(Search(facets=((facet, value.key),))) == value.number, (facet, value)


def test_days_bound_the_result_and_a_month_is_included_to_its_end(index: TextIndex) -> None:
    dated = sorted(row["sent"] for row in index.rows(Search()) if row["sent"])
    last = dated[-1]
    assert index.count(Search(after=last[:10])) >= 1
    assert index.count(Search(before=last[:7])) == len(dated)
    assert index.count(Search(before=last[:4], after=dated[0][:4])) == len(dated)


def test_a_day_without_a_year_is_in_no_month_and_before_no_year(samples_snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "search.sqlite"
    shutil.copy(samples_snapshot.search, file)
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE document SET sent = '--04-09' WHERE id = 1")
    index, before = TextIndex(file), TextIndex(samples_snapshot.search)
    assert sum(by_month(index.rows(Search())).values()) == sum(by_month(before.rows(Search())).values()) - 1
    assert index.count(Search(before="1999")) == before.count(Search(before="1999")) - 1
    assert [row["sent"] for row in index.rows(Search(sort="date")) if row["sent"]][-1] == "--04-09"


def test_minutes_are_found_by_the_day_of_their_meeting(tmp_path: Path) -> None:
    source = tmp_path / "frus1919v09.xml"
    source.write_text(
        """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="frus1919v09"><text><body>
        <div type="document" xml:id="d1" n="1"><head>Minutes of the Example Committee, Held at Border, on Friday,
        January 31, 1919, 2 p.m.</head><p>It was decided.</p></div>
        <div type="document" xml:id="d2" n="2"><head>Note by the Example Committee</head><p>It was not.</p></div>
        </body></text></TEI>"""
    )
    built = build(BuildConfig(sources=(source,), out=tmp_path / "out", jobs=1, registers=False))
    assert built.snapshot is not None
    index = TextIndex(built.snapshot.search)
    (minutes,) = index.rows(Search(after="1919-01", before="1919-01-31"))
    assert (minutes["identifier"], minutes["held"][:10], minutes["sent"]) == ("frus1919v09/d1", "1919-01-31", None)
    assert by_month([minutes]) == {"1919-01": 1}
    (year,) = index.search(Search(), 1, 1).facets["period"]
    for asked in (Search(after="1919"), Search(facets=(("period", year.key),))):
        store = ox.Store.read_only(str(built.snapshot.store))
        found = store.query(sparql_of(asked), use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        assert [row["identifier"].value for row in found] == ["frus1919v09/d1"]


def test_a_month_of_the_time_line_leads_to_its_documents(http: httpx.Client, index: TextIndex) -> None:
    months = by_month(index.rows(Search()))
    page = http.get("/search", params={"view": "timeline"}).text
    for month, number in months.items():
        assert f'<a href="?after={month}&amp;before={month}">{in_words(month)}</a>' in page
        assert index.count(Search(after=month, before=month)) == number


def test_a_search_for_the_name_of_a_thing_leads_to_its_page(http: httpx.Client, index: TextIndex) -> None:
    for words, kind in (("899.1561", "file"), ("Harrow", "sender"), ("washington", "place")):
        first = index.named(words)[0]
        assert first["facet"] in (kind, "recipient")
        page = http.get("/search", params={"q": words}).text
        assert f'href="/{first["key"].partition("/id/")[2].join(["id/", ""])}"' in page
    for number in ("899.1561/12", "File No. 899.1561"):
        assert index.named(number)[0]["key"] == index.named("899.1561")[0]["key"]
    for identifier in ("sample1931v01/d2", "Sample1931v01 d2"):
        (first,) = index.named(identifier)
        assert (first["facet"], first["key"].rpartition("/id/")[2]) == ("document", "document/sample1931v01/d2")
    assert index.named("") == index.named("%") == index.named("_") == index.named("\\") == []


def test_what_lies_far_off_is_left_out_of_the_picture_alone() -> None:
    near = {f"1934-{month:02}": 50 for month in range(1, 13)}
    assert figures.drawn({"0201-06": 2, **near}) == near
    assert figures.drawn({"1933-11": 2, **near}) == {"1933-11": 2, **near}
    assert figures.drawn({"1670-11": 1, "1934-01": 1}) == {"1670-11": 1, "1934-01": 1}


@pytest.mark.parametrize("view", ["table", "timeline", "map", "network"])
def test_every_view_of_every_result_is_a_page(http: httpx.Client, view: str) -> None:
    for words in ("", "the", "zzzzqqq"):
        page = http.get("/search", params={"q": words, "view": view})
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "documents in" in page.text


def test_exports_hold_all_rows_found(http: httpx.Client, index: TextIndex) -> None:
    total = index.count(Search(words="the"))
    rows = list(csv.DictReader(io.StringIO(http.get("/search?q=the&format=csv").text)))
    assert len(rows) == total
    assert {row["identifier"] for row in rows} == {
        row["identifier"] for row in http.get("/search?q=the&format=json").json()
    }
    features = json.loads(http.get("/search?q=the&format=geojson").text)["features"]
    assert [feature["id"] for feature in features] == [row["iri"] for row in rows]
    answer = http.get("/search?q=the&format=gexf")
    assert answer.headers["content-disposition"] == 'attachment; filename="search.gexf"'
    assert "content-disposition" not in http.get("/search?q=the").headers
    graph = etree.fromstring(answer.content)
    ids = {node.get("id") for node in graph.iter(f"{GEXF}node")}
    assert all({edge.get("source"), edge.get("target")} <= ids for edge in graph.iter(f"{GEXF}edge"))
    assert ids


def test_the_query_behind_a_view_finds_the_same_documents(http: httpx.Client, index: TextIndex) -> None:
    facets = index.search(Search(), 1, 1).facets
    searches = [Search(facets=((facet, values[0].key),)) for facet, values in facets.items()]
    searches += [Search(after="1931-01", before="1932"), Search(words="legation")]
    for asked in searches:
        answer = http.post("/sparql", data={"query": sparql_of(asked)}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200, answer.text
        found = {row["identifier"] for row in csv.DictReader(io.StringIO(answer.text))}
        wanted = {row["identifier"] for row in index.rows(asked)}
        # SPARQL has no stemming and looks at the text alone, so words may find fewer there.
        assert found <= wanted if asked.words else found == wanted, asked


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=9" * 9,
        "sort=size",
        "view=pie",
        "after=yesterday",
        "before=1934-13",
        "format=pdf",
        "after=1934-02-30",
        "after=1935&before=1934",
        "q=a*",
        "q=" + "a+" * 5000,
    ],
)
def test_what_cannot_be_read_is_a_problem(http: httpx.Client, query: str) -> None:
    problem = http.get(f"/search?{query}", headers={"Accept": "application/json"})
    assert problem.status_code == 400
    assert problem.json()["status"] == 400


@pytest.mark.parametrize(
    "words",
    ['"', "'; DROP TABLE document; --", "a" * 500, "(" * 500, "\x00", "<script>alert(1)</script>", "-", "*"],
)
def test_hostile_words_get_a_page_that_shows_them_escaped(http: httpx.Client, words: str) -> None:
    page = http.get("/search", params={"q": words})
    assert page.status_code == 200
    assert "<script" not in page.text


def test_nothing_found_leads_to_what_one_condition_less_would_find(http: httpx.Client, index: TextIndex) -> None:
    volume = index.search(Search(), 1, 1).facets["volume"][0]
    page = http.get("/search", params={"q": "zzzzqqq", "volume": volume.key})
    assert "Nothing is found" in page.text
    assert f"{volume.number} without “zzzzqqq”" in page.text


def test_more_than_a_search_may_ask_is_told_with_the_form_and_what_was_typed(http: httpx.Client) -> None:
    for words, told in (
        ("a " * 5000, "at most 500"),
        ("t*", "at least 2 letters"),
        (" ".join(map(str, range(30))), "at most 20"),
    ):
        page = http.get("/search", params={"q": words, "after": "1931"}, headers={"Accept": "text/html"})
        assert page.status_code == 400
        assert told in page.text
        assert f'value="{words[:500]}"' in page.text
        assert 'value="1931"' in page.text
        assert "bind more terms" not in page.text


def test_a_word_said_twice_is_asked_once() -> None:
    assert match("the the peace OR peace") == '"the" AND "peace"'


def test_an_exclusion_alone_finds_all_the_others(index: TextIndex) -> None:
    found = index.count(Search(words="legation"))
    assert 0 < found < index.count(Search())
    assert index.count(Search(words="-legation")) == index.count(Search()) - found


def test_what_a_page_does_not_know_is_said_and_a_page_after_the_last_leads_to_the_last(http: httpx.Client) -> None:
    for path in ("/search", "/correspondence"):
        page = http.get(path, params={"nonsense": "1"}, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "<code>nonsense</code>" in page.text
        beyond = http.get(path, params={"page": "9999"}, headers={"Accept": "text/html"})
        assert beyond.status_code == 404
        assert f'href="{path}?page=1"' in beyond.text
        assert http.get(path, params={"after": "1934-02-30"}).status_code == 400


def test_a_search_over_its_limit_gets_advice_for_searches(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.textindex.SECONDS", -1.0)
    monkeypatch.setattr("service.textindex._STEPS", 1)
    problem = http.get("/search?q=legation+OR+treaty+OR+the&format=csv", headers={"Accept": "application/json"})
    assert problem.status_code == 503
    assert problem.json()["type"].endswith("problems/search-timeout")
