"""A build that is killed between any two things that it does to the disk leaves no half state."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_history import BASE, publish_things, write

from kg.history import History
from kg.load import load
from kg.snapshot import Snapshot

# Ends the process, as a kill would, at the n-th call by which Python changes a disk; tells how many there were.
KILLED = """
import os, sys
from pathlib import Path
from kg.load import load
last, calls = int(sys.argv[1]), 0
def hook(event, arguments):
    global calls
    writes = event == "open" and isinstance(arguments[1], str) and arguments[1].strip("rbt")
    if writes or event.startswith(("os.", "shutil.", "sqlite3.connect", "fcntl.")):
        calls += 1
        if calls == last:
            os._exit(9)
sys.addaudithook(hook)
load([(Path(sys.argv[2]), None)], Path(sys.argv[3]), sys.argv[4])
print(calls)
"""


def run(source: Path, out: Path, at: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(at), str(source), str(out), BASE]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_build_killed_at_any_call_publishes_all_or_nothing(tmp_path: Path) -> None:
    pristine = tmp_path / "pristine"
    old = publish_things(pristine, {"a": "1"}).path.name
    source = write(tmp_path / "new", {"a": "2"})
    new_folder = tmp_path / "whole"
    shutil.copytree(pristine, new_folder, symlinks=True)
    calls = int(run(source, new_folder, 0).stdout)
    new = Snapshot.open(new_folder).path.name
    assert calls > 100
    seen = set()
    # The last ones are the most delicate: the name, the record, the switch.
    for at in sorted({*range(1, calls, calls // 12), *range(calls - 14, calls + 1)}):
        out = tmp_path / f"at-{at}"
        shutil.copytree(pristine, out, symlinks=True)
        assert run(source, out, at).returncode == 9, at
        snapshot = Snapshot.open(out)
        seen.add(snapshot.path.name)
        assert snapshot.damage() == [], at
        assert all(row.path.name in (old, new) for row in History.open(out).publications())
        again = load([(source, None)], out, BASE).snapshot
        assert again is not None
        assert again.path.name == new
        assert [row.id for row in History.open(out).all()] == [old, new]
        assert sorted(path.name for path in out.iterdir()) == [".lock", "current", "history.sqlite", "snapshots"]
        shutil.rmtree(out)
    assert seen == {old, new}


def build_command(source: Path, out: Path) -> list[str]:
    dragoman = Path(sys.executable).with_name("dragoman")
    return [str(dragoman), "load", str(source), "--out", str(out), "--base-iri", BASE]


@pytest.mark.parametrize("size", [0, 2_000, 100_000])
def test_a_disk_that_takes_no_more_is_told_in_a_line(tmp_path: Path, size: int) -> None:
    """A limit to the size of files stands for the full disk: the call fails in the same place."""
    out = tmp_path / "out"
    old = publish_things(out, {"a": "1"}).path.name
    source = write(tmp_path / "new", {f"{number}": "x" * 100 for number in range(3_000)})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        build_command(source, out), capture_output=True, text=True, check=False, preexec_fn=limit, env=environment
    )
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "is untouched" in result.stderr
    assert Snapshot.open(out).path.name == old
    assert Snapshot.open(out).damage() == []
    assert [row.id for row in History.open(out).all()] == [old]


def test_a_want_of_memory_is_told_in_a_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = publish_things(out, {"a": "1"}).path.name
    source = write(tmp_path / "new", {f"{number}": "x" * 100 for number in range(300_000)})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))

    result = subprocess.run(
        build_command(source, out), capture_output=True, text=True, check=False, preexec_fn=limit,
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},
    )  # fmt: skip
    assert result.returncode != 0
    assert "Traceback" not in result.stderr, result.stderr
    assert Snapshot.open(out).path.name == old
    assert Snapshot.open(out).damage() == []
