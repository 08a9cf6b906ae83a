"""What people type on a vacancy's page: their own view, and nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.letting.bridge import Known
from mixwijzer.web.letting.selectors import QuestionView

__all__ = ["AnswerForm"]

PARTS = ("low", "best", "high")


class AnswerForm(forms.Form):
    """Lowest, likely and highest number per category, of the households that stay."""

    known = forms.ChoiceField(
        choices=[
            (Known.ALL, _("nearly everybody")),
            (Known.MOST, _("most")),
            (Known.PART, _("a part")),
        ],
        label=_("How many of the households do you know?"),
    )

    def __init__(self, question: QuestionView, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.question = question
        for category in question.categories:
            for part in PARTS:
                self.fields[f"{category}_{part}"] = forms.IntegerField(
                    min_value=0, max_value=question.households
                )

    def clean(self) -> dict[str, Any]:
        """Refuse a range that isn't in order, and ranges that can't be true together."""
        cleaned = super().clean() or {}
        for category in self.question.categories:
            numbers = [cleaned.get(f"{category}_{part}") for part in PARTS]
            if None not in numbers and numbers != sorted(numbers, key=lambda each: each or 0):
                self.add_error(
                    f"{category}_best",
                    _("Put the numbers in order: lowest, likely, highest."),
                )
        return cleaned

    @property
    def ranges(self) -> dict[str, tuple[int, int, int]]:
        """The ranges by category [households]."""
        return {
            category: (
                self.cleaned_data[f"{category}_low"],
                self.cleaned_data[f"{category}_best"],
                self.cleaned_data[f"{category}_high"],
            )
            for category in self.question.categories
        }
