"""Who wrote, who was written to and from where, as the store has it: stated, or inferred with certainty.

Each query is one pattern, which the engine reads off in order, and each is asked once; what they say is joined here.
A query that joined them would look up each party, and ask for the same inferences again for each end of a letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

Ask = Callable[[str], Iterator[tuple[str | None, ...]]]
"""Gives the rows of a query over all graphs."""
SENDER: Final = "dgm:sending/dgm:sender"
RECIPIENT: Final = "dgm:receiving/dgm:recipient"
SENDING: Final = "dgm:sending"
"""From a document to what stands at one end of it."""

_ENDS = "SELECT ?document ?party { ?document %s ?party }"
_STATED = "SELECT ?party ?thing { ?party %s ?thing }"
_CERTAIN = """
SELECT ?party ?thing {
  ?inference rdf:predicate %s ; dgm:certainty dgm:certain ; rdf:subject ?party ; rdf:object ?thing }
"""
_LABELS = "SELECT ?thing ?label { VALUES ?thing { %s } ?thing rdfs:label ?label }"


@dataclass(frozen=True, slots=True, order=True)
class Meant:
    """A document, by its number, and the IRI of a thing that one end of it is, with its label."""

    document: int
    thing: str
    label: str
    stated: bool


class Parties:
    """The parties of documents; `numbers` has the number of each document by its IRI."""

    def __init__(self, ask: Ask, numbers: Mapping[str, int]) -> None:
        self._ask = ask
        self._ends = {
            path: [(numbers[document], party) for document, party in self._pairs(_ENDS % path) if document in numbers]
            for path in (SENDER, RECIPIENT, SENDING)
        }
        self._parties = {party for ends in self._ends.values() for _, party in ends}
        self._things = cache(self._asked)
        self.meant = cache(self._meant)
        """`meant(path, predicate)` are the things that `predicate` has of what `path` leads to: what is stated of all
        documents, in order, then what is inferred.  A thing without a label is left out."""

    def _meant(self, path: str, predicate: str) -> tuple[Meant, ...]:
        out: list[Meant] = []
        for query, stated in ((_STATED, True), (_CERTAIN, False)):
            things = self._things(query % predicate)
            found = {(number, thing) for number, party in self._ends[path] for thing in things.get(party, ())}
            labels = self._labels({thing for _, thing in found})
            out += sorted(Meant(number, thing, labels[thing], stated) for number, thing in found if thing in labels)
        return tuple(out)

    def _asked(self, query: str) -> dict[str, list[str]]:
        """The things of each party."""
        things: dict[str, list[str]] = defaultdict(list)
        for party, thing in self._pairs(query):
            if party in self._parties:
                things[party].append(thing)
        return things

    def _labels(self, things: set[str]) -> dict[str, str]:
        """The labels of things; of several the first in order."""
        terms = " ".join(f"<{thing}>" for thing in sorted(things))
        return dict(sorted(self._pairs(_LABELS % terms), reverse=True))

    def _pairs(self, query: str) -> Iterator[tuple[str, str]]:
        return ((one or "", other or "") for one, other in self._ask(query))
