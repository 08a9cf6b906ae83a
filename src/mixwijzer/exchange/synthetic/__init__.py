"""A made-up town with a seed, and the truth behind it to test against.

`synthesize` makes a portfolio in Zwolle's real neighbourhoods in which everything else is
invented and marked `synthetic`: complexes, homes, leases with both clocks, judgements by two
judges, lettings, agreements. What the judges could only guess at is kept in `Town.truth`.
Calibrated on public figures (docs/explanation/synthetic-town.md); same seed, same town.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property

import numpy as np

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.exchange.synthetic import _agreed, _homes, _letting
from mixwijzer.exchange.synthetic._hidden import (
    CATEGORIES,
    Flags,
    Ints,
    Lives,
    Place,
    Rates,
    Stock,
    build,
    live,
    read_places,
)
from mixwijzer.exchange.synthetic._homes import Homes
from mixwijzer.exchange.synthetic._judges import Judges, judge, staff

__all__ = ["Judges", "Place", "Rates", "Town", "Truth", "read_places", "synthesize"]

SMALLEST_TOWN = 300  # under this there is no room for all that a town must show [dwellings]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Who really lives where, up to the town's day; no account may ever see it.

    Parameters
    ----------
    homes, lives
        The stock and everybody's life in it.
    """

    homes: Homes
    lives: Lives

    def counts(self, scope: Scope, day: date) -> tuple[int, ...]:
        """Return the true households per category in a scope on a day, in the scheme's order.

        Homes out of the base don't count.

        Raises
        ------
        ValueError
            For a day after the town's own: nothing is true there yet.
        """
        self._must_be_past(day)
        inside = self._inside(scope)[self._where]
        return tuple(
            int(each) for each in np.bincount(self._spells(day, inside), minlength=len(CATEGORIES))
        )

    def category(self, tenancy: str, day: date) -> str | None:
        """Return the true category of a lease's household on a day, None when it isn't there."""
        self._must_be_past(day)
        own = self.lives.spell_household == int(tenancy.removeprefix("T"))
        found = self._spells(day, own)
        return CATEGORIES[found[0]] if found.size else None

    @property
    def stock(self) -> Stock:
        """The homes behind the town."""
        return self.homes.stock

    @cached_property
    def _where(self) -> Ints:
        """Dwelling per spell."""
        return self.lives.dwelling[self.lives.spell_household]

    def _must_be_past(self, day: date) -> None:
        if day > self.homes.day:
            raise ValueError(f"nothing is true on {day} yet: the town ends on {self.homes.day}")

    def _spells(self, day: date, keep: Flags) -> Ints:
        number = day.toordinal()
        on = keep & (self.lives.spell_start <= number) & (number < self.lives.spell_end)
        category: Ints = self.lives.spell_category[on]
        return category

    def _inside(self, scope: Scope) -> Flags:
        """Flag the dwellings of the base in a scope."""
        stock = self.stock
        if scope.kind <= ScopeKind.COMPLEX:
            code, _, stairwell = scope.code.partition("/")
            own = stock.complex == self.homes.complexes.index(code)
            if stairwell:
                own &= np.array([each == stairwell for each in self.homes.stairwells])
            counted: Flags = own & stock.in_base
            return counted
        names = {
            ScopeKind.NEIGHBOURHOOD: [each.code for each in stock.places],
            ScopeKind.DISTRICT: [each.district_code for each in stock.places],
            ScopeKind.MUNICIPALITY: [_homes.MUNICIPALITY[0]] * len(stock.places),
        }[scope.kind]
        held = np.array([each == scope.code for each in names])
        inside: Flags = held[stock.place][stock.complex] & stock.in_base
        return inside


@dataclass(frozen=True, kw_only=True)
class Town:
    """A made-up town.

    Parameters
    ----------
    portfolio
        As known at the end of the day: one row per thing.
    ledger
        Every row that was ever recorded, what was corrected or ended later included;
        `ledger.as_known(moment)` gives the portfolio as it stood.
    truth
        What nobody could see.
    judges
        Per complex the codes of its consultant and its neighbourhood manager.
    """

    portfolio: Portfolio
    ledger: Portfolio
    truth: Truth
    judges: Mapping[str, tuple[str, str]]


def synthesize(
    *,
    seed: int,
    homes: int = 2000,
    day: date,
    rates: Rates | None = None,
    judges: Judges | None = None,
) -> Town:
    """Make up a town of `homes` dwellings as it stands on `day`.

    Parameters
    ----------
    seed
        Same seed, homes and day: the same town, bit for bit.
    homes
        Dwellings in all, those of the second association included [dwellings]; at least 300.
    day
        The day the data speak of.
    rates, judges
        How households come and go, how well judges see; illustrative unless given.

    Raises
    ------
    PortfolioError
        `town_too_small`.
    """
    if homes < SMALLEST_TOWN:
        raise PortfolioError("town_too_small", "homes", homes=homes, least=SMALLEST_TOWN)
    how = rates or Rates()
    rng = np.random.default_rng(seed)
    stock = build(rng, homes, how)
    named = Homes(stock=stock, day=day)
    lives, notices = _letting.give_notice(rng, named, live(rng, stock, day, how))
    told = _letting.tell(rng, named, lives, notices)
    notice = np.full(lives.dwelling.size, np.iinfo(np.int64).max)
    gone = lives.end <= day.toordinal()
    notice[gone] = lives.end[gone] - 28
    known = notices.leaver >= 0
    notice[notices.leaver[known]] = notices.notice[known]
    complexes = _homes.complexes(rng, named)
    ledger = Portfolio(
        areas=_homes.areas(named),
        complexes=complexes,
        dwellings=_homes.dwellings(rng, named, complexes),
        tenancies=tuple(_homes.leases(rng, named, lives, notice)),
        judgements=judge(rng, named, lives, notices, judges or Judges()),
        placements=told.placements,
        profiles=_agreed.profiles(named),
        caps=_agreed.caps(named),
        channels=_agreed.channels(named),
        vacancies=told.vacancies,
        lettings=told.lettings,
        obligations=_agreed.obligations(named, told.lettings),
        place_requests=_agreed.place_requests(rng, named),
        candidates=_agreed.candidates(rng, named),
        data_date=day,
        synthetic=True,
    )
    return Town(
        portfolio=ledger.as_known(datetime.combine(day, time(23, 59, 59), tzinfo=UTC)),
        ledger=ledger,
        truth=Truth(homes=named, lives=lives),
        judges=dict(zip(named.complexes, staff(named), strict=True)),
    )
