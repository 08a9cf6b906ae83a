"""What went wrong, as data: which thing, which trouble, with which figures.

The engine holds no sentence that a user reads. An error carries a *code*; the catalogues of
`mixwijzer.exchange.wording` turn code and facts into trouble and way out, in Dutch and English.
"""

from __future__ import annotations

import copyreg
from typing import Any, TypeAlias

Fact: TypeAlias = str | int | float | None

__all__ = [
    "AccountError",
    "AdviceError",
    "AllocationError",
    "DynamicsError",
    "Fact",
    "ForecastError",
    "MixwijzerError",
    "NormError",
    "PortfolioError",
    "ProfileError",
    "RegimeError",
    "SteeringError",
]


class MixwijzerError(Exception):
    """Something the caller can repair.

    Parameters
    ----------
    code
        Which trouble, in snake_case; the key of its sentences in the catalogues.
    subject
        The thing it is about: a complex id, a norm key, a vacancy id.
    facts
        The figures that its sentences name.

    >>> str(ProfileError("targets_sum", "C12", total=9500))
    'targets_sum: C12 (total=9500)'
    """

    def __init__(self, code: str, subject: str, **facts: Fact) -> None:
        named = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code}: {subject}" + (f" ({named})" if named else ""))
        self.code, self.subject, self.facts = code, subject, facts

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process make the same error: it takes more than its text."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class NormError(MixwijzerError):
    """A norm is missing, not yet in force or expired on the day that asks for it."""


class PortfolioError(MixwijzerError):
    """The portfolio names something that isn't there, or contradicts itself."""


class ProfileError(MixwijzerError):
    """A profile that no mix can satisfy."""


class AccountError(MixwijzerError):
    """A statement about households that can't be true: low > high, more than live there."""


class AdviceError(MixwijzerError):
    """A question that can't be answered: no such vacancy, a dwelling out of the base."""


class AllocationError(MixwijzerError):
    """A round that can't be divided: nothing to divide, or agreements that clash."""


class DynamicsError(MixwijzerError):
    """Rates or a history that can't be true: a negative rate, more events than households."""


class ForecastError(MixwijzerError):
    """A forecast that can't be made: too many mixes, a policy that fits no complex."""


class SteeringError(MixwijzerError):
    """What no steering can be computed for: a share over 1, a promise that can't be kept."""


class RegimeError(MixwijzerError):
    """A comparison that can't be made: no such regime, more years than anybody can wait for."""
