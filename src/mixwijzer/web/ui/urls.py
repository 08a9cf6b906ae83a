"""The gallery of components; only where the demo or debug setting is on."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:page>/", views.gallery, name="gallery-page"),
]
