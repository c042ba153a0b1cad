"""Whether any regular expression of Dragoman can be kept busy by a hostile text.

    python benchmarks/patterns.py [--length 1000] [--seconds 1]

Finds every pattern that the modules of kg/ and service/ hold after they are imported, and every one that stands as a
text in their code.  A pattern is searched for if any code does so, else matched from the beginning of a text.  For
each repetition in a pattern it makes texts that begin as the pattern wants and then repeat what the repetition takes,
once at a small length, where only exponential ones are slow, and once at `--length` characters.  Prints the slowest;
exit code 1 if any takes more than `--seconds`.  An exponential one never ends: the last line printed tells it
(`--verbose`).
"""

from __future__ import annotations

import argparse
import ast
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as codes  # private: the parse tree has no other door
from re import _parser as parser
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_NOT_SPACE: "a", codes.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
# What makes a match fail at the end, in one way or another.
_ENDS = ("\x00", "\n\x00", "!")


_SEARCHES = re.compile(r"(\w+)(?:\[\w+\])?\.(?:search|subn?|finditer|findall|split)\(")


def patterns() -> dict[tuple[str, int, bool], str]:
    """(pattern, flags, whether it is searched for) → where it stands."""
    found: dict[tuple[str, int, bool], str] = {}
    sources = [path for package in ("kg", "service") for path in sorted((ROOT / package).glob("*.py"))]
    searched = {(path, name) for path in sources for name in _SEARCHES.findall(path.read_text(encoding="utf-8"))}
    lent = {name for path in sources for name in _imported(path) if (path, name) in searched}
    for package in ("kg", "service"):
        for path in sorted((ROOT / package).glob("*.py")):
            name = f"{package}.{path.stem}"
            module = importlib.import_module(name if path.stem != "__init__" else package)
            for holder, value in vars(module).items():
                for pattern in _held(value, 4):
                    # What stands in a table is used under another name.
                    search = (path, holder) in searched or holder in lent or not isinstance(value, re.Pattern)
                    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
                    found.setdefault((text, pattern.flags & ~re.UNICODE, search), f"{name}.{holder}")
            for text, search in _written(path):
                found.setdefault((text, 0, search), name)
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def _held(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for inner in value.values():
            yield from _held(inner, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _held(inner, depth - 1)
    elif depth and isinstance(value, type) and value.__module__.startswith(("kg.", "service.")):
        yield from _held(dict(vars(value)), depth - 1)
    elif depth and type(value).__module__.startswith(("kg.", "service.")):
        slots = {name: getattr(value, name, None) for name in getattr(type(value), "__slots__", ())}
        yield from _held({**slots, **getattr(value, "__dict__", {})}, depth - 1)


def _written(path: Path) -> Iterator[tuple[str, bool]]:
    """Texts given to functions of re, and whether that searches."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if of_re and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield node.args[0].value, node.func.attr not in ("match", "fullmatch", "compile")


def _char(items: Iterable[Any]) -> str:
    """A character of a class."""
    items = list(items)
    if items and items[0][0] is codes.NEGATE:
        return next((char for char in "a1 -.x\u00e9%\x01" if not _in(char, items[1:])), "\u4e00")
    for kind, value in items:
        if kind is codes.LITERAL:
            return chr(value)
        if kind is codes.RANGE:
            return chr(value[0])
        if kind is codes.CATEGORY:
            return _CATEGORIES[value]
    return "a"


def _in(char: str, items: Iterable[Any]) -> bool:
    for kind, value in items:
        if kind is codes.LITERAL and chr(value) == char:
            return True
        if kind is codes.RANGE and value[0] <= ord(char) <= value[1]:
            return True
        if kind is codes.CATEGORY and re.match(_CLASS[value], char):
            return True
    return False


_CLASS = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _sample(tree: Any) -> str:
    """A text that the tree takes, or nearly."""
    return "".join(_of(kind, value) for kind, value in tree)


def _of(kind: Any, value: Any) -> str:
    if kind is codes.LITERAL:
        return chr(value)
    if kind is codes.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is codes.ANY:
        return "a"
    if kind is codes.IN:
        return _char(value)
    if kind is codes.BRANCH:
        return _sample(value[1][0])
    if kind is codes.SUBPATTERN:
        return _sample(value[3])
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _sample(value[2]) * max(1, min(int(value[0]), 50))
    return _sample(value) if kind is codes.ATOMIC_GROUP else ""


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(beginning, what to repeat) for each repetition of a pattern."""
    for kind, value in tree:
        if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if value[1] > 20:
                yield before, _sample(value[2])
                if (first := next(iter(value[2]), None)) and first[0] is codes.BRANCH:
                    yield from ((before, _sample(branch)) for branch in first[1][1])
            yield from pumps(value[2], before)
        elif kind is codes.SUBPATTERN:
            yield from pumps(value[3], before)
        elif kind is codes.BRANCH:
            for branch in value[1]:
                yield from pumps(branch, before)
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            yield from pumps(value[1], before)
        elif kind is codes.ATOMIC_GROUP:
            yield from pumps(value, before)
        before += _of(kind, value)


def slowest(text: str, flags: int, search: bool, length: int, limit: float) -> tuple[float, str]:
    """Seconds of the slowest hostile text, or of the first over the limit, and how it begins."""
    compiled = re.compile(text, flags)
    run = compiled.search if search else compiled.match
    worst = (0.0, "")
    tried = {(before, pump) for before, pump in pumps(parser.parse(text, flags)) if pump}
    for before, pump in sorted(tried | {("", "a"), ("", " "), ("", "1"), ("", "\n"), ("", "(")}):
        for size in (28, length):
            for end in _ENDS:
                for start in (before, ""):
                    hostile = start + pump * (size // len(pump)) + end
                    began = perf_counter()
                    run(hostile)
                    worst = max(worst, (perf_counter() - began, hostile[:60]))
                    if worst[0] > limit:
                        return worst
    return worst


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--length", type=int, default=1_000)
    cli.add_argument("--seconds", type=float, default=1.0)
    cli.add_argument("--verbose", action="store_true")
    args = cli.parse_args()
    rows = []
    for (text, flags, search), where in patterns().items():
        if args.verbose:
            print(f"{where}: {text[:300]!r}", flush=True)
        rows.append((*slowest(text, flags, search, args.length, args.seconds), where, text))
    rows.sort(reverse=True)
    for seconds, hostile, where, text in rows[:10]:
        print(f"{seconds:7.3f} s  {where}: {text[:80]!r} on {hostile!r}")
    print(f"{len(rows)} patterns, {sum(row[0] > args.seconds for row in rows)} over {args.seconds:g} s")
    return 1 if rows[0][0] > args.seconds else 0


if __name__ == "__main__":
    sys.exit(main())
