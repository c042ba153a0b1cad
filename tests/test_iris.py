"""IRIs: made in one place, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.iris import Iris

IRIS = Iris("https://example.org/data/")


def test_the_documented_forms() -> None:
    assert IRIS.document("frus1934v04", "d100") == "https://example.org/data/id/document/frus1934v04/d100"
    assert IRIS.volume("frus1934v04") == "https://example.org/data/id/volume/frus1934v04"
    assert IRIS.event("v", "d1", "sending") == "https://example.org/data/id/sending/v/d1"
    assert IRIS.party("v", "d1", "from", 1) == "https://example.org/data/id/party/v/d1/from-1"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_any_keys_come_back_from_the_iri_and_each_stays_one_segment(keys: list[str]) -> None:
    made = IRIS.thing("thing", *keys)
    assert IRIS.parse(made) == ("thing", tuple(keys))
    assert made.isascii()
    assert made.count("/") == "https://example.org/data/id/thing/".count("/") + len(keys) - 1


@pytest.mark.parametrize("key", [".", "..", "a/b", "a b", "761.94", "½", "[II]", "%2e"])
def test_a_key_cannot_leave_its_place_in_the_path(key: str) -> None:
    segment = IRIS.file_unit("s", key).rpartition("/")[2]
    assert segment not in (".", "..", "")
    assert IRIS.parse(IRIS.file_unit("s", key)) == ("file", ("s", key))


@pytest.mark.parametrize("foreign", ["https://example.com/data/id/volume/x", "https://example.org/data/id/", "x"])
def test_an_iri_that_was_not_made_here_is_not_read(foreign: str) -> None:
    parsed = IRIS.parse(foreign)
    assert parsed is None


@pytest.mark.parametrize(
    "base",
    [
        *(
            "",
            "example.org/",
            "https://example.org",
            "ftp://example.org/",
            "https:///x/",
            "https://a b/",
            "http://a/?q/",
        ),
        *("http://a/%7Eb/", "http://a/../b/", "http://a/./", "http://[::1/", "http://a/[b]/"),
    ],
)
def test_a_base_that_is_no_absolute_http_iri_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="base IRI"):
        Iris(base)


@pytest.mark.parametrize("base", ["http://[::1]:8000/", "https://example.org:8443/a/b/"])
def test_a_base_may_have_an_ipv6_host_a_port_and_a_path(base: str) -> None:
    assert Iris(base).volume("v") == f"{base}id/volume/v"
