"""How does a comparison look as tidy rows, as one document, and on a terminal?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING

from mixwijzer.engine.regimes import Measured
from mixwijzer.exchange.ahead._comparing import (
    AGAIN,
    TO_LET,
    WAITED,
    Compared,
    Contest,
    measures,
    python_of,
)
from mixwijzer.exchange.ahead._forecast_rows import table_rows
from mixwijzer.exchange.catalogue import has_sentence
from mixwijzer.exchange.documents import Document, heading, norms_used
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.printing import Sheet, cell, group, headings
from mixwijzer.exchange.tabular import Field, Table, Value
from mixwijzer.exchange.wording import Language, error_text, sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIGURES = (
    *map(Field, ("owner", "regime", "measure", "of", "unit")),
    Field("year", "years"),
    *map(Field, ("value", "error", "low", "high")),
    *map(Field, ("difference", "difference_error", "difference_low", "difference_high")),
)
_BASES = (
    *map(Field, ("owner", "reference")),
    Field("runs", "runs"),
    Field("complexes", "complexes"),
    Field("base", "dwellings"),
    Field("bound", "households"),
    *map(Field, ("key", "trouble", "unholdable", "groups_assumed", "assumed")),
)
_NORMS = ("letting.free_allocation_room", "letting.local_priority_share", WAITED, TO_LET, AGAIN)


def comparison_tables(found: Iterable[Compared]) -> tuple[Table, ...]:
    """Return every figure with its error and its difference with the reference; and the bases."""
    each = tuple(found)
    return (
        Table(
            name="figures", fields=_FIGURES, rows=tuple(r for one in each for r in _figures(one))
        ),
        Table(name="bases", fields=_BASES, rows=tuple(map(_base, each))),
    )


def _figures(each: Compared) -> Iterator[tuple[Value, ...]]:
    told = each.comparison
    for regime in told.plan.regimes:
        for name, what, of, unit in measures(told):
            found = told.measured(regime.name, name)
            for year, row in enumerate(zip(*_columns(found), strict=True)):
                front = (each.owner, regime.name, what, of or None, unit, year)
                yield (*front, *map(_six, row))


def _columns(found: Measured) -> Iterator[NDArray[np.float64]]:
    yield from (found.mean, found.error, *found.between)
    yield from (found.difference, found.difference_error, *found.difference_between)


def _six(value: float) -> float | None:
    """Round to six decimals, as all figures that leave; what isn't a number is absent."""
    return None if isnan(value) else round(float(value), 6)


def _base(each: Compared) -> tuple[Value, ...]:
    plan = each.comparison.plan
    return (
        each.owner,
        plan.reference,
        each.comparison.runs,
        plan.complexes,
        plan.homes,
        None if plan.bound is None else _six(plan.bound),
        plan.key,
        plan.impossible.code if plan.impossible else None,
        " ".join(plan.unholdable),
        " ".join(plan.assumed),
        each.assumed,
    )


def comparison_document(
    inquiry: Inquiry,
    contest: Contest,
    found: Sequence[Compared],
    source: str,
    given: Mapping[str, object],
) -> Document:
    """Return a comparison as one document."""
    choice = contest.choice
    keys = [*inquiry.norms_ahead(own=choice.rates is not None), *_NORMS]
    return {
        **heading("compare", inquiry),
        "years": choice.years,
        "seed": choice.seed,
        "regimes": [each if isinstance(each, str) else each.name for each in choice.regimes],
        "turnover": choice.turnover,
        "intake": list(choice.intake) if choice.intake else None,
        "arrivals": list(choice.arrivals) if choice.arrivals else None,
        "ends": choice.ends.isoformat() if choice.ends else None,
        "rates": "estimated" if choice.rates is None else "own",
        **{each.name: table_rows(each) for each in comparison_tables(found)},
        "python": python_of(choice, source, inquiry.day, given),
        "norms_used": norms_used(inquiry, keys),
    }


def regime_title(name: str, language: Language) -> str:
    """Return what a regime is called; one of one's own by its name."""
    code = f"words.regime.{name}"
    return sentence(code, language) if has_sentence(code, language) else name


def comparison_sheet(found: Iterable[Compared], language: Language) -> Sheet:
    """Return a row per regime: the last year, and who waits how much longer than by the first."""
    each = tuple(found)
    groups = each[0].comparison.plan.categories if each else ()
    names = ("owner", "regime", "in_band", "out_of_band", "promises", "passed", "empty")
    waits = tuple(
        sentence("commands.compare.waits", language, group=group(name, language)) for name in groups
    )
    rows = tuple(
        _row(one, regime.name, language) for one in each for regime in one.comparison.plan.regimes
    )
    above = (*headings(names, language), *waits)
    return Sheet(headings=above, rows=rows, right=tuple(place > 1 for place in range(len(above))))


def _row(each: Compared, regime: str, language: Language) -> tuple[str, ...]:
    told, names = each.comparison, each.comparison.plan.categories

    def last(measure: str) -> float:
        return float(told.measured(regime, measure).mean[-1])

    inside = last("in_band")
    longer = [told.measured(regime, f"waiting:{name}") for name in names]
    return (
        each.owner,
        regime_title(regime, language),
        "" if isnan(inside) else _whole(100 * inside, language, sign="%"),
        _whole(last("out_of_band"), language),
        _whole(100 * last("promises_kept"), language, sign="%"),
        _whole(sum(last(f"passed:{name}") for name in names), language),
        _whole(last("days_vacant"), language),
        *(_apart(one, language, own=regime == told.plan.reference) for one in longer),
    )


def _whole(value: float, language: Language, *, sign: str = "") -> str:
    text = cell("number", Decimal(value).quantize(Decimal(1)), language)
    return f"{text} {sign}" if sign else text


def _apart(found: Measured, language: Language, *, own: bool) -> str:
    """Return the difference of the last year; as long where chance can explain it."""
    if own:
        return ""
    low, high = (float(each[-1]) for each in found.difference_between)
    months = Decimal(float(found.difference[-1])).quantize(Decimal(1))
    if low <= 0 <= high or not months:
        return sentence("commands.compare.same", language)
    key = "longer" if months > 0 else "shorter"
    return sentence(f"commands.compare.{key}", language, months=abs(months))


def comparison_lines(found: Sequence[Compared], language: Language) -> Iterator[str]:
    """Yield what the figures rest on: runs, seed, bound, and what couldn't be."""
    for each in found:
        plan = each.comparison.plan
        facts = {"owner": each.owner, "runs": each.comparison.runs, "seed": plan.seed}
        yield sentence("commands.compare.runs", language, years=plan.years, **facts)
        if plan.bound is not None:
            bound = Decimal(plan.bound).quantize(Decimal("0.1"))
            yield sentence("commands.steer.bound", language, owner=each.owner, bound=bound)
        if plan.impossible is not None:
            yield error_text(plan.impossible, language)
        if plan.unholdable:
            listed = ", ".join(plan.unholdable)
            yield sentence("commands.compare.unholdable", language, complexes=listed)
        for name in plan.assumed:
            yield sentence("commands.steer.group_assumed", language, group=name)
    if any(each.assumed for each in found):
        yield sentence("commands.forecast.assumed", language)
