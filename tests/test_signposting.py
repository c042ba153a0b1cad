"""FAIR Signposting, levels 1 and 2: https://signposting.org/FAIR/"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urljoin

import httpx
import pytest
from service_fixtures import BASE, BROWSER, client, folder  # noqa: F401

from service import signposting
from service.representations import RDF_TYPES, SUFFIXES
from service.signposting import CC0, LIMIT, LINKSET, LINKSET_JSON, Link, header

THINGS = ["document/v1/d1", "document/v1/d2", "volume/v1", "person/v1/p_GP", "dataset/dragoman", "source/v1.xml"]
# RFC 8288, 3: a value is a token or a quoted string.
LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+=(?:[\w-]+|"[^"]*"))*)')
ATTRIBUTE = re.compile(r';\s*([\w*-]+)=(?:([\w-]+)|"([^"]*)")')


def links(text: str) -> list[dict[str, str]]:
    """A header Link, or a link set, read by RFC 8288."""
    found = [
        {"href": href, **{name: token or quoted for name, token, quoted in ATTRIBUTE.findall(attributes)}}
        for href, attributes in LINK.findall(text)
    ]
    assert re.sub(r"[\s,]", "", LINK.sub("", text)) == "", "nothing is left over"
    return found


def relations(answer: httpx.Response) -> dict[str, list[tuple[str, str | None]]]:
    """(target, type) by relation, of the resource itself."""
    by_relation = defaultdict(list)
    for link in links(answer.headers["link"]):
        if "anchor" not in link:
            for rel in link["rel"].split():
                by_relation[rel].append((link["href"], link.get("type")))
    return by_relation


@pytest.mark.parametrize("path", ["/", *(f"/doc/{thing}.html" for thing in THINGS)])
def test_a_landing_page_has_the_signposts_of_level_1(client: httpx.Client, path: str) -> None:  # noqa: F811
    answer = client.get(path, headers={"Accept": BROWSER})
    found = relations(answer)
    [(cited, _)] = found["cite-as"]
    assert cited.startswith(f"{BASE}id/")
    assert client.get(cited.replace(BASE, "/")).status_code == 303
    assert ("https://schema.org/AboutPage", None) in found["type"]
    assert found["license"] == [(CC0, None)]
    assert {media_type for _, media_type in found["describedby"]} == set(RDF_TYPES)
    for target, media_type in found["describedby"] + found["item"] + found["collection"]:
        told = client.head(target)
        assert told.status_code == 200
        assert told.headers["content-type"].split(";")[0] == media_type
    assert [media_type for _, media_type in found["linkset"]] == [LINKSET_JSON]
    assert len(found["canonical"]) == 1


@pytest.mark.parametrize("suffix", [suffix for media_type, suffix in SUFFIXES.items() if media_type in RDF_TYPES])
def test_metadata_point_back_at_the_page(client: httpx.Client, suffix: str) -> None:  # noqa: F811
    answer = client.get(f"/doc/document/v1/d1{suffix}")
    found = relations(answer)
    assert ("/doc/document/v1/d1.html", "text/html") in found["describes"]
    assert found["license"] == [(CC0, None)]
    assert len(found["linkset"]) == 1
    assert len(found["alternate"]) >= len(SUFFIXES) - 1
    for target, media_type in found["alternate"]:
        assert client.head(target).headers["content-type"].split(";")[0] == media_type


def test_author_kind_and_collection_are_those_of_the_source(client: httpx.Client) -> None:  # noqa: F811
    first = relations(client.get("/doc/document/v1/d1.html"))
    assert first["author"] == [(f"{BASE}id/person/v1/p_GP", None)]
    assert ("https://schema.org/Message", None) in first["type"]
    assert first["collection"] == [("/doc/volume/v1.html", "text/html")]
    assert "author" not in relations(client.get("/doc/document/v1/d2.html"))
    volume = relations(client.get("/doc/volume/v1.html"))
    assert volume["collection"] == [("/doc/dataset/dragoman.html", "text/html")]
    assert ("/download/volume/v1.ttl", "text/turtle") in volume["item"]
    assert ("/download/volume/v1.nq.zst", "application/zstd") in volume["item"]
    assert ("/download/document/v1/d1.ttl", "text/turtle") in first["item"]


@pytest.mark.parametrize("thing", THINGS)
def test_both_forms_of_a_link_set_say_the_same_and_what_the_headers_say(
    client: httpx.Client,  # noqa: F811
    thing: str,
) -> None:
    told = client.get(f"/linkset/{thing}")
    assert told.headers["content-type"] == LINKSET_JSON
    assert told.headers["vary"] == "Accept, Accept-Encoding"
    contexts = told.json()["linkset"]
    by_json = {
        (context["anchor"], rel, target["href"], target.get("type"))
        for context in contexts
        for rel, targets in context.items()
        if rel != "anchor"
        for target in targets
    }
    plain = client.get(f"/linkset/{thing}", headers={"Accept": LINKSET})
    assert plain.headers["content-type"] == LINKSET
    by_text = {(link["anchor"], link["rel"], link["href"], link.get("type")) for link in links(plain.text)}
    assert by_json == by_text
    assert all(
        reference.startswith(("http://", "https://")) for anchor, _, href, _ in by_json for reference in (anchor, href)
    )
    for suffix in SUFFIXES.values():
        anchor = f"{BASE}doc/{thing}{suffix}"
        shown = relations(client.get(f"/doc/{thing}{suffix}"))
        for rel in ("cite-as", "describedby", "license", "item", "collection", "author", "canonical"):
            listed = {(href, kind) for context, name, href, kind in by_json if (context, name) == (anchor, rel)}
            assert {(urljoin(BASE, href), kind) for href, kind in shown[rel]} == listed


def test_files_point_back_at_what_they_hold(client: httpx.Client) -> None:  # noqa: F811
    contexts = client.get("/linkset/volume/v1").json()["linkset"]
    file = next(context for context in contexts if context["anchor"] == f"{BASE}download/volume/v1.ttl")
    assert file["collection"] == [{"href": f"{BASE}doc/volume/v1.html", "type": "text/html"}]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("dragoman.nq", "dataset/dragoman"), ("dragoman.ttl.gz", "dataset/dragoman"), ("common.nq", "dataset/dragoman"),
        ("volume/v1.jsonld", "volume/v1"), ("document/v1/d1.nt.zst", "document/v1/d1"),
    ],
)  # fmt: skip
def test_a_file_tells_what_it_holds_and_its_licence(client: httpx.Client, name: str, page: str) -> None:  # noqa: F811
    found = relations(client.get(f"/download/{name}"))
    assert found["collection"] == [(f"/doc/{page}.html", "text/html")]
    assert found["license"] == [(CC0, None)]
    assert client.head(f"/doc/{page}.html").status_code == 200


def test_a_link_set_of_nothing_is_404(client: httpx.Client) -> None:  # noqa: F811
    answer = client.get("/linkset/document/v1/none")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert client.get("/linkset/document/v1/d1", headers={"Accept": "text/turtle"}).status_code == 406


def test_the_header_is_never_longer_than_its_limit() -> None:
    must = [Link("/", "cite-as", "http://data.example/id/x"), Link("/", "linkset", "/linkset/x", LINKSET_JSON)]
    many = [Link("/", "item", f"/download/{number}", "application/n-quads") for number in range(500)]
    more = [Link("/", "alternate", f"/doc/{number}", "text/turtle") for number in range(20)]
    value = header([*must, *many, *more])
    assert LIMIT - 100 < len(value) <= LIMIT
    assert header(must) in value
    assert all(str(link) in value for link in more), "items go first"
    assert str(many[0]) in value
    assert len(header([*must, *more])) < LIMIT


def test_the_rest_of_a_long_header_stands_in_the_link_set() -> None:
    many = [Link("/", "item", f"/download/{number}") for number in range(500)]
    assert signposting.linkset("http://data.example/", many).count(b"\n") == 500
