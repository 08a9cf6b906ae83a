"""Registers profiles."""

from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """Bands and caps."""

    name = "mixwijzer.web.profiles"
    label = "profiles"
