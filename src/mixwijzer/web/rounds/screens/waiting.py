"""What a city round asks of somebody, as a row of the page of today."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.rounds.selectors import JOIN, CityWork
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Task

__all__ = ["city_href", "city_tasks"]


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
