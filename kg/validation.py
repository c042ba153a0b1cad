"""Statements against shapes: the only door to SHACL.

pySHACL is the engine.  Statements are validated before they are stored, from an rdflib graph in memory: read
back through Oxigraph, plain literals would come with an explicit xsd:string that `sh:in` does not match.
https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import pyshacl
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.iris import Iris
from kg.statements import Statements, Term, boolean, literal
from kg.statements import iri as term_of_iri
from kg.vocabulary import DGM, SHAPES_FOLDER, XSD


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult: IRIs as bare strings, `value` in N-Triples form, None where absent."""

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


def _key(result: Result) -> tuple[str, ...]:
    return tuple(str(value or "") for value in astuple(result))


@functools.cache
def shapes(*, ordered: bool = True) -> Graph:
    """All shapes, one graph; without `ordered` those that compare two values are left out."""
    graph = Graph()
    for file in sorted(SHAPES_FOLDER.glob("*.ttl")):
        graph.parse(file, format="turtle")
    if not ordered:
        graph.remove((None, SH.lessThanOrEquals, None))
    return graph


def validate(lines: Iterable[str]) -> list[Result]:
    """What is wrong with these N-Quads statements, seen as one graph; an empty list if they conform.

    Validate what belongs together (all of a source): shapes look from one thing to the next.
    """
    triples = "".join(line[: line.rindex(" <")] + " .\n" for line in lines)
    data = Graph().parse(data=triples, format="nt")
    try:
        report = _run(data, shapes())
    except TypeError:
        # pySHACL cannot compare dates that rdflib could not read; those break their datatype's shape as well.
        report = _run(data, shapes(ordered=False))
    return sorted(_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


def _run(data: Graph, shape_graph: Graph) -> Graph:
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inplace=True)
    if not isinstance(report, Graph):
        raise RuntimeError(f"pySHACL gave no report: {report!r}")
    return report


def _result(report: Graph, node: Node) -> Result:
    def iri(predicate: URIRef) -> str | None:
        value = report.value(node, predicate)
        return str(value) if isinstance(value, URIRef) else None

    messages = sorted(str(message) for message in report.objects(node, SH.resultMessage))
    return Result(
        focus=str(report.value(node, SH.focusNode)),
        path=iri(SH.resultPath),
        component=iri(SH.sourceConstraintComponent) or "",
        severity=iri(SH.resultSeverity) or str(SH.Violation),
        message=" ".join(messages),
        shape=iri(SH.sourceShape),
        value=_term(report.value(node, SH.value)),
    )


def _term(node: Node | None) -> Term | None:
    if isinstance(node, URIRef):
        return term_of_iri(node)
    if isinstance(node, Literal):
        return literal(str(node), str(node.datatype or XSD.string))
    return None


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
