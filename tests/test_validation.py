"""The SHACL engine: it agrees with pySHACL on real-like and on broken data, and with the W3C's test suite."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
import shacl
import shaclsuite
from click.testing import CliRunner
from rdflib import SH
from service_fixtures import BASE

from kg import referee
from kg.cli import main
from kg.errors import VerdictsDiffer
from kg.iris import Iris
from kg.jobs import map_source
from kg.referee import compare, refereed
from kg.validation import Result, results_of, validate
from kg.vocabulary import DGM, RDFS

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
GRAPH = "<urn:graph> .\n"
VIOLATION = str(SH.Violation)
# What the engine does not pass of the W3C's suite of SHACL Core: nothing.
EXCUSED: dict[str, str] = {}


@cache
def sample() -> tuple[str, ...]:
    """All statements of a sample volume, in an order that does not change."""
    return tuple(sorted(map_source(Iris(BASE), SAMPLES / "sample1931v01.xml").lines()))


def mutated(seed: int) -> list[str]:
    """The sample with 40 statements broken in one of many ways: gone, doubled, with another object or datatype."""
    dice = random.Random(seed)  # noqa: S311
    lines = list(sample())
    for index in dice.sample(range(len(lines)), 40):
        subject, predicate, rest = lines[index].split(" ", 2)
        term, graph = rest[: rest.rindex(" <")], rest[rest.rindex(" <") + 1 :]
        other = dice.choice(sample()).split(" ", 2)[2]
        objects = [
            '""',
            '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"-1"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"x"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '"1931-02-30"^^<http://www.w3.org/2001/XMLSchema#date>',
            '"9999-12-31"^^<http://www.w3.org/2001/XMLSchema#date>',
            '"a \\"word\\"\\n\\u0007 é \\U0001F600"@en',
            '"plain"^^<http://www.w3.org/2001/XMLSchema#string>',
            "<urn:nothing>",
            other[: other.rindex(" <")],
        ]
        broken = f"{subject} {predicate} {dice.choice(objects)} {graph}"
        lines[index] = dice.choice(["", broken, f"{subject} {predicate} {term} {graph}{broken}"])
    return "".join(lines).splitlines(keepends=True)


def test_the_engine_and_the_referee_find_nothing_in_a_good_volume() -> None:
    assert refereed(sample()) == []


@pytest.mark.parametrize("seed", range(12))
# rdflib compares a number with what is none so.
@pytest.mark.filterwarnings("ignore:NotImplemented should not be used:DeprecationWarning")
def test_the_engine_and_the_referee_agree_result_for_result_on_a_broken_volume(seed: int) -> None:
    assert len(refereed(mutated(seed))) > 20


def test_what_stands_in_several_graphs_is_one_statement() -> None:
    label = [line for line in sample() if RDFS.label in line and "/id/volume/" in line.split(" ")[0]]
    assert len(label) == 1
    assert validate([*sample(), label[0][: label[0].rindex(" <")] + f" {GRAPH}"]) == []


def test_a_plain_text_and_one_with_an_explicit_datatype_are_the_same() -> None:
    lines = [line for line in sample() if DGM.text in line]
    explicit = [line.replace('" <', '"^^<http://www.w3.org/2001/XMLSchema#string> <') for line in lines]
    assert explicit != lines
    assert refereed([*(set(sample()) - set(lines)), *explicit]) == []


def test_a_result_tells_focus_path_value_component_severity_message_and_shape() -> None:
    found = refereed([*sample(), f'<{BASE}id/volume/sample1931v01> <{RDFS.label}> "Lettres"@fr {GRAPH}'])
    datatype = [result for result in found if result.component == str(SH.DatatypeConstraintComponent)]
    assert datatype == [
        Result(
            focus=f"{BASE}id/volume/sample1931v01",
            path=RDFS.label,
            component=str(SH.DatatypeConstraintComponent),
            severity=VIOLATION,
            message="Give the volume exactly one rdfs:label, text without a language that is not empty.",
            shape="https://w3id.org/dragoman/shapes#Volume-label",
            value='"Lettres"@fr',
        )
    ]


def test_a_difference_is_told_with_both_sides() -> None:
    ours = Result("urn:a", None, "urn:c", VIOLATION, "Mend it.")
    with pytest.raises(VerdictsDiffer, match=r"differ in 2 results: .*urn:a.* the engine's.*urn:b.* pySHACL's") as told:
        compare([ours], [Result("urn:b", None, "urn:c", VIOLATION, "Mend it.")])
    assert told.value.count == 2
    with pytest.raises(VerdictsDiffer):
        compare([ours], [ours, ours])


def test_verbs_with_a_referee_stop_at_a_difference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = str(SAMPLES / "sample1931v01.xml")
    run = CliRunner().invoke
    assert run(main, ["validate", source, "--referee", "pyshacl"]).output == "conforms\n"
    assert (
        run(main, ["build", source, "--out", str(tmp_path / "a"), "--jobs", "1", "--referee", "pyshacl"]).exit_code == 0
    )
    monkeypatch.setattr(referee, "validate", lambda _: [Result("urn:a", None, "urn:c", VIOLATION, "Mend it.")])
    for arguments in (["validate", source], ["build", source, "--out", str(tmp_path / "b"), "--jobs", "1"]):
        result = run(main, [*arguments, "--referee", "pyshacl"])
        assert result.exit_code == 1
        assert "the SHACL engine and pySHACL differ in 1 results" in result.stderr
    assert not (tmp_path / "b" / "current").exists()


@pytest.mark.skipif(not shaclsuite.ROOT.is_dir(), reason="the W3C's test suites are not beside the project")
class TestSuite:
    """SHACL Core, each report result for result, but for what the suite leaves to engines: messages and blank nodes."""

    @pytest.mark.parametrize("case", shaclsuite.cases(), ids=str)
    def test_the_engine_gives_the_report_of_the_suite(self, case: shaclsuite.Case) -> None:
        shapes = shacl.Shapes.from_text(case.shapes, format="ntriples")
        found = [shaclsuite.comparable(result) for result in results_of(shapes, case.data)]
        assert (sorted(found) == case.expected) == (str(case) not in EXCUSED)

    def test_all_of_the_suite_is_run(self) -> None:
        names = {str(case) for case in shaclsuite.cases()}
        assert len(names) == 98
        assert set(EXCUSED) <= names
