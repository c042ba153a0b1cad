"""The values that pass between readers and the mapping: what a source says, before any RDF.

Every reader gives the same `Reading`.  Text is Unicode with white space collapsed, paragraphs parted by one
line feed.  Offsets count Unicode code points in `Document.text`, as Web Annotation selectors do.  A field
that the source does not state is None or empty: a reader never guesses.  What a reader concludes rather
than reads is marked with the name of its rule (`inferred`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["from", "to", "participant"]
Calendar = Literal["julian"]
Trouble = Literal["heading", "source note", "file number", "date", "reference", "citation", "markup"]
# Keys of the concepts in the ontology's scheme of document kinds.
Kind = Literal[
    "telegram",
    "note",
    "despatch",
    "instruction",
    "letter",
    "memorandum",
    "memorandumOfConversation",
    "minutes",
    "editorialNote",
    "circular",
    "treaty",
    "pressRelease",
    "proclamation",
    "message",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date as far as it is told.

    `printed` is the source's wording.  `edtf` is an EDTF level 1 expression: "1934-03-13", "1934-03",
    "XXXX-09-10", "1934-03-13T16:00:00".  `earliest` and `latest` are the bounds it leaves, as lexical forms
    of xsd:date or xsd:dateTime; None where it leaves none (no year).  All three are of the Gregorian calendar.

    `calendar` is "julian" if the source gives the date in old style.  `doubt` says why a date is doubtful
    (impossible, or contradicted by print or markup), and `otherwise` is the other reading, as EDTF, if there
    is one; a doubtful date that cannot be has no bounds.
    """

    printed: str
    edtf: str
    earliest: str | None = None
    latest: str | None = None
    calendar: Calendar | None = None
    doubt: str | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One sender or recipient, as the heading prints it, or one of those whom a paper lists as present.

    `printed` is the side's own wording ("The Ambassador in Japan (Grew)"); `name` the person ("Grew"),
    `role` the office or body ("Ambassador in Japan"), each None if not printed.  `person` is the pointer that
    the markup gives, "p_GJC1" or "frus1917Supp02v01#p_SSCA1", None without one.  `place` is where the heading
    says that the party is for the time being ("Paris" of "temporarily at Paris").  `inferred` names the
    rule if the party stands in no heading: `printed` are then the words of the signature or the inside address.
    """

    direction: Direction
    printed: str
    name: str | None = None
    role: str | None = None
    person: str | None = None
    place: str | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The sending, receiving or holding of what a document tells: its line as printed, with what that states."""

    printed: str
    place: str | None = None
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A printed page.

    `number` is as printed ("65", "[II]", "XLVII"), None for a page that bears none; `key` tells pages of one
    volume apart ("65", "II").  `offset` is where the page begins in the document's text, 0 if it began before.
    `inferred` names the rule if no mark in the source says that the document stands on this page.
    """

    number: str | None
    key: str
    offset: int = 0
    inferred: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A footnote: `key` is unique in its document, `mark` is printed ("47", "*"), `paragraphs` its text.

    `offset` is where its mark stands in the document's text; None if it stands in the heading or no mark
    was found.  `on_heading` tells the two apart.
    """

    key: str
    mark: str | None
    paragraphs: tuple[str, ...]
    offset: int | None = None
    on_heading: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where words stand: in the document's text, its title, its source note, the line of an event, or a footnote.

    `part` is "text", "title", "source" (the source note), "sending" or "receiving" (what is printed of that event) or
    "footnote/KEY"; `start` and `end` count code points in that part's published text, end exclusive.
    """

    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A cross-reference that the markup makes: `target` as it stands there ("#pg_66", "frus1952-54v04#pg_1041",
    "#d13"), an address of the series' own site as the pointer that it stands for; `printed` its words."""

    target: str
    printed: str
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name that the markup tags: `pointer` is the tag's ("#p_GJC1", "frus1917Supp02v01#p_SSCA1"), if any."""

    surface: str
    kind: Literal["person", "place", "organization"]
    anchor: Anchor
    pointer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature: `printed` is the whole block, `name` the signer ("Sumner Welles"; what an editor completes in
    brackets is in it without them), `role` the office printed with the name ("Vice-Consul"), `behalf` the office
    signed for ("Secretary of State"), None if the signer signs for himself.  `anchor` is where it stands in the
    document's text, None if it does not."""

    printed: str
    name: str | None = None
    role: str | None = None
    behalf: str | None = None
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A paper printed as part of a document: `label` ("[Inclosure 1 in No. 349.]") and `heading` as printed.

    `start` and `end` bound its words in the document's text.  Where no mark in the source tells the end, `inferred`
    names the rule that gives it, and the lines that say what the enclosure is end at `opening`.  `signatures` are those
    under it; their anchors are in the document's text.
    """

    key: str
    start: int
    end: int
    label: str | None = None
    heading: str | None = None
    parties: tuple[Party, ...] = ()
    sent: Event | None = None
    signatures: tuple[Signature, ...] = ()
    opening: int | None = None
    inferred: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """A person in a volume's own list: `id` is the markup's ("p_GJC1"), `description` the words after the name."""

    id: str
    name: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTerm:
    """An abbreviation or code name in a volume's own list, with its expansion."""

    id: str
    term: str
    expansion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """An entry of a volume's own list of sources: a repository, a record group, a lot, with its words as printed.

    `level` is 1 for an entry that stands in no other; an entry's own follow it at the next level.
    """

    printed: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a volume.

    `id` is the edition's ("d100"); `line` is where it begins in the source, from 1.  `title` is the heading
    without marks and footnotes, None if there is none.  `source_note` is the line that names the file or
    papers ("724.3415/3603: Telegram"), `flags` are the other lines of that kind ("[Translation]").
    `file_number` is the number alone ("724.3415/3603").  `division` is the id of the volume part it stands in.
    `order` counts documents of the source from 1.

    `dated` is the date that the markup gives the document itself, where no line prints one; its `printed` are the
    attributes.  `held` is the meeting or signing that the heading dates ("…, Wednesday, April 30th, 1919", "Signed
    at Paris, May 3, 1925").  `participants` are those whom minutes or a memorandum of conversation list, one a line;
    `subject` is the printed line of that name, without the word.  `references` and `mentions` are in reading order of
    each part, title, source note, text and footnotes; `enclosures` in reading order of the text.
    """

    volume: str
    id: str
    order: int
    line: int
    text: str
    title: str | None = None
    kind: Kind | None = None
    number: str | None = None
    source_note: str | None = None
    flags: tuple[str, ...] = ()
    file_number: str | None = None
    parties: tuple[Party, ...] = ()
    sent: Event | None = None
    received: Event | None = None
    held: Event | None = None
    dated: PartialDate | None = None
    signatures: tuple[Signature, ...] = ()
    pages: tuple[Page, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    division: str | None = None
    subject: str | None = None
    participants: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()

    @property
    def identifier(self) -> str:
        return f"{self.volume}/{self.id}"

    @property
    def people(self) -> tuple[Party, ...]:
        """Its parties, then its participants."""
        return (*self.parties, *self.participants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A part of a volume: `type` is the markup's ("compilation", "chapter", "section"), `parent` an id or None.

    `text` are the words that stand in the part itself, in no document and no part within it, footnotes behind
    them: a preface, an argument, a note before the documents of a chapter.  It is None if there are none, and of
    tables of contents, indexes and lists.
    """

    id: str
    type: str
    heading: str | None
    parent: str | None
    order: int
    line: int
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume: its titles as the header states them, its parts in reading order, its printed pages.

    `persons`, `terms` and `sources` are those of its own lists in the front, in their order.
    """

    id: str
    title: str | None = None
    series: str | None = None
    subseries: str | None = None
    number: str | None = None
    subtitle: str | None = None
    publisher: str | None = None
    published: str | None = None
    divisions: tuple[Division, ...] = ()
    pages: tuple[Page, ...] = ()
    persons: tuple[ListedPerson, ...] = ()
    terms: tuple[ListedTerm, ...] = ()
    sources: tuple[ListedSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something a reader could not take as it stood, and what it kept; the document is published all the same.

    `kind` is what could not be read: a heading without known form, a source note that names no file or place of
    keeping, a file number that the tables do not decode in full, a date, a reference to nothing, a citation of which
    the words leave open what it cites, or the markup itself.
    """

    fact: str
    kept: str
    document: str | None = None
    line: int | None = None
    kind: Trouble = "markup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one source says."""

    volume: Volume
    documents: tuple[Document, ...]
    faults: tuple[Fault, ...] = ()
