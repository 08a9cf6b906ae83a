"""What comes of a round: one value for a round for the town, a week, or what clashes?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from mixwijzer.engine.allocation import (
    Agreement,
    Allocation,
    Conflict,
    LettingRound,
    Option,
    Week,
    Why,
    allocate,
    week,
    whys,
)
from mixwijzer.engine.errors import AdviceError
from mixwijzer.exchange.inquiry import Inquiry, Refusal
from mixwijzer.exchange.rounds._portfolio import ALL, Part, portfolio_round
from mixwijzer.exchange.rounds._reading import WEEK_SCALE, RoundRead, RoundSource, read_round


@dataclass(frozen=True, kw_only=True)
class Divided:
    """A round and what came of it.

    Parameters
    ----------
    allocation, clash
        Who gets what, or which agreements clash: one of the two.
    agreements
        All of the round.
    choices, cost
        Option by home and what all of it costs, of a week [cost as it was given].
    refusals
        Which letting rule keeps a candidate from a home, by (home, candidate) id.
    inquiry
        The portfolio it was made of; None where it stood in files.
    left_out
        Open homes of a portfolio about which there is no advice, so that they take no part.
    """

    agreements: tuple[Agreement, ...]
    allocation: Allocation | None = None
    clash: Conflict | None = None
    choices: Mapping[str, Option] | None = None
    cost: float | None = None
    refusals: Mapping[tuple[str, str], str] = field(default_factory=dict)
    inquiry: Inquiry | None = None
    left_out: tuple[Refusal, ...] = ()

    def whys(self, about: str | None = None) -> Iterator[Why]:
        """Yield why (not), of all or of one candidate or home.

        Raises
        ------
        AdviceError
            `round_nobody` where neither a candidate nor a home has this name.
        """
        told = self.allocation
        if told is None:
            return
        homes = {each.id for each in told.round.homes}
        if about is not None and about not in homes | set(told.round.place):
            raise AdviceError("round_nobody", about)
        if about in homes:
            yield from whys(told, home=about)
        else:
            yield from whys(told, candidate=about)


def divided(source: RoundSource | Inquiry, *, by_week: bool = False, part: Part = ALL) -> Divided:
    """Divide a round that stands in files, or the `part` of a portfolio that takes part.

    Raises
    ------
    AdviceError
        `round_of_files` for a week of a portfolio, `round_of_portfolio` for a part of a round; and
        what `read_round` and `portfolio_round` raise.
    """
    if isinstance(source, Inquiry):
        if by_week:
            raise AdviceError("round_of_files", "week")
        return replace(shared_out(portfolio_round(source, part)), inquiry=source)
    if part != ALL:
        raise AdviceError("round_of_portfolio", "round")
    told = read_round(source, week=by_week)
    if by_week:
        found = week(told.homes, told.options, told.agreements)
        if isinstance(found, Week):
            return Divided(
                agreements=told.agreements,
                allocation=found.allocation,
                choices=found.choices,
                cost=found.cost / WEEK_SCALE,
            )
        return Divided(agreements=told.agreements, clash=found)
    return shared_out(told)


def shared_out(told: RoundRead) -> Divided:
    """Divide a round that was read or made."""
    found = allocate(cast("LettingRound", told.round))
    if isinstance(found, Conflict):
        return Divided(agreements=told.agreements, clash=found, left_out=told.left_out)
    return Divided(
        agreements=told.agreements,
        allocation=found,
        refusals=told.refusals,
        left_out=told.left_out,
    )
