"""A small snapshot made by hand, and the service on it, on a real loopback port: nothing is mocked.

The data follow docs/decisions/0003-model.md.  Two sources, so two named graphs: one volume with two documents, and
a graph of many plain triples that gives queries something to be slow over.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from kg import textindex, validation
from kg.iris import Iris
from kg.publish import Part, Publication, _sums
from kg.snapshot import FORMAT_VERSION, Manifest, Snapshot, SourceEntry, VolumeEntry
from kg.statements import Statements, boolean, in_order, integer, literal
from kg.vocabulary import DCTERMS, DGM, RDF, XSD
from service.app import ServiceConfig, create_app
from service.connection import Connection

BASE = "http://data.example/"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"
COUNTING = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
STREAMING = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
BULK = 2000


def statements(base: str = BASE) -> list[Statements]:
    iris = Iris(base)
    graph = iris.graph("v1.xml")
    out = Statements(graph)
    volume, document = iris.volume("v1"), iris.document("v1", "d1")
    out.describe(iris.dataset(), "http://www.w3.org/ns/dcat#Dataset", "The dataset")
    out.describe(graph, "http://www.w3.org/ns/prov#Entity", "Statements from v1.xml")
    for name in ("v1.xml", "a", "a.ttl", "q%/ä?.nt"):
        out.describe(iris.source(name), DGM.Source, name)
    out.link(graph, "http://www.w3.org/ns/prov#wasDerivedFrom", iris.source("v1.xml"))
    out.describe(volume, DGM.Volume, "A volume")
    for number in (1, 2):
        subject = iris.document("v1", f"d{number}")
        out.describe(subject, DGM.Document, f"Document {number} <b>")
        out.text(subject, DCTERMS.identifier, f"v1/d{number}")
        out.text(subject, DCTERMS.title, f"Document {number} <b>")
        out.link(subject, DGM.volume, volume)
        out.add(subject, DGM.order, integer(number))
    out.text(document, DGM.text, 'First <script>alert("x")</script> paragraph.\nSecond, “quoted”.')
    out.link(document, DGM.kind, DGM.telegram)
    _parts(out, iris, document)
    bulk = Statements(iris.graph("bulk.nt"))
    for number in range(BULK):
        bulk.add(f"{base}id/bulk/{number}", f"{base}p", literal(f"value {number}"))
        bulk.link(f"{base}id/bulk/{number}", f"{base}near", iris.person("v1", "hub"))
    return [out, bulk]


def _parts(out: Statements, iris: Iris, document: str) -> None:
    sending, party = iris.event("v1", "d1", "sending"), iris.party("v1", "d1", "from", 1)
    out.link(document, DGM.sending, sending)
    out.describe(sending, DGM.Sending, "Sending of v1/d1")
    out.text(sending, DGM.placePrinted, "Geneva")
    out.add(sending, DGM.date, literal("1934-03-13", XSD.date))
    out.link(sending, DGM.sender, party)
    out.describe(party, DGM.Party, "The Consul (Gilbert)")
    out.text(party, DGM.name, "Gilbert")
    out.link(party, DGM.person, iris.person("v1", "p_GP"))
    out.describe(iris.person("v1", "p_GP"), DGM.Person, "Gilbert, Prentiss B.")
    note = iris.footnote("v1", "d1", "fn1")
    out.link(document, DGM.footnote, note)
    out.describe(note, DGM.Footnote, "v1/d1, footnote 7")
    out.text(note, DGM.mark, "7")
    out.text(note, DGM.text, "A note.")
    out.add(note, DGM.offset, integer(5))
    out.add(note, DGM.onHeading, boolean(False))
    page, inference = iris.page("v1", "64"), iris.inference("v1", "d1", "page")
    out.describe(page, DGM.Page, "v1, page 64")
    out.text(page, DGM.pageNumber, "64")
    out.describe(inference, DGM.Inference, "v1/d1: page, inferred")
    out.link(inference, RDF.subject, document)
    out.link(inference, RDF.predicate, DGM.page)
    out.link(inference, RDF.object, page)
    out.link(inference, DGM.certainty, DGM.certain)
    out.text(inference, DGM.evidence, "[Page 65]")


def make_snapshot(folder: Path, base: str = BASE) -> Path:
    """A snapshot folder under `folder`, which `current` names; gives `folder`."""
    iris, graphs = Iris(base), statements(base)
    with Publication(folder, iris) as publication:
        parts = []
        for number, graph in enumerate(graphs):
            lines = in_order(graph, iris.part_of_document())
            publication.part(number).write_text("".join(lines), encoding="utf-8")
            name = lines[0][lines[0].rindex(" <") + 2 : -4]
            parts.append(Part(graph=name, volume=None if number else "v1", path=publication.part(number)))
        digest, count = publication.data(parts, iris.shared_graph())
        report = publication.report(validation.report(iris, (), "0.1.0"))
        publication.publish(parts, _manifest(iris, digest, report, count, len(graphs[0])))
    (folder / "current" / "downloads" / "secret.txt").write_text("not listed", encoding="utf-8")
    return folder


def seal(folder: Path) -> None:
    """Writes the digests of the snapshot in `folder` anew, after a test has written to its store."""
    path = (folder / "current").resolve()
    for name in ("SHA256SUMS", "sizes.tsv"):
        (path / name).unlink()
    _sums(path)


def _manifest(iris: Iris, digest: str, report: str, statements: int, own: int) -> Manifest:
    source = SourceEntry(
        name="v1.xml",
        graph=iris.graph("v1.xml"),
        sha256="0" * 64,
        bytes=1,
        volume="v1",
        format="application/tei+xml",
        read=2,
        published=2,
        statements=own,
    )
    return Manifest(
        base_iri=iris.base,
        data_sha256=digest,
        report_sha256=report,
        counts={"documents": 2, "volumes": 1, "sources": 1, "statements": statements, "left_out": 0},
        versions={"dragoman": "0.1.0", "ontology": "0.1.0", "format": str(FORMAT_VERSION)},
        sources=(source,),
        volumes=(VolumeEntry(id="v1", iri=iris.volume("v1"), title="A volume", documents=2, statements=own),),
        left_out=(),
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_snapshot(tmp_path_factory.mktemp("snapshot"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    """A client of the running service; redirects are not followed."""
    with (
        serving(ServiceConfig(folder=folder, workers=1, query_seconds=20)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as http,
    ):
        yield http


@contextmanager
def asking(
    snapshot: Snapshot, *, follow_redirects: bool = False, headers: Mapping[str, str] | None = None
) -> Iterator[httpx.Client]:
    """A client of a service on a published snapshot."""
    with (
        serving(ServiceConfig(folder=snapshot.path.parent.parent, workers=1)) as (address, _),
        httpx.Client(
            base_url=f"http://{address}",
            trust_env=False,
            timeout=30,
            follow_redirects=follow_redirects,
            headers=headers,
        ) as http,
    ):
        yield http


def write_index(folder: Path) -> None:
    """The text index of the documents in the store of a folder."""
    for step in (textindex.write_documents, textindex.write_pairs, textindex.finish):
        step(folder)


@contextmanager
def serving(config: ServiceConfig) -> Iterator[tuple[str, uvicorn.Server]]:
    """The service on a loopback port of its own; gives host:port and the server."""
    app = create_app(config)
    listener = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(
        app,
        loop="uvloop",
        http=Connection,
        lifespan="on",
        log_level="critical",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"127.0.0.1:{listener.getsockname()[1]}", server
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def busy(server: uvicorn.Server) -> int:
    """How many query workers of a running service are at work."""
    return int(application(server).state.succession.site.queries.busy)


def worker_pids(server: uvicorn.Server) -> list[int]:
    """The processes that answer its queries."""
    return [worker.process.pid for worker in application(server).state.succession.site.queries._workers]


def application(server: uvicorn.Server) -> FastAPI:
    app = server.config.loaded_app
    while not isinstance(app, FastAPI):
        app = app.app
    return app
