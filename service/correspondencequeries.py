"""The views of the correspondence in SPARQL: the same rows as the page has, from the graph itself.

Names and dates are OPTIONAL though every post has a name and a row without its date is filtered: an OPTIONAL the
engine follows from each row that it has, a join it begins with all names and dates there are, which takes as long
again as all the rest.
"""

from __future__ import annotations

import re
from typing import Final

from service.posts import Question

_PROLOGUE = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dgm: <https://w3id.org/dragoman/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
# What is stated, and what is inferred with certainty.  In this order the engine begins with the parties of documents,
# and not with all that has an office.
_AGREED = """  {{ SELECT DISTINCT ?document ?{name} {{
    {where}
    {{ ?{name}At {predicate} ?{name} }}
    UNION
    {{ SELECT ?{name}At ?{name} {{
      [] rdf:predicate {predicate} ; dgm:certainty dgm:certain ;
        rdf:subject ?{name}At ; rdf:object ?{name} }} }} }} }}"""
_SENDER = "?document dgm:sending ?sending . ?sending dgm:sender ?{name}At ."
_RECIPIENT = "?document dgm:receiving ?receiving . ?receiving dgm:recipient ?{name}At ."
_CITY = "?document dgm:sending ?{name}At ."
_STATE = """  ?{name}Office dgm:sendingState ?{name}Home .
  OPTIONAL {{ ?{name}Office dgm:receivingState ?{name}Abroad }}
  BIND(COALESCE(?{name}Abroad, ?{name}Home) AS ?{name})"""
_NOT_IN_IRI = r'[\x00-\x20<>"{}|\\^`]'
THREADS: Final = f"""{_PROLOGUE}
SELECT ?identifier ?document ?answersIdentifier ?answers ?certainty
WHERE {{
  [] rdf:predicate dgm:answers ; rdf:subject ?document ; rdf:object ?answers ; dgm:certainty ?certainty .
  ?document dcterms:identifier ?identifier .
  ?answers dcterms:identifier ?answersIdentifier .
}}
ORDER BY ?identifier ?answersIdentifier
"""


def pairs(asked: Question) -> str:
    """Pairs of posts and how many documents went from the one to the other."""
    dates = _dates(asked, received=False)
    return f"""{_PROLOGUE}
SELECT ?from ?fromName ?to ?toName ?documents
WHERE {{
  {{ SELECT ?from ?to (COUNT(DISTINCT ?document) AS ?documents) WHERE {{
{_sides(asked)}
{dates}  }} GROUP BY ?from ?to }}
  OPTIONAL {{ ?from rdfs:label ?fromName }}
  OPTIONAL {{ ?to rdfs:label ?toName }}
}}
ORDER BY DESC(?documents) ?from ?to
"""


def letters(asked: Question, *, timed: bool) -> str:
    """A row a document and pair of posts; of `timed` ones those that tell both days."""
    body = _dates(asked, received=True) if timed else _dates(asked, received=False)
    both = " ?sent ?received" if timed else ""
    return f"""{_PROLOGUE}
SELECT DISTINCT ?identifier ?document ?from ?to{both}
WHERE {{
{_sides(asked)}
  ?document dcterms:identifier ?identifier .
{body}}}
ORDER BY ?identifier ?from ?to
"""


def thread(iris: list[str]) -> str:
    """Who answers whom among the documents of a thread."""
    values = " ".join(f"<{iri}>" for iri in iris)
    return THREADS.replace("WHERE {\n", f"WHERE {{\n  VALUES ?document {{ {values} }}\n")


def _sides(asked: Question) -> str:
    office = "Office" if asked.unit == "state" else ""
    lines = [
        _agreed("from", _CITY, "dgm:place")
        if asked.unit == "place"
        else _agreed(f"from{office}", _SENDER, "dgm:office"),
        _agreed(f"to{office}", _RECIPIENT, "dgm:office"),
    ]
    if office:
        lines += [_STATE.format(name="from"), _STATE.format(name="to")]
    if asked.sender:
        lines.append(f"  FILTER(?from = {_iri(asked.sender)})")
    if asked.recipient:
        lines.append(f"  FILTER(?to = {_iri(asked.recipient)})")
    if asked.post:
        lines.append(f"  FILTER({_iri(asked.post)} IN (?from, ?to))")
    return "\n".join(lines)


def _agreed(name: str, where: str, predicate: str) -> str:
    return _AGREED.format(name=name, where=where.format(name=name), predicate=predicate)


def _dates(asked: Question, *, received: bool) -> str:
    lines = []
    if asked.after or asked.before or received:
        lines.append("  OPTIONAL { ?document dgm:sending ?sendingThen . ?sendingThen dgm:date ?sent }")
    if asked.after:
        lines.append(f'  FILTER(STR(?sent) >= "{asked.after}")')
    if asked.before:
        lines.append(f'  FILTER(STR(?sent) >= "0" && STR(?sent) <= "{asked.before}~")')
    if received:
        day = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
        lines.append("  OPTIONAL { ?document dgm:receiving ?receivingThen . ?receivingThen dgm:date ?received }")
        lines.append(f'  FILTER(REGEX(STR(?sent), "{day}") && REGEX(STR(?received), "{day}"))')
    return "".join(f"{line}\n" for line in lines)


def _iri(iri: str) -> str:
    return f"<{re.sub(_NOT_IN_IRI, '', iri)}>"
