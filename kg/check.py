"""Anything against the shapes: a snapshot's folder, a source document, an RDF file."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from kg.build import DEFAULT_JOBS
from kg.downloads import Downloads, volume_name
from kg.errors import SnapshotError
from kg.iris import Iris
from kg.jobs import is_source, map_source
from kg.load import check_lines, read_rdf
from kg.snapshot import Snapshot
from kg.validation import Result, Validator, validate


def check(
    target: Path, base_iri: str, volume: str | None = None, validator: Validator = validate, jobs: int = DEFAULT_JOBS
) -> list[Result]:
    """What breaks a shape; `volume` is for a plain text whose name tells none, `jobs` are worker processes.

    Raises SnapshotError or SourceError if the target cannot be read or is damaged, VerdictsDiffer if the validator
    does.
    """
    if target.is_dir():
        snapshot = Snapshot.open(target)
        if damage := snapshot.damage():
            more = f"; and {len(damage) - 5} more" if len(damage) > 5 else ""
            raise SnapshotError(f"{target}: {'; '.join(map(str, damage[:5]))}{more}; build the snapshot again")
        return check_snapshot(snapshot, validator, jobs)
    iris = Iris(base_iri)
    if is_source(target):
        return validator(map_source(iris, target, volume=volume).lines())
    lines, _, _ = read_rdf(iris, target, iris.graph(target.name))
    return check_lines(lines, validator)


def check_snapshot(snapshot: Snapshot, validator: Validator = validate, jobs: int = DEFAULT_JOBS) -> list[Result]:
    """Volume by volume, with what volumes share, as each was checked when it was built; then the other graphs."""
    results: set[Result] = set()
    parts = [*(volume.id for volume in snapshot.manifest.volumes), None]
    part = partial(_check_part, snapshot.path, validator)
    if jobs == 1 or len(parts) == 2:
        results.update(*map(part, parts))
    else:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            results.update(*pool.map(part, parts))
    return sorted(results)


def _check_part(path: Path, validator: Validator, volume: str | None) -> list[Result]:
    """One volume of a snapshot, or (None) what is of no volume."""
    snapshot = Snapshot.open(path)
    if volume is not None:
        text = b"".join(Downloads(snapshot.downloads).plain(volume_name(volume), "nq")).decode()
        # Not splitlines: U+2028 and its like stand in literals as they are.
        return check_lines([f"{line}\n" for line in text.split("\n") if line], validator)
    seen = {source.graph for source in snapshot.manifest.sources if source.volume}
    with snapshot.data.open(encoding="utf-8", newline="\n") as stream:
        return check_lines([line for line in stream if line[line.rindex(" <") + 2 : -4] not in seen], validator)
