"""What people type on the desk's pages: what is needed, never about whom."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.desk.screens.places import ORDER
from mixwijzer.web.desk.selectors import Asked, Wanted, cleaned
from mixwijzer.web.letting.reasons import RequestOutcome
from mixwijzer.web.letting.selectors import Partner

__all__ = ["CloseForm", "RequestForm", "asked_of", "wanted_of"]

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
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )
    )


def _line(text: str) -> str:
    return "".join(each for each in text if each.isprintable()).strip()[:LONGEST]


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


class CloseForm(forms.Form):
    """How a request ended."""

    OUTCOMES = RequestOutcome.choices

    outcome = forms.ChoiceField(choices=RequestOutcome.choices)

    @property
    def result(self) -> RequestOutcome:
        """The outcome that was chosen."""
        return RequestOutcome(self.cleaned_data["outcome"])
