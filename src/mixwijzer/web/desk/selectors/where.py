"""Where is there room? The reverse question, asked during a telephone call; nothing is kept.

From what is needed (rooms, without stairs, for whom, where not) to places now and to what comes
free within the norm. A complex of which the reader's own view comes first is never weighed: it is
only counted, and its question named.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db.models import Count, Min, Q, QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.bridge import Answer, Promise
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import VacancyLine, hidden_complexes, vacancy_lines
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.register.models import (
    AccountState,
    Area,
    ComplexFacts,
    Delivery,
    Dwelling,
)

__all__ = [
    "Asked",
    "ExpectedPlace",
    "OpenNow",
    "PlaceNow",
    "Quarter",
    "Search",
    "WhereFound",
    "first_owner",
    "quarters",
    "where",
]

MOST_ROOMS = 5  # stands for five or more [rooms]
ENOUGH = 3  # places with room after which no more are looked for
AT_ONCE = 3  # complexes that are weighed together
LARGEST = 30  # complexes with most homes of the size, of which something is expected
EXPECTED = 2  # of those, how many are weighed and named
FIRST = 200  # complexes with an open home, longest free first, that one call looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is needed; `without` holds codes of neighbourhoods, and nobody asks why."""

    rooms: int
    most_rooms: int | None = None
    level: bool = False
    category: str = "attention"
    without: frozenset[str] = frozenset()

    @property
    def homes(self) -> Q:
        """Which homes fit."""
        fits = Q(rooms__gte=self.rooms)
        if self.rooms < MOST_ROOMS:
            fits &= Q(rooms__lte=self.most_rooms or self.rooms)
        if self.level:
            fits &= Q(accessible=True) | Q(floor__lte=0)
        return fits & Q(replaced_at=None, in_base=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A neighbourhood that can be left out."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNow:
    """An open home that fits, and the verdict about it."""

    vacancy: VacancyLine
    neighbourhood: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPlace:
    """A complex with room, where a home of this size may come free within the norm."""

    id: uuid.UUID
    name: str
    neighbourhood: str
    homes: int
    chance: float
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNow:
    """What there is among the open homes.

    `room` and `asking` are open homes with room, and those about which somebody is asked first;
    `waiting` the open homes that fit where the reader's own view comes first. `reasons` counts the
    other complexes with an open home of this size, by what is in the way there: `complex`,
    `neighbourhood`, `district`, `municipality`, `ask_first`, `unwanted` or `own_view`.
    """

    room: tuple[PlaceNow, ...] = ()
    asking: tuple[PlaceNow, ...] = ()
    waiting: tuple[VacancyLine, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereFound:
    """What there is for one question; `chance` is that of an offer within `weeks`."""

    open: OpenNow
    expected: tuple[ExpectedPlace, ...]
    chance: float
    rate: float
    own_rate: bool
    weeks: int
    data_date: date | None


def quarters(user: Visitor) -> tuple[Quarter, ...]:
    """Return the neighbourhoods where this reader's associations have homes, by name."""
    lived = ComplexFacts.objects.visible_to(user).filter(replaced_at=None)
    rows = (
        Area.objects.visible_to(user)
        .filter(replaced_at=None, code__in=lived.values("neighbourhood"))
        .values_list("code", "name")
        .order_by("name", "code")
    )
    return tuple(Quarter(code=code, name=name) for code, name in dict(rows).items())


def first_owner(user: Visitor) -> Organisation:
    """Return the association in whose name this person keeps a request; most have one."""
    owners = Organisation.objects.filter(pk__in=somebody(user).owners(Action.DECIDE))
    first = owners.order_by("pk").first()
    if first is None:
        raise Missing
    return first


def where(user: Visitor, asked: Asked, *, now: datetime) -> WhereFound:
    """Look for places for one question, in the homes of this reader's associations."""
    day = localdate(now)
    owners = Organisation.objects.filter(pk__in=somebody(user).owners(Action.SEE_ADVICE))
    found = [Search(user, owner, day).of(asked) for owner in owners.order_by("pk")]
    return _together(found, day)


def _together(found: list[WhereFound], day: date) -> WhereFound:
    """Put what several associations have behind one another; most people work for one."""
    if len(found) == 1:
        return found[0]
    missed = 1.0
    reasons: Counter[str] = Counter()
    for each in found:
        missed *= 1 - each.chance
        reasons.update(each.open.reasons)
    return WhereFound(
        open=OpenNow(
            room=tuple(place for each in found for place in each.open.room),
            asking=tuple(place for each in found for place in each.open.asking),
            waiting=tuple(line for each in found for line in each.open.waiting),
            reasons=reasons,
        ),
        expected=tuple(place for each in found for place in each.expected),
        chance=1 - missed,
        rate=max((each.rate for each in found), default=0.0),
        own_rate=all(each.own_rate for each in found),
        weeks=bridge.wait_weeks(day),
        data_date=min((each.data_date for each in found if each.data_date), default=None),
    )


class Search:
    """The search through one association's homes, for one reader on one day."""

    def __init__(self, user: Visitor, owner: Organisation, day: date) -> None:
        self.user, self.owner, self.day = user, owner, day
        self.hidden = frozenset(hidden_complexes(user))

    def of(self, asked: Asked) -> WhereFound:
        """Answer one question."""
        open_now = self.now(asked)
        weeks = bridge.wait_weeks(self.day)
        pace = bridge.turnover(self.owner, self._base(), self.day)
        expected = self._expected(asked, pace.rate, weeks)
        missed = 1.0
        for each in expected:
            missed *= 1 - each.chance
        delivery = Delivery.objects.for_organisation(self.owner).order_by("-at", "-pk").first()
        return WhereFound(
            open=open_now,
            expected=expected,
            chance=1.0 if open_now.room else 1 - missed,
            rate=pace.rate,
            own_rate=pace.own,
            weeks=weeks,
            data_date=delivery.data_date if delivery else None,
        )

    def now(self, asked: Asked) -> OpenNow:
        """Look among the homes that are open now."""
        lines, places = self._open(asked)
        reasons: Counter[str] = Counter()
        waiting = tuple(line for line in lines if places[line.id][0] in self.hidden)
        wanted = [line for line in lines if places[line.id][1] not in asked.without]
        open_ones = [line for line in wanted if places[line.id][0] not in self.hidden]
        reasons["own_view"] = _complexes(waiting, places)
        reasons["unwanted"] = _complexes(lines, places) - _complexes(wanted, places)
        room, asking = self._weighed(asked, open_ones, places, reasons)
        return OpenNow(
            room=room,
            asking=asking,
            waiting=waiting,
            reasons={key: number for key, number in reasons.items() if number},
        )

    def _base(self) -> int:
        rows = AccountState.objects.for_organisation(self.owner).filter(
            scope_kind=bridge.COMPLEX, scheme=bridge.DEFAULT_SCHEME
        )
        return sum(rows.values_list("base", flat=True))

    def _open(self, asked: Asked) -> tuple[list[VacancyLine], dict[uuid.UUID, tuple[int, str]]]:
        """Return open homes that fit, soonest free first, with complex and neighbourhood."""
        fitting = Dwelling.objects.for_organisation(self.owner).filter(asked.homes)
        rows: QuerySet[Vacancy] = Vacancy.objects.visible_to(self.user).filter(
            owner=self.owner, state__in=OPEN, dwelling__in=fitting.values("code")
        )
        near = dict(
            ComplexFacts.objects.for_organisation(self.owner)
            .filter(replaced_at=None, complex__in=rows.values("complex"))
            .values_list("complex_id", "neighbourhood")
        )
        complexes = dict(rows.values_list("public_id", "complex_id"))
        lines = sorted(vacancy_lines(self.user, rows), key=lambda each: (each.free_from, each.code))
        places = {key: (pk, near.get(pk) or "") for key, pk in complexes.items()}
        return lines, places

    def _weighed(
        self,
        asked: Asked,
        lines: list[VacancyLine],
        places: Mapping[uuid.UUID, tuple[int, str]],
        reasons: Counter[str],
    ) -> tuple[tuple[PlaceNow, ...], tuple[PlaceNow, ...]]:
        """Weigh open homes a few complexes at a time, until there are enough with room."""
        leaving = Counter(places[line.id][0] for line in lines)
        leaving = Counter(dict(islice(leaving.items(), FIRST)))
        if not leaving:
            return (), ()
        promised = bridge.promises(self.owner, leaving, asked.category, self.day)
        told: dict[int, list[tuple[VacancyLine, Answer]]] = {}
        for some in _in_turn(promised):
            told |= self._answered(
                asked, [each for each in lines if places[each.id][0] in some], places
            )
            if sum(answer.has_room for each in told.values() for _, answer in each) >= ENOUGH:
                break
        names = self._names({places[line.id][1] for line in lines})
        flat = [
            PlaceNow(vacancy=line, neighbourhood=names.get(places[line.id][1], ""), answer=answer)
            for each in told.values()
            for line, answer in each
        ]
        self._counted(told, promised, reasons)
        flat.sort(key=lambda each: (each.vacancy.free_from, each.vacancy.code))
        return (
            tuple(each for each in flat if each.answer.has_room)[: 2 * ENOUGH],
            tuple(each for each in flat if each.answer.asks)[:ENOUGH],
        )

    def _answered(
        self,
        asked: Asked,
        lines: list[VacancyLine],
        places: Mapping[uuid.UUID, tuple[int, str]],
    ) -> dict[int, list[tuple[VacancyLine, Answer]]]:
        codes = {line.code: places[line.id][0] for line in lines}
        spoken = bridge.answers(self.owner, codes, asked.category, self.day)
        told: dict[int, list[tuple[VacancyLine, Answer]]] = {}
        for line in lines:
            if line.code in spoken:
                told.setdefault(places[line.id][0], []).append((line, spoken[line.code]))
        return told

    def _counted(
        self,
        told: Mapping[int, list[tuple[VacancyLine, Answer]]],
        promised: Mapping[int, Promise],
        reasons: Counter[str],
    ) -> None:
        """Count per complex what is in the way; where there is room, nothing is."""
        for pk, promise in promised.items():
            spoken = [answer for _, answer in told.get(pk, ())]
            if any(answer.has_room for answer in spoken):
                continue
            if spoken:
                best = max(spoken, key=lambda each: each.verdict)
                reasons["ask_first" if best.asks else best.level] += 1
            elif not promise.possible:
                reasons["complex"] += 1

    def _expected(self, asked: Asked, rate: float, weeks: int) -> tuple[ExpectedPlace, ...]:
        """Name the complexes with most homes of this size, and room as it stands now."""
        rows = self._largest(asked)
        if not rows:
            return ()
        promised = bridge.promises(self.owner, {pk: 1 for pk, *_ in rows}, asked.category, self.day)
        likely = [row for row in rows if promised[row[0]].chance >= promised[row[0]].room_from]
        chosen = likely[:EXPECTED]
        answers = bridge.answers_if_free(
            self.owner, {code: pk for pk, _, code in chosen}, asked.category, self.day
        )
        facts = {
            row.complex_id: row
            for row in ComplexFacts.objects.for_organisation(self.owner)
            .filter(replaced_at=None, complex__in=[pk for pk, *_ in chosen])
            .select_related("complex")
        }
        names = self._names({row.neighbourhood or "" for row in facts.values()})
        return tuple(
            ExpectedPlace(
                id=facts[pk].complex.public_id,
                name=facts[pk].name,
                neighbourhood=names.get(facts[pk].neighbourhood or "", ""),
                homes=homes,
                chance=bridge.chance_of_one(homes, rate, weeks),
                answer=answers[code],
            )
            for pk, homes, code in chosen
            if answers[code].has_room
        )

    def _largest(self, asked: Asked) -> list[tuple[int, int, str]]:
        """Return complexes with most homes that fit: key, number of those homes, one of them."""
        left_out = ComplexFacts.objects.for_organisation(self.owner).filter(
            replaced_at=None, neighbourhood__in=asked.without
        )
        taken = Vacancy.objects.for_organisation(self.owner).filter(state__in=OPEN)
        rows = (
            Dwelling.objects.for_organisation(self.owner)
            .filter(asked.homes)
            .exclude(complex__in=left_out.values("complex"))
            .exclude(complex__in=self.hidden)
            .exclude(code__in=taken.values("dwelling"))
            .values_list("complex_id")
            .annotate(homes=Count("pk"), first=Min("code"))
            .order_by("-homes", "complex_id")
        )
        return list(rows[:LARGEST])

    def _names(self, codes: Collection[str]) -> dict[str, str]:
        rows = Area.objects.for_organisation(self.owner).filter(replaced_at=None, code__in=codes)
        return dict(rows.values_list("code", "name"))


def _in_turn(promised: Mapping[int, Promise]) -> Iterator[frozenset[int]]:
    """Yield the complexes that may have room, the most promising first, a few at a time.

    Of the rest, which surely has none, one handful is weighed last, to know whom to ask.
    """
    order = sorted(promised, key=lambda pk: (-promised[pk].chance, pk))
    possible = [pk for pk in order if promised[pk].possible]
    rest = [pk for pk in order if not promised[pk].possible]
    for start in range(0, len(possible), AT_ONCE):
        yield frozenset(possible[start : start + AT_ONCE])
    if rest:
        yield frozenset(rest[:AT_ONCE])


def _complexes(lines: Collection[VacancyLine], places: Mapping[uuid.UUID, tuple[int, str]]) -> int:
    return len({places[line.id][0] for line in lines})
