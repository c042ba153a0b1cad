"""Which document a citation means, and which document answers which.

The citation's number, date, hour, page and direction are held against what the volumes print.  Nothing is
picked from several: either exactly one document fits, or all that fit are candidates.  What is concluded is
an inference: it carries the name of its rule and is "certain" only where number and date hit one document
and nothing that is printed speaks against it.

Direction is what a pronoun says in a paper from one party to another: "my 12" is by the sender, "your 12" by
the recipient, "Department’s" by the Secretary of State or who acts for him, "Legation’s" by the mission.  Two
parties are the same if they have the name or the post ("Ambassador in Japan", "Chargé in Japan") in common.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from kg import citations
from kg.citations import PAPERS, Citation
from kg.document import Document, Event, Footnote, Party

Certainty = Literal["certain", "probable"]
# Within how many code points a reply names what it answers.
OPENING = 400
# "Supra" reaches over a paper or two that the editor set between.
NEAR = 4


# The rules by name: a label, and what the rule concludes from what.
_RESOLVING: Mapping[str, tuple[str, str]] = {
    "number-and-date": (
        "number and date",
        "One document of the volume has the number and the date that the citation tells, and went no other way.",
    ),
    "number-and-date-against-direction": (
        "number and date against direction",
        "A document has the number and the date that the citation tells, but it went another way than its words say.",
    ),
    "number-and-day-at-another-hour": (
        "number and day at another hour",
        "One document has the number and the day that the citation tells, and was sent at another hour.",
    ),
    "number-and-date-in-another-volume": (
        "number and date in another volume",
        "No document of the volume has number and date; one of another volume has them, and went the way told.",
    ),
    "number-and-direction": (
        "number and direction",
        "The citation tells no date: the latest documents before it with the number that went the way it says.",
    ),
    "date-and-direction": (
        "date and direction",
        "The citation tells no number: the documents of its day that went the way it says.",
    ),
    "page-number-and-date": (
        "page, number and date",
        "Of the documents on the page, one has the number and the date that the words before the reference tell.",
    ),
    "page-and-number-or-date": (
        "page and number or date",
        "Of the documents on the page, one has the number or the date that the words before the reference tell.",
    ),
    "only-document-on-page": ("only document on the page", "The page bears text of one document only."),
    "begins-on-page": ("begins on the page", "Of the documents on the page, one begins there."),
    "on-page": ("on the page", "Several documents stand on the page; those that begin there come first."),
    "footnote-on-page": ("footnote on the page", "One document of the page has a footnote with the mark."),
    "same-document": ("the same document", "The page bears text of the citing document only."),
    "neighbour-by-number-and-date": (
        "neighbour by number and date",
        "Supra or infra: the nearest document on that side with the number and the date that are told.",
    ),
    "neighbour-by-number-or-date": (
        "neighbour by number or date",
        "Supra or infra: the nearest document on that side with the number or the date that is told.",
    ),
    "neighbour": ("neighbour", "Supra or infra without number or date: the document before or behind."),
    "printed-in": (
        "printed in another document",
        "The cited paper has another number or date than the document that is told to print it.",
    ),
    "document-number": ("document number", "The volume has a document with the number."),
    "file-number": ("file number", "The document is filed under the number."),
    "pointer": ("pointer", "The markup names the document."),
    "volume-not-loaded": ("volume not loaded", "The citation names volume and page; the volume is not loaded."),
    "no-page": ("no page", "The citation names a volume and no page."),
    "no-such-page": ("no such page", "No document of the volume stands on the page."),
    "no-such-document": ("no such document", "No document fits what the citation tells."),
    "not-printed": ("not printed", "The editor says that the paper is not printed or not found."),
    "published-work": ("published work", "The citation names a work outside the series."),
    "page-of-what": ("page of what", "A page is told in a document's text, and not of which work."),
    "ibid-of-what": ("ibid. of what", "No citation before this one is known that it could repeat."),
    "pointer-to-nothing": ("pointer to nothing", "The markup points to nothing that the volume has."),
}
RULES: Mapping[str, tuple[str, str]] = {
    **_RESOLVING,
    **{
        f"opening-{name}": (
            f"opening citation, {label}",
            f"A paper answers the one that its first sentence cites if that went the way back. {words}",
        )
        for name, (label, words) in _RESOLVING.items()
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The sender or the recipient of a document: names and posts, folded; `home` is the Department of State."""

    names: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    home: bool = False

    def same(self, other: Side) -> bool | None:
        """Are the two one party?  None if what is printed does not tell."""
        if self.names & other.names or self.posts & other.posts or (self.home and other.home):
            return True
        known = (self.names or self.posts or self.home) and (other.names or other.posts or other.home)
        comparable = (self.names and other.names) or ((self.posts or self.home) and (other.posts or other.home))
        return False if known and comparable else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKey:
    """What of a document is needed to find it by a citation."""

    identifier: str
    order: int
    number: str | None = None
    file: str | None = None
    day: date | None = None
    hour: str | None = None
    sender: Side = Side()
    recipient: Side = Side()
    pages: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()

    @property
    def volume(self) -> str:
        return self.identifier.partition("/")[0]

    @property
    def id(self) -> str:
        return self.identifier.partition("/")[2]

    @classmethod
    def of(cls, document: Document) -> DocumentKey:
        """The key of a document.  `marks` are its footnotes, each with the page it stands on."""
        day, hour = _stamp(document.sent)
        pages = tuple(page.key.casefold() for page in document.pages)
        return cls(
            identifier=document.identifier,
            order=document.order,
            number=_cited(document.number),
            file=document.file_number,
            day=day,
            hour=hour,
            sender=_side(document.parties, "from"),
            recipient=_side(document.parties, "to"),
            pages=pages,
            marks=tuple((note.mark, _page_of(document, note.offset)) for note in document.footnotes if note.mark),
        )


def citing_key(document: Document, own: DocumentKey, passage: Passage) -> DocumentKey:
    """Who cites, and on which day: of words within an enclosure its sender, not the document's.

    An enclosure without a day is no later than the document, but no month is "instant" to it.
    """
    at = passage.citation.start
    around = [one for one in document.enclosures if one.start <= at < one.end] if passage.footnote is None else []
    if not around:
        return own
    enclosure = min(around, key=lambda one: one.end - one.start)
    day, hour = _stamp(enclosure.sent)
    if day is None and not passage.citation.relation:
        day = own.day
    sender, recipient = _side(enclosure.parties, "from"), _side(enclosure.parties, "to")
    return replace(own, day=day, hour=hour, sender=sender, recipient=recipient)


def _stamp(event: Event | None) -> tuple[date | None, str | None]:
    """The day and the hour of an event."""
    found = re.match(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?", event.date.edtf if event and event.date else "")
    return (_day(found[1]), found[2]) if found else (None, None)


_LONGEST_RANGE = 60  # Documents that one citation names: "Documents 120–134"


def _cited(number: str | None) -> str | None:
    """A paper's number as others cite it: "A–123" and "065432" are 123 and 65432."""
    return re.sub(r"^(?:C?[AW][–-])?0*(?=\d)", "", number) if number else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a citation means: identifiers, best first; how sure; by which rule.

    No target has certainty None.  `volume` and `page` say where the cited thing is printed, so far as the
    citation tells, whether or not that volume is loaded.
    """

    targets: tuple[str, ...] = ()
    certainty: Certainty | None = None
    rule: str
    volume: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A citation in its place: in a document's text (`footnote` None) or in the footnote with this key.

    `beside` is the citation at the other end of the footnote's mark: the paper named in the text before the
    mark (or the date that stands there) for the first citation of a note, and that citation of the note for the
    paper in the text; in a note, a paper and the page told of it.
    """

    identifier: str
    footnote: str | None
    citation: Citation
    beside: Citation | None = None


def passages(documents: Iterable[Document]) -> Iterator[Passage]:
    """All citations of documents that are given in reading order: of each the text's, then the footnotes'."""
    last: Citation | None = None
    for document in documents:
        text = citations.find(document.text)
        notes: list[tuple[Footnote, list[Citation]]] = []
        beside: dict[Citation, Citation] = {}
        other: dict[int, Citation] = {}
        for note in document.footnotes:
            found = citations.find(note.text, volume=document.volume, before=last)
            last = next((one for one in reversed(found) if one.volume or one.pages or one.work), last)
            notes.append((note, found))
            hung = _hung(document.text, text, note.offset)
            if found and _opens(note.text, found[0]):
                if hung:
                    beside[hung] = found[0]
                elif note.offset is not None and (dated := citations.date_before(document.text, note.offset)):
                    other[id(found[0])] = dated
        for citation in text:
            yield Passage(identifier=document.identifier, footnote=None, citation=citation, beside=beside.get(citation))
        other |= {id(place): paper for paper, place in beside.items()}
        for note, found in notes:
            other |= _joined(note.text, found)
            for citation in found:
                yield Passage(
                    identifier=document.identifier, footnote=note.key, citation=citation, beside=other.get(id(citation))
                )


def _hung(text: str, found: Sequence[Citation], offset: int | None) -> Citation | None:
    """The paper behind whose last word, or within which, a mark stands; its paragraph may be named between."""
    if offset is None:
        return None
    near = (one for one in found if one.form in PAPERS and one.start < offset <= one.end + 40)
    return next((one for one in near if _GAP.fullmatch(text, one.end, max(one.end, offset))), None)


def _opens(note: str, citation: Citation) -> bool:
    """Does the note begin with the citation, so that it speaks of the words it hangs on?"""
    return _OPENING_WORDS.fullmatch(note, 0, citation.start) is not None


def _joined(note: str, found: Sequence[Citation]) -> dict[int, Citation]:
    """The papers of a note and the pages told of them in the same clause, each with the other, by identity."""
    out: dict[int, Citation] = {}
    for one, after in pairwise(found):
        told = one.form in PAPERS and after.form == "page" and not one.pages
        if told and not _CLAUSE_END.search(note, one.end, after.start):
            out[id(one)], out[id(after)] = after, one
    return out


_GAP = re.compile(
    r"(?:,? (?:last|next))?[.,;:)]{0,2}(?: ?\(?(?:(?:first|second|third|fourth|last|numbered) )?"
    r"(?:paragraphs?|par\.|sections?|points?|parts?|pages?)(?: [\w().]{1,6})?(?:,? and \w{1,3})?[.,;:)]{0,2})?"
)
_OPENING_WORDS = re.compile(
    r"\W*(?:(?:See|Printed|Both|Dated|In full|in part)[ ,]*)*"
    r"(?:[A-Z][a-z]+\.? \d{1,2},(?: \d{4},)?(?: [\d:]{1,5} [ap]\.m\.,)? )?"
)
_CLAUSE_END = re.compile(r"[a-z)]{2,}\. |;|\n|.{80}")


_POINTER = re.compile(
    r"(?P<volume>frus[\w-]+)?#(?:pg_(?P<page>[\w-]+)|(?P<document>d\d[\w-]*?)(?:fn\w+)?)|(?P<whole>frus[\w-]+)"
)


class Index:
    """The documents of one or more volumes, ready to be found by citations."""

    def __init__(self, documents: Iterable[DocumentKey]) -> None:
        self._keys: dict[str, DocumentKey] = {}
        self._volumes: dict[str, list[DocumentKey]] = defaultdict(list)
        self._numbers: dict[tuple[str, str], list[DocumentKey]] = defaultdict(list)
        self._days: dict[tuple[str, date], list[DocumentKey]] = defaultdict(list)
        self._pages: dict[tuple[str, str], list[DocumentKey]] = defaultdict(list)
        self._files: dict[tuple[str, str], list[DocumentKey]] = defaultdict(list)
        for key in documents:
            self._add(key)

    def _add(self, key: DocumentKey) -> None:
        volume = key.volume
        self._keys[key.identifier] = key
        self._volumes[volume].append(key)
        if key.number:
            self._numbers[volume, key.number].append(key)
        if key.day:
            self._days[volume, key.day].append(key)
        if key.file:
            self._files[volume, key.file].append(key)
        for page in dict.fromkeys(key.pages):
            self._pages[volume, page].append(key)

    def key(self, identifier: str) -> DocumentKey | None:
        """The document with this identifier; None if it is not in the index."""
        return self._keys.get(identifier)

    def resolve(
        self, citation: Citation, citing: DocumentKey, *, beside: Citation | None = None, note: bool = False
    ) -> Resolution:
        """What a citation in a document means.

        `beside` is as in `Passage`; `note` says that a footnote cites, for which a bare "p. 12" is of its volume.
        """
        if citation.unprinted or (beside and beside.unprinted and citation.form in PAPERS):
            return Resolution(rule="not-printed")
        if citation.form == "work":
            return Resolution(rule="published-work")
        if citation.form == "file":
            return self._by_file(citation, citing)
        if citation.form in PAPERS:
            return self._paper(citation, citing, beside, note)
        if citation.form == "neighbour":
            return self._neighbour(citation, citing, beside)
        if citation.form == "document":
            return self._by_id(citation, citing.volume)
        return self._place(citation, citing, beside, note)

    def pointer(self, target: str, citing: DocumentKey, *, told: Citation | None = None) -> Resolution:
        """What a cross-reference of the markup means: "#pg_66", "frus1952-54v04#pg_1041", "#d13", "frus1933v05".

        `told` is the citation that has the reference's words among its own, or the paper it speaks of.
        """
        found = _POINTER.fullmatch(target)
        if found is None:
            return Resolution(rule="pointer-to-nothing")
        volume, page = found["volume"] or found["whole"] or citing.volume, found["page"]
        if volume not in self._volumes:
            return Resolution(rule="volume-not-loaded", volume=volume, page=page)
        if found["document"]:
            key = self._keys.get(f"{volume}/{found['document']}")
            return _one(key, "pointer") if key else Resolution(rule="pointer-to-nothing", volume=volume)
        if page is None:
            return Resolution(rule="no-page", volume=volume)
        return replace(_chosen(self._on_page(volume, page), page, told, told, citing), volume=volume, page=page)

    # -- papers

    def _paper(self, citation: Citation, citing: DocumentKey, beside: Citation | None, note: bool) -> Resolution:
        # A footnote that the note points to tells something about the paper, not where it is printed.
        told = (citation, beside if beside and beside.form != "footnote" else None)
        printed = next((one for one in told if one and (one.volume or one.pages or one.where)), None)
        if printed and printed.volume and printed.volume not in self._volumes:
            page = printed.pages[0] if printed.pages else None
            return Resolution(rule="volume-not-loaded", volume=printed.volume, page=page)
        if printed and (printed.pages or printed.where in ("supra", "infra")):
            placed = self._printed(citation, printed, citing)
            if placed.targets:
                return self._checked(placed, citation, citing)
        volume = printed.volume if printed and printed.volume else citing.volume
        candidates = self._matching(citation, citing, volume, note)
        if citation.number and candidates:
            return self._numbered(citation, citing, candidates)
        if citation.number and citation.dated:
            return self._elsewhere(citation, citing)
        if candidates:
            return _several(candidates, "date-and-direction")
        return Resolution(rule="no-such-document")

    def _printed(self, citation: Citation, printed: Citation, citing: DocumentKey) -> Resolution:
        """A paper of which the place is told: number and date choose among the documents there."""
        if printed.pages:
            return self._place(printed, citing, citation, note=True)
        return self._neighbour(printed, citing, citation)

    def _checked(self, placed: Resolution, citation: Citation, citing: DocumentKey) -> Resolution:
        """A paper that is told to be printed in a document of another number or date is at best an enclosure of it."""
        told = citation.number or citation.dated
        if placed.certainty == "certain" and told and not _fits(citation, citing, self._keys[placed.targets[0]]):
            return replace(placed, certainty="probable", rule="printed-in")
        return placed

    def _matching(self, citation: Citation, citing: DocumentKey, volume: str, note: bool) -> list[DocumentKey]:
        """The documents of a volume that the number, the date and the direction allow."""
        if citation.number:
            found = [
                key for key in self._numbers.get((volume, citation.number), ()) if key.identifier != citing.identifier
            ]
            if citation.dated:
                return [key for key in found if _on_day(citation, citing, key, note)]
            found = [key for key in found if _directed(citation, citing, key) and _before(key, citing)]
            return sorted(found, key=_lateness)[:NEAR]
        for day in _days(citation, citing, note):
            found = [key for key in self._days.get((volume, day), ()) if key.identifier != citing.identifier]
            found = [key for key in found if _directed(citation, citing, key)]
            if citation.hour:
                found = [key for key in found if key.hour and _same_hour(key.hour, citation.hour)]
            if found:
                return found
        return []

    def _numbered(self, citation: Citation, citing: DocumentKey, found: list[DocumentKey]) -> Resolution:
        """Among documents with the number: hour and direction choose; alone with its date one is certain."""
        if not citation.dated:
            return _several(found, "number-and-direction")
        timed = [key for key in found if key.hour and citation.hour and _same_hour(key.hour, citation.hour)]
        directed = [key for key in timed or found if _directed(citation, citing, key)]
        against = [key for key in timed or found if _directed(citation, citing, key) is False]
        left = [key for key in timed or found if key not in against]
        if len(found) > 1 and len(left) > 1 and directed:
            left = directed
        if not left and citation.hour and not timed:
            return Resolution(rule="no-such-document")
        if not left:
            return _several(timed or found, "number-and-date-against-direction")
        if len(left) > 1:
            return _several(left, "number-and-date")
        if citation.hour and left[0].hour and not timed:
            return _several(left, "number-and-day-at-another-hour")
        return _one(left[0], "number-and-date")

    def _elsewhere(self, citation: Citation, citing: DocumentKey) -> Resolution:
        """Number and date fit no document here: one in another volume does if hour or direction bear it out."""
        found = [
            key
            for volume in self._volumes
            if volume != citing.volume
            for key in self._matching(citation, citing, volume, note=False)
            if _directed(citation, citing, key) and not _another_hour(citation, key)
        ]
        return _several(found, "number-and-date-in-another-volume") if found else Resolution(rule="no-such-document")

    # -- places

    def _place(self, citation: Citation, citing: DocumentKey, beside: Citation | None, note: bool) -> Resolution:
        """Pages, of the citing volume or another."""
        if citation.form == "ibid" and not citation.volume and not citation.work:
            return Resolution(rule="ibid-of-what")
        if citation.work:
            return Resolution(rule="published-work")
        volume = citation.volume or citing.volume
        page = citation.pages[0] if citation.pages else None
        if citation.form == "page" and not note and citation.where is None:
            return Resolution(rule="page-of-what", page=page)
        if volume not in self._volumes:
            return Resolution(rule="volume-not-loaded", volume=volume, page=page)
        if citation.form != "document" and page is None and citation.number:
            return self._by_id(citation, volume)
        if page is None:
            # A footnote alone may be of any document that was named before.
            return Resolution(rule="no-page", volume=citation.volume if citation.form == "footnote" else volume)
        found = self._on_page(volume, page)
        if citation.mark:
            found = [key for key in found if (citation.mark, _first(page)) in key.marks] or found
        return replace(_chosen(found, page, citation, beside, citing), volume=volume, page=page)

    def _on_page(self, volume: str, page: str) -> list[DocumentKey]:
        return self._pages.get((volume, _first(page)), [])

    def _neighbour(self, citation: Citation, citing: DocumentKey, beside: Citation | None) -> Resolution:
        """Resolve "supra": the document before, or the nearest before it with the number and date that are told."""
        row = self._volumes[citing.volume]
        at = next((n for n, key in enumerate(row) if key.identifier == citing.identifier), None)
        if at is None:
            return Resolution(rule="no-such-document")
        back = citation.where in ("supra", "ante")
        near = row[max(0, at - NEAR) : at][::-1] if back else row[at + 1 : at + 1 + NEAR]
        for told in (beside, citation if citation.form in PAPERS else None):
            fit = [key for key in near if told and _fits(told, citing, key)]
            if fit and told:
                if told.number and told.dated:
                    return _one(fit[0], "neighbour-by-number-and-date")
                return _several(fit[:1], "neighbour-by-number-or-date")
        if beside and beside.number and beside.dated:
            return Resolution(rule="no-such-document")
        return _several(near[:1], "neighbour") if near else Resolution(rule="no-such-document")

    def _by_id(self, citation: Citation, volume: str) -> Resolution:
        if volume not in self._volumes:
            return Resolution(rule="volume-not-loaded", volume=volume)
        first = int(citation.number or 0)
        last = min(int(citation.until or first), first + _LONGEST_RANGE)
        found = [key for number in range(first, last + 1) if (key := self._keys.get(f"{volume}/d{number}"))]
        if not found:
            return Resolution(rule="no-such-document", volume=volume)
        return replace(_one(found[0], "document-number"), targets=tuple(key.identifier for key in found))

    def _by_file(self, citation: Citation, citing: DocumentKey) -> Resolution:
        found = self._files.get((citing.volume, citation.file or ""), [])
        found = [key for key in found if key.identifier != citing.identifier]
        if not found:
            return Resolution(rule="no-such-document")
        return _one(found[0], "file-number") if len(found) == 1 else _several(found, "file-number")


# ---------------------------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One document answers another: both identifiers, the rule, how sure, and the citation it rests on."""

    identifier: str
    answers: str
    rule: str
    certainty: Certainty
    citation: Citation


def answers(documents: Sequence[Document], index: Index | None = None) -> list[Answer]:
    """Which of the documents answers which, as its first sentence says: "Your 12, March 2, 6 p.m.", "I have your …".

    The answered paper went from this one's recipient to its sender.  The documents are given in reading order;
    without an index, they are sought among themselves.
    """
    index = index or Index(map(DocumentKey.of, documents))
    out: dict[tuple[str, str], Answer] = {}
    texts = {document.identifier: document.text for document in documents}
    for passage in passages(documents):
        citing = index.key(passage.identifier)
        text = texts[passage.identifier]
        if citing is None or passage.footnote or not _begins(text, passage.citation):
            continue
        found = index.resolve(passage.citation, citing, beside=passage.beside)
        target = index.key(found.targets[0]) if len(found.targets) == 1 else None
        if target and found.certainty and _answered(citing, target):
            rule = f"opening-{found.rule}"
            answer = Answer(
                identifier=citing.identifier,
                answers=target.identifier,
                rule=rule,
                certainty=found.certainty,
                citation=passage.citation,
            )
            out.setdefault((citing.identifier, target.identifier), answer)
    return list(out.values())


# What may stand before the first sentence: the number, the salutation, whom it is for.
_HEAD = re.compile(
    r"(?:\[?No\. ?\d{1,5}[.,\]]*\s*|\d{1,5}\.\s+|\[[^\]\n]{1,40}\]\s*)*"
    r"(?:(?:My |My dear |Dear )?(?:Mr\.? [A-Z][^:\n]{1,40}|[A-Z][^:.\n]{1,50}): ?)?"
)
_SENTENCE_END = re.compile(r"[a-z]{3,}[.?!] [A-Z“]|\n")


def _begins(text: str, citation: Citation) -> bool:
    """Does the citation stand in the first sentence of the text?"""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    if citation.form not in PAPERS or not start - 1 <= citation.start <= start + OPENING:
        return False
    return _SENTENCE_END.search(text, start, citation.start) is None


def _answered(citing: DocumentKey, target: DocumentKey) -> bool:
    """Went the target from the citing paper's recipient to its sender, and before it?"""
    there = target.sender.same(citing.recipient)
    back = target.recipient.same(citing.sender)
    return bool(there) and back is not False and _before(target, citing)


# ---------------------------------------------------------------------------------------------- parties


_HOME = re.compile(r"\bSecretary of State\b(?! for)|\bDepartment of State\b|\b(?:the )?Department$", re.IGNORECASE)
_AT = re.compile(r"\b(?:in|at) (?:the )?(?P<place>[A-Z].*)")
_SUFFIX = re.compile(r",? (?:Jr|Sr|Esq|I{2,3})\.?$")


def _side(parties: Iterable[Party], direction: str) -> Side:
    names: set[str] = set()
    posts: set[str] = set()
    home = False
    for party in parties:
        if party.direction != direction:
            continue
        if party.name and (name := _fold(_SUFFIX.sub("", party.name))):
            names.add(name.rpartition(" ")[2])
        if party.role:
            home = home or bool(_HOME.search(party.role))
            posts |= _posts(party.role)
    return Side(names=frozenset(names), posts=frozenset(posts), home=home)


_RANK = re.compile(r"\b(?:the|acting|temporary|ambassador|minister|charge|chargé|embassy|legation)\b ?")
_PERSON = re.compile(
    r"\(([^()]+)\)|^(?:Mr|Mrs|Colonel|General|Sir|Lord|Dr|President|Minister|Ambassador)\.? ([A-Z]\S+)$"
)


def _posts(role: str) -> set[str]:
    """The post that an office is of: its place, or the office itself without rank; none for the Department."""
    if _HOME.search(role):
        return set()
    at = _AT.search(role)
    words = _fold(at["place"] if at else role)
    words = _RANK.sub("", words).strip()
    return {words} if words else set()


def _named(words: str) -> Side:
    """The side that the words behind "from" or "to" name: an office, a place or a person."""
    words = re.sub(r"^the ", "", words)
    person = _PERSON.search(words)
    name = (person[1] or person[2]) if person else None
    office = re.sub(r" ?\([^()]*\)", "", words)
    return Side(
        names=frozenset({_fold(name)} if name else ()),
        posts=frozenset(_posts(office) if not (person and person[2]) else ()),
        home=bool(_HOME.search(words)),
    )


def _fold(words: str) -> str:
    return re.sub(r"[\W_]+", " ", words.casefold()).strip()


_OWN = frozenset(("Embassy", "Legation", "Consulate", "Consulate General", "Mission", "Delegation", "Commission"))
_OFFICE = frozenset(("Ministry", "Foreign", "Office", "Government", "Ambassador", "Minister", "Consul", "Excellency"))


def _directed(citation: Citation, citing: DocumentKey, key: DocumentKey) -> bool | None:
    """Went the document the way that the citation says?  None if the two do not tell."""
    said: list[bool | None] = []
    for words, side in ((citation.sender, key.sender), (citation.recipient, key.recipient)):
        if words in ("you", "me", "us"):
            said.append((citing.recipient if words == "you" else citing.sender).same(side))
        elif words:
            said.append(True if _named(words).same(side) else None)
    if not citation.sender and (owner := _owner(citation.whose, citing)):
        # One man may speak in another's telegram: a name is evidence for a document, never against it.
        named = owner.names and not owner.posts and owner not in (citing.sender, citing.recipient)
        same = owner.same(key.sender)
        said.append((same or None) if named else same)
    if False in said:
        return False
    return True if True in said else None


def _owner(whose: str | None, citing: DocumentKey) -> Side | None:
    """The side that a paper is said to be of; None if the word does not tell."""
    if whose in ("my", "our"):
        return citing.sender
    if whose == "your":
        return citing.recipient
    if whose in ("Department", "Secretary of State"):
        return Side(home=True)
    if whose in _OWN:
        return citing.recipient if citing.sender.home else citing.sender
    if whose is None or whose.islower() or whose.partition(" ")[0] in _OFFICE:
        return None
    return Side(names=frozenset({_fold(whose)}))


# ---------------------------------------------------------------------------------------------- days and pages


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)
    except ValueError:
        return None


def _days(citation: Citation, citing: DocumentKey, note: bool) -> list[date]:
    """The days that a citation's date may mean, the likeliest first."""
    today, day = citing.day, citation.day
    if citation.month and day:
        if citation.year:
            return _real(_calendar(citation.year, citation.month, day))
        if today is None:
            return []
        this = _real(_calendar(today.year, citation.month, day))
        last = _real(_calendar(today.year - 1, citation.month, day))
        # What a paper cites was written before it; the hour of the place may have been another day.
        if this and this[0] > today + timedelta(1):
            return [*last, *this] if note else last
        return this
    if today is None:
        return []
    if citation.relation in ("today", "yesterday"):
        return [today - timedelta(citation.relation == "yesterday")]
    # "The 21st instant" of a paper of the 10th stands in words of somebody else.
    return [one for one in _in_month(citation, today) if citation.relation == "proximo" or one <= today + timedelta(1)]


def _in_month(citation: Citation, today: date) -> list[date]:
    """The day of a month that is told by its relation to a date; "the 23d" is the last 23d."""
    if citation.day is None:
        return []
    shift = {"instant": 0, "ultimo": -1, "proximo": 1}.get(citation.relation or "", 0)
    if citation.relation == "day" and citation.day > today.day:
        shift = -1
    return _real(_calendar(today.year, today.month + shift, citation.day))


def _real(day: date | None) -> list[date]:
    return [day] if day else []


def _on_day(citation: Citation, citing: DocumentKey, key: DocumentKey, note: bool) -> bool:
    """Was the document sent on the day that the citation names?  Without a year on both sides, month and day tell."""
    if key.day is None:
        return False
    if citing.day is None and citation.year is None and citation.month:
        return (key.day.month, key.day.day) == (citation.month, citation.day)
    return key.day in _days(citation, citing, note)


def _before(key: DocumentKey, citing: DocumentKey) -> bool:
    return key.day is None or citing.day is None or key.day <= citing.day + timedelta(1)


def _lateness(key: DocumentKey) -> tuple[int, int]:
    return (-key.day.toordinal() if key.day else 0, key.order)


def _another_hour(citation: Citation, key: DocumentKey) -> bool:
    return bool(citation.hour and key.hour) and not _same_hour(citation.hour or "", key.hour or "")


def _same_hour(one: str, other: str) -> bool:
    """The same time of day; noon and midnight are both "12", and print takes one for the other."""
    twelve = ("00:00", "12:00")
    return one == other or (one in twelve and other in twelve)


def _fits(told: Citation, citing: DocumentKey, key: DocumentKey) -> bool:
    """Has the document the number and the date that are told, at least one of which is?"""
    if not told.number and not told.dated:
        return False
    if told.number and told.number != key.number:
        return False
    return not told.dated or _on_day(told, citing, key, note=True)


def _first(page: str) -> str:
    return re.split(r"[–—-]", page)[0].casefold()


def _page_of(document: Document, offset: int | None) -> str:
    """The page on which a place of a document's text stands."""
    on = [page for page in document.pages if page.offset <= (offset or 0)] or list(document.pages[:1])
    return on[-1].key.casefold() if on else ""


# ---------------------------------------------------------------------------------------------- choosing


def _one(key: DocumentKey, rule: str) -> Resolution:
    return Resolution(targets=(key.identifier,), certainty="certain", rule=rule)


def _several(found: Sequence[DocumentKey], rule: str) -> Resolution:
    return Resolution(targets=tuple(key.identifier for key in found), certainty="probable", rule=rule)


def _chosen(
    found: Sequence[DocumentKey], page: str, citation: Citation | None, beside: Citation | None, citing: DocumentKey
) -> Resolution:
    """Of the documents on a page: the one with the number and date told, else the one that begins there."""
    others = [key for key in found if key.identifier != citing.identifier]
    if not others:
        return Resolution(rule="same-document" if found else "no-such-page")
    for told in (beside, citation):
        fit = [key for key in others if told and told.form in PAPERS and _fits(told, citing, key)]
        if len(fit) == 1 and told:
            sure = told.number and told.dated
            return _one(fit[0], "page-number-and-date") if sure else _several(fit, "page-and-number-or-date")
    if citation and citation.mark and len(others) == 1:
        return _several(others, "footnote-on-page")
    if len(others) == 1:
        return _several(others, "only-document-on-page")
    begin = [key for key in others if key.pages[0] == _first(page)]
    if len(begin) == 1:
        return _several(begin, "begins-on-page")
    return _several([*begin, *(key for key in others if key not in begin)], "on-page")
