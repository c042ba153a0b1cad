"""The grammar of dates, as diplomatic documents print them and as their markup gives them.  Pure.

Nothing is guessed: a year that is not told leaves no bounds, a day that the calendar does not have is no day.
By the practice of these documents noon is 12:00, and midnight is 00:00 of the day it is printed with.

An editor's correction in brackets wins ("November 6 [8], 1919").  Two days that lie apart as the calendars do
("May 20–June 1, 1864", "March 27 (April 8), 1898") are one day in old and new style; two others are a range
("December 25 [and 26], 1917").  Where print and markup contradict each other, or one of them cannot be, the
date is doubtful: the markup's is the first reading, the printed one the other; but the printed one is the first
where the markup's year cannot be meant and its own can.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import datetime, timedelta

from kg.document import PartialDate
from kg.prose import collapsed

# The Gregorian calendar begins in 1582: an earlier year in a diplomatic document is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1582, 2100
# By how many years a paper may be older than the volume that prints it as a document of its own.  Volumes of the
# 1870s print papers of the 1790s; none is known that is much older, but years are with a digit misread or misprinted.
OLDEST = 150

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
_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:r?uary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t"
    r"|septembre|octobre|novembre|d[ée]cembre)\b"
)
_TH = r"(?:st|nd|rd|th|d|er)?"
_MONTH = rf"(?P<month>{_NAME})[.\]]?(?:\s*\[(?P<month_fixed>{_NAME})\??\])?"
_DAY = rf"\[?(?P<day>\d{{1,2}}){_TH}\]?"
# A number that is no hour: "March 13—4 p.m.".
_NO_HOUR = r"(?![\d¼½¾]|[:.]\d|\s?[ap]\.?\s?m\b)"
# What may stand between day and year: a second day behind a dash or in parentheses, an editor's correction or
# doubt ("[8]", "[sic]", "(?)").
_REST = (
    rf"(?:\s*(?:[–—/&-]|and\b|to\b)\s*(?:(?P<month_to>{_NAME})\.?\s+)?(?P<day_to>\d{{1,2}}){_TH}{_NO_HOUR}"
    rf"|,?\s*\((?:(?P<month_style>{_NAME})\.? )?(?P<day_style>\d{{1,2}}){_TH},?\)"
    rf"|,?\s*\[(?:and|[–-]) ?(?:(?P<month_and>{_NAME})\.? )?(?P<day_and>\d{{1,2}}){_TH}\]"
    rf"|,?\s*\[(?:(?P<month_right>{_NAME})\.? )?(?P<day_right>\d{{1,2}}){_TH}\??\]"
    r"|,?\s*[\[(](?:sic|(?P<doubt>\?))[\])]|(?P<question>\?))?"
)
_YEAR = (
    r"(?:[,.;)\s]*(?:A\. ?D\. )?\[?(?P<year>\d{4})(?!\d)\]?(?:,?\s*\[(?P<year_fixed>\d{4})\??\])?"
    rf"(?:\s*[–—-]\s*(?P<month_end>{_NAME})\.? (?P<day_end>\d{{1,2}}),? (?P<year_end>\d{{4}}))?)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH},?\s*{_DAY}(?!\d){_REST}{_YEAR}?",
        rf"\b(?P<day>\d{{1,2}}){_TH}(?:\s*\[(?P<day_right>\d{{1,2}})\])?(?:\s*[–—/&-]\s*(?P<day_to>\d{{1,2}}){_TH})?"
        rf"\s+(?:day\s+)?(?:of\s+)?\[?{_MONTH}(?:\s*[–—/-]\s*(?P<day_end>\d{{1,2}})\s+(?P<month_end>{_NAME}))?"
        rf"(?:[,.;)\s]*(?:A\. ?D\. )?\[?(?P<year>\d{{4}})(?!\d)\]?(?:,?\s*\[(?P<year_fixed>\d{{4}})\??\])?)?",
        rf"\b{_MONTH}[\s,]*(?:[—–-]+|\(\?\))?(?P<day>){_YEAR}",
    )
)
_OLD_STYLE = re.compile(r"\W{0,3}(?:O\. ?S\.|old style)", re.IGNORECASE)
_FRACTIONS = {"¼": 15, "½": 30, "¾": 45}
_TIME = re.compile(
    r"(?P<word>\b(?:12 )?(?:noon|midnight)\b)"
    r"|\b(?P<hour>\d{1,2})(?:\s?[:.]\s?(?P<minute>\d{2})|\s?(?P<part>[¼½¾]))?\s*(?P<half>[ap])\.?\s?m\b\.?",
    re.IGNORECASE,
)
# A question mark behind the year or the time: "November 10, 1918(?)", "December 12, 1918—10 p.m. [?]".
_QUESTIONED = re.compile(r"[\s,.—–]*[\[(]\?[\])]")
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


def last(line: str) -> tuple[int, int] | None:
    """Where the last date of a line stands that tells a day."""
    out = None
    start = 0
    while found := _first(line[start:]):
        if found["day"]:
            out = start + found.start(), start + found.end()
        start += found.end()
    return out


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
    said = _said(line, since)
    if said is not None:
        return _dated(printed, said)
    start = _start(since)
    clock = _clock(line) if start and start[2] else None
    return Dated(_date(printed, *start, clock)) if start and clock else Dated(None)


def from_markup(printed: str, attributes: Mapping[str, str], line: str = "", *, published: int | None = None) -> Dated:
    """The date that TEI's attributes give (when; from and to; notBefore and notAfter), weighed against the printed.

    `printed` are the words that the markup calls a date, `line` those words with what follows them, as far as a
    correction or the end of a range may stand there; what of it belongs to the date joins the printed wording.
    `published` is the year in which the volume was printed, which tells what years can be meant.
    """
    printed, line = collapsed(printed), without_received(line)
    told = _told(printed, attributes)
    said = _said(line or without_received(printed), _lender(told, attributes))
    if said and line.startswith(printed) and said.end > len(printed):
        printed = line[: said.end]
        told = _told(printed, attributes)
    if told is None:
        return _dated(printed, said) if said else Dated(None)
    return _weighed(printed, told, said, published)


def from_bounds(first: str | None, last: str | None) -> Dated:
    """The date between two instants that markup gives a whole document (FRUS' doc-dateTime-min and -max).

    A span from midnight to the second before the next is of whole days; two equal instants are one.
    """
    if not first or not last:
        return Dated(None)
    printed = f"{first}/{last}"
    start, end = _iso(printed, first, "doc-dateTime-min"), _iso(printed, last, "doc-dateTime-max")
    if start.date and end.date and start.date.edtf[10:19] == "T00:00:00" and end.date.edtf[10:19] == "T23:59:59":
        start, end = _iso(printed, first[:10], "doc-dateTime-min"), _iso(printed, last[:10], "doc-dateTime-max")
    return _interval(printed, start, end)


def overlap(one: PartialDate, other: PartialDate) -> bool:
    """May two dates be the same?  Instants are compared as such if both tell their zone, else by the day."""
    bounds = [(date.earliest or "", date.latest or date.earliest or "") for date in (one, other)]
    if any(not early for early, _ in bounds):
        return True
    if all(_ZONE.search(bound) for pair in bounds for bound in pair):
        (start, end), (begin, finish) = [tuple(map(datetime.fromisoformat, pair)) for pair in bounds]
        return start <= finish and begin <= end
    (day, last), (begun, done) = bounds
    return day[:10] <= done[:10] and begun[:10] <= last[:10]


_ZONE = re.compile(r"T.*(?:Z|[+-]\d\d:\d\d)$")
_LATELY = re.compile(
    rf"(?P<day>\d{{1,2}}){_TH}\.?,?\s+(?:day\s+)?(?:of\s+)?(?:the\s+)?"
    r"(?:(?P<this>inst(?:ant)?\b|(?:this|the present|the current) month)|(?P<last>ult(?:imo)?\b|last month)"
    r"|(?P<next>prox(?:imo)?\b|next month))",
    re.IGNORECASE,
)


def relative(words: str, since: PartialDate) -> Dated:
    """The first date that is told by the writer's own: "the 5th instant", "20th ult.", "the 3d proximo".

    `since` is the date of the writing.  Without a month in it, and without such words, there is none.
    """
    found, start = _LATELY.search(words), _start(since)
    if found is None or start is None or start[1] is None:
        return Dated(None)
    months = start[0] * 12 + start[1] - 1 + (1 if found["next"] else -1 if found["last"] else 0)
    return _checked(collapsed(found[0]), months // 12, months % 12 + 1, int(found["day"]), None)


def can_be_meant(date: PartialDate, published: int | None) -> bool:
    """Can a document have this date, in a volume that was printed in that year?  One without a year can."""
    year = _start(date)
    if year is None:
        return True
    first = FIRST_YEAR if published is None else max(FIRST_YEAR, published - OLDEST)
    return first <= year[0] <= (published or LAST_YEAR)


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


def days(one: str, other: str) -> int:
    """By how many days `other` is later than `one`, both lexical forms of xsd:date or xsd:dateTime."""
    return (Day.fromisoformat(other[:10]) - Day.fromisoformat(one[:10])).days


def doubtful(date: PartialDate, why: str) -> PartialDate:
    """The date with a doubt that its surroundings raise, unless it has one already."""
    return date if date.doubt else replace(date, doubt=why)


# ---------------------------------------------------------------------------------------------- what is printed


@dataclass(frozen=True, slots=True)
class _Told:
    """A day as far as it is told."""

    year: int | None
    month: int
    day: int | None

    def on(self) -> Day | None:
        """The day in the calendar; None if it is not told in full or no day of it."""
        try:
            return Day(self.year or 0, self.month, self.day or 0)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Said:
    """A printed date with its corrections made.

    `last` is the end of a range or, if `julian`, the same day in new style.  `end` is where it ends in the line.
    """

    first: _Told
    last: _Told | None
    corrected: bool
    julian: bool
    questioned: bool
    clock: str | None
    end: int


def _said(line: str, since: PartialDate | None) -> _Said | None:
    found = _first(line)
    if found is None:
        return None
    part = found.groupdict().get
    month = _month(part("month_right") or part("month_fixed") or found["month"])
    day = part("day_right") or part("day")
    year = int(part("year_fixed") or part("year") or 0) or None
    start = _start(since)
    if year is None and start:
        year = start[0] + (start[1] is not None and month < start[1] - 6)
    first = _Told(year, month, int(day) if day else None)
    first, last, julian = _ends(first, found)
    if last is None and _OLD_STYLE.match(line, found.end()) and (old := first.on()):
        new = old + timedelta(days=_calendars_apart(old))
        last, julian = _Told(new.year, new.month, new.day), True
    behind = _TIME.sub("", line[found.end() :], count=1)
    return _Said(
        first=first,
        last=last,
        corrected=any(map(part, ("month_right", "month_fixed", "day_right", "year_fixed"))),
        julian=julian,
        questioned=bool(part("doubt") or part("question") or _QUESTIONED.match(behind)),
        clock=(_clock(line[found.end() :]) or _clock(line[: found.start()])) if day else None,
        end=found.end(),
    )


def _ends(first: _Told, found: re.Match[str]) -> tuple[_Told, _Told | None, bool]:
    """The first day, the last or new-style day if one is printed, and whether it is that of the new style."""
    part = found.groupdict().get
    day = next(filter(None, map(part, ("day_end", "day_to", "day_and", "day_style"))), None)
    if day is None:
        return first, None, False
    name = next(filter(None, map(part, ("month_end", "month_to", "month_and", "month_style"))), None)
    month = _month(name) if name else first.month
    last = _Told(int(part("year_end") or 0) or first.year, month, int(day))
    if first.year and not part("year_end") and month < first.month:  # the year is printed with the last day
        first = replace(first, year=first.year - 1)
    begin, end = first.on(), last.on()
    if begin and end and (end - begin).days == _calendars_apart(begin):
        return first, last, True
    later = begin is None or end is None or begin < end
    return first, None if part("day_style") or not later else last, False


def _calendars_apart(day: Day) -> int:
    """By how many days the Julian calendar is behind the Gregorian on a Julian day."""
    year = day.year if day.month > 2 else day.year - 1
    return year // 100 - year // 400 - 2


def _dated(printed: str, said: _Said) -> Dated:
    first, last = said.first, said.last
    if said.julian and last:
        dated = _checked(printed, last.year, last.month, last.day, said.clock)
        dated = Dated(replace(dated.date, calendar="julian") if dated.date else None, dated.fault)
    elif last:
        ends = [_checked(printed, day.year, day.month, day.day, None) for day in (first, last)]
        dated = _interval(printed, *ends)
    else:
        dated = _checked(printed, first.year, first.month, first.day, said.clock)
        if dated.date is None and 1 <= first.month <= 12:
            # The month is left; but a day was meant that may lie outside of it.
            date = PartialDate(printed=printed, edtf=_lexical(first.year, first.month, None), doubt=dated.fault)
            return Dated(date, dated.fault)
    if said.questioned and dated.date:
        return Dated(doubtful(dated.date, "it is printed with a question mark"), dated.fault)
    return dated


# ---------------------------------------------------------------------------------------------- what is marked up


def _told(printed: str, attributes: Mapping[str, str]) -> Dated | None:
    """The date in the attributes, None if they have none.  A value that is no date is a fault, never repaired."""
    for first, last in (("when", None), ("from", "to"), ("notBefore", "notAfter")):
        if first in attributes or (last and last in attributes):
            start = _iso(printed, attributes[first], first) if first in attributes else None
            end = _iso(printed, attributes[last], last) if last and last in attributes else None
            return _interval(printed, start, end) if last else start
    return None


def _lender(told: Dated | None, attributes: Mapping[str, str]) -> PartialDate | None:
    """What lends a year to a printed date without one: the markup's date, or its year if that is no date.

    A year that no document can have is not lent.
    """
    if told is None or told.date:
        return told.date if told and told.date and can_be_meant(told.date, None) else None
    years = (re.match(r"\d{4}", attributes.get(name, "")) for name in ("when", "from", "notBefore"))
    return next((PartialDate(printed="", edtf=year[0]) for year in years if year), None)


def _weighed(printed: str, told: Dated, said: _Said | None, published: int | None) -> Dated:
    """Which of the two dates holds, the markup's or the printed one."""
    date = told.date
    shown = _dated(printed, said) if said else Dated(None)
    if date is None:
        return Dated(doubtful(shown.date, told.fault), told.fault) if shown.date and told.fault else told
    if not date.earliest and told.fault:  # a year that cannot be meant
        return Dated(_without_year(date, shown.date, told.fault, published), told.fault)
    if said is None or shown.date is None or "/" in date.edtf:
        return told
    if shown.fault:
        return Dated(doubtful(date, f"of the printed date, {shown.fault}"), shown.fault)
    if (said.last and _covers(said, date)) or (said.corrected and not said.last):
        return Dated(_at(shown.date, date), told.fault)
    if said.last is None and _agree(date, shown.date):
        if len(date.edtf) == 10 and "T" in shown.date.edtf:  # the markup leaves the printed time out
            date = _at(date, shown.date)
        return Dated(doubtful(date, shown.date.doubt) if shown.date.doubt else date, told.fault)
    return _contradicted(date, shown.date, published)


def _without_year(told: PartialDate, shown: PartialDate | None, why: str, published: int | None) -> PartialDate:
    """The reading of a date to which the markup gives a year that cannot be meant: the printed one if that can."""
    if shown is None or shown.edtf == told.edtf:
        return replace(told, doubt=why)
    first, other = (shown, told) if can_be_meant(shown, published) else (told, shown)
    return replace(first, doubt=why, otherwise=other.edtf)


def _covers(said: _Said, date: PartialDate) -> bool:
    """Is the markup's day one of a range, or one of the two in old and new style?"""
    day = date.edtf[:10]
    first, last = said.first.on(), said.last.on() if said.last else None
    if first is None or last is None:
        return False
    if said.julian:
        return day in (first.isoformat(), last.isoformat())
    return first.isoformat() <= day <= last.isoformat()


def _at(day: PartialDate, time: PartialDate) -> PartialDate:
    """The day, with the other's time of day if that has one."""
    if len(day.edtf) != 10 or "T" not in time.edtf or day.earliest is None:
        return day
    edtf = day.edtf + time.edtf[10:]
    return replace(day, edtf=edtf, earliest=edtf, latest=edtf)


def _agree(told: PartialDate, shown: PartialDate) -> bool:
    """Do two dates say the same, as far as both say anything?"""
    pairs = zip(told.edtf[:10].split("-"), shown.edtf[:10].split("-"), strict=False)
    return all(one == other or "X" in one + other for one, other in pairs)


def _contradicted(told: PartialDate, shown: PartialDate, published: int | None) -> Dated:
    """The markup's date with the printed one beside it, or the other way round if only the printed can be meant.

    The bounds are those of both as far as both can be meant, and are told in full.
    """
    other = shown.edtf if "/" in shown.edtf else shown.edtf[:10]
    fact = f"the markup's date {told.edtf[:10]} is not the printed {other}"
    if can_be_meant(told, published) != can_be_meant(shown, published):
        first, second = (told, shown) if can_be_meant(told, published) else (shown, told)
        return Dated(replace(first, doubt=fact, otherwise=second.edtf), fact)
    bounds = [bound[:10] for date in (told, shown) for bound in (date.earliest, date.latest) if bound]
    whole = len(bounds) == 4
    earliest, latest = (min(bounds), max(bounds)) if whole else (told.earliest, told.latest)
    return Dated(replace(told, doubt=fact, otherwise=shown.edtf, earliest=earliest, latest=latest), fact)


# ---------------------------------------------------------------------------------------------- their parts


def _first(line: str) -> re.Match[str] | None:
    matches = [found for form in _FORMS if (found := form.search(line))]
    return min(matches, key=lambda match: (match.start(), -match.end()), default=None)


def _month(name: str) -> int:
    name = name.lower()
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
    # "10:15–11 a.m.": when it began is not told in full.
    if found is None or re.search(r"\d\s?[–-]\s?$", text[: found.start()]):
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
    earliest, latest = first.earliest if first else None, last.latest if last else None
    if earliest and latest and len(earliest) != len(latest):  # a day and a time cannot be compared
        earliest, latest = earliest[:10], latest[:10]
    edtf = f"{first.edtf if first else '..'}/{last.edtf if last else '..'}"
    return Dated(PartialDate(printed=printed, edtf=edtf, earliest=earliest, latest=latest), fault)
