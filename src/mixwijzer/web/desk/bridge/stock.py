"""How many homes of which size are there, and how often does one come free?

Read from what is kept of each complex beside its account: who changes a row makes that anew in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp

from django.db.models import Q

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME
from mixwijzer.web.register.bridge import YEARS, Holding, ScopeKind, Size, norms
from mixwijzer.web.register.models import AccountState

__all__ = ["LEVEL", "Outlook", "Size", "Stock", "chance_of_one", "stock_of"]

LEVEL = Q(accessible=True) | Q(floor__lte=0)
"""Homes that are reached without stairs."""

WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How often a home comes free: share of the homes a year, and whose figure that is."""

    rate: float
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The homes of an association: by complex how many of which size, and how often one is left."""

    sizes: Mapping[int, Iterable[Size]]
    pace: Outlook


def stock_of(owner: Organisation, day: date) -> Stock:
    """Add up the homes of an association and how many were left in the last three years."""
    rows = (
        AccountState.objects.for_organisation(owner)
        .filter(scope_kind=int(ScopeKind.COMPLEX), scheme=DEFAULT_SCHEME)
        .values_list("complex_id", "base", "homes")
    )
    homes = left = 0
    sizes: dict[int, Iterable[Size]] = {}
    for pk, base, text in rows:
        held = Holding.read(text)
        homes += base
        left += held.departures(day)
        sizes[pk] = held.sizes
    return Stock(sizes=sizes, pace=_pace(left, homes, day))


def _pace(left: int, homes: int, day: date) -> Outlook:
    """Return which part of the homes somebody leaves in a year: own figures, else the norm."""
    if left and homes:
        return Outlook(rate=left / YEARS / homes, own=True)
    return Outlook(rate=norms().number("turnover.rate", day), own=False)


def chance_of_one(homes: int, rate: float, weeks: int) -> float:
    """Return the chance that at least one of so many homes comes free within so many weeks."""
    return 1 - exp(-homes * rate * weeks / WEEKS_A_YEAR)
