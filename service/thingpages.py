"""What a reader wants of a person, an office, a place, a mission, a state, a file, a volume, above the bare data.

Documents are listed and counted by the text index, the store being slow at aggregates; of the store a few small
queries are asked a page.  Every list has its count and goes on in pages: `?documents=2` is the second of the list of
documents.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from kg.vocabulary import DGM, PREFIXES
from service import figures
from service.datewords import in_words
from service.descriptions import Description, Source
from service.facets import shorten
from service.pages import Link, Pages
from service.parameters import no_such_page, page_of
from service.searchview import View
from service.site import Site
from service.textindex import Result, Search, TextIndex, Value, by_month, points

ROWS: Final = 25
"""How many rows a list shows on a page."""
LISTS: Final = frozenset((
    "terms", "years", "correspondents", "sent", "received", "documents", "mentioned", "dated", "names", "missions",
    "relations", "visits", "travels", "months", "divisions", "sources", "posts", "present", "probablysent",
    "probablyreceived", "probablypresent",
))  # fmt: skip
"""The parameters that lists go on by."""
_ON_TIME_LINE: Final = 80
_MOST: Final = 5_000
_PROLOGUE = "".join(f"PREFIX {name}: <{value}> " for name, value in PREFIXES.items())
# Of the dates of a term the one that tells best since when it was in fact held.
_BEGINS: Final = ("credentialsPresented", "entered", "arrived", "appointed")
_TERMS = (
    "?term a dgm:TermOfOffice ; dgm:office ?office ; dgm:holder ?holder . ?office rdfs:label ?officeName . "
    "?holder rdfs:label ?holderName . OPTIONAL { ?term dgm:role ?role } "
    + " ".join(f"OPTIONAL {{ ?term dgm:{name} ?{name} }}" for name in (*_BEGINS, "ended"))
)

_UNITS: Final = {DGM.Office: "office", DGM.State: "state", DGM.Place: "place"}

Cell = Link | str | int
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A list under a heading: `total` counts all rows, `page` of `last` is shown; `more` leads to what it is part of.

    Cells that are numbers stand to the right.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    page: int = 1
    last: int = 1
    figure: Markup | None = None
    note: str = ""
    more: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands above the data: a sentence, lists, and a link to the letters of a post."""

    lead: str = ""
    letters: Link | None = None
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One page in the making."""

    site: Site
    source: Source
    about: Description
    index: TextIndex
    parameters: Mapping[str, str]

    @property
    def pages(self) -> Pages:
        return self.site.pages

    @property
    def iri(self) -> str:
        return self.about.iri

    async def rows(self, query: str) -> list[dict[str, str]]:
        """The rows of a query of ours in which $this stands for the thing.  Raises QueryError."""
        body = await self.source.results(_PROLOGUE + query.replace("$this", f"<{self.iri}>"))
        return [{name: cell["value"] for name, cell in row.items()} for row in json.loads(body)["results"]["bindings"]]

    async def found(self, facet: str) -> Result:
        """The documents that have the thing as a value of a facet, one page of them.  Raises SearchTimeout."""
        search = Search(facets=((facet, self.iri),), sort="volume" if facet == "volume" else "date")
        return await run_in_threadpool(self.index.search, search, self.page(_name_of(facet)), ROWS)

    async def documents(self, facet: str) -> list[dict[str, Any]]:
        """All documents that have the thing as a value of a facet.  Raises SearchTimeout."""
        return await run_in_threadpool(self.index.rows, Search(facets=((facet, self.iri),)))

    async def months(self, facet: str) -> dict[str, int]:
        return by_month(await self.documents(facet))

    def page(self, name: str) -> int:
        """The page of a list that is asked for.  Raises BadRequest."""
        return page_of(self.parameters.get(name, ""), name)

    def within(self, name: str, total: int) -> tuple[int, int]:
        """(the page of a list that is asked for, the last) of a list of `total` rows.  Raises BadRequest, NotFound."""
        page, last = self.page(name), max(1, -(-total // ROWS))
        if page > last:
            local = self.iri.removeprefix(f"{self.site.base}id/")
            raise no_such_page(last, f"{self.site.root}doc/{local}.html?{name}={last}#{name}", name)
        return page, last

    def link(self, iri: str, text: str) -> Link:
        return Link(text, self.pages.href(iri))

    def search(self, text: str, *facets: tuple[str, str], view: str = "table") -> Link:
        """A link to the search page for the documents with these values."""
        href = View(Search(facets=facets), view).href(self.site.base)
        return Link(text, f"{self.site.root}search{href}")

    def listed(self, id: str, title: str, columns: tuple[str, ...], rows: Sequence[Row], **more: Any) -> list[Section]:
        """A list of which all rows are at hand, in pages; no section if it is empty."""
        page, last = self.within(id, len(rows))
        shown = tuple(rows[(page - 1) * ROWS : page * ROWS])
        section = Section(
            id=id, title=title, columns=columns, rows=shown, total=len(rows), page=page, last=last, **more
        )
        return [section] if rows else []


def _name_of(facet: str) -> str:
    return {"sender": "sent", "recipient": "received"}.get(facet, "documents")


async def show(
    site: Site, source: Source, about: Description, index: TextIndex, parameters: Mapping[str, str]
) -> Shown | None:
    """None for a thing of which nothing but its data is shown.  Raises QueryError and SearchTimeout."""
    asked = _Asked(site=site, source=source, about=about, index=index, parameters=parameters)
    kinds = about.types(about.iri)
    made = next((make for kind, make in _KINDS.items() if kind in kinds), None)
    shown = await made(asked) if made else None
    unit = next((unit for kind, unit in _UNITS.items() if kind in kinds), "")
    return replace(shown, letters=_letters(asked, unit)) if shown and unit else shown


def _letters(asked: _Asked, unit: str) -> Link:
    """To the correspondence of a post."""
    query = urlencode({"unit": unit, "post": shorten(asked.site.base, asked.iri)})
    return Link("Its correspondence with other posts", f"{asked.site.root}correspondence?{query}")


# ------------------------------------------------------------------------------------------- documents


def _documents(asked: _Asked, facet: str, title: str, result: Result, **more: Any) -> list[Section]:
    """One page of documents: date, heading, identifier."""
    if not result.total:
        return []
    name = _name_of(facet)
    page, last = asked.within(name, result.total)
    rows = tuple(
        (
            in_words((row["day"] or "").partition("T")[0]) or "no date",
            asked.link(row["iri"], row["title"] or row["identifier"]),
            row["identifier"] or "",
        )
        for row in (found.row for found in result.found)
    )
    section = Section(
        id=name,
        title=title,
        columns=("Date", "Document", "Identifier"),
        rows=rows,
        total=result.total,
        page=page,
        last=last,
        more=asked.search("Search in these", (facet, asked.iri)),
        **more,
    )
    return [section]


def _by_year(asked: _Asked, counted: Mapping[str, tuple[str, Result]]) -> list[Section]:
    """Documents by year of sending; `counted` are (column, result) by facet."""
    numbers = {facet: _periods(result) for facet, (_, result) in counted.items()}
    years = sorted({year for periods in numbers.values() for year in periods})
    if not years:
        return []
    rows: list[Row] = [
        (
            year,
            *(
                asked.search(f"{numbers[facet].get(year, 0):,}", (facet, asked.iri), ("period", year))
                for facet in counted
            ),
        )
        for year in years
    ]
    totals = {year: sum(periods.get(year, 0) for periods in numbers.values()) for year in years}
    dated, every = sum(totals.values()), sum(result.total for _, result in counted.values())
    columns = ("Year", *(column for column, _ in counted.values()))
    note = f"{every - dated:,} of {every:,} have no year." if every > dated else ""
    figure = figures.years(totals, "Documents by year") if len(years) > 1 else None
    return asked.listed("years", "Documents by year", columns, rows, figure=figure, note=note)


def _periods(result: Result) -> dict[str, int]:
    return {value.key: value.number for value in result.facets.get("period", ())}


def _partners(asked: _Asked, sent: Result, received: Result) -> list[Section]:
    """With whom the person corresponds, as far as they are stated or inferred with certainty."""
    to = {value.key: value for value in sent.facets.get("recipient", ())}
    by = {value.key: value for value in received.facets.get("sender", ())}

    def number(found: Mapping[str, Value], key: str) -> int:
        return found[key].number if key in found else 0

    keys = sorted({*to, *by} - {asked.iri}, key=lambda key: (-number(to, key) - number(by, key), key))
    rows = [
        (
            asked.link(key, (to.get(key) or by[key]).label),
            asked.search(f"{number(to, key):,}", ("sender", asked.iri), ("recipient", key)),
            asked.search(f"{number(by, key):,}", ("sender", key), ("recipient", asked.iri)),
        )
        for key in keys
    ]
    return asked.listed("correspondents", "Correspondents", ("Person", "Sent to", "Received from"), rows)


def _posts(asked: _Asked, sent: Result, documents: Sequence[Mapping[str, Any]]) -> list[Section]:
    """From where the person wrote, as far as it is known for certain."""
    rows = [
        (
            asked.link(place.key, place.label),
            asked.search(f"{place.number:,}", ("sender", asked.iri), ("place", place.key)),
        )
        for place in sent.facets.get("place", ())
    ]
    spots = points(documents)
    figure = figures.world(spots, asked.pages.outline, "Places of sending") if spots else None
    return asked.listed("posts", "Sent from", ("Place", "Documents"), rows, figure=figure)


# ------------------------------------------------------------------------------------------- terms of office


def _begin(row: Mapping[str, str]) -> str:
    return next((row[name] for name in _BEGINS if row.get(name)), "")


def _terms(asked: _Asked, title: str, rows: Sequence[dict[str, str]], named: str) -> list[Section]:
    """Terms as a time line and a table; `named` is what tells them apart: "office" or "holder"."""
    ordered = sorted(rows, key=lambda row: (_begin(row) or row.get("ended", "9"), row["term"]))
    table = [
        (
            asked.link(row[named], row[f"{named}Name"]),
            row.get("role", ""),
            in_words(_begin(row)) or "unknown",
            in_words(row.get("ended", "")) or "unknown",
            asked.link(row["term"], "Dates and notes"),
        )
        for row in ordered
    ]
    # A title that all have tells nothing.
    titled = len({row.get("role") for row in rows}) > 1
    spans = [
        (
            ", ".join(dict.fromkeys(filter(None, (row[f"{named}Name"], row.get("role") if titled else None)))),
            _begin(row),
            row["ended"],
        )
        for row in ordered
        if _begin(row) and row.get("ended")
    ]
    figure = figures.terms(spans[-_ON_TIME_LINE:], title) if spans else None
    note = f"The time line has the last {_ON_TIME_LINE} that have both dates." if len(spans) > _ON_TIME_LINE else ""
    columns = (named.capitalize(), "Title", "From", "To", "Term")
    return asked.listed("terms", title, columns, table, figure=figure, note=note)


async def _person(asked: _Asked) -> Shown:
    terms = await asked.rows(f"SELECT * {{ ?term dgm:holder $this . {_TERMS} }} LIMIT {_MOST}")
    sent, received = await asked.found("sender"), await asked.found("recipient")
    held = sorted(terms, key=_begin)
    lead = [
        f"{sent.total:,} {_papers(sent.total)} sent and {received.total:,} received in this dataset"
        if sent.total or received.total
        else "",
        f"{held[-1].get('role') or held[-1]['officeName']} at the last" if held else "",
    ]
    return Shown(
        lead=_sentence(lead),
        sections=(
            *_terms(asked, "Terms of office", terms, "office"),
            *_by_year(asked, {"sender": ("Sent", sent), "recipient": ("Received", received)}),
            *_posts(asked, sent, await asked.documents("sender")),
            *_partners(asked, sent, received),
            *_documents(asked, "sender", "Documents sent", sent),
            *_documents(asked, "recipient", "Documents received", received),
            *await _present(asked),
            *await _probably(asked),
            *await _mentioned(asked),
        ),
    )


async def _office(asked: _Asked) -> Shown:
    terms = await asked.rows(f"SELECT * {{ ?term dgm:office $this . {_TERMS} }} LIMIT {_MOST}")
    documents = await asked.found("office")
    return Shown(
        lead=_sentence([f"{len(terms):,} terms of office in the registers", _count(documents, "to or from it")]),
        sections=(
            *_terms(asked, "Holders", terms, "holder"),
            *_by_year(asked, {"office": ("Documents", documents)}),
            *_documents(asked, "office", "Documents to or from it", documents),
            *await _mentioned(asked),
        ),
    )


async def _mission(asked: _Asked) -> Shown:
    terms = await asked.rows(
        f"SELECT * {{ ?office org:postIn $this . ?term dgm:office ?office . {_TERMS} }} LIMIT {_MOST}"
    )
    dated = [iri for iri in _documents_of(asked, DGM.Inference) if iri]
    return Shown(
        lead=_sentence([f"{len(terms):,} terms of office in the registers" if terms else ""]),
        sections=(
            *_terms(asked, "Heads of the mission", terms, "holder"),
            *await _rows_of(asked, "dated", "Documents dated from it", dated, "Inferred from their datelines."),
            *await _mentioned(asked),
        ),
    )


# ------------------------------------------------------------------------------------------- places and states


async def _place(asked: _Asked) -> Shown:
    documents = await asked.found("place")
    name = asked.pages.name(asked.iri, asked.about)
    position = tuple(
        asked.about.value(asked.iri, PREFIXES["schema"] + coordinate) for coordinate in ("latitude", "longitude")
    )
    sections = list[Section]()
    if position[0] and position[1]:
        figure = figures.world([(name, float(position[0]), float(position[1]), 1)], asked.pages.outline, name)
        sections = [
            Section(
                id="map",
                title="On the map",
                columns=("Latitude", "Longitude"),
                rows=((position[0], position[1]),),
                total=1,
                figure=figure,
                note="Coordinates of GeoNames.",
            )
        ]
    return Shown(
        lead=_sentence([_count(documents, "sent from here, by their datelines")]),
        sections=(
            *sections,
            *_by_year(asked, {"place": ("Documents", documents)}),
            *_documents(asked, "place", "Documents sent from here", documents),
            *await _mentioned(asked),
        ),
    )


async def _state(asked: _Asked) -> Shown:
    rows = await asked.rows(
        "SELECT ?kind ?thing ?label ?earliest ?latest ?with ?withName {"
        " { ?thing dgm:state $this ; a ?kind ; rdfs:label ?label"
        "   FILTER(?kind IN (dgm:RelationEvent, dgm:Visit, dgm:Travel, dgm:StateName))"
        "   OPTIONAL { ?thing dgm:earliest ?earliest } OPTIONAL { ?thing dgm:latest ?latest } }"
        " UNION { ?thing dgm:receivingState|dgm:sendingState $this ; a dgm:Mission ; rdfs:label ?label"
        f"   BIND(dgm:Mission AS ?kind) }} }} ORDER BY ?earliest ?label LIMIT {_MOST}"
    )
    titles = (
        (DGM.StateName, "names", "Names"),
        (DGM.Mission, "missions", "Missions"),
        (DGM.RelationEvent, "relations", "Relations"),
        (DGM.Visit, "visits", "Visits of its leaders"),
        (DGM.Travel, "travels", "Visits to it"),
    )
    found = {kind: [row for row in rows if row["kind"] == kind] for kind, _, _ in titles}
    return Shown(
        lead=_sentence([f"{title.lower()}: {len(found[kind]):,}" for kind, _, title in titles if found[kind]]),
        sections=(
            *(
                section
                for kind, id, title in titles
                for section in asked.listed(id, title, *_dated(asked, title, found[kind]))
            ),
            *await _mentioned(asked),
        ),
    )


def _dated(asked: _Asked, title: str, rows: Sequence[dict[str, str]]) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of things with their days; without the days if none has one."""
    unique = {row["thing"]: row for row in rows}
    table = [(_span(row), asked.link(row["thing"], row["label"])) for row in unique.values()]
    if any(span for span, _ in table):
        return ("Date", title), list(table)
    return (title,), [row[1:] for row in table]


def _span(row: Mapping[str, str]) -> str:
    ends = dict.fromkeys(in_words(row[name]) for name in ("earliest", "latest") if row.get(name))
    return " to ".join(ends)


# ------------------------------------------------------------------------------------------- files and volumes


async def _file(asked: _Asked) -> Shown:
    documents = await asked.found("file")
    return Shown(
        lead=_sentence([_count(documents, "in this file")]),
        sections=(
            *_by_months(asked, await asked.months("file"), "file"),
            *_documents(asked, "file", "Documents", documents),
            *await _mentioned(asked),
        ),
    )


async def _class(asked: _Asked) -> Shown | None:
    documents = await asked.found("class")
    if not documents.total:
        return None
    return Shown(
        lead=_sentence([_count(documents, "in files of this class")]),
        sections=(
            *_by_year(asked, {"class": ("Documents", documents)}),
            *_documents(asked, "class", "Documents", documents),
        ),
    )


async def _volume(asked: _Asked) -> Shown:
    documents = await asked.found("volume")
    divisions = await asked.rows(
        "SELECT ?division (SAMPLE(?l) AS ?label) (SAMPLE(?t) AS ?kind) (COUNT(DISTINCT ?d) AS ?documents)"
        " (MIN(?o) AS ?order) { ?division dgm:volume $this ; a dgm:Division ; rdfs:label ?l ; dgm:order ?o"
        " OPTIONAL { ?division dgm:divisionType ?t } OPTIONAL { ?d dgm:partOf ?division ; a dgm:Document } }"
        f" GROUP BY ?division ORDER BY ?order LIMIT {_MOST}"
    )
    chapters = [
        (asked.link(row["division"], row["label"]), row.get("kind", ""), int(row["documents"])) for row in divisions
    ]
    months = await asked.months("volume")
    lead = [_count(documents, "in this volume"), _covered(months)]
    return Shown(
        lead=_sentence(lead),
        sections=(
            *_documents(asked, "volume", "Documents", documents),
            *_by_months(asked, months, "volume"),
            *asked.listed("divisions", "Parts", ("Part", "Kind", "Documents"), chapters),
            *asked.listed("sources", "Read from", ("File", "Statements", "Documents"), _sources(asked)),
        ),
    )


def _sources(asked: _Asked) -> list[Row]:
    volume = asked.site.iris.parse(asked.iri)
    name = volume[1][0] if volume else ""
    entries = [entry for entry in asked.site.snapshot.manifest.sources if entry.volume == name]
    return [
        (asked.link(asked.site.iris.source(entry.name), entry.name), entry.statements, entry.published)
        for entry in entries
    ]


def _covered(months: Mapping[str, int]) -> str:
    if not months:
        return ""
    first, last = min(months), max(months)
    return f"dated {in_words(first)} to {in_words(last)}" if first != last else f"of {in_words(first)}"


def _by_months(asked: _Asked, months: Mapping[str, int], facet: str) -> list[Section]:
    if not months:
        return []
    rows = [(in_words(month), number) for month, number in months.items()]
    return asked.listed(
        "months",
        "Documents by month",
        ("Month", "Documents"),
        rows,
        figure=figures.bars(months, "Documents by month of sending or meeting"),
        more=asked.search("All as a time line", (facet, asked.iri), view="timeline"),
    )


# ------------------------------------------------------------------------------------------- mentions


def _documents_of(asked: _Asked, *kinds: str) -> list[str]:
    """The documents that have those parts of these kinds which point here, on this page of the links."""
    found = dict[str, None]()
    for _, subject in sorted(asked.about.incoming):
        parsed = asked.site.iris.parse(subject)
        if parsed and len(parsed[1]) > 2 and set(asked.about.types(subject)) & set(kinds):
            found[asked.site.iris.document(*parsed[1][:2])] = None
    return list(found)


async def _mentioned(asked: _Asked) -> list[Section]:
    """Where running text names the thing: stated by markup, or found by a rule."""
    total, found = await run_in_threadpool(asked.index.mentions, asked.iri, asked.page("mentioned"), ROWS)
    page, last = asked.within("mentioned", total)
    section = Section(
        id="mentioned",
        title="Mentioned in",
        columns=("Date", "Document", "Identifier", "Stated", "Inferred"),
        rows=tuple((*_document_row(asked, row), row["stated"], row["inferred"]) for row in found),
        total=total,
        page=page,
        last=last,
        note="How often its text names this: by the markup of the source, and by what rules find.",
    )
    return [section] if total else []


async def _present(asked: _Asked) -> list[Section]:
    """The papers that list the person among those present, by what the source states or a rule is sure of."""
    rows = await asked.rows(
        "SELECT DISTINCT ?document { { ?party dgm:person $this } UNION { ?inference rdf:object $this ;"
        " rdf:predicate dgm:person ; dgm:certainty dgm:certain ; rdf:subject ?party }"
        f" ?document dgm:participant ?party }} LIMIT {_MOST}"
    )
    note = "Minutes and memoranda of conversation that list the person among those present."
    return await _rows_of(asked, "present", "Present at", [row["document"] for row in rows], note)


# What a person probably did with a paper: the list of such papers, its title, the way from a paper to the party.
_PROBABLY: Final = (
    ("probablysent", "Probably sent", "dgm:sending/dgm:sender"),
    ("probablyreceived", "Probably received", "dgm:receiving/dgm:recipient"),
    ("probablypresent", "Probably present at", "dgm:participant"),
)
# LATERAL looks each party up; without it the engine takes 20 s to join all parties with those of the person.
_PROBABLE_PAPERS: Final = (
    "SELECT DISTINCT ?list ?document { ?inference rdf:object $this ; rdf:predicate dgm:person ;"
    " dgm:certainty dgm:probable ; rdf:subject ?party LATERAL { "
    + " UNION ".join(f'{{ ?document {path} ?party BIND("{id}" AS ?list) }}' for id, _, path in _PROBABLY)
    + f" }} }} LIMIT {_MOST}"
)


async def _probably(asked: _Asked) -> list[Section]:
    """The papers of which the person is one who is probably meant, and whom no rule is sure of."""
    papers: dict[str, list[str]] = defaultdict(list)
    for row in await asked.rows(_PROBABLE_PAPERS):
        papers[row["list"]].append(row["document"])
    note = "A rule concludes that this is the person meant, or one of those who may be; the document says by which."
    found = [await _rows_of(asked, id, title, papers[id], note) for id, title, _ in _PROBABLY if papers[id]]
    return [section for sections in found for section in sections]


def _document_row(asked: _Asked, row: Mapping[str, Any]) -> Row:
    date = in_words((row["day"] or "").partition("T")[0]) or "no date"
    return date, asked.link(row["iri"], row["title"] or row["identifier"]), row["identifier"]


async def _rows_of(asked: _Asked, id: str, title: str, documents: Sequence[str], note: str) -> list[Section]:
    rows_of = await run_in_threadpool(asked.index.documents, documents)
    rows = [_document_row(asked, row) for row in sorted(rows_of.values(), key=lambda row: row["id"])]
    return asked.listed(id, title, ("Date", "Document", "Identifier"), rows, note=note)


# ------------------------------------------------------------------------------------------- words


def _papers(number: int) -> str:
    return "document" if number == 1 else "documents"


def _count(result: Result, what: str) -> str:
    return f"{result.total:,} {_papers(result.total)} {what}" if result.total else ""


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


_KINDS: Final[dict[str, Callable[[_Asked], Awaitable[Shown | None]]]] = {
    DGM.Person: _person,
    DGM.Office: _office,
    DGM.Mission: _mission,
    DGM.State: _state,
    DGM.Place: _place,
    DGM.FileUnit: _file,
    DGM.Volume: _volume,
    PREFIXES["skos"] + "Concept": _class,
}
