"""Which portfolio do these files hold, and what is wrong with them?

A portfolio is a folder of CSV files, one per table, or one Excel workbook with the same sheets.
`columns.csv` says which tables and columns there are; `read` accepts them in any order, under Dutch
or English headers, in any usual notation, and returns all findings at once. Nothing comes in
half: with one error there is no portfolio. Columns that have no place are dropped and counted.
`write` gives a form that `read` turns into exactly the same portfolio.
"""

from __future__ import annotations

from mixwijzer.exchange.tables._foreign import read_through
from mixwijzer.exchange.tables._portfolio import Reading, read, read_rows
from mixwijzer.exchange.tables._schema import schema
from mixwijzer.exchange.tables._writing import template, write

__all__ = ["Reading", "read", "read_rows", "read_through", "schema", "template", "write"]
