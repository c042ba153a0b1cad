"""Routes with a fixed path are found at once, and are those that the framework would have found."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Scope

from service.app import ROOMS
from service.fixedpaths import FixedPaths

ROUTES = [route for room in ROOMS for route in room.routes if isinstance(route, APIRoute)]
FIXED = [(method, route) for route in ROUTES if "{" not in route.path for method in route.methods or ()]


def asked(method: str, path: str) -> Scope:
    return {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": []}


@pytest.mark.parametrize("prefix", ["", "/data"])
def test_each_fixed_path_has_the_route_that_comes_first_for_it(prefix: str) -> None:
    paths = FixedPaths(ROOMS, prefix)
    assert len(FIXED) > 40
    for method, route in FIXED:
        first = next(one for one in ROUTES if method in (one.methods or ()) and one.path_regex.match(route.path))
        match, scope = paths.matches(asked(method, prefix + route.path))
        assert match is Match.FULL, route.path
        assert scope["route"] is first
        assert scope["path_params"] == {}


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/sparql"), ("GET", "/sparql/"), ("GET", "/doc/volume/v1"), ("GET", "/nothing")]
)
def test_everything_else_is_left_to_the_rooms(method: str, path: str) -> None:
    assert FixedPaths(ROOMS, "").matches(asked(method, path)) == (Match.NONE, {})
    assert FixedPaths(ROOMS, "/data").matches(asked("GET", "/sparql"))[0] is Match.NONE
    assert FixedPaths(ROOMS, "").matches({"type": "lifespan"})[0] is Match.NONE


def test_a_path_that_an_earlier_route_takes_and_a_handler_that_wants_more_are_left_alone() -> None:
    room = APIRouter()

    @room.get("/a/{name}")
    async def any_name(request: Request) -> Response:
        return Response(request.path_params["name"])

    @room.get("/a/b")
    async def hidden(request: Request) -> Response:
        return Response(request.method)

    @room.get("/c")
    async def wanting(request: Request, more: str) -> Response:
        return Response(request.method + more)

    @room.get("/d")
    async def plain(request: Request) -> Response:
        return Response(request.url.path)

    paths = FixedPaths([room], "")
    assert [paths.matches(asked("GET", path))[0] for path in ("/a/b", "/c", "/d")] == [
        Match.NONE,
        Match.NONE,
        Match.FULL,
    ]
    assert body_of(paths, asked("GET", "/d")) == b"/d"


def body_of(paths: FixedPaths, scope: Scope) -> bytes:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {**scope, "query_string": b"", "server": ("x", 80), "scheme": "http", **paths.matches(scope)[1]}
    asyncio.run(paths.handle({**scope, "fastapi": {}}, receive, send))
    return b"".join(message.get("body", b"") for message in sent)
