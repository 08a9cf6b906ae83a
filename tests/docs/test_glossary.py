"""The glossary speaks of things that exist: every identifier stands in the source."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from token import NAME
from tokenize import tokenize
from typing import NamedTuple

import pytest

from mixwijzer.exchange.catalogue import refused_words
from mixwijzer.exchange.normbook import read_norms

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
SOURCE = ROOT / "src" / "mixwijzer"
TODAY = date(2026, 11, 22)


class Row(NamedTuple):
    """One line of the table."""

    dutch: str
    english: str
    identifier: str
    definition: str
    source: str


def rows() -> list[Row]:
    lines = [
        line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return [Row(*each) for each in cells]


def words_of_source() -> set[str]:
    found: set[str] = set(read_norms())
    for path in SOURCE.rglob("*.py"):
        with path.open("rb") as file:
            found |= {each.string for each in tokenize(file.readline) if each.type == NAME}
    for path in (SOURCE / "norms").rglob("*.yaml"):
        found |= set(
            re.findall(r"^ *(?:- id: )?([a-z_]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
    return found | set(read_norms().value("mix.scheme.role", TODAY)["categories"])


@pytest.fixture(scope="module")
def source() -> set[str]:
    return words_of_source()


def test_every_identifier_of_the_glossary_exists(source: set[str]) -> None:
    missing = [row.identifier for row in rows() if row.identifier.strip("`") not in source]
    assert missing == []


def test_an_identifier_that_does_not_exist_would_be_seen(source: set[str]) -> None:
    assert "needs_attention" not in source


def test_every_row_is_complete_and_stands_once() -> None:
    table = rows()
    assert len(table) > 50
    assert all(all(row) for row in table)
    assert all(re.fullmatch(r"`[A-Za-z_.]+`", row.identifier) for row in table)
    for column in ("dutch", "english", "identifier"):
        twice = [
            name
            for name, times in Counter(getattr(row, column) for row in table).items()
            if times > 1
        ]
        assert twice == []


def test_rows_stand_in_the_order_of_the_dutch_words() -> None:
    told = [row.dutch.lower() for row in rows()]
    assert told == sorted(told)


def test_the_dutch_words_may_all_be_shown() -> None:
    assert [row.dutch for row in rows() if refused_words(row.dutch, "nl")] == []
