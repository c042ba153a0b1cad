"""Full-text search with facets, `/search`: one question, several views of the same result.

All that is asked stands in the URL: `q`, one parameter a facet value (its IRI without the base's part), `after`
and `before`, `sort`, `view`, `page`, and `values`, a facet of which all values are listed.  `format` (or Accept)
gives all rows as CSV, JSON, GeoJSON or GEXF.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.vocabulary import DGM
from service.cache import steady
from service.facets import Facets, shorten
from service.parameters import no_such_page, page_of, period_of
from service.problems import BadRequest, SearchTooLong, problem
from service.representations import HTML
from service.responses import kept_as, negotiate, problem_type, readable, reply
from service.searchview import PAGE_SIZE, VIEWS, View
from service.site import Site, site_of
from service.spelling import Names
from service.textindex import (
    FACETS,
    SECONDS,
    SORTS,
    Result,
    Search,
    SearchTimeout,
    TextIndex,
    by_month,
    points,
    terms,
    too_much,
)

router = APIRouter()

FORMATS: Final = {
    "html": HTML,
    "csv": "text/csv",
    "json": "application/json",
    "geojson": "application/geo+json",
    "gexf": "application/gexf+xml",
}
_COLUMNS: Final = ("identifier", "title", "sent", "held", "received", "place", "sender", "recipient", "volume", "iri")
_LONGEST, _MOST_VALUES, _MOST_LIKE = 500, 100, 6
_ARTICLE = re.compile(r"^[Tt]he (?=\w)")


def _lengthen(base: str, facet: str, value: str) -> str:
    if facet == "period" or "://" in value:
        return value
    return (DGM.iri if facet == "kind" else f"{base}id/") + value


@readable(router, "/search")
async def search(request: Request) -> Response:
    """What documents say, and which: words, facets, days; as a page or as all rows."""
    site, index = site_of(request), TextIndex(site_of(request).snapshot.search)
    chosen = _format(request)
    try:
        view = _view(request, site.base)
    except BadRequest as error:
        if problem_type(request) != HTML:
            raise
        return _refused(request, site, error)
    steady(request)
    try:
        if chosen != HTML:
            rows = await site.desk.run(index.rows, view.asked)
            body = _export(rows, chosen)
            named = kept_as("search", chosen, FORMATS)
            return reply(request, body, chosen, headers={"Vary": "Accept"} | named)
        body = await site.desk.run(_page, site, index, view)
    except SearchTimeout:
        raise SearchTooLong(SECONDS) from None
    return reply(request, body, HTML, headers={"Vary": "Accept"})


def _refused(request: Request, site: Site, error: BadRequest) -> Response:
    """The page with what is wrong and the form, which keeps what was typed, cut."""
    typed = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("q", "after", "before")}
    body = site.pages.search_refused(problem(error), typed)
    return Response(body, 400, {"Vary": "Accept", "Cache-Control": "no-store"}, media_type=HTML)


def _format(request: Request) -> str:
    name = request.query_params.get("format", "")
    if name and name not in FORMATS:
        raise BadRequest(f"format is one of {', '.join(FORMATS)}")
    return FORMATS[name] if name else negotiate(request, FORMATS.values())


def _view(request: Request, base: str) -> View:
    """Raises BadRequest for what cannot be read, or is more than a search may ask."""
    asked = request.query_params
    pairs = [(name, value) for name, value in asked.multi_items() if name in FACETS and value][:_MOST_VALUES]
    after, before = period_of(asked)
    sort, view = asked.get("sort") or "relevance", asked.get("view") or "table"
    if sort not in SORTS or view not in VIEWS:
        raise BadRequest(f"sort is one of {', '.join(SORTS)}; view is one of {', '.join(VIEWS)}")
    values = asked.get("values", "")
    if values and values not in FACETS:
        raise BadRequest(f"values is one of {', '.join(FACETS)}")
    words = " ".join(asked.get("q", "").split())
    if reason := too_much(words):
        raise BadRequest(reason)
    facets = tuple(dict.fromkeys((facet, _lengthen(base, facet, value[:_LONGEST])) for facet, value in pairs))
    search = Search(words=words, facets=facets, after=after, before=before, sort=sort)
    return View(search, view, page_of(asked.get("page", "")), values)


def _page(site: Site, index: TextIndex, view: View) -> bytes:
    """Raises NotFound for a page after the last."""
    result = index.search(view.asked, 1 if view.values else view.page, PAGE_SIZE)
    last = _last(site, view, result)
    if view.page > last:
        raise no_such_page(last, f"{site.root}search{view.href(site.base, page=str(last))}")
    rows = index.rows(view.asked) if view.view != "table" and not view.values else []
    labels = {(facet, key): index.label(facet, key) or shorten(site.base, key) for facet, key in view.asked.facets}
    return site.pages.search(
        view=view,
        result=result,
        labels=labels,
        months=by_month(rows),
        points=points(rows),
        pairs=pairs_of(rows),
        named=index.named(view.asked.words),
        relaxed=_relaxed(index, view) if not result.total and view.asked else [],
        **_spelt(site, index, view, found=bool(result.total)),
        sparql=sparql_of(view.asked),
    )


def _last(site: Site, view: View, result: Result) -> int:
    """The last page of the documents, or of a facet's values."""
    if view.values:
        return Facets(site.pages, view, result.facets, result.meanings).last(view.values)
    return max(1, -(-result.total // PAGE_SIZE))


def _relaxed(index: TextIndex, view: View) -> list[tuple[str, View, int]]:
    """Searches with one condition less that find something: (the condition, the search, how many)."""
    asked = view.asked
    less = [(key, view.without(facet, key)) for facet, key in asked.facets]
    if asked.words:
        less.append((f"“{asked.words}”", replace(view, asked=replace(asked, words=""))))
    if asked.after or asked.before:
        less.append(("the dates", replace(view, asked=replace(asked, after="", before=""))))
    counted = [(name, other, index.count(other.asked)) for name, other in less[:8] if other.asked]
    return [row for row in counted if row[2]]


def _spelt(site: Site, index: TextIndex, view: View, *, found: bool) -> dict[str, Any]:
    """What may have been meant, if nothing is found: `like` are things of nearly this name, `corrected` is (the search
    with words of names for those that no document has, how many documents it finds), or None."""
    if found or not view.asked.words:
        return {"like": [], "corrected": None}
    names = Names(site.snapshot.search)
    words = names.corrected(view.asked.words)
    other = replace(view, asked=replace(view.asked, words=words), page=1)
    number = index.count(other.asked) if words and not too_much(words) else 0
    return {"like": names.like(view.asked.words, _MOST_LIKE), "corrected": (other, number) if number else None}


def pairs_of(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """(sender, recipient, documents) as headings print them but for the article, the most frequent first."""
    named = ((_ARTICLE.sub("", row["sender"] or ""), _ARTICLE.sub("", row["recipient"] or "")) for row in rows)
    counts = Counter(pair for pair in named if all(pair))
    return sorted(((*pair, number) for pair, number in counts.items()), key=lambda pair: (-pair[2], pair[0], pair[1]))


def sparql_of(asked: Search) -> str:
    """The same question in SPARQL.  It has no stemming: words are looked for as they are written."""
    lines = ["?document a dgm:Document ; dcterms:identifier ?identifier ; dcterms:title ?title ."]
    wanted, excluded = terms(asked.words)
    if wanted or excluded:
        lines += ["# Words are found as they are written here; the search finds their other forms, too."]
        lines += [_said(group) for group in wanted] + [_said(excluded, "NOT EXISTS")] * bool(excluded)
    for facet in dict.fromkeys(facet for facet, _ in asked.facets):
        lines += _PATTERNS[facet].replace("$keys", _keys(facet, asked)).splitlines()
    if asked.after or asked.before:
        lines += _DAY.splitlines()
        # What has no year begins with a hyphen.
        lines.append(f'FILTER(STR(?day) >= "{asked.after or 0}")')
        lines += [f'FILTER(STR(?day) <= "{asked.before}~")'] if asked.before else []
    body = "\n".join(f"  {line}" for line in lines)
    return f"{_PROLOGUE}\nSELECT DISTINCT ?identifier ?title ?document\nWHERE {{\n{body}\n}}\nORDER BY ?identifier\n"


def _said(group: Sequence[str], exists: str = "EXISTS") -> str:
    """That title, text or a footnote has one of the terms; they are of letters, digits and spaces alone."""
    found = " || ".join(f'CONTAINS(LCASE(?said), "{term.rstrip("*").lower()}")' for term in group)
    return f"FILTER {exists} {{ ?document dcterms:title|dgm:text|(dgm:footnote/dgm:text) ?said FILTER({found}) }}"


def _keys(facet: str, asked: Search) -> str:
    keys = [key for name, key in asked.facets if name == facet]
    if facet == "period":
        return ", ".join(f'"{re.sub("[^0-9]", "", key)}"' for key in keys)
    return " ".join(f"<{re.sub(_NOT_IN_IRI, '', key)}>" for key in keys)


_NOT_IN_IRI = r'[\x00-\x20<>"{}|\\^`]'
_PROLOGUE = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dgm: <https://w3id.org/dragoman/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
_PERSON = """VALUES ?%(name)s { $keys }
?document %(path)s ?%(name)sParty .
{ ?%(name)sParty dgm:%(term)s ?%(name)s } UNION
{ [] rdf:subject ?%(name)sParty ; rdf:predicate dgm:%(term)s ; rdf:object ?%(name)s ; dgm:certainty dgm:certain }"""
_DAY = """{ ?document dgm:sending/dgm:date ?day } UNION
{ ?document dgm:holding/dgm:date ?day FILTER NOT EXISTS { ?document dgm:sending/dgm:date ?sent } }"""
_PATTERNS: Final = {
    "period": f"{_DAY}\nFILTER(SUBSTR(STR(?day), 1, 4) IN ($keys))",
    "sender": _PERSON % {"name": "sender", "path": "dgm:sending/dgm:sender", "term": "person"},
    "recipient": _PERSON % {"name": "recipient", "path": "dgm:receiving/dgm:recipient", "term": "person"},
    "office": _PERSON
    % {"name": "office", "path": "(dgm:sending/dgm:sender)|(dgm:receiving/dgm:recipient)", "term": "office"},
    "place": _PERSON % {"name": "place", "path": "dgm:sending", "term": "place"},
    "kind": "VALUES ?kind { $keys }\n?document dgm:kind ?kind .",
    "class": "VALUES ?class { $keys }\n?document dgm:file ?unit .\n"
    "[] rdf:subject ?unit ; rdf:predicate dgm:fileClass ; rdf:object ?class .",
    "file": "VALUES ?file { $keys }\n?document dgm:file ?file .",
    "volume": "VALUES ?volume { $keys }\n?document dgm:volume ?volume .",
}


def _export(rows: Sequence[dict[str, Any]], media_type: str) -> bytes:
    if media_type == "text/csv":
        text = io.StringIO()
        table = csv.DictWriter(text, _COLUMNS, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
        return text.getvalue().encode()
    if media_type == FORMATS["gexf"]:
        return gexf_of(pairs_of(rows)).encode()
    document: Any = [{name: row[name] for name in _COLUMNS} for row in rows]
    if media_type == FORMATS["geojson"]:
        document = _geojson(rows)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _geojson(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """RFC 7946: longitude first; a document without a place on the map has no geometry."""
    features = [
        {
            "type": "Feature",
            "id": row["iri"],
            "geometry": None
            if row["latitude"] is None
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {name: row[name] for name in _COLUMNS},
        }
        for row in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def gexf_of(pairs: Sequence[tuple[str, str, int]]) -> str:
    """GEXF 1.3: senders and recipients by name, an edge for each (sender, recipient, documents), weighted by them."""
    names = sorted({name for pair in pairs for name in pair[:2]})
    numbers = {name: number for number, name in enumerate(names)}
    nodes = "".join(f'<node id="{numbers[name]}" label={quoteattr(_xml(name))}/>\n' for name in names)
    edges = "".join(
        f'<edge id="{number}" source="{numbers[a]}" target="{numbers[b]}" weight="{weight}"/>\n'
        for number, (a, b, weight) in enumerate(pairs)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        f'<graph defaultedgetype="directed">\n<nodes>\n{nodes}</nodes>\n<edges>\n{edges}</edges>\n</graph>\n</gexf>\n'
    )


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
