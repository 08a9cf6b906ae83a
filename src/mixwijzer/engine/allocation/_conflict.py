"""Which agreements can't hold together, and what is the least that would have to give?

The smallest set is found by implicit hitting sets: every set of agreements whose breach lets the
others hold must be hit by any set that clashes. The smallest set that hits all those known so far
either clashes, and is then the answer, or shows another one (Ignatiev, Previti, Liffiton and
Marques-Silva, Smallest MUS Extraction with Minimal Hitting Set Dualization, CP 2015).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from scipy import sparse

from mixwijzer.engine.allocation._counting import counting
from mixwijzer.engine.allocation._round import Agreement, LettingRound, Pairs
from mixwijzer.engine.allocation._solving import solution
from mixwijzer.engine.allocation.program import Program, best

_DEARER = 20  # times as dear to move another agreement as the one that is asked to give way


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A limit that gives way: of which agreement, both limits as they become, by how many units."""

    agreement: str
    low: int | None
    high: int | None
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Limits that give way together, after which everything agreed can hold."""

    moves: tuple[Move, ...]

    @property
    def units(self) -> int:
        """How much gives way in all [households, or units of load]."""
        return sum(each.units for each in self.moves)

    def of(self, the_round: LettingRound) -> LettingRound:
        """Return the round with these limits."""
        moved = {each.agreement: each for each in self.moves}
        return replace(
            the_round,
            agreements=tuple(
                replace(each, low=moved[each.id].low, high=moved[each.id].high)
                if each.id in moved
                else each
                for each in the_round.agreements
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Agreements that can't hold together.

    Parameters
    ----------
    agreements
        The smallest such set; without any one of them the others can hold.
    relaxations
        What could give way, least first: in all, and by each of the agreements where it can.
    """

    agreements: tuple[Agreement, ...]
    relaxations: tuple[Relaxation, ...]


def conflict(the_round: LettingRound) -> Conflict:
    """Return the smallest set of hard agreements that clash in a round in which some do."""
    bare = _bare(the_round)
    known: list[frozenset[int]] = []
    while True:
        kept = _hitting(known, len(bare.agreements))
        given = _given_way(
            bare, {number: 1 for number in range(len(bare.agreements)) if number not in kept}
        )
        if given is None:
            break
        known.append(frozenset(given))
    clashing = tuple(bare.agreements[number] for number in sorted(kept))
    return Conflict(agreements=clashing, relaxations=_relaxations(bare, kept))


def _bare(the_round: LettingRound) -> LettingRound:
    """Return the round with hard agreements alone, every pair worth the same."""
    pairs = the_round.pairs
    return replace(
        the_round,
        agreements=tuple(each for each in the_round.agreements if each.hard),
        pairs=Pairs(home=pairs.home, candidate=pairs.candidate, value=np.ones_like(pairs.value)),
    )


def _hitting(sets: list[frozenset[int]], number: int) -> frozenset[int]:
    """Return the fewest numbers of which every set holds one."""
    if not sets:
        return frozenset()
    rows = np.array([row for row, each in enumerate(sets) for _ in each])
    columns = np.array(list(chain.from_iterable(sets)))
    found = best(
        Program(
            cost=np.ones(number),
            most=np.ones(number),
            rows=sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(sets), number)),
            lower=np.ones(len(sets)),
            upper=np.full(len(sets), np.inf),
            whole=np.ones(number, dtype=bool),
        )
    )
    return frozenset(np.flatnonzero(found.x > 0.5).tolist() if found else ())


def _given_way(bare: LettingRound, prices: dict[int, int]) -> dict[int, Move] | None:
    """Return which limits with a price give way at least cost; None where none helps."""
    dear = int(bare.free.sum()) + 1
    priced = tuple(
        replace(each, prices=(prices[number] * dear,)) if number in prices else each
        for number, each in enumerate(bare.agreements)
    )
    found = solution(replace(bare, agreements=priced))
    if found is None:
        return None
    counts = np.asarray(counting(bare).loads[:, found.chosen].sum(axis=1)).ravel().astype(int)
    return {
        number: move
        for number, (each, count) in enumerate(zip(bare.agreements, counts.tolist(), strict=True))
        for move in _moves(each, count)
    }


def _moves(each: Agreement, count: int) -> Iterable[Move]:
    if each.low is not None and count < each.low:
        yield Move(agreement=each.id, low=count, high=each.high, units=each.low - count)
    elif each.high is not None and count > each.high:
        yield Move(agreement=each.id, low=each.low, high=count, units=count - each.high)


def _relaxations(bare: LettingRound, clashing: frozenset[int]) -> tuple[Relaxation, ...]:
    everywhere = range(len(bare.agreements))
    asked = [dict.fromkeys(everywhere, 1)]
    asked += [
        {number: 1 if number == one else _DEARER for number in everywhere}
        for one in sorted(clashing)
    ]
    found = [
        Relaxation(moves=tuple(given.values()))
        for prices in asked
        for given in (_given_way(bare, prices),)
        if given
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.units, len(each.moves))))
