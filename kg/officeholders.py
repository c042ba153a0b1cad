"""The registers as statements: people, offices, terms, states, what passed between them, visits and travels.

Each register is a graph of its own.  What it states is stated: dates as precise as it gives them, each with its
meaning, and its words on them.  docs/decisions/0006-registers.md tells how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from kg.authorities import HOME, Authorities, ListedEntry, Office, RegisterPerson, State, Term
from kg.iris import Iris
from kg.statements import Statements, literal
from kg.statements import Term as RdfTerm
from kg.vocabulary import DCTERMS, DGM, ORG, RDFS, SKOS, XSD

VIAF = "http://viaf.org/viaf/"
_DATATYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


def date(value: str | None) -> RdfTerm | None:
    """A year, a month or a day as the literal that says no more."""
    return literal(value, _DATATYPES[len(value)]) if value else None


def register_statements(
    iris: Iris, graph: str, register: str, known: Authorities, volumes: Collection[str] = ()
) -> Statements:
    """All that a register states; of the register of people, what concerns the lists of these volumes."""
    out = Statements(graph, iris.shared_graph())
    for part in _PARTS[register]:
        part(out, iris, known, volumes)
    return out


def state_statements(iris: Iris, known: Authorities) -> Statements:
    """States and their names of the time, which registers and readers share."""
    out = Statements(iris.shared_graph())
    for state in known.states.values():
        _state(out, iris, state)
    return out


def _state(out: Statements, iris: Iris, state: State) -> None:
    subject = iris.state(state.id)
    out.describe(subject, DGM.State, state.label)
    out.text(subject, DCTERMS.identifier, state.id)
    for name in state.names:
        if name.adjective or name.name == state.label:
            continue
        node = iris.thing("state-name", state.id, name.name)
        out.describe(node, DGM.StateName, name.name)
        out.link(node, DGM.state, subject)
        out.add(node, DGM.earliest, date(name.start))
        out.add(node, DGM.latest, date(name.end))
        out.text(subject, SKOS.altLabel, name.name)


def _persons(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    for person in known.persons.values():
        _person(out, iris, person)


def _person(out: Statements, iris: Iris, person: RegisterPerson) -> None:
    subject = iris.register_person(person.id)
    out.describe(subject, DGM.Person, person.name)
    out.text(subject, DCTERMS.identifier, person.id)
    out.text(subject, DGM.authority, person.id)
    out.text(subject, SKOS.altLabel, *(name for name in person.alternative if name != person.name))
    out.add(subject, DGM.birthYear, date(person.birth))
    out.add(subject, DGM.deathYear, date(person.death))
    out.link(subject, SKOS.exactMatch, f"{VIAF}{person.viaf}" if person.viaf else None)


def _offices(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    for office in known.offices.values():
        _office(out, iris, office, known.states)


def _office(out: Statements, iris: Iris, office: Office, states: Mapping[str, State]) -> None:
    subject = iris.office(office.id)
    out.describe(subject, DGM.Office, office.label)
    out.text(subject, DCTERMS.identifier, office.id)
    out.link(subject, DGM.sendingState, iris.state(HOME))
    if office.receiving:
        mission = iris.mission(HOME, office.receiving)
        out.describe(mission, DGM.Mission, f"Mission of the United States, {states[office.receiving].label}")
        for one in (subject, mission):
            out.link(one, DGM.receivingState, iris.state(office.receiving))
        out.link(mission, DGM.sendingState, iris.state(HOME))
        out.link(subject, ORG.postIn, mission)
    out.add(subject, DGM.earliest, date(office.start))
    out.add(subject, DGM.latest, date(office.end))


def _terms(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    groups: dict[str, list[str]] = {}
    for term in known.terms.values():
        if term.group and term.served:
            groups.setdefault(term.group, []).append(term.id)
    for term in known.terms.values():
        beside = [other for other in groups.get(term.group or "", ()) if term.served and other != term.id]
        _term(out, iris, known, term, beside)


def _term(out: Statements, iris: Iris, known: Authorities, term: Term, beside: list[str]) -> None:
    subject = iris.term_of_office(term.id)
    person = known.persons.get(term.person)
    name = person.name if person else term.person
    title = known.titles.get(term.title) or known.offices[term.office].label
    out.describe(subject, DGM.TermOfOffice if term.served else DGM.Nomination, _term_label(known, term, name, title))
    out.text(subject, DCTERMS.identifier, term.id)
    holder = iris.register_person(term.person)
    out.link(subject, DGM.holder, holder)
    if person is None:  # the register names somebody whom it does not describe
        out.describe(holder, DGM.Person, term.person)
        out.text(holder, DCTERMS.identifier, term.person)
    out.link(subject, DGM.office, iris.office(term.office))
    out.text(subject, DGM.role, title)
    entered = DGM.credentialsPresented if known.offices[term.office].kind in ("chief", "organization") else DGM.entered
    for predicate, noted, milestone in (
        (DGM.appointed, DGM.appointedNote, term.appointed),
        (DGM.arrived, DGM.arrivedNote, term.arrived),
        (entered, DGM.enteredNote, term.started),
        (DGM.ended, DGM.endedNote, term.ended),
    ):
        out.add(subject, predicate, date(milestone.date))
        out.text(subject, noted, milestone.note)
    out.text(subject, DCTERMS.description, term.note)
    out.text(subject, DGM.doubt, term.doubt)
    out.text(subject, DGM.residentAt, term.resident)
    out.link(subject, DGM.heldWith, *(iris.term_of_office(other) for other in beside))


def _term_label(known: Authorities, term: Term, name: str, title: str) -> str:
    """ "Joseph Clark Grew, Ambassador, Japan, 1932–1941": one person may hold the same title at several posts."""
    receiving = known.offices[term.office].receiving
    where = f", {known.states[receiving].label}" if receiving else ""
    years = [date[:4] if date else "" for date in (term.begins, term.ended.date)]
    return f"{name}, {title}{where}" + (f", {'–'.join(dict.fromkeys(years))}" if any(years) else "")


def _relations(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    for row in known.tables["relations"]:
        identifier, state, event, start, end, heading = row
        subject = iris.thing("relation", identifier)
        out.describe(subject, DGM.RelationEvent, heading)
        out.link(subject, DGM.state, iris.state(HOME), iris.state(state))
        out.text(subject, DGM.eventType, event)
        out.add(subject, DGM.earliest, date(start))
        out.add(subject, DGM.latest, date(end or start))


def _visits(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    for identifier, start, end, visitor, state in known.tables["visits"]:
        subject = iris.thing("visit", identifier)
        out.describe(subject, DGM.Visit, f"{visitor}, {start}")
        out.text(subject, DGM.visitor, visitor)
        out.link(subject, DGM.state, iris.state(state) if state in known.states else None)
        out.add(subject, DGM.earliest, date(start))
        out.add(subject, DGM.latest, date(end or start))


def _travels(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    for identifier, person, _, start, end, state, locale in known.tables["travels"]:
        subject = iris.thing("travel", identifier)
        traveller = known.president(person) if identifier.startswith("president-") else person
        name = known.persons[traveller].name if traveller in known.persons else person
        out.describe(subject, DGM.Travel, f"{name}, {locale or state}, {start}")
        out.link(subject, DGM.person, iris.register_person(traveller))
        out.link(subject, DGM.state, iris.state(state) if state in known.states else None)
        out.text(subject, DGM.placePrinted, locale or None)
        out.add(subject, DGM.earliest, date(start))
        out.add(subject, DGM.latest, date(end or start))


def _listed(out: Statements, iris: Iris, known: Authorities, volumes: Collection[str]) -> None:
    wanted = frozenset(volumes)
    for entry in known.listed_persons.values():
        if keys := [key for key in entry.keys if key.partition("#")[0] in wanted]:
            _listed_entry(out, iris, entry, keys, known)


def _listed_entry(out: Statements, iris: Iris, entry: ListedEntry, keys: list[str], known: Authorities) -> None:
    subject = iris.thing("listed-person", entry.id)
    out.describe(subject, DGM.Person, entry.name)
    out.text(subject, DCTERMS.identifier, entry.id)
    out.add(subject, DGM.birthYear, date(entry.birth))
    out.add(subject, DGM.deathYear, date(entry.death))
    officer = entry.officer if entry.officer in known.persons else None
    out.link(subject, SKOS.exactMatch, f"{VIAF}{entry.viaf}" if entry.viaf else None)
    out.link(subject, SKOS.exactMatch, iris.register_person(officer) if officer else None)
    out.link(subject, DGM.listedAs, *(iris.person(*key.split("#", 1)) for key in keys))


def _tags(out: Statements, iris: Iris, known: Authorities, _volumes: Collection[str]) -> None:
    scheme = iris.concept("tags")
    out.describe(scheme, SKOS.ConceptScheme, "Taxonomy of the history of the foreign relations of the United States")
    out.text(scheme, DCTERMS.identifier, "tags")
    for identifier, label, broader in known.tables["tags"]:
        subject = iris.concept(f"tag-{identifier}")
        out.describe(subject, SKOS.Concept, label)
        out.text(subject, SKOS.prefLabel, label)
        out.text(subject, SKOS.notation, identifier)
        out.link(subject, SKOS.inScheme, scheme)
        out.link(subject, SKOS.broader, iris.concept(f"tag-{broader}") if broader else None)
        person, state = known.persons.get(re.sub(r"-p$", "", identifier)), known.states.get(identifier)
        out.link(subject, RDFS.seeAlso, iris.register_person(person.id) if person else None)
        out.link(subject, RDFS.seeAlso, iris.state(state.id) if state else None)


_Part = Callable[[Statements, Iris, Authorities, Collection[str]], None]
_PARTS: Mapping[str, tuple[_Part, ...]] = {
    "pocom": (_persons, _offices, _terms),
    "travels": (_travels,),
    "visits": (_visits,),
    "people": (_listed,),
    "rdcr": (_relations,),
    "tags": (_tags,),
}
