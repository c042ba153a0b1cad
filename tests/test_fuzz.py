"""Sixteen hundred requests at random, by the description and beyond it; `benchmarks/fuzz.py` makes ten thousand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from service_fixtures import folder, serving  # noqa: F401

from service.app import ServiceConfig

CASES = 1600


def module() -> ModuleType:
    """The benchmark, which is a script and no part of a package."""
    path = Path(__file__).resolve().parent.parent / "benchmarks" / "fuzz.py"
    specification = importlib.util.spec_from_file_location("fuzz", path)
    assert specification
    assert specification.loader
    found = importlib.util.module_from_spec(specification)
    # Its dataclasses look themselves up there.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "fuzz", found)
        specification.loader.exec_module(found)
    return found


def test_no_request_makes_the_service_fail_or_lie(folder: Path) -> None:  # noqa: F811
    with serving(ServiceConfig(folder=folder, workers=1, query_seconds=5)) as (address, _):
        outcome = module().fuzz(f"http://{address}", CASES)
    assert not outcome.faults, "\n".join(outcome.faults[:10])
    assert outcome.cases >= 0.9 * CASES
    # Something of everything: answers, redirects, and errors of several kinds.
    assert {200, 303, 400, 404, 406, 412} <= set(outcome.statuses)
