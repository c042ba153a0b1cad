"""File numbers against the tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.filecodes import D1910, RULES, SCHEMES, concepts, decode
from kg.filetables import classes, countries, sources, subjects


def label(number: str, year: int | None) -> str | None:
    return decode(number, year).label


def test_a_number_reads_as_class_countries_and_paper() -> None:
    read = decode("761.94/1440", 1944)
    assert read.words == "Political relations: Soviet Union and Japan, paper 1440"
    assert (read.scheme, read.unit, read.serial, read.status) == (D1910, "761.94", "1440", "full")
    assert (read.class_code, read.class_label) == ("7", "Political Relations of States. Bilateral Treaties")
    assert read.country1 is not None
    assert (read.country1.number, read.country1.name, read.country1.iso3) == ("61", "Soviet Union", "RUS")
    assert read.country2 is not None
    assert read.country2.name == "Japan"
    assert read.meaning is not None
    assert read.meaning.certainty == "certain"
    assert set(read.meaning.sources) <= set(sources())


@pytest.mark.parametrize(
    ("number", "year", "words"),
    [
        ("824.00/3", 1930, "Political affairs: Bolivia"),
        (
            "611.123 Vegetables/2",
            1934,
            "Tariff and import duties: United States, goods from Mexico, subfile Vegetables",
        ),
        ("652.119/4", 1917, "Prohibitions, embargoes and export control: goods from United States to Spain"),
        ("211.12/1", 1925, "Extradition: from United States to Mexico"),
        ("701.60 a 11/1", 1925, "Diplomatic representation: of San Marino in United States"),
        ("811.34512/68", 1925, "Naval and coaling stations: of United States in Mexico"),
        ("713.1311/190", 1934, "War. Peace. Friendship: Central America"),
        ("763.72112/9", 1917, "Neutral commerce; trade of neutrals with belligerents: First World War"),
        ("500.A15 a 1/b", 1927, "Three-Power Naval Conference, Geneva 1927"),
        ("462.00R296/5", 1925, "German reparations, subfile R 296"),
        ("123H875/188", 1936, "Foreign Service personnel files, subfile H875"),
        ("740.0011 E.W. 1939/12", 1940, "Second World War, Europe"),
        ("611.93/11–1055", 1955, "Political relations: United States and China"),
        ("711.56394/2–256", 1956, "Military bases abroad: of United States in Japan"),
        ("788.5–MSP/1–158", 1958, "Mutual Security Program / military assistance: Iran"),
        ("Paris Peace Conf. 184.00101/4", 1919, "Minutes of the American Commissioners Plenipotentiary"),
        ("POL 27 VIET S", 1965, "Military operations: South Vietnam"),
        ("POL 27–14 Arab-Israeli", 1967, "Truce. Cease-fire. Armistice: Arab-Israeli"),
    ],
)
def test_each_form_of_number_reads_in_full(number: str, year: int, words: str) -> None:
    assert label(number, year) == words
    assert decode(number, year).status == "full"


def test_the_two_decimal_schemes_are_told_apart_by_the_year() -> None:
    assert label("611.93/1", 1949) == "Trade: imports into United States from China"
    assert label("611.93/1", 1950) == "Political relations: United States and China"
    assert decode("611.93/1", 1949).key != decode("611.93/1", 1950).key


def test_without_a_year_the_serial_tells_the_scheme() -> None:
    assert decode("611.93/11–1055", None).scheme == "decimal-1950"
    assert decode("611.93/2200", None).scheme == D1910


def test_a_number_that_both_schemes_read_is_ambiguous_without_a_year() -> None:
    read = decode("611.93", None)
    assert [meaning.tables for meaning in read.readings] == [D1910, "decimal-1950"]
    assert read.ambiguous
    assert read.label is None


def test_a_capital_behind_a_space_may_be_a_country_or_a_name() -> None:
    read = decode("611.60 C 31/2", 1930)
    assert {meaning.country2.name for meaning in read.readings if meaning.country2} == {
        "Poland",
        "Eastern Continental Europe",
    }
    assert label("611.60 c 31/2", 1930) == label("611.60c31/2", 1930)
    assert not decode("611.60c31/2", 1930).ambiguous


def test_a_letter_begins_a_name_where_no_country_has_it() -> None:
    read = decode("411.57N90/2", 1920)
    assert read.country2 is not None
    assert read.country2.number == "57"
    assert read.meaning is not None
    assert read.meaning.subfile == "N90"


def test_a_letter_and_digits_that_no_subject_reads_may_be_a_country_or_a_name() -> None:
    assert [meaning.status for meaning in decode("124.11B6/1", 1930).readings] == ["partial", "full"]
    assert label("411.53N83/1", 1920) == "Claims: nationals of Portugal against United States, subfile N83"


def test_a_second_country_behind_a_subject_is_inferred() -> None:
    read = decode("811.512332 Shipping/20", 1930)
    assert read.label == "Income tax: United States; Brazil, subfile Shipping"
    assert read.meaning is not None
    assert read.meaning.certainty == "probable"
    assert "extra-country" in read.meaning.rules


def test_a_country_bears_the_name_of_the_year_and_its_unit_all_names() -> None:
    assert label("861.00/1", 1917) == "Political affairs: Russia"
    read = decode("861.00/1", 1930)
    assert read.label == "Political affairs: Soviet Union"
    assert read.meaning is not None
    assert read.meaning.unit_label == "Political affairs: Russia / Soviet Union"
    assert label("867n.01/1", 1948) == "Government: Palestine or Israel"


def test_what_the_tables_do_not_reach_is_left_unread() -> None:
    read = decode("124.1718/115", 1925)
    assert read.status == "partial"
    assert read.meaning is not None
    assert (read.label, read.meaning.unread) == ("U.S. diplomatic missions: Nicaragua", "18")
    assert decode("882.53/1", 1920).label == "Economic matters: Liberia"
    assert decode("882.53/1", 1920).status == "partial"


def test_a_subject_of_a_conference_is_only_inferred() -> None:
    read = decode("551.5 B/4", 1925)
    assert read.status == "partial"
    assert read.label == "Conferences: Monetary system. Currency"


@pytest.mark.parametrize("number", ["500.A15 a 1/b", "500.A15a1/2", "500.a15 A1/3"])
def test_papers_of_one_unit_share_its_key(number: str) -> None:
    assert decode(number, 1927).key == "decimal-1910/500.a15a1"


def test_a_slip_of_print_is_not_guessed_away() -> None:
    assert decode("799.(9815/3", 1931).unit != decode("799.9815/3", 1931).unit


def test_the_war_is_one_unit_under_its_long_and_short_names() -> None:
    assert len({decode(f"740.0011 {war}/1", 1941).key for war in ("European War 1939", "EW", "EW 1939", "E. W.")}) == 1


@pytest.mark.parametrize(
    ("serial", "year", "day"),
    [
        ("3–2948", 1948, "1948-03-29"),
        ("2–851", 1951, "1951-02-08"),
        ("3-2345", None, "1945-03-23"),
        ("8–2043", 1943, None),
        ("13–245", 1945, None),
        ("2–3045", 1945, None),
        ("1–2", 1909, None),
        ("8–2045", 1943, None),
        ("1440", 1944, None),
    ],
)
def test_a_serial_is_a_date_only_where_it_can_be_one(serial: str, year: int | None, day: str | None) -> None:
    assert decode(f"861.00/{serial}", year).serial_date == day


@pytest.mark.parametrize(
    "serial", ["42½", "3305a", "10092 ½a", "410 supp.", "orig.", "a", "—", "–", "159¼", "2332/7", "⅓", "62064 9/14"]
)
def test_serials_of_all_kinds_are_parted_from_the_unit(serial: str) -> None:
    read = decode(f"861.00/{serial}", 1930)
    assert (read.unit, read.serial) == ("861.00", serial)


def test_slips_of_the_pen_are_made_regular() -> None:
    assert decode("860h. 51/3", 1925).unit == "860h.51"
    assert label("751K.oo/7–361", 1961) == "Political affairs and conditions: Vietnam"
    assert label("740.00/119 Council/9–3045", 1945) == "Council of Foreign Ministers"


@pytest.mark.parametrize(
    ("name", "scheme", "unit"),
    [
        ("PPS Files: Lot 66 D 487", "lot", "lot66d487"),
        ("Lot 66D487", "lot", "lot66d487"),
        ("Woodrow Wilson Papers: Telegram", "papers", "woodrow wilson papers"),
        ("Eisenhower Library, Whitman File", "library", "eisenhower library, whitman file"),
    ],
)
def test_lots_papers_and_libraries_are_units_by_name(name: str, scheme: str, unit: str) -> None:
    read = decode(name, None)
    assert (read.scheme, read.unit) == (scheme, unit)


def test_the_commission_at_paris_used_the_departments_classes_beside_its_own() -> None:
    read = decode("Paris Peace Conf. 723.2515/4", 1918)
    assert read.label == "Boundaries: Peru and Chile"
    assert read.scheme == "paris-peace-conference"
    assert read.meaning is not None
    assert read.meaning.certainty == "probable"


def test_a_subject_that_two_handbooks_name_differently_is_ambiguous_without_a_year() -> None:
    assert label("POL 29 CUBA", 1963) == "Arrests. Detention: Cuba"
    assert label("POL 29 CUBA", 1965) == "Political prisoners: Cuba"
    assert decode("POL 29 CUBA", None).ambiguous


def test_a_country_number_that_the_table_lacks_makes_the_reading_partial() -> None:
    read = decode("828.5151/1", 1934)
    assert (read.label, read.status) == ("Exchange: 28", "partial")


def test_concepts_come_with_all_their_broader_ones() -> None:
    found = {
        concept.notation: concept for concept in concepts([decode("763.72112/1", 1917), decode("POL 27-14", 1965)])
    }
    chain = ["763.72112", "7**.††112", "7**.††11", "7**.††1", "7**.††", "7**", "7"]
    assert [found[notation].broader for notation in chain] == [*chain[1:], None]
    assert found["POL 27-14"].broader == "POL 27"
    assert found["POL 27"].broader == "POL"
    assert found["72"].label == "Serbia"
    assert found["63"].alternatives == ("Austria-Hungary", "Austria")
    assert len({concept.key for concept in found.values()}) == len(found)


@pytest.mark.parametrize("scheme", ["decimal-1910", "decimal-1950", "paris-peace-conference"])
def test_each_class_has_a_broader_one_of_its_scheme_and_known_sources(scheme: str) -> None:
    table = classes(scheme)
    assert table
    for row in table.values():
        assert not row.broader or row.broader in table
        assert row.sources
        assert set(row.sources) <= set(sources())
        seen = set()
        while row.broader:
            assert row.code not in seen
            seen.add(row.code)
            row = table[row.broader]


def test_countries_and_subjects_name_known_sources_and_years_in_order() -> None:
    numbers = [row for scheme in (D1910, "decimal-1950") for rows in countries(scheme).values() for row in rows]
    others = [row for rows in subjects().values() for row in rows]
    assert all(set(row.sources) <= set(sources()) and row.first <= row.last for row in numbers)
    assert all(set(row.sources) <= set(sources()) and row.first <= row.last for row in others)


def test_no_table_names_a_path_of_a_machine() -> None:
    assert not [source for source in sources().values() if "/work" in source.citation or "/home" in source.citation]


@pytest.mark.parametrize("number", ["", "/", ".", "1797/217", "Ibid.", "∞½²", "888888", "8", "5", "No. 383"])
def test_what_is_no_file_number_reads_as_nothing(number: str) -> None:
    assert decode(number, 1930).status == "none"


@given(st.text(alphabet="0123456789.AaCcIi /–-½POLUNVietwar()*†#", max_size=24), st.none() | st.integers(1861, 1990))
def test_no_text_makes_it_fail(number: str, year: int | None) -> None:
    read = decode(number, year)
    assert set(concepts([read])) is not None
    assert read.status in ("full", "partial", "none")
    assert {rule for meaning in read.readings for rule in meaning.rules} <= set(RULES)
    assert read.scheme is None or read.scheme in (*SCHEMES, "decimal")
