"""From a portfolio to files: a folder of CSV or a workbook that `read` turns back exactly.

Texts that a spreadsheet would take for a formula get a quote in front, which reading takes off
again; in a workbook every text is written as a text. Made-up data says so in every file: in the
table `portfolio`, in a last column of every other, in a workbook's properties and its first sheet.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import Channel, Portfolio
from mixwijzer.exchange.schemes import known_categories
from mixwijzer.exchange.tables._cells import TRIGGERS
from mixwijzer.exchange.tables._schema import DESCRIPTION, MARK, META, Column, schema
from mixwijzer.exchange.tables._shapes import SHAPES, rows_of_schemes

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["canonical", "csv_text", "template", "write"]

_FORMULA = re.compile(rf"\s*'*[{re.escape(TRIGGERS)}]")
_QUOTED_FORMULA = re.compile(rf"\s*'+[{re.escape(TRIGGERS)}]")
_TEXTS = frozenset({"text", "id", "ref", "scope", "setter", "area"})
_MADE_UP = {
    "nl": "SYNTHETISCH: alle gegevens in dit bestand zijn verzonnen.",
    "en": "SYNTHETIC: all data in this file is made up.",
}
_LONGEST_NUMBER = 40
_NOTE = f"{_MADE_UP['nl']} {_MADE_UP['en']}"
_DESCRIPTION_HEADER = (
    "table",
    "column",
    "required",
    "type",
    "unit",
    "omschrijving",
    "description",
    "VERA",
)


def write(portfolio: Portfolio, path: str | Path, *, note: str = "") -> None:
    """Write a portfolio as a workbook (`path` ends in .xlsx) or as a folder of CSV files.

    Every table is written, also an empty one, so that nothing of an earlier writing stays behind.

    Raises
    ------
    PortfolioError
        `scheme_missing` when a channel's scheme is neither in the portfolio nor in the norms.
    """
    tables = [(table, list(_columns(portfolio, table, note))) for table in schema()]
    target = Path(path)
    if target.suffix.lower() == ".xlsx":
        _write_book(target, tables, synthetic=portfolio.synthetic)
    else:
        with _complete(target) as part:
            for table, columns in tables:
                mark = portfolio.synthetic and table != META
                _write_csv(part / f"{table}.csv", columns, mark=mark)


def template(path: str | Path) -> None:
    """Write empty tables with every column explained, as a workbook or a folder.

    The explanation is a sheet or file of its own, which reading passes over.
    """
    target = Path(path)
    tables: list[tuple[str, _Columns]] = [
        (name, [(column, ()) for column in columns]) for name, columns in schema().items()
    ]
    if target.suffix.lower() == ".xlsx":
        _write_book(target, tables, synthetic=False, described=True)
        return
    with _complete(target) as part:
        for table, columns in tables:
            _write_csv(part / f"{table}.csv", columns, mark=False)
        _write_rows(part / f"{DESCRIPTION}.csv", [_DESCRIPTION_HEADER, *_descriptions()])


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """Give a folder to write in; its files replace those of `target` when all are there."""
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target, prefix=".") as name:
        yield Path(name)
        for part in sorted(Path(name).iterdir()):
            part.replace(target / part.name)


_Told: TypeAlias = Sequence[object]
_Columns: TypeAlias = Sequence[tuple[Column, _Told]]


def _columns(portfolio: Portfolio, table: str, note: str) -> Iterator[tuple[Column, _Told]]:
    """Yield the columns of a table with their values."""
    special = _special(portfolio, table, note)
    for column in schema()[table]:
        if column.name in special:
            yield column, special[column.name]
        else:
            told = SHAPES[table].cells(getattr(portfolio, table), column.name)
            yield column, list(map(_percent, told)) if column.kind == "percent" else told


def _percent(points: object) -> Decimal | None:
    """Return basis points as a percentage."""
    return Decimal(points).scaleb(-2).normalize() if isinstance(points, int) else None


def _special(portfolio: Portfolio, table: str, note: str) -> dict[str, list[object]]:
    """Return the columns that aren't fields of rows."""
    if table == META:
        text = f"{_NOTE} {note}".strip() if portfolio.synthetic else note
        return {
            "data_date": [portfolio.data_date],
            "synthetic": [portfolio.synthetic],
            "note": [text],
        }
    if table == "schemes":
        return rows_of_schemes(portfolio.schemes)
    if table == "channels":
        known = known_categories(portfolio.schemes)
        return {"shares": [_named(channel, known) for channel in portfolio.channels]}
    return {}


def _named(
    channel: Channel, known: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, Decimal], ...]:
    if channel.scheme not in known:
        raise PortfolioError("scheme_missing", channel.scheme, channel=channel.id)
    return tuple(zip(known[channel.scheme], channel.shares, strict=True))


def _write_csv(path: Path, columns: _Columns, *, mark: bool) -> None:
    """Write one table; a header, then a row per row."""
    header = [column.name for column, _ in columns]
    texts = [
        list(map(csv_text if column.kind in _TEXTS else _plain, told)) for column, told in columns
    ]
    if mark:
        header.append(MARK)
        texts.append(["yes"] * len(texts[0]))
    _write_rows(path, [header, *zip(*texts, strict=True)])


def _write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def csv_text(value: object) -> str:
    """Return a text so that no spreadsheet takes it for a formula."""
    text = "" if value is None else str(_code(value))
    return f"'{text}" if _FORMULA.match(text) else text


def _code(value: object) -> object:
    return value.name.lower() if isinstance(value, IntEnum) else value


def canonical(column: Column, value: object) -> str:
    """Return a value of a column in its one notation; a text as it is."""
    return _plain(_percent(value) if column.kind == "percent" else value)


def _plain(value: object) -> str:
    """Return a value as it is written in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return _number(value)
    return _other(value)


def _other(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(f"{name}={_number(rate)}" for name, rate in value)
    return str(_code(value))


def _number(value: float | Decimal) -> str:
    """Return a number whose point can only be a decimal sign."""
    text = format(Decimal(str(value)), "f")
    if len(text) > _LONGEST_NUMBER:
        return str(value)
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _descriptions() -> Iterator[tuple[str, ...]]:
    for table, columns in schema().items():
        for column in columns:
            required = "ja / yes" if column.required else ""
            kind = column.type.replace("ref:", "→ ").replace("enum:", "")
            texts = (column.description["nl"], column.description["en"])
            yield table, column.name, required, kind, column.unit, *texts, column.vera_term


def _write_book(
    path: Path, tables: Sequence[tuple[str, _Columns]], *, synthetic: bool, described: bool = False
) -> None:
    """Write a workbook, sheet by sheet."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with (
        _complete(path.parent) as folder,
        xlsxwriter.Workbook(folder / path.name, options) as book,
    ):
        if synthetic:
            book.set_properties({"title": _MADE_UP["nl"], "comments": _NOTE})
            _fill(book.add_worksheet("synthetisch"), [[text] for text in _MADE_UP.values()])
        if described:
            _fill(book.add_worksheet(DESCRIPTION), [_DESCRIPTION_HEADER, *_descriptions()])
        for table, columns in tables:
            _write_sheet(book, table, columns, mark=synthetic and table != META)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        for position, text in enumerate(row):
            sheet.write_string(number, position, text)


def _write_sheet(book: Workbook, table: str, columns: _Columns, *, mark: bool) -> None:
    sheet = book.add_worksheet(table)
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for position, (column, told) in enumerate(columns):
        sheet.write_string(0, position, column.name, bold)
        for row, value in enumerate(told, 1):
            _write_cell(sheet, (row, position), column, value, day)
    if mark:
        sheet.write_string(0, len(columns), MARK, bold)
        for row in range(1, len(columns[0][1]) + 1):
            sheet.write_string(row, len(columns), "yes")
    sheet.freeze_panes(1, 0)


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], column: Column, value: object, day: Format
) -> None:
    """Write a cell with its type: a text is a text, whatever it looks like."""
    if value is None or value == "":
        return
    if column.kind in _TEXTS:
        text = str(_code(value))
        sheet.write_string(*at, f"'{text}" if _QUOTED_FORMULA.match(text) else text)
    elif column.kind == "date" and isinstance(value, date) and value.year >= 1901:
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif isinstance(value, int | float | Decimal) and _exact_as_number(value):
        sheet.write_number(*at, float(value))
    else:
        sheet.write_string(*at, _plain(value))


def _exact_as_number(value: float | Decimal) -> bool:
    """Whether a spreadsheet keeps this number as it is: it holds 15 figures."""
    if isinstance(value, bool | IntEnum):
        return False
    return len(str(value).lstrip("-").replace(".", "").lstrip("0")) <= 15
