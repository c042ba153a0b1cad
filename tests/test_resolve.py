"""Who held an office, asked of the service: as JSON-LD, as a page, and what is no question."""

from __future__ import annotations

import httpx
import pytest
from pyld import jsonld
from service_fixtures import BASE, BROWSER, client, folder  # noqa: F401

from kg.iris import Iris
from kg.vocabulary import DGM

ASKED = "/resolve?office=Ambassador+in+Japan&on=1934-03-01"


def test_the_answer_is_json_ld_under_the_datasets_iris(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get(ASKED, headers={"Accept": "application/ld+json"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == "application/ld+json"
    document = answer.json()
    assert document["answer"]["certainty"] == "certain"
    context = client.get("/ontology/context.jsonld").json()

    def load(url: str, _: object = None) -> dict[str, object]:
        assert url == f"{BASE}ontology/context.jsonld"
        return {"document": context, "documentUrl": url, "contentType": "application/ld+json", "contextUrl": None}

    nodes = {node["@id"]: node for node in jsonld.flatten(document, options={"documentLoader": load}) if "@id" in node}
    iris = Iris(BASE)
    person, term = iris.register_person("grew-joseph-clark"), iris.term_of_office("jp-1932-grew-01")
    assert nodes[term][DGM.holder] == [{"@id": person}]
    assert nodes[term][DGM.ended] == [{"@value": "1941-12-08", "@type": "http://www.w3.org/2001/XMLSchema#date"}]
    assert nodes[person][DGM.authority] == [{"@value": "grew-joseph-clark"}]


def test_a_browser_gets_a_page_and_a_form(client: httpx.Client) -> None:  # noqa: F811
    page = client.get(ASKED, headers={"Accept": BROWSER})
    assert page.headers["content-type"].startswith("text/html")
    for words in ("Joseph Clark Grew", "Presented credentials", "14 June 1932", 'value="Ambassador in Japan"'):
        assert words in page.text
    form = client.get("/resolve", headers={"Accept": BROWSER})
    assert form.status_code == 200
    assert "<form" in form.text
    escaped = client.get("/resolve?office=%3Cscript%3E&on=1934", headers={"Accept": BROWSER})
    assert escaped.status_code == 400
    assert "<script>" not in escaped.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "no office is named"),
        ("?office=Ambassador+in+Japan", "no date is given"),
        ("?office=Ambassador+in+Japan&on=1934-02-30", "is no date"),
        ("?office=Ambassador+in+Ruritania&on=1934-03-01", "names no office"),
    ],
)
def test_what_is_no_question_is_a_problem(client: httpx.Client, query: str, words: str) -> None:  # noqa: F811
    answer = client.get(f"/resolve{query}", headers={"Accept": "application/ld+json"})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (400, "application/problem+json")
    assert words in answer.json()["detail"]


def test_nobody_is_an_answer(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get(
        "/resolve?office=Under+Secretary+of+State&on=1890-01-01", headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["candidates"]) == (200, [])
    assert answer.json()["answer"]["message"].startswith("nobody: the first holder")


@pytest.mark.parametrize(
    ("office", "on", "instead", "id"),
    [
        ("Ambassador in Moscow", "1943-09", "Ambassador in Russia", "chief/russia"),
        ("Minister at Constantinople", "1900", "Minister in Turkey", "chief/turkey"),
        ("Ambassador in London", "1940", "Ambassador in the United Kingdom", "chief/united-kingdom"),
        ("Ambasador in Japan", "1934", "Chief of Mission in Japan", "chief/japan"),
        ("Ambassador in Jappan", "1934", "Ambassador in Japan", "chief/japan"),
        ("Undersecretery of State", "1934", "Under Secretary of State", "principal/under-secretary"),
    ],
)
def test_words_that_name_no_office_lead_to_those_that_may_be_meant(
    client: httpx.Client,  # noqa: F811
    office: str,
    on: str,
    instead: str,
    id: str,
) -> None:
    asked = {"office": office, "on": on}
    told = client.get("/resolve", params=asked, headers={"Accept": "application/json"})
    assert told.status_code == 400
    first = told.json()["similar"][0]
    assert (first["label"], first["iri"]) == (instead, Iris(BASE).office(id))
    assert client.get(first["document"], headers={"Accept": "application/json"}).json()["question"]["office"] == instead
    page = client.get("/resolve", params=asked, headers={"Accept": BROWSER})
    assert page.status_code == 400
    assert f'value="{office}"' in page.text
    assert f">{instead}</a>" in page.text


@pytest.mark.parametrize("office", ["Consul at Geneva", "x", "Ambassador in Qqqq"])
def test_an_office_that_the_registers_cannot_have_leads_to_no_other(client: httpx.Client, office: str) -> None:  # noqa: F811
    told = client.get("/resolve", params={"office": office, "on": "1934"}, headers={"Accept": "application/json"})
    assert (told.status_code, told.json().get("similar")) == (400, None)
