"""What people type on a vacancy's page: their own view, and nothing about a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.letting.bridge import Known
from mixwijzer.web.letting.selectors import Partner, QuestionView
from mixwijzer.web.profiles.words import group_word

__all__ = ["AnswerForm", "CandidateForm", "NoticeForm"]

PARTS = ("low", "best", "high")
FAR = timedelta(days=731)  # a day further off than this is a slip of the pen


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


class CandidateForm(forms.Form):
    """What the letting rules ask of a candidate; no field could hold a name."""

    size = forms.IntegerField(min_value=1, max_value=20, label=_("How many persons?"))
    registered = forms.DateField(
        label=_("Registered since"), widget=forms.DateInput(attrs={"type": "date"})
    )
    income_class = forms.ChoiceField(
        required=False,
        label=_("Income class"),
        choices=[
            ("", _("not filled in yet")),
            ("low", _("low")),
            ("target", _("under the income limit")),
            ("middle", _("middle")),
            ("high", _("higher")),
        ],
    )
    priority = forms.ChoiceField(
        required=False,
        label=_("Priority"),
        choices=[
            ("", _("none")),
            ("urgency", _("urgency")),
            ("renovation", _("has to move for works")),
            ("local_tie", _("tie to the place")),
        ],
    )
    target_group = forms.ChoiceField(required=False, label=_("Agreed group"))
    partner = forms.ChoiceField(required=False, label=_("Registered by"))
    accessible_needed = forms.BooleanField(
        required=False, label=_("A home without stairs is needed")
    )
    reference = forms.CharField(
        required=False,
        max_length=40,
        label=_("Number in the other file"),
        help_text=_("Digits, with letters and dashes if need be; never a name."),
        validators=[
            RegexValidator(
                r"^[A-Za-z]{0,4}[-/ ]?[0-9][0-9A-Za-z/-]*$",
                _("Fill in a number, such as D-2041; names do not belong here."),
            )
        ],
    )

    def __init__(
        self,
        groups: Sequence[str],
        partners: Sequence[Partner],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        nobody = ("", _("none"))
        words = [(each, group_word(each)) for each in groups]
        self.fields["target_group"].choices = [nobody, *words]  # type: ignore[attr-defined]
        self.fields["partner"].choices = [  # type: ignore[attr-defined]
            ("", _("our own association")),
            *((str(each.id), each.name) for each in partners),
        ]


class NoticeForm(forms.Form):
    """Which home comes free, and when; nothing about who leaves."""

    address = forms.CharField(
        label=_("Address"), help_text=_("Street and number, as in your own files."), max_length=200
    )
    free_from = forms.DateField(
        label=_("Free from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    publication = forms.DateField(
        label=_("When does the advertisement go out?"),
        help_text=_("Leave empty where there is none. It is decided before this day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, today: date, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for name in ("free_from", "publication"):
            self.fields[name].validators += [
                MinValueValidator(today - FAR),
                MaxValueValidator(today + FAR),
            ]
