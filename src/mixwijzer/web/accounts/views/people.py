"""Who works here: inviting, giving and ending roles, ending log-ins."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mixwijzer.web.accounts import selectors, services
from mixwijzer.web.accounts.forms import InviteForm, OrganisationForm, RoleForm
from mixwijzer.web.accounts.models import OneTimeLink
from mixwijzer.web.accounts.permissions import Action, may, needs, somebody
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.accounts.roles import OrganisationKind, Role

Act = Callable[..., HttpResponse]
NEW_LINK = "new-link"  # shown once, on the next page


@require_GET
@needs(Action.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """List everybody, per organisation."""
    return _list(request)


@require_GET
@needs(Action.SEE_PEOPLE)
def person(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Show one person's roles."""
    return _one(request, person)


@require_POST
@needs(Action.MANAGE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation, and show its link once."""
    user = somebody(request.user)
    form = InviteForm(selectors.managed(user), request.POST)
    if not form.is_valid():
        return _list(request, invite=form, status=422)
    given = form.cleaned_data
    try:
        made = services.invite(
            user=user,
            organisation=uuid.UUID(given["organisation"]),
            email=given["email"],
            name=given["name"],
            role=Role(given["role"]),
            end=given["end"],
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return _list(request, invite=form, status=422)
    _keep(request, made)
    return redirect("accounts:people")


@require_POST
@needs(Action.MANAGE_PEOPLE)
def add_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation of the city."""
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _list(request, add=form, status=422)
    try:
        services.found_for(
            user=somebody(request.user),
            name=form.cleaned_data["name"],
            kind=OrganisationKind(form.cleaned_data["kind"]),
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error("name", str(refused.sentence))
        return _list(request, add=form, status=422)
    messages.success(request, _("Added. Now you can invite its people."))
    return redirect("accounts:people")


def _acting(act: Act) -> Act:
    """Say in a message why something cannot be done; nothing was changed then."""

    @wraps(act)
    def tried(request: HttpRequest, /, **thing: uuid.UUID) -> HttpResponse:
        try:
            return act(request, **thing)
        except Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect("accounts:people")

    return tried


@require_POST
@needs(Action.MANAGE_PEOPLE)
def give_role(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Give a colleague a role."""
    user = somebody(request.user)
    selectors.colleague(user, person)
    form = RoleForm(selectors.managed(user), request.POST)
    if not form.is_valid():
        return _one(request, person, form=form, status=422)
    try:
        made = services.give_role(
            user=user,
            person=person,
            organisation=uuid.UUID(form.cleaned_data["organisation"]),
            role=Role(form.cleaned_data["role"]),
            end=form.cleaned_data["end"],
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.sentence))
        return _one(request, person, form=form, status=422)
    if made.waits:
        messages.warning(request, _("A second person has to confirm this role before it holds."))
    else:
        messages.success(request, _("The role holds from now on."))
    return redirect("accounts:person", person)


@require_POST
@needs(Action.MANAGE_PEOPLE)
@_acting
def end_role(request: HttpRequest, membership: uuid.UUID) -> HttpResponse:
    """End a role at once."""
    row = services.end_role(user=somebody(request.user), membership=membership, now=timezone.now())
    messages.success(request, _("The role has ended: from the next click on it gives nothing."))
    return redirect("accounts:person", row.user.public_id)


@require_POST
@needs(Action.CONFIRM_ROLE)
@_acting
def confirm_role(request: HttpRequest, membership: uuid.UUID) -> HttpResponse:
    """Confirm, as a second person, a role that somebody gave himself."""
    row = services.confirm_role(
        user=somebody(request.user), membership=membership, now=timezone.now()
    )
    messages.success(request, _("The role holds from now on."))
    return redirect("accounts:person", row.user.public_id)


@require_POST
@needs(Action.MANAGE_PEOPLE)
@_acting
def reset(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Make a link with which a colleague chooses a new password."""
    made = services.let_choose_password(
        user=somebody(request.user),
        person=person,
        second_factor_too="second_factor" in request.POST,
        now=timezone.now(),
    )
    _keep(request, made)
    return redirect("accounts:person", person)


@require_POST
@needs(Action.MANAGE_PEOPLE)
@_acting
def end_log_ins(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """End every log-in of a colleague."""
    services.end_log_ins(user=somebody(request.user), person=person, now=timezone.now())
    messages.success(request, _("Ended. Whoever worked there has to log in again."))
    return redirect("accounts:person", person)


@require_POST
@needs(Action.MANAGE_PEOPLE)
@_acting
def revoke(request: HttpRequest, link: uuid.UUID) -> HttpResponse:
    """Let an invitation open nothing any more."""
    services.revoke(user=somebody(request.user), link=link, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("accounts:people")


def _keep(request: HttpRequest, made: OneTimeLink) -> None:
    """Remember a new link until the next page, which shows it once."""
    way = f"{reverse('accounts:link')}?{urlencode({'t': selectors.token_of(made)})}"
    request.session[NEW_LINK] = request.build_absolute_uri(way)


def _list(
    request: HttpRequest,
    *,
    invite: InviteForm | None = None,
    add: OrganisationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = somebody(request.user)
    manages = may(user, Action.MANAGE_PEOPLE)
    context = {
        "organisations": selectors.people(user, now=timezone.now()),
        "manages": manages,
        "invite": invite or (InviteForm(selectors.managed(user)) if manages else None),
        "add": add or OrganisationForm(),
        "new_link": request.session.pop(NEW_LINK, "") if NEW_LINK in request.session else "",
    }
    return render(request, "accounts/people.html", context, status=status)


def _one(
    request: HttpRequest, person: uuid.UUID, *, form: RoleForm | None = None, status: int = 200
) -> HttpResponse:
    user = somebody(request.user)
    found = selectors.person_page(user, person, now=timezone.now())
    manages = may(user, Action.MANAGE_PEOPLE)
    context = {
        "person": found,
        "manages": manages,
        "confirms": may(user, Action.CONFIRM_ROLE) and found.id != user.public_id,
        "form": form or (RoleForm(selectors.managed(user)) if manages else None),
        "new_link": request.session.pop(NEW_LINK, "") if NEW_LINK in request.session else "",
    }
    return render(request, "accounts/person.html", context, status=status)
