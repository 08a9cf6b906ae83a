"""What must hold for every answer, whichever page gives it?"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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
