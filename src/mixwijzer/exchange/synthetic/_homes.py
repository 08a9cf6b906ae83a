"""The made-up homes as rows: areas, complexes, dwellings and leases, with both clocks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from mixwijzer.engine.portfolio import (
    Area,
    Complex,
    Dwelling,
    LeaseKind,
    OutReason,
    Scope,
    ScopeKind,
    Tenancy,
)
from mixwijzer.exchange.synthetic._hidden import OPEN, Ints, Lives, Stock

OWNERS = ("zilverlinde", "roodborst")
MUNICIPALITY = ("GM0193", "Zwolle")
_DIVISION = 2014  # year of the CBS codes
_STEMS = (
    "Kompas", "Zilver", "Lantaarn", "Windvaan", "Sterren", "Wolken", "Kiezel", "Honing", "Vlieger",
    "Regen", "Klok", "Mosterd", "Parel", "Pauwen", "Koper", "Anker", "Spiegel", "Brood", "Zeil",
    "Ketel", "Harp", "Tol", "Veder", "Knoop", "Draai", "Appel", "Trommel", "Kaarsen", "Vonk",
    "Zand", "Otter", "Krekel", "Egel", "Ganzen", "Bever", "Hommel", "Karper", "Vossen", "Reiger",
    "Mussen", "Salie", "Munt", "Tijm", "Venkel", "Kervel", "Hop", "Vlas", "Klaproos",
)  # fmt: skip
_ENDINGS = ("hof", "tuin", "werf")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Homes:
    """The stock with the names its complexes and dwellings go by.

    Parameters
    ----------
    stock, day
        The hidden stock, and the day the portfolio speaks of.
    """

    stock: Stock
    day: date

    @cached_property
    def complexes(self) -> tuple[str, ...]:
        """Ids of the complexes: two letters of the owner and a number."""
        seen = [0, 0]
        ids = []
        for second in self.stock.second:
            seen[int(second)] += 1
            ids.append(f"{OWNERS[int(second)][:2].upper()}{seen[int(second)]:04d}")
        return tuple(ids)

    @cached_property
    def dwellings(self) -> tuple[str, ...]:
        """Ids of the dwellings: that of the complex and a house number."""
        ids = self.complexes
        return tuple(
            f"{ids[each]}-{number + 1:03d}"
            for each, number in zip(
                self.stock.complex.tolist(), self.stock.number.tolist(), strict=True
            )
        )

    @cached_property
    def stairwells(self) -> tuple[str | None, ...]:
        """Stairwell per dwelling: A, B … Z, AA …, or None."""
        return tuple(stairwell_name(each) for each in self.stock.stairwell.tolist())

    def scope(self, index: int, stairwell: int = -1) -> Scope:
        """Return the scope of a complex, or of one of its stairwells."""
        name = stairwell_name(stairwell)
        if name is None:
            return Scope(ScopeKind.COMPLEX, self.complexes[index])
        return Scope(ScopeKind.STAIRWELL, f"{self.complexes[index]}/{name}")

    def told(self, ordinal: int, lag: int = 0) -> datetime:
        """Return the moment at which something of a day was recorded, never after the day."""
        told = min(date.fromordinal(int(ordinal)) + timedelta(days=int(lag)), self.day)
        return datetime.combine(told, time(9), tzinfo=UTC)


def stairwell_name(number: int) -> str | None:
    """Return the letters of a stairwell; None for −1.

    >>> [stairwell_name(each) for each in (-1, 0, 25, 26)]
    [None, 'A', 'Z', 'AA']
    """
    if number < 0:
        return None
    tail = _LETTERS[number % 26]
    return tail if number < 26 else _LETTERS[number // 26 - 1] + tail


def areas(homes: Homes) -> tuple[Area, ...]:
    """Return the municipality, the districts and the neighbourhoods that hold a complex."""
    places = homes.stock.places
    used = [places[index] for index in np.unique(homes.stock.place)]
    code, name = MUNICIPALITY
    districts = {each.district_code: each.district for each in used}
    return (
        Area(code=code, kind=ScopeKind.MUNICIPALITY, name=name, year=_DIVISION),
        *(
            Area(code=each, kind=ScopeKind.DISTRICT, name=title, parent=code, year=_DIVISION)
            for each, title in sorted(districts.items())
        ),
        *(
            Area(
                code=each.code,
                kind=ScopeKind.NEIGHBOURHOOD,
                name=each.name,
                parent=each.district_code,
                year=_DIVISION,
                dwellings=each.dwellings,
            )
            for each in used
        ),
    )


def complexes(rng: np.random.Generator, homes: Homes) -> tuple[Complex, ...]:
    """Return the complexes, each somewhere near the middle of its neighbourhood."""
    stock = homes.stock
    names = _names(rng, stock.size.size)
    angle = rng.random(stock.size.size) * 2 * math.pi
    away = 0.6 * np.sqrt(rng.random(stock.size.size))
    rows = []
    for index, (id_, name) in enumerate(zip(homes.complexes, names, strict=True)):
        place = stock.places[stock.place[index]]
        north = place.radius * away[index] * math.sin(angle[index]) / 111_320
        east = place.radius * away[index] * math.cos(angle[index]) / 67_800
        rows.append(
            Complex(
                id=id_,
                name=name,
                neighbourhood=place.code,
                owner=OWNERS[int(stock.second[index])],
                lat=round(place.lat + float(north), 5),
                lon=round(place.lon + float(east), 5),
                magic_mix=index == stock.magic_mix,
            )
        )
    return tuple(rows)


def _names(rng: np.random.Generator, count: int) -> list[str]:
    """Invent names: De Kompashof, De Zilvertuin …, numbered when they run out."""
    plain = [f"De {stem}{ending}" for ending in _ENDINGS for stem in _STEMS]
    out: list[str] = []
    while len(out) < count:
        again = len(out) // len(plain) + 1
        order = rng.permutation(len(_STEMS))
        for start in range(0, len(plain), len(_STEMS)):
            part = [plain[start + index] for index in order]
            out += part if again == 1 else [f"{name} {again}" for name in part]
    return out[:count]


def dwellings(
    rng: np.random.Generator, homes: Homes, complexes: tuple[Complex, ...]
) -> tuple[Dwelling, ...]:
    """Return the dwellings. No BAG number: an invented one could be somebody's home."""
    stock = homes.stock
    size = stock.complex.size
    flat = (stock.doors > 0) | (stock.size >= 40)
    floors = np.where(flat, np.clip(stock.size // 12, 2, 9), 1)
    floor = np.where(flat[stock.complex], stock.number % floors[stock.complex], 0)
    rooms = rng.choice((2, 3, 4, 5), size, p=(0.22, 0.42, 0.27, 0.09))
    lift = (rng.random(stock.size.size) < 0.5) & (stock.built > 1980)
    accessible = (floor == 0) & flat[stock.complex] | lift[stock.complex]
    cents = 46_000 + 6_500 * rooms + 450 * np.clip(stock.built - 1950, 0, 70)[stock.complex]
    cents += rng.integers(-3_000, 3_000, size)
    out = rng.integers(0, 3, size)
    reasons = (OutReason.TEMPORARY, OutReason.ANTI_SQUAT, OutReason.SOLD)
    streets = [each.name.removeprefix("De ") for each in complexes]
    columns = (stock.complex, stock.number, floor, rooms, cents, accessible, stock.in_base, out)
    return tuple(
        Dwelling(
            id=id_,
            complex=homes.complexes[where],
            address=f"{streets[where]} {number + 1}",
            stairwell=stairwell,
            floor=storey,
            rooms=room,
            rent=Decimal(cent).scaleb(-2),
            accessible=reachable,
            in_base=counts,
            out_reason=None if counts else reasons[why],
        )
        for id_, stairwell, (where, number, storey, room, cent, reachable, counts, why) in zip(
            homes.dwellings,
            homes.stairwells,
            zip(*(column.tolist() for column in columns), strict=True),
            strict=True,
        )
    )


def tenancy_id(household: int) -> str:
    """Return the id of a household's lease."""
    return f"T{household:07d}"


def leases(rng: np.random.Generator, homes: Homes, lives: Lives, notice: Ints) -> Iterator[Tenancy]:
    """Tell every lease as it was recorded: the start, sometimes wrong at first, then the end.

    `notice` holds per household the day it gave notice [d], `OPEN` when it didn't by the day.
    """
    day = homes.day.toordinal()
    count = lives.dwelling.size
    lag = np.minimum(rng.geometric(0.25, count) - 1, 21)
    late = rng.random(count) < 0.02
    lag = np.where(late, lag + rng.integers(20, 90, count), lag)
    slips = np.where(rng.random(count) < 0.02, rng.integers(1, 15, count), 0)
    wait = rng.integers(1, 4, count)
    columns = (lives.dwelling, lives.start, lives.end, notice, lag, slips, wait)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for household, (dwelling, start, end, gave, behind, slip, later) in enumerate(rows):
        if start > day:
            continue
        told = homes.told(start, behind)
        first = Tenancy(
            id=tenancy_id(household),
            dwelling=homes.dwellings[dwelling],
            start=date.fromordinal(start),
            lease_kind=LeaseKind.OPEN_ENDED
            if homes.stock.in_base[dwelling]
            else LeaseKind.FIXED_TERM,
            recorded_at=told,
        )
        yield from _history(homes, first, end if gave <= day else OPEN, gave + later, slip)


def _history(homes: Homes, lease: Tenancy, end: int, told: int, slip: int) -> Iterator[Tenancy]:
    """Yield what was recorded of one lease, oldest first."""

    def changed(start: date, end: date | None, moment: datetime | None) -> Tenancy:
        return Tenancy(
            id=lease.id,
            dwelling=lease.dwelling,
            start=start,
            end=end,
            lease_kind=lease.lease_kind,
            recorded_at=moment,
        )

    first = lease.recorded_at or homes.told(lease.start.toordinal())
    put_right = homes.told(first.date().toordinal(), 40)
    slipped = slip > 0 and first < put_right
    rows = [changed(lease.start + timedelta(days=slip), None, first) if slipped else lease]
    if slipped:
        rows.append(changed(lease.start, None, put_right))
    if end < OPEN:
        ended = max(homes.told(told), put_right if slipped else first)
        rows.append(changed(lease.start, date.fromordinal(end), ended))
    for row, following in zip(rows, [*rows, None][1:], strict=True):
        if following is None or following.recorded_at != row.recorded_at:
            yield row  # of two words at one moment only the last was ever known
