"""How well headings are taken apart, volume by volume.

    python benchmarks/headings.py VOLUME.xml.gz ... [--wrong N]

"tagged" are the headings whose markup tags a sender and a recipient; "right" are those of them that the grammar
splits, from their words alone, so that each tag lies on its own side.  A tag around both parties is told as "both
in one" and not counted.  "both parties" is the share of all documents that get a sender and a recipient: from
the heading, or by inference from signature and inside address.  --wrong prints up to N headings split wrong.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from kg import headings, tei
from kg.markup import NS, Element, load, parse, plain


def tagged(head: Element, direction: str) -> list[str]:
    names = head.iter(NS + "persName", NS + "gloss")
    return [fold(plain(name)) for name in names if name.get("type") == direction and plain(name)]


def fold(words: str) -> str:
    return re.sub(r"[\W_]+", " ", words.casefold()).strip()


def verdict(head: Element) -> str | None:
    """ "right", "wrong" or "both in one"; None if the head is not tagged on both sides."""
    senders, recipients = tagged(head, "from"), tagged(head, "to")
    if not (senders and recipients):
        return None
    if any(headings.split(words) for words in (*senders, *recipients) if " to " in words):
        return "both in one"
    sides = headings.split(plain(head))
    if sides is None:
        return "wrong"
    left, right = map(fold, sides)
    return "right" if all(s in left for s in senders) and all(r in right for r in recipients) else "wrong"


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--wrong", type=int, default=0)
    args = cli.parse_args()
    print(
        f"{'volume':20}{'documents':>10}{'both parties':>14}{'tagged':>8}{'right':>8}{'right %':>9}{'both in one':>13}"
    )
    total: Counter[str] = Counter()
    for path in args.volumes:
        count: Counter[str] = Counter()
        root = parse(load(path), path)
        for head in root.iter(NS + "head"):
            above = head.getparent()
            if above is not None and above.get("type") == "document" and (found := verdict(head)):
                count[found] += 1
                if found == "wrong" and total["wrong"] + count["wrong"] <= args.wrong:
                    print(f"  {path.name} line {head.sourceline}: {plain(head)}")
        for document in tei.read(path).documents:
            count["documents"] += 1
            count["parties"] += {party.direction for party in document.parties} == {"from", "to"}
        print(row(path.name.split(".")[0], count))
        total += count
    print(row("all", total))


def row(name: str, count: Counter[str]) -> str:
    both = count["right"] + count["wrong"]
    share = f"{count['parties'] / count['documents']:.2%}"
    right = f"{count['right'] / both:.2%}" if both else "-"
    counts = f"{both:8}{count['right']:8}{right:>9}{count['both in one']:13}"
    return f"{name:20}{count['documents']:10}{share:>14}{counts}"


if __name__ == "__main__":
    main()
