"""How does a table become a file that a spreadsheet opens, and in which it computes nothing?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

__all__ = ["csv_file", "harmless"]

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute with these


def harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def csv_file(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV that a spreadsheet opens with its accents right."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(each) for each in row] for row in rows)
    return "\ufeff" + out.getvalue()
