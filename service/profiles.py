"""Content negotiation by profile: which model a description follows, beside the media type that it is written in.

https://www.w3.org/TR/dx-prof-conneg/, the profiles "HTTP headers" (7.1) and "query string arguments" (7.2).  What
says most comes first: the suffix of the address, then `_profile` and `_mediatype` in the query string, then
`Accept-Profile` and `Accept`.  The profile counts more than the media type: what a client cannot interpret is of no
use in any type.

A profile is data: a CONSTRUCT query over the statements of one description (`?this` is the thing) and, as the graph
<https://w3id.org/dragoman/alignment>, over the alignment of the terms.  It sees direct statements, so that nothing
inferred becomes stated on the way (docs/decisions/0009-dereferencing.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from kg.vocabulary import DCTERMS, ONTOLOGY_FOLDER, PREFIXES, RDF, RDFS
from service.negotiation import MediaRange, choose, parse_accept, parse_media_type
from service.problems import BadRequest, NotAcceptable
from service.representations import HTML, JSON_LD, N_QUADS, OFFERS, QUALITIES, RDF_TYPES, TRIG, Context, Form, forms_of

ALIGNMENT: Final = "https://w3id.org/dragoman/alignment"
_FOLDER = ONTOLOGY_FOLDER / "profiles"
_ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
_PROF = "http://www.w3.org/ns/dx/prof/"
_ENTRY = re.compile(r"\s*<([^<>\s]*)>\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")
_MAX_ENTRIES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A model that a description can follow.  `query` makes it from ours, None for our own; `offers` are its types."""

    token: str
    iri: str
    title: str
    query: str | None = None
    context: Context | None = None
    offers: tuple[str, ...] = OFFERS


def _mapped(token: str, iri: str, title: str, vocabulary: str) -> Profile:
    context = Context(None, {"@context": {"@vocab": vocabulary}})
    query = (_FOLDER / f"{token}.rq").read_text(encoding="utf-8")
    # No page, and no graphs to tell apart.
    return Profile(token, iri, title, query, context, tuple(o for o in OFFERS if o not in (HTML, TRIG, N_QUADS)))


OURS: Final = Profile("dragoman", "https://w3id.org/dragoman/ontology", "The Dragoman ontology")
PROFILES: Final = (
    OURS,
    _mapped("schema", "https://schema.org/", "schema.org", PREFIXES["schema"]),
    _mapped("rico", "https://www.ica.org/standards/RiC/ontology", "Records in Contexts (RiC-O)", PREFIXES["rico"]),
)
ALTERNATES: Final = Profile(
    "alt", "http://www.w3.org/ns/dx/connegp/altr", "Alternate representations", offers=(*RDF_TYPES, HTML)
)
"""Not a model of things: the list of what can be had of one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a request gets: `forms` are those of JSON-LD that it names."""

    media_type: str
    profile: Profile = OURS
    forms: frozenset[Form] = field(default_factory=frozenset)

    @property
    def content_type(self) -> str:
        """With the forms as its parameter, if they were asked for."""
        if not self.forms:
            return self.media_type
        return f'{self.media_type};profile="{" ".join(sorted(form.value for form in self.forms))}"'


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for; `suffix` is the type that its address names."""

    accept: tuple[MediaRange, ...]
    profiles: tuple[Profile, ...]
    forms: frozenset[Form]
    suffix: str | None = None

    def choose(self, *, without: str | None = None) -> Choice:
        """The best that there is, `without` a type that cannot be had.  Raises NotAcceptable."""
        offered: dict[str, None] = {}
        for profile in self.profiles:
            offers = [offer for offer in profile.offers if offer != without]
            offered.update(dict.fromkeys(offers))
            named = self.suffix if self.suffix in offers else None
            chosen = named if self.suffix else choose(self.accept, offers, QUALITIES)
            if chosen:
                return Choice(chosen, profile, self.forms if chosen == JSON_LD else frozenset())
        raise NotAcceptable(tuple(offered), vary="Accept-Profile")


def wish(
    accept: Sequence[str], accept_profile: Sequence[str], query: Mapping[str, str], suffix: str | None = None
) -> Wish:
    """From the headers Accept and Accept-Profile and the query string.  Raises BadRequest or NotAcceptable."""
    wanted = query.get("_mediatype")
    if wanted is not None and parse_media_type(wanted) is None:
        raise BadRequest("_mediatype is a media type, such as text/turtle")
    ranges, forms = _without_forms(parse_accept(accept if wanted is None else [wanted]))
    return Wish(ranges, _profiles(accept_profile, query.get("_profile")), forms, suffix)


def _without_forms(ranges: Iterable[MediaRange]) -> tuple[tuple[MediaRange, ...], frozenset[Form]]:
    """The ranges with the parameter `profile` taken off JSON-LD, and what that of the most wanted one names."""
    plain, best, forms = list[MediaRange](), 0, frozenset[Form]()
    for entry in ranges:
        named = dict(entry.media_type.parameters)
        profile = (
            named.pop("profile", None) if str(replace(entry.media_type, parameters=frozenset())) == JSON_LD else None
        )
        plain.append(replace(entry, media_type=replace(entry.media_type, parameters=frozenset(named.items()))))
        if profile is not None and entry.weight > best:
            best, forms = entry.weight, forms_of(profile)
    return tuple(plain), forms


def _profiles(headers: Sequence[str], token: str | None) -> tuple[Profile, ...]:
    """Those wanted, the most wanted first; ours if nothing is said."""
    known = {profile.iri: profile for profile in (*PROFILES, ALTERNATES)}
    if token is not None:
        named = {profile.token: profile for profile in known.values()}
        found = named.get(token) or known.get(token.strip("<>"))
        if not found:
            raise BadRequest(f"_profile is one of {', '.join(named)}, or the URI of one")
        return (found,)
    entries = list(_entries(headers))
    if not entries:
        return (OURS,)
    # Sorting is stable: of equals the first that is named.
    wanted = sorted((entry for entry in entries if entry[1] > 0), key=lambda entry: -entry[1])
    found_all = [known[iri] for iri, _ in wanted if iri in known]
    if not found_all:
        raise NotAcceptable([profile.iri for profile in PROFILES], vary="Accept-Profile")
    return tuple(dict.fromkeys(found_all))


def _entries(headers: Sequence[str]) -> Iterator[tuple[str, float]]:
    """(URI, weight) of each readable entry; others are passed over, as in Accept."""
    items = [item for header in headers for item in header.split(",")[:_MAX_ENTRIES]]
    for item in items[:_MAX_ENTRIES]:
        if match := _ENTRY.fullmatch(item):
            yield match[1], float(match[2] or 1)


def _alignment() -> list[ox.Quad]:
    name = ox.NamedNode(ALIGNMENT)
    parsed = ox.parse(path=ONTOLOGY_FOLDER / "alignment.ttl", format=ox.RdfFormat.TURTLE)
    # What maps, and no more: the lists of axioms are not asked for.
    mapping = {RDFS.iri + "subClassOf", RDFS.iri + "subPropertyOf"}
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed if quad.predicate.value in mapping
    ]


_ALIGNMENT: Final = _alignment()


def apply(profile: Profile, this: str, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """A description as the profile tells it."""
    triples = list(triples)
    if profile.query is None:
        return triples
    store = ox.Store()
    store.extend([*(ox.Quad(*triple) for triple in triples), *_ALIGNMENT])
    answer = store.query(profile.query.replace("?this", str(ox.NamedNode(this))))
    assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - the files hold CONSTRUCT queries
    return _connected(this, list(answer))


def _connected(this: str, triples: list[ox.Triple]) -> list[ox.Triple]:
    """What is said of the thing, of all that it leads to, and of what points at it.

    The rest are things that only an inference names: without it they would be out of place.
    """
    told: dict[str, list[ox.Triple]] = {}
    waiting = [this]
    for triple in triples:
        told.setdefault(_name(triple.subject), []).append(triple)
        if _name(triple.object) == this:
            waiting.append(_name(triple.subject))
    kept = dict[ox.Triple, None]()
    while waiting:
        for triple in told.pop(waiting.pop(), ()):
            kept[triple] = None
            waiting.append(_name(triple.object))
    return list(kept)


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def alternates(document: str, addresses: Mapping[tuple[Profile, str], str]) -> list[ox.Triple]:
    """The list of representations as data: `addresses` by profile and media type, the default first.

    Alternate Representations Data Model, https://www.w3.org/TR/dx-prof-conneg/#altr.
    """
    about, triples = ox.NamedNode(document), list[ox.Triple]()
    for number, ((profile, media_type), address) in enumerate(addresses.items()):
        one, model = ox.NamedNode(address), ox.NamedNode(profile.iri)
        links = ["hasRepresentation"] if number else ["hasDefaultRepresentation", "hasRepresentation"]
        triples += [ox.Triple(about, ox.NamedNode(_ALTR + link), one) for link in links]
        triples += [
            ox.Triple(one, ox.NamedNode(RDF.type), ox.NamedNode(_ALTR + "Representation")),
            ox.Triple(one, ox.NamedNode(DCTERMS.format), ox.Literal(media_type)),
            ox.Triple(one, ox.NamedNode(DCTERMS.iri + "conformsTo"), model),
            ox.Triple(model, ox.NamedNode(RDF.type), ox.NamedNode(_PROF + "Profile")),
            ox.Triple(model, ox.NamedNode(RDFS.label), ox.Literal(profile.title)),
            ox.Triple(model, ox.NamedNode(_PROF + "hasToken"), ox.Literal(profile.token)),
        ]
    return triples
