"""The names that the grammar of mentions knows: of the registers, the gazetteer and the documents themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from kg import headings, mentions
from kg.authorities import Authorities
from kg.document import Document
from kg.gazetteer import PLACES_FOLDER, Gazetteer, gazetteer
from kg.mentions import Lexicon
from kg.resolution import surname

# People of a city of which the name alone tells that it is meant, and of one that must stand behind "at" or "in".
_KNOWN, _SMALL = 300_000, 50_000
# Adjectives of peoples and parts of the world: they name no state, and are no persons.
_OF_NO_STATE = [
    "African",
    "European",
    "Asiatic",
    "Asian",
    "Arab",
    "Arabian",
    "Jewish",
    "Slavic",
    "Slav",
    "Balkan",
    "Baltic",
    "Scandinavian",
    "Christian",
]
# Honorifics that stand before nothing but names.
_CIVIL = frozenset(
    ["Mr.", "Mrs.", "Miss", "Messrs.", "M.", "MM.", "Dr.", "Sir", "Lord", "Colonel", "Professor", "Señor", "Monsieur"]
)
_LOWER = re.compile(r"(?<![\w’'-])[a-zà-öø-ÿ]{2,}(?![\w’'-])")


@cache
def registers(known: Authorities) -> Lexicon:
    """The names of the registers and the gazetteer."""
    states: set[str] = set()
    adjectives: set[str] = set()
    for state in known.states.values():
        for one in state.names:
            (adjectives if one.adjective else states).add(one.name)
    states |= {"U. S.", "U. S. A.", "U. S. S. R.", "U.S."}
    adjectives |= {"U. S.", "U.S.", *_OF_NO_STATE}
    regions = region_names()
    surnames = {person.surname for person in known.persons.values()}
    cities, weak = _cities(gazetteer(), frozenset(surnames))
    longest: Counter[str] = Counter()
    for name in (*states, *regions, *cities, *weak):
        first, count = name.split(" ")[0], name.count(" ") + 1
        longest[first] = max(longest[first], count)
    return Lexicon(
        states=frozenset(states),
        adjectives=frozenset(adjectives),
        cities=cities - states - regions,
        weak=weak - states - regions,
        regions=regions - states,
        forenames=_forenames(known),
        longest=dict(longest),
    )


@cache
def region_names() -> frozenset[str]:
    """The names of parts of the world, seas, provinces and states of federations; some were states at another time."""
    return frozenset((PLACES_FOLDER / "regions.tsv").read_text(encoding="utf-8").split("\n")[1:]) - {""}


def _cities(cities: Gazetteer, surnames: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of cities of some size, and those that may as well be something else."""
    strong: set[str] = set()
    weak: set[str] = set()
    for city in cities.cities.values():
        great = city.capital or city.population >= _KNOWN
        if great or city.population >= _SMALL:
            (strong if city.capital or (great and city.name not in surnames) else weak).add(city.name)
    for name in cities.aliases:
        strong.add(name)
    for name, city in cities.former_names():
        if city.capital or city.population >= _KNOWN:
            (strong if city.capital or (city.population >= 1_000_000 and name not in surnames) else weak).add(name)
    return frozenset(strong), frozenset(weak - strong)


@cache
def _capitals() -> frozenset[str]:
    cities = gazetteer()
    former = {name for name, city in cities.former_names() if city.capital}
    return frozenset({city.name for city in cities.cities.values() if city.capital} | former)


def _forenames(known: Authorities) -> frozenset[str]:
    """First names that three persons of the registers have."""
    count: Counter[str] = Counter()
    for person in known.persons.values():
        count.update(set(re.findall(r"[A-ZÀ-Þ][^\W\d_]+", person.forename or "")[:1]))
    for entry in known.listed_persons.values():
        _, _, behind = entry.name.partition(", ")
        count.update(set(re.findall(r"[A-ZÀ-Þ][^\W\d_]+", behind)[:1]))
    return frozenset(name for name, times in count.items() if times >= 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What documents tell of names: surnames that are persons' for certain (`told`), those that are unless they are
    words of the language, too (`named`), and the words that stand in lower case."""

    told: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def __or__(self, other: Names) -> Names:
        return Names(told=self.told | other.told, named=self.named | other.named, words=self.words | other.words)


def of_documents(documents: Iterable[Document], base: Lexicon) -> Lexicon:
    """The lexicon with the names and words of documents."""
    return with_names(names(documents, base), base)


def names(documents: Iterable[Document], base: Lexicon) -> Names:
    """The surnames that documents tell to be persons', and their words in lower case."""
    found: set[str] = set()
    named: set[str] = set()
    words: set[str] = set()
    for document in documents:
        for name in (*(party.name for party in document.people), *(one.name for one in document.signatures)):
            found |= _surnames(name) if name else set()
        for text in (document.text, *(note.text for note in document.footnotes)):
            words.update(_LOWER.findall(text))
            for one in mentions.find(text, base):
                # The Duke of Callao makes no surname of the place.
                if (
                    " of " not in one.surface
                    and one.kind == "person"
                    and one.name
                    and len(surname(one.name)) > 2
                    and not surname(one.name).isupper()
                ):
                    (found if one.title in _CIVIL else named).add(surname(one.name))
    return Names(told=frozenset(found), named=frozenset(named), words=frozenset(words))


# Ranks and courtesies that stand where a name is looked for: "Lt. Col.", "Sirs", "Example & Co.".
_NO_SURNAMES = frozenset(
    ["Col", "Gen", "Capt", "Lieut", "Lt", "Maj", "Adm", "Sir", "Sirs", "Co", "CO", "Esq", "Jr", "FR"]
)


def _surnames(name: str) -> set[str]:
    """The surname of a party's or a signer's name, and all of it that stands before a comma, if it is one's name:
    neither an office ("The Secretary of War", "Acting Secretary") nor a rank."""
    whole, last = name.split(", ")[0], surname(name)
    if headings.names_office(name):
        return set()
    own = {last, whole} if whole.split(" ")[-1] not in mentions.STOP or " " not in whole else {last}
    return {one for one in own if one.split(" ")[-1].strip(".") not in _NO_SURNAMES}


def with_names(told: Names, base: Lexicon) -> Lexicon:
    """The lexicon with names that documents tell."""
    found = told.told | {name for name in told.named if name.casefold() not in told.words}
    people = base.cities & (found - _capitals())  # "Orlando" is who is spoken of, "Washington" is not
    cities, weak = base.cities - people, base.weak | people
    return replace(base, cities=cities, weak=weak, surnames=found, words=told.words)
