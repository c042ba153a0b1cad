"""The dataset for readers, `/dataset`: what it holds and how much of it, how it was checked, its versions, how to cite.

Every number on the page was counted when the snapshot was published.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.coverage import DOCUMENTS, FIELDS, Coverage, read, total
from kg.downloads import WHOLE, Downloads, File
from kg.errors import SnapshotError
from kg.history import Published
from service.catalogue import held
from service.edition import WRITERS, Edition, chicago, linked_data, styles
from service.problems import NotFound
from service.references import STYLES
from service.representations import HTML
from service.responses import negotiate, readable, reply
from service.site import Site, site_of

router = APIRouter()

CSV: Final = "text/csv"
_VERSIONS: Final = 10
_coverage = lru_cache(maxsize=2)(read)


@dataclass(frozen=True, slots=True)
class Covered:
    """A field, and of how many documents it is stated, inferred alone, or unknown."""

    name: str
    label: str
    meaning: str
    stated: int
    inferred: int
    unknown: int

    @property
    def per_cent(self) -> str:
        """Of how many it is known; 0 and 100 stand for none and all."""
        known, every = self.stated + self.inferred, max(1, self.stated + self.inferred + self.unknown)
        share = round(100 * known / every)
        if 0 < known < every and share in (0, 100):
            return ">99" if share else "<1"
        return str(share)

    @property
    def parts(self) -> tuple[float, float]:
        """Per cent that are stated, and inferred."""
        every = max(1, self.stated + self.inferred + self.unknown)
        return 100 * self.stated / every, 100 * self.inferred / every


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetView:
    """What the template shows.  `volumes` are (name, fields) in the order of the first page."""

    edition: Edition
    fields: tuple[Covered, ...]
    volumes: tuple[tuple[str, tuple[Covered, ...]], ...]
    doubts: dict[str, int]
    versions: tuple[Published, ...]
    older: int

    @property
    def chicago(self) -> tuple[tuple[str, bool], ...]:
        return chicago(self.edition)

    @property
    def styles(self) -> list[tuple[str, str, str]]:
        return styles(self.edition)

    @property
    def linked_data(self) -> Markup:
        return Markup(linked_data(self.edition))  # noqa: S704 - no character in it can end a script element


@readable(router, "/dataset")
async def dataset(request: Request) -> Response:
    """What the dataset holds, field by field; its checks, versions and licence, and how to cite it."""
    site = site_of(request)
    chosen = negotiate(request, (HTML, CSV))
    if chosen == CSV:
        return reply(request, _table(site), CSV, headers={"Vary": "Accept"}, modified=site.modified)
    view = await run_in_threadpool(_view, site)
    return reply(request, site.pages.dataset(view), HTML, headers={"Vary": "Accept"})


@readable(router, "/dataset/coverage.csv")
async def coverage(request: Request) -> Response:
    """Of how many documents of each volume which field is stated, inferred, or unknown."""
    site = site_of(request)
    return reply(request, _table(site), CSV, modified=site.modified)


@readable(router, "/cite/dataset{suffix}")
async def cite(request: Request, suffix: str) -> Response:
    """How to cite the dataset, in the form that the suffix names."""
    site = site_of(request)
    style = next((style for style in STYLES if style.suffix == suffix), None)
    if style is None:
        raise NotFound(f"references are written as {', '.join(WRITERS)}")
    edition = await run_in_threadpool(edition_of, site)
    headers = {"Content-Disposition": f'attachment; filename="{edition.key}{suffix}"'}
    return reply(request, WRITERS[suffix](edition).encode(), style.media_type, headers=headers, modified=site.modified)


def edition_of(site: Site) -> Edition:
    """The dataset as this snapshot has it."""
    manifest = site.snapshot.manifest
    return Edition(
        iri=site.iris.dataset(),
        page=f"{site.base}dataset",
        snapshot=manifest.id,
        published=datetime.fromtimestamp(site.modified, UTC),
        documents=manifest.counts.get("documents", 0),
        volumes=manifest.counts.get("volumes", 0),
        sent=held(site.snapshot.catalogue).sent,
        files=_files(site),
        downloads=f"{site.base}download/{manifest.id}/",
    )


def _files(site: Site) -> tuple[File, ...]:
    """The downloads of the whole; none if an older version published the snapshot."""
    try:
        return tuple(file for file in Downloads(site.snapshot.downloads).files() if file.name == WHOLE)
    except SnapshotError:
        return ()


def _view(site: Site) -> DatasetView:
    manifest, coverage = site.snapshot.manifest, _coverage(site.snapshot.coverage)
    doubts: dict[str, int] = {}
    for source in manifest.sources:
        for kind, number in source.doubts.items():
            doubts[kind] = doubts.get(kind, 0) + number
    versions = tuple(reversed(site.mementos.history.publications()))
    return DatasetView(
        edition=edition_of(site),
        fields=_covered(total(coverage)),
        volumes=tuple((name, _covered(coverage[name])) for name in _names(site, coverage)),
        doubts=dict(sorted(doubts.items(), key=lambda item: -item[1])),
        versions=versions[:_VERSIONS],
        older=max(0, len(versions) - _VERSIONS),
    )


def _names(site: Site, coverage: Coverage) -> list[str]:
    return [volume.id for volume in site.pages.volumes if volume.id in coverage]


def _covered(fields: dict[str, tuple[int, int]]) -> tuple[Covered, ...]:
    every, _ = fields.get(DOCUMENTS, (0, 0))
    rows = ((field, *fields.get(field.name, (0, 0))) for field in FIELDS)
    return tuple(
        Covered(field.name, field.label, field.meaning, stated, inferred, every - stated - inferred)
        for field, stated, inferred in rows
        if every
    )


def _table(site: Site) -> bytes:
    """One row a volume and field."""
    coverage, text = _coverage(site.snapshot.coverage), io.StringIO()
    table = csv.writer(text)
    table.writerow(("volume", "field", "stated", "inferred", "unknown"))
    table.writerows(
        (name, field.name, field.stated, field.inferred, field.unknown)
        for name in _names(site, coverage)
        for field in _covered(coverage[name])
    )
    return text.getvalue().encode()
