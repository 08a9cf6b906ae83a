"""Django's `migrate`, for everybody: a migration changes the rows of every organisation."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from mixwijzer.web.accounts.migrating import changing_tables


class Command(migrate.Command):
    """Migrate the whole installation."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the tables, then let the database keep organisations apart."""
        with changing_tables():
            super().handle(*args, **options)
