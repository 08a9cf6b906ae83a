"""Who gets which home this round, at what price of the mix, and who waits longer for it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from mixwijzer.engine.allocation._check import Checked, checked
from mixwijzer.engine.allocation._conflict import Conflict, conflict
from mixwijzer.engine.allocation._counting import Row
from mixwijzer.engine.allocation._order import Burden, burden
from mixwijzer.engine.allocation._round import Agreement, AgreementKind, FreeHome, LettingRound
from mixwijzer.engine.allocation._solving import Solution, solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One home for one candidate, and what that is worth [points]."""

    home: str
    candidate: str
    value: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """A proved best division.

    Parameters
    ----------
    round
        Of which round.
    placements
        In the order of the round's homes.
    objective, bound
        What it is worth, and what none exceeds [points]; equal, since it is proved.
    relaxed
        The bound that the prices alone give, before whole numbers were asked for [points].
    home_prices, agreement_prices
        What one more home, or one unit of a limit, would be worth [points]; 0 where it doesn't
        press, below 0 for a floor.
    price_of_mix
        What the bands take from the worth of the round [points].
    without_bands
        How many homes would be let without bands [homes].
    burden
        Who bears it.
    verdict
        What the independent checker says.
    """

    round: LettingRound
    placements: tuple[Placement, ...]
    objective: int
    bound: int
    relaxed: float
    home_prices: Mapping[str, float]
    agreement_prices: Mapping[str, float]
    price_of_mix: int
    without_bands: int
    burden: Burden
    verdict: Checked

    @property
    def gap(self) -> int:
        """How far the bound lies above the objective [points]."""
        return self.bound - self.objective


def allocate(the_round: LettingRound) -> Allocation | Conflict:
    """Return the proved best division of a round, or the smallest set of agreements that clash.

    The worth of a division is the sum of the values of its pairs, less the prices of stepping
    outside soft agreements. Bands that are dropped for `price_of_mix` are those of kind `BAND`,
    hard or soft.
    """
    found = solution(the_round)
    if found is None:
        return conflict(the_round)
    others = (each for each in the_round.agreements if each.kind is not AgreementKind.BAND)
    loose = _within(the_round, found, others)
    alone = _within(loose.round, loose, ())
    placements = _placements(the_round, found)
    home_prices = _by_id(the_round.homes, found.prices.homes)
    agreement_prices = _by_id(the_round.agreements, found.prices.agreements)
    return Allocation(
        round=the_round,
        placements=placements,
        objective=found.objective,
        bound=found.objective,
        relaxed=found.prices.bound,
        home_prices=home_prices,
        agreement_prices=agreement_prices,
        price_of_mix=loose.objective - found.objective,
        without_bands=len(loose.chosen),
        burden=burden(the_round, found.chosen, alone.chosen),
        verdict=checked(
            the_round,
            [(each.home, each.candidate) for each in placements],
            home_prices=home_prices,
            agreement_prices=agreement_prices,
        ),
    )


def _within(the_round: LettingRound, found: Solution, kept: Iterable[Agreement]) -> Solution:
    """Return the best division within some of the agreements."""
    some = tuple(kept)
    if len(some) == len(the_round.agreements):
        return found
    # What holds within all of them holds within some.
    return cast("Solution", solution(replace(the_round, agreements=some)))


def _placements(the_round: LettingRound, found: Solution) -> tuple[Placement, ...]:
    pairs = the_round.pairs
    order = np.argsort(pairs.home[found.chosen], kind="stable")
    return tuple(
        Placement(
            home=the_round.homes[pairs.home[pair]].id,
            candidate=the_round.candidates[pairs.candidate[pair]].id,
            value=int(pairs.value[pair]),
        )
        for pair in found.chosen[order].tolist()
    )


def _by_id(rows: Sequence[FreeHome | Agreement], prices: Row) -> dict[str, float]:
    return {each.id: price for each, price in zip(rows, prices.tolist(), strict=True)}
