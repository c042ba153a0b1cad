"""A service asked at random: what its OpenAPI description allows, what it does not, and header fields of all kinds.

    python benchmarks/fuzz.py DIR [--cases 10000] [--seed 1]

Serves the snapshot in DIR and prints how many cases there were, with which statuses, and each fault with a curl
command that shows it; exits with 1 if there is one.  schemathesis makes the requests.  Each answer is held to the
description, and to what the service promises: no status of 500 and above but a promised 503, no trace of a program,
every error a problem document with CORS.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import string
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.problems import MEDIA_TYPE

_TOKENS = """
SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH SERVICE FILTER BIND VALUES OPTIONAL UNION MINUS LIMIT OFFSET
ORDER BY DISTINCT COUNT(*) AS INSERT LOAD DROP PREFIX BASE * ?s ?p ?o a { } ( ) [ ] . ; , | / ^ + ! = < > && ||
<http://a/b> <../x> <> _:b "x"@en "y"^^<http://z> 'q' 1 -1 1e400 true NOT EXISTS IN STR LANG IRI( BNODE(
REGEX(?s,'(a+)+$') xsd:integer dgm:Document rdfs:label ex:unknown # \\u0000 \\U00110000 <http://a/\\u0020> <<(
""".split()  # noqa: SIM905 - easier to read so
_QUERIES = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 5",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?c",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 5",
    "DESCRIBE <http://data.example/id/document/v1/d1>",
)
_THINGS = (
    "document/v1/d1", "document/v1/d1.ttl", "document/v1/d1.html", "volume/v1", "volume/v1.jsonld", "person/v1/hub",
    "dataset/dragoman.nq", "source/v1.xml", "source/a.ttl", "document/v1/d99", "document//", "%2F", "a%00b", "..",
    "page/v1/64", "inference/v1/d1/page", "event/v1/d1/sending.rdf",
)  # fmt: skip
_TYPES = (
    "*/*", "text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-quads", "text/csv",
    "application/sparql-results+json", "application/sparql-results+xml", "image/png", "application/problem+json",
    "application/linkset", "text/turtle;q=0", "*/*;q=0.0001", 'application/ld+json;profile="x y"', "text/html;q=", ",",
)  # fmt: skip
_DATES = ("Thu, 31 May 2007 20:35:00 GMT", "Sun, 06 Nov 9999 08:49:37 GMT", "31 May 2007")
_FIELDS: dict[str, tuple[str, ...]] = {
    "Accept-Encoding": ("gzip", "zstd", "*;q=0", "br", "identity;q=0", "gzip;q=x"),
    "Accept-Profile": ("<https://schema.org/>", "<http://x/>;q=0.5", "<>"),
    "Accept-Datetime": _DATES,
    "If-None-Match": ("*", 'W/"x"', '"x", "y"'),
    "If-Match": ("*", '"x"'),
    "If-Modified-Since": _DATES,
    "If-Unmodified-Since": _DATES,
    "If-Range": ('"x"', *_DATES),
    "Range": ("bytes=0-0", "bytes=-5,7-8", "bytes=9-1", "bytes=99999999-"),
    "Content-Type": ("text/plain", "application/sparql-query", "application/sparql-update", "a/b;charset=utf-16"),
    "Origin": ("null", "https://app.example"),
    "X-Forwarded-Host": ("evil.example",),
    "Prefer": ("return=minimal",),
}
# What a client library lets through: no control characters but tab, nothing beyond latin-1.
_LINE = st.text(string.digits + string.ascii_letters + string.punctuation + " \täÿ\xa0", max_size=60).map(str.strip)
_ACCEPT = st.one_of(st.lists(st.sampled_from(_TYPES), max_size=4).map(", ".join), _LINE)
# A random query may be endless.
_LIMITS = {"DRAGOMAN_QUERY_SECONDS": "5"}
_HEADERS = st.builds(
    lambda accept, rest: {**({"Accept": accept} if accept else {}), **dict(rest)},
    _ACCEPT,
    st.lists(
        st.sampled_from(sorted(_FIELDS)).flatmap(
            lambda name: st.tuples(st.just(name), st.one_of(st.sampled_from(_FIELDS[name]), _LINE))
        ),
        max_size=2,
    ),
)


@dataclass(slots=True)
class Outcome:
    """What came of it: how many cases, how many streams at their limit, statuses by number, faults in words."""

    cases: int = 0
    broken: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fuzz(address: str, cases: int, *, seed: int = 1) -> Outcome:
    """About `cases` requests to the service at `address` (http://host:port), spread over all its operations."""
    schemathesis.openapi.format("sparql-query", st.one_of(st.sampled_from(_QUERIES), _tokens(), st.text()))
    schemathesis.openapi.format("iri-path", st.one_of(st.sampled_from(_THINGS), st.text(min_size=1)))
    names = st.sampled_from(("dragoman.nq", "dragoman.ttl.gz", "volume/v1.nq.zst", "v1.ttl", "SHA256SUMS", "a/b.nq"))
    references = st.sampled_from(("d1.bib", "d1.ris", "d2.json", "d1", "d9.bib"))
    schemathesis.openapi.format("reference", st.one_of(references, st.text(min_size=1)))
    schemathesis.openapi.format("volume", st.one_of(st.just("v1"), st.text(min_size=1)))
    schemathesis.openapi.format("download", st.one_of(names, st.text(min_size=1)))
    description = requests.get(f"{address}/openapi.json", timeout=30).json()
    strategies = list(_strategies(schemathesis.openapi.from_dict({**description, "servers": [{"url": address}]})))
    outcome = Outcome()
    with requests.Session() as session:
        session.trust_env = False
        for number, strategy in enumerate(strategies):
            # What is left is shared among those that are left: some have fewer cases than their share.
            share = max(1, (cases - outcome.cases) // (len(strategies) - number))
            _run(strategy, share, seed, session, address, outcome)
    return outcome


def _tokens() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_TOKENS), max_size=30).map(" ".join)


def _strategies(schema: Any) -> Iterator[st.SearchStrategy[Any]]:
    """Those of the operations with few cases first, so that the others get their rest."""
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda each: len(list(each.iter_parameters())) + len(each.body)):
        yield operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        if operation.query or operation.body:
            yield operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)


def _run(
    strategy: st.SearchStrategy[Any], cases: int, seed: int, session: requests.Session, address: str, outcome: Outcome
) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy, headers=_HEADERS)
    def ask(case: Any, headers: dict[str, str]) -> None:
        # latin-1 is what a header field may hold, and what the client library makes of a str.
        sent = {name: value.encode("latin-1") for name, value in headers.items() if value}
        if case.body and case.media_type and "Content-Type" in sent and len(headers) % 2:
            del sent["Content-Type"]
        outcome.cases += 1
        try:
            response = case.call(base_url=address, headers=sent, session=session, timeout=60, allow_redirects=False)
        except requests.exceptions.ChunkedEncodingError:
            # A stream that reaches its limit breaks off, which is promised; nothing else may.
            outcome.broken += 1
            if case.operation.path not in ("/sparql", "/graph-store"):
                outcome.faults.append(f"{case.as_curl_command(headers)}\n    the answer broke off")
            return
        outcome.statuses[response.status_code] += 1
        faults = [*_faults(response), *_differences(case, response)]
        outcome.faults += [f"{case.as_curl_command(headers)}\n    {fault}" for fault in faults]

    ask()


def _faults(response: Any) -> Iterator[str]:
    """What breaks a promise that all answers keep."""
    headers = {name.lower(): ", ".join(values) for name, values in response.headers.items()}
    text = response.content.decode("utf-8", "replace")
    if response.status_code >= 500 and not (response.status_code == 503 and "/problems/query-" in text):
        yield f"status {response.status_code}: {text[:300]}"
    if "Traceback (most recent call last)" in text or 'File "/' in text:
        yield "a stack trace"
    if headers.get("access-control-allow-origin") != "*":
        yield "no CORS"
    if response.status_code >= 400:
        yield from _no_problem(response.status_code, headers.get("content-type", ""), text)


def _no_problem(status: int, media_type: str, text: str) -> Iterator[str]:
    if media_type.startswith("text/html"):
        return
    if media_type not in (MEDIA_TYPE, "application/json"):
        yield f"an error as {media_type}"
        return
    document = json.loads(text)
    if document.get("status") != status or not {"type", "title", "detail"} <= set(document):
        yield f"no problem document: {text[:300]}"


def _differences(case: Any, response: Any) -> Iterator[str]:
    """What the description does not tell."""
    try:
        case.validate_response(
            response, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
        )
    except FailureGroup as group:
        yield from (f"{failure.title}: {failure.message[:300]}" for failure in group.exceptions)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of a service on the snapshot, in a process of its own."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("dragoman"),
        "serve",
        folder,
        "--port",
        "0",
        "--workers",
        "1",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **_LIMITS}) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://[^/\s]+", line)
            assert found, "the service did not start"
            yield found[0]
        finally:
            process.terminate()


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--cases", type=int, default=10_000)
    cli.add_argument("--seed", type=int, default=1)
    args = cli.parse_args()
    began = time.monotonic()
    with _served(args.folder) as address:
        outcome = fuzz(address, args.cases, seed=args.seed)
    print(f"{outcome.cases:,} cases in {time.monotonic() - began:.0f} s, {len(outcome.faults)} faults")
    print(f"{outcome.broken} streams broke off at their limit")
    print(*(f"{status}\t{number:,}" for status, number in sorted(outcome.statuses.items())), sep="\n")
    print(*outcome.faults, sep="\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
