"""SPARQL 1.1 Protocol, the query part: https://www.w3.org/TR/sparql11-protocol/#query-operation

GET, POST of a form, POST of the query itself.  The protocol's dataset beats the query's own (2.1.4).  Without a
query, GET gives a form to people and a service description to machines.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.errors import QueryError, QueryRefused
from service.cache import steady
from service.catalogue import service_description
from service.frames import GRAPH_TYPES, PREVIEW, RESULT_TYPES
from service.negotiation import choose, parse_accept, parse_media_type
from service.parameters import Fields, all_of, fields, format_of, graphs_of, one_of
from service.problems import BadRequest, ContentTooLarge, NotAcceptable, UnsupportedMediaType, UriTooLong
from service.problems import problem as problem_of
from service.queries import Answer, GraphRead, NotOffered, Query
from service.representations import HTML, RDF_TYPES, write
from service.responses import AnswerResponse, negotiate, readable, reply, while_here
from service.site import Site, site_of

router = APIRouter()

_QUERY_TYPE, _UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
_FORM_TYPE = "application/x-www-form-urlencoded"
_CHARSETS = ("utf-8", "utf8", "us-ascii")
_WATCH_AFTER_SECONDS = 0.02
# Characters of Accept up to which what it chooses is remembered.
_SHORT = 256
_READ_ONLY = "this dataset is read-only: updates are not available"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks: the query, or None; the protocol's dataset; the types of results and of a graph, if the
    parameter format says them.
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    types: tuple[str | None, str | None] | None


@readable(router, "/sparql")
async def sparql_get(request: Request) -> Response:
    """Answers `query`; without one, a form or the service description."""
    operation = _operation(fields(request.scope["query_string"]))
    if operation.query is None:
        return _describe_service(request)
    if len(operation.query.encode()) > site_of(request).queries.limits.query_bytes:
        raise UriTooLong("the query is longer than this service allows")
    return await _answer(request, operation)


@router.api_route("/sparql", methods=["QUERY"], response_model=None, include_in_schema=False)
@router.post("/sparql", response_model=None)
async def sparql_post(request: Request) -> Response:
    """Answers the query in the body: the query itself, or a form with `query`.

    QUERY (draft-ietf-httpbis-safe-method-w-body) is a POST that may be sent again.
    """
    name = _body_type(request)
    limit = site_of(request).queries.limits.query_bytes
    given = fields(request.scope["query_string"])
    if name == _FORM_TYPE:
        # Percent-encoding makes three bytes of one.
        given += fields(await _body(request, 3 * limit + 4096))
    else:
        given.append(("query", _text(await _body(request, limit))))
    operation = _operation(given)
    if operation.query is None:
        raise BadRequest("the parameter query is missing")
    return await _answer(request, operation)


def _body_type(request: Request) -> str:
    """The media type of the body, one of two.  Raises UnsupportedMediaType; for an update QueryRefused."""
    declared = request.headers.getlist("content-type")
    if len(declared) > 1:
        raise BadRequest("Content-Type may be given once")
    media_type = parse_media_type(declared[0]) if declared else None
    name = f"{media_type.type}/{media_type.subtype}" if media_type else None
    if name == _UPDATE_TYPE:
        raise QueryRefused(_READ_ONLY)
    if media_type is None or name not in (_QUERY_TYPE, _FORM_TYPE):
        raise UnsupportedMediaType("a query is sent as application/sparql-query or as a form")
    if dict(media_type.parameters).get("charset", "utf-8") not in _CHARSETS:
        raise UnsupportedMediaType("a query is sent as UTF-8")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("a query is sent without content coding")
    return name


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest("the query is not UTF-8") from None


async def _body(request: Request, limit: int) -> bytes:
    """Raises ContentTooLarge, and ClientDisconnect if the client leaves before the end of it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ContentTooLarge(f"the request has more than {limit} bytes")
    return bytes(body)


def _operation(given: Fields) -> Operation:
    if all_of(given, "update"):
        raise QueryRefused(_READ_ONLY)
    return Operation(
        one_of(given, "query"),
        graphs_of(given, "default-graph-uri"),
        graphs_of(given, "named-graph-uri"),
        format_of(given),
    )


async def _answer(request: Request, operation: Operation) -> Response:
    site = site_of(request)
    results, graph = _types(request, operation)
    html = HTML in (results, graph)
    dataset = (operation.default_graphs, operation.named_graphs)
    query = Query(
        text=operation.query or "",
        results=PREVIEW if results == HTML else results,
        graph=PREVIEW if graph == HTML else graph,
        dataset=dataset if any(dataset) else None,
    )
    try:
        answer = await ask(request, site, query)
    except NotOffered as error:
        raise NotAcceptable(error.offered) from None
    except QueryError as error:
        if not html:
            raise
        return _form_with_problem(site, query.text, error)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if answer.steady:
        steady(request)
    if answer.media_type == PREVIEW:
        preview = json.loads(await answer.read())
        body = site.pages.sparql(query.text, site.queries.limits, preview=preview, form=answer.form)
        return reply(request, body, HTML, headers=headers)
    if answer.complete:
        return reply(request, await answer.read(), answer.media_type, headers=headers)
    return AnswerResponse(answer, headers)


def _types(request: Request, operation: Operation) -> tuple[str | None, str | None]:
    """The types for results and for a graph; which of them counts, the engine knows."""
    if operation.types:
        return operation.types
    accept = tuple(request.headers.getlist("accept"))
    # What programs send is short, and always the same.
    results, graph = _short_accept(accept) if sum(map(len, accept)) < _SHORT else _accepted(accept)
    if results is None and graph is None:
        raise NotAcceptable((*RESULT_TYPES, *GRAPH_TYPES))
    return results, graph


def _accepted(accept: tuple[str, ...]) -> tuple[str | None, str | None]:
    ranges = parse_accept(accept)
    return choose(ranges, (*RESULT_TYPES, HTML)), choose(ranges, (*GRAPH_TYPES, HTML))


_short_accept = lru_cache(maxsize=256)(_accepted)


async def ask(request: Request, site: Site, query: Query | GraphRead) -> Answer:
    """The answer.  Raises QueryError, NotOffered, and ClientDisconnect if the client leaves before there is one."""
    # Most answers are there before anybody could leave, and need no watch.
    async with while_here(request, after=_WATCH_AFTER_SECONDS):
        return await site.queries.ask(query)


def _form_with_problem(site: Site, text: str, error: QueryError) -> Response:
    """People get the form back, with what is wrong above it."""
    problem = problem_of(error)
    body = site.pages.sparql(text, site.queries.limits, problem=problem)
    headers = {**problem.headers, "Vary": "Accept", "Cache-Control": "no-store"}
    return Response(body, problem.kind.status, headers, media_type=HTML)


def _describe_service(request: Request) -> Response:
    site = site_of(request)
    chosen = negotiate(request, (*RDF_TYPES, HTML))
    if chosen == HTML:
        body = site.pages.sparql("", site.queries.limits)
    else:
        about = f"{site.base}sparql"
        body = write(service_description(site), chosen, about=about, context=site.vocabularies.context)
    return reply(request, body, chosen, headers={"Vary": "Accept"})
