"""Where is there room instead, as far as this reader may know?

A complex of which the reader's own view comes first is named without its verdict.
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
    """Another vacancy with room; without a verdict where the reader's own view comes first."""

    category: str
    vacancy: VacancyLine
    verdict: Verdict | None
    chance: float | None
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
        owner, case.portfolio.vacancy[case.vacancy], complex_id, without, case.day
    )
    if not found:
        return Places()
    codes = {each.vacancy for each in found}
    rows = Vacancy.objects.visible_to(user).filter(owner=owner, code__in=codes)
    lines = {each.code: each for each in vacancy_lines(user, rows)}
    secret = {vacancy for each in hidden_complexes(user).values() for vacancy in each}
    asked = {line.complex.id for line in lines.values() if line.id in secret}
    shown = tuple(
        each
        for each in found
        if each.vacancy in lines and lines[each.vacancy].complex.id not in asked
    )
    return Places(
        lines=tuple(
            _line(each, lines[each.vacancy], shown=each in shown)
            for each in found
            if each.vacancy in lines
        ),
        visible=shown,
        names={code: line.address for code, line in lines.items()},
        ids={code: line.id for code, line in lines.items()},
    )


def _line(each: Elsewhere, line: VacancyLine, *, shown: bool) -> AlternativeLine:
    return AlternativeLine(
        category=each.category,
        vacancy=line,
        verdict=each.verdict if shown else None,
        chance=each.chance if shown else None,
        distance=each.distance,
    )
