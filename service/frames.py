"""The words between the service and its query workers: frames of a kind, a length and a payload.

    parent → worker   ASK     JSON: query, base, union, default_graphs, named_graphs, prefixes, types, seconds
    parent → worker   READ    JSON: graph (an IRI, or null for the union of all), media_type, prefixes, seconds
    worker → parent   READY   the store is open
                      HEAD    JSON: form ("bindings", "boolean" or "graph") and media type
                      DATA    bytes of the answer, in order
                      END     JSON: retire, true if the worker has grown and should be replaced
                      ERROR   JSON: error (malformed, not-offered, not-xml, memory, failed), message, line, column

HEAD comes with the first DATA or END, so what comes first decides whether there is an answer at all.
"""

from __future__ import annotations

import struct
from typing import Final

Frame = tuple[bytes, bytes]
"""Kind and payload."""

READY: Final = b"R"
ASK: Final = b"Q"
READ: Final = b"G"
HEAD: Final = b"H"
DATA: Final = b"D"
END: Final = b"E"
ERROR: Final = b"X"

HEADER: Final = struct.Struct(">cI")
CHUNK: Final = 64 * 1024
"""DATA frames but the last hold at least this many bytes."""

# Types of results and of graphs that a worker can write, in the server's order of preference.
RESULT_TYPES: Final = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
GRAPH_TYPES: Final = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/json": "jsonld",
    "application/xml": "rdf",
}
PREVIEW: Final = "preview"
"""Neither: JSON with at most PREVIEW_ROWS rows, for a page that shows an answer."""
PREVIEW_ROWS: Final = 500


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    return HEADER.pack(kind, len(payload)) + payload
