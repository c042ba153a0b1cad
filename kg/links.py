"""Citations, cross-references and mentions as statements, each with its passage.

What the markup says of a reference (its target) is stated; which document a citation means is inferred, by the
rules of `kg.threads`, and an answer is a citation that opens a paper.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.citations import PAPERS, Citation
from kg.document import Anchor, Document, Fault, Reference
from kg.inferences import Inference, annotate, infer, passage
from kg.iris import Iris
from kg.statements import Statements, boolean, iri
from kg.threads import RULES, Answer, DocumentKey, Index, Passage, Resolution, answers, citing_key, passages
from kg.vocabulary import DCTERMS, DGM

_POINTER = re.compile(
    r"(?P<volume>[A-Za-z][\w.-]*)?(?:#(?:pg_(?P<page>[\w.-]+)|(?P<document>d\d[\w-]*?)(?:(?P<footnote>fn\w+))?))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What the documents of a source say of each other, by identifier of the one that says it.

    `citations` are those that the grammar reads, `pointers` the markup's, each with what it means; `notes` are the
    keys of the footnotes of each document.
    """

    citations: dict[str, list[tuple[Passage, Resolution]]] = field(default_factory=dict)
    pointers: dict[str, list[tuple[Reference, Resolution]]] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    notes: dict[str, frozenset[str]] = field(default_factory=dict)


def find_links(documents: Sequence[Document]) -> Links:
    """Find and resolve the citations of documents that are given in reading order, among themselves."""
    index = Index(map(DocumentKey.of, documents))
    cited: dict[str, list[tuple[Passage, Resolution]]] = defaultdict(list)
    whole = {document.identifier: document for document in documents}
    for one in passages(documents):
        own = index.key(one.identifier)
        if own is not None:
            citing = citing_key(whole[one.identifier], own, one)
            found = index.resolve(one.citation, citing, beside=one.beside, note=one.footnote is not None)
            cited[one.identifier].append((one, found))
    pointed: dict[str, list[tuple[Reference, Resolution]]] = defaultdict(list)
    for document in documents:
        citing = DocumentKey.of(document)
        for reference in document.references:
            told = _told(reference, cited[document.identifier])
            pointed[document.identifier].append((reference, index.pointer(reference.target, citing, told=told)))
    answered: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers(documents, index):
        answered[answer.identifier].append(answer)
    notes = {document.identifier: frozenset(note.key for note in document.footnotes) for document in documents}
    return Links(citations=cited, pointers=pointed, answers=answered, notes=notes)


def _told(reference: Reference, cited: Sequence[tuple[Passage, Resolution]]) -> Citation | None:
    """The citation that has the reference's words among its own."""
    overlapping = (one.citation for one, _ in cited if _overlap(reference.anchor, _anchor(one)))
    return next(overlapping, None)


def _overlap(one: Anchor, other: Anchor) -> bool:
    return one.part == other.part and one.start < other.end and other.start < one.end


_WORDS = ("words of a citation", "The words have the form of a citation: a paper with number or date, a page, a note.")
# Rules by which a citation leads nowhere because its words do not say enough, or say what cannot be.
_UNREAD = frozenset(("no-such-page", "page-of-what", "ibid-of-what"))


def doubts(documents: Sequence[Document], links: Links) -> Iterator[Fault]:
    """The citations of which the words leave open what they cite.

    One that tells enough, and cites what is not there (a paper that no volume prints), is none of them.
    """
    for document in documents:
        for one, found in links.citations.get(document.identifier, ()):
            if found.rule in _UNREAD:
                fact = f"the citation “{one.citation.exact}” leads nowhere: {RULES[found.rule][0]}"
                kept = "the citation, without a target"
                yield Fault(fact=fact, kept=kept, document=document.id, line=document.line, kind="citation")


def link_statements(out: Statements, iris: Iris, document: Document, links: Links) -> None:
    """The citations, references, answers and mentions of one document."""
    nodes: list[tuple[Anchor, str, bool]] = []
    for one, found in links.citations.get(document.identifier, ()):
        anchor = _anchor(one)
        node = _citation(out, iris, document, anchor, one.citation.exact)
        _read(out, iris, node, one.citation)
        if found.rule == "not-printed":
            _unprinted(out, iris, document, node, one)
        _resolved(out, iris, document, (node, anchor, one.citation.exact), found)
        nodes.append((anchor, node, bool(found.targets)))
    for reference, found in links.pointers.get(document.identifier, ()):
        target = _target(iris, document.volume, reference.target, links.notes)
        if target:
            _reference(out, iris, document, (reference, target), found, nodes)
    for answer in links.answers.get(document.identifier, ()):
        _answer(out, iris, document, answer)
    _mentions(out, iris, document)


def _anchor(one: Passage) -> Anchor:
    part = f"footnote/{one.footnote}" if one.footnote else "text"
    return Anchor(part=part, start=one.citation.start, end=one.citation.end)


def _citation(out: Statements, iris: Iris, document: Document, anchor: Anchor, exact: str) -> str:
    """The node of a citation, hung on the document or on the footnote that cites."""
    node = iris.thing("citation", document.volume, document.id, _key(anchor))
    out.describe(node, DGM.Citation, exact)
    out.text(node, DGM.printed, exact)
    annotate(out, iris, node, passage(out, iris, document, anchor))
    out.link(_part(iris, document, anchor), DGM.citation, node)
    return node


def _key(anchor: Anchor) -> str:
    return f"{anchor.part.replace('/', '-')}-{anchor.start}-{anchor.end}"


def _part(iris: Iris, document: Document, anchor: Anchor) -> str:
    if anchor.part.startswith("footnote/"):
        return iris.footnote(document.volume, document.id, anchor.part.removeprefix("footnote/"))
    return iris.document(document.volume, document.id)


def _read(out: Statements, iris: Iris, node: str, citation: Citation) -> None:
    """What the grammar reads of a citation; one that the markup alone makes has no rule."""
    out.text(node, DGM.citationForm, citation.form)
    out.text(node, DGM.number, citation.number)
    if citation.unprinted:
        out.add(node, DGM.unprinted, boolean(True))
    out.link(node, DGM.certainty, DGM.certain)
    rule = iris.rule("citation-words")
    out.link(node, DGM.rule, rule)
    out.shared.describe(rule, DGM.Rule, _WORDS[0])
    out.shared.text(rule, DCTERMS.description, _WORDS[1])


def _unprinted(out: Statements, iris: Iris, document: Document, node: str, one: Passage) -> None:
    """The paper that the volume says it does not print: a footnote's "Not printed" is of the one at its mark."""
    paper, anchor, beside = one.citation, _anchor(one), one.beside
    if paper.form not in PAPERS and beside and document.text[beside.start : beside.end] == beside.exact:
        paper, anchor = beside, Anchor(part="text", start=beside.start, end=beside.end)
    named = f": {paper.exact}" if paper.form in PAPERS else ""
    subject = iris.thing("unprinted", document.volume, document.id, _key(anchor))
    out.describe(subject, DGM.UnprintedDocument, f"Not printed, of {document.identifier}{named}")
    out.text(subject, DGM.number, paper.number)
    out.link(node, DGM.target, subject)


def _resolved(
    out: Statements,
    iris: Iris,
    document: Document,
    cited: tuple[str, Anchor, str],
    found: Resolution,
    by: str = "target",
) -> None:
    """What a citation (node, anchor, words) means, best first; `by` tells the words from the markup's pointer."""
    targets = [(iris.document(*target.split("/", 1)), found.certainty or "unresolved") for target in found.targets]
    if not targets and found.volume:
        # The volume may not be loaded: its IRI is stable, and leads on when it is.
        place = iris.page(found.volume, found.page) if found.page else iris.volume(found.volume)
        targets = [(place, "certain")]
    node, anchor, exact = cited
    for number, (target, certainty) in enumerate(targets, 1):
        inference = Inference(
            iri=iris.inference(document.volume, document.id, f"{by}-{_key(anchor)}-{number}"),
            label=f"“{exact}” means {target.rpartition('/id/')[2]}",
            subject=node,
            predicate=DGM.target,
            value=iri(target),
            certainty=certainty,
            rules=(_rule(found.rule),),
            evidence=exact,
            passage=passage(out, iris, document, anchor),
        )
        infer(out, iris, inference)


def _rule(name: str) -> tuple[str, str, str]:
    label, definition = RULES[name]
    return f"citation-{name}", label, definition


def _reference(
    out: Statements,
    iris: Iris,
    document: Document,
    pointed: tuple[Reference, str],
    found: Resolution,
    nodes: Sequence[tuple[Anchor, str, bool]],
) -> None:
    """The markup states a page or a document; which document on the page is meant, is inferred."""
    reference, target = pointed
    anchor = reference.anchor
    node, resolved = next(((node, done) for other, node, done in nodes if _overlap(other, anchor)), (None, False))
    node = node or _citation(out, iris, document, anchor, reference.printed)
    out.link(node, DGM.target, target)
    if found.targets and not resolved and found.rule != "pointer":
        _resolved(out, iris, document, (node, anchor, reference.printed), found, by="pointer")


def _target(iris: Iris, volume: str, pointer: str, notes: Mapping[str, Collection[str]]) -> str | None:
    """What a pointer of the markup points to; None for one of another form (an index entry, a web address).

    A source note is no footnote of its document but tells of the document, and what points to it means that.
    """
    found = _POINTER.fullmatch(pointer)
    if found is None or not pointer or (pointer.startswith("#") and not (found["page"] or found["document"])):
        return None
    owner = found["volume"] or volume
    if found["page"]:
        return iris.page(owner, found["page"])
    keys = notes.get(f"{owner}/{found['document']}")
    if found["footnote"] and (keys is None or found["footnote"] in keys):
        return iris.footnote(owner, found["document"], found["footnote"])
    return iris.document(owner, found["document"]) if found["document"] else iris.volume(owner)


def _answer(out: Statements, iris: Iris, document: Document, answer: Answer) -> None:
    citation = answer.citation
    anchor = Anchor(part="text", start=citation.start, end=citation.end)
    answered = iris.document(*answer.answers.split("/", 1))
    infer(
        out,
        iris,
        Inference(
            iri=iris.inference(document.volume, document.id, f"answers-{answer.answers.replace('/', '-')}"),
            label=f"{document.identifier} answers {answer.answers}",
            subject=iris.document(document.volume, document.id),
            predicate=DGM.answers,
            value=iri(answered),
            certainty=answer.certainty,
            rules=(_rule(answer.rule),),
            evidence=citation.exact,
            passage=passage(out, iris, document, anchor),
        ),
    )


def _mentions(out: Statements, iris: Iris, document: Document) -> None:
    for mention in document.mentions:
        node = iris.thing("mention", document.volume, document.id, _key(mention.anchor))
        out.describe(node, DGM.Mention, mention.surface)
        out.text(node, DGM.printed, mention.surface)
        out.text(node, DGM.mentionKind, mention.kind)
        annotate(out, iris, node, passage(out, iris, document, mention.anchor))
        out.link(_part(iris, document, mention.anchor), DGM.mention, node)
        if mention.pointer and mention.kind == "person":
            out.link(node, DGM.refersTo, iris.pointed(document.volume, mention.pointer))
