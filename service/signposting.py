"""Typed links: FAIR Signposting (https://signposting.org/FAIR/), in the header Link and as a link set.

A page about a thing is its landing page; representations in RDF are its metadata; files to download are its
content.  `links_of` makes the links of all of them at once, each with its context; the header (RFC 8288) tells those of
one resource, the link set at /linkset/… (RFC 9264) all.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from kg.downloads import COMMON, WHOLE, Downloads
from kg.errors import SnapshotError
from kg.formats import FORMATS
from kg.vocabulary import DGM
from service.descriptions import Description
from service.representations import HTML
from service.site import Site

_log = logging.getLogger(__name__)

DOCUMENT: Final = "document/"
LINKSET_JSON: Final = "application/linkset+json"
LINKSET: Final = "application/linkset"
CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
LIMIT: Final = 4096
"""Bytes that the header may have: some servers and clients take no more than 8 kB for all header fields together."""

_SCHEMA: Final = "https://schema.org/"
_DCAT_DATASET: Final = "http://www.w3.org/ns/dcat#Dataset"
# What a thing is in the words of search engines; a page about it is an AboutPage besides.
_KINDS: Final = {
    DGM.Document: "Message",
    DGM.Volume: "Book",
    DGM.Person: "Person",
    DGM.Place: "Place",
    _DCAT_DATASET: "Dataset",
}
# What may be left out where there is no room, in this order; the link set has it all.
_LESS: Final = ("item", "alternate", "type", "author")


@dataclass(frozen=True, slots=True)
class Link:
    """From `anchor` (an address under our root) to `href`, which may be relative to the base."""

    anchor: str
    rel: str
    href: str
    type: str | None = None

    def __str__(self) -> str:
        """As in the header, where the context is the resource itself."""
        return f'<{self.href}>; rel="{self.rel}"' + (f'; type="{self.type}"' if self.type else "")


def links_of(site: Site, description: Description, addresses: Mapping[str, str]) -> list[Link]:
    """All links of a thing; `addresses` are the paths of its representations by media type."""
    page = addresses[HTML]
    name = description.iri.removeprefix(f"{site.base}id/")
    linkset = f"{site.root}linkset/{name}"
    links = [Link(page, "cite-as", description.iri)]
    links += [Link(page, "type", _SCHEMA + kind) for kind in ("AboutPage", *_kinds(description))]
    links += [Link(page, "author", iri) for iri in _authors(description)]
    metadata = {media_type: address for media_type, address in addresses.items() if media_type != HTML}
    links += [Link(page, "describedby", address, media_type) for media_type, address in metadata.items()]
    links += [Link(page, "collection", whole, HTML) for whole in _wholes(site, description)]
    for path, media_type in _files(site, description):
        file = f"{site.root}download/{path}"
        links += [Link(page, "item", file, media_type), Link(file, "collection", page, HTML)]
    for address in addresses.values():
        links += [Link(address, "license", CC0), Link(address, "linkset", linkset, LINKSET_JSON)]
        links.append(Link(address, "canonical", urljoin(site.base, address)))
    for media_type, address in metadata.items():
        links.append(Link(address, "describes", page, HTML))
        links += [Link(address, "alternate", other, kind) for kind, other in addresses.items() if kind != media_type]
    return links


def _kinds(description: Description) -> list[str]:
    return [_KINDS[kind] for kind in description.types(description.iri) if kind in _KINDS]


def _authors(description: Description) -> list[str]:
    """The persons whom the source names as senders; what is inferred is no author here."""
    return [
        person
        for sending in description.values(description.iri, DGM.sending)
        for sender in description.values(sending, DGM.sender)
        for person in description.values(sender, DGM.person)
    ]


def _wholes(site: Site, description: Description) -> list[str]:
    """The page of what the thing is part of: of a document its volume, of a volume the dataset."""
    if DGM.Volume in description.types(description.iri):
        return [_page_of(site, site.iris.dataset())]
    volumes = description.values(description.iri, DGM.volume)
    return [_page_of(site, volume) for volume in volumes if volume.startswith(site.base)]


def _page_of(site: Site, iri: str) -> str:
    return f"{site.root}doc/{iri.removeprefix(site.base + 'id/')}.html"


def _files(site: Site, description: Description) -> list[tuple[str, str]]:
    """Path and media type of the downloads that hold the thing, plain ones first."""
    downloads, name = Downloads(site.snapshot.downloads), description.iri.removeprefix(f"{site.base}id/")
    types = description.types(description.iri)
    try:
        if DGM.Document in types and downloads.has(name.removeprefix(DOCUMENT)):
            return [(f"{name}.{suffix}", media_type) for suffix, media_type in FORMATS.items()]
        if DGM.Volume in types or description.iri == site.iris.dataset():
            wanted = name if DGM.Volume in types else WHOLE
            files = sorted(downloads.files(), key=lambda file: len(file.coding))
            return [(file.path, file.media_type) for file in files if file.name == wanted]
    except SnapshotError as error:
        # A snapshot of an older release has none.
        _log.info("no downloads to point at: %s", error)
    return []


def of_file(site: Site, name: str) -> str:
    """The header of a download, `name` as in its address: the page of what it holds, the licence."""
    thing = site.iris.dataset() if name in (WHOLE, COMMON) else f"{site.base}id/{name}"
    return header([Link("", "collection", _page_of(site, thing), HTML), Link("", "license", CC0)])


def of(links: Iterable[Link], anchor: str) -> list[Link]:
    """Those of one resource."""
    return [link for link in links if link.anchor == anchor]


def header(links: Sequence[object]) -> str:
    """The field's value, of at most LIMIT bytes; what can best be missed is left out first, from the end."""
    kept = [str(link) for link in links]
    for rel in _LESS:
        for text in [text for text in reversed(kept) if f'rel="{rel}"' in text or f"rel={rel};" in text]:
            if len(", ".join(kept)) <= LIMIT:
                break
            kept.remove(text)
    return ", ".join(kept)


def linkset_json(base: str, links: Iterable[Link]) -> bytes:
    """RFC 9264, 4.2: one object a context, one member a relation; all references absolute."""
    contexts: dict[str, dict[str, Any]] = {}
    for link in links:
        anchor = urljoin(base, link.anchor)
        target = {"href": urljoin(base, link.href), **({"type": link.type} if link.type else {})}
        contexts.setdefault(anchor, {"anchor": anchor}).setdefault(link.rel, []).append(target)
    return (json.dumps({"linkset": list(contexts.values())}, indent=1) + "\n").encode()


def linkset(base: str, links: Iterable[Link]) -> bytes:
    """RFC 9264, 4.1: as in the header, each link with its context, one a line."""
    lines = []
    for link in links:
        absolute = Link(link.anchor, link.rel, urljoin(base, link.href), link.type)
        lines.append(f'{absolute}; anchor="{urljoin(base, link.anchor)}"')
    return (",\n".join(lines) + "\n").encode()
