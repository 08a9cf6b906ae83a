"""What does a reader see of a table where associations divide homes and candidates together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.rounds.city_steps import AbsenceReason
from mixwijzer.web.rounds.selectors.together import Party, Table
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Fact, Option

__all__ = ["TableScreen", "table_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableScreen:
    """A table: who sits there, and of what was divided there the numbers that all of them read."""

    table: Table
    title: str
    about: str
    reasons: tuple[Option, ...]
    parties: DataTable
    own_href: str
    join_href: str
    facts: tuple[Fact, ...]
    says: tuple[str, ...]


def table_screen(table: Table, result: Mapping[str, Any] | None = None) -> TableScreen:
    """Turn a table into what is drawn; `result` is one's own part of what was divided there."""
    told = (result or {}).get("together")
    return TableScreen(
        table=table,
        title=table.name,
        about=" · ".join(_about(table)),
        reasons=tuple(Option(value=each.value, label=each.label) for each in AbsenceReason),
        parties=DataTable(
            caption=_("At the table"),
            columns=(
                Column(label=_("Association")),
                Column(label=_("On the table")),
                Column(label=_("Homes"), numeric=True),
                Column(label=_("Candidates"), numeric=True),
            ),
            rows=tuple(_party(each, table) for each in table.parties),
        ),
        own_href=reverse("rounds:city", args=[table.own]) if table.own else "",
        join_href=f"{reverse('rounds:city-new')}?seat={table.seat}" if table.may_join else "",
        facts=tuple(_facts(told)) if told else (),
        says=tuple(_says(told)) if told else (),
    )


def _about(table: Table) -> Iterator[str]:
    told = {"by": table.by, "day": formats.day(table.made_at, "year")}
    yield _("set by %(by)s on %(day)s") % told
    if table.closed_at:
        closed = {"by": table.closed_by, "day": formats.day(table.closed_at, "year")}
        yield _("closed by %(by)s on %(day)s") % closed


def _party(each: Party, table: Table) -> tuple[str, ...]:
    words = [each.name]
    if each.own:
        words.append(_("you"))
    if each.sets:
        words.append(_("set the table"))
    name = f"{words[0]} ({', '.join(words[1:])})" if words[1:] else words[0]
    if each.absent:
        why = AbsenceReason(each.absent).label
        return name, _("takes no part: %(why)s") % {"why": why}, "–", "–"
    if each.laid_at is None:
        return name, _("nothing") if table.closed_at else _("not yet"), "–", "–"
    since = _("since %(day)s") % {"day": formats.day(each.laid_at, "year")}
    return name, since, formats.number(each.homes), formats.number(each.people)


def _facts(told: Mapping[str, Any]) -> Iterator[Fact]:
    homes = sum(each[1] for each in told["parties"])
    yield Fact(
        term=_("Homes with a candidate"),
        value=_("%(n)s of %(of)s") % {"n": told["let"], "of": homes},
        note=_("by the order alone: %(n)s") % {"n": told["alone"]},
    )
    fewer = told["without_bands"] - told["let"]
    yield Fact(
        term=_("Fewer because of the mix"),
        value=ngettext("%(n)d home", "%(n)d homes", fewer) % {"n": fewer},
        note=_("without bands: %(n)s") % {"n": told["without_bands"]},
    )
    longer = ngettext("%(n)d candidate", "%(n)d candidates", told["longer"])
    yield Fact(
        term=_("Wait longer because of what was agreed"),
        value=longer % {"n": told["longer"]},
        note=_("housed sooner: %(n)s") % {"n": told["sooner"]},
    )


def _says(told: Mapping[str, Any]) -> Iterator[str]:
    """Say what concerns the other associations, and nothing of their homes or candidates."""
    away = len(told["away"])
    if away:
        text = ngettext(
            "%(n)d of your candidates is to be offered a home of another association, which does "
            "so itself.",
            "%(n)d of your candidates are to be offered a home of another association, which does "
            "so itself.",
            away,
        )
        yield text % {"n": away}
    guests = len(told["guests"])
    if guests:
        text = ngettext(
            "%(n)d of your homes goes to a candidate of another association. You can confirm it "
            "once that association adopted its own part.",
            "%(n)d of your homes go to candidates of other associations. You can confirm them "
            "once those associations adopted their own part.",
            guests,
        )
        yield text % {"n": guests}
    if told["passed_over"]:
        yield _("Who was passed over furthest is a candidate of %(name)s.") % {
            "name": told["passed_over"]
        }
