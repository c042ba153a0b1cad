"""Parameters of a request: names and values, IRIs of graphs, `format` as SPARQL's protocols have them; days, pages.

The rule of pages: a value that cannot be read is 400, and the answer says which and what was expected; of a name that
a page does not know the page says that it was left out (`told`, for every page, by what `service.openapi` lists); a
page after the last is 404, with a link to the last.

`format` is ours, for those who cannot set a header: it takes a short name or a media type and goes before Accept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import Request
from markupsafe import Markup

from service.frames import GRAPH_TYPES, RESULT_TYPES
from service.negotiation import parse_media_type
from service.problems import BadRequest, NotFound
from service.representations import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE

Fields = Sequence[tuple[str, str]]
_MAX_FIELDS: Final = 1000

_JSON, _XML = "application/sparql-results+json", "application/sparql-results+xml"
# format=NAME → (type of results, type of a graph); None where the name makes no sense for the form.
FORMATS: Final[dict[str, tuple[str | None, str | None]]] = {
    "json": (_JSON, JSON_LD),
    "srj": (_JSON, None),
    "xml": (_XML, RDF_XML),
    "srx": (_XML, None),
    "csv": ("text/csv", None),
    "tsv": ("text/tab-separated-values", None),
    "ttl": (None, TURTLE),
    "turtle": (None, TURTLE),
    "n3": (None, TURTLE),
    "nt": (None, N_TRIPLES),
    "ntriples": (None, N_TRIPLES),
    "n-triples": (None, N_TRIPLES),
    "rdf": (None, RDF_XML),
    "rdfxml": (None, RDF_XML),
    "rdf+xml": (None, RDF_XML),
    "rdf/xml": (None, RDF_XML),
    "jsonld": (None, JSON_LD),
    "json-ld": (None, JSON_LD),
    "nq": (None, "application/n-quads"),
    "nquads": (None, "application/n-quads"),
    "n-quads": (None, "application/n-quads"),
    "trig": (None, "application/trig"),
    "html": (HTML, HTML),
}


def fields(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string or a form, decoded once.  Raises BadRequest."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest("the parameters are not UTF-8") from None
    except ValueError:
        raise BadRequest(f"there are more than {_MAX_FIELDS} parameters") from None


LAST_PAGE: Final = 100_000
_MAIN: Final = b"<main>"
"""Where the note stands: at the beginning of what a page says."""
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


_LEFT_OUT: Final = Markup('\n<p class="note" role="note">Left out, for this page has no such parameter: {}.</p>')


def told(request: Request, page: bytes) -> bytes:
    """A page of HTML with a note on the parameters that its route does not know, if the request has any."""
    names = unknown(request.query_params, request.app.state.parameters.get(request.scope["route"].path, ()))
    if not names:
        return page
    listed = Markup(", ").join(Markup("<code>{}</code>").format(name) for name in names)
    return page.replace(_MAIN, _MAIN + _LEFT_OUT.format(listed).encode(), 1)


def unknown(given: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The names that a page does not know: ten at most, each cut."""
    return tuple(dict.fromkeys(name[:40] for name in given if name and name not in set(known)))[:10]


def page_of(text: str, name: str = "page") -> int:
    """The number of a page, 1 if none is given.  Raises BadRequest."""
    text = text.strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_PAGE):
        raise BadRequest(f"{name} is a number from 1 to {LAST_PAGE}")
    return int(text[:9])


def no_such_page(last: int, address: str, name: str = "page") -> NotFound:
    """What to say of a page after the last, which is at `address`."""
    told = f"{last:,} pages; {name}={last} is the last" if last > 1 else "one page"
    return NotFound(f"this list has {told}", [{"iri": address, "label": "The last page", "document": address}])


def day_of(text: str, name: str) -> str:
    """A day, a month or a year as the parameter `name` tells it, or "".  Raises BadRequest for what is none."""
    text = text.strip()
    try:
        if text and not _DATE.fullmatch(text):
            raise ValueError
        if text:
            date.fromisoformat(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
    except ValueError:
        raise BadRequest(
            f"{name} is “{text[:40]}”, which is no day of the calendar; expected is a day, a month or a year: "
            "1934-03-13, 1934-03 or 1934"
        ) from None
    return text


def period_of(given: Mapping[str, str]) -> tuple[str, str]:
    """The parameters `after` and `before`.  Raises BadRequest if one is no day or the first lies after the second."""
    after, before = (day_of(given.get(name, ""), name) for name in ("after", "before"))
    if after and before and after > before + "~":
        raise BadRequest(f"after is {after} and before is {before}: no day lies between them; exchange the two")
    return after, before


def all_of(given: Fields, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in given if key == name)


def one_of(given: Fields, name: str) -> str | None:
    """The value of a parameter that may be given once.  Raises BadRequest if it is given twice."""
    values = all_of(given, name)
    if len(values) > 1:
        raise BadRequest(f"{name} may be given once")
    return values[0] if values else None


def graphs_of(given: Fields, name: str) -> tuple[str, ...]:
    """The graphs that a parameter names, each once: the engine would count a graph twice that is given twice.

    Raises BadRequest if one is no absolute IRI.
    """
    graphs = tuple(dict.fromkeys(all_of(given, name)))
    for graph in graphs:
        try:
            ox.NamedNode(graph)
        except ValueError:
            raise BadRequest(f"{graph[:200]!r} is no absolute IRI of a graph") from None
    return graphs


def format_of(given: Fields) -> tuple[str | None, str | None] | None:
    """The types of results and of a graph that `format` asks for; None if it is not given or empty.

    SPARQLWrapper gives it twice, a name and a media type: the first that is served counts.  Raises BadRequest.
    """
    texts = [text for value in all_of(given, "format") for part in value.split(",") if (text := part.strip().lower())]
    served = [types for text in texts if (types := _types_of(text))]
    if texts and not served:
        raise BadRequest(f"format is a media type that is served or one of {', '.join(FORMATS)}")
    return served[0] if served else None


def _types_of(text: str) -> tuple[str | None, str | None] | None:
    if text in FORMATS:
        return FORMATS[text]
    # In a URL written by hand the plus of a media type means a space.
    media_type = parse_media_type(text.replace(" ", "+") if "/" in text else text)
    name = f"{media_type.type}/{media_type.subtype}" if media_type else ""
    if name not in {*RESULT_TYPES, *GRAPH_TYPES, HTML}:
        return None
    html = name if name == HTML else None
    return html or (name if name in RESULT_TYPES else None), html or (name if name in GRAPH_TYPES else None)
