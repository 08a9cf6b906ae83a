"""What does each pair of a round count for, in each agreement, and which pairs count alike?

Two candidates are of one *kind* when no agreement that looks at places tells them apart. With whole
numbers of each kind per home, the rest is a transportation problem, whose corners are whole; so
only homes x kinds need whole numbers, however many candidates there are. That holds because what
looks at groups everywhere lies inside candidates (a group, within it a category), and everything
else lies inside homes x kinds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from mixwijzer.engine.allocation._round import Agreement, LettingRound, Whole

Row: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float64]]"
Mask: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.bool_]]"


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What counts for what.

    Parameters
    ----------
    round
        Which round.
    loads
        What each pair counts for in each agreement, sparse by column (agreements, pairs).
    kind
        Kind of each candidate (candidates,).
    inside
        Whether an agreement is settled by homes x kinds alone (agreements,).
    """

    round: LettingRound
    loads: Any
    kind: Whole
    inside: Mask

    def value(self, chosen: Whole) -> int:
        """Return what pairs are worth together, less what stepping outside costs [points]."""
        pairs = self.round.pairs
        counts = np.asarray(self.loads[:, chosen].sum(axis=1)).ravel()
        dear = sum(
            cost(each, int(count))
            for each, count in zip(self.round.agreements, counts, strict=True)
        )
        return int(pairs.value[chosen].sum()) - dear


def counting(the_round: LettingRound) -> Counting:
    """Return what counts for what in a round."""
    agreements = the_round.agreements
    split = any(
        bool(each.loads or (each.group and (each.place or each.ground))) for each in agreements
    )
    grounds = any(each.ground for each in agreements)
    seen: dict[tuple[str, ...], int] = {}
    kind = [
        seen.setdefault((each.category, each.group * split, each.ground * grounds), len(seen))
        for each in the_round.candidates
    ]
    return Counting(
        round=the_round,
        loads=_loads(the_round),
        kind=np.array(kind, dtype=np.int64),
        inside=np.array([split or not each.group for each in agreements], dtype=bool),
    )


def cost(agreement: Agreement, count: int) -> int:
    """Return what a count costs: the sum of the prices of all households out [points]."""
    low, high, prices = agreement.low, agreement.high, agreement.prices
    out = max((low or 0) - count if low is not None else 0, 0)
    out = max(out, count - high if high is not None else 0)
    return sum(prices[min(step, len(prices) - 1)] for step in range(out)) if prices else 0


def _loads(the_round: LettingRound) -> Any:  # noqa: ANN401 - a sparse array
    pairs = the_round.pairs
    order = np.argsort(pairs.home, kind="stable")
    starts = np.searchsorted(pairs.home[order], np.arange(len(the_round.homes) + 1))
    at = _homes_by_place(the_round)
    offered = np.array([each.ground for each in the_round.homes])
    brought = np.array([each.ground for each in the_round.candidates], dtype=str)
    weights: dict[tuple[str, str, tuple[tuple[str, int], ...]], Whole] = {}
    rows, columns, data = [], [], []
    for number, each in enumerate(the_round.agreements):
        homes = at[each.place]
        key = (each.category, each.group, tuple(sorted(each.loads.items())))
        if key not in weights:
            weights[key] = _weights(the_round, each)
        mine = _joined([order[starts[home] : starts[home + 1]] for home in homes])
        load = weights[key][pairs.candidate[mine]]
        if each.ground:
            leans = offered[pairs.home[mine]] == each.ground
            load = load * (leans | (brought[pairs.candidate[mine]] == each.ground))
        counts = load != 0
        columns.append(mine[counts])
        data.append(load[counts])
        rows.append(np.full(int(counts.sum()), number))
    shape = (len(the_round.agreements), len(pairs))
    where = (_joined(rows), _joined(columns))
    return sparse.csc_array((_joined(data).astype(float), where), shape=shape)


def _homes_by_place(the_round: LettingRound) -> dict[str, list[int]]:
    at: dict[str, list[int]] = defaultdict(list)
    for number, home in enumerate(the_round.homes):
        for place in {"", home.complex, home.neighbourhood, home.owner}:
            at[place].append(number)
    return at


def _weights(the_round: LettingRound, agreement: Agreement) -> Whole:
    """Return what each candidate counts for wherever the agreement looks (candidates,)."""
    return np.array(
        [
            0
            if (agreement.category and agreement.category != each.category)
            or (agreement.group and agreement.group != each.group)
            else agreement.loads.get(each.group, 0)
            if agreement.loads
            else 1
            for each in the_round.candidates
        ],
        dtype=np.int64,
    )


def _joined(parts: list[Whole]) -> Whole:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
