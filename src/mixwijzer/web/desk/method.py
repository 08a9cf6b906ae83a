"""Which figures do we assume, and where do they come from? The page behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.desk.bridge import NormLine, norms_in_force
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
            rows=tuple(_row(line) for line in norms_in_force(day)),
        )
    )


def _row(line: NormLine) -> tuple[str, ...]:
    return (
        line.title[language()],
        _figure(line.value),
        sentence(f"words.standing.{line.standing}", language()),
        line.source,
        formats.day(line.until, "year") if line.until else "–",
    )


def _figure(value: object) -> str:
    """Write a figure; a list or table of figures is only named."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping | tuple):
        return _("a table")
    return str(value).replace(".", ",") if language() == "nl" else str(value)
