"""What the benchmarks of speed share: the clock, tables, processes that are ended, memory, the machine.

A figure is the median of five runs at least.  A ratio stands beside its target, and says whether it is reached.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


@dataclass(slots=True, kw_only=True)
class Table:
    """What a benchmark found: rows of figures, and for targets (what, target, reached or not)."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: list[tuple[str | float | None, ...]] = field(default_factory=list)
    targets: list[tuple[str, str, float | None, bool | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def at_least(self, what: str, value: float | None, target: float) -> None:
        self.targets.append((what, f"≥ {target:g}", value, None if value is None else value >= target))

    def at_most(self, what: str, value: float | None, target: float) -> None:
        self.targets.append((what, f"≤ {target:g}", value, None if value is None else value <= target))

    def reached(self) -> list[tuple[str, ...]]:
        """Each target: what, what to reach, what was measured, and whether that is enough."""
        words = {True: "yes", False: "**no**", None: "not measured"}
        return [(what, target, _cell(value), words[enough]) for what, target, value, enough in self.targets]

    def markdown(self) -> str:
        """Figures, then targets, then notes."""
        lines = [f"## {self.name}", "", self.about, ""]
        lines += _grid(self.columns, [tuple(map(_cell, row)) for row in self.rows])
        if self.targets:
            lines += ["", *_grid(("target", "to reach", "measured", "reached"), self.reached())]
        return "\n".join([*lines, *([""] if self.notes else []), *(f"* {note}" for note in self.notes), ""])


def overview(tables: Sequence[Table]) -> list[str]:
    """Lines of one table of all targets."""
    rows = [(table.name, *row) for table in tables for row in table.reached()]
    return _grid(("benchmark", "target", "to reach", "measured", "reached"), rows)


def _grid(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows)]


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median of so many runs on the wall's clock."""
    return statistics.median(once(work) for _ in range(runs))


def once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(works: Sequence[Callable[[], object]], runs: int = RUNS) -> list[float]:
    """Medians of several works, run in turn, so that what else the machine does meets all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, found in zip(works, times, strict=True):
            found.append(once(work))
    return [statistics.median(found) for found in times]


def ratio(a: float | None, b: float | None) -> float | None:
    return a / b if a is not None and b else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: Sequence[str | Path], log: Path, cwd: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts, in a group of its own, which is ended on the way out."""
    with log.open("wb") as stream:
        running = subprocess.Popen(
            [str(part) for part in command], stdout=stream, stderr=stream, cwd=cwd, start_new_session=True
        )
    try:
        yield running
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if running.poll() is None:
                os.killpg(running.pid, sign)
                try:
                    running.wait(15)
                except subprocess.TimeoutExpired:
                    continue


def wait_for(url: str, running: subprocess.Popen[bytes] | None, limit: float = 120) -> float:
    """Seconds until a server answers at all.  Raises TimeoutError, or RuntimeError if it has ended."""
    began = time.perf_counter()
    while time.perf_counter() - began < limit:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of our own making
                response.read()
            return time.perf_counter() - began
        except urllib.error.HTTPError:
            return time.perf_counter() - began
        except OSError:
            if running and running.poll() is not None:
                raise RuntimeError(f"{url}: the server has ended with {running.returncode}") from None
            time.sleep(0.02)
    raise TimeoutError(f"{url}: no answer in {limit} s")


def memory(pid: int) -> float:
    """MB of a process and its children, what they share counted once (proportional set size)."""
    total, pids = 0, [pid]
    while pids:
        one = pids.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            pids += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024


@contextmanager
def peak_memory(pid: int) -> Iterator[list[float]]:
    """Looks at a process and its children ten times a second; the list has the most, in MB, at the end."""
    import threading

    most, stop = [0.0], threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            most[0] = max(most[0], memory(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def disk(folder: Path) -> float:
    """MB of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def requests_a_second(url: str, headers: dict[str, str], script: Path | None = None, duration: int = 4) -> float:
    """By wrk with 16 connections.  Raises RuntimeError if any answer is none of 2xx or 3xx."""
    command = ["wrk", "-t1", "-c16", f"-d{duration}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"Non-2xx or 3xx responses: (\d+)", out):
        raise RuntimeError(f"{url}: {failed[1]} answers were errors")
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if not found:
        raise RuntimeError(f"{url}: {out}")
    return float(found[1])


def dragoman(*arguments: str | Path) -> None:
    """A verb of ours, by its command; 3 (some left out) is no error."""
    command = [Path(sys.executable).with_name("dragoman"), *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")


def machine() -> str:
    """Processor, cores, memory, system and Python, in a line."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    total = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return (
        f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores, "
        f"{int(total[1]) / 1e6 if total else 0:.0f} GB, {platform.system()}, Python {platform.python_version()}"
    )


def needed(*programs: str) -> list[str]:
    """Those programs that are not there."""
    return [program for program in programs if not shutil.which(program)]
