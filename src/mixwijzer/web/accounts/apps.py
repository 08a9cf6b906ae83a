"""Registers people and organisations."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, people and roles."""

    name = "mixwijzer.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Note when somebody logs in, so that a session can end in time."""
        import_module("mixwijzer.web.accounts.sessions")
