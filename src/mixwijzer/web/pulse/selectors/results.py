"""What came out of a closed round: views per place, how far judges agreed, what changed?"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mixwijzer.web.accounts.models import Visitor
from mixwijzer.web.pulse import bridge
from mixwijzer.web.pulse.bridge import Said
from mixwijzer.web.pulse.models import Place, Round, View
from mixwijzer.web.pulse.selectors.asked import blind_places, complex_names, group_of
from mixwijzer.web.pulse.transitions import RoundState
from mixwijzer.web.register.models import Judgement

__all__ = ["Agreement", "Change", "Results", "Unseen", "results"]

TWO = 2
NEAR = 1  # likely numbers that differ no more than this are the same [households]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of the places with two first views: how many lie near, within the norm, apart.

    `adjusted` counts those where somebody adjusted after a word.
    """

    near: int
    within: int
    apart: int
    adjusted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was said of a category then and now, as the widest range [households].

    `direction` is `more`, `fewer`, or `same` when the ranges touch; empty without an earlier round.
    `hidden` that this reader's own view of the place is still asked.
    """

    complex: str
    group: str
    category: str
    before: tuple[int, int] | None
    now: tuple[int, int]
    direction: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A place of which nobody said anything."""

    complex_id: uuid.UUID
    complex: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came out of a round."""

    two: int
    one: int
    none: int
    agreement: Agreement
    changes: tuple[Change, ...]
    unseen: tuple[Unseen, ...]


def results(user: Visitor, round_id: uuid.UUID) -> Results | None:
    """Return what came out of a round; nothing while it runs.

    Raises
    ------
    Missing
        No such round, or another organisation's.
    """
    row = Round.objects.one(user, round_id)
    if row.state != RoundState.CLOSED:
        return None
    spots = Place.objects.for_organisation(row.owner_id).filter(round=row)
    places = list(spots.select_related("complex").order_by("pk"))
    views = _views(row)
    names = complex_names(user, [each.complex_id for each in places])
    counts = [len(views.get(each.pk, {})) for each in places]
    return Results(
        two=sum(number >= TWO for number in counts),
        one=counts.count(1),
        none=counts.count(0),
        agreement=_agreement(views.values()),
        changes=tuple(_changes(user, row, places, views, names)),
        unseen=tuple(
            Unseen(
                complex_id=each.complex.public_id,
                complex=names[each.complex_id],
                group=group_of(each.scope_code, each.complex.code),
            )
            for each in places
            if each.pk not in views
        ),
    )


ViewsOf = Mapping[int, list[View]]  # by task, oldest first


def _views(row: Round) -> Mapping[int, ViewsOf]:
    """Return every view of a round by place and task."""
    found: dict[int, dict[int, list[View]]] = defaultdict(lambda: defaultdict(list))
    told = View.objects.for_organisation(row.owner_id).filter(
        task__place__round=row, task__place__settled_on__isnull=False
    )
    for each in told.select_related("task").order_by("pk"):
        found[each.task.place_id][each.task_id].append(each)
    return found


def _agreement(places: Iterable[ViewsOf]) -> Agreement:
    """Compare the views that were given blind: the last ones before a word."""
    pairs = [list(each.values()) for each in places if len(each) >= TWO]
    kinds = [_kind(_blind(one), _blind(other)) for one, other, *_ in pairs]
    return Agreement(
        near=kinds.count("near"),
        within=kinds.count("within"),
        apart=kinds.count("apart"),
        adjusted=sum(any(each[-1].after_talk for each in pair) for pair in pairs),
    )


def _blind(views: list[View]) -> View:
    return [each for each in views if not each.after_talk][-1]


def _kind(one: View, other: View) -> str:
    mine, theirs = _said(one), _said(other)
    households = max(one.households, other.households)
    if bridge.far_apart(mine, theirs, households, max(one.at, other.at).date()):
        return "apart"
    near = all(abs(mine[name].best - theirs[name].best) <= NEAR for name in mine)
    return "near" if near else "within"


def _said(view: View) -> Mapping[str, Said]:
    return {category: Said(**numbers) for category, numbers in view.ranges.items()}


def _changes(
    user: Visitor,
    row: Round,
    places: list[Place],
    views: Mapping[int, ViewsOf],
    names: Mapping[int, str],
) -> Iterable[Change]:
    before = _before(row, places)
    secret = {each.complex_id for each in blind_places(user)}
    for place in places:
        last = [_said(each[-1]) for each in views.get(place.pk, {}).values()]
        for category in last[0] if last else ():
            now = _widest((each[category].low, each[category].high) for each in last)
            then = before.get((place.scope_code, category))
            yield Change(
                complex=names[place.complex_id],
                group=group_of(place.scope_code, place.complex.code),
                category=category,
                before=then,
                now=now,
                direction=_direction(then, now),
                hidden=place.complex_id in secret,
            )


def _widest(ranges: Iterable[tuple[int, int]]) -> tuple[int, int]:
    lows, highs = zip(*ranges, strict=True)
    return min(lows), max(highs)


def _direction(before: tuple[int, int] | None, now: tuple[int, int]) -> str:
    if before is None:
        return ""
    if before[1] < now[0]:
        return "more"
    return "fewer" if now[1] < before[0] else "same"


def _before(row: Round, places: list[Place]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return what each judge said last in earlier yearly rounds, as the widest range."""
    days: dict[str, date] = {
        each.scope_code: each.settled_on for each in places if each.settled_on is not None
    }
    told = Judgement.objects.for_organisation(row.owner_id).filter(
        complex__in={each.complex_id for each in places},
        scope_code__in=list(days),
        scheme=bridge.DEFAULT_SCHEME,
        occasion="yearly",
        replaced_at=None,
    )
    last: dict[tuple[str, str, str], tuple[int, int]] = {}
    for each in told.order_by("on", "pk"):
        if each.on < min(days[each.scope_code], row.start):
            last[each.scope_code, each.category, each.by] = (each.low, each.high)
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for (code, category, _), said in last.items():
        found[code, category].append(said)
    return {key: _widest(ranges) for key, ranges in found.items()}
