"""The places of datelines: cities of the gazetteer, missions, and what is left open."""

from __future__ import annotations

from typing import Literal

import pyoxigraph as ox
import pytest

from kg.document import Document, Party
from kg.gazetteer import gazetteer
from kg.iris import Iris
from kg.places import RULES, Post, Setting, place_statements, posts, resolve
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
        ("Legation of the United States Paris", (), "Paris", "FR", "one-city"),
        ("Geneva, in Switzerland", (), "Geneva", "CH", "printed-country"),
        ("Grafton, W. Va", (), "Grafton", "US", "printed-country"),
        ("Santa Fé, N. Mex", (), "Santa Fe", "US", "printed-country"),
        ("Annapolis, Md., In Council", (), "Annapolis", "US", "printed-country"),
        ("Kingston, Jamaica, West Indies", (), "Kingston", "JM", "printed-country"),
        ("Managua, Nicaragua, Central America", (), "Managua", "NI", "printed-country"),
        ("El Paso", (), "El Paso", "US", "one-city"),
        ("Wu-Chang", (), "Wuhan", "CN", "one-city"),
    ],
)
def test_a_place_is_a_city_for_certain(
    printed: str, states: tuple[str, ...], city: str, country: str, rule: str
) -> None:
    place = resolve(printed, Setting(states=states))
    assert (place.certainty, place.rule) == ("certain", rule)
    assert [(one.name, one.country) for one in place.cities] == [(city, country)]


@pytest.mark.parametrize(
    ("printed", "states"),
    [
        ("Concord", ()),  # several of like size
        ("Bagdad, Turkey", ()),  # once a city of the country that is printed
        ("Port Arthur, Russia", ()),
        ("Manor House, Withyham, Oxford", ("united-states",)),  # of a county, it may be
        ("Treasury Department", ()),  # an office without its place
        ("San José", ()),
    ],
)
def test_what_is_not_sure_is_probable(printed: str, states: tuple[str, ...]) -> None:
    assert resolve(printed, Setting(states=states)).certainty == "probable"


@pytest.mark.parametrize(
    ("printed", "states"),
    [
        ("Foreign Office", ()),
        ("Manchester, Nev", ()),
        ("On board the Swan", ()),
        ("Nowhere at all", ()),
        ("", ()),
        ("Manor House, Withyham, Sussex", ("united-states",)),
        # The one of the name is a city of another state than that which has the name, or is printed, or is sent to.
        ("San Marino", ()),
        ("Bagdad, Mexico", ()),
        ("Greytown, Nicaragua", ()),
        ("Legation of the United States, San Ildefonso", ("spain",)),
    ],
)
def test_what_is_no_city_is_left_open(printed: str, states: tuple[str, ...]) -> None:
    place = resolve(printed, Setting(states=states))
    assert (place.certainty, place.cities, place.mission) == ("unresolved", (), None)


def test_a_city_in_another_country_than_is_printed_is_no_candidate() -> None:
    assert [city.country for city in resolve("Belfast, Ireland").cities] == ["GB"]


def test_a_mission_of_the_united_states_is_abroad() -> None:
    assert {city.country for city in resolve("Limerick").cities} == {"IE", "US"}
    assert [city.country for city in resolve("Consular Agency of the United States, Limerick").cities] == ["IE"]
    assert resolve("Legation of France in the United States, Washington").cities[0].region == "DC"
    assert resolve("Legation of the United States, Guatemala and Honduras, Washington").cities[0].region == "DC"
    # Honolulu was abroad.
    assert resolve("Legation of the United States, Honolulu, Hawaiian Islands").cities[0].region == "HI"
    assert resolve("Legation of the United States of Brazil, Washington").cities[0].region == "DC"


def test_a_town_in_the_country_of_the_chapter_goes_before_a_larger_one_elsewhere() -> None:
    printed = "Consulate of the United States, Queenstown"
    place = resolve(printed, Setting(states=("united-kingdom",)))
    assert (place.certainty, [city.country for city in place.cities]) == ("certain", ["GB"])


def test_a_capital_bears_its_name_before_a_city_that_is_called_so_besides() -> None:
    assert [(city.name, city.country) for city in resolve("Bridgetown, Barbadoes").cities] == [("Bridgetown", "BB")]


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


def consulate(role: str, direction: Literal["from", "to"] = "from") -> Document:
    party = Party(direction=direction, printed=f"The {role} (Gilbert)", name="Gilbert", role=role)
    return Document(volume="frus1934v04", id="d1", order=1, line=1, text="", parties=(party,))


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("Consul at Geneva", "Geneva"),
        ("Acting Consul General at Ottawa", "Ottawa"),
        ("American Vice Consul at Geneva", "Geneva"),
        ("British Consul at Geneva", None),
        ("Consul", None),
        ("Minister in Switzerland", None),
    ],
)
def test_the_post_of_a_consul_of_the_united_states_is_printed_in_his_office(role: str, place: str | None) -> None:
    assert [post.place for post in posts([consulate(role)])] == ([place] if place else [])


def test_a_consuls_post_is_no_city_of_the_united_states() -> None:
    assert [city.country for city in resolve("Geneva").cities] == ["CH", "US", "US"]
    own = posts([consulate("Consul at Geneva")], own=True)
    place = resolve("Geneva", Setting(posts=own))
    assert (place.certainty, place.rule, place.post) == ("certain", "post", "The Consul at Geneva (Gilbert)")
    assert [city.country for city in place.cities] == ["CH"]
    # Who writes to him is not there; and another place is not his.
    assert posts([consulate("Consul at Geneva", "to")], own=True) == ()
    assert resolve("Concord", Setting(posts=own)).certainty == "probable"
    # A country that is printed says more.
    assert resolve("Geneva, New York", Setting(posts=own)).cities[0].country == "US"


def test_a_consuls_post_decides_for_others_only_where_the_city_is_far_the_largest() -> None:
    around = posts([consulate("Consul at Geneva"), consulate("Consul at Santander")])
    place = resolve("Hotel de Ville, Geneva", Setting(posts=around))
    assert (place.certainty, place.rule, place.cities[0].country) == ("certain", "post-of-volume", "CH")
    assert resolve("Santander", Setting(posts=around)) == resolve("Santander")


def test_the_consul_who_decided_is_the_evidence() -> None:
    out, iris = Statements("http://g/"), Iris("http://localhost:8000/")
    place = resolve("Geneva", Setting(posts=(Post(place="Geneva", words="The Consul at Geneva", own=True),)))
    place_statements(out, iris, (iris.event("v", "d1", "sending"), "Sending"), ("v", "d1", "sending"), "Geneva", place)
    (line,) = [line for line in canonical(out) if f"<{DGM.evidence}>" in line]
    assert '"Geneva; The Consul at Geneva"' in line
