"""Is this a portfolio that can be true? Checks across rows; each cell was read before.

What contradicts itself or can't be met is an error, what is odd a warning, what is worth knowing a
note. All are found at once. Each check takes the rows as they were last told; an earlier word on
the same subject is history, not a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.check import _people, _places, _rules
from mixwijzer.exchange.check._subject import Located, Problem, Subject
from mixwijzer.exchange.findings import Finding, shortened

__all__ = ["Located", "check"]


def check(
    portfolio: Portfolio, *, located: Mapping[str, Located] | None = None
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a portfolio as a whole.

    Parameters
    ----------
    portfolio
        The rows.
    located
        Where the rows of each table stood; without it a finding names table and key only.
    """
    subject = Subject(portfolio, located or {})
    return tuple(_finding(problem, subject) for problem in _problems(subject))


def _problems(subject: Subject) -> Iterator[Problem]:
    for each in (*_places.CHECKS, *_people.CHECKS, *_rules.CHECKS):
        yield from each(subject)


def _finding(problem: Problem, subject: Subject) -> Finding:
    place = subject.located.get(problem.table)
    row = problem.index
    return Finding(
        code=problem.code,
        severity=problem.severity,
        file=place.file if place else None,
        sheet=place.sheet if place else problem.table,
        row=place.row_numbers[row] if place and row is not None else None,
        column=problem.column,
        value=None if problem.value is None else shortened(problem.value),
        facts=problem.facts,
    )
