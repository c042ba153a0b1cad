"""Anything against the shapes: a snapshot's folder, a source document, an RDF file."""

from __future__ import annotations

from pathlib import Path

from kg.downloads import Downloads, volume_name
from kg.errors import SnapshotError
from kg.iris import Iris
from kg.jobs import is_source, map_source
from kg.load import check_lines, read_rdf
from kg.snapshot import Snapshot
from kg.validation import Result, validate


def check(target: Path, base_iri: str, volume: str | None = None) -> list[Result]:
    """What breaks a shape; `volume` is for a plain text whose name tells none.

    Raises SnapshotError or SourceError if the target cannot be read or is damaged.
    """
    if target.is_dir():
        snapshot = Snapshot.open(target)
        if damage := snapshot.damage():
            more = f"; and {len(damage) - 5} more" if len(damage) > 5 else ""
            raise SnapshotError(f"{target}: {'; '.join(map(str, damage[:5]))}{more}; build the snapshot again")
        return _check_snapshot(snapshot)
    iris = Iris(base_iri)
    if is_source(target):
        return validate(map_source(iris, target, volume=volume).lines())
    lines, _, _ = read_rdf(iris, target, iris.graph(target.name))
    return check_lines(lines)


def _check_snapshot(snapshot: Snapshot) -> list[Result]:
    """Volume by volume, with what volumes share, as each was checked when it was built; then the other graphs."""
    results: set[Result] = set()
    downloads = Downloads(snapshot.downloads)
    for volume in snapshot.manifest.volumes:
        text = b"".join(downloads.plain(volume_name(volume.id), "nq")).decode()
        results.update(check_lines([f"{line}\n" for line in text.split("\n") if line]))
    seen = {source.graph for source in snapshot.manifest.sources if source.volume}
    with snapshot.data.open(encoding="utf-8", newline="\n") as stream:
        rest = [line for line in stream if line[line.rindex(" <") + 2 : -4] not in seen]
    results.update(check_lines(rest))
    return sorted(results)
