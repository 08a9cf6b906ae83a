"""How somebody says how he wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.mail.models import Kind, When
from mixwijzer.web.mail.selectors import Wanted
from mixwijzer.web.ui.components import Option

__all__ = ["WishForm"]

OFFERED: Mapping[Kind, tuple[When, ...]] = {
    kind: tuple(When) if kind is not Kind.LATE else (When.DAILY, When.NEVER) for kind in Kind
}
"""What can be chosen: nothing happens at the moment that work becomes late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLine:
    """One choice among chips."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str
    error: str


class WishForm(forms.Form):
    """One choice for each kind of step, and the language."""

    def __init__(self, wanted: Wanted, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for kind, ways in OFFERED.items():
            self.fields[kind] = forms.ChoiceField(
                label=kind.label,
                choices=[(each.value, each.label) for each in ways],
                initial=wanted.when[kind],
            )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the mail"), choices=settings.LANGUAGES, initial=wanted.language
        )

    @property
    def lines(self) -> tuple[WishLine, ...]:
        """Every choice, as its page draws it."""
        return tuple(
            WishLine(
                name=name,
                label=capfirst(str(field.label)),
                options=tuple(
                    Option(value=value, label=label) for value, label in cast("Any", field).choices
                ),
                chosen=str(self[name].value()),
                error=" ".join(map(str, self.errors.get(name, ()))),
            )
            for name, field in self.fields.items()
        )

    @property
    def when(self) -> Mapping[Kind, When]:
        """What was chosen for each kind."""
        return {kind: When(self.cleaned_data[kind]) for kind in OFFERED}
