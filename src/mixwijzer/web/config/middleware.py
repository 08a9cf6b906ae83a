"""What must hold for every answer, whichever page gives it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.selectors import own_texts
from mixwijzer.web.ui.categories import ORDER, speaking

Answer = Callable[[HttpRequest], HttpResponse]


NOT_USED = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb")
)


def use_no_senses(get_response: Answer) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tell the browser that no page uses camera, microphone, place or payment."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Permissions-Policy"] = NOT_USED
        return response

    return middleware


def keep_out_of_caches(
    get_response: Answer,
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Forbid browsers and proxies to keep a page, unless its view said otherwise itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def speak_own_words(get_response: Answer) -> Callable[[HttpRequest], HttpResponseBase]:
    """Call the categories on every page as the reader's association calls them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with speaking(lambda: _words_of(request)):
            return get_response(request)

    return middleware


def _words_of(request: HttpRequest) -> Mapping[str, Mapping[str, str]]:
    """Return the own words by category; who works for more than one hears the standard ones."""
    user = getattr(request, "user", None)
    owners = user.owners(Action.SEE_ADVICE) if isinstance(user, User) else frozenset[int]()
    if len(owners) != 1:
        return {}
    texts = own_texts(next(iter(owners)))
    return {category: texts.get(f"word.{category}", {}) for category in ORDER}
