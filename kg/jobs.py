"""One job of a build, run in a worker process: read sources, map them, validate, write their parts.

A job is what must be validated together: a TEI volume, or texts of one volume.  It writes statements to part
files and returns only figures, so memory does not grow with the number of sources.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from kg import __version__, filing, lexicon, plaintext, survey, tei, validation
from kg.agents import find_agents, person_statements
from kg.anchors import reread
from kg.authorities import Authorities, authorities
from kg.cache import Entry
from kg.document import Document, Fault, Reading
from kg.errors import InvalidDocument, SourceError, UnreadableSource
from kg.iris import Iris
from kg.links import doubts, find_links
from kg.publish import disk_errors, shared_part
from kg.referents import Around, years_of
from kg.registertables import REGISTERS_FOLDER
from kg.snapshot import LeftOut, SourceEntry
from kg.statements import Statements, canonical, in_order
from kg.survey import Survey
from kg.triples import SourceFile, document_statements, provenance, volume_statements

# Statements of documents that are validated at a time; with their text they take about 50 MB.
BATCH = 100_000
TEI_SUFFIXES = (".xml", ".xml.gz")
TEXT_SUFFIX = ".txt"
TEI_FORMAT = "application/tei+xml"
TEXT_FORMAT = "text/plain"


def is_source(path: Path) -> bool:
    return path.name.endswith((*TEI_SUFFIXES, TEXT_SUFFIX))


def source_name(path: Path) -> str:
    """A source's name in IRIs and reports: the file's, without .gz, since packing changes nothing in it."""
    return path.name.removesuffix(".gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Sources that are mapped and validated together; `parts` are the files to write, one a source.

    `registers` is the folder of the tables by which offices and persons are resolved, `volume` that of plain texts
    whose names tell none.  `survey` is of all texts of the volume where other jobs have some, too; None is of its own.
    `entry` is where an earlier build may have left what comes of it; None keeps nothing.  `validator`
    is what validates.
    """

    base_iri: str
    sources: tuple[Path, ...]
    parts: tuple[Path, ...]
    registers: Path = REGISTERS_FOLDER
    volume: str | None = None
    survey: Survey | None = None
    entry: Entry | None = None
    validator: validation.Validator = validation.validate


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a job: `anchors` counts the passages that were re-read, `misplaced` those of them that
    failed; `reused` counts sources that an earlier build had mapped."""

    entries: list[tuple[SourceEntry, Path]] = field(default_factory=list)
    titles: dict[str, str | None] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    read: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    results: list[validation.Result] = field(default_factory=list)
    graphs: list[tuple[str, Path]] = field(default_factory=list)
    anchors: int = 0
    misplaced: int = 0
    reused: int = 0

    def add(
        self,
        entry: SourceEntry,
        part: Path,
        lines: Sequence[str],
        shared: Sequence[str] = (),
        documents: Sequence[str] = (),
    ) -> None:
        """Write a source's statements and take note of it and of the identifiers of its documents."""
        for path, statements in ((part, lines), (shared_part(part), shared)):
            with disk_errors(part), path.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(statements)
        self.entries.append((entry, part))
        self.documents[str(part)] = list(documents)

    def add_graph(self, graph: str, part: Path, lines: Sequence[str]) -> None:
        """Write what a source says in a named graph that is not its own."""
        path = part.with_suffix(f".{len(self.graphs)}.nq")
        with disk_errors(part), path.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(lines)
        self.graphs.append((graph, path))

    def leave_out(self, error: SourceError) -> None:
        self.errors.append(error)
        self.left_out.append(
            LeftOut(file=Path(error.file).name, reason=error.fact, document=error.document, line=error.line)
        )


@dataclass(slots=True, kw_only=True)
class Mapped:
    """One source while its job runs: the statements of the whole and of each document.

    `faults` are all doubts of the reading, and what file numbers and citations leave open; `essential` are the
    things without which nothing of the source can be published.
    """

    file: SourceFile
    part: Path
    reading: Reading
    faults: tuple[Fault, ...]
    graph: str
    frame: Statements
    essential: frozenset[str]
    documents: dict[str, tuple[Document, Statements]]

    def lines(self) -> Iterator[str]:
        for statements in self.statements():
            yield from statements

    def parted(self, iris: Iris) -> tuple[list[str], list[str]]:
        """The statements of the source's graph, document by document, and those of the shared graph, sorted."""
        own = in_order((line for statements in self.statements() for line in statements.own()), iris.part_of_document())
        return own, canonical(line for statements in self.statements() for line in statements.shared.own())

    def statements(self) -> Iterator[Statements]:
        yield self.frame
        for _, statements in self.documents.values():
            yield statements


def map_job(job: Job) -> Outcome:
    """Read, map and validate a job's sources and write their parts.  Never raises for a bad source."""
    outcome, iris = Outcome(), Iris(job.base_iri)
    mapped: list[Mapped] = []
    readings: list[tuple[Path, Path, Reading]] = []
    for path, part in zip(job.sources, job.parts, strict=True):
        try:
            readings.append((path, part, read_source(path, job.volume)))
        except SourceError as error:
            outcome.leave_out(error)
    known = authorities(job.registers)
    if job.survey:
        around = survey.around(job.survey, known)
    else:
        around = surroundings([reading for _, _, reading in readings], known)
    for path, part, reading in readings:
        try:
            mapped.append(map_reading(iris, path, reading, around, part=part, registers=job.registers))
        except SourceError as error:
            outcome.leave_out(error)
    for source in mapped:
        outcome.read += len(source.documents)
        outcome.faults += [(source.file.name, fault) for fault in source.faults]
    check_passages(mapped, outcome)
    _agree_on_labels(mapped)
    _validate(mapped, outcome, job.validator)
    for source in mapped:
        if source.documents:
            _write(iris, source, outcome)
    return outcome


def _agree_on_labels(mapped: Sequence[Mapped]) -> None:
    """What documents share (a page, a file) bears one label: of several the first in order, as where parts merge."""
    shared = [statements.shared for source in mapped for statements in source.statements()]
    first: dict[str, str] = {}
    for statements in shared:
        for subject, line in statements.labels():
            first[subject] = min(line, first.get(subject, line))
    for statements in shared:
        for subject, line in statements.labels():
            if line != first[subject]:
                statements.discard(line)


def read_source(path: Path, volume: str | None = None) -> Reading:
    """Read any source by its suffix; `volume` is for a text whose name tells none.  Raises SourceError."""
    return plaintext.read(path, volume) if path.name.endswith(TEXT_SUFFIX) else tei.read(path)


def surroundings(readings: Sequence[Reading], known: Authorities) -> Around:
    """What the documents of a job tell of each other's names and years: texts of one volume are read as it is."""
    documents = [document for reading in readings for document in reading.documents]
    if any(reading.volume.title or reading.volume.divisions for reading in readings):  # TEI, in the order that it has
        return Around(lexicon=lexicon.of_documents(documents, lexicon.registers(known)), years=years_of(documents))
    return survey.around(survey.survey(documents, known), known)


def survey_job(job: Job) -> Survey:
    """What the texts of a job tell of each other; one that cannot be read tells nothing."""
    documents: list[Document] = []
    for path in job.sources:
        with suppress(SourceError):  # told when the text is mapped
            documents += read_source(path, job.volume).documents
    return survey.survey(documents, authorities(job.registers))


def map_source(
    iris: Iris, path: Path, part: Path = Path(), registers: Path = REGISTERS_FOLDER, volume: str | None = None
) -> Mapped:
    """Read a source and map it.  Raises SourceError."""
    reading = read_source(path, volume)
    return map_reading(
        iris, path, reading, surroundings([reading], authorities(registers)), part=part, registers=registers
    )


def map_reading(
    iris: Iris,
    path: Path,
    reading: Reading,
    around: Around,
    *,
    part: Path = Path(),
    registers: Path = REGISTERS_FOLDER,
) -> Mapped:
    """Map what was read of a source.  Raises UnreadableSource if the file is gone since."""
    file = source_file(path, TEXT_FORMAT if path.name.endswith(TEXT_SUFFIX) else TEI_FORMAT)
    graph = iris.graph(file.name)
    frame = provenance(iris, file, __version__)
    essential = frozenset({*frame.subjects(), iris.volume(reading.volume.id)})
    frame.update(volume_statements(iris, graph, reading.volume, reading.documents))
    links = find_links(reading.documents)
    unread = (*filter(None, map(filing.doubt, reading.documents)), *doubts(reading.documents, links))
    known = authorities(registers)
    agents = find_agents(reading.volume, reading.documents, known)
    person_statements(frame, iris, reading.volume.id, agents, around.called)
    documents = {
        document.id: (document, document_statements(iris, graph, document, links, agents, around, known))
        for document in reading.documents
    }
    return Mapped(
        file=file,
        part=part,
        reading=reading,
        faults=(*reading.faults, *unread),
        graph=graph,
        frame=frame,
        essential=essential,
        documents=documents,
    )


def source_file(path: Path, media_type: str) -> SourceFile:
    """The file with its digest and size.  Raises UnreadableSource."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableSource(
            f"cannot be read ({error.strerror})", file=path, advice="check its permissions"
        ) from error
    return SourceFile(name=source_name(path), sha256=digest, bytes=size, format=media_type)


def check_passages(mapped: list[Mapped], outcome: Outcome) -> None:
    """Re-read every passage in the text that is to be published; a document with one that does not stand there goes."""
    for source in mapped:
        for name, (document, statements) in list(source.documents.items()):
            checked = reread(statements.own())
            outcome.anchors += checked.count
            outcome.misplaced += len(checked.broken)
            if checked.broken:
                del source.documents[name]
                outcome.leave_out(_misplaced(source, document, *checked.broken[0]))


def _misplaced(source: Mapped, document: Document, passage: str, fault: str) -> InvalidDocument:
    return InvalidDocument(
        f"a passage does not stand in its text: {fault} ({passage})",
        file=source.file.name,
        line=document.line,
        document=document.id,
        advice="report the mistake; the document's text was not read as its mentions were",
    )


def _validate(mapped: list[Mapped], outcome: Outcome, validator: validation.Validator) -> None:
    """Take out what breaks a shape until the rest conforms.

    A document goes as a whole.  Of what no document brings, the thing itself goes (a page, a division): what
    leans on it breaks a shape in its turn.  A broken volume takes its whole source out.
    """
    while any(source.documents for source in mapped):
        results = sorted({result for batch in _batches(mapped) for result in validator(batch)})
        if not results:
            return
        outcome.results += results
        if not sum(_take_out(source, results, outcome) for source in mapped):
            raise RuntimeError(f"a result points at nothing that could be left out: {results[0]}")


def _batches(mapped: list[Mapped]) -> Iterator[Iterator[str]]:
    """What is validated at a time: some documents, and with them what shapes look at from there, all frames.

    No shape looks from one document into another; so the memory that this takes has a bound.
    """
    frames = [line for source in mapped if source.documents for line in source.frame]
    batch: list[Statements] = []
    size = 0
    for statements in (statements for source in mapped for _, statements in source.documents.values()):
        if batch and size + len(statements) > BATCH:
            yield chain(frames, *batch)
            batch, size = [], 0
        batch.append(statements)
        size += len(statements)
    if batch:
        yield chain(frames, *batch)


def _take_out(source: Mapped, results: list[validation.Result], outcome: Outcome) -> int:
    """How many documents and things went."""
    bringers: dict[str, set[str]] = defaultdict(set)
    for document, statements in source.documents.values():
        for subject in statements.subjects():
            bringers[subject].add(document.id)
    frame, gone = source.frame.subjects(), 0
    for result in results:
        guilty = bringers.get(result.focus, set())
        if result.focus in source.essential:
            guilty = set(source.documents)
        elif not guilty and result.focus in frame:
            gone += 1
            source.frame.remove(result.focus)
            outcome.leave_out(_invalid(source, result, None))
        for name in sorted(guilty & source.documents.keys()):
            gone += 1
            document, _ = source.documents.pop(name)
            outcome.leave_out(_invalid(source, result, document))
    return gone


def _invalid(source: Mapped, result: validation.Result, document: Document | None) -> InvalidDocument:
    return InvalidDocument(
        f"{result.message} (found {result.value or 'nothing'} at {result.focus})",
        file=source.file.name,
        line=document.line if document else None,
        document=document.id if document else None,
        advice="mend the source, or report the reader's mistake",
    )


def _write(iris: Iris, source: Mapped, outcome: Outcome) -> None:
    lines, shared = source.parted(iris)
    volume = source.reading.volume
    entry = SourceEntry(
        name=source.file.name,
        graph=source.graph,
        sha256=source.file.sha256,
        bytes=source.file.bytes,
        volume=volume.id,
        format=source.file.format,
        read=len(source.reading.documents),
        published=len(source.documents),
        statements=len(lines),
        doubts=dict(sorted(Counter(fault.kind for fault in source.faults).items())),
    )
    documents = [document.identifier for document, _ in source.documents.values()]
    outcome.add(entry, source.part, lines, shared, documents)
    outcome.titles[volume.id] = volume.title
