"""What did we promise, what is done, what is under way, what is still owed?

An obligation counts persons or households of a group between two days. Lettings count households
and may carry the number of persons; both stand side by side, because the statutory task counts
persons. A letting is *realised* once its household has come, before that *under way*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mixwijzer.engine.portfolio import Letting, Obligation, Portfolio

__all__ = ["ObligationCount", "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationCount:
    """Where one obligation stands on a day.

    Parameters
    ----------
    obligation
        Which.
    realised, under_way
        Done, and promised but not yet housed, in the obligation's unit.
    remaining
        Still owed after both, in the obligation's unit; 0 when it is met.
    pace
        What would be done by the day at an even pace, in the obligation's unit.
    households, persons
        Realised, in both units [households], [persons].
    without_persons
        Realised lettings whose number of persons isn't known [households].
    lettings
        The lettings behind the figures, by vacancy id.
    """

    obligation: Obligation
    realised: int
    under_way: int
    remaining: int
    pace: float
    households: int
    persons: int
    without_persons: int
    lettings: tuple[str, ...]


def count(portfolio: Portfolio, day: date) -> tuple[ObligationCount, ...]:
    """Count every obligation of the portfolio on a day, in the portfolio's order."""
    return tuple(_counted(portfolio, each, day) for each in portfolio.obligations)


def _counted(portfolio: Portfolio, obligation: Obligation, day: date) -> ObligationCount:
    mine = [each for each in portfolio.lettings if _counts(portfolio, obligation, each, day)]
    done = [each for each in mine if _housed(portfolio, each, day)]
    coming = [each for each in mine if each not in done]
    by_person = obligation.unit == "persons"

    def size(lettings: list[Letting]) -> int:
        return sum(each.persons or 0 for each in lettings) if by_person else len(lettings)

    owed = obligation.target + obligation.carried
    return ObligationCount(
        obligation=obligation,
        realised=size(done),
        under_way=size(coming),
        remaining=max(owed - size(done) - size(coming), 0),
        pace=owed * _elapsed(obligation, day),
        households=len(done),
        persons=sum(each.persons or 0 for each in done),
        without_persons=sum(each.persons is None for each in done),
        lettings=tuple(each.vacancy for each in mine),
    )


def _counts(portfolio: Portfolio, obligation: Obligation, letting: Letting, day: date) -> bool:
    """Whether a letting is of the group, in the period and in the owner's stock."""
    if letting.group != obligation.group or letting.on > day:
        return False
    if not obligation.start <= letting.on < obligation.end:
        return False
    return _owner(portfolio, letting) in {None, obligation.owner}


def _owner(portfolio: Portfolio, letting: Letting) -> str | None:
    """Owner of the home that was let; None where the vacancy is no longer known."""
    vacancy = portfolio.vacancy.get(letting.vacancy)
    home = portfolio.dwelling.get(vacancy.dwelling) if vacancy else None
    own = portfolio.complex.get(home.complex) if home else None
    return own.owner if own else None


def _housed(portfolio: Portfolio, letting: Letting, day: date) -> bool:
    """Whether the household has come; a letting whose vacancy is gone is long done."""
    vacancy = portfolio.vacancy.get(letting.vacancy)
    if vacancy is None:
        return True
    return any(
        vacancy.notice <= lease.start <= day
        for lease in portfolio.tenancies_of.get(vacancy.dwelling, ())
    )


def _elapsed(obligation: Obligation, day: date) -> float:
    """Part of the period that is over on a day, in [0, 1]."""
    length = (obligation.end - obligation.start).days
    return min(max((day - obligation.start).days / length, 0.0), 1.0) if length > 0 else 1.0
