"""Every variable that the program or its tests read stands in the reference, and the reverse."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

from django.core.management import get_commands

from mixwijzer.web.config import commands, settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
READ = re.compile(
    r"""(?:environ\.get\(|environ\[|environ\.pop\(|getenv\(|flag\(|words\()\s*"([A-Z][A-Z_]+)["]"""
)
ASKED = re.compile(r'"([A-Z][A-Z_]+)" (?:not )?in os\.environ')
# Read by way of a constant, set for others, or not ours to explain.
ELSEWHERE = {"LC_ALL", "LC_MESSAGES", "LANG", "XDG_DATA_HOME"}
FOREIGN = {"PATH", "HOME", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "LANGUAGE"}


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


def named(text: str) -> set[str]:
    """Return the variables in the tables of the page."""
    return {name for line in rows(text) for name in re.findall(r"^\| `([A-Z_]+)` \|", line)}


def read_by(*folders: str) -> set[str]:
    files: Iterable[Path] = (path for each in folders for path in (ROOT / each).rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in (*files, ROOT / "check")]
    return {name for text in texts for found in (READ, ASKED) for name in found.findall(text)}


def test_every_variable_that_is_read_is_on_the_page_and_the_reverse() -> None:
    told = named(PAGE.read_text(encoding="utf-8"))
    read = read_by("src", "tools", "tests", "benchmarks") - FOREIGN
    assert told == read - ELSEWHERE


def test_the_variables_of_every_operating_system_are_named_as_well() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in sorted(ELSEWHERE) if f"`{name}`" not in text] == []


def test_the_table_is_the_one_of_the_settings_themselves() -> None:
    text = PAGE.read_text(encoding="utf-8")
    part = text.partition("## The web application")[2].partition("\n## ")[0]
    assert rows(part) == rows(settings.__doc__ or "")
    assert len(rows(part)) >= 7


def test_every_option_of_the_demo_is_on_the_page_with_its_default() -> None:
    part = PAGE.read_text(encoding="utf-8").partition("## The demo")[2].partition("\n## ")[0]
    told = {line.split("`")[1].split()[0]: line for line in rows(part)}
    taken = inspect.signature(commands.demo).parameters
    assert {name.removeprefix("--") for name in told} == set(taken)
    assert told["--port"].endswith(f" {taken['port'].default} |")
    assert told["--homes"].endswith(f" {taken['homes'].default} |")
    folder = taken["folder"].default.relative_to(Path.home())
    assert told["--folder"].endswith(f" `~/{folder.as_posix()}` |")


def test_every_command_for_upkeep_is_on_the_page_and_the_reverse() -> None:
    text = PAGE.read_text(encoding="utf-8")
    theirs = {name for name, app in get_commands().items() if str(app).startswith("mixwijzer.")}
    assert theirs
    assert set(re.findall(r"^python -m django (\w+) ", text, re.MULTILINE)) == theirs


def test_the_page_says_what_the_settings_do() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert settings.TIME_ZONE in text
    assert f"after {settings.SESSION_IDLE_SECONDS // 60} idle minutes or ten" in text
    assert settings.SESSION_COOKIE_AGE == 10 * 3600
    assert "passwords have 15 characters or more" in text
    assert {"min_length": 15} in [each.get("OPTIONS") for each in settings.AUTH_PASSWORD_VALIDATORS]
    assert settings.WSGI_APPLICATION.replace(".application", ":application") in text
