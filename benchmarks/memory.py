"""Memory of a build, as volumes grow in number: the peak of all its processes against a limit.

    python benchmarks/memory.py VOLUME.xml.gz ... [--times 1,4,8] [--limit 1500]

Builds the volumes, then several copies of them under other ids, and prints for each run documents, statements,
seconds, peak memory (proportional set sizes of all processes added up, read ten times a second) and its ratio to
the limit in megabytes.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.snapshot import Snapshot

DRAGOMAN = Path(sys.executable).with_name("dragoman")


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--times", default="1,4,8")
    cli.add_argument("--limit", type=int, default=1500, help="megabytes")
    args = cli.parse_args()
    print(f"{'times':>6}{'volumes':>9}{'documents':>11}{'statements':>12}{'seconds':>9}{'peak MB':>9}{'of limit':>10}")
    for times in map(int, args.times.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sources = [copy(path, number, folder) for path in args.volumes for number in range(times)]
            started = time.monotonic()
            peak = build(sources, folder / "out")
            seconds = time.monotonic() - started
            counts = Snapshot.open(folder / "out").manifest.counts
            figures = f"{counts['documents']:11,}{counts['statements']:12,}{seconds:9.0f}{peak:9,}"
            print(f"{times:6}{len(sources):9}{figures}{peak / args.limit:10.0%}", flush=True)


def copy(path: Path, number: int, folder: Path) -> Path:
    """The volume under another id."""
    volume = path.name.split(".")[0]
    name = f"{volume}x{number}"
    content = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    copied = folder / f"{name}.xml"
    copied.write_text(content.replace(f'xml:id="{volume}"', f'xml:id="{name}"'), encoding="utf-8")
    return copied


def build(sources: list[Path], out: Path) -> int:
    """Build, and give the peak in megabytes."""
    process = subprocess.Popen(
        [DRAGOMAN, "build", *sources, "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(proportional, family(process.pid))))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"the build ended with {process.returncode}")
    return peak // 1024


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def proportional(pid: int) -> int:
    """Kilobytes of memory, what processes share divided among them; 0 of one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
