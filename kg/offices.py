"""The grammar of offices: the words of a role, to the office that they name.  Pure.

    role := [quality] title [("in" | "to" | "at" | "near") state]    "Ambassador in Japan", "Acting Consul at Geneva"
          | adjective title ["for" matter]                           "Japanese Ambassador", "British Chargé"
          | title "of" state                                         "President of Cuba"
          | officer of the Department                                "Under Secretary of State"
          | body                                                     "Department of State", "British Embassy"

States bear the names of their time ("Persia", "Siamese"), as `kg.authorities` knows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.authorities import HOME, Authorities, fold
from kg.prose import collapsed

# What an office is of: an American one that the registers list, one of another state, a body, or another.
Kind = Literal["president", "principal", "chief", "consul", "foreign", "body", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeName:
    """What a role says.

    `offices` are those of the registers that it can mean (several if the words fit several, such as the assistant
    secretaries).  `state` is the state that a chief of mission is sent to, or whose office a foreign one is.
    `acting` says that somebody acts in the office, `interim` that he is in charge of a mission for the time being.
    `open` says that the words name a chief of mission and leave the state to the context ("the Minister").
    """

    kind: Kind
    words: str
    offices: tuple[str, ...] = ()
    state: str | None = None
    acting: bool = False
    interim: bool = False
    open: bool = False


_CHIEF = (
    r"(?:Ambassador(?:[ -]at[ -]Large)?(?: Extraordinary(?: and Plenipotentiary)?)?"
    r"|(?:Envoy Extraordinary and )?Minister(?:[ -](?:Resident|Plenipotentiary))?(?:(?:,| and) Consul[ -]General)?"
    r"|Charg[ée](?: d[’']affaires)?(?: ad interim)?|Diplomatic (?:Agent|Representative)(?: and Consul[ -]General)?"
    r"|Agent and Consul[ -]General|Commissioner|Chief of Mission|Representative)"
)
_QUALITY = r"(?:(?:Appointed|Newly Appointed|Designated|Temporary|Former|Retiring|Acting) )?"
_HOME = r"(?:(?:American|United States|U\. ?S\.) )?"
_SENT = re.compile(
    rf"{_QUALITY}{_HOME}(?P<title>{_CHIEF})(?: of the United States(?: of America)?)?"
    r",? (?:in|to|at|near|for) (?:the )?(?P<where>[^,;()]+)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    rf"{_QUALITY}(?P<home>(?:American|United States|U\. ?S\.) )?(?P<title>{_CHIEF})"
    r"(?P<of> of the United States(?: of America)?)?(?:,? (?:at|in) (?P<where>[^,;()]+))?[ ,.]*$",
    re.IGNORECASE,
)
_CONSUL = re.compile(
    rf"(?:(?:Acting|Vice|Deputy|Honorary) ?-?)*{_HOME}(?:(?:Vice|Deputy)[ -])?(?:Consul|Vice[ -]Consul|Consular Agent)"
    r"(?:[ -]General)?\b",
    re.IGNORECASE,
)
_POST = re.compile(
    rf"{_CONSUL.pattern}(?: of the United States(?: of America)?)? at (?P<where>[^,;()]+)", re.IGNORECASE
)
_BODY = re.compile(
    r"\b(?:Department|Embassy|Legation|Consulate|Commission|Committee|Government|Ministry|Foreign Office|Delegation"
    r"|Mission|Council|Board|Secretariat|Company|Bank|Conference|Advisers|Commissioners|Ministers|Ambassadors|Consuls"
    r"|Officers|Missions|Representatives|Governments|Delegations|Arbitrators|Secretaries)\b"
    r"(?! (?:of|for) the Department)"
)
_HEADED = re.compile(
    r"^(?:The )?(?:\w+ )*?(?:Chairman|Chief|Secretary|Secretary General|Counsel\w*|Adviser|Member|Director|Delegate"
    r"|Head|Clerk|Attaché|Representative|President|Vice President|Assistant|Solicitor|Legal Adviser|Economic Adviser"
    r"|Commercial Adviser|Minister)\b.* (?:of|in|to|on|for) ",
    re.IGNORECASE,
)
_PRINCIPALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"Secretary of State ad interim", ("principal/secretary-ad-interim", "principal/secretary")),
    (
        r"(?:(?:American|United States) )?Secretary of State(?: of the United States(?: of America)?)?",
        ("principal/secretary",),
    ),
    (r"Under[ -]?Secretary(?: of State)?", ("principal/under-secretary",)),
    (r"Second Assistant Secretary(?: of State)?", ("principal/second-assistant-secretary",)),
    (r"Third Assistant Secretary(?: of State)?", ("principal/third-assistant-secretary",)),
    (r"Counsell?or (?:for|of) the (?:Department(?: of State)?|State Department)", ("principal/counselor",)),
    (r"Legal Adviser(?: of the Department(?: of State)?)?", ("principal/legal-adviser",)),
    (r"Chief Clerk(?: of the Department(?: of State)?)?", ("principal/chief-clerk",)),
)
_PRESIDENT = re.compile(r"President(?: of the United States(?: of America)?)?$", re.IGNORECASE)


@cache
def _titles(known: Authorities) -> dict[str, tuple[str, ...]]:
    """Offices of the Department by their own names, with and without "of State"."""
    out: dict[str, set[str]] = {}
    for office in known.offices.values():
        if office.kind in ("principal", "organization"):
            for label in (office.label, office.label.replace(" of State", "", 1)):
                out.setdefault(fold(label), set()).add(office.id)
    assistants = {id for id in known.offices if re.fullmatch(r"principal/assistant-secretary\d?", id)}
    out[fold("Assistant Secretary of State")] = out[fold("Assistant Secretary")] = {
        *assistants,
        *(id for id in known.offices if id.startswith("principal/assistant-secretary-")),
    }
    return {label: tuple(sorted(ids)) for label, ids in out.items()}


def read(role: str, known: Authorities, year: str | None = None) -> OfficeName:
    """What a role names; `year` chooses between states that bore one name."""
    words = re.sub(r"^(?:the|an?) ", "", collapsed(role), flags=re.IGNORECASE).strip(" ,.")
    acting = bool(re.match(r"Acting ", words, re.IGNORECASE))
    bare = re.sub(r"^(?:Acting|Former) ", "", words, flags=re.IGNORECASE)
    if re.match(r"Former ", words, re.IGNORECASE):
        return OfficeName(kind="other", words=words)
    if _PRESIDENT.match(bare):
        return OfficeName(kind="president", words=words, offices=("president",), acting=acting)
    if offices := _principals(bare, known):
        return OfficeName(kind="principal", words=words, offices=offices, acting=acting)
    if _CONSUL.match(words):
        return OfficeName(kind="consul", words=words, acting=acting)
    return _chief(words, known, year, acting) or _foreign(words, known, year) or _rest(words)


def post(role: str) -> str | None:
    """The place at which a consul of the United States has his post, of "Acting Consul at Geneva"; None of another."""
    found = _POST.match(re.sub(r"^(?:the|an?) ", "", collapsed(role), flags=re.IGNORECASE))
    return found["where"].strip() if found else None


def _principals(words: str, known: Authorities) -> tuple[str, ...]:
    for form, offices in _PRINCIPALS:
        if re.fullmatch(form, words, re.IGNORECASE):
            return offices
    return _titles(known).get(fold(words), ())


def _chief(words: str, known: Authorities, year: str | None, acting: bool) -> OfficeName | None:
    interim = bool(re.search(r"\bCharg", words))
    if sent := _SENT.match(words):
        where = re.sub(r" \(.*| (?:and|with) .*$", "", sent["where"]).strip()
        states = known.states_named(where, year)
        offices = tuple(f"chief/{state.id}" for state in states if f"chief/{state.id}" in known.offices)
        if len(offices) > 1 and year:  # two states of one name: the one to which somebody was sent about the year
            offices = tuple(office for office in offices if _was(known, office, int(year))) or offices
        if len(offices) == 1:
            state = offices[0].partition("/")[2]
            return OfficeName(kind="chief", words=words, offices=offices, state=state, acting=acting, interim=interim)
    if (found := _OPEN.match(words)) and (found["home"] or found["of"] or not found["where"]):
        return OfficeName(kind="chief", words=words, acting=acting, interim=interim, open=True)
    return None


def _was(known: Authorities, office: str, year: int) -> bool:
    years = [int(date[:4]) for term in known.terms_of(office) for date in (term.begins, term.ended.date) if date]
    return bool(years) and min(years) - 1 <= year <= max(years) + 1


_ADJECTIVES = re.compile(r"(?P<one>[A-ZÀ-Þ][\w’.-]+)(?P<two> (?:and )?[A-ZÀ-Þ][\w’-]+)?(?P<three> [A-ZÀ-Þ][\w’-]+)?")
_OF_STATE = re.compile(
    r"(?P<title>.+?) of (?:the )?(?:(?:Republic|Kingdom|Empire|Government) of )?(?P<where>[^,;()]+)$"
)
_FOREIGN_TITLE = re.compile(
    r"\b(?:Ambassador|Minister|Charg[ée]|Envoy|Secretary|President|Premier|Chancellor|King|Queen|Emperor|Sultan|Consul"
    r"|Counsell?or|Adviser|Delegate|Representative|Commissioner|Attaché|General|Governor|Agent|Chief|Director|Nuncio"
    r"|Delegation|Embassy|Legation|Consulate|Government|Foreign Office|Ministry|Mission|Chairman)\b",
    re.IGNORECASE,
)


def _foreign(words: str, known: Authorities, year: str | None) -> OfficeName | None:
    """An office, or a body, of another state: an adjective before it or the state behind it."""
    state = None
    if led := _ADJECTIVES.match(words):
        for end in ("three", "two", "one"):
            if led[end]:
                states = known.states_named(words[: led.end(end)], year)
                if len(states) == 1 and _FOREIGN_TITLE.search(words[led.end(end) :]):
                    state = states[0].id
                    break
    if state is None and (behind := _OF_STATE.match(words)) and _FOREIGN_TITLE.search(behind["title"]):
        states = known.states_named(behind["where"], year)
        state = states[0].id if len(states) == 1 else None
    if state is None or state == HOME:
        return None
    body = bool(_BODY.search(words)) and not _HEADED.match(words)
    return OfficeName(kind="body" if body else "foreign", words=words, state=state, interim="Charg" in words)


def _rest(words: str) -> OfficeName:
    if _BODY.search(words) and not _HEADED.match(words):
        return OfficeName(kind="body", words=words)
    if re.match(r"(?:Minister|Secretary)(?: of State)? (?:of|for) Foreign Affairs", words, re.IGNORECASE):
        return OfficeName(kind="foreign", words=words)
    return OfficeName(kind="other", words=words)


def states_in(heading: str, known: Authorities, year: str | None = None) -> tuple[str, ...]:
    """The states that a chapter's heading names, in order: "Great Britain", "Correspondence with Spain"."""
    words = re.findall(r"[\w’.-]+", heading)
    out: list[str] = []
    at = 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            name = " ".join(words[at : at + length]).strip(".")
            states = known.states_named(name, year) if name[:1].isupper() and at + length <= len(words) else ()
            if states:
                out += [state.id for state in states if state.id != HOME]
                at += length - 1
                break
        at += 1
    return tuple(dict.fromkeys(out))
