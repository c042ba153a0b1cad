"""The W3C's SPARQL test suites as values: manifests, cases, HTTP exchanges, answers that can be compared.

The suites' files have IRIs under SUITE, whatever folder they lie in.  Answers are compared up to the names of blank
nodes, by canonicalization: a solution is a blank node that its variables lead away from.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parent.parent.parent / "shared" / "w3c" / "sparql"
SUITE = "http://w3c.example/sparql/"
NOWHERE = f"{SUITE}an-empty-graph"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = dict[str, Term]
# A boolean, or the canonical statements of a graph or of solutions.
Answer = bool | tuple[str, ...]


def path_of(iri: str) -> Path:
    return ROOT / iri.removeprefix(SUITE)


def read_rdf(iri: str) -> Iterator[ox.Quad]:
    """The statements of a file of the suite, with blank nodes that no other file has."""
    form = ox.RdfFormat.from_extension(path_of(iri).suffix[1:])
    return ox.parse(path=path_of(iri), format=form, base_iri=iri, rename_blank_nodes=True)


class Graph:
    """An RDF graph to walk in, with lists."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._index: dict[Term, dict[str, list[Term]]] = {}
        for quad in quads:
            self._index.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)

    def all(self, node: Term, predicate: str) -> list[Term]:
        return self._index.get(node, {}).get(predicate, [])

    def one(self, node: Term, predicate: str) -> Term | None:
        return next(iter(self.all(node, predicate)), None)

    def text(self, node: Term, predicate: str) -> str | None:
        value = self.one(node, predicate)
        return None if value is None else value.value

    def list(self, node: Term | None) -> Iterator[Term]:
        while node is not None and node != ox.NamedNode(f"{_RDF}nil"):
            yield self.one(node, f"{_RDF}first")
            node = self.one(node, f"{_RDF}rest")

    def of_type(self, kind: str) -> Iterator[Term]:
        return (node for node in self._index if ox.NamedNode(kind) in self.all(node, f"{_RDF}type"))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what its response must be."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    form: str | None
    location: str | None
    expected_headers: tuple[tuple[str, str], ...]
    expected_body: str | None


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    manifest: str
    node: Term
    graph: Graph

    def __str__(self) -> str:
        return f"{self.manifest.rpartition('/')[0]}/{self.name}"

    @cached_property
    def name(self) -> str:
        return self.node.value.rpartition("#")[2]

    @cached_property
    def type(self) -> str:
        return self.graph.one(self.node, f"{_RDF}type").value.rpartition("#")[2]

    @cached_property
    def action(self) -> Term:
        return self.graph.one(self.node, f"{MF}action")

    @property
    def query_iri(self) -> str:
        query = self.graph.one(self.action, f"{QT}query")
        return (query or self.action).value

    @cached_property
    def query(self) -> str:
        return path_of(self.query_iri).read_text(encoding="utf-8")

    @property
    def data(self) -> list[str]:
        return [node.value for node in self.graph.all(self.action, f"{QT}data")]

    @property
    def named(self) -> list[str]:
        return [node.value for node in self.graph.all(self.action, f"{QT}graphData")]

    @property
    def result(self) -> str:
        return self.graph.one(self.node, f"{MF}result").value

    @property
    def froms(self) -> list[str]:
        """The files that the query's own dataset clauses name."""
        folder = self.query_iri.rpartition("/")[0]
        return [f"{folder}/{name}" for name in re.findall(r"FROM\s+(?:NAMED\s+)?<([^>:]+)>", self.query)]

    @property
    def ordered(self) -> bool:
        """Whether the order of solutions counts, and the result says it."""
        return "ORDER BY" in self.query and self.result.endswith((".srx", ".srj", ".tsv"))

    @property
    def lax(self) -> bool:
        """Whether solutions may come as often as they like, but at least once: that is REDUCED."""
        return bool(self.graph.all(self.node, f"{MF}resultCardinality"))

    @property
    def graph_data(self) -> list[tuple[str, str]]:
        """(graph, file) of a protocol test."""
        nodes = self.graph.all(self.node, f"{UT}graphData")
        return [(self.graph.text(node, f"{_RDFS}label"), self.graph.text(node, f"{UT}graph")) for node in nodes]

    @property
    def exchanges(self) -> list[Exchange]:
        requests = self.graph.list(self.graph.one(self.action, f"{HT}requests"))
        return [self._exchange(request) for request in requests]

    def _exchange(self, request: Term) -> Exchange:
        graph, response = self.graph, self.graph.one(request, f"{HT}resp")
        boolean, body = graph.text(response, f"{MF}expectedBoolean"), graph.one(response, f"{HT}body")
        return Exchange(
            method=graph.text(request, f"{HT}methodName"),
            path=graph.text(request, f"{HT}absolutePath"),
            headers=self._headers(request),
            body=self._body(graph.one(request, f"{HT}body")),
            statuses=tuple(node.value.rpartition("#")[2] for node in graph.all(response, f"{MF}expectedStatus")),
            boolean=None if boolean is None else boolean == "true",
            form=graph.text(response, f"{MF}expectedFormat"),
            location=graph.text(response, f"{MF}expectedLocation"),
            expected_headers=self._headers(response),
            expected_body=None if body is None else graph.text(body, f"{CNT}chars"),
        )

    def _headers(self, message: Term) -> tuple[tuple[str, str], ...]:
        nodes = self.graph.list(self.graph.one(message, f"{HT}headers"))
        return tuple(
            (self.graph.text(node, f"{HT}fieldName"), self.graph.text(node, f"{HT}fieldValue")) for node in nodes
        )

    def _body(self, node: Term | None) -> bytes:
        if node is None:
            return b""
        return self.graph.text(node, f"{CNT}chars").encode(self.graph.text(node, f"{CNT}characterEncoding"))


def manifest(path: str) -> Graph:
    return Graph(read_rdf(SUITE + path))


def included(path: str) -> list[str]:
    """The manifests that a manifest includes, as paths in the suite."""
    graph = manifest(path)
    lists = graph.all(ox.NamedNode(SUITE + path), f"{MF}include")
    return [node.value.removeprefix(SUITE) for head in lists for node in graph.list(head)]


def cases(*paths: str) -> list[Case]:
    """All entries of the manifests, in their order."""
    found = []
    for path in paths:
        graph = manifest(path)
        entries = graph.list(graph.one(ox.NamedNode(SUITE + path), f"{MF}entries"))
        found += [Case(path, entry, graph) for entry in entries]
    return found


def canonical(quads: Iterable[ox.Quad], *, exact: bool = False) -> tuple[str, ...]:
    """Numbers count by their value, unless `exact`: the engine writes 1.50 as 1.5, and so does what goes through it."""
    if not exact:
        store = ox.Store()
        store.extend(quads)
        quads = store
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return tuple(sorted(map(str, dataset)))


def of_graph(triples: Iterable[ox.Triple | ox.Quad]) -> Answer:
    return canonical(ox.Quad(item.subject, item.predicate, item.object) for item in triples)


def of_rows(rows: Iterable[Row], *, ordered: bool = False, exact: bool = False) -> Answer:
    """The same for two lists of solutions if they are the same multiset; or list, if the order counts."""
    quads = []
    for number, row in enumerate(rows):
        solution = ox.BlankNode()
        named = {**row, "": ox.Literal(str(number) if ordered else "")}
        quads += [ox.Quad(solution, ox.NamedNode(f"urn:variable:{name}"), value) for name, value in named.items()]
    return canonical(quads, exact=exact)


def of_results(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, *, ordered: bool = False, exact: bool = False
) -> Answer:
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if isinstance(results, ox.QueryTriples):
        return of_graph(results)
    names = [variable.value for variable in results.variables]
    rows = ({name: row[name] for name in names if row[name] is not None} for row in results)
    return of_rows(rows, ordered=ordered, exact=exact)


_RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_RELATIVE = re.compile(r"<uri>(?![A-Za-z][A-Za-z0-9+.-]*:)([^<]*)</uri>")


def expected(iri: str, *, ordered: bool = False, exact: bool = False) -> Answer:
    """What a file of the suite says the answer is."""
    path = path_of(iri)
    if path.suffix == ".csv":
        return of_csv(path.read_text(encoding="utf-8"))
    if path.suffix in _RESULTS:
        folder = iri.rpartition("/")[0]
        text = _RELATIVE.sub(rf"<uri>{folder}/\1</uri>", path.read_text(encoding="utf-8"))
        results = ox.parse_query_results(text, format=_RESULTS[path.suffix])
        return of_results(results, ordered=ordered, exact=exact)
    quads = list(read_rdf(iri))
    graph = Graph(quads)
    for node in graph.of_type(f"{RS}ResultSet"):
        boolean = graph.text(node, f"{RS}boolean")
        return _result_set(graph, node, ordered=ordered) if boolean is None else boolean == "true"
    return of_graph(quads)


def _result_set(graph: Graph, node: Term, *, ordered: bool) -> Answer:
    solutions = graph.all(node, f"{RS}solution")
    if ordered:
        solutions = sorted(solutions, key=lambda solution: int(graph.text(solution, f"{RS}index") or 0))
    rows = (
        {graph.text(b, f"{RS}variable"): graph.one(b, f"{RS}value") for b in graph.all(solution, f"{RS}binding")}
        for solution in solutions
    )
    return of_rows(rows, ordered=ordered)


def distinct(answer: tuple[str, ...]) -> set[frozenset[str]]:
    """The solutions of an answer without blank nodes in it, each once."""
    solutions: dict[str, set[str]] = {}
    for line in answer:
        node, _, rest = line.partition(" ")
        solutions.setdefault(node, set()).add(rest)
    return {frozenset(lines) for lines in solutions.values()}


def of_csv(text: str) -> Answer:
    """CSV tells nothing of a term but its text, and whether it is a blank node."""
    names, *lines = csv.reader(io.StringIO(text, newline=""))
    rows = ({name: _cell(cell) for name, cell in zip(names, line, strict=True)} for line in lines)
    return of_rows(rows)


def _cell(text: str) -> Term:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.Literal(text)
