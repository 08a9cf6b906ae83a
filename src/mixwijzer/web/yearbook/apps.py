"""Registers the yearbook."""

from __future__ import annotations

from django.apps import AppConfig


class YearbookConfig(AppConfig):
    """Baselines."""

    name = "mixwijzer.web.yearbook"
    label = "yearbook"
