"""What things are called, and the words of these names by their spelling, written beside the text index.

name        one row a name and kind: persons, offices, states, places, missions, files, volumes; of things of one
            name that which most documents have or mention
word        one row a word of a name, its case and accents folded; how many names have it
spelling    the three-letter groups of each word, its beginning and end among them: what a misspelt one shares
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from kg.vocabulary import DGM

Ask = Callable[[str], Iterator[tuple[str | None, ...]]]
"""Gives the rows of a query over all graphs."""

SCHEMA: Final = """
CREATE VIRTUAL TABLE name USING fts5(
  label, key UNINDEXED, kind UNINDEXED, documents UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, names INTEGER NOT NULL);
CREATE VIRTUAL TABLE spelling USING fts5(word, content = '', tokenize = 'trigram');
"""
KINDS: Final = {
    "person": DGM.Person,
    "office": DGM.Office,
    "state": DGM.State,
    "place": DGM.Place,
    "mission": DGM.Mission,
    "file": DGM.FileUnit,
    "volume": DGM.Volume,
}
_LABELS = "SELECT DISTINCT ?thing ?label { ?thing a <%s> ; rdfs:label ?label }"
# A volume is asked for by its identifier more often than by its title.
_IDENTIFIERS = "SELECT DISTINCT ?thing ?label { ?thing a <%s> ; dcterms:identifier ?label }"
_DOCUMENTS = """
SELECT key, MAX(number) FROM (
  SELECT key, total AS number FROM value
  UNION ALL SELECT thing, COUNT(DISTINCT document) FROM mention GROUP BY thing)
GROUP BY key
"""
_WORD = re.compile(r"\w+")
_SHORTEST: Final = 3


def folded(text: str) -> str:
    """In small letters and without accents."""
    marks = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text that can be told from others by their spelling, folded."""
    return [word for word in _WORD.findall(folded(text)) if len(word) >= _SHORTEST and not word.isdigit()]


def trigrams(word: str) -> list[str]:
    """The three-letter groups of a word between two spaces, which stand for its beginning and its end."""
    padded = f" {word} "
    return list(dict.fromkeys(padded[start : start + 3] for start in range(len(padded) - 2)))


def write(index: sqlite3.Connection, ask: Ask) -> None:
    """Fill the tables of SCHEMA, after `value` and `mention`."""
    documents: dict[str, int] = dict(index.execute(_DOCUMENTS))
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    queries = [*((kind, _LABELS % type_) for kind, type_ in KINDS.items()), ("volume", _IDENTIFIERS % DGM.Volume)]
    for kind, query in queries:
        for thing, label in ask(query):
            if thing and label:
                # Of two with as many documents that with the shorter name: a register's rather than a volume's.
                place = (-documents.get(thing, 0), len(thing), thing)
                best[kind, label] = min(best.get((kind, label), place), place)
    counts = Counter[str]()
    for (kind, label), (number, _, thing) in sorted(best.items()):
        index.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (label, thing, kind, -number))
        counts.update(set(words_of(label)))
    for number, (word, names) in enumerate(sorted(counts.items()), 1):
        index.execute("INSERT INTO word VALUES (?, ?, ?)", (number, word, names))
        index.execute("INSERT INTO spelling (rowid, word) VALUES (?, ?)", (number, f" {word} "))
