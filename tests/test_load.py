"""Any RDF into a snapshot: graphs of several files, and what cannot be published."""

from __future__ import annotations

from pathlib import Path

from kg.load import load
from kg.snapshot import Snapshot

BASE = "http://data.example/"
QUAD = f'<{BASE}s> <{BASE}p> "1" <{BASE}g> .\n'


def load_files(folder: Path, **files: str) -> tuple[Snapshot | None, list[str]]:
    paths = []
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")
        paths.append((path, None))
    loaded = load(paths, folder / "out", BASE)
    return loaded.snapshot, [error.fact for error in loaded.errors]


def test_one_quad_in_two_files_stands_once(tmp_path: Path) -> None:
    snapshot, errors = load_files(tmp_path, a_nq=QUAD, b_nq=QUAD + QUAD.replace('"1"', '"2"'))
    assert not errors
    assert snapshot is not None
    lines = snapshot.data.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == len(set(lines)) == snapshot.manifest.counts["statements"]
    assert [line for line in lines if line.endswith(f"<{BASE}g> .\n")] == [QUAD, QUAD.replace('"1"', '"2"')]


def test_graphs_stand_in_order_whatever_file_they_come_from(tmp_path: Path) -> None:
    names = ["b", "a", "c", "a/b"]
    text = "".join(QUAD.replace("/g>", f"/{name}>") for name in names)
    snapshot, _ = load_files(tmp_path, a_nq=text, b_nq=text.replace('"1"', '"0"'))
    assert snapshot is not None
    lines = snapshot.data.read_text(encoding="utf-8").splitlines()
    graphs = [line[line.rindex(" <") + 2 : -3] for line in lines]
    assert graphs == sorted(graphs)


def test_what_not_every_format_can_say_is_left_out(tmp_path: Path) -> None:
    term = f"<{BASE}s> <{BASE}p> <<( <{BASE}a> <{BASE}b> <{BASE}c> )>> .\n"
    snapshot, errors = load_files(tmp_path, a_nq=QUAD, b_nt=term)
    assert snapshot is not None
    assert errors == ["it has triple terms of RDF 1.2, which JSON-LD and RDF/XML cannot say"]
    assert "<<(" not in snapshot.data.read_text(encoding="utf-8")
