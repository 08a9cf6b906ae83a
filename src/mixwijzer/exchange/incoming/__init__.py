"""Which clean tables are in this delivery, and what is wrong with it?

A delivery is a folder of CSV files, one CSV file, a workbook, a zip file of CSV files, or a map as
GeoJSON. It comes from outside, so it is opened in a process of its own, inside limits of memory,
processor time and disk, without network; what that process writes is one clean file a table and a
report. Whatever the delivery does to it, here it ends as a finding.

A spooled table is UTF-8 CSV with exactly the columns of `columns.csv`, in the notation in which
`mixwijzer.exchange.tables.write` writes a value, except that a text is never given a quote in
front: it is for a database, not for a spreadsheet; `read_spooled` reads it so. With one error there
are no tables.
"""

from __future__ import annotations

from mixwijzer.exchange.incoming._process import spool
from mixwijzer.exchange.incoming._spool import Limits, Spool, SpooledTable
from mixwijzer.exchange.incoming._whole import read_delivery, read_spooled

__all__ = ["Limits", "Spool", "SpooledTable", "read_delivery", "read_spooled", "spool"]
