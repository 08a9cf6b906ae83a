"""The rates at which the mix of a complex moves when nobody steers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from mixwijzer.engine.errors import DynamicsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How fast households leave and change category; everything in the order of `categories`.

    A household of category j leaves at rate `leave[j]`, whoever follows it. A household that
    stays goes from j to l at rate `drift[j][l]`, unless it is one of the share `stayers[j]` that
    never changes. `churn` and `shock` are what panels show on top of that.

    Parameters
    ----------
    categories
        (K,) names, K ≥ 1.
    leave
        (K,) departures per household [1/yr].
    drift
        (K, K) rates from row to column [1/yr], the diagonal zero.
    churn
        (K,) extra churn per household [1/yr]: variance of a share as if so many more households
        were replaced by others drawn from the same mix. Zeros by default.
    shock
        Standard deviation of a common yearly factor on all rates [log scale].
    stayers
        (K,) share of households that leave but never drift. Zeros by default.

    Raises
    ------
    DynamicsError
        `rates_shape`, `rates_range` or `rates_diagonal`.
    """

    categories: tuple[str, ...]
    leave: tuple[float, ...]
    drift: tuple[tuple[float, ...], ...]
    churn: tuple[float, ...] = ()
    shock: float = 0.0
    stayers: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Fill in the zeros and refuse what can't be a rate."""
        zeros = (0.0,) * len(self.categories)
        object.__setattr__(self, "churn", self.churn or zeros)
        object.__setattr__(self, "stayers", self.stayers or zeros)
        size = len(self.categories)
        _check_length("categories", tuple(dict.fromkeys(self.categories)), max(size, 1))
        for name in ("leave", "drift", "churn", "stayers"):
            _check_length(name, getattr(self, name), size)
            if name != "drift":
                _check_range(name, getattr(self, name), most=1.0 if name == "stayers" else inf)
        _check_range("shock", (self.shock,), most=inf)
        for place, name in enumerate(self.categories):
            row = self.drift[place]
            _check_length(f"drift[{name}]", row, size)
            _check_range(f"drift[{name}]", row, most=inf)
            if row[place] != 0:
                raise DynamicsError("rates_diagonal", name, value=f"{row[place]:g}")


def _check_length(name: str, row: Sequence[object], size: int) -> None:
    if len(row) != size:
        raise DynamicsError("rates_shape", name, given=len(row), size=size)


def _check_range(name: str, row: Sequence[float], most: float) -> None:
    for value in row:
        if not (isfinite(value) and 0 <= value <= most):
            raise DynamicsError("rates_range", name, value=f"{value:g}")
