"""The only reader of XML: a TEI volume in, its documents out.

A document is a `div[@type="document"]` anywhere in front, body or back.  A document inside a document (as an
enclosure is) is one of its own: its text, notes and pages belong to it alone.  One without `@xml:id`, or
with an id that another has already, is called "{id of the document around it}-n{k}", k counting from 1 in
reading order; where no document is around it, the division or else the volume lends the name.

Both generations of the markup are read: `dateline` directly in the document or in an `opener`, the source
note as an inline note before the heading or as the first footnote in it.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from gzip import GzipFile
from pathlib import Path
from typing import IO, Literal

from lxml import etree

from kg import dates, filenumbers, headings
from kg.document import (
    Anchor,
    Direction,
    Division,
    Document,
    Enclosure,
    Event,
    Fault,
    Footnote,
    ListedPerson,
    ListedTerm,
    Mention,
    Page,
    PartialDate,
    Party,
    Reading,
    Reference,
    Signature,
    Volume,
)
from kg.errors import NoDocuments, NotUTF8, NotWellFormed, UnreadableSource, UnsafeXML
from kg.prose import Prose, collapsed

# The largest volume of the series has 11 MB.  A source beyond the bound is an attack or a mistake.
MAX_BYTES = 256 * 1024 * 1024
# Real volumes nest 40 elements at most; libxml2 would allow thousands, and walking them is recursive.
MAX_DEPTH = 200

_NS = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_BLOCKS = frozenset(
    (
        *("ab", "argument", "attachment", "byline", "closer", "dateline", "div", "docAuthor", "docDate", "docImprint"),
        *("docTitle", "epigraph", "figDesc", "floatingText", "head", "imprimatur", "item", "l", "label", "lg", "list"),
        *("opener", "p", "postscript", "row", "salute", "signed", "sp", "speaker", "stage", "table", "titlePart"),
        "trailer",
    )
)
# In these, letterheads and signatures are those of another letter that this document quotes or encloses.
_FOREIGN = frozenset(("attachment", "floatingText", "quote", "list", "table", "note"))
_Element = etree._Element


def volume_of(path: Path) -> str:
    """The volume id that a file is named by: "frus1934v04.xml.gz" holds frus1934v04."""
    return path.name.partition(".")[0]


def read(path: Path) -> Reading:
    """Read a volume from an .xml or .xml.gz file.

    Raises UnreadableSource, NotUTF8, UnsafeXML, NotWellFormed or NoDocuments.
    """
    root = _parse(_load(path), path)
    volume = volume_of(path)
    faults: list[Fault] = []
    stated = root.get(_ID)
    if stated and stated != volume:
        faults.append(Fault(fact=f"the volume calls itself {stated}", kept=f"{volume}, the file's name", line=1))
    survey = _survey(root, volume, faults)
    if not survey.documents:
        fact = "no div of type document" if _local(root) == "TEI" else f"the root is {_local(root)}, not TEI"
        raise NoDocuments(fact, file=path, line=root.sourceline, advice="give a TEI volume of documents")
    documents = tuple(
        _Reader(volume, place, order, survey, faults).document() for order, place in enumerate(survey.documents, 1)
    )
    return Reading(volume=_volume(root, volume, survey), documents=documents, faults=tuple(faults))


# ---------------------------------------------------------------------------------------------- bytes to tree


def _load(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            stream: IO[bytes] = GzipFile(fileobj=file) if path.suffix == ".gz" else file  # type: ignore[assignment]
            raw = stream.read(MAX_BYTES + 1)
    except (EOFError, zlib.error) as error:
        raise UnreadableSource(f"the archive is damaged ({error})", file=path, advice="fetch it again") from error
    except OSError as error:
        fact = error.strerror or f"the archive is damaged ({error})"
        raise UnreadableSource(fact, file=path, advice="give a readable file") from error
    if len(raw) > MAX_BYTES:
        fact = f"more than {MAX_BYTES // 1024**2} MB of XML"
        raise UnreadableSource(fact, file=path, advice="check that the file is a volume; split it if it is")
    if not raw.strip():
        raise NotWellFormed("the file is empty", file=path, line=1, advice="fetch it again")
    return raw


def _parse(raw: bytes, path: Path) -> _Element:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fact = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise NotUTF8(fact, file=path, line=line, advice="convert it, for example with iconv -t UTF-8") from None
    _refuse_declarations(raw, path)
    parser = etree.XMLParser(
        # Given, so that no declaration can make the parser see what _refuse_declarations did not.
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_pis=True,
        huge_tree=True,
        # An id used twice is a fault to tell, not the end of the volume.
        collect_ids=False,
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        fact = f"it is not well-formed XML: {error.msg}"
        advice = "fetch it again if it breaks off, else mend it at this line"
        raise NotWellFormed(fact, file=path, line=error.lineno or None, advice=advice) from None
    deep = root.xpath("/*" * (MAX_DEPTH + 1))
    if isinstance(deep, list) and deep:
        fact = f"elements are nested more than {MAX_DEPTH} deep"
        at = deep[0].sourceline if isinstance(deep[0], _Element) else None
        raise NotWellFormed(fact, file=path, line=at, advice="take out the surplus nesting")
    return root


def _refuse_declarations(raw: bytes, path: Path) -> None:
    """A document type may name the root and no more: no internal subset, no external identifier."""
    prolog = re.match(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*+", raw, re.DOTALL)
    start = prolog.end() if prolog else 0
    if not raw.startswith(b"<!DOCTYPE", start) or re.match(rb"<!DOCTYPE\s+[\w:.-]+\s*>", raw[start : start + 200]):
        return
    line = raw.count(b"\n", 0, start) + 1
    fact = "its document type declares entities or names an external one"
    raise UnsafeXML(fact, file=path, line=line, advice="take the DOCTYPE out; TEI volumes need none")


# ---------------------------------------------------------------------------------------------- the whole volume


@dataclass(slots=True)
class _Place:
    """Where a document stands: its element and id, its division, the page it begins on."""

    element: _Element
    id: str
    division: str | None
    page: Page | None


@dataclass(slots=True)
class _Survey:
    """What one pass over the volume finds."""

    documents: list[_Place] = field(default_factory=list)
    divisions: list[Division] = field(default_factory=list)
    pages: dict[_Element, Page] = field(default_factory=dict)


def _survey(root: _Element, volume: str, faults: list[Fault]) -> _Survey:
    survey = _Survey()
    names: dict[_Element, str] = {}
    parts: dict[_Element, str] = {}
    taken: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    page: Page | None = None
    for element in root.iter(_NS + "pb", _NS + "div"):
        if _local(element) == "pb":
            page = survey.pages[element] = _page(element, keys)
        elif element.get("type") == "document":
            around = next((names[up] for up in element.iterancestors(_NS + "div") if up in names), None)
            part = next((parts[up] for up in element.iterancestors(_NS + "div") if up in parts), None)
            names[element] = _name(element, around or part or volume, taken, faults)
            survey.documents.append(_Place(element, names[element], part, page))
        elif not any(up in names for up in element.iterancestors(_NS + "div")):
            around = next((parts[up] for up in element.iterancestors(_NS + "div") if up in parts), None)
            parts[element] = _name(element, around or volume, taken, faults)
            survey.divisions.append(_division(element, parts[element], around, len(survey.divisions) + 1))
    for place in survey.documents:
        place.page = _first_page(place, survey.pages)
    return survey


def _name(element: _Element, around: str, taken: Counter[str], faults: list[Fault]) -> str:
    stated = element.get(_ID)
    if stated and not taken[stated]:
        taken[stated] += 1
        return stated
    number = 1
    while taken[f"{around}-n{number}"]:
        number += 1
    name = f"{around}-n{number}"
    taken[name] += 1
    if stated:
        faults.append(Fault(fact=f"the id {stated} is used twice", kept=name, document=name, line=element.sourceline))
    return name


def _page(element: _Element, keys: Counter[str]) -> Page:
    number = collapsed(element.get("n", ""))
    key = element.get(_ID, "").removeprefix("pg_") or re.sub(r"\W+", "-", number).strip("-") or "unnumbered"
    keys[key] += 1
    return Page(number=number or None, key=key if keys[key] == 1 else f"{key}-{keys[key]}")


def _first_page(place: _Place, pages: dict[_Element, Page]) -> Page | None:
    """The page open before the document, or one that begins in it before any of its words."""
    for inner in place.element.iter(_NS + "pb", _NS + "head", _NS + "p", _NS + "note"):
        return pages[inner] if _local(inner) == "pb" else place.page
    return place.page


def _division(element: _Element, name: str, parent: str | None, order: int) -> Division:
    head = element.find(_NS + "head")
    heading = _plain(head) if head is not None else ""
    return Division(
        id=name,
        type=element.get("type", "section"),
        heading=heading or None,
        parent=parent,
        order=order,
        line=element.sourceline or 1,
    )


def _volume(root: _Element, volume: str, survey: _Survey) -> Volume:
    header = root.find(f"{_NS}teiHeader/{_NS}fileDesc")
    titles: dict[str, str] = {}
    imprint: dict[str, str] = {}
    if header is not None:
        for title in header.iterfind(f"{_NS}titleStmt/{_NS}title"):
            # Two spellings are in use: "subseries" and "sub-series".
            titles.setdefault(title.get("type", "").replace("-", ""), _plain(title))
        for element in header.iterfind(f"{_NS}publicationStmt/*"):
            if _local(element) != "date" or element.get("type") in (None, "publication-date"):
                imprint.setdefault(_local(element), _plain(element))
    return Volume(
        id=volume,
        title=titles.get("complete") or None,
        series=titles.get("series") or None,
        subseries=titles.get("subseries") or None,
        number=titles.get("volumenumber") or None,
        subtitle=titles.get("volume") or None,
        publisher=imprint.get("publisher") or None,
        published=imprint.get("date") or None,
        divisions=tuple(survey.divisions),
        pages=tuple(survey.pages.values()),
        persons=tuple(_listed_persons(root)),
        terms=tuple(_listed_terms(root)),
    )


def _listed_persons(root: _Element) -> Iterator[ListedPerson]:
    """The volume's own list: an item holds the name, with an id, and the words on the person behind it."""
    for item in _items(root, "persons"):
        for name in item.iterchildren(_NS + "persName", _NS + "hi"):
            tagged = name if name.get(_ID) else next((one for one in name.iter(_NS + "persName") if one.get(_ID)), None)
            if tagged is not None:
                words = _plain(tagged).strip(" ,;")
                description = _plain(item).removeprefix(_plain(tagged)).strip(" ,;—–-")
                yield ListedPerson(id=tagged.get(_ID, ""), name=words, description=description or None)
                break


def _listed_terms(root: _Element) -> Iterator[ListedTerm]:
    for item in _items(root, "terms"):
        term = next((one for one in item.iter(_NS + "term") if one.get(_ID)), None)
        if term is not None:
            expansion = _plain(item).removeprefix(_plain(term)).strip(" ,;—–-")
            yield ListedTerm(id=term.get(_ID, ""), term=_plain(term).strip(" ,;"), expansion=expansion or None)


def _items(root: _Element, section: str) -> Iterator[_Element]:
    for division in root.iter(_NS + "div"):
        if division.get(_ID) == section:
            yield from division.iter(_NS + "item")


# ---------------------------------------------------------------------------------------------- one document


@dataclass(slots=True)
class _Mark:
    """A footnote as it is met; `at` holds its offset once the text is complete."""

    element: _Element
    words: Prose
    paragraphs: tuple[str, ...]
    at: list[int] | None
    on_heading: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A tagged stretch of words: of which text, and from where to where in it."""

    prose: Prose
    element: _Element
    start: list[int]
    end: list[int]


class _Reader:
    """Reads one document in one walk over its element."""

    def __init__(self, volume: str, place: _Place, order: int, survey: _Survey, faults: list[Fault]) -> None:
        self.volume, self.place, self.order, self.survey, self.faults = volume, place, order, survey, faults
        self.prose = Prose()
        self.head: _Element | None = None
        self.lines: list[str] = []  # inline notes around the heading: source, flags, printed numbers
        self.sources: list[str] = []  # source notes that are footnotes
        self.datelines: list[_Element] = []
        self.signatures: list[str] = []
        self.pages: list[tuple[Page, list[int]]] = []
        self.marks: list[_Mark] = []
        self.title = Prose()
        self.spans: list[_Span] = []  # cross-references and tagged names
        self.attachments: list[tuple[_Element, list[int], list[int]]] = []
        self.lead: list[str] = []  # flush-left paragraphs, among them "No. 206"
        # Where a note or page stands that is met in the heading, the dateline or another note: the place of
        # that in the text, None in the first two.
        self.aside: list[list[int] | None] = []

    def document(self) -> Document:
        element = self.place.element
        self._flow(element, self.prose, own=True)
        text = self.prose.text()
        title = _plain(self.head) if self.head is not None else None
        source = next(iter(self.sources), None) or next(filter(filenumbers.names_source, self.lines), None)
        flags = tuple(line for line in self.lines if line != source)
        sent, received = self._events(title or "", flags)
        heading = headings.read(title or "")
        footnotes = self._footnotes()
        anchored = list(self._anchored(text, title or "", footnotes))
        kind = heading.kind or headings.kind_of(headings.form_of(source or ""), *flags)
        return Document(
            volume=self.volume,
            id=self.place.id,
            order=self.order,
            line=element.sourceline or 1,
            text=text,
            title=title or None,
            kind=kind,
            number=headings.number_of(flags, self.lead, text if kind == "telegram" else ""),
            source_note=source,
            flags=flags,
            file_number=filenumbers.file_number(source) if source else None,
            parties=_parties(self.head, heading.parties),
            sent=sent,
            received=received,
            signatures=tuple(map(_signature, self.signatures)),
            pages=self._pages(len(text)),
            footnotes=footnotes,
            division=self.place.division,
            references=tuple(_references(anchored)),
            mentions=tuple(_mentions(anchored)),
            enclosures=tuple(self._enclosures()),
        )

    # -- the walk

    def _flow(self, element: _Element, prose: Prose, own: bool) -> None:
        if element.text:
            prose.add(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, prose, own)
            if child.tail:
                prose.add(child.tail)

    def _element(self, element: _Element, prose: Prose, own: bool) -> None:
        tag = _local(element)
        if tag == "pb":
            self.pages.append((self.survey.pages[element], self.prose.ahead()))
        elif tag == "lb":
            prose.add(" ")
        elif tag == "note":
            self._note(element, prose, own)
        elif (tag == "div" and element.get("type") == "document") or (own and self._apart(element, tag)):
            prose.part()
        elif tag in _BLOCKS or (tag == "quote" and _is_block(element)):
            self._block(element, tag, prose, own)
        elif tag == "cell":
            prose.add(" ")
            self._flow(element, prose, own=False)
            prose.add(" ")
        elif tag == "ref" or tag in _NAMES:
            start = prose.ahead()
            self._flow(element, prose, own)
            self.spans.append(_Span(prose, element, start, prose.behind()))
        else:
            self._flow(element, prose, own)

    def _apart(self, element: _Element, tag: str) -> bool:
        """Take the heading and the datelines, which are no part of the text."""
        if tag == "head" and self.head is None and element.getparent() is self.place.element:
            self.head = element
        elif tag == "dateline":
            self.datelines.append(element)
        else:
            return False
        self.aside.append(None)
        self._flow(element, self.title if element is self.head else Prose(), own=False)
        self.aside.pop()
        return True

    def _block(self, element: _Element, tag: str, prose: Prose, own: bool) -> None:
        before = element.getprevious()
        if not (tag == "item" and before is not None and before.tag == _NS + "label"):
            prose.part()
        if own and tag == "signed":
            self._sign(element)
        if own and element.get("rend") == "flushleft":
            self.lead.append(_plain(element))
        start = prose.ahead() if tag == "attachment" else None
        self._flow(element, prose, own and tag not in _FOREIGN)
        if start is not None and prose is self.prose:
            self.attachments.append((element, start, prose.behind()))
        prose.part() if tag != "label" else prose.add(" ")

    def _sign(self, element: _Element) -> None:
        if name := _plain(element):
            self.signatures.append(name)

    def _note(self, element: _Element, prose: Prose, own: bool) -> None:
        inline, source = element.get("rend") == "inline", element.get("type") == "source"
        if own and (inline or element.get("rend") == "center"):
            # "[Telegram]", "A.", "CORRESPONDENCE BETWEEN …": lines about the document
            if line := _plain(element):
                self.lines.append(line)
            prose.part()
            return
        if inline:  # the label of an enclosure
            self._block(element, "note", prose, own=False)
            return
        at = self.aside[-1] if self.aside else self.prose.here()
        on_heading = self.head is not None and self.head in list(element.iterancestors(_NS + "head"))
        words = Prose()
        self.aside.append(at)
        self._flow(element, words, own=False)
        self.aside.pop()
        paragraphs = tuple(words.text().split("\n"))
        if source:
            self.sources.append(" ".join(paragraphs))
        elif any(paragraphs):
            self.marks.append(_Mark(element, words, paragraphs, at, on_heading))

    # -- what the walk has found

    def _pages(self, end: int) -> tuple[Page, ...]:
        first = self.place.page
        own = [replace(page, offset=at[0] if at[0] >= 0 else end) for page, at in self.pages]
        if first is not None and all(page.key != first.key for page in own):
            own.insert(0, first)
        return tuple(own)

    def _footnotes(self) -> tuple[Footnote, ...]:
        keys: Counter[str] = Counter()
        out = []
        for order, mark in enumerate(self.marks, 1):
            key = mark.element.get(_ID, "").removeprefix(self.place.id) or f"fn-{order}"
            keys[key] += 1
            out.append(
                Footnote(
                    key=key if keys[key] == 1 else f"{key}-{keys[key]}",
                    mark=mark.element.get("n") or None,
                    paragraphs=mark.paragraphs,
                    offset=mark.at[0] if mark.at else None,
                    on_heading=mark.on_heading,
                )
            )
        return tuple(out)

    def _anchored(self, text: str, title: str, footnotes: Sequence[Footnote]) -> Iterator[tuple[_Element, Anchor, str]]:
        """The tagged stretches, in reading order of each part, with their words; empty ones are passed over."""
        self.title.text()
        parts = {id(self.prose): ("text", text), id(self.title): ("title", title)}
        for mark, note in zip(self.marks, footnotes, strict=True):
            parts[id(mark.words)] = (f"footnote/{note.key}", note.text)
        for span in self.spans:
            # Names in a dateline stand in no part that is published as text.
            if id(span.prose) in parts:
                part, words = parts[id(span.prose)]
                start, end = span.start[0], span.end[0]
                if 0 <= start < end:
                    yield span.element, Anchor(part=part, start=start, end=end), words[start:end]

    def _enclosures(self) -> Iterator[Enclosure]:
        # One that holds a document and no word beside it is that document.
        held = [(element, start[0], end[0]) for element, start, end in self.attachments if 0 <= start[0] < end[0]]
        for order, (element, start, end) in enumerate(held, 1):
            heads = [child for child in element if child.tag == _NS + "head"]
            notes = [child for child in element if child.tag == _NS + "note" and child.get("rend") == "inline"]
            heading = next(filter(None, map(_plain, heads)), None)
            lines = [line for line in element.iter(_NS + "dateline") if _attachment_of(line) is element]
            printed = " ".join(filter(None, map(_plain, lines)))
            place = next((name for line in lines for name in _places(line)), None)
            yield Enclosure(
                key=f"a{order}",
                start=start,
                end=end,
                label=next(filter(None, map(_plain, notes)), None),
                heading=heading,
                parties=_parties(heads[0] if heads else None, headings.read(heading or "").parties),
                sent=Event(printed=printed, place=place, date=self._date(lines)) if printed else None,
            )

    def _events(self, title: str, flags: Sequence[str]) -> tuple[Event | None, Event | None]:
        """The sending, from the datelines; the receiving, from "[Received …]" there, in the heading or a flag."""
        printed = " ".join(filter(None, map(_plain, self.datelines)))
        date = self._date(self.datelines)
        place = next((name for line in self.datelines for name in _places(line)), None)
        received: Event | None = None
        for line in (printed, title, *flags):
            words = dates.received(line)
            if words:
                received = Event(printed=words, date=dates.read(words, since=date).date)
                break
        rest = collapsed(printed.replace(received.printed, "")) if received else printed
        sent = Event(printed=rest, place=place, date=date) if rest else None
        return sent, received

    def _date(self, datelines: Sequence[_Element]) -> PartialDate | None:
        """The first date of the datelines; of those, one that the markup dates before one that it does not."""
        tagged = [date for line in datelines for date in line.iter(_NS + "date")]
        for date in [date for date in tagged if _DATED & set(date.attrib)] or tagged:
            printed = dates.without_received(_plain(date))
            attributes = {str(name): str(value) for name, value in date.attrib.items()}
            dated = dates.from_markup(printed, attributes)
            self._complain(dated, date)
            return dated.date
        for line in datelines if not tagged else ():
            dated = dates.read(dates.without_received(_plain(line)))
            self._complain(dated, line)
            if dated.date:
                return dated.date
        return None

    def _complain(self, dated: dates.Dated, element: _Element) -> None:
        line, name = element.sourceline, self.place.id
        if dated.fault:
            kept = f"{dated.date.edtf} without bounds" if dated.date else "the printed words, no date"
            self.faults.append(Fault(fact=dated.fault, kept=kept, document=name, line=line))
        elif dated.date and (fact := dates.disagreement(dated.date)):
            self.faults.append(Fault(fact=fact, kept="the markup's", document=name, line=line))


_NAMES: dict[str, Literal["person", "place", "organization"]] = {
    "persName": "person",
    "placeName": "place",
    "orgName": "organization",
}


def _references(anchored: Iterable[tuple[_Element, Anchor, str]]) -> Iterator[Reference]:
    for element, anchor, words in anchored:
        target = element.get("target")
        if _local(element) == "ref" and target:
            yield Reference(target=target, printed=words, anchor=anchor)


def _mentions(anchored: Iterable[tuple[_Element, Anchor, str]]) -> Iterator[Mention]:
    for element, anchor, words in anchored:
        if (kind := _NAMES.get(_local(element))) is not None:
            yield Mention(surface=words, kind=kind, anchor=anchor, pointer=element.get("corresp"))


def _attachment_of(element: _Element) -> _Element | None:
    return next((above for above in element.iterancestors() if _local(above) == "attachment"), None)


_BEHALF = re.compile(
    r"(?:For|By (?:direction|order|command) of|In the absence of) (?:the )?(?P<office>[^:]{3,60}?)"
    r"(?:: ?| (?=[A-Z]\. ?[A-Z]))(?P<name>\S.*)"
)


def _signature(printed: str) -> Signature:
    """Signer and office holder are two: "For the Secretary of State: Sumner Welles".  Brackets complete a name."""
    found = _BEHALF.fullmatch(printed)
    name = re.sub(r"\[([^\[\]]*)\]", r"\1", found["name"] if found else printed).strip(" .,")
    return Signature(printed=printed, name=name or None, behalf=found["office"] if found else None)


_DATED = frozenset(("when", "from", "to", "notBefore", "notAfter"))


def _places(dateline: _Element) -> Iterator[str]:
    for name in dateline.iter(_NS + "placeName"):
        if place := _plain(name).strip(" ,.[]"):
            yield place


# ---------------------------------------------------------------------------------------------- parties


@dataclass(slots=True)
class _Tag:
    person: bool
    text: str
    pointer: str | None


def _parties(head: _Element | None, grammar: Sequence[Party]) -> tuple[Party, ...]:
    """The parties of a heading: as tagged where a side has tags, else as the grammar reads it."""
    if head is None:
        return ()
    pointers = {
        _fold(_plain(name)): str(pointer).removeprefix("#")
        for name in head.iter(_NS + "persName")
        if (pointer := name.get("corresp"))
    }
    out: list[Party] = []
    directions: tuple[Direction, ...] = ("from", "to")
    for direction in directions:
        tags = [
            _Tag(_local(tag) == "persName", _plain(tag), (tag.get("corresp") or "").removeprefix("#") or None)
            for tag in head.iter(_NS + "persName", _NS + "gloss")
            if tag.get("type") == direction and _plain(tag)
        ]
        side = [party for party in grammar if party.direction == direction]
        if any(tag.person and headings.split(tag.text) for tag in tags):
            tags = []  # one tag around both parties: "Mr. Fish to Mr. Bancroft"
        out += _tagged(direction, tags, side) if tags else side
    return tuple(
        party if party.person or not party.name else replace(party, person=pointers.get(_fold(party.name)))
        for party in out
    )


def _tagged(direction: Direction, tags: Sequence[_Tag], side: Sequence[Party]) -> Iterator[Party]:
    """The parties of a side with tags; the grammar gives the words around them, and persons left untagged."""
    left = list(side)
    whole = " and ".join(dict.fromkeys(party.printed for party in side))
    offices = [tag for tag in tags if not tag.person]
    for tag in (tag for tag in tags if tag.person):
        same = [party for party in left if party.name and _overlap(party.name, tag.text)]
        left = [party for party in left if party not in same and not (party.role and _overlap(party.role, tag.text))]
        role = next((party.role for party in same), None) or next((office.text for office in offices), None)
        printed = next((party.printed for party in same), whole or tag.text)
        yield Party(direction=direction, printed=printed, name=tag.text, role=role, person=tag.pointer)
    if any(tag.person for tag in tags):
        yield from (party for party in left if party.name)
        return
    for number, office in enumerate(offices):
        near = left[number] if number < len(left) else None
        name = near.name if near and near.name and not _overlap(near.name, office.text) else None
        printed = near.printed if near else office.text
        yield Party(direction=direction, printed=printed, name=name, role=office.text, person=office.pointer)
    yield from left[len(offices) :]


def _overlap(one: str, other: str) -> bool:
    one, other = _fold(one), _fold(other)
    return one in other or other in one


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


# ---------------------------------------------------------------------------------------------- elements


def _local(element: _Element) -> str:
    """The name without its namespace; TEI and its extension by the publisher share none."""
    return str(element.tag).rpartition("}")[2]


def _is_block(quote: _Element) -> bool:
    return quote.get("rend") == "blockquote" or any(_local(child) in _BLOCKS for child in quote)


def _plain(element: _Element) -> str:
    """The element's words on one line, without footnotes."""
    out: list[str] = []

    def walk(node: _Element) -> None:
        out.append(node.text or "")
        for child in node:
            if isinstance(child.tag, str):
                if child.tag == _NS + "lb":
                    out.append(" ")
                elif child.tag != _NS + "note" or child.get("rend") == "inline":
                    walk(child)
            out.append(child.tail or "")

    walk(element)
    return collapsed("".join(out))
