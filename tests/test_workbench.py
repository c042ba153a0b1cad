"""The pages for people around the query: gallery, editor, code, ontology, shapes, help."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import etree
from lxml import html as pages

from kg.snapshot import Snapshot
from kg.vocabulary import DGM, SHAPES_FOLDER
from service import guide, shapes
from service.diagram import PLACES, draw
from service.ontology import Ontology
from service.pages import EDITOR
from tests.service_fixtures import asking

BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot, headers=BROWSER) as client:
        yield client


def page(http: httpx.Client, path: str) -> pages.HtmlElement:
    response = http.get(path)
    assert response.status_code == 200
    return pages.fromstring(response.text)


def test_every_example_of_the_page_opens_in_the_form_with_its_answer(http: httpx.Client) -> None:
    link = next(a for a in page(http, "/sparql").iter("a") if a.text == "Busiest posts").get("href")
    opened = page(http, link)
    query = parse_qs(urlsplit(link).query)["query"][0]
    assert opened.get_element_by_id("query").text.strip() == query.strip()
    assert [td.text_content().strip() for td in opened.iter("td")][:2] == ["Almar", "3"]


def test_limits_stand_on_the_page(http: httpx.Client) -> None:
    text = " ".join(page(http, "/sparql").text_content().split())
    assert "may take 30 seconds, then it is ended, and be 1.0 MB long" in text
    assert "the first 500 rows" in text


def test_the_page_is_whole_without_script_and_loads_it_only_where_it_was_built(http: httpx.Client) -> None:
    sparql = page(http, "/sparql")
    assert sparql.get_element_by_id("ask").get("action") == "/sparql"
    scripts = [script.get("src") for script in sparql.iter("script")]
    assert scripts == (["/static/editor.js"] if EDITOR.exists() else [])
    assert not [script for script in sparql.iter("script") if script.text]
    for path in ("/sparql/examples", "/ontology", "/shapes", "/help", "/"):
        assert not list(page(http, path).iter("script"))


def test_code_to_copy_is_that_of_the_query_in_the_address(http: httpx.Client) -> None:
    query = "SELECT ?x { ?x a <http://x/'\"> }"
    shown = pages.fromstring(http.get("/sparql", params={"query": "SELECT ?x { ?x ?y '<script>' }"}).text)
    blocks = {pre.get("data-language"): pre.text for pre in shown.iter("pre")}
    assert "'<script>'" in blocks["curl"]
    code = http.get("/sparql/code", params={"query": query}).json()
    assert set(code) == {"curl", "python", "r"}
    assert all(query in text for text in code.values())


def test_code_takes_whatever_comes(http: httpx.Client) -> None:
    for query in ("", "\x00", "}" * 4000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        assert http.get("/sparql/code", params={"query": query}).status_code == 200


def test_the_gallery_is_searched_and_says_how_many_of_how_many(http: httpx.Client) -> None:
    found = page(http, "/sparql/examples?q=chaco").text_content()
    assert re.search(r"1 of \d+ examples hold “chaco”", " ".join(found.split()))
    nothing = http.get("/sparql/examples", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>" not in nothing
    assert html.escape("<script>alert(1)</script>") in nothing
    assert http.get("/sparql/examples", params={"q": "x" * 5000}).status_code == 200


def test_an_example_is_a_file_too(http: httpx.Client) -> None:
    answer = http.get("/sparql/examples/coverage.rq")
    assert answer.headers["content-type"] == "application/sparql-query"
    assert answer.text.startswith("# Coverage by volume\n")
    assert http.get("/sparql/examples/nothing.rq").status_code == 404


def test_the_licences_of_what_the_editor_is_made_of_go_with_it(http: httpx.Client) -> None:
    if not EDITOR.exists():
        pytest.skip("there is no Node: the editor was not built")
    lock = json.loads((EDITOR.parent.parent / "editor" / "package-lock.json").read_text())
    bundled = {name: one for name, one in lock["packages"].items() if name and not one.get("dev")}
    answer = http.get("/static/editor.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    for name, one in bundled.items():
        assert f"{name.rpartition('node_modules/')[2]} {one['version']}: {one['license']}" in answer.text
    assert answer.text.lower().count("copyright") >= len(bundled) - 2  # two have the name of their licence alone
    assert "editor.txt" in http.get("/static/editor.js").text[:100]


def test_the_editor_completes_every_class_and_property_of_the_ontology(http: httpx.Client) -> None:
    known = http.get("/sparql/terms").json()
    names = {term["name"]: term["kind"] for term in known["terms"]}
    assert known["prefixes"]["dgm"] == DGM.iri
    assert names["dgm:Document"] == "class"
    assert names["dgm:sending"] == "property"
    assert names["skos:prefLabel"] == "property"
    assert {name.partition(":")[0] for name in names} <= set(known["prefixes"])
    assert "dgm:telegram" not in names, "a concept is neither"


def test_the_ontology_page_has_every_term_under_its_heading(http: httpx.Client) -> None:
    shown = page(http, "/ontology")
    ontology = Ontology()
    assert {article.get("id") for article in shown.iter("article")} == set(ontology.terms)
    anchors = {element.get("id") for element in shown.iter() if element.get("id")}
    local = {a.get("href")[1:] for a in shown.iter("a") if (a.get("href") or "").startswith("#")}
    assert local <= anchors
    document = shown.get_element_by_id("Document").text_content()
    assert "rico:Record" in document
    assert "sending" in document


def test_a_class_has_the_properties_of_what_it_is_a_kind_of() -> None:
    ontology = Ontology()
    mission = {term.name: inherited for term, inherited in ontology.properties("Mission")}
    assert mission["seat"] is False
    assert {term.name for term in ontology.pointing("Party")} >= {"sender", "recipient"}
    assert "Mission" in ontology.kinds_of("Organization")
    assert ontology.terms["date"].ranges[0] == "xsd:date"


def test_the_diagram_draws_what_the_ontology_states_and_no_more() -> None:
    ontology = Ontology()
    diagram = draw(ontology)
    assert {box.name for box in diagram.boxes} == set(PLACES)
    for arrow in diagram.arrows:
        for name in arrow.label.split(", "):
            term = ontology.terms[name]
            assert f"dgm:{arrow.start}" in term.domains
            assert f"dgm:{arrow.end}" in term.ranges
    drawn = {(arrow.start, arrow.end) for arrow in diagram.arrows}
    assert {("Document", "Sending"), ("Sending", "Party"), ("Party", "Person"), ("Inference", "Rule")} <= drawn
    reached = {name for pair in drawn for name in pair}
    assert reached == set(PLACES), "no box stands alone"


def test_no_box_of_the_diagram_lies_on_another() -> None:
    diagram = draw(Ontology())
    for one in diagram.boxes:
        for other in diagram.boxes:
            apart = abs(one.x - other.x) >= diagram.box_width or abs(one.y - other.y) >= diagram.box_height
            assert one is other or apart, (one.name, other.name)
        assert 0 <= one.x <= diagram.width - diagram.box_width
        assert 0 <= one.y <= diagram.height - diagram.box_height


def test_the_picture_is_well_formed_and_its_links_stay_on_the_page(http: httpx.Client) -> None:
    text = http.get("/ontology").text
    svg = etree.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])
    assert len(svg.findall("a")) == len(PLACES)
    assert all(link.get("href").startswith("#") for link in svg.findall("a"))


def test_every_shape_stands_on_its_page_with_its_words(http: httpx.Client) -> None:
    shown = page(http, "/shapes")
    messages = {cell.text_content() for cell in shown.iter("td")}
    groups = shapes.load()
    assert len(groups) == len(list(SHAPES_FOLDER.glob("*.ttl")))
    for group in groups:
        assert group.targets
        assert group.constraints
        assert all(constraint.message in messages for constraint in group.constraints)
    assert sum(text.text.strip() in {group.text.strip() for group in groups} for text in shown.iter("pre")) == len(
        groups
    )


def test_paths_and_counts_of_shapes_are_in_words() -> None:
    constraints = {each.name: each for group in shapes.load() for each in group.constraints}
    assert constraints["Document-identifier"].count == "1"
    assert constraints["Document-kind"].count == "0–1"
    assert constraints["Document-footnote"].count == "any number"
    assert constraints["Document"].path == "itself"
    assert constraints["Party-event"].path == "^dgm:sender | ^dgm:recipient | ^dgm:participant | ^rdf:object"


def test_the_help_says_what_is_here_and_explains_each_line(http: httpx.Client) -> None:
    shown = page(http, "/help")
    text = " ".join(shown.text_content().split())
    assert "This dataset holds 7 documents of 2 volumes" in text
    assert [code.text for code in shown.iter("code") if code.getparent().tag == "li"] == [
        line for line, _ in guide.FIRST_QUERY
    ]
    anchors = {element.get("id") for element in shown.iter() if element.get("id")}
    for link in (a.get("href") for a in shown.iter("a")):
        if link.startswith("#"):
            assert link[1:] in anchors
        elif link.startswith("/") and "query=" not in link:
            target = http.get(link.partition("#")[0])
            assert target.status_code == 200, link
            if fragment := link.partition("#")[2]:
                assert f'id="{fragment}"' in target.text, link


def test_no_page_asks_another_host_for_anything(http: httpx.Client) -> None:
    for path in ("/sparql", "/sparql/examples", "/ontology", "/shapes", "/help"):
        for element in page(http, path).iter("link", "script", "img", "iframe", "source"):
            address = element.get("src") or element.get("href")
            assert address.startswith("/"), f"{path} loads {address}"


@pytest.mark.parametrize("name", ["editor", "outline"])
def test_the_lock_file_of_what_set_up_builds_names_no_registry(name: str) -> None:
    folder = EDITOR.parent.parent / name
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert packages
    assert not [name for name, facts in packages.items() if "resolved" in facts]
    assert all("integrity" in facts for facts in packages.values())
