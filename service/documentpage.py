"""The page of a document: what it says, who sent it to whom, what it answers and cites, why, and how to cite it.

What the source states stands as it is; beside what is inferred stand its certainty and a way to its reasons
(docs/decisions/0002).  docs/decisions/0003 says what of the model is where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from kg.iris import Iris
from kg.vocabulary import DCTERMS, DGM, RDF, RDFS
from service.annotatedtext import Mark, Span, annotated, paragraphs
from service.datewords import after, in_words
from service.descriptions import in_order
from service.evidence import Evidence, Reason, anchor_of, positions
from service.references import STYLES, Named, Reference, chicago, linked_data, meta, named
from service.surroundings import Surroundings

if TYPE_CHECKING:
    from service.pages import Link, Pages

PUBLISHER: Final = "https://history.state.gov/historicaldocuments"
_DATED = re.compile(r"\d{4}(?:-|$)")
_MENTIONS = "mention"
_CITATIONS = "citation"
# What stands elsewhere on the page, or is of no use to people.
_SHOWN: Final = frozenset({
    RDF.type, RDFS.label, DGM.order, DCTERMS.title, DCTERMS.identifier, DGM.text, DGM.kind, DGM.sending, DGM.receiving,
    DGM.holding, DGM.number, DGM.flag, DGM.sourceNote, DGM.file, DGM.fileNumber, DGM.serial, DGM.page, DGM.firstPage,
    DGM.partOf, DGM.volume, DGM.signature, DGM.footnote, DGM.citation, DGM.mention, DGM.enclosure, DGM.participant,
    DGM.subjectLine, DGM.pageBreak,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value: stated, or inferred for a reason.  `more` is what is said of it in turn."""

    text: str
    href: str | None = None
    note: str = ""
    reason: Reason | None = None
    more: tuple[Said, ...] = ()


_SHORT: Final = 9


@dataclass(frozen=True, slots=True)
class Fact:
    """What a page calls a property, and its values."""

    label: str
    values: tuple[Said, ...]

    @property
    def side_by_side(self) -> bool:
        """Are the values as short as numbers of pages?"""
        return all(len(one.text) < _SHORT and not (one.note or one.reason or one.more) for one in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Words that name something: `rules` and `certainty` of one that a rule found, none of one that markup tags.

    `evidence` are the words that the rule rests on, where they are others.
    """

    words: str
    anchor: str
    kind: str
    means: Link | None
    certainty: str
    rules: tuple[Link, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote below the text; `back` is the place of its mark, if it has one."""

    mark: str
    anchor: str
    back: str
    paragraphs: tuple[Markup, ...]


class DocumentPage:
    """What the template shows."""

    def __init__(self, pages: Pages, around: Surroundings) -> None:
        self._pages, self._around, self._about, self._iri = pages, around, around.about, around.about.iri
        self.evidence = Evidence(pages, self._about, self._subjects())
        self._footnotes = in_order(self._about.values(self._iri, DGM.footnote), self._about)
        self._anchors = {note: f"fn{number}" for number, note in enumerate(self._footnotes, 1)}
        self._spans = self._all_spans()
        self.anchors = self._anchored()
        self._marks = self._all_marks()
        self.title = self._heading()
        self.summary = self._summary()
        self.facts = [Fact(label, tuple(values)) for label, values in self._all_facts() if values]
        self.paragraphs = self._text()
        self.notes = [self._note(note) for note in self._footnotes]
        self.mentions = self._mentioned()
        self.links = [Fact(label, tuple(values)) for label, values in self._relations() if values]
        self.previous, self.next = (self._neighbour(row) for row in (around.previous, around.next))
        self.reference = self._reference()

    # ------------------------------------------------------------------------------------------ reading

    def _value(self, predicate: str, subject: str | None = None) -> str:
        return self._about.value(subject or self._iri, predicate) or ""

    def _name(self, iri: str) -> str:
        return self._pages.name(iri, self._about)

    def _parties(self, event: str, role: str) -> list[tuple[str, Reason | None]]:
        """The parties of an event in order: stated ones, then those that a rule found."""
        found: list[tuple[str, Reason | None]] = []
        for happened in self._about.values(self._iri, event):
            found += [(party, None) for party in in_order(self._about.values(happened, role), self._about)]
            found += [(self.evidence.said(reason), reason) for reason in self.evidence.of(happened, role)]
        return found

    def _subjects(self) -> dict[str, str]:
        """The parts of which something may be inferred, and what the page calls them, in its order."""
        about, names = self._about, dict[str, str]()
        for event, role, who in (
            (DGM.sending, DGM.sender, "the sender"),
            (DGM.receiving, DGM.recipient, "the recipient"),
            (DGM.holding, None, ""),
        ):
            for happened in about.values(self._iri, event):
                parties = self._possible(happened, role) if role else []
                names |= dict.fromkeys(parties, who)
                names[happened] = f"the {self._pages.term(event)}"
        names |= dict.fromkeys(about.values(self._iri, DGM.participant), "a participant")
        names |= {node: f"the signature “{self._name(node)}”" for node in about.values(self._iri, DGM.signature)}
        names[self._iri] = "this document"
        for whole in (self._iri, *about.values(self._iri, DGM.footnote)):
            names |= {node: f"“{self._name(node)}”" for node in about.values(whole, DGM.citation)}
        return names

    def _possible(self, happened: str, role: str) -> list[str]:
        """The parties of an event, those included that a rule found."""
        about = self._about
        inferences = [
            node for node in about.subjects(RDF.subject, happened) if about.value(node, RDF.predicate) == role
        ]
        return [
            *about.values(happened, role),
            *(party for node in inferences for party in about.values(node, RDF.object)),
        ]

    # ------------------------------------------------------------------------------------------ text

    def _all_spans(self) -> dict[tuple[str, str], list[Span]]:
        """Passages and links by the thing and the property whose words they are."""
        found: dict[tuple[str, str], dict[tuple[int, int], Span]] = {}
        links = self._linked_passages()
        passages = dict.fromkeys(
            passage
            for node in (*self.evidence.reasons, *self._parts(DGM.enclosure, DGM.signature), *links)
            for passage in ([node] if node in links else self._about.values(node, DGM.passage))
        )
        for passage, source, within, start, end in positions(self._about, passages):
            href, name, title = links.get(passage, ("", "", ""))
            span = Span(start=start, end=end, id=anchor_of(passage), href=href, name=name, title=title)
            found.setdefault((source, within), {})[start, end] = span
        return {key: list(spans.values()) for key, spans in found.items()}

    def _parts(self, *predicates: str) -> list[str]:
        return [node for predicate in predicates for node in self._about.values(self._iri, predicate)]

    def _anchored(self) -> frozenset[str]:
        """The passages that stand on the page, as places to link to."""
        shown = {(self._iri, DCTERMS.title), *((whole, DGM.text) for whole in (self._iri, *self._footnotes))}
        shown |= {(event, DGM.printed) for event in self._parts(DGM.sending, DGM.receiving)}
        return frozenset(span.id for key, spans in self._spans.items() if key in shown for span in spans)

    def _linked_passages(self) -> dict[str, tuple[str, str, str]]:
        """Passages that lead on: (address, kind of link, what it says when pointed at)."""
        about, links = self._about, dict[str, tuple[str, str, str]]()
        for whole in (self._iri, *self._footnotes):
            for mention in about.values(whole, DGM.mention):
                links |= self._named(mention, "")
            for citation in about.values(whole, DGM.citation):
                links |= self._cited(citation)
        for mention in about.subjects(DGM.mentionedIn, self._iri):
            links |= self._named(mention, f" (inferred, {self._pages.term(self._value(DGM.certainty, mention))})")
        return links

    def _named(self, mention: str, how: str) -> dict[str, tuple[str, str, str]]:
        """Words whose meaning is not known have their place all the same."""
        for referent in self._about.values(mention, DGM.refersTo):
            return self._link(mention, referent, _MENTIONS, f"{self._name(referent)}{how}")
        return dict.fromkeys(self._about.values(mention, DGM.passage), ("", "", ""))

    def _cited(self, citation: str) -> dict[str, tuple[str, str, str]]:
        reasons = self.evidence.of(citation, DGM.target)
        for target in (*self._about.values(citation, DGM.target), *(map(self.evidence.said, reasons))):
            return self._link(citation, target, _CITATIONS, self._name(target))
        return {}

    def _link(self, node: str, target: str, kind: str, title: str) -> dict[str, tuple[str, str, str]]:
        href = self._pages.href(target) or ""
        return dict.fromkeys(self._about.values(node, DGM.passage), (href, kind, title))

    def _all_marks(self) -> list[Mark]:
        """The marks of footnotes in the text; each is a place that its note leads back to."""
        marks = []
        for footnote in self._footnotes:
            offset = self._value(DGM.offset, footnote)
            if offset.isdigit() and not self._on_heading(footnote):
                marks.append(Mark(int(offset), self._mark(footnote)))
        return [*self._page_marks(), *marks]

    def _page_marks(self) -> list[Mark]:
        """Where pages begin within the text; each leads to the same page at the publisher, or to what is said of it."""
        marks = []
        html = Markup('<a class="page-mark" id="page-{0}" href="{1}" title="{2}">[p. {3}]</a> ')
        for node in self._about.values(self._iri, DGM.pageBreak):
            offset, page = self._value(DGM.offset, node), self._value(DGM.begins, node)
            if offset.isdigit() and page:
                name, elsewhere = self._page_name(page), self._at_publisher(page)
                title = f"Page {name} begins here{'; it is at the publisher' if elsewhere else ''}"
                href = elsewhere or self._pages.href(page) or ""
                marks.append(Mark(int(offset), html.format(self._keys(page)[-1], href, title, name)))
        return marks

    def _on_heading(self, footnote: str) -> bool:
        return self._value(DGM.onHeading, footnote) == "true"

    def _mark(self, footnote: str) -> Markup:
        anchor = self._anchors[footnote]
        mark = self._value(DGM.mark, footnote) or anchor.removeprefix("fn")
        return Markup('<sup><a id="{0}-mark" href="#{0}" aria-label="Footnote {1}">{1}</a></sup>').format(anchor, mark)

    def _heading(self) -> Markup:
        spans = self._spans.get((self._iri, DCTERMS.title), [])
        marks = [self._mark(footnote) for footnote in self._footnotes if self._on_heading(footnote)]
        title = self._value(DCTERMS.title)
        heading = annotated(title, spans) if title else Markup("{}").format(self._name(self._iri))
        return heading + Markup("").join(marks)

    def _text(self) -> list[Markup]:
        return paragraphs(self._value(DGM.text), self._spans.get((self._iri, DGM.text), ()), self._marks)

    def _note(self, footnote: str) -> Note:
        anchor, offset = self._anchors[footnote], self._value(DGM.offset, footnote)
        text = self._value(DGM.text, footnote)
        return Note(
            mark=self._value(DGM.mark, footnote) or anchor.removeprefix("fn"),
            anchor=anchor,
            back=f"{anchor}-mark" if offset.isdigit() or self._on_heading(footnote) else "",
            paragraphs=tuple(paragraphs(text, self._spans.get((footnote, DGM.text), ()), ())),
        )

    # ------------------------------------------------------------------------------------------ facts

    def _summary(self) -> tuple[str, str]:
        """ "Telegram, Geneva to Washington, 13 March 1934, received 15 March": what is stated, and what is inferred."""
        kind = self._value(DGM.kind)
        sending, receiving, holding = (self._value(event) for event in (DGM.sending, DGM.receiving, DGM.holding))
        sent, received, held = (self._date(event) for event in (sending, receiving, holding))
        places = [self._value(DGM.placePrinted, event) for event in (sending, receiving) if event]
        where = " to ".join(filter(None, places)) if len([p for p in places if p]) == 2 else ""
        source = f"from {places[0]}" if sending and places[0] and not where else ""
        parts = [
            " ".join(part for part in (self._pages.term(kind).capitalize() if kind else "", source) if part),
            where,
            in_words(sent) if sent else f"held {in_words(held)}" if held else "",
            f"received {after(received, sent) if sent else in_words(received)}" if received else "",
        ]
        stated = ", ".join(part for part in parts if part)
        return stated[:1].upper() + stated[1:], "" if sent or held else self._dated()

    def _dated(self) -> str:
        """A day that no line of the document tells, or the days between which it lies."""
        for reason in self.evidence.of(self._iri, DGM.edtf):
            return in_words(self.evidence.said(reason))
        limits = ((DGM.earliest, "not before"), (DGM.latest, "not after"))
        found = [(words, self.evidence.of(self._iri, predicate)) for predicate, words in limits]
        return " and ".join(
            f"{words} {in_words(self.evidence.said(reasons[0]))}" for words, reasons in found if reasons
        )

    def _date(self, event: str) -> str:
        return (self._value(DGM.date, event) or self._value(DGM.edtf, event)) if event else ""

    def _all_facts(self) -> list[tuple[str, list[Said]]]:
        return [
            ("From", [self._party(*party) for party in self._parties(DGM.sending, DGM.sender)]),
            ("To", [self._party(*party) for party in self._parties(DGM.receiving, DGM.recipient)]),
            ("Present", [self._party(party, None) for party in self._present()]),
            ("Sent", self._happened(DGM.sending)),
            ("Received", self._happened(DGM.receiving)),
            ("Held", self._happened(DGM.holding)),
            ("Date", self._inferred(self._iri, DGM.edtf, DGM.earliest, DGM.latest)),
            ("Signed", [self._signature(node) for node in self._about.values(self._iri, DGM.signature)]),
            ("Subject", self._texts(DGM.subjectLine)),
            ("Number", self._texts(DGM.number)),
            ("Flag", self._texts(DGM.flag)),
            ("Source", self._texts(DGM.sourceNote)),
            ("File", self._file()),
            ("Pages", self._pages_printed()),
            ("Enclosures", [self._enclosure(node) for node in self._enclosures()]),
            ("Part of", [self._linked(iri) for iri in self._about.values(self._iri, DGM.partOf)]),
            ("Volume", [self._linked(iri) for iri in self._about.values(self._iri, DGM.volume)]),
            *self._others(),
        ]

    def _others(self) -> list[tuple[str, list[Said]]]:
        """What the source states besides, by the names of the ontology."""
        return [
            (
                self._pages.term(predicate).capitalize(),
                [self._linked(value) for value in self._about.values(self._iri, predicate)],
            )
            for predicate in sorted(set(self._about.properties(self._iri)) - _SHOWN)
        ]

    def _present(self) -> list[str]:
        return in_order(self._about.values(self._iri, DGM.participant), self._about)

    def _enclosures(self) -> list[str]:
        return in_order(self._about.values(self._iri, DGM.enclosure), self._about)

    def _texts(self, predicate: str) -> list[Said]:
        return [Said(text=value) for value in self._about.values(self._iri, predicate)]

    def _linked(self, iri: str) -> Said:
        named = iri.startswith(("http://", "https://"))
        return Said(text=self._name(iri) if named else iri, href=self._pages.href(iri) if named else None)

    def _inferred(self, subject: str, *predicates: str) -> list[Said]:
        """What is inferred, the likeliest first."""
        reasons = [reason for predicate in predicates for reason in self.evidence.of(subject, predicate)]
        return [
            Said(
                text=reason.value.text if reason.value.href else in_words(reason.value.text),
                href=reason.value.href,
                note=f"{reason.statement}, {reason.note}" if len(predicates) > 1 else reason.note,
                reason=reason,
            )
            for reason in reasons
        ]

    def _party(self, party: str, reason: Reason | None) -> Said:
        stated = [self._linked(person) for person in self._about.values(party, DGM.person)]
        return Said(
            text=self._value(DGM.printed, party) or self._name(party),
            note=reason.note if reason else "",
            reason=reason,
            more=(*stated, *self._inferred(party, DGM.person, DGM.office)),
        )

    def _signature(self, node: str) -> Said:
        return Said(text=self._name(node), more=tuple(self._inferred(node, DGM.person)))

    def _happened(self, predicate: str) -> list[Said]:
        found = []
        for event in self._about.values(self._iri, predicate):
            printed, date = self._value(DGM.printed, event), self._date(event)
            words = in_words(date) if date else ""
            doubt = self._value(DGM.doubt, event)
            more = tuple(self._inferred(event, DGM.place, DGM.mission))
            if printed or words or more:
                note = "; ".join(part for part in (words if printed else "", doubt) if part)
                line = annotated(printed, self._spans.get((event, DGM.printed), ()))
                found.append(Said(text=line or words or "as below", note=note, more=more))
        return found

    def _file(self) -> list[Said]:
        number = self._value(DGM.fileNumber)
        units = [self._linked(unit) for unit in self._about.values(self._iri, DGM.file)]
        words = self._inferred(self._iri, DGM.fileWords)
        if not number:
            return [*units, *words]
        return [Said(text=number, more=(*units, *words))]

    def _pages_printed(self) -> list[Said]:
        """Stated pages and inferred ones, in the order of the volume."""
        found: dict[str, Said] = {}
        for page in (*self._about.values(self._iri, DGM.page), *self._about.values(self._iri, DGM.firstPage)):
            found[page] = Said(text=self._page_name(page), href=self._pages.href(page))
        for reason in (*self.evidence.of(self._iri, DGM.page), *self.evidence.of(self._iri, DGM.firstPage)):
            page = self.evidence.said(reason)
            said = Said(text=self._page_name(page), href=self._pages.href(page), note=reason.note, reason=reason)
            found.setdefault(page, said)
        return [found[page] for page in in_order(found, self._about)]

    def _page_name(self, page: str) -> str:
        return self._value(DGM.pageNumber, page) or self._name(page)

    def _enclosure(self, node: str) -> Said:
        passages = self._about.values(node, DGM.passage)
        anchors = [f"#{anchor_of(passage)}" for passage in passages]
        return Said(text=self._name(node).partition(": ")[2] or self._name(node), href=next(iter(anchors), None))

    # ------------------------------------------------------------------------------------------ relations

    @property
    def thread(self) -> str:
        """The document as the page of its thread names it; "" if no answer is known."""
        known = self._around.answered_by or self.evidence.of(self._iri, DGM.answers)
        return self._iri.removeprefix(f"{self._pages.base}id/document/") if known else ""

    def _relations(self) -> list[tuple[str, list[Said]]]:
        answers = [
            self._document(self.evidence.said(reason), reason) for reason in self.evidence.of(self._iri, DGM.answers)
        ]
        cites = [said for whole in (self._iri, *self._footnotes) for said in self._cites(whole)]
        return [
            ("Answers", answers),
            ("Answered by", [self._document(iri, None, "inferred") for iri, _ in self._around.answered_by]),
            ("Cites", cites),
            ("Cited by", [self._document(iri, None) for iri in self._around.cited_by]),
        ]

    def _cites(self, whole: str) -> Iterable[Said]:
        for citation in self._about.values(whole, DGM.citation):
            stated = [self._target(iri, None) for iri in self._about.values(citation, DGM.target)]
            reasons = self.evidence.of(citation, DGM.target)
            inferred = [self._target(self.evidence.said(reason), reason) for reason in reasons]
            passages = self._about.values(citation, DGM.passage)
            yield Said(
                text=f"“{self._name(citation)}”",
                href=next((f"#{anchor_of(passage)}" for passage in passages), None) if stated or inferred else None,
                note="" if stated or inferred else "leads to nothing here",
                more=(*stated, *inferred),
            )

    def _target(self, iri: str, reason: Reason | None) -> Said:
        if DGM.Document in self._about.types(iri) or iri in self._around.documents:
            return self._document(iri, reason)
        known = bool(self._about.types(iri))
        text = self._name(iri) if known else " ".join(self._keys(iri)) or iri
        return Said(
            text=text,
            href=self._pages.href(iri) if known else None,
            note=reason.note if reason else "" if known else "not in this dataset",
            reason=reason,
        )

    def _keys(self, iri: str) -> tuple[str, ...]:
        parsed = Iris(self._pages.base).parse(iri)
        return (parsed[0], *parsed[1]) if parsed else ()

    def _document(self, iri: str, reason: Reason | None, note: str = "") -> Said:
        """A document by heading, number and date."""
        row = self._around.documents.get(iri)
        keys = self._keys(iri)
        title = row["title"] if row and row["title"] else self._name(iri)
        date = in_words(row["day"].partition("T")[0]) if row and row["day"] else ""
        text = ", ".join(part for part in (title, date) if part)
        notes = [keys[-1] if keys else "", reason.note if reason else note]
        return Said(text=text, href=self._pages.href(iri), note=", ".join(filter(None, notes)), reason=reason)

    def _mentioned(self) -> list[Mentioned]:
        """What text and footnotes name, each wording once, in the order of the text."""
        about, found = self._about, list[tuple[tuple[bool, int], Mentioned]]()
        tagged = [node for whole in (self._iri, *self._footnotes) for node in about.values(whole, DGM.mention)]
        for node in (*tagged, *about.subjects(DGM.mentionedIn, self._iri)):
            places = sorted(
                (source != self._iri, start, passage)
                for passage, source, within, start, _ in positions(about, about.values(node, DGM.passage))
                if within != DCTERMS.title
            )
            if places:
                found.append(((places[0][0], places[0][1]), self._mention(node, anchor_of(places[0][2]))))
        return [mention for _, mention in sorted(found, key=lambda pair: pair[0])]

    def _mention(self, node: str, anchor: str) -> Mentioned:
        referent = self._value(DGM.refersTo, node) or self._value(DGM.office, node) or self._value(DGM.state, node)
        day = self._value(DGM.edtf, node)
        certainty = self._value(DGM.certainty, node)
        means = self._pages.link(referent, self._about) if referent else None
        words = self._name(node)
        return Mentioned(
            words=words,
            anchor=anchor if anchor in self.anchors else "",
            kind=self._value(DGM.mentionKind, node),
            means=self._pages.plain(in_words(day)) if day and not means else means,
            certainty=self._pages.term(certainty) if certainty else "",
            rules=tuple(self._pages.link(rule, self._about) for rule in self._about.values(node, DGM.rule)),
            evidence=tuple(text for text in self._about.values(node, DGM.evidence) if text and text != words),
        )

    def _neighbour(self, row: dict[str, str] | None) -> Said | None:
        if row is None:
            return None
        return Said(text=row["title"] or row["identifier"], href=self._pages.href(row["iri"]))

    # ------------------------------------------------------------------------------------------ citing

    def _reference(self) -> Reference:
        volume = self._value(DGM.volume)
        sending = self._value(DGM.sending)
        sent, received = self._date(sending), self._date(self._value(DGM.receiving))
        kind = self._value(DGM.kind)
        stated = in_order(dict.fromkeys(self._about.values(self._iri, DGM.page)), self._about)
        return Reference(
            url=self._iri,
            identifier=self._value(DCTERMS.identifier),
            title=self._value(DCTERMS.title) or self._name(self._iri),
            place=self._value(DGM.placePrinted, sending) if sending else "",
            date=sent if _DATED.match(sent) else "",
            received=received if _DATED.match(received) else "",
            kind=self._pages.term(kind).capitalize() if kind else "",
            authors=self._people(DGM.sending, DGM.sender),
            recipients=self._people(DGM.receiving, DGM.recipient),
            volume=self._value(DCTERMS.title, volume) or self._name(volume) if volume else "",
            volume_url=volume,
            volume_id=self._value(DCTERMS.identifier, volume) if volume else "",
            series=self._value(DGM.series, volume) if volume else "",
            publisher=self._value(DCTERMS.publisher, volume) if volume else "",
            issued=self._value(DCTERMS.issued, volume) if volume else "",
            pages=tuple(filter(None, (self._value(DGM.pageNumber, page) for page in stated))),
        )

    def _people(self, event: str, role: str) -> tuple[Named, ...]:
        """Stated parties: by the full name of a person who is known for certain, else as they are printed."""
        return tuple(self._person(party) for party, reason in self._parties(event, role) if reason is None)

    def _person(self, party: str) -> Named:
        own = self._value(DGM.name, party) or self._value(DGM.role, party)
        printed = self._value(DGM.printed, party)
        known = dict.fromkeys(self._about.values(party, DGM.person), "")
        reasons = [reason for reason in self.evidence.of(party, DGM.person) if self.evidence.is_certain(reason)]
        known |= {person: printed for person in map(self.evidence.said, reasons) if person not in known}
        if len(known) != 1:
            return Named(literal=own or printed)
        ((person, words),) = known.items()
        keys = self._keys(person)
        return named(self._name(person), keys[-1] if keys else "", words)

    @property
    def chicago(self) -> tuple[tuple[str, bool], ...]:
        return chicago(self.reference)

    @property
    def names_inferred(self) -> tuple[str, ...]:
        """What the source prints of those whom the forms for programs name in full."""
        parties = (*self.reference.authors, *self.reference.recipients)
        return tuple(name.printed for name in parties if name.printed)

    @property
    def styles(self) -> list[tuple[str, str, str]]:
        """(name, address, text) of the forms that programs read."""
        path = self._iri.removeprefix(f"{self._pages.base}id/")
        return [(style.name, f"cite/{path}{style.suffix}", style.write(self.reference)) for style in STYLES]

    @property
    def meta(self) -> list[tuple[str, str]]:
        return meta(self.reference)

    @property
    def linked_data(self) -> Markup:
        return Markup(linked_data(self.reference))  # noqa: S704 - no character in it can end a script element

    @property
    def publisher(self) -> tuple[str, str] | None:
        """(address, page) of the first page at the publisher, who numbers documents anew with each edition."""
        pages: Sequence[str] = [
            *self._about.values(self._iri, DGM.firstPage),
            *(self.evidence.said(reason) for reason in self.evidence.of(self._iri, DGM.firstPage)),
            *in_order(self._about.values(self._iri, DGM.page), self._about),
        ]
        for page in pages:
            if address := self._at_publisher(page):
                return address, self._page_name(page)
        return None

    def _at_publisher(self, page: str) -> str | None:
        keys = self._keys(page)
        return f"{PUBLISHER}/{keys[1]}/pg_{keys[2]}" if len(keys) == 3 and keys[1].startswith("frus") else None
