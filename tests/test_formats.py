"""Text to text: what the writers make of N-Quads is what parsers make of the same quads."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import SAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import packing
from kg.build import BuildConfig, build
from kg.downloads import Downloads
from kg.formats import FORMATS, Piece, head, tail
from kg.snapshot import Snapshot
from kg.vocabulary import DGM, PREFIXES, RDF, RDFS, XSD

READ = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
}
GRAPH = ox.NamedNode("http://a.example/id/graph/x")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
IRIS = st.sampled_from(
    [
        DGM.Document, DGM.text, RDF.type, RDFS.label, f"{RDF.iri}value", f"{DGM.iri}a-b_c", f"{DGM.iri}a.b",
        f"{DGM.iri}1", DGM.iri, f"{PREFIXES['schema']}a/b", "http://a.example/id/document/v/d1",
        "http://a.example/ü?x=1&y='z'#(1)", "urn:x:dgm:y", "tag:a,2020:b", "http://a.example/%22",
    ]
).map(ox.NamedNode)  # fmt: skip
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    st.builds(lambda text, language: ox.Literal(text, language=language), TEXT, st.sampled_from(["en", "de-AT"])),
    st.just(ox.Literal("x", language="en", direction=ox.BaseDirection.LTR)),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)),
        st.one_of(
            TEXT, st.sampled_from(["0", "-0", "007", "-12", "+1", "true", "1", "1.0", "9" * 15, "9" * 16, "1e3"])
        ),
        st.sampled_from([XSD.integer, XSD.boolean, XSD.date, XSD.decimal, f"{XSD.iri}double", DGM.Place, "urn:x"]),
    ),
)
QUADS = st.builds(lambda s, p, o: ox.Quad(s, p, o, GRAPH), IRIS, IRIS, IRIS | LITERALS)


def lines_of(quads: set[ox.Quad]) -> list[str]:
    text = io.BytesIO()
    ox.serialize(quads, text, format=ox.RdfFormat.N_QUADS)
    return sorted(line.decode() for line in text.getvalue().splitlines(keepends=True))


@settings(max_examples=400, deadline=None)
@given(st.sets(QUADS, min_size=1, max_size=8), st.sets(QUADS, min_size=1, max_size=4))
def test_every_format_has_the_same_statements(one: set[ox.Quad], other: set[ox.Quad]) -> None:
    pieces = [Piece(lines_of(one), "<http://a.example/id/document/v/d1>"), Piece(lines_of(other))]
    texts = [dict(piece.texts()) for piece in pieces]
    prefixes = {prefix for piece in pieces for prefix in piece.prefixes}
    expected = one | other
    for form, kind in READ.items():
        text = head(form, prefixes, "http://a.example/") + "".join(text[form] for text in texts) + tail(form)
        found = set(ox.parse(text.encode(), format=kind))
        if kind.supports_datasets:
            assert found == expected, form
        else:
            assert {quad.triple for quad in found} == {quad.triple for quad in expected}, form


def test_turtle_has_types_first_and_the_prefixes_that_it_uses() -> None:
    thing = ox.NamedNode("http://a.example/id/document/v/d1")
    quads = {
        ox.Quad(thing, ox.NamedNode(DGM.text), ox.Literal("x"), GRAPH),
        ox.Quad(thing, ox.NamedNode(DGM.order), ox.Literal("7", datatype=ox.NamedNode(XSD.integer)), GRAPH),
        ox.Quad(thing, ox.NamedNode(RDFS.label), ox.Literal("A"), GRAPH),
        ox.Quad(thing, ox.NamedNode(RDF.type), ox.NamedNode(DGM.Document), GRAPH),
    }
    piece = Piece(lines_of(quads))
    texts = dict(piece.texts())
    assert texts["ttl"] == (
        '<http://a.example/id/document/v/d1> a dgm:Document ;\n\trdfs:label "A" ;\n\tdgm:order 7 ;\n\tdgm:text "x" .\n'
    )
    assert piece.prefixes == {"dgm", "rdfs"}
    node = json.loads(texts["jsonld"].lstrip(","))["@graph"][0]
    assert node == {
        "@id": "http://a.example/id/document/v/d1", "@type": "dgm:Document", "rdfs:label": "A", "dgm:order": 7,
        "dgm:text": "x",
    }  # fmt: skip


def test_small_chunks_give_the_same_downloads(
    tmp_path: Path, samples_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However data.nq is cut, no document is, and nothing is lost."""
    monkeypatch.setattr(packing, "CHUNK", 3000)
    monkeypatch.setattr(packing, "_REST_LINES", 7)
    monkeypatch.setattr(packing, "_STRIDE", 500)
    built = build(BuildConfig(sources=(SAMPLES,), out=tmp_path, jobs=1, registers=False))
    assert built.snapshot is not None
    assert built.snapshot.path.name == samples_snapshot.path.name
    cut, whole = Downloads(built.snapshot.downloads), Downloads(samples_snapshot.downloads)
    assert built.snapshot.catalogue.read_bytes() != samples_snapshot.catalogue.read_bytes(), "sizes differ"
    assert list(cut.documents()) == list(whole.documents())
    for key in cut.documents():
        for form in FORMATS:
            assert statements(cut.document(key, form, ""), form) == statements(whole.document(key, form, ""), form)
    for file in whole.files():
        other = cut.file(file.name, file.format, "")
        assert other is not None
        texts = [b"".join(place.plain(file.name, file.format)) for place in (whole, cut)]
        assert statements(texts[0], file.format) == statements(texts[1], file.format)
        assert b"".join(cut.plain(other.name, other.format, 1234)) == texts[1][1234:]


def statements(text: bytes | None, form: str) -> set[ox.Quad]:
    assert text is not None
    return set(ox.parse(text, format=READ.get(form, ox.RdfFormat.N_QUADS)))
