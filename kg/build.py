"""The order of steps from sources to a snapshot: read, map, validate (in worker processes), publish."""

from __future__ import annotations

import multiprocessing
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kg import __version__, keptjobs, keptregisters, validation
from kg.document import Fault
from kg.errors import (
    DuplicateDocument,
    SourceError,
    UnknownFormat,
    UnreadableSource,
)
from kg.iris import DEFAULT_BASE, Iris
from kg.jobs import TEI_SUFFIXES, TEXT_FORMAT, TEXT_SUFFIX, Job, Outcome, is_source, survey_job
from kg.keptjobs import take
from kg.plaintext import name_of
from kg.publish import Part, Publication, disk_errors
from kg.registerparts import shelf
from kg.registertables import REGISTERS
from kg.snapshot import FORMAT_VERSION, Manifest, Snapshot, SourceEntry, VolumeEntry
from kg.statements import Statements, canonical
from kg.survey import Survey, joined
from kg.triples import dataset_statements

TEXTS_PER_JOB = 200
# One a core, but no more than leave a build under 1.5 GB: the largest volumes of the series take a worker 0.55 GB.
DEFAULT_JOBS = min(os.cpu_count() or 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """What a build is told.  `sources` are files or folders, `jobs` worker processes (0: `DEFAULT_JOBS`).

    `authorities` are archives of registers, in place of the tables that ship with the package; `registers` says
    whether registers are published (documents are resolved by them in any case).  `strict` publishes nothing unless
    everything can be published.  `volume` is that of plain texts whose names tell none.  `fresh` reuses nothing that
    an earlier build left in `out`.
    `validator` is `kg.referee.refereed` to have every verdict of the SHACL engine confirmed by pySHACL.
    """

    sources: tuple[Path, ...]
    out: Path
    authorities: tuple[Path, ...] = ()
    registers: bool = True
    base_iri: str = DEFAULT_BASE
    jobs: int = 0
    strict: bool = False
    volume: str | None = None
    fresh: bool = False
    validator: validation.Validator = validation.validate


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: `snapshot` is None if nothing was published; `changes` are lines on what archives of
    registers changed against the tables that ship with the package; `anchors` counts the passages that were re-read
    in the text of their documents, `misplaced` those whose words do not stand there; `reused` counts the sources that
    an earlier build had mapped."""

    snapshot: Snapshot | None
    read: int
    published: int
    statements: int
    errors: tuple[SourceError, ...]
    faults: tuple[tuple[str, Fault], ...]
    changes: tuple[str, ...] = ()
    anchors: int = 0
    misplaced: int = 0
    reused: int = 0


Progress = Callable[[str, int, int], None]
"""Called with (what is being done, sources done, sources in all)."""


def _silent(_what: str, _done: int, _total: int) -> None: ...


def build(config: BuildConfig, progress: Progress = _silent) -> Built:
    """Build and publish.

    Raises PublishError if the disk refuses, VerdictsDiffer if the validator does, ValueError for a base IRI that is
    none.  What is wrong with a source is in `Built.errors`, never raised.
    """
    iris = Iris(config.base_iri)
    files, missing = find_sources(config.sources)
    with Publication(config.out, iris, config.jobs or DEFAULT_JOBS, fresh=config.fresh) as publication:
        told = Outcome()
        held = shelf(config.authorities, publication.folder / "registers", told)
        jobs = [
            replace(job, registers=held.folder, validator=config.validator)
            for job in plan(files, config.base_iri, publication.part, config.volume)
        ]
        jobs = [_kept(job, publication) for job in surveyed(jobs, config.jobs or DEFAULT_JOBS)]
        outcome = run(jobs, config.jobs or DEFAULT_JOBS, progress)
        _merge(outcome, told)
        for error in missing:
            outcome.leave_out(error)
        if config.registers and outcome.entries:
            progress("registers", len(files), len(files))
            volumes = {entry.volume for entry, _ in outcome.entries if entry.volume}
            parts = [publication.part(len(files) + number) for number in range(len(REGISTERS))]
            _merge(outcome, keptregisters.take(publication.cache, iris, held, parts, volumes, config.validator))
        progress("publishing", len(files), len(files))
        built = publish_outcome(publication, iris, outcome, strict=config.strict)
        with disk_errors(config.out):
            publication.cache.settle()
        return replace(built, changes=held.changes)


def _kept(job: Job, publication: Publication) -> Job:
    """The job with its place in the cache; one that cannot be read has none."""
    key = keptjobs.key(job)
    return replace(job, entry=publication.cache.entry(keptjobs.KIND, key)) if key else job


def find_sources(paths: Iterable[Path]) -> tuple[list[Path], list[SourceError]]:
    """The source files named or in the folders named, each once, in order; and what cannot be taken.

    A file named must have a suffix we know; in a folder, other files are passed over.
    """
    files: dict[Path, Path] = {}
    errors: list[SourceError] = []
    for path in paths:
        for file in _named(path, errors):
            if file.name.encode(errors="replace").decode() == file.name:
                files[file.resolve()] = file
            else:
                name = file.name.encode(errors="backslashreplace").decode()
                errors.append(UnreadableSource("the file's name is not UTF-8", file=name, advice="rename it"))
    return list(files.values()), errors


def _named(path: Path, errors: list[SourceError]) -> list[Path]:
    """The sources of one path that was given; what cannot be taken is told."""
    error: SourceError
    try:
        mode = path.stat().st_mode
    except PermissionError as refused:
        error = _unreachable(path, refused)
    except OSError:
        error = UnreadableSource("no such file", file=path, advice="check the path")
    else:
        if stat.S_ISDIR(mode):
            if found := _in_folder(path, errors):
                return found
            error = UnreadableSource("the folder holds no .xml, .xml.gz or .txt", file=path, advice="name another")
        elif not stat.S_ISREG(mode):
            # A pipe or a device would keep the build waiting.
            error = UnreadableSource("is no regular file", file=path, advice="give a file or a folder")
        elif not is_source(path):
            error = UnknownFormat("unknown suffix", file=path, advice="give .xml or .xml.gz (TEI) or .txt (plain text)")
        else:
            return [path]
    errors.append(error)
    return []


def _unreachable(path: Path, error: OSError) -> UnreadableSource:
    fact = f"cannot be reached ({error.strerror})"
    return UnreadableSource(fact, file=path, advice="check its permissions and those of the folders above it")


def _in_folder(folder: Path, errors: list[SourceError]) -> list[Path]:
    """The sources in a folder and those below it; what cannot be listed or read is told."""

    def refused(error: OSError) -> None:
        fact = f"cannot be listed ({error.strerror})"
        errors.append(UnreadableSource(fact, file=error.filename or folder, advice="check its permissions"))

    out: list[Path] = []
    for where, _, names in os.walk(folder, onerror=refused):
        for name in names:
            file = Path(where) / name
            if not is_source(file):
                continue
            try:
                regular = file.is_file()
            except PermissionError as error:
                errors.append(_unreachable(file, error))
                continue
            if regular:
                out.append(file)
            else:
                fact = "leads to nothing" if file.is_symlink() else "is no regular file"
                errors.append(UnreadableSource(fact, file=file, advice="take it out, or give the file itself"))
    return sorted(out)


def plan(files: Iterable[Path], base_iri: str, part: Callable[[int], Path], volume: str | None = None) -> Iterator[Job]:
    """A job for each TEI volume; texts go together by volume, `TEXTS_PER_JOB` at most."""
    texts: dict[str, list[Path]] = defaultdict(list)
    number = 0
    for file in sorted(files, key=lambda file: (file.name, str(file))):
        if file.name.endswith(TEI_SUFFIXES):
            yield Job(base_iri=base_iri, sources=(file,), parts=(part(number),))
            number += 1
        else:
            texts[name_of(file)[0] or volume or ""].append(file)
    for group in texts.values():
        for start in range(0, len(group), TEXTS_PER_JOB):
            chunk = group[start : start + TEXTS_PER_JOB]
            yield Job(
                base_iri=base_iri,
                sources=tuple(chunk),
                parts=tuple(part(number + i) for i in range(len(chunk))),
                volume=volume,
            )
            number += len(chunk)


def surveyed(jobs: Sequence[Job], workers: int) -> list[Job]:
    """The jobs, each with what all texts of its volume tell of each other where several jobs have them.

    So nothing depends on how texts are parted into jobs.
    """
    groups: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        if job.sources[0].name.endswith(TEXT_SUFFIX):
            groups[name_of(job.sources[0])[0] or job.volume or ""].append(job)
    parted = [job for group in groups.values() if len(group) > 1 for job in group]
    told = {job.sources: result for job, result in _results(parted, min(workers, len(parted)), survey_job)}
    whole: dict[tuple[Path, ...], Survey] = {}
    for group in groups.values():
        if len(group) > 1:
            together = joined(survey for job in group if (survey := told[job.sources]))
            whole |= dict.fromkeys((job.sources for job in group), together)
    return [replace(job, survey=whole.get(job.sources)) for job in jobs]


def run(jobs: Sequence[Job], workers: int, progress: Progress) -> Outcome:
    """Run all jobs and add up what came of them.

    Volumes go before texts: of two sources for one document the volume's is published.
    """
    total = sum(len(job.sources) for job in jobs)
    whole, done = Outcome(), 0
    volumes = [job for job in jobs if not job.sources[0].name.endswith(TEXT_SUFFIX)]
    texts = [job for job in jobs if job.sources[0].name.endswith(TEXT_SUFFIX)]
    for group in (volumes, texts):
        for job, result in _results(group, min(workers, len(group)), take):
            outcome = result or _died(job)
            done += len(job.sources)
            progress(", ".join(path.name for path in job.sources[:1]), done, total)
            _merge(whole, outcome)
    _drop_duplicates(whole)
    return whole


_Result = TypeVar("_Result")


def _results(jobs: Sequence[Job], workers: int, work: Callable[[Job], _Result]) -> Iterator[tuple[Job, _Result | None]]:
    """What comes of each job, as they end; None of one whose process died, though it was alone."""
    if workers <= 1:
        for job in jobs:
            yield job, work(job)
        return
    broken: list[Job] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures: dict[Future[_Result], Job] = {pool.submit(work, job): job for job in jobs}
        while futures:
            for future in wait(futures, return_when=FIRST_COMPLETED).done:
                job = futures.pop(future)
                try:
                    yield job, future.result()
                except BrokenProcessPool:
                    broken.append(job)
    for job in broken:
        yield job, _alone(job, work)


def _alone(job: Job, work: Callable[[Job], _Result]) -> _Result | None:
    """A job again, in a process of its own: a dying process takes its whole pool with it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(work, job).result()
        except BrokenProcessPool:
            return None


def _died(job: Job) -> Outcome:
    outcome = Outcome()
    for path in job.sources:
        outcome.leave_out(
            UnreadableSource("the process that read it died", file=path, advice="look for a lack of memory")
        )
    return outcome


def _merge(whole: Outcome, outcome: Outcome) -> None:
    whole.entries += outcome.entries
    whole.titles |= {volume: title for volume, title in outcome.titles.items() if title}
    whole.documents |= outcome.documents
    whole.read += outcome.read
    whole.left_out += outcome.left_out
    whole.errors += outcome.errors
    whole.faults += outcome.faults
    whole.results += outcome.results
    whole.anchors += outcome.anchors
    whole.misplaced += outcome.misplaced
    whole.reused += outcome.reused


def _drop_duplicates(outcome: Outcome) -> None:
    """Of two sources for the same document the first is published: volumes before texts, then by name."""
    owners: dict[str, str] = {}
    kept: list[tuple[SourceEntry, Path]] = []
    for entry, part in sorted(outcome.entries, key=lambda pair: (pair[0].format == TEXT_FORMAT, pair[0].name)):
        claims = [entry.graph, *outcome.documents[str(part)]]
        taken = next((claim for claim in claims if claim in owners), None)
        if taken is None:
            owners.update(dict.fromkeys(claims, entry.name))
            kept.append((entry, part))
        else:
            outcome.leave_out(
                DuplicateDocument(
                    f"{owners[taken]} gives the same document",
                    file=entry.name,
                    document=None if taken == entry.graph else taken,
                    advice="build from one of the two",
                )
            )
    outcome.entries = kept


def publish_outcome(publication: Publication, iris: Iris, outcome: Outcome, *, strict: bool = False) -> Built:
    """Publish what came through, if anything did (with `strict`: if everything did)."""
    _sort(outcome)
    refused = not outcome.entries or (strict and outcome.left_out)
    snapshot = None if refused else _publish(publication, iris, outcome)
    counts = snapshot.manifest.counts if snapshot else {}
    return Built(
        snapshot=snapshot,
        read=outcome.read,
        published=counts.get("documents", 0),
        statements=counts.get("statements", 0),
        errors=tuple(outcome.errors),
        faults=tuple(outcome.faults),
        anchors=outcome.anchors,
        misplaced=outcome.misplaced,
        reused=outcome.reused,
    )


def _sort(outcome: Outcome) -> None:
    """Jobs end in any order; what is written does not depend on it."""
    outcome.entries.sort(key=lambda pair: pair[0].graph)
    outcome.left_out.sort(key=lambda row: (row.file, row.line or 0, row.document or "", row.reason))
    outcome.errors.sort(key=lambda error: (error.file, error.line or 0, error.document or "", error.fact))
    outcome.results.sort()
    outcome.faults.sort(key=lambda pair: (pair[0], pair[1].line or 0, pair[1].document or "", pair[1].fact))


def _publish(publication: Publication, iris: Iris, outcome: Outcome) -> Snapshot:
    entries = [entry for entry, _ in outcome.entries]
    volumes = _volumes(iris, entries, outcome.titles)
    parts = [Part(graph=entry.graph, volume=entry.volume, path=part) for entry, part in outcome.entries]
    parts += [Part(graph=graph, volume=None, path=path) for graph, path in outcome.graphs]
    catalogue = dataset_statements(iris, [volume.iri for volume in volumes])
    parts.append(_frame_part(publication, iris.graph("dataset"), catalogue, len(parts)))
    digest, statements = publication.data(parts, iris.shared_graph())
    publication.doubts(outcome.faults)
    report = publication.report(validation.report(iris, outcome.results, __version__))
    manifest = Manifest(
        base_iri=iris.base,
        data_sha256=digest,
        report_sha256=report,
        counts={
            "documents": sum(entry.published for entry in entries),
            "volumes": len(volumes),
            "sources": len(entries),
            "statements": statements,
            "left_out": len(outcome.left_out),
        },
        versions={"dragoman": __version__, "format": str(FORMAT_VERSION)},
        sources=tuple(entries),
        volumes=tuple(volumes),
        left_out=tuple(outcome.left_out),
    )
    return publication.publish(parts, manifest)


def _frame_part(publication: Publication, graph: str, statements: Statements, count: int) -> Part:
    path = publication.folder / "parts" / f"dataset-{count}.nq"
    with disk_errors(publication.out):
        path.write_text("".join(canonical(statements)), encoding="utf-8")
    return Part(graph=graph, volume=None, path=path)


def _volumes(iris: Iris, entries: Iterable[SourceEntry], titles: dict[str, str | None]) -> list[VolumeEntry]:
    by_volume: dict[str, list[SourceEntry]] = defaultdict(list)
    for entry in entries:
        if entry.volume is not None:
            by_volume[entry.volume].append(entry)
    return [
        VolumeEntry(
            id=volume,
            iri=iris.volume(volume),
            title=titles.get(volume),
            documents=sum(entry.published for entry in rows),
            statements=sum(entry.statements for entry in rows),
        )
        for volume, rows in sorted(by_volume.items())
    ]
