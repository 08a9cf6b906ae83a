"""Where is there room, and which requests found none: as their pages draw it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.desk.selectors import (
    Asked,
    ExpectedPlace,
    PlaceNow,
    Quarter,
    RequestRow,
    Requests,
    WhereFound,
)
from mixwijzer.web.letting.bridge import Verdict
from mixwijzer.web.letting.screens import language
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, category_name
from mixwijzer.web.ui.charts import Span
from mixwijzer.web.ui.components import Link, Option, Stamp

__all__ = ["RequestsScreen", "WhereScreen", "requests_screen", "where_screen"]

ROOMS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """A place, now or to be expected."""

    href: str
    title: str
    about: str
    says: str
    verdict: Verdict
    chance: float | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A neighbourhood that is left out, or not."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereScreen:
    """Everything that *Where is room?* draws."""

    rooms: str
    level: str
    category: str
    room_options: tuple[Option, ...]
    level_options: tuple[Option, ...]
    kinds: tuple[Option, ...]
    quarters: tuple[Choice, ...]
    left_out: int
    asked: bool
    aloud: str
    aloud_note: str
    now: tuple[FoundLine, ...]
    asking: tuple[FoundLine, ...]
    expected: tuple[FoundLine, ...]
    expected_note: str
    waiting: tuple[Link, ...]
    why_not: tuple[str, ...]
    stamp: Stamp | None


def where_screen(
    asked: Asked | None,
    found: WhereFound | None,
    quarters: tuple[Quarter, ...],
) -> WhereScreen:
    """Turn what was asked and found into what the page draws."""
    without = asked.without if asked else frozenset()
    return WhereScreen(
        rooms=str(asked.rooms) if asked else "",
        level="1" if asked and asked.level else "0",
        category=asked.category if asked else "attention",
        room_options=tuple(Option(value=str(each), label=_room_word(each)) for each in ROOMS),
        level_options=(
            Option(value="0", label=_("Does not matter")),
            Option(value="1", label=_("Ground floor or without stairs")),
        ),
        kinds=tuple(
            Option(
                value=each,
                label=category_name(each),
                swatch=each,
            )
            for each in ORDER
        ),
        quarters=tuple(
            Choice(value=each.code, label=each.name, chosen=each.code in without)
            for each in quarters
        ),
        left_out=len(without),
        asked=found is not None,
        aloud=_aloud(found) if found else "",
        aloud_note=_aloud_note(found) if found else "",
        now=tuple(_now(each) for each in found.open.room) if found else (),
        asking=tuple(_now(each) for each in found.open.asking) if found else (),
        expected=tuple(_expected(each) for each in found.expected) if found else (),
        expected_note=_expected_note(found) if found else "",
        waiting=_waiting(found) if found else (),
        why_not=_why_not(found.open.reasons) if found else (),
        stamp=Stamp(data_of=found.data_date, method_href=reverse("desk:method"))
        if found and found.data_date
        else None,
    )


def _room_word(rooms: int) -> str:
    return _("5 or more") if rooms == ROOMS[-1] else str(rooms)


def _aloud(found: WhereFound) -> str:
    """Say what can be read aloud to who is on the telephone; about homes, never about a person."""
    if found.open.room:
        return _aloud_now(found)
    said = [_("I have no home now that surely fits.")]
    if found.open.asking:
        first = found.open.asking[0].vacancy.address
        said.append(_("About %(address)s I ask a colleague first.") % {"address": first})
    if found.expected:
        areas = dict.fromkeys(each.neighbourhood or each.name for each in found.expected)
        said.append(
            _("In the coming %(weeks)d weeks one may come free in %(areas)s.")
            % {"weeks": found.weeks, "areas": _listed(list(areas))}
        )
    else:
        said.append(
            _("In the coming %(weeks)d weeks I expect none either.") % {"weeks": found.weeks}
        )
        said.append(_("I can keep your question; then our head of letting looks along."))
    return " ".join(said)


def _aloud_now(found: WhereFound) -> str:
    place = found.open.room[0]
    first = _("Yes, there is a place: %(address)s in %(area)s, %(free)s.") % {
        "address": place.vacancy.address,
        "area": place.neighbourhood or place.vacancy.complex.name,
        "free": formats.free(place.vacancy.free_from),
    }
    more = len(found.open.room) - 1
    if not more:
        return first
    also = ngettext("There is %(n)d more.", "There are %(n)d more.", more) % {"n": more}
    return f"{first} {also}"


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s or %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _aloud_note(found: WhereFound) -> str:
    if found.open.room or not found.expected:
        return ""
    return _("Chance that one comes free within %(weeks)d weeks: %(chance)s.") % {
        "weeks": found.weeks,
        "chance": formats.chance(found.chance),
    }


def _now(place: PlaceNow) -> FoundLine:
    line = place.vacancy
    about = [place.neighbourhood, line.complex.name]
    about += [formats.rooms(line.rooms)] if line.rooms else []
    if line.rent is not None:
        about.append(formats.euro(line.rent))
    about.append(formats.free(line.free_from))
    return FoundLine(
        href=reverse("letting:vacancy", args=[line.id]),
        title=line.address,
        about=" · ".join(filter(None, about)),
        says=_says(place.answer.likely, place.answer.limit, place.answer.base, place.answer.level),
        verdict=place.answer.verdict,
        chance=place.answer.chance,
    )


def _says(likely: tuple[int, int] | None, limit: int | None, base: int | None, level: str) -> str:
    if likely is None or limit is None or base is None:
        return _("No limit speaks here.")
    return _("%(level)s: %(span)s households now, limit %(limit)d of %(homes)s") % {
        "level": sentence(f"words.scope.{level}", language()),
        "span": formats.span(Span(low=likely[0], high=likely[1])),
        "limit": limit,
        "homes": formats.number(base),
    }


def _expected(place: ExpectedPlace) -> FoundLine:
    homes = ngettext("%(n)s home of this size", "%(n)s homes of this size", place.homes) % {
        "n": formats.number(place.homes)
    }
    return FoundLine(
        href=reverse("desk:complex", args=[place.id]),
        title=place.name,
        about=" · ".join(filter(None, (place.neighbourhood, homes, _("no notice yet")))),
        says="",
        verdict=place.answer.verdict,
        chance=None,
        note=_("chance that one comes free: %(chance)s") % {"chance": formats.chance(place.chance)},
    )


def _expected_note(found: WhereFound) -> str:
    figure = formats.share(found.rate, 1)
    if found.own_rate:
        return _(
            "Reckoned with our own departures of the last three years: %(share)s of the homes a"
            " year. Only complexes with room as it stands now."
        ) % {"share": figure}
    return _(
        "Reckoned with an assumption: %(share)s of the homes come free in a year. Only complexes"
        " with room as it stands now."
    ) % {"share": figure}


def _waiting(found: WhereFound) -> tuple[Link, ...]:
    return tuple(
        Link(label=line.address, href=reverse("letting:vacancy", args=[line.id]))
        for line in found.open.waiting
    )


def _why_not(reasons: Mapping[str, int]) -> tuple[str, ...]:
    """Say in how many complexes what is in the way; the most common first."""
    told = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    return tuple(
        ngettext("%(n)d complex: %(why)s", "%(n)d complexes: %(why)s", number)
        % {"n": number, "why": _why(key)}
        for key, number in told
    )


def _why(key: str) -> str:
    words = {
        "complex": _("the limit of the complex itself leaves no sure place"),
        "neighbourhood": _("the limit of the neighbourhood leaves no sure place"),
        "district": _("the limit of the district leaves no sure place"),
        "municipality": _("the limit of the municipality leaves no sure place"),
        "stairwell": _("the limit of the stairwell leaves no sure place"),
        "ask_first": _("we ask somebody first"),
        "unwanted": _("not wanted there; we do not ask why"),
        "own_view": _("first your own view"),
    }
    return words.get(key, words["ask_first"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBlock:
    """One request as its page shows it."""

    id: uuid.UUID
    number: str
    title: str
    about: str
    weeks: str
    late: bool
    now: str
    tone: str
    why: tuple[str, ...]
    places: tuple[Link, ...]
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsScreen:
    """Everything that the page of the requests draws."""

    without: tuple[RequestBlock, ...]
    others: tuple[RequestBlock, ...]
    further: int
    weeks: int
    sees_all: bool


def requests_screen(found: Requests) -> RequestsScreen:
    """Turn weighed requests into what their page draws."""
    blocks = [(row.nowhere, _block(row)) for row in found.rows]
    return RequestsScreen(
        without=tuple(block for nowhere, block in blocks if nowhere),
        others=tuple(block for nowhere, block in blocks if not nowhere),
        further=found.further,
        weeks=found.weeks,
        sees_all=found.sees_all,
    )


def _block(row: RequestRow) -> RequestBlock:
    line = row.line
    about = [group_word(line.group) if line.group else "", line.partner]
    now, tone = _now_words(row)
    return RequestBlock(
        id=line.id,
        number=line.number,
        title=_needed(row),
        about=" · ".join(filter(None, about)),
        weeks=ngettext("%(n)d week", "%(n)d weeks", line.weeks) % {"n": line.weeks},
        late=row.late,
        now=now,
        tone=tone,
        why=_why_not(row.now.reasons) or _none_open(row),
        places=tuple(
            Link(
                label=each.vacancy.address, href=reverse("letting:vacancy", args=[each.vacancy.id])
            )
            for each in (*row.now.room, *row.now.asking)
        ),
        search=f"{reverse('desk:where')}?rooms={line.rooms}&level={int(line.level)}"
        f"&kind={line.category}",
    )


def _none_open(row: RequestRow) -> tuple[str, ...]:
    found = row.now.room or row.now.asking or row.now.waiting
    return () if found else (_("no open home of this size"),)


def _needed(row: RequestRow) -> str:
    line = row.line
    rooms = str(line.rooms)
    if line.most_rooms != line.rooms and line.rooms < ROOMS[-1]:
        rooms = _("%(low)d or %(high)d") % {"low": line.rooms, "high": line.most_rooms}
    elif line.rooms == ROOMS[-1]:
        rooms = _("5 or more")
    parts = [
        _("%(rooms)s rooms") % {"rooms": rooms},
        ngettext("%(n)d person", "%(n)d persons", line.size) % {"n": line.size},
    ]
    if line.level:
        parts.append(_("without stairs"))
    parts.append(category_name(line.category))
    return ", ".join(parts)


def _now_words(row: RequestRow) -> tuple[str, str]:
    if row.now.room:
        count = len(row.now.room)
        return ngettext("%(n)d place now", "%(n)d places now", count) % {"n": count}, "ok"
    if row.now.asking:
        return _("ask first"), "ask"
    return _("no room now"), "stop"
