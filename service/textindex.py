"""The text index of the snapshot, asked: words and facets in, counted pages of documents out.

Words are matched in all their forms (Porter's stemmer), accents and case folded; a phrase in quotes keeps its
order, `-word` and `NOT word` exclude, `word*` takes all endings, `OR` stands between alternatives, `AND` between words.
Of one facet any value will do, of different facets all must hold.  `kg.textindex` describes the file.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.filecodes import decode

FACETS: Final = ("period", "sender", "recipient", "place", "office", "kind", "class", "file", "volume")
SORTS: Final = ("relevance", "date", "volume")
SECONDS: Final = 5.0
_STEPS = 20_000
_VARIABLES = 500
_MONTH = re.compile(r"\d{4}-\d\d")
_MARKS: Final = ("\ue000", "\ue001")
"""Around the words that were found in a snippet: two characters that no published text has."""
_TOKEN = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
_WORD = re.compile(r"\w+")
_FOUND = "SELECT document.* FROM hit JOIN document USING (id) ORDER BY"
_ROWS: Final = {
    "relevance": f"{_FOUND} rank, id",
    "date": f"{_FOUND} day IS NULL OR day < '0', day, id",
    "volume": f"{_FOUND} id",
}
_SNIPPETS: Final = (
    "SELECT rowid, snippet(text, -1, ?, ?, ' … ', 32) FROM text WHERE text MATCH ? AND +rowid IN ($documents)"
)
_WITH_VALUE = (
    "document.id IN (SELECT document FROM facet JOIN value ON value.id = facet.value"
    " WHERE value.facet = ? AND value.key IN ($keys))"
)
_NAMED: Final = "SELECT * FROM document WHERE iri IN ($iris)"
_NUMBERED: Final = "SELECT * FROM document WHERE id = ? AND volume IS ?"
# Files are called by number and subject, persons by given name and surname, volumes by their title or key.
_CALLED: Final = (
    "SELECT facet, key, label, MAX(total) AS total FROM value"
    " WHERE facet IN ('sender', 'recipient', 'place', 'office', 'file', 'volume') AND (label = ? COLLATE NOCASE"
    r" OR label LIKE ? ESCAPE '\' OR label LIKE ? ESCAPE '\' OR label LIKE ? ESCAPE '\' OR key LIKE ? ESCAPE '\')"
    " GROUP BY key ORDER BY total DESC, key LIMIT 5"
)
_IDENTIFIED: Final = (
    "SELECT 'document' AS facet, iri AS key, COALESCE(title, identifier) AS label, 1 AS total FROM document"
    " WHERE identifier = ? COLLATE NOCASE"
)
_MENTIONS: Final = (
    "SELECT document.*, SUM(number * stated) AS stated, SUM(number * (1 - stated)) AS inferred"
    " FROM mention JOIN document ON document.id = mention.document WHERE thing = ? GROUP BY document.id"
    " ORDER BY document.id LIMIT ? OFFSET ?"
)
_VALUES = (
    "SELECT value.facet, value.key, value.label, COUNT(*) AS number FROM hit"
    " JOIN facet ON facet.document = hit.id JOIN value ON value.id = facet.value GROUP BY value.id"
)
_MEANINGS = (
    "SELECT meant.facet, printed, value.label AS name, person, meant.label, certain, documents, total FROM meant"
    " JOIN value ON value.facet = meant.facet AND value.key = printed"
    " WHERE EXISTS (SELECT 1 FROM facet JOIN hit ON hit.id = facet.document WHERE facet.value = value.id)"
    " ORDER BY certain DESC, documents DESC, person"
)


LONGEST, MOST_TERMS, _SHORTEST = 500, 20, 2
"""How many characters and different terms a search has at most, and letters a beginning at least: common words in any
number, and all words with one letter, take seconds."""


class SearchTimeout(Exception):
    """The index took longer than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is asked: words as typed; values of facets (keys of the index); days from and to, both included."""

    words: str = ""
    facets: tuple[tuple[str, str], ...] = ()
    after: str = ""
    before: str = ""
    sort: str = "relevance"

    def __bool__(self) -> bool:
        return bool(any(terms(self.words)) or self.facets or self.after or self.before)


@dataclass(frozen=True, slots=True)
class Found:
    """A document in a list: `snippet` is text and found words in turn, [(text, found), ...]."""

    row: dict[str, Any]
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet and how many of the documents found have it."""

    key: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whom a person of a volume is inferred to be, in `documents` of the `total` that have it as `facet`.

    `printed` and `person` are IRIs, `name` and `label` what they are called.
    """

    facet: str
    printed: str
    name: str
    person: str
    label: str
    certain: bool
    documents: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether all its documents are by, or to, that person for certain."""
        return self.certain and self.documents == self.total


@dataclass(frozen=True, slots=True)
class Result:
    """One page of what was found.  `total` counts all found, `documents` all there are."""

    total: int
    documents: int
    found: tuple[Found, ...]
    facets: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    meanings: tuple[Meaning, ...] = ()


def terms(words: str) -> tuple[list[list[str]], list[str]]:
    """(wanted, excluded) of what was typed: of each of `wanted` one must occur, of `excluded` none.

    A term is a word or a phrase; one that ends in "*" stands for all words that begin so.
    """
    wanted, excluded, operator = list[list[str]](), list[str](), ""
    tokens = _TOKEN.findall(words)
    for number, (sign, phrase, minus, word) in enumerate(tokens, 1):
        if (word in ("OR", "AND") and wanted) or (word == "NOT" and number < len(tokens)):
            operator = word
            continue
        parts = _WORD.findall(phrase or word)
        if not parts:
            continue
        term = " ".join(parts) + ("*" if word.endswith("*") else "")
        if sign or minus or operator == "NOT":
            excluded.append(term)
        elif operator == "OR":
            wanted[-1].append(term)
        else:
            wanted.append([term])
        operator = ""
    groups = dict.fromkeys(tuple(dict.fromkeys(group)) for group in wanted)
    return [list(group) for group in groups], list(dict.fromkeys(excluded))


def too_much(words: str) -> str:
    """What of the words would be more than a search may ask, and what to do about it; "" for most of them."""
    if len(words) > LONGEST:
        return f"the words have {len(words):,} characters; a search has at most {LONGEST}"
    wanted, excluded = terms(words)
    every = [*(term for group in wanted for term in group), *excluded]
    if len(every) > MOST_TERMS:
        return f"there are {len(every)} words and phrases; a search has at most {MOST_TERMS} different ones"
    short = next((term for term in every if term.endswith("*") and len(term.split()[-1]) <= _SHORTEST), None)
    return (
        f"“{short}” would be nearly every word; a beginning has at least {_SHORTEST} letters before the *"
        if short
        else ""
    )


def match(words: str) -> str:
    """The words as an FTS5 expression, every word quoted; "" if there is none.  Exclusions alone match nothing."""
    wanted, excluded = terms(words)
    if not wanted:
        return ""
    kept = " AND ".join(_one_of(group) for group in wanted)
    return f"({kept}) NOT {_one_of(excluded, always=True)}" if excluded else kept


def _one_of(group: Sequence[str], *, always: bool = False) -> str:
    quoted = [f'"{term.rstrip("*")}"' + ("*" if term.endswith("*") else "") for term in group]
    return f"({' OR '.join(quoted)})" if always or len(quoted) > 1 else quoted[0]


class TextIndex:
    """The file of one snapshot.  Each question opens it anew, so that threads share nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def search(self, asked: Search, page: int, size: int) -> Result:
        """Page `page` (from 1) of `size` documents, with counts.  Raises SearchTimeout."""
        with self._found(asked) as index:
            total, documents = index.execute(
                "SELECT (SELECT COUNT(*) FROM hit), (SELECT COUNT(*) FROM document)"
            ).fetchone()
            rows = index.execute(f"{_ROWS[_order(asked)]} LIMIT ? OFFSET ?", (size, (page - 1) * size)).fetchall()
            snippets = _snippets(index, match(asked.words), [row["id"] for row in rows])
            found = tuple(Found(dict(row), snippets.get(row["id"], ())) for row in rows)
            return Result(total, documents, found, _facets(index), _meanings(index))

    def rows(self, asked: Search) -> list[dict[str, Any]]:
        """Every document found, in order, without snippets.  Raises SearchTimeout."""
        with self._found(asked) as index:
            return [dict(row) for row in index.execute(_ROWS[_order(asked)])]

    def count(self, asked: Search) -> int:
        """How many documents are found.  Raises SearchTimeout."""
        with self._found(asked) as index:
            number: int = index.execute("SELECT COUNT(*) FROM hit").fetchone()[0]
            return number

    def documents(self, iris: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The rows of these documents, as far as there are any."""
        found: dict[str, dict[str, Any]] = {}
        with self.opened() as index:
            for start in range(0, len(iris), _VARIABLES):
                part = iris[start : start + _VARIABLES]
                rows = index.execute(_NAMED.replace("$iris", ", ".join("?" * len(part))), part)
                found.update((row["iri"], dict(row)) for row in rows)
        return found

    def beside(self, iri: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The documents before and after one in its volume."""
        with self.opened() as index:
            row = index.execute("SELECT id, volume FROM document WHERE iri = ?", (iri,)).fetchone()
            if row is None:
                return None, None
            near = [index.execute(_NUMBERED, (row["id"] + step, row["volume"])) for step in (-1, 1)]
            before, after = (dict(found) if (found := rows.fetchone()) else None for rows in near)
            return before, after

    def mentions(self, iri: str, page: int, size: int) -> tuple[int, list[dict[str, Any]]]:
        """How many documents name a thing, and page `page` (from 1, else the last) of them, in order.

        Each row has how many mentions of it are `stated` and how many `inferred`.  Raises SearchTimeout.
        """
        with self.opened() as index:
            counted = index.execute("SELECT COUNT(DISTINCT document) FROM mention WHERE thing = ?", (iri,))
            total: int = counted.fetchone()[0]
            before = size * (min(page, max(1, -(-total // size))) - 1)
            return total, [dict(row) for row in index.execute(_MENTIONS, (iri, size, before))]

    def label(self, facet: str, key: str) -> str | None:
        """What a value is called, None if no document has it."""
        with self.opened() as index:
            row = index.execute("SELECT label FROM value WHERE facet = ? AND key = ?", (facet, key)).fetchone()
            return row["label"] if row else None

    def named(self, words: str) -> list[dict[str, Any]]:
        """Things that are called what was asked, or have it as surname or number: rows of facet, key, label, total.

        Of a file number the file ("761.94/1440" leads to 761.94); of an identifier, with a space for its slash or
        not, the document.
        """
        plain = words.strip().strip('"')
        if not plain:
            return []
        reading = decode(plain, None)
        file = reading.unit if reading.scheme else plain
        escaped, unit = (re.sub(r"([\\%_])", r"\\\1", name) for name in (plain, file))
        with self.opened() as index:
            patterns = (plain, f"{escaped}:%", f"{escaped},%", f"% {escaped}", f"%/{unit}")
            found = [*index.execute(_IDENTIFIED, ("/".join(plain.split()),)), *index.execute(_CALLED, patterns)]
            return [dict(row) for row in found]

    @contextmanager
    def _found(self, asked: Search) -> Iterator[sqlite3.Connection]:
        """The index with a table `hit` (id, rank) of the documents found."""
        with self.opened() as index:
            condition, values = _condition(asked)
            index.execute("PRAGMA temp_store = MEMORY")
            index.execute("CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY, rank REAL)")
            index.execute(f"INSERT INTO hit {condition}", values)
            yield index

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        deadline = time.monotonic() + SECONDS
        with closing(sqlite3.connect(uri, uri=True)) as index:
            index.row_factory = sqlite3.Row
            index.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            try:
                yield index
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise SearchTimeout(f"the search was stopped at its limit of {SECONDS:g} seconds") from None
                raise


def _condition(asked: Search) -> tuple[str, list[str]]:
    """SELECT of (id, rank) and its parameters; nothing that was asked stands in its text."""
    conditions, values = list[str](), list[str]()
    select = "SELECT document.id, 0 FROM document"
    if words := match(asked.words):
        select = "SELECT document.id, bm25(text, 4.0, 1.0, 1.0) FROM text JOIN document ON document.id = text.rowid"
        conditions.append("text MATCH ?")
        values.append(words)
    elif excluded := terms(asked.words)[1]:
        # The engine has no expression of an exclusion alone.
        conditions.append("document.id NOT IN (SELECT rowid FROM text WHERE text MATCH ?)")
        values.append(_one_of(excluded))
    for facet in dict.fromkeys(facet for facet, _ in asked.facets):
        keys = [key for name, key in asked.facets if name == facet]
        conditions.append(_WITH_VALUE.replace("$keys", ", ".join("?" * len(keys))))
        values += [facet, *keys]
    if asked.after:
        conditions.append("document.day >= ?")
        values.append(asked.after)
    if asked.before:
        # A day, a month or a year is included to its end: no date goes on with a character after "~".  A day without
        # a year ("--04-09") is not before any.
        conditions.append("document.day BETWEEN '0' AND ?")
        values.append(asked.before + "~")
    return f"{select} WHERE {' AND '.join(conditions) or '1'}", values


def _order(asked: Search) -> str:
    return "volume" if asked.sort == "relevance" and not match(asked.words) else asked.sort


def _snippets(
    index: sqlite3.Connection, words: str, documents: Sequence[int]
) -> dict[int, tuple[tuple[str, bool], ...]]:
    """Of each of these documents where the words stand.

    The plus keeps SQLite from asking for the words anew for each document, which takes seconds for what begins so.
    """
    if not words:
        return {}
    query = _SNIPPETS.replace("$documents", ", ".join("?" * len(documents)))
    return {number: _pieces(text or "") for number, text in index.execute(query, (*_MARKS, words, *documents))}


def _pieces(text: str) -> tuple[tuple[str, bool], ...]:
    pieces = list[tuple[str, bool]]()
    for part in text.split(_MARKS[0]):
        inside, mark, outside = part.partition(_MARKS[1])
        pieces += [(inside, True), (outside, False)] if mark else [(part, False)]
    return tuple(piece for piece in pieces if piece[0])


def _facets(index: sqlite3.Connection) -> dict[str, tuple[Value, ...]]:
    """The values that the documents found have, the most frequent first; periods in their order."""
    found: dict[str, list[Value]] = {facet: [] for facet in FACETS}
    for row in index.execute(_VALUES):
        found[row["facet"]].append(Value(row["key"], row["label"], row["number"]))
    return {facet: tuple(sorted(rows, key=_place(facet))) for facet, rows in found.items() if rows}


def _meanings(index: sqlite3.Connection) -> tuple[Meaning, ...]:
    """Of the names as printed that documents found have."""
    return tuple(Meaning(**{**dict(row), "certain": bool(row["certain"])}) for row in index.execute(_MEANINGS))


def _place(facet: str) -> Callable[[Value], tuple[int, str]]:
    return (lambda value: (0, value.key)) if facet == "period" else (lambda value: (-value.number, value.label))


def by_month(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many of the documents are of each month, in order; what has no year and month is left out."""
    counts: dict[str, int] = {}
    # A day whose year no source tells begins with a hyphen (xsd:gMonthDay).
    for month in sorted(row["day"][:7] for row in rows if row["day"] and _MONTH.match(row["day"])):
        counts[month] = counts.get(month, 0) + 1
    return counts


def points(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, float, float, int]]:
    """Places of sending with coordinates: (name, latitude, longitude, documents), the most frequent first."""
    places: dict[tuple[float, float], Counter[str]] = {}
    for row in rows:
        if row["latitude"] is not None:
            places.setdefault((row["latitude"], row["longitude"]), Counter())[row["place"] or ""] += 1
    found = [(names.most_common(1)[0][0], *spot, names.total()) for spot, names in places.items()]
    return sorted(found, key=lambda point: (-point[3], point[0]))
