"""Linked data: `/id/...` names a thing, `/doc/...` is a document about it.

`/id/x` answers 303 to `/doc/x.SUFFIX` (https://www.w3.org/TR/cooluris/#r303gendocument); the suffix carries the
negotiated type on.  `/doc/x` without a suffix negotiates too.  A name may itself end in what looks like a suffix
(id/source/volume.ttl): `/doc/a.ttl` is then the Turtle of `a` if there is an `a`, else about `a.ttl`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.vocabulary import DGM
from service.descriptions import PAGE_SIZE, Description, describe, exists
from service.problems import BadRequest, NotFound
from service.representations import HTML, JSON_LD, OFFERS, SUFFIXES, write
from service.responses import negotiate, readable, reply
from service.site import Site, site_of

router = APIRouter()

# What a page shows changes with this software too; the data only with the snapshot, about once a day.
CACHE_DATA: Final = "public, max-age=86400"
CACHE_PAGE: Final = "public, max-age=300"
_MAX_PAGE = 100_000


@readable(router, "/id/{path:path}")
async def thing(request: Request) -> Response:
    """303 to the document about this thing, of the type that the request prefers."""
    site, path = site_of(request), _raw_path(request, "id/")
    media_type = negotiate(request, OFFERS)
    for candidate in _spellings(site, path):
        if await exists(site.lookups, f"{site.base}id/{candidate}"):
            location = f"{site.root}doc/{candidate}{_suffix(media_type)}"
            headers = {"Location": location, "Vary": "Accept", "Cache-Control": CACHE_DATA}
            return Response(status_code=303, headers=headers)
    raise NotFound("the dataset says nothing of a thing of this name")


@readable(router, "/doc/{path:path}")
async def document(request: Request) -> Response:
    """The document about a thing; `page` goes through what points at it, PAGE_SIZE at a time."""
    site, path, page = site_of(request), _raw_path(request, "doc/"), _page(request)
    for media_type, suffix in SUFFIXES.items():
        name = path.removesuffix(suffix)
        if name != path and (description := await _find(site, name, page)):
            return _represent(request, site, description, name, media_type, {})
    media_type = negotiate(request, OFFERS)
    description = await _find(site, path, page)
    if not description:
        raise NotFound("the dataset says nothing of a thing of this name")
    headers = {"Vary": "Accept", "Content-Location": _address(site, path, _suffix(media_type), page)}
    return _represent(request, site, description, path, media_type, headers)


def _raw_path(request: Request, prefix: str) -> str:
    """What follows `prefix`, still percent-encoded: decoded, a slash in a key could not be told from ours."""
    raw = bytes(request.scope["raw_path"]).partition(b"?")[0]
    return quote(raw, safe="/%:@!$&'()*+,;=-._~").removeprefix(site_of(request).root + prefix)


def _spellings(site: Site, path: str) -> list[str]:
    """The path as sent, and as we would have written it."""
    parsed = site.iris.parse(f"{site.base}id/{path}")
    canonical = site.iris.thing(parsed[0], *parsed[1]).removeprefix(f"{site.base}id/") if parsed else path
    return [path] if canonical == path else [path, canonical]


async def _find(site: Site, path: str, page: int) -> Description | None:
    for candidate in _spellings(site, path):
        description = await describe(site.lookups, f"{site.base}id/{candidate}", page)
        if description:
            return description
    return None


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MAX_PAGE):
        raise BadRequest(f"page is a number from 1 to {_MAX_PAGE}")
    return int(text[:9])


def _suffix(media_type: str) -> str:
    return SUFFIXES.get(media_type, SUFFIXES[JSON_LD])


def _address(site: Site, path: str, suffix: str, page: int) -> str:
    return f"{site.root}doc/{path}{suffix}" + (f"?page={page}" if page > 1 else "")


def _represent(
    request: Request, site: Site, description: Description, path: str, media_type: str, headers: dict[str, str]
) -> Response:
    links = [
        f'<{_address(site, path, suffix, description.page)}>; rel="alternate"; type="{other}"'
        for other, suffix in SUFFIXES.items()
        if other != media_type
    ]
    links.append(f'<{description.iri}>; rel="describes"')
    if description.incoming_total > description.page * PAGE_SIZE:
        links.append(f'<{_address(site, path, _suffix(media_type), description.page + 1)}>; rel="next"')
    if media_type != HTML:
        body = write(description.triples, media_type, about=description.iri, context=site.vocabularies.context)
    elif DGM.Document in description.types(description.iri):
        body = site.pages.document(description, path)
    else:
        body = site.pages.resource(description, path)
    return reply(
        request,
        body,
        media_type,
        headers={**headers, "Link": ", ".join(links)},
        modified=None if media_type == HTML else site.modified,
        cache=CACHE_PAGE if media_type == HTML else CACHE_DATA,
    )
