"""Which settings would lose a decision or open a door? With them nothing starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from mixwijzer.web.config import env


@register
def sqlite_is_durable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse SQLite without IMMEDIATE, WAL, FULL, foreign keys and a 20-second wait."""
    return [
        Error(
            f"The database {alias!r} runs SQLite without {fault}.",
            hint="Take the options of mixwijzer.web.config.env.SQLITE_OPTIONS.",
            id="mixwijzer.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3")
        for fault in _sqlite_faults(database.get("OPTIONS", {}))
    ]


def _sqlite_faults(options: dict[str, Any]) -> list[str]:
    pragmas = str(options.get("init_command", "")).replace(" ", "").upper()
    faults = {
        "transaction_mode IMMEDIATE": options.get("transaction_mode") != "IMMEDIATE",
        "a timeout of 20 seconds": float(options.get("timeout") or 0) < 20,
        "journal_mode WAL": "JOURNAL_MODE=WAL" not in pragmas,
        "synchronous FULL": "SYNCHRONOUS=FULL" not in pragmas,
        "foreign_keys ON": "FOREIGN_KEYS=ON" not in pragmas,
    }
    return [name for name, missing in faults.items() if missing]


@register
def open_modes_stay_home(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a demo (no passwords) or debug pages on a site that others can reach."""
    outside = not env.is_loopback([h for h in settings.ALLOWED_HOSTS if h != "testserver"])
    return [
        Error(
            f"{name} is on while this site answers to {', '.join(settings.ALLOWED_HOSTS)}.",
            hint="Switch it off, or leave MIXWIJZER_HOSTS empty.",
            id="mixwijzer.E002",
        )
        for name, on in (
            ("MIXWIJZER_DEMO", settings.DEMO),
            ("MIXWIJZER_DEBUG", settings.DEBUG),
        )
        if on and outside
    ]
