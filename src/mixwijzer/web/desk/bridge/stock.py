"""How many homes of which size are there, and how often does one come free?

Homes are counted per complex and kept in this process by the hash of the rows that the complex's
account was made from: equal rows give equal numbers, in any database, and who changes a row makes
the account anew in the same transaction. So only the complexes that changed are counted again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import exp

from django.db.models import Case, Count, Q, Value, When

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.bridge import DEFAULT_SCHEME
from mixwijzer.web.register.bridge import ScopeKind, norms
from mixwijzer.web.register.models import AccountState, Dwelling, Tenancy

__all__ = ["LEVEL", "Outlook", "Size", "Stock", "chance_of_one", "stock_of"]

LEVEL = Q(accessible=True) | Q(floor__lte=0)
"""Homes that are reached without stairs."""

YEARS = 3  # of own departures that are better than the norm
WEEKS_A_YEAR = 365.25 / 7
_FEW = 500  # complexes that are asked for by name; for more the whole table is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Homes of the base with so many rooms, `level` where they are reached without stairs."""

    rooms: int | None
    level: bool
    homes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How often a home comes free: share of the homes a year, and whose figure that is."""

    rate: float
    own: bool


@dataclass(slots=True, kw_only=True)
class _Counted:
    """What was counted of one complex; `left` are departures in the last years."""

    sizes: list[Size] = field(default_factory=list)
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The homes of an association: by complex how many of which size, and how often one is left."""

    sizes: Mapping[int, Iterable[Size]]
    pace: Outlook


def stock_of(owner: Organisation, day: date) -> Stock:
    """Count the homes of an association and how many were left in the last three years."""
    rows = (
        AccountState.objects.for_organisation(owner)
        .filter(scope_kind=int(ScopeKind.COMPLEX), scheme=DEFAULT_SCHEME)
        .values_list("complex_id", "base", "inputs_hash")
    )
    homes = 0
    places: dict[int, list[_Counted]] = {}
    for pk, base, inputs in rows:
        homes += base
        places[pk] = _kept(inputs, day)
    missing = [pk for pk, place in places.items() if not place]
    if missing:
        fresh = _count(owner, missing, day)
        for pk in missing:
            places[pk].append(fresh[pk])
    counted = {pk: place[0] for pk, place in places.items()}
    left = sum(each.left for each in counted.values())
    return Stock(
        sizes={pk: each.sizes for pk, each in counted.items()}, pace=_pace(left, homes, day)
    )


@lru_cache(maxsize=16_384)
def _kept(inputs: str, day: date) -> list[_Counted]:
    """Return the place to keep what was counted of a complex; who finds it empty fills it."""
    return []


def _count(owner: Organisation, complexes: Collection[int], day: date) -> Mapping[int, _Counted]:
    """Count the homes and departures of these complexes, in two queries."""
    found = {pk: _Counted() for pk in complexes}
    named = Q(complex__in=complexes) if len(complexes) <= _FEW else Q()
    sizes = (
        Dwelling.objects.for_organisation(owner)
        .filter(named, replaced_at=None, in_base=True)
        .values_list("complex_id", "rooms", Case(When(LEVEL, then=Value(1)), default=Value(0)))
        .annotate(homes=Count("pk"))
        .order_by()
    )
    for pk, rooms, level, homes in sizes:
        if pk in found:
            found[pk].sizes.append(Size(rooms=rooms, level=bool(level), homes=homes))
    since = day - timedelta(days=365 * YEARS)
    departures = (
        Tenancy.objects.for_organisation(owner)
        .filter(named, replaced_at=None, end__gt=since, end__lte=day)
        .values_list("complex_id")
        .annotate(left=Count("pk"))
        .order_by()
    )
    for pk, left in departures:
        if pk in found:
            found[pk].left = left
    return found


def _pace(left: int, homes: int, day: date) -> Outlook:
    """Return which part of the homes somebody leaves in a year: own figures, else the norm."""
    if left and homes:
        return Outlook(rate=left / YEARS / homes, own=True)
    return Outlook(rate=norms().number("turnover.rate", day), own=False)


def chance_of_one(homes: int, rate: float, weeks: int) -> float:
    """Return the chance that at least one of so many homes comes free within so many weeks."""
    return 1 - exp(-homes * rate * weeks / WEEKS_A_YEAR)
