"""What would flip a verdict: everything is tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.engine.oracle.accounts import (
    Chances,
    Figures,
    Json,
    filtered,
    labelled,
    normal,
)
from tests.engine.oracle.rules import RANK, TIGHT, World, reference, spoken, world, worst

KINDS = ("departures", "confirmed", "fewer than", "limit", "draft")

Change = tuple[str, Any, int]  # kind, place index or (place index, line id) or draft, amount


def cost(change: Change) -> int:
    """A narrower judgement and a draft are one change each."""
    return 1 if change[0] in {"fewer than", "draft"} else change[2]


class Search:
    """Tries everything that may change, for one category."""

    def __init__(self, figures: Figures, case: Json, category: int) -> None:
        self.figures, self.case, self.category = figures, case, category
        self.start = world(figures, case)
        self.described = case["scopes"][self.start.own]["account"]
        self.unknown = self._unknown()

    def _unknown(self) -> int | None:
        """Households without role or label; None where neither exists."""
        if self.described["from"] == "labels":
            return self.described.get("unknown", 0) + sum(self.described.get("expired", ()))
        kept = filtered(self.figures, self.described)
        return sum(kept.others[0][0]) if any(kept.roles) else None

    def targets(self, kind: str) -> list[Any]:
        """Where a kind of change can happen, smallest scope first."""
        if kind == "departures":
            return list(range(len(self.start.places)))
        if kind == "limit":
            return [
                (rule["size"], rule["id"])
                for rule in spoken(self.start, self.category)
                if RANK[rule["verdict"]] < RANK[TIGHT]
            ]
        if kind == "draft":
            return sorted(self.case.get("drafts", {}))
        if (kind == "confirmed") == (self.unknown is not None) and self.amounts(kind):
            return [self.start.own]
        return []

    def amounts(self, kind: str) -> list[int]:
        """Amounts to try, the mildest first."""
        if kind == "draft":
            return [1]
        if kind == "fewer than":
            mildest = sum(self.start.inner[0][0])
            return [y for y in range(mildest, 0, -1) if self._narrowed(y) is not None]
        if kind == "confirmed":
            most = min(self.figures.max_m, self.unknown or 0)
            return [m for m in range(1, most + 1) if self._known(m) is not None]
        return list(range(1, self.figures.max_m + 1))

    def applied(self, changes: Sequence[Change]) -> World | None:
        """The world after changes; None where they can't be."""
        draft = next((target for kind, target, _ in changes if kind == "draft"), None)
        out = self.start if draft is None else world(self.figures, self.case, draft)
        for kind, target, amount in changes:
            if kind == "departures":
                out = replace(out, gone=(self.category, target, amount))
            elif kind == "limit":
                out = raised(out, target[1], amount)
            elif kind in {"fewer than", "confirmed"}:
                inner = self._narrowed(amount) if kind == "fewer than" else self._known(amount)
                if inner is None:
                    return None
                out = replace(out, inner=tuple(inner.items()))
        return out

    def _narrowed(self, below: int) -> Chances | None:
        kept = {
            mix: chance
            for mix, chance in self.start.inner
            if mix[self.category] < below and chance > 0
        }
        return normal(kept) if kept else None

    def _known(self, amount: int) -> Chances | None:
        """`amount` unknowns drawn at random turn out not to be of the category (§3b.15)."""
        if self.described["from"] == "labels":
            return labelled(self.figures, self.described, confirmed=(self.category, amount))
        kept = filtered(self.figures, self.described)
        unknown = self.unknown or 0
        weights = {
            mix: chance * math.comb(unknown - mix[self.category], amount)
            for mix, chance in kept.others
            if unknown - mix[self.category] >= amount and chance > 0
        }
        return kept.having(normal(weights)).chances if weights else None

    def flip(self, *changes: Change) -> str | None:
        """The verdict after changes where it is tight or room."""
        after = self.applied(changes)
        if after is None:
            return None
        verdict, _ = worst(after, spoken(after, self.category))
        return verdict if RANK[verdict] >= RANK[TIGHT] else None

    def single(self, kind: str) -> tuple[tuple[Change, ...], str] | None:
        """The least change of one kind."""
        found = []
        for place, target in enumerate(self.targets(kind)):
            for order, amount in enumerate(self.amounts(kind)):
                verdict = self.flip((kind, target, amount))
                if verdict is not None:
                    change = (kind, target, amount)
                    found.append((cost(change), place, order, (change,), verdict))
        return min(found, key=lambda each: each[:3])[3:] if found else None

    def pair(self, first: str, second: str) -> tuple[tuple[Change, ...], str] | None:
        """The least pair of two kinds."""
        found = []
        for i, one in enumerate(self.targets(first)):
            for j, other in enumerate(self.targets(second)):
                if first == second and i >= j:
                    continue
                for a, amount in enumerate(self.amounts(first)):
                    for b, more in enumerate(self.amounts(second)):
                        changes = ((first, one, amount), (second, other, more))
                        verdict = self.flip(*changes)
                        if verdict is not None:
                            total = sum(map(cost, changes))
                            key = (total, cost(changes[0]), i, j, a, b)
                            found.append((key, changes, verdict))
        return min(found, key=lambda each: each[0])[1:] if found else None

    def result(self) -> Json:
        """Flips, fewest changes first, and what stays blocked."""
        singles = {kind: self.single(kind) for kind in KINDS}
        found = [flip for flip in singles.values() if flip is not None]
        if not found:
            pairs = [
                self.pair(first, second)
                for i, first in enumerate(KINDS)
                for second in KINDS[i:]
                if first != second or first == "limit"
            ]
            found = [pair for pair in pairs if pair is not None]
        found.sort(
            key=lambda each: (
                sum(map(cost, each[0])),
                [KINDS.index(change[0]) for change in each[0]],
            )
        )
        blocked = [
            [self._named(kind, target), self._blocking(kind, target)]
            for kind, flip in singles.items()
            if flip is None
            for target in self.targets(kind)
        ]
        return {
            "flips": [
                {
                    "changes": [
                        [*self._named(kind, target), amount] for kind, target, amount in changes
                    ],
                    "verdict": verdict,
                }
                for changes, verdict in found
            ],
            "blocked": blocked,
        }

    def _named(self, kind: str, target: Any) -> list[Any]:
        if kind == "limit":
            place, id_ = target
            line = next(each for each in self.start.places[place].lines if each.id == id_)
            return [kind, [self.start.places[place].name, line.kind, id_]]
        if kind == "draft":
            return [kind, target]
        return [kind, self.start.places[target].name]

    def _blocking(self, kind: str, target: Any) -> list[Any]:
        after = self.applied(((kind, target, self.amounts(kind)[-1]),))
        assert after is not None
        return [
            reference(rule)
            for rule in spoken(after, self.category)
            if RANK[rule["verdict"]] < RANK[TIGHT]
        ]


def raised(of: World, id_: str, amount: int) -> World:
    """The world with one ceiling so many households higher."""
    places = tuple(
        replace(
            place,
            lines=tuple(
                replace(line, high=line.high + amount)
                if line.id == id_ and line.high is not None
                else line
                for line in place.lines
            ),
        )
        for place in of.places
    )
    return replace(of, places=places)
