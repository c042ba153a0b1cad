"""Every passage re-read: volumes, and the plain texts made of them in four ways, mapped and checked.

    python benchmarks/anchors.py VOLUME.xml.gz ... [--shared ../shared] [--tei]

Prints, for each volume and each rendition, how many documents were mapped, how many passages their statements have and
how many of those quote words that do not stand at their offsets in the text that is published.  --tei leaves the
renditions out.  Nothing is validated or published: the check is the build's own, and a build does it as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from kg.anchors import reread
from kg.authorities import authorities
from kg.errors import SourceError
from kg.iris import Iris
from kg.jobs import map_reading, read_source, surroundings

ROOT = Path(__file__).resolve().parent.parent
WAYS = tuple(product(("trafilatura", "numbered"), ((), ("--whole",))))


def checked(sources: Sequence[Path]) -> tuple[int, int, int]:
    """Documents, passages and broken passages of sources that are read together."""
    readings = {}
    for path in sources:
        try:
            readings[path] = read_source(path)
        except SourceError as error:  # a build leaves it out, and says so in these words
            print(error, file=sys.stderr)
    around = surroundings(list(readings.values()), authorities())
    documents = passages = broken = 0
    for path, reading in readings.items():
        for _, statements in map_reading(Iris(), path, reading, around).documents.values():
            found = reread(statements.own())
            documents, passages, broken = documents + 1, passages + found.count, broken + len(found.broken)
            for subject, fault in found.broken:
                print(f"{subject}: {fault}", file=sys.stderr)
    return documents, passages, broken


def forms(volume: Path, args: argparse.Namespace, folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """The volume, and its renditions."""
    yield "TEI", [volume]
    for style, whole in () if args.tei else WAYS:
        name = " ".join((style, *whole))
        out = folder / name.replace(" ", "")
        command = [sys.executable, args.shared / "eval" / "frus_gold.py", "render", volume, "--out", out]
        subprocess.run([*command, "--style", style, *whole], check=True)
        yield name, sorted(out.glob(f"{volume.name.split('.')[0]}-*.txt"))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--tei", action="store_true")
    args = cli.parse_args()
    whole = [0, 0, 0]
    print(f"{'volume':20}{'form':22}{'documents':>10}{'passages':>10}{'failures':>10}")
    for volume in args.volumes:
        with tempfile.TemporaryDirectory() as name:
            for form, sources in forms(volume, args, Path(name)):
                counts = checked(sources)
                whole = [sum(pair) for pair in zip(whole, counts, strict=True)]
                print(f"{volume.name.split('.')[0]:20}{form:22}" + "".join(f"{n:10,}" for n in counts), flush=True)
    print(f"{'all':42}" + "".join(f"{n:10,}" for n in whole))


if __name__ == "__main__":
    main()
