"""How does steering power read on a terminal?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from mixwijzer.engine.steering import SteeringPower
from mixwijzer.exchange.ahead._steering import Steered
from mixwijzer.exchange.ahead._steering_rows import hold, limited
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.printing import Sheet, cell, group, headings
from mixwijzer.exchange.wording import Language, error_text, sentence


def steering_sheet(found: Iterable[Steered], language: Language) -> Sheet:
    """Return a row per complex: power over the first category with a ceiling, and its course."""
    names = ("complex", "category", "power", "power_left", "hold", "to_band", "used", "stays")
    rows = tuple(
        _row(f"{code} {each.names[code]}".strip(), each.steering.powers[code], language)
        for each in found
        for code in each.shown
        if code in each.steering.powers
    )
    right = tuple(name == "used" for name in names)
    return Sheet(headings=headings(names, language), rows=rows, right=right)


def _row(place: str, told: SteeringPower, language: Language) -> tuple[str, ...]:
    category = _category(told)
    low, _, high = told.power(category)
    front = (
        place,
        group(category, language),
        cell("range", (_round(low, 2), _round(high, 2)), language),
        cell("number", _round(told.borrowed.reach.grips[category].power, 2), language),
    )
    if not limited(told):
        return (*front, sentence("commands.steer.hold.no_band", language), "", "", "")
    return (
        *front,
        sentence(f"commands.steer.hold.{hold(told.now)}", language),
        _months(told, language),
        cell("number", _round(told.now.path.vacancies, 1), language) if told.now.path else "",
        "" if told.now.stay is None else cell("odds", told.now.stay, language),
    )


def _category(told: SteeringPower) -> str:
    """Return the first category with a ceiling, else the first."""
    names, block = told.block.rates.categories, told.block
    capped = (name for name, high in zip(names, block.high, strict=True) if high < block.homes)
    return next(capped, names[0])


def _months(told: SteeringPower, language: Language) -> str:
    low, likely, high = told.months
    if likely is None:
        return sentence("commands.steer.never", language)
    if high is None or low is None:
        return sentence("commands.steer.from", language, months=likely)
    return cell("range", (low, high), language)


def steering_lines(inquiry: Inquiry, found: Sequence[Steered], language: Language) -> Iterator[str]:
    """Yield the whole per owner: how many are in reach, what nobody can beat, what ends when."""
    for each in found:
        yield from _whole(each, language)
        for code in each.shown:
            if code in each.steering.unanswered:
                yield error_text(each.steering.unanswered[code], language)
    names = {each.id: each.name.get(language, each.id) for each in inquiry.portfolio.channels}
    ending = {one.channel: one for each in found for one in each.steering.grounds}
    for one in ending.values():
        yield sentence(
            f"commands.steer.ground{'' if one.others else '_alone'}",
            language,
            channel=names[one.channel],
            ends=one.ends,
            lettings=len(one.lettings),
            of_all=one.of_all,
            other=names[one.others[0].channel] if one.others else "",
        )
    if any(each.assumed for each in found):
        yield sentence("commands.forecast.assumed", language)


def _whole(each: Steered, language: Language) -> Iterator[str]:
    whole, index = each.steering.total, each.steering.index
    if whole is None or index is None:
        return
    facts = {
        "owner": each.owner,
        "all": len(each.steering.powers),
        "reach": whole.in_reach,
        "left": whole.in_reach_left,
        "stay": _round(whole.stay, 1),
        "stay_left": _round(whole.stay_left, 1),
        "bound": _round(max(index.prices.bound, 0.0), 1),
    }
    impossible = each.steering.impossible
    for key in ("whole", "stay", "bound_without" if impossible else "bound"):
        yield sentence(f"commands.steer.{key}", language, **facts)
    if impossible is not None:
        yield error_text(impossible, language)
    for name in each.steering.assumed:
        yield sentence("commands.steer.group_assumed", language, group=name)


def _round(value: float, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places))
