"""Any RDF into a snapshot, as it is but for blank nodes, which get IRIs.

Labels come from RDF Dataset Canonicalization, so that the same file gives the same IRIs.  No remote context
or import is ever fetched.  https://www.w3.org/TR/rdf11-concepts/#section-skolemization
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import validation
from kg.build import Built, publish_outcome
from kg.errors import InvalidDocument, NotWellFormed, SourceError, UnknownFormat, UnreadableSource, UnsafeXML
from kg.iris import Iris
from kg.jobs import Outcome
from kg.publish import Publication
from kg.snapshot import SourceEntry
from kg.statements import in_order
from kg.vocabulary import DGM

SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


# RDF is loaded in memory.
MAX_BYTES: Final = 1 << 30
# The engine's parsers are recursive here and there, or take the square of the depth; real data nest a few levels.
MAX_DEPTH: Final = 500
_LONGEST_ENTITY: Final = 500
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?:%\s+)?([^\s>]+)\s+(\"[^\"]*\"|'[^']*'|[A-Z]+)")
_TAG: Final = re.compile(rb"</?[A-Za-z_][^<>]*>")
_TRIPLE_TERM: Final = re.compile(rb"<<|>>")


def pair_graphs(items: Sequence[str]) -> list[tuple[Path, str | None]]:
    """(file, graph) of a command line where `--graph IRI` holds for the files after it.

    Raises ValueError for an option that is none of ours, a --graph without an IRI, or no file at all.
    """
    pairs: list[tuple[Path, str | None]] = []
    graph: str | None = None
    rest = iter(items)
    for item in rest:
        if item == "--graph" or item.startswith("--graph="):
            graph = item.partition("=")[2] or next(rest, "")
            try:
                ox.NamedNode(graph)
            except ValueError as error:
                raise ValueError(f"--graph {graph!r}: expected an absolute IRI") from error
        elif item.startswith("-"):
            raise ValueError(f"no such option: {item}")
        else:
            pairs.append((Path(item), graph))
    if not pairs:
        raise ValueError("name at least one RDF file")
    return pairs


def load(pairs: Iterable[tuple[Path, str | None]], out: Path, base_iri: str) -> Built:
    """Publish files as a snapshot; what is wrong with a file is in `Built.errors`.

    Raises PublishError if the disk refuses, ValueError for a base IRI that is none.
    """
    iris, outcome = Iris(base_iri), Outcome()
    with Publication(out, iris) as publication:
        for number, (path, graph) in enumerate(pairs):
            try:
                _load_file(iris, path, graph or iris.graph(path.name), publication.part(number), outcome)
            except SourceError as error:
                outcome.leave_out(error)
        return publish_outcome(publication, iris, outcome)


def _load_file(iris: Iris, path: Path, graph: str, part: Path, outcome: Outcome) -> None:
    lines, digest, size = read_rdf(iris, path, graph)
    results = check_lines(lines)
    if results:
        outcome.results += results
        raise InvalidDocument(
            f"{len(results)} violations, the first: {results[0].message} at {results[0].focus}",
            file=path,
            advice="`dragoman validate FILE` lists them",
        )
    entry = SourceEntry(
        name=path.name,
        graph=graph,
        sha256=digest,
        bytes=size,
        volume=None,
        format=SUFFIXES[path.suffix].media_type,
        read=0,
        published=0,
        statements=len(lines),
    )
    outcome.add(entry, part, [line for line in lines if _graph(line) == graph])
    for other in sorted({_graph(line) for line in lines} - {graph}):
        outcome.add_graph(other, part, [line for line in lines if _graph(line) == other])


def _graph(line: str) -> str:
    return line[line.rindex(" <") + 2 : -4]


def check_lines(lines: Sequence[str], validator: validation.Validator = validation.validate) -> list[validation.Result]:
    """Validate, unless nothing there is ours: the shapes are for our terms and their provenance."""
    return validator(lines) if any(DGM.iri in line for line in lines) else []


def read_rdf(iris: Iris, path: Path, graph: str) -> tuple[list[str], str, int]:
    """A file's statements as N-Quads in the order of data.nq, its SHA-256 and size.  Raises SourceError."""
    if path.suffix not in SUFFIXES:
        raise UnknownFormat("unknown suffix", file=path, advice=f"give one of {' '.join(SUFFIXES)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"cannot be read ({error.strerror})", file=path, advice="check the path") from error
    digest = hashlib.sha256(content).hexdigest()
    _refuse_bombs(path, content)
    try:
        quads = list(ox.parse(content, format=SUFFIXES[path.suffix], base_iri=graph, rename_blank_nodes=False))
    except SyntaxError as error:
        raise NotWellFormed(
            f"not valid RDF ({error.msg})", file=path, line=error.lineno, advice="mend the file"
        ) from error
    if any(isinstance(quad.object, ox.Triple) for quad in quads):
        fact, advice = "it has triple terms of RDF 1.2, which JSON-LD and RDF/XML cannot say", "give RDF 1.1"
        raise InvalidDocument(fact, file=path, advice=advice)
    named = _without_blank_nodes(iris, quads, digest)
    placed = (_placed(quad, ox.NamedNode(graph)) for quad in named)
    text = io.BytesIO()
    ox.serialize(placed, text, format=ox.RdfFormat.N_QUADS)
    lines = (line.decode() for line in text.getvalue().splitlines(keepends=True))
    return in_order(lines, iris.part_of_document()), digest, len(content)


def _refuse_bombs(path: Path, content: bytes) -> None:
    """What the engine's parsers follow as deep, or expand as far, as it goes.  Raises UnsafeXML or InvalidDocument."""
    advice = "flatten it"
    if len(content) > MAX_BYTES:
        raise UnreadableSource(f"more than {MAX_BYTES >> 20} MB", file=path, advice="split it")
    if SUFFIXES[path.suffix] == ox.RdfFormat.RDF_XML:
        for name, value in _ENTITY.findall(content):
            if b"&" in value or len(value) > _LONGEST_ENTITY:
                fact = f"the entity {name.decode(errors='replace')[:40]} stands for other entities or for a long text"
                raise UnsafeXML(fact, file=path, advice="write it out")
        if _deepest(_TAG, content, b"</", b"/>") > MAX_DEPTH:
            raise InvalidDocument(f"elements are nested more than {MAX_DEPTH} deep", file=path, advice=advice)
    elif _deepest(_TRIPLE_TERM, content, b">>", None) > MAX_DEPTH:
        raise InvalidDocument(f"triple terms are nested more than {MAX_DEPTH} deep", file=path, advice=advice)


def _deepest(tokens: re.Pattern[bytes], content: bytes, closing: bytes, empty: bytes | None) -> int:
    """How deep tokens are nested; those that begin with `closing` close one, those that end with `empty` open none."""
    depth = deepest = 0
    for token in tokens.finditer(content):
        text = token[0]
        if text.startswith(closing):
            depth = max(0, depth - 1)
        elif empty is None or not text.endswith(empty):
            deepest = max(deepest, depth := depth + 1)
    return deepest


def _placed(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    return quad


def _without_blank_nodes(iris: Iris, quads: list[ox.Quad], digest: str) -> Iterable[ox.Quad]:
    if not any(isinstance(term, ox.BlankNode) for quad in quads for term in quad):
        return quads
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def named(term: ox.NamedNode | ox.BlankNode) -> ox.NamedNode:
        return ox.NamedNode(iris.thing("node", digest[:16], term.value)) if isinstance(term, ox.BlankNode) else term

    return [
        ox.Quad(
            named(quad.subject),
            quad.predicate,
            named(quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object,
            named(quad.graph_name) if isinstance(quad.graph_name, ox.BlankNode) else quad.graph_name,
        )
        for quad in dataset
    ]
