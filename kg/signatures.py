"""The grammar of signatures: a block as printed, what stands before it, and who signs for whom.  Pure.

For the Secretary of State:      behalf "Secretary of State"
Sumner Welles                    name "Sumner Welles"
Under Secretary of State         role "Under Secretary of State"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.document import Signature
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
    if rest and _OFFICE.match(name):  # "Le Chancelier de la Confédération, SCHIESS."
        name, rest = rest[-1].rstrip("."), [name, *rest[:-1]]
    return _completed(name) or None, ", ".join(rest) or None


def _completed(words: str) -> str:
    return re.sub(r"\[([^\[\]]*)\]", r"\1", collapsed(words)).strip(" ,;:()[]*")
