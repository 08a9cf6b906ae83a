"""What people type about an agreement: its heading, its clauses, and a few words with a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.roles import OrganisationKind
from mixwijzer.web.agreements.content import Clause, Heading
from mixwijzer.web.agreements.words import GROUNDS, Answers, Carry, ClauseKind, Period, Unit
from mixwijzer.web.profiles.words import group_word

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["ClauseForm", "HeadingForm", "SignForm", "TextForm"]

NOBODY = ("", "–")
MOST = 99_999  # households or persons of one clause


def _day(label: StrOrPromise, hint: StrOrPromise = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _text(label: StrOrPromise, hint: StrOrPromise = "", *, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TextForm(forms.Form):
    """A short text that goes with a step."""

    text = _text(gettext_lazy("In a few sentences"), longest=2_000)


class SignForm(forms.Form):
    """When it was signed, and how a party agreed that didn't say so here."""

    signed_on = _day(gettext_lazy("On which day was it signed?"))
    text = _text(gettext_lazy("How did they agree who did not answer here?"), longest=2_000)


class HeadingForm(forms.Form):
    """What an agreement is about, with whom, and for how long."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = _text(gettext_lazy("What is it about, in a few sentences?"), longest=2_000)
    start = _day(gettext_lazy("First day"))
    last = _day(gettext_lazy("Last day"))
    municipality = forms.ChoiceField(label=gettext_lazy("With which municipality?"), required=False)
    tenants = forms.ChoiceField(
        label=gettext_lazy("With which tenants' organisation?"), required=False
    )
    others = forms.CharField(
        label=gettext_lazy("Who else takes part?"),
        help_text=gettext_lazy("Organisations, no names of people."),
        required=False,
        max_length=300,
    )

    def __init__(
        self,
        parties: Sequence[Organisation],
        heading: Heading | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        fixed: bool = False,
    ) -> None:
        super().__init__(data, initial=_initial(heading) if heading else None)
        kinds = {
            "municipality": OrganisationKind.MUNICIPALITY,
            "tenants": OrganisationKind.TENANTS,
        }
        for name, kind in kinds.items():
            mine = [(str(each.pk), each.name) for each in parties if each.kind == kind]
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (as declared above)
            field.choices = [NOBODY, *mine]
        self.kept = heading if fixed else None
        for name in ("start", "last") if fixed else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        start, last = cleaned.get("start"), cleaned.get("last")
        if start and last and last < start:
            self.add_error("last", _("Choose a last day after the first one."))
        return cleaned

    @property
    def heading(self) -> Heading:
        """What was typed."""
        given = self.cleaned_data
        period = self.kept or Heading(
            title="",
            text="",
            start=given.get("start"),  # type: ignore[arg-type] # valid: required
            end=given["last"] + timedelta(days=1) if "last" in given else None,  # type: ignore[arg-type]
        )
        return Heading(
            title=given["title"],
            text=given["text"],
            start=period.start,
            end=period.end,
            municipality=int(given["municipality"]) if given["municipality"] else None,
            tenants=int(given["tenants"]) if given["tenants"] else None,
            others=given["others"],
        )


def _initial(heading: Heading) -> dict[str, Any]:
    return {**asdict(heading), "last": heading.end - timedelta(days=1)}


class ClauseForm(forms.Form):
    """One clause; which fields count depends on its kind, and the rest is left as it is."""

    words = _text(
        gettext_lazy("The clause, in its own words"),
        gettext_lazy("As it stands in the agreement. Nothing about a person."),
        longest=1_000,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=ClauseKind.choices)
    group = forms.ChoiceField(label=gettext_lazy("Which group?"), required=False)
    households = forms.IntegerField(
        label=gettext_lazy("How many households?"), required=False, min_value=0, max_value=MOST
    )
    persons = forms.IntegerField(
        label=gettext_lazy("How many persons?"), required=False, min_value=0, max_value=MOST
    )
    unit = forms.ChoiceField(label=gettext_lazy("Which of the two counts?"), choices=Unit.choices)
    carried = forms.IntegerField(
        label=gettext_lazy("On top from before, as the agreement says it"),
        required=False,
        min_value=-MOST,
        max_value=MOST,
    )
    period = forms.ChoiceField(label=gettext_lazy("Over what time?"), choices=Period.choices)
    carry = forms.ChoiceField(
        label=gettext_lazy("What goes along when a period is over?"), choices=Carry.choices
    )
    code = forms.RegexField(
        label=gettext_lazy("Number in your own files, if there is one"),
        regex=r"^[\w./-]*$",
        required=False,
        max_length=40,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Which ground?"), required=False, choices=[NOBODY, *GROUNDS.items()]
    )
    ends = _day(gettext_lazy("First day without it"), required=False)
    why = _text(gettext_lazy("Why, in a few sentences?"), longest=1_000)

    answers = forms.ChoiceField(
        label=gettext_lazy("Does the municipality answer in the week round?"),
        help_text=gettext_lazy("About each home that goes to this group, or on this ground."),
        choices=Answers.choices,
        required=False,
    )

    OBLIGATION = (
        *("group", "households", "persons", "unit", "carried", "period", "carry", "code"),
        "answers",
    )
    GROUND = ("ground", "ends", "why", "answers")

    def __init__(
        self,
        groups: Sequence[str],
        clause: Clause | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=asdict(clause) if clause else {"carry": Carry.SHORT})
        self.number = clause.number if clause else 0
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (as declared above)
        field.choices = [NOBODY, *((each, group_word(each)) for each in groups)]

    @property
    def clause(self) -> Clause:
        """What was typed, without what its kind doesn't have."""
        given = dict(self.cleaned_data)
        kind = given["kind"]
        found = Clause(number=self.number, kind=kind, words=given["words"])
        if kind == ClauseKind.OBLIGATION:
            given["carried"] = given["carried"] or 0
            return replace(found, **{name: given[name] for name in self.OBLIGATION})
        if kind in {ClauseKind.GROUND, ClauseKind.EXPERIMENT}:
            return replace(found, **{name: given[name] for name in self.GROUND})
        return found
