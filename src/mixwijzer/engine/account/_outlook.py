"""What is known of one complex or group on a day: who stays there, and the account behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mixwijzer.engine.account._filter import State
from mixwijzer.engine.account._joint import Joint
from mixwijzer.engine.account._labels import Labels
from mixwijzer.engine.portfolio import Role


class Level(StrEnum):
    """What is registered of sitting households (*registratiestand*), in the sector's words."""

    JUDGEMENT = "oordeel"
    AGREEMENT = "afspraak"
    HOUSEHOLD = "huishouden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One household in one dwelling of the base.

    `end` is the last day's morrow; `counted_until` is the same, or the day on which a judge spoke
    of the households that stay (the question at notice takes the departure).
    """

    dwelling: str
    start: date
    end: date | None = None
    counted_until: date | None = None
    household: str | None = None
    roles: tuple[Role, ...] = ()

    def counts_on(self, day: date) -> bool:
        """Whether the household is among those counted on `day`."""
        return self.start <= day and (self.counted_until is None or day < self.counted_until)

    def is_told_by(self, day: date) -> bool:
        """Whether nothing of this stay happens after `day`."""
        ends = [role.ends_on or role.agreed_on for role in self.roles]
        agreed = [role.agreed_on for role in self.roles]
        return max([self.start, self.counted_until or self.start, *agreed, *ends]) <= day

    def role_on(self, day: date) -> str:
        """Role held on `day`, `""` where there is none."""
        for role in self.roles:
            if role.agreed_on <= day and (role.ends_on is None or day < role.ends_on):
                return role.role
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A complex or group after announced departures and commitments: state, or labels."""

    state: State
    labels: Labels | None = None
    gone: tuple[str, ...] = ()
    comes: tuple[tuple[float, ...], ...] = ()

    @property
    def account(self) -> Joint:
        """The account in force."""
        return self.state.account if self.labels is None else self._moved(self.labels.account())

    @property
    def as_if_valid(self) -> Joint | None:
        """The account had no label expired; None where none has."""
        if self.labels is None or not any(self.labels.expired):
            return None
        return self._moved(self.labels.as_if_valid())

    @property
    def unknown(self) -> int | None:
        """Households without role or label [households]; None where neither exists."""
        if self.labels is not None:
            return self.labels.unknown + sum(self.labels.expired)
        return self.state.others.households if any(self.state.roles) else None

    def bounds(self, category: str) -> tuple[int, int] | None:
        """Return the count if none, and if all, of the unknown are of a category [households].

        None where there is neither role nor label. A promise to one category is known.
        """
        if self.unknown is None:
            return None
        if self.labels is None:
            low = self.state.roles[self.state.others.scheme.index(category)]
            return low, low + self.unknown
        index = self.labels.scheme.index(category)
        low = self.labels.complete[index] + self.labels.signal[index] - self.gone.count(category)
        low += sum(shares[index] == 1 for shares in self.comes)
        perhaps = sum(0 < shares[index] < 1 for shares in self.comes)
        return low, low + max(self.unknown - self.gone.count(""), 0) + perhaps

    def confirmed(self, category: str, amount: int) -> Joint | None:
        """Return the account when `amount` of the unknown turn out not to be `category`."""
        if self.labels is None:
            return self.state.confirmed(category, amount)
        account = self.labels.confirmed(category, amount)
        return None if account is None else self._moved(account)

    def _moved(self, account: Joint) -> Joint:
        for category in self.gone:
            account = account.after_departure(category)
        for shares in self.comes:
            account = account.after_letting(shares)
        return account
