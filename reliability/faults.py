"""Faults: kills at random points, damaged files, a full disk, no more descriptors, a store that goes, a clock set back.

    python reliability/faults.py [SOURCE ...] [--kills 200] [--seed 1] [--only kills,damage,...]

Works on an invented volume (and on TEI volumes that are given) in a folder of its own.  After each fault it looks
whether anything was lost or half published: the snapshot that is current must be whole, the record must tell of
publications that happened, a following build must succeed, and a service that starts must give the right answer from a
whole snapshot, or tell in a line why it does not.  Prints a table; exit code 1 if anything was not so.  Ends by
itself.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from service_process import DRAGOMAN, Service, children, running

from kg.history import HISTORY, History
from kg.snapshot import Snapshot

_TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{0}"><teiHeader><fileDesc><titleStmt>
<title type="complete">Invented papers {0}</title></titleStmt></fileDesc></teiHeader>
<text><body>{1}</body></text></TEI>"""
_DOCUMENT = """<div type="document" xml:id="d{0}"><head>The Minister in Norway (Stone) to the Secretary of State</head>
<opener><dateline><placeName>Oslo</placeName>, <date when="1934-01-{1:02}">January {1}, 1934</date></dateline></opener>
<p>Sir: Word {2} of {0}. See <ref target="#d1">my No. 1</ref>.</p></div>"""
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@dataclass(slots=True)
class Tally:
    """What came of the faults, by kind of outcome; what must not be is listed."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, fault: str, outcome: str) -> None:
        self.outcomes[fault, outcome] += 1

    def fail(self, fault: str, what: str) -> None:
        self.outcomes[fault, "WRONG"] += 1
        self.wrong.append(f"{fault}: {what}")


class Bench:
    """Two generations of sources, a folder with the first published, and where to try things."""

    def __init__(self, folder: Path, given: list[Path], seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.sources = [self._sources(number, given) for number in (1, 2)]
        self.pristine = folder / "pristine"
        began = time.monotonic()
        self.ids = [self.build(self.pristine, 1)]
        self.seconds = time.monotonic() - began
        whole = folder / "both"
        shutil.copytree(self.pristine, whole, symlinks=True)
        self.ids.append(self.build(whole, 2))
        self.both = whole

    def _sources(self, number: int, given: list[Path]) -> list[Path]:
        path = self.folder / f"sources-{number}" / "inv1934v01.xml"
        path.parent.mkdir()
        documents = "".join(_DOCUMENT.format(n, 1 + n % 28, number) for n in range(1, 40))
        path.write_text(_TEI.format("inv1934v01", documents), encoding="utf-8")
        return [path, *given]

    def command(self, out: Path, generation: int) -> list[str]:
        sources = [str(path) for path in self.sources[generation - 1]]
        return [DRAGOMAN, "build", *sources, "--out", str(out), "--jobs", "1", "--without-registers"]

    def build(self, out: Path, generation: int) -> str:
        subprocess.run(self.command(out, generation), check=True, capture_output=True)
        return Snapshot.open(out).path.name

    def copy(self, of: Path, name: str) -> Path:
        target = self.folder / name
        if target.exists():
            shutil.rmtree(target)
        return Path(shutil.copytree(of, target, symlinks=True))


def whole(out: Path, ids: list[str]) -> str | None:
    """What is wrong with a folder after a fault; None if nothing is."""
    snapshot = Snapshot.open(out)
    if snapshot.path.name not in ids:
        return f"an unknown snapshot is current: {snapshot.path.name}"
    if damage := snapshot.damage():
        return f"the current snapshot is damaged: {damage[0]}"
    history = History.open(out)
    if any(row.id not in ids for row in history.all()):
        return "the record tells of a publication that was none"
    return None


def count(service: Service) -> str:
    status, body, _ = service.get(f"/sparql?format=csv&query={quote(_COUNT)}")
    return body.decode().split()[1] if status == 200 else f"status {status}"


# -------------------------------------------------------------------------------------------------------------- kills


def kills(bench: Bench, tally: Tally, number: int) -> None:
    """A quarter each: anywhere in a build, in its last part, the service, one of its workers."""
    quarter = max(1, number // 4)
    for fault, earliest in (("kill in a build", 0.0), ("kill while publishing", 0.6)):
        for _ in range(quarter):
            _kill_build(bench, tally, fault, bench.random.uniform(earliest, 1.05) * bench.seconds)
    out = bench.copy(bench.both, "served")
    expected = None
    for _ in range(quarter):
        expected = _kill_service(bench, tally, out, expected)
    _kill_workers(bench, tally, out, quarter)


def _kill_build(bench: Bench, tally: Tally, fault: str, after: float) -> None:
    out = bench.copy(bench.pristine, "killed")
    with subprocess.Popen(
        bench.command(out, 2), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if problem := whole(out, bench.ids):
        tally.fail(fault, f"after {after:.2f} s: {problem}")
        return
    before = Snapshot.open(out).path.name
    tally.note(fault, "the old snapshot is current" if before == bench.ids[0] else "the new snapshot is current")
    if bench.random.random() < 0.2:
        after_id = bench.build(out, 2)
        left = sorted(path.name for path in out.glob(".building*"))
        recorded = [row.id for row in History.open(out).all()]
        if after_id != bench.ids[1] or left or recorded != bench.ids:
            tally.fail(fault, f"the next build: {after_id}, {left}, {recorded}")
        else:
            tally.note(fault, "and the next build published it, leaving nothing behind")


def _kill_service(bench: Bench, tally: Tally, out: Path, expected: str | None) -> str | None:
    """While it starts, or while it answers; then a new one must answer as before."""
    fault = "kill of the service"
    with subprocess.Popen(
        [DRAGOMAN, "serve", str(out), "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(bench.random.uniform(0, 3))
        workers = children(process.pid)
        process.kill()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    if any(Path(f"/proc/{pid}").exists() for pid in workers):
        tally.fail(fault, "workers outlived the service")
    if expected is None or bench.random.random() < 0.2:
        with running(out) as service:
            answer = count(service)
        if expected not in (None, answer):
            tally.fail(fault, f"{answer} where {expected} was")
        else:
            tally.note(fault, "the next service answers as before")
        return answer
    tally.note(fault, "no worker is left, the snapshot is whole" if whole(out, bench.ids) is None else "WRONG")
    return expected


def _kill_workers(bench: Bench, tally: Tally, out: Path, number: int) -> None:
    fault = "kill of a worker"
    with running(out) as service:
        expected = count(service)
        for _ in range(number):
            time.sleep(bench.random.uniform(0, 0.3))
            with contextlib.suppress(ProcessLookupError, IndexError):
                os.kill(bench.random.choice(children(service.pid)), signal.SIGKILL)
            answers = [count(service), service.get("/")[0]]
            if answers[0] not in (expected, "status 503") or answers[1] not in (200, 503):
                tally.fail(fault, str(answers))
            else:
                tally.note(fault, "answered" if answers == [expected, 200] else "503, and the next is answered")
        time.sleep(1)
        if count(service) != expected:
            tally.fail(fault, "the service did not recover")


# ------------------------------------------------------------------------------------------------------------- damage


def damage(bench: Bench, tally: Tally) -> None:
    """Each file of the snapshot cut short at a random place, and with one bit flipped at a random place."""
    out = bench.copy(bench.both, "damaged")
    snapshot = Snapshot.open(out)
    with running(out) as service:
        new = count(service)
    with running(bench.pristine) as service:
        old = count(service)
    for path in sorted(path for path in snapshot.path.rglob("*") if path.is_file() and path.stat().st_size):
        content = path.read_bytes()
        place = bench.random.randrange(len(content))
        flipped = bytearray(content)
        flipped[place] ^= 1 << bench.random.randrange(8)
        for fault, changed in (("a file cut short", content[:place]), ("one bit flipped", bytes(flipped))):
            path.write_bytes(changed)
            _damaged(tally, fault, out, path.relative_to(snapshot.path).as_posix(), old, new)
        path.write_bytes(content)
    if snapshot.damage():
        raise AssertionError("the files were not put back")


def _damaged(tally: Tally, fault: str, out: Path, name: str, old: str, new: str) -> None:
    told = subprocess.run([DRAGOMAN, "check", str(out)], capture_output=True, text=True, check=False)
    if told.returncode == 0 or "Traceback" in told.stderr:
        tally.fail(fault, f"{name}: `dragoman check` ended with {told.returncode}")
    else:
        tally.note(fault, "found by dragoman check")
    try:
        with running(out) as service:
            answer = count(service)
            status = service.get("/health")[1]
    except RuntimeError as error:
        tally.fail(fault, f"{name}: the service did not start: {error}")
        return
    if answer == old and b"degraded" in status:
        tally.note(fault, "the service passed it over")
    elif answer == new:
        tally.note(fault, "the service did not see it, and answered rightly")
    elif answer.startswith("status 503"):
        tally.note(fault, "the service told that it cannot answer")
    else:
        tally.fail(fault, f"{name}: the service answered {answer}")


# --------------------------------------------------------------------------------- disk, descriptors, store, clock


def full_disk(bench: Bench, tally: Tally) -> None:
    """A small disk in memory, filled to various degrees."""
    fault = "a full disk"
    size = sum(path.stat().st_size for path in bench.pristine.rglob("*") if path.is_file())
    place = bench.folder / "tmpfs"
    place.mkdir()
    for share in (0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 3.0):
        kilobytes = int(size * (1 + share) / 1024) + 400
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], capture_output=True, check=False
        )
        if mounted.returncode:
            tally.note(fault, "not tried: a tmpfs can only be mounted by root")
            return
        try:
            out = Path(shutil.copytree(bench.pristine, place / "out", symlinks=True))
            built = subprocess.run(bench.command(out, 2), capture_output=True, text=True, check=False)
            _told_or_done(bench, tally, fault, out, built)
        finally:
            subprocess.run(["umount", str(place)], check=True)


def _told_or_done(bench: Bench, tally: Tally, fault: str, out: Path, built: subprocess.CompletedProcess[str]) -> None:
    if problem := whole(out, bench.ids):
        tally.fail(fault, problem)
    elif "Traceback" in built.stderr or built.returncode not in (0, 1):
        tally.fail(fault, f"exit code {built.returncode}: {built.stderr[-400:]}")
    elif built.returncode:
        tally.note(fault, "told in a line, the old snapshot stays")
    else:
        tally.note(fault, "there was room, and it was published")


def read_only(bench: Bench, tally: Tally) -> None:
    """Serving from a disk that takes nothing, and building onto it."""
    fault, place = "a read-only disk", bench.folder / "read-only"
    shutil.copytree(bench.both, place, symlinks=True)
    mounted = subprocess.run(["mount", "--bind", str(place), str(place)], capture_output=True, check=False)
    if mounted.returncode:
        tally.note(fault, "not tried: only root can mount")
        return
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True, capture_output=True)
        with running(place) as service:
            tally.note(fault, "served") if count(service).isdigit() else tally.fail(fault, "not served")
        built = subprocess.run(bench.command(place, 1), capture_output=True, text=True, check=False)
        _told_or_done(bench, tally, fault, place, built)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def descriptors(bench: Bench, tally: Tally) -> None:
    """EMFILE: a service with few descriptors under many connections, and builds with ever fewer."""
    fault = "no more descriptors"
    with running(bench.both, "--workers", "1", limit=_descriptors(128)) as service:
        expected = count(service)
        held = []
        for _ in range(200):
            with contextlib.suppress(OSError):
                held.append(socket.create_connection((service.host, service.port), timeout=1))
        time.sleep(1)
        for connection in held:
            connection.close()
        deadline = time.monotonic() + 30
        answer = ""
        while answer != expected and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = count(service)
        if answer == expected and service.process.poll() is None:
            tally.note(fault, "the service recovers")
        else:
            tally.fail(fault, f"the service does not recover: {answer!r}")
    for number in (8, 10, 12, 16, 20, 24, 32):
        out = bench.copy(bench.pristine, "few")
        built = subprocess.run(
            bench.command(out, 2), capture_output=True, text=True, check=False, preexec_fn=_descriptors(number)
        )
        if problem := whole(out, bench.ids):
            tally.fail(fault, problem)
        elif built.returncode:
            # With too few Python itself cannot load what it needs, and says so in its own way.
            tally.note(fault, "told, the old snapshot stays")
        else:
            tally.note(fault, "they were enough, and it was published")


def _descriptors(number: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


def lost_store(bench: Bench, tally: Tally) -> None:
    """The store of the snapshot that is served is deleted."""
    fault = "a store deleted while it is served"
    out = bench.copy(bench.both, "lost")
    with running(out) as service:
        before = count(service)
        shutil.rmtree(Snapshot.open(out).store)
        statuses = Counter[str]()
        end = time.monotonic() + 6
        while time.monotonic() < end:
            statuses[count(service)] += 1
        last = count(service)
        degraded = b"degraded" in service.get("/health")[1]
    others = [answer for answer in statuses if answer.startswith("status") and answer != "status 503"]
    if last.isdigit() and degraded and not others:
        until = f"{statuses[before]} answers until then, {statuses['status 503']} times 503"
        tally.note(fault, f"the one before is served ({until})")
    else:
        tally.fail(fault, f"{dict(statuses)}, {last}")


def clock(bench: Bench, tally: Tally) -> None:
    """The clock was a year ahead when the last snapshot was published; by libfaketime, too, where it is installed."""
    fault = "the clock set back"
    out = bench.copy(bench.pristine, "clock")
    with contextlib.closing(sqlite3.connect(out / HISTORY)) as record, record:
        record.execute("UPDATE publication SET time = time + 31536000")
    _follows(bench, tally, fault, out, {})
    library = next(Path("/usr/lib").rglob("libfaketime.so.1"), None)
    if library:
        back = {"LD_PRELOAD": str(library), "FAKETIME": "-400d"}
        _follows(bench, tally, fault, bench.copy(bench.pristine, "clock"), back)
        with running(bench.both, limit=None, **back) as service:
            tally.note(fault, "served") if count(service).isdigit() else tally.fail(fault, "not served")


def _follows(bench: Bench, tally: Tally, fault: str, out: Path, environment: dict[str, str]) -> None:
    built = subprocess.run(
        bench.command(out, 2), capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    times = [row.time for row in History.open(out).all()]
    if built.returncode or whole(out, bench.ids) or len(times) != 2 or times[0] >= times[1]:
        tally.fail(fault, f"{built.returncode}, {times}: {built.stderr[-300:]}")
    else:
        tally.note(fault, "the publication is recorded after the one before")


def two_builds(bench: Bench, tally: Tally) -> None:
    fault = "two builds into one folder"
    out = bench.copy(bench.pristine, "two")
    both = [subprocess.Popen(bench.command(out, number), stderr=subprocess.PIPE, text=True) for number in (1, 2)]
    said = [(process.communicate()[1], process.returncode) for process in both]
    refused = [text for text, code in said if code == 1 and "another build is writing here" in text]
    if whole(out, bench.ids) or len(refused) > 1 or any("Traceback" in text for text, _ in said):
        tally.fail(fault, str(said)[-400:])
    else:
        tally.note(fault, "one was told to wait" if refused else "they came one after the other")


_ALL: dict[str, Callable[[Bench, Tally], None]] = {
    "damage": damage,
    "disk": full_disk,
    "readonly": read_only,
    "descriptors": descriptors,
    "store": lost_store,
    "clock": clock,
    "two": two_builds,
}


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("sources", nargs="*", type=Path)
    cli.add_argument("--kills", type=int, default=200)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--only", default=",".join(["kills", *_ALL]))
    args = cli.parse_args()
    chosen = args.only.split(",")
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args.sources, args.seed)
        print(f"a build takes {bench.seconds:.1f} s", flush=True)
        if "kills" in chosen:
            kills(bench, tally, args.kills)
        for name in [name for name in chosen if name in _ALL]:
            _ALL[name](bench, tally)
            print(f"{name}: done after {time.monotonic() - began:.0f} s", flush=True)
    for (fault, outcome), number in sorted(tally.outcomes.items()):
        print(f"{fault:36} {outcome:64} {number:5}")
    print(*tally.wrong, sep="\n")
    print(f"{sum(tally.outcomes.values())} outcomes, {len(tally.wrong)} wrong, {time.monotonic() - began:.0f} s")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
