"""Can each complex be turned, and how well could anybody steer one owner's homes, as figures?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mixwijzer.engine.errors import SteeringError
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.engine.steering import HORIZON, Steering, steer
from mixwijzer.exchange.ahead._looking import Looking, OwnRates
from mixwijzer.exchange.inquiry import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """How steering is asked about.

    Parameters
    ----------
    scope
        One complex; absent: all. The prices are those of all complexes either way.
    complexes
        Whether complexes are told one by one, or the whole alone.
    rates, steered
        Of one's own, see `Looking`.
    supply
        Households per category that can be had, in the scheme's order [1/yr].
    horizon
        Months that are looked ahead; later is never.
    """

    scope: str | None = None
    complexes: bool = True
    rates: OwnRates = None
    steered: float | None = None
    supply: Sequence[float] | None = None
    horizon: int = HORIZON


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What steering says of one owner's homes.

    Parameters
    ----------
    owner, names
        Whose; and how the complexes are called.
    shown
        Ids of the complexes that are asked about, with figures or without.
    steering
        All that the engine says.
    assumed
        Whether a rate rests more on an assumption than on a count.
    """

    owner: str
    names: Mapping[str, str]
    shown: tuple[str, ...]
    steering: Steering
    assumed: bool


def steerings(inquiry: Inquiry, asked: Turning) -> Iterator[Steered]:
    """Yield what steering says of every owner's homes, or of the owner of one complex.

    Raises
    ------
    SteeringError
        `no_blocks` where no complex is meant: an area, or an empty portfolio.
    PortfolioError
        `scope_missing`.
    """
    scope = inquiry.scope(asked.scope) if asked.scope is not None else None
    if not inquiry.owners or (scope is not None and scope.kind is not ScopeKind.COMPLEX):
        raise SteeringError("no_blocks", asked.scope or "portfolio")
    for owner in inquiry.owners:
        names = {each.id: each.name for each in inquiry.portfolio.owned_by(owner).complexes}
        if scope is None or scope.code in names:
            looking = Looking(
                inquiry=inquiry, owner=owner, own_rates=asked.rates, own_steered=asked.steered
            )
            shown = tuple(sorted(names)) if scope is None else (scope.code,)
            yield Steered(
                owner=owner,
                names=names,
                shown=shown if asked.complexes else (),
                steering=_of(looking, asked),
                assumed=looking.assumed(tuple(looking.estimates)),
            )


def _of(looking: Looking, asked: Turning) -> Steering:
    slowest, fastest = looking.ends or (None, None)
    return steer(
        looking.inquiry.accounts(looking.owner),
        looking.rates,
        slowest=slowest,
        fastest=fastest,
        steered=looking.steered,
        ordinary_regime=looking.ordinary_regime,
        supply=asked.supply,
        horizon=asked.horizon,
    )
