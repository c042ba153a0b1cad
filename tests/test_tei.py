"""The reader of TEI volumes, on invented volumes."""

import gzip
from pathlib import Path

import pytest

from kg import markup, tei
from kg.document import Anchor, Document, Event, ListedPerson, ListedTerm, Page, PartialDate, Reading
from kg.errors import NoDocuments, NotUTF8, NotWellFormed, UnreadableSource, UnsafeXML

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "tei"

SHELL = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:frus="http://history.state.gov/frus/ns/1.0"
    xml:id="frus1934v09"><teiHeader><fileDesc>
  <titleStmt><title type="complete">Example Papers, 1934,
      Volume IX</title><title type="series">Example Papers</title><title type="sub-series">1934</title>
    <title type="volume-number">Volume IX</title><title type="volume">Freedonia</title></titleStmt>
  <publicationStmt><publisher>Example Press</publisher><date>1951</date></publicationStmt>
</fileDesc></teiHeader><text>{}</text></TEI>"""

OLD = """<body><div type="compilation" xml:id="comp1"><head>Freedonia<note n="1">Not this.</note></head>
<pb n="[II]" xml:id="pg_II"/><div type="chapter" xml:id="ch1"><head>Border</head>
<pb n="64" xml:id="pg_64"/>
<div type="document" xml:id="d1" n="1">
  <note rend="inline" type="source">724.1/36: Telegram</note>
  <head><hi rend="italic">The Minister in Sylvania</hi>(<persName type="from"
    corresp="#p_SA1"><hi>Stone</hi></persName>) <hi>to the <gloss type="to">Secretary of
    State</gloss></hi><note n="57" xml:id="d1fn57">On the heading.</note></head>
  <note rend="inline" type="source">[Paraphrase]</note>
  <dateline><placeName><hi>Legation</hi>,<lb/>Border</placeName>, <date when="1934-03-13T16:00:00">March
    13, 1934—4 p.m.</date><lb/>[Received March 15—7:05 a.m.]</dateline>
  <p>42. The weather is
    <hi>fair</hi>.<note n="58" xml:id="d1fn58"><p>First
      paragraph.</p><p>Second, <pb n="65" xml:id="pg_65"/>longer.</p></note> The caf\u00e9\U0001f3e0 is
    open.<note n="59" xml:id="d1fn59">A house.</note></p>
  <p>Points: <list><label>(a)</label><item>One.</item><label>(b)</label><item>Two <pb n="66"
    xml:id="pg_66"/>pages.</item></list></p>
  <table><row><cell>1933</cell><cell>5</cell></row><row><cell>1934</cell><cell>7</cell></row></table>
  <closer>I am, etc.,<lb/><signed><hi>Ada Stone</hi></signed></closer>
  <frus:attachment><note rend="inline" type="source">[Enclosure]</note><head>Mr. Hill to Mr. Wood</head>
    <dateline><date when="1930-01-01">January 1, 1930</date></dateline><p>Enclosed words.</p>
    <closer><signed>C. Hill</signed></closer></frus:attachment>
</div>
</div></div></body>"""


def write(folder: Path, content: str, name: str = "frus1934v09.xml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def volume(folder: Path, text: str) -> Reading:
    return tei.read(write(folder, SHELL.format(text)))


def one(folder: Path, inner: str, attributes: str = "") -> Document:
    text = f'<body><div type="document" xml:id="d1"{attributes}>{inner}</div></body>'
    (document,) = volume(folder, text).documents
    return document


def test_the_head_of_a_document_is_read(tmp_path: Path) -> None:
    (document,) = volume(tmp_path, OLD).documents
    assert document.identifier == "frus1934v09/d1"
    assert document.title == "The Minister in Sylvania(Stone) to the Secretary of State"
    assert (document.source_note, document.file_number) == ("724.1/36: Telegram", "724.1/36")
    assert (document.flags, document.kind, document.number) == (("[Paraphrase]",), "telegram", "42")
    sender, recipient = document.parties
    assert (sender.name, sender.role, sender.person) == ("Stone", "Minister in Sylvania", "p_SA1")
    assert (recipient.name, recipient.role, recipient.printed) == (None, "Secretary of State", "the Secretary of State")
    assert [signature.printed for signature in document.signatures] == ["Ada Stone"]
    assert (document.division, document.order) == ("ch1", 1)


def test_sending_and_receiving_are_two_events(tmp_path: Path) -> None:
    (document,) = volume(tmp_path, OLD).documents
    assert document.sent == Event(
        printed="Legation, Border, March 13, 1934—4 p.m.",
        place="Legation, Border",
        date=PartialDate(
            printed="March 13, 1934—4 p.m.",
            edtf="1934-03-13T16:00:00",
            earliest="1934-03-13T16:00:00",
            latest="1934-03-13T16:00:00",
        ),
    )
    assert document.received is not None
    assert document.received.printed == "[Received March 15—7:05 a.m.]"
    assert document.received.date is not None
    assert document.received.date.edtf == "1934-03-15T07:05:00"


def test_the_text_has_body_and_enclosures_a_line_each_and_nothing_else(tmp_path: Path) -> None:
    (document,) = volume(tmp_path, OLD).documents
    assert document.text.split("\n") == [
        "42. The weather is fair. The caf\u00e9\U0001f3e0 is open.",
        "Points:",
        "(a) One.",
        "(b) Two pages.",
        "1933 5",
        "1934 7",
        "I am, etc.,",
        "Ada Stone",
        "[Enclosure]",
        "Mr. Hill to Mr. Wood",
        "January 1, 1930",
        "Enclosed words.",
        "C. Hill",
    ]


def test_offsets_count_code_points_of_the_text(tmp_path: Path) -> None:
    (document,) = volume(tmp_path, OLD).documents
    heading, first, second = document.footnotes
    assert (heading.key, heading.mark, heading.offset, heading.on_heading) == ("fn57", "57", None, True)
    assert first.paragraphs == ("First paragraph.", "Second, longer.")
    assert document.text[: first.offset].endswith("is fair.")
    assert document.text[: second.offset].endswith("\U0001f3e0 is open.")
    assert [(page.number, page.key) for page in document.pages] == [("64", "64"), ("65", "65"), ("66", "66")]
    assert document.text[document.pages[2].offset :].startswith("pages.")
    assert document.pages[0].offset == 0


def test_the_volume_has_titles_divisions_and_pages(tmp_path: Path) -> None:
    held = volume(tmp_path, OLD).volume
    assert (held.title, held.series, held.subseries) == ("Example Papers, 1934, Volume IX", "Example Papers", "1934")
    assert (held.number, held.subtitle) == ("Volume IX", "Freedonia")
    assert (held.publisher, held.published) == ("Example Press", "1951")
    assert [(part.id, part.type, part.heading, part.parent) for part in held.divisions] == [
        ("comp1", "compilation", "Freedonia", None),
        ("ch1", "chapter", "Border", "comp1"),
    ]
    assert [page.number for page in held.pages] == ["[II]", "64", "65", "66"]
    assert held.pages[0] == Page(number="[II]", key="II")


def test_lines_are_those_of_the_source(tmp_path: Path) -> None:
    reading = volume(tmp_path, OLD)
    source = SHELL.format(OLD).split("\n")
    assert 'xml:id="d1"' in source[reading.documents[0].line - 1]
    assert 'xml:id="ch1"' in source[reading.volume.divisions[1].line - 1]


def test_a_page_that_begins_before_any_word_is_the_first(tmp_path: Path) -> None:
    body = '<pb n="8" xml:id="pg_8"/><head>Mr. A to Mr. B</head><p>Yes.</p>'
    text = f'<body><pb n="7" xml:id="pg_7"/><div type="document" xml:id="d1">{body}</div></body>'
    assert volume(tmp_path, text).documents[0].pages == (Page(number="8", key="8"),)


def test_documents_are_found_in_front_and_back_and_inside_others(tmp_path: Path) -> None:
    inner = '<div type="document"><head>Inner</head><p>Inner words.</p></div>'
    text = f"""<front><div type="section" xml:id="message">
      <div type="document" xml:id="d1"><p>Front.</p></div></div></front>
      <body><div type="document" xml:id="d2"><head>Outer</head><p>Before.</p>
      <frus:attachment>{inner}{inner}</frus:attachment><p>After.</p></div></body>
      <back><div type="document"><p>Back.</p></div></back>"""
    documents = volume(tmp_path, text).documents
    assert [document.id for document in documents] == ["d1", "d2", "d2-n1", "d2-n2", "frus1934v09-n1"]
    assert [document.text for document in documents] == ["Front.", "Before.\nAfter.", *["Inner words."] * 2, "Back."]
    assert documents[0].division == "message"


def test_an_id_used_twice_is_a_fault_and_both_documents_stay(tmp_path: Path) -> None:
    twice = '<div type="document" xml:id="d1"><p>Words.</p></div>\n' * 2
    reading = volume(tmp_path, f"<body>{twice}</body>")
    assert [document.id for document in reading.documents] == ["d1", "frus1934v09-n1"]
    assert reading.faults[0].fact == "the id d1 is used twice"


TAGGED = """<head>Memorandum by <persName corresp="#p_S1"><hi>Mr</hi>. Stone</persName> on
    <ref target="#d1">the\n  other</ref><note n="1" xml:id="d1fn1" type="source">Source: Example
    Library, <persName corresp="#p_H1">Hill</persName> Papers.</note></head>
  <p>A caf\u00e9\U0001f3e0 of <persName corresp="#p_H1">Ada<lb/>Hill<note n="2" xml:id="d1fn2"><p>One.</p><p>See <ref
    target="frus1933v01#pg_66">vol. I,\n p. 66</ref>.</p></note></persName>, in <placeName>Border</placeName>
    and <orgName><hi>Example</hi> Bank</orgName><persName/>. <ref target="#pg_9">p. 9</ref><ref>none</ref></p>
  <closer><signed><persName>A. Stone</persName></signed></closer>"""


def part_of(document: Document, part: str) -> str:
    parts = {"text": document.text, "title": document.title or "", "source": document.source_note or ""}
    return (parts | {f"footnote/{note.key}": note.text for note in document.footnotes})[part]


def anchored(document: Document) -> list[tuple[str, Anchor]]:
    names = [(name.surface, name.anchor) for name in document.mentions]
    return names + [(reference.printed, reference.anchor) for reference in document.references]


def test_tagged_names_and_references_are_anchored_in_the_part_they_stand_in(tmp_path: Path) -> None:
    document = one(tmp_path, TAGGED)
    assert [(name.surface, name.kind, name.pointer, name.anchor.part) for name in document.mentions] == [
        ("Mr. Stone", "person", "#p_S1", "title"),
        ("Hill", "person", "#p_H1", "source"),
        ("Ada Hill", "person", "#p_H1", "text"),
        ("Border", "place", None, "text"),
        ("Example Bank", "organization", None, "text"),
        ("A. Stone", "person", None, "text"),
    ]
    assert [(one.target, one.printed, one.anchor.part) for one in document.references] == [
        ("#d1", "the other", "title"),
        ("#pg_9", "p. 9", "text"),
        ("frus1933v01#pg_66", "vol. I, p. 66", "footnote/fn2"),
    ]
    for words, anchor in anchored(document):
        assert part_of(document, anchor.part)[anchor.start : anchor.end] == words


def test_an_address_of_the_series_is_the_pointer_that_it_stands_for_and_one_to_nothing_is_told(tmp_path: Path) -> None:
    site = "https://history.state.gov/historicaldocuments"
    links = "".join(
        f'<ref target="{site}/{place}">one</ref> '
        for place in ("frus1933v05/d13#fn2", "frus1934v09/d1", "frus1934v09/d7")
    )
    reading = volume(
        tmp_path, f'<body><div type="document" xml:id="d1"><head>Note</head><p>See {links}</p></div></body>'
    )
    assert [one.target for one in reading.documents[0].references] == [
        "frus1933v05#d13fn2",
        "frus1934v09#d1",
        "frus1934v09#d7",
    ]
    told = [fault.fact for fault in reading.faults if fault.kind == "reference"]
    assert told == ["frus1934v09#d7 points to nothing in this volume"]


def test_what_points_to_nothing_is_told_and_kept(tmp_path: Path) -> None:
    faults = volume(tmp_path, f'<body><div type="document" xml:id="d1">{TAGGED}</div></body>').faults
    assert [(fault.fact, fault.document) for fault in faults if fault.kind == "reference"] == [
        ("#pg_9 points to nothing in this volume", "d1"),
        ("a reference without a target", "d1"),
        ("#p_S1 points to nothing in this volume", "d1"),
        ("#p_H1 points to nothing in this volume", "d1"),
        ("#p_H1 points to nothing in this volume", "d1"),
    ]


def test_an_enclosure_is_a_part_with_its_own_heading_parties_and_date(tmp_path: Path) -> None:
    (document,) = volume(tmp_path, OLD).documents
    (enclosed,) = document.enclosures
    assert (enclosed.label, enclosed.heading) == ("[Enclosure]", "Mr. Hill to Mr. Wood")
    assert [(party.direction, party.name) for party in enclosed.parties] == [("from", "Hill"), ("to", "Wood")]
    assert enclosed.sent is not None
    assert enclosed.sent.date is not None
    assert enclosed.sent.date.edtf == "1930-01-01"
    words = document.text[enclosed.start : enclosed.end]
    assert (words.split("\n")[0], words.split("\n")[-1]) == ("[Enclosure]", "C. Hill")
    assert [signature.name for signature in document.signatures] == ["Ada Stone"]
    (signed,) = enclosed.signatures
    assert signed.name == "C. Hill"
    assert signed.anchor is not None
    assert document.text[signed.anchor.start : signed.anchor.end] == "C. Hill"


def test_enclosures_may_hold_enclosures_and_the_later_markup_labels_them_in_an_opener(tmp_path: Path) -> None:
    document, _ = volume(
        tmp_path,
        """<body><div type="document" xml:id="d1"><p>Words.</p><frus:attachment><opener>
        <seg>[Attachment 1]</seg></opener><head>Memorandum by the Example Committee</head><opener>
        <dateline><date when="1944-08-28">August 28, 1944</date></dateline></opener>
        <p>Outer.</p><frus:attachment><head>Mr. A to Mr. B</head><p>Inner.</p>
        <closer><signed>A. Field</signed></closer></frus:attachment></frus:attachment>
        <frus:attachment><div type="document"><p>A document of its own.</p></div></frus:attachment>
        </div></body>""",
    ).documents
    outer, inner = document.enclosures
    assert (outer.key, outer.label, outer.heading) == ("a1", "[Attachment 1]", "Memorandum by the Example Committee")
    assert [party.role for party in outer.parties] == ["Example Committee"]
    assert (inner.key, inner.label, inner.heading, inner.sent) == ("a2", None, "Mr. A to Mr. B", None)
    assert outer.start < inner.start < inner.end == outer.end
    assert (outer.signatures, [signature.name for signature in inner.signatures]) == ((), ["A. Field"])


def test_a_signature_tells_signer_office_and_for_whom(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<p>Words.</p><closer>I am, etc.,<lb/>For the Secretary of State:<lb/><signed>A[da] S[tone]<lb/>Vice
        Consul</signed> [seal]<lb/><signed><list><item>B. Hill,</item><item>C. WOOD, Secretary.</item></list></signed>
        </closer>""",
    )
    assert [(sign.printed, sign.name, sign.role, sign.behalf) for sign in document.signatures] == [
        ("A[da] S[tone] Vice Consul", "Ada Stone", "Vice Consul", "Secretary of State"),
        ("B. Hill,", "B. Hill", None, None),
        ("C. WOOD, Secretary.", "C. WOOD", "Secretary", None),
    ]
    shown = [sign.anchor and document.text[sign.anchor.start : sign.anchor.end] for sign in document.signatures]
    assert shown == [sign.printed for sign in document.signatures]


def test_the_lists_of_persons_and_terms_are_read_in_both_markups(tmp_path: Path) -> None:
    text = """<front><div type="section" xml:id="persons"><head>Persons</head><list type="names">
      <item><persName xml:id="p_SA1"><hi>Stone</hi>, Ada</persName>, Aide to <persName
        corresp="#p_H1">Hill</persName></item>
      <item><hi rend="strong"><persName xml:id="p_H1">Hill, B.,</persName></hi></item></list></div>
      <div type="section" xml:id="terms" subtype="index"><list type="terms">
      <item><hi><term xml:id="t_EX1">EX</term>,</hi> Example Exchange</item>
      <label><term xml:id="t_EY1">EY</term></label><item>Example Yard</item></list></div></front>
      <body><div type="document" xml:id="d1"><head>Mr. A to Mr. B</head><p>Words.</p></div></body>"""
    held = volume(tmp_path, text).volume
    assert held.persons == (
        ListedPerson(id="p_SA1", name="Stone, Ada", description="Aide to Hill"),
        ListedPerson(id="p_H1", name="Hill, B."),
    )
    assert held.terms == (
        ListedTerm(id="t_EX1", term="EX", expansion="Example Exchange"),
        ListedTerm(id="t_EY1", term="EY", expansion="Example Yard"),
    )
    assert [division.text for division in held.divisions] == [None, None]


def test_a_division_has_the_words_that_stand_in_no_other(tmp_path: Path) -> None:
    text = """<front><div type="toc" xml:id="toc"><p>Contents of the whole volume in short.</p></div></front><body>
      <div type="compilation" xml:id="comp1"><head>Border</head><div type="chapter" xml:id="ch1"><head>Argument</head>
      <p>It was so and no other.<note n="1">As they said.</note></p><dateline>Border, May 3.</dateline></div>
      <div type="chapter" xml:id="ch2"><head>Papers</head><p>[A word before the papers.]</p>
      <div type="document" xml:id="d1"><head>Mr. A to Mr. B</head><p>Words.</p></div></div></div></body>"""
    texts = {division.id: division.text for division in volume(tmp_path, text).volume.divisions}
    assert texts == {
        "toc": None,
        "comp1": None,
        "ch1": "It was so and no other.\nBorder, May 3.\nAs they said.",
        "ch2": "[A word before the papers.]",
    }


def test_minutes_have_the_day_they_were_held_and_those_present(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<head>Minutes of the Example Committee, Held at Border, on Friday, January 31, 1919, 2 p.m.</head>
        <list type="participants"><item>Present: <list><item>Mr. Stone</item><item>General Hill</item></list></item>
        </list><p>It was decided.</p>""",
    )
    assert (document.kind, document.sent) == ("minutes", None)
    assert [(one.printed, one.name) for one in document.participants] == [
        ("Mr. Stone", "Stone"),
        ("General Hill", "Hill"),
    ]
    assert document.held is not None
    assert document.held.date is not None
    assert (document.held.place, document.held.date.edtf) == ("Border", "1919-01-31T14:00:00")


@pytest.mark.parametrize(
    "lines",
    [
        """<list type="subject"><head>SUBJECT</head><item>The weather</item></list><list type="participants">
        <head>PARTICIPANTS:</head><item>Mr. Stone</item><item>Mr. Hill</item></list>""",
        "<p>Subject: The weather</p><p>Participants: Mr. Stone; Mr. Hill</p>",
        "<p>Subject: The weather</p><p>Participants: <list><item>Mr. Stone</item><item>Mr. Hill</item></list></p>",
        """<p>Subject: The weather</p><table><row><cell cols="2">PRESENT</cell></row><row><cell>Freedonia</cell>
            <cell>Sylvania</cell></row><row><cell>Mr. Stone</cell><cell>Mr. Hill</cell></row></table>""",
        """<p>Subject: The weather</p><p>Participants:</p><table><row><cell>Mr. Stone</cell></row>
        <row><cell>Mr. Hill</cell></row></table>""",
    ],
)
def test_a_memorandum_of_conversation_has_subject_and_participants(tmp_path: Path, lines: str) -> None:
    document = one(tmp_path, f"<head>84. Memorandum of Conversation</head>{lines}<p>They spoke.</p>")
    assert document.kind == "memorandumOfConversation"
    assert document.subject == "The weather"
    assert [one.printed for one in document.participants] == ["Mr. Stone", "Mr. Hill"]


def test_a_tag_tells_the_name_of_one_present_and_who_that_is(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<head>4. Memorandum of Conversation</head><list type="participants"><head>PARTICIPANTS</head>
        <item><persName corresp="#p_SA1">Dr. Ada Stone</persName>, Counselor of Embassy</item>
        <item>Winston Hill, Policy Staff (notetaker)</item><item>Veldria</item></list><p>They spoke.</p>""",
    )
    assert [(one.name, one.role, one.person) for one in document.participants] == [
        ("Dr. Ada Stone", "Counselor of Embassy", "p_SA1"),
        ("Winston Hill", "Policy Staff", None),
        (None, None, None),
    ]


def test_the_markup_may_say_that_it_is_an_editorial_note(tmp_path: Path) -> None:
    assert one(tmp_path, "<head>7. Of the editors</head><p>X.</p>", ' subtype="editorial-note"').kind == "editorialNote"


def test_what_is_left_open_is_told_by_kind(tmp_path: Path) -> None:
    text = """<body><div type="document"><p>A<pb n="1" xml:id="pg_1"/><pb n="1" xml:id="pg_1"/>B</p></div>
      <div type="document" xml:id="d2"><head>Stony Hills<note type="source" n="1">Nowhere.</note></head>
      <p><blink>C</blink></p></div>
      <div type="document" xml:id="d3"><head>[Untitled]</head><p>D</p></div></body>"""
    faults = volume(tmp_path, text).faults
    assert {(fault.kind, fault.fact) for fault in faults} == {
        ("markup", "it has no id"),
        ("markup", "the id pg_1 is used twice"),
        ("heading", "it has no heading"),
        ("heading", "the heading names neither parties nor a kind of paper: Stony Hills"),
        ("source note", "it names no papers: Nowhere."),
        ("markup", "<blink> is no element of these volumes"),
    }
    assert all(fault.line for fault in faults)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the volumes in shared/ are not beside the checkout")
@pytest.mark.parametrize("name", ["frus1864p3", "frus1919Parisv01", "frus1930v01"])
def test_in_real_volumes_every_anchor_holds_its_words(name: str) -> None:
    for document in tei.read(SHARED / f"{name}.xml.gz").documents:
        for words, anchor in anchored(document):
            assert words
            assert part_of(document, anchor.part)[anchor.start : anchor.end] == words


def test_the_later_markup_is_read(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<head>10. Telegram From the <gloss type="from"><gloss target="#t_E">Embassy</gloss> in
        Freedonia</gloss> to the <gloss type="to">Department of State</gloss><note n="1" type="source"
        xml:id="d1fn1">Source: Department of State, Central Files, 761.00/3–756. Secret; Niact.</note></head>
        <opener><dateline><placeName>Border</placeName>, <date from="1956-03-07" to="1956-03-08">March 7–8,
        1956</date>.</dateline></opener><p>1234. Words.<note n="2" xml:id="d1fn2">See above.</note></p>""",
    )
    assert [(party.direction, party.role) for party in document.parties] == [
        ("from", "Embassy in Freedonia"),
        ("to", "Department of State"),
    ]
    assert document.source_note == "Source: Department of State, Central Files, 761.00/3–756. Secret; Niact."
    assert document.file_number == "761.00/3–756"
    assert (document.kind, document.number) == ("telegram", "1234")
    assert [note.mark for note in document.footnotes] == ["2"]
    assert document.sent is not None
    assert document.sent.date is not None
    assert document.sent.date.edtf == "1956-03-07/1956-03-08"


def test_names_stand_as_tagged_and_untagged_companions_are_added(tmp_path: Path) -> None:
    head = """<head><persName type="from">Mr. Stone</persName> to the Under Secretary (<persName
        type="to">Field</persName>) and the Assistant Secretary (<persName
        corresp="frus1933v01#p_H1">Hill</persName>)</head>"""
    assert [(party.name, party.role, party.person) for party in one(tmp_path, head).parties] == [
        ("Mr. Stone", None, None),
        ("Field", "Under Secretary", None),
        ("Hill", "Assistant Secretary", "frus1933v01#p_H1"),
    ]


def test_one_tag_around_both_parties_is_set_aside(tmp_path: Path) -> None:
    head = '<head><persName type="from">Mr. Stone to Mr. Field</persName></head>'
    assert [(party.direction, party.name) for party in one(tmp_path, head).parties] == [
        ("from", "Stone"),
        ("to", "Field"),
    ]


def test_the_dateline_of_an_enclosure_is_not_the_documents_own(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<head>Mr. A to Mr. B</head><p>Words.</p><frus:attachment><dateline><placeName>Border</placeName>,
        <date when="1930-01-01">January 1</date></dateline></frus:attachment>""",
    )
    assert (document.sent, document.received) == (None, None)


OLDER = "1670-11-01 is much older than the volume, which was printed in 1951"
LATER = "1959-05-03 is later than the volume, which was printed in 1951"


@pytest.mark.parametrize(
    ("date", "edtf", "fact"),
    [
        ('<date when="0201-06-05">June 5, 1864</date>', "1864-06-05", "the year 0201 cannot be meant"),
        ('<date when="0201-06-05">June 5</date>', "XXXX-06-05", "the year 0201 cannot be meant"),
        ('<date when="1670-11-01">November 1, 1670</date>', "1670-11-01", OLDER),
        ('<date when="1864-02-30">Some day</date>', None, "1864-02-30 is not in the calendar"),
        ('<date when="1864-02-30">February 30</date>', "1864-02", "1864-02-30 is not in the calendar"),
        ('<date when="1959-05-03">May 3, 1959</date>', "1959-05-03", LATER),
        (
            '<date when="1870-08-18">July 18, 1870. (Received August 3, 1870.)</date>',
            "1870-08-18",
            "the markup's date 1870-08-18 is not the printed 1870-07-18",
        ),
    ],
)
def test_a_wrong_date_is_told_and_not_mended(tmp_path: Path, date: str, edtf: str | None, fact: str) -> None:
    text = f'<body>\n<div type="document" xml:id="d1"><dateline>{date}</dateline><p>Yes.</p></div></body>'
    reading = volume(tmp_path, text)
    sent = reading.documents[0].sent
    assert sent is not None
    assert (sent.date.edtf if sent.date else None) == edtf
    assert sent.date is None or sent.date.doubt == fact
    assert fact != OLDER or (sent.date and sent.date.earliest is None)
    (fault,) = [fault for fault in reading.faults if fault.kind == "date"]
    assert (fault.fact, fault.document) == (fact, "d1")
    assert fault.line is not None


def test_undated_stays_undated_and_the_received_date_is_its_own(tmp_path: Path) -> None:
    document = one(
        tmp_path,
        """<dateline><placeName>Border</placeName> [undated].<lb/>[Received February 23,
        1934—4:15 p.m.]</dateline><p>Yes.</p>""",
    )
    assert document.sent == Event(printed="Border [undated].", place="Border")
    assert document.received is not None
    assert document.received.date is not None
    assert document.received.date.edtf == "1934-02-23T16:15:00"


def test_a_note_of_stars_alone_is_no_footnote_but_words_left_out_of_the_text(tmp_path: Path) -> None:
    document = one(tmp_path, '<p>It is open.</p><note>* * * *</note><p>It was closed.<note n="1">In May.</note></p>')
    assert document.text == "It is open.\n* * * *\nIt was closed."
    assert [note.mark for note in document.footnotes] == ["1"]


def test_keys_of_footnotes_are_unique_though_numbers_repeat(tmp_path: Path) -> None:
    document = one(tmp_path, '<p>A<note n="1">x</note> b<note n="1" xml:id="d1fn1">y</note></p><p><note>z</note>c</p>')
    keys = [note.key for note in document.footnotes]
    assert len(set(keys)) == 3
    assert [note.mark for note in document.footnotes] == ["1", "1", None]
    assert [note.offset for note in document.footnotes] == [1, 3, 4]


def test_a_gzipped_volume_is_the_same_volume(tmp_path: Path) -> None:
    packed = tmp_path / "frus1934v09.xml.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + SHELL.format(OLD).encode()))
    assert tei.volume_of(packed) == "frus1934v09"
    assert tei.read(packed) == volume(tmp_path, OLD)


def test_a_file_named_unlike_its_volume_is_a_fault(tmp_path: Path) -> None:
    reading = tei.read(write(tmp_path, SHELL.format(OLD), "frus1935v01.xml"))
    assert reading.volume.id == "frus1935v01"
    assert reading.faults[0].fact == "the volume calls itself frus1934v09"


@pytest.mark.parametrize("content", ["", "not XML", "<TEI><body>", SHELL.format(OLD)[:900]])
def test_what_is_not_well_formed_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(NotWellFormed) as caught:
        tei.read(write(tmp_path, content))
    assert caught.value.line


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE TEI SYSTEM "http://example.org/tei.dtd">',
        '<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!-- a comment -->\n<?pi here?><!DOCTYPE TEI PUBLIC "a" "b" [<!ELEMENT p ANY>]>',
    ],
)
def test_a_document_type_that_declares_anything_is_refused(tmp_path: Path, doctype: str) -> None:
    with pytest.raises(UnsafeXML):
        tei.read(write(tmp_path, '<?xml version="1.0"?>' + doctype + SHELL.format("&b;&x;")))


def test_a_document_type_that_names_the_root_only_is_let_through(tmp_path: Path) -> None:
    assert tei.read(write(tmp_path, "<!DOCTYPE TEI>\n" + SHELL.format(OLD))).documents


def test_a_declared_encoding_cannot_hide_a_document_type(tmp_path: Path) -> None:
    path = tmp_path / "frus1934v09.xml"
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE TEI [<!ENTITY b "x">]>' + SHELL.format("&b;")
    path.write_bytes(hidden.encode("utf-16"))
    with pytest.raises(NotUTF8):
        tei.read(path)
    path.write_text(hidden.replace("UTF-16", "UTF-7"), encoding="utf-8")
    with pytest.raises(UnsafeXML):
        tei.read(path)


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "frus1934v09.xml"
    path.write_bytes(SHELL.format("<body>\n<p>Caf\u00e9</p></body>").encode("latin-1"))
    with pytest.raises(NotUTF8) as caught:
        tei.read(path)
    assert caught.value.line == 8


@pytest.mark.parametrize("content", [SHELL.format("<body><p>None.</p></body>"), "<html/>"])
def test_a_volume_without_documents_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(NoDocuments):
        tei.read(write(tmp_path, content))


def test_a_damaged_or_swollen_archive_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "frus1934v09.xml.gz"
    whole = gzip.compress(SHELL.format(OLD).encode())
    for damaged in (whole[:200], b"no archive", whole[:100] + b"\x00\x00\x00" + whole[103:]):
        packed.write_bytes(damaged)
        with pytest.raises(UnreadableSource, match="damaged"):
            tei.read(packed)
    monkeypatch.setattr(markup, "MAX_BYTES", 1024)
    packed.write_bytes(whole)
    with pytest.raises(UnreadableSource, match="more than"):
        tei.read(packed)
    with pytest.raises(UnreadableSource):
        tei.read(tmp_path / "absent.xml")


def test_nesting_beyond_reason_is_refused(tmp_path: Path) -> None:
    deep = "<hi>" * 500 + "x" + "</hi>" * 500
    with pytest.raises(NotWellFormed, match="nested more than"):
        volume(tmp_path, f'<body><div type="document" xml:id="d1"><p>{deep}</p></div></body>')
    with pytest.raises(NotWellFormed, match="nested more than"):
        volume(tmp_path, f'<body><div type="chapter"><head>{deep}</head><div type="document"/></div></body>')


BOUNDS = ' frus:doc-dateTime-min="1934-05-02T00:00:00-05:00" frus:doc-dateTime-max="1934-05-02T23:59:59-05:00"'


def test_a_date_that_only_the_markup_gives_is_kept_apart_from_those_printed(tmp_path: Path) -> None:
    document = one(tmp_path, "<head>Editorial Note</head><p>In May the weather changed.</p>", BOUNDS)
    assert document.sent is None
    assert document.dated is not None
    assert document.dated.edtf == "1934-05-02"


def test_the_dateline_holds_against_the_documents_own_date_and_the_contradiction_is_told(tmp_path: Path) -> None:
    inner = '<head>Note</head><dateline><date when="1934-05-03">May 3, 1934</date></dateline><p>Fair.</p>'
    text = f'<body><div type="document" xml:id="d1"{BOUNDS}>{inner}</div></body>'
    reading = volume(tmp_path, text)
    (document,) = reading.documents
    assert document.dated is None
    assert document.sent is not None
    assert document.sent.date is not None
    assert document.sent.date.edtf == "1934-05-03"
    assert [fault.fact for fault in reading.faults if fault.kind == "date"] == [
        "the document's own date 1934-05-02 is not that of its dateline, 1934-05-03"
    ]


def test_a_letter_without_a_heading_has_the_parties_of_signature_and_address(tmp_path: Path) -> None:
    inner = """<head>[Untitled]</head><p>Fair.</p><closer><signed>Ada Stone,<lb/>Consul.</signed></closer>
        <postscript><p>Hon. B. Hill,<lb/>Secretary of State.</p></postscript>"""
    parties = one(tmp_path, inner).parties
    assert [(party.direction, party.name, party.role, party.inferred) for party in parties] == [
        ("from", "Ada Stone", "Consul", "signer-sends"),
        ("to", "B. Hill", "Secretary of State", "address-receives"),
    ]
    headed = one(tmp_path, inner.replace("[Untitled]", "Mr. Stone to Mr. Hill")).parties
    assert [party.inferred for party in headed] == [None, None]


def test_what_an_editor_mends_in_the_markup_is_read_once(tmp_path: Path) -> None:
    inner = """<head>Note</head><p>The <choice><sic>wether</sic><corr>weather</corr></choice> is
        <choice><abbr>v.</abbr><expan>very</expan></choice> fair.</p>"""
    assert one(tmp_path, inner).text == "The weather is v. fair."


def test_the_list_of_sources_keeps_what_stands_within_what(tmp_path: Path) -> None:
    text = """<front><div type="section" subtype="sources" xml:id="sources"><head>Sources</head><list>
      <item><hi>Department of Weather</hi>
        <list><item>Lot 71 D 228: <list><item>Storms</item></list></item></list></item>
      <item>Example Library, Novy</item></list></div></front>
      <body><div type="document" xml:id="d1"><head>Mr. A to Mr. B</head><p>Words.</p></div></body>"""
    held = volume(tmp_path, text).volume
    assert [(source.printed, source.level) for source in held.sources] == [
        ("Department of Weather", 1),
        ("Lot 71 D 228", 2),
        ("Storms", 3),
        ("Example Library, Novy", 1),
    ]


def test_an_id_that_is_no_name_is_told_and_another_taken(tmp_path: Path) -> None:
    path = tmp_path / "vol.xml"
    one, two = ('<div type="document" xml:id="{}"><head>Mr. Stone to Mr. Field.</head><p>Sir.</p></div>',) * 2
    body = f'<div type="chapter" xml:id="ch 1">{one.format("711.00/5")}{two.format("d2")}</div>'
    path.write_text(f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="vol"><text><body>{body}</body></text></TEI>')
    reading = tei.read(path)
    assert [document.id for document in reading.documents] == ["vol-n1-n1", "d2"]
    assert {fault.fact for fault in reading.faults} >= {"the id ch 1 is no name", "the id 711.00/5 is no name"}


def test_a_backchannel_message_has_the_number_of_a_telegram(tmp_path: Path) -> None:
    document = one(tmp_path, "<head>Backchannel Message From Mr. Stone to Mr. Hill</head><p>1420. I saw him.</p>")
    assert (document.kind, document.number) == ("message", "1420")


def test_cells_of_words_are_lines_and_figures_stay_in_their_row(tmp_path: Path) -> None:
    rows = (("President Stone", "Marshal Otto"), ("Mr. Hill", "Mr. Wood"), ("Corn", "12 tons"), ("Bonds", "Notes"))
    table = "".join("<row>" + "".join(f"<cell>{cell}</cell>" for cell in row) + "</row>" for row in rows)
    document = one(tmp_path, f"<head>Minutes</head><table>{table}</table>")
    assert document.text.split("\n") == [
        "President Stone",
        "Marshal Otto",
        "Mr. Hill",
        "Mr. Wood",
        "Corn 12 tons",
        "Bonds Notes",
    ]


def test_lists_name_those_from_and_to_whom_a_paper_goes_that_its_heading_does_not(tmp_path: Path) -> None:
    listed = """<list type="to"><head>TO</head><item>The Secretary of State</item><item>Mr. Hill</item></list>"""
    document = one(tmp_path, f"<head>7. Study Memorandum 199</head>{listed}<p>Study.</p>")
    assert [(party.direction, party.name, party.role) for party in document.parties] == [
        ("to", None, "Secretary of State"),
        ("to", "Hill", None),
    ]
    headed = one(tmp_path, f"<head>Memorandum From Mr. Stone to Mr. Wood</head>{listed}<p>Study.</p>")
    assert [party.name for party in headed.parties] == ["Stone", "Wood"]
