"""Addresses for tests of what stands around a page: a few entries of the menu, all the gallery."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import include, path

from mixwijzer.web.config import urls
from mixwijzer.web.ui import views
from mixwijzer.web.ui.shell import Level, Person, Situation

handler404 = urls.handler404
handler500 = urls.handler500
desk = [
    path("", views.gallery, name="today"),
    path("room-check/", views.gallery, name="room-check"),
    path("complexes/", views.gallery, name="complexes"),
    path("complexes/0114/", views.gallery, name="complex"),
]
accounts = [path("log-out/", views.gallery, name="log-out")]
letting = [path("", views.gallery, name="vacancies")]
urlpatterns = [
    path("", include((desk, "desk"))),
    path("vacancies/", include((letting, "letting"))),
    path("accounts/", include((accounts, "accounts"))),
    *[pattern for pattern in urls.urlpatterns if "ui" in str(pattern.pattern)],
    *[pattern for pattern in urls.urlpatterns if getattr(pattern, "name", "") == "set-language"],
]


def consultant(request: HttpRequest) -> Situation:
    """Iris, who may not see the vacancies, at an association that keeps agreed roles."""
    return Situation(
        person=Person(name="Iris Voorbeeld", role="Woonconsulent"),
        level=Level.AGREEMENT,
        synthetic=True,
        allowed=frozenset({"desk:today", "desk:room-check", "desk:complexes"}),
        counts={"desk:complexes": 6},
    )
