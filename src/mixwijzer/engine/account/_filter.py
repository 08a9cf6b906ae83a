"""The monthly filter: judgements, departures, lettings and drift turn one account into the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist
from typing import cast

import numpy as np
from scipy.special import comb

from mixwijzer.engine.account._joint import Account, Grid, Joint, from_json, prior
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
    def order(self) -> tuple[date, int, str, tuple[float, ...]]:
        """Sorting key: by day; in a day departures, lettings, roles, then judgements.

        Events of one kind and day commute; they are sorted so that not even a bit differs.
        """
        name = self.leaves or self.agrees or self.stops or ""
        turn = 0 if self.leaves is not None else 1 if self.enters is not None else 2
        return self.on, 3 if self.said is not None else turn, name, self.enters or ()


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

    others: Joint
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
        others = prior(scheme, households - sum(held))
        return cls(others=others, roles=held, on=on, through=on)

    @property
    def account(self) -> Joint:
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
        others, roles = now.others, now.roles
        scheme = others.scheme
        if event.said is not None:
            return now.judged(event.said, assumptions)
        if event.leaves is not None:
            # A role-holder's departure removes the role and nothing else.
            if event.leaves and roles[scheme.index(event.leaves)]:
                return replace(now, roles=_stepped(scheme, roles, event.leaves, -1))
            return replace(now, others=others.after_departure(event.leaves))
        if event.agrees is not None:
            # What the household was before nobody tells: it leaves the others as an unknown one.
            left = others if event.enters is not None else others.after_departure()
            return replace(now, others=left, roles=_stepped(scheme, roles, event.agrees, 1))
        if event.stops is not None:
            back = others.after_letting(scheme.prior_mean)
            return replace(now, others=back, roles=_stepped(scheme, roles, event.stops, -1))
        return replace(now, others=others.after_letting(event.enters or scheme.prior_mean))

    def judged(self, said: Sequence[Statement], assumptions: Assumptions) -> State:
        """Return the state after a round: the judges' posteriors averaged (ENGINE §3b.2, 5)."""

        def averaged(face: Account) -> Account:
            posteriors = [self._posterior(face, statement, assumptions) for statement in said]
            return Account(face.scheme, np.mean(posteriors, axis=0))

        return replace(
            self,
            others=self.others.each(averaged),
            judges=self.judges | {statement.by for statement in said},
            judged_on=self.on,
            known_part=all(statement.known is Known.PART for statement in said),
        )

    def _posterior(self, face: Account, statement: Statement, assumptions: Assumptions) -> Grid:
        """Return p ∝ B · Π_c L_c; who judged before brings no independent news."""
        before = Account.prior(face.scheme, face.households).grid
        weak = np.where(before > 0, before**assumptions.prior_weight, 0.0)
        if self.judged_on is None:
            start = weak
        elif statement.by in self.judges:
            start = np.where(face.grid > 0, face.grid**assumptions.old_weight, 0.0) * weak
        else:
            start = face.grid
        for category in statement.ranges:
            likelihood = self._likelihood(face, statement, category, assumptions)
            if likelihood is not None:
                start = start * likelihood
        return cast("Grid", start / start.sum())

    def _likelihood(
        self, face: Account, statement: Statement, category: str, assumptions: Assumptions
    ) -> Grid | None:
        """Return L(a) = exp(−½((a − best)/s)²) + ε, a counting all households present."""
        low, best, high = statement.ranges[category]
        present = face.households + sum(self.roles)
        if not 0 <= low <= best <= high <= present:
            raise AccountError(
                "judgement_order", category, low=low, best=best, high=high, present=present
            )
        if category not in face.scheme.categories:
            return None
        z = NormalDist().inv_cdf((1 + assumptions.hit_rate) / 2)
        width = (max(best - low, high - best) + 0.5) / z
        if statement.known is Known.PART:
            width *= assumptions.part_factor
        held = self.roles[self.others.scheme.index(category)]
        away = (face.counts(category) + held - best) / width
        return np.exp(-0.5 * away**2) + assumptions.epsilon

    def confirmed(self, category: str, amount: int) -> Joint | None:
        """Return the account when `amount` households without a role turn out not to be `category`.

        They are drawn at random: p(x) · C(u − x_c, m) / C(u, m) over the rest (ENGINE §3b.15).
        None where too many are surely of the category.
        """
        most = self.others.households - amount
        if most < 0 or self.others.at_most(category, most) <= 0:
            return None

        def weighed(face: Account) -> Account:
            if category not in face.scheme.categories:
                return face
            free = np.maximum(face.households - face.counts(category), 0)
            grid = face.grid * np.where(free >= amount, comb(free, amount), 0.0)
            return Account(face.scheme, grid / grid.sum())

        return self.others.each(weighed).lifted(self.roles)

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

    def brief(self) -> dict[str, object]:
        """Return the same document with sums per category in the place of the whole account."""
        return {**self.to_json(), "others": self.others.brief()}

    @classmethod
    def from_json(
        cls,
        document: Mapping[str, object],
        scheme: Scheme,
        whole: Callable[[], State] | None = None,
    ) -> State:
        """Read what `to_json` wrote, or `brief`: then `whole` gives the state when asked."""
        judged = cast("str | None", document["judged_on"])
        return cls(
            others=from_json(
                cast("Mapping[str, object]", document["others"]),
                scheme,
                (lambda: whole().others) if whole else None,
            ),
            roles=tuple(cast("list[int]", document["roles"])),
            on=date.fromisoformat(str(document["on"])),
            through=date.fromisoformat(str(document["through"])),
            judges=frozenset(cast("list[str]", document["judges"])),
            judged_on=date.fromisoformat(judged) if judged else None,
            known_part=bool(document["known_part"]),
        )


def _stepped(scheme: Scheme, roles: tuple[int, ...], category: str, step: int) -> tuple[int, ...]:
    """Return the role counts with one household more or less of a category."""
    return tuple(
        held + step * (name == category)
        for held, name in zip(roles, scheme.categories, strict=True)
    )
