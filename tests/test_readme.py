"""The README is held to the code: every verb, option and setting stands in it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from kg.cli import main
from service import openapi
from service.app import ServiceConfig

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", main.commands)
def test_every_verb_and_option_stands_in_the_readme(verb: str) -> None:
    assert f"dragoman {verb}" in README
    options = [option for option in main.commands[verb].params if isinstance(option, click.Option)]
    missing = [name for option in options for name in option.opts if name.startswith("--") and name not in README]
    assert not missing


def test_every_setting_of_the_service_stands_in_the_readme() -> None:
    source = (ROOT / "service" / "app.py").read_text(encoding="utf-8")
    settings = set(re.findall(r"DRAGOMAN_[A-Z_]+", source))
    assert settings, "the service has settings"
    assert not {name for name in settings if f"`{name}`" not in README}
    assert not {name for name in re.findall(r"DRAGOMAN_[A-Z_]+", README) if name not in settings}
    assert dataclasses.is_dataclass(ServiceConfig)


# Addresses that clients ask for unasked, and those that others lead to.
UNTOLD = {"/favicon.ico", "/robots.txt", "/static", "/problems"}


def test_every_address_of_the_service_stands_in_the_readme() -> None:
    served = {re.split(r"[{]", path)[0].rstrip("/") or "/" for _, path in openapi.OPERATIONS}
    assert not {path for path in served - UNTOLD if f"`{path}" not in README}
    assert served >= UNTOLD


def test_every_make_target_stands_in_the_readme_or_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE)
    assert not [target for target in targets if not re.search(rf"^{target}:.*## \w", makefile, flags=re.MULTILINE)]
    assert "make serve" in README
    assert "make test" in README


def test_every_link_to_a_file_of_the_project_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
