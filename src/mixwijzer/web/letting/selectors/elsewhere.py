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
from mixwijzer.web.letting.bridge import Advice, Case, Elsewhere, Verdict
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors.lines import VacancyLine, hidden_complexes, vacancy_lines

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
    """Alternatives, the visible ones by category in engine form, and their addresses and ids."""

    lines: tuple[AlternativeLine, ...] = ()
    visible: tuple[Elsewhere, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, uuid.UUID] = field(default_factory=dict)


def places_with_room(user: Visitor, owner: Organisation, complex_id: int, case: Case) -> Places:
    """Look for room for the categories that have none in this case."""
    advice: Advice = case.advice
    without = [each.category for each in advice.categories if each.verdict < Verdict.TIGHT]
    found = bridge.elsewhere(
        owner,
        case.portfolio.vacancy[case.vacancy],
        complex_id,
        without,
        case.day,
        apart_from=set(hidden_complexes(user)),
    )
    if not found:
        return Places()
    codes = {each.vacancy for each in found}
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, code__in=codes)
    lines = {each.code: each for each in vacancy_lines(user, rows)}
    shown = tuple(each for each in found if each.vacancy in lines)
    return Places(
        lines=tuple(_line(each, lines[each.vacancy]) for each in shown),
        visible=shown,
        names={code: line.address for code, line in lines.items()},
        ids={code: line.id for code, line in lines.items()},
    )


def _line(each: Elsewhere, line: VacancyLine) -> AlternativeLine:
    return AlternativeLine(
        category=each.category,
        vacancy=line,
        verdict=each.verdict,
        chance=each.chance,
        distance=each.distance,
    )
