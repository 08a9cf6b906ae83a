"""How does steering look as tidy rows, and as one document for other programs?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mixwijzer.engine.steering import Figures, SteeringPower
from mixwijzer.exchange.ahead._forecast_rows import table_rows
from mixwijzer.exchange.ahead._steering import Steered, Turning
from mixwijzer.exchange.documents import Document, heading, norms_used
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.tabular import Field, Table, Value

_COMPLEX = (*map(Field, ("owner", "complex", "name")), Field("base", "dwellings"))
_SHARES = (
    *_COMPLEX,
    Field("category"),
    *(
        Field(name, "share")
        for name in (
            *("share", "power_low", "power", "power_high", "reach_low", "reach_high"),
            *("power_left", "reach_left_low", "reach_left_high"),
        )
    ),
    Field("half_life", "years"),
)
_COURSES = (
    *_COMPLEX,
    Field("limited"),
    Field("hold"),
    Field("margin", "share"),
    *(Field(name, "months") for name in ("months_low", "months", "months_high")),
    Field("vacancies", "vacancies"),
    Field("months_unsteered", "months"),
    *(Field(name, "chance") for name in ("stay_low", "stay", "stay_high")),
    Field("hold_left"),
    Field("months_left", "months"),
    Field("vacancies_left", "vacancies"),
    Field("stay_left", "chance"),
    Field("trouble"),
)
_TOTALS = (
    Field("owner"),
    Field("base", "dwellings"),
    *(Field(name, "complexes") for name in ("complexes", "in_reach", "in_reach_left", "holdable")),
    Field("vacancies", "vacancies"),
    *(Field(name, "complexes") for name in ("stay", "stay_left")),
    *(Field(name, "households") for name in ("bound", "bound_at_most")),
    Field("trouble"),
    Field("assumed"),
)
_GRIPS = (
    *map(Field, ("owner", "category")),
    *(Field(name, "share") for name in ("power_low", "power", "power_high", "power_left")),
    Field("price", "household-years per letting"),
)
_PLEDGES = (
    *map(Field, ("owner", "group")),
    Field("per_year", "lettings per year"),
    Field("price", "household-years per letting"),
    Field("assumed"),
)
_GROUNDS = (
    *map(Field, ("owner", "channel", "ground", "source", "ends")),
    Field("lettings", "lettings"),
    Field("of_all", "lettings"),
    Field("others"),
)


def steering_tables(found: Iterable[Steered]) -> tuple[Table, ...]:
    """Return power per complex and category, courses per complex, and the whole per owner."""
    each = tuple(found)
    return tuple(
        Table(name=name, fields=fields, rows=tuple(row for one in each for row in of(one)))
        for name, fields, of in (
            ("powers", _SHARES, _shares),
            ("courses", _COURSES, _courses),
            ("totals", _TOTALS, _totals),
            ("total_powers", _GRIPS, _grips),
            ("pledges", _PLEDGES, _pledges),
            ("grounds", _GROUNDS, _grounds),
        )
    )


def _shown(each: Steered) -> Iterator[tuple[tuple[Value, ...], SteeringPower]]:
    for code in each.shown:
        told = each.steering.powers.get(code)
        if told is not None:
            yield (each.owner, code, each.names[code], told.block.homes), told


def _shares(each: Steered) -> Iterator[tuple[Value, ...]]:
    for front, told in _shown(each):
        for place, name in enumerate(told.block.rates.categories):
            now, left = told.now.reach.grips[name], told.borrowed.reach.grips[name]
            yield (
                *front,
                name,
                *_six(told.mix[place], *told.power(name), now.low, now.high),
                *_six(left.power, left.low, left.high, now.half_life),
            )


def _courses(each: Steered) -> Iterator[tuple[Value, ...]]:
    for front, told in _shown(each):
        now, left = told.now, told.borrowed
        yield (
            *front,
            limited(told),
            hold(now),
            *_six(now.hold.margin),
            *told.months,
            *_six(now.path.vacancies if now.path else None),
            now.unsteered,
            *_six(*told.stay),
            hold(left),
            left.path.months if left.path else None,
            *_six(left.path.vacancies if left.path else None, left.stay),
            None,
        )
    for code in each.shown:
        if code in each.steering.unanswered:
            front = (each.owner, code, each.names[code], None)
            trouble = each.steering.unanswered[code].code
            yield (*front, *(None,) * (len(_COURSES) - len(front) - 1), trouble)


def limited(told: SteeringPower) -> bool:
    """Whether anything is agreed about the mix of a complex."""
    block = told.block
    return any(low > 0 for low in block.low) or any(high < block.homes for high in block.high)


def hold(told: Figures) -> str:
    """Return from where the band can be held: everywhere, somewhere, nowhere; none: no such mix."""
    if not told.hold.possible:
        return "none"
    if told.hold.everywhere:
        return "everywhere"
    return "somewhere" if told.hold.anywhere else "nowhere"


def _totals(each: Steered) -> Iterator[tuple[Value, ...]]:
    whole, index, trouble = each.steering.total, each.steering.index, each.steering.impossible
    if whole is None or index is None:
        return
    yield (
        each.owner,
        whole.homes,
        len(each.steering.powers),
        whole.in_reach,
        whole.in_reach_left,
        whole.holdable,
        *_six(whole.vacancies, whole.stay, whole.stay_left),
        *_six(max(index.prices.bound, 0.0), max(index.prices.ceiling, 0.0)),
        trouble.code if trouble else None,
        each.assumed,
    )


def _grips(each: Steered) -> Iterator[tuple[Value, ...]]:
    whole, index = each.steering.total, each.steering.index
    if whole is None or index is None:
        return
    for (name, powers), price in zip(whole.powers.items(), index.prices.charges, strict=True):
        yield each.owner, name, *_six(*powers, whole.left[name], price)


def _pledges(each: Steered) -> Iterator[tuple[Value, ...]]:
    index = each.steering.index
    prices = index.prices.groups if index else {}
    for pledge in each.steering.pledges:
        told = _six(pledge.per_year, prices.get(pledge.group))
        yield each.owner, pledge.group, *told, pledge.group in each.steering.assumed


def _grounds(each: Steered) -> Iterator[tuple[Value, ...]]:
    for ending in each.steering.grounds:
        yield (
            each.owner,
            ending.channel,
            ending.ground.value,
            ending.source,
            ending.ends,
            len(ending.lettings),
            ending.of_all,
            " ".join(other.channel for other in ending.others),
        )


def _six(*values: float | None) -> tuple[float | None, ...]:
    """Round to six decimals, as all figures that leave."""
    return tuple(None if value is None else round(float(value), 6) for value in values)


def steering_document(inquiry: Inquiry, asked: Turning, found: Sequence[Steered]) -> Document:
    """Return steering as one document."""
    return {
        **heading("steer", inquiry),
        "horizon": asked.horizon,
        "rates": "estimated" if asked.rates is None else "own",
        **{each.name: table_rows(each) for each in steering_tables(found)},
        "norms_used": norms_used(inquiry, inquiry.norms_ahead(own=asked.rates is not None)),
    }
