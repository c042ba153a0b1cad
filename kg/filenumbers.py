"""The grammar of archival file numbers: a source note in, what it names out.  Pure.

Three families are read: the decimal file of the Department of State ("724.3415/3603", "500.A15 a 1/b",
"811.612 Oranges/Spain/—", "740.0011 European War 1939/1243"), alone or after "File No."; the decimal file of
the commission at Paris ("Paris Peace Conf. 184.00101/4"), a series of its own and so kept with its name; and
the subject-numeric file of 1963 on ("POL 27 VIET S").
"""

from __future__ import annotations

import re

from kg.prose import collapsed

_FRACTION = r"(?:\s?[½¼¾⅓⅔⅛⅜⅝⅞]|\s\d{1,2}/\d{1,2})"
_CLASS = r"\d{2,4}[A-Za-z]?\. ?(?:[A-Z]{1,3}\b\.?)?[\dA-Za-z]*"
# A serial: digits with a letter or fraction, a date ("3–756"), a letter alone, "orig.", or a dash for none.
_SERIAL = rf"(?:\d+(?:[–-]\d+)?{_FRACTION}?(?: ?[A-Za-z]\b(?!\.))?(?: supp\.)?(?:/\d+)?|orig\.|[a-z]\b|[—–-]+)"
# A person's file: "123 G 861/178a".
_PERSONAL = re.compile(r"(?P<number>1\d\d [A-Z]\w?\.? ?\d+/\d+[A-Za-z]?)(?=$|[:;])")
_DECIMAL = re.compile(rf"(?P<number>{_CLASS}(?:[^/:;]{{0,60}}?/[^/:;\d]{{2,40}})?[^/:;]{{0,60}}?/{_SERIAL})")
_BARE = re.compile(rf"(?P<number>{_CLASS}(?: [A-Z][^:;]*)?)(?=$|[:;])")
# Where the first sentence of a note ends.
_FIRST = re.compile(r"(?<=[\w)”’–][\w)”’])\.(?:\s|$)")
# The file of the United Nations of 1950 on has no second part: "320/9–2650".
_UNDIVIDED = re.compile(r"(?:.*, )?(?P<number>3\d\d/\d{1,2}[–-]\d{3,4})(?=$|[:;.])")
# Prints have "Paris peace Conf." and "Paris Peace Cont", too.
_PARIS = re.compile(r"Paris [Pp]eace Con[ft]\.?\s*(?P<number>[^:]+)")
_SUBJECT = re.compile(
    r"\b(?P<number>(?:AID|AV|CSM|DEF|E|ECIN|EDX|FN|FSE|FT|INCO|INT|LAB|ORG|PER|PET|POL|PS|SOC|SP|STR|TEL|TP)"
    r" \d{1,2}(?:[–-]\d+)*(?: [A-Z]+(?:[–-][A-Z]+)*\b){0,2})"
)

# The numbered papers of a board or a command, which are a file of their own: "SWNCC 123/2", "DA IN 1234: Telegram".
_NUMBERED = re.compile(r"[A-Z]{2,8}(?:[ –-][A-Z]{1,6}){0,3} \d+(?:[/–-]\d+)?(?:: [A-Z]?[a-z ]+)?$")
# What can only be said of a place where papers are kept.
_KEEPER = re.compile(
    r"\b(?:Papers|Collection|[Ff]iles?|Central Files?|Library|Archives?|Records|Record Group|[Ll]ot \d\w*"
    r"|Lot File)\b"
)
_FLAG = re.compile(
    r"[\[(]|(?:Treaty|Executive Agreement) Series\b|No\.? ?\d+[½¼¾]?[.\]|]*$|[A-Z]\.?$|Press Release",
    re.IGNORECASE,
)


def names_source(note: str) -> bool:
    """Does the line say where the document is kept?

    Flags ("[Translation]"), printed numbers ("No. 383.]") and series of prints ("Treaty Series No. 700")
    do not.
    """
    note = collapsed(note)
    if note.startswith(("File No", "Source:", "Inquiry Document No")) or _PARIS.match(note):
        return True
    if is_flag(note):
        return False
    return bool(
        re.match(r"\d{2,4}[A-Za-z]?\.[\dA-Za-z]", note)
        or file_number(note)
        or _KEEPER.search(note)
        or _NUMBERED.match(note)
    )


def is_flag(note: str) -> bool:
    """Is the line of the kinds that say nothing of papers: "[Translation]", "No. 383.]", "Treaty Series No. 700"?"""
    return bool(_FLAG.match(collapsed(note)))


def file_number(note: str) -> str | None:
    """The number in a source note: "File No. 763.72112/3505" gives "763.72112/3505"; None if it has none.

    A note that begins with "Source:" tells in its first sentence where the paper is, and of other papers behind it.
    """
    note = collapsed(note)
    if note.startswith("Source:"):
        note = _FIRST.split(note, maxsplit=1)[0]
    if paris := _PARIS.match(note):
        return "Paris Peace Conf. " + re.sub(r"(?<=\w\w)\.$", "", paris["number"].strip())
    if found := _PERSONAL.match(note) or _UNDIVIDED.match(note):
        return found["number"]
    for pattern in (_DECIMAL, _SUBJECT):
        if found := pattern.search(note):
            return re.sub(r"^(\d{2,4}[A-Za-z]?\.) ", r"\1", found["number"].strip())
    found = _BARE.match(note.removeprefix("File No.").strip())
    # A name's initial keeps its period: "033.1100 Field, Ada B."
    return re.sub(r"(?<!\b[A-Z])\.+$", "", found["number"]) if found else None


_SERIES = re.compile(r"(?P<name>[A-Z]\w+ Documents?) No\.? ?\d+")
_SENTENCE_ENDS = re.compile(r"(?<=[\w)”’–][\w)”’])\.(?:\s|$)|:(?=\s)|;")
_CONTAINER = re.compile(
    r",? (?:(?:Box|Folder|Vol|Volume|Drawer|Tab|FRC|pp?|pages?)\b|[DNP]\d{6}[–-]\d{4}).*", re.DOTALL
)


def collection(note: str) -> str | None:
    """Lot, papers or library in a source note without a file number, without box and folder; None if it names none.

    "Source: Example Library, Stone Papers, Box 7. Secret." gives "Example Library, Stone Papers".
    """
    if not names_source(note) or file_number(note):
        return None
    words = collapsed(note).removeprefix("Source:").removeprefix("File No.").strip()
    name = _CONTAINER.sub("", _SENTENCE_ENDS.split(words, maxsplit=1)[0] if "lot " not in words.casefold() else words)
    if lot := re.search(r"[Ll]ot(?: [Ff]iles?)?(?: No\.?)? ?\d\d[ –-]?[A-Z][ –-]?\d+", name):
        return name[: lot.end()].removeprefix("Department of State, ")
    if series := _SERIES.match(words):
        return series["name"]
    return None if name.lower().startswith(("ibid", "same")) else name.strip(" ,") or None
