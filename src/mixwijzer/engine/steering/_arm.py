"""What does one complex cost in the long run, when every letting has a charge, and where from?

The state is the mix x of whole households. A household of category j leaves at rate x_j μ_j, and
the home that comes free goes to a category k at charge θ_k; a household changes from j to l at
rate x_j q_jl. The cost that runs is the number of households out of the band. Least average cost
g and the bias h, what a start costs more than another for ever after [household-years], solve

    g = c(x) + Σ_j x_j μ_j (V(x − e_j) − h(x)) + Σ_jl x_j q_jl (h(x − e_j + e_l) − h(x)),
    V(y) = min_k (θ_k + h(y + e_k)),

by policy iteration (Howard) with sparse LU. What is decided depends on y, the mix that
is left, alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any, cast

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from mixwijzer.engine.forecast import Simplex
from mixwijzer.engine.steering._blocks import Block, Row, Whole

_RARE = 1e-6  # nobody is certain never to change, so that every mix can come about [1/yr]
_AGES = 1e6  # [yr]
_GENERATION = 40  # by then most households have gone and most starts are forgotten [yr]
_PATIENT = 3_000  # no anchor is looked for longer than this [yr]
_LEAK = 1e-6  # how often the mix then starts again from the anchor [1/yr]
_BETTER = 1e-9  # a choice that costs less by less than this is no improvement [household-years]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """The best policy of one complex at given charges.

    Parameters
    ----------
    cost
        Least average cost g: households out of the band plus charges per year.
    bias
        (S,) h per mix of n households [household-years].
    lettings
        (K,) lettings per category under that policy [1/yr].
    out_of_band
        Households out of the band on average [households].
    chosen
        (S',) category of a steered vacancy per mix of n − 1 households.
    """

    cost: float
    bias: Row
    lettings: Row
    out_of_band: float
    chosen: Whole


class Arm:
    """The decision process of one complex.

    Parameters
    ----------
    block
        The complex.
    weights
        (K,) weight of a household out of the band, per category.
    """

    def __init__(self, block: Block, weights: Row) -> None:
        self.block, self.size = block, block.size
        self.whole = Simplex.of(block.homes, block.size)
        self.left = Simplex.of(block.homes - 1, block.size)
        self.out = out_of_band(self.whole.counts, block, weights)
        aim = middle(block)
        self._anchor = int(self.whole.index(aim))
        # The largest shortage to begin with: it comes to the anchor.
        self._chosen = np.argmax(aim - self.left.counts, axis=1)

    @cached_property
    def filled(self) -> Whole:
        """Row of the mix y + e_k per mix left and category (S', K)."""
        return self.whole.index(self.left.counts[:, None] + np.eye(self.size, dtype=np.int64))

    @cached_property
    def departures(self) -> sparse.csr_array:
        """Rate from each mix to each mix left (S, S') [1/yr]."""
        counts = self.whole.counts
        rows, leaver = np.nonzero(counts)
        left = self.left.index(counts[rows] - np.eye(self.size, dtype=np.int64)[leaver])
        rate = counts[rows, leaver] * self.block.leave[leaver]
        shape = (len(self.whole), len(self.left))
        return sparse.csr_array(sparse.coo_array((rate, (rows, left)), shape=shape))

    @cached_property
    def drift(self) -> sparse.csr_array:
        """Rate from mix to mix by households that change category (S, S) [1/yr]."""
        counts, eye = self.whole.counts, np.eye(self.size, dtype=np.int64)
        total = sparse.csr_array((len(counts), len(counts)))
        for origin, goal in permutations(range(self.size), 2):
            rows = np.flatnonzero(counts[:, origin])
            there = self.whole.index(counts[rows] - eye[origin] + eye[goal])
            rate = counts[rows, origin] * max(self.block.moves[origin, goal], _RARE)
            total = total + sparse.coo_array((rate, (rows, there)), shape=total.shape).tocsr()
        return sparse.csr_array(total)

    def solve(self, charges: Row) -> Solution:
        """Return the best policy at (K,) charges per letting; starts from the last one found."""
        while True:
            cost, bias = self._evaluated(charges, self._chosen)
            value = charges + bias[self.filled]
            now = value[np.arange(len(value)), self._chosen]
            better = now - value.min(axis=1) > _BETTER
            if not better.any():
                break
            self._chosen = np.where(better, value.argmin(axis=1), self._chosen)
        weight = self._weights()
        return Solution(
            cost=cost,
            bias=bias,
            lettings=(weight @ self.departures) @ self._intake(self._chosen),
            out_of_band=float(weight @ self.out),
            chosen=self._chosen,
        )

    def generator(self, chosen: Whole) -> sparse.csr_array:
        """Return the generator of the mix under a policy (S, S) [1/yr]."""
        rates = self.departures @ self._arrivals(chosen) + self.drift
        return sparse.csr_array(rates - sparse.diags_array(rates.sum(axis=1)))

    def _intake(self, chosen: Whole) -> Row:
        """Return the chance of each category per mix left (S', K)."""
        steered, ordinary = self.block.steered, np.array(self.block.ordinary)
        return steered * np.eye(self.size)[chosen] + (1 - steered) * ordinary

    def _arrivals(self, chosen: Whole) -> sparse.csr_array:
        """Return the chance of each mix, filled again, per mix left (S', S)."""
        chance = self._intake(chosen)
        rows = np.repeat(np.arange(len(self.left)), self.size)
        found = sparse.coo_array(
            (chance.ravel(), (rows, self.filled.ravel())), shape=(len(self.left), len(self.whole))
        ).tocsr()
        found.eliminate_zeros()
        return sparse.csr_array(found)

    def _evaluated(self, charges: Row, chosen: Whole) -> tuple[float, Row]:
        """Return average cost and bias of a policy, the bias of the anchor being 0.

        Without the anchor's row and column the system is a sparse M-matrix that needs no pivots.
        Solved for two right-hand sides, the anchor's own equation then gives the average cost.
        """
        rates = self.generator(chosen)
        running = self.out + self.departures @ (self._intake(chosen) @ charges)
        patience, ages, leak = _GENERATION, _AGES, 0.0
        while (solved := self._solved(rates, running, ages, leak)) is None:
            self._anchor = _likely(rates, patience)
            patience, ages = 4 * patience, 1e3 * ages
            leak = _LEAK if patience > _PATIENT else 0.0
            patience = min(patience, _PATIENT)
        at_once, per_cost = solved
        cost = (running[self._anchor] + self._out_of_anchor @ at_once) / (
            1 - self._out_of_anchor @ per_cost
        )
        return float(cost), np.insert(at_once + cost * per_cost, self._anchor, 0.0)

    def _solved(
        self, rates: sparse.csr_array, running: Row, ages: float, leak: float = 0.0
    ) -> tuple[Row, Row] | None:
        """Return the bias without average cost, and per unit of it; None with a bad anchor.

        The latter is minus the time until the anchor is reached. Where that is ages, the anchor
        hardly ever occurs under this policy and the figures would be rounding; a time below zero is
        rounding already. Where two kinds of mix never become each other no anchor is sound; then
        the mix starts again now and then (`leak`) from the anchor, which it so always reaches.
        """
        rest = np.delete(np.arange(len(self.whole)), self._anchor)
        try:
            self._factor = splu(
                (rates - leak * sparse.eye_array(rates.shape[0])).tocsc()[rest][:, rest],
                permc_spec="MMD_AT_PLUS_A",
                diag_pivot_thresh=0.0,
                options={"SymmetricMode": True},
            )
        except RuntimeError:  # exactly singular: the anchor is never reached
            return None
        self._out_of_anchor = rates[[self._anchor]].toarray()[0][rest]
        right = np.array([-running[rest], np.ones(rest.size)])
        at_once, per_cost = self._factor.solve(right.T).T
        sound = -per_cost.min() <= ages and per_cost.max() <= 0
        return (at_once, per_cost) if sound else None

    def _weights(self) -> Row:
        """Return the long-run chance of each mix (S,): the last factors, transposed."""
        factor: Any = self._factor  # its hints lack `trans`
        others = factor.solve(-self._out_of_anchor, trans="T")
        weight = np.insert(others, self._anchor, 1.0)
        self._anchor = int(weight.argmax())
        return cast("Row", weight / weight.sum())


def middle(block: Block) -> Whole:
    """Return a whole mix near the middle of the band: one that a good policy often comes to."""
    low, high = block.band
    aim = (low + high) / 2 + _RARE
    exact = block.homes * aim / aim.sum()
    whole = np.floor(exact).astype(np.int64)
    short = block.homes - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return cast("Whole", whole)


def _likely(rates: sparse.csr_array, years: float) -> int:
    """Return the most likely mix after some years, from any start alike."""
    pace = float(-rates.diagonal().min())
    step = sparse.csr_array(rates.T / pace)
    weight = np.full(rates.shape[0], 1 / rates.shape[0])
    for _ in range(int(years * pace) + 1):
        weight = weight + step @ weight
    return int(weight.argmax())


def out_of_band(counts: Whole, block: Block, weights: Row) -> Row:
    """Return the weighted households out of the band of each mix (S,) [households]."""
    over = np.maximum(counts - np.array(block.high), 0.0)
    under = np.maximum(np.array(block.low) - counts, 0.0)
    return cast("Row", (over + under) @ weights)
