"""Checks on what is said of households: judgements, counts, agreed roles, categories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from operator import attrgetter, itemgetter

from mixwijzer.engine.portfolio import Count, ScopeKind
from mixwijzer.exchange.check._subject import Check, Problem, Subject
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.refused import refused_word

__all__ = ["CHECKS"]


def judgement_order(subject: Subject) -> Iterator[Problem]:
    """Find judgements that break 0 ≤ lowest ≤ best ≤ highest ≤ the households present."""
    present: dict[object, int | None] = {}
    for index, each in subject.current("judgements"):
        if not 0 <= each.low <= each.best <= each.high:
            yield Problem(
                code="judgement_order",
                table="judgements",
                index=index,
                column="low",
                value=f"{each.low} / {each.best} / {each.high}",
            )
            continue
        asked = (each.scope, each.on, each.vacancy)
        if asked not in present:
            present[asked] = subject.present(*asked) if subject.exists(each.scope) else None
        most = present[asked]
        if most is not None and each.high > most and subject.is_whole("tenancies"):
            yield Problem(
                code="judgement_above_present",
                table="judgements",
                index=index,
                column="high",
                value=each.high,
                facts={"present": most, "scope": each.scope.code, "on": each.on.isoformat()},
            )


def judged_groups(subject: Subject) -> Iterator[Problem]:
    """Find judgements of groups so small that a number points at a household."""
    smallest = int(str(read_norms()["account.smallest_group"].values[-1].value))
    for index, each in subject.current("judgements"):
        homes = subject.stairwells.get(each.scope.code)
        if each.scope.kind is ScopeKind.STAIRWELL and homes is not None and homes < smallest:
            yield Problem(
                code="group_too_small",
                table="judgements",
                index=index,
                column="scope",
                value=each.scope.code,
                facts={"homes": homes, "smallest": smallest},
            )


def counted(subject: Subject) -> Iterator[Problem]:
    """Find counts that are larger than the place they are in."""
    base: dict[object, int] = {}
    for index, each in subject.current("counts"):
        if not subject.exists(each.scope):
            continue
        if each.scope not in base:
            base[each.scope] = subject.portfolio.base(each.scope) if _known(subject, each) else 0
        if each.households > base[each.scope] > 0:
            yield Problem(
                code="count_above_homes",
                table="counts",
                index=index,
                column="households",
                value=each.households,
                facts={"homes": base[each.scope], "scope": each.scope.code},
            )


def _known(subject: Subject, count: Count) -> bool:
    """Whether the base of a count's place can be worked out."""
    return (
        count.scope.kind is not ScopeKind.COMPLEX or count.scope.code in subject.portfolio.complex
    )


_WITH_CATEGORY = ("judgements", "counts", "placements", "assessments", "profiles", "caps")


def categories(subject: Subject) -> Iterator[Problem]:
    """Find categories outside their scheme, and schemes nobody described."""
    for table in _WITH_CATEGORY:
        for index, row in enumerate(getattr(subject.portfolio, table)):
            scheme = getattr(row, "scheme", None)
            if scheme is None or row.category in subject.categories.get(scheme, ()):
                continue
            known = scheme in subject.categories
            yield Problem(
                code="category_missing" if known else "scheme_missing",
                table=table,
                index=index,
                column="category" if known else "scheme",
                value=row.category if known else scheme,
                facts={"scheme": scheme},
            )


_SPELLS = (
    ("assessments", attrgetter("household", "scheme", "recorded_at"), "start", "end"),
    ("roles", attrgetter("tenancy", "role"), "agreed_on", "ends_on"),
)


def no_overlap(subject: Subject) -> Iterator[Problem]:
    """Find records about one subject, told at one moment, that hold on the same day."""
    for table, of, start_column, end_column in _SPELLS:
        groups: defaultdict[object, list[tuple[date, int, date | None]]] = defaultdict(list)
        for index, row in subject.current(table):
            groups[of(row)].append((getattr(row, start_column), index, getattr(row, end_column)))
        for group in groups.values():
            group.sort(key=itemgetter(0, 1))
            for (_, _, end), (start, index, _) in pairwise(group):
                if end is None or start < end:
                    yield Problem(
                        code="records_overlap",
                        table=table,
                        index=index,
                        column=start_column,
                        value=start,
                    )


def role_words(subject: Subject) -> Iterator[Problem]:
    """Refuse roles that say what a household is: a role is something it does."""
    for index, role in subject.current("roles"):
        if kind := refused_word(role.role):
            yield Problem(
                code="word_refused", table="roles", index=index, column="role", facts={"kind": kind}
            )


def sizes(subject: Subject) -> Iterator[Problem]:
    """Find households and requests of nobody."""
    for table in ("place_requests", "candidates"):
        for index, row in subject.current(table):
            if row.size < 1:
                yield Problem(
                    code="size_zero", table=table, index=index, column="size", value=row.size
                )


def data_date(subject: Subject) -> Iterator[Problem]:
    """Find out whether the portfolio says which day it speaks of."""
    if subject.portfolio.data_date is None:
        yield Problem(
            code="data_date_missing",
            table="portfolio",
            column="data_date",
            severity=Severity.WARNING,
        )


CHECKS: tuple[Check, ...] = (
    judgement_order,
    judged_groups,
    counted,
    categories,
    no_overlap,
    role_words,
    sizes,
    data_date,
)
