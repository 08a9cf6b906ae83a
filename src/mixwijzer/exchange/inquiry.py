"""Which day, which norms, which rows: what does a shell ask of the engine?

Library and command line both ask through an `Inquiry`, so that the same question gives the same
answer. It settles what the engine wants to be told: the rows as known, the day (the data date,
never today's clock), the norms, and the channels of the norms where the portfolio brings none. The
accounts of an owner are made once and shared by all its vacancies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import Advice, advise
from mixwijzer.engine.errors import (
    AccountError,
    AdviceError,
    MixwijzerError,
    PortfolioError,
    ProfileError,
)
from mixwijzer.engine.norms import Assumptions, Norms, Scheme
from mixwijzer.engine.obligations import Expectation, ObligationCount, count, expect, pace
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.engine.steering import Room
from mixwijzer.exchange.normbook import default_channels

__all__ = ["ORDINARY", "Inquiry", "Refusal"]

ORDINARY = "letting.free_allocation_room_agreed"  # what may be steered without an experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An open vacancy about which no advice can be given, and why."""

    vacancy: str
    error: MixwijzerError


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """One portfolio, asked on one day under one set of norms.

    Parameters
    ----------
    portfolio
        As known, with channels.
    day, norms, scheme
        When is asked, under which norms, with which way of looking at households.
    """

    portfolio: Portfolio
    day: date
    norms: Norms
    scheme: str

    @classmethod
    def of(
        cls,
        portfolio: Portfolio,
        norms: Norms,
        *,
        day: date | None = None,
        known: date | None = None,
        scheme: str | None = None,
    ) -> Inquiry:
        """Settle day, rows and channels.

        Parameters
        ----------
        portfolio, norms
            What is asked about, under which norms.
        day
            The data date of the portfolio when absent.
        known
            Leave out what was recorded after this day; absent: everything that was told counts.
        scheme
            Which way of looking at households; absent: the portfolio's own where it brings and
            uses just one, else `role`.

        Raises
        ------
        PortfolioError
            `day_missing` when neither the question nor the portfolio names a day;
            `scheme_missing` when there is no such scheme.
        NormError
            When a norm that accounts rest on is missing or expired.
        """
        asked = day or portfolio.data_date
        if asked is None:
            raise PortfolioError("day_missing", "portfolio")
        moment = datetime.combine(known or date.max, time.max, tzinfo=UTC)
        rows = portfolio.as_known(moment)
        if not rows.channels:
            rows = replace(rows, channels=default_channels(norms, asked))
        inquiry = cls(portfolio=rows, day=asked, norms=norms, scheme=scheme or _scheme_used(rows))
        if inquiry.scheme not in inquiry.schemes:
            raise PortfolioError("scheme_missing", inquiry.scheme)
        return inquiry

    @cached_property
    def assumptions(self) -> Assumptions:
        """The figures in force on the day."""
        return Assumptions.on(self.norms, self.day)

    @cached_property
    def schemes(self) -> Mapping[str, Scheme]:
        """Schemes by name; the portfolio's own go before those of the norms."""
        own = {each.name: each for each in self.portfolio.schemes}
        return {**self.assumptions.schemes, **own}

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Owners of the complexes, in the portfolio's order."""
        return tuple(dict.fromkeys(each.owner for each in self.portfolio.complexes))

    @cached_property
    def _accounts(self) -> dict[str, Accounts]:
        return {}

    def accounts(self, owner: str) -> Accounts:
        """Return the accounts of one owner's stock, made once."""
        if owner not in self._accounts:
            self._accounts[owner] = Accounts(
                self.portfolio.owned_by(owner), self.assumptions, self.day, scheme=self.scheme
            )
        return self._accounts[owner]

    def open_vacancies(self) -> tuple[str, ...]:
        """Return the vacancies that are open on the day, complex by complex."""
        place = {each.id: number for number, each in enumerate(self.portfolio.complexes)}
        found = [
            each for each in self.portfolio.vacancies if self.portfolio.is_open(each, self.day)
        ]
        homes: Mapping[str, str] = {each.id: each.complex for each in self.portfolio.dwellings}
        found.sort(key=lambda each: place.get(homes.get(each.dwelling, ""), len(place)))
        return tuple(each.id for each in found)

    def advise(self, vacancy: str, rooms: Callable[[str], Room | None] | None = None) -> Advice:
        """Return the advice about one vacancy; raises what `mixwijzer.engine.advice` raises.

        `rooms` gives a complex as priced with its portfolio: then the advice looks ahead.
        """
        known = self.portfolio.vacancy.get(vacancy)
        home = self.portfolio.dwelling.get(known.dwelling) if known else None
        own = self.portfolio.complex.get(home.complex) if home else None
        accounts = self.accounts(own.owner) if own else None
        return advise(
            self.portfolio,
            vacancy,
            self.day,
            self.norms,
            scheme=self.scheme,
            accounts=accounts,
            room=rooms(own.id) if rooms and own else None,
        )

    def advices(
        self,
        vacancies: Iterable[str] | None = None,
        rooms: Callable[[str], Room | None] | None = None,
    ) -> Iterator[Advice | Refusal]:
        """Yield the advice about each vacancy, all open ones when none is named.

        A named vacancy that can't be advised on raises; among all open ones it is a `Refusal`, so
        that one odd row or profile doesn't keep the others waiting.
        """
        if vacancies is not None:
            for vacancy in vacancies:
                yield self.advise(vacancy, rooms)
            return
        for vacancy in self.open_vacancies():
            yield self.answer(vacancy, rooms)

    def answer(
        self, vacancy: str, rooms: Callable[[str], Room | None] | None = None
    ) -> Advice | Refusal:
        """Return the advice about one vacancy, or why there can be none."""
        try:
            return self.advise(vacancy, rooms)
        except (AdviceError, ProfileError, AccountError) as error:
            return Refusal(vacancy=vacancy, error=error)

    def norms_ahead(self, *, own: bool = False) -> list[str]:
        """Return the norms that a look ahead rests on; own rates leave those of the rates out."""
        prefixes = ["account.", f"mix.scheme.{self.scheme}", ORDINARY]
        if not own:
            prefixes += ["dynamics.", "turnover.rate"]
        return sorted(key for key in self.norms if key.startswith(tuple(prefixes)))

    def obligations(self) -> tuple[ObligationCount, ...]:
        """Count every obligation on the day."""
        return count(self.portfolio, self.day)

    def expectations(self) -> tuple[Expectation | None, ...]:
        """Say of every obligation what the rest of its period will bring, in the same order."""
        return tuple(
            expect(each, pace(self.portfolio, each.obligation, self.day), self.day)
            for each in self.obligations()
        )

    def scopes(self, kind: ScopeKind, owner: str) -> tuple[Scope, ...]:
        """Return the scopes of a kind in which an owner has homes, in the portfolio's order."""
        own = self.portfolio.owned_by(owner)
        if kind is ScopeKind.COMPLEX:
            return tuple(Scope(kind, each.id) for each in own.complexes)
        if kind is ScopeKind.STAIRWELL:
            return tuple(
                scope
                for each in own.complexes
                for scope in self.accounts(owner).groups(Scope(ScopeKind.COMPLEX, each.id))
            )
        return tuple(
            Scope(kind, area.code)
            for area in own.areas
            if area.kind is kind and own.complexes_in.get(area.code)
        )

    def scope(self, code: str) -> Scope:
        """Return the scope with a code: a complex, an area or `<complex>/<stairwell>`.

        Raises
        ------
        PortfolioError
            `scope_missing`.
        """
        if code in self.portfolio.complex:
            return Scope(ScopeKind.COMPLEX, code)
        if code in self.portfolio.area:
            return Scope(self.portfolio.area[code].kind, code)
        stairwell = Scope(ScopeKind.STAIRWELL, code)
        own = code.rpartition("/")[0]
        if own in self.portfolio.complex and self.portfolio.dwellings_in(stairwell):
            return stairwell
        raise PortfolioError("scope_missing", code)

    def name(self, scope: Scope) -> str:
        """Return how a place is called; a stairwell goes by its own part of the code."""
        if scope.kind is ScopeKind.COMPLEX:
            return self.portfolio.complex[scope.code].name
        if scope.kind is ScopeKind.STAIRWELL:
            return scope.code.rpartition("/")[2]
        return self.portfolio.area[scope.code].name


def _scheme_used(portfolio: Portfolio) -> str:
    """Return the scheme that a portfolio speaks in."""
    used = {row.scheme for row in portfolio.judgements}
    used |= {row.scheme for row in portfolio.counts}
    used |= {row.scheme for row in portfolio.profiles}
    used |= {row.scheme for row in portfolio.caps}
    own = {each.name for each in portfolio.schemes}
    return used.pop() if len(used) == 1 and used <= own else "role"
