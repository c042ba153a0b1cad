"""The places of datelines: words as printed, to a city of the gazetteer, a mission, or neither.

    dateline := [office ","] place ["," region or country]        "Legation of the United States, Peking, China"
    office   := mission [whose] | department | headquarters …     "British Embassy", "Department of State"

A country that is printed leaves its own cities alone, and those near it that were once its own; a mission of the United
States leaves those abroad.  A name that several cities bear is decided by the country that is printed, by the states
that the document's chapter or the mission names, by a consul whose post it is, or by one city's far greater weight;
else it is left open, the candidates ranked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg import offices
from kg.authorities import HOME, Authorities, authorities, fold
from kg.document import Document
from kg.gazetteer import City, Gazetteer, gazetteer
from kg.inferences import Inference, infer
from kg.iris import Iris
from kg.prose import collapsed
from kg.statements import Statements, integer, iri, literal
from kg.vocabulary import DCTERMS, DGM, SCHEMA, SKOS, XSD

Certainty = Literal["certain", "probable", "unresolved"]
RULES = {
    "printed-country": ("printed country", "The country or region that is printed behind the name has one city of it."),
    "one-city": (
        "one city of the name",
        "The gazetteer has one city of the name, among those of some size, and abroad for a mission of the United"
        " States.",
    ),
    "great-city": (
        "the great city of the name",
        "Of the cities of the name one is a capital or far larger than the others.",
    ),
    "city-of-country": (
        "city of the country",
        "Of the cities of the name one lies in the country of the chapter, or of the mission that is printed.",
    ),
    "post": (
        "post of the consul",
        "The sender is consul of the United States at the place; of the cities of the name that are not in the United"
        " States there is one, or one that is far larger.",
    ),
    "post-of-volume": (
        "consul's post in the volume",
        "The volume names a consul of the United States at a place of the name; the largest by far of the cities that"
        " bear it is not in the United States.",
    ),
    "likeliest-city": ("the larger city", "Several cities bear the name; the larger go first."),
    "seat": ("seat of the office", "The office that is printed without a place has its seat there."),
    "mission": ("mission", "The words name a mission of the United States, in the country where the city lies."),
    "no-such-place": ("no such place", "The gazetteer has no city of the name."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a dateline's place is: cities in order, the likeliest first, and the state to which a mission is sent.

    `post` are the words on the consul whose post decided.
    """

    certainty: Certainty
    rule: str
    cities: tuple[City, ...] = ()
    mission: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a consul of the United States is: the place, the words that say so, and whether he is the sender."""

    place: str
    words: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known around a dateline: the states that the document is about, and the posts of consuls."""

    states: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()


NOWHERE = Setting()


def posts(documents: Iterable[Document], own: bool = False) -> tuple[Post, ...]:
    """The posts of the consuls who send or receive the documents, each place once; if `own`, of the senders alone."""
    found: dict[str, Post] = {}
    for document in documents:
        for party in document.parties:
            if (party.direction == "from" or not own) and party.role and (where := offices.post(party.role)):
                found.setdefault(fold(where), Post(place=where, words=party.printed, own=own))
    return tuple(found.values())


_OFFICE = re.compile(
    r"\b(?:Legation|Légation|Embassy|Consul(?:ate|ar)|Department|Dep[’']t|Foreign Office|Ministry|Minister|Mission"
    r"|Headquarters|Headq|Court|Office|Admiralty|Cabinet|Commissioner|Ship|Steamer|U\. ?S\. ?S|Board|Palace|Residence"
    r"|Agency|Bureau|Commonwealth|Executive|Government|Delegation|Commission|House|Hotel|Hôtel"
    r"|Chancellery|District|Division|State of|Fort|Camp|On board|Flag-?ship|Vatican)\b",
    re.IGNORECASE,
)
_MISSION = re.compile(
    r"\b(?:Legation|Légation|Embassy|Consul(?:ate|ar)|Commissioner of the United States)\b", re.IGNORECASE
)
_AMERICAN = re.compile(
    r"\b(?:United States?(?! of (?!America))|Unit\w+ States(?! of (?!America))|U\. ?S\.|American|[EÉ]tats? Unis)\b",
    re.IGNORECASE,
)
# "Legation of France in the United States".
_TO_HOME = re.compile(rf"\b(?:to|in|at|near) (?:the )?{_AMERICAN.pattern}", re.IGNORECASE)
# Offices of the United States that are printed without their place.
_SEATS = re.compile(
    r"(?:Department of State|(?:Treasury|War|Navy|Interior|Post-?Office) Department|Department of Justice"
    r"|Executive Mansion|The White House|White House)\b",
    re.IGNORECASE,
)
_REGIONS = {
    name: code
    for code, names in (
        *(("AL", "Alabama Ala"), ("AK", "Alaska"), ("AZ", "Arizona Ariz"), ("AR", "Arkansas Ark")),
        *(("CA", "California Cal Calif"), ("CO", "Colorado Colo"), ("CT", "Connecticut Conn"), ("DE", "Delaware Del")),
        *(("DC", "DC"), ("FL", "Florida Fla"), ("GA", "Georgia Ga"), ("HI", "Hawaii"), ("ID", "Idaho")),
        *(("IL", "Illinois Ill"), ("IN", "Indiana Ind"), ("IA", "Iowa"), ("KS", "Kansas Kans"), ("KY", "Kentucky Ky")),
        *(("LA", "Louisiana La"), ("ME", "Maine Me"), ("MD", "Maryland Md"), ("MA", "Massachusetts Mass")),
        *(("MI", "Michigan Mich"), ("MN", "Minnesota Minn"), ("MS", "Mississippi Miss"), ("MO", "Missouri Mo")),
        *(("MT", "Montana Mont"), ("NE", "Nebraska Nebr"), ("NV", "Nevada Nev"), ("NH", "NewHampshire NH")),
        *(("NJ", "NewJersey NJ"), ("NM", "NewMexico NM NMex"), ("NY", "NewYork NY"), ("NC", "NorthCarolina NC NCar")),
        *(("ND", "NorthDakota NDak"), ("OH", "Ohio O"), ("OK", "Oklahoma Okla"), ("OR", "Oregon Ore")),
        *(("PA", "Pennsylvania Pa Penn Penna"), ("RI", "RhodeIsland RI"), ("SC", "SouthCarolina SC SCar")),
        *(("SD", "SouthDakota SDak"), ("TN", "Tennessee Tenn"), ("TX", "Texas Tex"), ("UT", "Utah")),
        *(
            ("VA", "Virginia Va"),
            ("WA", "Wash"),
            ("WV", "WestVirginia WVa"),
            ("WI", "Wisconsin Wis"),
            ("WY", "Wyoming"),
        ),
    )
    for name in map(str.casefold, names.split())
}
# What is one of the United States and was a state to which they had a legation.
_ONCE_STATES = {"HI": "hawaii"}
_PROVINCES = frozenset(
    [
        "novascotia",
        "ns",
        "newbrunswick",
        "nb",
        "ontario",
        "ont",
        "quebec",
        "que",
        "britishcolumbia",
        "bc",
        "manitoba",
        "pei",
    ]
)
_WEIGHT = 5
# People of a city that is meant without a country, or far from the one that is spoken of; and of one in that country
# that may be meant beside a far larger one elsewhere.
_GREAT, _SOME = 300_000, 50_000
# How far from the cities of today's state one of its earlier bounds may lie: Bagdad from Turkey.
_KILOMETRES = 1_100


def resolve(
    printed: str,
    around: Setting = NOWHERE,
    cities: Gazetteer | None = None,
    known: Authorities | None = None,
) -> Place:
    """What the printed place is."""
    cities, known = cities or gazetteer(), known or authorities()
    parts = [collapsed(part).strip(' .*“”"[]') for part in re.split(r"[,;]|\.(?= [A-Z][a-z]{3})", _spaced(printed))]
    parts = [part for part in parts if part]
    houses = [part for part in parts if _OFFICE.search(part)]
    names = [part for part in parts if part not in houses]
    country, region, names = _country(names, known, cities)
    house = _TO_HOME.sub("", ", ".join(houses))
    american = bool(_AMERICAN.search(house)) and bool(_MISSION.search(house))
    near = _near(houses, known) or around.states
    place = None
    for number, name in enumerate(reversed(names)):
        found = _candidates(name, country, known, cities)
        if american:
            found = [city for city in found if _state(city) != HOME or city.capital] or found
        if place := _city(found, country, region, near, cities):
            if place.certainty == "probable" and not country:
                place = _posted(place, name, around.posts, cities)
            # Behind it stands what nobody read: "Halifax, N. S.".  Before it, it may be a county: "Withyham, Sussex".
            doubtful = number or (
                len(names) > 1 and not country and _is_small(place.cities[0]) and place.cities[0].region
            )
            place = replace(place, certainty="probable") if doubtful else place
            break
    if place is None and not names and country and country in cities.capitals and american:
        place = Place(certainty="probable", rule="seat", cities=(cities.cities[cities.capitals[country]],))
    if place is None and _SEATS.match(", ".join(parts)):
        place = Place(certainty="probable", rule="seat", cities=(cities.cities[cities.capitals[HOME]],))
    if place is None:
        return Place(certainty="unresolved", rule="no-such-place")
    state = place.cities[0].state
    mission = state if american and state != HOME and f"chief/{state}" in known.offices else None
    return replace(place, mission=mission)


def _spaced(printed: str) -> str:
    """ "Legation of the United States Paris" was printed with a comma."""
    words = re.sub(r",(?=\S)", ", ", collapsed(printed))
    return re.sub(r"((?:United States|Department o[fp] State)) (?=[A-Z][a-z]+$)", r"\1, ", words)


def _country(names: list[str], known: Authorities, cities: Gazetteer) -> tuple[str | None, str | None, list[str]]:
    """The country or the American region behind the name, and the names before it.

    What nobody knows may follow, or a larger land: "Annapolis, Md., In Council", "Leon, Nicaragua, Central America".
    """
    for at in range(len(names) - 1, 0, -1):
        country, region = _land(names[at], known)
        if country and not (at > 1 and _land(names[at - 1], known)[0]):
            return country, region, names[:at]
        if not country and cities.named(names[at]):
            break
    return None, None, names


def _land(words: str, known: Authorities) -> tuple[str | None, str | None]:
    """The country and the American region that words name: "Mass", "in Switzerland"."""
    words = re.sub(r"^in (?:the )?(?=[A-Z])", "", words)
    key = re.sub(r"[^a-z]", "", words.casefold())
    if key in _REGIONS:
        return HOME, _REGIONS[key]
    if key in _PROVINCES:
        return "canada", None
    states = known.states_named(words)
    return (states[0].id, None) if len(states) == 1 else (None, None)


def _near(houses: Sequence[str], known: Authorities) -> tuple[str, ...]:
    """The state in which the mission is: "Legation of the United States in Japan"."""
    found = re.search(r"\b(?:in|to|for) (?:the )?([A-Z][\w ]+?)$", ", ".join(houses))
    return tuple(state.id for state in known.states_named(found[1])) if found else ()


def _candidates(name: str, country: str | None, known: Authorities, cities: Gazetteer) -> list[City]:
    """The cities of a name, the larger first; those that it is not the own name of give way.

    "El Paso" is not meant for Colorado Springs beside a larger city of that name, nor "Bridgetown" for Portland beside
    a capital.  A name that a state has, too, is of a city in it: "San Marino", "Jamaica".
    """
    bare = re.sub(r"^(?:Port of|City of|Near|At|Off) (?=[A-Z])", "", name)
    found = cities.named(bare) or cities.named(name)
    own = [city for city in found if fold(city.name) in (fold(bare), fold(name))]
    if own and (own[0] == found[0] or any(city.capital for city in own)):
        found = own
    states = {state.id for state in known.states_named(name)} & cities.states if not country else set()
    return [city for city in found if city.state in states] if states else found


def _state(city: City) -> str | None:
    """The state that a city lay in when the United States had a mission there."""
    return _ONCE_STATES.get(city.region or "", city.state)


def _is_small(city: City) -> bool:
    return not city.capital and city.population < _GREAT


def _city(
    found: Sequence[City], country: str | None, region: str | None, near: Sequence[str], cities: Gazetteer
) -> Place | None:
    if country:
        inside = [
            city
            for city in found
            if country in (city.state, _state(city)) and (region is None or city.region == region)
        ]
        if inside:
            sure = len(inside) == 1 or _outweighs(inside)
            return _place("printed-country" if sure else "likeliest-city", inside, sure)
        # A state of another time had cities that lie in others today: "Riga, Russia".
        others = [city for city in found if region is None and city.state != HOME]
        by = [city for city in others if cities.kilometres(city, country) <= _KILOMETRES]
        return _place("likeliest-city", by, False) if by else None
    if not found:
        return None
    here = [city for city in found if city.state in near]
    there = here and (len(here) == 1 or _outweighs(here))
    if len(found) == 1:
        return _place("one-city", found, bool(there) or found[0].capital or found[0].population >= _GREAT)
    great = found[0].capital or found[0] in here or not there
    if _outweighs(found) and (great or (here[0].population < _SOME and found[0].population >= _GREAT)):
        return _place("great-city", found, found[0].capital or found[0] in here or found[0].population >= _GREAT)
    if there:
        return _place("city-of-country", here, True)
    return _place("likeliest-city", here or found, False)


def _posted(place: Place, name: str, posts: Sequence[Post], cities: Gazetteer) -> Place:
    """The place, if a consul's post decides it: to a city of the United States none is sent."""
    post = next((post for post in posts if fold(post.place) == fold(name)), None)
    found = cities.named(name) if post else []
    abroad = [city for city in found if city.state != HOME]
    if post is None or not abroad or place.cities[0] not in abroad:
        return place
    if post.own and (len(abroad) == 1 or _outweighs(abroad)):
        return Place(certainty="certain", rule="post", cities=(abroad[0],), post=post.words)
    if not post.own and (len(found) == 1 or _outweighs(found)):
        return Place(certainty="certain", rule="post-of-volume", cities=(found[0],), post=post.words)
    return place


def _outweighs(found: Sequence[City]) -> bool:
    first, second = found[0], found[1]
    return first.population >= _WEIGHT * second.population or (first.capital and first.population > second.population)


def _place(rule: str, found: Sequence[City], sure: bool) -> Place:
    """Where a rule is not sure of its city it has it as a candidate."""
    return Place(certainty="certain" if sure else "probable", rule=rule, cities=tuple(found[: 1 if sure else 3]))


# ---------------------------------------------------------------------------------------------- statements


def place_statements(
    out: Statements,
    iris: Iris,
    event: tuple[str, str],
    key: tuple[str, str, str],
    printed: str,
    place: Place,
    where: str | None = None,
) -> None:
    """What is concluded of an event's place; `event` is its IRI and label, `key` volume, document and event, `where`
    the passage that names the place."""
    subject, label = event
    rules = ((f"place-{place.rule}", *RULES[place.rule]),)
    for rank, city in enumerate(place.cities, 1):
        target = iris.thing("place", city.id)
        describe_place(out.shared, iris, target, city)
        node = iris.inference(key[0], key[1], f"{key[2]}-place-{rank}")
        infer(
            out,
            iris,
            Inference(
                iri=node,
                label=f"{label}: {city.name}",
                subject=subject,
                predicate=DGM.place,
                value=iri(target),
                certainty=place.certainty,
                rules=rules,
                evidence=f"{printed}; {place.post}" if place.post else printed,
                passage=where,
            ),
        )
        if len(place.cities) > 1:
            out.add(node, DGM.rank, integer(rank))
    if place.mission:
        mission = Inference(
            iri=iris.inference(key[0], key[1], f"{key[2]}-mission"),
            label=f"{label}: mission, {place.mission}",
            subject=subject,
            predicate=DGM.mission,
            value=iri(iris.mission(HOME, place.mission)),
            certainty=place.certainty,
            rules=(("place-mission", *RULES["mission"]),),
            evidence=printed,
            passage=where,
        )
        infer(out, iris, mission)


def describe_place(out: Statements, iris: Iris, subject: str, city: City) -> None:
    out.describe(subject, DGM.Place, city.name)
    out.add(subject, SCHEMA.latitude, literal(city.latitude, XSD.decimal))
    out.add(subject, SCHEMA.longitude, literal(city.longitude, XSD.decimal))
    out.link(subject, SKOS.exactMatch, f"https://sws.geonames.org/{city.id}/")
    if city.state:
        out.link(subject, DGM.state, describe_state(out, iris, city.state))


def describe_state(out: Statements, iris: Iris, identifier: str) -> str:
    """The state's IRI, its label and identifier said as the registers say them."""
    state = iris.state(identifier)
    out.describe(state, DGM.State, authorities().states[identifier].label)
    out.text(state, DCTERMS.identifier, identifier)
    return state
