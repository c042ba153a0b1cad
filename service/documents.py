"""The pages and files that are about the service itself: first page, ontology, shapes, report, health."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.errors import QueryError
from kg.vocabulary import ONTOLOGY_FOLDER
from service import catalogue, llms, openapi, signposting
from service.cache import steady
from service.problems import TABLE, NotFound
from service.profiles import wish
from service.queries import Query
from service.representations import HTML, JSON_LD, OFFERS, SUFFIXES, digest, suffix_of
from service.responses import negotiate, readable, reply
from service.site import Site, site_of
from service.vocabularies import CONTEXT_PATH, RdfFile, read_rdf

router = APIRouter()

STATIC_FOLDER: Final = Path(__file__).with_name("static")
_STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
_CACHE_LONG = "public, max-age=86400"
_CACHE_STATIC = "public, max-age=3600"
_ASK = Query(text="ASK {}", results="application/sparql-results+json", graph=None)


@readable(router, "/")
async def landing(request: Request) -> Response:
    """What this is, what it holds, where to go on; for programs, the description of the dataset."""
    site = site_of(request)
    chosen = negotiate(request, (HTML, *OFFERS))
    if chosen == HTML:
        steady(request)
        return reply(request, site.pages.landing(), HTML, headers={"Vary": "Accept", "Link": await _signposts(site)})
    path = site.iris.dataset().removeprefix(f"{site.base}id/")
    location = f"{site.root}doc/{path}{suffix_of(chosen)}"
    return Response(status_code=303, headers={"Location": location, "Vary": "Accept"})


async def _signposts(site: Site) -> str:
    """The first page is a landing page of the dataset, as the page about it is."""
    description = await site.descriptions.get(site.iris.dataset())
    if not description:
        return ""  # a snapshot of any RDF need not say anything of itself
    name = description.iri.removeprefix(f"{site.base}id/")
    addresses = {media_type: f"{site.root}doc/{name}{suffix}" for media_type, suffix in SUFFIXES.items()}
    addresses[HTML] = site.root
    return signposting.header(signposting.of(signposting.links_of(site, description, addresses), site.root))


@readable(router, f"/{CONTEXT_PATH}")
async def context(request: Request) -> Response:
    """The JSON-LD context that our documents name."""
    body = (ONTOLOGY_FOLDER / "context.jsonld").read_bytes()
    return reply(request, body, JSON_LD, cache=_CACHE_LONG)


@readable(router, "/ontology")
@readable(router, "/ontology{suffix}")
async def ontology(request: Request) -> Response:
    """The ontology; every term dereferences to it."""
    site = site_of(request)
    held = catalogue.held(site.snapshot.catalogue)
    page = partial(site.pages.ontology, held.classes, held.properties)
    return _rdf(request, site.vocabularies.ontology, "ontology", page)


@readable(router, "/ontology/alignment")
@readable(router, "/ontology/alignment{suffix}")
async def alignment(request: Request) -> Response:
    """How the terms relate to those of other vocabularies."""
    site = site_of(request)
    return _text(request, site.vocabularies.alignment, "ontology/alignment", "Alignment with other vocabularies")


@readable(router, "/ontology/competency")
@readable(router, "/ontology/competency{suffix}")
async def competency(request: Request) -> Response:
    """The competency questions with their queries, as data (SHACL, 5.4: SPARQL SELECT executables)."""
    site = site_of(request)
    return _text(request, site.vocabularies.competency(site.base), "ontology/competency", "Competency questions")


@readable(router, "/shapes")
@readable(router, "/shapes{suffix}")
async def shapes(request: Request) -> Response:
    """All shapes that the published data keep."""
    site = site_of(request)
    return _rdf(request, site.vocabularies.shapes, "shapes", site.pages.shapes)


@readable(router, "/report")
@readable(router, "/report{suffix}")
async def report(request: Request) -> Response:
    """The validation report of this snapshot."""
    site = site_of(request)
    file = _report(site.snapshot.report)
    return _rdf(request, file, "report", lambda: site.pages.report(file))


@lru_cache(maxsize=2)
def _report(path: Path) -> RdfFile:
    """Read once for each snapshot, whose folder is named by its content."""
    return read_rdf([path])


def _text(request: Request, file: RdfFile, name: str, title: str) -> Response:
    """An RDF file whose page shows its text."""
    site = site_of(request)
    return _rdf(request, file, name, lambda: site.pages.turtle(file, name, title))


def _rdf(request: Request, file: RdfFile, name: str, page: Callable[[], bytes]) -> Response:
    """An RDF file in the type that the suffix names or the request prefers."""
    site, suffix = site_of(request), request.path_params.get("suffix", "")
    by_suffix = {value: media_type for media_type, value in SUFFIXES.items()}
    if suffix and suffix not in by_suffix:
        raise NotFound(f"{name} has no such representation")
    query = {key: value for key, value in request.query_params.items() if key == "_mediatype"}
    choice = wish(request.headers.getlist("accept"), (), query, by_suffix.get(suffix)).choose()
    own = suffix_of(choice.media_type)
    others = [
        f'<{site.root}{name}{other}>; rel="alternate"; type="{media_type}"'
        for media_type, other in SUFFIXES.items()
        if other != own
    ]
    headers = {"Vary": "Accept", "Link": ", ".join(others)}
    if not suffix:
        headers["Content-Location"] = f"{site.root}{name}{own}"
    context = site.vocabularies.context
    body = page() if choice.media_type == HTML else file.write(choice.media_type, context, choice.forms)
    steady(request)
    tag = digest(f"{choice.content_type}\n".encode() + body)
    return reply(request, body, choice.content_type, headers=headers, etag=tag)


@readable(router, "/problems/{slug}")
async def problem_kind(request: Request, slug: str) -> Response:
    """What a problem's `type` leads to."""
    site = site_of(request)
    kind = next((kind for kind in TABLE.values() if kind.slug == slug), None)
    if kind is None:
        raise NotFound("there is no problem of this name")
    chosen = negotiate(request, ("application/json", HTML))
    if chosen == HTML:
        body = site.pages.problem_kind(kind)
    else:
        facts = {"type": f"{site.base}problems/{slug}", "title": kind.title, "status": kind.status}
        body = json.dumps({**facts, "advice": kind.advice}, indent=1).encode()
    return reply(request, body, chosen, headers={"Vary": "Accept"}, cache=_CACHE_LONG)


@readable(router, openapi.PATH)
async def description(request: Request) -> Response:
    """This service in OpenAPI."""
    body = json.dumps(request.app.openapi(), indent=1).encode()
    return reply(request, body, "application/json", cache=_CACHE_LONG)


@readable(router, "/health")
async def health(request: Request) -> Response:
    """200 if a worker answers, 503 if not; `degraded` if what was published last is not whole, and not served."""
    site = site_of(request)
    try:
        await (await site.lookups.ask(_ASK)).read()
        status = "ok" if site.latest else "degraded"
    except QueryError:
        status = "no query worker answers"
    manifest = site.snapshot.manifest
    facts = {
        "status": status,
        "snapshot": manifest.id,
        "base_iri": manifest.base_iri,
        "counts": manifest.counts,
        "versions": manifest.versions,
    }
    code = 200 if status in ("ok", "degraded") else 503
    body = json.dumps(facts, indent=1).encode()
    return Response(body, code, {"Cache-Control": "no-store"}, media_type="application/json")


@readable(router, "/robots.txt")
async def robots(request: Request) -> Response:
    """Pages are welcome in indexes; for the data there are dumps."""
    root = site_of(request).root
    text = f"# All data in one file: {root}download/dragoman.nq\nUser-agent: *\nDisallow: {root}sparql\n"
    return reply(request, text.encode(), "text/plain", cache=_CACHE_STATIC)


@readable(router, "/llms.txt")
async def llms_text(request: Request) -> Response:
    """How to ask and quote, for programs that read for a language model."""
    site = site_of(request)
    return reply(request, llms.text_of(site, site.vocabularies.gallery).encode(), "text/plain", cache=_CACHE_STATIC)


@readable(router, "/favicon.ico")
async def favicon(request: Request) -> Response:
    """Browsers ask for it unasked."""
    return Response(status_code=308, headers={"Location": f"{site_of(request).root}static/favicon.svg"})


@readable(router, "/static/{name}")
async def static(request: Request, name: str) -> Response:
    """Stylesheet, icon, and the editor with its licences if it was built."""
    files = {path.name: path for path in STATIC_FOLDER.iterdir()}
    path = files.get(name)
    if path is None or path.suffix not in _STATIC_TYPES:
        raise NotFound("there is no such file")
    return reply(request, path.read_bytes(), _STATIC_TYPES[path.suffix], cache=_CACHE_STATIC)
