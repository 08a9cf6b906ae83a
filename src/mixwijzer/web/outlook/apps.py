"""Registers the outlook."""

from __future__ import annotations

from django.apps import AppConfig


class OutlookConfig(AppConfig):
    """Forecasts and steering power."""

    name = "mixwijzer.web.outlook"
    label = "outlook"
