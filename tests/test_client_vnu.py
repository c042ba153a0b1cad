"""The Nu HTML Checker, which the W3C runs, as a client: no error and no warning on any page, nor in the styles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from client_fixtures import Published, need, run
from page_fixtures import BROWSER, MISTAKES, pages_of

JAR: Final = BROWSER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def _complaints(folder: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """What the checker says of the files of a folder."""
    need(shutil.which("java") and JAR.is_file(), "The Nu HTML Checker", "make clients, and Java")
    options = ("--stdout", "--exit-zero-always", "--also-check-css", "--format", "json")
    done = run("java", "-jar", JAR, *options, *(folder / name for name in names), seconds=300)
    assert done.returncode == 0, done.stderr.decode()
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return messages


def test_every_kind_of_page_is_html_without_a_fault(library: Published, tmp_path: Path) -> None:
    files = dict[str, str]()
    with httpx.Client(base_url=library.base, headers={"Accept": "text/html"}, trust_env=False) as http:
        for path in dict.fromkeys(pages_of(library)):
            page = http.get(path, follow_redirects=True)
            assert page.headers["content-type"] == "text/html; charset=utf-8", path
            assert page.is_error == (path in MISTAKES), path
            name = f"{len(files):03}.html"
            (tmp_path / name).write_bytes(page.content)
            files[name] = path
        (tmp_path / "style.css").write_bytes(http.get("static/style.css").content)
        files["style.css"] = "static/style.css"
    told = [
        (files[message["url"].rpartition("/")[2]], message["message"], message.get("extract"))
        for message in _complaints(tmp_path, list(files))
    ]
    assert told == []


def test_the_checker_tells_a_fault(tmp_path: Path) -> None:
    (tmp_path / "faulty.html").write_text("<!DOCTYPE html><html lang=en><title>A fault</title><p><ul></ul></p>")
    (tmp_path / "faulty.css").write_text("p { colour: red }")
    told = _complaints(tmp_path, ["faulty.html", "faulty.css"])
    assert {message["url"].rpartition("/")[2] for message in told} == {"faulty.html", "faulty.css"}
