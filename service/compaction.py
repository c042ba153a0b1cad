"""JSON-LD compaction with contexts like ours: https://www.w3.org/TR/json-ld11-api/#compaction-algorithm

A context of this kind has prefixes and terms with at most a type and the container `@set`, of which no two have one
IRI; or nothing but `@vocab`.  With it a term follows from the property alone, so that what takes the general algorithm
long is quick here.  What goes in is expanded, as the engine writes it, and has no lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, Final

_READING_ORDER: Final = {
    key: place for place, key in enumerate(("id", "@id", "type", "@type", "label", "title", "name"))
}
_LAST: Final = frozenset({"@included", "@graph"})
_WHOLE, _TRUTH = re.compile(r"0|-?[1-9]\d{0,14}"), re.compile("true|false")
_NATIVE: Final = {
    "http://www.w3.org/2001/XMLSchema#integer": _WHOLE,
    "http://www.w3.org/2001/XMLSchema#boolean": _TRUTH,
}
_GENERAL_DELIMITERS: Final = tuple(":/?#[]@")
_ALIASED: Final = ("@id", "@type")


class Confused(ValueError):
    """An absolute IRI that would be read as a prefix and what follows it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A property's name in a document; `type` is what its values are coerced to, an IRI or a keyword."""

    name: str
    type: str | None = None
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A context made ready: `by_iri` are its terms, `prefixes` those that may stand before a colon."""

    by_iri: Mapping[str, Term]
    prefixes: Mapping[str, str]
    vocabulary: str | None
    keywords: Mapping[str, str]
    starts: tuple[str, ...]

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Terms:
        """Raises ValueError if the context is not of this kind."""
        told = {name: value for name, value in context.items() if name not in ("@version", "@vocab")}
        prefixes = {
            name: iri for name, iri in told.items() if isinstance(iri, str) and iri.endswith(_GENERAL_DELIMITERS)
        }
        by_iri, keywords = dict[str, Term](), {name: name for name in _ALIASED}
        for name, value in told.items():
            definition = {"@id": value} if isinstance(value, str) else value
            if definition["@id"] in _ALIASED:
                keywords[definition["@id"]] = name
                continue
            iri = _expanded(definition["@id"], prefixes)
            container, kind = definition.get("@container"), definition.get("@type")
            more = definition.keys() - {"@id", "@type", "@container"}
            if name.startswith("@") or iri in by_iri or more or container not in (None, "@set"):
                raise ValueError(f"this writer does not know what the context says of {name}")
            by_iri[iri] = Term(name, _expanded(kind, prefixes) if kind else None, container == "@set")
        vocabulary = context.get("@vocab")
        if vocabulary and by_iri:
            raise ValueError("this writer takes terms or a vocabulary, not both")
        return cls(by_iri, prefixes, vocabulary, keywords, tuple(prefixes.values()))

    def compacted(self, document: Any) -> dict[str, Any]:
        """An expanded node, or a list of them under `@graph`; without `@context`.  Raises Confused."""
        if isinstance(document, list):
            nodes = [self._node(node) for node in document]
            return nodes[0] if len(nodes) == 1 else {"@graph": nodes} if nodes else {}
        return self._node(document)

    def _node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        found = dict[str, Any]()
        for key, values in node.items():
            if key == "@id":
                found[self.keywords[key]] = self._iri(values)
            elif key == "@type":
                names = [self.name(iri) for iri in values]
                found[self.keywords[key]] = names[0] if len(names) == 1 else names
            elif key == "@included":
                nodes = [self._node(value) for value in values]
                found[key] = nodes[0] if len(nodes) == 1 else nodes
            else:
                self._property(key, values, found)
        return dict(sorted(found.items(), key=_place))

    def _property(self, iri: str, values: list[dict[str, Any]], found: dict[str, Any]) -> None:
        term = self.by_iri.get(iri)
        fitting = [value for value in values if term and _fits(term, value)]
        if term and fitting:
            told = [self._value(value, term.type) for value in fitting]
            found[term.name] = told if term.is_set or len(told) > 1 else told[0]
        if len(fitting) < len(values):
            told = [self._value(value, None) for value in values if not (term and _fits(term, value))]
            found[self._without_term(iri)] = told if len(told) > 1 else told[0]

    def _value(self, value: Mapping[str, Any], coerced: str | None) -> Any:
        if "@value" in value:
            kind = value.get("@type")
            if kind and kind == coerced:
                return _native(value["@value"], kind)
            if len(value) == 1:
                return value["@value"]
            told = {"@value": value["@value"]}
            if "@language" in value:
                return told | {"@language": value["@language"]}
            return {self.keywords["@type"]: self.name(kind)} | told if kind else told
        if len(value) == 1 and coerced:
            return self.name(value["@id"]) if coerced == "@vocab" else self._iri(value["@id"])
        return self._node(value)

    def name(self, iri: str) -> str:
        """An IRI where the vocabulary counts: of a property, a class, a member of a list of ours."""
        term = self.by_iri.get(iri)
        return term.name if term else self._without_term(iri)

    def _without_term(self, iri: str) -> str:
        if self.vocabulary and iri.startswith(self.vocabulary) and iri != self.vocabulary:
            return iri.removeprefix(self.vocabulary)
        return self._iri(iri)

    def _iri(self, iri: str) -> str:
        """With a prefix if one fits: the shortest that comes of it, then the first by letters."""
        if iri.startswith(self.starts):
            known = [(name, start) for name, start in self.prefixes.items() if iri.startswith(start) and iri != start]
            if known:
                return min((f"{name}:{iri[len(start) :]}" for name, start in known), key=lambda text: (len(text), text))
        scheme, _, rest = iri.partition(":")
        if scheme in self.prefixes and not rest.startswith("//"):
            raise Confused(iri)
        return iri


def written(value: Any, margin: str = "\n") -> Iterator[str]:
    """JSON text for people, as `json.dumps` with an indent of one, which would not use the faster of its encoders."""
    inner = margin + " "
    if isinstance(value, str):
        yield encode_basestring(value)
    elif isinstance(value, dict) and value:
        opening = "{"
        for key, item in value.items():
            yield f"{opening}{inner}{encode_basestring(key)}: "
            yield from written(item, inner)
            opening = ","
        yield margin + "}"
    elif isinstance(value, list) and value:
        opening = "["
        for item in value:
            yield opening + inner
            yield from written(item, inner)
            opening = ","
        yield margin + "]"
    else:
        yield json.dumps(value)


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    return prefixes[prefix] + rest if colon and prefix in prefixes else name


def _fits(term: Term, value: Mapping[str, Any]) -> bool:
    """Whether a term may stand for a property with this value: its type says the same, or it has none."""
    if term.type is None:
        return True
    if "@value" in value:
        return "@language" not in value and value.get("@type") == term.type
    return term.type in ("@id", "@vocab")


def _place(item: tuple[str, Any]) -> int:
    """What it is and what it is called first, what stands beside it last."""
    return 1000 if item[0] in _LAST else _READING_ORDER.get(item[0], len(_READING_ORDER))


def _native(text: str, kind: str) -> Any:
    """A number or truth value of JSON, if the text is as JSON would write it: "007" stays."""
    pattern = _NATIVE.get(kind)
    if pattern is None or not pattern.fullmatch(text):
        return text
    return int(text) if pattern is _WHOLE else text == "true"
