"""Registers people and organisations."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Organisations, people and roles."""

    name = "mixwijzer.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Note when somebody logs in, and let the database keep organisations apart."""
        import_module("mixwijzer.web.accounts.sessions")
        policies = import_module("mixwijzer.web.accounts.policies")
        post_migrate.connect(policies.keep, sender=self)
        register(policies.check, Tags.database)
