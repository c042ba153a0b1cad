"""Who gets a worker next, and who asks what is being answered already: nothing here knows of processes or of queries.

One client that asks much must not shut out the others.  Of those who wait, the one with the fewest workers at work for
it is next, then the one that came first or was served least lately; nobody may hold more than a share of the places,
and where all are taken, who has most of them makes room for who has fewer.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from kg.errors import DragomanError, Overloaded

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")

CLIENT: Final = ContextVar[str | None]("client", default=None)
"""Who asks in whose course the code runs; None outside of a request."""
_SITE_BITS: Final = 64


def client_of(address: str) -> str:
    """Whom an address stands for: of IPv6 the network, since one host has 2^64 addresses there (RFC 4291, 2.5.4)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket of the file system has no address
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), _SITE_BITS), strict=False))


class Turns(Generic[Item]):
    """Hands out items, one holder each.  `places` may wait in all, `share` of one client; None, who is
    nobody's client, has no share.

    Of free items the one that was put last is next: a process that has just worked has at hand what the next query
    needs, and one that nobody needs stays small.
    """

    def __init__(self, places: int, share: int) -> None:
        self._places, self._share = places, share
        self._free = list[Item]()
        self._waiting: dict[str | None, deque[asyncio.Future[Item]]] = {}
        self._holders: dict[Item, str | None] = {}
        self._held = Counter[str | None]()

    @property
    def free(self) -> int:
        return len(self._free)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def take(self, client: str | None) -> Item:
        """Raises Overloaded if there is no place to wait; may be cancelled at any time."""
        if self._free:
            return self._hand_out(self._free.pop(), client)
        if client is not None and len(self._waiting.get(client, ())) >= self._share:
            raise Overloaded(f"{self._share} queries from this address wait already")
        if self.waiting >= self._places and not self._makes_room(client):
            raise Overloaded(f"{self.waiting} queries wait already")
        turn: asyncio.Future[Item] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and not turn.exception():
                self.put(turn.result())  # it came in the moment in which nobody wanted it any more
            else:
                self._leave(client, turn)
            raise

    def put(self, item: Item) -> None:
        """An item is free: new, or no longer held.  Who held it comes behind others that have as few."""
        while self._waiting:
            client = min(self._waiting, key=lambda waiting: self._held[waiting])
            turns = self._waiting.pop(client)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns  # behind the others
            if not turn.done():  # who is cancelled leaves a moment later
                self.lose(item)
                turn.set_result(self._hand_out(item, client))
                return
        self.lose(item)
        self._free.append(item)

    def lose(self, item: Item) -> None:
        """An item is held no longer, and does not come back."""
        if item in self._holders:
            client = self._holders.pop(item)
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]

    def _hand_out(self, item: Item, client: str | None) -> Item:
        self._holders[item] = client
        self._held[client] += 1
        return item

    def _makes_room(self, client: str | None) -> bool:
        """Whether the client with most places has lost its last one to a client that has fewer even with this."""
        turns = max(self._waiting.values(), key=len)
        if len(turns) <= len(self._waiting.get(client, ())) + 1:
            return False
        last = turns.pop()
        if not last.done():  # who is cancelled leaves by himself
            last.set_exception(Overloaded("others wait who have asked for less"))
        return True

    def _leave(self, client: str | None, turn: asyncio.Future[Item]) -> None:
        turns = self._waiting.get(client, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self._waiting.pop(client, None)


class Desk:
    """Work in threads, `most` at a time, shared out fairly between clients; `places` may wait."""

    def __init__(self, most: int, places: int) -> None:
        self._turns = Turns[int](places, places)
        for number in range(most):
            self._turns.put(number)

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """What the work gives.  Raises Overloaded, and what the work raises."""
        turn = await self._turns.take(CLIENT.get())
        try:
            return await run_in_threadpool(work, *arguments)
        finally:
            self._turns.put(turn)


class Flights:
    """What is being answered, so that who asks the same meanwhile waits for that answer.  A key of None is nobody's."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Future[DragomanError | None]] = {}

    def has(self, key: Hashable) -> bool:
        """Whether somebody is answering this."""
        return key in self._running

    async def join(self, key: Hashable) -> None:
        """Returns when nobody is answering this, or has just ended.  Raises the error that it ended in.

        That a client found no place is its own affair, and is not told to the others.
        """
        running = self._running.get(key)
        error = await asyncio.shield(running) if running else None
        if error:
            raise error

    @contextmanager
    def lead(self, key: Hashable) -> Iterator[None]:
        """While this lasts, others who `join` wait for its end."""
        if key is None or key in self._running:
            yield
            return
        landed: asyncio.Future[DragomanError | None] = asyncio.get_running_loop().create_future()
        self._running[key], outcome = landed, None
        try:
            yield
        except Overloaded:
            raise
        except DragomanError as error:
            outcome = error
            raise
        finally:
            del self._running[key]
            landed.set_result(outcome)
