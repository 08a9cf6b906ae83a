"""How does a divided round look as tidy rows, and as one document for other programs?"""

from __future__ import annotations

from collections.abc import Iterator

from mixwijzer.engine.allocation import Allocation, Envy
from mixwijzer.exchange.ahead._forecast_rows import table_rows
from mixwijzer.exchange.documents import Document, heading
from mixwijzer.exchange.rounds._dividing import Divided
from mixwijzer.exchange.tabular import Field, Table, Value

_PLACEMENTS = (
    *map(Field, ("home", "complex", "neighbourhood", "candidate", "channel")),
    *map(Field, ("category", "group", "ground")),
    Field("value", "points"),
)
_AGREEMENTS = (
    *map(Field, ("agreement", "kind", "hard")),
    *(Field(name, "units") for name in ("at_least", "count", "at_most", "outside")),
    Field("price", "points per unit"),
)
_REASONS = tuple(map(Field, ("home", "candidate", "why", "other", "agreements")))
_MOVES = (
    *map(Field, ("way_out", "agreement")),
    *(Field(name, "units") for name in ("at_least", "at_most", "units")),
)


def round_tables(found: Divided) -> tuple[Table, ...]:
    """Return placements, agreements, answers to why (not), and ways out of a clash."""
    return tuple(
        Table(name=name, fields=fields, rows=tuple(of(found)))
        for name, fields, of in (
            ("placements", _PLACEMENTS, _placements),
            ("agreements", _AGREEMENTS, _agreements),
            ("reasons", _REASONS, _reasons),
            ("ways_out", _MOVES, _moves),
        )
    )


def _placements(found: Divided) -> Iterator[tuple[Value, ...]]:
    told = found.allocation
    if told is None:
        return
    homes = {each.id: each for each in told.round.homes}
    for each in told.placements:
        home, who = homes[each.home], told.round.candidates[told.round.place[each.candidate]]
        option = found.choices[each.home].channel if found.choices else None
        yield (
            each.home,
            home.complex,
            home.neighbourhood or None,
            None if found.choices else each.candidate,
            option,
            who.category or None,
            who.group or None,
            who.ground or home.ground or None,
            each.value,
        )


def _agreements(found: Divided) -> Iterator[tuple[Value, ...]]:
    told = found.allocation
    for each in found.agreements:
        front = (each.id, each.kind.value, each.hard, each.low)
        if told is None:
            yield (*front, None, each.high, None, None)
            continue
        count = told.verdict.counts[each.id]
        outside = max((each.low or 0) - count, count - each.high if each.high is not None else 0, 0)
        price = round(told.agreement_prices[each.id], 6) + 0.0  # no minus before nothing
        yield (*front, count, each.high, outside, price)


def _reasons(found: Divided) -> Iterator[tuple[Value, ...]]:
    if found.choices is not None:
        return  # an option is no candidate: nobody waits
    for why in found.whys():
        yield why.home, why.candidate, why.kind.value, why.other, ", ".join(why.agreements) or None
    for (home, candidate), rule in found.refusals.items():
        yield home, candidate, rule, None, None


def _moves(found: Divided) -> Iterator[tuple[Value, ...]]:
    if found.clash is not None:
        for number, way in enumerate(found.clash.relaxations, 1):
            for move in way.moves:
                yield number, move.agreement, move.low, move.high, move.units


def round_document(found: Divided) -> Document:
    """Return a divided round as one document."""
    tables = {each.name: table_rows(each) for each in round_tables(found)}
    clash, told = found.clash, found.allocation
    return {
        **heading("allocate", found.inquiry),
        "week": found.choices is not None,
        "cost": found.cost,
        "divided": _proof(told) if told else None,
        "clash": [each.id for each in clash.agreements] if clash else [],
        "left_out": [{"home": each.vacancy, "code": each.error.code} for each in found.left_out],
        **tables,
    }


def _proof(told: Allocation) -> Document:
    return {
        "homes": int(told.round.free.sum()),
        "let": len(told.placements),
        "objective": told.objective,
        "bound": told.bound,
        "gap": told.gap,
        "bound_of_prices": round(told.relaxed, 6),
        "price_of_mix": told.price_of_mix,
        "let_without_bands": told.without_bands,
        "in_order": [{"home": h, "candidate": c} for h, c in told.burden.in_order],
        "longer": list(told.burden.longer),
        "sooner": list(told.burden.sooner),
        "worst_envy": _envy(told.burden.worst),
        "envy_within": _envy(told.burden.within),
        "checked": {
            "holds": told.verdict.holds,
            "objective": told.verdict.objective,
            "bound": round(told.verdict.bound or 0.0, 6),
            "breaches": [
                {"kind": each.kind.value, "subject": each.subject, "amount": each.amount}
                for each in told.verdict.breaches
            ],
        },
    }


def _envy(envy: Envy | None) -> Document | None:
    if envy is None:
        return None
    return {
        "candidate": envy.candidate,
        "home": envy.home,
        "holder": envy.holder,
        "gap": envy.gap,
    }
