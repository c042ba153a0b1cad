"""Names of things by words that may be misspelt: the words of names that are spelt nearly so, and what bears them.

Each look-up reads a bounded number of rows, whatever the index holds.  `kg.names` describes the tables.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.names import folded, trigrams, words_of
from service.textindex import TextIndex

_WORDS: Final = 6
"""How many words of what was asked are looked at."""
_LIKELY: Final = 200
_NEAREST: Final = 4
_NEAR: Final = 0.7
"""How alike two words are at least: one letter of four may be wrong, two of seven."""
_OTHER_BEGINNING: Final = 0.95
_LONGEST: Final = 40
_MORE_WORDS: Final = 0.02
_SPELT = (
    "SELECT word.word, names FROM (SELECT rowid FROM spelling WHERE spelling MATCH ? ORDER BY rank LIMIT ?) AS likely"
    " JOIN word ON word.id = likely.rowid"
)
_CALLED = (
    "SELECT label, key, kind, documents FROM name WHERE name MATCH ? AND (? = '' OR kind = ?)"
    " ORDER BY documents DESC, rank LIMIT ?"
)
_PRINTED = "SELECT 1 FROM text WHERE text MATCH ? LIMIT 1"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Named:
    """A thing and the name it bears; `documents` have it or mention it."""

    label: str
    key: str
    kind: str
    documents: int


class Names:
    """The names of one snapshot's things."""

    def __init__(self, path: Path) -> None:
        self._index = TextIndex(path)

    def like(self, text: str, most: int, kind: str = "") -> list[Named]:
        """What is called nearly so, the most alike first, of one kind if one is told.  Raises SearchTimeout."""
        asked = list(dict.fromkeys(_short_enough(text)))[:_WORDS]
        with self._index.opened() as index:
            if not asked:
                return []
            groups = [_nearest(index, word) for word in asked]
            # A word that no name has nearly may be none of the name's.
            wanted = " AND ".join(f"({' OR '.join(_quoted(word) for word in group)})" for group in groups if group)
            rows = index.execute(_CALLED, (wanted, kind, kind, _LIKELY)).fetchall() if wanted else []
        named = [Named(**dict(row)) for row in rows]
        return sorted(named, key=lambda one: (-_likeness(asked, words_of(one.label)), -one.documents, one.key))[:most]

    def corrected(self, text: str) -> str:
        """What was typed, each word that no document has replaced by the nearest word of a name, if there is one; ""
        if nothing is replaced.  Raises SearchTimeout."""
        with self._index.opened() as index:
            typed = dict.fromkeys(_short_enough(text))
            absent = [word for word in typed if not index.execute(_PRINTED, (_quoted(word),)).fetchone()]
            nearest = {word: near[0] for word in absent[:_WORDS] if (near := _nearest(index, word))}
        changed = _WORD.sub(lambda match: _as_typed(match[0], nearest.get(folded(match[0]))), text)
        return changed if changed != text else ""


def _short_enough(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) <= _LONGEST]


def _as_typed(word: str, other: str | None) -> str:
    return word if other is None else other.capitalize() if word[0].isupper() else other


def _nearest(index: sqlite3.Connection, word: str) -> list[str]:
    """Words of names that are spelt so, or nearly so, the nearest first."""
    groups = " OR ".join(_quoted(group) for group in trigrams(word))
    likely: dict[str, int] = dict(index.execute(_SPELT, (groups, _LIKELY)).fetchall())
    if word in likely:
        return [word]
    found = [(-alike, -names, other) for other, names in likely.items() if (alike := _alike(word, other)) >= _NEAR]
    return [other for _, _, other in sorted(found)[:_NEAREST]]


def _alike(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1: the letters that need no mending.  A first letter is seldom wrong."""
    longer = max(len(one), len(other))
    if abs(len(one) - len(other)) > longer * (1 - _NEAR):
        return 0.0
    return (1 - _slips(one, other) / longer) * (1 if one[0] == other[0] else _OTHER_BEGINNING)


def _slips(one: str, other: str) -> int:
    """Letters that are wrong, missing or too many, and neighbours that are exchanged (optimal string alignment)."""
    before, above = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, above = above, row
    return above[-1]


def _likeness(asked: Sequence[str], words: Sequence[str]) -> float:
    """How alike two names are, from 0 to 1: as wholes, in whatever order their words stand, or nearly as much if the
    other has all the words."""
    whole = difflib.SequenceMatcher(None, " ".join(sorted(asked)), " ".join(sorted(words))).ratio()
    each = sum(max((_alike(one, other) for other in words), default=0) for one in asked) / len(asked)
    return max(whole, each - _MORE_WORDS)


def _quoted(word: str) -> str:
    """As a phrase of FTS5.  Words are of letters and digits, their groups of these and spaces."""
    return f'"{word}"'
