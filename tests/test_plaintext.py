"""The reader of plain-text copies, on invented documents and on the seed where it is at hand."""

from pathlib import Path

import pytest

from kg import plaintext
from kg.document import Document, Page, Reading
from kg.errors import NoHeading, NotUTF8, SourceError, UnreadableSource

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
        ("notes.txt", None),
        ("frus1861.txt", None),
    ],
)
def test_the_file_name_tells_volume_and_document(name: str, told: tuple[str | None, str] | None) -> None:
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


@pytest.mark.parametrize("text", ["Paris, May 3, 1870.\nSir: I write.", "word " * 400])
def test_a_text_without_a_heading_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoHeading) as caught:
        plaintext.read(write(tmp_path, text))
    assert (caught.value.document, caught.value.line) == ("d12", 1)


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
