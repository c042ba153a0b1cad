"""curl as a client: the protocol by hand, as a shell script would speak it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from client_fixtures import ASK, CONSTRUCT, DOCUMENT, MALFORMED, SELECT, Published, answer, need, rows_of, triples

JSON, TSV = ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.TSV


@pytest.fixture(autouse=True)
def curl() -> None:
    need(shutil.which("curl"), "curl", "a package of every system")


def fetch(*arguments: str) -> str:
    return answer("curl", "--silent", "--show-error", "--max-time", "60", *arguments)


def head_of(*arguments: str) -> dict[str, str]:
    """The status line, as "", and the fields of the last response's head, names in lower case."""
    last = fetch("--dump-header", "-", "--output", "/dev/null", *arguments).rstrip("\r\n").split("\r\n\r\n")[-1]
    status, *lines = last.split("\r\n")
    return {"": status, **{name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}}


def test_a_query_by_get_and_by_both_posts(service: Published) -> None:
    sent = {
        "get": ["--get", "--data-urlencode", f"query={SELECT}"],
        "form": ["--data-urlencode", f"query={SELECT}"],
        "direct": ["--header", "Content-Type: application/sparql-query", "--data-binary", SELECT],
    }
    for way, arguments in sent.items():
        assert rows_of(fetch(service.sparql, *arguments), JSON) == service.rows(), way


def test_a_query_from_a_file(service: Published, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(SELECT, encoding="utf-8")
    body = fetch(service.sparql, "--data-urlencode", f"query@{tmp_path / 'q.rq'}", "--header", "Accept: */*;q=0.1")
    assert rows_of(body, JSON) == service.rows()


def test_ask_and_construct(service: Published) -> None:
    assert json.loads(fetch(service.sparql, "--data-urlencode", f"query={ASK}"))["boolean"] is True
    turtle = fetch(service.sparql, "--data-urlencode", f"query={CONSTRUCT}", "--header", "Accept: text/turtle")
    assert triples(turtle, ox.RdfFormat.TURTLE) == service.triples()


def test_results_in_each_format(service: Published) -> None:
    query = ["--get", "--data-urlencode", f"query={SELECT}"]
    for media_type, format in (
        ("application/sparql-results+json", JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", TSV),
    ):
        body = fetch(service.sparql, *query, "--header", f"Accept: {media_type}")
        assert rows_of(body, format) == service.rows(), media_type
    table = list(csv.DictReader(io.StringIO(fetch(service.sparql, *query, "--header", "Accept: text/csv"))))
    assert {(row["document"], row["order"]) for row in table} == {
        (dict(row)["document"][1:-1], dict(row)["order"].split('"')[1]) for row in service.rows()
    }


def test_a_thing_leads_to_its_document(service: Published) -> None:
    plain = head_of(service.base + DOCUMENT, "--header", "Accept: text/turtle")
    assert " 303 " in plain[""]
    assert plain["location"].endswith(f"{DOCUMENT.replace('id/', 'doc/')}.ttl")
    for media_type, format in (
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ):
        body = fetch("--location", "--fail", service.base + DOCUMENT, "--header", f"Accept: {media_type}")
        assert triples(body, format) == service.described(), media_type
    tree = json.loads(fetch("--location", service.base + DOCUMENT, "--header", "Accept: application/ld+json"))
    assert tree["id"] == service.base + DOCUMENT


def test_a_type_that_is_not_served_is_406_and_an_unknown_thing_404(service: Published) -> None:
    refused = head_of("--location", service.base + DOCUMENT, "--header", "Accept: image/png")
    assert " 406 " in refused[""]
    assert refused["content-type"] == "application/problem+json"
    assert " 404 " in head_of("--location", service.base + "id/document/sample1931v01/d999")[""]


def test_a_malformed_query_is_400_and_a_failure(service: Published) -> None:
    arguments = [service.sparql, "--data-urlencode", f"query={MALFORMED}"]
    problem = json.loads(fetch(*arguments))
    assert (problem["status"], problem["line"]) == (400, 1)
    assert fetch(*arguments, "--output", "/dev/null", "--write-out", "%{http_code} %{content_type}") == (
        "400 application/problem+json"
    )


def test_head_has_the_fields_of_get_and_no_body(service: Published) -> None:
    for path in ("", "sparql", DOCUMENT, "doc/document/sample1931v01/d1.ttl", "download/dragoman.nq"):
        get, head = head_of(service.base + path), head_of("--head", service.base + path)
        assert {**get, "date": ""} == {**head, "date": ""}, path


def test_an_answer_that_the_client_may_compress_reads_the_same(service: Published) -> None:
    address = f"{service.base}doc/document/sample1931v01/d1.ttl"
    assert fetch("--compressed", address) == fetch(address)


def test_what_the_client_has_is_not_sent_again(service: Published, tmp_path: Path) -> None:
    address, tag, copy = service.base + "doc/document/sample1931v01/d1.ttl", tmp_path / "tag", tmp_path / "copy"
    kept = ["--etag-save", str(tag), "--etag-compare", str(tag), "--output", str(copy), "--write-out", "%{http_code}"]
    assert fetch(address, *kept) == "200"
    body = copy.read_bytes()
    assert fetch(address, *kept) == "304"
    assert copy.read_bytes() == body


def test_a_dump_in_two_parts(service: Published, tmp_path: Path) -> None:
    address, copy = f"{service.base}download/dragoman.nq", tmp_path / "dragoman.nq"
    first = head_of("--range", "0-99", address)
    assert " 206 " in first[""]
    assert first["content-range"] == f"bytes 0-99/{service.snapshot.data.stat().st_size}"
    fetch("--range", "0-99", "--output", str(copy), address)
    assert copy.stat().st_size == 100
    # A download that broke off goes on where it was.
    fetch("--continue-at", "-", "--output", str(copy), address)
    assert copy.read_bytes() == service.snapshot.data.read_bytes()
    assert " 416 " in head_of("--range", "999999999-", address)[""]


@pytest.mark.parametrize("suffix", [".nq", ".ttl", ".jsonld"])
def test_a_volume_is_downloaded_under_its_name(service: Published, tmp_path: Path, suffix: str) -> None:
    name = f"sample1931v01{suffix}"
    fetch("--remote-name", "--remote-header-name", "--output-dir", str(tmp_path), f"{service.base}download/{name}")
    format = ox.RdfFormat.from_extension(suffix[1:])
    assert format
    assert triples((tmp_path / name).read_bytes(), format) == service.graphs("sample1931v01")
