"""Labels of households, read with their sensitivity and specificity (level *huishouden*)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import gammaln

from mixwijzer.engine.account._joint import JOINT_UP_TO, Account, Joint, Separate, faces
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

    def account(self) -> Joint:
        """Return the account of labels read with their error rates (ENGINE §3b.6)."""
        return self._account(self.complete, self.unknown + sum(self.expired))

    def as_if_valid(self) -> Joint:
        """Return the account had no label expired."""
        kept = tuple(a + b for a, b in zip(self.complete, self.expired, strict=True))
        return self._account(kept, self.unknown)

    def confirmed(self, category: str, amount: int) -> Joint | None:
        """Return the account when `amount` of the unknown turn out not to be `category`."""
        unknown = self.unknown + sum(self.expired) - amount
        return self._account(self.complete, unknown, category, amount) if unknown >= 0 else None

    def _account(
        self, complete: Sequence[int], unknown: int, category: str = "", confirmed: int = 0
    ) -> Joint:
        if len(self.scheme.categories) > JOINT_UP_TO:
            return Separate(
                self.scheme,
                [
                    self._face(face, complete, unknown, category, confirmed)
                    for face in faces(self.scheme)
                ],
            )
        names = self.scheme.categories
        confusion = np.array(self.scheme.confusion)
        factors = [tuple(float(name != category) for name in names)] * confirmed
        factors += [(1.0,) * len(names)] * unknown
        for label, households in enumerate(complete):
            factors += [tuple(confusion[:, label])] * households
        account = self._weighed(factors)
        for label, households in enumerate(self.signal):
            shares = np.array(self.scheme.prior_mean) * confusion[:, label]
            for _ in range(households):
                account = account.after_letting(tuple(shares / shares.sum()))
        return account

    def _face(
        self, face: Scheme, complete: Sequence[int], unknown: int, category: str, confirmed: int
    ) -> Account:
        """Read the labels as one category against all others."""
        index = self.scheme.index(face.categories[0])
        own = category == face.categories[0]
        folded = Labels(
            scheme=face,
            complete=(complete[index], sum(complete) - complete[index]),
            signal=(self.signal[index], sum(self.signal) - self.signal[index]),
            expired=(0, 0),
        )
        told = (category, confirmed) if own else ("", 0)
        still = unknown if own else unknown + confirmed
        return cast("Account", folded._account(folded.complete, still, *told))

    def _weighed(self, factors: Sequence[tuple[float, ...]]) -> Account:
        """Weigh the coefficients of Π (linear forms) by Π Γ(a_j + x_j)/Γ(a_j), a = s · mean."""
        account = Account(self.scheme, np.ones((1,) * (len(self.scheme.categories) - 1)))
        for factor in factors:
            grid = account.multiplied(factor)
            account = Account(self.scheme, grid / grid.sum())
        strength = np.array(self.scheme.prior_mean) * self.scheme.prior_strength
        log = np.zeros(account.grid.shape)
        for name, weight in zip(self.scheme.categories, strength, strict=True):
            log += gammaln(weight + np.maximum(account.counts(name), 0)) - gammaln(weight)
        # Summed as logarithms: where one is near its peak the other can be too small to hold.
        log += np.log(account.grid, out=np.full_like(log, -np.inf), where=account.grid > 0)
        grid = np.exp(log - log.max())
        return Account(self.scheme, grid / grid.sum())
