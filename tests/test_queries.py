"""Workers that can be killed: limits of time, memory, queue, text; and what the scanner sees in a text."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest
from service_fixtures import BASE, BULK, COUNTING, ENDLESS, STREAMING, folder  # noqa: F401

from kg.errors import (
    MalformedQuery,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    SnapshotError,
)
from kg.snapshot import Snapshot
from service.kept import Kept
from service.queries import Answer, Limits, NotOffered, Query, QueryOutOfMemory, QueryTooLarge, QueryTooLong, WorkerPool
from service.scan import scan
from service.turns import CLIENT

CSV = "text/csv"


@asynccontextmanager
async def pool_on(folder: Path, size: int = 1, **limits: object) -> AsyncIterator[WorkerPool]:  # noqa: F811
    pool = WorkerPool(Snapshot.open(folder).store, BASE, size, Limits(**limits))  # type: ignore[arg-type]
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def run(
    folder: Path,  # noqa: F811
    steps: Callable[[WorkerPool], Awaitable[None]],
    size: int = 1,
    **limits: object,
) -> None:
    async def main() -> None:
        async with pool_on(folder, size, **limits) as pool:
            await steps(pool)

    asyncio.run(main())


async def ask(pool: WorkerPool, text: str, **changes: object) -> Answer:
    values: dict[str, object] = {"results": CSV, "graph": "application/n-triples", **changes}
    return await pool.ask(Query(text=text, **values))  # type: ignore[arg-type]


async def lines(pool: WorkerPool, text: str, **changes: object) -> list[str]:
    return (await (await ask(pool, text, **changes)).read()).decode().splitlines()


def test_the_default_graph_is_the_union_unless_the_query_says_from(folder: Path) -> None:  # noqa: F811
    bulk = f"{BASE}id/graph/bulk.nt"

    async def steps(pool: WorkerPool) -> None:
        count = "SELECT (COUNT(*) AS ?n) {} {{ ?s <http://data.example/p> ?o }}"
        assert await lines(pool, count.format("")) == ["n", str(BULK)]
        assert await lines(pool, count.format(f"FROM <{bulk}>")) == ["n", str(BULK)]
        assert await lines(pool, count.format("FROM <http://data.example/none>")) == ["n", "0"]
        assert await lines(pool, count.format(f"FROM NAMED <{bulk}>")) == ["n", "0"]
        # The protocol's dataset beats the query's own (SPARQL 1.1 Protocol, 2.1.4).
        assert await lines(pool, count.format("FROM <http://x.example/>"), dataset=((bulk,), ())) == [
            "n",
            str(BULK),
        ]
        assert await lines(pool, count.format(""), dataset=((), (bulk,))) == ["n", "0"]
        named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
        assert await lines(pool, named, dataset=((), (bulk,))) == ["g", bulk]
        assert await lines(pool, named, dataset=((bulk,), ())) == ["g"]

    run(folder, steps)


def test_the_form_of_the_query_picks_the_type(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        assert (await ask(pool, "ASK {}")).media_type == CSV
        graph = await ask(pool, "CONSTRUCT WHERE { ?s <http://data.example/p> ?o } LIMIT 1")
        assert (graph.form, graph.media_type) == ("graph", "application/n-triples")
        with pytest.raises(NotOffered) as caught:
            await ask(pool, "ASK {}", results=None)
        assert caught.value.form == "boolean"
        with pytest.raises(NotOffered):
            await ask(pool, "DESCRIBE <http://data.example/id/volume/v1>", graph=None)

    run(folder, steps)


def test_a_malformed_query_tells_line_and_column(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(MalformedQuery) as caught:
            await ask(pool, "SELECT * {\n ?s ?p }")
        assert (caught.value.line, caught.value.column) == (2, 9)
        with pytest.raises(MalformedQuery, match="the prefix ex: is not declared"):
            await ask(pool, "SELECT * { ?s ex:p ?o }")
        with pytest.raises(MalformedQuery, match="unbound"):
            await ask(pool, "SELECT ?s { ?s ?p ?o } GROUP BY ?p")

    run(folder, steps)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{} }",
        "ASK { service SILENT ?x {} }",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX a: <http://a/> delete where { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "ASK " + "{" * 300 + "}" * 300,
        "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    ],
)
def test_what_no_parser_should_see_is_refused(folder: Path, text: str) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryRefused):
            await ask(pool, text)

    run(folder, steps)


def test_a_worker_cannot_open_a_connection_even_if_the_scanner_is_deceived(folder: Path) -> None:  # noqa: F811
    # A declared prefix of this name passes the scanner, and the parser takes it for the keyword.
    text = "PREFIX service: <http://x/> PREFIX : <http://127.0.0.1:9999/> ASK { ?s ?p ?o . service:a {} }"
    assert not scan(text).service

    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryError):
            await ask(pool, text)

    run(folder, steps)


def test_a_query_longer_than_the_limit_is_refused(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryTooLong):
            await ask(pool, "ASK {} #" + "x" * 1000)

    run(folder, steps, query_bytes=1000)


def test_an_endless_query_is_stopped_while_others_go_on(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        start = monotonic()
        endless = asyncio.create_task(ask(pool, COUNTING))
        await asyncio.sleep(0.1)
        for _ in range(20):
            assert (await ask(pool, "ASK {}")).complete
        assert monotonic() - start < 1
        with pytest.raises(QueryTimeout) as caught:
            await endless
        assert caught.value.seconds == 1
        assert monotonic() - start < 2
        # Its worker is replaced: both are there again.
        await asyncio.gather(*(ask(pool, "ASK {}") for _ in range(4)))

    run(folder, steps, size=2, seconds=1)


def test_a_query_that_wants_too_much_memory_ends_alone(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryOutOfMemory, match="512 MB"):
            await ask(pool, ENDLESS)
        assert (await ask(pool, "ASK {}")).complete

    run(folder, steps, memory=512 * 1024 * 1024, seconds=30)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(" + "!" * 100_000 + "1) }",
        "ASK {" + "?s ?p ?o." * 30_000 + "}",
        "ASK {" + "{}UNION" * 20_000 + "{}}",
    ],
)
def test_an_engine_that_overflows_takes_nothing_else_down(folder: Path, text: str) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryRefused, match="deeper than the engine can follow"):
            await ask(pool, text)
        assert (await ask(pool, "ASK {}")).complete

    run(folder, steps)


def test_what_the_engine_cannot_sort_is_told(folder: Path) -> None:  # noqa: F811
    rows = " ".join(f'"{number * 7919 % 1000}" {number * 104729 % 1000} "x{number}"' for number in range(300))

    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(QueryFailed, match=r"sort by STR\(\)"):
            await ask(pool, f"SELECT ?x {{ VALUES ?x {{ {rows} }} }} ORDER BY ?x")
        assert len(await lines(pool, f"SELECT ?x {{ VALUES ?x {{ {rows} }} }} ORDER BY STR(?x)")) == 901

    run(folder, steps)


def test_an_unknown_function_is_named(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        with pytest.raises(MalformedQuery, match=r"The function <http://x\.example/f> is not supported"):
            await ask(pool, "ASK { FILTER(<http://x.example/f>(1)) }")

    run(folder, steps)


def test_beyond_the_queue_there_is_no_waiting(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        running = asyncio.create_task(ask(pool, COUNTING))
        waiting = asyncio.create_task(ask(pool, "ASK {}"))
        await asyncio.sleep(0.1)
        start = monotonic()
        with pytest.raises(Overloaded):
            await ask(pool, "ASK {}")
        assert monotonic() - start < 0.1
        results = await asyncio.gather(running, waiting, return_exceptions=True)
        assert isinstance(results[0], QueryTimeout)

    run(folder, steps, seconds=1, queue=1)


def test_one_client_cannot_fill_the_queue_nor_be_served_before_the_others(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        served = list[str]()

        async def as_client(client: str, text: str) -> None:
            CLIENT.set(client)
            await (await pool.ask(Query(text=text, results=CSV, graph=None))).read()
            served.append(client)

        running = asyncio.create_task(as_client("greedy", COUNTING))
        await asyncio.sleep(0.1)
        greedy = [asyncio.create_task(as_client("greedy", f"ASK {{ BIND({n} AS ?x) }}")) for n in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded, match="from this address"):
            await asyncio.create_task(as_client("greedy", "ASK {}"))
        modest = asyncio.create_task(as_client("modest", "ASK {}"))
        await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.gather(*greedy, modest)
        assert served == ["modest", "greedy", "greedy", "greedy"]

    run(folder, steps, queue=9, share=3)


def test_the_same_query_is_run_once_for_all_who_ask_it(folder: Path) -> None:  # noqa: F811
    async def main() -> None:
        pool = WorkerPool(Snapshot.open(folder).store, BASE, 2, Limits(seconds=3), Kept(1 << 20))
        await pool.start()
        try:
            asked = [asyncio.create_task(ask(pool, COUNTING)) for _ in range(6)]
            await asyncio.sleep(0.5)
            assert pool.busy == 1
            assert (await ask(pool, "ASK {}")).complete
            told = await asyncio.gather(*asked, return_exceptions=True)
            assert all(isinstance(error, QueryTimeout) for error in told)
            small = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?c ?e ?f }"
            answers = await asyncio.gather(*(ask(pool, small) for _ in range(6)))
            assert len({await answer.read() for answer in answers}) == 1
            # What is too long to be kept is run for each.
            long = await asyncio.gather(*(ask(pool, STREAMING) for _ in range(2)))
            assert not any(answer.complete for answer in long)
            for answer in long:
                answer.close()
        finally:
            await pool.stop()

    asyncio.run(main())


def test_an_abandoned_query_frees_its_worker(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        asking = asyncio.create_task(ask(pool, COUNTING))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        start = monotonic()
        assert (await ask(pool, "ASK {}")).complete
        streaming = await ask(pool, STREAMING)
        assert not streaming.complete
        streaming.close()
        streaming.close()
        assert (await ask(pool, "ASK {}")).complete
        assert monotonic() - start < 5

    run(folder, steps, seconds=30)


def test_nothing_is_left_of_a_query_that_was_stopped(folder: Path) -> None:  # noqa: F811
    """Cycles are looked for seldom, and the frames of a query hold its text and what it has answered."""

    async def steps(pool: WorkerPool) -> None:
        with suppress(QueryTimeout):
            await (await ask(pool, ENDLESS)).read()

    gc.collect()
    gc.disable()
    try:
        run(folder, steps, seconds=0.3)
        assert not [left for left in gc.get_objects() if isinstance(left, QueryError)]
    finally:
        gc.enable()


def test_an_answer_that_breaks_off_raises_and_does_not_end(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        answer = await ask(pool, STREAMING)
        with pytest.raises(QueryTimeout):
            async for _ in answer:
                pass

    run(folder, steps, seconds=1)


def test_an_answer_that_is_too_large_breaks_off_and_its_worker_is_replaced(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        answer = await ask(pool, STREAMING)
        with pytest.raises(QueryTooLarge, match="more than 200000 bytes"):
            async for _ in answer:
                pass
        assert not answer.complete
        assert (await ask(pool, "ASK {}")).complete

    run(folder, steps, result_bytes=200_000)


def test_a_client_that_does_not_read_holds_no_worker(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        stalled = await ask(pool, STREAMING)
        await asyncio.sleep(1.5)
        assert (await ask(pool, "ASK {}")).complete
        with pytest.raises(QueryTimeout):
            await stalled.read()

    run(folder, steps, seconds=1)


def test_long_queries_keep_no_other_waiting(folder: Path) -> None:  # noqa: F811
    """Each takes a good part of a second to look through, and is refused."""
    long = "ASK { FILTER(1" + "+1" * 200_000 + " > 0) SERVICE <http://127.0.0.1:1/> {} }"

    async def steps(pool: WorkerPool) -> None:
        asking = [asyncio.create_task(ask(pool, long)) for _ in range(3)]
        waits = []
        while not all(task.done() for task in asking):
            began = monotonic()
            await asyncio.sleep(0.01)
            waits.append(monotonic() - began)
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(outcome, QueryRefused) for outcome in outcomes)
        # Looked through in the loop, all of them would be one wait.
        assert max(waits) < sum(waits) / 3
        assert len(waits) > 10

    run(folder, steps)


def test_the_time_limit_counts_what_is_waited_for_before_the_worker(folder: Path) -> None:  # noqa: F811
    long = "ASK { FILTER(1" + "+1" * 200_000 + " > 0) }"

    async def steps(pool: WorkerPool) -> None:
        asking = [ask(pool, long) for _ in range(8)]
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(outcome, QueryError) for outcome in outcomes)
        assert any(isinstance(outcome, QueryTimeout) for outcome in outcomes)

    run(folder, steps, seconds=0.2)


def test_a_long_answer_streams_whole(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        text = "SELECT * { ?s <http://data.example/p> ?o . ?t <http://data.example/near> ?u } LIMIT 200000"
        answer = await ask(pool, text)
        assert not answer.complete
        sizes = [chunk.count(b"\r\n") async for chunk in answer]
        assert sum(sizes) == 200_001
        assert answer.complete
        assert len(sizes) > 100

    run(folder, steps)


def test_idle_workers_that_die_are_replaced(folder: Path) -> None:  # noqa: F811
    async def steps(pool: WorkerPool) -> None:
        for worker in tuple(pool._workers):
            os.kill(worker.process.pid, 9)
        await asyncio.sleep(0.2)
        assert (await ask(pool, "ASK {}")).complete

    run(folder, steps, size=2)


def test_a_store_that_is_none_is_a_snapshot_error(tmp_path: Path) -> None:
    async def main() -> None:
        pool = WorkerPool(tmp_path / "nothing", BASE, 2, Limits())
        with pytest.raises(SnapshotError):
            await pool.start()

    asyncio.run(main())


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?service { ?s ex:service \'SERVICE\', """SERVICE"""@service } # SERVICE',
        "PREFIX service: <http://service/> ASK { ?s service:p <http://x/SERVICE> . _:service ?p ?from }",
        "ASK { ?s ?p 'FROM \\' FROM' ; ex:from\\#from ?from }",
    ],
)
def test_the_scanner_steps_over_strings_names_and_comments(text: str) -> None:
    seen = scan(text)
    assert (seen.service, seen.dataset, seen.update) == (False, False, None)


@pytest.mark.parametrize(
    "text",
    ["SELECT*FROM<a:b>{}", "ASKFROM<a:b>{}", "select * from named <a:b> {}", "ASK FROM:g {}", "DESCRIBE<a:b>FROM:g"],
)
def test_the_scanner_finds_a_dataset_clause_however_it_is_written(text: str) -> None:
    assert scan(text).dataset


@pytest.mark.parametrize("text", ["(" * 1000, "1<" + "((((((1><" * 100, "[" * 1000, "{(" * 500, '"a" (' * 1000])
def test_the_scanner_counts_brackets_that_a_parser_would_go_into(text: str) -> None:
    assert scan(text).depth > 256


@pytest.mark.parametrize(
    "text",
    ['"' + "\\" * 300_001, '"""' + '"a' * 200_000, "<" * 300_000, "a." * 200_000, "'''" + "'' " * 100_000],
)
def test_the_scanner_takes_time_in_proportion(text: str) -> None:
    start = monotonic()
    scan(text)
    assert monotonic() - start < 2
