"""Addresses of the yearbook."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.yearbook import views

app_name = "yearbook"
urlpatterns = [
    path("", views.baselines, name="baselines"),
    path("freeze/", views.freeze, name="freeze"),
    path("<uuid:baseline>/", views.baseline, name="baseline"),
    path("<uuid:baseline>/file/", views.take, name="file"),
]
