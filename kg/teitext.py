"""One walk over a document's element: its text assembled, and what lies beside the text set apart.

Nothing is interpreted here.  The heading, the datelines, footnotes and lines about the document ("[Telegram]",
"761.00/3: Telegram") are no part of its text; enclosures are.  Where tagged words stand is known by their
offsets in the passage they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.markup import BLOCKS, NS, Element, is_block, is_other_reading, local, plain
from kg.prose import Prose

# In these, letterheads and signatures are those of another letter that this document quotes or encloses.
_FOREIGN = frozenset(("attachment", "floatingText", "quote", "list", "table", "note"))
_INLINE = frozenset(
    (
        *("abbr", "add", "address", "addrLine", "anchor", "back", "bibl", "body", "c", "choice", "cit", "corr", "date"),
        *("del", "emph", "epigraph", "expan", "figure", "foreign", "formula", "front", "gap", "gloss", "graphic"),
        *("group", "hi", "idno", "measure", "milestone", "name", "num", "orig", "ptr", "q", "quote", "reg", "roleName"),
        *("rs", "said", "seg", "sic", "space", "supplied", "term", "text", "time", "title", "titlePage", "unclear"),
        *("docEdition", "publisher", "pubPlace", "listBibl", "listPerson", "person", "forename", "surname"),
    )
)
_TAGGED = frozenset(("ref", "persName", "placeName", "orgName", "geogName"))


@dataclass(slots=True)
class Tagged:
    """An element whose words stand from `start` (known once the passage is complete) to `end`."""

    element: Element
    start: list[int]
    end: int

    @property
    def bounds(self) -> tuple[int, int] | None:
        """None for an element without words."""
        return (self.start[0], self.end) if self.start[0] < self.end else None


class Passage(Prose):
    """Text under construction that knows which of its words are tagged."""

    __slots__ = ("tags",)

    def __init__(self, *, one_line: bool = False) -> None:
        super().__init__(one_line=one_line)
        self.tags: list[Tagged] = []


@dataclass(slots=True)
class Note:
    """A footnote as it is met; `at` holds its offset once the text is complete, None outside of the text."""

    element: Element
    words: Passage
    at: list[int] | None
    on_heading: bool


def _has_lines(row: Element | None) -> bool:
    """Are the cells of a row lines of their own, as in a table of those present: words without figures in each, several
    of them in two at least?"""
    cells = [words for cell in (row if row is not None else ()) if isinstance(cell.tag, str) and (words := plain(cell))]
    return sum(" " in cell for cell in cells) > 1 and not any(letter.isdecimal() for cell in cells for letter in cell)


class Walk:
    """What one walk over a document's element finds; complete from the start.

    Of a `division` it takes the words that stand in it and in no div within it, heading aside, and nothing apart.
    """

    def __init__(self, element: Element, is_page: Callable[[Element], bool], *, division: bool = False) -> None:
        self.element = element
        self._division = division
        self._is_page = is_page
        self.text = Passage()
        self.head: Element | None = None
        self.title = Passage(one_line=True)
        self.lines: list[Passage] = []  # inline notes around the heading: source, flags, printed numbers
        self.sources: list[Note] = []  # source notes that are footnotes
        self.marked: list[tuple[Element, Passage]] = []  # lines that the markup calls source notes
        self.datelines: list[Element] = []
        self.signed: list[Tagged] = []
        self.signed_within: list[Tagged] = []  # signatures of enclosures and quoted letters
        self.addresses: list[str] = []  # under the signature: the inside address of an older letter
        self.pages: list[tuple[Element, list[int]]] = []
        self.notes: list[Note] = []
        self.lead: list[str] = []  # flush-left paragraphs, among them "No. 206"
        self.enclosures: list[Tagged] = []
        # Where a note or page stands that is met in the heading, the dateline or another note: the place of
        # that in the text, None in the first two.
        self._aside: list[list[int] | None] = []
        self.unknown: list[Element] = []  # elements of which TEI volumes make no use: their words are taken
        self._flow(element, self.text, own=not division)

    def _flow(self, element: Element, words: Passage, own: bool) -> None:
        if element.text:
            words.add(element.text)
        for child in element:
            if isinstance(child.tag, str) and not is_other_reading(child):
                self._element(child, words, own)
            if child.tail:
                words.add(child.tail)

    def _element(self, element: Element, words: Passage, own: bool) -> None:
        tag = local(element)
        if tag == "pb":
            if self._is_page(element):
                self.pages.append((element, self.text.ahead()))
        elif tag == "lb":
            words.add(" ")
        elif tag == "note":
            self._note(element, words, own)
        elif self._is_another(element, tag) or (own and self._apart(element, tag)):
            words.part()
        elif tag in BLOCKS or (tag == "quote" and is_block(element)):
            self._block(element, tag, words, own)
        elif tag == "cell":
            beside = words.part if _has_lines(element.getparent()) else lambda: words.add(" ")
            beside()
            self._flow(element, words, own=False)
            beside()
        elif tag in _TAGGED:
            tagged = Tagged(element, words.ahead(), 0)
            words.tags.append(tagged)
            self._flow(element, words, own)
            tagged.end = words.behind()[0]
        else:
            if tag not in _INLINE:
                self.unknown.append(element)
            self._flow(element, words, own)

    def _is_another(self, element: Element, tag: str) -> bool:
        """Another document, or beside a division's own words another division or its heading."""
        if tag == "div":
            return self._division or element.get("type") == "document"
        return self._division and tag == "head" and element.getparent() is self.element

    def _apart(self, element: Element, tag: str) -> bool:
        """Take the heading and the datelines, which are no part of the text."""
        words = Passage(one_line=True)
        if tag == "head" and self.head is None and element.getparent() is self.element:
            self.head, self.title = element, words
        elif tag == "dateline":
            self.datelines.append(element)
        else:
            return False
        self._beside(element, words, None)
        return True

    def _beside(self, element: Element, words: Passage, at: list[int] | None) -> None:
        self._aside.append(at)
        self._flow(element, words, own=False)
        self._aside.pop()

    def _block(self, element: Element, tag: str, words: Passage, own: bool) -> None:
        before = element.getprevious()
        if not (tag == "item" and before is not None and before.tag == NS + "label"):
            words.part()
        if own and tag in ("postscript", "address"):
            self.addresses.append(plain(element))
        if own and element.get("rend") == "flushleft":
            self.lead.append(plain(element))
        kept = self.enclosures if tag == "attachment" and words is self.text else None
        if tag == "signed" and words is self.text:
            kept = self.signed if own else self.signed_within
        bounded = Tagged(element, words.ahead(), 0)
        if kept is not None:
            kept.append(bounded)
        self._flow(element, words, own and tag not in _FOREIGN)
        bounded.end = words.behind()[0]
        words.part() if tag != "label" else words.add(" ")

    def _note(self, element: Element, words: Passage, own: bool) -> None:
        inline, source = element.get("rend") == "inline", element.get("type") == "source"
        if own and (inline or element.get("rend") == "center"):
            # "[Telegram]", "A.", "CORRESPONDENCE BETWEEN …": lines about the document
            line = Passage(one_line=True)
            self._beside(element, line, None)
            self.lines.append(line)
            if source:
                self.marked.append((element, line))
            words.part()
            return
        if inline:  # the label of an enclosure
            self._block(element, "note", words, own=False)
            return
        at = self._aside[-1] if self._aside else self.text.here()
        on_heading = self.head is not None and self.head in list(element.iterancestors(NS + "head"))
        note = Note(element, Passage(), at, on_heading)
        self._beside(element, note.words, at)
        if source:
            self.sources.append(note)
        elif re.search(r"\w", note.words.text()):
            self.notes.append(note)
        else:  # stars that stand for words left out
            words.add(f" {note.words.text()} ")
