"""Content negotiation by profile, and what the profiles make of a description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest
from pyld import jsonld
from service_fixtures import BROWSER, asking

from kg.snapshot import Snapshot
from kg.vocabulary import DGM, ONTOLOGY_FOLDER, RDF
from service.problems import BadRequest, NotAcceptable
from service.profiles import ALTERNATES, OURS, PROFILES, apply, wish
from service.representations import RDF_TYPES, SUFFIXES, Form

BASE = "http://localhost:8000/"
D5 = f"{BASE}id/document/sample1931v01/d5"
SCHEMA, RICO = PROFILES[1], PROFILES[2]
RICO_NS = "https://www.ica.org/standards/RiC/ontology#"


@pytest.fixture(scope="module")
def http(samples_snapshot: Snapshot) -> Iterator[httpx.Client]:
    with asking(samples_snapshot) as client:
        yield client


@pytest.mark.parametrize(
    ("header", "query", "token"),
    [
        ([], {}, "dragoman"),
        (["<https://schema.org/>"], {}, "schema"),
        (["<https://schema.org/>;q=0.5, <https://www.ica.org/standards/RiC/ontology>"], {}, "rico"),
        (["<https://schema.org/>;q=0.5", "<https://www.ica.org/standards/RiC/ontology>;q=0.4"], {}, "schema"),
        (["<https://schema.org/>;q=0, <https://w3id.org/dragoman/ontology>;q=0.001"], {}, "dragoman"),
        (["<urn:unknown>, <https://schema.org/> ; q=0.1"], {}, "schema"),
        (["not an entry", "https://schema.org/"], {}, "dragoman"),
        (["<https://schema.org/>"], {"_profile": "rico"}, "rico"),
        ([], {"_profile": "https://schema.org/"}, "schema"),
        ([], {"_profile": "<https://schema.org/>"}, "schema"),
        ([], {"_profile": "alt"}, "alt"),
        (["<http://www.w3.org/ns/dx/connegp/altr>"], {}, "alt"),
    ],
)
def test_the_query_string_goes_before_the_header_and_tokens_are_uris(
    header: list[str], query: dict[str, str], token: str
) -> None:
    assert wish(["text/turtle"], header, query).choose().profile.token == token


def test_the_profile_counts_more_than_the_media_type() -> None:
    accept = ["text/html, text/turtle;q=0.1"]
    assert wish(accept, [], {}).choose().media_type == "text/html"
    assert wish(accept, ["<https://schema.org/>"], {}).choose().media_type == "text/turtle"
    both = wish(["text/html"], ["<https://schema.org/>, <https://w3id.org/dragoman/ontology>;q=0.1"], {}).choose()
    assert (both.media_type, both.profile) == ("text/html", OURS)


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(NotAcceptable) as refused:
        wish([], ["<urn:unknown>"], {})
    assert refused.value.offered == tuple(profile.iri for profile in PROFILES)
    with pytest.raises(BadRequest):
        wish([], [], {"_profile": "unknown"})
    with pytest.raises(BadRequest):
        wish([], [], {"_mediatype": "turtle"})
    with pytest.raises(NotAcceptable):
        wish(["image/png"], [], {}).choose()


@pytest.mark.parametrize(
    ("accept", "forms"),
    [
        ("application/ld+json", set()),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', {Form.EXPANDED}),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened";q=0.5, text/html;q=0.4',
            {Form.FLATTENED},
        ),
        ("application/ld+json;profile=http://www.w3.org/ns/json-ld#framed", set()),
        ('application/ld+json;profile="urn:unknown http://www.w3.org/ns/json-ld#compacted"', {Form.COMPACTED}),
        ('application/ld+json;profile="urn:unknown"', set()),
    ],
)
def test_forms_of_json_ld_are_asked_for_by_a_parameter_and_unknown_ones_passed_over(
    accept: str, forms: set[Form]
) -> None:
    choice = wish([accept], [], {}).choose()
    if "profile=http" in accept:  # a bare value cannot hold ':'; such an entry cannot be read, which is as if absent
        assert choice.media_type == "text/turtle"
        return
    assert choice.media_type == "application/ld+json"
    assert choice.forms == forms


def test_each_profile_is_negotiated_and_named_in_the_answer(http: httpx.Client) -> None:
    for profile in PROFILES:
        thing = http.get(
            "/id/document/sample1931v01/d5", headers={"Accept": "text/turtle", "Accept-Profile": f"<{profile.iri}>"}
        )
        query = "" if profile is OURS else f"?_profile={profile.token}"
        assert thing.status_code == 303
        assert thing.headers["location"] == f"/doc/document/sample1931v01/d5.ttl{query}"
        assert thing.headers["vary"] == "Accept, Accept-Profile"
        direct = http.get(thing.headers["location"])
        negotiated = http.get(
            "/doc/document/sample1931v01/d5",
            headers={"Accept": "text/turtle", "Accept-Profile": f"<urn:none>, <{profile.iri}>;q=0.7"},
        )
        by_query = http.get(f"/doc/document/sample1931v01/d5?_profile={profile.token}&_mediatype=text/turtle")
        assert direct.content == negotiated.content == by_query.content
        assert negotiated.headers["content-location"] == thing.headers["location"]
        for answer in (direct, negotiated, by_query):
            assert f'<{profile.iri}>; rel="profile"' in answer.headers["link"]
            assert "Accept-Profile" in answer.headers["vary"]


def test_alternates_are_listed_in_the_header_and_as_a_document(http: httpx.Client) -> None:
    answer = http.get("/doc/document/sample1931v01/d5.ttl")
    listed = re.findall(r'<([^>]*)>; rel="?alternate"?; type="([^"]*)"(?:; profile="([^"]*)")?', answer.headers["link"])
    told = {(media_type, profile or OURS.iri) for _, media_type, profile in listed}
    expected = {
        (media_type, profile.iri) for profile in PROFILES for media_type in profile.offers if media_type in SUFFIXES
    }
    assert told == expected - {("text/turtle", OURS.iri)}
    for target, media_type, profile in listed:
        other = http.get(target)
        assert other.status_code == 200
        assert other.headers["content-type"].split(";")[0] == media_type
        assert f'<{profile or OURS.iri}>; rel="profile"' in other.headers["link"]
    for profile_entry in PROFILES:
        token = f'rel="type"; token="{profile_entry.token}"; anchor="{profile_entry.iri}"'
        assert f"<http://www.w3.org/ns/dx/prof/Profile>; {token}" in answer.headers["link"]
    document = http.get("/doc/document/sample1931v01/d5?_profile=alt", headers={"Accept": "text/turtle"})
    store = ox.Store()
    store.load(document.content, format=ox.RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX altr: <http://www.w3.org/ns/dx/connegp/altr#> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "SELECT ?one ?format ?profile { ?document altr:hasRepresentation ?one . "
        "?one dcterms:format ?format ; dcterms:conformsTo ?profile }"
    )
    assert isinstance(rows, ox.QuerySolutions)
    assert {(row["format"].value, row["profile"].value) for row in rows} == expected
    assert "hasDefaultRepresentation" in document.text
    assert f'<{ALTERNATES.iri}>; rel="profile"' in document.headers["link"]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.token)
def test_each_profile_is_the_same_graph_in_every_format(http: httpx.Client, profile: object) -> None:
    assert isinstance(profile, type(OURS))
    url = "/doc/document/sample1931v01/d5"
    graphs = set()
    for media_type in RDF_TYPES:
        if media_type not in profile.offers:
            assert http.get(f"{url}?_profile={profile.token}", headers={"Accept": media_type}).status_code == 406
            continue
        answer = http.get(f"{url}?_profile={profile.token}", headers={"Accept": media_type})
        assert answer.status_code == 200
        body = answer.content
        if media_type == "application/ld+json":
            document = answer.json()
            if profile is OURS:
                context = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_bytes())["@context"]
                document = {**document, "@context": context}
            # Two processors read it alike.
            body = jsonld.to_rdf(document, {"format": "application/n-quads"}).encode()
            again = frozenset(q.triple for q in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))
            graphs.add(again)
            media_type = "application/n-quads"
        kind = ox.RdfFormat.from_media_type(media_type)
        graphs.add(frozenset(quad.triple for quad in ox.parse(body, format=kind)))
    assert len(graphs) == 1
    assert len(graphs.pop()) > 5


def test_schema_org_tells_a_letter_as_a_message(http: httpx.Client) -> None:
    answer = http.get("/doc/document/sample1931v01/d1.jsonld?_profile=schema").json()
    assert answer["@context"] == {"@vocab": "https://schema.org/"}
    assert answer["@id"] == f"{BASE}id/document/sample1931v01/d1"
    assert set(answer["@type"]) >= {"Message", "CreativeWork"}
    assert answer["sender"]["@type"] == "Role"
    assert answer["sender"]["name"] == "Harrow"
    assert answer["sender"]["roleName"] == "Minister in Veldria"
    assert answer["recipient"]["roleName"] == "Secretary of State"
    assert answer["dateSent"]["@value"] == "1931-03-02T18:00:00"
    assert answer["isPartOf"]
    assert answer["text"]


def statement(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def described(*, person: bool) -> list[ox.Triple]:
    """A letter whose sender's person is stated, or concluded by an inference only."""
    letter, sending, party = "urn:letter", "urn:sending", "urn:party"
    triples = [
        statement(letter, RDF.type, DGM.Document),
        statement(letter, DGM.sending, sending),
        statement(sending, RDF.type, DGM.Sending),
        statement(sending, DGM.sender, party),
        statement(party, RDF.type, DGM.Party),
        statement("urn:person", RDF.type, DGM.Person),
        statement("urn:inference", RDF.type, DGM.Inference),
        statement("urn:inference", RDF.subject, party),
        statement("urn:inference", RDF.predicate, DGM.person),
        statement("urn:inference", RDF.object, "urn:person"),
        statement("urn:inference", DGM.certainty, DGM.certain),
    ]
    return [*triples, statement(party, DGM.person, "urn:person")] if person else triples


def test_rico_has_a_sender_where_the_source_names_one_and_never_by_inference() -> None:
    has_sender = statement("urn:letter", f"{RICO_NS}hasSender", "urn:person")
    assert has_sender in apply(RICO, "urn:letter", described(person=True))
    for profile in (SCHEMA, RICO):
        told = apply(profile, "urn:letter", described(person=False))
        assert told
        assert not [triple for triple in told if "urn:person" in str(triple) or "urn:inference" in str(triple)]
    assert "urn:person" in str(apply(SCHEMA, "urn:letter", described(person=True)))


def test_no_profile_states_what_the_samples_only_infer(http: httpx.Client, samples_snapshot: Snapshot) -> None:
    """Of every inference with an IRI as its object: no profile joins that to the subject or to what it is a part of."""
    store = ox.Store.read_only(str(samples_snapshot.store))
    rows = store.query(
        f"SELECT ?subject ?object {{ ?i a <{DGM.Inference}> ; <{RDF.subject}> ?subject ; <{RDF.object}> ?object "
        "FILTER(isIRI(?object)) FILTER NOT EXISTS { ?subject ?any ?object } }",
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, ox.QuerySolutions)
    inferred = {(row["subject"].value, row["object"].value) for row in rows}
    assert inferred
    for subject, concluded in sorted(inferred):
        for profile in ("schema", "rico"):
            path = subject.removeprefix(f"{BASE}id/")
            told = http.get(f"/doc/{path}.nt?_profile={profile}")
            assert told.status_code == 200
            assert f"<{concluded}>" not in told.text


def test_a_page_is_not_to_be_had_in_other_profiles(http: httpx.Client) -> None:
    browser = http.get("/doc/document/sample1931v01/d5?_profile=schema", headers={"Accept": BROWSER})
    assert browser.headers["content-type"].startswith("text/turtle")
    only = http.get("/doc/document/sample1931v01/d5?_profile=schema", headers={"Accept": "text/html"})
    assert only.status_code == 406
    assert http.get("/doc/document/sample1931v01/d5.html?_profile=schema").status_code == 406


def test_the_queries_do_not_look_at_inferences() -> None:
    for profile in PROFILES[1:]:
        text = (ONTOLOGY_FOLDER / "profiles" / f"{profile.token}.rq").read_text(encoding="utf-8")
        assert "CONSTRUCT" in text
        assert "dgm:Inference" not in text
        assert "rdf:object" not in text


def test_the_list_of_forms_has_a_page_whose_links_all_lead_somewhere(http: httpx.Client) -> None:
    page = http.get("/doc/document/sample1931v01/d5?_profile=alt", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-location"] == "/doc/document/sample1931v01/d5.html?_profile=alt"
    assert f'<{ALTERNATES.iri}>; rel="profile"' in page.headers["link"]
    listed = [
        (href.replace("&amp;", "&"), kind) for href, kind in re.findall(r'href="([^"]+)" type="([^"]+)"', page.text)
    ]
    assert len(listed) == sum(offer in SUFFIXES for profile in PROFILES for offer in profile.offers)
    for href, kind in listed:
        assert http.get(href).headers["content-type"].partition(";")[0] == kind, href
