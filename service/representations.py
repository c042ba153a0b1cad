"""Triples → Turtle, N-Triples, RDF/XML, JSON-LD, the same bytes each time.

Triples are sorted before they are written: the described thing first, then by subject; types and labels before
other predicates.  Turtle names only the prefixes it uses.  JSON-LD is one tree: what the described thing points
to stands inside it, the rest under `@included` (JSON-LD 1.1, 4.13), compacted with our published context, which
is bundled: nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg.vocabulary import PREFIXES, RDF, RDFS

TURTLE: Final = "text/turtle"
N_TRIPLES: Final = "application/n-triples"
JSON_LD: Final = "application/ld+json"
RDF_XML: Final = "application/rdf+xml"
HTML: Final = "text/html"

# Media type → suffix of the URL, in the server's order of preference.
SUFFIXES: Final = {TURTLE: ".ttl", N_TRIPLES: ".nt", JSON_LD: ".jsonld", RDF_XML: ".rdf", HTML: ".html"}
RDF_TYPES: Final = tuple(media_type for media_type in SUFFIXES if media_type != HTML)
# Those who ask for plain JSON get JSON-LD, whose @context is a URL (JSON-LD 1.1, 6.1).
OFFERS: Final = (*SUFFIXES, "application/json")
NAMES: Final = {TURTLE: "Turtle", N_TRIPLES: "N-Triples", JSON_LD: "JSON-LD", RDF_XML: "RDF/XML", HTML: "HTML"}

_FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RDF_XML: ox.RdfFormat.RDF_XML,
    JSON_LD: ox.RdfFormat.JSON_LD,
}
# What the service says of itself takes one vocabulary more than the data.
_PREFIXES = {**PREFIXES, "sd": "http://www.w3.org/ns/sparql-service-description#"}
_TYPE, _LABEL = RDF.type, RDFS.label
_DIGITS = re.compile(r"(\d+)")
_SHORTHAND = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "boolean", "decimal", "double")}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True)
class Context:
    """A JSON-LD context: `url` is what documents name, `document` what stands there."""

    url: str
    document: dict[str, Any]


def natural(text: str) -> tuple[str | tuple[int, str], ...]:
    """A sort key that puts d9 before d10."""
    parts = _DIGITS.split(text)
    return tuple((int(part[:400]), part) if index % 2 else part for index, part in enumerate(parts))


def ordered(triples: Iterable[ox.Triple], about: str | None = None) -> list[ox.Triple]:
    """Each triple once: the described thing first, then by subject, predicate and object."""
    return sorted(set(triples), key=lambda triple: _order(triple, about))


def _order(triple: ox.Triple, about: str | None) -> tuple[Any, ...]:
    subject, predicate, value = str(triple.subject), triple.predicate.value, str(triple.object)
    rank = 0 if predicate == _TYPE else 1 if predicate == _LABEL else 2
    return subject != f"<{about}>", natural(subject), rank, predicate, natural(value)


def write(
    triples: Iterable[ox.Triple], media_type: str, *, about: str | None = None, context: Context | None = None
) -> bytes:
    """One graph in one of the RDF media types (or application/json, which is JSON-LD)."""
    rows = ordered(triples, about)
    if media_type == TURTLE:
        return _turtle(rows)
    if media_type == N_TRIPLES:
        return b"".join(sorted(f"{row} .\n".encode() for row in rows))
    if media_type == RDF_XML:
        return _rdf_xml(rows)
    return _json_ld(rows, about, context)


def digest(body: bytes) -> str:
    """A strong entity tag (RFC 9110, 8.8.3): the same bytes, the same tag, over restarts."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _serialize(rows: Sequence[ox.Triple], media_type: str, prefixes: dict[str, str] | None = None) -> bytes:
    return ox.serialize(rows, format=_FORMATS[media_type], prefixes=prefixes) or b""


def _prefixes(rows: Sequence[ox.Triple]) -> dict[str, str]:
    """Those of the known prefixes that a serialization of these triples uses."""
    iris = set[str]()
    for row in rows:
        if row.predicate.value != _TYPE:  # that is `a`
            iris.add(row.predicate.value)
        for term in (row.subject, row.object):
            if isinstance(term, ox.NamedNode):
                iris.add(term.value)
            elif isinstance(term, ox.Literal) and not term.language and term.datatype.value not in _SHORTHAND:
                iris.add(term.datatype.value)
    iris.discard(_STRING)
    return {name: iri for name, iri in _PREFIXES.items() if any(used.startswith(iri) for used in iris)}


def _turtle(rows: Sequence[ox.Triple]) -> bytes:
    prefixes = _prefixes(rows)
    lines = _serialize(rows, TURTLE, prefixes).splitlines(keepends=True)
    body, last = list[bytes](), None
    for line in lines[len(prefixes) :]:
        # A blank line between subjects; within one, continuation lines begin with a tab.
        if last is not None and not line.startswith(b"\t"):
            body.append(b"\n")
        body.append(line)
        last = line
    head = [f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(prefixes.items())]
    return b"".join([*head, b"\n", *body]) if head else b"".join(body)


def _rdf_xml(rows: Sequence[ox.Triple]) -> bytes:
    # A class name is an element name here, so rdf:type counts; the order of the engine's prefixes is chance.
    prefixes = {**_prefixes(rows), "rdf": RDF.iri}
    text = _serialize(rows, RDF_XML, prefixes)
    names = "".join(f' xmlns:{name}="{iri}"' for name, iri in sorted(prefixes.items()))
    return re.sub(rb"<rdf:RDF[^>]*>", f"<rdf:RDF{names}>".encode(), text, count=1)


def _json_ld(rows: Sequence[ox.Triple], about: str | None, context: Context | None) -> bytes:
    nodes: list[dict[str, Any]] = json.loads(_serialize(rows, JSON_LD))
    for node in nodes:
        if types := node.pop(_TYPE, None):
            node["@type"] = [value["@id"] for value in types]
    document: Any = _tree(nodes, about) if about else nodes
    if context:
        document = compact(document, context)
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _tree(nodes: list[dict[str, Any]], about: str) -> dict[str, Any]:
    """Expanded JSON-LD as one node object; each node stands where it is first pointed to."""
    waiting = {node["@id"]: node for node in nodes}
    root = waiting.pop(about, {"@id": about})
    _embed(root, waiting)
    included = list[dict[str, Any]]()
    while waiting:
        node = waiting.pop(next(iter(waiting)))
        _embed(node, waiting)
        included.append(node)
    return {**root, "@included": included} if included else root


def _embed(root: dict[str, Any], waiting: dict[str, dict[str, Any]]) -> None:
    open_nodes = [root]
    while open_nodes:  # no recursion: chains of parts may be long
        node = open_nodes.pop(0)
        for key, values in node.items():
            if key.startswith("@"):
                continue
            for index, value in enumerate(values):
                found = waiting.pop(value.get("@id"), None)
                if found:
                    values[index] = found
                    open_nodes.append(found)


def compact(document: Any, context: Context) -> Any:
    """JSON-LD 1.1 compaction; the result names the context by its URL."""
    # Here, since PyLD imports an HTML parser that the service does not otherwise load.
    from pyld import jsonld

    options = {"documentLoader": _refuse, "processingMode": "json-ld-1.1"}
    result = jsonld.compact(document, context.document, options)
    result.pop("@context", None)
    return {"@context": context.url, **result}


def _refuse(url: str, _: object = None) -> Any:
    raise ValueError(f"a JSON-LD context would have been fetched: {url}")
