"""What is wrong between the rows of one table, found while they stream past.

Of each row only hashes and day numbers are kept, some tens of bytes: a key that stands twice, what
ends before it begins, leases that overlap on one home. What rows refer to is not looked at here:
it may be in the register already.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["KEY_COLUMNS", "Across"]

KEY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "areas": ("code",),
    "complexes": ("id",),
    "dwellings": ("id",),
    "tenancies": ("id",),
    "judgements": ("scope_kind", "scope", "scheme", "on", "by", "category", "vacancy"),
    "counts": ("scope_kind", "scope", "scheme", "category", "date"),
    "placements": ("id",),
    "roles": ("tenancy", "role", "agreed_on"),
    "assessments": ("household", "scheme", "start"),
    "profiles": ("id",),
    "caps": ("id",),
    "channels": ("id",),
    "vacancies": ("id",),
    "place_requests": ("number",),
    "candidates": ("id",),
    "obligations": ("id",),
    "lettings": ("vacancy", "date"),
    "schemes": ("scheme", "category"),
    "portfolio": (),
}
"""Which columns together say what a row is about."""

_PERIODS: Mapping[str, tuple[str, str]] = {
    "tenancies": ("start", "end"),
    "assessments": ("start", "end"),
    "profiles": ("from", "until"),
    "caps": ("from", "until"),
    "obligations": ("start", "end"),
    "roles": ("agreed_on", "ends_on"),
    "channels": ("ground_from", "ground_until"),
    "vacancies": ("notice", "closed_on"),
    "place_requests": ("asked_on", "closed_on"),
}
_OPEN = date.max.toordinal()
_FEW = 200_000  # keys that may be in memory as a set: some 20 MB


class Across:
    """What is known of the rows of one table so far; `report` takes code, row, column and facts."""

    def __init__(self, table: str, report: Callable[..., None]) -> None:
        self._table, self._report = table, report
        self._rows = array("L")
        self._keys = array("q")
        self._told = array("d")
        self._homes, self._starts, self._ends = array("q"), array("l"), array("l")

    def see(self, columns: Mapping[str, list[Any]], numbers: Sequence[int]) -> None:
        """Take note of a chunk of complete rows."""
        key = [columns[name] for name in KEY_COLUMNS[self._table] if name in columns]
        if key:
            self._rows.extend(numbers)
            self._keys.extend(map(hash, zip(*key, strict=True)))
            self._told.extend(_moments(columns.get("recorded_at"), len(numbers)))
        self._periods(columns, numbers)
        if self._table == "tenancies" and {"dwelling", "start"} <= columns.keys():
            ends = columns.get("end") or [None] * len(numbers)
            self._homes.extend(map(hash, columns["dwelling"]))
            self._starts.extend(day.toordinal() for day in columns["start"])
            self._ends.extend(day.toordinal() if day else _OPEN for day in ends)

    def _periods(self, columns: Mapping[str, list[Any]], numbers: Sequence[int]) -> None:
        first, last = _PERIODS.get(self._table, ("", ""))
        if not {first, last} <= columns.keys():
            return
        for row, start, end in zip(numbers, columns[first], columns[last], strict=True):
            if start is not None and end is not None and end < start:
                facts = {"start": start.isoformat(), "end": end.isoformat()}
                self._report("period_reversed", row=row, column=last, facts=facts)

    def report(self) -> None:
        """Say what only all rows together tell."""
        if len(self._rows) < 2:
            return
        for row in self._twice():
            self._report("key_twice", row=row, column=KEY_COLUMNS[self._table][0])
        for row in self._overlapping():
            self._report("lease_overlap", row=row, column="start")

    def _twice(self) -> Iterator[int]:
        """Yield the rows whose key stood before, told at the same moment."""
        if _all_differ(self._keys):
            return  # loading numpy takes as long as reading twenty thousand rows
        import numpy as np

        keys, told = np.frombuffer(self._keys, np.int64), np.frombuffer(self._told)
        order = np.lexsort((told, keys))
        again = (np.diff(keys[order]) == 0) & (np.diff(told[order]) == 0)
        yield from sorted(self._rows[place] for place in order[1:][again].tolist())

    def _overlapping(self) -> Iterator[int]:
        """Yield the rows of leases that begin while another one on their home still runs."""
        if _all_differ(self._homes):
            return
        import numpy as np

        current = self._last_words()
        homes = np.frombuffer(self._homes, np.int64)[current]
        starts = np.frombuffer(self._starts, np.int_)[current]
        ends = np.frombuffer(self._ends, np.int_)[current]
        order = np.lexsort((ends, starts, homes))
        homes, starts, ends = homes[order], starts[order], ends[order]
        same = np.diff(homes) == 0
        late = _latest_so_far(homes, ends)[:-1]
        wrong = same & (starts[1:] < late)
        yield from sorted(self._rows[place] for place in current[order[1:][wrong]].tolist())

    def _last_words(self) -> NDArray[np.intp]:
        """Return the places of the rows that are the last word on their lease."""
        import numpy as np

        keys, told = np.frombuffer(self._keys, np.int64), np.frombuffer(self._told)
        order = np.lexsort((told, keys))
        last = np.append(np.diff(keys[order]) != 0, np.True_)
        return np.asarray(order[last], np.intp)


def _all_differ(keys: array[int]) -> bool:
    """Whether no key stands twice, where that is quickly seen."""
    return len(keys) <= _FEW and len(set(keys)) == len(keys)


def _moments(told: Sequence[datetime | None] | None, length: int) -> array[float]:
    """Return when each row was told, as a number; 0 where nothing says so."""
    if not told:
        return array("d", bytes(8 * length))
    return array("d", [each.timestamp() if each else 0.0 for each in told])


def _latest_so_far(homes: NDArray[np.int64], ends: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return, per row of sorted leases, the latest end seen on its home."""
    import numpy as np

    group = np.append(0, np.cumsum(np.diff(homes) != 0))
    lifted = ends + group * (_OPEN + 1)
    return np.asarray(np.maximum.accumulate(lifted) - group * (_OPEN + 1))
