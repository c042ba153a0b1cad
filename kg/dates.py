"""The grammar of dates, as diplomatic documents print them and as their markup gives them.  Pure.

Nothing is guessed: a year that is not told leaves no bounds, a day that the calendar does not have leaves no
date.  By the practice of these documents noon is 12:00, and midnight is 00:00 of the day it is printed with.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass

from kg.document import PartialDate
from kg.prose import collapsed

# The Gregorian calendar begins in 1582: an earlier year in a diplomatic document is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1582, 2100

_MONTHS = (
    ("jan", "janvier"),
    ("feb", "février", "fevrier"),
    ("mar", "mars"),
    ("apr", "avril"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juillet"),
    ("aug", "août", "aout"),
    ("sep", "septembre"),
    ("oct", "octobre"),
    ("nov", "novembre"),
    ("dec", "décembre", "decembre"),
)
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:r?uary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t"
    r"|septembre|octobre|novembre|d[ée]cembre)\b[.\]]?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|d|er)?"
# What may stand between day and year, none of which is the first day: the end of a range ("–June 1",
# "(April 8)"), an editor's correction or doubt ("[8]", "[sic]", "(?)").
_REST = (
    r"(?:\s*(?:[–—/&-]|and|to)\s*(?:[A-Z][a-z]+\.? )?\d{1,2}(?:st|nd|rd|th|d)?(?![\d¼½¾]|[:.]\d|\s?[ap]\.?\s?m\b)"
    r"|,?\s*[\[(](?:and )?(?:[A-Z][a-z]+\.? )?(?:\d{0,2}\??|sic)[\])]|\?)?"
)
_YEAR = r"(?:[,.;)\s]*(?:A\. ?D\. )?\[?(?P<year>\d{4})(?!\d))"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH},?\s*{_DAY}(?!\d){_REST}{_YEAR}?",
        rf"\b{_DAY}\s+(?:day\s+)?(?:of\s+)?{_MONTH}{_YEAR}?",
        rf"\b{_MONTH}[\s,]*(?:[—–-]+|\(\?\))?(?P<day>){_YEAR}",
    )
)
_FRACTIONS = {"¼": 15, "½": 30, "¾": 45}
_TIME = re.compile(
    r"(?P<word>\b(?:12 )?(?:noon|midnight)\b)"
    r"|\b(?P<hour>\d{1,2})(?:\s?[:.]\s?(?P<minute>\d{2})|\s?(?P<part>[¼½¾]))?\s*(?P<half>[ap])\.?\s?m\b\.?",
    re.IGNORECASE,
)
# In brackets, or behind a dash as in "[Telegram.—Received July 14.]".
_RECEIVED = re.compile(r"\s*[\[(—]\s*Rec(?:eived|’d|'d|d)\b", re.IGNORECASE)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?P<time>T(?P<hour>\d\d):(?P<minute>\d\d)(?P<second>:\d\d)?(?P<frac>\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?$"
)
_NO_YEAR = re.compile(r"--(?P<month>\d\d)(?:-(?P<day>\d\d))?$")


@dataclass(frozen=True, slots=True)
class Dated:
    """What came of reading a date: the date, or None, and what is wrong with it, or None."""

    date: PartialDate | None
    fault: str | None = None


def span(line: str) -> tuple[int, int] | None:
    """Where the first date of a line stands, its time of day aside."""
    found = _first(line)
    return found.span() if found else None


def without_time(words: str) -> str:
    """The words without a time of day."""
    return _TIME.sub(" ", words)


def read(printed: str, *, since: PartialDate | None = None) -> Dated:
    """The first date in a printed line: "March 13, 1934—4 p.m.", "4 March, 1925", "November 1917".

    `since` is the date that the line follows, as "[Received March 15—7:05 a.m.]" follows the date of sending:
    it lends the year, and the day where the line has a time only; what is received in a month long before it
    was sent was received in the next year.
    """
    printed = collapsed(printed)
    # "July 18, 1870. (Received August 3, 1870.)": two dates, of which the second is another event's.
    line = _RECEIVED.split(printed, maxsplit=1)[0] or printed
    found = _first(line)
    start = _start(since)
    if found is None:
        clock = _clock(line) if start and start[2] else None
        return Dated(_date(printed, *start, clock)) if start and clock else Dated(None)
    month = _month(found["month"].lower())
    day = int(found["day"]) if found["day"] else None
    year = int(found["year"]) if found["year"] else None
    if year is None and start:
        year = start[0] + (start[1] is not None and month < start[1] - 6)
    clock = _clock(line[found.end() :]) or _clock(line[: found.start()])
    return _checked(printed, year, month, day, clock if day else None)


def from_markup(printed: str, attributes: Mapping[str, str]) -> Dated:
    """The date that TEI's attributes give (when; from and to; notBefore and notAfter), else the printed one.

    The printed wording is kept beside it.  A value that is no date is a fault, never repaired.
    """
    printed = collapsed(printed)
    for first, last in (("when", None), ("from", "to"), ("notBefore", "notAfter")):
        if first in attributes or (last and last in attributes):
            start = _iso(printed, attributes[first], first) if first in attributes else None
            end = _iso(printed, attributes[last], last) if last and last in attributes else None
            return _interval(printed, start, end) if last else (start or Dated(None))
    return read(printed)


def received(line: str) -> str | None:
    """The words on the receiving in a line: "[Received March 15—7:05 a.m.]"; None if it has none."""
    line = collapsed(line)
    found = _RECEIVED.search(line)
    if found is None:
        return None
    words = line[found.start() :].strip()
    closed = re.match(r"[^\])]*[\])]?", words)
    return closed[0].strip(" —–-") if closed else words


def without_received(line: str) -> str:
    """The line up to the words on the receiving."""
    return _RECEIVED.split(collapsed(line), maxsplit=1)[0].strip()


def disagreement(date: PartialDate) -> str | None:
    """How a date of the markup contradicts its printed wording; None if it does not."""
    printed = read(date.printed).date
    if printed is None or "/" in date.edtf:
        return None
    said, told = printed.edtf[:10], date.edtf[:10]
    if any(a != b and "X" not in a + b for a, b in zip(said.split("-"), told.split("-"), strict=False)):
        return f"the markup's date {told} is not the printed {said}"
    return None


def _first(line: str) -> re.Match[str] | None:
    matches = [found for form in _FORMS if (found := form.search(line))]
    return min(matches, key=lambda match: (match.start(), -match.end()), default=None)


def _month(name: str) -> int:
    return next(
        number
        for number, (english, *french) in enumerate(_MONTHS, 1)
        if name in french or (name.startswith(english) and not name.endswith(("bre", "ier")))
    )


def _start(since: PartialDate | None) -> tuple[int, int | None, int | None] | None:
    if since is None or not (found := re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", since.edtf)):
        return None
    year, month, day = found.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _clock(text: str) -> str | None:
    """The first time of day in a text, as "16:00:00"."""
    found = _TIME.search(text)
    if found is None:
        return None
    if found["word"]:
        return "00:00:00" if found["word"].lower().endswith("midnight") else "12:00:00"
    hour = int(found["hour"])
    minute = int(found["minute"]) if found["minute"] else _FRACTIONS.get(found["part"] or "", 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}:00"


def _iso(printed: str, value: str, attribute: str) -> Dated:
    value = value.strip()
    if found := _NO_YEAR.match(value):
        return _checked(printed, None, int(found["month"]), int(found["day"]) if found["day"] else None, None)
    found = _ISO.match(value)
    if found is None:
        return Dated(None, f'{attribute}="{value}" is no date')
    month, day = (int(found[part]) if found[part] else None for part in ("month", "day"))
    clock = fault = None
    if found["time"]:
        if found["second"] and int(found["hour"]) < 24 and int(found["minute"]) < 60:
            clock = found["time"][1:]
        else:
            fault = f'{attribute}="{value}" has a time that no clock shows'
    dated = _checked(printed, int(found["year"]), month, day, clock)
    return Dated(dated.date, dated.fault or fault)


def _checked(printed: str, year: int | None, month: int | None, day: int | None, clock: str | None) -> Dated:
    # 2000 stands for a year that is not told: 29 February is a day of some year.
    if month is not None and not 1 <= month <= 12:
        return Dated(None, f"there is no month {month}")
    if month is not None and day is not None and not 1 <= day <= monthrange(year or 2000, month)[1]:
        return Dated(None, f"{_lexical(year, month, day)} is not in the calendar")
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        date = PartialDate(printed=printed, edtf=_lexical(year, month, day))
        return Dated(date, f"the year {year:04} cannot be meant")
    return Dated(_date(printed, year, month, day, clock))


def _lexical(year: int | None, month: int | None, day: int | None) -> str:
    parts = ["XXXX" if year is None else f"{year:04}"]
    parts += [f"{part:02}" for part in (month, day) if part is not None]
    return "-".join(parts)


def _date(printed: str, year: int | None, month: int | None, day: int | None, clock: str | None) -> PartialDate:
    edtf = _lexical(year, month, day)
    if year is None:  # EDTF has no time without a year
        return PartialDate(printed=printed, edtf=edtf)
    if month is None:
        return PartialDate(printed=printed, edtf=edtf, earliest=f"{edtf}-01-01", latest=f"{edtf}-12-31")
    if day is None:
        last = monthrange(year, month)[1]
        return PartialDate(printed=printed, edtf=edtf, earliest=f"{edtf}-01", latest=f"{edtf}-{last}")
    if clock:
        edtf = f"{edtf}T{clock}"
    return PartialDate(printed=printed, edtf=edtf, earliest=edtf, latest=edtf)


def _interval(printed: str, start: Dated | None, end: Dated | None) -> Dated:
    first, last = start.date if start else None, end.date if end else None
    fault = (start.fault if start else None) or (end.fault if end else None)
    if first is None and last is None:
        return Dated(None, fault)
    if first and last and first.earliest and last.latest and first.earliest[:10] > last.latest[:10]:
        return Dated(None, f"{first.edtf} is later than {last.edtf}")
    if first and last and first.edtf == last.edtf:
        return Dated(first, fault)
    date = PartialDate(
        printed=printed,
        edtf=f"{first.edtf if first else '..'}/{last.edtf if last else '..'}",
        earliest=first.earliest if first else None,
        latest=last.latest if last else None,
    )
    return Dated(date, fault)
