"""What would each association's part of a promise be, by each key?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.feasibility._share import shared
from mixwijzer.engine.feasibility._stock import suiting
from mixwijzer.engine.obligations import ObligationCount
from mixwijzer.engine.portfolio import Scope, ScopeKind

_Promise = tuple[str, str, date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What one association brings to the division of one promise.

    Parameters
    ----------
    owner
        Who.
    group, unit, start, end
        For whom, counted in what, from when until when (not included).
    agreed
        What it promised itself, without what was carried over [unit].
    stock
        Homes in its bases [dwellings]; None where it didn't tell.
    suitable
        Of those, homes that likely come free until the end and suit the group, low and high
        [homes]; None where too little history tells, or it didn't.
    """

    owner: str
    group: str
    unit: str
    start: date
    end: date
    agreed: int
    stock: int | None
    suitable: tuple[int, int] | None

    @property
    def promise(self) -> _Promise:
        """Of which promise it is a part: group, unit, start and end."""
        return self.group, self.unit, self.start, self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One association's part of what several promised together, by each key.

    Parameters
    ----------
    owner
        Whose part.
    stock, suitable, agreed
        As in its `Stake`.
    by_stock
        Its part by homes in stock [unit]; None where one of them didn't tell.
    by_suitable
        Its part by homes that come free and suit, halfway low and high [unit]; None where that is
        not known of every association, or no home suits.
    """

    owner: str
    stock: int | None
    suitable: tuple[int, int] | None
    agreed: int
    by_stock: int | None
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
    counted = tuple(counts)
    return divided(each for name, own in owners.items() for each in stakes(counted, own, name))


def stakes(counts: Iterable[ObligationCount], accounts: Accounts, owner: str) -> tuple[Stake, ...]:
    """Say what an association brings to each promise that runs on the day.

    Parameters
    ----------
    counts
        Obligations of whoever is to be heard: of a promise that only others made it brings homes.
    accounts
        Of the association, on the day of the counts.
    owner
        The association.
    """
    stock = _stock(accounts)
    return tuple(
        Stake(
            owner=owner,
            group=group,
            unit=unit,
            start=start,
            end=end,
            agreed=sum(each.obligation.target for each in found if each.obligation.owner == owner),
            stock=stock,
            suitable=suiting(accounts, owner, found[0]),
        )
        for (group, unit, start, end), found in _running(counts, accounts.day).items()
    )


def divided(found: Iterable[Stake]) -> tuple[Division, ...]:
    """Divide each promise over those who have a stake in it, in the order in which they come."""
    promises: dict[_Promise, list[Stake]] = {}
    for each in found:
        promises.setdefault(each.promise, []).append(each)
    return tuple(
        Division(
            group=group,
            unit=unit,
            start=start,
            end=end,
            total=sum(each.agreed for each in mine),
            parts=_parts(mine),
        )
        for (group, unit, start, end), mine in promises.items()
    )


def _running(
    counts: Iterable[ObligationCount], day: date
) -> Mapping[_Promise, list[ObligationCount]]:
    """Return the counts that run on a day, by group, unit and period."""
    found: dict[_Promise, list[ObligationCount]] = {}
    for each in counts:
        told = each.obligation
        if told.start <= day < told.end:
            found.setdefault((told.group, told.unit, told.start, told.end), []).append(each)
    return found


def _parts(mine: Sequence[Stake]) -> tuple[Part, ...]:
    total = sum(each.agreed for each in mine)
    by_stock = _by(total, {each.owner: each.stock for each in mine})
    halfway = {
        each.owner: None if each.suitable is None else Fraction(sum(each.suitable), 2)
        for each in mine
    }
    by_suitable = _by(total, halfway)
    return tuple(
        Part(
            owner=each.owner,
            stock=each.stock,
            suitable=each.suitable,
            agreed=each.agreed,
            by_stock=by_stock.get(each.owner),
            by_suitable=by_suitable.get(each.owner),
        )
        for each in mine
    )


def _by(total: int, key: Mapping[str, Fraction | int | None]) -> dict[str, int]:
    """Divide by a key; nothing where it isn't known of everybody, or is nothing for all."""
    known = {name: Fraction(number) for name, number in key.items() if number is not None}
    if len(known) < len(key) or not any(known.values()):
        return {}
    return shared(total, known)


def _stock(accounts: Accounts) -> int:
    return sum(
        accounts.portfolio.base(Scope(ScopeKind.COMPLEX, each.id))
        for each in accounts.portfolio.complexes
    )
