"""Routes whose path has no parameter, found by one look at a table.

FastAPI tries one route after the other, and those of a room twice: a tenth of a millisecond and more for a room that
comes late.  It then looks for what a handler depends on, which here is nothing but the request.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, request_response
from starlette.types import ASGIApp, Receive, Scope, Send


class FixedPaths(BaseRoute):
    """The routes of `rooms`, below `prefix`, that have a fixed path and a handler that takes the request alone.

    Comes before the rooms, to which all else is left: other methods, and paths that an earlier route would take.
    """

    def __init__(self, rooms: Iterable[APIRouter], prefix: str) -> None:
        routes = [route for room in rooms for route in room.routes if isinstance(route, APIRoute)]
        self._found: dict[tuple[str, str], tuple[APIRoute, ASGIApp]] = {}
        for route in routes:
            if not route.param_convertors and list(inspect.signature(route.endpoint).parameters) == ["request"]:
                for method in route.methods or ():
                    if _first(routes, route.path, method) is route:
                        self._found[method, prefix + route.path] = route, request_response(route.endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._found.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None:
            return Match.NONE, {}
        route, answer = found
        return Match.FULL, {"route": route, "endpoint": answer, "path_params": {}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["endpoint"](scope, receive, send)


def _first(routes: Iterable[APIRoute], path: str, method: str) -> APIRoute | None:
    return next((route for route in routes if method in (route.methods or ()) and route.path_regex.match(path)), None)
