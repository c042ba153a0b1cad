"""Accept → media type: RFC 9110, sections 12.4.2, 12.5.1 and 12.5.3; what real clients send: test_accept_headers."""

from __future__ import annotations

import itertools

import pytest

from service.negotiation import MediaType, choose, choose_coding, parse_accept, parse_media_type

TURTLE, HTML, JSON_LD, N_TRIPLES = "text/turtle", "text/html", "application/ld+json", "application/n-triples"
OFFERS = (TURTLE, N_TRIPLES, JSON_LD, "application/rdf+xml", HTML)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("*/*", TURTLE),
        ("", TURTLE),
        ("text/*", TURTLE),
        ("application/*", N_TRIPLES),
        ("text/html, text/turtle;q=0.9", HTML),
        ("text/html;q=0.1, */*;q=0.2", TURTLE),
        ("text/turtle;q=0, */*", N_TRIPLES),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        ("image/png", None),
        ("image/png, */*;q=0.1", TURTLE),
        # The most specific range counts, whatever its weight: RFC 9110, 12.5.1.
        ("text/*, text/turtle;q=0.2", HTML),
        ("text/turtle;charset=utf-8", TURTLE),
        ("text/turtle;charset=UTF-8;q=0.5, text/html;q=0.4", TURTLE),
        # A parameter that we do not know refuses nothing.
        ("text/turtle;version=1.2", TURTLE),
        ("text/turtle;version=1.2;q=0.5, text/html;q=0.4", TURTLE),
        ("text/turtle;version=1.2, text/turtle;q=0.3, text/html;q=0.5", HTML),
        ("text/turtle;version=1.2;q=0.2, text/*;q=0.9, application/ld+json;q=0.3", HTML),
        ("text/turtle;version=1.2;q=0, application/ld+json;q=0.3", JSON_LD),
        ("application/n-triples;charset=utf-8", N_TRIPLES),
        ("application/n-triples; charset=us-ascii", N_TRIPLES),
        ('application/ld+json;profile="a,b;c"', JSON_LD),
        ("application/ld+json , text/html;q=.5", JSON_LD),
        # What cannot be read is passed over; if nothing can, the header counts as absent.
        ("text/turtle;q=2, text/html", HTML),
        ("text/turtle;q=abc, text/html", HTML),
        ("nonsense, text/html", HTML),
        ("nonsense", TURTLE),
        (", ,text/html,,", HTML),
        ("text/html;level=1;q=0.5;ext=1, application/ld+json;q=0.4", HTML),
    ],
)
def test_the_offer_of_highest_weight_is_chosen(accept: str, expected: str | None) -> None:
    assert choose(parse_accept([accept]), OFFERS) == expected


def test_several_headers_are_one_list() -> None:
    assert choose(parse_accept(["text/html;q=0.5", "text/turtle"]), OFFERS) == TURTLE


def test_no_header_accepts_everything() -> None:
    assert choose(parse_accept([]), OFFERS) == TURTLE


def test_a_header_of_thousands_of_entries_is_cut_short() -> None:
    assert len(parse_accept(["text/html," * 100_000])) <= 200


def test_a_content_type_is_read_with_its_parameters() -> None:
    assert parse_media_type('Text/HTML; Charset="UTF-8"') == MediaType(
        "text", "html", frozenset({("charset", "utf-8")})
    )
    assert parse_media_type("text") is None


def test_the_example_of_rfc_9110_gives_its_weights() -> None:
    """Section 12.5.1, the table at its end; the offers in pairs, so that their weights are compared."""
    accept = parse_accept(
        ["text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"]
    )
    falling = ("text/plain;format=flowed", "text/plain", "image/jpeg", "text/plain;format=fixed", "text/html")
    for better, worse in itertools.pairwise(falling):
        assert choose(accept, (worse, better)) == better


@pytest.mark.parametrize(
    ("accepted", "large", "small"),
    [
        (None, "identity", "identity"),
        ("", "identity", "identity"),
        ("gzip", "gzip", "identity"),
        ("x-gzip", "gzip", "identity"),
        ("GZIP", "gzip", "identity"),
        ("zstd", "zstd", "identity"),
        ("gzip, deflate, br, zstd", "zstd", "identity"),
        ("gzip, deflate", "gzip", "identity"),
        ("br, deflate", "identity", "identity"),
        ("zstd;q=0.5, gzip", "gzip", "identity"),
        ("gzip;q=0.5, identity", "identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip", "identity"),
        ("gzip;q=0", "identity", "identity"),
        # Those who say only `*` get what everybody knows.
        ("*", "gzip", "identity"),
        ("*;q=0", None, None),
        ("*;q=0, identity", "identity", "identity"),
        ("zstd;q=0, *", "gzip", "identity"),
        ("gzip;q=0, *", "identity", "identity"),
        ("identity;q=0", None, None),
        ("identity;q=0, br", None, None),
        ("identity;q=0, gzip;q=0.1", "gzip", "gzip"),
        ("identity;q=0, *;q=0.1", "gzip", "gzip"),
        # What cannot be read is passed over.
        ("gzip;q=2, zstd;q=0.5", "zstd", "identity"),
        ("gzip;level=9", "identity", "identity"),
        (",, gzip ;q=1.000 ,", "gzip", "identity"),
        ("gzip;q=" + "9" * 10_000, "identity", "identity"),
    ],
)
def test_the_coding_is_the_one_of_highest_weight(accepted: str | None, large: str | None, small: str | None) -> None:
    headers = [] if accepted is None else [accepted]
    assert choose_coding(headers, ("zstd", "gzip"), worth=True) == large
    assert choose_coding(headers, ("zstd", "gzip"), worth=False) == small
