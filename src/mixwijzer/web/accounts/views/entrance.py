"""Coming in: in the demo as anybody, by a link that works once, and where one is logged in."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mixwijzer.web.accounts import selectors, services
from mixwijzer.web.accounts.adapters import LINK
from mixwijzer.web.accounts.forms import PasswordForm
from mixwijzer.web.accounts.models import OneTimeLink, User
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.ui.components import Persona
from mixwijzer.web.ui.typed import whole

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@login_not_required
@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Be somebody with one click; only in the demo, and only on this machine."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    if request.method == "GET":
        return render(request, "accounts/demo.html", {"personas": _personas()})
    user = selectors.demo_person(_person(request.POST.get("person", "")))
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _personas() -> tuple[Persona, ...]:
    return tuple(
        Persona(
            key=str(each.id),
            name=each.name,
            about=f"{each.role} · {each.organisation}",
            first=each.first,
        )
        for each in selectors.demo_people()
    )


def _person(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


@login_not_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Come in by a link that works once. It leaves the address at once, for the session."""
    if token := request.GET.get("t"):
        request.session[LINK] = token
        return redirect("accounts:link")
    found = selectors.link_behind(request.session.get(LINK, ""))
    if found is None or not found.open_at(timezone.now()):
        return render(request, "accounts/link_closed.html", status=200)
    try:
        return _with_link(request, found)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return render(request, "accounts/link_closed.html", status=409)


def _with_link(request: HttpRequest, found: OneTimeLink) -> HttpResponse:
    user = request.user
    invited = found.purpose == OneTimeLink.Purpose.INVITE
    if invited and isinstance(user, User):
        return _as_known(request, found, user)
    if invited and selectors.has_account(found.email):
        return render(request, "accounts/link_log_in.html", {"link": found})
    form = PasswordForm(found.email, found.name, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "link": found, "invited": invited, "provider": settings.OIDC_NAME}
        return render(request, "accounts/link.html", context, status=422 if form.errors else 200)
    password, now = form.cleaned_data["password"], timezone.now()
    if invited:
        person = services.accept(link=found, user=None, password=password, now=now)
    else:
        person = services.choose_password(link=found, password=password, now=now)
    del request.session[LINK]
    if not invited:
        messages.success(request, _("Your password is new. Log in with it."))
        return redirect(settings.LOGIN_URL)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, person, method="password", reauthenticated=True)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _as_known(request: HttpRequest, found: OneTimeLink, user: User) -> HttpResponse:
    """Let somebody who is logged in take up a role elsewhere, with a click."""
    if request.method == "GET":
        return render(request, "accounts/link_accept.html", {"link": found})
    services.accept(link=found, user=user, password=None, now=timezone.now())
    del request.session[LINK]
    messages.success(request, _("You have a new role."))
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show where this person is logged in, and with what."""
    user = somebody(request.user)
    context = {
        "log_ins": selectors.log_ins(user, request.session.session_key),
        "factors": selectors.factor_lines(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/mine.html", context)


@require_POST
def end_mine(request: HttpRequest) -> HttpResponse:
    """End one of one's own log-ins."""
    services.end_log_in(user=somebody(request.user), log_in=_person(request.POST.get("log_in", "")))
    messages.success(request, _("Ended. Whoever worked there has to log in again."))
    return redirect("mfa_index")


@require_POST
def remove_key(request: HttpRequest) -> HttpResponse:
    """Remove one of one's own passkeys, unless nothing else is left."""
    key = request.POST.get("key", "")
    try:
        services.remove_key(user=somebody(request.user), key=whole(key, most=9))
        messages.success(request, _("Removed."))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("mfa_index")


@login_not_required
@require_GET
def to_organisation(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the log-in of one's own organisation."""
    return _at_organisation(oidc.login, request, provider_id)


@login_not_required
@require_GET
def from_organisation(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from there."""
    return _at_organisation(oidc.callback, request, provider_id)


def _at_organisation(
    view: Callable[[HttpRequest, str], HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    try:
        return view(request, provider_id)
    except OSError:  # the provider does not answer, or not with what was asked
        return render(request, "accounts/not_let_in.html", {"why": "failed"}, status=403)
