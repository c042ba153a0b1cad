"""Files of the snapshot, whole: the dataset and each volume, as they were written at publication."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.snapshot import Snapshot
from service.problems import NotFound
from service.representations import HTML
from service.responses import file_reply, readable, reply
from service.site import site_of

router = APIRouter()

MEDIA_TYPES: Final = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".ttl": "text/turtle",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
}
WHOLE: Final = "dragoman.nq"
"""The name under which the snapshot's data.nq is served."""


@dataclass(frozen=True, slots=True)
class Download:
    """One file; `name` is one path segment."""

    name: str
    path: Path
    media_type: str
    size: int


def list_downloads(snapshot: Snapshot) -> dict[str, Download]:
    """All files that may be served, by name: only a name that is listed here leads to a file."""
    paths = {WHOLE: snapshot.data}
    if snapshot.downloads.is_dir():
        paths |= {path.name: path for path in sorted(snapshot.downloads.iterdir()) if path.is_file()}
    return {
        name: Download(name, path, MEDIA_TYPES[path.suffix], path.stat().st_size)
        for name, path in paths.items()
        if path.suffix in MEDIA_TYPES and path.is_file()
    }


@readable(router, "/download/")
async def index(request: Request) -> Response:
    """The page that lists the files."""
    site = site_of(request)
    files = list_downloads(site.snapshot)
    return reply(request, site.pages.downloads(list(files.values())), HTML)


@readable(router, "/download")
async def index_without_slash(request: Request) -> Response:
    """The page's address has a slash at its end."""
    return Response(status_code=308, headers={"Location": f"{site_of(request).root}download/"})


@readable(router, "/download/{name}")
async def download(request: Request, name: str) -> Response:
    """One file, with Range (RFC 9110, 14)."""
    site = site_of(request)
    found = list_downloads(site.snapshot).get(name)
    if found is None:
        raise NotFound("there is no download of this name")
    tag = hashlib.sha256(f"{site.snapshot.manifest.id} {name}".encode()).hexdigest()[:32]
    return file_reply(request, found.path, found.media_type, etag=f'"{tag}"', name=name, modified=site.modified)
