"""The mapping: what is stated comes out as direct triples, what is inferred as a node of its own."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg import headings
from kg.document import Division, Document, Event, Footnote, ListedSource, Page, PartialDate, Party, Signature, Volume
from kg.iris import Iris
from kg.links import find_links
from kg.statements import Statements, canonical, literal
from kg.triples import (
    SourceFile,
    document_statements,
    provenance,
    volume_statements,
    xsd_date,
)
from kg.vocabulary import DCTERMS, DGM, EDTF, PROV, RDF, RDFS, XSD

IRIS = Iris("https://example.org/")
GRAPH = IRIS.graph("v.xml")
DOCUMENT = IRIS.document("v", "d1")


def document(**fields: object) -> Document:
    values: dict[str, object] = {"volume": "v", "id": "d1", "order": 1, "line": 7, "text": "One.\nTwo."}
    return Document(**(values | fields))  # type: ignore[arg-type]  # fields of many types


def described(value: Document) -> Statements:
    return document_statements(IRIS, GRAPH, value, find_links([value]))


class Facts:
    """The triples of some statements, for questions."""

    def __init__(self, statements: Statements) -> None:
        quads = ox.parse("".join(canonical(statements)).encode(), format=ox.RdfFormat.N_QUADS)
        self.store = ox.Store()
        self.store.extend(quads)

    def values(self, subject: str, predicate: str) -> list[str]:
        found = self.store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return sorted(quad.object.value for quad in found if not isinstance(quad.object, ox.Triple))

    def subjects(self, kind: str) -> list[str]:
        found = self.store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(kind))
        return sorted(str(quad.subject.value) for quad in found if not isinstance(quad.subject, ox.Triple))


def test_a_document_that_states_nothing_but_its_text_gets_no_more_than_that() -> None:
    facts = Facts(described(document()))
    predicates = {str(quad.predicate.value) for quad in facts.store}
    assert predicates == {
        RDF.type,
        RDFS.label,
        DCTERMS.identifier,
        DGM.order,
        DGM.text,
        DGM.volume,
        DGM.partOf,
    }
    assert facts.values(DOCUMENT, DGM.partOf) == [IRIS.volume("v")]
    assert facts.values(DOCUMENT, DGM.text) == ["One.\nTwo."]


def test_sending_and_receiving_are_events_with_their_own_date_place_and_parties() -> None:
    sent = Event(
        printed="Geneva, March 13, 1934—4 p.m.",
        place="Geneva",
        date=PartialDate(
            printed="March 13, 1934—4 p.m.",
            edtf="1934-03-13T16:00:00",
            earliest="1934-03-13T16:00:00",
            latest="1934-03-13T16:00:00",
        ),
    )
    parties = (
        Party(direction="from", printed="The Consul at Geneva (Gilbert)", name="Gilbert", role="Consul at Geneva"),
        Party(direction="to", printed="the Secretary of State", role="Secretary of State"),
    )
    facts = Facts(described(document(sent=sent, parties=parties)))
    sending, receiving = IRIS.event("v", "d1", "sending"), IRIS.event("v", "d1", "receiving")
    assert facts.values(DOCUMENT, DGM.sending) == [sending]
    assert facts.values(sending, DGM.placePrinted) == ["Geneva"]
    assert facts.values(sending, DGM.date) == ["1934-03-13T16:00:00"]
    assert facts.values(sending, DGM.datePrinted) == ["March 13, 1934—4 p.m."]
    assert facts.values(receiving, DGM.date) == []
    (sender,) = facts.values(sending, DGM.sender)
    (recipient,) = facts.values(receiving, DGM.recipient)
    assert (facts.values(sender, DGM.name), facts.values(sender, DGM.role)) == (["Gilbert"], ["Consul at Geneva"])
    assert (facts.values(recipient, DGM.name), facts.values(recipient, DGM.role)) == ([], ["Secretary of State"])


def test_an_inferred_page_is_never_stated_and_shows_rule_certainty_and_evidence() -> None:
    pages = (
        Page(number="696", key="696", inferred="page-before-first-mark"),
        Page(number="697", key="697", offset=4),
    )
    facts = Facts(described(document(pages=pages)))
    assert facts.values(DOCUMENT, DGM.firstPage) == []
    assert facts.values(DOCUMENT, DGM.page) == [IRIS.page("v", "697")]
    inferences = facts.subjects(DGM.Inference)
    assert {facts.values(node, RDF.predicate)[0] for node in inferences} == {DGM.page, DGM.firstPage}
    for node in inferences:
        assert facts.values(node, RDF.subject) == [DOCUMENT]
        assert facts.values(node, RDF.object) == [IRIS.page("v", "696")]
        begins = facts.values(node, RDF.predicate) == [DGM.firstPage]
        rule = "begins-before-first-mark" if begins else "page-before-first-mark"
        assert facts.values(node, DGM.rule) == [IRIS.rule(rule)]
        assert facts.values(node, DGM.certainty) == [DGM.certain]
        assert facts.values(node, DGM.evidence) == ["[Page 697]"]
        assert facts.values(node, DGM.passage) == [IRIS.thing("passage", "v", "d1", "text-0-4")]


@pytest.mark.parametrize(
    ("before", "certainty"), [(0, DGM.certain), (1999, DGM.certain), (2000, DGM.probable), (3000, None), (9000, None)]
)
def test_a_document_begins_on_the_page_before_its_first_mark_if_less_than_a_page_stands_before_it(
    before: int, certainty: str | None
) -> None:
    """Otherwise the copy may have lost an earlier mark; the words before it stand on that page all the same."""
    pages = (
        Page(number="696", key="696", inferred="page-before-first-mark"),
        Page(number="697", key="697", offset=before),
    )
    facts = Facts(described(document(text="Words and " * 1000, pages=pages)))
    told = {
        facts.values(node, RDF.predicate)[0]: facts.values(node, DGM.certainty)[0]
        for node in facts.subjects(DGM.Inference)
    }
    assert told == {DGM.page: DGM.certain, **({DGM.firstPage: certainty} if certainty else {})}
    shown = facts.values(IRIS.inference("v", "d1", "page"), DGM.passage)
    assert len(shown) == (1 if before else 0)


def test_a_stated_page_is_direct_and_its_number_as_printed() -> None:
    facts = Facts(described(document(pages=(Page(number="[II]", key="II"),))))
    assert facts.values(DOCUMENT, DGM.firstPage) == [IRIS.page("v", "II")]
    assert facts.values(IRIS.page("v", "II"), DGM.pageNumber) == ["[II]"]
    assert facts.subjects(DGM.Inference) == []


def test_a_page_that_begins_within_the_text_says_where_and_the_first_one_does_not() -> None:
    pages = (
        Page(number="64", key="64"),
        Page(number="65", key="65", offset=4),
        Page(number=None, key="plate", offset=9),
    )
    facts = Facts(described(document(pages=pages)))
    breaks = facts.values(DOCUMENT, DGM.pageBreak)
    assert [facts.values(node, DGM.begins) for node in breaks] == [[IRIS.page("v", key)] for key in ("65", "plate")]
    assert [facts.values(node, DGM.offset) for node in breaks] == [["4"], ["9"]]
    assert facts.values(DOCUMENT, DGM.page) == [IRIS.page("v", key) for key in ("64", "65", "plate")]


def test_footnotes_keep_mark_paragraphs_order_and_place() -> None:
    notes = (
        Footnote(key="1", mark="47", paragraphs=("First.", "Second."), on_heading=True),
        Footnote(key="2", mark="*", paragraphs=("Third.",), offset=4),
    )
    facts = Facts(described(document(footnotes=notes)))
    first, second = (IRIS.footnote("v", "d1", key) for key in "12")
    assert facts.values(DOCUMENT, DGM.footnote) == [first, second]
    assert facts.values(first, DGM.text) == ["First.\nSecond."]
    assert facts.values(first, DGM.onHeading) == ["true"]
    assert facts.values(first, DGM.offset) == []
    assert facts.values(second, DGM.offset) == ["4"]
    assert facts.values(second, DGM.mark) == ["*"]


def test_papers_of_one_file_lead_to_one_file_unit() -> None:
    facts = Facts(described(document(file_number="761.94/1440")))
    unit = IRIS.file_unit("decimal-1910", "761.94")
    assert facts.values(DOCUMENT, DGM.fileNumber) == ["761.94/1440"]
    assert facts.values(DOCUMENT, DGM.file) == [unit]
    assert facts.values(unit, DCTERMS.identifier) == ["761.94"]


def test_divisions_lead_up_to_the_volume() -> None:
    divisions = (
        Division(id="comp1", type="compilation", heading="Veldria", parent=None, order=1, line=3),
        Division(id="ch1", type="chapter", heading=None, parent="comp1", order=2, line=4),
    )
    volume = Volume(id="v", title="A Volume", divisions=divisions)
    facts = Facts(volume_statements(IRIS, GRAPH, volume, []))
    assert facts.values(IRIS.division("v", "ch1"), DGM.partOf) == [IRIS.division("v", "comp1")]
    assert facts.values(IRIS.division("v", "comp1"), DGM.partOf) == [IRIS.volume("v")]
    assert facts.values(IRIS.volume("v"), DCTERMS.title) == ["A Volume"]


def test_a_person_of_another_volumes_list_is_that_volumes() -> None:
    assert IRIS.pointed("v", "w#p_AB1") == IRIS.person("w", "p_AB1")
    assert IRIS.pointed("v", "#p_AB1") == IRIS.person("v", "p_AB1")


def test_a_person_is_labelled_by_the_form_that_the_headings_use_most() -> None:
    def sent_by(name: str) -> Document:
        party = Party(direction="from", printed=name, name=name, person="#p_1")
        return document(parties=(party,))

    documents = [sent_by("Polk"), sent_by("Mr. Polk"), sent_by("Polk")]
    facts = Facts(volume_statements(IRIS, GRAPH, Volume(id="v"), documents))
    assert facts.values(IRIS.person("v", "p_1"), RDFS.label) == ["Polk"]


@pytest.mark.parametrize(
    ("edtf", "datatype", "lexical"),
    [
        ("1934", XSD.gYear, "1934"),
        ("1934-03", XSD.gYearMonth, "1934-03"),
        ("1934-03-13", XSD.date, "1934-03-13"),
        ("1934-03-13T16:00:00", XSD.dateTime, "1934-03-13T16:00:00"),
        ("1946-02-22T21:00:00+03:00", XSD.dateTime, "1946-02-22T21:00:00+03:00"),
        ("XXXX-09-10", XSD.gMonthDay, "--09-10"),
    ],
)
def test_a_date_is_typed_by_what_it_tells(edtf: str, datatype: str, lexical: str) -> None:
    assert xsd_date(edtf) == literal(lexical, datatype)


@pytest.mark.parametrize("edtf", ["1934-03-13/1934-03-14", "1934~", "1934-21", "1934-13", "1934-03-32", ""])
def test_a_date_that_xsd_cannot_say_is_left_to_edtf(edtf: str) -> None:
    assert xsd_date(edtf) is None


def test_the_edtf_form_is_always_published() -> None:
    date = PartialDate(printed="spring", edtf="1934-03/1934-05", earliest="1934-03-01", latest="1934-05-31")
    facts = Facts(described(document(sent=Event(printed="spring", date=date))))
    sending = IRIS.event("v", "d1", "sending")
    (quad,) = facts.store.quads_for_pattern(ox.NamedNode(sending), ox.NamedNode(DGM.edtf), None)
    assert quad.object == ox.Literal("1934-03/1934-05", datatype=ox.NamedNode(EDTF))
    assert facts.values(sending, DGM.date) == []
    assert facts.values(sending, DGM.earliest) == ["1934-03-01"]


def test_a_graph_leads_to_its_file_and_the_software_without_a_clock() -> None:
    source = SourceFile(name="v.xml", sha256="ab", bytes=12, format="application/tei+xml")
    facts = Facts(provenance(IRIS, source, "0.1.0"))
    assert facts.values(GRAPH, PROV.wasDerivedFrom) == [IRIS.source("v.xml")]
    (activity,) = facts.values(GRAPH, PROV.wasGeneratedBy)
    assert facts.values(activity, PROV.used) == [IRIS.source("v.xml")]
    assert facts.values(activity, PROV.wasAssociatedWith) == [IRIS.software("0.1.0")]
    assert facts.values(IRIS.source("v.xml"), DGM.sha256) == ["ab"]
    assert not [quad for quad in facts.store if "time" in quad.predicate.value.lower()]


def test_a_page_that_begins_within_the_text_is_not_stated_to_be_the_first() -> None:
    facts = Facts(described(document(pages=(Page(number="1", key="1", offset=5),))))
    assert facts.values(DOCUMENT, DGM.firstPage) == []
    assert facts.values(DOCUMENT, DGM.page) == [IRIS.page("v", "1")]


def test_signer_office_and_the_one_signed_for_belong_to_one_signature() -> None:
    signatures = (
        Signature(printed="Ada Stone Under Secretary", name="Ada Stone", role="Under Secretary", behalf="Secretary"),
        Signature(printed="B. Hill", name="B. Hill"),
    )
    facts = Facts(described(document(signatures=signatures)))
    first, second = facts.values(DOCUMENT, DGM.signature)
    assert (facts.values(first, DGM.signer), facts.values(first, DGM.role)) == (["Ada Stone"], ["Under Secretary"])
    assert (facts.values(first, DGM.signedFor), facts.values(first, DGM.order)) == (["Secretary"], ["1"])
    assert (facts.values(second, DGM.signer), facts.values(second, DGM.signedFor)) == (["B. Hill"], [])


def test_those_present_keep_their_order() -> None:
    participants = tuple(map(headings.participant, ("Mr. Stone", "Mr. Hill")))
    facts = Facts(described(document(participants=participants)))
    present = facts.values(DOCUMENT, DGM.participant)
    assert [(facts.values(one, DGM.order), facts.values(one, DGM.printed)) for one in present] == [
        (["1"], ["Mr. Stone"]),
        (["2"], ["Mr. Hill"]),
    ]


def test_hours_of_one_day_tell_the_day() -> None:
    printed = "May 3, 1925, 2:30–3:45 p.m."
    hours = ("1925-05-03T14:30:00", "1925-05-03T15:45:00")
    date = PartialDate(printed=printed, edtf="/".join(hours), earliest=hours[0], latest=hours[1])
    facts = Facts(described(document(sent=Event(printed=printed, date=date))))
    (sending,) = facts.values(DOCUMENT, DGM.sending)
    assert facts.values(sending, DGM.date) == ["1925-05-03"]
    assert facts.values(sending, DGM.earliest) == [hours[0]]
    longer = replace(date, edtf="1925-05-03/1925-05-04", earliest="1925-05-03", latest="1925-05-04")
    facts = Facts(described(document(sent=Event(printed=printed, date=longer))))
    assert facts.values(sending, DGM.date) == []


def test_a_date_and_a_party_that_nothing_prints_are_inferences() -> None:
    dated = PartialDate(printed="min/max", edtf="1934-05-02", earliest="1934-05-02", latest="1934-05-02")
    parties = (
        Party(direction="from", printed="Two.", name="Two", inferred="signer-sends"),
        Party(direction="to", printed="Three", name="Three", inferred="address-receives"),
    )
    facts = Facts(described(document(dated=dated, parties=parties)))
    concluded = {
        (facts.values(one, RDF.predicate)[0], facts.values(one, RDF.object)[0]): facts.values(one, DGM.passage)
        for one in facts.subjects(DGM.Inference)
    }
    sender, recipient = (IRIS.party("v", "d1", direction, 1) for direction in ("from", "to"))
    assert concluded == {
        (DGM.edtf, "1934-05-02"): [],
        (DGM.sender, sender): [IRIS.thing("passage", "v", "d1", "text-5-9")],
        (DGM.recipient, recipient): [],
    }
    assert facts.values(IRIS.event("v", "d1", "sending"), DGM.sender) == []


def test_a_listed_source_stands_in_its_repository_and_leads_to_its_lot() -> None:
    sources = (ListedSource(printed="Department", level=1), ListedSource(printed="Lot 71 D 228", level=2))
    facts = Facts(volume_statements(IRIS, GRAPH, Volume(id="v", title="V", sources=sources), []))
    first, second = facts.subjects(DGM.ListedSource)
    assert facts.values(first, DGM.partOf) == [IRIS.volume("v")]
    assert facts.values(second, DGM.partOf) == [first]
    assert facts.values(second, DGM.file) == [IRIS.file_unit("lot", "lot71d228")]
