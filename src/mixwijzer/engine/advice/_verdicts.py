"""The verdict for one category, why, and what would flip it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice._flips import Blocked, Flip, flips
from mixwijzer.engine.advice._portfolio import situation_of
from mixwijzer.engine.advice._rules import Rule, binding, reasons, rules, verdict
from mixwijzer.engine.advice._situation import Situation
from mixwijzer.engine.portfolio import Vacancy
from mixwijzer.engine.reasons import Modifier, Reason, ReasonKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAdvice:
    """The verdict for one category, why, and what would change it.

    Parameters
    ----------
    category, verdict
        For whom; the worst rule that speaks, or less where expired labels made it better.
    reasons, rules, binding
        Why; every ceiling that speaks; the one that binds, None where none speaks.
    better_by_expiry
        Whether expired labels improved it (level *huishouden*).
    flips, blocked
        Least changes that give room, fewest first; kinds of change that work nowhere.
    """

    category: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    binding: Rule | None
    better_by_expiry: bool = False
    flips: tuple[Flip, ...] = ()
    blocked: tuple[Blocked, ...] = ()


def judge(
    situation: Situation, category: str, drafts: Mapping[str, Situation] | None = None
) -> CategoryAdvice:
    """Return the advice for one category in a situation; flips only where there is no room yet."""
    spoken = rules(situation, category)
    overall = verdict(situation, spoken)
    told = reasons(situation, category, spoken, overall)
    better = _better_by_expiry(situation, category, overall)
    if better:
        overall = min(overall, Verdict.ASK_FIRST)
        expired = Reason(kind=ReasonKind.EXPIRED_LABELS, category=category, verdict=overall)
        told = (expired, *(each for each in told if each.verdict is overall))
    found: tuple[Flip, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    partly = any(Modifier.KNOWN_PART in rule.modifiers for rule in spoken)
    decided = better and verdict(situation, spoken) > Verdict.ASK_FIRST
    if spoken and overall < Verdict.TIGHT and not partly and not decided:
        found, blocked = flips(situation, category, drafts or {})
    return CategoryAdvice(
        category=category,
        verdict=overall,
        reasons=told,
        rules=spoken,
        binding=binding(situation, spoken),
        better_by_expiry=better,
        flips=found,
        blocked=blocked,
    )


def _better_by_expiry(situation: Situation, category: str, overall: Verdict) -> bool:
    """Whether the verdict is better than with the expired labels as if valid (§3b.21)."""
    valid = situation.outlook.as_if_valid if situation.outlook else None
    if valid is None:
        return False
    as_if = situation.with_inner(valid)
    return overall > verdict(as_if, rules(as_if, category))


def verdict_only(accounts: Accounts, vacancy: Vacancy, category: str, day: date) -> CategoryAdvice:
    """Return verdict and binding rule only, without looking for what would flip it."""
    return verdict_in(situation_of(accounts, vacancy, day), category)


def verdict_in(situation: Situation, category: str) -> CategoryAdvice:
    """Return verdict and binding rule of one category in a situation."""
    spoken = rules(situation, category)
    overall = verdict(situation, spoken)
    if _better_by_expiry(situation, category, overall):
        overall = min(overall, Verdict.ASK_FIRST)
    return CategoryAdvice(
        category=category,
        verdict=overall,
        reasons=(),
        rules=spoken,
        binding=binding(situation, spoken),
    )
