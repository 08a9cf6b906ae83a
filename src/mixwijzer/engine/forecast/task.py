"""What the kernel is given for a sample, and what it gives back: flat arrays, nothing compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Task(NamedTuple):
    """Everything a block of runs needs, as flat arrays.

    C complexes, G areas behind them as places; K categories, M kinds of household; R months kept.
    """

    homes: NDArray[np.int32]  # (C,)
    empty: NDArray[np.int32]  # (C,) of those, without a household at the start
    category: NDArray[np.int64]  # (M,) of each kind
    stay: NDArray[np.float64]  # (C, M) part of a category that is of this kind
    mixes: NDArray[np.int32]  # (rows, K) where the complexes may stand
    summed: NDArray[np.float64]  # (rows,) their cumulative chances
    first: NDArray[np.int64]  # (C + 1,) rows of each complex
    busy: NDArray[np.uint32]  # chances of at most b events a month, a row for each complex
    busy_at: NDArray[np.int64]  # (C,)
    bounds: NDArray[np.uint32]  # (C, M, M + 2) cumulative: leaves, becomes 1 … M, exchanges
    slower: NDArray[np.uint64]  # (C, values) greatest common yearly factor over each, times 2^16
    factor_to: NDArray[np.float64]  # (values,) cumulative chances of the common yearly factor
    ordinary: NDArray[np.float64]  # (C, K) cumulative intake shares
    steered: NDArray[np.float64]  # (C,)
    costs: NDArray[np.int64]  # price and cost in 16ths of a tie, flat
    cost_at: NDArray[np.int64]  # (C,)
    wide: NDArray[np.int64]  # (C,) row length of separate costs; 0 where joint, -1 where none
    ranks: NDArray[np.int64]  # (K - 1, n + 1) mixes before, as in Simplex
    supply: NDArray[np.int32]  # (months, K)
    low: NDArray[np.int32]  # (C + G, K)
    high: NDArray[np.int32]  # (C + G, K)
    members: NDArray[np.int64]  # complexes of each area
    members_at: NDArray[np.int64]  # (G + 1,)
    cell_at: NDArray[np.int64]  # (C + G + 1,) where the counts of a place are tallied
    kept: NDArray[np.int64]  # (R,) months whose outcome is kept
    later: NDArray[np.float64]  # (C,) what `steered` becomes
    until: int  # in which month
    waiting: NDArray[np.int32]  # (K,) who waits at the start; none: supply not used is lost
    patience: NDArray[np.int64]  # (K,) how much longer the first waits for each one in line
    oldest: int  # whether the ordinary offer goes to who waits longest, not by the shares
    alike: int  # whether a household may always be followed by one of its category
    judged: NDArray[np.int64]  # (C,) homes of the complexes whose limits are noted, 0 for others
    three: tuple[int, ...]  # of length 3 where three categories are all the kinds there are, else 0


class Tally(NamedTuple):
    """What a chunk of runs saw."""

    seen: NDArray[np.int32]  # (R, cells) how often each count, per place and category
    inside: NDArray[np.int32]  # (R, C + G) how often all limits held
    held: NDArray[np.int32]  # (runs, R) complexes within their limits
    housed: NDArray[np.int32]  # (runs, R, K) lettings since the month kept before
    noted: NDArray[np.int32]  # (runs, R, 3 + 2 K) where lines are kept, see `note`
