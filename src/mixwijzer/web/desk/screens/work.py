"""What waits for this person today, as its page draws it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import Action, may
from mixwijzer.web.agreements.screens import agreement_tasks
from mixwijzer.web.desk.screens.first_day import first_day
from mixwijzer.web.desk.selectors import (
    RequestLine,
    Today,
    WorkRow,
)
from mixwijzer.web.letting.screens import match_tasks
from mixwijzer.web.letting.selectors import VacancyLine
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.mail.letters import StepLine
from mixwijzer.web.mail.models import Kind
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.pulse.screens import ask_tasks, talk_tasks
from mixwijzer.web.rounds.screens import (
    answer_tasks,
    city_href,
    city_tasks,
    week_href,
    week_tasks,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import (
    Column,
    DataTable,
    Figure,
    Link,
    Stamp,
    Task,
)

__all__ = ["TodayScreen", "home_line", "steps_of", "today_screen"]

# The kind of mail that tells of a row of the work; what stands under "stuck" is all one kind.
_KINDS = {
    "question": Kind.QUESTION,
    "decide": Kind.DECISION,
    "second_reading": Kind.SECOND_READING,
}
_OPEN = "letting:vacancy"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """One line of this week's calendar."""

    day: str
    today: bool
    href: str
    address: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """One promise: what is done and under way, in its own unit."""

    name: str
    unit: str
    says: str
    done: float
    full: float
    expected: tuple[float, float] | None

    @property
    def part(self) -> float:
        """What is done, as a part of the whole."""
        return min(self.done / self.full, 1.0)

    @property
    def coming(self) -> tuple[float, float] | None:
        """What is under way, as a part of the whole."""
        if self.expected is None:
            return None
        return min(self.expected[0] / self.full, 1.0), min(self.expected[1] / self.full, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayScreen:
    """Everything that Today draws."""

    greeting: str
    about: str
    figures: tuple[Figure, ...]
    first_day: tuple[Task, ...]
    waiting: tuple[Task, ...]
    stuck: tuple[Task, ...]
    matches: tuple[Task, ...]
    following: DataTable | None
    requests: DataTable | None
    requests_title: str
    requests_note: str
    obligations: tuple[PromiseLine, ...]
    week: tuple[WeekLine, ...]
    works: bool
    may_check: bool
    may_list: bool
    nothing_here: str
    stamp: Stamp | None


def today_screen(found: Today, user: User, now: datetime) -> TodayScreen:
    """Turn somebody's day into what its page draws."""
    works = may(user, Action.SEE_HOMES)
    asked = found.requests_without_place or found.own_requests
    elsewhere = found.matches or found.agreements or found.answers
    seen = works or asked or found.obligations or elsewhere
    return TodayScreen(
        greeting=_greeting(now) % {"name": user.name.split()[0]},
        about=formats.day(found.day, "long"),
        figures=_figures(found),
        first_day=first_day(found.first_day),
        waiting=(
            *(_task(row) for row in found.waiting),
            *_of_rounds(found),
            *match_tasks(found.matches, "waiting"),
            *city_tasks(found.cities),
            *week_tasks(found.weeks),
            *answer_tasks(found.answers),
            *agreement_tasks(found.agreements),
        ),
        stuck=(*(_task(row) for row in found.stuck), *match_tasks(found.matches, "stuck")),
        matches=match_tasks(found.matches, "following"),
        following=_following(found.following) if found.following else None,
        requests=_requests(asked, works=may(user, Action.SEE_ADVICE)) if asked else None,
        requests_title=_("Requests that wait too long")
        if found.requests_without_place
        else _("Your requests"),
        requests_note=_(
            "Open for longer than agreed. Behind each stands whether there is room now."
        )
        if found.requests_without_place
        else _("Longest waiting first."),
        obligations=_obligations(found),
        week=_week(found),
        works=may(user, Action.JUDGE) or may(user, Action.DECIDE) or bool(elsewhere),
        may_check=may(user, Action.SEE_ADVICE),
        may_list=works,
        nothing_here=""
        if seen or found.first_day
        else _("Every figure we use stands, with its source, on one page:"),
        stamp=Stamp(data_of=found.data_date, method_href=reverse("desk:method"))
        if found.data_date
        else None,
    )


def steps_of(found: Today) -> tuple[StepLine, ...]:
    """Return what waits for somebody and what is stuck: the same as on the page, for mail.

    Only the kind, the address of the page and the day; what it is about stays here.
    """
    rows = (*found.waiting, *found.stuck)
    matches = [each for each in found.matches if each.group != "following"]
    return (
        *(_line(_KINDS.get(row.kind, Kind.LATE), row.vacancy, _OPEN, row.due) for row in rows),
        *(
            StepLine(
                kind=Kind.JUDGEMENT,
                subject=each.id,
                href=reverse("pulse:task", args=[each.first]),
                due=each.until,
            )
            for each in found.round_asks
        ),
        *(_line(Kind.TALK, each.task, "pulse:task", each.until) for each in found.talks),
        *(
            _line(
                Kind.MATCH if each.group == "waiting" else Kind.LATE,
                each.id,
                "letting:match",
                each.until,
            )
            for each in matches
        ),
        *(
            StepLine(kind=Kind.CITY_ROUND, subject=each.id, href=city_href(each), due=each.due)
            for each in found.cities
        ),
        *(
            StepLine(
                kind=Kind.WEEK_ROUND,
                subject=each.id,
                href=week_href((each.year, each.week)),
                due=each.due,
            )
            for each in found.weeks
        ),
        *(
            _line(Kind.WEEK_ROUND, each.ask.public_id, "rounds:ask", each.ask.due)
            for each in found.answers
        ),
        *(
            _line(Kind.AGREEMENT, each.id, "agreements:agreement", each.due)
            for each in found.agreements
        ),
    )


def _line(kind: Kind, subject: uuid.UUID, page: str, due: date | None) -> StepLine:
    return StepLine(kind=kind, subject=subject, href=reverse(page, args=[subject]), due=due)


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 12:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")


def _figures(found: Today) -> tuple[Figure, ...]:
    counts = found.figures
    if counts is None:
        return ()
    matches = [each for each in found.matches if each.group == "waiting"]
    rounds = len(found.round_asks) + len(found.talks) + len(found.cities) + len(found.weeks)
    waiting = len(found.waiting) + len(matches) + rounds + len(found.agreements)
    return (
        Figure(
            icon="hourglass",
            label=_("Waits for me"),
            value=str(waiting),
            unit=ngettext("matter", "matters", waiting),
            note=_("your own view, or a decision"),
        ),
        Figure(
            icon="key-round",
            label=_("Open vacancies"),
            value=str(counts.open_vacancies),
            unit=ngettext("home", "homes", counts.open_vacancies),
            note=_("%(count)s decided") % {"count": counts.decided},
            href=reverse("letting:vacancies"),
        ),
        Figure(
            icon="shuffle",
            label=_("Another way than the advice"),
            value=str(counts.deviated),
            unit=ngettext("decision", "decisions", counts.deviated),
            note=_("each with its reason"),
        ),
        Figure(
            icon="building-2",
            label=_("Complexes"),
            value=formats.number(counts.complexes),
            unit="",
            note=ngettext("%(count)s home", "%(count)s homes", counts.homes)
            % {"count": formats.number(counts.homes)},
            href=reverse("desk:complexes"),
        ),
    )


def _task(row: WorkRow) -> Task:
    looks = {
        "question": (
            "pencil",
            _("How is it there, without this household?"),
            _("Give your view"),
        ),
        "decide": ("key-round", _("Your view is in. The advice is ready."), _("Look")),
        "second_reading": ("users", _("A colleague chose another way. Read along."), _("Read")),
        "late": ("hourglass", _("Should have been decided."), _("Look")),
        "unassigned": ("users", _("Nobody is responsible yet."), _("Look")),
    }
    icon, why, action = looks.get(row.kind, ("key-round", "", _("Look")))
    return Task(
        icon=icon,
        title=row.address,
        href=reverse(_OPEN, args=[row.vacancy]),
        about=home_line(row),
        why=why,
        due=formats.day(row.due) if row.due else "",
        due_note=_("late") if row.late else _("decide by then") if row.due else "",
        urgency="late" if row.late else "soon" if row.due else "",
        action=action,
    )


def _of_rounds(found: Today) -> tuple[Task, ...]:
    """Return what a round of judgements asks of this person."""
    return (*ask_tasks(found.round_asks), *talk_tasks(found.talks))


def _following(rows: Sequence[WorkRow]) -> DataTable:
    return DataTable(
        caption=_("I follow"),
        columns=(
            Column(label=_("Home")),
            Column(label=_("Step")),
            Column(label=_("With")),
            Column(label=_("Since")),
        ),
        rows=tuple(
            (
                Link(label=row.address, href=reverse("letting:vacancy", args=[row.vacancy])),
                str(State(row.state).label) if row.holder else _("not assigned yet"),
                row.holder or _("nobody yet"),
                formats.day(row.since, "short"),
            )
            for row in rows
        ),
    )


def _requests(rows: Sequence[RequestLine], *, works: bool) -> DataTable:
    return DataTable(
        caption=_("Requests that wait too long"),
        columns=(
            Column(label=_("Request")),
            Column(label=_("For how many"), numeric=True),
            Column(label=_("From")),
            Column(label=_("Weeks"), numeric=True),
        ),
        rows=tuple(
            (
                Link(label=row.number, href=_place(row) if works else ""),
                str(row.size),
                row.partner or row.association,
                str(row.weeks),
            )
            for row in sorted({each.number: each for each in rows}.values(), key=_longest)
        ),
    )


def _place(row: RequestLine) -> str:
    """Return where this request stands on the page of the requests."""
    return f"{reverse('desk:requests')}#request-{row.id}"


def _longest(row: RequestLine) -> tuple[int, str]:
    return -row.weeks, row.number


def _obligations(found: Today) -> tuple[PromiseLine, ...]:
    units = {"persons": _("persons"), "households": _("households")}
    several = len({each.association for each in found.obligations}) > 1
    return tuple(
        PromiseLine(
            name=f"{each.association}: {group_word(each.group)}"
            if several
            else group_word(each.group),
            unit=units.get(each.unit, each.unit),
            says=_("%(done)d of %(target)d done, %(way)d under way, %(left)d still to do")
            % {
                "done": each.realised,
                "target": each.target + each.carried,
                "way": each.under_way,
                "left": each.remaining,
            },
            done=float(each.realised),
            full=float(max(each.target + each.carried, 1)),
            expected=(float(each.realised), float(each.realised + each.under_way))
            if each.under_way
            else None,
        )
        for each in found.obligations
    )


def _week(found: Today) -> tuple[WeekLine, ...]:
    """Return what others must decide in the coming seven days; what waits for me stands apart."""
    rows = {row.vacancy: row for row in (*found.following, *found.stuck)}
    coming = [row for row in rows.values() if row.due and 0 <= (row.due - found.day).days < 7]
    return tuple(
        WeekLine(
            day=formats.day(row.due, "short") if row.due else "",
            today=row.due == found.day,
            href=reverse("letting:vacancy", args=[row.vacancy]),
            address=row.address,
            what=_("give your view") if row.kind == "question" else _("decide"),
        )
        for row in sorted(coming, key=lambda each: each.due or date.max)
    )


def home_line(row: WorkRow | VacancyLine) -> str:
    place = row.complex if isinstance(row, WorkRow) else ""
    parts = (place, formats.rooms(row.rooms), formats.free(row.free_from))
    return " · ".join(filter(None, parts))
