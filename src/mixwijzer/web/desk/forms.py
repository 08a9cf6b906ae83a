"""What people type on the desk's pages: what is needed, never about whom."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.desk.selectors import Asked, Wanted, cleaned
from mixwijzer.web.letting.reasons import RequestOutcome
from mixwijzer.web.letting.selectors import Offer, Partner
from mixwijzer.web.letting.services import refused_part
from mixwijzer.web.ui.categories import ORDER
from mixwijzer.web.ui.typed import line, whole

__all__ = [
    "CloseForm",
    "ReasonsForm",
    "RequestForm",
    "WordsForm",
    "asked_of",
    "wanted_of",
]

ROOMS = ("1", "2", "3", "4", "5")
MOST = 20  # households of more persons are not asked for by telephone [persons]
CODES = 50  # neighbourhoods that one question can leave out
LONGEST = 120  # longest code of an area [characters]


def asked_of(data: QueryDict) -> Asked | None:
    """Read a question from an address or a form; without a number of rooms there is none."""
    rooms = data.get("rooms", "")
    if rooms not in ROOMS:
        return None
    kind = data.get("kind", "")
    without = [each for each in data.getlist("not")[:CODES] if each.isprintable()]
    return Asked(
        rooms=int(rooms),
        level=data.get("level") == "1",
        category=kind if kind in ORDER else ORDER[0],
        without=frozenset(each for each in without if 0 < len(each) <= LONGEST),
    )


def wanted_of(data: QueryDict) -> Wanted:
    """Read from an address which complexes are looked for; what does not exist is left out."""
    page = data.get("page", "")
    return cleaned(
        Wanted(
            text=_line(data.get("q", "")),
            area=_line(data.get("area", "")),
            mine=data.get("mine") == "1",
            magic_mix=data.get("mix") == "1",
            room=data.get("room", ""),
            sort=data.get("sort", "").removeprefix("-"),
            descending=data.get("sort", "").startswith("-"),
            page=whole(page, most=5, otherwise=1),
        )
    )


def _line(text: str) -> str:
    return line(text)[:LONGEST]


class RequestForm(forms.Form):
    """What was asked becomes a request; it asks for a number of persons and on whose behalf."""

    rooms = forms.ChoiceField(choices=[(each, each) for each in ROOMS], widget=forms.HiddenInput)
    level = forms.ChoiceField(choices=[("0", "0"), ("1", "1")], widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[(each, each) for each in ORDER], widget=forms.HiddenInput)
    persons = forms.IntegerField(
        min_value=1, max_value=MOST, label=_("For how many persons?"), initial=1
    )
    partner = forms.ChoiceField(required=False, label=_("On behalf of"))

    def __init__(self, partners: Sequence[Partner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = ("", _("Our own association"))
        self.fields["partner"].choices = [  # type: ignore[attr-defined]
            nobody,
            *((str(each.id), each.name) for each in partners),
        ]

    @property
    def request(self) -> dict[str, Any]:
        """What the service is told."""
        told = self.cleaned_data
        return {
            "persons": told["persons"],
            "rooms": int(told["rooms"]),
            "level": told["level"] == "1",
            "category": told["kind"],
            "partner": uuid.UUID(told["partner"]) if told["partner"] else None,
        }


class WordsForm(forms.Form):
    """An organisation's own words for the three kinds, and the texts of its public page."""

    SHORT = tuple(f"word.{kind}" for kind in ORDER)
    LONG = ("public.complaint", "public.contact")

    def __init__(
        self, texts: Mapping[str, Mapping[str, str]], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        labels = {
            "word.attention": _("Own word for “some extra attention”"),
            "word.carrier": _("Own word for “active neighbours”"),
            "word.regular": _("Own word for “all other neighbours”"),
            "public.complaint": _("Public page: who disagrees"),
            "public.contact": _("Public page: where people can reach you"),
        }
        languages = {"nl": _("Dutch"), "en": _("English")}
        for key in (*self.SHORT, *self.LONG):
            for code, language in languages.items():
                long = key in self.LONG
                self.fields[f"{key}.{code}"] = forms.CharField(
                    required=False,
                    max_length=1000 if long else 40,
                    label=format_lazy("{} ({})", labels[key], language),
                    widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
                    initial=texts.get(key, {}).get(code, ""),
                    validators=[_no_refused_word],
                )

    @property
    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts by key, each in Dutch and English."""
        told = self.cleaned_data
        return {
            key: (told[f"{key}.nl"].strip(), told[f"{key}.en"].strip())
            for key in (*self.SHORT, *self.LONG)
        }


def _no_refused_word(text: str) -> None:
    part = refused_part(text)
    if part:
        raise forms.ValidationError(
            _(
                "“%(word)s” can't be used here: it says something about people, or makes some less"
                " than others. Choose a word for what you do, such as “some extra attention”."
            ),
            params={"word": part},
        )


class ReasonsForm(forms.Form):
    """Which reasons of a closed list are offered, and in which order."""

    def __init__(self, offers: Sequence[Offer], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.offers = offers
        for place, offer in enumerate(offers, 1):
            self.fields[f"on.{offer.code}"] = forms.BooleanField(required=False)
            self.fields[f"place.{offer.code}"] = forms.IntegerField(
                min_value=1, max_value=99, initial=place
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a list from which nothing could be chosen."""
        told = super().clean() or {}
        if not any(told.get(f"on.{each.code}") for each in self.offers):
            self.add_error(None, _("Leave at least one reason: a decision can't do without."))
        return told

    @property
    def reasons(self) -> list[tuple[str, bool]]:
        """The codes in their new order, and whether each is offered."""
        told = self.cleaned_data
        order = sorted(self.offers, key=lambda each: told[f"place.{each.code}"])
        return [(each.code, bool(told[f"on.{each.code}"])) for each in order]


class CloseForm(forms.Form):
    """How a request ended."""

    OUTCOMES = RequestOutcome.choices

    outcome = forms.ChoiceField(choices=RequestOutcome.choices)

    @property
    def result(self) -> RequestOutcome:
        """The outcome that was chosen."""
        return RequestOutcome(self.cleaned_data["outcome"])
