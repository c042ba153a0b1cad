"""The service as a process of its own on the loopback, for the scripts of this folder, and what it takes of memory."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DRAGOMAN = str(Path(sys.executable).with_name("dragoman"))


@dataclass(frozen=True, slots=True)
class Service:
    """A running service; `log` is what it writes to standard error."""

    process: subprocess.Popen[str]
    host: str
    port: int
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def get(self, path: str, accept: str = "*/*", timeout: float = 60) -> tuple[int, bytes, str | None]:
        """Status, content and Retry-After of an answer.  Raises OSError or HTTPException."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers={"Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Retry-After")
        finally:
            connection.close()


def start(folder: Path, *options: str, limit: Callable[[], None] | None = None, **settings: str) -> Service:
    """Serve a folder.  Raises RuntimeError, with what it said, if it does not start."""
    log = Path(tempfile.mkstemp(suffix=".log")[1])
    command = [DRAGOMAN, "serve", str(folder), "--port", "0", *options]
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stream, text=True, env={**os.environ, **settings}, preexec_fn=limit
        )
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://([^/:]+):(\d+)", line)
    if not found:
        process.wait(30)
        raise RuntimeError(log.read_text())
    return Service(process, found[1], int(found[2]), log)


@contextlib.contextmanager
def running(folder: Path, *options: str, limit: Callable[[], None] | None = None, **settings: str) -> Iterator[Service]:
    """The service, which ends with the context."""
    service = start(folder, *options, limit=limit, **settings)
    try:
        yield service
    finally:
        stop(service)


def stop(service: Service) -> None:
    """Ends it, in good order if it lets itself be ended so."""
    service.process.terminate()
    try:
        service.process.wait(45)
    except subprocess.TimeoutExpired:
        service.process.kill()
        service.process.wait()
    if service.process.stdout:
        service.process.stdout.close()
    service.log.unlink(missing_ok=True)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def memory_of(pid: int) -> dict[str, float]:
    """MB: of the service, and of its workers together what is theirs alone (pages of the store are the system's)."""
    workers = sum(_megabytes(child, "RssAnon") for child in children(pid))
    return {"service": _megabytes(pid, "VmRSS"), "workers": workers}


def kept_by(service: Service) -> float:
    """MB of what the service keeps to give it again, as it counts them itself (`/metrics`)."""
    _, text, _ = service.get("/metrics")
    return sum(map(float, re.findall(rb"^dragoman_kept_bytes\{.*\} (\S+)$", text, flags=re.MULTILINE))) / (1 << 20)


def _megabytes(pid: int, name: str) -> float:
    with contextlib.suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), flags=re.MULTILINE)
        if found:
            return int(found[1]) / 1024
    return 0.0
