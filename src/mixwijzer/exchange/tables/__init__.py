"""Which portfolio do these files hold, and what is wrong with them?

A portfolio is a folder of CSV files, one per table, or one Excel workbook with the same sheets.
`columns.csv` says which tables and columns there are; `read` accepts them in any order, under Dutch
or English headers, in any usual notation, and returns all findings at once. Nothing comes in
half: with one error there is no portfolio. Columns that have no place are dropped and counted.
`write` gives a form that `read` turns into exactly the same portfolio. What is too large to hold is
spooled: `spool_sheet` writes a table clean, chunk by chunk (see `mixwijzer.exchange.incoming`).
"""

from __future__ import annotations

from mixwijzer.exchange.tables._delimited import chunks_of
from mixwijzer.exchange.tables._foreign import read_through, sheets_through
from mixwijzer.exchange.tables._persons import header_may_be_shown
from mixwijzer.exchange.tables._portfolio import SILENT_SHEETS, Reading, read, read_rows
from mixwijzer.exchange.tables._reading import text_of
from mixwijzer.exchange.tables._schema import META, schema, table_called
from mixwijzer.exchange.tables._source import UNMAPPED, Chunk, Dialect, Sheet, SourceTrouble
from mixwijzer.exchange.tables._spooling import SpooledSheet, quoted, rewritten, spool_sheet
from mixwijzer.exchange.tables._workbook import WORKBOOK_CHILD, WorkbookSheet, sheets_of
from mixwijzer.exchange.tables._writing import csv_text, template, write

__all__ = [
    "META",
    "SILENT_SHEETS",
    "UNMAPPED",
    "WORKBOOK_CHILD",
    "Chunk",
    "Dialect",
    "Reading",
    "Sheet",
    "SourceTrouble",
    "SpooledSheet",
    "WorkbookSheet",
    "chunks_of",
    "csv_text",
    "header_may_be_shown",
    "quoted",
    "read",
    "read_rows",
    "read_through",
    "rewritten",
    "schema",
    "sheets_of",
    "sheets_through",
    "spool_sheet",
    "table_called",
    "template",
    "text_of",
    "write",
]
