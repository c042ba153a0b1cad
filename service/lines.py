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
Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple

_ANY: Final = b"<a:> <a:> "


def indexed(content: bytes) -> dict[bytes, list[Said]]:
    """The lines of a document's download; those of a subject stand together in it."""
    found: dict[bytes, list[Said]] = {}
    last, statements = b"", list[Said]()
    for line in content.splitlines():
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            statements, last = found.setdefault(subject, []), subject
        statements.append((predicate, rest))
    return found


class Collected(dict[bytes, list[Said]]):
    """Lines of statements that come one by one."""

    def add(self, quad: ox.Quad) -> None:
        subject, predicate, rest = f"{quad} .".encode().split(b" ", 2)
        self.setdefault(subject, []).append((predicate, rest))


def quads(parts: Iterable[Lines]) -> list[ox.Quad]:
    """The statements, each once."""
    text = b"\n".join([b"%b %b %b" % (node, *pair) for part in parts for node, said in part.items() for pair in said])
    return list(dict.fromkeys(ox.parse(text, format=ox.RdfFormat.N_QUADS)))


def read_subject(lines: Iterable[Said]) -> dict[str, dict[bytes, str]]:
    """What is said of one subject: by property, each object as it stands with its lexical form or IRI."""
    found: dict[str, dict[bytes, str]] = {}
    for predicate, rest in lines:
        term = object_of(rest)
        name = _property(predicate)
        if name in found:
            found[name][term] = text_of(term)
        else:
            found[name] = {term: text_of(term)}
    return found


def pointing(parts: Iterable[Lines], predicate: str) -> dict[bytes, list[str]]:
    """By what a property points to: the subjects that do."""
    name, found = node(predicate), dict[bytes, dict[bytes, None]]()
    for part in parts:
        for subject, said in part.items():
            for pair in said:
                if pair[0] == name:
                    found.setdefault(object_of(pair[1]), {})[subject] = None
    return {thing: list(map(text_of, subjects)) for thing, subjects in found.items()}


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


def text_of(term: bytes) -> str:
    """The lexical form of a literal, the IRI of a name, the rest as it stands."""
    if b"\\" in term:
        value = term_of(term)
        return value.value if isinstance(value, _NAMED) else str(value)
    if term.startswith(b'"'):
        return term[1 : term.rindex(b'"')].decode()
    return term[1:-1].decode() if term.startswith(b"<") and not term.startswith(b"<<") else term.decode()


def term_of(term: bytes) -> Term:
    (quad,) = ox.parse(b"%b%b ." % (_ANY, term), format=ox.RdfFormat.N_QUADS)
    value: Term = quad.object
    return value


# Made once: a union that is written out where it is asked for is made again for each term.
_NAMED: Final = (ox.NamedNode, ox.Literal)


@lru_cache(maxsize=1 << 10)
def _property(term: bytes) -> str:
    """There are few."""
    return term[1:-1].decode()


def node(subject: str) -> bytes:
    """A subject as N-Quads writes it, of its IRI, or of a blank node with its label."""
    return subject.encode() if subject.startswith("_:") else f"<{subject}>".encode()
