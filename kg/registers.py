"""The State Department's registers, from their archives as published to tables of facts.

    pocom    principal officers and chiefs of mission: people, offices, titles, terms
    travels  the presidents, and the travels of presidents and secretaries
    visits   visits of foreign leaders to the United States
    people   the persons of the volumes' lists, joined
    rdcr     recognition and relations, by country
    tags     the taxonomy of subjects

An archive (.tar.gz) is read member by member and never unpacked to the disk.  A table is a list of rows of text, an
empty cell where the register is silent; `TABLES` names the columns.  The tables that ship with the package stand in
`ontology/registers/`, with the sources, dates and licences in their README.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from kg.errors import NoDocuments, NotWellFormed, SourceError, UnreadableSource
from kg.markup import NS, Element, plain
from kg.prose import collapsed
from kg.registertables import (
    EVENTS,
    REGISTERS,
    REGISTERS_FOLDER,
    TABLES,
    Row,
    changes,
    read_table,
    table_file,
    write_table,
)

# The largest record is a few hundred kilobytes, the largest archive holds 16,000; more is not a register.
_RECORD_LIMIT = 8 << 20
_ARCHIVE_LIMIT = 2 << 30
_RECORDS = 200_000


@dataclass(slots=True, kw_only=True)
class Register:
    """One register as tables; `remarks` are oddities of its records, each with what was kept."""

    name: str
    tables: dict[str, list[Row]]
    remarks: list[str] = field(default_factory=list)


def read(archive: Path) -> Register:
    """The tables of an archive, whichever register it is.

    Raises UnreadableSource for a file that is no archive, NotWellFormed for a damaged record, NoDocuments if it
    holds no register that is known.
    """
    records: dict[str, list[tuple[str, Element]]] = defaultdict(list)
    for path, content in _members(archive):
        kind = _kind(path)
        if kind:
            records[kind].append((path.stem, _parse(archive, path, content)))
    for name, (needed, reader) in _READERS.items():
        if needed in records:
            remarks: list[str] = []
            tables = reader(records, remarks)
            for table, rows in tables.items():
                tables[table] = _unique(table, rows, remarks)
            return Register(name=name, tables=tables, remarks=remarks)
    advice = f"give the archive of one of {', '.join(REGISTERS)}"
    raise NoDocuments("the archive holds no register that is known", file=archive, advice=advice)


def _members(archive: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with tarfile.open(archive) as tar:
            size = 0
            for number, member in enumerate(tar):
                # What is passed over is unpacked, too.
                size += member.size
                if size > _ARCHIVE_LIMIT:
                    fact = f"more than {_ARCHIVE_LIMIT >> 20} MB in it"
                    raise UnreadableSource(fact, file=archive, advice="check that it is a register")
                if number > _RECORDS:
                    raise UnreadableSource(
                        f"more than {_RECORDS:,} files in it", file=archive, advice="check that it is a register"
                    )
                path = PurePosixPath(member.name)
                if not member.isfile() or path.suffix != ".xml":
                    continue
                if member.size > _RECORD_LIMIT:
                    fact = f"{path.name} has {member.size >> 20} MB"
                    raise UnreadableSource(fact, file=archive, advice="check that it is a register")
                stream = tar.extractfile(member)
                if stream is not None:
                    yield path, stream.read()
    except (OSError, EOFError, tarfile.TarError) as error:
        fact = (
            "not a readable archive (" + collapsed(str(error).splitlines()[0] if str(error) else "it ends early") + ")"
        )
        raise UnreadableSource(fact, file=archive, advice="fetch it again; .tar.gz is expected") from error


_FOLDERS = {
    "people": "person",
    "people-pending": "pending",
    "missions-countries": "mission",
    "missions-orgs": "organization",
    "positions-principals": "principal",
    "roles-country-chiefs": "title",
    "concurrent-appointments": "concurrent",
    "president-travels": "travel",
    "secretary-travels": "travel",
    "presidents": "president",
    "articles": "article",
    "taxonomy": "taxonomy",
}


def _kind(path: PurePosixPath) -> str | None:
    folders = path.parts[:-1]
    if "data" in folders:  # visits lie in it directly, by decade; persons of the volumes two folders deeper
        return "visit" if folders[-1] == "data" else "listed"
    return next((_FOLDERS[folder] for folder in reversed(folders) if folder in _FOLDERS), None)


def _parse(archive: Path, path: PurePosixPath, content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        fact = f"{path} is damaged ({collapsed(error.msg or 'no XML')})"
        raise NotWellFormed(fact, file=archive, advice="fetch the archive again") from error


Records = Mapping[str, list[tuple[str, Element]]]


def _text(element: Element | None, path: str) -> str:
    return collapsed(element.findtext(path) or "") if element is not None else ""


# ---------------------------------------------------------------------------------------------- pocom


def _pocom(records: Records, remarks: list[str]) -> dict[str, list[Row]]:
    persons = [_person(root) for kind in ("person", "pending") for _, root in records.get(kind, ())]
    groups = _groups(records)
    offices: list[Row] = []
    terms: list[Row] = []
    for name, root in records["mission"]:
        territory = _text(root, "territory-id") or name
        offices.append((f"chief/{territory}", "chief", "", territory, "", ""))
        for holders, served in (("chiefs/chief", "yes"), ("other-nominees/chief", "no")):
            terms += [_term(one, f"chief/{territory}", served, groups) for one in root.iterfind(holders)]
    for kind, folder in (("organization", "organization"), ("principal", "principal")):
        for name, root in records.get(kind, ()):
            office = f"{folder}/{name.removeprefix('representative-to-').removeprefix('representative-')}"
            label = _text(root, "names/singular")
            offices.append((office, folder, label, "", _text(root, "start"), _ended(root)))
            for holders, served in (
                ("chiefs/chief", "yes"),
                ("principals/principal", "yes"),
                ("other-appointees/*", "no"),
            ):
                terms += [_term(one, office, served, groups) for one in root.iterfind(holders)]
    titles: list[Row] = [(_text(root, "id"), _text(root, "names/singular")) for _, root in records.get("title", ())]
    _remark(persons, terms, remarks)
    return {"persons": persons, "offices": offices, "titles": titles, "terms": terms}


def _ended(root: Element) -> str:
    return "" if _text(root, "ongoing") == "true" else _text(root, "end")


def _person(root: Element) -> Row:
    names = [collapsed(name.text or "") for name in root.iterfind("persName/altname")]
    return (
        _text(root, "id"),
        _text(root, "persName/surname"),
        _text(root, "persName/forename"),
        _text(root, "persName/genName"),
        "; ".join(filter(None, names)),
        _year(_text(root, "birth")),
        _year(_text(root, "death")),
        _text(root, "career-type"),
    )


def _groups(records: Records) -> dict[str, tuple[str, str]]:
    """Of a term that is held with others: where its holder resides, and the group."""
    out: dict[str, tuple[str, str]] = {}
    for name, root in records.get("concurrent", ()):
        place = ", ".join(
            filter(None, (_text(root, f"resident-at/{part}") for part in ("locale-id", "contemporary-territory-id")))
        )
        for chief in root.iterfind("chief-id"):
            out[collapsed(chief.text or "")] = (place, name)
    return out


def _term(root: Element, office: str, served: str, groups: Mapping[str, tuple[str, str]]) -> Row:
    identifier = _text(root, "id")
    cells: list[str] = []
    for event in EVENTS:
        # A note is once spelt "norte".
        note = _text(root, f"{event}/note") or _text(root, f"{event}/norte")
        cells += [_date(_text(root, f"{event}/date")), note]
    return (
        *(identifier, _text(root, "person-id"), office),
        *(_text(root, "role-title-id"), _text(root, "contemporary-territory-id")),
        *cells,
        *(_text(root, "note"), served, *groups.get(identifier, ("", ""))),
    )


def _remark(persons: list[Row], terms: list[Row], remarks: list[str]) -> None:
    known = {person[0] for person in persons}
    columns = TABLES["terms"][1]
    for row in terms:
        term = dict(zip(columns, row, strict=True))
        if term["person"] not in known:
            remarks.append(f"term {term['id']}: no person {term['person']} in the register; kept without a description")
        start, end = term["started"] or term["appointed"], term["ended"]
        if start and end and end[: len(start)] < start[: len(end)]:
            remarks.append(f"term {term['id']}: it ended {end}, before it started {start}; kept as doubtful")


# ---------------------------------------------------------------------------------------------- the others


def _travels(records: Records, _remarks: list[str]) -> dict[str, list[Row]]:
    presidents: list[Row] = [
        tuple(
            _text(root, part)
            for part in ("id", "name", "birth-year", "death-year", "took-office-date", "left-office-date")
        )
        for _, whole in records.get("president", ())
        for root in whole.iterfind("president")
    ]
    travels: list[Row] = []
    for _, whole in records["travel"]:
        for trip in whole.iterfind("trip"):
            country = trip.find("country")
            state = country.get("id", "") if country is not None else ""
            dates = (_date(_text(trip, part)) for part in ("start-date", "end-date"))
            role = _text(trip, "role")
            travels.append(
                (f"{role}-{_text(trip, 'id')}", trip.get("who", ""), role, *dates, state, _text(trip, "locale"))
            )
    return {"presidents": presidents, "travels": travels}


def _visits(records: Records, _remarks: list[str]) -> dict[str, list[Row]]:
    out: list[Row] = []
    for _, whole in records["visit"]:
        for visit in whole.iterfind("visit"):
            country = visit.find("from")
            state = country.get("id", "") if country is not None else ""
            dates = (_date(_text(visit, part)) for part in ("start-date", "end-date"))
            out.append((_text(visit, "id"), *dates, _text(visit, "visitor"), state))
    return {"visits": out}


_LISTED_AT = re.compile(r"/historicaldocuments/(frus[\w-]+)/persons#(p_[\w.-]+)")
_OFFICER_AT = re.compile(r"/departmenthistory/people/([\w-]+)$")


def _people(records: Records, remarks: list[str]) -> dict[str, list[Row]]:
    out: list[Row] = []
    for _, root in records["listed"]:
        keys: set[str] = set()
        officers: set[str] = set()
        for url in root.iter("source-url"):
            words = collapsed(url.text or "")
            if found := _LISTED_AT.search(words):
                keys.add(f"{found[1]}#{found[2]}")
            elif found := _OFFICER_AT.search(words):
                officers.add(found[1])
        identifier = _text(root, "id")
        if len(officers) > 1:
            remarks.append(f"person {identifier}: said to be {' and '.join(sorted(officers))}; joined to none of them")
        viaf = _text(root, "authorities/authority[@service='viaf']")
        officer = officers.pop() if len(officers) == 1 else ""
        birth, death = _year(_text(root, "birth-year")), _year(_text(root, "death-year"))
        name = _text(root, "names/preferred/name")
        out.append((identifier, name, birth, death, viaf, officer, " ".join(sorted(keys))))
    return {"listed": out}


_RELATIONS = (
    (
        "severed",
        r"sever|break|broken|cessation|ended\b|terminat|suspen|interrupt|withdraw|clos(?:e|ed|ure|ing)\b|abolish",
    ),
    ("resumed", r"resum|re-?establish|restor|reopen|normaliz"),
    ("embassy", r"embass|ambassador"),
    ("legation", r"legation|minister"),
    ("consular", r"consul"),
    ("recognition", r"recogni"),
    ("relations", r"relations|interaction|representative|envoy"),
    ("treaty", r"treat|convention|agreement|accession|claims|protocol"),
)


def _relations(records: Records, _remarks: list[str]) -> dict[str, list[Row]]:
    states: list[Row] = []
    relations: list[Row] = []
    for name, root in records["article"]:
        title = next((one for one in root.iter(NS + "title") if one.get("type") == "short"), None)
        states.append((name, plain(title) if title is not None else name))
        timeline = (div for div in root.iter(NS + "div") if div.get("type") == "timeline")
        for number, div in enumerate(timeline, 1):
            head = div.find(NS + "head")
            if head is None or not (heading := plain(head)):
                continue
            start, end = _dated(head, heading)
            kind = next((kind for kind, words in _RELATIONS if re.search(words, heading, re.IGNORECASE)), "other")
            relations.append((f"{name}-{number}", name, kind, start, end, heading))
    return {"states": states, "relations": relations}


def _dated(head: Element, heading: str) -> tuple[str, str]:
    """The date that the heading's markup gives, else a year that stands at its end."""
    for date in head.iter(NS + "date"):
        start = _date(date.get("when") or date.get("from") or date.get("notBefore") or "")
        if start:
            return start, _date(date.get("to") or date.get("notAfter") or "")
    found = re.search(r"\b(1[789]\d\d|20\d\d)\W*$", heading)
    return (found[1], "") if found else ("", "")


def _tags(records: Records, _remarks: list[str]) -> dict[str, list[Row]]:
    out: list[Row] = []
    for _, root in records["taxonomy"]:
        for tag in root.iter("tag", "category"):
            above = tag.getparent()
            broader = _text(above, "id") if above is not None and above.tag != "taxonomy" else ""
            out.append((_text(tag, "id"), _text(tag, "label"), broader))
    return {"tags": out}


_READERS: Mapping[str, tuple[str, Callable[[Records, list[str]], dict[str, list[Row]]]]] = {
    "pocom": ("mission", _pocom),
    "travels": ("travel", _travels),
    "visits": ("visit", _visits),
    "people": ("listed", _people),
    "rdcr": ("article", _relations),
    "tags": ("taxonomy", _tags),
}


def _date(value: str) -> str:
    """A date as given, if it is one: a year, a month or a day; empty otherwise."""
    found = re.match(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?:$|T)", value)
    return "-".join(filter(None, found.groups())) if found else ""


def _year(value: str) -> str:
    return value if re.fullmatch(r"\d{4}", value) else ""


def _unique(table: str, rows: Iterable[Row], remarks: list[str]) -> list[Row]:
    """By id, in order; of an id that is used twice the second use gets a number."""
    out: dict[str, Row] = {}
    for row in rows:
        identifier, number = row[0], 1
        while row[0] in out and out[row[0]] != row:
            number += 1
            row = (f"{identifier}-{number}", *row[1:])
        if not identifier:
            remarks.append(f"{table}: a record without an id; left out")
            continue
        if number > 1:
            remarks.append(f"{table}: the id {identifier} is used twice; the second is kept as {row[0]}")
        out[row[0]] = row
    return [out[key] for key in sorted(out)]


def main() -> None:
    """Write the tables of archives in the place of those that ship, and say what changed."""
    cli = argparse.ArgumentParser(prog="python -m kg.registers", description=main.__doc__)
    cli.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE", help="archive of a register, .tar.gz")
    cli.add_argument("--out", type=Path, default=REGISTERS_FOLDER, help="folder of the tables")
    args = cli.parse_args()
    for archive in args.archives:
        try:
            register = read(archive)
        except SourceError as error:
            sys.exit(str(error))
        for table, rows in register.tables.items():
            before = read_table(table, args.out) if table_file(table, args.out).exists() else []
            added, removed, changed = changes(before, rows)
            write_table(table, rows, args.out)
            print(f"{register.name}: {table}: {len(rows):,} rows; {added} added, {removed} removed, {changed} changed")
        for remark in register.remarks:
            print(f"{register.name}: {remark}")


if __name__ == "__main__":
    main()
