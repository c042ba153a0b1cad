"""N-Quads lines → N-Triples, Turtle, TriG and JSON-LD, text to text.

Terms of N-Quads stand in Turtle as they are, and the strings of canonical N-Quads in JSON, so nothing is parsed into
objects and back: that keeps the publication of a snapshot fast and its memory small.  A piece is lines of one graph,
sorted by subject.  Texts of pieces can be strung together: `head`, the pieces in any order, `tail`.

https://www.w3.org/TR/turtle/  https://www.w3.org/TR/trig/  https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from kg.vocabulary import PREFIXES, RDF, RDFS, XSD

FORMATS: Final = {
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "ttl": "text/turtle",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
}
"""Suffix → media type."""

_NAMESPACES: Final = {iri: name for name, iri in PREFIXES.items()}
_FIRST: Final = {f"<{RDF.type}>": 0, f"<{RDFS.label}>": 1}
_TYPE: Final = f"<{RDF.type}>"
# The plain ones of PN_LOCAL: the rest keeps its full IRI.
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TYPED: Final = re.compile(r'(".*")(?:\^\^(<[^>]*>)|@([A-Za-z0-9-]+))', re.DOTALL)
# Numbers that JSON-LD gives back as they were (JSON-LD 1.1 API, 8.6.2).
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
# What N-Quads can escape and JSON cannot.
_NOT_JSON: Final = re.compile(r"\\U([0-9A-Fa-f]{8})|\\(')")
_XSD_INTEGER, _XSD_BOOLEAN = f"<{XSD.integer}>", f"<{XSD.boolean}>"

Predicates = dict[str, list[str]]


class Piece:
    """The statements of some lines, all in one graph; `texts` has them in every format but N-Quads."""

    def __init__(self, lines: Sequence[str], first: str | None = None) -> None:
        """`first` is the subject (as in N-Quads) that comes first, if it is among them."""
        graph = lines[0][lines[0].rindex(" <") + 1 : -3]
        ending = -(len(graph) + 4)
        self.graph = graph
        self.triples = [line[:ending] for line in lines]
        self.subjects: dict[str, Predicates] = {}
        for subject, group in groupby((triple.split(" ", 2) for triple in self.triples), key=lambda parts: parts[0]):
            self.subjects[subject] = _predicates(group)
        if first in self.subjects:
            self.subjects = {first: self.subjects.pop(first), **self.subjects}
        self.prefixes: set[str] = set()

    def texts(self) -> Iterator[tuple[str, str]]:
        yield "nt", " .\n".join(self.triples) + " .\n"
        turtle = "".join(map(self._turtle, self.subjects.items()))
        yield "ttl", turtle
        yield "trig", f"{self.graph} {{\n{turtle}}}\n"
        nodes = ",\n".join(map(self._node, self.subjects.items()))
        yield "jsonld", f',\n{{"@id":"{self.graph[1:-1]}","@graph":[\n{nodes}]}}'

    def _turtle(self, item: tuple[str, Predicates]) -> str:
        subject, predicates = item
        rows = (
            ("a" if predicate == _TYPE else self._name(predicate)) + " " + " , ".join(map(self._term, values))
            for predicate, values in predicates.items()
        )
        return f"{subject} " + " ;\n\t".join(rows) + " .\n"

    def _name(self, iri: str) -> str:
        prefix, name = abbreviation(iri)
        if prefix:
            self.prefixes.add(prefix)
        return name

    def _term(self, term: str) -> str:
        if term[0] == "<":
            return self._name(term)
        if term[-1] == '"' or not (match := _TYPED.fullmatch(term)) or match[3]:
            return term
        if match[2] == _XSD_BOOLEAN and match[1] in ('"true"', '"false"'):
            return match[1][1:-1]
        if match[2] == _XSD_INTEGER and _NUMBER.fullmatch(match[1], 1, len(match[1]) - 1):
            return match[1][1:-1]
        return f"{match[1]}^^{self._name(match[2])}"

    def _node(self, item: tuple[str, Predicates]) -> str:
        subject, predicates = item
        rows = [f'"@id":"{subject[1:-1]}"']
        for predicate, values in predicates.items():
            if predicate == _TYPE and all(value[0] == "<" for value in values):
                key, texts = "@type", [f'"{self._name(value).strip("<>")}"' for value in values]
            else:
                key, texts = self._name(predicate).strip("<>"), [self._value(value) for value in values]
            rows.append(f'"{key}":' + (texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"))
        return "{" + ",".join(rows) + "}"

    def _value(self, term: str) -> str:
        if term[0] == "<":
            return f'{{"@id":"{term[1:-1]}"}}'
        if term[-1] == '"':
            return _json(term)
        match = _TYPED.fullmatch(term)
        if match is None:
            raise ValueError(f"JSON-LD has no term like {term}")
        text, datatype, language = match.groups()
        if language:
            return f'{{"@value":{_json(text)},"@language":"{language}"}}'
        if datatype == _XSD_BOOLEAN and text in ('"true"', '"false"'):
            return str(text[1:-1])
        if datatype == _XSD_INTEGER and _NUMBER.fullmatch(text, 1, len(text) - 1):
            return str(text[1:-1])
        return f'{{"@value":{_json(text)},"@type":"{self._name(datatype).strip("<>")}"}}'


def _predicates(rows: Iterable[list[str]]) -> Predicates:
    found: Predicates = {}
    for _, predicate, value in rows:
        found.setdefault(predicate, []).append(value)
    if len(found) < 2:
        return found
    # Types first, then labels; the rest as it is sorted.
    return dict(sorted(found.items(), key=lambda item: _FIRST.get(item[0], 2)))


@lru_cache(maxsize=4096)
def abbreviation(iri: str) -> tuple[str, str]:
    """(prefix, prefixed name) of `<iri>`; ("", the same) if it has none."""
    for mark in "#/":
        namespace, found, local = iri[1:-1].rpartition(mark)
        prefix = _NAMESPACES.get(namespace + found)
        if prefix and _LOCAL.fullmatch(local):
            return prefix, f"{prefix}:{local}"
    return "", iri


def _json(text: str) -> str:
    if "\\U" not in text and "\\'" not in text:
        return text
    return _NOT_JSON.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def head(form: str, prefixes: Iterable[str], about: str) -> str:
    """What stands before the pieces: the prefixes.  `about` is an IRI that JSON-LD names and says nothing of."""
    names = {name: PREFIXES[name] for name in sorted(prefixes)}
    if form in ("ttl", "trig"):
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in names.items()) + ("\n" if names else "")
    if form == "jsonld":
        # Each piece begins with a comma, so something has to stand before the first.
        return f'{{"@context":{json.dumps(names, separators=(",", ":"))},"@graph":[\n{{"@id":"{about}"}}'
    return ""


def tail(form: str) -> str:
    return "]}\n" if form == "jsonld" else ""
