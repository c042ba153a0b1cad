"""Citations, references, mentions and answers as statements: what is stated, what is inferred, and where it stands."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.anchors import reread
from kg.document import Anchor, Document, Enclosure, Event, Footnote, Mention, Page, PartialDate, Party, Reference
from kg.inferences import part_text
from kg.iris import Iris
from kg.links import doubts, find_links
from kg.snapshot import Snapshot
from kg.statements import canonical
from kg.threads import RULES
from kg.triples import document_statements
from kg.vocabulary import DGM, OA, RDF, RDFS
from kg.volumes import pointer

IRIS = Iris("https://example.org/")
MINISTER = Party(
    direction="from", printed="The Minister in Veldria (Harrow)", name="Harrow", role="Minister in Veldria"
)
SECRETARY = Party(direction="to", printed="the Secretary of State", role="Secretary of State")


def telegram(id: str, order: int, number: str, date: str, text: str, *, home: bool = False) -> Document:
    parties = (MINISTER, SECRETARY)
    if home:
        parties = (
            Party(direction="from", printed="The Secretary of State", role="Secretary of State"),
            Party(
                direction="to", printed="the Minister in Veldria (Harrow)", name="Harrow", role="Minister in Veldria"
            ),
        )
    dated = PartialDate(printed=date, edtf=date, earliest=date, latest=date)
    return Document(
        volume="v",
        id=id,
        order=order,
        line=order,
        text=text,
        kind="telegram",
        number=number,
        parties=parties,
        sent=Event(printed=date, date=dated),
        pages=(Page(number=str(order), key=str(order)),),
    )


ASKING = telegram("d1", 1, "12", "1931-03-02T18:00:00", "12. Shall I protest?")
ANSWERING = telegram("d2", 2, "9", "1931-03-05T13:00:00", "9. Your 12, March 2, 6 p.m. You may protest.", home=True)


def store_of(*documents: Document) -> ox.Store:
    links = find_links(documents)
    store = ox.Store()
    for document in documents:
        lines = canonical(document_statements(IRIS, "https://example.org/g", document, links))
        store.extend(ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
    return store


def rows(store: ox.Store, query: str) -> list[list[str]]:
    prefixes = {"dgm": DGM.iri, "rdf": RDF.iri, "rdfs": RDFS.iri, "oa": OA.iri}
    found = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted([getattr(term, "value", str(term)) for term in row] for row in found)


def cited(*documents: Document) -> dict[str, tuple[str, ...]]:
    """What each citation of documents means, by its words."""
    found = find_links(documents).citations
    return {one.citation.exact: resolution.targets for own in found.values() for one, resolution in own}


def test_words_of_an_enclosure_cite_for_its_sender_on_its_day() -> None:
    note = telegram("d1", 1, "1", "1931-02-27", "Your Excellency: Nothing.")
    venn = Party(direction="from", printed="Mr. Venn", name="Venn")
    orth = Party(direction="to", printed="Mr. Orth", name="Orth")
    letter = replace(telegram("d2", 2, "2", "1931-03-27", "My Dear Sir: Nothing."), parties=(venn, orth), number=None)
    text = "I enclose a letter.\nSir: I have your letter of the 27th ultimo. It is well."
    enclosing = telegram("d3", 3, "3", "1931-05-02", text)
    start = text.index("Sir:")
    day = PartialDate(printed="", edtf="1931-04-01", earliest="1931-04-01", latest="1931-04-01")
    sides = (replace(orth, direction="from"), replace(venn, direction="to"))
    within = Enclosure(key="a1", start=start, end=len(text), parties=sides, sent=Event(printed="", date=day))
    words = "your letter of the 27th ultimo"
    assert cited(note, letter, replace(enclosing, enclosures=(within,)))[words] == ("v/d2",)
    # Of an enclosure without a day "ultimo" tells no month, and of one without parties "your" nobody.
    for other in (replace(within, sent=None), replace(within, parties=())):
        assert cited(note, letter, replace(enclosing, enclosures=(other,)))[words] == ()


def test_a_day_of_this_month_that_is_to_come_is_of_another_paper() -> None:
    later = telegram("d2", 2, "2", "1931-03-21", "Nothing.", home=True)
    assert cited(telegram("d1", 1, "1", "1931-03-10", "I have your note of the 21st instant."), later) == {
        "your note of the 21st instant": ()
    }
    assert cited(telegram("d1", 1, "1", "1931-03-28", "I have your note of the 21st instant."), later) == {
        "your note of the 21st instant": ("v/d2",)
    }


INFERRED = """SELECT ?object ?certainty ?exact { ?i a dgm:Inference ; rdf:predicate %s ; rdf:object ?object ;
    dgm:certainty ?certainty ; dgm:passage/oa:hasSelector/oa:exact ?exact }"""


def test_a_citation_by_number_and_date_is_resolved_as_an_inference_with_its_passage() -> None:
    found = rows(store_of(ASKING, ANSWERING), INFERRED % "dgm:target")
    assert found == [[IRIS.document("v", "d1"), DGM.certain, "Your 12, March 2, 6 p.m."]]


def test_what_a_rule_concludes_is_never_stated() -> None:
    store = store_of(ASKING, ANSWERING)
    assert rows(store, "SELECT ?s ?o { ?s dgm:target|dgm:answers ?o }") == []


def test_a_paper_that_opens_with_a_citation_answers_what_it_cites() -> None:
    found = rows(store_of(ASKING, ANSWERING), INFERRED % "dgm:answers")
    assert [row[0] for row in found] == [IRIS.document("v", "d1")]


def test_a_citation_that_nothing_fits_is_published_and_resolves_to_nothing() -> None:
    store = store_of(telegram("d1", 1, "3", "1931-03-02", "3. Your 88, January 9, noon, is not clear."))
    assert len(rows(store, "SELECT ?c { ?c a dgm:Citation }")) == 1
    assert rows(store, INFERRED % "dgm:target") == []


def reference(target: str, words: str = "p. 1", text: str = "See p. 1.") -> Document:
    start = text.index(words)
    anchor = Anchor(part="footnote/fn1", start=start, end=start + len(words))
    note = Footnote(key="fn1", mark="1", paragraphs=(text,), offset=2)
    marked = Reference(target=pointer(target), printed=words, anchor=anchor)  # as TEI is read
    return Document(volume="v", id="d9", order=9, line=9, text="9. Yes.", footnotes=(note,), references=(marked,))


@pytest.mark.parametrize(
    ("target", "iri"),
    [
        ("#pg_1", IRIS.page("v", "1")),
        ("frus1933v05#pg_XII", IRIS.page("frus1933v05", "XII")),
        ("#d13", IRIS.document("v", "d13")),
        ("#d13fn2", IRIS.footnote("v", "d13", "fn2")),
        ("frus1933v05", IRIS.volume("frus1933v05")),
        ("https://history.state.gov/historicaldocuments/frus1933v05/d13", IRIS.document("frus1933v05", "d13")),
        ("http://history.state.gov/historicaldocuments/frus1933v05/pg_12", IRIS.page("frus1933v05", "12")),
        (
            "https://history.state.gov/historicaldocuments/frus1933v05/d13#fn2",
            IRIS.footnote("frus1933v05", "d13", "fn2"),
        ),
    ],
)
def test_the_target_of_a_reference_is_stated_as_the_markup_has_it(target: str, iri: str) -> None:
    store = store_of(ASKING, reference(target))
    assert iri in [row[0] for row in rows(store, "SELECT ?o { ?c dgm:target ?o }")]


@pytest.mark.parametrize(
    ("target", "iri"),
    [("#d9fn1", IRIS.footnote("v", "d9", "fn1")), ("#d1fn1", IRIS.document("v", "d1"))],
)
def test_what_points_to_a_source_note_means_its_document(target: str, iri: str) -> None:
    store = store_of(ASKING, reference(target))
    assert rows(store, "SELECT ?o { ?c dgm:target ?o . FILTER(!CONTAINS(STR(?o), 'page')) }") == [[iri]]


@pytest.mark.parametrize("target", ["#in12", "http://thought.it", "#", ""])
def test_a_pointer_to_what_is_not_published_has_no_target(target: str) -> None:
    store = store_of(ASKING, reference(target))
    assert rows(store, "SELECT ?o { ?c dgm:target ?o }") == []


def test_the_footnote_cites_and_not_the_document() -> None:
    store = store_of(ASKING, reference("#pg_1"))
    assert rows(store, "SELECT ?s { ?s dgm:citation ?c }") == [[IRIS.footnote("v", "d9", "fn1")]]


def test_a_mention_shows_where_it_stands_and_whom_the_markup_means() -> None:
    text = "Mr. Okafor called."
    named = Mention(surface="Okafor", kind="person", anchor=Anchor(part="text", start=4, end=10), pointer="#p_O1")
    document = Document(volume="v", id="d1", order=1, line=1, text=text, mentions=(named,))
    query = """SELECT ?who ?start ?end ?exact { ?m a dgm:Mention ; dgm:refersTo ?who ; dgm:passage ?p .
        ?p oa:hasSelector [ oa:start ?start ; oa:end ?end ], [ oa:exact ?exact ] }"""
    assert rows(store_of(document), query) == [[IRIS.person("v", "p_O1"), "4", "10", "Okafor"]]


def test_every_quotation_of_the_samples_stands_at_its_offsets(samples_snapshot: Snapshot) -> None:
    with samples_snapshot.data.open(encoding="utf-8") as lines:
        checked = reread(lines)
    assert checked.count > 20
    assert checked.broken == ()


def test_the_parts_of_a_document_are_its_text_its_title_and_its_footnotes() -> None:
    document = reference("#pg_1")
    assert part_text(document, "text") == "9. Yes."
    assert part_text(document, "footnote/fn1") == "See p. 1."
    with pytest.raises(KeyError):
        part_text(document, "footnote/fn9")


def test_each_rule_is_explained() -> None:
    assert all(label and definition.endswith(".") for label, definition in RULES.values())


def test_an_unprinted_paper_is_a_node_of_its_own_that_text_and_footnote_cite() -> None:
    text = "9. See my telegram 12, March 2, on this."
    note = Footnote(key="fn1", mark="1", paragraphs=("Not printed.",), offset=text.index(", on"))
    store = store_of(Document(volume="v", id="d9", order=9, line=9, text=text, footnotes=(note,)))
    query = "SELECT ?printed ?number ?label { ?c dgm:target ?u ; dgm:printed ?printed . ?u a dgm:UnprintedDocument ; "
    found = rows(store, query + "dgm:number ?number ; rdfs:label ?label }")
    label = "Not printed, of v/d9: my telegram 12, March 2"
    assert found == [["Not printed", "12", label], ["my telegram 12, March 2", "12", label]]


def test_a_citation_whose_words_leave_open_what_it_cites_is_told() -> None:
    document = Document(volume="v", id="d9", order=9, line=7, text="9. See p. 12 and your telegram 5, March 2.")
    told = list(doubts([document], find_links([document])))
    assert [(fault.kind, fault.document, fault.line) for fault in told] == [("citation", "d9", 7)]
    assert "p. 12" in told[0].fact
