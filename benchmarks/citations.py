"""How many citations of telegrams are found and resolved, volume by volume.

    python benchmarks/citations.py VOLUME.xml.gz ... [--sample N] [--seed N]

Counted are the citations in the text of documents (not in notes) that tell number and date, of telegrams and of
papers whose form the words do not tell ("your 12, May 3").  "one" resolve with certainty to one document of the
same volume, "open" have candidates only, "unprinted" are called so by the note that hangs on them, "elsewhere"
are said to stand in another volume.  Beside them the same share for papers of every form (despatches, notes …),
and the number of documents that are found to answer another.
--sample draws N of the telegrams resolved to one at random, for reading by hand: identifier, words, target.
The verdicts on such a draw stand in citations-review.tsv.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from kg import tei
from kg.citations import PAPERS
from kg.document import Reading
from kg.threads import DocumentKey, Index, Passage, Resolution, answers, passages


def resolved(reading: Reading) -> Iterator[tuple[Passage, Resolution]]:
    index = Index(map(DocumentKey.of, reading.documents))
    for passage in passages(reading.documents):
        citing = index.key(passage.identifier)
        assert citing is not None
        note = passage.footnote is not None
        yield passage, index.resolve(passage.citation, citing, beside=passage.beside, note=note)


def outcome(resolution: Resolution) -> str:
    if resolution.certainty == "certain":
        return "one"
    if resolution.certainty == "probable":
        return "open"
    return {"not-printed": "unprinted", "volume-not-loaded": "elsewhere"}.get(resolution.rule, "none")


TELEGRAMS = frozenset(("telegram", "circular", "paper"))
COLUMNS = ("one", "open", "unprinted", "elsewhere", "none")


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--sample", type=int, default=0)
    cli.add_argument("--seed", type=int, default=1917)
    args = cli.parse_args()
    cells = "".join(f"{name:>11}" for name in COLUMNS)
    print(f"{'volume':20}{'telegrams':>10}{cells}{'one/all':>9}{'papers':>8}{'one/all':>9}{'answers':>9}")
    total: Counter[str] = Counter()
    pool: list[tuple[str, str, str]] = []
    for path in args.volumes:
        reading = tei.read(path)
        counts: Counter[str] = Counter()
        for passage, resolution in resolved(reading):
            cited = passage.citation
            if passage.footnote or cited.form not in PAPERS or not (cited.number and cited.dated):
                continue
            one = resolution.certainty == "certain"
            counts.update(papers=1, papers_one=one)
            if cited.form in TELEGRAMS:
                counts.update({"telegrams": 1, outcome(resolution): 1})
                pool += [(passage.identifier, cited.exact, resolution.targets[0])] if one else []
        counts["answers"] = len(answers(reading.documents))
        print(row(reading.volume.id, counts))
        total += counts
    print(row("all", total))
    # Drawn by their digests, so that the draw changes little when the pool does.
    lines = ("\t".join(one) for one in pool)
    print(*sorted(lines, key=lambda line: sha256(f"{args.seed} {line}".encode()).digest())[: args.sample], sep="\n")


def row(name: str, counts: Counter[str]) -> str:
    cells = "".join(f"{counts[column]:11}" for column in COLUMNS)
    telegrams, papers = (
        counts[part] / counts[whole] if counts[whole] else 0.0
        for part, whole in (("one", "telegrams"), ("papers_one", "papers"))
    )
    shares = f"{telegrams:9.3f}{counts['papers']:8}{papers:9.3f}{counts['answers']:9}"
    return f"{name:20}{counts['telegrams']:10}{cells}{shares}"


if __name__ == "__main__":
    main()
