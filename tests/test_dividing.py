"""A round in files: divided by library and command line alike, or refused in a clear sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.engine.errors import AllocationError, MixwijzerError
from mixwijzer.exchange.documents import schema

Tables = dict[str, list[dict[str, Any]]]

BAND = "at most one in De Eik"


def a_round() -> Tables:
    """Three homes, five candidates, a band and a promise."""
    return {
        "homes": [
            {"id": "V1", "complex": "De Eik", "max_size": 3, "accessible": "yes"},
            {"id": "V2", "complex": "De Eik", "max_size": 2, "incomes": "low middle"},
            {"id": "V3", "complex": "De Linde", "ground": "experiment"},
        ],
        "candidates": [
            {"id": "K1", "category": "attention", "order": 1, "income_class": "low"},
            {"id": "K2", "category": "attention", "order": 2, "size": 2, "income_class": "high"},
            {"id": "K3", "category": "regular", "order": 3, "accessible_needed": "ja"},
            {"id": "K4", "category": "carrier", "order": 4, "size": 4},
            {"id": "K5", "category": "attention", "target_group": "starters", "order": 5},
        ],
        "agreements": [
            {"id": BAND, "kind": "band", "place": "De Eik", "category": "attention", "at_most": 1},
            {"id": "a starter", "kind": "obligation", "group": "starters", "at_least": 1},
            {"id": "care", "kind": "capacity", "place": "De Linde", "at_most": 4, "price": "1 2,5"},
        ],
        "loads": [{"agreement": "care", "group": "starters", "load": 2}],
    }


def a_week() -> Tables:
    return {
        "homes": [{"id": "V1", "complex": "De Eik"}, {"id": "V2", "complex": "De Eik"}],
        "options": [
            {"channel": "ordinary"},
            {"channel": "direct", "category": "attention", "supply": 1, "ground": "agreed"},
        ],
        "costs": [
            {"channel": "ordinary", "home": "V1", "cost": "0.5"},
            {"channel": "ordinary", "home": "V2", "cost": 0.5},
            {"channel": "direct", "home": "V2", "cost": "0,2"},
        ],
    }


def written(tables: Tables, path: Path) -> Path:
    """Write a round as JSON, workbook or folder, by the end of the name."""
    if path.suffix == ".json":
        path.write_text(json.dumps(tables), encoding="utf-8")
        return path
    book = xlsxwriter.Workbook(path) if path.suffix == ".xlsx" else None
    for name, rows in tables.items():
        heads = list(dict.fromkeys(key for row in rows for key in row))
        lines = [heads, *([row.get(head, "") for head in heads] for row in rows)]
        if book is None:
            path.mkdir(exist_ok=True)
            text = "\n".join(";".join(map(str, line)) for line in lines)
            (path / f"{name}.csv").write_text(text, encoding="utf-8")
        else:
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    if book is not None:
        book.close()
    return path


def run(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(app, ["allocate", *map(str, words), "--language", language])


def valid(told: Any) -> Any:
    jsonschema.Draft202012Validator(schema("allocate")).validate(told)
    return told


@pytest.mark.parametrize("name", ["round", "round.xlsx", "round.json"])
def test_a_round_is_the_same_from_files_frames_and_the_command_line(
    tmp_path: Path, name: str
) -> None:
    answer = mw.allocate(a_round())
    path = written(a_round(), tmp_path / name)
    assert valid(json.loads(run(path, "--json").stdout)) == answer.document
    assert mw.allocate(path).table.rows == answer.table.rows
    assert dict(zip(*map(answer.table.column, ("home", "candidate")), strict=True)) == {
        "V1": "K3",
        "V2": "K1",
        "V3": "K5",
    }
    assert answer.document["divided"]["checked"]["holds"]
    assert answer.agreements.column("count") == [1, 1, 2]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "3 of 3 homes let, worth 24 points. Proved", "everything that always holds, holds."),
        ("nl", "3 van de 3 woningen verhuurd, samen 24 punten waard", "wat altijd geldt, klopt."),
    ],
)
def test_a_round_reads_who_gets_what_at_what_price_and_who_waits(
    tmp_path: Path, language: str, first: str, last: str
) -> None:
    told = run(written(a_round(), tmp_path / "round"), language=language).stdout
    assert first in told
    assert told.rstrip().endswith(last)
    assert "K2" in told.split(first)[1]  # waits longer: the promise goes before


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("K1", "K1 doesn't get V1: it gets V2."),
        ("K3", "K3 can't get V2: its rent doesn't go with the income."),
        ("V1", "K2 doesn't get V1: in the place of K3 it would go against at most one in De Eik."),
        ("V3", "K5 gets V3, which also keeps: a starter."),
        ("K4", "K4 can't get V1: the size of the household doesn't fit."),
    ],
)
def test_why_not_is_told_from_either_side(tmp_path: Path, about: str, told: str) -> None:
    done = run(written(a_round(), tmp_path / "round"), "--why", about)
    assert told in done.stdout.splitlines()


def test_nobody_of_that_name_is_in_the_round(tmp_path: Path) -> None:
    done = run(written(a_round(), tmp_path / "round"), "--why", "K9")
    assert done.exit_code == 2
    assert "K9" in done.stderr


def test_what_clashes_is_named_with_ways_out_and_ends_in_one(tmp_path: Path) -> None:
    tables = a_round()
    tables["agreements"][1]["at_least"] = 2
    path = written(tables, tmp_path / "round")
    done = run(path)
    assert done.exit_code == 1
    assert "a starter (at least 2)" in done.stdout
    assert "  - a starter: at least 1" in done.stdout
    told = valid(json.loads(run(path, "--json").stdout))
    assert (told["divided"], told["clash"]) == (None, ["a starter"])
    assert told["ways_out"][0]["units"] == 1


def test_a_week_divides_channels_over_its_homes(tmp_path: Path) -> None:
    path = written(a_week(), tmp_path / "week")
    told = valid(json.loads(run(path, "--week", "--json").stdout))
    assert [each["channel"] for each in told["placements"]] == ["ordinary", "direct"]
    assert (told["week"], told["reasons"]) == (True, [])
    assert told["cost"] == 0.7
    shown = run(path, "--week").stdout
    assert "Each of 2 homes has a way, together at a cost of 0.70" in shown
    assert "direct" in shown
    assert "agreed" in shown


def test_a_week_without_costs_takes_any_way_and_may_clash_too() -> None:
    tables = a_week() | {"costs": []}
    del tables["costs"]
    assert len(mw.allocate(tables, week=True).table) == 2
    tables["agreements"] = [
        {"id": "three", "kind": "obligation", "category": "attention", "at_least": 2}
    ]
    assert mw.allocate(tables, week=True).document["clash"] == ["three"]


def test_only_pairs_that_are_asked_for_are_made() -> None:
    tables = a_round() | {
        "agreements": [],
        "loads": [],
        "pairs": [{"home": "V3", "candidate": "K4"}],
    }
    answer = mw.allocate(tables)
    assert answer.table.column("candidate") == ["K4"]
    free = mw.allocate(
        {
            **tables,
            "agreements": [
                {
                    "id": "none",
                    "kind": "band",
                    "place": "De Linde",
                    "category": "carrier",
                    "at_most": 0,
                }
            ],
        }
    )
    (why,) = [row for row in free.reasons if row["candidate"] == "K4"]
    assert (why["why"], why["agreements"]) == ("agreement", "none")


def broken(table: str, row: int, **change: Any) -> Tables:
    tables = a_round()
    tables[table][row] |= change
    return tables


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("round_empty", {**a_round(), "homes": []}),
        ("round_table_missing", {"homes": a_round()["homes"]}),
        ("candidate_twice", broken("candidates", 1, id="K1")),
        ("round_name", broken("agreements", 1, group="startres")),
        ("round_name", broken("agreements", 0, place="De Eikk")),
        ("round_column_missing", broken("candidates", 0, order=None)),
        ("round_cell", broken("candidates", 0, order="first")),
        ("round_cell", broken("candidates", 0, accessible_needed="perhaps")),
        ("round_cell", broken("agreements", 0, kind="wish")),
        ("round_cell", broken("agreements", 0, price="much")),
        ("agreement_prices", broken("agreements", 0, price="2 1")),
    ],
)
def test_a_round_that_is_wrong_is_refused_with_the_place(code: str, tables: Tables) -> None:
    with pytest.raises(MixwijzerError) as refused:
        mw.allocate(tables)
    found = [each.code for each in getattr(refused.value, "findings", ())]
    assert (found or [refused.value.code]) == [code]


def test_all_that_is_wrong_in_a_round_is_told_at_once(tmp_path: Path) -> None:
    tables = a_round()
    tables["candidates"][0]["order"] = "first"
    tables["candidates"][1]["order"] = None
    tables["homes"][0]["accessible"] = "perhaps"
    tables["agreements"][0] |= {"place": "De Eikk", "at_most": "one"}
    tables["pairs"] = [{"home": "V9", "candidate": "K1"}]
    with pytest.raises(AllocationError) as refused:
        mw.allocate(tables)
    told = [(each.sheet, each.row, each.column, each.code) for each in refused.value.findings]
    assert told == [
        ("agreements", 2, "at_most", "round_cell"),
        ("agreements", 2, "place", "round_name"),
        ("candidates", 2, "order", "round_cell"),
        ("candidates", 3, "order", "round_column_missing"),
        ("homes", 2, "accessible", "round_cell"),
        ("pairs", 2, "home", "round_name"),
    ]
    path = written(tables, tmp_path / "round.json")
    shown = run(path, language="nl")
    assert shown.exit_code == 1
    assert "6 fouten in de rijen" in shown.stderr
    assert "niets in de ronde heet V9" in shown.stderr
    assert len(json.loads(run(path, "--json").stdout)["findings"]) == 6


@pytest.mark.parametrize(
    ("name", "text", "code", "ends"),
    [
        ("none.json", None, "path_missing", 2),
        ("list.json", "[1]", "round_unreadable", 1),
        ("torn.json", "{", "round_unreadable", 1),
        ("no.xlsx", "no workbook", "round_unreadable", 1),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_file_that_is_no_round_says_so(
    tmp_path: Path, name: str, text: str | None, code: str, ends: int, language: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = run(path, "--json", language=language)
    assert done.exit_code == ends
    assert json.loads(done.stdout)["error"]["code"] == code
    assert name in done.stderr


def test_a_home_that_can_go_no_way_is_named_in_words(tmp_path: Path) -> None:
    tables = a_week()
    del tables["options"][0], tables["costs"][:2]
    done = run(written(tables, tmp_path / "week"), "--week", language="nl")
    assert (done.exit_code, "elke woning krijgt een weg (minstens 2)" in done.stdout) == (1, True)
