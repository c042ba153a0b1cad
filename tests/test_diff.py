"""What differs between snapshots, as statements and as things; `dragoman diff`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import diff
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
