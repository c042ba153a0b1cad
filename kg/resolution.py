"""Who is meant: an office or a name at a date, with what stands around it, to persons of the registers.  Pure.

An answer is `certain`, `probable` with candidates in order, or `unresolved`, and always says by which rules and on
what evidence.  Of two who fit none is picked.  What the registers cannot know (consuls, envoys of other states) has
no candidates; such a person is known by the document alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache
from typing import Literal

from kg import headings, offices
from kg.authorities import Authorities, RegisterPerson, Term, fold
from kg.offices import OfficeName

Certainty = Literal["certain", "probable", "unresolved"]
# Rule → its label and definition, as they are published.
RULES = {
    "office-and-name": (
        "office and name",
        "One person of the name held the office on the day, by the register.",
    ),
    "office-and-name-near": (
        "office and name, near the term",
        "One person of the name held the office; the day lies between appointment and credentials, or within two "
        "months of the register's dates, which tell legal beginnings and ends.",
    ),
    "office-and-name-apart": (
        "office and name, apart from the term",
        "One person of the name held the office, within two years of the day.",
    ),
    "office-and-spelling": (
        "office and a like name",
        "The holder of the office on the day has a name that differs by a letter or two: a slip of print or reading.",
    ),
    "signed-so": ("signed so", "The signature under the document has the person's surname."),
    "office-holder": ("office holder", "The office had one holder on the day, by the register; no name is printed."),
    "office-holders": ("office holders", "The register has several holders of the office on the day, or about it."),
    "office-holder-near": (
        "office holder about the day",
        "Nobody held the office on the day, by the register, and one person within two months of it.",
    ),
    "ad-interim": (
        "secretary ad interim",
        "The office was vacant on the day; the register has somebody who filled it for the time being.",
    ),
    "acting-by-signature": (
        "acting, by signature",
        "Somebody acts in the office; the signature under the document is an officer's of that day.",
    ),
    "acting-by-neighbour": (
        "acting, by documents about the day",
        "Somebody acts in the office; in the volume, who signs so within a week of the day is one person.",
    ),
    "acting-deputy": (
        "acting, by rank",
        "Somebody acts in the office; the next in rank on the day would.",
    ),
    "officer-and-name": (
        "officer of the name",
        "One of the Department's principal officers on the day has the name; no office is printed, or an acting one.",
    ),
    "secretary-and-name": (
        "the Secretary's name alone",
        "The name without initials or office is that of the Secretary of State of the day; others of the name are "
        "printed with their initials.",
    ),
    "country-and-name": (
        "chief of mission of the name",
        "The chief of mission, on the day, to the country of the chapter or of the dateline has the name.",
    ),
    "elsewhere-and-name": (
        "chief of mission elsewhere",
        "A chief of mission to another country has the name on the day.",
    ),
    "same-mission": (
        "same mission",
        "Somebody of the name was chief of the mission at another time within ten years.",
    ),
    "another-office": (
        "an officer with another office",
        "The registers do not list the office; one person of the name held one that they list on the day.",
    ),
    "in-service": (
        "in the service",
        "One person of the name is in the registers with offices before and after the day, or, of one who has charge "
        "of a mission or holds an office that they do not list, within twenty years after it.",
    ),
    "year-of-volume": ("the volume's year", "The document tells no day; it is looked up for the year of its volume."),
    "signature": ("signature", "The signature under the document has the person's first names or initials."),
    "listed": ("listed", "The register of people says who the person in the volume's list is."),
    "nobody-in-office": ("nobody in office", "The register has no holder of the office on the day."),
    "no-such-name": ("no such name", "Nobody of the name held the office about the day, by the register."),
    "no-date": ("no date", "The document tells no day to look the office up for."),
    "not-in-registers": ("not in the registers", "The registers do not list such offices."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    person: str
    terms: tuple[str, ...] = ()
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`candidates` are in order, the likeliest first; a certain answer has one, an unresolved one none."""

    certainty: Certainty
    rules: tuple[str, ...]
    office: OfficeName | None = None
    candidates: tuple[Candidate, ...] = ()
    evidence: str = ""

    @property
    def person(self) -> str | None:
        return self.candidates[0].person if self.candidates else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a name: `day` is the document's, "1934-03-13", a month or a year.

    `of_volume` says that the document tells no day, and that the year is its volume's.  `states` are those of the
    chapter; `signer` is the name that signs, for senders only; `fuller` is the name as headings and signatures in the
    volume give it in full with the same office; `listed` is that of the volume's list of persons, to which the markup
    points; `acting` are those who sign as acting secretaries there, as (day,
    person).
    """

    day: str | None = None
    of_volume: bool = False
    states: tuple[str, ...] = ()
    signer: str | None = None
    fuller: str | None = None
    listed: str | None = None
    acting: tuple[tuple[str, str], ...] = ()


_NEAR, _APART = 60, 730


def resolve(known: Authorities, role: str | None, name: str | None, context: Context) -> Resolution:
    """Resolve one party by its role ("Ambassador in Japan"), its name ("Grew"), or both."""
    office = offices.read(role, known, context.day[:4] if context.day else None) if role else None
    evidence = "; ".join(filter(None, (f"{role or ''}{f' ({name})' if name else ''}".strip(), context.day)))
    if context.day is None:
        return Resolution(certainty="unresolved", rules=("no-date",), office=office, evidence=evidence)
    certainty, rules, candidates = _resolve(known, office, name, context)
    if context.fuller and {"in-service", "another-office", "elsewhere-and-name", "no-such-name"} & set(rules):
        evidence += f"; {context.fuller} in the volume"
    if context.of_volume:
        certainty, rules = ("probable" if candidates else "unresolved"), (*rules, "year-of-volume")
    if context.signer and any(rule in ("acting-by-signature", "signature", "signed-so") for rule in rules):
        evidence += f"; signed {context.signer}"
    return Resolution(certainty=certainty, rules=rules, office=office, candidates=candidates, evidence=evidence)


_Answer = tuple[Certainty, tuple[str, ...], tuple[Candidate, ...]]


def _resolve(known: Authorities, office: OfficeName | None, name: str | None, context: Context) -> _Answer:
    if office is None:
        return _by_name(known, name, context) if name else _open("not-in-registers")
    if office.acting and office.kind == "principal":
        return _acting(known, name, context)
    if office.offices:
        return _in_office(known, office, name, context)
    if office.open and name:
        return _by_name(known, name, context, chiefs_only=True)
    if name and office.kind in ("other", "consul") and office.state is None:
        return _by_name(known, name, context, another_office=True)
    if office.open and len(context.states) == 1 and f"chief/{context.states[0]}" in known.offices:
        return _holders(known, (f"chief/{context.states[0]}",), context, sure=False)
    return _open("not-in-registers")


def _open(rule: str) -> _Answer:
    return "unresolved", (rule,), ()


def _certain(rule: str, person: str, terms: Iterable[Term], *more: str) -> _Answer:
    candidate = Candidate(person=person, terms=tuple(term.id for term in terms), rule=rule)
    return "certain", (rule, *more), (candidate,)


def _probable(rule: str, found: dict[str, list[Term]]) -> _Answer:
    return "probable", (rule,), tuple(_candidates(rule, found))


def _candidates(rule: str, found: dict[str, list[Term]]) -> Iterable[Candidate]:
    for person, terms in found.items():
        yield Candidate(person=person, terms=tuple(term.id for term in terms), rule=rule)


# ---------------------------------------------------------------------------------------------- an office


def _in_office(known: Authorities, office: OfficeName, name: str | None, context: Context) -> _Answer:
    day = context.day or ""
    if name is None:
        # A chargé without a name is not the chief that the register has for the day.
        if office.interim:
            return _holders(known, office.offices, context, sure=False, interim=True)
        return _holders(known, office.offices, context, sure=not office.acting)
    terms = [term for id in office.offices for term in known.terms_of(id) if term.served]
    same = _people(term for term in terms if bears(known, term.person, name))
    for rule, distance in (("office-and-name", 0), ("office-and-name-near", _NEAR), ("office-and-name-apart", _APART)):
        found = {person: near for person, own in same.items() if (near := _about(own, day, distance, rule))}
        if len(found) == 1:
            person, own = next(iter(found.items()))
            if rule == "office-and-name-apart":
                return _probable(rule, found)
            return _certain(rule, person, own)
        if found:
            return _probable(rule, found)
    like = _people(term for term in terms if _covers(term, day, _NEAR) and _spelt_like(known, term.person, name))
    if len(like) == 1:
        person, own = next(iter(like.items()))
        if context.signer and bears(known, person, context.signer):
            return _certain("office-and-spelling", person, own, "signed-so")
        return _probable("office-and-spelling", like)
    return _elsewhere_in_service(known, office, context.fuller or name, day)


def _elsewhere_in_service(known: Authorities, office: OfficeName, name: str, day: str) -> _Answer:
    """A chargé may be chief of the same mission at another time."""
    terms = [term for id in office.offices for term in known.terms_of(id)]
    found = _people(term for term in terms if bears(known, term.person, name) and _covers(term, day, 3650))
    if office.kind == "chief" and len(found) == 1:
        return _probable("same-mission", found)
    return _in_service(known, name, day, 20 * 365) if office.interim else _open("no-such-name")


def _in_service(known: Authorities, name: str, day: str, years: int) -> _Answer:
    """One person of the name whose offices in the registers lie before and behind the day, or within some years."""
    people = [person for person in known.surnamed(surname(name)) if _initials_fit(person, name)]
    found: dict[str, list[Term]] = {}
    for person in people:
        terms = [term for term in known.terms_by(person.id) if term.served and term.begins]
        days = [_first(term.begins or "") for term in terms]
        ends = [_last(term.ended.date) if term.ended.date else _first(term.begins or "") for term in terms]
        if terms and min(days) - years <= _first(day) <= max(ends) + years // 4:
            found[person.id] = terms
    return _probable("in-service", found) if len(found) == 1 else _open("no-such-name")


def _holders(known: Authorities, ids: Sequence[str], context: Context, *, sure: bool, interim: bool = False) -> _Answer:
    """Who held an office on the day, no name being printed."""
    day = context.day or ""
    terms = [term for id in ids for term in known.terms_of(id) if term.served]
    if interim:
        terms = [term for term in terms if "charge" in term.title]
    found = _people(term for term in terms if _covers(term, day, 0))
    if len(found) == 1 and len(day) == 10:
        person, own = next(iter(found.items()))
        precise = all(
            len(term.begins or "") == 10 and (not term.ended.date or len(term.ended.date) == 10) for term in own
        )
        if sure and precise:
            return _certain("office-holder", person, own)
        return _probable("office-holder", found)
    if found:
        return _probable("office-holders", found)
    if "principal/secretary" in ids:
        terms = list(known.terms_of("principal/secretary-ad-interim"))
        if len(interim_holders := _people(term for term in terms if _covers(term, day, 0))) == 1:
            return _probable("ad-interim", interim_holders)
        return _open("nobody-in-office")
    near = _people(term for term in terms if _covers(term, day, _NEAR, appointed=True))
    return _probable("office-holder-near", near) if len(near) == 1 else _open("nobody-in-office")


_DEPUTIES = ("principal/under-secretary", "principal/counselor", "principal/assistant-secretary")


def _acting(known: Authorities, name: str | None, context: Context) -> _Answer:
    """Who acts as Secretary: the signature tells, or the printed name, or documents about the day."""
    day = context.day or ""
    officers = _officers(known, day)
    for words, rule in ((name, "officer-and-name"), (context.signer, "acting-by-signature")):
        found = _people(term for term in officers if words and bears(known, term.person, words))
        if len(found) == 1:
            return _certain(rule, *next(iter(found.items())))
        if found:
            return _probable(rule, found)
    if name is None:
        near = _nearest(day, context.acting)
        if len(near) == 1:
            (person,) = near
            return _probable("acting-by-neighbour", {person: [term for term in officers if term.person == person]})
        ad_interim = _people(term for term in known.terms_of("principal/secretary-ad-interim") if _covers(term, day, 0))
        if len(ad_interim) == 1:
            return _probable("ad-interim", ad_interim)
        for deputy in _DEPUTIES if not near else ():
            if found := _people(term for term in known.terms_of(deputy) if term.served and _covers(term, day, 0)):
                return _probable("acting-deputy", found)
    return _open("nobody-in-office" if name is None else "no-such-name")


def _nearest(day: str, acting: Iterable[tuple[str, str]]) -> set[str]:
    """Who signs as acting secretary on the day nearest to this one, within a week of it."""
    near = [(_days(day, other), person) for other, person in acting if _days(day, other) <= 7]
    return {person for distance, person in near if distance == min(near)[0]}


# ---------------------------------------------------------------------------------------------- a name alone


@lru_cache(maxsize=1 << 12)
def _officers(known: Authorities, day: str) -> tuple[Term, ...]:
    """Terms of the Department's principal officers on the day."""
    return tuple(
        term
        for term in known.terms.values()
        if term.served and known.offices[term.office].kind == "principal" and _covers(term, day, 0)
    )


def _by_name(
    known: Authorities, name: str, context: Context, *, chiefs_only: bool = False, another_office: bool = False
) -> _Answer:
    """By the name, and who of the name was in office on the day.

    With `another_office` the words name one that the registers do not list: the person may hold both.
    """
    day = context.day or ""
    people = [person for person in known.surnamed(surname(name)) if _initials_fit(person, name)]
    terms = [term for person in people for term in known.terms_by(person.id) if term.served]
    if another_office:
        return _less_surely(known, terms, context.fuller or name, day, another_office=True)
    here = _people(
        term
        for term in terms
        if term.office in {f"chief/{s}" for s in context.states} and _covers(term, day, _NEAR, appointed=True)
    )
    principals = _people(
        term
        for term in terms
        if known.offices[term.office].kind in ("principal", "president") and _covers(term, day, 0)
    )
    if chiefs_only:
        principals = {}
    both = here | principals
    if signed := _signed(known, both, context):
        return signed
    if len(both) == 1:
        rule = "country-and-name" if here else "officer-and-name"
        return _certain(rule, *next(iter(both.items())))
    secretary = {
        person: own for person, own in principals.items() if any(t.office == "principal/secretary" for t in own)
    }
    if len(secretary) == 1 and not here and not given(name):
        return _certain("secretary-and-name", *next(iter(secretary.items())))
    if both:
        return _probable("officer-and-name" if principals else "country-and-name", secretary | both)
    return _less_surely(known, terms, context.fuller or name, day, another_office=False)


def _less_surely(known: Authorities, terms: list[Term], name: str, day: str, *, another_office: bool) -> _Answer:
    """By a name that fits nobody at home or in the country; `name` is the fullest that the volume prints."""
    terms = [term for term in terms if bears(known, term.person, name)]
    if another_office:
        everywhere = _people(term for term in terms if _covers(term, day, 0))
        if len(everywhere) == 1:
            return _probable("another-office", everywhere)
        # A career from consulates to missions began with the reforms of the service.
        return _in_service(known, name, day, 20 * 365 if given(name) or day >= "1915" else 0)
    elsewhere = _people(
        term for term in terms if known.offices[term.office].kind == "chief" and _covers(term, day, _NEAR)
    )
    return _probable("elsewhere-and-name", elsewhere) if elsewhere else _in_service(known, name, day, 0)


def _signed(known: Authorities, found: dict[str, list[Term]], context: Context) -> _Answer | None:
    """Of several, the one whose first names the signature has."""
    if len(found) < 2 or not context.signer:
        return None
    fits = [
        person
        for person in found
        if bears(known, person, context.signer) and given(context.signer) and person in known.persons
    ]
    return _certain("signature", fits[0], found[fits[0]]) if len(fits) == 1 else None


# ---------------------------------------------------------------------------------------------- names


_PARTICLES = (
    r"(?:(?:de|del|della|des|di|dos|das|du|da|la|las|le|les|los|van|von|der|den|ter|zu|st\.?|san|mac|mc|fitz"
    r"|o’|d’)[ ]?)*"
)
# "M." before a name is Monsieur, before or behind another initial one itself.
_HONORIFIC = re.compile(
    r"(?:(?:Mr|Mrs|Miss|Ms|Dr|Sir|Lord|Hon|Rev|Count|Baron|Prince|Señor|Senor|Don|Messrs|Professor)\b\.? (?=\S))+"
    r"|M\b\.? (?=[^\s.]{2})"
)
_SUFFIX = re.compile(r",? (?:Jr|Sr|II|III|IV|Esq)\b\.?.*$|,.*$", re.IGNORECASE)


def _plain(name: str) -> str:
    """The name without honorifics and offices before and degrees behind it; a rank stays (see `_initials_fit`)."""
    words = _SUFFIX.sub("", name).strip(" .,")
    bare = headings.without_office(words)
    words = words if words.removesuffix(bare).strip().casefold() in _RANKS else bare
    return _HONORIFIC.sub("", words, count=1) if _HONORIFIC.match(words) else words


@lru_cache(maxsize=1 << 15)
def surname(name: str) -> str:
    """The last name: "Wm. L. Dayton" gives "Dayton", "De Long" all of it, "Charles E. De Long" its last two words."""
    words = _plain(name)
    found = re.search(rf"(?:^|(?<=[ .])){_PARTICLES}[^ .]+$", words, re.IGNORECASE)
    return found[0] if found else words


def given(name: str) -> list[str]:
    """First names and initials: "W. H." of "W. H. Seward"."""
    words = _plain(name)
    first = words[: len(words) - len(surname(name))]
    return re.findall(r"[A-Za-zÀ-ÿ]+", first)


def first_names(name: str) -> list[str]:
    """First names and initials without ranks and titles: none of "General Herron", "His Excellency A. Kent" has one."""
    return [one for one in given(name) if one.lower() not in _RANKS | _TITLES]


def _initials_fit(person: RegisterPerson, name: str) -> bool:
    """Do the first names that are printed agree with the person's, as far as both go?"""
    printed, own = given(name), re.findall(r"[A-Za-zÀ-ÿ]+", person.forename or "")
    if not printed or not own:
        return True
    if len(printed) == 1 and len(printed[0]) > 3 and not fold(own[0]).startswith(fold(printed[0])[:3]):
        # A title that is no first name ("General Egan"), or a middle name that is used ("Woodrow Wilson").
        return any(fold(one).startswith(fold(printed[0])[:3]) for one in own) or printed[0].lower() in _RANKS
    return fold(printed[0])[:1] == fold(own[0])[:1] or fold(printed[0]) in {fold(one) for one in own}


_RANKS = frozenset(
    (
        "general",
        "colonel",
        "captain",
        "major",
        "admiral",
        "commodore",
        "judge",
        "governor",
        "senator",
        "doctor",
        "president",
    )
)

_TITLES = frozenset(["mr", "his", "her", "excellency", "highness", "honorable", "earl", "duke", "marquis", "viscount"])


def officers_named(known: Authorities, name: str, day: str) -> list[str]:
    """The persons of the name among the Department's principal officers on a day."""
    return sorted({term.person for term in _officers(known, day) if bears(known, term.person, name)})


def bears(known: Authorities, person: str, name: str) -> bool:
    """Is it the person's name, as far as it is printed?"""
    found = known.persons.get(person)
    return found is not None and fold(surname(name)) in _surnames(found) and _initials_fit(found, name)


def _surnames(person: RegisterPerson) -> set[str]:
    """The surname, and the last part of one of several: "Lloyd Griscom" is of the register's "Carpenter Griscom"."""
    whole = fold(person.surname)
    return {whole, fold(surname(person.surname)), *(fold(surname(name)) for name in person.alternative)}


def _spelt_like(known: Authorities, person: str, name: str) -> bool:
    found = known.persons.get(person)
    if found is None:
        return False
    one, other = fold(surname(name)), fold(found.surname)
    longest = max(len(one), len(other))
    return longest >= 5 and _distance(one, other) <= (2 if longest >= 8 else 1)


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance: insertions, deletions and substitutions of letters."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


# ---------------------------------------------------------------------------------------------- days


def _people(terms: Iterable[Term]) -> dict[str, list[Term]]:
    out: dict[str, list[Term]] = {}
    for term in terms:
        out.setdefault(term.person, []).append(term)
    return out


def _about(terms: Iterable[Term], day: str, slack: int, rule: str) -> list[Term]:
    return [term for term in terms if _covers(term, day, slack, appointed=rule != "office-and-name")]


def _covers(term: Term, day: str, slack: int, *, appointed: bool = False) -> bool:
    """Does a term cover the day, its ends moved out by so many days?  Open ends are the register's silence: a term
    without an end lasts until the office's next one, or a few years."""
    begins = term.begins
    if appointed and term.appointed.date and (begins is None or term.appointed.date < begins):
        begins = term.appointed.date
    if begins is None:
        return False
    ends = term.ended.date
    first, last = _first(begins), _last(ends) if ends else _first(begins) + 365 * 4
    if ends is None and begins >= "2020":
        last = Day.max.toordinal() - 4000
    return _first(day) <= last + slack and first - slack <= _last(day)


@lru_cache(maxsize=1 << 14)
def _first(value: str) -> int:
    return Day.fromisoformat((value + "-01-01")[:10] if len(value) < 7 else (value + "-01")[:10]).toordinal()


@lru_cache(maxsize=1 << 14)
def _last(value: str) -> int:
    if len(value) == 4:
        return Day(int(value), 12, 31).toordinal()
    if len(value) == 7:
        return Day.fromisoformat(value + "-01").toordinal() + 30
    return Day.fromisoformat(value[:10]).toordinal()


def _days(one: str, other: str) -> int:
    return abs(_first(one) - _first(other))
