"""All benchmarks of speed: `make bench`, or `make bench QUICK=1`.

    python benchmarks/bench.py [--quick] [--only map,validate,...] [--resume] [--shared ../shared] [--snapshot DIR]

Prints each table and keeps it in build/benchmarks/NAME.json; at the end prints all of them with targets, versions and
machine and writes that to build/benchmarks/RESULTS.md, of a whole run that is not quick to benchmarks/RESULTS.md, too.
`--resume` takes what was kept by a run that did not come to its end, and measures the rest.  Peers are installed into a
cache folder by peers.py.  `--snapshot` is a published snapshot of many volumes to start the service on; without it one
is built.
"""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import answering
import building
import peers
from measure import ROOT, RUNS, Table, dragoman, machine, needed, overview

from kg.snapshot import Snapshot

LIBRARIES = ("pyoxigraph", "shacl", "pyshacl", "rdflib", "lxml", "fastapi", "uvicorn")
SMALL = "frus1894Nicaragua"
LARGER = "frus1882"
BASE = (SMALL, LARGER)
NAMES = ("map", "validate", "load", "query", "dereference", "growth", "rebuild", "serve")


class Bench:
    """One run: what is asked for, where things lie, what was found."""

    def __init__(self, scratch: Path, *, quick: bool, shared: Path, snapshot: Path | None) -> None:
        self.scratch, self.quick, self.tei, self.given = scratch, quick, shared / "corpus" / "tei", snapshot
        self.tables: list[Table] = []
        self.seconds = 0.0
        self.remarks: list[str] = []
        self._base: Path | None = None
        self.runs = 3 if quick else RUNS

    def log(self, remark: str) -> None:
        for place, name in ((self.scratch, "SCRATCH"), (peers.CACHE, "PEERS"), (ROOT, "."), (Path.home(), "~")):
            remark = remark.replace(str(place), name)
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
        # The larger one alone fills more than one piece of a load, as every larger dataset does.
        volume = self.volume(SMALL if self.quick else LARGER)
        return [building.growing(volume, sizes, self.place("growth"), answering.latency)]

    def rebuild(self) -> list[Table]:
        place = self.place(f"rebuild-{len(self.tables)}")
        volumes = [*map(self.volume, BASE)] if self.quick else sorted(self.tei.glob("*.xml.gz"))
        table, out = building.rebuilding(volumes, place)
        self.given = self.given or out
        return [table]

    def serve(self) -> list[Table]:
        folder, scratch = self.all_volumes(), self.place("serve")
        return [answering.starting(folder, scratch, self.runs), answering.streaming(folder, scratch, self.runs)]

    def run(self, name: str, kept: Path) -> None:
        """Measure one family, print its tables and keep them; one that fails must not take the others with it."""
        began, remarks = time.perf_counter(), len(self.remarks)
        try:
            found: list[Table] = getattr(self, name)()
        except Exception as error:  # noqa: BLE001 - said, and counted in the exit code
            self.log(f"{name} failed: {type(error).__name__}: {error}")
            return
        took = time.perf_counter() - began
        for table in found:
            print(table.markdown(), flush=True)
        print(f"({name}: {took:.0f} s)", file=sys.stderr, flush=True)
        record = {"quick": self.quick, "seconds": took, "remarks": self.remarks[remarks:]}
        kept.write_text(json.dumps({**record, "tables": [*map(asdict, found)]}, ensure_ascii=False, indent=1) + "\n")
        self.tables += found
        self.seconds += took

    def take(self, kept: Path) -> bool:
        """Whether an earlier run has kept this family; its tables are this run's then."""
        record = json.loads(kept.read_text()) if kept.exists() else {}
        if record.get("quick") != self.quick:
            return False
        self.tables += [Table(**table) for table in record["tables"]]
        self.remarks += record["remarks"]
        self.seconds += record["seconds"]
        return True


def results(bench: Bench) -> str:
    """The whole of RESULTS.md."""
    verdicts = [enough for table in bench.tables for *_, enough in table.targets]
    lines = [
        "# Results of `make bench`",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {machine()}; {bench.seconds / 60:.0f} minutes. "
        f"Medians of {bench.runs}.",
        "",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES) + "; peers as the columns say.",
        "",
        f"Of {len(verdicts)} targets {verdicts.count(True)} are reached, {verdicts.count(False)} not, "
        f"{verdicts.count(None)} not measured.",
        "",
        *overview(bench.tables),
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
    cli.add_argument("--resume", action="store_true")
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--snapshot", type=Path)
    args = cli.parse_args()
    # What was started is ended on the way out; the default action would leave it running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    out = ROOT / "build" / "benchmarks"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as scratch:
        bench = Bench(Path(scratch), quick=args.quick, shared=args.shared.resolve(), snapshot=args.snapshot)
        for program in needed("wrk", "java", "mvn", "node", "npm", "dpkg-deb"):
            bench.log(f"{program} is not installed: what needs it is left out")
        for name in args.only:
            kept = out / f"{name}.json"
            if not (args.resume and bench.take(kept)):
                bench.run(name, kept)
            (out / "RESULTS.md").write_text(results(bench), "utf-8")
    if not args.quick and set(args.only) == set(NAMES):
        shutil.copy(out / "RESULTS.md", ROOT / "benchmarks")
    print(results(bench))
    failed = any(" failed: " in remark for remark in bench.remarks)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
