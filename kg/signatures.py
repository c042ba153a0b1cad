"""The grammar of signatures and inside addresses: who signs, for whom, and whom a letter addresses.  Pure.

For the Secretary of State:      behalf "Secretary of State"
Sumner Welles                    name "Sumner Welles"
Under Secretary of State         role "Under Secretary of State"

Hon. William H. Seward, Secretary of State, &c.     name "William H. Seward", role "Secretary of State"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from kg import datelines, dates
from kg.document import Anchor, Party, Signature
from kg.prose import collapsed

_BEHALF = re.compile(
    r"(?:^|(?<=[.,;:] ))[(\[]*(?:For|By (?:direction|command|authority|order) of|Representing|[Oo]n behalf of"
    r"|[Ii]n behalf of|In the absence of)\]?\s+(?:the )?(?P<office>[^:;.]{3,90}?)[)\]]*\s*[:,]?$"
)
# In one line with the name: "For the Secretary of State: Ada Stone", "(For the Minister) A. B. Stone".
_INLINE = re.compile(r"(?P<behalf>[(\[]*(?:For|By direction of) [^:()]{3,90}(?:: ?|\) ?))(?P<name>[A-Z].*)")
# What stands beside a signature and is none.
_BESIDE = re.compile(
    r"[\[(]?(?:seal|l\. ?s\.|signed|stamp|copy|file copy|no signature)\b.*[\])]?$|[\W_]+$", re.IGNORECASE
)
_OFFICE = re.compile(r"(?:The|Le|La|El|Il|Der|Den) \S.*\b(?:of|de|des|du|del|della|for|to)\b", re.IGNORECASE)
_POST = re.compile(r"(?:Consul|Ministre|Minist[eé]r|Ambassad|Chef|Chan[cz]e|Envoy|Secr[eé]t)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|Esq|M\. ?P|Bart|G\. ?C\. ?B|[IVX]+|\d+d)\b", re.IGNORECASE)


def read(block: str, before: Sequence[str] = (), tagged: str | None = None) -> Signature:
    """The signature in a block of lines; `before` are the lines above it, `tagged` the name if markup tells it.

    Editors' completions stand without their brackets in names: "C[ordell] H[ull]" is Cordell Hull.
    """
    lines = [line for line in map(collapsed, block.split("\n")) if line]
    printed = " ".join(lines)
    above = [line for line in map(collapsed, before) if line and not _BESIDE.match(line)]
    if lines and (inline := _INLINE.match(lines[0])):
        above, lines = [inline["behalf"].strip()], [inline["name"], *lines[1:]]
    behalf = _BEHALF.search(above[-1]) if above else None
    name = role = None
    if lines and not _BESIDE.match(lines[0]):
        name, role = _split(lines[0])
        role = ", ".join(filter(None, (role, *lines[1:]))).strip(" ,.") or None
    return Signature(
        printed=printed,
        name=_completed(tagged) if tagged else name,
        role=role,
        behalf=_completed(behalf["office"]) if behalf else None,
    )


def _split(line: str) -> tuple[str | None, str | None]:
    """Name and office: "R. Stone, Jr., Captain, U. S. A." parts behind the suffix of the name."""
    name, *rest = line.split(", ")
    while rest and _SUFFIX.match(rest[0]):
        name = f"{name}, {rest.pop(0)}"
    if not _SUFFIX.search(name.rpartition(", ")[2]):
        name = re.sub(r"(?<=\w\w\w)[.,:;]+$", "", name)
    if rest and _OFFICE.match(name) and not _POST.match(rest[-1]):  # "Le Chancelier de la Confédération, SCHIESS."
        name, rest = rest[-1].rstrip("."), [name, *rest[:-1]]
    return _completed(name) or None, ", ".join(rest) or None


def _completed(words: str) -> str:
    return re.sub(r"\[([^\[\]]*)\]", r"\1", collapsed(words)).strip(" ,;:()[]*")


# Under a signature stand an inside address and notes of the office, seldom more.
_FROM_END = 6
_NAME_WORD = r"(?:[A-ZÀ-Þ\[][\w.’'\[\]-]*|de|da|di|du|van|von|la|le)"
_NAME_LINE = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}")


def at_foot(
    lines: Sequence[str], parties: Sequence[Party], start: int = 0, *, enclosed: bool = False
) -> tuple[Signature, ...]:
    """The signatures under a paper whose lines these are and whose heading, if any, names the parties; the lines stand
    in the document's text from `start` on.

    Where the heading names a sender, he; where it names an office, whoever does; without parties a letter's writer.
    Papers that are `enclosed` have seldom a heading, and are signed, letters or not: by a name of several words.
    Others may follow them, so their lines are those up to the first signature below words that close a letter.
    """
    if enclosed:
        lines = _first_of(lines)
    senders = [party for party in parties if party.direction == "from"]
    if names := [party.name for party in senders if party.name]:
        one = of_sender(lines[1:], names)
        found = [(one[0] + 1, one[0] + 1, one[1])] if one else []
    else:
        found = of_office(lines, closed=not senders)
        if enclosed and not found:
            found = [one for one in of_office(lines, closed=False) if " " in (one[2].name or "")]
    starts = list(accumulate((len(line) + 1 for line in lines), initial=start))
    return tuple(
        replace(signature, anchor=Anchor(part="text", start=starts[first], end=starts[last + 1] - 1))
        for first, last, signature in found
    )


def _first_of(lines: Sequence[str]) -> Sequence[str]:
    """The lines up to those who sign the first letter of them; all, if no letter ends among them."""
    closed = (number for number, line in enumerate(lines[:-1], 1) if _PARTS.search(line) and _closes(line))
    end = next((number for number in closed if is_name(lines[number])), len(lines))
    while end < len(lines) and _signer(lines[end]):
        end += 1
    return lines[:end]


def _closes(line: str) -> bool:
    """Is it the end of a letter, and of none that is quoted?"""
    words = collapsed(line)
    return len(words) <= 3 * _LONGEST_LINE and not words.startswith("“") and _CLOSING.fullmatch(words) is not None


def of_sender(lines: Sequence[str], senders: Sequence[str]) -> tuple[int, Signature] | None:
    """The signature among the last lines of a letter, where markup tells none, and the number of its line: one that
    begins with the name of a sender whom the heading names, given names before it, and nothing behind it but an office;
    None without."""
    surnames = {_letters(name.split()[-1]) for name in senders if name.split()}
    for number in range(len(lines) - 1, max(0, len(lines) - _FROM_END) - 1, -1):
        line = collapsed(lines[number])
        honoured = _HONOURED.match(line)
        # "M. Romero" may be a name with its initial: it counts if the sender bears it.
        if len(line) > _LONGEST_LINE or (honoured and honoured["honour"] != "M.") or re.search(r"\bEsq\b", line):
            continue
        name, _, _ = line.partition(", ")
        words = _NAME_LINE.fullmatch(name.strip(" *"))
        if words and _letters(words[0].split()[-1]) in surnames - {""}:
            return number, read(line, lines[max(0, number - 1) : number])
    return None


def _letters(word: str) -> str:
    return re.sub(r"[\W\d_]+", "", word).casefold()


_LONGEST_LINE = 90  # characters of a name with its office
_MOST_SIGNERS = 4
# What a letter ends with above its signature: "I am, etc.,", "Accept [etc.]".
_CLOSING = re.compile(
    r"(?:.*\b(?:servants?|respect\w*|sincerely|truly|faithfully|obedient|consideration|esteem|regards?|yours|assurances?"
    r"|I am|I have|I remain|I avail|accept|etc|&c)\b.*|\W*&c.*)(?:[,;:—]|\betc\.?\]?[.,]?|&c\.?[.,]?)\]?",
    re.IGNORECASE,
)
# What it ends with wherever it stands.
_PARTS = re.compile(
    r"\b(?:servants?|respectfully|sincerely|truly|faithfully|yours|I am|I remain)\b"
    r"|^(?:Accept|I|We|With|Please|Receive|Believe)\b.*(?:\betc\b|&c)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.,:;!?)\]”’*—]$")
# "True copy:", "Official:", "In the presence of": who signs there vouches for the paper and has not written it.
_VOUCHED = re.compile(
    r"\b(?:copy|official|certif\w+|attest\w*|translat\w+|witness\w*|presence|sworn)\b.{0,40}$", re.IGNORECASE
)
_BY_ORDER = re.compile(r"By the (?:President|Governor|King|Queen|Emperor|Regent)\b")
# Lines of few words that are none of a signer: formulas, places, whom a letter addresses by rank.
_FORMULA = re.compile(
    r"(?:Accept|Receive|Respectfully|Sincerely|Faithfully|Cordially|Yours|Very|I|We|Be|With|God|Done|Given|By|For|In|On|At"
    r"|The|Messrs|Mrs|Lord|To|True|Official|Commandant|A|An|This|Signed|Annex|Enclosure"
    r"|Inclosure|Article|Section|Chapter|No|Copy|End)(?![\w.])|\[\w+\.?\]\.?$|(?:Brig|Lieut|Maj|Gen|Col|Capt|No)\b|.*(?:\betc\b|&c|\bEsq\b|\bothers\b)"
)
_OFFICER = (
    r"Ministers?|Secretary|Under[- ]?Secretary|Consul(?:[- ]General)?|Ambassador|President|Chargé d’Affaires|Governor"
    r"|Commissioner|Director|Chairman|Delegate|Attaché|Envoy(?: Extraordinary)?|Chancellor"
)
_OFFICE_LINE = re.compile(
    r"(?:(?:Acting|Assistant|Vice|First|Second|Third|Deputy|Prime|High|Naval|Military|Commercial|[A-Z]\w+(?:an|ese|ish|nch))"
    rf"[ -])*(?:{_OFFICER})(?:,? (?:of|for|to|ad|in|and|the|&|interim|[A-Z][\w’.-]*))*\.?"
)


def of_office(lines: Sequence[str], closed: bool) -> list[tuple[int, int, Signature]]:
    """The signatures at the foot of a paper whose sender the heading does not name: (first line, last line, signature).

    Each is a line of a name with an office behind or beneath it, or an office alone below the words that close a
    letter.  Under them may stand an inside address, a seal and the day.  Where the paper must be `closed`, those words
    must stand above every signature.  Who signs "By the President:" stands below the President's own name.
    """
    own = next((at for at in range(max(1, len(lines) - 4), len(lines)) if _BY_ORDER.match(lines[at])), None)
    if own is not None:
        return [*of_office(lines[:own], closed), *_signers(lines, closed)][:_MOST_SIGNERS]
    return _signers(lines, closed)


def _signers(lines: Sequence[str], closed: bool) -> list[tuple[int, int, Signature]]:
    """The signatures that stand together at the foot of the lines."""
    end = len(lines)
    while end > max(1, len(lines) - _FROM_END) and _is_beside(collapsed(lines[end - 1])):
        end -= 1
    begin = end
    while begin > max(1, end - 2 * _MOST_SIGNERS) and _signer(lines[begin - 1]):
        begin -= 1
    above = collapsed(lines[begin - 1]) if 0 < begin < end else ""
    is_closing = _closes(above)
    if not _ENDS.search(above) or _VOUCHED.search(above) or (closed and not is_closing):
        return []
    out: list[tuple[int, int, Signature]] = []
    number = begin
    while number < end:
        beneath = number + 1 < end and _signer(lines[number + 1]) == "office"
        last = number + 1 if _signer(lines[number]) == "name" and beneath else number
        if _signer(lines[number]) == "name":
            out.append((number, last, read("\n".join(lines[number : last + 1]), lines[max(0, number - 1) : number])))
        elif is_closing and number == begin:
            out.append((number, number, Signature(printed=collapsed(lines[number]), role=_completed(lines[number]))))
        number = last + 1
    return out[:_MOST_SIGNERS]


def is_name(line: str) -> bool:
    """Is the line that of one who signs, by a name?"""
    return _signer(line) == "name"


def _is_beside(line: str) -> bool:
    return bool(
        _BESIDE.match(line)
        or (dates.span(line) and datelines.read(line) is not None)
        or addressee(line)
        or (len(line) <= _LONGEST_ADDRESS and re.search(r"\bEsq\b", line))
    )


def _signer(line: str) -> str:
    """ "name" or "office" if the line is that alone, else ""."""
    line = collapsed(line)
    if len(line) > _LONGEST_LINE or _FORMULA.match(line) or _HONOURED.match(line) or dates.span(line):
        return ""
    if _OFFICE_LINE.fullmatch(line):
        return "office"
    name, _, office = line.partition(", ")
    named = _NAME_LINE.fullmatch(name.strip(" *.,")) and re.search(r"[^\W\d_]{3}", name)
    return "name" if named and (not office or office[0].isupper()) else ""


# An inside address opens with one of these, or has "Esq." behind the name.
_HONOURED = re.compile(
    r"(?:To )?(?:the )?(?P<honour>(?:Right )?Hon(?:ou?rable|\.)"
    r"|(?:(?:His|Her|Your|Their|H\.) )?Excellenc(?:y|ies)|(?:His|Her|Your|Their|H\.) ?E\."
    r"|(?:His|Her|Their) (?:(?:Royal|Imperial|Serene) )?(?:Highness|Majesty|Eminence|Lordship)(?:es)?"
    r"|Messrs?\.|Mr\.|Sir|M\.(?! [A-Z]\.)|Señor|Baron|Count|Prince|(?:(?:Major|Brigadier|Lieutenant) )?General"
    r"|(?:Rear[- ])?Admiral|Captain|Commander|Colonel),? ",
    re.IGNORECASE,
)
_TITLED = re.compile(r"(?:Sir|Baron|Count|Prince|.*General|.*Admiral|Captain|Commander|Colonel)$", re.IGNORECASE)
_NAME_ENDS = re.compile(r",\s|(?<=[a-z]{3})\.\s|\s[–—-]+\s")
_NO_NAME = re.compile(
    r"(?:the\b|(?:minister|secretary|consul|president|governor|commander|ambassador|chief)s?\b)", re.IGNORECASE
)
_ET_CETERA = re.compile(r",? ?(?:&c|etc).*$")
_LONGEST_ADDRESS = 240


def addressee(lines: str) -> Party | None:
    """Whom the lines under a letter address, as the one it goes to; None if they are no inside address."""
    printed = collapsed(lines).strip()
    honoured = _HONOURED.match(printed)
    if len(printed) > _LONGEST_ADDRESS or not (honoured or re.search(r"\w, Esq\b", printed)):
        return None
    title = honoured["honour"] if honoured and _TITLED.match(honoured["honour"]) else ""
    if honoured and honoured["honour"].lower().startswith(("their ", "messrs")):  # several, whose names run on
        return Party(direction="to", printed=printed)
    words = _ET_CETERA.sub("", printed[honoured.end() :] if honoured else printed).strip()
    words = re.sub(r"^(?:the )?Hon(?:ou?rable|\.) ", "", words)
    name, *rest = (part.strip(" ,.") for part in _NAME_ENDS.split(words))
    rest = [part for part in rest if " " in part and not _SUFFIX.match(part)]
    if not name or _NO_NAME.match(name):
        return Party(direction="to", printed=printed, role=name or None)
    if not re.match(r"[A-ZÀ-Þ]", name) or len(name) > 60:
        return None
    return Party(direction="to", printed=printed, name=f"{title} {name}".strip(), role=rest[0] if rest else None)


def correspondents(signatures: Sequence[Signature], addresses: Sequence[str]) -> tuple[Party, ...]:
    """The parties of a letter without a heading: those who sign it, to the one it addresses.

    None without both: a paper that is only signed may be a certificate, one that is only addressed a draft.
    """
    to = next(filter(None, map(addressee, addresses)), None)
    signers = [signature for signature in signatures if signature.name and not signature.behalf]
    if to is None or not signers:
        return ()
    return (
        *(
            Party(direction="from", printed=one.printed, name=one.name, role=one.role, inferred="signer-sends")
            for one in signers
        ),
        replace(to, inferred="address-receives"),
    )
