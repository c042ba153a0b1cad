"""Statements as text say the same as the engine's own terms do."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from service.lines import Collected, by_property, each, graph_of, indexed, object_of, pointing, quads, term_of, text_of

SUBJECT, PREDICATE, GRAPH = ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode("urn:g")
TERMS = [
    ox.NamedNode("urn:o"),
    ox.BlankNode("b1"),
    ox.Literal(""),
    ox.Literal('a "quoted" <tag> \\ \n\r\t\x01\x7f'),
    ox.Literal("Grüße > \U0001f4dc"),
    ox.Literal('no" <urn:g> .', language="en-gb"),
    ox.Literal("right", language="ar", direction=ox.BaseDirection.RTL),
    ox.Literal("7", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ox.Triple(SUBJECT, PREDICATE, ox.Literal('of " two')),
]


@pytest.mark.parametrize("graph", [GRAPH, ox.DefaultGraph()], ids=["named", "default"])
@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_is_found_in_its_line(term: ox.NamedNode, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    lines, quad = Collected(), ox.Quad(SUBJECT, PREDICATE, term, graph)
    lines.add(quad)
    ((_, rest),) = lines[b"<urn:s>"]
    assert graph_of((b"", rest)) == (b"<urn:g>" if graph == GRAPH else b"")
    assert term_of(rest) == term
    assert text_of(rest) == (term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term))
    assert quads([lines]) == [quad]


def test_what_several_parts_or_graphs_tell_counts_once() -> None:
    first, second = Collected(), Collected()
    for lines, name in ((first, "urn:g"), (second, "urn:h"), (second, "urn:g")):
        lines.add(ox.Quad(SUBJECT, PREDICATE, ox.Literal("A", language="en"), ox.NamedNode(name)))
    second.add(ox.Quad(SUBJECT, PREDICATE, ox.Literal("A"), GRAPH))
    said = by_property([first, second], b"<urn:s>")
    assert list(map(text_of, each(said[b"<urn:p>"]))) == ["A", "A"]
    assert list(map(object_of, each(said[b"<urn:p>"]))) == [b'"A"@en', b'"A"']
    assert len(quads([first, second])) == 3
    assert [graph_of(pair) for pair in second[b"<urn:s>"]] == [b"<urn:h>", b"<urn:g>", b"<urn:g>"]


def test_what_points_at_a_thing() -> None:
    lines = indexed(
        b"<urn:a> <urn:p> <urn:o> <urn:g> .\n<urn:a> <urn:q> <urn:o> <urn:g> .\n<urn:b> <urn:p> _:x <urn:g> .\n"
    )
    assert pointing([lines, lines], b"<urn:p>", b"<urn:o>") == [b"<urn:a>"]
    assert pointing([lines], b"<urn:p>", b"_:x") == [b"<urn:b>"]
    assert pointing([lines], b"<urn:p>", b"<urn:a>") == []
