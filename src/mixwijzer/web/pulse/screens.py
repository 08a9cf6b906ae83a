"""What the pages of a round draw: the question, the word with another, the plan, what came out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import Language
from mixwijzer.web.pulse.bridge import Known, Said
from mixwijzer.web.pulse.examples import EXAMPLES, Example
from mixwijzer.web.pulse.reasons import PassReason, StandReason
from mixwijzer.web.pulse.selectors import (
    OwnLine,
    PlaceLine,
    Results,
    RoundAsk,
    RoundLine,
    RoundPage,
    TalkLine,
    TaskPage,
)
from mixwijzer.web.pulse.transitions import Event, RoundEvent, RoundState, TaskState
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Figure, Link, Option, Task
from mixwijzer.web.ui.estimates import Estimate, estimates

__all__ = [
    "ExampleScreen",
    "RoundScreen",
    "TaskScreen",
    "ask_tasks",
    "example_screen",
    "known_options",
    "own_tasks",
    "round_screen",
    "rounds_table",
    "talk_tasks",
    "task_screen",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScreen:
    """Everything that the page of a task draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    where: str
    estimates: tuple[Estimate, ...]
    known: str
    known_options: tuple[Option, ...]
    asks: bool
    again: bool
    corrects: bool
    passes: bool
    pass_options: tuple[Option, ...]
    talks: bool
    stand_options: tuple[Option, ...]
    own: DataTable | None
    compared: DataTable | None
    others: str
    said: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleScreen:
    """One made-up complex: the question, and after a guess the answer beside it."""

    example: Example
    number: int
    total: int
    estimates: tuple[Estimate, ...]
    answer: DataTable | None
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatForm:
    """The choice of two people for one place."""

    place: uuid.UUID
    name: str
    neighbourhood: str
    first: str
    second: str
    states: tuple[tuple[str, str, str], ...]
    passed_on: str
    open: bool
    talk: bool
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundScreen:
    """Everything that the page of a round draws."""

    crumbs: tuple[Crumb, ...]
    about: str
    state: str
    figures: tuple[Figure, ...]
    places: tuple[SeatForm, ...]
    people: DataTable
    neighbourhoods: DataTable
    conflicts: tuple[str, ...]
    may_start: bool
    may_close: bool
    may_assign: bool
    planned: bool
    closed: bool
    counted: DataTable | None
    agreed: DataTable | None
    changes: DataTable | None
    unseen: tuple[Link, ...]
    ask_again: str


def language() -> Language:
    """Return the language of the page, as the sentences know it."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def known_options() -> tuple[Option, ...]:
    """Return how many of the households somebody can know."""
    words = {Known.ALL: _("nearly everybody"), Known.MOST: _("most"), Known.PART: _("a part")}
    return tuple(Option(value=each, label=label) for each, label in words.items())


def place_name(complex_name: str, group: str) -> str:
    """Name a complex, or a group of its stairwells."""
    if not group:
        return complex_name
    return _("%(complex)s, stairwell %(group)s") % {"complex": complex_name, "group": group}


def own_tasks(lines: Sequence[OwnLine]) -> tuple[Task, ...]:
    """Return somebody's places of the running rounds as work."""
    looks = {
        TaskState.OPEN: (
            "pencil",
            _("How is it here? Your own view is asked."),
            _("Give your view"),
        ),
        TaskState.TALK: ("message-circle", _("Your views lie apart: have a word."), _("Look")),
        TaskState.GIVEN: (
            "hourglass",
            _("Your view is in. A colleague is asked the same."),
            _("Look"),
        ),
        TaskState.SETTLED: ("check", _("Both views are in."), _("Look")),
    }
    return tuple(
        Task(
            icon=looks[TaskState(line.state)][0],
            title=place_name(line.complex, line.group),
            href=reverse("pulse:task", args=[line.id]),
            about=line.round,
            why=looks[TaskState(line.state)][1],
            due=formats.day(line.until) if line.state in {TaskState.OPEN, TaskState.TALK} else "",
            due_note=_("last day") if line.state in {TaskState.OPEN, TaskState.TALK} else "",
            action=looks[TaskState(line.state)][2],
        )
        for line in lines
    )


def ask_tasks(asks: Sequence[RoundAsk]) -> tuple[Task, ...]:
    """Return what rounds ask of somebody, one line per round."""
    return tuple(
        Task(
            icon="users",
            title=_("Your view is asked: %(round)s") % {"round": each.name},
            href=reverse("pulse:task", args=[each.first]),
            about=ngettext("%(n)d complex", "%(n)d complexes", each.open) % {"n": each.open},
            why=_("About a minute per complex."),
            due=formats.day(each.until),
            due_note=_("last day"),
            urgency="soon",
            action=_("Give your view"),
        )
        for each in asks
    )


def talk_tasks(lines: Sequence[TalkLine]) -> tuple[Task, ...]:
    """Return with whom somebody should have a word."""
    return tuple(
        Task(
            icon="message-circle",
            title=_("Have a word with %(who)s about %(place)s")
            % {"who": each.other, "place": place_name(each.complex, each.group)},
            href=reverse("pulse:task", args=[each.task]),
            why=_("Your views lie apart: have a word."),
            due=formats.day(each.until),
            due_note=_("last day"),
            action=_("Look"),
        )
        for each in lines
    )


def task_screen(
    page: TaskPage, typed: Mapping[str, str] | None = None, *, again: bool = False
) -> TaskScreen:
    """Turn a task into what its page draws."""
    last = page.views[0] if page.views else None
    correcting = again and Event.GIVE in page.may and page.state == TaskState.GIVEN
    talks = Event.ADJUST in page.may
    own = last.ranges if last and (correcting or talks) else None
    return TaskScreen(
        crumbs=(
            Crumb(label=_("Judgements"), href=reverse("pulse:judgements")),
            Crumb(label=page.complex),
        ),
        title=place_name(page.complex, page.group),
        about=_about(page),
        where=", ".join(each for each in page.streets if each not in page.complex),
        estimates=estimates(page.categories, typed, own),
        known=(typed or {}).get("known") or (last.known if last and own else ""),
        known_options=known_options(),
        asks=(page.state == TaskState.OPEN and Event.GIVE in page.may) or correcting,
        again=correcting,
        corrects=Event.GIVE in page.may and page.state == TaskState.GIVEN and page.mine,
        passes=Event.PASS_ON in page.may and page.mine,
        pass_options=_options(PassReason),
        talks=talks,
        stand_options=_options(StandReason),
        own=_own(page) if last and page.state != TaskState.OPEN else None,
        compared=_compared(page) if page.theirs and last else None,
        others=", ".join(each.name for each in page.theirs),
        said=_typed_by(page),
        state=str(TaskState(page.state).label),
    )


def _options(reasons: type[PassReason | StandReason]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=label) for value, label in reasons.choices)


def _about(page: TaskPage) -> str:
    parts = [page.neighbourhood, _homes(page.homes)]
    if page.total > 1 and page.place:
        parts.append(_("%(n)d of %(total)d") % {"n": page.place, "total": page.total})
    return " · ".join(filter(None, parts))


def _homes(homes: int) -> str:
    return ngettext("%(n)s home", "%(n)s homes", homes) % {"n": formats.number(homes)}


def _typed_by(page: TaskPage) -> str:
    typed = page.views[0].entered_by if page.views else ""
    return _("%(who)s typed this from your sheet.") % {"who": typed} if typed else ""


def _ranges(said: Said) -> str:
    return _("%(low)d to %(high)d, likely %(best)d") % {
        "low": said.low,
        "high": said.high,
        "best": said.best,
    }


def _own(page: TaskPage) -> DataTable:
    """Return every view of one's own, the last first: nothing that was said disappears."""
    return DataTable(
        caption=_("What you said"),
        columns=(
            Column(label=_("When")),
            *(Column(label=capfirst(category_name(each))) for each in page.categories),
        ),
        rows=tuple(
            (
                _("%(day)s, after a word") % {"day": formats.day(view.at)}
                if view.after_talk
                else formats.day(view.at),
                *(_ranges(view.ranges[each]) for each in page.categories),
            )
            for view in page.views
        ),
    )


def _compared(page: TaskPage) -> DataTable:
    mine = page.views[0].ranges
    return DataTable(
        caption=_("Both views"),
        columns=(
            Column(label=_("Kind of neighbour")),
            Column(label=_("You")),
            *(Column(label=each.name) for each in page.theirs),
        ),
        rows=tuple(
            (
                capfirst(category_name(name)),
                _ranges(mine[name]),
                *(_ranges(each.ranges[name]) for each in page.theirs),
            )
            for name in page.categories
        ),
    )


def example_screen(number: int, typed: Mapping[str, str] | None = None) -> ExampleScreen:
    """Turn a made-up complex into what its page draws; the guess is compared and forgotten."""
    example = EXAMPLES[number - 1]
    return ExampleScreen(
        example=example,
        number=number,
        total=len(EXAMPLES),
        estimates=estimates(tuple(example.answer), typed),
        answer=_answer(example, typed) if typed else None,
        next=number + 1 if number < len(EXAMPLES) else 0,
    )


def _answer(example: Example, typed: Mapping[str, str]) -> DataTable:
    return DataTable(
        caption=_("Your guess and the answer"),
        columns=(
            Column(label=_("Kind of neighbour")),
            Column(label=_("Your likely number"), numeric=True),
            Column(label=_("It is"), numeric=True),
        ),
        rows=tuple(
            (capfirst(category_name(name)), typed.get(f"{name}_best") or "–", str(number))
            for name, number in example.answer.items()
        ),
    )


def rounds_table(lines: Sequence[RoundLine]) -> DataTable:
    """Return the rounds as a table."""
    return DataTable(
        caption=_("Rounds"),
        columns=(
            Column(label=_("Round")),
            Column(label=_("State")),
            Column(label=_("Weeks")),
            Column(label=_("Complexes"), numeric=True),
            Column(label=_("Views given"), numeric=True),
        ),
        rows=tuple(
            (
                Link(label=line.name, href=reverse("pulse:round", args=[line.id])),
                str(RoundState(line.state).label),
                _days(line),
                formats.number(line.places),
                _("%(given)d of %(asked)d") % {"given": line.given, "asked": line.asked},
            )
            for line in lines
        ),
    )


def _days(line: RoundLine | RoundPage) -> str:
    return _("%(start)s to %(until)s") % {
        "start": formats.day(line.start, "short"),
        "until": formats.day(line.until, "short"),
    }


def round_screen(page: RoundPage, found: Results | None) -> RoundScreen:
    """Turn a round into what its page draws."""
    running = page.state == RoundState.OPEN
    return RoundScreen(
        crumbs=(
            Crumb(label=_("Judgements"), href=reverse("pulse:judgements")),
            Crumb(label=page.name),
        ),
        about=_days(page),
        state=str(RoundState(page.state).label),
        figures=_figures(page),
        places=tuple(_seat_form(line) for line in page.places),
        people=_progress(_("Per person"), page.people),
        neighbourhoods=_progress(_("Per neighbourhood"), page.neighbourhoods),
        conflicts=tuple(
            _("Nobody here knows %(place)s yet. Choose somebody, or go and look together.")
            % {"place": place_name(each.complex, each.group)}
            if not each.people
            else _("Only one person is asked about %(place)s.")
            % {"place": place_name(each.complex, each.group)}
            for each in page.conflicts
        ),
        may_start=RoundEvent.START in page.may,
        may_close=running and RoundEvent.CLOSE in page.may,
        may_assign=RoundEvent.ASSIGN in page.may,
        planned=page.state == RoundState.PLANNED,
        closed=page.state == RoundState.CLOSED,
        counted=_counted(found) if found else None,
        agreed=_agreed(found) if found else None,
        changes=_changes(found) if found and found.changes else None,
        unseen=tuple(
            Link(
                label=place_name(each.complex, each.group),
                href=reverse("desk:complex", args=[each.complex_id]),
            )
            for each in found.unseen
        )
        if found
        else (),
        ask_again="?" + "&".join(f"complex={each.complex_id}" for each in found.unseen)
        if found
        else "",
    )


def _figures(page: RoundPage) -> tuple[Figure, ...]:
    return (
        Figure(
            icon="building-2",
            label=_("Complexes"),
            value=formats.number(len(page.places)),
            note=_("in this round"),
        ),
        Figure(
            icon="users",
            label=_("Views given"),
            value=formats.number(page.given),
            unit=_("of %(asked)d") % {"asked": page.asked},
        ),
        Figure(
            icon="message-circle",
            label=_("Words to have"),
            value=formats.number(page.talks),
            note=_("two people who see it differently"),
        ),
        Figure(
            icon="circle-alert",
            label=_("Too few to ask"),
            value=formats.number(len(page.conflicts)),
            note=_("fewer than two people"),
        ),
    )


def _seat_form(line: PlaceLine) -> SeatForm:
    ids = [str(seat.judge) for seat in line.seats] + ["", ""]
    return SeatForm(
        place=line.id,
        name=place_name(line.complex, line.group),
        neighbourhood=line.neighbourhood,
        first=ids[0],
        second=ids[1],
        states=tuple(
            (
                seat.name,
                _("%(state)s, typed by %(who)s")
                % {"state": TaskState(seat.state).label, "who": seat.on_paper}
                if seat.on_paper
                else str(TaskState(seat.state).label),
                reverse("pulse:task", args=[seat.task]) if seat.state == TaskState.OPEN else "",
            )
            for seat in line.seats
        ),
        passed_on=", ".join(line.passed_on),
        open=not line.settled,
        talk=line.talk,
        settled=line.settled,
    )


def _progress(title: str, lines: Sequence[object]) -> DataTable:
    return DataTable(
        caption=title,
        columns=(
            Column(label=_("Who") if title == _("Per person") else _("Neighbourhood")),
            Column(label=_("Asked"), numeric=True),
            Column(label=_("Given"), numeric=True),
        ),
        rows=tuple(
            (
                getattr(line, "name", "") or "–",
                formats.number(getattr(line, "asked", 0)),
                formats.number(getattr(line, "given", 0)),
            )
            for line in lines
        ),
    )


def _counted(found: Results) -> DataTable:
    return DataTable(
        caption=_("Views per complex"),
        columns=(Column(label=_("Views")), Column(label=_("Complexes"), numeric=True)),
        rows=(
            (_("Two views"), formats.number(found.two)),
            (_("One view"), formats.number(found.one)),
            (_("No view"), formats.number(found.none)),
        ),
    )


def _agreed(found: Results) -> DataTable:
    told = found.agreement
    return DataTable(
        caption=_("How far two views agree"),
        columns=(Column(label=_("Difference")), Column(label=_("Complexes"), numeric=True)),
        rows=(
            (_("At most one household"), formats.number(told.near)),
            (_("More, within the norm"), formats.number(told.within)),
            (_("Apart: a word was due"), formats.number(told.apart)),
            (_("Adjusted after a word"), formats.number(told.adjusted)),
        ),
    )


def _changes(found: Results) -> DataTable:
    words = {"more": _("more"), "fewer": _("fewer"), "same": _("about the same"), "": "–"}
    return DataTable(
        caption=_("Then and now"),
        columns=(
            Column(label=_("Complex")),
            Column(label=_("Kind of neighbour")),
            Column(label=_("Before")),
            Column(label=_("Now")),
            Column(label=_("Difference")),
        ),
        rows=tuple(
            (
                place_name(each.complex, each.group),
                capfirst(category_name(each.category)),
                *(
                    (_("after your own view"), "–", "–")
                    if each.hidden
                    else (_pair(each.before), _pair(each.now), words[each.direction])
                ),
            )
            for each in found.changes
        ),
    )


def _pair(ends: tuple[int, int] | None) -> str:
    return "–" if ends is None else _("%(low)d to %(high)d") % {"low": ends[0], "high": ends[1]}
