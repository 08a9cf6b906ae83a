"""From an uploaded file to clean tables on disk, read in a child process with limits.

What is read of them afterwards holds only what `columns.csv` knows, written by ourselves.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mixwijzer.engine.portfolio import Channel
from mixwijzer.exchange.geography import read as read_map
from mixwijzer.exchange.geography import simplified
from mixwijzer.exchange.incoming import Spool
from mixwijzer.exchange.tables import read as read_tables
from mixwijzer.web.register import bridge
from mixwijzer.web.register.services.drawing import Outline

__all__ = ["Clean"]

TOLERANCE = 20.0  # less than a line on a map of a town [metres]
SHAPES = "shapes.geojson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The clean tables of one import, as they lie on disk until it is written or dropped."""

    files: Mapping[str, Path]
    channels: Sequence[Channel] = ()
    outlines: Sequence[Outline] = ()

    @classmethod
    def of(cls, folder: Path, spool: Spool | None = None) -> Clean:
        """Return what there is in a folder."""
        files = {path.stem: path for path in sorted(folder.glob("*.csv")) if _has_rows(path)}
        drawn = folder / SHAPES if spool is None else spool.shapes
        return cls(
            files=files,
            channels=_channels(folder) if "channels" in files else (),
            outlines=_outlines(drawn) if drawn and drawn.exists() else (),
        )


def _has_rows(path: Path) -> bool:
    with path.open(encoding="utf-8-sig") as file:
        next(file, None)
        return next(file, None) is not None


def _channels(folder: Path) -> tuple[Channel, ...]:
    """Read the ways of letting, which are few, as the register would give them back."""
    with TemporaryDirectory() as name:
        for table in ("portfolio", "channels", "schemes"):
            if (folder / f"{table}.csv").exists():
                shutil.copy(folder / f"{table}.csv", name)
        portfolio = read_tables(name).portfolio
    ledger = bridge.CHANNELS
    return tuple(
        ledger.built(tuple(ledger.split(each).values()))
        for each in (portfolio.channels if portfolio else ())
    )


def _outlines(path: Path) -> tuple[Outline, ...]:
    """Read the outlines of a map, with as few points as a screen needs."""
    return tuple(
        Outline(
            code=each.code,
            kind=int(each.kind),
            name=each.name,
            year=each.year,
            polygons=[
                [[list(point) for point in ring] for ring in polygon] for polygon in each.polygons
            ],
        )
        for each in simplified(read_map(path).shapes, TOLERANCE)
    )
