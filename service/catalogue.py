"""What the service says of itself: the catalogue (VoID, DCAT 3) and the SPARQL service description.

The snapshot has the catalogue, made at publication; here come the times of publication, which the history tells.
`/catalogue` and `/.well-known/void` serve it, `/catalogue/VOLUME` one volume's downloads, `/sparql` without a query the
service description (https://www.w3.org/TR/sparql11-service-description/).  No blank nodes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.catalogue import DCAT, DCTERMS, VOID, catalogue_iri, distribution
from kg.downloads import VOLUME, Downloads
from kg.errors import SnapshotError
from kg.history import Published
from kg.statements import Statements
from kg.vocabulary import PREFIXES, RDF, RDFS, XSD, Namespace
from service.frames import GRAPH_TYPES, RESULT_TYPES
from service.problems import NotFound
from service.representations import RDF_TYPES, write
from service.responses import negotiate, readable, reply
from service.site import Site, site_of

router = APIRouter()
well_known = APIRouter()
"""Mounted at the root of the host as well, whatever the base IRI (RFC 8615)."""

SD: Final = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "Dataset Graph NamedGraph Service SPARQL11Query UnionDefaultGraph defaultDataset defaultGraph endpoint "
    "feature graph name namedGraph resultFormat supportedLanguage",
)
# https://www.w3.org/ns/formats/ for what the workers write, by the name of their writer.
FORMAT_IRIS: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "jsonld": "JSON-LD",
    "nq": "N-Quads",
    "trig": "TriG",
}
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SH: Final = Namespace(
    PREFIXES["sh"],
    "SPARQLAskExecutable SPARQLConstructExecutable SPARQLExecutable SPARQLSelectExecutable ask construct select",
)
_KEYWORDS: Final = "https://schema.org/keywords"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE | re.IGNORECASE)
_TARGET: Final = "https://schema.org/target"


@readable(router, "/catalogue")
async def catalogue(request: Request) -> Response:
    """The dataset as VoID and DCAT 3 describe it, with its versions."""
    return await _answer(request)


@readable(well_known, "/.well-known/void")
async def void(request: Request) -> Response:
    """The same, where VoID has it looked for (https://www.w3.org/TR/void/#well-known)."""
    return await _answer(request)


async def _answer(request: Request) -> Response:
    site = site_of(request)
    triples = await run_in_threadpool(describe, site)
    return _reply(request, triples, catalogue_iri(site.iris))


@readable(router, "/catalogue/{volume:path}")
async def volume(request: Request) -> Response:
    """One volume's downloads, with sizes and checksums."""
    site = site_of(request)
    raw = bytes(request.scope["raw_path"]).partition(b"?")[0]
    name = quote(raw, safe="/%:@!$&'()*+,;=-._~").removeprefix(f"{site.root}catalogue/")
    triples = await run_in_threadpool(_volume, site, name)
    if not triples:
        raise NotFound("there is no volume of this name")
    return _reply(request, triples, f"{catalogue_iri(site.iris)}/{name}")


def _reply(request: Request, triples: list[ox.Triple], about: str) -> Response:
    site = site_of(request)
    chosen = negotiate(request, RDF_TYPES)
    body = write(triples, chosen, about=about, context=site.vocabularies.context)
    return reply(request, body, chosen, headers={"Vary": "Accept"})


def describe(site: Site) -> list[ox.Triple]:
    """The catalogue of the current snapshot and its versions."""
    triples = list(_written(site.snapshot.catalogue))
    return [*triples, *_triples(_versions(site))] if triples else triples


def of_dataset(site: Site) -> list[ox.Triple]:
    """What the catalogue says of the dataset itself."""
    about = ox.NamedNode(site.iris.dataset())
    return [triple for triple in describe(site) if triple.subject == about]


@dataclass(frozen=True, slots=True)
class Held:
    """What a snapshot holds: things by class, statements by property, and the first and last day of sending."""

    classes: dict[str, int]
    properties: dict[str, int]
    sent: tuple[str, str] | None


@lru_cache(maxsize=2)
def held(path: Path) -> Held:
    """The numbers of catalogue.nt (VoID partitions); none if an older version published the snapshot."""
    facts: dict[str, dict[str, str]] = {}
    for triple in _written(path):
        value = triple.object
        assert isinstance(value, ox.NamedNode | ox.Literal)  # noqa: S101 - there are no blank nodes in it
        facts.setdefault(str(triple.subject), {})[triple.predicate.value] = value.value
    nodes = facts.values()
    days = [(node[DCAT.startDate], node[DCAT.endDate]) for node in nodes if DCAT.startDate in node]
    return Held(
        classes={node[VOID["class"]]: int(node[VOID.entities]) for node in nodes if VOID["class"] in node},
        properties={node[VOID.property]: int(node[VOID.triples]) for node in nodes if VOID.property in node},
        sent=days[0] if days else None,
    )


@lru_cache(maxsize=2)
def _written(path: Path) -> tuple[ox.Triple, ...]:
    """catalogue.nt; nothing if an older version published the snapshot."""
    if not path.is_file():
        return ()
    return tuple(quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES))


def _triples(out: Statements) -> list[ox.Triple]:
    quads = ox.parse("".join(out).encode(), format=ox.RdfFormat.N_QUADS)
    return [quad.triple for quad in quads]


def _versions(site: Site) -> Statements:
    """When the dataset was published, and the versions that are kept, each after the one before."""
    whole, history = site.iris.dataset(), site.mementos.history
    out = Statements(catalogue_iri(site.iris))
    recorded = history.all()
    current = tuple(one for one in recorded if one.id == site.snapshot.manifest.id)
    out.add(whole, DCTERMS.issued, *map(_time, recorded[:1]))
    out.add(whole, DCTERMS.modified, *map(_time, current[-1:]))
    before: str | None = None
    for published in history.publications():
        node = f"{catalogue_iri(site.iris)}#version-{published.time:%Y%m%d%H%M%S}"
        out.describe(node, DCAT.Dataset, f"Dragoman as published on {published.time:%Y-%m-%d %H:%M:%S} UTC")
        out.text(node, DCTERMS.title, f"Dragoman as published on {published.time:%Y-%m-%d %H:%M:%S} UTC")
        out.text(node, DCTERMS.description, "One version of the dataset, as it was published then.")
        out.text(node, DCAT.version, published.id)
        out.add(node, DCTERMS.issued, _time(published))
        out.link(node, DCAT.isVersionOf, whole)
        out.link(node, DCTERMS.publisher, f"{catalogue_iri(site.iris)}#publisher")
        out.link(node, DCTERMS.license, "https://creativecommons.org/publicdomain/zero/1.0/")
        out.link(node, DCAT.previousVersion, before)
        out.link(whole, DCAT.hasVersion, node)
        if published.id == site.snapshot.manifest.id:
            out.link(whole, DCAT.hasCurrentVersion, node)
        before = node
    return out


def _time(published: Published) -> str:
    return f'"{published.time:%Y-%m-%dT%H:%M:%SZ}"^^<{XSD.dateTime}>'


def _volume(site: Site, name: str) -> list[ox.Triple]:
    about = f"{catalogue_iri(site.iris)}/{name}"
    known = [triple for triple in _written(site.snapshot.catalogue) if triple.subject == ox.NamedNode(about)]
    if not known:
        return []
    out = Statements(catalogue_iri(site.iris))
    try:
        files = Downloads(site.snapshot.downloads).files()
    except SnapshotError:
        files = []
    for file in files:
        if file.name == f"{VOLUME}{name}":
            distribution(out, site.iris, site.snapshot.manifest.id, about, file)
    return [*known, *_triples(out)]


def service_description(site: Site) -> list[ox.Triple]:
    """The endpoint: what it speaks and writes, its graphs and limits, questions to begin with."""
    endpoint, whole, limits = f"{site.base}sparql", site.iris.dataset(), site.queries.limits
    out = Statements(endpoint)
    out.describe(endpoint, SD.Service, "SPARQL endpoint")
    out.link(endpoint, RDF.type, DCAT.DataService)
    out.link(endpoint, SD.endpoint, endpoint)
    out.link(endpoint, DCAT.endpointURL, endpoint)
    out.link(endpoint, DCAT.servesDataset, whole)
    out.link(endpoint, SD.supportedLanguage, SD.SPARQL11Query)
    out.link(endpoint, SD.feature, SD.UnionDefaultGraph)
    written = {*RESULT_TYPES.values(), *GRAPH_TYPES.values()}
    out.link(endpoint, SD.resultFormat, *(_FORMATS + FORMAT_IRIS[name] for name in sorted(written)))
    out.text(
        endpoint,
        DCTERMS.description,
        f"Queries only, without SERVICE.  A query may take {limits.seconds:g} seconds, have {limits.query_bytes} bytes "
        f"and brackets nested {limits.nesting} deep; over a limit it gets an error, never a part of the answer.",
    )
    out.link(endpoint, RDFS.seeAlso, catalogue_iri(site.iris), f"{site.base}.well-known/void")
    _graphs(out, site)
    _examples(out, site)
    return _triples(out)


def _graphs(out: Statements, site: Site) -> None:
    """The default dataset; each named graph that the catalogue lists, with its number of statements."""
    endpoint, whole = f"{site.base}sparql", site.iris.dataset()
    default = f"{endpoint}#default-graph"
    out.link(endpoint, SD.defaultDataset, whole)
    out.link(whole, RDF.type, SD.Dataset)
    out.link(whole, SD.defaultGraph, default)
    out.describe(default, SD.Graph, "The union of all named graphs")
    counts, subsets = dict[str, str](), set[str]()
    for triple in _written(site.snapshot.catalogue):
        if triple.predicate.value == VOID.triples:
            counts[str(triple.subject)[1:-1]] = str(triple.object)
        elif triple.predicate.value == VOID.subset:
            subsets.add(str(triple.object)[1:-1])
    out.add(default, VOID.triples, counts.get(whole))
    volumes = f"{catalogue_iri(site.iris)}/"
    for number, graph in enumerate(sorted(name for name in subsets if not name.startswith(volumes)), 1):
        node, described = f"{endpoint}#named-graph-{number}", f"{endpoint}#graph-{number}"
        out.link(whole, SD.namedGraph, node)
        out.link(node, RDF.type, SD.NamedGraph)
        out.link(node, SD.name, graph)
        out.link(node, SD.graph, described)
        out.link(described, RDF.type, SD.Graph)
        out.add(described, VOID.triples, counts[graph])


def _examples(out: Statements, site: Site) -> None:
    """The gallery, as SHACL has executables (https://www.w3.org/TR/shacl-af/#SPARQLExecutable).

    https://github.com/sib-swiss/sparql-examples tells of the practice; our queries have their prefixes themselves.
    """
    for example in site.vocabularies.gallery.examples:
        node = f"{site.base}sparql#example-{quote(example.name, safe='')}"
        kind, asks = _form(example.text)
        out.describe(node, _SH.SPARQLExecutable, example.title)
        out.link(node, RDF.type, kind)
        out.text(node, f"{RDFS.iri}comment", example.question)
        out.text(node, asks, example.text)
        out.text(node, _KEYWORDS, example.theme)
        out.link(node, _TARGET, f"{site.base}sparql")
        out.link(node, RDFS.seeAlso, f"{site.base}sparql/examples/{quote(example.name, safe='')}.rq")


def _form(query: str) -> tuple[str, str]:
    """The class of an executable of the query's form, and the property that has its text."""
    found = _FORM.search(_COMMENT.sub("", query))
    forms = {
        "SELECT": (_SH.SPARQLSelectExecutable, _SH.select),
        "ASK": (_SH.SPARQLAskExecutable, _SH.ask),
        "CONSTRUCT": (_SH.SPARQLConstructExecutable, _SH.construct),
    }
    return forms[found[1].upper() if found else "SELECT"]
