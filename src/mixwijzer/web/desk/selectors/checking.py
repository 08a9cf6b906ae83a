"""Is there room here, for whom? Find a home and answer; nothing is kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting.bridge import Advice
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import (
    AlternativeLine,
    Hidden,
    current_by_key,
    hidden_complexes,
    places_with_room,
)
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.register.models import ComplexFacts, Dwelling

__all__ = ["Match", "RoomCheck", "room_check", "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Something that was found: `kind` is `dwelling`, `complex` or `vacancy`."""

    kind: str
    id: uuid.UUID
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCheck:
    """The answer to a room check, or what to choose from.

    `chosen` is the home that is answered about; `vacancy` its open vacancy, if it has one.
    """

    query: str
    category: str
    matches: tuple[Match, ...]
    chosen: Match | None = None
    complex: Match | None = None
    vacancy: uuid.UUID | None = None
    answer: Advice | Hidden | None = None
    alternatives: tuple[AlternativeLine, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, uuid.UUID] = field(default_factory=dict)


def search(user: Visitor, *, query: str, limit: int = 8) -> tuple[Match, ...]:
    """Return vacancies, complexes and homes that a text names; exact ones first."""
    text = " ".join(query.split())
    if len(text) < 2:
        return ()
    places = _complexes(user, text, limit)
    homes = _homes(user, text, limit)
    room = max(limit - len(homes), limit // 2)  # of a common word, both kinds stay in sight
    found = [*_vacancies(user, text), *places[:room], *homes]
    exact = [each for each in found if each.label.lower() == text.lower()]
    return tuple([*exact, *(each for each in found if each not in exact)][:limit])


def _homes(user: Visitor, text: str, limit: int) -> list[Match]:
    exactly = Q(address__iexact=text) | Q(code__iexact=text)
    begins = Q(address__istartswith=text)
    rows = (
        Dwelling.objects.visible_to(user)
        .filter(exactly | begins | Q(address__icontains=text), replaced_at=None)
        .annotate(
            place=Case(
                When(exactly, then=Value(0)),
                When(begins, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("place", "address", "code")[:limit]
    )
    found = list(rows)
    names = current_by_key(ComplexFacts, user, "complex_id", [row.complex_id for row in found])
    return [
        Match(
            kind="dwelling",
            id=row.public_id,
            label=row.address or row.code,
            detail=names[row.owner_id, row.complex_id].name,
        )
        for row in found
    ]


def _complexes(user: Visitor, text: str, limit: int) -> list[Match]:
    rows = (
        ComplexFacts.objects.visible_to(user)
        .filter(Q(name__icontains=text) | Q(complex__code__iexact=text), replaced_at=None)
        .select_related("complex")
        .order_by("name", "complex__code")[:limit]
    )
    return [
        Match(kind="complex", id=row.complex.public_id, label=row.name, detail=row.complex.code)
        for row in rows
    ]


def _vacancies(user: Visitor, text: str) -> list[Match]:
    rows = Vacancy.objects.visible_to(user).filter(code__iexact=text)[:1]
    return [
        Match(kind="vacancy", id=row.public_id, label=row.code, detail=row.dwelling) for row in rows
    ]


def room_check(user: Visitor, *, query: str, category: str, now: datetime) -> RoomCheck:
    """Answer whether there is room in the home that a text names; else return what it may mean.

    A home is answered about when the text names exactly one, or is its whole address. A complex
    stands for its first open vacancy, else for its first home.
    """
    matches = search(user, query=query)
    home = _meant(user, query, matches)
    if home is None:
        return RoomCheck(query=query, category=category, matches=matches)
    return _checked(user, home, query, category, matches, localdate(now))


def _meant(user: Visitor, query: str, matches: tuple[Match, ...]) -> Dwelling | None:
    """Return the home that is meant, if that is clear."""
    text = " ".join(query.split()).lower()
    exact = [each for each in matches if each.label.lower() == text]
    clear = exact[:1] if exact else list(matches) if len(matches) == 1 else []
    if not clear:
        return None
    homes = Dwelling.objects.visible_to(user).filter(replaced_at=None)
    homes = homes.select_related("owner", "complex").order_by("code")
    only = clear[0]
    if only.kind == "dwelling":
        return homes.filter(public_id=only.id).first()
    vacancies = Vacancy.objects.visible_to(user)
    if only.kind == "vacancy":
        vacancies = vacancies.filter(public_id=only.id)
        return homes.filter(code__in=vacancies.values("dwelling")).first()
    inside = homes.filter(complex__public_id=only.id, in_base=True)
    free = vacancies.filter(complex__public_id=only.id, state__in=OPEN).order_by("pk").first()
    return inside.filter(code=free.dwelling).first() if free else inside.first()


def _checked(
    user: Visitor,
    home: Dwelling,
    query: str,
    category: str,
    matches: tuple[Match, ...],
    day: date,
) -> RoomCheck:
    facts = current_by_key(ComplexFacts, user, "complex_id", [home.complex_id])
    place = facts[home.owner_id, home.complex_id]
    vacancy = (
        Vacancy.objects.visible_to(user)
        .filter(owner=home.owner_id, dwelling=home.code, state__in=OPEN)
        .first()
    )
    label = home.address or home.code
    found = RoomCheck(
        query=query,
        category=category,
        matches=matches,
        chosen=Match(kind="dwelling", id=home.public_id, label=label, detail=place.name),
        complex=Match(
            kind="complex", id=home.complex.public_id, label=place.name, detail=home.complex.code
        ),
        vacancy=vacancy.public_id if vacancy else None,
    )
    return _answered(user, home, vacancy, found, day)


def _answered(
    user: Visitor, home: Dwelling, vacancy: Vacancy | None, found: RoomCheck, day: date
) -> RoomCheck:
    hidden = hidden_complexes(user).get(home.complex_id)
    if hidden:
        return replace(found, answer=hidden)
    if not home.in_base:
        return found
    check = None if vacancy else letting.imagined(home.code, day)
    code = vacancy.code if vacancy else letting.CHECK
    case = letting.gather(home.owner, home.complex_id, code, day, check=check)
    room = places_with_room(user, home.owner, home.complex_id, case)
    return replace(
        found,
        answer=letting.with_alternatives(case.advice, room.visible),
        alternatives=room.lines,
        names=room.names,
        places=room.ids,
    )
