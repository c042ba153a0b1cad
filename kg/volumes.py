"""The names of the series' volumes, as citations print them, to volume ids.  Pure.

An id is "frus", the years, and what tells the volumes of these years apart:

    1934, vol. iv                    frus1934v04         1952–1954, vol. XIV, Part 2    frus1952-54v14p2
    1872, part 2, vol. v             frus1872p2v5        1969–1976, vol. E–3            frus1969-76ve03
    1918, Russia, vol. iii           frus1918Russiav03   1917, supp. 2, vol. i          frus1917Supp02v01
    The Paris Peace Conference, 1919, vol. xi            frus1919Parisv11
    The Soviet Union, 1933–1939      frus1933-39         1894, Appendix II              frus1894app2

The rules need no list of volumes, so that a volume has its id before it is loaded.  A few volumes have
a name that no rule gives; they are facts, and stand in two tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# No set of the series has more; a higher number is another work's.
MOST_VOLUMES = 60

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_UNITS = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_NUMBER = r"[ivxlIVXL]{1,7}|\d{1,2}"
_DASH = r"[–—-]"

# What a title becomes in an id.  A value that begins with a digit stands for the years also.
_TITLES: tuple[tuple[str, str], ...] = (
    (r"Paris Peace Conference", "Paris"),
    (r"Lansing Papers", "1914-20"),
    (r"Soviet Union", "1933-39"),
    (r"Russia", "Russia"),
    (r"(?:Affairs in )?China", "China"),
    (r"Japan", ""),
    (r"(?:Affairs in )?Nicaragua", "Nicaragua"),
    (r"Conferences? at Cairo and Tehran", "1943CairoTehran"),
    (r"Conferences? at Malta and Yalta", "1945Malta"),
    (r"Conference of Berlin(?: \([^()]{1,40}\))?|Potsdam Conference", "1945Berlin"),
    (rf"Conferences? at Washington, 1941{_DASH}(?:19)?42,? and Casablanca", "1941-43"),
    (r"Conferences? at Washington and Quebec", "1943"),
    (r"(?:Second )?(?:Quebec Conference|Conference at Quebec)", "1944Quebec"),
    (r"Guatemala", "1952-54Guat"),
    (r"Iran", "1951-54Iran"),
    (r"Emergence of the Intelligence Establishment", "1945-50Intel"),
    (r"The Intelligence Community", "1950-55Intel"),
    (r"Public Diplomacy", "1917-72PubDip"),
    (r"World War", ""),
)
# Supplements of which the print counts volumes only in the id, or which go by their subject.
_CANONICAL: Mapping[str, str] = {
    "frus1917Supp01": "frus1917Supp01v01",
    "frus1901app": "frus1901China",
    "frus1901Chinaapp": "frus1901China",
}

_PART = re.compile(
    rf"""[\s,:;]*\(?(?:
      (?:for\ )?(?P<year>1[89]\d\d)(?!\d)(?:\s?{_DASH}\s?(?P<until>\d{{4}}|\d\d)(?!\d))?
    | [Vv]ol(?:ume|s?\.)?\s?(?P<volume>E\s?{_DASH}\s?\d{{1,2}}|{_NUMBER})\b\.?
    | (?:[Pp]t\.?|[Pp]art)\s?(?P<part>{_NUMBER})\b
    | [Ss]upp(?:lement(?:ary\ volume)?|l)?\b\.?(?:\ (?P<supplement>{_NUMBER})\b)?
    | [Aa]pp(?:endix)?\b\.?(?:\ (?P<appendix>{_NUMBER})\b)?
    | [Mm]icrofiche\ (?P<fiche>[Ss]upplement)
    | (?P<edition>[Ss]econd)\ [Ee]dition
    | (?:[Tt]he\ )?(?P<title>{"|".join(form.replace(" ", chr(92) + " ") for form, _ in _TITLES)})
    )\)?""",
    re.VERBOSE,
)
# A subject behind the number, as the citations of later volumes have it: "vol. XI, Cuban Missile Crisis, Document 27",
# "volume XIV, Soviet Union, October 1971–May 1972, Document 120".
_SUBJECT = re.compile(r", [A-Z][^.;()]{1,140}?(?=, (?:Docs?\.|Documents?|pp?\.|pages?)\s?\d)")


_ID = re.compile(
    r"""frus(?P<year>\d{4})(?:-(?P<until>\d\d))?(?P<title>[A-Z][a-z]+?)??(?P<Supplement>Supp(?:\d\d)?)?
    (?P<Appendix>app\d?)?(?P<early>p\dv\d)?(?:v(?P<volume>e?\d+))?(?:p(?P<part>\d+))?""",
    re.VERBOSE,
)
_SPELT = {"Paris": "The Paris Peace Conference"}


@dataclass(frozen=True, slots=True)
class Named:
    """A volume found in a text: its id, and where its name ends."""

    volume: str
    end: int


def number(printed: str) -> int:
    """A number in roman or arabic figures: "iv", "XIV", "4"."""
    if printed.isdigit():
        return int(printed)
    values = [_ROMAN[letter] for letter in printed.lower()]
    following = (*values[1:], 0)
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def roman(value: int) -> str:
    """A number below 400 in small roman figures."""
    out = ""
    for unit, letters in _UNITS:
        out += letters * (value // unit)
        value %= unit
    return out


def read(text: str, at: int = 0) -> Named | None:
    """The volume named at a place of a text: ", 1934, vol. iv, p. 66" behind "Foreign Relations".

    None if no year or title stands there.
    """
    parts: dict[str, str] = {}
    end = at
    while found := _PART.match(text, end):
        fresh = {name: value for name, value in found.groupdict().items() if value}
        fresh.setdefault(_kind(found), "")
        # A second year is the title's ("The Conferences at Cairo and Tehran, 1943") or another volume's.
        # A title behind the number is the subject of a later volume.
        if fresh.keys() & parts.keys() or ("title" in fresh and {"volume", "until"} <= parts.keys()):
            break
        parts.update(fresh)
        end = found.end()
    stem = _stem(parts)
    if stem is None:
        return None
    return Named(_assembled(stem, parts), subject_end(text, end) if "volume" in parts else end)


def subject_end(text: str, at: int) -> int:
    """Where the subject of a later volume ends, behind its number and before a Document or a page; else `at`."""
    subject = _SUBJECT.match(text, at)
    return subject.end() if subject else at


def volume_id(name: str) -> str | None:
    """The id of the volume that the words name: "1925, vol. ii" gives "frus1925v02"; None if they name none."""
    named = read(name)
    return named.volume if named else None


_ADDRESS = re.compile(
    r"https?://(?:www\.)?history\.state\.gov/historicaldocuments/(?P<volume>frus[\w-]+)"
    r"(?:/(?P<place>(?:d|pg_)[\w-]+))?(?:#(?P<note>fn\w+))?/?"
)


def pointer(target: str) -> str:
    """A pointer of the markup; an address of the series' own site as the pointer that it stands for."""
    found = _ADDRESS.fullmatch(target)
    if found is None:
        return target
    return f"{found['volume']}#{found['place']}{found['note'] or ''}" if found["place"] else found["volume"]


def spelt(volume: str) -> str | None:
    """The words of an id, "1943, vol. III" of "frus1943v03"; None unless `volume_id` reads the same id from them."""
    found = _ID.fullmatch(volume)
    if found is None:
        return None
    words = [found["year"] + (f"–{found['year'][:2]}{found['until']}" if found["until"] else "")]
    if found["title"]:
        words.append(_SPELT.get(found["title"], found["title"]))
    for kind in ("Supplement", "Appendix"):
        if found[kind]:
            digits = re.sub(r"\D", "", found[kind])
            words.append(f"{kind} {int(digits)}" if digits else kind)
    # Until 1873 a part had volumes; later a volume has parts.
    early = re.findall(r"\d", found["early"] or "")
    part, number = early or (found["part"], found["volume"])
    spelling = [f"part {part}"] if part else []
    if number:
        volumes = f"E–{int(number[1:])}" if number.startswith("e") else roman(int(number)).upper()
        spelling.insert(len(spelling) if early else 0, f"vol. {volumes}")
    name = ", ".join(words + spelling)
    return name if volume_id(name) == volume else None


def sibling(volume: str, printed: str) -> str | None:
    """The volume with another number in the set of this one: of "frus1934v05", "iv" is "frus1934v04"."""
    found = re.match(r"(?P<stem>frus.+?)(?:v(?P<e>e?)(?P<number>\d+))(?:p\d+)?(?:Ed\d)?$", volume)
    if found is None or number(printed) > MOST_VOLUMES:
        return None
    digits = str(number(printed))
    return f"{found['stem']}v{digits.zfill(len(found['number']))}"


def _kind(found: re.Match[str]) -> str:
    """The kind of a part that may lack its number ("Supplement", "Appendix"); else of any part its group."""
    word = found[0].strip(" ,:;(").lower()
    return next((kind for kind in ("supplement", "appendix") if word.startswith(kind[:3])), found.lastgroup or "year")


def _stem(parts: Mapping[str, str]) -> str | None:
    """The years and the title as the id has them; None where there is neither."""
    title = parts.get("title")
    name = next((name for form, name in _TITLES if title and re.fullmatch(form, title)), "")
    if name[:1].isdigit():
        return f"frus{name}"
    year, until = parts.get("year"), parts.get("until")
    if year is None:
        return None
    if until:
        return f"frus{year}-{until[-2:]}"
    return f"frus{year}{name}"


def _assembled(stem: str, parts: Mapping[str, str]) -> str:
    out = stem
    if "supplement" in parts:
        out += "Supp" + (f"{number(parts['supplement']):02}" if parts["supplement"] else "")
    if "appendix" in parts:
        out += "app" + (str(number(parts["appendix"])) if parts["appendix"] else "")
    part = f"p{number(parts['part'])}" if "part" in parts else ""
    volume = parts.get("volume", "")
    if volume.startswith("E"):
        volume = f"ve{int(re.sub(r'[^0-9]', '', volume)):02}"
    elif volume:
        # Until 1873 a part had volumes; later a volume has parts.
        early = part and int(stem[4:8]) < 1875
        volume = f"v{number(volume)}" if early else f"v{number(volume):02}"
        if early:
            part, volume = "", part + volume
    out += volume + part
    out += "mSupp" if "fiche" in parts else ""
    out += "Ed2" if "edition" in parts else ""
    return _CANONICAL.get(out, out)
