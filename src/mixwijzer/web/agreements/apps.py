"""Registers agreements."""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Obligations."""

    name = "mixwijzer.web.agreements"
    label = "agreements"
