"""The persons of a source's parties, and the offices that they act in, resolved and as statements.

Every named party has a person: of the register, where that is certain, else one that is known by this volume alone,
told apart by name and office.  Both are concluded, so both are inferences; only what the markup points to is
stated.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kg import headings, resolution
from kg.authorities import Authorities, ListedEntry, fold
from kg.document import Anchor, Document, Party, Volume
from kg.inferences import Inference, infer, passage
from kg.iris import Iris
from kg.offices import states_in
from kg.places import Post, posts
from kg.resolution import RULES, Context, Resolution, first_names, given, surname
from kg.statements import Statements, integer, iri, literal
from kg.vocabulary import DGM, XSD

_NAMED = (
    "named-in-volume",
    "named in the volume",
    "Whom a heading or a list of those present names is a person; one name with one office is one person within a "
    "volume.",
)
_IN_FULL = (
    "named-in-full",
    "named in full in the volume",
    "A surname alone is that of the one person whom the volume names in full with it.",
)
# "Mrs. Woodrow Wilson" bears another's name.
_ANOTHERS = re.compile(r"(?:Mrs|Madame|Mme|Lady)\b")


@dataclass(slots=True, kw_only=True)
class LocalPerson:
    """A person known by one volume alone: `key` is unique in it, `days` are those of the documents that name him."""

    key: str
    name: str
    role: str | None
    days: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """What was found of one party: `local` is the volume's own person, if the party is named and none is certain.

    `fuller` is the one whom the volume names in full, if the party has his surname alone; `others` are the rest of
    those whom the party's words name together.
    """

    resolution: Resolution
    local: str | None = None
    listed: ListedEntry | None = None
    fuller: Fuller | None = None
    others: tuple[Agent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuller:
    """A person whom the volume names in full: of the register by `person`, else its own by `local`."""

    name: str
    person: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """The agents of a source: of a document's people in their order, by its identifier; the register's persons who
    sign it, in the order of its signatures, None where none is certain; the states that a document is about, that to
    which its sender is sent before those of its chapter; the volume's own persons; and the posts of its consuls.
    """

    parties: Mapping[str, Sequence[Agent]] = field(default_factory=dict)
    signers: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: Mapping[str, LocalPerson] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()


NOBODY = Agents()


def find_agents(volume: Volume, documents: Sequence[Document], known: Authorities) -> Agents:
    """Resolve the parties of a source's documents.

    Who signs as acting secretary in one document tells who acted when another is received, so there are two passes.
    """
    states = _chapter_states(volume, known)
    acting = tuple(sorted(set(_acting(documents, known))))
    fuller = _fuller(documents)
    parties: dict[str, list[Agent]] = {}
    persons: dict[str, LocalPerson] = {}
    listed = {person.id: _forward(person.name) for person in volume.persons}
    for document in documents:
        around = _states(document, states)
        parties[document.identifier] = [
            _agent(known, document, party, _context(document, party, around, acting, fuller, listed), persons)
            for party in document.people
        ]
    whole = _in_full(documents, parties)
    parties = {
        document.identifier: [
            _linked(party, agent, whole)
            for party, agent in zip(document.people, parties[document.identifier], strict=True)
        ]
        for document in documents
    }
    about = {
        document.identifier: _sent_to(parties[document.identifier], document) or _states(document, states)
        for document in documents
    }
    signers = {document.identifier: _signers(known, document, parties[document.identifier]) for document in documents}
    return Agents(parties=parties, signers=signers, states=about, persons=persons, posts=posts(documents))


def _sent_to(agents: Sequence[Agent], document: Document) -> tuple[str, ...]:
    for party, agent in zip(document.people, agents, strict=True):
        office = agent.resolution.office
        if party.direction == "from" and office and office.kind == "chief" and office.state:
            return (office.state,)
    return ()


_SIGNER = (
    "signer",
    "The name that signs is that of the sender, or of one of the Department's principal officers on the day.",
)


def _signers(known: Authorities, document: Document, agents: Sequence[Agent]) -> list[str | None]:
    """Who signs: a sender of the name who is certain, else the one officer of the Department who bears it that day."""
    senders = [
        agent.resolution.person
        for party, agent in zip(document.people, agents, strict=True)
        if party.direction == "from" and agent.resolution.certainty == "certain"
    ]
    out: list[str | None] = []
    day = day_of(document)
    for signature in document.signatures:
        name = signature.name or ""
        own = [one for one in senders if one and name and resolution.bears(known, one, name)]
        if not own and signature.behalf and "Secretary" in signature.behalf and day and name:
            own = resolution.officers_named(known, name, day)
        out.append(own[0] if len(own) == 1 else None)
    return out


def _agent(
    known: Authorities, document: Document, party: Party, context: Context, persons: dict[str, LocalPerson]
) -> Agent:
    if names := headings.several(party.name or "", party.role):
        one, *others = (
            _agent(known, document, replace(party, name=name, role=None), context, persons) for name in names
        )
        return replace(one, others=tuple(others))
    if party.name and not party.role and headings.names_office(party.name):  # a tag that calls an office a person
        party = replace(party, name=None, role=party.printed if party.name in party.printed else party.name)
    name = None if _ANOTHERS.match(party.printed) else context.listed or party.name
    found = resolution.resolve(known, party.role, name, context)
    if party.direction == "participant" and name and not given(name) and not _is_head(known, found):
        found = replace(found, certainty="probable")  # another of the name may have been there
    listed = _listed(known, document.volume, party)
    body = found.office is not None and found.office.kind == "body"
    if not party.name or party.person or body or found.certainty == "certain":
        return Agent(resolution=found, listed=listed)
    key = person_key(party)
    person = persons.setdefault(key, LocalPerson(key=key, name=party.name, role=party.role))
    if context.day and len(context.day) == 10:
        person.days.add(context.day)
    return Agent(resolution=found, local=key, listed=listed)


def _is_head(known: Authorities, found: Resolution) -> bool:
    """Is it the Secretary or the President, or one found by more than his surname and some office on the day?"""
    offices = (known.offices[known.terms[term].office] for one in found.candidates for term in one.terms)
    head = any(office.kind == "president" or office.id == "principal/secretary" for office in offices)
    return head or found.certainty != "certain" or "officer-and-name" not in found.rules


def _forward(name: str) -> str:
    """A name of a list as headings print it: "Stone, Ada B." is Ada B. Stone."""
    last, _, first = name.partition(", ")
    return f"{first} {last}".strip()


def _listed(known: Authorities, volume: str, party: Party) -> ListedEntry | None:
    owner, _, pointer = (party.person or "").rpartition("#")
    entry = known.listed(owner or volume, pointer) if pointer else None
    return entry if entry and entry.officer in known.persons else None


def person_key(party: Party) -> str:
    """Name and office, as a segment of an IRI; never like an id of TEI's lists ("p_GJC1")."""
    words = unicodedata.normalize("NFKD", f"{party.name} {party.role or ''}".casefold().replace("’", ""))
    plain = "".join(letter for letter in words if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+", "-", plain).strip("-_")


# ---------------------------------------------------------------------------------------------- context


def day_of(document: Document) -> str | None:
    """The day to look offices up for: of sending, else holding, else receiving; none that is doubtful."""
    for event in (document.sent, document.held, document.received):
        date = event.date if event else None
        if date and date.earliest and not date.doubt and not date.edtf.startswith("XXXX"):
            return re.split(r"[T/]", date.edtf)[0]
    return re.split(r"[T/]", document.dated.edtf)[0] if document.dated and document.dated.earliest else None


def _context(
    document: Document,
    party: Party,
    states: tuple[str, ...],
    acting: tuple[tuple[str, str], ...] = (),
    fuller: Mapping[tuple[str, str | None], str] | None = None,
    listed: Mapping[str, str] | None = None,
) -> Context:
    entry = (listed or {}).get(party.person or "", "")
    signer = _signer(document, party)
    own = signer and party.name and given(signer) and fold(surname(signer)) == fold(surname(party.name))
    elsewhere = (fuller or {}).get((fold(surname(party.name)), party.role)) if party.name else None
    day, year = day_of(document), re.search(r"1[789]\d\d|20\d\d", document.volume)
    return Context(
        day=day or (year[0] if year else None),
        of_volume=day is None,
        states=states,
        signer=signer,
        fuller=signer if own else elsewhere,
        listed=entry if entry and fold(surname(entry)) == fold(surname(party.name or "")) else None,
        acting=acting,
    )


def _signer(document: Document, party: Party) -> str | None:
    """The one name that signs for the sender; a signature "for the Secretary" is another's."""
    if party.direction != "from":
        return None
    names = [one for one in document.signatures if one.name]
    return names[0].name if len(names) == 1 and not names[0].behalf else None


def _fuller(documents: Iterable[Document]) -> dict[tuple[str, str | None], str]:
    """The names that headings and signatures give in full to those whom others name by surname and office, where all
    agree."""
    names: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for document in documents:
        for party in document.people:
            signer = _signer(document, party)
            same = signer and party.name and fold(surname(signer)) == fold(surname(party.name))
            if signer and same and given(signer) and not given(party.name or ""):
                names[fold(surname(signer)), party.role].add(signer)
            if party.name and given(party.name) == first_names(party.name) != [] and not _ANOTHERS.match(party.printed):
                names[fold(surname(party.name)), party.role].add(party.name)
    agreed = {key: own for key, own in names.items() if _are_one(own)}
    return {key: max(own, key=lambda name: (len(name), name)) for key, own in agreed.items()}


def _in_full(documents: Iterable[Document], parties: Mapping[str, Sequence[Agent]]) -> dict[str, Fuller]:
    """By surname, folded, the one person whom headings and lists of a volume name in full, where all first names that
    they and signatures give agree."""
    names: dict[str, set[str]] = defaultdict(set)
    meant: dict[str, Counter[Fuller]] = defaultdict(Counter)
    for document in documents:
        for signature in document.signatures:
            names[fold(surname(signature.name or ""))].add(signature.name or "")
        for party, agent in zip(document.people, parties[document.identifier], strict=True):
            if party.name and first_names(party.name) and not agent.others and not _ANOTHERS.match(party.printed):
                key = fold(surname(party.name))
                names[key].add(party.name)
                sure = agent.resolution.person if agent.resolution.certainty == "certain" else None
                if sure or agent.local:
                    meant[key][Fuller(name=party.name, person=sure, local=None if sure else agent.local)] += 1
    one = {key: own for key, own in meant.items() if _are_one(names[key]) and len(_of_register(own)) < 2}
    return {
        key: max(own, key=lambda it: (it.person is not None, own[it], len(it.name), it.name))
        for key, own in one.items()
    }


def _of_register(found: Iterable[Fuller]) -> set[str]:
    return {one.person for one in found if one.person}


def _are_one(names: Iterable[str]) -> bool:
    """May all these names of one surname be one person's, by their first names?"""
    first = {fold(own[0]) for name in names if (own := first_names(name))}
    return len({one[:1] for one in first}) == 1 and len({one[:3] for one in first if len(one) > 2}) < 2


def _linked(party: Party, agent: Agent, whole: Mapping[str, Fuller]) -> Agent:
    """The agent with him whom the volume names in full, if the party has his surname alone."""
    if not party.name or party.role or not agent.local or first_names(party.name) or _ANOTHERS.match(party.printed):
        return agent
    found = whole.get(fold(surname(party.name)))
    known = (
        found is None or found.local == agent.local or found.person in {c.person for c in agent.resolution.candidates}
    )
    return agent if known else replace(agent, fuller=found)


def _chapter_states(volume: Volume, known: Authorities) -> dict[str, tuple[str, ...]]:
    """Of each division the states that its heading names, else those of the one that it stands in."""
    year = _year(volume)
    whole = states_in(volume.subtitle or "", known, year)
    out: dict[str, tuple[str, ...]] = {"": whole}
    for division in volume.divisions:
        own = states_in(division.heading or "", known, year)
        out[division.id] = own or out.get(division.parent or "", whole)
    return out


def _year(volume: Volume) -> str | None:
    found = re.search(r"1[789]\d\d|20\d\d", volume.id)
    return found[0] if found else None


def _states(document: Document, chapters: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return chapters.get(document.division or "", chapters[""])


def _acting(documents: Iterable[Document], known: Authorities) -> Iterable[tuple[str, str]]:
    for document in documents:
        day = day_of(document)
        for party in document.parties:
            if party.direction == "from" and party.role and party.role.startswith("Acting Secretary") and day:
                found = resolution.resolve(known, party.role, party.name, _context(document, party, ()))
                if found.certainty == "certain" and found.person:
                    yield day, found.person


# ---------------------------------------------------------------------------------------------- statements


def person_statements(
    out: Statements,
    iris: Iris,
    volume: str,
    agents: Agents,
    called: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> None:
    """The persons that are known by the volume alone, with the days on which this source of it has them.

    Texts of one volume name the same persons, and all call one by the same name and office, that of `called`, whatever
    capitals and points each has ("GRANVILLE"): what they say is shared.
    """
    for person in agents.persons.values():
        subject = iris.person(volume, person.key)
        name, role = called.get(person.key, (person.name, person.role or ""))
        out.shared.describe(subject, DGM.Person, f"{name}, {role}" if role else name)
        out.shared.text(subject, DGM.name, name)
        out.shared.text(subject, DGM.role, role or None)
        if person.days:
            out.add(subject, DGM.earliest, literal(min(person.days), XSD.date))
            out.add(subject, DGM.latest, literal(max(person.days), XSD.date))


def agent_statements(out: Statements, iris: Iris, document: Document, agents: Agents) -> None:
    """What is concluded of the document's parties and its signers."""
    numbers: dict[str, int] = defaultdict(int)
    for party, agent in zip(document.people, agents.parties.get(document.identifier, ()), strict=False):
        numbers[party.direction] += 1
        subject = iris.party(document.volume, document.id, party.direction, numbers[party.direction])
        where = _where(out, iris, document, party)
        _Concluding(out, iris, document, subject, where).party(party, agent)
        for other, one in enumerate(agent.others, 2):
            _Concluding(out, iris, document, subject, where, f"{other}-").party(party, one)
    for order, person in enumerate(agents.signers.get(document.identifier, ()), 1):
        if person:
            subject = iris.signature(document.volume, document.id, order)
            signature = document.signatures[order - 1]
            shown = passage(out, iris, document, signature.anchor) if signature.anchor else None
            _Concluding(out, iris, document, subject, shown).signer(person, signature.name or "")


def _where(out: Statements, iris: Iris, document: Document, party: Party) -> str | None:
    """The passage of the heading, or else of the list of those present or addressed, that names the party."""
    title = document.title or ""
    # Those present are named in the heading if all of them are, else in a list.
    listed = party.direction == "participant" and any(one.printed not in title for one in document.participants)
    for part, words in (("title", "" if listed else title), ("text", document.text)):
        start = words.find(party.printed)
        if start >= 0 and not party.inferred:
            return passage(out, iris, document, Anchor(part=part, start=start, end=start + len(party.printed)))
    return None


@dataclass(slots=True)
class _Concluding:
    """The inferences on one party; `which` tells those on several persons of it apart."""

    out: Statements
    iris: Iris
    document: Document
    subject: str
    where: str | None
    which: str = ""

    def party(self, party: Party, agent: Agent) -> None:
        found = agent.resolution
        if agent.listed and agent.listed.officer:
            self._person(agent.listed.officer, "certain", ("listed",), f"{party.person}", 1)
        elif not party.person or found.certainty == "certain":
            ranked = len(found.candidates) > 1
            for rank, candidate in enumerate(found.candidates, 1):
                number = rank if ranked else None
                self._person(candidate.person, found.certainty, found.rules, found.evidence, rank, number)
        if agent.local:
            person = self.iris.person(self.document.volume, agent.local)
            self._infer("named", DGM.person, person, "certain", (_NAMED,), party.printed)
        if agent.fuller:
            self._in_full(party, agent.fuller)
        if found.office:
            for number, office in enumerate(found.office.offices[:1] if len(found.office.offices) == 1 else (), 1):
                rule = ("office-words", "words of an office", "The words name one office of the registers.")
                words = party.role or party.printed
                self._infer(f"office-{number}", DGM.office, self.iris.office(office), "certain", (rule,), words)

    def _in_full(self, party: Party, fuller: Fuller) -> None:
        register, own = self.iris.register_person, self.iris.person
        person = register(fuller.person) if fuller.person else own(self.document.volume, fuller.local or "")
        self._infer(
            "fuller", DGM.person, person, "probable", (_IN_FULL,), f"{party.printed}; {fuller.name} in the volume"
        )

    def signer(self, person: str, name: str) -> None:
        target = self.iris.register_person(person)
        rule = ("person-signer", *_SIGNER)
        self._infer("signer", DGM.person, target, "certain", (rule,), name)

    def _person(
        self, person: str, certainty: str, rules: Iterable[str], evidence: str, number: int, rank: int | None = None
    ) -> None:
        explained = tuple((f"person-{rule}", *RULES[rule]) for rule in rules)
        target = self.iris.register_person(person)
        node = self._infer(f"person-{number}", DGM.person, target, certainty, explained, evidence)
        if rank:
            self.out.add(node, DGM.rank, integer(rank))

    def _infer(
        self,
        key: str,
        predicate: str,
        target: str,
        certainty: str,
        rules: tuple[tuple[str, str, str], ...],
        evidence: str,
    ) -> str:
        kind, keys = self.iris.parse(self.subject) or ("", ())
        side = keys[-1] if kind == "party" else f"{kind}-{keys[-1]}"
        node = self.iris.inference(self.document.volume, self.document.id, f"{side}-{self.which}{key}")
        term = predicate.removeprefix(DGM.iri)
        infer(
            self.out,
            self.iris,
            Inference(
                iri=node,
                label=f"{self.document.identifier}, {side}: {term} {target.rpartition('/id/')[2]}",
                subject=self.subject,
                predicate=predicate,
                value=iri(target),
                certainty=certainty,
                rules=rules,
                evidence=evidence,
                passage=self.where,
            ),
        )
        return node
