"""What a reader may have meant by a name with a wrong letter, in searches and addresses that find nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from kg.names import trigrams, words_of
from kg.snapshot import Snapshot
from service.spelling import Names, _slips
from tests.service_fixtures import asking

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def names(samples_snapshot: Snapshot) -> Names:
    return Names(samples_snapshot.search)


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot, follow_redirects=True) as client:
        yield client


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("hull", "hull", 0), ("cordel", "cordell", 1), ("grwe", "grew", 1), ("a", "bc", 2)],
)
def test_slips_are_letters_wrong_missing_too_many_or_exchanged(one: str, other: str, slips: int) -> None:
    assert _slips(one, other) == _slips(other, one) == slips


def test_words_of_a_name_are_folded_and_their_groups_tell_where_they_begin_and_end() -> None:
    assert words_of("Chargé d’Affaires, No. 1931 of Ål") == ["charge", "affaires"]
    assert trigrams("hull") == [" hu", "hul", "ull", "ll "]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Lindqwist", "Lindqvist, Chargé in Veldria"),
        ("veldria-harow", "Harrow, Minister in Veldria"),
        ("Wahsington", "Washington"),
        ("Ministre Harrow", "Harrow, Minister in Veldria"),
        ("sampel1931v02", "sample1931v02"),
    ],
)
def test_one_wrong_letter_leads_to_the_name(names: Names, typed: str, label: str) -> None:
    assert label in [one.label for one in names.like(typed, 6)]


def test_a_kind_narrows_what_is_offered(names: Names) -> None:
    assert {one.kind for one in names.like("Wahsington", 6)} >= {"place"}
    assert names.like("Wahsington", 6, "person") == []
    assert names.like("zzzqqq", 6) == names.like("", 6) == names.like("a -b", 6) == []


def test_words_that_documents_have_are_kept_as_they_were_typed(names: Names) -> None:
    assert names.corrected("Telegram of Lindqwist") == "Telegram of Lindqvist"
    assert names.corrected("telegram") == names.corrected("zzzqqq") == ""


def test_a_look_up_is_quick_whatever_is_typed(names: Names) -> None:
    begun = time.monotonic()
    for typed in ("a" * 5000, " ".join(f"lindq{number}ist" for number in range(200)), '"*)( OR NEAR', "\ud800"):
        names.like(typed, 6)
        names.corrected(typed)
    assert time.monotonic() - begun < 2


def test_a_search_that_finds_nothing_offers_the_name_and_the_words(http: httpx.Client) -> None:
    page = http.get("/search", params={"q": "Lindqwist", "view": "timeline"}, headers=HTML).text
    assert "Did you mean" in page
    assert '<a href="?q=Lindqvist&amp;view=timeline">Lindqvist</a>' in page
    assert 'href="/id/person/sample1931v01/lindqvist-charge-in-veldria"' in page
    assert "Did you mean" not in http.get("/search", params={"q": "zzzqqq"}, headers=HTML).text
    assert "Did you mean" not in http.get("/search", params={"q": "Lindqvist"}, headers=HTML).text


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/id/person/sample1931v01/lindqwist-charge", "/doc/person/sample1931v01/lindqvist-charge-in-veldria"),
        ("/doc/persons/lindqwist", "/doc/person/sample1931v01/lindqvist-charge-in-veldria"),
        ("/person/lindqwist", "/doc/person/sample1931v01/lindqvist-charge-in-veldria"),
        ("/Lindqwist", "/doc/person/sample1931v01/lindqvist-charge-in-veldria"),
        ("/volumes/sampel1931v02", "/doc/volume/sample1931v02"),
        ("/id/place/wahsington", "/doc/place/4140963"),
        ("/serch", "/search"),
        ("/sparql/exampels", "/sparql/examples"),
    ],
)
def test_an_address_with_a_wrong_letter_is_404_and_offers_the_right_one(
    http: httpx.Client, path: str, offered: str
) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert offered in [row["document"] for row in answer.json()["similar"]]
    page = http.get(path, headers=HTML)
    assert page.status_code == 404
    assert f'href="{offered}"' in page.text
