"""What one looks for in the log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.audit.selectors import Asked

__all__ = ["LogForm"]


class LogForm(forms.Form):
    """Filters of the log; all may stay empty."""

    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("What was done")), ("reads", _("Who looked at what"))],
    )
    person = forms.ChoiceField(label=_("Person"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    thing = forms.UUIDField(
        label=_("Thing"), required=False, help_text=_("The id as it stands in the address.")
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(
        self,
        people: Sequence[tuple[uuid.UUID, str]],
        actions: Sequence[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", _("Everybody")), *((str(key), name) for key, name in people)]
        self.fields["person"] = forms.ChoiceField(
            label=_("Person"), required=False, choices=everybody
        )
        self.fields["action"] = forms.ChoiceField(
            label=_("Action"), required=False, choices=[("", _("Every action")), *actions]
        )

    @property
    def asked(self) -> Asked:
        """Return what was asked; of a filter that is not right nothing is left out."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        person = given.get("person")
        return Asked(
            reads=given.get("kind") == "reads",
            person=uuid.UUID(person) if person else None,
            action=given.get("action") or "",
            thing=given.get("thing"),
            since=given.get("since"),
            until=given.get("until"),
        )
