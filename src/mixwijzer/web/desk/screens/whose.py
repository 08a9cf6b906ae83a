"""How is drawn whose complex it is?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.desk.selectors.whose import WhosePage, WhoseRow
from mixwijzer.web.ui.components import Option

__all__ = ["WhoseScreen", "whose_screen"]

SHOWN = 100
"""Complexes on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One role at one complex, or at all: its field, who can be chosen and who is."""

    field: str
    label: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseLine:
    """One complex as it is drawn."""

    title: str
    about: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseScreen:
    """A list of complexes with a choice for each role, and what is shown of it."""

    lines: tuple[WhoseLine, ...]
    areas: tuple[tuple[str, str, bool], ...]  # value, label, chosen
    nobody: str
    alone: bool
    more: int
    moves: tuple[Choice, ...]


def whose_screen(page: WhosePage, *, area: str, alone: bool) -> WhoseScreen:
    """Turn whose complexes are into what is drawn, of one neighbourhood or those of nobody."""
    shown = [row for row in page.rows if row.stands(area=area, alone=alone)]
    areas = {row.area: row.neighbourhood for row in page.rows if row.area}
    return WhoseScreen(
        lines=tuple(_line(row, page) for row in shown[:SHOWN]),
        areas=tuple((code, name, code == area) for code, name in areas.items()),
        nobody=_nobody(page.rows),
        alone=alone,
        more=max(0, len(shown) - SHOWN),
        moves=tuple(_choice(f"all.{role}", role, page, "") for role in page.able),
    )


def _nobody(rows: Sequence[WhoseRow]) -> str:
    number = sum(not row.people[Role.CONSULTANT] for row in rows)
    if not number:
        return _("Every complex has a consultant.")
    told = ngettext(
        "%(number)d complex has no consultant: its vacancies wait for the head.",
        "%(number)d complexes have no consultant: their vacancies wait for the head.",
        number,
    )
    return told % {"number": number}


def _line(row: WhoseRow, page: WhosePage) -> WhoseLine:
    return WhoseLine(
        title=row.name,
        about=row.neighbourhood,
        choices=tuple(
            _choice(f"{role}.{row.id}", role, page, str(row.people[role] or ""))
            for role in page.able
        ),
    )


def _choice(field: str, role: Role, page: WhosePage, chosen: str) -> Choice:
    people = [Option(value=str(each.public_id), label=each.name) for each in page.able[role]]
    return Choice(
        field=field,
        label=str(role.label),
        options=(Option(value="", label=_("nobody")), *people),
        chosen=chosen,
    )
