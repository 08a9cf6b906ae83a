"""What people type on a vacancy's page: their own view, and nothing about a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.models import Candidate
from mixwijzer.web.letting.reasons import IncomeClass, Priority
from mixwijzer.web.letting.selectors import Partner, QuestionView
from mixwijzer.web.letting.services import Entered, Weighed, groups_of, known_as, weigh
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.pulse.forms import RangesForm
from mixwijzer.web.ui.typed import SizedFile

__all__ = [
    "AnswerForm",
    "CandidateForm",
    "CorrectionForm",
    "ListForm",
    "ListedForm",
    "NoticeDaysForm",
    "NoticeForm",
    "Weighing",
    "weighing",
]

LARGEST_LIST = 10 * 2**20  # [bytes]
FAR = timedelta(days=731)  # a day further off than this is a slip of the pen


class AnswerForm(RangesForm):
    """Somebody's own view at a notice, of the households that stay."""

    def __init__(self, question: QuestionView, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(question.categories, question.households, data)

    @property
    def ranges(self) -> dict[str, tuple[int, int, int]]:
        """The ranges by category [households]."""
        told = {category: self.said(category) for category in self.categories}
        return {each: (it["low"], it["best"], it["high"]) for each, it in told.items()}


class CandidateForm(forms.Form):
    """What the letting rules ask of a candidate; no field could hold a name."""

    size = forms.IntegerField(min_value=1, max_value=20, label=_("How many persons?"))
    registered = forms.DateField(
        label=_("Registered since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    income_class = forms.ChoiceField(
        required=False,
        label=_("Income class"),
        choices=[("", _("not filled in yet")), *IncomeClass.choices],
    )
    priority = forms.ChoiceField(
        required=False, label=_("Priority"), choices=[("", _("none")), *Priority.choices]
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
        self.fields["partner"].choices = _registering(partners)  # type: ignore[attr-defined]

    def entered(self, partner: Organisation | None) -> Entered:
        """Return what was typed, of a candidate whom this partner registered, or nobody else."""
        told = {name: self.cleaned_data[name] for name in self.fields if name != "partner"}
        filled: dict[str, Any] = {name: told[name] if told[name] != "" else None for name in told}
        return Entered(**filled, partner=partner)


def _registering(partners: Sequence[Partner]) -> list[tuple[str, Any]]:
    """Return who can have registered a candidate: the association itself, or a partner."""
    return [("", _("our own association")), *((str(each.id), each.name) for each in partners)]


class CorrectionForm(CandidateForm):
    """What the letting rules ask of a candidate who is known; whose candidate it is stays."""

    def __init__(
        self, groups: Sequence[str], known: Candidate, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(_with(groups, known.target_group), (), data)
        del self.fields["partner"]
        self.initial = {name: getattr(known, name) for name in self.fields}


def _with(groups: Sequence[str], own: str | None) -> tuple[str, ...]:
    """Return the groups to choose from; one that somebody is of stays one of them."""
    return tuple(dict.fromkeys([*groups, *([own] if own else [])]))


class ListedForm(CandidateForm):
    """One row of a list; a cell that is empty leaves what is known of the candidate."""

    def __init__(
        self, groups: Sequence[str], row: Mapping[str, str], known: Candidate | None
    ) -> None:
        super().__init__(_with(groups, known.target_group if known else None), ())
        del self.fields["partner"]
        self.fields["reference"].required = True
        told = {**row, "reference": row["id"]}
        self.data = {name: self._cell(name, told.get(name, ""), known) for name in self.fields}
        self.is_bound = True

    def _cell(self, name: str, text: str, known: Candidate | None) -> object:
        """Return what a cell says: a choice by its code or its word."""
        field = self.fields[name]
        if not text:
            return getattr(known, name) if known else None
        if isinstance(field, forms.BooleanField):
            return text == "yes"
        if not isinstance(field, forms.ChoiceField):
            return text
        field.error_messages["invalid_choice"] = _("This is none of the words that can stand here.")
        choices: Any = field.choices
        words = {str(word).casefold(): code for code, word in choices}
        return words.get(text.casefold(), text)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What is wrong, by the name of the field; a value is never repeated."""
        return [
            (name, str(message)) for name, messages in self.errors.items() for message in messages
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A list beside what is known: what each row would do, and what is wrong in which.

    `wrong` has the place of a row, the name of its field and the message.
    """

    weighed: Sequence[Weighed]
    wrong: Sequence[tuple[int, str, str]]


def weighing(
    owner: Organisation, rows: Sequence[Mapping[str, str]], partner: Organisation | None
) -> Weighing:
    """Return what a list of one who registers would do, and what is wrong with it."""
    known = known_as(owner, [row["id"] for row in rows], partner)
    groups = groups_of(owner)
    filled = [ListedForm(groups, row, known.get(row["id"])) for row in rows]
    wrong = [(place, *each) for place, form in enumerate(filled, 1) for each in form.wrong]
    right = [form.entered(partner) for form in filled if form.is_valid()]
    return Weighing(weighed=weigh(owner, right), wrong=[*wrong, *_twice(rows)])


def _twice(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[int, str, str]]:
    """Name the rows with a number that stood before."""
    seen: set[str] = set()
    for place, row in enumerate(rows, 1):
        if row["id"] in seen:
            yield place, "reference", gettext("This number stood before in the list.")
        seen.add(row["id"])


class ListForm(forms.Form):
    """A list of candidates, and who registered them."""

    file = SizedFile(
        label=_("File"),
        help_text=_("CSV or Excel, a row for each candidate. No names: columns of them fall away."),
        error_messages={"empty": _("This file is empty. Make the extract again.")},
        most=LARGEST_LIST,
        too_large=_("This file is larger than 10 MB. A list of candidates is much smaller."),
    )
    partner = forms.ChoiceField(required=False, label=_("Registered by"))

    def __init__(self, partners: Sequence[Partner], *given: Any) -> None:
        super().__init__(*given)
        self.fields["partner"].choices = _registering(partners)  # type: ignore[attr-defined]


class NoticeDaysForm(forms.Form):
    """When a home comes free, and by when it is decided."""

    free_from = forms.DateField(
        label=_("Free from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    publication = forms.DateField(
        label=_("When does the advertisement go out?"),
        help_text=_("Leave empty where there is none. It is decided before this day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        today: date,
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for name in ("free_from", "publication"):
            self.fields[name].validators += [
                MinValueValidator(today - FAR),
                MaxValueValidator(today + FAR),
            ]


class NoticeForm(NoticeDaysForm):
    """Which home comes free, and when; nothing about who leaves."""

    address = forms.CharField(
        label=_("Address"), help_text=_("Street and number, as in your own files."), max_length=200
    )
    field_order = ("address", "free_from", "publication")
