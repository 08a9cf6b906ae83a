"""The monthly filter: judgements, departures, lettings and drift turn one account into the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from mixwijzer.engine.account._joint import Account, Grid
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Known
from mixwijzer.engine.timeline import months_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one judge said in one round: lowest, best, highest per category [households]."""

    by: str
    ranges: Mapping[str, tuple[int, int, int]]
    known: Known = Known.MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened in a scope on one day; give one of the others (`enters` may carry a role).

    Parameters
    ----------
    on
        The day.
    leaves
        A departure: the role of the household that left, `""` where it had none.
    enters
        A letting: intake shares in the scheme's order, summing to 1.
    agrees, stops
        A household took up, or ended, an agreed role of this category.
    said
        A round: all statements of the day.
    """

    on: date
    leaves: str | None = None
    enters: tuple[float, ...] | None = None
    agrees: str | None = None
    stops: str | None = None
    said: tuple[Statement, ...] | None = None

    @property
    def order(self) -> tuple[date, int]:
        """Sorting key: by day; in a day departures, lettings, roles, then judgements."""
        if self.leaves is not None:
            return self.on, 0
        if self.enters is not None:
            return self.on, 1
        return self.on, 3 if self.said is not None else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The filter's state of one scope after everything up to and including day `through`.

    Parameters
    ----------
    others
        Account of the households without an agreed role.
    roles
        Households with an agreed role per category, in the scheme's order [households].
    on
        Day of the last event, from which drift still has to run.
    through
        Day up to and including which events are in.
    judges
        Everybody who took part in a round of this scope.
    judged_on
        Day of the latest round, None before the first.
    known_part
        Whether all judges of the latest round know only a part of the households.
    """

    others: Account
    roles: tuple[int, ...]
    on: date
    through: date
    judges: frozenset[str] = frozenset()
    judged_on: date | None = None
    known_part: bool = False

    @classmethod
    def first(cls, scheme: Scheme, households: int, on: date, roles: Sequence[int] = ()) -> State:
        """Return the state at the first event: the prior over households without a role."""
        held = tuple(roles) or (0,) * len(scheme.categories)
        prior = Account.prior(scheme, households - sum(held))
        return cls(others=prior, roles=held, on=on, through=on)

    @property
    def account(self) -> Account:
        """The account of all households, those with a role included."""
        return self.others.lifted(self.roles)

    def on_day(self, day: date) -> State:
        """Return the state after the drift of all month turns up to `day`."""
        turns = months_between(self.on, day)
        if turns <= 0:
            return self
        return replace(self, others=self.others.drifted(turns), on=day)

    def after(self, event: Event, assumptions: Assumptions) -> State:
        """Return the state after one event, drift up to its day included."""
        now = replace(self.on_day(event.on), on=event.on, through=max(event.on, self.through))
        if event.leaves is not None:
            return now._left(event.leaves)
        if event.enters is not None and event.agrees is None:
            return replace(now, others=now.others.after_letting(event.enters))
        if event.enters is not None and event.agrees is not None:
            return replace(now, roles=now._roles_with(event.agrees, 1))
        if event.agrees is not None:
            return now._with_role(event.agrees, 1)
        if event.stops is not None:
            return now._with_role(event.stops, -1)
        return now._judged(event.said or (), assumptions)

    def _with_role(self, category: str, step: int) -> State:
        """A household with a role is exact; what it was before or is after, nobody tells.

        So it leaves the others as an unknown household, and comes back as a draw of the prior.
        """
        mean = self.others.scheme.prior_mean
        others = self.others.after_departure() if step > 0 else self.others.after_letting(mean)
        return replace(self, others=others, roles=self._roles_with(category, step))

    def _roles_with(self, category: str, step: int) -> tuple[int, ...]:
        roles = list(self.roles)
        roles[self.others.scheme.index(category)] += step
        return tuple(roles)

    def _left(self, category: str) -> State:
        """A role-holder's departure removes the role and nothing else."""
        if category and self.roles[self.others.scheme.index(category)]:
            return replace(self, roles=self._roles_with(category, -1))
        return replace(self, others=self.others.after_departure(category))

    def _judged(self, said: Sequence[Statement], assumptions: Assumptions) -> State:
        """Average the judges' posteriors, each from his own starting point (ENGINE §3b.2, 5)."""
        day = self.on
        posteriors = [self._posterior(statement, assumptions) for statement in said]
        return replace(
            self,
            others=Account(self.others.scheme, cast("Grid", sum(posteriors)) / len(posteriors)),
            judges=self.judges | {statement.by for statement in said},
            judged_on=day,
            known_part=all(statement.known is Known.PART for statement in said),
        )

    def _posterior(self, statement: Statement, assumptions: Assumptions) -> Grid:
        """p ∝ B · Π_c L_c; a judgement by somebody who judged before isn't independent news."""
        grid = self.others.grid
        prior = Account.prior(self.others.scheme, self.others.households).grid
        weak = prior**assumptions.prior_weight
        if self.judged_on is None:
            start = np.where(prior > 0, weak, 0.0)
        elif statement.by in self.judges:
            start = np.where(grid > 0, grid**assumptions.old_weight, 0.0) * weak
        else:
            start = grid
        for category in statement.ranges:
            start = start * self._likelihood(statement, category, assumptions)
        return cast("Grid", start / start.sum())

    def _likelihood(self, statement: Statement, category: str, assumptions: Assumptions) -> Grid:
        """L(a) = exp(−½((a − best)/s)²) + ε, a counting all households present."""
        low, best, high = statement.ranges[category]
        present = self.others.households + sum(self.roles)
        if not 0 <= low <= best <= high <= present:
            raise AccountError(
                "judgement_order", category, low=low, best=best, high=high, present=present
            )
        z = NormalDist().inv_cdf((1 + assumptions.hit_rate) / 2)
        width = (max(best - low, high - best) + 0.5) / z
        if statement.known is Known.PART:
            width *= assumptions.part_factor
        held = self.roles[self.others.scheme.index(category)]
        away = (self.others.counts(category) + held - best) / width
        return cast("Grid", np.exp(-0.5 * away**2) + assumptions.epsilon)

    def confirmed(self, category: str, amount: int) -> Account | None:
        """Return the account when `amount` households without a role turn out not to be `category`.

        They are drawn at random: p(x) · C(u − x_c, m) / C(u, m) over the rest (ENGINE §3b.15).
        """
        unknown = self.others.households
        if amount > unknown:
            return None
        of = self.others.counts(category)
        free = np.maximum(unknown - of, 0)
        chance = np.exp(_log_choose(free, amount) - _log_choose(np.array(unknown), amount))
        grid = np.where(free >= amount, self.others.grid * chance, 0.0)
        total = float(grid.sum())
        return Account(self.others.scheme, grid / total).lifted(self.roles) if total > 0 else None

    def to_json(self) -> dict[str, object]:
        """Return a JSON document from which the same bits come back."""
        return {
            "others": self.others.to_json(),
            "roles": list(self.roles),
            "on": self.on.isoformat(),
            "through": self.through.isoformat(),
            "judges": sorted(self.judges),
            "judged_on": self.judged_on.isoformat() if self.judged_on else None,
            "known_part": self.known_part,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, object], scheme: Scheme) -> State:
        """Read what `to_json` wrote."""
        judged = cast("str | None", document["judged_on"])
        return cls(
            others=Account.from_json(cast("Mapping[str, object]", document["others"]), scheme),
            roles=tuple(cast("list[int]", document["roles"])),
            on=date.fromisoformat(str(document["on"])),
            through=date.fromisoformat(str(document["through"])),
            judges=frozenset(cast("list[str]", document["judges"])),
            judged_on=date.fromisoformat(judged) if judged else None,
            known_part=bool(document["known_part"]),
        )


def _log_choose(total: NDArray[np.int64], part: int) -> NDArray[np.float64]:
    safe = np.maximum(total, part)
    return cast(
        "NDArray[np.float64]", gammaln(safe + 1) - gammaln(part + 1) - gammaln(safe - part + 1)
    )
