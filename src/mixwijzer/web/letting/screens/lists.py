"""A list of candidates that was brought in, in words and components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.letting.models import Candidate, CandidateList
from mixwijzer.web.letting.selectors import LIST_DAYS, ListPage
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Figure, Link

__all__ = ["BroughtScreen", "brought_screen", "lists_hint", "lists_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtScreen:
    """What the page of one list draws."""

    page: ListPage
    title: str
    about: str
    figures: tuple[Figure, ...]
    hindered: DataTable
    hinders: str
    over: str
    until: str


def lists_table(rows: Sequence[CandidateList]) -> DataTable:
    """List what was brought in lately, one row each."""
    return DataTable(
        caption=_("Brought in lately"),
        columns=(
            Column(label=_("List")),
            Column(label=_("Entered"), numeric=True),
            Column(label=_("Corrected"), numeric=True),
        ),
        rows=tuple(
            (
                Link(label=_title(row), href=reverse("letting:brought", args=[row.public_id])),
                formats.number(row.entered),
                formats.number(row.corrected),
            )
            for row in rows
        ),
    )


def lists_hint() -> str:
    """Say how long, and till when, a list can be taken back."""
    return _(
        "A list can be taken back for %(days)d days, as long as nobody of it was proposed."
    ) % {"days": LIST_DAYS}


def _title(row: CandidateList) -> str:
    words = _("List of %(day)s, taken back") if row.taken_back_at else _("List of %(day)s")
    return words % {"day": formats.day(row.at, "year")}


def brought_screen(page: ListPage) -> BroughtScreen:
    """Turn a list that was brought in into what its page draws."""
    row, does = page.row, page.does
    number = len(does.hindered)
    return BroughtScreen(
        page=page,
        title=_title(row),
        about=_about(row),
        figures=() if row.taken_back_at else tuple(_figures(page)),
        hindered=_hindered(page),
        hinders=ngettext(
            "%(number)d candidate of this list keeps it in. Correct or take off its candidates "
            "one by one.",
            "%(number)d candidates of this list keep it in. Correct or take off its candidates "
            "one by one.",
            number,
        )
        % {"number": number},
        over=_over(page),
        until=_("This can be done until %(day)s, %(days)d days after it came in.")
        % {"day": formats.day(page.until, "long"), "days": LIST_DAYS},
    )


def _about(row: CandidateList) -> str:
    told = [_("%(who)s, %(day)s") % {"who": row.by.name, "day": formats.day(row.at, "year")}]
    if row.partner_organisation:
        told.append(_("registered by %(who)s") % {"who": row.partner_organisation.name})
    return " · ".join(told)


def _figures(page: ListPage) -> tuple[Figure, ...]:
    does = page.does
    named: tuple[tuple[str, str, Sequence[object]], ...] = (
        ("user", _("leave again"), does.entered),
        ("history", _("as before the list"), does.corrected),
        ("check", _("left already; stay so"), does.left),
        ("lock", _("keep it in"), does.hindered),
    )
    return tuple(
        Figure(
            icon=icon,
            label=label,
            value=formats.number(len(found)),
            unit=ngettext("candidate", "candidates", len(found)),
        )
        for icon, label, found in named
    )


def _hindered(page: ListPage) -> DataTable:
    return DataTable(
        caption=_("Who keeps this list in"),
        columns=(Column(label=_("Number")), Column(label=_("Why"))),
        rows=tuple((_link(each), str(why.label)) for each, why in page.does.hindered),
    )


def _link(person: Candidate) -> Link:
    href = reverse("letting:candidate", args=[person.public_id])
    return Link(label=person.number, href=href)


def _over(page: ListPage) -> str:
    """Say why there is nothing left to take back."""
    row = page.row
    if row.taken_back_at and row.taken_back_by:
        names = {"who": row.taken_back_by.name, "day": formats.day(row.taken_back_at, "long")}
        return _("%(who)s took it back on %(day)s.") % names
    if page.late:
        return _("It came in more than %(days)d days ago. Correct its candidates one by one.") % {
            "days": LIST_DAYS
        }
    return ""
