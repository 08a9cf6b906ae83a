"""What may each role see and do?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts import rights as table
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import MATRIX, Role


@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Show the access matrix to whoever works here: it is no secret."""
    user = somebody(request.user)
    context = {
        "roles": [
            (
                role.label,
                role in user.roles,
                [told for action, told in table.MEANINGS.items() if action in MATRIX[role]],
            )
            for role in Role
        ],
        "fields": [
            (gettext(thing), gettext(told), [role.label for role in roles])
            for thing, _action, told, roles in table.fields()
        ],
    }
    return render(request, "accounts/rights.html", context)
