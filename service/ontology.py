"""The ontology as its page shows it: sections, classes with their properties, how terms relate to other vocabularies.

Everything is read from `ontology/dragoman.ttl` and `ontology/alignment.ttl`, the sections from the headings in the
former: `### Classes: documents and their parts`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from kg import vocabulary
from kg.vocabulary import DGM, ONTOLOGY_FOLDER, PREFIXES, RDF, RDFS

_OWL, _SKOS, _SCHEMA = PREFIXES["owl"], PREFIXES["skos"], PREFIXES["schema"]
_DOMAINS: Final = (f"{RDFS.iri}domain", f"{_SCHEMA}domainIncludes")
_RANGES: Final = (f"{RDFS.iri}range", f"{_SCHEMA}rangeIncludes")
_KINDS: Final = {
    f"{_OWL}Class": "class",
    f"{_OWL}ObjectProperty": "property that links to a thing",
    f"{_OWL}DatatypeProperty": "property with a value",
    f"{_SKOS}ConceptScheme": "list of concepts",
    f"{_SKOS}Concept": "concept",
}
# What a relation to another vocabulary says, in words.
_RELATIONS: Final = {
    f"{RDFS.iri}subClassOf": "is a kind of",
    f"{RDFS.iri}subPropertyOf": "is a case of",
    RDFS.seeAlso: "is near",
    f"{_SKOS}note": "comes closest to",
}
_HEADING = re.compile(r"^### (.+)$|^dgm:(\w+) a ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Relation:
    """How a term relates to one of another vocabulary; `iri` is None where only words say it."""

    words: str
    name: str
    iri: str | None


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of ours.  Domains and ranges are names such as dgm:Document and xsd:date."""

    name: str
    label: str
    kind: str
    definition: str
    examples: tuple[str, ...]
    parents: tuple[str, ...]
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    terms: tuple[TermView, ...]


class Ontology:
    """One reading of both files.  Raises OSError or SyntaxError if they are not whole."""

    def __init__(self) -> None:
        text = (ONTOLOGY_FOLDER / "dragoman.ttl").read_text(encoding="utf-8")
        self._facts = _facts(ox.parse(text, format=ox.RdfFormat.TURTLE))
        alignment = ox.parse(path=ONTOLOGY_FOLDER / "alignment.ttl", format=ox.RdfFormat.TURTLE)
        self._alignment = _facts(alignment)
        self._prefixes = {**PREFIXES, **alignment.prefixes}
        self.sections = tuple(self._sections(text))

    @cached_property
    def terms(self) -> dict[str, TermView]:
        return {term.name: term for section in self.sections for term in section.terms}

    def properties(self, name: str) -> list[tuple[TermView, bool]]:
        """The properties of a class, its own first; True for those of a class that it is a kind of."""
        lineage = self._lineage(name)
        found = []
        for owner in lineage:
            found += [(term, owner != name) for term in self.terms.values() if f"dgm:{owner}" in term.domains]
        return found

    def pointing(self, name: str) -> list[TermView]:
        """The properties that lead to a class."""
        return [term for term in self.terms.values() if f"dgm:{name}" in term.ranges]

    def kinds_of(self, name: str) -> list[str]:
        return [term.name for term in self.terms.values() if name in term.parents]

    def _lineage(self, name: str) -> list[str]:
        found = [name]
        for each in found:
            found += [parent for parent in self.terms[each].parents if parent not in found]
        return found

    def _sections(self, text: str) -> Iterable[Section]:
        title, terms = "", list[TermView]()
        for match in _HEADING.finditer(text):
            if match[1]:
                if terms:
                    yield Section(title, tuple(terms))
                title, terms = match[1], []
            else:
                terms.append(self._term(match[2]))
        if terms:
            yield Section(title, tuple(terms))

    def _term(self, name: str) -> TermView:
        facts = self._facts[DGM.iri + name]
        parents = facts[f"{RDFS.iri}subClassOf"] + facts[f"{RDFS.iri}subPropertyOf"]
        return TermView(
            name,
            _first(facts[RDFS.label], name),
            next((_KINDS[kind] for kind in facts[RDF.type] if kind in _KINDS), "term"),
            _first(facts[f"{_SKOS}definition"], ""),
            tuple(facts[f"{_SKOS}example"]),
            tuple(iri.removeprefix(DGM.iri) for iri in parents if iri.startswith(DGM.iri)),
            tuple(self.short(iri) for predicate in _DOMAINS for iri in facts[predicate]),
            tuple(self.short(iri) for predicate in _RANGES for iri in facts[predicate]),
            tuple(self._relations(name)),
        )

    def _relations(self, name: str) -> Iterable[Relation]:
        facts = self._alignment[DGM.iri + name]
        for predicate, words in _RELATIONS.items():
            for value in facts[predicate]:
                is_iri = value.startswith(("http://", "https://"))
                yield Relation(words, self.short(value) if is_iri else value, value if is_iri else None)

    def short(self, iri: str) -> str:
        """dgm:Document for its IRI; what has no prefix keeps its last part."""
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return re.split(r"[#/]", iri)[-1]


def _facts(quads: Iterable[ox.Quad]) -> defaultdict[str, defaultdict[str, list[str]]]:
    """Subject → predicate → values, in the order of the file."""
    facts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.object, ox.NamedNode | ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            facts[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return facts


def _first(values: Sequence[str], default: str) -> str:
    return values[0] if values else default


def known_terms(ontology: Ontology) -> dict[str, Any]:
    """What the editor completes: prefixes, and classes and properties of ours and of the vocabularies that we use."""
    terms = [
        {
            "name": f"dgm:{term.name}",
            "label": term.label,
            "kind": "class" if term.kind == "class" else "property",
            "definition": term.definition,
        }
        for term in ontology.terms.values()
        if term.kind in ("class", "property that links to a thing", "property with a value")
    ]
    for prefix, iri in PREFIXES.items():
        namespace = getattr(vocabulary, prefix.upper(), None)
        if prefix in ("dgm", "xsd") or not isinstance(namespace, vocabulary.Namespace):
            continue
        for name in sorted(namespace.terms):
            kind = "class" if name[0].isupper() else "property"
            terms.append({"name": f"{prefix}:{name}", "label": name, "kind": kind, "definition": iri + name})
    return {"prefixes": PREFIXES, "terms": terms}
