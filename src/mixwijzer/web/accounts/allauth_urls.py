"""Addresses that allauth knows by these names; only the pages that are used here."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from mixwijzer.web.accounts.views import entrance

PROVIDER = {"provider_id": "organisation"}  # of config.settings; the only one

urlpatterns = [
    path("log-in/", account.login, name="account_login"),
    path("log-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("log-in/closed/", account.account_inactive, name="account_inactive"),
    path("log-in/code/", second.authenticate, name="mfa_authenticate"),
    path("log-in/code/again/", second.reauthenticate, name="mfa_reauthenticate"),
    path("log-in/key/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("log-in/organisation/", entrance.to_organisation, PROVIDER, name="openid_connect_login"),
    path(
        "log-in/organisation/back/",
        entrance.from_organisation,
        PROVIDER,
        name="openid_connect_callback",
    ),
    path("me/", entrance.mine, name="mfa_index"),
    path("me/code/", totp.activate_totp, name="mfa_activate_totp"),
    path("me/code/end/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/key/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("me/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
