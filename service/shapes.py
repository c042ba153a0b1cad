"""The shapes as their page shows them: for each target what is asked of it, in words, and the Turtle that asks it.

One file of `shapes/` is one group; the words are each shape's sh:message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.vocabulary import PREFIXES, RDF, SHAPES_FOLDER

_SH = PREFIXES["sh"]
_NIL, _FIRST, _REST = (f"{RDF.iri}{name}" for name in ("nil", "first", "rest"))
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_ANY: Final = "itself"

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Facts = dict[Node, dict[str, list[Node]]]


@dataclass(frozen=True, slots=True)
class Constraint:
    """`path` is what it is about, `count` how often that may stand ("1", "0–1", "1 or more", "any number", "none")."""

    name: str
    path: str
    count: str
    message: str


@dataclass(frozen=True, slots=True)
class ShapeGroup:
    """A file: what its first comment says, its targets, its shapes in order, its text."""

    name: str
    about: str
    targets: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    text: str


def load() -> tuple[ShapeGroup, ...]:
    """Raises OSError or SyntaxError if a file is not whole."""
    return tuple(_group(path) for path in sorted(SHAPES_FOLDER.glob("*.ttl")))


def _group(path: Path) -> ShapeGroup:
    text = path.read_text(encoding="utf-8")
    facts = _facts(ox.parse(text, format=ox.RdfFormat.TURTLE))
    shapes = [node for node, about in facts.items() if isinstance(node, ox.NamedNode) and f"{_SH}message" in about]
    targets = dict.fromkeys(
        _short(target) for node in shapes for kind in _TARGETS for target in facts[node].get(_SH + kind, ())
    )
    about = text.partition("\n")[0].lstrip("# ").partition(": docs/")[0].rstrip(".") + "."
    return ShapeGroup(path.stem, about, tuple(targets), tuple(_constraint(node, facts) for node in shapes), text)


def _facts(quads: Iterable[ox.Quad]) -> Facts:
    facts: Facts = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        facts[quad.subject][quad.predicate.value].append(quad.object)
    return facts


def _constraint(node: Node, facts: Facts) -> Constraint:
    about = facts[node]
    path = _path(about[f"{_SH}path"][0], facts) if about.get(f"{_SH}path") else _ANY
    name = _short(node).partition(":")[2] or _short(node)
    return Constraint(name, path, _count(about), "; ".join(_text(each) for each in about[f"{_SH}message"]))


def _count(about: dict[str, list[Node]]) -> str:
    least, most = (_text(about[_SH + name][0]) if about.get(_SH + name) else "" for name in ("minCount", "maxCount"))
    if not about.get(f"{_SH}path"):
        return ""
    if most == "0":
        return "none"
    if least == most and least:
        return least
    if most:
        return f"{least or 0}–{most}"
    return f"{least} or more" if least else "any number"


def _path(node: Node, facts: Facts) -> str:
    """https://www.w3.org/TR/shacl/#property-paths in the words of SPARQL."""
    if isinstance(node, ox.NamedNode):
        return _short(node)
    about = facts[node]
    if inverse := about.get(f"{_SH}inversePath"):
        return f"^{_path(inverse[0], facts)}"
    if alternatives := about.get(f"{_SH}alternativePath"):
        return " | ".join(_path(each, facts) for each in _members(alternatives[0], facts))
    return " / ".join(_path(each, facts) for each in _members(node, facts))


def _members(node: Node, facts: Facts) -> Iterable[Node]:
    while _text(node) != _NIL and facts[node].get(_FIRST):
        yield facts[node][_FIRST][0]
        node = facts[node][_REST][0]


def _short(node: Node) -> str:
    text = _text(node)
    for prefix, namespace in (*PREFIXES.items(), ("shape", "https://w3id.org/dragoman/shapes#")):
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text


def _text(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal | ox.BlankNode) else str(node)
