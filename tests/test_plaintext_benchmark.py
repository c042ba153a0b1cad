"""What `benchmarks/plaintext.py` tells of the passages that its builds re-read."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from kg.cli import main

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "benchmarks" / "plaintext.py"
    spec = importlib.util.spec_from_file_location("plaintext_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_report_of_a_build_tells_the_passages_that_were_re_read(benchmark: ModuleType, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["build", str(SAMPLES), "--without-registers", "--out", str(tmp_path / "out")])
    (tmp_path / "build.log").write_text(told.output, encoding="utf-8")
    count, failed = benchmark.reread(tmp_path)
    assert count > 20
    assert failed == 0


def test_passages_are_told_for_each_way_and_over_all(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, way in enumerate(benchmark.WAYS, 1):
        (tmp_path / way).mkdir()
        report = f"│ passages re-read     │ {number},000 │\n│ passages that failed │ {number - 1}     │\n"
        (tmp_path / way / "build.log").write_text(report, encoding="utf-8")
    benchmark.show_reread(tmp_path)
    assert [line.split()[-2:] for line in capsys.readouterr().out.splitlines() if line] == [
        ["re-read", "failed"],
        *(["1,000", "0"], ["2,000", "1"], ["3,000", "2"], ["4,000", "3"]),
        ["10,000", "6"],
    ]


def test_a_report_without_them_is_no_count_of_none(benchmark: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text("error: there is not enough memory", encoding="utf-8")
    with pytest.raises(SystemExit, match="does not say"):
        benchmark.reread(tmp_path)
