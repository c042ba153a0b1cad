"""Who writes to whom between posts, `/correspondence`; the chain of answers about a document, `/correspondence/thread`.

All that is asked stands in the URL: `unit` of posts, `from`, `to` and `post` (IRIs without the base's part), `after`
and `before`, `view`, `page`; of threads `order`.  `format` (or Accept) gives all rows as CSV, JSON or, of a network,
GEXF.  Each view has its query in SPARQL (service/correspondencequeries.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from service import correspondencequeries as queries
from service import figures
from service.datewords import in_words
from service.facets import shorten
from service.parameters import no_such_page, page_of, period_of
from service.posts import (
    ORDERS,
    UNITS,
    Between,
    Posts,
    Question,
    Spread,
    by_wire,
    days_of,
    hours_of,
    pairs_of,
    unusual,
    years_of,
)  # fmt: skip
from service.problems import BadRequest, NotFound, SearchTooLong
from service.representations import HTML
from service.responses import kept_as, negotiate, readable, reply
from service.search import gexf_of
from service.site import Site, site_of
from service.textindex import SECONDS, SearchTimeout

router = APIRouter()

VIEWS: Final = ("network", "matrix", "latency", "documents", "threads")
FORMATS: Final = {"html": HTML, "csv": "text/csv", "json": "application/json", "gexf": "application/gexf+xml"}
_PAGE_SIZE, _LONGEST = 40, 500
_DRAWN: Final = {"network": 60, "matrix": 14, "latency": 16}
_DOUBTS: Final = 40
_PAIR_COLUMNS: Final = ("from", "from_name", "to", "to_name", "documents", "stated")
_LETTER_COLUMNS: Final = ("document", "identifier", "from", "to", "kind", "sent", "received", "days", "hours")
_THREAD_COLUMNS: Final = ("document", "identifier", "answers", "certainty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks: which letters, how to show them, which page of them."""

    question: Question
    view: str = "network"
    order: str = "longest"
    page: int = 1

    def href(self, base: str, **others: str) -> str:
        """The URL's parameters; what has its default is left out."""
        one = self.question
        pairs = {
            "unit": one.unit if one.unit != "office" else "",
            **{name: shorten(base, key) for name, key in zip(("from", "to", "post"), _posts(one), strict=True)},
            "after": one.after,
            "before": one.before,
            "view": self.view if self.view != "network" else "",
            "order": self.order if self.order != "longest" else "",
        }
        return "?" + urlencode({name: value for name, value in {**pairs, **others}.items() if value})


@dataclass(frozen=True, slots=True)
class Series:
    """Letters that went one way, by wire or not: days on the way by year and in all, and hours where they are told."""

    name: str
    years: dict[str, Spread]
    days: Spread
    hours: Spread | None
    figure: Markup


def _posts(question: Question) -> tuple[str, str, str]:
    return question.sender, question.recipient, question.post


@readable(router, "/correspondence")
async def correspondence(request: Request) -> Response:
    """Who writes to whom between posts, how long it took, and who answers whom; as a page or as all rows."""
    site, posts = site_of(request), _posts_of(request)
    asked, chosen = _asked(request, site.base), _format(request)
    if chosen == FORMATS["gexf"] and asked.view not in ("network", "matrix"):
        raise BadRequest("GEXF is for views that show a network: network and matrix")
    try:
        if chosen == HTML:
            body = await site.desk.run(_page, site, posts, asked)
        else:
            body = await site.desk.run(_export, posts, asked, chosen)
    except SearchTimeout:
        raise SearchTooLong(SECONDS) from None
    return reply(request, body, chosen, headers={"Vary": "Accept"} | kept_as(asked.view, chosen, FORMATS))


@readable(router, "/correspondence/thread")
async def thread(request: Request) -> Response:
    """The whole thread of a document: all that answers join to it, by day; as a page or as rows."""
    site, posts, chosen = site_of(request), _posts_of(request), _format(request)
    named = request.query_params.get("document", "").strip()[:_LONGEST]
    if not named:
        raise BadRequest("document names a document, such as frus1934v04/d131")
    if chosen == FORMATS["gexf"]:
        raise BadRequest("a thread can be had as CSV and JSON")
    iri = named if "://" in named else f"{site.base}id/document/{named.removeprefix('document/')}"
    rows, answers = await site.desk.run(posts.thread, iri)
    if not rows:
        raise NotFound(f"no document {named} is known to answer another, or to be answered")
    if chosen == HTML:
        body = site.pages.correspondence("thread.html", **_thread(site, iri, rows, answers))
    else:
        by_number = {row["id"]: row for row in rows}
        table = [_answer_row(by_number[one.document], by_number[one.answers], one.certainty) for one in answers]
        body = _table(_THREAD_COLUMNS, table, chosen)
    return reply(request, body, chosen, headers={"Vary": "Accept"} | kept_as("thread", chosen, FORMATS))


def _posts_of(request: Request) -> Posts:
    return Posts(site_of(request).snapshot.search)


def _format(request: Request) -> str:
    name = request.query_params.get("format", "")
    if name and name not in FORMATS:
        raise BadRequest(f"format is one of {', '.join(FORMATS)}")
    return FORMATS[name] if name else negotiate(request, FORMATS.values())


def _asked(request: Request, base: str) -> Asked:
    """Raises BadRequest for what cannot be read."""
    given = {name: value.strip() for name, value in request.query_params.items()}
    unit, view, order = given.get("unit") or "office", given.get("view") or "network", given.get("order") or "longest"
    for name, value, values in (("unit", unit, UNITS), ("view", view, VIEWS), ("order", order, ORDERS)):
        if value not in values:
            raise BadRequest(f"{name} is one of {', '.join(values)}")
    keys = [given.get(name, "")[:_LONGEST] for name in ("from", "to", "post")]
    sender, recipient, post = (f"{base}id/{key}" if key and "://" not in key else key for key in keys)
    after, before = period_of(given)
    question = Question(unit=unit, sender=sender, recipient=recipient, post=post, after=after, before=before)
    return Asked(question=question, view=view, order=order, page=page_of(given.get("page", "")))


def _export(posts: Posts, asked: Asked, media_type: str) -> bytes:
    """All rows of a view."""
    if asked.view == "threads":
        table = [_thread_row(row) for row in posts.threads(asked.question, asked.order)]
        return _table(("document", "documents", "longest", "first", "last"), table, media_type)
    letters = posts.letters(asked.question)
    if asked.view == "documents":
        return _table(_LETTER_COLUMNS, [_letter_row(row) for row in letters], media_type)
    if asked.view == "latency":
        odd = {_place(row) for row in unusual(letters)}
        timed = [row for row in letters if row["days"] is not None]
        table = [{**_letter_row(row), "unusual": "true" if _place(row) in odd else "false"} for row in timed]
        return _table((*_LETTER_COLUMNS, "unusual"), table, media_type)
    pairs = pairs_of(letters)
    if media_type == FORMATS["gexf"]:
        return gexf_of([(pair.sender_name, pair.recipient_name, pair.letters) for pair in pairs]).encode()
    return _table(_PAIR_COLUMNS, [_pair_row(pair) for pair in pairs], media_type)


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], media_type: str) -> bytes:
    if media_type == FORMATS["json"]:
        return json.dumps(list(rows), ensure_ascii=False, indent=1).encode()
    text = io.StringIO()
    table = csv.DictWriter(text, columns)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def _pair_row(pair: Between) -> dict[str, Any]:
    values = (pair.sender, pair.sender_name, pair.recipient, pair.recipient_name, pair.letters, pair.stated)
    return dict(zip(_PAIR_COLUMNS, values, strict=True))


def _letter_row(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("iri", "identifier", "from_key", "to_key", "kind", "sent", "received", "days", "hours")
    return {column: row[name] for column, name in zip(_LETTER_COLUMNS, names, strict=True)}


def _place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["iri"], row["from_key"], row["to_key"]


def _thread_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"document": row["iri"], **{name: row[name] for name in ("documents", "longest", "first", "last")}}


def _answer_row(one: Mapping[str, Any], other: Mapping[str, Any], certainty: str) -> dict[str, Any]:
    return dict(zip(_THREAD_COLUMNS, (one["iri"], one["identifier"], other["iri"], certainty), strict=True))


# ------------------------------------------------------------------------------------------- pages


def _page(site: Site, posts: Posts, asked: Asked) -> bytes:
    """Raises NotFound for a page after the last."""
    question, base = asked.question, site.base
    letters = posts.letters(question) if asked.view != "threads" else []
    pairs = pairs_of(letters)
    rows = _rows(posts, asked, letters, pairs)
    last = max(1, -(-len(rows) // _PAGE_SIZE))
    page = asked.page
    if page > last:
        raise no_such_page(last, f"{site.root}correspondence{asked.href(base, page=str(last))}")
    odd = unusual(letters) if asked.view == "latency" else []
    return site.pages.correspondence(
        "correspondence.html",
        asked=asked,
        question=question,
        views=[(name, replace(asked, view=name, page=1).href(base)) for name in VIEWS],
        exports=[(name.upper(), asked.href(base, format=name)) for name in _exports(asked.view)],
        chips=_chips(posts, asked, base),
        kept=[
            (name, shorten(base, key))
            for name, key in zip(("from", "to", "post"), _posts(question), strict=True)
            if key
        ],
        sparql=_query(asked),
        documents=posts.documents(question),
        told=len({row["id"] for row in letters}),
        timed=len({row["id"] for row in letters if row["days"] is not None}),
        stated=len({row["id"] for row in letters if row["stated"]}),
        rows=rows[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE],
        total=len(rows),
        page=page,
        last=last,
        pages={name: asked.href(base, page=str(page + step)) for name, step in (("prev", -1), ("next", 1))},
        figure=_figure(asked, pairs),
        series=_series(letters) if asked.view == "latency" else [],
        odd=odd[:_DOUBTS],
        odd_total=len(odd),
        between=lambda pair: replace(
            asked, question=replace(question, sender=pair.sender, recipient=pair.recipient), view="documents", page=1
        ).href(base),
        shorten=lambda iri: shorten(base, iri).removeprefix("document/"),
        href=site.pages.href,
        in_words=in_words,
    )


def _series(letters: Sequence[dict[str, Any]]) -> list[Series]:
    """Telegrams and the others apart: a median of both tells of neither."""
    names = ("Telegrams", "Other documents")
    return [
        Series(name, years, Spread.of(days_of(rows)), hours_of(rows), figures.boxes(_boxes(years), f"{name} by year"))
        for name, rows in zip(names, by_wire(letters), strict=True)
        if (years := years_of(rows))
    ]


def _boxes(named: Mapping[str, Spread]) -> list[tuple[str, float, float, float, float, float]]:
    return [
        (f"{name} ({one.number:,})", one.least, one.lower, one.median, one.upper, one.most)
        for name, one in named.items()
    ]


def _rows(
    posts: Posts, asked: Asked, letters: Sequence[dict[str, Any]], pairs: Sequence[Between]
) -> Sequence[dict[str, Any] | Between]:
    """All rows of the table of a view."""
    if asked.view == "documents":
        return letters
    if asked.view == "threads":
        return posts.threads(asked.question, asked.order)
    return _timed(pairs) if asked.view == "latency" else pairs


def _timed(pairs: Sequence[Between]) -> list[Between]:
    """Those of which documents tell both days, the best known first."""
    return sorted((pair for pair in pairs if pair.spread), key=lambda pair: -pair.spread.number if pair.spread else 0)


def _exports(view: str) -> tuple[str, ...]:
    return ("csv", "json", "gexf") if view in ("network", "matrix") else ("csv", "json")


def _chips(posts: Posts, asked: Asked, base: str) -> list[tuple[str, str, str]]:
    """Each post that narrows the result, with the address of the result without it."""
    one = asked.question
    without = (replace(one, sender=""), replace(one, recipient=""), replace(one, post=""))
    named = zip(("From", "To", "From or to"), _posts(one), without, strict=True)
    return [
        (name, posts.label(key) or shorten(base, key), replace(asked, question=less, page=1).href(base))
        for name, key, less in named
        if key
    ]


def _query(asked: Asked) -> str:
    if asked.view == "threads":
        return queries.THREADS
    if asked.view in ("latency", "documents"):
        return queries.letters(asked.question, timed=asked.view == "latency")
    return queries.pairs(asked.question)


def _figure(asked: Asked, pairs: Sequence[Between]) -> Any:
    if asked.view == "network" and pairs:
        shown = [(_brief(pair.sender_name), _brief(pair.recipient_name), pair.letters) for pair in pairs]
        shown = shown[: _DRAWN["network"]]
        return figures.network(shown, "Who writes to whom")
    if asked.view == "matrix" and pairs:
        named = [(_brief(pair.sender_name), _brief(pair.recipient_name)) for pair in pairs]
        names = list(dict.fromkeys(name for both in named for name in both))
        counts = {both: pair.letters for both, pair in zip(named, pairs, strict=True)}
        return figures.matrix(names[: _DRAWN["matrix"]], counts, "Documents from each post to each other")
    spreads = [
        (f"{_brief(pair.sender_name)} to {_brief(pair.recipient_name)}", pair.spread)
        for pair in _timed(pairs)
        if pair.spread
    ]
    if asked.view == "latency" and spreads:
        return figures.boxes(_boxes(dict(spreads[: _DRAWN["latency"]])), "Days from sending to receiving")
    return None


def _brief(name: str) -> str:
    """The name in a picture, without the state that nearly all offices are of."""
    return name.replace(" of the United States, ", ", ")


def _thread(site: Site, iri: str, rows: Sequence[dict[str, Any]], answers: Sequence[Any]) -> dict[str, Any]:
    places = {row["id"]: place for place, row in enumerate(rows)}
    names = [", ".join(filter(None, (in_words((row["sent"] or "")[:10]) or "no date", _way(row)))) for row in rows]
    drawn = [(places[one.document], places[one.answers], one.certainty == "certain") for one in answers]
    documents = []
    for row in rows:
        told = [(rows[places[one.answers]], one.certainty) for one in answers if one.document == row["id"]]
        documents.append((row, [(other, certainty) for other, certainty in told]))
    named = f"?document={shorten(site.base, iri).removeprefix('document/')}"
    return {
        "iri": iri,
        "documents": documents,
        "answers": answers,
        "certain": sum(one.certainty == "certain" for one in answers),
        "figure": figures.thread(names, drawn, "Who answers whom, from the first document to the last"),
        "exports": [(name.upper(), f"{named}&format={name}") for name in ("csv", "json")],
        "sparql": queries.thread([row["iri"] for row in rows]),
        "href": site.pages.href,
        "in_words": in_words,
    }


def _way(row: Mapping[str, Any]) -> str:
    ends = [f"{word} {row[name]}" for word, name in (("from", "sender"), ("to", "recipient")) if row[name]]
    return " ".join(ends) or row["title"] or row["identifier"]
