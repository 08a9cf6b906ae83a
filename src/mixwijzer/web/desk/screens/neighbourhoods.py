"""The neighbourhoods as a map, and as the table that says the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.web.desk.bridge import CategoryCount
from mixwijzer.web.desk.selectors import QuarterLine, Quarters
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_column
from mixwijzer.web.ui.charts import Chart, Place, Span, area_map
from mixwijzer.web.ui.charts import Words as ChartWords
from mixwijzer.web.ui.components import Column, DataTable, Link, Stamp

__all__ = ["NeighbourhoodsScreen", "neighbourhoods_screen"]

CATEGORY = "attention"
SURE, HARDLY = 0.8, 0.2  # from and up to which chance a band is said to hold, or not


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourhoodsScreen:
    """Everything that the page of the neighbourhoods draws."""

    map: Chart | None
    outlined: int
    table: DataTable
    basis: tuple[str, ...]
    smallest: int
    stamp: Stamp | None


def neighbourhoods_screen(found: Quarters) -> NeighbourhoodsScreen:
    """Turn neighbourhoods into a map and its table."""
    places = tuple(_place(number, line) for number, line in enumerate(found.lines, 1))
    words = ChartWords(
        title=_("How each neighbourhood stands"),
        description=_("The numbers are those of the table; a hatch says whether the band holds."),
    )
    return NeighbourhoodsScreen(
        map=area_map(places, words) if places else None,
        outlined=sum(bool(each.polygons) for each in found.lines),
        table=_table(found),
        basis=tuple(dict.fromkeys(each.association for each in found.lines)),
        smallest=found.smallest,
        stamp=Stamp(data_of=found.data_date, method_href=reverse("desk:method"))
        if found.data_date
        else None,
    )


def _place(number: int, line: QuarterLine) -> Place:
    state, says = _standing(line)
    return Place(
        number=number,
        name=line.name,
        state=state,
        says=says,
        polygons=line.polygons,
        at=line.at,
    )


def _counted(line: QuarterLine) -> CategoryCount | None:
    counts = line.account.counts if line.account else ()
    return next((each for each in counts if each.category == CATEGORY), None)


def _standing(line: QuarterLine) -> tuple[str, str]:
    """Say how a neighbourhood stands against its band, as a look and in words."""
    if line.asked:
        return "none", _("first your own view")
    count = _counted(line)
    if count is None:
        return "none", _("too small to show")
    if count.high is None and count.low is None and count.cap is None:
        return "none", _("no band here")
    said = _("the band holds: %(chance)s") % {"chance": formats.chance(count.chance_inside)}
    if count.chance_inside >= SURE:
        return "holds", said
    return ("not" if count.chance_inside <= HARDLY else "unsure"), said


def _table(found: Quarters) -> DataTable:
    counted = any(line.elsewhere for line in found.lines)
    others = (Column(label=_("Other owners, counted")),) if counted else ()
    return DataTable(
        caption=_("Neighbourhoods"),
        columns=(
            Column(label=_("Neighbourhood")),
            Column(label=_("No."), numeric=True),
            Column(label=_("Counted over")),
            Column(label=_("Complexes"), numeric=True),
            Column(label=_("Open"), numeric=True),
            Column(label=category_column(CATEGORY)),
            Column(label=_("Band")),
            *others,
        ),
        rows=tuple(
            (
                Link(
                    label=line.name,
                    href=f"{reverse('desk:complexes')}?area={line.code}",
                ),
                str(number),
                _basis(line),
                str(line.complexes),
                str(line.open_vacancies or "–"),
                _estimate(line),
                _standing(line)[1],
                *((_elsewhere(line),) if counted else ()),
            )
            for number, line in enumerate(found.lines, 1)
        ),
    )


def _basis(line: QuarterLine) -> str:
    """Name the base of every figure of this row: whose homes, and which part of all."""
    homes = formats.number(line.homes)
    if not line.area_homes:
        return _("%(homes)s homes of %(owner)s") % {"homes": homes, "owner": line.association}
    return _("%(homes)s homes of %(owner)s, %(share)s of the homes here") % {
        "homes": homes,
        "owner": line.association,
        "share": formats.share(min(line.homes / line.area_homes, 1.0)),
    }


def _estimate(line: QuarterLine) -> str:
    if line.asked:
        return "–"
    count = _counted(line)
    if count is None:
        return "–"
    span = formats.span(Span(low=count.spread.likely[0], high=count.spread.likely[1]))
    highest = min((each for each in (count.high, count.cap) if each is not None), default=None)
    if highest is None:
        return _("%(span)s households") % {"span": span}
    return _("%(span)s households, limit %(limit)d") % {"span": span, "limit": highest}


def _elsewhere(line: QuarterLine) -> str:
    said = [
        _("%(kind)s: %(number)s (%(day)s)")
        % {
            "kind": category_column(each.category),
            "number": _("fewer than 5")
            if each.households is None
            else formats.number(each.households),
            "day": formats.day(each.on, "year"),
        }
        for each in line.elsewhere
    ]
    return "; ".join(said) or "–"
