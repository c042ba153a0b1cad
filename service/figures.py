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
_ROW: Final = 32
_RADIUS = 190


def bars(counts: Mapping[str, int], title: str) -> Markup:
    """One bar a month from the first to the last, months without documents included; `counts` by "YYYY-MM"."""
    months = _months(min(counts), max(counts))
    years = [(index, month[:4]) for index, month in enumerate(months) if month.endswith("-01") or not index]
    return _columns([(month, counts.get(month, 0)) for month in months], years, title)


def years(counts: Mapping[str, int], title: str) -> Markup:
    """One bar a year from the first to the last; `counts` by "YYYY"."""
    names = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)]
    return _columns([(name, counts.get(name, 0)) for name in names], list(enumerate(names)), title)


def _columns(counts: Sequence[tuple[str, int]], ticks: Sequence[tuple[int, str]], title: str) -> Markup:
    # A few bars would fill the width as slabs.
    step, most = _WIDTH / max(len(counts), 12), max(number for _, number in counts)
    shapes = [
        f'<rect x="{index * step:.2f}" y="{_BASE - height:.2f}" width="{max(step * 0.85, 0.5):.2f}"'
        f' height="{height:.2f}"><title>{escape(name)}: {number}</title></rect>'
        for index, (name, number) in enumerate(counts)
        if number and (height := number / most * (_BASE - 12))
    ]
    every = math.ceil(len(ticks) / 16)
    labels = [f'<text x="{index * step:.2f}" y="{_BASE + 18}">{escape(name)}</text>' for index, name in ticks[::every]]
    line = f'<line x1="0" x2="{_WIDTH}" y1="{_BASE}" y2="{_BASE}"/>'
    return _svg(
        "timeline", _WIDTH, _HEIGHT - 16, title, f'<g class="bars">{"".join(shapes)}</g>{line}{"".join(labels)}'
    )


def terms(rows: Sequence[tuple[str, str, str]], title: str) -> Markup:
    """Bars over the years: (name, first day, last day), dates as "YYYY…"; one under the other, as they are given."""
    spans = [(name, _year(start), max(_year(end), _year(start) + 0.1), start, end) for name, start, end in rows]
    first, last = math.floor(min(span[1] for span in spans)), math.ceil(max(span[2] for span in spans)) + 1
    scale, height = _WIDTH / (last - first), _ROW * len(spans)
    shapes, labels = [], []
    for index, (name, start, end, since, until) in enumerate(spans):
        x, y, width = (start - first) * scale, index * _ROW, (end - start) * scale
        shapes.append(
            f'<rect x="{x:.1f}" y="{y + 18}" width="{width:.1f}" height="9">'
            f"<title>{escape(name)}: {escape(since)} to {escape(until)}</title></rect>"
        )
        right = x > _WIDTH * 0.6
        at = x + width if right else x
        anchor = "end" if right else "start"
        labels.append(f'<text x="{at:.1f}" y="{y + 14}" text-anchor="{anchor}">{escape(_short(name))}</text>')
    every = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 16)
    ticks = [
        f'<text x="{(year - first) * scale:.1f}" y="{height + 20}">{year}</text>'
        for year in range(first, last)
        if year % every == 0
    ]
    line = f'<line x1="0" x2="{_WIDTH}" y1="{height + 4}" y2="{height + 4}"/>'
    body = f'<g class="bars">{"".join(shapes)}</g>{"".join(labels)}{line}{"".join(ticks)}'
    return _svg("terms", _WIDTH, height + 26, title, body)


def _year(date: str) -> float:
    """A day, a month or a year as a number of years."""
    year, month, day = ([int(part) for part in date.split("-")] + [1, 1])[:3]
    return year + (month - 1) / 12 + (day - 1) / 372


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:58] + "…"


def world(points: Sequence[tuple[str, float, float, int]], outline: str, title: str) -> Markup:
    """Circles at (name, latitude, longitude, number), their area by number, on an equirectangular map.

    `outline` is the path of the land in the same projection, 1800 units wide (service/outline).  The ice at both ends
    is cut off unless a point lies there.
    """
    most = max((point[3] for point in points), default=1)
    circles = [
        f'<circle cx="{(longitude + 180) * _MAP_WIDTH / 360:.1f}" cy="{_parallel(latitude):.1f}"'
        f' r="{2.5 + 15 * math.sqrt(number / most):.1f}"><title>{escape(name)}: {number}</title></circle>'
        for name, latitude, longitude, number in points
    ]
    north, south = (90, -90) if any(not -56 < point[1] < 80 for point in points) else (84, -60)
    top, bottom = round(_parallel(north)), round(_parallel(south))
    land = f'<path class="land" transform="scale({_MAP_WIDTH / 1800:.4f})" d="{outline}"/>' if outline else ""
    body = f'{land}{_graticule(bottom)}<g class="points">{"".join(circles)}</g>'
    return _svg("map", _MAP_WIDTH, bottom - top, title, body, top=top)


def _parallel(latitude: float) -> float:
    return (90 - latitude) * _MAP_HEIGHT / 180


def _graticule(bottom: int) -> str:
    """Every thirtieth meridian and parallel, the equator and the meridian of Greenwich named; `bottom` is the edge."""
    step = _MAP_WIDTH / 12
    lines = [
        f'<line class="grid" x1="{n * step:g}" x2="{n * step:g}" y1="0" y2="{_MAP_HEIGHT}"/>' for n in range(1, 12)
    ]
    lines += [f'<line class="grid" x1="0" x2="{_MAP_WIDTH}" y1="{n * step:g}" y2="{n * step:g}"/>' for n in range(1, 6)]
    equator = f'<text x="4" y="{_MAP_HEIGHT / 2 - 4:g}">0°</text>'
    greenwich = f'<text x="{_MAP_WIDTH / 2 + 4:g}" y="{bottom - 4}">0°</text>'
    return f"{''.join(lines)}{equator}{greenwich}"


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


def _svg(kind: str, width: int, height: int, title: str, body: str, *, top: int = 0) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="figure {kind}" viewBox="0 {top} {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )
