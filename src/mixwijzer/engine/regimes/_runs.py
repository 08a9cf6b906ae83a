"""The runs, in chunks: a chunk is whole numbers, and chunks add up the same however they are cut.

Every regime meets the same chance (common random numbers). Of a run is kept, per regime, measure
and year, one whole number; of a chunk their sums and the sums of their products between regimes,
from which every mean, difference and standard error follows. A `Partial` that was saved goes on
as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.forecast.sampled import drawn
from mixwijzer.engine.regimes._plan import BLOCK, Plan

if TYPE_CHECKING:
    from mixwijzer.engine.forecast import Whole

Over: TypeAlias = Callable[..., Iterable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Partial:
    """What some blocks of runs added up to.

    Parameters
    ----------
    key
        Fingerprint of the plan.
    first, last
        Blocks `first` … `last` − 1 of 64 runs.
    sums
        (R, M, Y + 1) per regime, measure and year.
    products
        (R, R, M, Y + 1) between the regimes.
    """

    key: str
    first: int
    last: int
    sums: Whole
    products: Whole

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        return (self.last - self.first) * BLOCK

    def joined(self, other: Partial) -> Partial:
        """Return both together.

        Raises
        ------
        RegimeError
            `other_plan`; `not_next` where the other doesn't begin where this one ends.
        """
        if other.key != self.key:
            raise RegimeError("other_plan", "compare")
        if other.first != self.last:
            raise RegimeError("not_next", "compare", block=other.first)
        return Partial(
            key=self.key,
            first=self.first,
            last=other.last,
            sums=self.sums + other.sums,
            products=self.products + other.products,
        )


def ran(plan: Plan, first: int, last: int) -> Partial:
    """Draw some blocks of runs: a chunk for a thread, a process or another machine."""
    counts = []
    for task in plan.tasks:
        tally = drawn(task, plan.seed, first, last)
        counts.append(plan.counted(tally.noted, tally.housed))
    each = np.array(counts)
    return Partial(
        key=plan.key,
        first=first,
        last=last,
        sums=each.sum(axis=3),
        products=np.einsum("rmyn,smyn->rsmy", each, each),
    )


def partials(
    plan: Plan,
    runs: int,
    *,
    after: Partial | None = None,
    chunk: int = 1,
    at_once: int = 1,
    over: Over = map,
) -> Iterator[Partial]:
    """Yield what there is after every chunk; who stops asking has cancelled, the last is all.

    Parameters
    ----------
    plan
        What is compared.
    runs
        How many, rounded up to whole blocks of 64.
    after
        What was saved earlier: go on from there.
    chunk
        Blocks in one chunk.
    at_once, over
        How many chunks are handed out together, and to what: anything with the signature of
        `map`, such as that of an executor or a cluster. No bit of the outcome depends on it.

    Raises
    ------
    RegimeError
        `other_plan`, and what `Plan.seconds` raises.
    """
    plan.seconds(runs)
    blocks = -(-runs // BLOCK)
    if after is not None and after.key != plan.key:
        raise RegimeError("other_plan", "compare")
    if after is not None and after.last >= blocks:
        yield after
        return
    firsts = range(after.last if after else 0, blocks, chunk)
    for at in range(0, len(firsts), at_once):
        some = firsts[at : at + at_once]
        lasts = [min(each + chunk, blocks) for each in some]
        for part in over(ran, [plan] * len(some), some, lasts):
            after = part if after is None else after.joined(part)
            yield after
