"""A second opinion on statements and shapes: pySHACL, the reference that `kg.validation` must agree with.

It is slow, and its graphs take about 1 kB of memory a statement.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pyshacl
from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import BNode, Node

from kg.errors import VerdictsDiffer
from kg.statements import Term, literal
from kg.statements import iri as term_of_iri
from kg.validation import Result, validate
from kg.vocabulary import SHAPES_FOLDER, XSD

_SHOWN = 3
_PAIR = str(SH.LessThanOrEqualsConstraintComponent)
# What compares values.
_ORDER = frozenset({str(SH.MinInclusiveConstraintComponent), str(SH.MaxInclusiveConstraintComponent), _PAIR})


def refereed(lines: Iterable[str]) -> list[Result]:
    """What `validate` finds, after pySHACL has found the same.

    Raises VerdictsDiffer unless both have the same results: focus node, path, value, component, severity, message
    and shape.  Blank nodes have no names, so all count as one.  Not compared is what pySHACL gets wrong: whether
    values are in order where they are of two datatypes, or of another than their shape says.  What cannot be
    compared breaks sh:minInclusive, sh:lessThanOrEquals and their like (SHACL, 4.3 and 4.5).
    """
    statements = list(lines)
    results = validate(statements)
    # Plain triples: rdflib reads them twice as fast as quads.
    triples = "".join(line[: line.rindex(" <")] + " .\n" for line in statements)
    data = Graph().parse(data=triples, format="nt")
    try:
        found = opinion(data, shapes())
        compared = [result for result in results if not _of_two_datatypes(result, data)]
        compare(compared, (result for result in found if not _of_two_datatypes(result, data)))
    except TypeError:
        # pySHACL cannot compare dates that rdflib could not read; those break their datatype's shape as well.
        compare([result for result in results if result.component != _PAIR], opinion(data, shapes(ordered=False)))
    return results


def _of_two_datatypes(result: Result, data: Graph) -> bool:
    """Whether this is of two values that cannot be compared: a day and a moment, say."""
    if result.component != _PAIR or not result.shape or not result.path:
        return False
    other = shapes().value(URIRef(result.shape), SH.lessThanOrEquals)
    values = [*data.objects(URIRef(result.focus), URIRef(result.path)), *data.objects(URIRef(result.focus), other)]
    return len({getattr(value, "datatype", None) for value in values}) > 1


def compare(results: Iterable[Result], theirs: Iterable[Result]) -> None:
    """Raises VerdictsDiffer unless the results are the same, each as often."""
    ours, others = (_counted(found) for found in (results, theirs))
    if differences := [
        *(f"{result} is the engine's alone" for result in sorted((ours - others).elements())),
        *(f"{result} is pySHACL's alone" for result in sorted((others - ours).elements())),
    ]:
        raise VerdictsDiffer(differences[:_SHOWN], len(differences))


def _counted(results: Iterable[Result]) -> Counter[Result]:
    found = list(results)
    disordered = {result.focus for result in found if result.component == str(SH.DatatypeConstraintComponent)}
    return Counter(
        _nameless(result) for result in found if result.component not in _ORDER or result.focus not in disordered
    )


def _nameless(result: Result) -> Result:
    return replace(result, focus="_:") if result.focus.startswith("_:") else result


@functools.cache
def shapes(*, ordered: bool = True) -> Graph:
    """All shapes, one graph; without `ordered` those that compare two values are left out."""
    graph = Graph()
    for file in sorted(SHAPES_FOLDER.glob("*.ttl")):
        graph.parse(file, format="turtle")
    if not ordered:
        graph.remove((None, SH.lessThanOrEquals, None))
    return graph


def opinion(data: Graph, shapes: Graph) -> list[Result]:
    """What pySHACL finds wrong with a graph by these shapes, sorted."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    if not isinstance(report, Graph):
        raise RuntimeError(f"pySHACL gave no report: {report!r}")
    # Not by type: results of nested shapes (sh:detail) stand in the report, too, but are none of its own.
    return sorted(_result(report, node) for node in report.objects(None, SH.result))


def _result(report: Graph, node: Node) -> Result:
    def iri(predicate: URIRef) -> str | None:
        value = report.value(node, predicate)
        return str(value) if isinstance(value, URIRef) else None

    focus = report.value(node, SH.focusNode)
    messages = sorted(str(message) for message in report.objects(node, SH.resultMessage))
    return Result(
        focus="_:" if isinstance(focus, BNode) else (_term(focus) or "") if isinstance(focus, Literal) else str(focus),
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
        plain = literal(str(node), str(node.datatype or XSD.string))
        return f"{plain}@{node.language}" if node.language else plain
    return None
