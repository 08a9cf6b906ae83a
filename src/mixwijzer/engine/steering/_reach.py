"""Which mixes can be held for good, and how strong is that grip?

Hold one intake for ever and the mix comes to rest. The resting points of the choices are the
corners of the reach: every mix between them can be held by mixing the choices, no other can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import cast

import numpy as np

from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.steering._blocks import Block, Row, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """What steering can do with one category in the long run.

    Parameters
    ----------
    low, high
        Smallest and largest share that can be held.
    power
        The part of the scale that steering commands: high − low. With two categories and every
        vacancy steered this is m / (m + q_in + q_out).
    half_life
        Time in which half of a deviation wears off by itself and turnover [yr].
    """

    low: float
    high: float
    power: float
    half_life: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The mixes that can be held for good.

    Parameters
    ----------
    corners
        (C, K) shares: one resting mix per choice of intake.
    resting
        (K,) shares where the ordinary offer alone leads.
    grips
        Per category.
    """

    corners: Row
    resting: Row
    grips: Mapping[str, Grip]


def reach(block: Block) -> Reach:
    """Return the reach of a block, with rates per year.

    Raises
    ------
    SteeringError
        `never_renewed`: some household neither leaves nor changes, so nothing comes to rest.
    """
    flow = np.diag(block.leave) - block.moves.T
    corners = held(flow, block.intakes, block.id)
    resting = held(flow, np.array([block.ordinary]), block.id)[0]
    free = held(flow, np.eye(block.size), block.id)
    renewal = float(block.leave @ resting)
    return Reach(
        corners=corners,
        resting=resting,
        grips={
            name: _grip(corners[:, place], free[:, place], renewal)
            for place, name in enumerate(block.rates.categories)
        },
    )


def held(flow: Row, intakes: Row, subject: str = "") -> Row:
    """Return the resting mix of each intake: A⁻¹u / 1ᵀA⁻¹u (ENGINE §7).

    Parameters
    ----------
    flow
        (K, K) A: diag(μ) − Qᵀ with rates per year, I − Pᵀ(I − M) for steps.
    intakes
        (C, K) shares.
    subject
        What an error names.

    >>> import numpy as np
    >>> held(np.diag([.055, .055]) - np.array([[-.06, .06], [.02, -.02]]).T, np.eye(2)).round(3)
    array([[0.556, 0.444],
           [0.148, 0.852]])
    """
    if np.linalg.cond(flow) > 1e12:
        raise SteeringError("never_renewed", subject)
    raw = np.linalg.solve(flow, intakes.T).T
    return cast("Row", raw / raw.sum(axis=1, keepdims=True))


def stepwise(step: Step, intakes: Row) -> Row:
    """Return the resting mixes of a step in time instead of rates."""
    return held(np.eye(step.leave.size) - step.carried, intakes)


def _grip(corners: Row, free: Row, renewal: float) -> Grip:
    """Read one category off the corners; the half-life is that of its two-state chain."""
    low, high = float(corners.min()), float(corners.max())
    full = float(free.max() - free.min())
    return Grip(low=low, high=high, power=high - low, half_life=log(2) * full / renewal)
