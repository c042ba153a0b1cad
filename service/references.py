"""How to cite a document: as a bibliography of the series has it, and as programs read it.

Chicago Manual of Style, 17th ed., 14.106 (part of a book); BibTeX; RIS; CSL-JSON
(https://docs.citationstyles.org/en/stable/specification.html); meta elements as Zotero and Google Scholar read them
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing); schema.org.

A document is cited with place and day behind its title, as the series has it, in every form.  So is the year of a
reference that of the volume: programs have one date for a part of a book (Zotero takes DA of RIS before PY, so there
is no DA).  Only what is stated is cited, but for a person who is known with certainty: that one has the full name, and
the words of the source stand beside it.
"""

from __future__ import annotations

import json
import re
import unicodedata
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
class Named:
    """A party: `family` and `given` name of a person where they can be told apart, else `literal` as it stands.

    `printed` are the words of the source, if the name is not among them.
    """

    literal: str
    family: str = ""
    given: str = ""
    printed: str = ""

    @property
    def inverted(self) -> str:
        """Family name first, as RIS, BibTeX and the meta elements part a name."""
        return f"{self.family}, {self.given}" if self.family else self.literal


def named(label: str, key: str = "", printed: str = "") -> Named:
    """A person of a register or a list of persons.

    Lists write "Weddell, Alexander".  Registers write "Alexander Weddell", and their `key` ("weddell-alexander") tells
    where the family name begins.  What neither tells is not guessed.
    """
    family, comma, given = label.partition(", ")
    if comma and ", " not in given:
        return Named(literal=f"{given} {family}", family=family, given=given, printed=printed)
    words = label.split()
    for place in range(1, len(words)):
        if _slug(" ".join((*words[place:], *words[:place]))) == key:
            first, last = " ".join(words[:place]), " ".join(words[place:])
            return Named(literal=label, family=last, given=first, printed=printed)
    return Named(literal=label, printed=printed)


def _slug(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("’", "").replace("'", "")).strip("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a reference says: `place` and `date` (XSD) of the document, `issued` of the volume, `pages` as printed."""

    url: str
    identifier: str
    title: str
    place: str = ""
    date: str = ""
    received: str = ""
    kind: str = ""
    authors: tuple[Named, ...] = ()
    recipients: tuple[Named, ...] = ()
    volume: str = ""
    volume_url: str = ""
    volume_id: str = ""
    series: str = ""
    publisher: str = ""
    issued: str = ""
    pages: tuple[str, ...] = ()

    @property
    def cited(self) -> str:
        """The title with place and day, unless it names them itself: a consul's at Geneva does not tell the place."""
        title, place = self.title.rstrip(".,"), self.place.rstrip(".,")
        day = american(self.date) if self.date else ""
        dated = bool(day) and day in title
        placed = place in title if dated else title.endswith(place)
        return ", ".join(filter(None, (title, "" if placed else place, "" if dated else day)))

    @property
    def note(self) -> str:
        """What the forms have no field for: the document's own date, and what the source prints of the persons."""
        sent = f"Dated {in_words(self.date)}" if self.date else ""
        to = "; ".join(name.literal for name in self.recipients)
        printed = "; ".join(name.printed for name in (*self.authors, *self.recipients) if name.printed)
        parts = (
            self.number,
            self.kind,
            sent,
            to and f"To: {to}",
            printed and f"Full names are inferred with certainty from: {printed}",
        )
        return ". ".join(part.rstrip(".") for part in parts if part)

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
    imprint = ", ".join(part for part in (reference.publisher, reference.issued) if part)
    behind = reference.cited.removeprefix(reference.title.rstrip(".,")).removeprefix(", ")
    tail = [reference.number, reference.page_range and f"p. {reference.page_range}"]
    tail[1] = tail[1].replace("p.", "pp.", 1) if "–" in tail[1] else tail[1]
    where = ", ".join(part for part in (*tail, reference.url) if part)
    return (
        # Commas and full stops stand inside the quotation marks (6.9).
        (f"“{reference.title.rstrip('.,')},”{behind and f' {behind},'} in ", False),
        (reference.volume or reference.volume_id, True),
        (f"{f' ({imprint})' if imprint else ''}, {where}.", False),
    )


def bibtex(reference: Reference) -> str:
    fields = {
        "title": reference.cited,
        "author": " and ".join(_tex_name(name) for name in reference.authors),
        "booktitle": reference.volume,
        "series": reference.series,
        "publisher": reference.publisher,
        "year": reference.issued,
        "pages": reference.page_range.replace("–", "--"),
        "note": reference.number,
        "annote": reference.note,
        "url": reference.url,
    }
    lines = [
        f"  {name} = {{{value if name in ('author', 'url') else _tex(value)}}}"
        for name, value in fields.items()
        if value
    ]
    return f"@incollection{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def _tex_name(name: Named) -> str:
    """Words in braces are one word, in which "and" and commas part nothing."""
    return (
        ", ".join(f"{{{_tex(part)}}}" for part in (name.family, name.given))
        if name.family
        else f"{{{_tex(name.literal)}}}"
    )


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _CONTROL.sub(" ", text))


def ris(reference: Reference) -> str:
    """A chapter of a book; of those whom it is sent to RIS has no field, A4 are translators."""
    pairs = [
        ("TY", "CHAP"),
        ("ID", reference.key),
        ("TI", reference.cited),
        *(("AU", name.inverted) for name in reference.authors),
        ("T2", reference.volume),
        ("T3", reference.series),
        ("PB", reference.publisher),
        ("PY", reference.issued),
        ("SP", reference.pages[0] if reference.pages else ""),
        ("EP", reference.pages[-1] if reference.pages else ""),
        ("AN", reference.identifier),
        ("N1", reference.note),
        ("UR", reference.url),
    ]
    lines = [f"{tag}  - {_CONTROL.sub(' ', value)}" for tag, value in pairs if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(reference: Reference) -> str:
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "chapter",
        "title": reference.cited,
        "author": [_csl_name(name) for name in reference.authors],
        "recipient": [_csl_name(name) for name in reference.recipients],
        "genre": reference.kind,
        "original-date": _csl_date(reference.date),
        "issued": _csl_date(reference.issued),
        "container-title": reference.volume,
        "collection-title": reference.series,
        "publisher": reference.publisher,
        "page": reference.page_range.replace("–", "-"),
        "number": reference.number,
        "note": reference.note,
        "URL": reference.url,
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def _csl_name(name: Named) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.family else {"literal": name.literal}


def _csl_date(date: str) -> dict[str, Any] | None:
    found = _PARTS.match(date)
    return {"date-parts": [[int(part) for part in found.groups() if part]]} if found else None


def meta(reference: Reference) -> list[tuple[str, str]]:
    """The `citation_` elements of the page's head."""
    pairs = [
        ("citation_title", reference.cited),
        *(("citation_author", name.inverted) for name in reference.authors),
        ("citation_publication_date", reference.issued),
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
        "sender": [{"@type": "Person", "name": name.literal} for name in reference.authors],
        "recipient": [{"@type": "Person", "name": name.literal} for name in reference.recipients],
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
