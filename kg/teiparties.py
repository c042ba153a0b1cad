"""The parties of a heading whose markup tags some of them: tags where a side has any, else the grammar's reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg import headings
from kg.document import Direction, Party
from kg.markup import NS, Element, local, plain


@dataclass(slots=True)
class _Tag:
    person: bool
    text: str
    pointer: str | None


def parties_of(head: Element | None, grammar: Sequence[Party]) -> tuple[Party, ...]:
    """The parties of a heading: as tagged where a side has tags, else as the grammar reads it."""
    if head is None:
        return ()
    out: list[Party] = []
    directions: tuple[Direction, ...] = ("from", "to")
    for direction in directions:
        tags = [
            _Tag(local(tag) == "persName", plain(tag), (tag.get("corresp") or "").removeprefix("#") or None)
            for tag in head.iter(NS + "persName", NS + "gloss")
            if tag.get("type") == direction and plain(tag)
        ]
        side = [party for party in grammar if party.direction == direction]
        if any(tag.person and all(headings.split(tag.text) or ("",)) for tag in tags):
            tags = []  # one tag around both parties: "Mr. Fish to Mr. Bancroft"
        out += _tagged(direction, tags, side) if tags else side
    return pointed(head, out)


def pointed(head: Element | None, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The parties with the pointers that tags of their names have in the heading."""
    pointers = {
        _fold(plain(name)): str(pointer).removeprefix("#")
        for name in (head.iter(NS + "persName") if head is not None else ())
        if (pointer := name.get("corresp"))
    }
    return tuple(
        party if party.person or not party.name else replace(party, person=pointers.get(_fold(party.name)))
        for party in parties
    )


def _tagged(direction: Direction, tags: Sequence[_Tag], side: Sequence[Party]) -> Iterator[Party]:
    """The parties of a side with tags; the grammar gives the words around them, and persons left untagged."""
    left = list(side)
    whole = " and ".join(dict.fromkeys(party.printed for party in side))
    offices = [tag for tag in tags if not tag.person]
    for tag in (tag for tag in tags if tag.person):
        same = [party for party in left if party.name and _overlap(party.name, tag.text)]
        left = [party for party in left if party not in same and not (party.role and _overlap(party.role, tag.text))]
        role = next((party.role for party in same), None) or next((office.text for office in offices), None)
        printed = next((party.printed for party in same), whole or tag.text)
        yield Party(direction=direction, printed=printed, name=tag.text, role=role, person=tag.pointer)
    if any(tag.person for tag in tags):
        yield from (party for party in left if party.name)
        return
    for number, office in enumerate(offices):
        near = left[number] if number < len(left) else None
        name = near.name if near and near.name and not _overlap(near.name, office.text) else None
        printed = near.printed if near else office.text
        yield Party(direction=direction, printed=printed, name=name, role=office.text, person=office.pointer)
    yield from left[len(offices) :]


def _overlap(one: str, other: str) -> bool:
    one, other = _fold(one), _fold(other)
    return one in other or other in one


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
