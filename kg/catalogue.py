"""The catalogue of a snapshot: what it holds (VoID) and how it can be had (DCAT 3), as catalogue.nt.

Counts are of data.nq, made while it is converted; a query over the union of the graphs gives the same.  So this
description is not loaded into the store: it would change what it counts.  There is no clock in it; when a snapshot was
published the history tells.  No blank nodes: what has no address of its own is a fragment of the catalogue's.

https://www.w3.org/TR/void/  https://www.w3.org/TR/vocab-dcat-3/  https://spdx.github.io/spdx-spec/ (checksums)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kg.downloads import COMMON, VOLUME, WHOLE, File
from kg.formats import FORMATS, abbreviation
from kg.iris import ONTOLOGY, Iris
from kg.snapshot import Manifest, VolumeEntry
from kg.statements import Statements, canonical, integer, literal
from kg.vocabulary import DGM, PREFIXES, RDF, RDFS, XSD, Namespace

# Terms of the catalogue alone: the data do not use them, so the data's JSON-LD context does not have them.
DCTERMS: Final = Namespace(
    PREFIXES["dcterms"],
    "title description identifier license publisher issued modified hasPart isPartOf conformsTo rights RightsStatement "
    "temporal PeriodOfTime",
)
DCAT: Final = Namespace(
    PREFIXES["dcat"],
    "Catalog DataService Dataset Distribution accessService accessURL byteSize compressFormat dataset distribution "
    "downloadURL endDate endpointDescription endpointURL hasCurrentVersion hasVersion isVersionOf keyword landingPage "
    "mediaType previousVersion servesDataset service startDate version",
)
VOID: Final = Namespace(
    PREFIXES["void"],
    "Dataset class classPartition classes dataDump distinctObjects distinctSubjects entities exampleResource feature "
    "properties property propertyPartition rootResource sparqlEndpoint subset triples uriRegexPattern uriSpace "
    "vocabulary",
)
SPDX: Final = Namespace(
    "http://spdx.org/rdf/terms#", "Checksum algorithm checksum checksumAlgorithm_sha256 checksumValue"
)
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/", "Agent name")
FORMAT: Final = Namespace("http://www.w3.org/ns/formats/", "N-Quads N-Triples Turtle TriG JSON-LD RDF_XML")

CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY: Final = "https://creativecommons.org/licenses/by/4.0/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
TITLE: Final = "Dragoman: diplomatic documents as linked data"
DESCRIPTION: Final = (
    "Diplomatic documents, their parts, senders and recipients, files, citations, the offices and persons behind them, "
    "and what is inferred about them, each statement with the passage that it rests on."
)
KEYWORDS: Final = ("diplomatic documents", "foreign relations", "history of diplomacy", "linked data", "TEI")
RIGHTS: Final = (
    "Dedicated to the public domain (CC0 1.0), but for coordinates and names of places, which are GeoNames' under "
    "CC BY 4.0."
)
# More than this many graphs are not listed one by one: a description that nobody can read describes nothing.
MOST_GRAPHS: Final = 1000
_EXAMPLES: Final = (DGM.Document, DGM.Volume, DGM.Person, DGM.Office, DGM.Inference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What data.nq holds.  `classes` and `predicates` are numbers of things and statements by IRI.

    `examples` has a thing of each class, `dates` the first and the last day on which something was sent by what the
    sources state, as xsd:date, years aside that cannot be meant.  `graphs` are numbers of statements by graph.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: dict[str, int]
    predicates: dict[str, int]
    examples: dict[str, str]
    dates: tuple[str, str] | None
    graphs: dict[str, int]


def catalogue(iris: Iris, manifest: Manifest, counts: Counts, files: Sequence[File]) -> str:
    """catalogue.nt: the dataset, its parts and partitions, its distributions and services."""
    # A graph is what the writer of statements needs; the triples are what is kept.
    graph = catalogue_iri(iris)
    out = Statements(graph)
    _dataset(out, iris, manifest, counts)
    _void(out, iris, counts)
    _partitions(out, iris, counts)
    for file in files:
        if file.name == WHOLE:
            distribution(out, iris, manifest.id, iris.dataset(), file)
            dump = f"{iris.base}download/{file.path}"
            out.link(iris.dataset(), VOID.dataDump, dump)
    _services(out, iris)
    _parts(out, iris, manifest, counts, files)
    return "".join(line[: line.rindex(" <")] + " .\n" for line in canonical(out))


def catalogue_iri(iris: Iris) -> str:
    return f"{iris.base}catalogue"


def volume_iri(iris: Iris, volume: str) -> str:
    """The volume's part of the dataset, as data; `Iris.volume` is the book."""
    return f"{catalogue_iri(iris)}/{quote(volume, safe='')}"


def _dataset(out: Statements, iris: Iris, manifest: Manifest, counts: Counts) -> None:
    whole, own = iris.dataset(), catalogue_iri(iris)
    publisher, rights = f"{own}#publisher", f"{own}#rights"
    out.describe(own, DCAT.Catalog, "Catalogue of this service")
    out.text(own, DCTERMS.title, "Catalogue of this service")
    out.text(own, DCTERMS.description, "The dataset that is published here, its versions, downloads and services.")
    out.link(own, DCTERMS.publisher, publisher)
    out.link(own, DCAT.dataset, whole)
    out.link(own, DCAT.service, f"{iris.base}sparql", f"{iris.base}graph-store")
    out.describe(publisher, FOAF.Agent, "Dragoman")
    out.text(publisher, FOAF.name, "Dragoman")
    out.describe(whole, DCAT.Dataset, TITLE)
    out.link(whole, RDF.type, VOID.Dataset)
    out.text(whole, DCTERMS.title, TITLE)
    out.text(whole, DCTERMS.description, DESCRIPTION)
    out.text(whole, DCAT.keyword, *KEYWORDS)
    out.text(whole, DCAT.version, manifest.id)
    out.link(whole, DCTERMS.publisher, publisher)
    out.link(whole, DCTERMS.license, CC0)
    out.link(whole, DCTERMS.rights, rights)
    out.link(whole, DCTERMS.conformsTo, ONTOLOGY.rstrip("#"), f"{iris.base}shapes")
    out.link(whole, DCAT.landingPage, f"{iris.base}dataset")
    out.describe(rights, DCTERMS.RightsStatement, RIGHTS)
    out.link(rights, RDFS.seeAlso, CC0, CC_BY)
    if counts.dates:
        period = f"{own}#sent"
        out.link(whole, DCTERMS.temporal, period)
        out.describe(period, DCTERMS.PeriodOfTime, "From the first to the last dated sending that a source states")
        for predicate, day in zip((DCAT.startDate, DCAT.endDate), counts.dates, strict=True):
            out.add(period, predicate, literal(day, XSD.date))


def _void(out: Statements, iris: Iris, counts: Counts) -> None:
    whole = iris.dataset()
    numbers = {
        VOID.triples: counts.triples,
        VOID.entities: counts.entities,
        VOID.distinctSubjects: counts.subjects,
        VOID.distinctObjects: counts.objects,
        VOID.classes: len(counts.classes),
        VOID.properties: len(counts.predicates),
    }
    for predicate, number in numbers.items():
        out.add(whole, predicate, integer(number))
    out.text(whole, VOID.uriSpace, f"{iris.base}id/")
    out.text(whole, VOID.uriRegexPattern, f"^{re.escape(iris.base)}id/")
    out.link(whole, VOID.sparqlEndpoint, f"{iris.base}sparql")
    out.link(whole, VOID.feature, *(FORMAT[name] for name in sorted(FORMAT.terms)))
    used = {re.split(r"(?<=[#/])[^#/]*$", iri)[0] for iri in (*counts.classes, *counts.predicates)}
    out.link(whole, VOID.vocabulary, *(iri for iri in PREFIXES.values() if iri in used))
    out.link(whole, VOID.exampleResource, *(counts.examples.get(kind) for kind in _EXAMPLES))


def _partitions(out: Statements, iris: Iris, counts: Counts) -> None:
    whole = iris.dataset()
    kinds = (
        ("class", VOID.classPartition, VOID["class"], VOID.entities, counts.classes),
        ("property", VOID.propertyPartition, VOID.property, VOID.triples, counts.predicates),
    )
    for name, partition, names, counted, numbers in kinds:
        for iri, number in numbers.items():
            prefix, short = abbreviation(f"<{iri}>")
            node = f"{catalogue_iri(iris)}#{name}-{short.replace(':', '-') if prefix else quote(iri, safe='')}"
            out.link(whole, partition, node)
            out.link(node, names, iri)
            out.add(node, counted, integer(number))


def distribution(out: Statements, iris: Iris, snapshot: str, dataset: str, file: File) -> None:
    """One download, by the address at which it stays."""
    node = f"{catalogue_iri(iris)}#{quote(file.path, safe='')}"
    checksum = f"{node}-sha256"
    address = f"{iris.base}download/{snapshot}/{file.path}"
    out.link(dataset, DCAT.distribution, node)
    out.describe(node, DCAT.Distribution, file.path)
    out.text(node, DCTERMS.title, file.path)
    out.link(node, DCAT.downloadURL, address)
    out.link(node, DCAT.accessURL, address)
    out.link(node, DCAT.mediaType, IANA + FORMATS[file.format])
    out.link(node, DCAT.compressFormat, IANA + file.media_type if file.coding else None)
    out.link(node, DCTERMS.license, CC0)
    out.link(node, DCTERMS.rights, f"{catalogue_iri(iris)}#rights")
    out.add(node, DCAT.byteSize, literal(str(file.size), f"{XSD.iri}nonNegativeInteger"))
    out.link(node, SPDX.checksum, checksum)
    out.link(checksum, RDF.type, SPDX.Checksum)
    out.link(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    out.add(checksum, SPDX.checksumValue, literal(file.sha256, f"{XSD.iri}hexBinary"))


def _services(out: Statements, iris: Iris) -> None:
    services = {
        "sparql": ("SPARQL endpoint", "http://www.w3.org/TR/sparql11-protocol/"),
        "graph-store": ("Graph Store, to read", "http://www.w3.org/TR/sparql11-http-rdf-update/"),
    }
    for path, (title, standard) in services.items():
        address = f"{iris.base}{path}"
        out.describe(address, DCAT.DataService, title)
        out.text(address, DCTERMS.title, title)
        out.link(address, DCAT.endpointURL, address)
        out.link(address, DCAT.endpointDescription, f"{iris.base}openapi.json")
        out.link(address, DCAT.servesDataset, iris.dataset())
        out.link(address, DCTERMS.conformsTo, standard)
        out.link(address, DCTERMS.license, CC0)
    out.link(f"{iris.base}sparql", DCAT.endpointDescription, f"{iris.base}sparql")
    node = f"{catalogue_iri(iris)}#query"
    out.link(iris.dataset(), DCAT.distribution, node)
    out.describe(node, DCAT.Distribution, "By query")
    out.text(node, DCTERMS.title, "By query")
    out.link(node, DCAT.accessURL, f"{iris.base}sparql")
    out.link(node, DCAT.accessService, f"{iris.base}sparql")
    out.link(node, DCTERMS.license, CC0)
    out.link(node, DCTERMS.rights, f"{catalogue_iri(iris)}#rights")


def _parts(out: Statements, iris: Iris, manifest: Manifest, counts: Counts, files: Iterable[File]) -> None:
    """Each volume, and each named graph unless there are too many."""
    whole = iris.dataset()
    graphs: dict[str, list[str]] = {}
    for source in manifest.sources:
        if source.volume:
            graphs.setdefault(source.volume, []).append(source.graph)
    for volume in manifest.volumes:
        _volume(out, iris, volume, sum(counts.graphs[graph] for graph in graphs[volume.id]))
    for file in files:
        if file.name not in (WHOLE, COMMON):
            part = f"{catalogue_iri(iris)}/{file.name.removeprefix(VOLUME)}"
            out.link(part, VOID.dataDump, f"{iris.base}download/{file.path}")
    if len(counts.graphs) <= MOST_GRAPHS:
        for graph, number in counts.graphs.items():
            out.link(whole, VOID.subset, graph)
            out.link(graph, RDF.type, VOID.Dataset)
            out.add(graph, VOID.triples, integer(number))
        for volume_id, names in graphs.items():
            out.link(volume_iri(iris, volume_id), VOID.subset, *names)


def _volume(out: Statements, iris: Iris, volume: VolumeEntry, triples: int) -> None:
    part, title = volume_iri(iris, volume.id), volume.title or volume.id
    out.link(iris.dataset(), VOID.subset, part)
    out.link(iris.dataset(), DCTERMS.hasPart, part)
    out.link(iris.dataset(), VOID.rootResource, volume.iri)
    out.describe(part, VOID.Dataset, title)
    out.link(part, RDF.type, DCAT.Dataset)
    out.text(part, DCTERMS.title, title)
    out.text(part, DCTERMS.identifier, volume.id)
    out.text(part, DCTERMS.description, f"What the sources of the volume {volume.id} state and what is inferred of it.")
    out.link(part, DCTERMS.isPartOf, iris.dataset())
    out.link(part, DCTERMS.license, CC0)
    out.link(part, VOID.rootResource, volume.iri)
    out.add(part, VOID.triples, integer(triples))
