"""The grammar of lists of those present, in minutes and memoranda of conversation.  Pure.

Present: Sir Ada Stone, British Minister; Mr. Field.     two, in one line
Participants:                                            those of the lines below
Mr. Stone                                                at the head of minutes, each on a line, without any word before
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg import headings
from kg.document import Kind, Party

# The words that open a list.
OPENS = re.compile(r"(?:Participants|(?:(?:Those|Others|Also) )?Present|The following were present)\s*[:—]\s*", re.I)
# The same as the caption of a list or table.
CAPTION = re.compile(r"(?:List of )?(?:Participants|(?:Those )?Present)\s*[:—]?$", re.IGNORECASE)
# "Memorandum of Conversation Between the Secretary of State and the Ambassador (Stone), Washington, May 4, 1956".
_BETWEEN = re.compile(r"\b(?:Conversation|Discussion|Meeting|Conference),? (?:Between|Among) (?P<who>.+)")
_LONGEST = 160  # characters of one entry of a list with a line for each
_FROM_HEAD = 8  # lines of a text in which a list begins
_UNNAMED = 2  # lines of title that may stand above a list that no word opens
_FEWEST = 2  # entries of such a list
_PERSON = re.compile(r"(?:The )?[A-ZÀ-Þ][\w’.]")
_MEETINGS: tuple[Kind, ...] = ("minutes", "memorandumOfConversation")
# A text has begun: "Mr. Stone approved the minutes", "The meeting was held".
_SAYS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|had|have|will|would|did|said|asked|began|called|came|entered|left|opened|read|took"
    r"|that|which|this|there)\b|\b[a-z]{3,}ed\b|\b[a-z]\w{2,}\. [A-Z]"
)


def in_line(words: str) -> Iterator[Party]:
    """Those whom one paragraph names, parted by semicolons or line feeds, or by commas where each has his title."""
    parts = [part for part in map(str.strip, re.split(r"\n|; ", words)) if part]
    listed = re.split(r", (?:and )?| and ", words.rstrip(". ")) if len(parts) == 1 else []
    one_each = listed if all(map(headings.is_titled, listed)) and len(listed) > 1 else parts
    return (party for one in one_each for party in in_item(one))


_SEVERAL = {
    "Messrs.": "Mr.",
    "Secretaries": "Secretary",
    "Ambassadors": "Ambassador",
    "Ministers": "Minister",
    "Senators": "Senator",
    "Generals": "General",
    "Admirals": "Admiral",
    "Colonels": "Colonel",
}


def in_item(words: str) -> Iterator[Party]:
    """Those whom one entry of a list names: several have their title in common ("Messrs. Stone, Field, and Hill")."""
    title, _, rest = words.partition(" ")
    names = re.split(r",? and |, ", rest.rstrip(". "))
    if title in _SEVERAL and all(re.fullmatch(r"[A-Z][\w’. -]+", name) for name in names):
        yield from (replace(headings.participant(f"{_SEVERAL[title]} {name}"), printed=words) for name in names)
    else:
        yield headings.participant(words)


def of_heading(title: str) -> tuple[Party, ...]:
    """Those between or among whom a conversation was, as the heading names them; none where it names fewer than two."""
    found = _BETWEEN.search(headings.without_tail(title))
    named = headings.enumerated(found["who"]) if found else ()
    parties = tuple(party for one in named for party in headings.persons(one, "participant"))
    return parties if len(parties) >= _FEWEST else ()


def of_text(lines: Sequence[str], kind: Kind | None) -> tuple[Party, ...]:
    """Those whom a list at the head of a text without markup names; that of a meeting may have no word before it.

    A list goes on as far as its lines name persons or offices and nothing else.
    """
    for number, line in enumerate(lines[:_FROM_HEAD]):
        if (found := OPENS.match(line)) and line[0].isupper():
            rest, below = line[found.end() :], tuple(_run(lines[number + 1 :]))
            if not rest:
                return below
            one = tuple(in_line(rest))
            return (*one, *below) if len(one) == 1 and _is_entry(rest) else one
    for number in range(min(_UNNAMED, len(lines)) if kind in _MEETINGS else 0):
        run = tuple(_run(lines[number:]))
        if sum(party.name is not None for party in run) >= _FEWEST:
            return run
    return ()


def _run(lines: Sequence[str]) -> Iterator[Party]:
    for line in lines:
        if not _is_entry(OPENS.sub("", line)):
            return
        yield headings.participant(OPENS.sub("", line))


def _is_entry(line: str) -> bool:
    """A person with title or office, or an office, and no words of a text."""
    if len(line) > _LONGEST or not _PERSON.match(line) or line.endswith((":", "?")) or _SAYS.search(line):
        return False
    party = headings.participant(line)
    return bool(party.name or party.role)
