"""Files of the snapshot over HTTP: only those that are listed, whole or in ranges."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import zstandard
from service_fixtures import BROWSER, client, folder  # noqa: F401

from kg.downloads import Downloads
from kg.iris import Iris
from kg.snapshot import Snapshot
from kg.vocabulary import DGM

FORMATS = {
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}
NAMES = ["dragoman", "common", "volume/v1", "document/v1/d1"]


def unpacked(content: bytes, coding: str) -> bytes:
    if coding == "gz":
        return gzip.decompress(content)
    reader = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True)
    return reader.read() if coding else content


def graph(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    return {quad.triple for quad in quads}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_a_download_says_the_same(client: httpx.Client, name: str, form: str) -> None:  # noqa: F811
    whole = set(ox.parse(client.get(f"/download/{name}.nq").content, format=ox.RdfFormat.N_QUADS))
    plain = client.get(f"/download/{name}.{form}")
    assert plain.headers["content-type"] == FORMATS[form][0]
    found = set(ox.parse(plain.content, format=FORMATS[form][1]))
    assert len(found) > 1
    assert found == whole if FORMATS[form][1].supports_datasets else graph(found) == graph(whole)
    for coding, media_type in (("gz", "application/gzip"), ("zst", "application/zstd")):
        packed = client.get(f"/download/{name}.{form}.{coding}")
        assert packed.headers["content-type"] == media_type
        assert "content-encoding" not in packed.headers
        assert unpacked(packed.content, coding) == plain.content


def test_the_data_of_record_comes_byte_for_byte(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    answer = client.get("/download/dragoman.nq")
    assert answer.content == (folder / "current" / "data.nq").read_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="dragoman.nq"'


def test_the_parts_make_the_whole(client: httpx.Client) -> None:  # noqa: F811
    def lines(name: str) -> list[bytes]:
        return client.get(f"/download/{name}.nq").content.splitlines()

    assert sorted(lines("common") + lines("volume/v1")) == sorted(lines("dragoman"))


def test_a_document_is_all_that_is_minted_under_it(client: httpx.Client) -> None:  # noqa: F811
    quads = ox.parse(client.get("/download/document/v1/d1.nq").content, format=ox.RdfFormat.N_QUADS)
    kinds = {quad.subject.value.removeprefix("http://data.example/id/") for quad in quads}
    assert kinds == {
        "document/v1/d1", "sending/v1/d1", "party/v1/d1/from-1", "footnote/v1/d1/fn1", "inference/v1/d1/page"
    }  # fmt: skip


def test_sizes_and_digests_are_those_listed(client: httpx.Client) -> None:  # noqa: F811
    listing = client.get("/download/", headers={"Accept": "application/json"}).json()
    sums = dict(line.split("  ")[::-1] for line in client.get("/download/SHA256SUMS").text.splitlines())
    assert len(listing["files"]) == len(sums) == 3 * 5 * 3
    for row in listing["files"]:
        path = row["url"].removeprefix("http://data.example")
        answer = client.get(path)
        digest = hashlib.sha256(answer.content)
        assert (len(answer.content), digest.hexdigest()) == (row["byteSize"], row["sha256"])
        assert sums[path.removeprefix("/download/")] == row["sha256"]
        assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.headers["content-type"].partition(";")[0] == row["mediaType"]


@pytest.mark.parametrize("name", ["dragoman.nq", "dragoman.ttl", "volume/v1.jsonld.gz", "document/v1/d1.ttl"])
@pytest.mark.parametrize("span", ["bytes=10-19", "bytes=100-", "bytes=-7", "bytes=0-0"])
def test_a_range_is_a_part(client: httpx.Client, name: str, span: str) -> None:  # noqa: F811
    whole = client.get(f"/download/{name}")
    first, last = span.removeprefix("bytes=").split("-")
    size = len(whole.content)
    start, end = (int(first), int(last or size - 1) + 1) if first else (size - int(last), size)
    answer = client.get(f"/download/{name}", headers={"Range": span, "If-Range": whole.headers["etag"]})
    assert answer.status_code == 206
    assert answer.content == whole.content[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    assert answer.headers["repr-digest"] == whole.headers["repr-digest"]


@pytest.mark.parametrize("name", ["dragoman.nq", "dragoman.ttl", "volume/v1.ttl.gz"])
def test_a_range_beyond_the_end_is_refused(client: httpx.Client, name: str) -> None:  # noqa: F811
    answer = client.get(f"/download/{name}", headers={"Range": "bytes=999999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"].startswith("bytes */")


@pytest.mark.parametrize("name", ["dragoman.nq", "dragoman.ttl", "document/v1/d1.nt", "common.trig.zst"])
def test_head_and_conditional_requests_send_no_file(client: httpx.Client, name: str) -> None:  # noqa: F811
    head, whole = client.head(f"/download/{name}"), client.get(f"/download/{name}")
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(whole.content)
    assert head.headers["etag"] == whole.headers["etag"]
    again = client.get(f"/download/{name}", headers={"If-None-Match": head.headers["etag"]})
    assert again.status_code == 304


def test_a_snapshots_own_address_lasts(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    current = client.get("/download/volume/v1.ttl")
    address = current.headers["content-location"]
    assert address == f"/download/{(folder / 'current').readlink().name}/volume/v1.ttl"
    assert current.headers["cache-control"] == "no-cache"
    lasting = client.get(address)
    assert lasting.content == current.content
    assert lasting.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(f"/download/{'0' * 32}/volume/v1.ttl").status_code == 404


def test_the_former_address_of_a_volume_leads_to_it(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get("/download/v1.ttl")
    assert (answer.status_code, answer.headers["location"]) == (308, "/download/volume/v1.ttl")


def test_a_plain_file_can_be_had_from_any_byte_on(samples_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = Downloads(samples_snapshot.downloads)
    monkeypatch.setattr("kg.downloads._BLOCK", 1000)
    for form in FORMATS:
        file = downloads.file("dragoman", form, "")
        assert file is not None
        whole = b"".join(downloads.plain(file.name, form))
        assert len(whole) == file.size
        for start in (0, 1, 999, 1000, 1001, file.size // 2, file.size - 1, file.size):
            assert b"".join(downloads.plain(file.name, form, start)) == whole[start:]


def test_every_document_of_the_samples_can_be_had_and_nothing_is_lost(samples_snapshot: Snapshot) -> None:
    """A kind of thing that is minted under documents belongs in OF_DOCUMENT."""
    downloads, iris = Downloads(samples_snapshot.downloads), Iris(samples_snapshot.manifest.base_iri)
    quads = list(ox.parse(path=str(samples_snapshot.data), format=ox.RdfFormat.N_QUADS))
    expected: dict[str, set[ox.Triple]] = defaultdict(set)
    documents = {quad.subject.value for quad in quads if quad.object == ox.NamedNode(DGM.Document)}
    for quad in quads:
        _, keys = iris.parse(quad.subject.value) or ("", ())
        if len(keys) > 1 and iris.document(*keys[:2]) in documents:
            expected["/".join(keys[:2])].add(quad.triple)
    assert list(downloads.documents()) == sorted(expected)
    assert len(expected) == samples_snapshot.manifest.counts["documents"]
    for key, triples in expected.items():
        turtle = downloads.document(key, "ttl", "")
        assert turtle is not None
        assert graph(ox.parse(turtle, format=ox.RdfFormat.TURTLE)) == triples
        lines = turtle.decode().splitlines()
        first = next(line for line in lines if line.startswith("<"))
        assert first.startswith(f"<{iris.document(*key.split('/'))}> a dgm:Document ;")


@pytest.mark.parametrize(
    "name",
    [
        "none.nq", "secret.txt", "manifest.json", "store", "../manifest.json", "..%2Fmanifest.json",
        "%2e%2e/manifest.json", "..%5Cmanifest.json", "%00", "v1.ttl%00.nq", "%2Fetc%2Fpasswd", "v1.ttl/",
        "volume/v1", "volume/v2.ttl", "volume/%2e%2e/dragoman.ttl.gz", "document/v1/d9.ttl", "document/v1.ttl",
        "document/.ttl", "dragoman.ttl.xz", "dragoman.rdf", "index.sqlite", f"{'0' * 32}/../x.ttl",
    ],
)  # fmt: skip
def test_no_other_name_leads_to_a_file(client: httpx.Client, name: str) -> None:  # noqa: F811
    answer = client.send(client.build_request("GET", httpx.URL(str(client.base_url).rstrip("/") + "/download/" + name)))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_lists_what_there_is(client: httpx.Client) -> None:  # noqa: F811
    page = client.get("/download/", headers={"Accept": BROWSER}).text
    assert 'href="/download/dragoman.nq"' in page
    assert 'href="/download/volume/v1.ttl.gz"' in page
    assert "secret" not in page
    assert client.get("/download").headers["location"] == "/download/"
