"""Through which channel, and for which group, does each of this week's homes go?

Ordinary candidates live in the portal, so a week divides *options* over the homes: a channel with
the category and group that it brings, of which there may be so many. What fits best is settled for
all homes together, since bands, promises and budgets are shared; every home gets one option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mixwijzer.engine.allocation._allocate import Allocation, allocate
from mixwijzer.engine.allocation._conflict import Conflict
from mixwijzer.engine.allocation._round import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
)
from mixwijzer.engine.errors import AllocationError

MOST_HOMES = 10
"""A week is what one person decides at one table; more is a round for the town."""

EVERY_HOME = "every home"
"""Name of the agreement that every home gets an option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to let a home.

    Parameters
    ----------
    channel
        Id of the channel.
    category, group, ground
        Whom it brings, and the steering ground that it leans on; empty where there is none.
    supply
        How many homes can go this way this week; None: as many as there are.
    costs
        What it costs at each home it can be used for, by home [points], such as the room score;
        absent homes can't go this way.
    """

    channel: str
    category: str = ""
    group: str = ""
    ground: str = ""
    supply: int | None = None
    costs: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Which option each home gets.

    Parameters
    ----------
    choices
        Option by home.
    cost
        Costs of the options and of stepping outside agreements together [points].
    prices
        What one unit of each agreement's limit is worth [points].
    allocation
        The round behind it, with its proof.
    """

    choices: Mapping[str, Option]
    cost: int
    prices: Mapping[str, float]
    allocation: Allocation


def week(
    homes: tuple[FreeHome, ...], options: tuple[Option, ...], agreements: tuple[Agreement, ...]
) -> Week | Conflict:
    """Return the options of least cost for 1–10 homes, or the agreements that clash.

    Raises
    ------
    AllocationError
        `week_long` with more homes than a week has; those of `LettingRound`.
    """
    if len(homes) > MOST_HOMES:
        raise AllocationError("week_long", "week", homes=len(homes), most=MOST_HOMES)
    numbers = [
        number
        for number, option in enumerate(options)
        for _ in range(len(homes) if option.supply is None else min(option.supply, len(homes)))
    ]
    dear = 1 + max((cost for option in options for cost in option.costs.values()), default=0)
    the_round = LettingRound(
        homes=homes,
        candidates=tuple(
            RoundCandidate(
                id=f"{options[number].channel} {place}",
                category=options[number].category,
                group=options[number].group,
                ground=options[number].ground,
            )
            for place, number in enumerate(numbers)
        ),
        pairs=Pairs.of(
            (at, place, dear - options[number].costs[home.id])
            for at, home in enumerate(homes)
            for place, number in enumerate(numbers)
            if home.id in options[number].costs
        ),
        agreements=(*agreements, _every_home(homes)),
    )
    found = allocate(the_round)
    if isinstance(found, Conflict):
        return found
    return Week(
        choices={
            each.home: options[numbers[the_round.place[each.candidate]]]
            for each in found.placements
        },
        cost=dear * len(homes) - found.objective,
        prices=found.agreement_prices,
        allocation=found,
    )


def _every_home(homes: tuple[FreeHome, ...]) -> Agreement:
    return Agreement(id=EVERY_HOME, kind=AgreementKind.OBLIGATION, low=len(homes))
