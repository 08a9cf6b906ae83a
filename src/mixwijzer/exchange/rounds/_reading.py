"""Which round do these tables describe, and whom do the letting rules allow what?

A round is a folder with CSV files, a workbook, a JSON file or a mapping of table names to frames.
Only the columns named here are read: what else stands in a table about candidates stays there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import product
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Option,
    Pairs,
    RoundCandidate,
)
from mixwijzer.engine.errors import AllocationError, PortfolioError
from mixwijzer.exchange.findings import Finding, Findings, shortened
from mixwijzer.exchange.frames import Cell, rows_of
from mixwijzer.exchange.inquiry import Refusal
from mixwijzer.exchange.tables import SourceTrouble, chunks_of, sheets_of, text_of

Wrong: TypeAlias = dict[tuple[str, int, str], Finding]
RoundSource: TypeAlias = "str | PathLike[str] | Mapping[str, Any]"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "homes": (
        *("id", "complex", "neighbourhood", "ground", "homes"),
        *("min_size", "max_size", "incomes", "accessible"),
    ),
    "candidates": (
        *("id", "category", "target_group", "ground", "order"),
        *("size", "income_class", "accessible_needed"),
    ),
    "agreements": (
        *("id", "kind", "place", "category", "group", "ground"),
        *("at_least", "at_most", "price"),
    ),
    "loads": ("agreement", "group", "load"),
    "pairs": ("home", "candidate"),
    "options": ("channel", "category", "group", "ground", "supply"),
    "costs": ("channel", "home", "cost"),
}
"""Tables of a round; `options` and `costs` are those of a week."""

WEEK_SCALE = 1000
"""Points in a unit of cost, of a week."""

_NEEDED = {
    "homes": ("id", "complex"),
    "candidates": ("id", "order"),
    "agreements": ("id", "kind"),
    "loads": ("agreement", "group", "load"),
    "pairs": ("home", "candidate"),
    "options": ("channel",),
    "costs": ("channel", "home", "cost"),
}
_OF_PORTFOLIO = "complexes"  # a table that a round hasn't and every portfolio has
_KINDS = tuple(each.value for each in AgreementKind)
_YES, _NO = {"yes", "ja", "true", "1"}, {"no", "nee", "false", "0", ""}


class RoundError(AllocationError):
    """Rows that can't be read, each of them in `findings`."""

    def __init__(self, round_name: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("round_wrong", round_name, count=len(findings))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row: its cells as text, and where it stands; what can't be read goes to `wrong`."""

    table: str
    row: int
    cells: Mapping[str, str]
    wrong: Wrong

    def text(self, column: str) -> str:
        """Return a cell; empty where there is none."""
        return self.cells.get(column, "")

    def whole(self, column: str, least: int = 0) -> int | None:
        """Return a whole number of at least so much; None where the cell is empty."""
        text = self.text(column)
        if not text:
            return None
        if not text.isdecimal() or int(text) < least:
            self.refuse("round_cell", column)
            return None
        return int(text)

    def prices(self, column: str) -> tuple[Decimal, ...]:
        """Return numbers with spaces between them."""
        try:
            return tuple(Decimal(word.replace(",", ".")) for word in self.text(column).split())
        except InvalidOperation:
            self.refuse("round_cell", column)
            return ()

    def yes(self, column: str) -> bool:
        """Return whether the cell says yes."""
        text = self.text(column).lower()
        if text not in _YES | _NO:
            self.refuse("round_cell", column)
        return text in _YES

    def refuse(self, code: str, column: str) -> None:
        """Note once that a cell can't be what it has to be."""
        value = shortened(self.text(column)) or None
        self.wrong.setdefault(
            (self.table, self.row, column),
            Finding(code=code, sheet=self.table, row=self.row, column=column, value=value),
        )


@dataclass(frozen=True, kw_only=True)
class RoundRead:
    """A round as it was read.

    Parameters
    ----------
    homes, agreements
        For `week` and `LettingRound` alike.
    round
        None where there is no table of candidates: then it is a week.
    options
        Of a week.
    refusals
        Which letting rule keeps a candidate from a home, by (home, candidate) id.
    left_out
        Open homes of a portfolio about which there is no advice.
    """

    homes: tuple[FreeHome, ...]
    agreements: tuple[Agreement, ...]
    round: LettingRound | None
    options: tuple[Option, ...] = ()
    refusals: Mapping[tuple[str, str], str] = field(default_factory=dict)
    left_out: tuple[Refusal, ...] = ()


def is_portfolio(source: object) -> bool:
    """Whether these tables are a portfolio of which a round is still to be made."""
    if isinstance(source, Mapping):
        return _OF_PORTFOLIO in source
    if not isinstance(source, str | PathLike):
        return True
    path = Path(source)
    if path.is_dir():
        return (path / f"{_OF_PORTFOLIO}.csv").exists()
    if path.suffix == ".json" or not path.exists():
        return False
    try:
        return any(sheet.name == _OF_PORTFOLIO for sheet in sheets_of(path))
    except SourceTrouble:
        return False


def read_round(source: RoundSource, *, week: bool) -> RoundRead:
    """Read a round.

    Raises
    ------
    PortfolioError
        `path_missing`.
    RoundError
        With everything that can't be read: an empty cell, one that can't hold this, a name that
        nothing in the round has.
    AllocationError
        `round_unreadable`, `round_table_missing`; those of `LettingRound`.
    """
    wrong: Wrong = {}
    tables = _tables(source, wrong)
    for table in ("homes", "options" if week else "candidates"):
        if table not in tables:
            raise AllocationError("round_table_missing", table)
    _check_names(tables, week=week)
    homes = tuple(_home(row) for row in tables["homes"])
    if not homes:
        raise AllocationError("round_empty", "round")
    scale = _scale(tables, week=week)
    agreements = _agreements(tables, scale)
    if week:
        options = _options(tables, homes, scale)
        _stop_if(wrong, source)
        return RoundRead(homes=homes, agreements=agreements, round=None, options=options)
    rules = _Rules.of(tables)
    _stop_if(wrong, source)
    return _town_round(tables, homes, agreements, rules)


def _stop_if(wrong: Wrong, source: RoundSource) -> None:
    if wrong:
        name = "round" if isinstance(source, Mapping) else Path(source).name
        found = Findings()
        for key in sorted(wrong):
            found.add(wrong[key])
        raise RoundError(name, tuple(found))


def _town_round(
    tables: Mapping[str, list[Cells]],
    homes: tuple[FreeHome, ...],
    agreements: tuple[Agreement, ...],
    rules: _Rules,
) -> RoundRead:
    candidates = tuple(
        RoundCandidate(
            id=row.text("id"),
            category=row.text("category"),
            group=row.text("target_group"),
            ground=row.text("ground"),
        )
        for row in tables["candidates"]
    )
    judged = [(home, person, rules.refusal(home, person)) for home, person in _asked(tables)]
    the_round = LettingRound(
        homes=homes,
        candidates=candidates,
        agreements=agreements,
        pairs=Pairs.by_order(
            rules.order, ((home, person) for home, person, refusal in judged if not refusal)
        ),
    )
    refusals = {
        (homes[home].id, candidates[person].id): refusal
        for home, person, refusal in judged
        if refusal
    }
    return RoundRead(homes=homes, agreements=agreements, round=the_round, refusals=refusals)


# --- tables


def _tables(source: RoundSource, wrong: Wrong) -> dict[str, list[Cells]]:
    raw = dict(_raw(source))
    return {
        name: list(_checked(name, rows, wrong)) for name, rows in raw.items() if name in COLUMNS
    }


def _raw(source: RoundSource) -> Iterator[tuple[str, Iterable[Mapping[str, Cell]]]]:
    if isinstance(source, Mapping):
        for name, frame in source.items():
            yield name, rows_of(frame, name)
        return
    path = Path(source)
    if not path.exists():
        raise PortfolioError("path_missing", str(path))
    try:
        yield from _of_file(path)
    except SourceTrouble as trouble:
        raise AllocationError("round_unreadable", path.name, reason=trouble.code) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "JSON"
        raise AllocationError("round_unreadable", path.name, reason=reason) from None


def _of_file(path: Path) -> Iterator[tuple[str, list[dict[str, Cell]]]]:
    if path.is_dir():
        for file in sorted(path.glob("*.csv")):
            if file.stem in COLUMNS:
                known = COLUMNS[file.stem].__contains__
                rows = [row for chunk in chunks_of(file, known) for row in chunk.rows]
                yield file.stem, _named(rows)
    elif path.suffix == ".json":
        told = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict):
            raise ValueError(path.name)
        for name, table in told.items():
            yield str(name), rows_of(table, str(name))
    else:
        for sheet in sheets_of(path):
            yield sheet.name, _named([row for chunk in sheet.chunks() for row in chunk.rows])


def _named(rows: list[list[Any]]) -> list[dict[str, Cell]]:
    """Return rows by the names in the first; short rows end in nothing."""
    if not rows:
        return []
    names = [str(name).strip() for name in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _checked(table: str, rows: Iterable[Mapping[str, Cell]], wrong: Wrong) -> Iterator[Cells]:
    for number, row in enumerate(rows, 2):
        cells = {
            name: text_of(row[name]).strip() for name in COLUMNS[table] if row.get(name) is not None
        }
        if any(cells.values()):
            told = Cells(table=table, row=number, cells=cells, wrong=wrong)
            for name in _NEEDED[table]:
                if not cells.get(name):
                    told.refuse("round_column_missing", name)
            yield told


# --- what they say


def _home(row: Cells) -> FreeHome:
    number = row.whole("homes", 1)
    return FreeHome(
        id=row.text("id"),
        complex=row.text("complex"),
        neighbourhood=row.text("neighbourhood"),
        ground=row.text("ground"),
        homes=1 if number is None else number,
    )


def _scale(tables: Mapping[str, list[Cells]], *, week: bool) -> int:
    """Return how many points a placement of who is first is worth; in a week, a unit of cost."""
    if week:
        return WEEK_SCALE
    return 2 * max((row.whole("order", 1) or 1 for row in tables["candidates"]), default=1)


def _agreements(tables: Mapping[str, list[Cells]], scale: int) -> tuple[Agreement, ...]:
    loads: dict[str, dict[str, int]] = {}
    for row in tables.get("loads", ()):
        loads.setdefault(row.text("agreement"), {})[row.text("group")] = row.whole("load") or 0
    return tuple(
        Agreement(
            id=row.text("id"),
            kind=_kind(row),
            place=row.text("place"),
            category=row.text("category"),
            group=row.text("group"),
            ground=row.text("ground"),
            low=row.whole("at_least"),
            high=row.whole("at_most"),
            prices=tuple(max(round(price * scale), 0) for price in row.prices("price")),
            loads=loads.get(row.text("id"), {}),
        )
        for row in tables.get("agreements", ())
    )


def _kind(row: Cells) -> AgreementKind:
    if row.text("kind") in _KINDS:
        return AgreementKind(row.text("kind"))
    row.refuse("round_cell", "kind")
    return AgreementKind.BAND


def _options(
    tables: Mapping[str, list[Cells]], homes: tuple[FreeHome, ...], scale: int
) -> tuple[Option, ...]:
    costs: dict[str, dict[str, int]] = {}
    for row in tables.get("costs", ()):
        for cost in row.prices("cost")[:1]:
            costs.setdefault(row.text("channel"), {})[row.text("home")] = round(cost * scale)
    return tuple(
        Option(
            channel=row.text("channel"),
            category=row.text("category"),
            group=row.text("group"),
            ground=row.text("ground"),
            supply=row.whole("supply"),
            costs=costs.get(row.text("channel"), {home.id: 0 for home in homes}),
        )
        for row in tables["options"]
    )


def _check_names(tables: Mapping[str, list[Cells]], *, week: bool) -> None:
    """Refuse a name that nothing in the round has; it would silently count nothing."""
    homes = tables["homes"]
    people = tables["options" if week else "candidates"]
    groups = {row.text("group" if week else "target_group") for row in people}
    names = {
        "place": {home.text(word) for home in homes for word in ("complex", "neighbourhood")},
        "category": {row.text("category") for row in people},
        "group": groups,
        "home": {home.text("id") for home in homes},
        "candidate": {row.text("id") for row in people},
        "channel": {row.text("channel") for row in people},
        "agreement": {row.text("id") for row in tables.get("agreements", ())},
    }
    for table in ("agreements", "loads", "pairs", "costs"):
        for row in tables.get(table, ()):
            for column, known in names.items():
                if column in COLUMNS[table] and row.text(column) not in known | {""}:
                    row.refuse("round_name", column)


# --- letting rules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What the letting rules look at in a candidate."""

    size: int | None
    income: str
    accessible: bool

    def refusal(self, home: _Offered) -> str:
        """Return the first rule that a home doesn't meet; empty when all are met."""
        if self.size is not None and not home.least <= self.size <= (home.most or self.size):
            return "size"
        if home.incomes and self.income not in home.incomes:
            return "income"
        return "accessible" if self.accessible and not home.accessible else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """What the letting rules look at in a home."""

    least: int
    most: int | None
    incomes: tuple[str, ...]
    accessible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What the letting rules ask of homes, of candidates, and the order they give; by position."""

    homes: tuple[_Offered, ...]
    candidates: tuple[_Asking, ...]
    order: list[int]

    @classmethod
    def of(cls, tables: Mapping[str, list[Cells]]) -> _Rules:
        """Read what the rules look at."""
        return cls(
            homes=tuple(
                _Offered(
                    least=row.whole("min_size") or 0,
                    most=row.whole("max_size", 1),
                    incomes=tuple(row.text("incomes").split()),
                    accessible=row.yes("accessible"),
                )
                for row in tables["homes"]
            ),
            candidates=tuple(
                _Asking(
                    size=row.whole("size", 1),
                    income=row.text("income_class"),
                    accessible=row.yes("accessible_needed"),
                )
                for row in tables["candidates"]
            ),
            order=[row.whole("order", 1) or 1 for row in tables["candidates"]],
        )

    def refusal(self, home: int, candidate: int) -> str:
        """Return the first rule that keeps two apart; empty when all are met."""
        return self.candidates[candidate].refusal(self.homes[home])


def _asked(tables: Mapping[str, list[Cells]]) -> Iterable[tuple[int, int]]:
    """Return which homes and candidates are put together: all, or those of a table."""
    if "pairs" not in tables:
        return product(range(len(tables["homes"])), range(len(tables["candidates"])))
    homes = {row.text("id"): number for number, row in enumerate(tables["homes"])}
    people = {row.text("id"): number for number, row in enumerate(tables["candidates"])}
    return [(homes[row.text("home")], people[row.text("candidate")]) for row in tables["pairs"]]
