"""What one fills in about people, roles and passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import ROLES_OF, OrganisationKind, Role

__all__ = ["InviteForm", "OrganisationForm", "PasswordForm", "RoleForm"]


class _InOrganisations(forms.Form):
    """Chooses a role in an organisation that this administrator looks after."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    role = forms.ChoiceField(label=_("Role"), choices=())
    end = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it open when there is no last day."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, organisations: tuple[Organisation, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {OrganisationKind(each.kind) for each in organisations}
        possible = {role for kind in kinds for role in ROLES_OF[kind]}
        self.fields["organisation"] = forms.ChoiceField(
            label=_("Organisation"),
            choices=[(str(each.public_id), each.name) for each in organisations],
        )
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"),
            choices=[
                ("", _("Choose a role")),
                *((r.value, r.label) for r in Role if r in possible),
            ],
        )


class InviteForm(_InOrganisations):
    """Invites somebody."""

    field_order = ("name", "email", "organisation", "role", "end")
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))


class RoleForm(_InOrganisations):
    """Gives a colleague a role."""

    use_required_attribute = True


class OrganisationForm(forms.Form):
    """Adds an organisation of the city."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[
            (each.value, each.label)
            for each in OrganisationKind
            if each is not OrganisationKind.ASSOCIATION
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "organisation_%s"  # another field called `name` stands beside it


class PasswordForm(forms.Form):
    """Chooses a password; any sign, pasting and a password manager are welcome."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 15 characters. A few words in a row are easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = User(email=email, name=name)

    def clean_password(self) -> str:
        """Refuse a short or well-known password, or one like the name."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self._person)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return password
