"""The grammar of mentions: running text to the persons, offices, bodies, places, dates and files that it names.  Pure.

    person := [office] [honorific] name | name ", the" office         "Mr. Sato", "V. M. Molotov", "Commissar Molotov"
    office := [state] title ["of" | "for" | "in" | "at" …]            "Japanese Ambassador in Moscow"
    body   := [state] body ["of" …]                                   "Soviet Government", "Board of Trade"
    place  := a name of a state, a city or a region                   "Turkey", "Moscow", "the Balkans"
    date   := day and month, or month and year                        "September 10th", "the 5th instant"
    file   := a number of the Department's files                      "761.94/1440"

That words are a name is told by their form (an honorific or an office before them, initials, a telegram's "For Orth
from Venn:", a name beside them) or by a `Lexicon` of known names.  Readings are tried in the order of how much their
form tells, and words that one has taken, no other takes.  Each expression repeats a bounded number of times, so that
reading takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["person", "office", "organization", "place", "date", "file"]
# What told that words are a name.
Form = Literal[
    "honorific",
    "office-before",
    "initials",
    "forename",
    "signature",
    "addressed",
    "greeted",
    "speaks",
    "coordinate",
    "known-surname",
    "office-words",
    "open-office",
    "government",
    "regime",
    "mission",
    "body-words",
    "place-name",
    "date-words",
    "file-number",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Words that name something: `surface` is what stands from `start` to `end`.

    `name` is a person's name without honorific and office ("Sato"), `title` the honorific ("Mr.").  `role` is the
    office that is printed with it, or the one that the words themselves name ("Japanese Ambassador in Moscow").
    `state` are the words that name the state of a government, a mission or an office ("Japanese"); `seat` the place
    where a mission is.
    """

    kind: Kind
    form: Form
    start: int
    end: int
    surface: str
    name: str | None = None
    title: str | None = None
    role: str | None = None
    state: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The names that are known beforehand.

    `states`, `cities` and `regions` are names of places as printed, `adjectives` those of states; `weak` are names of
    cities that may be something else, and count behind "at" or "in" alone.  `forenames` are first names.  `surnames`
    are those that the documents themselves tell to be persons'; `words` are those that they have in lower case: a
    capital alone makes no name of them.  `longest` has, by the first word of a place's name, how many words the
    longest has.
    """

    states: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    forenames: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    longest: Mapping[str, int] = field(default_factory=dict)


_UPPER = r"A-ZÀ-ÖØ-ÞĆČĐŁŃŘŚŠŻŽ"
# A word with a capital: "Sato", "O’Brien", "Jean-Marie", "McCormick", "Ch’ing"; a possessive is no part of it.
_FIRST_LETTER = rf"(?:(?:Ch|[KPT]|T[sz])[’'‘](?=[a-z]{{2}})|(?:[DLO][’'])?[{_UPPER}])"
_WORD = rf"{_FIRST_LETTER}(?:[^\W\d_]|[’'](?=[{_UPPER}])|-(?=[{_UPPER}]))*[^\W\d_]"
_PARTICLE = (
    r"(?:(?:[Dd]e(?: [Ll][ao]s?)?|[Dd]ell?a?|[Dd]es|[Dd]i|[Dd][aou]s?|[Ll][ae]|[Vv]on(?: der)?|[Vv]an(?: de[rn]?)?"
    r"|[Tt]er|[Zz]u|[Aa]l|[Ee]l) )"
)
_INITIALS = rf"(?:(?:[{_UPPER}]|Ch|Chas|Geo|Wm|Jas|Jno|Thos|Th|WM|GEO|CHAS|JAS|JNO|THOS)\. ?){{1,4}}"
_SUFFIX = r"(?:,? (?:[JjSs]r\.|II|III|2d|3d)(?!\w))?"
_NAME = rf"(?:{_INITIALS}(?:{_WORD} )?|(?:{_WORD} ){{0,2}}(?:{_INITIALS})?){_PARTICLE}?{_WORD}{_SUFFIX}"

# Honorifics, which are no part of a name as editors tag it; and titles that are.
_HONORIFIC = (
    r"(?:Maj\. ?Gen|Brig\. ?Gen|Lt\. ?Col|Lieut\. ?Col|Lieutenant Colonel|Lieutenant Commander|Lieutenant General"
    r"|Mr|Messrs|MM|Mrs|Miss|Mme|Mlle|Madame|Dr|Drs|Doctor|Doctors|Prof|Professor|Professors|Hon|Honorable|Rev"
    r"|Reverend|(?<![A-Z]\. )(?<![A-Z]\.)M(?=\.)|Monsieur|Herr|Frau|Señor|Senor|Señora|Signor|Signore|Don|Dom"
    r"|Captain|Capt|Major|Maj|Lieutenant|Lieut|Lt|Sergeant|Commander|Comdr|Commodore|Judge|Justice|Senator|Congressman"
    r"|Count|Comte|Dott|Mister|Madam|Bishop|Archbishop|Cardinal|Father|Premier|Prince|Princess|King|Queen|Emperor"
    r"|Empress|Field Marshal|Marshal|Col|Gen|Adm|Governor|Councilor|Mayor|Deputy|Chancellor)"
)
_RANK = (
    r"(?:Major General|Brigadier General"
    r"|(?<!Consul )(?<!Consuls )(?<!Receiver )(?<!Attorney )(?<!Postmaster )(?<!Director )(?<!Secretary )General"
    r"|Admiral|Colonel|Sir|Lord|Lady|Viscount|Jonkheer|Marquis|Marqués|Duke|Baron|Dean|Mirza)"
)
# "The Marquis of Salisbury" is a person, and no place.
_NOBLE = r"(?:Marquis|Marquess|Duke|Duchess|Earl|Viscount|Baron|Count|Prince)"
_TITLED = re.compile(
    rf"\b(?:{_HONORIFIC}\b\.? (?:(?!M\. [A-Z]\.){_HONORIFIC}\b\.? )?(?P<name>(?:{_RANK} )?{_NAME})"
    rf"|(?P<ranked>{_RANK} {_NAME}|{_NOBLE} of (?:{_WORD} )?{_WORD}))"
)
_PLURAL = re.compile(r"(?:Messrs|MM|Doctors|Drs|Professors)\b")
_MORE = re.compile(rf"(?:, (?:and )?| and )(?:{_HONORIFIC}\b\.? )?(?P<name>{_NAME})")
_INITIALLED = re.compile(
    rf"(?<![\w.’-])(?P<name>(?P<first>{_WORD} (?:{_WORD} )?)?(?P<initials>{_INITIALS}){_PARTICLE}?(?P<last>{_WORD})"
    rf"(?P<more> {_WORD})?{_SUFFIX})"
)
_NO_INITIALS = frozenset(
    [
        "U.S.",
        "D.C.",
        "A.M.",
        "P.M.",
        "N.Y.",
        "S.S.",
        "M.S.",
        "U.S.S.",
        "U.S.A.",
        "H.M.",
        "H.M.S.",
        "H.B.M.",
        "S.M.",
        "Q.M.C.",
        "A.E.F.",
        "S.O.S.",
        "G.H.Q.",
        "R.T.C.",
        "N.B.",
        "P.S.",
        "A.D.",
        "C.I.F.",
        "F.O.B.",
    ]
)
# A paragraph that is a name: a signature under a letter.
_SIGNED = re.compile(
    rf"(?:^|\n|(?<=[.?!”\])] ))"
    rf"(?P<name>(?:{_WORD} ){{0,2}}(?:{_INITIALS})?{_PARTICLE}?(?:{_WORD} )?{_WORD}{_SUFFIX})(?=(?P<dot>\.?)(?:\n|$))"
)
_BELOW = 2  # lines at most under a signature: an office, an inside address
# What stands above the line of a memorandum that tells its subject or its place.
_LABELLED = re.compile(r"(?:^|\n)(?:SUBJECTS?|REFERENCES?|REF|PLACE|TIME AND PLACE)\n$")
# A signature that an editor completes: "W[alter] L[ippmann]", "[Robert] Lansing", "[Eustace Percy]".
_PART = rf"(?:[{_UPPER}]\[[^\W\d_]{{1,20}}\]|\[{_WORD}\]|[{_UPPER}]|{_WORD})"
_COMPLETED = re.compile(rf"(?:^|\n)(?P<name>(?=[^\n\[]{{0,40}}\[){_PART}(?:\.? {_PART}){{1,3}})(?=\.?(?:\n|$))")
# Titles that stand behind the name and are tagged as part of it: "Tewfik Pasha".
_TITLE_BEHIND = re.compile(rf"(?<![\w’.-])(?P<name>{_WORD}(?: {_WORD})?) (?:Pasha|Pacha|Bey|Effendi|Aga)\b")
# Whom a letter greets, and whom a telegram is for or from: "Dear Gordon:", "For Harrison and Bell from Orth:".
_GREETED = re.compile(rf"\b[Dd]ear (?P<name>{_WORD}|(?:[{_UPPER}]\. ?){{2,4}})(?=[:,])")
_OPENING = re.compile(r"(?:^|(?<=[.?!\]] )|(?<=[\n\[]))(?:For|From) (?P<whom>[^:.\n\[\]]{2,80})[:.\]]")
_WHOM = re.compile(rf"(?:^|(?<= )(?:for|from|to|and|From|For) )(?P<name>{_NAME})(?= (?:for|from|to|and) |,|$)")
_HEAD = 300  # characters of a telegram within which it says so
# Who speaks to the writer is a person: "Orth tells me".
_TELLS = re.compile(
    rf"(?<![\w’.-])(?P<name>{_WORD}) (?:tells|told|informs|informed|assures|assured|asks|asked|advises|advised) "
    r"(?:me|us|him|them)\b"
)
_NEXT = re.compile(
    rf"(?:, (?:and )?| and )(?!(?:{_HONORIFIC}|{_RANK})\b)"
    rf"(?P<name>(?:{_WORD} |{_INITIALS}){{0,2}}{_PARTICLE}?{_WORD})(?![\w-])"
)
_BETWEEN = re.compile(rf"(?:, (?:and )?| and )(?:{_HONORIFIC}\b\.? )?")
_BEFORE_NAME = re.compile(rf"(?<![\w’.-])(?P<name>{_WORD})(?:,? and )$")
_FULL = re.compile(
    rf"(?<![\w’.-])(?P<name>(?P<first>{_WORD}) (?:{_INITIALS}|(?:{_WORD} )(?={_PARTICLE}?[{_UPPER}]))?"
    rf"{_PARTICLE}?{_WORD}{_SUFFIX})"
)
_SHIP = re.compile(
    r"\b(?:[Ss]teamer|[Ss]teamship|[Ss]chooner|[Bb]rig|[Bb]ark|[Bb]arque|[Ss]hip|[Vv]essel|[Cc]ruiser|[Gg]unboat"
    r"|[Ff]rigate|[Cc]orvette|[Ss]loop|[Yy]acht|[Tt]ransport|S\. ?S\.|M\. ?S\.|U\. ?S\. ?S\.|H\. ?M\. ?S\.)s?"
    rf" (?!(?:Captain|Company|Line|Mr)\b)“?(?P<name>(?:{_INITIALS})?{_WORD}(?: (?!Captain\b|Company\b){_WORD})?)"
)
_PLACE = re.compile(
    rf"(?:(?:{_WORD}|U\. ?S\.(?: ?S\. ?R\.| ?A\.)?|USSR)(?: of)?(?: and)?(?: the)?(?: de)?[ -]?){{1,4}}"
)
_AT_PLACE = re.compile(r"\b(?:at|in|near|via) $")
_TWO = re.compile(rf"{_WORD} {_WORD}")
_CAPITAL = re.compile(rf"(?<![\w’'-])(?:{_PARTICLE}(?={_WORD}))?(?P<word>{_WORD}|U\. ?S\.(?: ?S\. ?R\.| ?A\.)?|USSR)")

_MONTHS = (
    "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug "
    "Sept Sep Oct Nov Dec"
)
_COMPASS = re.compile(r"(?:North|South)(?:west|east)")
# Before these a name is no person's, but a place's: "Saint Lawrence".
_PLACED_BEFORE = re.compile(r"\b(?:Saint|Sainte|St\.|Ste\.|San|Santa|Fort|Mount|Mt\.|Cape|Lake|Port|Camp) $")
_SAINT_BEFORE = re.compile(r"\b(?:Saint|St\.) $")
# A name between quotation marks is a ship's or a paper's: “Alabama”, the “Alabama claims”.
_QUOTED_NAME = re.compile(r"[,.]?”| [Cc]laims\b")
# A firm: "Messrs. Baring Brothers & Co.".
_FIRM = re.compile(r"(?:,? (?:&|and) (?:Co\b\.?|Company\b|Sons?\b))")
_WORD_BEFORE = re.compile(rf"(?<![\w’'.-])(?P<word>{_WORD}) $")
_WORD_BEHIND = re.compile(rf" (?P<word>{_WORD})")
# Behind the first part of a name: "Hung-chang", "Ch’ing".
_GOES_ON = re.compile(r"-[a-zà-ÿ]|[’'‘][a-zà-ÿ]{2}")
_HOUSE = re.compile(r" (?:&|University|College|School|Hall|Street|Avenue|Company|Bank|v\.)(?!\w)")
_CAPITAL_BEFORE = re.compile(rf"{_WORD} $")
_ROMAN = re.compile(r"[IVXLC]+")
# Words that begin or end no person's name.
STOP = frozenset(
    (
        f"{_MONTHS} "
        "The This That These Those An And Or But If In On At To For From Of By With As It Its He His She Her We Our "
        "My You Your They Their Who What When Where Which While Will Would Shall Should Can Could Do Does Did Is "
        "Are Was Were Be Been Has Have Had Not No Yes Now Then There Here Please Following Referring Regarding "
        "Accord Accords Amendment Doctrine Initiative "
        "Department Embassy Legation Consulate Government Ministry Commission Committee Board Council Conference "
        "Congress Senate Treaty Convention Agreement Protocol Article Section Paragraph Note Telegram Despatch "
        "Dispatch Circular Affairs Secretary Minister Ambassador Consul President Chargé Charge Under Acting "
        "Assistant State Foreign War Navy Treasury Office American British French German Italian Monday Tuesday "
        "Wednesday Thursday Friday Saturday Sunday Company Bank Association League Society Union United States "
        "Street Avenue Hotel Islands Island River Railway Railroad University College School Excellency Majesty "
        "Highness Dear City Port Bay Cape Gulf Sea Act Law Bill Fund Plan Service Bureau Administration Corporation "
        "Mission Party Press Times Herald Tribune Post Square Court Church Chairman Food Shipping Trade Peace "
        "Allied Allies Confidential Strictly Personal Secret Urgent Staff Assembly Manager Attaché Commissioner "
        "Commissioners Representative Delegate Delegation Delegates Director Inter-Allied Chief Legal Adviser "
        "Counselor Consular Supreme Economic National International Imperial Royal Mr Mrs Dr Messrs General Admiral "
        "Colonel Captain Major Premier Emperor King Queen Order Headquarters Army Sir Lord Powers Power Republic "
        "Kingdom Empire Page Commerce Finance Interior Exhibit Enclosure Annex Inclosure Co Cos Ltd Inc Sons Bros "
        "Corp Counsellor Attorney Solicitor One Two Doctrine Miss Madame Signed Subparagraph Professor Senator "
        "Judge Bulletin Journal Review Archives Papers Monsieur Messieurs Gentlemen Title Volume Staffs Officer "
        "Receiver High Treasurer Research Division Custodian Remarks Letter Such Orders Instruction Instructions "
        "Summary Secretariat Declaration Series Number Vol Governor Mayor Envoy Archipelago Peninsula Province "
        "Mountains Valley Lake Sound Strait Straits Resolution Ocean North Northern Southern Eastern Western Latitude "
        "Ministre Comte Cte Duc Maréchal Marechal République Guerre Étrangères Affaires Sirs "
        "Col Gen Lieut Lt Capt Maj Adm Comdr Brig Hon Rev Prof Esq"
    ).split()
)
_MATTER = (
    r"(?:the )?(?:Foreign (?:Affairs|Relations)|War|State|Finance|Marine|Interior|Treasury|Navy|Army|Colonies|Hacienda"
    r"|Commerce(?: and Industry)?|Labor|Justice|Agriculture|Public (?:Works|Instruction|Information)|Posts|Railways"
    r"|Communications|Industry|Blockade|Munitions|Shipping|Education|Health|Food|Transport)"
)
_TITLE = re.compile(
    r"\b(?:(?:Under|Assistant|First|Second|Third|Acting|Deputy|Vice)[ -]){0,2}"
    rf"(?:Secretary of State(?: for {_MATTER})?|(?:Secretary|Minister) (?:of|for) {_MATTER}"
    rf"|(?:People[’']s )?Commissar (?:of|for) {_MATTER}|(?:Foreign|Prime|Finance|War) (?:Minister|Secretary|Commissar)"
    r"|Ambassador|Envoy Extraordinary and Minister Plenipotentiary|Minister(?: Resident| Plenipotentiary)?"
    r"|Charg[ée](?: d[’']Affaires)?(?: ad interim)?|Consul(?:[ -]General)?|Secretary|President|Premier|Counsell?or"
    r"|(?:Military|Naval|Commercial) Attach[ée]|High Commissioner|Chancellor|Governor|Emperor|King|Sultan|Shah|Kaiser"
    r"|Czar|Tsar)(?![\w’'-]*\w)(?! General\b)",
)
# Titles that name one office where nothing says of which state.
_SPECIFIC = re.compile(r" (?:of|for) (?!Embassy|Legation)")
_LED = re.compile(rf"(?<![\w’-])(?P<words>(?:(?:{_WORD}|U\. ?S\.)[ -]){{1,3}})$")
_ARTICLE = re.compile(r"\b[Tt]he $|[A-Z][^\W\d_]+ $")
_THE = re.compile(r"\b[Tt]he $")
_BEHIND = re.compile(rf" (?:in|at|to|of|for) (?:the )?(?P<where>{_WORD}(?: {_WORD}){{0,3}})")
_THEN = re.compile(rf"(?:(?P<plain> )|(?P<comma>, )| \()(?P<title>{_HONORIFIC}\b\.? )?(?P<name>(?:{_RANK} )?{_NAME})")
_THE_OFFICE = re.compile(r",? (?:the )?$")

_GOVERNMENT = re.compile(r"\bGovernments?\b")
_REGIME = re.compile(r"\b(?:Hitlerite|Nazi|Fascist|Bolshevik|Bolshevist|Czarist|Tsarist) ")
_MISSION = re.compile(r"\b(?:Embassy|Legation|Consulate(?:[ -]General)?)\b")
_OF = re.compile(rf" of (?:the )?(?P<where>(?:{_WORD}|U\. ?S\.)(?:(?: of)?(?: the)? {_WORD}){{0,3}})")
_AT = re.compile(rf" (?:at|in) (?P<where>{_WORD}(?: {_WORD}){{0,2}})")
_AND_ADJECTIVE = re.compile(rf"(?<![\w’-])(?P<words>{_WORD}(?: {_WORD})?) and $")
_BODY = (
    r"(?:Department|Ministry|Office|Admiralty|Treasury|Board|Committee|Commission|Council|Conference|Congress|Senate"
    r"|Parliament|Chamber|League|Association|Society|Union|Federation|Bureau|Administration|Corporation|Company|Bank"
    r"|Institute|University|Academy|Tribunal|Court|Cross|Reichstag|Duma|Assembly|Delegation|Cabinet|Party|Army|Fleet"
    r"|Times|Herald|Tribune|Post|House of (?:Representatives|Commons|Lords)|Railway|Line)"
)
_NAMED_BODY = re.compile(
    rf"(?<![\w’-])(?P<before>(?:(?!{_BODY} (?:of|for|on|and) ){_WORD}(?: (?:&|and|of|for|de))?[ -]){{0,5}})"
    rf"(?P<head>{_BODY})(?![\w’'-]*\w)"
    rf"(?P<behind>(?: (?:of|on|for|to) (?:the )?{_WORD}(?:(?:,? and)? (?!{_BODY}){_WORD}){{0,3}})?)"
)
# Heads of bodies that name one without more words, and those that need more than a matter behind them.
_NAMES = frozenset(
    (
        *("Admiralty", "Senate", "Congress", "Reichstag", "Duma", "Parliament"),
        *("House of Representatives", "House of Commons", "House of Lords"),
    )
)
_PLAIN_BODY = frozenset(["Times", "Herald", "Tribune", "Post", "Line", "Cross", "Party", "Army", "Fleet"])
_FIRST = re.compile(r"(?P<word>[^ -]+) (?:(?:and|of|for|de|&) )?")
_LEADING = re.compile(
    r"^(?:(?:The|This|That|These|Our|Your|His|Their|In|On|At|To|For|From|By|With|And|But|If|As|When|While|Each|Any|No"
    r"|Under|Such|Both|All|Another|After|Before|Since|Mr|Dr|(?:President|Chairman|Secretary|Members?|Director|Head) of"
    r"|of|for|de|and|&)[ -])+"
)

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|Apr\."
    r"|Aug\.|Sept\.|Sep\.|Oct\.|Nov\.|Dec\.)"
)
_TH = r"(?:st|nd|rd|th|d)?"
# Behind the day and behind the year an editor's correction; a day without year may be the last or the next of its name.
_YEAR = (
    r"(?:,?(?: A\. ?D\.)? \d{4}(?!\d)(?: \[\d{4}\])?| (?:last|next)\b(?! [a-z]+(?:day|ing|er)\b)"
    r"(?! (?:year|week|month|night|spring|fall)\b)| of (?:last|this|the present|next) year\b)?"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH} \d{{1,2}}{_TH}(?![\d:]|,\d{{3}})(?: \[\d{{1,2}}\])?{_YEAR}"
    rf"|\d{{1,2}}{_TH} (?:day )?(?:of )?{_MONTH}{_YEAR}"
    rf"|{_MONTH},? \d{{4}}(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|d)? (?:inst|ult|prox)(?:\.|ant\b|imo\b))"
)
_FILE = re.compile(
    r"(?<![\w.])\d{3}[a-z]?\.[\dA-Za-z]{1,12}(?: [A-Z][\w. ]{0,30})?/(?:\d+(?:[–-]\d+)?(?: ?[½¼¾⅓⅔⅛⅜⅝⅞])?|—)(?![\w/])"
)


def find(text: str, lexicon: Lexicon) -> list[Found]:
    """What a text names, in reading order; no two overlap, but for states that share a word ("Governments")."""
    return _Reader(text, lexicon).read()


class _Reader:
    """Reads one text, one kind of words after the other."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.taken = bytearray(len(text))
        self.foot = len(text)  # where the last lines begin, under which no more than an office or an address stands
        for _ in range(_BELOW + 1):
            self.foot = max(0, text.rfind("\n", 0, self.foot))
        self.out: list[Found] = []

    def read(self) -> list[Found]:
        self._ships()
        for reading in (
            self._dates,
            self._files,
            self._governments,
            self._missions,
            self._offices,
            self._signed,
            self._titled,
            self._bodies,
            self._initialled,
            self._greeted,
            self._addressed,
            self._speaking,
            self._full,
            self._single,
            self._coordinate,
        ):
            for found in reading():
                self._take(found)
        return sorted(self.out, key=lambda found: (found.start, found.end, found.state or ""))

    def _take(self, *found: Found) -> bool:
        """Take words that are free."""
        first = found[0]
        if first.start >= first.end or any(self.taken[first.start : first.end]):
            return False
        self.taken[first.start : first.end] = b"\1" * (first.end - first.start)
        self.out += found
        return True

    def _found(self, kind: Kind, form: Form, start: int, end: int, **more: str | None) -> Found:
        return Found(kind=kind, form=form, start=start, end=end, surface=self.text[start:end], **more)

    def _ships(self) -> None:
        """What a word for a ship names is neither a person nor a place."""
        for match in _SHIP.finditer(self.text):
            self.taken[match.start("name") : match.end("name")] = b"\1" * (match.end("name") - match.start("name"))

    # -- dates and files

    def _dates(self) -> Iterator[Found]:
        for match in _DATE.finditer(self.text):
            yield self._found("date", "date-words", *match.span())

    def _files(self) -> Iterator[Found]:
        for match in _FILE.finditer(self.text):
            yield self._found("file", "file-number", *match.span())

    # -- governments and missions

    def _led(self, end: int, *, adjectives: bool = True) -> tuple[int, str] | None:
        """Where the words before `end` begin that name a state, and those words."""
        led = _LED.search(self.text, max(0, end - 60), end)
        if led is None:
            return None
        words = led["words"].rstrip(" -")
        for at in (0, *(found.end() for found in re.finditer(" ", words))):  # no part of "Franco-British"
            name = words[at:]
            if name in self.lexicon.states or (adjectives and name in self.lexicon.adjectives):
                return led.start() + at, name
        return None

    def _state_in(self, words: str) -> str | None:
        """The longest name of a state with which the words begin."""
        parts = words.split(" ")
        names = (" ".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((name for name in names if name in self.lexicon.states), None)

    def _governments(self) -> Iterator[Found]:
        for match in _GOVERNMENT.finditer(self.text):
            start, end = match.span()
            if led := self._led(start):
                other = _AND_ADJECTIVE.search(self.text, max(0, led[0] - 40), led[0]) if match[0][-1] == "s" else None
                if other and (first := self._led(other.end("words") + 1)):
                    self._take(
                        self._found("organization", "government", first[0], end, state=first[1]),
                        self._found("organization", "government", first[0], end, state=led[1]),
                    )
                else:
                    yield self._found("organization", "government", led[0], end, state=led[1])
            elif (behind := _OF.match(self.text, end)) and (state := self._state_in(behind["where"])):
                yield self._found("organization", "government", start, behind.start("where") + len(state), state=state)
        for match in _REGIME.finditer(self.text):
            where = _CAPITAL.match(self.text, match.end())
            if where and where["word"] in self.lexicon.states:
                yield self._found("organization", "regime", match.start(), where.end(), state=where["word"])

    def _missions(self) -> Iterator[Found]:
        for match in _MISSION.finditer(self.text):
            start, end = match.span()
            state = seat = None
            if led := self._led(start):
                start, state = led
            elif (behind := _OF.match(self.text, end)) and (state := self._state_in(behind["where"])):
                end = behind.start("where") + len(state)
            if (at := _AT.match(self.text, end)) and (seat := self._place_in(at["where"])):
                end = at.start("where") + len(seat)
            if state or seat:
                yield self._found("organization", "mission", start, end, state=state, seat=seat)

    def _is_place(self, name: str) -> bool:
        known = self.lexicon
        return name in known.states or name in known.cities or name in known.weak or name in known.regions

    def _place_in(self, words: str) -> str | None:
        """The longest name of a place with which the words begin."""
        known = self.lexicon
        parts = words.split(" ")
        for count in range(min(len(parts), known.longest.get(parts[0], 0)), 0, -1):
            name = " ".join(parts[:count])
            if self._is_place(name):
                return name
        return None

    # -- offices, alone and with a name

    def _offices(self) -> Iterator[Found]:
        for match in _TITLE.finditer(self.text):
            start, end = match.span()
            state = None
            if led := self._led(start):
                start, state = led
            if behind := _BEHIND.match(self.text, end):
                where = self._place_in(behind["where"])
                if where and not (match[0] == "President" and behind.group().startswith(" at")):
                    end = behind.start("where") + len(where)
                    state = state or (where if where in self.lexicon.states else None)
            named = self._named(end)
            if named and named.name:
                yield replace(named, role=self.text[start:end], state=state)
                self.taken[start:end] = b"\1" * (end - start)
            elif (start, end) != match.span() or _SPECIFIC.search(match[0]):
                yield self._found("office", "office-words", start, end, role=self.text[start:end], state=state)
            elif _THE.search(self.text, max(0, start - 5), start):
                yield self._found("office", "open-office", start, end, role=self.text[start:end])

    def _named(self, end: int) -> Found | None:
        """The name behind an office: "Ambassador Sharp", "the Ambassador, Mr. Sharp", "the Ambassador (Sharp)"."""
        then = _THEN.match(self.text, end)
        if then is None:
            return None
        found = self._person("office-before", then.start("name"), then.end("name"))
        if found is None or found.name is None:
            return None
        first = found.name.split(" ")[0]
        if then["plain"] and not then["title"]:
            known = self.lexicon
            place = first in known.states or first in known.cities or first in known.regions
            return None if (place or first in known.adjectives) and first not in known.surnames else found
        if then["comma"] and not then["title"]:
            sure = re.match(_INITIALS, found.name) or (first in self.lexicon.forenames and " " in found.name)
            return found if sure else None
        return found

    # -- bodies

    def _bodies(self) -> Iterator[Found]:
        for match in _NAMED_BODY.finditer(self.text):
            before = match["before"]
            lead = _LEADING.match(before)
            at = lead.end() if lead else 0
            while (word := _FIRST.match(before, at)) and word["word"] in self.lexicon.surnames:
                at = word.end()  # "Polk and War Trade Board"
            start, end = match.start() + at, match.end()
            alone = not before[at:] and (match["head"] in _PLAIN_BODY or not match["behind"])
            if not (alone and match["head"] not in _NAMES) and not self._is_place(self.text[start:end]):
                yield self._found("organization", "body-words", start, end)

    # -- persons

    def _person(self, form: Form, start: int, end: int) -> Found | None:
        """The person of a name, without words at its end that are none of it."""
        words = self.text[start:end].split(" ")
        kept: list[str] = []
        for word in words:
            bare = word.strip(".,")
            initials = bool(kept) and all(word.endswith(".") for word in kept)  # "C. D. B. King"
            if (
                bare in STOP
                and not initials
                and not (kept and bare in self.lexicon.surnames)
                and not (not kept and re.fullmatch(rf"{_RANK}|{_NOBLE}", bare))
            ):
                break
            if kept and bare in self.lexicon.adjectives and bare not in self.lexicon.surnames:
                break
            kept.append(word)
        name = " ".join(kept).rstrip(",")
        bare_name = re.sub(rf"^(?:{_NOBLE} of|{_RANK}) ", "", name)
        if not re.search(rf"{_WORD}{_SUFFIX}$", bare_name) or bare_name in STOP or _ROMAN.fullmatch(bare_name):
            return None
        if re.fullmatch(rf"(?:{_INITIALS})?{_PARTICLE}", f"{bare_name} "):
            return None
        return self._found("person", form, start, start + len(name), name=bare_name)

    def _titled(self) -> Iterator[Found]:
        for match in _TITLE_BEHIND.finditer(self.text):
            if not STOP.intersection(match["name"].split(" ")):
                yield self._found("person", "honorific", *match.span(), name=match["name"])
        for match in _TITLED.finditer(self.text):
            group = "name" if match["name"] else "ranked"
            found = self._person("honorific", match.start(group), match.end(group))
            if found is None or found.name is None:
                continue
            before = _WORD_BEFORE.search(self.text, max(0, match.start() - 25), match.start())
            if match[0].startswith("M. ") and before and before["word"] not in STOP:
                continue  # "Clarence M. Woolley"
            if match[0].startswith("General ") and found.name.casefold() in self.lexicon.words:
                continue  # "General Policies"
            if firm := self._firm(found):
                yield firm
                continue
            found = replace(found, title=self.text[match.start() : match.start(group)].strip() or None)
            yield found
            if _PLURAL.match(match[0]):
                yield from self._joined(found.end)

    def _joined(self, end: int) -> Iterator[Found]:
        """The names that go on behind a plural's first: "Messrs. Orth, Venn and Harrow"."""
        while more := _MORE.match(self.text, end):
            found = self._person("honorific", more.start("name"), more.end("name"))
            if found is None:
                return
            yield found
            end = found.end

    def _firm(self, found: Found) -> Found | None:
        """The firm that the name of persons begins, or is: "Messrs. Baring Brothers & Co."."""
        more = _FIRM.match(self.text, found.end)
        if more is None and not (found.name or "").endswith((" Brothers", " Bros")):
            return None
        return self._found("organization", "body-words", found.start, more.end() if more else found.end)

    def _initialled(self) -> Iterator[Found]:
        """Initials before a surname; one initial may number a paragraph instead."""
        at = 0
        while match := _INITIALLED.search(self.text, at):
            start, at = match.start("name"), match.end("last")
            if match["initials"].replace(" ", "") in _NO_INITIALS:
                continue
            words = (match["first"] or "").split()
            while words and (words[0] in STOP or (len(words) > 1 and words[0] not in self.lexicon.forenames)):
                start += len(words.pop(0)) + 1
            if len(words) == 1 and match["initials"].count(".") > 1 and words[0] not in self.lexicon.forenames:
                start += len(words.pop()) + 1  # "61 Broadway A. A. Young"
            alone = not words and match["initials"].count(".") == 1
            if alone and (match["last"].casefold() in self.lexicon.words or _COMPASS.fullmatch(match["last"])):
                continue
            known = self.lexicon
            more = match["more"] and (match["last"] in known.forenames or match["more"].strip() in known.surnames)
            found = self._person("initials", start, match.end("name") if more else match.end("last"))
            if found:
                yield found

    def _signed(self) -> Iterator[Found]:
        """A name that is a paragraph, or ends one behind its last sentence: of known names, or of two words that are
        no others."""
        known = self.lexicon
        for match in _COMPLETED.finditer(self.text):
            name = re.sub(r"[\[\]]", "", match["name"])
            if re.search(rf"(?:^| ){_WORD}$", name) and not STOP.intersection(re.findall(_WORD, name)):
                yield self._found("person", "signature", *match.span("name"), name=name)
        for match in _SIGNED.finditer(self.text):
            name = match["name"]
            words = re.sub(_SUFFIX + "$", "", name).split(" ")
            if any(word in known.states or word in known.regions or word in known.adjectives for word in words):
                continue
            if re.search(r"’[sS] ", name):  # "FREEDONIA’S OUTLOOK"
                continue
            plain = [word.strip(".").capitalize() if word.isupper() else word.strip(".") for word in words]
            if name in known.surnames or words[-1] in known.surnames:
                sure = len(words) == 1 or (not STOP.intersection(plain[:-1]) and self._is_given(words, match))
            else:
                own = self.text[match.start() : match.start("name")] == "\n" and 2 <= len(words) <= 4
                sure = own and not match["dot"] and self._at_foot(match)
                sure = sure and not any(one in STOP or one.casefold() in known.words for one in plain)
                sure = sure and not any(one in known.adjectives or self._place_in(one) for one in plain)
            if _LABELLED.search(self.text, max(0, match.start() - 20), match.start() + 1):
                continue
            behind_initial = re.search(r"\b[A-Z]\. $", self.text[max(0, match.start("name") - 4) : match.start("name")])
            if sure and not behind_initial and not self._are_two(words):
                yield self._found("person", "signature", match.start("name"), match.end("name"), name=name)

    def _is_given(self, words: Sequence[str], match: re.Match[str]) -> bool:
        """Does a known surname follow given names or initials?  "White House" is a heading unless it signs."""
        given = any(word.capitalize() in self.lexicon.forenames or word.endswith(".") for word in words[:-1])
        return given or " ".join(words) in self.lexicon.surnames or self._at_foot(match)

    def _at_foot(self, match: re.Match[str]) -> bool:
        """Do the words stand where a signature does: below the words that close a letter, or above the end?"""
        above = self.text[max(0, match.start() - 2) : match.start()].rstrip()
        return above.endswith(",") or match.end() > self.foot

    def _are_two(self, words: Sequence[str]) -> bool:
        """Are these the names of two who sign?  "Nelson Page" is one who has a surname for his second name."""
        known = self.lexicon
        named = sum(word.strip(".,") in known.surnames for word in words)
        one = len(words) == 2 or words[0].strip(".") in known.forenames or " ".join(words) in known.surnames
        return named > 1 and not one

    def _is_strange(self, name: str) -> bool:
        """Words that are neither of a place, a people or a body, nor common ones."""
        known = self.lexicon
        return not any(
            bare in STOP
            or bare in known.adjectives
            or bare.removesuffix("s") in known.adjectives
            or bare.casefold() in known.words
            or self._place_in(bare)
            for bare in (word.strip(".,") for word in name.split(" "))
            if bare not in known.surnames
        )

    def _greeted(self) -> Iterator[Found]:
        for match in _GREETED.finditer(self.text):
            if match["name"] not in STOP and not re.fullmatch(rf"{_HONORIFIC}|{_RANK}", match["name"]):
                yield self._found("person", "greeted", *match.span("name"), name=match["name"])

    def _addressed(self) -> Iterator[Found]:
        for opening in _OPENING.finditer(self.text, 0, _HEAD):
            for match in _WHOM.finditer(opening["whom"]):
                start, end = (opening.start("whom") + at for at in match.span("name"))
                if self._is_strange(match["name"]):
                    yield self._found("person", "addressed", start, end, name=match["name"])

    def _speaking(self) -> Iterator[Found]:
        for match in _TELLS.finditer(self.text):
            if self._is_strange(match["name"]) and not _ARTICLE.search(
                self.text, max(0, match.start() - 5), match.start()
            ):
                start = self._with_forename(match.start("name"))
                name = self.text[start : match.end("name")]
                yield self._found("person", "speaks", start, match.end("name"), name=name)

    def _coordinate(self) -> Iterator[Found]:
        """A name that stands beside a person's: "Orth and Venn", "Harrow, Orth and Venn"."""
        people = sorted((found for found in self.out if found.kind == "person"), key=lambda found: found.start)
        begins = {found.start for found in people}
        for person in people:
            before = _BEFORE_NAME.search(self.text, max(0, person.start - 30), person.start)
            if before and self._is_strange(before["name"]):
                yield self._found("person", "coordinate", *before.span("name"), name=before["name"])
            match = _NEXT.match(self.text, person.end)
            if match is None or not self._is_strange(match["name"]):
                continue
            then = _BETWEEN.match(self.text, match.end())
            if " and " in match[0][:6] or (then and then.end() in begins):
                yield self._found("person", "coordinate", *match.span("name"), name=match["name"])

    def _full(self) -> Iterator[Found]:
        at = 0
        while match := _FULL.search(self.text, at):
            first = match["first"]
            at = match.end("first")
            if first in self.lexicon.forenames and first not in STOP and not self._is_place(match["name"]):
                found = self._person("forename", match.start("name"), match.end("name"))
                if found and found.name and " " in found.name and not self._is_land(found.name.split(" ")[-1]):
                    at = found.end
                    if _THE.search(self.text, max(0, found.start - 5), found.start):  # a ship of a person's name
                        self.taken[found.start : found.end] = b"\1" * (found.end - found.start)
                    else:
                        yield found

    def _is_land(self, word: str) -> bool:
        known = self.lexicon
        return word in known.adjectives or (
            (word in known.states or word in known.regions) and word not in known.surnames
        )

    # -- single words

    def _single(self) -> Iterator[Found]:
        known = self.lexicon
        for match in _CAPITAL.finditer(self.text):
            start, end = match.span()
            at, word = match.start("word"), match["word"]
            if self.taken[at]:
                continue
            if long := self._long_surname(at):
                yield long
                continue
            name = self.text[start:end]
            if (name in known.surnames or word in known.surnames) and self._is_bare_name(start, end, word):
                start = start if name in known.surnames else self._with_forename(at)
                yield self._found("person", "known-surname", start, end, name=self.text[start:end])
                continue
            if place := self._placed(at):
                yield place

    def _long_surname(self, start: int) -> Found | None:
        """A known surname of two words: "Lloyd George"."""
        two = _TWO.match(self.text, start)
        if two and two[0] in self.lexicon.surnames:
            return self._found("person", "known-surname", *two.span(), name=two[0])
        return None

    def _is_bare_name(self, start: int, end: int, word: str) -> bool:
        known = self.lexicon
        if self.text[max(0, start - 4) : start] in ("the ", "The ") or _HOUSE.match(self.text, end):
            return False  # a ship, a plan, a house
        if _PLACED_BEFORE.search(self.text, max(0, start - 8), start):
            return False
        if _GOES_ON.match(self.text, end) or self._is_of_longer(start, end):
            return False
        if word in STOP or word in known.adjectives or (self._is_place(word) and word not in known.weak):
            return False
        if word.casefold() in known.words:
            if _CAPITAL_BEFORE.search(self.text, max(0, start - 25), start) or self._leads_capital(end):
                return False  # "Lancaster House", "White Russia"
            before = self.text[max(0, start - 5) : start]
            behind = self.text[end : end + 4]
            return not (before.endswith(("the ", "The ", "this ", " of ")) or behind.startswith(" of ")) and not (
                start == 0 or before.rstrip().endswith((".", "\n", "“", ":"))
            )
        return True

    def _is_of_longer(self, start: int, end: int) -> bool:
        """Is it a word of a longer name that nobody knows: "San Pedro", "Hu Lan Cheng", "El Paso"?"""
        name = self.text[start:end]
        leads = self._leads_capital(end) and not _TITLE.match(self.text, end + 1)
        if leads or (" " in name and name not in self.lexicon.surnames and self._is_place(name)):
            return True
        before = _WORD_BEFORE.search(self.text, max(0, start - 25), start)
        return (
            before is not None
            and self._is_strange(before["word"])
            and self._with_forename(start) == start
            and before["word"] not in self.lexicon.forenames | self.lexicon.surnames
        )

    def _with_forename(self, start: int) -> int:
        """Where a name begins whose surname is known: "Denys Cochin", though the registers know no Denys."""
        before = _WORD_BEFORE.search(self.text, max(0, start - 25), start)
        if before is None or before["word"] in self.lexicon.surnames or not self._is_strange(before["word"]):
            return start
        free = not any(self.taken[before.start() : before.end()])
        return before.start() if free else start

    def _leads_capital(self, end: int) -> bool:
        """Does a word with a capital follow that is no surname?"""
        behind = _WORD_BEHIND.match(self.text, end)
        return behind is not None and behind["word"] not in self.lexicon.surnames

    def _placed(self, start: int) -> Found | None:
        """The place that the words from `start` name, the longest first."""
        known = self.lexicon
        words = _PLACE.match(self.text, start)
        name = self._place_in(words[0].rstrip(" -")) if words else None
        if name is None or any(self.taken[start : start + len(name)]):
            return None
        if _GOES_ON.match(self.text, start + len(name)) and name not in known.states:  # "Kan-su"
            return None
        if self.text[max(0, start - 10) : start] == "States of ":  # "United States of America" is taken before
            return None
        if self.text[max(0, start - 1) : start] == "“" and _QUOTED_NAME.match(self.text, start + len(name)):
            return None
        saint = _SAINT_BEFORE.search(self.text, max(0, start - 7), start)
        begin = saint.start() if saint and not self.taken[saint.start()] else start
        found = self._found("place", "place-name", begin, start + len(name), name=self.text[begin : start + len(name)])
        if name in known.states or name in known.regions:
            return found
        if _AT_PLACE.search(self.text, max(0, start - 8), start):
            return found
        return found if name in known.cities and name.casefold() not in known.words else None
