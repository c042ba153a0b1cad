"""Accept → media type; pure.  RFC 9110, sections 8.3.1, 12.4.2 and 12.5.1.

`choose` takes what the request accepts and what the server offers, in the server's order of preference, and
gives one offer or None: never a guess.  An entry of the header that cannot be read is passed over, as if it
were not there; a header of which nothing can be read counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_WORD})/({_WORD})\s*")
_PARAMETER = re.compile(rf';\s*(?:({_WORD})=(?:({_WORD})|"((?:[^"\\]|\\.)*)"))?\s*')
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_LIST_ITEM = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_MAX_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type; names in lower case, parameters as (name, value) pairs."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        ending = "".join(f";{name}={value}" for name, value in sorted(self.parameters))
        return f"{self.type}/{self.subtype}{ending}"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One entry of Accept.  `weight` is q in thousandths."""

    media_type: MediaType
    weight: int

    def specificity(self, offer: MediaType) -> int | None:
        """How closely this range names the offer (RFC 9110, 12.5.1), None if it does not."""
        wanted = self.media_type
        if wanted.type == "*":
            return 0 if wanted.subtype == "*" else None
        if wanted.type != offer.type:
            return None
        if wanted.subtype == "*":
            return 1
        if wanted.subtype != offer.subtype or not _parameters_fit(wanted, offer):
            return None
        return 2 + len(wanted.parameters)


def _parameters_fit(wanted: MediaType, offer: MediaType) -> bool:
    # All that we serve is UTF-8, so a range that asks for it names our offer.
    return all(pair in offer.parameters or pair == ("charset", "utf-8") for pair in wanted.parameters)


def parse_media_type(text: str) -> MediaType | None:
    """A media type as in Content-Type; None if it is none."""
    parsed = _parse(text)
    return parsed.media_type if parsed else None


def parse_accept(headers: Sequence[str]) -> tuple[MediaRange, ...]:
    """All readable entries of all Accept headers; no header at all, or none readable, means `*/*`."""
    entries = [item for header in headers for item in _LIST_ITEM.findall(header)[:_MAX_ENTRIES]]
    ranges = tuple(parsed for parsed in map(_parse, entries[:_MAX_ENTRIES]) if parsed)
    return ranges or (MediaRange(MediaType("*", "*"), 1000),)


def _parse(text: str) -> MediaRange | None:
    match = _RANGE.match(text)
    if not match:
        return None
    weight, parameters, position = 1000, set[tuple[str, str]](), match.end()
    while position < len(text):
        parameter = _PARAMETER.match(text, position)
        if not parameter:
            return None
        position = parameter.end()
        name = (parameter[1] or "").lower()
        value = parameter[2] if parameter[2] is not None else re.sub(r"\\(.)", r"\1", parameter[3] or "")
        if name == "q":
            if not _WEIGHT.fullmatch(value):
                return None
            weight = round(float(value) * 1000)
            break  # what follows q are extensions, which RFC 9110 has dropped
        if name:
            parameters.add((name, value.lower() if name == "charset" else value))
    return MediaRange(MediaType(match[1].lower(), match[2].lower(), frozenset(parameters)), weight)


def choose(accept: Sequence[MediaRange], offers: Iterable[str]) -> str | None:
    """The offer with the highest weight, the first of equals; None if all have weight 0 or no range fits."""
    best, best_weight = None, 0
    for offer in offers:
        media_type = parse_media_type(offer)
        weight = _weight(accept, media_type) if media_type else 0
        if weight > best_weight:
            best, best_weight = offer, weight
    return best


def _weight(accept: Sequence[MediaRange], offer: MediaType) -> int:
    """The weight of the most specific range that fits; of equally specific ones, the highest."""
    fits = [(rank, entry.weight) for entry in accept if (rank := entry.specificity(offer)) is not None]
    return max(fits)[1] if fits else 0
