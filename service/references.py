"""How to cite a document: as a bibliography of the series has it, and as programs read it.

Chicago Manual of Style, 17th ed., 14.106 (part of a book); BibTeX; RIS; CSL-JSON
(https://docs.citationstyles.org/en/stable/specification.html); meta elements as Zotero and Google Scholar read them
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing); schema.org.  Only what is stated is cited: a
person or a date that is inferred is not part of a reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from service.datewords import american, in_words

_PARTS = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
# What has a meaning of its own in BibTeX, and how it is written as itself.
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "&%$#_"},
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a reference says; `date` is the document's (XSD), `issued` the volume's year, `pages` as printed."""

    url: str
    identifier: str
    title: str
    date: str = ""
    received: str = ""
    kind: str = ""
    authors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    volume: str = ""
    volume_url: str = ""
    volume_id: str = ""
    series: str = ""
    publisher: str = ""
    issued: str = ""
    pages: tuple[str, ...] = ()

    @property
    def page_range(self) -> str:
        return "–".join(dict.fromkeys((self.pages[0], self.pages[-1]))) if self.pages else ""

    @property
    def number(self) -> str:
        """ "Document 100" of frus1934v04/d100."""
        found = re.fullmatch(r"d(\d+)", self.identifier.rpartition("/")[2])
        return f"Document {found[1]}" if found else ""

    @property
    def key(self) -> str:
        return re.sub(r"[^A-Za-z0-9]+", "-", self.identifier) or "document"


def chicago(reference: Reference) -> tuple[tuple[str, bool], ...]:
    """A note of the bibliography in pieces: (text, whether it is in italics)."""
    # Commas and full stops stand inside the quotation marks (6.9).
    date = f" {american(reference.date)}," if reference.date else ""
    imprint = ", ".join(part for part in (reference.publisher, reference.issued) if part)
    tail = [reference.number, reference.page_range and f"p. {reference.page_range}"]
    tail[1] = tail[1].replace("p.", "pp.", 1) if "–" in tail[1] else tail[1]
    where = ", ".join(part for part in (*tail, reference.url) if part)
    return (
        (f"“{reference.title.rstrip('.,')},”{date} in ", False),
        (reference.volume or reference.volume_id, True),
        (f"{f' ({imprint})' if imprint else ''}, {where}.", False),
    )


def bibtex(reference: Reference) -> str:
    fields = {
        "title": reference.title,
        "author": " and ".join(f"{{{_tex(name)}}}" for name in reference.authors),
        "booktitle": reference.volume,
        "series": reference.series,
        "publisher": reference.publisher,
        "year": reference.issued or reference.date[:4],
        "pages": reference.page_range.replace("–", "--"),
        "note": ", ".join(part for part in (reference.number, in_words(reference.date)) if part),
        "url": reference.url,
    }
    lines = [
        f"  {name} = {{{value if name in ('author', 'url') else _tex(value)}}}"
        for name, value in fields.items()
        if value
    ]
    return f"@incollection{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _CONTROL.sub(" ", text))


def ris(reference: Reference) -> str:
    """A chapter of a book; DA is the document's own date."""
    date = _PARTS.match(reference.date)
    pairs = [
        ("TY", "CHAP"),
        ("ID", reference.key),
        ("TI", reference.title),
        *(("AU", name) for name in reference.authors),
        *(("A4", name) for name in reference.recipients),
        ("T2", reference.volume),
        ("T3", reference.series),
        ("PB", reference.publisher),
        ("PY", reference.issued or reference.date[:4]),
        ("DA", "/".join((date[1], date[2] or "", date[3] or "")) + "/" if date else ""),
        ("SP", reference.pages[0] if reference.pages else ""),
        ("EP", reference.pages[-1] if reference.pages else ""),
        ("AN", reference.identifier),
        ("UR", reference.url),
    ]
    lines = [f"{tag}  - {_CONTROL.sub(' ', value)}" for tag, value in pairs if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(reference: Reference) -> str:
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "chapter",
        "title": reference.title,
        "author": [{"literal": name} for name in reference.authors],
        "recipient": [{"literal": name} for name in reference.recipients],
        "genre": reference.kind,
        "original-date": _csl_date(reference.date),
        "issued": _csl_date(reference.issued),
        "container-title": reference.volume,
        "collection-title": reference.series,
        "publisher": reference.publisher,
        "page": reference.page_range.replace("–", "-"),
        "number": reference.number,
        "URL": reference.url,
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def _csl_date(date: str) -> dict[str, Any] | None:
    found = _PARTS.match(date)
    return {"date-parts": [[int(part) for part in found.groups() if part]]} if found else None


def meta(reference: Reference) -> list[tuple[str, str]]:
    """The `citation_` elements of the page's head; the date is the document's, as a reader of letters wants it."""
    date = _PARTS.match(reference.date)
    pairs = [
        ("citation_title", reference.title),
        *(("citation_author", name) for name in reference.authors),
        ("citation_date", "/".join(part for part in date.groups() if part) if date else ""),
        ("citation_inbook_title", reference.volume),
        ("citation_series_title", reference.series),
        ("citation_publisher", reference.publisher),
        ("citation_firstpage", reference.pages[0] if reference.pages else ""),
        ("citation_lastpage", reference.pages[-1] if reference.pages else ""),
        ("citation_public_url", reference.url),
        ("citation_language", "en"),
    ]
    return [(name, value) for name, value in pairs if value]


def linked_data(reference: Reference) -> str:
    """schema.org as JSON-LD."""
    book = {
        "@type": "Book",
        "@id": reference.volume_url,
        "name": reference.volume,
        "publisher": {"@type": "Organization", "name": reference.publisher} if reference.publisher else "",
        "datePublished": reference.issued,
    }
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Message",
        "@id": reference.url,
        "url": reference.url,
        "identifier": reference.identifier,
        "name": reference.title,
        "genre": reference.kind,
        "dateSent": reference.date,
        "dateReceived": reference.received,
        "sender": [{"@type": "Person", "name": name} for name in reference.authors],
        "recipient": [{"@type": "Person", "name": name} for name in reference.recipients],
        "pagination": reference.page_range,
        "isPartOf": {key: value for key, value in book.items() if value},
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    return script({key: value for key, value in item.items() if value})


def script(item: dict[str, Any]) -> str:
    """JSON that may stand in a script element: no character in it can end one."""
    text = json.dumps(item, ensure_ascii=False)
    return "".join(f"\\u{ord(sign):04x}" if sign in "<>&\u2028\u2029" else sign for sign in text)


@dataclass(frozen=True, slots=True)
class Style:
    """A form that programs read: `suffix` of its address."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Reference], str]


STYLES: Final = (
    Style("BibTeX", ".bib", "application/x-bibtex", bibtex),
    Style("RIS", ".ris", "application/x-research-info-systems", ris),
    Style("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl),
)
"""https://www.iana.org/assignments/media-types lists the last; the first two have no registered name."""
