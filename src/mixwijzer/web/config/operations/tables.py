"""Which tables make up the installation, as the database has them now, and what in them is secret?

Columns follow from the migrations that the database has had, not from the code: so a backup can be
made before an upgrade, and an old one put back after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import Field, Model

from mixwijzer.web.accounts.isolation import whole_installation
from mixwijzer.web.config.operations.archive import Manifest
from mixwijzer.web.config.operations.saying import Refused

__all__ = ["SECRET", "as_it_was", "columns_of", "history", "models_of", "state_at"]

Migrations = Mapping[str, tuple[str, ...]]

# Made again by the database itself, or worth nothing later: who was logged in.
_LEFT_OUT = {"sessions", "contenttypes", "auth", "usersessions"}

# What lets somebody in. Without `--with-secrets` a column gets the value given here, and where
# there is none the rows stay out.
SECRET: Mapping[str, Mapping[str, object] | None] = {
    "accounts.user": {"password": "!"},
    "accounts.login": None,
    "mfa.authenticator": None,
    "socialaccount.socialaccount": {"extra_data": {}},
    "socialaccount.socialapp": None,
    "socialaccount.socialtoken": None,
    "account.emailconfirmation": None,
}


def history(alias: str) -> Migrations:
    """Return the migrations that a database has had, per application.

    Raises
    ------
    Refused
        When it has had one that this version doesn't know.
    """
    loader = MigrationLoader(connections[alias])
    strange = sorted(key for key in loader.applied_migrations if key not in loader.graph.nodes)
    strange = [key for key in strange if key[0] in loader.migrated_apps]
    if strange:
        raise Refused("database.newer", migration=".".join(strange[0]))
    return _sorted(key for key in loader.applied_migrations if key in loader.graph.nodes)


def _sorted(keys: Iterable[tuple[str, str]]) -> Migrations:
    found: dict[str, tuple[str, ...]] = {}
    for app, name in sorted(keys):
        found[app] = (*found.get(app, ()), name)
    return found


def last_of(migrations: Migrations, loader: MigrationLoader) -> list[tuple[str, str]]:
    """Return the migrations after which nothing else of these was applied."""
    had = {(app, name) for app, names in migrations.items() for name in names}
    nodes = loader.graph.node_map
    return sorted(
        key
        for key in had
        if not any(child.key in had and child.key[0] == key[0] for child in nodes[key].children)
    )


def state_at(migrations: Migrations, alias: str) -> ProjectState:
    """Return the models as they were after these migrations."""
    loader = MigrationLoader(connections[alias])
    return loader.project_state(last_of(migrations, loader))


def models_of(state: ProjectState) -> Iterator[type[Model]]:
    """Yield what belongs in a backup, in the order of the names of the tables."""
    known = state.apps.get_models(include_auto_created=True)
    ours = [
        each
        for each in known
        if each._meta.app_label not in _LEFT_OUT  # noqa: SLF001 (Django's own name)
        and each._meta.managed  # noqa: SLF001
        and not each._meta.proxy  # noqa: SLF001
    ]
    yield from sorted(ours, key=lambda each: each._meta.db_table)  # noqa: SLF001


def columns_of(model: type[Model]) -> dict[str, Field[Any, Any]]:
    """Return the columns of a table with their fields."""
    concrete = model._meta.local_concrete_fields  # noqa: SLF001
    return {str(each.column): each for each in concrete}


def newer_than_this(manifest: Manifest, alias: str) -> str:
    """Name a migration of a backup that this version doesn't know; empty when it knows all."""
    nodes = MigrationLoader(connections[alias]).graph.nodes
    told = ((app, name) for app, names in manifest.migrations.items() for name in names)
    return next((".".join(key) for key in told if key not in nodes), "")


@contextmanager
def as_it_was() -> Iterator[str]:
    """Give the name of a connection that sees everything as it was at one moment.

    People go on writing meanwhile: SQLite reads a snapshot of its log, PostgreSQL is asked for
    repeatable reads. It sees the rows of every organisation.
    """
    given = connections.settings["default"]
    options = dict(given.get("OPTIONS", {}))
    postgres = given["ENGINE"].endswith("postgresql")
    if postgres:
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"
    alias = "as_it_was"
    connections.settings[alias] = {**given, "OPTIONS": options, "CONN_MAX_AGE": 0}
    try:
        with whole_installation(), transaction.atomic(using=alias):
            if postgres:
                with connections[alias].cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
            yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
