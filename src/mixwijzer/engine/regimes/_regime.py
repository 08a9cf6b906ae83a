"""A regime: by which rule is a free home given, and how many of them may be steered?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.forecast import Limits, Policy
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Letting
from mixwijzer.engine.steering import Block, middle

if TYPE_CHECKING:
    from mixwijzer.engine.forecast import Array

LOCAL = "letting.local_priority_share"
AGREED, LAW = "letting.free_allocation_room_agreed", "letting.free_allocation_room"


class Rule(StrEnum):
    """To which category a steered home goes; the next in line wherever the rule doesn't mind."""

    WAITING_LIST = "waiting_list"  # always the next in line
    BAND = "band"  # the fewest households out of today's limits
    SHORTAGE = "shortage"  # the largest shortage against the middle of the band
    QUOTA = "quota"  # nobody beyond a ceiling, first of all who is under a floor
    SCORE = "score"  # looks ahead: the least room score


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A way of giving homes.

    Parameters
    ----------
    name
        What it is called; of a built-in one, its key.
    rule
        How a steered home is given.
    steered
        Share f of the free homes that may be steered, in [0, 1]; or by channel, weighed by the
        lettings that went through it.
    caps
        Share of the homes of a complex that a category is never steered beyond, besides the caps
        of the portfolio.
    like_for_like
        Whether a household may always be followed by one of its own category.
    oldest
        Whether the ordinary offer goes to who waits longest of all; else it brings each category
        by its share, the first in line of it.

    Raises
    ------
    RegimeError
        `share_range`.
    """

    name: str
    rule: Rule
    steered: float | Mapping[str, float] = 1.0
    caps: Mapping[str, float] = field(default_factory=dict)
    like_for_like: bool = False
    oldest: bool = False

    def __post_init__(self) -> None:
        """Refuse shares that can't be."""
        shares = self.steered.values() if isinstance(self.steered, Mapping) else [self.steered]
        for each in (*shares, *self.caps.values()):
            if not 0 <= each <= 1:
                raise RegimeError("share_range", self.name, value=f"{each:g}")

    @classmethod
    def built_in(cls, norms: Norms, day: date) -> dict[str, Regime]:
        """Return the regimes that everybody knows, by name, with the shares of law and agreement.

        Raises
        ------
        NormError
            A share that isn't in force on the day.
        """
        shares = {
            "local": norms.number(LOCAL, day),
            "free_room": norms.number(AGREED, day),
            "free_room_law": norms.number(LAW, day),
        }
        made = [
            cls(name="waiting_list", rule=Rule.WAITING_LIST, steered=0.0),
            *(cls(name=name, rule=Rule.BAND, steered=share) for name, share in shares.items()),
            cls(name="experiment", rule=Rule.BAND),
            cls(name="quota", rule=Rule.QUOTA),
            cls(name="shortage", rule=Rule.SHORTAGE),
            cls(name="score", rule=Rule.SCORE),
        ]
        return {each.name: each for each in made}

    @property
    def looks_ahead(self) -> bool:
        """Whether a home is given for what becomes of it later and elsewhere."""
        return self.rule is Rule.SCORE

    def share(self, lettings: Sequence[Letting]) -> float:
        """Return the share of all free homes that may be steered.

        Raises
        ------
        RegimeError
            `no_lettings`: shares by channel, and no letting to weigh the channels by.
        """
        if not isinstance(self.steered, Mapping):
            return 0.0 if self.rule is Rule.WAITING_LIST else self.steered
        if not lettings:
            raise RegimeError("no_lettings", self.name)
        return sum(self.steered.get(each.channel, 0.0) for each in lettings) / len(lettings)

    def policy(self, block: Block, ahead: Policy | None) -> Policy:
        """Return how homes of a complex are given; `ahead` is the policy of the room score."""
        limits = Limits(low=np.array(block.low, np.int64), high=np.array(block.high, np.int64))
        ordinary = np.array(block.ordinary)
        free = not (limits.low > 0).any() and (limits.high >= block.homes).all()
        if ahead is not None:
            made = ahead
        elif self.rule is Rule.WAITING_LIST or free:
            made = Policy.fixed(ordinary)
        elif self.rule is Rule.SHORTAGE:
            made = Policy.toward(ordinary, middle(block), block.homes)
        elif self.rule is Rule.QUOTA:
            made = Policy(ordinary=ordinary, costs=_quota(limits, block.homes))
        else:
            made = Policy.nearest(ordinary, limits, block.homes)
        return self._capped(replace(made, steered=block.steered), block)

    def _capped(self, policy: Policy, block: Block) -> Policy:
        if not self.caps:
            return policy
        names = block.rates.categories
        shares = [self.caps.get(name) for name in names]
        most = [block.homes + 1 if share is None else share * block.homes for share in shares]
        return policy.capped(np.floor(np.array(most) + 1e-9), block.homes)


def _quota(limits: Limits, homes: int) -> Array:
    """Return the costs (K, n + 1) of quota: who is under a floor first, nobody beyond a ceiling."""
    there = np.arange(homes + 1)
    costs = np.where(there < limits.low[:, None], -1.0, 0.0)
    return np.where(there < limits.high[:, None], costs, np.inf)
