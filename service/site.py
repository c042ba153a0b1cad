"""The parts of a running service, as every room sees them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from kg.iris import Iris
from kg.snapshot import Snapshot
from service.descriptions import Descriptions
from service.memento import Mementos
from service.pages import Pages
from service.queries import WorkerPool
from service.vocabularies import Vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`queries` are for those who ask, `lookups` for our own pages: an endless query blocks no page.

    `modified` is when the snapshot was published, in seconds since 1970: by the history, since the data have no
    clock.
    """

    snapshot: Snapshot
    vocabularies: Vocabularies
    pages: Pages
    queries: WorkerPool
    lookups: WorkerPool
    descriptions: Descriptions
    mementos: Mementos
    modified: int

    @property
    def base(self) -> str:
        """Absolute and from the manifest: identifiers never follow a request's Host."""
        return self.snapshot.manifest.base_iri

    @property
    def root(self) -> str:
        """The base's path, for links and redirects, so that a copy on another host can be walked through."""
        return root_of(self.base)

    @property
    def iris(self) -> Iris:
        return Iris(self.base)


def root_of(base: str) -> str:
    return urlsplit(base).path or "/"


def site_of(request: Request) -> Site:
    site = request.app.state.site
    assert isinstance(site, Site)  # noqa: S101 - create_app sets it
    return site
