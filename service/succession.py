"""Which snapshot is served, and how one follows another without a restart and without a lost request.

The folder is looked at every second, and at once on SIGHUP.  When `current` names another snapshot, a new site is made
beside the old one, with workers and pages of its own; requests that come then get the new one, those that run
finish on the old one, and its workers end when the last has.  While both are there, there are twice the workers.

A snapshot that is not whole, or whose store cannot be opened, is passed over: the last whole one is served, the log
says so, and `/health` says "degraded".  One with another base IRI waits for a restart: every address would change.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import DragomanError, SnapshotError
from kg.history import History
from kg.snapshot import CURRENT, FORMAT_VERSION, MANIFEST, STORE, Snapshot
from service.site import Site

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 1.0
# What a query may take to be told that its time is over.
_GRACE_SECONDS: Final = 5.0

Mark = tuple[str | int | None, ...]


@dataclass(eq=False, slots=True)
class _Term:
    """A site while it is served and after, until its last request has ended."""

    site: Site
    mark: Mark
    users: int = 0
    free: asyncio.Event = field(default_factory=asyncio.Event)


class Succession:
    """`site` is the one that is served now.  `start` before use, `stop` at the end, in one event loop."""

    def __init__(self, folder: Path, make: Callable[[Snapshot], Site], *, thorough: bool = False) -> None:
        """`thorough` reads every byte of a snapshot before it is served.  Raises SnapshotError if none is whole."""
        self._folder, self._make, self._thorough = folder, make, thorough
        self.failure: SnapshotError | None = None
        self._refused: set[Mark] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._called = asyncio.Event()
        self._seen = _mark(self._link())
        self._term = self._new(self._choose())
        self._term.site.latest = _mark(self._term.site.snapshot.path) == self._seen

    @property
    def site(self) -> Site:
        return self._term.site

    @contextlib.contextmanager
    def lease(self) -> Iterator[Site]:
        """The site of one request, for as long as the context lasts."""
        term = self._term
        term.users += 1
        try:
            yield term.site
        finally:
            term.users -= 1
            if not term.users:
                term.free.set()

    async def start(self) -> None:
        """Raises SnapshotError if no whole snapshot has a store that can be opened; `failure` says why."""
        while True:
            try:
                await self._term.site.start()
                break
            except SnapshotError as error:
                self._refuse(self._term, error)
                self.failure = error
                self._term = await asyncio.to_thread(lambda: self._new(self._choose()))
                self._term.site.latest = False
        self._keep(self._watch())

    async def stop(self) -> None:
        """Ends all workers."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._term.site.stop()

    def look(self) -> None:
        """Take up what is current at once, even if it has the name of what is served."""
        self._called.set()

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), _LOOK_SECONDS)
            called = self._called.is_set()
            self._called.clear()
            try:
                await self._follow(called)
            except (DragomanError, OSError) as error:
                _log.error("the snapshot that is served stays: %s", error)
                self.site.latest = False

    async def _follow(self, called: bool) -> None:
        seen = await asyncio.to_thread(_mark, self._link())
        if seen == self._seen and not called:
            return
        self._seen = seen
        if called:
            self._refused.clear()
        snapshot = await asyncio.to_thread(self._choose)
        mark = _mark(snapshot.path)
        if mark != self._term.mark or called:
            await self._take_up(snapshot)
        self.site.latest = self._term.mark == seen

    async def _take_up(self, snapshot: Snapshot) -> None:
        if snapshot.manifest.base_iri != self.site.base:
            raise SnapshotError(f"{snapshot.path} is for {snapshot.manifest.base_iri}; restart the service to serve it")
        term = await asyncio.to_thread(self._new, snapshot)
        try:
            await term.site.start()
        except SnapshotError as error:
            self._refuse(term, error)
            raise
        old, self._term = self._term, term
        _log.warning("snapshot %s is served now", snapshot.manifest.id)
        self._keep(self._retire(old))

    async def _retire(self, term: _Term) -> None:
        """Waits for the requests that run, for as long as a query may take."""
        try:
            term.free.clear()
            if term.users:
                async with asyncio.timeout(term.site.queries.limits.seconds + _GRACE_SECONDS):
                    await term.free.wait()
        except TimeoutError:
            _log.warning("%d requests still run on snapshot %s", term.users, term.site.snapshot.manifest.id)
        finally:
            await term.site.stop()

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _link(self) -> Path:
        return self._folder if (self._folder / MANIFEST).is_file() else self._folder / CURRENT

    def _new(self, snapshot: Snapshot) -> _Term:
        return _Term(self._make(snapshot), _mark(snapshot.path))

    def _refuse(self, term: _Term, error: SnapshotError) -> None:
        _log.error("snapshot %s is passed over: %s", term.site.snapshot.manifest.id, error)
        self._refused.add(term.mark)

    def _choose(self) -> Snapshot:
        """The last whole snapshot.  Raises SnapshotError."""
        told: list[str] = []
        for snapshot in History.open(self._folder).whole(told.append, quick=not self._thorough):
            written = snapshot.manifest.versions.get("format")
            if written != str(FORMAT_VERSION):
                told.append(f"{snapshot.path}: its format is {written}, served is {FORMAT_VERSION}; build it again")
            elif _mark(snapshot.path) not in self._refused:
                for line in told:
                    _log.error("passed over: %s", line)
                return snapshot
        raise SnapshotError("; ".join(told) or f"{self._folder}: no snapshot has a store that can be opened")


def _mark(path: Path) -> Mark:
    """What changes when another snapshot stands at a path, or the same one built anew, or its store is gone."""
    try:
        real = path.resolve(strict=True)
        return (str(real), real.stat().st_ino, (real / STORE).stat().st_ino)
    except OSError:
        return (None,)
