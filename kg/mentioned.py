"""Mentions that rules find, and the bounds of a document's day, as statements: docs/decisions/0008-mentions.md."""

from __future__ import annotations

from collections.abc import Sequence

from kg import filecodes
from kg.authorities import HOME
from kg.document import Anchor, Document
from kg.filing import unit_statements
from kg.gazetteer import gazetteer
from kg.inferences import Inference, annotate, infer, passage
from kg.iris import Iris
from kg.places import RULES as PLACE_RULES
from kg.places import describe_place, describe_state
from kg.referents import RULES, Bound, Mention, Referent
from kg.resolution import RULES as PERSON_RULES
from kg.statements import Statements, literal, xsd_date
from kg.vocabulary import DCTERMS, DGM, EDTF, XSD


def mention_statements(out: Statements, iris: Iris, document: Document, found: Sequence[Mention]) -> None:
    """Each mention with its places, its rules and what it means; a document has none of them directly, for none is
    stated."""
    taken: set[str] = set()
    for mention in found:
        key = _key(mention.anchors[0])
        if key in taken:  # "the British and French Governments" are two
            key = f"{key}-{mention.state}"
        taken.add(key)
        subject = iris.thing("mention", document.volume, document.id, key)
        out.describe(subject, DGM.InferredMention, mention.surface)
        out.link(subject, DGM.mentionedIn, iris.document(document.volume, document.id))
        out.text(subject, DGM.printed, mention.surface)
        out.text(subject, DGM.mentionKind, mention.kind)
        out.text(subject, DGM.name, mention.name)
        out.text(subject, DGM.role, *mention.roles)
        out.link(subject, DGM.certainty, getattr(DGM, mention.certainty))
        out.text(subject, DGM.evidence, mention.evidence)
        out.link(subject, DGM.refersTo, _referent(out, iris, mention.referent) if mention.referent else None)
        out.link(subject, DGM.office, iris.office(mention.office) if mention.office else None)
        if mention.state:
            out.link(subject, DGM.state, describe_state(out.shared, iris, mention.state))
        if mention.date:
            out.add(subject, DGM.edtf, literal(mention.date.edtf, EDTF))
            out.add(subject, DGM.date, xsd_date(mention.date.edtf))
        for rule in mention.rules:
            out.link(subject, DGM.rule, _rule(out, iris, rule))
        annotate(out, iris, subject, *(passage(out, iris, document, anchor) for anchor in mention.anchors))


def bound_statements(out: Statements, iris: Iris, document: Document, bounds: Sequence[Bound]) -> None:
    """The bounds of a day that the document does not state, each an inference on it."""
    for bound in bounds:
        infer(
            out,
            iris,
            Inference(
                iri=iris.inference(document.volume, document.id, f"day-{bound.limit}"),
                label=f"{document.identifier}: {bound.limit} {bound.day}",
                subject=iris.document(document.volume, document.id),
                predicate=getattr(DGM, bound.limit),
                value=literal(bound.day, XSD.date),
                certainty="probable",
                rules=((f"day-{bound.rule}", *RULES[bound.rule]),),
                evidence=bound.evidence,
                passage=passage(out, iris, document, bound.anchor) if bound.anchor else None,
            ),
        )


def _key(anchor: Anchor) -> str:
    return f"{anchor.part.replace('/', '-')}-{anchor.start}-{anchor.end}"


def _rule(out: Statements, iris: Iris, name: str) -> str:
    """A rule of this grammar, or one by which persons and places of headings and datelines are resolved, too."""
    kind, _, key = name.partition("-")
    if kind == "person" and key in PERSON_RULES:
        rule, words = name, PERSON_RULES[key]
    elif kind == "place" and key in PLACE_RULES:
        rule, words = name, PLACE_RULES[key]
    else:
        rule, words = f"mention-{name}", RULES[name]
    subject = iris.rule(rule)
    out.shared.describe(subject, DGM.Rule, words[0])
    out.shared.text(subject, DCTERMS.description, words[1])
    return subject


def _referent(out: Statements, iris: Iris, referent: Referent) -> str | None:
    """The IRI of what is meant, described where nothing else in the dataset does."""
    kind, keys = referent.kind, referent.keys
    if kind == "register-person":
        return iris.register_person(keys[0])
    if kind == "person":
        subject = iris.person(*keys)
        if referent.label:
            out.describe(subject, DGM.Person, referent.label)
            out.text(subject, DGM.name, referent.label)
        return subject
    if kind == "state":
        return describe_state(out.shared, iris, keys[0])
    if kind == "government":
        subject = iris.thing("government", keys[0])
        out.shared.describe(subject, DGM.Government, referent.label or keys[0])
        out.shared.link(subject, DGM.state, describe_state(out.shared, iris, keys[0]))
        return subject
    if kind == "mission":
        return _mission(out, iris, keys, referent.label or "")
    if kind == "place":
        subject = iris.thing("place", keys[0])
        describe_place(out.shared, iris, subject, gazetteer().cities[keys[0]])
        return subject
    reading = filecodes.decode(keys[0], int(keys[1]) if keys[1] else None)
    return unit_statements(out.shared, iris, reading)


def _mission(out: Statements, iris: Iris, keys: tuple[str, ...], label: str) -> str:
    subject = iris.mission(*keys)
    if keys[0] != HOME:  # the register has those of the United States
        out.shared.describe(subject, DGM.Mission, label)
        out.shared.link(subject, DGM.sendingState, describe_state(out.shared, iris, keys[0]))
        out.shared.link(subject, DGM.receivingState, describe_state(out.shared, iris, keys[1]))
    return subject
