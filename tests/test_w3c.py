"""The W3C's SPARQL test suites over HTTP against the running service, and beside it against the engine in process.

What the engine does not pass is listed with its reason; the service must pass all that the engine passes, and no more.
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
import w3c
from service_fixtures import BASE, make_snapshot, seal, serving

from service.app import ServiceConfig
from service.frames import GRAPH_TYPES, RESULT_TYPES

if not w3c.ROOT.is_dir():
    pytest.skip("the W3C's test suites are not beside the project", allow_module_level=True)

_PATH = "on data without the path's constant, the constant itself is not found, though it is zero steps from itself"
_GROUP_CONCAT = "GROUP_CONCAT of texts in one language keeps the language; SPARQL 1.1 gives a text without one"
_FUNCTION = "calls a function of its own making: 400 says that there is none of this name"
_SCOPE = "?g of GRAPH ?g is bound inside the group already, not only after it"
_REWRITTEN = "the engine stores numbers in canonical form: 1.0e6 is written 1000000 (data.nq keeps what was said)"
EXCUSED = {
    "sparql11/aggregates/agg-groupconcat-04": _GROUP_CONCAT,
    "sparql11/aggregates/agg-groupconcat-06": _GROUP_CONCAT,
    "sparql11/aggregates/agg-empty-group-count-graph": "a COUNT inside GRAPH ?g counts over all graphs at once",
    "sparql11/bindings/graph": "VALUES that bind ?g inside GRAPH ?g are not joined with the graph's name",
    "sparql11/functions/bnode01": "BNODE(text) gives one node in all solutions, not one in each",
    "sparql11/negation/graph-minus": "the pattern under MINUS inside GRAPH ?g is taken to share ?g with the other side",
    "sparql11/property-path/zero_or_more_set_start": _PATH,
    "sparql11/property-path/zero_or_more_set_end": _PATH,
    "sparql11/property-path/zero_or_one_set_start": _PATH,
    "sparql11/property-path/zero_or_one_set_end": _PATH,
    "sparql11/csv-tsv-res/csv03": _REWRITTEN,
    "sparql11/csv-tsv-res/tsv03": _REWRITTEN,
    "sparql11/syntax-query/test_4": _FUNCTION,
    "sparql10/open-world/open-eq-01": _REWRITTEN,
    "sparql10/open-world/date-2": "a date with and one without time zone are unequal, not incomparable",
    "sparql10/graph/graph-variable-scope": _SCOPE,
    "sparql10/graph/graph-optional": _SCOPE,
    "sparql10/expr-builtin/dawg-str-1": _REWRITTEN,
    "sparql10/expr-builtin/dawg-str-2": _REWRITTEN,
    "sparql10/expr-builtin/sameTerm-simple": _REWRITTEN,
    "sparql10/expr-builtin/sameTerm-eq": _REWRITTEN,
    "sparql10/expr-builtin/sameTerm-not-eq": _REWRITTEN,
    "sparql10/expr-builtin/case-insensitive-booleans": "true and false are read in lower case alone",
    "sparql10/expr-equals/eq-graph-1": _REWRITTEN,
    "sparql10/expr-equals/eq-graph-2": _REWRITTEN,
    "sparql10/distinct/distinct-1": _REWRITTEN,
    "sparql10/distinct/distinct-9": _REWRITTEN,
    "sparql10/syntax-sparql1/syntax-expr-05": _FUNCTION,
    "sparql10/syntax-sparql1/syntax-order-05": _FUNCTION,
    "sparql10/syntax-sparql1/syntax-order-06": _FUNCTION,
    "sparql10/syntax-sparql2/syntax-function-01": _FUNCTION,
    "sparql10/syntax-sparql2/syntax-function-02": _FUNCTION,
    "sparql10/syntax-sparql2/syntax-function-03": _FUNCTION,
    "sparql10/syntax-sparql2/syntax-function-04": _FUNCTION,
    "sparql10/syntax-sparql3/syn-bad-26": "?x<?a&&?b>?y is read as two comparisons, not as an IRI between variables",
}
# Suites of sparql11/manifest-all.ttl that nothing here runs.
NOT_OURS = {
    "entailment": "no entailment regime is offered: the service description names none",
    "service": "SERVICE is refused: no query sends requests to others (the refusal is tested for each below)",
    "syntax-fed": "SERVICE is refused: no query sends requests to others (the refusal is tested for each below)",
    **dict.fromkeys(
        [
            *("add", "basic-update", "clear", "copy", "delete-data", "delete-insert", "delete-where", "delete"),
            *("drop", "move", "syntax-update-1", "syntax-update-2", "update-silent"),
        ],
        "the dataset is read-only: SPARQL Update is refused",
    ),
}
QUERY = w3c.included("sparql11/manifest-sparql11-query.ttl")
RESULTS = w3c.included("sparql11/manifest-sparql11-results.ttl")
FEDERATED = ["sparql11/service/manifest.ttl", "sparql11/syntax-fed/manifest.ttl"]
PROTOCOL, DESCRIPTION, STORE = (
    f"sparql11/{name}/manifest.ttl" for name in ("protocol", "service-description", "graph-store-protocol")
)
DIRECT = {"Content-Type": "application/sparql-query"}
JSON, XML, CSV, TSV = [*RESULT_TYPES][:4]
_FORMATS = {JSON: ox.QueryResultsFormat.JSON, XML: ox.QueryResultsFormat.XML, TSV: ox.QueryResultsFormat.TSV}


def _of_type(paths: Iterable[str], *endings: str) -> list[w3c.Case]:
    return [case for case in w3c.cases(*paths) if any(ending in case.type for ending in endings)]


EVALUATION = _of_type([*QUERY, *w3c.included("sparql10/manifest-evaluation.ttl")], "QueryEvaluationTest")
FORMATS = w3c.cases(*RESULTS)
SYNTAX = _of_type([*QUERY, *w3c.included("sparql10/manifest-syntax.ttl")], "SyntaxTest")
PROTOCOL_CASES = w3c.cases(PROTOCOL)
each = pytest.mark.parametrize


@contextmanager
def service_on(folder: Path, quads: Iterable[ox.Quad]) -> Iterator[httpx.Client]:
    """A client of the service on a snapshot with these statements and no others."""
    make_snapshot(folder)
    store = ox.Store(next(folder.glob("snapshots/*/store")))
    store.clear()
    store.extend(quads)
    store.flush()
    del store
    seal(folder)
    with (
        serving(ServiceConfig(folder=folder, workers=1, query_seconds=20)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as http,
    ):
        yield http


def named(graph: str, file: str) -> list[ox.Quad]:
    return [ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph)) for quad in w3c.read_rdf(file)]


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The service on all data of the suites, each file in a graph of its own."""
    files = {file: file for case in (*EVALUATION, *FORMATS) for file in (*case.data, *case.named, *case.froms)}
    files |= {graph: file for case in PROTOCOL_CASES for graph, file in case.graph_data}
    with service_on(
        tmp_path_factory.mktemp("w3c"), [quad for graph in files for quad in named(graph, files[graph])]
    ) as client:
        yield client


def in_process(case: w3c.Case) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """What the engine itself answers on the case's data alone."""
    store = ox.Store()
    for file in case.data:
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in w3c.read_rdf(file))
    for file in {*case.named, *case.froms}:
        store.extend(named(file, file))
    return store.query(case.query, base_iri=case.query_iri)


def over_http(http: httpx.Client, case: w3c.Case, media_type: str) -> httpx.Response:
    """What the service answers; the protocol's dataset picks the case's data from those of all cases."""
    parameters = []
    if not case.froms:
        parameters += [("default-graph-uri", file) for file in case.data or [w3c.NOWHERE]]
        parameters += [("named-graph-uri", file) for file in case.named]
    text = f"BASE <{case.query_iri}>\n{case.query}"
    accept = {"Accept": media_type}
    # Each of the protocol's three ways has its share.
    match len(case.name) % 3:
        case 0:
            return http.get("/sparql", params=[("query", text), *parameters], headers=accept)
        case 1:
            body = "&".join(f"{name}={quote(value, safe='')}" for name, value in [("query", text), *parameters])
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return http.post("/sparql", content=body, headers={**accept, **form})
        case _:
            return http.post("/sparql", params=parameters, content=text.encode(), headers={**accept, **DIRECT})


def answer_of(response: httpx.Response, *, ordered: bool = False) -> w3c.Answer:
    assert response.status_code == 200, response.text
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type == CSV:
        return w3c.of_csv(response.text)
    if media_type in _FORMATS:
        return w3c.of_results(ox.parse_query_results(response.content, format=_FORMATS[media_type]), ordered=ordered)
    return w3c.of_graph(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))


def passes(case: w3c.Case, ask: Callable[[], w3c.Answer]) -> bool:
    try:
        answer = ask()
    except SyntaxError:
        return False
    expected = w3c.expected(case.result, ordered=case.ordered)
    if case.lax and not isinstance(answer, bool) and not isinstance(expected, bool):
        return w3c.distinct(answer) == w3c.distinct(expected)
    return answer == expected


@each("case", EVALUATION, ids=str)
def test_the_service_passes_what_the_engine_passes(http: httpx.Client, case: w3c.Case) -> None:
    expected = str(case) not in EXCUSED
    assert passes(case, lambda: w3c.of_results(in_process(case), ordered=case.ordered)) == expected
    for media_type in (f"{JSON}, application/n-triples", f"{XML}, text/turtle"):
        answer = over_http(http, case, media_type)
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 200:
            assert passes(case, lambda given=answer: answer_of(given, ordered=case.ordered)) == expected, media_type
        else:
            assert not expected


@each("case", FORMATS, ids=str)
def test_results_are_written_as_their_formats_say(http: httpx.Client, case: w3c.Case) -> None:
    media_type = {".csv": CSV, ".tsv": TSV, ".srj": JSON}[Path(case.result).suffix]
    expected = w3c.expected(case.result, ordered=case.ordered, exact=True)
    answer = over_http(http, case, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    if media_type == CSV:
        written = w3c.of_csv(answer.text)
        engine = w3c.of_csv((in_process(case).serialize(format=ox.QueryResultsFormat.CSV) or b"").decode())
    else:
        results = ox.parse_query_results(answer.content, format=_FORMATS[media_type])
        written = w3c.of_results(results, ordered=case.ordered, exact=True)
        engine = w3c.of_results(in_process(case), ordered=case.ordered, exact=True)
    assert (engine == expected) == (str(case) not in EXCUSED)
    assert (written == expected) == (engine == expected)


@each("case", SYNTAX, ids=str)
def test_what_is_sparql_is_answered_and_what_is_not_is_400(http: httpx.Client, case: w3c.Case) -> None:
    try:
        ox.Store().query(case.query, base_iri=case.query_iri)
        parsed = True
    except (SyntaxError, RuntimeError):  # not SPARQL; SPARQL with an unknown function
        parsed = False
    assert (parsed == case.type.startswith("Positive")) == (str(case) not in EXCUSED)
    answer = over_http(http, case, f"{JSON}, application/n-triples")
    assert answer.status_code == (200 if parsed else 400), answer.text
    if EXCUSED.get(str(case)) == _FUNCTION:
        assert "function" in answer.json()["detail"]


@each("case", _of_type(FEDERATED, "QueryEvaluationTest", "PositiveSyntaxTest"), ids=str)
def test_a_query_to_others_is_refused(http: httpx.Client, case: w3c.Case) -> None:
    answer = http.post("/sparql", content=case.query.encode(), headers=DIRECT)
    assert answer.status_code == 403
    assert "SERVICE" in answer.json()["detail"]


def send(http: httpx.Client, exchange: w3c.Exchange, mount: str, path: str) -> httpx.Response:
    url = exchange.path.replace(mount, path, 1)
    return http.request(exchange.method, url, headers=list(exchange.headers), content=exchange.body or None)


def has_status(answer: httpx.Response, expected: tuple[str, ...]) -> bool:
    codes = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
    return any(
        str(answer.status_code) == str(codes.get(name)) or name == f"StatusCode{answer.status_code // 100}xx"
        for name in expected
    )


def is_update(case: w3c.Case) -> bool:
    return case.name.startswith(("update_", "bad_update_", "bad_multiple_updates"))


_KINDS: dict[str | None, Callable[[str], bool]] = {
    "boolean": lambda name: name in (JSON, XML),
    "tabular": lambda name: name in RESULT_TYPES,
    "RDF": lambda name: name in GRAPH_TYPES,
}


@each("case", [case for case in PROTOCOL_CASES if not is_update(case)], ids=str)
def test_queries_go_as_the_protocol_says(http: httpx.Client, case: w3c.Case) -> None:
    assert case.exchanges
    for exchange in case.exchanges:
        answer = send(http, exchange, "/sparql/", "/sparql")
        assert has_status(answer, exchange.statuses), answer.text
        if exchange.boolean is not None:
            assert answer.json()["boolean"] is exchange.boolean
        if exchange.form:
            assert _KINDS[exchange.form](answer.headers["content-type"].partition(";")[0])
        if answer.status_code >= 400:
            assert answer.json()["status"] == answer.status_code


@each("case", [case for case in PROTOCOL_CASES if is_update(case)], ids=str)
def test_updates_are_refused_with_a_reason(http: httpx.Client, case: w3c.Case) -> None:
    updates = [exchange for exchange in case.exchanges if b"ASK" not in exchange.body]
    assert updates
    for exchange in updates:
        answer = send(http, exchange, "/sparql/", "/sparql")
        assert answer.headers["content-type"] == "application/problem+json"
        types = [value.partition(";")[0] for name, value in exchange.headers if name == "content-type"]
        if exchange.method == "POST" and types in ([], ["text/plain"]):
            assert answer.status_code == 415
        else:
            assert answer.status_code == 403
            assert "read-only" in answer.json()["detail"]


def test_the_protocol_suite_has_twenty_query_and_fourteen_update_tests() -> None:
    assert (sum(not is_update(case) for case in PROTOCOL_CASES), sum(map(is_update, PROTOCOL_CASES))) == (20, 14)


SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Property → class of its subject, class of its object (https://www.w3.org/TR/sparql11-service-description/).
_SCHEMA = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
_CLASSES = {domain for domain, _ in _SCHEMA.values()} | {kind for _, kind in _SCHEMA.values() if kind}
_INSTANCES = {
    "SPARQL10Query": "Language",
    "SPARQL11Query": "Language",
    "SPARQL11Update": "Language",
    "DereferencesURIs": "Feature",
    "UnionDefaultGraph": "Feature",
    "RequiresDataset": "Feature",
    "EmptyGraphs": "Feature",
    "BasicFederatedQuery": "Feature",
}


def service_description(http: httpx.Client) -> list[ox.Triple]:
    answer = http.get("/sparql")
    assert answer.status_code == 200
    media_type = answer.headers["content-type"].partition(";")[0]
    return [quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))]


@each("case", w3c.cases(DESCRIPTION), ids=str)
def test_the_service_describes_itself(http: httpx.Client, case: w3c.Case) -> None:
    triples = service_description(http)
    assert triples
    match case.name:
        case "returns-rdf":
            pass  # it was parsed as what its type says
        case "has-endpoint-triple":
            endpoints = {triple.object.value for triple in triples if triple.predicate.value == f"{SD}endpoint"}
            assert endpoints == {f"{BASE}sparql"}
        case "conforms-to-schema":
            _check_schema(triples)
        case other:
            pytest.fail(f"nothing here tests {other}")


def _check_schema(triples: list[ox.Triple]) -> None:
    kinds = {(triple.subject, triple.object.value) for triple in triples if triple.predicate.value == _TYPE}
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(SD):
                assert term.value.removeprefix(SD) in {*_SCHEMA, *_CLASSES, *_INSTANCES}
        if triple.predicate.value.startswith(SD):
            domain, kind = _SCHEMA[triple.predicate.value.removeprefix(SD)]
            # A dataset is a collection of graphs.
            domains = {domain, "Dataset"} if domain == "GraphCollection" else {domain}
            assert any((triple.subject, SD + name) in kinds for name in domains)
            if kind in ("Language", "Feature") and triple.object.value.startswith(SD):
                assert _INSTANCES[triple.object.value.removeprefix(SD)] == kind
            elif kind:
                assert (triple.object, SD + kind) in kinds


class Store:
    """What the writes of a Graph Store test have put where: a stand-in for a service that can be written to."""

    def __init__(self) -> None:
        self.graphs: dict[str, list[ox.Triple]] = {}

    def write(self, exchange: w3c.Exchange) -> None:
        graph = self.graph_of(exchange)
        if exchange.method == "DELETE":
            self.graphs.pop(graph, None)
            return
        before = self.graphs.get(graph, []) if exchange.method == "POST" else []
        self.graphs[graph] = [*before, *_triples(exchange)]

    def graph_of(self, exchange: w3c.Exchange) -> str:
        asked = parse_qs(urlsplit(exchange.path).query, keep_blank_values=True)
        return asked["graph"][0] if "graph" in asked else f"{BASE}the-default-or-the-new-graph"

    def quads(self) -> list[ox.Quad]:
        return [
            ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))
            for graph, triples in self.graphs.items()
            for triple in triples
        ]


def _triples(exchange: w3c.Exchange) -> list[ox.Triple]:
    media_type = next(value for name, value in exchange.headers if name == "content-type")
    bodies = [exchange.body]
    if media_type.startswith("multipart/"):
        message = email.message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + exchange.body)
        bodies = [bytes(part.get_payload(decode=True)) for part in message.get_payload()]
    return [quad.triple for body in bodies for quad in _turtle(body)]


def _turtle(body: bytes | str) -> Iterator[ox.Quad]:
    return ox.parse(body, format=ox.RdfFormat.TURTLE, base_iri="http://www.example/gsp", rename_blank_nodes=True)


@each("case", w3c.cases("sparql11/graph-store-protocol/manifest-indirect.ttl"), ids=str)
def test_graphs_are_read_as_the_graph_store_protocol_says(http: httpx.Client, tmp_path: Path, case: w3c.Case) -> None:
    store, reads = Store(), 0
    for exchange in case.exchanges:
        path = exchange.path.replace("$LOCATION$", f"{BASE}the-default-or-the-new-graph")
        url = path.replace("/gsp", "/graph-store", 1)
        if exchange.method in ("GET", "HEAD"):
            reads += 1
            with service_on(tmp_path / str(reads), store.quads()) as service:
                _check_read(service.request(exchange.method, url, headers=list(exchange.headers)), exchange)
        else:
            answer = http.request(exchange.method, url, headers=list(exchange.headers), content=exchange.body)
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
            store.write(exchange)
    assert reads


def _check_read(answer: httpx.Response, exchange: w3c.Exchange) -> None:
    assert has_status(answer, exchange.statuses), answer.text
    for name, value in exchange.expected_headers:
        assert answer.headers[name] == value
    if exchange.expected_body is not None:
        assert answer_of(answer) == w3c.of_graph(_turtle(exchange.expected_body))
    if exchange.method == "HEAD":
        assert answer.content == b""


def test_every_suite_is_run_or_named_with_the_reason_why_not() -> None:
    suites = {path.split("/")[1] for path in w3c.included("sparql11/manifest-all.ttl")}
    run = {path.split("/")[1] for path in (*QUERY, *RESULTS, PROTOCOL, DESCRIPTION, STORE)}
    assert suites == run | set(NOT_OURS)
    assert not run & set(NOT_OURS)


def test_every_excuse_is_of_a_test_that_there_is() -> None:
    assert set(EXCUSED) <= {str(case) for case in (*EVALUATION, *FORMATS, *SYNTAX)}
