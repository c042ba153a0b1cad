"""The files beside the data, as they are served: ontology, context, shapes, competency questions.

They are parsed once, at the start.  Blank nodes (the lists of shapes) get names that depend on the content
alone, so that every representation is the same each time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.vocabulary import COMPETENCY_FOLDER, DGM, ONTOLOGY_FOLDER, PREFIXES, RDF, RDFS, SHAPES_FOLDER
from service import gallery
from service import shapes as shapes_of
from service.gallery import Gallery
from service.ontology import Ontology, known_terms
from service.profiles import ALIGNMENT
from service.representations import TURTLE, Context, Form, write
from service.shapes import ShapeGroup

CONTEXT_PATH: Final = "ontology/context.jsonld"
_DEFINITION = PREFIXES["skos"] + "definition"
_SH = PREFIXES["sh"]
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Names of borrowed terms that pages show, where the last part of the IRI would not do.
_BORROWED = {
    RDF.type: "kind of thing",
    RDFS.label: "label",
    PREFIXES["dcterms"] + "hasPart": "parts",
    PREFIXES["dcat"] + "byteSize": "size in bytes",
    PREFIXES["dcat"] + "Dataset": "dataset",
    PREFIXES["void"] + "Dataset": "dataset",
}


@dataclass(frozen=True, slots=True)
class RdfFile:
    """One graph: its text as written, for people, and its triples, for every other representation."""

    text: bytes
    triples: tuple[ox.Triple, ...]
    about: str | None = None

    def write(self, media_type: str, context: Context | None, forms: frozenset[Form] = frozenset()) -> bytes:
        if media_type == TURTLE:
            return self.text
        return write(self.triples, media_type, about=self.about, context=context, forms=forms)


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question: `title` and `question` are the comments at the head of its file."""

    name: str
    title: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """All of them.  `labels` and `definitions` are those of our ontology, by IRI."""

    ontology: RdfFile
    alignment: RdfFile
    shapes: RdfFile
    context: Context | None
    questions: tuple[Question, ...]
    gallery: Gallery
    view: Ontology
    shape_groups: tuple[ShapeGroup, ...]
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)

    @property
    def known_terms(self) -> dict[str, Any]:
        """What an editor completes."""
        return known_terms(self.view)

    def label(self, iri: str) -> str:
        """What a page calls a term: its label, or the last part of its IRI in plain words."""
        if found := self.labels.get(iri) or _BORROWED.get(iri):
            return found
        name = re.split(r"[#/]", iri.rstrip("#/"))[-1]
        return _CAMEL.sub(" ", name).lower() or iri

    def competency(self, base: str) -> RdfFile:
        """The questions as data: each is an executable query on the endpoint under this base."""
        about = f"{base}ontology/competency"
        triples = list[ox.Triple]()
        for question in self.questions:
            subject = ox.NamedNode(f"{about}#{question.name}")
            kind, target = ox.NamedNode(_SH + "SPARQLSelectExecutable"), ox.NamedNode(f"{base}sparql")
            triples += [
                ox.Triple(subject, ox.NamedNode(RDF.type), kind),
                ox.Triple(subject, ox.NamedNode(RDFS.label), ox.Literal(question.title, language="en")),
                ox.Triple(subject, ox.NamedNode(RDFS.iri + "comment"), ox.Literal(question.question, language="en")),
                ox.Triple(subject, ox.NamedNode(_SH + "select"), ox.Literal(question.text)),
                ox.Triple(subject, ox.NamedNode(PREFIXES["schema"] + "target"), target),
            ]
        return RdfFile(write(triples, TURTLE), tuple(triples))


def load(base: str, volume: str) -> Vocabularies:
    """Reads the folders that `kg.vocabulary` names; examples begin with `volume`.

    Raises OSError or SyntaxError if they are not whole.
    """
    ontology = read_rdf([ONTOLOGY_FOLDER / "dragoman.ttl"], about=DGM.iri.rstrip("#"))
    shapes = read_rdf(sorted(SHAPES_FOLDER.glob("*.ttl")))
    context = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes())
    texts = {
        predicate: {_value(t.subject): _value(t.object) for t in ontology.triples if t.predicate.value == predicate}
        for predicate in (RDFS.label, _DEFINITION)
    }
    return Vocabularies(
        ontology,
        read_rdf([ONTOLOGY_FOLDER / "alignment.ttl"], about=ALIGNMENT),
        shapes,
        Context(base + CONTEXT_PATH, context),
        tuple(_question(path) for path in sorted(COMPETENCY_FOLDER.glob("*.rq"))),
        gallery.load(volume),
        Ontology(),
        shapes_of.load(),
        texts[RDFS.label],
        texts[_DEFINITION],
    )


def read_rdf(paths: list[Path], about: str | None = None) -> RdfFile:
    """Turtle files as one graph; their text is joined as it is, which is Turtle again."""
    dataset = ox.Dataset()
    for path in paths:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            dataset.add(quad)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = tuple(quad.triple for quad in dataset)
    return RdfFile(b"\n".join(path.read_bytes() for path in paths), triples, about)


def _question(path: Path) -> Question:
    text = path.read_text(encoding="utf-8")
    comments = [line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")]
    title, question = [*comments, "", ""][:2]
    return Question(path.stem, title or path.stem, question, text)


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
