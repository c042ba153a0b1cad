"""Pictures as SVG: bars over time, points on the world, who writes to whom.

Each is a function from values to SVG text; colours come from the stylesheet by class, so that they follow light
and dark.  Beside each picture a page has a table with the same figures, so a picture is never the only way to them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 960, 220
_BASE = 180
_MAP_WIDTH, _MAP_HEIGHT = 960, 480
_NODES: Final = 24
_ROW: Final = 32
# Room for a year below the axis; one that begins further right would be cut.
_YEAR_WIDTH: Final = 34
_RADIUS = 190
_MIDDLE: Final = (_MAP_WIDTH / 2, _MAP_HEIGHT / 2)


def bars(counts: Mapping[str, int], title: str) -> Markup:
    """One bar a month from the first to the last that are `drawn`, months without documents included."""
    within = drawn(counts)
    months = _months(min(within), max(within))
    years = [(index, month[:4]) for index, month in enumerate(months) if month.endswith("-01") or not index]
    return _columns([(month, counts.get(month, 0)) for month in months], years, title)


def drawn(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts, by "YYYY-MM", that a picture shows.

    A few documents that lie far off (a treaty of 1670, a slip of print) would press all others into one corner: the
    earliest and the latest are left out, up to one in a hundred, if the others then take less than half the width.
    """
    spare = sum(counts.values()) // 100
    months = sorted(counts)
    start, end = _passed(months, counts, spare // 2), _passed(months[::-1], counts, spare - spare // 2)
    core = months[start : len(months) - end]
    near = len(_months(core[0], core[-1])) * 2 < len(_months(months[0], months[-1]))
    return {month: counts[month] for month in (core if near else months)}


def _passed(months: Sequence[str], counts: Mapping[str, int], spare: int) -> int:
    """How many of the first months have no more documents together than `spare`."""
    passed = 0
    for month in months:
        spare -= counts[month]
        if spare < 0:
            break
        passed += 1
    return passed


def years(counts: Mapping[str, int], title: str) -> Markup:
    """One bar a year from the first to the last that are `drawn`; `counts` by "YYYY"."""
    within = [month[:4] for month in drawn({f"{year}-01": number for year, number in counts.items()})]
    names = [f"{year:04}" for year in range(int(min(within)), int(max(within)) + 1)]
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
    labels = [
        f'<text x="{index * step:.2f}" y="{_BASE + 18}">{escape(name)}</text>'
        for index, name in ticks[::every]
        if index * step <= _WIDTH - _YEAR_WIDTH
    ]
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
        if year % every == 0 and (year - first) * scale < _WIDTH - _YEAR_WIDTH
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
    """The most frequent correspondents on a circle, around the one that most pairs have in common, if there is one.

    A line's width is by the documents between the two.
    """
    names = list(dict.fromkeys(name for pair in pairs for name in pair[:2]))[:_NODES]
    shown = [pair for pair in pairs if pair[0] in names and pair[1] in names and pair[0] != pair[1]]
    most = max((pair[2] for pair in shown), default=1)
    hub = _hub(shown)
    ring = [name for name in names if name != hub]
    spots = {name: _spot(index, len(ring)) for index, name in enumerate(ring)}
    spots |= {hub: _MIDDLE} if hub else {}
    lines = []
    for one, other, number in shown:
        (x1, y1), (x2, y2), (x, y) = spots[one], spots[other], _bend(spots[one], spots[other], bool(hub))
        lines.append(
            f'<path d="M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"'
            f' stroke-width="{0.8 + 6 * number / most:.1f}">'
            f"<title>{escape(one)} to {escape(other)}: {number}</title></path>"
        )
    labels = []
    for name, (x, y) in spots.items():
        if name == hub:
            labels.append(
                f'<circle cx="{x}" cy="{y}" r="6"/><text class="label name" paint-order="stroke" x="{x}" y="{y + 22}"'
                f' text-anchor="middle">{escape(_clipped(name, 38))}</text>'
            )
            continue
        right = x >= _MAP_WIDTH / 2
        anchor, shift = ("start", 9) if right else ("end", -9)
        labels.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
            f'<text x="{x + shift:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">'
            f"{escape(_clipped(name, 38))}</text>"
        )
    body = f'<g class="links">{"".join(lines)}</g><g class="nodes">{"".join(labels)}</g>'
    return _svg("network", _MAP_WIDTH, _MAP_HEIGHT, title, body)


def _hub(pairs: Sequence[tuple[str, str, int]]) -> str:
    """Whom more than half of the pairs have in common; "" if there is none."""
    number = Counter(name for pair in pairs for name in pair[:2])
    name, most = max(number.items(), key=lambda item: item[1], default=("", 0))
    return name if most > max(2, len(pairs) / 2) else ""


def _bend(one: tuple[float, float], other: tuple[float, float], hub: bool) -> tuple[float, float]:
    """The point to which a line is drawn aside: to the middle of the circle, if nobody is there.

    Lines from the middle are bent a little, each way to its own side; those past it keep away from it.
    """
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    if not hub:
        return _MIDDLE
    if _MIDDLE in (one, other):
        return x + (other[1] - one[1]) * 0.06, y - (other[0] - one[0]) * 0.06
    return (x * 2 + _MIDDLE[0]) / 3, (y * 2 + _MIDDLE[1]) / 3


def _spot(index: int, count: int) -> tuple[float, float]:
    """A place on an oval, down its right side and up its left; heights are evenly apart, for the names beside them."""
    right = (count + 1) // 2
    down = index < right
    place = (index + 0.5) / right if down else (count - index - 0.5) / (count - right)
    height = 2 * place - 1
    width = _RADIUS * math.sqrt(1 - height**2)
    return _MIDDLE[0] + (width if down else -width), _MIDDLE[1] + (_RADIUS + 25) * height


def matrix(names: Sequence[str], counts: Mapping[tuple[str, str], int], title: str) -> Markup:
    """A square a pair, rows from, columns to; the deeper its colour, the more there are."""
    left, cell = 300, (_WIDTH - 300) / max(len(names), 8)
    size = min(cell, 44)
    most = max(counts.values(), default=1)
    shapes, labels = [], []
    for row, one in enumerate(names):
        labels.append(f'<text x="0" y="{row * size + size / 2 + 4:.1f}">{row + 1} {escape(_clipped(one, 44))}</text>')
        labels.append(
            f'<text x="{left + (row + 0.5) * size:.1f}" y="{len(names) * size + 18:.1f}"'
            f' text-anchor="middle">{row + 1}</text>'
        )
        for column, two in enumerate(names):
            number = counts.get((one, two), 0)
            depth = 0.15 + 0.85 * math.log1p(number) / math.log1p(most) if number else 0.04
            shapes.append(
                f'<rect x="{left + column * size:.1f}" y="{row * size:.1f}" width="{size - 2:.1f}"'
                f' height="{size - 2:.1f}" fill-opacity="{depth:.2f}">'
                f"<title>{escape(one)} to {escape(two)}: {number}</title></rect>"
            )
    body = f'<g class="bars">{"".join(shapes)}</g>{"".join(labels)}'
    return _svg("matrix", _WIDTH, math.ceil(len(names) * size) + 26, title, body)


def boxes(rows: Sequence[tuple[str, float, float, float, float, float]], title: str) -> Markup:
    """Boxes from the lower to the upper quartile with a mark at the median, lines to the least and the most.

    Rows are (name, least, lower, median, upper, most) in days.  The scale is logarithmic from one day on, with the
    same distance on both sides of 0, if the days reach further than a hundred.
    """
    least, most = min(0, *(row[1] for row in rows)), max(1, *(row[5] for row in rows))
    logarithmic = max(most, -least) > 100

    def place(days: float) -> float:
        return math.copysign(math.log1p(abs(days)), days) if logarithmic else days

    left, height = 20, _ROW * len(rows)
    scale = (_WIDTH - 2 * left) / (place(most) - place(least))

    def x(days: float) -> float:
        return left + (place(days) - place(least)) * scale

    shapes, labels = [], []
    for index, (name, low, lower, median, upper, high) in enumerate(rows):
        y = index * _ROW
        told = f"{escape(name)}: median {median:g}, quartiles {lower:g} and {upper:g}, {low:g} to {high:g} days"
        shapes.append(
            f'<g><title>{told}</title><rect x="{x(low):.1f}" y="{y + 22}" width="{max(x(high) - x(low), 1):.1f}"'
            f' height="1.5"/><rect x="{x(lower):.1f}" y="{y + 18}" width="{max(x(upper) - x(lower), 2):.1f}" height="9"'
            f' fill-opacity=".55"/><rect x="{x(median) - 1.5:.1f}" y="{y + 16}" width="3" height="13"/></g>'
        )
        labels.append(
            f'<text class="label" paint-order="stroke" x="0" y="{y + 13}">{escape(_clipped(name, 110))}</text>'
        )
    body = f'<g class="bars">{"".join(shapes)}</g>{"".join(labels)}{_days(least, most, logarithmic, height, x)}'
    return _svg("boxes", _WIDTH, height + 26, title, body)


def _days(least: float, most: float, logarithmic: bool, height: int, x: Callable[[float], float]) -> str:
    """The axis: round numbers of days, at a readable distance."""
    if logarithmic:
        steps = [0, *(sign * days for days in (1, 3, 10, 30, 100, 365, 3650, 36500) for sign in (1, -1))]
    else:
        step = next(step for step in (1, 2, 5, 10, 20) if (most - least) / step <= 12)
        steps = list(range(math.ceil(least / step) * step, math.floor(most) + 1, step))
    shown = [
        f'<text x="{x(days):.1f}" y="{height + 20}" text-anchor="middle">{days}</text>'
        for days in steps
        if least <= days <= most
    ]
    return f'<line x1="0" x2="{_WIDTH}" y1="{height + 4}" y2="{height + 4}"/>{"".join(shown)}'


def thread(names: Sequence[str], answers: Sequence[tuple[int, int, bool]], title: str) -> Markup:
    """Documents one under the other; an arc from each answer, (row, row answered, certain), up to what it answers.

    Arcs of probable answers are dashed.
    """
    margin = 40 + 14 * min(8, max((abs(one - two) for one, two, _ in answers), default=1))
    arcs = []
    for one, two, certain in answers:
        reach = 14 + 14 * min(8, abs(one - two))
        start, end = one * _ROW + 16, two * _ROW + 16
        dashes = "" if certain else ' stroke-dasharray="4 4"'
        arcs.append(
            f'<path d="M{margin} {start}C{margin - reach} {start} {margin - reach} {end} {margin} {end}"'
            f' stroke-width="1.6"{dashes}><title>{escape(names[one])} answers {escape(names[two])}</title></path>'
        )
    nodes = "".join(
        f'<circle cx="{margin}" cy="{row * _ROW + 16}" r="4.5"/>'
        f'<text x="{margin + 14}" y="{row * _ROW + 20}">{escape(_clipped(name, 110))}</text>'
        for row, name in enumerate(names)
    )
    body = f'<g class="links">{"".join(arcs)}</g><g class="nodes">{nodes}</g>'
    return _svg("thread", _WIDTH, _ROW * len(names), title, body)


def _clipped(name: str, longest: int) -> str:
    """Not longer than that; what stands behind the last comma tells names apart and is kept."""
    if len(name) <= longest:
        return name
    head, comma, tail = name.rpartition(", ")
    kept = f"…{comma}{tail}" if comma and len(tail) < longest - 8 else "…"
    return (head or tail)[: longest - len(kept)] + kept


def _months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _svg(kind: str, width: int, height: int, title: str, body: str, *, top: int = 0) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="figure {kind}" viewBox="0 {top} {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )
