"""How many of the persons that editors tagged in running text the rules find, from plain text alone, volume by volume.

    python benchmarks/mentions.py VOLUME.xml.gz ... [--shared ../shared] [--style trafilatura|numbered] [--whole]
    python benchmarks/mentions.py VOLUME.xml.gz ... --sample N [--seed S]

The texts are made by `shared/eval/frus_gold.py render`, read as plain text is, with the names of all texts of the
volume as in a build, and nothing else of the volume is known.
Gold are the surfaces of all `persName` of a document that stand in the rendition below its heading; signatures count
where the rendition keeps them.  A document counts if its editors tagged a person in it.  "bound" is what the tags with
a pointer alone would give against all tags: `shared/eval/score.py` takes those as its gold, and so counts a tag without
one as false.  --sample draws mentions of all kinds from the TEI volumes at random, for reading by hand, as rows of
mentions-review.tsv without a verdict.
"""

from __future__ import annotations

import argparse
import importlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg import lexicon, mentions, plaintext, referents, tei
from kg.agents import find_agents
from kg.authorities import authorities
from kg.document import Document
from kg.inferences import part_text
from kg.referents import Around, years_of

ROOT = Path(__file__).resolve().parent.parent


def surfaces(documents: Iterable[Document]) -> dict[str, set[str]]:
    """The surfaces of persons that are found in each document's text and footnotes."""
    documents = list(documents)
    known = lexicon.of_documents(documents, lexicon.registers(authorities()))
    return {
        document.identifier: {
            found.surface
            for text in (document.text, *(note.text for note in document.footnotes))
            for found in mentions.find(text, known)
            if found.kind == "person"
        }
        for document in documents
    }


def gold(volume: Path, frus_gold: Any, signed: bool) -> Iterator[tuple[str, set[str], set[str]]]:
    """(identifier, all tagged surfaces below the heading, those with a pointer)."""
    name = frus_gold.volume_id(volume)
    for element, _ in frus_gold.documents(frus_gold.parse(volume)):
        every: set[str] = set()
        pointed: set[str] = set()
        for person in frus_gold.find_own(element, "persName"):
            above = [one.tag.removeprefix(frus_gold.TEI) for one in person.iterancestors()]
            heads = [one for one in person.iterancestors(frus_gold.TEI + "head") if one.getparent() is element]
            source = [one for one in person.iterancestors(frus_gold.TEI + "note") if one.get("type") == "source"]
            if not (heads or source or "dateline" in above or ("signed" in above and not signed)):
                every.add(frus_gold.text_of(person))
                if person.get("corresp"):
                    pointed.add(frus_gold.text_of(person))
        if element.get(frus_gold.XML_ID):
            yield f"{name}/{element.get(frus_gold.XML_ID)}", every - {""}, pointed - {""}


def measure(volume: Path, args: argparse.Namespace, folder: Path) -> tuple[int, int, int, int]:
    """Surfaces found rightly, found, wanted, and wanted with a pointer."""
    sys.path.insert(0, str(args.shared / "eval"))
    frus_gold, fold = importlib.import_module("frus_gold"), importlib.import_module("score").fold
    command = [sys.executable, args.shared / "eval" / "frus_gold.py", "render", volume, "--out", folder]
    subprocess.run([*command, "--style", args.style, *(["--whole"] if args.whole else [])], check=True)
    name = frus_gold.volume_id(volume)
    texts = sorted(folder.glob(f"{name}-*.txt"))
    found = surfaces(document for path in texts for document in plaintext.read(path).documents)
    hit = total = wanted = pointed = 0
    for identifier, every, some in gold(volume, frus_gold, signed=args.whole or args.style == "numbered"):
        if every:
            right, mine = {fold(one) for one in every}, {fold(one) for one in found.get(identifier, ())}
            hit, total, wanted = hit + len(right & mine), total + len(mine), wanted + len(right)
            pointed += len({fold(one) for one in some})
    return hit, total, wanted, pointed


def row(name: str, counts: tuple[int, int, int, int]) -> str:
    hit, found, wanted, pointed = counts
    figures = (hit / found, hit / wanted, 2 * hit / (found + wanted), 2 * pointed / (wanted + pointed))
    return f"{name:20}{found:8}{wanted:8}{hit:8}" + "".join(f"{figure:9.3f}" for figure in figures)


def sample(volumes: Iterable[Path], number: int, seed: int) -> None:
    known, pool = authorities(), []
    for path in volumes:
        reading = tei.read(path)
        around = Around(
            lexicon=lexicon.of_documents(reading.documents, lexicon.registers(known)), years=years_of(reading.documents)
        )
        agents = find_agents(reading.volume, reading.documents, known)
        for document in reading.documents:
            pool += [(document, mention) for mention in referents.find(document, around, agents, known)[0]]
    for document, mention in random.Random(seed).sample(pool, number):
        anchor = mention.anchors[0]
        meant = mention.date.edtf if mention.date else ""
        if mention.referent:
            meant = "/".join((mention.referent.kind, *mention.referent.keys))
        cells = (document.identifier, anchor.part, str(anchor.start), str(anchor.end), mention.surface, mention.kind)
        print("\t".join((*cells, meant, mention.certainty, " ".join(mention.rules))))
        text = part_text(document, anchor.part)
        print("#", text[max(0, anchor.start - 150) : anchor.end + 80].replace("\n", " / "), file=sys.stderr)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--style", choices=["trafilatura", "numbered"], default="numbered")
    cli.add_argument("--whole", action="store_true")
    cli.add_argument("--sample", type=int, default=0)
    cli.add_argument("--seed", type=int, default=11)
    args = cli.parse_args()
    if args.sample:
        sample(args.volumes, args.sample, args.seed)
        return
    print(f"{'volume':20}{'found':>8}{'tagged':>8}{'hit':>8}{'P':>9}{'R':>9}{'F1':>9}{'bound':>9}")
    whole = (0, 0, 0, 0)
    with tempfile.TemporaryDirectory() as name:
        for volume in args.volumes:
            counts = measure(volume, args, Path(name))
            whole = whole[0] + counts[0], whole[1] + counts[1], whole[2] + counts[2], whole[3] + counts[3]
            if counts[2]:
                print(row(volume.name.split(".")[0], counts), flush=True)
    print(row("all", whole))


if __name__ == "__main__":
    main()
