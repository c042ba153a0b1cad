"""The words by which datelines count days in other calendars: reigns and moons of East Asia, years of the Hijra.  Pure.

    Tungchi, 7th year, 11th moon, 9th day          Kuang Hsü, 26th year, 11th month, 24th day
    the 6th day of the 12th month of the 2d year of Meiji
    13 Rebi-ul-Akhir 1314

They name no place, and nothing here turns them into a day of the Gregorian calendar: where that is printed beside
them it is the date, else there is none.
"""

from __future__ import annotations

import re

_WORDS = (
    r"(?:(?:twenty|thirty)[- ]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|intercalary"
)
_COUNT = rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|d)?|(?i:{_WORDS}))"
_UNIT = r"(?i:(?:(?:Chinese|Japanese|Corean|Korean|lunar|intercalary) )?(?:day|moon|month|year)\b)"
# Names of reigns stand before "2d year", behind "2d year of", or apart from it, if they are known.
_NAME = r"[A-ZÀ-Þ][\w’-]+(?:[- ][A-ZÀ-Þa-z][\w’-]+)?"
_REIGN = (
    r"\b(?:[TF][uo]ng[- ]?[Cc]h\w+|K[wu]ang[- ]?[HhSs]\w+|Hs[uü]an[- ]?T\S+|Hs?ien[- ]?[Ff][eu]ng|Tao[- ]?[Kk][wu]ang"
    r"|Mei-?j[ie]|Migi|Taisho|Sh[oō]wa|Bunki?[nu]|Genji|Kei-?[oō]|Ansei|Manyen)(?!\w)"
)
_BETWEEN = r"[\s,.;]*(?:(?i:the|of|in|on|reign)\b[\s,]*)*"
_PART = rf"{_COUNT}(?:,? {_UNIT}(?:(?: of(?: the reign of)?)? {_NAME}|,? {_REIGN})?|(?= of the {_COUNT} {_UNIT}))"
_COUNTED = re.compile(
    rf"\b(?:(?i:on |the )*(?:{_REIGN}|{_NAME}(?=,? {_COUNT},? (?i:year)\b(?! of))),?\s+)?(?i:the )?"
    rf"(?P<parts>{_PART}(?:{_BETWEEN}(?:{_PART}|{_REIGN}))*)[\s,]*"
)
# A month alone is counted by a calendar that has no names for its months.
_TELLS = re.compile(rf"(?i:\b(?:moon|month)\b)|{_REIGN}")
_MOON = (
    r"(?:M[ou]u?harr?[ae]m|Safa?r|Safer|Reb[iy]\S*(?: \w+)?|Rabi\S*(?: \w+)?|D?j[eu]m[ao]\S*(?: \w+)?|Re[dg]?j[ae]b"
    r"|Rajab|[CS]h?aa?b[aâ]n|Rama[dz]h?[aâ]n|[CS]h?[ae]w+[aâ]l|Z[iu]'?l?[- ]?[CKQHckqh]\S+)"
)
_HIJRI = re.compile(
    rf"\b(?:(?i:the )?\d{{1,2}}(?:st|nd|rd|th|d)?,? (?:of )?(?:the (?:month|moon) of )?)?{_MOON},?"
    r" (?:\d{1,2},? )?1[1-4]\d\d\b(?:,? (?i:A\. ?H\.|of the He[gj]ira))?[\s,]*"
)


def without(words: str) -> str:
    """The words without those that count days, months and years of another calendar; the same if there are none."""
    return _HIJRI.sub("", _COUNTED.sub(lambda found: "" if _TELLS.search(found[0]) else found[0], words))
