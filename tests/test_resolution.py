"""Who is meant: known answers of history, and what is left open."""

from __future__ import annotations

import pytest

from kg.authorities import authorities
from kg.resolution import RULES, Context, Resolution, first_names, given, resolve, surname

# (role, name, day, the person): what any handbook of American diplomacy tells.
KNOWN = [
    ("Secretary of State", None, "1943-09-14", "hull-cordell"),
    ("Secretary of State", None, "1861-06-01", "seward-william-henry"),
    ("Secretary of State", None, "1870-06-01", "fish-hamilton"),
    ("Secretary of State", None, "1878-06-01", "evarts-william-maxwell"),
    ("Secretary of State", None, "1882-06-01", "frelinghuysen-frederick-theodore"),
    ("Secretary of State", None, "1886-06-01", "bayard-thomas-francis"),
    ("Secretary of State", None, "1890-06-01", "blaine-james-gillespie"),
    ("Secretary of State", None, "1894-06-01", "gresham-walter-quintin"),
    ("Secretary of State", None, "1896-06-01", "olney-richard"),
    ("Secretary of State", None, "1900-06-01", "hay-john-milton"),
    ("Secretary of State", None, "1907-06-01", "root-elihu"),
    ("Secretary of State", None, "1911-06-01", "knox-philander-chase"),
    ("Secretary of State", None, "1914-06-01", "bryan-william-jennings"),
    ("Secretary of State", None, "1917-06-01", "lansing-robert"),
    ("Secretary of State", None, "1920-06-01", "colby-bainbridge"),
    ("Secretary of State", None, "1923-06-01", "hughes-charles-evans"),
    ("Secretary of State", None, "1925-03-01", "hughes-charles-evans"),
    ("Secretary of State", None, "1925-03-20", "kellogg-frank-billings"),
    ("Secretary of State", None, "1930-06-01", "stimson-henry-lewis"),
    ("Secretary of State", None, "1945-03-01", "stettinius-edward-reilly"),
    ("Secretary of State", None, "1946-06-01", "byrnes-james-francis"),
    ("Secretary of State", None, "1948-06-01", "marshall-george-catlett"),
    ("Secretary of State", None, "1951-06-01", "acheson-dean-gooderham"),
    ("Secretary of State", None, "1956-06-01", "dulles-john-foster"),
    ("Secretary of State", None, "1960-06-01", "herter-christian-archibald"),
    ("Secretary of State", None, "1965-06-01", "rusk-david-dean"),
    ("Secretary of State", None, "1971-06-01", "rogers-william-pierce"),
    ("Secretary of State", None, "1975-06-01", "kissinger-henry-a"),
    ("Secretary of State", None, "1978-06-01", "vance-cyrus-roberts"),
    ("Secretary of State", None, "1999-06-01", "albright-madeleine-korbel"),
    ("Secretary of State", None, "2010-06-01", "clinton-hillary-rodham"),
    ("Under Secretary of State", None, "1939-06-01", "welles-benjamin-sumner"),
    ("Under Secretary of State", None, "1932-06-01", "castle-william-richards"),
    ("President", None, "1862-06-01", "lincoln-abraham"),
    ("President", None, "1872-06-01", "grant-ulysses-s"),
    ("President", None, "1894-06-01", "cleveland-grover"),
    ("President", None, "1910-06-01", "taft-william-howard-p"),
    ("President", "Wilson", "1919-06-01", "wilson-woodrow"),
    ("President", None, "1934-06-01", "roosevelt-franklin-d"),
    ("President", None, "1962-06-01", "kennedy-john-f"),
    ("President", None, "1973-06-01", "nixon-richard-m"),
    ("Ambassador in Japan", "Grew", "1934-03-01", "grew-joseph-clark"),
    ("Ambassador in Japan", None, "1934-03-01", "grew-joseph-clark"),
    ("Minister in Great Britain", "Adams", "1862-06-01", "adams-charles-francis"),
    ("Ambassador in Great Britain", "Page", "1917-06-01", "page-walter-hines"),
    ("Ambassador in Great Britain", "Kennedy", "1939-06-01", "kennedy-joseph-patrick"),
    ("Minister in France", "Dayton", "1863-06-01", "dayton-william-lewis"),
    ("Minister in France", "Washburne", "1870-06-01", "washburne-elihu-benjamin"),
    ("Ambassador in France", "Bullitt", "1938-06-01", "bullitt-william-christian"),
    ("Minister in China", "Burlingame", "1864-06-01", "burlingame-anson"),
    ("Minister in China", "Conger", "1900-06-01", "conger-edwin-hurd"),
    ("Minister in Persia", "Hart", "1931-06-01", "hart-charles-calmer"),
    ("Ambassador in the Soviet Union", "Davies", "1937-06-01", "davies-joseph-edward"),
    ("Ambassador in the Soviet Union", "Kennan", "1952-06-01", "kennan-george-frost"),
    ("Ambassador in Germany", "Dodd", "1936-06-01", "dodd-william-edward"),
    ("Ambassador in Mexico", "Daniels", "1936-06-01", "daniels-josephus-jr"),
    ("Ambassador in India", "Galbraith", "1962-06-01", "galbraith-john-kenneth"),
    ("Ambassador in Vietnam", "Lodge", "1964-01-15", "lodge-henry-cabot"),
    ("Minister in Germany", "Bancroft", "1870-06-01", "bancroft-george"),
    ("Minister in the Netherlands", "Adams", "1796-06-01", "adams-john-quincy"),
    ("Secretary of State", "Secretary of State Rogers", "1971-06-01", "rogers-william-pierce"),
    ("Ambassador in Italy", "Luce", "1954-06-01", "luce-ann-clare-boothe"),
]


def ask(role: str | None, name: str | None, day: str | None, **around: object) -> Resolution:
    return resolve(authorities(), role, name, Context(day=day, **around))  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "name", "day", "person"), KNOWN)
def test_what_history_knows_is_answered_with_its_evidence(role: str, name: str | None, day: str, person: str) -> None:
    found = ask(role, name, day)
    assert (found.certainty, found.person) == ("certain", person)
    assert found.candidates[0].terms
    assert role in found.evidence
    assert day in found.evidence


HANDOVER = {"hughes-charles-evans", "kellogg-frank-billings"}
MISPRINTED = {"schmedemann-albert-george"}


def test_there_are_sixty_known_answers() -> None:
    assert len(KNOWN) >= 60


@pytest.mark.parametrize(
    ("role", "name", "day", "certainty", "people", "rule"),
    [
        # The day of a murder has two presidents.
        ("President", None, "1963-11-22", "probable", {"kennedy-john-f", "johnson-lyndon-b"}, "office-holders"),
        # A vacancy, which somebody filled for the time being.
        ("Secretary of State", None, "1920-02-20", "probable", {"polk-frank-lyon"}, "ad-interim"),
        # Before the office was.
        ("Under Secretary of State", None, "1890-01-01", "unresolved", set(), "nobody-in-office"),
        # Nobody of the name.
        ("Ambassador in Japan", "Nobody", "1934-03-01", "unresolved", set(), "no-such-name"),
        # A month is too coarse for a handover.
        ("Secretary of State", None, "1925-03", "probable", HANDOVER, "office-holders"),
        # A slip of print.
        ("Minister in Norway", "Schmedeman", "1917-06-01", "probable", MISPRINTED, "office-and-spelling"),
        # Named after the appointment and before the credentials.
        ("Ambassador in Japan", "Grew", "1932-04-01", "certain", {"grew-joseph-clark"}, "office-and-name-near"),
        # Nominated, and never in office.
        ("Japanese Ambassador", "Saito", "1934-06-01", "unresolved", set(), "not-in-registers"),
    ],
)  # fmt: skip
def test_what_is_open_is_left_open(
    role: str, name: str | None, day: str, certainty: str, people: set[str], rule: str
) -> None:
    found = ask(role, name, day)
    assert (found.certainty, {one.person for one in found.candidates}, found.rules[0]) == (certainty, people, rule)


def test_who_acts_is_told_by_signature_name_or_neighbours() -> None:
    signed = ask("Acting Secretary of State", None, "1934-05-05", signer="William Phillips")
    assert (signed.certainty, signed.person, signed.rules) == ("certain", "phillips-william", ("acting-by-signature",))
    named = ask("Acting Secretary of State", "Polk", "1918-12-20")
    assert (named.certainty, named.person) == ("certain", "polk-frank-lyon")
    near = ask("Acting Secretary of State", None, "1930-03-26", acting=(("1930-03-25", "cotton-joseph-potter"),))
    assert (near.certainty, near.person, near.rules) == ("probable", "cotton-joseph-potter", ("acting-by-neighbour",))


def test_a_name_alone_needs_what_stands_around_it() -> None:
    assert ask(None, "Adams", "1862-01-01", states=("united-kingdom",)).person == "adams-charles-francis"
    assert ask(None, "Seward", "1862-01-01").person == "seward-william-henry"
    assert ask(None, "Seward", "1862-01-01", signer="F. W. Seward").person == "seward-frederick-william"
    assert ask(None, "F. W. Seward", "1862-01-01").person == "seward-frederick-william"
    elsewhere = ask(None, "Dayton", "1862-01-01", states=("spain",))
    assert (elsewhere.certainty, elsewhere.rules) == ("probable", ("elsewhere-and-name",))


def test_an_undated_document_is_looked_up_for_its_volumes_year_and_never_certain() -> None:
    found = ask("Secretary of State", None, "1934", of_volume=True)
    assert (found.certainty, found.person) == ("probable", "hull-cordell")
    assert "year-of-volume" in found.rules
    assert ask("Secretary of State", None, None).rules == ("no-date",)


def test_nominees_are_never_in_office() -> None:
    nominees = [term for term in authorities().terms.values() if not term.served]
    assert len(nominees) > 300
    for term in nominees[:50]:
        day = term.appointed.date
        if day and len(day) == 10:
            found = ask(None, authorities().persons[term.person].surname, day, states=(term.office.partition("/")[2],))
            assert term.id not in {one for candidate in found.candidates for one in candidate.terms}


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("Charles E. De Long", "De Long", ["Charles", "E"]),
        ("Wm. L. Dayton", "Dayton", ["Wm", "L"]),
        ("Mr. Seward", "Seward", []),
        ("van Dyke", "van Dyke", []),
        ("Des Portes", "Des Portes", []),
        ("J. C. Bancroft Davis", "Davis", ["J", "C", "Bancroft"]),
        ("Stone, Jr.", "Stone", []),
        ("Secretary of State William Stone", "Stone", ["William"]),
        ("Governor Stone", "Stone", ["Governor"]),
    ],
)
def test_names_are_taken_apart(name: str, last: str, first: list[str]) -> None:
    assert (surname(name), given(name)) == (last, first)


def test_every_rule_is_explained_in_words() -> None:
    assert all(label and definition.endswith(".") for label, definition in RULES.values())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Mr. M. M. Stone", ["M", "M"]),
        ("M. Stone", []),
        ("M. Drouyn de Stone", ["Drouyn"]),
        ("J. M. Stone", ["J", "M"]),
        ("General Stone", []),
        ("His Excellency A. Stone", ["A"]),
    ],
)
def test_monsieur_ranks_and_titles_are_no_first_names(name: str, first: list[str]) -> None:
    assert first_names(name) == first
