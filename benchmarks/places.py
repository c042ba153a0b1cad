"""How many places of datelines are joined to a city of the gazetteer, volume by volume.

    python benchmarks/places.py VOLUME.xml.gz ... [--open N] [--sample N --seed S]

"place" counts documents with a place in the dateline; "certain" and "probable" are joined to a city, the second as
the likeliest of several; "missions" name a mission of the United States.  --open lists the N commonest that are not
joined, --sample draws N that are at random for reading by hand, as rows of places-review.tsv without a verdict.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from kg import tei
from kg.agents import find_agents
from kg.authorities import authorities
from kg.places import Place, Setting, posts, resolve


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--open", type=int, default=0)
    cli.add_argument("--sample", type=int, default=0)
    cli.add_argument("--seed", type=int, default=5)
    args = cli.parse_args()
    pool: list[tuple[str, str, Place]] = []
    unjoined: Counter[str] = Counter()
    total: Counter[str] = Counter()
    if not args.sample:
        print(f"{'volume':20}{'place':>8}{'certain':>9}{'probable':>10}{'joined':>9}{'missions':>10}")
    for path in args.volumes:
        reading = tei.read(path)
        agents = find_agents(reading.volume, reading.documents, authorities())
        count: Counter[str] = Counter()
        for document in reading.documents:
            if document.sent and document.sent.place:
                around = Setting(
                    states=agents.states[document.identifier],
                    posts=(*posts([document], own=True), *agents.posts),
                )
                place = resolve(document.sent.place, around)
                count["place"] += 1
                count[place.certainty] += 1
                count["mission"] += place.mission is not None
                if place.cities:
                    pool.append((document.identifier, document.sent.place, place))
                else:
                    unjoined[document.sent.place] += 1
        total += count
        if not args.sample:
            print(row(path.name.split(".")[0], count))
    if not args.sample:
        print(row("all", total))
    for words, number in unjoined.most_common(args.open):
        print(f"{number:6} {words}")
    drawn = random.Random(args.seed).sample(pool, args.sample)
    for identifier, printed, place in drawn:
        city = place.cities[0]
        answer = (city.name, city.country, place.mission or "", place.certainty, place.rule)
        print("\t".join((identifier, printed, *answer)))


def row(name: str, count: Counter[str]) -> str:
    joined = count["certain"] + count["probable"]
    share = f"{joined / count['place']:.1%}" if count["place"] else "-"
    return f"{name:20}{count['place']:8}{count['certain']:9}{count['probable']:10}{share:>9}{count['mission']:10}"


if __name__ == "__main__":
    main()
