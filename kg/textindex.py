"""The text index of a snapshot: full text and facets of its documents, in one SQLite file.

The store is slow at aggregates and has no text index, so what a search page needs is written once, at publication:

    document   one row a document, in the order of volumes: what a list of results shows; its `day` is that of sending,
               else that of the meeting or signing which it tells of
    text       FTS5 over title, body and footnotes; accents are folded, words are stemmed (Porter)
    value      one row a value of a facet, with its label and how many documents have it
    facet      which document has which value
    mention    one row a thing and document that names it: how many mentions are stated (`stated` 1) or inferred (0)

and beside them the tables of kg/correspondence.py.

Facets of persons, offices and places hold what a source states and what is inferred with certainty; file classes
are read by tables.  https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import correspondence, names
from kg.parties import RECIPIENT, SENDER, SENDING, Parties
from kg.snapshot import SEARCH, STORE
from kg.vocabulary import PREFIXES

FACETS: Final = ("period", "sender", "recipient", "place", "office", "kind", "class", "file", "volume")

_SCHEMA = """
CREATE TABLE document (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, identifier TEXT, volume TEXT, title TEXT, kind TEXT,
  sent TEXT, held TEXT, received TEXT, day TEXT AS (COALESCE(sent, held)), place TEXT,
  latitude REAL, longitude REAL, sender TEXT, recipient TEXT);
CREATE VIRTUAL TABLE text USING fts5(title, body, notes, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE value (
  id INTEGER PRIMARY KEY, facet TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, total INTEGER NOT NULL DEFAULT 0,
  UNIQUE (facet, key));
CREATE TABLE facet (value INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (value, document)) WITHOUT ROWID;
CREATE TABLE meant (
  facet TEXT NOT NULL, printed TEXT NOT NULL, person TEXT NOT NULL, label TEXT NOT NULL, certain INTEGER NOT NULL,
  documents INTEGER NOT NULL, PRIMARY KEY (facet, printed, person, certain)) WITHOUT ROWID;
CREATE TABLE mention (
  thing TEXT NOT NULL, document INTEGER NOT NULL, stated INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (thing, document, stated)) WITHOUT ROWID;
"""
_FINISH = """
CREATE INDEX facet_document ON facet (document, value);
CREATE INDEX document_day ON document (day);
INSERT INTO text (text) VALUES ('optimize');
"""
_TOTALS = "UPDATE value SET total = (SELECT COUNT(*) FROM facet WHERE facet.value = value.id)"
# Between the steps.
_PAIRS: Final = f"{SEARCH}.pairs"
_DIGITS = re.compile(r"(\d+)")

# Every query gives ?document first; a document without a title, a text or a date is a document all the same.
_DOCUMENTS = """
SELECT ?document (SAMPLE(?i) AS ?identifier) (SAMPLE(?v) AS ?volume) (SAMPLE(?t) AS ?title) (SAMPLE(?b) AS ?body)
  (SAMPLE(?o) AS ?order) (MIN(STR(?s)) AS ?sent) (MIN(STR(?h)) AS ?held) (MIN(STR(?r)) AS ?received)
  (SAMPLE(?p) AS ?place)
{ ?document a dgm:Document ; dcterms:identifier ?i ; dgm:volume ?v .
  OPTIONAL { ?document dgm:order ?o } OPTIONAL { ?document dcterms:title ?t } OPTIONAL { ?document dgm:text ?b }
  OPTIONAL { ?document dgm:sending ?sending
    OPTIONAL { ?sending dgm:date ?s } OPTIONAL { ?sending dgm:placePrinted ?p } }
  OPTIONAL { ?document dgm:holding/dgm:date ?h }
  OPTIONAL { ?document dgm:receiving/dgm:date ?r } }
GROUP BY ?document
"""
# A year that cannot be meant (kg/dates.py) is doubtful and has no bounds.
_NOT_MEANT = """
SELECT ?document {
  ?event dgm:doubt ?why FILTER NOT EXISTS { ?event dgm:earliest ?day } ?document dgm:sending|dgm:holding ?event }
"""
_NOTES = "SELECT ?document ?note { ?document dgm:footnote/dgm:text ?note ; a dgm:Document }"
_MEANINGS = ("dgm:refersTo", "dgm:office", "dgm:state")
# Facets of what stands at the ends of a document: paths, and what is asked of what they lead to.
_ENDS: Final = {
    "sender": ((SENDER, "dgm:person"),),
    "recipient": ((RECIPIENT, "dgm:person"),),
    "office": ((SENDER, "dgm:office"), (RECIPIENT, "dgm:office")),
    "place": ((SENDING, "dgm:place"),),
}
_QUERIES: Final = {
    "kind": "SELECT DISTINCT ?document ?key ?label { ?document a dgm:Document ; dgm:kind ?key . BIND('' AS ?label) }",
    "class": """
SELECT DISTINCT ?document ?key ?label { ?document dgm:file ?unit . ?inference rdf:subject ?unit ;
  rdf:predicate dgm:fileClass ; rdf:object ?key . ?key skos:prefLabel ?label }""",
    "file": "SELECT DISTINCT ?document ?key ?label { ?document dgm:file ?key . ?key rdfs:label ?label }",
    "volume": "SELECT DISTINCT ?document ?key ?label { ?document dgm:volume ?key . ?key rdfs:label ?label }",
}
# What names a thing, and where: each is one pattern, which the engine reads off in order.  SQLite joins them.
_MENTIONS: Final = {
    "means": tuple(f"SELECT ?mention ?thing {{ ?mention {name} ?thing }}" for name in _MEANINGS),
    "stated": ("SELECT ?mention ?part { ?part dgm:mention ?mention }",),
    "inferred": ("SELECT ?mention ?document { ?mention dgm:mentionedIn ?document }",),
    "note": ("SELECT ?note ?document { ?document dgm:footnote ?note }",),
}
_JOINED = """
INSERT INTO mention
SELECT thing, document.id, stated, COUNT(DISTINCT mention) FROM (
  SELECT stated.one AS mention, stated.other AS iri, 1 AS stated FROM stated
  UNION ALL SELECT stated.one, note.other, 1 FROM stated JOIN note ON note.one = stated.other
  UNION ALL SELECT inferred.one, inferred.other, 0 FROM inferred)
JOIN document USING (iri) JOIN (SELECT one AS mention, other AS thing FROM means) USING (mention)
GROUP BY thing, document.id, stated
"""
_COORDINATES = "SELECT ?place ?latitude ?longitude { ?place schema:latitude ?latitude ; schema:longitude ?longitude }"


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of one facet, as a row."""

    facet: str
    key: str
    label: str


def write_documents(snapshot: Path) -> None:
    """The first step: documents, facets and letters.  Raises OSError."""
    data = ox.Store.read_only(str(snapshot / STORE))
    ask = partial(_ask, data)
    with _created(snapshot / SEARCH) as index:
        index.executescript(_SCHEMA + names.SCHEMA + correspondence.SCHEMA)
        with index:
            parties = Parties(ask)
            numbers = _documents(index, data, parties)
            _facets(index, data, numbers, parties)
            _places(index, data)
            _meanings(index, parties)
            correspondence.write(index, ask, numbers, parties)


def write_pairs(snapshot: Path) -> None:
    """A step that can be taken beside the first: a table of pairs for each of _MENTIONS.  Raises OSError."""
    data = ox.Store.read_only(str(snapshot / STORE))
    with _created(snapshot / _PAIRS) as pairs, pairs:
        for table, queries in _MENTIONS.items():
            pairs.execute(f"CREATE TABLE {table} (one TEXT, other TEXT, PRIMARY KEY (one, other)) WITHOUT ROWID")
            for query in queries:
                pairs.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", _ask(data, query))  # noqa: S608 - ours


def finish(snapshot: Path) -> None:
    """The last step: where running text names a thing, and what things are called.  Raises OSError."""
    data = ox.Store.read_only(str(snapshot / STORE))
    with _created(snapshot / SEARCH) as index:
        index.execute("ATTACH ? AS pairs", (str(snapshot / _PAIRS),))
        with index:
            index.execute(_JOINED)
            index.execute(_TOTALS)
            names.write(index, partial(_ask, data))
        index.execute("DETACH pairs")
        index.executescript(_FINISH)
        index.execute("VACUUM")
    (snapshot / _PAIRS).unlink()


@contextmanager
def _created(path: Path) -> Iterator[sqlite3.Connection]:
    """A file in the making: what comes of it counts only once it is whole."""
    try:
        with closing(sqlite3.connect(path)) as index:
            index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            yield index
    except sqlite3.OperationalError as error:
        raise OSError(f"{path.name}: {error}") from error


def _ask(data: ox.Store, query: str) -> Iterator[tuple[str | None, ...]]:
    """The rows of a query over all graphs: values of IRIs and literals, None where nothing is bound."""
    prologue = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    solutions = data.query(prologue + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - our own SELECTs
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield tuple(getattr(solution[name], "value", None) for name in names)


def _documents(index: sqlite3.Connection, data: ox.Store, parties: Parties) -> dict[str, int]:
    """Rows of `document` and `text`; the number of each document by its IRI."""
    notes: dict[str, list[str]] = {}
    for document, note in _ask(data, _NOTES):
        notes.setdefault(document or "", []).append(note or "")
    printed = [parties.printed(path) for path in (SENDER, RECIPIENT)]
    rows = sorted(_ask(data, _DOCUMENTS), key=lambda row: (_natural(row[2]), int(row[5] or 0), _natural(row[1])))
    numbers: dict[str, int] = {}
    for number, (iri, identifier, volume, title, body, _, sent, held, received, place) in enumerate(rows, 1):
        assert iri is not None  # noqa: S101 - it is what the rows are grouped by
        numbers[iri] = number
        people = (each.get(iri) for each in printed)
        index.execute(
            "INSERT INTO document (id, iri, identifier, volume, title, sent, held, received, place, sender, recipient)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, iri, identifier, volume, title, sent, held, received, place, *people),
        )
        index.execute(
            "INSERT INTO text (rowid, title, body, notes) VALUES (?, ?, ?, ?)",
            (number, title, body, "\n".join(notes.get(iri, ()))),
        )
    return numbers


def _facets(index: sqlite3.Connection, data: ox.Store, numbers: dict[str, int], parties: Parties) -> None:
    values: dict[tuple[str, str], int] = {}
    _link(index, values, _periods(index, data))
    for facet, path, predicate in ((facet, *end) for facet, ends in _ENDS.items() for end in ends):
        found = [each for each in parties.meant(path, predicate) if each.document in numbers]
        _link(index, values, ((numbers[each.document], _Value(facet, each.thing, each.label)) for each in found))
    for facet, query in _QUERIES.items():
        rows = _ask(data, query)
        _link(index, values, ((numbers[d], _Value(facet, k, n or "")) for d, k, n in rows if k and d in numbers))
    index.execute(
        "UPDATE document SET kind = (SELECT key FROM value JOIN facet ON facet.value = value.id"
        " WHERE facet.document = document.id AND value.facet = 'kind')"
    )


def _periods(index: sqlite3.Connection, data: ox.Store) -> Iterable[tuple[int, _Value]]:
    """A document's year, where it is dated so far, and the year can be meant."""
    doubtful = {document for (document,) in _ask(data, _NOT_MEANT)}
    rows = index.execute("SELECT id, iri, substr(day, 1, 4) FROM document WHERE day GLOB '[0-9][0-9][0-9][0-9]*'")
    return [(number, _Value("period", year, year)) for number, iri, year in rows if iri not in doubtful]


def _link(index: sqlite3.Connection, values: dict[tuple[str, str], int], rows: Iterable[tuple[int, _Value]]) -> None:
    for document, value in rows:
        number = values.get((value.facet, value.key))
        if number is None:
            number = values[value.facet, value.key] = len(values) + 1
            row = (number, value.facet, value.key, value.label)
            index.execute("INSERT INTO value (id, facet, key, label) VALUES (?, ?, ?, ?)", row)
        index.execute("INSERT OR IGNORE INTO facet (value, document) VALUES (?, ?)", (number, document))


def _places(index: sqlite3.Connection, data: ox.Store) -> None:
    """Coordinates of the place of sending, where there is one."""
    for place, latitude, longitude in _ask(data, _COORDINATES):
        index.execute(
            "UPDATE document SET latitude = ?, longitude = ? WHERE id IN (SELECT document FROM facet JOIN value"
            " ON value.id = facet.value WHERE value.facet = 'place' AND value.key = ?)",
            (float(latitude or 0), float(longitude or 0), place),
        )


def _meanings(index: sqlite3.Connection, parties: Parties) -> None:
    """Whom the persons of volumes are inferred to be, where a party states one and an inference tells another."""
    for facet, path in (("sender", SENDER), ("recipient", RECIPIENT)):
        rows = parties.others(path, "dgm:person")
        index.executemany("INSERT INTO meant VALUES (?, ?, ?, ?, ?, ?)", [(facet, *row) for row in rows])


def _natural(text: str | None) -> tuple[str | tuple[int, str], ...]:
    """A sort key that puts d9 before d10."""
    parts = _DIGITS.split(text or "")
    return tuple((int(part), part) if number % 2 else part for number, part in enumerate(parts))
