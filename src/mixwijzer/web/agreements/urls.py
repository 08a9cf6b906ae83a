"""Addresses of what was promised."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.obligations, name="obligations"),
]
