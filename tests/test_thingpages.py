"""Pages of things: what they count is what search finds, every list goes on in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.build import BuildConfig, build
from kg.snapshot import SEARCH, STORE, Snapshot
from kg.vocabulary import DCTERMS, DGM, RDF
from service import figures
from service.app import ServiceConfig
from service.textindex import Search, TextIndex
from service.thingpages import LISTS, ROWS
from tests.client_fixtures import SAMPLES
from tests.service_fixtures import serving, write_index


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The samples with the registers."""
    out = tmp_path_factory.mktemp("things")
    built = build(BuildConfig(sources=(SAMPLES,), out=out, jobs=1))
    assert built.snapshot is not None
    return built.snapshot


@pytest.fixture(scope="module")
def http(snapshot: Snapshot) -> Iterator[httpx.Client]:
    with (
        serving(ServiceConfig(folder=snapshot.path.parent.parent, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


def numbers(http: httpx.Client, path: str) -> dict[str, int]:
    """The lists of a page with their counts."""
    html = http.get(path).text
    found = re.findall(r'<h2 id="([a-z]+)">[^<]*<span class="note">([\d,]+)</span>', html)
    return {name: int(number.replace(",", "")) for name, number in found}


@pytest.mark.parametrize(
    ("facet", "list_"),
    [
        ("sender", "sent"), ("recipient", "received"), ("office", "documents"), ("place", "documents"),
        ("file", "documents"), ("class", "documents"), ("volume", "documents"),
    ],
)  # fmt: skip
def test_a_page_counts_what_search_finds(http: httpx.Client, snapshot: Snapshot, facet: str, list_: str) -> None:
    values = TextIndex(snapshot.search).search(Search(), 1, 1).facets[facet]
    assert values
    for value in values[:5]:
        path = value.key.removeprefix(f"{snapshot.manifest.base_iri}id/")
        assert numbers(http, f"/doc/{path}.html")[list_] == value.number


def test_a_long_list_goes_on_in_pages_to_its_end(http: httpx.Client) -> None:
    office = "/doc/office/principal/secretary.html"
    total = numbers(http, office)["terms"]
    assert total > ROWS
    seen: list[str] = []
    for page in range(1, -(-total // ROWS) + 1):
        html = http.get(office, params={"terms": page}).text
        table = html.partition('id="terms"')[2].partition("</table>")[0]
        seen += re.findall(r'href="/id/term-of-office/([^"]+)"', table)
        assert ("Next" in html.partition('id="terms"')[2].partition("</section>")[0]) == (page * ROWS < total)
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    ("page", "status"),
    [("", 200), ("1", 200), ("0", 400), ("-1", 400), ("x", 400), ("²", 400), ("99999", 404), ("9" * 50, 400)],
)
def test_a_page_of_a_list_that_is_none_is_told(http: httpx.Client, page: str, status: int) -> None:
    answer = http.get("/doc/office/principal/secretary.html", params={"terms": page})
    assert answer.status_code == status
    assert ("Holders" in answer.text) == (status == 200)


def test_every_list_has_a_parameter_of_its_own(http: httpx.Client) -> None:
    for path in ("office/principal/secretary", "state/mexico", "state/united-states", "mission/united-states/mexico"):
        assert set(numbers(http, f"/doc/{path}.html")) <= LISTS | {"map"}, path


def test_a_state_tells_its_missions_and_relations(http: httpx.Client) -> None:
    assert {"missions", "relations", "visits", "travels"} <= set(numbers(http, "/doc/state/mexico.html"))


def test_terms_are_drawn_from_their_first_day_to_their_last() -> None:
    svg = figures.terms([("<A>", "1933-03-04", "1944-11-30"), ("B", "1944", "1944")], "Terms")
    assert "&lt;A&gt;: 1933-03-04 to 1944-11-30" in svg
    assert svg.count("<rect") == 2
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height="9"', svg)]
    assert widths[0] > 100 * widths[1] > 0


def test_years_without_documents_have_their_place() -> None:
    svg = figures.years({"1917": 3, "1920": 1}, "Years")
    assert svg.count("<rect") == 2
    assert all(year in svg for year in ("1917", "1918", "1919", "1920"))


def test_a_person_has_a_map_of_the_places_from_which_letters_went(http: httpx.Client, snapshot: Snapshot) -> None:
    index = TextIndex(snapshot.search)
    sender = next(
        value.key
        for value in index.search(Search(), 1, 1).facets["sender"]
        if "place" in index.search(Search(facets=(("sender", value.key),)), 1, 1).facets
    )
    places = index.search(Search(facets=(("sender", sender),)), 1, 1).facets["place"]
    path = f"/doc/{sender.removeprefix(snapshot.manifest.base_iri)[3:]}.html"
    assert numbers(http, path)["posts"] == len(places)
    assert f"<title>{places[0].label}: {places[0].number}</title></circle>" in http.get(path).text


MEETING = """<div type="document" xml:id="d%(n)s" n="%(n)s"><head>Memorandum of Conversation</head>
<p>Participants: %(present)s</p><p>They spoke.</p>
<dateline><placeName>Washington</placeName>, <date when="1931-05-04">May 4, 1931</date>.</dateline></div>"""


def test_a_person_has_the_papers_that_list_him_among_those_present(tmp_path: Path) -> None:
    text = SAMPLES / "sample1931v01.xml"
    source = tmp_path / "frus1931v09.xml"
    present = ["Mr. Stimson; Mr. Venn; Mr. Orth", "Mr. Adam Orth", *["Mr. Venn"] * ROWS]
    meetings = "".join(MEETING % {"n": number, "present": names} for number, names in enumerate(present, 1))
    source.write_text(
        f"""<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="frus1931v09"><text><body>{meetings}</body></text></TEI>"""
    )
    assert build(BuildConfig(sources=(source, text), out=tmp_path / "out", jobs=1)).snapshot is not None
    with (
        serving(ServiceConfig(folder=tmp_path / "out", workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        assert numbers(client, "/doc/person/stimson-henry-lewis.html")["present"] == 1
        venn = "/doc/person/frus1931v09/venn.html"
        assert numbers(client, venn)["present"] == ROWS + 1
        second = client.get(venn, params={"present": 2}).text.partition('id="present"')[2].partition("</section>")[0]
        assert second.count("/id/document/frus1931v09/d") == 1
        # What is merely probable stands apart.
        orth = numbers(client, "/doc/person/frus1931v09/adam-orth.html")
        assert (orth["present"], orth["probablypresent"]) == (1, 1)
        assert set(orth) <= LISTS


def test_a_thing_is_mentioned_in_as_many_documents_as_a_query_finds(http: httpx.Client, snapshot: Snapshot) -> None:
    query = (
        "PREFIX dgm: <https://w3id.org/dragoman/ontology#> SELECT ?thing (COUNT(DISTINCT ?d) AS ?n) {"
        " { ?m dgm:mentionedIn ?d } UNION { ?d a dgm:Document ; dgm:footnote?/dgm:mention ?m }"
        " ?m dgm:refersTo ?thing . ?thing a ?kind FILTER(?kind IN (dgm:Person, dgm:Place, dgm:FileUnit)) }"
        " GROUP BY ?thing ORDER BY DESC(?n) ?thing LIMIT 8"
    )
    answer = http.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    found = [line.rsplit(",", 1) for line in answer.text.split()[1:]]
    assert found
    for iri, number in found:
        path = iri.removeprefix(f"{snapshot.manifest.base_iri}id/")
        assert numbers(http, f"/doc/{path}.html")["mentioned"] == int(number), path


def test_the_page_of_a_volume_leads_to_its_downloads(http: httpx.Client) -> None:
    assert 'href="/download/volume/sample1931v01.ttl"' in http.get("/doc/volume/sample1931v01.html").text
    assert http.get("/download/volume/sample1931v01.ttl").status_code == 200


def test_stated_and_inferred_mentions_are_told_apart(http: httpx.Client, snapshot: Snapshot) -> None:
    """The table of the text index has the numbers that a query gives."""
    query = (
        "PREFIX dgm: <https://w3id.org/dragoman/ontology#> SELECT ?thing ?d ?stated (COUNT(DISTINCT ?m) AS ?n) {"
        " { ?m dgm:mentionedIn ?d BIND(0 AS ?stated) }"
        " UNION { ?d a dgm:Document ; dgm:footnote?/dgm:mention ?m BIND(1 AS ?stated) }"
        " ?m dgm:refersTo|dgm:office|dgm:state ?thing } GROUP BY ?thing ?d ?stated"
    )
    answer = http.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    asked = sorted(tuple(line.split(",")) for line in answer.text.split()[1:])
    with TextIndex(snapshot.search).opened() as index:
        rows = index.execute("SELECT thing, iri, stated, number FROM mention JOIN document ON document = document.id")
        held = sorted(tuple(str(value) for value in row) for row in rows)
    assert held
    assert held == asked


def test_mentions_that_markup_states_are_counted_with_those_of_footnotes(tmp_path: Path) -> None:
    base, text = "http://data.example/id/", ox.Literal("v1/d1")
    named = {name: ox.NamedNode(base + name) for name in ("d1", "v1", "note", "m1", "m2", "m3", "hull", "cuba")}
    facts = [
        ("d1", RDF.type, ox.NamedNode(DGM.Document)), ("d1", DCTERMS.identifier, text), ("d1", DGM.volume, named["v1"]),
        ("d1", DGM.footnote, named["note"]), ("d1", DGM.mention, named["m1"]), ("note", DGM.mention, named["m2"]),
        ("m3", DGM.mentionedIn, named["d1"]), ("m1", DGM.refersTo, named["hull"]), ("m2", DGM.refersTo, named["hull"]),
        ("m3", DGM.refersTo, named["hull"]), ("m3", DGM.state, named["cuba"]), ("m1", DGM.state, named["hull"]),
        ("hull", DGM.state, named["cuba"]),
    ]  # fmt: skip
    store = ox.Store(str(tmp_path / STORE))
    store.extend(ox.Quad(named[subject], ox.NamedNode(predicate), value) for subject, predicate, value in facts)
    store.flush()
    del store
    write_index(tmp_path)
    index = TextIndex(tmp_path / SEARCH)
    counted = {name: index.mentions(base + name, 1, 25) for name in ("hull", "cuba", "nobody")}
    found = {
        name: (total, [(row["stated"], row["inferred"]) for row in rows]) for name, (total, rows) in counted.items()
    }
    assert found == {"hull": (1, [(2, 1)]), "cuba": (1, [(0, 1)]), "nobody": (0, [])}


def test_a_thing_of_many_mentions_has_them_in_pages(tmp_path: Path) -> None:
    base, hull, store = "http://data.example/id/", "http://data.example/id/hull", ox.Store(str(tmp_path / STORE))
    for number in range(1, 6):
        document, mention = (ox.NamedNode(f"{base}{kind}{number}") for kind in "dm")
        facts = (
            (document, RDF.type, ox.NamedNode(DGM.Document)),
            (document, DCTERMS.identifier, ox.Literal(f"v1/d{number}")),
            (document, DGM.volume, ox.NamedNode(f"{base}v1")),
            (mention, DGM.mentionedIn, document),
            (mention, DGM.refersTo, ox.NamedNode(hull)),
        )
        store.extend(ox.Quad(subject, ox.NamedNode(predicate), value) for subject, predicate, value in facts)
    store.flush()
    del store
    write_index(tmp_path)
    index = TextIndex(tmp_path / SEARCH)
    pages = [[row["identifier"] for row in index.mentions(hull, page, 2)[1]] for page in (1, 2, 3, 99_999)]
    # A page after the last is the last.
    assert pages == [["v1/d1", "v1/d2"], ["v1/d3", "v1/d4"], ["v1/d5"], ["v1/d5"]]
    assert index.mentions(hull, 2, 2)[0] == 5
