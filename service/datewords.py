"""Dates in words, as far as they are told: an XSD or EDTF date in, what a sentence says of it out."""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FORM = re.compile(
    r"(?:(?P<year>\d{4})|-|XXXX)(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:T(?P<hour>[01]\d|2[0-4]):(?P<minute>[0-5]\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
)


def in_words(date: str) -> str:
    """13 March 1934, 4 p.m.; what has another form (an interval, a doubt) as it stands."""
    found = _FORM.fullmatch(date)
    if not found or not (found["year"] or found["month"]):
        return date
    day = found["day"].lstrip("0") if found["day"] else None
    month = MONTHS[int(found["month"]) - 1] if found["month"] else None
    words = " ".join(part for part in (day, month, found["year"]) if part)
    return words + (f", {_hour(int(found['hour']), found['minute'])}" if found["hour"] else "")


def after(date: str, other: str) -> str:
    """`date` in words, without the parts that it has in common with `other`, said just before: "15 March"."""
    one, two = _FORM.fullmatch(date), _FORM.fullmatch(other)
    if not one or not two or not one["day"] or not one["year"] or one["year"] != two["year"]:
        return in_words(date)
    if (one["month"], one["day"]) == (two["month"], two["day"]) and one["hour"]:
        return _hour(int(one["hour"]), one["minute"])
    return in_words(date.replace(one["year"], "XXXX", 1))


def american(date: str) -> str:
    """March 13, 1934: as bibliographies of the series write it, without the hour."""
    found = _FORM.fullmatch(date)
    if not found or not found["year"] or not found["day"]:
        return in_words(date)
    return f"{MONTHS[int(found['month']) - 1]} {found['day'].lstrip('0')}, {found['year']}"


def _hour(hour: int, minute: str) -> str:
    if (hour, minute) == (12, "00"):
        return "noon"
    if (hour % 24, minute) == (0, "00"):
        return "midnight"
    minutes = "" if minute == "00" else f":{minute}"
    return f"{(hour - 1) % 12 + 1}{minutes} {'a.m.' if hour % 24 < 12 else 'p.m.'}"
