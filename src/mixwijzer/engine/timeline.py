"""Two clocks: when something was true, and when we knew.

Facts about one subject form a ledger ordered by (recorded_at, sequence). A later record replaces
earlier ones only on its own half-open spell [start, end); `corrects` withdraws an earlier record
altogether. Nothing is edited, so every past decision can be replayed as it stood. The Dutch terms
are *materiële* and *formele historie*.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

__all__ = ["Fact", "as_of", "latest", "months_between"]

T = TypeVar("T")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[T]):
    """A value that held from `start` up to but not including `end`, told at `recorded_at`.

    `sequence` orders facts recorded at the same moment; `corrects` is the sequence of the record
    that this one withdraws.
    """

    value: T
    start: date
    end: date | None = None
    recorded_at: datetime
    sequence: int = 0
    corrects: int | None = None


def as_of(facts: Iterable[Fact[T]], *, valid: date, known: datetime) -> T | None:
    """Return what we believed at `known` to hold on day `valid`.

    >>> from datetime import UTC
    >>> def noon(y, m, d): return datetime(y, m, d, 12, tzinfo=UTC)
    >>> told = [Fact(value="regular", start=date(2026, 1, 1), recorded_at=noon(2026, 1, 5)),
    ...         Fact(value="attention", start=date(2026, 3, 1), recorded_at=noon(2026, 6, 1))]
    >>> as_of(told, valid=date(2026, 4, 1), known=noon(2026, 5, 1))
    'regular'
    >>> as_of(told, valid=date(2026, 4, 1), known=noon(2026, 7, 1))
    'attention'
    """
    seen = [fact for fact in facts if fact.recorded_at <= known]
    withdrawn = {fact.corrects for fact in seen if fact.corrects is not None}
    holding = [
        fact
        for fact in seen
        if fact.sequence not in withdrawn
        and fact.start <= valid
        and (fact.end is None or valid < fact.end)
    ]
    last = max(holding, key=lambda fact: (fact.recorded_at, fact.sequence), default=None)
    return None if last is None else last.value


def latest(
    rows: Iterable[Row],
    *,
    key: Callable[[Row], Hashable],
    recorded_at: Callable[[Row], datetime | None],
    known: datetime,
) -> tuple[Row, ...]:
    """Return the rows that were the last word at `known`, one per key, in the order first told.

    A row without a recording moment was always known (hand-made files carry none); among rows
    told at one moment the one that stands last wins.
    """
    word: dict[Hashable, tuple[datetime | None, Row]] = {}
    for row in rows:
        told = recorded_at(row)
        if told is not None and told > known:
            continue
        before = word.get(key(row))
        if before is None or before[0] is None or (told is not None and told >= before[0]):
            word[key(row)] = (told, row)
    return tuple(row for _, row in word.values())


def months_between(start: date, end: date) -> int:
    """Return how many calendar months turned between two days [months]; 0 within one month.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 1))
    1
    """
    return (end.year - start.year) * 12 + end.month - start.month
