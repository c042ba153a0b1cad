"""Pictures: what stands where on the map, and the land under it."""

from __future__ import annotations

import itertools
import re

import pytest

from service import figures
from service.pages import OUTLINE, outline


def _size(svg: str) -> tuple[int, int]:
    found = re.search(r'viewBox="0 (\d+) 960 (\d+)"', svg)
    assert found
    return int(found[1]), int(found[2])


def test_a_point_stands_at_its_longitude_and_latitude() -> None:
    svg = figures.world([("Nowhere <b>", 0.0, 0.0, 1), ("Far", 45.0, -90.0, 4)], "", "Places")
    assert re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg) == [("480.0", "240.0"), ("240.0", "120.0")]
    assert "Nowhere &lt;b&gt;: 1" in svg


def test_the_ice_is_cut_off_unless_a_point_lies_there() -> None:
    assert _size(figures.world([("Rome", 41.9, 12.5, 1)], "", "Places")) == (16, 384)
    assert _size(figures.world([("McMurdo", -77.8, 166.7, 1)], "", "Places")) == (0, 480)


def test_a_map_without_an_outline_has_no_land() -> None:
    assert "land" not in figures.world([], "", "Places")
    assert '<path class="land"' in figures.world([], "M0 0l1 1 1-1z", "Places")


@pytest.mark.skipif(not OUTLINE.exists(), reason="there is no Node to build the outline with: make setup")
def test_the_outline_is_small_and_lies_on_the_map() -> None:
    path = outline()
    assert 5_000 < len(path) < 25_000
    for ring in path.split("M")[1:]:
        numbers, x, y = list(map(int, re.findall(r"-?\d+", ring))), 0, 0
        for index, (right, down) in enumerate(zip(numbers[::2], numbers[1::2], strict=True)):
            x, y = x + right, y + down
            assert 0 <= x <= 1800
            assert 0 <= y <= 900
            # What crosses the edge of the map was cut there; the ice of the south ends at the lower edge.
            assert not index or abs(right) < 900 or y == 900


def test_whom_most_pairs_have_in_common_stands_in_the_middle() -> None:
    pairs = [("Centre", name, 3) for name in "abcd"] + [("a", "Centre", 2), ("b", "c", 1)]
    drawn = figures.network(pairs, "t")
    assert '<circle cx="480.0" cy="240.0" r="6"/>' in drawn
    # Both ways between two are two lines, each bent to its own side.
    there, back = (re.search(rf'd="([^"]+)"[^>]*><title>{way}:', drawn) for way in ("Centre to a", "a to Centre"))
    assert there
    assert back
    bends = [re.search(r"Q([\d. ]+) [\d.]+ [\d.]+$", one[1]) for one in (there, back)]
    assert len({bend[1] for bend in bends if bend}) == 2
    ring = figures.network([("a", "b", 1), ("b", "c", 1), ("c", "d", 1), ("d", "a", 1)], "t")
    assert 'r="6"' not in ring


@pytest.mark.parametrize("number", [2, 3, 7, 23, 24])
def test_names_in_a_network_do_not_stand_on_one_another(number: int) -> None:
    names = [f"n{index}" for index in range(number)]
    drawn = figures.network([(one, other, 1) for one, other in itertools.pairwise(names)], "t")
    places = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', drawn)
    assert len(places) == number
    for side in ("start", "end"):
        heights = sorted(float(y) for _, y, anchor in places if anchor == side)
        assert all(below - above >= 14 for above, below in itertools.pairwise(heights))


@pytest.mark.parametrize("span", [1, 12, 61, 161])
def test_no_year_below_the_bars_is_cut_off(span: int) -> None:
    svg = figures.years({str(1861 + year): 1 + year % 3 for year in range(span)}, "By year")
    placed = [float(x) for x in re.findall(r'<text x="([\d.]+)"', svg)]
    assert placed
    assert max(placed) + 34 <= 960
