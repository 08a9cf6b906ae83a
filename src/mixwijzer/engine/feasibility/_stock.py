"""From accounts and obligations to the question: what is owed, what comes free, what limits it?

Homes come free as the year before leaves likely, in all; they are divided over the complexes by
what came free there and by their size. A home suits a group where it has as many rooms as homes
that the group had before; a group of which nothing is known suits all.

Who leaves a complex was on average like those who live there, and the ordinary offer brings what
left. So a home for a group adds one household to its category and takes away the average: of the
room r that a complex of n homes with c households of a category has, r n / (n - c) homes can go
to that category, and only r' n / c to others where it has r' households more than its floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.feasibility._question import (
    Ceiling,
    CeilingKind,
    ComingHomes,
    Promise,
    Question,
)
from mixwijzer.engine.feasibility._share import shared
from mixwijzer.engine.obligations import YEAR, ObligationCount, coming_free, pace
from mixwijzer.engine.portfolio import Complex, Dwelling, Letting, Portfolio, Scope, ScopeKind

_Sort: TypeAlias = "tuple[str, tuple[str, ...]]"  # a complex, and the groups that its homes suit


class Reading(StrEnum):
    """How what isn't known is read.

    Careful: few homes come free (the low end of what is likely), and complexes have as little room
    as is likely. Hopeful: the other ends. What holds carefully holds surely; what clashes
    hopefully can't be done.
    """

    CAREFUL = "careful"
    HOPEFUL = "hopeful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which rule of a profile an agreement of the question is.

    Parameters
    ----------
    row
        Id of the profile's row or of the cap.
    set_by_kind, set_by
        Who set it.
    for_kind
        At which level it counts.
    category
        Which it limits.
    floor
        Whether it is a least; then it limits the others.
    figure
        The share [basis points], or for a cap the number [households].
    cap
        Whether it is a cap.
    hard
        Whether it holds whatever it costs.
    """

    row: str
    set_by_kind: str
    set_by: str
    for_kind: ScopeKind
    category: str
    floor: bool
    figure: int
    cap: bool
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The question of one association, and what it rests on.

    Parameters
    ----------
    question
        What has to hold together.
    reading
        How what isn't known was read.
    homes
        Homes that come free in all, those that are free today among them [homes].
    free_today
        Of those, free today and not yet promised [homes].
    rules
        What the agreements behind ceilings are, by their id.
    assumed
        Groups of which no letting tells what they need or what a household brings.
    """

    question: Question
    reading: Reading
    homes: int
    free_today: int
    rules: Mapping[str, Rule]
    assumed: tuple[str, ...]


def question_of(
    accounts: Accounts,
    counts: Sequence[ObligationCount],
    reading: Reading = Reading.CAREFUL,
    *,
    budgets: Iterable[Ceiling] = (),
) -> Stock | None:
    """Put together what one association owes and has; None while too little history tells.

    Parameters
    ----------
    accounts
        Of the association's stock, on the day.
    counts
        Its obligations as counted on that day; those that have ended or not begun are left out.
    reading
        How what isn't known is read.
    budgets
        Further ceilings from the agreements.
    """
    day = accounts.day
    owing = [each for each in counts if each.obligation.start <= day < each.obligation.end]
    build = _Build(accounts, owing, reading)
    homes = build.homes()
    if homes is None:
        return None
    found = list(build.ceilings())
    return Stock(
        question=Question(
            promises=tuple(build.promise(each) for each in owing),
            homes=tuple(homes),
            ceilings=(*(ceiling for ceiling, _ in found), *budgets),
        ),
        reading=reading,
        homes=sum(each.homes for each in homes),
        free_today=build.free_today,
        rules={ceiling.agreement: rule for ceiling, rule in found},
        assumed=tuple(sorted(name for name, each in build.groups.items() if each.assumed)),
    )


def suiting(accounts: Accounts, owner: str, counted: ObligationCount) -> tuple[int, int] | None:
    """Count an association's homes that suit a group until the end of a promise, low and high.

    Whoever made the promise: the association is asked about its own stock. None while too little
    history tells how many homes come free.
    """
    asked = replace(counted, obligation=replace(counted.obligation, owner=owner))
    ends = [_Build(accounts, [asked], reading).homes() for reading in Reading]
    low, high = (
        None if homes is None else sum(each.homes for each in homes if each.fits) for homes in ends
    )
    return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What lettings tell of a group: its category, persons in a household, rooms that suit."""

    category: str
    persons: Fraction | None
    rooms: tuple[int, int] | None

    @property
    def assumed(self) -> bool:
        return not self.category or self.persons is None

    def suits(self, rooms: int | None) -> bool:
        return rooms is None or self.rooms is None or self.rooms[0] <= rooms <= self.rooms[1]

    @classmethod
    def of(cls, portfolio: Portfolio, lettings: Sequence[Letting]) -> _Group:
        """Return what is usual; of equally usual categories the first in the alphabet."""
        kinds = Counter(each.category for each in lettings if each.category)
        usual = sorted(kinds, key=lambda name: (-kinds[name], name))
        persons = [max(each.persons, 1) for each in lettings if each.persons is not None]
        vacancies = [portfolio.vacancy.get(each.vacancy) for each in lettings]
        homes = [portfolio.dwelling.get(each.dwelling) for each in vacancies if each]
        rooms = [each.rooms for each in homes if each and each.rooms is not None]
        return cls(
            category=usual[0] if usual else "",
            persons=Fraction(sum(persons), len(persons)) if persons else None,
            rooms=(min(rooms), max(rooms)) if rooms else None,
        )


class _Build:
    """The building of one question."""

    def __init__(
        self, accounts: Accounts, owing: Sequence[ObligationCount], reading: Reading
    ) -> None:
        self.accounts, self.owing = accounts, owing
        self.portfolio, self.day = accounts.portfolio, accounts.day
        self.careful = reading is Reading.CAREFUL
        self.groups = {
            name: _Group.of(
                self.portfolio, [each for each in self.portfolio.lettings if each.group == name]
            )
            for name in dict.fromkeys(each.obligation.group for each in owing)
        }
        self.open = [
            self.portfolio.dwelling[each.dwelling]
            for each in self.portfolio.vacancies
            if self.portfolio.is_open(each, self.day) and each.dwelling in self.portfolio.dwelling
        ]
        self.free_today = len(self.open)

    def promise(self, counted: ObligationCount) -> Promise:
        group = self.groups[counted.obligation.group]
        by_person = counted.obligation.unit == "persons"
        return Promise(
            id=counted.obligation.id,
            group=counted.obligation.group,
            category=group.category,
            owed=counted.remaining,
            persons=(group.persons or Fraction(1)) if by_person else Fraction(1),
            unit=counted.obligation.unit,
            until=counted.obligation.end,
        )

    def homes(self) -> list[ComingHomes] | None:
        """Return homes that are free, and those to come between the ends of the periods."""
        free = Counter(map(self._sort, self.open))
        rows = [self._row(sort, number, None) for sort, number in sorted(free.items())]
        before = 0
        for end in sorted({each.obligation.end for each in self.owing}):
            to_come = self._to_come(end)
            if to_come is None:
                return None
            more = max(to_come - before, 0)
            divided = shared(more, self._weights) if self._weights else {}
            rows += [self._row(sort, number, end) for sort, number in divided.items() if number]
            before += more
        return rows

    def _to_come(self, end: date) -> int | None:
        seen = pace(self._own, self.owing[0].obligation, self.day)
        ends = coming_free(seen, (end - self.day).days)
        return None if ends is None else ends[0 if self.careful else 1]

    @cached_property
    def _own(self) -> Portfolio:
        """The same without lettings of others: what they let doesn't tell how far back it goes."""
        known = self.portfolio.vacancy
        mine = tuple(each for each in self.portfolio.lettings if each.vacancy in known)
        return replace(self.portfolio, lettings=mine)

    def _sort(self, home: Dwelling) -> _Sort:
        suited = (name for name, group in self.groups.items() if group.suits(home.rooms))
        return home.complex, tuple(sorted(suited))

    @cached_property
    def _weights(self) -> Mapping[_Sort, Fraction]:
        """Sorts of homes: what came free in its complex, and as much again by size, by its part."""
        since = self.day - timedelta(days=YEAR)
        came = Counter(
            self.portfolio.dwelling[each.dwelling].complex
            for each in self.portfolio.vacancies
            if since < each.notice <= self.day and each.dwelling in self.portfolio.dwelling
        )
        sizes = {each.id: self.portfolio.base(_complex(each)) for each in self.portfolio.complexes}
        per_home = Fraction(max(sum(came.values()), 1), max(sum(sizes.values()), 1))
        weights: dict[_Sort, Fraction] = {}
        for id_, size in sizes.items():
            parts = self._parts(id_)
            weight = came[id_] + size * per_home
            for sort, number in parts.items():
                weights[sort] = Fraction(weight * number, sum(parts.values()))
        return {sort: weight for sort, weight in weights.items() if weight}

    def _parts(self, complex_id: str) -> Mapping[_Sort, int]:
        """Count the sorts of homes in a complex; one that suits all where none is listed."""
        homes = [each for each in self.portfolio.dwellings_of.get(complex_id, ()) if each.in_base]
        every = tuple(sorted(self.groups))
        return Counter(map(self._sort, homes)) or {(complex_id, every): 1}

    def _row(self, sort: _Sort, number: int, by: date | None) -> ComingHomes:
        complex_id, suited = sort
        above = (scope.code for scope in self.portfolio.scopes_above(complex_id))
        when = by.isoformat() if by else "today"
        return ComingHomes(
            id=f"{complex_id} {when} {'+'.join(suited)}",
            places=frozenset({complex_id, *above}),
            homes=number,
            fits=frozenset(suited),
            by=by,
        )

    def ceilings(self) -> Iterator[tuple[Ceiling, Rule]]:
        """Yield what bands and caps still leave, in complexes and the areas around them."""
        for each in self.portfolio.complexes:
            scope = _complex(each)
            yield from self._bands(scope)
            yield from self._caps(scope)
        for area in self.portfolio.areas:
            scope = Scope(area.kind, area.code)
            if self.portfolio.complexes_in.get(area.code):
                yield from self._bands(scope)
                yield from self._caps(scope)

    def _bands(self, scope: Scope) -> Iterator[tuple[Ceiling, Rule]]:
        base, scheme = self.portfolio.base(scope), self.accounts.scheme
        if base < self.accounts.assumptions.smallest_base:
            return
        for category, each in self.portfolio.bands(scope, scheme, self.day).items():
            low, high = each.band.whole(base)
            for name, limit in (("max", high), ("min", low)):
                if limit is None or name not in each.origins:
                    continue
                origin, floor = each.origins[name], name == "min"
                rule = Rule(
                    row=origin.row,
                    set_by_kind=origin.set_by_kind,
                    set_by=origin.set_by,
                    for_kind=scope.kind,
                    category=category,
                    floor=floor,
                    figure=getattr(each.band, name) or 0,
                    cap=False,
                    hard=each.band.hard,
                )
                yield self._ceiling(f"{origin.row}:{name}", CeilingKind.BAND, scope, limit, rule)

    def _caps(self, scope: Scope) -> Iterator[tuple[Ceiling, Rule]]:
        for cap in self.portfolio.caps_at(scope, self.accounts.scheme.name, self.day):
            rule = Rule(
                row=cap.id,
                set_by_kind=cap.set_by_kind,
                set_by=cap.set_by,
                for_kind=scope.kind,
                category=cap.category,
                floor=False,
                figure=cap.at_most,
                cap=True,
                hard=True,
            )
            yield self._ceiling(cap.id, CeilingKind.CAP, scope, cap.at_most, rule)

    def _ceiling(
        self, agreement: str, kind: CeilingKind, scope: Scope, limit: int, rule: Rule
    ) -> tuple[Ceiling, Rule]:
        every = frozenset((*self.accounts.scheme.categories, ""))
        only = every - {rule.category} if rule.floor else frozenset({rule.category})
        return Ceiling(
            agreement=agreement,
            kind=kind,
            place=scope.code,
            categories=only,
            at_most=self._room(scope, rule, limit),
            hard=rule.hard,
        ), rule

    def _room(self, scope: Scope, rule: Rule, limit: int) -> int:
        """Return how many homes may still go to what a rule limits [households]."""
        base = self.portfolio.base(scope)
        low, high = self.accounts.of(scope).spread(rule.category).likely
        if rule.floor:
            there = low if self.careful else high
            return base * max(there - limit, 0) // there if there else 0
        there = high if self.careful else low
        room = max(limit - there, 0)
        return base * room // (base - there) if base > there else room


def _complex(each: Complex) -> Scope:
    return Scope(ScopeKind.COMPLEX, each.id)
