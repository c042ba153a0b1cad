"""The check of anchors: every passage that is published is re-read in the text that is published.

It knows the statements alone, and nothing of how they came to be: a passage's position and quotation are taken from
them, and the words are looked up in the value that `dgm:within` names of the thing that `oa:hasSource` names.
https://www.w3.org/TR/annotation-model/#selectors
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.vocabulary import DCTERMS, DGM, OA

_OBJECT = re.compile(r'<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"')
_READ = frozenset(
    (
        *(OA.hasSource, OA.hasSelector, OA.start, OA.end, OA.exact),
        *(DGM.within, DGM.text, DGM.sourceNote, DGM.printed, DCTERMS.title),
    )
)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What came of the check: how many passages were re-read, and those whose words do not stand at their offsets, each
    with what is wrong."""

    count: int
    broken: tuple[tuple[str, str], ...]


def reread(lines: Iterable[str]) -> Reread:
    """Check all passages of N-Quads or N-Triples statements that have whole documents."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if predicate[1:-1] in _READ and (found := _OBJECT.match(rest)):
            value = found["iri"] if found["iri"] is not None else _unescaped(found["text"])
            values[subject[1:-1]][predicate[1:-1]].append(value)
    passages = [subject for subject, said in values.items() if OA.hasSource in said]
    broken = ((subject, _fault(values, subject)) for subject in sorted(passages))
    return Reread(count=len(passages), broken=tuple((subject, fault) for subject, fault in broken if fault))


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(
        lambda found: chr(int(found[1] or found[2], 16)) if found[1] or found[2] else _LETTERS.get(found[3], found[3]),
        text,
    )


def _fault(values: dict[str, dict[str, list[str]]], subject: str) -> str:
    """What is wrong with a passage, "" if its words stand where it says."""
    said = values[subject]
    selectors = [values[selector] for selector in said[OA.hasSelector] if selector in values]
    start, end, exact = (
        next((value[0] for selector in selectors if (value := selector.get(key))), None)
        for key in (OA.start, OA.end, OA.exact)
    )
    source, within = said[OA.hasSource][0], next(iter(said[DGM.within]), None)
    texts = values[source][within] if source in values and within else []
    if start is None or end is None or exact is None or not texts:
        return "it has no position, no quotation or no text"
    words = texts[0][int(start) : int(end)]
    return "" if exact and words == exact else f"it quotes “{exact}” where “{words[:100]}” stands"
