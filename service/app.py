"""The service: its configuration, its assembly, its start.

`create_app(config)` mounts everything under the path of the snapshot's base IRI.  A proxy in front passes paths
on unchanged: for the base https://example.org/data/ that is, in nginx,

    location /data/ { proxy_pass http://127.0.0.1:8000; proxy_http_version 1.1; proxy_buffer_size 16k; }

without a path after the port; answers have up to 4 kB of links in their header.  Host and X-Forwarded-Host are never
read for what an answer says; X-Forwarded-For tells who asks, if it comes from a proxy that was named.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import DragomanError, Overloaded
from kg.history import History
from kg.snapshot import Snapshot
from service import (
    catalogue,
    changes,
    cite,
    correspondence,
    dataset,
    documents,
    downloads,
    gallery,
    graphstore,
    logs,
    metrics,
    openapi,
    resolve,
    resources,
    search,
    sparql,
    vocabularies,
    workbench,
)
from service.cache import Cache
from service.connection import Connection
from service.descriptions import Descriptions, Lookups
from service.fixedpaths import FixedPaths
from service.kept import Kept
from service.memento import Mementos
from service.middleware import Edge
from service.nearmatches import elsewhere
from service.pages import Pages
from service.problems import BadRequest, InternalError, MethodNotAllowed, NotFound
from service.problems import problem as problem_of
from service.queries import Limits, WorkerPool
from service.representations import HTML
from service.responses import problem_type
from service.site import Site, root_of, site_of
from service.spelling import Names
from service.succession import Succession
from service.textindex import SearchTimeout
from service.turns import Desk

ROOMS: Final = (
    documents.router,
    dataset.router,
    catalogue.router,
    catalogue.well_known,
    downloads.router,
    changes.router,
    sparql.router,
    workbench.router,
    graphstore.router,
    resolve.router,
    search.router,
    correspondence.router,
    cite.router,
    metrics.router,
    resources.router,
)

# Field of ServiceConfig → environment variable, meaning.  The README lists them from here.
SETTINGS: Final = {
    "workers": ("DRAGOMAN_WORKERS", "Processes that answer SPARQL queries; the default is one a core."),
    "page_workers": ("DRAGOMAN_PAGE_WORKERS", "Processes that look things up for pages, apart from queries."),
    "query_seconds": ("DRAGOMAN_QUERY_SECONDS", "How long a query may take: waiting, running and sending."),
    "max_query_bytes": ("DRAGOMAN_MAX_QUERY_BYTES", "How long the text of a query may be."),
    "max_nesting": ("DRAGOMAN_MAX_NESTING", "How deep the brackets of a query may be nested."),
    "queue": ("DRAGOMAN_QUEUE", "How many queries may wait for a worker; more get 503 at once."),
    "queue_per_client": (
        "DRAGOMAN_QUEUE_PER_CLIENT",
        "How many of them from one address (of IPv6 one /64); behind a proxy name it, or all have one.",
    ),
    "worker_memory_mb": ("DRAGOMAN_WORKER_MEMORY_MB", "How much address space each of these processes may have."),
    "max_result_mb": ("DRAGOMAN_MAX_RESULT_MB", "How long the answer to a query may be."),
    "cache_mb": ("DRAGOMAN_CACHE_MB", "How much memory may hold answers that were given before; 0 keeps none."),
    "stop_seconds": ("DRAGOMAN_STOP_SECONDS", "How long requests that run may go on once the service is told to stop."),
}

_MB: Final = 1024 * 1024
_MAY_BE_NONE: Final = frozenset({"cache_mb"})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """Everything that can be set.  `folder` holds the snapshots; SETTINGS says what the others are.

    `thorough` reads every byte of a snapshot before it is served; `metrics` turns /metrics on.
    """

    folder: Path
    workers: int = 0
    page_workers: int = 1
    query_seconds: float = 30.0
    max_query_bytes: int = 1024 * 1024
    max_nesting: int = 256
    queue: int = 32
    queue_per_client: int = 16
    worker_memory_mb: int = 2048
    max_result_mb: int = 4096
    cache_mb: int = 64
    stop_seconds: float = 30.0
    thorough: bool = False
    metrics: bool = False

    def __post_init__(self) -> None:
        if not self.workers:
            object.__setattr__(self, "workers", _cores())
        for name, (variable, _) in SETTINGS.items():
            least = -1 if name in _MAY_BE_NONE else 0
            if not least < getattr(self, name) < 10**9:
                raise ValueError(f"{variable}={getattr(self, name)}: expected a number above 0")
        if self.worker_memory_mb < 512:
            raise ValueError(f"DRAGOMAN_WORKER_MEMORY_MB={self.worker_memory_mb}: expected at least 512")

    @classmethod
    def from_environ(
        cls, environ: Mapping[str, str], *, folder: Path, workers: int | None = None, **options: bool
    ) -> ServiceConfig:
        """Arguments go before variables, variables before defaults.  Raises ValueError, which names the variable."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            variable, _ = SETTINGS.get(field.name, ("", ""))
            if text := environ.get(variable, "").strip():
                kind = float if isinstance(field.default, float) else int
                try:
                    values[field.name] = kind(text)
                except ValueError:
                    what = "a number of seconds" if kind is float else "a whole number"
                    raise ValueError(f"{variable}={text!r}: expected {what}") from None
                if not values[field.name] and field.name not in _MAY_BE_NONE:
                    raise ValueError(f"{variable}={text!r}: expected a number above 0")
        if workers is not None:
            values["workers"] = workers
        return cls(folder=folder, **values, **options)

    def limits(self) -> Limits:
        return Limits(
            seconds=self.query_seconds,
            query_bytes=self.max_query_bytes,
            nesting=self.max_nesting,
            queue=self.queue,
            share=self.queue_per_client,
            memory=self.worker_memory_mb * _MB,
            result_bytes=self.max_result_mb * _MB,
        )


def create_app(config: ServiceConfig) -> FastAPI:
    """The application on the last whole snapshot and those that follow it.  Raises SnapshotError if there is none."""
    succession = Succession(config.folder, lambda snapshot: _site(config, snapshot), thorough=config.thorough)
    site = succession.site

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await succession.start()
            yield
        finally:
            await succession.stop()

    prefix = site.root.rstrip("/")
    # The interactive documentation would load scripts from elsewhere.
    app = FastAPI(
        title="Dragoman",
        version=site.snapshot.manifest.versions.get("dragoman", ""),
        openapi_url=None,  # it would not answer HEAD, and have no tag
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.succession = succession
    app.state.parameters = {
        path: frozenset(one.query or ()) for (method, path), one in openapi.OPERATIONS.items() if method == "GET"
    }
    app.state.metrics = metrics.Metrics(lambda: succession.site) if config.metrics else None
    # Where FastAPI has its own, which would know neither parameters nor media types.
    app.openapi = lambda: openapi.describe(succession.site, ROOMS)  # type: ignore[method-assign]
    app.router.routes.append(FixedPaths(ROOMS, prefix))
    for room in ROOMS:
        app.include_router(room, prefix=prefix)
    if prefix:
        app.include_router(catalogue.well_known)
    app.add_exception_handler(DragomanError, _on_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_middleware(Cache)
    app.add_middleware(
        Edge,
        lease=succession.lease,
        allowed=lambda scope: _allowed(site.root, scope["path"]),
        on_error=lambda request: _problem(request, InternalError()),
        metrics=app.state.metrics,
    )
    return app


def _site(config: ServiceConfig, snapshot: Snapshot) -> Site:
    base = snapshot.manifest.base_iri
    vocabulary = vocabularies.load(base, gallery.volume_of(snapshot.manifest))
    limits = config.limits()
    # Look-ups are short: one client alone may have all places, and makes room when others come.
    lookups = WorkerPool(snapshot.store, base, config.page_workers, replace(limits, share=limits.queue))
    # Of the room half is for what is ready to be sent, the rest for what it is made from.
    room = config.cache_mb * _MB
    descriptions = Descriptions(Lookups(lookups), snapshot, room // 4)
    history = History.open(config.folder)
    return Site(
        snapshot=snapshot,
        vocabularies=vocabulary,
        pages=Pages(base, root_of(base), vocabulary, snapshot.manifest, room // 8),
        queries=WorkerPool(snapshot.store, base, config.workers, limits, Kept(room // 8)),
        lookups=lookups,
        descriptions=descriptions,
        mementos=Mementos(history, snapshot, descriptions, limits),
        modified=_modified(history, snapshot),
        desk=Desk(2 * _cores(), limits.queue),
        responses=Kept(room // 2),
    )


def _modified(history: History, snapshot: Snapshot) -> int:
    """When the snapshot was last published; the folder's time if no record tells."""
    times = [published.time.timestamp() for published in history.publications() if published.id == snapshot.manifest.id]
    return int(max(times, default=snapshot.path.stat().st_mtime))


def _allowed(root: str, path: str) -> tuple[str, ...]:
    """The methods of a path, () if there is nothing at it; `*` stands for the server (RFC 9110, 9.3.7)."""
    if path == "*":
        return ("GET", "HEAD", "OPTIONS", "POST")
    # What is well known stands at the root of the host, wherever the base is.
    rooms = ROOMS if path.startswith(root) else (catalogue.well_known,)
    local, found = "/" + path.removeprefix(root).removeprefix("/"), set[str]()
    for room in rooms:
        for route in room.routes:
            if isinstance(route, Route | APIRoute) and route.path_regex.match(local):
                found |= set(route.methods or ())
    return (*sorted(found), "OPTIONS") if found else ()


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DragomanError)  # noqa: S101 - registered for it alone
    return _problem(request, error)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework says of addresses and methods, in our words."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status == 404:
        site = site_of(request)
        try:
            similar = await site.desk.run(_elsewhere, site, request.scope["path"])
        except Overloaded:
            similar = []
        return _problem(request, NotFound("no page, file or thing of this dataset has this address", similar))
    if status == 405:
        allowed = _allowed(site_of(request).root, request.scope["path"])
        return _problem(request, MethodNotAllowed(request.method, allowed))
    return _problem(request, BadRequest("the request cannot be read"))


def _elsewhere(site: Site, path: str) -> list[dict[str, str]]:
    """What may have been meant by an address where nothing is."""
    local = path.removeprefix(site.root).removeprefix("/")
    fixed = {route.path.removeprefix("/") for room in ROOMS for route in room.routes if isinstance(route, APIRoute)}
    try:
        pages, things = elsewhere(Names(site.snapshot.search), local, sorted(one for one in fixed if "{" not in one))
    except SearchTimeout:
        return []
    found = [{"iri": f"{site.base}{one}", "label": f"/{one}", "document": f"{site.root}{one}"} for one in pages]
    return found + [resources.similar(site, one.iri, one.label) for one in things]


async def _on_validation_error(request: Request, _: Exception) -> Response:
    return _problem(request, BadRequest("a parameter is missing or of the wrong kind"))


def _problem(request: Request, error: DragomanError) -> Response:
    """As application/problem+json, or as a page where the request prefers one (RFC 9457, 3)."""
    site, problem = site_of(request), problem_of(error)
    chosen = problem_type(request)
    document = problem.document(site.base)
    body = site.pages.problem(problem) if chosen == HTML else (json.dumps(document, indent=1) + "\n").encode()
    vary = dict.fromkeys(["Accept", problem.headers.get("Vary", "Accept")])
    headers = {**problem.headers, "Vary": ", ".join(vary), "Cache-Control": "no-store"}
    return Response(body, problem.kind.status, headers, media_type=chosen)


class _Server(uvicorn.Server):
    """Says where it listens once it does; SIGHUP makes it look for another snapshot at once."""

    def __init__(self, config: uvicorn.Config, succession: Succession) -> None:
        super().__init__(config)
        self._succession = succession

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started and self.servers:
            if sys.platform != "win32":
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._succession.look)
            site = self._succession.site
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            count = site.snapshot.manifest.counts.get("documents", 0)
            print(f"Dragoman serves {count:,} documents at http://{shown}:{port}{site.root}", flush=True)
            _tell_systemd()


def _tell_systemd() -> None:
    """That the service answers, where a unit of Type=notify waits for it (sd_notify(3))."""
    if address := os.environ.pop("NOTIFY_SOCKET", ""):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.connect("\0" + address[1:] if address.startswith("@") else address)
            told.send(b"READY=1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the service listens and how it tells of it.  `proxies` are addresses whose X-Forwarded-For is believed."""

    host: str = "127.0.0.1"
    port: int = 8000
    proxies: str = ""
    log_format: logs.Form = "text"
    log_requests: bool = False


# Objects made before cycles among them are looked for.  A large page makes 100,000, none of them in a cycle; with
# Python's 700 looking for cycles took a quarter of its time.
_BETWEEN_COLLECTIONS = 100_000
# A quiet service makes so few that what ended in a cycle, with all that it holds, would stay for an hour.
_SECONDS_BETWEEN_COLLECTIONS = 60


def _collect_seldom() -> None:
    """What is there at the start stays, and is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS)


async def _collect() -> None:
    """Looks through what came since it last did; through all that is kept it would take a tenth of a second."""
    gc.collect(1)


def serve(config: ServiceConfig, listening: Listening) -> None:
    """Serves until it is told to stop; the URL is printed when it answers.  Raises SnapshotError."""
    logs.configure(listening.log_format, requests=listening.log_requests)
    host, port = listening.host, listening.port
    app = create_app(config)
    settings = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=bool(listening.proxies),
        forwarded_allow_ips=listening.proxies,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(config.stop_seconds),
        callback_notify=_collect,
        timeout_notify=_SECONDS_BETWEEN_COLLECTIONS,
    )
    server = _Server(settings, app.state.succession)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=settings.backlog)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DragomanError(f"cannot listen on {host}:{port} ({reason}); choose another --host or --port") from error
    _collect_seldom()
    # The server stops in good order on Ctrl-C and raises it again only then.
    with listener, suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        if failure := app.state.succession.failure:
            raise failure
        raise DragomanError(f"the service could not start on {host}:{port}; is the port in use?")
