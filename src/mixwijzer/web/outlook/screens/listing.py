"""All complexes: what may be expected of them, and what can be steered; map, totals and table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.outlook.kept import Brief
from mixwijzer.web.outlook.screens.figures import months_words, span
from mixwijzer.web.outlook.screens.panels import endings_table
from mixwijzer.web.outlook.selectors import Line, Lines, Quarter, Wanted
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.charts import Chart, Place, Span, area_map
from mixwijzer.web.ui.charts import Words as ChartWords
from mixwijzer.web.ui.components import Column, DataTable, Figure, Link, Stamp

__all__ = ["ForecastScreen", "SteeringScreen", "forecast_screen", "steering_screen"]

SURE, HARDLY = 0.8, 0.2  # from and up to which chance a band is said to hold, or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a select."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The table of complexes with its filters and pages."""

    action: str
    text: str
    areas: tuple[Choice, ...]
    sort: str
    filtered: bool
    table: DataTable | None
    total: int
    count: str
    before: str
    after: str
    page: str
    computing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScreen:
    """What may be expected of all complexes."""

    listing: Listing
    map: Chart | None
    outlined: int
    quarters: DataTable | None
    stamp: Stamp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeringScreen:
    """What can be steered, per complex and together, and what the experiment's end would cost."""

    listing: Listing
    figures: tuple[Figure, ...]
    left: DataTable | None
    endings: DataTable | None
    stamp: Stamp | None


def forecast_screen(found: Lines, wanted: Wanted) -> ForecastScreen:
    """Turn the complexes into a map and a table."""
    places = tuple(_place(number, each) for number, each in enumerate(found.quarters, 1))
    words = ChartWords(
        title=_("How each neighbourhood is expected to stand in 12 months"),
        description=_("The numbers are those of the table; a hatch says whether bands hold."),
    )
    columns: tuple[tuple[str, str, bool, Callable[[Brief], str]], ...] = (
        (_("In the band in 12 months"), "", False, lambda each: _chance(each, 0)),
        (_("In 24 months"), "in_band", False, lambda each: _chance(each, 1)),
        (_("A limit passed in 24 months"), "out", False, _out),
        (_("Expected in 24 months"), "", False, _expected),
        (_("To the band"), "months", False, _months),
    )
    return ForecastScreen(
        listing=_listing(found, wanted, "outlook:forecast", _("What may be expected"), columns),
        map=area_map(places, words) if places else None,
        outlined=sum(bool(each.polygons) for each in found.quarters),
        quarters=_quarters(found) if found.quarters else None,
        stamp=_stamp(found),
    )


def steering_screen(found: Lines, wanted: Wanted) -> SteeringScreen:
    """Turn the complexes into totals and a table."""
    columns: tuple[tuple[str, str, bool, Callable[[Brief], str]], ...] = (
        (_("Steering power"), "power", True, _power),
        (_("Left after the experiment"), "", True, _left),
        (_("To the band"), "months", False, _months),
        (_("Vacancies needed"), "", True, _vacancies),
        (_("Never out, 12 months"), "", False, lambda each: _stay(each.stay)),
        (_("The same, after"), "", False, lambda each: _stay(each.stay_left)),
    )
    return SteeringScreen(
        listing=_listing(found, wanted, "outlook:steering", _("What can be steered"), columns),
        figures=_figures(found),
        left=_cost(found),
        endings=endings_table(found.endings),
        stamp=_stamp(found),
    )


def _stamp(found: Lines) -> Stamp | None:
    if found.data_date is None:
        return None
    return Stamp(data_of=found.data_date, method_href=reverse("desk:method"))


def _listing(
    found: Lines,
    wanted: Wanted,
    name: str,
    caption: str,
    columns: tuple[tuple[str, str, bool, Callable[[Brief], str]], ...],
) -> Listing:
    page = {"page": found.page, "pages": found.pages}
    heads = [
        _column(_("Complex"), "name", wanted, name),
        _column(_("Neighbourhood"), "area", wanted, name),
        *(
            _column(label, key, wanted, name, numeric=numeric)
            for label, key, numeric, _cell in columns
        ),
    ]
    cells = [cell for *_rest, cell in columns]
    return Listing(
        action=reverse(name),
        text=wanted.text,
        areas=tuple(
            Choice(value=code, label=label, chosen=code == wanted.area)
            for code, label in found.areas
        ),
        sort=f"-{wanted.sort}" if wanted.descending else wanted.sort,
        filtered=bool(wanted.text or wanted.area),
        table=DataTable(
            caption=caption,
            columns=tuple(heads),
            rows=tuple(_row(line, cells) for line in found.lines),
        )
        if found.lines
        else None,
        total=found.total,
        count=ngettext("%(n)s complex", "%(n)s complexes", found.total)
        % {"n": formats.number(found.total)},
        before=_href(wanted, name, page=found.page - 1) if found.page > 1 else "",
        after=_href(wanted, name, page=found.page + 1) if found.page < found.pages else "",
        page=_("page %(page)d of %(pages)d") % page if found.pages > 1 else "",
        computing=ngettext(
            "%(n)d complex is being computed (anew). You can go on working.",
            "%(n)d complexes are being computed (anew). You can go on working.",
            found.waits,
        )
        % {"n": found.waits}
        if found.waits
        else "",
    )


def _row(line: Line, cells: list[Callable[[Brief], str]]) -> tuple[Link | str, ...]:
    href = reverse("outlook:complex", args=[line.id])
    told: list[str]
    if line.asked:
        told = [_("first your own view"), *("–" for _cell in cells[1:])]
    elif line.brief is None:
        told = [_("being computed"), *("–" for _cell in cells[1:])]
    else:
        told = [cell(line.brief) for cell in cells]
    return (Link(label=line.name, href=href), line.neighbourhood or "–", *told)


def _column(label: str, key: str, wanted: Wanted, name: str, *, numeric: bool = False) -> Column:
    if not key:
        return Column(label=label, numeric=numeric)
    current = wanted.sort == key
    order = "descending" if wanted.descending else "ascending"
    down = current and not wanted.descending
    return Column(
        label=label,
        numeric=numeric,
        href=_href(wanted, name, sort=f"-{key}" if down else key),
        sorted_by=order if current else "",
    )


def _href(wanted: Wanted, name: str, **changed: object) -> str:
    given = {
        "q": wanted.text,
        "area": wanted.area,
        "sort": f"-{wanted.sort}" if wanted.descending else wanted.sort,
        **{key: str(value) for key, value in changed.items()},
    }
    told = {key: value for key, value in given.items() if value}
    return f"{reverse(name)}?{urlencode(told)}"


def _chance(each: Brief, place: int) -> str:
    return formats.of_hundred(each.in_band[place]) if each.band else _("no band")


def _out(each: Brief) -> str:
    return formats.of_hundred(each.out) if each.at_most is not None else "–"


def _expected(each: Brief) -> str:
    said = formats.span(Span(low=each.likely[0], high=each.likely[1]))
    if each.at_most is None:
        return said
    return _("%(span)s, limit %(limit)d") % {"span": said, "limit": each.at_most}


def _months(each: Brief) -> str:
    return months_words(each.months) if each.power else "–"


def _power(each: Brief) -> str:
    return span(each.power[0], each.power[2], 2) if each.power else "–"


def _left(each: Brief) -> str:
    return formats.number(each.left, 2) if each.power else "–"


def _vacancies(each: Brief) -> str:
    return "–" if each.vacancies is None else formats.number(each.vacancies)


def _stay(chance: float | None) -> str:
    return "–" if chance is None else formats.of_hundred(chance)


def _place(number: int, each: Quarter) -> Place:
    state, says = _standing(each)
    return Place(
        number=number,
        name=each.name,
        state=state,
        says=says,
        polygons=each.polygons,
        at=each.at,
    )


def _standing(each: Quarter) -> tuple[str, str]:
    if each.asked:
        return "none", _("first your own view")
    if each.in_band is None:
        return "none", _("no band here, or being computed")
    said = _("bands hold in 12 months: %(chance)s") % {"chance": formats.of_hundred(each.in_band)}
    if each.in_band >= SURE:
        return "holds", said
    return ("not" if each.in_band <= HARDLY else "unsure"), said


def _quarters(found: Lines) -> DataTable:
    return DataTable(
        caption=_("Neighbourhoods, own homes only"),
        columns=(
            Column(label=_("Neighbourhood")),
            Column(label=_("No."), numeric=True),
            Column(label=_("Complexes"), numeric=True),
            Column(label=_("Mean chance per complex")),
        ),
        rows=tuple(
            (
                Link(label=each.name, href=f"{reverse('outlook:forecast')}?area={each.code}"),
                str(number),
                str(each.complexes),
                _standing(each)[1],
            )
            for number, each in enumerate(found.quarters, 1)
        ),
    )


def _figures(found: Lines) -> tuple[Figure, ...]:
    all_ = found.totals
    if all_ is None:
        return ()
    return (
        Figure(
            icon="target",
            label=_("Steering power, all homes"),
            value=span(all_.power[0], all_.power[2], 2),
            note=_("mean over %(homes)s homes") % {"homes": formats.number(all_.homes)},
        ),
        Figure(
            icon="shield-check",
            label=_("In the band in 12 months"),
            value=formats.number(all_.in_band[0], 1),
            unit=_("of %(n)d complexes") % {"n": all_.complexes},
            note=_("in 24 months %(later)s") % {"later": formats.number(all_.in_band[1], 1)},
        ),
        Figure(
            icon="key-round",
            label=_("Vacancies to bring all there"),
            value=formats.number(all_.vacancies),
            note=_("on the fastest way of each complex"),
        ),
        Figure(
            icon="hourglass",
            label=_("Left after the experiment"),
            value=formats.number(all_.left, 2),
            note=_("of %(power)s now") % {"power": formats.number(all_.power[1], 2)},
        ),
    )


def _cost(found: Lines) -> DataTable | None:
    """List what the end of the experiment would cost all complexes together."""
    all_ = found.totals
    if all_ is None:
        return None
    rows = (
        (_("Steering power"), formats.number(all_.power[1], 2), formats.number(all_.left, 2)),
        (
            _("Complexes that can be brought into the band"),
            formats.number(all_.within),
            formats.number(all_.within_left),
        ),
        (
            _("Complexes never out of it for twelve months, expected"),
            formats.number(all_.stay, 1),
            formats.number(all_.stay_left, 1),
        ),
    )
    return DataTable(
        caption=_("Now, and when the experiment has ended"),
        columns=(
            Column(label=_("Of %(n)d complexes with a band") % {"n": all_.complexes}),
            Column(label=_("Now"), numeric=True),
            Column(label=_("After the experiment"), numeric=True),
        ),
        rows=rows,
    )
