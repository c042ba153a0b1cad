"""Where the marks of footnotes stand in a text that has lost their form: "August 14.58", "your 14959 has".  Pure.

A mark is glued to the word before it, or to a number ("14959" is 149 and the mark 59), and says the printed
number, which the list of notes does not.  Marks are found by their order: there are as many as notes, and printed
numbers run on.  The cheapest way is taken from note to note over all places where a mark may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# A printed page begins here.  With a full stop, "[Page 5.]", it is a reference in the text's own words.
PAGE = re.compile(r"\s?\[Page\s{1,3}(\[[^\[\]]{0,20}\]|[^\[\]]{0,20}(?<!\.))\]")
SIGNS = "*†‡§‖ǁ¶"
_GLUED = re.compile(rf"(?<=[^\s\d({SIGNS}\[“‘–—/$£#°′″-])([1-9]\d{{0,2}}[a-d]?)(?![\w½¼¾⅛%°′″]|[.,:]\d|[-–/]\d)")
_AFTER_DIGITS = re.compile(r"(?<!\d)\d{2,7}(?![\w½¼¾⅛%°]|[.,:]\d|[-–/]\d)")
_MONTH = r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) "
_YEAR = re.compile(r"1[5-9]\d\d(?!\d)")
# Digits behind a year or a day are a mark: "1917" + "4", "August 28" + "37".
_DATE_BEFORE = re.compile(rf"(?:\b1[5-9]\d\d|{_MONTH}(?:[1-9]|[12]\d|3[01]))$")
_DAY_BEFORE = re.compile(rf"{_MONTH}\d{{1,2}},? $")
_MONTH_BEFORE = re.compile(rf"{_MONTH}$")
_YEAR_BEHIND = re.compile(rf",? {_YEAR.pattern}")
_SPACED = re.compile(rf"(?<=\s)(\d{{1,3}}[a-d]?|[{SIGNS}])$")
# A line that is a heading, of an enclosure for one.
_HEADING = re.compile(r"[A-ZÀ-Þ][^:;?!\d]{3,100} to (?:Mr|M|[A-ZÀ-Þ][a-zà-ÿ]+)\b[^:;?!\d]{3,60} \d{1,3}$")
_SIGN = re.compile(rf"(?<=[^\s{SIGNS}])([{SIGNS}]{{1,3}})(?![{SIGNS}])")
_LONE_SIGN = re.compile(rf"(?<=[^{SIGNS}\s] )([{SIGNS}])(?=[\s,.;:]|$)(?! [{SIGNS}])")
_LETTER = re.compile(r"(?<=[.,;:”’)])([a-d])(?=\s|$)")
_SENTENCE_ENDS = re.compile(r"\s+[A-Z“\[]|$")
_LOST_AT_ONCE = 3
_LOST = 2.0  # what it costs to leave a note without a mark
_SURE = 1.5  # from this doubt on, a place is looked at only if the others do not suffice
# How many pairs of place and note are weighed for each character of the text: far more than print ever needs.
_PAIRS = 0.5
_LONGEST_DATE = 24


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where a footnote's mark may stand: line and span, and what it would print."""

    line: int
    start: int
    end: int
    printed: str
    doubt: float
    page: int  # how many page marks come before it: numbers may begin anew with each page


def find(lines: Sequence[str], wanted: int) -> list[Mark | None]:
    """The marks of `wanted` notes, in order; None for a note whose mark is not found.  The first line is the heading.

    Takes time in proportion to the text, whatever that is.
    """
    if not wanted:
        return []
    room = int(_PAIRS * sum(map(len, lines))) + 5000
    places = sorted(_candidates(lines), key=lambda mark: (mark.line, mark.end, -mark.start))
    sure = [mark for mark in places if mark.doubt < _SURE]
    cost, found = _cheapest(sure, wanted, room)
    if cost >= _LOST and len(places) > len(sure):
        other = _cheapest(places, wanted, room)
        cost, found = min((cost, found), other, key=lambda way: way[0])
    return found


def certain(line: str) -> str | None:
    """The first words of a line that end in what can hardly be anything but a mark: "noon.58"; None without."""
    for found in re.finditer(r"(?<![\d.,])[.,;:”’)](\d{1,3})(?=\s|$)", line):
        before = line[max(0, found.start() - 30) : found.start()]
        if re.search(r"[a-z]{3}$", before):
            return before.split()[-1] + found[0]
    return None


def _candidates(lines: Sequence[str]) -> Iterator[Mark]:
    page = 0
    for number, line in enumerate(lines):
        breaks = [found.span() for found in PAGE.finditer(line)]
        passed = 0
        for start, end, doubt in sorted(_spans(line, number == 0)):
            while passed < len(breaks) and breaks[passed][1] <= start:
                passed += 1
            if passed == len(breaks) or start < breaks[passed][0]:
                yield Mark(number, start, end, line[start:end], doubt, page + passed)
        page += len(breaks)


def _spans(line: str, heading: bool) -> Iterator[tuple[int, int, float]]:
    """(start, end, doubt) of all that may be a mark in a line."""
    for found in _GLUED.finditer(line):
        before = line[found.start() - 1]
        decimal = before in ".,:" and line[max(0, found.start() - 2)].isdigit()
        if decimal and before == ":":
            continue
        code = before.isupper() and (found.start() < 2 or not line[found.start() - 2].isalpha())
        long = len(found[1]) == 3 and found[1].isdecimal()
        fraction = 3.0 if long else 0.4 if _SENTENCE_ENDS.match(line, found.end()) else 0.8
        yield *found.span(), fraction if decimal else 1.4 if code or long else 0.0
    for found in _SIGN.finditer(line):
        yield *found.span(), 0.1
    for found in _LONE_SIGN.finditer(line):
        yield *found.span(), 0.5
    for found in _AFTER_DIGITS.finditer(line):
        for length in (1, 2, 3):
            begin = found.end() - length
            if begin > found.start() and line[begin] != "0":
                yield begin, found.end(), _doubt(line, found.start(), begin, found.end())
    for found in _LETTER.finditer(line):
        yield *found.span(), 1.0
    if found_at_end := _SPACED.search(line, max(0, len(line) - 5)):
        yield *found_at_end.span(), -0.2 if heading else 0.5 if _HEADING.match(line) else 2.5


def _doubt(line: str, start: int, begin: int, end: int) -> float:
    """How doubtful it is that of the digits from `start` to `end` those from `begin` on are a mark."""
    near = max(0, start - _LONGEST_DATE)
    if end - start > 2 and _DATE_BEFORE.search(line[near:begin]):
        return 0.5
    before = line[near:start]
    # "August 11, 1917" is a date as it stands, both in its day and in its year.
    day = end - start == 2 and _YEAR_BEHIND.match(line, end) and _MONTH_BEFORE.search(before)
    if day or (end - start == 4 and _YEAR.match(line, start) and _DAY_BEFORE.search(before)):
        return 2.5
    return 1.6 if end - begin == 1 else 1.5


# ---------------------------------------------------------------------------------------------- the cheapest way


@dataclass(slots=True)
class _Way:
    cost: float
    mark: Mark | None
    before: _Way | None
    note: int  # notes that have been passed, with a mark or without
    running: str = ""  # the highest number, which a mark used again does not change


def _cheapest(places: Sequence[Mark], wanted: int, room: int) -> tuple[float, list[Mark | None]]:
    """The cheapest assignment of marks to notes, with its cost.

    Where pairs of places and notes are more than there is room for, each place is tried for the notes around the
    one that the best way so far has come to.
    """
    start = _Way(0.0, None, None, 0)
    # For each number of notes passed: the best way by the value it ends on, and the best of all.
    by_value: list[dict[str, _Way]] = [{} for _ in range(wanted + 1)]
    best: list[_Way | None] = [start] + [None] * wanted
    width = min(wanted, max(4, room // (len(places) or 1)))
    furthest = start
    for place in places:
        last = min(wanted, furthest.note + width)
        for note in range(last - 1, max(0, last - 2 * width) - 1, -1):
            way = _step(place, note, by_value, best)
            if way is None:
                continue
            held = by_value[note + 1].get(way.running)
            if held is None or way.cost <= held.cost:
                by_value[note + 1][way.running] = way
            top = best[note + 1]
            if top is None or way.cost < top.cost:
                best[note + 1] = way
            if way.cost - way.note < furthest.cost - furthest.note:
                furthest = way
    ends = [way for way in best if way is not None]
    end = min(ends, key=lambda way: way.cost + _LOST * (wanted - way.note))
    found: list[Mark | None] = [None] * wanted
    cost = end.cost + _LOST * (wanted - end.note)
    passed: _Way | None = end
    while passed is not None and passed.mark is not None:
        found[passed.note - 1] = passed.mark
        passed = passed.before
    return cost, found


def _step(place: Mark, note: int, by_value: Sequence[dict[str, _Way]], best: Sequence[_Way | None]) -> _Way | None:
    """The cheapest way to give `place` to the note after `note` of them."""
    options: list[_Way | None] = [best[0]]
    for lost in range(min(note, _LOST_AT_ONCE) + 1):
        if ways := by_value[note - lost]:
            options += [ways[value] for value in _near(place.printed, lost) if value in ways]
        options.append(best[note - lost])
    cheapest: _Way | None = None
    for way in filter(None, options):
        if way.mark is None or (way.mark.line, way.mark.end) <= (place.line, place.start):
            lost = note - way.note
            step, running = _turn(way, place, lost)
            cost = way.cost + step + _LOST * lost + place.doubt
            if cheapest is None or cost < cheapest.cost:
                cheapest = _Way(cost, place, way, note + 1, running)
    return cheapest


@lru_cache(maxsize=10_000)
def _near(printed: str, lost: int) -> tuple[str, ...]:
    """The marks from which this one runs on, if `lost` marks between them are lost."""
    number, _ = _value(printed)
    if number is None:
        return (printed, *SIGNS, *"abcd")
    return tuple(f"{near}{letter}" for near in (number - 1 - lost, number) for letter in ("", *"abcd"))


@lru_cache(maxsize=10_000)
def _value(printed: str) -> tuple[int | None, str]:
    found = re.match(r"(\d+)([a-d]?)$", printed)
    return (int(found[1]), found[2]) if found else (None, printed)


def _turn(way: _Way, mark: Mark, lost: int) -> tuple[float, str]:
    """What it costs to go on to a mark, nothing if its number runs on; and the number that is running then."""
    printed = mark.printed
    number, letter = _value(printed)
    if way.mark is None:
        # A mark is lost at the beginning, with a dateline or an inner heading, rather than at the end; and digits that
        # are the end of a number are a mark only if the next mark follows them.
        first = 0.0 if number == 1 + lost or letter else 0.2
        return first - (0.05 if lost else 0.0) + (0.55 if mark.doubt >= _SURE else 0.0), printed
    before, tag = _value(way.running)
    turned = mark.page > way.mark.page
    if number is None or before is None:
        same = printed == way.running
        return 0.3 if number is None and before is None and (turned or not same) else 1.0, printed
    next_letter = chr(ord(tag or "`") + 1)
    if (number == before + 1 + lost and letter in ("", "a")) or (number == before and letter == next_letter):
        return -0.1, printed
    if number == before and letter != tag:
        return 0.3, printed  # "2a" may stand before "2": it was put in when the numbers were set
    if number == 1:  # with the page, of which the copy need not tell, or after 99
        return 0.0 if before == 99 else 0.5 if turned else 0.9, printed
    if number <= before:  # a note that is referred to again
        return 0.8 + 0.05 * min(before - number, 10), way.running
    return min(0.7 + 0.2 * (number - before - 1), 2.0), printed
