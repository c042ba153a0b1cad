"""What changed from publication to publication, as Activity Streams 2.0 (https://www.w3.org/TR/activitystreams-core/).

`/changes` is the collection, from the newest page to the oldest as IIIF's Change Discovery has it
(https://iiif.io/api/discovery/1.0/): a harvester begins at `last` and goes back by `prev` until it meets a time that it
knows.  Each page has changes of one publication, in the order of their IRIs; the first publication is one Create of
the dataset, and a publication of which no changes are known one Update of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.history import Change, History, Kind, Published
from service.problems import NotFound
from service.representations import HTML, JSON_LD
from service.responses import negotiate, readable, reply
from service.site import Site, site_of

router = APIRouter()

PAGE_SIZE: Final = 1000
CONTEXT: Final = "https://www.w3.org/ns/activitystreams"
ACTIVITY_JSON: Final = "application/activity+json"
OFFERS: Final = (JSON_LD, ACTIVITY_JSON, "application/json", HTML)
_TYPES: Final[dict[Kind, str]] = {"created": "Create", "updated": "Update", "deleted": "Delete"}


@readable(router, "/changes")
async def collection(request: Request) -> Response:
    """All that changed, in pages; for people, the publications."""
    site = site_of(request)
    chosen = negotiate(request, OFFERS)
    publications = await run_in_threadpool(site.mementos.history.all)
    if chosen == HTML:
        body = site.pages.changes([(one, _pages(one)) for one in reversed(publications)])
        return reply(request, body, HTML, headers={"Vary": "Accept"})
    places = _places(publications)
    document = {
        "@context": CONTEXT,
        "id": f"{site.base}changes",
        "type": "OrderedCollection",
        "summary": "What was created, updated and deleted in the dataset, the oldest first",
        "totalItems": sum(map(_items, publications)),
        **({"first": _ref(site, places[0]), "last": _ref(site, places[-1])} if places else {}),
    }
    return _json(request, document, chosen)


@readable(router, "/changes/{number}/{page}")
async def page(request: Request, number: str, page: str) -> Response:
    """Some changes of one publication; `prev` is older, `next` is newer."""
    site = site_of(request)
    chosen = negotiate(request, OFFERS)
    history = site.mementos.history
    publications = await run_in_threadpool(history.all)
    places = _places(publications)
    place = next((found for found in places if (f"{found[0].number}", f"{found[1]}") == (number, page)), None)
    if place is None:
        raise NotFound("there is no page of changes of this number")
    published, index = place[0], places.index(place)
    start = (place[1] - 1) * PAGE_SIZE
    activities = await run_in_threadpool(_activities, site, history, published, start)
    if chosen == HTML:
        beside = {"prev": places[index - 1] if index else None, "next": (*places, None)[index + 1]}
        body = site.pages.change_page(published, [_shown(activity) for activity in activities], beside)
        return reply(request, body, HTML, headers={"Vary": "Accept"})
    before = sum(_items(one) for one in publications if one.number < published.number)
    document = {
        "@context": CONTEXT,
        **_ref(site, place),
        "partOf": {"id": f"{site.base}changes", "type": "OrderedCollection"},
        "startIndex": before + start,
        **({"prev": _ref(site, places[index - 1])} if index else {}),
        **({"next": _ref(site, places[index + 1])} if index + 1 < len(places) else {}),
        "orderedItems": activities,
    }
    return _json(request, document, chosen)


def _json(request: Request, document: dict[str, Any], chosen: str) -> Response:
    body = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    return reply(request, body, chosen, headers={"Vary": "Accept"})


def _items(published: Published) -> int:
    return sum(published.counts.values()) if published.counts else 1


def _pages(published: Published) -> int:
    return -(-_items(published) // PAGE_SIZE)


def _places(publications: Iterable[Published]) -> list[tuple[Published, int]]:
    """Every page, the oldest first: its publication and its number there, from 1."""
    return [(one, number) for one in publications for number in range(1, _pages(one) + 1)]


def _ref(site: Site, place: tuple[Published, int]) -> dict[str, str]:
    return {"id": f"{site.base}changes/{place[0].number}/{place[1]}", "type": "OrderedCollectionPage"}


def _activities(site: Site, history: History, published: Published, start: int) -> list[dict[str, Any]]:
    time = f"{published.time:%Y-%m-%dT%H:%M:%SZ}"
    if not published.counts:
        kind: Kind = "created" if published.number == 1 else "updated"
        return [_activity(Change(site.iris.dataset(), kind), time)]
    return [_activity(change, time) for change in history.changes(published, start=start, limit=PAGE_SIZE)]


def _activity(change: Change, time: str) -> dict[str, Any]:
    gone = {"id": change.iri, "type": "Tombstone", "deleted": time}
    return {
        "type": _TYPES[change.kind],
        "object": gone if change.kind == "deleted" else {"id": change.iri},
        "published": time,
        # As IIIF's Change Discovery calls it.
        "endTime": time,
    }


def _shown(activity: dict[str, Any]) -> tuple[str, str]:
    return activity["type"], activity["object"]["id"]
