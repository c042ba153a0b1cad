"""gzip and zstd on the way out: tags, conditions, lengths, streams; and files, which go out as they lie."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import httpx
import pytest
import zstandard
from service_fixtures import BROWSER, STREAMING, client, folder, serving  # noqa: F401

from service import codings
from service.app import ServiceConfig

HUB = "/doc/person/v1/hub.ttl"
LARGE = ["/", HUB, "/doc/document/v1/d1.html", "/ontology.ttl", "/ontology/context.jsonld", "/static/style.css"]
ROWS = "SELECT * { ?s ?p ?o } LIMIT 3000"


def raw(client: httpx.Client, path: str, method: str = "GET", **headers: str) -> httpx.Response:  # noqa: F811
    """The answer with its content as it came over the wire."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream(method, path, headers={"Accept-Encoding": "identity", "Accept": BROWSER, **named}) as answer:
        answer._content = b"".join(answer.iter_raw())
    return answer


def decoded(answer: httpx.Response) -> bytes:
    coding = answer.headers.get("content-encoding")
    if coding == "gzip":
        return gzip.decompress(answer.content)
    return zstandard.ZstdDecompressor().decompressobj().decompress(answer.content) if coding else answer.content


@pytest.mark.parametrize("coding", codings.CODINGS)
@pytest.mark.parametrize("path", LARGE)
def test_a_coded_answer_is_a_representation_of_its_own(client: httpx.Client, path: str, coding: str) -> None:  # noqa: F811
    plain, coded = raw(client, path), raw(client, path, Accept_Encoding=coding)
    assert "content-encoding" not in plain.headers
    assert coded.headers["content-encoding"] == coding
    assert decoded(coded) == plain.content
    assert len(coded.content) < 0.6 * len(plain.content)
    assert coded.headers["etag"] == f'{plain.headers["etag"][:-1]}-{coding}"'
    for answer in (plain, coded):
        assert "Accept-Encoding" in answer.headers["vary"].split(", ")
        assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("coding", ["identity", *codings.CODINGS])
@pytest.mark.parametrize("path", LARGE)
def test_head_tells_the_coding_of_get(client: httpx.Client, path: str, coding: str) -> None:  # noqa: F811
    get, head = (raw(client, path, method, Accept_Encoding=coding) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


@pytest.mark.parametrize("path", [HUB, "/graph-store?default=&format=nt"])
def test_a_tag_is_good_for_its_own_coding_alone(client: httpx.Client, path: str) -> None:  # noqa: F811
    accepted = {"identity": "identity", "gzip": "gzip", "zstd": "gzip, zstd"}
    tags = {coding: raw(client, path, Accept_Encoding=header).headers["etag"] for coding, header in accepted.items()}
    assert len(set(tags.values())) == 3
    for coding, header in accepted.items():
        for owner, tag in tags.items():
            answer = raw(client, path, Accept_Encoding=header, If_None_Match=tag)
            assert answer.status_code == (304 if owner == coding else 200), (coding, owner)
            assert answer.headers["etag"] == tags[coding]
            assert "Accept-Encoding" in answer.headers["vary"]
            if answer.status_code == 304:
                assert answer.content == b""
                assert "content-encoding" not in answer.headers


def test_what_is_small_goes_as_it_is(client: httpx.Client) -> None:  # noqa: F811
    answer = raw(client, "/robots.txt", Accept_Encoding="gzip")
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"]
    assert raw(client, "/robots.txt", Accept_Encoding="gzip, identity;q=0").headers["content-encoding"] == "gzip"


def test_who_takes_no_coding_that_there_is_gets_406(client: httpx.Client) -> None:  # noqa: F811
    for path in (HUB, f"/sparql?format=csv&query={ROWS}"):
        answer = client.get(path, headers={"Accept": "*/*", "Accept-Encoding": "br, identity;q=0"})
        assert answer.status_code == 406
        assert answer.json()["offered"] == ["zstd", "gzip", "identity"]
        assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize("coding", codings.CODINGS)
def test_a_streamed_answer_is_coded_as_it_is_made(folder: Path, coding: str) -> None:  # noqa: F811
    path = f"/sparql?format=csv&query={ROWS}"
    # What is kept is not streamed again.
    with (
        serving(ServiceConfig(folder=folder, workers=1, cache_mb=0)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False) as http,
    ):
        plain = raw(http, path)
        get, head = (raw(http, path, method, Accept_Encoding=coding) for method in ("GET", "HEAD"))
    assert get.headers["content-encoding"] == coding
    assert "content-length" not in get.headers
    assert decoded(get) == plain.content
    # How a body is cut into chunks is not said where there is none.
    assert {**head.headers, "date": "", "transfer-encoding": "chunked"} == {**get.headers, "date": ""}
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("coding", codings.CODINGS)
def test_rows_are_not_held_back_by_their_coding(client: httpx.Client, coding: str) -> None:  # noqa: F811
    """The answer takes for ever; what has come so far can be read."""
    decompress = (
        zlib.decompressobj(31).decompress
        if coding == "gzip"
        else zstandard.ZstdDecompressor().decompressobj().decompress
    )
    url, text = f"/sparql?format=csv&query={STREAMING}", b""
    with client.stream("GET", url, headers={"Accept-Encoding": coding}) as answer:
        assert answer.headers["content-encoding"] == coding
        for chunk in answer.iter_raw():
            text += decompress(chunk)
            if len(text) > 60_000:
                break
    assert text.startswith(b"a,b,c,d,e,f,g,h,i\r\n")


@pytest.mark.parametrize("coding", codings.CODINGS)
def test_a_coded_stream_that_breaks_off_breaks_visibly(folder: Path, coding: str) -> None:  # noqa: F811
    config = ServiceConfig(folder=folder, workers=1, query_seconds=1.5)
    with serving(config) as (address, _), httpx.Client(trust_env=False, timeout=30) as http:
        url = f"http://{address}/sparql?format=csv&query={STREAMING}"
        with http.stream("GET", url, headers={"Accept-Encoding": coding}) as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                sum(map(len, answer.iter_raw()))


@pytest.mark.parametrize("coding", ["identity", *codings.CODINGS])
def test_what_is_fed_can_be_decoded_at_once_and_the_whole_at_the_end(coding: str) -> None:
    pieces = [hashlib.sha256(str(number).encode()).digest() * 40 for number in range(20)]
    if coding == "zstd":
        decompress = zstandard.ZstdDecompressor().decompressobj().decompress
    else:
        decompress = zlib.decompressobj(31).decompress if coding == "gzip" else bytes
    encoder = codings.encoder(coding)
    for piece in pieces:
        assert decompress(encoder.feed(piece)) == piece
    assert decompress(encoder.finish()) == b""


def test_the_same_content_gives_the_same_bytes() -> None:
    content = b"line\n" * 10_000
    for coding in codings.CODINGS:
        assert codings.encode(content, coding) == codings.encode(content, coding)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/turtle; charset=utf-8", True), ("text/html", True), ("application/sparql-results+json", True),
        ("application/ld+json", True), ("application/rdf+xml", True), ("application/n-quads", True),
        ("application/json", True), ("image/svg+xml", True), ("application/problem+json", True),
        ("application/gzip", False), ("application/zstd", False), ("image/png", False),
        ("application/octet-stream", False),
    ],
)  # fmt: skip
def test_what_is_compressed_already_is_left_alone(media_type: str, expected: bool) -> None:
    assert codings.compressible(media_type) is expected


class TestFiles:
    """Downloads: no coding on the way, ranges by RFC 9110, 14."""

    PATH = "/download/dragoman.nq"

    def test_a_file_is_never_coded_on_the_way(self, client: httpx.Client) -> None:  # noqa: F811
        answer = raw(client, self.PATH, Accept_Encoding="gzip, zstd")
        assert "content-encoding" not in answer.headers
        assert answer.headers["accept-ranges"] == "bytes"
        part = raw(client, self.PATH, Accept_Encoding="gzip", Range="bytes=0-1999")
        assert part.status_code == 206
        assert "content-encoding" not in part.headers
        assert len(part.content) == 2000

    @pytest.mark.parametrize(
        ("asked", "first", "end"),
        [
            ("bytes=10-19", 10, 20), ("bytes=0-0", 0, 1), ("Bytes = 5 - 6", 5, 7), ("bytes=100-", 100, None),
            ("bytes=-7", -7, None), ("bytes=10-999999999999", 10, None), ("bytes=-999999999999", 0, None),
            # One that can be given is enough.
            ("bytes=999999999999-, 3-4", 3, 5),
        ],
    )  # fmt: skip
    def test_a_range_is_that_part(
        self,
        client: httpx.Client,  # noqa: F811
        folder: Path,  # noqa: F811
        asked: str,
        first: int,
        end: int | None,
    ) -> None:
        content = (folder / "current" / "data.nq").read_bytes()
        answer = raw(client, self.PATH, Range=asked)
        assert answer.status_code == 206
        assert answer.content == content[first:end]
        start, stop, _ = slice(first, end).indices(len(content))
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"
        assert int(answer.headers["content-length"]) == len(answer.content)

    def test_several_ranges_come_as_parts(self, client: httpx.Client, folder: Path) -> None:  # noqa: F811
        content = (folder / "current" / "data.nq").read_bytes()
        answer = raw(client, self.PATH, Range="bytes=0-4, 100-104")
        kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
        assert (answer.status_code, kind) == (206, "multipart/byteranges")
        parts = answer.content.split(f"--{boundary}".encode())[1:-1]
        assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts] == [
            content[:5],
            content[100:105],
        ]
        assert len(answer.content) == int(answer.headers["content-length"])

    @pytest.mark.parametrize("asked", ["bytes=999999999999-", "bytes=-0", "bytes=999999999999-, -0"])
    def test_a_range_beyond_the_end_is_416(self, client: httpx.Client, folder: Path, asked: str) -> None:  # noqa: F811
        size = (folder / "current" / "data.nq").stat().st_size
        answer = client.get(self.PATH, headers={"Range": asked})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{size}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["size"] == size
        assert answer.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize(
        "asked",
        [
            "rows=0-1",
            "bytes",
            "bytes=",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=-",
            "bytes=1-2,x",
            "bytes=" + "9" * 5000 + "-",
        ],
    )
    def test_what_is_no_range_of_bytes_is_passed_over(self, client: httpx.Client, folder: Path, asked: str) -> None:  # noqa: F811
        answer = raw(client, self.PATH, Range=asked)
        assert answer.status_code == 200
        assert len(answer.content) == (folder / "current" / "data.nq").stat().st_size

    def test_head_knows_no_ranges(self, client: httpx.Client) -> None:  # noqa: F811
        assert raw(client, self.PATH, "HEAD", Range="bytes=0-1").status_code == 200

    def test_if_range_asks_for_the_part_only_of_the_same_file(self, client: httpx.Client) -> None:  # noqa: F811
        whole = client.head(self.PATH)
        for good in (whole.headers["etag"], whole.headers["last-modified"]):
            assert raw(client, self.PATH, Range="bytes=0-1", If_Range=good).status_code == 206
        for other in ('"x"', "W/" + whole.headers["etag"], "Thu, 01 Jan 1970 00:00:00 GMT", "nonsense"):
            assert raw(client, self.PATH, Range="bytes=0-1", If_Range=other).status_code == 200
            assert raw(client, self.PATH, Range="bytes=999999999999-", If_Range=other).status_code == 200


@pytest.mark.parametrize("path", [HUB, "/download/dragoman.nq"])
def test_preconditions_hold_in_their_order(client: httpx.Client, path: str) -> None:  # noqa: F811
    """RFC 9110, 13.2.2."""
    known = raw(client, path).headers
    tag, modified = known["etag"], known["last-modified"]
    long_ago, later = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT"
    for status, sent in [
        (200, {"If_Match": tag}),
        (200, {"If_Match": "*"}),
        (200, {"If_Match": f'"x", {tag}'}),
        (412, {"If_Match": '"x"'}),
        (412, {"If_Match": f"W/{tag}"}),
        (200, {"If_Match": tag, "If_Unmodified_Since": long_ago}),
        (412, {"If_Unmodified_Since": long_ago}),
        (200, {"If_Unmodified_Since": modified}),
        (200, {"If_Unmodified_Since": "yesterday"}),
        (412, {"If_Match": '"x"', "If_None_Match": tag}),
        (304, {"If_Match": tag, "If_None_Match": tag}),
        (304, {"If_None_Match": f"W/{tag}"}),
        (304, {"If_None_Match": f'"x", {tag}'}),
        (304, {"If_None_Match": "*"}),
        (200, {"If_None_Match": '"x"', "If_Modified_Since": later}),
        (304, {"If_None_Match": tag, "If_Modified_Since": long_ago}),
        (304, {"If_Modified_Since": modified}),
        (200, {"If_Modified_Since": long_ago}),
        (200, {"If_Modified_Since": "nonsense"}),
    ]:
        answer = raw(client, path, **sent)
        assert answer.status_code == status, sent
        if status == 412:
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
