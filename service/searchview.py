"""The search page: the URL of each view of a result, and what its template shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from service import figures
from service.datewords import in_words
from service.facets import NAMES, Facets, shorten
from service.textindex import SORTS, Result, Search

if TYPE_CHECKING:
    from service.pages import Pages

PAGE_SIZE: Final = 25
VIEWS: Final = ("table", "timeline", "map", "network")
EXPORTS: Final = {"CSV": "csv", "JSON": "json", "GeoJSON": "geojson", "GEXF": "gexf"}
_PAIRS: Final = 100
_KINDS: Final = {"sender": "person", "recipient": "person"}


@dataclass(frozen=True, slots=True)
class View:
    """What a request asks: the search, how to show it, which page of it; `values`: a facet, to list all of it."""

    asked: Search
    view: str = "table"
    page: int = 1
    values: str = ""

    def parameters(self, base: str) -> list[tuple[str, str]]:
        """The URL's parameters of this view, page aside; what has its default is left out."""
        asked = self.asked
        pairs = [("q", asked.words), *((facet, shorten(base, key)) for facet, key in asked.facets)]
        pairs += [("after", asked.after), ("before", asked.before)]
        pairs += [("sort", asked.sort)] if asked.sort != "relevance" else []
        pairs += [("view", self.view)] if self.view != "table" else []
        pairs.append(("values", self.values))
        return [(name, value) for name, value in pairs if value]

    def href(self, base: str, **others: str) -> str:
        return "?" + urlencode([*self.parameters(base), *others.items()])

    def without(self, facet: str, key: str) -> View:
        kept = tuple(pair for pair in self.asked.facets if pair != (facet, key))
        return replace(self, asked=replace(self.asked, facets=kept), page=1, values="")

    def narrowed(self, facet: str, key: str) -> View:
        return replace(self, asked=replace(self.asked, facets=(*self.asked.facets, (facet, key))), page=1, values="")

    def listing(self, facet: str) -> View:
        return replace(self, page=1, values=facet)


class SearchView:
    """What the template shows of one result; `shown` is what `Pages.search` takes."""

    def __init__(
        self, pages: Pages, view: View, result: Result, labels: Mapping[tuple[str, str], str], shown: Mapping[str, Any]
    ) -> None:
        self._pages, self._view, self._result = pages, view, result
        self._labels, self._shown, self._base = labels, shown, pages.base
        self._facets = Facets(pages, view, result.facets, result.meanings)

    def values(self) -> dict[str, Any]:
        view, base = self._view, self._base
        exports = [(name, view.href(base, format=format_)) for name, format_ in EXPORTS.items()]
        pairs: Sequence[tuple[str, str, int]] = self._shown["pairs"]
        return {
            "view": view,
            "asked": view.asked,
            "result": self._result,
            "sorts": SORTS,
            "kept": [
                pair for pair in view.parameters(base) if pair[0] not in ("q", "after", "before", "sort", "values")
            ],
            "chips": self._chips(),
            "views": [(name, replace(view, view=name, page=1, values="").href(base)) for name in VIEWS],
            "exports": exports,
            "sparql": self._shown["sparql"],
            "relaxed": [(name, other.href(base), number) for name, other, number in self._shown["relaxed"]],
            "months": self._months(),
            "points": self._shown["points"],
            "pairs": pairs[:_PAIRS],
            "pair_count": len(pairs),
            "figure": self._figure(),
            "named": self._named(),
            "like": [] if self._shown["named"] else self._like(),
            "corrected": self._corrected(),
            "undrawn": self._undrawn(),
            "facets": self._facets.short(),
            "listed": self._facets.whole(view.values, view.page) if view.values else None,
            **self._hits(),
        }

    def _chips(self) -> list[tuple[str, str, str]]:
        """Each value that narrows the result, with the address of the result without it."""
        view = self._view
        chips = [
            (NAMES[facet][0], self._facets.label(facet, key, self._labels[facet, key]), view.without(facet, key))
            for facet, key in view.asked.facets
        ]
        if view.asked.after:
            chips.append(("From", view.asked.after, replace(view, asked=replace(view.asked, after=""), page=1)))
        if view.asked.before:
            chips.append(("To", view.asked.before, replace(view, asked=replace(view.asked, before=""), page=1)))
        return [(name, label, other.href(self._base)) for name, label, other in chips]

    def _months(self) -> list[tuple[str, str, int]]:
        """(month in words, address of its documents as a table, how many)."""
        view = replace(self._view, view="table", page=1)
        months: Mapping[str, int] = self._shown["months"]
        alone = {month: replace(view, asked=replace(view.asked, after=month, before=month)) for month in months}
        return [(in_words(month), alone[month].href(self._base), number) for month, number in months.items()]

    def _named(self) -> list[tuple[str, str | None, str, int]]:
        """Things that are called what was asked: (name, address of the page, kind, documents)."""
        return [
            (row["label"], self._pages.href(row["key"]), _KINDS.get(row["facet"], row["facet"]), row["total"])
            for row in self._shown["named"]
        ]

    def _like(self) -> list[tuple[str, str | None, str, int]]:
        """Things of nearly the name that was asked: (name, address of the page, kind, documents)."""
        return [(one.label, self._pages.href(one.key), one.kind, one.documents) for one in self._shown["like"]]

    def _corrected(self) -> tuple[str, str, int] | None:
        """(words that are spelt otherwise, address of their search, documents)."""
        if not self._shown["corrected"]:
            return None
        view, number = self._shown["corrected"]
        return view.asked.words, view.href(self._base), number

    def _undrawn(self) -> int:
        """The documents with a month that lies too far off to be in the picture."""
        months: Mapping[str, int] = self._shown["months"]
        return sum(months.values()) - sum(figures.drawn(months).values()) if months else 0

    def _hits(self) -> dict[str, Any]:
        view = self._view
        last = self._facets.last(view.values) if view.values else max(1, -(-self._result.total // PAGE_SIZE))
        steps = {"previous": view.page - 1 if view.page > 1 else 0, "next": view.page + 1 if view.page < last else 0}
        hits = [
            {
                "href": self._pages.href(hit.row["iri"]),
                "title": hit.row["title"] or hit.row["identifier"],
                "facts": " · ".join(filter(None, self._facts(hit.row))),
                "snippet": hit.snippet,
            }
            for hit in self._result.found
        ]
        pages = {name: view.href(self._base, page=str(page)) if page else None for name, page in steps.items()}
        return {"hits": hits, "first": (view.page - 1) * PAGE_SIZE + 1, "last": last, **pages}

    def _facts(self, row: Mapping[str, Any]) -> tuple[str | None, ...]:
        kind = self._pages.term(row["kind"]).capitalize() if row["kind"] else None
        day = in_words((row["day"] or "")[:10])
        when = f"held {day}" if day and not row["sent"] else day
        return kind, ", ".join(filter(None, (row["place"], when))) or "no date", row["identifier"]

    def _figure(self) -> Any:
        shown, view = self._shown, self._view.view
        if view == "timeline" and shown["months"]:
            return figures.bars(shown["months"], "Documents by month of sending or meeting")
        if view == "map" and shown["points"]:
            return figures.world(shown["points"], self._pages.outline, "Places of sending")
        if view == "network" and shown["pairs"]:
            return figures.network(shown["pairs"], "Who wrote to whom")
        return None
