"""What does a reader see of a baseline? Turns what selectors found into the kit's components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, category_name
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Fact, Link, Stamp
from mixwijzer.web.yearbook.selectors import BaselineLine, BaselinePage, PlaceLine

__all__ = ["BaselineScreen", "baseline_screen", "baselines_table"]


def baselines_table(lines: Sequence[BaselineLine]) -> DataTable:
    """List baselines, one row each."""
    return DataTable(
        caption=_("Baselines"),
        columns=(
            Column(label=_("Baseline")),
            Column(label=_("Of")),
            Column(label=_("Frozen by")),
            Column(label=_("Why again")),
        ),
        rows=tuple(
            (
                Link(label=each.name, href=reverse("yearbook:baseline", args=[each.id])),
                f"{each.association}, {formats.day(each.day, 'year')}",
                each.by,
                each.reason or "–",
            )
            for each in lines
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineScreen:
    """Everything that the page of a baseline draws."""

    crumbs: tuple[Crumb, ...]
    facts: tuple[Fact, ...]
    neighbourhoods: DataTable
    complexes: DataTable
    promises: DataTable | None
    left_out: str
    too_small: str
    stamp: Stamp | None


def baseline_screen(page: BaselinePage) -> BaselineScreen:
    """Turn a baseline into what its page draws."""
    return BaselineScreen(
        crumbs=(
            Crumb(label=_("Baselines"), href=reverse("yearbook:baselines")),
            Crumb(label=page.line.name),
        ),
        facts=(
            Fact(term=_("Number"), value=_in_groups(page.line.id.hex)),
            Fact(term=_("SHA-256"), value=_in_groups(page.sha256)),
            Fact(term=_("Norms"), value=page.normset),
            Fact(term=_("Computed with"), value=f"Mixwijzer {page.engine_version}"),
            Fact(term=_("Profiles and limits"), value=formats.number(page.profiles)),
            Fact(term=_("Size"), value=_("%(n)s bytes") % {"n": formats.number(page.size)}),
        ),
        neighbourhoods=_places(_("Neighbourhoods, own homes only"), page.neighbourhoods),
        complexes=_places(_("Complexes"), page.complexes),
        promises=_promises(page),
        left_out=ngettext(
            "%(n)d complex is left out: your own view is asked there first.",
            "%(n)d complexes are left out: your own view is asked there first.",
            page.left_out,
        )
        % {"n": page.left_out}
        if page.left_out
        else "",
        too_small=ngettext(
            "%(n)d complex is too small to show.",
            "%(n)d complexes are too small to show.",
            page.too_small,
        )
        % {"n": page.too_small}
        if page.too_small
        else "",
        stamp=Stamp(data_of=page.data_date, norms=page.normset, method_href=reverse("desk:method"))
        if page.data_date
        else None,
    )


def _in_groups(text: str) -> str:
    """Write a long number in groups of eight, so that it fits a narrow screen."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


def _places(caption: str, lines: Sequence[PlaceLine]) -> DataTable:
    return DataTable(
        caption=caption,
        columns=(
            Column(label=_("Place")),
            Column(label=_("Homes"), numeric=True),
            *(Column(label=category_name(name), numeric=True) for name in ORDER),
            Column(label=_("Last estimate")),
        ),
        rows=tuple(
            (
                each.name,
                formats.number(each.homes),
                *(_range(each.ranges[name]) if name in each.ranges else "–" for name in ORDER),
                formats.day(each.judged_on, "year") if each.judged_on else "–",
            )
            for each in lines
        ),
    )


def _range(ends: tuple[int, int]) -> str:
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"


def _promises(page: BaselinePage) -> DataTable | None:
    if not page.obligations:
        return None
    return DataTable(
        caption=_("What we promised"),
        columns=(
            Column(label=_("Group")),
            Column(label=_("Promised"), numeric=True),
            Column(label=_("Done"), numeric=True),
            Column(label=_("Still to do"), numeric=True),
        ),
        rows=tuple(
            (
                group_word(group),
                formats.number(owed),
                formats.number(done),
                formats.number(left),
            )
            for group, owed, done, left, _unit in page.obligations
        ),
    )
