"""What an agreement asks of somebody, as a row of the page of today."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.web.agreements.selectors import AgreementWork
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Task

__all__ = ["agreement_tasks"]


def agreement_tasks(work: Sequence[AgreementWork]) -> tuple[Task, ...]:
    """Turn agreements that wait into rows."""
    return tuple(map(_task, work))


def _task(each: AgreementWork) -> Task:
    late = each.urgency == "late"
    why, action = {
        "bid": (
            _("The bid should have been out.") if late else _("The bid has to be out soon."),
            _("Write"),
        ),
        "changes": (_("Changes were asked. Write them, and bring out the bid again."), _("Write")),
        "answer": (_("The bid is out. Agree, or ask for changes."), _("Answer")),
        "sign": (_("Everybody agreed. It can be signed."), _("Open")),
        "carry": (_("A period is over. Confirm what goes along to the next."), _("Open")),
    }[each.what]
    return Task(
        icon="handshake",
        title=each.title,
        href=reverse("agreements:agreement", args=[each.id]),
        about=each.association,
        why=why,
        due=formats.day(each.due, "year") if each.due else "",
        due_note={"late": _("late"), "soon": _("soon")}.get(each.urgency, _("at the latest"))
        if each.due
        else "",
        urgency=each.urgency,
        action=action,
    )
