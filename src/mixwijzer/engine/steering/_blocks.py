"""What does steering need to know of one complex?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.errors import SteeringError

Row: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

MONTHS = 12
_FASTEST = 12.0  # a household that moves more than once a month is no household [1/yr]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Homes that are steered together: one complex, as steering sees it.

    Parameters
    ----------
    id
        Complex id; two blocks that differ in their id alone are solved once.
    homes
        The base [dwellings].
    rates
        Departures and drift [1/yr].
    low, high
        (K,) band [households]. Whole ones in practice; a share × homes where a mean is judged.
    ordinary
        (K,) intake shares of a letting that nobody steers.
    steered
        Share f of the vacancies that may be steered, in [0, 1].
    choices
        (C, K) intake shares of the ways that a steered vacancy can go; none means that every
        category can be chosen by itself.

    Raises
    ------
    SteeringError
        `block_shape`, `block_homes`, `block_share`, `block_band` or `block_rates`.
    """

    id: str
    homes: int
    rates: Rates
    low: tuple[float, ...]
    high: tuple[float, ...]
    ordinary: tuple[float, ...]
    steered: float = 1.0
    choices: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what can't be a block."""
        if self.homes < 1:
            raise SteeringError("block_homes", self.id, homes=self.homes)
        for row in (self.low, self.high, self.ordinary, *self.choices):
            if len(row) != self.size:
                raise SteeringError("block_shape", self.id, given=len(row), size=self.size)
        for name, low, high in zip(self.rates.categories, self.low, self.high, strict=True):
            if low > high:
                raise SteeringError("block_band", self.id, category=name)
        self._check_chances()

    def _check_chances(self) -> None:
        for row in (self.ordinary, *self.choices):
            if min(row) < 0 or abs(sum(row) - 1) > 1e-9:
                raise SteeringError("block_share", self.id, value=f"{sum(row):g}")
        if not 0 <= self.steered <= 1:
            raise SteeringError("block_share", self.id, value=f"{self.steered:g}")
        out = self.leave + np.array(self.rates.drift).sum(axis=1)
        if self.leave.max() <= 0 or out.max() > _FASTEST:
            raise SteeringError("block_rates", self.id, most=f"{_FASTEST:g}")

    @property
    def size(self) -> int:
        """Number of categories K."""
        return len(self.rates.categories)

    @property
    def leave(self) -> Row:
        """Departures per household (K,) [1/yr]."""
        return np.array(self.rates.leave)

    @property
    def moves(self) -> Row:
        """Rates of change (K, K) [1/yr], rows summing to 0; who never changes slows them."""
        off = np.array(self.rates.drift) * (1 - np.array(self.rates.stayers))[:, None]
        return cast("Row", off - np.diag(off.sum(axis=1)))

    @property
    def intakes(self) -> Row:
        """Intake shares (C, K) per choice, once the part that isn't steered is mixed in."""
        free = np.array(self.choices) if self.choices else np.eye(self.size)
        return self.steered * free + (1 - self.steered) * np.array(self.ordinary)

    @property
    def band(self) -> tuple[Row, Row]:
        """The band as shares of the homes (low, high), within 0 and 1."""
        low = np.array(self.low) / self.homes
        return np.maximum(low, 0.0), np.minimum(np.array(self.high) / self.homes, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in time of the mean mix x: x' = Pᵀ(x − m∘x) + (m·x) u (ENGINE §7).

    Who comes in during a step doesn't change category in it.

    Parameters
    ----------
    leave
        (K,) chance to leave within the step, m.
    change
        (K, K) chance that who stays goes from row to column, P; rows sum to 1.
    """

    leave: Row
    change: Row

    @classmethod
    def month(cls, block: Block) -> Step:
        """Return the step of a month: 1 − exp(−μ/12) and I + Q/12."""
        return cls(
            leave=-np.expm1(-block.leave / MONTHS),
            change=np.eye(block.size) + block.moves / MONTHS,
        )

    @property
    def carried(self) -> Row:
        """The linear map B of the households that stay: x ↦ Pᵀ(I − M) x, (K, K)."""
        return self.change.T * (1 - self.leave)

    def after(self, mix: Row, intake: Row) -> Row:
        """Return the mix one step later."""
        return self.carried @ mix + (self.leave @ mix) * intake
