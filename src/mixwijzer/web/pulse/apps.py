"""Registers the round of judgements."""

from __future__ import annotations

from django.apps import AppConfig


class PulseConfig(AppConfig):
    """Rounds of judgements: who is asked, what they say, and when two should talk."""

    name = "mixwijzer.web.pulse"
    label = "pulse"
