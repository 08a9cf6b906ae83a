"""What people type in a round: the plan, and their own view; nothing about a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.pulse.bridge import Known, Said

__all__ = ["PlanForm", "RangesForm", "ViewForm"]

PARTS = ("low", "best", "high")


class RangesForm(forms.Form):
    """Lowest, likely and highest number per category of the households that live in a place."""

    known = forms.ChoiceField(
        choices=[
            (Known.ALL, _("nearly everybody")),
            (Known.MOST, _("most")),
            (Known.PART, _("a part")),
        ],
        label=_("How many of the households do you know?"),
        error_messages={"required": _("Choose how many of the households you know.")},
    )
    optional: tuple[str, ...] = ()  # what may be left out of a category

    def __init__(
        self, categories: Sequence[str], households: int, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.categories, self.households = categories, households
        for category in categories:
            for part in (*PARTS, *self.optional):
                self.fields[f"{category}_{part}"] = forms.IntegerField(
                    min_value=0,
                    max_value=households,
                    required=part in PARTS,
                    error_messages=self._wordings(),
                )

    def _wordings(self) -> dict[str, Any]:
        most = _("There live %(homes)d households here: fill in at most that number.")
        return {
            "required": _("Fill in all three numbers: at least, likely, at most."),
            "invalid": _("Fill in a whole number, for instance 4."),
            "min_value": _("Fill in 0 or more."),
            "max_value": most % {"homes": self.households},
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a range that isn't in order, and ranges that can't be true together."""
        cleaned = super().clean() or {}
        for category in self.categories:
            numbers = [cleaned.get(f"{category}_{part}") for part in PARTS]
            if None not in numbers and numbers != sorted(numbers, key=lambda each: each or 0):
                self.add_error(
                    f"{category}_best", _("Put the numbers in order: at least, likely, at most.")
                )
        likely = sum(cleaned.get(f"{category}_best") or 0 for category in self.categories)
        if likely > self.households:
            self.add_error(
                f"{self.categories[0]}_best",
                _("Together these are %(sum)d households, and %(homes)d live here.")
                % {"sum": likely, "homes": self.households},
            )
        return cleaned

    def said(self, category: str) -> dict[str, Any]:
        """Return what was filled in of a category, by part [households]."""
        return {part: self.cleaned_data[f"{category}_{part}"] for part in (*PARTS, *self.optional)}


class ViewForm(RangesForm):
    """Somebody's own view in a round; what came and went may be left out."""

    optional = ("plus", "minus")

    @property
    def ranges(self) -> dict[str, Said]:
        """The ranges by category [households]."""
        return {category: Said(**self.said(category)) for category in self.categories}


class PlanForm(forms.Form):
    """A name, the weeks, and the complexes."""

    name = forms.CharField(
        max_length=120,
        label=_("Name of the round"),
        error_messages={"required": _("Give the round a name, for instance the year.")},
    )
    start = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Fill in the first day."), "invalid": _("Fill in a date.")},
    )
    until = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Fill in the last day."), "invalid": _("Fill in a date.")},
    )
    by_group = forms.BooleanField(required=False)

    def __init__(
        self,
        known: Sequence[uuid.UUID],
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.known = {str(each) for each in known}
        chosen = data.getlist("complex") if data is not None else []
        self.chosen = [each for each in chosen if each in self.known]

    def clean(self) -> dict[str, Any]:
        """Refuse a round that ends before it begins, or that asks about nothing."""
        cleaned = super().clean() or {}
        start: date | None = cleaned.get("start")
        until: date | None = cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", _("The last day comes before the first day."))
        if not self.chosen:
            self.add_error(None, _("Choose at least one complex."))
        return cleaned

    @property
    def complexes(self) -> list[uuid.UUID]:
        """The complexes that were chosen."""
        return [uuid.UUID(each) for each in self.chosen]
