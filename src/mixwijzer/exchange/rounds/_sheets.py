"""How does a divided round read on a terminal?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from mixwijzer.engine.allocation import EVERY_HOME, Allocation, Conflict, Move, Why
from mixwijzer.exchange.printing import Sheet, cell, group, headings, limits
from mixwijzer.exchange.rounds._dividing import Divided
from mixwijzer.exchange.rounds._reading import WEEK_SCALE
from mixwijzer.exchange.rounds._rows import round_tables
from mixwijzer.exchange.wording import Language, error_text, sentence


def placement_sheet(found: Divided, language: Language) -> Sheet:
    """Return who gets which home, or which way each home of a week goes."""
    who = "candidate" if found.choices is None else "channel"
    names = ("home", "complex", who, "category", "target_group", "ground")
    rows = tuple(
        (
            str(row["home"]),
            str(row["complex"]),
            str(row[who]),
            group(str(row["category"]), language) if row["category"] else "",
            str(row["group"] or ""),
            str(row["ground"] or ""),
        )
        for row in round_tables(found)[0]
    )
    return Sheet(headings=headings(names, language), rows=rows, right=(False,) * len(names))


def agreement_sheet(found: Divided, language: Language) -> Sheet:
    """Return how every agreement stands, and what one more unit of its limit would be worth."""
    names = ("agreement", "counts", "agreed", "holds", "unit_price")
    rows = tuple(
        (
            str(row["agreement"]),
            cell("number", row["count"], language),
            limits(_whole(row["at_least"]), _whole(row["at_most"]), language),
            sentence(f"commands.allocate.{'outside' if row['outside'] else 'inside'}", language),
            cell("number", _worth(found, float(str(row["price"]))), language),
        )
        for row in round_tables(found)[1]
    )
    return Sheet(
        headings=headings(names, language), rows=rows, right=(False, True, False, False, True)
    )


def _worth(found: Divided, price: float) -> Decimal:
    """Return a price in whole points, or in units of cost for a week."""
    if found.choices is None:
        return Decimal(price).quantize(Decimal(1)) + 0
    return Decimal(price / WEEK_SCALE).quantize(Decimal("0.01")) + 0


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def proof_lines(found: Divided, language: Language) -> Iterator[str]:
    """Yield how good the division is, at what price, and who bears it."""
    told = found.allocation
    if told is None:
        return
    facts = {
        "homes": int(told.round.free.sum()),
        "let": len(told.placements),
        "objective": told.objective,
        "price": told.price_of_mix,
        "without": told.without_bands,
    }
    if found.choices is not None:
        cost = Decimal(str(found.cost)).quantize(Decimal("0.01"))
        yield sentence("commands.allocate.week", language, homes=facts["homes"], cost=cost)
    else:
        yield sentence("commands.allocate.proved", language, **facts)
        key = "mix" if told.price_of_mix else "mix_free"
        yield sentence(f"commands.allocate.{key}", language, **facts)
        yield from _burden(told, language)
    yield sentence(
        f"commands.allocate.{'checked' if told.verdict.holds else 'not_checked'}", language
    )


def _burden(told: Allocation, language: Language) -> Iterator[str]:
    if told.burden.longer:
        yield sentence(
            "commands.allocate.longer",
            language,
            longer=", ".join(told.burden.longer),
            sooner=", ".join(told.burden.sooner) or "–",
        )
    else:
        yield sentence("commands.allocate.nobody_longer", language)
    if told.burden.worst is not None:
        worst = told.burden.worst
        yield sentence(
            "commands.allocate.envy",
            language,
            candidate=worst.candidate,
            holder=worst.holder,
            home=worst.home,
        )
    yield sentence("commands.allocate.envy_within", language)


def left_out_lines(found: Divided, language: Language) -> Iterator[str]:
    """Yield which open homes take no part, and why."""
    for each in found.left_out:
        trouble = error_text(each.error, language)
        yield sentence("commands.allocate.left_out", language, home=each.vacancy, trouble=trouble)


def clash_lines(clash: Conflict, language: Language) -> Iterator[str]:
    """Yield what can't hold together, and what could give way."""
    yield sentence("commands.allocate.clash", language)
    for each in clash.agreements:
        yield f"  - {_name(each.id, language)} ({limits(each.low, each.high, language)})"
    yield sentence("commands.allocate.ways_out", language)
    for way in clash.relaxations:
        moves = (_move(each, language) for each in way.moves)
        yield f"  - {sentence('commands.allocate.and', language).join(moves)}"


def _move(move: Move, language: Language) -> str:
    bounds = limits(move.low, move.high, language)
    name = _name(move.agreement, language)
    return sentence("commands.allocate.move", language, agreement=name, limits=bounds)


def _name(agreement: str, language: Language) -> str:
    """Return an agreement's own words; one is ours."""
    return (
        sentence("commands.allocate.every_home", language) if agreement == EVERY_HOME else agreement
    )


def why_lines(found: Divided, about: str, language: Language) -> Iterator[str]:
    """Yield why (not) about one candidate or home, from either side."""
    told: Iterable[Why] = found.whys(about)
    for why in told:
        key = f"{why.kind.value}_free" if why.kind.value == "agreement" and not why.other else None
        if why.kind.value == "placed":
            key = "placed_for" if why.agreements else "placed"
        yield sentence(
            f"commands.allocate.why.{key or why.kind.value}",
            language,
            candidate=why.candidate,
            home=why.home or "",
            other=why.other or "",
            agreements=", ".join(why.agreements),
        )
    for (home, candidate), rule in found.refusals.items():
        if about in {home, candidate}:
            text = sentence(f"commands.allocate.rule.{rule}", language)
            yield sentence(
                "commands.allocate.why.rule", language, candidate=candidate, home=home, rule=text
            )
