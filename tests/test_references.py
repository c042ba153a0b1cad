"""References: the convention of the series, the same year in each form, names in full only of whom is known."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from service.references import Named, Reference, bibtex, chicago, csl, meta, named, ris

WEDDELL = named("Alexander Wilbourne Weddell", "weddell-alexander-wilbourne", "The Ambassador in Argentina (Weddell)")
LETTER = Reference(
    url="http://data.example/id/document/v4/d200",
    identifier="v4/d200",
    title="The Ambassador in Argentina (Weddell) to the Secretary of State",
    place="Buenos Aires",
    date="1934-07-23T16:00:00",
    kind="Telegram",
    authors=(WEDDELL,),
    recipients=(Named(literal="Secretary of State"),),
    volume="Foreign Relations, 1934, Volume IV",
    publisher="Government Printing Office",
    issued="1951",
    pages=("155", "156"),
)


@pytest.mark.parametrize(
    ("label", "key", "inverted"),
    [
        ("Alexander Wilbourne Weddell", "weddell-alexander-wilbourne", "Weddell, Alexander Wilbourne"),
        ("Gilbert, Prentiss B.", "p_GP", "Gilbert, Prentiss B."),
        ("José de la Cruz", "de-la-cruz-jose", "de la Cruz, José"),
        ("Seamus O’Brien", "obrien-seamus", "O’Brien, Seamus"),
        ("John Roe", "somebody-else", "John Roe"),
        ("Roe, John, Jr.", "p_RJ", "Roe, John, Jr."),
        ("Weddell", "weddell", "Weddell"),
    ],
)
def test_a_name_is_parted_where_its_source_tells_the_family_name(label: str, key: str, inverted: str) -> None:
    assert named(label, key).inverted == inverted
    assert bool(named(label, key).family) == (inverted != label or label.count(",") == 1)


def test_the_note_is_that_of_the_series() -> None:
    assert "".join(text for text, _ in chicago(LETTER)) == (
        "“The Ambassador in Argentina (Weddell) to the Secretary of State,” Buenos Aires, July 23, 1934, in Foreign "
        "Relations, 1934, Volume IV (Government Printing Office, 1951), Document 200, pp. 155–156, "
        "http://data.example/id/document/v4/d200."
    )


def test_each_form_has_the_same_title_year_and_author() -> None:
    title = "The Ambassador in Argentina (Weddell) to the Secretary of State, Buenos Aires, July 23, 1934"
    tags = dict(line.split("  - ", 1) for line in ris(LETTER).split("\r\n") if "  - " in line)
    assert (tags["TI"], tags["PY"], tags["AU"]) == (title, "1951", "Weddell, Alexander Wilbourne")
    # Zotero prefers DA to PY, and takes A4 of a chapter for translators.
    assert not {"DA", "A4"} & tags.keys()
    (item,) = json.loads(csl(LETTER))
    assert (item["title"], item["issued"]["date-parts"]) == (title, [[1951]])
    assert item["author"] == [{"family": "Weddell", "given": "Alexander Wilbourne"}]
    assert item["recipient"] == [{"literal": "Secretary of State"}]
    assert item["original-date"]["date-parts"] == [[1934, 7, 23]]
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", bibtex(LETTER), re.MULTILINE))
    assert (fields["title"], fields["year"]) == (title, "1951")
    assert fields["author"] == "{Weddell}, {Alexander Wilbourne}"
    head = dict(meta(LETTER))
    assert (head["citation_title"], head["citation_publication_date"]) == (title, "1951")
    assert head["citation_author"] == "Weddell, Alexander Wilbourne"
    for note in (tags["N1"], item["note"], fields["annote"]):
        assert note.endswith("Full names are inferred with certainty from: The Ambassador in Argentina (Weddell)")


def test_what_is_not_known_is_left_out_and_what_the_title_tells_is_not_said_twice() -> None:
    protocol = Reference(
        url="http://data.example/p", identifier="v4/p", title="Protocol, Geneva, March 13, 1934", place="Geneva",
        date="1934-03-13",
    )  # fmt: skip
    assert protocol.cited == protocol.title
    consul = replace(protocol, title="The Consul at Geneva to the Secretary of State")
    assert consul.cited == "The Consul at Geneva to the Secretary of State, Geneva, March 13, 1934"
    assert "PY  - " not in ris(protocol)
    assert "year" not in bibtex(protocol)
    assert "citation_publication_date" not in dict(meta(protocol))
    assert "issued" not in json.loads(csl(protocol))[0]
