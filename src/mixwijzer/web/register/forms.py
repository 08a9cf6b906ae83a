"""What somebody types or chooses to bring data in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mixwijzer.exchange import mappings
from mixwijzer.web.register.screens import source_title
from mixwijzer.web.register.services import SUFFIXES
from mixwijzer.web.ui.typed import SizedFile

__all__ = ["AS_BEFORE", "MappingForm", "RenumberForm", "StairwellForm", "UploadForm"]

MOST = 1024 * 2**20  # largest file [bytes]
MOST_MAPPING = 2**20  # largest mapping file [bytes]
AS_BEFORE = "as-before"


class UploadForm(forms.Form):
    """One file, and the system it comes from."""

    file = SizedFile(
        label=_("File"),
        help_text=_("Excel (.xlsx), CSV, a zip of CSV files, or a map as GeoJSON."),
        error_messages={"empty": _("This file is empty. Make the extract again.")},
        most=MOST,
        too_large=_("This file is larger than 1 GB. Leave out what isn't needed, or split it."),
    )
    mapping = forms.ChoiceField(label=_("Where does it come from?"), required=False)

    def __init__(
        self, *given: Any, own: Sequence[tuple[str, str]], before: bool, **named: Any
    ) -> None:
        """Offer the association's `own` mappings too, and what was chosen `before`, if anything."""
        super().__init__(*given, **named)
        known = dict.fromkeys((*mappings.profiles(), *mappings.names()))
        remembered = [(AS_BEFORE, _("As the last time for a file of this name"))] if before else []
        self.fields["mapping"].choices = [  # type: ignore[attr-defined]
            *remembered,
            ("", _("Mixwijzer's own template")),
            *own,
            *((name, source_title(name)) for name in known if name != mappings.OWN.name),
        ]


class MappingForm(forms.Form):
    """A mapping file of one's own."""

    file = SizedFile(
        label=_("Mapping file"),
        help_text=_("YAML. A file of the same name replaces the one that is kept."),
        error_messages={"empty": _("This file is empty. Begin with one of those beside this.")},
        most=MOST_MAPPING,
        too_large=_("This file is larger than 1 MB. A mapping names columns; leave the data out."),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is no mapping by its name."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(SUFFIXES):
            raise forms.ValidationError(
                _("This is no mapping file: its name ends with .yaml. Download one and change it.")
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
