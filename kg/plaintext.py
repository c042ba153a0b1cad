"""The reader of plain-text copies: one document a file, named VOLUME-dN.txt, or several parted by form feeds.

Two shapes circulate.  "Arrow" has one paragraph a line and notes at the end as "- text↩" (or "-" alone, a
line per paragraph, "↩"); "numbered" parts paragraphs by blank lines, and its notes are "  1. text" with
further paragraphs indented.  Both have the file number first, then the heading, then what is left of the
dateline (often "[Received …]" only), then the text with "[Page 697]" where a printed page begins.

The list of notes does not say which printed numbers they bear: kg/notemarks.py finds their marks in the text.  A
note whose mark is not found has neither mark nor offset.

Whatever the text, it is read as far as it can be: what is missing is missing in the document and told in a fault,
and reading takes time in proportion to its length.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import datelines, dates, enclosures, filenumbers, headings, notemarks, participants, signatures, volumes
from kg.document import Document, Event, Fault, Footnote, Page, Party, Reading, Signature, Trouble, Volume
from kg.errors import NoHeading, NotUTF8, SourceError, UnreadableSource
from kg.notemarks import PAGE, Mark
from kg.prose import Prose, collapsed
from kg.wrapping import Line, unwrapped

# The longest document of the series has 0.3 MB of text, the longest volume 6.
MAX_BYTES = 16 * 1024 * 1024
# A document of it is read in a minute and in 0.6 GB of memory.
MAX_CHARACTERS = 2_000_000
# The longest heading known is a treaty's, of 361 characters.
MAX_HEADING = 1000

# Characters of the heading of a letter within a text.
_LONGEST_INNER = 150

_ID = r"d0*(?P<id>\d+[a-z]?(?:-[a-z]?\d+)?)"
_NAME = re.compile(
    rf"(?:(?P<volume>.+)-{_ID}|{_ID.replace('<id>', '<own>').replace('d0', 'd?0')})\.txt$", re.IGNORECASE
)
# A series and a year: "frus1943v03.txt".
_VOLUME = re.compile(r"(?P<volume>[a-z]+\d{4}[\w-]*)\.txt$", re.IGNORECASE)
_OWN_ID = re.compile(rf"(?:(?P<volume>[\w-]{{1,60}})[-/])?{_ID}$", re.IGNORECASE)
# White space aside, XML and so RDF/XML have no room for these.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
# Words that a machine has misread: "Te1egram", "l934". No word of print has a 1 or 0 among its letters.
_MISREAD = re.compile(r"\b(?:[A-Za-z]{2,20}[01][a-z]{2,20}|l\d{3}|\d{1,3}[lO]\d{1,2})\b")
# A line that stands twice by the copier's slip, and not two notes or two lines of stars that are alike.
_TWICE = 40


def name_of(path: Path) -> tuple[str | None, str | None]:
    """(volume, document id) by file name, each None if it does not tell: "frus1861-d032.txt" is ("frus1861", "d32")."""
    if found := _NAME.match(path.name):
        return found["volume"], "d" + (found["id"] or found["own"]).lower()
    found = _VOLUME.match(path.name)
    return (found["volume"] if found else None), None


def read(path: Path, volume: str | None = None) -> Reading:
    """Read the documents of a file; `volume` is for one whose name tells none ("d549.txt", "letter.txt").

    A form feed parts documents.  The first line of each may tell its id ("d549"); else the file's name tells it, and
    the documents of a file whose name tells none are d1, d2 and so on in order.

    Raises UnreadableSource, also for a document of more than `MAX_CHARACTERS` or a file of more than `MAX_BYTES`;
    NotUTF8; NoHeading for a file without text; SourceError where volume or id of a document is not told.
    """
    owner, id = name_of(path)
    owner = owner or volume
    if owner is None:
        fact = "the name does not tell the volume"
        raise SourceError(fact, file=path, advice="name it VOLUME-dN.txt, as frus1943v03-d549.txt is, or give --volume")
    faults: list[Fault] = []
    documents: list[Document] = []
    parts = _named(path, _parts(_text(path, id)), owner, id)
    for part in parts:
        _bounded(path, part)
        reader = _Reader(owner, part, len(documents) + 1, faults)
        document = reader.document()
        if document:
            documents.append(document)
    if not documents:
        fact = "it has neither heading nor text" if parts else "the file is empty"
        advice = 'begin with the file number, if there is one, and the heading: "Mr. A to Mr. B", each on a line'
        raise NoHeading(fact, file=path, line=1, document=id, advice=advice)
    return Reading(volume=Volume(id=owner), documents=tuple(documents), faults=tuple(faults))


# ---------------------------------------------------------------------------------------------- lines and parts


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands between two form feeds: a document with its id."""

    id: str
    lines: list[Line]


def _text(path: Path, document: str | None) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        fact = error.strerror or "it cannot be read"
        raise UnreadableSource(fact, file=path, advice="give a readable file") from error
    if len(raw) > MAX_BYTES:
        fact = f"more than {MAX_BYTES // 1024**2} MB of text, passed in this line"
        line = len(re.findall(rb"\r\n?|\n", raw)) + 1
        raise UnreadableSource(fact, file=path, line=line, advice="give one document a file")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[:4096].count(0) > len(raw[:4096]) // 100:
        fact = "it is UTF-16 or binary, not UTF-8"
        advice = "convert it, for example with iconv -f UTF-16 -t UTF-8"
        raise NotUTF8(fact, file=path, line=1, document=document, advice=advice)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", raw[: error.start])) + 1
        fact = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        advice = "convert it, for example with iconv -t UTF-8"
        raise NotUTF8(fact, file=path, line=line, document=document, advice=advice) from None


def _parts(text: str) -> list[list[Line]]:
    """The lines of each document; a part without words is none."""
    parts: list[list[Line]] = [[]]
    for number, line in enumerate(re.split(r"\r\n?|\n", text), 1):
        for count, words in enumerate(line.split("\f")):
            if count:
                parts.append([])
            if words.strip():
                parts[-1].append(Line(number, words.rstrip()))
    return [lines for lines in parts if lines]


def _named(path: Path, parts: list[list[Line]], volume: str, id: str | None) -> list[_Part]:
    """The parts with their ids.  Raises SourceError for one whose id is not told or told twice."""

    def refuse(fact: str, line: Line, advice: str) -> SourceError:
        return SourceError(fact, file=path, line=line.number, document=id, advice=advice)

    told = [_OWN_ID.match(lines[0].text.strip()) for lines in parts]
    out: list[_Part] = []
    for number, (lines, own) in enumerate(zip(parts, told, strict=True), 1):
        name = f"d{own['id'].lower()}" if own else id if number == 1 or id is None else None
        if own and ((own["volume"] or volume).lower() != volume.lower() or (number == 1 and id not in (None, name))):
            raise refuse(f"{lines[0].text.strip()} is not what the file is named", lines[0], "correct one of the two")
        if name is None and id is None and not any(told):
            name = f"d{number}"
        if name is None:
            fact = f"nothing tells the id of document {number}, which begins here behind a form feed"
            advice = f'begin it with a line that does, such as "d12" or take the form feed out or name it {volume}.txt'
            raise refuse(fact, lines[0], advice)
        if any(part.id == name for part in out):
            raise refuse(f"{name} is the id of a document above, too", lines[0], "give each document its own")
        out.append(_Part(name, lines[1:] if own else lines))
    return out


def _bounded(path: Path, part: _Part) -> None:
    """Raises UnreadableSource, with the line where it begins, for a document that is longer than any is."""
    count = sum(len(line.text) + 1 for line in part.lines)
    if count > MAX_CHARACTERS:
        fact = f"a document of {count:,} characters, more than {MAX_CHARACTERS:,}"
        advice = "part it into its documents by form feeds, or a file for each"
        raise UnreadableSource(fact, file=path, line=part.lines[0].number, document=part.id, advice=advice)


# ---------------------------------------------------------------------------------------------- notes


@dataclass(frozen=True, slots=True)
class _Note:
    """A note of the list at the end: its paragraphs, and the number of its first line."""

    line: int
    paragraphs: tuple[str, ...]


def _notes(lines: list[Line]) -> tuple[list[Line], list[_Note]]:
    """The lines without the notes at their end, and the notes in order."""
    if not lines:
        return [], []
    return _arrow_notes(lines) if _ends_note(lines[-1]) else _numbered_notes(lines)


def _ends_note(line: Line) -> bool:
    # A variation selector may follow, which asks for the arrow as text and not as a picture.
    return line.text.rstrip("\ufe0e\ufe0f").endswith("↩")


def _arrow_notes(lines: list[Line]) -> tuple[list[Line], list[_Note]]:
    notes: list[_Note] = []
    end = len(lines)
    while end and _ends_note(lines[end - 1]):
        start = end - 1
        if not lines[start].text.startswith("- "):
            start = _opening(lines, start)
        words = [
            line.text.rstrip("\ufe0e\ufe0f").removesuffix("↩").removeprefix("- ").strip() for line in lines[start:end]
        ]
        notes.append(_Note(lines[start].number, tuple(word for word in words if word not in ("", "-"))))
        end = start
    return lines[:end], notes[::-1]


def _opening(lines: list[Line], last: int) -> int:
    """Where the note of several paragraphs begins whose last line is given; without its "-", on that line."""
    for start in range(last - 1, -1, -1):
        if lines[start].text.strip() == "-":
            return start
        if _ends_note(lines[start]):
            break
    return last


def _numbered_notes(lines: list[Line]) -> tuple[list[Line], list[_Note]]:
    for start in range(len(lines) - 1, -1, -1):
        if not lines[start].text.startswith(" "):
            break
        if not re.match(r" {1,3}1\. ", lines[start].text):
            continue
        notes: list[tuple[int, list[str]]] = []
        for line in lines[start:]:
            found = re.match(r" {1,3}(\d{1,6})\.(?:\s+(.*))?$", line.text)
            if found and int(found[1]) == len(notes) + 1:
                notes.append((line.number, [found[2] or ""]))
            else:
                notes[-1][1].append(line.text.strip())
        return lines[:start], [_Note(number, tuple(filter(None, words))) for number, words in notes]
    return lines, []


# ---------------------------------------------------------------------------------------------- the document


class _Reader:
    """Reads one document from its lines."""

    def __init__(self, volume: str, part: _Part, order: int, faults: list[Fault]) -> None:
        self.volume, self.id, self.order, self.faults = volume, part.id, order, faults
        self.first = part.lines[0].number if part.lines else 1
        body, notes = _notes(self._unwrapped(self._clean(part.lines)))
        self.notes = self._worded(notes)
        self.body = self._once(body)
        self.source: str | None = None
        self.flags: list[str] = []
        self.lead: list[str] = []
        self.dateline: list[str] = []
        self.place: str | None = None
        self.received: str | None = None
        self.opening: list[str] = []  # pages that begin before the text
        self.headed = False  # whether the first of them begins before the heading too

    def document(self) -> Document | None:
        """The document; None, with a fault, if there are no words."""
        if not any(PAGE.sub("", line.text).strip() for line in self.body):
            self._fault("markup", "notes or marks of pages without any text", "nothing of them")
            return None
        heading = self._heading()
        letterhead = self._letterhead()
        marks = notemarks.find([heading, *letterhead, *(line.text for line in self.body)], len(self.notes))
        title = self._title(_unmarked(heading, 0, marks))
        self._take(letterhead, marks)
        text, pages, footnotes = self._text(marks, 1 + len(letterhead))
        enclosed = enclosures.find(text)
        own = text[: enclosed[0].start].rstrip("\n") if enclosed else text
        sent, received = self._events(title)
        taken = headings.read(title)
        kind = taken.kind or headings.kind_of(headings.form_of(self.source or ""), *self.flags)
        if title and not (kind or taken.parties or headings.names_paper(title) or title == "[Untitled]"):
            fact = f"the heading names neither parties nor a kind of paper: {title[:100]}"
            self._fault("heading", fact, "it as a title")
        flags = tuple(self.flags)
        return Document(
            volume=self.volume,
            id=self.id,
            order=self.order,
            line=self.first,
            text=text,
            title=title or None,
            kind=kind,
            number=headings.number_of(flags, self.lead, text if headings.is_wired(kind, title) else "")
            or headings.own_number(taken.title),
            source_note=self.source,
            flags=flags,
            file_number=filenumbers.file_number(self.source) if self.source else None,
            parties=taken.parties,
            sent=sent or headings.written(taken.title),
            received=received,
            held=headings.held(title),
            signatures=_signed(own, taken.parties),
            pages=pages,
            footnotes=footnotes,
            participants=participants.of_text(own.split("\n"), kind) or participants.of_heading(taken.title),
            enclosures=enclosed,
        )

    def _fault(self, kind: Trouble, fact: str, kept: str, line: int | None = None) -> None:
        self.faults.append(Fault(fact=fact, kept=kept, document=self.id, line=line or self.first, kind=kind))

    def _clean(self, lines: list[Line]) -> list[Line]:
        """The lines with spaces for control characters."""
        controls = [(line.number, found) for line in lines for found in _CONTROL.findall(line.text)]
        if controls:
            number, first = controls[0]
            more = f" and {len(controls) - 1} more" if len(controls) > 1 else ""
            self._fault("markup", f"a control character, U+{ord(first):04X}{more}", "a space for each", number)
        misread = [(line.number, word) for line in lines for word in _MISREAD.findall(line.text)]
        if misread:
            number, word = misread[0]
            more = f", and so do {len(misread) - 1} more" if len(misread) > 1 else ""
            self._fault("markup", f"“{word}” looks misread{more}", "each as it stands", number)
        return [Line(line.number, _CONTROL.sub(" ", line.text)) for line in lines]

    def _unwrapped(self, lines: list[Line]) -> list[Line]:
        """The lines joined into paragraphs, if they are plainly wrapped."""
        paragraphs, wrapped = unwrapped(lines)
        if wrapped:
            broken = f" and {wrapped.mended} words broken by hyphens" if wrapped.mended else ""
            broken += f", {wrapped.kept} with the hyphen kept" if wrapped.kept else ""
            kept = f"paragraphs, of {wrapped.joined} lines joined to the one above{broken}"
            self._fault("markup", f"the lines are wrapped at {wrapped.width} characters", kept, wrapped.first)
        return paragraphs

    def _worded(self, notes: list[_Note]) -> list[_Note]:
        """The notes without those of stars alone, which stand for words that an editor has left out of the text."""
        worded = [note for note in notes if not note.paragraphs or re.search(r"\w", "".join(note.paragraphs))]
        for note in notes:
            if note not in worded:
                self._fault(
                    "markup", f"a note without words: {note.paragraphs[0][:40]}", "no footnote of it", note.line
                )
        return worded

    def _once(self, lines: list[Line]) -> list[Line]:
        """The lines without those that a copier has doubled."""
        out: list[Line] = []
        for line in lines:
            if len(line.text) >= _TWICE and out and line.text == out[-1].text:
                self._fault("markup", "the line stands twice", "it once", line.number)
            else:
                out.append(line)
        return out

    # -- before the text

    def _heading(self) -> str:
        """Take the lines up to the heading; of these the first that names a file is the source note.

        "" with a fault if there is no heading: then all lines are the text's but the source note and the flags.
        """
        for number, line in enumerate(self.body):
            words = self._opened(line.text)
            if not words:
                self.headed = True
            elif words in (self.source, *self.flags[-1:]):
                continue  # doubled
            elif self.source is None and _is_source(words):
                self.source = words
            elif _is_flag(words):
                self.flags.append(words)
            elif _is_no_heading(words) or (self.flags and _is_prose(words)):
                self.body = self.body[number:]
                break
            else:
                self.headed = self.headed or _begins_page(line.text)
                return self._whole(number, words)
        else:
            self.body = []
        if self.flags:  # "No. 2.", "A.": all the heading there is
            return self.flags.pop()
        if self.body and _MAIL.match(self.body[0].text):
            fact = "it has no heading but the header of a mail, which is not read for sender, recipient and date"
        else:
            fact = "it has no heading"
        self._fault("heading", fact, "the document without a title", self.body[0].number if self.body else None)
        return ""

    def _whole(self, number: int, words: str) -> str:
        """The heading with the lines on which it goes on or stands again."""
        self.body = self.body[number + 1 :]
        while self.body and len(words) < MAX_HEADING:
            more = collapsed(PAGE.sub(" ", self.body[0].text))
            if more != words and not (_GOES_ON.search(words) and len(more) < 200 and headings.split(f"{words} {more}")):
                break
            self._opened(self.body.pop(0).text)
            words = words if more == words else f"{words} {more}"
        return words

    def _letterhead(self) -> list[str]:
        """Take the lines between heading and text: flags, the dateline, "[Received …]"."""
        taken: list[str] = []
        used = 0
        while used < min(8, len(self.body)):
            words = self._words(used)
            count = self._count(used, words) if words else 1
            if not count:
                break
            whole = datelines.joined([self._words(n) for n in range(used, used + count)])
            for line in self.body[used : used + count]:
                self._opened(line.text)
            if whole and whole not in taken[-1:]:
                taken.append(whole)
            used += count
        self.body = self.body[used:]
        if not any(datelines.read(words) is not None for words in taken):
            taken += self._dateline_within(taken)
        self.lead = [collapsed(line.text) for line in self.body[:2]]
        return taken

    def _dateline_within(self, letterhead: Sequence[str]) -> list[str]:
        """Take the dateline that stands under a line or two of the text, if it tells place and year.

        Notes in the third person and memoranda have it at their foot.  There it may be another paper's as well, so
        letters, whose own stands at the head, have none there but a day right under the signature, and telegrams none
        within.
        """
        if any("telegram" in line.lower() for line in (self.source or "", *self.flags, *letterhead)):
            return []
        head = 0
        while head < min(3, len(self.body)) and _is_caption(self.body[head].text):
            head += 1
        foot = next((n for n, line in enumerate(self.body) if _ENCLOSURE.match(line.text.strip())), len(self.body))
        lines = [collapsed(line.text) for line in self.body]
        told = [number for number, line in enumerate(lines) if datelines.is_full(line) and not _MAIL.match(line)]
        at = next((number for number in told if 0 < number <= head), None)
        # Of several papers in one, the day of the last is not that of the whole.
        if at is None and len(told) == 1 and foot - 3 <= told[0] < foot and self._is_note():
            at = told[0]
        at = at or self._under_signature(lines[:foot])
        if at is None:
            return []
        words = collapsed(self.body[at].text)
        self.body = self.body[:at] + self.body[at + 1 :]
        return [words]

    def _under_signature(self, lines: Sequence[str]) -> int | None:
        """Which of the last lines is a dateline under the name of one who signs, and of no letter within the text."""
        for number in range(max(2, len(lines) - 3), len(lines)):
            if signatures.is_name(lines[number - 1]) and datelines.tells_year(lines[number]):
                others = (line for line in lines[1:number] if len(line) <= _LONGEST_INNER)
                return None if any(headings.read(line).parties for line in others) else number
        return None

    def _is_note(self) -> bool:
        """Is it neither a letter nor a copy that somebody certifies?"""
        return not any(_ADDRESSED.search(line.text) for line in self.body)

    def _count(self, used: int, words: str) -> int:
        """How many lines from there on are one of the letterhead; 0 if the text begins there."""
        lines = [self._words(number) for number in range(used, min(used + 4, len(self.body)))]
        # The number of the paper is the first line of its text, in the TEI volumes too, unless a dateline follows.
        if re.match(r"No\.? ?\d", words):
            return int(any(datelines.read(datelines.joined(lines[1:end])) is not None for end in (2, 3, 4)))
        counts = [n for n in range(1, min(4, len(lines) + 1)) if _is_of_letterhead(datelines.joined(lines[:n]))]
        # "[Border, Sylvania?]" and under it the day.
        if counts[:2] == [1, 2] and words.startswith("[") and datelines.read(lines[1]) == "":
            return 2
        return counts[0] if counts else 0

    def _words(self, number: int) -> str:
        """The words of a line of the body without page marks; "" beyond its end and for a line too long to look at."""
        line = self.body[number].text if number < len(self.body) else ""
        return collapsed(PAGE.sub(" ", line)) if len(line) <= MAX_HEADING else line

    def _opened(self, line: str) -> str:
        """The words of a line before the text; the pages that begin there are kept."""
        self.opening += PAGE.findall(line)
        return collapsed(PAGE.sub(" ", line))

    def _take(self, letterhead: Sequence[str], marks: Sequence[Mark | None]) -> None:
        for number, line in enumerate(letterhead, 1):
            words = _unmarked(line, number, marks)
            received = dates.received(words)
            if received:
                self.received = self.received or received
                words = dates.without_received(words)
            before = datelines.read(_unmarked(line, number, marks))
            if words and before is not None:
                self.dateline.append(words)
                self.place = self.place or datelines.place(before)
            elif words:
                self.flags.append(words)

    def _title(self, heading: str) -> str:
        """The heading without a mark whose note the copy has lost."""
        found = re.match(r"(?P<title>.*[a-z.)\]’”]) ?(?P<mark>\d{1,3})$", heading)
        if found and not found["title"].endswith("No.") and headings.read(found["title"]).parties:
            self._fault(
                "markup",
                f"the heading has the mark {found['mark']} and the copy no note for it",
                "the heading without it",
            )
            return found["title"]
        return heading

    def _events(self, title: str) -> tuple[Event | None, Event | None]:
        printed = " ".join(self.dateline)
        told = dates.span(printed)
        dated = dates.read(printed[told[0] :] if told else "")
        if dated.fault:
            self._fault(
                "date", dated.fault, f"{dated.date.edtf}, as doubtful" if dated.date else "the printed words, no date"
            )
        sent = Event(printed=printed, place=self.place, date=dated.date) if printed else None
        words = self.received or next(filter(None, map(dates.received, (title, *self.flags))), None)
        if words is None:
            return sent, None
        return sent, Event(printed=words, date=dates.read(words, since=dated.date).date)

    # -- the text with its marks

    def _text(self, marks: Sequence[Mark | None], skipped: int) -> tuple[str, tuple[Page, ...], tuple[Footnote, ...]]:
        prose = Prose()
        pages: list[tuple[str, list[int]]] = []
        places: dict[Mark, list[int]] = {}
        here: dict[int, list[Mark]] = defaultdict(list)
        for mark in filter(None, marks):
            here[mark.line].append(mark)
        for number, line in enumerate(self.body, skipped):
            prose.part()
            bullet = re.match(r"\s*[-•*·] (?=\S)", line.text)
            start = len(line.text) - len(line.text.lstrip())
            bulleted = bullet and not re.fullmatch(r"[\s*•·-]+", line.text[:200])
            self._feed(prose, line.text, bullet.end() if bullet and bulleted else start, here[number], pages, places)
        text = prose.text()
        footnotes = tuple(self._footnote(n, note, marks[n], places) for n, note in enumerate(self.notes))
        if not self.notes:
            self._examine()
        begun = [(number, 0) for number in self.opening] + [(number, at[0]) for number, at in pages]
        for note, footnote in zip(self.notes, footnotes, strict=True):
            begun += [(number, footnote.offset or 0) for words in note.paragraphs for number in PAGE.findall(words)]
        return text, tuple(_pages(begun, infer=not self.headed)), footnotes

    def _examine(self) -> None:
        """Tell what looks like the mark of a note that the copy has not."""
        for line in self.body:
            if words := notemarks.certain(line.text):
                fact = f"“{words}” looks like the mark of a footnote, and the copy has no notes"
                self._fault("markup", fact, "the number in the text", line.number)
                return

    def _feed(
        self,
        prose: Prose,
        line: str,
        start: int,
        marks: Sequence[Mark],
        pages: list[tuple[str, list[int]]],
        places: dict[Mark, list[int]],
    ) -> None:
        stops: list[tuple[int, int, Mark | str]] = [(mark.start, mark.end, mark) for mark in marks]
        stops += [(found.start(), found.end(), found[1]) for found in PAGE.finditer(line)]
        for begin, end, stop in sorted(stops, key=lambda stop: stop[:2]):
            prose.add(line[start:begin])
            if isinstance(stop, str):
                prose.add(" ")
                pages.append((stop, prose.ahead()))
            else:
                places[stop] = prose.here()
            start = end
        prose.add(line[start:])

    def _footnote(self, number: int, note: _Note, mark: Mark | None, places: dict[Mark, list[int]]) -> Footnote:
        paragraphs = tuple(words for line in note.paragraphs if (words := collapsed(PAGE.sub(" ", line))))
        if mark is None:
            fact = f"the mark of footnote {number + 1} is not to be found"
            self._fault("markup", fact, "the footnote without a place", note.line)
        at = places.get(mark) if mark else None
        return Footnote(
            key=f"fn-{number + 1}",
            mark=mark.printed if mark else None,
            paragraphs=paragraphs,
            offset=at[0] if at else None,
            on_heading=mark is not None and mark.line == 0,
        )


def _signed(own: str, parties: Sequence[Party]) -> tuple[Signature, ...]:
    """Who signs at the end of the sender's own words: enclosures have others."""
    lines = own.split("\n")
    end = next((number for number, line in enumerate(lines) if _ENCLOSURE.match(line)), len(lines))
    return signatures.at_foot(lines[:end], parties)


def _unmarked(line: str, number: int, marks: Sequence[Mark | None]) -> str:
    """The line of that number without the marks that were found in it."""
    for mark in sorted((mark for mark in marks if mark and mark.line == number), key=lambda mark: -mark.start):
        line = line[: mark.start].rstrip() + line[mark.end :]
    return line


# ---------------------------------------------------------------------------------------------- pages


def _begins_page(line: str) -> bool:
    return PAGE.match(line.lstrip()) is not None


def _pages(begun: Sequence[tuple[str, int]], infer: bool) -> Iterator[Page]:
    """The pages from (number, offset); and the one before them, on which the heading stands above the first mark."""
    before = _page_before(begun[0][0]) if begun and infer else None
    seen: set[str] = set()
    if before:
        seen.add(before)
        yield Page(number=before, key=before, inferred="page-before-first-mark")
    for number, offset in begun:
        key = _page_key(number)
        if key and key not in seen:
            seen.add(key)
            yield Page(number=number, key=key, offset=offset)


def _page_key(number: str) -> str:
    """A volume's texts tell its pages alike: page "[5]", whose number is not printed, is another than page "5"."""
    key = re.sub(r"\W+", "-", number).strip("-")
    return f"unnumbered-{key}" if key and number.startswith("[") else key


def _page_before(number: str) -> str | None:
    if number.isascii() and number.isdecimal():
        return str(int(number) - 1) if int(number) > 1 else None
    roman = number.lower()
    for value in range(2, 400):
        if volumes.roman(value) == roman:
            before = volumes.roman(value - 1)
            return before.upper() if number.isupper() else before
    return None


# ---------------------------------------------------------------------------------------------- kinds of line

_GOES_ON = re.compile(r"(?:\b(?:to|the|of|in|at|and|for|from|by)|\([^()]{0,80})$")
_MAIL = re.compile(
    r"(?:From|To|Cc|Bcc|Subject|Sent|Date|Reply-To|Message-ID|Return-Path|Delivered-To|MIME-Version|Content-Type|X-[\w-]+)"
    r"\s?:\s",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"(?:My (?:Dear|Lord)|Dear|Sirs?|Gentlemen|Excellency|Monsieur)\b", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"^(?:\[\d+\] \*?)?(?:My|Your|Dear|Mr|Monsieur|Sirs?|Gentlemen|Madam|Excellency|General|Colonel|Captain|Admiral)\b"
    r"[^:,]{0,40}[:,]|^.{0,30}\b(?:[Cc]opy|COPY)\b.{0,60}$"
)
_ENCLOSURE = re.compile(
    r"[\[(]?(?:Sub-?)?(?:In|En)[co]l\w*\b.{0,80}$|[\[(]?(?:Annex|Appendix)\b.{0,30}$", re.IGNORECASE
)


def _is_source(words: str) -> bool:
    """A line that names a file, and not a heading that speaks of files or papers."""
    if len(words) > MAX_HEADING or not filenumbers.names_source(words):
        return False
    return bool(re.match(r"\d|File No|Paris Peace Conf|Source:", words)) or (
        len(words) <= 80 and not re.match(r"(?:The|Memor\w+|Report|Minutes|Mr)\b", words)
    )


def _is_of_letterhead(words: str) -> bool:
    """Do words between heading and text belong to neither: a flag, a dateline, "[Received …]"?"""
    bare = re.sub(rf"(?:\d{{1,3}}[a-c]?|[{notemarks.SIGNS}])$", "", words)
    return any(
        _is_flag(line) or datelines.read(line) is not None or dates.received(line) == line
        for line in (words, bare)
        if line
    )


def _is_no_heading(words: str) -> bool:
    """Words that begin a letter, a mail's header, or a text: a dateline, and not a heading that ends in a date as
    those of minutes and treaties do."""
    if len(words) > MAX_HEADING or _MAIL.match(words) or re.match(r"(?:Sirs?|Gentlemen|My Lord|Dear \w+)\s?:", words):
        return True
    before = datelines.read(words)
    return before is not None and len(before) < 60 and not headings.names_paper(words) and not headings.split(words)


def _is_prose(words: str) -> bool:
    return len(words) > 200 and words.endswith((".", ":", ";", "?"))


def _is_caption(line: str) -> bool:
    """A short line under the heading that begins no letter and announces none."""
    words = collapsed(line)
    return len(words) <= 150 and not words.endswith(":") and not _SALUTATION.match(words)


def _is_flag(words: str) -> bool:
    """A line about the document: "[Translation]", "No. 383.]", "Treaty Series No. 700", "A."."""
    if words == "[Untitled]":
        return False
    return bool(
        re.match(r"[\[(][^\[\]]{1,160}[\]).]\.?$|No\.? ?\d+[½¼]?\.?[\]|]?$|[A-Z]\.?$", words)
        or re.match(r"(?:Treaty|Executive Agreement) Series,? No\. ?\w+$|Inquiry Document No\. ?\d+$", words)
        or re.match(r"Treaty Series,? \d+$|Press Releases?, .{0,25}$", words)
        or re.match(r"\[\d{1,4}\] \*?\[[^\[\]]{1,100}\]\.?$", words)  # "[467] *[Extract.]": a page of the original
    )
