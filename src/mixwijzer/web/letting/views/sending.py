"""Where is somebody shown to who comes to the address of a form without sending it?

That happens after logging in anew, in another language, and when a page that told a refusal is
opened once more: its address is that of the form.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

__all__ = ["form_of"]

View = Callable[..., HttpResponse]


def form_of(page: str, thing: str = "") -> Callable[[View], View]:
    """Lead who sends nothing to the page that a form stands on; `thing` is what that is about."""

    def kept(view: View) -> View:
        @wraps(view)
        def sent(request: HttpRequest, **given: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **given)
            return redirect(page, *([given[thing]] if thing else []))

        return sent

    return kept
