"""Text as HTML: escaped, well nested, marks where they stand."""

from __future__ import annotations

import random
from html.parser import HTMLParser

from markupsafe import Markup

from service.annotatedtext import Mark, Span, annotated, paragraphs


class _Reader(HTMLParser):
    """The text of a fragment, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.stack, self.nested, self.ids = "", list[str](), True, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.nested &= not (tag == "a" and "a" in self.stack)
        self.stack.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        self.nested &= bool(self.stack) and self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_is_escaped_within_and_without_spans() -> None:
    html = annotated('a <script> & "b"', [Span(start=2, end=10, href='x"y', title="<")])
    assert html == 'a <a href="x&#34;y" title="&lt;">&lt;script&gt;</a> &amp; &#34;b&#34;'


def test_a_mark_stands_behind_what_ends_there() -> None:
    html = annotated("one two", [Span(start=0, end=3, id="a"), Span(start=3, end=7, id="b")], [Mark(3, Markup("*"))])
    assert html == '<span id="a">one</span>*<span id="b"> two</span>'


def test_spans_that_cross_are_cut_and_a_link_in_a_link_is_none() -> None:
    spans = [Span(start=0, end=4, href="1"), Span(start=2, end=6, href="2", id="two")]
    assert annotated("abcdefg", spans) == '<a href="1">ab<span id="two">cd</span></a>efg'


def test_a_span_over_paragraphs_is_found_where_it_begins() -> None:
    assert paragraphs("ab\ncd", [Span(start=1, end=5, id="x")], [Mark(5, Markup("*"))]) == [
        'a<span id="x">b</span>',
        "cd*",
    ]


def test_whatever_the_spans_the_text_is_whole_and_elements_nest() -> None:
    draw = random.Random(7)  # noqa: S311 - a test's
    for _ in range(300):
        text = "".join(draw.choice("ab<&\n ") for _ in range(draw.randint(0, 40)))
        spans = [
            Span(start=start, end=start + draw.randint(0, 20), id=f"s{number}", href=draw.choice(["", "#x"]))
            for number in range(draw.randint(0, 8))
            for start in [draw.randint(0, 45)]
        ]
        marks = [Mark(draw.randint(0, 45), Markup("<b></b>")) for _ in range(3)]
        reader = _Reader()
        reader.feed("\n".join(paragraphs(text, spans, marks)))
        reader.close()
        assert reader.text == text
        assert reader.nested
        assert not reader.stack
        assert len(set(reader.ids)) == len(reader.ids)
