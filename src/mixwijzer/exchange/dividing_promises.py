"""Whose part of a promise is whose? As rows, as a document, and as a sheet.

Three keys side by side: homes in stock, homes that come free and suit, and what was agreed. Which
one is fair is for those at the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from mixwijzer.engine.feasibility import Division, Part, Stake, divisions
from mixwijzer.exchange.catalogue import Language, sentence
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.printing import Sheet, cell, headings
from mixwijzer.exchange.tabular import Field, Table, Value

__all__ = [
    "divided",
    "division_items",
    "division_sheet",
    "division_table",
    "stake_items",
    "stakes_from",
]

_UNIT = "unit of the row"
_FIELDS = (
    *map(Field, ("group", "unit", "start", "end")),
    Field("total", _UNIT),
    Field("owner"),
    *(Field(name, "dwellings") for name in ("stock", "suitable_low", "suitable_high")),
    *(Field(name, _UNIT) for name in ("agreed", "by_stock", "by_suitable")),
)


def divided(inquiry: Inquiry) -> tuple[Division, ...]:
    """Divide what the associations of a portfolio promised; nothing where there is one."""
    accounts = {owner: inquiry.accounts(owner) for owner in inquiry.owners}
    return divisions(inquiry.obligations(), accounts)


def division_table(found: Iterable[Division]) -> Table:
    """Return a row for each association's part of each promise."""
    rows = tuple(_row(each, part) for each in found for part in each.parts)
    return Table(name="divisions", fields=_FIELDS, rows=rows)


def _row(each: Division, part: Part) -> tuple[Value, ...]:
    low, high = part.suitable or (None, None)
    promise = (each.group, each.unit, each.start, each.end, each.total)
    keys = (part.agreed, part.by_stock, part.by_suitable)
    return (*promise, part.owner, part.stock, low, high, *keys)


def division_items(found: Iterable[Division]) -> list[dict[str, Any]]:
    """Return the parts of each promise for a document."""
    return [
        {
            "group": each.group,
            "unit": each.unit,
            "start": each.start.isoformat(),
            "end": each.end.isoformat(),
            "total": each.total,
            "parts": [_item(part) for part in each.parts],
        }
        for each in found
    ]


def _item(part: Part | Stake) -> dict[str, Any]:
    told = asdict(part)
    low, high = told.pop("suitable") or (None, None)
    return {**told, "suitable_low": low, "suitable_high": high}


def stake_items(found: Iterable[Stake]) -> list[dict[str, Any]]:
    """Return what associations bring to a division, for a document that is kept."""
    return [
        {**_item(each), "start": each.start.isoformat(), "end": each.end.isoformat()}
        for each in found
    ]


def stakes_from(items: Iterable[Mapping[str, Any]]) -> tuple[Stake, ...]:
    """Read back what `stake_items` wrote down."""
    return tuple(_stake(dict(each)) for each in items)


def _stake(told: dict[str, Any]) -> Stake:
    ends = told.pop("suitable_low"), told.pop("suitable_high")
    told |= {name: date.fromisoformat(told[name]) for name in ("start", "end")}
    return Stake(**told, suitable=None if None in ends else ends)


def division_sheet(found: Iterable[Division], language: Language) -> Sheet:
    """Return the parts of each promise for people: a row each."""
    names = ("group", "unit", "owner", "stock", "suitable", "agreed", "by_stock", "by_suitable")
    rows = tuple(tuple(_cells(each, part, language)) for each in found for part in each.parts)
    return Sheet(headings=headings(names, language), rows=rows, right=(False,) * 3 + (True,) * 5)


def _cells(each: Division, part: Part, language: Language) -> Iterator[str]:
    yield from (each.group, sentence(f"commands.unit.{each.unit}", language), part.owner)
    yield "–" if part.stock is None else cell("number", part.stock, language)
    yield "–".join(map(str, part.suitable)) if part.suitable else "–"
    for number in (part.agreed, part.by_stock, part.by_suitable):
        yield "–" if number is None else cell("number", number, language)
