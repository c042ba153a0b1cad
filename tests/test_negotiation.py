"""Accept → media type: RFC 9110, sections 12.4.2 and 12.5.1, and what real clients send."""

from __future__ import annotations

import pytest

from service.negotiation import MediaType, choose, parse_accept, parse_media_type

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
        ("text/turtle;version=1.2", None),
        ('application/ld+json;profile="a,b;c"', None),
        ("application/ld+json , text/html;q=.5", JSON_LD),
        # What cannot be read is passed over; if nothing can, the header counts as absent.
        ("text/turtle;q=2, text/html", HTML),
        ("text/turtle;q=abc, text/html", HTML),
        ("nonsense, text/html", HTML),
        ("nonsense", TURTLE),
        (", ,text/html,,", HTML),
        ("text/html;level=1;q=0.5;ext=1, application/ld+json;q=0.4", JSON_LD),
    ],
)
def test_the_offer_of_highest_weight_is_chosen(accept: str, expected: str | None) -> None:
    assert choose(parse_accept([accept]), OFFERS) == expected


@pytest.mark.parametrize(
    ("client", "accept", "expected"),
    [
        (
            "Firefox",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            HTML,
        ),
        ("Chromium", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("curl", "*/*", TURTLE),
        ("rdflib", "text/turtle, application/rdf+xml, application/n-triples, text/html;q=0.1", TURTLE),
        (
            "Jena",
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
            TURTLE,
        ),
        (
            "Comunica",
            "application/n-quads;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,text/html;q=0.2",
            JSON_LD,
        ),
    ],
)
def test_real_clients_get_what_they_came_for(client: str, accept: str, expected: str) -> None:
    assert choose(parse_accept([accept]), OFFERS) == expected, client


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
