"""Statements against shapes: the only door to SHACL.

The engine is `shacl`, which compiles the shapes once and reads N-Quads as they are: a literal keeps its form, and a
plain one and one with an explicit xsd:string are the same.  `kg.referee` asks pySHACL for a second opinion.
https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass

import shacl
from rdflib import SH, URIRef

from kg.iris import Iris
from kg.statements import Statements, boolean
from kg.vocabulary import DGM, SHAPES_FOLDER

# An IRI as N-Triples writes it; other paths come as property paths, and blank nodes with their names.
_IRI = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult: IRIs as bare strings, `value` in N-Triples form.

    `path` and `shape` are None if absent or no IRI, `value` if absent or a blank node.
    """

    focus: str
    path: str | None
    component: str
    severity: str
    message: str
    shape: str | None = None
    value: str | None = None

    def __lt__(self, other: Result) -> bool:
        """By focus, path and the rest: reports do not depend on the engine's order."""
        return _key(self) < _key(other)


Validator = Callable[[Iterable[str]], list[Result]]
"""Takes N-Quads statements, tells what is wrong with them: `validate`, or `kg.referee.refereed`."""


def _key(result: Result) -> tuple[str, ...]:
    return tuple(str(value or "") for value in astuple(result))


@functools.cache
def _shapes() -> shacl.Shapes:
    return shacl.Shapes.from_text("\n".join(file.read_text("utf-8") for file in sorted(SHAPES_FOLDER.glob("*.ttl"))))


def validate(lines: Iterable[str]) -> list[Result]:
    """What is wrong with these N-Quads statements, seen as one graph; an empty list if they conform.

    Validate what belongs together (all of a source): shapes look from one thing to the next.
    """
    return results_of(_shapes(), "".join(lines))


def results_of(shapes: shacl.Shapes, quads: str) -> list[Result]:
    """The results of any shapes on N-Quads text.  Raises ValueError if it is none."""
    return sorted(map(_result, shapes.validate_text(quads, format="nquads").results))


def _result(found: shacl.Result) -> Result:
    return Result(
        focus=_iri(found.focus_node) or found.focus_node,
        path=_iri(found.path),
        component=found.component_iri,
        severity=found.severity_iri,
        message=" ".join(sorted(found.messages)),
        shape=_iri(found.source_shape),
        value=None if found.value is None or found.value.startswith("_:") else found.value,
    )


def _iri(term: str | None) -> str | None:
    match = _IRI.fullmatch(term or "")
    return match[1] if match else None


def report(iris: Iris, results: Iterable[Result], version: str) -> Statements:
    """The results as one sh:ValidationReport without blank nodes.

    It tells of all that was checked: what failed is here and is not in the data.
    """
    subject = iris.thing("report", "validation")
    out = Statements(iris.graph("validation"))
    found = sorted(results)
    out.describe(subject, str(SH.ValidationReport), "Validation report of this snapshot")
    out.add(subject, str(SH.conforms), boolean(not found))
    out.text(subject, DGM.version, version)
    for number, result in enumerate(found, 1):
        node = iris.thing("report", "validation", str(number))
        out.link(subject, str(SH.result), node)
        out.describe(node, str(SH.ValidationResult), f"{result.message} ({result.focus})")
        _result_statements(out, node, result)
    return out


def _result_statements(out: Statements, node: str, result: Result) -> None:
    links: dict[URIRef, str | None] = {
        SH.focusNode: result.focus,
        SH.resultPath: result.path,
        SH.sourceConstraintComponent: result.component,
        SH.resultSeverity: result.severity,
        SH.sourceShape: result.shape,
    }
    for predicate, target in links.items():
        out.link(node, str(predicate), target or None)
    out.add(node, str(SH.value), result.value)
    out.text(node, str(SH.resultMessage), result.message)
