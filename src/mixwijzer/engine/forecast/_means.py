"""The means alone (fluid): exact where intake doesn't depend on who lives there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import expm

from mixwijzer.engine.forecast._chain import Kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mixwijzer.engine.forecast._mixes import Array, Whole
    from mixwijzer.engine.forecast._outset import Outset

_STEPS = 10  # a month is cut in so many where the policy looks at who lives there


def means(outset: Outset, months: Sequence[int]) -> Array:
    """Return the expected households per category at each month (R, K) [households].

    Where the policy steers by who lives there, it looks at the whole mix nearest to the mean, ten
    times a month: an approximation that takes what is expected for what happens. The common
    yearly factor then stands at its mean.
    """
    kinds, policy = Kinds(outset.rates), outset.policy
    state = outset.chances @ outset.mixes
    for _ in range(outset.homes - int(outset.mixes[0].sum())):
        state = state + policy.intake(_nearest(state, round(float(state.sum()))))[0]
    state = state[kinds.category] * kinds.share
    found = _steered(outset, kinds, state, max(months)) if policy.steers else {}
    if not policy.steers:
        flow = _flow(kinds, policy.ordinary)
        found = {month: _moved(flow, kinds, month) @ state for month in set(months)}
    return np.array([_by_category(kinds, found[month]) for month in months])


def _flow(kinds: Kinds, intake: Array) -> Array:
    """Return the generator of the means (M, M): its product with them is their change a month."""
    comes = kinds.shares(intake)
    out = kinds.leave + kinds.drift.sum(axis=1)
    return np.asarray(kinds.drift.T - np.diag(out) + np.outer(comes, kinds.leave))


def _moved(flow: Array, kinds: Kinds, months: int) -> Array:
    """Return the matrix that moves the means so many months on; the factor is new each year."""

    def stretch(length: int) -> Array:
        each = [expm(flow * factor * length) for factor in kinds.factors]
        return np.asarray(np.tensordot(kinds.chances, each, axes=1))

    years, rest = divmod(months, 12)
    return np.asarray(stretch(rest) @ np.linalg.matrix_power(stretch(12), years))


def _steered(outset: Outset, kinds: Kinds, state: Array, last: int) -> dict[int, Array]:
    found = {0: state}
    for month in range(1, last + 1):
        for _ in range(_STEPS):
            left = _nearest(_by_category(kinds, state), max(outset.homes - 1, 0))
            flow = _flow(kinds, outset.policy.intake(left)[0])
            state = state + flow @ state / _STEPS
        found[month] = state
    return found


def _by_category(kinds: Kinds, state: Array) -> Array:
    return np.bincount(kinds.category, state, kinds.categories).astype(float)


def _nearest(mix: Array, homes: int) -> Whole:
    """Return the whole mix of so many households nearest to a mean one (1, K)."""
    scaled = mix * homes / max(mix.sum(), 1.0)
    whole: Whole = np.floor(scaled).astype(np.int64)
    most = np.argsort(whole - scaled, kind="stable")
    whole[most[: homes - int(whole.sum())]] += 1
    return whole[None]
