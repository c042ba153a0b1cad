"""Facets of a search: names as printed and whom they mean, and lists of all values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.snapshot import SEARCH, STORE, Snapshot
from kg.vocabulary import DCTERMS, DGM, RDF, RDFS
from service.facets import Facet, Facets
from service.searchview import View
from service.textindex import Search, TextIndex
from tests.service_fixtures import asking, write_index

BASE = "http://data.example/"
# (document, printed person, its name, whom an inference means, with what certainty)
SENT = (
    ("d1", "v1/egan", "Egan", "egan-maurice", "certain"),
    ("d2", "v1/egan", "Egan", "egan-maurice", "certain"),
    ("d3", "v1/page", "Page", "page-walter", "certain"),
    ("d4", "v1/page", "Page", "page-walter", "probable"),
    ("d5", "v1/smith", "Smith", None, None),
)
CALLED = {"egan-maurice": "Maurice Francis Egan", "page-walter": "Walter Hines Page"}


def quads() -> Iterator[ox.Quad]:
    def fact(subject: str, predicate: str, value: str | ox.Literal) -> ox.Quad:
        other = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), other)

    for document, printed, name, person, certainty in SENT:
        paper, sending, party, inference = (
            f"{BASE}id/{kind}/v1/{document}" for kind in ("document", "s", "party", "i")
        )
        yield fact(paper, RDF.type, DGM.Document)
        yield fact(paper, DCTERMS.identifier, ox.Literal(f"v1/{document}"))
        yield fact(paper, DGM.volume, f"{BASE}id/volume/v1")
        yield fact(paper, DGM.sending, sending)
        yield fact(sending, DGM.sender, party)
        yield fact(party, DGM.person, f"{BASE}id/person/{printed}")
        yield fact(f"{BASE}id/person/{printed}", RDFS.label, ox.Literal(name))
        if person and certainty:
            yield fact(f"{BASE}id/person/{person}", RDFS.label, ox.Literal(CALLED[person]))
            yield fact(inference, RDF.subject, party)
            yield fact(inference, RDF.predicate, DGM.person)
            yield fact(inference, RDF.object, f"{BASE}id/person/{person}")
            yield fact(inference, DGM.certainty, DGM.iri + certainty)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    folder: Path = tmp_path_factory.mktemp("facets")
    store = ox.Store(str(folder / STORE))
    store.extend(quads())
    store.flush()
    del store
    write_index(folder)
    return TextIndex(folder / SEARCH)


class Named:
    """Of the pages only what facets ask of them."""

    base = BASE

    def term(self, iri: str) -> str:
        return iri


def senders(index: TextIndex, *chosen: tuple[str, str]) -> Facet:
    asked = Search(facets=chosen)
    result = index.search(asked, 1, 10)
    return Facets(Named(), View(asked), result.facets, result.meanings).whole("sender", 1)  # type: ignore[arg-type]


def test_a_name_that_always_means_one_person_stands_beside_that_person(index: TextIndex) -> None:
    rows = {row.label: (row.number, row.note) for row in senders(index).rows}
    assert rows["Maurice Francis Egan"] == (2, "printed “Egan”")
    assert "Egan" not in rows


def test_a_name_that_means_a_person_in_part_says_in_how_many_and_how_surely(index: TextIndex) -> None:
    rows = {row.label: (row.number, row.note) for row in senders(index).rows}
    note = "v1; in 1 of 2 certainly Walter Hines Page; in 1 of 2 probably Walter Hines Page"
    assert rows["Page"] == (2, note)
    assert rows["Walter Hines Page"] == (1, "")
    assert rows["Smith"] == (1, "v1")


def test_a_result_narrowed_by_a_name_as_printed_still_finds_its_documents(index: TextIndex) -> None:
    egan = ("sender", f"{BASE}id/person/v1/egan")
    assert index.count(Search(facets=(egan,))) == 2
    assert [row.label for row in senders(index, egan).rows] == ["Maurice Francis Egan"]


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot) as client:
        yield client


def test_what_a_facet_has_more_is_a_page_of_all_its_values(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.facets._FEW", 1)
    monkeypatch.setattr("service.facets.PAGE_SIZE", 2)
    short = http.get("/search", params={"q": "the"}).text
    more = re.search(r'<a href="(\?q=the&amp;values=sender)"[^>]*>and (\d+) more</a>', short)
    assert more
    first = http.get("/search" + more[1].replace("&amp;", "&")).text
    assert "<h2>From</h2>" in first
    assert 'rel="next" href="?q=the&amp;values=sender&amp;page=2"' in first
    pages = [first, *(http.get(f"/search?q=the&values=sender&page={page}").text for page in range(2, 9))]
    tables = [page.partition("<h2>From</h2>")[2].partition("</table>")[0] for page in pages]
    narrowed = re.findall(r'href="\?q=the&amp;sender=([^"&]+)"', "".join(tables))
    assert len(set(narrowed)) == len(narrowed) == int(more[2]) + 1
    assert (
        "/search?q=the&amp;values=sender&amp;page="
        in http.get("/search?q=the&values=sender&page=99", headers={"Accept": "text/html"}).text
    )
    assert http.get("/search?values=colour").status_code == 400
