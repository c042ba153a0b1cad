"""Names of volumes to ids."""

from __future__ import annotations

import pytest

from kg import volumes


@pytest.mark.parametrize(
    ("name", "volume"),
    [
        ("1934, vol. iv", "frus1934v04"),
        ("1864, Part III", "frus1864p3"),
        ("1872, part 2, vol. v", "frus1872p2v5"),
        ("1907, pt. 2", "frus1907p2"),
        ("1897", "frus1897"),
        ("1894, Appendix II", "frus1894app2"),
        ("1877, Appendix", "frus1877app"),
        ("1901, Appendix (Affairs in China)", "frus1901China"),
        ("1914, Supplement", "frus1914Supp"),
        ("1914, supp.", "frus1914Supp"),
        ("1917, supp. 1", "frus1917Supp01v01"),
        ("1917, supp. 2, vol. i", "frus1917Supp02v01"),
        ("1918, Russia, vol. iii", "frus1918Russiav03"),
        ("1919, Russia", "frus1919Russia"),
        ("The Paris Peace Conference, 1919, vol. xi", "frus1919Parisv11"),
        ("1919, The Paris Peace Conference, vol. iii", "frus1919Parisv03"),
        (": The Lansing Papers, 1914–1920, vol. ii", "frus1914-20v02"),
        ("Japan, 1931–1941, vol. i", "frus1931-41v01"),
        ("The Soviet Union, 1933–1939", "frus1933-39"),
        ("1942, China", "frus1942China"),
        ("The Conferences at Cairo and Tehran, 1943", "frus1943CairoTehran"),
        ("The Conferences at Washington, 1941–1942, and Casablanca, 1943", "frus1941-43"),
        ("The Conference of Berlin (The Potsdam Conference), 1945, vol. II", "frus1945Berlinv02"),
        ("The Conferences at Malta and Yalta, 1945", "frus1945Malta"),
        ("1948, vol. i, Part 2", "frus1948v01p2"),
        ("1952–1954, volume XIV, Part 2", "frus1952-54v14p2"),
        ("1955–57, vol. III, Microfiche Supplement", "frus1955-57v03mSupp"),
        ("1969–1976, vol. E–3", "frus1969-76ve03"),
    ],
)
def test_a_printed_name_gives_the_id(name: str, volume: str) -> None:
    assert volumes.volume_id(name) == volume


def test_a_name_ends_before_the_page() -> None:
    text = "See Foreign Relations, 1934, vol. iv, p. 66."
    named = volumes.read(text, text.index(", 1934"))
    assert named == volumes.Named("frus1934v04", text.index(", p. 66"))


def test_the_subject_of_a_later_volume_is_part_of_its_name() -> None:
    named = volumes.read("1961–1963, vol. XI, Trade in Figs and Dates, Document 27")
    assert named is not None
    assert named.volume == "frus1961-63v11"
    assert named.end == len("1961–1963, vol. XI, Trade in Figs and Dates")


@pytest.mark.parametrize("words", ["", "vol. iv", "of the Republic", "supp. 2", "Russia", "p. 1934"])
def test_words_without_year_or_title_name_no_volume(words: str) -> None:
    assert volumes.volume_id(words) is None


@pytest.mark.parametrize(
    ("volume", "number", "other"),
    [
        ("frus1934v05", "iv", "frus1934v04"),
        ("frus1919Parisv01", "xi", "frus1919Parisv11"),
        ("frus1872p2v2", "v", "frus1872p2v5"),
        ("frus1948v01p2", "ii", "frus1948v02"),
        ("frus1897", "ii", None),
        ("frus1934v05", "lxxiv", None),
    ],
)
def test_a_bare_number_names_a_volume_of_the_same_set(volume: str, number: str, other: str | None) -> None:
    assert volumes.sibling(volume, number) == other


@pytest.mark.parametrize(("printed", "value"), [("iv", 4), ("XIX", 19), ("lxxiv", 74), ("9", 9)])
def test_numbers_are_read_in_both_figures(printed: str, value: int) -> None:
    assert volumes.number(printed) == value


@pytest.mark.parametrize(
    ("volume", "words"),
    [
        ("frus1861", "1861"),
        ("frus1943v03", "1943, vol. III"),
        ("frus1872p2v5", "1872, part 2, vol. V"),
        ("frus1969-76ve15", "1969–1976, vol. E–15"),
        ("frus1917Supp02v01", "1917, Supplement 2, vol. I"),
        ("frus1919Parisv11", "1919, The Paris Peace Conference, vol. XI"),
        ("frus1894app2", "1894, Appendix 2"),
        ("frus1952-54v14p2", "1952–1954, vol. XIV, part 2"),
        ("frus1945Berlinv02", None),
        ("sample1931v01", None),
        ("frus", None),
    ],
)
def test_an_id_is_spelt_if_its_words_are_read_as_the_same_id(volume: str, words: str | None) -> None:
    assert volumes.spelt(volume) == words


def test_a_country_behind_the_number_is_a_subject() -> None:
    named = volumes.read("1969–1976, volume XIV, Soviet Union, October 1971–May 1972, Document 120")
    assert named is not None
    assert named.volume == "frus1969-76v14"
    assert named.end == len("1969–1976, volume XIV, Soviet Union, October 1971–May 1972")
    assert volumes.volume_id("The Soviet Union, 1933–1939") == "frus1933-39"
    assert volumes.volume_id("1918, Russia, vol. iii") == "frus1918Russiav03"
