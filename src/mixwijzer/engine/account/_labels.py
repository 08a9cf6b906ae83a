"""Labels of households, read with their sensitivity and specificity (level *huishouden*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from mixwijzer.engine.account._joint import Account
from mixwijzer.engine.norms import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Households of one scope by label (level *huishouden*), in the scheme's order [households].

    Parameters
    ----------
    complete
        Labelled in a round in which everybody was asked.
    signal
        Labelled because of a signal: counted, saying nothing about others.
    expired
        Labels past their review or contested: unknown, but remembered.
    unknown
        Households present that never had a label.
    """

    scheme: Scheme
    complete: tuple[int, ...]
    signal: tuple[int, ...]
    expired: tuple[int, ...]
    unknown: int = 0

    def account(self) -> Account:
        """Return the account of labels read with their error rates (ENGINE §3b.6)."""
        return self._account(self.complete, self.unknown + sum(self.expired))

    def as_if_valid(self) -> Account:
        """Return the account had no label expired."""
        kept = tuple(a + b for a, b in zip(self.complete, self.expired, strict=True))
        return self._account(kept, self.unknown)

    def confirmed(self, category: str, amount: int) -> Account | None:
        """Return the account when `amount` of the unknown turn out not to be `category`."""
        unknown = self.unknown + sum(self.expired) - amount
        if unknown < 0:
            return None
        other = tuple(float(name != category) for name in self.scheme.categories)
        return self._account(self.complete, unknown, (other,) * amount)

    def _account(
        self,
        complete: Sequence[int],
        unknown: int,
        forms: Sequence[tuple[float, ...]] = (),
    ) -> Account:
        confusion = np.array(self.scheme.confusion)
        ones = (1.0,) * len(self.scheme.categories)
        factors = [*forms, *(ones for _ in range(unknown))]
        for label, households in enumerate(complete):
            factors += [tuple(confusion[:, label])] * households
        account = self._weighed(factors)
        mean = np.array(self.scheme.prior_mean)
        for label, households in enumerate(self.signal):
            shares = mean * confusion[:, label]
            for _ in range(households):
                account = account.after_letting(tuple(shares / shares.sum()))
        return account

    def _weighed(self, factors: Sequence[tuple[float, ...]]) -> Account:
        """Weigh the coefficients of Π (linear forms) by Π Γ(α_j + x_j)/Γ(α_j)."""
        account = Account(self.scheme, np.ones((1,) * (len(self.scheme.categories) - 1)))
        for factor in factors:
            grid = account.multiplied(factor)
            account = Account(self.scheme, grid / grid.sum())
        alpha = np.array(self.scheme.prior_mean) * self.scheme.prior_strength
        log = np.zeros(account.grid.shape)
        for name, weight in zip(self.scheme.categories, alpha, strict=True):
            log += gammaln(weight + np.maximum(account.counts(name), 0)) - gammaln(weight)
        grid = np.where(account.grid > 0, account.grid * np.exp(log - log.max()), 0.0)
        return Account(self.scheme, grid / grid.sum())
