"""The grammar of citations, on sentences written for it."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.citations import Citation, date_before, find


def said(citation: Citation) -> dict[str, object]:
    """What a citation says, without its place and what it leaves open."""
    told = {field.name: getattr(citation, field.name) for field in fields(citation)}
    return {
        name: value
        for name, value in told.items()
        if name not in ("start", "end", "exact") and value not in (None, (), False)
    }


def one(text: str, volume: str | None = None) -> Citation:
    found = find(text, volume=volume)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "exact", "told"),
    [
        (
            "Department’s 49, May 31, 8 p.m. The figs have come.",
            "Department’s 49, May 31, 8 p.m.",
            {"form": "telegram", "number": "49", "month": 5, "day": 31, "hour": "20:00", "whose": "Department"},
        ),
        ("Your telegram No. 3 is clear.", "Your telegram No. 3", {"form": "telegram", "number": "3", "whose": "your"}),
        ("I wait for your No. 27.", "your No. 27", {"form": "paper", "number": "27", "whose": "your"}),
        ("as I said in my despatch 206.", "my despatch 206", {"form": "despatch", "number": "206", "whose": "my"}),
        (
            "I have your note of the 8th instant on figs.",
            "your note of the 8th instant",
            {"form": "note", "day": 8, "relation": "instant", "whose": "your"},
        ),
        (
            "Yours of the 11th ultimo came late.",
            "Yours of the 11th ultimo",
            {"form": "paper", "day": 11, "relation": "ultimo", "whose": "your"},
        ),
        (
            "Sir: Your very kind despatch of the 24th of June, No. 495, has come.",
            "Your very kind despatch of the 24th of June, No. 495",
            {"form": "despatch", "number": "495", "month": 6, "day": 24, "whose": "your"},
        ),
        (
            "your despatch of August 2 (No. 22) has come",
            "your despatch of August 2 (No. 22)",
            {"form": "despatch", "number": "22", "month": 8, "day": 2, "whose": "your"},
        ),
        (
            "in my despatch No. 63, of this date, I asked",
            "my despatch No. 63, of this date",
            {"form": "despatch", "number": "63", "relation": "today", "whose": "my"},
        ),
        (
            "My March 3, 2 p.m. number 30. Still no figs.",
            "My March 3, 2 p.m. number 30",
            {"form": "telegram", "number": "30", "month": 3, "day": 3, "hour": "14:00", "whose": "my"},
        ),
        (
            "the Department’s circular telegram of May 18, noon, was read",
            "Department’s circular telegram of May 18, noon",
            {"form": "circular", "month": 5, "day": 18, "hour": "12:00", "whose": "Department"},
        ),
        (
            "see Sack’s 23, April 12, 2:30 p.m.",
            "Sack’s 23, April 12, 2:30 p.m.",
            {"form": "telegram", "number": "23", "month": 4, "day": 12, "hour": "14:30", "whose": "Sack"},
        ),
        (
            "In telegram 4711 from Moscow, May 5, 1961, the Embassy asked",
            "telegram 4711 from Moscow, May 5, 1961",
            {"form": "telegram", "number": "4711", "year": 1961, "month": 5, "day": 5, "sender": "Moscow"},
        ),
        ("Deptel 12 to Saigon.", "Deptel 12 to Saigon", {"form": "telegram", "number": "12", "recipient": "Saigon"}),
    ],
)
def test_a_paper_is_read_with_number_date_hour_and_owner(text: str, exact: str, told: dict[str, object]) -> None:
    citation = one(text)
    assert citation.exact == exact
    assert said(citation) == told


@pytest.mark.parametrize(
    ("text", "number", "month", "day", "hour"),
    [
        ("my cable number 79 [78] of November 1st", "78", 11, 1, None),
        ("your 43, February 8 [7], 11 a.m. [6 p.m.]", "43", 2, 7, "18:00"),
        ("your 41, June 4, 4 [7] p.m.", "41", 6, 4, "19:00"),
        ("Your 2664, September 18 [2602, October 15] The act", "2602", 10, 15, None),
    ],
)
def test_what_an_editor_puts_right_in_brackets_wins(
    text: str, number: str, month: int, day: int, hour: str | None
) -> None:
    citation = one(text)
    assert (citation.number, citation.month, citation.day, citation.hour) == (number, month, day, hour)
    assert citation.corrected


def dates(text: str) -> list[tuple[str | None, int | None, int | None, str | None]]:
    return [(one.number, one.month, one.day, one.hour) for one in find(text)]


def test_each_paper_of_a_list_is_a_citation_of_its_own() -> None:
    found = find("the telegrams Nos. 3, May 2, and 5, May 7, 1934, and despatch No. 9 of June 1")
    assert [(one.form, one.number, one.month, one.day, one.year) for one in found] == [
        ("telegram", "3", 5, 2, 1934),
        ("telegram", "5", 5, 7, 1934),
        ("despatch", "9", 6, 1, None),
    ]


def test_a_date_behind_a_list_of_numbers_is_of_all_of_them() -> None:
    assert dates("Your Nos. 12, 13, and 14 of March 2.") == [(n, 3, 2, None) for n in ("12", "13", "14")]


def test_dates_told_respectively_go_to_the_numbers_in_order() -> None:
    assert dates("its Nos. 631 and 34 of April 21 and May 29, 1925, respectively") == [
        ("631", 4, 21, None),
        ("34", 5, 29, None),
    ]
    assert dates("Your telegrams Nos. 8 and 9, March 31, 6 p.m., and 7 p.m., respectively.") == [
        ("8", 3, 31, "18:00"),
        ("9", 3, 31, "19:00"),
    ]
    assert dates("my telegrams numbers 1, 4, and 5 of January 6th, 27th, and 29th") == [
        ("1", 1, 6, None),
        ("4", 1, 27, None),
        ("5", 1, 29, None),
    ]


def test_the_year_of_the_last_date_is_that_of_those_before_it() -> None:
    found = find("the embassy’s dispatches Nos. 502, of November 13, and 46, of May 19, 1896")
    assert [one.year for one in found] == [1895, 1896]


@pytest.mark.parametrize(
    "text",
    [
        "I have your 2 notes and his 3 sons.",
        "On May 31, 8 p.m., the figs came.",
        "Article 5 of May 2 binds us.",
        "The number of figs was 500 in March 1934.",
        "Take note 5 times a day.",
        "We were at war with 12 of them, and my 3 ships sank.",
        "Decree No. 19 stands.",
        "Please note the date.",
        "",
    ],
)
def test_numbers_and_dates_that_cite_nothing_are_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "form", "volume", "pages"),
    [
        ("Foreign Relations, 1934, vol. iv, p. 66.", "foreign-relations", "frus1934v04", ("66",)),
        ("See Foreign Relations, 1899, pp. 521 ff.", "foreign-relations", "frus1899", ("521",)),
        ("(Foreign Relations 1913, page 974)", "foreign-relations", "frus1913", ("974",)),
        ("See vol. iv, pp. 542–545 and 550.", "foreign-relations", "frus1934v04", ("542–545", "550")),
        ("Ante, p. 34.", "page", None, ("34",)),
        ("Printed on p. 113, ante.", "page", None, ("113",)),
        ("Post, pp. 12, 15, and 20.", "page", None, ("12", "15", "20")),
    ],
)
def test_a_place_in_print_is_read_with_volume_and_pages(
    text: str, form: str, volume: str | None, pages: tuple[str, ...]
) -> None:
    citation = one(text, "frus1934v05")
    assert (citation.form, citation.volume, citation.pages) == (form, volume, pages)


def test_a_document_number_of_a_later_volume_is_read() -> None:
    citation = one("See Foreign Relations, 1961–1963, vol. XI, Figs and Dates, Document 27.")
    assert (citation.volume, citation.number) == ("frus1961-63v11", "27")
    assert said(one("See Document 27.")) == {"form": "document", "number": "27"}


def test_ibid_goes_on_from_the_citation_before() -> None:
    text = "Foreign Relations, 1934, vol. iv, p. 66; ibid., 1925, vol. ii, p. 606; ibid., p. 34; ibid., vol. i, p. 2."
    assert [(one.volume, one.pages) for one in find(text)] == [
        ("frus1934v04", ("66",)),
        ("frus1925v02", ("606",)),
        ("frus1925v02", ("34",)),
        ("frus1925v01", ("2",)),
    ]


def test_ibid_may_go_on_from_the_note_before() -> None:
    before = one("Foreign Relations, 1934, vol. iv, p. 66")
    assert find("Ibid., p. 70.", before=before)[0].volume == "frus1934v04"
    work = one("43 Stat. 1952")
    assert find("Ibid., p. 70.", before=work)[0].work == "Statutes at Large"


def test_a_paper_is_told_with_the_place_where_it_is_printed() -> None:
    text = "See telegram No. 8, January 22, 1 p.m., from the Chargé in Freedonia, p. 247."
    citation = one(text)
    assert (citation.number, citation.sender, citation.pages) == ("8", "the Chargé in Freedonia", ("247",))
    citation = one(
        "instruction No. 7, May 8, 1933, to the Minister in Freedonia, Foreign Relations, 1933, vol. v, p. 849"
    )
    assert (citation.recipient, citation.volume, citation.pages) == (
        "the Minister in Freedonia",
        "frus1933v05",
        ("849",),
    )
    assert one("See telegram to the Ambassador, No. 626, Aug. 1, supra.").where == "supra"
    assert one("See telegram No. 10, Nov. 17 (File No. 103.96/87), on figs.").file == "103.96/87"
    assert one("Telegram No. 7, January 6, 6 p.m., not printed.").unprinted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Supra.", {"form": "neighbour", "where": "supra"}),
        ("See infra.", {"form": "neighbour", "where": "infra"}),
        ("See the following document.", {"form": "neighbour", "where": "infra"}),
        ("See footnote 84, p. 361.", {"form": "footnote", "mark": "84", "pages": ("361",)}),
        ("See footnote 21, above.", {"form": "footnote", "mark": "21"}),
        ("Not printed.", {"form": "not-printed", "unprinted": True}),
        ("(File No. 654.119/690)", {"form": "file", "file": "654.119/690"}),
        ("It is filed under (701.9111/468).", {"form": "file", "file": "701.9111/468"}),
        ("43 Stat. 1952.", {"form": "work", "work": "Statutes at Large"}),
        ("Treaty Series No. 858", {"form": "work", "work": "Treaty Series"}),
        (
            "League of Nations Treaty Series, vol. lxxiv, p. 9",
            {"form": "work", "work": "League of Nations Treaty Series"},
        ),
    ],
)
def test_the_other_forms_are_read(text: str, told: dict[str, object]) -> None:
    assert said(one(text)) == told


def test_a_page_behind_another_works_title_is_that_works() -> None:
    citation = one("Fielding, History of Figs, vol. ii, p. 12.", "frus1934v05")
    assert (citation.form, citation.work, citation.volume) == ("work", "Fielding, History of Figs", None)
    assert one("Colombia, Diario Oficial, November 21, 1933, p. 418.").form == "work"
    assert one("See agreement signed Sept. 21, 1925, p. 163.").form == "page"


def test_the_recipient_ends_where_the_possessive_begins() -> None:
    found = find("I refer to your note No. 5 of May 2 to the Department’s instruction No. 9 of May 4.")
    assert [(one.whose, one.number, one.recipient) for one in found] == [
        ("your", "5", None),
        ("Department", "9", None),
    ]


def test_the_date_before_a_mark_is_found() -> None:
    text = "the order of October 12, 1917, on figs"
    found = date_before(text, text.index(" on"))
    assert found is not None
    assert (found.year, found.month, found.day) == (1917, 10, 12)
    assert date_before(text, len(text)) is None


WORDS = st.sampled_from(
    (
        *(
            "your",
            "my",
            "Department’s",
            "telegram",
            "despatches",
            "note",
            "Nos.",
            "No.",
            "3",
            "12,",
            "[13]",
            "1934",
            "May 2",
        ),
        *(
            "the 8th instant",
            "8 p.m.",
            "noon,",
            "and",
            "of",
            "from",
            "to",
            "the Minister in Freedonia",
            "(",
            ")",
            "p. 3",
        ),
        *(
            "Foreign Relations,",
            "vol. iv,",
            "ibid.,",
            "ante,",
            "supra",
            "not printed",
            "footnote 3",
            "43 Stat. 5",
            ";",
            "\n",
        ),
    )
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_citations_stand_in_order_apart_and_where_they_say(text: str) -> None:
    end = 0
    for citation in find(text, volume="frus1934v05"):
        assert end <= citation.start < citation.end
        assert text[citation.start : citation.end] == citation.exact
        end = citation.end


@pytest.mark.parametrize(
    "piece",
    [
        "your ",
        "No. 1, ",
        "1, May 2, ",
        "pp. 1, 2, ",
        "A ",
        "(",
        "ibid., ",
        "vol. i, p. ",
        "telegram from the A ",
        "[1, ",
    ],
)
def test_a_text_of_nothing_but_beginnings_is_read_through(piece: str) -> None:
    assert isinstance(find(piece * 20_000), list)


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("See Documents 9–11.", [("9", "11", None)]),
        ("See Documents 9, 12–15, and 18.", [("9", None, None), ("12", "15", None), ("18", None, None)]),
        (
            "Foreign Relations, 1969–1976, volume XIV, Soviet Union, October 1971–May 1972, Documents 120 and 122.",
            [("120", None, "frus1969-76v14"), ("122", None, "frus1969-76v14")],
        ),
        ("See Document 9, 1971.", [("9", None, None)]),
        ("Printed in volume XI, Trade in Figs, Document 66.", [("66", None, "frus1969-76v11")]),
        (
            "Foreign Relations, 1969–1976, volume I, Document 3; ibid., volume IX, Trade in Figs, Document 4.",
            [("3", None, "frus1969-76v01"), ("4", None, "frus1969-76v09")],
        ),
        ("See Document 9 and 12 others.", [("9", None, None)]),
    ],
)
def test_lists_and_ranges_of_documents(text: str, documents: list[tuple[str, str | None, str | None]]) -> None:
    found = find(text, volume="frus1969-76v14")
    assert [(one.number, one.until, one.volume) for one in found] == documents
