"""Who lives here: chances over mixes, step by step, household by household."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

Mix = tuple[int, ...]
Chances = dict[Mix, float]
Json = Any

TURN = {"depart": 0, "let": 1, "agree": 2, "stop": 2, "judge": 3, "question": 3}


@dataclass(frozen=True)
class Figures:
    """The norms behind a case, as they stand at the top of the worked cases."""

    categories: tuple[str, ...]
    ordinary: str
    mean: tuple[float, ...]
    s: float
    q: tuple[tuple[float, ...], ...]
    confusion: tuple[tuple[float, ...], ...]
    hit: float
    eps: float
    old: float
    weak: float
    part: float
    no: float
    yes: float
    min_band: int
    fill_bp: int
    small: float
    max_m: int

    @classmethod
    def read(cls, document: Json) -> Figures:
        """Read the head of the worked cases."""

        def frozen(value: Json) -> Json:
            return tuple(map(frozen, value)) if isinstance(value, list) else value

        return cls(
            categories=tuple(document["categories"]),
            ordinary=document.get("ordinary", "regular"),
            **{key: frozen(value) for key, value in document["norms"].items()},
        )


def mixes(households: int, categories: int) -> Iterator[Mix]:
    """Every way in which so many households can be divided."""
    if categories == 1:
        yield (households,)
        return
    for first in range(households + 1):
        for rest in mixes(households - first, categories - 1):
            yield (first, *rest)


def size(chances: Chances) -> int:
    """Households that an account speaks of."""
    return sum(next(iter(chances)))


def normal(weights: Mapping[Mix, float]) -> Chances:
    """Divide by the total."""
    total = math.fsum(weights.values())
    return {mix: weight / total for mix, weight in weights.items()}


def rising(start: Fraction, steps: int) -> Fraction:
    """Γ(start + steps) / Γ(start), exactly."""
    out = Fraction(1)
    for step in range(steps):
        out *= start + step
    return out


@cache
def _prior(figures: Figures, households: int) -> tuple[tuple[Mix, float], ...]:
    strength = Fraction(str(figures.s))
    alpha = [Fraction(str(mean)) * strength for mean in figures.mean]
    out = []
    for mix in mixes(households, len(alpha)):
        chance = Fraction(math.factorial(households)) / rising(strength, households)
        for share, count in zip(alpha, mix, strict=True):
            chance *= rising(share, count) / math.factorial(count)
        out.append((mix, float(chance)))
    return tuple(out)


def prior(figures: Figures, households: int) -> Chances:
    """The Dirichlet–multinomial prior (§3b.3), in exact fractions until the last step."""
    return dict(_prior(figures, households))


def moved(mix: Mix, category: int, step: int) -> Mix:
    """One household of a category more or less."""
    return tuple(count + step * (index == category) for index, count in enumerate(mix))


def departed(chances: Chances, leaver: int | None = None) -> Chances:
    """One household left: an unknown one (§3b.8, hypergeometric), or one of a known category."""
    home = size(chances)
    out: defaultdict[Mix, float] = defaultdict(float)
    for mix, chance in chances.items():
        for category, count in enumerate(mix):
            if count and leaver is None:
                out[moved(mix, category, -1)] += chance * count / home
            elif count and leaver == category:
                out[moved(mix, category, -1)] += chance
    return normal(out)


def joined(chances: Chances, shares: Sequence[float]) -> Chances:
    """One household came in, of category k with chance shares[k]."""
    out: defaultdict[Mix, float] = defaultdict(float)
    for mix, chance in chances.items():
        for category, share in enumerate(shares):
            out[moved(mix, category, 1)] += chance * share
    return dict(out)


@cache
def _after_one_turn(mix: Mix, figures: Figures) -> tuple[tuple[Mix, float], ...]:
    """Where the households of a mix are after one turn of the month, one by one."""
    out: Chances = {(0,) * len(mix): 1.0}
    for category, count in enumerate(mix):
        rates = figures.q[category]
        goes = [rate / 12 for rate in rates]
        goes[category] = 1 - (sum(rates) - rates[category]) / 12
        for _ in range(count):
            out = joined(out, goes)
    return tuple(out.items())


def turned(figures: Figures, chances: Chances, months: int) -> Chances:
    """So many month turns, each household moving by itself (§3b.7)."""
    for _ in range(months):
        out: defaultdict[Mix, float] = defaultdict(float)
        for mix, chance in chances.items():
            for goal, part in _after_one_turn(mix, figures):
                out[goal] += chance * part
        chances = dict(out)
    return chances


def added(one: Chances, other: Chances) -> Chances:
    """The mix of two independent places together."""
    out: defaultdict[Mix, float] = defaultdict(float)
    for mix, chance in one.items():
        for more, part in other.items():
            out[tuple(a + b for a, b in zip(mix, more, strict=True))] += chance * part
    return dict(out)


def z_of(hit: float) -> float:
    """The z for which a normal variable lies within ± z with chance `hit` (§3b.4), by halving."""
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erf(middle / math.sqrt(2)) < hit else (low, middle)
    return low


@dataclass(frozen=True)
class Kept:
    """What is kept of a scope between events."""

    others: tuple[tuple[Mix, float], ...]
    roles: Mix
    judges: frozenset[str] = frozenset()
    rounds: int = 0
    part: bool = False

    @property
    def chances(self) -> Chances:
        """The account of everybody, role-holders included."""
        return {
            tuple(a + b for a, b in zip(mix, self.roles, strict=True)): chance
            for mix, chance in self.others
        }

    def having(self, others: Chances) -> Kept:
        """The same with another account of the households without a role."""
        return replace(self, others=tuple(others.items()))


def likelihood(figures: Figures, said: Sequence[int], count: int, *, part: bool) -> float:
    """exp(−½((a − best)/s)²) + ε with s = (max(best − low, high − best) + ½)/z, wider at a part."""
    low, best, high = said
    width = (max(best - low, high - best) + 0.5) / z_of(figures.hit)
    if part:
        width *= figures.part
    return math.exp(-0.5 * ((count - best) / width) ** 2) + figures.eps


def judged(figures: Figures, kept: Kept, judges: Sequence[Json]) -> Kept:
    """A round (§3b.2, 5): each judge's posterior, then their plain mean."""
    drifted = dict(kept.others)
    weak = prior(figures, size(drifted))
    mean: defaultdict[Mix, float] = defaultdict(float)
    for judge in judges:
        weights = {}
        for mix, chance in drifted.items():
            if kept.rounds == 0:
                weight = weak[mix] ** figures.weak
            elif judge["by"] in kept.judges:
                weight = chance**figures.old * weak[mix] ** figures.weak if chance > 0 else 0.0
            else:
                weight = chance
            for category, name in enumerate(figures.categories):
                if name in judge:
                    count = mix[category] + kept.roles[category]
                    weight *= likelihood(
                        figures, judge[name], count, part=judge.get("known") == "part"
                    )
            weights[mix] = weight
        for mix, chance in normal(weights).items():
            mean[mix] += chance / len(judges)
    return replace(
        kept.having(mean),
        judges=kept.judges | {judge["by"] for judge in judges},
        rounds=kept.rounds + 1,
        part=all(judge.get("known") == "part" for judge in judges),
    )


def left(figures: Figures, kept: Kept, category: str | None) -> Kept:
    """A departure; a role-holder's removes his role and nothing else (§3b.24)."""
    index = figures.categories.index(category) if category else None
    if index is not None and kept.roles[index]:
        return replace(kept, roles=moved(kept.roles, index, -1))
    return kept.having(departed(dict(kept.others), index))


def happened(figures: Figures, kept: Kept, event: Json) -> Kept:
    """One event, drift before it already taken."""
    kind = event["type"]
    if kind == "depart":
        return left(figures, kept, event.get("category"))
    if kind == "let" and event.get("category"):
        # Somebody came with an agreed role: it is exact from the first day.
        index = figures.categories.index(event["category"])
        return replace(kept, roles=moved(kept.roles, index, 1))
    if kind == "let":
        return kept.having(joined(dict(kept.others), event["shares"]))
    if kind == "question":
        kept = left(figures, kept, event.get("category"))
    return judged(figures, kept, event["judges"])


def turns_between(start: date, end: date) -> int:
    """Month turns between two days, counted by walking from month to month."""
    turns = 0
    while (start.year, start.month) < (end.year, end.month):
        start = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        turns += 1
    return turns


def filtered(figures: Figures, account: Json) -> Kept:
    """Follow a scope through its events up to its day."""
    return _filtered(figures, json.dumps(account))


@cache
def _filtered(figures: Figures, text: str) -> Kept:
    account = json.loads(text)
    roles = tuple(account.get("roles") or (0,) * len(figures.categories))
    events = sorted(account["events"], key=lambda each: (each["on"], TURN[each["type"]]))
    kept = Kept(
        others=tuple(prior(figures, account["h"] - sum(roles)).items()),
        roles=roles,
    )
    last: date | None = None
    for event in events:
        on = date.fromisoformat(event["on"])
        if last is not None:
            kept = kept.having(turned(figures, dict(kept.others), turns_between(last, on)))
        kept, last = happened(figures, kept, event), on
    if last is not None:
        months = turns_between(last, date.fromisoformat(account["day"]))
        kept = kept.having(turned(figures, dict(kept.others), months))
    for event in account.get("then", ()):
        kept = happened(figures, kept, event)
    return kept


@cache
def _true_categories(
    figures: Figures, factors: tuple[tuple[float, ...], ...]
) -> tuple[tuple[Mix, float], ...]:
    """Go through every assignment of true categories to households; weigh them with the prior."""
    number = len(figures.categories)
    weights: defaultdict[Mix, float] = defaultdict(float)
    for truth in product(range(number), repeat=len(factors)):
        weight = math.prod(factor[true] for factor, true in zip(factors, truth, strict=True))
        weights[tuple(truth.count(index) for index in range(number))] += weight
    strength = Fraction(str(figures.s))
    for mix in weights:
        for mean, count in zip(figures.mean, mix, strict=True):
            weights[mix] *= float(rising(Fraction(str(mean)) * strength, count))
    return tuple(weights.items())


def labelled(
    figures: Figures,
    account: Json,
    *,
    as_if_valid: bool = False,
    confirmed: tuple[int, int] = (0, 0),
) -> Chances:
    """Labels read with their error rates (§3b.6), each household's true category enumerated."""
    number = len(figures.categories)
    zero = [0] * number
    complete, signal = account.get("complete", zero), account.get("signal", zero)
    expired = account.get("expired", zero)
    unknown = account.get("unknown", 0)
    if as_if_valid:
        complete = [a + b for a, b in zip(complete, expired, strict=True)]
    else:
        unknown += sum(expired)
    category, amount = confirmed
    factors = [[float(index != category) for index in range(number)]] * amount
    factors += [[1.0] * number] * (unknown - amount)
    for label, households in enumerate(complete):
        factors += [[figures.confusion[true][label] for true in range(number)]] * households
    weights = dict(_true_categories(figures, tuple(map(tuple, factors))))
    chances = normal(weights)
    for label, households in enumerate(signal):
        shares = [figures.mean[true] * figures.confusion[true][label] for true in range(number)]
        for _ in range(households):
            chances = joined(chances, [share / sum(shares) for share in shares])
    return afterwards(figures, account, chances)


def afterwards(figures: Figures, account: Json, chances: Chances) -> Chances:
    """Announced departures and commitments of a scope with labels."""
    for leaver in account.get("leavers", ()):
        index = figures.categories.index(leaver) if leaver else None
        chances = departed(chances, index)
    for shares in account.get("lets", ()):
        chances = joined(chances, shares)
    return chances


def account(figures: Figures, described: Json) -> Chances:
    """Any described account: from judgements (and roles), from labels, or a sum of parts."""
    if described["from"] == "judgements":
        return filtered(figures, described).chances
    if described["from"] == "labels":
        return labelled(figures, described)
    total: Chances = {(0,) * len(figures.categories): 1.0}
    for part in described["parts"]:
        total = added(total, account(figures, part))
    return total


def count_law(chances: Chances, category: int) -> list[float]:
    """P(count of one category = k)."""
    law = [0.0] * (size(chances) + 1)
    for mix, chance in chances.items():
        law[mix[category]] += chance
    return law


def quantile(law: Sequence[float], part: float) -> int:
    """The smallest k with F(k) ≥ part − 1e-9 (§3b.12)."""
    return next(k for k in range(len(law)) if math.fsum(law[: k + 1]) >= part - 1e-9)


def ranges(law: Sequence[float]) -> Json:
    """Likely (50 %) and wide (90 %) range."""
    return {
        "likely": [quantile(law, 0.25), quantile(law, 0.75)],
        "wide": [quantile(law, 0.05), quantile(law, 0.95)],
    }


def summary(figures: Figures, described: Json) -> Json:
    """An account in the words of the worked cases."""
    chances = account(figures, described)
    out: Json = {"h": size(chances)}
    for index, name in enumerate(figures.categories):
        law = count_law(chances, index)
        mean = math.fsum(k * chance for k, chance in enumerate(law))
        out[name] = {"mean": mean, "pmf": law, **ranges(law)}
    if len(figures.categories) == 3:
        out["P(attention=2,carrier=1)"] = chances.get((2, size(chances) - 3, 1), 0.0)
    return out
