"""How fast and how large pages are: of the largest document, of ordinary ones, of things to which most points.

    python benchmarks/pages.py DIR [--documents 300] [--things 8]

`dragoman serve` is started on the snapshot and asked over HTTP for pages that it has not made before, so that no page
and no description is at hand.  The largest document (by its text) is the first page that each of five fresh services
makes of a document, after three of other kinds.  Sizes are uncompressed, with stylesheet and icon.  Prints measured
values, limits and their ratios; exit code 1 if a limit is passed.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox

from kg.snapshot import Snapshot

LARGEST_SECONDS, THING_SECONDS = 0.2, 0.5
DOCUMENT_BYTES, THING_BYTES = 100_000, 400_000
_ROUNDS = 5
_HUBS = """SELECT ?thing (COUNT(*) AS ?links) { ?s ?p ?thing FILTER(STRSTARTS(STR(?thing), "$base")) }
GROUP BY ?thing ORDER BY DESC(?links) LIMIT $number"""


@dataclass(frozen=True, slots=True)
class Made:
    """A page: the seconds until its last byte, and its bytes with what it loads."""

    seconds: float
    bytes: int


@contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """A fresh service, which has made the landing page, a search and the help."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().rpartition(" at ")[2].strip()
        try:
            with httpx.Client(base_url=address, headers={"Accept": "text/html"}, trust_env=False, timeout=60) as http:
                for path in ("", "search?q=treaty", "help"):
                    http.get(path).raise_for_status()
                yield http
        finally:
            process.send_signal(signal.SIGINT)


def made(http: httpx.Client, path: str, beside: int) -> Made:
    start = time.perf_counter()
    body = http.get(f"doc/{path}.html").raise_for_status().content
    return Made(time.perf_counter() - start, len(body) + beside)


def documents(snapshot: Snapshot) -> list[str]:
    """The identifiers of all documents, that with the longest text first."""
    with closing(sqlite3.connect(snapshot.search)) as index:
        rows = index.execute(
            "SELECT identifier FROM document JOIN text ON text.rowid = document.id ORDER BY length(body) DESC"
        )
        return [identifier for (identifier,) in rows]


def hubs(snapshot: Snapshot, number: int) -> list[tuple[str, int]]:
    """The things to which most points: (name, links)."""
    base = f"{snapshot.manifest.base_iri}id/"
    query = _HUBS.replace("$base", base).replace("$number", str(number))
    found = ox.Store.read_only(str(snapshot.store)).query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [(row["thing"].value.removeprefix(base), int(row["links"].value)) for row in found]


def show(what: str, value: float, limit: float, unit: str) -> bool:
    """Prints a row; True if the value is within its limit."""
    print(f"| {what} | {value:,.3g} {unit} | {limit:,g} {unit} | {value / limit:.2f} |", flush=True)
    return value <= limit


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=300, help="how many ordinary documents are drawn")
    parser.add_argument("--things", type=int, default=8, help="how many of the things to which most points")
    asked = parser.parse_args(arguments)
    snapshot = Snapshot.open(asked.folder / "current")
    largest, *others = documents(snapshot)
    ordinary = random.Random(1).sample(others, min(asked.documents, len(others)))
    first = []
    for _ in range(_ROUNDS):
        with serving(asked.folder) as http:
            first.append(made(http, f"document/{largest}", 0))
    with serving(asked.folder) as http:
        beside = sum(len(http.get(f"static/{name}").content) for name in ("style.css", "favicon.svg"))
        pages = [made(http, f"document/{name}", beside) for name in ordinary]
        things = [(name, links, made(http, name, beside)) for name, links in hubs(snapshot, asked.things)]
    print("| page | measured | limit | ratio |\n|---|---|---|---|")
    best, middle = min(page.seconds for page in first), statistics.median(page.seconds for page in first)
    print(f"| {largest}, {first[0].bytes / 1000:,.0f} kB: median of {_ROUNDS} | {middle:.3g} s | | |")
    within = [show(f"{largest}: best of {_ROUNDS}", best, LARGEST_SECONDS, "s")]
    sizes, seconds = sorted(page.bytes for page in pages), sorted(page.seconds for page in pages)
    print(f"| {len(pages)} documents: median | {sizes[len(sizes) // 2] / 1000:,.0f} kB | | |")
    print(
        f"| {len(pages)} documents: over {DOCUMENT_BYTES / 1000:g} kB | {sum(s > DOCUMENT_BYTES for s in sizes)} | | |"
    )
    within.append(
        show(f"{len(pages)} documents: 95 % are below", sizes[int(len(sizes) * 0.95)], DOCUMENT_BYTES, "bytes")
    )
    within.append(show(f"{len(pages)} documents: 95 % within", seconds[int(len(seconds) * 0.95)], LARGEST_SECONDS, "s"))
    for name, links, page in things:
        within.append(show(f"{name}, {links:,} links: size", page.bytes, THING_BYTES, "bytes"))
        within.append(show(f"{name}, {links:,} links: time", page.seconds, THING_SECONDS, "s"))
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
