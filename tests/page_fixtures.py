"""Every kind of page that the service has, over the samples with the registers: what axe-core and the validator read.

A page that is added belongs into PAGES; kinds of things are found in the data.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Final

import httpx
import pyoxigraph as ox
import pytest
from client_fixtures import CLIENTS, SAMPLES, Published, published

BROWSER: Final = CLIENTS / "browser"
CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAGES: Final = (
    "", "search", "search?view=timeline", "search?view=map", "search?view=network", "search?q=zzzzqqq&after=1931",
    "search?q=treaty&sort=date", "correspondence", "correspondence?view=matrix&unit=state",
    "correspondence?view=latency&unit=place", "correspondence?view=documents", "correspondence?view=threads",
    "correspondence?after=1999", "correspondence/thread?document=sample1931v01/d2",
    "resolve", "resolve?office=Secretary+of+State&on=1934-03-01", "sparql",
    "sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+40", "sparql?query=ASK+%7B%7D", "sparql/examples",
    "sparql/examples?q=map", "help", "ontology", "ontology/alignment", "shapes", "report", "dataset", "download/",
    "changes", "changes/1/1", "problems/not-found", "doc/dataset/dragoman.html",
    "doc/document/sample1931v01/d5.html?_profile=alt",
    "doc/document/sample1931v02/d7.html", "doc/document/sample1931v02/d8.html",
)  # fmt: skip
# What answers with an error, each in its way.
MISTAKES: Final = (
    "doc/document/sample1931v01/d999", "sparql?query=SELECT+nonsense", "search?after=yesterday", "search?q=a*",
    "search?page=99", "nowhere",
)  # fmt: skip
KINDS: Final = (
    "Document", "Volume", "Division", "Page", "Footnote", "Party", "Sending", "Citation", "Inference", "Passage",
    "InferredMention", "Rule", "Person", "Office", "Place", "Mission", "State", "FileUnit", "TermOfOffice",
    "RelationEvent", "Source",
)  # fmt: skip
_LINKED: Final = (
    "SELECT ?s { ?s a <https://w3id.org/dragoman/ontology#$kind> OPTIONAL { ?other ?p ?s } }"
    " GROUP BY ?s ORDER BY DESC(COUNT(?other)) ?s"
)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The samples with the registers, which have offices, terms and states."""
    with published([SAMPLES], tmp_path_factory.mktemp("library"), registers=True) as served:
        yield served


def pages_of(library: Published) -> list[str]:
    """All of the above, the page of one thing of each kind (of that to which most points), and a former state."""
    return [*PAGES, *MISTAKES, *_things(library), _memento(library)]


def _things(library: Published) -> list[str]:
    found = []
    for kind in KINDS:
        solutions = library.store.query(_LINKED.replace("$kind", kind), use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        things = [str(row["s"].value) for row in solutions]
        assert things, kind
        found.append(f"doc/{things[0].removeprefix(library.base + 'id/')}.html")
    return found


def _memento(library: Published) -> str:
    wanted = {"Accept": "text/html", "Accept-Datetime": "Fri, 01 Jan 2100 00:00:00 GMT"}
    answer = httpx.get(f"{library.base}doc/document/sample1931v01/d1.html", headers=wanted, trust_env=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix("/")
