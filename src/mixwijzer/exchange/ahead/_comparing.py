"""Which way of giving homes keeps the mix and meets the promises, as figures, run by run?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.regimes import (
    BLOCK,
    Comparison,
    Over,
    Partial,
    Plan,
    Regime,
    Scenario,
    partials,
    seconds_of,
)
from mixwijzer.exchange.ahead._looking import Looking, OwnRates
from mixwijzer.exchange.inquiry import Inquiry

REGIMES = ("waiting_list", "free_room", "experiment", "score")
YEARS, RUNS, SEED = 10, 512, 1
WAITED, TO_LET, AGAIN = "letting.waited", "letting.days_to_let", "letting.days_again"
_WEEKS = 7 * 12 / 365.25  # in months
_DAYS = 365.25 / 12

Saved = dict[str, Partial]  # by owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which regimes are compared, and what is supposed of the years to come.

    Parameters
    ----------
    regimes
        Names of built-in ones, or regimes of one's own; the first is the reference.
    years, runs, seed
        How far, how often, from which chance.
    turnover, intake, arrivals
        As in `Scenario`.
    ends
        The day on which the experiment ends; from then on what the law leaves free is steered.
    rates
        Of one's own, see `Looking`.
    """

    regimes: tuple[str | Regime, ...] = REGIMES
    years: int = YEARS
    runs: int = RUNS
    seed: int = SEED
    turnover: float = 1.0
    intake: tuple[float, ...] | None = None
    arrivals: tuple[float, ...] | None = None
    ends: date | None = None
    rates: OwnRates = None

    @property
    def blocks(self) -> int:
        """How many blocks of runs are drawn; the last one is whole too."""
        return -(-self.runs // BLOCK)

    def seconds(self, complexes: int, homes: int) -> float:
        """Return about how long it takes of so many [s]; `RegimeError` where that is for hours."""
        return seconds_of(complexes, homes, self.years, self.runs, len(self.regimes))

    def found(self, inquiry: Inquiry) -> tuple[Regime, ...]:
        """Return the regimes; `RegimeError` `regime_missing` with the names that are known."""
        known = Regime.built_in(inquiry.norms, inquiry.day)
        for each in self.regimes:
            if isinstance(each, str) and each not in known:
                raise RegimeError("regime_missing", each, known=", ".join(known))
        return tuple(known[each] if isinstance(each, str) else each for each in self.regimes)

    def scenario(self, looking: Looking) -> Scenario:
        """Return what is supposed, with what the norms say of waiting and of empty homes."""
        day, norms = looking.inquiry.day, looking.inquiry.norms
        months = None if self.ends is None else round((self.ends - day).days / _DAYS)
        return Scenario(
            turnover=self.turnover,
            intake=self.intake,
            arrivals=self.arrivals,
            waited=norms.number(WAITED, day) * _WEEKS,
            ends=None if months is None else max(months, 0),
            left=looking.ordinary_regime,
            days_to_let=norms.number(TO_LET, day),
            days_again=norms.number(AGAIN, day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison says of one owner's homes; `assumed`: rates rest on assumptions."""

    owner: str
    comparison: Comparison
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A comparison made ready: one plan per owner, drawn in chunks that can be saved.

    Parameters
    ----------
    choice
        What is asked.
    plans, assumed
        By owner: the plan, and whether its rates rest on assumptions.
    """

    choice: Choice
    plans: Mapping[str, Plan]
    assumed: Mapping[str, bool]

    @classmethod
    def of(cls, inquiry: Inquiry, choice: Choice) -> Contest:
        """Make ready; `RegimeError` as `Plan.of` and `Plan.seconds` raise it."""
        regimes = choice.found(inquiry)
        plans, assumed = {}, {}
        for owner in inquiry.owners:
            looking = Looking(inquiry=inquiry, owner=owner, own_rates=choice.rates)
            plans[owner] = Plan.of(
                inquiry.accounts(owner),
                looking.rates,
                regimes,
                scenario=choice.scenario(looking),
                years=choice.years,
                seed=choice.seed,
            )
            assumed[owner] = looking.assumed(tuple(looking.estimates))
        if not plans:
            raise RegimeError("no_homes", "portfolio")
        for plan in plans.values():
            plan.seconds(choice.runs)  # refuses what would take hours
        return cls(choice=choice, plans=plans, assumed=assumed)

    @property
    def seconds(self) -> float:
        """About how long the runs take one processor [s]."""
        return sum(plan.seconds(self.choice.runs) for plan in self.plans.values())

    @property
    def blocks(self) -> int:
        """How many blocks of 64 runs there are to draw."""
        return len(self.plans) * -(-self.choice.runs // 64)

    def drawn(self, saved: Saved, *, over: Over = map, at_once: int = 1) -> Iterator[Saved]:
        """Yield what there is after every block; `saved` is where it goes on from."""
        for owner, plan in self.plans.items():
            after = saved.get(owner)
            runs = self.choice.runs
            for part in partials(plan, runs, after=after, over=over, at_once=at_once):
                saved = {**saved, owner: part}
                yield saved

    def told(self, saved: Saved) -> tuple[Compared, ...]:
        """Return the comparison per owner of what was drawn."""
        return tuple(
            Compared(
                owner=owner,
                comparison=Comparison(plan=plan, partial=saved[owner]),
                assumed=self.assumed[owner],
            )
            for owner, plan in self.plans.items()
        )


def packed(saved: Saved) -> str:
    """Return what was drawn as text: whole numbers, so that no bit is lost."""
    return json.dumps(
        {
            owner: {
                "key": each.key,
                "first": each.first,
                "last": each.last,
                "sums": each.sums.tolist(),
                "products": each.products.tolist(),
            }
            for owner, each in saved.items()
        }
    )


def unpacked(text: str, name: str) -> Saved:
    """Return what was saved as text; `RegimeError` `partial_unreadable` where it is no such."""
    try:
        return {
            owner: Partial(
                key=str(each["key"]),
                first=int(each["first"]),
                last=int(each["last"]),
                sums=np.array(each["sums"], np.int64),
                products=np.array(each["products"], np.int64),
            )
            for owner, each in json.loads(text).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise RegimeError("partial_unreadable", name) from error


class Kept:
    """A file in which runs are kept while they are drawn, whole at every moment."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def read(self) -> Saved:
        """Return what there is; nothing where there is no file yet."""
        if self.path is None or not self.path.exists():
            return {}
        return unpacked(self.path.read_text(encoding="utf-8", errors="replace"), self.path.name)

    def written(self, drawn: Iterator[Saved]) -> Iterator[Saved]:
        """Write every part before it is shown: a new file takes the place of the old at once."""
        for saved in drawn:
            if self.path is not None:
                fresh = self.path.with_name(self.path.name + ".new")
                fresh.write_text(packed(saved), encoding="utf-8")
                fresh.replace(self.path)
            yield saved


def python_of(choice: Choice, source: str, day: date, given: Mapping[str, object]) -> str | None:
    """Return the Python text that repeats a comparison; its figures are the same bit by bit.

    `given` is what else was asked with (`known`, `norms`, `scheme`). None where something of one's
    own was asked with that isn't text: rates, a regime or norms.
    """
    own = [each for each in (*choice.regimes, *given.values()) if not isinstance(each, str | None)]
    if own or choice.rates is not None:
        return None
    named: dict[str, object] = {
        "regimes": choice.regimes,
        "years": choice.years,
        "runs": choice.runs,
        "seed": choice.seed,
        "turnover": choice.turnover,
        "intake": choice.intake,
        "arrivals": choice.arrivals,
        "ends": choice.ends.isoformat() if choice.ends else None,
        "day": day.isoformat(),
        **given,
    }
    usual = {"turnover": 1.0, **dict.fromkeys(("intake", "arrivals", "ends", *given))}
    lines = [
        f"    {name}={value!r},"
        for name, value in named.items()
        if name not in usual or value != usual[name]
    ]
    return "\n".join(
        ["import mixwijzer as mw", "", f"answer = mw.compare({source!r},", *lines, ")", ""]
    )


def measures(comparison: Comparison) -> Sequence[tuple[str, str, str, str]]:
    """Return of every measure: its name there, what it is, of which group, and its unit."""
    units = {
        "in_band": "share of complexes",
        "homes_in_band": "share of dwellings",
        "out_of_band": "households",
        "promises_kept": "chance",
        "days_vacant": "days",
        "met": "share",
        "let": "households",
        "passed": "households",
        "waiting": "months",
    }
    split = [(each, *each.partition(":")[::2]) for each in comparison.plan.measures]
    return [(name, what, of, units[what]) for name, what, of in split]
