"""What do the coming months bring to a complex or an area, as figures?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, isnan

import numpy as np

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import ForecastError, SteeringError
from mixwijzer.engine.forecast import Forecast, Limits, Outset, forecast
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.engine.steering import unkept
from mixwijzer.exchange.ahead._looking import Looking, OwnPolicy, OwnRates
from mixwijzer.exchange.inquiry import Inquiry

MONTHS = (0, 6, 12, 24)
RUNS, SEED = 2048, 1
_MOST_EXACT = 20_000  # mixes of a complex that are followed one by one when no method is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How ahead is looked.

    Parameters
    ----------
    months
        Which months after the day, rising from 0 or later.
    method
        `exact`, `sampled` or `fluid`; absent: exact up to 20,000 mixes, else sampled; with a supply
        always sampled.
    runs, seed
        Of a sample.
    rates, policy, steered
        Of one's own, see `Looking` and `Outset.all_of`.
    supply
        Households per category that can be had, in the scheme's order [1/yr], infinite where
        nothing limits them. All complexes of an owner share them; when they are used up, a home
        goes the ordinary way.
    """

    months: tuple[int, ...] = MONTHS
    method: str | None = None
    runs: int = RUNS
    seed: int = SEED
    rates: OwnRates = None
    policy: OwnPolicy = None
    steered: float | None = None
    supply: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAhead:
    """One category in one month [households]; chances of passing its limits.

    `mean_low` and `mean_high` are the means at the ends of what the rates may be, None where those
    are taken as known; ranges are None where only means are computed, limits where there are none.
    """

    category: str
    mean: float
    mean_low: float | None
    mean_high: float | None
    likely: tuple[int, int] | None
    wide: tuple[int, int] | None
    low: int | None
    high: int | None
    under: float | None
    over: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAhead:
    """One month: the chance that all limits hold, and that at the ends of what rates may be.

    None where there is no limit, or where the method can't tell.
    """

    month: int
    inside: float | None
    inside_low: float | None
    inside_high: float | None
    categories: tuple[CategoryAhead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies ahead of one place, as far as one owner's homes go.

    Parameters
    ----------
    owner, scope, name
        Which place.
    months
        Month by month.
    assumed
        Whether a rate rests more on an assumption than on a count.
    forecast
        All that the engine says, at the likely rates; the place goes by its code.
    supply, impossible
        What the complexes shared, as in `Question`; and why nobody can keep what is promised out
        of it, None where somebody may.
    """

    owner: str
    scope: Scope
    name: str
    months: tuple[MonthAhead, ...]
    assumed: bool
    forecast: Forecast
    supply: tuple[float, ...] | None = None
    impossible: SteeringError | None = None

    @property
    def homes(self) -> int:
        """The base [dwellings]."""
        return self.forecast.homes[self.scope.code]


def forecasts(
    inquiry: Inquiry,
    question: Question,
    *,
    kind: ScopeKind = ScopeKind.COMPLEX,
    scope: str | None = None,
) -> Iterator[Ahead]:
    """Yield what lies ahead of every place of a kind, or of one place, per owner.

    Raises
    ------
    ForecastError
        `place_unknown` for a stairwell, `no_outsets` for a place without homes, and what the
        forecast of the engine raises.
    PortfolioError
        `scope_missing`.
    """
    wanted = inquiry.scope(scope) if scope is not None else None
    kind = wanted.kind if wanted else kind
    if kind is ScopeKind.STAIRWELL:
        raise ForecastError("place_unknown", scope or "stairwell")
    told = 0
    for owner in inquiry.owners:
        scopes = [each for each in inquiry.scopes(kind, owner) if wanted is None or each == wanted]
        for each in _Owner(inquiry, owner, question).at(scopes) if scopes else ():
            told += 1
            yield each
    if not told:
        raise ForecastError("no_outsets", scope or "portfolio")


class _Owner:
    """The looking ahead at one owner's homes."""

    def __init__(self, inquiry: Inquiry, owner: str, question: Question) -> None:
        self.inquiry, self.owner, self.question = inquiry, owner, question
        self.accounts = inquiry.accounts(owner)
        self.looking = Looking(
            inquiry=inquiry, owner=owner, own_rates=question.rates, own_steered=question.steered
        )
        self.outsets = self.looking.outsets(question.policy)

    def at(self, scopes: Sequence[Scope]) -> Iterator[Ahead]:
        """Yield place by place, so that nothing of the last one need be kept.

        Where complexes share a supply, what one takes another misses: those are drawn together.
        """
        inside = {scope: self._inside(scope) for scope in scopes}
        asked = [scope for scope in scopes if inside[scope]]
        shared = self._every(asked) if self.question.supply is not None and asked else None
        impossible = self._unkept() if shared else None
        for scope in asked:
            every = shared or self._every([scope])
            yield self._ahead(scope, inside[scope], every, impossible)

    def _inside(self, scope: Scope) -> tuple[str, ...]:
        if scope.kind is ScopeKind.COMPLEX:
            return (scope.code,) if scope.code in self.outsets else ()
        every = self.accounts.portfolio.complexes_in.get(scope.code, ())
        return tuple(each for each in every if each in self.outsets)

    def _ahead(
        self,
        scope: Scope,
        inside: tuple[str, ...],
        every: Sequence[Forecast],
        impossible: SteeringError | None,
    ) -> Ahead:
        likely, *ends = every
        return Ahead(
            owner=self.owner,
            scope=scope,
            name=self.inquiry.name(scope),
            months=tuple(
                _month(scope.code, place, likely, ends) for place in range(len(likely.months))
            ),
            assumed=self.looking.assumed(inside),
            forecast=likely,
            supply=self.question.supply,
            impossible=impossible,
        )

    def _every(self, scopes: Sequence[Scope]) -> tuple[Forecast, ...]:
        """Return what lies ahead at the likely rates, then at the ends of their doubt."""
        return tuple(self._forecast(scopes, rates) for rates in (None, *self.looking.ends))

    def _forecast(self, scopes: Sequence[Scope], rates: Mapping[str, Rates] | None) -> Forecast:
        """Return one forecast of places, with other rates where those are given."""
        asked, areas = self.question, {}
        held = {each for scope in scopes for each in self._inside(scope)}
        shared = asked.supply is not None
        outsets = [each for name, each in self.outsets.items() if shared or name in held]
        for scope in scopes:
            if scope.kind is not ScopeKind.COMPLEX:
                within = self._inside(scope)
                homes = sum(self.outsets[each].homes for each in within)
                areas[scope.code] = (within, Outset.agreed(self.accounts, scope, homes))
        return forecast(
            [replace(each, rates=rates[each.id]) for each in outsets] if rates else outsets,
            asked.months,
            method=asked.method or ("sampled" if shared else _method(outsets)),
            areas=areas,
            supply=None if asked.supply is None else [each / 12 for each in asked.supply],
            runs=asked.runs,
            seed=asked.seed,
        )

    def _unkept(self) -> SteeringError | None:
        """Return why nobody can keep the promises out of the supply."""
        looking, supply = self.looking, self.question.supply or ()
        return unkept(self.accounts, looking.rates, steered=looking.steered, supply=supply)


def _method(outsets: Sequence[Outset]) -> str:
    fits = all(_mixes(each.homes, each.rates) <= _MOST_EXACT for each in outsets)
    return "exact" if fits else "sampled"


def _mixes(homes: int, rates: Rates) -> int:
    kinds = len(rates.categories) + sum(share > 0 for share in rates.stayers)
    return comb(homes + kinds - 1, kinds - 1)


def _month(code: str, place: int, likely: Forecast, ends: Sequence[Forecast]) -> MonthAhead:
    limited = _limited(likely.limits[code], likely.homes[code])
    every = [_inside(each, code, place) if limited else None for each in (likely, *ends)]
    between = [each for each in every if each is not None] if ends else []
    return MonthAhead(
        month=likely.months[place],
        inside=every[0],
        inside_low=min(between, default=None),
        inside_high=max(between, default=None),
        categories=tuple(
            _category(code, place, column, likely, ends) for column in range(len(likely.categories))
        ),
    )


def _limited(limits: Limits, homes: int) -> bool:
    """Whether anything is agreed about the mix here."""
    return bool((limits.low > 0).any() or (limits.high < homes).any())


def _inside(found: Forecast, code: str, place: int) -> float | None:
    """Return the chance that all limits hold; None where the method can't tell."""
    kept = float(found.kept[code][place]) if found.kept else np.nan
    return None if isnan(kept) else round(kept, 6)


def _category(
    code: str, place: int, column: int, likely: Forecast, ends: Sequence[Forecast]
) -> CategoryAhead:
    means = [round(float(each.means[code][place, column]), 6) for each in (likely, *ends)]
    limits, homes = likely.limits[code], likely.homes[code]
    low, high = int(limits.low[column]) or None, int(limits.high[column])
    name = likely.categories[column]
    spread = likely.spread(code, name, likely.months[place]) if likely.counts else None
    under, over = likely.out(code)[place, column] if likely.counts else (None, None)
    return CategoryAhead(
        category=name,
        mean=means[0],
        mean_low=min(means) if ends else None,
        mean_high=max(means) if ends else None,
        likely=spread.likely if spread else None,
        wide=spread.wide if spread else None,
        low=low,
        high=high if high < homes else None,
        under=None if under is None or low is None else round(float(under), 6),
        over=None if over is None or high >= homes else round(float(over), 6),
    )
