"""Registers the trail."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "mixwijzer.web.audit"
    label = "audit"
