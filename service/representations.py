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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import pyoxigraph as ox

from kg.vocabulary import PREFIXES, RDF, RDFS, XSD
from service.compaction import Confused, Terms, written
from service.lines import Collected, Lines, Said, Statement, graph_of, node, object_of, text_of

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
_A: Final = node(_TYPE)
_RANKS: Final = {_A: 0, node(RDFS.label): 1}
_DIGITS = re.compile(r"(\d+)")
_SHORTHAND = frozenset(node(XSD.iri + name) for name in ("integer", "boolean", "decimal", "double"))
_STRING: Final = node(XSD.string)
# Namespaces in XML 1.0, 4: the names that an element may have; and XML 1.0, 2.2: what no document can hold.
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_IN_NAME = re.compile(rf"[{_NAME_START}][{_NAME_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*\Z")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Row = tuple[bytes, bytes, bytes]
# Subject, property, object, as N-Triples has them.


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


def ordered(parts: Iterable[Lines], about: str | None = None) -> list[_Row]:
    """Each triple once: the described thing first, then by subject; types, labels, then by predicate; by object."""
    groups: dict[bytes, dict[bytes, dict[bytes, None]]] = defaultdict(lambda: defaultdict(dict))
    for part in parts:
        for subject, said in part.items():
            group = groups[subject]
            for predicate, rest in said:
                group[predicate][object_of(rest)] = None
    names = {subject: subject.decode().strip("<>") for subject in groups}
    rows = list[_Row]()
    for subject in sorted(groups, key=lambda one: (names[one] != about, natural(names[one]))):
        for predicate in sorted(groups[subject], key=lambda one: (_RANKS.get(one, len(_RANKS)), one)):
            values: Iterable[bytes] = groups[subject][predicate]
            # Most have one, whose key would be made for nothing.
            if len(groups[subject][predicate]) > 1:
                values = sorted(values, key=lambda term: natural(term.decode()))
            rows += [(subject, predicate, value) for value in values]
    return rows


def obstacle(parts: Iterable[Lines], media_type: str) -> str | None:
    """Why these statements cannot be written in this type; None if they can."""
    if media_type != RDF_XML:
        return None
    every = (pair for part in parts for said in part.values() for pair in said)
    return next(filter(None, (_not_xml(*pair) for pair in every)), None)


def _not_xml(link: bytes, rest: bytes) -> str | None:
    predicate = text_of(link)
    if not _ENDS_IN_NAME.search(predicate):
        return f"no XML name ends the property {predicate}"
    if link == _A and rest.startswith(b"<") and not _ENDS_IN_NAME.search(text_of(rest)):
        return f"no XML name ends the class {text_of(rest)}"
    if rest.startswith(b'"') and (found := _NOT_XML.search(text_of(rest))):
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
    """As `write_lines`."""
    return write_lines([Collected(statements)], media_type, about=about, context=context, forms=forms)


def write_lines(
    parts: Iterable[Lines],
    media_type: str,
    *,
    about: str | None = None,
    context: Context | None = None,
    forms: frozenset[Form] = frozenset(),
) -> bytes:
    """One description in one of the RDF media types (or application/json, which is JSON-LD, or text/plain, N-Triples).

    `forms` are those of JSON-LD.  What has an `obstacle` is not to be written.
    """
    if media_type == TRIG:
        return _trig(parts, about)
    if media_type == N_QUADS:
        every = {(subject, *pair) for part in parts for subject, said in part.items() for pair in said}
        return b"".join(sorted(b"%b %b %b\n" % row for row in every))
    rows = ordered(parts, about)
    if media_type in (N_TRIPLES, PLAIN):
        return b"".join(sorted(map(_triple, rows)))
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


def _triple(row: _Row) -> bytes:
    return b"%b %b %b .\n" % row


def _serialize(rows: Iterable[_Row], media_type: str, prefixes: dict[str, str] | None = None) -> bytes:
    triples = ox.parse(b"".join(map(_triple, rows)), format=ox.RdfFormat.N_TRIPLES)
    return ox.serialize(triples, format=_FORMATS[media_type], prefixes=prefixes) or b""


def _prefixes(rows: Iterable[_Row]) -> dict[str, str]:
    """Those of the known prefixes that a serialization of these triples uses."""
    iris = set[bytes]()
    for subject, predicate, value in rows:
        iris.add(subject)
        if predicate != _A:  # that is `a`
            iris.add(predicate)
        if not value.startswith(b'"'):
            iris.add(value)
        elif value.endswith(b">") and (datatype := value[value.rindex(b"<") :]) not in _SHORTHAND:
            iris.add(datatype)
    iris.discard(_STRING)
    # A namespace ends in one of these, and many names have one.
    spaces = {used[1 : max(used.rfind(b"/"), used.rfind(b"#")) + 1].decode() for used in iris}
    return {name: iri for name, iri in _PREFIXES.items() if any(space.startswith(iri) for space in spaces)}


def _turtle(rows: Sequence[_Row]) -> bytes:
    prefixes = _prefixes(rows)
    return b"\n".join(filter(None, (_head(prefixes), _subjects(rows, prefixes))))


def _head(prefixes: dict[str, str]) -> bytes:
    return b"".join(f"@prefix {name}: <{iri}> .\n".encode() for name, iri in sorted(prefixes.items()))


def _subjects(rows: Iterable[_Row], prefixes: dict[str, str]) -> bytes:
    """Turtle without its prefixes: a blank line between subjects; within one, continuation lines begin with a tab."""
    lines = _serialize(rows, TURTLE, prefixes).splitlines(keepends=True)[len(prefixes) :]
    return b"".join(
        line if number == 0 or line.startswith(b"\t") else b"\n" + line for number, line in enumerate(lines)
    )


def _trig(parts: Iterable[Lines], about: str | None) -> bytes:
    """The default graph, then each graph in order of its name, in braces."""
    graphs: dict[bytes, dict[bytes, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        for subject, said in part.items():
            for pair in said:
                graphs[graph_of(pair)][subject].append(pair)
    prefixes = _prefixes(ordered(graphs.values()))
    blocks = [_head(prefixes)]
    for name in sorted(graphs):
        body = _subjects(ordered([graphs[name]], about), prefixes)
        blocks.append(b"%b {\n%b}\n" % (name, body) if name else body)
    return b"\n".join(filter(None, blocks))


def _rdf_xml(rows: Sequence[_Row]) -> bytes:
    # A class name is an element name here, so rdf:type counts; the order of the engine's prefixes is chance.
    prefixes = {**_prefixes(rows), "rdf": RDF.iri}
    text = _serialize(rows, RDF_XML, prefixes)
    names = "".join(f' xmlns:{name}="{iri}"' for name, iri in sorted(prefixes.items()))
    # A bare carriage return would be read as a line feed (XML 1.0, 2.11).
    return re.sub(rb"<rdf:RDF[^>]*>", f"<rdf:RDF{names}>".encode(), text, count=1).replace(b"\r", b"&#13;")


def _json_ld(rows: Iterable[_Row], about: str | None, context: Context | None, forms: frozenset[Form]) -> bytes:
    nodes: list[dict[str, Any]] = json.loads(_serialize(rows, JSON_LD))
    for found in nodes:
        types = found.get(_TYPE, ())
        if types and all("@id" in value for value in types):
            found["@type"] = [value["@id"] for value in found.pop(_TYPE)]
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
