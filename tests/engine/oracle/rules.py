"""What each ceiling says about a world of nested scopes, and which verdict follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.engine.oracle.accounts import (
    Chances,
    Figures,
    Json,
    Mix,
    account,
    count_law,
    filtered,
    quantile,
    ranges,
    size,
)

NO_ROOM, ASK_FIRST, TIGHT, ROOM = "no room", "ask first", "tight", "room"
RANK = {NO_ROOM: 0, ASK_FIRST: 1, TIGHT: 2, ROOM: 3}


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
