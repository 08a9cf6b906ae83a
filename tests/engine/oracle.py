"""A slow, plain reading of the rules for account and advice, to hold the engine against.

Written from the rules' own sentences (ENGINE §2-3b) and sharing no line with the engine. A mix is a
tuple of counts in the scheme's order, an account a dict from mix to chance; every household drifts
on its own, the true categories of labelled households are enumerated one by one, nested scopes are
summed together, and what would flip a verdict is found by trying everything. For small towns only.

Cases come in, and advice goes out, in the words of `data/advice_cases.json`.
"""

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

NO_ROOM, ASK_FIRST, TIGHT, ROOM = "no room", "ask first", "tight", "room"
RANK = {NO_ROOM: 0, ASK_FIRST: 1, TIGHT: 2, ROOM: 3}
KINDS = ("departures", "confirmed", "fewer than", "limit", "draft")
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


# --- the account ---------------------------------------------------------------------------------


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


# --- rules and verdicts --------------------------------------------------------------------------


def whole_band(n: int, band: Json) -> tuple[int | None, int | None]:
    """A band in whole households (§1, §3b.17), by exact fractions."""
    low = high = None
    target = band.get("target")
    soft = target is not None and not band.get("hard")
    if band.get("max") is not None:
        high = math.floor(Fraction(band["max"], 10_000) * n)
        if soft:
            high = max(high, math.ceil(Fraction(target, 10_000) * n))
    if band.get("min") is not None:
        low = math.ceil(Fraction(band["min"], 10_000) * n)
        if soft:
            low = min(low, math.floor(Fraction(target, 10_000) * n))
    return low, high


@dataclass(frozen=True)
class Line:
    """A band or cap on one category in one scope."""

    id: str
    kind: str
    category: int
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Place:
    """A scope with what counts in it."""

    name: str
    lines: tuple[Line, ...]
    fill: bool
    part: bool


@dataclass(frozen=True)
class World:
    """Everything a verdict rests on; `own` is the index of the scope with the inner account."""

    figures: Figures
    places: tuple[Place, ...]
    own: int
    drawn: int
    inner: tuple[tuple[Mix, float], ...]
    rests: tuple[tuple[tuple[Mix, float], ...] | None, ...]
    profiled: bool
    lifted: int | None
    gone: tuple[int, int, int] = (0, 0, 0)  # category, from which place on, how many

    def law(self, at: int, category: int) -> list[float]:
        """P(count = k) in a scope before the new household."""
        inner = dict(self.inner)
        if at < self.own:
            law = self._drawn_law(inner, category)
        else:
            total = count_law(inner, category)
            for place in range(self.own + 1, at + 1):
                rest = self.rests[place]
                if rest is not None:
                    total = summed(total, count_law(dict(rest), category))
            law = total
        gone, start, amount = self.gone
        if amount and gone == category and at >= start:
            fewer = [0.0] * len(law)
            for count, chance in enumerate(law):
                fewer[max(count - amount, 0)] += chance
            law = fewer
        return law

    def _drawn_law(self, inner: Chances, category: int) -> list[float]:
        """The stairwell's households are drawn without replacement from the complex's."""
        home = size(inner)
        law = [0.0] * (self.drawn + 1)
        for mix, chance in inner.items():
            mine, others = mix[category], home - mix[category]
            for k in range(self.drawn + 1):
                ways = math.comb(mine, k) * math.comb(others, self.drawn - k)
                law[k] += chance * float(Fraction(ways, math.comb(home, self.drawn)))
        return law


def summed(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """P(a + b = k) for independent counts."""
    out = [0.0] * (len(one) + len(other) - 1)
    for a, chance in enumerate(one):
        for b, part in enumerate(other):
            out[a + b] += chance * part
    return out


def lines_of(figures: Figures, scope: Json) -> tuple[Line, ...]:
    """Bands, silent under the smallest base, and caps of a scope."""
    out = []
    if scope["n"] >= figures.min_band:
        for name, band in (scope.get("profile") or {}).items():
            low, high = whole_band(scope["n"], band)
            if low is not None and high is not None and low > high:
                low = None
            id_ = f"{scope['name']}:{name}:band"
            out.append(Line(id_, "band", figures.categories.index(name), low, high))
    for number, cap in enumerate(scope.get("caps", ())):
        id_ = cap.get("id", f"{scope['name']}:cap{number}")
        category = figures.categories.index(cap["category"])
        out.append(Line(id_, "cap", category, None, cap["at_most"]))
    return tuple(out)


def is_lifted(figures: Figures, case: Json) -> int | None:
    """The leaver's category where it was recorded strictly before the notice (§3b.1)."""
    leaver = case.get("leaver")
    if not leaver or not leaver["recorded"] < case["notice"]:
        return None
    return figures.categories.index(leaver["category"])


def world(figures: Figures, case: Json, draft: str | None = None) -> World:
    """Put a case together."""
    scopes = [dict(scope) for scope in case["scopes"]]
    for scope in scopes:
        if draft is not None and scope["name"] in case["drafts"][draft]:
            scope["profile"] = case["drafts"][draft][scope["name"]]
    own = next(index for index, scope in enumerate(scopes) if "account" in scope)
    described = scopes[own]["account"]
    inner = account(figures, described)
    part = described["from"] == "judgements" and filtered(figures, described).part
    rests = [
        account(figures, {"from": "sum", "parts": scope["rest"]}) if "rest" in scope else None
        for scope in scopes
    ]
    drawn = scopes[0]["drawn"] if own else 0
    there = [drawn] * own + [size(inner)]
    for rest in rests[own + 1 :]:
        there.append(there[-1] + (size(rest) if rest else 0))
    places = tuple(
        Place(
            name=scope["name"],
            lines=lines_of(figures, scope),
            fill=bool(scope.get("fill_up"))
            and Fraction(there[index], scope["n"]) < Fraction(figures.fill_bp, 10_000),
            part=part and index == own,
        )
        for index, scope in enumerate(scopes)
    )
    return World(
        figures=figures,
        places=places,
        own=own,
        drawn=drawn,
        inner=tuple(inner.items()),
        rests=tuple(tuple(rest.items()) if rest is not None else None for rest in rests),
        profiled=any("profile" in scope or scope.get("caps") for scope in scopes),
        lifted=is_lifted(figures, case),
    )


def chance(law: Sequence[float], at_most: int) -> float:
    """P(count ≤ at_most), rounded to 1e-6."""
    return round(math.fsum(law[: max(at_most + 1, 0)]), 6)


def said(of: World, place: Place, line: Line, now: float, following: float) -> tuple[str, bool]:
    """The verdict of one rule and whether like-for-like lifted it."""
    figures = of.figures
    if now <= figures.no:
        verdict = NO_ROOM
    elif now < figures.yes:
        verdict = ASK_FIRST
    else:
        verdict = TIGHT if following < figures.yes else ROOM
    lifted = line.kind == "band" and of.lifted == line.category and verdict in {NO_ROOM, ASK_FIRST}
    if lifted:
        verdict = TIGHT
    if verdict == NO_ROOM and place.fill and line.kind == "band":
        verdict = ASK_FIRST
    if verdict == NO_ROOM and figures.categories[line.category] == figures.ordinary:
        verdict = ASK_FIRST
    if place.part:
        verdict = ASK_FIRST
    return verdict, lifted


def spoken(of: World, category: int) -> list[Json]:
    """Every ceiling on a category with all its figures."""
    out = []
    for at, place in enumerate(of.places):
        for line in place.lines:
            if line.category != category or line.high is None:
                continue
            law = of.law(at, category)
            now, following = chance(law, line.high - 1), chance(law, line.high - 2)
            verdict, lifted = said(of, place, line, now, following)
            count = ranges(law)
            out.append(
                {
                    "scope": place.name,
                    "kind": line.kind,
                    "id": line.id,
                    "size": at,
                    "limit": line.high,
                    "P": now,
                    "P_next": following,
                    "verdict": verdict,
                    "lifted": lifted,
                    "headroom": line.high - quantile(law, 0.5),
                    "count": count,
                    "headroom_range": {
                        name: [line.high - upper, line.high - lower]
                        for name, (lower, upper) in count.items()
                    },
                }
            )
    return out


def worst(of: World, rules: Sequence[Json]) -> tuple[str, str]:
    """The overall verdict, and why where no rule speaks (§3b.20)."""
    if not of.profiled:
        return ASK_FIRST, "no profile"
    if not rules:
        return ROOM, "no norm"
    return min((rule["verdict"] for rule in rules), key=RANK.__getitem__), ""


def reference(rule: Json) -> list[str]:
    """How a rule is named in a list."""
    return [rule["scope"], rule["kind"], rule["id"]]


# --- what would flip it --------------------------------------------------------------------------

Change = tuple[str, Any, int]  # kind, place index or (place index, line id) or draft, amount


def cost(change: Change) -> int:
    """A narrower judgement and a draft are one change each."""
    return 1 if change[0] in {"fewer than", "draft"} else change[2]


class Search:
    """Tries everything that may change, for one category."""

    def __init__(self, figures: Figures, case: Json, category: int) -> None:
        self.figures, self.case, self.category = figures, case, category
        self.start = world(figures, case)
        self.described = case["scopes"][self.start.own]["account"]
        self.unknown = self._unknown()

    def _unknown(self) -> int | None:
        """Households without role or label; None where neither exists."""
        if self.described["from"] == "labels":
            return self.described.get("unknown", 0) + sum(self.described.get("expired", ()))
        kept = filtered(self.figures, self.described)
        return sum(kept.others[0][0]) if any(kept.roles) else None

    def targets(self, kind: str) -> list[Any]:
        """Where a kind of change can happen, smallest scope first."""
        if kind == "departures":
            return list(range(len(self.start.places)))
        if kind == "limit":
            return [
                (rule["size"], rule["id"])
                for rule in spoken(self.start, self.category)
                if RANK[rule["verdict"]] < RANK[TIGHT]
            ]
        if kind == "draft":
            return sorted(self.case.get("drafts", {}))
        if (kind == "confirmed") == (self.unknown is not None) and self.amounts(kind):
            return [self.start.own]
        return []

    def amounts(self, kind: str) -> list[int]:
        """Amounts to try, the mildest first."""
        if kind == "draft":
            return [1]
        if kind == "fewer than":
            mildest = sum(self.start.inner[0][0])
            return [y for y in range(mildest, 0, -1) if self._narrowed(y) is not None]
        if kind == "confirmed":
            most = min(self.figures.max_m, self.unknown or 0)
            return [m for m in range(1, most + 1) if self._known(m) is not None]
        return list(range(1, self.figures.max_m + 1))

    def applied(self, changes: Sequence[Change]) -> World | None:
        """The world after changes; None where they can't be."""
        draft = next((target for kind, target, _ in changes if kind == "draft"), None)
        out = self.start if draft is None else world(self.figures, self.case, draft)
        for kind, target, amount in changes:
            if kind == "departures":
                out = replace(out, gone=(self.category, target, amount))
            elif kind == "limit":
                out = raised(out, target[1], amount)
            elif kind in {"fewer than", "confirmed"}:
                inner = self._narrowed(amount) if kind == "fewer than" else self._known(amount)
                if inner is None:
                    return None
                out = replace(out, inner=tuple(inner.items()))
        return out

    def _narrowed(self, below: int) -> Chances | None:
        kept = {
            mix: chance
            for mix, chance in self.start.inner
            if mix[self.category] < below and chance > 0
        }
        return normal(kept) if kept else None

    def _known(self, amount: int) -> Chances | None:
        """`amount` unknowns drawn at random turn out not to be of the category (§3b.15)."""
        if self.described["from"] == "labels":
            return labelled(self.figures, self.described, confirmed=(self.category, amount))
        kept = filtered(self.figures, self.described)
        unknown = self.unknown or 0
        weights = {
            mix: chance * math.comb(unknown - mix[self.category], amount)
            for mix, chance in kept.others
            if unknown - mix[self.category] >= amount and chance > 0
        }
        return kept.having(normal(weights)).chances if weights else None

    def flip(self, *changes: Change) -> str | None:
        """The verdict after changes where it is tight or room."""
        after = self.applied(changes)
        if after is None:
            return None
        verdict, _ = worst(after, spoken(after, self.category))
        return verdict if RANK[verdict] >= RANK[TIGHT] else None

    def single(self, kind: str) -> tuple[tuple[Change, ...], str] | None:
        """The least change of one kind."""
        found = []
        for place, target in enumerate(self.targets(kind)):
            for order, amount in enumerate(self.amounts(kind)):
                verdict = self.flip((kind, target, amount))
                if verdict is not None:
                    change = (kind, target, amount)
                    found.append((cost(change), place, order, (change,), verdict))
        return min(found, key=lambda each: each[:3])[3:] if found else None

    def pair(self, first: str, second: str) -> tuple[tuple[Change, ...], str] | None:
        """The least pair of two kinds."""
        found = []
        for i, one in enumerate(self.targets(first)):
            for j, other in enumerate(self.targets(second)):
                if first == second and i >= j:
                    continue
                for a, amount in enumerate(self.amounts(first)):
                    for b, more in enumerate(self.amounts(second)):
                        changes = ((first, one, amount), (second, other, more))
                        verdict = self.flip(*changes)
                        if verdict is not None:
                            total = sum(map(cost, changes))
                            key = (total, cost(changes[0]), i, j, a, b)
                            found.append((key, changes, verdict))
        return min(found, key=lambda each: each[0])[1:] if found else None

    def result(self) -> Json:
        """Flips, fewest changes first, and what stays blocked."""
        singles = {kind: self.single(kind) for kind in KINDS}
        found = [flip for flip in singles.values() if flip is not None]
        if not found:
            pairs = [
                self.pair(first, second)
                for i, first in enumerate(KINDS)
                for second in KINDS[i:]
                if first != second or first == "limit"
            ]
            found = [pair for pair in pairs if pair is not None]
        found.sort(
            key=lambda each: (
                sum(map(cost, each[0])),
                [KINDS.index(change[0]) for change in each[0]],
            )
        )
        blocked = [
            [self._named(kind, target), self._blocking(kind, target)]
            for kind, flip in singles.items()
            if flip is None
            for target in self.targets(kind)
        ]
        return {
            "flips": [
                {
                    "changes": [
                        [*self._named(kind, target), amount] for kind, target, amount in changes
                    ],
                    "verdict": verdict,
                }
                for changes, verdict in found
            ],
            "blocked": blocked,
        }

    def _named(self, kind: str, target: Any) -> list[Any]:
        if kind == "limit":
            place, id_ = target
            line = next(each for each in self.start.places[place].lines if each.id == id_)
            return [kind, [self.start.places[place].name, line.kind, id_]]
        if kind == "draft":
            return [kind, target]
        return [kind, self.start.places[target].name]

    def _blocking(self, kind: str, target: Any) -> list[Any]:
        after = self.applied(((kind, target, self.amounts(kind)[-1]),))
        assert after is not None
        return [
            reference(rule)
            for rule in spoken(after, self.category)
            if RANK[rule["verdict"]] < RANK[TIGHT]
        ]


def raised(of: World, id_: str, amount: int) -> World:
    """The world with one ceiling so many households higher."""
    places = tuple(
        replace(
            place,
            lines=tuple(
                replace(line, high=line.high + amount)
                if line.id == id_ and line.high is not None
                else line
                for line in place.lines
            ),
        )
        for place in of.places
    )
    return replace(of, places=places)


# --- channels ------------------------------------------------------------------------------------


def holds(place: Place, mix: Mix) -> bool:
    """Whether every ceiling of a scope holds for a mix."""
    return all(line.high is None or mix[line.category] <= line.high for line in place.lines)


def all_hold(of: World, category: int) -> float:
    """P(every ceiling of every nested scope holds once one household of a category came in)."""

    @cache
    def wider(at: int, mix: Mix) -> float:
        if at == len(of.places):
            return 1.0
        rest = of.rests[at] or (((0,) * len(mix), 1.0),)
        total = 0.0
        for more, part in rest:
            together = tuple(a + b for a, b in zip(mix, more, strict=True))
            if holds(of.places[at], moved(together, category, 1)):
                total += part * wider(at + 1, together)
        return total

    total = 0.0
    for mix, part in of.inner:
        if holds(of.places[of.own], moved(mix, category, 1)):
            total += part * stairwell(of, mix, category) * wider(of.own + 1, mix)
    return total


def stairwell(of: World, mix: Mix, category: int) -> float:
    """P(the stairwell's ceilings hold), its households drawn from the complex's (§3b.16)."""
    if not of.own:
        return 1.0
    whole = math.comb(sum(mix), of.drawn)
    total = Fraction(0)
    for here in mixes(of.drawn, len(mix)):
        if holds(of.places[0], moved(here, category, 1)):
            ways = math.prod(math.comb(all_, some) for all_, some in zip(mix, here, strict=True))
            total += Fraction(ways, whole)
    return float(total)


def out_of_band(of: World, category: int) -> float:
    """Expected households over a ceiling or under a floor, every rule once."""
    total = 0.0
    for at, place in enumerate(of.places):
        for line in place.lines:
            extra = int(line.category == category)
            for k, part in enumerate(of.law(at, line.category)):
                if line.high is not None:
                    total += part * max(k + extra - line.high, 0)
                if line.low is not None:
                    total += part * max(line.low - k - extra, 0)
    return total


def channels(of: World, offered: Sequence[Json]) -> Json:
    """What every channel would do, and which is recommended (§3b.13-14)."""
    categories = range(len(of.figures.categories))
    chances = [all_hold(of, category) for category in categories]
    excess = [out_of_band(of, category) for category in categories]
    told = [
        {
            "channel": each["name"],
            "P": round(sum(u * p for u, p in zip(each["shares"], chances, strict=True)), 6),
            "out_of_band": round(
                sum(u * e for u, e in zip(each["shares"], excess, strict=True)), 6
            ),
            "ground": bool(each["ground"]),
        }
        for each in offered
    ]
    grounded = [each for each in told if each["ground"]]
    best = min(grounded, key=lambda each: each["out_of_band"], default=None)
    others = [each["out_of_band"] for each in grounded if each is not best]
    return {
        "channels": told,
        "recommended": best["channel"] if best else None,
        "difference_small": bool(
            best and others and min(others) - best["out_of_band"] < of.figures.small
        ),
    }


# --- the whole advice ----------------------------------------------------------------------------


def about(figures: Figures, case: Json, category: int) -> Json:
    """The advice about one category."""
    of = world(figures, case)
    rules = spoken(of, category)
    verdict, why = worst(of, rules)
    better = False
    described = case["scopes"][of.own]["account"]
    if described["from"] == "labels" and any(described.get("expired", ())):
        valid = labelled(figures, described, as_if_valid=True)
        as_if = replace(of, inner=tuple(valid.items()))
        before, _ = worst(as_if, spoken(as_if, category))
        better = RANK[verdict] > RANK[before]
    final = min(verdict, ASK_FIRST, key=RANK.__getitem__) if better else verdict
    out: Json = {
        "verdict": final,
        "why": why,
        "rules": rules,
        "better_by_expiry": better,
        "reasons": [reference(rule) for rule in rules if rule["verdict"] == final],
        "binding": None,
        "counterfactuals": {"flips": [], "blocked": []},
    }
    if not rules:
        return out
    out["binding"] = reference(
        min(
            rules,
            key=lambda rule: (
                RANK[rule["verdict"]],
                rule["P"],
                rule["headroom"],
                rule["size"],
                rule["kind"] == "band",
                rule["id"],
            ),
        )
    )
    speaks_partly = any(of.places[rule["size"]].part for rule in rules)
    expiry_decides = better and RANK[verdict] > RANK[ASK_FIRST]
    if RANK[final] < RANK[TIGHT] and not speaks_partly and not expiry_decides:
        out["counterfactuals"] = Search(figures, case, category).result()
    return out


def advise(figures: Figures, case: Json) -> Json:
    """The whole advice on a case, in the words of the worked cases."""
    out: Json = {
        "categories": {
            name: about(figures, case, index) for index, name in enumerate(figures.categories)
        }
    }
    if "channels" in case:
        out |= channels(world(figures, case), case["channels"])
    return out
