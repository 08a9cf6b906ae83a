"""Checks on places: codes, references, homes and who holds them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from operator import attrgetter

from mixwijzer.engine.portfolio import KEYS, ScopeKind
from mixwijzer.exchange.areas import kind_of_code, nested_in
from mixwijzer.exchange.check._subject import Check, Problem, Subject
from mixwijzer.exchange.findings import Severity

__all__ = ["CHECKS"]


def keys_once(subject: Subject) -> Iterator[Problem]:
    """Find two rows about one subject that were told at the same moment."""
    for table, key in KEYS.items():
        if subject.each_once(table):
            continue
        rows = getattr(subject.portfolio, table)
        seen = map(attrgetter(*dict.fromkeys((*key, "recorded_at"))), rows)
        first: dict[object, int] = {}
        for index, value in enumerate(seen):
            if first.setdefault(value, index) != index:
                yield Problem(
                    code="key_twice",
                    table=table,
                    index=index,
                    column=key[0],
                    value=_shown(getattr(rows[index], key[0])),
                )


def _shown(value: object) -> object:
    return getattr(value, "code", value)


_REFERENCES = (
    ("areas", "parent", "areas"),
    ("complexes", "neighbourhood", "areas"),
    ("dwellings", "complex", "complexes"),
    ("tenancies", "dwelling", "dwellings"),
    ("vacancies", "dwelling", "dwellings"),
    ("roles", "tenancy", "tenancies"),
    ("judgements", "vacancy", "vacancies"),
    ("placements", "vacancy", "vacancies"),
    ("lettings", "vacancy", "vacancies"),
    ("placements", "channel", "channels"),
    ("lettings", "channel", "channels"),
)


def references(subject: Subject) -> Iterator[Problem]:
    """Find rows that refer to what isn't there."""
    for table, column, target in _REFERENCES:
        if not subject.is_whole(target):
            continue
        known = _known(subject, target)
        values = list(map(attrgetter(column), getattr(subject.portfolio, table)))
        missing = {value for value in set(values) if value is not None} - known
        if missing:
            for index, value in enumerate(values):
                if value in missing:
                    yield Problem(
                        code="reference_missing",
                        table=table,
                        index=index,
                        column=column,
                        value=value,
                        facts={"target": target},
                    )


def _known(subject: Subject, table: str) -> frozenset[Hashable]:
    return subject.channel_ids if table == "channels" else subject.keys(table)


def scopes(subject: Subject) -> Iterator[Problem]:
    """Find judgements, counts and placements about a place that isn't there."""
    for table in ("judgements", "counts", "placements"):
        rows = getattr(subject.portfolio, table)
        missing = {scope for scope in {row.scope for row in rows} if not subject.exists(scope)}
        for index, row in enumerate(rows):
            if row.scope in missing:
                yield Problem(
                    code="scope_missing",
                    table=table,
                    index=index,
                    column="scope",
                    value=row.scope.code,
                    facts={"kind": row.scope.kind.name.lower()},
                )


def areas(subject: Subject) -> Iterator[Problem]:
    """Find codes that say something else than their row, or than the area around them."""
    known = subject.portfolio.area
    for index, area in subject.current("areas"):
        kind = kind_of_code(area.code)
        if kind is not None and kind is not area.kind:
            yield Problem(
                code="area_kind",
                table="areas",
                index=index,
                column="kind",
                value=area.code,
                facts={"kind": area.kind.name.lower(), "meant": kind.name.lower()},
            )
        parent = known.get(area.parent or "")
        if parent is not None and not (
            parent.kind > area.kind and nested_in(area.code, parent.code)
        ):
            yield Problem(
                code="area_nesting",
                table="areas",
                index=index,
                column="parent",
                value=area.parent,
                facts={"code": area.code},
            )


def neighbourhoods(subject: Subject) -> Iterator[Problem]:
    """Find complexes that are placed in an area wider than a neighbourhood."""
    for index, each in subject.current("complexes"):
        area = subject.portfolio.area.get(each.neighbourhood or "")
        if area is not None and area.kind is not ScopeKind.NEIGHBOURHOOD:
            yield Problem(
                code="neighbourhood_kind",
                table="complexes",
                index=index,
                column="neighbourhood",
                value=area.code,
                facts={"kind": area.kind.name.lower()},
            )


def homes(subject: Subject) -> Iterator[Problem]:
    """Compare the number of homes with the homes listed; what is out has a reason."""
    rows = list(subject.current("dwellings"))
    listed = Counter(dwelling.complex for _, dwelling in rows if dwelling.in_base)
    for index, dwelling in rows:
        if dwelling.stairwell is not None and "/" in dwelling.stairwell:
            yield Problem(
                code="stairwell_slash",
                table="dwellings",
                index=index,
                column="stairwell",
                value=dwelling.stairwell,
            )
        if dwelling.in_base == (dwelling.out_reason is not None):
            yield Problem(
                code="out_reason_extra" if dwelling.in_base else "out_reason_missing",
                table="dwellings",
                index=index,
                column="out_reason",
                value=dwelling.id,
                severity=Severity.WARNING,
            )
    for index, each in subject.current("complexes"):
        if each.homes is not None and each.id in listed and each.homes < listed[each.id]:
            yield Problem(
                code="homes_differ",
                table="complexes",
                index=index,
                column="homes",
                value=each.homes,
                severity=Severity.WARNING,
                facts={"listed": listed[each.id]},
            )


def bag_once(subject: Subject) -> Iterator[Problem]:
    """Find homes that share one BAG id."""
    ids = [each.bag_id for each in subject.portfolio.dwellings if each.bag_id]
    if len(set(ids)) == len(ids):
        return
    first: dict[str, str] = {}
    for index, dwelling in subject.current("dwellings"):
        if dwelling.bag_id and first.setdefault(dwelling.bag_id, dwelling.id) != dwelling.id:
            yield Problem(
                code="bag_twice",
                table="dwellings",
                index=index,
                column="bag_id",
                value=dwelling.bag_id,
                severity=Severity.WARNING,
                facts={"other": first[dwelling.bag_id]},
            )


_PERIODS = (
    ("tenancies", "start", "end", "end"),
    ("assessments", "start", "end", "end"),
    ("profiles", "start", "end", "until"),
    ("caps", "start", "end", "until"),
    ("obligations", "start", "end", "end"),
    ("roles", "agreed_on", "ends_on", "ends_on"),
    ("channels", "ground_start", "ground_end", "ground_until"),
    ("vacancies", "notice", "closed_on", "closed_on"),
    ("place_requests", "asked_on", "closed_on", "closed_on"),
)


def periods(subject: Subject) -> Iterator[Problem]:
    """Find what ends before it begins."""
    for table, start, end, column in _PERIODS:
        bounds = attrgetter(start, end)
        for index, row in subject.current(table):
            first, last = bounds(row)
            if last is not None and first is not None and last < first:
                yield Problem(
                    code="period_reversed",
                    table=table,
                    index=index,
                    column=column,
                    value=last,
                    facts={"start": first.isoformat(), "end": last.isoformat()},
                )


def one_lease_a_home(subject: Subject) -> Iterator[Problem]:
    """Find leases that overlap on one dwelling."""
    for dwelling, leases in subject.tenancies_of.items():
        if len(leases) < 2:
            continue
        leases.sort(key=lambda each: each[1].start)
        open_lease = leases[0][1]
        for index, lease in leases[1:]:
            if open_lease.end is None or lease.start < open_lease.end:
                yield Problem(
                    code="tenancy_overlap",
                    table="tenancies",
                    index=index,
                    column="start",
                    value=lease.id,
                    facts={"other": open_lease.id, "dwelling": dwelling},
                )
            if open_lease.end is not None and (lease.end is None or lease.end > open_lease.end):
                open_lease = lease


def vacancies(subject: Subject) -> Iterator[Problem]:
    """Find notices of homes out of the base, and homes with two open notices."""
    open_on: defaultdict[str, list[str]] = defaultdict(list)
    for index, vacancy in subject.current("vacancies"):
        dwelling = subject.portfolio.dwelling.get(vacancy.dwelling)
        if vacancy.closed_on is not None:
            continue
        if dwelling is not None and not dwelling.in_base:
            yield Problem(
                code="vacancy_out_of_base",
                table="vacancies",
                index=index,
                column="dwelling",
                value=vacancy.dwelling,
                severity=Severity.WARNING,
            )
        if others := open_on[vacancy.dwelling]:
            yield Problem(
                code="vacancy_twice",
                table="vacancies",
                index=index,
                column="dwelling",
                value=vacancy.dwelling,
                severity=Severity.WARNING,
                facts={"other": others[0]},
            )
        others.append(vacancy.id)


CHECKS: tuple[Check, ...] = (
    keys_once,
    references,
    scopes,
    areas,
    neighbourhoods,
    homes,
    bag_once,
    periods,
    one_lease_a_home,
    vacancies,
)
