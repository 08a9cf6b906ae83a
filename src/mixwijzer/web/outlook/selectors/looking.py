"""Where is each complex going, and can it be turned? Read from what was computed last.

What a reader may not see yet of a complex (his own view comes first) is left out here, of lists,
maps and totals too. What was computed of rows that changed since is shown with its day, and says
that it is being computed anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Any, cast

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Missing, Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.selectors import Hidden, hidden_complexes
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.kept import Brief, Ending, Kept
from mixwijzer.web.outlook.models import Outlook
from mixwijzer.web.register.models import Area, Complex, ComplexFacts, Delivery
from mixwijzer.web.register.selectors import Polygon, shapes

__all__ = [
    "SORTS",
    "ComplexOutlook",
    "Line",
    "Lines",
    "Quarter",
    "Totals",
    "Wanted",
    "complex_outlook",
    "outlook_page",
    "outlooks",
]

PAGE = 50  # complexes on one page
NEXT, LATER = 0, 1  # place of 12 and of 24 months in a brief


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexOutlook:
    """What was computed of one complex: None of it before the reader's own view.

    `current` is whether it was made of today's rows.
    """

    id: uuid.UUID
    name: str
    hidden: Hidden | None
    kept: Kept | None
    current: bool
    endings: tuple[Ending, ...] = ()


def complex_outlook(row: Complex, hidden: Hidden | None, day: date) -> ComplexOutlook:
    """Return the look ahead of a complex of which this reader sees accounts, in two queries."""
    made = _rows(row.owner).filter(complex=row.pk).first() if hidden is None else None
    wanted = bridge.made_of(row.owner, day, row.pk)[row.pk] if made else ""
    return ComplexOutlook(
        id=row.public_id,
        name=row.code,
        hidden=hidden,
        kept=cast("Kept", bridge.load(made.content)) if made else None,
        current=bool(made and wanted == made.made_of),
    )


def _rows(owner: Organisation) -> Any:  # noqa: ANN401 (a queryset with the owner's door)
    return Outlook.objects.for_organisation(owner).filter(scheme=bridge.SCHEME)


def outlook_page(
    user: Visitor, complex_id: uuid.UUID, *, now: datetime, language: str = "nl"
) -> ComplexOutlook:
    """Return the page about one complex, with the grounds that end in the reader's language.

    Raises
    ------
    Missing
        No such complex, another organisation's, or nobody to see accounts.
    """
    row = Complex.objects.one(user, complex_id)
    if not may(user, Action.SEE_ADVICE, row):
        raise Missing
    day, hidden = localdate(now), hidden_complexes(user).get(row.pk)
    facts = ComplexFacts.objects.for_organisation(row.owner).get(complex=row.pk, replaced_at=None)
    found = complex_outlook(row, hidden, day)
    return replace(found, name=facts.name, endings=bridge.endings(row.owner, day, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One complex in the list; no brief while it waits, or while the own view is asked."""

    id: uuid.UUID
    name: str
    area: str
    neighbourhood: str
    asked: bool
    brief: Brief | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A neighbourhood on the map: how many of its complexes keep their band, as a mean chance."""

    code: str
    name: str
    complexes: int
    in_band: float | None
    asked: bool
    at: tuple[float, float] | None
    polygons: Sequence[Polygon]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All complexes together that this reader may see; means are over their homes."""

    complexes: int
    homes: int
    in_band: tuple[float, float]
    power: tuple[float, float, float]
    left: float
    within: int
    within_left: int
    vacancies: float
    stay: float
    stay_left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which complexes are looked for, in which order; empty means all."""

    text: str = ""
    area: str = ""
    sort: str = "in_band"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One page of the list, with the map, the totals and what still waits."""

    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    areas: tuple[tuple[str, str], ...]
    quarters: tuple[Quarter, ...]
    totals: Totals | None
    waits: int
    data_date: date | None
    endings: tuple[Ending, ...]


def _least(value: float | None, *, otherwise: float = inf) -> float:
    return otherwise if value is None else value


SORTS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: (line.name.lower(), str(line.id)),
    "area": lambda line: (line.neighbourhood.lower(), line.name.lower()),
    "in_band": lambda line: (line.brief.in_band[LATER] if line.brief else inf, line.name.lower()),
    "out": lambda line: (line.brief.out if line.brief else -1.0, line.name.lower()),
    "months": lambda line: (
        _least(line.brief.months[1] if line.brief else None),
        line.name.lower(),
    ),
    "power": lambda line: (
        line.brief.power[1] if line.brief and line.brief.power else inf,
        line.name.lower(),
    ),
}


def outlooks(user: Visitor, wanted: Wanted, *, now: datetime, language: str = "nl") -> Lines:
    """Return the complexes of this reader's associations; each takes the same few queries."""
    person, day = somebody(user), localdate(now)
    owners = Organisation.objects.filter(pk__in=person.owners(Action.SEE_ADVICE)).order_by("pk")
    hidden = frozenset(hidden_complexes(person))
    found = [_Reading(person, owner, day, hidden) for owner in owners]
    every = [line for each in found for line in each.lines]
    shown = [line for line in every if _answers(line, wanted)]
    shown.sort(key=SORTS.get(wanted.sort, SORTS["in_band"]), reverse=wanted.descending)
    pages = max(-(-len(shown) // PAGE), 1)
    page = min(max(wanted.page, 1), pages)
    delivery = Delivery.objects.visible_to(person).order_by("-at", "-pk").first()
    areas = {(line.area, line.neighbourhood) for line in every if line.area}
    return Lines(
        lines=tuple(shown[(page - 1) * PAGE : page * PAGE]),
        total=len(shown),
        page=page,
        pages=pages,
        areas=tuple(sorted(areas, key=lambda each: (each[1].lower(), each[0]))),
        quarters=tuple(quarter for each in found for quarter in each.quarters()),
        totals=_totals([line.brief for line in shown if line.brief and line.brief.band]),
        waits=sum(each.waits for each in found),
        data_date=delivery.data_date if delivery else None,
        endings=tuple(each for one in owners for each in bridge.endings(one, day, language)),
    )


def _answers(line: Line, wanted: Wanted) -> bool:
    return (not wanted.text or wanted.text.lower() in line.name.lower()) and (
        not wanted.area or wanted.area == line.area
    )


class _Reading:
    """The reading of one association."""

    def __init__(self, user: User, owner: Organisation, day: date, hidden: frozenset[int]) -> None:
        self.user, self.owner, self.hidden = user, owner, hidden
        rows = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
        self.facts = list(rows.select_related("complex").order_by("complex_id"))
        named = Area.objects.for_organisation(owner).filter(replaced_at=None)
        self.areas = dict(named.values_list("code", "name"))
        kept = _rows(owner).values_list("complex", "made_of", "brief")
        there = {pk: (made_of, brief) for pk, made_of, brief in kept}
        wanted = bridge.made_of(owner, day)
        self.waits = sum(there.get(pk, ("",))[0] != now for pk, now in wanted.items())
        self.lines = [self._line(row, there.get(row.complex_id)) for row in self.facts]

    def _line(self, row: ComplexFacts, made: tuple[str, str] | None) -> Line:
        asked = row.complex_id in self.hidden
        brief = cast("Brief", bridge.load(made[1])) if made and not asked else None
        return Line(
            id=row.complex.public_id,
            name=row.name,
            area=row.neighbourhood or "",
            neighbourhood=self.areas.get(row.neighbourhood or "", ""),
            asked=asked,
            brief=brief,
        )

    def quarters(self) -> list[Quarter]:
        """Put the neighbourhoods together, by name."""
        drawn = {each.code: each.polygons for each in shapes(self.user)}
        made = []
        for code, name in sorted(self.areas.items(), key=lambda each: each[1].lower()):
            inside = [
                (row, line)
                for row, line in zip(self.facts, self.lines, strict=True)
                if line.area == code
            ]
            if not inside:
                continue
            briefs = [line.brief for _, line in inside if line.brief and line.brief.band]
            asked = any(line.asked for _, line in inside)
            chance = sum(each.in_band[NEXT] for each in briefs) / max(len(briefs), 1)
            made.append(
                Quarter(
                    code=code,
                    name=name,
                    complexes=len(inside),
                    in_band=chance if briefs and not asked else None,
                    asked=asked,
                    at=_middle([row for row, _ in inside]),
                    polygons=drawn.get(code, ()),
                )
            )
        return made


def _middle(rows: Sequence[ComplexFacts]) -> tuple[float, float] | None:
    known = [(row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None]
    if not known:
        return None
    return sum(lon for lon, _ in known) / len(known), sum(lat for _, lat in known) / len(known)


def _totals(briefs: Sequence[Brief]) -> Totals | None:
    """Add complexes up: means over homes, and numbers of complexes."""
    told = [each for each in briefs if each.power]
    if not told:
        return None
    homes = sum(each.homes for each in told)

    def mean(of: Callable[[Brief], float]) -> float:
        return sum(each.homes * of(each) for each in told) / homes

    low, likely, high = (mean(lambda each, i=i: (each.power or (0.0,) * 3)[i]) for i in range(3))  # type: ignore[misc]
    return Totals(
        complexes=len(told),
        homes=homes,
        in_band=(
            sum(each.in_band[NEXT] for each in told),
            sum(each.in_band[LATER] for each in told),
        ),
        power=(low, likely, high),
        left=mean(lambda each: each.left),
        within=sum(each.within for each in told),
        within_left=sum(each.within_left for each in told),
        vacancies=sum(each.vacancies or 0.0 for each in told),
        stay=sum(each.stay or 0.0 for each in told),
        stay_left=sum(each.stay_left or 0.0 for each in told),
    )
