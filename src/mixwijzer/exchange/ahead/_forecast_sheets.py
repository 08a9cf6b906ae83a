"""How does a forecast read on a terminal?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from mixwijzer.exchange.ahead._forecast_rows import impossible, together
from mixwijzer.exchange.ahead._forecasts import Ahead, CategoryAhead
from mixwijzer.exchange.printing import Sheet, cell, group, headings, limits
from mixwijzer.exchange.wording import Language, error_text, sentence

_MOST_MONTHS = 5  # columns of an overview that fit on a line


def forecast_sheet(found: Sequence[Ahead], language: Language) -> Sheet:
    """Return one place in full; of several a row each, with the chance that its limits hold."""
    if len(found) == 1:
        return _place_sheet(found[0], language)
    shown = found[0].months[: _MOST_MONTHS - 1] + found[0].months[-1:]
    places = [found[0].months.index(each) for each in dict.fromkeys(shown)]
    rows = tuple(
        (
            f"{each.scope.code} {each.name}".strip(),
            cell("number", each.homes, language),
            *(_odds(each.months[place].inside, language) for place in places),
        )
        for each in found
    )
    months = (found[0].months[place].month for place in places)
    names = (
        *headings(("scope", "base"), language),
        *(_told("after", month, language) for month in months),
    )
    return Sheet(headings=names, rows=rows, right=(False, True, *(False for _ in places)))


def _place_sheet(each: Ahead, language: Language) -> Sheet:
    """Return one place in full: a row per month and category."""
    names = ("month", "category", "expected", "likely", "wide", "band", "outside")
    rows = tuple(
        (
            cell("number", month.month, language),
            group(category.category, language),
            cell("number", _tenth(category.mean), language),
            "" if category.likely is None else cell("range", category.likely, language),
            "" if category.wide is None else cell("range", category.wide, language),
            limits(category.low, category.high, language),
            _odds(_outside(category), language),
        )
        for month in each.months
        for category in month.categories
    )
    right = tuple(name in {"month", "expected"} for name in names)
    return Sheet(headings=headings(names, language), rows=rows, right=right)


def forecast_lines(found: Sequence[Ahead], language: Language) -> Iterator[str]:
    """Yield what is kept of all limits together, and what the figures rest on."""
    if len(found) == 1:
        yield from _one(found[0], language)
    else:
        for each in together(found):
            if each.limited:
                inside = _tenth(each.inside)
                yield _told("together", each.month, language, inside=inside, limited=each.limited)
    methods = {each.forecast.method: each.forecast for each in found}
    for name in sorted(methods):
        facts = {"runs": methods[name].runs, "seed": methods[name].seed}
        yield sentence(f"commands.forecast.method.{name}", language, **facts)
    if any(each.assumed for each in found):
        yield sentence("commands.forecast.assumed", language)
    yield from _supplied(found, language)


def _supplied(found: Sequence[Ahead], language: Language) -> Iterator[str]:
    """Yield what a supply means, and what is promised that nobody can keep out of it."""
    if any(each.supply is not None for each in found):
        yield sentence("commands.forecast.supplied", language)
    for owner, error in impossible(found).items():
        told = error_text(error, language)
        yield sentence("commands.forecast.impossible", language, owner=owner, told=told)


def _one(each: Ahead, language: Language) -> Iterator[str]:
    if all(month.inside is None for month in each.months):
        yield sentence("commands.forecast.untold", language)
        return
    for month in each.months:
        low, high = month.inside_low, month.inside_high
        doubt = low is not None and _odds(low, language) != _odds(high, language)
        key = "between" if doubt else "inside"
        yield _told(key, month.month, language, inside=month.inside, low=low, high=high)


def _told(key: str, month: int, language: Language, **facts: object) -> str:
    """Return a sentence about a month; of today there is one of its own."""
    now = "" if month else "_now"
    return sentence(f"commands.forecast.{key}{now}", language, months=month, **facts)


def _outside(each: CategoryAhead) -> float | None:
    known = [chance for chance in (each.under, each.over) if chance is not None]
    return sum(known) if known else None


def _odds(chance: float | None, language: Language) -> str:
    return "" if chance is None else cell("odds", chance, language)


def _tenth(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.1"))
