"""The page of a document: what a reader sees of samples, and of what is hostile."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import httpx
import pyoxigraph as ox
import pytest

from kg.build import BuildConfig, build
from kg.snapshot import Snapshot
from kg.vocabulary import DGM, RDF, RDFS
from service.app import ServiceConfig, create_app
from service.datewords import after, american, in_words
from service.descriptions import Descriptions, InMemory
from service.ownstatements import OwnSources
from service.surroundings import around
from service.textindex import TextIndex
from tests.service_fixtures import asking, serving

BASE = "http://data.example/"
HOSTILE = '</script><script>alert(1)</script>\u202eright to left\u0007 & "quoted" <!-- '
LONG_WORDS = ("a <b> & c " * 30_000).strip()


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot) as client:
        yield client


class _Page(HTMLParser):
    """Ids, links and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids, self.hrefs, self.metas = list[str](), list[str](), dict[str, str]()
        self.scripts, self.text, self._script = list[str](), "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.hrefs += [given["href"]] if tag == "a" and "href" in given else []
        if tag == "meta" and "name" in given:
            self.metas[given["name"]] = given["content"]
        self._script = tag == "script"
        self.scripts += [given.get("type", "")] if tag == "script" else []

    def handle_endtag(self, tag: str) -> None:
        self._script = self._script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += "\n" + data
        else:
            self.text += data


def page(http: httpx.Client, path: str) -> _Page:
    answer = http.get(f"/doc/{path}.html")
    assert answer.status_code == 200, answer.text
    return _Page(answer.text)


def documents(snapshot: Snapshot) -> list[str]:
    store = ox.Store.read_only(str(snapshot.store))
    found = store.query(f"SELECT ?d {{ ?d a <{DGM.Document}> }} ORDER BY ?d", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [row["d"].value.removeprefix(f"{snapshot.manifest.base_iri}id/") for row in found]


def test_every_link_within_a_page_leads_somewhere_and_every_id_stands_once(
    http: httpx.Client, samples_snapshot: Snapshot
) -> None:
    for path in documents(samples_snapshot):
        seen = page(http, path)
        assert len(seen.ids) == len(set(seen.ids)), path
        assert {href[1:] for href in seen.hrefs if href.startswith("#")} <= set(seen.ids), path


def test_footnotes_lead_both_ways(http: httpx.Client, samples_snapshot: Snapshot) -> None:
    hrefs = [href for path in documents(samples_snapshot) for href in page(http, path).hrefs]
    assert "#fn1" in hrefs
    assert "#fn1-mark" in hrefs


def test_each_inference_on_a_document_is_explained_with_rule_and_certainty(
    http: httpx.Client, samples_snapshot: Snapshot
) -> None:
    store = ox.Store.read_only(str(samples_snapshot.store))
    explained = 0
    for path in documents(samples_snapshot):
        iri = f"{samples_snapshot.manifest.base_iri}id/{path}"
        found = store.query(
            f"SELECT DISTINCT ?rule {{ ?i <{RDF.subject}> <{iri}> ; <{DGM.rule}>/<{RDFS.label}> ?rule }}",
            use_default_graph_as_union=True,
        )
        assert isinstance(found, ox.QuerySolutions)
        text = page(http, path).text
        for row in found:
            assert f"“{row['rule'].value}”" in text
            explained += 1
    assert explained > 3


def test_what_cites_and_answers_stands_on_both_pages(http: httpx.Client, samples_snapshot: Snapshot) -> None:
    store = ox.Store.read_only(str(samples_snapshot.store))
    found = store.query(
        f"SELECT ?d ?to {{ ?i <{RDF.predicate}> <{DGM.answers}> ; <{RDF.subject}> ?d ; <{RDF.object}> ?to }}",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, ox.QuerySolutions)
    pairs = [
        tuple(row[name].value.removeprefix(samples_snapshot.manifest.base_iri) for name in ("d", "to")) for row in found
    ]
    assert pairs
    for one, other in pairs:
        asking, asked = page(http, one.removeprefix("id/")), page(http, other.removeprefix("id/"))
        assert f"/{other}" in asking.hrefs
        assert "Answers" in asking.text
        assert f"/{one}" in asked.hrefs
        assert "Answered by" in asked.text


def test_a_document_can_be_cited(http: httpx.Client, samples_snapshot: Snapshot) -> None:
    path = "document/sample1931v01/d1"
    seen, iri = page(http, path), f"{samples_snapshot.manifest.base_iri}id/{path}"
    title = seen.metas["citation_title"]
    assert seen.metas["citation_public_url"] == iri
    data = json.loads(
        next(script for script in seen.scripts if script.startswith("application/ld+json")).split("\n", 1)[1]
    )
    assert (data["@id"], data["isPartOf"]["@type"]) == (iri, "Book")
    csl = http.get(f"/cite/{path}.json")
    assert csl.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    (item,) = csl.json()
    assert (item["title"], item["URL"]) == (title, iri)
    assert title.startswith(data["name"].rstrip("."))
    ris = http.get(f"/cite/{path}.ris").text
    assert ris.startswith("TY  - CHAP\r\n")
    assert f"TI  - {title}\r\n" in ris
    assert ris.endswith("ER  - \r\n")
    bib = http.get(f"/cite/{path}.bib")
    assert bib.text.startswith("@incollection{sample1931v01-d1,\n")
    assert bib.text.count("{") == bib.text.count("}")
    assert 'filename="sample1931v01-d1.bib"' in bib.headers["content-disposition"]
    assert http.head(f"/cite/{path}.bib").headers["etag"] == bib.headers["etag"]
    # Of this one's volume no title is stated, only its id is known: its label is the volume's name.
    assert "booktitle = {sample1931v02}" in http.get("/cite/document/sample1931v02/d7.bib").text
    for missing in (f"/cite/{path}", f"/cite/{path}.doc", "/cite/document/sample1931v01/d999.bib"):
        assert http.get(missing).status_code == 404


def test_documents_lead_to_the_one_before_and_the_one_after(http: httpx.Client) -> None:
    second = page(http, "document/sample1931v01/d2")
    assert "/id/document/sample1931v01/d1" in second.hrefs
    assert "/id/document/sample1931v01/d3" in second.hrefs


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A volume of two texts: one of which every word is hostile, and one of a paragraph of 300 kB."""
    work = tmp_path_factory.mktemp("hostile")
    heading = f"The Minister in {HOSTILE} (Roe) to the Secretary of State"
    text = f"{HOSTILE}.1\n[Page 7]\n{HOSTILE}\n\n  1. {HOSTILE}\n"
    (work / "frus1931v01-d1.txt").write_text(f"{heading}\n\n{text}", encoding="utf-8")
    (work / "frus1931v01-d2.txt").write_text(f"A paper\n\n[Page 8]\n{LONG_WORDS}\n", encoding="utf-8")
    built = build(BuildConfig(sources=(work,), out=work / "out", base_iri=BASE, jobs=1, registers=False))
    assert built.snapshot is not None
    assert built.snapshot.manifest.counts["documents"] == 2
    with (
        serving(ServiceConfig(folder=work / "out", workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


def test_hostile_words_are_words(hostile: httpx.Client) -> None:
    html = hostile.get("/doc/document/frus1931v01/d1.html").text
    seen = _Page(html)
    assert [script.partition("\n")[0] for script in seen.scripts] == ["application/ld+json"]
    assert "<script>alert(1)</script>" in json.loads(seen.scripts[0].split("\n", 1)[1])["name"]
    assert html.count("</script>") == 1
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", html)
    assert seen.text.count("<script>alert(1)</script>") > 3
    assert "https://history.state.gov/historicaldocuments/frus1931v01/pg_6" in seen.hrefs
    assert re.search(r'<h1 dir="auto">', html)


def test_a_paragraph_of_300_kB_is_shown_whole(hostile: httpx.Client) -> None:
    started = time.monotonic()
    seen = _Page(hostile.get("/doc/document/frus1931v01/d2.html").text)
    assert time.monotonic() - started < 5
    assert LONG_WORDS in seen.text


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1934-03-13", "13 March 1934"),
        ("1934-03-13T16:00:00", "13 March 1934, 4 p.m."),
        ("1934-03-13T12:00:00", "13 March 1934, noon"),
        ("1934-03-13T00:30:00Z", "13 March 1934, 12:30 a.m."),
        ("1934-03-13T24:00:00", "13 March 1934, midnight"),
        ("1934-03", "March 1934"),
        ("1934", "1934"),
        ("--03-14", "14 March"),
        ("XXXX-03-14", "14 March"),
        ("1934-03-01/1934-03-09", "1934-03-01/1934-03-09"),
        ("", ""),
    ],
)
def test_dates_are_said_as_far_as_they_are_told(date: str, words: str) -> None:
    assert in_words(date) == words


def test_a_second_date_does_not_repeat_the_first() -> None:
    assert after("1934-03-15", "1934-03-13T16:00:00") == "15 March"
    assert after("1934-03-13T20:10:00", "1934-03-13") == "8:10 p.m."
    assert after("1935-01-02", "1934-12-30") == "2 January 1935"
    assert american("1934-03-13T16:00:00") == "March 13, 1934"


def test_a_page_says_the_same_by_its_download_as_by_the_store_alone(samples_snapshot: Snapshot) -> None:
    source = InMemory(ox.parse(path=samples_snapshot.data, format=ox.RdfFormat.N_QUADS))
    descriptions, index = Descriptions(source, samples_snapshot), TextIndex(samples_snapshot.search)
    folder = samples_snapshot.path.parent.parent
    site = create_app(ServiceConfig(folder=folder, workers=1)).state.succession.site

    async def words(path: str, own: OwnSources | None) -> Counter[str]:
        found = await around(source, site.iris, await descriptions.get(f"{site.base}id/{path}"), index, own)
        # What is said twice of a thing has no order of its own.
        return Counter(re.findall(r"\w+", site.pages.document(found, path).decode()))

    for path in documents(samples_snapshot):
        by_download = asyncio.run(words(path, descriptions.own))
        assert by_download == asyncio.run(words(path, None)), path
        assert by_download.total() > 200


def test_pages_begin_where_the_source_marks_them(http: httpx.Client, samples_snapshot: Snapshot) -> None:
    data = ox.Store.read_only(str(samples_snapshot.store))
    found = data.query(
        f"SELECT ?d ?text ?offset ?number {{ ?d <{DGM.pageBreak}> ?b ; <{DGM.text}> ?text ."
        f" ?b <{DGM.offset}> ?offset ; <{DGM.begins}>/<{DGM.pageNumber}> ?number }}",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, ox.QuerySolutions)
    rows = [{name: str(row[name].value) for name in ("d", "text", "offset", "number")} for row in found]
    assert rows
    for row in rows:
        path = row["d"].removeprefix(f"{samples_snapshot.manifest.base_iri}id/")
        seen = http.get(f"/doc/{path}.html").text
        after = row["text"][int(row["offset"]) :].partition("\n")[0].split()[:3]
        tail = seen.partition(f'id="page-{row["number"]}"')[2].partition("</a>")[2].partition("</article>")[0]
        assert unescape(re.sub(r"<[^>]*>", "", tail)).split()[: len(after)] == after
