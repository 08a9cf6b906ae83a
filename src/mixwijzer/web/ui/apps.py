"""Registers templates, static files and template tags."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system; it has no tables."""

    name = "mixwijzer.web.ui"
    label = "ui"
