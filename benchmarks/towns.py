"""The towns that are measured: made up, of fixed size and seed, or real where the data is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from mixwijzer.exchange.answers import StockError
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.mappings import read_mapped
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import Town as MadeUp
from mixwijzer.exchange.synthetic import synthesize

DATA = Path(
    os.environ.get("MIXWIJZER_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
REAL = DATA / "scale" / "us_public_housing_projects_2023.csv"
DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Town:
    """A housing stock of fixed size and seed; seed 0 stands for the real complexes."""

    name: str
    homes: int
    seed: int

    @property
    def is_there(self) -> bool:
        """Whether it can be measured on this machine."""
        return self.seed > 0 or REAL.is_file()


TOWNS = (
    Town("hamlet", 500, 1),
    Town("zwolle-like", 5_000, 2),
    Town("metropolis", 100_000, 3),
    Town("real 6,476", 976_814, 0),
)


@cache
def made_up(town: Town) -> MadeUp:
    """Return a made-up town with its truth."""
    return synthesize(seed=town.seed, homes=town.homes, day=DAY)


def inquiry(town: Town) -> Inquiry:
    """Return a fresh question about a town: no account is made yet."""
    if town.seed:
        return Inquiry.of(made_up(town).portfolio, read_norms())
    reading = read_mapped(REAL, "hud-2023")
    if reading.portfolio is None:
        raise StockError(REAL.name, reading.findings)
    return Inquiry.of(reading.portfolio, read_norms())
