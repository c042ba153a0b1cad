"""What is told of one thing: one query, one value.

A description holds the statements about the thing; about its parts, one useful level down (sending, receiving,
parties, footnotes, citations); the inferences about it or its parts, with the passages and the words that they rest
on; type and label of all that these point to; and what points at the thing, counted, `PAGE_SIZE` at a time.
docs/decisions/0002 and 0003 draw the model, 0009 says why it is told like this.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from kg.iris import Iris
from kg.snapshot import Snapshot
from kg.vocabulary import DCTERMS, DGM, PREFIXES, RDF, RDFS, VOID, XSD
from service import frames
from service.kept import Kept, footprint
from service.lines import Collected, Lines, Said, Term, by_property, each, node, pointing, quads, term_of, text_of
from service.ownstatements import LABELS, OwnLink, OwnSources, OwnStatements
from service.queries import Query, WorkerPool
from service.representations import natural

PAGE_SIZE: Final = 500
WINDOW: Final = 2 * PAGE_SIZE
"""What points at a thing is read and put in order this many at a time: a thing that more point at is in order within
each window, and every page costs the same."""
MAX_PAGE: Final = 100_000
CACHED_BYTES: Final = 16 << 20
# Beside its text, about: of a statement two texts, a pair and a place in a list; of a subject a text, a list and a
# place in a table; of a link two texts, a pair and a place in a set.
_STATEMENT_BYTES: Final = 140
_SUBJECT_BYTES: Final = 250
_LINK_BYTES: Final = 240
_JSON: Final = "application/sparql-results+json"
assert _JSON in frames.RESULT_TYPES  # noqa: S101 - two modules, one name

_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:(?:[^\x00-\x20<>"{}|\\^`\x7f%]|%[0-9A-Fa-f]{2})*')
_LABELS = ", ".join(f"<{iri}>" for iri in LABELS)
_EVENTS = "dgm:sending|dgm:receiving|dgm:holding"
_PARTIES = "dgm:sender|dgm:recipient|dgm:participant|(dgm:sending/dgm:sender)|(dgm:receiving/dgm:recipient)"
PARTS: Final = f"{_EVENTS}|{_PARTIES}|dgm:signature|dgm:citation|dgm:mention"

# What is told in full (?n): the thing, its parts, inferences about them, the passages of these.
_FULL = f"""
  {{ VALUES ?n {{ <$thing> }} }}
  UNION {{ <$thing> {PARTS}|dgm:footnote|dgm:enclosure|dgm:pageBreak ?n }}
  UNION {{ <$thing> dgm:passage|oa:hasSelector|(dgm:passage/oa:hasSelector) ?n }}
  UNION {{ <$thing> ^rdf:subject/(dgm:passage/oa:hasSelector?)? ?n }}
  UNION {{ <$thing> ({PARTS})/^rdf:subject/(dgm:passage/oa:hasSelector?)? ?n }}
"""
# Each branch gives statements (?s ?p ?o) of a graph ?g and what they are for (?role).  What points at the thing comes
# one row a link, so that no more is fetched than is shown; the engine would take ten times as long to sort it as we
# do.  LATERAL is the engine's own: what is left of it binds what is right of it, row by row, so that nothing is ever
# scanned.  https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md
_QUERY = """
SELECT * WHERE {
  { BIND("full" AS ?role)
    { SELECT DISTINCT (?n AS ?s) { $full } } LATERAL { GRAPH ?g { ?s ?p ?o } } }
  UNION { BIND("label" AS ?role)
    { SELECT DISTINCT ?s { { SELECT DISTINCT ?n { $full } } LATERAL { ?n ?link ?s FILTER(isIRI(?s)) } } }
    LATERAL { GRAPH ?g { ?s ?p ?o FILTER(?p IN ($labels)) } } }
  $links
  UNION { BIND("graph" AS ?role) { SELECT ?s { GRAPH <$thing> { ?s ?any ?thing } } LIMIT 1 } }
}
"""
_LINKS = """
  UNION { BIND("incoming" AS ?role)
    { SELECT ?g ?s ?p { GRAPH ?g { ?s ?p <$thing> FILTER(?p != rdf:subject $elsewhere) } } LIMIT $limit OFFSET $offset }
    LATERAL {
      OPTIONAL { GRAPH ?g1 { ?s a ?kind } } OPTIONAL { GRAPH ?g2 { ?s rdfs:label ?name } }
      OPTIONAL { GRAPH ?g3 { ?s dgm:order ?place } } OPTIONAL { GRAPH ?g4 { ?s dcterms:identifier ?key } } } }
  UNION { BIND("count" AS ?role)
    { SELECT ?p (COUNT(*) AS ?o) { ?subject ?p <$thing> FILTER(?p != rdf:subject) } GROUP BY ?p } }
"""
# The same where what the document's own source says is at hand: it leads to $outside, and links of the document's own
# parts are known.
_ELSEWHERE = """&& !REGEX(STR(?s), "$part")"""
_OUTSIDE = """
SELECT * WHERE {
  { BIND("label" AS ?role) VALUES ?s { $outside } LATERAL { GRAPH ?g { ?s ?p ?o FILTER(?p IN ($labels)) } } }
  $links
}
"""
# Variable and graph of what an incoming row says of its subject, and the property.
_SAID = (
    ("kind", "g1", ox.NamedNode(RDF.type)),
    ("name", "g2", ox.NamedNode(RDFS.label)),
    ("place", "g3", ox.NamedNode(DGM.order)),
    ("key", "g4", ox.NamedNode(DCTERMS.identifier)),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of one type point at the thing through one property.

    `type` is None for things of no type, and where so many point at the thing that types are not counted.
    """

    predicate: str
    type: str | None
    number: int


@dataclass(slots=True)
class Description:
    """All that one page says.  Empty if the dataset says nothing of the thing and nothing points at it.

    `told` are the statements, each in the graph that makes it; what several parts of it tell counts once.  What is
    looked up in them is remembered by this value alone, for the time that a page is made of it.
    """

    iri: str
    page: int = 1
    told: tuple[Lines, ...] = ()
    incoming: set[tuple[str, str]] = field(default_factory=set)
    """(predicate, subject)"""
    counts: list[Count] = field(default_factory=list)
    incoming_total: int = 0
    names_graph: bool = False
    """Whether statements are made in a graph of this name."""
    _said: dict[str, dict[bytes, list[bytes]]] = field(default_factory=dict)
    _values: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _pointing: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.told)

    @property
    def size(self) -> int:
        """Bytes of memory that the statements take, about."""
        size = sum(_LINK_BYTES + len(predicate) + len(subject) for predicate, subject in self.incoming)
        for lines in self.told:
            for subject, said in lines.items():
                size += _SUBJECT_BYTES + len(subject)
                size += sum(_STATEMENT_BYTES + len(predicate) + len(rest) for predicate, rest in said)
        return size

    def quads(self) -> list[ox.Quad]:
        """The statements as terms of the engine, made anew."""
        return quads(self.told)

    @property
    def last_page(self) -> int:
        return max(1, -(-self.incoming_total // PAGE_SIZE))

    def with_more(self, *more: Lines) -> Description:
        """This and more statements; this stays as it is, and remembers no look-up of the other's."""
        return replace(self, told=(*self.told, *more), _said={}, _values={}, _pointing={})

    def _of(self, subject: str) -> dict[bytes, list[bytes]]:
        if subject not in self._said:
            self._said[subject] = by_property(self.told, node(subject))
        return self._said[subject]

    def properties(self, subject: str) -> list[str]:
        return list(map(text_of, self._of(subject)))

    def terms(self, subject: str, predicate: str) -> list[Term]:
        return list(map(term_of, each(self._of(subject).get(node(predicate), ()))))

    def values(self, subject: str, predicate: str) -> Sequence[str]:
        """Lexical forms and IRIs."""
        key = subject, predicate
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = list(map(text_of, each(self._of(subject).get(node(predicate), ()))))
        return found

    def value(self, subject: str, predicate: str) -> str | None:
        found = self.values(subject, predicate)
        return found[0] if found else None

    def types(self, subject: str) -> Sequence[str]:
        return self.values(subject, RDF.type)

    def described(self, kind: str) -> list[str]:
        """All things of a type."""
        return self.subjects(RDF.type, kind)

    def subjects(self, predicate: str, iri: str) -> list[str]:
        """What points at a thing through a property."""
        key = predicate, iri
        if key not in self._pointing:
            self._pointing[key] = list(map(text_of, pointing(self.told, node(predicate), node(iri))))
        return self._pointing[key]

    def label(self, subject: str) -> str | None:
        """Title, label, or identifier, whichever comes first."""
        for predicate in (DCTERMS.title, RDFS.label, _SKOS_LABEL, DGM.pageNumber, DCTERMS.identifier):
            if found := self.value(subject, predicate):
                return found
        return None


_SKOS_LABEL = PREFIXES["skos"] + "prefLabel"


def is_iri(text: str) -> bool:
    """An absolute IRI that may stand between < and >."""
    return _IRI.fullmatch(text) is not None


class Source(Protocol):
    """Where descriptions come from: answers a query of ours with SPARQL results in JSON."""

    async def results(self, text: str) -> bytes:
        """Raises QueryError."""
        ...


@dataclass(frozen=True, slots=True)
class Lookups:
    """A source behind worker processes, as pages use it."""

    pool: WorkerPool

    async def results(self, text: str) -> bytes:
        answer = await self.pool.ask(Query(text=text, results=_JSON, graph=None))
        return await answer.read()


class InMemory:
    """A source of a few statements that stand in a file beside the data."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._store = ox.Store()
        self._store.extend(quads)

    async def results(self, text: str) -> bytes:
        answer = self._store.query(text, use_default_graph_as_union=True)
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - all queries here are SELECT
        return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


class Descriptions:
    """Descriptions of one snapshot.  Those asked for last are kept: five formats of one page are one query.

    What a document's own source says is read from its download, and labels of what many point to are kept, so that
    the query is a small one.  What the data do not tell, the validation report may, which stands beside them; and a
    graph of which nothing is said is told by what the manifest knows of it.
    """

    def __init__(self, source: Source, snapshot: Snapshot, kept: int = CACHED_BYTES) -> None:
        self.source = source
        self._snapshot = snapshot
        self._report: Source | None = None
        self.own = OwnSources(snapshot)
        self._kept = Kept[Description](kept - kept // 4)
        self._labels = Kept[tuple[Said, ...]](kept // 4)

    @property
    def kept_bytes(self) -> int:
        """What they take of memory."""
        return self._kept.size + self._labels.size

    async def get(self, iri: str, page: int = 1) -> Description:
        """One query at most.  Empty for what is no IRI.  Raises QueryError."""
        if not is_iri(iri):
            return Description(iri, page)
        if found := self._kept.get((iri, page)):
            return found.with_more()
        if own := await run_in_threadpool(self.own.of, iri):
            description = await self._with_own(iri, page, own)
        else:
            description, _ = read(iri, page, await self.source.results(_text(iri, page)))
        if not description:
            description = await self._beside(description)
        if description:
            # What pages look up in it would make it twice as large while it is kept.
            self._kept.keep((iri, page), description.with_more(), description.size)
        return description

    async def _with_own(self, iri: str, page: int, own: OwnStatements) -> Description:
        known = {thing: self._labels.get(thing) for thing in own.outside}
        unknown = [thing for thing, said in known.items() if said is None]
        told = own.lines, {node(thing): said for thing, said in known.items() if said}
        description, labels = read(iri, page, await self.source.results(_text_beside(iri, own, unknown)), told, own)
        if description.incoming_total > WINDOW:
            # Pages of links are windows of the store's own order, in which the document's own stand among the others.
            description, labels = read(iri, page, await self.source.results(_text(iri, page, unknown)), told)
        for thing in unknown:
            said = labels.get(node(thing), ())
            self._labels.keep(thing, tuple(said), footprint(tuple(said)))
        return description

    async def _beside(self, empty: Description) -> Description:
        if empty.names_graph:
            return self._graph(empty)
        if self._report is None:
            self._report = report_of(self._snapshot)
        told, _ = read(empty.iri, empty.page, await self._report.results(_text(empty.iri, empty.page)))
        return self._graph(told) if told.names_graph and not told else told

    def _graph(self, description: Description) -> Description:
        """A graph that was loaded as it is."""
        entry = next((entry for entry in self._snapshot.manifest.sources if entry.graph == description.iri), None)
        name = entry.name if entry else description.iri.rpartition("/")[2]
        graph = ox.NamedNode(description.iri)
        said = Collected()
        said.add(ox.Quad(graph, ox.NamedNode(RDF.type), ox.NamedNode(VOID.Dataset)))
        said.add(ox.Quad(graph, ox.NamedNode(RDFS.label), ox.Literal(f"Statements from {name}")))
        if entry:
            count = ox.Literal(str(entry.statements), datatype=ox.NamedNode(XSD.integer))
            said.add(ox.Quad(graph, ox.NamedNode(VOID.iri + "triples"), count))
        return description.with_more(said)


def report_of(snapshot: Snapshot) -> Source:
    """The validation report as a source; its statements stand in the graph that is named for it."""
    graph = ox.NamedNode(Iris(snapshot.manifest.base_iri).graph("validation"))
    parsed = ox.parse(path=snapshot.report, format=ox.RdfFormat.TURTLE)
    return InMemory(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed)


def _text_beside(iri: str, own: OwnStatements, outside: Iterable[str]) -> str:
    """The query for labels `outside` of what the own source says, and for links of other things than its parts."""
    pattern = f"^{own.part}(/|$)".replace("\\", "\\\\").replace('"', '\\"')
    return _text(iri, 1, outside, _ELSEWHERE.replace("$part", pattern))


def _text(iri: str, page: int, outside: Iterable[str] | None = None, elsewhere: str = "") -> str:
    """The whole query; or, if what the own source says is at hand, that for labels `outside` of it and for links."""
    offset = (page - 1) * PAGE_SIZE // WINDOW * WINDOW
    query = _QUERY if outside is None else _OUTSIDE.replace("$outside", " ".join(f"<{thing}>" for thing in outside))
    body = query.replace("$links", _LINKS).replace("$full", _FULL).replace("$labels", _LABELS)
    body = (
        body.replace("$elsewhere", elsewhere)
        .replace("$limit", str(WINDOW))
        .replace("$offset", str(offset))
        .replace("$thing", iri)
    )
    return _PROLOGUE + body


_PROLOGUE = "".join(f"PREFIX {name}: <{value}> " for name, value in PREFIXES.items())

Row = ox.QuerySolution


def solutions(body: bytes) -> ox.QuerySolutions:
    """The rows of an answer in JSON."""
    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - all queries here are SELECT
    return found


@dataclass(frozen=True, slots=True)
class _Link:
    """A thing that points here: its first type in order of the alphabet, what it is put in order by, what is said."""

    kind: str
    order: int
    rows: list[Row] | None
    own: OwnLink | None = None


def read(
    iri: str, page: int, body: bytes, known: tuple[Lines, ...] = (), own: OwnStatements | None = None
) -> tuple[Description, Lines]:
    """The description that an answer to our query tells, with what is known without it; and the labels that it told.

    `own` tells links, too.
    """
    full, labels, names_graph = Collected(), Collected(), False
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    totals = Counter[str]()
    for row in solutions(body):
        role = row["role"].value
        if role == "incoming":
            rows[row["p"].value, _value(row["s"])].append(row)
        elif role == "count":
            if row["p"] is not None:
                totals[row["p"].value] = int(row["o"].value)
        elif role == "graph":
            names_graph = True
        else:
            (labels if role == "label" else full).add(ox.Quad(row["s"], row["p"], row["o"], row["g"]))
    links = {link: _link(found) for link, found in rows.items()}
    links |= {
        (link.predicate, link.subject[1:-1].decode()): _Link(link.kind, number_of(link.order), None, link)
        for link in (own.links if own else ())
    }
    shown = _page(links, (page - 1) * PAGE_SIZE % WINDOW)
    description = Description(
        iri,
        page,
        tuple(filter(None, (*known, full, labels, _linked(iri, links, shown)))),
        incoming=set(shown),
        counts=_counts(links, totals),
        incoming_total=totals.total(),
        names_graph=names_graph,
    )
    return description, labels


def _link(rows: list[Row]) -> _Link:
    kinds = {row["kind"].value if row["kind"] is not None else "" for row in rows}
    order = rows[0]["place"]
    return _Link(min(kinds), number_of(order.value if order is not None else None), rows)


def _counts(links: Mapping[tuple[str, str], _Link], totals: Mapping[str, int]) -> list[Count]:
    """By property and type if all links are at hand, else by property."""
    if sum(totals.values()) > len(links):
        return [Count(predicate, None, number) for predicate, number in sorted(totals.items())]
    found = Counter((predicate, link.kind) for (predicate, _), link in links.items())
    return [Count(predicate, kind or None, number) for (predicate, kind), number in sorted(found.items())]


def _page(links: Mapping[tuple[str, str], _Link], start: int) -> list[tuple[str, str]]:
    """A page of links: by property, by type, by dgm:order, then in order of the IRI."""

    def place(link: tuple[str, str]) -> tuple[object, ...]:
        return link[0], links[link].kind, links[link].order, natural(link[1])

    return sorted(links, key=place)[start : start + PAGE_SIZE]


def _linked(iri: str, links: Mapping[tuple[str, str], _Link], shown: Iterable[tuple[str, str]]) -> Lines:
    """What is said of those that are shown."""
    found, thing = Collected(), ox.NamedNode(iri)
    for pair in shown:
        link = links[pair]
        if link.own:
            found.setdefault(link.own.subject, []).extend(link.own.said)
        for row in link.rows or ():
            found.add(ox.Quad(row["s"], ox.NamedNode(pair[0]), thing, row["g"]))
            for variable, graph, said in _SAID:
                if (value := row[variable]) is not None:
                    found.add(ox.Quad(row["s"], said, value, row[graph]))
    return found


def _value(subject: ox.NamedNode | ox.BlankNode) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else str(subject)


def in_order(subjects: Iterable[str], description: Description) -> list[str]:
    """By dgm:order where there is one, then as they come."""
    return sorted(subjects, key=lambda subject: number_of(description.value(subject, DGM.order)))


def number_of(order: str | None) -> int:
    """A dgm:order as a number; 0 where there is none, or what is none."""
    return int(order[:18]) if order and order.isascii() and order.isdigit() else 0
