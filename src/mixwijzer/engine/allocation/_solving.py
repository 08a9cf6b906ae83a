"""Which pairs are worth most together while everything that was agreed holds?

Three steps. A relaxation in which homes may be shared, over a growing choice of pairs, ends with
prices and a bound (column generation). Pairs that fall too far short of the price of their home
are left out (reduced-cost fixing). What is left is solved with whole numbers of each kind per
home; where that shows the gap between solution and bound to be larger than what was left out
allows, the pairs within the gap come back once more, and then the solution is proved.

The steps follow Barnhart et al., Branch-and-Price, Operations Research 46 (1998), without the
branching: the bound is so near that what is left goes to the solver as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import sparse

from mixwijzer.engine.allocation._bound import Prices, priced
from mixwijzer.engine.allocation._counting import Counting, Mask, Row, counting
from mixwijzer.engine.allocation._round import Agreement, LettingRound, Whole
from mixwijzer.engine.allocation.program import Found, Program, best

_FIRST = 12  # pairs per home and kind to begin with
_NARROW = 1e-3  # of the highest value: how far short a pair may fall in the first search
_LOOSE = 0.5  # points between relaxation and bound that end the search for prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Which pairs were chosen, what they are worth and why nothing is worth more.

    Parameters
    ----------
    round
        Of which round.
    chosen
        Positions of the pairs, rising.
    objective
        Value less what stepping outside costs [points].
    prices
        What is scarce; its bound was reached before whole numbers were asked for.
    searched
        How many pairs the search with whole numbers held [pairs].
    """

    round: LettingRound
    chosen: Whole
    objective: int
    prices: Prices
    searched: int


def solution(the_round: LettingRound) -> Solution | None:
    """Return the proved best division of a round; None where hard agreements clash."""
    counts = counting(the_round)
    prices = _prices(counts)
    highest = float(the_round.pairs.value.max(initial=1))
    reach = _NARROW * highest
    while True:
        kept = np.flatnonzero(prices.shortfall <= reach)
        program = _whole_program(counts, kept)
        found = best(program)
        if found is not None:
            chosen = kept[_corner(program, found).x[: len(kept)] > 0.5]
            objective = counts.value(chosen)
            gap = np.floor(prices.bound + 1e-6) - objective
            if gap <= reach or len(kept) == len(the_round.pairs):
                return Solution(
                    round=the_round,
                    chosen=chosen,
                    objective=objective,
                    prices=prices,
                    searched=len(kept),
                )
            reach = gap
        elif len(kept) == len(the_round.pairs):
            return None
        else:
            reach = np.inf


def _prices(counts: Counting) -> Prices:
    """Return the prices of the relaxation, by column generation."""
    the_round = counts.round
    inside = _first(counts)
    while True:
        kept = np.flatnonzero(inside)
        # With slack there is always an optimum.
        found = cast("Found", best(_shared_program(counts, kept), method="ipm"))
        homes, candidates = len(the_round.homes), len(the_round.candidates)
        paid = -found.prices
        prices = priced(counts, paid[:homes], paid[homes + candidates :])
        missing = _missing(counts, prices, paid[homes : homes + candidates], inside)
        if prices.bound + found.cost <= _LOOSE or not len(missing):
            return prices
        inside[missing] = True


def _first(counts: Counting) -> Mask:
    """Return the pairs to begin with: the best few per home and kind (pairs,)."""
    pairs = counts.round.pairs
    of = pairs.home * (counts.kind.max(initial=0) + 1) + counts.kind[pairs.candidate]
    order = np.lexsort((-pairs.value, of))
    starts = np.searchsorted(of[order], of[order])
    mask = np.zeros(len(pairs), dtype=bool)
    mask[order[np.arange(len(pairs)) - starts < _FIRST]] = True
    return mask


def _missing(counts: Counting, prices: Prices, gains: Row, inside: Mask) -> Whole:
    """Return pairs left out so far that gain more than their candidate did without them."""
    pairs = counts.round.pairs
    gain = prices.candidates[pairs.candidate] - prices.shortfall - gains[pairs.candidate]
    found = np.flatnonzero((gain > 1e-6) & ~inside)
    most = 8 * len(counts.round.homes) + 100
    return found[np.argsort(-gain[found], kind="stable")[:most]]


def _shared_program(counts: Counting, kept: Whole) -> Program:
    """Return the relaxation over some pairs: rows are homes, candidates, agreements."""
    the_round, pairs = counts.round, counts.round.pairs
    number, homes, candidates = len(kept), len(the_round.homes), len(the_round.candidates)
    columns = np.arange(number)
    # A hard floor may be left at this price; where that is too low, the bound is too high, no more.
    slack = _slack(the_round.agreements, 20.0 * float(the_round.pairs.value.max(initial=1)))
    entries = [
        (pairs.home[kept], columns, np.ones(number)),
        (homes + pairs.candidate[kept], columns, np.ones(number)),
        _loads(counts, kept, below=homes + candidates),
        (homes + candidates + slack.row, number + np.arange(len(slack.row)), slack.sign),
    ]
    lower, upper = _limits(the_round.agreements)
    return Program(
        cost=np.concatenate([-pairs.value[kept].astype(float), slack.cost]),
        most=np.concatenate([np.full(number, np.inf), slack.most]),
        rows=_together(
            entries, (homes + candidates + len(the_round.agreements), number + len(slack.row))
        ),
        lower=np.concatenate([np.full(homes + candidates, -np.inf), lower]),
        upper=np.concatenate([the_round.free, np.ones(candidates), upper]),
        whole=np.zeros(number + len(slack.row), dtype=bool),
    )


def _whole_program(counts: Counting, kept: Whole) -> Program:
    """Return the division of some pairs with whole numbers of each kind per home.

    Columns are pairs, cells (home x kind) and slack; rows are candidates, cells, homes, agreements.
    """
    the_round, pairs = counts.round, counts.round.pairs
    of = pairs.home[kept] * (counts.kind.max(initial=0) + 1) + counts.kind[pairs.candidate[kept]]
    _, one, cell = np.unique(of, return_index=True, return_inverse=True)
    taken, candidate = np.unique(pairs.candidate[kept], return_inverse=True)
    home = pairs.home[kept][one]
    number, cells, people, homes = len(kept), len(one), len(taken), len(the_round.homes)
    slack = _slack(the_round.agreements)
    columns, agreed = np.arange(number), people + cells + homes
    entries = [
        (candidate, columns, np.ones(number)),
        (people + cell, columns, np.ones(number)),
        (people + np.arange(cells), number + np.arange(cells), -np.ones(cells)),
        (people + cells + home, number + np.arange(cells), np.ones(cells)),
        _loads(counts, kept, ~counts.inside, below=agreed),
        _loads(counts, kept[one], counts.inside, below=agreed, right=number),
        (agreed + slack.row, number + cells + np.arange(len(slack.row)), slack.sign),
    ]
    lower, upper = _limits(the_round.agreements)
    none, even = np.full(people, -np.inf), np.zeros(cells)
    return Program(
        cost=np.concatenate([-pairs.value[kept].astype(float), even, slack.cost]),
        most=np.concatenate([np.ones(number), the_round.free[home], slack.most]),
        rows=_together(entries, (agreed + len(lower), number + cells + len(slack.row))),
        lower=np.concatenate([none, even, np.full(homes, -np.inf), lower]),
        upper=np.concatenate([np.ones(people), even, the_round.free, upper]),
        whole=np.repeat([False, True, False], [number, cells, len(slack.row)]),
    )


def _corner(program: Program, found: Found) -> Found:
    """Return a corner with the same whole numbers: there the pairs are whole too.

    Where pairs are worth the same, a search may end between corners.
    """
    settled = np.rint(found.x[program.whole])
    shift = program.rows[:, program.whole] @ settled
    rest = ~program.whole
    corner = Program(
        cost=program.cost[rest],
        most=program.most[rest],
        rows=program.rows[:, rest],
        lower=program.lower - shift,
        upper=program.upper - shift,
        whole=np.zeros(int(rest.sum()), dtype=bool),
    )
    return cast("Found", best(corner, method="simplex"))  # what was found holds all rows


def _loads(
    counts: Counting, chosen: Whole, rows: Mask | None = None, *, below: int, right: int = 0
) -> tuple[Any, Any, Any]:
    """Return what chosen pairs count for, in some agreements, placed below and right."""
    loads = counts.loads[:, chosen]
    row, column = loads.indices, np.repeat(np.arange(len(chosen)), np.diff(loads.indptr))
    here = slice(None) if rows is None else rows[row]
    return below + row[here], right + column[here], loads.data[here]


def _together(entries: list[tuple[Any, Any, Any]], shape: tuple[int, int]) -> Any:  # noqa: ANN401
    rows, columns, data = (np.concatenate(part) for part in zip(*entries, strict=True))
    return sparse.csc_array((data, (rows, columns)), shape=shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slack:
    """Columns for households out: which agreement they give room, which way, how many, how dear."""

    row: Whole
    sign: Row
    cost: Row
    most: Row


def _slack(agreements: tuple[Agreement, ...], dear: float | None = None) -> _Slack:
    """Return columns for stepping outside; with `dear` also for hard floors, at that price."""
    table = np.array(
        [
            (number, sign, price, 1.0 if step + 1 < len(prices) else np.inf)
            for number, each in enumerate(agreements)
            for sign, limit in ((1.0, each.low), (-1.0, each.high))
            if limit is not None
            for prices in (each.prices or ((dear,) if dear and sign > 0 else ()),)
            for step, price in enumerate(prices)
        ],
        dtype=float,
    ).reshape(-1, 4)
    return _Slack(
        row=table[:, 0].astype(np.int64), sign=table[:, 1], cost=table[:, 2], most=table[:, 3]
    )


def _limits(agreements: tuple[Agreement, ...]) -> tuple[Row, Row]:
    lower = [-np.inf if each.low is None else float(each.low) for each in agreements]
    upper = [np.inf if each.high is None else float(each.high) for each in agreements]
    return np.array(lower), np.array(upper)
