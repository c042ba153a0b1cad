"""Files of the snapshot over HTTP: only those that are listed, whole or in ranges."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from service_fixtures import BROWSER, client, folder  # noqa: F401


def test_the_data_of_record_comes_byte_for_byte(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    answer = client.get("/download/dragoman.nq")
    assert answer.content == (folder / "current" / "data.nq").read_bytes()
    assert answer.headers["content-type"] == "application/n-quads"
    assert answer.headers["content-disposition"] == 'attachment; filename="dragoman.nq"'
    volume = client.get("/download/v1.ttl")
    assert volume.content == b"# Turtle\n"
    assert volume.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_range_is_a_part(client: httpx.Client, folder: Path) -> None:  # noqa: F811
    answer = client.get("/download/dragoman.nq", headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == (folder / "current" / "data.nq").read_bytes()[10:20]


def test_head_and_conditional_requests_send_no_file(client: httpx.Client) -> None:  # noqa: F811
    head = client.head("/download/dragoman.nq")
    assert head.content == b""
    assert int(head.headers["content-length"]) > 1000
    again = client.get("/download/dragoman.nq", headers={"If-None-Match": head.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "none.nq", "secret.txt", "manifest.json", "store", "../manifest.json", "..%2Fmanifest.json",
        "%2e%2e/manifest.json", "..%5Cmanifest.json", "%00", "v1.ttl%00.nq", "%2Fetc%2Fpasswd", "v1.ttl/",
    ],
)  # fmt: skip
def test_no_other_name_leads_to_a_file(client: httpx.Client, name: str) -> None:  # noqa: F811
    answer = client.send(client.build_request("GET", httpx.URL(str(client.base_url).rstrip("/") + "/download/" + name)))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_lists_what_there_is(client: httpx.Client) -> None:  # noqa: F811
    page = client.get("/download/", headers={"Accept": BROWSER}).text
    assert 'href="/download/dragoman.nq"' in page
    assert 'href="/download/v1.ttl"' in page
    assert "secret" not in page
    assert client.get("/download").headers["location"] == "/download/"
