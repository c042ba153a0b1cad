"""Our compaction against PyLD's, which does what the specification says for every context."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pyld import jsonld
from test_representations import CONTEXT, THING, quads

from kg.vocabulary import PREFIXES, XSD
from service.compaction import Confused, Terms, written
from service.representations import JSON_LD, Context, Form, write

SCHEMA = Context(None, {"@context": {"@vocab": PREFIXES["schema"]}})


def as_text(value: Any, key: str = "") -> Any:
    """A document with its numbers and truth values as the texts that PyLD leaves them."""
    if isinstance(value, dict):
        return {name: as_text(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [as_text(item, key) for item in value]
    return json.dumps(value) if isinstance(value, bool | int) else value


@settings(max_examples=500, deadline=None)
@given(quads, st.sampled_from([CONTEXT, SCHEMA]), st.booleans())
def test_it_is_what_pyld_makes_of_the_same(statements: list[ox.Quad], context: Context, flat: bool) -> None:
    forms = frozenset({Form.EXPANDED, Form.FLATTENED} if flat else {Form.EXPANDED})
    expanded = json.loads(write(statements, JSON_LD, about=THING, context=context, forms=forms))
    document = expanded if flat else expanded[0]
    options = {"processingMode": "json-ld-1.1", "skipExpansion": True}
    try:
        expected = jsonld.compact(document, context.document, options)
    except jsonld.JsonLdError as refusal:
        assert refusal.code == "IRI confused with prefix"  # noqa: PT017 - mostly there is none
        with pytest.raises(Confused):
            context.terms.compacted(document)
        return
    expected.pop("@context", None)
    assert as_text(context.terms.compacted(document)) == expected


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_written_is_what_the_standard_library_writes(value: Any) -> None:
    assert "".join(written(value)) == json.dumps(value, ensure_ascii=False, indent=1)


def test_numbers_are_numbers_where_the_context_says_so() -> None:
    order = {"@id": THING, "https://w3id.org/dragoman/ontology#order": [{"@value": "7", "@type": XSD.integer}]}
    assert CONTEXT.terms.compacted(order) == {"id": THING, "order": 7}
    order["https://w3id.org/dragoman/ontology#order"] = [{"@value": "007", "@type": XSD.integer}]
    assert CONTEXT.terms.compacted(order) == {"id": THING, "order": "007"}


@pytest.mark.parametrize(
    "context",
    [
        {"a": {"@id": "x:a", "@container": "@language"}, "b": {"@id": "x:a"}},
        {"a": {"@id": "x:a", "@language": "en"}},
        {"@vocab": "x:", "a": "x:a"},
        {"a": {"@id": "x:a", "@container": "@list"}},
        {"a": "x:a", "@language": "en"},
        {"@base": "http://a/"},
    ],
)
def test_a_context_that_says_more_is_refused(context: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="writer"):
        Terms.of(context)
