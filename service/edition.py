"""The dataset as something to cite: an edition of it is a snapshot, which stays as it is, and the day it came out.

Chicago Manual of Style, 17th ed., 14.257 (data sets); BibTeX (`@dataset` is BibLaTeX's, 2.1.1; BibTeX takes it for
`@misc`); RIS (`DATA`); CSL-JSON (`dataset`, https://docs.citationstyles.org/en/stable/specification.html); schema.org.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kg.catalogue import CC0, DESCRIPTION, KEYWORDS, TITLE
from kg.downloads import File
from service.datewords import american
from service.references import STYLES, script

PUBLISHER: Final = "Dragoman"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """`iri` is the dataset's, `snapshot` its digest, `published` in UTC; `sent` the first and last day of its letters.

    `files` are the downloads of the whole, `downloads` the address under which they stay.
    """

    iri: str
    page: str
    snapshot: str
    published: datetime
    documents: int
    volumes: int
    sent: tuple[str, str] | None
    files: tuple[File, ...]
    downloads: str

    @property
    def day(self) -> str:
        return f"{self.published:%Y-%m-%d}"

    @property
    def version(self) -> str:
        return f"snapshot {self.snapshot[:12]}"

    @property
    def key(self) -> str:
        return f"dragoman-{self.snapshot[:12]}"


def chicago(edition: Edition) -> tuple[tuple[str, bool], ...]:
    """A note of the bibliography in pieces: (text, whether it is in italics)."""
    contents = f"{edition.documents:,} documents of {edition.volumes:,} volumes"
    return (
        (TITLE, True),
        (f" ({contents}; {edition.version}, published {american(edition.day)}), CC0 1.0, {edition.iri}.", False),
    )


def bibtex(edition: Edition) -> str:
    fields = {
        "title": "{" + TITLE + "}",
        "publisher": PUBLISHER,
        "year": edition.day[:4],
        "date": edition.day,
        "version": edition.version,
        "note": f"CC0 1.0. {edition.documents} documents of {edition.volumes} volumes",
        "url": edition.iri,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@dataset{{{edition.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(edition: Edition) -> str:
    year, month, day = edition.day.split("-")
    pairs = (
        ("TY", "DATA"),
        ("ID", edition.key),
        ("TI", TITLE),
        ("PB", PUBLISHER),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/"),
        ("ET", edition.version),
        ("C1", "CC0 1.0"),
        ("UR", edition.iri),
    )
    return "\r\n".join([*(f"{tag}  - {value}" for tag, value in pairs), "ER  - ", ""])


def csl(edition: Edition) -> str:
    item = {
        "id": edition.key,
        "type": "dataset",
        "title": TITLE,
        "publisher": PUBLISHER,
        "issued": {"date-parts": [[int(part) for part in edition.day.split("-")]]},
        "version": edition.version,
        "license": CC0,
        "URL": edition.iri,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


WRITERS: Final[Mapping[str, Callable[[Edition], str]]] = {".bib": bibtex, ".ris": ris, ".json": csl}
"""By the suffix of their address, as `references.STYLES` names them."""


def styles(edition: Edition) -> list[tuple[str, str, str]]:
    """(name, address, text) of the forms that programs read."""
    return [(style.name, f"cite/dataset{style.suffix}", WRITERS[style.suffix](edition)) for style in STYLES]


def linked_data(edition: Edition) -> str:
    """schema.org as JSON-LD, in the terms that search engines for data sets ask for."""
    publisher = {"@type": "Organization", "name": PUBLISHER}
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": edition.iri,
        "url": edition.page,
        "identifier": edition.iri,
        "name": TITLE,
        "description": DESCRIPTION,
        "keywords": list(KEYWORDS),
        "license": CC0,
        "isAccessibleForFree": True,
        "creator": publisher,
        "publisher": publisher,
        "version": edition.snapshot,
        "datePublished": edition.day,
        "temporalCoverage": "/".join(edition.sent) if edition.sent else "",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.path,
                "contentUrl": f"{edition.downloads}{file.path}",
                "encodingFormat": file.media_type,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in edition.files
        ],
    }
    return script({key: value for key, value in item.items() if value})
