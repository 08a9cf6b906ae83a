"""Through which channel, and for which group, does each of this week's homes go?

Ordinary candidates live in the portal, so a week divides *options* over the homes: a channel with
the category and group that it brings, of which there may be so many. What fits best is settled for
all homes together, since bands, promises and budgets are shared; every home gets one option. What
homes cost *together*, such as the chance that a band of their building is passed, comes with a
`Joint`; then every way is tried, and the best one handed to the round's own proof.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import cast

from mixwijzer.engine.allocation._allocate import Allocation, allocate
from mixwijzer.engine.allocation._conflict import Conflict
from mixwijzer.engine.allocation._counting import cost as cost_of
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

MOST_WAYS = 50_000
"""Ways to let homes that share a limit, which are all tried [ways]."""

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


Choices = Mapping[str, Option]
Key = tuple[int, ...]  # what a way counts for in each agreement, and uses of each scarce option
Way = tuple[int, tuple[int, ...]]  # what it costs [points], and the option of each home


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """What some homes cost together, beside what each option costs at each home.

    Parameters
    ----------
    homes
        Ids of the homes; a home is part of one such group at most.
    cost
        What an option for each of them costs together [points]; alike for options that differ in
        their group alone.
    """

    homes: tuple[str, ...]
    cost: Callable[[Choices], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Which option each home gets.

    Parameters
    ----------
    choices
        Option by home.
    cost
        Costs of the options, of homes together and of stepping outside agreements [points].
    prices
        What one unit of each agreement's limit is worth [points]; of the options alone, where
        homes cost something together.
    allocation
        The round behind it, with its proof; of these choices, where homes cost something together.
    """

    choices: Choices
    cost: int
    prices: Mapping[str, float]
    allocation: Allocation


def week(
    homes: tuple[FreeHome, ...],
    options: tuple[Option, ...],
    agreements: tuple[Agreement, ...],
    joint: tuple[Joint, ...] = (),
) -> Week | Conflict:
    """Return the options of least cost for 1–10 homes, or the agreements that clash.

    Raises
    ------
    AllocationError
        `week_long` with more homes than a week has; `week_wide` where homes that cost something
        together can go more ways than can be tried; those of `LettingRound`.
    """
    if len(homes) > MOST_HOMES:
        raise AllocationError("week_long", "week", homes=len(homes), most=MOST_HOMES)
    found = _apart(homes, options, agreements)
    if isinstance(found, Conflict) or not joint:
        return found
    choices, cost = _Trying(homes, options, agreements, joint).best()
    only = tuple(
        replace(each, costs={home: each.costs[home] for home in choices if choices[home] is each})
        for each in options
    )
    # The best way holds what any way can hold.
    proved = cast("Week", _apart(homes, only, agreements))
    return Week(choices=choices, cost=cost, prices=found.prices, allocation=proved.allocation)


def _apart(
    homes: tuple[FreeHome, ...], options: tuple[Option, ...], agreements: tuple[Agreement, ...]
) -> Week | Conflict:
    """Divide as if homes cost nothing together: a round with its own proof."""
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


class _Trying:
    """The best of all ways, part by part: of ways that count alike only the cheapest is kept."""

    def __init__(
        self,
        homes: tuple[FreeHome, ...],
        options: tuple[Option, ...],
        agreements: tuple[Agreement, ...],
        joint: tuple[Joint, ...],
    ) -> None:
        self.homes = {each.id: each for each in homes}
        self.options, self.agreements = options, agreements
        grouped = {home for each in joint for home in each.homes}
        alone = (Joint(homes=(home,), cost=_nothing) for home in self.homes if home not in grouped)
        self.parts = (*joint, *alone)
        self.scarce = [at for at, each in enumerate(options) if each.supply is not None]

    def best(self) -> tuple[Choices, int]:
        """Return the cheapest way that holds every hard agreement, and what it costs [points]."""
        kept: dict[Key, Way] = {self._nothing: (0, ())}
        for part in self.parts:
            kept = self._with(kept, self._ways(part))
        cost, way = min(
            (cost + self._outside(key), way)
            for key, (cost, way) in kept.items()
            if self._holds(key)
        )
        names = [home for part in self.parts for home in part.homes]
        chosen = dict(zip(names, way, strict=True))
        return {home: self.options[chosen[home]] for home in self.homes}, cost

    def _with(
        self,
        kept: Mapping[Key, Way],
        ways: Mapping[Key, Way],
    ) -> dict[Key, Way]:
        more: dict[Key, Way] = {}
        for (one, (cost, way)), (other, (dear, step)) in product(kept.items(), ways.items()):
            key = tuple(a + b for a, b in zip(one, other, strict=True))
            offer = (cost + dear, (*way, *step))
            if self._can_go(key) and (key not in more or offer < more[key]):
                more[key] = offer
        return more

    def _ways(self, part: Joint) -> dict[Key, Way]:
        """Return what each way to let the homes of a part counts for, and costs at least.

        Options that differ in their group alone cost the same together: every way of channels is
        tried, and within it groups are divided home by home.
        """
        kinds = self._kinds()
        open_to = [
            [
                some
                for kind in kinds
                if (some := [at for at in kind if home in self.options[at].costs])
            ]
            for home in part.homes
        ]
        if math.prod(map(len, open_to)) > MOST_WAYS:
            raise AllocationError("week_wide", part.homes[0], homes=len(part.homes))
        counts = {
            (home, at): {self._key(home, at): (self.options[at].costs[home], (at,))}
            for home, some in zip(part.homes, open_to, strict=True)
            for kind in some
            for at in kind
        }
        found: dict[Key, Way] = {}
        for way in product(*open_to):
            chosen = {
                home: self.options[kind[0]] for home, kind in zip(part.homes, way, strict=True)
            }
            kept: dict[Key, Way] = {self._nothing: (part.cost(chosen), ())}
            for home, kind in zip(part.homes, way, strict=True):
                kept = self._with(kept, _cheapest(counts[home, at] for at in kind))
            found = _cheapest((found, kept))
        return found

    def _kinds(self) -> list[list[int]]:
        """Return options by position, together where they differ in group and supply alone."""
        kinds: dict[tuple[str, str, str], list[int]] = {}
        for at, each in enumerate(self.options):
            kinds.setdefault((each.channel, each.category, each.ground), []).append(at)
        return list(kinds.values())

    @property
    def _nothing(self) -> Key:
        return (0,) * (len(self.agreements) + len(self.scarce))

    def _key(self, home: str, at: int) -> Key:
        loads = (_load(each, self.homes[home], self.options[at]) for each in self.agreements)
        return (*loads, *(int(at == each) for each in self.scarce))

    def _can_go(self, key: Sequence[int]) -> bool:
        used = key[len(self.agreements) :]
        return all(
            number <= (self.options[at].supply or 0)
            for number, at in zip(used, self.scarce, strict=True)
        )

    def _holds(self, key: Sequence[int]) -> bool:
        return all(
            not each.hard or _within(each, number)
            for each, number in zip(self.agreements, key, strict=False)
        )

    def _outside(self, key: Sequence[int]) -> int:
        return sum(cost_of(each, n) for each, n in zip(self.agreements, key, strict=False))


def _within(agreement: Agreement, count: int) -> bool:
    return (agreement.low or 0) <= count <= (math.inf if agreement.high is None else agreement.high)


def _cheapest(tables: Iterable[Mapping[Key, Way]]) -> dict[Key, Way]:
    """Return the cheapest way per count of several tables."""
    found: dict[Key, Way] = {}
    for table in tables:
        for key, way in table.items():
            if key not in found or way < found[key]:
                found[key] = way
    return found


def _nothing(_: Choices) -> int:
    return 0


def _load(agreement: Agreement, home: FreeHome, option: Option) -> int:
    """Return what letting a home this way counts for in an agreement."""
    counts = (
        agreement.place in {"", home.complex, home.neighbourhood, home.owner}
        and agreement.category in {"", option.category}
        and agreement.group in {"", option.group}
        and agreement.ground in {"", home.ground, option.ground}
    )
    return counts * (agreement.loads.get(option.group, 0) if agreement.loads else 1)


def _every_home(homes: tuple[FreeHome, ...]) -> Agreement:
    return Agreement(id=EVERY_HOME, kind=AgreementKind.OBLIGATION, low=len(homes))
