"""Which figure is in force on a day, with which standing, from which source?

A norm is data: law, agreement, aim or assumption, each value with its dates, source and quote.
An expired value refuses to be used: it raises, it is never silently carried on. `Assumptions`
gathers, once per day, the figures that the account and the advice need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, cast

from mixwijzer.engine.errors import NormError

__all__ = ["Assumptions", "Figure", "Norm", "NormValue", "Norms", "Scheme", "Standing"]

Figure: TypeAlias = "Decimal | int | str | bool | tuple[Figure, ...] | Mapping[str, Figure]"


class Standing(StrEnum):
    """How hard a norm is. An assumption is never shown as law."""

    LAW = "law"
    AGREEMENT = "agreement"
    AIM = "aim"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormValue:
    """One dated value: in force from `start` up to but not including `end`."""

    value: Figure
    start: date
    end: date | None = None
    source: str
    quote: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A named figure with its unit, standing and dated values, oldest first.

    `title` holds the name per language code.
    """

    key: str
    unit: str
    standing: Standing
    values: tuple[NormValue, ...]
    title: Mapping[str, str]

    def on(self, day: date) -> NormValue:
        """Return the value in force on `day`.

        Raises
        ------
        NormError
            `norm_not_yet` before the first value, `norm_expired` after the last one's end.
        """
        for value in reversed(self.values):
            if value.start <= day and (value.end is None or day < value.end):
                return value
        ended = [value.end for value in self.values if value.end and value.end <= day]
        if ended:
            raise NormError(
                "norm_expired", self.key, end=max(ended).isoformat(), day=day.isoformat()
            )
        first = min(value.start for value in self.values)
        raise NormError("norm_not_yet", self.key, start=first.isoformat(), day=day.isoformat())

    def without(self, start: date, end: date) -> date | None:
        """Return the first day of a period without a value in force; None where each has one.

        Parameters
        ----------
        start, end
            First day, and the day after the last.
        """
        day = start
        while day < end:
            held = [each for each in self.values if each.start <= day]
            until = [each.end for each in held if each.end is None or day < each.end]
            if not until:
                return day
            if None in until:
                return None
            day = max(each for each in until if each)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms(Mapping[str, Norm]):
    """All norms of one normset, by key; `name` goes into every result."""

    name: str
    book: Mapping[str, Norm]

    def __getitem__(self, key: str) -> Norm:
        try:
            return self.book[key]
        except KeyError:
            raise NormError("norm_missing", key) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.book)

    def __len__(self) -> int:
        return len(self.book)

    def value(self, key: str, day: date) -> Figure:
        """Return the figure of a norm in force on a day; raises NormError when there is none."""
        return self[key].on(day).value

    def number(self, key: str, day: date) -> float:
        """Return a single number as a float."""
        return float(cast("Decimal", self.value(key, day)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One way of looking at households: an ordered set of 2 to 8 categories.

    Parameters
    ----------
    name
        `role` by default; Magic Mix projects bring their own.
    categories
        Codes, in order; shares and counts follow it.
    ordinary
        The category that is never refused.
    prior_mean
        Expected share per category, summing to 1.
    prior_strength
        Pseudo-households s behind that mean, 2 to 40 [households].
    drift
        (K, K) yearly rates [1/yr] off the diagonal, the diagonal zero.
    confusion
        (K, K) chance of label l (column) given true category j (row).
    """

    name: str
    categories: tuple[str, ...]
    ordinary: str
    prior_mean: tuple[float, ...]
    prior_strength: float
    drift: tuple[tuple[float, ...], ...]
    confusion: tuple[tuple[float, ...], ...]

    def index(self, category: str) -> int:
        """Position of a category in the scheme's order."""
        return self.categories.index(category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """The figures behind account and advice on one day (ENGINE §3b).

    Parameters
    ----------
    hit_rate
        Part of people's lowest-highest ranges that hold the truth.
    epsilon
        Floor under the likelihood of a judgement.
    old_weight, prior_weight
        Powers of the drifted account and of the prior in a judge's new round.
    part_factor
        Widening of a range given by somebody who knows a part of the households.
    no_room_at, room_from
        Chance at or below which there is no room; at or above which there is.
    smallest_base
        Dwellings from which a scope has a band of its own [dwellings].
    fill_up_under_bp
        Occupation under which a fill-up plan is at work [basis points].
    small_difference
        Expected households out of band that don't tell two channels apart [households].
    most_changes
        Largest number of changes that is still advice [households].
    valid_days
        Longest validity of an advice [days].
    smallest_group
        Smallest group of stairwells that may be judged [dwellings].
    wait_weeks
        Term within which room elsewhere must be found [weeks].
    schemes
        Schemes by name, each with prior, drift and confusion.
    like_for_like
        Whether a leaver of the same category lifts a band.
    """

    hit_rate: float
    epsilon: float
    old_weight: float
    prior_weight: float
    part_factor: float
    no_room_at: float
    room_from: float
    smallest_base: int
    fill_up_under_bp: int
    small_difference: float
    most_changes: int
    valid_days: int
    smallest_group: int
    wait_weeks: int
    schemes: Mapping[str, Scheme]
    like_for_like: bool

    @classmethod
    def on(cls, norms: Norms, day: date) -> Assumptions:
        """Read every figure from the norms in force on `day`.

        Raises
        ------
        NormError
            When one is missing or expired; none is filled in silently.
        """
        return cls(
            hit_rate=norms.number("account.hit_rate", day),
            epsilon=norms.number("account.epsilon", day),
            old_weight=norms.number("account.old_weight", day),
            prior_weight=norms.number("account.prior_weight", day),
            part_factor=norms.number("account.part_factor", day),
            no_room_at=norms.number("advice.no_room_at", day),
            room_from=norms.number("advice.room_from", day),
            smallest_base=int(norms.number("advice.smallest_base", day)),
            fill_up_under_bp=int(norms.number("advice.fill_up_under_bp", day)),
            small_difference=norms.number("advice.small_difference", day),
            most_changes=int(norms.number("advice.most_changes", day)),
            valid_days=int(norms.number("advice.valid_days", day)),
            smallest_group=int(norms.number("account.smallest_group", day)),
            wait_weeks=int(norms.number("advice.wait_weeks", day)),
            like_for_like=bool(norms.value("advice.like_for_like", day)),
            schemes={
                name: _scheme(name, norms, day)
                for name in cast("tuple[str, ...]", norms.value("mix.schemes", day))
            },
        )


def _scheme(name: str, norms: Norms, day: date) -> Scheme:
    """Read one scheme: `mix.scheme.<name>` is a mapping with all its parts."""
    raw = cast("Mapping[str, Figure]", norms.value(f"mix.scheme.{name}", day))
    return Scheme(
        name=name,
        categories=cast("tuple[str, ...]", raw["categories"]),
        ordinary=str(raw["ordinary"]),
        prior_mean=_row(raw["prior_mean"]),
        prior_strength=float(cast("Decimal", raw["prior_strength"])),
        drift=_square(raw["drift"]),
        confusion=_square(raw["confusion"]),
    )


def _row(figures: Figure) -> tuple[float, ...]:
    return tuple(float(cast("Decimal", figure)) for figure in cast("tuple[Figure, ...]", figures))


def _square(figures: Figure) -> tuple[tuple[float, ...], ...]:
    return tuple(_row(row) for row in cast("tuple[Figure, ...]", figures))
