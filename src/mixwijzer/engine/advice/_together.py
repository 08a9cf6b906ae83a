"""How likely does every ceiling still hold when several homes are let together?

Homes of one week share buildings and neighbourhoods, so what one letting takes another can't have.
The chance is exact: accounts after everything that is known to come, multiplied by what each home
brings, cut where a ceiling is passed, summed upwards through the nested scopes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import cast

import numpy as np

from mixwijzer.engine.account import Account, Accounts, Separate, Summed
from mixwijzer.engine.advice._portfolio import situation_of, vacancy_of
from mixwijzer.engine.advice._situation import (
    JOINT_UP_TO,
    Grid,
    Situation,
    convolved,
    correlated,
    joint,
)
from mixwijzer.engine.portfolio import Scope, ScopeKind

Shares = Sequence[float]


class Together:
    """The ceilings around some vacancies, for any way of letting them.

    Parameters
    ----------
    accounts
        Of the portfolio on the day.
    vacancies
        Ids of the vacancies that are let together.
    day
        The day on which is asked.

    Raises
    ------
    AdviceError
        No such vacancy, or its dwelling is no part of the base.
    ProfileError
        A profile around a vacancy that no mix can satisfy.
    """

    def __init__(self, accounts: Accounts, vacancies: Sequence[str], day: date) -> None:
        asked = {each: vacancy_of(accounts.portfolio, each) for each in vacancies}
        last = max((each.free_from for each in asked.values()), default=day)
        self._accounts, self._last = accounts, last
        self._around = {
            name: situation_of(accounts, replace(each, free_from=last), day)
            for name, each in asked.items()
        }
        self._kept: dict[object, float] = {}

    @cached_property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """Vacancies that share a ceiling or an account, together; the others apart."""
        parts: list[tuple[set[Scope], list[str]]] = []
        for name, around in self._around.items():
            mine = {ring.scope for at, ring in enumerate(around.rings) if around.ceilings(at)}
            mine.add(_leaf(around))
            near = [each for each in parts if each[0] & mine]
            parts = [each for each in parts if not each[0] & mine]
            scopes = mine.union(*(each[0] for each in near))
            parts.append((scopes, [*(one for each in near for one in each[1]), name]))
        return tuple(tuple(names) for _, names in parts)

    def chance(self, shares: Mapping[str, Shares]) -> float:
        """Return P(every ceiling around these vacancies holds after all lettings).

        `shares` is, by vacancy, the chance that its new household is of each category; a vacancy
        without shares isn't let.
        """
        return math.prod(self.chance_in(part, shares) for part in self.parts)

    def chance_in(self, part: Sequence[str], shares: Mapping[str, Shares]) -> float:
        """Return the same for vacancies that share a ceiling (see `parts`)."""
        let = tuple((name, tuple(map(float, shares.get(name, ())))) for name in part)
        # Homes of one stairwell are alike to every ceiling, so which is which doesn't matter.
        key = tuple(sorted((str(self._around[name].rings[0].scope), each) for name, each in let))
        if key not in self._kept:
            self._kept[key] = self._chance(dict(let))
        return self._kept[key]

    def _chance(self, let: Mapping[str, Shares]) -> float:
        around = {name: self._around[name] for name in let}
        names = sorted({name for each in around.values() for name in _limited(each, 0)})
        tree = _Tree(self._accounts, self._last, around)
        if not names:
            return 1.0
        if tree.fits:
            return tree.chance(let)
        return math.prod(self._alone(around, name, let) for name in names)

    def _alone(
        self, around: Mapping[str, Situation], category: str, let: Mapping[str, Shares]
    ) -> float:
        """Return the chance for the ceilings of one category, apart from all others."""
        apart = {}
        for name, each in around.items():
            rings = tuple(
                replace(ring, limits=tuple(one for one in ring.limits if one.category == category))
                for ring in each.rings
            )
            inner = each.inner.face(category) if isinstance(each.inner, Separate) else each.inner
            apart[name] = replace(each, rings=rings, inner=inner)
        place = self._accounts.scheme.index(category)
        shares = {
            name: (each[place], 1 - each[place])
            if each and isinstance(around[name].inner, Separate)
            else each
            for name, each in let.items()
        }
        return _Tree(self._accounts, self._last, apart).chance(shares)


def _leaf(around: Situation) -> Scope:
    return around.rings[around.at].scope


def _limited(around: Situation, start: int) -> set[str]:
    """Return the categories with a ceiling from a position on."""
    return {name for at in range(start, len(around.rings)) for name in around.ceilings(at)}


class _Tree:
    """The scopes around vacancies that share a ceiling, from their accounts upwards."""

    def __init__(self, accounts: Accounts, last: date, around: Mapping[str, Situation]) -> None:
        self.accounts, self.last, self.around = accounts, last, around
        self.wide = sorted({n for each in around.values() for n in _limited(each, each.at + 1)})

    @property
    def fits(self) -> bool:
        """Whether all categories can be followed together exactly."""
        if any(isinstance(each.inner, Separate) for each in self.around.values()):
            return False
        if len(self.wide) < 2:
            return True
        held = {scope for each in self.around.values() for scope in self._chain(each)}
        return all(self._size(scope) <= JOINT_UP_TO for scope in held)

    def _size(self, scope: Scope) -> int:
        return sum(self._account(each).households for each in self._others(scope, frozenset()))

    def _chain(self, around: Situation) -> list[Scope]:
        """Return the scopes with a ceiling above the account, from the inside out."""
        return [
            around.rings[at].scope
            for at in range(around.at + 1, len(around.rings))
            if around.ceilings(at)
        ]

    def chance(self, let: Mapping[str, Shares]) -> float:
        """Sum what is left under every ceiling."""
        mass = {leaf: self._let(leaf, let) for leaf in dict.fromkeys(map(_leaf, self._all))}
        home = {leaf: self._homes(leaf, let) for leaf in mass}
        inside = {leaf: frozenset({leaf}) for leaf in mass}
        up = {_leaf(each): self._chain(each) for each in self._all}
        while any(up.values()):
            # The smallest scope first: what lies inside it was summed before.
            goal = min((chain[0] for chain in up.values() if chain), key=lambda each: each.kind)
            below = [each for each, chain in up.items() if chain and chain[0] == goal]
            held = frozenset[Scope]().union(*(inside[each] for each in below))
            total = sum(home[each] for each in below)
            grid = mass[below[0]]
            for each in below[1:]:
                grid = self._summed(grid, mass[each])
            last = all(len(up[each]) == 1 for each in below)
            chain = up[below[0]][1:]
            for each in below:
                del mass[each], home[each], inside[each], up[each]
            others = tuple(self._others(goal, held))
            rest = [self._account(each) for each in others]
            total += sum(each.households for each in rest)
            mass[goal] = self._within(goal, grid, rest, total, last=last)
            home[goal], up[goal] = total, chain
            inside[goal] = held | {goal, *others}
        return float(np.clip(math.prod(float(each.sum()) for each in mass.values()), 0.0, 1.0))

    @property
    def _all(self) -> list[Situation]:
        return list(self.around.values())

    def _homes(self, leaf: Scope, let: Mapping[str, Shares]) -> int:
        """Return the households of an inner scope after the lettings [households]."""
        here = [name for name, each in self.around.items() if _leaf(each) == leaf]
        return self.around[here[0]].inner.households + sum(bool(let[name]) for name in here)

    def _let(self, leaf: Scope, let: Mapping[str, Shares]) -> Grid:
        """Return the account of an inner scope after its lettings, cut at its own ceilings."""
        here = {name: each for name, each in self.around.items() if _leaf(each) == leaf}
        first = next(iter(here.values()))
        account = cast("Account", first.inner)  # `Separate` was split before
        stairs = any(each.at and each.ceilings(0) for each in here.values())
        ways = _ways(account.scheme.categories, [let[name] for name in here])
        if not stairs:
            for shares in (let[name] for name in here if let[name]):
                account = account.after_letting(shares)
            return self._seen(account, self._cut(account, first.ceilings(first.at)))
        total: Grid | None = None
        for chance, brought in ways:
            part = chance * self._drawn(account, list(here.values()), brought, first)
            total = part if total is None else total + part
        return total if total is not None else np.ones(1)

    def _cut(self, account: Account, ceilings: Mapping[str, int]) -> Grid:
        weight = account.grid
        for name, high in ceilings.items():
            weight = np.where(account.counts(name) <= high, weight, 0.0)
        return weight

    def _drawn(
        self,
        account: Account,
        here: Sequence[Situation],
        brought: Sequence[str],
        first: Situation,
    ) -> Grid:
        """Return the same for known newcomers, with stairwells drawn from their complex.

        Two stairwells are taken as drawn apart from each other.
        """
        weight = account.grid
        stairs: dict[Scope, tuple[Situation, list[str]]] = {}
        for each, name in zip(here, brought, strict=True):
            if each.at and each.ceilings(0):
                stairs.setdefault(each.rings[0].scope, (each, []))[1].append(name)
        for each, names in stairs.values():
            weight = weight * _lowered(each, names).stairwell_holds(account, "")
        after = Account(account.scheme, weight)
        for name in filter(None, brought):
            after = after.after_letting([float(name == each) for each in after.scheme.categories])
        return self._seen(after, self._cut(after, first.ceilings(first.at)))

    def _seen(self, account: Account, weight: Grid) -> Grid:
        """Return a grid over the categories that matter further out."""
        if not self.wide:
            return np.array([weight.sum()])
        if len(self.wide) > 1:
            return weight
        counts = np.maximum(account.counts(self.wide[0]), 0)
        return np.bincount(counts.ravel(), weight.ravel(), account.households + 1).astype(float)

    def _summed(self, one: Grid, other: Grid) -> Grid:
        if one.ndim == 1:
            return np.convolve(one, other)
        return np.maximum(convolved(one, other), 0.0)

    def _account(self, unit: Scope) -> Summed:
        return self.accounts.outlook(unit, self.last).account

    def _others(self, scope: Scope, inside: frozenset[Scope]) -> Iterator[Scope]:
        """Yield what a scope holds an account of, but what lies inside already."""
        portfolio = self.accounts.portfolio
        single = scope.kind is ScopeKind.COMPLEX
        for code in [scope.code] if single else sorted(portfolio.complexes_in[scope.code]):
            own = Scope(ScopeKind.COMPLEX, code)
            for unit in self.accounts.groups(own) or (own,):
                if unit not in inside:
                    yield unit

    def _within(
        self, scope: Scope, grid: Grid, rest: Sequence[Summed], total: int, *, last: bool
    ) -> Grid:
        """Add the rest of a scope and cut at its ceilings."""
        around = next(e for e in self._all for ring in e.rings if ring.scope == scope)
        place = next(at for at, ring in enumerate(around.rings) if ring.scope == scope)
        ceilings = around.ceilings(place)
        summed = Summed(self.accounts.scheme, tuple(rest))
        if grid.ndim == 1:
            full = np.convolve(grid, summed.pmf(self.wide[0]) if rest else np.ones(1))
            full[max(ceilings[self.wide[0]] + 1, 0) :] = 0.0
            return full
        axes = [name for name in summed.scheme.categories if name != summed.scheme.ordinary]
        others = joint(summed, len(axes))
        box = around.allowed(axes, ceilings, "", total, total)
        if last:
            inside = tuple(slice(0, size) for size in grid.shape)
            return grid * correlated(box, others)[inside]
        full = self._summed(grid, others)
        keep = tuple(slice(0, size) for size in full.shape)
        return full * box[keep]


def _ways(categories: Sequence[str], lets: Sequence[Shares]) -> list[tuple[float, tuple[str, ...]]]:
    """Return each way in which homes can be let, with its chance; "" where one isn't."""
    each = [
        [(share, name) for share, name in zip(shares, categories, strict=True) if share]
        if shares
        else [(1.0, "")]
        for shares in lets
    ]
    return [
        (math.prod(share for share, _ in way), tuple(name for _, name in way))
        for way in product(*each)
    ]


def _lowered(around: Situation, brought: Sequence[str]) -> Situation:
    """Return a situation whose stairwell ceilings leave out who came already."""
    ring = around.rings[0]
    limits = tuple(
        replace(each, high=each.high - list(brought).count(each.category))
        if each.high is not None
        else each
        for each in ring.limits
    )
    return replace(around, rings=(replace(ring, limits=limits), *around.rings[1:]))
