"""The command as a user runs it: output, files, exit codes."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.snapshot import Snapshot

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
VERBS = ["build", "serve", "query", "export", "validate", "load", "diff", "resolve", "check", "snapshots", "prune"]


def dragoman(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(samples_snapshot: Snapshot) -> Path:
    return samples_snapshot.path.parent.parent


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_each_verb_shows_an_example(verb: str) -> None:
    result = dragoman(verb, "--help")
    assert result.exit_code == 0
    assert f"  dragoman {verb} " in result.output


def test_the_help_lists_every_verb() -> None:
    assert set(main.commands) == set(VERBS)
    assert all(f"  {verb} " in dragoman("--help").output for verb in VERBS)


def test_a_build_ends_with_a_table_and_zero(tmp_path: Path) -> None:
    result = dragoman("build", SAMPLES, "--out", tmp_path, "--jobs", "1")
    assert result.exit_code == 0
    for row in ("sources reused", "documents read", "documents published", "left out", "statements", "seconds"):
        assert row in result.stderr


def test_a_build_with_some_left_out_ends_with_three_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "volx-d1.txt").write_bytes(b"\xff\xfe")
    result = dragoman("build", SAMPLES, tmp_path / "volx-d1.txt", "--out", tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 3
    assert "volx-d1.txt" in result.stderr


def test_the_volume_of_texts_whose_names_tell_none_is_an_option(tmp_path: Path) -> None:
    text, out = tmp_path / "letters.txt", tmp_path / "out"
    text.write_text("Mr. Stone to Mr. Field.\nSir: One.\n\fMr. Field to Mr. Stone.\nSir: Two.\n", encoding="utf-8")
    options = ("--out", out, "--jobs", "1", "--without-registers")
    refused = dragoman("build", text, *options)
    assert refused.exit_code == 1
    assert "or give --volume" in refused.stderr
    assert dragoman("build", text, *options, "--volume", "not a volume").exit_code == 2
    assert dragoman("build", text, *options, "--volume", "frus1870v01").exit_code == 0
    answer = dragoman("query", out, "documents", "--format", "csv").stdout
    assert [row["identifier"] for row in csv.DictReader(io.StringIO(answer))] == ["frus1870v01/d1", "frus1870v01/d2"]
    assert dragoman("validate", text, "--volume", "frus1870v01").exit_code == 0


def test_a_build_of_nothing_ends_with_one(tmp_path: Path) -> None:
    assert dragoman("build", tmp_path / "absent.xml", "--out", tmp_path / "out").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build"],
        ["build", "x.xml"],
        ["build", "x.xml", "--out", "o", "--base-iri", "not an IRI"],
        ["build", "x.xml", "--out", "o", "--jobs", "0"],
        ["load", "x.ttl", "--out", "o", "--base-iri", "foo"],
        ["validate", ".", "--base-iri", "foo"],
        ["query", "nowhere"],
        ["load", "--out", "o"],
        ["load", "--out", "o", "--graph", "no iri", "x.ttl"],
        ["load", "--out", "o", "--unknown", "x.ttl"],
        ["export", "nowhere", "--format", "docx"],
        ["nonsense"],
    ],
)
def test_wrong_usage_ends_with_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert dragoman(*arguments).exit_code == 2


def test_a_folder_without_a_snapshot_ends_with_one_and_a_single_line(tmp_path: Path) -> None:
    for arguments in (["query", tmp_path, "documents"], ["export", tmp_path, "--format", "nq"], ["validate", tmp_path]):
        result = dragoman(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("error:")
        assert "dragoman build" in result.stderr


def test_a_competency_question_answers_in_every_format(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(dragoman("query", folder, "documents", "--format", "csv").output)))
    assert len(rows) == 7
    assert rows[0]["identifier"] == "sample1931v01/d1"
    answer = json.loads(dragoman("query", folder, "documents", "--format", "json").output)
    assert len(answer["results"]["bindings"]) == 7
    assert dragoman("query", folder, "documents", "--format", "xml").output.startswith("<?xml")
    assert dragoman("query", folder, "documents", "--format", "tsv").output.startswith("?identifier\t")
    assert "sample1931v01/d1" in dragoman("query", folder, "documents").output


def test_a_query_from_a_file_is_answered_by_its_form(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ask.rq").write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    assert dragoman("query", folder, tmp_path / "ask.rq").output == "yes\n"
    (tmp_path / "construct.rq").write_text("CONSTRUCT WHERE { ?s a ?o }", encoding="utf-8")
    output = dragoman("query", folder, tmp_path / "construct.rq").stdout_bytes
    assert list(ox.parse(output, format=ox.RdfFormat.TURTLE))


def test_a_query_that_is_neither_a_file_nor_a_question_lists_the_questions(folder: Path) -> None:
    result = dragoman("query", folder, "nosuch")
    assert result.exit_code == 2
    assert all(path.stem in result.stderr for path in (ROOT / "ontology" / "competency").glob("*.rq"))


def test_a_malformed_query_is_told_with_its_place(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("SELECT * WHERE {\n ?s ?p }", encoding="utf-8")
    result = dragoman("query", folder, tmp_path / "bad.rq")
    assert result.exit_code == 2
    assert "2:" in result.stderr


FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("form", FORMATS)
def test_each_export_holds_all_the_triples(folder: Path, samples_snapshot: Snapshot, form: str) -> None:
    quads = list(ox.parse(path=str(samples_snapshot.data), format=ox.RdfFormat.N_QUADS))
    output = dragoman("export", folder, "--format", form).stdout_bytes
    found = list(ox.parse(output, format=FORMATS[form]))
    assert {quad.triple for quad in found} == {quad.triple for quad in quads}
    if FORMATS[form].supports_datasets:
        assert set(found) == set(quads)


def test_an_export_of_one_volume_holds_only_its_graphs(folder: Path) -> None:
    output = dragoman("export", folder, "--format", "nq", "--volume", "sample1931v02").stdout_bytes
    graphs = {str(quad.graph_name) for quad in ox.parse(output, format=ox.RdfFormat.N_QUADS)}
    assert len(graphs) == 2
    assert all("sample1931v02" in graph for graph in graphs)
    assert dragoman("export", folder, "--format", "nq", "--volume", "nosuch").exit_code == 2


def test_a_snapshot_and_its_sources_conform(folder: Path) -> None:
    assert dragoman("validate", folder).output == "conforms\n"
    assert dragoman("validate", SAMPLES / "sample1931v01.xml").exit_code == 0


def test_rdf_that_breaks_a_shape_is_told_by_validate_and_left_out_by_load(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<https://example.org/d> a <https://w3id.org/dragoman/ontology#Document> .", encoding="utf-8")
    result = dragoman("validate", bad)
    assert result.exit_code == 3
    assert "https://example.org/d" in result.output
    assert dragoman("load", bad, "--out", tmp_path / "out").exit_code == 1


def test_load_takes_each_format_names_graphs_and_gives_blank_nodes_stable_iris(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://example.org/a> <https://example.org/p> [] .", encoding="utf-8")
    (tmp_path / "b.nt").write_text("<https://example.org/b> <https://example.org/p> '' .".replace("''", '""'), "utf-8")
    (tmp_path / "c.trig").write_text("<urn:g> { <https://example.org/c> <https://example.org/p> 1 }", encoding="utf-8")
    arguments = [tmp_path / "a.ttl", "--graph", "urn:named", tmp_path / "b.nt", tmp_path / "c.trig"]
    assert dragoman("load", *arguments, "--out", tmp_path / "one").exit_code == 0
    assert dragoman("load", *arguments, "--out", tmp_path / "two").exit_code == 0
    data = Snapshot.open(tmp_path / "one").data.read_text(encoding="utf-8")
    assert data == Snapshot.open(tmp_path / "two").data.read_text(encoding="utf-8")
    assert "_:" not in data
    quads = {q.subject.value: q.graph_name for q in ox.parse(data.encode(), format=ox.RdfFormat.N_QUADS)}
    assert quads["https://example.org/a"] == ox.NamedNode("http://localhost:8000/id/graph/a.ttl")
    assert quads["https://example.org/b"] == ox.NamedNode("urn:named")
    assert quads["https://example.org/c"] == ox.NamedNode("urn:g")


def test_an_rdf_file_with_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> 1 .\n<urn:a> nonsense .", encoding="utf-8")
    result = dragoman("load", tmp_path / "bad.ttl", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "bad.ttl:2:" in result.stderr


def test_a_register_is_published_when_it_is_named(shared: Path, tmp_path: Path) -> None:
    archive = shared / "corpus" / "authorities" / "pocom.tar.gz"
    result = dragoman("build", SAMPLES, "--out", tmp_path, "--jobs", "1", "--authorities", archive)
    assert result.exit_code == 0
    store = ox.Store.read_only(str(Snapshot.open(tmp_path).store))
    person = ox.NamedNode("http://localhost:8000/id/person/hull-cordell")
    facts = {quad.predicate.value.rpartition("#")[2]: quad for quad in store.quads_for_pattern(person, None, None)}
    assert facts["label"].object == ox.Literal("Cordell Hull")
    assert facts["authority"].object == ox.Literal("hull-cordell")


def test_an_archive_that_is_no_register_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "pocom.tar.gz").write_bytes(b"no archive")
    arguments = ["--out", tmp_path / "out", "--jobs", "1", "--authorities", tmp_path / "pocom.tar.gz"]
    result = dragoman("build", SAMPLES, *arguments)
    assert result.exit_code == 3
    assert "pocom.tar.gz: not a readable archive" in result.stderr


def test_resolve_tells_holder_term_evidence_and_rule() -> None:
    result = dragoman("resolve", "Ambassador in Japan", "--on", "1934-03-01")
    assert result.exit_code == 0
    for words in ("certain: Joseph Clark Grew", "presented credentials: 1932-06-14", "ended: 1941-12-08", "1934-03-01"):
        assert words in result.stdout


def test_resolve_gives_rivals_in_order_as_json() -> None:
    result = dragoman("resolve", "President", "--on", "1963-11-22", "--format", "json")
    answer = json.loads(result.stdout)
    assert answer["certainty"] == "probable"
    assert [one["id"] for one in answer["candidates"]] == ["kennedy-john-f", "johnson-lyndon-b"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["Ambassador in Japan", "--on", "1934-13-01"], 2, "is no date"),
        (["Ambassador in Ruritania", "--on", "1934-03-01"], 2, "names no office of the registers"),
        (["", "--on", "1934"], 2, "no office is named"),
        (["Under Secretary of State", "--on", "1890-01-01"], 1, "the first holder whom the registers have began 1919"),
        (["Ambassador in Japan", "--on", "1934-03-01", "--name", "Nobody"], 1, "nobody of the name held the office"),
    ],
)
def test_resolve_says_what_it_cannot_answer(arguments: list[str], code: int, words: str) -> None:
    result = dragoman("resolve", *arguments)
    assert result.exit_code == code
    assert words in result.output


def test_deep_nesting_is_refused_before_the_parser_sees_it(samples_snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "deep.rq").write_text("SELECT * " + "{" * 3000 + "}" * 3000, encoding="utf-8")
    result = dragoman("query", samples_snapshot.path, tmp_path / "deep.rq")
    assert result.exit_code == 2
    assert "nested more than 256 deep" in result.stderr


def test_a_damaged_store_is_told_in_a_line(samples_snapshot: Snapshot, tmp_path: Path) -> None:
    copy = tmp_path / samples_snapshot.path.name
    shutil.copytree(samples_snapshot.path, copy)
    (copy / "store" / "CURRENT").write_text("no store", encoding="utf-8")
    for verb in (["query", copy, "documents"], ["validate", copy]):
        result = dragoman(*verb)
        assert result.exit_code == 1
        assert "build the snapshot again" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_told_in_a_line(samples_snapshot: Snapshot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = dragoman("serve", samples_snapshot.path, "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "choose another --host or --port" in result.stderr


def test_all_errors_are_printed_where_no_manifest_lists_them(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"volx-d{number}.txt").write_text("", encoding="utf-8")
    result = dragoman("build", tmp_path, "--out", tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 1
    assert result.stderr.count("left out: ") == 25


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder with a source and a folder in it, which nobody may enter while a command runs."""
    folder = tmp_path / "closed"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "volx-d1.txt").write_text("Mr. Stone to Mr. Field.\nSir: One.\n", encoding="utf-8")
    yield folder
    folder.chmod(0o700)


def refused(closed: Path, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command with the rights of its owner alone: root, too, may else enter every folder."""

    def begin() -> None:
        library = ctypes.CDLL(None)
        for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            library.prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP
        closed.chmod(0)

    command = [str(Path(sys.executable).with_name("dragoman")), *map(str, arguments)]
    try:
        # It has one thread, and what runs in between takes no lock.
        return subprocess.run(
            command, capture_output=True, text=True, cwd=cwd, check=False, preexec_fn=begin, timeout=120
        )
    finally:
        closed.chmod(0o700)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are given up as Linux has them")
@pytest.mark.parametrize("verb", ["build", "serve", "check", "snapshots", "validate"])
def test_a_folder_that_cannot_be_entered_is_told_in_a_line(closed: Path, tmp_path: Path, verb: str) -> None:
    more = ("--out", tmp_path / "out") if verb == "build" else ()
    result = refused(closed, verb, closed / "in", *more)
    assert result.returncode in (1, 2)
    assert "Permission denied" in result.stderr
    assert str(closed / "in") in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are given up as Linux has them")
def test_a_build_from_a_folder_that_cannot_be_entered_says_so(closed: Path, tmp_path: Path) -> None:
    result = refused(closed, "build", SAMPLES, "--out", tmp_path / "out", cwd=closed / "in")
    assert result.returncode == 1
    assert "the current folder" in result.stderr
    assert "Permission denied" in result.stderr
    assert "memory" not in result.stderr
    assert not (tmp_path / "out" / "current").exists()
