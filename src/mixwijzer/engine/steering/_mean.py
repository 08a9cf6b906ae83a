"""What does a complex cost at least, looking at its mean mix only?

The penalty is convex and the mean mix moves linearly, so by Jensen's inequality no policy costs
less than the best mean mix. Rougher than whole households (a small complex is never at its mean),
yet it bounds what is too large for whole mixes.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from mixwijzer.engine.steering._arm import Solution
from mixwijzer.engine.steering._blocks import Block, Row
from mixwijzer.engine.steering._programs import Solved, solved


class MeanArm:
    """A complex as its mean mix (see `Arm`)."""

    def __init__(self, block: Block, weights: Row) -> None:
        self.block = block
        eye, size = np.eye(block.size), block.size
        self.intake = block.steered * eye + (1 - block.steered) * np.array(block.ordinary)
        rests = np.linalg.solve(np.diag(block.leave) - block.moves.T, self.intake.T)
        self._weights = weights
        self._rows = np.vstack([np.hstack([rests, -eye]), np.hstack([-rests, -eye])])
        self._right = np.concatenate([np.array(block.high), -np.array(block.low)])
        self._whole = np.append(rests.sum(axis=0), np.zeros(size))[None]

    def solve(self, charges: Row) -> Solution:
        """Return the least cost of a mean mix at (K,) charges; it has no bias and no choices."""
        size = self.block.size
        found = solved(
            np.concatenate([self.intake @ charges, self._weights]),
            at_most=(self._rows, self._right),
            equal=(self._whole, [self.block.homes]),
            bounds=[(0.0, None)] * (2 * size),
        )
        best = cast("Solved", found)  # whoever is out of the band only costs
        return Solution(
            cost=best.cost,
            bias=np.empty(0),
            lettings=best.x[:size] @ self.intake,
            out_of_band=float(best.x[size:] @ self._weights),
            chosen=np.empty(0, dtype=np.int64),
        )
