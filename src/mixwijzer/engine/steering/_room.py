"""What does a placement in one complex cost, once the prices of the portfolio are known?

A `Room` is all that the scores of one complex need: the complex, its bias and the charges. It can
be kept, so that an advice need not price the portfolio anew.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any, cast

import numpy as np

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.forecast import Chain, Limits, Policy, Simplex
from mixwijzer.engine.steering._arm import out_of_band
from mixwijzer.engine.steering._blocks import Block, Row, Whole
from mixwijzer.engine.steering._separable import separable_costs

EXACT_UP_TO = 21_000  # mixes of one complex that are looked at whole: 203 homes of 3 categories
STRIDE = 3  # months between two looks at whether there is room again
FURTHEST = 120  # later than this is not said [months]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementCost:
    """What letting one home to a category costs more than the best choice [household-years].

    Parameters
    ----------
    cost
        ≥ 0, and 0 for the best; the sum of the three that follow.
    band
        Today's band: households out of it once the home is let, if a year long nobody moved.
    drift
        What departures and changes to be expected make of that.
    price
        What the category is worth elsewhere: scarce is positive, owed is negative.
    """

    cost: float
    band: float
    drift: float
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomScore:
    """The room score of a free home.

    Parameters
    ----------
    placements
        By category; none when there is no score.
    vacancies
        Homes free, this one included; the others are taken to be filled as well as can be.
    absent
        Why there is no score: `fill_up` (a plan decides) or `full` (no home is free).
    """

    placements: Mapping[str, PlacementCost]
    vacancies: int
    absent: str | None = None

    @property
    def best(self) -> str | None:
        """The category that costs least."""
        return min(self.placements, key=lambda name: self.placements[name].cost, default=None)

    def expected(self, shares: Sequence[float]) -> float:
        """Return the expected cost of a way to a new household with these intake shares."""
        costs = [each.cost for each in self.placements.values()]
        return float(np.dot(shares, costs))


@dataclass(frozen=True, kw_only=True, eq=False)
class Room:
    """One complex, solved at the prices of its portfolio.

    Parameters
    ----------
    block
        The complex.
    charges
        (K,) charge of one letting λ_k − v_k [household-years].
    weights
        (K,) weight of a household out of the band.
    bias
        (S,) what a mix costs more than another for ever after [household-years]; None where there
        are too many mixes and every category is looked at by itself.
    """

    block: Block
    charges: Row
    weights: Row
    bias: Row | None

    @cached_property
    def policy(self) -> Policy:
        """How to let the homes: least price + cost of one more."""
        block, size = self.block, self.block.size
        left = Simplex.of(block.homes - 1, size).counts if self.bias is not None else None
        filled = None if left is None else left[:, None] + np.eye(size, dtype=np.int64)
        return Policy(
            ordinary=np.array(block.ordinary),
            steered=block.steered,
            joint=None
            if filled is None
            else self._bias[Simplex.of(block.homes, size).index(filled)],
            costs=separable_costs(block, self.weights) if filled is None else None,
            prices=self.charges,
        )

    @property
    def _bias(self) -> Row:
        return cast("Row", self.bias)

    def score(self, mixes: Whole, chances: Row, *, filling_up: bool = False) -> RoomScore:
        """Return the score of one free home.

        Parameters
        ----------
        mixes, chances
            (N, K) households that stay or are promised a home, h each, and how probable (N,).
        filling_up
            Whether a fill-up plan is at work: then there is no score.
        """
        block = self.block
        vacancies = block.homes - int(mixes[0].sum())
        absent = "fill_up" if filling_up else "full" if vacancies < 1 else None
        if absent:
            return RoomScore(placements={}, vacancies=vacancies, absent=absent)
        parts = self._apart(mixes) if self.bias is None else self._whole(mixes, vacancies)
        band, drift, price = np.tensordot(parts, chances, axes=(1, 0))
        best = int(np.argmin(band + drift + price))
        costs = [each - each[best] for each in (band, drift, price)]
        return RoomScore(
            placements={
                name: PlacementCost(
                    cost=float(costs[0][k] + costs[1][k] + costs[2][k]),
                    band=float(costs[0][k]),
                    drift=float(costs[1][k]),
                    price=float(costs[2][k]),
                )
                for k, name in enumerate(block.rates.categories)
            },
            vacancies=vacancies,
        )

    def _whole(self, mixes: Whole, vacancies: int) -> Row:
        """Return the three addends per mix and category (3, N, K), from whole mixes.

        The other free homes are filled one by one; each table holds, per mix, what the rest of
        the filling leads to: households out of band, the rest of the bias, charges.
        """
        homes, size = self.block.homes, self.block.size
        out = out_of_band(Simplex.of(homes, size).counts, self.block, self.weights)
        tables = np.array([out, self._bias - out, np.zeros(out.size)])
        eye = np.eye(size, dtype=np.int64)
        for there in range(homes - 1, homes - vacancies, -1):
            fuller = Simplex.of(there + 1, size).index(
                Simplex.of(there, size).counts[:, None] + eye
            )
            ahead = tables[:, fuller]
            ahead[2] += self.charges
            best = ahead.sum(axis=0).argmin(axis=1)
            tables = ahead[:, np.arange(len(best)), best]
        ahead = tables[:, Simplex.of(homes - vacancies + 1, size).index(mixes[:, None] + eye)]
        ahead[2] += self.charges
        return ahead

    def _apart(self, mixes: Whole) -> Row:
        """Return the three addends per mix and category (3, N, K), category by category."""
        size = self.block.size
        costs = cast("Row", self.policy.costs)[np.arange(size), mixes]
        eye = np.eye(size)
        now = np.stack(
            [
                out_of_band(mixes + eye[k], self.block, self.weights * eye[k])
                - out_of_band(mixes, self.block, self.weights * eye[k])
                for k in range(size)
            ],
            axis=1,
        )
        price = np.broadcast_to(self.charges, costs.shape)
        return np.array([now, costs - now, price])

    # --- what comes after a placement

    @property
    def followed(self) -> bool:
        """Whether there are few enough mixes to follow whole households."""
        kinds = self.block.size + sum(share > 0 for share in self.block.rates.stayers)
        return comb(self.block.homes + kinds - 1, kinds - 1) <= EXACT_UP_TO

    @cached_property
    def _chain(self) -> Chain:
        return Chain(self.block.homes, self.block.rates, self.policy)

    @cached_property
    def limits(self) -> Limits:
        """The band in whole households."""
        return Limits(
            low=np.ceil(self.block.low).astype(np.int64),
            high=np.floor(self.block.high).astype(np.int64),
        )

    def placed(self, mixes: Whole, chances: Row, category: int) -> Row:
        """Return the chances of the mixes (S,) once a free home went to a category.

        Other free homes are given at once, by the policy.
        """
        one_more = mixes + np.eye(self.block.size, dtype=np.int64)[category]
        return self._chain.filled(one_more, chances)

    def later(self, start: Row, months: Sequence[int]) -> Row:
        """Return households out of band and the chance that all limits hold (R, 2) after months."""
        counts = self._chain.counts
        out = self.limits.beyond(counts).sum(axis=1)
        held = self.limits.holds(counts)
        seen = np.array([out, held], dtype=float)
        return self._chain.over(start, months, lambda chances: seen @ chances)

    def full_until(self, start: Row, category: int) -> Row:
        """Return the chance that a category had no room yet after 0, 3, … 120 months.

        There is room while one household more keeps its ceiling. The first month with room counts,
        also when the room is gone in the next (first passage, by the chain backward).
        """
        return self._no_room(category) @ start

    def _no_room(self, category: int) -> Row:
        """Return that chance per mix (L, S)."""
        high, size = int(self.limits.high[category]), self.block.size
        none = np.zeros(size, dtype=np.int64)
        none[category] = high
        within = Limits(low=none, high=np.full(size, self.block.homes))
        rows = [within.holds(self._chain.counts).astype(float)]
        for _ in range(STRIDE, FURTHEST + 1, STRIDE):
            rows.append(self._chain.ahead(rows[-1], STRIDE, within=within))
        return np.array(rows)

    # --- kept

    def to_json(self) -> dict[str, object]:
        """Return a JSON document from which the same bits come back."""
        block, rates = self.block, self.block.rates
        return {
            "id": block.id,
            "homes": block.homes,
            "rates": {
                "categories": list(rates.categories),
                "leave": list(rates.leave),
                "drift": [list(row) for row in rates.drift],
                "churn": list(rates.churn),
                "shock": rates.shock,
                "stayers": list(rates.stayers),
            },
            "low": list(block.low),
            "high": list(block.high),
            "ordinary": list(block.ordinary),
            "steered": block.steered,
            "choices": [list(row) for row in block.choices],
            "charges": self.charges.tolist(),
            "weights": self.weights.tolist(),
            "bias": None if self.bias is None else _text(self.bias),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Room:
        """Read what `to_json` wrote."""
        rates, bias = document["rates"], document["bias"]
        return cls(
            block=Block(
                id=document["id"],
                homes=document["homes"],
                rates=Rates(**{name: _tupled(value) for name, value in rates.items()}),
                steered=document["steered"],
                **{
                    name: _tupled(document[name]) for name in ("low", "high", "ordinary", "choices")
                },
            ),
            charges=np.array(document["charges"]),
            weights=np.array(document["weights"]),
            bias=None if bias is None else np.frombuffer(base64.b64decode(bias), dtype="<f8"),
        )


def _text(row: Row) -> str:
    return base64.b64encode(row.astype("<f8").tobytes()).decode("ascii")


def _tupled(value: Any) -> Any:  # noqa: ANN401 (whatever was written)
    return tuple(map(_tupled, value)) if isinstance(value, (list, tuple)) else value
