"""The model as a picture: core classes as boxes, the ontology's properties between them as labelled arrows.

Only the places of the boxes are given here; the arrows are what the ontology states: from each class of a property's
domain to the first class of its range, another one if there is any.  Properties between the same two classes share
an arrow.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.ontology import Ontology, TermView

# Class → column and row of its box.
PLACES: Final[Mapping[str, tuple[float, float]]] = {
    "Volume": (0, 0.5),
    "Page": (0, 1.75),
    "FileUnit": (0, 3),
    "Document": (1, 1.75),
    "Sending": (2, 0.25),
    "Place": (2, 1),
    "Receiving": (2, 1.75),
    "Footnote": (1, 3),
    "Citation": (2, 3),
    "Party": (3, 1),
    "Person": (4, 0.5),
    "Office": (4, 1.5),
    "Passage": (3, 3),
    "Inference": (4, 3),
    "Rule": (4, 2.25),
}
_COLUMN, _ROW, _WIDTH, _HEIGHT, _MARGIN = 224.0, 104.0, 104.0, 36.0, 12.0
_LOOP, _APART = 30.0, 10.0


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path` is SVG's; the label stands at x, y."""

    start: str
    end: str
    label: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Diagram:
    width: float
    height: float
    box_width: float
    box_height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(ontology: Ontology) -> Diagram:
    """Classes that the ontology does not have are left out, and arrows with them."""
    boxes = {name: _box(ontology.terms[name], *at) for name, at in PLACES.items() if name in ontology.terms}
    labels = defaultdict[tuple[str, str], list[str]](list)
    for term in ontology.terms.values():
        ends = [end for name in term.ranges if (end := name.removeprefix("dgm:")) in boxes]
        for start in (name.removeprefix("dgm:") for name in term.domains):
            if start in boxes and ends:
                end = next((other for other in ends if other != start), start)
                labels[start, end].append(term.name)
    arrows = tuple(
        _arrow(boxes[start], boxes[end], ", ".join(names), _APART if (end, start) in labels else 0.0)
        for (start, end), names in labels.items()
    )
    width = max(box.x for box in boxes.values()) + _WIDTH + _MARGIN
    height = max(box.y for box in boxes.values()) + _HEIGHT + _MARGIN
    return Diagram(width, height, _WIDTH, _HEIGHT, tuple(boxes.values()), arrows)


def _box(term: TermView, column: float, row: float) -> Box:
    return Box(term.name, term.label, _MARGIN + column * _COLUMN, _MARGIN + row * _ROW)


def _arrow(start: Box, end: Box, label: str, aside: float) -> Arrow:
    """`aside` moves an arrow from the line between the middles, so that one the other way has room beside it."""
    if start == end:
        return _loop(start, label)
    (x1, y1), (x2, y2) = _middle(start), _middle(end)
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    across = (-dy / length * aside, dx / length * aside)
    out, into = _edge((dx, dy), across), _edge((-dx, -dy), across)
    x1, y1, x2, y2 = x1 + out[0], y1 + out[1], x2 + into[0], y2 + into[1]
    # A long arrow crosses others in its middle, and a pair of arrows has two labels.
    at = 0.3 if aside or abs(dx) > 1.5 * _COLUMN else 0.5
    path = f"M{x1:.0f} {y1:.0f} L{x2:.0f} {y2:.0f}"
    return Arrow(start.name, end.name, label, path, round(x1 + (x2 - x1) * at), round(y1 + (y2 - y1) * at))


def _loop(box: Box, label: str) -> Arrow:
    """From a class to itself: an arc above the box."""
    x, y = _middle(box)
    left, right, top = round(x - 24), round(x + 24), round(box.y - _LOOP)
    path = f"M{left} {box.y:.0f} C{left} {top} {right} {top} {right} {box.y:.0f}"
    return Arrow(box.name, box.name, label, path, round(x), round(y - _HEIGHT / 2 - _LOOP * 0.75))


def _middle(box: Box) -> tuple[float, float]:
    return box.x + _WIDTH / 2, box.y + _HEIGHT / 2


def _edge(along: tuple[float, float], across: tuple[float, float]) -> tuple[float, float]:
    """From the middle of a box to where a line leaves it that passes the middle by `across`."""
    steps = [
        (size / 2 - math.copysign(aside, aside * part)) / abs(part)
        for size, part, aside in zip((_WIDTH, _HEIGHT), along, across, strict=True)
        if part
    ]
    return across[0] + along[0] * min(steps), across[1] + along[1] * min(steps)
