"""The reader of plain-text copies, on invented documents and on the seed where it is at hand."""

import time
from pathlib import Path

import pytest

from kg import plaintext
from kg.anchors import reread
from kg.document import Document, Page, Reading
from kg.errors import NoHeading, NotUTF8, SourceError, UnreadableSource
from kg.iris import Iris
from kg.jobs import map_source
from kg.validation import validate
from kg.vocabulary import DGM, OA
from kg.wrapping import Line, unwrapped

SEED = Path(__file__).parents[2] / "shared" / "corpus" / "seed" / "frus1943v03-d549.txt"

ARROW = """724.1/36: Telegram
The Minister in Sylvania (Stone) to the Secretary of State
Border, March 13, 1934—4 p.m.
[Received March 15—7:05 a.m.]
42. Consul’s 35, February 24, noon.58 The weather is fair, and your 14959 has come.
- (a) The bridge is open. [Page 65] It was closed on August 28.60
The rest follows.
- First note.↩
-
Second note.
Its second paragraph, on [Page 66] another page.
↩
- Third note.↩
"""

NUMBERED = """[Translation]

The Embassy of Freedonia to the Department of State47

[Received May 3.]

No. 12

Sir: The first paragraph
.

[Page xi]

The second paragraph.*
  1. Note on the heading.

    Its second paragraph.
  2. Note on the text.
"""


def write(folder: Path, text: str | bytes, name: str = "frus1934v09-d12.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def one(reading: Reading) -> Document:
    (document,) = reading.documents
    return document


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("frus1943v03-d549.txt", ("frus1943v03", "d549")),
        ("frus1861-d032.txt", ("frus1861", "d32")),
        ("frus1952-54v06p2-d324-2.txt", ("frus1952-54v06p2", "d324-2")),
        ("frus1917-d5a.txt", ("frus1917", "d5a")),
        ("d7.txt", (None, "d7")),
        ("549.txt", (None, "d549")),
        ("notes.txt", (None, None)),
        ("frus1861.txt", ("frus1861", None)),
        ("frus1952-54v06p2.txt", ("frus1952-54v06p2", None)),
        ("frus1952-54.txt", ("frus1952-54", None)),
    ],
)
def test_the_file_name_tells_volume_and_document(name: str, told: tuple[str | None, str | None]) -> None:
    assert plaintext.name_of(Path("folder") / name) == told


def test_a_name_that_tells_nothing_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"name it VOLUME-dN\.txt"):
        plaintext.read(write(tmp_path, ARROW, "letter.txt"))


def test_the_volume_may_be_given_where_the_name_has_none(tmp_path: Path) -> None:
    path = write(tmp_path, ARROW, "d12.txt")
    assert one(plaintext.read(path, volume="frus1934v09")).identifier == "frus1934v09/d12"
    with pytest.raises(SourceError):
        plaintext.read(path)


def test_the_head_of_an_arrow_text_is_read(tmp_path: Path) -> None:
    document = one(plaintext.read(write(tmp_path, ARROW)))
    assert document.title == "The Minister in Sylvania (Stone) to the Secretary of State"
    assert [(party.direction, party.name, party.role) for party in document.parties] == [
        ("from", "Stone", "Minister in Sylvania"),
        ("to", None, "Secretary of State"),
    ]
    assert (document.source_note, document.file_number) == ("724.1/36: Telegram", "724.1/36")
    assert (document.kind, document.number) == ("telegram", "42")
    assert document.sent is not None
    assert document.sent.date is not None
    assert (document.sent.place, document.sent.date.edtf) == ("Border", "1934-03-13T16:00:00")
    assert document.received is not None
    assert document.received.date is not None
    assert document.received.date.edtf == "1934-03-15T07:05:00"


def test_marks_of_notes_and_pages_leave_the_text_and_keep_their_place(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, ARROW))
    document = one(reading)
    assert document.text == (
        "42. Consul’s 35, February 24, noon. The weather is fair, and your 149 has come.\n"
        "(a) The bridge is open. It was closed on August 28.\n"
        "The rest follows."
    )
    before = [(note.mark, document.text[: note.offset].rsplit(" ", 1)[-1]) for note in document.footnotes]
    assert before == [("58", "noon."), ("59", "149"), ("60", "28.")]
    assert document.footnotes[1].paragraphs == ("Second note.", "Its second paragraph, on another page.")
    assert [(page.number, page.inferred) for page in document.pages] == [
        ("64", "page-before-first-mark"),
        ("65", None),
        ("66", None),
    ]
    assert document.text[document.pages[1].offset :].startswith("It was closed")
    assert reading.faults == ()


def test_a_numbered_text_is_read(tmp_path: Path) -> None:
    document = one(plaintext.read(write(tmp_path, NUMBERED)))
    assert document.title == "The Embassy of Freedonia to the Department of State"
    assert (document.flags, document.number, document.sent) == (("[Translation]",), "12", None)
    heading, text = document.footnotes
    assert (heading.mark, heading.on_heading, heading.offset) == ("47", True, None)
    assert heading.paragraphs == ("Note on the heading.", "Its second paragraph.")
    assert (text.mark, text.offset) == ("*", len(document.text))
    assert document.pages[0] == Page(number="x", key="x", inferred="page-before-first-mark")
    assert document.text[document.pages[1].offset :] == "The second paragraph."


@pytest.mark.parametrize("wrap", ["\ufeff{}", "{}\n\n\n"])
def test_byte_order_mark_and_line_ends_make_no_difference(tmp_path: Path, wrap: str) -> None:
    plain = one(plaintext.read(write(tmp_path, ARROW)))
    assert one(plaintext.read(write(tmp_path, wrap.format(ARROW).replace("\n", "\r\n")))) == plain


def test_a_page_mark_before_the_heading_leaves_nothing_to_infer(tmp_path: Path) -> None:
    text = "[Page 40]\nMr. Stone to Mr. Field.\nSir: I write. [Page 41] Again."
    pages = one(plaintext.read(write(tmp_path, text))).pages
    assert [(page.number, page.offset, page.inferred) for page in pages] == [("40", 0, None), ("41", 14, None)]


def test_a_reference_to_a_page_in_brackets_is_no_mark(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: I write. [Page 41] As the case says [Page 5.], again."
    document = one(plaintext.read(write(tmp_path, text)))
    assert [page.number for page in document.pages] == ["40", "41"]
    assert "says [Page 5.], again" in document.text


def test_a_page_without_a_printed_number_is_another_than_that_with_the_number(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: I write. [Page [5]] Again. [Page 5] And again."
    pages = one(plaintext.read(write(tmp_path, text))).pages
    assert [(page.number, page.key) for page in pages] == [("[5]", "unnumbered-5"), ("5", "5")]


def test_a_page_mark_below_the_heading_puts_the_heading_on_the_page_before(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\n[Page 40]\nParis, May 3, 1870.\nSir: I write."
    document = one(plaintext.read(write(tmp_path, text)))
    assert [(page.number, page.offset, page.inferred is None) for page in document.pages] == [
        ("39", 0, False),
        ("40", 0, True),
    ]
    assert document.sent is not None
    assert document.text == "Sir: I write."


def test_numbers_stay_in_the_text_where_there_are_no_notes(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: On May 28.5 of 1917 and in A12, 1,500 men."
    document = one(plaintext.read(write(tmp_path, text)))
    assert document.text == "Sir: On May 28.5 of 1917 and in A12, 1,500 men."
    assert document.footnotes == ()


def test_a_note_whose_mark_is_lost_is_kept_with_a_fault(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nSir: No mark.\n- A note.↩\n"))
    (note,) = one(reading).footnotes
    assert (note.text, note.mark, note.offset) == ("A note.", None, None)
    assert [fault.fact for fault in reading.faults] == ["the mark of footnote 1 is not to be found"]


def test_a_heading_that_ends_in_a_date_is_no_dateline(tmp_path: Path) -> None:
    text = "Inquiry files\nMinutes of Meeting of the Example Committee, Hotel Example, July 1, 1919\nPresent: A."
    document = one(plaintext.read(write(tmp_path, text)))
    assert (document.title or "").startswith("Minutes of Meeting")
    assert (document.kind, document.sent) == ("minutes", None)


def test_a_sentence_with_a_date_is_no_dateline(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nYour telegram of the third arrived on May 3, 1870.\nMore."
    assert one(plaintext.read(write(tmp_path, text))).sent is None


def test_a_letterhead_of_two_lines_is_one(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nDepartment of Examples,\nWashington, May 3, 1870. (Received May 9.)\nSir: Yes."
    document = one(plaintext.read(write(tmp_path, text)))
    assert document.sent is not None
    assert document.sent.place == "Department of Examples, Washington"
    assert document.received is not None
    assert document.received.printed == "(Received May 9.)"


def test_a_day_that_does_not_exist_is_a_fault_and_its_month_doubtful(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nParis, February 30, 1870.\nSir: Yes."))
    sent = one(reading).sent
    assert sent is not None
    assert sent.date is not None
    assert (sent.printed, sent.date.edtf, sent.date.earliest) == ("Paris, February 30, 1870.", "1870-02", None)
    assert sent.date.doubt == "1870-02-30 is not in the calendar"
    assert [(fault.fact, fault.kind) for fault in reading.faults] == [(sent.date.doubt, "date")]


def test_control_characters_become_spaces_with_a_fault(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nSir: \x01 Yes."))
    assert one(reading).text == "Sir: Yes."
    assert reading.faults[0].line == 2


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoHeading, match="the file is empty"):
        plaintext.read(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Paris, May 3, 1870.\nSir: I write.", "Sir: I write."),
        ("word " * 400, ("word " * 400).strip()),
        (
            "From: A. Stone <stone@example.org>\nTo: B. Field\n\nHello.",
            "From: A. Stone <stone@example.org>\nTo: B. Field\nHello.",
        ),
        ("Sir: I write.\nYours, A. Stone", "Sir: I write.\nYours, A. Stone"),
    ],
)
def test_a_text_without_a_heading_is_kept_without_a_title_and_told(tmp_path: Path, text: str, left: str) -> None:
    reading = plaintext.read(write(tmp_path, text))
    document = one(reading)
    assert (document.title, document.parties, document.text) == (None, (), left)
    assert [(fault.kind, fault.line) for fault in reading.faults] == [("heading", 1)]


def test_a_dateline_above_a_text_without_heading_is_read(tmp_path: Path) -> None:
    sent = one(plaintext.read(write(tmp_path, "Paris, May 3, 1870.\nSir: I write."))).sent
    assert sent is not None
    assert (sent.place, sent.date and sent.date.edtf) == ("Paris", "1870-05-03")


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(NotUTF8) as caught:
        plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nCaf\u00e9".encode("latin-1")))
    assert caught.value.line == 2


def test_a_file_that_is_not_there_or_too_long_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableSource):
        plaintext.read(tmp_path / "frus1934v09-d13.txt")
    monkeypatch.setattr(plaintext, "MAX_BYTES", 10)
    with pytest.raises(UnreadableSource, match="one document a file"):
        plaintext.read(write(tmp_path, ARROW))


# ---------------------------------------------------------------------------------------------- datelines


@pytest.mark.parametrize(
    ("lines", "place", "edtf"),
    [
        ("[Extract.]\nNo. 457.]\nParis, April 29, 1864.", "Paris", "1864-04-29"),
        ("Department of State.\nWashington, May 3, 1861.", "Department of State. Washington", "1861-05-03"),
        (
            "Legation of the United States\nMexico, May 3, 1882. (Received May 9.)",
            "Legation of the United States Mexico",
            "1882-05-03",
        ),
        ("[Border, Sylvania?]\nMay 3, 1919—8 p.m.", "Border, Sylvania", "1919-05-03T20:00:00"),
        (
            "Green Gate, Example Forest,\nAlmar, Sylvania.\nMay 3, 1919.",
            "Green Gate, Example Forest, Almar, Sylvania",
            "1919-05-03",
        ),
        ("London, May 3, 1872. (Sent at 8.30 p.m.)", "London", "1872-05-03T20:30:00"),
        ("St. Petersburg, May 11, (23,) 1861.", "St. Petersburg", "1861-05-23"),
        ("Peking, May 3, 1870. (Example, 9th year, 5th moon, 27th day.)", "Peking", "1870-05-03"),
        ("Paris, le 3 mai 1871.", "Paris", "1871-05-03"),
        ("Border [undated.]", "Border", None),
        ("Embassy of Freedonia,\nParis. (Received July 5—9 a.m.)", "Embassy of Freedonia, Paris", None),
        ("Memorandum.\nParis, May 27, 1864.", "Paris", "1864-05-27"),
        ("Tungchi, 7th Year, 11th Moon, 4th Day. (December 17, 1868.)", None, "1868-12-17"),
        ("Peking, Kuang Hsü, 26th year, 11th month, 24th day (January 14, 1901).", "Peking", "1901-01-14"),
        ("Kwang-hsu, twenty-sixth year, sixth moon, 23d day", None, None),
        ("Tokei, the 6th of the 12th Month, 2 year, Meije, (7th January, 1870.)", "Tokei", "1870-01-07"),
        ("The 16th day of the 11th month of the 3d year of Exampu, (the 26th December, 1863.)", None, "1863-12-26"),
        ("Sublime Porte, 13 Rebi-ul-Akhir, 1314 (September 21, 1896).", "Sublime Porte", "1896-09-21"),
        ("Constantinople, the 5th Ramazan, 1312.", "Constantinople", None),
        ("EXAMPLES OF RIOT.\nTungchi, 9th Year, 6th Moon, 27th Day, (July 29, 1870.)", None, "1870-07-29"),
    ],
)
def test_a_dateline_is_found_in_all_its_shapes(tmp_path: Path, lines: str, place: str | None, edtf: str | None) -> None:
    document = one(plaintext.read(write(tmp_path, f"Mr. Stone to Mr. Field.\n{lines}\nSir: I write.")))
    assert document.sent is not None
    assert (document.sent.place, document.sent.date.edtf if document.sent.date else None) == (place, edtf)
    assert document.text.endswith("Sir: I write.")


@pytest.mark.parametrize(
    "lines",
    [
        "89. Your 232, September 12, 11 a.m.",
        "256. Department’s 93, September 19, 5 p.m.",
        "For Wilson. Your March 12, 11 a.m.",
        "[From the Example Gazette of May 3, 1870.]",
        "[Handed to Mr. Field by Mr. Stone November 24.]",
        "I have received the following note:\n“La Paz, May 28, 1930.",
        "Stone, Prefect of Border. Tungchi, 9th year, 6th moon, 27th day, July 29, 1870.",
        "The Emperor reigns in his 9th year.",
        "Sir: I enclose a letter:\nParis, May 3, 1864.",
    ],
)
def test_the_day_of_another_paper_is_no_dateline(tmp_path: Path, lines: str) -> None:
    assert one(plaintext.read(write(tmp_path, f"Mr. Stone to Mr. Field.\n{lines}\nMore of it."))).sent is None


def test_a_note_in_the_third_person_is_dated_at_its_foot_and_a_letter_is_not(tmp_path: Path) -> None:
    heading = "The Embassy of Freedonia to the Department of State\n"
    note = f"{heading}The Embassy presents its compliments.\nWashington, May 2, 1917.\n"
    document = one(plaintext.read(write(tmp_path, note)))
    assert document.sent is not None
    assert (document.sent.place, document.text) == ("Washington", "The Embassy presents its compliments.")
    letter = note.replace("The Embassy presents", "Sir: The Embassy presents")
    assert one(plaintext.read(write(tmp_path, letter))).sent is None
    telegram = "File No. 600.119/1: Telegram\n" + note
    assert one(plaintext.read(write(tmp_path, telegram))).sent is None


def test_a_day_right_under_the_signature_is_that_of_the_letter(tmp_path: Path) -> None:
    letter = "The President to the King.\nSir: I thank you.\n{}Ada Stone.\nMay 2, 1917.\nBy the President: B. Hill."
    document = one(plaintext.read(write(tmp_path, letter.format(""))))
    assert document.sent is not None
    assert document.sent.date is not None
    assert (document.sent.place, document.sent.date.edtf) == (None, "1917-05-02")
    assert [signature.name for signature in document.signatures] == ["Ada Stone"]
    within = letter.format("Mr. Hill to Mr. Field.\nSir: I thank you, too.\n")
    assert one(plaintext.read(write(tmp_path, within))).sent is None


# ---------------------------------------------------------------------------------------------- marks and doubled lines


def test_a_date_keeps_its_digits_and_a_heading_loses_its_mark(tmp_path: Path) -> None:
    text = (
        "Treaty Between Sylvania and Freedonia, Signed at Border, January 23, 19252\n"
        "The meridian of 5°35 is the border since June 14,3 and August 11, 1917.\n- Not printed.↩\n- Ibid.↩\n"
    )
    document = one(plaintext.read(write(tmp_path, text)))
    assert document.title == "Treaty Between Sylvania and Freedonia, Signed at Border, January 23, 1925"
    assert document.text == "The meridian of 5°35 is the border since June 14, and August 11, 1917."
    assert [note.mark for note in document.footnotes] == ["2", "3"]


def test_the_mark_behind_a_heading_within_the_text_may_stand_apart(tmp_path: Path) -> None:
    text = (
        "Mr. Stone to Mr. Field.\nSir: I add a letter.\nPresident Hill of Sylvania to President Wood 4\nI thank you."
        "\nThe number of bridges that lead to Border 4\n- From the Example Bulletin.↩"
    )
    document = one(plaintext.read(write(tmp_path, text)))
    (footnote,) = document.footnotes
    assert footnote.mark == "4"
    assert footnote.offset is not None
    assert document.text[: footnote.offset].endswith("to President Wood")
    assert document.text.endswith("to Border 4")


def test_a_note_of_stars_alone_is_no_footnote(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: The bridge is open.1\nAda Stone.\n- * * * * * *↩\n- Since May.↩"
    reading = plaintext.read(write(tmp_path, text))
    (footnote,) = one(reading).footnotes
    assert (footnote.mark, footnote.paragraphs) == ("1", ("Since May.",))
    assert [(fault.line, fault.kept) for fault in reading.faults] == [(4, "no footnote of it")]


def test_a_mark_that_is_lost_before_the_first_is_the_first_notes(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: One,4 two,5 three.6\n- Third.↩\n- Fourth.↩\n- Fifth.↩\n- Sixth.↩\n"
    marks = [note.mark for note in one(plaintext.read(write(tmp_path, text))).footnotes]
    assert marks == [None, "4", "5", "6"]


def test_a_mark_without_its_note_stays_in_the_text_and_is_told(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nSir: At noon.58 I write."))
    assert one(reading).text == "Sir: At noon.58 I write."
    assert [(fault.line, "“noon.58”" in fault.fact) for fault in reading.faults] == [(2, True)]


def test_lines_that_a_copier_has_doubled_are_read_once(tmp_path: Path) -> None:
    lines = [
        "724.1/36: Telegram",
        "The Minister in Sylvania (Stone) to the Secretary of State",
        "Border, March 13, 1934—4 p.m.",
        "The weather is fair, and the bridge was opened yesterday at noon.",
    ]
    single = one(plaintext.read(write(tmp_path, "\n".join(lines))))
    reading = plaintext.read(write(tmp_path, "\n".join(line for line in lines for _ in range(2))))
    assert (one(reading).text, one(reading).title, one(reading).sent) == (single.text, single.title, single.sent)
    assert [fault.line for fault in reading.faults] == [4, 8]


def test_a_heading_that_the_copy_has_broken_is_one(tmp_path: Path) -> None:
    text = "The Minister in Sylvania (Stone) to the\nSecretary of State\nThe text."
    document = one(plaintext.read(write(tmp_path, text)))
    assert document.title == "The Minister in Sylvania (Stone) to the Secretary of State"
    assert document.text == "The text."


@pytest.mark.parametrize(
    "mark", ["\n[Page 65]\n", " [Page 65] ", "[Page 65]", "\n[Page 65] [Page 65]\n", " [Page  65]"]
)
def test_a_mark_of_a_page_may_stand_in_a_line_or_alone_or_twice(tmp_path: Path, mark: str) -> None:
    document = one(plaintext.read(write(tmp_path, f"Mr. Stone to Mr. Field.\nSir: Good.{mark}Day.")))
    assert document.text.split() == ["Sir:", "Good.", "Day."]
    assert [(page.number, page.offset) for page in document.pages] == [("64", 0), ("65", 11)]


def test_an_arrow_may_ask_to_be_shown_as_text_and_a_note_may_have_lost_its_beginning(tmp_path: Path) -> None:
    document = one(
        plaintext.read(write(tmp_path, "Mr. Stone to Mr. Field.\nSir: One,1 two.2\n- First.↩\ufe0e\nSecond.↩\n"))
    )
    assert [note.paragraphs for note in document.footnotes] == [("First.",), ("Second.",)]
    assert document.text == "Sir: One, two."


# ---------------------------------------------------------------------------------------------- several documents

SEVERAL = "Mr. Stone to Mr. Field.\nSir: One.1\n- Note.↩\n\fMr. Field to Mr. Stone.\nSir: Two.\n\f\n \n\f"


def test_form_feeds_part_the_documents_of_a_volume(tmp_path: Path) -> None:
    documents = plaintext.read(write(tmp_path, SEVERAL, "frus1934v09.txt")).documents
    assert [(one.identifier, one.order, one.line, one.text) for one in documents] == [
        ("frus1934v09/d1", 1, 1, "Sir: One."),
        ("frus1934v09/d2", 2, 4, "Sir: Two."),
    ]
    assert [len(one.footnotes) for one in documents] == [1, 0]
    again = plaintext.read(write(tmp_path, SEVERAL, "letters.txt"), volume="frus1934v09").documents
    assert again == documents


def test_the_first_line_of_a_document_may_tell_its_id(tmp_path: Path) -> None:
    text = "d12\nMr. Stone to Mr. Field.\nSir: One.\f\nfrus1934v09-d014\nMr. Field to Mr. Stone.\nSir: Two.\n"
    for name in ("frus1934v09.txt", "frus1934v09-d12.txt"):
        documents = plaintext.read(write(tmp_path, text, name)).documents
        assert [(one.id, one.title) for one in documents] == [
            ("d12", "Mr. Stone to Mr. Field."),
            ("d14", "Mr. Field to Mr. Stone."),
        ]


@pytest.mark.parametrize(
    ("name", "text", "line", "fact"),
    [
        ("frus1934v09-d12.txt", SEVERAL, 4, "nothing tells the id of document 2"),
        ("frus1934v09.txt", "d1\nA to B.\nX.\fC to D.\nY.", 3, "nothing tells the id of document 2"),
        ("frus1934v09.txt", "d1\nA to B.\nX.\fd1\nC to D.\nY.", 3, "d1 is the id of a document above"),
        ("frus1934v09-d12.txt", "d13\nA to B.\nX.", 1, "d13 is not what the file is named"),
        ("frus1934v09.txt", "frus1935v01-d1\nA to B.\nX.", 1, "is not what the file is named"),
    ],
)
def test_an_id_that_is_not_told_or_told_twice_is_refused(
    tmp_path: Path, name: str, text: str, line: int, fact: str
) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        plaintext.read(write(tmp_path, text, name))
    assert caught.value.line == line


# ---------------------------------------------------------------------------------------------- signatures


def test_the_sender_signs_above_the_enclosures(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\nSir: It is open.\nADA STONE.\n[Inclosure.]\nMr. Harrow to Mr. Stone.\nSo.\nStone"
    document = one(plaintext.read(write(tmp_path, text)))
    assert [(signature.printed, signature.name) for signature in document.signatures] == [("ADA STONE.", "ADA STONE")]
    assert "ADA STONE." in document.text
    unsigned = text.replace("ADA STONE.\n", "")
    assert one(plaintext.read(write(tmp_path, unsigned))).signatures == ()


def test_the_place_of_a_dateline_and_the_signer_show_where_they_stand(tmp_path: Path) -> None:
    text = (
        "Mr. Stimson to Mr. Hill.\nLegation of the United States,\nParis, March 13, 1931.\n[Received March 20.]\n"
        "Sir: It is open.\nHENRY L. STIMSON\nHon. B. Hill.\n[Inclosure.]\nOpen."
    )
    mapped = map_source(Iris(), write(tmp_path, text, "frus1931v09-d1.txt"))
    lines = list(mapped.lines())
    (document,) = plaintext.read(tmp_path / "frus1931v09-d1.txt").documents
    (signature,) = document.signatures
    assert signature.anchor
    assert document.text[signature.anchor.start : signature.anchor.end] == "HENRY L. STIMSON"
    passage = "http://localhost:8000/id/passage/frus1931v09/d1"
    place, signed = f"{passage}/sending-0-36", f"{passage}/text-17-33"

    def said(subject: str, predicate: str) -> list[str]:
        start = f"<{subject}> <{predicate}> "
        return [line.removeprefix(start).rpartition(" <")[0] for line in lines if line.startswith(start)]

    assert said(place, OA.hasSource) == ["<http://localhost:8000/id/sending/frus1931v09/d1>"]
    assert said(place, DGM.within) == [f"<{DGM.printed}>"]
    assert said(f"{place}/quote", OA.exact) == ['"Legation of the United States, Paris"']
    for node in ("sending-place-1", "sending-mission"):
        inference = f"http://localhost:8000/id/inference/frus1931v09/d1/{node}"
        assert said(inference, DGM.passage) == said(inference, OA.hasTarget) == [f"<{place}>"]
    assert said("http://localhost:8000/id/signature/frus1931v09/d1/1", OA.hasTarget) == [f"<{signed}>"]
    assert said(f"{signed}/quote", OA.exact) == ['"HENRY L. STIMSON"']
    checked = reread(lines)
    assert checked.broken == ()
    moved = [line.replace('"Legation of the', '"The Legation of the') for line in lines]
    assert place in dict(reread(moved).broken)
    assert not validate(lines)


def test_an_office_in_the_heading_is_signed_for_by_whoever_signs(tmp_path: Path) -> None:
    text = (
        "The Secretary of State to the Minister in Sylvania\nIt is open.\nI am, etc.,\nA. STONE,\nActing Secretary.\n"
    )
    document = one(plaintext.read(write(tmp_path, f"{text}[Inclosure.]\nSo.\nField")))
    (signature,) = document.signatures
    assert (signature.name, signature.role) == ("A. STONE", "Acting Secretary")
    assert signature.anchor
    assert document.text[signature.anchor.start : signature.anchor.end] == "A. STONE,\nActing Secretary."


# ---------------------------------------------------------------------------------------------- wrapped lines

WRAPPED = """724.1/37: Telegram

The Minister in Sylvania (Stone) to the Secretary of State and the Under-
Secretary of State

                                                 Border, March 13, 1934.

Sir: I have the honor to report that the bridge at Border was opened
to traffic on the 10th instant in the presence of the Governor of the
province, who delivered an address on the friendship of the two coun-
tries. The British Minister, Mr. Harrow, was present, and so was Mr.
Venn.
[Page 65]
    The Governor hoped for a treaty of commerce and navigation, and for
the end of the debt.1 He named

    (a) the loan of 1931, and
    (b) the loan of the province.

  1. Not printed. It was mentioned in the despatch of the Consul at the
     port of Almar of February 24.
  2. Not found by the Department of State, nor by the Legation in Veld-
     ria.
"""


def test_lines_that_are_plainly_wrapped_are_joined_into_paragraphs(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, WRAPPED.replace("\n", "\r\n")))
    document = one(reading)
    assert (
        document.title == "The Minister in Sylvania (Stone) to the Secretary of State and the Under-Secretary of State"
    )
    assert document.sent is not None
    assert document.sent.place == "Border"
    assert document.text.split("\n") == [
        "Sir: I have the honor to report that the bridge at Border was opened to traffic on the 10th instant in the "
        "presence of the Governor of the province, who delivered an address on the friendship of the two countries. "
        "The British Minister, Mr. Harrow, was present, and so was Mr. Venn.",
        "The Governor hoped for a treaty of commerce and navigation, and for the end of the debt. He named",
        "(a) the loan of 1931, and",
        "(b) the loan of the province.",
    ]
    assert [note.text for note in document.footnotes] == [
        "Not printed. It was mentioned in the despatch of the Consul at the port of Almar of February 24.",
        "Not found by the Department of State, nor by the Legation in Veldria.",
    ]
    assert [(page.number, page.offset) for page in document.pages] == [
        ("64", 0),
        ("65", document.text.index("The Gov")),
    ]


@pytest.mark.parametrize(
    ("line", "under", "elsewhere", "word"),
    [
        ("the good offices of the two coun-", "tries of the river and of its people", "", "countries"),
        ("the bridge was opened by the vice-", "consul of Sylvania and by his people", "", "vice-consul"),
        ("the bridge was opened by the vice-", "roy of Sylvania and by all his people", "", "viceroy"),
        ("the bridge was opened by the consul-", "general of Sylvania and by his people", "", "consul-general"),
        ("the Company asked for its own by-", "laws of the province and of the town", "the by-laws say", "by-laws"),
        ("the Company asked for its own by-", "laws of the province and of the town", "the bylaws say", "bylaws"),
        ("the Company asked for its own by-", "laws of the province and of the town", "by-laws, bylaws", "bylaws"),
        ("the Company asked for its own by-", "laws of the province and of the town", "by law", "bylaws"),
    ],
)
def test_a_broken_word_keeps_a_hyphen_that_is_its_own(line: str, under: str, elsewhere: str, word: str) -> None:
    words = [
        "it is told here that the Governor of the",
        "province has come to the bridge at last",
        "and has seen there with his own eyes that",
    ]
    lines = [Line(number, text) for number, text in enumerate([*words, line, under, f"and {elsewhere}"], 1)]
    (whole,), wrapped = unwrapped(lines)
    assert f" {word} " in whole.text
    assert wrapped is not None
    assert (wrapped.mended, wrapped.kept) == ((0, 1) if "-" in word else (1, 0))


def test_joined_lines_are_a_doubt_and_so_is_the_note_without_a_mark_each_with_its_line(tmp_path: Path) -> None:
    reading = plaintext.read(write(tmp_path, WRAPPED))
    assert [(fault.kind, fault.line, fault.fact) for fault in reading.faults] == [
        ("markup", 3, "the lines are wrapped at 73 characters"),
        ("markup", 22, "the mark of footnote 2 is not to be found"),
    ]
    assert reading.faults[0].kept == "paragraphs, of 8 lines joined to the one above and 2 words broken by hyphens"


@pytest.mark.parametrize(
    "text",
    [
        # Of an enumeration two lines go on in lower case, and one that is long is not wrapped.
        "Mr. Stone to Mr. Field.\nThe law of the province is as follows, to be in force from this\nday on, namely\n"
        "that the bridge at Border is open to all, and the road behind it\nto none.\nIt is signed.",
        "Mr. Stone to Mr. Field.\n"
        + "".join(f"a line of words that goes on and on in lower case to the next {n},\n" for n in range(5))
        + "x " * 60,
    ],
)
def test_lines_that_are_not_plainly_wrapped_stay(tmp_path: Path, text: str) -> None:
    document = one(plaintext.read(write(tmp_path, text)))
    assert document.text.count("\n") >= 4


# ---------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "raw", ["Mr. A to Mr. B".encode("utf-16"), "Mr. A to Mr. B".encode("utf-16-le"), b"PK\x03\x04" + b"\x00" * 90]
)
def test_utf16_and_binary_files_are_refused_with_advice(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(NotUTF8, match="UTF-16 or binary"):
        plaintext.read(write(tmp_path, raw))


def test_notes_without_a_text_are_no_document(tmp_path: Path) -> None:
    with pytest.raises(NoHeading, match="neither heading nor text"):
        plaintext.read(write(tmp_path, "[Page 7]\n- A note.↩\n"))
    reading = plaintext.read(write(tmp_path, "- A note.↩\n\fMr. Stone to Mr. Field.\nSir: Two.", "frus1934v09.txt"))
    assert [document.id for document in reading.documents] == ["d2"]
    assert [fault.document for fault in reading.faults] == ["d1"]


def test_one_enormous_line_is_kept_as_text_without_a_title(tmp_path: Path) -> None:
    text = ("A word with a number 14959 and a mark.5 " * 5_000).strip()
    reading = plaintext.read(write(tmp_path, text))
    document = one(reading)
    assert (document.title, document.text) == (None, text)
    assert "it has no heading" in [fault.fact for fault in reading.faults]


def test_reading_and_mapping_one_line_take_time_in_proportion_to_it(tmp_path: Path) -> None:
    sentence = "On March {0} Mr. Harrow of Almar told the Consul at Port {0} of 724.1/{0} and No. {0} of May 3, 1934.5 "

    def seconds(times: int) -> float:
        path = write(tmp_path, "".join(sentence.format(number) for number in range(times)))
        begun = time.process_time()
        validate(map_source(Iris(), path).lines())
        return time.process_time() - begun

    seconds(10)  # reads the registers
    # Eight times the text, of 0.4 MB then, in far less than 64 times the time; and no second for 10 kB.
    short, long = seconds(500), seconds(4_000)
    assert long < 24 * max(short, 0.05)
    assert long < 40


def test_a_document_longer_than_any_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plaintext, "MAX_CHARACTERS", 60)
    text = "Mr. Stone to Mr. Field.\nSir: One.\n\f\nMr. Field to Mr. Stone.\n" + "word " * 20
    with pytest.raises(UnreadableSource, match="a document of 124 characters, more than 60") as caught:
        plaintext.read(write(tmp_path, text, "frus1934v09.txt"))
    assert (caught.value.line, caught.value.document) == (4, "d2")


def test_a_mail_is_kept_as_text_and_its_header_is_a_doubt(tmp_path: Path) -> None:
    text = (
        "\nFrom: Ada Stone <stone@legation.example>\nDate: Tue, 13 Mar 1934\nSubject: The bridge\n\nSir: It is open.\n"
    )
    reading = plaintext.read(write(tmp_path, text))
    document = one(reading)
    assert document.text == text.strip().replace("\n\n", "\n")
    assert (document.title, document.sent, document.parties) == (None, None, ())
    assert [(fault.kind, fault.line) for fault in reading.faults] == [("heading", 2)]
    assert "the header of a mail" in reading.faults[0].fact


def test_misread_words_stay_as_they_are_and_are_a_doubt(tmp_path: Path) -> None:
    text = "Mr. Stone to Mr. Field.\n\nAlmar, Marcb 13, l934.\n\nSir: The br1dge is open.\n"
    reading = plaintext.read(write(tmp_path, text))
    document = one(reading)
    assert document.text == "Almar, Marcb 13, l934.\nSir: The br1dge is open."
    assert document.sent is None
    assert [(fault.fact, fault.line) for fault in reading.faults] == [("“l934” looks misread, and so do 1 more", 3)]


def test_the_seed_is_read_whole() -> None:
    if not SEED.exists():
        pytest.skip(f"{SEED.name} is not at hand")
    reading = plaintext.read(SEED)
    document = one(reading)
    assert document.identifier == "frus1943v03/d549"
    assert document.title == "The Embassy of the Soviet Union to the Department of State"
    assert [(party.name, party.role) for party in document.parties] == [
        (None, "Embassy of the Soviet Union"),
        (None, "Department of State"),
    ]
    assert document.file_number == "761.94/1440"
    assert [(page.number, page.inferred is None) for page in document.pages] == [("696", False), ("697", True)]
    (note,) = document.footnotes
    assert (note.mark, note.on_heading, len(note.paragraphs)) == ("47", True, 2)
    assert (document.sent, document.received, reading.faults) == (None, None, ())


def test_a_heading_tells_number_day_and_those_present_as_that_of_a_volume_does(tmp_path: Path) -> None:
    path = tmp_path / "frus1973v01-d1.txt"
    path.write_text("1. Airgram A–45 From Mr. Stone to Mr. Hill, Almar, June 10, 1973\nIt is so.\n", encoding="utf-8")
    document = one(plaintext.read(path))
    assert document.number == "A–45"
    assert document.sent is not None
    assert document.sent.place == "Almar"
    path.write_text("2. Conversation Between President Stone and Mr. Hill\nIt is so.\n", encoding="utf-8")
    assert [party.name for party in one(plaintext.read(path)).participants] == ["Stone", "Hill"]
