"""Descriptions of real documents mean the same to rdflib, to Apache Jena and to the engine, in every format.

The environment takes it further: PARSED_VOLUMES (1, the smallest first) and PARSED_RESOURCES (160, evenly from
every kind of thing).
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from client_fixtures import CLIENTS, Published, answer, need, published, triples

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
VOLUMES = int(os.environ.get("PARSED_VOLUMES", "1"))
RESOURCES = int(os.environ.get("PARSED_RESOURCES", "160"))
EACH_GRAPH = "CONSTRUCT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"

# What rdflib warns of itself: its JSON-LD parser uses a class that it calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
Triples = frozenset[ox.Triple]


@dataclass(frozen=True, slots=True)
class Described:
    """Files NUMBER.ttl, NUMBER.nt, ... in `folder`, one number for each IRI; the service still runs for contexts."""

    folder: Path
    iris: tuple[str, ...]

    def files(self, suffix: str) -> list[Path]:
        return [self.folder / f"{number}{suffix}" for number in range(len(self.iris))]

    def of_engine(self, suffix: str) -> list[Triples]:
        return [frozenset(triples(path.read_bytes(), FORMATS[suffix])) for path in self.files(suffix)]


@pytest.fixture(scope="module")
def described(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    folder = tmp_path_factory.mktemp("parsers")
    volumes = sorted((shared / "corpus" / "tei").glob("*.xml.gz"), key=lambda path: path.stat().st_size)[:VOLUMES]
    with published(volumes, folder / "snapshot", registers=True) as service:
        iris = tuple(chosen(service))
        with httpx.Client(trust_env=False, timeout=60) as client:
            for number, iri in enumerate(iris):
                for suffix in FORMATS:
                    address = iri.replace(f"{service.base}id/", f"{service.base}doc/", 1) + suffix
                    found = client.get(address).raise_for_status()
                    (folder / f"{number}{suffix}").write_bytes(found.content)
        yield Described(folder, iris)


def chosen(service: Published) -> Iterator[str]:
    """RESOURCES things of the dataset, evenly from each kind of IRI and, in it, from the first to the last."""
    kinds = defaultdict(set)
    for quad in service.store:
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(f"{service.base}id/"):
            kinds[quad.subject.value.removeprefix(service.base).split("/")[1]].add(quad.subject.value)
    left = RESOURCES
    for done, iris in enumerate(sorted(kinds.values(), key=len)):
        share = min(len(iris), max(1, left // (len(kinds) - done)))
        ordered = sorted(iris)
        yield from (ordered[number * len(ordered) // share] for number in range(share))
        left -= share


def test_every_kind_of_thing_is_among_them(described: Described) -> None:
    assert len(set(described.iris)) == len(described.iris) >= min(RESOURCES, 100)
    assert {"document", "volume", "page", "footnote", "inference", "sending", "party"} <= {
        iri.split("/id/")[1].split("/")[0] for iri in described.iris
    }


@pytest.mark.parametrize("suffix", [".ttl", ".rdf"])
def test_the_engine_reads_the_same_in_each_format(described: Described, suffix: str) -> None:
    assert described.of_engine(suffix) == described.of_engine(".nt")
    for iri, found in zip(described.iris, described.of_engine(".nt"), strict=True):
        assert any(triple.subject.value == iri for triple in found), iri
        # Without blank nodes, equal sets are isomorphic graphs.
        assert not [triple for triple in found if {type(triple.subject), type(triple.object)} & {ox.BlankNode}]


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdflib_reads_the_same(described: Described, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    for path, expected, iri in zip(described.files(suffix), described.of_engine(".nt"), described.iris, strict=True):
        written = rdflib.Graph().parse(path).serialize(format="nt", encoding="utf-8")
        assert triples(written, ox.RdfFormat.N_TRIPLES) == expected, iri


@pytest.mark.parametrize("suffix", FORMATS)
def test_jena_reads_the_same(described: Described, suffix: str) -> None:
    libraries = CLIENTS / "jena" / "lib"
    need(shutil.which("java") and any(libraries.glob("jena-cmds-*.jar")), "Apache Jena", "make clients")
    graphs = [f"--namedGraph={path}" for path in described.files(suffix)]
    written = answer("java", "-cp", f"{libraries}/*", "arq.arq", *graphs, "--results=nquads", EACH_GRAPH)
    found = defaultdict(set)
    for quad in ox.parse(written, ox.RdfFormat.N_QUADS):
        found[str(quad.graph_name.value)].add(quad.triple)
    for path, expected, iri in zip(described.files(suffix), described.of_engine(".nt"), described.iris, strict=True):
        assert found[f"file://{path}"] == expected, iri
