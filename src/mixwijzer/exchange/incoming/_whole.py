"""A delivery as one portfolio, for whoever has it all on one machine."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mixwijzer.exchange.incoming._process import spool
from mixwijzer.exchange.incoming._spool import Spool
from mixwijzer.exchange.mappings import load_any, names, read_mapped
from mixwijzer.exchange.tables import META, Reading, quoted, read, rewritten

__all__ = ["read_delivery", "read_spooled"]


def read_delivery(source: str | Path, mapping: str | Path) -> Reading:
    """Read a delivery through a profile or mapping, with every check that a portfolio passes.

    Raises
    ------
    PortfolioError
        `mapping_missing`, `mapping_invalid`.
    """
    if isinstance(mapping, str) and mapping in names():
        return read_mapped(source, mapping)
    load_any(mapping)
    with TemporaryDirectory() as place:
        tables = Path(place) / "tables"
        spooled = spool(Path(source), tables, mapping=mapping)
        if not spooled.sound:
            return Reading(portfolio=None, findings=spooled.findings, dropped=spooled.dropped)
        _tell_day(spooled, tables)
        reading = read_spooled(tables)
    return Reading(
        portfolio=reading.portfolio,
        findings=(*spooled.findings, *reading.findings),
        dropped=spooled.dropped,
        note=spooled.note,
    )


def read_spooled(tables: Path) -> Reading:
    """Read clean tables as one portfolio; texts get the quote that reading takes off again."""
    for path in tables.glob("*.csv"):
        rewritten(path, partial(quoted, path.stem))
    return read(tables)


def _tell_day(spooled: Spool, tables: Path) -> None:
    """Write the day that the profile told, where the delivery itself doesn't."""
    if META in spooled.tables or spooled.data_date is None:
        return
    with (tables / f"{META}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["data_date"], [spooled.data_date.isoformat()]])
