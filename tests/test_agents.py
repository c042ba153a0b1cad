"""The persons of a source's parties, as values and as statements."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from kg import headings
from kg.agents import agent_statements, find_agents, person_statements
from kg.authorities import authorities
from kg.document import Division, Document, Event, ListedPerson, PartialDate, Party, Signature, Volume
from kg.iris import Iris
from kg.links import Links
from kg.statements import Statements, canonical
from kg.triples import document_statements
from kg.vocabulary import DGM, RDF

IRIS = Iris("https://example.org/")
VOLUME = Volume(
    id="frus1934v09",
    divisions=(Division(id="ch1", type="chapter", heading="Japan", parent=None, order=1, line=1),),
)


def document(id: str, day: str, *parties: Party, signed: str | None = None) -> Document:
    date = PartialDate(printed=day, edtf=day, earliest=day, latest=day)
    return Document(
        volume=VOLUME.id,
        id=id,
        order=1,
        line=1,
        text="Text.",
        title=" to ".join(party.printed for party in parties),
        division="ch1",
        parties=parties,
        sent=Event(printed=day, date=date),
        signatures=(Signature(printed=signed, name=signed),) if signed else (),
    )


def sender(printed: str, role: str | None = None, name: str | None = None, person: str | None = None) -> Party:
    return Party(direction="from", printed=printed, role=role, name=name, person=person)


SECRETARY = Party(direction="to", printed="the Secretary of State", role="Secretary of State")
GREW = sender("The Ambassador in Japan (Grew)", "Ambassador in Japan", "Grew")
SAITO = sender("The Japanese Ambassador (Saito)", "Japanese Ambassador", "Saito")


def rows(*documents: Document) -> list[tuple[str, ...]]:
    """(side, certainty, predicate, object, rank) of what is concluded of parties."""
    agents = find_agents(VOLUME, documents, authorities())
    store = ox.Store()
    for one in documents:
        out = Statements("https://example.org/g")
        agent_statements(out, IRIS, one, agents)
        store.extend(ox.parse("".join(canonical(out)).encode(), format=ox.RdfFormat.N_QUADS))
    query = """SELECT ?s ?c ?p ?o ?r { ?i a dgm:Inference ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
        dgm:certainty ?c ; dgm:rule ?rule ; dgm:evidence ?e OPTIONAL { ?i dgm:rank ?r } }"""
    found = store.query(query, prefixes={"dgm": DGM.iri, "rdf": RDF.iri}, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [[getattr(value, "value", "") for value in row] for row in found]
    return sorted(
        (s.rpartition("/")[2], *(cell.rpartition("#")[2] for cell in (c, p)), o.removeprefix(IRIS.base + "id/"), r)
        for s, c, p, o, r in names
    )


def test_a_certain_person_is_the_registers_and_an_inference() -> None:
    assert rows(document("d1", "1934-03-01", GREW, SECRETARY)) == [
        ("from-1", "certain", "office", "office/chief/japan", ""),
        ("from-1", "certain", "person", "person/grew-joseph-clark", ""),
        ("to-1", "certain", "office", "office/principal/secretary", ""),
        ("to-1", "certain", "person", "person/hull-cordell", ""),
    ]


def test_whom_the_registers_cannot_know_is_a_person_of_the_volume() -> None:
    found = rows(document("d1", "1934-03-01", SAITO, SECRETARY), document("d2", "1934-05-01", SAITO))
    assert ("from-1", "certain", "person", "person/frus1934v09/saito-japanese-ambassador", "") in found
    agents = find_agents(
        VOLUME, [document("d1", "1934-03-01", SAITO), document("d2", "1934-05-01", SAITO)], authorities()
    )
    out = Statements("https://example.org/g")
    person_statements(out, IRIS, VOLUME.id, agents)
    lines = canonical(out)
    assert sum("/person/frus1934v09/saito-japanese-ambassador> " in line for line in lines) == len(lines)
    assert any(f'{DGM.earliest}> "1934-03-01"' in line for line in lines)
    assert any(f'{DGM.latest}> "1934-05-01"' in line for line in lines)


def test_one_name_in_two_offices_is_two_persons_of_the_volume() -> None:
    consul = sender("The Consul at Novy (Saito)", "Consul at Novy", "Saito")
    agents = find_agents(
        VOLUME, [document("d1", "1934-03-01", SAITO), document("d2", "1934-03-01", consul)], authorities()
    )
    assert sorted(agents.persons) == ["saito-consul-at-novy", "saito-japanese-ambassador"]


def test_candidates_are_ranked_and_the_volumes_person_stands_beside_them() -> None:
    president = sender("The President", "President")
    assert rows(document("d1", "1963-11-22", president)) == [
        ("from-1", "certain", "office", "office/president", ""),
        ("from-1", "probable", "person", "person/johnson-lyndon-b", "2"),
        ("from-1", "probable", "person", "person/kennedy-john-f", "1"),
    ]
    misprinted = sender("The Minister in Norway (Schmedeman)", "Minister in Norway", "Schmedeman")
    assert {(row[1], row[3]) for row in rows(document("d1", "1917-03-01", misprinted)) if row[2] == "person"} == {
        ("certain", "person/frus1934v09/schmedeman-minister-in-norway"),
        ("probable", "person/schmedemann-albert-george"),
    }


def test_a_body_has_no_person() -> None:
    embassy = sender("The Japanese Embassy", "Japanese Embassy")
    assert rows(document("d1", "1934-03-01", embassy)) == []


def test_the_wife_of_a_president_is_not_the_president() -> None:
    wife = sender("Mrs. Woodrow Wilson", None, "Woodrow Wilson")
    found = rows(document("d1", "1919-03-01", wife))
    assert [row[3] for row in found] == ["person/frus1934v09/woodrow-wilson"]


def test_what_the_markup_points_to_stays_stated_and_a_certain_register_person_is_added() -> None:
    pointed = sender("The Ambassador in Japan (Grew)", "Ambassador in Japan", "Grew", "p_GJC1")
    one = document("d1", "1934-03-01", pointed)
    assert ("from-1", "certain", "person", "person/grew-joseph-clark", "") in rows(one)
    agents = find_agents(VOLUME, [one], authorities())
    lines = canonical(document_statements(IRIS, "https://example.org/g", one, Links(), agents))
    stated = f"<{IRIS.party(VOLUME.id, 'd1', 'from', 1)}> <{DGM.person}> <{IRIS.person(VOLUME.id, 'p_GJC1')}>"
    assert any(line.startswith(stated) for line in lines)


def test_a_pointer_into_a_list_that_the_register_knows_is_its_person() -> None:
    party = sender("Mr. De Palma", None, "De Palma", "frus1952-54v15p1#p_DPS1")
    found = rows(document("d1", "1953-03-01", party))
    assert ("from-1", "certain", "person", "person/de-palma-samuel", "1") not in found
    assert ("from-1", "certain", "person", "person/de-palma-samuel", "") in found


def test_those_present_are_resolved_by_name_office_and_day_with_the_words_that_list_them() -> None:
    present = tuple(map(headings.participant, ("Mr. Hull", "Mr. Venn", "The President")))
    one = replace(
        document("d1", "1934-03-01"), text="Present:\nMr. Hull\nMr. Venn\nThe President", participants=present
    )
    assert [(row[0], row[1], row[3]) for row in rows(one) if row[2] == "person"] == [
        ("participant-1", "certain", "person/hull-cordell"),
        ("participant-2", "certain", "person/frus1934v09/venn"),
        ("participant-3", "certain", "person/roosevelt-franklin-d"),
    ]
    lines = canonical(
        document_statements(IRIS, "https://example.org/g", one, Links(), find_agents(VOLUME, [one], authorities()))
    )
    assert any(f"<{DGM.passage}> <{IRIS.thing('passage', VOLUME.id, 'd1', 'text-9-17')}>" in line for line in lines)


def test_signatures_give_the_first_names_that_headings_leave_out() -> None:
    charge = sender("The Chargé in Honduras (Gibson)", "Chargé in Honduras", "Gibson")
    unsigned = document("d1", "1934-11-21", charge)
    signed = document("d2", "1934-11-22", charge, signed="Raleigh A. Gibson")
    people = {row[3] for row in rows(unsigned, signed) if row[2] == "person"}
    assert people == {"person/frus1934v09/gibson-charge-in-honduras"}


def test_a_surname_alone_is_probably_who_is_named_in_full_in_the_volume() -> None:
    present = tuple(map(headings.participant, ("Mr. Venn", "Mr. Orth", "Mr. Tarn")))
    first = replace(document("d1", "1934-03-01"), participants=present)
    full = ("Mr. Adam Venn", "Mr. Bert Orth", "Mr. Carl Orth", "Mr. Tarn")
    second = replace(document("d2", "1934-03-02"), participants=tuple(map(headings.participant, full)))
    found = [row for row in rows(first, second) if row[2] == "person" and row[1] == "probable"]
    assert found == [("participant-1", "probable", "person", "person/frus1934v09/adam-venn", "")]


def test_whoever_the_register_knows_is_meant_by_a_surname_alone_too() -> None:
    # Without a day in office, "Mr. Hull" is nobody of the register; in full he is, with an office and a day.
    hull = sender("The Secretary of State (Cordell Hull)", "Secretary of State", "Cordell Hull")
    found = rows(document("d1", "1934-03-01", hull), document("d2", "1950-03-01", sender("Mr. Hull", None, "Hull")))
    assert ("from-1", "probable", "person", "person/hull-cordell", "") in found


def test_an_office_that_a_tag_calls_a_person_is_an_office() -> None:
    tagged = sender("The Secretary of State", None, "The Secretary of State")
    assert [(row[1], row[3]) for row in rows(document("d1", "1934-03-01", tagged)) if row[2] == "person"] == [
        ("certain", "person/hull-cordell")
    ]
    for printed in ("the minister of foreign affairs", "Japanese Ministers", "The Pope"):
        assert rows(document("d1", "1934-03-01", sender(printed, None, printed))) == []
    # More is printed than the tag has.
    board = sender("The Secretary to the Board of Trade", None, "The Secretary")
    assert rows(document("d1", "1934-03-01", board)) == []
    for name in ("d’Example", "von Venn", "the Duke of Venn", "Prince Venn"):
        assert [row[2] for row in rows(document("d1", "1934-03-01", sender(name, None, name)))] == ["person"]


def test_of_several_names_in_one_tag_each_is_a_person() -> None:
    party = sender("The Commissioners (Hull, Venn, and Orth)", "Commissioners", "Hull, Venn, and Orth")
    assert [(row[1], row[3]) for row in rows(document("d1", "1934-03-01", party))] == [
        ("certain", "person/frus1934v09/orth"),
        ("certain", "person/frus1934v09/venn"),
        ("certain", "person/hull-cordell"),
    ]


def test_a_misprint_in_the_heading_is_decided_by_the_signature() -> None:
    misprinted = sender("The Minister in Norway (Schmedeman)", "Minister in Norway", "Schmedeman")
    one = document("d1", "1917-03-01", misprinted, signed="Albert G. Schmedemann")
    assert {(row[1], row[3]) for row in rows(one) if row[2] == "person" and row[0] == "from-1"} == {
        ("certain", "person/schmedemann-albert-george")
    }
    other = document("d1", "1917-03-01", misprinted, signed="Venn")
    assert ("from-1", "probable", "person", "person/schmedemann-albert-george", "") in rows(other)


def test_a_signer_for_the_secretary_is_not_the_secretary() -> None:
    secretary = sender("The Secretary of State", "Secretary of State")
    one = document("d1", "1934-09-22", secretary)
    signed = Signature(printed="Sumner Welles", name="Sumner Welles", behalf="Secretary of State")
    one = replace(one, signatures=(signed,))
    agents = find_agents(VOLUME, [one], authorities())
    assert agents.parties[one.identifier][0].resolution.person == "hull-cordell"
    assert agents.signers[one.identifier] == ["welles-benjamin-sumner"]


def test_one_whom_the_heading_of_a_conversation_names_is_shown_there_and_not_in_the_text() -> None:
    present = tuple(map(headings.participant, ("the Secretary of State", "Mr. Venn")))
    title = "Conversation Between the Secretary of State and Mr. Venn"
    named = replace(
        document("d1", "1934-03-01"), title=title, text="So the Secretary of State said.", participants=present
    )
    out = Statements("https://example.org/g")
    agent_statements(out, IRIS, named, find_agents(VOLUME, [named], authorities()))
    lines = "".join(canonical(out))
    assert IRIS.thing("passage", VOLUME.id, "d1", "title-21-43") in lines
    assert "text-3-25" not in lines


def test_whom_the_volume_lists_is_none_who_has_another_first_name() -> None:
    # William Bundy was Assistant Secretary that day.
    bundy = sender("Bundy", name="Bundy", person="p_BM1")
    volume = replace(VOLUME, persons=(ListedPerson(id="p_BM1", name="Bundy, McGeorge"),))
    one = document("d1", "1964-05-27", bundy)
    (agent,) = find_agents(volume, [one], authorities()).parties[one.identifier]
    assert agent.resolution.person is None
    (agent,) = find_agents(VOLUME, [one], authorities()).parties[one.identifier]
    assert agent.resolution.person == "bundy-william-putnam"


def test_one_of_those_present_may_be_another_than_the_officer_of_his_surname() -> None:
    present = tuple(map(headings.participant, ("Mr. Bundy", "Mr. William P. Bundy")))
    one = replace(document("d1", "1964-05-27"), participants=present)
    agents = find_agents(VOLUME, [one], authorities()).parties[one.identifier]
    assert [agent.resolution.certainty for agent in agents] == ["probable", "certain"]
