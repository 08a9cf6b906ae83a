"""The list of a first day, as a list of work."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.web.ui.components import Task

__all__ = ["first_day"]


def first_day(steps: Sequence[str]) -> tuple[Task, ...]:
    """Turn the steps that are to be done into a list that tells how."""
    return tuple(_task(*_looks()[step]) for step in steps)


def _task(icon: str, url_name: str, title: str, why: str, action: str) -> Task:
    href = reverse(url_name)
    return Task(icon=icon, title=title, href=href, about="", why=why, action=action)


def _looks() -> dict[str, tuple[str, str, str, str, str]]:
    return {
        "map": (
            "map",
            "register:imports",
            _("Load your neighbourhoods"),
            _("A map of CBS or PDOK (GeoJSON) is enough. Your homes refer to it."),
            _("To the import"),
        ),
        "data": (
            "upload",
            "register:imports",
            _("Load your homes"),
            _("A workbook or folder with complexes, homes and leases is enough to begin."),
            _("To the import"),
        ),
        "people": (
            "users",
            "accounts:people",
            _("Invite your colleagues"),
            _("At least one housing consultant: who gives a view and decides."),
            _("Invite"),
        ),
        "profiles": (
            "sliders-horizontal",
            "profiles:list",
            _("Adopt a profile"),
            _("Without one advice knows no limit. A colleague reads it, the tenants advise."),
            _("To the profiles"),
        ),
        "judgements": (
            "pencil",
            "pulse:judgements",
            _("Ask for the first views"),
            _("Two people who know a complex each give their view; without it, advice asks first."),
            _("Plan a round"),
        ),
        "advice": (
            "key-round",
            "letting:vacancies",
            _("Open the first vacancy"),
            _("Give it to a colleague: first the view, then the advice."),
            _("To the vacancies"),
        ),
    }
