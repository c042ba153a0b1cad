"""What happens to a snapshot on its disk: every kind of damage is found, and the last whole one is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_history import publish_things

from kg.cli import main
from kg.history import HISTORY, History
from kg.snapshot import CURRENT, SIZES, SUMS, Damage, Snapshot


def dragoman(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two snapshots."""
    out = tmp_path_factory.mktemp("pristine") / "out"
    publish_things(out, {"a": "1"})
    publish_things(out, {"a": "2"})
    return out


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "out", symlinks=True))


def files(folder: Path) -> list[str]:
    path = Snapshot.open(folder).path
    return sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_whole_snapshot_has_no_damage(out: Path) -> None:
    snapshot = Snapshot.open(out)
    assert snapshot.damage() == snapshot.damage(quick=True) == []
    result = dragoman("check", out, "--all")
    assert (result.exit_code, result.output.count(": whole\n")) == (0, 2)


def test_one_flipped_bit_in_any_file_is_found(out: Path) -> None:
    snapshot = Snapshot.open(out)
    for name in files(out):
        path = snapshot.path / name
        whole = path.read_bytes()
        for place in {0, len(whole) // 2, len(whole) - 1} if whole else ():
            flip(path, place)
            told = dragoman("check", out)
            assert told.exit_code in (1, 3), (name, place)
            if name not in ("manifest.json", SUMS):
                assert f"{name}: is not as it was published" in told.output
        path.write_bytes(whole)
    assert snapshot.damage() == []


def test_a_file_cut_short_is_found_at_a_glance(out: Path) -> None:
    snapshot = Snapshot.open(out)
    for name in files(out):
        path = snapshot.path / name
        whole = path.read_bytes()
        for length in {0, len(whole) // 2, len(whole) - 1} if whole else ():
            path.write_bytes(whole[:length])
            assert snapshot.damage(), (name, length)
            if name not in ("manifest.json", SUMS, SIZES):
                said = f"has {length:,} bytes, and had {len(whole):,} when it was published"
                assert Damage(name, said) in snapshot.damage(quick=True)
        path.write_bytes(whole)
    assert snapshot.damage() == []


def test_a_file_that_no_build_has_written_is_told_by_the_whole_check_alone(out: Path) -> None:
    snapshot = Snapshot.open(out)
    (snapshot.path / "downloads" / "stranger.nq").write_bytes(b"")
    assert snapshot.damage(quick=True) == []
    assert snapshot.damage() == [Damage("downloads/stranger.nq", "is not in SHA256SUMS")]


def test_some_files_can_be_looked_at_alone(out: Path) -> None:
    snapshot = Snapshot.open(out)
    flip(snapshot.search, 100)
    (snapshot.path / "downloads" / "stranger.nq").write_bytes(b"")
    assert snapshot.damage(of=("data.nq", "store")) == []
    (snapshot.store / "stranger.sst").write_bytes(b"")
    flip(snapshot.data, 100)
    of_these = {"data.nq": "is not as it was published", "store/stranger.sst": "is not in SHA256SUMS"}
    assert snapshot.damage(of=("data.nq", "store")) == [Damage(*row) for row in of_these.items()]


def test_a_list_of_digests_that_agrees_with_changed_data_is_not_believed(out: Path) -> None:
    """The folder's name vouches for the manifest, the manifest for the data, whatever the list says."""
    snapshot = Snapshot.open(out)
    sums = snapshot.path / SUMS
    sums.write_text(sums.read_text().replace(snapshot.manifest.data_sha256, "0" * 64))
    assert Damage(SUMS, "does not tell of data.nq what the manifest does") in snapshot.damage(quick=True)
    sums.write_text(f"{'0' * 64}  ../../../etc/passwd\n")
    assert snapshot.damage() == [Damage(SUMS, "cannot be read")]


def test_the_last_whole_snapshot_is_found(out: Path) -> None:
    first, second = History.open(out).publications()
    told: list[str] = []
    assert [one.path for one in History.open(out).whole(told.append)] == [second.path, first.path]
    assert not told
    (second.path / SIZES).unlink()
    assert [one.path for one in History.open(out).whole(told.append)] == [first.path]
    assert told == [f"{second.path}: sizes.tsv: gone; build it again"]
    flip(second.path / "manifest.json", 5)
    flip(first.path / "manifest.json", 5)
    assert list(History.open(out).whole(told.append)) == []


def test_what_is_current_is_enough_where_the_record_is_damaged(out: Path) -> None:
    (out / HISTORY).write_bytes(b"x" * 4096)
    told: list[str] = []
    assert [one.path for one in History.open(out).whole(told.append)] == [(out / CURRENT).resolve()]
    assert len(told) == 1


def test_old_snapshots_are_listed_and_removed(out: Path) -> None:
    first, second = History.open(out).publications()
    listed = dragoman("snapshots", out)
    assert listed.exit_code == 0
    assert [name in listed.output for name in (first.id, second.id, "current")] == [True] * 3
    assert dragoman("prune", out, "--keep", "2").output == "0.0 MB freed\n"
    removed = dragoman("prune", out, "--keep", "1")
    assert (removed.exit_code, f"removed {first.id}" in removed.output) == (0, True)
    assert [row.id for row in History.open(out).publications()] == [second.id]
    assert [row.id for row in History.open(out).all()] == [first.id, second.id]
    assert sorted(path.name for path in out.iterdir()) == [".lock", CURRENT, HISTORY, "snapshots"]
    assert dragoman("check", out).exit_code == 0


def test_the_current_snapshot_stays_even_if_it_is_an_old_one(out: Path) -> None:
    first, second = History.open(out).publications()
    (out / CURRENT).unlink()
    (out / CURRENT).symlink_to(Path("snapshots") / first.id)
    assert dragoman("prune", out, "--keep", "1").exit_code == 0
    assert Snapshot.open(out).path == first.path
    assert not second.path.exists()


@pytest.mark.parametrize("verb", [("check",), ("check", "--all"), ("snapshots",)])
def test_a_folder_without_snapshots_is_told(tmp_path: Path, verb: tuple[str, ...]) -> None:
    result = dragoman(verb[0], tmp_path, *verb[1:])
    assert (result.exit_code, "no snapshot here" in result.output) == (1, True)
