"""Registers the start-up checks."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The application as a whole; it has no tables."""

    name = "mixwijzer.web.config"
    label = "config"

    def ready(self) -> None:
        """Let Django find the checks."""
        import_module("mixwijzer.web.config.checks")
