"""What happened: household-years watched, departures and changes of category that were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from mixwijzer.engine.account import Accounts, Stay
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import Assessment, Scope, ScopeKind

_YEAR = timedelta(days=365.25)
_Words: TypeAlias = Mapping[str, tuple[Assessment, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one place, or of several together; K categories in the scheme's order.

    Parameters
    ----------
    years
        How long households were watched, together, whatever their category [household-years].
    departures
        Households that left.
    known_years
        (K,) part of `years` in which the category was known [household-years].
    known_departures
        (K,) departures of households whose category was known on their last day.
    changes
        (K, K) households that went from the row's category to the column's while staying.
    """

    years: float
    departures: int
    known_years: tuple[float, ...]
    known_departures: tuple[int, ...]
    changes: tuple[tuple[int, ...], ...]

    @classmethod
    def total(cls, tallies: Iterable[Tally], size: int) -> Tally:
        """Add tallies of K = `size` categories up; of none, nothing was seen."""
        each = tuple(tallies)
        places = range(size)
        return cls(
            years=sum(tally.years for tally in each),
            departures=sum(tally.departures for tally in each),
            known_years=tuple(sum(tally.known_years[j] for tally in each) for j in places),
            known_departures=tuple(
                sum(tally.known_departures[j] for tally in each) for j in places
            ),
            changes=tuple(
                tuple(sum(tally.changes[j][k] for tally in each) for k in places) for j in places
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was seen of every complex after `since` (by complex) up to and including `until`."""

    scheme: Scheme
    until: date
    since: Mapping[str, date]
    places: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """All complexes together."""
        return self.without(None)

    def without(self, place: str | None) -> Tally:
        """Return all complexes but one together, so that none is counted twice."""
        others = (self.places[each] for each in sorted(self.places) if each != place)
        return Tally.total(others, len(self.scheme.categories))

    @classmethod
    def of(cls, accounts: Accounts, *, since: date | None = None) -> History:
        """Count what the rows behind `accounts` tell, up to and including their day.

        For what was known at a moment, build the accounts on `portfolio.as_known(moment)`. At
        level *oordeel* every departure is counted and no category is known.

        Parameters
        ----------
        accounts
            Portfolio, scheme and day.
        since
            First day after which departures are complete. By default, per owner, the first
            departure on record, which itself isn't counted: a list of today's tenants alone would
            else look like a portfolio that nobody ever leaves.
        """
        words: defaultdict[str, list[Assessment]] = defaultdict(list)
        scheme = accounts.scheme
        for row in sorted(
            accounts.portfolio.assessments, key=lambda each: (each.recorded_at, each.start)
        ):
            if row.scheme == scheme.name and row.category in scheme.categories:
                words[row.household].append(row)
        told = {household: tuple(rows) for household, rows in words.items()}
        stays = {
            each.id: accounts.stays(Scope(ScopeKind.COMPLEX, each.id))
            for each in accounts.portfolio.complexes
        }
        starts = _starts(accounts, stays, since)
        count = _Counter(scheme, accounts.day, told)
        return cls(
            scheme=scheme,
            until=accounts.day,
            since=starts,
            places={place: count.tally(each, starts[place]) for place, each in stays.items()},
        )


def _starts(
    accounts: Accounts, stays: Mapping[str, tuple[Stay, ...]], since: date | None
) -> Mapping[str, date]:
    """Return the day after which each complex is watched."""
    if since is not None:
        return dict.fromkeys(stays, since)
    owner = {each.id: each.owner for each in accounts.portfolio.complexes}
    first: dict[str, date] = {}
    for place, each in stays.items():
        ends = [stay.end for stay in each if stay.end is not None]
        first[owner[place]] = min([*ends, first.get(owner[place], accounts.day)])
    return {place: first[owner[place]] for place in stays}


class _Counter:
    """Counts the stays of a complex up to a day."""

    def __init__(self, scheme: Scheme, until: date, words: _Words) -> None:
        self.scheme, self.until, self.words = scheme, until, words

    def tally(self, stays: tuple[Stay, ...], since: date) -> Tally:
        size = len(self.scheme.categories)
        # Without one lease in the complex everybody is supposed present: nothing was watched.
        seen = [stay for stay in stays if stay.start > date.min]
        began = {(stay.dwelling, stay.start, stay.household) for stay in seen if stay.household}
        return Tally.total((self._stay(stay, since, began, size) for stay in seen), size)

    def _stay(self, stay: Stay, since: date, began: set[tuple[str, date, str]], size: int) -> Tally:
        left = (
            stay.end is not None
            and since < stay.end <= self.until
            # A new lease for the same household in the same home is no departure.
            and (stay.dwelling, stay.end, stay.household) not in began
        )
        spells = self._spells(stay)
        known_years, gone = [0.0] * size, [0] * size
        for category, start, end in spells:
            known_years[category] += self._years(start, end, since)
        if left and spells and spells[-1][2] == stay.end:
            gone[spells[-1][0]] = 1
        return Tally(
            years=self._years(stay.start, stay.end or self.until, since),
            departures=int(left),
            known_years=tuple(known_years),
            known_departures=tuple(gone),
            changes=self._changes(spells, since, size),
        )

    def _years(self, start: date, end: date, since: date) -> float:
        return max((min(end, self.until) - max(start, since)) / _YEAR, 0.0)

    def _changes(
        self, spells: list[tuple[int, date, date]], since: date, size: int
    ) -> tuple[tuple[int, ...], ...]:
        table = [[0] * size for _ in range(size)]
        for (before, _, _), (after, on, _) in pairwise(spells):
            if before != after and since < on:
                table[before][after] += 1
        return tuple(map(tuple, table))

    def _spells(self, stay: Stay) -> list[tuple[int, date, date]]:
        """Return (category, from, until) of the times in which the category is known.

        Between two words that are known, the first goes on to count until the second: a visit
        some weeks after a label expired still tells what became of it.
        """
        words = self.words.get(stay.household or "", ())
        last = min(stay.end or self.until, self.until)
        turns = {stay.start, last}
        for role in stay.roles:
            turns |= {role.agreed_on, role.ends_on or last}
        for word in words:
            turns |= {word.start, word.end or last, word.review_by or last}
        days = sorted(day for day in turns if stay.start <= day <= last)
        pieces = [
            (category, start, end)
            for start, end in pairwise(days)
            if (category := self._category(stay, words, start)) is not None
        ]
        return [
            (category, start, following[1] if following else end)
            for (category, start, end), following in zip(pieces, [*pieces[1:], None], strict=False)
        ]

    def _category(self, stay: Stay, words: Iterable[Assessment], day: date) -> int | None:
        """Return what was known of a household on a day: its role, else the last valid word."""
        role = stay.role_on(day)
        if role:
            return self.scheme.index(role)
        held = [word for word in words if word.start <= day and (not word.end or day < word.end)]
        if not held:
            return None
        word = held[-1]
        over = word.contested or (word.review_by is not None and word.review_by <= day)
        return None if over else self.scheme.index(word.category)
