"""Registers rounds."""

from __future__ import annotations

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Week rounds."""

    name = "mixwijzer.web.rounds"
    label = "rounds"
