"""From a situation to verdicts: what each ceiling says, and which one binds."""

from __future__ import annotations

from dataclasses import dataclass

from mixwijzer.engine.account import Spread
from mixwijzer.engine.advice._situation import Grid, Limit, Ring, Situation
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import Scope
from mixwijzer.engine.reasons import Modifier, Reason, ReasonKind, RuleKind, Verdict

_DIGITS = 6  # chances are rounded to 1e-6, half to even, before every comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One ceiling that speaks about a category in a scope, and what it says.

    Parameters
    ----------
    id, kind, norm
        `<scope>:<category>:band` or the cap's id; band or cap; the row that sets the limit.
    scope, category, base, limit
        Where, about whom, of how many [dwellings], at most how many [households].
    chance, chance_next
        P(count + 1 ≤ limit) and P(count + 2 ≤ limit), rounded to 1e-6.
    verdict, modifiers
        What it says, and what changed that after the comparison with the thresholds.
    count
        Households of the category before the new one.
    headroom, headroom_likely, headroom_wide
        limit − median, and its likely and wide range [households]; it fits where ≥ 1.
    robust
        Same verdict whether none or all unknowns are of the category; None at level *oordeel*.
    """

    id: str
    kind: RuleKind
    norm: str
    scope: Scope
    category: str
    base: int
    limit: int
    chance: float
    chance_next: float
    verdict: Verdict
    modifiers: tuple[Modifier, ...]
    count: Spread
    headroom: int
    headroom_likely: tuple[int, int]
    headroom_wide: tuple[int, int]
    robust: bool | None = None


def rules(situation: Situation, category: str) -> tuple[Rule, ...]:
    """Return every ceiling that speaks about a category, smallest scope first."""
    return tuple(
        _rule(situation, position, limit)
        for position, ring in enumerate(situation.rings)
        for limit in ring.limits
        if limit.category == category and limit.high is not None
    )


def verdict(situation: Situation, spoken: tuple[Rule, ...]) -> Verdict:
    """Return the worst verdict of the rules; without any, room, and without profile ask first."""
    if not situation.profiled:
        return Verdict.ASK_FIRST
    return min((rule.verdict for rule in spoken), default=Verdict.ROOM)


def reached(situation: Situation, category: str) -> Verdict:
    """Return the verdict without the rules' other figures: what a search asks again.

    Only where a rule speaks; a search starts nowhere else.
    """
    said = (
        _said(situation, ring, limit, *_chances(situation.pmf(position, category), limit))[0]
        for position, ring in enumerate(situation.rings)
        for limit in ring.limits
        if limit.category == category and limit.high is not None
    )
    return min(said, default=Verdict.ROOM)


def binding(situation: Situation, spoken: tuple[Rule, ...]) -> Rule | None:
    """Return the rule that binds (ENGINE §3b.22), None where none speaks."""
    sizes = {ring.scope: position for position, ring in enumerate(situation.rings)}
    return min(
        spoken,
        key=lambda rule: (
            rule.verdict,
            rule.chance,
            rule.headroom,
            sizes[rule.scope],
            rule.kind is RuleKind.BAND,
            rule.id,
        ),
        default=None,
    )


def reasons(
    situation: Situation, category: str, spoken: tuple[Rule, ...], overall: Verdict
) -> tuple[Reason, ...]:
    """Return the reasons: every rule that alone gives the verdict, or what stands in for rules."""
    if not situation.profiled:
        return (Reason(kind=ReasonKind.NO_PROFILE, category=category, verdict=Verdict.ASK_FIRST),)
    if not spoken:
        return (Reason(kind=ReasonKind.NO_NORM, category=category, verdict=Verdict.ROOM),)
    return tuple(
        Reason(
            kind=ReasonKind.RULE,
            category=category,
            verdict=rule.verdict,
            scope=rule.scope.code,
            rule=rule.id,
            norm=rule.norm,
        )
        for rule in spoken
        if rule.verdict is overall
    )


def _rule(situation: Situation, position: int, limit: Limit) -> Rule:
    ring = situation.rings[position]
    pmf = situation.pmf(position, limit.category)
    high = limit.high or 0
    chance, following = _chances(pmf, limit)
    count = Spread.of(pmf)
    said, modifiers = _said(situation, ring, limit, chance, following)
    return Rule(
        id=limit.id,
        kind=RuleKind.CAP if limit.cap else RuleKind.BAND,
        norm=limit.norm,
        scope=ring.scope,
        category=limit.category,
        base=ring.base,
        limit=high,
        chance=chance,
        chance_next=following,
        verdict=said,
        modifiers=modifiers,
        count=count,
        headroom=high - count.median,
        headroom_likely=(high - count.likely[1], high - count.likely[0]),
        headroom_wide=(high - count.wide[1], high - count.wide[0]),
        robust=_robust(situation, position, limit),
    )


def _chances(pmf: Grid, limit: Limit) -> tuple[float, float]:
    """Return P(count + 1 ≤ limit) and P(count + 2 ≤ limit), rounded."""
    high = limit.high or 0
    one, two = pmf[: max(high, 0)].sum(), pmf[: max(high - 1, 0)].sum()
    return round(float(one), _DIGITS), round(float(two), _DIGITS)


def _compared(chance: float, following: float, assumptions: Assumptions) -> Verdict:
    if chance <= assumptions.no_room_at:
        return Verdict.NO_ROOM
    if chance < assumptions.room_from:
        return Verdict.ASK_FIRST
    return Verdict.TIGHT if following < assumptions.room_from else Verdict.ROOM


def _said(
    situation: Situation, ring: Ring, limit: Limit, chance: float, following: float
) -> tuple[Verdict, tuple[Modifier, ...]]:
    """Apply the modifiers in order: like-for-like, fill-up, ordinary category, known a part."""
    said = _compared(chance, following, situation.assumptions)
    modifiers: list[Modifier] = []
    refused = said < Verdict.TIGHT and not limit.cap
    if refused and situation.leaver == limit.category:
        said = Verdict.TIGHT
        modifiers.append(Modifier.LIKE_FOR_LIKE)
    if said is Verdict.NO_ROOM and ring.fill_up and not limit.cap:
        said = Verdict.ASK_FIRST
        modifiers.append(Modifier.FILL_UP)
    if said is Verdict.NO_ROOM and limit.category == situation.scheme.ordinary:
        said = Verdict.ASK_FIRST
        modifiers.append(Modifier.ORDINARY)
    if ring.known_part:
        said = Verdict.ASK_FIRST
        modifiers.append(Modifier.KNOWN_PART)
    return said, tuple(modifiers)


def _robust(situation: Situation, position: int, limit: Limit) -> bool | None:
    """Compare the verdicts with no and with all unknowns of the category (roles, labels only)."""
    if situation.outlook is None or limit.high is None or position != situation.at:
        return None
    bounds = situation.outlook.bounds(limit.category)
    if bounds is None:
        return None
    ends = {
        _compared(
            float(count + 1 <= limit.high), float(count + 2 <= limit.high), situation.assumptions
        )
        for count in bounds
    }
    return len(ends) == 1
