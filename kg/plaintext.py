"""The reader of plain-text copies: one document a file, named VOLUME-dN.txt.

Two shapes circulate.  "Arrow" has one paragraph a line and notes at the end as "- text↩" (or "-" alone, a
line per paragraph, "↩"); "numbered" parts paragraphs by blank lines, and its notes are "  1. text" with
further paragraphs indented.  Both have the file number first, then the heading, then what is left of the
dateline (often "[Received …]" only), then the text with "[Page 697]" where a printed page begins.

The mark of a footnote is glued to the word before it ("August 14.58") and says the printed number, which
the list of notes does not.  The marks are found by their order: there are as many as notes, and printed
numbers run on.  A note whose mark is not found has neither mark nor offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import dates, filenumbers, headings
from kg.document import Document, Event, Fault, Footnote, Page, Reading, Volume
from kg.errors import NoHeading, NotUTF8, SourceError, UnreadableSource
from kg.prose import Prose, collapsed

# The longest document of the series has 0.3 MB of text.
MAX_BYTES = 16 * 1024 * 1024
# The longest heading known is a treaty's, of 361 characters.
MAX_HEADING = 1000

_NAME = re.compile(r"(?:(?P<volume>.+)-)?d0*(?P<id>\d+[a-z]?(?:-[a-z]?\d+)?)\.txt$", re.IGNORECASE)
_PAGE = re.compile(r"\s?\[Page (\[[^\[\]]*\]|[^\[\]]*)\]")
# White space aside, XML and so RDF/XML have no room for these.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")


def name_of(path: Path) -> tuple[str | None, str] | None:
    """(volume, document id) by file name: "frus1861-d032.txt" is ("frus1861", "d32"); None if it says neither."""
    found = _NAME.match(path.name)
    return (found["volume"], "d" + found["id"].lower()) if found else None


def read(path: Path, volume: str | None = None) -> Reading:
    """Read one document; `volume` is for a file whose name has none ("d549.txt").

    Raises UnreadableSource, NotUTF8, NoHeading, or SourceError for a name that tells no volume and document.
    """
    name = name_of(path)
    owner = (name[0] if name else None) or volume
    if name is None or owner is None:
        fact = "the name does not tell volume and document"
        raise SourceError(fact, file=path, advice="name it VOLUME-dN.txt, as frus1943v03-d549.txt is")
    lines = _lines(path, name[1])
    faults: list[Fault] = []
    reader = _Reader(owner, name[1], path, lines, faults)
    document = reader.document()
    return Reading(volume=Volume(id=owner), documents=(document,), faults=tuple(faults))


# ---------------------------------------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def _lines(path: Path, document: str) -> list[_Line]:
    """The lines that are not blank, with their numbers; leading white space is kept, for it has a meaning."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        fact = error.strerror or "it cannot be read"
        raise UnreadableSource(fact, file=path, advice="give a readable file") from error
    if len(raw) > MAX_BYTES:
        fact = f"more than {MAX_BYTES // 1024**2} MB of text"
        raise UnreadableSource(fact, file=path, advice="give one document a file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fact = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        advice = "convert it, for example with iconv -t UTF-8"
        raise NotUTF8(fact, file=path, line=line, document=document, advice=advice) from None
    split = enumerate(re.split(r"\r\n?|\n", text), 1)
    return [_Line(number, line.rstrip()) for number, line in split if line.strip()]


def _notes(lines: list[_Line]) -> tuple[list[_Line], list[tuple[str, ...]]]:
    """The lines without the notes at their end, and the paragraphs of each note in order."""
    return _arrow_notes(lines) if lines[-1].text.endswith("↩") else _numbered_notes(lines)


def _arrow_notes(lines: list[_Line]) -> tuple[list[_Line], list[tuple[str, ...]]]:
    notes: list[tuple[str, ...]] = []
    end = len(lines)
    while end and lines[end - 1].text.endswith("↩"):
        start = end - 1
        if not lines[start].text.startswith("- "):
            while start and lines[start].text != "-":
                start -= 1
            if lines[start].text != "-":
                break
        words = [line.text.removesuffix("↩").removeprefix("- ").strip() for line in lines[start:end]]
        notes.append(tuple(word for word in words if word not in ("", "-")))
        end = start
    return lines[:end], notes[::-1]


def _numbered_notes(lines: list[_Line]) -> tuple[list[_Line], list[tuple[str, ...]]]:
    for start in range(len(lines) - 1, -1, -1):
        if not lines[start].text.startswith(" "):
            break
        if not re.match(r" {1,3}1\. ", lines[start].text):
            continue
        notes: list[list[str]] = []
        for line in lines[start:]:
            found = re.match(r" {1,3}(\d+)\.(?:\s+(.*))?$", line.text)
            if found and int(found[1]) == len(notes) + 1:
                notes.append([found[2] or ""])
            else:
                notes[-1].append(line.text.strip())
        return lines[:start], [tuple(filter(None, note)) for note in notes]
    return lines, []


# ---------------------------------------------------------------------------------------------- the document


class _Reader:
    """Reads one document from its lines."""

    def __init__(self, volume: str, id: str, path: Path, lines: list[_Line], faults: list[Fault]) -> None:
        self.volume, self.id, self.path, self.faults = volume, id, path, faults
        self.first = lines[0].number if lines else 1
        self.body, self.notes = _notes(self._clean(lines)) if lines else ([], [])
        self.source: str | None = None
        self.flags: list[str] = []
        self.lead: list[str] = []
        self.dateline: list[str] = []
        self.received: str | None = None
        self.opening: list[str] = []  # pages that begin before the text
        self.headed = False  # whether the first of them begins before the heading too

    def document(self) -> Document:
        heading = self._heading()
        letterhead = self._letterhead()
        marks = _find([heading, *letterhead, *(line.text for line in self.body)], len(self.notes))
        title = self._title(_unmarked(heading, 0, marks))
        self._take(letterhead, marks)
        text, pages, footnotes = self._text(marks, 1 + len(letterhead))
        sent, received = self._events(title)
        taken = headings.read(title)
        kind = taken.kind or headings.kind_of(headings.form_of(self.source or ""), *self.flags)
        if not (kind or taken.parties or headings.names_paper(title) or title == "[Untitled]"):
            fact = f"the heading names neither parties nor a kind of paper: {title[:100]}"
            self.faults.append(
                Fault(fact=fact, kept="it as a title", document=self.id, line=self.first, kind="heading")
            )
        flags = tuple(self.flags)
        return Document(
            volume=self.volume,
            id=self.id,
            order=1,
            line=self.first,
            text=text,
            title=title,
            kind=kind,
            number=headings.number_of(flags, self.lead, text if kind == "telegram" else ""),
            source_note=self.source,
            flags=flags,
            file_number=filenumbers.file_number(self.source) if self.source else None,
            parties=taken.parties,
            sent=sent,
            received=received,
            held=headings.held(title),
            pages=pages,
            footnotes=footnotes,
        )

    def _clean(self, lines: list[_Line]) -> list[_Line]:
        for line in lines:
            if found := _CONTROL.search(line.text):
                fact = f"a control character, U+{ord(found[0]):04X}"
                self.faults.append(Fault(fact=fact, kept="a space for it", document=self.id, line=line.number))
        return [_Line(line.number, _CONTROL.sub(" ", line.text)) for line in lines]

    def _heading(self) -> str:
        """Take the lines up to the heading; of these the first that names a file is the source note."""
        for number, line in enumerate(self.body):
            words = self._without_pages(line.text)
            if not words:
                self.headed = True
            elif self.source is None and _is_source(words):
                self.source = words
            elif _is_flag(words):
                self.flags.append(words)
            elif len(words) > MAX_HEADING or _is_letterhead(words) or (self.flags and _is_prose(words)):
                break
            else:
                self.body = self.body[number + 1 :]
                return words
        if self.flags:  # "No. 2.", "A.": all the heading there is
            self.body = [line for line in self.body if collapsed(line.text) not in (self.source, *self.flags)]
            return self.flags.pop()
        fact = "it has no heading" if self.body else "the file is empty"
        advice = 'begin with the file number, if there is one, and the heading: "Mr. A to Mr. B", each on a line'
        raise NoHeading(fact, file=self.path, line=self.first, document=self.id, advice=advice)

    def _letterhead(self) -> list[str]:
        """Take the lines between heading and text: flags, the dateline, "[Received …]"."""
        taken: list[str] = []
        used = 0
        while used < min(8, len(self.body)):
            words = self._without_pages(self.body[used].text)
            if not words:
                used += 1
                continue
            # The number of the paper is the first line of its text, in the TEI volumes too.
            if re.match(r"No\.? ?\d", words):
                break
            count = next((n for n in (1, 2, 3) if _is_of_letterhead(self._joined(used, n))), None)
            if count is None:
                break
            taken.append(self._joined(used, count))
            used += count
        self.body = self.body[used:]
        self.lead = [collapsed(line.text) for line in self.body[:2]]
        return taken

    def _without_pages(self, line: str) -> str:
        """The words of a line before the text; of its page marks none stays."""
        if _PAGE.fullmatch(line):
            self.opening += _PAGE.findall(line)
            return ""
        return collapsed(line)

    def _joined(self, start: int, count: int) -> str:
        """Some lines as one: a letterhead of several lines ("Department of State," / "Washington, May 3, 1861.")."""
        words = [collapsed(line.text) for line in self.body[start : start + count]]
        return " ".join(words) if all(0 < len(word) <= 100 for word in words[:-1]) else ""

    def _take(self, letterhead: Sequence[str], marks: Sequence[_Mark | None]) -> None:
        for number, line in enumerate(letterhead, 1):
            words = _unmarked(line, number, marks)
            received = dates.received(words)
            if received:
                self.received = self.received or received
                words = dates.without_received(words)
            if words and _dateline(words) is not None:
                self.dateline.append(words)
            elif words:
                self.flags.append(words)

    def _title(self, heading: str) -> str:
        """The heading without a mark whose note the copy has lost."""
        found = re.match(r"(?P<title>.*[a-z.)\]’”]) (?P<mark>\d{1,3})$", heading)
        if found and not found["title"].endswith("No.") and headings.read(found["title"]).parties:
            fact = f"the heading has the mark {found['mark']} and the copy no note for it"
            self.faults.append(Fault(fact=fact, kept="the heading without it", document=self.id, line=self.first))
            return found["title"]
        return heading

    def _events(self, title: str) -> tuple[Event | None, Event | None]:
        printed = " ".join(self.dateline)
        told = dates.span(printed)
        dated = dates.read(printed[told[0] :] if told else "")
        if dated.fault:
            kept = f"{dated.date.edtf}, as doubtful" if dated.date else "the printed words, no date"
            self.faults.append(Fault(fact=dated.fault, kept=kept, document=self.id, line=self.first, kind="date"))
        place = next((name for line in self.dateline if (name := _dateline(line)) and name.strip()), None)
        sent = (
            Event(printed=printed, place=(place or "").strip(" ,.[]—–") or None, date=dated.date) if printed else None
        )
        words = self.received or next(filter(None, map(dates.received, (title, *self.flags))), None)
        if words is None:
            return sent, None
        return sent, Event(printed=words, date=dates.read(words, since=dated.date).date)

    # -- the text with its marks

    def _text(self, marks: Sequence[_Mark | None], skipped: int) -> tuple[str, tuple[Page, ...], tuple[Footnote, ...]]:
        prose = Prose()
        pages: list[tuple[str, list[int]]] = []
        places: dict[_Mark, list[int]] = {}
        for number, line in enumerate(self.body, skipped):
            prose.part()
            here = [mark for mark in marks if mark and mark.line == number]
            start = len(line.text) - len(line.text.lstrip())
            bullet = re.match(r"- (?=\S)", line.text)
            self._feed(prose, line.text, bullet.end() if bullet else start, here, pages, places)
        text = prose.text()
        footnotes = tuple(self._footnote(n, note, marks[n], places) for n, note in enumerate(self.notes))
        begun = [(number, 0) for number in self.opening] + [(number, at[0]) for number, at in pages]
        for note, footnote in zip(self.notes, footnotes, strict=True):
            begun += [(number, footnote.offset or 0) for words in note for number in _PAGE.findall(words)]
        return text, tuple(_pages(begun, infer=not self.headed)), footnotes

    def _feed(
        self,
        prose: Prose,
        line: str,
        start: int,
        marks: Sequence[_Mark],
        pages: list[tuple[str, list[int]]],
        places: dict[_Mark, list[int]],
    ) -> None:
        stops: list[tuple[int, int, _Mark | str]] = [(mark.start, mark.end, mark) for mark in marks]
        stops += [(found.start(), found.end(), found[1]) for found in _PAGE.finditer(line)]
        for begin, end, stop in sorted(stops, key=lambda stop: stop[:2]):
            prose.add(line[start:begin])
            if isinstance(stop, str):
                prose.add(" ")
                pages.append((stop, prose.ahead()))
            else:
                places[stop] = prose.here()
            start = end
        prose.add(line[start:])

    def _footnote(
        self, number: int, note: tuple[str, ...], mark: _Mark | None, places: dict[_Mark, list[int]]
    ) -> Footnote:
        paragraphs = tuple(words for line in note if (words := collapsed(_PAGE.sub(" ", line))))
        if mark is None:
            fact = f"the mark of footnote {number + 1} is not to be found"
            kept = "the footnote without a place"
            self.faults.append(Fault(fact=fact, kept=kept, document=self.id, line=self.first))
        at = places.get(mark) if mark else None
        return Footnote(
            key=f"fn-{number + 1}",
            mark=mark.printed if mark else None,
            paragraphs=paragraphs,
            offset=at[0] if at else None,
            on_heading=mark is not None and mark.line == 0,
        )


def _unmarked(line: str, number: int, marks: Sequence[_Mark | None]) -> str:
    """The line of that number without the marks that were found in it."""
    for mark in sorted((mark for mark in marks if mark and mark.line == number), key=lambda mark: -mark.start):
        line = line[: mark.start].rstrip() + line[mark.end :]
    return line


def _pages(begun: Sequence[tuple[str, int]], infer: bool) -> Iterator[Page]:
    """The pages from (number, offset); and the one before them, on which the heading stands above the first mark."""
    before = _page_before(begun[0][0]) if begun and infer else None
    seen: set[str] = set()
    if before:
        seen.add(before)
        yield Page(number=before, key=before, inferred="page-before-first-mark")
    for number, offset in begun:
        key = re.sub(r"\W+", "-", number).strip("-")
        if key and key not in seen:
            seen.add(key)
            yield Page(number=number, key=key, offset=offset)


_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _page_before(number: str) -> str | None:
    if number.isdecimal():
        return str(int(number) - 1) if int(number) > 1 else None
    roman = number.lower()
    for value in range(2, 400):
        if _roman(value) == roman:
            before = _roman(value - 1)
            return before.upper() if number.isupper() else before
    return None


def _roman(value: int) -> str:
    out = ""
    for unit, letters in _ROMAN:
        out += letters * (value // unit)
        value %= unit
    return out


# ---------------------------------------------------------------------------------------------- kinds of line


def _is_source(words: str) -> bool:
    """A line that names a file, and not a heading that speaks of files or papers."""
    if not filenumbers.names_source(words):
        return False
    return bool(re.match(r"\d|File No|Paris Peace Conf|Source:", words)) or (
        len(words) <= 80 and not re.match(r"(?:The|Memor\w+|Report|Minutes|Mr)\b", words)
    )


def _is_of_letterhead(words: str) -> bool:
    """Do words between heading and text belong to neither: a flag, a dateline, "[Received …]"?"""
    bare = re.sub(rf"(?:\d{{1,3}}[a-c]?|[{_SIGNS}])$", "", words)
    return any(_is_flag(line) or _dateline(line) is not None or dates.received(line) == line for line in (words, bare))


def _is_letterhead(words: str) -> bool:
    """A dateline, and not a heading that ends in a date as those of minutes and treaties do."""
    place = _dateline(words)
    return place is not None and len(place) < 60 and not headings.names_paper(words) and not headings.split(words)


def _is_prose(words: str) -> bool:
    return len(words) > 200 and words.endswith((".", ":", ";", "?"))


def _is_flag(words: str) -> bool:
    """A line about the document: "[Translation]", "No. 383.]", "Treaty Series No. 700", "A."."""
    if words == "[Untitled]":
        return False
    return bool(
        re.match(r"[\[(][^\[\]]{1,160}[\]).]\.?$|No\.? ?\d+[½¼]?\.?[\]|]?$|[A-Z]\.?$", words)
        or re.match(r"(?:Treaty|Executive Agreement) Series,? No\. ?\w+$|Inquiry Document No\. ?\d+$", words)
        or re.match(r"Treaty Series,? \d+$|Press Releases?, .{0,25}$", words)
    )


_OFFICE = re.compile(r"d’|legation|embassy|consulate|department|office|states?|united|mission|ministry")


def _dateline(words: str) -> str | None:
    """The place of a dateline ("" if it has a date only); None if the line is no dateline.

    A dateline ends in its date and time and has before it nothing but names: "Legation of the United States,
    Paris, May 3, 1870—4 p.m.".
    """
    words = dates.without_received(words)
    if not words or len(words) > 200:
        return None
    span = dates.span(words)
    if span is None:
        undated = re.match(
            r"(?P<place>.{0,80}?)[\[(]?\s?(?:undated|not dated|no date)\s?[\])]?\.?$", words, re.IGNORECASE
        )
        return undated["place"] if undated else None
    place, rest = words[: span[0]], words[span[1] :]
    # Behind the date a time may stand, and an editor's correction of the year.
    if re.search(r"[A-Za-z]{3}|\d", re.sub(r"\[[\d?]+\]", "", dates.without_time(rest))):
        return None
    place = re.sub(r"[\[(]?\s?undated\s?[—–-]*|\bcirca\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", "", place)
    names = re.findall(r"[^\s,.\[\]()“”\"—–]+", place)
    # A short word in lower case is a particle, in whatever language or misreading.
    if any(len(name) > 3 and name[0].islower() and not _OFFICE.match(name) for name in names):
        return None
    return place


# ---------------------------------------------------------------------------------------------- footnote marks


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place where a footnote's mark may stand: line and span, and what it would print."""

    line: int
    start: int
    end: int
    printed: str
    doubt: float
    page: int  # how many page marks come before it: numbers may begin anew with each page


_SIGNS = "*†‡§‖ǁ¶"
_GLUED = re.compile(rf"(?<=[^\s\d({_SIGNS}\[“‘–—/$£#-])([1-9]\d{{0,2}}[a-d]?)(?![\w½¼¾⅛%°]|[.,:]\d|[-–/]\d)")
_AFTER_DIGITS = re.compile(r"\d{2,7}(?![\w½¼¾⅛%°]|[.,:]\d|[-–/]\d)")
# Digits behind a year or a day are a mark: "1917" + "4", "August 28" + "37".
_IN_DATE = re.compile(
    r"(?:\b1[5-9]\d\d|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" (?:[1-9]|[12]\d|3[01]))$"
)
_SPACED = re.compile(rf"(?<=\s)(\d{{1,3}}[a-d]?|[{_SIGNS}])$")
_SIGN = re.compile(rf"(?<=[^\s{_SIGNS}])([{_SIGNS}]{{1,3}})(?![{_SIGNS}])")
_LONE_SIGN = re.compile(rf"(?<=[^{_SIGNS}\s] )([{_SIGNS}])(?=[\s,.;:]|$)(?! [{_SIGNS}])")
_LETTER = re.compile(r"(?<=[.,;:”’)])([a-d])(?=\s|$)")
_LOST_AT_ONCE = 3
_LOST = 2.0  # what it costs to leave a note without a mark


def _find(lines: Sequence[str], wanted: int) -> list[_Mark | None]:
    """The marks of `wanted` notes, in order; None for a note whose mark is not found.

    The cheapest way is taken from note to note over all places where a mark may stand, where a number that
    follows the last one costs nothing.
    """
    if not wanted:
        return []
    places = sorted(_candidates(lines), key=lambda mark: (mark.line, mark.end, -mark.start))
    sure = [mark for mark in places if mark.doubt < 1.5]
    cost, found = _cheapest(sure, wanted)
    if cost >= 2 and len(places) > len(sure) and len(places) * wanted < 200_000:
        other = _cheapest(places, wanted)
        cost, found = min((cost, found), other, key=lambda way: way[0])
    return found


def _candidates(lines: Sequence[str]) -> Iterator[_Mark]:
    page = 0
    for number, line in enumerate(lines):
        breaks = [found.span() for found in _PAGE.finditer(line)]
        for start, end, doubt in _spans(line, number == 0):
            if not any(low <= start < high for low, high in breaks):
                before = page + sum(1 for low, _ in breaks if low < start)
                yield _Mark(number, start, end, line[start:end], doubt, before)
        page += len(breaks)


def _spans(line: str, heading: bool) -> Iterator[tuple[int, int, float]]:
    """(start, end, doubt) of all that may be a mark in a line."""
    for found in _GLUED.finditer(line):
        before = line[found.start() - 1]
        decimal = before in ".,:" and line[: found.start() - 1][-1:].isdigit()
        if decimal and before == ":":
            continue
        code = before.isupper() and (found.start() < 2 or not line[found.start() - 2].isalpha())
        long = len(found[1]) == 3 and found[1].isdecimal()
        ends = re.match(r"\s+[A-Z“\[]|$", line[found.end() :])
        fraction = 3.0 if long else 0.4 if ends else 0.8
        yield *found.span(), fraction if decimal else 1.4 if code or long else 0.0
    for found in _SIGN.finditer(line):
        yield *found.span(), 0.0
    for found in _LONE_SIGN.finditer(line):
        yield *found.span(), 0.5
    for found in _AFTER_DIGITS.finditer(line):
        for length in (1, 2, 3):
            begin = found.end() - length
            if begin > found.start() and line[begin] != "0":
                dated = len(found[0]) > 2 and _IN_DATE.search(line[:begin])
                yield begin, found.end(), 0.5 if dated else 1.5
    for found in _LETTER.finditer(line):
        yield *found.span(), 1.0
    if found_at_end := _SPACED.search(line):
        yield *found_at_end.span(), 0.2 if heading else 2.5


@dataclass(slots=True)
class _Way:
    cost: float
    mark: _Mark | None
    before: _Way | None
    note: int  # notes that have been passed, with a mark or without
    running: str = ""  # the highest number, which a mark used again does not change


def _cheapest(places: Sequence[_Mark], wanted: int) -> tuple[float, list[_Mark | None]]:
    """The cheapest assignment of marks to notes, with its cost."""
    start = _Way(0.0, None, None, 0)
    # For each number of notes passed: the best way by the value it ends on, and the best of all.
    by_value: list[dict[str, _Way]] = [{} for _ in range(wanted + 1)]
    best: list[_Way | None] = [start] + [None] * wanted
    for place in places:
        for note in range(wanted - 1, -1, -1):
            way = _step(place, note, by_value, best)
            if way is None:
                continue
            held = by_value[note + 1].get(way.running)
            if held is None or way.cost <= held.cost:
                by_value[note + 1][way.running] = way
            top = best[note + 1]
            if top is None or way.cost < top.cost:
                best[note + 1] = way
    ends = [way for way in best if way is not None]
    end = min(ends, key=lambda way: way.cost + _LOST * (wanted - way.note))
    found: list[_Mark | None] = [None] * wanted
    cost = end.cost + _LOST * (wanted - end.note)
    last: _Way | None = end
    while last is not None and last.mark is not None:
        found[last.note - 1] = last.mark
        last = last.before
    return cost, found


def _step(place: _Mark, note: int, by_value: Sequence[dict[str, _Way]], best: Sequence[_Way | None]) -> _Way | None:
    """The cheapest way to give `place` to the note after `note` of them."""
    options: dict[int, _Way] = {}
    for lost in range(min(note, _LOST_AT_ONCE) + 1):
        options |= {id(way): way for way in _near(place.printed, by_value[note - lost], lost)}
        if top := best[note - lost]:
            options[id(top)] = top
    if start := best[0]:
        options[id(start)] = start
    cheapest: _Way | None = None
    for way in options.values():
        if way.mark is None or (way.mark.line, way.mark.end) <= (place.line, place.start):
            lost = note - way.note
            step, running = _turn(way, place, lost)
            cost = way.cost + step + _LOST * lost + place.doubt
            if cheapest is None or cost < cheapest.cost:
                cheapest = _Way(cost, place, way, note + 1, running)
    return cheapest


def _near(printed: str, ways: dict[str, _Way], lost: int) -> Iterator[_Way]:
    """The ways that end on a mark from which this one runs on, if `lost` marks between them are lost."""
    number, _ = _value(printed)
    if number is None:
        yield from (way for value, way in ways.items() if not value[0].isdigit())
        return
    for near in (number - 1 - lost, number):
        for letter in ("", *"abcd"):
            if way := ways.get(f"{near}{letter}"):
                yield way


def _value(printed: str) -> tuple[int | None, str]:
    found = re.match(r"(\d+)([a-d]?)$", printed)
    return (int(found[1]), found[2]) if found else (None, printed)


def _turn(way: _Way, mark: _Mark, lost: int) -> tuple[float, str]:
    """What it costs to go on to a mark, nothing if its number runs on; and the number that is running then."""
    printed = mark.printed
    number, letter = _value(printed)
    if way.mark is None:
        # Digits that are the end of a number are a mark only if the next mark follows them.
        return (0.0 if number == 1 or letter else 0.2) + (0.55 if mark.doubt >= 1.5 else 0.0), printed
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
