"""The lists that a volume gives of its persons, of its abbreviations and code names, and of its sources.

An entry is an item that holds a name with an id, and behind it the words on it:

    item persName[@xml:id]  "Stone, Ada"    ", Minister in Sylvania"
    item term[@xml:id]      "CIA"           ", Central Intelligence Agency"
    label term[@xml:id]     item            (a table of two columns as a list)

The section of sources, known by its id or subtype, holds lists of lists: repository, record group, lot.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from kg.document import ListedPerson, ListedSource, ListedTerm
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


def sources(root: Element) -> Iterator[ListedSource]:
    """The entries of the lists of sources, each before those within it."""
    for section in root.iter(NS + "div"):
        if "sources" in (section.get(ID), section.get("subtype")) and section.get("type") != "document":
            for item in section.iter(NS + "item"):
                level = sum(above.tag == NS + "item" for above in item.iterancestors()) + 1
                if words := _without_lists(item):
                    yield ListedSource(printed=words, level=level)


def _without_lists(item: Element) -> str:
    """The item's own words: those of the lists within it are theirs."""
    own = deepcopy(item)
    for inner in own.findall(f".//{NS}list"):
        inner.clear()
    return plain(own).strip(" :")


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
