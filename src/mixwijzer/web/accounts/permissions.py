"""May this person do this, to this?

`may` is the only question about permission that code asks; the answer stands in `roles.MATRIX`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from mixwijzer.web.accounts.models import Organisation, Owned, User, Visitor
from mixwijzer.web.accounts.roles import Action

__all__ = ["Action", "may", "needs", "require", "somebody"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def may(user: Visitor, action: Action, thing: Owned | Organisation | None = None) -> bool:
    """Say whether some role of this person has this action, for this thing's owner."""
    if not user.is_authenticated or not isinstance(user, User):
        return False
    owners = user.owners(action)
    if thing is None:
        return bool(owners)
    owner = thing.pk if isinstance(thing, Organisation) else thing.owner_id
    return owner in owners


def somebody(user: Visitor) -> User:
    """Return who is logged in; raise PermissionDenied (403) when nobody is."""
    if not user.is_authenticated or not isinstance(user, User):
        raise PermissionDenied
    return user


def require(user: Visitor, action: Action, thing: Owned | Organisation | None = None) -> None:
    """Raise PermissionDenied (403) when `may` says no."""
    if not may(user, action, thing):
        raise PermissionDenied(action.value)


def needs(action: Action) -> Callable[[View[P]], View[P]]:
    """Let a view answer 403 to people without any role that has this action."""

    def around(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request.user, action)
            return view(request, *args, **kwargs)

        checked.needs = action  # type: ignore[attr-defined] # read by `rights`
        return checked

    return around
