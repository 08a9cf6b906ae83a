"""Linear programs, solved by HiGHS: the least cost, where and at which prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mixwijzer.engine.steering._blocks import Row

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A solved linear program: where, at what cost, and the prices of its inequalities."""

    x: Row
    cost: float
    prices: Row


def solved(
    cost: ArrayLike,
    *,
    bounds: Sequence[tuple[float | None, float | None]],
    at_most: tuple[Any, ArrayLike] | None = None,
    equal: tuple[Any, ArrayLike] | None = None,
) -> Solved | None:
    """Return the x of least cost with rows·x at most, or equal to, a right-hand side.

    None where no x keeps all of them. Rows may be sparse.
    """
    from scipy.optimize import linprog  # slow to import, and most commands solve nothing

    none: tuple[Any, Any] = (None, None)
    rows, right = at_most or none
    same, sides = equal or none
    program: Any = linprog  # its hints know no sparse rows
    found = program(
        cost, A_ub=rows, b_ub=right, A_eq=same, b_eq=sides, bounds=bounds, method="highs"
    )
    if found.x is None:
        return None
    prices = np.asarray(found.ineqlin.marginals, dtype=float)
    return Solved(x=np.asarray(found.x), cost=float(found.fun), prices=prices)
