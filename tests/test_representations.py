"""Whatever is written is read back as the same graph, in every format, by more than one reader."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pyoxigraph as ox
from hypothesis import given, settings
from pyld import jsonld

from kg.vocabulary import DCTERMS, DGM, ONTOLOGY_FOLDER, RDF, RDFS, SKOS, XSD
from service.lines import Collected
from service.representations import (
    JSON_LD,
    N_QUADS,
    RDF_TYPES,
    RDF_XML,
    TRIG,
    TURTLE,
    Context,
    Form,
    forms_of,
    obstacle,
    write,
)

BASE = "http://data.example/"
CONTEXT = Context(f"{BASE}ontology/context.jsonld", json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes()))
THING = f"{BASE}id/document/v/d1"

names = st.sampled_from(
    [
        THING,
        f"{BASE}id/sending/v/d1",
        f"{BASE}id/a%2Fb",
        DGM.Document,
        DGM.certain,
        "urn:x:y",
        "dgm:odd",
        RDF.iri + "nil",
    ]
).map(ox.NamedNode)
predicates = st.sampled_from(
    [RDF.type, RDFS.label, DCTERMS.title, DGM.order, DGM.onHeading, DGM.sending, DGM.date, DGM.text, DGM.certainty,
     RDF.object, RDF.predicate, SKOS.prefLabel, SKOS.altLabel, "http://p.example/x-1", "http://p.example/9/", "urn:p"]
).map(ox.NamedNode)  # fmt: skip
texts = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["", "4", "-4", "007", "+1", "true", "1", "1.0", "1E400", "a\r\nb", "\t", "]]>", "<&>\"'", "\\", "\u0000"]
    ),
)
datatypes = st.sampled_from(
    [XSD.string, XSD.integer, XSD.boolean, XSD.decimal, XSD.date, XSD.iri + "double", RDF.iri + "JSON", "urn:type"]
)
literals = st.one_of(
    st.builds(ox.Literal, texts),
    st.builds(lambda text, language: ox.Literal(text, language=language), texts, st.sampled_from(["en", "de-at"])),
    st.builds(lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)), texts, datatypes),
)
graphs = st.sampled_from([ox.DefaultGraph(), ox.NamedNode(f"{BASE}id/graph/v.xml"), ox.NamedNode("urn:g")])
quads = st.lists(st.builds(ox.Quad, names, predicates, st.one_of(names, literals), graphs), min_size=1, max_size=12)


def triples(body: bytes, media_type: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))}


@settings(max_examples=300, deadline=None)
@given(quads)
def test_every_format_is_read_back_as_the_same_graph(statements: list[ox.Quad]) -> None:
    expected = {quad.triple for quad in statements}
    for media_type in RDF_TYPES:
        if obstacle([Collected(statements)], media_type):
            assert media_type == RDF_XML
            continue
        body = write(statements, media_type, about=THING, context=CONTEXT)
        assert body == write(reversed(statements), media_type, about=THING, context=CONTEXT)
        if media_type == JSON_LD:
            told = json.loads(body)
            if isinstance(told, dict) and "@context" in told:
                told = {**told, **CONTEXT.document}
            if not any("#double" in str(triple) for triple in expected):  # PyLD rewrites those: "0" to "0.0E0"
                quads_text = jsonld.to_rdf(told, {"format": N_QUADS})
                assert triples(quads_text.encode(), N_QUADS) == expected
            body = json.dumps(told).encode()
        assert triples(body, media_type) == expected
    for media_type in (TRIG, N_QUADS):
        body = write(statements, media_type, about=THING)
        assert set(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))) == set(statements)


@settings(max_examples=100, deadline=None)
@given(quads, st.frozensets(st.sampled_from(list(Form))))
def test_every_form_of_json_ld_is_the_same_graph(statements: list[ox.Quad], forms: frozenset[Form]) -> None:
    told = json.loads(write(statements, JSON_LD, about=THING, context=CONTEXT, forms=forms))
    if isinstance(told, dict) and "@context" in told:
        told = {**told, **CONTEXT.document}
    assert triples(json.dumps(told).encode(), JSON_LD) == {quad.triple for quad in statements}


def test_turtle_is_types_first_with_the_prefixes_in_use_and_a_blank_line_between_subjects() -> None:
    def triple(subject: str, predicate: str, value: str) -> ox.Triple:
        return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))

    rows = [
        triple(f"{BASE}id/a/10", DGM.sending, THING),
        triple(f"{BASE}id/a/9", DGM.sending, THING),
        triple(THING, DGM.sending, f"{BASE}id/a/9"),
        triple(THING, RDF.type, DGM.Document),
    ]
    assert write(rows, TURTLE, about=THING).decode().splitlines() == [
        f"@prefix dgm: <{DGM.iri}> .",
        "",
        f"<{THING}> a dgm:Document ;",
        f"\tdgm:sending <{BASE}id/a/9> .",
        "",
        f"<{BASE}id/a/9> dgm:sending <{THING}> .",
        "",
        f"<{BASE}id/a/10> dgm:sending <{THING}> .",
    ]


def test_forms_that_are_not_known_are_passed_over() -> None:
    assert forms_of("urn:x http://www.w3.org/ns/json-ld#expanded") == {Form.EXPANDED}
    assert forms_of("") == forms_of("http://www.w3.org/ns/json-ld#streaming") == frozenset()
