"""The grammar of dates: printed lines and the markup's attributes."""

import pytest

from kg import dates
from kg.document import PartialDate


@pytest.mark.parametrize(
    ("printed", "edtf"),
    [
        ("March 13, 1934—4 p.m.", "1934-03-13T16:00:00"),
        ("November 15, 1917, 6.30 p.m.", "1917-11-15T18:30:00"),
        ("April 28, 1930—noon", "1930-04-28T12:00:00"),
        ("April 28, 1930—12 midnight", "1930-04-28T00:00:00"),
        ("January 22, 1864—2¼ p. m.", "1864-01-22T14:15:00"),
        ("8.15 p.m., May 3, 1894", "1894-05-03T20:15:00"),
        ("4 March, 1925", "1925-03-04"),
        ("the 2d of August, 1870", "1870-08-02"),
        ("le 12 février 1864", "1864-02-12"),
        ("Sept. 9, 1882", "1882-09-09"),
        ("November, 1917", "1917-11"),
        ("June —, 1861", "1861-06"),
        ("September 10", "XXXX-09-10"),
    ],
)
def test_a_printed_date_is_read_to_the_precision_it_has(printed: str, edtf: str) -> None:
    dated = dates.read(printed)
    assert dated.date is not None
    assert (dated.date.edtf, dated.fault) == (edtf, None)


@pytest.mark.parametrize(
    ("printed", "edtf"),
    [
        ("June 5–17, 1864", "1864-06-05"),
        ("May 20–June 1, 1864", "1864-05-20"),
        ("March 27 (April 8), 1898", "1898-03-27"),
        ("December 25 [and 26], 1917", "1917-12-25"),
        ("November 6 [8], 1919", "1919-11-06"),
        ("October 24?, 1917", "1917-10-24"),
    ],
)
def test_the_first_day_of_a_range_or_correction_counts(printed: str, edtf: str) -> None:
    dated = dates.read(printed)
    assert dated.date is not None
    assert dated.date.edtf == edtf


def test_the_words_on_the_receiving_are_not_the_date_of_sending() -> None:
    dated = dates.read("July 18, 1870. (Received August 3, 1870.)")
    assert dated.date is not None
    assert dated.date.edtf == "1870-07-18"


@pytest.mark.parametrize("printed", ["", "[undated]", "Tuesday", "Springtime 1900"])
def test_a_line_without_a_date_gives_none(printed: str) -> None:
    assert dates.read(printed) == dates.Dated(None)


@pytest.mark.parametrize(
    ("value", "edtf", "earliest", "latest"),
    [
        ("1934-03-13", "1934-03-13", "1934-03-13", "1934-03-13"),
        ("1934-03-13T16:00:00", "1934-03-13T16:00:00", "1934-03-13T16:00:00", "1934-03-13T16:00:00"),
        ("1934-02", "1934-02", "1934-02-01", "1934-02-28"),
        ("1934", "1934", "1934-01-01", "1934-12-31"),
        ("--09-10", "XXXX-09-10", None, None),
        ("--02-29", "XXXX-02-29", None, None),
    ],
)
def test_the_markup_gives_date_and_bounds(value: str, edtf: str, earliest: str | None, latest: str | None) -> None:
    date = PartialDate(printed="as printed", edtf=edtf, earliest=earliest, latest=latest)
    assert dates.from_markup(" as  printed ", {"when": value}) == dates.Dated(date)


def test_a_zone_is_kept_with_the_time() -> None:
    dated = dates.from_markup("9 p.m.", {"when": "1946-02-22T21:00:00+03:00"})
    assert dated.date is not None
    assert dated.date.edtf == "1946-02-22T21:00:00+03:00"


def test_two_ends_make_an_interval() -> None:
    dated = dates.from_markup("May 1–3, 1944", {"from": "1944-05-01", "to": "1944-05-03"})
    assert dated.date is not None
    assert (dated.date.edtf, dated.date.earliest, dated.date.latest) == (
        "1944-05-01/1944-05-03",
        "1944-05-01",
        "1944-05-03",
    )


@pytest.mark.parametrize("value", ["1934-02-30", "1934-13-01", "13 March 1934", "1934-1-1"])
def test_a_day_that_no_calendar_has_is_a_fault_and_no_date(value: str) -> None:
    dated = dates.from_markup("printed", {"when": value})
    assert dated.date is None
    assert dated.fault


def test_an_interval_that_ends_before_it_begins_is_a_fault() -> None:
    dated = dates.from_markup("printed", {"notBefore": "1944-05-03", "notAfter": "1944-05-01"})
    assert dated.date is None
    assert dated.fault == "1944-05-03 is later than 1944-05-01"


def test_a_year_before_the_calendar_is_kept_without_bounds() -> None:
    dated = dates.from_markup("June 5, 1864", {"when": "0201-06-05"})
    assert dated.date == PartialDate(printed="June 5, 1864", edtf="0201-06-05")
    assert dated.fault == "the year 0201 cannot be meant"


def test_an_impossible_time_leaves_the_day() -> None:
    dated = dates.from_markup("printed", {"when": "1934-03-13T25:00:00"})
    assert dated.date is not None
    assert dated.date.edtf == "1934-03-13"
    assert dated.fault


@pytest.mark.parametrize(
    ("sent", "line", "edtf"),
    [
        ("1934-03-13T16:00:00", "[Received March 15—7:05 a.m.]", "1934-03-15T07:05:00"),
        ("1934-01-16T13:00:00", "[Received 2:40 p.m.]", "1934-01-16T14:40:00"),
        ("1917-12-30", "[Received January 3.]", "1918-01-03"),
        ("1917-12-30", "[Received January 1, 1918, 4.37 p.m.]", "1918-01-01T16:37:00"),
    ],
)
def test_the_date_of_sending_lends_what_the_received_line_leaves_out(sent: str, line: str, edtf: str) -> None:
    dated = dates.read(line, since=PartialDate(printed="", edtf=sent))
    assert dated.date is not None
    assert dated.date.edtf == edtf


def test_a_received_line_alone_has_no_year_and_a_time_alone_no_date() -> None:
    dated = dates.read("[Received November 2—4:25 p.m.]")
    assert dated.date is not None
    assert (dated.date.edtf, dated.date.earliest) == ("XXXX-11-02", None)
    assert dates.read("[Received 2:40 p.m.]").date is None


def test_a_contradiction_of_markup_and_print_is_told() -> None:
    wrong = PartialDate(printed="July 18, 1870", edtf="1870-08-18")
    assert dates.disagreement(wrong) == "the markup's date 1870-08-18 is not the printed 1870-07-18"
    assert dates.disagreement(PartialDate(printed="July 18", edtf="1870-07-18")) is None
    assert dates.disagreement(PartialDate(printed="May, 1901", edtf="1901-05-01")) is None
