"""Every IRI that a snapshot mints dereferences in every format, to one graph."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import rdflib
from service_fixtures import serving

from kg.snapshot import Snapshot
from kg.vocabulary import ONTOLOGY_FOLDER
from service.app import ServiceConfig

CONTEXT = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes())["@context"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def crawl() -> ModuleType:
    spec = importlib.util.spec_from_file_location("crawl", ROOT / "benchmarks" / "crawl.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_iri_of_the_samples_is_303_to_one_graph_in_every_format(
    crawl: ModuleType, samples_snapshot: Snapshot
) -> None:
    found = asyncio.run(crawl.crawl(samples_snapshot.path.parent.parent))
    assert found.failures == []
    assert found.iris > 200


def test_so_are_those_of_the_registers_drawn_at_intervals(crawl: ModuleType, registers_snapshot: Snapshot) -> None:
    found = asyncio.run(crawl.crawl(registers_snapshot.path.parent.parent, 200))
    assert found.failures == []
    assert found.iris > 50


def test_the_crawl_tells_what_fails(crawl: ModuleType, tmp_path: Path) -> None:
    """A thing that RDF/XML cannot hold is told as such."""
    from kg.load import load

    (tmp_path / "a.nt").write_text('<http://a.example/id/x/1> <http://a.example/2026/> "x" .', encoding="utf-8")
    load([(tmp_path / "a.nt", None)], tmp_path / "out", "http://a.example/")
    found = asyncio.run(crawl.crawl(tmp_path / "out"))
    assert [failure for failure in found.failures if "id/x/1" in failure and "rdf+xml" in failure]


@pytest.fixture(scope="module")
def http(registers_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with (
        serving(ServiceConfig(folder=registers_snapshot.path.parent.parent, workers=1)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


# rdflib's reader of JSON-LD uses a class that rdflib itself calls deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_rdflib_reads_four_formats_of_three_hundred_things_alike(
    crawl: ModuleType, registers_snapshot: Snapshot, http: httpx.Client
) -> None:
    base = registers_snapshot.manifest.base_iri
    iris = crawl.minted(registers_snapshot)
    for iri in iris[:: max(1, len(iris) // 300)]:
        path = iri.removeprefix(f"{base}id/")
        told = [
            rdflib.Graph().parse(data=http.get(f"/doc/{path}{suffix}").content, format=name)
            for suffix, name in ((".ttl", "turtle"), (".rdf", "xml"), (".nt", "nt"))
        ]
        document = {**http.get(f"/doc/{path}.jsonld").json(), "@context": CONTEXT}
        told.append(rdflib.Graph().parse(data=json.dumps(document), format="json-ld"))
        assert all(set(graph) == set(told[0]) for graph in told)
        assert (rdflib.URIRef(iri), None, None) in told[0] or (None, None, rdflib.URIRef(iri)) in told[0]
