"""Vacancies in lists, and what the reader must say before seeing more.

Who still has to say how it is in a complex sees no account or advice of it: in their place stands
`Hidden`. `hidden_complexes` is asked by every selector that would show one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import Question, Vacancy
from mixwijzer.web.letting.transitions import MATCHED, OPEN, State
from mixwijzer.web.pulse.selectors import blind_places
from mixwijzer.web.register.models import ComplexFacts, Dwelling, Judgement, Notice, last_of

__all__ = [
    "Hidden",
    "Link",
    "PastAnswer",
    "QuestionLine",
    "VacancyLine",
    "current_by_key",
    "hidden_complexes",
    "homes_at",
    "last_answer",
    "prefilled",
    "said",
    "vacancies",
    "vacancy_lines",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Stands for an account or advice: this reader says first how it is there.

    `vacancies` and `tasks` are where he can say it: the question at a notice, the task of a round.
    Without either he said it in a round, and waits for who is asked the same.
    """

    complex: uuid.UUID
    vacancies: tuple[uuid.UUID, ...] = ()
    tasks: tuple[uuid.UUID, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether this reader's own view is still to come."""
        return bool(self.vacancies or self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A thing with a page of its own."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyLine:
    """A vacancy in a list. `mine`: I am responsible; `asked`: my own view is awaited."""

    id: uuid.UUID
    code: str
    address: str
    complex: Link
    rooms: int | None
    rent: Decimal | None
    floor: int | None
    notice: date
    free_from: date
    decide_by: date | None
    state: str
    responsible: str
    mine: bool
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """Lowest, best and highest of one category [households]."""

    category: str
    low: int
    best: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswer:
    """What this judge said last of this place."""

    on: date
    known: str
    categories: tuple[QuestionLine, ...]


def homes_at(user: Visitor, address: str) -> tuple[Dwelling, ...]:
    """Return the home with this address; else a few whose address begins or ends like it."""
    rows = Dwelling.objects.visible_to(user).filter(replaced_at=None).exclude(address="")
    exact = tuple(rows.filter(address__iexact=address)[:2])
    near = rows.filter(Q(address__istartswith=address) | Q(address__iendswith=address))
    return exact or tuple(near.order_by("address", "pk")[:5])


def hidden_complexes(user: Visitor) -> Mapping[int, Hidden]:
    """Return the complexes whose account this reader doesn't see yet: the one place that says so.

    A question at a notice hides until it is answered. A task in a round of judgements hides until
    both who are asked have given their view, or the round is closed.
    """
    rows = (
        Question.objects.visible_to(user)
        .filter(asked=user.pk, answered_at=None, released_at=None)
        .order_by("asked_at", "pk")
        .values_list("complex_id", "complex__public_id", "vacancy__public_id")
    )
    found: dict[int, Hidden] = {}
    for complex_id, place, vacancy in rows:
        before = found.get(complex_id, Hidden(complex=place))
        found[complex_id] = replace(before, vacancies=(*before.vacancies, vacancy))
    for each in blind_places(user):
        before = found.get(each.complex_id, Hidden(complex=each.complex))
        tasks = before.tasks if each.given else (*before.tasks, each.task)
        found[each.complex_id] = replace(before, tasks=tasks)
    return found


def vacancies(user: Visitor) -> tuple[VacancyLine, ...]:
    """Return the vacancies at work and those decided, the most urgent first."""
    rows = Vacancy.objects.visible_to(user).filter(state__in=[*OPEN, State.DECIDED, *MATCHED])
    lines = vacancy_lines(user, rows)
    return tuple(sorted(lines, key=lambda each: (each.decide_by or date.max, each.free_from)))


def vacancy_lines(user: Visitor, rows: QuerySet[Vacancy]) -> tuple[VacancyLine, ...]:
    """Return lines for these vacancies, in three queries; of a notice taken back what was known."""
    asked = Question.objects.visible_to(user).filter(
        vacancy=OuterRef("pk"), asked=user.pk, answered_at=None, released_at=None
    )
    facts = ComplexFacts.objects.visible_to(user).filter(
        complex=OuterRef("complex"), replaced_at=None
    )
    listed = list(
        rows.select_related("complex", "responsible")
        .annotate(asked=Exists(asked), called=Subquery(facts.values("name")[:1]))
        .order_by("pk")
    )
    notices = last_of(Notice.objects.visible_to(user), "code", [row.code for row in listed])
    homes = last_of(Dwelling.objects.visible_to(user), "code", [row.dwelling for row in listed])
    return tuple(
        _line(
            row,
            notices[row.owner_id, row.code],
            homes[row.owner_id, row.dwelling],
            mine=row.responsible_id == user.pk,
        )
        for row in listed
    )


def current_by_key(
    model: type[Any], user: Visitor, column: str, keys: list[Any]
) -> dict[tuple[int, Any], Any]:
    """Return current visible rows by owner and key."""
    rows = model.objects.visible_to(user).filter(replaced_at=None, **{f"{column}__in": set(keys)})
    return {(row.owner_id, getattr(row, column)): row for row in rows}


def _line(
    row: Any,  # noqa: ANN401 (a vacancy with its annotations)
    notice: Notice,
    home: Dwelling,
    *,
    mine: bool,
) -> VacancyLine:
    return VacancyLine(
        id=row.public_id,
        code=row.code,
        address=home.address or home.code,
        complex=Link(id=row.complex.public_id, name=row.called or row.complex.code),
        rooms=home.rooms,
        rent=home.rent,
        floor=home.floor,
        notice=notice.notice,
        free_from=notice.free_from,
        decide_by=notice.publication,
        state=row.state,
        responsible=row.responsible.name if row.responsible else "",
        mine=mine,
        asked=row.asked,
    )


def last_answer(user: User, vacancy: Vacancy) -> PastAnswer | None:
    """Return what this judge said last of the place that the question is about."""
    scope = bridge.asked_scope(vacancy)
    rows = list(
        Judgement.objects.for_organisation(vacancy.owner_id)
        .filter(
            complex=vacancy.complex_id,
            scope_kind=int(scope.kind),
            scope_code=scope.code,
            scheme=bridge.DEFAULT_SCHEME,
            by=str(user.public_id),
            replaced_at=None,
        )
        .order_by("-on", "-pk")[:20]
    )
    if not rows:
        return None
    return PastAnswer(
        on=rows[0].on,
        known=rows[0].known,
        categories=said([row for row in rows if row.on == rows[0].on]),
    )


def said(rows: list[Judgement]) -> tuple[QuestionLine, ...]:
    """Return the last word per category, in the scheme's order."""
    last = {
        row.category: QuestionLine(category=row.category, low=row.low, best=row.best, high=row.high)
        for row in sorted(rows, key=lambda each: each.pk)
    }
    order = bridge.asked_categories(rows[0].on) if rows else ()
    known = [last.pop(name) for name in order if name in last]
    return (*known, *last.values())


def prefilled(user: User, vacancy: Vacancy, day: date) -> tuple[int, PastAnswer | None]:
    """Return how many households stay, and the judge's last answer with no more than that.

    An answer that now says more than that together is asked anew.
    """
    households = bridge.staying(vacancy, day)
    before = last_answer(user, vacancy)
    if before is None:
        return households, None
    clipped = tuple(_clipped(each, households) for each in before.categories)
    if sum(each.best for each in clipped) > households:
        return households, None
    return households, replace(before, categories=clipped)


def _clipped(line: QuestionLine, most: int) -> QuestionLine:
    return replace(
        line, low=min(line.low, most), best=min(line.best, most), high=min(line.high, most)
    )
