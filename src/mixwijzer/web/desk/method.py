"""Which figures do we assume, and where do they come from? The page behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mixwijzer.engine.norms import Figure, Norm, NormValue
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.wording import sentence
from mixwijzer.web.letting.screens import language
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable

__all__ = ["MethodScreen", "method_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScreen:
    """Everything that the page about the method draws."""

    norms: DataTable


def method_screen(day: date) -> MethodScreen:
    """List every norm in force on a day."""
    shown = []
    for key in sorted(read_norms()):
        norm = read_norms()[key]
        value = _in_force(norm, day)
        if value is not None:
            shown.append(_row(norm, value))
    return MethodScreen(
        norms=DataTable(
            caption=_("Norms in force"),
            columns=(
                Column(label=_("Norm")),
                Column(label=_("Figure")),
                Column(label=_("Standing")),
                Column(label=_("Source")),
                Column(label=_("Until")),
            ),
            rows=tuple(shown),
        )
    )


def _in_force(norm: Norm, day: date) -> NormValue | None:
    for value in norm.values:
        if value.start <= day and (value.end is None or day < value.end):
            return value
    return None


def _row(norm: Norm, value: NormValue) -> tuple[str, ...]:
    return (
        norm.title[language()],
        _figure(value.value),
        sentence(f"words.standing.{norm.standing.value}", language()),
        value.source,
        formats.day(value.end, "year") if value.end else "–",
    )


def _figure(value: Figure) -> str:
    """Write a figure; a list or table of figures is only named."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping | tuple):
        return _("a table")
    return str(value).replace(".", ",") if language() == "nl" else str(value)
