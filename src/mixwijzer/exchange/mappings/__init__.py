"""How does a table of somebody else's making become a portfolio? By a mapping, which is data.

A mapping is a YAML file in this folder: for each of our tables which rows it gets from the source
and what stands in every column. Texts are written as they are, `{HEADER}` is a cell of the source
and `{HEADER:upper}` the same in capitals. A number can be a percentage of another one. What a
mapping assumes stands in its note, and the note goes into the portfolio.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeAlias, cast

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import Area
from mixwijzer.exchange.mappings._profiles import OWN, Profile, Renumbered, read_profile, stem
from mixwijzer.exchange.strict_yaml import read_yaml
from mixwijzer.exchange.tables import Reading, read_through, write

__all__ = [
    "OWN",
    "Mapped",
    "Profile",
    "Renumbered",
    "convert",
    "load",
    "load_any",
    "names",
    "profiles",
    "read_areas",
    "read_mapped",
    "stem",
    "text_of",
    "translated",
]

_FOLDER = Path(__file__).parent
_PROFILES = _FOLDER / "systems"
_HEADER = re.compile(r"\{([^{}:]+)(:upper)?\}")

Cell: TypeAlias = str | int | float | bool | None
Source: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A mapping: where its source comes from, what it assumes, and how each table is filled.

    `empty` lists the cells that mean "not told"; `blocks` are the parts of `tables` as in the file.
    """

    name: str
    title: Mapping[str, str]
    source: str
    note: str
    data_date: date
    empty: frozenset[str]
    blocks: tuple[Mapping[str, Any], ...]

    @property
    def headers(self) -> frozenset[str]:
        """The headers that a source must have."""
        return frozenset(header for block in self.blocks for header in _headers_of(block))


def names() -> tuple[str, ...]:
    """Return the names of the mappings there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles of source systems there are."""
    return (OWN.name, *sorted(path.stem for path in _PROFILES.glob("*.yaml")))


def load_any(mapping: str | Path) -> Profile | Mapped:
    """Return a profile or mapping by name, or a user's own profile by its path.

    Raises
    ------
    PortfolioError
        `mapping_missing` when there is none of that name; `mapping_invalid`.
    """
    if isinstance(mapping, Path):
        return read_profile(mapping)
    if mapping == OWN.name:
        return OWN
    if mapping in profiles():
        return read_profile(_PROFILES / f"{mapping}.yaml")
    if mapping in names():
        return load(mapping)
    known = ", ".join((*profiles(), *names()))
    raise PortfolioError("mapping_missing", mapping, names=known)


def text_of(profile: str) -> str | None:
    """Return the file of a profile that ships, to begin one's own with; None without such file."""
    if profile not in profiles() or profile == OWN.name:
        return None
    return (_PROFILES / f"{profile}.yaml").read_text(encoding="utf-8")


def load(name: str) -> Mapped:
    """Return a mapping by name.

    Raises
    ------
    PortfolioError
        `mapping_missing` when there is none of that name.
    """
    if name not in names():
        raise PortfolioError("mapping_missing", name, names=", ".join(names()))
    raw = cast("dict[str, Any]", read_yaml(_FOLDER / f"{name}.yaml"))
    return Mapped(
        name=name,
        title=raw["title"],
        source=raw["source"],
        note=raw["note"],
        data_date=raw["data_date"],
        empty=frozenset(raw["empty"]),
        blocks=tuple(raw["tables"]),
    )


def read_mapped(source: str | Path, mapping: str) -> Reading:
    """Read a foreign table through a mapping; what is wrong names the row of the source."""
    mapped = load(mapping)
    return read_through(source, mapped.headers, translated(mapped))


def read_areas(source: str | Path, mapping: str) -> tuple[Area, ...]:
    """Return the areas of a foreign table of neighbourhoods; empty when it can't be read."""
    portfolio = read_mapped(source, mapping).portfolio
    return () if portfolio is None else portfolio.areas


def convert(source: str | Path, mapping: str, out: str | Path) -> Reading:
    """Write a foreign table as a portfolio, in a folder or workbook; nothing when it has errors.

    Raises
    ------
    PortfolioError
        `mapping_missing`.
    """
    reading = read_mapped(source, mapping)
    if reading.portfolio is not None:
        write(reading.portfolio, out, note=reading.note)
    return reading


def translated(
    mapped: Mapped,
) -> Callable[[Source], Mapping[str, list[tuple[int, Mapping[str, Cell]]]]]:
    """Return what makes rows of our tables out of rows of a mapping's source."""
    return lambda rows: _translated(mapped, rows)


def _translated(mapped: Mapped, rows: Source) -> Mapping[str, list[tuple[int, Mapping[str, Cell]]]]:
    """Fill our tables, block by block."""
    told = [
        (number, {header: _told(cell, mapped.empty) for header, cell in row.items()})
        for number, row in rows
    ]
    meta: Mapping[str, Cell] = {"data_date": mapped.data_date.isoformat(), "note": mapped.note}
    tables: dict[str, list[tuple[int, Mapping[str, Cell]]]] = {"portfolio": [(1, meta)]}
    for block in mapped.blocks:
        filled = tables.setdefault(block["table"], [])
        for number, row in _chosen(block, told):
            filled.append(
                (number, {name: _cell(spec, row) for name, spec in block["columns"].items()})
            )
    return tables


def _told(cell: str, empty: frozenset[str]) -> str:
    text = cell.strip()
    return "" if text in empty else text


def _chosen(block: Mapping[str, Any], rows: Source) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of the source that give a row of this block."""
    if block.get("once"):
        yield 1, {}
        return
    seen: set[tuple[Cell, ...]] = set()
    filled, distinct = block.get("filled", ()), block.get("distinct", ())
    for number, row in rows:
        key = tuple(_cell(f"{{{header}}}", row) for header in distinct)
        if all(row[header] for header in filled) and not (distinct and key in seen):
            seen.add(key)
            yield number, row


def _cell(spec: Any, row: Mapping[str, str]) -> Cell:  # noqa: ANN401 - as the YAML has it
    """Return what stands in a column: a text filled in, a part of a number, or as it is."""
    if isinstance(spec, str):
        return _HEADER.sub(lambda match: _of(match, row), spec)
    if isinstance(spec, dict):
        return _part(spec, row)
    return spec.isoformat() if isinstance(spec, date) else cast("Cell", spec)


def _of(match: re.Match[str], row: Mapping[str, str]) -> str:
    cell = row[match[1]]
    return cell.upper() if match[2] else cell


def _part(spec: Mapping[str, Any], row: Mapping[str, str]) -> Cell:
    """Return a percentage of a number, rounded to whole, or what it leaves of that number."""
    try:
        whole = Decimal(row[spec["of"]])
        part = (Decimal(row[spec["percent"]]) * whole / 100).quantize(Decimal(1), ROUND_HALF_UP)
    except InvalidOperation:
        return f"{row[spec['percent']]} % × {row[spec['of']]}"  # the reader says it is no number
    return int(whole - part if spec.get("rest") else part)


def _headers_of(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the headers that a block reads."""
    yield from (header.partition(":")[0] for header in block.get("distinct", ()))
    yield from block.get("filled", ())
    for spec in block["columns"].values():
        if isinstance(spec, str):
            yield from (match[1] for match in _HEADER.finditer(spec))
        elif isinstance(spec, dict):
            yield from (spec["percent"], spec["of"])
