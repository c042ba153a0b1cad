"""Downloads as the last build made them: those of which no statement has changed are not converted again.

FORMAT.CODING                       the files of the download, shared with the snapshot by hard links
N.pieces, N.subjects, N.objects     what the conversion of its N-th chunk wrote beside them
chunks.json                         what each chunk held, and where its pieces stand in the files
files.json                          sizes and digests of the files, and of their plain forms
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, Final

from kg import cache
from kg.cache import Cache, Entry
from kg.downloads import File
from kg.packing import BESIDE, Chunk, Converted, Strung, beside, link

KIND: Final = "downloads"
_CHUNKS: Final = "chunks.json"
_FILES: Final = "files.json"


class KeptDownloads:
    """The chunks of a publication: `chunks` has them all in order, `converted` what is known of those that are kept.

    `files` are the downloads that are kept, and their plain forms.
    """

    def __init__(self, cut: Sequence[Chunk], held: Cache) -> None:
        self.chunks, self.converted = list(cut), [None] * len(cut)  # type: list[Chunk], list[Converted | None]
        self.files: list[File] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._new: dict[str, Entry] = {}
        for place, chunk in enumerate(cut):
            self._places[chunk.name].append(place)
        for name, places in self._places.items():
            own = [cut[place] for place in places]
            entry = held.entry(KIND, cache.digest(KIND, own[0].base, name, [_digest(chunk) for chunk in own]))
            if folder := entry.sound():
                self._take(places, folder)
            else:
                self._new[name] = entry

    def _take(self, places: Sequence[int], folder: Path) -> None:
        self.files += [File(*row) for row in json.loads((folder / _FILES).read_text(encoding="utf-8"))]
        rows = json.loads((folder / _CHUNKS).read_text(encoding="utf-8"))
        for number, (place, row) in enumerate(zip(places, rows, strict=True)):
            spans = {name: (start, length) for name, (start, length) in row["spans"].items()}
            self.chunks[place] = replace(self.chunks[place], target=folder / str(number), spans=spans)
            self.converted[place] = _converted(row)

    def keep(self, converted: Sequence[Converted], strung: Iterable[Strung], downloads: Path) -> None:
        """Leave the downloads that were made anew to the next build."""
        made: dict[str, list[File]] = defaultdict(list)
        for file in (file for one in strung for file in one.files):
            made[file.name].append(file)
        for name, entry in self._new.items():
            entry.room.mkdir(parents=True)
            rows = [_row(converted[place]) for place in self._places[name]]
            chunks = [self.chunks[place] for place in self._places[name]]
            for file in (file for file in made[name] if file.coding):
                kept = f"{file.format}.{file.coding}"
                link(downloads / file.path, entry.room / kept)
                start = file.head
                for chunk, row in zip(chunks, rows, strict=True):
                    length = beside(chunk, kept).stat().st_size
                    row["spans"][kept] = start, length
                    start += length
            for number, chunk in enumerate(chunks):
                for suffix in BESIDE if chunk.of_data else BESIDE[:1]:
                    link(beside(chunk, suffix), entry.room / f"{number}.{suffix}")
            (entry.room / _CHUNKS).write_text(json.dumps(rows), encoding="utf-8")
            (entry.room / _FILES).write_text(json.dumps([*map(astuple, made[name])]), encoding="utf-8")
            entry.seal()


def _digest(chunk: Chunk) -> tuple[bool, str]:
    """Whether the chunk is one of data.nq, and the digest of its bytes."""
    whole, left = hashlib.sha256(), chunk.length
    with chunk.source.open("rb") as stream:
        stream.seek(chunk.start)
        while left:
            block = stream.read(min(left, 1 << 20))
            whole.update(block)
            left -= len(block)
    return chunk.of_data, whole.hexdigest()


def _row(found: Converted) -> dict[str, Any]:
    return {
        "prefixes": sorted(found.prefixes),
        "predicates": found.predicates,
        "classes": found.classes,
        "examples": found.examples,
        "dates": found.dates,
        "coverage": [(*key, number) for key, number in found.coverage.items()],
        "spans": {},
    }


def _converted(row: dict[str, Any]) -> Converted:
    return Converted(
        prefixes=frozenset(row["prefixes"]),
        predicates=Counter(row["predicates"]),
        classes=Counter(row["classes"]),
        examples=row["examples"],
        coverage=Counter({(one, two, three): number for one, two, three, number in row["coverage"]}),
        dates=(row["dates"][0], row["dates"][1]) if row["dates"] else None,
    )
