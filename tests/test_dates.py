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
        ("November 6 [8], 1919", "1919-11-08"),
        ("November 6 [December 6], 1919", "1919-12-06"),
        ("June [July] 6, 1919", "1919-07-06"),
        ("October 22, 1924 [1925]", "1925-10-22"),
        ("17 June, 1918 [1919]", "1919-06-17"),
        ("27 [26] February 1934", "1934-02-26"),
        ("February 27 [26], 1934—midnight", "1934-02-26T00:00:00"),
        ("May 5 [sic], 1917", "1917-05-05"),
        ("May [5], 1917", "1917-05-05"),
    ],
)
def test_an_editors_correction_wins_and_the_printed_form_is_kept(printed: str, edtf: str) -> None:
    date = dates.read(printed).date
    assert date is not None
    assert (date.edtf, date.printed, date.doubt) == (edtf, printed, None)


@pytest.mark.parametrize(
    ("printed", "edtf", "latest"),
    [
        ("December 25 [and 26], 1917", "1917-12-25/1917-12-26", "1917-12-26"),
        ("November 4 and 6, 1863", "1863-11-04/1863-11-06", "1863-11-06"),
        ("May 1–3, 1944", "1944-05-01/1944-05-03", "1944-05-03"),
        ("1–3 May 1944", "1944-05-01/1944-05-03", "1944-05-03"),
        ("December 29–January 3, 1918", "1917-12-29/1918-01-03", "1918-01-03"),
        ("December 29, 1917–January 3, 1918", "1917-12-29/1918-01-03", "1918-01-03"),
    ],
)
def test_several_days_are_an_interval(printed: str, edtf: str, latest: str) -> None:
    date = dates.read(printed).date
    assert date is not None
    assert (date.edtf, date.latest, date.calendar) == (edtf, latest, None)


@pytest.mark.parametrize(
    ("printed", "edtf"),
    [
        ("June 5–17, 1864", "1864-06-17"),
        ("May 20–June 1, 1864", "1864-06-01"),
        ("March 27 (April 8), 1898", "1898-04-08"),
        ("December 8/20, 1897", "1897-12-20"),
        ("December 26/January 7, 1898", "1898-01-07"),
        ("August 4–17, 1900", "1900-08-17"),
        ("20 May/1 June 1864", "1864-06-01"),
        ("March 15, 1917 (O. S.)", "1917-03-28"),
        ("March 15, 1867, old style", "1867-03-27"),
    ],
)
def test_old_style_is_told_and_the_new_style_is_the_date(printed: str, edtf: str) -> None:
    date = dates.read(printed).date
    assert date is not None
    assert (date.edtf, date.calendar, date.printed) == (edtf, "julian", printed)


def test_a_time_of_day_is_no_second_day() -> None:
    for printed in ("March 13—4 p.m., 1934", "March 13, 1934—10 a.m.", "March 13 – 10:15 a.m."):
        date = dates.read(printed, since=PartialDate(printed="", edtf="1934")).date
        assert date is not None
        assert "/" not in date.edtf
    span = dates.read("June 3, 1961, 10:15–11 a.m.").date
    assert span is not None
    assert span.edtf == "1961-06-03"


@pytest.mark.parametrize(
    "printed", ["October 24?, 1917", "October 24, 1917(?).", "October 24, 1917—10 p.m. [?]", "October 24 [?], 1917"]
)
def test_a_question_mark_is_a_doubt(printed: str) -> None:
    date = dates.read(printed).date
    assert date is not None
    assert (date.edtf[:10], date.doubt) == ("1917-10-24", "it is printed with a question mark")


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("your letter of the 5th instant", "1870-01-05"),
        ("on the 20th ult.", "1869-12-20"),
        ("the 3d proximo", "1870-02-03"),
        ("of the 1st of this month", "1870-01-01"),
        ("the 2d day of the present month", "1870-01-02"),
    ],
)
def test_a_day_is_told_by_the_writers_own(words: str, edtf: str) -> None:
    date = dates.relative(words, PartialDate(printed="", edtf="1870-01-15T12:00:00")).date
    assert date is not None
    assert date.edtf == edtf


def test_a_relative_day_needs_a_month_and_a_calendar() -> None:
    assert dates.relative("the 5th instant", PartialDate(printed="", edtf="1870")).date is None
    assert dates.relative("a letter", PartialDate(printed="", edtf="1870-01-15")).date is None
    assert dates.relative("the 31st ultimo", PartialDate(printed="", edtf="1870-03-15")).fault


def test_the_last_date_of_a_line_is_found() -> None:
    line = "Protocol to the Treaty of May 3, 1920, Signed at Border, April 12, 1930"
    assert dates.last(line) == (line.index("April"), len(line))
    assert dates.last("no day in May 1920") is None


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


def test_a_printed_time_joins_the_markups_day() -> None:
    dated = dates.from_markup("March 13, 1934—noon", {"when": "1934-03-13"})
    assert dated.date is not None
    assert (dated.date.edtf, dated.date.latest) == ("1934-03-13T12:00:00", "1934-03-13T12:00:00")


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
    beside = dates.from_markup("March 1, 1934", {"when": value})
    assert beside.date is not None
    assert (beside.date.edtf, beside.date.doubt, beside.fault) == ("1934-03-01", dated.fault, dated.fault)


def test_an_impossible_printed_day_leaves_its_month_as_doubtful() -> None:
    dated = dates.from_markup("February 30, 1864", {"when": "1864-02-30"})
    assert dated.date is not None
    assert (dated.date.edtf, dated.date.earliest, dated.date.doubt) == ("1864-02", None, dated.date.doubt)
    assert dated.date.doubt
    told = dates.from_markup("February 30, 1864", {"when": "1864-03-01"})
    assert told.date is not None
    assert (told.date.edtf, told.date.doubt) == (
        "1864-03-01",
        "of the printed date, 1864-02-30 is not in the calendar",
    )


def test_an_interval_that_ends_before_it_begins_is_a_fault() -> None:
    dated = dates.from_markup("printed", {"notBefore": "1944-05-03", "notAfter": "1944-05-01"})
    assert dated.date is None
    assert dated.fault == "1944-05-03 is later than 1944-05-01"


def test_the_printed_date_is_the_first_reading_where_the_year_of_the_markup_cannot_be_meant() -> None:
    why = "the year 0201 cannot be meant"
    dated = dates.from_markup("June 5, 1864", {"when": "0201-06-05"})
    assert dated == dates.Dated(
        PartialDate(
            printed="June 5, 1864",
            edtf="1864-06-05",
            earliest="1864-06-05",
            latest="1864-06-05",
            doubt=why,
            otherwise="0201-06-05",
        ),
        why,
    )
    month = dates.from_markup("July —, 1870", {"when": "0201-07-04"}).date
    assert month is not None
    assert (month.edtf, month.latest, month.otherwise) == ("1870-07", "1870-07-31", "0201-07-04")


def test_a_year_that_cannot_be_meant_is_lent_to_no_printed_day() -> None:
    date = dates.from_markup("June 22—1 a.m.", {"when": "0201-06-22"}).date
    assert date is not None
    assert (date.edtf, date.earliest, date.otherwise) == ("XXXX-06-22", None, "0201-06-22")


def test_where_no_reading_can_be_meant_the_markup_stays_without_bounds() -> None:
    for printed, other in (("June 5, 0201", None), ("the 5th", None), ("June 5, 1492", "1492-06-05")):
        date = dates.from_markup(printed, {"when": "0201-06-05"}).date
        assert date is not None
        assert (date.edtf, date.earliest, date.otherwise) == ("0201-06-05", None, other)
        assert date.doubt == "the year 0201 cannot be meant"


@pytest.mark.parametrize(
    ("printed", "when", "published", "edtf", "otherwise", "earliest"),
    [
        ("August 12, 1870", "1670-08-12", 1870, "1870-08-12", "1670-08-12", "1870-08-12"),
        ("August 12, 1670", "1870-08-12", 1870, "1870-08-12", "1670-08-12", "1870-08-12"),
        ("October 27, 1879", "1897-10-27", 1880, "1879-10-27", "1897-10-27", "1879-10-27"),
        # Both can be: the markup's is the first, and neither is excluded.
        ("October 27, 1879", "1897-10-27", 1898, "1897-10-27", "1879-10-27", "1879-10-27"),
        ("October 27, 1879", "1897-10-27", None, "1897-10-27", "1879-10-27", "1879-10-27"),
    ],
)
def test_of_two_readings_the_one_that_the_volume_can_print_is_the_first(
    printed: str, when: str, published: int | None, edtf: str, otherwise: str, earliest: str
) -> None:
    date = dates.from_markup(printed, {"when": when}, published=published).date
    assert date is not None
    assert (date.edtf, date.otherwise, date.earliest) == (edtf, otherwise, earliest)
    assert date.doubt


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


def test_a_contradiction_of_markup_and_print_is_published_with_both_readings() -> None:
    dated = dates.from_markup("July 18, 1870", {"when": "1870-08-18"})
    why = "the markup's date 1870-08-18 is not the printed 1870-07-18"
    assert dated == dates.Dated(
        PartialDate(
            printed="July 18, 1870",
            edtf="1870-08-18",
            earliest="1870-07-18",
            latest="1870-08-18",
            doubt=why,
            otherwise="1870-07-18",
        ),
        why,
    )
    for printed, when in (("July 18", "1870-07-18"), ("May, 1901", "1901-05-01"), ("18 July", "1870")):
        agreeing = dates.from_markup(printed, {"when": when})
        assert agreeing.date is not None
        assert agreeing.date.doubt is None


@pytest.mark.parametrize(
    ("printed", "when", "line", "edtf", "whole"),
    [
        ("January 3, 1924", "1924-01-03T20:00:00", "January 3, 1924 [1925]—8 p.m.", "1925-01-03T20:00:00", None),
        ("April 8", "1861-04-08", "April 8–20, 1861. [Received May 3.]", "1861-04-20", "April 8–20, 1861"),
        ("March 27", "1898-03-27", "March 27 (April 8), 1898", "1898-04-08", "March 27 (April 8), 1898"),
        ("December 25", "1917-12-25", "December 25 [and 26]", "1917-12-25/1917-12-26", "December 25 [and 26]"),
        ("June 5", "1864-06-17", "June 5–17, 1864", "1864-06-17", "June 5–17, 1864"),
    ],
)
def test_what_follows_the_tagged_words_may_belong_to_the_date(
    printed: str, when: str, line: str, edtf: str, whole: str | None
) -> None:
    date = dates.from_markup(printed, {"when": when}, line).date
    assert date is not None
    assert (date.edtf, date.printed, date.doubt) == (edtf, whole or line.partition("—")[0], None)


def test_a_later_doubt_does_not_hide_an_earlier() -> None:
    date = PartialDate(printed="", edtf="1870-08-18", doubt="one")
    assert dates.doubtful(date, "two").doubt == "one"
    assert dates.days("1870-08-03T10:00:00", "1870-08-18") == 15


@pytest.mark.parametrize(
    ("first", "last", "edtf"),
    [
        ("1969-02-05T00:00:00-05:00", "1969-02-05T23:59:59-05:00", "1969-02-05"),
        ("1969-02-05T00:00:00-05:00", "1969-02-07T23:59:59-05:00", "1969-02-05/1969-02-07"),
        ("1946-02-22T13:00:00-05:00", "1946-02-22T13:00:00-05:00", "1946-02-22T13:00:00-05:00"),
    ],
)
def test_the_bounds_that_markup_gives_a_document_are_a_date(first: str, last: str, edtf: str) -> None:
    date = dates.from_bounds(first, last).date
    assert date is not None
    assert (date.edtf, date.printed) == (edtf, f"{first}/{last}")
    assert dates.from_bounds(first, None).date is None


def test_instants_are_compared_as_such_and_days_as_days() -> None:
    def at(value: str) -> PartialDate:
        return PartialDate(printed=value, edtf=value, earliest=value, latest=value)

    moscow, washington = at("1946-02-22T21:00:00+03:00"), at("1946-02-22T13:00:00-05:00")
    assert dates.overlap(moscow, washington)
    assert not dates.overlap(at("1946-02-22T20:00:00+03:00"), washington)
    assert dates.overlap(at("1946-02-22T09:00:00"), at("1946-02-22"))
    assert not dates.overlap(at("1946-02-21"), at("1946-02-22"))
    assert dates.overlap(PartialDate(printed="", edtf="XXXX-02-22"), washington)
