"""The grammar of offices, on offices of every kind."""

from __future__ import annotations

import pytest

from kg import offices
from kg.authorities import authorities


@pytest.mark.parametrize(
    ("role", "year", "ids"),
    [
        ("Secretary of State", "1934", ("principal/secretary",)),
        ("American Secretary of State", "1919", ("principal/secretary",)),
        ("Under Secretary of State", "1934", ("principal/under-secretary",)),
        ("Third Assistant Secretary of State", "1918", ("principal/third-assistant-secretary",)),
        ("Counselor for the Department of State", "1917", ("principal/counselor",)),
        ("Legal Adviser", "1934", ("principal/legal-adviser",)),
        ("Assistant Secretary of State for European Affairs", "1965", ()),
        ("Director of Policy Planning", "1950", ("principal/director-policy-planning",)),
        ("President", "1919", ("president",)),
        ("President of the United States", "1919", ("president",)),
        ("Ambassador in Japan", "1934", ("chief/japan",)),
        ("the Ambassador in Great Britain", "1917", ("chief/united-kingdom",)),
        ("Minister in Persia", "1925", ("chief/iran",)),
        ("Minister in Siam", "1925", ("chief/thailand",)),
        ("Minister in the Kingdom of the Serbs, Croats and Slovenes", "1925", ()),
        ("Minister in the Netherlands", "1917", ("chief/netherlands",)),
        ("Minister Resident of the United States in Japan", "1864", ("chief/japan",)),
        ("American Ambassador in Brazil", "1930", ("chief/brazil",)),
        ("Ambassador in the Soviet Union", "1934", ("chief/russia",)),
        ("Envoy Extraordinary and Minister Plenipotentiary to Chile", "1884", ("chief/chile",)),
        ("Appointed Minister to Ecuador", "1925", ("chief/ecuador",)),
    ],
)
def test_an_office_of_the_registers_is_known_by_its_words(role: str, year: str, ids: tuple[str, ...]) -> None:
    found = offices.read(role, authorities(), year)
    if ids:
        assert found.offices == ids
    else:
        assert found.offices != ("principal/secretary",)


@pytest.mark.parametrize(
    ("role", "kind", "state"),
    [
        ("Japanese Ambassador", "foreign", "japan"),
        ("British Chargé", "foreign", "united-kingdom"),
        ("Persian Minister for Foreign Affairs", "foreign", "iran"),
        ("President of Cuba", "foreign", "cuba"),
        ("Liberian Secretary of State", "foreign", "liberia"),
        ("Minister for Foreign Affairs", "foreign", None),
        ("British Embassy", "body", "united-kingdom"),
        ("Department of State", "body", None),
        ("Commission to Negotiate Peace", "body", None),
        ("Commercial Adviser of the British Embassy", "other", None),
        ("Consul at Geneva", "consul", None),
        ("Acting Consul General", "consul", None),
        ("Vice Consul in Charge at Bluefields", "consul", None),
        ("Chairman of the American Delegation", "other", None),
        ("High Commissioner in Haiti", "other", None),
        ("Secretary of War", "other", None),
        ("Former Ambassador in Japan", "other", None),
    ],
)
def test_other_offices_and_bodies_are_told_apart(role: str, kind: str, state: str | None) -> None:
    found = offices.read(role, authorities(), "1925")
    assert (found.kind, found.state, found.offices) == (kind, state, ())


def test_acting_in_charge_and_open_are_told() -> None:
    assert offices.read("Acting Secretary of State", authorities(), "1934").acting
    charge = offices.read("Chargé in Brazil", authorities(), "1934")
    assert (charge.interim, charge.offices) == (True, ("chief/brazil",))
    minister = offices.read("American Minister", authorities(), "1884")
    assert (minister.kind, minister.open, minister.offices) == ("chief", True, ())


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("GREAT BRITAIN.", ("united-kingdom",)),
        ("Great Britain", ("united-kingdom",)),
        ("Correspondence with the Argentine Republic", ("argentina",)),
        ("Austria-Hungary", ("austria",)),
        ("Boundary Dispute Between Bolivia and Paraguay", ("bolivia", "paraguay")),
        ("Relations of the United States", ()),
        ("Miscellaneous", ()),
    ],
)
def test_a_chapters_heading_names_states(heading: str, states: tuple[str, ...]) -> None:
    assert offices.states_in(heading, authorities(), "1884") == states
