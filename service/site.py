"""The parts of a running service, as every room sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request

from kg.iris import Iris
from kg.snapshot import Snapshot
from service.descriptions import Descriptions
from service.kept import Kept
from service.memento import Mementos
from service.pages import Pages
from service.queries import WorkerPool
from service.turns import Desk
from service.vocabularies import Vocabularies

SITE: Final = "dragoman.site"
"""Where a request's scope has its site."""


@dataclass(slots=True, kw_only=True)
class Site:
    """`queries` are for those who ask, `lookups` for our own pages: an endless query blocks no page.  At the `desk` the
    text index is searched, which takes seconds at worst.

    `modified` is when the snapshot was published, in seconds since 1970: by the history, since the data have no
    clock.  `responses` are what the layer in front has kept.  `latest` is false while what `current` names is not
    whole and an earlier snapshot is served.
    """

    snapshot: Snapshot
    vocabularies: Vocabularies
    pages: Pages
    queries: WorkerPool
    lookups: WorkerPool
    descriptions: Descriptions
    mementos: Mementos
    modified: int
    desk: Desk
    responses: Kept[Any] = field(default_factory=lambda: Kept(0))
    latest: bool = True

    async def start(self) -> None:
        """Starts the workers.  Raises SnapshotError if the store cannot be opened."""
        try:
            await self.queries.start()
            await self.lookups.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ends the workers, also those of earlier snapshots."""
        await self.queries.stop()
        await self.lookups.stop()
        await self.mementos.stop()

    def kept_bytes(self) -> dict[str, int]:
        """What is kept of what was made, in bytes of memory: ready answers, descriptions, pages, answers to queries."""
        return {
            "answers": self.responses.size,
            "descriptions": self.descriptions.kept_bytes,
            "pages": self.pages.made.size,
            "queries": self.queries.kept_bytes,
        }

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
    """The site of a request: the same from its beginning to its end, whatever is published meanwhile."""
    site = request.scope[SITE]
    assert isinstance(site, Site)  # noqa: S101 - the outermost layer sets it
    return site
