"""Fixtures of many tests.

Sources are small documents written for the tests or the shipped samples; nothing is mocked.  A snapshot of
the samples is built once a session, and one with the registers beside them.  Tests over the corpus that stands
beside the project take it from the fixture `shared` and skip, saying so, where it is absent.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from client_fixtures import service  # noqa: F401 - one for all clients
from page_fixtures import library  # noqa: F401 - one for all that read every page

from kg.build import BuildConfig, build
from kg.snapshot import Snapshot

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the corpus folder `shared` is not beside the project")
    return folder


@pytest.fixture(scope="session")
def samples_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    built = build(BuildConfig(sources=(SAMPLES,), out=tmp_path_factory.mktemp("samples"), jobs=1, registers=False))
    assert not built.errors, built.errors
    assert built.snapshot is not None
    return built.snapshot


@pytest.fixture(scope="session")
def registers_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The samples, and the registers that ship with the package."""
    built = build(BuildConfig(sources=(SAMPLES,), out=tmp_path_factory.mktemp("registers"), jobs=1))
    assert not built.errors, built.errors
    assert built.snapshot is not None
    return built.snapshot
