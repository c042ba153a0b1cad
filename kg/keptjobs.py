"""What came of a job, kept for the next build: sources that are as they were are not mapped and checked again.

outcome.json                figures, doubts and errors, as `Outcome` has them; parts by the number of their source
N.nq.zst, N.shared.nq.zst   the statements of the N-th source, and those that others make, too
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import zstandard

from kg import cache, errors, validation
from kg.cache import Entry
from kg.document import Fault
from kg.errors import SourceError
from kg.jobs import Job, Outcome, map_job
from kg.publish import disk_errors, shared_part
from kg.registertables import REGISTERS_FOLDER
from kg.snapshot import LeftOut, SourceEntry, file_digest

KIND: Final = "sources"
_OUTCOME: Final = "outcome.json"


def key(job: Job) -> str | None:
    """What the job depends on, as one name; None if a source cannot be read."""
    digests = [file_digest(path) for path in job.sources]
    if None in digests:
        return None
    registers = "" if job.registers == REGISTERS_FOLDER else cache.tables(job.registers)
    names = [path.name for path in job.sources]
    survey = job.survey.digest() if job.survey else ""
    return cache.digest(KIND, job.base_iri, job.volume, survey, registers, names, digests)


def take(job: Job) -> Outcome:
    """What comes of a job: as an earlier build left it, or mapped anew and kept for the next."""
    if job.entry is None:
        return map_job(job)
    if kept := job.entry.sound():
        return revived(kept, job.sources, job.parts)
    outcome = map_job(job)
    if key(job) != job.entry.room.name:  # a source has changed since the build began
        return outcome
    keep(job.entry, job.sources, job.parts, outcome)
    return outcome


def _files(parts: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Each part that a job writes, and where its statements are kept."""
    own = {part: folder / f"{number}.nq.zst" for number, part in enumerate(parts)}
    return {**own, **{shared_part(part): folder / f"{number}.shared.nq.zst" for number, part in enumerate(parts)}}


def keep(entry: Entry, sources: Sequence[Path], parts: Sequence[Path], outcome: Outcome) -> None:
    """Write what came of these sources, whose statements are in `parts`."""
    with disk_errors(parts[0]):
        entry.room.mkdir(parents=True, exist_ok=True)
        for part, kept in _files(parts, entry.room).items():
            if part.exists():
                with part.open("rb") as source, kept.open("wb") as target:
                    zstandard.ZstdCompressor().copy_stream(source, target)
        (entry.room / _OUTCOME).write_text(json.dumps(_values(sources, parts, outcome)), encoding="utf-8")
        entry.seal()


def _values(sources: Sequence[Path], parts: Sequence[Path], outcome: Outcome) -> dict[str, Any]:
    number = {str(part): place for place, part in enumerate(parts)}
    return {
        "sources": list(map(str, sources)),
        "entries": [(asdict(entry), number[str(part)]) for entry, part in outcome.entries],
        "documents": {number[part]: documents for part, documents in outcome.documents.items()},
        "left_out": [asdict(row) for row in outcome.left_out],
        "errors": [(type(e).__name__, e.fact, e.file, e.line, e.document, e.advice) for e in outcome.errors],
        "faults": [(source, asdict(fault)) for source, fault in outcome.faults],
        "results": [asdict(result) for result in outcome.results],
        **{name: getattr(outcome, name) for name in ("titles", "read", "anchors", "misplaced")},
    }


def revived(folder: Path, sources: Sequence[Path], parts: Sequence[Path]) -> Outcome:
    """What `keep` wrote in `folder`, its statements in `parts` again."""
    values = json.loads((folder / _OUTCOME).read_text(encoding="utf-8"))
    with disk_errors(parts[0]):
        for part, kept in _files(parts, folder).items():
            if kept.exists():
                with kept.open("rb") as source, part.open("wb") as target:
                    zstandard.ZstdDecompressor().copy_stream(source, target)
    moved = dict(zip(values["sources"], map(str, sources), strict=True))
    return Outcome(
        entries=[(SourceEntry(**row), parts[place]) for row, place in values["entries"]],
        documents={str(parts[int(place)]): documents for place, documents in values["documents"].items()},
        left_out=[LeftOut(**row) for row in values["left_out"]],
        errors=[_error(row, moved) for row in values["errors"]],
        faults=[(source, Fault(**row)) for source, row in values["faults"]],
        results=[validation.Result(**row) for row in values["results"]],
        reused=len(sources),
        **{name: values[name] for name in ("titles", "read", "anchors", "misplaced")},
    )


def _error(row: list[Any], moved: dict[str, str]) -> SourceError:
    """An error again, of the file where it lies now."""
    kind, fact, file, line, document, advice = row
    error: SourceError = getattr(errors, kind)(
        fact, file=moved.get(file, file), line=line, document=document, advice=advice
    )
    return error
