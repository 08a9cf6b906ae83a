"""A site of which only the gallery exists yet."""

from django.urls import include, path

from mixwijzer.web.config import urls

handler404 = urls.handler404
urlpatterns = [
    path("ui/", include("mixwijzer.web.ui.urls")),
    *[pattern for pattern in urls.urlpatterns if getattr(pattern, "name", "") == "set-language"],
]
