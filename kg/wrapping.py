"""Whether the lines of a plain text are hard-wrapped, and its paragraphs if they are.  Pure.

    traffic on the 10th instant in the presence of the two coun-
    tries, and the rest of the province.

Copies of mail, of print and of typescripts break their lines at a width.  A text is plainly wrapped if none of its
lines is long, and most of its full lines go on in lower case on the next: then lines are joined into paragraphs.  Of
any other text lines stay as they are.  Nothing is put in, and nothing is left out but the hyphen of a broken word:
"coun-" and "tries".  It stays where the word has one: where the text has it with a hyphen within a line and never
without ("vice-consul", "by-laws"), or by its parts ("vice-", "-general").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# No copy is wrapped wider, and hardly any unwrapped one has no line that is longer.
_WIDEST, _NARROWEST = 100, 40
_ENOUGH = 3  # lines that go on, of a text that is wrapped
_FULL = 0.7  # of the width: what a line has, at the least, that is broken for want of room
_CENTRED = 10  # spaces before a line that is set in the middle or at the right
_PAGE_ALONE = re.compile(r"\s*\[Page [^\]]{0,22}\]\s*$")
_ITEM = re.compile(r"\s*(?:[-•*·]|\(?\d{1,3}[.)]|\([a-z]\))(?:\s|$)|\s*>")
_ENDS = re.compile(r"[.?!:;]\W{0,2}\d{0,3}$|↩[\ufe0e\ufe0f]?$")
_BROKEN = re.compile(r"[^\W\d_]-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Parts that English joins with a hyphen only, but for a few words ("viceroy", "selfish").
_COMPOUND = re.compile(r"vice-(?!roy|reg|nn)|self-(?!ish|less|same|hood)|[a-z-]+-(?:general|elect)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, with its number in the file; leading white space is kept, for it has a meaning."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What joining did: the width of the lines, the number of the first that was joined to the next, how many were,
    how many words broken by a hyphen stand without it now, and how many stand with it."""

    width: int
    first: int
    joined: int
    mended: int
    kept: int


def unwrapped(lines: Sequence[Line]) -> tuple[list[Line], Wrapped | None]:
    """The lines joined into paragraphs, and what that did; as they are and None if they are not plainly wrapped."""
    width = max((len(line.text) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST or not _is_wrapped(lines, width):
        return list(lines), None
    out: list[Line] = []
    first, joined, mended, kept, begun = 0, 0, 0, 0, False
    words = _whole_words(lines)
    last = Line(0, "")  # of the paragraph that out ends in
    item = False
    for line in lines:
        # Headings and datelines stand above the first line that surely goes on.
        if out and _goes_on(last, line, width, item=item, begun=begun):
            begun = begun or _goes_on_surely(last, line)
            glue = "" if _BROKEN.search(last.text) else " "
            whole = out[-1].text
            if glue == "" and line.text.lstrip()[:1].islower():
                if _has_hyphen(last.text, line.text, words):
                    kept += 1
                else:
                    whole, mended = whole[:-1], mended + 1
            out[-1] = replace(out[-1], text=f"{whole}{glue}{line.text.lstrip()}")
            first, joined = first or last.number, joined + 1
        else:
            out.append(line)
            item = bool(_ITEM.match(line.text))
        last = line
    return out, Wrapped(width, first, joined, mended, kept)


def _whole_words(lines: Sequence[Line]) -> frozenset[str]:
    """The words that stand within a line, in lower case, those with a hyphen as one; no part of a broken word."""
    out: set[str] = set()
    above = ""
    for line in lines:
        words = _WORD.findall(_BROKEN.sub("", line.text).casefold())
        first, last = 1 if _BROKEN.search(above) else 0, -1 if _BROKEN.search(line.text) else None
        out.update(words[first:last])
        above = line.text
    return frozenset(out)


def _has_hyphen(line: str, under: str, words: frozenset[str]) -> bool:
    """Has the word that is broken between two lines a hyphen of its own?  `words` are the whole ones of the text."""
    start = _WORD.findall(line.rstrip("-").casefold())[-1]
    whole = f"{start}-{_WORD.findall(under.casefold())[0]}"
    if whole.replace("-", "") in words:
        return False
    return whole in words or bool(_COMPOUND.match(whole))


def _is_wrapped(lines: Sequence[Line], width: int) -> bool:
    full = [pair for pair in _pairs(lines) if len(pair[0].text) >= _FULL * width]
    sure = sum(_goes_on_surely(*pair) for pair in full)
    return sure >= _ENOUGH and 2 * sure >= len(full)


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines with the one that stands right under each, no blank line between."""
    return ((line, under) for line, under in pairwise(lines) if under.number == line.number + 1)


def _goes_on_surely(line: Line, under: Line) -> bool:
    return under.text.lstrip()[:1].islower() and not _ENDS.search(line.text) and not _ITEM.match(under.text)


def _goes_on(line: Line, under: Line, width: int, *, item: bool, begun: bool) -> bool:
    """Is `under` the same paragraph as `line`?  `item` says that the paragraph is one of a list, whose lines hang;
    `begun` that the text has begun, where a capital is no sign of a new line as it is in headings."""
    if under.number != line.number + 1 or _ITEM.match(under.text) or line.text.endswith("↩"):
        return False
    inset, above = _inset(under.text), _inset(line.text)
    if max(inset, above) >= _CENTRED or (inset > above and not item):
        return False
    if _PAGE_ALONE.match(under.text) or _PAGE_ALONE.match(line.text):
        return False
    if _goes_on_surely(line, under):
        return len(line.text) >= _FULL * width
    if begun and not _ENDS.search(line.text):
        return len(line.text) >= _FULL * width
    return len(line.text) + 1 + len(under.text.split()[0]) > width


def _inset(text: str) -> int:
    return len(text) - len(text.lstrip())
