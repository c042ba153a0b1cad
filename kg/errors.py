"""Every error that Dragoman raises on purpose.

    DragomanError
    ├── SourceError             a document that cannot be read: file, line, document, what to do
    │   ├── UnreadableSource        the operating system refuses the file
    │   ├── UnknownFormat           the suffix is none of ours
    │   ├── NotWellFormed           XML that breaks off or is none
    │   ├── UnsafeXML               external or exploding entities
    │   ├── NotUTF8                 text in another encoding
    │   ├── NoDocuments             a volume that holds no document
    │   ├── NoHeading               a text that has no heading
    │   └── DuplicateDocument       another source gave this document already
    ├── SnapshotError           a snapshot folder that is not one, or is damaged
    ├── PublishError            the snapshot could not be written
    ├── VerdictsDiffer          the SHACL engine and its referee do not agree
    └── QueryError              a SPARQL query that has no answer
        ├── MalformedQuery          line and column of the mistake
        ├── QueryRefused            understood, and not allowed here
        ├── QueryTimeout            over its time limit
        ├── QueryFailed             the engine gave up
        └── Overloaded              no worker was free in time

An error states the fact, then what to do; its data are attributes, so that a report need not parse text.
"""

from __future__ import annotations

from pathlib import Path


class DragomanError(Exception):
    """Root of all errors raised on purpose; str() is one line for a person."""


class SourceError(DragomanError):
    """A source, or one document in it, that cannot be published.

    `file` is a path or name; `line` counts from 1, None where no line can be told; `document` is an id such
    as "d12".  `fact` says what was found, `advice` what to do about it.
    """

    def __init__(
        self,
        fact: str,
        *,
        file: str | Path,
        line: int | None = None,
        document: str | None = None,
        advice: str,
    ) -> None:
        self.fact, self.file, self.line, self.document, self.advice = fact, str(file), line, document, advice
        super().__init__(fact)

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "") + (f": {self.document}" if self.document else "")
        # A file's name may hold line feeds, and so may what a library says.
        return " ".join(f"{where}: {self.fact}; {self.advice}".split())

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default would call the class without its keywords.
        return _revive, (type(self), self.fact, self.file, self.line, self.document, self.advice)


def _revive(
    kind: type[SourceError], fact: str, file: str, line: int | None, document: str | None, advice: str
) -> SourceError:
    return kind(fact, file=file, line=line, document=document, advice=advice)


class UnreadableSource(SourceError):
    """The operating system refuses the file: absent, no permission, a damaged archive."""


class UnknownFormat(SourceError):
    """The suffix is none that a reader knows."""


class NotWellFormed(SourceError):
    """XML that breaks off, or is none."""


class UnsafeXML(SourceError):
    """XML with a document type that declares entities."""


class NotUTF8(SourceError):
    """Bytes that are not UTF-8."""


class NoDocuments(SourceError):
    """A volume that holds no document."""


class NoHeading(SourceError):
    """A text whose heading cannot be found."""


class DuplicateDocument(SourceError):
    """Another source gave this document already."""


class InvalidDocument(SourceError):
    """A document whose statements break a shape."""


class SnapshotError(DragomanError):
    """A folder that is no snapshot, or a damaged one."""


class PublishError(DragomanError):
    """The snapshot could not be written; the one published before is untouched."""


class VerdictsDiffer(DragomanError):
    """The SHACL engine and its referee do not agree; `shown` are the first of `count` differences."""

    def __init__(self, shown: list[str], count: int) -> None:
        self.shown, self.count = shown, count
        more = f" and {count - len(shown)} more" if count > len(shown) else ""
        super().__init__(
            f"the SHACL engine and pySHACL differ in {count} results: {'; '.join(shown)}{more}; "
            "keep the source and report it"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.shown, self.count)


class QueryError(DragomanError):
    """A query that has no answer."""


class MalformedQuery(QueryError):
    """Not SPARQL.  `line` and `column` count from 1, None where the parser does not tell."""

    def __init__(self, fact: str, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(fact)


class QueryRefused(QueryError):
    """Understood, and not allowed: an update, SERVICE, nesting beyond the limit."""


class QueryTimeout(QueryError):
    """Stopped at its time limit of `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the query was stopped at its limit of {seconds:g} seconds")


class QueryFailed(QueryError):
    """The engine gave up: an evaluation error, or its process died."""


class Overloaded(QueryError):
    """All workers are busy and the queue is full, or the wait for a worker was too long."""
