"""The service described in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from its routes.

Method, path and summary come from a route and its docstring; parameters, media types and statuses from OPERATIONS,
which tests hold to the routes and to what they answer.  Header fields of negotiation and conditions work everywhere
and are told once, in the description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute

from service.correspondence import FORMATS as LETTER_FORMATS
from service.correspondence import VIEWS as LETTER_VIEWS
from service.frames import GRAPH_TYPES, RESULT_TYPES
from service.parameters import FORMATS
from service.posts import ORDERS, UNITS
from service.problems import MEDIA_TYPE, TABLE
from service.profiles import ALTERNATES, PROFILES
from service.references import STYLES
from service.representations import HTML, JSON_LD, OFFERS, RDF_TYPES, SUFFIXES
from service.search import FORMATS as SEARCH_FORMATS
from service.searchview import VIEWS
from service.site import Site
from service.textindex import FACETS, SORTS
from service.thingpages import LISTS

PATH: Final = "/openapi.json"
_JSON = "application/json"
_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_NAME = re.compile(r"\{(\w+)(?::\w+)?\}")

DESCRIPTION: Final = """\
Every answer carries CORS headers and an entity tag; If-None-Match, If-Modified-Since, If-Match and
If-Unmodified-Since are honoured, Accept and Accept-Encoding negotiate. Errors are problem documents (RFC 9457) as
application/problem+json, or as a page for those who prefer HTML. HEAD works wherever GET does."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route and its docstring do not say of it.

    `path` and `query` are schemas by name of parameter, `answers` media types by status, `body` schemas by media
    type, `problems` the statuses of problem documents.
    """

    answers: Mapping[int, tuple[str, ...]]
    problems: tuple[int, ...] = ()
    path: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None


_FORMAT: Final = {**_TEXT, "examples": tuple(FORMATS), "description": "A name or a media type; goes before Accept."}
_SPARQL_FIELDS: Final[dict[str, Any]] = {
    "query": {**_TEXT, "format": "sparql-query", "description": "A query of SPARQL 1.1."},
    "default-graph-uri": {**_IRIS, "description": "Graphs whose union is the default graph."},
    "named-graph-uri": {**_IRIS, "description": "Graphs that GRAPH may name."},
    "format": _FORMAT,
}
_SPARQL_ANSWER = tuple(dict.fromkeys((*RESULT_TYPES, *GRAPH_TYPES, HTML)))
_SUFFIX: Final = {"suffix": {"enum": tuple(SUFFIXES.values())}}
_THING: Final = {"path": {**_TEXT, "format": "iri-path", "description": "What follows id/ in the IRI of a thing."}}
_PAGE: Final = {
    "page": {"type": "integer", "minimum": 1, "maximum": 100_000, "description": "Of what points at the thing."}
}
_LISTS: Final = {
    name: {
        "type": "integer",
        "minimum": 1,
        "maximum": 100_000,
        "description": "The page of this list, if there is one.",
    }
    for name in sorted(LISTS)
}
_PROFILE: Final = {
    "_profile": {"enum": tuple(profile.token for profile in (*PROFILES, ALTERNATES)), "description": "A model."},
    "_mediatype": {"enum": tuple(SUFFIXES), "description": "Goes before Accept."},
}
_SEARCH_FIELDS: Final = {
    "q": {**_TEXT, "description": "Words, phrases in quotes, -word, word*, OR."},
    **{facet: {**_TEXT, "description": "A value of this facet; may be repeated."} for facet in FACETS},
    "after": {**_TEXT, "description": "A day, month or year: 1934-03-13, 1934-03, 1934."},
    "before": {**_TEXT, "description": "A day, month or year, included to its end."},
    "sort": {"enum": SORTS},
    "view": {"enum": VIEWS},
    "values": {"enum": FACETS, "description": "The facet of which all values are listed."},
    "page": {"type": "integer", "minimum": 1, "maximum": 100_000},
    "format": {"enum": tuple(SEARCH_FORMATS)},
}
_LETTER_FIELDS: Final = {
    "unit": {"enum": UNITS},
    "from": {**_TEXT, "description": "The IRI of the sender's post, or what follows id/ in it."},
    "to": {**_TEXT, "description": "The IRI of the recipient's post, or what follows id/ in it."},
    "post": {**_TEXT, "description": "A post on either side."},
    "after": _SEARCH_FIELDS["after"],
    "before": _SEARCH_FIELDS["before"],
    "view": {"enum": LETTER_VIEWS},
    "order": {"enum": tuple(ORDERS)},
    "page": _SEARCH_FIELDS["page"],
    "format": {"enum": tuple(LETTER_FORMATS)},
}
_RDF = {200: OFFERS, 304: ()}
_CHANGES: Final = (JSON_LD, "application/activity+json", _JSON, HTML)

OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("GET", "/"): Operation({200: (HTML,), 303: (), 304: ()}, (406, 412)),
    ("GET", "/sparql"): Operation(
        {200: _SPARQL_ANSWER, 304: ()}, (400, 403, 406, 412, 413, 414, 503), query=_SPARQL_FIELDS
    ),
    ("POST", "/sparql"): Operation(
        {200: _SPARQL_ANSWER, 304: ()},
        (400, 403, 406, 412, 413, 415, 503),
        body={
            "application/sparql-query": {**_TEXT, "format": "sparql-query"},
            "application/x-www-form-urlencoded": {
                "type": "object",
                "properties": _SPARQL_FIELDS,
                "required": ["query"],
            },
        },
    ),
    ("GET", "/sparql/examples"): Operation(
        {200: (HTML,), 304: ()}, (412,), query={"q": {**_TEXT, "description": "Words that examples hold."}}
    ),
    ("GET", "/sparql/examples/{name}.rq"): Operation(
        {200: ("application/sparql-query",), 304: ()}, (404, 412), path={"name": _TEXT}
    ),
    ("GET", "/sparql/code"): Operation(
        {200: (_JSON,), 304: ()}, (412,), query={"query": {**_TEXT, "format": "sparql-query"}}
    ),
    ("GET", "/sparql/terms"): Operation({200: (_JSON,), 304: ()}, (412,)),
    ("GET", "/help"): Operation({200: (HTML,), 304: ()}, (412,)),
    ("GET", "/graph-store"): Operation(
        {200: tuple(GRAPH_TYPES), 304: ()},
        (400, 404, 406, 412, 503),
        query={
            "graph": {"type": "string", "format": "iri", "description": "The graph of one source."},
            "default": {"const": "", "description": "The union of all graphs, in place of graph."},
            "format": _FORMAT,
        },
    ),
    ("GET", "/id/{path:path}"): Operation({303: ()}, (400, 404, 406, 410), path=_THING, query=_PROFILE),
    ("GET", "/doc/{path:path}"): Operation(
        {**_RDF, 302: ()}, (400, 404, 406, 410, 412), path=_THING, query={**_PAGE, **_LISTS, **_PROFILE}
    ),
    ("GET", "/linkset/{path:path}"): Operation(
        {200: ("application/linkset+json", "application/linkset", _JSON), 304: ()},
        (404, 406, 410, 412),
        path=_THING,
    ),
    ("GET", "/memento/{time}/doc/{path:path}"): Operation(
        _RDF, (400, 404, 406, 412), path={**_THING, "time": {**_TEXT, "pattern": "^[0-9]{14}$"}}, query=_PAGE
    ),
    ("GET", "/timemap/link/doc/{path:path}"): Operation(
        {200: ("application/link-format", _JSON), 304: ()}, (404, 406, 410, 412), path=_THING
    ),
    ("GET", "/ontology"): Operation(_RDF, (406, 412)),
    ("GET", "/ontology{suffix}"): Operation(_RDF, (404, 406, 412), path=_SUFFIX),
    ("GET", "/ontology/context.jsonld"): Operation({200: (JSON_LD,), 304: ()}, (412,)),
    ("GET", "/ontology/alignment"): Operation(_RDF, (406, 412)),
    ("GET", "/ontology/alignment{suffix}"): Operation(_RDF, (404, 406, 412), path=_SUFFIX),
    ("GET", "/ontology/competency"): Operation(_RDF, (406, 412)),
    ("GET", "/ontology/competency{suffix}"): Operation(_RDF, (404, 406, 412), path=_SUFFIX),
    ("GET", "/shapes"): Operation(_RDF, (406, 412)),
    ("GET", "/shapes{suffix}"): Operation(_RDF, (404, 406, 412), path=_SUFFIX),
    ("GET", "/report"): Operation(_RDF, (406, 412)),
    ("GET", "/report{suffix}"): Operation(_RDF, (404, 406, 412), path=_SUFFIX),
    ("GET", "/resolve"): Operation(
        {200: (HTML, JSON_LD, _JSON), 304: ()},
        (400, 406, 412),
        query={
            "office": {**_TEXT, "description": "An office, as a heading names it."},
            "on": {**_TEXT, "description": "A day, month or year: 1934-03-13, 1934-03, 1934."},
            "name": {**_TEXT, "description": "A name, as printed with the office."},
        },
    ),
    ("GET", "/search"): Operation(
        {200: tuple(SEARCH_FORMATS.values()), 304: ()}, (400, 404, 406, 412, 503), query=_SEARCH_FIELDS
    ),
    ("GET", "/correspondence"): Operation(
        {200: tuple(LETTER_FORMATS.values()), 304: ()}, (400, 404, 406, 412, 503), query=_LETTER_FIELDS
    ),
    ("GET", "/correspondence/thread"): Operation(
        {200: (HTML, "text/csv", _JSON), 304: ()},
        (400, 404, 406, 412, 503),
        query={
            "document": {**_TEXT, "description": "A document, as frus1934v04/d131."},
            "format": {"enum": ("html", "csv", "json")},
        },
    ),
    ("GET", "/cite/document/{volume}/{document}"): Operation(
        {200: tuple(style.media_type for style in STYLES), 304: ()},
        (404, 412, 503),
        path={"volume": {**_TEXT, "format": "volume"}, "document": {**_TEXT, "format": "reference"}},
    ),
    ("GET", "/cite/dataset{suffix}"): Operation(
        {200: tuple(style.media_type for style in STYLES), 304: ()},
        (404, 412),
        path={"suffix": {"enum": [style.suffix for style in STYLES]}},
    ),
    ("GET", "/dataset"): Operation({200: (HTML, "text/csv"), 304: ()}, (406, 412)),
    ("GET", "/dataset/coverage.csv"): Operation({200: ("text/csv",), 304: ()}, (412,)),
    ("GET", "/download/"): Operation({200: (HTML, _JSON), 304: ()}, (406, 412)),
    ("GET", "/download/SHA256SUMS"): Operation({200: ("text/plain",), 304: ()}, (412,)),
    ("GET", "/download"): Operation({308: ()}),
    ("GET", "/download/{path:path}"): Operation(
        {200: ("*/*",), 206: ("*/*",), 304: (), 308: ()},
        (404, 412, 416),
        path={"path": {**_TEXT, "format": "download"}},
    ),
    ("GET", "/catalogue"): Operation({200: RDF_TYPES, 304: ()}, (406, 412)),
    ("GET", "/catalogue/{volume:path}"): Operation({200: RDF_TYPES, 304: ()}, (404, 406, 412), path={"volume": _TEXT}),
    ("GET", "/.well-known/void"): Operation({200: RDF_TYPES, 304: ()}, (406, 412)),
    ("GET", "/changes"): Operation({200: _CHANGES, 304: ()}, (406, 412)),
    ("GET", "/changes/{number}/{page}"): Operation(
        {200: _CHANGES, 304: ()}, (404, 406, 412), path={"number": _TEXT, "page": _TEXT}
    ),
    ("GET", "/problems/{slug}"): Operation(
        {200: (_JSON, HTML), 304: ()},
        (404, 406, 412),
        path={"slug": {"enum": tuple(kind.slug for kind in TABLE.values())}},
    ),
    ("GET", "/health"): Operation({200: (_JSON,), 503: (_JSON,)}),
    ("GET", "/metrics"): Operation({200: ("text/plain", "application/openmetrics-text")}, (404,)),
    ("GET", "/robots.txt"): Operation({200: ("text/plain",), 304: ()}, (412,)),
    ("GET", "/llms.txt"): Operation({200: ("text/plain",), 304: ()}, (412,)),
    ("GET", "/favicon.ico"): Operation({308: ()}),
    ("GET", "/static/{name}"): Operation(
        {200: ("text/css", "image/svg+xml", "text/javascript", "text/plain"), 304: ()}, (404, 412), path={"name": _TEXT}
    ),
    ("GET", PATH): Operation({200: (_JSON,), 304: ()}, (412,)),
}


def describe(site: Site, rooms: Iterable[APIRouter]) -> dict[str, Any]:
    """The description of all routes of `rooms` that are in it; HEAD is left out where there is GET."""
    paths = dict[str, dict[str, Any]]()
    for room in rooms:
        for route in room.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    paths.setdefault(_NAME.sub(r"{\1}", route.path), {})[method.lower()] = _operation(method, route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dragoman",
            "version": site.snapshot.manifest.versions.get("dragoman", ""),
            "description": DESCRIPTION,
            "license": {"name": "CC0 1.0 (the data)", "url": "https://creativecommons.org/publicdomain/zero/1.0/"},
        },
        "servers": [{"url": site.base.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
    },
}


def _operation(method: str, route: APIRoute) -> dict[str, Any]:
    known = OPERATIONS.get((method, route.path), Operation({200: ("*/*",)}))
    summary = (route.endpoint.__doc__ or "").strip().partition("\n")[0]
    parameters = [_parameter(name, "path", (known.path or {}).get(name, _TEXT)) for name in _NAME.findall(route.path)]
    parameters += [_parameter(name, "query", schema, required=False) for name, schema in (known.query or {}).items()]
    told: dict[str, Any] = {
        "summary": summary,
        "operationId": re.sub(r"\W+", "_", method.lower() + route.path).strip("_"),
        "parameters": parameters,
        "responses": _responses(known),
    }
    if known.body:
        content = {media_type: {"schema": schema} for media_type, schema in known.body.items()}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _parameter(name: str, place: str, schema: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "description"}
    told = {"name": name, "in": place, "required": required, "schema": rest}
    return {**told, "description": schema["description"]} if "description" in schema else told


def _responses(known: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for status, media_types in known.answers.items():
        told[str(status)] = {"description": HTTPStatus(status).phrase}
        if media_types:
            told[str(status)]["content"] = {media_type: {} for media_type in media_types}
    for status in sorted({*known.problems, 406} - set(known.answers)):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, _JSON: {}, HTML: {}}
        told[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    return told
