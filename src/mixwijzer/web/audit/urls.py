"""Addresses of the log."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
]
