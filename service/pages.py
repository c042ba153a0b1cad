"""HTML: what a page shows, worked out here; how it looks, in templates/.

Templates escape everything.  Links are paths under the base's path; raw IRIs are shown only where they are the
subject.  No other host; script on the SPARQL page alone, which works without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pyoxigraph as ox
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.snapshot import Manifest, VolumeEntry
from kg.vocabulary import DCTERMS, DGM, PREFIXES, RDF, RDFS
from service import guide
from service.codesamples import LANGUAGES, samples
from service.datewords import in_words
from service.descriptions import Description, in_order, number_of
from service.diagram import draw
from service.documentpage import DocumentPage
from service.frames import PREVIEW_ROWS
from service.kept import Kept
from service.lines import Term
from service.problems import Kind, Problem
from service.queries import Limits
from service.representations import NAMES, SUFFIXES, natural
from service.searchview import SearchView, View
from service.surroundings import Surroundings
from service.textindex import Result
from service.vocabularies import RdfFile, Vocabularies

if TYPE_CHECKING:
    from kg.downloads import File
    from service.dataset import DatasetView
    from service.profiles import Profile
    from service.thingpages import Shown

_TEMPLATES = Path(__file__).with_name("templates")
# Both built at set-up where there is Node; without it the form is plain, and maps have their graticule alone.
EDITOR: Final = Path(__file__).with_name("static") / "editor.js"
OUTLINE: Final = Path(__file__).with_name("static") / "land.svg"
_SH = PREFIXES["sh"]
_LONG_TEXT: Final = 400
_FORMAT_NAMES: Final = {
    "ttl": "Turtle", "jsonld": "JSON-LD", "nq": "N-Quads", "trig": "TriG", "nt": "N-Triples",
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Shown elsewhere on the page, or of no use to people.
_HIDDEN = {RDF.type, RDFS.label, DGM.order}
_FIRST = (DCTERMS.title, DCTERMS.identifier)


@dataclass(frozen=True, slots=True)
class Link:
    """Text that may lead somewhere; `note` says a language, a datatype, or "inferred"."""

    text: str
    href: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values."""

    label: str
    href: str | None
    definition: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Things that point at this one through one property, of one type; `number` counts all there are."""

    label: str
    number: int
    links: tuple[Link, ...]


def outline() -> str:
    """The path of the land on maps (service/outline), nothing where it was not built."""
    found = re.search(r' d="([^"]+)"', OUTLINE.read_text(encoding="ascii")) if OUTLINE.exists() else None
    return found[1] if found else ""


class Pages:
    """Renders every page of one snapshot."""

    def __init__(self, base: str, root: str, vocabularies: Vocabularies, manifest: Manifest, room: int) -> None:
        self.base, self._root = base, root
        self.outline = outline()
        self.made = Kept[bytes](room)
        self._vocabularies, self._manifest = vocabularies, manifest
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["size"] = _size
        self._environment.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
        self._environment.filters["sentence"] = _sentence
        self._environment.filters["in_words"] = in_words
        self._environment.filters["count"] = lambda number: f"{number:,}"
        self._environment.globals.update(root=root, base=base, manifest=manifest)

    def _render(self, template: str, **values: Any) -> bytes:
        text = self._environment.get_template(template).render(**values)
        # Control characters, which HTML has no way to write, as the sign for what cannot be shown.
        return _CONTROL.sub("\ufffd", text).encode()

    @property
    def volumes(self) -> list[VolumeEntry]:
        """In the order in which pages list them."""
        return sorted(self._manifest.volumes, key=lambda volume: natural(volume.id))

    def landing(self) -> bytes:
        links = [(volume, self.href(volume.iri)) for volume in self.volumes]
        return self._render("landing.html", volumes=links, questions=self._vocabularies.gallery.tables)

    def document(
        self, around: Surroundings, path: str, *, folder: str = "doc/", published: datetime | None = None
    ) -> bytes:
        """`folder` is what stands before the path in the addresses of its other forms, `published` a memento's time."""
        view = DocumentPage(self, around)
        return self._render("document.html", view=view, **self._frame(around.about, path, folder, published))

    def resource(
        self,
        description: Description,
        path: str,
        *,
        shown: Shown | None = None,
        folder: str = "doc/",
        published: datetime | None = None,
    ) -> bytes:
        """`shown` is what a reader wants of a thing of its kind, above what the data say of it."""
        return self._render(
            "resource.html",
            shown=shown,
            rows=self.rows(description, description.iri),
            inferred=self.inferred(description, description.iri),
            groups=self._groups(description),
            pager=_pager(description),
            **self._frame(description, path, folder, published),
        )

    def sparql(
        self,
        text: str,
        limits: Limits,
        *,
        preview: Mapping[str, Any] | None = None,
        form: str | None = None,
        problem: Problem | None = None,
    ) -> bytes:
        """The form, with an answer or a problem."""
        gallery = self._vocabularies.gallery
        shown = text or gallery.first.text
        return self._render(
            "sparql.html",
            query=text,
            preview=preview,
            rows=[[self._cell(cell) for cell in row] for row in (preview or {}).get("rows", ())],
            form=form,
            problem=problem,
            limits=limits,
            preview_rows=PREVIEW_ROWS,
            themes=gallery.themes(),
            languages=LANGUAGES,
            code=samples(shown, f"{self.base}sparql"),
            editor=EDITOR.exists(),
            shown=shown,
        )

    def examples(self, words: str) -> bytes:
        gallery = self._vocabularies.gallery
        return self._render("examples.html", words=words, themes=gallery.themes(words), total=len(gallery.examples))

    def help(self) -> bytes:
        return self._render("help.html", guide=guide, volumes=self._manifest.volumes)

    def problem(self, problem: Problem) -> bytes:
        return self._render("problem.html", problem=problem)

    def problem_kind(self, kind: Kind) -> bytes:
        return self._render("problem_kind.html", kind=kind)

    def downloads(self, files: Sequence[File]) -> bytes:
        """A row for each dataset, a cell for each format, as it is and packed."""
        rows: dict[str, dict[str, list[File]]] = {}
        for file in files:
            rows.setdefault(file.name, {}).setdefault(file.format, []).append(file)
        titles = {"dragoman": "The whole dataset", "common": "Registers and concepts"}
        titles |= {f"volume/{volume.id}": volume.title or volume.id for volume in self._manifest.volumes}
        return self._render("downloads.html", rows=rows, formats=_FORMAT_NAMES, titles=titles)

    def dataset(self, view: DatasetView) -> bytes:
        return self._render("dataset.html", view=view, shapes=self._vocabularies.shape_groups)

    def changes(self, publications: Sequence[Any]) -> bytes:
        """`publications` are (Published, number of pages), the newest first."""
        return self._render("changes.html", publications=publications)

    def change_page(self, published: Any, activities: Sequence[tuple[str, str]], beside: Mapping[str, Any]) -> bytes:
        """`activities` are (what was done, IRI); `beside` has the pages before and after, or None."""
        rows = [(kind, iri, self.href(iri)) for kind, iri in activities]
        return self._render("changes.html", published=published, activities=rows, beside=beside)

    def resolve(
        self, found: Mapping[str, Any] | None, office: str, on: str, name: str, problem: Problem | None = None
    ) -> bytes:
        """The form with what was asked, and what was found or why nothing could be."""
        return self._render("resolve.html", found=found, office=office, on=on, name=name, problem=problem)

    def search(self, view: View, result: Result, labels: Mapping[tuple[str, str], str], **shown: Any) -> bytes:
        """`shown`: page_size, months, points, pairs (of the whole result), named, relaxed and sparql."""
        return self._render("search.html", **SearchView(self, view, result, labels, shown).values())

    def search_refused(self, problem: Problem, typed: Mapping[str, str]) -> bytes:
        """Why a search cannot be asked, with the form and what was `typed` (q, after, before)."""
        return self._render("search_refused.html", problem=problem, typed=typed)

    def correspondence(self, template: str, **shown: Any) -> bytes:
        """A view of the letters between posts, or a thread; see service.correspondence."""
        return self._render(template, **shown)

    def alternates(
        self, description: Description, path: str, profiles: Sequence[tuple[Profile, Sequence[tuple[str, str]]]]
    ) -> bytes:
        """All forms of a description: of each profile its media types and their addresses."""
        title = self.name(description.iri, description)
        return self._render(
            "alternates.html", iri=description.iri, title=title, path=path, profiles=profiles, names=NAMES
        )

    def ontology(self, classes: Mapping[str, int], properties: Mapping[str, int]) -> bytes:
        """`classes` and `properties` count things and statements of the snapshot by term; empty if none did."""
        view = self._vocabularies.view
        counts = {iri.removeprefix(DGM.iri): number for iri, number in {**classes, **properties}.items()}
        return self._render("ontology.html", ontology=view, diagram=draw(view), iri=DGM.iri, counts=counts)

    def turtle(self, file: RdfFile, name: str, title: str) -> bytes:
        """A file as it is written; `name` is its address under the root, without a suffix."""
        return self._render("turtle.html", title=title, name=name, text=file.text.decode())

    def shapes(self) -> bytes:
        return self._render("shapes.html", groups=self._vocabularies.shape_groups)

    def report(self, file: RdfFile) -> bytes:
        conforms = any(
            triple.predicate.value == f"{_SH}conforms" and _text(triple.object) == "true" for triple in file.triples
        )
        results = sum(triple.predicate.value == f"{_SH}result" for triple in file.triples)
        return self._render("report.html", conforms=conforms, results=results, text=file.text.decode())

    def href(self, iri: str) -> str | None:
        """Where a link to this IRI goes: ours under our path, others out, what is no web address nowhere."""
        if iri.startswith(self.base):
            return self._root + iri.removeprefix(self.base)
        if iri.startswith(DGM.iri):
            return f"{self._root}ontology#{iri.removeprefix(DGM.iri)}"
        return iri if iri.startswith(("https://", "http://")) else None

    def term(self, iri: str) -> str:
        return self._vocabularies.label(iri)

    def name(self, iri: str, description: Description) -> str:
        """What to call a thing: its label, our term's label, or the end of its IRI."""
        if found := description.label(iri):
            return found
        if iri.startswith(self.base):
            return unquote(iri.removeprefix(self.base + "id/").rpartition("/")[2]) or iri
        known = any(iri.startswith(namespace) for namespace in PREFIXES.values())
        return self.term(iri) if known else iri

    def link(self, iri: str, description: Description, note: str | None = None) -> Link:
        return Link(self.name(iri, description), self.href(iri), note)

    def plain(self, text: str) -> Link:
        """Text that leads nowhere."""
        return Link(text)

    def value(self, term: Term, description: Description) -> Link:
        if isinstance(term, ox.NamedNode):
            return self.link(term.value, description)
        if isinstance(term, ox.Literal):
            return Link(term.value, None, term.language)
        return Link(str(term))

    def rows(self, description: Description, subject: str) -> list[Row]:
        """Properties in reading order: names, then values, then links."""
        rows, title = [], self.name(subject, description)
        for predicate in sorted(description.properties(subject), key=lambda iri: (_rank(iri), self.term(iri))):
            if predicate not in _HIDDEN and description.values(subject, predicate) != [title]:
                terms = sorted(description.terms(subject, predicate), key=lambda term: _place(term, description))
                values = tuple(self.value(term, description) for term in terms)
                rows.append(self._row(predicate, values))
        return rows

    def inferred(self, description: Description, subject: str) -> list[Row]:
        """What inferences say of the subject; each value leads to its inference."""
        found: dict[str, list[Link]] = {}
        for inference in description.subjects(RDF.subject, subject):
            predicate = description.value(inference, RDF.predicate)
            certainty = description.value(inference, DGM.certainty)
            note = f"inferred, {self.term(certainty)}" if certainty else "inferred"
            for value in description.values(inference, RDF.object):
                text = self.name(value, description)
                found.setdefault(predicate or RDF.object, []).append(Link(text, self.href(inference), note))
        return [self._row(predicate, tuple(values)) for predicate, values in sorted(found.items())]

    def _row(self, predicate: str, values: tuple[Link, ...]) -> Row:
        definition = self._vocabularies.definitions.get(predicate, "")
        return Row(self.term(predicate), self.href(predicate), definition, values)

    def _groups(self, description: Description) -> list[Group]:
        """What points at the thing, by property and type."""
        found: dict[tuple[str, str | None], list[Link]] = {}
        subjects = in_order(sorted({pair[1] for pair in description.incoming}, key=natural), description)
        places = {subject: place for place, subject in enumerate(subjects)}
        for predicate, subject in sorted(description.incoming, key=lambda pair: (pair[0], places[pair[1]])):
            kind = next(iter(sorted(description.types(subject))), None)
            # Titles of documents repeat; the last part of the identifier tells them apart.
            identifier = description.value(subject, DCTERMS.identifier) if kind == DGM.Document else None
            note = identifier.rpartition("/")[2] if identifier else None
            found.setdefault((predicate, kind), []).append(self.link(subject, description, note))
        totals = {(count.predicate, count.type): count.number for count in description.counts}
        groups = []
        for (predicate, kind), links in found.items():
            label = f"{self.term(kind) if kind else 'thing'} · {self.term(predicate)}"
            number = totals.get((predicate, kind)) or totals.get((predicate, None), len(links))
            groups.append(Group(label, number, tuple(links)))
        return groups

    def _frame(self, description: Description, path: str, folder: str, published: datetime | None) -> dict[str, Any]:
        """What every page about a thing has."""
        kinds = [kind for kind in sorted(description.types(description.iri)) if kind.startswith(DGM.iri)]
        kinds = kinds or sorted(description.types(description.iri))[:1]
        formats = [
            (NAMES[media_type], media_type, f"{self._root}{folder}{path}{suffix}")
            for media_type, suffix in SUFFIXES.items()
            if suffix != ".html"
        ]
        return {
            "iri": description.iri,
            "title": self.name(description.iri, description),
            "kinds": [Link(self.term(kind), self.href(kind)) for kind in kinds],
            "formats": formats,
            "path": path,
            "folder": folder,
            "published": published,
        }

    def _cell(self, cell: Sequence[str] | None) -> Link:
        if cell is None:
            return Link("")
        if cell[0] == "iri":
            return Link(self._shortened(cell[1]), self.href(cell[1]))
        return Link(_clipped(cell[1]), None, cell[2] or None if cell[0] == "literal" else None)

    def _shortened(self, iri: str) -> str:
        if iri.startswith(self.base):
            return iri.removeprefix(self.base)
        for name, namespace in PREFIXES.items():
            if iri.startswith(namespace):
                return f"{name}:{iri.removeprefix(namespace)}"
        return iri


def _pager(description: Description) -> dict[str, int] | None:
    last, total = description.last_page, description.incoming_total
    return {"page": description.page, "last": last, "total": total} if last > 1 else None


def _rank(predicate: str) -> int:
    return _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)


def _place(term: Term, description: Description) -> tuple[int, Any]:
    iri = term.value if isinstance(term, ox.NamedNode) else ""
    return number_of(description.value(iri, DGM.order)), natural(_text(term))


def _text(term: Term | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONG_TEXT else text[:_LONG_TEXT] + " …"


def _sentence(text: str) -> str:
    """A message as a sentence: with a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _size(number: int) -> str:
    """Bytes for people: 1.2 MB."""
    value = float(number)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
