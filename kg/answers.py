"""Who held an office on a day, as an answer to show: holder, term with the meaning of each date, evidence, rivals.

`dragoman resolve` and the service's `/resolve` give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as Day
from typing import Any

from kg.authorities import Authorities, Term
from kg.resolution import RULES, Context, Resolution, resolve

# What a term's dates mean; of chiefs of mission "started" are the credentials.
_MEANING = {"appointed": "appointed", "arrived": "arrived at the post", "started": "entered on duty", "ended": "ended"}
_PRESENTED = "presented credentials"
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Answer = dict[str, Any]


class BadQuestion(ValueError):
    """A question that cannot be asked; its message says what was expected."""


def answer(known: Authorities, office: str, on: str, name: str | None = None) -> Answer:
    """The answer on an office in words ("Ambassador in Japan") on a day, a month or a year, with a name if one is told.

    Keys: office, on, name, certainty ("certain", "probable", "unresolved"), message, rules, candidates (the
    likeliest first; each with person, id and terms, each with office, title, dates and notes), evidence.
    Raises BadQuestion for words that name no office of the registers, or a date that is none.
    """
    if not office.strip():
        raise BadQuestion("no office is named; ask for one such as 'Ambassador in Japan'")
    _check(on)
    found = resolve(known, office, name, Context(day=on))
    if found.office is None or not (found.office.offices or found.candidates):
        raise BadQuestion(
            f"{office!r} names no office of the registers; ask for a chief of mission ('Minister in Persia'), "
            "an officer of the Department ('Under Secretary of State') or the President"
        )
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


def _check(on: str) -> None:
    try:
        if not _DAY.fullmatch(on):
            raise ValueError
        Day.fromisoformat((on + "-01-01")[:10] if len(on) == 4 else (on + "-01")[:10])
    except ValueError:
        raise BadQuestion(f"{on!r} is no date; give a year, a month or a day, such as 1934-03-01") from None


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
    return f"nobody: {RULES[found.rules[0]][1][0].lower()}{RULES[found.rules[0]][1][1:]}"


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
