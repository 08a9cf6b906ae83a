"""What would advice say in a made-up building, under a band that somebody tries? Stores nothing.

The buildings are invented and said to be so: what is tried here tells nothing of any real place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import brief
from mixwijzer.engine.errors import ProfileError
from mixwijzer.engine.portfolio import (
    Band,
    Complex,
    Dwelling,
    Judgement,
    Known,
    Occasion,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.exchange.normbook import default_channels
from mixwijzer.web.profiles.bridge.forecast import Trouble
from mixwijzer.web.profiles.bridge.rules import SCHEME
from mixwijzer.web.register import bridge as register

__all__ = ["Example", "try_out"]

# Homes, and what two invented judges said: lowest, likely, highest by category [households]
EXAMPLES: tuple[tuple[str, int, Mapping[str, tuple[int, int, int]]], ...] = (
    ("small", 12, {"attention": (2, 2, 3), "carrier": (1, 2, 3)}),
    ("middle", 24, {"attention": (7, 8, 9), "carrier": (3, 4, 5)}),
    ("large", 60, {"attention": (23, 26, 29), "carrier": (6, 8, 11)}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A made-up building and what advice says there; limits in whole households."""

    name: str
    homes: int
    said: Mapping[str, tuple[int, int, int]]
    limits: Mapping[str, tuple[int | None, int | None]]
    verdicts: Mapping[str, str]
    chances: Mapping[str, float]


def try_out(
    bands: Mapping[str, tuple[int | None, int | None, int | None]], day: date
) -> tuple[tuple[Example, ...], Trouble | None]:
    """Return the advice in each made-up building, or why no mix can keep to these bands.

    Bands are min, target, max by category [basis points].
    """
    try:
        return tuple(_example(*each, bands, day) for each in EXAMPLES), None
    except ProfileError as error:
        return (), Trouble.of(error)


def _example(
    name: str,
    homes: int,
    said: Mapping[str, tuple[int, int, int]],
    bands: Mapping[str, tuple[int | None, int | None, int | None]],
    day: date,
) -> Example:
    portfolio = _building(name, homes, said, bands, day)
    accounts = Accounts(portfolio, register.assumptions(day), day, scheme=SCHEME)
    outcome = brief(accounts, name, day)
    return Example(
        name=name,
        homes=homes,
        said=said,
        limits={row.category: row.band.whole(homes) for row in portfolio.profiles},
        verdicts={key: each.name.lower() for key, each in outcome.verdicts.items()},
        chances=dict(outcome.chances),
    )


def _building(
    name: str,
    homes: int,
    said: Mapping[str, tuple[int, int, int]],
    bands: Mapping[str, tuple[int | None, int | None, int | None]],
    day: date,
) -> Portfolio:
    dwellings = tuple(Dwelling(id=f"{name}-{at}", complex=name) for at in range(1, homes + 1))
    since = day - timedelta(days=2_000)
    return Portfolio(
        complexes=(Complex(id=name, name=name, owner=name),),
        dwellings=dwellings,
        tenancies=tuple(Tenancy(id=each.id, dwelling=each.id, start=since) for each in dwellings),
        judgements=tuple(
            Judgement(
                scope=Scope(ScopeKind.COMPLEX, name),
                scheme=SCHEME,
                on=day,
                by=by,
                known=Known.MOST,
                category=category,
                low=low,
                best=best,
                high=high,
                occasion=Occasion.YEARLY,
            )
            for by in ("one", "other")
            for category, (low, best, high) in said.items()
        ),
        profiles=tuple(
            ProfileRow(
                id=category,
                set_by_kind="complex",
                set_by=name,
                for_kind=ScopeKind.COMPLEX,
                scheme=SCHEME,
                category=category,
                band=Band(min=low, target=target, max=high),
                start=day,
            )
            for category, (low, target, high) in bands.items()
        ),
        channels=default_channels(register.norms(), day),
        vacancies=(Vacancy(id=name, dwelling=dwellings[0].id, notice=day, free_from=day),),
        synthetic=True,
    )
