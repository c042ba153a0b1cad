"""What stands beside the query: the gallery of examples, code to copy, terms to complete, and the help."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.codesamples import samples
from service.problems import NotFound
from service.representations import HTML
from service.responses import readable, reply
from service.site import site_of

router = APIRouter()

_JSON: Final = "application/json"
_QUERY_TYPE: Final = "application/sparql-query"
_LONGEST_WORDS = 200


@readable(router, "/sparql/examples")
async def examples(request: Request) -> Response:
    """All examples under their themes, or those that hold the words of `q`."""
    words = request.query_params.get("q", "")[:_LONGEST_WORDS]
    return reply(request, site_of(request).pages.examples(words), HTML)


@readable(router, "/sparql/examples/{name}.rq")
async def example(request: Request, name: str) -> Response:
    """One example as a file."""
    found = site_of(request).vocabularies.gallery.named(name)
    if found is None:
        raise NotFound("there is no example of this name")
    return reply(request, found.text.encode(), _QUERY_TYPE)


@readable(router, "/sparql/code")
async def code(request: Request) -> Response:
    """Code that asks `query`, by language."""
    query = request.query_params.get("query", "")
    body = json.dumps(samples(query, f"{site_of(request).base}sparql"), ensure_ascii=False, indent=1)
    return reply(request, body.encode("utf-8", "replace"), _JSON)


@readable(router, "/sparql/terms")
async def terms(request: Request) -> Response:
    """Prefixes, classes and properties for an editor."""
    body = json.dumps(site_of(request).vocabularies.known_terms, ensure_ascii=False)
    return reply(request, body.encode(), _JSON)


@readable(router, "/help")
async def help_page(request: Request) -> Response:
    """For a reader who never saw SPARQL."""
    return reply(request, site_of(request).pages.help(), HTML)
