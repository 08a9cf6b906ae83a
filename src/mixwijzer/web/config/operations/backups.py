"""Keep a copy of everything in one file, and put it back into an empty database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.models import Field, Model

from mixwijzer import __version__
from mixwijzer.web.accounts.migrating import changing_tables
from mixwijzer.web.config.operations import archive, tables
from mixwijzer.web.config.operations.archive import Archive, Manifest, TableEntry
from mixwijzer.web.config.operations.saying import Refused

__all__ = ["back_up", "bring_up_to_date", "content_of", "one_transaction", "restore"]

_AT_ONCE = 2_000  # rows


def back_up(target: Path, *, now: datetime, secrets: bool = False) -> Manifest:
    """Write everything, as it was at one moment, to a file that isn't there yet."""
    if target.exists():
        raise Refused("backup.taken", path=str(target))
    with tables.as_it_was() as alias, archive.Writing(target) as out:
        migrations = tables.history(alias)
        if not migrations:
            raise Refused("database.empty")
        for entry in _entries(alias, tables.state_at(migrations, alias), secrets=secrets):
            with closing(entry["rows"]):
                out.table(**entry)
        return out.finish(
            made_at=now,
            version=__version__,
            database=connection.vendor,
            secrets=secrets,
            migrations=migrations,
        )


def content_of(*, secrets: bool = True, alias: str = "default") -> str:
    """Return the hash that a backup of this database would have."""
    import hashlib

    state = tables.state_at(tables.history(alias), alias)
    found = []
    for entry in _entries(alias, state, secrets=secrets):
        rows = entry.pop("rows")
        digest, count = hashlib.sha256(), 0
        for row in rows:
            digest.update(archive.line_of(row))
            count += 1
        found.append(TableEntry(**entry, rows=count, sha256=digest.hexdigest()))
    return archive.content_hash(found)


def _entries(alias: str, state: ProjectState, *, secrets: bool) -> Iterator[dict[str, Any]]:
    for model in tables.models_of(state):
        columns = tables.columns_of(model)
        yield {
            "table": model._meta.db_table,  # noqa: SLF001 (Django's own name)
            "model": model._meta.label_lower,  # noqa: SLF001
            "columns": tuple(columns),
            "rows": _rows(alias, model, columns, secrets=secrets),
        }


def _rows(
    alias: str, model: type[Model], columns: dict[str, Field[Any, Any]], *, secrets: bool
) -> Iterator[Iterable[object]]:
    hidden = {} if secrets else tables.SECRET.get(model._meta.label_lower, {})  # noqa: SLF001
    if hidden is None:
        return
    names = [field.attname for field in columns.values()]
    stored = model._base_manager.using(alias).order_by("pk")  # noqa: SLF001
    for row in stored.values_list(*names).iterator(chunk_size=_AT_ONCE):
        yield (
            [hidden.get(name, value) for name, value in zip(columns, row, strict=True)]
            if hidden
            else row
        )


def restore(source: Path) -> Manifest:
    """Put a backup back into an empty database, all of it or nothing, and bring it up to date."""
    with archive.opened(source) as given:
        given.check()
        if strange := tables.newer_than_this(given.manifest, "default"):
            version = given.manifest.version
            raise Refused("backup.newer", path=f"{source} ({strange})", version=version)
        with one_transaction():
            state = _prepared(given.manifest)
            put_back(given, state)
            if content_of() != given.manifest.content:
                raise Refused("backup.differs", path=str(source))
            bring_up_to_date()
        return given.manifest


def _prepared(manifest: Manifest) -> ProjectState:
    """Make the tables as they were when the backup was made."""
    present = connection.introspection.table_names()
    if not present:
        return migrated_to(manifest.migrations)
    had = tables.history("default")
    state = tables.state_at(had, "default")
    for model in tables.models_of(state):
        if model._base_manager.exists():  # noqa: SLF001
            raise Refused("restore.not_empty", table=model._meta.db_table)  # noqa: SLF001
    if had != manifest.migrations:
        raise Refused("restore.other_version", version=manifest.version)
    return state


def put_back(given: Archive, state: ProjectState) -> None:
    """Insert every row; nothing is changed or removed, so append-only tables don't mind."""
    models = {each._meta.db_table: each for each in tables.models_of(state)}  # noqa: SLF001
    for entry in given.manifest.tables:
        model = models.get(entry.table)
        fields = tables.columns_of(model) if model else {}
        if model is None or set(fields) != set(entry.columns):
            raise Refused("backup.damaged", path=str(given.path), table=entry.table)
        _insert(entry, [fields[name] for name in entry.columns], given.rows(entry))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    connection.check_constraints()


def _insert(
    entry: TableEntry, fields: Sequence[Field[Any, Any]], rows: Iterator[list[Any]]
) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in entry.columns)
    table = quote(entry.table)
    ready = (
        [
            field.get_db_prep_save(field.to_python(value), connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    )
    if connection.vendor == "postgresql":
        _copy(table, names, ready)
        return
    places = ", ".join(["%s"] * len(fields))
    inserting = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 (names of models)
    with connection.cursor() as cursor:
        while batch := list(islice(ready, _AT_ONCE)):
            cursor.executemany(inserting, batch)


def _copy(table: str, names: str, rows: Iterator[list[Any]]) -> None:
    """COPY by way of another table: PostgreSQL refuses it where rules on rows stand."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE coming AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 (names of models)
        with cursor.copy(f"COPY coming ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM coming")  # noqa: S608
        cursor.execute("DROP TABLE coming")


@contextmanager
def one_transaction() -> Iterator[None]:
    """Do everything in it or nothing, changes of tables included, on both databases.

    SQLite refuses to change tables while it guards references, and takes that order only outside
    a transaction; references are checked before the end instead.
    """
    connection.ensure_connection()
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        connection.disable_constraint_checking()
    try:
        with changing_tables(), transaction.atomic():
            if not sqlite:
                _only_one()
            yield
            connection.check_constraints()
    finally:
        if sqlite:
            connection.enable_constraint_checking()


def _only_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('mixwijzer-upkeep'))")
        if not cursor.fetchone()[0]:
            raise Refused("database.busy")


def migrated_to(migrations: tables.Migrations) -> ProjectState:
    """Bring the tables to where these migrations left them."""
    executor = MigrationExecutor(connection, _settle)
    return executor.migrate(tables.last_of(migrations, executor.loader))


def bring_up_to_date() -> int:
    """Apply what wasn't applied yet; return how many migrations."""
    executor = MigrationExecutor(connection, _settle)
    latest = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(latest)
    executor.loader.check_consistent_history(connection)
    executor.migrate(latest, plan=plan)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    return len(plan)


def _settle(action: str, *args: object) -> None:
    """Check references after each migration: PostgreSQL changes no table with checks waiting."""
    if action == "apply_success":
        connection.check_constraints()
