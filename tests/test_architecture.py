"""Who may know whom: the data's way through, held to by imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).glob("*.py"))


@pytest.mark.parametrize("path", [path for path in modules("kg") if path.name != "cli.py"], ids=lambda path: path.name)
def test_building_knows_nothing_of_serving(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith(("service", "fastapi", "starlette", "uvicorn"))}


@pytest.mark.parametrize("path", modules("service"), ids=lambda path: path.name)
def test_serving_knows_of_building_only_the_snapshot_its_iris_and_terms_and_the_registers(path: Path) -> None:
    ours = {name.rpartition(".")[0] if name.count(".") > 1 else name for name in imports(path) if name.startswith("kg")}
    registers = {"kg.answers", "kg.authorities", "kg.filecodes"}
    snapshot = {
        "kg.snapshot",
        "kg.history",
        "kg.downloads",
        "kg.formats",
        "kg.catalogue",
        "kg.coverage",
        "kg.names",
        "kg.statements",
    }
    allowed = {"kg", "kg.__version__", "kg.iris", "kg.errors", "kg.vocabulary"} | snapshot | registers
    assert ours <= allowed


def test_importing_the_service_loads_no_reader_no_rdflib_and_no_shacl_engine() -> None:
    code = "import service.app, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"lxml", "rdflib", "pyshacl", "kg.build", "kg.tei"} & set(loaded)


@pytest.mark.parametrize(
    "name", ["headings", "dates", "calendars", "datelines", "filenumbers", "mentions", "notemarks", "prose"]
)
def test_the_grammars_are_pure(name: str) -> None:
    ours = {part for part in imports(ROOT / "kg" / f"{name}.py") if part.startswith("kg.")}
    pure = ("kg.document", "kg.errors", "kg.headings", "kg.dates", "kg.calendars", "kg.filenumbers", "kg.prose")
    assert all(part.startswith(pure) for part in ours), ours


def test_the_errors_import_nothing_of_ours() -> None:
    assert not {name for name in imports(ROOT / "kg" / "errors.py") if name.startswith(("kg", "service"))}


def locked(name: str) -> dict[str, frozenset[str]]:
    """The hashes of each release that a lock names, "lxml==6.0"; markers of systems are part of it."""
    found, release = dict[str, set[str]](), ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        words = line.strip().removesuffix("\\").strip()
        if words.startswith("--hash="):
            found[release].add(words)
        elif words and not words.startswith("#"):
            release = words.partition(" ;")[0]
            found[release] = set()
    return {release: frozenset(hashes) for release, hashes in found.items()}


def test_what_is_run_is_locked_as_it_is_tested() -> None:
    run, tested = locked("requirements-runtime.lock"), locked("requirements.lock")
    assert run.items() <= tested.items()
    assert all(run.values())
    names = {release.partition("==")[0] for release in run}
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)
    declared = {re.split(r"[<>=; ]", one)[0] for one in project["project"]["dependencies"]}
    developing = {re.split(r"[<>=; ]", one)[0] for one in project["dependency-groups"]["dev"]}
    assert declared <= names
    assert not developing & names
