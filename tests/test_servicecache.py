"""What was answered once for a snapshot is answered again without work, and never to the wrong request."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from service_fixtures import BASE, BROWSER, application, folder, serving  # noqa: F401

from service.app import ServiceConfig
from service.cache import Stored
from service.codings import LEAST
from service.kept import Kept, footprint
from service.scan import scan
from service.site import Site

DOCUMENT = "/doc/document/v1/d1"
QUERY = "SELECT ?o { ?s <http://purl.org/dc/terms/identifier> ?o } ORDER BY ?o"
TYPES = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml", BROWSER)


class Counted:
    """A running service, and how often its workers were asked."""

    def __init__(self, http: httpx.Client, site: Site) -> None:
        self.http, self.site, self.asked = http, site, 0
        for pool in (site.queries, site.lookups):
            pool._take = self._counting(pool._take)  # type: ignore[method-assign]

    def _counting(self, take):  # type: ignore[no-untyped-def]
        def counted(*arguments, **named):  # type: ignore[no-untyped-def]
            self.asked += 1
            return take(*arguments, **named)

        return counted


@pytest.fixture
def service(folder: Path) -> Iterator[Counted]:  # noqa: F811
    config = ServiceConfig(folder=folder, workers=1, query_seconds=20)
    with (
        serving(config) as (address, server),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as http,
    ):
        yield Counted(http, application(server).state.succession.site)


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but what is of its moment: the date, and the id that an error has of its request."""
    fields = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status_code, fields, answer.content


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("path", [DOCUMENT, f"/id{DOCUMENT[4:]}", "/linkset/document/v1/d1", "/ontology", "/report"])
def test_the_second_answer_is_the_first_one_again(service: Counted, path: str, kind: str, coding: str) -> None:
    headers = {"Accept": f"{kind}, */*;q=0.1", "Accept-Encoding": coding}
    first = told(service.http.get(path, headers=headers))
    asked = service.asked
    assert told(service.http.get(path, headers=headers)) == first
    head = service.http.head(path, headers=headers)
    assert told(head) == (first[0], first[1], b"")
    assert service.asked == asked


def test_what_is_kept_for_one_type_coding_or_profile_is_not_given_to_another(service: Counted) -> None:
    answers = {}
    for _ in range(2):
        for kind in TYPES:
            for coding in ("identity", "gzip"):
                for profile in ({}, {"Accept-Profile": "<https://schema.org/>"}):
                    answer = service.http.get(DOCUMENT, headers={"Accept": kind, "Accept-Encoding": coding, **profile})
                    key = kind, coding, *profile.values()
                    assert answers.setdefault(key, told(answer)) == told(answer)
                    coded = answer.headers.get("content-encoding", "identity")
                    assert coded == (coding if answer.is_success and len(answer.content) >= LEAST else "identity")
    assert len({headers["etag"] for _, headers, _ in answers.values() if "etag" in headers}) > 2 * len(TYPES)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": 'W/{etag}, "x"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": "{modified}"}, 200),
        ({"If-Modified-Since": "{modified}"}, 304),
        ({"If-Modified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": "{etag}"}, 200),
        ({"If-Unmodified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}, 412),
    ],
)
def test_conditions_are_weighed_as_for_a_first_answer(service: Counted, condition: dict[str, str], status: int) -> None:
    headers = {"Accept": "text/turtle"}
    known = service.http.get(DOCUMENT, headers=headers).headers
    filled = {
        name: value.format(etag=known["etag"], modified=known["last-modified"]) for name, value in condition.items()
    }
    answers = [service.http.request(method, DOCUMENT, headers={**headers, **filled}) for method in ("GET", "HEAD")]
    service.site.responses = Kept(0)
    fresh = service.http.get(DOCUMENT, headers={**headers, **filled})
    assert [answer.status_code for answer in answers] == [status, status]
    assert told(answers[0]) == told(fresh)


def test_the_same_query_is_run_once_however_it_is_sent(service: Counted) -> None:
    first = service.http.get("/sparql", params={"query": QUERY})
    posted = service.http.post("/sparql", data={"query": f"# the same\n  {QUERY.replace(' ', chr(10))} "})
    direct = service.http.post("/sparql", content=QUERY, headers={"Content-Type": "application/sparql-query"})
    assert first.content == posted.content == direct.content
    assert first.headers["etag"] == posted.headers["etag"]
    assert service.asked == 1
    assert service.http.post("/sparql", data={"query": QUERY, "format": "csv"}).text.splitlines()[0] == "o"
    graph = service.http.post("/sparql", data={"query": QUERY, "default-graph-uri": f"{BASE}none", "format": "csv"})
    assert graph.text.split() == ["o"]
    assert service.asked == 3


@pytest.mark.parametrize("made", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_is_not_kept(service: Counted, made: str) -> None:
    for _ in range(2):
        service.http.get("/sparql", params={"query": f"SELECT ({made} AS ?x) {{}}"}).raise_for_status()
    assert service.asked == 2


def test_errors_are_not_kept(service: Counted) -> None:
    for _ in range(2):
        assert service.http.get("/doc/document/v1/nothing").status_code == 404
        assert service.http.get("/sparql", params={"query": "SELECT"}).status_code == 400
    assert len(service.site.responses._values) == 0


def test_nothing_is_kept_without_room_and_no_more_than_there_is_room_for(folder: Path) -> None:  # noqa: F811
    with (
        serving(ServiceConfig(folder=folder, workers=1, cache_mb=0)) as (address, server),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        service = Counted(http, application(server).state.succession.site)
        for _ in range(2):
            http.get("/sparql", params={"query": QUERY}).raise_for_status()
        assert service.asked == 2
    kept = Kept[int](10_000)
    for number in range(20):
        kept.keep(number, number, 3_000 - 400)
    kept.keep("large", 0, 5_001)
    assert [key for key in (*range(20), "large") if kept.get(key) is not None] == [17, 18, 19]
    assert 3 * 2_600 < kept.size <= 10_000


def test_a_long_key_takes_room_too() -> None:
    kept = Kept[int](100_000)
    for number in range(1000):
        kept.keep(f"{number} {'x' * 10_000}", number, 1)
    assert len(kept._values) < 10
    kept.keep("x" * 50_000, 0, 1)
    assert kept.get("x" * 50_000) is None


def test_what_is_counted_is_what_is_taken() -> None:
    """Keys and answers as the rooms make them, held against what Python itself says it took."""

    def filled(kept: Kept[Any]) -> None:
        for number in range(500):
            headers = ((b"accept", b"text/turtle %d" % number), (b"accept-encoding", b"gzip %d" % number))
            fields = [(b"name %d %d" % (number, field), b"x" * 40 + b"%d" % number) for field in range(8)]
            stored = Stored(200, fields, b"x" * (1000 + number), b"tag %d" % number, number + 10**9)
            kept.keep((b"/doc/%d" % number, b"", headers), stored, footprint(stored))

    filled(Kept(1 << 24))  # what is made once is made now
    kept = Kept[Stored](1 << 24)
    gc.collect()
    tracemalloc.start()
    try:
        filled(kept)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(kept._values) == 500
    assert 0.9 < kept.size / taken < 1.25


def test_what_is_kept_is_told(folder: Path) -> None:  # noqa: F811
    with (
        serving(ServiceConfig(folder=folder, workers=1, metrics=True)) as (address, server),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        for path in (f"/sparql?query={QUERY}", "/doc/document/v1/d1.ttl", "/doc/document/v1/d1.html"):
            http.get(path).raise_for_status()
        site = application(server).state.succession.site
        figures = http.get("/metrics").text
        for what, size in site.kept_bytes().items():
            assert size > 1000
            assert f'dragoman_kept_bytes{{what="{what}"}} {float(size)}' in figures


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ASK {?s ?p 'a'}", "ASK\n{?s  ?p 'a'} # x", True),
        ("ASK {?s ?p 'a b'}", "ASK {?s ?p 'a  b'}", False),
        ('ASK {?s ?p "a b"}', 'ASK {?s ?p "a\nb"}', False),
        ("ASK {?s ?p 1 # }\n}", "ASK {?s ?p 1 # } }", False),
        ("ASK {?s ?p <a:b#c>}", "ASK {?s ?p <a:b#d>}", False),
        ("ASK {?s ?p '''a\n\nb'''}", "ASK {?s ?p '''a\nb'''}", False),
        ("ASK {?s a:b ?o}", "ASK {?s a: b ?o}", False),
    ],
)
def test_queries_are_the_same_if_they_differ_in_blanks_and_comments_alone(one: str, other: str, same: bool) -> None:
    assert (scan(one).text == scan(other).text) is same
