"""A description says the same whether the store tells of a document or its download does."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox

from kg.downloads import Downloads
from kg.snapshot import Snapshot
from kg.vocabulary import DGM
from service.descriptions import Descriptions, InMemory, _text, read
from service.lines import indexed, quads
from service.ownstatements import OwnSources, told


class Listening(InMemory):
    """A source that remembers what it was asked."""

    asked = ""

    async def results(self, text: str) -> bytes:
        self.asked = text
        return await super().results(text)


def source_of(snapshot: Snapshot) -> Listening:
    return Listening(ox.parse(path=snapshot.data, format=ox.RdfFormat.N_QUADS))


def documents_of(snapshot: Snapshot) -> list[str]:
    keys = Downloads(snapshot.downloads).documents()
    return [f"{snapshot.manifest.base_iri}id/document/{key}" for key in keys]


def test_the_download_of_a_document_tells_what_the_store_does(registers_snapshot: Snapshot) -> None:
    source, iris = source_of(registers_snapshot), documents_of(registers_snapshot)
    descriptions = Descriptions(source, registers_snapshot)
    assert len(iris) > 5
    for iri in iris:
        by_download = asyncio.run(descriptions.get(iri))
        assert "LATERAL { GRAPH ?g { ?s ?p ?o } }" not in source.asked
        by_store, _ = read(iri, 1, asyncio.run(source.results(_text(iri, 1))))
        assert set(by_download.quads()) == set(by_store.quads()), iri
        assert by_download.incoming == by_store.incoming
        assert by_download.counts == by_store.counts


def test_labels_that_are_known_are_not_asked_for_again(registers_snapshot: Snapshot) -> None:
    source, (iri, *_) = source_of(registers_snapshot), documents_of(registers_snapshot)
    own = OwnSources(registers_snapshot).of(iri)
    assert own
    # Properties stand in the query by themselves.
    outside = [thing for thing in own.outside if thing.startswith(registers_snapshot.manifest.base_iri)]
    assert outside
    descriptions = Descriptions(source, registers_snapshot)
    first = asyncio.run(descriptions.get(iri))
    assert all(f"<{thing}>" in source.asked for thing in outside)
    again = asyncio.run(descriptions.get(iri, 2))
    assert not any(f"<{thing}>" in source.asked for thing in outside)
    assert set(again.quads()) <= set(first.quads())


def test_what_is_no_document_of_a_source_is_left_to_the_store(registers_snapshot: Snapshot) -> None:
    base, own = registers_snapshot.manifest.base_iri, OwnSources(registers_snapshot)
    for name in ("document/sample1931v01/d9999", "volume/sample1931v01", "document/sample1931v01", "rule/none"):
        assert own.of(f"{base}id/{name}") is None


def test_a_download_that_leads_to_a_part_which_it_has_not_is_left_to_the_store() -> None:
    title = b'<urn:d> <http://purl.org/dc/terms/title> "A <title>, \\"quoted\\"" <urn:g> .\n'
    party = f"<urn:d> <{DGM.participant}> <urn:p> <urn:g> .\n".encode()
    printed = f'<urn:p> <{DGM.printed}> "P" <urn:g> .\n'.encode()
    lines = indexed(title + party + printed)
    assert told(indexed(title + party), "urn:d", "urn:[dp]") is None
    whole = told(lines, "urn:d", "urn:[dp]")
    assert whole
    assert told(lines, "urn:d", "urn:d") is None  # nor one with things of another name
    assert whole.outside == ()
    assert {str(quad.object) for quad in quads([whole.lines])} == {'"A <title>, \\"quoted\\""', "<urn:p>", '"P"'}
