"""What is owed, which homes come free until then, and what limits who comes where?

An agreement may speak of many places at once: a band of a profile holds in each complex that it is
for. So a `Ceiling` names the agreement that it comes from, and agreements clash as a whole.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from mixwijzer.engine.errors import AllocationError

HOMES = "homes"  # what comes free, where that is short: a fact beside the agreements


class CeilingKind(StrEnum):
    """Where a ceiling comes from: a band or cap of a profile, a budget, a share of all lettings."""

    BAND = "band"
    CAP = "cap"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """So many persons or households of a group that are still owed.

    Parameters
    ----------
    id
        The obligation's own id.
    group
        Which homes it may have (`ComingHomes.fits`).
    category
        What its households mostly are; empty where that isn't known: then no band counts them.
    owed
        Still to be promised a home [unit of the obligation].
    persons
        Persons in a household [persons]; 1 where households are owed.
    unit
        What is owed: persons or households.
    until
        Homes that come later don't count; None: all count.
    """

    id: str
    group: str
    category: str = ""
    owed: int
    persons: Fraction = Fraction(1)
    unit: str = "households"
    until: date | None = None

    @property
    def households(self) -> int:
        """Homes that it takes [households]."""
        return ceil(self.owed / self.persons)

    def within(self, households: int) -> int:
        """Return what so many households are in the promise's own unit."""
        return floor(households * self.persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingHomes:
    """Equal homes that come free.

    Parameters
    ----------
    id
        Its name.
    places
        Codes of the complex and of the areas around it.
    homes
        How many [homes].
    fits
        Groups whose households they suit.
    by
        The last of the days on which they come free; None: at once.
    """

    id: str
    places: frozenset[str]
    homes: int
    fits: frozenset[str]
    by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """At most so many of the placements at a place.

    Parameters
    ----------
    agreement
        Id of what it comes from; several ceilings may share one.
    kind
        What sort of agreement that is.
    place
        Code of a complex or area; empty: everywhere.
    categories, groups
        Which placements count; empty: all.
    at_most
        Placements that still may come [households].
    hard
        Whether it holds whatever it costs; else it is an aim that may give way.
    """

    agreement: str
    kind: CeilingKind
    place: str = ""
    categories: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    at_most: int
    hard: bool = False

    def counts(self, homes: ComingHomes, group: str, category: str) -> bool:
        """Whether a home for a group counts."""
        return (
            (not self.place or self.place in homes.places)
            and (not self.groups or group in self.groups)
            and (not self.categories or category in self.categories)
        )


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that has to hold together.

    Raises
    ------
    AllocationError
        `agreement_twice` for two promises of one name, or a ceiling named like a promise;
        `ceiling_negative`, `homes_negative`, `promise_empty` for a household of no persons.
    """

    promises: tuple[Promise, ...]
    homes: tuple[ComingHomes, ...]
    ceilings: tuple[Ceiling, ...] = ()

    def __post_init__(self) -> None:
        names = Counter(each.id for each in self.promises)
        names.update({each.agreement for each in self.ceilings} | {HOMES})
        for name, times in names.items():
            if times > 1:
                raise AllocationError("agreement_twice", name)
        for ceiling in self.ceilings:
            if ceiling.at_most < 0:
                raise AllocationError("ceiling_negative", ceiling.agreement)
        self._owed_and_free()

    def _owed_and_free(self) -> None:
        for homes in self.homes:
            if homes.homes < 0:
                raise AllocationError("homes_negative", homes.id)
        for promise in self.promises:
            if promise.persons <= 0:
                raise AllocationError("promise_empty", promise.id)

    @cached_property
    def agreements(self) -> tuple[str, ...]:
        """Everything that might give way: promises, agreements behind ceilings, and the homes."""
        behind = dict.fromkeys(each.agreement for each in self.ceilings)
        return (*(each.id for each in self.promises), *behind, HOMES)

    @cached_property
    def soft(self) -> frozenset[str]:
        """Agreements that are aims through and through."""
        firm = {each.agreement for each in self.ceilings if each.hard}
        return frozenset(each.agreement for each in self.ceilings) - firm

    def owing(self, promise: str, owed: int) -> Question:
        """Return the question with another number owed [unit of the promise]."""
        return replace(
            self,
            promises=tuple(
                replace(each, owed=owed) if each.id == promise else each for each in self.promises
            ),
        )
