"""Who writes to whom, and who answers whom, written beside the text index at publication.

    post      one row a post: an office, a state, or a city of sending
    letter    one row a document and pair of posts; `stated` is 1 if the source states both, 0 if one is inferred
    answer    which document answers which, with the certainty of the inference
    thread    one row a thread: documents that answers join; how many there are, and its longest chain of answers
    member    which document is of which thread

Offices are stated, or inferred with certainty; a post that is only probable is left out.  Where a paper was received
no source tells, so a city of sending is paired with the office of the recipient.  The state of an office is the one
that it is sent to, else its own.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from kg.parties import RECIPIENT, SENDER, SENDING, Ask, Parties

# IRI of a post → (label, stated)
_Posts = dict[str, tuple[str, bool]]
_Side = dict[int, _Posts]

SCHEMA: Final = """
CREATE TABLE post (id INTEGER PRIMARY KEY, unit TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
  UNIQUE (unit, key));
CREATE TABLE letter (unit TEXT NOT NULL, sender INTEGER NOT NULL, recipient INTEGER NOT NULL,
  document INTEGER NOT NULL, stated INTEGER NOT NULL, PRIMARY KEY (unit, sender, recipient, document)) WITHOUT ROWID;
CREATE TABLE answer (document INTEGER NOT NULL, answers INTEGER NOT NULL, certainty TEXT NOT NULL,
  PRIMARY KEY (document, answers)) WITHOUT ROWID;
CREATE TABLE thread (id INTEGER PRIMARY KEY, documents INTEGER NOT NULL, longest INTEGER NOT NULL);
CREATE TABLE member (thread INTEGER NOT NULL, document INTEGER NOT NULL UNIQUE, PRIMARY KEY (thread, document))
  WITHOUT ROWID;
"""
_STATES = """
SELECT ?office (SAMPLE(?s) AS ?state) (SAMPLE(?l) AS ?label) {
  ?office a dgm:Office ; dgm:sendingState ?home . OPTIONAL { ?office dgm:receivingState ?abroad }
  BIND(COALESCE(?abroad, ?home) AS ?s) ?s rdfs:label ?l } GROUP BY ?office ORDER BY ?office
"""
_ANSWERS = """
SELECT ?document ?answered ?certainty { ?inference rdf:predicate dgm:answers ; rdf:subject ?document ;
  rdf:object ?answered ; dgm:certainty ?certainty } ORDER BY ?document ?answered
"""


def write(index: sqlite3.Connection, ask: Ask, numbers: Mapping[str, int], parties: Parties) -> None:
    """Fill the tables of SCHEMA; `numbers` has the number of each document by its IRI."""
    senders = _side(parties, numbers, SENDER, "dgm:office")
    recipients = _side(parties, numbers, RECIPIENT, "dgm:office")
    states = {office: (state or "", label or "") for office, state, label in ask(_STATES) if office}
    posts: dict[tuple[str, str], int] = {}
    _letters(index, posts, "office", senders, "office", recipients)
    _letters(index, posts, "state", _states(senders, states), "state", _states(recipients, states))
    places = _side(parties, numbers, SENDING, "dgm:place")
    _letters(index, posts, "place", places, "office", recipients)
    _threads(index, ask, numbers)


def _side(parties: Parties, numbers: Mapping[str, int], path: str, predicate: str) -> _Side:
    """The posts of one side of each document; what is stated goes before what is inferred."""
    found: _Side = defaultdict(dict)
    for meant in parties.meant(path, predicate):
        if meant.document in numbers:
            found[numbers[meant.document]].setdefault(meant.thing, (meant.label, meant.stated))
    return found


def _states(side: _Side, states: Mapping[str, tuple[str, str]]) -> _Side:
    """The states of the offices; a state is as well known as the office is."""
    found: _Side = {}
    for document, posts in side.items():
        for office, (_, stated) in posts.items():
            if office in states:
                state, label = states[office]
                known = found.setdefault(document, {})
                known[state] = (label, stated or known.get(state, ("", False))[1])
    return found


def _letters(
    index: sqlite3.Connection, posts: dict[tuple[str, str], int], unit: str, senders: _Side, to: str, recipients: _Side
) -> None:
    """Rows of `letter` for one unit; its senders are posts of that kind, its recipients of the kind `to`."""
    for document, one in sorted(senders.items()):
        for sender, (sender_label, sender_stated) in one.items():
            for recipient, (label, stated) in recipients.get(document, {}).items():
                pair = (_post(index, posts, unit, sender, sender_label), _post(index, posts, to, recipient, label))
                row = (unit, *pair, document, sender_stated and stated)
                index.execute("INSERT INTO letter VALUES (?, ?, ?, ?, ?)", row)


def _post(index: sqlite3.Connection, posts: dict[tuple[str, str], int], unit: str, key: str, label: str) -> int:
    if (unit, key) not in posts:
        posts[unit, key] = len(posts) + 1
        index.execute("INSERT INTO post VALUES (?, ?, ?, ?)", (posts[unit, key], unit, key, label))
    return posts[unit, key]


def _threads(index: sqlite3.Connection, ask: Ask, numbers: Mapping[str, int]) -> None:
    answers = list[tuple[int, int]]()
    for document, answered, certainty in ask(_ANSWERS):
        pair = (numbers.get(document or "", 0), numbers.get(answered or "", 0))
        if all(pair) and pair[0] != pair[1]:
            answers.append(pair)
            sure = (certainty or "").rpartition("#")[2]
            index.execute("INSERT OR IGNORE INTO answer VALUES (?, ?, ?)", (*pair, sure))
    for number, (documents, longest) in enumerate(threads(answers), 1):
        index.execute("INSERT INTO thread VALUES (?, ?, ?)", (number, len(documents), longest))
        index.executemany("INSERT INTO member VALUES (?, ?)", [(number, document) for document in documents])


def threads(answers: Iterable[tuple[int, int]]) -> list[tuple[list[int], int]]:
    """The documents that (document, answered) join, in order, and how many the longest chain of answers has."""
    near: dict[int, set[int]] = defaultdict(set)
    back: dict[int, set[int]] = defaultdict(set)
    for document, answered in answers:
        near[document].add(answered)
        near[answered].add(document)
        back[document].add(answered)
    found, seen = list[tuple[list[int], int]](), set[int]()
    for first in sorted(near):
        if first not in seen:
            joined, waiting = {first}, [first]
            while waiting:
                fresh = near[waiting.pop()] - joined
                joined |= fresh
                waiting += fresh
            seen |= joined
            found.append((sorted(joined), _longest(joined, back)))
    return found


def _longest(documents: Iterable[int], back: Mapping[int, set[int]]) -> int:
    """How many documents the longest chain of answers has; a ring of answers ends where it closes."""
    lengths: dict[int, int] = {}
    for start in documents:
        path = [] if start in lengths else [start]
        while path:
            document = path[-1]
            waiting = [one for one in back.get(document, ()) if one not in lengths and one not in path]
            if waiting:
                path.append(waiting[0])
            else:
                lengths[document] = 1 + max((lengths.get(one, 0) for one in back.get(document, ())), default=0)
                path.pop()
    return max(lengths.values())
