"""The snapshot folder, the only contract between building and serving, and its reader.

    DIR/
      current                 symbolic link to snapshots/ID, replaced in one rename
      history.sqlite          when each snapshot was published, and what changed; kg/history.py tells of it
      cache/                  what the last build left for the next; kg/cache.py tells of it
      snapshots/ID/           ID: the first 32 hex digits of the SHA-256 of manifest.json
        manifest.json         base IRI, digests, counts, versions, sources, volumes
        data.nq               every statement, source by source, document by document: the data of record
        validation.ttl        the SHACL report
        doubts.tsv            what readers could not take as it stood, and what they kept
        downloads/            the whole and each volume in all formats, compressed; kg/downloads.py tells of them
        catalogue.nt          what it holds and how it can be had: VoID and DCAT
        coverage.tsv          of how many documents which field is stated or inferred (kg/coverage.py)
        store/                the Oxigraph store derived from data.nq
        search.sqlite         full text, facets, mentions, names, letters between posts, threads: from the store
        sizes.tsv             the bytes of every other file but the next
        SHA256SUMS            the digest of every other file, as `sha256sum --check` reads it

A snapshot is never changed once its folder has its name.  `Snapshot.damage` tells whether it is as it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from kg.errors import SnapshotError

CURRENT = "current"
SNAPSHOTS = "snapshots"
MANIFEST = "manifest.json"
DATA = "data.nq"
REPORT = "validation.ttl"
DOUBTS = "doubts.tsv"
CATALOGUE = "catalogue.nt"
COVERAGE = "coverage.tsv"
STORE = "store"
SEARCH = "search.sqlite"
SIZES = "sizes.tsv"
SUMS = "SHA256SUMS"
DOWNLOADS = "downloads"
FORMAT_VERSION = 5
# Files of no more bytes are read even by a quick look.
_SMALL: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A document or a whole source that is not in the snapshot, and why."""

    file: str
    reason: str
    document: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One source file: `graph` is its named graph, `read` and `published` count documents.

    `volume` is None for RDF that was loaded as it is.  `doubts` counts by kind what the reader could not take as it
    stood (doubts.tsv lists it).
    """

    name: str
    graph: str
    sha256: str
    bytes: int
    volume: str | None
    format: str
    read: int
    published: int
    statements: int
    doubts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeEntry:
    """One volume: its graphs are those of the sources that name it."""

    id: str
    iri: str
    title: str | None
    documents: int
    statements: int


# No slots: the name, which every page shows, is made once.
@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a snapshot says of itself.  `data_sha256` and `report_sha256` are digests of data.nq, validation.ttl.

    `counts` has documents, volumes, sources, statements, left_out; `versions` has dragoman, ontology, format.
    """

    base_iri: str
    data_sha256: str
    report_sha256: str
    counts: dict[str, int]
    versions: dict[str, str]
    sources: tuple[SourceEntry, ...]
    volumes: tuple[VolumeEntry, ...]
    left_out: tuple[LeftOut, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @cached_property
    def id(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:32]

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError if the text is no manifest."""
        values = json.loads(text)
        return cls(
            base_iri=values["base_iri"],
            data_sha256=values["data_sha256"],
            report_sha256=values["report_sha256"],
            counts=dict(values["counts"]),
            versions=dict(values["versions"]),
            sources=tuple(SourceEntry(**row) for row in values["sources"]),
            volumes=tuple(VolumeEntry(**row) for row in values["volumes"]),
            left_out=tuple(LeftOut(**row) for row in values["left_out"]),
        )


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file in hexadecimal digits; None if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _digests(text: str) -> dict[str, str]:
    """Name → digest of SHA256SUMS.  Raises ValueError if it is none."""
    sums: dict[str, str] = {}
    if not text.endswith("\n"):
        raise ValueError(f"{SUMS} breaks off")
    for line in text.splitlines():
        digest, separator, name = line.partition("  ")
        if not separator or len(digest) != 64 or Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"{line!r} is no line of {SUMS}")
        sums[name] = digest
    return sums


@dataclass(frozen=True, slots=True, order=True)
class Damage:
    """A file of a snapshot, by its name there, that is not as it was written; `fact` says how."""

    file: str
    fact: str

    def __str__(self) -> str:
        return f"{self.file}: {self.fact}"


Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


def _silent(_done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published snapshot, opened by `Snapshot.open(DIR)`; paths are absolute and resolved."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: str | Path) -> Snapshot:
        """The snapshot that DIR/current names (or DIR itself, if it is a snapshot's own folder).

        Raises SnapshotError if there is none or if its manifest does not match its name.
        """
        folder = Path(folder)
        path = folder if (folder / MANIFEST).is_file() else folder / CURRENT
        try:
            path = path.resolve(strict=True)
            text = (path / MANIFEST).read_text(encoding="utf-8")
            manifest = Manifest.from_json(text)
        except OSError as error:
            raise SnapshotError(f"{folder}: no snapshot here; make one with `dragoman build`") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotError(f"{path / MANIFEST}: damaged ({error}); build the snapshot again") from error
        if manifest.id != path.name:
            raise SnapshotError(f"{path}: the manifest does not match the folder's name; build it again")
        return cls(path, manifest)

    def damage(self, *, quick: bool = False, of: Collection[str] = (), progress: Progress = _silent) -> list[Damage]:
        """What is not as it was written, sorted by name; empty for a whole snapshot.

        `of` are names of files and folders, to look at these alone.

        A `quick` look takes milliseconds: every file must be there with its size, small ones with their digests.
        Otherwise every byte is read, and a file that no build has written is told, too.
        """
        try:
            sums = _digests((self.path / SUMS).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            return [Damage(SUMS, "gone" if isinstance(error, FileNotFoundError) else "cannot be read")]
        sizes = self._sizes()
        found = [Damage(SUMS, f"does not tell of {name} what the manifest does") for name in self._untold(sums)]
        done, total = 0, sum(sizes.values())
        for name, digest in sums.items():
            if of and name.partition("/")[0] not in of:
                continue
            found += self._file_damage(name, digest, sizes.get(name), quick=quick)
            progress(done := done + sizes.get(name, 0), total)
        strangers = () if quick else self._strangers(sums)
        return sorted([*found, *(damage for damage in strangers if not of or damage.file.partition("/")[0] in of)])

    def _untold(self, sums: Mapping[str, str]) -> list[str]:
        """SHA256SUMS must agree with the manifest, which the folder's name vouches for."""
        stated = {DATA: self.manifest.data_sha256, REPORT: self.manifest.report_sha256, MANIFEST: sums.get(MANIFEST)}
        return [name for name, digest in stated.items() if not digest or sums.get(name) != digest]

    def _sizes(self) -> dict[str, int]:
        """By sizes.tsv; what is damaged there is told by its digest.  Earlier versions wrote none."""
        try:
            rows = [line.partition("\t") for line in (self.path / SIZES).read_text(encoding="utf-8").splitlines()]
            return {name: int(size) for size, _, name in rows}
        except (OSError, ValueError):
            return {}

    def _file_damage(self, name: str, digest: str, size: int | None, *, quick: bool) -> Iterator[Damage]:
        path = self.path / name
        try:
            actual = path.stat().st_size
        except OSError:
            yield Damage(name, "gone")
            return
        if size is not None and actual != size:
            yield Damage(name, f"has {actual:,} bytes, and had {size:,} when it was published")
        elif not quick or actual <= _SMALL:
            found = file_digest(path)
            if found != digest:
                yield Damage(name, "is not as it was published" if found else "cannot be read")

    def _strangers(self, sums: Mapping[str, str]) -> Iterator[Damage]:
        for path in self.path.rglob("*"):
            name = path.relative_to(self.path).as_posix()
            if name not in sums and name != SUMS and not path.is_dir():
                yield Damage(name, f"is not in {SUMS}")

    @property
    def data(self) -> Path:
        return self.path / DATA

    @property
    def report(self) -> Path:
        return self.path / REPORT

    @property
    def catalogue(self) -> Path:
        return self.path / CATALOGUE

    @property
    def coverage(self) -> Path:
        return self.path / COVERAGE

    @property
    def store(self) -> Path:
        return self.path / STORE

    @property
    def search(self) -> Path:
        return self.path / SEARCH

    @property
    def downloads(self) -> Path:
        return self.path / DOWNLOADS
