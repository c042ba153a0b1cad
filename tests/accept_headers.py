"""What real clients send as Accept, each as heard by a server that it was pointed at, or as its source has it.

`rdf` is what a client sends for the address of a thing or document, `select`, `ask` and `construct` for queries; None
where it cannot ask so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Client:
    """One client in one of its settings."""

    name: str
    rdf: str | None = None
    select: str | None = None
    ask: str | None = None
    construct: str | None = None


def _same(name: str, accept: str) -> Client:
    return Client(name, accept, accept, accept, accept)


# rdflib 7.6.0, heard: Graph.parse(url), which asks for all that it can parse, and with format=…; SPARQLConnector,
# which SPARQLStore is built on, with returnFormat=….
_RDFLIB_ALL = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
_RDFLIB_STORE = "application/rdf+xml, application/sparql-results+xml"
# Apache Jena 5.6.0, heard: riot URL and rsparql --service URL.  The lists are those of
# org.apache.jena.riot.WebContent and org.apache.jena.sparql.exec.http.
_RIOT = (
    "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,application/trig,application/n-quads;q=0.9,"
    "application/ld+json;q=0.8,*/*;q=0.5"
)
_RSPARQL_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5,application/json;q=0.2,application/xml;q=0.2,*/*;q=0.1"
)
_RSPARQL_ASK = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9,application/json;q=0.2,"
    "application/xml;q=0.2,*/*;q=0.1"
)
_RSPARQL_CONSTRUCT = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
)
# Comunica 4.5.0 (query-sparql), heard: a source by dereferencing, which asks for all that it can parse, and one of
# type sparql, which is fetch-sparql-endpoint.
_COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,application/json;q=0.135,text/shaclc;q=0.1,"
    "text/shaclc-ext;q=0.05"
)
_COMUNICA_RESULTS = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
# rapper 2.0.15 (libraptor2, the parser of librdf), heard: rapper URL, rapper -i turtle URL, rapper -g URL.
_RAPPER_TURTLE = (
    "text/turtle, application/x-turtle, application/turtle, text/n3;q=0.3, text/rdf+n3;q=0.3, "
    "application/rdf+n3;q=0.3, */*;q=0.1"
)
_RAPPER_GUESS = (
    "application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, application/x-turtle, "
    "application/turtle, text/n3;q=0.3, text/rdf+n3;q=0.3, application/rdf+n3;q=0.3, application/x-trig, "
    "application/rss;q=0.8, application/rss+xml;q=0.8, text/rss;q=0.8, application/xml;q=0.3, text/xml;q=0.3, "
    "application/atom+xml;q=0.3, text/html;q=0.2, application/xhtml+xml;q=0.4, text/html;q=0.6, "
    "application/xhtml+xml;q=0.8, application/json;q=0.1, text/json;q=0.1, text/x-nquads, */*;q=0.1"
)
# Virtuoso 7's sponger: the default of get:accept in libsrc/Wi/sparql.sql and rdf_sponge.sql, of two versions.
_VIRTUOSO = (
    "application/rdf+xml; q=1.0, text/rdf+n3; q=0.9, application/rdf+turtle; q=0.5, application/x-turtle; q=0.6, "
    "application/turtle; q=0.5, text/turtle; q={}, application/xml; q=0.2, */*; q=0.1"
)
# SPARQLWrapper 2.0.0, heard, with setReturnFormat.
_WRAPPER_JSON = "application/sparql-results+json,application/json,text/javascript,application/javascript"
_WRAPPER_N3 = "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3"

CLIENTS: Final = (
    Client("rdflib", rdf=_RDFLIB_ALL, select=_RDFLIB_STORE, ask=_RDFLIB_STORE, construct=_RDFLIB_STORE),
    Client("rdflib turtle", rdf="text/turtle, application/x-turtle, */*;q=0.1", construct="text/turtle"),
    Client("rdflib xml", rdf="application/rdf+xml, */*;q=0.1"),
    Client("rdflib nt", rdf="text/plain, */*;q=0.1"),
    Client(
        "rdflib json",
        rdf="application/ld+json, application/json;q=0.9, */*;q=0.1",
        select="application/sparql-results+json",
        ask="application/sparql-results+json",
    ),
    Client("rdflib csv", select="text/csv"),
    Client("rdflib tsv", select="text/tab-separated-values"),
    Client("Jena", rdf=_RIOT, select=_RSPARQL_SELECT, ask=_RSPARQL_ASK, construct=_RSPARQL_CONSTRUCT),
    Client("Comunica", rdf=_COMUNICA, select=_COMUNICA_RESULTS, ask=_COMUNICA_RESULTS, construct="text/turtle"),
    Client("rapper", rdf="application/rdf+xml, text/rdf;q=0.6, */*;q=0.1"),
    Client("rapper turtle", rdf=_RAPPER_TURTLE),
    Client("rapper guess", rdf=_RAPPER_GUESS),
    Client("Virtuoso", rdf=_VIRTUOSO.format("0.7")),
    Client("Virtuoso, newer", rdf=_VIRTUOSO.format("1.0")),
    Client(
        "SPARQLWrapper",
        select="application/sparql-results+xml",
        ask="application/sparql-results+xml",
        construct="application/rdf+xml",
    ),
    Client("SPARQLWrapper json", select=_WRAPPER_JSON, ask=_WRAPPER_JSON, construct="*/*"),
    Client("SPARQLWrapper csv", select="text/csv", ask="text/csv"),
    Client("SPARQLWrapper turtle", select="*/*", ask="*/*", construct="application/turtle,text/turtle"),
    Client("SPARQLWrapper json-ld", construct="application/ld+json,application/x-json+ld"),
    Client("SPARQLWrapper n3", construct=_WRAPPER_N3),
    # LodLive asks by a script element (js/jquery.jsonp) or by jQuery's dataType json, whose list this is.
    _same("LodLive", "application/json, text/javascript, */*; q=0.01"),
    # curl 7.88, wget 1.21 and requests 2.34, heard.
    _same("curl, wget, requests, httpx", "*/*"),
    # Firefox 132 and later, and before; Chromium: navigation, by MDN's List of default Accept values.
    _same("Firefox", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    _same("Firefox, before", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
    _same(
        "Chromium",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7",
    ),
)
