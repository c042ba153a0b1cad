"""The log and the figures: structured, bounded, and closed to what clients would write there."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from service_fixtures import ENDLESS, folder, serving  # noqa: F401

from kg.cli import main
from service import logs
from service.app import ServiceConfig


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log writes; its loggers are as before afterwards."""
    stream, root, error = io.StringIO(), logging.getLogger(), logging.getLogger("uvicorn.error")
    before = root.handlers[:], root.level, logs.ACCESS.level, error.handlers[:]
    yield stream
    root.handlers[:], error.handlers[:] = before[0], before[3]
    root.setLevel(before[1])
    logs.ACCESS.setLevel(before[2])


def configure(stream: io.StringIO, form: logs.Form) -> None:
    logs.configure(form, requests=True)
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)


HOSTILE = "x\r\nERROR forged\u2028\x1b[31m\x85\u202e\x00"


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_ends_a_line_but_its_end(written: io.StringIO, form: logs.Form) -> None:
    configure(written, form)
    logging.getLogger("service.x").warning("broke off: %s", HOSTILE)
    (line,) = written.getvalue().splitlines()
    assert line.isprintable()
    if form == "json":
        told = json.loads(line)
        assert told["message"] == f"broke off: {HOSTILE}"
        assert (told["level"], told["logger"]) == ("WARNING", "service.x")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_stack_trace_forges_no_line(written: io.StringIO, form: logs.Form) -> None:
    configure(written, form)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("service.x").exception("a request failed")
    first, *rest = written.getvalue().split("\n")[:-1]
    assert "a request failed" in first
    assert all(line.startswith("    ") and line.isprintable() for line in rest)
    assert bool(rest) == (form == "text")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123_x.Y", True), ("a" * 64, True), ("a" * 65, False), ("", False), (None, False), ("a b", False),
     ("a\n", False), ("ä", False), ("<script>", False), ("١٢٣", False)],
)  # fmt: skip
def test_only_a_well_formed_id_is_taken_over(given: str | None, kept: bool) -> None:
    found = logs.request_id(given)
    assert (found == given) == kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", found)


def test_each_request_is_a_line_with_its_id(written: io.StringIO, folder: Path) -> None:  # noqa: F811
    configure(written, "json")
    with serving(ServiceConfig(folder=folder, workers=1)) as (address, _):
        with httpx.Client(base_url=f"http://{address}", trust_env=False) as http:
            answer = http.get("/nothing%0d%0aforged?secret=1", headers={"X-Request-Id": "mine-1"})
            assert answer.headers["x-request-id"] == "mine-1"
            own = http.get("/nothing", headers={"X-Request-Id": "no good"}).headers["x-request-id"]
            assert re.fullmatch("[0-9a-f]{32}", own)
            assert "x-request-id" not in http.get("/robots.txt").headers
        host, port = address.split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"GET /\x1b]0;evil HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(1000)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    first, second, third = (line for line in lines if line["logger"] == "service.access")
    assert first["request"] == "mine-1"
    assert second["request"] == own
    assert first["path"] == "/nothing%0d%0aforged"
    assert (first["method"], first["status"], first["client"]) == ("GET", 404, "127.0.0.1")
    assert (third["status"], third["bytes"] > 10, third["seconds"] < 10) == (200, True, True)


@pytest.fixture(scope="module")
def measured(folder: Path) -> Iterator[httpx.Client]:  # noqa: F811
    with (
        serving(ServiceConfig(folder=folder, workers=2, metrics=True)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        yield http


def samples(http: httpx.Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def test_requests_are_counted_by_route_and_status(measured: httpx.Client) -> None:
    key = ("dragoman_requests_total", (("method", "GET"), ("route", "/doc/{path:path}"), ("status", "200")))
    before = samples(measured).get(key, 0)
    for number in (1, 2):
        assert measured.get(f"/doc/document/v1/d{number}.ttl").status_code == 200
    after = samples(measured)
    assert after[key] == before + 2
    assert after["dragoman_request_seconds_count", (("route", "/doc/{path:path}"),)] >= 2
    assert after["dragoman_requests_running", ()] == 1
    assert after["dragoman_holdings", (("kind", "documents"),)] == 2
    assert after["dragoman_query_workers_busy", ()] == 0
    assert after["process_resident_memory_bytes", ()] > 1e6


def test_a_client_that_leaves_is_told_from_one_that_is_refused(measured: httpx.Client) -> None:
    def count(status: str) -> float:
        key = (("method", "GET"), ("route", "/sparql"), ("status", status))
        return samples(measured).get(("dragoman_requests_total", key), 0)

    refused = count("403")
    with socket.create_connection((measured.base_url.host, measured.base_url.port or 80)) as leaving:
        leaving.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        assert samples(measured)["dragoman_query_workers_busy", ()] == 1
    deadline = time.monotonic() + 10
    while not count("499") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (count("499"), count("403")) == (1, refused)


def test_addresses_that_clients_think_up_make_no_new_figures(measured: httpx.Client) -> None:
    for number in range(3):
        measured.get(f"/nothing/{number}")
        measured.request("BREW", f"/{number}")
        measured.get(f"/doc/thing/{number}.ttl")
    size = len(samples(measured))
    for number in range(3, 30):
        measured.get(f"/nothing/{number}")
        measured.get(f"/doc/thing/{number}.ttl")
    assert len(samples(measured)) == size


def test_figures_are_not_there_unless_they_are_turned_on(folder: Path) -> None:  # noqa: F811
    with serving(ServiceConfig(folder=folder, workers=1)) as (address, _):
        assert httpx.get(f"http://{address}/metrics", trust_env=False).status_code == 404


@pytest.mark.parametrize(
    ("options", "expected"),
    [([], 200), (["--no-metrics"], 404), (["--host", "0.0.0.0"], 404), (["--host", "0.0.0.0", "--metrics"], 200)],  # noqa: S104
)
def test_figures_are_off_on_public_addresses(folder: Path, options: list[str], expected: int) -> None:  # noqa: F811
    command = [str(Path(sys.executable).with_name("dragoman")), "serve", str(folder), "--port", "0", "--workers", "1"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r":(\d+)/", process.stdout.readline())
            assert found
            assert httpx.get(f"http://127.0.0.1:{found[1]}/metrics", trust_env=False).status_code == expected
        finally:
            process.terminate()


def test_only_a_proxy_that_was_named_tells_who_asks(folder: Path) -> None:  # noqa: F811
    for options, expected in ([], "127.0.0.1"), (["--proxy", "127.0.0.1"], "203.0.113.9"):
        command = [str(Path(sys.executable).with_name("dragoman")), "serve", str(folder), "--port", "0"]
        command += ["--workers", "1", "--log-format", "json", "--log-requests", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                found = re.search(r":(\d+)/", process.stdout.readline())
                assert found
                httpx.get(
                    f"http://127.0.0.1:{found[1]}/robots.txt",
                    headers={"X-Forwarded-For": "203.0.113.9"},
                    trust_env=False,
                )
                assert json.loads(process.stderr.readline())["client"] == expected
            finally:
                process.terminate()


def test_a_form_of_log_that_is_none_is_a_usage_error(folder: Path) -> None:  # noqa: F811
    assert CliRunner().invoke(main, ["serve", str(folder), "--log-format", "xml"]).exit_code == 2
