"""Who held an office on a day, as an answer to show: holder, term with the meaning of each date, evidence, rivals.

`dragoman resolve` and the service's `/resolve` give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from difflib import get_close_matches
from typing import Any

from kg.authorities import Authorities, State, Term
from kg.gazetteer import gazetteer
from kg.offices import read
from kg.resolution import RULES, Context, Resolution, resolve

# What a term's dates mean; of chiefs of mission "started" are the credentials.
_MEANING = {"appointed": "appointed", "arrived": "arrived at the post", "started": "entered on duty", "ended": "ended"}
_PRESENTED = "presented credentials"
# How alike names are at least to be offered one for the other.
_NEAR, _MOST = 0.75, 3
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Instead:
    """An office of the registers that may be meant: its id, and the words to ask for it."""

    office: str
    words: str


class BadQuestion(ValueError):
    """A question that cannot be asked; its message says what was expected, `instead` what may be meant."""

    def __init__(self, message: str, instead: Sequence[Instead] = ()) -> None:
        self.instead = tuple(instead)
        super().__init__(message)


def answer(known: Authorities, office: str, on: str, name: str | None = None) -> Answer:
    """The answer on an office in words ("Ambassador in Japan") on a day, a month or a year, with a name if one is told.

    Keys: office, on, name, certainty ("certain", "probable", "unresolved"), message, rules, candidates (the
    likeliest first; each with person, id and terms, each with office, title, dates and notes), evidence.
    Raises BadQuestion for words that name no office of the registers, or a date that is none.
    """
    if not office.strip():
        raise BadQuestion("no office is named; ask for one such as “Ambassador in Japan”")
    _check(on)
    found = resolve(known, office, name, Context(day=on))
    if found.office is None or not (found.office.offices or found.candidates):
        raise _unknown(known, office, on)
    return {
        "office": office,
        "on": on,
        "name": name,
        "certainty": found.certainty,
        "message": _message(known, found, on),
        "rules": [{"name": rule, "label": RULES[rule][0], "definition": RULES[rule][1]} for rule in found.rules],
        "candidates": [
            {
                "person": known.persons[one.person].name if one.person in known.persons else one.person,
                "id": one.person,
                "terms": [_term(known, known.terms[term]) for term in one.terms],
            }
            for one in found.candidates
        ],
        "evidence": found.evidence,
    }


_PLACED = re.compile(r"(?P<title>.*?),? (?:in|at|to|near|for) (?:the )?(?P<where>[^,;()]+)$", re.IGNORECASE)


def _unknown(known: Authorities, office: str, on: str) -> BadQuestion:
    """What to say of words that name no office: that a city is no state, or which offices are called nearly so."""
    if (placed := _PLACED.match(office.strip())) and read(office, known).kind != "consul":
        for city in gazetteer().named(placed["where"]):
            instead = (
                _chief(known, placed["title"], known.states[city.state], on) if city.state in known.states else None
            )
            if instead:
                return BadQuestion(
                    "the registers list chiefs of mission by the state that they are sent to, not by the city; "
                    f"{placed['where']} lies today in {_inline(known.states[city.state or ''].label)}: "
                    f"ask for “{instead.words}”",
                    (instead,),
                )
    return BadQuestion(
        f"“{office}” names no office of the registers; ask for a chief of mission (“Minister in Persia”), "
        "an officer of the Department (“Under Secretary of State”) or the President",
        _nearly(known, office, on),
    )


def _chief(known: Authorities, title: str, state: State, on: str, name: str = "") -> Instead | None:
    """The chief of mission to a state, under the title if it can be read; None if the registers have none."""
    where = _inline(name or _called(state, on))
    for words in (f"{title} in {where}", f"Chief of Mission in {where}"):
        if f"chief/{state.id}" in read(words, known, on[:4]).offices:
            return Instead(f"chief/{state.id}", words)
    return None


def _called(state: State, on: str) -> str:
    """A name of the state in the year."""
    then = [one.name for one in state.names if not one.adjective and (one.start or "0") <= on[:4] <= (one.end or "9")]
    return state.label if state.label in then or not then else then[0]


def _inline(name: str) -> str:
    return re.sub(r"^The ", "the ", name)


def _nearly(known: Authorities, office: str, on: str) -> list[Instead]:
    """Offices whose words are spelt nearly so, the likeliest first."""
    found = list[Instead | None]()
    if placed := _PLACED.match(office.strip()):
        states = {one.name: state for state in known.states.values() for one in state.names if not one.adjective}
        names = get_close_matches(placed["where"], states, n=_MOST, cutoff=_NEAR)
        found += [_chief(known, placed["title"], states[name], on, name) for name in names]
    others = {one.label: one.id for one in known.offices.values() if one.kind == "principal"}
    found += [Instead(others[name], name) for name in get_close_matches(office, others, n=_MOST, cutoff=_NEAR)]
    return [one for one in found if one]


def _check(on: str) -> None:
    if not on:
        raise BadQuestion("no date is given; give a year, a month or a day, such as 1934-03-01")
    try:
        if not _DAY.fullmatch(on):
            raise ValueError
        Day.fromisoformat((on + "-01-01")[:10] if len(on) == 4 else (on + "-01")[:10])
    except ValueError:
        raise BadQuestion(f"“{on}” is no date; give a year, a month or a day, such as 1934-03-01") from None


def _message(known: Authorities, found: Resolution, on: str) -> str:
    """One sentence on what was found, and on what was not."""
    names = [known.persons[one.person].name for one in found.candidates if one.person in known.persons]
    if found.certainty == "certain":
        return f"{names[0]}, by the registers"
    if names:
        return f"probably {names[0]}" if len(names) == 1 else f"one of {len(names)}: " + ", ".join(names)
    ids = found.office.offices if found.office else ()
    begins = min(
        (term.begins for id in ids for term in known.terms_of(id) if term.served and term.begins), default=None
    )
    if begins and on < begins[: len(on)]:
        return f"nobody: the first holder whom the registers have began {begins}"
    definition = RULES[found.rules[0]][1].rstrip(".")
    return f"nobody: {definition[0].lower()}{definition[1:]}"


def _term(known: Authorities, term: Term) -> Mapping[str, Any]:
    chief = known.offices[term.office].kind in ("chief", "organization")
    dates = []
    for event, meaning in _MEANING.items():
        milestone = getattr(term, event)
        if milestone.date or milestone.note:
            words = _PRESENTED if chief and event == "started" else meaning
            dates.append({"meaning": words, "date": milestone.date, "note": milestone.note})
    return {
        "id": term.id,
        "office": known.offices[term.office].label,
        "title": known.titles.get(term.title) or known.offices[term.office].label,
        "dates": dates,
        "note": term.note,
        "doubt": term.doubt,
    }
