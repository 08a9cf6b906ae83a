"""Registers letting."""

from __future__ import annotations

from django.apps import AppConfig


class LettingConfig(AppConfig):
    """Vacancies, questions, advice, decisions."""

    name = "mixwijzer.web.letting"
    label = "letting"
