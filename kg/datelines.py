"""The grammar of datelines in plain text: which lines are one, and the place that they print.  Pure.

A dateline ends in its date and time and has before it nothing but names: "Legation of the United States, Paris,
May 3, 1870—4 p.m.".  In plain text nothing else sets it apart from a sentence with a date, or from the day of
another paper: "Your 161, February 17, 3 p.m.", "[From the Gazette of May 3, 1870.]".
"""

from __future__ import annotations

import re

from kg import calendars, dates
from kg.prose import collapsed

LONGEST = 200  # characters of a dateline; none known has more than 150
_LONGEST_FULL = 120  # of one among words of the text

# Words in lower case that stand in names of offices and ships.
_OFFICE = re.compile(r"d’|legation|embassy|consulate|department|office|states?|united|mission|ministry|board")
# An office on a line of its own, with no comma to say that the place follows.
_HOUSE = re.compile(r"(?:[A-Z]\S* )*(?:Legation|Department|Embassy|Consulate|Commission(?:er)?|Office|Mission)\b")
# Words before a date that make it no dateline: a newspaper's day, a telegram that is answered.
_OTHERS_DAY = re.compile(
    r"\d+\.\s|.*(?:\b(?:Your|My|Our|Reference|From|Handed|Sent|Communicated|Transmitted|Memorandum|Dated|Nos?\.)(?=\W|$)"
    r"|’s \d)"
)
# Behind the date may stand its new style, the same day in another reckoning, and when it was sent.
_BEHIND = re.compile(
    r"^[\s,]*\((?:[A-Z][a-z]+\.? )?\d{1,2},?(?: \d{4})?\.?\)|\((?:Sent\b[^()]*|[^()]*\b(?:year|moon|month)\b[^()]*)\)"
)
# Words that are no part of the place they stand with.
_NO_PLACE = re.compile(
    r"^(?:Given|Done|Dated|Signed|Approved|Fait|Délibéré)\b(?: (?:at|in|à)\b)?"
    r"|(?:^|[\s,(]+)(?:le|the|den|el|this|on)(?: [1l]er)?[\s,]*$"
)
# Words that end a line of their own, above the days of another calendar: "Decrees on the Riot. Tungchi, 2d year, …".
_CLOSED = re.compile(r"[^\W\d_]{4}\.[\s(]*$")
_UNDATED = re.compile(r"(?P<place>.{0,80}?)[\[(]?\s?(?:undated|not dated|no date)\s?[\]).]*$", re.IGNORECASE)
_WEEKDAY = r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"


def read(words: str) -> str | None:
    """The words before the date ("" if it has a date only); None if the line is no dateline.

    The date may be missing where the day of receiving follows: "Paris. (Received July 5—9 a.m.)".  Words that count in
    another calendar tell a day, too, and are no part of the place: "Tungchi, 7th year, 11th moon, 9th day".
    """
    if len(words) > 2 * LONGEST:
        return None
    line = dates.without_received(words)
    if not line or len(line) > LONGEST:
        return None
    span = dates.span(line)
    if span is None:
        undated = _UNDATED.match(line)
        bare = calendars.without(line)
        if bare != line and _is_of_names(bare):
            return _worded(bare)
        named = dates.received(words) is not None and _is_of_names(line) and line.endswith((".", ","))
        return undated["place"] if undated else line if named else None
    head = line[: span[0]]
    before = _worded(calendars.without(head))
    if before != head and _CLOSED.search(before):
        return None
    rest = _BEHIND.sub("", calendars.without(line[span[1] :]))
    # Behind the date a time may stand, and an editor's correction of the year.
    if re.search(r"[A-Za-z]{3}|\d", re.sub(r"\[[\d?]+\]", "", dates.without_time(rest))):
        return None
    before = re.sub(rf"[\[(]?\s?undated\s?[—–-]*|\bcirca\b|{_WEEKDAY}", "", before)
    return before if _is_of_names(before) else None


def place(before: str) -> str | None:
    """The place, of the words before the date; None if they name none."""
    return _NO_PLACE.sub("", before).strip(" ,.?[]()—–") or None


def joined(lines: list[str]) -> str:
    """The lines of a dateline that the copy has broken; "" if they do not go on from one to the next.

    "Department of State," and under it "Washington, May 3, 1861."; "[Border, Sylvania?]" and under it the day.
    """
    words = [collapsed(line) for line in lines]
    if any(not 0 < len(line) <= LONGEST for line in words):
        return ""
    day = len(words) > 1 and read(words[-1]) == ""
    above = words[: -2 if day else -1]
    return " ".join(words) if all(line.endswith((",", ";")) or _HOUSE.match(line) for line in above) else ""


def is_full(words: str) -> bool:
    """A dateline that may be believed among words of the text: with a year, and a place or a day by other calendars."""
    before = read(words) if re.match(r"[\[(]?[A-Z]", words) and len(words) <= _LONGEST_FULL else None
    if before is None or (len(before) < 4 and calendars.without(words) == words):
        return False
    return tells_year(words)


def tells_year(words: str) -> bool:
    """A dateline, or a date alone, with its year."""
    date = dates.read(words).date if read(words) is not None else None
    return date is not None and date.earliest is not None


def _worded(before: str) -> str:
    """The words; "" of those without a letter, as what is left where another calendar's stood."""
    return before if re.search(r"[^\W\d_]", before) else ""


def _is_of_names(words: str) -> bool:
    names = re.findall(r"[^\s,.\[\]()“”\"—–]+", words)
    # A short word in lower case is a particle, in whatever language or misreading.
    lower = any(len(name) > 3 and name[0].islower() and not _OFFICE.match(name) for name in names)
    return not lower and not _OTHERS_DAY.match(words)
