"""SPARQL queries in worker processes that can be killed, under limits.

A running query cannot be cancelled inside its process, so each worker is a process of its own on the
read-only store.  `WorkerPool.ask` gives an `Answer` when the first bytes are there or raises a `QueryError`:
that decides the status.  What comes later streams with backpressure; if it breaks off, iterating the answer
raises, and the caller must let the connection break.

Time counts from `ask` to the last byte: waiting, running and sending.  A worker over its time, its memory, its bytes
of answer or without a client is killed and replaced.

The store never changes, so answers are kept, as far as there is room, and the same query is not run twice, nor by two
workers at once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import (
    DragomanError,
    MalformedQuery,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    SnapshotError,
)
from service import frames
from service.frames import Frame
from service.kept import Kept, footprint
from service.scan import Scan, scan
from service.turns import CLIENT, Flights, Turns
from service.workerprocess import Worker

_log = logging.getLogger(__name__)
_RESTART_PAUSE_SECONDS = 1
# Characters of a query that are looked through at once: 20 ms.  A megabyte takes more than a second.
_SCANNED_AT_ONCE = 16_384
_JSON = "application/sparql-results+json"


class QueryTooLong(QueryRefused):
    """A query of more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the query is longer than {limit} bytes")


class QueryOutOfMemory(QueryFailed):
    """The query needed more memory than a worker may have."""


class QueryTooLarge(QueryFailed):
    """The answer has more bytes than an answer may have."""


class NotOffered(DragomanError):
    """The query's form ("bindings", "boolean" or "graph") has no acceptable media type.

    `offered` are the types that it has; `xml` is false if the answer holds characters that XML cannot.
    """

    def __init__(self, form: str, *, xml: bool = True) -> None:
        self.form = form
        types = frames.GRAPH_TYPES if form == "graph" else frames.RESULT_TYPES
        self.offered = tuple(name for name in types if xml or not name.endswith("xml"))
        super().__init__(f"an answer of the form {form} cannot be given in any of the accepted types")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query.  `dataset` is (default graphs, named graphs) of the protocol, None for the query's own.

    `results` and `graph` are the media types to write, None where none is acceptable; only the engine knows
    which of the two forms the query has.
    """

    text: str
    results: str | None
    graph: str | None
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRead:
    """All of one graph: `graph` is its IRI, None the union of all."""

    graph: str | None
    media_type: str
    prefixes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one query: seconds, bytes of text, depth of brackets; of a worker: bytes of memory.

    `queue` is how many queries may wait for a worker, `share` how many of them of one client; `result_bytes` how long
    an answer may be.
    """

    seconds: float = 30.0
    query_bytes: int = 1024 * 1024
    nesting: int = 256
    queue: int = 32
    share: int = 16
    memory: int = 2048 * 1024 * 1024
    result_bytes: int = 4096 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Known:
    """A whole answer that was given before."""

    form: str
    media_type: str
    body: bytes


@dataclass(slots=True)
class Answer:
    """An answer whose first bytes are there; `complete` if they are all.  Iterate once, then `close`."""

    form: str
    media_type: str
    first: bytes
    complete: bool
    _run: _Run | None = None
    steady: bool = True
    """Whether the same query has the same answer next time."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All chunks.  Raises QueryTimeout or QueryFailed if the answer breaks off."""
        if self.first:
            yield self.first
        if self._run and not self.complete:
            async for chunk in self._run.rest():
                yield chunk
            self.complete = True

    async def read(self) -> bytes:
        """The whole answer in memory."""
        return b"".join([chunk async for chunk in self])

    def close(self) -> None:
        """Stops the query if it still runs; may be called at any time, and twice."""
        if self._run:
            self._run.abandon()


class WorkerPool:
    """`size` workers on one store.  `start` before use, `stop` at the end, in one event loop."""

    def __init__(self, store: Path, base: str, size: int, limits: Limits, kept: Kept[Known] | None = None) -> None:
        self.limits = limits
        self._kept = kept or Kept[Known](0)
        self._store, self._base, self._size = store, base, size
        self._turns = Turns[Worker](limits.queue, limits.share)
        self._flights = Flights()
        self._scans = asyncio.Semaphore()
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Raises SnapshotError if a worker cannot open the store."""
        try:
            for worker in await asyncio.gather(*(self._start_worker() for _ in range(self._size))):
                self._turns.put(worker)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Kills all workers; their queries fail."""
        self._stopping = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in tuple(self._workers)))
        self._workers.clear()

    async def ask(self, query: Query | GraphRead) -> Answer:
        """Raises QueryError, or NotOffered if the query's form has no acceptable type.

        Workers are shared out fairly between clients, by `turns.CLIENT`.
        """
        deadline = asyncio.get_running_loop().time() + self.limits.seconds
        if isinstance(query, Query):
            seen = await self._scanned(query.text, deadline)
            (request, key), undeclared = self._request(query, seen), seen.undeclared
        else:
            request, key, undeclared = self._graph_request(query), None, None
        if known := self._kept.get(key):
            return _given_before(known)
        # What is not kept is asked by each for itself.
        shared = key if self._kept.most else None
        if self._flights.has(shared):
            try:
                async with asyncio.timeout_at(deadline):
                    await self._flights.join(shared)
            except TimeoutError:
                raise QueryTimeout(self.limits.seconds) from None
            if known := self._kept.get(key):
                return _given_before(known)
        with self._flights.lead(shared):
            worker = await self._take(deadline)
            return await self._begin(_Run(self, worker, _Copy(self._kept, key)), request, deadline, undeclared)

    async def _begin(self, run: _Run, request: bytes, deadline: float, undeclared: str | None) -> Answer:
        run.alarm = asyncio.get_running_loop().call_at(deadline, run.expire)
        try:
            return await run.begin(request)
        except MalformedQuery as error:
            raise _explained(error, undeclared) from None
        except asyncio.CancelledError:
            run.abandon()
            raise

    @property
    def kept_bytes(self) -> int:
        """What answers that were given before take of memory."""
        return self._kept.size

    @property
    def busy(self) -> int:
        """How many workers are at work or being replaced."""
        return self._size - self._turns.free

    async def _scanned(self, text: str, deadline: float) -> Scan:
        """What is in the text; of long ones one after the other in a thread, so that nobody else waits for them.

        Raises QueryTooLong or QueryTimeout.
        """
        if len(text.encode()) > self.limits.query_bytes:
            raise QueryTooLong(self.limits.query_bytes)
        if len(text) <= _SCANNED_AT_ONCE:
            return scan(text)
        try:
            async with asyncio.timeout_at(deadline), self._scans:
                return await asyncio.to_thread(scan, text)
        except TimeoutError:
            raise QueryTimeout(self.limits.seconds) from None

    def _request(self, query: Query, seen: Scan) -> tuple[bytes, Hashable]:
        """The ASK frame, and what its answer is kept under, None if it is not.

        Raises QueryRefused: what the engine's parser must not see.
        """
        if seen.broken:
            raise MalformedQuery("quotes are opened that nothing closes")
        if seen.depth > self.limits.nesting:
            raise QueryRefused(f"brackets are nested deeper than {self.limits.nesting}")
        if seen.service:
            raise QueryRefused("SERVICE is not available here: this endpoint sends no requests to others")
        if seen.update:
            raise QueryRefused(f"{seen.update} is an update, and this dataset is read-only")
        default, named = query.dataset or (None, ())
        payload = {
            "query": query.text,
            "base": self._base,
            "union": query.dataset is None and not seen.dataset,
            "default_graphs": default,
            "named_graphs": named,
            "prefixes": {name: iri for name, iri in seen.prefixes.items() if ":" in iri},
            "types": {"results": query.results, "graph": query.graph},
            "seconds": self.limits.seconds,
        }
        key = None if seen.volatile else (seen.text, query.dataset, query.results, query.graph)
        return frames.frame(frames.ASK, json.dumps(payload).encode()), key

    def _graph_request(self, read: GraphRead) -> bytes:
        """The READ frame."""
        payload = {
            "graph": read.graph,
            "media_type": read.media_type,
            "prefixes": dict(read.prefixes),
            "seconds": self.limits.seconds,
        }
        return frames.frame(frames.READ, json.dumps(payload).encode())

    async def has_graph(self, graph: str) -> bool:
        """Whether the store has a named graph of this absolute IRI.  Raises QueryError."""
        try:
            answer = await self.ask(Query(text=f"ASK {{ GRAPH <{graph}> {{}} }}", results=_JSON, graph=None))
        except QueryRefused:  # a name of a megabyte, or of brackets by the hundred
            return False
        return bool(json.loads(await answer.read())["boolean"])

    async def _take(self, deadline: float) -> Worker:
        try:
            async with asyncio.timeout_at(deadline):
                while not (worker := await self._turns.take(CLIENT.get())).usable:
                    self.give_back(worker)  # it died while it had nothing to do
                return worker
        except TimeoutError:
            raise Overloaded("no worker was free within the time limit") from None

    def give_back(self, worker: Worker) -> None:
        """A worker that is dead or to be retired is replaced, any other is free again."""
        if self._stopping:
            return
        if worker.usable:
            self._turns.put(worker)
            return
        task = asyncio.create_task(self._replace(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, worker: Worker) -> None:
        await worker.end()
        self._workers.discard(worker)
        while True:
            try:
                self._turns.put(await self._start_worker())
            except (OSError, SnapshotError) as error:
                _log.error("a query worker could not be started: %s", error)
                await asyncio.sleep(_RESTART_PAUSE_SECONDS)
            else:
                # After that, so that whoever wore the old one out is not the first to have the new one.
                self._turns.lose(worker)
                return

    async def _start_worker(self) -> Worker:
        worker = await Worker.start(self._store, self.limits.memory)
        self._workers.add(worker)
        try:
            await worker.ready()
        except BaseException:
            await worker.end()
            self._workers.discard(worker)
            raise
        return worker


def _given_before(known: Known) -> Answer:
    return Answer(known.form, known.media_type, known.body, complete=True)


def _explained(error: MalformedQuery, undeclared: str | None) -> MalformedQuery:
    """The parser does not say so when a prefix is missing, which is what is wrong most often."""
    if undeclared is None:
        return error
    return MalformedQuery(f"the prefix {undeclared}: is not declared", error.line, error.column)


class _Copy:
    """What an answer has given so far, as long as it may be worth keeping; kept once it is whole."""

    def __init__(self, kept: Kept[Known], key: Hashable) -> None:
        self._kept, self._key = kept, key
        self._pieces: list[bytes] | None = None if key is None else []
        self.size, self.steady = 0, key is not None

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._pieces is not None:
            self._pieces.append(piece)
            if self.size > self._kept.most:
                self._pieces = None

    def keep(self, form: str, media_type: str) -> None:
        if self._pieces is not None:
            known = Known(form, media_type, b"".join(self._pieces))
            self._kept.keep(self._key, known, footprint(known))


class _Run:
    """One query on one worker, from its start until the worker is given back, exactly once."""

    def __init__(self, pool: WorkerPool, worker: Worker, copy: _Copy) -> None:
        self._pool, self._worker, self._copy = pool, worker, copy
        self._head: dict[str, str] = {}
        # Made when it is raised: an error that is kept would hold the frames that hold this.
        self._stopped: Callable[[], QueryError] | None = None
        self._done = False
        self.alarm: asyncio.TimerHandle | None = None

    async def begin(self, request: bytes) -> Answer:
        """The answer, complete if it is shorter than a chunk."""
        self._worker.send(request)
        kind, payload = await self._next()
        if kind != frames.HEAD:
            raise self._refusal(payload)
        self._head = json.loads(payload)
        kind, first = await self._next()
        complete = kind == frames.END
        if complete:
            self._finish(first)
            return Answer(self._head["form"], self._head["media_type"], b"", complete=True, steady=self._copy.steady)
        self._count(first)
        if len(first) < frames.CHUNK:
            # A short chunk is the last one; END or ERROR follows at once.
            kind, payload = await self._next()
            if kind != frames.END:
                raise self._refusal(payload)
            self._finish(payload)
            complete = True
        return Answer(self._head["form"], self._head["media_type"], first, complete, self, self._copy.steady)

    async def rest(self) -> AsyncIterator[bytes]:
        while True:
            kind, payload = await self._next()
            if kind == frames.DATA:
                self._count(payload)
                yield payload
            elif kind == frames.END:
                self._finish(payload)
                return
            else:
                raise self._refusal(payload)

    def abandon(self) -> None:
        """Nobody wants the rest: the query must not go on."""
        self._stop(lambda: QueryFailed("the query was stopped"))

    def expire(self) -> None:
        """Called by the clock, so that a client that does not read holds no worker either."""
        self._stop(lambda: QueryTimeout(self._pool.limits.seconds))

    def _count(self, piece: bytes) -> None:
        """Raises QueryTooLarge; the worker is stopped then."""
        self._copy.add(piece)
        if self._copy.size > self._pool.limits.result_bytes:
            too_large = partial(QueryTooLarge, f"the answer has more than {self._pool.limits.result_bytes} bytes")
            self._stop(too_large)
            raise too_large()

    def _stop(self, why: Callable[[], QueryError]) -> None:
        if not self._done:
            self._stopped = why
            self._worker.kill()
            self._release()

    async def _next(self) -> Frame:
        try:
            return await self._worker.receive()
        except EOFError:
            raise await self._death() from None

    async def _death(self) -> QueryError:
        """The reason why the worker is gone."""
        if self._stopped:
            return self._stopped()
        if self._done:
            return QueryFailed("the answer was read before")
        worker = self._worker
        code = await asyncio.get_running_loop().run_in_executor(None, worker.wait)
        words, memory, order = worker.last_words(), worker.out_of_memory(), worker.out_of_order()
        self._release()
        _log.warning("a query worker ended with code %s: %r", code, words)
        if memory:
            size = self._pool.limits.memory // (1024 * 1024)
            return QueryOutOfMemory(f"the query needs more than the {size} MB of memory that a query may have")
        if code == -signal.SIGSEGV:
            return QueryRefused("the query goes deeper than the engine can follow; shorten its chains")
        if order:
            return QueryFailed("ORDER BY cannot sort numbers and texts together here; sort by STR() of the value")
        return QueryFailed("the query made its process fail")

    def _finish(self, payload: bytes) -> None:
        self._worker.retired = bool(json.loads(payload)["retire"])
        self._copy.keep(self._head["form"], self._head["media_type"])
        self._release()

    def _refusal(self, payload: bytes) -> DragomanError:
        """The error of an ERROR frame; the worker lives and is given back."""
        error: dict[str, Any] = json.loads(payload)
        message = str(error["message"])
        self._worker.retired = error["error"] == "memory"
        self._release()
        if error["error"] == "malformed":
            return MalformedQuery(message, error["line"], error["column"])
        if error["error"] in ("not-offered", "not-xml"):
            return NotOffered(message, xml=error["error"] == "not-offered")
        return QueryOutOfMemory(message) if error["error"] == "memory" else QueryFailed(message)

    def _release(self) -> None:
        if not self._done:
            self._done = True
            if self.alarm:
                self.alarm.cancel()
            self._pool.give_back(self._worker)
