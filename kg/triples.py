"""The mapping: what a reader found, as statements.  docs/decisions/0003-model.md draws the model.

Each function says what one kind of thing has.  Nothing here reads a source or decides anything: a value that
is None is not stated, so nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.document import Division, Document, Event, Footnote, Page, PartialDate, Party, Volume
from kg.filenumbers import file_unit
from kg.iris import Iris
from kg.statements import Statements, Term, boolean, integer, literal
from kg.vocabulary import DCAT, DCTERMS, DGM, EDTF, PROV, RDF, VOID, XSD

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"

# What each rule that a reader names does, for those who follow `dgm:rule`.
RULES = {
    "page-before-first-mark": (
        "The page before the first page mark",
        "Text that stands before the first page mark of a document stands on the page before that mark. That the "
        "document also begins there is probable only: a copy may have lost an earlier mark.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A source file as an entity: `name` tells files apart, `format` is a media type, `bytes` its size."""

    name: str
    sha256: str
    bytes: int
    format: str


def provenance(iris: Iris, source: SourceFile, version: str) -> Statements:
    """Graph ← activity ← file and software.  No clock: the same file and version give the same bytes."""
    graph, file = iris.graph(source.name), iris.source(source.name)
    activity, software = iris.activity(source.name), iris.software(version)
    out = Statements(graph)
    out.describe(graph, PROV.Entity, f"Statements from {source.name}")
    out.link(graph, PROV.wasDerivedFrom, file)
    out.link(graph, PROV.wasGeneratedBy, activity)
    out.describe(file, DGM.Source, source.name)
    out.link(file, RDF.type, PROV.Entity)
    out.text(file, DGM.sha256, source.sha256)
    out.text(file, DCTERMS.format, source.format)
    out.add(file, DCAT.byteSize, integer(source.bytes))
    out.describe(activity, PROV.Activity, f"Mapping of {source.name} by Dragoman {version}")
    out.link(activity, PROV.used, file)
    out.link(activity, PROV.wasAssociatedWith, software)
    out.describe(software, PROV.SoftwareAgent, f"Dragoman {version}")
    out.text(software, DGM.version, version)
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
    return out


def volume_statements(iris: Iris, graph: str, volume: Volume, documents: Iterable[Document]) -> Statements:
    """The volume, its parts and pages, and the persons that its documents point to."""
    out = Statements(graph)
    subject = iris.volume(volume.id)
    out.describe(subject, DGM.Volume, volume.title or volume.id)
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
    _persons(out, iris, volume.id, documents)
    return out


def _division(out: Statements, iris: Iris, volume: Volume, division: Division) -> None:
    subject = iris.division(volume.id, division.id)
    out.describe(subject, DGM.Division, division.heading or f"{volume.id}, {division.type} {division.id}")
    out.text(subject, DCTERMS.identifier, f"{volume.id}/{division.id}")
    out.text(subject, DGM.heading, division.heading)
    out.text(subject, DGM.divisionType, division.type)
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


def _persons(out: Statements, iris: Iris, volume: str, documents: Iterable[Document]) -> None:
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for party in document.parties:
            if party.person:
                names[person_iri(iris, volume, party.person)][party.name or party.printed] += 1
    for person, forms in names.items():
        # The form used most; of several, the longest, then the first in order: never chance.
        label = min(forms, key=lambda form: (-forms[form], -len(form), form))
        out.describe(person, DGM.Person, label)


def person_iri(iris: Iris, volume: str, pointer: str) -> str:
    """`pointer` is TEI's: "#p_X" in the volume's own list, "VOLUME#p_X" in another's."""
    owner, _, key = pointer.rpartition("#")
    return iris.person(owner or volume, key)


def document_statements(iris: Iris, graph: str, document: Document) -> Statements:
    """All that is said of one document and its parts."""
    out = Statements(graph)
    subject = iris.document(document.volume, document.id)
    out.describe(subject, DGM.Document, document.title or document.identifier)
    out.text(subject, DCTERMS.identifier, document.identifier)
    out.text(subject, DCTERMS.title, document.title)
    out.add(subject, DGM.order, integer(document.order))
    out.text(subject, DGM.text, document.text)
    out.text(subject, DGM.number, document.number)
    out.text(subject, DGM.sourceNote, document.source_note)
    out.text(subject, DGM.flag, *document.flags)
    out.text(subject, DGM.signature, *(signature.printed for signature in document.signatures))
    out.link(subject, DGM.volume, iris.volume(document.volume))
    out.link(subject, DGM.partOf, _whole(iris, document))
    if document.kind:
        out.link(subject, DGM.kind, getattr(DGM, document.kind))
    _file(out, iris, subject, document)
    _events(out, iris, subject, document)
    _pages(out, iris, document)
    for order, footnote in enumerate(document.footnotes, 1):
        _footnote(out, iris, subject, document, footnote, order)
    return out


def _whole(iris: Iris, document: Document) -> str:
    if document.division:
        return iris.division(document.volume, document.division)
    return iris.volume(document.volume)


def _file(out: Statements, iris: Iris, subject: str, document: Document) -> None:
    if document.file_number is None:
        return
    out.text(subject, DGM.fileNumber, document.file_number)
    unit = file_unit(document.file_number)
    if unit is None:
        return
    out.link(subject, DGM.file, iris.file_unit(unit))
    out.describe(iris.file_unit(unit), DGM.FileUnit, f"File {unit}")
    out.text(iris.file_unit(unit), DCTERMS.identifier, unit)


def _events(out: Statements, iris: Iris, subject: str, document: Document) -> None:
    """Sending and receiving exist if a line or the heading speaks of them."""
    senders = [party for party in document.parties if party.direction == "from"]
    recipients = [party for party in document.parties if party.direction == "to"]
    if document.sent or senders:
        event = iris.event(document.volume, document.id, "sending")
        out.link(subject, DGM.sending, event)
        out.describe(event, DGM.Sending, f"Sending of {document.identifier}")
        _event(out, event, document.sent)
        _parties(out, iris, document, event, DGM.sender, senders)
    if document.received or recipients:
        event = iris.event(document.volume, document.id, "receiving")
        out.link(subject, DGM.receiving, event)
        out.describe(event, DGM.Receiving, f"Receiving of {document.identifier}")
        _event(out, event, document.received)
        _parties(out, iris, document, event, DGM.recipient, recipients)


def _event(out: Statements, subject: str, event: Event | None) -> None:
    if event is None:
        return
    out.text(subject, DGM.printed, event.printed)
    out.text(subject, DGM.placePrinted, event.place)
    if event.date:
        _date(out, subject, event.date)


def _date(out: Statements, subject: str, date: PartialDate) -> None:
    out.text(subject, DGM.datePrinted, date.printed)
    out.add(subject, DGM.edtf, literal(date.edtf, EDTF))
    out.add(subject, DGM.date, xsd_date(date.edtf))
    out.add(subject, DGM.earliest, xsd_date(date.earliest) if date.earliest else None)
    out.add(subject, DGM.latest, xsd_date(date.latest) if date.latest else None)


_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_XSD_FORMS = (
    (re.compile(r"\d{4}"), XSD.gYear),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), XSD.gYearMonth),
    (re.compile(rf"\d{{4}}-{_DAY}"), XSD.date),
    (re.compile(rf"\d{{4}}-{_DAY}T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?"), XSD.dateTime),
    (re.compile(rf"--{_DAY}"), XSD.gMonthDay),
)


def xsd_date(edtf: str) -> Term | None:
    """The XSD literal that says the same as an EDTF date; None where XSD has none (intervals, doubts)."""
    value = "-" + edtf.removeprefix("XXXX") if edtf.startswith("XXXX-") else edtf
    for form, datatype in _XSD_FORMS:
        if form.fullmatch(value):
            return literal(value, datatype)
    return None


def _parties(out: Statements, iris: Iris, document: Document, event: str, predicate: str, parties: list[Party]) -> None:
    for number, party in enumerate(parties, 1):
        subject = iris.party(document.volume, document.id, party.direction, number)
        out.link(event, predicate, subject)
        out.describe(subject, DGM.Party, party.printed)
        out.text(subject, DGM.printed, party.printed)
        out.text(subject, DGM.name, party.name)
        out.text(subject, DGM.role, party.role)
        out.add(subject, DGM.order, integer(number))
        if party.person:
            out.link(subject, DGM.person, person_iri(iris, document.volume, party.person))


def _pages(out: Statements, iris: Iris, document: Document) -> None:
    for page in document.pages:
        _page(out, iris, document.volume, page)
    for page in document.pages[:1]:
        _on_page(out, iris, document, DGM.firstPage, page)
    for page in document.pages:
        _on_page(out, iris, document, DGM.page, page)


def _on_page(out: Statements, iris: Iris, document: Document, predicate: str, page: Page) -> None:
    subject, target = iris.document(document.volume, document.id), iris.page(document.volume, page.key)
    if page.inferred is None:
        out.link(subject, predicate, target)
    else:
        # The rule rests on the first mark, which is the next page's.
        evidence = next((f"[Page {marked.number}]" for marked in document.pages if not marked.inferred), None)
        certainty = DGM.certain if predicate == DGM.page else DGM.probable
        _inference(out, iris, document, (subject, predicate, target), page.inferred, certainty, evidence)


def _inference(
    out: Statements,
    iris: Iris,
    document: Document,
    statement: tuple[str, str, str],
    rule: str,
    certainty: str,
    evidence: str | None,
) -> None:
    subject, predicate, value = statement
    term = predicate.removeprefix(DGM.iri)
    inference = iris.inference(document.volume, document.id, term)
    out.describe(inference, DGM.Inference, f"{document.identifier}: {term}, inferred")
    out.link(inference, RDF.subject, subject)
    out.link(inference, RDF.predicate, predicate)
    out.link(inference, RDF.object, value)
    out.link(inference, DGM.certainty, certainty)
    out.link(inference, DGM.rule, iris.rule(rule))
    out.text(inference, DGM.evidence, evidence)
    label, definition = RULES[rule]
    out.describe(iris.rule(rule), DGM.Rule, label)
    out.text(iris.rule(rule), DCTERMS.description, definition)


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
