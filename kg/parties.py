"""Who wrote, who was written to and from where, as the store has it: printed, stated, or inferred.

Each query is one pattern, which the engine reads off in order, and each is asked once; what they say is joined here.
A query that joined them would look up each party, and ask for the same inferences again for each end of a letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.vocabulary import DGM

Ask = Callable[[str], Iterator[tuple[str | None, ...]]]
"""Gives the rows of a query over all graphs."""
SENDER: Final = "dgm:sending/dgm:sender"
RECIPIENT: Final = "dgm:receiving/dgm:recipient"
SENDING: Final = "dgm:sending"
"""From a document to what stands at one end of it."""

_ENDS = "SELECT ?document ?party { ?document %s ?party }"
_PRINTED = "SELECT ?party ?text { ?document %s ?party . ?party dgm:printed ?text }"
_STATED = "SELECT ?party ?thing { ?party %s ?thing }"
_INFERRED = """
SELECT ?party ?thing ?certainty {
  ?inference rdf:predicate %s ; dgm:certainty ?certainty ; rdf:subject ?party ; rdf:object ?thing }
"""
_LABELS = "SELECT ?thing ?label { VALUES ?thing { %s } ?thing rdfs:label ?label }"


@dataclass(frozen=True, slots=True, order=True)
class Meant:
    """A document and what one end of it is: the IRIs of both, and the thing's label."""

    document: str
    thing: str
    label: str
    stated: bool


class Parties:
    """The parties of all documents, by the IRIs of these."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._ends = {path: list(self._pairs(_ENDS % path)) for path in (SENDER, RECIPIENT, SENDING)}
        self._parties = {party for ends in self._ends.values() for _, party in ends}
        self._things = cache(self._asked)
        self.meant = cache(self._meant)
        """`meant(path, predicate)` are the things that `predicate` has of what `path` leads to: what is stated of all
        documents, in order, then what is inferred with certainty.  A thing without a label is left out."""

    def printed(self, path: str) -> dict[str, str]:
        """The words for the parties at one end of each document, in the order of the parties."""
        texts: dict[str, dict[str, None]] = defaultdict(dict)
        printed = self._things(_PRINTED % path)
        for document, party in sorted(self._ends[path], key=lambda end: (len(end[1]), end[1])):
            texts[document].update(dict.fromkeys(sorted(text for text, _ in printed.get(party, ()))))
        return {document: "; ".join(words) for document, words in texts.items() if words}

    def others(self, path: str, predicate: str) -> list[tuple[str, str, str, bool, int]]:
        """Where a party states one thing, and an inference tells another: both, the label of the other, whether it is
        certain, and in how many documents it is so."""
        stated, inferred = self._things(_STATED % predicate), self._things(_INFERRED % predicate)
        found = {
            (one, other, certain, document)
            for document, party in self._ends[path]
            for one, _ in stated.get(party, ())
            for other, certain in inferred.get(party, ())
            if one != other
        }
        labels = self._labels({other for _, other, _, _ in found})
        counts = Counter((one, other, labels[other], sure) for one, other, sure, _ in found if other in labels)
        return [(*row, number) for row, number in sorted(counts.items())]

    def _meant(self, path: str, predicate: str) -> tuple[Meant, ...]:
        out: list[Meant] = []
        for query, stated in ((_STATED, True), (_INFERRED, False)):
            things = self._things(query % predicate)
            found = {
                (document, thing)
                for document, party in self._ends[path]
                for thing, certain in things.get(party, ())
                if certain
            }
            labels = self._labels({thing for _, thing in found})
            out += sorted(Meant(document, thing, labels[thing], stated) for document, thing in found if thing in labels)
        return tuple(out)

    def _asked(self, query: str) -> dict[str, list[tuple[str, bool]]]:
        """What a query tells of each party, and whether that is certain."""
        things: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for party, thing, *certainty in self._ask(query):
            if party in self._parties:
                things[party or ""].append((thing or "", certainty in ([], [DGM.certain])))
        return things

    def _labels(self, things: set[str]) -> dict[str, str]:
        """The labels of things; of several the first in order."""
        terms = " ".join(f"<{thing}>" for thing in sorted(things))
        return dict(sorted(self._pairs(_LABELS % terms), reverse=True))

    def _pairs(self, query: str) -> Iterator[tuple[str, str]]:
        return ((one or "", other or "") for one, other in self._ask(query))
