"""Choose by which mail one is told that a step waits."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mixwijzer.web.accounts.permissions import Action, may, somebody
from mixwijzer.web.mail import services
from mixwijzer.web.mail.forms import WishForm
from mixwijzer.web.mail.selectors import mail_state, wanted


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show and change what somebody is told by mail; who manages people also sees if it arrives."""
    user = somebody(request.user)
    form = WishForm(wanted(user), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.wish(user=user, language=form.cleaned_data["language"], when=form.when)
        messages.success(request, _("Kept."))
        return redirect("mail:mine")
    context = {"form": form, "lines": form.lines, "on": settings.MAIL, "to": user.email}
    if may(user, Action.MANAGE_PEOPLE):
        context["state"] = mail_state(user, now=timezone.now())
    return render(request, "mail/mine.html", context, status=422 if form.errors else 200)
