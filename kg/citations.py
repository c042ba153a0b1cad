"""The grammar of citations: what a text names of other papers, volumes and works.  Pure.

    paper  := [whose] [words] noun list | whose list | list     "Your telegrams Nos. 3, May 2, and 5, May 7"
    whose  := "my" | "your" … | office "’s" | name "’s"         "the Department’s", "Sack’s"
    list   := item {separator [noun] item}
    item   := [mark] number [party] [date] [party] [place]      "No. 8, January 22, 1 p.m., from …, p. 247"
            | date [party] [mark number] [place]                "of May 21, (No. 2,)", "of the 8th instant"
    place  := "supra" | "infra" | ["ante" | "post"] page | volume page | file | "not printed"
    volume := "Foreign Relations" name page | "ibid." …         names as kg.volumes reads them

A number alone cites nothing: it must be somebody's, or have a noun, or a date.  What the words leave open
(the year, whose telegram) stays open: kg.threads decides by the documents.  Every expression is bounded and
without nested repetition, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kg import volumes

Form = Literal[
    "telegram",
    "despatch",
    "instruction",
    "note",
    "letter",
    "circular",
    "memorandum",
    "paper",  # a numbered or dated paper whose form the words do not tell: "your No. 27"
    "foreign-relations",
    "page",
    "neighbour",
    "ibid",
    "footnote",
    "document",
    "file",
    "not-printed",
    "work",
]
PAPERS: frozenset[Form] = frozenset(
    ("telegram", "despatch", "instruction", "note", "letter", "circular", "memorandum", "paper")
)
# How a day is told that has no month of its own; "day" is "of the 23d" without a word more.
Relation = Literal["instant", "ultimo", "proximo", "today", "yesterday", "day"]
Where = Literal["ante", "post", "supra", "infra"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One citation: where it stands (code points), its words, and what they say; the rest is None or empty.

    `number` is the cited paper's (or Document's); `corrected` tells that an editor's bracket gave it or the date.
    `hour` is of 24 hours, "16:00".  `whose` is "my", "your", "our", "his", "its", "their", an office
    ("Department", "Embassy", "Legation", "Consulate" …) or a name ("Sack").  `sender` and `recipient` are
    the words behind "from" and "to".  `volume` is an id if a volume is named, else pages are of the same volume.
    `until` is the last of a range of Documents that begins with `number`.
    `pages` are as printed, a range as one ("13–15").  `mark` is a footnote's.  `work` names a published work.
    `unprinted` says that the words call the paper not printed or not found.
    """

    start: int
    end: int
    exact: str
    form: Form
    number: str | None = None
    until: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: str | None = None
    relation: Relation | None = None
    corrected: bool = False
    whose: str | None = None
    sender: str | None = None
    recipient: str | None = None
    where: Where | None = None
    volume: str | None = None
    pages: tuple[str, ...] = ()
    mark: str | None = None
    file: str | None = None
    work: str | None = None
    unprinted: bool = False

    @property
    def dated(self) -> bool:
        return self.day is not None or self.relation is not None


# ---------------------------------------------------------------------------------------------- words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?)"
)
_ORDINAL = r"(?:st|nd|rd|th|d)?(?![\w/])"
_YEAR = r"(?:,? (?P<year>1[789]\d\d|20\d\d)(?!\d))?"
_LEAD = (
    r"(?:[,;]? ?\(?(?:(?:under|bearing) (?:the )?date(?: of)?|(?:both )?dated(?: the)?"
    r"|of(?: (?:the )?date of)?(?: the)?|on|sent)?(?: the)?,? ?)"
)
_DATES = tuple(
    re.compile(_LEAD + form)
    for form in (
        # "March 9", "December 9/21, 1894", "November 6 [8]"
        rf"{_MONTH} ?(?P<day>\d{{1,2}})(?:/\d\d?)?{_ORDINAL}(?: ?\[(?P<corrected>\d{{1,2}})\??\])?{_YEAR}",
        rf"(?P<day>\d{{1,2}}){_ORDINAL}(?: day)?(?: of)? \(?{_MONTH}\)?{_YEAR}",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|d)?\.? "
        r"(?P<relation>instants?\b|inst\b\.?|ultimos?\b|ult\b\.?|proximo\b|prox\b\.?"
        r"|of (?:this|the (?:present|current)) month|of last month)",
        r"(?P<relation>(?:this|even|same|the same|to-?day’s|this day’s|yesterday’s) date|to-?day\b|yesterday\b)",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|d)\b(?! (?:of|day|article|session|Congress|century|parallel))",
    )
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?: ?[:.] ?(?P<minute>\d\d))?(?: ?\[(?P<righthour>\d{1,2})\])?"
    r" ?(?P<half>[aApP])\.? ?[mM]\b\.?|(?P<word>(?:12 )?(?:noon|midnight))\b"
)
_TIME = re.compile(rf"(?:,|—|–|-|;)? ?(?:at )?(?:{_CLOCK})(?:,? ?\[(?P<right>[^\]]{{1,12}})\])?")
_LATE_YEAR = re.compile(r",? (?P<year>1[789]\d\d|20\d\d)(?![\d–-])")

# Words between whose and what ("my very interesting confidential despatch"), none of which begins another phrase.
_ADJECTIVES = (
    r"(?:(?!(?:and|or|of|in|to|on|by|at|with|from|for|the|that|this|is|was|as|not|no|nos|circular|identic)\b)"
    r"[a-z][a-z-]{1,15} ){0,4}"
)
_NOUNS: tuple[tuple[str, Form], ...] = (
    (
        r"(?:circular|identic) (?:telegraphic |cable |air ?mail )?"
        r"(?:telegram|instruction|note|despatch|dispatch|letter|airgram)s?|circulars?",
        "circular",
    ),
    (r"(?:tele|cable|radio|aero|air)grams?|cables?|radios?|wires?|(?:Emb|Dep|Con|Cir|Del)tels?|messages?", "telegram"),
    (r"d[ei]spatch(?:es)?", "despatch"),
    (r"instructions?", "instruction"),
    (r"note(?: verbale)?s?|notes verbales", "note"),
    (r"letters?", "letter"),
    (r"memorand(?:um|a|ums)|aides?[ -]m[ée]moires?", "memorandum"),
    (r"communications?|reports?", "paper"),
)
_NOUN = re.compile(
    _ADJECTIVES + "(?:" + "|".join(f"(?P<f{n}>{form})" for n, (form, _) in enumerate(_NOUNS)) + r")(?:\[?s\]?)?(?!\w)",
    re.IGNORECASE,
)
_OFFICES = (
    r"Department|Embassy|Legation|Consulates?(?: General)?|Mission|Delegation|Commission|Ammission|Office"
    r"|Ministry|Foreign Office|Government|Ambassador|Minister|Chargé(?: d’Affaires)?|Consul(?: General)?"
    r"|Secretary(?: of State)?|President|Excellency|Lordship|Admiral|General|Colonel|Commissioner"
)
_WHOSE = re.compile(
    rf"(?P<pronoun>[Mm]y|MY|[Mm]ine|[Yy]ours?|YOUR|[Oo]urs?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\b"
    rf"(?: (?i:(?P<title>excellency|lordship|embassy|legation|office|department|honor)(?:’s|'s|s’)))?"
    rf"|(?:[Tt]he |[Tt]his )?(?i:(?:state |war |navy |treasury )?(?P<office>{_OFFICES}))(?:’s|'s|s’)"
    r"|(?P<name>[A-Z][\w-]{2,20})(?:’s|'s|(?<=s)’)",
)
_MARK = re.compile(r",? ?(?:of )?\(?\[?(?:[Ss]erial )?(?:[Nn]os?\b\.?|NOS?\b\.?|N°|#|[Nn]umbers?\b|[Nn]umbered)\]?,? ?")
_DIGITS = re.compile(
    r"(?:[A-Z]{1,5}[–-])?(?P<number>\d{1,6})(?:[½¼]|[–-]?[A-Za-z](?![\w.]))?(?![\d%/:’]|[.,]\d|[–-]\d)"
    r"(?! ?[ap]\.? ?m\b)(?: ?\[(?:sic|No\. )?(?P<right>\d{1,5})?\])?"
)
_SEPARATOR = re.compile(
    r"(?: ?\((?:paragraphs?|section)[^()]{1,20}\))?(?:[,;]| ?\))? ?(?:(?:and|or|&|as well as|also|to|through) )*"
    r"(?:also |likewise |with |by |in |of |the ){0,3}"
)
_NAME = (
    r"(?!(?:Nos?|Number|Foreign Relations|Ibid|Supra|Infra|Ante|Post)\b"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)"
    r"(?:(?:St|Mr|Mrs|Dr|Gen|Col|Capt|Sir|[A-Z])\.(?= ?[A-Z])|[A-Z][\w-]*(?:’(?!s\b)[\w-]+)?(?![\w’-]))"
)
# Offices, which some volumes print without capitals.
_TITLE = (
    r"(?:chairman|delegation|ambassador|minister|chargé|consul|secretary|legation|embassy|department|government|clerk"
    r"|agent|commissioner|general|president|governor|admiral|commission)\b(?!’s)"
)
_TO_FROM = re.compile(
    rf",? \(?(?P<way>from|to) (?P<party>(?:the )?(?:(?:vice|acting|high|consular|diplomatic|deputy) )?"
    rf"(?:{_NAME}|{_TITLE}|you\b|me\b|us\b)"
    rf"(?:,? (?:(?:of|in|at|for|and|the|de|du|ad interim) ){{0,2}}(?:{_NAME}|{_TITLE})){{0,7}}(?: \([A-Z][\w’-]*\))?)"
)
_WHERE = re.compile(
    r"[, ]{0,2}\(?(?:printed |see )?(?:in part |in full )?(?P<where>ante|post|supra|infra)\b", re.IGNORECASE
)
_PAGES = re.compile(
    r"[, ]{0,2}\(?(?:[Pp]ages?|[Pp]p?\.) ?(?P<pages>\[?(?:\d{1,4}|[IVXLCivxlc]{1,8})\]?\b"
    r"(?:[–—-](?:\d{1,4}|[ivxlc]{1,8})\b)?"
    r"(?:(?: ff\.)?(?:,? and |, )(?:pp?\. ?)?(?!1[89]\d\d\b)\d{1,4}(?:[–—-]\d{1,4})?(?![\w]|\.\d| Stat)){0,20})"
    r"(?:,? (?:ff|et seq|passim)\b\.?)?"
)
_PAGE = re.compile(r"[\dIVXLCivxlc]+(?:[–—-][\dIVXLCivxlc]+)?")
_VOLUME = re.compile(r"[, ]{0,2}[Vv]ol(?:umes?|s?\.?) ?(?P<volume>[ivxlcIVXLC]{1,8}|\d{1,3})\b[.,]?")
_SERIES = re.compile(
    r"(?:(?:Papers Relating to the )?Foreign Relations(?: of the United States)?|FRUS|Diplomatic Correspondence)"
    r"[,:]?\s?"
)
_DOCUMENTS = re.compile(
    r"[, ]{0,2}[Dd]ocument(?P<several>s)?,? (?:Nos?\. ?)?(?P<number>\d{1,4})(?:[–—-](?P<until>\d{1,4}))?\b(?![.,]\d|/)"
)
# "in volume XI, Trade in Figs, Document 66": one of another volume of the set.
_OF_VOLUME = re.compile(
    r"\b[Vv]ol(?:ume|\.) ?(?P<volume>[IVXL]{1,7}|[ivxl]{1,7})(?:, [Pp](?:art|t\.) \d)?, (?:[A-Z][^.;()]{0,100}, )?$"
)
# The others of a list: "Documents 9, 12–15, and 18".
_FURTHER = re.compile(
    r"(?:,? and |, )(?P<number>(?!1[89]\d\d\b|20\d\d\b)\d{1,4})(?:[–—-](?P<until>\d{1,4}))?\b(?![.,]\d|/| ?[ap]\.m)"
)
_FOOTNOTE = re.compile(r"[, ]{0,2}(?:see )?(?:foot)?note (?P<mark>\d{1,3}[a-z]?|[*†‡])(?!\d)", re.IGNORECASE)
_FILE_NUMBER = (
    r"(?P<file>(?:Paris Peace Conf\. )?\d{2,4}[A-Za-z]?\.[\dA-Za-z]{1,12}(?:[ /–][\w.]{1,20}){0,4}?"
    r"/(?:\d[\d–-]*[½¼¾⅓⅔⅛]?|—)[a-z]?(?: ?[½¼¾])?)"
)
_FILE = re.compile(rf"[, ]{{0,2}}(?:[(\[]? ?(?:[Ff]iles? (?:[Nn]os?\.?|[Nn]umbers?),? ?)|(?<!\w)[(\[]){_FILE_NUMBER}")
_UNPRINTED = re.compile(
    r"[, ;]{0,3}(?:\(|both |neither |none |latter |also |is |are |was |were |(?:of )?which (?:is|are) |despatch "
    r"|telegram |note |letter |memorandum |instruction |enclosure |see ){0,3}"
    r"(?:not (?:re)?printed|not found|not reproduced|neither printed|none printed|not attached)\b[^.;()]{0,60}",
    re.IGNORECASE,
)
_IBID = re.compile(r"\bibid(?:em)?\b\.?", re.IGNORECASE)

_VOLUME_PAGE = r",? [Vv]ol\. ?\w{1,8}[,.]?(?: pt\. ?\w{1,4},?)? pp?\. ?\d[\d–-]*"
_WORKS: tuple[tuple[str, str], ...] = (
    (r"\d{1,3} Stat\.(?: ?\(pt\. ?\d\))? \d{1,4}", "Statutes at Large"),
    (r"League of Nations,? Treaty Series,? [Vv]ol\. ?\w{1,8}[,.]? pp?\. ?\d[\d–-]*", "League of Nations Treaty Series"),
    (r"\d{1,4} (?:LNTS|UNTS) \d{1,4}", "treaty series"),
    (r"\d{1,2} UST \d{1,4}|TIAS (?:No\. )?\d{3,5}", "United States Treaties"),
    (r"(?:Department of State,? )?Treaty Series,? Nos?\. ?\d{1,4}", "Treaty Series"),
    (r"(?:Department of State,? )?Executive Agreement Series,? Nos?\. ?\d{1,4}", "Executive Agreement Series"),
    (
        rf"British and Foreign State Papers(?:, \d{{4}}(?:[–-]\d{{2,4}})?)?{_VOLUME_PAGE}",
        "British and Foreign State Papers",
    ),
    (
        rf"(?:Malloy, )?Treaties,(?: Conventions, etc\.,)? \d{{4}}–\d{{4}}(?: \([^()]{{1,80}}\))?{_VOLUME_PAGE}",
        "Treaties, Conventions, etc.",
    ),
    (rf"Congressional Record{_VOLUME_PAGE}", "Congressional Record"),
    (r"League of Nations, Official Journal, [^.;()]{1,40}, pp?\. ?\d[\d–-]*", "League of Nations Official Journal"),
    (r"(?:Department of State,? )?Press Releases, [^.;()]{1,40}, pp?\. ?\d[\d–-]*", "Press Releases"),
    (r"(?:Department of State )?Bulletin, [^.;()]{1,40}, pp?\. ?\d[\d–-]*", "Department of State Bulletin"),
    (r"Public Papers[^.;]{1,80}, pp?\. ?\d[\d–-]*", "Public Papers of the Presidents"),
    (rf"(?:Hackworth|Moore|Miller|Hyde|Wharton)[^.;]{{0,60}}{_VOLUME_PAGE}", "a collection or digest"),
)
_WORK = re.compile("|".join(f"(?P<w{n}>{form})" for n, (form, _) in enumerate(_WORKS)))

# Where a citation may begin.  The branches are tried in order at each place.
_ANCHOR = re.compile(
    r"""(?<![\w’])(?:
      (?P<series>(?:Papers\ Relating\ to\ the\ )?Foreign\ Relations\b(?!\ (?:Committee|Council))|FRUS\b
          |Diplomatic\ Correspondence\ (?:for\ |,\ )?(?=1))
    | (?P<ibid>[Ii]bid(?:em)?\b)
    | (?P<work>\d{1,3}\ Stat\.|\d{1,4}\ (?:LNTS|UNTS|UST)\b|TIAS\b|League\ of\ Nations\b
          |(?:Department\ of\ State,?\ )?(?:Treaty\ Series|Executive\ Agreement\ Series|Press\ Releases|Bulletin,)
          |British\ and\ Foreign\ State\ Papers
          |Malloy\b|Treaties,|Congressional\ Record|Public\ Papers|Hackworth|Moore\b|Miller\b|Hyde\b|Wharton\b)
    | (?P<footnote>[Ff]oot[Nn]ote\ (?=[\d*†‡])|(?<=[Ss]ee\ )note\ (?=\d))
    | (?P<unprinted>(?:[Nn]ot\ (?:(?:re)?[Pp]rinted|found|reproduced)|[Nn]either\ printed|[Nn]one\ printed)\b)
    | (?P<where>(?i:ante|post)(?=,?\ p)|(?i:supra|infra)\b)
    | (?P<file>[Ff]iles?\ (?:[Nn]os?\b|[Nn]umbers?\b)|\((?=\d{3}[A-Za-z]?\.[\w.]{1,20}/))
    | (?P<volume>[Vv]ol\.\ ?[ivxlIVXL]{1,7}[,.]\ pp?\.)
    | (?P<beside>(?<=[Ss]ee\ )(?:the\ )?(?:preceding|following)[ ]
          (?:document|telegram|despatch|note|letter|instruction|memorandum)\b)
    | (?P<page>pp?\.\ ?(?=[\dIVXLCivxlc])|Pp?\.\ ?(?=\d)|[Pp]ages?\ (?=\d))
    | (?P<document>[Dd]ocuments?\ (?:Nos?\.\ )?(?=\d))
    | (?P<paper>[Mm](?:y|ine)\b|[Yy]ours?\b|[Oo]urs?\b|[Hh]is\b|[Hh]er\b|[Ii]ts\b|[Tt]heir\b|[\w]{3,20}(?:’s|'s|s’)[ ]
        |(?:(?i:tele|cable|radio|air)gram|(?i:cables?|radio|despatch|dispatch|instruction|note|letter|circular
          |memorand|message|communication|aide|identic|report)|[Ee]mbtel|[Dd]eptel)
        |Nos?\.\ ?(?=\d)|[Nn]umber\ (?=\d)|\d{1,5},?\ (?=(?:of\ )?(?:Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec)))
    )""",
    re.VERBOSE,
)


_SPACE = re.compile(r" ")
_YEAR_ALONE = re.compile(r"(?:18|19)\d\d(?!\d)(?!,? (?:of )?[A-Z][a-z]{2,8}\.? \d)")
# Bare numbers cite only where the words go on like this ("your 149 that", "your 27.", and not "your 2 notes").
_ENDS = re.compile(
    r"(?=[.,;:)\]]|\s?$|\n| (?:and|or|that|in|of|to|regarding|concerning|with|from|which|paragraph|is|was|has"
    r"|received|printed|quoted|reports?|states?)\b)"
)
_VOLUME_BEHIND = re.compile(r", vol\. ?(?P<volume>[ivxl]{1,7}),(?= pp?\.)")
_AND = re.compile(r",? ?(?:and |(?<=, ))?")
_REFERS = re.compile(r"(?:\b(?:[Ss]ee|and|also|to|in|my|from [A-Z]\w{1,12})|[;(]) ?$")
_CORRECTION = re.compile(r" ?\[(?=(?:No\. ?)?\d{1,5},? )")
_ON = re.compile(r"[, ]{0,2}(?:(?:is |are )?printed )?(?:on |at )(?=p)")
# A page behind these words is of the same volume; behind others, of the work that they name.
_OWN_PAGE = re.compile(
    r"(?:^|[.;]\s?|\b(?:See|[a-z]{2,}\.?),? |\b[Nn]o\. \d{1,4},? |\b[Ss]ee “[^”]{1,80},” |\d[.)]? )$"
)
_DATE_BEFORE = re.compile(
    r"(?:\d{1,2},? (?:1[789]\d\d|20\d\d),? |[ap]\.? ?m\.,? |\bnoon, |\bmidnight, |\b[A-Z][a-z]{2,8}\.? \d{1,2}, )$"
)
_INSTRUMENT = re.compile(
    r"\b(?:gram|despatch|dispatch|instruction|note|letter|memorandum|message|communication|agreement|treaty|convention"
    r"|protocol|statement|order|proclamation|declaration|resolution)s?\b|gram\b|^\W*(?:Dated )?[A-Z][a-z]+\.? \d",
    re.IGNORECASE,
)
_SAME_SET = re.compile(
    r"(?:^|[.;(]\s?|\b(?:[Ss]ee|[Ii]n|also|and|minutes? \w{1,5},?|appendix \w{1,3},?|[A-Z]{2}[–-]\d{1,3}\w?,) )$"
)
_CLAUSE = re.compile(r"(?:^|[;(]|(?<![A-Z\d])(?<!vol)(?<!ed)\. |\b[Ss]ee )(?P<words>[^;(]{1,90})$")


# ---------------------------------------------------------------------------------------------- reading


def find(text: str, *, volume: str | None = None, before: Citation | None = None) -> list[Citation]:
    """The citations of a text in the order they stand in; none overlaps another.

    `volume` is the id of the volume that the text stands in: "vol. iv, p. 66" alone is of its set.  `before` is
    the last citation of the note before, which "ibid." may mean.
    """
    reader = _Reader(text, volume, before)
    at = 0
    while anchor := _ANCHOR.search(text, at):
        at = max(reader.read(anchor), anchor.start() + 1)
    return reader.found


def date_before(text: str, end: int) -> Citation | None:
    """The date that the words before a place end with, as a citation of form "paper"; None without one."""
    start = max(0, end - 40)
    for found in _DATES[0].finditer(text, start, end):
        draft = _Draft(text, found.start())
        draft.take_date()
        if draft.dated and end - 2 <= draft.end <= end + 1:
            return draft.made(found.start())
    return None


@dataclass(slots=True)
class _Draft:
    """A citation under construction: `end` moves on as its parts are read off the text."""

    text: str
    end: int
    form: Form = "paper"
    number: str | None = None
    until: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: str | None = None
    relation: Relation | None = None
    corrected: bool = False
    whose: str | None = None
    sender: str | None = None
    recipient: str | None = None
    where: Where | None = None
    volume: str | None = None
    pages: tuple[str, ...] = ()
    mark: str | None = None
    file: str | None = None
    work: str | None = None
    unprinted: bool = False
    several: bool = False  # further Documents may follow
    start: int = 0
    absolute: bool = False  # "yours of the 11th": no noun will come

    def made(self, start: int) -> Citation:
        opened = self.text.count("(", start, self.end) > self.text.count(")", start, self.end)
        if opened and self.text[self.end : self.end + 1] == ")":
            self.end += 1
        said = {name: getattr(self, name) for name in _SAID}
        return Citation(start=start, end=self.end, exact=self.text[start : self.end], **said)

    @property
    def dated(self) -> bool:
        return self.month is not None or self.relation is not None

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match at the end, and move it on."""
        found = pattern.match(self.text, self.end)
        if found:
            self.end = found.end()
        return found

    # -- the parts of a paper

    def take_number(self, free: bool) -> bool:
        """A number; one without its mark ("No.") only if `free`.  Tells whether it was marked."""
        mark = _MARK.match(self.text, self.end)
        if mark is None and not free:
            return False
        at = mark.end() if mark else self.end + (self.text[self.end : self.end + 1] == " ")
        digits = _DIGITS.match(self.text, at)
        if digits is None or (mark is None and _YEAR_ALONE.match(self.text, at)):
            return False
        self.number, self.end = digits["right"] or digits["number"], digits.end()
        self.corrected = self.corrected or bool(digits["right"])
        return mark is not None

    def take_party(self) -> None:
        """Take "from the Chargé in France", "to Embassy Paris", or both."""
        while found := self.take(_TO_FROM):
            if found["way"] == "from":
                self.sender = self.sender or found["party"]
            else:
                self.recipient = self.recipient or found["party"]

    def take_date(self) -> None:
        if self.dated:
            return
        for form in _DATES:
            found = form.match(self.text, self.end)
            if found and self._day(found.groupdict()):
                self.end = found.end()
                self._time()
                return

    def take_another(self, date: _Draft) -> bool:
        """A further date of a list: in full, as a day of the same month ("27th") or an hour of the same day."""
        self.month = self.day = None
        self.take_date()
        if self.month is None and self.relation == "day":
            self.relation, self.month = None, date.month
        if self.month is None:
            self.relation, self.month, self.day, self.year = None, date.month, date.day, date.year
            self._time()
            return self.hour is not None
        return True

    def _day(self, said: dict[str, str | None]) -> bool:
        day, month = said.get("corrected") or said.get("day"), said.get("month")
        if day and not 1 <= int(day) <= 31:
            return False
        self.day = int(day) if day else None
        self.month = _MONTHS.index(month[:3].lower()) + 1 if month else None
        year = said.get("year")
        self.year = int(year) if year else None
        self.corrected = self.corrected or bool(said.get("corrected"))
        if self.month is None:
            self.relation = _relation(said.get("relation") or "day")
        return True

    def _time(self) -> None:
        found = _TIME.match(self.text, self.end)
        hour = _hour(found) if found else None
        if found is None or hour is None:
            return
        self.hour, self.end = hour, found.end()
        self.corrected = self.corrected or bool(found["right"] or found["righthour"])
        if self.year is None and self.month and (year := self.take(_LATE_YEAR)):
            self.year = int(year["year"])

    def take_correction(self) -> None:
        """Take "[2602, October 15]" behind number and date: what should have been said."""
        opening = _CORRECTION.match(self.text, self.end)
        if opening is None:
            return
        right = _Draft(self.text, opening.end())
        right.take_number(free=True)
        right.take_date()
        if right.number and right.month and self.text[right.end : right.end + 1] == "]":
            self.number, self.month, self.day, self.hour = right.number, right.month, right.day, right.hour
            self.corrected, self.end = True, right.end + 1

    # -- where something is printed

    def take_place(self) -> None:
        """Pages, a footnote, a document's number, "ante", "supra": whatever stands there."""
        if beyond := self.take(_WHERE):
            self.where = _where(beyond["where"])
        self.take(_ON)
        self._mark()
        if found := self.take(_PAGES):
            self.pages = tuple(page.strip("[]") for page in _PAGE.findall(found["pages"]))
        elif self.number is None and (document := self.take(_DOCUMENTS)):
            self.number, self.until = document["number"], document["until"]
            self.several = document["several"] is not None
        self._mark()
        if self.where is None and (beyond := _WHERE.match(self.text, self.end)) and self.pages:
            self.where, self.end = _where(beyond["where"]), beyond.end()

    def _mark(self) -> None:
        if self.mark is None and (note := self.take(_FOOTNOTE)):
            self.mark = note["mark"]


_SAID = (
    *(
        "form",
        "number",
        "until",
        "year",
        "month",
        "day",
        "hour",
        "relation",
        "corrected",
        "whose",
        "sender",
        "recipient",
    ),
    *("where", "volume", "pages", "mark", "file", "work", "unprinted"),
)


@dataclass(slots=True)
class _Reader:
    text: str
    volume: str | None
    last: Citation | None
    found: list[Citation] = field(default_factory=list)

    def read(self, anchor: re.Match[str]) -> int:
        """Read what begins at an anchor; its end, or 0 if it cites nothing."""
        method = getattr(self, f"_{anchor.lastgroup}")
        new: list[Citation] = method(anchor.start())
        self.found += new
        for citation in new:
            if citation.volume or citation.pages or citation.work:
                self.last = citation
        return new[-1].end if new else 0

    # -- volumes, pages and works

    def _series(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "foreign-relations")
        return [draft.made(at), *self._further(draft)] if self._take_volume(draft) else []

    def _further(self, first: _Draft) -> Iterator[Citation]:
        """The other Documents of a list, of the same volume."""
        end = first.end
        while first.several and (found := _FURTHER.match(self.text, end)):
            end = found.end()
            draft = _Draft(self.text, end, first.form, found["number"], found["until"], volume=first.volume)
            yield draft.made(found.start("number"))

    def _take_volume(self, draft: _Draft) -> bool:
        """Take "Foreign Relations, 1934, vol. iv, p. 66" or "ibid., …"; False if neither stands there."""
        if ibid := _IBID.match(self.text, draft.end):
            draft.end = ibid.end()
            self._take_ibid(draft)
            return True
        series = _SERIES.match(self.text, draft.end)
        named = volumes.read(self.text, series.end()) if series else None
        if named is None:
            return False
        draft.volume, draft.end = named.volume, named.end
        draft.take_place()
        return True

    def _ibid(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "ibid")
        self._take_volume(draft)
        return [draft.made(at)]

    def _take_ibid(self, draft: _Draft) -> None:
        """What goes on behind "ibid.": another volume of the series, of the set, or a page of the same."""
        last = self.last
        series = last is None or last.volume is not None
        named = volumes.read(self.text, draft.end) if series else None
        if named:
            draft.volume, draft.end = named.volume, named.end
        else:
            draft.volume, draft.work = (last.volume, last.work) if last else (None, None)
            if found := draft.take(_VOLUME):
                draft.volume = volumes.sibling(draft.volume, found["volume"]) if draft.volume else None
                draft.end = max(draft.end, volumes.subject_end(self.text, found.end("volume")))
        draft.take_place()

    def _work(self, at: int) -> list[Citation]:
        found = _WORK.match(self.text, at)
        if found is None or found.lastgroup is None:
            return []
        draft = _Draft(self.text, found.end(), "work", work=_WORKS[int(found.lastgroup[1:])][1])
        draft.take_place()
        return [draft.made(at)]

    def _volume(self, at: int) -> list[Citation]:
        """Read "Vol. iv, p. 66": of this set of volumes, unless the words before it are another work's title."""
        before = self.text[max(0, at - 100) : at]
        draft = _Draft(self.text, at, "foreign-relations")
        found = draft.take(_VOLUME)
        draft.take_place()
        if self.volume and found and _SAME_SET.search(before):
            draft.volume = volumes.sibling(self.volume, found["volume"])
        if draft.volume is None:
            draft.form, draft.work = "work", _title(before)
        return [draft.made(at)]

    def _page(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "page")
        draft.take_place()
        before = self.text[max(0, at - 100) : at]
        if not draft.pages:
            return []
        if draft.where is None and not _own_page(before):
            draft.form, draft.work = "work", _title(before)
        return [draft.made(at)]

    def _where(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "page")
        draft.take_place()
        draft.form = "page" if draft.pages else "neighbour"
        return [draft.made(at)] if draft.where else []

    def _beside(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "neighbour")
        word = draft.take(re.compile(r"(?:the )?(preceding|following) \w+"))
        if word:
            draft.where = "supra" if word[1] == "preceding" else "infra"
        return [draft.made(at)] if word else []

    def _footnote(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "footnote")
        draft.take_place()
        series = re.compile(r",? (?:to )?(?=Foreign Relations)").match(self.text, draft.end)
        if series and draft.mark and not draft.pages:
            draft.end = series.end()
            self._take_volume(draft)
        return [draft.made(at)] if draft.mark else []

    def _document(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "document")
        found = draft.take(_DOCUMENTS)
        end = draft.end
        draft.take_date()
        # "document 12 of March 12" is a paper's own number; the series prints its own with a capital.
        another = re.search(r"[A-Z]\w+ $", self.text[max(0, at - 30) : at])  # "Senate Document No. 59"
        if found is None or draft.dated or not self.text[at].isupper() or (another and another[0] != "See "):
            return []
        draft.number, draft.until, draft.end = found["number"], found["until"], end
        draft.several = found["several"] is not None
        if set_of := _OF_VOLUME.search(self.text, max(0, at - 160), at):
            draft.volume = volumes.sibling(self.volume, set_of["volume"]) if self.volume else None
            draft.form = "foreign-relations"
            if draft.volume is None:
                return []
        return [draft.made(at), *self._further(draft)]

    def _file(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "file")
        found = draft.take(_FILE)
        draft.file = found["file"] if found else None
        return [draft.made(at)] if found else []

    def _unprinted(self, at: int) -> list[Citation]:
        draft = _Draft(self.text, at, "not-printed", unprinted=True)
        return [draft.made(at)] if draft.take(re.compile(r"\w+ \w+")) else []

    # -- papers

    def _paper(self, at: int) -> list[Citation]:
        """A list of papers with what is said of all of them."""
        draft = _Draft(self.text, at, start=at)
        if owner := draft.take(_WHOSE):
            draft.whose, draft.absolute = _whose(owner), owner[0].lower() in ("mine", "yours", "ours")
            draft.take(_SPACE)
        noun = draft.take(_NOUN)
        out: list[Citation] = []
        while item := self._item(at, draft, noun, out):
            out.append(item)
            draft = _Draft(self.text, item.end, whose=draft.whose)
            if not draft.take(_SEPARATOR) or draft.end == item.end:
                break
            at = draft.end
            noun = draft.take(_NOUN) or noun
            if _WHOSE.match(self.text, at):
                break
        return _shared(self._respective(out))

    def _respective(self, items: list[Citation]) -> list[Citation]:
        """Date "Nos. 631 and 34 of April 21 and May 29, 1925": numbers first, then as many dates or hours."""
        first = next((n for n, item in enumerate(items) if not item.dated and item.number), len(items))
        listed = items[first:]
        if len(listed) < 2 or any(item.dated for item in listed[:-1]) or not listed[-1].month:
            return items
        drafts = [_dated_draft(self.text, listed[-1])]
        while len(drafts) < len(listed):
            draft = _Draft(self.text, drafts[-1].end, month=drafts[-1].month, day=drafts[-1].day)
            if not draft.take(_AND) or not draft.take_another(drafts[-1]):
                return items
            drafts.append(draft)
        dates = _year_shared([draft.made(draft.end) for draft in drafts])
        told = [
            replace(item, year=day.year, month=day.month, day=day.day, hour=day.hour, form=_timed(item.form, day.hour))
            for item, day in zip(listed, dates, strict=True)
        ]
        end = drafts[-1].end
        told[-1] = replace(told[-1], end=end, exact=self.text[told[-1].start : end])
        return [*items[:first], *told]

    def _item(self, at: int, draft: _Draft, noun: re.Match[str] | None, before: list[Citation]) -> Citation | None:
        """The paper that the words at the end of the draft cite; None if they cite none."""
        owned = noun is not None or draft.whose is not None
        draft.take_party()
        marked = draft.take_number(free=owned or bool(before) or self.text[draft.end : draft.end + 1].isdigit())
        draft.take_party()
        draft.take_date()
        if draft.number is None:
            draft.take_party()
            marked = draft.dated and draft.take_number(free=False)
        if not self._cites(draft, noun, marked, before):
            return None
        draft.take_correction()
        draft.take_party()
        draft.take_date()
        draft.take_party()
        self._printed(draft)
        draft.form = _timed(_form(noun) if noun else "paper", draft.hour)
        return draft.made(at)

    def _cites(self, draft: _Draft, noun: re.Match[str] | None, marked: bool, before: list[Citation]) -> bool:
        owned = noun is not None or draft.whose is not None
        if draft.number is None:
            # "Your note of the 8th instant", "my March 3, 2 p.m."; and not "his January 3 speech".
            if before:
                return before[-1].number is None and draft.relation not in (None, "today", "yesterday", "day")
            timed = draft.hour is not None and draft.whose is not None
            return draft.dated and (noun is not None or timed or draft.absolute)
        if draft.dated:
            alone = marked and _REFERS.search(self.text, max(0, draft.start - 12), draft.start)
            return owned or bool(before) or bool(alone) or draft.hour is not None
        if before:
            return marked or (before[-1].number is not None and bool(_ENDS.match(self.text, draft.end)))
        return owned and (marked or bool(_ENDS.match(self.text, draft.end)))

    def _printed(self, draft: _Draft) -> None:
        """Where the paper is printed, or that it is not, or its file."""
        if file := draft.take(_FILE):
            draft.file = file["file"]
        at = draft.end
        comma = re.compile(r",? (?:see |printed in )?(?=Foreign Relations\b|[Ii]bid\b)").match(self.text, at)
        if comma:
            draft.end = comma.end()
            if not self._take_volume(draft):
                draft.end = at
            return
        if self.volume and (found := draft.take(_VOLUME_BEHIND)):
            draft.volume = volumes.sibling(self.volume, found["volume"])
        number, draft.number = draft.number, draft.number or ""
        draft.take_place()
        draft.number = number
        if not (draft.where or draft.pages) and draft.take(_UNPRINTED):
            draft.unprinted = True


def _shared(items: Sequence[Citation]) -> list[Citation]:
    """Papers of one list: the date that ends it is theirs too ("Nos. 12 and 13 of March 2"), and so its year."""
    out: list[Citation] = []
    for item in reversed(items):
        after = out[-1] if out else None
        if after and after.number is None and item.relation == "day":
            item = replace(item, relation=after.relation)
        elif after and after.where and not item.dated and not item.pages and item.where is None:
            item = replace(item, where=after.where)
        elif after and after.number and not item.dated and after.dated:
            item = replace(item, year=after.year, month=after.month, day=after.day, relation=after.relation)
        elif after and after.year and after.month and item.month and item.year is None:
            item = replace(item, year=after.year - (item.month > after.month))
        out.append(item)
    return out[::-1]


def _timed(form: Form, hour: str | None) -> Form:
    """Only telegrams are cited by the hour."""
    return "telegram" if form == "paper" and hour else form


def _year_shared(dates: Sequence[Citation]) -> list[Citation]:
    """Dates of which the last tells the year for all."""
    year = dates[-1].year
    return [replace(date, year=date.year or year) for date in dates]


def _dated_draft(text: str, citation: Citation) -> _Draft:
    return _Draft(text, citation.end, year=citation.year, month=citation.month, day=citation.day, hour=citation.hour)


def _form(noun: re.Match[str]) -> Form:
    return next(form for n, (_, form) in enumerate(_NOUNS) if noun[f"f{n}"])


_PRONOUNS = {"mine": "my", "yours": "your", "ours": "our"}


def _whose(owner: re.Match[str]) -> str:
    if pronoun := owner["pronoun"]:
        return _PRONOUNS.get(pronoun.lower(), pronoun.lower())
    office: str | None = owner["office"]
    return office[0].upper() + office[1:] if office else str(owner["name"])


def _where(word: str) -> Where:
    found: dict[str, Where] = {"ante": "ante", "post": "post", "supra": "supra", "infra": "infra"}
    return found[word.lower()]


def _relation(words: str) -> Relation:
    forms: tuple[tuple[str, Relation], ...] = (
        (r"inst|of (?:this|the)", "instant"),
        (r"ult|of last", "ultimo"),
        (r"prox", "proximo"),
        (r"yesterday", "yesterday"),
        (r"day$", "day"),
    )
    return next((name for form, name in forms if re.match(form, words)), "today")


def _hour(found: re.Match[str]) -> str | None:
    """The time of day as "16:00"; an editor's bracket wins."""
    right = re.match(r"(\d{1,2})?\s?([aApP])\.? ?[mM]|(noon|midnight)", found["right"] or "")
    word = (right and right[3]) or found["word"]
    if word and not (right and right[2]):
        return "00:00" if word.endswith("midnight") else "12:00"
    hour = int((right and right[1]) or found["righthour"] or found["hour"] or 12)
    minute = int(found["minute"] or 0)
    half = ((right and right[2]) or found["half"]).lower()
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return f"{hour % 12 + 12 * (half == 'p'):02}:{minute:02}"


def _own_page(before: str) -> bool:
    """Is a page behind these words one of the same volume?  After a date, if a paper of that date is told of."""
    if _DATE_BEFORE.search(before):
        return _INSTRUMENT.search(_title(before)) is not None
    return _OWN_PAGE.search(before) is not None


def _title(before: str) -> str:
    """The words before a page that name its work, as far as they can be told."""
    found = _CLAUSE.search(before)
    return (found["words"] if found else before).strip(" ,:")
