"""Terms and statements as canonical N-Quads."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.statements import Statements, boolean, canonical, integer, iri, literal
from kg.vocabulary import RDFS, XSD


def parsed(statements: Statements) -> list[ox.Quad]:
    return list(ox.parse("".join(canonical(statements)).encode(), format=ox.RdfFormat.N_QUADS))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_a_parser_as_it_went_in(text: str) -> None:
    statements = Statements("https://example.org/g")
    statements.text("https://example.org/s", RDFS.label, text)
    (quad,) = parsed(statements)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text


def test_control_characters_are_escaped_and_other_characters_stand_as_they_are() -> None:
    assert literal('a"b\\c\n\x00\x7f é½\t') == '"a\\"b\\\\c\\n\\u0000\\u007F é½\\t"'


@pytest.mark.parametrize(
    "bad", ["has space", "a<b", "a>b", "line\nfeed", 'quo"te', "a{b}", "a|b", "a\\b", "a^b", "a`b"]
)
def test_what_cannot_stand_in_an_iri_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="no IRI"):
        iri(f"https://example.org/{bad}")


def test_typed_literals_have_canonical_forms() -> None:
    assert integer(-3) == f'"-3"^^<{XSD.integer}>'
    assert boolean(True) == f'"true"^^<{XSD.boolean}>'


def test_of_a_none_nothing_is_said() -> None:
    statements = Statements("https://example.org/g")
    statements.text("https://example.org/s", RDFS.label, None)
    statements.link("https://example.org/s", RDFS.label, None)
    assert len(statements) == 0


def test_a_statement_said_twice_is_one_line_and_lines_are_in_code_point_order() -> None:
    statements = Statements("https://example.org/g")
    for value in ("b", "a", "b", "É"):
        statements.text("https://example.org/s", RDFS.label, value)
    lines = canonical(statements)
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_misspelt_term_is_an_error_and_not_a_new_term() -> None:
    with pytest.raises(AttributeError, match="lable"):
        _ = RDFS.lable
