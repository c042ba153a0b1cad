"""What a file number of the Department of State means: scheme, unit, paper, class, subject, countries.

`decode` reads the decimal files of 1910-49 and 1950-63, the file of the commission at Paris, the
subject-numeric file of 1963 on, lots, and papers and libraries by name.  It says only what the tables say
(`kg/filetables.py`): what it concludes beyond them carries its rule, what the tables do not reach is left
unread, and a number that reads in two ways gives two meanings.  A misprint is read as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from kg.filetables import ClassRow, CountryRow, Node, SubjectRow, classes, compact, countries, subjects, trie
from kg.prose import collapsed

Status = Literal["full", "partial", "none"]
Certainty = Literal["certain", "probable"]

D1910, D1950 = "decimal-1910", "decimal-1950"
SUBJECTS, PARIS = "subject-numeric-1963", "paris-peace-conference"

# Each scheme of files: its name, for a concept scheme.
SCHEMES = {
    D1910: "Central Decimal File of the Department of State, 1910-1949",
    D1950: "Central Decimal File of the Department of State, 1950-January 1963",
    SUBJECTS: "Subject-numeric files of the Department of State, February 1963-1973",
    PARIS: "Files of the American Commission to Negotiate Peace, 1918-1931",
    "lot": "Lot files of the Department of State",
    "library": "Libraries and archives",
    "papers": "Private papers and files kept apart",
}

# What each rule does that a meaning names: label and definition.
RULES = {
    "scheme-by-year": (
        "The scheme of the document's year",
        "A decimal number of a document of 1950 to 1963 is read by the scheme of those years, of an earlier one by that"
        " of 1910 to 1949; the two are never mixed.",
    ),
    "scheme-by-serial-date": (
        "The scheme of the date in the number",
        "Without a year of the document, the date that ends the number tells the scheme.",
    ),
    "scheme-by-serial": (
        "The scheme of a plain serial",
        "Papers were numbered on until 1944 and bear dates since: a plain serial is of the scheme of 1910 to 1949.",
    ),
    "scheme-by-fit": (
        "The scheme that reads the number",
        "Without a year, the scheme that reads the number in full, if only one does; else both readings stand.",
    ),
    "scheme-by-form": (
        "The scheme of the form",
        "Letters lead a subject-numeric number, and name Paris, lots and papers.",
    ),
    "country-letter": (
        "A letter after a country number",
        "A letter after two digits is part of the country number if the table has such a number.  A capital after a"
        " space may begin a name instead, and so may any letter if digits behind it would be left unread: then both"
        " readings stand, but for claims, where no subject follows the countries.",
    ),
    "extra-country": (
        "A country number after a subject",
        "Two digits, with or without a letter, left after the longest subject of class 8 are a second country.",
    ),
    "point-shift": (
        "The subject of a conference",
        "In class 5 of 1910 to 1949 the digits after the 5, without the point, are those of a subject of class 8.",
    ),
    "group": ("The group of a subject", "A subject that the table lacks is of the group that its first digit names."),
    "paris-as-department": (
        "The Department's classes at Paris",
        "Numbers of the commission's file outside 180 to 187 are read as the Department's own of the same years.",
    ),
    "nearest-edition": (
        "The nearest edition of the handbook",
        "A subject that the handbook of the document's years lacks is read by the other edition.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A class, subject or country number, ready for SKOS: one concept of scheme `scheme`.

    `kind` is "class" or "country"; `broader` the notation of the broader concept of the same kind and scheme.
    `alternatives` are other names, `iso3` a code of ISO 3166 where one state is meant.  `certainty` is that of
    the table's row, `sources` keys of `kg.filetables.sources()`.
    """

    scheme: str
    kind: Literal["class", "country"]
    notation: str
    label: str
    alternatives: tuple[str, ...] = ()
    broader: str | None = None
    iso3: str | None = None
    certainty: str = "certain"
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Unique among concepts of all schemes and kinds; letters, digits, points and hyphens."""
        return concept_key(self.scheme, self.kind, self.notation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country number of a reading: `name` at the document's date, `label` at any.

    A number that the table does not have has the name "" and certainty "probable".
    """

    scheme: str
    number: str
    name: str
    label: str
    iso3: str | None
    certainty: str
    sources: tuple[str, ...]

    @property
    def key(self) -> str:
        return concept_key(self.scheme, "country", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One reading of a number.

    `tables` is the scheme whose tables were used; `subject` the finest class that the number reaches, `top`
    the class it stands under.  `subfile` is a name or name code (Cutter number) kept as printed, `unread` what
    the tables do not reach.  `label` is the words of the whole with the countries' names at the document's
    date, `unit_label` with all their names.  `status` is "full" if nothing is unread, `certainty` the least of
    its parts' and rules'.
    """

    tables: str
    rules: tuple[str, ...]
    subject: Concept | None
    top: Concept | None
    country1: Country | None
    country2: Country | None
    subfile: str | None
    unread: str | None
    label: str
    unit_label: str
    status: Status
    certainty: Certainty
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """What `decode` found.  `readings` holds several meanings, none preferred, if the number is ambiguous.

    `unit` is the number without its serial in a form that all papers of the unit share, `printed_unit` as
    printed.  `serial_date` is an xsd:date if the serial is a date of 1944 to 1963.
    """

    number: str
    scheme: str | None
    unit: str
    printed_unit: str
    serial: str | None = None
    serial_date: str | None = None
    readings: tuple[Meaning, ...] = ()

    @property
    def key(self) -> str:
        """Names the unit among all units: the same number is another unit in another scheme."""
        return f"{self.scheme or 'unknown'}/{self.unit}"

    @property
    def ambiguous(self) -> bool:
        return len(self.readings) > 1

    @property
    def meaning(self) -> Meaning | None:
        """The one meaning; None if there is none, or more than one."""
        return self.readings[0] if len(self.readings) == 1 else None

    @property
    def status(self) -> Status:
        """The least of the readings'."""
        if not self.readings:
            return "none"
        return "full" if all(meaning.status == "full" for meaning in self.readings) else "partial"

    @property
    def label(self) -> str | None:
        return self.meaning.label if self.meaning else None

    @property
    def subject(self) -> Concept | None:
        return self.meaning.subject if self.meaning else None

    @property
    def class_code(self) -> str | None:
        return self.meaning.top.notation if self.meaning and self.meaning.top else None

    @property
    def class_label(self) -> str | None:
        return self.meaning.top.label if self.meaning and self.meaning.top else None

    @property
    def country1(self) -> Country | None:
        return self.meaning.country1 if self.meaning else None

    @property
    def country2(self) -> Country | None:
        return self.meaning.country2 if self.meaning else None

    @property
    def words(self) -> str | None:
        """All of it in words: "Political relations: Soviet Union and Japan, paper 1440"."""
        paper = f", paper {self.serial}" if self.serial and re.search(r"\w", self.serial) else ""
        return None if self.label is None else self.label + paper


_FRACTION = r"(?:\s?[½¼¾⅓⅔⅛⅜⅝⅞]|\s\d{1,2}/\d{1,2}|/\d{1,2})"
_SERIAL = re.compile(
    rf"\s*/\s*(?P<serial>(?:\d+(?:\s?[-–—‑]\s?\d+)?{_FRACTION}?|{_FRACTION})\s?[A-Za-z]{{0,2}}(?:\s?supp\.?)?"
    r"|orig\.?|[a-z]{1,2}|[-–—‑]+)$"
)
_DATE = re.compile(r"(\d{1,2})\s?[-–—‑]\s?(\d{1,2})(\d\d)")
_DECIMAL = re.compile(r"\d{3}(?!\d)")
_PARIS = re.compile(r"Paris Peace Con[ft]\.?\s*", re.IGNORECASE)
_LOT = re.compile(r"\b[Ll]ot(?: [Ff]iles?)?(?: No\.?)? ?(\d{2})[ –-]?([A-Z])[ –-]?(\d+)")
_SUBJECT = re.compile(r"(?P<subject>[A-Z]{1,5})(?:\s?(?P<number>\d{1,2}(?:\s?[-–]\s?\d{1,2})*))?(?:\s+(?P<area>\S.*))?")
_LIBRARY = re.compile(
    r"\bLibrary\b|\bArchives\b|\bHistorical Society\b|\bPresidential Materials\b|\bAgency\b|\bRecord Group\b|\bRG \d"
    r"|\bUniversity\b|\bNaval Historical Center\b"
)
_PAPERS = re.compile(r"\b(?:Papers|[Ff]iles?|Collection|Records|Documents?)\b")


@lru_cache(maxsize=65536)
def decode(number: str, year: int | None) -> FileReading:
    """What the file number means for a document of that year; of a number it cannot read it says "none".

    `number` is as `kg.filenumbers.file_number` gives it, or the name of a lot, of papers or a library.
    """
    number = collapsed(number).removeprefix("File No.").strip()
    if paris := _PARIS.match(number):
        return _paris(number, number[paris.end() :])
    if _DECIMAL.match(number):
        return _decimal(number, year)
    if lot := _LOT.search(number):
        name = f"Lot {lot[1]} {lot[2]} {lot[3]}"
        return _named(number, "lot", compact(name), name)
    subject = _SUBJECT.fullmatch(number)
    if subject and (reading := _subject_numeric(number, subject, year)):
        return reading
    name = number.partition(":")[0].rstrip(". ")
    for scheme, pattern in (("library", _LIBRARY), ("papers", _PAPERS)):
        if pattern.search(name):
            return _named(number, scheme, name.casefold(), name)
    return FileReading(number=number, scheme=None, unit=number.casefold(), printed_unit=number)


def _named(number: str, scheme: str, unit: str, name: str) -> FileReading:
    meaning = Meaning(
        tables=scheme,
        rules=("scheme-by-form",),
        subject=None,
        top=None,
        country1=None,
        country2=None,
        subfile=None,
        unread=None,
        label=name,
        unit_label=name,
        status="full",
        certainty="certain",
        sources=(),
    )
    return FileReading(number=number, scheme=scheme, unit=unit, printed_unit=name, readings=(meaning,))


# --- Decimal numbers


def _decimal(number: str, year: int | None) -> FileReading:
    printed, serial = _split(number)
    body, day = _normal(printed), _serial_date(serial, year)
    schemes, rule = _schemes(year, serial, day)
    found = {scheme: _meanings(body, scheme, year, (rule,)) for scheme in schemes}
    full = [scheme for scheme in schemes if found[scheme] and all(one.status == "full" for one in found[scheme])]
    if len(schemes) > 1 and len(full) == 1:
        schemes = (full[0],)
    return FileReading(
        number=number,
        scheme=schemes[0] if len(schemes) == 1 else "decimal",
        unit=_unit(body),
        printed_unit=printed,
        serial=serial,
        serial_date=day,
        readings=tuple(meaning for scheme in schemes for meaning in found[scheme]),
    )


def _paris(number: str, rest: str) -> FileReading:
    printed, serial = _split(rest)
    body = _normal(printed)
    own = re.match(r"18[0-7]", body)
    rules = ("scheme-by-form",) if own else ("scheme-by-form", "paris-as-department")
    return FileReading(
        number=number,
        scheme=PARIS,
        unit=_unit(body),
        printed_unit=f"Paris Peace Conf. {printed}",
        serial=serial,
        readings=_meanings(body, PARIS if own else D1910, 1919, rules),
    )


def _split(number: str) -> tuple[str, str | None]:
    """Unit and serial, without the slash between them."""
    serial = _SERIAL.search(number)
    if serial is None:
        return number, None
    return number[: serial.start()].strip(), serial["serial"].strip()


def _normal(body: str) -> str:
    """Spaces about points, O for nought, a slash inside the class, and short names of the wars, made regular."""
    body = re.sub(r"(?<=\w) ?\. ?(?=\w)", ".", body, count=1)
    body = re.sub(r"(?<=[\d.A-Z])[oO]{1,2}(?=[\d.]|$)", lambda match: "0" * len(match[0]), body)
    body = re.sub(r"(?<=\.\d\d)/(?=\d+ )", "", body)
    if body.startswith("740.0011"):
        body = re.sub(r"(?<=\d) ?\bE\.? ?W\.?(?: 1939)?(?!\w)", " European War 1939", body)
        body = re.sub(r"(?<=\d) ?P(?:\.? ?W\.?|acific War)(?!\w)", " P.W.", body)
    return body


_BETWEEN = re.compile(r"[\s_,.'’/–—-]+")


def _unit(body: str) -> str:
    """Case, spaces, dashes, strokes, points and commas apart, all papers of a unit print it alike.

    Another sign is a slip of print, which is not guessed away: what has it is read as another number.
    """
    head, point, rest = body.partition(".")
    return _BETWEEN.sub("", head.casefold()) + point + _BETWEEN.sub("", rest.casefold())


def _serial_date(serial: str | None, year: int | None) -> str | None:
    """The date that a serial is: of 1944 to 1963, of the document's year or next to it, in the calendar."""
    found = _DATE.fullmatch(serial or "")
    if found is None:
        return None
    month, day, printed = int(found[1]), int(found[2]), 1900 + int(found[3])
    if not 1944 <= printed <= 1963 or (year is not None and abs(year - printed) > 1):
        return None
    try:
        return date(printed, month, day).isoformat()
    except ValueError:
        return None


def _schemes(year: int | None, serial: str | None, day: str | None) -> tuple[tuple[str, ...], str]:
    """The schemes that a number may be of, and the rule that says so."""
    if year is not None and year <= 1963:
        return (D1910 if year < 1950 else D1950,), "scheme-by-year"
    if day is not None:
        return (D1910 if day < "1950" else D1950,), "scheme-by-serial-date"
    if serial is not None and re.fullmatch(r"\d+[^-–—‑]*", serial):
        return (D1910,), "scheme-by-serial"
    return (D1910, D1950), "scheme-by-fit"


# --- Codes against the trie


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A row that a number begins with: `end` is in the text as printed, `numbers` are its country numbers.

    `refused` is a letter that could have been a country's and was not taken, `open` if both are likely.
    """

    row: ClassRow
    end: int = 0
    numbers: tuple[str, ...] = ()
    literal: int = 0
    refused: bool = False
    open: bool = False
    known: bool = True
    extra: str | None = None
    subfile: str | None = None
    unread: str | None = None

    @property
    def complete(self) -> bool:
        return self.known and self.unread is None

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int, int]:
        return self.complete, len(self.row.code) > 1, self.known, self.extra is None, self.end, self.literal


_NOTHING = ClassRow(scheme="", code="", label="", phrase="", broader="", certainty="certain", sources=())


@dataclass(frozen=True, slots=True)
class _Text:
    """A number as the trie has it (`compact`), with where each character stands in print."""

    printed: str
    characters: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, printed: str) -> _Text:
        kept = [(compact(character), place) for place, character in enumerate(printed) if len(compact(character)) == 1]
        return cls(printed, "".join(character for character, _ in kept), tuple(place for _, place in kept))

    def end(self, index: int) -> int:
        """The place in print behind the first `index` characters."""
        return self.at[index - 1] + 1 if index else 0

    def follows(self, index: int) -> str:
        """The character printed behind them."""
        return self.printed[self.end(index) :][:1]


def _walk(node: Node, text: _Text, index: int, scheme: str, match: _Match) -> Iterator[_Match]:
    """Every row that the text from `index` on runs through; `match` holds what is bound so far."""
    if node.row and _may_end(node.row.code, text, index):
        yield replace(match, row=node.row, end=text.end(index))
    if index >= len(text.characters):
        return
    following = node.children.get(text.characters[index])
    if following is not None:
        yield from _walk(following, text, index + 1, scheme, replace(match, literal=match.literal + 1))
    country = node.children.get("#")
    if country is not None:
        for number, end, letter in _country_numbers(text, index, scheme):
            bound = replace(
                match,
                numbers=(*match.numbers, number),
                known=match.known and number in countries(scheme),
                refused=match.refused or bool(letter),
                open=match.open or letter == "open",
            )
            yield from _walk(country, text, end, scheme, bound)


def _may_end(code: str, text: _Text, index: int) -> bool:
    """A letter of a code never ends inside a word, nor a name code inside its digits."""
    following = text.follows(index)
    if code[-1].isalpha() and following.isalpha():
        return False
    return not (re.search(r"[A-Za-z]\d+$", code) and following.isdigit())


def _country_numbers(text: _Text, index: int, scheme: str) -> Iterator[tuple[str, int, str]]:
    """The country numbers that may stand at `index`: number, end, and "refused" or "open" if a letter is left."""
    digits = text.characters[index : index + 2]
    if not (len(digits) == 2 and digits.isdecimal()):
        return
    letter = text.characters[index + 2 : index + 3]
    if letter.isalpha() and text.characters[index + 3 : index + 4] == ".":
        yield digits + letter, index + 3, ""
        return
    place = text.end(index + 2)
    gap = text.printed[place : text.at[index + 2]] if letter else ""
    taken = letter and gap in ("", " ") and digits + letter in countries(scheme)
    if not taken or text.follows(index + 3).isalpha():
        yield digits, index + 2, ""
        return
    capital = gap == " " and text.printed[text.at[index + 2]].isupper()
    yield digits + letter, index + 3, ""
    yield digits, index + 2, "open" if capital else "refused"


_CUTTER = re.compile(r"[A-Za-z]{1,2} ?\d{1,4}[A-Za-z]?(?:[\s,(/.].*)?")
_NAME = re.compile(r"\(?(?:[^\W\d_]['’.]? ?){3,}.*|\([A-Z]\)")
_INITIALS = re.compile(r"\s?[–—-]\s?[A-Z]{2,4}|\s[A-Z]{2,4}")
_CONFERENCE = re.compile(r"\.[A-Z]{1,2} ?\d*")
_EXTRA = re.compile(r"(?P<number>\d\d(?:[A-Za-z](?![A-Za-z])| [a-z](?![A-Za-z]))?)(?P<rest>.*)")


def _subfile(rest: str, row: ClassRow) -> str | None:
    """The name or name code that `rest` is behind the row; None if it is neither."""
    text = rest.strip(" –—-,")
    if letter := re.search(r" [A-Z]$", row.code):
        # A row may end in the letter that begins its name codes: "462.00 R".
        return f"{letter[0].strip()} {text}" if re.match(r"\d{1,4}(?!\d)", text) else None
    conference = row.code == "710" or re.fullmatch(r"5[1-9]\d", row.code)
    named = _CUTTER.fullmatch(text) or _NAME.fullmatch(text) or _INITIALS.fullmatch(rest)
    return text.strip(".") if named or (conference and _CONFERENCE.fullmatch(rest)) else None


def _finish(match: _Match, printed: str, scheme: str) -> _Match:
    """Say of what stands behind the row what it is: nothing, a subfile, a further country, or unread."""
    rest = printed[match.end :]
    if not rest.strip(" .,"):
        return match
    if len(match.row.code) > 2 and (name := _subfile(rest, match.row)):
        return replace(match, subfile=name)
    extra = _EXTRA.fullmatch(rest)
    if extra and match.row.code.startswith("8**.") and scheme == D1910:
        number, name = compact(extra["number"]), extra["rest"]
        known = number != "00" and number in countries(scheme)
        if known and (not name.strip() or _subfile(name, match.row)):
            return replace(match, extra=number, subfile=_subfile(name, match.row))
    return replace(match, unread=rest.strip())


def _best(matches: list[_Match]) -> list[_Match]:
    """The match that reads most; two, if a letter may be a country's or the beginning of a name."""
    taken = max((match for match in matches if not match.refused), key=lambda match: match.rank, default=None)
    refused = max((match for match in matches if match.refused), key=lambda match: match.rank, default=None)
    if taken and refused and refused.complete:
        if not taken.complete:
            # No subject stands behind the countries of a claim, so what does is a name.
            return [refused] if refused.row.code.startswith("4") else [taken, refused]
        return [taken, refused] if refused.open else [taken]
    found = taken or refused
    return [found] if found else []


def _meanings(body: str, scheme: str, year: int | None, rules: tuple[str, ...]) -> tuple[Meaning, ...]:
    text = _Text.of(body)
    start = _Match(row=_NOTHING)
    matches = [_finish(match, body, scheme) for match in _walk(trie(scheme), text, 0, scheme, start)]
    found = []
    for best in _best(matches):
        if best.row.code in ("5", "8**"):
            best, rule = _by_group(best, body, scheme, "paris-as-department" in rules)
            found.append(_meaning(best, scheme, year, (*rules, *rule)))
            continue
        if not best.numbers:
            best = _with_countries(best, matches)
        letter = ("country-letter",) if best.refused or any(number[2:] for number in best.numbers[1:]) else ()
        extra = ("extra-country",) if best.extra else ()
        found.append(_meaning(best, scheme, year, (*rules, *letter, *extra)))
    return tuple(found)


def _with_countries(best: _Match, matches: list[_Match]) -> _Match:
    """A code that the table has as a whole names its countries all the same: 763.72 is of class 7**.††."""
    bearing = [match for match in matches if match.numbers and match.known and match.end <= best.end]
    if not bearing:
        return best
    numbers = max(bearing, key=lambda match: (not match.refused, match.end)).numbers
    return replace(best, numbers=numbers)


def _by_group(best: _Match, body: str, scheme: str, paris: bool) -> tuple[_Match, tuple[str, ...]]:
    """A subject that the tables do not have, by what its digits tell: the match, always in part, and the rule."""
    table = classes(scheme)
    if best.row.code == "8**" and scheme == D1910:
        digit = re.match(r"\.([1-9])", best.unread or "")
        row = table.get(f"8**.{digit[1]}0") if digit else None
        return (replace(best, row=row), ("group",)) if row else (best, ())
    digits = re.match(r"5(\d\d)(?:\.(\d+))?", body)
    if best.row.code == "5" and scheme == D1910 and digits and digits[1] != "00" and not paris:
        row = table.get(f"8**.{digits[1]}{digits[2] or ''}")
        return (replace(best, row=row), ("point-shift",)) if row else (best, ())
    return best, ()


# --- Words

# Rules that conclude something about the meaning, not only where to look it up.
_INFERRING = {"extra-country", "point-shift", "group", "paris-as-department", "nearest-edition", "scheme-by-fit"}


def _meaning(match: _Match, scheme: str, year: int | None, rules: tuple[str, ...]) -> Meaning:
    numbers = (*match.numbers, match.extra) if match.extra else match.numbers
    places = [_country(number, scheme, year) for number in numbers]
    row, top = match.row, _top(match.row)
    parts = [row.certainty, *(place.certainty for place in places)]
    doubtful = "probable" in parts or bool(_INFERRING & set(rules)) or not match.known or match.refused
    # A point-shifted subject is of class 5, whose table row is of class 8.
    lead = "Conferences: " if "point-shift" in rules else ""
    return Meaning(
        tables=scheme,
        rules=rules,
        subject=_concept(row),
        top=_concept(classes(scheme)["5"] if lead else top),
        country1=places[0] if places else None,
        country2=places[1] if len(places) > 1 else None,
        subfile=match.subfile,
        unread=match.unread,
        label=lead + _words(match, [(place.number, place.name) for place in places]),
        unit_label=lead + _words(match, [(place.number, place.label) for place in places]),
        status="full" if match.complete else "partial",
        certainty="probable" if doubtful else "certain",
        sources=tuple(dict.fromkeys([*row.sources, *(source for place in places for source in place.sources)])),
    )


def _words(match: _Match, places: list[tuple[str, str]]) -> str:
    """The row's label with its countries, further country and subfile."""
    row = match.row
    slots = row.code.count("**") + row.code.count("††")
    two = slots > 1
    names = [("all countries" if two else "the world") if number == "00" else name or number for number, name in places]
    if row.phrase and len(names) >= slots:
        words = row.phrase.replace("{label}", row.label)
        for slot, name in enumerate(names, 1):
            words = words.replace(f"{{{slot}}}", name)
    elif slots and names:
        words = f"{row.label}: " + " and ".join(dict.fromkeys(names[:slots]))
    else:
        words = row.label
    if match.extra:
        words += f"; {names[-1]}"
    return f"{words}, subfile {match.subfile}" if match.subfile else words


def _country(number: str, scheme: str, year: int | None) -> Country:
    """The country of a number by the year: of several rows those that hold then, else all."""
    rows = countries(scheme).get(number, ())
    at = [row for row in rows if year is not None and row.first <= year <= row.last] or list(rows)
    codes = {row.iso3 for row in at}
    return Country(
        scheme=scheme,
        number=number,
        name=" or ".join(dict.fromkeys(row.name for row in at)),
        label=" / ".join(dict.fromkeys(row.name for row in rows)),
        iso3=(codes.pop() or None) if len(codes) == 1 else None,
        certainty="probable" if not at or any(row.certainty == "probable" for row in at) else "certain",
        sources=tuple(dict.fromkeys(source for row in at for source in row.sources)),
    )


def _top(row: ClassRow) -> ClassRow:
    while row.broader:
        row = classes(row.scheme)[row.broader]
    return row


# --- Subject-numeric numbers


def _subject_numeric(number: str, found: re.Match[str], year: int | None) -> FileReading | None:
    """None if the letters are no subject of the handbooks, nor an organization."""
    name = found["subject"]
    digits = re.sub(r"\s?[-–]\s?", "-", found["number"] or "")
    organization = subjects().get(("organization", name))
    if not digits or (organization is None and ("primary", name) not in subjects()):
        return None
    places, subfile, unread = _areas(found["area"] or "")
    rows, rule = _edition(name, digits, year) if organization is None else _of_organization(name, digits)
    readings = []
    for row in rows:
        missing = digits if " " not in row.code else digits.removeprefix(row.code.split()[1]).strip("-")
        left = " ".join(part for part in (missing, unread) if part) or None
        readings.append(_subject_meaning(row, rule, places, subfile, left))
    unit = re.sub(r"[–—‑]", "-", number.casefold()).replace(".", "")
    return FileReading(number=number, scheme=SUBJECTS, unit=unit, printed_unit=number, readings=tuple(readings))


def _edition(name: str, digits: str, year: int | None) -> tuple[list[SubjectRow], str | None]:
    """The row of the finest subject, by the handbook of the year; rows of both if they differ and no year tells."""
    parts = digits.split("-")
    codes = [f"{name} {'-'.join(parts[:length])}" for length in range(len(parts), 0, -1)]
    found = [rows for code in codes if (rows := subjects().get(("subject", code)))]
    rows = found[0] if found else subjects()["primary", name]
    at = [row for row in rows if year is not None and row.first <= year <= row.last]
    if at:
        return at[:1], None
    if year is None and len({row.label for row in rows}) > 1:
        return list(rows), None
    return [rows[-1]], None if year is None else "nearest-edition"


def _of_organization(name: str, digits: str) -> tuple[list[SubjectRow], str | None]:
    """The subject of an organization: "UN 3" by the list that all organizations share."""
    [organization] = subjects()["organization", name]
    rows = subjects().get(("organization-subject", f"* {digits}"))
    if rows is None:
        return [organization], None
    return [
        SubjectRow(
            code=f"{name} {digits}",
            level="subject",
            label=f"{organization.label}: {rows[0].label}",
            iso3="",
            first=rows[0].first,
            last=rows[0].last,
            certainty=organization.certainty,
            sources=tuple(dict.fromkeys((*organization.sources, *rows[0].sources))),
        )
    ], None


def _areas(text: str) -> tuple[list[Country], str | None, str | None]:
    """The areas that end a number, a subfile behind them, and what is no area."""
    if not text:
        return [], None, None
    places: list[Country] = []
    parts = [text] if _area(text) else re.split(r"\s?[-–/]\s?", text)
    for index, part in enumerate(parts):
        place = _area(part)
        if place is None:
            rest = " ".join(parts[index:])
            return (places, rest, None) if places else ([], None, rest)
        places.append(place)
    return places, None, None


def _area(text: str) -> Country | None:
    code = text.replace(".", "").strip().upper()
    rows = subjects().get(("area", code)) or subjects().get(("organization", code))
    if not rows:
        return None
    row = rows[-1]
    return Country(
        scheme=SUBJECTS,
        number=code,
        name=row.label,
        label=row.label,
        iso3=row.iso3 or None,
        certainty=row.certainty,
        sources=row.sources,
    )


def _subject_meaning(
    row: SubjectRow, rule: str | None, places: list[Country], subfile: str | None, unread: str | None
) -> Meaning:
    label = row.label
    if places:
        label += ": " + " and ".join(place.name for place in places)
    if subfile:
        label += f", subfile {subfile}"
    primary = subjects().get(("primary", row.code.split()[0])) or subjects()["organization", row.code.split()[0]]
    doubtful = bool(rule) or "probable" in (row.certainty, *(place.certainty for place in places))
    return Meaning(
        tables=SUBJECTS,
        rules=("scheme-by-form", rule) if rule else ("scheme-by-form",),
        subject=_subject_concept(row),
        top=_subject_concept(primary[0]),
        country1=places[0] if places else None,
        country2=places[1] if len(places) > 1 else None,
        subfile=subfile,
        unread=unread,
        label=label,
        unit_label=label,
        status="partial" if unread else "full",
        certainty="probable" if doubtful else "certain",
        sources=tuple(dict.fromkeys([*row.sources, *(source for place in places for source in place.sources)])),
    )


# --- Concepts


def concept_key(scheme: str, kind: str, notation: str) -> str:
    """A key for IRIs: "decimal-1910.class.7xx.yy15", "decimal-1910.country.61"."""
    plain = notation.replace("**", "xx").replace("††", "yy")
    return f"{scheme}.{kind}." + re.sub(r"[^\w.]+", "-", plain).strip("-.")


def concepts(readings: Iterable[FileReading]) -> tuple[Concept, ...]:
    """Every class, subject and country number that the readings use, with all broader ones, by key.

    The label of a concept does not depend on a document: a number that changed hands bears both names.
    """
    found: dict[str, Concept] = {}
    for reading in readings:
        for meaning in reading.readings:
            for concept in (meaning.subject, meaning.top):
                while concept is not None and concept.key not in found:
                    found[concept.key] = concept
                    concept = _broader(concept)
            for place in (meaning.country1, meaning.country2):
                if place is not None and place.name:
                    found.setdefault(place.key, _country_concept(place))
    return tuple(found[key] for key in sorted(found))


def _concept(row: ClassRow) -> Concept:
    return Concept(
        scheme=row.scheme,
        kind="class",
        notation=row.code,
        label=row.label,
        broader=row.broader or None,
        certainty=row.certainty,
        sources=row.sources,
    )


def _subject_concept(row: SubjectRow) -> Concept:
    name, _, digits = row.code.partition(" ")
    upper = digits.rpartition("-")[0]
    broader = f"{name} {upper}" if upper and ("subject", f"{name} {upper}") in subjects() else name
    editions = subjects().get((row.level, row.code), (row,))
    return Concept(
        scheme=SUBJECTS,
        kind="class",
        notation=row.code,
        label=editions[-1].label,
        alternatives=tuple(sorted({edition.label for edition in editions} - {editions[-1].label})),
        broader=broader if digits else None,
        certainty=row.certainty,
        sources=tuple(dict.fromkeys(source for edition in editions for source in edition.sources)),
    )


def _broader(concept: Concept) -> Concept | None:
    if concept.broader is None:
        return None
    if concept.scheme != SUBJECTS:
        return _concept(classes(concept.scheme)[concept.broader])
    for level in ("subject", "primary", "organization"):
        if rows := subjects().get((level, concept.broader)):
            return _subject_concept(rows[-1])
    return None


def _country_concept(place: Country) -> Concept:
    rows: tuple[CountryRow, ...] = countries(place.scheme).get(place.number, ()) if place.scheme != SUBJECTS else ()
    names = [row.name for row in rows] if len(rows) > 1 else []
    names += [name.strip() for row in rows for name in re.split(r"[;,]", row.also)]
    codes = {row.iso3 for row in rows} or {place.iso3 or ""}
    return Concept(
        scheme=place.scheme,
        kind="country",
        notation=place.number,
        label=place.label,
        alternatives=tuple(dict.fromkeys(name for name in names if name and name != place.label)),
        iso3=(codes.pop() or None) if len(codes) == 1 else None,
        certainty="probable" if any(row.certainty == "probable" for row in rows) else place.certainty,
        sources=tuple(dict.fromkeys(source for row in rows for source in row.sources)) or place.sources,
    )
