"""The gallery of examples: every query runs, those that the samples can answer do, and words find them."""

from __future__ import annotations

import re
from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.snapshot import Snapshot
from kg.vocabulary import COMPETENCY_FOLDER, EXAMPLES_FOLDER
from service import gallery, guide
from service.gallery import THEMES

GALLERY = gallery.load()
NAMES = [example.name for example in GALLERY.examples]
# Each asks for a file, a person, a document or a fact that the invented samples do not have; over eighteen real
# volumes all have rows.
NOT_IN_THE_SAMPLES = {
    "days-on-the-way", "doubtful-dates", "file-by-month", "letters-of-a-person", "meetings-of-a-person",
    "missing-papers", "names-of-a-place",
    "not-printed", "passage-behind", "rival-readings", "several-recipients", "signed-for-another",
    "words-in-texts", "works-cited", "citations",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(registers_snapshot: Snapshot) -> ox.Store:
    return ox.Store.read_only(str(registers_snapshot.store))


def rows(store: ox.Store, query: str) -> int:
    return sum(1 for _ in store.query(query, use_default_graph_as_union=True))


def test_there_are_twenty_examples_beside_the_competency_questions() -> None:
    assert len(list(EXAMPLES_FOLDER.glob("*.rq"))) >= 20
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("example", GALLERY.examples, ids=NAMES)
def test_an_example_runs_and_answers_what_the_samples_can_answer(store: ox.Store, example: gallery.Example) -> None:
    found = rows(store, example.text)
    if example.name not in NOT_IN_THE_SAMPLES:
        assert found > 0


def test_no_example_is_excused_that_the_samples_answer(store: ox.Store) -> None:
    excused = [example for example in GALLERY.examples if example.name in NOT_IN_THE_SAMPLES]
    assert len(excused) == len(NOT_IN_THE_SAMPLES)
    assert not [example.name for example in excused if rows(store, example.text)]


@pytest.mark.parametrize("example", GALLERY.examples, ids=NAMES)
def test_an_example_says_its_question_its_readers_and_its_theme(example: gallery.Example) -> None:
    assert re.fullmatch(r"[A-Z][\w ,]+", example.title)
    assert re.fullmatch(r"[A-Z].+\?", example.question)
    assert example.audience
    assert example.theme in THEMES


def test_words_find_examples_in_title_question_readers_and_notes() -> None:
    assert [one.name for theme in GALLERY.themes("ARCHIVISTS chaco").values() for one in theme] == ["file-by-month"]
    assert GALLERY.themes("no such words") == {}
    assert list(GALLERY.themes()) == list(THEMES)


def test_the_queries_of_the_help_have_answers(store: ox.Store) -> None:
    assert rows(store, guide.first_query()) > 0
    assert rows(store, guide.INFERRED_QUERY.replace("dgm:probable", "dgm:certain")) > 0


def test_a_long_table_is_shown_a_volume_at_a_time_of_a_volume_that_there_is(registers_snapshot: Snapshot) -> None:
    parts = {one.table: one for one in GALLERY.examples if one.table}
    assert parts
    assert not set(parts) & set(NAMES)
    assert set(parts) <= {path.stem for path in COMPETENCY_FOLDER.glob("*.rq")}
    volumes = registers_snapshot.manifest.volumes
    assert gallery.volume_of(registers_snapshot.manifest) in {volume.id for volume in volumes}
    large = [replace(volumes[0], id=f"v{number}", documents=30, statements=900 - number) for number in range(3)]
    assert gallery.volume_of(replace(registers_snapshot.manifest, volumes=(*volumes, *large))) == "v2"
    assert gallery.volume_of(replace(registers_snapshot.manifest, volumes=())) == "sample1931v01"
    for name, part in parts.items():
        assert '"v2"' in next(one.text for one in gallery.load("v2").examples if one.table == name)
        assert part in GALLERY.tables


@pytest.mark.parametrize("name", ["passages", "mentions"])
def test_the_part_of_a_table_has_the_rows_of_its_volume(store: ox.Store, name: str) -> None:
    """But for persons of headings and signatures, which only the table of mentions has."""
    (part,) = [one for one in GALLERY.examples if one.table == name]
    table = (COMPETENCY_FOLDER / f"{name}.rq").read_text(encoding="utf-8")
    whole, found = (
        {tuple(str(cell) for cell in row) for row in store.query(query, use_default_graph_as_union=True)}
        for query in (table, part.text)
    )
    of_volume = {row for row in whole if any("sample1931v01/" in cell and cell.startswith('"') for cell in row)}
    assert found
    assert found <= of_volume
    if name == "passages":
        assert found == of_volume
