"""A build takes from the last one what has not changed, and gives the same bytes as one that takes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox
import pytest

from kg import build as build_module
from kg import keptregisters, registerparts
from kg.build import BuildConfig, Built, build
from kg.cache import CACHE, Cache
from kg.errors import InvalidDocument
from kg.formats import FORMATS
from kg.iris import Iris
from kg.jobs import Job, Outcome, map_job
from kg.load import load as load_rdf
from kg.packing import Chunk, Converted, convert
from kg.registerparts import Shelf
from kg.registertables import REGISTERS_FOLDER
from kg.snapshot import SUMS, Snapshot
from kg.store import _load as load_lines
from kg.validation import Validator, validate

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
TEXT = "123.45/6: Telegram\nThe Minister in Veldria (Harrow) to the Secretary of State\n7. All is quiet.\n"


@pytest.fixture
def mapped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sources that are mapped, as they are."""
    names: list[str] = []

    def noted(job: Job) -> Outcome:
        names.extend(path.name for path in job.sources)
        return map_job(job)

    monkeypatch.setattr("kg.keptjobs.map_job", noted)
    return names


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Two volumes, texts of two volumes, and a text that is none."""
    folder = tmp_path / "sources"
    shutil.copytree(SAMPLES, folder, ignore=shutil.ignore_patterns("*.md"))
    (folder / "volx-d1.txt").write_text(TEXT, encoding="utf-8")
    (folder / "voly-d1.txt").write_text("", encoding="utf-8")
    return folder


def run(out: Path, *paths: Path, fresh: bool = False, base: str = "http://localhost:8000/") -> Built:
    return build(BuildConfig(sources=paths, out=out, jobs=1, registers=False, fresh=fresh, base_iri=base))


def published(out: Path) -> dict[str, bytes]:
    """Every file of the snapshot but the store, whose files depend on chance, and the sums over it."""
    folder = Snapshot.open(out).path
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if not name.startswith("store/") and name not in (SUMS, "sizes.tsv")
    }


def test_sources_that_have_not_changed_are_not_mapped_again(tmp_path: Path, sources: Path, mapped: list[str]) -> None:
    first = run(tmp_path / "out", sources)
    before = published(tmp_path / "out")
    count = len(mapped)
    second = run(tmp_path / "out", sources)
    assert len(mapped) == count == second.reused > first.reused == 0
    assert published(tmp_path / "out") == before
    assert [str(error) for error in second.errors] == [str(error) for error in first.errors] != []
    assert (second.read, second.published, second.anchors, second.faults) == (
        *(first.read, first.published, first.anchors, first.faults),
    )


def test_a_source_that_has_changed_is_mapped_and_the_rest_is_as_in_a_fresh_build(
    tmp_path: Path, sources: Path, mapped: list[str]
) -> None:
    run(tmp_path / "out", sources)
    volume = sources / "sample1931v01.xml"
    volume.write_text(volume.read_text(encoding="utf-8").replace("Harrow", "Barlow"), encoding="utf-8")
    (sources / "volx-d1.txt").unlink()
    (sources / "volz-d1.txt").write_text(TEXT.replace("quiet", "loud"), encoding="utf-8")
    mapped.clear()
    built = run(tmp_path / "out", sources)
    assert sorted(mapped) == ["sample1931v01.xml", "volz-d1.txt"]
    assert built.reused > 0
    run(tmp_path / "other", sources)
    assert published(tmp_path / "out") == published(tmp_path / "other")


def test_other_rules_or_another_base_reuse_nothing(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "out", sources)
    assert run(tmp_path / "out", sources, base="http://example.org/").reused == 0
    assert run(tmp_path / "out", sources, base="http://example.org/").reused > 0
    monkeypatch.setattr("kg.cache.rules", lambda: "others")
    assert run(tmp_path / "out", sources, base="http://example.org/").reused == 0


def test_a_fresh_build_reuses_nothing_and_leaves_as_much(tmp_path: Path, sources: Path) -> None:
    run(tmp_path / "out", sources)
    assert run(tmp_path / "out", sources, fresh=True).reused == 0
    assert run(tmp_path / "out", sources).reused > 0


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "unsealed"])
def test_a_damaged_entry_is_not_used_and_is_made_again(
    tmp_path: Path, sources: Path, mapped: list[str], harm: str
) -> None:
    run(tmp_path / "out", sources)
    before = published(tmp_path / "out")
    for entry in (tmp_path / "out" / CACHE / "sources").iterdir():
        file = next(entry.glob("0.nq.zst"), entry / "outcome.json")
        content = file.read_bytes()
        if harm == "cut":
            file.write_bytes(content[:-3])
        elif harm == "changed":
            file.write_bytes(content[:-3] + b"xyz")
        elif harm == "gone":
            file.unlink()
        else:
            (entry / SUMS).unlink()
    mapped.clear()
    assert run(tmp_path / "out", sources).reused == 0
    assert published(tmp_path / "out") == before
    mapped.clear()
    assert run(tmp_path / "out", sources).reused > 0
    assert mapped == []


@pytest.fixture
def registers_mapped(monkeypatch: pytest.MonkeyPatch) -> list[Shelf]:
    """The shelves whose registers were made statements; the two registers that take the least time stand for all."""
    calls: list[Shelf] = []
    map_registers = registerparts.map_registers

    def counted(
        iris: Iris, held: Shelf, parts: Sequence[Path], volumes: Collection[str], validator: Validator
    ) -> Outcome:
        calls.append(held)
        return map_registers(iris, held, parts, volumes, validator)

    monkeypatch.setattr(keptregisters, "map_registers", counted)
    for module in (build_module, registerparts):
        monkeypatch.setattr(module, "REGISTERS", ("travels", "tags"))
    return calls


def test_registers_that_have_not_changed_are_as_in_a_fresh_build(
    tmp_path: Path, sources: Path, registers_mapped: list[Shelf]
) -> None:
    def run_with_registers(out: Path, *, fresh: bool = False) -> Built:
        return build(BuildConfig(sources=(sources,), out=out, jobs=1, fresh=fresh))

    run_with_registers(tmp_path / "out")
    volume = sources / "sample1931v01.xml"
    volume.write_text(volume.read_text(encoding="utf-8").replace("Harrow", "Barlow"), encoding="utf-8")
    built = run_with_registers(tmp_path / "out")
    assert len(registers_mapped) == 1
    again = run_with_registers(tmp_path / "other", fresh=True)
    assert len(registers_mapped) == 2
    assert published(tmp_path / "out") == published(tmp_path / "other")
    assert built.reused > again.reused == 0
    assert built.snapshot is not None
    assert {"travels.tsv", "tags.tsv"} <= {source.name for source in built.snapshot.manifest.sources}
    entry = next((tmp_path / "out" / CACHE / keptregisters.KIND).iterdir())
    (entry / "0.nq.zst").write_bytes((entry / "0.nq.zst").read_bytes()[:-3])
    run_with_registers(tmp_path / "out")
    assert len(registers_mapped) == 3
    assert published(tmp_path / "out") == published(tmp_path / "other")


def test_registers_are_known_by_their_tables_archives_volumes_and_base(tmp_path: Path) -> None:
    shutil.copytree(REGISTERS_FOLDER, tmp_path / "tables")
    shelf = Shelf(folder=tmp_path / "tables", given={"tags": registerparts.shipped_file("tags")})
    iris = Iris("http://localhost:8000/")
    keys = [
        keptregisters.key(iris, Shelf(), ("v1",)),
        keptregisters.key(iris, Shelf(), ("v1", "v2")),
        keptregisters.key(Iris("http://example.org/"), Shelf(), ("v1",)),
        keptregisters.key(iris, shelf, ("v1",)),
        keptregisters.key(iris, replace(shelf, given={}), ("v1",)),
    ]
    with (tmp_path / "tables" / "tags.tsv").open("a", encoding="utf-8") as table:
        table.write("one\tOne\t\n")
    keys.append(keptregisters.key(iris, shelf, ("v1",)))
    assert len(set(keys)) == len(keys)
    assert keptregisters.key(iris, Shelf(), ("v2", "v1")) == keys[1]


def test_registers_of_which_one_was_left_out_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Outcome()
    broken.leave_out(InvalidDocument("breaks a shape", file="tags.tar.gz", advice="report it"))
    monkeypatch.setattr(keptregisters, "map_registers", lambda *_: broken)
    kept = Cache(tmp_path, tmp_path / "working")
    outcome = keptregisters.take(kept, Iris("http://localhost:8000/"), Shelf(), (), (), validate)
    assert outcome is broken
    kept.settle()
    assert not (tmp_path / CACHE).exists()


def test_the_cache_holds_no_more_than_the_last_build_needed(tmp_path: Path, sources: Path) -> None:
    run(tmp_path / "out", sources)
    folder = tmp_path / "out" / CACHE
    before = {path.name for path in folder.glob("sources/*")}
    (sources / "volx-d1.txt").unlink()
    run(tmp_path / "out", sources)
    after = {path.name for path in folder.glob("sources/*")}
    assert after < before
    assert len(before) == len(after) + 1


def test_an_error_that_is_told_again_names_the_file_where_it_lies_now(
    tmp_path: Path, sources: Path, mapped: list[str]
) -> None:
    run(tmp_path / "out", sources)
    moved = sources.rename(tmp_path / "moved")
    mapped.clear()
    built = run(tmp_path / "out", moved)
    assert mapped == []
    assert [Path(error.file).parent for error in built.errors] == [moved]


def test_what_strict_refused_is_not_mapped_again(tmp_path: Path, sources: Path, mapped: list[str]) -> None:
    config = BuildConfig(sources=(sources,), out=tmp_path / "out", jobs=1, registers=False, strict=True)
    assert build(config).snapshot is None
    (sources / "voly-d1.txt").unlink()
    mapped.clear()
    assert build(config).snapshot is not None
    assert mapped == []


def test_downloads_of_what_has_not_changed_are_the_same_files(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "out", sources)
    before = Snapshot.open(tmp_path / "out").downloads
    (sources / "volz-d1.txt").write_text(TEXT.replace("quiet", "loud"), encoding="utf-8")
    converted: list[str] = []

    def noted(chunk: Chunk) -> Converted:
        converted.append(chunk.name)
        return convert(chunk)

    monkeypatch.setattr("kg.packing.convert", noted)
    run(tmp_path / "out", sources)
    after = Snapshot.open(tmp_path / "out").downloads
    assert before != after
    names = [f"volume/sample1931v01.{form}.{coding}" for form in FORMATS for coding in ("gz", "zst")]
    assert [(before / name).stat().st_ino for name in names] == [(after / name).stat().st_ino for name in names]
    assert set(converted) == {"common", "volume/volz"}
    run(tmp_path / "other", sources)
    assert published(tmp_path / "out") == published(tmp_path / "other")
    assert Snapshot.open(tmp_path / "out").damage() == []


def test_what_is_made_side_by_side_is_what_one_process_makes(tmp_path: Path, sources: Path) -> None:
    def run_with(jobs: int, out: Path) -> None:
        build(BuildConfig(sources=(sources,), out=out, jobs=jobs, registers=False))

    run_with(2, tmp_path / "two")
    (sources / "volz-d1.txt").write_text(TEXT.replace("quiet", "loud"), encoding="utf-8")
    run_with(2, tmp_path / "two")
    run_with(1, tmp_path / "one")
    assert published(tmp_path / "two") == published(tmp_path / "one")
    assert Snapshot.open(tmp_path / "two").damage() == []
    assert_the_store_holds_the_data(tmp_path / "two")


@pytest.mark.parametrize("harm", ["ttl.gz", "jsonld.zst", "0.pieces", "chunks.json", SUMS])
def test_downloads_that_were_damaged_are_made_again(tmp_path: Path, sources: Path, harm: str) -> None:
    run(tmp_path / "out", sources)
    before = published(tmp_path / "out")
    for entry in (tmp_path / "out" / CACHE / "downloads").iterdir():
        content = bytearray((entry / harm).read_bytes())
        content[len(content) // 2] ^= 1
        # A file of a snapshot that is damaged is, by its second name, one of the cache's.
        (entry / harm).write_bytes(content)
    run(tmp_path / "out", sources)
    assert published(tmp_path / "out") == before
    assert Snapshot.open(tmp_path / "out").damage() == []


class TestStore:
    """The store begins with that of the last snapshot where most of it stays."""

    @pytest.fixture
    def loaded(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many statements are loaded, load by load."""
        counts: list[int] = []

        def noted(into: ox.Store, lines: BinaryIO) -> None:
            counts.append(len(lines.readlines()))
            lines.seek(0)
            load_lines(into, lines)

        monkeypatch.setattr("kg.store._load", noted)
        return counts

    def test_only_what_has_changed_is_loaded(self, tmp_path: Path, sources: Path, loaded: list[int]) -> None:
        run(tmp_path / "out", sources)
        (sources / "volx-d1.txt").unlink()
        (sources / "volz-d1.txt").write_text(TEXT.replace("quiet", "loud"), encoding="utf-8")
        built = run(tmp_path / "out", sources)
        first, second = loaded
        assert first > built.statements - 100
        assert 0 < second < built.statements / 5
        assert_the_store_holds_the_data(tmp_path / "out")

    def test_a_damaged_one_is_not_used(self, tmp_path: Path, sources: Path, loaded: list[int]) -> None:
        run(tmp_path / "out", sources)
        file = next(Snapshot.open(tmp_path / "out").store.glob("*.sst"))
        file.write_bytes(file.read_bytes()[:-1] + b"?")
        (sources / "volx-d1.txt").unlink()
        built = run(tmp_path / "out", sources)
        assert loaded[1:] == [built.statements]
        assert_the_store_holds_the_data(tmp_path / "out")

    def test_a_fresh_build_loads_all(self, tmp_path: Path, sources: Path, loaded: list[int]) -> None:
        run(tmp_path / "out", sources)
        built = run(tmp_path / "out", sources, fresh=True)
        assert loaded == [built.statements, built.statements]

    def test_two_spellings_of_a_number_that_the_engine_takes_for_one(self, tmp_path: Path, loaded: list[int]) -> None:
        integer = "<http://www.w3.org/2001/XMLSchema#integer>"
        rest = [f'<x:{number}> <x:q> "{number}" .' for number in range(50)]
        file = tmp_path / "numbers.nt"
        for spellings in (("1", "01"), ("1",)):
            lines = [f'<x:s> <x:p> "{spelling}"^^{integer} .' for spelling in spellings]
            file.write_text("\n".join([*lines, *rest, ""]), encoding="utf-8")
            load_rdf([(file, None)], tmp_path / "out", "http://localhost:8000/")
            assert_the_store_holds_the_data(tmp_path / "out")
        assert len(loaded) == 3  # what followed had lost the number, so that all was loaded


def assert_the_store_holds_the_data(out: Path) -> None:
    snapshot = Snapshot.open(out)
    fresh = ox.Store()
    fresh.bulk_load(path=str(snapshot.data), format=ox.RdfFormat.N_QUADS)
    assert set(ox.Store.read_only(str(snapshot.store))) == set(fresh)
