"""From a portfolio to everything steering says of it, per complex and in total."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.forecast import Outset
from mixwijzer.engine.portfolio import Letting, Obligation
from mixwijzer.engine.steering._blocks import Block
from mixwijzer.engine.steering._grounds import EndingGround, ground_calendar
from mixwijzer.engine.steering._index import RoomIndex, promises_kept, room_index
from mixwijzer.engine.steering._power import HORIZON, SteeringPower, Total, power, total
from mixwijzer.engine.steering._prices import Pledge

_DAYS = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """What steering says of a portfolio.

    Parameters
    ----------
    day
        On which day.
    powers
        Steering power by complex id.
    total
        All complexes together; None without any.
    index
        Prices, bound and room scores; None without any complex.
    pledges
        What the obligations in force come to per year.
    assumed
        Groups of which no letting tells the composition or the size of a household: the ordinary
        shares are taken, and one person a household.
    impossible
        Why the pledges can't all be kept; the index is then made without them.
    unanswered
        By complex id: why there is no steering power.
    grounds
        Grounds that end, and what leans on them.
    """

    day: date
    powers: Mapping[str, SteeringPower]
    total: Total | None
    index: RoomIndex | None
    pledges: tuple[Pledge, ...]
    assumed: tuple[str, ...]
    impossible: SteeringError | None
    unanswered: Mapping[str, SteeringError]
    grounds: tuple[EndingGround, ...]


def steer(  # noqa: PLR0913
    accounts: Accounts,
    rates: Rates | Mapping[str, Rates],
    *,
    slowest: Rates | Mapping[str, Rates] | None = None,
    fastest: Rates | Mapping[str, Rates] | None = None,
    steered: float = 1.0,
    ordinary_regime: float = 0.0,
    supply: Sequence[float] | None = None,
    horizon: int = HORIZON,
    only: Collection[str] | None = None,
) -> Steering:
    """Return steering power, room index and ground calendar of a portfolio.

    Parameters
    ----------
    accounts
        Who lives where, on the day.
    rates
        Departures and drift, for all or by complex id.
    slowest, fastest
        The ends of their uncertainty, in the same manner; left out, rates are taken as known.
    steered
        Share of the vacancies that may be steered today.
    ordinary_regime
        The same when the experiment ends.
    supply
        (K,) households per category that can be had [1/yr]; infinite by default.
    horizon
        Months that are looked ahead; longer is never.
    only
        Complexes of which the steering power is asked; all by default. Prices are of all.
    """
    portfolio = accounts.portfolio
    outsets = Outset.all_of(accounts, rates)
    blocks, unanswered = _blocks(accounts, outsets, steered)
    pledges, assumed = pledged(accounts)
    most = None if supply is None else tuple(map(float, supply))
    index, impossible = _indexed(tuple(blocks.values()), most, pledges)
    powers: dict[str, SteeringPower] = {}
    for outset in outsets:
        asked = only is None or outset.id in only
        if outset.id not in blocks or index is None or not asked:
            continue
        ends = [each for each in (slowest, fastest) if each is not None]
        try:
            powers[outset.id] = power(
                blocks[outset.id],
                outset.mixes,
                outset.chances,
                index.policy(outset.id),
                ordinary_regime=ordinary_regime,
                between=[_of(each, outset.id) for each in ends],
                horizon=horizon,
            )
        except SteeringError as error:
            unanswered[outset.id] = error
    return Steering(
        day=accounts.day,
        powers=powers,
        total=total(list(powers.values())) if powers else None,
        index=index,
        pledges=pledges,
        assumed=assumed,
        impossible=impossible,
        unanswered=unanswered,
        grounds=ground_calendar(portfolio, accounts.day, scheme=accounts.scheme.name),
    )


def unkept(
    accounts: Accounts,
    rates: Rates | Mapping[str, Rates],
    *,
    steered: float,
    supply: Sequence[float],
) -> SteeringError | None:
    """Return why nobody can keep the promises out of a supply (K,) [1/yr]; None if somebody may."""
    blocks, _ = _blocks(accounts, Outset.all_of(accounts, rates), steered)
    try:
        promises_kept(tuple(blocks.values()), supply, pledged(accounts)[0])
    except SteeringError as error:
        return error
    return None


def _blocks(
    accounts: Accounts, outsets: Sequence[Outset], steered: float
) -> tuple[dict[str, Block], dict[str, SteeringError]]:
    """Return the complexes that can be steered, and of the others why not."""
    choices = _choices(accounts)
    blocks: dict[str, Block] = {}
    unanswered: dict[str, SteeringError] = {}
    for outset in outsets:
        try:
            blocks[outset.id] = _block(outset, steered, choices)
        except SteeringError as error:
            unanswered[outset.id] = error
    return blocks, unanswered


def _of(given: Rates | Mapping[str, Rates], id_: str) -> Rates:
    return given if isinstance(given, Rates) else given[id_]


def _choices(accounts: Accounts) -> tuple[tuple[float, ...], ...]:
    """Return the intake shares of the ways that may be used today; none listed, free choice."""
    return tuple(
        tuple(map(float, each.shares))
        for each in accounts.portfolio.channels
        if each.scheme == accounts.scheme.name and each.has_ground(accounts.day)
    )


def _block(outset: Outset, steered: float, choices: tuple[tuple[float, ...], ...]) -> Block:
    return Block(
        id=outset.id,
        homes=outset.homes,
        rates=outset.rates,
        low=tuple(outset.limits.low.tolist()),
        high=tuple(outset.limits.high.tolist()),
        ordinary=tuple(np.asarray(outset.policy.ordinary).tolist()),
        steered=steered,
        choices=choices,
    )


@lru_cache(maxsize=1)
def _indexed(
    blocks: tuple[Block, ...], supply: tuple[float, ...] | None, pledges: tuple[Pledge, ...]
) -> tuple[RoomIndex | None, SteeringError | None]:
    """Return the index, without the pledges where those can't be kept, and why they can't.

    Who asks about one complex after the other of a portfolio prices it once.
    """
    if not blocks:
        return None, None
    try:
        return room_index(blocks, supply=supply, pledges=pledges), None
    except SteeringError as error:
        return room_index(blocks), error


def pledged(accounts: Accounts) -> tuple[tuple[Pledge, ...], tuple[str, ...]]:
    """Return what the obligations in force come to per year, and what had to be assumed."""
    owners = {each.owner for each in accounts.portfolio.complexes}
    found, assumed = [], []
    for each in accounts.portfolio.obligations:
        if each.owner in owners and each.start <= accounts.day < each.end:
            lettings = [row for row in accounts.portfolio.lettings if row.group == each.group]
            shares = _composition(accounts, lettings)
            persons = [row.persons for row in lettings if row.persons is not None]
            size = sum(persons) / len(persons) if persons else 1.0
            if shares is None or (each.unit == "persons" and not persons):
                assumed.append(each.group)
            found.append(
                Pledge(
                    group=each.group,
                    per_year=_per_year(each) / (size if each.unit == "persons" else 1.0),
                    shares=shares or accounts.ordinary_shares,
                )
            )
    return tuple(found), tuple(assumed)


def _per_year(obligation: Obligation) -> float:
    """Return what an obligation comes to per year of its period, in its unit."""
    years = (obligation.end - obligation.start).days / _DAYS
    return (obligation.target + obligation.carried) / years


def _composition(accounts: Accounts, lettings: Sequence[Letting]) -> tuple[float, ...] | None:
    """Return the shares of a group's known categories; None where none is known."""
    names = accounts.scheme.categories
    known = [row.category for row in lettings if row.category in names]
    return tuple(known.count(name) / len(known) for name in names) if known else None
