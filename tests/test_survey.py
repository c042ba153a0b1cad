"""Texts of one volume are read as the volume is, however they are parted into jobs."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from kg import build, lexicon, plaintext
from kg.authorities import authorities
from kg.build import BuildConfig
from kg.survey import around, joined, survey

# d2 alone tells that Veltro is a person; d1 and d3 tell the year of d2; the headings write one name in two ways.
TEXTS = {
    "d1": "Mr. Orth to Earl GRANDEL\n\nAlmar, May 3, 1934.\n\nSir: Veltro came here and said nothing.\n",
    "d2": "Mr. Orth to Earl Grandel\n\nSir: On September 10th Mr. Veltro came back.\n",
    "d3": "Earl Grandel to Mr. Orth\n\nAlmar, May 9, 1934.\n\nSir: Veltro and I have spoken.\n",
    "d10": "Earl Grandel to Mr. Orth\n\nAlmar, May 9, 1936.\n\nSir: it is late.\n",
}


@pytest.fixture
def texts(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "texts"
    folder.mkdir()
    for id, text in TEXTS.items():
        (folder / f"frus1934-36v01-{id}.txt").write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def published(texts: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch, *, each: int, jobs: int = 1) -> str:
    """The statements of a build with so many texts a job, without those on the files themselves."""
    monkeypatch.setattr(build, "TEXTS_PER_JOB", each)
    built = build.build(BuildConfig(sources=tuple(texts), out=out, registers=False, jobs=jobs))
    assert built.snapshot
    assert not built.errors
    return built.snapshot.data.read_text(encoding="utf-8")


def test_no_statement_depends_on_how_texts_are_parted_into_jobs(
    texts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = published(texts, tmp_path / "whole", monkeypatch, each=200)
    assert published(texts, tmp_path / "ones", monkeypatch, each=1) == whole
    assert published(texts[::-1], tmp_path / "two", monkeypatch, each=3, jobs=2) == whole
    # The names that the others tell, and the year: those of one job alone would not.
    assert re.search(r'/mention/frus1934-36v01/d1/text-5-11> <[^>]*printed> "Veltro"', whole)
    assert re.search(r'/d2/[^>]*> <[^>]*#edtf> "1934-09-10"', whole)


def test_a_build_again_with_another_text_reads_the_old_ones_anew(
    texts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = published([texts[0], texts[-1]], tmp_path / "out", monkeypatch, each=1)
    assert '"Veltro"' not in without
    again = published(texts, tmp_path / "out", monkeypatch, each=1)
    assert again == published(texts, tmp_path / "fresh", monkeypatch, each=1)


def test_a_person_whom_texts_write_in_two_ways_has_one_name(
    texts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = published(texts, tmp_path / "out", monkeypatch, each=1)
    labels = set(re.findall(r'<[^>]*/person/frus1934-36v01/grandel> <[^>]*#label> "([^"]*)"', whole))
    assert labels == {"Grandel"}


def test_surveys_join_to_the_same_in_any_order(texts: list[Path]) -> None:
    known = authorities()
    documents = [document for path in texts for document in plaintext.read(path).documents]
    whole = survey(documents, known)
    for seed in range(5):
        shuffled = random.Random(seed).sample(documents, len(documents))  # noqa: S311
        assert joined(survey([one], known) for one in shuffled).digest() == whole.digest()
    assert joined(survey([one], known) for one in documents[1:]).digest() != whole.digest()


def test_neighbours_are_those_by_number_and_not_by_name(texts: list[Path]) -> None:
    documents = [document for path in texts for document in plaintext.read(path).documents]
    # By name d10 of 1936 would stand between d1 and d2.
    years = around(survey(documents, authorities()), authorities()).years
    assert years["frus1934-36v01/d2"].value == 1934


def test_words_in_lower_case_outweigh_a_name_that_only_a_rank_tells() -> None:
    one = lexicon.Names(named=frozenset(["Policy", "Orth"]))
    other = lexicon.Names(told=frozenset(["Venn"]), words=frozenset(["policy"]))
    assert lexicon.with_names(one | other, lexicon.registers(authorities())).surnames == {"Orth", "Venn"}
