"""The places of datelines: cities of the gazetteer, missions, and what is left open."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.gazetteer import gazetteer
from kg.iris import Iris
from kg.places import RULES, place_statements, resolve
from kg.statements import Statements, canonical
from kg.vocabulary import DGM, RDF, RDFS, SCHEMA


@pytest.mark.parametrize(
    ("printed", "states", "city", "country", "rule"),
    [
        ("Washington", (), "Washington", "US", "great-city"),
        ("Washington", ("united-kingdom",), "Washington", "US", "great-city"),
        ("Department of State, Washington", (), "Washington", "US", "great-city"),
        ("Washington, D. C", (), "Washington", "US", "printed-country"),
        ("Paris", (), "Paris", "FR", "great-city"),
        ("Peking", (), "Beijing", "CN", "one-city"),
        ("Yedo", (), "Tokyo", "JP", "one-city"),
        ("Christiania", (), "Oslo", "NO", "one-city"),
        ("Constantinople", (), "Istanbul", "TR", "one-city"),
        ("Petrograd", (), "Saint Petersburg", "RU", "one-city"),
        ("Habana", (), "Havana", "CU", "one-city"),
        ("Mexico", ("mexico",), "Mexico City", "MX", "one-city"),
        ("San José", ("costa-rica",), "San José", "CR", "city-of-country"),
        ("Legation of the U. S. A., Nicaragua, Leon", ("nicaragua",), "León", "NI", "city-of-country"),
        ("Legation of the United States, Teheran, Persia", (), "Tehran", "IR", "printed-country"),
        ("Akron, Ohio", (), "Akron", "US", "printed-country"),
        ("Consulate of the United States, Halifax, N. S", ("united-kingdom",), "Halifax", "CA", "printed-country"),
        ("Legation of the United States Paris", (), "Paris", "FR", "great-city"),
    ],
)
def test_a_place_is_a_city_for_certain(
    printed: str, states: tuple[str, ...], city: str, country: str, rule: str
) -> None:
    place = resolve(printed, states)
    assert (place.certainty, place.rule) == ("certain", rule)
    assert [(one.name, one.country) for one in place.cities] == [(city, country)]


@pytest.mark.parametrize(
    ("printed", "states"),
    [
        ("Concord", ()),  # several of like size
        ("San Marino", ()),  # the one of the gazetteer is small and elsewhere
        ("Legation of the United States, San Ildefonso", ("spain",)),
        ("Bagdad, Mexico", ()),  # no such city in the country that is printed
        ("Treasury Department", ()),  # an office without its place
        ("San José", ()),
    ],
)
def test_what_is_not_sure_is_probable(printed: str, states: tuple[str, ...]) -> None:
    assert resolve(printed, states).certainty == "probable"


@pytest.mark.parametrize("printed", ["Foreign Office", "Manchester, Nev", "On board the Swan", "Nowhere at all", ""])
def test_what_is_no_city_is_left_open(printed: str) -> None:
    place = resolve(printed)
    assert (place.certainty, place.cities, place.mission) == ("unresolved", (), None)


@pytest.mark.parametrize(
    ("printed", "mission"),
    [
        ("Legation of the United States, Peking", "china"),
        ("American Embassy, London", "united-kingdom"),
        ("United States Consulate, Guayaquil", "ecuador"),
        ("British Embassy, Washington", None),
        ("Legation of France in China, Peking", None),
        ("Peking", None),
    ],
)
def test_a_mission_of_the_united_states_is_known_by_its_words(printed: str, mission: str | None) -> None:
    assert resolve(printed).mission == mission


def test_cities_have_coordinates_and_a_state() -> None:
    (tokyo,) = resolve("Tokyo").cities
    assert (tokyo.state, tokyo.capital) == ("japan", True)
    assert 35 < float(tokyo.latitude) < 36
    assert 139 < float(tokyo.longitude) < 140
    assert gazetteer().cities[gazetteer().capitals["united-states"]].name == "Washington"


def test_a_place_is_concluded_and_described_where_all_sources_share_it() -> None:
    iris = Iris("https://example.org/")
    out = Statements("https://example.org/g", iris.shared_graph())
    event = iris.event("v", "d1", "sending")
    printed = "Legation of the United States, Peking"
    place_statements(out, iris, (event, "Sending"), ("v", "d1", "sending"), printed, resolve(printed))
    store = ox.Store()
    store.extend(ox.parse("".join(canonical(out)).encode(), format=ox.RdfFormat.N_QUADS))
    query = """SELECT ?p ?label ?lat { ?i rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
        dgm:certainty dgm:certain .
        OPTIONAL { GRAPH ?shared { ?o rdfs:label ?label ; schema:latitude ?lat } } } ORDER BY ?p"""
    prefixes = {"dgm": DGM.iri, "rdf": RDF.iri, "rdfs": RDFS.iri, "schema": SCHEMA.iri}
    found = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    rows = [[getattr(value, "value", None) for value in row] for row in found]
    assert [row[0] for row in rows] == [DGM.mission, DGM.place]
    assert rows[1][1:] == ["Beijing", "39.9075"]


def test_every_rule_is_explained_in_words() -> None:
    assert all(label and definition.endswith(".") for label, definition in RULES.values())
