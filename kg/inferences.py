"""Inferences and passages as statements: what a rule concludes, and the words that it rests on.

docs/decisions/0002-stated-and-inferred.md says why an inference is a node of its own.  Passages follow the Web
Annotation Data Model, 4.2: a source, a position and a quotation.  https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

from dataclasses import dataclass

from kg import __version__
from kg.document import Anchor, Document
from kg.iris import Iris
from kg.statements import Statements, Term, integer
from kg.vocabulary import AS, DCTERMS, DGM, OA, RDF

# Whose value the offsets of a part count in; a footnote's is its text.
_WITHIN = {
    "title": DCTERMS.title,
    "source": DGM.sourceNote,
    "text": DGM.text,
    "sending": DGM.printed,
    "receiving": DGM.printed,
}
_EVENTS = ("sending", "receiving")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """A statement that a rule concludes: `subject` and `predicate` are IRIs, `value` a term.

    `rules` are (name, label, definition); `evidence` quotes the words that it rests on, `passage` is the IRI of
    where they stand, if they stand in published text.
    """

    iri: str
    label: str
    subject: str
    predicate: str
    value: Term
    certainty: str
    rules: tuple[tuple[str, str, str], ...]
    evidence: str
    passage: str | None = None


def infer(out: Statements, iris: Iris, inference: Inference) -> None:
    """State that a rule concludes it; the conclusion itself is not stated."""
    subject = inference.iri
    out.describe(subject, DGM.Inference, inference.label)
    out.link(subject, RDF.subject, inference.subject)
    out.link(subject, RDF.predicate, inference.predicate)
    out.add(subject, RDF.object, inference.value)
    out.link(subject, DGM.certainty, getattr(DGM, inference.certainty))
    out.text(subject, DGM.evidence, inference.evidence)
    out.link(subject, DGM.passage, inference.passage)
    for name, label, definition in inference.rules:
        rule = iris.rule(name)
        out.link(subject, DGM.rule, rule)
        out.shared.describe(rule, DGM.Rule, label)
        out.shared.text(rule, DCTERMS.description, definition)
    if inference.passage:
        annotate(out, iris, subject, inference.passage)


def annotate(out: Statements, iris: Iris, subject: str, *passages: str) -> None:
    """State that what is said is an annotation on passages, and which version of the software made it.

    Web Annotation Data Model, 3.2.1 (targets) and 3.3.2 (agents): rule, certainty and body are the subject's own.
    """
    out.link(subject, RDF.type, OA.Annotation)
    out.link(subject, DGM.passage, *passages)
    out.link(subject, OA.hasTarget, *passages)
    out.link(subject, AS.generator, iris.software(__version__))


def passage(out: Statements, iris: Iris, document: Document, anchor: Anchor) -> str:
    """State where words stand; the IRI of the passage."""
    key = f"{anchor.part.replace('/', '-')}-{anchor.start}-{anchor.end}"
    subject = iris.thing("passage", document.volume, document.id, key)
    exact = part_text(document, anchor.part)[anchor.start : anchor.end]
    out.describe(subject, DGM.Passage, f"{document.identifier}, {anchor.part}: {exact}")
    out.link(subject, OA.hasSource, _whole(iris, document, anchor.part))
    out.link(subject, DGM.within, _WITHIN.get(anchor.part, DGM.text))
    position, quote = f"{subject}/position", f"{subject}/quote"
    out.link(subject, OA.hasSelector, position, quote)
    out.describe(position, OA.TextPositionSelector, f"Code points {anchor.start} to {anchor.end} of the {anchor.part}")
    out.add(position, OA.start, integer(anchor.start))
    out.add(position, OA.end, integer(anchor.end))
    out.describe(quote, OA.TextQuoteSelector, f"“{exact}”")
    out.text(quote, OA.exact, exact)
    return subject


def _whole(iris: Iris, document: Document, part: str) -> str:
    """The thing whose words the part is."""
    if part.startswith("footnote/"):
        return iris.footnote(document.volume, document.id, part.removeprefix("footnote/"))
    if part in _EVENTS:
        return iris.event(document.volume, document.id, part)
    return iris.document(document.volume, document.id)


def part_text(document: Document, part: str) -> str:
    """The published text of a part that an `Anchor` names.  Raises KeyError for a footnote that is not there."""
    if part in _EVENTS:
        event = document.sent if part == "sending" else document.received
        return event.printed if event else ""
    if part == "text":
        return document.text
    if part == "title":
        return document.title or ""
    if part == "source":
        return document.source_note or ""
    notes = {note.key: note.text for note in document.footnotes}
    return notes[part.removeprefix("footnote/")]
