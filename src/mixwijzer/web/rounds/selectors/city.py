"""What is there to see of a city round, for this reader, today?

Who still has to say how it is in one of its complexes sees nobody placed and no reason at all: who
gets one home depends on what is known of the others.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.letting.models import Candidate, Vacancy
from mixwijzer.web.letting.selectors import Hidden, VacancyLine, hidden_complexes, vacancy_lines
from mixwijzer.web.letting.transitions import OPEN, State
from mixwijzer.web.register.bridge import NormEnds
from mixwijzer.web.register.models import ComplexFacts
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.city_steps import PERMISSION, STANDING, CityEvent, CityState, possible
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound
from mixwijzer.web.rounds.selectors.together import Table, table_of
from mixwijzer.web.rounds.selectors.week import ending_before_let
from mixwijzer.web.rounds.table_steps import TableEvent
from mixwijzer.web.rounds.table_steps import possible as possible_there

__all__ = [
    "CityHomeLine",
    "CityLine",
    "CityPage",
    "Guest",
    "PersonRef",
    "Reason",
    "WhyPage",
    "cities",
    "city_page",
    "one_city",
    "one_city_home",
    "why_home",
    "why_person",
]

_BLIND = frozenset({CityEvent.RUN, CityEvent.STOP, CityEvent.DROP})
_WATCHED = frozenset({CityState.COMPUTED, CityState.RECOMPUTED, CityState.RELEASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CityLine:
    """A city round in a list."""

    id: uuid.UUID
    name: str
    state: str
    work: str
    homes: int
    people: int
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRef:
    """A candidate of a round: the number, and the group that something was agreed with.

    `taken` is whether another association at the table proposed him a home of its own.
    """

    id: uuid.UUID
    number: str
    group: str
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A candidate of another association: whose, the number there, and the group."""

    name: str
    number: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityHomeLine:
    """One home: for whom, who would have had it in order alone, and what became of it.

    `guest` and `guest_alone` are of another association at the table. `asks` is the question that
    hides this home's complex from the reader.
    """

    id: uuid.UUID
    vacancy: VacancyLine
    placed: PersonRef | None
    alone: PersonRef | None
    guest: Guest | None
    guest_alone: str
    left_out: str
    asks: Hidden | None
    decided: bool
    gone: bool
    match: uuid.UUID | None
    match_state: str
    left_because: str
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPage:
    """A city round. `result` is what came out, empty before the reader's own view (`hidden`).

    `ending` are norms that end before the last of its homes is let.
    """

    round: CityRound
    homes: tuple[CityHomeLine, ...]
    people: Mapping[str, PersonRef]
    result: Mapping[str, Any]
    hidden: Hidden | None
    longer: Mapping[str, int]
    sooner: Mapping[str, int]
    changes: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    may: frozenset[CityEvent]
    table: Table | None
    ending: tuple[NormEnds, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one candidate got one home or not: the engine's kind, or the letting rule."""

    person: PersonRef
    home: str
    kind: str
    other: str
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """Every reason about one home, or about one candidate, in the order of the letting rules."""

    page: CityPage
    home: CityHomeLine | None
    person: PersonRef | None
    reasons: tuple[Reason, ...]


def cities(user: Visitor) -> tuple[CityLine, ...]:
    """Return the rounds of this reader's association that weren't withdrawn, the latest first."""
    rows = CityRound.objects.visible_to(user).exclude(state=CityState.DROPPED)
    found = rows.select_related("made_by").defer("result", "inputs", "bringing")
    counted = found.annotate(
        many_homes=Count("homes", distinct=True), many_people=Count("people", distinct=True)
    )
    return tuple(
        CityLine(
            id=row.public_id,
            name=row.name,
            state=row.state,
            work=row.work,
            homes=row.many_homes,
            people=row.many_people,
            by=row.made_by.name,
            made_at=row.made_at,
        )
        for row in counted.order_by("-made_at", "-pk")
    )


def one_city(user: Visitor, city_round: uuid.UUID) -> CityRound:
    """Return one round; `Missing` where there is none, or another organisation's."""
    return CityRound.objects.one(user, city_round)


def one_city_home(user: Visitor, home: uuid.UUID) -> CityHome:
    """Return one home of a round; `Missing` as `one_city`."""
    return CityHome.objects.one(user, home)


def city_page(user: Visitor, city_round: uuid.UUID, *, now: datetime) -> CityPage:
    """Return one round for this reader; `Missing` as `one_city`."""
    person, row = somebody(user), one_city(user, city_round)
    homes = bridge.homes_of(row)
    secret = hidden_complexes(person)
    asks = {
        each.pk: secret[each.vacancy.complex_id]
        for each in homes
        if each.vacancy.complex_id in secret
    }
    hidden = next(iter(asks.values()), None)
    result: Mapping[str, Any] = {} if asks else row.result
    people = _people(row)
    lines = _lines(person, homes, people, result, asks)
    return CityPage(
        round=row,
        homes=lines,
        people=people,
        result=result,
        hidden=hidden,
        longer=_by_group(result.get("longer", ()), people),
        sooner=_by_group(result.get("sooner", ()), people),
        changes=() if asks else _changes(row, now),
        names={
            **_complexes(row, homes),
            **{each.vacancy.code: each.vacancy.address for each in lines},
        },
        may=_possible(person, row, blind=bool(asks)),
        table=table_of(person, row.seat) if row.seat else None,
        ending=ending_before_let((each.vacancy for each in lines), localdate(now))
        if row.state in STANDING
        else (),
    )


def _changes(row: CityRound, now: datetime) -> tuple[tuple[str, str], ...]:
    watched = row.state in _WATCHED and not row.work
    return bridge.city_changes(row, now) if watched else ()


def _possible(user: User, row: CityRound, *, blind: bool) -> frozenset[CityEvent]:
    """Return what this reader can do now, as the table and the work of a worker allow."""
    found = set()
    for event in CityEvent:
        action = PERMISSION[event]
        if action and possible(row.state, event) and may(user, action, row):
            found.add(event)
    found -= {CityEvent.RUN} if row.work else {CityEvent.STOP}
    if row.seat_id and "together" not in row.result:
        found -= {CityEvent.RELEASE, CityEvent.ADOPT}
    if row.seat and not possible_there(row.seat.state, TableEvent.COMPUTE):
        found -= {CityEvent.RUN}
    if row.work:
        found &= {CityEvent.STOP, CityEvent.DROP}
    return frozenset(found & _BLIND if blind else found)


def _people(row: CityRound) -> Mapping[str, PersonRef]:
    """Return the candidates of a round by number, with their group as long as it is kept."""
    rows = list(CityPerson.objects.for_organisation(row.owner_id).filter(city_round=row))
    known = Candidate.objects.for_organisation(row.owner_id).filter(
        number__in=[each.candidate for each in rows], replaced_at=None
    )
    groups = dict(known.values_list("number", "target_group"))
    return {
        each.candidate: PersonRef(
            id=each.public_id,
            number=each.candidate,
            group=groups.get(each.candidate) or "",
            taken=each.taken_at is not None,
        )
        for each in rows
    }


def _by_group(numbers: Sequence[str], people: Mapping[str, PersonRef]) -> Mapping[str, int]:
    return Counter(people[each].group for each in numbers if each in people)


def _complexes(row: CityRound, homes: Sequence[CityHome]) -> Mapping[str, str]:
    facts = ComplexFacts.objects.for_organisation(row.owner_id).filter(
        replaced_at=None, complex__in={each.vacancy.complex_id for each in homes}
    )
    return dict(facts.values_list("complex__code", "name"))


def _lines(
    user: User,
    homes: Sequence[CityHome],
    people: Mapping[str, PersonRef],
    result: Mapping[str, Any],
    asks: Mapping[int, Hidden],
) -> tuple[CityHomeLine, ...]:
    keys = [each.vacancy_id for each in homes]
    rows = vacancy_lines(user, Vacancy.objects.visible_to(user).filter(pk__in=keys))
    vacancies = {each.code: each for each in rows}
    placed: Mapping[str, str] = result.get("placements", {})
    alone: Mapping[str, str] = result.get("in_order", {})
    without = {each["home"]: each["code"] for each in result.get("left_out", ())}
    without |= dict.fromkeys(result.get("dropped", ()), "dropped")
    together: Mapping[str, Any] = result.get("together", {})
    guests = {home: _guest(told) for home, told in together.get("guests", {}).items()}
    guests_alone: Mapping[str, str] = together.get("guests_alone", {})
    blind = bool(asks)
    return tuple(
        CityHomeLine(
            id=each.public_id,
            vacancy=vacancies[each.vacancy.code],
            placed=people.get(placed.get(each.vacancy.code, "")),
            alone=people.get(alone.get(each.vacancy.code, "")),
            guest=guests.get(each.vacancy.code),
            guest_alone=guests_alone.get(each.vacancy.code, ""),
            left_out=without.get(each.vacancy.code, ""),
            asks=asks.get(each.pk),
            decided=each.vacancy.state not in OPEN,
            gone=each.vacancy.state in {State.CLOSED, State.LET},
            match=each.match.public_id if each.match and not blind else None,
            match_state=each.match.state if each.match and not blind else "",
            left_because="" if blind else each.left_because,
            settled_by=each.settled_by.name if each.settled_by and not blind else "",
            settled_at=None if blind else each.settled_at,
        )
        for each in homes
    )


def _guest(told: Mapping[str, Any]) -> Guest:
    return Guest(name=told["name"], number=told["number"], group=told["group"])


# --- why (not)?


def why_home(user: Visitor, home: uuid.UUID, *, now: datetime) -> WhyPage:
    """Return why each candidate got this home or not."""
    row = one_city_home(user, home)
    page = city_page(user, row.city_round.public_id, now=now)
    line = next(each for each in page.homes if each.id == home)
    found = (each for each in _reasons(page) if each.home == line.vacancy.code)
    return WhyPage(page=page, home=line, person=None, reasons=_in_order(found, page))


def why_person(user: Visitor, person: uuid.UUID, *, now: datetime) -> WhyPage:
    """Return why this candidate got each home or not."""
    row = CityPerson.objects.one(user, person)
    page = city_page(user, row.city_round.public_id, now=now)
    found = [each for each in _reasons(page) if each.person.number == row.candidate and each.home]
    places = {each.vacancy.code: number for number, each in enumerate(page.homes)}
    found.sort(key=lambda each: (each.kind != "placed", places.get(each.home, 0)))
    return WhyPage(page=page, home=None, person=page.people[row.candidate], reasons=tuple(found))


def _reasons(page: CityPage) -> Iterator[Reason]:
    for number, home, kind, other, agreements in page.result.get("reasons", ()):
        yield Reason(
            person=page.people[number],
            home=home,
            kind=kind,
            other=other,
            agreements=tuple(agreements),
        )


def _in_order(found: Iterator[Reason], page: CityPage) -> tuple[Reason, ...]:
    order = {number: place for place, number in enumerate(page.result.get("order", ()))}
    return tuple(sorted(found, key=lambda each: order.get(each.person.number, len(order))))
