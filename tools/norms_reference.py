"""Write the list of norms for the documentation, from the norms themselves.

    python -m tools.norms_reference        write docs/reference/norms.md
    python -m tools.norms_reference check  say whether it is up to date

A test runs the check, so the list can't say anything else than the program does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import cast

from mixwijzer.engine.norms import Figure, Norm, NormValue, Standing
from mixwijzer.exchange.catalogue import sentence
from mixwijzer.exchange.normbook import read_norms
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "norms.md"

HEAD = """\
# Norms

Every figure that Mixwijzer steers or warns by stands in `src/mixwijzer/norms`, one file each, with
its dates, source and quote; none is typed into the program. This page is written from those files
by `python -m tools.norms_reference`.

A norm is *law*, an *agreement* somebody signed, an *aim*, or an *assumption*: a choice of ours that
an organisation should replace by its own figures. A value holds from its first day up to but not
including its last one; after that it refuses to be used. The article's 50 / 35 / 15 is an aim: no
evidence for a tipping point exists.

An organisation keeps its own norms in a folder with the same layout
(`read_norms(folder, over=read_norms())`). They replace agreements, aims and assumptions, never law.
"""

GROUPS = {
    "income": "Income limits",
    "rent": "Rent limits",
    "letting": "Rules and texts of letting",
    "agreements": "Agreements with municipality and tenants",
    "mix": "Mix: aims, bands, schemes, channels",
    "account": "The account of who lives where",
    "advice": "Advice at a vacancy",
    "pulse": "The round of judgements",
    "turnover": "Turnover",
    "dynamics": "How a mix moves by itself",
    "import": "Import without somebody looking",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join((HEAD, *_groups()))


def _groups() -> Iterator[str]:
    norms = sorted(read_norms().values(), key=lambda norm: (_rank(norm), norm.key))
    for group, members in groupby(norms, key=lambda norm: norm.key.split(".")[0]):
        yield f"## {GROUPS[group]}\n"
        for norm in members:
            yield from _norm(norm)


def _rank(norm: Norm) -> int:
    return list(GROUPS).index(norm.key.split(".")[0])


def _norm(norm: Norm) -> Iterator[str]:
    standing = sentence(f"words.standing.{norm.standing.value}", "en")
    yield f"### `{norm.key}`\n"
    yield f"{norm.title['en']} · *{norm.title['nl']}* · **{standing}**\n"
    told = "why" if norm.standing is Standing.ASSUMPTION else "quote"
    yield f"| from | until | value | source | {told} |"
    yield "|---|---|---|---|---|"
    for value in norm.values:
        yield _row(norm, value)
    yield ""
    for value in norm.values:
        yield from _rows_inside(value.value)


def _row(norm: Norm, value: NormValue) -> str:
    until = value.end.isoformat() if value.end else "open"
    checked = f" (checked {value.checked})" if value.checked else ""
    cells = (
        value.start.isoformat(),
        until,
        "below" if _is_table(value.value) else _figure(value.value, norm.unit),
        value.source + checked,
        value.quote if norm.standing is Standing.ASSUMPTION else f"“{value.quote}”",
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _is_table(value: Figure) -> bool:
    return isinstance(value, tuple) and all(isinstance(row, Mapping) for row in value)


def _rows_inside(value: Figure) -> Iterator[str]:
    """Write a value that is a list of rows as a table of its own."""
    if not _is_table(value):
        return
    rows = cast("tuple[Mapping[str, Figure], ...]", value)
    yield f"| {' | '.join(rows[0])} |"
    yield f"|{'---|' * len(rows[0])}"
    for row in rows:
        yield f"| {' | '.join(_figure(cell, 'channels') for cell in row.values())} |"
    yield ""


def _figure(value: Figure, unit: str) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_figure(part, unit)}" for name, part in value.items())
    if isinstance(value, tuple):
        return f"({', '.join(_figure(part, unit) for part in value)})"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value or "none"
    return _number(value, unit)


def _number(value: Decimal | int, unit: str) -> str:
    if unit.startswith("euro"):
        return _amount(value)
    if unit in {"share", "per_year"}:
        return f"{(Decimal(value) * 100).normalize():f}%"
    if unit == "basis_points":
        return f"{(Decimal(value) / 100).normalize():f}%"
    word = sentence(f"words.unit.{unit}", "en")
    plain = unit in {"scheme", "channels", "chance", "factor"}
    return f"{value}" if plain else f"{value} {word}"


def _amount(value: Decimal | int) -> str:
    return f"€ {value:,}"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
