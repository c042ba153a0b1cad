"""The values of a facet as a reader sees them: labels, counts, and whom a name as printed means.

A volume names persons in its own way, a register in another.  Where every paper of a name as printed is by (or to) one
person of the registers for certain, the name stands beside that person and not in the list: its documents are among
the person's.  What is less sure keeps its place and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.iris import Iris
from kg.vocabulary import DGM
from service.textindex import Meaning, Value

if TYPE_CHECKING:
    from service.pages import Pages
    from service.searchview import View

PAGE_SIZE: Final = 100
"""How many values stand on a page that lists them all."""
_SHORT: Final = {"period": 30}
_FEW: Final = 10
_PERSONS: Final = (
    "Persons stated, or inferred with certainty. A name with a volume beside it is that volume’s, and not known to be"
    " one person of the registers."
)
# Facet → what a page calls it, and what it says of where it comes from.
NAMES: Final = {
    "period": ("Year", ""),
    "sender": ("From", _PERSONS),
    "recipient": ("To", _PERSONS),
    "place": ("Place of sending", "Inferred with certainty from the dateline."),
    "office": ("Office", "Of sender or recipient; inferred with certainty."),
    "kind": ("Kind", ""),
    "class": ("File class", "Inferred: file numbers are read by tables."),
    "file": ("File", ""),
    "volume": ("Volume", ""),
}


def shorten(base: str, key: str) -> str:
    """A facet's value as a URL shows it: without what all of its kind begin with."""
    return key.removeprefix(f"{base}id/").removeprefix(DGM.iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A value: `href` leads to the result narrowed by it, `note` says more of a name."""

    label: str
    href: str
    number: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A facet of a result: the rows that are shown, how many there are `more`, and where all are."""

    title: str
    note: str
    rows: tuple[Row, ...]
    more: int
    href: str


class Facets:
    """The facets of one result."""

    def __init__(
        self, pages: Pages, view: View, values: Mapping[str, Sequence[Value]], meanings: Sequence[Meaning]
    ) -> None:
        self._pages, self._view, self._values = pages, view, values
        self._meant: dict[tuple[str, str], list[Meaning]] = {}
        for one in meanings:
            self._meant.setdefault((one.facet, one.printed), []).append(one)
        self._printed: dict[tuple[str, str], list[str]] = {}
        for (facet, _), (first, *rest) in self._meant.items():
            if not rest and first.whole:
                self._printed.setdefault((facet, first.person), []).append(first.name)

    def short(self) -> list[Facet]:
        """Every facet with its first values, those left out that the result is narrowed by."""
        found = [self._facet(facet, _SHORT.get(facet, _FEW), 1) for facet in self._values]
        return [facet for facet in found if facet.rows]

    def whole(self, facet: str, page: int) -> Facet:
        """One facet, a page of all its values."""
        return self._facet(facet, PAGE_SIZE, page)

    def last(self, facet: str) -> int:
        """How many pages `whole` has."""
        return max(1, -(-len(self._open(facet)) // PAGE_SIZE))

    def label(self, facet: str, key: str, label: str) -> str:
        return self._pages.term(key).capitalize() if facet == "kind" else label or shorten(self._pages.base, key)

    def _open(self, facet: str) -> list[Value]:
        chosen = {key for name, key in self._view.asked.facets if name == facet}
        return [
            value
            for value in self._values.get(facet, ())
            if value.key not in chosen and not self._folded(facet, value.key)
        ]

    def _folded(self, facet: str, key: str) -> bool:
        meant = self._meant.get((facet, key), ())
        return len(meant) == 1 and meant[0].whole

    def _facet(self, facet: str, size: int, page: int) -> Facet:
        values = self._open(facet)
        shown = values[(page - 1) * size : page * size]
        rows = tuple(
            Row(
                label=self.label(facet, value.key, value.label),
                href=self._view.narrowed(facet, value.key).href(self._pages.base),
                number=value.number,
                note=self._note(facet, value),
            )
            for value in shown
        )
        title, note = NAMES[facet]
        every = self._view.listing(facet).href(self._pages.base)
        return Facet(title=title, note=note, rows=rows, more=len(values) - len(rows), href=every)

    def _note(self, facet: str, value: Value) -> str:
        """How else a person is printed; whom a name as printed means, in how many of its documents."""
        if facet not in ("sender", "recipient"):
            return ""
        if printed := self._printed.get((facet, value.key)):
            forms = [name for name in dict.fromkeys(printed) if name != value.label]
            return "printed " + ", ".join(f"“{name}”" for name in forms) if forms else ""
        parsed = Iris(self._pages.base).parse(value.key)
        # A person of a volume has the volume's key before its own.
        volume = parsed[1][0] if parsed and len(parsed[1]) > 1 else ""
        meant = [
            f"in {one.documents:,} of {one.total:,} {'certainly' if one.certain else 'probably'} {one.label}"
            for one in self._meant.get((facet, value.key), ())
        ]
        return "; ".join([volume, *meant]) if volume else ""
