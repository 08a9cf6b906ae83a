"""What is asked of the process that reads a delivery, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mixwijzer.exchange.findings import Finding, Severity

__all__ = ["SHAPES", "Limits", "Spool", "SpooledTable"]

SHAPES = "shapes.geojson"
"""The file beside the tables with the areas of a map, in the form that `geography` reads."""

MB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a delivery may ask.

    Parameters
    ----------
    memory
        Address space of the reading process [bytes].
    cpu, wall
        Processor time and time by the clock [s].
    source, disk
        Size of the delivery, and of everything that is written for it [bytes].
    files
        Files in a folder or zip.
    rows
        Rows per table.
    findings
        Findings that are told one by one.
    """

    memory: int = 640 * MB
    cpu: int = 240
    wall: float = 300.0
    source: int = 1024 * MB
    disk: int = 2048 * MB
    files: int = 200
    rows: int = 2_000_000
    findings: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledTable:
    """One clean table: where it lies, and how many rows it has."""

    path: Path
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """What came of a delivery.

    Parameters
    ----------
    tables
        Clean tables by name; none when a finding is an error.
    findings
        Everything that is wrong or worth knowing, as it was met.
    truncated
        Whether reading stopped before the end, or not every finding is listed.
    dropped
        Filled cells that were left out, by kind of refused attribute or `unknown` [cells].
    sha256
        Of what was delivered: the same again means nothing changed.
    mapping
        The profile that was used.
    data_date
        The day the data speaks of, where the delivery or its profile says so.
    synthetic
        Whether the delivery says that it is made up.
    shapes
        The areas of a map, in the form that `mixwijzer.exchange.geography` reads.
    note
        What the profile assumes.
    """

    tables: Mapping[str, SpooledTable]
    findings: tuple[Finding, ...]
    truncated: bool
    dropped: Mapping[str, int]
    sha256: str
    mapping: str
    data_date: date | None
    synthetic: bool = False
    shapes: Path | None = None
    note: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing keeps the delivery out."""
        return all(each.severity is not Severity.ERROR for each in self.findings)
