"""Errors as RFC 9457 problem documents: one table from error class to status.

`type` is a URI under the base where a page says what the problem is and what to do.  No text that a client sees
holds a stack trace or a path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.errors import DragomanError, MalformedQuery, Overloaded, QueryFailed, QueryRefused, QueryTimeout
from service.queries import QueryOutOfMemory, QueryTooLarge, QueryTooLong

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_SECONDS = "10"


class RequestError(DragomanError):
    """A request that cannot be answered as it is."""


class BadRequest(RequestError):
    """Parameters that cannot be read or answered; `similar` are things that may be meant: iri, label and document."""

    def __init__(self, message: str, similar: Sequence[Mapping[str, str]] = ()) -> None:
        self.similar = tuple(similar)
        super().__init__(message)


class SearchTooLong(RequestError):
    """A search that takes longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the search was stopped at its limit of {seconds:g} seconds")


class NotFound(RequestError):
    """Nothing of this name here; `similar` are things of nearly this name: iri, label and document of each."""

    def __init__(self, message: str, similar: Sequence[Mapping[str, str]] = ()) -> None:
        self.similar = tuple(similar)
        super().__init__(message)


class Gone(RequestError):
    """A thing that was there; `memento` is the address of the last state of its document, if that is kept."""

    def __init__(self, message: str, withdrawn: str, memento: str | None, links: Sequence[str] = ()) -> None:
        self.withdrawn, self.memento, self.links = withdrawn, memento, tuple(links)
        super().__init__(message)


class MethodNotAllowed(RequestError):
    """`allowed` are the methods that this address knows."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"{method} is not available here; use {', '.join(self.allowed)}")


class NotAcceptable(RequestError):
    """None of what the client accepts is `offered`; `vary` is the header field that told what it accepts."""

    def __init__(self, offered: Sequence[str], reason: str | None = None, *, vary: str = "Accept") -> None:
        self.offered, self.vary = tuple(offered), vary
        told = "this can be had as " + ", ".join(self.offered)
        super().__init__(f"{reason}; {told}" if reason else told)


class PreconditionFailed(RequestError):
    """If-Match or If-Unmodified-Since names another state than the current one."""


class RangeNotSatisfiable(RequestError):
    """All ranges that are asked for lie beyond the file's `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"the file has {size} bytes; no range that is asked for begins within them")


class ContentTooLarge(RequestError):
    """A request body of more than the limit."""


class UriTooLong(RequestError):
    """A query that is too long for a URL."""


class RequestTimeout(RequestError):
    """A request that does not come to its end in time."""


class HeadTooLarge(RequestError):
    """Header fields of more than the limit."""


class MethodNotImplemented(RequestError):
    """A method that this service does not know at all."""


class UnsupportedMediaType(RequestError):
    """A request body of a type that is none of ours."""


class InternalError(RequestError):
    """A fault of ours; the log has the rest."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: `advice` is what the page under `type` says."""

    status: int
    slug: str
    title: str
    advice: str


# The most special class of an error counts.
TABLE: Final[dict[type[DragomanError], Kind]] = {
    BadRequest: Kind(
        400,
        "bad-request",
        "This cannot be answered as it stands",
        "Correct what is named above and ask again; without a parameter its default counts.",
    ),
    MalformedQuery: Kind(
        400,
        "malformed-query",
        "The query is not SPARQL",
        "Look at the line and column given; the mistake is there or shortly before. Prefixes must be declared.",
    ),
    QueryRefused: Kind(
        403,
        "query-refused",
        "The query is not allowed here",
        "Updates, SERVICE, brackets nested deeper than the limit and chains that are too long for the engine are "
        "refused. Download the data to go further.",
    ),
    NotFound: Kind(404, "not-found", "There is nothing at this address", "Start from the volumes on the first page."),
    Gone: Kind(
        410,
        "gone",
        "This has been withdrawn",
        "The dataset no longer has it. Its last state can be read at the memento, if that is still kept.",
    ),
    MethodNotAllowed: Kind(
        405, "method-not-allowed", "The method is not available here", "The header Allow lists those that are."
    ),
    NotAcceptable: Kind(
        406,
        "not-acceptable",
        "None of the accepted types can be given",
        "Ask for one of the types in the member offered, or leave the header Accept away.",
    ),
    RequestTimeout: Kind(408, "request-timeout", "The request took too long to come", "Send it again, at once."),
    PreconditionFailed: Kind(
        412,
        "precondition-failed",
        "The representation is another one by now",
        "Fetch it without If-Match and If-Unmodified-Since, and go on from its new entity tag.",
    ),
    ContentTooLarge: Kind(413, "content-too-large", "The request is too large", "Send a shorter query."),
    QueryTooLong: Kind(413, "query-too-long", "The query is too long", "Shorten it, or split its VALUES."),
    UriTooLong: Kind(414, "uri-too-long", "The query is too long for a URL", "Send it by POST."),
    UnsupportedMediaType: Kind(
        415,
        "unsupported-media-type",
        "The type of the request is not supported",
        "Send application/sparql-query, or a form as application/x-www-form-urlencoded.",
    ),
    RangeNotSatisfiable: Kind(
        416, "range-not-satisfiable", "The range lies beyond the end", "Content-Range tells how many bytes there are."
    ),
    HeadTooLarge: Kind(
        431, "header-fields-too-large", "The header fields are too large", "Send fewer and shorter ones."
    ),
    MethodNotImplemented: Kind(
        501, "method-not-implemented", "The method is not known", "GET, HEAD and OPTIONS work everywhere."
    ),
    QueryTimeout: Kind(
        503,
        "query-timeout",
        "The query took too long",
        "Ask for less: bind more terms, avoid products of unconnected patterns, or download the data.",
    ),
    SearchTooLong: Kind(
        503,
        "search-timeout",
        "The search took too long",
        "Ask for fewer or rarer words, write out words that end in *, or narrow the search by years or a volume.",
    ),
    QueryOutOfMemory: Kind(
        503,
        "query-memory",
        "The query needs too much memory",
        "Sorting and grouping hold all rows at once: restrict them first, or download the data.",
    ),
    QueryTooLarge: Kind(
        503, "answer-too-large", "The answer is too large", "Ask for less at a time, or download the data."
    ),
    QueryFailed: Kind(
        503, "query-failed", "The query could not be answered", "Simplify the query, or download the data."
    ),
    Overloaded: Kind(503, "overloaded", "Too many queries at once", "Wait as long as Retry-After says."),
    InternalError: Kind(500, "internal-error", "A fault of this service", "Please report how to reach it."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as it is told: `members` go into the document, `headers` into the response."""

    kind: Kind
    detail: str
    members: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def document(self, base: str) -> dict[str, Any]:
        return {
            "type": f"{base}problems/{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.members,
        }


def kind_of(error: DragomanError) -> Kind:
    for ancestor in type(error).__mro__:
        if ancestor in TABLE:
            return TABLE[ancestor]
    return TABLE[InternalError]


def problem(error: DragomanError) -> Problem:
    """An error that the table does not know tells nothing of itself."""
    kind = kind_of(error)
    if kind.status == 500:
        return Problem(kind, "Something went wrong here; it is not the fault of the request.")
    members, headers = _of_request(error) if isinstance(error, RequestError) else _of_query(error)
    return Problem(kind, str(error), members, headers)


def _of_request(error: RequestError) -> tuple[dict[str, Any], dict[str, str]]:
    """What the document and the response say of an error beyond its detail."""
    if isinstance(error, NotFound | BadRequest) and error.similar:
        return {"similar": [dict(row) for row in error.similar]}, {}
    if isinstance(error, Gone):
        members = {"withdrawn": error.withdrawn, **({"memento": error.memento} if error.memento else {})}
        return members, {"Link": ", ".join(error.links)} if error.links else {}
    if isinstance(error, SearchTooLong):
        return {"seconds": error.seconds}, {"Retry-After": _RETRY_SECONDS}
    if isinstance(error, NotAcceptable):
        return {"offered": list(error.offered)}, {"Vary": error.vary}
    if isinstance(error, RangeNotSatisfiable):
        return {"size": error.size}, {"Content-Range": f"bytes */{error.size}"}
    if isinstance(error, MethodNotAllowed):
        return {"allowed": list(error.allowed)}, {"Allow": ", ".join(error.allowed)}
    return {}, {}


def _of_query(error: DragomanError) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(error, MalformedQuery):
        return {"line": error.line, "column": error.column}, {}
    if isinstance(error, QueryTimeout):
        return {"seconds": error.seconds}, {"Retry-After": _RETRY_SECONDS}
    if isinstance(error, Overloaded):
        return {}, {"Retry-After": _RETRY_SECONDS}
    if isinstance(error, QueryTooLong):
        return {"limit": error.limit}, {}
    return {}, {}
