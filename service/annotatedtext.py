"""Text with its passages, links and marks as HTML: escaped, well nested, each passage a place to link to.

Offsets count code points of the whole text.  Spans that cross are cut at the end of the one that begins first, so
that elements nest; a link in a link is none (HTML, 4.5.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text: `id` is a place to link to, `href` makes it a link, `name` says what it is."""

    start: int
    end: int
    id: str = ""
    href: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands between two characters, as HTML."""

    offset: int
    html: Markup


def paragraphs(text: str, spans: Iterable[Span], marks: Iterable[Mark]) -> list[Markup]:
    """One a line of the text.  A span over several is cut where its first one ends."""
    waiting = sorted(spans, key=lambda span: (-span.start, span.end))
    noted = sorted(marks, key=lambda mark: -mark.offset)
    found, start = [], 0
    for line in text.split("\n") if text else ():
        end = start + len(line)
        here, beside = list[Span](), list[Mark]()
        while waiting and waiting[-1].start <= end:
            here.append(waiting.pop())
        while noted and noted[-1].offset <= end:
            beside.append(noted.pop())
        found.append(_line(line, start, here, beside))
        start = end + 1
    return found


def annotated(text: str, spans: Iterable[Span], marks: Iterable[Mark] = ()) -> Markup:
    """Text of one line, such as a heading."""
    return Markup("").join(paragraphs(text.replace("\n", " "), spans, marks))


def _line(text: str, start: int, spans: list[Span], marks: list[Mark]) -> Markup:
    """`spans` and `marks` in order of where they begin; all begin in the text, whose first character is at `start`."""
    pieces, open_spans, at = list[str](), list[tuple[int, str]](), 0
    stops: list[tuple[int, Span | Mark]] = [(span.start - start, span) for span in spans]
    stops += [(mark.offset - start, mark) for mark in marks]
    # A mark stands behind what ends there and before what begins there.
    stops.sort(key=lambda stop: (stop[0], isinstance(stop[1], Span)))

    def forward(to: int) -> None:
        nonlocal at
        while open_spans and open_spans[-1][0] <= to:
            end, tag = open_spans.pop()
            pieces.extend((escape(text[at:end]), tag))
            at = max(at, end)
        pieces.append(escape(text[at:to]))
        at = max(at, to)

    for offset, stop in stops:
        forward(min(offset, len(text)))
        if isinstance(stop, Mark):
            pieces.append(stop.html)
            continue
        end = min(stop.end - start, len(text), *(end for end, _ in open_spans))
        if end > at:
            linked = bool(stop.href) and not any(tag == "</a>" for _, tag in open_spans)
            pieces.append(_opened(stop, linked=linked))
            open_spans.append((end, "</a>" if linked else "</span>"))
    forward(len(text))
    return Markup("".join(pieces))  # noqa: S704 - text in it is escaped


def _opened(span: Span, *, linked: bool) -> str:
    given = {"id": span.id, "class": span.name, "href": span.href if linked else "", "title": span.title}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items() if value)
    return f"<{'a' if linked else 'span'}{attributes}>"
