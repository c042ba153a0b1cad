"""File numbers as statements: units, and what the tables say that they mean."""

from __future__ import annotations

import re

from kg import filecodes, filenumbers, filetables
from kg.document import Anchor, Document, Fault
from kg.filecodes import Concept, Country, FileReading, Meaning
from kg.inferences import Inference, infer, passage
from kg.iris import Iris
from kg.statements import Statements, iri, literal
from kg.vocabulary import DCTERMS, DGM, RDF, RDFS, SKOS, XSD


def doubt(document: Document) -> Fault | None:
    """What the tables do not read of a document's file number; None if they read it in full."""
    named = _named(document)
    if named is None:
        return None
    reading = filecodes.decode(named, _year(document) or _volume_year(document.volume))
    if reading.status == "full":
        return None
    part = "is read in part only" if reading.readings else "is of no scheme that the tables have"
    fact = f"the file {named} {part}"
    return Fault(fact=fact, kept="the number as printed", document=document.id, line=document.line, kind="file number")


def file_statements(out: Statements, iris: Iris, document: Document) -> None:
    """The unit that a document's number names, its serial there, and the words of both."""
    named = _named(document)
    if named is None:
        return
    subject = iris.document(document.volume, document.id)
    out.text(subject, DGM.fileNumber, document.file_number)
    year = _year(document)
    assumed = None if year else _volume_year(document.volume)
    reading = filecodes.decode(named, year or assumed)
    if not reading.unit:
        return
    unit = unit_statements(out.shared, iris, reading)
    where = _where(out, iris, document, named)
    out.link(subject, DGM.file, unit)
    out.text(subject, DGM.serial, reading.serial)
    if reading.serial_date:
        out.add(subject, DGM.serialDate, literal(reading.serial_date, XSD.date))
    for number, meaning in enumerate(reading.readings, 1):
        words = meaning.label + (f", paper {reading.serial}" if reading.serial else "")
        infer(
            out,
            iris,
            Inference(
                iri=iris.inference(document.volume, document.id, f"fileWords-{number}"),
                label=f"{named}: {words}",
                subject=subject,
                predicate=DGM.fileWords,
                value=literal(words),
                certainty="probable" if assumed and not reading.ambiguous else _certainty(reading, meaning),
                rules=(*_rules(meaning), _YEAR_OF_VOLUME) if assumed else _rules(meaning),
                evidence=named,
                passage=where,
            ),
        )


def _where(out: Statements, iris: Iris, document: Document, named: str) -> str | None:
    """The passage of the source note that has the number."""
    start = (document.source_note or "").find(named)
    return (
        passage(out, iris, document, Anchor(part="source", start=start, end=start + len(named))) if start >= 0 else None
    )


def lot_statements(out: Statements, iris: Iris, subject: str, words: str) -> None:
    """The lot that an entry of a list of sources names: the file that documents from it lead to."""
    reading = filecodes.decode(words, None) if "Lot " in words else None
    if reading and reading.scheme == "lot":
        out.link(subject, DGM.file, unit_statements(out.shared, iris, reading))


def _named(document: Document) -> str | None:
    """The file number, else the lot, papers or library that the source note names."""
    if document.file_number or not document.source_note:
        return document.file_number
    return filenumbers.collection(document.source_note)


_YEAR_OF_VOLUME = (
    "file-year-of-volume",
    "The year of the volume",
    "A document without a date is taken to be of the first year that its volume's identifier names: countries bear "
    "the names of that year.",
)


def _volume_year(volume: str) -> int | None:
    found = re.match(r"[a-z]*(1[789]\d\d|20\d\d)", volume)
    return int(found[1]) if found else None


def _year(document: Document) -> int | None:
    """The year that the document states."""
    for event in (document.sent, document.held, document.received):
        if event and event.date and event.date.earliest and not event.date.doubt:
            return int(event.date.earliest[:4])
    return None


def unit_statements(out: Statements, iris: Iris, reading: FileReading) -> str:
    """The file that a number names, and what the tables say that it means."""
    scheme = reading.scheme or "unknown"
    unit = iris.file_unit(scheme, reading.unit)
    out.describe(unit, DGM.FileUnit, _label(reading))
    out.text(unit, DCTERMS.identifier, reading.unit)
    if reading.scheme in filecodes.SCHEMES:
        out.link(unit, DGM.fileScheme, _scheme(out, iris, reading.scheme))
    for concept in filecodes.concepts([reading]):
        _concept(out, iris, concept)
    for number, meaning in enumerate(reading.readings, 1):
        found: tuple[tuple[str, Concept | Country | None], ...] = (
            (DGM.fileClass, meaning.subject),
            (DGM.country1, meaning.country1),
            (DGM.country2, meaning.country2),
        )
        for predicate, value in found:
            # A country number that the tables lack has no name.
            if value is not None and not (isinstance(value, Country) and not value.name):
                _meaning(out, iris, reading, meaning, (unit, predicate, iris.concept(value.key)), number)
    return unit


def _label(reading: FileReading) -> str:
    words = " or: ".join(sorted({meaning.unit_label for meaning in reading.readings}))
    if words.casefold() == reading.unit or filetables.compact(words) == reading.unit:  # a name
        return words
    return f"{reading.unit}: {words}" if words else f"File {reading.unit}"


def _meaning(
    out: Statements,
    iris: Iris,
    reading: FileReading,
    meaning: Meaning,
    statement: tuple[str, str, str],
    number: int,
) -> None:
    unit, predicate, value = statement
    term = predicate.removeprefix(DGM.iri)
    infer(
        out,
        iris,
        Inference(
            iri=iris.thing("inference", "file", reading.scheme or "unknown", reading.unit, f"{term}-{number}"),
            label=f"{reading.unit}: {term}",
            subject=unit,
            predicate=predicate,
            value=iri(value),
            certainty=_certainty(reading, meaning),
            rules=_rules(meaning),
            evidence=reading.unit,
        ),
    )


def _certainty(reading: FileReading, meaning: Meaning) -> str:
    return "unresolved" if reading.ambiguous else meaning.certainty


def _rules(meaning: Meaning) -> tuple[tuple[str, str, str], ...]:
    return tuple((f"file-{name}", *filecodes.RULES[name]) for name in meaning.rules)


def _scheme(out: Statements, iris: Iris, scheme: str) -> str:
    subject = iris.concept(scheme)
    out.describe(subject, SKOS.ConceptScheme, filecodes.SCHEMES[scheme])
    out.text(subject, DCTERMS.identifier, scheme)
    return subject


def _concept(out: Statements, iris: Iris, concept: Concept) -> None:
    subject = iris.concept(concept.key)
    out.describe(subject, SKOS.Concept, f"{concept.notation} {concept.label}")
    out.text(subject, SKOS.prefLabel, concept.label)
    out.text(subject, SKOS.altLabel, *(name for name in concept.alternatives if name != concept.label))
    out.text(subject, SKOS.notation, concept.notation)
    out.link(subject, SKOS.inScheme, _scheme(out, iris, concept.scheme))
    if concept.broader:
        broader = filecodes.concept_key(concept.scheme, concept.kind, concept.broader)
        out.link(subject, SKOS.broader, iris.concept(broader))
    out.text(subject, DGM.iso3, concept.iso3)
    for key in concept.sources:
        source = filetables.sources()[key]
        work = iris.thing("work", key)
        out.link(subject, DCTERMS.source, work)
        out.link(work, RDF.type, DCTERMS.BibliographicResource)
        out.text(work, RDFS.label, source.citation)
