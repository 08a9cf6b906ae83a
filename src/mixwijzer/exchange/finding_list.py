"""Findings as a list to work through: a CSV file or a workbook, a row each.

For whoever repairs the files, so in one language, worst first, with a column each for the place,
what is wrong and what can be done. No cell can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.tables import csv_text
from mixwijzer.exchange.wording import Language, finding_parts, sentence

__all__ = ["as_csv", "as_workbook", "write_findings"]

_COLUMNS = ("severity", "file", "sheet", "row", "column", "value", "trouble", "way_out")
_WIDTHS = (10, 24, 16, 6, 16, 24, 70, 70)


def write_findings(findings: Iterable[Finding], path: str | Path, language: Language) -> None:
    """Write findings as a workbook (`path` ends in .xlsx) or as CSV."""
    target = Path(path)
    make = as_workbook if target.suffix.lower() == ".xlsx" else as_csv
    target.write_bytes(make(findings, language))


def as_csv(findings: Iterable[Finding], language: Language) -> bytes:
    """Return findings as CSV that a Dutch spreadsheet opens as it is: `;`, UTF-8 with a mark."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerows([csv_text(cell) for cell in row] for row in _rows(findings, language))
    return text.getvalue().encode("utf-8-sig")


def as_workbook(findings: Iterable[Finding], language: Language) -> bytes:
    """Return findings as a workbook of one sheet; needs `mixwijzer[excel]`."""
    import xlsxwriter

    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options) as book:
        sheet = book.add_worksheet(sentence("words.finding_list.title", language))
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for position, width in enumerate(_WIDTHS):
            sheet.set_column(position, position, width, wrapped)
        for number, row in enumerate(_rows(findings, language)):
            for position, cell in enumerate(row):
                sheet.write_string(number, position, cell)
        sheet.freeze_panes(1, 0)
    return data.getvalue()


def _rows(findings: Iterable[Finding], language: Language) -> Iterator[list[str]]:
    """Yield the header, then a row per finding, worst first."""
    yield [sentence(f"words.finding_list.{name}", language) for name in _COLUMNS]
    for finding in sorted(findings, key=lambda each: -each.severity):
        severity = sentence(f"words.severity.{finding.severity.name.lower()}", language)
        place = (finding.file, finding.sheet, finding.row, finding.column, finding.value)
        told = ["" if each is None else str(each) for each in place]
        yield [severity, *told, *finding_parts(finding, language)]
