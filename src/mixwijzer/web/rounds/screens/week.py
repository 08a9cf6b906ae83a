"""What does a reader see of a week round? Turns what selectors found into the kit's components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.agreements.selectors import ObligationLine
from mixwijzer.web.letting.reasons import DeviateReason, FollowReason
from mixwijzer.web.letting.screens import language
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.register.endings import EndingNotice, ending_notice
from mixwijzer.web.rounds.bridge import EVERY_HOME, FREE_ROOM, Margins
from mixwijzer.web.rounds.screens.answering import (
    Against,
    AnswerLine,
    against,
    answer_lines,
    fell_off_text,
)
from mixwijzer.web.rounds.selectors import ItemLine, WeekPage, around
from mixwijzer.web.rounds.transitions import WeekEvent, WeekState
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_column
from mixwijzer.web.ui.components import Option

__all__ = ["ItemScreen", "WeekScreen", "change_text", "week_href", "week_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that can be given: through which way, with which reasons; without whose yes."""

    title: str
    ways: tuple[Option, ...]
    reasons: tuple[Option, ...]
    against: tuple[Against, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScreen:
    """One home on the sheet."""

    line: ItemLine
    href: str
    facts: str
    room: str
    chance: str
    together: str
    way: str
    group: str
    advert: str
    length: str
    silent: bool
    standing: str
    ground: str
    who: str
    question: str
    due: str
    ask_href: str
    choices: tuple[Choice, ...]
    answered: str
    answer_note: str
    anew: str
    corrected: str
    fell_off: str
    waits: str
    parties: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterScreen:
    """One margin of the year."""

    title: str
    value: str
    about: str
    part: float
    full: float
    expected: tuple[float, float] | None
    marks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScreen:
    """How far a promise is."""

    name: str
    about: str
    done: float
    coming: tuple[float, float]
    marks: tuple[tuple[float, str], ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekScreen:
    """Everything that the sheet of a week draws."""

    page: WeekPage
    title: str
    about: str
    state: str
    before: str
    after: str
    items: tuple[ItemScreen, ...]
    changes: tuple[str, ...]
    stale: str
    clash: tuple[str, ...]
    ways_out: tuple[str, ...]
    meters: tuple[MeterScreen, ...]
    groups: tuple[GroupScreen, ...]
    ending: EndingNotice | None
    made: str
    waiting: int
    can: Mapping[str, bool]


def week_screen(page: WeekPage) -> WeekScreen:
    """Turn a week into what its sheet draws."""
    before, after = around(page.year, page.week)
    row = page.round
    items = tuple(_item(each, page) for each in page.items)
    result = row.result if row and not page.blind else {}
    return WeekScreen(
        page=page,
        title=_("Week round %(week)s") % {"week": page.week},
        about=_about(page),
        state=str(WeekState(row.state).label) if row else "",
        before=week_href(before),
        after=week_href(after),
        items=items,
        changes=tuple(change_text(kind, about, page.names) for kind, about in page.changes),
        stale=ngettext("outdated: %(n)d change", "outdated: %(n)d changes", len(page.changes))
        % {"n": len(page.changes)}
        if page.changes
        else "",
        clash=tuple(map(_agreement, result.get("clash", ()))),
        ways_out=tuple(map(_way_out, result.get("ways_out", ()))),
        meters=tuple(_meters(page.margins)),
        groups=tuple(_group(each, _this_week(page, each.group)) for each in page.promises),
        ending=ending_notice(page.ending),
        made=_made(page),
        waiting=sum(each.agreed is None for each in on_sheet(page)),
        can={each.value: each in page.may for each in WeekEvent},
    )


def week_href(week: tuple[int, int]) -> str:
    """Return where the sheet of a week is."""
    return f"{reverse('rounds:week')}?week={week[0]}-{week[1]:02d}"


def on_sheet(page: WeekPage) -> list[ItemLine]:
    """Return the homes that didn't fall off."""
    return [each for each in page.items if not each.fell_off]


def _about(page: WeekPage) -> str:
    monday = date.fromisocalendar(page.year, page.week, 1)
    sunday = date.fromisocalendar(page.year, page.week, 7)
    parts = [f"{formats.day(monday, 'short')} – {formats.day(sunday, 'year')}"]
    if page.round:
        there = on_sheet(page)
        places = len({each.vacancy.complex.id for each in there})
        homes = ngettext("%(n)d vacancy", "%(n)d vacancies", len(there))
        parts.append(homes % {"n": len(there)})
        if fell := len(page.items) - len(there):
            parts.append(ngettext("%(n)d fell off", "%(n)d fell off", fell) % {"n": fell})
        parts.append(ngettext("%(n)d complex", "%(n)d complexes", places) % {"n": places})
        parts.append(_("made by %(name)s") % {"name": page.round.made_by.name})
        parts.append(_("can be taken back until it is published"))
    return " · ".join(parts)


def _made(page: WeekPage) -> str:
    """Say what the figures of the sheet come from."""
    row = page.round
    if row is None or row.computed_at is None:
        return ""
    told = row.result
    return _(
        "“Every band holds”: the chance that every ceiling around the home still holds after all "
        "lettings of this sheet together. Computed %(at)s, run %(run)s; data of %(data)s, norms "
        "%(norms)s, engine %(engine)s, made from %(hash)s."
    ) % {
        "at": formats.day(row.computed_at),
        "run": row.runs,
        "data": formats.day(date.fromisoformat(told["data_date"]), "year")
        if told.get("data_date")
        else "–",
        "norms": told.get("normset", ""),
        "engine": told.get("engine", ""),
        "hash": row.inputs_hash[:8],
    }


# --- one home


def _item(line: ItemLine, page: WeekPage) -> ItemScreen:
    told, home = line.told or {}, line.vacancy
    silent = bool(told) and not line.advert
    return ItemScreen(
        line=line,
        href=reverse("letting:vacancy", args=[home.id]),
        facts=_facts(line),
        room=_room(told),
        chance=formats.of_hundred(told["chance"]) if told else "",
        together=_together(told, page.names),
        way=_name(told.get("name", {})),
        group=group_word(told["group"]) if told.get("group") else "",
        advert=line.advert,
        length=_("%(n)s of %(most)s characters") % {"n": len(line.advert), "most": page.longest}
        if line.advert and page.longest
        else "",
        silent=silent,
        standing="law" if told.get("ground") == "none_needed" else "agreement",
        ground=_ground(told),
        who=home.responsible or _("nobody yet"),
        question=_question(line),
        due=formats.day(home.decide_by) if home.decide_by else "",
        ask_href=_ask(line),
        choices=tuple(_choices(line, page)) if WeekEvent.ANSWER in page.may else (),
        answered=_answered(line),
        answer_note=_answer_note(line),
        anew=_anew(line),
        corrected=_corrected(line),
        fell_off=_fell_off(line),
        waits=_waits(line, page),
        parties=answer_lines(line.answers),
    )


def _facts(line: ItemLine) -> str:
    home = line.vacancy
    parts = [formats.rooms(home.rooms), formats.euro(home.rent) if home.rent else ""]
    return f"{', '.join(filter(None, parts))} · {formats.free(home.free_from)}".lstrip(" ·")


def _room(told: Mapping[str, object]) -> str:
    """Say which limit is tightest, in whole households."""
    likely, limit = told.get("likely"), told.get("limit")
    if not isinstance(likely, list) or limit is None:
        return ""
    return _("%(who)s: %(low)s–%(high)s, limit %(limit)s") % {
        "who": capfirst(category_column(str(told["category"]))),
        "low": likely[0],
        "high": likely[1],
        "limit": limit,
    }


def _together(told: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Say with which homes a chance is shared."""
    others = told.get("with")
    if not isinstance(others, list) or not others:
        return ""
    return _("together with %(homes)s") % {
        "homes": ", ".join(names.get(each, each) for each in others)
    }


def _name(names: Mapping[str, str]) -> str:
    return names.get(language(), "") or names.get("nl", "")


def _ground(told: Mapping[str, object]) -> str:
    if not told:
        return ""
    if told["ground"] == "none_needed":
        return _("the ordinary offer needs no ground")
    return str(told["source"])


def _fell_off(line: ItemLine) -> str:
    """Say why a home is no longer on the sheet."""
    return fell_off_text(line.fell_off, why=True) if line.fell_off else ""


def _corrected(line: ItemLine) -> str:
    """Say which days of a notice are others than when it was proposed."""
    if line.before is None:
        return ""
    home, then = line.vacancy, line.before
    told = []
    if home.free_from != then.free_from:
        days = {"day": formats.day(home.free_from), "before": formats.day(then.free_from)}
        told.append(_("free from: %(day)s, was %(before)s") % days)
    if home.decide_by != then.decide_by:
        days = {"day": _planned(home.decide_by), "before": _planned(then.decide_by)}
        told.append(_("decide by: %(day)s, was %(before)s") % days)
    return _("Notice corrected: %(days)s.") % {"days": "; ".join(told)}


def _planned(day: date | None) -> str:
    return formats.day(day) if day else _("not planned yet")


def _anew(line: ItemLine) -> str:
    """Say what became of a decision that was taken back after the round was published."""
    if line.anew is None:
        return ""
    if line.anew.at is None:
        since = formats.day(line.anew.since)
        return _("Taken back on %(day)s; the way is chosen anew.") % {"day": since}
    return _("Decided anew: %(way)s · %(who)s, %(day)s.") % {
        "way": _name(line.anew.way),
        "who": line.anew.by,
        "day": formats.day(line.anew.at),
    }


def _question(line: ItemLine) -> str:
    if line.fell_off:
        return ""
    if line.vacancy.state == State.NOTICED:
        return _("how is it there?")
    if line.waits_for_reader:
        return _("waits for a second reader")
    return "" if line.agreed is not None else _("agreed?")


def _ask(line: ItemLine) -> str:
    if line.asks is None:
        return ""
    ways = [reverse("letting:vacancy", args=[each]) for each in line.asks.vacancies]
    return (ways + [reverse("pulse:task", args=[each]) for each in line.asks.tasks])[0]


def _waits(line: ItemLine, page: WeekPage) -> str:
    """Say why a home can't be answered about yet."""
    if line.taken_back:
        return _("the decision was taken back on the page of the vacancy")
    if page.round is None or page.round.state != WeekState.RELEASED or line.agreed is not None:
        return ""
    return (
        ""
        if line.advised
        else _("waits for %(who)s's own view") % {"who": line.vacancy.responsible or _("somebody")}
    )


def _choices(line: ItemLine, page: WeekPage) -> Iterator[Choice]:
    """Yield the answers: agree, as the home's own advice where that differs, or another way."""
    told = line.told
    if told is None or line.fell_off or line.agreed is not None or not line.advised:
        return
    follow = tuple(Option(value=e, label=FollowReason(e).label) for e in page.follow)
    deviate = tuple(Option(value=e, label=DeviateReason(e).label) for e in page.deviate)
    ways = {each["id"]: _name(each["name"]) for each in told["ways"]}

    def option(way: str) -> Option:
        return Option(value=way, label=ways.get(way, way))

    same = told["channel"] == line.advised
    yield Choice(
        title=_("agreed"),
        ways=(option(told["channel"]),),
        reasons=follow if same else deviate,
        against=against(line.answers),
    )
    if not same and line.advised in ways:
        title = _("as the advice of this home alone")
        yield Choice(title=title, ways=(option(line.advised),), reasons=follow)
    others = tuple(option(way) for way in ways if way not in {told["channel"], line.advised})
    if others:
        yield Choice(title=_("otherwise"), ways=others, reasons=deviate)


def _answered(line: ItemLine) -> str:
    if line.agreed is None:
        return ""
    return _("agreed") if line.agreed else _("otherwise: %(way)s") % {"way": _name(line.way)}


def _answer_note(line: ItemLine) -> str:
    if line.agreed is None or line.decided_at is None:
        return ""
    words = FollowReason if line.followed else DeviateReason
    return f"{words(line.reason).label} · {line.decided_by}, {formats.day(line.decided_at)}"


# --- what changed, what clashes


def change_text(kind: str, about: str, names: Mapping[str, str]) -> str:
    """Name one thing that changed since a round was computed."""
    texts = {
        "judgements": _("%(about)s: somebody gave a view"),
        "tenancies": _("%(about)s: a lease began or ended"),
        "vacancies": _("%(about)s: another home came free, or no longer is"),
        "lettings": _("%(about)s: another home was let or promised"),
        "vacancy": _("%(about)s: its dates changed, or it was withdrawn"),
        "profiles": _("a profile or an agreed number changed"),
        "channels": _("a way of letting or its ground changed"),
        "norms": _("the norms changed"),
        "promises": _("what is still owed of a promise changed"),
        "term": _("a figure that it was made from is no longer valid"),
        "home": _("%(about)s: its rooms, rent or stairs changed"),
        "decided": _("%(about)s: it was decided about, or no longer is"),
        "table": _("%(about)s laid something else on the table, or took it back"),
        "candidate": _("candidate %(about)s: registration changed, or in a match by now"),
    }
    return texts[kind] % {"about": names.get(about, about)}


def _agreement(name: str) -> str:
    known = {
        EVERY_HOME: _("every home of this week gets a way"),
        FREE_ROOM: _("the free allocation room of this year"),
    }
    return known.get(name, "") or _("the promise: %(group)s") % {"group": group_word(name)}


def _way_out(moves: list[Mapping[str, object]]) -> str:
    told = [
        _("%(what)s gives way by %(n)s") % {"what": _agreement(str(e["id"])), "n": e["units"]}
        for e in moves
    ]
    return "; ".join(told)


# --- meters


def _meters(told: Margins) -> Iterator[MeterScreen]:
    yield MeterScreen(
        title=_("Free room"),
        value=formats.share(told.free.part, 1),
        about=_("%(n)s of %(of)s; %(law)s, by agreement %(agreed)s")
        % {
            "n": told.free.counted,
            "of": told.free.of,
            "law": _("no norm") if told.law is None else formats.share(told.law, 1),
            "agreed": _("no norm") if told.agreed is None else formats.share(told.agreed),
        },
        part=told.free.part,
        full=max(0.2, told.free.part),
        expected=told.free.expected,
        marks=tuple(
            (share, formats.share(share, digits))
            for share, digits in ((told.law, 1), (told.agreed, 0))
            if share is not None
        ),
    )
    ordinary = 1 - told.special.part
    yield MeterScreen(
        title=_("Ordinary : on a ground"),
        value=f"{round(100 * ordinary)} : {round(100 * told.special.part)}",
        about=_("%(ordinary)s and %(special)s of %(of)s")
        % {
            "ordinary": told.special.of - told.special.counted,
            "special": told.special.counted,
            "of": told.special.of,
        },
        part=told.special.part,
        full=1.0,
        expected=told.special.expected,
        marks=(),
    )
    yield _fitting(told)


def _fitting(told: Margins) -> MeterScreen:
    """Draw which part of the lettings to a low income has a rent within the limit."""
    about = _("%(n)s of %(of)s to a low income") % {
        "n": told.fitting.counted,
        "of": told.fitting.of,
    }
    if told.unknown:
        unknown = _("of %(n)s not known here") % {"n": told.unknown}
        about = f"{about}; {unknown}"
    return MeterScreen(
        title=_("Affordability fit"),
        value=formats.share(told.fitting.part) if told.fitting.of else "–",
        about=about,
        part=told.fitting.part,
        full=1.0,
        expected=told.fitting.expected,
        marks=() if told.least is None else ((told.least, formats.share(told.least)),),
    )


def _this_week(page: WeekPage, group: str) -> int:
    """Count the homes of this sheet that are proposed for a group."""
    return sum((each.told or {}).get("group") == group for each in page.items)


def _group(line: ObligationLine, this_week: int) -> GroupScreen:
    done, coming, even = line.parts
    parts = [
        _("%(n)s under way") % {"n": line.under_way} if line.under_way else "",
        _("%(n)s proposed this week") % {"n": this_week} if this_week else "",
        _("%(n)s behind") % {"n": line.behind}
        if line.behind > 0 and line.remaining
        else _("on pace"),
    ]
    return GroupScreen(
        name=capfirst(group_word(line.group)),
        about=_("%(n)s of %(of)s") % {"n": line.realised, "of": line.owed},
        done=done,
        coming=(done, coming),
        marks=((even, ""),),
        note=", ".join(filter(None, parts)),
    )
