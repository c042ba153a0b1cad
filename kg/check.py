"""Anything against the shapes: a snapshot's folder, a source document, an RDF file."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from kg.iris import Iris
from kg.jobs import is_source, map_source
from kg.load import check_lines, read_rdf
from kg.snapshot import Snapshot
from kg.validation import Result, validate


def check(target: Path, base_iri: str) -> list[Result]:
    """What breaks a shape.  Raises SnapshotError or SourceError if the target cannot be read."""
    if target.is_dir():
        return _check_snapshot(Snapshot.open(target))
    iris = Iris(base_iri)
    if is_source(target):
        return validate(map_source(iris, target).lines())
    lines, _, _ = read_rdf(iris, target, iris.graph(target.name))
    return check_lines(lines)


def _check_snapshot(snapshot: Snapshot) -> list[Result]:
    """Graph by graph, as each was checked when it was built, so that memory holds one at a time."""
    results: list[Result] = []
    with snapshot.data.open(encoding="utf-8", newline="\n") as stream:
        for _, lines in groupby(stream, key=lambda line: line[line.rindex(" <") :]):
            results += check_lines(list(lines))
    return sorted(results)
