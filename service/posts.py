"""The letters between posts, asked: pairs, days on the way, and threads.  `kg.correspondence` describes the tables.

Days on the way are whole calendar days from the day of sending to that of receiving, each as its place counts it.
Where both ends tell the time, `hours` are those between the two clocks: no source tells by how much these differ, so
that hours of far places may be half a day off.  A letter received before it was sent has a negative number, which is
shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from kg.vocabulary import DGM
from service.textindex import TextIndex

UNITS: Final = ("office", "state", "place")
_DAY, _HOUR = "____-__-__%", "____-__-__T__:__%"
_LETTERS = """
SELECT document.*, one.key AS from_key, one.label AS from_label, two.key AS to_key, two.label AS to_label, stated,
  CASE WHEN sent LIKE :day AND received LIKE :day
    THEN CAST(julianday(substr(received, 1, 10)) - julianday(substr(sent, 1, 10)) AS INTEGER) END AS days,
  CASE WHEN sent LIKE :hour AND received LIKE :hour
    THEN ROUND((julianday(substr(received, 1, 16)) - julianday(substr(sent, 1, 16))) * 24, 1) END AS hours
FROM letter JOIN document ON document.id = letter.document
JOIN post AS one ON one.id = letter.sender JOIN post AS two ON two.id = letter.recipient
WHERE letter.unit = :unit AND (:sender = '' OR one.key = :sender) AND (:recipient = '' OR two.key = :recipient)
  AND (:post = '' OR :post IN (one.key, two.key))
  AND (:after = '' OR sent >= :after) AND (:before = '' OR sent <= :before || '~' AND sent >= '0')
ORDER BY document.id, one.key, two.key
"""
_PERIOD = """
SELECT COUNT(*) FROM document
WHERE (:after = '' OR sent >= :after) AND (:before = '' OR sent <= :before || '~' AND sent >= '0')
"""
_THREADS = """
SELECT reach.*, document.iri, document.title
FROM (SELECT thread.id, thread.documents, thread.longest, MIN(sent) AS first, MAX(sent) AS last,
    MIN(document.id) AS start
  FROM thread JOIN member ON member.thread = thread.id JOIN document ON document.id = member.document
  GROUP BY thread.id) AS reach
JOIN document ON document.id = reach.start
WHERE (:after = '' OR last >= :after) AND (:before = '' OR first <= :before || '~')
ORDER BY {order}, reach.id
"""
ORDERS: Final = {"longest": "longest DESC, documents DESC", "latest": "last DESC"}
_MEMBERS = """
SELECT document.* FROM member JOIN document ON document.id = member.document
WHERE thread = (SELECT thread FROM member JOIN document ON document.id = member.document WHERE iri = ?)
ORDER BY sent IS NULL, sent, document.id
"""
_ANSWERS = """
SELECT answer.* FROM answer JOIN member USING (document)
WHERE thread = (SELECT thread FROM member WHERE document = ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which letters: the unit of posts; IRIs of sender, recipient, or of either; days, both included."""

    unit: str = "office"
    sender: str = ""
    recipient: str = ""
    post: str = ""
    after: str = ""
    before: str = ""

    def values(self) -> dict[str, str]:
        names = ("unit", "sender", "recipient", "post", "after", "before")
        return {"day": _DAY, "hour": _HOUR, **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Days or hours on the way of some letters: how many, least, quartiles and most."""

    number: int
    least: float
    lower: float
    median: float
    upper: float
    most: float

    @classmethod
    def of(cls, days: Sequence[float]) -> Spread:
        """Quartiles are those between which the values lie ("inclusive"); of one value all are that value."""
        lower, median, upper = quantiles(days, n=4, method="inclusive") if len(days) > 1 else (days[0],) * 3
        return cls(number=len(days), least=min(days), lower=lower, median=median, upper=upper, most=max(days))

    def unusual(self, days: int) -> bool:
        """Before it was sent, or further from the quartiles than three times their distance, and than a week."""
        room = max(3 * (self.upper - self.lower), 7)
        return days < 0 or not self.lower - room <= days <= self.upper + room


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """In a thread: `document` answers `answers`, both by number, with what certainty."""

    document: int
    answers: int
    certainty: str


class Posts:
    """The tables of one snapshot's index."""

    def __init__(self, path: Path) -> None:
        self._index = TextIndex(path)

    def letters(self, asked: Question) -> list[dict[str, Any]]:
        """A row a document and pair of posts.  Raises SearchTimeout."""
        return self._rows(_LETTERS, asked.values())

    def documents(self, asked: Question) -> int:
        """How many documents there are in the time asked for, whoever wrote them."""
        with self._index.opened() as index:
            number: int = index.execute(_PERIOD, asked.values()).fetchone()[0]
            return number

    def threads(self, asked: Question, order: str) -> list[dict[str, Any]]:
        """The threads that reach into the time asked for, in one of ORDERS.  Raises SearchTimeout."""
        return self._rows(_THREADS.format(order=ORDERS[order]), asked.values())

    def thread(self, iri: str) -> tuple[list[dict[str, Any]], list[Answered]]:
        """The documents of the thread of a document by day, and who answers whom; none if it is in no thread."""
        with self._index.opened() as index:
            rows = [dict(row) for row in index.execute(_MEMBERS, (iri,))]
            found = index.execute(_ANSWERS, (rows[0]["id"],)) if rows else ()
            return rows, [Answered(**dict(row)) for row in found]

    def label(self, key: str) -> str:
        """What a post is called; "" for what is none."""
        rows = self._rows("SELECT label FROM post WHERE key = :key LIMIT 1", {"key": key})
        return rows[0]["label"] if rows else ""

    def _rows(self, query: str, values: dict[str, str]) -> list[dict[str, Any]]:
        with self._index.opened() as index:
            return [dict(row) for row in index.execute(query, values)]


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The letters of one pair of posts: IRIs, names, how many, of which both posts are stated, days on the way."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    letters: int
    stated: int
    spread: Spread | None


def pairs_of(letters: Sequence[dict[str, Any]]) -> list[Between]:
    """The pairs of posts, those with most letters first."""
    found: dict[Pair, list[dict[str, Any]]] = defaultdict(list)
    for row in letters:
        found[row["from_key"], row["to_key"]].append(row)
    pairs = [
        Between(
            sender=one,
            sender_name=rows[0]["from_label"],
            recipient=two,
            recipient_name=rows[0]["to_label"],
            letters=len(rows),
            stated=sum(row["stated"] for row in rows),
            spread=Spread.of(days) if (days := days_of(rows)) else None,
        )
        for (one, two), rows in found.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.letters, pair.sender, pair.recipient))


def days_of(letters: Sequence[dict[str, Any]]) -> list[int]:
    return [row["days"] for row in letters if row["days"] is not None]


def by_wire(letters: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Telegrams, and those that are not said to be telegrams."""
    wired = [row for row in letters if row["kind"] == DGM.telegram]
    return wired, [row for row in letters if row["kind"] != DGM.telegram]


def hours_of(letters: Sequence[dict[str, Any]]) -> Spread | None:
    """Hours between the two clocks, of the letters that tell both."""
    hours = [row["hours"] for row in letters if row["hours"] is not None]
    return Spread.of(hours) if hours else None


def years_of(letters: Sequence[dict[str, Any]]) -> dict[str, Spread]:
    """Days on the way by year of sending."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in letters:
        if row["days"] is not None:
            found[row["sent"][:4]].append(row["days"])
    return {year: Spread.of(days) for year, days in sorted(found.items())}


def unusual(letters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Letters received before they were sent, then those that took unusually short or long for their pair."""
    spreads = {(pair.sender, pair.recipient): pair.spread for pair in pairs_of(letters)}
    found = []
    for row in letters:
        spread = spreads[row["from_key"], row["to_key"]]
        if row["days"] is not None and spread and spread.unusual(row["days"]):
            found.append(row)
    return sorted(found, key=lambda row: (row["days"] >= 0, -abs(row["days"]), row["id"]))
