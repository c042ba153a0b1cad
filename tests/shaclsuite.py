"""The W3C's test suite of SHACL Core as values: data and shapes as text, and the report that they must give.

https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from w3c import MF, Graph, Term

from kg.validation import Result

ROOT = Path(__file__).resolve().parent.parent.parent / "shared" / "w3c" / "shacl" / "core"
_SUITE = "http://w3c.example/shacl/"
_SH = "http://www.w3.org/ns/shacl#"
_SHT = "http://www.w3.org/ns/shacl-test#"

# Focus, path, component, severity, shape and value; what is a blank node, or a path that is no IRI, is "".
Found = tuple[str, ...]


def _quads(iri: str) -> Iterator[ox.Quad]:
    path = ROOT / iri.removeprefix(_SUITE)
    return ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=iri, rename_blank_nodes=True)


def _text(iri: str) -> str:
    return "".join(f"{quad.triple} .\n" for quad in _quads(iri))


def comparable(result: Result) -> Found:
    """A result without its message, which the suite leaves to engines."""
    focus = "" if result.focus.startswith("_:") else result.focus
    return focus, result.path or "", result.component, result.severity, result.shape or "", result.value or ""


@dataclass(frozen=True)
class Case:
    """One sht:Validate."""

    node: Term
    graph: Graph

    def __str__(self) -> str:
        return self.node.value.removeprefix(_SUITE)

    def _action(self, name: str) -> str:
        action = self.graph.one(self.node, f"{MF}action")
        return _text(self.graph.text(action, f"{_SHT}{name}"))

    @property
    def data(self) -> str:
        return self._action("dataGraph")

    @property
    def shapes(self) -> str:
        return self._action("shapesGraph")

    @cached_property
    def expected(self) -> list[Found]:
        """The results of the report, sorted."""
        report = self.graph.one(self.node, f"{MF}result")
        return sorted(self._found(result) for result in self.graph.all(report, f"{_SH}result"))

    def _found(self, result: Term) -> Found:
        focus, value = (self.graph.one(result, f"{_SH}{name}") for name in ("focusNode", "value"))
        return (
            focus.value if isinstance(focus, ox.NamedNode) else _literal(focus),
            *(self._iri(result, name) for name in ("resultPath", "sourceConstraintComponent", "resultSeverity")),
            self._iri(result, "sourceShape"),
            str(value) if isinstance(value, ox.NamedNode) else _literal(value),
        )

    def _iri(self, result: Term, name: str) -> str:
        term = self.graph.one(result, f"{_SH}{name}")
        return term.value if isinstance(term, ox.NamedNode) else ""


def _literal(term: Term | None) -> str:
    return str(term) if isinstance(term, ox.Literal) else ""


def cases() -> list[Case]:
    """All tests of the suite, in the order of their names."""
    found = []
    for path in sorted(ROOT.glob("*/*.ttl")):
        graph = Graph(_quads(f"{_SUITE}{path.relative_to(ROOT)}"))
        found += [Case(node, graph) for node in graph.of_type(f"{_SHT}Validate")]
    return found
