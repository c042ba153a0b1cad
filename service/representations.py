"""Statements → Turtle, N-Triples, RDF/XML, JSON-LD, TriG, N-Quads, the same bytes each time.

Statements are sorted before they are written: the described thing first, then by subject; types and labels before
other predicates.  Turtle and TriG name only the prefixes they use.  JSON-LD is one tree: what the described thing
points to stands inside it, the rest under `@included` (JSON-LD 1.1, 4.13), compacted with our published context,
which is bundled: nothing is ever fetched; its other forms are given for its parameter `profile`.  TriG and N-Quads
keep the graph of each statement, the others tell what all graphs say.

Not every graph can be written as RDF/XML: `obstacle` says why one cannot.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import Any, Final

import pyoxigraph as ox

from kg.vocabulary import PREFIXES, RDF, RDFS
from service.compaction import Confused, Terms, written

TURTLE: Final = "text/turtle"
N_TRIPLES: Final = "application/n-triples"
JSON_LD: Final = "application/ld+json"
RDF_XML: Final = "application/rdf+xml"
TRIG: Final = "application/trig"
N_QUADS: Final = "application/n-quads"
HTML: Final = "text/html"
PLAIN: Final = "text/plain"

# Media type → suffix of the URL, in the server's order of preference.
SUFFIXES: Final = {
    TURTLE: ".ttl",
    N_TRIPLES: ".nt",
    JSON_LD: ".jsonld",
    RDF_XML: ".rdf",
    TRIG: ".trig",
    N_QUADS: ".nq",
    HTML: ".html",
}
RDF_TYPES: Final = tuple(media_type for media_type in SUFFIXES if media_type != HTML)
# Those who ask for plain JSON get JSON-LD, whose @context is a URL (JSON-LD 1.1, 6.1).
# text/plain is the name that N-Triples had before 2014, and the one that rdflib asks for.
OFFERS: Final = (*SUFFIXES, "application/json", PLAIN)
# Other names → the type whose suffix serves them.
_ALSO = {"application/json": JSON_LD, PLAIN: N_TRIPLES}
# Most who name quads beside triples (Comunica) look into the default graph alone, and ours are in named graphs.
QUALITIES: Final = {TRIG: 0.85, N_QUADS: 0.85}
NAMES: Final = {
    TURTLE: "Turtle",
    N_TRIPLES: "N-Triples",
    JSON_LD: "JSON-LD",
    RDF_XML: "RDF/XML",
    TRIG: "TriG",
    N_QUADS: "N-Quads",
    HTML: "HTML",
}

_FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RDF_XML: ox.RdfFormat.RDF_XML,
    JSON_LD: ox.RdfFormat.JSON_LD,
    TRIG: ox.RdfFormat.TRIG,
    N_QUADS: ox.RdfFormat.N_QUADS,
}
# What the service says of itself takes some vocabularies more than the data.
_PREFIXES = {
    **PREFIXES,
    "altr": "http://www.w3.org/ns/dx/connegp/altr#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}
_TYPE = RDF.type
_RANKS: Final = {_TYPE: 0, RDFS.label: 1}
_DIGITS = re.compile(r"(\d+)")
_SHORTHAND = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "boolean", "decimal", "double")}
_STRING = "http://www.w3.org/2001/XMLSchema#string"
# Namespaces in XML 1.0, 4: the names that an element may have; and XML 1.0, 2.2: what no document can hold.
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_IN_NAME = re.compile(rf"[{_NAME_START}][{_NAME_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*\Z")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Statement = ox.Triple | ox.Quad


@dataclass(frozen=True, slots=True)
class Context:
    """A JSON-LD context: `url` is what documents name, `document` what stands there.

    Without `url` the context stands in the documents themselves.
    """

    url: str | None
    document: dict[str, Any]
    terms: Terms = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError if the context is more than `Terms` knows."""
        object.__setattr__(self, "terms", Terms.of(self.document["@context"]))


class Form(Enum):
    """The forms of JSON-LD that a client can ask for; the values are the `profile` parameter (JSON-LD 1.1, 6.2)."""

    EXPANDED = "http://www.w3.org/ns/json-ld#expanded"
    COMPACTED = "http://www.w3.org/ns/json-ld#compacted"
    FLATTENED = "http://www.w3.org/ns/json-ld#flattened"
    FRAMED = "http://www.w3.org/ns/json-ld#framed"


def forms_of(profile: str) -> frozenset[Form]:
    """The forms that a `profile` parameter names, blank-separated; others are passed over, as RFC 6906 has it."""
    known = {form.value: form for form in Form}
    return frozenset(known[iri] for iri in profile.split() if iri in known)


def natural(text: str) -> tuple[str | tuple[int, str], ...]:
    """A sort key that puts d9 before d10."""
    words = _DIGITS.split(text)
    parts: list[str | tuple[int, str]] = [*words]
    parts[1::2] = [(int(number[:400]), number) for number in words[1::2]]
    return tuple(parts)


def ordered(statements: Iterable[Statement], about: str | None = None) -> list[ox.Triple]:
    """Each triple once: the described thing first, then by subject; types, labels, then by predicate; by object."""
    groups: dict[str, dict[str, list[ox.Triple]]] = defaultdict(lambda: defaultdict(list))
    for triple in {item.triple if isinstance(item, ox.Quad) else item for item in statements}:
        groups[str(triple.subject).strip("<>")][triple.predicate.value].append(triple)
    rows = list[ox.Triple]()
    for subject in sorted(groups, key=lambda name: (name != about, natural(name))):
        for predicate in sorted(groups[subject], key=lambda name: (_RANKS.get(name, len(_RANKS)), name)):
            values = groups[subject][predicate]
            # Most have one, whose key would be made for nothing.
            rows += sorted(values, key=lambda triple: natural(str(triple.object))) if len(values) > 1 else values
    return rows


def obstacle(statements: Iterable[Statement], media_type: str) -> str | None:
    """Why these statements cannot be written in this type; None if they can."""
    return next(filter(None, map(_not_xml, statements)), None) if media_type == RDF_XML else None


def _not_xml(statement: Statement) -> str | None:
    predicate, value = statement.predicate.value, statement.object
    if not _ENDS_IN_NAME.search(predicate):
        return f"no XML name ends the property {predicate}"
    if predicate == _TYPE and isinstance(value, ox.NamedNode) and not _ENDS_IN_NAME.search(value.value):
        return f"no XML name ends the class {value.value}"
    if isinstance(value, ox.Literal) and (found := _NOT_XML.search(value.value)):
        return f"no XML document can hold the character U+{ord(found[0]):04X}, which a value of {predicate} has"
    return None


def write(
    statements: Iterable[Statement],
    media_type: str,
    *,
    about: str | None = None,
    context: Context | None = None,
    forms: frozenset[Form] = frozenset(),
) -> bytes:
    """One description in one of the RDF media types (or application/json, which is JSON-LD, or text/plain, N-Triples).

    `forms` are those of JSON-LD.  What has an `obstacle` is not to be written.
    """
    statements = list(statements)
    if media_type == TRIG:
        return _trig(statements, about)
    if media_type == N_QUADS:
        return b"".join(sorted(f"{item} .\n".encode() for item in set(statements)))
    if media_type in (N_TRIPLES, PLAIN):
        triples = {item.triple if isinstance(item, ox.Quad) else item for item in statements}
        return b"".join(sorted(f"{triple} .\n".encode() for triple in triples))
    rows = ordered(statements, about)
    if media_type == TURTLE:
        return _turtle(rows)
    if media_type == RDF_XML:
        return _rdf_xml(rows)
    return _json_ld(rows, about, context, forms)


def suffix_of(media_type: str) -> str:
    """The suffix of the address at which a type of OFFERS stands."""
    return SUFFIXES[_ALSO.get(media_type, media_type)]


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
    # A namespace ends in one of these, and many names have one.
    spaces = {used[: max(used.rfind("/"), used.rfind("#")) + 1] for used in iris}
    return {name: iri for name, iri in _PREFIXES.items() if any(space.startswith(iri) for space in spaces)}


def _turtle(rows: Sequence[ox.Triple]) -> bytes:
    prefixes = _prefixes(rows)
    return b"\n".join(filter(None, (_head(prefixes), _subjects(rows, prefixes))))


def _head(prefixes: dict[str, str]) -> bytes:
    return b"".join(f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(prefixes.items()))


def _subjects(rows: Sequence[ox.Triple], prefixes: dict[str, str]) -> bytes:
    """Turtle without its prefixes: a blank line between subjects; within one, continuation lines begin with a tab."""
    lines = _serialize(rows, TURTLE, prefixes).splitlines(keepends=True)[len(prefixes) :]
    return b"".join(
        line if number == 0 or line.startswith(b"\t") else b"\n" + line for number, line in enumerate(lines)
    )


def _trig(statements: Sequence[Statement], about: str | None) -> bytes:
    """The default graph, then each graph in order of its name, in braces."""
    prefixes = _prefixes(ordered(statements))
    blocks = [_head(prefixes)]
    for name, triples in _by_graph(statements):
        body = _subjects(ordered(triples, about), prefixes)
        blocks.append(f"{name} {{\n".encode() + body + b"}\n" if name else body)
    return b"\n".join(filter(None, blocks))


def _by_graph(statements: Sequence[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    ranked = sorted((_graph_name(item), number) for number, item in enumerate(statements))
    for name, group in groupby(ranked, key=lambda pair: pair[0]):
        yield name, [statements[number] for _, number in group]


def _graph_name(statement: Statement) -> str:
    """As TriG writes it; "" for the default graph."""
    if isinstance(statement, ox.Triple) or isinstance(statement.graph_name, ox.DefaultGraph):
        return ""
    return str(statement.graph_name)


def _rdf_xml(rows: Sequence[ox.Triple]) -> bytes:
    # A class name is an element name here, so rdf:type counts; the order of the engine's prefixes is chance.
    prefixes = {**_prefixes(rows), "rdf": RDF.iri}
    text = _serialize(rows, RDF_XML, prefixes)
    names = "".join(f' xmlns:{name}="{iri}"' for name, iri in sorted(prefixes.items()))
    # A bare carriage return would be read as a line feed (XML 1.0, 2.11).
    return re.sub(rb"<rdf:RDF[^>]*>", f"<rdf:RDF{names}>".encode(), text, count=1).replace(b"\r", b"&#13;")


def _json_ld(rows: Sequence[ox.Triple], about: str | None, context: Context | None, forms: frozenset[Form]) -> bytes:
    nodes: list[dict[str, Any]] = json.loads(_serialize(rows, JSON_LD))
    for node in nodes:
        types = node.get(_TYPE, ())
        if types and all("@id" in value for value in types):
            node["@type"] = [value["@id"] for value in node.pop(_TYPE)]
    flat, plain = Form.FLATTENED in forms, not forms & {Form.COMPACTED, Form.FRAMED}
    document: Any = _tree(nodes, about) if about and not flat else nodes
    if not context or (plain and forms):
        document = document if isinstance(document, list) else [document]
    else:
        document = compact(document, context)
    return "".join((*written(document), "\n")).encode()


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
    """JSON-LD 1.1 compaction; the result names the context by its URL, if it has one.

    What cannot be compacted (an IRI that looks like one of our prefixes, "dgm:x") is given as it is.
    """
    try:
        return {"@context": context.url or context.document["@context"], **context.terms.compacted(document)}
    except Confused:
        return document
