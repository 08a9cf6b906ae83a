"""Write the reference of what the importer survives from the tests that prove it.

    python -m tools.importer_reference        write docs/reference/importer.md
    python -m tools.importer_reference check  say whether it is up to date

A sentence on that page is the name of a test; a test runs the check.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mixwijzer.exchange.incoming import Limits
from mixwijzer.exchange.tables import schema
from mixwijzer.exchange.tables._persons import PROPER_NAMES
from tools.reference import kept

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "importer.md"
SURVIVED = ROOT / "tests" / "exchange" / "test_survival.py"
BOMBS = ROOT / "tests" / "exchange" / "test_bombs.py"

_HEADING = re.compile(r"# (?:\d+(?: and \d+)?\. )?(.*)\.$")

HEAD = """\
# What the importer survives

A delivery is a folder of CSV files, one CSV file, a workbook, a zip of CSV files or a map as
GeoJSON. It is read in a process of its own: without network, without the passwords of the program
that started it, with bounds on memory, time and disk. What comes out is one clean file a table, or
findings that say in Dutch and English what is wrong, where, and what to do. With one error nothing
comes in.

This page is written by `python -m tools.importer_reference`: each line is the name of a test.
"""

PERSONS = """\
## What is about persons

The importer is a whitelist: a column without a place is left out and counted. A column about
persons isn't even named; what stood in it is repeated nowhere. In columns that do have a place a
cell is refused when it holds a citizen service number, an e-mail address, a bank account, a day of
birth, a title or initials with a surname, or a word about health, origin, faith or a criminal
record. A finding repeats a cell only when it is figures and signs.

A bare name can't be told where a proper name belongs: a complex may be called *Anne Frank*. That is
so in these columns, and in keys of one word without a space (a complex `Jansen`):
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD, *_hardships(), _bombs(), PERSONS, _proper_names(), _limits()]
    return "\n".join(parts)


def _hardships() -> Iterator[str]:
    """Yield a part for each heading among the tests."""
    groups: dict[str, list[str]] = {}
    lines = SURVIVED.read_text(encoding="utf-8").splitlines()
    for test in _tests(SURVIVED):
        above = reversed(lines[: test.lineno])
        heading = next(match[1] for line in above if (match := _HEADING.match(line)))
        groups.setdefault(heading, []).append(_sentence(test.name))
    for heading, sentences in groups.items():
        yield f"## {heading}\n\n" + "".join(f"- {each}\n" for each in sentences)


def _tests(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:].replace("bag number", "BAG number").replace(
        "windows", "Windows"
    )


def _bombs() -> str:
    """Return the files that would do harm, by the names of their makers."""
    tree = ast.parse(BOMBS.read_text(encoding="utf-8"))
    makers = [
        key.id
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BOMBS"
        for key in (node.value.keys if isinstance(node.value, ast.Dict) else ())
        if isinstance(key, ast.Name)
    ]
    lines = "".join(f"- {_sentence(name)}\n" for name in makers)
    return f"## Files that would do harm\n\nEach ends as a finding:\n\n{lines}"


def _proper_names() -> str:
    named = (
        f"- `{table}`: " + ", ".join(f"`{each.name}`" for each in told)
        for table, columns in schema().items()
        if (told := [each for each in columns if (table, each.name) in PROPER_NAMES])
    )
    return "\n".join(named) + "\n"


def _limits() -> str:
    bounds, mb = Limits(), 2**20
    rows = (
        ("memory of the reading process", f"{bounds.memory // mb} MB"),
        ("processor time, time by the clock", f"{bounds.cpu} s, {bounds.wall:.0f} s"),
        ("size of a delivery", f"{bounds.source // mb:,} MB"),
        ("files in a folder or zip", str(bounds.files)),
        ("rows in a table", f"{bounds.rows:,}"),
        ("findings told one by one", f"{bounds.findings:,}"),
    )
    lines = "".join(f"| {what} | {most} |\n" for what, most in rows)
    return f"## Bounds\n\n| what | at most |\n|---|---|\n{lines}"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
