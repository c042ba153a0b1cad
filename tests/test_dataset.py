"""The page of the dataset: its numbers counted again by query, its references read by other parsers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html as pages

from kg.coverage import FIELDS, read, total
from kg.iris import Iris
from kg.snapshot import COVERAGE, SIZES, SUMS, Snapshot, file_digest
from service.app import ServiceConfig
from tests.service_fixtures import make_snapshot, serving

BROWSER = {"Accept": "text/html"}
SENT = "?d dgm:sending|dgm:holding ?e . ?e dgm:edtf ?x"
PERSON = (
    "?d {event} ?e . {{ ?e {role} ?p }} UNION {{ ?j rdf:subject ?e ; rdf:predicate {role} ; rdf:object ?p }}"
    " {{ SELECT ?p (COUNT(DISTINCT ?who) AS ?n) (SAMPLE(?who) AS ?x) {{"
    " ?i rdf:predicate dgm:person ; rdf:subject ?p ; rdf:object ?who }} GROUP BY ?p }}"
    " FILTER(?n = 1 && REGEX(STR(?x), '/id/person/[^/]+$'))"
)
STATED = {
    "title": "?d dcterms:title ?x",
    "date": SENT,
    "place": "?d dgm:sending/dgm:placePrinted ?x",
    "sender": "?d dgm:sending/dgm:sender ?x",
    "recipient": "?d dgm:receiving/dgm:recipient ?x",
    "kind": "?d dgm:kind ?x",
    "file": "?d dgm:fileNumber ?x",
    "source": "?d dgm:sourceNote ?x",
    "page": "?d dgm:page ?x",
    "cites": "?d dgm:footnote?/dgm:citation/dgm:target ?x",
    "names": "?d dgm:footnote?/dgm:mention ?x",
    "footnote": "?d dgm:footnote ?x",
    "text": "?d dgm:text ?x",
}
INFERRED = {
    "date": "?i rdf:subject ?d ; rdf:predicate ?p FILTER(?p IN (dgm:edtf, dgm:earliest, dgm:latest))",
    "city": "?d dgm:sending ?e { SELECT ?e (COUNT(DISTINCT ?c) AS ?n) { ?i rdf:predicate dgm:place ;"
    " rdf:subject ?e ; rdf:object ?c } GROUP BY ?e } FILTER(?n = 1)",
    "sender": "?d dgm:sending ?e . ?i rdf:subject ?e ; rdf:predicate dgm:sender",
    "recipient": "?d dgm:receiving ?e . ?i rdf:subject ?e ; rdf:predicate dgm:recipient",
    "sender-person": PERSON.format(event="dgm:sending", role="dgm:sender"),
    "recipient-person": PERSON.format(event="dgm:receiving", role="dgm:recipient"),
    "file-words": "?i rdf:subject ?d ; rdf:predicate dgm:fileWords",
    "page": "?i rdf:subject ?d ; rdf:predicate dgm:page",
    "answers": "?i rdf:subject ?d ; rdf:predicate dgm:answers",
    "cites": "?d dgm:footnote?/dgm:citation ?c . ?i rdf:subject ?c ; rdf:predicate dgm:target",
    "names": "?m dgm:mentionedIn ?d",
}


@pytest.fixture(scope="module")
def http(registers_snapshot: Snapshot) -> Iterator[httpx.Client]:
    config = ServiceConfig(folder=registers_snapshot.path.parent.parent, workers=1)
    with serving(config) as (address, _), httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=60) as it:
        yield it


def documents(http: httpx.Client, pattern: str) -> set[str]:
    query = (
        "PREFIX dgm: <https://w3id.org/dragoman/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        " PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"
        f" SELECT DISTINCT ?d {{ ?d a dgm:Document . {pattern} }}"
    )
    answer = http.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return set(answer.text.split()[1:])


@pytest.mark.parametrize("field", [field.name for field in FIELDS])
def test_a_field_is_stated_or_inferred_of_as_many_documents_as_a_query_finds(
    http: httpx.Client, registers_snapshot: Snapshot, field: str
) -> None:
    stated = documents(http, STATED[field]) if field in STATED else set()
    inferred = documents(http, INFERRED[field]) - stated if field in INFERRED else set()
    assert total(read(registers_snapshot.coverage))[field] == (len(stated), len(inferred))


def test_every_field_is_known_of_some_document_of_the_samples(registers_snapshot: Snapshot) -> None:
    assert [name for name, numbers in total(read(registers_snapshot.coverage)).items() if not any(numbers)] == []


def test_stated_inferred_and_unknown_make_all_documents_of_a_volume(
    http: httpx.Client, registers_snapshot: Snapshot
) -> None:
    rows = list(csv.DictReader(io.StringIO(http.get("/dataset/coverage.csv").text)))
    sizes = {volume.id: volume.documents for volume in registers_snapshot.manifest.volumes}
    assert len(rows) == len(sizes) * len(FIELDS)
    for row in rows:
        assert sum(int(row[how]) for how in ("stated", "inferred", "unknown")) == sizes[row["volume"]]
    assert http.get("/dataset", headers={"Accept": "text/csv"}).text == http.get("/dataset/coverage.csv").text


def test_the_page_tells_its_numbers_and_every_link_of_it_leads_somewhere(
    http: httpx.Client, registers_snapshot: Snapshot
) -> None:
    page = pages.fromstring(http.get("/dataset", headers=BROWSER).text)
    counts = registers_snapshot.manifest.counts
    assert f"{counts['documents']:,} diplomatic documents" in page.text_content()
    assert registers_snapshot.manifest.id[:12] in page.text_content()
    for link in {a.get("href") for a in page.iter("a") if a.get("href").startswith("/")}:
        assert http.head(link, follow_redirects=True).status_code == 200, link


def test_every_page_leads_to_it(http: httpx.Client) -> None:
    for path in ("/", "/help", "/search", "/doc/dataset/dragoman.html"):
        assert '<a href="/dataset">Dataset</a>' in http.get(path, headers=BROWSER).text


def test_the_json_ld_is_a_dataset_of_schema_org_whose_files_have_these_digests(http: httpx.Client) -> None:
    text = http.get("/dataset", headers=BROWSER).text
    item = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    assert item["@type"] == "Dataset"
    assert {"name", "description", "license", "version", "datePublished", "temporalCoverage", "creator"} <= set(item)
    assert 50 <= len(item["description"]) <= 5000
    small = next(file for file in item["distribution"] if file["name"].endswith(".nq.zst"))
    content = http.get("/download/" + small["contentUrl"].partition("/download/")[2]).content
    assert hashlib.sha256(content).hexdigest() == small["sha256"]
    assert small["contentSize"] == f"{len(content)} B"


def test_references_name_the_snapshot_and_the_day(http: httpx.Client, registers_snapshot: Snapshot) -> None:
    snapshot, iri = registers_snapshot.manifest.id[:12], Iris(registers_snapshot.manifest.base_iri).dataset()
    bib, ris, csl = (http.get(f"/cite/dataset{suffix}") for suffix in (".bib", ".ris", ".json"))
    assert bib.headers["content-disposition"] == f'attachment; filename="dragoman-{snapshot}.bib"'
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", bib.text, re.MULTILINE))
    assert (fields["version"], fields["url"]) == (f"snapshot {snapshot}", iri)
    tags = [line.split("  - ") for line in ris.text.strip().split("\r\n")]
    assert tags[0] == ["TY", "DATA"]
    assert dict(tags[:-1])["ET"] == f"snapshot {snapshot}"
    [item] = csl.json()
    assert (item["type"], item["URL"], item["version"]) == ("dataset", iri, f"snapshot {snapshot}")
    day = "-".join(f"{part:02}" for part in item["issued"]["date-parts"][0])
    assert day == fields["date"] == dict(tags[:-1])["DA"].strip("/").replace("/", "-")
    assert http.get("/cite/dataset.txt").status_code == 404


def test_a_snapshot_of_an_older_version_has_no_coverage_but_a_page(tmp_path: Path) -> None:
    snapshot = Snapshot.open(make_snapshot(tmp_path))
    snapshot.coverage.unlink()
    sizes, sums = snapshot.path / SIZES, snapshot.path / SUMS
    sizes.write_text("".join(line for line in _lines(sizes) if COVERAGE not in line), encoding="utf-8")
    kept = (line for line in _lines(sums) if COVERAGE not in line and SIZES not in line)
    sums.write_text("".join([*kept, f"{file_digest(sizes)}  {SIZES}\n"]), encoding="utf-8")
    with serving(ServiceConfig(folder=tmp_path, workers=1)) as (address, _):
        answer = httpx.get(f"http://{address}/dataset", headers=BROWSER, trust_env=False)
    assert answer.status_code == 200
    assert "did not count fields" in answer.text


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)
