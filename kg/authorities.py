"""The State Department's own registers, from their archives as published, as statements.

So far: the persons of `pocom` (principal officers and chiefs of mission), each with its identifier there,
name and years of life.  An archive is read member by member and never unpacked to the disk.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import etree

from kg.errors import NoDocuments, NotWellFormed, UnreadableSource
from kg.iris import Iris
from kg.statements import Statements, literal
from kg.vocabulary import DCTERMS, DGM, XSD

# The largest record is a few kilobytes; more is not a record.
_RECORD_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """A person of pocom: `id` is the register's; years are four digits or None."""

    id: str
    surname: str
    forename: str | None
    birth: str | None
    death: str | None

    @property
    def name(self) -> str:
        return f"{self.forename} {self.surname}" if self.forename else self.surname


def read_pocom(archive: Path) -> Iterator[RegisterPerson]:
    """The persons of a pocom archive (.tar.gz), in the order of their ids.

    Raises UnreadableSource for a file that is no such archive, NoDocuments if it holds no person,
    NotWellFormed for a damaged record.
    """
    persons = sorted(_persons(archive), key=lambda person: person.id)
    if not persons:
        raise NoDocuments("the archive holds no person", file=archive, advice="give the archive of pocom")
    yield from persons


def _persons(archive: Path) -> Iterator[RegisterPerson]:
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                path = PurePosixPath(member.name)
                if not (member.isfile() and path.suffix == ".xml" and "people" in path.parts[:-1]):
                    continue
                stream = tar.extractfile(member)
                if stream is not None and member.size <= _RECORD_LIMIT:
                    yield _person(archive, member.name, stream.read())
    except (OSError, EOFError, tarfile.TarError) as error:
        raise UnreadableSource(
            f"not a readable archive ({error})", file=archive, advice="fetch it again; .tar.gz is expected"
        ) from error


def _person(archive: Path, member: str, content: bytes) -> RegisterPerson:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotWellFormed(
            f"{member} is damaged ({error.msg})", file=archive, advice="fetch the archive again"
        ) from error

    def text(path: str) -> str | None:
        return " ".join((root.findtext(path) or "").split()) or None

    def year(path: str) -> str | None:
        value = text(path)
        return value if value and len(value) == 4 and value.isdigit() else None

    identifier = text("id")
    if root.tag != "person" or identifier is None:
        raise NotWellFormed(f"{member} is no person", file=archive, advice="give the archive of pocom")
    return RegisterPerson(
        id=identifier,
        surname=text("persName/surname") or identifier,
        forename=text("persName/forename"),
        birth=year("birth"),
        death=year("death"),
    )


def person_statements(iris: Iris, graph: str, person: RegisterPerson) -> Statements:
    """What the register states of a person."""
    out = Statements(graph)
    subject = iris.register_person(person.id)
    out.describe(subject, DGM.Person, person.name)
    out.text(subject, DCTERMS.identifier, person.id)
    out.text(subject, DGM.authority, person.id)
    for predicate, year in ((DGM.birthYear, person.birth), (DGM.deathYear, person.death)):
        out.add(subject, predicate, literal(year, XSD.gYear) if year else None)
    return out
