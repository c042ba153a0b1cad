"""How well plain text is read: volumes rendered to text in four ways, built from the text alone, scored.

    python benchmarks/plaintext.py VOLUME.xml.gz ... [--shared ../shared] [--each] [--errors N] [--keep DIR] [--jobs N]

The ways are arrow and numbered, each without and with datelines and signatures.  For each way all volumes are built
into one snapshot, from the text alone.  Prints a table of F1 over all volumes, with --each one for every volume, too;
--errors prints the scorer's examples.  --keep holds texts and answers in DIR, and a way that is there already is not
built again: so a long run can be made in parts.  The last lines say how many passages each build re-read in the texts
that it published, and how many failed, as its report (`build.log`) has them.  Needs the folder `shared` beside the
project.  Three rows are not the scorer's own but ask its question of what the text can tell:

* names, titles aside: two of the 18 volumes tag "Mr. Seward" as the name, the others "Seward" of the same heading;
* place, office aside: 1861 tags "Washington" of "Department of State, Washington", the others the whole;
* pages with a mark: most pages begin between paragraphs, where the renditions print no mark.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAGOMAN = Path(sys.executable).with_name("dragoman")
WAYS = {
    "arrow": ("trafilatura",),
    "arrow, whole": ("trafilatura", "--whole"),
    "numbered": ("numbered",),
    "numbered, whole": ("numbered", "--whole"),
}
# What `dragoman build` ends with if it left documents out; they count against recall.
LEFT_OUT = 3
QUESTIONS = ("documents", "correspondents", "footnotes", "pages")
_ROW = re.compile(r"(?P<measure>\S.*?)\s+P\s+[\d.]+\s+R\s+[\d.]+\s+F1\s+(?P<f1>[\d.]+)\s+hit")
_TITLES = re.compile(
    r"^(?:(?:the|messrs|mrs?|miss|m|dr|sir|lord|lady|earl|count|baron|prince|princess|duke|marquis|viscount|chevalier|don"
    r"|señor|senor|senhor|rev|hon|gen|general|governor|colonel|captain|major|lieutenant|commander|commodore|commandant"
    r"|rear|vice|admiral|consul|professor|chancellor|of) )+"
)
_REREAD = re.compile(r"passages (?P<what>re-read|that failed) *│ *(?P<count>[\d,]+)")
Rows = dict[str, list[dict[str, str]]]
Gold = list[dict[str, object]]


def fold(text: object) -> str:
    return re.sub(r"[\W_]+", " ", str(text or "").casefold()).strip()


def answer(volumes: list[Path], way: str, folder: Path, evaluation: Path, jobs: int) -> None:
    """Render volumes in one way, build them from the text alone, and write the answers to the questions in `folder`."""
    style, *whole = WAYS[way]
    texts = folder / "texts"
    render: list[str | Path] = [sys.executable, evaluation / "frus_gold.py", "render", *volumes]
    subprocess.run([*render, "--out", texts, "--style", style, *whole], check=True)
    with tempfile.TemporaryDirectory() as name:
        build: list[str | Path] = [DRAGOMAN, "build", texts, "--without-registers", "--out", name, "--jobs", str(jobs)]
        with (folder / "build.log").open("wb") as log:
            status = subprocess.run(build, stdout=log, stderr=log).returncode
        if status not in (0, LEFT_OUT):
            raise SystemExit(f"the build ended with {status}: see {folder / 'build.log'}")
        for question in QUESTIONS:
            with (folder / f"{question}.csv").open("wb") as told:
                subprocess.run([DRAGOMAN, "query", name, question, "--format", "csv"], stdout=told, check=True)
    (folder / "done").touch()


def answer_all(volumes: list[Path], keep: Path, evaluation: Path, jobs: int) -> None:
    """Answer in each way what is not answered yet, and tell on standard error how far it is."""
    begun = time.monotonic()
    for number, way in enumerate(WAYS, 1):
        folder = keep / way
        if not (folder / "done").exists():
            answer(volumes, way, folder, evaluation, jobs)
        print(f"{number}/{len(WAYS)} {way}, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def reread(folder: Path) -> tuple[int, int]:
    """(how many passages the build in `folder` re-read, how many of them failed), by its own report."""
    report = (folder / "build.log").read_text(encoding="utf-8")
    told = {row["what"]: int(row["count"].replace(",", "")) for row in _REREAD.finditer(report)}
    if len(told) != 2:
        raise SystemExit(f"{folder / 'build.log'} does not say how many passages were re-read: build that way again")
    return told["re-read"], told["that failed"]


def show_reread(keep: Path) -> None:
    """How many passages were re-read and failed, for each way and over all."""
    counts = {way: reread(keep / way) for way in WAYS}
    counts["all"] = (sum(count for count, _ in counts.values()), sum(failed for _, failed in counts.values()))
    print(f"\n{'passages':34}{'re-read':>17}{'failed':>17}")
    for way, (count, failed) in counts.items():
        print(f"{way:34}{count:17,}{failed:17,}")


def volume_id(volume: Path) -> str:
    return volume.name.split(".")[0]


def part(volumes: list[Path], folder: Path, out: Path) -> None:
    """Of the answers in `folder` those about some of the volumes, as the scorer reads them."""
    asked = {volume_id(volume) for volume in volumes}
    for question in QUESTIONS:
        with (
            (folder / f"{question}.csv").open(newline="", encoding="utf-8-sig") as source,
            (out / f"{question}.csv").open("w", newline="", encoding="utf-8") as target,
        ):
            table = csv.DictReader(source)
            writer = csv.DictWriter(target, table.fieldnames or ())
            writer.writeheader()
            writer.writerows(row for row in table if row["identifier"].partition("/")[0] in asked)


def rows(folder: Path, question: str) -> Rows:
    out: Rows = defaultdict(list)
    with (folder / f"{question}.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            out[row["identifier"]].append(row)
    return out


def f1(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """F1 over pairs of what was found and what was wanted."""
    hit = found = wanted = 0
    for got, gold in pairs:
        hit, found, wanted = hit + len(got & gold), found + len(got), wanted + len(gold)
    return 2 * hit / (found + wanted) if found + wanted else 0.0


def names(gold: Gold, answers: Rows) -> float:
    def bare(name: object) -> str:
        return _TITLES.sub("", fold(name) + " ").strip() or fold(name)

    return f1(
        (
            {bare(row["name"]) for row in answers[key] if row["direction"] == side and row["name"]},
            set(map(bare, wanted)),
        )
        for one in gold
        for side in ("from", "to")
        if isinstance(wanted := one[side], list) and wanted and (key := str(one["identifier"]))
    )


def places(gold: Gold, answers: Rows) -> float:
    def aligned(got: set[str], wanted: str) -> set[str]:
        ends = {one for one in got if one.endswith(" " + wanted) or wanted.endswith(" " + one)}
        return (got - ends) | {wanted} if ends else got

    return f1(
        (aligned({fold(row["place"]) for row in answers[str(one["identifier"])] if row["place"]}, place), {place})
        for one in gold
        if (place := fold(one["place"]))
    )


def pages(gold: Gold, answers: Rows, way: Path) -> float:
    """Of the pages that a mark in the text tells; one that is inferred is asked for if it is right."""
    pairs = []
    for one in gold:
        key = str(one["identifier"])
        text = (way / "texts" / f"{key.replace('/', '-')}.txt").read_text(encoding="utf-8")
        marked = {fold(number) for number in re.findall(r"\[Page (\[[^\]]*\]|[^\]]*)\]", text)}
        got = {fold(row["page"]) for row in answers[key]}
        wanted = one["pages"]
        assert isinstance(wanted, list)
        pairs.append((got, {fold(page) for page in wanted} & (marked | got)))
    return f1(pairs)


def undated(gold: Gold, answers: Rows) -> tuple[int, int]:
    """Of the documents whose dateline the text has lost: how many there are, and how many are dated all the same."""
    asked = [str(one["identifier"]) for one in gold if one["date"]]
    return len(asked), sum(any(row["date"] for row in answers[key]) for key in asked)


def score(gold_file: Path, folder: Path, way: Path, scorer: Path, errors: int) -> dict[str, str]:
    gold: Gold = [json.loads(line) for line in gold_file.read_text(encoding="utf-8").splitlines()]
    command: list[str | Path] = [sys.executable, scorer, gold_file, folder, "--errors", str(errors)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if errors:
        print(told)
    table = {found["measure"]: found["f1"] for line in told.splitlines() if (found := _ROW.match(line))}
    documents = rows(folder, "documents")
    own: dict[str, Callable[[], float]] = {
        "names, titles aside": lambda: names(gold, rows(folder, "correspondents")),
        "place, office aside": lambda: places(gold, documents),
        "pages with a mark": lambda: pages(gold, rows(folder, "pages"), way),
    }
    table |= {name: f"{measure():.3f}" for name, measure in own.items()}
    asked, dated = undated(gold, documents)
    return table | {"dated, of those with a dateline": f"{dated}/{asked}"}


def measure(volumes: list[Path], keep: Path, evaluation: Path, errors: int) -> dict[str, dict[str, str]]:
    """The table of each way, of volumes that are answered."""
    out: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "gold.jsonl").open("wb") as gold:
            subprocess.run([sys.executable, evaluation / "frus_gold.py", "gold", *volumes], stdout=gold, check=True)
        for way in WAYS:
            part(volumes, keep / way, folder)
            out[way] = score(folder / "gold.jsonl", folder, keep / way, evaluation / "score.py", errors)
    return out


def show(title: str, tables: dict[str, dict[str, str]]) -> None:
    print(f"\n{title:34}" + "".join(f"{way:>17}" for way in tables))
    for name in next(iter(tables.values())):
        print(f"{name:34}" + "".join(f"{table[name]:>17}" for table in tables.values()))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--each", action="store_true", help="a table for each volume, too")
    cli.add_argument("--errors", type=int, default=0, help="examples of what is wrong, per measure")
    cli.add_argument("--keep", type=Path, help="a folder for texts and answers, which a later run goes on with")
    cli.add_argument("--jobs", type=int, default=0, help="worker processes of a build")
    args = cli.parse_args()
    evaluation = args.shared / "eval"
    with tempfile.TemporaryDirectory() as name:
        keep = args.keep or Path(name)
        answer_all(args.volumes, keep, evaluation, args.jobs)
        for volume in args.volumes if args.each else ():
            show(volume_id(volume), measure([volume], keep, evaluation, 0))
        show(f"{len(args.volumes)} volumes", measure(args.volumes, keep, evaluation, args.errors))
        show_reread(keep)


if __name__ == "__main__":
    main()
