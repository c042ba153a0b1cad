"""A query worker: `python -m service.worker STORE MEMORY_BYTES`, spoken to in frames over its standard input.

It answers one query at a time on the read-only store and writes the answer as it comes.  It cannot be
interrupted, since the engine cannot; it is made to be killed.  It imports nothing heavy, so that a new one is
there in a tenth of a second.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import sys
from typing import IO, Any, cast

import pyoxigraph as ox

from service import frames, sandbox

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}
_SYNTAX_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNKNOWN_FUNCTION = re.compile(r"The custom function <.*> is not supported")
_SENTENCE = re.compile(r"[A-Za-z*]+(?: [A-Za-z*]+){2,}")
# A second line behind the parent's own clock, should the parent hang.
_GRACE_SECONDS = 5

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


# What XML 1.0 has no way to write (2.2), in UTF-8; the engine writes it all the same.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class NotOffered(Exception):
    """The query's form has no type among those asked for."""


class NotXml(Exception):
    """The answer, of this form, holds a character that XML cannot."""


class Channel:
    """A file descriptor whose `write` writes all of it; it blocks while the parent does not read.

    What is given to `hold` goes with the next `write`: a short answer is one message, and wakes the parent once.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._held = descriptor, b""

    def hold(self, data: bytes) -> None:
        self._held += data

    def write(self, data: bytes) -> None:
        view = memoryview(self._held + data if self._held else data)
        self._held = b""
        while view:
            view = view[os.write(self._descriptor, view) :]


class FrameWriter:
    """A binary file that turns what is written into DATA frames, after one HEAD; `end` leaves the last to go with END.

    Raises NotXml.
    """

    def __init__(self, output: Channel, form: str, media_type: str) -> None:
        self._output, self._form = output, form
        self._head: dict[str, str] = {"form": form, "media_type": media_type}
        self._xml = media_type.endswith("xml")
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= frames.CHUNK:
            self._output.write(self._frames())
        return len(data)

    def flush(self) -> None:
        """Called by the engine at the end, and nothing to do then: `end` follows."""

    def end(self) -> None:
        self._output.hold(self._frames())

    def _frames(self) -> bytes:
        """What was written since the last frame."""
        made = b""
        if self._xml and _NOT_XML.search(self._buffer):
            raise NotXml(self._form)
        if self._head:
            made = frames.frame(frames.HEAD, json.dumps(self._head).encode())
            self._head = {}
        if self._buffer:
            made += frames.frame(frames.DATA, bytes(self._buffer))
            self._buffer.clear()
        return made


def main() -> None:
    store_path, memory = sys.argv[1], int(sys.argv[2])
    sandbox.die_with_parent()
    sandbox.limit_memory(memory)
    sandbox.no_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops us
    source, output = os.fdopen(os.dup(0), "rb"), Channel(0)
    store = ox.Store.read_only(store_path)
    output.write(frames.frame(frames.READY))
    while header := source.read(frames.HEADER.size):
        kind, length = frames.HEADER.unpack(header)
        request = json.loads(source.read(length))
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + _GRACE_SECONDS)
        output.write(_answer(store, kind, request, output))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(store: ox.Store, kind: bytes, request: dict[str, Any], output: Channel) -> bytes:
    """Writes the answer; gives the last frame, which is END or ERROR."""
    try:
        if kind == frames.READ:
            _read_graph(store, request, output)
        else:
            _serialize(_evaluate(store, request), request["types"], request["prefixes"], output)
    except SyntaxError as error:
        return _error("malformed", **_place(str(error)))
    except NotOffered as error:
        return _error("not-offered", str(error))
    except NotXml as error:
        return _error("not-xml", str(error))
    except MemoryError:
        return _error("memory", "the query needs more memory than a query may have")
    except (OSError, ValueError, RuntimeError) as error:
        if _UNKNOWN_FUNCTION.fullmatch(str(error)):
            return _error("malformed", str(error).replace("custom function", "function"))
        # The engine's message may hold paths; it goes to the log, not to the client.
        print(f"query failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return _error("failed", "the query could not be evaluated")
    return frames.frame(frames.END, json.dumps({"retire": _has_grown()}).encode())


def _evaluate(store: ox.Store, request: dict[str, Any]) -> Answer:
    dataset: dict[str, Any] = {}
    if request["default_graphs"] is not None:
        dataset["default_graph"] = [ox.NamedNode(iri) for iri in request["default_graphs"]]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in request["named_graphs"]]
    # Only without a dataset clause: the union would override FROM.
    return store.query(
        request["query"],
        base_iri=request["base"],
        use_default_graph_as_union=request["union"],
        **dataset,
    )


def _serialize(answer: Answer, types: dict[str, str | None], prefixes: dict[str, str], out: Channel) -> None:
    form = _form(answer)
    media_type = types["graph" if form == "graph" else "results"]
    if media_type is None:
        raise NotOffered(form)
    writer = FrameWriter(out, form, media_type)
    target = cast(IO[bytes], writer)
    if media_type == frames.PREVIEW:
        writer.write(json.dumps(_preview(answer)).encode())
    elif isinstance(answer, ox.QueryTriples):
        kind = frames.GRAPH_TYPES[media_type]
        if prefixes and kind in ("ttl", "trig"):
            ox.serialize(answer, target, _GRAPHS[kind], prefixes=prefixes)
        else:
            answer.serialize(target, _GRAPHS[kind])
    else:
        answer.serialize(target, _RESULTS[frames.RESULT_TYPES[media_type]])
    writer.end()


def _read_graph(store: ox.Store, request: dict[str, Any], out: Channel) -> None:
    """One graph as it is stored.  CONSTRUCT would hold every triple in memory to give none twice; this holds none."""
    graph, media_type = request["graph"], request["media_type"]
    writer = FrameWriter(out, "graph", media_type)
    target = cast(IO[bytes], writer)
    kind = frames.GRAPH_TYPES[media_type]
    prefixes = request["prefixes"] if kind in ("ttl", "trig") else None
    if graph is None and kind in ("rdf", "jsonld"):
        ox.serialize((quad.triple for quad in store), target, _GRAPHS[kind], prefixes=prefixes)
    else:
        # Documents in the other formats may follow one another: the union is that of all graphs in turn.
        for name in store.named_graphs() if graph is None else [ox.NamedNode(graph)]:
            store.dump(target, _GRAPHS[kind], from_graph=name, prefixes=prefixes)
    writer.end()


def _form(answer: Answer) -> str:
    if isinstance(answer, ox.QueryTriples):
        return "graph"
    return "boolean" if isinstance(answer, ox.QueryBoolean) else "bindings"


def _preview(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, ox.QueryBoolean):
        return {"boolean": bool(answer)}
    if isinstance(answer, ox.QueryTriples):
        names = ["subject", "predicate", "object"]
        rows: Any = ([triple.subject, triple.predicate, triple.object] for triple in answer)
    else:
        names = [variable.value for variable in answer.variables]
        rows = ([solution[name] for name in names] for solution in answer)
    shown = [[_cell(term) for term in row] for row in itertools.islice(rows, frames.PREVIEW_ROWS)]
    return {"names": names, "rows": shown, "more": next(rows, None) is not None}


def _cell(term: Any) -> list[str] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.language or ""]
    return ["other", str(term)]


def _place(message: str) -> dict[str, Any]:
    """Line and column of a syntax error, and those of the parser's words that tell something."""
    match = _SYNTAX_ERROR.fullmatch(message)
    if not match:
        return {"message": message}
    # A whole sentence is a rule that was broken.  Lists of what could have stood here mislead more than they
    # help: they name the engine's own extensions and last resorts.
    told = next((item for item in re.split(", |expected (?:one of )?", match[3]) if _SENTENCE.fullmatch(item)), None)
    fact = told or "the query cannot go on like this here"
    return {"message": fact, "line": int(match[1]), "column": int(match[2])}


def _error(error: str, message: str, line: int | None = None, column: int | None = None) -> bytes:
    payload = {"error": error, "message": message, "line": line, "column": column}
    return frames.frame(frames.ERROR, json.dumps(payload).encode())


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # there is none but on Linux
        return None


# Open for good: to open it after each query takes longer than a look-up.
_STATM = _opened("/proc/self/statm")


def _has_grown() -> bool:
    """Whether this process holds on to more than a quarter of its limit after a query."""
    if _STATM is None:
        return False
    resident = int(os.pread(_STATM, 256, 0).split()[1])
    return resident * os.sysconf("SC_PAGE_SIZE") > int(sys.argv[2]) // 4


if __name__ == "__main__":
    main()
