"""The grammar of headings."""

import pytest

from kg import headings

Side = tuple[str | None, str | None]


def sides(heading: str) -> tuple[list[Side], list[Side]]:
    """(name, role) of the senders and of the recipients."""
    parties = headings.read(heading).parties
    return (
        [(party.name, party.role) for party in parties if party.direction == "from"],
        [(party.name, party.role) for party in parties if party.direction == "to"],
    )


@pytest.mark.parametrize(
    ("heading", "sender", "recipient"),
    [
        ("Mr. Stone to Mr. Field.", ("Stone", None), ("Field", None)),
        ("Baron Hill to General Wood", ("Hill", None), ("Wood", None)),
        (
            "The Ambassador in Freedonia (Stone) to the Secretary of State",
            ("Stone", "Ambassador in Freedonia"),
            (None, "Secretary of State"),
        ),
        (
            "The Minister in Sylvania(Van Hill), temporarily at Paris, to the Acting Secretary of State",
            ("Van Hill", "Minister in Sylvania"),
            (None, "Acting Secretary of State"),
        ),
        (
            "The Embassy of Freedonia to the Department of State",
            (None, "Embassy of Freedonia"),
            (None, "Department of State"),
        ),
        (
            "The Commission to Negotiate Peace to the American Delegate to the Council (Field)",
            (None, "Commission to Negotiate Peace"),
            ("Field", "American Delegate to the Council"),
        ),
        (
            "The Delegate to the Allied Council (Field) to the Secretary of State",
            ("Field", "Delegate to the Allied Council"),
            (None, "Secretary of State"),
        ),
        (
            "The Secretary to President Stone (Field) to the Secretary of State",
            ("Field", "Secretary to President Stone"),
            (None, "Secretary of State"),
        ),
        ("President Stone to King Otto of Sylvania", ("Stone", "President"), ("Otto", "King of Sylvania")),
        ("Earl of Hill to Lord Field, G. C. B.", ("Earl of Hill", None), ("Field", "G. C. B")),
        ("Viscount de Hill to Mr. Stone.", ("de Hill", None), ("Stone", None)),
        ("Mr. Stone, chargé d’affaires, to the Duke de Hill", ("Stone", "chargé d’affaires"), ("Duke de Hill", None)),
        (
            "The Secretary of State to Hill, Field & Company",
            (None, "Secretary of State"),
            (None, "Hill, Field & Company"),
        ),
        ("No. 118. Sir A. Stone to Mr. Field.—Received May 3.", ("A. Stone", None), ("Field", None)),
        ("[470] *Mr. Stone, consul, to Mr. Field, minister.", ("Stone", "consul"), ("Field", "minister")),
        ("Mr. Stone (Secretary of State) to Mr. Field", ("Stone", "Secretary of State"), ("Field", None)),
    ],
)
def test_a_heading_is_split_into_its_two_sides(heading: str, sender: Side, recipient: Side) -> None:
    assert sides(heading) == ([sender], [recipient])


@pytest.mark.parametrize(
    ("heading", "sender", "recipient"),
    [
        (
            "10. Telegram From the Embassy in Freedonia to the Department of State",
            (None, "Embassy in Freedonia"),
            (None, "Department of State"),
        ),
        (
            "Memorandum From the President’s Assistant for Example Affairs (Stone) to President Field",
            ("Stone", "President’s Assistant for Example Affairs"),
            ("Field", "President"),
        ),
        (
            "Memorandum From Ada Stone of the Example Council Staff to Secretary of State Field",
            ("Ada Stone", "Example Council Staff"),
            ("Field", "Secretary of State"),
        ),
        (
            "Memorandum by the Chief of the Division of Example Affairs (Stone) to the Legal Adviser (Field)",
            ("Stone", "Chief of the Division of Example Affairs"),
            ("Field", "Legal Adviser"),
        ),
    ],
)
def test_a_paper_from_one_to_another_has_both_sides(heading: str, sender: Side, recipient: Side) -> None:
    assert sides(heading) == ([sender], [recipient])


@pytest.mark.parametrize(
    "heading",
    [
        "Memorandum by the Economic Adviser (Stone)",
        "Memorandum by the Economic Adviser (Stone) of a Conversation With Mr. Field, May 3, 1925",
        "Memorandum of Conversation, by the Economic Adviser (Stone)",
    ],
)
def test_a_memorandum_has_its_author_only(heading: str) -> None:
    assert sides(heading) == ([("Stone", "Economic Adviser")], [])


def test_several_persons_on_a_side_are_parties_each() -> None:
    assert sides("The Technical Advisers (Stone, Field, and Hill) to Messrs. Wood and Marsh") == (
        [("Stone", "Technical Advisers"), ("Field", "Technical Advisers"), ("Hill", "Technical Advisers")],
        [("Wood", None), ("Marsh", None)],
    )
    assert sides("Mr. Stone to the Under Secretary (Field) and the Assistant Secretary (Hill)")[1] == [
        ("Field", "Under Secretary"),
        ("Hill", "Assistant Secretary"),
    ]
    assert sides("Mr. Ada Stone to Dr. A. B. Field and Mr. C. Hill")[1] == [("A. B. Field", None), ("C. Hill", None)]


@pytest.mark.parametrize(
    "heading",
    [
        "[Untitled]",
        "",
        "Minutes of Meeting of the Commission to Negotiate Peace, July 16, 1919",
        "Protocol Relating to Military Obligations, Signed at The Hague, April 12, 1930",
        "Memorandum in reply to the Freedonian note",
        "Editorial Note",
        "Notes of a Conversation Between Mr. Stone and Mr. Field",
    ],
)
def test_a_heading_without_correspondents_has_no_parties(heading: str) -> None:
    assert headings.read(heading).parties == ()


def test_the_number_before_a_heading_is_taken_off_the_title() -> None:
    assert headings.read("No. 35. Mr. Stone to Mr. Field.").number == "35"
    later = headings.read("10. Telegram From the Embassy in Freedonia to the Department of State")
    assert (later.number, later.title) == ("10", "Telegram From the Embassy in Freedonia to the Department of State")


def test_the_printed_words_of_a_side_are_kept() -> None:
    party = headings.read("The Ambassador in Freedonia (Stone) to the Secretary of State").parties[0]
    assert party.printed == "The Ambassador in Freedonia (Stone)"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[Telegram.—Paraphrase.]", "telegram"),
        ("Circular Telegram From the Department of State to Certain Posts", "telegram"),
        ("[Circular.]", "circular"),
        ("Memorandum of Conversation", "memorandumOfConversation"),
        ("Memorandum by the Economic Adviser (Stone)", "memorandum"),
        ("Minutes of the Daily Meetings", "minutes"),
        ("Editorial Note", "editorialNote"),
        ("Treaty Between Freedonia and Sylvania", "treaty"),
        ("Mr. Stone to Mr. Field", None),
    ],
)
def test_the_kind_of_paper_is_read_from_its_first_words(line: str, kind: str | None) -> None:
    assert headings.kind_of(line) == kind


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("724.3415/3603: Telegram", "Telegram"),
        ("724.3415/3758a: Circular Telegram", "Circular Telegram"),
        ("832.51/850–Telegram", "Telegram"),
        ("123 Example: Telegram (part air)", "Telegram (part air)"),
        ("724.3415/3603–3605", ""),
        ("Wilson Papers: Box 4", ""),
        ("724.3415/3603", ""),
    ],
)
def test_the_form_of_a_paper_stands_behind_its_file_number(source: str, form: str) -> None:
    assert headings.form_of(source) == form


def test_the_number_of_a_paper_is_told_from_that_of_the_collection() -> None:
    assert headings.number_of(("No. 44.", "No. 224.]"), ()) == "224"
    assert headings.number_of(("No. 44.",), ()) is None
    assert headings.number_of((), ("No. 206",)) == "206"
    assert headings.number_of((), (), "42. Consul’s 35.\nMore.") == "42"
    assert headings.number_of((), (), "1. First point.\n2. Second point.") is None


@pytest.mark.parametrize(
    ("heading", "sender", "recipient"),
    [
        ("No. 6. Letter of Judge Stone to Mr. Field.", ("Stone", "Judge"), ("Field", None)),
        ("Copy of a private letter from Mr. Stone, of Border, to Mr. Field.", ("Stone", "Border"), ("Field", None)),
        (
            "Letter From President Stone to Sylvanian General Secretary Field",
            ("Stone", "President"),
            ("Field", "Sylvanian General Secretary"),
        ),
        (
            "Telegram From the CIA Station in Freedonia to Operation EXAMPLE Headquarters",
            (None, "CIA Station in Freedonia"),
            (None, "Operation EXAMPLE Headquarters"),
        ),
    ],
)
def test_letters_of_and_offices_before_a_name(heading: str, sender: Side, recipient: Side) -> None:
    assert sides(heading) == ([sender], [recipient])


def test_a_paper_prepared_in_an_office_is_from_it() -> None:
    assert sides("32. Report Prepared in the Example Agency") == ([(None, "Example Agency")], [])
    assert sides("Paper Prepared by the Policy Planning Staff") == ([(None, "Policy Planning Staff")], [])


def test_where_a_party_is_for_the_time_being_is_no_part_of_its_office() -> None:
    heading = "The Minister in Sylvania (Stone), Temporarily at Border, to the Minister in Freedonia (Hill)"
    sender, recipient = headings.read(heading).parties
    assert (sender.name, sender.role, sender.place) == ("Stone", "Minister in Sylvania", "Border")
    assert sender.printed == "The Minister in Sylvania (Stone), Temporarily at Border"
    assert recipient.place is None


@pytest.mark.parametrize(
    ("heading", "place", "edtf"),
    [
        ("Minutes of the Daily Meetings of the Commissioners, Wednesday, April 30th, 1919", None, "1919-04-30"),
        ("Treaty Between Freedonia and Sylvania, Signed at Border, January 31, 1930", "Border", "1930-01-31"),
        ("Protocol to the Treaty of May 3, 1920, Signed at Border, April 12, 1930", "Border", "1930-04-12"),
        ("Agreement of June 9, 1917, Between Freedonia and Sylvania", None, "1917-06-09"),
        ("Record of the proceedings, held at Border, in Sylvania, on the 16th of July, 1872.",
         "Border, in Sylvania", "1872-07-16"),
        ("Memorandum of Discussion at the 9th Meeting of the Example Council, Border, May 17, 1956", "Border",
         "1956-05-17"),
        ("Memorandum of a conversation, by Mr. Stone, May 3, 1925", None, "1925-05-03"),
    ],
)  # fmt: skip
def test_a_heading_may_tell_when_a_meeting_was_held(heading: str, place: str | None, edtf: str) -> None:
    event = headings.held(heading)
    assert event is not None
    assert event.date is not None
    assert (event.place, event.date.edtf) == (place, edtf)


@pytest.mark.parametrize(
    "heading",
    ["Mr. Stone to Mr. Field, on the meeting of May 3, 1925", "Report of May 3, 1925", "Minutes of Meetings", ""],
)
def test_other_headings_date_no_meeting(heading: str) -> None:
    assert headings.held(heading) is None


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Record of the proceedings of the tribunal at the second conference", "minutes"),
        ("Stenographic Report of Meeting Between the Commissioners", "minutes"),
        ("National Security Decision Memorandum 16", "memorandum"),
        ("Transcript of Telephone Conversation Between President Stone and Mr. Field", "memorandumOfConversation"),
        ("Representatives of Treaty Powers to Prince Stone.", None),
    ],
)
def test_more_kinds_of_heading(heading: str, kind: str | None) -> None:
    assert headings.read(heading).kind == kind


def test_a_series_of_treaties_is_no_treaty() -> None:
    assert headings.kind_of("Treaty Series No. 700") is None
    assert headings.kind_of("Executive Agreement Series No. 3") is None


@pytest.mark.parametrize(
    ("printed", "name", "role"),
    [
        ("Mr. Stone", "Stone", None),
        ("Honorable Ada Stone", "Ada Stone", None),
        ("The Hon. Mr. Stone", "Stone", None),
        ("Rear-Admiral A. T. Stone, U. S. N.", "A. T. Stone", None),
        ("Mr. A. W. Stone (Secretary)", "A. W. Stone", "Secretary"),
        ("Prime Minister Stone", "Stone", "Prime Minister"),
        ("Hill, prime minister of Sylvania", "Hill", "prime minister of Sylvania"),
        ("Sir Adam Hill, K. C. B., her Majesty’s envoy", "Adam Hill", None),
        ("Sir Adam Hill, K. C. B., minister of Freedonia", "Adam Hill", "minister of Freedonia"),
        ("Ada Stone, Counselor of Embassy (notetaker)", "Ada Stone", "Counselor of Embassy"),
        ("The President", None, "President"),
        ("British Empire", None, None),
        ("and the members of the second council: Stone, Hill", None, None),
        ("Later—Colonel Stone, Representatives of the Federation", None, None),
    ],
)
def test_of_one_present_name_and_office_are_told_apart(printed: str, name: str | None, role: str | None) -> None:
    party = headings.participant(printed)
    assert (party.printed, party.direction, party.name, party.role) == (printed, "participant", name, role)


@pytest.mark.parametrize("name", ["Stone", "Mr. Stone", "Secretary Stone", "Secretary of State Stone", "Dr. Stone"])
def test_a_name_stands_without_its_title(name: str) -> None:
    assert headings.untitled(name) == "Stone"


@pytest.mark.parametrize(
    ("heading", "senders", "recipients"),
    [
        (
            "Memorandum From Ada Stone and Ben Field of the Council Staff to President Hill",
            [("Ada Stone", "Council Staff"), ("Ben Field", "Council Staff")],
            [("Hill", "President")],
        ),
        (
            "Memorandum From Secretary of State Stone and Secretary of Defense Field to President Hill",
            [("Stone", "Secretary of State"), ("Field", "Secretary of Defense")],
            [("Hill", "President")],
        ),
        (
            "Telegram From the Department of State to the Embassy in Freedonia and the Mission to the United Nations",
            [(None, "Department of State")],
            [(None, "Embassy in Freedonia"), (None, "Mission to the United Nations")],
        ),
        (
            "Memorandum by the Special Assistant to the President (Stone)",
            [("Stone", "Special Assistant to the President")],
            [],
        ),
        ("Diary Entry by the Ambassador to Freedonia (Stone)", [("Stone", "Ambassador to Freedonia")], []),
        (
            "Memorandum by the Counselor to the Delegation (Stone) to the Secretary of State",
            [("Stone", "Counselor to the Delegation")],
            [(None, "Secretary of State")],
        ),
        (
            "Report to the Freedonia Council by the Executive Secretary (Stone)",
            [("Stone", "Executive Secretary")],
            [(None, "Freedonia Council")],
        ),
        (
            "President Stone, M. Hill, and Signor Wood to Mr. Field",
            [("Stone", "President"), ("M. Hill", None), ("Wood", None)],
            [("Field", None)],
        ),
        ("Memorandum for the Record by the Deputy Director (Stone)", [("Stone", "Deputy Director")], []),
        ("Memorandum for President Stone", [], [("Stone", "President")]),
        ("Memorandum for the Record", [], []),
        ("Cablegram from Mr. Stone, dated May 3, 1900, received later", [("Stone", None)], []),
        ("Extract from the Freedonia Gazette", [], []),
        ("Memorandum of the Law Adviser (Stone)", [("Stone", "Law Adviser")], []),
        ("Memorandum of the Conference", [], []),
        ("Letter of General Stone in answer to Mr. Field’s letter of May 3", [("Stone", None)], []),
        ("The Dean of the Consuls to Mr. Field", [(None, "Dean of the Consuls")], [("Field", None)]),
        ("Circular to the consuls of Freedonia.", [], [(None, "consuls of Freedonia")]),
        (
            "Letter From President de Stone to General Secretary Hill, Almar, June 8, 1973",
            [("de Stone", "President")],
            [("Hill", "General Secretary")],
        ),
        ("Statement by the Secretary of State", [(None, "Secretary of State")], []),
        ("Summary of a Letter From President Stone to King Otto", [("Stone", "President")], [("Otto", "King")]),
        (
            "Memorandum From [name not declassified] of the Freedonia Desk to the Chief ([name not declassified])",
            [(None, "Freedonia Desk")],
            [(None, "Chief")],
        ),
        (
            "Telegram From the Station in [place not declassified] to the Agency",
            [(None, "Station in [place not declassified]")],
            [(None, "Agency")],
        ),
    ],
)
def test_headings_of_later_volumes(heading: str, senders: list[Side], recipients: list[Side]) -> None:
    assert sides(heading) == (senders, recipients)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("172545. Subject: Weather.", "172545"),
        ("065432/Tosec 15. Ref: Almar 12.", "065432"),
        ("Secto 27. We met.", "Secto 27"),
        ("June 27. We met.", None),
        ("1. We met.\n2. We parted.", None),
    ],
)
def test_a_telegram_begins_with_its_number(text: str, number: str | None) -> None:
    assert headings.number_of((), (), text) == number


def test_an_airgram_has_its_number_on_a_line() -> None:
    assert headings.number_of((), ("A–123",), "Summary of the year.") == "A–123"
    assert headings.number_of((), ("CA–10800",)) == "CA–10800"
    assert headings.number_of((), ("A–123 is closed",)) is None


def test_one_on_a_journey_is_where_the_heading_says() -> None:
    party = headings.read("Telegram From the White House to Secretary of State Stone in Almar").parties[1]
    assert (party.name, party.role, party.place) == ("Stone", "Secretary of State", "Almar")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Summary Notes of the 12th Meeting of the Council", "minutes"),
        ("Summary of Conclusions of a Coordination Committee Meeting", "minutes"),
        ("Stone Minutes", "minutes"),
        ("Oral Note From the Government of Freedonia", "note"),
        ("Draft Letter From President Stone to King Otto", "letter"),
        ("Stone Notes", None),
        ("Record of the National Council Meeting", "minutes"),
        ("By the President of Freedonia: A Proclamation", "proclamation"),
    ],
)
def test_kinds_of_later_volumes(heading: str, kind: str | None) -> None:
    assert headings.kind_of(heading) == kind


@pytest.mark.parametrize(
    ("heading", "place", "day"),
    [
        ("Letter From President Stone to King Otto, Almar, June 8, 1973", "Almar", "1973-06-08"),
        ("Telegram 12 From the Embassy in Freedonia to the Department of State, June 8, 1973", None, "1973-06-08"),
        ("Estimate 31–73, New Almar, June 8, 1973", "New Almar", "1973-06-08"),
    ],
)
def test_a_heading_may_end_in_place_and_day_of_writing(heading: str, place: str | None, day: str) -> None:
    event = headings.written(heading)
    assert event is not None
    assert event.date is not None
    assert (event.place, event.date.edtf) == (place, day)


@pytest.mark.parametrize(
    "heading",
    [
        "Minutes of a Meeting, Almar, June 8, 1973",
        "Speech of June 8, 1973",
        "Statement by Mr. Stone, June 8, 1973",
        "Letter of Mr. Stone to Mr. Hill, June 5, 1872, read in the House of Lords",
        "Mr. Stone to Mr. Field",
    ],
)
def test_the_day_of_a_meeting_or_of_a_speech_is_none_of_writing(heading: str) -> None:
    assert headings.written(heading) is None


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("Airgram A–45 From the Embassy in Freedonia to the Department of State, June 10, 1973", "A–45"),
        ("Telegram Tosec 12/101112 From the Department of State to Secretary of State Stone in Almar", "Tosec 12"),
        ("Paper No. 5 by Mr. Stone", None),
        ("Telegram From the Embassy in Freedonia to the Department of State", None),
    ],
)
def test_a_heading_may_tell_the_papers_own_number(heading: str, number: str | None) -> None:
    assert headings.own_number(heading) == number


def test_a_treaty_is_held_when_it_was_concluded() -> None:
    held = headings.held("Convention. Concluded at Almar, May 3, 1866; proclaimed July 4, 1867.")
    assert held is not None
    assert held.date is not None
    assert (held.place, held.date.edtf) == ("Almar", "1866-05-03")


def test_a_meeting_may_have_its_place_behind_the_time() -> None:
    held = headings.held("Stone–Otto Meeting, February 8, 1945, 3:30 p.m., Rose Palace")
    assert held is not None
    assert held.place == "Rose Palace"
