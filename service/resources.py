"""Linked data: `/id/...` names a thing, `/doc/...` is a document about it.

`/id/x` answers 303 to `/doc/x.SUFFIX` (https://www.w3.org/TR/cooluris/#r303gendocument); the suffix carries the
negotiated type on, `_profile` the profile.  `/doc/x` without a suffix negotiates too.  A name may itself end in what
looks like a suffix (id/source/volume.ttl): `/doc/a.ttl` is then the Turtle of `a` if there is an `a`, else about
`a.ttl`.  A thing that is gone is 410, one that never was is 404 with those of nearly its name.

With `Accept-Datetime` a document is 302 to its memento; `/timemap/link/doc/x` lists them (service/memento.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.errors import QueryError, QueryTimeout
from kg.history import Published
from kg.vocabulary import DCTERMS, DGM, RDF, XSD
from service import catalogue, memento, profiles, signposting, thingpages
from service.cache import steady
from service.descriptions import Description, Descriptions, Source
from service.kept import footprint
from service.lines import Collected, Lines
from service.nearmatches import near
from service.parameters import no_such_page, page_of
from service.problems import Gone, NotAcceptable, NotFound, RequestError
from service.profiles import ALTERNATES, OURS, PROFILES, Choice, Profile, Wish
from service.representations import HTML, SUFFIXES, digest, obstacle, suffix_of, write_lines
from service.responses import negotiate, readable, reply
from service.site import Site, site_of
from service.spelling import Names
from service.surroundings import around
from service.textindex import SECONDS, SearchTimeout, TextIndex

router = APIRouter()
_log = logging.getLogger(__name__)

CACHE_DATA: Final = "public, max-age=86400"
# Which mementos there are changes at any moment, and how their pages look with this software.
CACHE_PAGE: Final = "public, max-age=300"
CACHE_MEMENTO: Final = "public, max-age=31536000, immutable"
VARY: Final = "Accept, Accept-Profile, Accept-Datetime"
_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_FOAF, _HYDRA = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/hydra/core#"
_UNKNOWN = "the dataset says nothing of a thing of this name"


@dataclass(frozen=True, slots=True)
class Document:
    """A document about a thing: `description` is what it tells, `published` when, for a memento."""

    site: Site
    description: Description
    published: Published | None = None
    _told: dict[Profile, tuple[Lines, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What follows doc/ in its address, without a suffix."""
        return self.description.iri.removeprefix(f"{self.site.base}id/")

    @property
    def folder(self) -> str:
        """What stands before the name, under the root."""
        return f"memento/{memento.stamp(self.published.time)}/doc/" if self.published else "doc/"

    def address(self, media_type: str | None = None, profile: Profile = OURS, page: int | None = None) -> str:
        """The path and query of one representation; without a type that of all of them."""
        page = page or self.description.page
        query = [f"_profile={profile.token}"] * (profile is not OURS) + [f"page={page}"] * (page > 1)
        suffix = suffix_of(media_type) if media_type else ""
        return f"{self.site.root}{self.folder}{self.name}{suffix}" + ("?" + "&".join(query) if query else "")

    def statements(self, profile: Profile) -> tuple[Lines, ...]:
        """All that a representation in RDF says: of the thing, and of the document itself."""
        if profile not in self._told:
            self._told[profile] = self._statements(profile)
        return self._told[profile]

    def _statements(self, profile: Profile) -> tuple[Lines, ...]:
        if profile is ALTERNATES:
            return (Collected(profiles.alternates(self._iri(), self._all_addresses())),)
        if profile is not OURS:
            triples = dict.fromkeys(quad.triple for quad in self.description.quads())
            return (Collected(profiles.apply(profile, self.description.iri, triples)),)
        whole = not self.published and self.description.iri == self.site.iris.dataset()
        # Of the dataset, the catalogue says more than the store.
        more = catalogue.of_dataset(self.site) if whole else ()
        return (*self.description.told, Collected(more), Collected(self._itself()))

    def _all_addresses(self) -> dict[tuple[Profile, str], str]:
        origin = self.site.base.removesuffix(self.site.root)
        return {
            (profile, media_type): origin + self.address(media_type, profile)
            for profile in PROFILES
            for media_type in profile.offers
            if media_type in SUFFIXES
        }

    def alternates_page(self) -> bytes:
        """The list of its representations, for people."""
        rows = [
            (
                profile,
                [(media_type, self.address(media_type, profile)) for media_type in SUFFIXES if media_type in offers],
            )
            for profile, offers in ((profile, profile.offers) for profile in PROFILES)
        ]
        return self.site.pages.alternates(self.description, self.name, rows)

    def _iri(self, page: int = 1) -> str:
        return f"{self.site.base}doc/{self.name}" + (f"?page={page}" if page > 1 else "")

    def _itself(self) -> list[ox.Quad]:
        """Its topic and licence; and where it stands among its pages (https://www.hydra-cg.com/spec/latest/core/)."""
        facts: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
            (self._iri(), RDF.type, ox.NamedNode(_FOAF + "Document")),
            (self._iri(), _FOAF + "primaryTopic", ox.NamedNode(self.description.iri)),
            (self._iri(), DCTERMS.license, ox.NamedNode(_CC0)),
        ]
        page, last = self.description.page, self.description.last_page
        if last > 1:
            total = ox.Literal(str(self.description.incoming_total), datatype=ox.NamedNode(XSD.integer))
            # The first page has an address of its own: the document as a whole has another.
            view = f"{self._iri()}?page={page}"
            facts += [
                (self._iri(), _HYDRA + "totalItems", total),
                (self._iri(), _HYDRA + "view", ox.NamedNode(view)),
                (view, RDF.type, ox.NamedNode(_HYDRA + "PartialCollectionView")),
            ]
            beside = {"first": 1, "previous": page - 1, "next": page + 1, "last": last}
            facts += [
                (view, _HYDRA + relation, ox.NamedNode(f"{self._iri()}?page={number}"))
                for relation, number in beside.items()
                if 1 <= number <= last
            ]
        return [ox.Quad(ox.NamedNode(subject), ox.NamedNode(link), value) for subject, link, value in facts]

    def signposts(self) -> list[signposting.Link]:
        """The typed links of all its representations in our profile."""
        addresses = {media_type: self.address(media_type) for media_type in SUFFIXES}
        return signposting.links_of(self.site, self.description, addresses)

    def links(self, choice: Choice) -> list[str]:
        """The header Link: profile, signposts, other representations, thing, pages."""
        links = [f'<{choice.profile.iri}>; rel="profile"', f'<{self.description.iri}>; rel="describes"']
        for profile in PROFILES:
            # Proxies take no more than some kilobytes of headers: for ours the profile is left to be understood.
            # From our JSON-LD rdflib goes on to any other JSON-LD that is an alternate in quotation marks; RFC 8288
            # asks for none.
            rel, note = ('"alternate"', "") if profile is OURS else ("alternate", f'; profile="{profile.iri}"')
            links += [
                f'<{self.address(media_type, profile)}>; rel={rel}; type="{media_type}"{note}'
                for media_type in profile.offers
                if media_type in SUFFIXES and (media_type, profile) != (choice.media_type, choice.profile)
            ]
            kind = "http://www.w3.org/ns/dx/prof/Profile"
            links.append(f'<{kind}>; rel="type"; token="{profile.token}"; anchor="{profile.iri}"')
        # The other representations stand above already, of all profiles.
        left = {"alternate"} if choice.profile is OURS else {"alternate", "canonical"}
        own = signposting.of(self.signposts(), self.address(choice.media_type))
        links += [str(link) for link in own if link.rel not in left]
        page, last = self.description.page, self.description.last_page
        beside = {"first": 1, "prev": page - 1, "next": page + 1, "last": last} if last > 1 else {}
        links += [
            f'<{self.address(choice.media_type, choice.profile, number)}>; rel="{relation}"'
            for relation, number in beside.items()
            if 1 <= number <= last
        ]
        return links


@readable(router, "/id/{path:path}")
async def thing(request: Request) -> Response:
    """303 to the document about this thing, of the type and profile that the request prefers."""
    site, path = site_of(request), _raw_path(request, "id/")
    wish = _wish(request)
    description = await _describe(site, site.descriptions, path, 1)
    if not description:
        raise await _missing(site, [path])
    document = Document(site, description)
    choice = _choice(wish, document)
    headers = {"Vary": "Accept, Accept-Profile", "Cache-Control": CACHE_DATA}
    location = document.address(choice.media_type, choice.profile)
    steady(request)
    return Response(status_code=303, headers={"Location": location, **headers})


@readable(router, "/doc/{path:path}")
async def document(request: Request) -> Response:
    """The document about a thing; `page` goes through what points at it, PAGE_SIZE at a time."""
    site, path, page = site_of(request), _raw_path(request, "doc/"), page_of(request.query_params.get("page", ""))
    if (wanted := request.headers.get("accept-datetime")) is not None:
        return await _time_gate(request, site, path, wanted)
    found = await _find(site, site.descriptions, path, page)
    if not found:
        raise await _missing(site, _names(path))
    description, suffix = found
    links = memento.links(site.root, _original(request, path))
    steady(request)
    return await _represent(request, Document(site, description), suffix, links, site.descriptions)


@readable(router, "/linkset/{path:path}")
async def linkset(request: Request) -> Response:
    """The typed links of all representations of a thing, and of the files that hold it (RFC 9264)."""
    site, path = site_of(request), _raw_path(request, "linkset/")
    chosen = negotiate(request, (signposting.LINKSET_JSON, signposting.LINKSET, "application/json"))
    description = await _describe(site, site.descriptions, path, 1)
    if not description:
        raise await _missing(site, [path])
    links = Document(site, description).signposts()
    steady(request)
    write_links = signposting.linkset if chosen == signposting.LINKSET else signposting.linkset_json
    body = write_links(site.base, links)
    return reply(request, body, chosen, headers={"Vary": "Accept"}, modified=site.modified, cache=CACHE_DATA)


@readable(router, "/memento/{time}/doc/{path:path}")
async def earlier(request: Request, time: str) -> Response:
    """The document as it was."""
    site, page = site_of(request), page_of(request.query_params.get("page", ""))
    path = _raw_path(request, f"memento/{time}/doc/")
    published = await site.mementos.at(time)
    async with site.mementos.lease(published) as descriptions:
        found = await _find(site, descriptions, path, page)
        if not found:
            raise NotFound("the dataset said nothing of a thing of this name at this time")
        description, suffix = found
        original = _original(request, path)
        links = [
            *memento.links(site.root, original),
            *memento.memento_links(site.root, original, await site.mementos.publications(description.iri), published),
        ]
        return await _represent(request, Document(site, description, published), suffix, links, descriptions)


@readable(router, "/timemap/link/doc/{path:path}")
async def time_map(request: Request) -> Response:
    """All mementos of a document, in application/link-format or JSON."""
    site, path = site_of(request), _raw_path(request, "timemap/link/doc/")
    chosen = negotiate(request, (memento.LINK_FORMAT, "application/json"))
    publications = await _publications(site, path)
    original = _original(request, path)
    write_map = memento.timemap if chosen == memento.LINK_FORMAT else memento.timemap_json
    body = write_map(site.root, original, publications)
    return reply(request, body, chosen, headers={"Vary": "Accept"}, cache=CACHE_PAGE)


async def _time_gate(request: Request, site: Site, path: str, wanted: str) -> Response:
    """302 to the memento of the time (RFC 7089, 4.1.2)."""
    time = memento.accept_datetime(wanted)
    publications, original = await _publications(site, path), _original(request, path)
    chosen = memento.nearest(publications, time)
    links = [
        *memento.links(site.root, original),
        *memento.memento_links(site.root, original, publications, chosen),
    ]
    headers = {"Location": memento.address(site.root, original, chosen), "Vary": VARY, "Link": ", ".join(links)}
    return Response(status_code=302, headers={**headers, "Cache-Control": CACHE_PAGE})


async def _publications(site: Site, path: str) -> tuple[Published, ...]:
    """Those that have the document of this path, now or before.  Raises NotFound or Gone."""
    found = await _find(site, site.descriptions, path, 1)
    names = [found[0].iri] if found else [f"{site.base}id/{name}" for name in _names(path)]
    for iri in names:
        was_there = found or await site.mementos.withdrawn(iri)
        if was_there and (publications := await site.mementos.publications(iri)):
            return publications
    raise await _missing(site, _names(path))


def _raw_path(request: Request, prefix: str) -> str:
    """What follows `prefix`, still percent-encoded: decoded, a slash in a key could not be told from ours."""
    raw = bytes(request.scope["raw_path"]).partition(b"?")[0]
    return quote(raw, safe="/%:@!$&'()*+,;=-._~").removeprefix(site_of(request).root + prefix)


def _original(request: Request, path: str) -> str:
    """The path with the query string, which are the address of the original resource together."""
    query = quote(bytes(request.scope["query_string"]), safe="/%:@!$&'()*+,;=-._~?")
    return f"{path}?{query}" if query else path


def _spellings(site: Site, path: str) -> list[str]:
    """The path as sent, and as we would have written it."""
    parsed = site.iris.parse(f"{site.base}id/{path}")
    canonical = site.iris.thing(parsed[0], *parsed[1]).removeprefix(f"{site.base}id/") if parsed else path
    return [path] if canonical == path else [path, canonical]


def _names(path: str) -> list[str]:
    """What a path may be about: without its suffix, or as it stands."""
    return [*(path.removesuffix(suffix) for suffix in SUFFIXES.values() if path.endswith(suffix)), path]


async def _describe(site: Site, descriptions: Descriptions, path: str, page: int) -> Description | None:
    """Raises NotFound if there is such a thing, but not so many pages."""
    for candidate in _spellings(site, path):
        if description := await descriptions.get(f"{site.base}id/{candidate}", page):
            if page > description.last_page:
                last = description.last_page
                raise no_such_page(last, f"{site.root}doc/{candidate}?page={last}")
            return description
    return None


async def _find(site: Site, descriptions: Descriptions, path: str, page: int) -> tuple[Description, str | None] | None:
    """What a path is about, and the type that its suffix names."""
    for media_type, suffix in SUFFIXES.items():
        name = path.removesuffix(suffix)
        if name != path and (description := await _describe(site, descriptions, name, page)):
            return description, media_type
    description = await _describe(site, descriptions, path, page)
    return (description, None) if description else None


async def _missing(site: Site, names: list[str]) -> RequestError:
    """What to say of a thing that is not there under any of these names, of which the first is the likeliest."""
    for name in names:
        for spelling in _spellings(site, name):
            if gone := await site.mementos.withdrawn(f"{site.base}id/{spelling}"):
                last = memento.address(site.root, spelling, gone.last) if gone.last else None
                links = [f'<{site.root}timemap/link/doc/{spelling}>; rel="timemap"; type="{memento.LINK_FORMAT}"']
                links += [memento.memento_link(site.root, spelling, gone.last)] if gone.last else []
                return Gone("the dataset no longer has a thing of this name", gone.time.isoformat(), last, links)
    volumes = [volume.id for volume in site.snapshot.manifest.volumes]
    try:
        labels = Names(site.snapshot.search)
        found = await near(site.descriptions.source, labels, site.iris, f"{site.base}id/{names[0]}", volumes)
    except (QueryError, SearchTimeout) as error:
        # That it is not there is known; what it may have been is a courtesy.
        _log.warning("near matches could not be looked up: %s", error)
        found = []
    return NotFound(_UNKNOWN, [similar(site, row.iri, row.label) for row in found])


def similar(site: Site, iri: str, label: str) -> dict[str, str]:
    return {"iri": iri, "label": label, "document": f"{site.root}doc/{iri.removeprefix(site.base + 'id/')}"}


def _wish(request: Request, suffix: str | None = None) -> Wish:
    headers = request.headers
    return profiles.wish(headers.getlist("accept"), headers.getlist("accept-profile"), request.query_params, suffix)


def _choice(wish: Wish, document: Document) -> Choice:
    """The best representation that can be written.  Raises NotAcceptable, which says why the best one cannot."""
    choice = wish.choose()
    if choice.media_type == HTML:
        return choice
    reason = obstacle(document.statements(choice.profile), choice.media_type)
    if reason is None:
        return choice
    try:
        return wish.choose(without=choice.media_type)
    except NotAcceptable as error:
        raise NotAcceptable(error.offered, reason, vary=error.vary) from None


async def _represent(
    request: Request, document: Document, suffix: str | None, links: list[str], descriptions: Descriptions
) -> Response:
    choice = _choice(_wish(request, suffix), document)
    headers = {"Vary": VARY, "Link": signposting.header([*document.links(choice), *links])}
    if suffix is None or choice.profile is not OURS:
        headers["Content-Location"] = document.address(choice.media_type, choice.profile)
    body = await _body(request, document, choice, descriptions.source)
    cache = CACHE_DATA
    if document.published:
        headers["Memento-Datetime"] = memento.http_date(document.published.time)
        cache = CACHE_PAGE if choice.media_type == HTML else CACHE_MEMENTO
    modified = int(document.published.time.timestamp()) if document.published else document.site.modified
    return reply(
        request,
        body,
        choice.content_type,
        headers=headers,
        etag=digest(f"{choice.content_type} {choice.profile.iri}\n".encode() + body),
        modified=None if choice.media_type == HTML else modified,
        cache=cache,
    )


async def _body(request: Request, document: Document, choice: Choice, source: Source) -> bytes:
    if choice.media_type == HTML:
        if choice.profile is ALTERNATES:
            return document.alternates_page()
        try:
            return await _page_of(request, document, source)
        except SearchTimeout:
            raise QueryTimeout(SECONDS) from None
    return write_lines(
        document.statements(choice.profile),
        choice.media_type,
        about=None if choice.profile is ALTERNATES else document.description.iri,
        context=choice.profile.context or document.site.vocabularies.context,
        forms=choice.forms,
    )


async def _page_of(request: Request, document: Document, source: Source) -> bytes:
    """The page, made once: the data do not change, and the longest documents take their time."""
    asked = tuple(sorted((name, value[:9]) for name, value in request.query_params.items() if name in thingpages.LISTS))
    key = (document.description.iri, document.description.page, document.folder, asked)
    made = document.site.pages.made
    page = made.get(key)
    if page is None:
        page = await _made(document, source, dict(asked))
        made.keep(key, page, footprint(page))
    return page


async def _made(document: Document, source: Source, asked: Mapping[str, str]) -> bytes:
    """A former state has no text index of its own, so its page shows what the data say alone."""
    site, description = document.site, document.description
    folder, published = document.folder, document.published.time if document.published else None
    now = None if published else TextIndex(site.snapshot.search)
    if DGM.Document in description.types(description.iri):
        own = None if published else site.descriptions.own
        surroundings = await around(source, site.iris, description, now, own)
        return site.pages.document(surroundings, document.name, folder=folder, published=published)
    shown = await thingpages.show(site, source, description, now, asked) if now else None
    return site.pages.resource(description, document.name, shown=shown, folder=folder, published=published)
