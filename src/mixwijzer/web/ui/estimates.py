"""Three numbers that somebody gives of each category, lowest, likely, highest; and their fields.

One piece asks for them at a vacancy, in a round and at an example (`ui/estimates.html`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mixwijzer.web.ui.categories import category_name

__all__ = ["Estimate", "estimates"]

PARTS = ("low", "best", "high", "plus", "minus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Numbers about one category, with the names of their fields; plus and minus at a round."""

    category: str
    name: str
    meaning: str
    low: int | str = ""
    best: int | str = ""
    high: int | str = ""
    plus: int | str = ""
    minus: int | str = ""

    @property
    def low_name(self) -> str:
        """Field of the lowest number."""
        return f"{self.category}_low"

    @property
    def best_name(self) -> str:
        """Field of the likely number."""
        return f"{self.category}_best"

    @property
    def high_name(self) -> str:
        """Field of the highest number."""
        return f"{self.category}_high"

    @property
    def plus_name(self) -> str:
        """Field of who became so without a move."""
        return f"{self.category}_plus"

    @property
    def minus_name(self) -> str:
        """Field of who is so no longer, without a move."""
        return f"{self.category}_minus"


def estimates(
    categories: Sequence[str],
    typed: Mapping[str, str] | None = None,
    said: Mapping[str, object] | None = None,
) -> tuple[Estimate, ...]:
    """Return the fields per category: what was typed, else one's own words before (`low` …)."""
    meanings = {
        "attention": _("Needs somebody of us or a partner more than twice a year to live well."),
        "carrier": _("Takes something up for the building, or looks after others."),
    }

    def shown(category: str, part: str) -> int | str:
        given = (typed or {}).get(f"{category}_{part}")
        kept = getattr((said or {}).get(category), part, None)
        return given if given is not None else "" if kept is None else kept

    return tuple(
        Estimate(
            category=category,
            name=capfirst(category_name(category)),
            meaning=meanings.get(category, ""),
            **{part: shown(category, part) for part in PARTS},
        )
        for category in categories
    )
