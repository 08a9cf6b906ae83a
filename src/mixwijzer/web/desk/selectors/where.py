"""Where is there room? The reverse question, asked during a telephone call; nothing is kept.

From what is needed (rooms, without stairs, for whom, where not) to places now and to what comes
free within the norm. A complex of which the reader's own view comes first is never weighed: it is
only counted, and its question named.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.bridge import Answer, Promise, Stock
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import VacancyLine, hidden_complexes, vacancy_lines
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.register.models import Area, ComplexFacts, Delivery, Dwelling, Notice

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
            fits &= bridge.LEVEL
        return fits & Q(replaced_at=None, in_base=True)

    def fits(self, size: bridge.Size) -> bool:
        """Whether homes of the base of this size fit."""
        if size.rooms is None or size.rooms < self.rooms or (self.level and not size.level):
            return False
        return self.rooms >= MOST_ROOMS or size.rooms <= (self.most_rooms or self.rooms)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenHome:
    """An open vacancy whose home fits: keys, and when and where it comes free."""

    key: int
    code: str
    complex: int
    neighbourhood: str
    free_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Likely:
    """A complex with many homes that fit and room as it stands; `code` is one of them."""

    complex: int
    homes: int
    code: str


class Search:
    """The search through one association's homes, for one reader on one day."""

    def __init__(self, user: Visitor, owner: Organisation, day: date) -> None:
        self.user, self.owner, self.day = user, owner, day
        self.hidden = frozenset(hidden_complexes(user))

    def of(self, asked: Asked) -> WhereFound:
        """Answer one question."""
        fitting = self._open(asked)
        stock = bridge.stock_of(self.owner, self.day)
        largest = self._largest(asked, stock, fitting)
        weighing = _Weighing(self, asked, fitting, largest)
        open_now = weighing.now()
        weeks = bridge.wait_weeks(self.day)
        expected = self._expected(weighing, stock.pace.rate, weeks)
        missed = 1.0
        for each in expected:
            missed *= 1 - each.chance
        delivery = Delivery.objects.for_organisation(self.owner).order_by("-at", "-pk").first()
        return WhereFound(
            open=open_now,
            expected=expected,
            chance=1.0 if open_now.room else 1 - missed,
            rate=stock.pace.rate,
            own_rate=stock.pace.own,
            weeks=weeks,
            data_date=delivery.data_date if delivery else None,
        )

    def now(self, asked: Asked) -> OpenNow:
        """Look among the homes that are open now."""
        return _Weighing(self, asked, self._open(asked), {}).now()

    def _open(self, asked: Asked) -> list[_OpenHome]:
        """Return open homes that fit, soonest free first, in one query."""
        homes = Dwelling.objects.for_organisation(self.owner).filter(
            asked.homes, code=OuterRef("dwelling")
        )
        notice = Notice.objects.for_organisation(self.owner).filter(
            replaced_at=None, code=OuterRef("code")
        )
        facts = ComplexFacts.objects.for_organisation(self.owner).filter(
            replaced_at=None, complex=OuterRef("complex")
        )
        rows = (
            Vacancy.objects.visible_to(self.user)
            .filter(Exists(homes), owner=self.owner, state__in=OPEN)
            .values_list(
                "pk",
                "code",
                "complex_id",
                Subquery(facts.values("neighbourhood")[:1]),
                Subquery(notice.values("free_from")[:1]),
            )
        )
        found = [
            _OpenHome(key=key, code=code, complex=pk, neighbourhood=near or "", free_from=free_from)
            for key, code, pk, near, free_from in rows
        ]
        return sorted(found, key=lambda each: (each.free_from, each.code))

    def _largest(
        self, asked: Asked, stock: Stock, fitting: Collection[_OpenHome]
    ) -> Mapping[int, int]:
        """Return the complexes with most homes that fit and are lived in, and how many."""
        taken = Counter(each.complex for each in fitting)
        left_out = self.hidden
        if asked.without:
            unwanted = ComplexFacts.objects.for_organisation(self.owner).filter(
                replaced_at=None, neighbourhood__in=asked.without
            )
            left_out |= set(unwanted.values_list("complex_id", flat=True))
        homes = {
            pk: sum(each.homes for each in sizes if asked.fits(each)) - taken[pk]
            for pk, sizes in stock.sizes.items()
            if pk not in left_out
        }
        most = sorted(homes, key=lambda pk: (-homes[pk], pk))[:LARGEST]
        return {pk: homes[pk] for pk in most if homes[pk] > 0}

    def _expected(self, weighing: _Weighing, rate: float, weeks: int) -> tuple[ExpectedPlace, ...]:
        """Name the complexes with most homes of this size, and room as it stands now."""
        found = [each for each in weighing.likely if weighing.if_free[each.code].has_room]
        facts = {
            row.complex_id: row
            for row in ComplexFacts.objects.for_organisation(self.owner)
            .filter(replaced_at=None, complex__in=[each.complex for each in found])
            .select_related("complex")
        }
        names = self.names({row.neighbourhood or "" for row in facts.values()})
        return tuple(
            ExpectedPlace(
                id=facts[each.complex].complex.public_id,
                name=facts[each.complex].name,
                neighbourhood=names.get(facts[each.complex].neighbourhood or "", ""),
                homes=each.homes,
                chance=bridge.chance_of_one(each.homes, rate, weeks),
                answer=weighing.if_free[each.code],
            )
            for each in found
        )

    def lines(self, keys: Collection[int]) -> Mapping[int, VacancyLine]:
        """Return the lines of these vacancies, by their keys."""
        if not keys:
            return {}
        rows = Vacancy.objects.visible_to(self.user).filter(pk__in=keys)
        return dict(zip(sorted(keys), vacancy_lines(self.user, rows), strict=True))

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        """Return the names of neighbourhoods."""
        rows = Area.objects.for_organisation(self.owner).filter(replaced_at=None, code__in=codes)
        return dict(rows.values_list("code", "name"))


class _Weighing:
    """The weighing of one question: of open homes, and of homes as if they came free.

    The first handful of complexes with an open home is read together with those where one is
    expected; more are read while there is too little room.
    """

    def __init__(
        self,
        search: Search,
        asked: Asked,
        fitting: Sequence[_OpenHome],
        largest: Mapping[int, int],
    ) -> None:
        self.search, self.asked, self.fitting = search, asked, fitting
        self.open_ones = [
            each
            for each in fitting
            if each.complex not in search.hidden and each.neighbourhood not in asked.without
        ]
        leaving = Counter(each.complex for each in self.open_ones)
        self.leaving = dict(islice(leaving.items(), FIRST))
        both = dict.fromkeys(largest, 1) | self.leaving
        self.promised = (
            bridge.promises(search.owner, both, asked.category, search.day) if both else {}
        )
        self.likely = self._likely(largest)
        self.if_free: dict[str, Answer] = {}
        self.told: dict[int, list[tuple[_OpenHome, Answer]]] = {}
        self._weigh()

    def _likely(self, largest: Mapping[int, int]) -> Sequence[_Likely]:
        """Return the largest complexes whose account has room, each with a home that fits."""
        promised = self.promised
        room = [pk for pk in largest if promised[pk].chance >= promised[pk].room_from][:EXPECTED]
        if not room:
            return ()
        taken = [each.code for each in self.fitting]
        vacancies = Vacancy.objects.for_organisation(self.search.owner).filter(code__in=taken)
        homes = (
            Dwelling.objects.for_organisation(self.search.owner)
            .filter(self.asked.homes, complex__in=room)
            .exclude(code__in=vacancies.values("dwelling"))
            .values_list("complex_id")
            .annotate(first=Min("code"))
            .order_by()
        )
        first = dict(homes)
        return [_Likely(complex=pk, homes=largest[pk], code=first[pk]) for pk in room]

    def _weigh(self) -> None:
        """Weigh a few complexes at a time, until there are enough open homes with room."""
        homes = {each.code: each.complex for each in self.likely}
        for some in _in_turn({pk: self.promised[pk] for pk in self.leaving}):
            self._answered(some, homes)
            homes = {}
            if sum(each.has_room for told in self.told.values() for _, each in told) >= ENOUGH:
                break
        self._answered(frozenset(), homes)

    def _answered(self, complexes: Collection[int], homes: Mapping[str, int]) -> None:
        some = [each for each in self.open_ones if each.complex in complexes]
        spoken = bridge.answers(
            self.search.owner,
            self.asked.category,
            self.search.day,
            vacancies={each.code: each.complex for each in some},
            homes=homes,
        )
        self.if_free |= spoken.homes
        for each in some:
            if each.code in spoken.vacancies:
                told = (each, spoken.vacancies[each.code])
                self.told.setdefault(each.complex, []).append(told)

    def now(self) -> OpenNow:
        """Return what there is among the open homes."""
        waiting = [each for each in self.fitting if each.complex in self.search.hidden]
        told = [each for some in self.told.values() for each in some]
        told.sort(key=lambda each: (each[0].free_from, each[0].code))
        room = [each for each in told if each[1].has_room][: 2 * ENOUGH]
        asking = [each for each in told if each[1].asks][:ENOUGH]
        shown = [*waiting, *(home for home, _ in (*room, *asking))]
        lines = self.search.lines({each.key for each in shown})
        names = self.search.names({home.neighbourhood for home, _ in (*room, *asking)})

        def place(home: _OpenHome, answer: Answer) -> PlaceNow:
            near = names.get(home.neighbourhood, "")
            return PlaceNow(vacancy=lines[home.key], neighbourhood=near, answer=answer)

        return OpenNow(
            room=tuple(place(*each) for each in room),
            asking=tuple(place(*each) for each in asking),
            waiting=tuple(lines[each.key] for each in waiting),
            reasons={key: number for key, number in self._reasons().items() if number},
        )

    def _reasons(self) -> Mapping[str, int]:
        """Count per complex what is in the way; where there is room, nothing is."""
        reasons: Counter[str] = Counter()
        hidden, without = self.search.hidden, self.asked.without
        every = {each.complex for each in self.fitting}
        reasons["own_view"] = len(every & hidden)
        unwanted = {each.complex for each in self.fitting if each.neighbourhood in without}
        reasons["unwanted"] = len(unwanted)
        for pk in self.leaving:
            spoken = [answer for _, answer in self.told.get(pk, ())]
            if any(answer.has_room for answer in spoken):
                continue
            if spoken:
                best = max(spoken, key=lambda each: each.verdict)
                reasons["ask_first" if best.asks else best.level] += 1
            elif not self.promised[pk].possible:
                reasons["complex"] += 1
        return reasons


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
