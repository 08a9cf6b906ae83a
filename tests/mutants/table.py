"""The list of broken engines as it stands in `docs/explanation/engine-tests.md`.

`python -m tests.mutants.table` writes it there.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tools.mutants import Mutant, mutants

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "engine-tests.md"
START, END = "<!-- broken engines -->\n", "<!-- /broken engines -->\n"
HEAD = "| broken engine | noticed by |\n|---|---|\n"


def spoken(test: str) -> str:
    """A test's name as the sentence it is, with the case where it has several."""
    file, _, name = test.partition("::")
    plain, bracket, case = name.partition("[")
    words = plain.removeprefix("test_").replace("_", " ")
    of = f" ({case.rstrip(']').replace('_', ' ')})" if bracket and case != "0]" else ""
    return f"{words}{of} [{Path(file).stem.removeprefix('test_').replace('_', ' ')}]"


def row(mutant: Mutant) -> str:
    """One line of the table."""
    quick = " *" if mutant.fast else ""
    return f"| {mutant.name}{quick} | {'<br>'.join(map(spoken, mutant.tests))} |\n"


def table() -> str:
    """All engine mutants, by file."""
    engine = [each for each in mutants() if each.file.startswith("mixwijzer/engine/")]
    by_file = groupby(sorted(engine, key=lambda each: each.file), key=lambda each: each.file)
    return "\n".join(f"`src/{file}`\n\n{HEAD}{''.join(map(row, group))}" for file, group in by_file)


def main() -> None:
    """Put the table between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
