"""The plan of a round as a file: who is asked about what, and who answered; no view in it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlsxwriter
from django.utils.translation import gettext as _

from mixwijzer.web.pulse.selectors import PlaceLine, RoundPage
from mixwijzer.web.pulse.transitions import TaskState
from mixwijzer.web.ui.spreadsheets import csv_file, harmless

__all__ = ["as_csv", "as_xlsx"]


def as_csv(page: RoundPage) -> bytes:
    """Return the plan as CSV."""
    return csv_file(_rows(page)).encode()


def as_xlsx(page: RoundPage) -> bytes:
    """Return the plan as a workbook with one sheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, bold = book.add_worksheet(_("Plan")), book.add_format({"bold": True})
        for place, row in enumerate(_rows(page)):
            cells = [harmless(each) for each in row]
            sheet.write_row(place, 0, cells, None if place else bold)
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
        yield list(_cells(line))


def _cells(line: PlaceLine) -> Iterator[str]:
    yield from (line.neighbourhood, line.complex, line.group)
    for place in range(2):
        seat = line.seats[place] if place < len(line.seats) else None
        yield seat.name if seat else ""
        yield str(TaskState(seat.state).label) if seat else ""
