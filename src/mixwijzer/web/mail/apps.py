"""Registers the mail."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Who is told by mail that a step waits."""

    name = "mixwijzer.web.mail"
    label = "mail"
