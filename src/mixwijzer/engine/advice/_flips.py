"""What would flip a verdict: exact least changes, one per kind, pairs where no single one works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations_with_replacement
from typing import cast

from mixwijzer.engine.account import Account, Outlook, Separate
from mixwijzer.engine.advice._rules import reached, rules
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.reasons import Change, ChangeKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Changes that together give at least *tight*, and the verdict they give."""

    changes: tuple[Change, ...]
    verdict: Verdict

    @property
    def cost(self) -> int:
        """Number of changes [households]; one question or one draft costs 1."""
        return sum(_cost(change) for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A kind of change that works nowhere on its own, and the rules that still block.

    `rule` names the rule whose limit was raised (LIMIT), `by` the ids of the blocking rules at
    the largest amount.
    """

    kind: ChangeKind
    scope: str
    rule: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """One thing that may change: a kind in a scope, of one rule where it concerns a limit."""

    kind: ChangeKind
    position: int
    scope: str
    rule: str = ""


def flips(
    situation: Situation, category: str, drafts: Mapping[str, Situation]
) -> tuple[tuple[Flip, ...], tuple[Blocked, ...]]:
    """Return what would flip a category's verdict to tight or room, and what stays blocked.

    Parameters
    ----------
    situation
        As it is.
    category
        Whose verdict is *no room* or *ask first*.
    drafts
        The situation under each existing draft profile, by the draft's name.

    Notes
    -----
    Kinds, costs and ties as in ENGINE §3b.15. Every flip is found by computing the changed
    situation, so applied it flips.
    """
    search = _Search(situation, category, drafts)
    singles = [flip for kind in ChangeKind if (flip := search.single(kind)) is not None]
    blocked = search.blocked({flip.changes[0].kind for flip in singles})
    found = singles or search.pairs()
    order = list(ChangeKind)
    found.sort(key=lambda flip: (flip.cost, [order.index(each.kind) for each in flip.changes]))
    return tuple(found), blocked


def applied(situation: Situation, category: str, change: Change) -> Situation:
    """Return the situation after one change that can be (the search tries no other)."""
    positions = {ring.scope.code: position for position, ring in enumerate(situation.rings)}
    if change.kind is ChangeKind.DEPARTURES:
        return situation.with_fewer(category, positions[change.scope], change.amount)
    if change.kind is ChangeKind.LIMIT:
        return situation.with_higher(change.rule, change.amount)
    if change.kind is ChangeKind.CONFIRMED:
        outlook = cast("Outlook", situation.outlook)
        return situation.with_inner(
            cast("Account | Separate", outlook.confirmed(category, change.amount))
        )
    return situation.with_inner(
        cast("Account | Separate", situation.inner.conditioned(category, change.amount))
    )


class _Search:
    """The search for one category in one situation."""

    def __init__(
        self, situation: Situation, category: str, drafts: Mapping[str, Situation]
    ) -> None:
        self.situation, self.category, self.drafts = situation, category, drafts
        self.most = situation.assumptions.most_changes
        outlook = situation.outlook
        self.unknown = outlook.unknown if outlook is not None else None

    def single(self, kind: ChangeKind) -> Flip | None:
        """Return the cheapest flip by changes of one kind: least amount, then smallest scope."""
        found = [
            (_cost(change), target.position, flip)
            for target in self._targets(kind)
            for change in self._first(target)
            if (flip := self._flip((change,))) is not None
        ]
        return min(found, key=lambda each: each[:2], default=(0, 0, None))[2]

    def pairs(self) -> list[Flip]:
        """Return one flip per pair of kinds, two departures excepted."""
        out = []
        for first, second in combinations_with_replacement(ChangeKind, 2):
            if first is second and first is not ChangeKind.LIMIT:
                continue
            flip = self._pair(first, second)
            if flip is not None:
                out.append(flip)
        return out

    def blocked(self, working: set[ChangeKind]) -> tuple[Blocked, ...]:
        """Return, for each kind that fails alone, the rules that block at its largest amount."""
        return tuple(
            Blocked(kind=kind, scope=target.scope, rule=target.rule, by=self._blocking(target))
            for kind in ChangeKind
            if kind not in working
            for target in self._targets(kind)
        )

    def _targets(self, kind: ChangeKind) -> Iterator[_Target]:
        rings = self.situation.rings
        inner = self.situation.at
        own = partial(_Target, kind, inner, rings[inner].scope.code)
        if kind is ChangeKind.DEPARTURES:
            yield from (_Target(kind, at, ring.scope.code) for at, ring in enumerate(rings))
        elif kind is ChangeKind.LIMIT:
            yield from self._limits()
        elif kind is ChangeKind.DRAFT:
            yield from map(own, self.drafts)
        elif (kind is ChangeKind.FEWER_THAN) == (self.unknown is None) and self._amounts(own()):
            # A narrower judgement where people judged, a confirmation where labels or roles count.
            yield own()

    def _limits(self) -> Iterator[_Target]:
        """Yield the rules that block."""
        positions = {ring.scope: position for position, ring in enumerate(self.situation.rings)}
        for rule in rules(self.situation, self.category):
            if rule.verdict < Verdict.TIGHT:
                yield _Target(ChangeKind.LIMIT, positions[rule.scope], rule.scope.code, rule.id)

    def _amounts(self, target: _Target) -> range:
        """Possible amounts, cheapest first; a narrower judgement starts at the mildest."""
        if target.kind is ChangeKind.DRAFT:
            return range(1, 2)
        if target.kind is ChangeKind.FEWER_THAN:
            pmf = self.situation.inner.pmf(self.category)
            surely = next(count for count, chance in enumerate(pmf) if chance > 0)
            return range(self.situation.inner.households, surely, -1)
        most = self.most
        if target.kind is ChangeKind.CONFIRMED:
            outlook = cast("Outlook", self.situation.outlook)
            most = min(most, self.unknown or 0)
            while most and outlook.confirmed(self.category, most) is None:
                most -= 1
        return range(1, most + 1)

    def _change(self, target: _Target, amount: int) -> Change:
        return Change(kind=target.kind, scope=target.scope, rule=target.rule, amount=amount)

    def _first(self, target: _Target) -> Iterator[Change]:
        """Yield the first amount of a target that flips, if any."""
        amounts = self._amounts(target)
        first = self._first_of(
            amounts, lambda amount: self._flip((self._change(target, amount),)) is not None
        )
        if first < len(amounts):
            yield self._change(target, amounts[first])

    @staticmethod
    def _first_of(amounts: range, flips: Callable[[int], bool]) -> int:
        """Return the place of the first amount that flips (chances rise along the range)."""
        low, high = 0, len(amounts)
        while low < high:
            middle = (low + high) // 2
            if flips(amounts[middle]):
                high = middle
            else:
                low = middle + 1
        return low

    def _pair(self, first: ChangeKind, second: ChangeKind) -> Flip | None:
        """Return the cheapest pair: least total, least of the first kind, smallest scopes."""
        others = list(self._targets(second))
        found = [
            (flip.cost, _cost(flip.changes[0]), one.position, other.position, flip)
            for place, one in enumerate(self._targets(first))
            for other in (others[place + 1 :] if first is second else others)
            if (flip := self._cheapest(one, other)) is not None
        ]
        best = min(found, key=lambda each: each[:4], default=None)
        return None if best is None else self._mildest(best[-1], (first, second))

    def _cheapest(self, one: _Target, other: _Target) -> Flip | None:
        """Return the least total of changes in two targets, any judgement as sharp as can be."""
        most = tuple(self._change(target, self._amounts(target)[-1]) for target in (one, other))
        if self._flip(most) is None:
            return None
        found = [
            flip
            for amount in self._costs(one)
            if (flip := self._second(self._change(one, amount), other)) is not None
        ]
        return min(found, key=lambda flip: (flip.cost, _cost(flip.changes[0])))

    def _second(self, change: Change, target: _Target) -> Flip | None:
        for amount in self._costs(target):
            flip = self._flip((change, self._change(target, amount)))
            if flip is not None:
                return flip
        return None

    def _costs(self, target: _Target) -> range:
        """Amounts that differ in cost: of a narrower judgement the sharpest speaks for all."""
        amounts = self._amounts(target)
        return amounts[-1:] if target.kind is ChangeKind.FEWER_THAN else amounts

    def _mildest(self, flip: Flip, kinds: tuple[ChangeKind, ChangeKind]) -> Flip:
        """Return a pair with the mildest judgement that still flips."""
        if ChangeKind.FEWER_THAN not in kinds:
            return flip
        place = kinds.index(ChangeKind.FEWER_THAN)
        sharp = flip.changes[place]
        target = _Target(sharp.kind, self.situation.at, sharp.scope)

        def milder(amount: int) -> tuple[Change, ...]:
            told = replace(sharp, amount=amount)
            return (*flip.changes[:place], told, *flip.changes[place + 1 :])

        amounts = self._amounts(target)
        first = self._first_of(amounts, lambda amount: self._flip(milder(amount)) is not None)
        return self._flip(milder(amounts[first])) or flip

    def _flip(self, changes: tuple[Change, ...]) -> Flip | None:
        verdict = reached(self._changed(changes), self.category)
        return Flip(changes=changes, verdict=verdict) if verdict >= Verdict.TIGHT else None

    def _changed(self, changes: tuple[Change, ...]) -> Situation:
        """Apply drafts first, since they replace the limits, then the others in order."""
        situation = self.situation
        for change in sorted(changes, key=lambda each: each.kind is not ChangeKind.DRAFT):
            if change.kind is ChangeKind.DRAFT:
                situation = self.drafts[change.rule]
            else:
                situation = applied(situation, self.category, change)
        return situation

    def _blocking(self, target: _Target) -> tuple[str, ...]:
        changed = self._changed((self._change(target, self._amounts(target)[-1]),))
        spoken = rules(changed, self.category)
        return tuple(rule.id for rule in spoken if rule.verdict < Verdict.TIGHT)


def _cost(change: Change) -> int:
    return 1 if change.kind in {ChangeKind.FEWER_THAN, ChangeKind.DRAFT} else change.amount
