"""Does a division hold all that was agreed, and is it worth what it says, and no more than can be?

The checker shares no code with the solver and counts in another way: placement by placement, in
plain Python. It also adds up the bound again from the prices that came with it, so that a reader
needs to believe neither the solver nor its program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mixwijzer.engine.allocation._round import Agreement, FreeHome, LettingRound, RoundCandidate


class BreachKind(StrEnum):
    """What can be wrong with a division."""

    NOT_ALLOWED = "not_allowed"
    HOMES_SPENT = "homes_spent"
    CANDIDATE_TWICE = "candidate_twice"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that is wrong, or that steps outside a soft agreement at a price.

    Parameters
    ----------
    kind
        What.
    subject
        Id of the home, candidate or agreement.
    amount
        How many homes, placements or units over or under.
    """

    kind: BreachKind
    subject: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checker found.

    Parameters
    ----------
    objective
        Worth of the placements, less what stepping outside costs, counted anew [points].
    bound
        What no division exceeds, from the prices alone [points]; None where none were given.
    breaches
        What can't be: empty when the division holds.
    outside
        Soft agreements that are stepped outside of.
    counts
        What counts for each agreement, by id [households, or units of load].
    """

    objective: int
    bound: float | None
    breaches: tuple[Breach, ...]
    outside: tuple[Breach, ...]
    counts: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.breaches


def checked(
    the_round: LettingRound,
    placements: Iterable[tuple[str, str]],
    *,
    home_prices: Mapping[str, float] | None = None,
    agreement_prices: Mapping[str, float] | None = None,
) -> Checked:
    """Check (home, candidate) placements by id; with prices also the bound they promise."""
    worth = _worth(the_round)
    homes = {each.id: each for each in the_round.homes}
    people = {each.id: each for each in the_round.candidates}
    made = list(placements)
    wrong = [
        Breach(kind=BreachKind.NOT_ALLOWED, subject=candidate, amount=1)
        for home, candidate in made
        if (home, candidate) not in worth
    ]
    real = [pair for pair in made if pair in worth]
    used, served = Counter(home for home, _ in real), Counter(person for _, person in real)
    wrong += [
        Breach(kind=BreachKind.HOMES_SPENT, subject=home, amount=number - homes[home].homes)
        for home, number in used.items()
        if number > homes[home].homes
    ]
    wrong += [
        Breach(kind=BreachKind.CANDIDATE_TWICE, subject=person, amount=number - 1)
        for person, number in served.items()
        if number > 1
    ]
    counts = {
        each.id: sum(_units(each, homes[home], people[person]) for home, person in real)
        for each in the_round.agreements
    }
    outside: list[Breach] = []
    paid = 0
    for each in the_round.agreements:
        for breach in _outside(each, counts[each.id]):
            (outside if each.prices else wrong).append(breach)
            paid += sum(_price(each, step) for step in range(breach.amount))
    return Checked(
        objective=sum(worth[pair] for pair in real) - paid,
        bound=None
        if home_prices is None
        else _bound(the_round, worth, home_prices, agreement_prices or {}),
        breaches=tuple(wrong),
        outside=tuple(outside),
        counts=counts,
    )


def _worth(the_round: LettingRound) -> dict[tuple[str, str], int]:
    pairs = the_round.pairs
    return {
        (the_round.homes[home].id, the_round.candidates[person].id): value
        for home, person, value in zip(
            pairs.home.tolist(), pairs.candidate.tolist(), pairs.value.tolist(), strict=True
        )
    }


def _units(agreement: Agreement, home: FreeHome, person: RoundCandidate) -> int:
    """Return what one placement counts for in an agreement."""
    asked = (
        (agreement.place, {home.complex, home.neighbourhood, home.owner}),
        (agreement.ground, {home.ground, person.ground}),
        (agreement.category, {person.category}),
        (agreement.group, {person.group}),
    )
    if any(word and word not in words for word, words in asked):
        return 0
    return agreement.loads.get(person.group, 0) if agreement.loads else 1


def _outside(agreement: Agreement, count: int) -> list[Breach]:
    found = []
    if agreement.low is not None and count < agreement.low:
        found.append(
            Breach(kind=BreachKind.BELOW, subject=agreement.id, amount=agreement.low - count)
        )
    if agreement.high is not None and count > agreement.high:
        found.append(
            Breach(kind=BreachKind.ABOVE, subject=agreement.id, amount=count - agreement.high)
        )
    return found


def _price(agreement: Agreement, step: int) -> int:
    prices = agreement.prices or (0,)
    return prices[step] if step < len(prices) else prices[-1]


def _bound(
    the_round: LettingRound,
    worth: Mapping[tuple[str, str], int],
    home_prices: Mapping[str, float],
    agreement_prices: Mapping[str, float],
) -> float:
    """Add up what everything is worth at most at these prices, in plain sums."""
    homes = {each.id: each for each in the_round.homes}
    people = {each.id: each for each in the_round.candidates}
    at: dict[str, list[Agreement]] = {}
    for each in the_round.agreements:
        if agreement_prices.get(each.id):
            at.setdefault(each.place, []).append(each)
    gain: dict[str, float] = {}
    for (home, person), value in worth.items():
        here = homes[home]
        left = value - home_prices[home]
        for place in {"", here.complex, here.neighbourhood, here.owner}:
            for one in at.get(place, ()):
                left -= agreement_prices[one.id] * _units(one, here, people[person])
        gain[person] = max(gain.get(person, 0.0), left)
    sold = sum(home_prices[home] * each.homes for home, each in homes.items())
    return (
        sold
        + sum(gain.values())
        + sum(_sold(each, agreement_prices.get(each.id, 0.0)) for each in the_round.agreements)
    )


def _sold(agreement: Agreement, price: float) -> float:
    """Return what an agreement is worth at most at a price: its limit, or a paid step outside."""
    limit = (agreement.high if price > 0 else agreement.low) or 0
    best = here = price * limit
    for dear in agreement.prices:
        here += abs(price) - dear
        best = max(best, here)
    return best
