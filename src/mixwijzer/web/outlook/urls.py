"""Addresses of the outlook."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.outlook import views

app_name = "outlook"
urlpatterns = [
    path("", views.forecast, name="forecast"),
    path("steering/", views.steering, name="steering"),
    path("complexes/<uuid:complex_id>/", views.complex_, name="complex"),
]
