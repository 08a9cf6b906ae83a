"""Registers what is so."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Areas, complexes, dwellings, tenancies, judgements and the accounts made from them."""

    name = "mixwijzer.web.register"
    label = "register"
