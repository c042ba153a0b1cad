"""Earlier states of a description: Memento, RFC 7089.

A document is its own TimeGate (4.1.2): with `Accept-Datetime` it is 302 to the memento of that time, at
/memento/YYYYMMDDhhmmss/doc/….  The times are those of the publications whose snapshots are still kept, up to the one
that is served; a memento is the description as that snapshot tells it, in today's formats.  Stores of earlier
snapshots are opened when they are asked for, `OPEN` at a time, each with one worker.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Final

from kg.errors import SnapshotError
from kg.history import History, Published, Withdrawn
from kg.snapshot import Snapshot
from service.descriptions import Descriptions, Lookups
from service.problems import BadRequest, NotFound
from service.queries import Limits, WorkerPool

OPEN: Final = 2
LINK_FORMAT: Final = "application/link-format"
_STAMP = "%Y%m%d%H%M%S"


def http_date(time: datetime) -> str:
    """IMF-fixdate (RFC 9110, 5.6.7)."""
    return format_datetime(time.astimezone(UTC), usegmt=True)


def stamp(time: datetime) -> str:
    """The time as it stands in the address of a memento."""
    return time.astimezone(UTC).strftime(_STAMP)


def accept_datetime(text: str) -> datetime:
    """The header Accept-Datetime (RFC 7089, 2.1.1).  Raises BadRequest: what cannot be read is 400 (4.5.3)."""
    try:
        time = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        time = None
    if time is None or not text.rstrip().endswith("GMT"):
        raise BadRequest("Accept-Datetime is a date such as Thu, 31 May 2007 20:35:00 GMT")
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Open:
    """A snapshot in use: `users` are the requests that ask it at this moment."""

    descriptions: Descriptions
    pool: WorkerPool
    users: int = 0


@dataclass(slots=True)
class Mementos:
    """The publications of a folder, as seen by a service that serves the snapshot `served`."""

    history: History
    served: Snapshot
    current: Descriptions
    limits: Limits
    _open: OrderedDict[str, _Open] = field(default_factory=OrderedDict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def publications(self, iri: str) -> tuple[Published, ...]:
        """Those whose snapshot is kept and has the thing, the oldest first."""
        return await asyncio.to_thread(self._publications, iri)

    def _publications(self, iri: str) -> tuple[Published, ...]:
        kept = self._served(self.history.publications())
        present = self.history.presence(iri)
        return tuple(published for published in kept if present(published.number))

    def _served(self, kept: Sequence[Published]) -> Sequence[Published]:
        """What a build has published since this service started is not there yet."""
        last = max((number for number, row in enumerate(kept) if row.id == self.served.manifest.id), default=None)
        return kept if last is None else kept[: last + 1]

    async def withdrawn(self, iri: str) -> Withdrawn | None:
        return await asyncio.to_thread(self.history.withdrawn, iri)

    async def at(self, text: str) -> Published:
        """The publication whose time an address gives.  Raises NotFound."""
        for published in self._served(await asyncio.to_thread(self.history.publications)):
            if stamp(published.time) == text:
                return published
        raise NotFound("no snapshot of this time is kept")

    @asynccontextmanager
    async def lease(self, published: Published) -> AsyncIterator[Descriptions]:
        """The descriptions of a publication, for as long as the context lasts.  Raises NotFound."""
        if published.id == self.served.manifest.id:
            yield self.current
            return
        opened = await self._enter(published)
        try:
            yield opened.descriptions
        finally:
            async with self._changed:
                opened.users -= 1
                self._changed.notify_all()

    async def _enter(self, published: Published) -> _Open:
        async with self._changed:
            while published.id not in self._open and len(self._open) >= OPEN:
                idle = next((name for name, opened in self._open.items() if not opened.users), None)
                if idle is None:
                    await self._changed.wait()
                else:
                    await self._open.pop(idle).pool.stop()
            if published.id not in self._open:
                self._open[published.id] = await self._start(published.path)
            self._open.move_to_end(published.id)
            opened = self._open[published.id]
            opened.users += 1
            return opened

    async def _start(self, path: Path) -> _Open:
        try:
            snapshot = await asyncio.to_thread(Snapshot.open, path)
            if snapshot.manifest.base_iri != self.served.manifest.base_iri:
                raise NotFound("the snapshot of this time has other addresses")
            pool = WorkerPool(snapshot.store, snapshot.manifest.base_iri, 1, self.limits)
            await pool.start()
        except SnapshotError as error:
            raise NotFound("the snapshot of this time cannot be read") from error
        return _Open(Descriptions(Lookups(pool), snapshot), pool)

    async def stop(self) -> None:
        """Ends all workers."""
        while self._open:
            await self._open.popitem()[1].pool.stop()


def nearest(publications: Sequence[Published], time: datetime) -> Published:
    """The last one that is not later; the first, for a time before all (RFC 7089, 4.5.3)."""
    return next((row for row in reversed(publications) if row.time <= time), publications[0])


def links(root: str, name: str, query: str = "") -> list[str]:
    """What every answer of a document says: it is its own original and TimeGate, and where its TimeMap is."""
    return [
        f'<{root}doc/{name}{query}>; rel="original timegate"',
        f'<{root}timemap/link/doc/{name}>; rel="timemap"; type="{LINK_FORMAT}"',
    ]


def memento_links(root: str, name: str, publications: Sequence[Published], own: Published | None = None) -> list[str]:
    """Links to the first and the last memento, and to those beside `own` (RFC 7089, 2.2.4)."""
    relations: dict[int, list[str]] = {}
    numbers = [row.number for row in publications]
    if numbers:
        relations.setdefault(0, []).append("first")
        relations.setdefault(len(numbers) - 1, []).append("last")
    if own and own.number in numbers:
        place = numbers.index(own.number)
        relations.setdefault(place, [])
        for relation, other in (("prev", place - 1), ("next", place + 1)):
            if 0 <= other < len(numbers):
                relations.setdefault(other, []).append(relation)
    return [memento_link(root, name, publications[place], relations[place]) for place in sorted(relations)]


def memento_link(root: str, name: str, published: Published, relations: Sequence[str] = ()) -> str:
    relation = " ".join([*relations, "memento"])
    return f'<{address(root, name, published)}>; rel="{relation}"; datetime="{http_date(published.time)}"'


def address(root: str, name: str, published: Published) -> str:
    return f"{root}memento/{stamp(published.time)}/doc/{name}"


def timemap(root: str, name: str, publications: Sequence[Published]) -> bytes:
    """All mementos of a document as application/link-format (RFC 7089, 5)."""
    own = f"{root}timemap/link/doc/{name}"
    span = f'; from="{http_date(publications[0].time)}"; until="{http_date(publications[-1].time)}"'
    rows = [
        f'<{root}doc/{name}>; rel="original timegate"',
        f'<{own}>; rel="self"; type="{LINK_FORMAT}"{span}',
    ]
    for place, published in enumerate(publications):
        relations = ["first"] * (place == 0) + ["last"] * (place == len(publications) - 1)
        rows.append(memento_link(root, name, published, relations))
    return ",\n".join(rows).encode() + b"\n"


def timemap_json(root: str, name: str, publications: Sequence[Published]) -> bytes:
    """The same as JSON, as http://mementoweb.org/guide/timemap-json/ has it."""
    rows = [
        {"datetime": row.time.strftime("%Y-%m-%dT%H:%M:%SZ"), "uri": address(root, name, row)} for row in publications
    ]
    document = {
        "original_uri": f"{root}doc/{name}",
        "timegate_uri": f"{root}doc/{name}",
        "timemap_uri": {"link_format": f"{root}timemap/link/doc/{name}"},
        "mementos": {"first": rows[0], "last": rows[-1], "list": rows},
    }
    return (json.dumps(document, indent=1) + "\n").encode()
