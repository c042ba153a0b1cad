"""Apache Jena's command lines as clients: rsparql asks the endpoint, riot reads IRIs and downloads."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from client_fixtures import (
    ASK,
    CLIENTS,
    CONSTRUCT,
    DOCUMENT,
    SELECT,
    Published,
    answer,
    boolean_of,
    need,
    rows_of,
    run,
    triples,
)

LIBRARIES = CLIENTS / "jena" / "lib"


@pytest.fixture(autouse=True)
def jena() -> None:
    need(shutil.which("java") and any(LIBRARIES.glob("jena-cmds-*.jar")), "Apache Jena", "make clients")


def command(name: str, *arguments: str | Path) -> tuple[str | Path, ...]:
    return ("java", "-cp", f"{LIBRARIES}/*", name, *arguments)


def rsparql(service: Published, *arguments: str) -> str:
    return answer(*command("arq.rsparql", "--service", service.sparql, *arguments))


def riot(*arguments: str | Path) -> str:
    return answer(*command("riotcmd.riot", *arguments))


@pytest.mark.parametrize(
    ("form", "format"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_select(service: Published, form: str, format: ox.QueryResultsFormat) -> None:
    assert rows_of(rsparql(service, f"--results={form}", SELECT), format) == service.rows()


def test_a_query_by_post(service: Published, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(SELECT, encoding="utf-8")
    found = rsparql(service, "--post", "--results=json", f"--query={tmp_path / 'q.rq'}")
    assert rows_of(found, ox.QueryResultsFormat.JSON) == service.rows()


def test_ask_construct_and_describe(service: Published) -> None:
    assert boolean_of(rsparql(service, "--results=json", ASK)) is True
    for query in (CONSTRUCT, f"DESCRIBE <{service.base}{DOCUMENT}>"):
        found = rsparql(service, "--results=ntriples", query)
        assert triples(found, ox.RdfFormat.N_TRIPLES) == service.triples(query)


def test_an_iri_is_read_through_its_redirect(service: Published) -> None:
    found = riot("--output=ntriples", service.base + DOCUMENT)
    assert triples(found, ox.RdfFormat.N_TRIPLES) == service.described()


def test_a_document_is_the_same_in_each_format(service: Published) -> None:
    addresses = [
        f"{service.base}doc/document/sample1931v01/d1{suffix}" for suffix in (".ttl", ".nt", ".rdf", ".jsonld")
    ]
    told = run(*command("riotcmd.riot", "--count", *addresses)).stderr.decode()
    counts = re.findall(r"^(\S+) : Triples = ([\d,]+)$", told, flags=re.MULTILINE)
    assert counts == [(address, str(len(service.described()))) for address in addresses]
    found = riot("--output=ntriples", *addresses)
    assert triples(found, ox.RdfFormat.N_TRIPLES) == service.described()


@pytest.mark.parametrize("name", ["sample1931v01.nq", "sample1931v01.ttl", "sample1931v01.jsonld", "dragoman.nq"])
def test_a_download_is_read_from_its_address(service: Published, name: str) -> None:
    found = riot("--output=nquads", f"{service.base}download/{name}")
    volume = None if name.startswith("dragoman") else "sample1931v01"
    assert triples(found, ox.RdfFormat.N_QUADS) == service.graphs(volume)


def test_what_the_service_says_of_itself_is_free_of_warnings(service: Published) -> None:
    addresses = [service.base + path for path in ("", "sparql", "ontology", "shapes", "report")]
    done = run(*command("riotcmd.riot", "--validate", *addresses))
    told = done.stderr.decode()
    assert done.returncode == 0, told
    assert len(re.findall("INFO", told)) == len(addresses)
    assert not re.search("WARN|ERROR", told)


def test_errors_are_told_by_their_status(service: Published) -> None:
    # rsparql parses before it sends: what it knows and SPARQL does not, the service refuses.
    only_jena = "SELECT * { LET (?x := 1) }"
    malformed = run(*command("arq.rsparql", "--service", service.sparql, only_jena))
    assert malformed.returncode != 0
    assert "400 Bad Request" in malformed.stderr.decode()
    missing = run(*command("riotcmd.riot", f"{service.base}id/document/sample1931v01/d999"))
    assert missing.returncode != 0
    assert "404" in missing.stderr.decode()
