"""The mapping: what a reader found, as statements.  docs/decisions/0003-model.md draws the model.

Each function says what one kind of thing has.  Nothing here reads a source or decides anything: a value that
is None is not stated, so nothing is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg import places, referents, volumes
from kg.agents import NOBODY, Agents, agent_statements
from kg.authorities import Authorities, authorities
from kg.document import (
    Anchor,
    Division,
    Document,
    Enclosure,
    Event,
    Footnote,
    Page,
    PartialDate,
    Party,
    Signature,
    Volume,
)
from kg.filing import file_statements, lot_statements
from kg.inferences import Inference, annotate, infer, passage
from kg.iris import Iris
from kg.links import Links, link_statements
from kg.mentioned import bound_statements, mention_statements
from kg.places import place_statements
from kg.referents import Around
from kg.statements import Statements, boolean, integer, iri, literal, xsd_date
from kg.vocabulary import DCAT, DCTERMS, DGM, EDTF, PROV, RDF, VOID

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"

# What each rule that a reader names does, for those who follow `dgm:rule`.
RULES = {
    "page-before-first-mark": (
        "The page before the first page mark",
        "Text that stands before the first page mark of a document stands on the page before that mark.",
    ),
    "begins-before-first-mark": (
        "The document begins on the page before the first page mark",
        "Less text stands before the first page mark than a printed page holds: the document begins on the page before "
        "that mark. It is certain below 2,000 characters, probable below 3,000; before more of them a copy may have "
        "lost an earlier mark, and nothing is concluded.",
    ),
    "dated-by-markup": (
        "The document's date in its markup",
        "The markup gives the document a date that none of its lines prints; its editors concluded it.",
    ),
    "enclosure-ends-at-the-next": (
        "The enclosure ends where the next begins",
        "A line of a plain text says that an enclosure begins, and none where it ends: it ends where the next begins, "
        "or with the text. A paper that is enclosed without such a line is then taken for a part of the one before it.",
    ),
    "signer-sends": (
        "Who signs a letter sends it",
        "A letter is printed without a heading, with a signature and an inside address: its signer is the sender.",
    ),
    "address-receives": (
        "Who is addressed receives",
        "A letter is printed without a heading, with a signature and an inside address: whom that names receives it.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A source file as an entity: `name` tells files apart, `format` is a media type, `bytes` its size."""

    name: str
    sha256: str
    bytes: int
    format: str


def provenance(iris: Iris, source: SourceFile, version: str, graph: str | None = None) -> Statements:
    """Graph ← activity ← file and software.  No clock: the same file and version give the same bytes."""
    name, file = iris.graph(graph or source.name), iris.source(source.name)
    activity, software = iris.activity(source.name), iris.software(version)
    out = Statements(name, iris.shared_graph())
    out.describe(name, PROV.Entity, f"Statements from {source.name}")
    out.link(name, PROV.wasDerivedFrom, file)
    out.link(name, PROV.wasGeneratedBy, activity)
    out.describe(file, DGM.Source, source.name)
    out.link(file, RDF.type, PROV.Entity)
    out.text(file, DGM.sha256, source.sha256)
    out.text(file, DCTERMS.format, source.format)
    out.add(file, DCAT.byteSize, integer(source.bytes))
    out.describe(activity, PROV.Activity, f"Mapping of {source.name} by Dragoman {version}")
    out.link(activity, PROV.used, file)
    out.link(activity, PROV.wasAssociatedWith, software)
    out.shared.describe(software, PROV.SoftwareAgent, f"Dragoman {version}")
    out.shared.text(software, DGM.version, version)
    return out


def dataset_statements(iris: Iris, volumes: Iterable[str]) -> Statements:
    """The dataset as a whole, and the IRIs of the volumes that it holds."""
    subject = iris.dataset()
    out = Statements(iris.graph("dataset"))
    out.describe(subject, DCAT.Dataset, "Dragoman: diplomatic documents as linked data")
    out.link(subject, RDF.type, VOID.Dataset)
    out.text(subject, DCTERMS.title, "Dragoman: diplomatic documents as linked data")
    out.link(subject, DCTERMS.license, CC0)
    for volume in volumes:
        out.link(subject, DCTERMS.hasPart, volume)
    out.describe(iris.graph("dataset"), VOID.Dataset, "Statements on the dataset itself")
    out.describe(iris.shared_graph(), VOID.Dataset, "Statements that several sources make in the same words")
    return out


def volume_statements(iris: Iris, graph: str, volume: Volume, documents: Iterable[Document]) -> Statements:
    """The volume, its parts and pages, and the persons that its documents point to.

    A volume of which the source states no more than its identifier is that of other sources, too.  Its label then
    spells the identifier; a title it has not.
    """
    whole = Statements(graph, iris.shared_graph())
    out = whole if volume.title or volume.divisions else whole.shared
    subject = iris.volume(volume.id)
    out.describe(subject, DGM.Volume, volume.title or _spelt(volume.id))
    out.text(subject, DCTERMS.identifier, volume.id)
    out.text(subject, DCTERMS.title, volume.title)
    out.text(subject, DGM.series, volume.series)
    out.text(subject, DGM.subseries, volume.subseries)
    out.text(subject, DGM.volumeNumber, volume.number)
    out.text(subject, DGM.subtitle, volume.subtitle)
    out.text(subject, DCTERMS.publisher, volume.publisher)
    out.text(subject, DCTERMS.issued, volume.published)
    for division in volume.divisions:
        _division(out, iris, volume, division)
    for order, page in enumerate(volume.pages, 1):
        _page(out, iris, volume.id, page)
        out.add(iris.page(volume.id, page.key), DGM.order, integer(order))
    _persons(whole, iris, volume, documents)
    _terms(out, iris, volume)
    _listed_sources(whole, iris, volume)
    return whole


def _spelt(volume: str) -> str:
    words = volumes.spelt(volume)
    return f"Foreign Relations of the United States, {words}" if words else volume


def _division(out: Statements, iris: Iris, volume: Volume, division: Division) -> None:
    subject = iris.division(volume.id, division.id)
    out.describe(subject, DGM.Division, division.heading or f"{volume.id}, {division.type} {division.id}")
    out.text(subject, DCTERMS.identifier, f"{volume.id}/{division.id}")
    out.text(subject, DGM.heading, division.heading)
    out.text(subject, DGM.divisionType, division.type)
    out.text(subject, DGM.text, division.text)
    out.add(subject, DGM.order, integer(division.order))
    out.link(subject, DGM.volume, iris.volume(volume.id))
    parent = iris.division(volume.id, division.parent) if division.parent else iris.volume(volume.id)
    out.link(subject, DGM.partOf, parent)


def _page(out: Statements, iris: Iris, volume: str, page: Page) -> None:
    subject = iris.page(volume, page.key)
    label = f"page {page.number}" if page.number else f"unnumbered page {page.key}"
    out.describe(subject, DGM.Page, f"{volume}, {label}")
    out.text(subject, DGM.pageNumber, page.number or None)
    out.link(subject, DGM.volume, iris.volume(volume))


def _persons(out: Statements, iris: Iris, volume: Volume, documents: Iterable[Document]) -> None:
    """The persons of the volume's own list, and those of other lists that its documents point to."""
    listed = {iris.person(volume.id, person.id): person for person in volume.persons}
    for subject, person in listed.items():
        out.describe(subject, DGM.Person, person.name)
        out.text(subject, DCTERMS.identifier, f"{volume.id}/{person.id}")
        out.text(subject, DCTERMS.description, person.description)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for pointer, name in _pointers(document):
            names[iris.pointed(volume.id, pointer)][name] += 1
    for subject, forms in names.items():
        if subject not in listed:
            # Another volume's list: its persons are those of other sources, too.  The label is the form used
            # most; of several, the longest, then the first in order: never chance.
            out.shared.describe(subject, DGM.Person, min(forms, key=lambda form: (-forms[form], -len(form), form)))


def _pointers(document: Document) -> Iterator[tuple[str, str]]:
    for party in document.parties:
        if party.person:
            yield party.person, party.name or party.printed
    for mention in document.mentions:
        if mention.pointer and mention.kind == "person":
            yield mention.pointer, mention.surface


def _terms(out: Statements, iris: Iris, volume: Volume) -> None:
    for term in volume.terms:
        subject = iris.thing("term", volume.id, term.id)
        out.describe(subject, DGM.Term, term.term)
        out.text(subject, DCTERMS.description, term.expansion)
        out.link(subject, DGM.volume, iris.volume(volume.id))


def _listed_sources(out: Statements, iris: Iris, volume: Volume) -> None:
    above: list[str] = []
    for order, source in enumerate(volume.sources, 1):
        subject = iris.thing("listed-source", volume.id, str(order))
        del above[source.level - 1 :]
        out.describe(subject, DGM.ListedSource, source.printed)
        out.add(subject, DGM.order, integer(order))
        out.link(subject, DGM.volume, iris.volume(volume.id))
        out.link(subject, DGM.partOf, above[-1] if above else iris.volume(volume.id))
        lot_statements(out, iris, subject, source.printed)
        above.append(subject)


def document_statements(
    iris: Iris,
    graph: str,
    document: Document,
    links: Links,
    agents: Agents = NOBODY,
    around: Around | None = None,
    known: Authorities | None = None,
) -> Statements:
    """All that is said of one document and its parts; `links` and `agents` are those of its source.

    `around` is what its neighbours tell of names and years; without it no mentions are looked for.

    Its pages are described where the volume is (`volume_statements`), or in the shared graph.
    """
    out = Statements(graph, iris.shared_graph())
    subject = iris.document(document.volume, document.id)
    out.describe(subject, DGM.Document, document.title or document.identifier)
    out.text(subject, DCTERMS.identifier, document.identifier)
    out.text(subject, DCTERMS.title, document.title)
    out.add(subject, DGM.order, integer(document.order))
    out.text(subject, DGM.text, document.text)
    out.text(subject, DGM.number, document.number)
    out.text(subject, DGM.sourceNote, document.source_note)
    out.text(subject, DGM.flag, *document.flags)
    out.text(subject, DGM.subjectLine, document.subject)
    out.link(subject, DGM.volume, iris.volume(document.volume))
    out.link(subject, DGM.partOf, _whole(iris, document))
    if document.kind:
        out.link(subject, DGM.kind, getattr(DGM, document.kind))
    file_statements(out, iris, document)
    setting = places.Setting(states=agents.states.get(document.identifier, ()), posts=agents.posts)
    _events(out, iris, subject, document, setting)
    _pages(out, iris, document)
    _dated(out, iris, subject, document)
    _signatures(out, iris, subject, document, document.id, document.signatures)
    _parties(out, iris, document, subject, DGM.participant, document.participants)
    for order, footnote in enumerate(document.footnotes, 1):
        _footnote(out, iris, subject, document, footnote, order)
    for order, enclosure in enumerate(document.enclosures, 1):
        _enclosure(out, iris, subject, document, enclosure, order, setting)
    link_statements(out, iris, document, links)
    agent_statements(out, iris, document, agents)
    if around:
        known = known or authorities()
        mentions, bounds = referents.find(document, around, agents, known)
        mention_statements(out, iris, document, mentions)
        bound_statements(out, iris, document, bounds)
    return out


def _whole(iris: Iris, document: Document) -> str:
    if document.division:
        return iris.division(document.volume, document.division)
    return iris.volume(document.volume)


def _events(out: Statements, iris: Iris, subject: str, document: Document, around: places.Setting) -> None:
    """Sending and receiving exist if a line or the heading speaks of them."""
    senders = [party for party in document.parties if party.direction == "from"]
    recipients = [party for party in document.parties if party.direction == "to"]
    if document.sent or senders:
        event = iris.event(document.volume, document.id, "sending")
        out.link(subject, DGM.sending, event)
        out.describe(event, DGM.Sending, f"Sending of {document.identifier}")
        _event(out, event, document.sent)
        _place(out, iris, document, "sending", document.sent, around)
        _parties(out, iris, document, event, DGM.sender, senders)
    if document.held:
        event = iris.event(document.volume, document.id, "holding")
        out.link(subject, DGM.holding, event)
        out.describe(event, DGM.Holding, f"Holding of {document.identifier}")
        _event(out, event, document.held)
        _place(out, iris, document, "holding", document.held, around)
    if document.received or recipients:
        event = iris.event(document.volume, document.id, "receiving")
        out.link(subject, DGM.receiving, event)
        out.describe(event, DGM.Receiving, f"Receiving of {document.identifier}")
        _event(out, event, document.received)
        _parties(out, iris, document, event, DGM.recipient, recipients)


def _enclosure(
    out: Statements,
    iris: Iris,
    document_iri: str,
    document: Document,
    enclosure: Enclosure,
    order: int,
    around: places.Setting,
) -> None:
    """A paper within a paper: its words stay in the document's text, between two offsets."""
    key = f"{document.id}-{enclosure.key}"
    subject = iris.thing("enclosure", document.volume, document.id, enclosure.key)
    label = enclosure.heading or enclosure.label or f"enclosure {order}"
    out.describe(subject, DGM.Enclosure, f"{document.identifier}: {label}")
    out.link(document_iri, DGM.enclosure, subject)
    out.link(subject, DGM.partOf, document_iri)
    out.add(subject, DGM.order, integer(order))
    out.text(subject, DGM.flag, enclosure.label)
    out.text(subject, DGM.heading, enclosure.heading)
    out.link(subject, DGM.passage, passage(out, iris, document, _told(enclosure)))
    _extent(out, iris, subject, document, enclosure)
    _signatures(out, iris, subject, document, key, enclosure.signatures)
    within = replace(document, id=key, parties=enclosure.parties, sent=enclosure.sent, received=None, held=None)
    _events(out, iris, subject, within, around)


def _told(enclosure: Enclosure) -> Anchor:
    """The words of the enclosure; where a rule gives its end, those that say what it is."""
    end = enclosure.end if enclosure.inferred is None or enclosure.opening is None else enclosure.opening
    return Anchor(part="text", start=enclosure.start, end=end)


def _extent(out: Statements, iris: Iris, subject: str, document: Document, enclosure: Enclosure) -> None:
    """How far an enclosure goes whose end nothing tells."""
    if enclosure.inferred is None:
        return
    whole = Anchor(part="text", start=enclosure.start, end=enclosure.end)
    inference = Inference(
        iri=iris.inference(document.volume, document.id, f"{enclosure.key}-passage"),
        label=f"{document.identifier}, enclosure {enclosure.key}: its end",
        subject=subject,
        predicate=DGM.passage,
        value=iri(passage(out, iris, document, whole)),
        certainty="probable",
        rules=((enclosure.inferred, *RULES[enclosure.inferred]),),
        evidence=enclosure.label or enclosure.heading or "",
        passage=passage(out, iris, document, _told(enclosure)),
    )
    infer(out, iris, inference)


def _event(out: Statements, subject: str, event: Event | None) -> None:
    if event is None:
        return
    out.text(subject, DGM.printed, event.printed)
    out.text(subject, DGM.placePrinted, event.place)
    if event.date:
        _date(out, subject, event.date)


def _place(
    out: Statements, iris: Iris, document: Document, kind: str, event: Event | None, around: places.Setting
) -> None:
    """Which city the printed place is."""
    if event is None or not event.place:
        return
    own = places.posts([document], own=True) if kind == "sending" else ()
    place = places.resolve(event.place, replace(around, posts=(*own, *around.posts)))
    if place.cities:
        subject = (iris.event(document.volume, document.id, kind), f"{kind.capitalize()} of {document.identifier}")
        found = _place_named(document, kind, event, event.place)
        where = passage(out, iris, document, found) if found else None
        place_statements(out, iris, subject, (document.volume, document.id, kind), event.place, place, where)


def _place_named(document: Document, kind: str, event: Event, place: str) -> Anchor | None:
    """Where the event's own words name its place; what is held is told by the title."""
    start, part = event.printed.find(place), kind
    if kind == "holding" and start >= 0:
        title = (document.title or "").find(event.printed)
        start, part = (title + start if title >= 0 else -1), "title"
    return Anchor(part=part, start=start, end=start + len(place)) if start >= 0 else None


def _date(out: Statements, subject: str, date: PartialDate) -> None:
    out.text(subject, DGM.datePrinted, date.printed)
    out.add(subject, DGM.edtf, literal(date.edtf, EDTF))
    # "June 1, 1972, 2:30–3:45 p.m." tells a day.
    one_day = date.earliest and date.latest and date.earliest[:10] == date.latest[:10]
    out.add(subject, DGM.date, xsd_date(date.edtf) or (xsd_date((date.earliest or "")[:10]) if one_day else None))
    out.add(subject, DGM.earliest, xsd_date(date.earliest) if date.earliest else None)
    out.add(subject, DGM.latest, xsd_date(date.latest) if date.latest else None)
    out.text(subject, DGM.calendar, date.calendar)
    out.text(subject, DGM.doubt, date.doubt)
    out.add(subject, DGM.otherwise, literal(date.otherwise, EDTF) if date.otherwise else None)


def _parties(
    out: Statements, iris: Iris, document: Document, event: str, predicate: str, parties: Sequence[Party]
) -> None:
    for number, party in enumerate(parties, 1):
        subject = iris.party(document.volume, document.id, party.direction, number)
        if party.inferred is None:
            out.link(event, predicate, subject)
        else:
            _concluded(out, iris, document, (event, predicate, subject), party)
        out.describe(subject, DGM.Party, party.printed)
        out.text(subject, DGM.printed, party.printed)
        out.text(subject, DGM.name, party.name)
        out.text(subject, DGM.role, party.role)
        out.text(subject, DGM.temporaryPlace, party.place)
        out.add(subject, DGM.order, integer(number))
        if party.person:
            out.link(subject, DGM.person, iris.pointed(document.volume, party.person))


def _dated(out: Statements, iris: Iris, document_iri: str, document: Document) -> None:
    """A date that nothing prints: the markup's for the whole document."""
    if document.dated:
        inference = Inference(
            iri=iris.inference(document.volume, document.id, "edtf"),
            label=f"{document.identifier}: {document.dated.edtf}, by its markup",
            subject=document_iri,
            predicate=DGM.edtf,
            value=literal(document.dated.edtf, EDTF),
            certainty="probable",
            rules=(("dated-by-markup", *RULES["dated-by-markup"]),),
            evidence=document.dated.printed,
        )
        infer(out, iris, inference)


def _concluded(out: Statements, iris: Iris, document: Document, triple: tuple[str, str, str], party: Party) -> None:
    """That a party of no heading is sender or recipient; the words that name it stand in the text."""
    subject, predicate, value = triple
    start = document.text.rfind(party.printed)
    where = Anchor(part="text", start=start, end=start + len(party.printed))
    inference = Inference(
        iri=iris.inference(document.volume, document.id, value.rpartition("/")[2]),
        label=f"{document.identifier}: {party.printed}, {predicate.removeprefix(DGM.iri)}",
        subject=subject,
        predicate=predicate,
        value=iri(value),
        certainty="probable",
        rules=((party.inferred or "", *RULES[party.inferred or ""]),),
        evidence=party.printed,
        passage=passage(out, iris, document, where) if start >= 0 else None,
    )
    infer(out, iris, inference)


def _signatures(
    out: Statements, iris: Iris, signed: str, document: Document, key: str, signatures: Sequence[Signature]
) -> None:
    """Who signs and whose office it is are two things: the name, the office printed with it, and the one signed for.

    `signed` is the document, or an enclosure whose words are in the document's text; `key` names it in its volume.
    """
    for order, signature in enumerate(signatures, 1):
        subject = iris.signature(document.volume, key, order)
        out.link(signed, DGM.signature, subject)
        out.describe(subject, DGM.Signature, signature.printed)
        out.text(subject, DGM.printed, signature.printed)
        out.text(subject, DGM.signer, signature.name)
        out.text(subject, DGM.role, signature.role)
        out.text(subject, DGM.signedFor, signature.behalf)
        out.add(subject, DGM.order, integer(order))
        if signature.anchor:
            annotate(out, iris, subject, passage(out, iris, document, signature.anchor))


def _pages(out: Statements, iris: Iris, document: Document) -> None:
    for page in document.pages:
        _page(out.shared, iris, document.volume, page)
    subject = iris.document(document.volume, document.id)
    stated = [page for page in document.pages if page.inferred is None]
    # A page that begins within the text is not the one that the document begins on.
    for page in [page for page in document.pages[:1] if page.inferred is None and page.offset == 0]:
        out.link(subject, DGM.firstPage, iris.page(document.volume, page.key))
    for page in stated:
        out.link(subject, DGM.page, iris.page(document.volume, page.key))
        if page.offset:
            _page_break(out, iris, document, page)
    for page in [page for page in document.pages if page.inferred]:
        _page_before(out, iris, document, page, stated[0])


def _page_break(out: Statements, iris: Iris, document: Document, page: Page) -> None:
    """Where in the text a page begins; that on which the document begins has no break in it."""
    subject = iris.thing("page-break", document.volume, document.id, page.key)
    out.describe(subject, DGM.PageBreak, f"{document.identifier}, page {page.number or page.key} begins")
    out.link(subject, DGM.begins, iris.page(document.volume, page.key))
    out.add(subject, DGM.offset, integer(page.offset))
    out.link(iris.document(document.volume, document.id), DGM.pageBreak, subject)


# How many characters stand before a mark at most if the document certainly, or probably, begins on the page before it.
# Of 2,161 texts with fewer than 2,000 six began on an earlier page, of 392 with fewer than 3,000 thirty-four, of 348
# with more than half.  A page of the series holds 2,500 (with a heading) to 4,000.
_BELOW_A_PAGE, _ABOUT_A_PAGE = 2000, 3000


def _page_before(out: Statements, iris: Iris, document: Document, page: Page, marked: Page) -> None:
    """That a document stands, and perhaps begins, on the page before its first mark, which is that of `marked`."""
    concluded = [(DGM.page, page.inferred or "", "certain")]
    if marked.offset < _ABOUT_A_PAGE:
        certainty = "certain" if marked.offset < _BELOW_A_PAGE else "probable"
        concluded.append((DGM.firstPage, "begins-before-first-mark", certainty))
    where = _words_before(document, marked.offset)
    for predicate, rule, certainty in concluded:
        term = predicate.removeprefix(DGM.iri)
        inference = Inference(
            iri=iris.inference(document.volume, document.id, term),
            label=f"{document.identifier}: {term}, inferred",
            subject=iris.document(document.volume, document.id),
            predicate=predicate,
            value=iri(iris.page(document.volume, page.key)),
            certainty=certainty,
            rules=((rule, *RULES[rule]),),
            evidence=f"[Page {marked.number}]",
            passage=passage(out, iris, document, where) if where else None,
        )
        infer(out, iris, inference)


def _words_before(document: Document, offset: int) -> Anchor | None:
    """The last words before an offset of the text, a line at most: they stand on the page that ends there.

    A mark itself is not part of the published text.  Before the first word there is none.
    """
    end = len(document.text[:offset].rstrip())
    if not end:
        return None
    start = max(end - 60, document.text.rfind("\n", 0, end) + 1, 0)
    space = document.text.find(" ", start, end)
    return Anchor(part="text", start=space + 1 if start == end - 60 and space >= 0 else start, end=end)


def _footnote(
    out: Statements, iris: Iris, document_iri: str, document: Document, footnote: Footnote, order: int
) -> None:
    subject = iris.footnote(document.volume, document.id, footnote.key)
    out.link(document_iri, DGM.footnote, subject)
    out.describe(subject, DGM.Footnote, f"{document.identifier}, footnote {footnote.mark or order}")
    out.text(subject, DGM.mark, footnote.mark)
    out.text(subject, DGM.text, footnote.text)
    out.add(subject, DGM.order, integer(order))
    out.add(subject, DGM.onHeading, boolean(footnote.on_heading))
    if footnote.offset is not None:
        out.add(subject, DGM.offset, integer(footnote.offset))
