"""From rows to a look ahead: accounts, rates with their doubt, rules and grounds of an association.

Everything of one association is read at once, since rates of a complex lean on those of the others
and grounds on all lettings; what comes out is kept per complex.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from math import comb
from types import ModuleType

import numpy as np
from django.db.models import Subquery

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Estimate, Estimates, Rates
from mixwijzer.engine.errors import ForecastError
from mixwijzer.engine.forecast import Forecast, Outset, forecast
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.engine.steering import Figures, Room, Steering, SteeringPower, ground_calendar, steer
from mixwijzer.exchange.ahead import (
    doubted,
    estimated,
    experiments,
    ordinarily_steered,
    rests_on_assumption,
)
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.letting.frozen import Frozen
from mixwijzer.web.outlook import kept
from mixwijzer.web.profiles.bridge import CAPS, PROFILES, SCHEME, look_everywhere, read
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import Complex, Delivery

__all__ = ["SCHEME", "Look", "dump", "endings", "load", "look", "made_of", "marks"]

MONTHS = (*range(25), 36)
NEXT, LATER = 12, 24  # months after which a page says how it stands
NAMED = (0, 6, 12, 24, 36)  # months that are named on the way
MOST_EXACT = 20_000  # mixes of a complex that are followed one by one
RUNS, SEED = 2048, 1
APART, MOST_PAST = 60, 3  # days between two judgements that are drawn, and how many are
_SHAPE = 2  # of what is kept: after a change everything is computed anew
_KEPT: ModuleType = kept
_FROZEN = Frozen(_KEPT)


def dump(value: kept.Kept | kept.Brief) -> str:
    """Write down what was computed; equal values give equal text."""
    return _FROZEN.dump(value)


def load(text: str) -> kept.Kept | kept.Brief:
    """Read what `dump` wrote."""
    value: kept.Kept | kept.Brief = _FROZEN.load(text)
    return value


def made_of(owner: Organisation, day: date, *complexes: int) -> Mapping[int, str]:
    """Return by complex (all when none is named) what a look would be made of now; one query.

    Rows of a complex, all rules, promises and ways to a new household, the last delivery (rates
    lean on every complex), the month, the norms and the engine; not the day, since within a month
    nothing else moves an account.
    """
    told = f"{day:%Y%m}.{register.norms().name}.{ENGINE_VERSION}.{_SHAPE}"
    return {pk: f"{mark}.{told}" for pk, mark in marks(owner, *complexes).items()}


def marks(owner: Organisation, *complexes: int) -> Mapping[int, str]:
    """Return by complex which rows are the last that anything ahead of it rests on; one query."""
    rows = Complex.objects.for_organisation(owner)
    if complexes:
        rows = rows.filter(pk__in=complexes)
    last = (
        PROFILES.model.objects.for_organisation(owner),
        CAPS.model.objects.for_organisation(owner),
        register.CHANNELS.model.objects.for_organisation(owner),
        OBLIGATIONS.model.objects.for_organisation(owner),
        Delivery.objects.for_organisation(owner),
    )
    marked = {
        f"last_{place}": Subquery(each.order_by("-pk").values("pk")[:1])
        for place, each in enumerate(last)
    }
    found = rows.annotate(**marked).values_list("pk", "version", *marked)
    return {pk: ".".join(map(str, each)) for pk, *each in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was computed of one complex: all of it, what lists need, and what an advice needs."""

    complex: int
    whole: kept.Kept
    brief: kept.Brief
    room: Room | None


def look(owner: Organisation, day: date, now: datetime, *, only: Collection[int]) -> Iterator[Look]:
    """Compute the look ahead of these complexes, one after the other."""
    looking = _Looking(owner, day, now)
    yield from looking.looks({code for code, pk in looking.keys.items() if pk in only})


def endings(owner: Organisation, day: date, language: str) -> tuple[kept.Ending, ...]:
    """Return the grounds that end after a day, with what leaned on them; ways in a language."""
    portfolio = Portfolio(
        channels=register.CHANNELS.read(register.current(register.CHANNELS, owner)),
        lettings=register.LETTINGS.read(register.current(register.LETTINGS, owner)),
    )
    names = {each.id: each.name.get(language, each.id) for each in portfolio.channels}
    return tuple(
        kept.Ending(
            channel=names[each.channel],
            source=each.source,
            ends=each.ends,
            lettings=len(each.lettings),
            of_all=each.of_all,
            others=tuple(names[other.channel] for other in each.others),
        )
        for each in ground_calendar(portfolio, day, scheme=SCHEME)
    )


def _with_promises(portfolio: Portfolio, owner: Organisation) -> Portfolio:
    """Return a portfolio with what is owed, and the lettings that tell who those groups are."""
    promises = OBLIGATIONS.read(register.current(OBLIGATIONS, owner))
    groups = {each.group for each in promises}
    told = register.LETTINGS.read(register.current(register.LETTINGS, owner, group__in=groups))
    others = (each for each in portfolio.lettings if each.group not in groups)
    return replace(portfolio, obligations=promises, lettings=(*others, *told))


class _Looking:
    """The looking ahead of one association."""

    def __init__(self, owner: Organisation, day: date, now: datetime) -> None:
        self.day = day
        around, rules = look_everywhere(owner, day)
        portfolio, states = read(around, rules)
        self.portfolio = _with_promises(portfolio, owner)
        self.keys = {each.code: each.pk for each in around.places}
        self.assumptions = register.assumptions(day)
        plain = Accounts(self.portfolio, self.assumptions, day, scheme=SCHEME, states=states)
        states = states.settled(plain)
        self.accounts = Accounts(
            self.portfolio, self.assumptions, day, scheme=SCHEME, states=states
        )
        self.known = register.as_known(owner, now)
        self.norms = register.norms()

    @cache  # noqa: B019 (lives as long as one look)
    def _then(self, day: date) -> Accounts:
        """Return the accounts of a day in the past, by all that is known now."""
        return Accounts(self.known, self.assumptions, day, scheme=SCHEME)

    def _past(self, scope: Scope) -> tuple[date, ...]:
        """Return the last days on which somebody judged a complex, some time before now."""
        days = {row.on for row in self.known.judgements if row.scope == scope}
        kept_: list[date] = []
        for day in sorted(days, reverse=True):
            if ((kept_ or [self.day])[-1] - day).days > APART:
                kept_.append(day)
        return tuple(reversed(kept_[:MOST_PAST]))

    @cached_property
    def ends(self) -> date | None:
        """First day without the experiment; None where there is none, or no end of it."""
        return self._experiment[1]

    @cached_property
    def _experiment(self) -> tuple[bool, date | None]:
        ways = experiments(self.portfolio, self.day)
        ends = [each.ground_end for each in ways]
        last = None if None in ends or not ends else max(end for end in ends if end)
        return bool(ways), last

    @cached_property
    def ordinary_regime(self) -> float:
        return ordinarily_steered(self.norms, self.day)

    @cached_property
    def steered(self) -> float:
        """Share of the vacancies that may be steered today."""
        return 1.0 if self._experiment[0] else self.ordinary_regime

    @cached_property
    def estimates(self) -> Mapping[str, Estimates]:
        """Rates by complex, each with its doubt."""
        return estimated(self._then(self.day), self.norms)

    @cached_property
    def rates(self) -> Mapping[str, Rates]:
        """The best guess of the rates, by complex."""
        return {name: each.rates for name, each in self.estimates.items()}

    def looks(self, only: Collection[str]) -> Iterator[Look]:
        """Compute these complexes; prices and rates are of all."""
        slowest, fastest = doubted(self.estimates)
        told = steer(
            self.accounts,
            self.rates,
            slowest=slowest,
            fastest=fastest,
            steered=self.steered,
            ordinary_regime=self.ordinary_regime,
            only=only,
        )
        for outset in Outset.all_of(self.accounts, self.rates):
            if outset.id in only:
                yield self._look(outset, told)

    def _look(self, outset: Outset, told: Steering) -> Look:
        if told.index and outset.id not in told.unanswered:
            policy = told.index.policy(outset.id)
            outset = replace(outset, policy=replace(policy, steered=self.steered))
        found = _forecast(outset)
        power, trouble = None, "no_band"
        if outset.id in told.unanswered:
            trouble = told.unanswered[outset.id].code
        elif _limited(outset) and outset.id in told.powers:
            later = replace(outset, policy=replace(outset.policy, steered=self.ordinary_regime))
            power, trouble = _told(told.powers[outset.id], outset, found, _forecast(later)), ""
        whole = replace(self._kept(outset, found, power, trouble), prices=_prices(told))
        return Look(
            complex=self.keys[outset.id],
            whole=whole,
            brief=_brief(whole),
            room=told.index.room(outset.id)
            if told.index and outset.id in told.index.rooms
            else None,
        )

    def _kept(
        self, outset: Outset, found: Forecast, told: kept.Power | None, trouble: str
    ) -> kept.Kept:
        scope = Scope(ScopeKind.COMPLEX, outset.id)
        bands = self.portfolio.bands(scope, self.accounts.scheme, self.day)
        targets = {name: each.band.target for name, each in bands.items()}
        in_band = found.in_band(outset.id)
        return kept.Kept(
            day=self.day,
            data_date=self.portfolio.data_date,
            engine_version=found.engine_version,
            normset=self.norms.name,
            method=found.method,
            seed=found.seed,
            runs=found.runs,
            error=round(float(found.error(in_band).max()), 4),
            homes=outset.homes,
            categories=found.categories,
            courses=tuple(self._courses(outset, found, targets)),
            in_band=tuple(round(float(chance), 6) for chance in in_band),
            band=_limited(outset),
            pace=_pace(self.estimates[outset.id]),
            power=told,
            trouble=trouble,
            ends=self.ends,
        )

    def _courses(
        self, outset: Outset, found: Forecast, targets: Mapping[str, int | None]
    ) -> Iterator[kept.CategoryAhead]:
        out, scope = found.out(outset.id), Scope(ScopeKind.COMPLEX, outset.id)
        before = {day: self._then(day).of(scope) for day in self._past(scope)}
        today = self.accounts.of(scope)
        for place, name in enumerate(found.categories):
            # Today is as on the page of the complex; a forecast begins with the empty homes let.
            ahead = [found.spread(outset.id, name, month) for month in MONTHS[1:]]
            spreads = [today.spread(name), *ahead]
            means = [today.mean(name), *found.means[outset.id][1:, place]]
            low, high = int(outset.limits.low[place]), int(outset.limits.high[place])
            target = targets.get(name)
            yield kept.CategoryAhead(
                category=name,
                at_least=low or None,
                at_most=high if high < outset.homes else None,
                target=None if target is None else target / 10_000,
                past=tuple(
                    kept.Past(
                        on=day,
                        best=(spread := account.spread(name)).best,
                        likely=spread.likely,
                        wide=spread.wide,
                    )
                    for day, account in before.items()
                ),
                best=spreads[0].best,
                middle=tuple(round(float(mean), 3) for mean in means),
                likely=tuple((each.likely[0], each.likely[1]) for each in spreads),
                wide=tuple((each.wide[0], each.wide[1]) for each in spreads),
                out=tuple(round(float(chance), 6) for chance in out[:, place].sum(axis=1)),
            )


def _limited(outset: Outset) -> bool:
    """Whether anything is agreed about the mix here."""
    return bool((outset.limits.low > 0).any() or (outset.limits.high < outset.homes).any())


def _forecast(outset: Outset) -> Forecast:
    size = len(outset.rates.categories)
    if comb(outset.homes + size - 1, size - 1) <= MOST_EXACT:
        try:
            return forecast([outset], MONTHS)
        except ForecastError as error:
            if error.code != "too_many_mixes":
                raise
    return forecast([outset], MONTHS, method="sampled", runs=RUNS, seed=SEED)


def _pace(own: Estimates) -> kept.Pace:
    """Return how often homes come free, and how often who stays changes category [1/yr]."""
    changes = [each for row in own.drift for each in row if each.value > 0]
    return kept.Pace(
        turnover=_three(own.turnover),
        change=(
            min((each.low for each in changes), default=0.0),
            sum(each.value for each in changes) / max(len(changes), 1),
            max((each.high for each in changes), default=0.0),
        ),
        departures=own.turnover.events,
        assumed=rests_on_assumption(own),
    )


def _three(own: Estimate) -> tuple[float, float, float]:
    return own.low, own.value, own.high


def _told(told: SteeringPower, outset: Outset, found: Forecast, later: Forecast) -> kept.Power:
    names = outset.rates.categories
    capped = np.flatnonzero(outset.limits.high < outset.homes)
    category = names[int(capped[0])] if capped.size else names[0]
    grips = [each.reach.grips[category] for each in (told.now, *told.between)]
    left = told.borrowed.reach.grips[category]
    slow = max(told.between, key=lambda each: each.reach.grips[category].power)
    return kept.Power(
        mix=tuple(map(float, told.mix)),
        category=category,
        powers=told.power(category),
        left=left.power,
        half_lives=(min(g.half_life for g in grips), max(g.half_life for g in grips)),
        reach=(grips[0].low, grips[0].high),
        reach_left=(left.low, left.high),
        perhaps=_corners(slow),
        now=_side(told.now, told, found, outset),
        after=_side(told.borrowed, told, later, outset),
    )


def _prices(told: Steering) -> tuple[tuple[str, float], ...] | None:
    """Return what one more letting to each group costs; None where the promises can't be kept."""
    if told.index is None or told.impossible:
        return None
    return tuple(sorted((name, round(each, 6)) for name, each in told.index.prices.groups.items()))


def _corners(figures: Figures) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, corner)) for corner in figures.reach.corners)


def _side(figures: Figures, told: SteeringPower, ahead: Forecast, outset: Outset) -> kept.Side:
    """Return one regime; only of today's there are ends of what is uncertain."""
    now = figures is told.now
    ways = [figures.path, *(each.path for each in told.between if now)]
    months = figures.path.months if figures.path else None
    used = [way.vacancies for way in ways if way]
    means = ahead.means[outset.id] / outset.homes
    path = [told.mix, *(means[ahead.months.index(month)] for month in NAMED[1:])]
    return kept.Side(
        steered=figures.steered,
        corners=_corners(figures),
        possible=figures.hold.possible,
        everywhere=figures.hold.everywhere,
        anywhere=figures.hold.anywhere,
        margin=figures.hold.margin,
        months=told.months if now else (months, months, months),
        vacancies=(min(used, default=None), max(used) if used and None not in ways else None),
        unsteered=figures.unsteered,
        stay=told.stay if now else (figures.stay, figures.stay, figures.stay),
        in_band=_at(ahead, outset),
        path=tuple((month, tuple(map(float, mix))) for month, mix in zip(NAMED, path, strict=True)),
    )


def _at(ahead: Forecast, outset: Outset) -> tuple[float, float]:
    kept_ = ahead.in_band(outset.id)
    rows = [ahead.months.index(month) for month in (NEXT, LATER)]
    return round(float(kept_[rows[0]]), 6), round(float(kept_[rows[1]]), 6)


def _brief(whole: kept.Kept) -> kept.Brief:
    """Return what lists and totals need."""
    rows = [MONTHS.index(month) for month in (NEXT, LATER)]
    told = whole.power
    category = told.category if told else whole.categories[0]
    course = next(each for each in whole.courses if each.category == category)
    return kept.Brief(
        homes=whole.homes,
        band=whole.band,
        in_band=(whole.in_band[rows[0]], whole.in_band[rows[1]]),
        out=course.out[rows[1]],
        likely=course.likely[rows[1]],
        at_most=course.at_most,
        months=told.now.months if told else (None, None, None),
        within=bool(told and told.now.months[1] is not None),
        within_left=bool(told and told.after.months[1] is not None),
        power=told.powers if told else None,
        left=told.left if told else 0.0,
        vacancies=told.now.vacancies[0] if told else None,
        stay=told.now.stay[1] if told else None,
        stay_left=told.after.stay[1] if told else None,
    )
