"""Bad inputs: fuzzed requests, nonsense on raw sockets, mutated sources, mutated queries.

    python reliability/inputs.py DIR [--requests 100000] [--sources 50000] [--queries 10000] [--seed 1]

Serves DIR's snapshot on the loopback.  A `--described` share of the requests is drawn from the service's own
description (as `benchmarks/fuzz.py` does), the others are bytes on raw sockets: requests torn, doubled, smuggled, with
lengths and chunks that lie, huge heads, bodies that stop.  Half of the sources are plain texts (as
`benchmarks/mutations.py` does), half TEI.  Queries are deep, long, exploding, torn.  Prints what came of it: crashes of
the service, statuses of 500, answers that took longer than the limit and a grace, crashes of a reader.  Exit code 1 if
there were any.  Ends by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from service_process import Service, memory_of, running

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import fuzz
import mutations

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
_SECONDS = 0.5
_GRACE = 8
# Of the processor, for 10 kB of a source.
_SOURCE_SECONDS = 1


@dataclass(slots=True)
class Tally:
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, what: str, outcome: str, number: int = 1) -> None:
        self.outcomes[what, outcome] += number


# ------------------------------------------------------------------------------------------------------- raw sockets


_HEADS = (
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n",
    b"HEAD /download/dragoman.nq HTTP/1.1\r\nHost: x\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n",
    b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n",
)
_FIELDS = (
    b"Content-Length: 5\r\n",
    b"Content-Length: 6\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 1e9\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: x\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close\r\n",
    b"Upgrade: h2c\r\n",
    b"Connection: Upgrade, HTTP2-Settings\r\n",
    b"Range: bytes=0-0,1-1,2-2\r\n",
    b"Accept-Encoding: zstd, gzip;q=x\r\n",
    b"Accept: " + b"a/b;q=0." * 500 + b"\r\n",
    b"Cookie: " + b"x" * 9000 + b"\r\n",
    b" folded\r\n",
    b"A\x00B: c\r\n",
    b"If-None-Match: " + b'"a",' * 800 + b"\r\n",
    b"X-Request-Id: \x1b[31m\r\n",
    b"Accept-Datetime: never\r\n",
)
_BODIES = (
    b"ASK{}",
    b"ASK {}",
    b"5\r\nASK{}\r\n0\r\n\r\n",
    b"zz\r\n",
    b"ffffffff\r\nx",
    b"0\r\nTrailer: x\r\n\r\n",
    b"-1\r\n\r\n",
    b"",
    b"5;ext=" + b"x" * 3000 + b"\r\nASK{}\r\n0\r\n\r\n",
    b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
)


def nonsense(rand: random.Random) -> bytes:
    """Some requests, put together wrongly, then torn, doubled or changed somewhere."""
    out = bytearray()
    for _ in range(rand.choice((1, 1, 1, 2, 3))):
        out += rand.choice(_HEADS)
        for _ in range(rand.randrange(4)):
            out += rand.choice(_FIELDS)
        out += b"\r\n" + rand.choice(_BODIES)
    for _ in range(rand.randrange(4)):
        at = rand.randrange(len(out) + 1)
        change = rand.randrange(5)
        if change == 0:
            del out[at : at + rand.choice((1, 2, 20))]
        elif change == 1:
            out[at:at] = rand.randbytes(rand.choice((1, 2, 16)))
        elif change == 2:
            out[at:at] = out[: rand.randrange(200)]
        elif change == 3 and at < len(out):
            out[at] ^= 1 << rand.randrange(8)
        else:
            out[at:at] = rand.choice((b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\x00", b" ", b"\t"))
    return bytes(out)


def raw_requests(service: Service, number: int, seed: int, tally: Tally) -> None:
    def some(start: int) -> None:
        rand = random.Random(f"{seed}-{start}")
        for _ in range(start, min(number, start + 500)):
            _send(service, rand, tally)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(some, range(0, number, 500)))


def described_requests(service: Service, number: int, seed: int, tally: Tally) -> None:
    """In two processes: the drawing of a request takes longer than its answer."""
    address = f"http://{service.host}:{service.port}"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        runs = [pool.submit(fuzz.fuzz, address, number // 2, seed=seed + half) for half in (0, 1)]
        for run in runs:
            for status, count in run.result().statuses.items():
                tally.note("described request", str(status), count)
            tally.note("described request", "broke off at its limit", run.result().broken)
            tally.wrong += run.result().faults


def _send(service: Service, rand: random.Random, tally: Tally) -> None:
    data, slow = nonsense(rand), rand.random() < 0.001
    began = time.monotonic()
    answer = b""
    try:
        with socket.create_connection((service.host, service.port), timeout=45) as connection:
            for start in range(0, len(data), 100 if slow else len(data) or 1):
                connection.sendall(data[start : start + (100 if slow else len(data))])
                time.sleep(0.05 if slow else 0)
            if not slow:
                connection.shutdown(socket.SHUT_WR)
            while len(answer) < 4_000_000 and (more := connection.recv(65536)):
                answer += more
    except TimeoutError:
        tally.wrong.append(f"no answer and no end in 45 s to {data[:300]!r}")
    except OSError:
        tally.note("raw request", "connection closed")
        return
    if time.monotonic() - began > 45:
        return
    status = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/1.1 ") else "closed without a word"
    tally.note("raw request", status)
    if b"HTTP/1.1 500" in answer or b"Traceback" in answer:
        tally.wrong.append(f"{answer[:200]!r} to {data[:300]!r}")


# ------------------------------------------------------------------------------------------------------------ sources


_TAGS = (
    b"<p>",
    b"</p>",
    b"<note>",
    b"</note>",
    b'<div type="document">',
    b"</div>",
    b'<pb n="x"/>',
    b"<lb/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&amp;",
    b"&#0;",
    b"&#x10ffff;",
    b"&x;",
    b"<!DOCTYPE x [",
    b'<date when="9999-99-99">',
    b"</date>",
    b'xml:id="d1"',
    b"<head>",
    b"</head>",
    b"<persName>",
    b"</persName>",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"<",
    b">",
    b'"',
    b"'",
    b"<table>",
    b"<ref target='#d1'>",
    b"</ref>",
    b"<hi><hi><hi><hi>",
    b"\xe2\x80\xa8",
    b"<?x y?>",
)


_ELEMENT = re.compile(
    rb"<(p|note|head|dateline|opener|closer|signed|ref|persName|date|placeName)\b[^>]*>.*?</\1>", re.S
)
_WORDS = re.compile(rb">[^<&]+<")
_VALUES = re.compile(rb'="[^"<&]*"')
_PUT = (
    b"1",
    b" ",
    b"  ",
    b"[Page 7]",
    b"(",
    b")",
    b"No.",
    b"\xe2\x80\x94",
    b"Mr. ",
    b"to the ",
    b"May 3, 1934",
    b"711.00/5",
    b"x" * 999,
)


def well_formed_tei(rand: random.Random, documents: list[bytes]) -> bytes:
    """Elements taken out, doubled or moved, words and values of attributes changed: mostly still XML."""
    out = rand.choice(documents)
    for _ in range(rand.choice((1, 2, 5, 20))):
        found = list(rand.choice((_ELEMENT, _WORDS, _VALUES)).finditer(out))
        if not found:
            continue
        match, other = rand.choice(found), rand.choice(found)
        if match.re is _ELEMENT:
            put = rand.choice((b"", match[0] * 2, other[0], match[0] * 30))
        else:
            at = rand.randrange(1, len(match[0])) if len(match[0]) > 1 else 1
            put = (
                match[0][:at] + rand.choice(_PUT) + match[0][at:]
                if match.re is _WORDS
                else b'="' + rand.choice(_PUT) + b'"'
            )
        out = out[: match.start()] + put + out[match.end() :]
    return out[:200_000]


def mutated_tei(rand: random.Random, documents: list[bytes]) -> bytes:
    if rand.random() < 0.7:
        return well_formed_tei(rand, documents)
    out = bytearray(rand.choice(documents))
    for _ in range(rand.choice((1, 1, 2, 4, 10))):
        at = rand.randrange(len(out) + 1)
        end = min(len(out), at + rand.choice((0, 1, 5, 50, 500)))
        put = rand.choice(
            (rand.choice(_TAGS), bytes(out[at:end]) * 2, b"", rand.choice(_TAGS) * rand.choice((1, 30, 300)))
        )
        out[at:end] = put
    return bytes(out[:60_000])


def _texts(number: int, seed: int) -> mutations.Tally:
    found = mutations.Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frus1934v09-d12.txt"
        mutations.runner(lambda raw: found.take(path, raw), number, (mutations.ARROW, mutations.NUMBERED), seed)()
    return found


def _volumes(number: int, seed: int) -> mutations.Tally:
    found, rand = mutations.Tally(), random.Random(seed)
    documents = [file.read_bytes() for file in sorted(SAMPLES.glob("*.xml"))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frus1934v09.xml"
        for _ in range(number):
            found.take(path, mutated_tei(rand, documents))
    return found


def sources(number: int, seed: int, tally: Tally) -> None:
    """Texts and volumes, each in a process of its own."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = {
            "plain text": pool.submit(_texts, number // 2, seed),
            "TEI volume": pool.submit(_volumes, number // 2, seed),
        }
        for what, run in runs.items():
            found = run.result()
            tally.note(what, "read and mapped", found.read)
            tally.note(what, "refused with an error", found.refused.total())
            tally.wrong += [f"{what}: {trace[-600:]} ({_kept(raw)})" for trace, raw in (*found.crashes, *found.broken)]
            print(f"{what}: slowest {found.slowest:.3f} s for 10 kB", flush=True)
            if found.slowest > _SOURCE_SECONDS:
                tally.wrong.append(f"{what}: {found.slowest:.3f} s for 10 kB ({_kept(found.slowest_input)})")


def _kept(raw: bytes) -> Path:
    """A file with the input, for whoever looks into it."""
    with tempfile.NamedTemporaryFile(prefix="dragoman-input-", delete=False) as stream:
        stream.write(raw)
    return Path(stream.name)


# ------------------------------------------------------------------------------------------------------------ queries


_SEEDS: tuple[Callable[[random.Random], str], ...] = (
    lambda r: "SELECT * { " + "{" * (n := r.choice((10, 200, 5000, 100_000))) + "}" * n + " }",
    lambda r: "SELECT * { FILTER(" + "(" * (n := r.choice((10, 250, 20_000))) + "1" + ")" * n + ") }",
    lambda r: "SELECT * { ?s ?p ?o FILTER(?o IN (" + "1234," * r.choice((10, 10_000, 100_000)) + "1)) }",
    lambda r: "SELECT * { VALUES ?x { " + "<http://a/> " * r.choice((10, 50_000)) + "} }",
    lambda r: "SELECT * { ?a " + "/".join(["(!<x:>|^!<y:>)*"] * r.choice((1, 5, 60))) + " ?b }",
    lambda r: "SELECT (COUNT(*) AS ?n) { ?a (!<x:>)* ?b . ?b (!<x:>)* ?c . ?c (!<x:>)* ?d }",
    lambda r: "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(r.choice((2, 5, 40)))) + " }",
    lambda r: "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * r.choice((2, 200, 5000))) + " } LIMIT 3",
    lambda r: "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * r.choice((2, 50, 2000)) + "} LIMIT 3",
    lambda r: "SELECT * { BIND(" + "CONCAT(" * (n := r.choice((5, 200))) + "'x'" + ",'x')" * n + " AS ?x) }",
    lambda r: "SELECT * { BIND(REPLACE('" + "a" * r.choice((20, 5000)) + "!', '^(a+)+$', 'b') AS ?x) }",
    lambda r: "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), '" + "(.*a){" * 6 + "9" + "}){9" * 5 + "}') }",
    lambda r: "SELECT (GROUP_CONCAT(?o) AS ?x) { ?s ?p ?o . ?t ?q ?r }",
    lambda r: "SELECT DISTINCT * { ?s ?p ?o . ?t ?q ?r } ORDER BY ?o ?r",
    lambda r: "CONSTRUCT { ?s ?p ?o . ?t ?q ?r } { ?s ?p ?o . ?t ?q ?r }",
    lambda r: "DESCRIBE * { ?s ?p ?o }",
    lambda r: "SELECT * { " + "<< " * (n := r.choice((3, 300, 30_000))) + "?s ?p ?o" + " >> ?p ?o" * n + " }",
    lambda r: "BASE <" + "x:" + "../" * r.choice((5, 50_000)) + "> SELECT * { <a> ?p ?o }",
    lambda r: "PREFIX a: <x:> " * r.choice((2, 30_000)) + "ASK {}",
    lambda r: "# " + "x" * r.choice((5, 900_000)) + "\nASK {}",
    lambda r: "SELECT * { ?s ?p '" + "\\u0041" * r.choice((5, 100_000)) + "' }",
    lambda r: "ASK { FILTER(" + "!" * r.choice((5, 200, 100_000)) + "true) }",
    lambda r: "ASK { FILTER(1" + "+1" * r.choice((5, 1000, 200_000)) + " > 0) }",
    lambda r: "SELECT * { " + "OPTIONAL { ?s ?p ?o " * (n := r.choice((3, 100, 5000))) + "}" * n + " } LIMIT 3",
    lambda r: "ASK { " + "FILTER EXISTS { ?s ?p ?o " * (n := r.choice((3, 100, 5000))) + "}" * n + " }",
    lambda r: (
        "SELECT * { " + "{ SELECT * { " * (n := r.choice((3, 100, 5000))) + "?s ?p ?o" + " } }" * n + " } LIMIT 3"
    ),
    lambda r: "ASK { BIND(" + "IF(true, STR(" * (n := r.choice((3, 100, 5000))) + "1" + "), '')" * n + " AS ?x) }",
    lambda r: "ASK { ?a " + "(" * (n := r.choice((3, 200, 5000))) + "<x:>" + ")*" * n + " ?b }",
    lambda r: "ASK { ?a (" + "|".join(f"<x:{n}>/^<y:{n}>*" for n in range(r.choice((3, 300, 5000)))) + ")+ ?b }",
    lambda r: "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    lambda r: "INSERT DATA { <a:> <b:> <c:> }",
)


def mutated_query(rand: random.Random) -> bytes:
    """Now and then not even UTF-8."""
    text = rand.choice(_SEEDS)(rand)
    for _ in range(rand.randrange(4)):
        at, other = rand.randrange(len(text) + 1), rand.choice(_SEEDS)(random.Random(1))[:200]
        end = min(len(text), at + rand.choice((0, 1, 5, 30)))
        put = rand.choice(
            (other, text[at:end] * 3, "", "{", "}", "(", ")", "'", "\\", "\x00", "\u2028", "😀", "<", ">")
        )
        text = text[:at] + put + text[end:]
    out = bytearray(text.encode())
    for _ in range(rand.choice((0,) * 9 + (3,))):
        at = rand.randrange(len(out) + 1)
        out[at : at + 1] = rand.randbytes(rand.randrange(3))
    return bytes(out)


def queries(service: Service, number: int, seed: int, tally: Tally) -> None:
    def some(start: int) -> None:
        rand = random.Random(f"{seed}-{start}")
        with httpx.Client(trust_env=False, timeout=60) as http:
            for _ in range(start, min(number, start + 100)):
                _ask(http, service, mutated_query(rand), tally)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(some, range(0, number, 100)))


def _ask(http: httpx.Client, service: Service, text: bytes, tally: Tally) -> None:
    began = time.monotonic()
    try:
        answer = http.post(
            f"http://{service.host}:{service.port}/sparql",
            content=text,
            headers={"Content-Type": "application/sparql-query", "Accept": "text/csv, text/turtle;q=0.5"},
        )
        outcome = str(answer.status_code)
    except httpx.RemoteProtocolError:
        outcome = "broke off at its limit"
    except httpx.HTTPError as error:
        outcome = "no answer"
        tally.wrong.append(f"query: {type(error).__name__} {text[:200]!r}")
    tally.note("query", outcome)
    seconds = time.monotonic() - began
    if outcome.startswith("500") or seconds > _SECONDS + _GRACE:
        tally.wrong.append(f"query: {outcome} after {seconds:.1f} s: {text[:200]!r}")


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--requests", type=int, default=100_000)
    cli.add_argument("--described", type=float, default=0.1)
    cli.add_argument("--sources", type=int, default=50_000)
    cli.add_argument("--queries", type=int, default=10_000)
    cli.add_argument("--seed", type=int, default=1)
    args = cli.parse_args()
    tally, began = Tally(), time.monotonic()
    limits = {"DRAGOMAN_QUERY_SECONDS": str(_SECONDS), "DRAGOMAN_WORKER_MEMORY_MB": "1024"}
    with running(args.folder, "--workers", "4", limit=None, **limits) as service:
        if args.requests:
            described_requests(service, int(args.requests * args.described), args.seed, tally)
            print(f"described requests: {time.monotonic() - began:.0f} s", flush=True)
            raw_requests(service, args.requests - int(args.requests * args.described), args.seed, tally)
            print(f"raw requests: {time.monotonic() - began:.0f} s", flush=True)
        queries(service, args.queries, args.seed, tally)
        print(f"queries: {time.monotonic() - began:.0f} s", flush=True)
        alive = service.process.poll() is None
        with contextlib.suppress(OSError):
            alive = alive and service.get("/health")[0] == 200
        memory = memory_of(service.pid)
    if args.sources:
        sources(args.sources, args.seed, tally)
    for (what, outcome_of), number in sorted(tally.outcomes.items()):
        print(f"{what:20} {outcome_of:30} {number:8,}")
    print(f"the service is {'alive' if alive else 'DEAD'}, with {memory['service']:,.0f} MB")
    print(*tally.wrong[:20], sep="\n")
    print(f"{len(tally.wrong)} wrong, {time.monotonic() - began:.0f} s")
    return 0 if alive and not tally.wrong else 1


if __name__ == "__main__":
    sys.exit(main())
