"""One snapshot follows another while the service runs: without a lost request, and never to a damaged one."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from service_fixtures import COUNTING, serving, worker_pids
from test_damage import flip
from test_history import BASE, publish_things, write

from kg.errors import SnapshotError
from kg.history import History
from kg.load import load
from kg.snapshot import FORMAT_VERSION, Snapshot
from service.app import ServiceConfig, create_app

VALUES = f"SELECT ?o {{ <{BASE}id/thing/a> <{BASE}p> ?o }}"


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def value(http: httpx.Client) -> str:
    answer = http.get("/sparql", params={"query": VALUES}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.partition("\n")[2].strip()


@contextmanager
def running(out: Path, **settings: object) -> Iterator[tuple[httpx.Client, object]]:
    config = ServiceConfig(folder=out, workers=2, query_seconds=20, **settings)  # type: ignore[arg-type]
    with serving(config) as (address, server), httpx.Client(base_url=f"http://{address}", trust_env=False) as http:
        yield http, server


def test_no_request_is_lost_and_none_is_answered_by_halves_while_snapshots_follow(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "0"})
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    stop = threading.Event()

    def ask(address: str, page: str) -> None:
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as http:
            last = 0
            while not stop.is_set():
                answer = http.get(page, headers={"Accept": "text/csv" if "sparql" in page else "text/turtle"})
                statuses[answer.status_code] += 1
                found = re.search(r'(?m)^(\d+)\s*$|"(\d)"', answer.text)
                number = int(found[1] or found[2]) if found else -1
                if number < last:
                    wrong.append(f"{page}: {number} after {last}")
                last = number

    with running(out) as (http, server):
        pages = [f"/sparql?query={httpx.QueryParams({'q': VALUES})['q']}", "/doc/thing/a.ttl"]
        threads = [threading.Thread(target=ask, args=(str(http.base_url), page)) for page in pages * 2]
        for thread in threads:
            thread.start()
        before = worker_pids(server)  # type: ignore[arg-type]
        try:
            for number in (1, 2):
                publish_things(out, {"a": str(number)})
                until(lambda number=number: value(http) == str(number))  # type: ignore[misc]
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)
        assert set(statuses) == {200}
        assert statuses[200] > 50
        assert not wrong
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
        assert http.get("/health").json()["snapshot"] == Snapshot.open(out).manifest.id


def test_a_query_that_runs_ends_on_the_snapshot_on_which_it_began(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {f"{number}": "x" for number in range(160)})
    with running(out) as (http, _):
        found: list[str] = []

        def count() -> None:
            answer = httpx.get(
                f"{http.base_url}/sparql", params={"query": COUNTING}, headers={"Accept": "text/csv"}, timeout=30
            )
            found.append(answer.text)

        thread = threading.Thread(target=count)
        triples = int(
            http.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o}", "format": "csv"}).text.split()[1]
        )
        thread.start()
        time.sleep(0.1)
        publish_things(out, {"a": "1"})
        until(lambda: value(http) == "1")
        thread.join(30)
        assert found == [f"n\r\n{triples**3}\r\n"]


def test_a_damaged_snapshot_is_not_taken_up_and_the_next_whole_one_is(tmp_path: Path) -> None:
    out, hidden = tmp_path / "out", tmp_path / "hidden"
    publish_things(out, {"a": "1"})
    with running(out) as (http, _):
        # Built elsewhere, damaged, and then switched to by hand.
        shutil.copytree(out, hidden, symlinks=True)
        second = publish_things(hidden, {"a": "2"})
        shutil.copytree(second.path, out / "snapshots" / second.path.name)
        (out / "snapshots" / second.path.name / "validation.ttl").write_text("damaged")
        (out / "link").symlink_to(Path("snapshots") / second.path.name)
        (out / "link").replace(out / "current")
        until(lambda: http.get("/health").json()["status"] == "degraded")
        assert value(http) == "1"
        publish_things(out, {"a": "3"})
        until(lambda: value(http) == "3")
        assert http.get("/health").json()["status"] == "ok"


def test_a_store_that_is_deleted_while_it_is_served_costs_no_query(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    second = publish_things(out, {"a": "2"})
    with running(out) as (http, _):
        assert value(http) == "2"
        shutil.rmtree(second.store)
        until(lambda: value(http) == "1")
        assert http.get("/health").json()["status"] == "degraded"
        load([(write(tmp_path / "sources", {"a": "2"}), None)], out, BASE)
        until(lambda: value(http) == "2")
        assert http.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "name", ["manifest.json", "validation.ttl", "store/CURRENT", "SHA256SUMS", "sizes.tsv", "data.nq"]
)
def test_the_last_whole_snapshot_is_served_where_the_last_one_is_damaged(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    second = publish_things(out, {"a": "2"})
    flip(second.path / name, 10)
    with running(out) as (http, _):
        assert value(http) == "1"
        health = http.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        assert str(tmp_path) not in health.text


def test_a_store_that_no_worker_can_open_is_passed_over(tmp_path: Path) -> None:
    """The list of digests agrees, as if the damage had been there when the snapshot was made."""
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    second = publish_things(out, {"a": "2"})
    manifests = sorted(second.store.glob("MANIFEST-*"))
    for path in manifests:
        path.write_bytes(b"\0" * path.stat().st_size)
    from kg.publish import _sums

    (second.path / "SHA256SUMS").unlink()
    (second.path / "sizes.tsv").unlink()
    _sums(second.path)
    assert second.damage() == []
    with running(out) as (http, _):
        assert value(http) == "1"
        assert http.get("/health").json()["status"] == "degraded"


def test_with_no_whole_snapshot_there_is_no_service(tmp_path: Path) -> None:
    out = tmp_path / "out"
    flip(publish_things(out, {"a": "1"}).path / "validation.ttl", 3)
    with pytest.raises(SnapshotError, match=r"validation\.ttl: is not as it was published"):
        create_app(ServiceConfig(folder=out, workers=1))
    with pytest.raises(SnapshotError, match="no snapshot here"):
        create_app(ServiceConfig(folder=tmp_path / "absent", workers=1))


def test_a_snapshot_of_another_format_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    monkeypatch.setattr("service.succession.FORMAT_VERSION", FORMAT_VERSION + 1)
    told = rf"its format is {FORMAT_VERSION}, served is {FORMAT_VERSION + 1}; build it again"
    with pytest.raises(SnapshotError, match=told):
        create_app(ServiceConfig(folder=out, workers=1))


def test_a_snapshot_with_another_base_waits_for_a_restart(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    with running(out) as (http, _):
        load([(write(tmp_path / "sources", {"a": "2"}), None)], out, "http://other.example/")
        until(lambda: http.get("/health").json()["status"] == "degraded")
        assert value(http) == "1"
        assert http.get("/health").json()["base_iri"] == BASE


def test_sighup_takes_up_the_same_snapshot_anew_and_sigterm_lets_requests_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {f"{number}": "x" for number in range(160)})
    command = [str(Path(sys.executable).with_name("dragoman")), "serve", str(out), "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            address = re.search(r"http://[^/\s]+", process.stdout.readline())
            assert address
            before = children(process.pid)
            os.kill(process.pid, signal.SIGHUP)
            until(lambda: len(now := children(process.pid)) == len(before) and not now & before)
            answers: list[httpx.Response] = []
            ask = threading.Thread(
                target=lambda: answers.append(
                    httpx.get(f"{address[0]}/sparql", params={"query": COUNTING, "format": "csv"}, timeout=30)
                )
            )
            ask.start()
            time.sleep(0.2)
            process.terminate()
            ask.join(30)
            assert [answer.status_code for answer in answers] == [200]
            assert process.wait(20) == -signal.SIGTERM  # in good order, and then as told
        finally:
            process.kill()


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_a_worker_is_not_stopped_before_the_last_request_of_its_site(tmp_path: Path) -> None:
    """The lease of a request outlives the change; the old workers end when it is given back."""
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})

    async def run() -> None:
        succession = create_app(ServiceConfig(folder=out, workers=1)).state.succession
        await succession.start()
        with succession.lease() as site:
            await asyncio.to_thread(publish_things, out, {"a": "2"})
            while succession.site is site:
                await asyncio.sleep(0.05)
            assert not site.queries._stopping
            assert succession.site.snapshot.path == History.open(out).publications()[-1].path
        await asyncio.sleep(0.1)
        assert site.queries._stopping
        await succession.stop()

    asyncio.run(run())
