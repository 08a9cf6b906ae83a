"""What a city round, or an answer in a week round, asks of somebody: rows of the page of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.rounds.answer_steps import AnswerAct
from mixwijzer.web.rounds.screens.week import week_href
from mixwijzer.web.rounds.selectors import JOIN, CityWork, WeekWork
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Task

__all__ = ["city_href", "city_tasks", "week_tasks"]


def city_tasks(work: Sequence[CityWork]) -> tuple[Task, ...]:
    """Turn city rounds that wait into rows."""
    return tuple(map(_task, work))


def city_href(each: CityWork) -> str:
    """Return where the step is taken."""
    if each.step == JOIN:
        return f"{reverse('rounds:city-new')}?seat={each.id}"
    return reverse("rounds:city", args=[each.id])


def _task(each: CityWork) -> Task:
    homes = ngettext(
        "%(n)d home still waits for its candidate.",
        "%(n)d homes still wait for their candidate.",
        each.homes,
    )
    why = {
        JOIN: _("Another association asks you to divide homes together."),
        "lay": _("It is computed. Lay it on the table, or compute it anew."),
        "divide": _("Others laid theirs on the table too. Divide them together."),
        "release": _("It is computed. Release it, or compute it anew."),
        "adopt": _("It lies with the partners. Adopt it when they agree."),
        "confirm": homes % {"n": each.homes},
        "execute": _("Every home is settled. Close the round."),
    }[each.step]
    return Task(
        icon="git-branch",
        title=each.name,
        href=city_href(each),
        about=_("City round"),
        why=why,
        due=formats.day(each.due) if each.due else "",
        due_note=_("the first home is advertised") if each.due else "",
        urgency="soon" if each.due else "",
        action=_("Open"),
    )


def week_tasks(work: Sequence[WeekWork]) -> tuple[Task, ...]:
    """Turn week rounds about which parties said something into rows."""
    return tuple(map(_week_task, work))


def _week_task(each: WeekWork) -> Task:
    return Task(
        icon="shuffle",
        title=_("Week %(week)s") % {"week": each.week},
        href=week_href((each.year, each.week)),
        about=_("Week round"),
        why=", ".join(_said(each)),
        due=formats.day(each.due),
        due_note=_("decide by then"),
        urgency="soon",
        action=_("Look"),
    )


def _said(each: WeekWork) -> Iterator[str]:
    """Say how often parties objected, agreed with a condition, or took an answer back."""
    said = each.said
    if n := said.get(AnswerAct.OBJECT):
        yield ngettext("%(n)d objection", "%(n)d objections", n) % {"n": n}
    if n := said.get(AnswerAct.AGREE_IF):
        words = ngettext("%(n)d time agreed, provided that", "%(n)d times agreed, provided that", n)
        yield words % {"n": n}
    if n := said.get(AnswerAct.TAKE_BACK):
        yield ngettext("%(n)d answer taken back", "%(n)d answers taken back", n) % {"n": n}
