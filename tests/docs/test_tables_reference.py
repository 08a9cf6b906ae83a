"""The documentation's list of tables and columns is the one that the program reads by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mixwijzer.exchange.tables import schema
from tools import tables_reference

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reference_is_up_to_date() -> None:
    told = tables_reference.PAGE.read_text(encoding="utf-8")
    assert told == tables_reference.page(), "run: python -m tools.tables_reference"


def test_every_column_stands_in_it_in_two_languages_with_its_vera_term() -> None:
    told = tables_reference.page()
    for table, columns in schema().items():
        part = told.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        for column in columns:
            start = f"| **`{column.name}`** |" if column.required else f"| `{column.name}` |"
            (line,) = (each for each in part.splitlines() if each.startswith(start))
            for words in (*column.description.values(), column.vera_term, column.unit):
                assert words in line


@pytest.mark.parametrize("kind", sorted({each.kind for many in schema().values() for each in many}))
def test_every_type_of_column_is_explained(kind: str) -> None:
    names = {"enum": "word", "ref": "key of …", **tables_reference.TYPES}
    explained = "".join(re.findall(r"^\| ([^|]+) \|", tables_reference.HEAD, re.MULTILINE))
    spoken = names.get(kind, kind)
    assert spoken in {"16 digits", "place or organisation"} or spoken.partition(",")[0] in explained


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables_reference, "PAGE", tmp_path / "reference" / "tables.md")
    assert tables_reference.main(["check"]) == 1
    assert tables_reference.main([]) == 0
    assert tables_reference.main(["check"]) == 0
    tables_reference.PAGE.write_text("old", encoding="utf-8")
    assert tables_reference.main(["check"]) == 1
