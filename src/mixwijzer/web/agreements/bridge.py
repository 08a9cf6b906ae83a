"""From rows of obligations to the engine's, and what is counted of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.db.models import Q

from mixwijzer.engine import obligations
from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.obligations import CarryRule, Expectation, ObligationCount
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements import models
from mixwijzer.web.agreements.content import Clause, Term, terms
from mixwijzer.web.agreements.transitions import State
from mixwijzer.web.agreements.words import ClauseKind
from mixwijzer.web.register.bridge import (
    LETTINGS,
    NOTICES,
    TENANCIES,
    NormEnds,
    Table,
    current,
    norm_if_any,
    norms_ending,
    plain,
)

__all__ = [
    "GONE",
    "OBLIGATIONS",
    "Expectation",
    "NormEnds",
    "ObligationCount",
    "Promise",
    "Proposal",
    "answering",
    "carried_to",
    "clauses_by",
    "clauses_of",
    "counted",
    "due",
    "ending",
    "expected",
    "goes_along",
    "lately_over",
    "promised",
    "proposals",
    "signed",
]

CYCLE = "agreements.cycle"  # [month-day]
ASKED = timedelta(days=365)  # after a period is over
GONE = frozenset({State.WITHDRAWN, State.REPLACED})
FREE_ROOM = ("letting.free_allocation_room", "letting.use_free_room")
LEANS_ON: Mapping[str, tuple[str, ...]] = {
    ClauseKind.OBLIGATION: (
        *("account.", "advice.", "dynamics.", "income."),
        *("letting.", "mix.", "rent.", "turnover."),
    ),
    ClauseKind.BUDGET: FREE_ROOM,
    ClauseKind.GROUND: (*FREE_ROOM, "mix.channels"),
    ClauseKind.EXPERIMENT: ("mix.channels",),
}
"""By which norms the homes are let that a clause is about; keys, or what they begin with."""
Promise = engine.Obligation  # a row of the ledger, as the engine counts it
OBLIGATIONS = Table(
    name="obligations",
    model=models.Obligation,
    value=engine.Obligation,
    key=("code",),
    parts={"id": plain("code"), "owner": plain("promised_by")},
)


def due(what: str, start: date) -> date | None:
    """Return the last day to bring out a bid or to sign, of a period that starts on a day.

    None for anything else, and where no norm says it any more.
    """
    told = norm_if_any(CYCLE, date(start.year - 1, 1, 1)) or {}
    if what not in told:
        return None
    month, day = map(int, told[what].split("-"))
    return date(start.year - 1, month, day) - timedelta(days=1)


def ending(kinds: Iterable[str], start: date, end: date) -> tuple[NormEnds, ...]:
    """Return norms that clauses of these kinds lean on and that end within a period."""
    return norms_ending({key for kind in kinds for key in LEANS_ON.get(kind, ())}, start, end)


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


def answering(owner: Organisation, day: date) -> tuple[tuple[models.Agreement, Clause], ...]:
    """Return the clauses in force by which a municipality answers in the week round; two queries.

    A change of an agreement replaces what it said before.
    """
    rows = models.Agreement.objects.for_organisation(owner).filter(
        state=State.SIGNED, start__lte=day, end__gt=day, municipality__isnull=False
    )
    agreements = list(rows.select_related("municipality").order_by("pk"))
    clauses = clauses_by(agreements)
    return tuple(
        (row, clause)
        for row in agreements
        for clause in clauses.get(row.pk, ())
        if clause.answers and (clause.ends is None or day < clause.ends)
    )


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
    homes = [each.dwelling for each in notices]
    since = min((each.notice for each in notices), default=first)  # a contract can be of later
    leases = TENANCIES.read(current(TENANCIES, owner, dwelling__in=homes, start__gte=since))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would go along from a period that is over.

    `into` is the agreement that it goes to, None where there is no next period yet. What was
    confirmed `before` is counted in already: `amount` is the difference.
    """

    code: str
    number: int
    group: str
    unit: str
    start: date
    end: date
    owed: int
    done: int
    amount: int
    into: models.Agreement | None
    before: tuple[models.CarryOver, ...] = ()

    @property
    def takes_reason(self) -> bool:
        """Whether less is owed in the next period than was promised for it."""
        return self.amount < 0 and self.amount + sum(each.amount for each in self.before) < 0


def carried_to(row: models.Agreement, start: date) -> models.Agreement | None:
    """Return the agreement of the period that begins on a day: itself, or the slice after it."""
    if row.start <= start < row.end:
        return row
    if row.framework is None:
        return None
    later = models.Agreement.objects.for_organisation(row.owner_id).filter(
        framework__code=row.framework.code, start=start
    )
    return later.exclude(state__in=GONE).select_related("owner", "framework").first()


def proposals(row: models.Agreement, day: date) -> tuple[Proposal, ...]:
    """Return what would go along from each period that is over, by the rule of its clause.

    A half-year after one that still waits for its answer isn't proposed yet, since the answer
    changes what it owed. Once it was confirmed it is counted anew for a year, since lettings still
    come in: what differs is proposed again.
    """
    if row.signed_on is None:
        return ()
    past = {
        term.code: (clause, term)
        for clause in clauses_of(row)
        for term in terms(clause, row.code, row.start, row.end)
        if term.end <= day
    }
    kept = _kept(row.owner, past)
    promises = tuple(each for each in promised(row) if each.id in past)
    found: list[Proposal] = []
    waiting: set[int] = set()
    for count in counted(row.owner, promises, day):
        clause, term = past[count.obligation.id]
        before = kept.get(term.code, ())
        if clause.number in waiting or (before and term.end <= day - ASKED):
            continue
        each = _proposal(row, clause, term, count, before)
        if each.amount and (each.owed, each.done) not in [(e.owed, e.done) for e in before[-1:]]:
            waiting.add(clause.number)
            found.append(each)
    return tuple(found)


def _kept(
    owner: Organisation, codes: Collection[str]
) -> Mapping[str, tuple[models.CarryOver, ...]]:
    """Return what was confirmed to go along from periods, the first first, by their code."""
    rows = models.CarryOver.objects.for_organisation(owner).filter(code__in=codes)
    found: dict[str, tuple[models.CarryOver, ...]] = {}
    for each in rows.select_related("by").order_by("pk"):
        found[each.code] = (*found.get(each.code, ()), each)
    return found


def lately_over(rows: Sequence[models.Agreement], day: date) -> Mapping[int, tuple[Term, ...]]:
    """Return, by agreement, the periods that are over from which something may go along.

    Of agreements of one association, in one query; whether anything does is a matter of counting,
    which `proposals` does. After a year nobody is asked any more.
    """
    signed = [each for each in rows if each.signed_on]
    clauses = clauses_by(signed)
    over = {
        row.pk: tuple(
            term
            for clause in clauses.get(row.pk, ())
            if clause.carry != CarryRule.NOTHING
            for term in terms(clause, row.code, row.start, row.end)
            if day - ASKED < term.end <= day
        )
        for row in signed
    }
    return {key: some for key, some in over.items() if some}


def _proposal(
    row: models.Agreement,
    clause: Clause,
    term: Term,
    count: ObligationCount,
    before: tuple[models.CarryOver, ...],
) -> Proposal:
    into = carried_to(row, term.end)
    same = [
        each
        for each in (promised(into) if into else ())
        if (each.group, each.unit, each.start) == (clause.group, clause.unit, term.end)
    ]
    amount = goes_along(count, clause.carry) - sum(each.amount for each in before)
    if same:  # no more can be taken off than is owed then
        amount = max(amount, -same[0].target - same[0].carried)
    return Proposal(
        code=term.code,
        number=clause.number,
        group=clause.group,
        unit=clause.unit,
        start=term.start,
        end=term.end,
        owed=count.obligation.target + count.obligation.carried,
        done=count.realised + count.under_way,
        amount=amount,
        into=into if same else None,
        before=before,
    )
