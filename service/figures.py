"""Pictures as SVG: bars over time, points on the world, who writes to whom.

Each is a function from values to SVG text; colours come from the stylesheet by class, so that they follow light
and dark.  Beside each picture a page has a table with the same figures, so a picture is never the only way to them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 960, 220
_BASE = 180
_MAP_WIDTH, _MAP_HEIGHT = 960, 480
_NODES: Final = 24
_RADIUS = 190


def bars(counts: Mapping[str, int], title: str) -> Markup:
    """One bar a month from the first to the last, months without documents included; `counts` by "YYYY-MM"."""
    months = _months(min(counts), max(counts))
    step, most = _WIDTH / len(months), max(counts.values())
    shapes = [
        f'<rect x="{index * step:.2f}" y="{_BASE - height:.2f}" width="{max(step * 0.85, 0.5):.2f}"'
        f' height="{height:.2f}"><title>{month}: {counts[month]}</title></rect>'
        for index, month in enumerate(months)
        if month in counts and (height := counts[month] / most * (_BASE - 12))
    ]
    years = [(index, month[:4]) for index, month in enumerate(months) if month.endswith("-01") or not index]
    every = math.ceil(len(years) / 16)
    ticks = [f'<text x="{index * step:.2f}" y="{_BASE + 18}">{year}</text>' for index, year in years[::every]]
    body = (
        f'<g class="bars">{"".join(shapes)}</g><line x1="0" x2="{_WIDTH}" y1="{_BASE}" y2="{_BASE}"/>{"".join(ticks)}'
    )
    return _svg("timeline", _WIDTH, _HEIGHT - 16, title, body)


def world(points: Sequence[tuple[str, float, float, int]], outline: str, title: str) -> Markup:
    """Circles at (name, latitude, longitude, number), their area by number, on an equirectangular map.

    `outline` is the path of the land in the same projection (x = longitude + 180, y = 90 - latitude).
    """
    most = max((point[3] for point in points), default=1)
    circles = [
        f'<circle cx="{(longitude + 180) * _MAP_WIDTH / 360:.1f}" cy="{(90 - latitude) * _MAP_HEIGHT / 180:.1f}"'
        f' r="{2.5 + 15 * math.sqrt(number / most):.1f}"><title>{escape(name)}: {number}</title></circle>'
        for name, latitude, longitude, number in points
    ]
    land = f'<path class="land" transform="scale({_MAP_WIDTH / 360:.4f})" d="{outline}"/>' if outline else ""
    return _svg("map", _MAP_WIDTH, _MAP_HEIGHT, title, f'{land}<g class="points">{"".join(circles)}</g>')


def network(pairs: Sequence[tuple[str, str, int]], title: str) -> Markup:
    """The most frequent correspondents on a circle; a line's width is by the documents between the two."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair[:2]))[:_NODES]
    shown = [pair for pair in pairs if pair[0] in names and pair[1] in names and pair[0] != pair[1]]
    most = max((pair[2] for pair in shown), default=1)
    spots = {name: _spot(index, len(names)) for index, name in enumerate(names)}
    lines = []
    for one, other, number in shown:
        (x1, y1), (x2, y2) = spots[one], spots[other]
        lines.append(
            f'<path d="M{x1:.1f} {y1:.1f}Q480 240 {x2:.1f} {y2:.1f}" stroke-width="{0.8 + 6 * number / most:.1f}">'
            f"<title>{escape(one)} to {escape(other)}: {number}</title></path>"
        )
    labels = []
    for name, (x, y) in spots.items():
        right = x >= _MAP_WIDTH / 2
        anchor, shift = ("start", 9) if right else ("end", -9)
        labels.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
            f'<text x="{x + shift:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">'
            f"{escape(name if len(name) <= 42 else name[:40] + '…')}</text>"
        )
    body = f'<g class="links">{"".join(lines)}</g><g class="nodes">{"".join(labels)}</g>'
    return _svg("network", _MAP_WIDTH, _MAP_HEIGHT, title, body)


def _spot(index: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * (index + 0.5) / count - math.pi / 2
    return _MAP_WIDTH / 2 + _RADIUS * math.cos(angle), _MAP_HEIGHT / 2 + (_RADIUS + 25) * math.sin(angle)


def _months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _svg(kind: str, width: int, height: int, title: str, body: str) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="figure {kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )
