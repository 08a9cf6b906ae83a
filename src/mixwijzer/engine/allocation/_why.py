"""Why did this candidate get this home, and why didn't that one?

Every answer is about one exchange: the candidate takes the home from whoever has it, or as it
stands empty. In a best division no exchange is a gain, so one of two things is so: the holder is at
least as early in the order, or agreements are breached or cost more than is gained. That makes the
answers true and, per holder, sufficient; anybody can do the exchange on paper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from mixwijzer.engine.allocation._allocate import Allocation
from mixwijzer.engine.allocation._counting import Counting, cost, counting
from mixwijzer.engine.allocation._round import Agreement


class WhyKind(StrEnum):
    """What settles it."""

    PLACED = "placed"
    ELSEWHERE = "elsewhere"
    EARLIER = "earlier"
    AGREEMENT = "agreement"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One answer about one candidate and one home.

    Parameters
    ----------
    candidate, home
        Ids; no home where the letting rules allow the candidate none of the round.
    kind
        What settles it.
    other
        Who has the home (EARLIER, AGREEMENT; None when it stands empty), or which home the
        candidate has (ELSEWHERE).
    agreements
        Which are hurt by the exchange (AGREEMENT), or would be without the placement (PLACED).
    """

    candidate: str
    home: str | None
    kind: WhyKind
    other: str | None = None
    agreements: tuple[str, ...] = ()


def whys(
    allocation: Allocation, *, candidate: str | None = None, home: str | None = None
) -> Iterator[Why]:
    """Yield an answer per pair that is allowed and holder of its home.

    Parameters
    ----------
    allocation
        What was decided.
    candidate, home
        Only about this one, seen from either side; all when absent.
    """
    asked = _Asked(allocation)
    the_round = allocation.round
    for number, person in enumerate(the_round.candidates):
        if candidate in {None, person.id}:
            mine = asked.pairs[number]
            if not mine and home is None:
                yield Why(candidate=person.id, home=None, kind=WhyKind.NOT_ALLOWED)
            for pair in mine:
                if home in {None, the_round.homes[the_round.pairs.home[pair]].id}:
                    yield from asked.about(pair)


class _Asked:
    """An allocation made ready for questions."""

    def __init__(self, allocation: Allocation) -> None:
        self.round = allocation.round
        self.counts: Counting = counting(self.round)
        places = self.round.pairs
        homes = {each.id: number for number, each in enumerate(self.round.homes)}
        chosen = {
            (homes[each.home], self.round.place[each.candidate]) for each in allocation.placements
        }
        self.pairs: defaultdict[int, list[int]] = defaultdict(list)
        self.holders: defaultdict[int, list[int]] = defaultdict(list)
        self.has: dict[int, int] = {}
        both = zip(places.home.tolist(), places.candidate.tolist(), strict=True)
        for pair, (home, person) in enumerate(both):
            self.pairs[person].append(pair)
            if (home, person) in chosen:
                self.holders[home].append(pair)
                self.has[person] = pair
        taken = sorted(self.has.values())
        self.total = np.asarray(self.counts.loads[:, taken].sum(axis=1)).ravel()

    def about(self, pair: int) -> Iterator[Why]:
        """Yield why a pair was chosen or not."""
        pairs = self.round.pairs
        home, person = int(pairs.home[pair]), int(pairs.candidate[pair])
        mine = self.has.get(person)
        if mine == pair:
            yield self._why(pair, WhyKind.PLACED, agreements=self._hurt(None, pair))
        elif mine is not None:
            yield self._why(pair, WhyKind.ELSEWHERE, other=self._home(mine))
        elif len(self.holders[home]) < self.round.homes[home].homes:
            yield self._why(pair, WhyKind.AGREEMENT, agreements=self._hurt(pair, None))
        else:
            for holder in self.holders[home]:
                yield self._instead(pair, holder)

    def _instead(self, pair: int, holder: int) -> Why:
        pairs = self.round.pairs
        other = self.round.candidates[pairs.candidate[holder]].id
        if pairs.value[holder] >= pairs.value[pair]:
            return self._why(pair, WhyKind.EARLIER, other=other)
        return self._why(pair, WhyKind.AGREEMENT, other=other, agreements=self._hurt(pair, holder))

    def _hurt(self, comes: int | None, goes: int | None) -> tuple[str, ...]:
        """Return the agreements that an exchange breaches, or costs more."""
        change = np.zeros(len(self.round.agreements))
        for pair, sign in ((comes, 1), (goes, -1)):
            if pair is not None:
                start, end = self.counts.loads.indptr[pair : pair + 2]
                change[self.counts.loads.indices[start:end]] += (
                    sign * self.counts.loads.data[start:end]
                )
        return tuple(
            self.round.agreements[row].id
            for row in np.flatnonzero(change).tolist()
            if _worse(self.round.agreements[row], self.total[row], self.total[row] + change[row])
        )

    def _home(self, pair: int) -> str:
        return self.round.homes[int(self.round.pairs.home[pair])].id

    def _why(self, pair: int, kind: WhyKind, **more: Any) -> Why:
        person = self.round.candidates[self.round.pairs.candidate[pair]].id
        return Why(candidate=person, home=self._home(pair), kind=kind, **more)


def _worse(agreement: Agreement, before: float, after: float) -> bool:
    """Whether another count breaches an agreement, or costs more."""
    low, high = agreement.low, agreement.high
    if agreement.hard:
        return (low is not None and after < low) or (high is not None and after > high)
    return cost(agreement, int(after)) > cost(agreement, int(before))
