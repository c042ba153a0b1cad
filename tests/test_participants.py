"""Those present, as plain texts list them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import headings, participants, plaintext
from kg.anchors import reread
from kg.document import Kind
from kg.iris import Iris
from kg.jobs import map_source
from kg.validation import validate
from kg.vocabulary import DGM


@pytest.mark.parametrize(
    ("lines", "kind", "names"),
    [
        (["Present: Sir Ada Stone, British Minister; Mr. Field.", "It began."], None, ["Ada Stone", "Field"]),
        (["On a bridge.", "Present: The Secretary of State.", "Mr. Field.", "He said so."], None, [None, "Field"]),
        (["Participants:", "Mr. Stone", "Prof. Field", "1.", "Mr. Hill"], None, ["Stone", "Field"]),
        (["Mr. Stone", "General Field", "Mr. Hill was late."], "minutes", ["Stone", "Field"]),
        (["First meeting", "Mr. Stone", "Dr. Field (Secretary)", "I."], "memorandumOfConversation", ["Stone", "Field"]),
        # Nothing says that they are present, or they are none.
        (["Mr. Stone", "General Field", "Words."], "letter", []),
        (["Mr. Stone", "The meeting was held."], "minutes", []),
        (["Mr. Stone called the meeting to order.", "Mr. Field approved the minutes."], "minutes", []),
        (["The minutes were read. Mr. Field was there.", "Mr. Hill moved."], "minutes", []),
        (["present: Mr. Stone"], None, []),
        (["Presents are given to Mr. Stone."], None, []),
        (["Present:", "The bridge is open."], None, []),
        ([], "minutes", []),
    ],
)
def test_those_present_are_listed_at_the_head(lines: list[str], kind: Kind | None, names: list[str | None]) -> None:
    found = participants.of_text(lines, kind)
    assert [party.name for party in found] == names
    assert all(party.direction == "participant" for party in found)


def test_those_present_are_stated_and_an_enclosures_list_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "frus1934v09-d12.txt"
    head = "Minutes of a Meeting, Border, March 13, 1934\nMr. Stone\nGeneral Field\nThe bridge was open.\n"
    path.write_text(f"{head}[Enclosure]\nPresent: Mr. Hill.\nIt was closed.", encoding="utf-8")
    document = plaintext.read(path).documents[0]
    assert [party.printed for party in document.participants] == ["Mr. Stone", "General Field"]
    lines = list(map_source(Iris(), path).lines())
    assert sum(f"<{DGM.participant}>" in line and "/document/" in line.split(" ")[0] for line in lines) == 2
    assert reread(lines).broken == ()
    assert not validate(lines)
    alone = f"A Bridge\nSir: So.\n[Enclosure]\nPresent: Mr. Hill.\n{'It was closed.'}"
    path.write_text(alone, encoding="utf-8")
    assert plaintext.read(path).documents[0].participants == ()


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        (
            "Memorandum of a Conversation Between the Secretary of State and the Envoy (Stone), Almar, May 4, 1956",
            [(None, "Secretary of State"), ("Stone", "Envoy")],
        ),
        (
            "Conversation Among President Stone, Secretary of State Field, and the President’s Assistant (Hill)",
            [("Stone", "President"), ("Field", "Secretary of State"), ("Hill", "President’s Assistant")],
        ),
        (
            "Conversation Between Mr. Stone and the Secretary for Hills, Woods, and Fields (Hill), the Red House",
            [("Stone", None), ("Hill", "Secretary for Hills, Woods, and Fields")],
        ),
        ("Treaty Between Freedonia and Sylvania", []),
        ("Memorandum of Conversation Between Stone and Field", []),
    ],
)
def test_a_heading_names_those_between_whom_a_conversation_was(
    heading: str, named: list[tuple[str | None, str | None]]
) -> None:
    assert [(party.name, party.role) for party in participants.of_heading(heading)] == named


@pytest.mark.parametrize(
    ("printed", "name", "role"),
    [
        ("Mr. John Stone, EUR/NE", "John Stone", "EUR/NE"),
        ("Ada Field, Interpreter", "Ada Field", "Interpreter"),
        ("Ambassador Ada Field, Embassy of Freedonia", "Ada Field", "Ambassador, Embassy of Freedonia"),
        ("Chairman—Ada K. Field", "Ada K. Field", "Chairman"),
        ("Defense—Gen. Ben Hill", "Ben Hill", None),
        ("General Secretary Ada Stone", "Ada Stone", "General Secretary"),
        ("Ada Field (notetaker)", "Ada Field", None),
        ("Foreign Commissar Stone", "Stone", "Foreign Commissar"),
        ("Ada K. Field", "Ada K. Field", None),
        ("British Empire", None, None),
        ("The Freedonians—British Empire, of whom some left early; the rest stayed until the end", None, None),
    ],
)
def test_one_of_those_present_has_name_and_office_as_printed(printed: str, name: str | None, role: str | None) -> None:
    party = headings.participant(printed)
    assert (party.name, party.role) == (name, role)


def test_several_may_have_one_title() -> None:
    parties = list(participants.in_item("Messrs. Stone, Field, and Hill"))
    assert [(party.name, party.printed[:8]) for party in parties] == [
        ("Stone", "Messrs. "),
        ("Field", "Messrs. "),
        ("Hill", "Messrs. "),
    ]
    assert [party.name for party in participants.in_item("Secretaries Stone and Field")] == ["Stone", "Field"]
    assert [party.name for party in participants.in_item("Ministers of the smaller states, two of them")] == [None]


def test_titled_persons_may_be_parted_by_commas() -> None:
    named = participants.in_line("Secretary Stone, Mr. Field, and Colonel Hill")
    assert [party.name for party in named] == ["Stone", "Field", "Hill"]
    assert [party.name for party in participants.in_line("Mr. Stone, Minister of Sylvania")] == ["Stone"]
