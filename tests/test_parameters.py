"""The rule of pages with parameters: what is not known is told, what cannot be read is 400, a page too far is 404."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.snapshot import Snapshot
from service.app import ServiceConfig
from service.openapi import OPERATIONS
from service.representations import HTML
from tests.service_fixtures import asking, make_snapshot, serving

# The samples have no earlier state, no second publication and no thread.
NOT_IN_THE_SAMPLES = {"/memento/{time}/doc/{path:path}", "/changes/{number}/{page}", "/correspondence/thread"}
ACCEPT = {"Accept": "text/html"}
NOTE = "Left out, for this page has no such parameter:"
EXAMPLES = {
    "{path:path}": "volume/sample1931v01",
    "{slug}": "not-found",
    "{suffix}": ".html",
}


def pages() -> list[str]:
    found = []
    for (method, path), operation in OPERATIONS.items():
        if method == "GET" and HTML in operation.answers.get(200, ()) and path not in NOT_IN_THE_SAMPLES:
            for name, value in EXAMPLES.items():
                path = path.replace(name, value)
            found.append(path)
    return found


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot) as client:
        yield client


@pytest.mark.parametrize("path", pages())
def test_every_page_tells_the_parameters_that_it_does_not_know(http: httpx.Client, path: str) -> None:
    told = http.get(f"{path}?colour=red&%3Cb%3E=1&{'x' * 60}=1", headers=ACCEPT)
    assert told.status_code == 200, told.text
    assert f"{NOTE} <code>colour</code>, <code>&lt;b&gt;</code>, <code>{'x' * 40}</code>." in told.text
    assert NOTE not in http.get(path, headers=ACCEPT).text


def test_a_page_is_not_kept_with_what_another_request_asked(http: httpx.Client) -> None:
    for _ in range(2):
        assert NOTE not in http.get("/doc/volume/sample1931v01", headers=ACCEPT).text
        assert NOTE in http.get("/doc/volume/sample1931v01?colour=red", headers=ACCEPT).text


@pytest.mark.parametrize(
    "path",
    [
        "/search?page=x",
        "/search?view=pie",
        "/correspondence?page=0",
        "/correspondence?after=1934-13",
        "/doc/volume/sample1931v01?page=x",
        "/doc/volume/sample1931v01?documents=x",
        "/doc/volume/sample1931v01?documents=0",
        "/doc/volume/sample1931v01?documents=12345678901",
        "/resolve?office=Ambassador+in+Japan&on=x",
        "/sparql?query=ASK+{}&format=x",
    ],
)
def test_a_value_that_cannot_be_read_is_400_and_says_which(http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers=ACCEPT)
    name = path.rpartition("&" if "&" in path else "?")[2].partition("=")[0]
    assert answer.status_code == 400
    assert f"{name} is " in answer.text.lower() or "“x” is no date" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/search?page=9",
        "/search?values=sender&page=9",
        "/doc/volume/sample1931v01?documents=9",
        "/doc/volume/sample1931v01?page=9",
    ],
)
def test_a_page_after_the_last_is_404_with_a_link_to_the_last(http: httpx.Client, path: str) -> None:
    page = http.get(path, headers=ACCEPT)
    assert page.status_code == 404
    assert "The last page" in page.text
    last = page.text.partition("Did you mean")[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert http.get(last, headers=ACCEPT).status_code == 200


def test_a_base_with_a_path_has_the_same_parameters(tmp_path: Path) -> None:
    folder = make_snapshot(tmp_path, "http://data.example/data/")
    with serving(ServiceConfig(folder=folder, workers=1)) as (address, _):
        told = httpx.get(f"http://{address}/data/search?q=x&zz=1", headers={"Accept": HTML}, trust_env=False).text
    assert "no such parameter: <code>zz</code>" in told
