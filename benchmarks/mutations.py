"""Whether any text breaks the reader of plain texts or keeps it busy: mutated texts, read and mapped.

    python benchmarks/mutations.py [--count 10000] [--seed N] [TEXT.txt ...]

Takes the texts given (by default two invented ones, an arrow copy and a numbered one), changes each at random by the
mutations that Hypothesis draws, and reads and maps what comes of it.  Prints crashes, that is all exceptions but the
errors that a reader raises on purpose, and the slowest in seconds of the processor for 10 kB; an input of less counts
as 10 kB.  Of each 20th what is mapped is checked against the shapes.  Ends by itself; the exit code is 1 if anything
crashed, broke a shape or took more than a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.iris import Iris
from kg.jobs import map_source
from kg.validation import validate

ARROW = """724.1/36: Telegram
The Minister in Sylvania (Stone) to the Secretary of State 57
Border, March 13, 1934—4 p.m.
[Received March 15—7:05 a.m.]
42. Consul’s 35, February 24, noon.58 The weather is fair, and your 14959 has come.
- (a) The bridge is open. [Page 65] It was closed on August 28.60
The rest follows. See telegram No. 12 of May 3, 1934, p. 64.
[Enclosure]
Mr. Field to Mr. Stone
Almar, March 1, 1934.
Sir: I have the honor to write.
Stone
- Note on the heading.↩
- First note.↩
-
Second note.
Its second paragraph, on [Page 66] another page.
↩
- Third note.↩
"""
NUMBERED = """[Translation]

The Embassy of Freedonia to the Department of State47

[Received May 3.]

No. 12

The Embassy of Freedonia presents its compliments.

[Page xi]

The second paragraph.*

Washington, May 2, 1917.
  1. Note on the heading.

    Its second paragraph.
  2. Note on the text.
"""
_PIECES = (
    *("[Page 7]", "[Page ", "]", "[", "(", ")", "↩", "- ", "-\n", "  1. ", "\n", "\r\n", "\r", "\f", "\n\n", " ", "\t"),
    *("*", "†", "58", "14959", "1934", "No. 5", "d12\n", "May 3, 1934", "[Received May 3.]", "Washington, ", "to the "),
    *(
        "“",
        "”",
        "’",
        "—",
        "\x00",
        "\x01",
        "\ufeff",
        "\ufffe",
        "\u2028",
        "\U0001f600",
        "e\u0301",
        "Mr. ",
        "Sir: ",
        "From: ",
    ),
)


@st.composite
def mutated(draw: st.DrawFn, texts: tuple[str, ...]) -> bytes:
    """A text with some of its pieces cut out, doubled, moved or replaced, sometimes very often, as bytes."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 1, 1, 2, 7, 40, 300))))
        put = draw(
            st.one_of(
                st.sampled_from(_PIECES),
                st.just(text[start:end]),
                st.just(""),
                st.text(max_size=6),
            )
        )
        times = draw(st.sampled_from((1, 1, 1, 2, 3, 30, 1000)))
        put = put * min(times, 20_000 // (len(put) or 1))
        text = (text[:start] + put + text[end:])[:60_000]
    raw = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 19)) == 0:  # bytes that are no UTF-8
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(min_size=1, max_size=4)) + raw[at:]
    return raw


@dataclass(slots=True)
class Tally:
    """What came of reading mutated texts."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashes: list[tuple[str, bytes]] = field(default_factory=list)
    checked: int = 0
    broken: list[tuple[str, bytes]] = field(default_factory=list)
    slowest: float = 0.0
    slowest_input: bytes = b""

    def __post_init__(self) -> None:
        """Registers and gazetteer are loaded once in a process: that is no input's time."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "frus1934v09-d1.txt"
            path.write_text(ARROW, encoding="utf-8")
            map_source(Iris(), path)

    def take(self, path: Path, raw: bytes) -> None:
        """Read and map one input and take note of what comes."""
        mapped = None
        path.write_bytes(raw)
        started = process_time()
        try:
            mapped = map_source(Iris(), path)
            self.read += 1
        except SourceError as error:
            self.refused[type(error).__name__] += 1
        except Exception:  # noqa: BLE001  whatever it is, it is counted and shown
            self.crashes.append((traceback.format_exc(limit=-3), raw))
        seconds = (process_time() - started) / max(1.0, len(raw) / 10_000)
        if seconds > self.slowest:
            self.slowest, self.slowest_input = seconds, raw
        if mapped and self.read % 20 == 0 and len(raw) < 10_000:
            self.checked += 1
            self.broken += [(result.message, raw) for result in validate(mapped.lines())]


def runner(
    take: Callable[[bytes], None], count: int, texts: tuple[str, ...], fixed: int | None = None
) -> Callable[[], None]:
    """What hands `count` mutated texts to `take` when it is called; the same ones for the same seed."""

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        derandomize=fixed is None,
    )
    @given(mutated(texts))
    def run(raw: bytes) -> None:
        take(raw)

    return seed(fixed)(run) if fixed is not None else run


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("texts", nargs="*", type=Path)
    cli.add_argument("--count", type=int, default=10_000)
    cli.add_argument("--seed", type=int, default=1)
    args = cli.parse_args()
    texts = tuple(path.read_text(encoding="utf-8") for path in args.texts) or (ARROW, NUMBERED)
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frus1934v09-d12.txt"
        Tally().take(path, ARROW.encode())  # reads the registers, which is done once
        runner(lambda raw: tally.take(path, raw), args.count, texts, args.seed)()
    refused = ", ".join(f"{name}: {number:,}" for name, number in tally.refused.most_common()) or "none"
    print(f"inputs read and mapped  {tally.read:,}\nrefused with an error   {refused}")
    print(f"crashes                 {len(tally.crashes):,}")
    print(f"against the shapes      {len(tally.broken):,} of {tally.checked:,} checked")
    print(f"slowest                 {tally.slowest:.3f} s for 10 kB ({len(tally.slowest_input):,} bytes)")
    for trace, raw in (*tally.crashes[:3], *tally.broken[:3]):
        print(f"\n{trace}{raw[:400]!r}")
    sys.exit(1 if tally.crashes or tally.broken or tally.slowest > 1 else 0)


if __name__ == "__main__":
    main()
