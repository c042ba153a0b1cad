"""No text breaks the reader of plain texts or keeps it busy: what `benchmarks/mutations.py` does, for some hundred."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

COUNT = 300


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "benchmarks" / "mutations.py"
    spec = importlib.util.spec_from_file_location("mutations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def test_mutated_texts_are_read_or_refused_in_time_and_conform(mutations: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "frus1934v09-d12.txt"
    mutations.Tally().take(path, mutations.ARROW.encode())  # the registers are read once
    tally = mutations.Tally()
    mutations.runner(lambda raw: tally.take(path, raw), COUNT, (mutations.ARROW, mutations.NUMBERED))()
    assert tally.read > COUNT / 2, "most of them are texts"
    assert tally.refused, "and some are none"
    assert not tally.crashes
    assert not tally.broken
    assert tally.slowest < 1, tally.slowest_input[:200]


@pytest.mark.parametrize(
    "raw",
    [
        b"word noon.58 " * 20_000,
        b"Mr. A to Mr. B\n" + b"14959 " * 20_000 + b"\n" + b"- a\xe2\x86\xa9\n" * 5_000,
        b"Mr. A to Mr. B\n" + b"w*\n" * 20_000 + b"- a\xe2\x86\xa9\n" * 5_000,
        b"Mr. A to Mr. B\nText.\n" + b"".join(b"  %d. a\n" % number for number in range(1, 10_000)),
        b"[Page " * 20_000,
        b"(" * 100_000,
        b"[Received " * 10_000,
        b"May 3, " * 15_000,
        b"Mr. A to " * 12_000,
        b"- \n" * 30_000 + "↩".encode(),
    ],
    ids=["marks", "numbers", "signs", "numbered", "pages", "brackets", "received", "dates", "headings", "arrows"],
)
def test_texts_made_to_keep_the_reader_busy_do_not(mutations: ModuleType, tmp_path: Path, raw: bytes) -> None:
    tally = mutations.Tally()
    path = tmp_path / "frus1934v09-d12.txt"
    mutations.Tally().take(path, mutations.ARROW.encode())
    tally.take(path, raw)
    assert not tally.crashes
    assert tally.slowest < 1
