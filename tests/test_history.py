"""The record of publications: what it says, and that no crash and no other hand makes it say anything else."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg import publish
from kg.errors import SnapshotError
from kg.history import HISTORY, Change, History
from kg.load import load
from kg.snapshot import Snapshot

BASE = "http://data.example/"
P = f"{BASE}p"


def write(folder: Path, things: dict[str, str], name: str = "a.nt") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("".join(f'<{BASE}id/thing/{key}> <{P}> "{value}" .\n' for key, value in things.items()))
    return path


def publish_things(out: Path, things: dict[str, str]) -> Snapshot:
    snapshot = load([(write(out.parent / "sources", things), None)], out, BASE).snapshot
    assert snapshot is not None
    return snapshot


def things_of(history: History, number: int) -> list[Change]:
    found = [row for row in history.changes(history.all()[number - 1]) if "/id/thing/" in row.iri]
    return [Change(row.iri.removeprefix(f"{BASE}id/thing/"), row.kind) for row in found]


def test_each_publication_says_what_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = publish_things(out, {"kept": "1", "changed": "1", "gone": "1"})
    second = publish_things(out, {"kept": "1", "changed": "2", "new": "1"})
    history = History.open(out)
    assert [row.id for row in history.publications()] == [first.path.name, second.path.name]
    assert [row.path for row in history.publications()] == [first.path, second.path]
    assert things_of(history, 2) == [Change("changed", "updated"), Change("gone", "deleted"), Change("new", "created")]
    last = history.publications()[-1]
    rows = history.changes(last)
    assert last.counts == {kind: sum(row.kind == kind for row in rows) for kind in ("created", "updated", "deleted")}
    assert [row.iri for row in rows] == sorted(row.iri for row in rows)
    assert history.changes(last, start=1, limit=1) == rows[1:2]


def test_the_first_publication_has_no_changes(tmp_path: Path) -> None:
    publish_things(tmp_path / "out", {"a": "1"})
    (first,) = History.open(tmp_path / "out").publications()
    assert first.counts == {}
    assert History.open(tmp_path / "out").changes(first) == ()


def test_times_are_whole_seconds_and_grow_although_the_clock_does_not(tmp_path: Path) -> None:
    before = int(time.time())
    for number in range(3):
        publish_things(tmp_path / "out", {"a": str(number)})
    times = [row.time for row in History.open(tmp_path / "out").publications()]
    assert times == sorted(set(times))
    assert all(row.tzinfo is UTC and row.microsecond == 0 for row in times)
    assert before <= times[0].timestamp() <= time.time()


def test_publishing_the_same_again_is_no_publication(tmp_path: Path) -> None:
    publish_things(tmp_path / "out", {"a": "1"})
    before = History.open(tmp_path / "out").all()
    publish_things(tmp_path / "out", {"a": "1"})
    assert History.open(tmp_path / "out").all() == before


def test_a_thing_is_withdrawn_until_it_comes_again(tmp_path: Path) -> None:
    out, iri = tmp_path / "out", f"{BASE}id/thing/a"
    first = publish_things(out, {"a": "1", "b": "1"})
    assert History.open(out).withdrawn(iri) is None
    publish_things(out, {"b": "1"})
    gone = History.open(out).withdrawn(iri)
    assert gone is not None
    assert gone.last is not None
    assert (gone.time, gone.last.id) == (History.open(out).all()[1].time, first.path.name)
    assert History.open(out).withdrawn(f"{BASE}id/thing/b") is None
    assert History.open(out).withdrawn(f"{BASE}id/thing/never") is None
    publish_things(out, {"a": "2", "b": "1"})
    assert History.open(out).withdrawn(iri) is None


def test_a_snapshot_that_is_no_longer_kept_is_in_the_record_but_not_among_the_publications(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = publish_things(out, {"a": "1", "b": "1"})
    second = publish_things(out, {"b": "1"})
    first.path.rename(tmp_path / "elsewhere")
    history = History.open(out)
    assert [row.id for row in history.publications()] == [second.path.name]
    assert [row.id for row in history.all()] == [first.path.name, second.path.name]
    gone = history.withdrawn(f"{BASE}id/thing/a")
    assert gone is not None
    assert gone.last is None


def test_a_folder_without_a_record_has_one_publication(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = publish_things(out, {"a": "1"})
    (out / HISTORY).unlink()
    (only,) = History.open(out).publications()
    assert (only.id, only.path) == (first.path.name, first.path)
    assert only.time == datetime.fromtimestamp(int((out / "current").lstat().st_mtime), UTC)
    publish_things(out, {"a": "2"})
    history = History.open(out)
    assert history.publications()[0] == only
    assert things_of(history, 2) == [Change("a", "updated")]


def test_a_snapshots_own_folder_has_one_publication(tmp_path: Path) -> None:
    snapshot = publish_things(tmp_path / "out", {"a": "1"})
    (only,) = History.open(snapshot.path).publications()
    assert (only.id, only.path) == (snapshot.path.name, snapshot.path)


def test_a_link_that_was_set_back_by_hand_is_a_publication(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = publish_things(out, {"a": "1"}), publish_things(out, {"a": "2"})
    (out / "current").unlink()
    (out / "current").symlink_to(Path("snapshots") / first.path.name)
    names = [first.path.name, second.path.name, first.path.name]
    seen = History.open(out).publications()
    assert [row.id for row in seen] == names
    assert seen[2].counts == {}
    third = publish_things(out, {"a": "3"})
    history = History.open(out)
    assert [row.id for row in history.publications()] == [*names, third.path.name]
    assert history.publications()[2].time == seen[2].time
    assert things_of(history, 3) == things_of(history, 4) == [Change("a", "updated")]


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("where", ["before the switch", "after the switch"])
def test_a_crash_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1", "b": "1"})
    switch = publish.Publication._switch

    def crash(publication: publish.Publication, final: Path) -> None:
        if where == "after the switch":
            switch(publication, final)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(publish.Publication, "_switch", crash)
        with pytest.raises(Crash):
            publish_things(out, {"b": "1"})
    history = History.open(out)
    assert history.publications()[-1].id == (out / "current").readlink().name
    switched = where == "after the switch"
    assert len(history.publications()) == (2 if switched else 1)
    assert history.withdrawn(f"{BASE}id/thing/a") is None
    publish_things(out, {"b": "2"})
    changes = [Change("a", "deleted"), Change("b", "updated")]
    assert things_of(history, 2) == (changes[:1] if switched else changes)
    assert [things_of(history, row.number) for row in history.all()[2:]] == ([changes[1:]] if switched else [])
    gone = history.withdrawn(f"{BASE}id/thing/a")
    assert gone is not None
    assert gone.time == history.all()[1].time


def test_a_snapshot_that_cannot_be_compared_is_published_without_changes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = publish_things(out, {"a": "1"})
    (first.path / "data.nq").unlink()
    publish_things(out, {"a": "2"})
    assert [row.counts for row in History.open(out).all()] == [{}, {}]


def test_a_damaged_record_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    (out / HISTORY).write_bytes(b"no database at all" * 100)
    with pytest.raises(SnapshotError, match=HISTORY.replace(".", r"\.")):
        History.open(out).publications()


def test_readers_go_on_while_a_build_writes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_things(out, {"a": "1"})
    before = History.open(out).all()
    writer = sqlite3.connect(out / HISTORY, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO change VALUES (2, 0, 'x', 0)")
    assert History.open(out).all() == before
    writer.execute("COMMIT")
    writer.close()
    assert History.open(out).all() == before
