"""What is there to divide in a round, among whom, and what was agreed about it?

A round is homes that are free, candidates by reference, the *pairs* of the two that the letting
rules allow, and agreements about placements together. Everything that was agreed is one kind of
statement: of the placements at a place, of a category, of a group, on a ground, at least so many
and at most so many count. A band, an obligation, a budget of free allocation and the load that a
complex can carry differ only in what they count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from mixwijzer.engine.errors import AllocationError

Whole: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"


class AgreementKind(StrEnum):
    """What an agreement is about: the mix, a promise to house, free room, or a load."""

    BAND = "band"
    OBLIGATION = "obligation"
    BUDGET = "budget"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeHome:
    """A home, or equal homes, to be let in the round.

    Parameters
    ----------
    id
        The vacancy's id.
    complex, neighbourhood
        Codes of the places that it lies in.
    owner
        Whose home it is, where homes of several are divided together; empty for one's own.
    ground
        Steering ground that letting it leans on; empty for the ordinary offer.
    homes
        How many equal homes it stands for [homes].
    """

    id: str
    complex: str
    neighbourhood: str = ""
    owner: str = ""
    ground: str = ""
    homes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCandidate:
    """A household that takes part, by reference; nothing else is known of it.

    Parameters
    ----------
    id
        Reference.
    category
        Of the scheme; empty where it isn't told.
    group
        Target group with which something was agreed; empty for none.
    ground
        Steering ground that placing it leans on, beside that of the home; empty for none.
    """

    id: str
    category: str = ""
    group: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was agreed about the placements of the round together.

    Parameters
    ----------
    id
        Its name in the agreements' own words.
    kind
        What it is about.
    place, category, group, ground
        Which placements count: at this complex, in this neighbourhood or with this owner, of this
        category, of this group, leaning on this ground. Empty: all.
    low, high
        At least and at most so much [households, or units of load]; None: no limit.
    prices
        What the first, second … household out costs [points], not falling; the last holds for all
        further ones. Empty: hard, the limit holds whatever it costs.
    loads
        Units that a placement counts for, by group, never by person; absent groups count 0. Empty:
        every placement counts for 1.
    """

    id: str
    kind: AgreementKind
    place: str = ""
    category: str = ""
    group: str = ""
    ground: str = ""
    low: int | None = None
    high: int | None = None
    prices: tuple[int, ...] = ()
    loads: Mapping[str, int] = field(default_factory=dict)

    @property
    def hard(self) -> bool:
        """Whether it holds whatever it costs."""
        return not self.prices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Who may have which home, and what that is worth: positions in a round (pairs,).

    Parameters
    ----------
    home, candidate
        Positions.
    value
        From the order that the letting rules give [points], more than 0.
    """

    home: Whole
    candidate: Whole
    value: Whole

    def __len__(self) -> int:
        return len(self.value)

    def only(self, kept: Any) -> Pairs:  # noqa: ANN401 - positions or a mask
        """Return some of the pairs, by position or mask."""
        return Pairs(home=self.home[kept], candidate=self.candidate[kept], value=self.value[kept])

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Pairs:
        """Return pairs from (home, candidate, value), each home and candidate by position."""
        table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
        return cls(home=table[:, 0], candidate=table[:, 1], value=table[:, 2])

    @classmethod
    def by_order(cls, order: Sequence[int], allowed: Iterable[tuple[int, int]]) -> Pairs:
        """Return the pairs that are allowed, worth more to who is earlier in the order.

        Parameters
        ----------
        order
            Place of each candidate in the order that the letting rules give (candidates,); 1 is
            first. Who is first counts nearly twice who is last, so two homes let beat one.
        allowed
            (home, candidate), both by position.
        """
        last = max(order, default=0)
        return cls.of((home, person, 2 * last + 1 - order[person]) for home, person in allowed)


@dataclass(frozen=True, kw_only=True)
class LettingRound:
    """Homes, candidates, who may have what, and what was agreed.

    Raises
    ------
    AllocationError
        `round_empty` without a home; `home_twice`, `candidate_twice`, `agreement_twice`;
        `agreement_crossed` where low exceeds high, `agreement_prices` where they fall,
        `value_missing` for a pair that is worth nothing, `pair_twice`.
    """

    homes: tuple[FreeHome, ...]
    candidates: tuple[RoundCandidate, ...]
    pairs: Pairs
    agreements: tuple[Agreement, ...] = ()

    def __post_init__(self) -> None:
        if not self.homes:
            raise AllocationError("round_empty", "round")
        if twice := _twice(self.homes):
            raise AllocationError("home_twice", twice)
        if twice := _twice(self.candidates):
            raise AllocationError("candidate_twice", twice)
        if twice := _twice(self.agreements):
            raise AllocationError("agreement_twice", twice)
        for each in self.agreements:
            _sound(each)
        both = self.pairs.home * max(len(self.candidates), 1) + self.pairs.candidate
        if len(np.unique(both)) < len(both):
            raise AllocationError("pair_twice", "round")
        if (self.pairs.value <= 0).any():
            raise AllocationError("value_missing", "round")

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Position of each candidate by id."""
        return {each.id: position for position, each in enumerate(self.candidates)}

    @cached_property
    def free(self) -> Whole:
        """How many homes each stands for (homes,) [homes]."""
        return np.array([each.homes for each in self.homes], dtype=np.int64)


def _twice(rows: Sequence[FreeHome | RoundCandidate | Agreement]) -> str | None:
    """Return the first id that stands more than once."""
    times = Counter(each.id for each in rows)
    return next((name for name, number in times.items() if number > 1), None)


def _sound(agreement: Agreement) -> None:
    low, high = agreement.low, agreement.high
    if low is not None and high is not None and low > high:
        raise AllocationError("agreement_crossed", agreement.id, low=low, high=high)
    if list(agreement.prices) != sorted(agreement.prices) or min(agreement.prices, default=1) <= 0:
        raise AllocationError("agreement_prices", agreement.id)
