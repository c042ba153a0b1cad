"""The lists that a volume gives of its persons and of its abbreviations and code names.

An entry is an item that holds a name with an id, and behind it the words on it:

    item persName[@xml:id]  "Stone, Ada"    ", Minister in Sylvania"
    item term[@xml:id]      "CIA"           ", Central Intelligence Agency"
    label term[@xml:id]     item            (a table of two columns as a list)
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.document import ListedPerson, ListedTerm
from kg.markup import ID, NS, Element, plain

_MARKS = " ,;:—–-"


def persons(root: Element) -> Iterator[ListedPerson]:
    """The persons listed, in order."""
    for id, name, words in _entries(root, "persName"):
        yield ListedPerson(id=id, name=name, description=words)


def terms(root: Element) -> Iterator[ListedTerm]:
    """The abbreviations and code names listed, in order."""
    for id, term, words in _entries(root, "term"):
        yield ListedTerm(id=id, term=term, expansion=words)


def _entries(root: Element, tag: str) -> Iterator[tuple[str, str, str | None]]:
    """(id, name, the words on it); of an id used twice the first."""
    seen: set[str] = set()
    for element in root.iter(NS + tag):
        id = element.get(ID)
        entry = next(element.iterancestors(NS + "item", NS + "label", NS + "row", NS + "p"), None)
        name = plain(element).strip(_MARKS)
        if not id or id in seen or entry is None or not name:
            continue
        seen.add(id)
        words = _rest(entry, element)
        if not words and entry.tag == NS + "label" and (item := entry.getnext()) is not None:
            words = plain(item)
        yield id, name, words.strip(_MARKS) or None


def _rest(entry: Element, element: Element) -> str:
    """The entry's words behind the element."""
    whole, own = plain(entry), plain(element)
    return whole[whole.find(own) + len(own) :]
