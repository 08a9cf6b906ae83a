"""What is there to see of a week round, for this reader, today?

Who still has to say how it is in one of its complexes sees no proposal, chance or answer at all:
the way of one home depends on what is known of the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.accounts.selectors import own_organisation
from mixwijzer.web.agreements.selectors import ObligationLine, obligations
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting.models import Advice, Decision, Vacancy
from mixwijzer.web.letting.selectors import (
    Hidden,
    VacancyLine,
    hidden_complexes,
    offered,
    vacancy_lines,
)
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.register.bridge import NormEnds, norms_ending
from mixwijzer.web.register.models import ComplexFacts, Notice
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.selectors.answering import AskLine, answers_of
from mixwijzer.web.rounds.transitions import PERMISSION, WeekEvent, WeekState, possible

__all__ = [
    "Anew",
    "Days",
    "ItemLine",
    "WeekPage",
    "around",
    "ending_before_let",
    "one_item",
    "one_round",
    "week_of",
    "week_page",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """What became of a home of which the decision was taken back after the round was published.

    Without `at` nobody decided anew yet.
    """

    since: datetime
    way: Mapping[str, str]
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """When a home came free, and by when it was to be decided."""

    free_from: date
    decide_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One home of a round. `told` is what was proposed; None where this reader may not see it yet.

    `asks` is where the reader says how it is there. `advised` is what the opened advice of this
    home recommends: empty while its own view is awaited. `fell_off` says why it is no longer on the
    sheet, and `before` which days its notice had when it was proposed, if they changed;
    `taken_back` that what the round adopted was taken back since; of a published round what was
    decided stays, with what was decided `anew`.
    """

    id: uuid.UUID
    place: int
    vacancy: VacancyLine
    told: Mapping[str, Any] | None
    asks: Hidden | None
    advert: str
    advised: str
    agreed: bool | None
    way: Mapping[str, str]
    reason: str
    followed: bool
    decided_by: str
    decided_at: datetime | None
    waits_for_reader: bool
    elsewhere: bool
    taken_back: bool
    anew: Anew | None
    fell_off: bridge.FellOff | None
    before: Days | None
    answers: tuple[AskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """The round of one week, or what could go into it.

    `ending` are norms that end before the last of its homes is let.
    `round` is None where there is none yet; `blind` holds whenever the proposal is hidden.
    """

    year: int
    week: int
    day: date
    round: WeekRound | None
    items: tuple[ItemLine, ...]
    blind: bool
    changes: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    margins: bridge.Margins
    promises: tuple[ObligationLine, ...]
    may: frozenset[WeekEvent]
    may_make: bool
    open: tuple[VacancyLine, ...]
    follow: tuple[str, ...]
    deviate: tuple[str, ...]
    longest: int | None
    ending: tuple[NormEnds, ...]


def week_of(text: str, day: date) -> tuple[int, int]:
    """Return the ISO year and week that a text such as 2026-48 names; else that of the day."""
    year, _, week = text.partition("-")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return day.isocalendar()[:2]
    return monday.isocalendar()[:2]


def around(year: int, week: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the weeks before and after."""
    monday = date.fromisocalendar(year, week, 1)
    before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    return before.isocalendar()[:2], after.isocalendar()[:2]


def open_vacancies(user: User, owner: int) -> tuple[VacancyLine, ...]:
    """Return the vacancies of an association that are at work, the most urgent first."""
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, state__in=OPEN)
    lines = vacancy_lines(user, rows)
    return tuple(sorted(lines, key=lambda each: (each.decide_by or each.free_from, each.code)))


def round_of(user: Visitor, year: int, week: int) -> WeekRound | None:
    """Return the round that stands for a week, if there is one."""
    rows = WeekRound.objects.visible_to(user).filter(year=year, week=week)
    return (
        rows.exclude(state=WeekState.DROPPED)
        .select_related("owner", "made_by", "moved_by")
        .order_by("pk")
        .first()
    )


def week_page(user: Visitor, week: tuple[int, int], *, now: datetime) -> WeekPage:
    """Return the round of a week for this reader."""
    person, day = somebody(user), localdate(now)
    owner = own_organisation(person, Action.SEE_ADVICE)
    row = round_of(person, *week)
    secret = hidden_complexes(person)
    items = _items(person, row, secret, day) if row else ()
    blind = any(each.asks for each in items)
    decides = may(person, Action.DECIDE, owner)
    return WeekPage(
        year=week[0],
        week=week[1],
        day=day,
        round=row,
        items=items,
        blind=blind,
        changes=bridge.changed_since(row, day) if row and _watched(row) else (),
        names={each.vacancy.code: each.vacancy.address for each in items} | dict(_names(row)),
        margins=bridge.margins(owner, day),
        promises=obligations(person, day=day),
        may=_possible(person, row, blind=blind) if row else frozenset(),
        may_make=row is None and decides,
        open=open_vacancies(person, owner.pk) if row is None and decides else (),
        follow=offered(owner.pk, "follow"),
        deviate=offered(owner.pk, "deviate"),
        longest=bridge.label_length_known(day),
        ending=_ending(row, [each for each in items if not each.fell_off], day),
    )


def _ending(row: WeekRound | None, items: Sequence[ItemLine], day: date) -> tuple[NormEnds, ...]:
    """Return the norms that end while a round's homes are decided about and let."""
    if row is None or row.state == WeekState.EXECUTED:
        return ()
    return ending_before_let((each.vacancy for each in items), day)


def ending_before_let(homes: Iterable[VacancyLine], day: date) -> tuple[NormEnds, ...]:
    """Return the norms that end before the last of these homes is decided about and let."""
    days = [on for each in homes for on in (each.decide_by, each.free_from) if on]
    return norms_ending(bridge.USED, day, max(days, default=day) + timedelta(days=1))


def _watched(row: WeekRound) -> bool:
    """Whether what changes in the rows still matters to a round."""
    return row.state in {WeekState.COMPUTED, WeekState.RELEASED}


def _possible(user: User, row: WeekRound, *, blind: bool) -> frozenset[WeekEvent]:
    if blind:
        return frozenset()
    return frozenset(
        each for each in WeekEvent if possible(row.state, each) and may(user, PERMISSION[each], row)
    )


def _names(row: WeekRound | None) -> Sequence[tuple[str, str]]:
    """Return the names of the complexes of a round, by code."""
    if row is None:
        return ()
    facts = ComplexFacts.objects.for_organisation(row.owner_id).filter(
        replaced_at=None,
        complex__in=RoundItem.objects.for_organisation(row.owner_id)
        .filter(week_round=row)
        .values("vacancy__complex"),
    )
    return list(facts.values_list("complex__code", "name"))


def _items(
    user: User, row: WeekRound, secret: Mapping[int, Hidden], day: date
) -> tuple[ItemLine, ...]:
    related = ("week_round", "vacancy", "decision__actor")
    found = RoundItem.objects.visible_to(user).filter(week_round=row).select_related(*related)
    rows = bridge.with_decisions(found.order_by("place"))
    keys = [each.vacancy_id for each in rows]
    homes = vacancy_lines(user, Vacancy.objects.visible_to(user).filter(pk__in=keys))
    by_code = {each.code: each for each in homes}
    asks = {
        each.pk: hidden
        for each in rows
        if (hidden := secret.get(each.vacancy.complex_id)) and hidden.asked
    }
    told: Mapping[str, Any] = {} if asks else bridge.proposed(row)
    advised = {} if asks else _advised(user, keys)
    answers = {} if asks else answers_of(row, rows, day)
    became = _became(row, rows, by_code, blind=bool(asks))
    return tuple(
        _line(
            each,
            by_code[each.vacancy.code],
            told.get(each.vacancy.code),
            asks.get(each.pk),
            advised.get(each.vacancy_id, ""),
            answers.get(each.pk, ()),
            became[each.pk],
            blind=bool(asks),
        )
        for each in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Became:
    """What became of a home outside its round."""

    fell_off: bridge.FellOff | None = None
    anew: Anew | None = None
    before: Days | None = None


def _became(
    row: WeekRound, rows: Sequence[RoundItem], homes: Mapping[str, VacancyLine], *, blind: bool
) -> Mapping[int, _Became]:
    fallen, anew = bridge.fallen(rows), {} if blind else _anew(row, rows)
    before = {} if blind else _days_before(row, homes)
    return {
        each.pk: _Became(
            fell_off=fallen.get(each.pk),
            anew=anew.get(each.pk),
            before=before.get(each.vacancy.code),
        )
        for each in rows
    }


def _days_before(row: WeekRound, homes: Mapping[str, VacancyLine]) -> Mapping[str, Days]:
    """Return the days that notices had when the round was computed, where they are others now."""
    if row.computed_at is None:
        return {}
    told = Notice.objects.for_organisation(row.owner_id).filter(
        code__in=list(homes), recorded_at__lte=row.computed_at
    )
    then = {
        each.code: Days(free_from=each.free_from, decide_by=each.publication)
        for each in told.order_by("recorded_at", "pk")
    }
    now = {
        code: Days(free_from=each.free_from, decide_by=each.decide_by)
        for code, each in homes.items()
    }
    return {code: days for code, days in then.items() if days != now[code]}


def _anew(row: WeekRound, rows: Sequence[RoundItem]) -> Mapping[int, Anew]:
    """Return what became of homes of a published round of which the decision was taken back."""
    lost = {e.pk: e.decision.withdrawn_at for e in rows if e.decision and e.decision.withdrawn_at}
    gone = [each for each in rows if each.pk in lost]
    if row.state != WeekState.EXECUTED or not gone:
        return {}
    standing = Decision.objects.for_organisation(row.owner_id).filter(
        vacancy__in=[each.vacancy_id for each in gone], withdrawn_at=None
    )
    now = {each.vacancy_id: each for each in standing.select_related("actor")}
    return {
        each.pk: Anew(
            since=lost[each.pk],
            way=then.channel_name if (then := now.get(each.vacancy_id)) else {},
            by=then.actor.name if then else "",
            at=then.at if then else None,
        )
        for each in gone
    }


def _advised(user: User, vacancies: Sequence[int]) -> Mapping[int, str]:
    """Return what the advice that was opened last recommends, by vacancy."""
    rows = Advice.objects.visible_to(user).filter(vacancy__in=vacancies).order_by("pk")
    last = dict(rows.values_list("vacancy_id", "result"))
    return {key: letting.load_advice(text).recommended or "" for key, text in last.items()}


def _line(
    row: RoundItem,
    home: VacancyLine,
    told: Mapping[str, Any] | None,
    asks: Hidden | None,
    advised: str,
    answers: tuple[AskLine, ...],
    became: _Became,
    *,
    blind: bool,
) -> ItemLine:
    stands = row.decision if (bridge.stands(row) or became.anew) and not blind else None
    return ItemLine(
        id=row.public_id,
        place=row.place,
        vacancy=home,
        told=told,
        asks=asks,
        advert="" if blind else row.advert,
        advised=advised,
        agreed=row.agreed if stands else None,
        way=stands.channel_name if stands else {},
        reason=stands.reason if stands else "",
        followed=bool(stands and stands.followed),
        decided_by=stands.actor.name if stands else "",
        decided_at=stands.at if stands else None,
        waits_for_reader=bool(stands and stands.needs_reader and stands.read_at is None),
        elsewhere=bool(stands and row.elsewhere),
        taken_back=row.week_round.state == WeekState.ADOPTED and bridge.waits(row) and not blind,
        anew=became.anew,
        fell_off=became.fell_off,
        before=became.before,
        answers=answers,
    )


def one_round(user: Visitor, week_round: uuid.UUID) -> WeekRound:
    """Return one round; `Missing` where there is none, or another organisation's."""
    return WeekRound.objects.one(user, week_round)


def one_item(user: Visitor, item: uuid.UUID) -> RoundItem:
    """Return one home of a round; `Missing` as `one_round`."""
    return RoundItem.objects.one(user, item)
