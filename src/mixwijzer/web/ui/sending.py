"""What happens when a form about a thing is sent: the act, or on its own page why not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

__all__ = ["acting_on"]

View = Callable[..., HttpResponse]


def acting_on(
    page: str, show: View, refusal: type[Exception], told: Callable[[Any], object]
) -> Callable[[View], View]:
    """Let a view only act when its form is sent.

    Who comes without the form goes to the page of the thing: after logging in anew, or in another
    language. A refusal is told on that page, with 409.

    Parameters
    ----------
    page, show
        Name of the page's address, and the function that draws it for a request and a thing.
    refusal, told
        What the act can raise, and how that is put into words.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def sent(request: HttpRequest, **given: uuid.UUID) -> HttpResponse:
            (thing,) = given.values()
            if request.method != "POST":
                return redirect(page, thing)
            try:
                return view(request, **given)
            except refusal as found:
                return show(request, thing, status=409, refusal=told(found))

        return sent

    return guarded
