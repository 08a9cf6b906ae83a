"""Which places can be asked about, how many households live there, and who knows them?

Also the other way: from what somebody said to the judgements that the account is made from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.portfolio import Judgement, Known, Occasion, Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Membership, Organisation
from mixwijzer.web.accounts.roles import MATRIX, Action, Role
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register import models

__all__ = [
    "DEFAULT_SCHEME",
    "Known",
    "Said",
    "Spot",
    "categories",
    "far_apart",
    "judgements",
    "knowers",
    "present",
    "spots",
]

DEFAULT_SCHEME = "role"
RECENTLY, REMEMBERED = timedelta(days=550), timedelta(days=5 * 365)
JUDGES = frozenset(role for role in Role if Action.JUDGE in MATRIX[role])


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said of one category [households]; plus and minus may be left out."""

    low: int
    best: int
    high: int
    plus: int | None = None
    minus: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A complex or a group of its stairwells; `judged_on` is the day of its latest round."""

    complex_id: int
    kind: int
    code: str
    homes: int
    judged_on: date | None = None

    @property
    def group(self) -> str:
        """The name of the stairwell group; empty for a whole complex."""
        whole = self.kind == int(ScopeKind.COMPLEX)
        return "" if whole else self.code.rpartition("/")[2]


def categories(day: date) -> tuple[str, ...]:
    """Return the categories that a judge is asked about: all but the ordinary one."""
    scheme = register.assumptions(day).schemes[DEFAULT_SCHEME]
    return tuple(name for name in scheme.categories if name != scheme.ordinary)


def spots(owner: Organisation | int, day: date, *, by_group: bool) -> tuple[Spot, ...]:
    """Return every place of an organisation that can be asked about.

    A complex that is judged per group of stairwells stays so. With `by_group` also a complex of
    which every stairwell has enough homes to be judged apart.
    """
    states = models.AccountState.objects.for_organisation(owner).filter(scheme=DEFAULT_SCHEME)
    columns = ("complex_id", "scope_kind", "scope_code", "base", "judged_on")
    known: dict[int, list[Spot]] = defaultdict(list)
    for pk, kind, code, base, on in states.order_by("complex_id", "scope_code").values_list(
        *columns
    ):
        known[pk].append(Spot(complex_id=pk, kind=kind, code=code, homes=base, judged_on=on))
    split = _stairwells(owner, day) if by_group else {}
    return tuple(
        spot for pk, rows in known.items() for spot in _asked(rows, split.get(pk, {})) if spot.homes
    )


def _asked(rows: list[Spot], stairwells: Mapping[str, int]) -> Iterator[Spot]:
    groups = [row for row in rows if row.kind == int(ScopeKind.STAIRWELL)]
    if groups or not stairwells:
        yield from groups or rows
        return
    whole = rows[0]
    for name, homes in sorted(stairwells.items()):
        yield Spot(
            complex_id=whole.complex_id,
            kind=int(ScopeKind.STAIRWELL),
            code=f"{whole.code}/{name}",
            homes=homes,
        )


def _stairwells(owner: Organisation | int, day: date) -> Mapping[int, Mapping[str, int]]:
    """Return homes per stairwell of complexes where each stairwell is large enough."""
    least = register.assumptions(day).smallest_group
    rows = models.Dwelling.objects.for_organisation(owner).filter(register.NOW, in_base=True)
    counted: dict[int, Counter[str | None]] = defaultdict(Counter)
    for pk, stairwell in rows.values_list("complex_id", "stairwell").iterator():
        counted[pk][stairwell] += 1
    return {
        pk: {str(name): homes for name, homes in found.items()}
        for pk, found in counted.items()
        if len(found) > 1 and None not in found and min(found.values()) >= least
    }


def present(owner: Organisation, complex_id: int, kind: int, code: str, day: date) -> int:
    """Count the households that live in a place on a day, as its account does [households]."""
    given: dict[str, Any] = {
        table.name: table.read(register.current(table, owner, complex=complex_id))
        for table in register.TABLES
        if table.name not in {"areas", "channels", "placements"}
    }
    accounts = Accounts(Portfolio(**given), register.assumptions(day), day, scheme=DEFAULT_SCHEME)
    return accounts.state(Scope(ScopeKind(kind), code)).account.households


def knowers(
    owner: Organisation | int, complexes: Collection[int], day: date
) -> Mapping[int, Mapping[int, int]]:
    """Return per complex who knows it (primary keys), with how far off that is.

    0: it is his complex; 1: judged it in the last year and a half; 2: longer ago, within 5 years.
    Only people who work here and may judge.
    """
    rows = Membership.objects.filter(organisation=owner, role__in=JUDGES, user__is_active=True)
    staff = set(rows.values_list("user_id", flat=True))
    found: dict[int, dict[int, int]] = {pk: {} for pk in complexes}
    told = (
        models.Judgement.objects.for_organisation(owner)
        .filter(register.NOW, complex__in=complexes, judge__in=staff, on__gt=day - REMEMBERED)
        .order_by("on", "pk")
    )
    for pk, judge, on in told.values_list("complex_id", "judge_id", "on"):
        found[pk or 0][judge] = 1 if on > day - RECENTLY else 2
    theirs = models.Undertaking.objects.for_organisation(owner).filter(
        complex__in=complexes, user__in=staff
    )
    for pk, person in theirs.order_by("pk").values_list("complex_id", "user_id"):
        found[pk][person] = 0
    return found


def far_apart(
    one: Mapping[str, Said], other: Mapping[str, Said], households: int, day: date
) -> bool:
    """Whether two views of a place need a word: ranges that don't touch, or likely far apart."""
    most = register.norms().number("pulse.talk_from", day) * households
    return any(
        mine.low > theirs.high or theirs.low > mine.high or abs(mine.best - theirs.best) > most
        for mine, theirs in ((one[name], other[name]) for name in one.keys() & other.keys())
    )


def judgements(
    kind: int, code: str, on: date, known: str, said: Mapping[str, Said], most: int
) -> tuple[Judgement, ...]:
    """Return what was said as judgements, with no more than live there on that day."""
    return tuple(
        Judgement(
            scope=Scope(ScopeKind(kind), code),
            scheme=DEFAULT_SCHEME,
            on=on,
            by="",
            known=Known(known),
            category=category,
            low=min(each.low, most),
            best=min(each.best, most),
            high=min(each.high, most),
            plus=each.plus,
            minus=each.minus,
            occasion=Occasion.YEARLY,
        )
        for category, each in said.items()
    )
