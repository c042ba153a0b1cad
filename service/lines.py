"""Statements as lines of N-Quads by subject: looked up and passed on as text, parsed where terms are asked for.

The text is canonical, as our downloads and the engine write it: one blank between terms, escapes only where they must
be.  To find a value in it takes a fraction of what it takes to make a term of the engine's of every part of a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

Said = tuple[bytes, bytes]
"""Predicate, and the rest of the line from the object on, without its end."""
Lines = Mapping[bytes, Sequence[Said]]
"""By subject; terms as N-Quads writes them."""
Statement = ox.Triple | ox.Quad
Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple

_ANY: Final = b"<a:> <a:> "


def indexed(content: bytes) -> dict[bytes, list[Said]]:
    """The lines of a document's download; those of a subject stand together in it."""
    found: dict[bytes, list[Said]] = {}
    last, statements = b"", list[Said]()
    for line in content.removesuffix(b"\n").split(b"\n") if content else ():
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            statements, last = found.setdefault(subject, []), subject
        statements.append((predicate, rest))
    return found


class Collected(dict[bytes, list[Said]]):
    """Lines of statements that come one by one; a triple is in the default graph."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        super().__init__()
        for statement in statements:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        subject, predicate, rest = f"{statement} .".encode().split(b" ", 2)
        self.setdefault(subject, []).append((predicate, rest))


def quads(parts: Iterable[Lines]) -> list[ox.Quad]:
    """The statements, each once."""
    text = b"\n".join([b"%b %b %b" % (node, *pair) for part in parts for node, said in part.items() for pair in said])
    return list(dict.fromkeys(ox.parse(text, format=ox.RdfFormat.N_QUADS)))


def by_property(parts: Iterable[Lines], subject: bytes) -> dict[bytes, list[bytes]]:
    """What is said of one subject."""
    found: dict[bytes, list[bytes]] = {}
    for part in parts:
        for predicate, rest in part.get(subject, ()):
            if predicate in found:
                found[predicate].append(rest)
            else:
                found[predicate] = [rest]
    return found


def pointing(parts: Iterable[Lines], predicate: bytes, thing: bytes) -> list[bytes]:
    """The subjects that point at a thing through a property, each once."""
    start = thing + b" "
    return list(
        dict.fromkeys(
            subject
            for part in parts
            for subject, said in part.items()
            for pair in said
            if pair[0] == predicate and pair[1].startswith(start)
        )
    )


def object_of(rest: bytes) -> bytes:
    """What `rest` of a line begins with."""
    if rest.startswith(b'"'):  # no quotation mark is in a datatype or in the name of a graph
        return rest[: rest.index(b" ", rest.rindex(b'"'))]
    if rest.startswith(b"<<"):
        return rest[: rest.rindex(b">>") + 2]
    return rest[: rest.index(b" ")]


def graph_of(pair: Said) -> bytes:
    """The name of a statement's graph, nothing if it is the default graph."""
    return pair[1][len(object_of(pair[1])) + 1 : -2]


def text_of(rest: bytes) -> str:
    """Of an object: the lexical form of a literal, the IRI of a name, the rest as it stands."""
    if rest.startswith(b"<") and not rest.startswith(b"<<"):
        return rest[1 : rest.index(b">")].decode()
    if rest.startswith(b'"') and b"\\" not in rest:
        return rest[1 : rest.rindex(b'"')].decode()
    value = term_of(rest)
    return value.value if isinstance(value, ox.Literal) else str(value)


def each(rests: Sequence[bytes]) -> Iterable[bytes]:
    """Each object once, whatever graphs tell of it; most are alone."""
    return {object_of(rest): rest for rest in rests}.values() if len(rests) > 1 else rests


def term_of(rest: bytes) -> Term:
    (quad,) = ox.parse(_ANY + rest, format=ox.RdfFormat.N_QUADS)
    value: Term = quad.object
    return value


@lru_cache(maxsize=1 << 12)
def node(subject: str) -> bytes:
    """A subject as N-Quads writes it, of its IRI, or of a blank node with its label."""
    return subject.encode() if subject.startswith("_:") else f"<{subject}>".encode()
