"""Registers the trail."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "mixwijzer.web.audit"
    label = "audit"

    def ready(self) -> None:
        """Record what is told of people and roles."""
        services = import_module("mixwijzer.web.audit.services")
        telling = import_module("mixwijzer.web.accounts.telling")
        telling.told.connect(services.heard)
