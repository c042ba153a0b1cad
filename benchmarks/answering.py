"""Benchmarks of what the service does: query, stream, dereference, start."""

from __future__ import annotations

import json
import math
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, cast

import httpx
import peers
import pyoxigraph as ox
from measure import (
    Table,
    free_port,
    interleaved,
    memory,
    once,
    process,
    ratio,
    requests_a_second,
    wait_for,
)

from kg.snapshot import Snapshot
from kg.vocabulary import DGM, RDF

_JSON = "application/sparql-results+json"
# The client would else ask for gzip, which some servers give and others, faster for it, do not.
_PLAIN = {"Accept-Encoding": "identity"}
_P = f"PREFIX dgm: <{DGM.iri}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
# Twelve that historians ask, from a look-up to a sum over all.
QUERIES = {
    "one document": "SELECT ?p ?o { <$D> ?p ?o }",
    "what a person sent": "SELECT ?s ?date { <$D> dgm:sending ?s . ?s dgm:sender ?p . OPTIONAL { ?s dgm:date ?date } }",
    "footnotes of a document": "SELECT ?text { <$D> dgm:footnote ?f . ?f dgm:text ?text }",
    "documents by kind": "SELECT ?kind (COUNT(*) AS ?n) { ?d dgm:kind ?kind } GROUP BY ?kind ORDER BY DESC(?n)",
    "places of sending": "SELECT ?place (COUNT(*) AS ?n) { ?s a dgm:Sending ; dgm:placePrinted ?place } "
    "GROUP BY ?place ORDER BY DESC(?n) LIMIT 20",
    "sent by year": "SELECT ?year (COUNT(*) AS ?n) { ?s a dgm:Sending ; dgm:earliest ?day "
    "BIND(SUBSTR(STR(?day), 1, 4) AS ?year) } GROUP BY ?year ORDER BY ?year",
    "senders": "SELECT ?name (COUNT(*) AS ?n) { ?s dgm:sender ?p . ?p dgm:name ?name } "
    "GROUP BY ?name ORDER BY DESC(?n) LIMIT 20",
    "who wrote to whom": "SELECT ?from ?to (COUNT(*) AS ?n) { ?d dgm:sending/dgm:sender/dgm:printed ?from ; "
    "dgm:receiving/dgm:recipient/dgm:printed ?to } GROUP BY ?from ?to ORDER BY DESC(?n) LIMIT 50",
    "words of a text": 'SELECT ?d { ?d a dgm:Document ; dgm:text ?t FILTER(CONTAINS(?t, "neutrality")) }',
    "files and their documents": "SELECT ?file (COUNT(?d) AS ?n) { ?d dgm:file ?file } GROUP BY ?file "
    "ORDER BY DESC(?n) LIMIT 20",
    "divisions above a document": "SELECT ?up ?label { <$D> dgm:partOf+ ?up . ?up rdfs:label ?label }",
    "titles, dates and places": "SELECT ?d ?title ?date ?place { ?d a dgm:Document ; rdfs:label ?title ; "
    "dgm:sending ?s . "
    "OPTIONAL { ?s dgm:date ?date } OPTIONAL { ?s dgm:placePrinted ?place } }",
}


@contextmanager
def service(folder: Path, log: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """`dragoman serve` on a free port: its root and process."""
    port = free_port()
    environment: list[str | Path] = ["env", *(f"{name}={value}" for name, value in settings.items())]
    command = [*environment, Path(sys.executable).with_name("dragoman"), "serve", folder, "--port", str(port)]
    with process(command, log) as running:
        wait_for(f"http://127.0.0.1:{port}/health", running)
        yield f"http://127.0.0.1:{port}/", running.pid


def documents(folder: Path, most: int) -> list[str]:
    """Local paths (id/document/...) of documents drawn at random, always the same."""
    snapshot = Snapshot.open(folder)
    store = ox.Store.read_only(str(snapshot.store))
    found = sorted(
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(DGM.Document))
        if isinstance(quad.subject, ox.NamedNode)
    )
    random.Random(1).shuffle(found)
    return found[:most]


def ask(http: httpx.Client, address: str, text: str, **headers: str) -> int:
    """Bytes of the answer.  Raises httpx.HTTPStatusError."""
    answer = http.get(address, params={"query": text}, headers={**_PLAIN, "Accept": _JSON, **headers})
    answer.raise_for_status()
    return len(answer.content)


Asker = Callable[[str], object]


def _medians(askers: dict[str, Asker], texts: dict[str, str], runs: int) -> dict[str, list[float | None]]:
    """Median ms of each text for each asker, in turn; None if it is refused, breaks off or takes over 30 s.

    A first round is not counted.  Each text is one of its own, but for what is called cached.
    """
    columns: dict[str, list[float | None]] = {name: [] for name in askers}
    for text in texts.values():
        times: dict[str, list[float]] = {name: [] for name in askers}
        failed = set[str]()
        for number in range(runs + 1):
            for name, asker in askers.items():
                mark = "" if name.endswith("cached") else f"\n# {number} {time.time_ns()}"
                try:
                    if name not in failed:
                        times[name].append(once(partial(asker, text + mark)))
                except httpx.HTTPError:
                    failed.add(name)
        for name, found in times.items():
            columns[name].append(None if name in failed else statistics.median(found[1:]) * 1000)
    return columns


def querying(folder: Path, scratch: Path, runs: int, log: Callable[[str], None]) -> Table:
    """The twelve over HTTP, of all servers in turn."""
    snapshot = Snapshot.open(folder)
    document = documents(folder, 1)[0]
    texts = {name: _P + text.replace("$D", document) for name, text in QUERIES.items()}
    store = ox.Store.read_only(str(snapshot.store))

    def engine(text: str) -> object:
        answer = store.query(text, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)
        return answer.serialize(format=ox.QueryResultsFormat.JSON)

    with ExitStack() as stack:
        http = stack.enter_context(httpx.Client(timeout=30, trust_env=False))

        def over_http(address: str) -> Asker:
            return lambda text: ask(http, address, text)

        bare, _ = stack.enter_context(service(folder, scratch / "bare.log", DRAGOMAN_CACHE_MB="0"))
        root, _ = stack.enter_context(service(folder, scratch / "service.log"))
        askers = {
            "engine in process": engine,
            "Dragoman": over_http(f"{bare}sparql"),
            "Dragoman, cached": over_http(f"{root}sparql"),
        }
        for peer in peers.peers(log):
            place = scratch / re.sub(r"\W+", "-", peer.name)
            place.mkdir()
            try:
                askers[f"{peer.name} {peer.version}"] = over_http(stack.enter_context(peer.serve(place, snapshot.data)))
            except (RuntimeError, OSError) as error:
                log(f"{peer.name} {peer.version} gave up: {error}")
        columns = _medians(askers, texts, runs)
    rates = _rates(folder, scratch, texts["documents by kind"])
    return _query_table(texts, columns, rates, snapshot)


def _rates(folder: Path, scratch: Path, text: str) -> dict[str, float | None]:
    """Requests a second: of an answer that was given before, of one that the client has, of a constant one."""
    rates: dict[str, float | None] = {}
    with service(folder, scratch / "rates.log") as (root, _), httpx.Client(timeout=30, trust_env=False) as http:
        url = str(httpx.URL(f"{root}sparql", params={"query": text}))
        answer = http.get(url, headers={"Accept": _JSON})
        etag = answer.headers.get("etag")
        rates["cached"] = requests_a_second(url, {"Accept": _JSON})
        rates["revalidated"] = requests_a_second(url, {"Accept": _JSON, "If-None-Match": etag}) if etag else None
    rates["constant"] = constant_rate(len(answer.content), scratch)
    return rates


def _query_table(
    texts: dict[str, str], columns: dict[str, list[float | None]], rates: dict[str, float | None], snapshot: Snapshot
) -> Table:
    table = Table(
        name="query",
        about="Twelve historians' queries over HTTP, as bare JSON, median ms; each text is new, but for “cached”.",
        columns=("query", *columns),
    )
    for row, name in enumerate(texts):
        table.rows.append((name, *(column[row] for column in columns.values())))
    ours, inside = columns["Dragoman"], columns["engine in process"]
    slow = [ratio(a, b) for a, b in zip(ours, inside, strict=True) if b and b > 10]
    table.at_most(
        "most times the engine in process, where that takes over 10 ms", max(filter(None, slow), default=None), 1.25
    )
    for name, target in (("Oxigraph's server", 1.0), ("rdflib-endpoint", 10.0), ("Fuseki", None), ("Virtuoso", None)):
        column = next((column for title, column in columns.items() if title.startswith(name)), None)
        mean = _mean([ratio(theirs, mine) for theirs, mine in zip(column, ours, strict=True)]) if column else None
        if target:
            table.at_least(f"times as fast as {name} (geometric mean)", mean, target)
        elif mean:
            table.notes.append(f"Times as fast as {name} (geometric mean): {mean:.2f}.")
    for kind in ("cached", "revalidated"):
        share = ratio(rates[kind], rates["constant"])
        table.at_least(f"{kind}, requests a second against a constant answer of that size", share, 0.5)
    table.notes.append(f"{snapshot.manifest.counts['statements']:,} statements; – is refused, broken off or over 30 s.")
    table.notes.append(", ".join(f"{name}: {rate:,.0f} requests/s" for name, rate in rates.items() if rate))
    return table


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value]
    return math.exp(statistics.fmean(map(math.log, known))) if known else None


def streaming(folder: Path, scratch: Path, runs: int, rows: int = 1_000_000) -> Table:
    """Very many rows as CSV: the service against the engine's own serialization, and memory above idle."""
    text = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {rows}"
    table = Table(name="stream", about=f"Up to {rows:,} rows as CSV.", columns=("what", "s", "MB/s"))

    class Sink:
        size = 0

        def write(self, data: bytes) -> int:
            self.size += len(data)
            return len(data)

        def flush(self) -> None: ...

    def engine() -> None:
        sink.size = 0
        results = store.query(text, use_default_graph_as_union=True)
        assert isinstance(results, ox.QuerySolutions)
        results.serialize(cast(IO[bytes], sink), format=ox.QueryResultsFormat.CSV)

    most = [0.0]

    def served() -> None:
        looked = time.perf_counter()
        with http.stream(
            "GET", address, params={"query": f"{text} # {time.time_ns()}"}, headers={**_PLAIN, "Accept": "text/csv"}
        ) as answer:
            for _ in answer.iter_raw(1 << 20):
                if time.perf_counter() - looked > 0.2:
                    looked = time.perf_counter()
                    most[0] = max(most[0], memory(pid))

    sink, store = Sink(), ox.Store.read_only(str(Snapshot.open(folder).store))
    with service(folder, scratch / "stream.log") as (root, pid), httpx.Client(timeout=60, trust_env=False) as http:
        time.sleep(1)
        idle, address = memory(pid), f"{root}sparql"
        own, ours = interleaved([engine, served], runs)
    for what, took in (("engine's own serialization", own), ("Dragoman", ours)):
        table.rows.append((what, took, sink.size / took / 1e6))
    table.at_least("speed against the engine's own serialization", ratio(own, ours), 0.7)
    table.at_most("MB above idle", most[0] - idle, 100)
    table.notes.append(f"{sink.size / 1e6:.0f} MB; idle {idle:.0f} MB in all, at most {most[0]:.0f} MB.")
    return table


_CONSTANT = """
import fastapi, uvicorn, sys
app, body = fastapi.FastAPI(), b"x" * int(sys.argv[2])
@app.get("/")
async def constant(): return fastapi.Response(body, media_type="text/plain")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def constant_rate(size: int, scratch: Path) -> float:
    """Requests a second of a constant answer of so many bytes from bare FastAPI and uvicorn."""
    port = free_port()
    with process([sys.executable, "-c", _CONSTANT, str(port), str(size)], scratch / "constant.log") as running:
        wait_for(f"http://127.0.0.1:{port}/", running)
        return requests_a_second(f"http://127.0.0.1:{port}/", {})


# Documents, none of those that are measured, that are asked for before the clock runs.
_WARM = 30

_LUA = """
local paths, n = {{{paths}}}, 0
request = function() n = n + 1; return wrk.format(nil, paths[n % #paths + 1]{headers}) end
"""


def _script(where: Path, paths: Sequence[str]) -> Path:
    where.write_text(_LUA.format(paths=", ".join(json.dumps(path) for path in paths), headers=""))
    return where


def dereferencing(folder: Path, scratch: Path, many: int, log: Callable[[str], None]) -> Table:
    """Descriptions of many documents by wrk: each once over (not cached), and again (cached, revalidated)."""
    drawn = documents(folder, many + _WARM)
    found, others = drawn[:-_WARM], drawn[-_WARM:]
    base = Snapshot.open(folder).manifest.base_iri
    table = Table(
        name="dereference",
        about=f"Descriptions of {len(found):,} documents, requests a second, 16 connections.",
        columns=("what", "bytes", "not cached", "cached", "revalidated", "constant answer", "Trifid"),
    )
    forms = {
        "Turtle": ("ttl", "text/turtle"),
        "JSON-LD": ("jsonld", "application/ld+json"),
        "HTML": ("html", "text/html"),
    }
    rows: dict[str, list[float | None]] = {}
    for name, (suffix, media_type) in forms.items():
        # Each form has a service of its own, since descriptions are kept from which another form would be written.
        with service(folder, scratch / "deref.log") as (root, _), httpx.Client(trust_env=False, timeout=30) as http:
            paths, warm = (
                [f"/doc/{iri.removeprefix(f'{base}id/')}.{suffix}" for iri in some] for some in (found, others)
            )
            _once_each(root, warm, media_type)
            first = _once_each(root, paths, media_type)
            one = http.get(root + paths[0][1:])
            accept = {"Accept": media_type}
            cached = requests_a_second(root, accept, _script(scratch / "w.lua", paths))
            again = requests_a_second(root + paths[0][1:], {**accept, "If-None-Match": one.headers["etag"]})
            rows[name] = [len(one.content), first, cached, again]
    for name in forms:
        rows[name].append(constant_rate(int(rows[name][0] or 0), scratch))
    trifid = _trifid(folder, scratch, found, forms, log)
    for name, (size, once_over, kept, unchanged, constant) in rows.items():
        theirs = trifid.get(name)
        table.rows.append((name, size, once_over, kept, unchanged, constant, theirs))
        table.at_least(f"{name}, not cached, against the constant answer", ratio(once_over, constant), 0.15)
        table.at_least(f"{name}, cached, against the constant answer", ratio(kept, constant), 0.5)
        table.at_least(f"{name}, not cached, against Trifid", ratio(once_over, theirs), 20)
    table.notes.append("Prez is not on PyPI: Trifid 5, which does the same in Node, stands for it.")
    table.notes.append(
        "“Not cached” asks for each document once, 16 at a time, of a service that has answered others before."
    )
    return table


def _once_each(root: str, paths: Sequence[str], accept: str) -> float:
    """Requests a second for each path once, by 16 clients of a process of their own."""
    code = (
        "import asyncio, json, sys, time\n"
        "host, port, accept, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3], json.load(sys.stdin)\n"
        "async def client():\n"
        "    reader, writer = await asyncio.open_connection(host, port)\n"
        "    while paths:\n"
        "        head = f'GET {paths.pop()} HTTP/1.1\\r\\nHost: {host}\\r\\nAccept: {accept}\\r\\n\\r\\n'\n"
        "        writer.write(head.encode())\n"
        "        head = await reader.readuntil(b'\\r\\n\\r\\n')\n"
        "        assert b' 200 ' in head[:20], head\n"
        "        length = [line for line in head.lower().split(b'\\r\\n') if line.startswith(b'content-length')]\n"
        "        await reader.readexactly(int(length[0].split(b':')[1]))\n"
        "    writer.close()\n"
        "async def main():\n"
        "    began = time.perf_counter(); await asyncio.gather(*(client() for _ in range(16)))\n"
        "    print(time.perf_counter() - began)\n"
        "asyncio.run(main())\n"
    )
    host, _, port = root.removeprefix("http://").rstrip("/").partition(":")
    out = subprocess.run(
        [sys.executable, "-c", code, host, port, accept],
        input=json.dumps(list(paths)),
        capture_output=True,
        text=True,
        check=True,
    )
    return len(paths) / float(out.stdout)


def _trifid(
    folder: Path, scratch: Path, found: Sequence[str], forms: dict[str, tuple[str, str]], log: Callable[[str], None]
) -> dict[str, float]:
    """Trifid's requests a second, over Oxigraph's server with the same data."""
    base, place = Snapshot.open(folder).manifest.base_iri, scratch / "trifid"
    place.mkdir()
    rates: dict[str, float] = {}
    try:
        with (
            peers.serve_oxigraph(place, Snapshot.open(folder).data) as endpoint,
            peers.serve_trifid(place, endpoint, base) as root,
        ):
            paths = [f"/{iri.removeprefix(base)}" for iri in found]
            one = httpx.get(root + paths[0][1:], headers={"Accept": "text/turtle"}, timeout=30, trust_env=False)
            if found[0].rpartition("/")[2] not in one.text:
                raise RuntimeError(f"{one.status_code} {one.text[:200]} for {paths[0]}")
            for name, (_, media_type) in forms.items():
                script = _script(scratch / "t.lua", paths)
                rates[name] = requests_a_second(root, {"Accept": media_type}, script)
    except (RuntimeError, OSError, httpx.HTTPError, subprocess.SubprocessError) as error:
        log(f"Trifid gave up: {error}")
    return rates


def latency(folder: Path) -> float:
    """Median ms of a document's Turtle, each asked once."""
    found, base = documents(folder, 300), Snapshot.open(folder).manifest.base_iri
    log = folder / "latency.log"
    with service(folder, log) as (root, _), httpx.Client(trust_env=False, timeout=30) as http:
        addresses = [f"{root}doc/{iri.removeprefix(f'{base}id/')}.ttl" for iri in found]
        http.get(addresses[0])
        return statistics.median(once(partial(http.get, address)) for address in addresses) * 1000


def starting(folder: Path, scratch: Path, runs: int) -> Table:
    """From the command to the first answer of a query; memory at idle, of all processes."""
    table = Table(
        name="serve", about="`dragoman serve` from the command to its first answer.", columns=("what", "figure")
    )
    times, idle = [], []
    for _ in range(runs):
        began = time.perf_counter()
        with service(folder, scratch / "start.log") as (root, pid):
            wait_for(f"{root}sparql?query=ASK%7B%7D", None)
            times.append(time.perf_counter() - began)
            time.sleep(1)
            idle.append(memory(pid))
    manifest = Snapshot.open(folder).manifest
    first, least = statistics.median(times), statistics.median(idle)
    table.rows += [("first answer, s", first), ("idle memory of all processes, MB", least)]
    table.at_most("first answer, s", first, 2)
    table.at_most("idle memory, MB", least, 400)
    table.notes.append(f"{len(manifest.volumes)} volumes, {manifest.counts['statements']:,} statements.")
    return table
