"""The whole-number program of a question, in which any agreement may be set aside or pay to give.

Columns are homes x groups, then for each promise households that it is short of, for each ceiling
households above it, for each sort of homes the homes that it is short of. An agreement that holds
has no such column; one that is set aside has them for nothing, one that may give way at a price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from mixwijzer.engine.allocation.program import Program, Row, best
from mixwijzer.engine.feasibility._question import HOMES, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """So many homes of a sort for a group; all by position."""

    homes: int
    promise: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The programs of one question; made once, asked many times."""

    question: Question

    @cached_property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Pairs of homes and the first promise of a group that they suit, by position."""
        asked = self.question
        first: dict[tuple[str, str], int] = {}
        for number, each in enumerate(asked.promises):
            first.setdefault((each.group, each.category), number)
        return tuple(
            (home, promise)
            for home, each in enumerate(asked.homes)
            for (group, _), promise in first.items()
            if group in each.fits
        )

    @cached_property
    def counted(self) -> sparse.csr_array:
        """Which cells count in which row: promises, ceilings, homes (rows, cells)."""
        asked = self.question
        rows, columns = [], []
        for column, (home, promise) in enumerate(self.cells):
            homes, who = asked.homes[home], asked.promises[promise]
            found = [
                number
                for number, each in enumerate(asked.promises)
                if (each.group, each.category) == (who.group, who.category)
                and (each.until is None or homes.by is None or homes.by <= each.until)
            ]
            below = len(asked.promises)
            found += [
                below + number
                for number, each in enumerate(asked.ceilings)
                if each.counts(homes, who.group, who.category)
            ]
            found.append(below + len(asked.ceilings) + home)
            rows += found
            columns += [column] * len(found)
        shape = (len(self.agreements), len(self.cells))
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    @cached_property
    def agreements(self) -> tuple[str, ...]:
        """What each row belongs to."""
        asked = self.question
        return (
            *(each.id for each in asked.promises),
            *(each.agreement for each in asked.ceilings),
            *(HOMES for _ in asked.homes),
        )

    @cached_property
    def limits(self) -> Row:
        """At least, for promises, and at most, for ceilings and homes (rows,) [households]."""
        asked = self.question
        return np.array(
            [
                *(each.households for each in asked.promises),
                *(each.at_most for each in asked.ceilings),
                *(each.homes for each in asked.homes),
            ],
            dtype=float,
        )

    def holds(self, kept: frozenset[str]) -> bool:
        """Whether these agreements can hold together, the others set aside."""
        aside = {name: 0.0 for name in self.question.agreements if name not in kept}
        return self.cheapest(aside) is not None

    def cheapest(self, prices: Mapping[str, float], gain: Row | None = None) -> Row | None:
        """Return how many of each cell where giving way costs least; None where it can't be.

        Parameters
        ----------
        prices
            Per agreement that may give way, what a household out or a home short costs.
        gain
            What each cell is worth besides (cells,); absent: nothing.
        """
        cells, rows = len(self.cells), len(self.agreements)
        sign = np.where(np.arange(rows) < len(self.question.promises), 1.0, -1.0)
        gives = np.array([name in prices for name in self.agreements], dtype=bool)
        worth = np.zeros(cells) if gain is None else -gain
        slack = np.array([prices.get(name, 0.0) for name in self.agreements], dtype=float)
        at_least = sign > 0
        found = best(
            Program(
                cost=np.concatenate([worth, slack]),
                most=np.concatenate([np.full(cells, np.inf), np.where(gives, np.inf, 0.0)]),
                rows=sparse.csc_array(sparse.hstack([self.counted, sparse.diags_array(sign)])),
                lower=np.where(at_least, self.limits, -np.inf),
                upper=np.where(at_least, np.inf, self.limits),
                whole=np.arange(cells + rows) < cells,
            )
        )
        return None if found is None else np.rint(found.x[:cells])
