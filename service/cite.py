"""References to a document as files for programs that manage them: `/cite/document/V/dN.bib`, `.ris`, `.json`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.vocabulary import DGM
from service.cache import steady
from service.documentpage import DocumentPage
from service.problems import NotFound
from service.references import STYLES
from service.responses import readable, reply
from service.site import site_of
from service.surroundings import around

router = APIRouter()


@readable(router, "/cite/document/{volume}/{document}")
async def cite(request: Request, volume: str, document: str) -> Response:
    """How to cite a document, in the form that the suffix names."""
    site = site_of(request)
    style = next((style for style in STYLES if document.endswith(style.suffix)), None)
    if style is None:
        raise NotFound(f"references are written as {', '.join(style.suffix for style in STYLES)}")
    iri = site.iris.document(volume, document.removesuffix(style.suffix))
    description = await site.descriptions.get(iri)
    if DGM.Document not in description.types(iri):
        raise NotFound("the dataset says nothing of a document of this name")
    surroundings = await around(site.descriptions.source, site.iris, description, None)
    reference = DocumentPage(site.pages, surroundings).reference
    name = f"{reference.key}{style.suffix}"
    steady(request)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return reply(request, style.write(reference).encode(), style.media_type, headers=headers, modified=site.modified)
