"""Why: each inference as a page explains it, with its rule, its certainty and the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.vocabulary import DCTERMS, DGM, OA, RDF
from service.descriptions import Description
from service.representations import natural

if TYPE_CHECKING:
    from service.pages import Link, Pages

_RANK = {DGM.certain: 0, DGM.probable: 1, DGM.unresolved: 2}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its own page names and defines it."""

    label: str
    definition: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One inference: `anchor` is its place on the page, `passage` that of the words that it rests on, if shown."""

    iri: str
    anchor: str
    subject: str
    statement: str
    value: Link
    certainty: str
    rules: tuple[Rule, ...]
    words: tuple[str, ...]
    passage: str
    rank: str
    href: str | None

    @property
    def note(self) -> str:
        """Of several candidates each says which it is."""
        candidate = f"candidate {self.rank}" if self.rank else ""
        return ", ".join(part for part in ("inferred", self.certainty, candidate) if part)


class Evidence:
    """The inferences of one description; `subjects` are what its parts are called."""

    def __init__(self, pages: Pages, about: Description, subjects: dict[str, str]) -> None:
        self._pages, self._about, self._subjects = pages, about, subjects
        places = {subject: place for place, subject in enumerate(subjects)}
        inferences = sorted(
            (iri for iri in about.described(DGM.Inference) if self._value(iri, RDF.subject) in subjects),
            key=lambda iri: (places[self._value(iri, RDF.subject)], natural(iri)),
        )
        self.reasons = {iri: self._reason(iri, number) for number, iri in enumerate(inferences, 1)}
        self._by: dict[tuple[str, str], list[Reason]] = {}
        for iri, reason in self.reasons.items():
            key = (self._value(iri, RDF.subject), self._value(iri, RDF.predicate))
            self._by.setdefault(key, []).append(reason)
        for found in self._by.values():
            found.sort(key=self._place)

    def of(self, subject: str, predicate: str) -> list[Reason]:
        """What is inferred of a subject through a predicate, the likeliest first."""
        return self._by.get((subject, predicate), [])

    def said(self, reason: Reason) -> str:
        """The value that is inferred: an IRI or a text."""
        return self._value(reason.iri, RDF.object)

    def is_certain(self, reason: Reason) -> bool:
        return self._value(reason.iri, DGM.certainty) == DGM.certain

    def _place(self, reason: Reason) -> tuple[int, int]:
        certainty = self._value(reason.iri, DGM.certainty)
        return _RANK.get(certainty, 3), int(self._value(reason.iri, DGM.rank) or 0)

    def _value(self, iri: str, predicate: str) -> str:
        return self._about.value(iri, predicate) or ""

    def _reason(self, iri: str, number: int) -> Reason:
        about, pages = self._about, self._pages
        values = about.terms(iri, RDF.object)
        certainty = self._value(iri, DGM.certainty)
        passages = about.values(iri, DGM.passage)
        return Reason(
            iri=iri,
            anchor=f"why-{number}",
            subject=self._subjects[self._value(iri, RDF.subject)],
            statement=pages.term(self._value(iri, RDF.predicate)),
            value=next((pages.value(value, about) for value in values), pages.link(iri, about)),
            certainty=pages.term(certainty) if certainty else "",
            rules=tuple(self._rule(rule) for rule in about.values(iri, DGM.rule)),
            words=tuple(about.values(iri, DGM.evidence)),
            passage=next((anchor_of(passage) for passage in passages if about.value(passage, OA.hasSource)), ""),
            rank=self._value(iri, DGM.rank),
            href=pages.href(iri),
        )

    def _rule(self, rule: str) -> Rule:
        return Rule(self._pages.name(rule, self._about), self._value(rule, DCTERMS.description), self._pages.href(rule))


def anchor_of(passage: str) -> str:
    """The place on a page of a passage of its document: the last part of its IRI."""
    return "at-" + passage.rpartition("/")[2]


def positions(about: Description, passages: Iterable[str]) -> list[tuple[str, str, str, int, int]]:
    """(passage, thing whose words they are, the property that holds them, start, end) of those that are told whole."""
    found = []
    for passage in passages:
        source, within = about.value(passage, OA.hasSource), about.value(passage, DGM.within)
        for selector in about.values(passage, OA.hasSelector):
            start, end = about.value(selector, OA.start), about.value(selector, OA.end)
            if source and start and end and start.isdigit() and end.isdigit():
                found.append((passage, source, within or DGM.text, int(start), int(end)))
    return found
