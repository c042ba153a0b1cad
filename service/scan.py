"""What must be known of a query's text before a parser sees it: depth, SERVICE, FROM, updates, prefixes.

Not a parser.  It steps over strings, IRIs, comments and names (SPARQL 1.1 Query, 19.8) and looks at the bare
words and brackets that are left.  Where it cannot tell, it errs on the side that refuses: the engine's parser
has no word boundaries (`trueSERVICE<x>` is SERVICE to it), so a bare word is searched, not compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LOCAL = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]|\.++(?=[\w:%\\-]))*+"
_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\r\n]*)
    | (?P<long>"{{3}}(?:[^"\\]|\\.|"(?!""))*+"{{3}}|'{{3}}(?:[^'\\]|\\.|'(?!''))*+'{{3}})
    | (?P<string>"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<variable>[?$]\w++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<blank>_:[\w.-]*+)
    | (?P<run>[^\W_][\w.-]*+)(?P<local>:{_LOCAL})?
    | (?P<empty>:{_LOCAL})
    | (?P<open>[({{\[])
    | (?P<close>[)}}\]])
    | (?P<quote>["'])
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
# Functions that give another value each time; UUID is in STRUUID.
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_BLANKS = re.compile(r"[ \t\r\n]+")
_QUOTE = re.compile(r"[\"'\\]")
# Quotes that open what nothing closes, which no query has: each costs a look at all that follows.
_MOST_OPEN = 8
_FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")


@dataclass(slots=True)
class Scan:
    """`depth` is the deepest nesting, `update` the first update keyword.

    `prefixes` are as declared, `undeclared` is the first prefix that is used and is not.  `volatile` queries may be
    answered otherwise each time.  `broken` queries have so many quotes that nothing closes that the rest was not looked
    at: no parser takes them.  `text` is the query without comments and with single blanks, to tell whether two
    are the same; as it stands if its quotes are not in pairs.
    """

    depth: int = 0
    service: bool = False
    dataset: bool = False
    update: str | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    undeclared: str | None = None
    volatile: bool = False
    broken: bool = False
    text: str = ""


def scan(query: str) -> Scan:
    """Time and memory are linear in the length of the query."""
    found, state, text, left_open = Scan(), _State(), _Text(query), 0
    for token in _TOKEN.finditer(query):
        kind = token.lastgroup
        if kind == "quote" or (kind == "string" and _opens_long(token)):
            left_open += 1
            if left_open > _MOST_OPEN:
                found.broken = True
                break
        if kind != "quote":  # which stays between the tokens
            text.add(token)
        if kind == "open":
            state.depth += 1
            found.depth = max(found.depth, state.depth)
        elif kind == "close":
            state.depth = max(0, state.depth - 1)
        elif kind == "iri":
            _iri(found, state, token[0])
        elif kind in ("local", "empty"):
            _name(found, state, token["run"] or "", token[kind])
        elif kind == "run":
            _words(found, state, token[0].upper())
    found.text = text.end()
    return found


def _opens_long(token: re.Match[str]) -> bool:
    """Whether an empty string is the beginning of a long one that nothing closes."""
    return len(token[0]) == 2 and token.string.startswith(token[0][0], token.end())


class _Text:
    """The query with single blanks, token by token."""

    def __init__(self, query: str) -> None:
        self._query, self._end, self._gap = query, 0, list[str]()
        self._pieces = list[str]()
        self._quoted = False

    def add(self, token: re.Match[str]) -> None:
        start, end = token.span()
        self._gap.append(self._query[self._end : start])
        self._end = end
        if token.lastgroup == "comment":
            self._gap.append(" ")
        else:
            self._close()
            self._pieces.append(token[0])

    def _close(self) -> None:
        gap = "".join(self._gap)
        if gap in ("", " "):  # nearly all
            self._pieces.append(gap)
        else:
            self._quoted = self._quoted or _QUOTE.search(gap) is not None
            self._pieces.append(_BLANKS.sub(" ", gap))
        self._gap.clear()

    def end(self) -> str:
        self._gap.append(self._query[self._end :])
        self._close()
        return self._query if self._quoted else "".join(self._pieces).strip()


@dataclass(slots=True)
class _State:
    depth: int = 0
    in_prologue: bool = True
    prefix: str | None = None


def _iri(found: Scan, state: _State, text: str) -> None:
    if state.prefix is not None:
        found.prefixes[state.prefix] = text[1:-1]
        state.prefix = None
    # `1<((((2>` looks like an IRI and is brackets to a parser that backtracks: count them all the same.
    excess = text.count("(") - text.count(")")
    state.depth += max(0, excess)
    found.depth = max(found.depth, state.depth)


def _name(found: Scan, state: _State, prefix: str, local: str) -> None:
    if state.in_prologue and local == ":":
        state.prefix = prefix
    elif prefix not in found.prefixes:
        if found.undeclared is None:
            found.undeclared = prefix
        # The parser falls back from an undeclared `SERVICE:x` to the keyword and the name `:x`.
        _keywords(found, prefix.upper())


def _words(found: Scan, state: _State, words: str) -> None:
    """`words` is a run of letters, digits, dots and hyphens: one keyword or several, or a number."""
    if state.in_prologue and words not in ("PREFIX", "BASE"):
        state.in_prologue = False
        if not words.startswith(_FORMS):
            found.update = next((name for name in _UPDATES if words.startswith(name)), None)
    _keywords(found, words)


def _keywords(found: Scan, words: str) -> None:
    found.service = found.service or "SERVICE" in words
    found.dataset = found.dataset or "FROM" in words
    found.volatile = found.volatile or any(name in words for name in _VOLATILE)
