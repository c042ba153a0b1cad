"""What a document says, from the walk over its element."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg import dates, filenumbers, headings, participants, signatures, volumes
from kg.document import (
    Anchor,
    Direction,
    Document,
    Enclosure,
    Event,
    Fault,
    Footnote,
    Mention,
    Page,
    PartialDate,
    Party,
    Reference,
    Signature,
    Trouble,
)
from kg.markup import FRUS, ID, NS, Element, local, plain
from kg.prose import collapsed
from kg.teiparties import parties_of, pointed
from kg.teitext import Note, Passage, Tagged, Walk

_NAMES: dict[str, Literal["person", "place", "organization"]] = {
    "persName": "person",
    "placeName": "place",
    "geogName": "place",
    "orgName": "organization",
}
# What these volumes print where a paper has no heading.
_UNTITLED = "[Untitled]"
_DATED = frozenset(("when", "from", "to", "notBefore", "notAfter"))


@dataclass(slots=True)
class Place:
    """Where a document stands: its element and id, its division, the page it begins on."""

    element: Element
    id: str
    division: str | None
    page: Page | None


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What a document's reader must know of its volume.

    `ids` are all that the volume gives, to which references may point; `published` is the year of its printing.
    """

    volume: str
    pages: Mapping[Element, Page]
    ids: Collection[str]
    published: int | None = None


def read(place: Place, order: int, around: Surroundings, faults: list[Fault]) -> Document:
    """One document; what could not be taken as it stood is added to the faults."""
    return _Reader(place, order, around, faults).document()


class _Reader:
    def __init__(self, place: Place, order: int, around: Surroundings, faults: list[Fault]) -> None:
        self.place, self.order, self.around, self.faults = place, order, around, faults
        self.walk = Walk(place.element, around.pages.__contains__)

    def document(self) -> Document:
        walk, element = self.walk, self.place.element
        text, title = walk.text.text(), walk.title.text()
        source = self._source()
        flags = tuple(line.text() for line in walk.lines if line is not source and line.text())
        note = source.text().replace("\n", " ") if source else None
        heading = headings.read(title)
        kind = heading.kind or headings.kind_of(headings.form_of(note or ""), *flags)
        sent, received = self._events(walk.datelines, (title, *flags))
        sent = sent or headings.written(heading.title)
        footnotes = self._footnotes()
        tagged = list(self._tagged(source, footnotes))
        signed = tuple(_signatures(walk.signed, text))
        self._examine(title, bool(kind or heading.parties))
        return Document(
            volume=self.around.volume,
            id=self.place.id,
            order=self.order,
            line=element.sourceline or 1,
            text=text,
            title=title or None,
            kind="editorialNote" if element.get("subtype") == "editorial-note" else kind,
            number=headings.number_of(flags, walk.lead, text if headings.is_wired(kind, title) else "")
            or headings.own_number(heading.title),
            source_note=note,
            flags=flags,
            file_number=filenumbers.file_number(note) if note else None,
            parties=self._parties(heading.parties) or self._correspondents(title, signed),
            sent=self._possible(sent, received),
            received=received,
            held=headings.held(title),
            dated=self._marked(sent),
            signatures=signed,
            pages=self._pages(len(text)),
            footnotes=footnotes,
            division=self.place.division,
            subject=_subject(element),
            participants=tuple(_participants(element)) or pointed(walk.head, participants.of_heading(heading.title)),
            references=tuple(self._references(tagged)),
            mentions=tuple(self._mentions(tagged)),
            enclosures=tuple(self._enclosures(text)),
        )

    def _fault(self, kind: Trouble, fact: str, kept: str, element: Element | None = None) -> None:
        line = (self.place.element if element is None else element).sourceline
        self.faults.append(Fault(fact=fact, kept=kept, document=self.place.id, line=line, kind=kind))

    # -- heading and source note

    def _source(self) -> Passage | None:
        """The source note: a footnote that is marked as one, or the first line about the document that names it."""
        if self.walk.sources:
            return self.walk.sources[0].words
        return next((line for line in self.walk.lines if filenumbers.names_source(line.text())), None)

    def _examine(self, title: str, understood: bool) -> None:
        """Tell what heading and source note leave open."""
        if self.walk.head is None or not title:
            self._fault("heading", "it has no heading", "the document without a title")
        elif not understood and title != _UNTITLED and not headings.names_paper(title):
            fact = f"the heading names neither parties nor a kind of paper: {_short(title)}"
            self._fault("heading", fact, "it as a title", self.walk.head)
        for name, element in {local(element): element for element in reversed(self.walk.unknown)}.items():
            self._fault("markup", f"<{name}> is no element of these volumes", "its words", element)
        for note in self.walk.sources:
            self._examine_source(note.element, note.words.text())
        for line, passage in self.walk.marked:
            words = passage.text()
            if words and not (filenumbers.is_flag(words) or headings.kind_of(words) or headings.names_paper(words)):
                self._examine_source(line, words)

    def _examine_source(self, element: Element, words: str) -> None:
        if not filenumbers.names_source(words):
            self._fault("source note", f"it names no papers: {_short(words)}", "its words", element)

    def _parties(self, grammar: Sequence[Party]) -> tuple[Party, ...]:
        """The parties of the heading, and of a side that it leaves open those whom a list "TO" or "FROM" names."""
        named = parties_of(self.walk.head, grammar)
        lists = {str(one.get("type")): one for one in reversed(list(_own(self.place.element, "list")))}
        sides: tuple[Direction, ...] = ("from", "to")
        for side in sides:
            if side in lists and all(party.direction != side for party in named):
                named += tuple(replace(party, direction=side) for party in _listed(lists[side]))
        return named

    def _correspondents(self, title: str, signed: Sequence[Signature]) -> tuple[Party, ...]:
        """The parties of a letter that the volume prints without a heading."""
        return () if title not in ("", _UNTITLED) else signatures.correspondents(signed, self.walk.addresses)

    # -- tagged words

    def _tagged(self, source: Passage | None, footnotes: Sequence[Footnote]) -> Iterator[tuple[Element, Anchor, str]]:
        """The tagged elements with their places and words, part by part; those in datelines and flags have none."""
        parts = [("title", self.walk.title), ("text", self.walk.text)]
        parts[1:1] = [("source", source)] if source else []
        notes = zip(footnotes, self.walk.notes, strict=True)
        for part, passage in (*parts, *((f"footnote/{note.key}", mark.words) for note, mark in notes)):
            words = passage.text()
            for tagged in passage.tags:
                if bounds := tagged.bounds:
                    yield tagged.element, Anchor(part=part, start=bounds[0], end=bounds[1]), words[slice(*bounds)]

    def _references(self, tagged: Iterable[tuple[Element, Anchor, str]]) -> Iterator[Reference]:
        for element, anchor, words in tagged:
            if local(element) == "ref":
                target = volumes.pointer((element.get("target") or "").strip())
                self._point(target, element)
                if target:
                    yield Reference(target=target, printed=words, anchor=anchor)

    def _mentions(self, tagged: Iterable[tuple[Element, Anchor, str]]) -> Iterator[Mention]:
        for element, anchor, words in tagged:
            if kind := _NAMES.get(local(element)):
                pointer = (element.get("corresp") or "").strip() or None
                if pointer:
                    self._point(pointer, element)
                yield Mention(surface=words, kind=kind, anchor=anchor, pointer=pointer)

    def _point(self, target: str, element: Element) -> None:
        """Tell of a pointer to nothing in this volume; what other volumes hold is not known here."""
        volume, mark, key = target.partition("#")
        if not target:
            self._fault("reference", "a reference without a target", "its words", element)
        elif mark and volume in ("", self.around.volume) and key not in self.around.ids:
            self._fault("reference", f"{target} points to nothing in this volume", "the pointer as it is", element)

    # -- what stands beside the text

    def _pages(self, end: int) -> tuple[Page, ...]:
        first = self.place.page
        pages = self.around.pages
        own = [replace(pages[mark], offset=at[0] if at[0] >= 0 else end) for mark, at in self.walk.pages]
        if first is not None and all(page.key != first.key for page in own):
            own.insert(0, first)
        return tuple(own)

    def _footnotes(self) -> tuple[Footnote, ...]:
        keys: Counter[str] = Counter()
        return tuple(self._footnote(note, order, keys) for order, note in enumerate(self.walk.notes, 1))

    def _footnote(self, note: Note, order: int, keys: Counter[str]) -> Footnote:
        key = note.element.get(ID, "").removeprefix(self.place.id) or f"fn-{order}"
        keys[key] += 1
        return Footnote(
            key=key if keys[key] == 1 else f"{key}-{keys[key]}",
            mark=note.element.get("n") or None,
            paragraphs=tuple(note.words.text().split("\n")),
            offset=note.at[0] if note.at else None,
            on_heading=note.on_heading,
        )

    def _enclosures(self, text: str) -> Iterator[Enclosure]:
        # One that holds a document and no word beside it is that document.
        for order, enclosed in enumerate((one for one in self.walk.enclosures if one.bounds), 1):
            yield self._enclosure(enclosed, f"a{order}", text)

    def _enclosure(self, enclosed: Tagged, key: str, text: str) -> Enclosure:
        element = enclosed.element
        parts = element.iter(NS + "head", NS + "dateline", NS + "note", NS + "seg")
        own = [inner for inner in parts if _attachment_of(inner) is element]
        head = next((inner for inner in own if local(inner) == "head" and plain(inner)), None)
        heading = plain(head) if head is not None else None
        lines = [plain(inner) for inner in own if local(inner) == "seg" or inner.get("rend") == "inline"]
        label = next((line for line in lines if _LABEL.match(line)), None)
        datelines = [inner for inner in own if local(inner) == "dateline"]
        signed = [one for one in self.walk.signed_within if _attachment_of(one.element) is element]
        return Enclosure(
            key=key,
            start=enclosed.start[0],
            end=enclosed.end,
            label=label,
            heading=heading,
            parties=parties_of(head, headings.read(heading).parties) if heading else (),
            sent=self._events(datelines, ())[0],
            signatures=tuple(_signatures(signed, text)),
        )

    # -- dates

    def _events(self, datelines: Sequence[Element], lines: Sequence[str]) -> tuple[Event | None, Event | None]:
        """The sending, from the datelines; the receiving, from "[Received …]" there or in other lines."""
        printed = " ".join(filter(None, map(plain, datelines)))
        date = self._date(datelines)
        place = next((name for line in datelines for name in _places(line)), None)
        received: Event | None = None
        for line in (printed, *lines):
            words = dates.received(line)
            if words:
                received = Event(printed=words, date=dates.read(words, since=date).date)
                break
        rest = collapsed(printed.replace(received.printed, "")) if received else printed
        sent = Event(printed=rest, place=place, date=date) if rest else None
        return sent, received

    def _date(self, datelines: Sequence[Element]) -> PartialDate | None:
        """The first date of the datelines; of those, one that the markup dates before one that it does not."""
        tagged = [(date, line) for line in datelines for date in line.iter(NS + "date")]
        for date, line in [pair for pair in tagged if _DATED & set(pair[0].attrib)] or tagged:
            printed, whole = plain(date), plain(line)
            attributes = {str(name): str(value) for name, value in date.attrib.items()}
            words, line_from = dates.without_received(printed), whole[whole.find(printed) :]
            dated = dates.from_markup(words, attributes, line_from, published=self.around.published)
            self._complain(dated, date)
            return dated.date
        for line in datelines if not tagged else ():
            dated = dates.read(dates.without_received(plain(line)))
            self._complain(dated, line)
            if dated.date:
                return dated.date
        return None

    def _marked(self, sent: Event | None) -> PartialDate | None:
        """The date that the document's own attributes give, if no dateline tells one; a contradiction is a fault."""
        element = self.place.element
        first, last = (element.get(f"{FRUS}doc-dateTime-{end}") for end in ("min", "max"))
        dated = dates.from_bounds(first, last)
        self._complain(dated, element)
        told = sent.date if sent else None
        if told is None or dated.date is None or not told.earliest:
            return dated.date if told is None else None
        if not (told.doubt or told.calendar or dates.overlap(told, dated.date)):
            fact = f"the document's own date {dated.date.edtf} is not that of its dateline, {told.edtf}"
            self._fault("date", fact, f"{told.edtf}", element)
        return None

    def _complain(self, dated: dates.Dated, element: Element) -> None:
        if dated.fault:
            date = dated.date
            other = f", and {date.otherwise} beside it" if date and date.otherwise else ""
            kept = f"{date.edtf}, as doubtful{other}" if date else "the printed words, no date"
            self._fault("date", dated.fault, kept, element)

    def _possible(self, sent: Event | None, received: Event | None) -> Event | None:
        """The sending, its date doubtful if the volume cannot print it or it lies after the receiving.

        One that is much too old is a slip, and leaves no bounds.
        """
        date = sent.date if sent else None
        if sent is None or date is None or not date.earliest or date.doubt:
            return sent
        day, published, why = date.earliest[:10], self.around.published, None
        if published and not dates.can_be_meant(date, published):
            late = int(day[:4]) > published
            why = f"{day} is {'later' if late else 'much older'} than the volume, which was printed in {published}"
            date = date if late else replace(date, earliest=None, latest=None)
        elif received and received.date and received.date.latest and dates.days(received.date.latest, day) > 1:
            why = f"{day} is later than the receiving, {received.date.edtf[:10]}"
        if why is None:
            return sent
        self._fault("date", why, f"{date.edtf}, as doubtful")
        return replace(sent, date=dates.doubtful(date, why))


# ---------------------------------------------------------------------------------------------- elements

_LABEL = re.compile(
    r"[\[(]?(?:sub-?)?(?:In|En)[co]l\w*|[\[(]?(?:Attachment|Annex|Appendix|Tab|Exhibit|Schedule)\b|[\[(].*[\])]\.?$",
    re.IGNORECASE,
)


def _short(words: str) -> str:
    words = collapsed(words)
    return words if len(words) <= 100 else f"{words[:99]}…"


def _places(dateline: Element) -> Iterator[str]:
    for name in dateline.iter(NS + "placeName"):
        if place := plain(name).strip(" ,.[]"):
            yield place


def _attachment_of(element: Element) -> Element | None:
    """The attachment that the element is a part of; None if a document or a note lies between."""
    for above in element.iterancestors():
        if local(above) == "attachment":
            return above
        if above.get("type") == "document" or local(above) in ("note", "quote", "floatingText"):
            return None
    return None


def _signatures(signed: Iterable[Tagged], text: str) -> Iterator[Signature]:
    """One a signer: a block may be a list of them.  Each stands in the text behind the one before it."""
    for tagged in signed:
        block, (at, end) = tagged.element, tagged.bounds or (0, 0)
        items = [item for item in block.iter(NS + "item") if item.find(f".//{NS}item") is None] or [block]
        for item in items:
            names = [plain(name) for name in item.iter(NS + "persName") if plain(name)]
            if words := plain(item, lines="\n"):
                name = names[0] if len(names) == 1 else None
                read = signatures.read(words, _above(block) if item is items[0] else (), name)
                start = text.find(read.printed, at, end)
                if start >= 0:
                    at = start + len(read.printed)
                    read = replace(read, anchor=Anchor(part="text", start=start, end=at))
                yield read


def _above(signed: Element) -> list[str]:
    """The lines of the closer between a signature and the one before it."""
    closer = signed.getparent()
    if closer is None or local(closer) != "closer":
        return []
    out = [closer.text or ""]
    for child in closer:
        if child is signed:
            break
        if isinstance(child.tag, str) and local(child) == "signed":
            out.clear()
        elif isinstance(child.tag, str) and child.tag != NS + "note":
            out.append("\v" if child.tag == NS + "lb" else plain(child))
        out.append(child.tail or "")
    return [line for line in map(collapsed, "".join(out).split("\v")) if line]


def _own(document: Element, *tags: str) -> Iterator[Element]:
    """Elements of the document itself, not of its enclosures, notes and inner documents."""
    for element in document.iter(*(NS + tag for tag in tags)):
        for above in element.iterancestors():
            if above is document:
                yield element
                break
            if local(above) in ("attachment", "note", "quote", "floatingText") or above.get("type") == "document":
                break


_SUBJECT = re.compile(r"(?:Subjects?|Re)\s*[:—]\s*", re.IGNORECASE)


def _subject(document: Element) -> str | None:
    """What the printed line "Subject: …" says, or the list that the markup calls the subject."""
    for listed in _own(document, "list"):
        if listed.get("type") == "subject":
            items = [_SUBJECT.sub("", plain(item)) for item in _leaves(listed)]
            return "; ".join(filter(None, items)) or None
    for paragraph in _own(document, "p"):
        words = plain(paragraph)
        if len(words) < 400 and (found := _SUBJECT.match(words)) and words[0].isupper():
            return words[found.end() :] or None
    return None


def _participants(document: Element) -> Iterator[Party]:
    """Those whom a list or table of participants names, or the printed line "Participants: …"."""
    lists = [one for one in _own(document, "list", "table") if one.get("type") == "participants" or _is_of_those(one)]
    for listed in lists:
        yield from _listed(listed)
    for paragraph in _own(document, "p") if not lists else ():
        words = plain(paragraph, lines="\n")
        opens = participants.OPENS.match(words)
        below = next(paragraph.iter(NS + "list", NS + "table"), None)
        if participants.CAPTION.match(words):
            below = paragraph.getnext()
        if not (opens or below is not None) or not words[:1].isupper():
            continue
        if opens and below is None and (rest := words[opens.end() :]):
            yield from participants.in_line(rest)
            return
        if opens or participants.CAPTION.match(words):
            yield from _listed(below if below is not None else paragraph.getnext())
            return


def _is_of_those(listed: Element) -> bool:
    """Is a list or table captioned as one of those present, by its heading or its first cell?"""
    caption = next(listed.iter(NS + "head", NS + "cell", NS + "item"), None)
    return caption is not None and local(caption) != "item" and bool(participants.CAPTION.match(plain(caption)))


def _listed(element: Element | None) -> Iterator[Party]:
    """Those whom the items of a list or the rows of a table name, one each; a tag tells the name as it does in a
    heading.  Where several cells of a row name somebody, each is one; a row of captions names nobody."""
    for item in _leaves(element):
        cells = [cell for cell in item.iter(NS + "cell") if plain(cell)]
        named = [cell for cell in cells if plain(cell).startswith("The ") or headings.participant(plain(cell)).name]
        if cells and not named and (len(cells) > 1 or participants.CAPTION.match(plain(cells[0]))):
            continue
        for one in named if len(named) > 1 else [item]:
            printed = participants.OPENS.sub("", " ".join(map(plain, cells)) if one is item and cells else plain(one))
            if printed:
                yield from (_named(party, one) for party in participants.in_item(printed))


def _named(party: Party, element: Element) -> Party:
    """The party with the name and the pointer of the one tag that its words have."""
    tags = [tag for tag in element.iter(NS + "persName") if plain(tag)]
    if len(tags) != 1:
        return party
    return replace(party, name=plain(tags[0]), person=(tags[0].get("corresp") or "").removeprefix("#") or None)


def _leaves(element: Element | None) -> Iterator[Element]:
    """The items of a list or the rows of a table that hold no further ones."""
    for item in element.iter(NS + "item", NS + "row") if element is not None else ():
        if item.find(f".//{NS}item") is None:
            yield item
