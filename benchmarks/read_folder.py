"""A folder of more than a hundred thousand rows: how long to read, check and hold it?

Beside it the time that Python's own reader of CSV takes to split the same files into texts, which
checks nothing and builds nothing.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from benchmarks.measuring import Measure, middle, timed
from benchmarks.towns import Town, made_up
from mixwijzer.exchange.documents import row_counts
from mixwijzer.exchange.tables import read, write

TOWNS = ("zwolle-like", "metropolis")


def run(town: Town) -> list[Measure]:
    """Measure one town."""
    portfolio = made_up(town).portfolio
    rows = sum(row_counts(portfolio).values())
    with tempfile.TemporaryDirectory() as folder:
        write(portfolio, folder)
        taken = middle(timed(lambda: read(folder), times=3))
        split = middle(timed(lambda: _split(Path(folder)), times=3))
        same = read(folder).portfolio == portfolio
    return [
        Measure(
            what="read and check, per 100,000 rows",
            value=taken / rows * 1e5 / 1e3,
            unit="s",
            baseline=split / rows * 1e5 / 1e3,
            of="csv.reader alone",
        ),
        Measure(what="rows", value=rows, unit="rows"),
        Measure(what="read back the same", value=float(same), unit="yes", bar=1, at_least=True),
    ]


def _split(folder: Path) -> int:
    number = 0
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            number += sum(1 for _ in csv.reader(file, delimiter=";"))
    return number
