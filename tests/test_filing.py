"""File numbers as statements: the unit, the paper's place in it, and the words, which tables conclude."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.document import Document, Event, PartialDate
from kg.filing import doubt, file_statements
from kg.iris import Iris
from kg.statements import Statements, canonical
from kg.vocabulary import DGM, RDF, SKOS

IRIS = Iris("https://example.org/")


def store_of(number: str, year: str | None = "1943", volume: str = "v") -> ox.Store:
    date = PartialDate(printed=year, edtf=year, earliest=f"{year}-01-01", latest=f"{year}-12-31") if year else None
    sent = Event(printed=year, date=date) if year else None
    document = Document(volume=volume, id="d1", order=1, line=1, text="", file_number=number, sent=sent)
    out = Statements("https://example.org/g", IRIS.shared_graph())
    file_statements(out, IRIS, document)
    store = ox.Store()
    store.extend(ox.parse("".join(canonical(out)).encode(), format=ox.RdfFormat.N_QUADS))
    return store


def rows(store: ox.Store, query: str) -> list[list[str]]:
    prefixes = {"dgm": DGM.iri, "rdf": RDF.iri, "skos": SKOS.iri}
    found = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted([getattr(term, "value", str(term)) for term in row] for row in found)


WORDS = "SELECT ?o ?c { ?i rdf:predicate dgm:fileWords ; rdf:object ?o ; dgm:certainty ?c }"


def test_the_number_of_the_first_document_of_all_reads_in_words() -> None:
    assert rows(store_of("761.94/1440"), WORDS) == [
        ["Political relations: Soviet Union and Japan, paper 1440", DGM.certain]
    ]


def test_unit_and_serial_are_stated_and_class_and_countries_inferred() -> None:
    store = store_of("761.94/1440")
    unit = IRIS.file_unit("decimal-1910", "761.94")
    assert rows(store, "SELECT ?u ?s { ?d dgm:file ?u ; dgm:serial ?s }") == [[unit, "1440"]]
    query = "SELECT ?p ?n { ?i rdf:subject ?u ; rdf:predicate ?p ; rdf:object/skos:notation ?n }"
    assert rows(store, query) == [[DGM.country1, "61"], [DGM.country2, "94"], [DGM.fileClass, "7**.††"]]
    assert rows(store, "SELECT ?s { ?s dgm:fileClass|dgm:country1|dgm:country2 ?o }") == []


def test_papers_of_one_unit_share_it_whatever_their_case_and_spaces() -> None:
    units = {
        rows(store_of(number, "1925"), "SELECT ?u { ?d dgm:file ?u }")[0][0] for number in ("890d.00/1", "890D.00/2")
    }
    assert len(units) == 1


def test_the_same_number_is_another_file_in_another_scheme() -> None:
    early, late = (rows(store_of("611.94/5", year), "SELECT ?u { ?d dgm:file ?u }") for year in ("1934", "1955"))
    assert early != late


def test_without_a_date_the_year_of_the_volume_makes_the_words_probable_only() -> None:
    ((_, certainty),) = rows(store_of("761.94/1440", None, "frus1943v03"), WORDS)
    assert certainty == DGM.probable


def test_a_number_that_no_table_reads_is_kept_and_nothing_is_said_of_its_meaning() -> None:
    store = store_of("zz.9/x")
    assert rows(store, WORDS) == []
    assert rows(store, "SELECT ?n { ?d dgm:fileNumber ?n }") == [["zz.9/x"]]


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("761.94/1440", None),
        ("Ship’s log", "the file Ship’s log is of no scheme that the tables have"),
        ("761.9Q/1440", "the file 761.9Q/1440 is read in part only"),
    ],
)
def test_a_number_that_is_not_read_in_full_is_told(number: str, fact: str | None) -> None:
    found = doubt(Document(volume="v1943", id="d1", order=1, line=7, text="", file_number=number))
    assert (found.fact if found else None) == fact
    assert found is None or (found.document, found.line, found.kind) == ("d1", 7, "file number")
