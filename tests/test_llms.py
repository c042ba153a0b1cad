"""The file for those who read for language models: its numbers, its links and its queries."""

from __future__ import annotations

import re

import httpx
import pytest

from kg.snapshot import Snapshot
from service import gallery, llms
from service.app import ServiceConfig
from tests.service_fixtures import serving


@pytest.fixture(scope="module")
def text(samples_snapshot: Snapshot) -> str:
    with serving(ServiceConfig(folder=samples_snapshot.path.parent.parent, workers=1)) as (address, _):
        answer = httpx.get(f"http://{address}/llms.txt", trust_env=False, timeout=10)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


def test_it_begins_with_a_heading_and_a_summary_that_counts(text: str, samples_snapshot: Snapshot) -> None:
    counts = samples_snapshot.manifest.counts
    assert text.startswith("# Dragoman\n\n> ")
    assert f"> {counts['documents']} diplomatic documents of {counts['volumes']} volumes" in text
    assert f"{counts['statements']:,} statements" in text


def test_its_queries_are_those_of_the_gallery(text: str) -> None:
    examples = gallery.load()
    queries = re.findall(r"```sparql\n(.*?)\n```", text, flags=re.DOTALL)
    assert queries == [one.text.strip() for name in llms.QUERIES if (one := examples.named(name))]
    assert len(queries) == len(llms.QUERIES)


def test_each_of_its_links_is_served(text: str, samples_snapshot: Snapshot) -> None:
    base = samples_snapshot.manifest.base_iri
    links = [link.removeprefix(base) for link in re.findall(r"\]\((http[^)]+)\)", text)]
    assert len(links) > 10
    folder = samples_snapshot.path.parent.parent
    with (
        serving(ServiceConfig(folder=folder, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30, follow_redirects=True) as client,
    ):
        assert {link: client.get(f"/{link}").status_code for link in links} == dict.fromkeys(links, 200)
