"""What a client may have meant by a name that the dataset does not have: a few look-ups by name, never a scan.

Tried are other spellings of the name, the same keys under other kinds, the numbers around it, volumes of nearly its
name, and what it would be a part of; of documents also those of the volume that stand nearest; then things whose
label has the words of the name, or nearly these.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool

from kg.iris import Iris
from kg.names import KINDS
from kg.vocabulary import DGM, RDFS
from service.descriptions import Source, is_iri
from service.spelling import Names

MOST: Final = 8
"""How many are told."""
LONGEST, _MOST_KEYS = 1000, 16
"""Characters of an address, and keys in it, up to which there is anything near: clients think up names of 64 kB and
32,000 keys.  The longest name of the eighteen volumes has 308 characters, the deepest five keys."""
_TRIED = 120
_AROUND = 3
_PARTS = 4
_KINDS = (
    "document", "volume", "division", "enclosure", "page", "footnote", "sending", "receiving", "holding", "party",
    "signature", "person", "office", "state", "place", "mission", "term-of-office", "file", "concept", "citation",
    "mention", "passage", "inference", "rule", "term", "listed-source", "graph", "source", "activity", "software",
)  # fmt: skip
_SUFFIX = re.compile(r"\.(?:html?|json(?:ld)?|xml|rdf|ttl|nt|nq|trig|txt|csv)\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(.*?)(\d{1,9})\Z", re.DOTALL)

_QUERY = f"""
SELECT ?s ?label ?order {{
  {{ VALUES ?s {{ $tried }} FILTER EXISTS {{ ?s ?p ?o }} OPTIONAL {{ ?s <{RDFS.label}> ?label }} }}
  $beside
}}
"""
_BESIDE = f"""
  UNION {{ SELECT ?s ?label ?order {{ ?s <{DGM.volume}> <$volume> ; a <{DGM.Document}> ; <{DGM.order}> ?order .
             OPTIONAL {{ ?s <{RDFS.label}> ?label }} }}
           ORDER BY ABS(?order - $number) LIMIT 3 }}
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A thing of nearly the name that was asked for."""

    iri: str
    label: str


async def near(source: Source, names: Names, iris: Iris, iri: str, volumes: Sequence[str]) -> list[Near]:
    """At most MOST, the likeliest first; `volumes` are the identifiers of the dataset's.

    Raises QueryError and SearchTimeout.
    """
    parsed = iris.parse(iri.rstrip("/")) if len(iri) <= LONGEST else None
    if not parsed or len(parsed[1]) > _MOST_KEYS:
        return []
    kind, keys = parsed
    likely = [*_spellings(kind, keys), *_around(kind, keys)]
    every = dict.fromkeys((*likely, *_others(kind, keys, volumes)))
    tried = [made for name in every if is_iri(made := iris.thing(*name)) and made != iri][:_TRIED]
    body = await source.results(_text(iris, kind, keys, tried))
    found: dict[str, str] = {}
    for row in json.loads(body)["results"]["bindings"]:
        found.setdefault(row["s"]["value"], row["label"]["value"] if "label" in row else row["s"]["value"])
    # Documents that stand beside come after what is likely and before the rest.
    rank = {made: number if number < len(likely) else number + MOST for number, made in enumerate(tried)}
    ordered = sorted(found, key=lambda made: rank.get(made, len(likely)))
    by_name = [Near(made, found[made]) for made in ordered]
    by_label = await run_in_threadpool(called, names, kind, keys)
    return list({one.iri: one for one in (*by_name, *by_label)}.values())[:MOST]


def called(names: Names, kind: str, keys: Sequence[str]) -> list[Near]:
    """Things that are called nearly as the keys read, of the kind if names of it are known.  Raises SearchTimeout."""
    known = next((name for name in (kind.lower(), kind.lower().removesuffix("s")) if name in KINDS), "")
    if kind != known and kind in _KINDS:
        # Documents, pages and the like bear no names.
        return []
    # Of a person of a volume the first key is the volume's.
    tried = dict.fromkeys((" ".join(keys), keys[-1]))
    found = (names.like(text.replace("_", " "), MOST, known) for text in tried)
    return [Near(one.key, one.label) for one in next(filter(None, found), ())]


def elsewhere(names: Names, path: str, pages: Iterable[str]) -> tuple[list[str], list[Near]]:
    """For a path, without a slash before it, where there is no page: those of the service's pages that are spelt
    nearly so, and things that are called nearly as its parts read.  Raises SearchTimeout."""
    parts = [part for part in unquote(path, errors="replace").lower().split("/") if part][:_PARTS]
    if not parts or len(path) > LONGEST:
        return [], []
    alike = difflib.get_close_matches("/".join(parts), list(pages), n=3, cutoff=0.75)
    return alike, called(names, parts[0], parts[1:] if parts[0].removesuffix("s") in KINDS and parts[1:] else parts)


def _text(iris: Iris, kind: str, keys: tuple[str, ...], tried: list[str]) -> str:
    beside = ""
    if kind == "document" and len(keys) == 2 and (match := _NUMBER.match(keys[1])):
        beside = _BESIDE.replace("$volume", iris.volume(keys[0])).replace("$number", match[2])
    return _QUERY.replace("$beside", beside).replace("$tried", " ".join(f"<{made}>" for made in tried))


Name = tuple[str, ...]
"""(kind, key, …)"""


def _others(kind: str, keys: Name, volumes: Sequence[str]) -> Iterator[Name]:
    """The likeliest first."""
    if keys[0] not in volumes:
        for volume in difflib.get_close_matches(keys[0], volumes, n=3, cutoff=0.75):
            yield (kind, volume, *keys[1:])
            yield ("volume", volume)
    for other in _KINDS:
        yield (other, *keys)
    for length in range(len(keys) - 1, 0, -1):
        yield (kind, *keys[:length])
        yield ("document" if length == 2 else "volume", *keys[:length])


def _spellings(kind: str, keys: Name) -> Iterator[Name]:
    for last in dict.fromkeys((keys[-1], _SUFFIX.sub("", keys[-1]), keys[-1].strip().strip("."))):
        for form in (str, str.lower, str.upper):
            for all_keys in ((*keys[:-1], form(last)), (*map(form, keys[:-1]), form(last))):
                yield (kind, *all_keys)
                yield (kind.lower().removesuffix("s"), *all_keys)
    yield (kind, *(part for key in keys for part in key.split("/") if part))


def _around(kind: str, keys: Name) -> Iterator[Name]:
    if match := _NUMBER.match(keys[-1]):
        number = int(match[2])
        for distance in range(1, _AROUND + 1):
            for other in (number - distance, number + distance):
                if other >= 0:
                    yield (kind, *keys[:-1], f"{match[1]}{other}")
