"""Where is there room instead? Comparable open vacancies, nearest first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from math import isnan, radians
from typing import TypeAlias, cast

import numpy as np

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice._situation import Grid
from mixwijzer.engine.advice._verdicts import verdict_only
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Complex, Dwelling, Vacancy
from mixwijzer.engine.reasons import Verdict

Mask: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_MOST = 3  # alternatives that one advice names
_EARTH = 6_371_000.0  # mean radius [m]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another open vacancy of the same owner with room; `distance` as the crow flies [m]."""

    vacancy: str
    verdict: Verdict
    chance: float
    distance: float | None


def alternatives(
    accounts: Accounts, vacancy: Vacancy, category: str, day: date, norms: Norms
) -> tuple[Alternative, ...]:
    """Return the nearest open vacancies with room for a category, comparable in size and rent.

    Same owner, rooms ± 1, same rent class; by distance, ties by lot: the SHA-256 of both ids,
    which anybody can draw again.
    """
    found: list[Alternative] = []
    for other, distance in _comparable(accounts, vacancy, day, norms):
        spoken = verdict_only(accounts, other, category, day)
        if spoken.verdict >= Verdict.TIGHT:
            chance = spoken.binding.chance if spoken.binding else 1.0
            found.append(
                Alternative(
                    vacancy=other.id, verdict=spoken.verdict, chance=chance, distance=distance
                )
            )
        if len(found) == _MOST:
            break
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """The open vacancies of one portfolio, column by column; what isn't known is NaN."""

    vacancies: tuple[Vacancy, ...]
    rooms: Grid
    rent: Grid
    north: Grid
    east: Grid

    def at(self, dwelling: Dwelling, place: Complex) -> tuple[float, float, float, float]:
        """Return rooms, rent [euro] and position [radians] of one dwelling."""
        north, east = radians(_number(place.lat)), radians(_number(place.lon))
        return _number(dwelling.rooms), _number(dwelling.rent), north, east


@lru_cache(maxsize=4)
def _offered(accounts: Accounts) -> _Offered:
    """Read the open vacancies once per set of accounts."""
    portfolio = accounts.portfolio
    homes = portfolio.dwelling
    found = tuple(
        each
        for each in portfolio.vacancies
        if portfolio.is_open(each, accounts.day)
        and each.dwelling in homes
        and homes[each.dwelling].in_base
        and homes[each.dwelling].complex in portfolio.complex
    )
    own = [homes[each.dwelling] for each in found]
    places = [portfolio.complex[home.complex] for home in own]
    return _Offered(
        vacancies=found,
        rooms=np.array([_number(home.rooms) for home in own]),
        rent=np.array([_number(home.rent) for home in own]),
        north=np.radians([_number(place.lat) for place in places]),
        east=np.radians([_number(place.lon) for place in places]),
    )


def _comparable(
    accounts: Accounts, vacancy: Vacancy, day: date, norms: Norms
) -> Iterator[tuple[Vacancy, float | None]]:
    """Yield open vacancies of comparable dwellings, nearest first, ties by lot."""
    offered = _offered(accounts)
    home = accounts.portfolio.dwelling[vacancy.dwelling]
    place = accounts.portfolio.complex[home.complex]
    rooms, rent, north, east = offered.at(home, place)
    fits = np.isnan(offered.rooms) | isnan(rooms) | (np.abs(offered.rooms - rooms) <= 1)
    fits &= _same_class(offered.rent, rent, day, norms)
    distance = _distance(north, east, offered.north, offered.east)
    near = sorted(np.flatnonzero(fits), key=lambda at: (isnan(distance[at]), distance[at]))
    for metres, group in groupby(near, key=lambda at: float(distance[at])):
        others = [offered.vacancies[at] for at in group]
        for other in sorted(others, key=lambda each: _lot(vacancy, each)):
            if other.id != vacancy.id:
                yield other, None if isnan(metres) else metres


def _lot(vacancy: Vacancy, other: Vacancy) -> str:
    return hashlib.sha256(f"{vacancy.id}|{other.id}".encode()).hexdigest()


def _same_class(rents: Grid, rent: float, day: date, norms: Norms) -> Mask:
    """Whether rents pass as many of the year's rent limits; unknown goes with unknown."""
    if isnan(rent):
        return np.isnan(rents)
    caps = cast("Mapping[str, Decimal]", norms.value("rent.cap", day))
    bounds = [
        norms.number("rent.quality_discount_limit", day),
        float(caps["low"]),
        float(caps["high"]),
        norms.number("rent.social_rent_cap", day),
    ]
    same = np.searchsorted(bounds, rents) == np.searchsorted(bounds, rent)
    return cast("Mask", ~np.isnan(rents) & same)


def _distance(north: float, east: float, norths: Grid, easts: Grid) -> Grid:
    """Return great-circle distances between positions [radians] in whole metres [m]."""
    chord = np.sin((norths - north) / 2) ** 2
    chord = chord + np.cos(north) * np.cos(norths) * np.sin((easts - east) / 2) ** 2
    return cast("Grid", np.round(2 * _EARTH * np.arcsin(np.sqrt(chord))))


def _number(value: float | Decimal | None) -> float:
    return float("nan") if value is None else float(value)
