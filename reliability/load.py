"""Load: mixed traffic at a share of the measured capacity, with runaway queries, each answer held against the engine's.

    python reliability/load.py DIR [--minutes 30] [--share 0.8] [--runaway 0.02] [--measure 60] [--threads 32]

Serves DIR's snapshot on the loopback and asks the mix without its runaways until the service keeps all that it has room
for (DRAGOMAN_CACHE_MB bounds it), so that this is not taken for a leak.  Then it measures how many requests a second
the mix gets through with all threads asking at once, and asks at `--share` of that for `--minutes`, at random times
(Poisson).  The mix: descriptions as Turtle, N-Triples, JSON-LD and pages, searches, competency questions and small
queries about documents drawn at random, and a share of runaway queries.  What a query must answer is evaluated here, by
the engine itself on the same store; what a page must be was asked before the load began, and its statements looked up
in the store.  Clients have 32 addresses.

Prints what came of it, and by the minute the memory of the service, of it what is kept to be given again (as
`/metrics` tells) and what is beside that, and of the workers.  Exit code 1 if an answer was wrong, an error was none of
the promised 503s, or the memory of the service grew by more than a twentieth after minute five.  Ends by itself.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from service_process import Service, kept_by, memory_of, running

from kg.snapshot import Snapshot
from kg.vocabulary import COMPETENCY_FOLDER

_RUNAWAY = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != {0}) }}"
_QUERIES = (
    "SELECT ?p ?o {{ <{0}> ?p ?o }}",
    "SELECT ?s ?p {{ ?s ?p <{0}> }}",
    "PREFIX dgm: <https://w3id.org/dragoman/ontology#> SELECT ?sent ?place {{ <{0}> dgm:sending ?e . "
    "OPTIONAL {{ ?e dgm:date ?sent }} OPTIONAL {{ ?e dgm:placePrinted ?place }} }}",
    "PREFIX dgm: <https://w3id.org/dragoman/ontology#> SELECT ?note ?text {{ <{0}> dgm:footnote ?note . "
    "?note dgm:text ?text }}",
)
_SECONDS_OF_A_QUERY = 5
# Competency questions that answer in less than this are in the mix.
_FAST = 0.5
# Of ten seconds each, at most, to fill what the service keeps.
_ROUNDS = 30
_GROWTH = 0.05


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: `expected` is the digest of the right content, None for a runaway query."""

    kind: str
    path: str
    accept: str
    expected: str | None


@dataclass(slots=True)
class Tally:
    """What came of the requests of one phase."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, ask: Ask, status: int, body: bytes, retry: str | None, seconds: float) -> None:
        with self.lock:
            self.statuses[ask.kind, status] += 1
            self.seconds[ask.kind].append(seconds)
            if status == 200 and ask.expected is not None and digest(body, ask) != ask.expected:
                self.wrong.append(f"{ask.accept} {ask.path}")
            if status not in (200, 503) or (status == 503 and retry is None):
                self.faults.append(f"{status} {ask.path}: {body[:200]!r}")


def digest(body: bytes, ask: Ask) -> str:
    """Rows of a query without ORDER BY may come in any order."""
    content = b"\n".join(sorted(body.splitlines())) if ask.kind == "query" else body
    return hashlib.sha256(content).hexdigest()


class Mix:
    """The requests, drawn at random, and what they must answer."""

    def __init__(self, snapshot: Snapshot, service: Service, seed: int, runaway: float) -> None:
        self._store = ox.Store.read_only(str(snapshot.store))
        self._random = random.Random(seed)
        self._runaway, self._lock = runaway, threading.Lock()
        base = snapshot.manifest.base_iri
        kind = ox.NamedNode("https://w3id.org/dragoman/ontology#Document")
        quads = self._store.quads_for_pattern(
            None, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), kind
        )
        documents = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
        self.documents = self._random.sample(documents, min(2000, len(documents)))
        self._fixed = [*self._questions(service), *self._pages(service, base)]

    def draw(self, *, runaway: bool = True) -> Ask:
        with self._lock:
            roll = self._random.random()
            if roll < self._runaway and runaway:
                text = _RUNAWAY.format(self._random.randrange(10**9))
                return Ask("runaway", f"/sparql?query={quote(text)}", "text/csv", None)
            if roll < 0.5:
                query = self._random.choice(_QUERIES).format(self._random.choice(self.documents))
                return Ask("query", f"/sparql?query={quote(query)}", "text/csv", self._answer(query))
            return self._random.choice(self._fixed)

    def _answer(self, query: str) -> str:
        results = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(results, ox.QuerySolutions)
        body = results.serialize(format=ox.QueryResultsFormat.CSV)
        return digest(body or b"", Ask("query", "", "", None))

    def _questions(self, service: Service) -> Iterator[Ask]:
        """Those that the service answers fast: it stops the others, which nothing here could."""
        for path in sorted(COMPETENCY_FOLDER.glob("*.rq")):
            text = path.read_text(encoding="utf-8")
            address = f"/sparql?query={quote(text)}"
            began = time.monotonic()
            try:
                status = service.get(address, "text/csv")[0]
            except http.client.HTTPException:
                continue  # it broke off at its limit
            if status == 200 and time.monotonic() - began < _FAST:
                yield Ask("query", address, "text/csv", self._answer(text))

    def _pages(self, service: Service, base: str) -> Iterator[Ask]:
        """What pages are when nothing else is asked; their triples must be the store's."""
        for iri in self.documents[:60]:
            local = iri.removeprefix(base)
            local = local.removeprefix("id/")
            for accept in ("text/turtle", "application/n-triples", "application/ld+json", "text/html"):
                yield self._known(service, "page", f"/doc/{local}", accept)
            body = service.get(f"/doc/{local}", "application/n-triples")[1]
            for triple in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
                subject, predicate, value = triple.subject, triple.predicate, triple.object
                if isinstance(subject, ox.NamedNode) and subject.value == iri:
                    assert any(self._store.quads_for_pattern(subject, predicate, value)), (
                        f"{triple} is not in the store"
                    )
        for path in ("/", "/download/", "/search?q=minister", "/search?q=treaty&format=csv", "/ontology", "/catalogue"):
            yield self._known(service, "page", path, "text/html, */*;q=0.5")

    def _known(self, service: Service, kind: str, path: str, accept: str) -> Ask:
        status, body, _ = service.get(path, accept)
        assert status == 200, f"{path}: {status}"
        return Ask(kind, path, accept, hashlib.sha256(body).hexdigest())


class Client(threading.Thread):
    """Asks what `next_ask` gives, until that gives None, from an address of its own."""

    def __init__(self, number: int, service: Service, tally: Tally, next_ask: Callable[[], Ask | None]) -> None:
        super().__init__()
        self._source, self._service = f"127.0.0.{2 + number % 32}", service
        self._tally, self._next = tally, next_ask
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while (ask := self._next()) is not None:
            began = time.monotonic()
            try:
                status, body, retry = self._once(ask)
            except (OSError, http.client.HTTPException) as error:
                self.connection = None
                with self._tally.lock:
                    self._tally.faults.append(f"{type(error).__name__}: {error} {ask.path[:200]}")
                continue
            self._tally.note(ask, status, body, retry, time.monotonic() - began)

    def _once(self, ask: Ask) -> tuple[int, bytes, str | None]:
        # The service closes a connection that rested for five seconds; a new one each time costs less than to guess.
        connection = http.client.HTTPConnection(
            self._service.host, self._service.port, timeout=60, source_address=(self._source, 0)
        )
        try:
            connection.request("GET", ask.path, headers={"Accept": ask.accept})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Retry-After")
        finally:
            connection.close()


def fill(service: Service, mix: Mix, threads: int) -> float:
    """Asks until what is kept grows by less than a hundredth in ten seconds; MB."""
    kept, before = kept_by(service), 0.0
    for _ in range(_ROUNDS):
        if kept < before * 1.01:
            break
        closed(service, mix, 10, threads, runaway=False)
        kept, before = kept_by(service), kept
    return kept


def closed(service: Service, mix: Mix, seconds: float, threads: int, *, runaway: bool = True) -> float:
    """Requests a second that get through when all threads ask at once."""
    tally, end = Tally(), time.monotonic() + seconds

    def next_ask() -> Ask | None:
        return mix.draw(runaway=runaway) if time.monotonic() < end else None

    clients = [Client(n, service, tally, next_ask) for n in range(threads)]
    _run(clients)
    return sum(count for (_, status), count in tally.statuses.items() if status == 200) / seconds


def open_loop(
    service: Service, mix: Mix, rate: float, minutes: float, threads: int, seed: int
) -> tuple[Tally, list[dict[str, float]]]:
    """Requests at random times; the memory of the processes every minute."""
    tally, lock, rand = Tally(), threading.Lock(), random.Random(seed)
    start = time.monotonic()
    end, due = start + minutes * 60, [start]

    def next_ask() -> Ask | None:
        with lock:
            due[0] += rand.expovariate(rate)
            at = due[0]
        if at > end:
            return None
        ask = mix.draw()
        time.sleep(max(0.0, at - time.monotonic()))
        return ask

    clients = [Client(number, service, tally, next_ask) for number in range(threads)]
    memory: list[dict[str, float]] = []
    watch = threading.Thread(target=_watch, args=(service, end, memory))
    watch.start()
    _run(clients)
    watch.join()
    return tally, memory


def _watch(service: Service, end: float, memory: list[dict[str, float]]) -> None:
    minute: list[dict[str, float]] = []
    while time.monotonic() < end:
        taken, kept = memory_of(service.pid), kept_by(service)
        minute.append({**taken, "kept": kept, "beside": taken["service"] - kept})
        if len(minute) == 12:
            memory.append(_most(minute))
            minute = []
        time.sleep(5)
    if minute:
        memory.append(_most(minute))


def _most(minute: list[dict[str, float]]) -> dict[str, float]:
    return {name: max(row[name] for row in minute) for name in minute[0]}


def _run(clients: list[Client]) -> None:
    for client in clients:
        client.start()
    for client in clients:
        client.join()


def report(tally: Tally, memory: list[dict[str, float]], rate: float, minutes: float) -> bool:
    total = sum(tally.statuses.values())
    print(f"asked                {total:,} in {minutes:g} min ({total / minutes / 60:.1f} a second; meant {rate:.1f})")
    for (kind, status), count in sorted(tally.statuses.items()):
        print(f"  {kind:8} {status}       {count:,}")
    for kind, times in sorted(tally.seconds.items()):
        times.sort()
        p50, p95, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.95, 0.99))
        print(f"  {kind:8} ms        {p50:,.0f} median, {p95:,.0f} p95, {p99:,.0f} p99")
    print(f"wrong answers        {len(tally.wrong)}\nother errors         {len(tally.faults)}")
    print(*tally.wrong[:5], *tally.faults[:5], sep="\n")
    print("MB by minute         service    kept  beside it  workers")
    for number, row in enumerate(memory, 1):
        print(f"{number:20} {row['service']:8.1f} {row['kept']:7.1f} {row['beside']:10.1f} {row['workers']:8,.0f}")
    grown = {name: memory[-1][name] / memory[5][name] - 1 if len(memory) > 6 else 0.0 for name in ("service", "beside")}
    print(f"from minute 6 on     {grown['service']:+.1%} the service, {grown['beside']:+.1%} what is beside the kept")
    return not tally.wrong and not tally.faults and grown["service"] < _GROWTH


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--minutes", type=float, default=30)
    cli.add_argument("--share", type=float, default=0.8)
    cli.add_argument("--runaway", type=float, default=0.02)
    cli.add_argument("--measure", type=float, default=60, help="seconds of the measurement of capacity")
    cli.add_argument("--threads", type=int, default=32)
    cli.add_argument("--seed", type=int, default=1)
    args = cli.parse_args()
    snapshot = Snapshot.open(args.folder)
    with running(
        args.folder, DRAGOMAN_QUERY_SECONDS=str(_SECONDS_OF_A_QUERY), DRAGOMAN_QUEUE_PER_CLIENT="32"
    ) as service:
        mix = Mix(snapshot, service, args.seed, args.runaway)
        print(f"the mix is ready     {len(mix.documents):,} documents", flush=True)
        print(f"kept by the service  {fill(service, mix, args.threads):.1f} MB", flush=True)
        capacity = closed(service, mix, args.measure, args.threads)
        print(f"capacity             {capacity:.1f} answers a second ({args.threads} at once)", flush=True)
        rate = capacity * args.share
        tally, memory = open_loop(service, mix, rate, args.minutes, args.threads * 4, args.seed)
        alive = service.get("/health", "*/*")
    good = report(tally, memory, rate, args.minutes)
    print(f"health at the end    {alive[0]} {json.loads(alive[1])['status']}")
    return 0 if good and alive[0] == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
