"""Whose turn it is: shares of the queue, fairness, clients that leave, and questions that are asked twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kg.errors import Overloaded, QueryTimeout
from service.turns import Flights, Turns, client_of


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(steps: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await steps()

    asyncio.run(main())


def test_one_client_has_a_share_of_the_places_and_others_have_theirs() -> None:
    async def steps() -> None:
        turns = Turns[str](places=4, share=2)
        turns.put("w")
        assert await turns.take("a") == "w"
        waiting = [asyncio.create_task(turns.take(client)) for client in ("a", "a", "b")]
        await settle()
        with pytest.raises(Overloaded, match="from this address"):
            await turns.take("a")
        waiting.append(asyncio.create_task(turns.take("c")))
        await settle()
        with pytest.raises(Overloaded, match="4 queries wait"):
            await turns.take("c")
        assert turns.waiting == 4
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert turns.waiting == 0

    run(steps)


def test_who_has_most_places_makes_room_for_who_has_fewer() -> None:
    """Two clients with full shares would shut out everybody else."""

    async def steps() -> None:
        turns, served = Turns[str](places=4, share=3), list[str]()

        async def ask(client: str) -> None:
            item = await turns.take(client)
            served.append(client)
            turns.put(item)

        turns.put("w")
        assert await turns.take("a") == "w"
        first = [asyncio.create_task(ask(client)) for client in ("a", "a", "a", "b")]
        await settle()
        third, fourth = asyncio.create_task(ask("c")), asyncio.create_task(ask("b"))
        await settle()
        with pytest.raises(Overloaded, match="asked for less"):
            await first[2]
        with pytest.raises(Overloaded, match="4 queries wait"):
            await fourth  # it would have no fewer than the others
        assert turns.waiting == 4
        turns.put("w")
        await asyncio.gather(*first[:2], first[3], third)
        assert sorted(served) == ["a", "a", "b", "c"]
        assert (turns.waiting, turns.free) == (0, 1)

    run(steps)


def test_who_is_cancelled_while_he_makes_room_leaves_nothing_behind() -> None:
    async def steps() -> None:
        turns = Turns[str](places=2, share=2)
        turns.put("w")
        assert await turns.take("a") == "w"
        greedy = [asyncio.create_task(turns.take("a")) for _ in range(2)]
        await settle()
        modest = asyncio.create_task(turns.take("b"))
        await asyncio.sleep(0)
        greedy[1].cancel()
        await settle()
        assert greedy[1].cancelled()
        assert turns.waiting == 2
        for turn in (modest, greedy[0]):
            turns.put("w")
            assert await turn == "w"

    run(steps)


def test_what_was_at_work_last_works_again() -> None:
    async def steps() -> None:
        turns = Turns[str](places=4, share=2)
        for worker in ("cold", "warm"):
            turns.put(worker)
        for _ in range(3):
            assert await turns.take("a") == "warm"
            turns.put("warm")
        assert await turns.take("a") == "warm"
        assert await turns.take("b") == "cold"

    run(steps)


def test_who_has_fewest_at_work_is_next_whoever_came_first() -> None:
    async def steps() -> None:
        turns, served = Turns[int](places=9, share=9), list[str]()

        async def ask(client: str) -> None:
            await turns.take(client)
            served.append(client)

        for worker in (1, 2):
            turns.put(worker)
            await turns.take("greedy")
        tasks = [asyncio.create_task(ask(client)) for client in ("greedy", "greedy", "greedy", "modest", "late")]
        await settle()
        for worker in (1, 2, 1, 2, 1):
            turns.put(worker)
            await settle()
        assert served == ["modest", "late", "greedy", "greedy", "greedy"]
        await asyncio.gather(*tasks)

    run(steps)


def test_a_worker_that_comes_to_one_who_has_left_goes_to_the_next() -> None:
    async def steps() -> None:
        turns = Turns[str](places=9, share=9)
        first, second = (asyncio.create_task(turns.take(client)) for client in ("a", "b"))
        await settle()
        first.cancel()  # it has not heard of it yet
        turns.put("w")
        assert await second == "w"
        third = asyncio.create_task(turns.take("c"))
        await settle()
        turns.put("w")
        third.cancel()  # it has its worker already, and does not know
        await asyncio.gather(first, third, return_exceptions=True)
        assert (turns.free, turns.waiting) == (1, 0)
        assert await turns.take("d") == "w"

    run(steps)


def test_a_worker_that_is_lost_counts_for_nobody() -> None:
    async def steps() -> None:
        turns = Turns[int](places=9, share=9)
        turns.put(1)
        await turns.take("a")
        turns.lose(1)
        waiting = [asyncio.create_task(turns.take(client)) for client in ("a", "b")]
        await settle()
        turns.put(2)
        await settle()
        assert [task.done() for task in waiting] == [True, False]
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run(steps)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_stands_for_a_client(address: str, client: str) -> None:
    assert client_of(address) == client


def test_who_asks_the_same_waits_for_its_end_and_its_error() -> None:
    async def steps() -> None:
        flights, end = Flights(), asyncio.Event()

        async def lead(error: BaseException | None) -> None:
            with flights.lead("q"):
                await end.wait()
                if error:
                    raise error

        errors: list[BaseException | None] = [None, QueryTimeout(1), Overloaded("full"), asyncio.CancelledError()]
        for error in errors:
            leader = asyncio.create_task(lead(error))
            await settle()
            followers = [asyncio.create_task(flights.join("q")) for _ in range(3)]
            await flights.join("other")
            await settle()
            assert not any(follower.done() for follower in followers)
            end.set()
            told = await asyncio.gather(*followers, return_exceptions=True)
            assert told == ([error] * 3 if isinstance(error, QueryTimeout) else [None] * 3)
            await asyncio.gather(leader, return_exceptions=True)
            await flights.join("q")
            end.clear()

    run(steps)
