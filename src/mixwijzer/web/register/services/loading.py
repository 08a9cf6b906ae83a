"""Bring in a portfolio: everything it says of one organisation's homes, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from mixwijzer.engine.portfolio import Channel, Complex, Judgement, Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register import bridge, bulk, models
from mixwijzer.web.register.bridge import complex_of
from mixwijzer.web.register.services.ledgers import Loaded, in_turn, store
from mixwijzer.web.register.services.setting_aside import account_anew

__all__ = ["load"]


@transaction.atomic
def load(
    *,
    portfolio: Portfolio,
    owner: Organisation,
    actor: User | None,
    now: datetime,
    judges: Mapping[str, User] | None = None,
) -> Loaded:
    """Store what a portfolio says of one organisation's homes.

    The same portfolio twice changes nothing. Rows that say something else than the current row
    of their key replace it; rows that are gone from the portfolio stay. What was said of more
    households than lived there no longer counts: `findings` tells of it. Households' categories,
    candidates and own schemes aren't kept at this registration level: counted and left out.

    Parameters
    ----------
    portfolio
        Of one or more organisations; only complexes of `owner` are taken.
    owner, actor, now
        For whom, by whom, when.
    judges
        Persons behind the names of judges in the portfolio.
    """
    in_turn(owner)
    audit.lock(owner)
    mine = _own_part(portfolio, owner.code)
    anchors = _anchors(owner, [each.id for each in mine.complexes])
    extras = _Extras(owner, mine, anchors, judges or {})
    total = Loaded(
        dropped={
            name: len(getattr(portfolio, name))
            for name in ("assessments", "candidates", "schemes")
            if getattr(portfolio, name)
        }
    )
    for table in bridge.TABLES:
        done = store(
            table=table,
            owner=owner,
            values=getattr(mine, table.name),
            now=now,
            extra=extras.of(table.name),
        )
        total += done
    if total.added or total.changed:
        _delivered(mine, owner, actor, now, total)
        bulk.count_again()
        aside = account_anew(owner=owner, complexes=list(anchors.values()), day=now.date(), now=now)
        total = replace(total, findings=tuple(each.finding() for each in aside))
    return total


def _delivered(
    portfolio: Portfolio, owner: Organisation, actor: User | None, now: datetime, done: Loaded
) -> None:
    models.Delivery(
        owner=owner,
        at=now,
        by=actor,
        data_date=portfolio.data_date,
        synthetic=portfolio.synthetic,
        added=done.added,
        changed=done.changed,
    ).save(force_insert=True)
    audit.record(
        organisation=owner,
        action="register.load",
        actor=actor,
        subject=None,
        facts={"added": done.added, "changed": done.changed},
        at=now,
    )


def _own_part(portfolio: Portfolio, code: str) -> Portfolio:
    """Return the rows about the complexes of one owner, and all areas and channels."""
    ours = {each.id for each in portfolio.complexes if each.owner == code}
    if len(ours) == len(portfolio.complexes):
        return portfolio
    homes = {each.id for each in portfolio.dwellings if each.complex in ours}
    leases = {each.id for each in portfolio.tenancies if each.dwelling in homes}
    notices = {each.id for each in portfolio.vacancies if each.dwelling in homes}

    def here(scope: Scope) -> bool:
        return complex_of(scope) in ours

    return replace(
        portfolio,
        complexes=tuple(each for each in portfolio.complexes if each.id in ours),
        dwellings=tuple(each for each in portfolio.dwellings if each.id in homes),
        tenancies=tuple(each for each in portfolio.tenancies if each.id in leases),
        vacancies=tuple(each for each in portfolio.vacancies if each.id in notices),
        judgements=tuple(each for each in portfolio.judgements if here(each.scope)),
        counts=tuple(each for each in portfolio.counts if here(each.scope)),
        placements=tuple(each for each in portfolio.placements if here(each.scope)),
        lettings=tuple(each for each in portfolio.lettings if each.vacancy in notices),
        roles=tuple(each for each in portfolio.roles if each.tenancy in leases),
    )


def _anchors(owner: Organisation, codes: Sequence[str]) -> Mapping[str, int]:
    """Return the primary key of each complex by code; new ones are made."""
    known = dict(
        models.Complex.objects.for_organisation(owner)
        .filter(code__in=codes)
        .values_list("code", "pk")
    )
    rows = [
        {"owner_id": owner.pk, "code": code} for code in dict.fromkeys(codes) if code not in known
    ]
    if not rows:
        return known
    bulk.insert(models.Complex, rows)
    return dict(
        models.Complex.objects.for_organisation(owner)
        .filter(code__in=codes)
        .values_list("code", "pk")
    )


class _Extras:
    """Columns that a row has beside what the engine knows: its complex, its areas, its judge."""

    def __init__(
        self,
        owner: Organisation,
        portfolio: Portfolio,
        anchors: Mapping[str, int],
        judges: Mapping[str, User],
    ) -> None:
        self.owner, self.portfolio, self.anchors, self.judges = owner, portfolio, anchors, judges
        self.lease = {each.id: each.dwelling for each in portfolio.tenancies}

    def of(self, table: str) -> Callable[[Any], dict[str, Any]]:
        """Return the function that gives a row of a table its extra columns."""
        ways: Mapping[str, Callable[[Any], dict[str, Any]]] = {
            "areas": lambda row: {},
            "complexes": self._complex,
            "dwellings": lambda row: {"complex_id": self.anchors[row.complex]},
            "tenancies": lambda row: self._at(row.dwelling),
            "vacancies": lambda row: self._at(row.dwelling),
            "judgements": self._judgement,
            "counts": lambda row: self._in(row.scope),
            "placements": lambda row: self._in(row.scope),
            "lettings": lambda row: self._at(self.portfolio.vacancy[row.vacancy].dwelling),
            "roles": lambda row: self._at(self.lease[row.tenancy]),
            "channels": self._place,
        }
        return ways[table]

    def _complex(self, row: Complex) -> dict[str, Any]:
        above = {scope.kind: scope.code for scope in self.portfolio.scopes_above(row.id)}
        return {
            "complex_id": self.anchors[row.id],
            "district": above.get(ScopeKind.DISTRICT, ""),
            "municipality": above.get(ScopeKind.MUNICIPALITY, ""),
        }

    def _at(self, dwelling: str) -> dict[str, Any]:
        return {"complex_id": self.anchors[self.portfolio.dwelling[dwelling].complex]}

    def _in(self, scope: Scope) -> dict[str, Any]:
        return {"complex_id": self.anchors.get(complex_of(scope) or "")}

    def _judgement(self, row: Judgement) -> dict[str, Any]:
        judge = self.judges.get(row.by)
        named = {"by": str(judge.public_id), "judge_id": judge.pk} if judge else {"judge_id": None}
        return {**self._in(row.scope), **named}

    def _place(self, row: Channel) -> dict[str, Any]:
        return {"place": self.portfolio.channels.index(row)}
