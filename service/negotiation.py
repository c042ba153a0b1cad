"""Accept → media type, Accept-Encoding → coding; pure.  RFC 9110, sections 8.3.1, 12.4.2, 12.5.1 and 12.5.3.

`choose` takes what the request accepts and what the server offers, in the server's order of preference, and
gives one offer or None: never a guess.  An entry of the header that cannot be read is passed over, as if it
were not there; a header of which nothing can be read counts as absent.

A parameter that an offer lacks ("text/turtle;version=1.2") refuses nothing: the range then names the offer less
closely than the bare type does, but more closely than `text/*`.  RFC 9110 leaves to each type what its
parameters mean, and to answer 406 to a client that reads Turtle would help nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_WORD})/({_WORD})\s*")
_PARAMETER = re.compile(rf';\s*(?:({_WORD})=(?:({_WORD})|"((?:[^"\\]|\\.)*)"))?\s*')
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
# A quoted string without an end goes to the end of the field: it is looked at once, not from each of its quotes.
_LIST_ITEM = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+\\?(?:"|\Z))++')
_CODING = re.compile(rf"\s*({_WORD}|\*)\s*(?:;\s*[qQ]=([0-9.]+)\s*)?")
_MAX_ENTRIES = 200

IDENTITY: Final = "identity"


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
        if wanted.subtype != offer.subtype:
            return None
        # All that we serve is UTF-8, so a range that asks for it names our offer.
        unknown = wanted.parameters - offer.parameters - {("charset", "utf-8")}
        return 2 if unknown else 3 + len(wanted.parameters)


def parse_media_type(text: str) -> MediaType | None:
    """A media type as in Content-Type; None if it is none."""
    parsed = _parse(text)
    return parsed.media_type if parsed else None


@lru_cache(maxsize=256)
def _offered(offer: str) -> MediaType | None:
    """What we offer ourselves, always the same."""
    return parse_media_type(offer)


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


def choose(
    accept: Sequence[MediaRange], offers: Iterable[str], qualities: Mapping[str, float] | None = None
) -> str | None:
    """The offer with the highest weight, the first of equals; None if all have weight 0 or no range fits.

    `qualities` are the server's own of some offers, below 1: the client's weights are multiplied by them.
    """
    best, best_weight = None, 0.0
    for offer in offers:
        media_type = _offered(offer)
        weight = (_weight(accept, media_type) if media_type else 0) * (qualities or {}).get(offer, 1)
        if weight > best_weight:
            best, best_weight = offer, weight
    return best


def _weight(accept: Sequence[MediaRange], offer: MediaType) -> int:
    """The weight of the most specific range that fits; of equally specific ones, the highest."""
    fits = [(rank, entry.weight) for entry in accept if (rank := entry.specificity(offer)) is not None]
    return max(fits)[1] if fits else 0


def choose_coding(headers: Sequence[str], offers: Sequence[str], *, worth: bool) -> str | None:
    """The content coding of an answer: one of `offers`, or `identity`; None if the client takes none of them.

    `offers` stand in the server's order of preference.  An answer that is not `worth` a coding gets one only if
    the client refuses it without.  `*` stands for the last offer, not for all: who does not name a coding may
    not know it.  Without the header there is no coding (RFC 9110, 12.5.3).
    """
    weights = _codings(headers)
    rest = weights.get("*", 0)
    coded = {offer: weights.get(offer, rest if offer == offers[-1] else 0) for offer in offers}
    best = max(offers, key=lambda offer: coded[offer])
    # Unless it is refused, identity is always acceptable: with no weight of its own it comes after all others.
    plain = weights.get(IDENTITY, weights.get("*", 1))
    if plain and (not worth or not coded[best] or plain > coded[best]):
        return IDENTITY
    return best if coded[best] else None


def _codings(headers: Sequence[str]) -> dict[str, int]:
    """Name of a coding, in lower case → weight in thousandths."""
    weights = dict[str, int]()
    for entry in ",".join(headers).split(",")[:_MAX_ENTRIES]:
        match = _CODING.fullmatch(entry)
        if match and _WEIGHT.fullmatch(match[2] or "1"):
            name = match[1].lower()
            # RFC 9110, 8.4.1.3: an old name of the same.
            weights["gzip" if name == "x-gzip" else name] = round(float(match[2] or "1") * 1000)
    return weights
