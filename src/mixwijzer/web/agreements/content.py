"""What is written in an agreement: its heading, and clauses in its own words.

It says nothing of a person. `Term` is one period over which a clause is counted: what stands in
the ledger of obligations once the agreement is signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mixwijzer.web.agreements.words import ClauseKind, Period, Unit

__all__ = ["Clause", "Heading", "Term", "terms"]

HALF_YEAR = 6  # [months]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What an agreement is about, with whom, and for how long; `end` is the first day without it.

    `municipality` and `tenants` are keys of organisations.
    """

    title: str
    text: str
    start: date
    end: date
    municipality: int | None = None
    tenants: int | None = None
    others: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause.

    Parameters
    ----------
    code
        Number of its obligation, where the association's files have one already.
    households, persons
        What was promised per period, side by side; `unit` says which of the two counts.
    carried
        What the agreement itself says to come on top from before, in its own unit.
    ground, ends, why
        Of a ground or experiment: the norm it names, its first day without, and the reasons.
    answers
        Whether the municipality answers about homes of this clause in the week round.
    """

    number: int
    kind: str
    words: str
    code: str = ""
    group: str = ""
    unit: str = Unit.HOUSEHOLDS
    period: str = Period.YEAR
    households: int | None = None
    persons: int | None = None
    carried: int = 0
    carry: str = "nothing"
    ground: str = ""
    ends: date | None = None
    why: str = ""
    answers: str = ""

    @property
    def target(self) -> int | None:
        """What counts, in its own unit."""
        return self.persons if self.unit == Unit.PERSONS else self.households

    @property
    def missing(self) -> tuple[str, ...]:
        """What still has to be filled in before others read it."""
        asked: dict[str, object] = {"words": self.words}
        if self.kind == ClauseKind.OBLIGATION:
            asked |= {"group": self.group, "target": self.target is not None}
        if self.kind == ClauseKind.GROUND:
            asked |= {"ground": self.ground}
        if self.kind in {ClauseKind.GROUND, ClauseKind.EXPERIMENT}:
            asked |= {"ends": self.ends, "why": self.why}
        return tuple(name for name, value in asked.items() if not value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One period over which a clause is counted, with the code of its obligation."""

    code: str
    start: date
    end: date


def terms(clause: Clause, agreement: str, start: date, end: date) -> tuple[Term, ...]:
    """Return the periods of an obligation clause; no periods for any other clause."""
    if clause.kind != ClauseKind.OBLIGATION:
        return ()
    code = clause.code or f"{agreement}.{clause.number}"
    if clause.period == Period.YEAR:
        return (Term(code=code, start=start, end=end),)
    parts = enumerate(_halves(start, end), 1)
    return tuple(Term(code=f"{code}-{n}", start=first, end=last) for n, (first, last) in parts)


def _halves(start: date, end: date) -> Iterator[tuple[date, date]]:
    """Cut a period at each half-year after its start; the last part may be shorter."""
    first, count = start, 1
    while first < end:
        after = min(_months_on(start, HALF_YEAR * count), end)
        yield first, after
        first, count = after, count + 1


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    next_month = date(day.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (next_month - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))
