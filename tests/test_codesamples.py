"""Code to copy: each language reads the query back letter by letter."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from service.codesamples import form_of, samples

ENDPOINT = "http://localhost:8000/sparql"
HOSTILE = [
    "SELECT * { ?s ?p ?o }",
    '# it\'s `a` $HOME \\ test\nSELECT * { ?s ?p \'it\'\'s """x""" \\\\\' }',
    'SELECT * {\nSPARQL\nSPARQL_\n?s ?p "}}{query}{{" }',
    'ASK { ?s ?p """a)---"b""" }',
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p '\u202e\u00e9\U0001f600\\n' }",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_shell_hands_the_query_on_as_it_is(query: str) -> None:
    code = "curl() { cat; }\n" + samples(query, ENDPOINT)["curl"]
    read = subprocess.run(["bash", "-c", code], capture_output=True, check=True).stdout.decode()
    assert read == query + "\n"


@pytest.mark.parametrize("query", HOSTILE)
def test_python_reads_the_query_as_it_is(query: str) -> None:
    tree = ast.parse(samples(query, ENDPOINT)["python"])
    assigned = next(node for node in tree.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(assigned.value) == f"\n{query}\n"


@pytest.mark.parametrize("query", HOSTILE)
def test_r_reads_the_query_as_it_is(query: str) -> None:
    code = samples(query, ENDPOINT)["r"]
    found = re.search(r'query <- r"(-+)\((.*?)\)\1"', code, re.DOTALL)
    assert found is not None
    assert found[2] == query


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "rows"),
        ("# ASK\nPREFIX ask: <http://ASK/> construct { } {}", "graph"),
        ("DESCRIBE <http://x/SELECT> # SELECT", "graph"),
        ("ask { ?s ?p 'SELECT' }", "boolean"),
        ("", "rows"),
    ],
)
def test_the_form_is_told_by_its_word_outside_comments_iris_and_strings(query: str, form: str) -> None:
    assert form_of(query) == form


def test_each_form_is_asked_for_in_a_type_that_suits_it() -> None:
    assert "text/csv" in samples("SELECT * {}", ENDPOINT)["curl"]
    assert "text/turtle" in samples("CONSTRUCT {} {}", ENDPOINT)["python"]
    assert "application/sparql-results+json" in samples("ASK {}", ENDPOINT)["r"]
