"""Every command that the documentation names exists, with the options it is given.

Blocks that show a prompt are run by `test_code_in_docs`; here are the rest: blocks to type after
each other, and commands in the middle of a sentence.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.docs.test_links import PAGES, ROOT, prose

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(
    r"`((?:make|source(?= )|(?:\.venv(?:-run)?/bin/)?(?:mixwijzer|python)|\./check)(?: [^`]*)?)`"
)
OLD_BLOCK = re.compile(r"^(?: {4}|\t)(?:\$ )?(?:make|mixwijzer|python|\./check)\b", re.MULTILINE)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def commands(page: Path) -> list[list[str]]:
    """Return the words of every command on a page."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    words = [shlex.split(line, comments=True) for line in (*lines, *INLINE.findall(prose(page)))]
    return [each for each in words if each]


@cache
def make_succeeds(target: str) -> bool:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0


@cache
def help_of(command: str) -> str:
    """Return the help of a command; empty when there is no such command."""
    done = subprocess.run(
        [Path(sys.executable).with_name("mixwijzer"), command, "--help"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "en_GB.UTF-8", "COLUMNS": "200"},
        check=False,
    )
    return done.stdout if done.returncode == 0 else ""


def fault(words: list[str]) -> str:
    """Say what of a command is not there; empty when all of it is."""
    program, *rest = words
    folder, inside, name = program.rpartition("/bin/")
    if inside:
        return _fault_of_environment(folder) or fault([name, *rest])
    return FAULTS.get(program, lambda _: f"nobody checks {program}")(rest)


def _fault_of_environment(folder: str) -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return "" if f"\n{folder}/.ready:" in makefile else f"make does not make {folder}"


def _fault_of_make(words: list[str]) -> str:
    return "".join(f"no target {each}" for each in words if not make_succeeds(each))


def _fault_of_python(words: list[str]) -> str:
    paths = [each for each in words if "/" in each and not each.startswith("--")]
    if words[0] == "-m" and words[1].startswith("tools."):
        paths.append(words[1].replace(".", "/") + ".py")
    return "".join(f"no file {each}" for each in paths if not (ROOT / each).exists())


def _fault_of_ours(words: list[str]) -> str:
    name = words[0] if words else ""
    if name.startswith("-") or not name:
        return "" if not name or name in {"--version", "--help"} else f"no option {name}"
    text = help_of(name)
    if not text:
        return f"no command {name}"
    options = {each.partition("=")[0] for each in words if each.startswith("--")}
    return "".join(f"no option {each}" for each in options if each not in text)


FAULTS: Mapping[str, Callable[[list[str]], str]] = {
    "make": _fault_of_make,
    "mixwijzer": _fault_of_ours,
    "python": _fault_of_python,
    "source": lambda words: _fault_of_environment(words[0].removesuffix("/bin/activate")),
    "./check": lambda _: "" if os.access(ROOT / "check", os.X_OK) else "not executable",
}


@pytest.mark.parametrize("shown_on", PAGES, ids=name_of)
def test_what_a_page_tells_to_type_exists(shown_on: Path) -> None:
    faults = {" ".join(words): fault(words) for words in commands(shown_on)}
    assert {command: wrong for command, wrong in faults.items() if wrong} == {}


@pytest.mark.parametrize("shown_on", PAGES, ids=name_of)
def test_commands_stand_in_blocks_that_are_checked(shown_on: Path) -> None:
    text = shown_on.read_text(encoding="utf-8")
    assert OLD_BLOCK.findall(text) == []
    assert not re.search(
        r"^```(?:bash|shell|text)?\n(?:\$ )?(?:make|mixwijzer) ", text, re.MULTILINE
    )


def test_a_command_that_does_not_exist_would_be_seen() -> None:
    for line in (
        "make nothing",
        "mixwijzer nothing",
        "mixwijzer advise town --nothing",
        "python tools/nothing.py",
        "python -m tools.nothing",
        "mixwijzer --nothing",
        "npm install",
        ".venv-ran/bin/mixwijzer demo",
        ".venv-run/bin/mixwijzer nothing",
    ):
        assert fault(line.split()), line


def test_the_readme_names_the_two_commands_and_they_are_the_ones_of_ci() -> None:
    for name in ("README.md", "README.nl.md"):
        assert {"make run", "make test"} <= {" ".join(words) for words in commands(ROOT / name)}
    assert "\nmake test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_of_the_web_application_is_named_somewhere() -> None:
    theirs = {each.name for each in entry_points(group="mixwijzer.commands")}
    named = {
        words[1]
        for page in PAGES
        for words in commands(page)
        if words[0] == "mixwijzer" and words[1:]
    }
    assert theirs
    assert theirs <= named
