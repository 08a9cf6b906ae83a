"""Checks on what was set: profiles, caps, channels, and the schemes they are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from mixwijzer.engine.portfolio import (
    Band,
    Cap,
    Count,
    Ground,
    Judgement,
    ProfileRow,
    Scope,
    ScopeKind,
    band_errors,
)
from mixwijzer.exchange.check._subject import Check, Problem, Subject
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.refused import plain_words, refused_word

__all__ = ["CHECKS"]

_CLOSE = 1e-6
_CODE = re.compile(r"[\w.-]+")
_LEAST_STRENGTH, _MOST_STRENGTH = 2, 40
_LEAST_CATEGORIES, _MOST_CATEGORIES = 2, 8


def setters(subject: Subject) -> Iterator[Problem]:
    """Find setters that aren't there, or stand below where their rule counts."""
    for table in ("profiles", "caps"):
        for index, row in subject.current(table):
            if row.set_by_kind == "organisation":
                found = row.set_by in subject.owners or not subject.is_whole("complexes")
            else:
                kind = ScopeKind[row.set_by_kind.upper()]
                found = subject.exists(Scope(kind, row.set_by))
                if kind < row.for_kind:
                    yield Problem(
                        code="setter_too_narrow", table=table, index=index, column="for_kind"
                    )
            if not found:
                yield Problem(
                    code="setter_missing",
                    table=table,
                    index=index,
                    column="set_by",
                    value=row.set_by,
                    facts={"kind": row.set_by_kind},
                )


class _Ruling(NamedTuple):
    """What a set of profile rows is about."""

    for_kind: ScopeKind
    scheme: str


def bands(subject: Subject) -> Iterator[Problem]:
    """Find bands that no mix can satisfy, after inheritance, on each day on which one begins."""
    rows = [(index, row) for index, row in subject.current("profiles") if not row.draft]
    by_setter: defaultdict[tuple[str, str], list[tuple[int, ProfileRow]]] = defaultdict(list)
    for index, row in rows:
        by_setter[row.set_by_kind, row.set_by].append((index, row))
    told: set[tuple[str, int, object]] = set()
    for setter, own in by_setter.items():
        for chain in _chains(subject, setter, by_setter):
            for ruling in {_Ruling(row.for_kind, row.scheme) for _, row in own}:
                for problem in _unmet(subject, ruling, own, chain):
                    seen = (problem.code, problem.index or 0, problem.column)
                    if seen not in told:
                        told.add(seen)
                        yield problem


_Rows = list[tuple[int, ProfileRow]]


def _chains(
    subject: Subject, setter: tuple[str, str], by_setter: Mapping[tuple[str, str], _Rows]
) -> Iterator[_Rows]:
    """Yield the rows that hold for a setter, widest first: once for every owner inside it."""
    kind, code = setter
    if kind == "organisation":
        yield by_setter[setter]
        return
    portfolio = subject.portfolio
    complex_id = code.rpartition("/")[0] if kind == "stairwell" else code
    above: list[tuple[str, str]] = []
    owners: Iterable[str]
    if kind in ("complex", "stairwell"):
        own = portfolio.complex.get(complex_id)
        owners = () if own is None else (own.owner,)
        around = () if own is None else portfolio.scopes_above(complex_id)
        above = [(scope.kind.name.lower(), scope.code) for scope in reversed(around)]
        above += [("complex", complex_id)] if kind == "stairwell" else []
    else:
        inside = portfolio.complexes_in.get(code, ())
        owners = {portfolio.complex[each].owner for each in inside}
        above = list(reversed(_areas_above(subject, code)))
    for owner in owners or ("",):
        chain = (("organisation", owner), *above, setter)
        yield [row for each in chain for row in by_setter.get(each, ())]


def _areas_above(subject: Subject, code: str) -> list[tuple[str, str]]:
    """Return the areas around an area, smallest first."""
    known = subject.portfolio.area
    above: list[tuple[str, str]] = []
    area = known.get(code)
    while area is not None and (area := known.get(area.parent or "")) is not None:
        place = (area.kind.name.lower(), area.code)
        if place in above:
            break  # areas that lie in each other: `areas` says so
        above.append(place)
    return above


def _unmet(subject: Subject, ruling: _Ruling, own: _Rows, chain: _Rows) -> Iterator[Problem]:
    """Yield why no mix can satisfy a chain of rows, on each day on which one of them begins."""
    rows = [each for each in chain if (each[1].for_kind, each[1].scheme) == ruling]
    mine = [index for index, row in own if (row.for_kind, row.scheme) == ruling]
    categories = subject.categories.get(ruling.scheme, ())
    for day in sorted({row.start for _, row in rows}):
        speaking = [each for each in rows if _holds(each[1], day)]
        merged = _merged(row for _, row in speaking)
        for error in band_errors(own[0][1].set_by, merged, categories):
            category = error.facts.get("category")
            at = [
                index
                for index, row in speaking
                if index in mine and (category is None or row.category == category)
            ]
            if at:
                yield Problem(
                    code=error.code,
                    table="profiles",
                    index=at[-1],
                    column=_COLUMN[error.code],
                    value=_shown(merged.get(str(category)), own[0][1].set_by),
                    facts=dict(error.facts),
                )


def _shown(band: Band | None, setter: str) -> str:
    """Return a band in percent as it stands after inheritance, or who set the bands."""
    if band is None:
        return setter
    shares = (band.min, band.target, band.max)
    return " / ".join("–" if share is None else f"{share / 100:g}" for share in shares)


_COLUMN = {
    "band_outside": "min",
    "band_order": "target",
    "targets_sum": "target",
    "floors_sum": "min",
}


def _holds(row: ProfileRow, day: date) -> bool:
    return row.start <= day and (row.end is None or day < row.end)


def _merged(rows: Iterable[ProfileRow]) -> dict[str, Band]:
    """Lay rows over each other, value by value, the later and narrower one on top."""
    values: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        for part in fields(Band):
            value = getattr(row.band, part.name)
            if value is not None and value is not False:
                values[row.category][part.name] = value
    return {category: Band(**each) for category, each in values.items()}


def ceiling_alone(subject: Subject) -> Iterator[Problem]:
    """Note where a floor and a ceiling leave no whole household between them."""
    portfolio = subject.portfolio
    sizes = {
        each.id: portfolio.base(Scope(ScopeKind.COMPLEX, each.id)) for each in portfolio.complexes
    }
    for index, row in subject.current("profiles"):
        if row.for_kind is not ScopeKind.COMPLEX or not _in_order(row.band):
            continue
        caught = [
            each
            for each in _complexes_under(subject, row)
            if sizes[each] and _crossed(row.band, sizes[each])
        ]
        if caught:
            yield Problem(
                code="ceiling_alone",
                table="profiles",
                index=index,
                column="max",
                severity=Severity.NOTE,
                facts={"complexes": len(caught), "example": caught[0], "homes": sizes[caught[0]]},
            )


def _in_order(band: Band) -> bool:
    return band.min is not None and band.max is not None and 0 <= band.min <= band.max


def _crossed(band: Band, homes: int) -> bool:
    low, high = band.whole(homes)
    return low is not None and high is not None and low > high


def _complexes_under(subject: Subject, row: ProfileRow) -> Iterable[str]:
    portfolio = subject.portfolio
    if row.set_by_kind == "organisation":
        return [each.id for each in portfolio.complexes if each.owner == row.set_by]
    if row.set_by_kind == "complex":
        return [row.set_by] if row.set_by in portfolio.complex else []
    return portfolio.complexes_in.get(row.set_by, ())


def rules_overlap(subject: Subject) -> Iterator[Problem]:
    """Find rows that set the same thing from the same day; from a later day one replaces."""
    for table in ("profiles", "caps"):
        seen: dict[object, int] = {}
        for index, row in subject.current(table):
            if row.draft:
                continue
            what = (row.set_by_kind, row.set_by, row.for_kind, row.scheme, row.category, row.start)
            if seen.setdefault(what, index) != index:
                yield Problem(
                    code="records_overlap", table=table, index=index, column="from", value=row.start
                )


def channel_shares(subject: Subject) -> Iterator[Problem]:
    """Find channels whose shares aren't one per category, or together one."""
    for index, channel in subject.current("channels"):
        if channel.scheme not in subject.categories:
            yield Problem(
                code="scheme_missing",
                table="channels",
                index=index,
                column="scheme",
                value=channel.scheme,
                facts={"scheme": channel.scheme},
            )
        elif sum(channel.shares) != 1 or len(channel.shares) != len(
            subject.categories[channel.scheme]
        ):
            yield Problem(
                code="shares_sum",
                table="channels",
                index=index,
                column="shares",
                value=sum(channel.shares),
            )


def channel_grounds(subject: Subject) -> Iterator[Problem]:
    """Find channels that need a ground and don't say where it is written."""
    for index, channel in subject.current("channels"):
        if channel.ground is not Ground.NONE_NEEDED and not channel.ground_source:
            yield Problem(
                code="ground_without_source",
                table="channels",
                index=index,
                column="ground_source",
                value=channel.id,
                severity=Severity.WARNING,
            )


def schemes(subject: Subject) -> Iterator[Problem]:
    """Find schemes without 2 to 8 categories, one of them ordinary, or that don't add up."""
    for scheme in subject.portfolio.schemes:
        size = len(scheme.categories)
        twice = len(set(scheme.categories)) < size
        rows = (*scheme.confusion, scheme.prior_mean)
        wrong = {
            "scheme_size": not _LEAST_CATEGORIES <= size <= _MOST_CATEGORIES or twice,
            "category_form": not all(map(_CODE.fullmatch, scheme.categories)),
            "ordinary_one": scheme.ordinary not in scheme.categories,
            "scheme_sums": any(abs(sum(row) - 1) > _CLOSE for row in rows),
            "prior_strength": not _LEAST_STRENGTH <= scheme.prior_strength <= _MOST_STRENGTH,
            "drift_itself": any(row[i] for i, row in enumerate(scheme.drift)),
        }
        for code, is_wrong in wrong.items():
            if is_wrong:
                yield Problem(
                    code=code, table="schemes", column=_SCHEME_COLUMN[code], value=scheme.name
                )


_SCHEME_COLUMN = {
    "scheme_size": "category",
    "category_form": "category",
    "ordinary_one": "ordinary",
    "scheme_sums": "prior_mean",
    "prior_strength": "prior_strength",
    "drift_itself": "drift",
}


def scheme_words(subject: Subject) -> Iterator[Problem]:
    """Refuse schemes about origin, nationality, religion, health, orientation, crime, names."""
    for scheme in subject.portfolio.schemes:
        for column, words in (
            ("scheme", (scheme.name,)),
            ("category", scheme.categories),
        ):
            for word in words:
                if kind := refused_word(word):
                    yield Problem(
                        code="word_refused", table="schemes", column=column, facts={"kind": kind}
                    )


_STATUS_HOLDER = ("status_holder", "statushouder")


def status_holders(subject: Subject) -> Iterator[Problem]:
    """Refuse status holders in a mix, except in a Magic Mix project that gives its motive.

    They are counted with obligations.
    """
    for scheme in subject.portfolio.schemes:
        words = [each for each in scheme.categories if plain_words(each).startswith(_STATUS_HOLDER)]
        places = _places_of(subject, scheme.name)
        if words and not (
            places and all(_motivated(subject, each, scheme.name) for each in places)
        ):
            yield Problem(
                code="status_holder_in_mix", table="schemes", column="category", value=words[0]
            )


def _places_of(subject: Subject, scheme: str) -> set[str]:
    """Return the complexes (or wider places) where a scheme is used."""
    portfolio = subject.portfolio
    said: tuple[Judgement | Count, ...] = (*portfolio.judgements, *portfolio.counts)
    set_: tuple[ProfileRow | Cap, ...] = (*portfolio.profiles, *portfolio.caps)
    found = {row.scope.code.partition("/")[0] for row in said if row.scheme == scheme}
    return found | {row.set_by for row in set_ if row.scheme == scheme}


def _motivated(subject: Subject, place: str, scheme: str) -> bool:
    """Whether a place is a Magic Mix project whose profile in this scheme gives its motive."""
    own = subject.portfolio.complex.get(place)
    return (
        own is not None
        and own.magic_mix
        and any(
            row.set_by == place and row.scheme == scheme and row.motive.strip()
            for row in subject.portfolio.profiles
        )
    )


CHECKS: tuple[Check, ...] = (
    setters,
    bands,
    ceiling_alone,
    rules_overlap,
    channel_shares,
    channel_grounds,
    schemes,
    scheme_words,
    status_holders,
)
