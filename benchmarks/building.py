"""Benchmarks of what a build does: map, validate, load, growth."""

from __future__ import annotations

import gzip
import math
import multiprocessing
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import peers
import pyoxigraph as ox
from lxml import etree
from measure import Table, disk, dragoman, interleaved, once, peak_memory, ratio, seconds
from rdflib import Graph, Literal, URIRef

from kg import store, validation
from kg.iris import DEFAULT_BASE, Iris
from kg.jobs import Job, map_job, map_source
from kg.referee import opinion, shapes
from kg.snapshot import DATA, Snapshot
from kg.statements import Statements, canonical, iri, literal


def map_volume(path: Path) -> list[str]:
    """All that a build does to a volume before it is validated."""
    return list(map_source(Iris(DEFAULT_BASE), path).lines())


def _pooled(workers: int, work: Callable[[Any], object], tasks: Sequence[object], runs: int) -> float:
    """Seconds for all tasks in warm worker processes."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(work, [tasks[0]] * workers))
        return seconds(lambda: list(pool.map(work, tasks)), runs)


def mapping(volume: Path, runs: int) -> Table:
    """TEI to statements, against bare lxml and against rdflib's graphs."""
    table = Table(
        name="map",
        about="TEI to N-Quads text, with all that is read and inferred.",
        columns=("what", "s", "MB/s of TEI"),
    )
    raw = gzip.decompress(volume.read_bytes())
    size = len(raw) / 1e6
    mapped = map_volume(volume)
    terms = [_terms(quad) for quad in ox.parse("".join(mapped).encode(), format=ox.RdfFormat.N_QUADS)]
    parse, whole, text, graphs = interleaved(
        [
            lambda: etree.fromstring(raw),
            lambda: map_volume(volume),
            lambda: _as_text(terms),
            lambda: (etree.fromstring(raw), _as_rdflib(terms)),
        ],
        runs,
    )
    tasks = [volume] * 4
    single, double = _pooled(1, map_volume, tasks, runs), _pooled(2, map_volume, tasks, runs)
    for what, took, share in [
        ("bare lxml parse", parse, size),
        ("map, one process", whole, size),
        ("the same, four times, one worker", single, 4 * size),
        ("the same, two workers", double, 4 * size),
        ("write the statements as text", text, None),
        ("bare parse, the same statements through rdflib's graph", graphs, size),
    ]:
        table.rows.append((what, took, ratio(share, took)))
    table.at_most("map, times the bare parse", ratio(whole, parse), 12)
    table.at_least("two cores against one", ratio(single, double), 1.8)
    table.at_least("map whole, against the same triples through rdflib's graphs", ratio(graphs, whole), 10)
    table.notes.append(
        f"{size:.1f} MB of TEI, {len(mapped):,} statements.  Through rdflib's graphs they are built and serialized; "
        "nothing is read or inferred: what a mapping does before it writes is in ours alone.  Writing by itself is "
        f"{ratio(graphs - parse, text):.1f} times as fast as through them."
    )
    return table


def _terms(quad: ox.Quad) -> tuple[str, str, str, str | None]:
    subject, value = quad.subject, quad.object
    # Our data have no statement about a statement.
    assert not isinstance(subject, ox.Triple)
    assert not isinstance(value, ox.Triple)
    kind = value.datatype.value if isinstance(value, ox.Literal) else None
    return subject.value, quad.predicate.value, value.value, kind


def _as_text(terms: Iterable[tuple[str, str, str, str | None]]) -> str:
    out = Statements(f"{DEFAULT_BASE}graph")
    for subject, predicate, value, kind in terms:
        out.add(subject, predicate, literal(value, kind) if kind else iri(value))
    return "".join(canonical(out))


def _as_rdflib(terms: Iterable[tuple[str, str, str, str | None]]) -> bytes:
    graph = Graph()
    for subject, predicate, value, kind in terms:
        target = Literal(value, datatype=URIRef(kind)) if kind else URIRef(value)
        graph.add((URIRef(subject), URIRef(predicate), target))
    return graph.serialize(format="nt", encoding="utf-8")


def validate_file(path: Path) -> int:
    """Ours, from the file."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return len(validation.validate(lines))


def referee_file(path: Path) -> int:
    """pySHACL's, from the file."""
    triples = re.sub(r" <[^<>]*> \.\n", " .\n", path.read_text("utf-8"))
    return len(opinion(Graph().parse(data=triples, format="nt"), shapes()))


class _Clock:
    """A validator that adds up its seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, lines: Iterable[str]) -> list[validation.Result]:
        began = time.perf_counter()
        found = validation.validate(lines)
        self.seconds += time.perf_counter() - began
        return found


def validating(volume: Path, folder: Path, runs: int) -> Table:
    """The engine against pySHACL: the same file, shapes and verdict."""
    table = Table(
        name="validate", about="SHACL, from N-Quads in a file to results.", columns=("what", "s", "statements/s")
    )
    lines = sorted(map_volume(volume))
    good, broken = folder / "good.nq", folder / "broken.nq"
    good.write_text("".join(lines), "utf-8")
    broken.write_text("".join(line for number, line in enumerate(lines) if number % 97), "utf-8")
    same = [validate_file(path) == referee_file(path) for path in (good, broken)]
    ours, theirs = interleaved([lambda: validate_file(good), lambda: referee_file(good)], runs)
    double = _pooled(2, validate_file, [good] * 8, runs) / 8
    clock = _Clock()
    job = Job(base_iri=DEFAULT_BASE, sources=(volume,), parts=(folder / "part.nq",), validator=clock)
    whole = once(lambda: map_job(job))
    for what, took in [("pySHACL", theirs), ("ours", ours), ("ours, two workers: a file of eight", double)]:
        table.rows.append((what, took, len(lines) / took))
    table.rows.append(("of a volume's build, validation is", clock.seconds, None))
    table.rows.append(("of which the whole is", whole, None))
    table.at_least("one process against pySHACL", ratio(theirs, ours), 5)
    table.at_least("two cores against pySHACL", ratio(theirs, double), 9)
    table.at_most("share of mapping and validating a volume", ratio(clock.seconds, whole), 0.5)
    table.at_least("same number of results, on good and on broken data (1 is yes)", float(all(same)), 1)
    table.notes.append(f"{volume.name}: {len(lines):,} statements; {validate_file(broken):,} results once broken.")
    return table


def loading(snapshot: Snapshot, folder: Path, runs: int) -> Table:
    """Our load against the engine's own, and Jena's."""
    table = Table(name="load", about="N-Quads into a store.", columns=("what", "s", "statements/s", "MB on disk"))
    nquads, count = snapshot.data, snapshot.manifest.counts["statements"]
    ours, own, tdb2 = (folder / name for name in ("ours", "own", "tdb2"))

    def fresh(where: Path) -> Path:
        shutil.rmtree(where, ignore_errors=True)
        return where

    def load_ours() -> None:
        fresh(ours).mkdir()
        (ours / DATA).symlink_to(nquads)
        store.write(replace(snapshot, path=ours), None)

    def load_own() -> None:
        engine = ox.Store(str(fresh(own)))
        engine.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
        engine.flush()

    works = [("Dragoman", load_ours, replace(snapshot, path=ours).store), ("Oxigraph's own bulk load", load_own, own)]
    try:
        one = folder / "one.nq"
        one.write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n")
        peers.load_tdb2(folder / "tried", one)
        works.append((f"Jena's tdb2.tdbloader {peers._JENA}", lambda: peers.load_tdb2(fresh(tdb2), nquads), tdb2))
    except (RuntimeError, OSError) as error:
        table.notes.append(f"Jena cannot be had here: {error}")
    took = interleaved([work for _, work, _ in works], runs)
    for (name, _, where), found in zip(works, took, strict=True):
        table.rows.append((name, found, count / found, disk(where)))
    table.at_least("speed against the engine's own bulk load", ratio(took[1], took[0]), 0.9)
    if len(took) > 2:
        table.at_least("speed against tdb2.tdbloader", ratio(took[2], took[0]), 1)
    table.notes.append(f"{count:,} statements; ours goes piece by piece, in bounded memory, and merges the files.")
    return table


def multiplied(volume: Path, times: int, folder: Path) -> list[Path]:
    """The volume so many times under names, and so ids, of its own."""
    text = gzip.decompress(volume.read_bytes()).decode() if volume.suffix == ".gz" else volume.read_text("utf-8")
    name = volume.name.partition(".")[0]
    out = []
    for number in range(times):
        out.append(folder / f"{name}x{number}.xml")
        out[-1].write_text(text.replace(name, f"{name}x{number}"), "utf-8")
    return out


def growing(volume: Path, sizes: Sequence[int], folder: Path, latency: Callable[[Path], float]) -> Table:
    """Time, memory, disk and latency as a dataset grows; `latency` takes a snapshot folder and gives ms."""
    table = Table(
        name="growth",
        about=f"{volume.name} under new ids, so many times; without registers.",
        columns=("times", "statements", "build, s", "MB of memory", "MB on disk", "a document, ms"),
    )
    measured = list[tuple[float, ...]]()
    for times in sizes:
        sources, out = folder / f"x{times}", folder / f"out{times}"
        sources.mkdir()
        multiplied(volume, times, sources)
        began = time.perf_counter()
        command = [Path(sys.executable).with_name("dragoman"), "build", sources, "--out", out, "--without-registers"]
        with (
            subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running,
            peak_memory(running.pid) as most,
        ):
            running.wait()
        took = time.perf_counter() - began
        statements = Snapshot.open(out).manifest.counts["statements"]
        measured.append((times, statements, took, most[0], disk(out), latency(out)))
    table.rows += measured
    first, middle, last = measured[0], measured[-2], measured[-1]

    def exponent(column: int, start: tuple[float, ...]) -> float:
        return math.log(last[column] / start[column]) / math.log(last[1] / start[1])

    table.at_most("exponent of build time", exponent(2, first), 1.05)
    table.at_most("exponent of build memory, once both workers are busy", exponent(3, middle), 0.1)
    table.at_most("exponent of disk", exponent(4, first), 1.05)
    table.at_most("exponent of a document's latency", exponent(5, first), 0.1)
    table.notes.append("A load of one piece (40 MB) is not merged, and its files are denser than merged ones.")
    return table


def rebuilding(volumes: Sequence[Path], folder: Path) -> tuple[Table, Path]:
    """A whole build, once, and the next one after one volume has changed; with the folder of its snapshots."""
    table = Table(
        name="rebuild",
        about=f"`dragoman build` of {len(volumes)} volumes with all registers, two jobs, once.",
        columns=("what", "s"),
    )
    sources, out = folder / "sources", folder / "out"
    sources.mkdir()
    for volume in volumes:
        shutil.copy(volume, sources)
    whole = once(lambda: dragoman("build", sources, "--out", out))
    changed = sources / volumes[0].name
    text = gzip.decompress(changed.read_bytes())
    changed.write_bytes(gzip.compress(text.replace(b"</TEI>", b"<!-- changed --></TEI>")))
    again = once(lambda: dragoman("build", sources, "--out", out))
    table.rows += [("all, from nothing", whole), (f"again, {changed.name} changed", again)]
    table.at_most("share of the whole", ratio(again, whole), 0.15)
    return table, out
