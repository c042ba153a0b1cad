"""The enclosures of plain texts: where they begin, what their own lines tell, and how far a rule takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import enclosures, plaintext
from kg.anchors import reread
from kg.iris import Iris
from kg.jobs import map_source
from kg.validation import validate
from kg.vocabulary import DGM, OA, RDF

TEXT = """Sir: I inclose two papers.
[Inclosure 1 in No. 12.—Translation.]
Mr. Stone to Mr. Field.
Legation of Sylvania,
Border, March 13, 1934.
Sir: The bridge is open.
[Subinclosure.]
[Extract.]
The first words of a report.
Annex No. 2.
Decree of May 4, 1931.
Article 1. The bridge is closed."""


def test_an_enclosure_goes_from_its_label_to_the_next() -> None:
    first, second, third = enclosures.find(TEXT)
    assert (first.key, first.label, first.heading) == (
        "a1",
        "[Inclosure 1 in No. 12.—Translation.]",
        "Mr. Stone to Mr. Field.",
    )
    assert [(party.direction, party.name) for party in first.parties] == [("from", "Stone"), ("to", "Field")]
    assert first.sent
    assert (first.sent.place, first.sent.date and first.sent.date.edtf) == (
        "Legation of Sylvania, Border",
        "1934-03-13",
    )
    assert TEXT[first.start : first.end].endswith("The bridge is open.")
    assert TEXT[first.start : first.opening] == "[Inclosure 1 in No. 12.—Translation.]\nMr. Stone to Mr. Field."
    assert (second.label, second.heading, second.sent, second.parties) == ("[Subinclosure.]", None, None, ())
    assert TEXT[second.start : second.opening] == "[Subinclosure.]\n[Extract.]"
    # A day in the name of a paper is not that of its sending.
    assert (third.label, third.heading, third.sent) == (None, "Annex No. 2.", None)
    assert third.end == len(TEXT)
    assert {one.inferred for one in (first, second, third)} == {enclosures.ENDS}


@pytest.mark.parametrize(
    "line",
    [
        "[Enclosure]",
        "[lnclosure 2 in No. 98.]",
        "Inclosure in No. 32.",
        "[Enclosure 1—Translation]",
        "[Annex A]",
        "EXHIBIT C.",
        "[415] *[Inclosure.]",
        "[Inclosure No. 1 No. 107.]",
        "[Inclosure 1 in No. 20.—Translation of communications received at the Department of Examples from the Governor"
        " of Border, on the building of the bridge.]",
    ],
)
def test_a_line_may_say_that_an_enclosure_begins(line: str) -> None:
    assert enclosures.is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Enclosures:",
        "Inclosure No. 2 is a copy of the reply.",
        "[Inclosures: Three notes of the bank.]",
        "(Inclose the certificate of Mr. Stone.)",
        "The enclosure has come.",
        "Enclosed is a copy.",
        "Schedule.",
        "Annexed hereto is a list.",
    ],
)
def test_words_on_enclosures_are_no_label(line: str) -> None:
    assert not enclosures.is_label(line)


def test_a_label_without_words_beneath_it_has_no_enclosure() -> None:
    assert enclosures.find("Sir: I inclose a map.\n[Inclosure.]") == ()
    assert enclosures.find("[Inclosure.]\nThe document's own first line is no label.") == ()
    assert enclosures.find("") == ()


TWO_LETTERS = """Sir: I add a letter and its answer.
Ada Stone.
Mr. Hill to Governor Wood 2
Border, March 13, 1934.
Governor: The bridge is open.
C. Hill.
The Governor of Border to Mr. Hill.
[Translation.]
Border, March 15, 1934.
Sir: I thank you.
B. Wood, Governor."""


def test_a_letter_below_the_end_of_another_needs_no_label() -> None:
    first, second = enclosures.find(TWO_LETTERS)
    assert (first.label, first.heading) == (None, "Mr. Hill to Governor Wood 2")
    assert [(party.direction, party.name) for party in second.parties] == [("from", None), ("to", "Hill")]
    assert second.sent is not None
    assert second.sent.date is not None
    assert second.sent.date.edtf == "1934-03-15"
    assert TWO_LETTERS[first.start : first.end].endswith("C. Hill.")
    assert [signature.name for signature in (*first.signatures, *second.signatures)] == ["C. Hill", "B. Wood"]


@pytest.mark.parametrize(
    "lines",
    [
        "Mr. Hill to Mr. Wood.\nGovernor: It has no dateline.",
        "Which we state to Mr. Wood with respect.\nBorder, March 13, 1934.",
        "The rules must be attended to by the authorities.\nBorder, March 13, 1934.",
        "“Mr. Hill to Mr. Wood.\n“Border, March 13, 1934.",
    ],
)
def test_words_that_might_name_two_sides_begin_no_letter(lines: str) -> None:
    assert enclosures.find(f"Sir: I write.\nAda Stone.\n{lines}\nWords.") == ()


def test_a_heading_below_a_line_that_goes_on_begins_no_letter() -> None:
    lines = "Mr. Hill to Mr. Wood.\nBorder, March 13, 1934.\nSir: I write."
    assert enclosures.find(f"Sir: I write.\nI refer to the following correspondence of last week,\n{lines}") == ()


@pytest.mark.parametrize(
    ("lines", "signed"),
    [
        ("Mr. Hill to Mr. Wood.\nSir: I write.\nI am, etc.,\nC. Hill.", ["C. Hill"]),
        ("The treasury is closed.\nC. Hill, Consul.", ["C. Hill"]),
        ("The treasury is closed.\nAllowed.", []),
        ("Respectfully submitted.\nC. Hill.\nBorder, March 13, 1934.", ["C. Hill"]),
        ("I am, etc.,\nC. Hill.\nConsul.\nA list of ships.\nNow I, Ada Stone, sign.\nAda Stone.", ["C. Hill"]),
        ("Mr. Hill to Mr. Wood.\nSir: I write.\nB. Wood", []),
    ],
)
def test_who_signs_an_enclosure_is_told_where_it_is_sure(lines: str, signed: list[str]) -> None:
    text = f"Sir: I inclose a paper.\n[Inclosure.]\n{lines}"
    (enclosure,) = enclosures.find(text)
    assert [signature.name for signature in enclosure.signatures] == signed
    for one in enclosure.signatures:
        assert one.anchor is not None
        assert text[one.anchor.start : one.anchor.end].replace("\n", " ") == one.printed


def test_an_enclosure_may_be_dated_under_its_signature() -> None:
    text = "Sir: I inclose a paper.\n[Inclosure.]\nThe treasury is closed.\nC. Hill, Consul.\nBorder, March 13, 1934."
    (enclosure,) = enclosures.find(text)
    assert enclosure.sent is not None
    assert (enclosure.sent.place, enclosure.sent.date and enclosure.sent.date.edtf) == ("Border", "1934-03-13")
    (unsigned,) = enclosures.find(text.replace("C. Hill, Consul.", "It was opened again."))
    assert unsigned.sent is None


def test_what_is_told_is_stated_and_the_end_inferred_with_its_passage(tmp_path: Path) -> None:
    path = tmp_path / "frus1934v09-d12.txt"
    path.write_text(f"Mr. Hill to Mr. Stone.\n{TEXT}\nI am, etc.,\nAda Stone.", encoding="utf-8")
    lines = list(map_source(Iris(), path).lines())
    base, text = "http://localhost:8000/id", plaintext.read(path).documents[0].text

    def said(subject: str, predicate: str) -> list[str]:
        start = f"<{base}/{subject}> <{predicate}> "
        return [line.removeprefix(start).rpartition(" <")[0] for line in lines if line.startswith(start)]

    one = "enclosure/frus1934v09/d12/a1"
    opening, whole = (
        f"passage/frus1934v09/d12/text-27-{text.index(words) + len(words)}" for words in ("Mr. Field.", "is open.")
    )
    assert said(one, DGM.flag) == ['"[Inclosure 1 in No. 12.—Translation.]"']
    assert said(one, DGM.passage) == [f"<{base}/{opening}>"]
    inference = "inference/frus1934v09/d12/a1-passage"
    assert said(inference, RDF.subject) == [f"<{base}/{one}>"]
    assert said(inference, RDF.object) == [f"<{base}/{whole}>"]
    assert said(inference, DGM.rule) == [f"<{base}/rule/{enclosures.ENDS}>"]
    assert said(inference, DGM.certainty) == [f"<{DGM.probable}>"]
    assert said(inference, OA.hasTarget) == [f"<{base}/{opening}>"]
    assert said("sending/frus1934v09/d12-a1", DGM.placePrinted) == ['"Legation of Sylvania, Border"']
    assert said("party/frus1934v09/d12-a1/from-1", DGM.name) == ['"Stone"']
    signed = said("enclosure/frus1934v09/d12/a3", DGM.signature)
    assert signed == [f"<{base}/signature/frus1934v09/d12-a3/1>"]
    assert said("signature/frus1934v09/d12-a3/1", DGM.signer) == ['"Ada Stone"']
    assert said("signature/frus1934v09/d12-a3/1", OA.hasTarget) == [
        f"<{base}/passage/frus1934v09/d12/text-{len(text) - 10}-{len(text)}>"
    ]
    assert said("document/frus1934v09/d12", DGM.signature) == []
    assert reread(lines).broken == ()
    assert not validate(lines)
