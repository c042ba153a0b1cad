"""How many parties are joined to persons of the registers, volume by volume.

    python benchmarks/resolution.py VOLUME.xml.gz ... [--sample certain|probable N --seed S]

"sides" are senders and recipients; "certain" and "probable" are joined to one register person, the second as
the likeliest of the candidates.  "listed" are sides whose office the registers list (chiefs of mission but chargés,
principal officers, presidents), and "joined" the share of them with one person.  "named" is the share of named
sides that have a person, of a register or of the volume.  "signed" are senders that are certain, in documents that
one person signs for himself, and "agree" the share in which signer and person have one surname.
--sample draws sides at random for reading by hand, as rows of resolution-review.tsv without a verdict.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg import tei
from kg.agents import Agent, day_of, find_agents
from kg.authorities import authorities, fold
from kg.document import Document, Party
from kg.resolution import surname

Side = tuple[Document, Party, Agent]


def sides(path: Path) -> Iterator[Side]:
    reading = tei.read(path)
    agents = find_agents(reading.volume, reading.documents, authorities())
    for document in reading.documents:
        for party, agent in zip(document.people, agents.parties[document.identifier], strict=True):
            if party.direction != "participant":
                yield document, party, agent


def count(found: Iterator[Side] | list[Side]) -> Counter[str]:
    out: Counter[str] = Counter()
    for document, party, agent in found:
        out["sides"] += 1
        answer = agent.resolution
        one = answer.certainty == "certain" or len(answer.candidates) == 1
        out["certain"] += answer.certainty == "certain"
        out["probable"] += answer.certainty == "probable" and one
        office = answer.office
        if office and office.offices and not office.interim and day_of(document):
            out["listed"] += 1
            out["joined"] += one
        if party.name:
            out["named"] += 1
            body = office is not None and office.kind == "body"
            out["person"] += bool(agent.local or party.person or answer.certainty == "certain" or body)
        signed = [signature for signature in document.signatures if signature.name]
        if party.direction == "from" and answer.certainty == "certain" and len(signed) == 1 and answer.person:
            out["signed"] += 1
            person = authorities().persons[answer.person]
            same = fold(surname(signed[0].name or "")) in {fold(person.surname), fold(surname(person.surname))}
            out["agree"] += bool(same or signed[0].behalf)
    return out


COLUMNS = ("sides", "certain", "probable", "one %", "listed", "joined %", "named", "person %", "signed", "agree %")


def row(name: str, one: Counter[str]) -> str:
    def share(part: int, whole: int) -> str:
        return f"{part / whole:.1%}" if whole else "-"

    cells = (
        *(one["sides"], one["certain"], one["probable"], share(one["certain"] + one["probable"], one["sides"])),
        *(one["listed"], share(one["joined"], one["listed"]), one["named"], share(one["person"], one["named"])),
        *(one["signed"], share(one["agree"], one["signed"])),
    )
    return f"{name:20}" + "".join(f"{cell:>10}" for cell in cells)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--sample", nargs=2, metavar=("CERTAINTY", "N"))
    cli.add_argument("--seed", type=int, default=7)
    args = cli.parse_args()
    total: Counter[str] = Counter()
    pool: list[Side] = []
    if not args.sample:
        print(f"{'volume':20}" + "".join(f"{name:>10}" for name in COLUMNS))
    for path in args.volumes:
        found = list(sides(path))
        pool += found
        figures = count(found)
        total += figures
        if not args.sample:
            print(row(path.name.split(".")[0], figures), flush=True)
    if not args.sample:
        print(row("all", total))
        return
    certainty, number = args.sample[0], int(args.sample[1])
    drawn = [side for side in pool if side[2].resolution.certainty == certainty]
    for document, party, agent in random.Random(args.seed).sample(drawn, number):
        answer = agent.resolution
        signed = " | ".join(signature.printed for signature in document.signatures)
        cells = (
            *(document.identifier, party.direction, document.title or "", day_of(document) or "", signed),
            *(" ".join(candidate.person for candidate in answer.candidates), answer.rules[0]),
        )
        print("\t".join(cells))


if __name__ == "__main__":
    main()
