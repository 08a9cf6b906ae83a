"""The plan of a round as a file: who is asked about what, and who answered; no view in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from django.utils.translation import gettext as _

from mixwijzer.web.pulse.selectors import PlaceLine, RoundPage
from mixwijzer.web.pulse.transitions import TaskState

__all__ = ["as_csv", "as_xlsx"]

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute with these


def as_csv(page: RoundPage) -> bytes:
    """Return the plan as CSV that a spreadsheet opens with its accents right."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(_rows(page))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(page: RoundPage) -> bytes:
    """Return the plan as a workbook with one sheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, bold = book.add_worksheet(_("Plan")), book.add_format({"bold": True})
        for place, row in enumerate(_rows(page)):
            sheet.write_row(place, 0, row, None if place else bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 6, 24)
    return out.getvalue()


def _rows(page: RoundPage) -> Iterator[list[str]]:
    yield [
        _("Neighbourhood"),
        _("Complex"),
        _("Group"),
        _("First judge"),
        _("State"),
        _("Second judge"),
        _("State"),
    ]
    for line in page.places:
        yield [_plain(each) for each in _cells(line)]


def _cells(line: PlaceLine) -> Iterator[str]:
    yield from (line.neighbourhood, line.complex, line.group)
    for place in range(2):
        seat = line.seats[place] if place < len(line.seats) else None
        yield seat.name if seat else ""
        yield str(TaskState(seat.state).label) if seat else ""


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
