"""Typed links: FAIR Signposting (https://signposting.org/FAIR/), in the header Link and as a link set.

A page about a thing is its landing page; representations in RDF are its metadata; files to download are its
content.  `links_of` makes the links of all of them at once, each with its context; the header (RFC 8288) tells those of
one resource, the link set at /linkset/… (RFC 9264) all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from kg.downloads import VOLUME, WHOLE, Downloads
from kg.formats import FORMATS
from kg.vocabulary import DGM
from service.descriptions import Description
from service.representations import HTML
from service.site import Site

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
    links += _contents(site, description, page)
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


def _contents(site: Site, description: Description, page: str) -> list[Link]:
    """Files that hold the thing, and what the thing is part of."""
    types, dataset = description.types(description.iri), site.iris.dataset()
    whole = f"{site.root}doc/{dataset.removeprefix(site.base + 'id/')}.html"
    links = [
        Link(page, "collection", f"{site.root}doc/{volume.removeprefix(site.base + 'id/')}.html", HTML)
        for volume in description.values(description.iri, DGM.volume)
        if volume.startswith(site.base)
    ]
    if DGM.Volume in types:
        links.append(Link(page, "collection", whole, HTML))
    if DGM.Volume not in types and description.iri != dataset:
        return links
    name = WHOLE if description.iri == dataset else VOLUME + description.iri.rpartition("/")[2]
    # The plain forms; the compressed ones stand in the catalogue, with digests.
    for form, media_type in FORMATS.items():
        if Downloads(site.snapshot.downloads).file(name, form, ""):
            address = f"{site.root}download/{name}.{form}"
            links += [Link(page, "item", address, media_type), Link(address, "collection", page, HTML)]
    return links


def of(links: Iterable[Link], anchor: str) -> list[Link]:
    """Those of one resource."""
    return [link for link in links if link.anchor == anchor]


def header(links: Sequence[object]) -> str:
    """The field's value, of at most LIMIT bytes; what can best be missed is left out first, from the end."""
    kept = [str(link) for link in links]
    for rel in _LESS:
        for text in [text for text in reversed(kept) if f'rel="{rel}"' in text]:
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
