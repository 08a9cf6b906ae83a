"""What the documentation shows can be typed, and gives what is shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from mixwijzer.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.nl.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CLI, LIBRARY = ROOT / "docs/reference/cli.md", ROOT / "docs/reference/library.md"


def dialogues(page: Path) -> list[tuple[str, str]]:
    """Return every command of a page with the output under it."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("mixwijzer "):
                found.append((command, output))
    return found


def dutch(page: Path) -> bool:
    return page.name == "README.nl.md" or "handleiding" in page.parts


@pytest.mark.parametrize(
    "shown_on", [page for page in PAGES if dialogues(page)], ids=lambda page: page.name
)
def test_every_command_shown_gives_the_output_shown(shown_on: Path, tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "LC_ALL"},
        "LANG": "nl_NL.UTF-8" if dutch(shown_on) else "en_GB.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    for command, shown in dialogues(shown_on):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode in ({0} if not shown else {0, 1, 2}), done.stdout
        assert "Traceback" not in done.stdout
        if shown:
            same = OutputChecker().check_output(shown, done.stdout, ELLIPSIS | NORMALIZE_WHITESPACE)
            assert same, f"$ {command}\n{done.stdout}"


def test_the_library_s_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)
    parser = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)
    document = Sybil(parsers=[parser]).parse(LIBRARY)
    examples = list(document.examples())
    for example in examples:
        example.evaluate()
    assert len(examples) > 15


def test_a_wrong_line_on_a_page_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n\n```\n", encoding="utf-8")
    parser = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)
    (example,) = Sybil(parsers=[parser]).parse(page).examples()
    with pytest.raises(AssertionError):
        example.evaluate()


def test_every_command_and_option_is_on_the_page_and_the_reverse() -> None:
    text = CLI.read_text(encoding="utf-8")
    commands = {
        each.name or each.callback.__name__ for each in app.registered_commands if each.callback
    }
    shown = set(re.findall(r"^\| `([a-z]+) ", text, re.MULTILINE))
    assert shown == commands
    options = {"--help", "--version"}
    for name in sorted(commands):
        done = subprocess.run(
            [sys.executable, "-c", "from mixwijzer.cli import app; app()", name, "--help"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        options |= set(re.findall(r"^  (--[a-z-]+)", done.stdout, re.MULTILINE))
    table = text[text.index("## Options") : text.index("## JSON")]
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", table))
    assert named == options
