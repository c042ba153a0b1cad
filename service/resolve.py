"""Who held an office on a day, asked of the registers that ship with the package: `/resolve?office=…&on=…`.

The answer is the one that `dragoman resolve` gives, as a page, or as JSON-LD: the candidates are persons with
their terms of office, under the IRIs that the dataset has for them.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kg.answers import Answer, BadQuestion, Instead, answer
from kg.authorities import authorities
from kg.iris import Iris
from kg.vocabulary import XSD
from service.problems import BadRequest, problem
from service.representations import HTML, JSON_LD
from service.responses import negotiate, problem_type, readable, reply
from service.site import Site, site_of
from service.vocabularies import CONTEXT_PATH

router = APIRouter()

_LONGEST = 200
_DATATYPES: Final = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_PROPERTIES: Final = {
    "appointed": "appointed",
    "arrived at the post": "arrived",
    "presented credentials": "credentialsPresented",
    "entered on duty": "entered",
    "ended": "ended",
}


@readable(router, "/resolve")
async def resolve(request: Request) -> Response:
    """Holder, term with dates, evidence and rivals; without a question, the page to ask one."""
    site, asked = site_of(request), request.query_params
    chosen = negotiate(request, (HTML, JSON_LD, "application/json"))
    office, on, name = (asked.get(key, "").strip()[:_LONGEST] for key in ("office", "on", "name"))
    if chosen == HTML and not office and not on:
        return reply(request, site.pages.resolve(None, office, on, name), HTML, headers={"Vary": "Accept"})
    try:
        found = await run_in_threadpool(answer, authorities(), office, on, name or None)
    except BadQuestion as error:
        refused = BadRequest(str(error), [_similar(site, one, on, name) for one in error.instead])
        if problem_type(request) != HTML:
            raise refused from error
        body = site.pages.resolve(None, office, on, name, problem(refused))
        return Response(body, 400, {"Vary": "Accept", "Cache-Control": "no-store"}, media_type=HTML)
    if chosen == HTML:
        body = site.pages.resolve(_linked(site.iris, found), office, on, name)
    else:
        body = json.dumps(_document(site, found), ensure_ascii=False, indent=1).encode()
    return reply(request, body, chosen, headers={"Vary": "Accept"})


def _similar(site: Site, instead: Instead, on: str, name: str) -> dict[str, str]:
    """An office that may be meant, with the address that asks for it."""
    asked = urlencode({"office": instead.words, "on": on, **({"name": name} if name else {})})
    iri = site.iris.office(instead.office)
    return {"iri": iri, "label": instead.words, "document": f"{site.root}resolve?{asked}"}


def _linked(iris: Iris, found: Answer) -> Answer:
    """The answer with the IRIs of its persons."""
    candidates = [{**one, "iri": iris.register_person(one["id"])} for one in found["candidates"]]
    return {**found, "candidates": candidates}


def _document(site: Site, found: Answer) -> dict[str, Any]:
    """The answer as JSON-LD: what the context does not know (the question, the rules) is for people alone."""
    iris = site.iris
    return {
        # In JSON-LD 1.1 the candidates are nodes of their own, beside what is said of the question.
        "@context": [f"{site.base}{CONTEXT_PATH}", {"candidates": "@included", "terms": {"@reverse": "dgm:holder"}}],
        "question": {"office": found["office"], "on": found["on"], "name": found["name"]},
        "answer": {key: found[key] for key in ("certainty", "message", "rules", "evidence")},
        "candidates": [
            {
                "id": iris.register_person(one["id"]),
                "type": "Person",
                "label": one["person"],
                "authority": one["id"],
                "terms": [_term(iris, term) for term in one["terms"]],
            }
            for one in found["candidates"]
        ],
    }


def _term(iris: Iris, term: dict[str, Any]) -> dict[str, Any]:
    dates = {
        _PROPERTIES[one["meaning"]]: {"@value": one["date"], "@type": _DATATYPES[len(one["date"])]}
        for one in term["dates"]
        if one["date"]
    }
    return {"id": iris.term_of_office(term["id"]), "type": "TermOfOffice", "role": term["title"], **dates}
