"""The complexes, and everything on the page of one of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action, Role
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.bridge import ScopeAccount
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import (
    Hidden,
    Link,
    QuestionLine,
    VacancyLine,
    hidden_complexes,
    vacancy_lines,
)
from mixwijzer.web.letting.selectors.lines import said
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.outlook.selectors import ComplexOutlook, complex_outlook
from mixwijzer.web.pulse.selectors import between_two
from mixwijzer.web.register.models import (
    AccountState,
    Area,
    Channel,
    Complex,
    ComplexFacts,
    Delivery,
    Judgement,
    Notice,
    Placement,
    Tenancy,
    Undertaking,
)

__all__ = [
    "ChannelCount",
    "ComplexListLine",
    "ComplexPage",
    "Flow",
    "JudgementLine",
    "complex_page",
    "complexes",
]

SMALL = 5  # a cell with fewer is said to be "less than 5" [lettings]
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexListLine:
    """A complex in the list: facts about the place, no account."""

    id: uuid.UUID
    key: int
    owner: int
    code: str
    name: str
    area: str
    neighbourhood: str
    magic_mix: bool
    homes: int
    open_vacancies: int
    judged_on: date | None
    mine: bool
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementLine:
    """The last round of one judge [households]."""

    by: str
    role: str
    on: date
    occasion: str
    known: str
    ranges: tuple[QuestionLine, ...]
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """Lettings through one channel in the neighbourhood; None says "less than 5"."""

    channel: str
    name: dict[str, str]
    lettings: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Who came and went in the last 12 months; exact, from the leases.

    `per_year` is the mean number of departures over three years. What homes were let for is
    counted per neighbourhood only, so that no channel points at an address.
    """

    departures: int
    arrivals: int
    announced: int
    per_year: float
    channels: tuple[ChannelCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexPage:
    """Everything on the page of one complex; `scopes` is hidden until the reader's own view."""

    id: uuid.UUID
    code: str
    name: str
    association: str
    neighbourhood: str
    homes: int
    magic_mix: bool
    open_vacancies: tuple[VacancyLine, ...]
    scopes: tuple[ScopeAccount, ...] | Hidden | None
    judgements: tuple[JudgementLine, ...]
    people: tuple[Link, ...]
    flow: Flow
    ahead: ComplexOutlook | None
    data_date: date | None
    synthetic: bool


def complexes(user: Visitor) -> tuple[ComplexListLine, ...]:
    """Return the complexes that this reader may see, by name."""
    rows = ComplexFacts.objects.visible_to(user).filter(replaced_at=None).select_related("complex")
    areas = dict(Area.objects.visible_to(user).filter(replaced_at=None).values_list("code", "name"))
    states = AccountState.objects.visible_to(user).filter(
        scope_kind=bridge.COMPLEX, scheme=bridge.DEFAULT_SCHEME
    )
    stock = {pk: (base, on) for pk, base, on in states.values_list("complex", "base", "judged_on")}
    open_ones = Vacancy.objects.visible_to(user).filter(state__in=OPEN)
    open_in = dict(open_ones.values_list("complex").annotate(number=Count("pk")))
    own = set(
        Undertaking.objects.visible_to(user).filter(user=user.pk).values_list("complex", flat=True)
    )
    asked = hidden_complexes(user)
    lines = [
        ComplexListLine(
            id=row.complex.public_id,
            key=row.complex_id,
            owner=row.owner_id,
            code=row.complex.code,
            name=row.name,
            area=row.neighbourhood or "",
            magic_mix=row.magic_mix,
            neighbourhood=areas.get(row.neighbourhood or "", ""),
            homes=stock.get(row.complex_id, (0, None))[0],
            open_vacancies=open_in.get(row.complex_id, 0),
            judged_on=stock.get(row.complex_id, (0, None))[1],
            mine=row.complex_id in own,
            asked=row.complex_id in asked,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda each: (each.name.lower(), each.code)))


def complex_page(user: Visitor, complex_id: uuid.UUID, *, now: datetime) -> ComplexPage:
    """Return the page of one complex for this reader, in a fixed number of queries.

    Raises
    ------
    Missing
        No such complex, or another organisation's.
    """
    return _Paging(somebody(user), Complex.objects.one(user, complex_id), localdate(now)).page()


class _Paging:
    """The making of one page."""

    def __init__(self, user: User, row: Complex, day: date) -> None:
        self.user, self.row, self.day = user, row, day
        self.works = may(user, Action.SEE_ADVICE, row)
        self.hidden = hidden_complexes(user).get(row.pk)

    def page(self) -> ComplexPage:
        """Put the page together."""
        row, facts = self.row, self._facts
        open_ones = Vacancy.objects.visible_to(self.user).filter(complex=row.pk, state__in=OPEN)
        return ComplexPage(
            id=row.public_id,
            code=row.code,
            name=facts.name,
            association=row.owner.name,
            neighbourhood=facts.area or "",
            homes=facts.base or 0,
            magic_mix=facts.magic_mix,
            open_vacancies=vacancy_lines(self.user, open_ones),
            scopes=self._scopes(),
            judgements=self._judgements(),
            people=self._people(),
            flow=self._flow(),
            ahead=complex_outlook(row, self.hidden, self.day) if self.works else None,
            data_date=facts.data_date,
            synthetic=bool(facts.synthetic),
        )

    @cached_property
    def _facts(self) -> Any:  # noqa: ANN401 (a row with annotations)
        """Read what the register says of the complex itself, in one query."""
        state = self._of(AccountState).filter(complex=self.row.pk, scope_code=self.row.code)
        area = self._of(Area).filter(code=OuterRef("neighbourhood"), replaced_at=None)
        delivery = self._of(Delivery).order_by("-at", "-pk")
        told = {
            "base": state.order_by("pk").values("base"),
            "area": area.values("name"),
            "data_date": delivery.values("data_date"),
            "synthetic": delivery.values("synthetic"),
        }
        rows = self._of(ComplexFacts).annotate(
            **{name: Subquery(each[:1]) for name, each in told.items()},
            **{name: _number_of(each, "complex") for name, each in self._moves().items()},
        )
        return rows.get(complex=self.row.pk, replaced_at=None)

    def _moves(self) -> Mapping[str, QuerySet[Any]]:
        """Return the leases and notices by which is told who came and went, and who will go."""
        day, year = self.day, self.day - YEAR
        leases = self._of(Tenancy).filter(complex=self.row.pk, replaced_at=None)
        notices = self._of(Notice).filter(complex=self.row.pk, replaced_at=None)
        return {
            "departures": leases.filter(end__gt=year, end__lte=day),
            "arrivals": leases.filter(start__gt=year, start__lte=day),
            "three_years": leases.filter(end__gt=day - 3 * YEAR, end__lte=day),
            "announced": notices.filter(closed_on=None, free_from__gt=day),
        }

    def _of(self, model: type[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.for_organisation(self.row.owner_id)
        return rows

    def _scopes(self) -> tuple[ScopeAccount, ...] | Hidden | None:
        if not self.works:
            return None
        if self.hidden:
            return self.hidden
        facts = self._facts
        place = bridge.Place(
            pk=self.row.pk,
            code=self.row.code,
            neighbourhood=facts.neighbourhood,
            district=facts.district,
            municipality=facts.municipality,
        )
        return bridge.accounts_around(self.row.owner, place, self.day)

    def _judgements(self) -> tuple[JudgementLine, ...]:
        """Return each judge's last round; only one's own before one's own view."""
        if not self.works:
            return ()
        told = self._of(Judgement).filter(
            complex=self.row.pk, scheme=bridge.DEFAULT_SCHEME, replaced_at=None
        )
        told = told.annotate(private=between_two(self.user, self.row))
        rounds: dict[tuple[str, str], list[Any]] = {}
        for each in told.select_related("judge").order_by("on", "pk"):
            before = rounds.get((each.scope_code, each.by), [])
            same = before and before[0].on == each.on
            rounds[each.scope_code, each.by] = [*before, each] if same else [each]
        roles = {each.user_id: each.role for each in self._undertakings}
        lines = [
            _judgement(rows, self.user, roles) for rows in rounds.values() if not rows[0].private
        ]
        shown = [each for each in lines if each.mine or not self.hidden]
        return tuple(sorted(shown, key=lambda each: each.on, reverse=True))

    @cached_property
    def _undertakings(self) -> list[Undertaking]:
        rows = self._of(Undertaking).filter(complex=self.row.pk)
        return list(rows.select_related("user").order_by("role"))

    def _people(self) -> tuple[Link, ...]:
        return tuple(
            Link(id=each.user.public_id, name=each.user.name) for each in self._undertakings
        )

    def _flow(self) -> Flow:
        facts = self._facts
        return Flow(
            departures=facts.departures,
            arrivals=facts.arrivals,
            announced=facts.announced,
            per_year=facts.three_years / 3,
            channels=self._channels(facts.neighbourhood) if self.works else (),
        )

    def _channels(self, neighbourhood: str | None) -> tuple[ChannelCount, ...]:
        """Count lettings per channel in the whole neighbourhood; few stay unsaid."""
        if not neighbourhood:
            return ()
        around = self._of(ComplexFacts).filter(neighbourhood=neighbourhood, replaced_at=None)
        since = (self.day - YEAR).replace(day=1)
        placed = self._of(Placement).filter(
            complex__in=around.values("complex"), month__gt=since, replaced_at=None
        )
        let = _number_of(placed.filter(channel=OuterRef("code")), "channel")
        named = self._of(Channel).filter(replaced_at=None).annotate(let=let).order_by("place")
        return tuple(
            ChannelCount(
                channel=each.code,
                name=each.name,
                lettings=each.let if each.let >= SMALL else None,
            )
            for each in named
            if each.let
        )


def _number_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """Return how many rows there are, as part of another query; all have one value in a column."""
    counted = rows.order_by().values(column).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _judgement(rows: list[Judgement], user: User, roles: dict[int, str]) -> JudgementLine:
    last = rows[-1]
    role = roles.get(last.judge_id or 0)
    return JudgementLine(
        by=last.judge.name if last.judge else "",
        role=str(Role(role).label) if role else "",
        on=last.on,
        occasion=last.occasion,
        known=last.known,
        ranges=said(rows),
        mine=last.judge_id == user.pk,
    )
