"""What the documents of a volume tell of each other: names, words, days, and what their persons are called.

Texts of one volume are read as the volume is, however they are parted into jobs: each job surveys its own, the
surveys are joined, and every text is read with the whole.  Joining knows no order, so the same texts give the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg import lexicon
from kg.agents import day_of, person_key
from kg.authorities import Authorities
from kg.document import Document
from kg.lexicon import Names
from kg.referents import Around, years_of_days

Called = tuple[str, str]
"""Name and office of a party as printed; the office is "" if none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`days` has each document's day ("" if it tells none) by its identifier; `called` how often a person that the
    volume alone knows has which name and office, by its key."""

    names: Names = field(default_factory=Names)
    days: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, Mapping[Called, int]] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of all that the survey holds, the same for the same documents in any order."""
        called = sorted((key, sorted(names.items())) for key, names in self.called.items())
        names = [sorted(self.names.told), sorted(self.names.named), sorted(self.names.words)]
        return hashlib.sha256(repr((names, sorted(self.days.items()), called)).encode()).hexdigest()


def survey(documents: Sequence[Document], known: Authorities) -> Survey:
    called: dict[str, Counter[Called]] = {}
    for document in documents:
        for party in document.parties:
            if party.name:
                called.setdefault(person_key(party), Counter())[party.name, party.role or ""] += 1
    return Survey(
        names=lexicon.names(documents, lexicon.registers(known)),
        days={document.identifier: (day_of(document) or "") for document in documents},
        called=called,
    )


def joined(surveys: Iterable[Survey]) -> Survey:
    """One survey of several, of whatever order."""
    names, days, called = Names(), dict[str, str](), dict[str, Counter[Called]]()
    for one in surveys:
        names = names | one.names
        # Of two texts of one document the one that tells a day counts, the earlier if both do.
        for identifier, day in one.days.items():
            days[identifier] = min(filter(None, (day, days.get(identifier, ""))), default="")
        for key, times in one.called.items():
            called.setdefault(key, Counter()).update(times)
    return Survey(names=names, days=days, called=called)


def around(whole: Survey, known: Authorities) -> Around:
    """What stands around each of the documents, in the order of their ids: d2 before d10."""
    days = sorted(whole.days.items(), key=lambda item: _in_order(item[0]))
    return Around(
        lexicon=lexicon.with_names(whole.names, lexicon.registers(known)),
        years=years_of_days(days),
        called={key: _most_used(names) for key, names in whole.called.items()},
    )


def _most_used(names: Mapping[Called, int]) -> Called:
    return min(names, key=lambda name: (-names[name], -len(name[0]), name))


def _in_order(identifier: str) -> list[tuple[int, str]]:
    return [(int(part or 0), words) for words, part in re.findall(r"(\D*)(\d*)", identifier)]
