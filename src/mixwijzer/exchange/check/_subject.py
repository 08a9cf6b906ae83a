"""What a check works on: the rows as last told, what they may refer to, and where they stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

from mixwijzer.engine.errors import Fact
from mixwijzer.engine.portfolio import KEYS, Portfolio, Scope, ScopeKind, Tenancy
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.normbook import default_channels, read_norms
from mixwijzer.exchange.schemes import known_categories

__all__ = ["Check", "Located", "Problem", "Rows", "Subject"]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where the rows of a table stood.

    `incomplete` says that rows were left out, so that what refers to them isn't called missing.
    """

    file: str | None = None
    sheet: str | None = None
    row_numbers: Sequence[int] = ()
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A trouble with the row at `index` of a table (None: with the table)."""

    code: str
    table: str
    index: int | None = None
    column: str | None = None
    value: object = None
    severity: Severity = Severity.ERROR
    facts: Mapping[str, Fact] = field(default_factory=dict)


Check: TypeAlias = Callable[["Subject"], Iterator[Problem]]
Rows: TypeAlias = Iterable[tuple[int, Any]]
"""Rows with their position in the table."""


class Subject:
    """A portfolio under examination; what several checks need is worked out once."""

    def __init__(self, portfolio: Portfolio, located: Mapping[str, Located]) -> None:
        self.portfolio, self.located = portfolio, located
        self._last_words: dict[str, list[tuple[int, Any]]] = {}
        self._keys: dict[str, frozenset[Hashable]] = {}

    def is_whole(self, table: str) -> bool:
        """Whether no row of a table was left out."""
        place = self.located.get(table)
        return place is None or not place.incomplete

    def keys(self, table: str) -> frozenset[Hashable]:
        """Return the subjects that the rows of a table speak of."""
        if table not in self._keys:
            rows = getattr(self.portfolio, table)
            self._keys[table] = frozenset(map(attrgetter(*KEYS[table]), rows))
        return self._keys[table]

    def each_once(self, table: str) -> bool:
        """Whether each row of a table has a subject of its own."""
        return len(self.keys(table)) == len(getattr(self.portfolio, table))

    def current(self, table: str) -> Rows:
        """Return the rows of a table that are the last word on their subject."""
        rows = getattr(self.portfolio, table)
        if self.each_once(table):
            return enumerate(rows)
        if table not in self._last_words:
            self._last_words[table] = _last_words(rows, KEYS[table])
        return self._last_words[table]

    @cached_property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """Categories by scheme: the portfolio's own and the norms'."""
        return known_categories(self.portfolio.schemes)

    @cached_property
    def channel_ids(self) -> frozenset[str]:
        """Channels of the portfolio and of the norms."""
        shipped = default_channels(read_norms(), _last_day())
        return frozenset(channel.id for channel in (*self.portfolio.channels, *shipped))

    @cached_property
    def stairwells(self) -> Mapping[str, int]:
        """Dwellings per group of stairwells [dwellings]."""
        found: defaultdict[str, int] = defaultdict(int)
        for _, dwelling in self.current("dwellings"):
            if dwelling.stairwell:
                found[f"{dwelling.complex}/{dwelling.stairwell}"] += 1
        return found

    @cached_property
    def owners(self) -> frozenset[str]:
        """Everybody who owns a complex here."""
        return frozenset(each.owner for each in self.portfolio.complexes)

    def exists(self, scope: Scope) -> bool:
        """Whether a place is in the portfolio, or may be in the part that could not be read."""
        if scope.kind is ScopeKind.STAIRWELL:
            return scope.code in self.stairwells or not self.is_whole("dwellings")
        if scope.kind is ScopeKind.COMPLEX:
            return scope.code in self.portfolio.complex or not self.is_whole("complexes")
        area = self.portfolio.area.get(scope.code)
        return (area is not None and area.kind is scope.kind) or not self.is_whole("areas")

    @cached_property
    def tenancies_of(self) -> Mapping[str, list[tuple[int, Tenancy]]]:
        """Leases as last told, by dwelling."""
        found: defaultdict[str, list[tuple[int, Tenancy]]] = defaultdict(list)
        for index, tenancy in self.current("tenancies"):
            found[tenancy.dwelling].append((index, tenancy))
        return found

    def present(self, scope: Scope, day: date, vacancy: str | None) -> int | None:
        """Count the households that a judgement can speak of [households]; None when not known.

        Those who hold a lease in the base that day, without the household that gave notice; homes
        that aren't listed count as lived in, and all of them where no lease is listed.
        """
        homes = self.portfolio.dwellings_in(scope)
        base = self.portfolio.base(scope)
        leases = [self.tenancies_of.get(home.id, []) for home in homes if home.in_base]
        if not any(leases):
            return base or None
        held = sum(any(each.holds_on(day) for _, each in own) for own in leases)
        held += max(base - len(leases), 0)
        leaving = self.portfolio.vacancy.get(vacancy) if vacancy else None
        if leaving is None or leaving.dwelling not in {home.id for home in homes}:
            return held
        stays = self.tenancies_of.get(leaving.dwelling, [])
        return held - any(each.holds_on(day) for _, each in stays)


def _last_words(rows: Sequence[Any], key: tuple[str, ...]) -> list[tuple[int, Any]]:
    """Keep, of rows about one subject, the one told last."""
    last: dict[Hashable, int] = {}
    for index, (subject, row) in enumerate(zip(map(attrgetter(*key), rows), rows, strict=True)):
        if subject not in last or _told(rows[last[subject]]) <= _told(row):
            last[subject] = index
    return [(index, rows[index]) for index in sorted(last.values())]


def _told(row: Any) -> datetime:  # noqa: ANN401 - a row of any table
    return row.recorded_at or _LONG_AGO


def _last_day() -> date:
    """Return the day on which the norm for channels last began."""
    return read_norms()["mix.channels"].values[-1].start
