"""What is really so in a made-up town: places, homes, and the households nobody sees.

The places are Zwolle's (`places.csv`: public figures, typed as facts); every complex, home and
household is invented. Households arrive, change category while they stay and leave, month by
month, from one numpy Generator. The modules beside this one tell that world as a portfolio; the
truth stays behind to test against.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

CATEGORIES = ("attention", "regular", "carrier")
ATTENTION, REGULAR, CARRIER = range(3)
OPEN = np.iinfo(np.int64).max  # the end of a spell that lasts
SMALLEST, LARGEST = 8, 300  # homes of a complex [dwellings]
SECOND_PLACES = ("BU01931310", "BU01931340")  # where the second association has its homes

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A real neighbourhood with its public figures; see the head of `places.csv` for sources.

    Parameters
    ----------
    code, name, district_code, district
        CBS names and codes of 2014.
    dwellings
        All dwellings, whoever owns them [dwellings].
    low_income_2018, low_income_2021
        Households under 105 % of the social minimum [%]; None where the source has none.
    buildings, built_1961_1980
        Buildings, and those of 1961 to 1980 [buildings].
    lat, lon, radius
        Centre [degrees] and equal-area radius [m] of the outline.
    """

    code: str
    name: str
    district_code: str
    district: str
    dwellings: int
    low_income_2018: int | None
    low_income_2021: int | None
    buildings: int
    built_1961_1980: int
    lat: float
    lon: float
    radius: int

    @property
    def is_new(self) -> bool:
        """Whether the neighbourhood was still to be built in 2018."""
        return self.low_income_2018 is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A channel as it really works: how often it is used and whom it brings."""

    id: str
    weight: float
    shares: tuple[float, float, float]


WAYS = (
    Way(id="ordinary", weight=0.50, shares=(0.30, 0.55, 0.15)),
    Way(id="motivation", weight=0.06, shares=(0.15, 0.40, 0.45)),
    Way(id="mediation", weight=0.22, shares=(0.80, 0.17, 0.03)),
    Way(id="landing", weight=0.06, shares=(1.0, 0.0, 0.0)),
    Way(id="co_optation", weight=0.03, shares=(0.20, 0.55, 0.25)),
    Way(id="social_rules", weight=0.13, shares=(0.25, 0.55, 0.20)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How the made-up households come, change and go; illustrative, not measured.

    Parameters
    ----------
    turnover, turnover_shape
        Mean part of the homes that comes free [1/yr] and the shape of its spread over complexes.
    leaving
        Departure relative to that mean, per category.
    drift
        (3, 3) yearly rates [1/yr] at which households change category while they stay.
    stayers
        Part of the households that never changes; the others change faster, so the mean stays.
    attention, attention_slope, attention_spread
        Mean share; how it follows a neighbourhood's low incomes (per standard deviation); its
        standard deviation between complexes of like neighbourhoods.
    carrier, carrier_slope, carrier_spread
        The same for active neighbours.
    gap
        Mean time between two households [days].
    years
        Length of the history before the day [yr].
    """

    turnover: float = 0.06
    turnover_shape: float = 6.0
    leaving: tuple[float, float, float] = (0.95, 1.0, 1.2)
    drift: tuple[tuple[float, float, float], ...] = (
        (0.0, 0.035, 0.002),
        (0.014, 0.0, 0.006),
        (0.004, 0.016, 0.0),
    )
    stayers: float = 0.4
    attention: float = 0.33
    attention_slope: float = 0.075
    attention_spread: float = 0.085
    carrier: float = 0.15
    carrier_slope: float = -0.02
    carrier_spread: float = 0.05
    gap: float = 17.0
    years: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The homes: arrays per complex (C,) and per dwelling (N,).

    Parameters
    ----------
    places
        The neighbourhoods; `place` points into it.
    place, size, second, built, doors
        Per complex: its place, homes [dwellings], whether the second association owns it, year
        of building, homes per stairwell (0 without stairwells) [dwellings].
    mix
        (C, 3) shares a complex tends to.
    turnover
        (C,) part that comes free [1/yr].
    complex, number, stairwell, in_base
        Per dwelling: its complex, its place in the row there from 0, its stairwell (−1 without),
        whether it counts.
    fill_up, magic_mix, capped, grouped
        Complexes with a part to play: new-build, Magic Mix, a cap per stairwell, judged per
        group of stairwells.
    """

    places: tuple[Place, ...]
    place: Ints
    size: Ints
    second: Flags
    built: Ints
    doors: Ints
    mix: Floats
    turnover: Floats
    complex: Ints
    number: Ints
    stairwell: Ints
    in_base: Flags
    fill_up: int
    magic_mix: int
    capped: int
    grouped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """The households: arrays per household (H,) and per spell of one category (S,).

    Days are proleptic ordinals [d]; an end is exclusive and `OPEN` when it lasts.

    Parameters
    ----------
    dwelling, start, end, way
        Per household: where, from, to, and the index into `WAYS` (−1: lived there from the start).
    spell_household, spell_category, spell_start, spell_end
        Per spell of one category.
    """

    dwelling: Ints
    start: Ints
    end: Ints
    way: Ints
    spell_household: Ints
    spell_category: Ints
    spell_start: Ints
    spell_end: Ints


@lru_cache(maxsize=1)
def read_places() -> tuple[Place, ...]:
    """Return the neighbourhoods of `places.csv`, in order of code."""
    text = resources.files("mixwijzer.exchange").joinpath("places.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(_place(row) for row in rows)


def _place(row: dict[str, str]) -> Place:
    def whole(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    return Place(
        code=row["code"],
        name=row["name"],
        district_code=row["district_code"],
        district=row["district"],
        dwellings=int(row["dwellings"]),
        low_income_2018=whole("low_income_2018"),
        low_income_2021=whole("low_income_2021"),
        buildings=int(row["buildings"]),
        built_1961_1980=int(row["built_1961_1980"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        radius=int(row["radius"]),
    )


# --- the homes


def build(rng: np.random.Generator, homes: int, rates: Rates) -> Stock:
    """Draw complexes and homes over the places."""
    places = read_places()
    per_place = _homes_per_place(rng, places, homes)
    sizes = [_complex_sizes(rng, int(part)) for part in per_place]
    place = np.repeat(np.arange(len(places)), [len(part) for part in sizes])
    size = np.concatenate(sizes)
    era = np.array([each.built_1961_1980 / each.buildings for each in places])[place]
    built = _building_years(rng, era, np.array([each.is_new for each in places])[place])
    doors = np.where(rng.random(size.size) < 0.25 + 0.6 * era, rng.choice((6, 8, 12), size.size), 0)
    doors = np.where((built < 2015) & (size >= 2 * doors), doors, 0)
    second = np.isin([each.code for each in places], SECOND_PLACES)[place]
    parts = _parts_to_play(size, built, doors, second)
    mix = _mixes(rng, places, place, size, rates)
    mix[parts["magic_mix"]] = (0.48, 0.27, 0.25)
    number = np.concatenate([np.arange(each) for each in size])
    complexes = np.repeat(np.arange(size.size), size)
    outside = (rng.random(number.size) < 0.01) & (complexes != parts["fill_up"])
    return Stock(
        places=places,
        place=place,
        size=size,
        second=second,
        built=built,
        doors=doors,
        mix=mix,
        turnover=rates.turnover
        * rng.gamma(rates.turnover_shape, 1 / rates.turnover_shape, size.size),
        complex=complexes,
        number=number,
        stairwell=_stairwells(number, complexes, size, doors),
        in_base=~outside,
        **parts,
    )


def _stairwells(number: Ints, complexes: Ints, size: Ints, doors: Ints) -> Ints:
    """Return the stairwell per home; what is left over joins the last, so none is too small."""
    per = np.maximum(doors, 1)[complexes]
    last = np.maximum(size // np.maximum(doors, 1), 1)[complexes] - 1
    return np.where(doors[complexes] > 0, np.minimum(number // per, last), -1)


def _low_income(places: tuple[Place, ...]) -> Floats:
    """Share of low incomes per place [%], the latest known; where there is none, the median."""
    known = [each.low_income_2021 for each in places]
    middle = float(np.median([each for each in known if each is not None]))
    return np.array([middle if each is None else each for each in known], dtype=float)


def _homes_per_place(rng: np.random.Generator, places: tuple[Place, ...], homes: int) -> Ints:
    """Divide the homes: what an association owns somewhere is not public here, so it is drawn.

    More where there are more dwellings, more low incomes and more of 1961 to 1980.
    """
    income = _low_income(places)
    era = np.array([each.built_1961_1980 / each.buildings for each in places])
    pull = 1 / (1 + np.exp(2.0 - 0.12 * income - 1.2 * era))
    weight = np.array([each.dwellings for each in places]) ** 0.7 * pull
    weight = weight * rng.gamma(8, 1 / 8, len(places))
    wanted = homes * weight / weight.sum()
    keep = wanted >= SMALLEST
    keep |= np.isin([each.code for each in places], SECOND_PLACES)
    wanted = np.where(keep, np.maximum(wanted, SMALLEST), 0)
    share: Ints = np.floor(wanted * homes / wanted.sum()).astype(np.int64)
    share[int(np.argmax(share))] += homes - int(share.sum())
    return share


def _complex_sizes(rng: np.random.Generator, homes: int) -> Ints:
    """Split the homes of a place into complexes: log-normal around 30, from 8 to 300."""
    sizes: list[int] = []
    left = homes
    while left > 0:
        drawn = int(np.clip(round(float(rng.lognormal(np.log(30), 0.8))), SMALLEST, LARGEST))
        if left - drawn < SMALLEST:
            drawn = left
        sizes.append(drawn)
        left -= drawn
    return np.array(sizes, dtype=np.int64)


def _building_years(rng: np.random.Generator, era: Floats, new: Flags) -> Ints:
    sixties = rng.integers(1961, 1981, era.size)
    other = rng.choice((1925, 1938, 1949, 1956, 1984, 1991, 1999, 2006, 2012), era.size)
    year = np.where(rng.random(era.size) < era, sixties, other)
    return np.where(new, rng.integers(2019, 2024, era.size), year).astype(np.int64)


def _parts_to_play(size: Ints, built: Ints, doors: Ints, second: Flags) -> dict[str, int]:
    """Choose the complexes with a part to play, each another one, by plain criteria."""
    free = ~second

    def take(cost: Floats) -> int:
        chosen = int(np.argmin(np.where(free, cost, np.inf)))
        free[chosen] = False
        return chosen

    grouped = take(np.where(doors == 12, -size, 0.0) - 0.001 * size)
    doors[grouped] = 12
    capped = take(np.abs(size - 40) + 500.0 * (doors != 8))
    doors[capped] = 8
    fill_up = take(np.abs(size - 36) + 500.0 * (built < 2015))
    doors[fill_up] = 0
    return {
        "grouped": grouped,
        "capped": capped,
        "fill_up": fill_up,
        "magic_mix": take(np.abs(size - 56.0)),
    }


def _mixes(
    rng: np.random.Generator, places: tuple[Place, ...], place: Ints, size: Ints, rates: Rates
) -> Floats:
    """Draw the shares that each complex tends to: Beta around a line in the low incomes."""
    income = _low_income(places)[place]
    centre = np.average(income, weights=size)
    spread = np.sqrt(np.average((income - centre) ** 2, weights=size))
    z = np.clip((income - centre) / spread, -1.6, 2.2)
    mean = np.clip(rates.attention + rates.attention_slope * z, 0.12, 0.6)
    attention = _beta(rng, mean, rates.attention_spread)
    mean = np.clip(rates.carrier + rates.carrier_slope * z, 0.06, 0.3)
    carrier = np.minimum(_beta(rng, mean, rates.carrier_spread), 0.9 - attention)
    return np.stack([attention, 1 - attention - carrier, carrier], axis=1)


def _beta(rng: np.random.Generator, mean: Floats, spread: float) -> Floats:
    strength = mean * (1 - mean) / spread**2 - 1
    return np.clip(rng.beta(mean * strength, (1 - mean) * strength), 0.03, 0.75)


# --- the households


def live(rng: np.random.Generator, stock: Stock, day: date, rates: Rates) -> Lives:
    """Let households live in the stock for some years up to two months after `day`.

    Month by month: who is due moves in, who is there may leave or change category. What happens
    after `day` is there so that a notice given before it has its departure.
    """
    months = [_month(day, back) for back in range(-12 * rates.years, 3)]
    street = _Street(rng, stock, rates, months[0], day)
    for first, following in pairwise(months):
        street.arrive(following)
        street.pass_month(first, following)
    return street.lives()


def _month(day: date, later: int) -> int:
    """Ordinal of the first of the month, `later` months after that of `day` [d]."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1).toordinal()


def _intake(stock: Stock, rates: Rates) -> Floats:
    """Return (C, 3) the shares of newcomers that keep each complex near its mix, if any do.

    In balance Σ_l q_lj x_l + μ u_j = (Σ_l q_jl + μ_j) x_j; a solution outside 0–1 is clipped, so
    the far ends of the town come back slowly, as real places do.
    """
    drift = np.array(rates.drift)
    out = drift.sum(axis=1) * stock.mix
    back = stock.mix @ drift
    leaving = stock.mix * np.array(rates.leaving) * stock.turnover[:, None]
    wanted: Floats = np.clip((out - back + leaving) / leaving.sum(axis=1, keepdims=True), 0.02, 0.9)
    shares: Floats = wanted / wanted.sum(axis=1, keepdims=True)
    return shares


@dataclass(slots=True)
class _Street:
    """Everybody at once: one array cell per dwelling, one row per household that ever lived."""

    rng: np.random.Generator
    stock: Stock
    rates: Rates
    first: int
    day: date
    category: Ints = field(init=False)
    household: Ints = field(init=False)  # −1 in an empty home
    since: Ints = field(init=False)  # start of the present spell of one category
    due: Ints = field(init=False)  # when the next household comes
    stayer: Flags = field(init=False)
    intake: Floats = field(init=False)
    rows: dict[str, list[Ints]] = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        homes = self.stock.complex.size
        names = ("dwelling", "start", "way", "ended", "end")
        spells = ("spell_household", "spell_category", "spell_start", "spell_end")
        self.rows = {name: [] for name in (*names, *spells)}
        self.intake = _intake(self.stock, self.rates)
        self.household = np.full(homes, -1)
        self.category, self.since = np.zeros(homes, np.int64), np.zeros(homes, np.int64)
        self.stayer = np.zeros(homes, bool)
        self.due = np.full(homes, OPEN)
        self._settle()

    def _settle(self) -> None:
        """Fill the town at the start; the new-build waits until shortly before the day."""
        new = self.stock.complex == self.stock.fill_up
        there = np.flatnonzero(~new)
        shares = self.stock.mix[self.stock.complex[there]]
        lived = self.rng.exponential(9 * 365, there.size).astype(np.int64)
        built = np.array([date(int(year), 7, 1).toordinal() for year in self.stock.built])
        start = np.maximum(
            self.first - 1 - lived, np.minimum(built[self.stock.complex[there]], self.first - 1)
        )
        self._enter(there, start, self._draw(shares), np.full(there.size, -1))
        waits = np.flatnonzero(new)
        keys = self.day.toordinal() - 62 + self.rng.integers(0, 112, waits.size)
        self.due[waits] = np.sort(keys)

    def _draw(self, shares: Floats) -> Ints:
        """Draw a category per row of shares (n, 3)."""
        u = self.rng.random(len(shares))
        return np.asarray((u[:, None] >= np.cumsum(shares, axis=1)[:, :2]).sum(axis=1), np.int64)

    def _enter(self, homes: Ints, start: Ints, category: Ints, way: Ints) -> None:
        self.household[homes] = self.count + np.arange(homes.size)
        self.count += homes.size
        self.category[homes], self.since[homes] = category, start
        self.stayer[homes] = self.rng.random(homes.size) < self.rates.stayers
        self.due[homes] = OPEN
        self.rows["dwelling"].append(homes)
        self.rows["start"].append(start)
        self.rows["way"].append(way)

    def arrive(self, before: int) -> None:
        """Let everybody in who is due before a day."""
        homes = np.flatnonzero(self.due < before)
        category = self._draw(self.intake[self.stock.complex[homes]])
        odds = np.array([[way.weight * share for share in way.shares] for way in WAYS])
        ways = np.cumsum(odds / odds.sum(axis=0), axis=0)[:, category]
        way = (self.rng.random(homes.size) >= ways[:-1]).sum(axis=0)
        self._enter(homes, self.due[homes].copy(), category, way)

    def pass_month(self, first: int, following: int) -> None:
        """Let who was there on the first leave or change category in the month."""
        there = np.flatnonzero((self.household >= 0) & (self.since < first))
        day = first + self.rng.integers(0, following - first, there.size)
        where, now = self.stock.complex[there], self.category[there]
        rate = self.stock.turnover[where] * np.array(self.rates.leaving)[now]
        leaves = self.rng.random(there.size) < rate / 12
        u = self.rng.random(there.size)
        self._leave(there[leaves], day[leaves])
        self._change(there[~leaves], day[~leaves], u[~leaves])

    def _change(self, homes: Ints, day: Ints, u: Floats) -> None:
        faster = np.where(self.stayer[homes], 0.0, 1 / (1 - self.rates.stayers))
        steps = np.cumsum(np.array(self.rates.drift)[self.category[homes]] / 12, axis=1)
        goal = (u[:, None] >= steps * faster[:, None]).sum(axis=1)
        moves = goal < 3
        homes, day, goal = homes[moves], day[moves], goal[moves]
        self._close_spells(homes, day)
        self.category[homes], self.since[homes] = goal, day

    def _leave(self, homes: Ints, day: Ints) -> None:
        self._close_spells(homes, day)
        self.rows["ended"].append(self.household[homes])
        self.rows["end"].append(day)
        gap = 1 + np.minimum(self.rng.geometric(1 / self.rates.gap, homes.size), 90)
        self.household[homes] = -1
        self.due[homes] = day + gap

    def _close_spells(self, homes: Ints, day: Ints) -> None:
        self.rows["spell_household"].append(self.household[homes])
        self.rows["spell_category"].append(self.category[homes])
        self.rows["spell_start"].append(self.since[homes].copy())
        self.rows["spell_end"].append(day)

    def lives(self) -> Lives:
        """Return everybody's life, those who are still there included."""
        there = np.flatnonzero(self.household >= 0)
        self._close_spells(there, np.full(there.size, OPEN))
        rows = {name: np.concatenate(parts) for name, parts in self.rows.items()}
        end = np.full(self.count, OPEN)
        end[rows.pop("ended")] = rows.pop("end")
        return Lives(end=end, **rows)
