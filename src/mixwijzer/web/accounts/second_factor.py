"""Nobody works here on a password alone: who has no second factor yet first makes one.

Whoever came by the organisation's own log-in (OIDC) gave it there; `MIXWIJZER_OIDC_AMR` asks for
proof. In the demo there are no passwords, so there is nothing to add to.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.services import end_others

STRONG = "strong"
ENOUGH = frozenset({"mfa", "socialaccount"})
ON_THE_WAY = frozenset(
    {
        "account_reauthenticate",
        "accounts:link",
        "accounts:log-out",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set-language",
    }
)


@receiver(authenticator_added)
def added(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """From now on this log-in is strong; others of this person were made with a password alone."""
    request.session[STRONG] = True
    end_others(user=user, session=request.session.session_key or "")


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead who has only a password to the page where a second factor is made."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR or _may_pass(request):
            return get_response(request)
        return redirect("mfa_activate_totp")

    return middleware


def _may_pass(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or request.session.get(STRONG):
        return True
    records = get_authentication_records(request, user)
    if any(record.get("method") in ENOUGH for record in records):
        return True
    try:
        return resolve(request.path_info).view_name in ON_THE_WAY
    except Resolver404:
        return True
