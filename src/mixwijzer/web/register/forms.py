"""What somebody types or chooses to bring data in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mixwijzer.exchange import mappings
from mixwijzer.web.register.screens import source_title

__all__ = ["RenumberForm", "StairwellForm", "UploadForm"]

MOST = 1024 * 2**20  # largest file [bytes]


class UploadForm(forms.Form):
    """One file, and the system it comes from."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx), CSV, a zip of CSV files, or a map as GeoJSON."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Make the extract again."),
        },
    )
    mapping = forms.ChoiceField(label=_("Where does it come from?"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        known = dict.fromkeys((*mappings.profiles(), *mappings.names()))
        self.fields["mapping"].choices = [  # type: ignore[attr-defined]
            ("", _("Mixwijzer's own template")),
            *((name, source_title(name)) for name in known if name != mappings.OWN.name),
        ]

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is larger than anything an association has."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST:
            raise forms.ValidationError(
                _("This file is larger than 1 GB. Leave out what isn't needed, or split it.")
            )
        return file


class RenumberForm(forms.Form):
    """What files call a complex from a day on."""

    ours = forms.CharField(max_length=120, label=_("Number here"))
    theirs = forms.CharField(max_length=120, label=_("New number in the files"))
    from_on = forms.DateField(
        label=_("From which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a new number that is the old one."""
        cleaned = super().clean() or {}
        if cleaned.get("ours") and cleaned.get("ours") == cleaned.get("theirs"):
            self.add_error("theirs", _("This is the number that the complex has already."))
        return cleaned


class StairwellForm(forms.Form):
    """How a proposal is made of house numbers."""

    size = forms.IntegerField(min_value=1, max_value=200, initial=8, label=_("Homes per stairwell"))
    apart = forms.BooleanField(
        required=False, initial=True, label=_("Odd and even numbers lie on two sides")
    )
