"""Which complexes does this reader look for, and in which order? One list, a page at a time.

That one more household fits is said from the kept account of the complex itself; where the reader's
own view is asked it is not said, and a filter on it leaves such a complex out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.accounts.permissions import may, somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.selectors.places import ComplexListLine, complexes

__all__ = ["ROOMS", "SORTS", "ComplexList", "Wanted", "complex_list"]

PAGE = 50  # complexes on one page
MOST = 200  # complexes of which can be asked at once whether there is room
CATEGORY = "attention"
ROOMS = ("room", "ask_first", "no_room")

Key = Callable[[ComplexListLine], Any]
SORTS: Mapping[str, Key] = {
    "name": lambda line: (line.name.lower(), line.code),
    "area": lambda line: (line.neighbourhood.lower(), line.name.lower(), line.code),
    "homes": lambda line: (line.homes, line.name.lower(), line.code),
    "open": lambda line: (line.open_vacancies, line.name.lower(), line.code),
    "judged": lambda line: (line.judged_on or date.min, line.name.lower(), line.code),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; empty means anything. `room` is one of `ROOMS`."""

    text: str = ""
    area: str = ""
    mine: bool = False
    magic_mix: bool = False
    room: str = ""
    sort: str = "name"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexList:
    """One page of the list.

    `total` complexes answer; `areas` are the neighbourhoods to choose from, by code; `rooms` says
    by id whether one more fits, with its chance; `broad` that too many complexes answer to ask.
    """

    lines: tuple[ComplexListLine, ...]
    total: int
    pages: int
    page: int
    areas: tuple[tuple[str, str], ...]
    rooms: Mapping[object, tuple[str, float]]
    sees_room: bool
    broad: bool


def complex_list(user: Visitor, wanted: Wanted, *, now: datetime) -> ComplexList:
    """Return the complexes that are looked for, in a fixed number of queries."""
    day, every = localdate(now), complexes(user)
    found = [line for line in every if _answers(line, wanted)]
    found.sort(key=SORTS.get(wanted.sort, SORTS["name"]), reverse=wanted.descending)
    sees_room = may(user, Action.SEE_ADVICE)
    broad = bool(wanted.room) and len(found) > MOST
    rooms: Mapping[object, tuple[str, float]] = {}
    if sees_room and wanted.room and not broad:
        rooms = _rooms(user, found, day)
        found = [line for line in found if rooms.get(line.id, ("",))[0] == wanted.room]
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(wanted.page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    if sees_room and not rooms:
        rooms = _rooms(user, shown, day)
    areas = sorted({(line.area, line.neighbourhood) for line in every if line.area}, key=_by_name)
    return ComplexList(
        lines=tuple(shown),
        total=len(found),
        pages=pages,
        page=page,
        areas=tuple(areas),
        rooms=rooms,
        sees_room=sees_room,
        broad=broad,
    )


def cleaned(wanted: Wanted) -> Wanted:
    """Return a question without what does not exist."""
    room = wanted.room if wanted.room in ROOMS else ""
    return replace(wanted, room=room, sort=wanted.sort if wanted.sort in SORTS else "name")


def _by_name(area: tuple[str, str]) -> tuple[str, str]:
    return area[1].lower(), area[0]


def _answers(line: ComplexListLine, wanted: Wanted) -> bool:
    text = wanted.text.lower()
    return (
        (not text or text in line.name.lower() or text == line.code.lower())
        and (not wanted.area or wanted.area == line.area)
        and (not wanted.mine or line.mine)
        and (not wanted.magic_mix or line.magic_mix)
    )


def _rooms(
    user: Visitor, lines: Sequence[ComplexListLine], day: date
) -> Mapping[object, tuple[str, float]]:
    """Say of each complex whether one more fits, but where the reader's own view comes first."""
    seen = somebody(user).owners(Action.SEE_ADVICE)
    found: dict[object, tuple[str, float]] = {}
    for owner in Organisation.objects.filter(pk__in=seen).order_by("pk"):
        asked = {line.key: line.id for line in lines if not line.asked and line.owner == owner.pk}
        if not asked:
            continue
        promised = bridge.promises(owner, dict.fromkeys(asked, 0), CATEGORY, day)
        found |= {asked[pk]: (each.says, each.chance) for pk, each in promised.items()}
    return found
