"""What would each association's part of a promise be, by each key?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.feasibility._share import shared
from mixwijzer.engine.feasibility._stock import suiting
from mixwijzer.engine.obligations import ObligationCount
from mixwijzer.engine.portfolio import Scope, ScopeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One association's part of what several promised together, by each key.

    Parameters
    ----------
    owner
        Whose part.
    stock
        Homes in its bases [dwellings].
    suitable
        Of those, homes that likely come free until the end and suit the group, low and high
        [homes]; None where too little history tells.
    agreed
        What it promised itself, without what was carried over [unit].
    by_stock
        Its part by homes in stock [unit].
    by_suitable
        Its part by homes that come free and suit, halfway low and high [unit]; None where that is
        not known of every association, or no home suits.
    """

    owner: str
    stock: int
    suitable: tuple[int, int] | None
    agreed: int
    by_stock: int
    by_suitable: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What associations promised for one group and period, and the part of each.

    Parameters
    ----------
    group, unit, start, end
        For whom, counted in what, from when until when (not included).
    total
        What they promised together [unit].
    parts
        Per association; each key divides the total exactly.
    """

    group: str
    unit: str
    start: date
    end: date
    total: int
    parts: tuple[Part, ...]


def divisions(
    counts: Iterable[ObligationCount], accounts: Mapping[str, Accounts]
) -> tuple[Division, ...]:
    """Say what each association's part would be of each promise that runs on the day.

    An association that promised nothing is asked too: that is what a key is for. Nothing is
    divided where there is one association, or none with homes.

    Parameters
    ----------
    counts
        Obligations of all associations, as counted on the day of the accounts.
    accounts
        By owner, all on the same day.
    """
    owners = {name: own for name, own in accounts.items() if _stock(own)}
    if len(owners) < 2:  # one has nothing to divide
        return ()
    day = next(iter(owners.values())).day
    groups: dict[tuple[str, str, date, date], list[ObligationCount]] = {}
    for each in counts:
        told = each.obligation
        if told.start <= day < told.end:
            groups.setdefault((told.group, told.unit, told.start, told.end), []).append(each)
    return tuple(_division(key, found, owners) for key, found in groups.items())


def _division(
    key: tuple[str, str, date, date],
    counts: list[ObligationCount],
    owners: Mapping[str, Accounts],
) -> Division:
    agreed = {
        name: sum(each.obligation.target for each in counts if each.obligation.owner == name)
        for name in owners
    }
    total = sum(agreed.values())
    suitable = {name: suiting(own, name, counts[0]) for name, own in owners.items()}
    by_suitable = _by_suitable(total, suitable)
    by_stock = shared(total, {name: Fraction(_stock(own)) for name, own in owners.items()})
    return Division(
        group=key[0],
        unit=key[1],
        start=key[2],
        end=key[3],
        total=total,
        parts=tuple(
            Part(
                owner=name,
                stock=_stock(own),
                suitable=suitable[name],
                agreed=agreed[name],
                by_stock=by_stock[name],
                by_suitable=by_suitable.get(name),
            )
            for name, own in owners.items()
        ),
    )


def _by_suitable(total: int, suitable: Mapping[str, tuple[int, int] | None]) -> dict[str, int]:
    """Divide by homes that come free and suit; nothing where that can't be a key."""
    known = {name: ends for name, ends in suitable.items() if ends is not None}
    if len(known) < len(suitable) or not any(map(sum, known.values())):
        return {}
    return shared(total, {name: Fraction(sum(ends), 2) for name, ends in known.items()})


def _stock(accounts: Accounts) -> int:
    return sum(
        accounts.portfolio.base(Scope(ScopeKind.COMPLEX, each.id))
        for each in accounts.portfolio.complexes
    )
