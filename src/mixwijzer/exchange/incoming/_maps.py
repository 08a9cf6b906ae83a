"""A map of areas as a delivery: its codes and names become rows, its shapes a file beside them."""

from __future__ import annotations

from pathlib import Path

from mixwijzer.exchange.findings import Findings
from mixwijzer.exchange.geography import read, write
from mixwijzer.exchange.tables import Chunk, Sheet

__all__ = ["area_sheet"]


def area_sheet(file: Path, shapes: Path, findings: Findings) -> Sheet:
    """Return the areas of a map as a sheet, and write its shapes.

    Raises
    ------
    SourceTrouble
        What keeps the map from being read.
    """
    geography = read(file)
    for finding in geography.findings:
        findings.add(finding)
    write(geography.shapes, shapes)
    header = ["code", "kind", "name", "parent", "year"]
    rows = [
        [each.code, each.kind.name.lower(), each.name, each.parent or "", str(each.year or "")]
        for each in geography.shapes
    ]
    chunk = Chunk(first_row=1, rows=[header, *rows])
    return Sheet(table="areas", file=file.name, name=None, typed=False, chunks=iter([chunk]))
