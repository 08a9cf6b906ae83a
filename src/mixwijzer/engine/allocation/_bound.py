"""How much can a round be worth at most, whatever anybody does?

Prices of homes and agreements are enough to say: a candidate can gain at most what is left of the
value of the best home after these prices, and nobody can do better than all of them doing so. That
holds for any prices, also those of a solver that was a little off, so the bound is a certificate.
A pair that falls short of its prices by more than the bound lies above a known solution is in no
better one: it can be left out (reduced-cost fixing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixwijzer.engine.allocation._counting import Counting, Row
from mixwijzer.engine.allocation._round import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What is scarce, and what that says.

    Parameters
    ----------
    homes, candidates, agreements
        Prices (homes,), (candidates,), (agreements,) [points]; that of an agreement is per unit of
        load, above 0 where its ceiling presses, below 0 where its floor does.
    shortfall
        What the value of each pair falls short of its prices (pairs,) [points]; 0 or more.
    bound
        What no division exceeds [points].
    """

    homes: Row
    candidates: Row
    agreements: Row
    shortfall: Row
    bound: float


def priced(counting: Counting, homes: Row, agreements: Row) -> Prices:
    """Return what given prices of homes and agreements say about everything."""
    the_round = counting.round
    pairs = the_round.pairs
    each = np.maximum(homes, 0.0)
    lawful = np.array(
        [_lawful(*both) for both in zip(the_round.agreements, agreements, strict=True)]
    )
    left = pairs.value - each[pairs.home] - counting.loads.T @ lawful
    gains = np.zeros(len(the_round.candidates))
    np.maximum.at(gains, pairs.candidate, left)
    sold = sum(
        _most(one, float(price)) for one, price in zip(the_round.agreements, lawful, strict=True)
    )
    return Prices(
        homes=each,
        candidates=gains,
        agreements=lawful,
        shortfall=gains[pairs.candidate] - left,
        bound=float(each @ the_round.free + gains.sum() + sold),
    )


def _lawful(agreement: Agreement, price: float) -> float:
    """Return the nearest price at which an agreement's own worth is finite."""
    dearest = agreement.prices[-1] if agreement.prices else np.inf
    top = dearest if agreement.high is not None else 0.0
    bottom = -dearest if agreement.low is not None else 0.0
    return float(np.clip(price, bottom, top))


def _most(agreement: Agreement, price: float) -> float:
    """Return the most that a count can be worth at a price per unit, less what being out costs."""
    edge = agreement.high if price > 0 else agreement.low
    gains = (abs(price) - step for step in agreement.prices)
    return price * (edge or 0) + sum(gain for gain in gains if gain > 0)
