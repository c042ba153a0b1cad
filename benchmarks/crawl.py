"""Dereference every IRI that a snapshot mints, in every RDF format, as a client would.

    python benchmarks/crawl.py DIR [--every N [--start K]]

For each IRI under the base that stands in the data or in the validation report: /id/… must be 303 to a 200 in each
format, and all formats must be the same graph, without blank nodes; JSON-LD is expanded with the context that ships
here.  `--every N` takes each N-th IRI, from the K-th on.  The service runs in this process (ASGI, no socket), its
look-ups in a worker as always.  Prints counts, failures and times; exit code 1 if anything failed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.snapshot import Snapshot
from kg.vocabulary import ONTOLOGY_FOLDER
from service.app import ServiceConfig, create_app
from service.representations import JSON_LD, RDF_TYPES

_CONTEXT = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes())["@context"]


@dataclass(slots=True)
class Answer:
    """A response as ASGI gave it; header names in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Found:
    """What a crawl found: seconds are of one IRI in all formats."""

    iris: int = 0
    statements: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    bytes: int = 0


async def get(app: Any, url: str, accept: str) -> Answer:
    """GET of a path and query with one Accept header."""
    path, _, query = url.partition("?")
    answer = Answer()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"accept", accept.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def minted(snapshot: Snapshot) -> list[str]:
    """Every IRI under the base's id/ in the data (graphs, too) and in the report, in order of the IRIs."""
    prefix = f"{snapshot.manifest.base_iri}id/"
    found = set[str]()
    for path, kind in ((snapshot.data, ox.RdfFormat.N_QUADS), (snapshot.report, ox.RdfFormat.TURTLE)):
        for quad in ox.parse(path=path, format=kind):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, ox.NamedNode) and term.value.startswith(prefix):
                    found.add(term.value)
    return sorted(found)


def triples_of(body: bytes, media_type: str, context_url: str) -> frozenset[ox.Triple]:
    """The graph of a representation.

    Raises SyntaxError if it is none, ValueError for another context than ours or blank nodes.
    """
    if media_type == JSON_LD:
        document = json.loads(body)
        if document.pop("@context") != context_url:
            raise ValueError("another context than ours")
        body = json.dumps({"@context": _CONTEXT, **document}).encode()
    kind = ox.RdfFormat.from_media_type(media_type)
    found = frozenset(quad.triple for quad in ox.parse(body, format=kind))
    if any(isinstance(term, ox.BlankNode) for triple in found for term in triple):
        raise ValueError("blank nodes")
    return found


async def dereference(app: Any, snapshot: Snapshot, iri: str, found: Found) -> None:
    """One thing in each format."""
    base = snapshot.manifest.base_iri
    root = "/" + base.split("/", 3)[3]
    graphs: dict[frozenset[ox.Triple], str] = {}
    for media_type in RDF_TYPES:
        redirect = await get(app, root + iri.removeprefix(base), media_type)
        if redirect.status != 303:
            found.failures.append(f"{iri} {media_type}: {redirect.status}, not 303")
            continue
        answer = await get(app, redirect.headers["location"], media_type)
        told = answer.headers.get("content-type", "").partition(";")[0]
        if answer.status != 200 or told != media_type:
            found.failures.append(f"{redirect.headers['location']}: {answer.status} {told}")
            continue
        found.bytes += len(answer.body)
        try:
            graph = triples_of(bytes(answer.body), media_type, f"{base}ontology/context.jsonld")
        except (SyntaxError, ValueError) as error:
            found.failures.append(f"{redirect.headers['location']}: {error}")
            continue
        graphs.setdefault(graph, media_type)
    if len(graphs) > 1:
        found.failures.append(f"{iri}: not one graph ({', '.join(graphs.values())})")
    if not any(
        triple.subject == ox.NamedNode(iri) or triple.object == ox.NamedNode(iri)
        for graph in graphs
        for triple in graph
    ):
        found.failures.append(f"{iri}: nothing about it")
    found.statements += max((len(graph) for graph in graphs), default=0)


async def crawl(folder: Path, every: int = 1, start: int = 0, *, progress: bool = False) -> Found:
    """Starts the service on a snapshot folder, asks for everything, ends it."""
    app = create_app(ServiceConfig(folder=folder, workers=1))
    snapshot = Snapshot.open(folder)
    found = Found()
    async with app.router.lifespan_context(app):
        for iri in minted(snapshot)[start::every]:
            began = time.perf_counter()
            await dereference(app, snapshot, iri, found)
            found.seconds.append(time.perf_counter() - began)
            found.iris += 1
            if progress and found.iris % 5000 == 0:
                print(f"{found.iris} IRIs, {len(found.failures)} failures", file=sys.stderr, flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    arguments = parser.parse_args()
    began = time.perf_counter()
    found = asyncio.run(crawl(arguments.folder, arguments.every, arguments.start, progress=True))
    seconds = time.perf_counter() - began
    for failure in found.failures[:50]:
        print(failure)
    ranked = sorted(found.seconds)
    print(f"IRIs                 {found.iris:,}")
    print(
        f"representations      {found.iris * len(RDF_TYPES):,} in {len(RDF_TYPES)} formats, {found.bytes / 1e6:,.0f} MB"
    )
    print(f"statements told      {found.statements:,}")
    print(f"failures             {len(found.failures):,}")
    print(f"seconds              {seconds:,.0f} ({found.iris / seconds:,.0f} IRIs a second)")
    print(f"ms for one IRI in all formats: median {statistics.median(ranked) * 1000:.0f}, ", end="")
    print(f"99th percentile {ranked[int(len(ranked) * 0.99)] * 1000:.0f}, most {ranked[-1] * 1000:.0f}")
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
