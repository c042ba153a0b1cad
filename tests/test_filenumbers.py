"""The grammar of archival file numbers."""

import pytest

from kg import filecodes, filenumbers


@pytest.mark.parametrize(
    ("note", "number", "unit"),
    [
        ("724.3415/3603: Telegram (part air)", "724.3415/3603", "724.3415"),
        ("File No. 763.72112/3505a", "763.72112/3505a", "763.72112"),
        ("500.A15 a 1/12: Telegram", "500.A15 a 1/12", "500.A15 a 1"),
        ("882.6176 F 51/3½", "882.6176 F 51/3½", "882.6176 F 51"),
        ("811.612 Oranges/Spain/—: Telegram", "811.612 Oranges/Spain/—", "811.612 Oranges/Spain"),
        ("740.0011 European War 1939/1243", "740.0011 European War 1939/1243", "740.0011 European War 1939"),
        ("881.00/2133 9/14", "881.00/2133 9/14", "881.00"),
        ("861.00/2–2246", "861.00/2–2246", "861.00"),
        ("661.115 Firms—Sovkino: Telegram", "661.115 Firms—Sovkino", "661.115 Firms—Sovkino"),
        ("320/9–2650: Telegram", "320/9–2650", "320"),
        ("033.1100 Field, Ada B.", *["033.1100 Field, Ada B."] * 2),
        ("Paris Peace Conf. 184.00101/4: Telegram", "Paris Peace Conf. 184.00101/4", "Paris Peace Conf. 184.00101"),
        ("Source: Department of State, Central Files, 761.00/3–756. Secret; Niact.", "761.00/3–756", "761.00"),
        ("Source: National Archives, RG 59, Central Files 1964–66, POL 27 VIET S. Secret.", *["POL 27 VIET S"] * 2),
    ],
)
def test_number_and_file_are_read(note: str, number: str, unit: str) -> None:
    assert filenumbers.names_source(note)
    assert filenumbers.file_number(note) == number
    assert filecodes.decode(number, None).printed_unit == unit


def test_the_file_of_another_paper_is_not_that_of_the_document() -> None:
    note = (
        "Source: Example Bulletin, May 26, 1958, pp. 8–9. Sent in telegram 12, May 12. (Example Files, 611.61/5–1258)"
    )
    assert filenumbers.names_source(note)
    assert filenumbers.file_number(note) is None


@pytest.mark.parametrize(
    "note",
    [
        "Woodrow Wilson Papers: Telegram",
        "Inquiry files",
        "Source: Example Library, Box 7.",
        "Stone Collection",
        "SWNCC 123/2",
        "DA CM IN 1234: Telegram",
        "Secretary’s Memoranda, lot 64 D 199",
    ],
)
def test_papers_are_a_source_without_a_number(note: str) -> None:
    assert filenumbers.names_source(note)
    assert filenumbers.file_number(note) is None


@pytest.mark.parametrize(
    "note",
    [
        "[Translation]",
        "No. 383.]",
        "No. 44.",
        "A.",
        "THE STONE.",
        "No. 40.—Substitute.",
        "Treaty Series No. 700",
        "[From the Example Papers.]",
        "Memorandum.",
    ],
)
def test_flags_and_printed_numbers_are_no_source(note: str) -> None:
    assert not filenumbers.names_source(note)
    assert filenumbers.file_number(note) is None


@pytest.mark.parametrize(
    ("note", "name", "scheme"),
    [
        ("Ada Stone Papers: Telegram", "Ada Stone Papers", "papers"),
        ("Inquiry Document No. 893", "Inquiry Document", "papers"),
        ("Source: Department of State, PPS Files: Lot 66 D 487. Secret.", "PPS Files: Lot 66 D 487", "lot"),
        ("Source: Example Library, Stone Papers, Box 7, Memos. Secret.", "Example Library, Stone Papers", "library"),
        (
            "Source: Example Intelligence Agency, Job 79–01025A, Box 7.",
            "Example Intelligence Agency, Job 79–01025A",
            "library",
        ),
        ("Chief’s correspondence, lot 66 D 204, “Figs”", "Chief’s correspondence, lot 66 D 204", "lot"),
        ("Stone Collection", "Stone Collection", "papers"),
        (
            "Source: Example Library, Tapes, Conversation 520–3. No mark. Secret.",
            "Example Library, Tapes, Conversation 520–3",
            "library",
        ),
        (
            "Source: Example Library, National File, Fredonia, Vol. I. Secret.",
            "Example Library, National File, Fredonia",
            "library",
        ),
        (
            "Source: National Archives, RG 59, Example Policy File, D780123–0456. Secret.",
            "National Archives, RG 59, Example Policy File",
            "library",
        ),
        ("Source: Ibid.", None, None),
        ("761.94/1440: Telegram", None, None),
        ("[Translation]", None, None),
    ],
)
def test_lots_papers_and_libraries_are_files_by_name(note: str, name: str | None, scheme: str | None) -> None:
    assert filenumbers.collection(note) == name
    assert name is None or filecodes.decode(name, 1955).scheme == scheme
