"""Which figures do we assume, and where do they come from? The page behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.desk.bridge import NormLine, norms_in_force
from mixwijzer.web.letting.screens import language
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable

__all__ = ["MethodScreen", "figure", "method_screen"]


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
        figure(line.value, line.unit),
        sentence(f"words.standing.{line.standing}", language()),
        line.source,
        formats.day(line.until, "year") if line.until else "–",
    )


def figure(value: object, unit: str) -> str:
    """Write a figure with its unit; a table of figures name by name, a long one is only named."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        if any(isinstance(each, Mapping | tuple) for each in value.values()):
            return _("a table")
        return ", ".join(f"{_part(str(name))} {figure(each, unit)}" for name, each in value.items())
    if isinstance(value, tuple):
        return _("a table") if any(isinstance(each, Mapping) for each in value) else _listed(value)
    return _number(value, unit) if isinstance(value, int | Decimal) else str(value)


def _part(name: str) -> str:
    """Say which part of a norm a figure is for."""
    words = {
        "one": _("one person:"),
        "more": _("more persons:"),
        "low": _("1 or 2 persons:"),
        "high": _("3 or more:"),
        "best": _("most likely:"),
        "lowest": _("lowest:"),
        "highest": _("highest:"),
    }
    return words.get(name, name)


def _listed(values: tuple[object, ...]) -> str:
    return ", ".join(str(each) for each in values)


def _number(value: int | Decimal, unit: str) -> str:
    if unit.startswith("euro"):
        return formats.euro(value)
    if unit in {"share", "per_year"}:
        return formats.share(float(value), _places(value * 100))
    if unit == "basis_points":
        return formats.share(float(value) / 10_000)
    said = formats.number(value, _places(value))
    if unit in {"scheme", "channels", "chance", "factor"}:
        return said
    return f"{said} {sentence(f'words.unit.{unit}', language())}"


def _places(value: int | Decimal) -> int:
    """Digits after the comma that a number really has."""
    exponent = Decimal(value).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
