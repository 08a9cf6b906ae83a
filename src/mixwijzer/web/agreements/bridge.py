"""From rows of obligations to the engine's, and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta

from django.db.models import Q

from mixwijzer.engine import obligations
from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.obligations import CarryRule, Expectation, ObligationCount
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements import models
from mixwijzer.web.agreements.content import Clause, terms
from mixwijzer.web.register.bridge import LETTINGS, NOTICES, TENANCIES, Table, current, plain

__all__ = [
    "OBLIGATIONS",
    "Expectation",
    "ObligationCount",
    "Promise",
    "clauses_by",
    "clauses_of",
    "counted",
    "expected",
    "goes_along",
    "promised",
    "signed",
]

Promise = engine.Obligation  # a row of the ledger, as the engine counts it
OBLIGATIONS = Table(
    name="obligations",
    model=models.Obligation,
    value=engine.Obligation,
    key=("code",),
    parts={"id": plain("code"), "owner": plain("promised_by")},
)


def clauses_of(agreement: models.Agreement) -> tuple[Clause, ...]:
    """Return the clauses of an agreement as they stand, by number."""
    return clauses_by((agreement,)).get(agreement.pk, ())


def clauses_by(agreements: Sequence[models.Agreement]) -> Mapping[int, tuple[Clause, ...]]:
    """Return the clauses of agreements of one association, by the agreement's key; one query."""
    if not agreements:
        return {}
    names = [each.name for each in fields(Clause)]
    rows = models.Clause.objects.for_organisation(agreements[0].owner_id).filter(
        agreement__in=[each.pk for each in agreements], replaced_at=None
    )
    found: dict[int, tuple[Clause, ...]] = {}
    for row in rows.order_by("number").values("agreement_id", *names):
        key = row.pop("agreement_id")
        found[key] = (*found.get(key, ()), Clause(**row))
    return found


def signed(owner: Organisation) -> Mapping[str, tuple[models.Agreement, Clause]]:
    """Return which clause of which signed agreement stands behind an obligation, by its code.

    Where a later agreement replaced an earlier one, the later one stands behind it. Two queries.
    """
    rows = models.Agreement.objects.for_organisation(owner).filter(signed_on__isnull=False)
    agreements = list(rows.order_by("pk"))
    clauses = clauses_by(agreements)
    return {
        term.code: (row, clause)
        for row in agreements
        for clause in clauses.get(row.pk, ())
        for term in terms(clause, row.code, row.start, row.end)
    }


def promised(agreement: models.Agreement) -> tuple[engine.Obligation, ...]:
    """Return what an agreement promises: an obligation for each period of each such clause.

    What was confirmed to go along from the period before counts in the first clause of its group.
    """
    along = _along(agreement)
    return tuple(
        engine.Obligation(
            id=term.code,
            group=clause.group,
            owner=agreement.owner.code,
            start=term.start,
            end=term.end,
            unit=clause.unit,
            target=clause.target or 0,
            carried=along.pop((clause.group, clause.unit, term.start), 0)
            + (clause.carried if term.start == agreement.start else 0),
            wording=clause.words,
        )
        for clause in clauses_of(agreement)
        for term in terms(clause, agreement.code, agreement.start, agreement.end)
    )


def _along(agreement: models.Agreement) -> dict[tuple[str, str, date], int]:
    """Return what goes along into periods of this agreement, from itself or its framework."""
    known = Q(agreement__code=agreement.code)
    if agreement.framework is not None:
        known |= Q(agreement__framework__code=agreement.framework.code)
    rows = models.CarryOver.objects.for_organisation(agreement.owner_id).filter(known)
    found: dict[tuple[str, str, date], int] = {}
    for row in rows.order_by("pk"):
        key = row.group, row.unit, row.to_start
        found[key] = found.get(key, 0) + row.amount
    return found


def goes_along(count: ObligationCount, rule: str) -> int:
    """Say what goes along to the next period by a clause's rule."""
    return obligations.carry_over(count, CarryRule(rule))


def counted(
    owner: Organisation, promises: tuple[engine.Obligation, ...], day: date
) -> tuple[ObligationCount, ...]:
    """Count what was promised on a day, from the lettings of its groups; three queries."""
    if not promises:
        return ()
    first = min(each.start for each in promises)
    groups = {each.group for each in promises}
    lettings = LETTINGS.read(current(LETTINGS, owner, group__in=groups, on__gte=first))
    notices = NOTICES.read(current(NOTICES, owner, code__in=[each.vacancy for each in lettings]))
    leases = TENANCIES.read(
        current(
            TENANCIES, owner, dwelling__in=[each.dwelling for each in notices], start__gte=first
        )
    )
    known = Portfolio(obligations=promises, lettings=lettings, vacancies=notices, tenancies=leases)
    return obligations.count(known, day)


def expected(
    owner: Organisation, counts: tuple[ObligationCount, ...], day: date
) -> tuple[Expectation | None, ...]:
    """Say what the rest of each period will bring, from a year of lettings and notices; 4 queries.

    Of what is older only the first row is read, since it tells how far back the register goes.
    """
    since = day - timedelta(days=obligations.YEAR)
    lettings, notices = current(LETTINGS, owner), current(NOTICES, owner)
    before = Portfolio(
        lettings=LETTINGS.read(lettings.filter(on__gt=since))
        + LETTINGS.read(lettings.filter(on__lte=since).order_by("on")[:1]),
        vacancies=NOTICES.read(notices.filter(notice__gt=since))
        + NOTICES.read(notices.filter(notice__lte=since).order_by("notice")[:1]),
    )
    return tuple(
        obligations.expect(each, obligations.pace(before, each.obligation, day), day)
        for each in counts
    )
