"""How well the readers read: build volumes, ask the competency questions, score the answers.

    python benchmarks/scores.py VOLUME.xml.gz ... [--shared ../shared] [--errors N]

Prints the scorer's table over all volumes named.  Needs the folder `shared` beside the project.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAGOMAN = Path(sys.executable).with_name("dragoman")


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("volumes", nargs="+", type=Path)
    cli.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    cli.add_argument("--errors", type=int, default=0, help="examples of what is wrong, per measure")
    args = cli.parse_args()
    evaluation = args.shared / "eval"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([DRAGOMAN, "build", *args.volumes, "--out", folder / "data"], check=True)
        with (folder / "gold.jsonl").open("wb") as gold:
            command = [sys.executable, evaluation / "frus_gold.py", "gold", *args.volumes]
            subprocess.run(command, stdout=gold, check=True)
        for question in sorted((ROOT / "ontology" / "competency").glob("*.rq")):
            with (folder / f"{question.stem}.csv").open("wb") as answer:
                command = [DRAGOMAN, "query", folder / "data", question.stem, "--format", "csv"]
                subprocess.run(command, stdout=answer, check=True)
        command = [sys.executable, evaluation / "score.py", folder / "gold.jsonl", folder, "--errors", str(args.errors)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
