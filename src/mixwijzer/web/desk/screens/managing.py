"""What an organisation manages itself, as its pages draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.forms import BaseForm
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.selectors import BeyondNorms
from mixwijzer.web.desk.bridge import NormLine, norms_in_force, norms_lapsed
from mixwijzer.web.desk.method import figure
from mixwijzer.web.letting.screens import language
from mixwijzer.web.register.endings import titles
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Link

__all__ = ["ManagementScreen", "NormsScreen", "management_screen", "norms_screen", "reason_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One thing to manage."""

    href: str
    icon: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementScreen:
    """The index of what is managed."""

    organisation: str
    ways: tuple[Way, ...]


def management_screen(user: User, owner: Organisation) -> ManagementScreen:
    """List what this person can manage; a page that does not exist is not named."""
    public = reverse("desk:public", args=[owner.public_id])
    ways = (
        ("accounts:people", "users", _("People"), _("Who works here, and as what."), "people"),
        ("accounts:rights", "shield-check", _("Rights"), _("Which role may do what."), ""),
        ("desk:words", "languages", _("Words"), _("Your own words, and your public page."), ""),
        ("desk:reasons", "list", _("Reasons"), _("Which reasons a decision offers."), ""),
        ("desk:norms", "scale", _("Norms"), _("Every figure, its source and its end."), ""),
        ("register:imports", "upload", _("Import"), _("Bring in data."), "load"),
        ("mail:mine", "mail", _("Mail"), _("Does the mail go out, and to whom not?"), "people"),
        ("audit:trail", "history", _("Log"), _("Who did and read what."), "trail"),
    )
    needed = {
        "people": Action.MANAGE_PEOPLE,
        "load": Action.LOAD,
        "trail": Action.SEE_TRAIL,
    }
    found = [
        Way(href=href, icon=icon, title=title, about=about)
        for name, icon, title, about, need in ways
        if (href := _href(name)) and (not need or may(user, needed[need]))
    ]
    told = _("What everybody may read, without logging in.")
    page = Way(href=public, icon="external-link", title=_("Public page"), about=told)
    return ManagementScreen(organisation=owner.name, ways=(*found, page))


def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """One reason of a list: its fields and its word."""

    code: str
    label: str
    on: bool
    place: object


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonList:
    """The reasons of one kind of decision."""

    kind: str
    title: str
    rows: tuple[ReasonRow, ...]
    form: BaseForm


def reason_rows(kind: str, form: BaseForm) -> ReasonList:
    """Turn a form of reasons into rows."""
    titles = {"follow": _("Following the advice"), "deviate": _("Choosing another way")}
    offers = getattr(form, "offers", ())
    return ReasonList(
        kind=kind,
        title=titles[kind],
        rows=tuple(
            ReasonRow(
                code=each.code,
                label=each.label,
                on=f"on.{each.code}" in form.data if form.is_bound else each.offered,
                place=form.data.get(f"place.{each.code}", "") if form.is_bound else place,
            )
            for place, each in enumerate(offers, 1)
        ),
        form=form,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NormsScreen:
    """Norms in force, those that lapsed, and what was agreed past the end of one."""

    table: DataTable
    lapsed: DataTable | None
    beyond: DataTable | None


def norms_screen(day: date, beyond: Sequence[BeyondNorms]) -> NormsScreen:
    """List every norm with its source, its standing, its end and what uses it."""
    lapsed = norms_lapsed(day)
    return NormsScreen(
        table=_norms(_("Norms in force"), norms_in_force(day)),
        lapsed=_norms(_("Norms that lapsed"), lapsed) if lapsed else None,
        beyond=_beyond(beyond) if beyond else None,
    )


def _beyond(found: Sequence[BeyondNorms]) -> DataTable:
    """List the agreements that go past the end of norms, a row for each day on which some end."""
    return DataTable(
        caption=_("What was agreed past the end of a norm"),
        columns=(
            Column(label=_("Agreement")),
            Column(label=_("First day without")),
            Column(label=_("Norms")),
        ),
        rows=tuple(
            (
                Link(label=each.title, href=reverse("agreements:agreement", args=[each.agreement])),
                formats.day(day, "year"),
                titles(list(ends)),
            )
            for each in found
            for day, ends in groupby(each.ends, key=lambda end: end.on)
        ),
    )


def _norms(caption: str, lines: tuple[NormLine, ...]) -> DataTable:
    return DataTable(
        caption=caption,
        columns=(
            Column(label=_("Norm")),
            Column(label=_("Figure")),
            Column(label=_("Standing")),
            Column(label=_("Source")),
            Column(label=_("Until")),
            Column(label=_("Used for")),
        ),
        rows=tuple(
            (
                line.title[language()],
                figure(line.value, line.unit),
                sentence(f"words.standing.{line.standing}", language()),
                line.source,
                formats.day(line.until, "year") if line.until else "–",
                _used(line.key),
            )
            for line in lines
        ),
    )


def _used(key: str) -> str:
    """Say which part of the work reads a norm."""
    words = {
        "account": _("estimating who lives where"),
        "advice": _("the advice at a vacancy"),
        "income": _("who may rent which home"),
        "letting": _("lettings of the year"),
        "mix": _("the aim of the mix"),
        "rent": _("comparing homes by rent"),
        "turnover": _("what may come free"),
    }
    return words.get(key.partition(".")[0], "–")
