"""All benchmarks of speed: `make bench`, or `make bench QUICK=1`.

    python benchmarks/bench.py [--quick] [--only map,validate,...] [--shared ../shared] [--snapshot DIR]

Prints each table, writes it to build/benchmarks/NAME.json and, of a whole run, all of them with versions and machine to
benchmarks/RESULTS.md (--quick: build/benchmarks/RESULTS.md).  Peers are installed into a cache folder by
peers.py.  `--snapshot` is a published snapshot of many volumes to start the service on; without it one is built.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import answering
import building
from measure import ROOT, RUNS, Table, dragoman, machine, needed

from kg.snapshot import Snapshot

LIBRARIES = ("pyoxigraph", "shacl", "pyshacl", "rdflib", "lxml", "fastapi", "uvicorn")
SMALL = "frus1894Nicaragua"
BASE = (SMALL, "frus1882")
NAMES = ("map", "validate", "load", "query", "dereference", "growth", "rebuild", "serve")


class Bench:
    """One run: what is asked for, where things lie, what was found."""

    def __init__(self, scratch: Path, *, quick: bool, shared: Path, snapshot: Path | None) -> None:
        self.scratch, self.quick, self.tei, self.given = scratch, quick, shared / "corpus" / "tei", snapshot
        self.tables: list[Table] = []
        self.remarks: list[str] = []
        self._base: Path | None = None
        self.runs = 3 if quick else RUNS

    def log(self, remark: str) -> None:
        self.remarks.append(" ".join(remark.split()))
        print(f"({self.remarks[-1]})", file=sys.stderr, flush=True)

    def volume(self, name: str) -> Path:
        return self.tei / f"{name}.xml.gz"

    def place(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def base(self) -> Path:
        """The snapshot that queries are asked of."""
        if self._base is None:
            self._base = self.scratch / "base"
            names = BASE[:1] if self.quick else BASE
            dragoman("build", *map(self.volume, names), "--out", self._base)
        return self._base

    def all_volumes(self) -> Path:
        """The snapshot of all volumes at hand."""
        if self.given is None:
            self.rebuild()
        return self.given or self.scratch

    def map(self) -> list[Table]:
        return [building.mapping(self.volume(SMALL), self.runs)]

    def validate(self) -> list[Table]:
        return [building.validating(self.volume(SMALL), self.place("validate"), self.runs)]

    def load(self) -> list[Table]:
        return [building.loading(Snapshot.open(self.base()), self.place("load"), self.runs)]

    def query(self) -> list[Table]:
        return [answering.querying(self.base(), self.place("query"), self.runs, self.log)]

    def dereference(self) -> list[Table]:
        many = 200 if self.quick else 1000
        return [answering.dereferencing(self.base(), self.place("dereference"), many, self.log)]

    def growth(self) -> list[Table]:
        sizes = (1, 2, 4) if self.quick else (1, 4, 16)
        return [building.growing(self.volume(SMALL), sizes, self.place("growth"), answering.latency)]

    def rebuild(self) -> list[Table]:
        place = self.place(f"rebuild-{len(self.tables)}")
        volumes = [*map(self.volume, BASE)] if self.quick else sorted(self.tei.glob("*.xml.gz"))
        table, out = building.rebuilding(volumes, place)
        self.given = self.given or out
        return [table]

    def serve(self) -> list[Table]:
        folder, scratch = self.all_volumes(), self.place("serve")
        return [answering.starting(folder, scratch, self.runs), answering.streaming(folder, scratch, self.runs)]


def results(bench: Bench, took: float) -> str:
    """The whole of RESULTS.md."""
    missed = [(t.name, target) for t in bench.tables for target in t.targets if target[3] is False]
    lines = [
        "# Results of `make bench`",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {machine()}; {took / 60:.0f} minutes. "
        f"Medians of {bench.runs}.",
        "",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES) + ".",
        "",
        f"Targets not reached: {len(missed)} of {sum(len(table.targets) for table in bench.tables)}.",
        "",
        *(table.markdown() for table in bench.tables),
    ]
    if bench.remarks:
        lines += ["## Remarks", "", *(f"* {remark}" for remark in bench.remarks), ""]
    return "\n".join(lines)


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--quick", action="store_true")
    cli.add_argument("--only", type=lambda text: text.split(","), default=list(NAMES))
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--snapshot", type=Path)
    args = cli.parse_args()
    # What was started is ended on the way out; the default action would leave it running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    out = ROOT / "build" / "benchmarks"
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as scratch:
        bench = Bench(Path(scratch), quick=args.quick, shared=args.shared.resolve(), snapshot=args.snapshot)
        for program in needed("wrk", "java", "mvn", "node", "npm", "dpkg-deb"):
            bench.log(f"{program} is not installed: what needs it is left out")
        for name in args.only:
            work: Callable[[], list[Table]] = getattr(bench, name)
            started = time.perf_counter()
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - one benchmark that fails must not take the others with it
                bench.log(f"{name} failed: {type(error).__name__}: {error}")
                continue
            for table in found:
                table.write(out)
                bench.tables.append(table)
            print(f"({name}: {time.perf_counter() - started:.0f} s)", file=sys.stderr, flush=True)
        whole = not args.quick and set(args.only) == set(NAMES)
        target = (ROOT / "benchmarks" if whole else out) / "RESULTS.md"
        out.mkdir(parents=True, exist_ok=True)
        target.write_text(results(bench, time.perf_counter() - began), "utf-8")
        print(f"{target} written in {(time.perf_counter() - began) / 60:.1f} minutes")
        failed = any(" failed: " in remark for remark in bench.remarks)
    shutil.rmtree(scratch, ignore_errors=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
