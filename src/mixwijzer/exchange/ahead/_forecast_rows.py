"""How does a forecast look as tidy rows, and as one document for other programs?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, isinf, sqrt

from mixwijzer.engine.errors import SteeringError
from mixwijzer.exchange.ahead._forecasts import Ahead, CategoryAhead, Question
from mixwijzer.exchange.documents import Document, heading, norms_used
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.tabular import Field, Table, Value

_PLACE = tuple(map(Field, ("owner", "scope_kind", "scope", "name")))
_FIGURES = (
    *_PLACE,
    Field("base", "dwellings"),
    Field("month", "months"),
    Field("category"),
    *(
        Field(name, "households")
        for name in (
            *("mean", "mean_low", "mean_high", "likely_low", "likely_high"),
            *("wide_low", "wide_high", "band_low", "band_high"),
        )
    ),
    Field("chance_under", "chance"),
    Field("chance_over", "chance"),
)
_KEPT = (
    *_PLACE,
    Field("base", "dwellings"),
    Field("month", "months"),
    *(Field(name, "chance") for name in ("chance_inside", "chance_low", "chance_high", "error")),
    *map(Field, ("method", "seed", "runs", "assumed")),
)
_TOTAL = (Field("month", "months"), *(Field(name, "places") for name in ("limited", "inside")))


def forecast_tables(found: Sequence[Ahead]) -> tuple[Table, Table, Table]:
    """Return what is expected per category, what is kept per place, and of all places together."""
    return _categories(found), _kept(found), _together(found)


def _categories(found: Iterable[Ahead]) -> Table:
    """Return a row per place, month and category."""
    rows = tuple(
        (*_place(each), month.month, *_figures(category))
        for each in found
        for month in each.months
        for category in month.categories
    )
    return Table(name="forecast", fields=_FIGURES, rows=rows)


def _place(each: Ahead) -> tuple[Value, ...]:
    scope = each.scope
    return each.owner, scope.kind.name.lower(), scope.code, each.name, each.homes


def _figures(each: CategoryAhead) -> tuple[Value, ...]:
    likely, wide = each.likely or (None, None), each.wide or (None, None)
    means = (each.mean, each.mean_low, each.mean_high)
    return (each.category, *means, *likely, *wide, each.low, each.high, each.under, each.over)


def _kept(found: Iterable[Ahead]) -> Table:
    """Return a row per place and month: the chance that all limits hold, and how it was found."""
    rows = tuple(
        (
            *_place(each),
            month.month,
            month.inside,
            month.inside_low,
            month.inside_high,
            _error(each, month.inside),
            each.forecast.method,
            each.forecast.seed,
            each.forecast.runs,
            each.assumed,
        )
        for each in found
        for month in each.months
    )
    return Table(name="kept", fields=_KEPT, rows=rows)


def _error(each: Ahead, chance: float | None) -> float | None:
    """Return the standard error that a sample leaves; None without one."""
    if chance is None or each.forecast.runs is None:
        return None
    return round(sqrt(chance * (1 - chance) / each.forecast.runs), 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """All places in one month: those of which the chance is known, and how many keep all limits."""

    month: int
    limited: int
    inside: float


def together(found: Sequence[Ahead]) -> tuple[Together, ...]:
    """Return month by month how many places are expected to keep all their limits."""
    months = [each.month for each in found[0].months] if found else []
    chances = [
        [each.months[place].inside for each in found if each.months[place].inside is not None]
        for place in range(len(months))
    ]
    return tuple(
        Together(month=month, limited=len(known), inside=round(fsum(filter(None, known)), 6))
        for month, known in zip(months, chances, strict=True)
    )


def _together(found: Sequence[Ahead]) -> Table:
    """Return a row per month."""
    rows = tuple((each.month, each.limited, each.inside) for each in together(found))
    return Table(name="together", fields=_TOTAL, rows=rows)


def forecast_document(inquiry: Inquiry, question: Question, found: Sequence[Ahead]) -> Document:
    """Return forecasts as one document."""
    sampled = any(each.forecast.runs is not None for each in found)
    runs = max((each.forecast.runs or 0 for each in found), default=0)
    return {
        **heading("forecast", inquiry),
        "seed": question.seed if sampled else None,
        "runs": runs if sampled else None,
        "rates": "estimated" if question.rates is None else "own",
        "policy": "nearest" if question.policy is None else "own",
        "supply": None if question.supply is None else [*map(_most, question.supply)],
        "impossible": [
            {"owner": owner, "trouble": error.code} for owner, error in impossible(found).items()
        ],
        **{each.name: table_rows(each) for each in forecast_tables(found)},
        "norms_used": norms_used(inquiry, inquiry.norms_ahead(own=question.rates is not None)),
    }


def impossible(found: Sequence[Ahead]) -> dict[str, SteeringError]:
    """Return by owner why nobody can keep what is promised out of the supply."""
    return {each.owner: each.impossible for each in found if each.impossible is not None}


def _most(supply: float) -> float | None:
    """Return how many can be had; None where nothing limits them."""
    return None if isinf(supply) else supply


def table_rows(table: Table) -> list[Document]:
    """Return a table as rows of a document."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in table
    ]
