"""The samples, served by `dragoman serve` as users run it, for clients that others have written.

The base IRI is the address of the service, so that a client that follows an IRI comes back to it.  What a client
gets is held to what the engine answers in process.

A client that is not installed is a reason to skip; in CI, which installs them all, it is a failure.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.build import BuildConfig, build
from kg.snapshot import Snapshot

CLIENTS = Path(__file__).resolve().parent / "clients"
SAMPLES = CLIENTS.parent.parent / "samples"
DOCUMENT = "id/document/sample1931v01/d1"
NESTING = 40
"""How deep the service lets brackets be nested: a client's own parser gives up not long after that."""

_PREFIXES = "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX dgm: <https://w3id.org/dragoman/ontology#> "
# IRIs, plain text, numbers, dates, and a variable that some rows leave unbound.
SELECT = _PREFIXES + (
    "SELECT ?document ?title ?order ?date { ?document a dgm:Document ; dcterms:title ?title ; dgm:order ?order "
    "OPTIONAL { ?document dgm:sending/dgm:date ?date } }"
)
CONSTRUCT = _PREFIXES + (
    "CONSTRUCT { ?document dcterms:title ?title ; dgm:order ?order } "
    "WHERE { ?document a dgm:Document ; dcterms:title ?title ; dgm:order ?order }"
)
ASK = _PREFIXES + "ASK { ?document dgm:kind dgm:telegram }"
ASK_NOT = _PREFIXES + "ASK { ?document dgm:kind dgm:Volume }"
MALFORMED = "SELECT nonsense"
NESTED = f"SELECT * {{ ?s ?p ?o FILTER({'!(' * (NESTING + 10)}true{')' * (NESTING + 10)}) }}"
"""SPARQL, but with deeper brackets than the service allows."""

Rows = Counter[frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that is served at `base`, and the engine's own answers to compare with."""

    base: str
    snapshot: Snapshot
    store: ox.Store

    @property
    def sparql(self) -> str:
        return f"{self.base}sparql"

    def rows(self, query: str = SELECT) -> Rows:
        solutions = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        return rows(solutions)

    def triples(self, query: str = CONSTRUCT) -> set[ox.Triple]:
        found = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QueryTriples)
        return set(found)

    def described(self, local: str = DOCUMENT) -> set[ox.Triple]:
        """What the service says of `local` in N-Triples, which leave nothing to interpretation."""
        answer = httpx.get(self.base + local.replace("id/", "doc/", 1) + ".nt", trust_env=False).raise_for_status()
        found = triples(answer.content, ox.RdfFormat.N_TRIPLES)
        assert any(triple.subject.value == self.base + local for triple in found)
        return found

    def graphs(self, volume: str | None = None) -> set[ox.Triple]:
        """All triples, or those of one volume's file of the snapshot."""
        path = self.snapshot.downloads / f"{volume}.nq" if volume else self.snapshot.data
        return triples(path.read_bytes(), ox.RdfFormat.N_QUADS)


def triples(data: bytes | str, format: ox.RdfFormat) -> set[ox.Triple]:
    """The triples of a document of any RDF format, of whichever graph."""
    return {quad.triple for quad in ox.parse(data, format)}


def rows(solutions: ox.QuerySolutions) -> Rows:
    """A table without the order of its rows; terms as N-Triples have them."""
    names = [variable.value for variable in solutions.variables]
    return Counter(
        frozenset((name, str(term)) for name, term in zip(names, row, strict=True) if term is not None)
        for row in solutions
    )


def rows_of(data: bytes | str, format: ox.QueryResultsFormat) -> Rows:
    """The table that a client has written in one of SPARQL's formats of results."""
    solutions = ox.parse_query_results(data, format)
    assert isinstance(solutions, ox.QuerySolutions)
    return rows(solutions)


def boolean_of(data: bytes | str, format: ox.QueryResultsFormat = ox.QueryResultsFormat.JSON) -> bool:
    answer = ox.parse_query_results(data, format)
    assert isinstance(answer, ox.QueryBoolean)
    return bool(answer)


def need(found: object, client: str, how: str) -> None:
    """Skips without `client`; in CI, which installs every client, fails."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{client} is not installed ({how})")


def run(*command: str | Path, seconds: float = 120) -> subprocess.CompletedProcess[bytes]:
    """A client's command line.  A hang is an error: no client may be left waiting."""
    environ = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    return subprocess.run(command, capture_output=True, timeout=seconds, env=environ, check=False)


def answer(*command: str | Path) -> str:
    """What a client prints, of a run that went well."""
    done = run(*command)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@contextmanager
def published(sources: Sequence[Path], folder: Path, *, registers: bool = False) -> Iterator[Published]:
    """`sources` built and served at an address that is their base IRI."""
    base = f"http://127.0.0.1:{_free_port()}/"
    built = build(BuildConfig(sources=tuple(sources), out=folder, base_iri=base, jobs=1, registers=registers))
    assert not built.errors, built.errors
    assert built.snapshot is not None
    store = ox.Store()
    store.bulk_load(path=built.snapshot.data, format=ox.RdfFormat.N_QUADS)
    with _served(folder, base):
        yield Published(base, built.snapshot, store)


@contextmanager
def _served(folder: Path, base: str) -> Iterator[None]:
    """`dragoman serve`, until it says where it listens; ended by SIGINT."""
    port = base.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", str(folder), "--port", port]
    environ = {**os.environ, "DRAGOMAN_WORKERS": "1", "DRAGOMAN_MAX_NESTING": str(NESTING)}
    log = folder / "serve.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environ)
    with process:
        assert process.stdout
        try:
            assert base in process.stdout.readline(), log.read_text()
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    # Whatever a client sends, nothing of it ends in a traceback.
    assert "Traceback" not in log.read_text()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The samples."""
    with published([SAMPLES], tmp_path_factory.mktemp("clients")) as served:
        yield served
