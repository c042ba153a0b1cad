"""Sources in, a snapshot out: what bad sources, kills and full disks do to it."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import BuildConfig, Built, build, find_sources
from kg.errors import DragomanError, PublishError
from kg.iris import Iris
from kg.jobs import Outcome, check_passages, map_source
from kg.publish import Part, Publication, merge_shared, shared_part
from kg.snapshot import SIZES, SUMS, Damage, Snapshot
from kg.vocabulary import DGM, OA, RDFS

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
TEXT = "123.45/6: Telegram\nThe Minister in Veldria (Harrow) to the Secretary of State\n7. All is quiet.\n"


def run(out: Path, *sources: Path, strict: bool = False, jobs: int = 1) -> Built:
    return build(BuildConfig(sources=sources, out=out, strict=strict, jobs=jobs, registers=False))


def text_source(folder: Path, name: str = "volx-d1.txt", content: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def served(out: Path) -> str:
    return Snapshot.open(out).manifest.id


def test_the_samples_are_published_whole(samples_snapshot: Snapshot) -> None:
    manifest = samples_snapshot.manifest
    assert manifest.counts["documents"] == 7
    assert manifest.counts["left_out"] == 0
    assert [volume.id for volume in manifest.volumes] == ["sample1931v01", "sample1931v02"]
    lines = samples_snapshot.data.read_text(encoding="utf-8").splitlines()
    assert len(lines) == manifest.counts["statements"]
    assert len(set(lines)) == len(lines)
    assert not [line for line in lines if "_:" in line.split(' "')[0]], "no blank nodes"


def test_every_passage_is_re_read_and_counted(tmp_path: Path) -> None:
    built = run(tmp_path / "out", SAMPLES)
    assert built.snapshot is not None
    with built.snapshot.data.open(encoding="utf-8") as lines:
        assert built.anchors == sum(f"<{OA.hasSource}>" in line for line in lines) > 20
    assert built.misplaced == 0


def test_a_document_whose_passages_do_not_stand_in_its_text_is_left_out(tmp_path: Path) -> None:
    source = map_source(Iris(), text_source(tmp_path))
    (document, statements) = source.documents["d1"]
    statements.remove(Iris().document("volx", "d1"))
    statements.text(Iris().document("volx", "d1"), DGM.text, f"Moved. {document.text}")
    outcome = Outcome()
    check_passages([source], outcome)
    assert source.documents == {}
    assert outcome.anchors >= outcome.misplaced > 0
    assert [(row.document, row.line) for row in outcome.left_out] == [("d1", 1)]
    assert "does not stand in its text" in outcome.left_out[0].reason


def test_the_store_holds_the_data_of_record(samples_snapshot: Snapshot) -> None:
    quads = set(ox.parse(path=str(samples_snapshot.data), format=ox.RdfFormat.N_QUADS))
    assert set(ox.Store.read_only(str(samples_snapshot.store))) == quads


def test_the_store_is_not_scattered_over_files_for_being_loaded_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = text_source(tmp_path)
    whole = run(tmp_path / "whole", source)
    monkeypatch.setattr("kg.store._PIECE", 1000)
    pieces = run(tmp_path / "pieces", source)
    assert whole.snapshot
    assert pieces.snapshot
    numbers = [len([*snapshot.store.glob("*.sst")]) for snapshot in (whole.snapshot, pieces.snapshot)]
    assert 0 < numbers[1] < numbers[0] + 5


def test_the_same_sources_give_the_same_bytes_in_any_order_and_with_any_number_of_jobs(tmp_path: Path) -> None:
    sources = sorted(SAMPLES.glob("sample*"))
    one = run(tmp_path / "one", *sources)
    two = run(tmp_path / "two", *reversed(sources), jobs=2)
    assert one.snapshot is not None
    assert two.snapshot is not None
    first = {p.relative_to(one.snapshot.path): p for p in one.snapshot.path.rglob("*") if p.is_file()}
    second = {p.relative_to(two.snapshot.path): p for p in two.snapshot.path.rglob("*") if p.is_file()}
    records = [name for name in first if name.parts[0] not in ("store", SIZES, SUMS)]
    assert one.snapshot.path.name == two.snapshot.path.name
    assert all(first[name].read_bytes() == second[name].read_bytes() for name in records)


def test_a_packed_volume_gives_the_statements_of_the_plain_one(tmp_path: Path) -> None:
    packed = tmp_path / "sample1931v01.xml.gz"
    packed.write_bytes(gzip.compress((SAMPLES / "sample1931v01.xml").read_bytes()))
    built = run(tmp_path / "out", packed)
    assert built.published == 5
    assert built.snapshot is not None
    assert [source.name for source in built.snapshot.manifest.sources] == ["sample1931v01.xml"]


BAD = {
    "broken.xml": b"<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body>",
    "nothing.xml": b"",
    "prose.xml": b"This is not XML.",
    "empty.xml": b"<TEI xmlns='http://www.tei-c.org/ns/1.0' xml:id='empty'><text><body/></text></TEI>",
    "evil.xml": b"<!DOCTYPE TEI [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    b"<TEI xmlns='http://www.tei-c.org/ns/1.0' xml:id='evil'>&x;</TEI>",
    "vola-d1.txt": "Pr\xe9sident".encode("latin-1"),
    "volb-d1.txt": b"",
    "volc-d1.xml.gz": b"\x1f\x8bnot gzip",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_source_is_left_out_with_one_clear_line_and_the_others_go_through(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    built = run(tmp_path / "out", tmp_path / name, text_source(tmp_path / "good"))
    (error,) = built.errors
    line = str(error)
    assert name in line
    assert "\n" not in line
    assert error.advice
    assert built.published == 1
    assert built.snapshot is not None
    (left_out,) = built.snapshot.manifest.left_out
    assert (left_out.file, left_out.reason) == (name, error.fact)


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    (tmp_path / "evil.xml").write_bytes(BAD["evil.xml"])
    built = run(tmp_path / "out", tmp_path / "evil.xml", text_source(tmp_path / "good"))
    assert type(built.errors[0]).__name__ == "UnsafeXML"


def test_unknown_suffixes_missing_files_and_empty_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    (tmp_path / "empty").mkdir()
    files, errors = find_sources([tmp_path / "a.docx", tmp_path / "no.xml", tmp_path / "empty"])
    assert files == []
    assert [type(error).__name__ for error in errors] == ["UnknownFormat", "UnreadableSource", "UnreadableSource"]


def test_a_source_named_twice_is_read_once(tmp_path: Path) -> None:
    source = text_source(tmp_path)
    assert run(tmp_path / "out", source, source, tmp_path).read == 1


def test_of_two_sources_for_one_document_the_volumes_is_published_and_the_other_is_told(tmp_path: Path) -> None:
    text = text_source(tmp_path, "sample1931v01-d1.txt")
    built = run(tmp_path / "out", text, SAMPLES / "sample1931v01.xml")
    (error,) = built.errors
    assert type(error).__name__ == "DuplicateDocument"
    assert error.file == "sample1931v01-d1.txt"
    assert built.published == 5


def test_strict_publishes_nothing_unless_all_can_be(tmp_path: Path) -> None:
    good, bad = text_source(tmp_path / "good"), text_source(tmp_path, "volb-d1.txt", "")
    assert run(tmp_path / "out", good, bad, strict=True).snapshot is None
    assert run(tmp_path / "out", good, strict=True).snapshot is not None


def test_when_nothing_can_be_published_the_old_snapshot_stays(tmp_path: Path) -> None:
    run(tmp_path / "out", text_source(tmp_path / "good"))
    before = served(tmp_path / "out")
    assert run(tmp_path / "out", text_source(tmp_path, "volb-d1.txt", "")).snapshot is None
    assert served(tmp_path / "out") == before


def test_two_builds_at_once_into_one_folder_fail_clearly(tmp_path: Path) -> None:
    with Publication(tmp_path, Iris()), pytest.raises(PublishError, match="another build"):
        run(tmp_path, text_source(tmp_path / "good"))


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PublishError, match="cannot write"):
        run(tmp_path / "file" / "out", text_source(tmp_path / "good"))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_leaves_the_old_snapshot_whole(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        run(disk, text_source(tmp_path / "good"))
        before = served(disk)
        with pytest.raises(DragomanError, match=r"cannot write|space|store"):
            run(disk, *(text_source(tmp_path / "big", f"volx-d{n}.txt", TEXT * 3000) for n in range(20)))
        assert served(disk) == before
        assert [path.name for path in disk.glob(".building*")] == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_build_killed_at_any_moment_leaves_the_old_snapshot_whole_and_the_next_one_succeeds(tmp_path: Path) -> None:
    out, good = tmp_path / "out", text_source(tmp_path / "good")
    run(out, good)
    before = served(out)
    command = [sys.executable, "-m", "kg.cli", "build", SAMPLES, "--out", out, "--jobs", "2"]
    chance = random.Random(7)  # noqa: S311 - the moments need spread, not secrecy
    for _ in range(5):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(0.1, 2.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        snapshot = Snapshot.open(out)
        assert set(ox.Store.read_only(str(snapshot.store)))
        if snapshot.manifest.id == before:
            assert snapshot.manifest.counts["documents"] == 1
    assert run(out, SAMPLES).published == 7
    assert list(out.glob(".building*")) == []
    # Whatever the dead ones left in the cache, the data are those of a build that had none.
    run(tmp_path / "other", SAMPLES)
    assert Snapshot.open(out).data.read_bytes() == Snapshot.open(tmp_path / "other").data.read_bytes()


def test_a_snapshot_whose_manifest_was_changed_is_refused(tmp_path: Path) -> None:
    run(tmp_path, text_source(tmp_path / "good"))
    manifest = Snapshot.open(tmp_path).path / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"documents": 1', '"documents": 2', 1), "utf-8")
    with pytest.raises(DragomanError, match="does not match"):
        Snapshot.open(tmp_path)


def test_a_damaged_snapshot_is_replaced_by_the_next_build_of_the_same_sources(tmp_path: Path) -> None:
    source = text_source(tmp_path / "good")
    run(tmp_path / "out", source)
    snapshot = Snapshot.open(tmp_path / "out")
    whole = snapshot.data.read_bytes()
    snapshot.data.write_bytes(whole[:-20])
    shutil.rmtree(snapshot.store)
    run(tmp_path / "out", source)
    assert Snapshot.open(tmp_path / "out").data.read_bytes() == whole


@pytest.mark.parametrize("name", ["validation.ttl", "downloads/volume/volx.ttl.gz", "store/CURRENT", "SHA256SUMS"])
def test_any_damaged_file_is_found_and_mended_by_the_next_build(tmp_path: Path, name: str) -> None:
    source = text_source(tmp_path / "good")
    run(tmp_path / "out", source)
    snapshot = Snapshot.open(tmp_path / "out")
    assert snapshot.damage() == []
    (snapshot.path / name).unlink()
    assert snapshot.damage() == snapshot.damage(quick=True) == [Damage(name, "gone")]
    run(tmp_path / "out", source)
    assert Snapshot.open(tmp_path / "out").damage() == []


def test_doubts_are_kept_with_the_snapshot(tmp_path: Path) -> None:
    built = run(tmp_path / "out", text_source(tmp_path, content=TEXT.replace("123.45/6", "777.7Q7/6")))
    snapshot = Snapshot.open(tmp_path / "out")
    (source,) = snapshot.manifest.sources
    assert source.doubts == {"file number": 1}
    header, row = (snapshot.path / "doubts.tsv").read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == ["source", "line", "document", "kind", "fact", "kept"]
    assert row.split("\t")[:4] == ["volx-d1.txt", "1", "d1", "file number"]
    assert len(built.faults) == 1


def test_of_two_labels_that_sources_share_for_one_thing_one_is_published(tmp_path: Path) -> None:
    def part(number: int, *triples: str) -> Part:
        path = tmp_path / f"{number}.nq"
        path.write_text("", "utf-8")
        shared = sorted(f"<x:{triple} <g:shared> .\n" for triple in triples)
        shared_part(path).write_text("".join(shared), "utf-8")
        return Part(graph=f"g:{number}", volume=None, path=path)

    label = f"<{RDFS.label}>"
    one = part(1, f'a> {label} "B"', 'a> <x:p> "1"', f'b> {label} "C"')
    parts = [one, part(2, f'a> {label} "A"', 'a> <x:p> "2"')]
    merged = merge_shared(parts, tmp_path / "merged.nq").read_text("utf-8").splitlines()
    assert [line.split(" <g:")[0] for line in merged] == [
        f'<x:a> {label} "A"',
        '<x:a> <x:p> "1"',
        '<x:a> <x:p> "2"',
        f'<x:b> {label} "C"',
    ]


def test_any_number_of_parts_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.publish.OPEN_FILES", 2)
    parts = []
    for number in range(7):
        parts.append(Part(graph="g:1", volume=None, path=tmp_path / f"{number}.nq"))
        shared_part(parts[-1].path).write_text(f'<x:{number % 4}> <x:p> "1" <g:s> .\n', "utf-8")
    merged = merge_shared(parts, tmp_path / "merged.nq").read_text("utf-8").splitlines()
    assert merged == [f'<x:{number}> <x:p> "1" <g:s> .' for number in range(4)]


@pytest.mark.parametrize("block", [1, 300, 1 << 20])
def test_what_a_source_says_in_its_own_graph_is_not_said_again_in_the_shared_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("kg.publish._BLOCK", block)
    iris = Iris()

    def line(subject: str, number: int, graph: str) -> str:
        return f'<{subject}> <x:p> "{number}" <{graph}> .\n'

    with Publication(tmp_path, iris) as publication:
        parts, written = [], []
        for number, volume in enumerate(("v1", "v2")):
            graph, documents = iris.graph(f"{volume}.xml"), [iris.document(volume, f"d{key}") for key in range(9)]
            subjects = [f"x:{volume}", *documents]
            parts.append(Part(graph=graph, volume=volume, path=publication.part(number)))
            written.append("".join(line(subject, value, graph) for subject in subjects for value in range(3)))
            parts[-1].path.write_text(written[-1], "utf-8")
        # A source speaks of a document of another volume, and of what belongs to none.
        shared = iris.shared_graph()
        said = [line(subject, value, shared) for subject in (iris.document("v2", "d4"), "x:v1") for value in (1, 5)]
        shared_part(parts[0].path).write_text("".join(said), "utf-8")
        publication.data(parts, shared)
        data = (publication.folder / "snapshot" / "data.nq").read_text("utf-8")
        assert data == "".join([*written, said[1], said[3]])


def test_where_there_is_no_snapshot_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(DragomanError, match="dragoman build"):
        Snapshot.open(tmp_path)


def test_a_file_name_that_is_not_utf8_is_told_and_the_others_go_through(tmp_path: Path) -> None:
    text_source(tmp_path / "in")
    (tmp_path / "in" / os.fsdecode(b"bad\xff-d1.txt")).write_text(TEXT, encoding="utf-8")
    built = run(tmp_path / "out", tmp_path / "in")
    assert [error.fact for error in built.errors] == ["the file's name is not UTF-8"]
    assert built.published == 1


def test_what_cannot_be_read_in_a_folder_is_told_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    text_source(folder)
    (folder / "volx-d2.txt").symlink_to(folder / "absent.txt")
    os.mkfifo(folder / "volx-d3.txt")
    files, errors = find_sources([folder, folder / "volx-d3.txt"])
    assert [file.name for file in files] == ["volx-d1.txt"]
    assert sorted((Path(error.file).name, error.fact) for error in errors) == [
        ("volx-d2.txt", "leads to nothing"),
        ("volx-d3.txt", "is no regular file"),
        ("volx-d3.txt", "is no regular file"),
    ]


def test_an_error_is_one_line_whatever_the_files_name(tmp_path: Path) -> None:
    _, (error,) = find_sources([tmp_path / "two\nlines.txt"])
    assert str(error).count("\n") == 0
    assert "two lines.txt: no such file" in str(error)


def test_the_union_of_all_graphs_has_each_statement_once(samples_snapshot: Snapshot) -> None:
    lines = samples_snapshot.data.read_text(encoding="utf-8").splitlines()
    triples = [line[: line.rindex(" <")] for line in lines]
    assert len(set(triples)) == len(triples)


def test_documents_that_label_what_they_share_in_several_ways_are_published_alike(tmp_path: Path) -> None:
    text_source(tmp_path, "volx-d1.txt", TEXT.replace("123.45/6", "763.72119 P 43/1"))
    text_source(tmp_path, "volx-d2.txt", TEXT.replace("123.45/6", "763.72119 P43/2"))
    built = run(tmp_path / "out", tmp_path)
    assert built.snapshot is not None
    assert not built.errors
    lines = built.snapshot.data.read_text("utf-8").splitlines()
    units = [line for line in lines if f"<{RDFS.label}>" in line and "/id/file/" in line.split(" ")[0]]
    assert len(units) == 1
