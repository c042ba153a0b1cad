"""Those present, as plain texts list them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import participants, plaintext
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
