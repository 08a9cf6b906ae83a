"""What is a category worth elsewhere in the portfolio, and how well could anybody do at all?

Supply and promises couple the complexes. A price on each takes the coupling away: with prices the
complexes are solved one by one, and what they cost together, less what was charged, lies below
the cost of every policy that keeps supply and promises in the long run. The best prices make that
bound as high as it gets (Lagrangian decoupling, ENGINE §6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.steering._arm import Arm, Solution
from mixwijzer.engine.steering._blocks import Block, Row
from mixwijzer.engine.steering._mean import MeanArm
from mixwijzer.engine.steering._programs import Solved, solved

_TIGHT = 1e-6  # gap between bound and cutting planes at which the prices are good enough
_ROUNDS = 80
_DEAREST_AT_FIRST = 4.0  # the box around the prices, doubled when needed [household-years]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A promise to house a group, year in year out.

    Parameters
    ----------
    group
        Which.
    per_year
        Lettings owed per year R_g [1/yr].
    shares
        (K,) assumed composition γ_g of the group over the categories, summing to 1.
    """

    group: str
    per_year: float
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices and bound of a portfolio.

    Parameters
    ----------
    bound
        No policy that keeps supply and promises has fewer households out of band on average.
    ceiling
        What the cutting planes still leave open: the best bound is at most this.
    free
        The same bound without supply limits and promises.
    supply, owed
        (K,) price of scarcity λ_k ≥ 0 and of what is owed v_k ≥ 0 [household-years per letting].
    groups
        Price of one more letting per group: Σ_k γ_gk v_k.
    lettings
        (K,) lettings per category where the bound is reached [1/yr].
    rounds
        Rounds of cutting planes.
    """

    bound: float
    ceiling: float
    free: float
    supply: Row
    owed: Row
    groups: Mapping[str, float]
    lettings: Row
    rounds: int

    @property
    def charges(self) -> Row:
        """Charge of one letting (K,): λ_k − v_k."""
        return self.supply - self.owed


def owed_of(pledges: Sequence[Pledge], size: int) -> Row:
    """Return what promises come to per category (K,) [lettings a year]."""
    each = [pledge.per_year * np.array(pledge.shares) for pledge in pledges]
    return cast("Row", np.sum([np.zeros(size), *each], axis=0))


def priced(
    arms: Sequence[Arm | MeanArm], times: Row, most: Row, pledges: Sequence[Pledge]
) -> tuple[Prices, list[Solution]]:
    """Return the best prices, and every complex solved at them.

    Parameters
    ----------
    arms
        Distinct complexes.
    times
        (A,) how often each occurs.
    most
        (K,) supply S_k, infinite where nothing limits it [1/yr].
    pledges
        Promises.

    Raises
    ------
    SteeringError
        `supply_short`, `promises_impossible`.
    """
    least = owed_of(pledges, most.size)
    check_possible([arm.block for arm in arms], times, most, least)
    planes = _Planes(len(arms), times, most, least)
    solutions = [arm.solve(np.zeros(most.size)) for arm in arms]
    free = float(times @ [each.cost for each in solutions])
    planes.add(np.zeros(most.size), solutions)
    bound, supply, owed = free, np.zeros(most.size), np.zeros(most.size)
    kept, ceiling, rounds = solutions, free, 0
    if least.any() or np.isfinite(most).any():
        ceiling = np.inf
    # The solver's own rounding grows with the number of complexes.
    least_scale = max(1.0, float(times.sum()) / 10)
    while ceiling - bound > _TIGHT * max(least_scale, abs(bound)) and rounds < _ROUNDS:
        rounds += 1
        ceiling, scarce, due = planes.highest()
        solutions = [arm.solve(scarce - due) for arm in arms]
        planes.add(scarce - due, solutions)
        reached = planes.bound(scarce, due, solutions)
        if reached > bound:
            bound, supply, owed, kept = reached, scarce, due, solutions
        if ceiling - bound <= _TIGHT * max(least_scale, abs(bound)) and planes.at_edge(scarce, due):
            planes.dearest, ceiling = 2 * planes.dearest, np.inf
    return (
        Prices(
            bound=bound,
            ceiling=max(ceiling, bound),
            free=free,
            supply=supply,
            owed=owed,
            groups={each.group: float(owed @ each.shares) for each in pledges},
            lettings=np.sum(
                [n * each.lettings for n, each in zip(times, kept, strict=True)], axis=0
            ),
            rounds=rounds,
        ),
        kept,
    )


class _Planes:
    """Cutting planes on the bound, one family per arm (Kelley 1960)."""

    def __init__(self, arms: int, times: Row, most: Row, least: Row) -> None:
        self.arms, self.times, self.most, self.least = arms, times, most, least
        self.rows: list[Row] = []
        self.levels: list[float] = []
        self.dearest = _DEAREST_AT_FIRST

    def add(self, charges: Row, solutions: Sequence[Solution]) -> None:
        """Add for every arm the plane that touches its cost at these charges."""
        for place, each in enumerate(solutions):
            arm = np.zeros(self.arms)
            arm[place] = 1.0
            self.rows.append(np.concatenate([arm, -each.lettings, each.lettings]))
            self.levels.append(each.cost - float(each.lettings @ charges))

    def bound(self, scarce: Row, due: Row, solutions: Sequence[Solution]) -> float:
        """Return the bound at prices, exactly."""
        costs = float(self.times @ [each.cost for each in solutions])
        return costs - float(scarce[scarce > 0] @ self.most[scarce > 0]) + float(due @ self.least)

    def at_edge(self, scarce: Row, due: Row) -> bool:
        """Whether prices lie on the edge of the box, so that better ones may lie outside."""
        return bool(max(scarce.max(), due.max()) >= self.dearest)

    def highest(self) -> tuple[float, Row, Row]:
        """Return the highest point under the planes: the bound it promises, λ and v."""
        size = self.most.size
        limited = np.isfinite(self.most)
        supply = np.where(limited, self.most, 0.0)
        open_ = np.concatenate([limited, self.least > 0])
        found = solved(
            np.concatenate([-self.times, supply, -self.least]),
            at_most=(np.array(self.rows), np.array(self.levels)),
            bounds=[
                *[(None, None)] * self.arms,
                *[(0.0, self.dearest * float(each)) for each in open_],
            ],
        )
        best = cast("Solved", found)  # every bound price is a point under the planes
        prices = best.x[self.arms :]
        return -best.cost, prices[:size], prices[size:]


def check_possible(blocks: Sequence[Block], times: Row, most: Row, least: Row) -> None:
    """Refuse what no policy can keep: every household's stay is linear in who is let to.

    Of a complex that always chooses k, the lettings per year are n / 1ᵀA⁻¹e_k; all other long-run
    lettings lie between those corners, so that one linear program knows the largest part s of the
    promises that can be kept.
    """
    size = most.size
    corners = [corner for block in blocks for corner in _lettings(block)]
    share = np.kron(np.eye(len(blocks)), np.ones((1, size)))
    flows = (np.repeat(times, size)[:, None] * np.array(corners)).T
    finite = np.isfinite(most)
    finite_rows = np.column_stack([flows[finite], np.zeros(int(finite.sum()))])
    found = solved(
        np.append(np.zeros(len(corners)), -1.0),
        at_most=(
            np.vstack([np.column_stack([-flows, least]), finite_rows]),
            np.concatenate([np.zeros(size), most[finite]]),
        ),
        equal=(np.column_stack([share, np.zeros(len(blocks))]), np.ones(len(blocks))),
        bounds=[*[(0.0, None)] * len(corners), (0.0, 1.0)],
    )
    if found is None:
        raise SteeringError("supply_short", "portfolio", most=round(float(most[finite].sum()), 1))
    if found.x[-1] < 1 - _TIGHT:
        kept = round(100 * float(found.x[-1]))
        raise SteeringError(
            "promises_impossible", "portfolio", owed=round(float(least.sum()), 1), most=kept
        )


def _lettings(block: Block) -> Row:
    """Return the lettings per year (K, K) of a complex that always chooses the row's category."""
    eye = np.eye(block.size)
    intake = block.steered * eye + (1 - block.steered) * np.array(block.ordinary)
    stays = np.linalg.solve(np.diag(block.leave) - block.moves.T, intake.T).sum(axis=0)
    return cast("Row", block.homes * intake / stays[:, None])
