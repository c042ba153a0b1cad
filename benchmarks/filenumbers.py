"""How many file numbers the tables read: per volume, and the numbers that they do not read in full.

    python benchmarks/filenumbers.py [VOLUME.xml.gz ...] [--shared ../shared] [--left] [--sample 100 --seed 3]

`--left` lists every unit not read in full; `--sample` draws documents for reading by hand, as rows of
`filenumbers-review.tsv` without a verdict.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg import tei
from kg.document import Document
from kg.filecodes import FileReading, decode

ROOT = Path(__file__).resolve().parent.parent


def reading(document: Document) -> FileReading:
    assert document.file_number
    day = document.sent.date.earliest if document.sent and document.sent.date else None
    return decode(document.file_number, int(day[:4]) if day else None)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="*", type=Path)
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--left", action="store_true")
    cli.add_argument("--sample", type=int, default=0)
    cli.add_argument("--seed", type=int, default=3)
    args = cli.parse_args()
    volumes = args.volumes or sorted((args.shared / "corpus" / "tei").glob("*.xml.gz"))
    found = [
        (document, reading(document))
        for path in volumes
        for document in tei.read(path).documents
        if document.file_number
    ]
    if args.sample:
        drawn = random.Random(args.seed).sample(found, args.sample)
        print("document", "number", "status", "reading", "verdict", "matter of the document", sep="\t")
        for document, read in sorted(drawn, key=lambda pair: pair[0].identifier):
            words = " | ".join(f"{meaning.label} ({meaning.certainty})" for meaning in read.readings)
            print(document.identifier, document.file_number, read.status, words, "", document.title, sep="\t")
        return
    report(found)
    if args.left:
        for (unit, words), count in Counter(
            (read.key, " | ".join(f"{meaning.label} [unread {meaning.unread}]" for meaning in read.readings))
            for _, read in found
            if read.status != "full" or read.ambiguous
        ).most_common():
            print(count, unit, words, sep="\t")


def report(found: list[tuple[Document, FileReading]]) -> None:
    table = Table("volume", "numbers", "units", "full", "of these certain", "ambiguous", "partial", "none", "full, %")
    for volume in [*dict.fromkeys(document.volume for document, _ in found), "all"]:
        reads = [read for document, read in found if volume in (document.volume, "all")]
        clear = [read for read in reads if read.status == "full" and not read.ambiguous]
        certain = sum(read.meaning is not None and read.meaning.certainty == "certain" for read in clear)
        counts = (
            len(reads),
            len({read.key for read in reads}),
            len(clear),
            certain,
            sum(read.ambiguous for read in reads),
            sum(read.status == "partial" for read in reads),
            sum(read.status == "none" for read in reads),
        )
        table.add_row(volume, *map(str, counts), f"{100 * len(clear) / len(reads):.1f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
