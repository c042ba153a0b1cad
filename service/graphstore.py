"""SPARQL 1.1 Graph Store HTTP Protocol, the read part: https://www.w3.org/TR/sparql11-http-rdf-update/#http-get

`?graph=IRI` is the graph of one source, `?default` the union of all, as for queries.  Graphs are whole and streamed.
A snapshot never changes, so that a graph's entity tag is known without reading it.
"""

from __future__ import annotations

import hashlib
from email.utils import formatdate
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.vocabulary import PREFIXES
from service.frames import GRAPH_TYPES
from service.parameters import all_of, fields, format_of, graphs_of, one_of
from service.problems import BadRequest, NotAcceptable, NotFound
from service.queries import GraphRead, NotOffered
from service.responses import AnswerResponse, before_stream, negotiate, readable, reply
from service.site import Site, site_of
from service.sparql import ask

router = APIRouter()

PATH: Final = "/graph-store"


@readable(router, PATH)
async def graph_store(request: Request) -> Response:
    """The graph that the request names, of the type that it prefers."""
    site, given = site_of(request), fields(request.scope["query_string"])
    graph = _graph(given)
    chosen = format_of(given)
    media_type = chosen[1] if chosen else negotiate(request, GRAPH_TYPES)
    if media_type not in GRAPH_TYPES:
        raise NotAcceptable(tuple(GRAPH_TYPES))
    if graph is not None and not await site.lookups.has_graph(graph):
        raise NotFound("the dataset has no graph of this name")
    headers = {
        "ETag": _tag(site, graph, media_type),
        "Last-Modified": formatdate(site.modified, usegmt=True),
        "Vary": "Accept",
        "Cache-Control": "no-cache",
    }
    if known := before_stream(request, media_type, headers, modified=site.modified):
        return known
    return await _read(request, site, GraphRead(graph=graph, media_type=media_type, prefixes=PREFIXES), headers)


def _graph(given: list[tuple[str, str]]) -> str | None:
    """The graph's IRI, None for the default graph (4.2).  Raises BadRequest."""
    default, named = all_of(given, "default"), one_of(given, "graph")
    if bool(default) == (named is not None):
        raise BadRequest("name one graph: ?default, or ?graph= with its absolute IRI")
    if any(default):
        raise BadRequest("default takes no value")
    return None if named is None else graphs_of(given, "graph")[0]


def _tag(site: Site, graph: str | None, media_type: str) -> str:
    """A strong entity tag: the software's version counts, for it writes the bytes."""
    manifest = site.snapshot.manifest
    named = f"{manifest.id} {manifest.versions.get('dragoman')} {media_type} {graph or ''}"
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


async def _read(request: Request, site: Site, read: GraphRead, headers: dict[str, str]) -> Response:
    try:
        answer = await ask(request, site, read)
    except NotOffered as error:
        raise NotAcceptable(error.offered) from None
    if not answer.complete:
        return AnswerResponse(answer, headers)
    body = await answer.read()
    return reply(request, body, read.media_type, headers=headers, modified=site.modified, streamed=True)
