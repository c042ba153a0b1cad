"""The ontology, its alignment and its JSON-LD context say the same, and say it in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, SDO, VANN, XSD, DefinedNamespace

from kg import vocabulary
from kg.document import Kind
from kg.vocabulary import ONTOLOGY_FOLDER

ONTOLOGY = URIRef("https://w3id.org/dragoman/ontology")
DGM = Namespace(vocabulary.DGM.iri)
OA = Namespace("http://www.w3.org/ns/oa#")
WDT = Namespace("http://www.wikidata.org/prop/direct/")
CLASS, OBJECT, DATA = OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty
KINDS_OF_TERM = {CLASS, OBJECT, DATA, SKOS.Concept, SKOS.ConceptScheme}

# Vocabularies that rdflib holds a closed list of.
LISTED: tuple[type[DefinedNamespace], ...] = (DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS)
# The terms we use of those it holds none of, each looked up in the vocabulary.
LOOKED_UP = {
    # RiC-O 1.1, list of components
    "https://www.ica.org/standards/RiC/ontology#": "Activity Agent AgentName CorporateBody Instantiation Person Place "
    "Position PositionHoldingRelation Record RecordPart RecordSet birthDate dateQualifier deathDate expressedDate "
    "hasAddressee hasDocumentaryFormType hasOrHadConstituent hasSender identifier isAssociatedWithEvent "
    "isOrWasIncludedIn isOrWasOccupiedBy isReplyTo normalizedDateValue",
    # Web Annotation Vocabulary
    "http://www.w3.org/ns/oa#": "Annotation SpecificResource exact hasBody hasTarget",
    # Simple Event Model
    "http://semanticweb.cs.vu.nl/2009/11/sem/": "Event Place eventType hasActor hasEarliestBeginTimeStamp "
    "hasLatestEndTimeStamp hasPlace hasTimeStamp",
    # CIDOC CRM, and the SPAR ontologies
    "http://www.cidoc-crm.org/cidoc-crm/": "E7_Activity E73_Information_Object",
    "http://purl.org/spar/fabio/": "Page",
    "http://purl.org/spar/doco/": "Footnote",
    "http://purl.org/spar/cito/": "Citation repliesTo",
    # Wikidata: operator, country, ISO 3166-1 alpha-3 code
    "http://www.wikidata.org/prop/direct/": "P137 P17 P298",
}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY_FOLDER / "dragoman.ttl", format="turtle")


@pytest.fixture(scope="module")
def alignment() -> Graph:
    return Graph().parse(ONTOLOGY_FOLDER / "alignment.ttl", format="turtle")


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    content = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_text(encoding="utf-8"))
    assert list(content) == ["@context"]
    return dict(content["@context"])


def terms(graph: Graph, *kinds: URIRef) -> set[str]:
    """Local names of our terms, of the kinds given or of all."""
    found = {subject for kind in kinds or KINDS_OF_TERM for subject in graph.subjects(RDF.type, kind)}
    return {str(term).removeprefix(DGM) for term in found if str(term).startswith(DGM)}


def iris(graph: Graph) -> Iterator[URIRef]:
    for triple in graph:
        yield from (term for term in triple if isinstance(term, URIRef))


def test_the_header_says_what_it_is_who_made_it_and_on_what_terms(ontology: Graph) -> None:
    assert set(ontology.subjects(RDF.type, OWL.Ontology)) == {ONTOLOGY}
    assert ontology.value(ONTOLOGY, OWL.versionInfo) == Literal("0.1.0")
    assert ontology.value(ONTOLOGY, DCTERMS.creator) == Literal("Dragoman")
    assert ontology.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(str(DGM))
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license):
        assert ontology.value(ONTOLOGY, predicate) is not None


def test_every_subject_but_the_header_is_a_term_of_one_kind(ontology: Graph) -> None:
    for subject in set(ontology.subjects()) - {ONTOLOGY}:
        assert str(subject).startswith(DGM)
        types = set(ontology.objects(subject, RDF.type))
        assert len(types) == 1, subject
        assert types <= KINDS_OF_TERM, subject


def test_the_ontology_has_no_blank_nodes(ontology: Graph) -> None:
    assert not [term for triple in ontology for term in triple if isinstance(term, BNode)]


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition, SKOS.example, RDFS.isDefinedBy])
def test_every_term_has_one_label_one_definition_a_use_and_its_home(ontology: Graph, predicate: URIRef) -> None:
    for term in terms(ontology):
        values = list(ontology.objects(DGM[term], predicate))
        assert len(values) == 1, (term, predicate)
        if predicate in (RDFS.label, SKOS.definition):
            assert isinstance(values[0], Literal)
            assert values[0].language == "en", term
        if predicate == SKOS.definition:
            assert str(values[0]).endswith("."), term
        if predicate == RDFS.isDefinedBy:
            assert values == [ONTOLOGY]


def test_examples_in_turtle_parse_and_use_the_term_and_only_terms_that_exist(ontology: Graph) -> None:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in vocabulary.PREFIXES.items())
    known = terms(ontology)
    for term, example in ontology.subject_objects(SKOS.example):
        if isinstance(example, Literal) and example.language is None:
            graph = Graph().parse(data=f"{prefixes}@prefix ex: <http://example.org/> .\n{example}", format="turtle")
            used = {str(iri).removeprefix(DGM) for iri in iris(graph) if str(iri).startswith(DGM)}
            assert used <= known, example
            if (term, RDF.type, SKOS.ConceptScheme) not in ontology:
                assert str(term).removeprefix(DGM) in used, example


def test_domains_ranges_and_superclasses_are_terms_that_exist(ontology: Graph) -> None:
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, SDO.domainIncludes, SDO.rangeIncludes):
        for term, target in ontology.subject_objects(predicate):
            if str(target).startswith(DGM):
                assert (target, RDF.type, OWL.Class) in ontology, (term, target)


def test_object_properties_lead_to_things_and_datatype_properties_to_literals(ontology: Graph) -> None:
    for predicate in (RDFS.range, SDO.rangeIncludes):
        for term, target in ontology.subject_objects(predicate):
            literal = str(target).startswith(str(XSD)) or str(target) == vocabulary.EDTF
            assert (term, RDF.type, DATA if literal else OBJECT) in ontology, (term, target)


def test_every_concept_is_in_one_scheme_with_one_preferred_label(ontology: Graph) -> None:
    for concept in ontology.subjects(RDF.type, SKOS.Concept):
        assert len(list(ontology.objects(concept, SKOS.inScheme))) == 1, concept
        assert list(ontology.objects(concept, SKOS.prefLabel)) == list(ontology.objects(concept, RDFS.label))
    assert {str(s).removeprefix(DGM) for s in ontology.objects(None, SKOS.inScheme)} == {"kinds", "acts", "certainties"}


def test_the_scheme_of_kinds_is_what_readers_give(ontology: Graph) -> None:
    kinds = {str(concept).removeprefix(DGM) for concept in ontology.subjects(SKOS.inScheme, DGM.kinds)}
    assert kinds == set(get_args(Kind))


def test_every_term_of_ours_in_the_vocabulary_module_is_in_the_ontology(ontology: Graph) -> None:
    assert vocabulary.DGM.terms - terms(ontology) == set()


def test_the_context_has_every_class_property_and_concept_and_no_other_term_of_ours(
    ontology: Graph, context: dict[str, Any]
) -> None:
    ours = {}
    for term, entry in context.items():
        iri = entry["@id"] if isinstance(entry, dict) else entry
        if isinstance(iri, str) and iri.startswith("dgm:"):
            ours[term] = iri.removeprefix("dgm:")
    assert all(term == name for term, name in ours.items())
    assert set(ours) == terms(ontology, CLASS, OBJECT, DATA, SKOS.Concept)


def test_the_context_coerces_as_the_ontology_says(ontology: Graph, context: dict[str, Any]) -> None:
    for name in terms(ontology, OBJECT, DATA):
        entry = context[name] if isinstance(context[name], dict) else {}
        ranges = set(ontology.objects(DGM[name], RDFS.range))
        if name in terms(ontology, OBJECT):
            # A concept of a scheme of ours is written by its term, any other thing by its IRI.
            ours = "scheme dgm:" in str(ontology.value(DGM[name], SKOS.definition))
            assert entry.get("@type") == ("@vocab" if ours else "@id"), name
            assert not ours or ranges == {SKOS.Concept}, name
        elif ranges and ranges != {XSD.string}:
            assert URIRef(entry["@type"].replace("xsd:", str(XSD))) in ranges, name
        else:
            assert "@type" not in entry, name


def test_the_context_has_every_borrowed_term_of_the_vocabulary_module(context: dict[str, Any]) -> None:
    prefixes = {value: key for key, value in context.items() if isinstance(value, str) and value.endswith(("#", "/"))}
    known = {entry["@id"] if isinstance(entry, dict) else entry for key, entry in context.items() if key[0] != "@"}
    spaces = (getattr(vocabulary, name) for name in ("RDF", "RDFS", "DCTERMS", "PROV", "OA", "AS", "SKOS", "DCAT"))
    for space in spaces:
        for term in space.terms - {"type"}:
            assert f"{prefixes[space.iri]}:{term}" in known


def test_json_with_the_context_expands_to_the_statements_it_means(context: dict[str, Any]) -> None:
    document = {
        "@context": context,
        "id": "http://localhost:8000/id/document/v1/d1",
        "type": "Document",
        "identifier": "v1/d1",
        "kind": "telegram",
        "order": 1,
        "flag": "[Translation]",
        "sending": {"edtf": "1931-03", "date": {"@type": "xsd:gYearMonth", "@value": "1931-03"}},
        "volume": "http://localhost:8000/id/volume/v1",
    }
    (node,) = jsonld.expand(document)
    assert node["@type"] == [DGM + "Document"]
    assert node[DGM + "kind"] == [{"@id": DGM + "telegram"}]
    assert node[DGM + "order"] == [{"@type": str(XSD.integer), "@value": 1}]
    assert node[DGM + "volume"] == [{"@id": "http://localhost:8000/id/volume/v1"}]
    assert node[DGM + "sending"][0][DGM + "edtf"] == [{"@type": vocabulary.EDTF, "@value": "1931-03"}]
    compacted = jsonld.compact(node, context)
    assert compacted["kind"] == "telegram"
    assert compacted["flag"] == ["[Translation]"]
    assert compacted["sending"]["date"] == {"type": "xsd:gYearMonth", "@value": "1931-03"}


def test_every_class_of_ours_is_aligned(ontology: Graph, alignment: Graph) -> None:
    aligned = {str(term).removeprefix(DGM) for term in alignment.subjects(RDFS.subClassOf)}
    assert aligned == terms(ontology, CLASS)


def test_the_alignment_speaks_of_terms_that_exist(ontology: Graph, alignment: Graph) -> None:
    ours = terms(ontology)
    for iri in set(iris(alignment)):
        if iri.startswith(DGM):
            assert iri.removeprefix(DGM) in ours
        elif listed := [space for space in LISTED if iri.startswith(str(space))]:
            assert any(iri in space for space in listed), iri
        elif looked_up := [space for space in LOOKED_UP if iri.startswith(space)]:
            assert iri.removeprefix(looked_up[0]) in LOOKED_UP[looked_up[0]].split(), iri
        else:
            assert iri in {
                URIRef("https://w3id.org/dragoman/alignment"),
                URIRef("https://creativecommons.org/publicdomain/zero/1.0/"),
            }


def test_no_term_that_was_looked_up_is_unused(alignment: Graph) -> None:
    used = set(iris(alignment))
    for space, names in LOOKED_UP.items():
        assert [name for name in names.split() if URIRef(space + name) not in used] == []


def test_alignment_leads_from_our_terms_outward_only(alignment: Graph) -> None:
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso):
        for term, target in alignment.subject_objects(predicate):
            assert str(term).startswith(DGM)
            assert not str(target).startswith(DGM)


def test_classes_are_under_classes_and_properties_under_properties(ontology: Graph, alignment: Graph) -> None:
    classes, properties = terms(ontology, CLASS), terms(ontology, OBJECT, DATA)
    assert {str(term).removeprefix(DGM) for term in alignment.subjects(RDFS.subClassOf)} <= classes
    assert {str(term).removeprefix(DGM) for term in alignment.subjects(RDFS.subPropertyOf)} <= properties
