"""Addresses of the yearbook."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.yearbook import views

app_name = "yearbook"
urlpatterns = [
    path("baselines/", views.baselines, name="baselines"),
    path("baselines/freeze/", views.freeze, name="freeze"),
    path("quarter/", views.quarter, name="quarter"),
    path("quarter/pdf/", views.pdf_file, name="pdf"),
    path("quarter/word/", views.word_file, name="word"),
    path("baselines/<uuid:baseline>/", views.baseline, name="baseline"),
    path("baselines/<uuid:baseline>/file/", views.take, name="file"),
]
