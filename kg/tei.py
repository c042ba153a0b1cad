"""The only reader of XML: a TEI volume in, its documents out.

A document is a `div[@type="document"]` anywhere in front, body or back.  A document inside a document (as an
enclosure is) is one of its own: its text, notes and pages belong to it alone.  One without `@xml:id`, or
with an id that another has already, is called "{id of the document around it}-n{k}", k counting from 1 in
reading order; where no document is around it, the division or else the volume lends the name.

Both generations of the markup are read: `dateline` directly in the document or in an `opener`, the source
note as an inline note before the heading or as the first footnote in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg import frontlists, teidocument
from kg.document import Division, Fault, Page, Reading, Volume
from kg.errors import NoDocuments
from kg.markup import ID, NS, Element, load, local, parse, plain
from kg.prose import collapsed
from kg.teidocument import Place, Surroundings
from kg.teitext import Walk


def volume_of(path: Path) -> str:
    """The volume id that a file is named by: "frus1934v04.xml.gz" holds frus1934v04."""
    return path.name.partition(".")[0]


def read(path: Path) -> Reading:
    """Read a volume from an .xml or .xml.gz file.

    Raises UnreadableSource, NotUTF8, UnsafeXML, NotWellFormed or NoDocuments.
    """
    root = parse(load(path), path)
    volume = volume_of(path)
    faults: list[Fault] = []
    stated = root.get(ID)
    if stated and stated != volume:
        faults.append(Fault(fact=f"the volume calls itself {stated}", kept=f"{volume}, the file's name", line=1))
    survey = _survey(root, volume, faults)
    if not survey.documents:
        fact = "no div of type document" if local(root) == "TEI" else f"the root is {local(root)}, not TEI"
        raise NoDocuments(fact, file=path, line=root.sourceline, advice="give a TEI volume of documents")
    whole = _volume(root, volume, survey)
    printed = re.search(r"\b1[5-9]\d\d\b|\b20\d\d\b", whole.published or "")
    around = Surroundings(
        volume=volume, pages=survey.pages, ids=survey.ids, published=int(printed[0]) if printed else None
    )
    documents = tuple(teidocument.read(place, order, around, faults) for order, place in enumerate(survey.documents, 1))
    return Reading(volume=whole, documents=documents, faults=tuple(faults))


# ---------------------------------------------------------------------------------------------- the whole volume


@dataclass(slots=True)
class _Survey:
    """What one pass over the volume finds."""

    documents: list[Place] = field(default_factory=list)
    divisions: list[Division] = field(default_factory=list)
    pages: dict[Element, Page] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()


def _survey(root: Element, volume: str, faults: list[Fault]) -> _Survey:
    stated = Counter(str(name) for name in root.xpath("//@xml:id"))
    survey = _Survey(ids=frozenset(stated))
    names: dict[Element, str] = {}
    parts: dict[Element, str] = {}
    taken: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    page: Page | None = None
    for element in root.iter(NS + "pb", NS + "div"):
        if local(element) == "pb":
            page = survey.pages[element] = _page(element, keys)
        elif element.get("type") == "document":
            around = next((names[up] for up in element.iterancestors(NS + "div") if up in names), None)
            part = next((parts[up] for up in element.iterancestors(NS + "div") if up in parts), None)
            names[element] = _name(element, around or part or volume, taken, faults)
            survey.documents.append(Place(element, names[element], part, page))
        elif not any(up in names for up in element.iterancestors(NS + "div")):
            around = next((parts[up] for up in element.iterancestors(NS + "div") if up in parts), None)
            parts[element] = _name(element, around or volume, taken, faults)
            survey.divisions.append(_division(element, parts[element], around, len(survey.divisions) + 1))
    for place in survey.documents:
        place.page = _first_page(place, survey.pages)
    twice = {name for name, count in stated.items() if count > 1}
    faults += _repeated(root, twice, names) if twice else ()
    return survey


def _repeated(root: Element, twice: Collection[str], names: Mapping[Element, str]) -> Iterator[Fault]:
    """A fault for each use of an id after the first, divisions aside, which are told of when they are named."""
    seen: set[str] = set()
    for element in root.iter():
        name = element.get(ID) if isinstance(element.tag, str) else None
        if name in seen and local(element) != "div":
            around = next((names[up] for up in element.iterancestors(NS + "div") if up in names), None)
            fact, kept = f"the id {name} is used twice", "both; what points to it means the first"
            yield Fault(fact=fact, kept=kept, document=around, line=element.sourceline)
        elif name and name in twice:
            seen.add(name)


# What an xml:id may be made of; where it begins is left to the editors.
_NAME = re.compile(r"[\w.-]+")


def _name(element: Element, around: str, taken: Counter[str], faults: list[Fault]) -> str:
    stated = element.get(ID)
    if stated and _NAME.fullmatch(stated) and not taken[stated]:
        taken[stated] += 1
        return stated
    number = 1
    while taken[f"{around}-n{number}"]:
        number += 1
    name = f"{around}-n{number}"
    taken[name] += 1
    document = name if element.get("type") == "document" else None
    if stated or document:
        fact = "it has no id"
        if stated:
            fact = f"the id {stated} is {'used twice' if _NAME.fullmatch(stated) else 'no name'}"
        faults.append(Fault(fact=fact, kept=name, document=document, line=element.sourceline))
    return name


def _page(element: Element, keys: Counter[str]) -> Page:
    number = collapsed(element.get("n", ""))
    key = element.get(ID, "").removeprefix("pg_") or re.sub(r"\W+", "-", number).strip("-") or "unnumbered"
    keys[key] += 1
    return Page(number=number or None, key=key if keys[key] == 1 else f"{key}-{keys[key]}")


def _first_page(place: Place, pages: dict[Element, Page]) -> Page | None:
    """The page open before the document, or one that begins in it before any of its words."""
    for inner in place.element.iter(NS + "pb", NS + "head", NS + "p", NS + "note"):
        return pages[inner] if local(inner) == "pb" else place.page
    return place.page


def _division(element: Element, name: str, parent: str | None, order: int) -> Division:
    head = element.find(NS + "head")
    heading = plain(head) if head is not None else ""
    return Division(
        id=name,
        type=element.get("type", "section"),
        heading=heading or None,
        parent=parent,
        order=order,
        line=element.sourceline or 1,
        text=_own_words(element),
    )


# Rather a list of references than a text: so many, and more than one to so many words.
_REFERENCES, _WORDS_A_REFERENCE = 10, 60
# "No. 131.": the number of the document that follows.
_LABEL_WORDS = 4


def _own_words(element: Element) -> str | None:
    """What a division says itself, its footnotes behind it; nothing of tables of contents, indexes and lists."""
    lists = {listed.get("type") for listed in element.iterchildren(NS + "list")}
    if element.get("type") == "toc" or lists & {"toc", "index", "names", "terms"}:
        return None
    walk = Walk(element, lambda _: False, division=True)
    text = "\n".join(filter(None, (walk.text.text(), *(note.words.text() for note in walk.notes))))
    references = sum(tagged.element.tag == NS + "ref" for tagged in walk.text.tags)
    words = len(text.split())
    is_list = references >= _REFERENCES and references * _WORDS_A_REFERENCE > words
    return text if words > _LABEL_WORDS and not is_list else None


def _volume(root: Element, volume: str, survey: _Survey) -> Volume:
    header = root.find(f"{NS}teiHeader/{NS}fileDesc")
    titles: dict[str, str] = {}
    imprint: dict[str, str] = {}
    if header is not None:
        for title in header.iterfind(f"{NS}titleStmt/{NS}title"):
            # Two spellings are in use: "subseries" and "sub-series".
            titles.setdefault(title.get("type", "").replace("-", ""), plain(title))
        for element in header.iterfind(f"{NS}publicationStmt/*"):
            if local(element) != "date" or element.get("type") in (None, "publication-date"):
                imprint.setdefault(local(element), plain(element))
    return Volume(
        id=volume,
        title=titles.get("complete") or None,
        series=titles.get("series") or None,
        subseries=titles.get("subseries") or None,
        number=titles.get("volumenumber") or None,
        subtitle=titles.get("volume") or None,
        publisher=imprint.get("publisher") or None,
        published=imprint.get("date") or None,
        divisions=tuple(survey.divisions),
        pages=tuple(survey.pages.values()),
        persons=tuple(frontlists.persons(root)),
        terms=tuple(frontlists.terms(root)),
        sources=tuple(frontlists.sources(root)),
    )
