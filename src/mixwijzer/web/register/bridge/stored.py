"""The accounts of some complexes as they are stored: whole, or no more of them than their sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, When

from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register.models import AccountState

__all__ = ["Stored", "drifting", "stored_accounts", "whole_accounts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored account; `told` is all of it, or only its sums (`State.brief`)."""

    pk: int
    complex_id: int
    scope: Scope
    base: int
    through: date
    judged_on: date | None
    told: str


def stored_accounts(
    owner: Organisation,
    complexes: Collection[int],
    scheme: str,
    *,
    whole: Collection[int] | None = None,
    drift_on: date | None = None,
) -> Iterator[Stored]:
    """Yield the accounts of complexes and of their groups, in one query.

    Parameters
    ----------
    owner, complexes, scheme
        Whose, of which complexes, which way of looking at households.
    whole
        The complexes whose accounts are told whole; all when None.
    drift_on
        On this day accounts that were judged drift since an earlier month: told whole too.
    """
    told: Case | F = F("state")
    if whole is not None:
        full = Q(complex__in=whole) | Q(brief="")
        if drift_on is not None:
            full |= drifting(drift_on)
        told = Case(When(full, then=F("state")), default=F("brief"))
    rows = AccountState.objects.for_organisation(owner).filter(complex__in=complexes, scheme=scheme)
    for pk, at, kind, code, base, through, judged_on, text in rows.values_list(
        "pk", "complex_id", "scope_kind", "scope_code", "base", "through", "judged_on", told
    ):
        yield Stored(
            pk=pk,
            complex_id=at,
            scope=Scope(ScopeKind(kind), code),
            base=base,
            through=through,
            judged_on=judged_on,
            told=text,
        )


def drifting(day: date) -> Q:
    """Return which accounts drift when they are read on a day: judged, of an earlier month."""
    return Q(judged_on__isnull=False, through__lt=day.replace(day=1))


def whole_accounts(owner: Organisation, keys: Collection[int]) -> Mapping[int, str]:
    """Return stored accounts whole, by primary key."""
    rows = AccountState.objects.for_organisation(owner).filter(pk__in=keys)
    return dict(rows.values_list("pk", "state"))
