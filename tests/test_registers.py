"""The registers: archives to tables, tables to values, values to statements that hold against the shapes."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import registers, registertables
from kg.authorities import Authorities, authorities
from kg.build import BuildConfig, build
from kg.errors import NoDocuments, NotWellFormed, UnreadableSource
from kg.iris import Iris
from kg.registerparts import register_part, shipped_file
from kg.registertables import REGISTERS, TABLES
from kg.snapshot import Snapshot
from kg.validation import validate
from kg.vocabulary import COMPETENCY_FOLDER

ROOT = Path(__file__).resolve().parent.parent
PERSON = """<person><id>{}</id><persName><surname>{}</surname><forename>{}</forename></persName>
    <birth>1880</birth><death/></person>"""


def chief(identifier: str, person: str, started: str, ended: str, note: str = "") -> str:
    return f"""<chief><id>{identifier}</id><person-id>{person}</person-id><role-title-id>minister</role-title-id>
        <contemporary-territory-id>veldria</contemporary-territory-id>
        <appointed><date>1901-02</date><note/></appointed><arrived><date/><norte>By {note}</norte></arrived>
        <started><date>{started}</date><note/></started><ended><date>{ended}</date><note>Left post</note></ended>
        <note/></chief>"""


POCOM = {
    "pocom/people/s/stone-ada.xml": PERSON.format("stone-ada", "Stone", "Ada"),
    "pocom/people/h/hill-ben.xml": PERSON.format("hill-ben", "Hill", "Ben"),
    "pocom/roles-country-chiefs/minister.xml": """<role><id>minister</id><names><singular>Minister</singular>
        </names></role>""",
    "pocom/missions-countries/veldria.xml": f"""<country-mission><territory-id>veldria</territory-id>
        <chiefs>{chief("ve-1", "stone-ada", "1901-05-06", "1903", "ship")}
        {chief("ve-2", "hill-ben", "1905-01-01", "1904-01-01")}{chief("ve-3", "nobody", "1906", "")}</chiefs>
        <other-nominees>{chief("ve-4", "hill-ben", "", "")}</other-nominees></country-mission>""",
    "pocom/README.md": "no record",
}


def archive(folder: Path, members: Mapping[str, str], name: str = "pocom.tar.gz") -> Path:
    path = folder / name
    with tarfile.open(path, "w:gz") as tar:
        for member, text in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return path


def test_an_archive_is_read_into_tables(tmp_path: Path) -> None:
    register = registers.read(archive(tmp_path, POCOM))
    assert register.name == "pocom"
    terms = {row[0]: dict(zip(TABLES["terms"][1], row, strict=True)) for row in register.tables["terms"]}
    assert {key: term["served"] for key, term in terms.items()} == {
        "ve-1": "yes",
        "ve-2": "yes",
        "ve-3": "yes",
        "ve-4": "no",
    }
    one = terms["ve-1"]
    assert (one["appointed"], one["started"], one["ended"], one["ended_note"]) == (
        "1901-02",
        "1901-05-06",
        "1903",
        "Left post",
    )
    assert one["arrived_note"] == "By ship", "a note that is spelt norte"
    assert register.remarks == [
        "term ve-2: it ended 1904-01-01, before it started 1905-01-01; kept as doubtful",
        "term ve-3: no person nobody in the register; kept without a description",
    ]


def test_an_id_that_is_used_twice_loses_nothing(tmp_path: Path) -> None:
    twice = POCOM["pocom/missions-countries/veldria.xml"].replace("ve-2", "ve-1")
    register = registers.read(archive(tmp_path, POCOM | {"pocom/missions-countries/veldria.xml": twice}))
    assert [row[0] for row in register.tables["terms"]] == ["ve-1", "ve-1-2", "ve-3", "ve-4"]
    assert "terms: the id ve-1 is used twice; the second is kept as ve-1-2" in register.remarks


def test_what_is_no_register_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.tar.gz").write_bytes(b"no archive")
    with pytest.raises(UnreadableSource, match="not a readable archive"):
        registers.read(tmp_path / "text.tar.gz")
    with pytest.raises(NoDocuments, match="no register that is known"):
        registers.read(archive(tmp_path, {"other/a.xml": "<a/>"}))
    damaged = POCOM | {"pocom/people/s/stone-ada.xml": "<person><id>"}
    with pytest.raises(NotWellFormed, match=r"stone-ada\.xml is damaged"):
        registers.read(archive(tmp_path, damaged))
    whole = archive(tmp_path, POCOM).read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableSource, match="not a readable archive"):
        registers.read(tmp_path / "cut.tar.gz")


def test_tables_come_back_from_files_as_they_were(tmp_path: Path) -> None:
    tables = registers.read(archive(tmp_path, POCOM)).tables
    for table, rows in tables.items():
        registertables.write_table(table, rows, tmp_path)
        assert registertables.read_table(table, tmp_path) == rows
    changed = [(*row[:-1], "x") for row in tables["titles"]]
    assert registertables.changes(tables["titles"], [*changed, ("new", "New")]) == (1, 0, 1)


def test_a_given_archive_takes_the_place_of_the_shipped_tables_and_says_what_it_changes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    config = BuildConfig(sources=(ROOT / "samples",), out=out, authorities=(archive(tmp_path, POCOM),) * 2, jobs=1)
    built = build(config)
    assert not built.errors
    assert "pocom: persons: 2 rows; 2 added, 4313 removed, 0 changed" in built.changes
    store = ox.Store.read_only(str(Snapshot.open(out).store))
    names = {quad.object.value for quad in store.quads_for_pattern(None, DGM_AUTHORITY, None)}
    assert {"stone-ada", "hill-ben"} <= names
    assert "hull-cordell" not in names
    assert [source.name for source in Snapshot.open(out).manifest.sources].count("pocom.tar") == 1


DGM_AUTHORITY = ox.NamedNode("https://w3id.org/dragoman/ontology#authority")


def known() -> Authorities:
    return authorities()


def test_registers_are_joined_and_names_of_the_time_are_known() -> None:
    assert [state.id for state in known().states_named("Persia")] == ["iran"]
    assert [state.id for state in known().states_named("Siamese")] == ["thailand"]
    assert [state.id for state in known().states_named("Prussia", "1865")] == ["germany"]
    entry = known().listed("frus1952-54v15p1", "p_DPS1")
    assert entry is not None
    assert entry.officer == "de-palma-samuel"
    assert known().persons["taft-william-howard-p"].birth == "1857", "a president with a namesake"
    assert known().persons["taft-william-howard"].generation == "III"
    presidencies = [term.started.date for term in known().terms_by("cleveland-grover")]
    assert presidencies == ["1885-03-04", "1893-03-04"]


def test_the_shipped_registers_hold_against_the_shapes() -> None:
    iris = Iris()
    for register in REGISTERS:
        statements = register_part(iris, register, known(), shipped_file(register), {"frus1952-54v15p1"})
        assert validate(statements) == [], register


def test_terms_are_told_apart_by_their_labels() -> None:
    out = register_part(Iris(), "pocom", known(), shipped_file("pocom"), ())
    labels = [line for line in out if "/term-of-office/jp-1932-grew-01>" in line and "rdf-schema#label" in line]
    assert len(labels) == 1
    assert "Joseph Clark Grew, Ambassador Extraordinary and Plenipotentiary, Japan, 1932–1941" in labels[0]


def rows(snapshot: Snapshot, question: str) -> list[dict[str, str]]:
    store = ox.Store.read_only(str(snapshot.store))
    text = (COMPETENCY_FOLDER / f"{question}.rq").read_text(encoding="utf-8")
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: str(getattr(value, "value", "")) for name, value in zip(names, row, strict=True)} for row in found]


def test_the_questions_on_offices_have_the_registers_answers(registers_snapshot: Snapshot) -> None:
    holders = [row for row in rows(registers_snapshot, "officeholders") if row["office"] == "chief/japan"]
    grew = next(row for row in holders if row["authority"] == "grew-joseph-clark")
    assert grew == {
        "office": "chief/japan",
        "person": "Joseph Clark Grew",
        "authority": "grew-joseph-clark",
        "start": "1932-06-14",
        "end": "1941-12-08",
    }
    postings = [row for row in rows(registers_snapshot, "postings") if row["person"] == "Joseph Clark Grew"]
    assert [row["place"] for row in postings] == ["Austria", "Denmark", "Switzerland", "Turkey", "Japan"]
    relations = [row for row in rows(registers_snapshot, "relations") if row["state2"] == "Iran"]
    assert relations[0]["state1"] == "United States"
    assert relations == sorted(relations, key=lambda row: (row["date"], row["event"]))
