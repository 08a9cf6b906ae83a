"""One page that says itself how long it may be kept."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public", headers={"Cache-Control": "max-age=60"})


urlpatterns = [path("cached/", cached)]
