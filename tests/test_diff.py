"""What differs between snapshots, as statements and as things; `dragoman diff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import diff
from kg.cli import main
from kg.history import Change
from kg.iris import Iris
from kg.load import load
from kg.snapshot import Snapshot

BASE = "http://data.example/"
IRIS = Iris(BASE)
SUBJECTS = [
    IRIS.document("v1", "d2"), IRIS.document("v1", "d10"), IRIS.party("v1", "d2", "from", 1), IRIS.person("v1", "p"),
    IRIS.concept("c"), IRIS.activity("a"), "http://elsewhere.example/x",
]  # fmt: skip
GRAPHS = [IRIS.graph("a"), IRIS.graph("a.b"), IRIS.graph("aé"), IRIS.graph("b")]
Quads = frozenset[tuple[str, int, str]]
QUADS = st.frozensets(st.tuples(st.sampled_from(SUBJECTS), st.integers(0, 2), st.sampled_from(GRAPHS)), min_size=1)


def publish(folder: Path, quads: Quads) -> Snapshot:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'<{subject}> <{BASE}p> "{value}" <{graph}> .\n' for subject, value, graph in quads]
    (folder / "a.nq").write_text("".join(lines), encoding="utf-8")
    snapshot = load([(folder / "a.nq", None)], folder / "out", BASE).snapshot
    assert snapshot is not None
    return snapshot


def lines_of(snapshot: Snapshot) -> set[bytes]:
    return set(snapshot.data.read_bytes().splitlines(keepends=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=QUADS, new=QUADS)
def test_the_difference_is_that_of_the_sets(tmp_path_factory: pytest.TempPathFactory, old: Quads, new: Quads) -> None:
    folder = tmp_path_factory.mktemp("diff")
    older, newer = publish(folder / "a", old), publish(folder / "b", new)
    signed = list(diff.statements(older, newer))
    before, after = lines_of(older), lines_of(newer)
    assert {line for sign, line in signed if sign == "-"} == before - after
    assert {line for sign, line in signed if sign == "+"} == after - before
    assert len(signed) == len(before ^ after)

    def union(quads: Quads, subject: str) -> list[int]:
        return sorted(value for one, value, _ in quads if one == subject)

    expected = []
    for subject in sorted(SUBJECTS):
        was, stays = union(old, subject), union(new, subject)
        if was != stays and not (was and stays and subject == IRIS.activity("a")):
            expected.append(Change(subject, "updated" if was and stays else "created" if stays else "deleted"))
    assert list(diff.things(older, newer, folder / "scratch")) == expected
    assert not (folder / "scratch").exists()


LONG = 3500
CHANGES: dict[str, tuple[dict[int, int], dict[int, int]]] = {
    # Values of the documents of the older and of the newer, where not 1 (0: the document is not there).
    "nothing": ({}, {}),
    "inserted after 300": ({300: 0, 301: 0}, {}),
    "deleted after 300": ({}, {300: 0, 301: 0}),
    "changed between": ({}, {1: 2, 700: 2, 2000: 2, 2256: 2}),
    "the last inserted": ({LONG: 0}, {}),
    "the last deleted": ({}, {LONG: 0}),
    "a block deleted": ({}, dict.fromkeys(range(600, 1300), 0)),
    "all of it": ({9: 0, 1800: 0, LONG: 0}, {280: 0, 900: 2, 2100: 0, LONG - 1: 2}),
}


@pytest.mark.parametrize(("was", "stays"), CHANGES.values(), ids=CHANGES)
def test_blocks_that_are_alike_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: dict[int, int], stays: dict[int, int]
) -> None:
    passed: list[int] = []
    pass_over = diff._pass_over

    def counted(left: BinaryIO, right: BinaryIO) -> None:
        place = left.tell()
        pass_over(left, right)
        passed.append(left.tell() - place)

    monkeypatch.setattr(diff, "_pass_over", counted)
    older, newer = (
        publish(
            tmp_path / name,
            frozenset(
                (IRIS.document("v1", f"d{n}"), value, GRAPHS[0])
                for n in range(1, LONG + 1)
                if (value := other.get(n, 1))
            ),
        )
        for name, other in (("a", was), ("b", stays))
    )
    before, after = lines_of(older), lines_of(newer)
    expected = sorted([*(("-", line) for line in before - after), *(("+", line) for line in after - before)])
    assert sorted(diff.statements(older, newer)) == expected
    if was == stays:
        assert sum(passed) > older.data.stat().st_size / 2
    passed.clear()
    monkeypatch.setattr(diff, "_BLOCK", 1000)  # many blocks between two changes
    assert sorted(diff.statements(older, newer)) == expected
    assert sum(passed) > older.data.stat().st_size / 4


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["diff", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """Two snapshots of one folder: d2 is gone, d10 has another value, d3 is new."""
    folder, graph = tmp_path_factory.mktemp("pair"), IRIS.graph("a")
    d2, d3, d10 = (IRIS.document("v1", name) for name in ("d2", "d3", "d10"))
    return (
        publish(folder, frozenset({(d2, 1, graph), (d10, 1, graph), (IRIS.person("v1", "p"), 1, graph)})),
        publish(folder, frozenset({(d3, 1, graph), (d10, 2, graph), (IRIS.person("v1", "p"), 1, graph)})),
    )


def test_a_summary_counts_and_lists(pair: tuple[Snapshot, Snapshot]) -> None:
    older, newer = pair
    code, text = command(older.path, newer.path)
    assert code == 3
    assert text.splitlines() == [
        "created: 1",
        f"  {BASE}id/document/v1/d3",
        "updated: 1",
        f"  {BASE}id/document/v1/d10",
        "deleted: 1",
        f"  {BASE}id/document/v1/d2",
        "statements: 2 added, 2 removed",
    ]
    assert "and 1 more" not in text
    assert f"{BASE}id/document" not in command(older.path, newer.path, "--lines", 0)[1]


def test_a_patch_turns_one_into_the_other(pair: tuple[Snapshot, Snapshot]) -> None:
    older, newer = pair
    code, text = command(older.path, newer.path.parent.parent, "--format", "patch")
    assert code == 3
    lines = lines_of(older)
    for row in text.encode().splitlines(keepends=True):
        (lines.remove if row[:2] == b"- " else lines.add)(row[2:])
    assert lines == lines_of(newer)


def test_activities_are_json(pair: tuple[Snapshot, Snapshot]) -> None:
    older, newer = pair
    code, text = command("--in", older.path.parent.parent, older.path.name[:8], newer.path.name, "--format", "jsonld")
    assert code == 3
    assert [(item["type"], item["object"]["id"].rpartition("/")[2]) for item in json.loads(text)["orderedItems"]] == [
        ("Update", "d10"), ("Delete", "d2"), ("Create", "d3"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["summary", "patch", "jsonld"])
def test_no_difference_is_told_by_the_exit_code(pair: tuple[Snapshot, Snapshot], form: str) -> None:
    code, text = command(pair[0].path, pair[0].path, "--format", form)
    assert code == 0
    assert form != "jsonld" or json.loads(text)["orderedItems"] == []
    assert form != "patch" or not text


def test_what_is_no_snapshot_is_told(pair: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    assert command(pair[0].path, tmp_path)[0] == 1
    assert command("--in", pair[0].path.parent.parent, "", pair[0].path.name)[0] == 2
    assert command("--in", tmp_path, "a", "b")[0] == 2
