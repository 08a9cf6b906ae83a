"""The library: frames in and out, one answer whatever the form, nothing it doesn't need."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import mixwijzer as mw
from mixwijzer.engine.errors import NormError, PortfolioError
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.documents import schema
from mixwijzer.exchange.frames import plain_cell, rows_of
from mixwijzer.exchange.tables import schema as columns
from mixwijzer.exchange.tabular import Field, Table

ROOT = Path(__file__).resolve().parents[1]
TOWN = mw.synthesize(seed=1, homes=500)
Frames = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "town"
    mw.export(TOWN, path)
    return path


@pytest.fixture(scope="module")
def frames(folder: Path) -> Frames:
    """Return the town as an analyst would load it: a list of rows per table, all texts."""
    import csv

    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.read(4096)
            file.seek(0)
            dialect = csv.Sniffer().sniff(head.splitlines()[0], ";,\t")
            found[path.stem] = [dict(row) for row in csv.DictReader(file, dialect=dialect)]
    return found


# --- what goes in


def test_a_folder_a_workbook_frames_and_a_portfolio_are_the_same_portfolio(
    folder: Path, frames: Frames, tmp_path: Path
) -> None:
    mw.export(folder, tmp_path / "town.xlsx")
    assert mw.read(folder).portfolio == TOWN.portfolio
    assert mw.read(str(folder)).portfolio == TOWN.portfolio
    assert mw.read(tmp_path / "town.xlsx").portfolio == TOWN.portfolio
    assert mw.read(frames).portfolio == TOWN.portfolio
    assert isinstance(TOWN.portfolio, Portfolio)
    assert mw.read(TOWN.portfolio).portfolio is TOWN.portfolio
    assert mw.read(TOWN) is TOWN


@dataclass
class Records:
    """The rows of a table behind one method, as frame libraries have them."""

    rows: list[dict[str, Any]]

    def to_dict(self, orient: str) -> list[dict[str, Any]]:
        assert orient == "records"
        return self.rows


@pytest.mark.parametrize(
    "made",
    [
        list,
        iter,
        Records,
        lambda rows: Table(
            name="complexes",
            fields=tuple(map(Field, rows[0])),
            rows=tuple(tuple(row.values()) for row in rows),
        ),
    ],
    ids=["list", "iterator", "to_dict", "table"],
)
def test_any_kind_of_frame_gives_the_same_rows(made: Callable[[Any], object]) -> None:
    rows = [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 24}]
    stock = mw.read({"complexes": made(rows)})
    assert stock.portfolio is not None
    assert stock.portfolio.complex["C1"].homes == 24


LIBRARIES = pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])


def frame_of(found: Any, rows: list[dict[str, Any]]) -> Any:
    """Return rows as the frame of a library."""
    if found.__name__ == "pyarrow":
        return found.Table.from_pylist(rows)
    return found.DataFrame(rows)


@LIBRARIES
def test_frames_of_every_library_go_in(library: str, frames: Frames) -> None:
    found: Any = pytest.importorskip(library)
    given = {name: frame_of(found, rows) for name, rows in frames.items() if rows}
    assert mw.read(given).portfolio == TOWN.portfolio


@LIBRARIES
def test_frames_of_every_library_come_out(library: str) -> None:
    pytest.importorskip(library)
    table = mw.advise(TOWN).table
    assert rows_of(table.to_frame(library), "advices") == rows_of(table, "advices")


@dataclass
class Stream:
    """Something that speaks the Arrow protocol and nothing else."""

    frame: Any

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def test_the_arrow_protocol_is_enough_both_ways() -> None:
    pyarrow: Any = pytest.importorskip("pyarrow")
    table = mw.obligations(TOWN).table
    assert rows_of(Stream(table), "obligations") == rows_of(table, "obligations")
    field = pyarrow.table(table).schema.field("persons")
    assert field.metadata == {b"unit": b"persons"}


def test_a_pandas_frame_knows_the_units() -> None:
    pytest.importorskip("pandas")
    frame = mw.obligations(TOWN).to_frame("pandas")
    assert frame.attrs["units"]["persons"] == "persons"


class Kind(Enum):
    """A word of an organisation's own."""

    ROUND = "round"


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (None, None),
        (float("nan"), None),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.float64(2.5), 2.5),
        (3.0, 3),
        (True, True),
        (np.bool_(True), True),  # noqa: FBT003
        (Decimal("0.35"), "0.35"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22), "2026-11-22"),  # noqa: DTZ001
        (datetime(2026, 11, 22, 9, 30), "2026-11-22T09:30:00"),  # noqa: DTZ001
        (Kind.ROUND, "round"),
        ("", ""),
    ],
    ids=repr,
)
def test_a_cell_of_a_frame_means_what_it_would_mean_in_a_file(cell: object, plain: object) -> None:
    found = plain_cell(cell)
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize("frame", ["complexes.csv", 3, [("C1", "De Eik")], {"id": ["C1"]}])
def test_what_is_no_frame_is_refused_by_name(frame: object) -> None:
    with pytest.raises(PortfolioError) as told:
        mw.read({"complexes": frame})
    assert (told.value.code, told.value.subject) == ("frame_not_understood", "complexes")


def test_judgements_and_leases_alone_give_a_distribution_per_complex() -> None:
    homes = [{"id": f"D{number}", "complex": "C1"} for number in range(1, 11)]
    leases = [
        {"id": f"T{number}", "dwelling": f"D{number}", "start": "2020-01-01"}
        for number in range(1, 11)
    ]
    said = {"scope_kind": "complex", "scope": "C1", "scheme": "role", "on": date(2026, 11, 1)}
    answer = mw.account(
        {
            "complexes": [{"id": "C1", "name": "De Eik", "owner": "ob"}],
            "dwellings": homes,
            "tenancies": leases,
            "judgements": [
                said
                | {"by": "a", "known": "all", "category": "attention"}
                # lowest, best, highest
                | {"low": 2, "best": 3, "high": 4}
            ],
        },
        day="2026-11-22",
    )
    rows = [row for row in answer.distribution if row["category"] == "attention"]
    assert [row["households"] for row in rows] == list(range(11))
    assert sum(row["chance"] for row in rows) == pytest.approx(1)  # type: ignore[misc]
    best = max(rows, key=lambda row: row["chance"])  # type: ignore[arg-type, return-value]
    assert best["households"] == answer.table.column("best")[0] == 3


# --- what comes out


def test_findings_are_a_table_not_a_print() -> None:
    stock = mw.read({"complexes": [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": "x"}]})
    assert stock.portfolio is None
    (row, *_) = stock.findings
    assert (row["severity"], row["file"], row["row"], row["column"], row["value"]) == (
        "error",
        "complexes",
        2,
        "homes",
        "x",
    )
    with pytest.raises(PortfolioError) as told:
        mw.advise(stock)
    assert told.value.code == "portfolio_unusable"
    assert told.value.findings  # type: ignore[attr-defined]


def test_refused_columns_are_counted_and_never_repeated() -> None:
    secret = "123456782"  # passes the test of a citizen service number
    row = {"id": "C1", "name": "De Eik", "owner": "ob", "homes": 9, "bsn": secret}
    stock = mw.read({"complexes": [row]})
    assert sum(stock.dropped.column("cells")) == 1  # type: ignore[arg-type]
    assert secret not in f"{stock!r}{stock.findings}{stock.dropped}{mw.check(stock).document}"


def test_a_column_knows_its_unit_and_the_figure_is_the_engine_s() -> None:
    answer = mw.advise(TOWN)
    assert answer.table.units["limit"] == "households"
    assert answer.table.units["base"] == "dwellings"
    rows = {(row["vacancy"], row["category"]): row for row in answer.table}
    for advice in answer:
        for each in advice.categories:
            row = rows[advice.vacancy, each.category]
            assert row["verdict"] == each.verdict.name.lower()
            assert row["chance"] == (each.binding.chance if each.binding else None)
            assert row["headroom"] == (each.binding.headroom if each.binding else None)


@pytest.mark.parametrize("verb", [mw.account, mw.advise, mw.forecast, mw.obligations, mw.check])
def test_the_document_of_a_verb_passes_its_schema(verb: Callable[[Any], mw.Result[Any]]) -> None:
    answer = verb(TOWN)
    told = json.loads(answer.to_json())
    assert told == answer.document
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema(answer.command), format_checker=checker).validate(told)


def test_a_table_reads_as_plain_text_and_as_a_page() -> None:
    table = Table(
        name="counts",
        fields=(Field("complex"), Field("homes", "dwellings"), Field("since")),
        rows=(("<C1>", 24, date(2026, 1, 1)), ("C2", None, None)),
    )
    assert str(table) == "complex  homes  since\n<C1>        24  2026-01-01\nC2"
    assert "&lt;C1&gt;" in table._repr_html_()
    assert list(table)[1] == {"complex": "C2", "homes": None, "since": None}


def test_without_a_frame_library_the_rows_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixwijzer.exchange.tabular.find_spec", lambda name: None)
    table = mw.obligations(TOWN).table
    with pytest.raises(PortfolioError) as told:
        table.to_frame()
    assert told.value.code == "frame_library_missing"
    assert len(list(table)) == len(table) > 0


def test_a_result_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="score"):
        _ = mw.obligations(TOWN).score
    with pytest.raises(AttributeError, match="forecats"):
        _ = mw.forecats  # type: ignore[attr-defined]


# --- what is asked


def test_one_vacancy_is_one_of_all_open_ones() -> None:
    every = mw.advise(TOWN)
    one = every.values[0]
    assert mw.advise(TOWN, vacancy=one.vacancy).values == (one,)
    portfolio = TOWN.portfolio
    assert portfolio is not None
    open_ = {each.id for each in portfolio.vacancies if portfolio.is_open(each, date(2026, 11, 22))}
    asked = {advice.vacancy for advice in every}
    assert asked | {each["vacancy"] for each in every.document["without_advice"]} == open_


def test_without_a_day_anywhere_the_library_asks_for_one() -> None:
    complexes = [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 9}]
    with pytest.raises(PortfolioError) as told:
        mw.account({"complexes": complexes})
    assert told.value.code == "day_missing"
    assert len(mw.account({"complexes": complexes}, day=date(2026, 11, 22))) == 1


def test_norms_may_be_given_as_a_folder_or_as_norms(tmp_path: Path) -> None:
    usual = mw.advise(TOWN)
    assert mw.advise(TOWN, norms=mw.read_norms()).document == usual.document
    (tmp_path / "advice").mkdir()
    shipped = (Path(mw.__file__).parent / "norms/advice/room_from.yaml").read_text(encoding="utf-8")
    assert "value: 0.8" in shipped
    own = shipped.replace("value: 0.80", "value: 0.999").replace("value: 0.8\n", "value: 0.999\n")
    (tmp_path / "advice/room_from.yaml").write_text(own, encoding="utf-8")
    strict = mw.advise(TOWN, norms=tmp_path)
    rooms = [each.table.column("verdict").count("ask_first") for each in (usual, strict)]
    assert rooms[1] > rooms[0]
    with pytest.raises(NormError):
        mw.advise(TOWN, day="2040-01-01")


def test_an_area_counts_what_its_complexes_count() -> None:
    answer = mw.account(TOWN, kind="municipality")
    complexes = mw.account(TOWN)
    for each in answer:
        mine = [one for one in complexes if one.owner == each.owner]
        assert each.present == sum(one.present for one in mine)
        assert each.account.mean("attention") == pytest.approx(
            sum(one.account.mean("attention") for one in mine)
        )


def test_any_scope_can_be_asked_by_its_code() -> None:
    portfolio = TOWN.portfolio
    assert portfolio is not None
    own = portfolio.complexes[0]
    (answer,) = mw.account(TOWN, scope=own.id)
    assert answer.scope.code == own.id
    (around,) = [
        each for each in mw.account(TOWN, scope=own.neighbourhood) if each.owner == own.owner
    ]
    assert around.present >= answer.present
    home = next(each for each in portfolio.dwellings if each.stairwell)
    (stair,) = mw.account(TOWN, scope=f"{home.complex}/{home.stairwell}")
    assert stair.base == sum(
        each.in_base
        for each in portfolio.dwellings_of[home.complex]
        if each.stairwell == home.stairwell
    )


def test_the_chance_inside_a_band_is_the_sum_of_the_chances_in_it() -> None:
    answer = mw.account(TOWN)
    checked = 0
    for each in answer:
        for name, (low, high) in each.bands.items():
            pmf = each.account.pmf(name)
            inside = pmf[(low or 0) : None if high is None else high + 1].sum()
            if low is not None or high is not None:
                assert each.chance_inside(name) == pytest.approx(float(inside), abs=2e-6)
                checked += 1
            else:
                assert each.chance_inside(name) is None
    assert checked


def test_a_made_up_town_is_the_same_town_every_time() -> None:
    again = mw.synthesize(seed=1, homes=500)
    assert again.portfolio == TOWN.portfolio
    assert again.truth is not None
    assert mw.synthesize(seed=2, homes=500).portfolio != TOWN.portfolio
    assert mw.synthesize(seed=1, homes=500, day="2026-11-22").portfolio == TOWN.portfolio


# --- what it needs

FORBIDDEN = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "django_htmx", "csp", "whitenoise", "psycopg"}:
            raise ImportError(f"{name} was asked for")
sys.meta_path.insert(0, Wall())
import mixwijzer as mw
town = mw.synthesize(seed=1, homes=400)
folder = sys.argv[1]
mw.export(town, folder)
stock = mw.read(folder)
assert not mw.check(folder).values
assert mw.account(stock).table.rows
assert mw.advise(stock).table.rows
assert mw.obligations(stock).table.rows
assert all(each.passed for each in mw.story(sys.argv[2]))
from mixwijzer.cli import app
for words in (["advise", folder], ["account", folder], ["obligations", folder], ["check", folder],
              ["story", sys.argv[2]], ["--help"]):
    try:
        app(words)
    except SystemExit as end:
        assert not end.code, (words, end.code)
print("done", *sorted(name for name in sys.modules if name.startswith("mixwijzer.web")))
"""


def test_every_verb_works_where_django_cannot_be_imported(tmp_path: Path) -> None:
    """A finder that raises stands first in line, so no import of Django can pass unseen.

    `tests/test_wheel.py` shows the other half: a wheel with nothing but the core's requirements.
    """
    words = [sys.executable, "-c", FORBIDDEN, str(tmp_path / "town"), str(ROOT / "tests/stories")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *shown, last = done.stdout.splitlines()
    assert last == "done"
    assert any(line.split()[:1] == ["advise"] for line in shown)
    assert not any(line.split()[:1] == ["demo"] for line in shown)


def test_the_names_that_are_offered_exist_and_nothing_else_is_loaded() -> None:
    for name in mw.__all__:
        assert getattr(mw, name) is not None
    assert set(mw.__all__) <= set(dir(mw))


@pytest.mark.parametrize(
    "verb",
    ["account", "advise", "check", "export", "obligations", "read", "story", "synthesize"],
)
def test_the_help_of_every_verb_has_an_example_that_runs(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (found,) = doctest.DocTestFinder(recurse=False).find(getattr(mw, verb), verb, module=mw)
    assert found.examples
    outcome = doctest.DocTestRunner().run(found)
    assert (outcome.failed, outcome.attempted) == (0, len(found.examples))


def test_every_table_of_the_schema_can_be_a_frame() -> None:
    assert mw.read({name: [] for name in columns()}).findings.column("code") != []
