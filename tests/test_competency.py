"""The competency questions: their columns are fixed, and on a small dataset their answers are known."""

from __future__ import annotations

import re
import time

import pyoxigraph as ox
import pytest

from kg.vocabulary import COMPETENCY_FOLDER, PREFIXES

COLUMNS = {
    "documents": "identifier title date place source first_page",
    "correspondents": "identifier direction name role person authority",
    "footnotes": "identifier text",
    "pages": "identifier page",
    "mentions": "identifier surface kind entity",
    "passages": "statement identifier start end exact",
}
NAMES = sorted(path.stem for path in COMPETENCY_FOLDER.glob("*.rq"))
HEAD = "@base <http://localhost:8000/id/> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())

# Two documents of one volume, in the order 2, 10, which is not that of their names as strings.  d2 begins on a
# page that no mark states.
VOLUME = """
<volume/v1> a dgm:Volume ; dcterms:identifier "v1" .
<page/v1/IX> dgm:pageNumber "IX" ; dgm:order 1 .
<page/v1/98> dgm:pageNumber "98" ; dgm:order 2 .
<page/v1/99> dgm:pageNumber "99" ; dgm:order 3 .
<page/v1/100> dgm:pageNumber "100" ; dgm:order 4 .

<document/v1/d10> a dgm:Document ; dcterms:identifier "v1/d10" ; dcterms:title "A Note" ; dgm:volume <volume/v1> ;
    dgm:order 2 ; dgm:firstPage <page/v1/IX> ; dgm:page <page/v1/IX> ; dgm:sourceNote "Roe Papers" ;
    dgm:sending <s10> ; dgm:citation <c1> .
<s10> dgm:edtf "1931-05-01/1931-05-31" .
<c1> dgm:target <n2> .

<document/v1/d2> a dgm:Document ; dcterms:identifier "v1/d2" ; dcterms:title "Roe to Doe" ; dgm:volume <volume/v1> ;
    dgm:order 1 ; dgm:page <page/v1/99>, <page/v1/100> ; dgm:sending <s> ; dgm:receiving <r> ;
    dgm:footnote <n2>, <n1> ; dgm:sourceNote "724.3415/3603: Telegram" .
<s> dgm:placePrinted "Tokyo" ; dgm:date "1931-03-13"^^xsd:date ; dgm:sender <p1> .
<r> dgm:placePrinted "Washington" ; dgm:date "1931-03-14"^^xsd:date ; dgm:recipient <p2>, <p3> .
<p1> dgm:name "Roe" ; dgm:role "Minister" ; dgm:order 1 ; dgm:person <person/v1/p_R1> .
<p2> dgm:role "Secretary of State" ; dgm:order 1 ; dgm:person <person/doe-john> .
<p3> dgm:name "Poe" ; dgm:order 2 .
<n1> dgm:text "Not printed." ; dgm:order 1 .
<n2> dgm:text "Infra.\\nOr supra." ; dgm:order 2 .

<i1> rdf:subject <document/v1/d2> ; rdf:predicate dgm:firstPage ; rdf:object <page/v1/98> ; dgm:certainty dgm:certain .
<i2> rdf:subject <document/v1/d2> ; rdf:predicate dgm:page ; rdf:object <page/v1/98> ; dgm:certainty dgm:certain .
<i3> rdf:subject <document/v1/d2> ; rdf:predicate dgm:page ; rdf:object <page/v1/IX> ; dgm:certainty dgm:probable .
<i4> rdf:subject <document/v1/d10> ; rdf:predicate dgm:kind ; rdf:object dgm:note ; dgm:certainty dgm:certain .
"""
# A text of another volume, without page order; its graph repeats what the first says of a volume and a page, and
# numbers the page anew.
TEXT = """
<volume/v1> a dgm:Volume ; dcterms:identifier "v1" .
<page/v1/99> dgm:pageNumber "99" ; dgm:order 1 .
<volume/v0> a dgm:Volume ; dcterms:identifier "v0" .
<page/v0/9> dgm:pageNumber "9" . <page/v0/10> dgm:pageNumber "10" .
<document/v0/d7> a dgm:Document ; dcterms:identifier "v0/d7" ; dgm:volume <volume/v0> ; dgm:order 1 ;
    dgm:firstPage <page/v0/9> ; dgm:page <page/v0/10>, <page/v0/9> .
"""
REGISTER = '<person/doe-john> a dgm:Person ; dgm:authority "doe-john" .'

PERSON = "http://localhost:8000/id/person/"
ANSWERS = {
    "documents": [
        ("v0/d7", None, None, None, None, "9"),
        ("v1/d2", "Roe to Doe", "1931-03-13", "Tokyo", "724.3415/3603: Telegram", "98"),
        ("v1/d10", "A Note", "1931-05-01/1931-05-31", None, "Roe Papers", "IX"),
    ],
    "correspondents": [
        ("v1/d2", "from", "Roe", "Minister", PERSON + "v1/p_R1", None),
        ("v1/d2", "to", None, "Secretary of State", PERSON + "doe-john", "doe-john"),
        ("v1/d2", "to", "Poe", None, None, None),
    ],
    "citations": [("v1/d10", "v1/d2")],
    "footnotes": [("v1/d2", "Not printed."), ("v1/d2", "Infra.\nOr supra.")],
    "pages": [("v0/d7", "9"), ("v0/d7", "10"), ("v1/d2", "98"), ("v1/d2", "99"), ("v1/d2", "100"), ("v1/d10", "IX")],
}


def question(name: str) -> str:
    return (COMPETENCY_FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def ask(store: ox.Store, query: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    columns = [variable.value for variable in solutions.variables]
    rows = [tuple(value_of(solution[column]) for column in columns) for solution in solutions]
    return columns, rows


def value_of(term: object) -> str | None:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else None


@pytest.fixture(scope="module")
def store() -> ox.Store:
    filled = ox.Store()
    for number, turtle in enumerate((VOLUME, TEXT, REGISTER)):
        graph = ox.NamedNode(f"http://localhost:8000/id/graph/{number}")
        filled.load((HEAD + turtle).encode(), ox.RdfFormat.TURTLE, to_graph=graph)
    return filled


@pytest.mark.parametrize("name", COLUMNS)
def test_each_question_of_the_first_issue_is_there(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_question_begins_with_its_title_and_its_words(name: str) -> None:
    title, words = question(name).splitlines()[:2]
    assert re.fullmatch(r"# [A-Z][a-z ]+", title)
    assert re.fullmatch(r"# [A-Z].+\?", words)


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_are_those_agreed_in_that_order(store: ox.Store, name: str) -> None:
    assert ask(store, question(name))[0] == COLUMNS[name].split()


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answers_on_a_small_dataset_are_right_and_in_order(store: ox.Store, name: str) -> None:
    assert ask(store, question(name))[1] == ANSWERS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_on_an_empty_dataset_has_no_answer(name: str) -> None:
    assert ask(ox.Store(), question(name))[1] == []


def test_without_its_second_branch_the_question_of_pages_finds_stated_pages_only(store: ox.Store) -> None:
    stated, branches = re.subn(r"UNION\s*\{.*?\}", "", question("pages"), flags=re.DOTALL)
    assert branches == 1
    rows = ask(store, stated)[1]
    assert ("v1/d2", "98") not in rows
    assert set(rows) < set(ANSWERS["pages"])


def test_the_question_of_pages_does_not_grow_with_the_square_of_the_documents() -> None:
    # In one group with the documents, Oxigraph looked all inferences through for each: 30 s for 10,000.
    turtle = '<volume/v1> dcterms:identifier "v1" . <page/1> dgm:pageNumber "1" .' + "".join(
        f'<d{n}> a dgm:Document ; dcterms:identifier "v1/d{n}" ; dgm:volume <volume/v1> ; dgm:order {n} .'
        f"<i{n}> rdf:subject <d{n}> ; rdf:predicate dgm:page ; rdf:object <page/1> ; dgm:certainty dgm:certain ."
        for n in range(1, 3001)
    )
    large = ox.Store()
    large.load((HEAD + turtle).encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://localhost:8000/id/graph/1"))
    assert len(ask(large, question("pages"))[1]) == 3000


def test_the_question_of_passages_does_not_grow_with_the_square_of_the_passages() -> None:
    # With a UNION of the ways from a document to its part, each passage was held against all parts: minutes for 13,000.
    turtle = "".join(
        f'<d{n}> a dgm:Document ; dcterms:identifier "v1/d{n}" ; dgm:footnote <n{n}> ; dgm:sending <s{n}> .'
        f"<i{n}> oa:hasTarget <q{n}> . <q{n}> oa:hasSource <n{n}> ; oa:hasSelector <o{n}>, <x{n}> ."
        f'<o{n}> oa:start 1 ; oa:end 2 . <x{n}> oa:exact "a" .'
        for n in range(1, 4001)
    )
    large = ox.Store()
    large.load((HEAD + turtle).encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://localhost:8000/id/graph/1"))
    start = time.process_time()
    assert len(ask(large, question("passages"))[1]) == 4000
    assert time.process_time() - start < 5
