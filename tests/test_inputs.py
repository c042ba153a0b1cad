"""The short form of `reliability/inputs.py`: queries that are deep, long, exploding or torn."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from time import monotonic

import httpx
from service_fixtures import folder, serving  # noqa: F401

from service.app import ServiceConfig

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "reliability"))

import inputs

SECONDS, GRACE = 0.5, 8


def test_no_mutated_query_is_an_error_of_ours_or_hangs(folder: Path) -> None:  # noqa: F811
    rand, statuses = random.Random(34), set[int]()  # noqa: S311 - drawn again the same
    config = ServiceConfig(folder=folder, workers=2, query_seconds=SECONDS, worker_memory_mb=1024)
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv, text/turtle;q=0.5"}
    with (
        serving(config) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=60) as http,
    ):
        for _ in range(120):
            text, start = inputs.mutated_query(rand), monotonic()
            try:
                statuses.add(http.post("/sparql", content=text, headers=headers).status_code)
            except httpx.RemoteProtocolError:  # it broke off at its limit, as it must
                statuses.add(0)
            assert monotonic() - start < SECONDS + GRACE, text[:200]
        assert http.get("/health").json()["status"] == "ok"
    assert statuses <= {0, 200, 400, 403, 413, 503}
    assert {200, 400, 403} <= statuses
