"""Pages that go wrong in every way the site has an answer for."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mixwijzer.web.config import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


@login_not_required
def odd(request: HttpRequest) -> HttpResponse:
    raise BadRequest("secret detail")


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("secret detail")


urlpatterns = [
    path("broken/", broken),
    path("odd/", odd),
    path("forbidden/", forbidden),
    *[pattern for pattern in urls.urlpatterns if getattr(pattern, "name", "") == "set-language"],
]
