"""The enclosures of a plain text: which line says that one begins, what its own lines tell, how far it goes.  Pure.

[Inclosure 2 in No. 98.—Translation.]      the label
Mr. Stone to Mr. Field.                    the heading
Border, March 13, 1934.                    the dateline
Sir: …                                     up to the next enclosure, or the end of the text

A letter that is printed below another one's end may have no label: its heading and dateline say that it begins.
Nothing in a plain text says where an enclosure ends.  Its `end` is a conclusion, by the rule that `inferred` names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from kg import datelines, dates, headings, signatures
from kg.document import Enclosure, Event, Party, Signature
from kg.prose import collapsed

ENDS = "enclosure-ends-at-the-next"

_LONGEST_LABEL, _LONGEST_BRACKETED = 130, 300
_LONGEST_HEADING = 250
_NUMBER = r"(?:[\s,.]*(?:No\.? ?)?(?:\d{1,3}[a-z]?|[A-Zl]|[IVX]+|“\w”)(?![\w’]))?"
# "[Inclosure 2 in No. 98.—Translation.]", "[Subenclosure]", as machines read it too ("lnclosure"), behind the page of
# an original ("[415] *[Inclosure.]").
_LABEL = re.compile(
    rf"(?:\[\d{{1,4}}\] \*?)?[\[(]?(?:S[un]b-?)?(?:[IEl]|i|e)n[ce]l(?:os|oa)ures?\b{_NUMBER}\W*"
    r"(?:(?:to|in|with|of|from|d[ei]spatch|referred|Translat|Extract|Telegram|Copy|Memorandum|Annex|Exhibit).*"
    r"|No\. \d+\W*)?$"
    rf"|[\[(](?:Annex|Appendix|Attachment|Exhibit)\b{_NUMBER}[^\[\]]{{0,80}}[\])]\.?$",
    re.IGNORECASE,
)
# An annex or exhibit whose name is its heading: "Annex No. 4.", "EXHIBIT C.".
_NAMED = re.compile(rf"(?:Annex|ANNEX|Appendix|APPENDIX|EXHIBIT){_NUMBER}\W*$")
# A line about the paper, between its label and its heading or text.
_FLAG = re.compile(r"[\[(][^\[\]()]{1,100}[\])]\.?$|No\. ?\d+\.?\]?$")
_ENTRY = re.compile(r"(?:\d+|[A-Z])\.\W|No\. ")  # of a list or a table
_SENTENCE = re.compile(r"(?:The|This|These|I|We|On|In|It|At|As|With)\b")
_LONGEST_LETTERS = 150  # characters of the heading of a letter that has no label
_CLAUSE = re.compile(r"\b(?:we|I|which|have|has|had|is|are|was|were|must|be|been|shall|will|should|seems?)\b")
_AT_END = re.compile(r"[.!?\])”’*]$|^(?:[\w.’-]+ ){0,4}[A-Z][\w’-]+$")
_PAPER = 60  # characters in which a heading that names a paper does so
_LINES = 4  # in which heading and dateline of an enclosure stand


def find(text: str) -> tuple[Enclosure, ...]:
    """The enclosures of a document's text, in their order.  One whose words the copy lacks is none."""
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    first = [number for number in range(1, len(lines)) if is_label(lines[number])]
    # A label and under it the name of the annex are one.
    first = [number for number in first if number - 1 not in first]
    first = sorted({*first, *(number for number in range(2, len(lines) - 1) if _begins_letter(lines, number))})
    bounds = pairwise([*first, len(lines)])
    whole = [(begin, end) for begin, end in bounds if any(not is_label(line) for line in lines[begin:end])]
    return tuple(
        _read(f"a{order}", lines[begin:end], starts[begin], starts[end] - 1)
        for order, (begin, end) in enumerate(whole, 1)
    )


def is_label(line: str) -> bool:
    """Does the line say that an enclosure begins, and nothing else?  "Enclosures:" heads a list of them."""
    bracketed = line.startswith("[") and line.endswith("]")
    if len(line) > (_LONGEST_BRACKETED if bracketed else _LONGEST_LABEL) or line.endswith(":"):
        return False
    return bool(_LABEL.match(line) or _NAMED.match(line))


def _begins_letter(lines: Sequence[str], number: int) -> bool:
    """Does a letter begin with that line which no label announces?  Its heading names both sides, one of them by name,
    a dateline with a year stands under it, and the words above it are at an end."""
    line = lines[number]
    if len(line) > _LONGEST_LETTERS or not line[:1].isupper() or _CLAUSE.search(line) or not _is_heading(line):
        return False
    above = number - 1
    while above > 0 and _FLAG.match(lines[above]) and not is_label(lines[above]):
        above -= 1
    if is_label(lines[above]) or not _AT_END.search(lines[above]):
        return False
    parties = headings.read(_untitled(line)).parties
    if {party.direction for party in parties} != {"from", "to"} or not any(party.name for party in parties):
        return False
    sent = _sent(lines[number + 1 : number + 1 + _LINES])
    return sent is not None and sent.date is not None and sent.date.earliest is not None


def _read(key: str, lines: Sequence[str], start: int, end: int) -> Enclosure:
    named = not is_label(lines[0]) or _NAMED.match(lines[0]) is not None
    heading = lines[0] if named else None
    under = 1
    for number, line in enumerate(lines[1 : 1 + _LINES], 1):
        if heading is None and _is_heading(line):
            heading, under = line, number + 1
            break
        if not (_FLAG.match(line) or is_label(line)):
            break
        under = number + 1
    parties: tuple[Party, ...] = headings.read(_untitled(heading)).parties if heading else ()
    told = start + sum(len(line) + 1 for line in lines[:under])
    signed = signatures.at_foot(lines[under:], parties, told, enclosed=True)
    return Enclosure(
        key=key,
        start=start,
        end=end,
        label=None if named else lines[0],
        heading=heading,
        parties=parties,
        sent=_sent(lines[under : under + _LINES]) or _below(lines[-1], end - len(lines[-1]), signed),
        signatures=signed,
        opening=told - 1,
        inferred=ENDS,
    )


def _below(line: str, start: int, signed: Sequence[Signature]) -> Event | None:
    """The sending, of a last line that is a dateline and stands under a signature."""
    ends = [signature.anchor.end for signature in signed if signature.anchor]
    return _sent([line]) if start - 1 in ends and datelines.is_full(line) else None


def _is_heading(line: str) -> bool:
    """Words that name parties or a paper, and are not yet its text."""
    if len(line) > _LONGEST_HEADING or line.endswith((":", ";", ",")) or _ENTRY.match(line):
        return False
    if line[:1].isupper() and not _SENTENCE.match(line) and headings.names_paper(line[:_PAPER]):
        return True
    return datelines.read(line) is None and bool(headings.read(_untitled(line)).parties)


def _untitled(heading: str) -> str:
    return heading.rstrip(".") if heading.count(".") == 1 else heading


def _sent(lines: Sequence[str]) -> Event | None:
    """The sending, of the first line or lines that are a dateline; flags may stand above it."""
    for number in range(len(lines)):
        for count in (1, 2):
            words = datelines.joined(list(lines[number : number + count]))
            before = datelines.read(words) if words and not headings.names_paper(words[:_PAPER]) else None
            if before is not None:
                printed = dates.without_received(collapsed(words))
                told = dates.span(printed)
                date = dates.read(printed[told[0] :]).date if told else None
                return Event(printed=printed, place=datelines.place(before), date=date) if printed else None
        if not _FLAG.match(lines[number]):
            return None
    return None
