"""The grammar of signatures."""

import pytest

from kg import signatures


@pytest.mark.parametrize(
    ("block", "before", "name", "role", "behalf"),
    [
        ("LYONS.", (), "LYONS", None, None),
        ("Ada Stone", ("For the Secretary of State:",), "Ada Stone", None, "Secretary of State"),
        ("Ada Stone", ("For the [Acting] Secretary of State:",), "Ada Stone", None, "Acting Secretary of State"),
        ("Ada Stone", ("(For the Ambassador)",), "Ada Stone", None, "Ambassador"),
        ("Ada Stone", ("[For] The President",), "Ada Stone", None, "The President"),
        ("Ada Stone", ("By direction of the Acting Governor:",), "Ada Stone", None, "Acting Governor"),
        ("Ada Stone", ("For the Government of Freedonia", "[seal]"), "Ada Stone", None, "Government of Freedonia"),
        ("Ada Stone", ("I remain, for the last time, yours,",), "Ada Stone", None, None),
        ("For the Minister: Ada Stone", (), "Ada Stone", None, "Minister"),
        ("Ada Stone, Jr.\nCaptain, U. S. A.", (), "Ada Stone, Jr.", "Captain, U. S. A", None),
        ("A. STONE, Vice-Consul.", (), "A. STONE", "Vice-Consul", None),
        ("Le Chancelier de la Confédération, STONE.", (), "STONE", "Le Chancelier de la Confédération", None),
        ("A[da] H[ill]", (), "Ada Hill", None, None),
        ("[Ada Stone]", (), "Ada Stone", None, None),
        ("[File copy not signed]", (), None, None, None),
        ("", (), None, None, None),
    ],
)
def test_a_signature_is_taken_apart(
    block: str, before: tuple[str, ...], name: str | None, role: str | None, behalf: str | None
) -> None:
    read = signatures.read(block, before)
    assert (read.name, read.role, read.behalf) == (name, role, behalf)
    assert read.printed == block.replace("\n", " ")


def test_a_tagged_name_is_the_name() -> None:
    assert signatures.read("General A. Stone", tagged="A. Stone").name == "A. Stone"


@pytest.mark.parametrize(
    ("lines", "name", "role"),
    [
        ("Hon. Ada Stone. Secretary of State, &c., &c.", "Ada Stone", "Secretary of State"),
        ("His Excellency the Hon. A. B. Hill, Minister Resident, Novy.", "A. B. Hill", "Minister Resident"),
        ("C. D. Roe, Esq., United States Consul, Novy.", "C. D. Roe", "United States Consul"),
        ("William Moss, Esq.", "William Moss", None),
        ("Hon. Secretary of the Treasury, Washington.", None, "Secretary of the Treasury"),
        ("Captain E. Wren, Commanding the Swan.", "Captain E. Wren", "Commanding the Swan"),
        ("Their Excellencies Ada Stone, B. Hill, and C. Roe, Ministers.", None, None),
    ],
)
def test_an_inside_address_names_whom_a_letter_goes_to(lines: str, name: str | None, role: str | None) -> None:
    party = signatures.addressee(lines)
    assert party is not None
    assert (party.direction, party.printed, party.name, party.role) == ("to", lines, name, role)


@pytest.mark.parametrize("lines", ["P. S. The ship has come.", "Assented to: A. Hill.", "Hon. " + "very " * 60])
def test_other_lines_under_a_letter_are_no_address(lines: str) -> None:
    assert signatures.addressee(lines) is None


def test_a_letter_needs_a_signer_and_an_address_to_have_correspondents() -> None:
    signed = (signatures.read("Ada Stone"),)
    address = "Hon. B. Hill, Secretary of State."
    parties = signatures.correspondents(signed, ["P. S. The ship has come.", address])
    assert [(party.direction, party.name, party.inferred) for party in parties] == [
        ("from", "Ada Stone", "signer-sends"),
        ("to", "B. Hill", "address-receives"),
    ]
    assert signatures.correspondents(signed, []) == () == signatures.correspondents((), [address])


@pytest.mark.parametrize(
    ("lines", "name", "role", "behalf"),
    [
        (["Sir: It is open.", "Stone"], "Stone", None, None),
        (["Sir: It is open.", "I am, &c.,", "ADA M. STONE."], "ADA M. STONE", None, None),
        (["Sir: It is open.", "Ada Stone, Vice-Consul.", "Hon. Q. Field, &c., &c."], "Ada Stone", "Vice-Consul", None),
        (["It is open.", "For the Minister:", "A. van Stone"], "A. van Stone", None, "Minister"),
        (["It is open.", "M. STONE."], "M. STONE", None, None),
        (["It is open.", "E. A. Stone"], "E. A. Stone", None, None),
    ],
)
def test_the_signature_of_the_sender_ends_a_letter(
    lines: list[str], name: str, role: str | None, behalf: str | None
) -> None:
    found = signatures.of_sender(lines, ["Mr. Stone"])
    assert found is not None
    assert (found[1].name, found[1].role, found[1].behalf) == (name, role, behalf)


@pytest.mark.parametrize(
    "lines",
    [
        ["Sir: It is open.", "Field"],  # nobody that sends
        ["Sir: It is open.", "The road ends at Stone"],
        ["Sir: It is open.", "Hon. Ada Stone, &c., &c."],
        ["Sir: It is open.", "Ada Stone, Esq., &c., &c."],
        ["Stone", *["A line of a list."] * 6],  # not at the end
        [],
    ],
)
def test_what_is_no_signature_of_the_sender_is_none(lines: list[str]) -> None:
    assert signatures.of_sender(lines, ["Stone", ""]) is None


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Sir: It is open.", "Stone"], [(1, 1, "Stone", None)]),
        (["It is open.", "I am, etc.,", "Ada Stone", "Hon. Q. Field, &c., &c."], [(2, 2, "Ada Stone", None)]),
        (["Accept [etc.]", "Ada Stone, Vice-Consul."], [(1, 1, "Ada Stone", "Vice-Consul")]),
        (["It is open.", "I am, etc.,", "A. STONE,", "Acting Secretary."], [(2, 3, "A. STONE", "Acting Secretary")]),
        (["Accept, etc.,", "Minister of Foreign Affairs"], [(1, 1, None, "Minister of Foreign Affairs")]),
        (["It is open.", "Stone", "M. Field", "[seal]"], [(1, 1, "Stone", None)]),
    ],
)
def test_who_signs_for_an_office_stands_at_the_foot(
    lines: list[str], found: list[tuple[int, int, str | None, str | None]]
) -> None:
    signed = signatures.of_office(lines, closed=False)
    assert [(first, last, one.name, one.role) for first, last, one in signed] == found


@pytest.mark.parametrize(
    "lines",
    [
        ["It is open.", "Accept [etc.]"],
        ["It is open.", "Almar, May 3, 1931."],
        ["It is open.", "True copy:", "Ada Stone"],
        ["It is open", "Ada Stone"],  # a line that goes on
        ["It is open.", "Minister of Foreign Affairs"],  # under no words that close a letter
        ["I am, etc.,", "The Minister of Foreign Affairs."],  # whom it goes to
        ["Ada Stone"],
        [],
    ],
)
def test_other_lines_at_the_foot_are_no_signature(lines: list[str]) -> None:
    assert signatures.of_office(lines, closed=False) == []


def test_the_president_signs_above_who_signs_by_his_order() -> None:
    lines = ["Done at Border this day.", "Ada Stone", "By the President:", "C. Hill", "Secretary of State."]
    assert [one.name for _, _, one in signatures.of_office(lines, closed=False)] == ["Ada Stone", "C. Hill"]


def test_a_paper_without_parties_is_signed_below_the_words_that_close_a_letter() -> None:
    assert signatures.of_office(["The list ends.", "Ada Stone"], closed=True) == []
    assert len(signatures.of_office(["I am, sir, your servant,", "Ada Stone"], closed=True)) == 1
