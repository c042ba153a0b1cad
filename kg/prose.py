"""The one place where text is assembled: white space collapsed, paragraphs parted, offsets kept.

A source breaks its lines where it likes and sets marks (page breaks, footnote numbers) inside words and
between paragraphs.  `Prose` takes the pieces in reading order and knows at any moment where in the finished
text it stands, in Unicode code points.
"""

from __future__ import annotations


def collapsed(text: str) -> str:
    """The text on one line, runs of white space as one space, none at its ends."""
    return " ".join(text.split())


class Prose:
    """Text under construction.

    `add` and `part` feed it; `here`, `ahead` and `behind` tell where it stands.  `text()` has one line feed between
    paragraphs, no empty paragraph and no white space at the ends of one.  On one line, as a heading is,
    paragraphs are parted by a space.
    """

    __slots__ = ("_gap", "_length", "_one_line", "_pieces", "_waiting")

    def __init__(self, *, one_line: bool = False) -> None:
        self._one_line = one_line
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""  # what parts the next word from the last: "", " " or "\n"
        self._waiting: list[list[int]] = []  # marks that stand before the next word, wherever that begins

    def add(self, text: str) -> None:
        """Text as the source has it; its white space parts words and is otherwise without meaning."""
        words = collapsed(text)
        if not words:
            if text:
                self._gap = self._gap or " "
            return
        if text[0].isspace():
            self._gap = self._gap or " "
        self._emit(words)
        if text[-1].isspace():
            self._gap = " "

    def part(self) -> None:
        """End the paragraph, if one has begun."""
        self._gap = " " if self._one_line else "\n"

    def here(self) -> list[int]:
        """A mark on the word just added, as a list that holds its offset; before the first word of a
        paragraph there is none, and the mark stands on the next."""
        if self._gap == "\n" or not self._length:
            return self.ahead()
        return [self._length]

    def ahead(self) -> list[int]:
        """A mark on the next word, as a list that will hold its offset once that word is added."""
        mark = [-1]
        self._waiting.append(mark)
        return mark

    def behind(self) -> list[int]:
        """A mark right behind the last word, be the paragraph ended or not."""
        return [self._length]

    def text(self) -> str:
        """The text so far; marks that still wait for a word stand at its end."""
        for mark in self._waiting:
            mark[0] = self._length
        return "".join(self._pieces)

    def _emit(self, words: str) -> None:
        if self._gap and self._length:
            self._pieces.append(self._gap)
            self._length += 1
        self._gap = ""
        for mark in self._waiting:
            mark[0] = self._length
        self._waiting.clear()
        self._pieces.append(words)
        self._length += len(words)
