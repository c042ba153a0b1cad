"""The grammar of headings: "The Ambassador in Japan (Grew) to the Secretary of State" gives two parties.  Pure.

    heading  := [number] body [tail]
    body     := party " to " party                      letters, telegrams
              | kind " From " party [" to " party]      "Telegram From the Embassy in X to …" (1950s on)
              | kind " by " party [" to " party]        "Memorandum by the Secretary of State"
    party    := person {", " person}
    person   := ["the"] role " (" name {", " name} ")" [", temporarily at " place]
              | honorific name [", " role] | title name | ["the"] role

Anything else ("Minutes of …", "[Untitled]", treaties) is a title without parties.  The hard part is " to ":
offices have it inside ("The Commission to Negotiate Peace", "The Secretary to the President (Sanders)").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg import dates
from kg.document import Direction, Event, Kind, Party
from kg.prose import collapsed

_NUMBER = re.compile(
    r"(?:\[[\d, .]+\]\s*\*?\s*)?"  # "[470] *": a page of the original
    r"(?:[A-Z]\.\s+(?=(?:Mr|The)\b))?"  # "A.": an enclosure
    r"(?:No\.?\s*(?P<no>\d+[½¼]?)\s*[.,\]]*\s*[—–-]*\s*|(?P<serial>\d{1,4})\.\s+(?=\S))?\*?\s*"
    r"(?:(?=[a-z])(?:[\w’]+ ){2,15}[\w’]+\.\s+(?=[A-Z]))?"  # "case of the rappahannock.": a section's title
)
_TAIL = re.compile(
    # Not within a run of spaces: every one of them would be a beginning.
    r"(?<!\s)\s*(?:[—–-]+\s*Rec(?:eived|’d|d)\b.*|[(\[](?:Extracts?|Translation|Received|Communicated)\b[^)\]]*[)\]]"
    r"|,? on the subject of\b.*|,? relative to\b.*|,? (?:at|on) [A-Z][a-z]+ \d+, \d{4}.*"
    r"|,? (?:Circa |dated )?[A-Z][a-z]+ \d{1,2}, \d{4}\b.*|, undated)?[.\s]*$",
    re.IGNORECASE,
)
# ", Washington, June 8, 1973, 3 p.m.": where and when a paper was written, at the end of some later headings.
_WRITTEN = re.compile(
    r",(?P<place> (?!(?:Minister|Secretary|Ambassador|President|Consul|Governor|General|Jr|Sr)\b)"
    r"[A-Z][\w’.]+(?: [A-Z][\w’.]+){0,2},)?(?P<date> [A-Z][a-z]+ \d{1,2}, \d{4}(?:, (?:\d[^,()]*|noon|midnight))?)$"
)

# Honorifics are no part of a name ("Mr. Seward": Seward).  "M." is left: it may as well be an initial.
_HONORIFIC = (
    r"(?:Mr|Mrs|Mt|Miss|Ms|Messrs|Dr|Doctor|Prof|Professor|Sir|Lord|Lady|Earl|Count|Countess|Viscount|Marquis"
    r"|Marquess|Baron|Baroness|Chevalier|Don|Dom|Señor|Senor|Señora|Senhor|Signor|Herr|Madame|Mme|Monsieur"
    r"|Monsignor|Mgr|Hon|Rev|Reverend|Prince|Princess)"
)
_RANK = (
    r"(?:(?:Brig|Brigadier|Maj|Major|Lieut|Lieutenant|Lt|Vice|Rear)[. -]+)?"
    r"(?:General of the Army|Fleet Admiral"
    r"|Gen|General(?! Secretary)|Col|Colonel|Capt|Captain|Maj|Major|Lieut|Lieutenant|Lt|Commander|Commodore|Admiral"
    r"|Commandant|Marshal|Field Marshal|Ensign|Sergeant|Brigadier)"
)
# Offices that stand before a name like a title ("President Wilson": name Wilson, role President).
_OFFICE = (
    r"(?:[A-Z][a-z]+(?:an|ese|ish|ch|et) )?"  # "Soviet General Secretary Stone"
    r"(?:(?:Acting|Under|Vice|Deputy|Assistant|Associate|Former|Prime|Foreign|General|Party) )*"
    r"(?:Secretary of (?:the )?[A-Z]\w+|Director of Central Intelligence|Secretary General|Attorney General"
    r"|(?:Consul|Postmaster|Solicitor|Surgeon) General"
    r"|President|Secretary|Under Secretary|Senator|Representative|Congressman|Governor|Justice|Judge|Consul|King"
    r"|Queen|Emperor|Premier|Minister|Chancellor|Chairman|Ambassador|Pope|Speaker|Director|Commissioner|Counselor"
    r"|Commissar|Crown Prince|Shah|Chargé)"
)
_NOBLE = r"(?:Duke|Duchess|Prince|Princess|Count|Countess|Marquis|Marquess|Earl|Viscount|Baron|Chevalier)"
# "the Duke de Gramont", "Earl of Example": the title is part of the name.
_NOBLE_OF = re.compile(rf"(?:the (?={_NOBLE} (?:of|de|d’|du|von)\b)|(?={_NOBLE} of\b))(?P<name>.+)", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:Co\.|Company|Incorporated|Inc\.|Corporation|Bros\.|Brothers|Ltd\.|Limited|Bank)(?=\W|$)")
_TITLED = re.compile(rf"(?P<title>(?:(?:{_HONORIFIC}\b\.{{0,2}}|{_RANK}\b\.?)[ ,]*)+)(?P<name>(?!of\b|de la\b)\S.*)$")
_OFFICER = re.compile(
    rf"(?P<title>{_OFFICE})\s+"
    rf"(?P<name>(?:{_HONORIFIC}\. )?(?:(?:de|von|van) )?[A-Z][\w’'.-]*(?: (?:de |von |van )?[A-Z][\w’'.-]*)*)"
    r"(?:,? of (?:the )?(?P<of>.+))?$"
)
# Whose office is at the seat of government, and who is on a journey elsewhere: "Secretary of State Stone in Almar".
_TRAVELLER = re.compile(
    r"(?P<who>(?:Acting |Under |Vice )?(?:Secretary(?: of [A-Z]\w+)?|President) [A-Z][\w’-]+)"
    r" (?:in|at) (?P<place>[A-Z][\w’-]+(?: [A-Z][\w’-]+)*)$"
)
# "Helmut Sonnenfeldt of the National Security Council Staff", and not "Acting Secretary of State".
_FULL_NAME = r"[A-Z][\w’-]+(?: [A-Z][\w’.-]*)* [A-Z][\w’-]+"
_STAFF = re.compile(rf"(?P<name>{_FULL_NAME}(?:, {_FULL_NAME})*(?:,? and {_FULL_NAME})?),? of (?P<of>.+)$")
# What a declassified paper prints where a name is held back: "[name not declassified]".
_WITHHELD = re.compile(r"\[[^\[\]]*\bnot (?:declassified|released)[^\[\]]*\]")
_POST = re.compile(
    r"\b(?:Secretary|Minister|Consul|General|Chief|Director|Ambassador|Charg[ée]|Commander|President|Chair\w+"
    r"|Governor|Board|Departments?|Embassy|Coun\w+|Advis[eo]r|Officers?|Deputy|Assistant|Acting|Representatives?"
    r"|Staff|Bureau|Agency|Division|Governments?|Ministry|Ministers|Delegat\w+|Consulate|Legation|Court|Bank|Union"
    r"|Society|Committee|Commission\w*|Group|Station|Joint|Chamber|League|Association|King|Queen|Emperor|Office"
    r"|University|Citizens|Interpreter|Translator|Note-?taker|Commissar|Premier|Chancellor|Senator|Shah)\b"
)
_BODY = re.compile(
    r"\b(?:of|in|at|for|Embassy|Legation|Department|Office|Governments?|Ministry|Ministers?|Secretary|Secretariat"
    r"|Consuls?|Board|Committee|Commission|Council|Mission|Missions|Posts|Officers?|Representatives?|Delegation|Headquarters)\b"
)
# Where a party is for the time being: "The Minister in Sylvania (Stone), Temporarily at Border".
_AWAY = re.compile(r",? \(?(?:now |then )?temporarily (?:at|in) (?:the )?(?P<place>[^,()]+?)\)?,?$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*\((?P<inside>[^()]*)\)")

# What one does at a meeting, behind name and office: "(notetaker)".
_FUNCTION = re.compile(r" \([a-z][^()]*\)$")
# The offices of a Department as its own papers abbreviate them: "EUR", "S/S", "NEA/IAI".
_BUREAU = re.compile(r"(?:[A-Z]{1,5}(?:/[A-Z]{1,6})+|ACDA|AF|AID|ARA|EA|EUR|FE|IAF|INR|IO|NEA|OES|PM|SAA|USIA)$")
# A name with the initial of a middle name, which nothing but a name has, and one behind the word for whom it speaks:
# "Chairman—Henry Stone".
_INITIALED = re.compile(r"[A-Z][\w’-]+ (?:[A-Z]\. )+[A-Z][\w’-]+(?:, (?:Jr|Sr)\.?| I{2,3})?$")
_SPEAKS_FOR = re.compile(
    r"(?P<label>[A-Z][\w&’]*(?: [A-Z][\w&’]*){0,3})\s?—\s?(?P<who>[A-Z][^—,]{2,60}(?:, [JS]r\.?)?)$"
)
_DEPARTMENT = re.compile(r"[A-Z]{2,6}$|(?:State|Defense|Treasury|Justice|Interior|Agriculture|Commerce|Labor)$")
_HONORABLE = re.compile(r"^(?:the )?Hon(?:orable|\.) (?:Mr\. )?", re.IGNORECASE)

# Words of an office that go on with "to": "The Delegate to …".  The general ones also without one ("The Chinese
# Minister to the Secretary of State"), so they count only when they stand alone behind the article.
_GOES_ON = re.compile(
    r"\b(?:Delegates?|Delegations?|Representatives?|Advis[eo]rs?|Counsell?ors?|Observers?|Aides?|Assistants?"
    r"|Deput(?:y|ies)|Executive Secretar(?:y|ies)|Liaison|Envoys?|Commissioners?|Attach[ée]s?|Consultants?|Mission)$"
    r"|^(?:the )?(?:Acting )?(?:Minister|Ambassador|Secretary|Legation|Embassy|Commission|Secretariat)$",
    re.IGNORECASE,
)
# After these an inner "to" is certain: the words that follow are no party.
# "President Wilson’s Reply to the Norwegian Minister" is from President Wilson.
_POSSESSED = re.compile(
    r"’s (?:\w+ )?(?:Reply|Answer|Address|Remarks|Speech|Letter|Note|Message|Telegram)(?= to\b)", re.IGNORECASE
)
_INNER = re.compile(
    r"to (?:Negotiate|Examine|Investigate|Study|Consider|Be|Which|Accompany|Whom|Regulate|Provide|Prevent|Restrict"
    r"|Amend|Suppress|Establish|Prohibit|Carry|Arrange|Discuss|Facilitate|Promote|Secure|Obtain|Use)\b",
    re.IGNORECASE,
)

_OWN_NUMBER = re.compile(r"(?:F\. ?O\. )?No\.? ?(\d+[½¼¾]?)\.?([\]|]*)$")
_AIRGRAM = re.compile(r"C?[AW][–-]\d{1,5}$")
# A telegram's own number, alone or in the series of a mission or a conference: "42.", "Secto 27.", "065432/Tosec 15.".
_TELEGRAM = re.compile(
    r"(?P<number>(?:(?:Secto|Tosec|Dulte|Tedul|Delga|Gadel|Polto|Topol|Todel|Delsec|Hakto|Tohak|Repto|Torep|Ecato|Toeca"
    r"|Musto|Tomus|Ustap|Depto|Martel|Telmar|SALT|MBFR|USUN|CSCE) )?\d{1,6})(?:/[A-Z]\w+ ?\d+)?\.\s"
)

_PAPER = re.compile(
    r"(?<!\w)(?:(?!of\b)\w+ ){0,4}?(?P<kind>Memoranda|Memorandum|Telegrams?|Airgram|Despatch|Dispatch|Letter|Note"
    r"|Message|Instructions?|Authorizations?|Reports?|Paper|Circular|Cable|Cablegram|Minutes?|Statement|Aide-M[ée]moire|Draft|Instrument"
    r"|Intelligence Note|“?Procès-Verbal|Edict|Resolution|Agreement|Protocol|Convention|Treaty|Declaration"
    r"|Proclamation|Bill|Statute|Laws?|Decree|Code|Ordinance|Regulations|Amended|Proposed|Extracts?|Copy|Reply|Rules|Notes|Act|Form|Plan|Proposal|Appendix|Organization|Record"
    r"|Proceedings|Bulletin|Press Release|Release|Remarks|Announcement|Order|Qualifications)\b",
    re.IGNORECASE,
)
_AUTHORED = re.compile(
    r"(?P<kind>(?:(?:Summary|Text|Copy|Extracts?|Translation|Draft|Draught) (?:of|from) (?:an? |the )?)?"
    r"(?:[A-Z][\w-]+ ){0,4}?"
    r"(?:Memorandum(?: of (?:an? )?(?:Telephone )?Conversation| for the (?:Record|Files?))?"
    r"|Telegram|Airgram|Despatch|Dispatch|Letter|Note|Message|Instruction|Circular|Report|Paper|Cable|Cablegram"
    r"|Aide-M[ée]moire|Draft|Study|Statement|Proposal|Talking Points|Diary Entry|Remarks|Address)"
    r"(?: (?:No\. )?(?P<number>(?:[A-Z]\w+ )?[A-Z]*[–-]?\d+)(?:/[A-Z]*\d+)?)?(?: Handed)?)"
    r",? \[?(?P<how>from|(?:addressed |written |prepared |proposed )?by|prepared in|of)\b\]? (?P<rest>.+)$",
    re.IGNORECASE,
)
# "Report to the Council by the Executive Secretary (Stone)", "Memorandum for the President".
_ADDRESSED = re.compile(
    r"(?:(?:[A-Z]\w+ ){0,3}(?:Report|Memorandum|Note|Letter|Message) (?:to|for)"
    r"|(?P<circular>Circular(?: [a-z]+)?(?: No\. \d+)? to)) (?P<to>.+?)"
    r"(?: by (?P<by>(?:the|Mr\.) .+))?$"
)
# Where the words on the author of a memorandum end and those on its matter begin.
_MATTER = re.compile(
    r",? (?:in (?:answer|reply|response)"
    r"|of (?:(?:an?|the|his) )?(?:Telephone )?(?:Conversation|Interview|Conference|Meeting|Discussion|Subjects)"
    r"|Concerning|Regarding|Respecting|Relating|on the|for an?|With Regard|Prepared|Dated|Before|During|Upon"
    r"|Following)\b.*$",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"Editorial Note\b", "editorialNote"),
    (r"Memorand\w+ (?:of (?:an? |the )?(?:\w+ )?(?:Conversation|Conference|Discussion|Meeting))"
     r"|(?:Record|Recording|Transcript|Notes?|Summary) of (?:a )?(?:\w+ )?(?:Conversation|Discussion)"
     r"|Notes of (?:a )?Telephone|(?:Telephone )?Conversation (?:Among|Between)\b", "memorandumOfConversation"),
    (r"(?:\w+ ){0,3}(?:Telegram|Telegraphic|Cablegram|Airgram)\b|By cable\b|By telegraph\b", "telegram"),
    (r"(?:\w+ )?Circular\b", "circular"),
    (r"(?:Stenographic |Summary )?(?:Minutes|Notes (?:of|on) (?:an? |the )?(?:[\w’-]+ ){0,4}Meeting"
     r"|Report of (?:a |the )?Meeting|Summary of Conclusions of (?:an? |the )?(?:[\w-]+ ){1,6}Meeting"
     r"|(?:Record|Protocols?) of (?:the |a )?(?:[\w-]+ )?(?:Proceedings|Conferences?|Meetings?)"
     r"|Record of (?:the |a )?(?:[\w’-]+ ){2,5}Meeting\b"
     r"|(?:[\w.’-]+ ){1,5}Minutes$)", "minutes"),
    (r"(?:(?!(?:of|on|the|to)\b)[\w-]+ ){0,3}Memorand", "memorandum"),
    (r"(?:Despatch|Dispatch)\b", "despatch"),
    (r"Instruction\b", "instruction"),
    (r"(?:Draft |Personal )?Letter\b", "letter"),
    (r"(?:\w+ )?Message\b", "message"),
    (r"(?:Press Release|Release to the Press)", "pressRelease"),
    (r"(?:Executive )?Proclamation\b|By the President\b.*\bProclamation\b", "proclamation"),
    (r"(?:(?!(?:of|on|the|to)\b)\w+ ){0,3}(?:Treaty|Convention|Agreement|Protocol)\b(?! (?:Section|Series|Powers))",
     "treaty"),
    (r"(?:Oral |Draft )?Note (?:Verbale|From|by)\b|Aide-M[ée]moire", "note"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading taken apart.

    `title` is the heading without the number before it; `number` that number ("118", "10"): in these editions
    a number of the printed collection, not of the despatch.
    """

    title: str
    number: str | None = None
    kind: Kind | None = None
    parties: tuple[Party, ...] = ()


def read(heading: str) -> Heading:
    """Take a printed heading apart; footnote marks must be gone from it."""
    text = spaced(collapsed(heading))
    prefix = _NUMBER.match(text)
    number = (prefix["no"] or prefix["serial"]) if prefix else None
    title = text[prefix.end() :] if prefix else text
    sides = split(title)
    parties = (*persons(sides[0], "from"), *persons(sides[1], "to")) if sides else ()
    kind = kind_of(title)
    if sides and sides[1] and kind == "treaty":  # "Representatives of Treaty Powers to Prince Stone"
        kind = None
    return Heading(title=title or text, number=number, kind=kind, parties=parties)


def kind_of(*lines: str) -> Kind | None:
    """The kind of paper that a heading or a flag begins with, of the first line that begins with one.

    "Memorandum of Conversation", "[Telegram]".
    """
    for line in lines:
        words = collapsed(line).lstrip("[( ")
        for form, kind in _KINDS:
            if re.match(form, words, re.IGNORECASE):
                return kind
    return None


_HELD = re.compile(
    r"\b(?:Meetings?|Sessions?|Conversations?|Conferences?|Discussions?|Interviews?|Minutes|Record|Notes of"
    r"|Proceedings|Signed|Done|Concluded|Held|Proclaimed|Adopted|Initialed)\b",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day"
_HELD_AT = re.compile(
    r"\b(?i:Signed|Held|Done|Concluded|Adopted|Initialed)\b(?: in \w+)? (?:at|in) (?P<place>[^();\d]+?)"
    r"[\s,]*(?:on )?(?:the )?$"
    r"|\b(?:at|in) (?:the )?(?!(?:[\w-]+ ){0,2}(?:Meeting|Session|Conference|Regard|Reply)\b)"
    r"(?P<seat>[A-Z][^,()]+(?:, [A-Z][\w’ ]+)*?)[\s,]*(?:on (?:the )?)?$"
    r"|, (?P<last>(?:New |St\. |San |Rio de |La |The )?[A-Z][\w’]+)[\s,]*(?:on )?$"
)


# "…, February 8, 1945, 3:30 p.m., Rose Palace": the place behind the time.
_HELD_BEHIND = re.compile(
    r"[,—–\s]*\d[\d:]*(?:[–-]\d[\d:]*)? ?(?:[ap]\.? ?m\.?|noon|midnight), (?P<seat>(?:the )?[A-Z][^,()\d]+)$"
)


def held(title: str) -> Event | None:
    """The meeting that the heading dates, or the signing: "Minutes of …, Wednesday, April 30th, 1919"; "Protocol …,
    Signed at The Hague, April 12, 1930".  None if it names none, or tells no day of it."""
    title = collapsed(title)
    signed = re.search(r"\b(?:Signed|Done|Concluded) (?:at|in|on)\b", title)
    start = signed.start() if signed else 0
    sides = None if signed else split(title)
    dated = re.match(r"(?:[A-Z]\w+ ){0,3}(?:Treaty|Convention|Agreement|Protocol) of (?=[A-Z][a-z]+ \d)", title)
    if not (_HELD.search(title) or dated) or (sides and sides[1]):
        return None
    found = dates.span(title[start:]) if dated or signed else dates.last(title)
    if found is None or (date := dates.read(title[start + found[0] :]).date) is None or date.earliest is None:
        return None
    before = re.sub(rf"[\s,(]*(?:on )?{_WEEKDAY}[\s,]*$", "", title[start : start + found[0]])
    at = _HELD_AT.search(before) or _HELD_BEHIND.match(title[start + found[1] :])
    place = next(filter(None, at.groups()), "").strip(" ,") if at else ""
    return Event(printed=title[start:], place=place or None, date=date)


_OTHER_PAPER = re.compile(
    r"\b(?:Estimate|Directive|Determination|Study|Talking Points|Communiqué|Agenda|Log|Diary|Meetings?|Summary|Address"
    r"|Conversation|Recording)\b"
)


def written(title: str) -> Event | None:
    """Where and when a paper was written that is no meeting's, if its heading ends in that.

    "Letter From President Stone to King Otto, Almar, June 8, 1973"; a day alone tells it of a paper with a sender and a
    recipient only.
    """
    found, sides = _WRITTEN.search(title), split(title)
    if found is None or held(title) or not (found["place"] or (sides and all(sides))):
        return None
    date = dates.read(found["date"]).date
    if date is None or date.earliest is None:
        return None
    return Event(printed=found[0].lstrip(", "), place=(found["place"] or "").strip(" ,") or None, date=date)


def own_number(title: str) -> str | None:
    """The number that a heading gives the paper itself: "Airgram A–45 From the Embassy in Freedonia"."""
    found = _AUTHORED.match(without_tail(title))
    wired = found and re.search(r"\b(?:Telegram|Airgram|Despatch|Dispatch|Instruction|Cable|Message)\b", found["kind"])
    return found["number"] if found and wired else None


def names_paper(words: str) -> bool:
    """Is the name of a paper among the words: "Minutes of …", "Draft Declaration …"?"""
    return bool(_PAPER.search(words) or _OTHER_PAPER.search(words))


def form_of(source: str) -> str:
    """What a source note says of the paper's form, behind the file number: "Telegram" of "724.3415/3603: Telegram"."""
    found = re.search(r"(?:: |(?<=\d)–)(?P<form>(?:[A-Z]?[a-z]+ ){0,4}[A-Z]?[a-z]+(?: \([a-z ]+\))?)$", source)
    return found["form"] if found else ""


def is_wired(kind: Kind | None, title: str) -> bool:
    """Does the paper go by wire, so that its text begins with its number: a telegram, or a backchannel message?"""
    return kind == "telegram" or (kind == "message" and "backchannel" in title.casefold())


def number_of(flags: Sequence[str], lead: Sequence[str], telegram: str = "") -> str | None:
    """The number under which the sender wrote.

    It is a flag ("No. 383.]"), a line of its own before the text ("No. 206"), or the first word of the text of a
    telegram ("42. Consulate’s 35 …"); an airgram has it on a line of its own ("A–123").  A flag without its bracket
    is a number of the printed collection.
    """
    for line in (*flags, *lead):
        if (found := _OWN_NUMBER.match(line)) and (found[2] or line in lead):
            return found[1]
    if airgram := next(filter(_AIRGRAM.match, lead), None):
        return airgram
    found = _TELEGRAM.match(telegram)
    # "1. … 2. …" is a list.
    is_list = found and found["number"].isdecimal() and f"\n{int(found['number']) + 1}. " in telegram
    return found["number"] if found and not is_list else None


def spaced(text: str) -> str:
    """A space before an opening parenthesis: "The Minister in Bolivia(Des Portes)" was printed with one."""
    return re.sub(r"(?<=[\w.”’])\((?=\w)", " (", text)


def split(title: str) -> tuple[str, str] | None:
    """The wording of the two sides of a heading without number, the second "" if the paper has an author only.

    None if the heading names no parties.
    """
    body = without_tail(title)
    body = re.sub(r",? Handed to\b", " to", _POSSESSED.sub("", body))
    authored = _AUTHORED.match(body)
    if authored:
        rest = _MATTER.sub("", authored["rest"])
        how = authored["how"].lower()
        at = _turn(rest)
        if at is not None and how.endswith("by") and _is_office_to(rest[: at[0]], rest[at[1] :]):
            at = None
        if at is not None:
            return rest[: at[0]], rest[at[1] :]
        is_paper = how.endswith("by") or how == "prepared in" or authored["how"] == "From" or _names_author(rest)
        return (rest, "") if is_paper and _is_party(rest) else None
    if (addressed := _ADDRESSED.match(body)) and any(
        (addressed["by"], addressed["circular"], _names_reader(addressed["to"]))
    ):
        return addressed["by"] or "", addressed["to"]
    at = _turn(body)
    if at is None:
        return None
    sender, recipient = body[: at[0]].rstrip(" ,"), body[at[1] :]
    if _PAPER.match(sender) and not _TITLED.match(sender) and not re.match(r"the\b", sender, re.IGNORECASE):
        return None
    return (sender, recipient) if _is_party(sender) and _is_party(recipient) else None


def persons(side: str, direction: Direction) -> tuple[Party, ...]:
    """The parties of one side; empty for an empty side."""
    side = side.strip(" ,;")
    out: list[Party] = []
    for part in _parts(side) if side else ():
        away, traveller = _AWAY.search(part), _TRAVELLER.match(part)
        found = away or traveller
        out += [
            Party(direction=direction, printed=part, name=name, role=role, place=found["place"] if found else None)
            for name, role in _person(traveller["who"] if traveller else _AWAY.sub("", part))
        ]
    return tuple(out)


def participant(printed: str) -> Party:
    """One whom a list of those present names: a person with title or office, or an office.

    Of other words ("British Empire") nothing tells whether they name somebody: they are printed, and no more.
    """
    plain = Party(direction="participant", printed=printed)
    words = _FUNCTION.sub("", _HONORABLE.sub("Mr. ", printed.strip(" .,;")))
    if label := _SPEAKS_FOR.match(words):
        office = label["label"] if _POST.search(label["label"]) else None
        if office or _DEPARTMENT.match(label["label"]):
            return replace(plain, name=untitled(label["who"]), role=office)
    read = [(name, role) for name, role in _person(words) if name or role]
    if len(read) != 1:
        return plain
    name, role = read[0]
    # Letters behind a name ("K. C. B.") are no office.
    offices = [part for part in (role or "").split(", ") if _POST.search(part.title()) or _BUREAU.match(part)]
    role = role[role.index(offices[0]) :] if role and offices else None
    does = _FUNCTION.search(printed) and re.fullmatch(_FULL_NAME, words)
    known = role or does or _TITLED.match(words) or _OFFICER.match(words) or _INITIALED.match(words)
    if name and ("—" in name or not known):
        return plain
    if not name and printed[:1].islower():
        return plain  # "and the members of the second council: …"
    return replace(plain, name=name, role=role)


def without_tail(title: str) -> str:
    """The heading without what stands behind its parties: place and day, the receiving, the subject."""
    return _TAIL.sub("", _WRITTEN.sub("", title))


def enumerated(words: str) -> list[str]:
    """Those whom a list in running words names, "President Stone, the Minister (Field), and Mr. Hill"; what follows the
    last of them, as the place does, is left out."""
    outside = _masked(words)
    turns = list(re.finditer(rf"(?:, and |,? and |, )(?=the |{_OFFICE_HOLDER}|{_HONORIFIC}\b)", outside))
    final = next((number for number, turn in reversed(list(enumerate(turns))) if "and" in turn[0]), None)
    if final is None:
        return []
    bounds = [0, *(at for turn in turns[: final + 1] for at in turn.span())]
    pieces = [words[start:end] for start, end in zip(bounds[0::2], bounds[1::2], strict=False)]
    last = words[bounds[-1] :]
    # "the Assistant Secretary for Hills, Woods, and Fields (Stone), Washington": the name closes the last of them.
    return [*pieces, re.split(r"(?<=\))(?=,)" if "(" in last else ", ", last)[0]]


def is_titled(words: str) -> bool:
    """Does an honorific, a rank or an office stand before a name: "Mr. Stone", "Secretary Field"?"""
    return bool(_TITLED.match(words) or _OFFICER.match(words))


def names_office(words: str) -> bool:
    """Is an office or a body all that words name: "the Secretary of War", "Japanese Ministers"?  A tag may call it a
    person."""
    read = [(party.name, party.role) for party in persons(words, "from")]
    office = re.match(r"the\b", words, re.IGNORECASE) or _POST.search(re.sub(r"(?<=[a-z]{4})s\b", "", words.title()))
    return len(read) == 1 and read[0][0] is None and read[0][1] is not None and bool(office)


def several(name: str, role: str | None) -> tuple[str, ...]:
    """The names of a list that a tag holds as one: "Lansing, White, Bliss, House"; empty if it is one name.

    What stands behind a name with a comma is its office ("Kent, Governor") where the role has it, too.
    """
    names = _names(re.sub(r"^(?:Messrs|MM)[.,]+ ", "", name))
    words = re.compile(r"[A-ZÀ-Þ][\w’.-]*(?: [A-ZÀ-Þ][\w’-]*){0,2}")
    if len(names) < 2 or (role and any(one in role for one in names[1:])):
        return ()
    sure = all(words.fullmatch(one) and re.search(r"[^\W\d_]{3}", one) and not _POST.search(one) for one in names)
    return tuple(map(_bare, names)) if sure else ()


def untitled(name: str) -> str:
    """A name without the title or the office that stands before it: "Secretary Stone", "Dr. Stone"."""
    return _bare(without_office(name))


def without_office(name: str) -> str:
    """A name without the office that stands before it like a title: "Secretary of State Stone"."""
    officer = _OFFICER.match(name)
    return officer["name"] if officer else name


def _masked(text: str) -> str:
    """The text with blanks for what stands in parentheses."""
    return _PARENTHESIS.sub(lambda found: "(" + " " * (len(found[0]) - 2) + ")", text)


def _turn(text: str) -> tuple[int, int] | None:
    """Where the " to " between the sides stands, as (end of sender, start of recipient)."""
    outside = _masked(text)
    turns = [
        found
        for found in re.finditer(r"[ ,](?:to\.?|au) (?=\S)", outside)
        if not _INNER.match(outside, found.start() + 1) and found.start() > 0
    ]
    for number, found in enumerate(turns):
        last = number == len(turns) - 1
        if last or not _GOES_ON.search(outside[: found.start()].rstrip(" ,")):
            return found.start(), found.end()
    return None


def _names_author(words: str) -> bool:
    """Is it an author: of "Cablegram from Mr. Stone", of "Memorandum of the Adviser (Stone)"?"""
    titled = rf"(?:{_OFFICE_HOLDER}|(?:{_HONORIFIC}|{_RANK})\b\.? [A-Z])"
    return bool(re.match(titled, words) or re.fullmatch(r"the [^()]+ \([A-Z][^()]+\)", words))


def _is_office_to(sender: str, recipient: str) -> bool:
    """Is it one office, "the Special Assistant to the President (Stone)", rather than a sender and a recipient?"""
    if not _GOES_ON.search(sender) or "(" in sender or not _PARENTHESIS.search(recipient):
        return False
    # "the Minister to Freedonia (Stone)", and not "the Minister to the King (Otto)"
    alone = re.fullmatch(r"(?:the )?(?:Acting )?\w+", sender)
    return not alone or not re.match(rf"the |{_OFFICE_HOLDER}|{_HONORIFIC}\b", recipient, re.IGNORECASE)


def _names_reader(words: str) -> bool:
    """Is somebody named to whom a memorandum without a sender goes, and no purpose or matter?"""
    return bool(re.match(rf"{_OFFICE_HOLDER}|{_SEAT}|the (?:Vice )?President$|the \w+ Committee$", words))


def _is_party(side: str) -> bool:
    """Could these words name somebody?  Not if they are a clause or the name of a paper."""
    side = side.strip()
    clause = re.search(r"\b(?:which|having|in response|in reply|in answer|sent|addressed|forwarded|Signed)\b", side)
    return bool(re.search(r"\w", side)) and len(side) <= 400 and not clause


_OFFICE_HOLDER = rf"{_OFFICE} (?:{_HONORIFIC}\. )?[A-Z]"
# Offices and bodies that nobody confuses with a part of another's name.
_SEAT = (
    r"[Tt]he (?:(?:Acting|Under|Deputy|Assistant) )*"
    r"(?:Secretary of (?:State|Defense|War|Commerce|the (?:Navy|Treasury))\b"
    r"|(?:Embassy|Legation|Consulate General|Consulate|Mission|Delegation|Ambassador|Minister) (?:in|at|to)\b"
    r"|Department of|Joint Chiefs of Staff|Director of Central Intelligence|Central Intelligence Agency)"
)


def _parts(side: str) -> list[str]:
    """The side cut between parties: after a parenthesis, and between persons or bodies who each have their title."""
    cut = re.sub(r"(?<=\))(?:,? and |, )(?=(?:the|of the) )", "\n", side, flags=re.IGNORECASE)
    cut = re.sub(rf"(?<=\)),? and (?={_OFFICE_HOLDER})", "\n", cut)
    if _TITLED.match(side) or re.match(_OFFICE_HOLDER, side):
        person = rf"(?:{_HONORIFIC}|{_RANK}|M(?=\. [A-Z][a-z]))\b\.? [A-Z]"
        cut = re.sub(rf"(?:, and |,? and |, )(?={person})", "\n", cut)
    if re.match(rf"{_OFFICE_HOLDER}|{_SEAT}", side):
        cut = re.sub(rf",? and (?={_OFFICE_HOLDER}|{_SEAT})", "\n", cut)
    return cut.split("\n")


def _person(part: str) -> list[tuple[str | None, str | None]]:
    """(name, role) of each person in a part that has one office, or none."""
    if withheld := _WITHHELD.match(part):
        return [(None, _role(part[withheld.end() :]))]
    part = re.sub(rf"\s*\({_WITHHELD.pattern}\)", "", part)
    found = _PARENTHESIS.search(part)
    titled = _TITLED.match(part)
    if found and _is_name(found["inside"]):
        if titled:  # "Mr. Black (Secretary of State)"
            return [(_bare(part[: found.start()]), _role(found["inside"]))]
        role = _role(part[: found.start()])
        return [(_bare(name), role) for name in _names(found["inside"])]
    if noble := _NOBLE_OF.match(part):
        name, _, role = noble["name"].partition(", ")
        return [(_tidy(name), _role(role))]
    if titled:
        return _titled(part, titled["name"])
    if officer := _OFFICER.match(part):
        role = f"{officer['title']} of {officer['of']}" if officer["of"] else officer["title"]
        return [(_bare(officer["name"]), role)]
    if (staff := _STAFF.match(part)) and not re.search(rf"^The\b|{_POST.pattern}", staff["name"]):
        return [(_tidy(name), _role(staff["of"])) for name in _names(staff["name"])]
    if _is_office(part):
        return [(None, _role(part))]
    name, _, role = part.partition(", ")
    if officer := _OFFICER.match(name):  # "Ambassador Stone, Embassy of Freedonia"
        return [(_bare(officer["name"]), ", ".join(filter(None, (officer["title"], _role(role)))))]
    return [(_tidy(name), _role(role))]


def _titled(part: str, rest: str) -> list[tuple[str | None, str | None]]:
    """(name, role) where the part begins with an honorific or a rank and `rest` follows it."""
    if part.startswith("Messrs"):
        return [(_bare(one), None) for one in _names(rest)]
    name, _, role = rest.partition(", ")
    if re.match(r"(?:Jr|Sr|Esq|M\. ?P|Bart)\b", role):
        suffix, _, role = role.partition(", ")
        name = f"{name}, {suffix}"
    elif not role:
        name, _, role = name.partition(" of ")
    return [(_tidy(name), _role(role))]


def _is_name(inside: str) -> bool:
    return bool(inside) and not re.match(r"[\d\W]*$|Extract|Translation|part |copy|no\.? ?\d", inside, re.IGNORECASE)


def _is_office(part: str) -> bool:
    """An office or a body ("the Department of State", "Harris, Forbes & Company") and not a person's name."""
    if _COMPANY.search(part):
        return True
    if re.match(r"(?:the|his|her|all|certain|each|diplomatic|american|consuls?)\b", part, re.IGNORECASE):
        return True
    return part[:1].islower() or bool(_BODY.search(part.partition(", ")[0]))


def _names(inside: str) -> list[str]:
    names = re.split(r",? and |, (?!Jr|Sr|Esq|Inc|Incorporated|Ltd)", inside.strip())
    return [name for name in names if name]


def _bare(name: str) -> str:
    titled = _TITLED.match(name.strip())
    return _tidy(titled["name"] if titled else name)


def _tidy(name: str) -> str:
    # "Schenck." ends a sentence; "Jr." and "Blair & Co." are abbreviated.
    return re.sub(r"(?<=[a-z]{3})\.$", "", name.strip(" ,*"))


def _role(words: str) -> str | None:
    words = words.strip(" ,." if re.search(r"\[[^\[\]]+\]", words) else " ,.[]")
    return re.sub(r"^(?:of )?(?:the )?", "", words, flags=re.IGNORECASE).strip() or None
