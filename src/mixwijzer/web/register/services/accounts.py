"""Keep every account up to date, make it again from the ledgers, and compare.

A state is the filter's memory of one complex. It can be made from the rows at any time; stored, it
saves an advice from reading ten years of leases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F

from mixwijzer.engine.account import Accounts, State
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import Count, Judgement, Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, models
from mixwijzer.web.register.bridge import complex_of

__all__ = [
    "MADE",
    "Made",
    "Mismatch",
    "chunks",
    "impossible",
    "made_of",
    "rebuild_accounts",
    "renew_accounts",
    "verify_accounts",
]

CHUNK = 100  # complexes of which the rows are in memory at once
BRIEFLY = 20  # complexes that are made again while others wait
DEFAULT_SCHEME = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A stored account that isn't what the ledgers give.

    `trouble` is `inputs`, `account`, `homes` (the numbers kept beside it) or `missing`.
    """

    scope: str
    scheme: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The account of a scope as it is to be stored, under the names of its columns (`MADE`).

    `brief` is the same account with the sums per category only, `homes` the homes and departures
    of a whole complex: what a question about many complexes reads.
    """

    scope: Scope
    scheme: str
    account: State
    base: int
    homes: str
    inputs_hash: str

    @property
    def columns(self) -> dict[str, Any]:
        """The values of the columns that are made."""
        return {
            "base": self.base,
            "homes": self.homes,
            "through": self.account.through,
            "judged_on": self.account.judged_on,
            "inputs_hash": self.inputs_hash,
            "brief": _text(self.account.brief()),
            "state": _text(self.account.to_json()),
        }


MADE = ("base", "homes", "through", "judged_on", "inputs_hash", "brief", "state")
"""Columns of a stored account that are made with it."""


@transaction.atomic
def rebuild_accounts(
    *, owner: Organisation, complexes: Sequence[int] | None, day: date, now: datetime
) -> int:
    """Make the accounts of these complexes (all when None) again; return how many."""
    made = 0
    for portfolio, anchors in chunks(owner, complexes):
        rows = [
            models.AccountState(
                owner=owner,
                complex_id=anchors[complex_of(each.scope) or ""],
                scope_kind=int(each.scope.kind),
                scope_code=each.scope.code,
                scheme=each.scheme,
                made_at=now,
                **each.columns,
            )
            for each in made_of(portfolio, day)
        ]
        models.AccountState.objects.for_organisation(owner).bulk_create(
            rows,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["owner", "complex", "scheme", "scope_kind", "scope_code"],
            update_fields=[*MADE, "made_at"],
        )
        made += len(rows)
        models.Complex.objects.for_organisation(owner).filter(pk__in=anchors.values()).update(
            version=F("version") + 1
        )
    return made


def renew_accounts(*, owner: Organisation, day: date, now: datetime) -> int:
    """Make the accounts again that drift since an earlier month; return of how many complexes.

    No figure changes by it: read on a later day, such an account drifts to that day just so, but is
    read whole then. A few at a time, each in a transaction of its own: who decides waits for those.
    """
    rows = models.AccountState.objects.for_organisation(owner).filter(bridge.drifting(day))
    keys = list(rows.order_by("complex").values_list("complex", flat=True).distinct())
    for start in range(0, len(keys), BRIEFLY):
        with transaction.atomic():
            audit.lock(owner)
            part = keys[start : start + BRIEFLY]
            rebuild_accounts(owner=owner, complexes=part, day=day, now=now)
    return len(keys)


def verify_accounts(*, owner: Organisation, day: date) -> tuple[Mismatch, ...]:
    """Make every account again and name those that aren't stored as they should be."""
    found: list[Mismatch] = []
    for portfolio, anchors in chunks(owner, None):
        rows = models.AccountState.objects.for_organisation(owner).filter(
            complex__in=list(anchors.values())
        )
        stored = {(row.scope_code, row.scheme): row for row in rows}
        of_day: dict[date, set[str]] = {}
        for each in portfolio.complexes:
            row = stored.get((each.id, DEFAULT_SCHEME))
            of_day.setdefault(row.through if row else day, set()).add(each.id)
        for when, codes in of_day.items():
            for made in made_of(portfolio, when, codes):
                trouble = _trouble(stored.get((made.scope.code, made.scheme)), made)
                if trouble:
                    told = Mismatch(scope=made.scope.code, scheme=made.scheme, trouble=trouble)
                    found.append(told)
    return tuple(found)


def _trouble(row: models.AccountState | None, made: Made) -> str:
    if row is None:
        return "missing"
    if row.inputs_hash != made.inputs_hash:
        return "inputs"
    if (row.base, row.homes) != (made.base, made.homes):
        return "homes"
    state, scheme = made.account, made.account.others.scheme
    kept = State.from_json(json.loads(row.state), scheme)
    told = State.from_json(json.loads(row.brief), scheme, lambda: kept) if row.brief else kept
    same = all(replace(each, others=state.others) == state for each in (kept, told))
    return "" if same and _close(kept, state) and _close(told, state) else "account"


def _close(one: State, other: State) -> bool:
    """Whether two accounts say the same, apart from the order of adding."""
    return one.account.households == other.account.households and all(
        np.allclose(one.account.pmf(name), other.account.pmf(name), rtol=0, atol=1e-12)
        for name in other.others.scheme.categories
    )


def chunks(
    owner: Organisation, complexes: Sequence[int] | None
) -> Iterator[tuple[Portfolio, Mapping[str, int]]]:
    """Yield a hundred complexes at a time with all about them, and their primary keys by code."""
    rows = models.Complex.objects.for_organisation(owner).order_by("pk")
    if complexes is not None:
        rows = rows.filter(pk__in=complexes)
    listed = list(rows.values_list("code", "pk"))
    channels = bridge.CHANNELS.read(bridge.current(bridge.CHANNELS, owner))
    for start in range(0, len(listed), CHUNK):
        anchors = dict(listed[start : start + CHUNK])
        given: dict[str, Any] = {
            table.name: table.read(bridge.current(table, owner, complex__in=list(anchors.values())))
            for table in bridge.TABLES
            if table.name not in {"areas", "channels", "placements"}
        }
        yield Portfolio(**given, channels=channels), anchors


def made_of(portfolio: Portfolio, day: date, only: Collection[str] | None = None) -> Iterator[Made]:
    """Yield what is to be stored of complexes and of groups that are judged apart."""
    for accounts in _accounts(portfolio, day):
        for each in portfolio.complexes:
            if only is not None and each.id not in only:
                continue
            own = Scope(ScopeKind.COMPLEX, each.id)
            inputs = _inputs_hash(portfolio, each.id, accounts.scheme)
            homes = bridge.Holding.of(portfolio, each.id, day).text()
            for scope in (own, *accounts.groups(own)):
                yield Made(
                    scope=scope,
                    scheme=accounts.scheme.name,
                    account=accounts.state(scope),
                    base=portfolio.base(scope),
                    homes=homes if scope == own else "",
                    inputs_hash=inputs,
                )


def impossible(portfolio: Portfolio, day: date) -> Iterator[tuple[Judgement | Count, int]]:
    """Yield what was said of more households than lived there, and how many did [households]."""
    for accounts in _accounts(portfolio, day):
        for each in portfolio.complexes:
            own = Scope(ScopeKind.COMPLEX, each.id)
            for scope in (own, *accounts.groups(own)):
                for row in accounts.impossible(scope):
                    yield row, accounts.counted(scope, row.on)


def _accounts(portfolio: Portfolio, day: date) -> Iterator[Accounts]:
    """Yield the accounts of a portfolio, one per way of looking at households."""
    assumptions = bridge.assumptions(day)
    told = {row.scheme for row in portfolio.judgements}
    told |= {row.scheme for row in portfolio.counts}
    for scheme in sorted({DEFAULT_SCHEME, *told} & set(assumptions.schemes)):
        yield Accounts(portfolio, assumptions, day, scheme=scheme)


def _inputs_hash(portfolio: Portfolio, complex_id: str, scheme: Scheme) -> str:
    """Hash every row that the account of a complex is made from."""
    homes = portfolio.dwellings_of.get(complex_id, ())
    notices = [row for home in homes for row in portfolio.vacancies_of.get(home.id, ())]
    leases = [row for home in homes for row in portfolio.tenancies_of.get(home.id, ())]
    named = {row.id for row in leases}
    said = [row for row in portfolio.judgements if complex_of(row.scope) == complex_id]
    rows: list[Any] = [
        scheme,
        portfolio.complex[complex_id],
        *homes,
        *leases,
        *notices,
        *said,
        *(row for row in portfolio.counts if complex_of(row.scope) == complex_id),
        *(row for notice in notices for row in portfolio.lettings_of.get(notice.id, ())),
        *(row for row in portfolio.roles if row.tenancy in named),
        *portfolio.channels,
    ]
    lines = sorted(_line(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _text(document: Mapping[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _line(row: Any) -> str:  # noqa: ANN401 (a row of any table)
    named = (each.name for each in fields(row) if each.name != "recorded_at")
    told = ",".join(f"{name}={getattr(row, name)!r}" for name in named)
    return f"{type(row).__name__}({told})"
