"""Downloads: the whole dataset, each volume, each document, as they were made at publication.

`/download/NAME.FORMAT[.CODING]` is of the current snapshot, `/download/SNAPSHOT/NAME...` of the one named, for ever.
Downloads are never coded on the way, so that ranges and digests (RFC 9530) are of what stands in the listing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import Response, StreamingResponse

from kg.downloads import CODINGS, VOLUME, WHOLE, Coding, Downloads, File
from kg.errors import SnapshotError
from kg.formats import FORMATS
from kg.snapshot import Snapshot
from service import signposting
from service.problems import NotFound
from service.representations import HTML
from service.responses import conditional, content_type, file_reply, negotiate, readable, reply, wanted_ranges
from service.site import Site, site_of

router = APIRouter()

IMMUTABLE: Final = "public, max-age=31536000, immutable"
_JSON: Final = "application/json"
_DOCUMENT: Final = "document/"
_SNAPSHOT: Final = re.compile(r"([0-9a-f]{32})/(.*)")
_NAME: Final = re.compile(rf"(.+)\.({'|'.join(FORMATS)})(?:\.({'|'.join(filter(None, CODINGS))}))?")
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


@readable(router, "/download/")
async def index(request: Request) -> Response:
    """All files but those of documents, with sizes and digests: a page, or JSON."""
    site = site_of(request)
    chosen = negotiate(request, (HTML, _JSON))
    files = await run_in_threadpool(Downloads(site.snapshot.downloads).files)
    if chosen == HTML:
        body = site.pages.downloads(files)
    else:
        body = (json.dumps(_listing(site, files), indent=1) + "\n").encode()
    return reply(request, body, chosen, headers={"Vary": "Accept"})


def _listing(site: Site, files: list[File]) -> dict[str, object]:
    rows = [
        {"url": f"{site.base}download/{file.path}", "mediaType": file.media_type, "byteSize": file.size}
        | {"sha256": file.sha256}
        for file in files
    ]
    return {"snapshot": site.snapshot.manifest.id, "files": rows}


@readable(router, "/download/SHA256SUMS")
async def sums(request: Request) -> Response:
    """The digests of all files but those of documents, as `sha256sum --check` reads them."""
    files = await run_in_threadpool(Downloads(site_of(request).snapshot.downloads).files)
    text = "".join(f"{file.sha256}  {file.path}\n" for file in files)
    return reply(request, text.encode(), "text/plain")


@readable(router, "/download")
async def index_without_slash(request: Request) -> Response:
    """The page's address has a slash at its end."""
    return Response(status_code=308, headers={"Location": f"{site_of(request).root}download/"})


@readable(router, "/download/{path:path}")
async def download(request: Request) -> Response:
    """One file, with Range (RFC 9110, 14)."""
    site = site_of(request)
    raw = bytes(request.scope["raw_path"]).partition(b"?")[0]
    path = quote(raw, safe="/%:@!$&'()*+,;=-._~").removeprefix(f"{site.root}download/")
    versioned = _SNAPSHOT.fullmatch(path)
    snapshot = _kept(site, versioned[1]) if versioned else site.snapshot
    match = _NAME.fullmatch(versioned[2] if versioned else path)
    if not match or snapshot is None:
        raise NotFound("there is no download of this name")
    name, form, suffix = match.groups(default="")
    coding = next(known for known in CODINGS if known == suffix)
    wanted = _Wanted(snapshot=snapshot, name=name, form=form, coding=coding, versioned=bool(versioned))
    try:
        return await run_in_threadpool(_answer, request, wanted)
    except SnapshotError:
        raise NotFound("this snapshot was published without downloads") from None


def _kept(site: Site, identifier: str) -> Snapshot | None:
    """A snapshot that is kept beside the current one; None if it is not."""
    if identifier == site.snapshot.manifest.id:
        return site.snapshot
    try:
        return Snapshot.open(site.snapshot.path.parent / identifier)
    except SnapshotError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a request asks for: `name`.`form`[.`coding`] of a snapshot, by its own address or as the current one."""

    snapshot: Snapshot
    name: str
    form: str
    coding: Coding
    versioned: bool

    @property
    def path(self) -> str:
        return f"{self.name}.{self.form}" + (f".{self.coding}" if self.coding else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is sent: `size` bytes, which `content` gives from any byte on, or the file at `path`."""

    media_type: str
    sha256: str
    size: int
    content: Callable[[int], Iterator[bytes]]
    path: Path | None = None


def _answer(request: Request, wanted: _Wanted) -> Response:
    site = site_of(request)
    found = _find(wanted)
    if found is None:
        if _find(replace(wanted, name=f"{VOLUME}{wanted.name}")):
            # Where volumes stood in the first release.
            return Response(status_code=308, headers={"Location": f"{site.root}download/{VOLUME}{wanted.path}"})
        raise NotFound("there is no download of this name")
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    headers = {"Repr-Digest": f"sha-256=:{digest}:", "Link": signposting.of_file(site, wanted.name)}
    if not wanted.versioned:
        headers["Content-Location"] = f"{site.root}download/{wanted.snapshot.manifest.id}/{wanted.path}"
    cache = IMMUTABLE if wanted.versioned else "no-cache"
    etag, modified = f'"{found.sha256[:32]}"', int(wanted.snapshot.path.stat().st_mtime)
    name = wanted.path.removeprefix(_DOCUMENT).removeprefix(VOLUME).replace("/", "-")
    if not found.path:
        fields = MutableHeaders({"ETag": etag, "Cache-Control": cache, **headers})
        return _stream(request, found, name, fields, modified)
    return file_reply(
        request, found.path, found.media_type, etag=etag, name=name, headers=headers, modified=modified, cache=cache
    )


def _find(wanted: _Wanted) -> _Found | None:
    """Only a name that the index lists leads to a file."""
    downloads = Downloads(wanted.snapshot.downloads)
    media_type = CODINGS[wanted.coding] or FORMATS[wanted.form]
    if wanted.name.startswith(_DOCUMENT):
        body = downloads.document(wanted.name.removeprefix(_DOCUMENT), wanted.form, wanted.coding)
        if body is None:
            return None
        digest = hashlib.sha256(body).hexdigest()
        return _Found(media_type=media_type, sha256=digest, size=len(body), content=lambda start: iter((body[start:],)))
    file = downloads.file(wanted.name, wanted.form, wanted.coding)
    if file is None:
        return None
    # Of plain forms one is kept: the data of record.
    kept = wanted.snapshot.data if (file.name, file.format) == (WHOLE, "nq") else None
    return _Found(
        media_type=media_type,
        sha256=file.sha256,
        size=file.size,
        content=lambda start: downloads.plain(file.name, file.format, start),
        path=downloads.path(file) if file.coding else kept,
    )


def _stream(request: Request, found: _Found, name: str, headers: MutableHeaders, modified: int) -> Response:
    """What is not a file on the disk, whole or one range of it; several at once are not given (RFC 9110, 14.2)."""
    headers["Accept-Ranges"] = "bytes"
    if unchanged := conditional(request, headers, modified):
        return unchanged
    headers["Content-Type"] = content_type(found.media_type)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    match = _RANGE.fullmatch(wanted_ranges(request, headers, found.size))
    start, end = _span(match, found.size) if match else (0, found.size)
    headers["Content-Length"] = str(end - start)
    if match:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    body = () if request.method == "HEAD" else _cut(found.content(start), end - start)
    return StreamingResponse(body, status_code=206 if match else 200, headers=headers)


def _span(match: re.Match[str], size: int) -> tuple[int, int]:
    """From the first byte to after the last."""
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _cut(blocks: Iterator[bytes], length: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[:length]
        length -= len(block)
        if length <= 0:
            return
