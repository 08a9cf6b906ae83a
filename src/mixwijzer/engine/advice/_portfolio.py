"""From a portfolio to the situation of one vacancy: scopes, limits, accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial

from mixwijzer.engine.account import Accounts, Outlook, Summed
from mixwijzer.engine.advice._situation import Limit, Ring, Situation, band_limit
from mixwijzer.engine.errors import AdviceError, ProfileError
from mixwijzer.engine.portfolio import (
    WHOLE,
    Cap,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
    Vacancy,
)


def vacancy_of(portfolio: Portfolio, vacancy_id: str) -> Vacancy:
    """Return a vacancy whose dwelling may be let in the ordinary way.

    Raises
    ------
    AdviceError
        `vacancy_missing`; `vacancy_dwelling_missing`; `out_of_base`.
    """
    vacancy = portfolio.vacancy.get(vacancy_id)
    if vacancy is None:
        raise AdviceError("vacancy_missing", vacancy_id)
    dwelling = portfolio.dwelling.get(vacancy.dwelling)
    if dwelling is None:
        raise AdviceError("vacancy_dwelling_missing", vacancy_id, dwelling=vacancy.dwelling)
    if not dwelling.in_base:
        raise AdviceError("out_of_base", vacancy_id, dwelling=dwelling.id)
    return vacancy


def situation_of(
    accounts: Accounts, vacancy: Vacancy, day: date, *, draft: str | None = None
) -> Situation:
    """Return the situation after departure, announced departures and commitments."""
    return _Build(accounts, vacancy, day, draft).situation()


def drafts_of(accounts: Accounts, vacancy: Vacancy, day: date) -> Mapping[str, Situation]:
    """Return the situation under each draft profile that would speak at the vacancy.

    A draft that no mix can satisfy (half-written, say) is nobody's way out and left aside.
    """
    portfolio, scheme = accounts.portfolio, accounts.scheme.name
    scopes = portfolio.scopes_of(vacancy.dwelling)
    rows: tuple[ProfileRow | Cap, ...] = (*portfolio.profiles, *portfolio.caps)
    drafts = {row.document for row in rows if row.draft}
    speaking = [
        draft
        for draft in sorted(drafts)
        if any(
            row.draft
            for scope in scopes
            for row in portfolio.profile_rows(scope, scheme, day, draft=draft)
        )
        or any(
            cap.draft
            for scope in scopes
            for cap in portfolio.caps_at(scope, scheme, day, draft=draft)
        )
    ]
    found: dict[str, Situation] = {}
    for draft in speaking:
        with suppress(ProfileError):
            found[draft] = situation_of(accounts, vacancy, day, draft=draft)
    return found


class _Build:
    """The building of one situation."""

    def __init__(self, accounts: Accounts, vacancy: Vacancy, day: date, draft: str | None) -> None:
        self.accounts, self.vacancy, self.day, self.draft = accounts, vacancy, day, draft
        self.portfolio = accounts.portfolio
        self.scopes = self.portfolio.scopes_of(vacancy.dwelling)
        self.own = next(scope for scope in self.scopes if scope.kind is ScopeKind.COMPLEX)
        self.stairwell = next(
            (scope for scope in self.scopes if scope.kind is ScopeKind.STAIRWELL), None
        )

    def situation(self) -> Situation:
        """Put scopes, limits and accounts together."""
        apart = self.stairwell is not None and bool(self.accounts.groups(self.own))
        outlook = self._outlook(self.stairwell if apart and self.stairwell else self.own)
        start = 0 if apart or self.stairwell is None else 1
        rings = tuple(self._rings(apart=apart))
        return Situation(
            scheme=self.accounts.scheme,
            assumptions=self.accounts.assumptions,
            rings=rings,
            inner=outlook.account,
            at=start,
            drawn=self._stairwell_households() if start else 0,
            leaver=self._leaver(),
            outlook=outlook,
            profiled=self._profiled(),
        )

    def _outlook(self, scope: Scope) -> Outlook:
        return self.accounts.outlook(scope, self.vacancy.free_from, self.vacancy.dwelling)

    def _rings(self, *, apart: bool) -> Iterator[Ring]:
        inside = {self.own.code}
        for scope in self.scopes:
            rest: Summed | None = None
            if scope == self.own and apart:
                others = [each for each in self.accounts.groups(self.own) if each != self.stairwell]
                rest = Summed(
                    self.accounts.scheme, [self._outlook(each).account for each in others]
                )
            limits = self._limits(scope)
            if scope.kind > ScopeKind.COMPLEX:
                ids = sorted(set(self.portfolio.complexes_in[scope.code]) - inside)
                inside.update(ids)
                rest = Summed(self.accounts.scheme, partial(self._elsewhere, ids))
            yield Ring(
                scope=scope,
                base=self.portfolio.base(scope),
                limits=limits,
                fill_up=self._filling_up(scope),
                known_part=self._known_part(scope),
                rest=rest,
            )

    def _elsewhere(self, ids: list[str]) -> Iterator[Summed]:
        """Yield the accounts of other complexes after the same announcements and commitments."""
        for id_ in ids:
            yield self.accounts.after(Scope(ScopeKind.COMPLEX, id_), self.vacancy.free_from)

    def _limits(self, scope: Scope) -> tuple[Limit, ...]:
        """Return bands (silent under the smallest base) and caps of a scope."""
        scheme = self.accounts.scheme
        base = self.portfolio.base(scope)
        bands = self.portfolio.bands(scope, scheme, self.day, draft=self.draft)
        limits = []
        if base >= self.accounts.assumptions.smallest_base:
            for category, each in sorted(bands.items()):
                # A row may carry no figure at all: a motive or a fill-up plan alone.
                rows = [origin.row for origin in each.origins.values()]
                norm = each.origins["max"].row if "max" in each.origins else "".join(rows[:1])
                limits.append(band_limit(scope, category, each.band, base, norm))
        caps = self.portfolio.caps_at(scope, scheme.name, self.day, draft=self.draft)
        return (*limits, *map(_cap_limit, caps))

    def _profiled(self) -> bool:
        scheme = self.accounts.scheme.name
        return any(
            self.portfolio.profile_rows(scope, scheme, self.day, draft=self.draft)
            or self.portfolio.caps_at(scope, scheme, self.day, draft=self.draft)
            for scope in self.scopes
        )

    def _filling_up(self, scope: Scope) -> bool:
        """Whether a plan with an end date is at work and too few homes are taken (§3b.10)."""
        rows = self.portfolio.profile_rows(scope, self.accounts.scheme.name, self.day)
        planned = any(
            row.fill_up_until is not None and self.day < row.fill_up_until for row in rows
        )
        if not planned:
            return False
        taken = self._households(scope)
        share = self.accounts.assumptions.fill_up_under_bp
        return taken * WHOLE < share * self.portfolio.base(scope)

    def _households(self, scope: Scope) -> int:
        """Households present or promised after all that is known to come [households]."""
        if scope.kind is ScopeKind.STAIRWELL:
            return self._outlook(scope).account.households
        if scope.kind is ScopeKind.COMPLEX:
            return self.accounts.after(
                scope, self.vacancy.free_from, self.vacancy.dwelling
            ).households
        ids = [id_ for id_ in self.portfolio.complexes_in[scope.code] if id_ != self.own.code]
        rest = sum(account.households for account in self._elsewhere(ids))
        return self._households(self.own) + rest

    def _known_part(self, scope: Scope) -> bool:
        """Whether the account rests on a round by people who know a part of this scope."""
        if scope.kind > ScopeKind.COMPLEX or self.accounts.labels(scope) is not None:
            return False
        return self.accounts.state(scope).known_part

    def _stairwell_households(self) -> int:
        """Households of a stairwell without account of its own [households]."""
        return self._outlook(self.stairwell).account.households if self.stairwell else 0

    def _leaver(self) -> str | None:
        if not self.accounts.assumptions.like_for_like:
            return None
        return self.accounts.leaver_category(self.vacancy)


def _cap_limit(cap: Cap) -> Limit:
    return Limit(
        id=cap.id, cap=True, category=cap.category, low=None, high=cap.at_most, norm=cap.id
    )
