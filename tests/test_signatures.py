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
