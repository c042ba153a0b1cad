"""The only maker of IRIs, and its inverse.

Every IRI that the dataset mints is `{base}id/{kind}/{key}/...`, dereferenced through `{base}doc/...`.  Keys
come from the sources; each is percent-encoded so that it stays one path segment.  The base is a setting of
the build and is never taken from a request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

ONTOLOGY = "https://w3id.org/dragoman/ontology#"
DEFAULT_BASE = "http://localhost:8000/"
OF_DOCUMENT = frozenset(
    {"document", "enclosure", "footnote", "sending", "receiving", "holding", "party", "signature"}
    | {"citation", "mention", "unprinted", "passage", "inference", "page-break"}
)
"""Kinds whose first two keys are those of a document: it and its parts."""


@lru_cache(maxsize=1 << 14)
def _segment(key: str) -> str:
    encoded = quote(key, safe="-._~")
    # A client that normalises paths (RFC 3986, 5.2.4) would drop dot segments.
    return encoded.replace(".", "%2E") if set(encoded) <= {"."} else encoded


@dataclass(frozen=True, slots=True)
class Iris:
    """Makes the IRIs of one dataset.  `base` is absolute http(s) and ends in a slash."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.base)
            host = parts.hostname
        except ValueError:  # brackets that hold no address
            parts, host = urlsplit(""), None
        # A client normalises dot segments and percent-encodings: what it asks for would not be what we minted.
        plain = re.fullmatch(r"[\x21-\x7e]+", self.base) and not re.search(r'[<>"{}|\\^`?#%]', self.base)
        dotted = {".", ".."} & set(parts.path.split("/"))
        bracketed = "[" in parts.path or "]" in parts.path
        known = parts.scheme in ("http", "https") and host and self.base.endswith("/")
        if not known or not plain or dotted or bracketed:
            raise ValueError(
                f"base IRI {self.base!r}: expected http:// or https://, a host and a plain path that ends in /"
            )

    def thing(self, kind: str, *keys: str) -> str:
        return f"{self.base}id/{kind}/" + "/".join(map(_segment, keys))

    def dataset(self) -> str:
        return self.thing("dataset", "dragoman")

    def graph(self, name: str) -> str:
        """The named graph of one source file."""
        return self.thing("graph", name)

    def shared_graph(self) -> str:
        """The graph of what several sources say in the same words."""
        return self.thing("graph", "shared")

    def source(self, name: str) -> str:
        """The source file itself."""
        return self.thing("source", name)

    def activity(self, name: str) -> str:
        return self.thing("activity", name)

    def software(self, version: str) -> str:
        return self.thing("software", version)

    def volume(self, volume: str) -> str:
        return self.thing("volume", volume)

    def division(self, volume: str, division: str) -> str:
        return self.thing("division", volume, division)

    def page(self, volume: str, key: str) -> str:
        return self.thing("page", volume, key)

    def document(self, volume: str, document: str) -> str:
        return self.thing("document", volume, document)

    def footnote(self, volume: str, document: str, key: str) -> str:
        return self.thing("footnote", volume, document, key)

    def event(self, volume: str, document: str, event: str) -> str:
        """The sending or the receiving of a document: `event` is "sending" or "receiving"."""
        return self.thing(event, volume, document)

    def party(self, volume: str, document: str, direction: str, number: int) -> str:
        return self.thing("party", volume, document, f"{direction}-{number}")

    def signature(self, volume: str, document: str, number: int) -> str:
        return self.thing("signature", volume, document, str(number))

    def person(self, volume: str, pointer: str) -> str:
        """A person of a volume's own list."""
        return self.thing("person", volume, pointer)

    def pointed(self, volume: str, pointer: str) -> str:
        """The person that TEI's pointer names: "#p_X" in the volume's own list, "VOLUME#p_X" in another's."""
        owner, _, key = pointer.rpartition("#")
        return self.person(owner or volume, key)

    def register_person(self, identifier: str) -> str:
        """A person of the State Department's register."""
        return self.thing("person", identifier)

    def state(self, identifier: str) -> str:
        return self.thing("state", identifier)

    def office(self, identifier: str) -> str:
        """An office: "chief/japan" has two keys."""
        return self.thing("office", *identifier.split("/"))

    def mission(self, sending: str, receiving: str) -> str:
        return self.thing("mission", sending, receiving)

    def term_of_office(self, identifier: str) -> str:
        return self.thing("term-of-office", identifier)

    def file_unit(self, scheme: str, unit: str) -> str:
        """A file of one filing scheme: the same number is another file in another scheme."""
        return self.thing("file", scheme, unit)

    def concept(self, key: str) -> str:
        """A concept of a coding scheme, or the scheme itself."""
        return self.thing("concept", key)

    def inference(self, volume: str, document: str, key: str) -> str:
        return self.thing("inference", volume, document, key)

    def rule(self, name: str) -> str:
        return self.thing("rule", name)

    def part_of_document(self) -> re.Pattern[str]:
        """Matches the start of an N-Quads line about a document or a part of one: groups volume, document."""
        kinds = "|".join(sorted(OF_DOCUMENT))
        return re.compile(rf"<{re.escape(self.base)}id/(?:{kinds})/([^/>]+)/([^/>]+)")

    def parse(self, iri: str) -> tuple[str, tuple[str, ...]] | None:
        """(kind, keys) of an IRI made here, None for any other: `parse(thing(k, *ks)) == (k, ks)`."""
        prefix = f"{self.base}id/"
        if not iri.startswith(prefix):
            return None
        kind, *keys = iri.removeprefix(prefix).split("/")
        return (kind, tuple(unquote(key) for key in keys)) if keys else None
