"""SPARQL 1.1 Protocol, the query part: https://www.w3.org/TR/sparql11-protocol/#query-operation

GET, POST of a form, POST of the query itself.  The protocol's dataset beats the query's own (2.1.4).  Without a
query, GET gives a form to people and a service description to machines.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.errors import QueryError, QueryRefused
from kg.vocabulary import RDF
from service.descriptions import is_iri
from service.frames import GRAPH_TYPES, PREVIEW, RESULT_TYPES
from service.negotiation import choose, parse_accept, parse_media_type
from service.problems import BadRequest, ContentTooLarge, NotAcceptable, UnsupportedMediaType, UriTooLong
from service.problems import problem as problem_of
from service.queries import Answer, NotOffered, Query
from service.representations import HTML, RDF_TYPES, write
from service.responses import AnswerResponse, gone, negotiate, readable, reply
from service.site import Site, site_of

router = APIRouter()

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)
_MAX_FIELDS = 1000
_QUERY_TYPE, _UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
_FORM_TYPE = "application/x-www-form-urlencoded"

# format=NAME → (type of results, type of a graph); None where the name makes no sense for the form.
FORMATS: Final[dict[str, tuple[str | None, str | None]]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "ttl": (None, "text/turtle"),
    "turtle": (None, "text/turtle"),
    "nt": (None, "application/n-triples"),
    "jsonld": (None, "application/ld+json"),
    "rdf": (None, "application/rdf+xml"),
    "nq": (None, "application/n-quads"),
    "trig": (None, "application/trig"),
    "html": (HTML, HTML),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks: the query, or None; the protocol's dataset; the value of format=."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


@readable(router, "/sparql")
async def sparql_get(request: Request) -> Response:
    """Answers `query`; without one, a form or the service description."""
    operation = _operation(_fields(request.scope["query_string"]))
    if operation.query is None:
        return _describe_service(request)
    if len(operation.query.encode()) > site_of(request).queries.limits.query_bytes:
        raise UriTooLong("the query is longer than this service allows")
    return await _answer(request, operation)


@router.post("/sparql", response_model=None)
async def sparql_post(request: Request) -> Response:
    """Answers the query in the body: the query itself, or a form with `query`."""
    media_type = parse_media_type(request.headers.get("content-type", ""))
    name = f"{media_type.type}/{media_type.subtype}" if media_type else None
    if name == _UPDATE_TYPE:
        raise QueryRefused("this dataset is read-only: updates are not available")
    if media_type is None or name not in (_QUERY_TYPE, _FORM_TYPE):
        raise UnsupportedMediaType("a query is sent as application/sparql-query or as a form")
    charset = dict(media_type.parameters).get("charset", "utf-8")
    if charset not in ("utf-8", "us-ascii"):
        raise UnsupportedMediaType("a query is sent as UTF-8")
    limit = site_of(request).queries.limits.query_bytes
    fields = _fields(request.scope["query_string"])
    if name == _FORM_TYPE:
        # Percent-encoding makes three bytes of one.
        fields += _fields(await _body(request, 3 * limit + 4096))
    else:
        fields.append(("query", _text(await _body(request, limit))))
    operation = _operation(fields)
    if operation.query is None:
        raise BadRequest("the parameter query is missing")
    return await _answer(request, operation)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest("the query is not UTF-8") from None


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest("the parameters are not UTF-8") from None
    except ValueError:
        raise BadRequest(f"there are more than {_MAX_FIELDS} parameters") from None


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ContentTooLarge(f"the request has more than {limit} bytes")
    return bytes(body)


def _operation(fields: Sequence[tuple[str, str]]) -> Operation:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    if all_of("update"):
        raise QueryRefused("this dataset is read-only: updates are not available")
    queries, formats = all_of("query"), all_of("format")
    if len(queries) > 1 or len(formats) > 1:
        raise BadRequest("query and format may each be given once")
    default, named = all_of("default-graph-uri"), all_of("named-graph-uri")
    if wrong := [iri for iri in (*default, *named) if not is_iri(iri)]:
        raise BadRequest(f"{wrong[0]!r} is no absolute IRI of a graph")
    if formats and formats[0] and formats[0] not in FORMATS:
        raise BadRequest(f"format is one of {', '.join(FORMATS)}")
    return Operation(next(iter(queries), None), default, named, formats[0] or None if formats else None)


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
    started = time.monotonic()
    try:
        answer = await _ask(request, site, query)
    except NotOffered as error:
        raise NotAcceptable(tuple(GRAPH_TYPES if error.form == "graph" else RESULT_TYPES)) from None
    except QueryError as error:
        if not html:
            raise
        return _form_with_problem(site, query.text, error)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if answer.media_type == PREVIEW:
        preview = json.loads(await answer.read())
        seconds = time.monotonic() - started
        body = site.pages.sparql(query.text, site.queries.limits, preview=preview, form=answer.form, seconds=seconds)
        return reply(request, body, HTML, headers=headers)
    if answer.complete:
        return reply(request, await answer.read(), answer.media_type, headers=headers)
    return AnswerResponse(answer, headers)


def _types(request: Request, operation: Operation) -> tuple[str | None, str | None]:
    """The types for results and for a graph; which of them counts, the engine knows."""
    if operation.format:
        return FORMATS[operation.format]
    accept = parse_accept(request.headers.getlist("accept"))
    results, graph = choose(accept, (*RESULT_TYPES, HTML)), choose(accept, (*GRAPH_TYPES, HTML))
    if results is None and graph is None:
        raise NotAcceptable((*RESULT_TYPES, *GRAPH_TYPES))
    return results, graph


async def _ask(request: Request, site: Site, query: Query) -> Answer:
    """The answer, or QueryError if the client leaves before there is one: nobody waits for it then."""
    asking = asyncio.create_task(site.queries.ask(query))
    leaving = asyncio.create_task(gone(request))
    try:
        await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            return asking.result()
        raise QueryRefused("the client has left")
    finally:
        for task in (asking, leaving):
            task.cancel()
        await asyncio.gather(asking, leaving, return_exceptions=True)


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
        body = write(service_description(about), chosen, about=about, context=site.vocabularies.context)
    return reply(request, body, chosen, headers={"Vary": "Accept"})


def service_description(endpoint: str) -> list[ox.Triple]:
    """https://www.w3.org/TR/sparql11-service-description/ without blank nodes."""
    service = ox.NamedNode(endpoint)

    def say(predicate: str, value: str) -> ox.Triple:
        return ox.Triple(service, ox.NamedNode(predicate), ox.NamedNode(value))

    return [
        say(RDF.type, f"{SD}Service"),
        say(f"{SD}endpoint", endpoint),
        say(f"{SD}supportedLanguage", f"{SD}SPARQL11Query"),
        say(f"{SD}feature", f"{SD}UnionDefaultGraph"),
        *(say(f"{SD}resultFormat", _FORMATS + name) for name in _FORMAT_IRIS),
    ]
