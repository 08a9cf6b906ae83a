"""With which rates, which room to steer and which limits is ahead looked at one owner's homes?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import Estimates, History, Rates, estimate
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.engine.forecast import Limits, Outset, Policy
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Channel, Ground, Portfolio
from mixwijzer.exchange.inquiry import ORDINARY, Inquiry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OwnRates: TypeAlias = Rates | Mapping[str, Rates] | None
OwnPolicy: TypeAlias = "Callable[[int, Limits, NDArray[np.float64]], Policy] | None"


@dataclass(frozen=True, kw_only=True)
class Looking:
    """One owner's homes on the day of an inquiry, and what is supposed of their future.

    Parameters
    ----------
    inquiry, owner
        Who asks what, of whose homes.
    own_rates
        Rates instead of those that are estimated, for all complexes or by id; then they are taken
        as known.
    own_steered
        Share of the vacancies that may be steered; absent: all of them while an experiment is in
        force, else what the law leaves free.
    """

    inquiry: Inquiry
    owner: str
    own_rates: OwnRates = None
    own_steered: float | None = None

    @cached_property
    def estimates(self) -> Mapping[str, Estimates]:
        """Rates with their doubt by complex; none when rates of one's own are given."""
        if self.own_rates is not None:
            return {}
        return estimated(self.inquiry.accounts(self.owner), self.inquiry.norms)

    @cached_property
    def rates(self) -> Rates | Mapping[str, Rates]:
        """The likely rates; `DynamicsError` `place_missing` where own ones skip a complex."""
        if isinstance(self.own_rates, Mapping):
            for each in self.inquiry.portfolio.owned_by(self.owner).complexes:
                if each.id not in self.own_rates:
                    raise DynamicsError("place_missing", each.id)
        if self.own_rates is not None:
            return self.own_rates
        return {name: each.rates for name, each in self.estimates.items()}

    @cached_property
    def ends(self) -> tuple[Mapping[str, Rates], ...]:
        """Rates at both ends of their doubt: turnover is counted, changes of category are not."""
        if self.own_rates is not None:
            return ()
        return doubted(self.estimates)

    def assumed(self, complexes: tuple[str, ...]) -> bool:
        """Whether any rate of these complexes rests more on an assumption than on a count."""
        return any(
            rests_on_assumption(self.estimates[each]) for each in complexes if self.estimates
        )

    @property
    def ordinary_regime(self) -> float:
        """Share of the vacancies that may be steered without an experiment."""
        return ordinarily_steered(self.inquiry.norms, self.inquiry.day)

    @cached_property
    def steered(self) -> float:
        """Share of the vacancies that may be steered on the day."""
        if self.own_steered is not None:
            return self.own_steered
        tried = experiments(self.inquiry.portfolio, self.inquiry.day)
        return 1.0 if tried else self.ordinary_regime

    def outsets(self, policy: OwnPolicy) -> dict[str, Outset]:
        """Return where each complex stands; one without a home has nothing ahead of it."""
        made = Outset.all_of(self.inquiry.accounts(self.owner), self.rates, policy or self._nearest)
        return {each.id: each for each in made if each.homes}

    def _nearest(self, homes: int, limits: Limits, ordinary: NDArray[np.float64]) -> Policy:
        """Return the steering that looks at today's limits: least households out of them."""
        return Policy.nearest(ordinary, limits, homes, steered=self.steered)


def estimated(accounts: Accounts, norms: Norms) -> Mapping[str, Estimates]:
    """Return rates with their doubt by complex; each leans on all complexes."""
    history = History.of(accounts)
    places = accounts.portfolio.complexes
    return {each.id: estimate(history, norms, place=each.id) for each in places}


def doubted(found: Mapping[str, Estimates]) -> tuple[Mapping[str, Rates], Mapping[str, Rates]]:
    """Return rates at both ends of their doubt: turnover is counted, changes of category aren't."""
    return (
        {name: replace(each.rates, drift=each.slowest.drift) for name, each in found.items()},
        {name: replace(each.rates, drift=each.fastest.drift) for name, each in found.items()},
    )


def ordinarily_steered(norms: Norms, day: date) -> float:
    """Return the share of the vacancies that may be steered without an experiment."""
    return norms.number(ORDINARY, day)


def experiments(portfolio: Portfolio, day: date) -> tuple[Channel, ...]:
    """Return the ways of an experiment in force; with one, every vacancy may be steered."""
    return tuple(
        each
        for each in portfolio.channels
        if each.ground is Ground.EXPERIMENT and each.has_ground(day)
    )


def rests_on_assumption(own: Estimates) -> bool:
    """Whether a rate rests more on an assumption than on a count."""
    changes = (each for row in own.drift for each in row if each.high > 0)
    return own.turnover.assumed or any(each.assumed for each in changes)
