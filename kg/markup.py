"""XML to a tree, and the few things that all who read TEI elements need.  No document type gets past it."""

from __future__ import annotations

import re
import zlib
from gzip import GzipFile
from pathlib import Path

from lxml import etree

from kg.errors import NotUTF8, NotWellFormed, UnreadableSource, UnsafeXML
from kg.prose import collapsed

# The largest volume of the series has 11 MB.  A source beyond the bound is an attack or a mistake.
MAX_BYTES = 256 * 1024 * 1024
# Real volumes nest 40 elements at most; libxml2 would allow thousands, and walking them is recursive.
MAX_DEPTH = 200

NS = "{http://www.tei-c.org/ns/1.0}"
# The publisher's own names.
FRUS = "{http://history.state.gov/frus/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
BLOCKS = frozenset(
    (
        *("ab", "argument", "attachment", "byline", "closer", "dateline", "div", "docAuthor", "docDate", "docImprint"),
        *("docTitle", "epigraph", "figDesc", "floatingText", "head", "imprimatur", "item", "l", "label", "lg", "list"),
        *("opener", "p", "postscript", "row", "salute", "signed", "sp", "speaker", "stage", "table", "titlePart"),
        "trailer",
    )
)
Element = etree._Element


def local(element: Element) -> str:
    """The name without its namespace; TEI and its extension by the publisher share none."""
    return str(element.tag).rpartition("}")[2]


def is_block(quote: Element) -> bool:
    """Does a quotation stand in paragraphs of its own?"""
    return quote.get("rend") == "blockquote" or any(local(child) in BLOCKS for child in quote)


def is_other_reading(element: Element) -> bool:
    """Of a TEI choice one reading is taken: an editor's correction before the error, else what is printed.

    https://tei-c.org/release/doc/tei-p5-doc/en/html/CO.html#COED
    """
    parent = element.getparent()
    return local(element) in ("sic", "reg", "expan") and parent is not None and local(parent) == "choice"


def plain(element: Element, lines: str = " ") -> str:
    """The element's words without footnotes, on one line; `lines` is put where the source breaks a line."""
    out: list[str] = []

    def walk(node: Element) -> None:
        out.append((node.text or "").replace("\n", " "))
        for child in node:
            if isinstance(child.tag, str):
                if child.tag == NS + "lb":
                    out.append(lines)
                elif not is_other_reading(child) and (child.tag != NS + "note" or child.get("rend") == "inline"):
                    walk(child)
            out.append((child.tail or "").replace("\n", " "))

    walk(element)
    return "\n".join(filter(None, map(collapsed, "".join(out).split("\n"))))


def load(path: Path) -> bytes:
    """The bytes of an .xml or .xml.gz file.  Raises UnreadableSource or NotWellFormed."""
    try:
        with path.open("rb") as file:
            raw = (GzipFile(fileobj=file) if path.suffix == ".gz" else file).read(MAX_BYTES + 1)
    except (EOFError, zlib.error) as error:
        raise UnreadableSource(f"the archive is damaged ({error})", file=path, advice="fetch it again") from error
    except OSError as error:
        fact = error.strerror or f"the archive is damaged ({error})"
        raise UnreadableSource(fact, file=path, advice="give a readable file") from error
    if len(raw) > MAX_BYTES:
        fact = f"more than {MAX_BYTES // 1024**2} MB of XML"
        raise UnreadableSource(fact, file=path, advice="check that the file is a volume; split it if it is")
    if not raw.strip():
        raise NotWellFormed("the file is empty", file=path, line=1, advice="fetch it again")
    return raw


def parse(raw: bytes, path: Path) -> Element:
    """The root of a well-formed and harmless XML file.  Raises NotUTF8, UnsafeXML or NotWellFormed."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fact = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise NotUTF8(fact, file=path, line=line, advice="convert it, for example with iconv -t UTF-8") from None
    _refuse_declarations(raw, path)
    parser = etree.XMLParser(
        # Given, so that no declaration can make the parser see what _refuse_declarations did not.
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_pis=True,
        huge_tree=True,
        # An id used twice is a fault to tell, not the end of the volume.
        collect_ids=False,
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        fact = f"it is not well-formed XML: {error.msg}"
        advice = "fetch it again if it breaks off, else mend it at this line"
        raise NotWellFormed(fact, file=path, line=error.lineno or None, advice=advice) from None
    deep = root.xpath("/*" * (MAX_DEPTH + 1))
    if isinstance(deep, list) and deep:
        fact = f"elements are nested more than {MAX_DEPTH} deep"
        at = deep[0].sourceline if isinstance(deep[0], Element) else None
        raise NotWellFormed(fact, file=path, line=at, advice="take out the surplus nesting")
    return root


def _refuse_declarations(raw: bytes, path: Path) -> None:
    """A document type may name the root and no more: no internal subset, no external identifier."""
    prolog = re.match(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*+", raw, re.DOTALL)
    start = prolog.end() if prolog else 0
    if not raw.startswith(b"<!DOCTYPE", start) or re.match(rb"<!DOCTYPE\s+[\w:.-]+\s*>", raw[start : start + 200]):
        return
    line = raw.count(b"\n", 0, start) + 1
    fact = "its document type declares entities or names an external one"
    raise UnsafeXML(fact, file=path, line=line, advice="take the DOCTYPE out; TEI volumes need none")
