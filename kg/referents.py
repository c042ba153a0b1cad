"""Whom and what the words of a document name: mentions to persons, states, offices, places, days and files.

Each mention is concluded, by the rule that its form tells and by those that find its referent; what the markup tags is
stated already and is not found again.  A name means one person within a document; who that is, is told by the
document's parties, by an office at the document's date (`kg.resolution`), or by nothing beyond the document.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Day
from datetime import timedelta
from typing import Literal

from kg import dates, filecodes, headings, lexicon, mentions, offices, places, resolution
from kg.agents import Agent, Agents, day_of
from kg.authorities import HOME, Authorities, fold
from kg.document import Anchor, Document, PartialDate, Party
from kg.mentions import Found, Lexicon
from kg.resolution import Context, given, surname

# What each rule does, for those who follow `dgm:rule`: those that tell a mention, then those that tell its referent.
RULES = {
    "honorific": ("honorific and name", "An honorific or a rank stands before the name."),
    "office-before": ("office and name", "An office stands before the name."),
    "initials": ("initials and name", "Initials stand before the name."),
    "forename": ("forename and name", "A first name that the registers know stands before the name."),
    "signature": (
        "name as a signature",
        "The name ends a letter, in a paragraph of its own or behind its last sentence.",
    ),
    "addressed": ("whom a telegram is for or from", "The telegram says at its beginning whom it is for, or from."),
    "greeted": ("whom a letter greets", "The letter greets its reader by the name: “Dear Harrow:”."),
    "speaks": ("who speaks to the writer", "The words say of the name that it tells or asks the writer something."),
    "coordinate": ("beside a person's name", "The name stands beside a person's, as “Venn and Harrow” do."),
    "known-surname": (
        "name told elsewhere",
        "The documents name a person so elsewhere, with an honorific or an office.",
    ),
    "office-words": ("words of an office", "The words are those of an office, with a state, a place or a matter."),
    "open-office": (
        "office told before",
        "The words leave open whose office it is; one office before them has the title.",
    ),
    "latter": ("the latter", "The words mean the second of the two persons that the sentence names before them."),
    "government": ("government of a state", "The words name the government of a state that the registers know."),
    "regime": ("regime of a state", "The words name a state by its regime, and so its government."),
    "mission": ("mission of a state", "The words name a mission, with its state or its seat."),
    "body-words": ("words of a body", "Words with capitals end, or begin, with the name of a kind of body."),
    "place-name": ("name of a place", "The registers, the gazetteer or the table of regions have a place of the name."),
    "date-words": ("words of a date", "The words are a day and a month, or a month and a year."),
    "file-number": ("number of a file", "The number has the form of a number of the Department's files."),
    "party-named": ("a party's name", "A party of the document has the name."),
    "signer-named": ("a signer's name", "Who signs the document has the name, and is known by a register."),
    "tagged-named": (
        "name of one who is tagged",
        "The markup tags one person of the name in the document, with who that is.",
    ),
    "one-in-document": (
        "one of the name",
        "A name is one person's within a document, if nothing in it tells two apart.",
    ),
    "office-of-named": ("office of one named", "One person is named with the office in the same document."),
    "state-named": ("state of the name", "The registers have one state of the name or the adjective in the year."),
    "seat-state": ("state of the seat", "The mission's seat is a city of the state that it is sent to."),
    "year-near": (
        "the year that is nearest",
        "The words tell no year; it is that which brings the day nearest to the document's.",
    ),
    "year-of-neighbours": (
        "the neighbours' year",
        "The words tell no year and the document no date; the documents before and behind it are of one year.",
    ),
    "year-of-volume": (
        "the volume's year",
        "The words tell no year and the document no date; the volume's identifier names one year.",
    ),
    "day-last": (
        "the last or the next day of the name",
        "The words “last”, “next” or “of last year” tell which year is meant, by the document's day.",
    ),
    "day-of-writing": ("by the day of writing", "“Instant”, “ultimo” and “proximo” are told by the document's month."),
    "bounded-day": (
        "by the bounds of the day",
        "The document tells no day; the answer is the same on both of its bounds.",
    ),
    "handed-over": (
        "handed over",
        "A note on the heading tells when the paper was handed over; it was written by then.",
    ),
    "received": ("received", "The line of receipt tells when the paper was received; it was written by then."),
    "reported-day": (
        "the last day that is reported",
        "The text reports what happened on the day, as past; it was written then or later.",
    ),
}


# What words name; a "reference" means what other words name ("the latter").
Kind = Literal["person", "office", "organization", "place", "date", "file", "reference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referent:
    """What is meant: `kind` tells how `keys` make its IRI; `label` names what no register describes."""

    kind: str
    keys: tuple[str, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One wording of a document with what it means, and its first place in the text and in each footnote that has it.

    `rules` are names of `RULES`, or those of `kg.resolution` and `kg.places` with their prefix.  `evidence` is what the
    referent rests on beside the words.
    """

    kind: Kind
    surface: str
    anchors: tuple[Anchor, ...]
    rules: tuple[str, ...]
    certainty: str = "certain"
    referent: Referent | None = None
    name: str | None = None
    roles: tuple[str, ...] = ()
    office: str | None = None
    state: str | None = None
    date: PartialDate | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A bound of the day on which a document was written; `limit` is "earliest" or "latest", `day` an xsd:date."""

    limit: str
    day: str
    rule: str
    evidence: str
    anchor: Anchor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    value: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the documents of a source: the names that they tell, the year of one without a date, and name
    and office that texts of one volume call a person of it, by its key."""

    lexicon: Lexicon
    years: Mapping[str, Year] = field(default_factory=dict)
    called: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def years_of(documents: Sequence[Document]) -> dict[str, Year]:
    """The years of documents that tell no day, in reading order: their neighbours', else their volume's."""
    return years_of_days([(document.identifier, day_of(document) or "") for document in documents])


def years_of_days(days: Sequence[tuple[str, str]]) -> dict[str, Year]:
    """The same of (identifier, day), "" for a document that tells none."""
    out: dict[str, Year] = {}
    behind = [""] * len(days)  # the next year that is told, for each
    for at in range(len(days) - 2, -1, -1):
        behind[at] = days[at + 1][1][:4] or behind[at + 1]
    before = ""
    for (identifier, day), next_year in zip(days, behind, strict=True):
        if day:
            before = day[:4]
        elif before and before == next_year:
            out[identifier] = Year(value=int(before), rule="year-of-neighbours")
        elif year := year_of_volume(identifier.partition("/")[0]):
            out[identifier] = Year(value=year, rule="year-of-volume")
    return out


def year_of_volume(volume: str) -> int | None:
    """The one year that a volume's identifier names: 1943 of "frus1943v03"; None of a span ("frus1952-54v01")."""
    found = re.match(r"[A-Za-z]*(1[789]\d\d|20\d\d)(?![\d-])", volume)
    return int(found[1]) if found else None


def find(document: Document, around: Around, agents: Agents, known: Authorities) -> tuple[list[Mention], list[Bound]]:
    """The mentions of a document in reading order of their first places, and the bounds of its day."""
    reader = _Reader(document, around, agents, known)
    return reader.mentions(), reader.bounds


_Place = tuple[Anchor, Found]


class _Reader:
    """Reads one document's mentions."""

    def __init__(self, document: Document, around: Around, agents: Agents, known: Authorities) -> None:
        self.document, self.agents, self.known = document, agents, known
        self.year = around.years.get(document.identifier)
        self.day = day_of(document)
        self.parts = [("text", document.text), *((f"footnote/{note.key}", note.text) for note in document.footnotes)]
        self.found = [place for part, text in self.parts for place in self._in_part(part, text, around.lexicon)]
        self.dates = self._dates()
        self.bounds = list(_bounds(document, self.found, self.dates))
        self.people = _People(self)
        # Those that are named so far, as the last place names them.
        self.offices: dict[str, Found] = {}
        self.resolved: dict[tuple[str | None, str | None], tuple[resolution.Resolution, tuple[str, ...]]] = {}

    def _in_part(self, part: str, text: str, lexicon: Lexicon) -> Iterator[_Place]:
        tagged = bytearray(len(text))
        for mention in self.document.mentions:
            if mention.anchor.part == part:
                tagged[mention.anchor.start : mention.anchor.end] = b"\1" * (mention.anchor.end - mention.anchor.start)
        for found in mentions.find(text, lexicon):
            if not any(tagged[found.start : found.end]):
                yield Anchor(part=part, start=found.start, end=found.end), found

    # -- all of them

    def mentions(self) -> list[Mention]:
        """One mention for each wording and referent, with its first place in the text and in each footnote."""
        joined: dict[tuple[object, ...], Mention] = {}
        for mention in self._each():
            edtf = mention.date.edtf if mention.date else None
            key = (mention.kind, mention.surface, mention.referent, edtf)
            if same := joined.get(key):
                joined[key] = replace(
                    same,
                    anchors=_first_in_part(same.anchors, mention.anchors),
                    roles=tuple(dict.fromkeys((*same.roles, *mention.roles))),
                    rules=tuple(dict.fromkeys((*same.rules, *mention.rules))),
                    certainty="probable" if "probable" in (same.certainty, mention.certainty) else same.certainty,
                )
            else:
                joined[key] = mention
        return list(joined.values())

    def _each(self) -> Iterator[Mention]:
        for anchor, found in self.found:
            mention = self._mention(anchor, found)
            if mention is not None:
                yield mention
            if found.role and found.form != "open-office":
                self.offices[_office_key(found.role)] = found
        yield from self._latter()

    def _mention(self, anchor: Anchor, found: Found) -> Mention | None:
        plain = Mention(kind=found.kind, surface=found.surface, anchors=(anchor,), rules=(found.form,), name=found.name)
        if found.kind == "person":
            return self.people.mention(plain, found)
        if found.kind == "office":
            return self._office(plain, found)
        if found.kind == "organization":
            return self._organization(plain, found)
        if found.kind == "place":
            return self._placed(replace(plain, name=None), found)
        if found.kind == "date":
            date = self.dates[anchor]
            return date and replace(date, anchors=(anchor,))
        return self._file(plain, found)

    # -- days

    def _dates(self) -> dict[Anchor, Mention | None]:
        """The days that the words tell.  A day whose year is only near is doubtful where the words before it speak of
        the same month in another year."""
        told = {anchor: self._date(found) for anchor, found in self.found if found.kind == "date"}
        above: list[tuple[Anchor, str]] = []
        for anchor, mention in told.items():
            edtf = mention.date.edtf if mention and mention.date else ""
            if mention and "year-near" in mention.rules:
                near = [day for one, day in above if one.part == anchor.part and anchor.start - one.end < _NEAR]
                if any(day[4:7] == edtf[4:7] and day[:4] != edtf[:4] for day in near):
                    told[anchor] = replace(mention, certainty="probable")
            elif edtf:
                above = [*above[-_DAYS:], (anchor, edtf)]
        return told

    def _date(self, found: Found) -> Mention | None:
        """The day or month that the words tell; None for words that are no date of the calendar."""
        told = Mention(kind="date", surface=found.surface, anchors=(), rules=("date-words",))
        if re.search(r"(?:inst|ult|prox)", found.surface):
            since = PartialDate(printed="", edtf=self.day) if self.day else None
            date = dates.relative(found.surface, since).date if since else None
            evidence = f"{found.surface}; {self.day}"
            return replace(told, rules=(*told.rules, "day-of-writing"), date=date, evidence=evidence) if date else None
        read = dates.read(found.surface)
        if read.date is None or read.fault:
            return None
        if read.date.earliest:
            return replace(told, date=read.date)
        return self._with_year(told)

    def _with_year(self, told: Mention) -> Mention:
        """The year that the words leave out, by the document's day, its neighbours or its volume."""
        if self.day:
            choices = {}
            for year in range(int(self.day[:4]) - 1, int(self.day[:4]) + 2):
                date = dates.read(f"{_SAID_OF_DAY.sub('', told.surface)}, {year}").date
                if date and date.earliest and len(date.earliest) == 10:
                    choices[dates.days(_middle(self.day), date.earliest)] = date
            rule, distances = _meant(told.surface, list(choices), self.day)
            if not distances:
                return told
            distance = min(distances, key=abs)
            sure = -_SURE_PAST <= distance <= _SURE_FUTURE or rule == "day-last"
            certainty = "certain" if sure and len(self.day) == 10 else "probable"
            evidence = f"{told.surface}; {self.day}"
            return replace(
                told, rules=(*told.rules, rule), date=choices[distance], certainty=certainty, evidence=evidence
            )
        if self.year is None:
            return told
        if _SAID_OF_DAY.search(told.surface):
            return told
        date = dates.read(f"{told.surface}, {self.year.value}").date
        evidence = f"{told.surface}; {self.document.volume}"
        return replace(told, rules=(*told.rules, self.year.rule), date=date, certainty="probable", evidence=evidence)

    # -- offices

    def context(self, day: str | None) -> Context:
        around = self.agents.states.get(self.document.identifier, ())
        year = str(self.year.value) if self.year else None
        return Context(day=day or year, of_volume=day is None, states=around)

    def resolve(self, role: str | None, name: str | None) -> tuple[resolution.Resolution, tuple[str, ...]]:
        """Who it is on the document's day, or on both bounds of it; and the rule of the day, if it is inferred."""
        if (role, name) not in self.resolved:
            self.resolved[role, name] = self._resolve(role, name)
        return self.resolved[role, name]

    def _resolve(self, role: str | None, name: str | None) -> tuple[resolution.Resolution, tuple[str, ...]]:
        limits = {bound.limit: bound.day for bound in self.bounds}
        if self.day is None and len(limits) == 2:
            first, last = (resolution.resolve(self.known, role, name, self.context(limits[limit])) for limit in limits)
            if first.person and first.person == last.person:
                return replace(last, certainty="probable"), ("bounded-day",)
        return resolution.resolve(self.known, role, name, self.context(self.day)), ()

    def _office(self, plain: Mention, found: Found) -> Mention | None:
        role = found.role or found.surface
        if found.form == "open-office":
            return self._open(plain, role)
        read = offices.read(role, self.known, self._year_text())
        office = read.offices[0] if len(read.offices) == 1 else None
        state = self._state(found.state)
        whole = replace(plain, roles=(role,), office=office, state=state)
        if named := self.people.in_office(role):
            return replace(
                whole, referent=named, rules=(*plain.rules, "office-of-named"), certainty="probable", evidence=role
            )
        if office is None or read.kind not in ("president", "principal", "chief"):
            return whole
        answer, more = self.resolve(role, None)
        if len(answer.candidates) != 1:
            return whole
        return replace(
            whole,
            referent=Referent(kind="register-person", keys=(answer.candidates[0].person,)),
            rules=(*plain.rules, *(f"person-{rule}" for rule in answer.rules), *more),
            certainty=answer.certainty,
            evidence=answer.evidence,
        )

    def _open(self, plain: Mention, title: str) -> Mention | None:
        """ "The Ambassador": the one office, or officer, of that title that the document names before."""
        titled = re.compile(rf"\b{re.escape(title)}\b")
        keys = sorted((key for key, found in self.offices.items() if titled.search(found.role or "")), key=len)
        one = bool(keys) and all(key in keys[-1] for key in keys)
        if not one:
            return None
        found = self.offices[keys[-1]]
        role = found.role or ""
        whole = replace(plain, roles=(role,), certainty="probable", evidence=role, state=self._state(found.state))
        referent = self.people.in_office(role) or self.people.referent(found)
        if referent is None:
            resolved = self._office(plain, replace(found, form="office-words", role=role))
            if resolved is None or (resolved.referent is None and resolved.state is None):
                return None
            return replace(
                resolved, surface=plain.surface, rules=(*plain.rules, *resolved.rules[1:]), certainty="probable"
            )
        return replace(whole, referent=referent)

    def _latter(self) -> Iterator[Mention]:
        """ "The latter", of the two persons that the sentence names last before it."""
        for part, text in self.parts:
            named = [found for anchor, found in self.found if anchor.part == part and found.kind != "date"]
            for match in _LATTER.finditer(text):
                # A sentence of which the beginning is farther away is taken from there on.
                begin = max(0, match.start() - _SENTENCE)
                start = max((end.end() for end in _ENDS.finditer(text, begin, match.start())), default=begin) - 1
                first = bisect_right(named, start, key=lambda found: found.start)
                inside = named[first : bisect_left(named, match.start(), key=lambda found: found.start)]
                people = [self.people.cluster(found) if found.kind == "person" else None for found in inside[-2:]]
                if len(people) == 2 and len(inside) == 2 and None not in people and people[0] != people[1]:
                    plain = Mention(
                        kind="reference",
                        surface=match[0],
                        anchors=(Anchor(part=part, start=match.start(), end=match.end()),),
                        rules=("latter",),
                    )
                    yield replace(
                        plain,
                        kind="reference",
                        referent=self.people.referent(inside[-1]),
                        certainty="probable",
                        evidence=text[inside[-2].start : match.end()],
                    )

    # -- bodies and places

    def _year_text(self) -> str | None:
        return self.day[:4] if self.day else str(self.year.value) if self.year else None

    def _state(self, words: str | None) -> str | None:
        """The one state of the name or the adjective."""
        if words is None:
            return None
        if words.replace(" ", "").startswith("U.S.S"):
            words = "USSR"
        states = self.known.states_named(words.replace(" ", "") if words.startswith("U.") else words, self._year_text())
        return states[0].id if len(states) == 1 else None

    def _land(self, words: str) -> str | None:
        """The state of a place's name; None where it bore the name at another time and a city has it, as Rome."""
        state, year = self._state(words), self._year_text()
        if state is None or year is None:
            return state
        if self._is_now(words, state):
            return state
        place = places.resolve(words, self._setting())
        return None if len(place.cities) == 1 else state

    def _is_now(self, words: str, state: str) -> bool:
        """Does the state bear the name in the document's year?"""
        year = self._year_text() or ""
        own = [name for name in self.known.states[state].names if fold(name.name) == fold(words)]
        return not own or not year or any((one.start or "") <= year <= (one.end or "9999") for one in own)

    def _organization(self, plain: Mention, found: Found) -> Mention:
        state = self._state(found.state)
        plain = replace(plain, state=state)
        if found.form in ("government", "regime") and state:
            label = f"Government, {self.known.states[state].label.rstrip('*')}"
            referent = Referent(kind="government", keys=(state,), label=label)
            certainty = "probable" if found.form == "regime" else "certain"
            return replace(plain, referent=referent, rules=(*plain.rules, "state-named"), certainty=certainty)
        if found.form == "mission" and found.seat:
            receiving = self._land(found.seat) or self._seat_state(found.seat)
            if state and receiving and state != receiving:
                labels = [self.known.states[one].label for one in (state, receiving)]
                referent = Referent(
                    kind="mission", keys=(state, receiving), label=f"Mission of {labels[0]}, {labels[1]}"
                )
                return replace(plain, referent=referent, rules=(*plain.rules, "state-named", "seat-state"))
        return plain

    def _setting(self) -> places.Setting:
        return places.Setting(states=self.agents.states.get(self.document.identifier, ()))

    def _seat_state(self, seat: str) -> str | None:
        place = places.resolve(seat, self._setting())
        return place.cities[0].state if place.certainty == "certain" else None

    def _placed(self, plain: Mention, found: Found) -> Mention:
        words = found.surface
        state = self._land(words)
        # Texas was a state for nine years; "Central America" is none, though a legation was sent to it.
        part = state and not (self._is_now(words, state) and fold(self.known.states[state].label) == fold(words))
        if state and not (part and words in lexicon.region_names()):
            referent = Referent(kind="state", keys=(state,))
            return replace(plain, referent=referent, rules=(*plain.rules, "state-named"))
        if words in lexicon.region_names():
            return plain
        place = places.resolve(words, self._setting())
        if len(place.cities) != 1:
            return plain
        referent = Referent(kind="place", keys=(place.cities[0].id,))
        return replace(plain, referent=referent, rules=(*plain.rules, f"place-{place.rule}"), certainty=place.certainty)

    def _file(self, plain: Mention, found: Found) -> Mention | None:
        reading = filecodes.decode(found.surface, int(self._year_text() or 0) or None)
        if not reading.unit or not reading.readings:
            return None
        referent = Referent(kind="file", keys=(found.surface, self._year_text() or ""))
        return replace(plain, referent=referent, certainty="certain" if reading.status == "full" else "probable")


# By how many days a day without its year may lie before or behind the document's for its year to be certain.
_SURE_PAST, _SURE_FUTURE = 92, 45
# How far above a day, in characters and in days told, another is looked for that speaks of its month.
_NEAR, _DAYS = 600, 20
_SAID_OF_DAY = re.compile(r" (?:last|next|of (?:last|this|the present|next) year)$")


def _meant(surface: str, distances: Sequence[int], day: str) -> tuple[str, list[int]]:
    """The rule and the days that words may mean of several years': by how many days each is behind the document's."""
    said = _SAID_OF_DAY.search(surface)
    if said is None:
        return "year-near", list(distances)
    words = said[0].strip()
    if words == "last":
        return "day-last", [distance for distance in distances if distance <= 0]
    if words == "next":
        return "day-last", [distance for distance in distances if distance > 0]
    year = int(day[:4]) + {"last": -1, "next": 1}.get(words.split(" ")[1], 0)
    middle = Day.fromisoformat(_middle(day))
    return "day-last", [distance for distance in distances if (middle + timedelta(days=distance)).year == year]


_SENTENCE = 2000
# The end of a sentence: not the full stop of "Mr." or of an initial.
_ENDS = re.compile(r"(?:[^\W\d_]{3}|[\d)”\]])[.?!;] |\n")
_LATTER = re.compile(
    r"\b[Tt]he latter(?=(?:,|\.|;|[’']s)|(?: (?:then |also |further )?(?:had|has|was|is|said|stated|replied|told|asked"
    r"|informed|expressed|answered|remarked|added|declared|would|will|called|came|went)\b))"
)


def _first_in_part(anchors: tuple[Anchor, ...], more: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    parts = {anchor.part for anchor in anchors}
    return (*anchors, *(anchor for anchor in more if anchor.part not in parts))


def _office_key(role: str) -> str:
    return fold(re.sub(r"^(?:the|an?) ", "", role, flags=re.IGNORECASE))


def _middle(day: str) -> str:
    """A day for one that is told as a month or a year: the middle of it."""
    return day if len(day) == 10 else f"{day}-15" if len(day) == 7 else f"{day}-07-01"


# ---------------------------------------------------------------------------------------------- persons


@dataclass(slots=True, kw_only=True)
class _Cluster:
    """One person of a document: the fullest name, the titles and the offices that it gives him."""

    surname: str
    fullest: str
    titles: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    foreign: bool = False
    answer: tuple[Referent, tuple[str, ...], str, str | None] | None = None


_ABROAD = re.compile(
    r"(?:M|MM|Monsieur|Herr|Frau|Señor|Senor|Señora|Signor|Sir|Lord|Count|Baron|Don|Jonkheer|Prince)\b"
)


class _People:
    """The persons of one document, told apart by surname and first names."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.clusters: dict[str, list[_Cluster]] = defaultdict(list)
        people = [found for _, found in reader.found if found.kind == "person" and found.name]
        for found in sorted(people, key=lambda found: not given(found.name or "")):
            self._add(found)

    def _add(self, found: Found) -> None:
        name = found.name or ""
        same = self.clusters[fold(surname(name))]
        fits = [one for one in same if _agree(one.fullest, name)]
        if len(fits) == 1:
            cluster = fits[0]
        elif fits:
            return  # a bare surname that several bear
        else:
            cluster = _Cluster(surname=fold(surname(name)), fullest=name)
            same.append(cluster)
        cluster.fullest = max(cluster.fullest, name, key=lambda known: (len(given(known)), len(known)))
        cluster.forms.add(found.form)
        if found.title and found.title not in cluster.titles:
            cluster.titles.append(found.title)
        cluster.foreign = cluster.foreign or bool(found.title and _ABROAD.match(found.title))
        if found.role and found.role not in cluster.roles:
            cluster.roles.append(found.role)
            cluster.foreign = cluster.foreign or self.reader._state(found.state) not in (None, HOME)

    def cluster(self, found: Found) -> _Cluster | None:
        name = found.name or ""
        fits = [one for one in self.clusters.get(fold(surname(name)), ()) if _agree(one.fullest, name)]
        return fits[0] if len(fits) == 1 else None

    def in_office(self, role: str) -> Referent | None:
        """The one person that the document names with the office, or with more words of it."""
        key = _office_key(role)
        fits = [
            one
            for same in self.clusters.values()
            for one in same
            if any(_office_key(own) == key or (len(key) > 12 and _office_key(own).startswith(key)) for own in one.roles)
        ]
        return self._answer(fits[0])[0] if len(fits) == 1 else None

    def referent(self, found: Found) -> Referent | None:
        cluster = self.cluster(found) if found.kind == "person" else None
        return self._answer(cluster)[0] if cluster else None

    def mention(self, plain: Mention, found: Found) -> Mention:
        cluster = self.cluster(found)
        roles = (found.role,) if found.role else ()
        if cluster is None:
            return replace(plain, roles=roles)
        referent, rules, certainty, evidence = self._answer(cluster)
        return replace(
            plain,
            roles=roles,
            referent=referent,
            rules=(*plain.rules, *rules),
            certainty="probable" if found.form == "coordinate" else certainty,
            evidence=evidence,
        )

    def _answer(self, cluster: _Cluster) -> tuple[Referent, tuple[str, ...], str, str | None]:
        if cluster.answer is None:
            known = self._party(cluster) or self._tagged(cluster) or self._register(cluster)
            cluster.answer = known or self._own(cluster)
        return cluster.answer

    def _tagged(self, cluster: _Cluster) -> tuple[Referent, tuple[str, ...], str, str | None] | None:
        """The one person of the name whom the markup tags in the document, with a pointer."""
        volume = self.reader.document.volume
        fits: dict[Referent, str] = {}
        for tag in self.reader.document.mentions:
            name = headings.untitled(tag.surface)
            if tag.kind == "person" and tag.pointer and fold(surname(name)) == cluster.surname:
                owner, _, key = tag.pointer.removeprefix("#").rpartition("#")
                fits.setdefault(Referent(kind="person", keys=(owner or volume, key)), tag.surface)
        agreed = {
            referent: words for referent, words in fits.items() if _agree(headings.untitled(words), cluster.fullest)
        }
        if len(fits) != 1 or len(agreed) != 1:
            return None
        referent, words = next(iter(agreed.items()))
        return referent, ("tagged-named",), "certain", words

    def _party(self, cluster: _Cluster) -> tuple[Referent, tuple[str, ...], str, str | None] | None:
        """The party, or the signer, of the document who has the name."""
        document, agents = self.reader.document, self.reader.agents
        pairs = zip(document.people, agents.parties.get(document.identifier, ()), strict=False)
        fits = {
            referent: party.printed
            for party, agent in pairs
            if party.name
            and fold(surname(party.name)) == cluster.surname
            and _agree(party.name, cluster.fullest)
            and (referent := _of_party(document, party, agent))
        }
        rule = "party-named" if fits else "signer-named"
        fits = fits or self._signers(cluster)
        if len(fits) != 1:
            return None
        referent, words = next(iter(fits.items()))
        return referent, (rule,), "certain", words

    def _signers(self, cluster: _Cluster) -> dict[Referent, str]:
        """The register's persons who sign with the name: "Hull", where the Secretary of State is the sender."""
        document = self.reader.document
        pairs = zip(document.signatures, self.reader.agents.signers.get(document.identifier, ()), strict=False)
        return {
            Referent(kind="register-person", keys=(person,)): signature.printed
            for signature, person in pairs
            if person
            and fold(surname(signature.name or "")) == cluster.surname
            and _agree(signature.name or "", cluster.fullest)
        }

    def _register(self, cluster: _Cluster) -> tuple[Referent, tuple[str, ...], str, str | None] | None:
        """The register's person by office and name, or by a full name."""
        name = cluster.fullest
        for role in cluster.roles or (None,):
            if role is None and (cluster.foreign or not given(name)):
                continue
            answer, more = self.reader.resolve(role, name)
            if len(answer.candidates) == 1 and (role is None or (answer.office and answer.office.offices)):
                sure = answer.certainty if role or len(given(name)) > 1 else "probable"
                rules = (*(f"person-{rule}" for rule in answer.rules), *more)
                referent = Referent(kind="register-person", keys=(answer.candidates[0].person,))
                return referent, rules, sure, answer.evidence
        return None

    def _own(self, cluster: _Cluster) -> tuple[Referent, tuple[str, ...], str, str | None]:
        """A person known by the document alone."""
        same = self.clusters[cluster.surname]
        number = f"-{same.index(cluster) + 1}" if len(same) > 1 else ""
        document = self.reader.document
        key = f"{document.id}-{_slug(cluster.surname)}{number}"
        referent = Referent(kind="person", keys=(document.volume, key), label=cluster.fullest)
        return referent, ("one-in-document",), "certain", None


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words)
    return re.sub(r"[^\w]+", "-", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _agree(one: str, other: str) -> bool:
    """May two names of one surname be the same person's?  First names and initials agree as far as both go."""
    pairs = zip(given(one), given(other), strict=False)
    return all(a[:1] == b[:1] if min(len(a), len(b)) == 1 else fold(a)[:3] == fold(b)[:3] for a, b in pairs)


def _of_party(document: Document, party: Party, agent: Agent) -> Referent | None:
    if agent.listed and agent.listed.officer:
        return Referent(kind="register-person", keys=(agent.listed.officer,))
    found = agent.resolution
    if found.certainty == "certain" and found.person and not party.person:
        return Referent(kind="register-person", keys=(found.person,))
    if party.person:
        owner, _, key = party.person.rpartition("#")
        return Referent(kind="person", keys=(owner or document.volume, key))
    return Referent(kind="person", keys=(document.volume, agent.local)) if agent.local else None


# ---------------------------------------------------------------------------------------------- bounds of the day


_HANDED = re.compile(
    r"(?:Handed|Delivered|Left|Presented|Communicated|Transmitted|Received|Given|Sent|Forwarded)\b[^.;]{0,160}?\bon $"
)
_AHEAD = re.compile(
    r"\b(?:will|shall|would|should|to be|until|till|before|by|expires?|expiring|next|propose[ds]?|scheduled"
    r"|not later than|effective|due|intends?|about to)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\b(?:[Oo]n|[Oo]f|[Ss]ince|[Dd]ated|this|[Uu]nder date of)(?: this| the)? $")


def _bounds(document: Document, found: Sequence[_Place], told: Mapping[Anchor, Mention | None]) -> Iterator[Bound]:
    """Between which days a document was written that states none: behind what it reports, before its receipt."""
    dated = any(event and event.date and event.date.earliest for event in (document.sent, document.held))
    if dated or document.dated or document.kind == "editorialNote":
        return
    latest = _latest(document, found, told)
    if latest:
        yield latest
    days = []
    for anchor, _ in found:
        date = told.get(anchor)
        if (
            anchor.part != "text"
            or date is None
            or any(one.start <= anchor.start < one.end for one in document.enclosures)
        ):
            continue
        day = date.date.edtf if date.date else ""
        near = max(0, anchor.start - _SENTENCE)
        begin = max(near, *(document.text.rfind(mark, near, anchor.start) + 1 for mark in (". ", "\n")))
        sentence = document.text[begin : anchor.end]
        past = not _AHEAD.search(sentence) and _REPORTED.search(document.text[begin : anchor.start])
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day) and past and (latest is None or day <= latest.day):
            days.append((day, anchor, date.surface))
    if days:
        day, anchor, words = max(days, key=lambda one: (one[0], -one[1].start))
        yield Bound(limit="earliest", day=day, rule="reported-day", evidence=words, anchor=anchor)


def _latest(document: Document, found: Sequence[_Place], told: Mapping[Anchor, Mention | None]) -> Bound | None:
    """The day of receipt, or that on which a note on the heading says that the paper was handed over."""
    received = document.received
    date = received.date if received else None
    if received and date and date.latest and not date.doubt:
        start = received.printed.find(date.printed)
        anchor = Anchor(part="receiving", start=start, end=start + len(date.printed)) if start >= 0 else None
        return Bound(limit="latest", day=date.latest[:10], rule="received", evidence=date.printed, anchor=anchor)
    notes = {f"footnote/{note.key}": note.text for note in document.footnotes if note.on_heading}
    for anchor, _ in found:
        text, mention = notes.get(anchor.part), told.get(anchor)
        if text is None or anchor.start > _SENTENCE or mention is None or mention.date is None:
            continue
        if not _HANDED.match(text[: anchor.start]):
            continue
        day = mention.date.edtf
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            return Bound(limit="latest", day=day, rule="handed-over", evidence=text[: anchor.end], anchor=anchor)
    return None
