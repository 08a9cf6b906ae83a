"""Where is there room instead, as far as this reader may know?

A complex of which the reader's own view comes first isn't named at all: that it has room would be
its verdict.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from mixwijzer.web.accounts.models import Organisation, Visitor
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.bridge import Advice, Case, ChangeKind, Elsewhere, Verdict
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors.lines import VacancyLine, hidden_complexes, vacancy_lines
from mixwijzer.web.profiles.selectors import draft_names

__all__ = ["AlternativeLine", "Places", "places_with_room"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeLine:
    """Another vacancy with room."""

    category: str
    vacancy: VacancyLine
    verdict: Verdict
    chance: float
    distance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Alternatives, the visible ones by category in engine form, and their addresses and ids.

    `names` also tells of what place a draft profile is that would give room.
    """

    lines: tuple[AlternativeLine, ...] = ()
    visible: tuple[Elsewhere, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, uuid.UUID] = field(default_factory=dict)


def places_with_room(user: Visitor, owner: Organisation, complex_id: int, case: Case) -> Places:
    """Look for room for the categories that have none in this case."""
    advice: Advice = case.at_once
    without = [each.category for each in advice.categories if each.verdict < Verdict.TIGHT]
    found = bridge.elsewhere(
        owner,
        case.portfolio.vacancy[case.vacancy],
        complex_id,
        without,
        case.day,
        apart_from=set(hidden_complexes(user)),
    )
    drafts = draft_names(user, _drafts(advice))
    if not found:
        return Places(names=drafts)
    codes = {each.vacancy for each in found}
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, code__in=codes)
    lines = {each.code: each for each in vacancy_lines(user, rows)}
    shown = tuple(each for each in found if each.vacancy in lines)
    return Places(
        lines=tuple(_line(each, lines[each.vacancy]) for each in shown),
        visible=shown,
        names={**drafts, **{code: line.address for code, line in lines.items()}},
        ids={code: line.id for code, line in lines.items()},
    )


def _drafts(advice: Advice) -> frozenset[str]:
    """Return the draft profiles that would change something."""
    changes = (
        change for each in advice.categories for flip in each.flips for change in flip.changes
    )
    return frozenset(each.rule for each in changes if each.kind is ChangeKind.DRAFT)


def _line(each: Elsewhere, line: VacancyLine) -> AlternativeLine:
    return AlternativeLine(
        category=each.category,
        vacancy=line,
        verdict=each.verdict,
        chance=each.chance,
        distance=each.distance,
    )
