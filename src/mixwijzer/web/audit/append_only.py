"""Tables in which the database itself refuses to change or remove a row.

`AppendOnly` is a migration operation. A column in `closing` may go from nothing to a value, once (a
later record replaces this one); a column in `erasable` may go from a value to nothing (personal
content at the end of its term); one that is `free` says how things stand now, and the trail tells
how they came so. Everything else is refused by triggers, on SQLite and on PostgreSQL. Django
rebuilds an SQLite table when a column changes and drops its triggers then: repeat the operation in
that migration; a test looks whether every such table has its triggers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

__all__ = ["AppendOnly", "refusals", "removals"]

MESSAGE = "this table is append-only"


class AppendOnly(Operation):
    """Let the database refuse changes to a model's rows."""

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model: str,
        closing: Iterable[str] = (),
        erasable: Iterable[str] = (),
        free: Iterable[str] = (),
    ) -> None:
        self.model, self.free = model, tuple(free)
        self.closing, self.erasable = tuple(closing), tuple(erasable)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to write this operation down."""
        given = {"closing": self.closing, "erasable": self.erasable, "free": self.free}
        return "AppendOnly", [self.model], {key: value for key, value in given.items() if value}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: triggers aren't Django's."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put the triggers in place, instead of those that were there."""
        meta = to_state.apps.get_model(app_label, self.model)._meta  # noqa: SLF001
        loose = {*self.closing, *self.erasable, *self.free}
        fixed = [each.column for each in meta.local_concrete_fields if each.column not in loose]
        vendor, table = schema_editor.connection.vendor, meta.db_table
        for sql in (*removals(vendor, table), *self._refusals(vendor, table, fixed)):
            schema_editor.execute(sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the triggers away."""
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table  # noqa: SLF001
        for sql in removals(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        """Say what this operation does."""
        return f"Let the database refuse changes to {self.model}"

    def _refusals(self, vendor: str, table: str, fixed: list[str]) -> list[str]:
        return refusals(vendor, table, fixed, closing=self.closing, erasable=self.erasable)


def refusals(
    vendor: str,
    table: str,
    fixed: list[str],
    *,
    closing: tuple[str, ...] = (),
    erasable: tuple[str, ...] = (),
) -> list[str]:
    """Return the statements that make a table append-only."""
    same = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    kept = [f'NEW."{column}" {same} OLD."{column}"' for column in fixed]
    kept += [
        f'(OLD."{column}" IS NULL OR NEW."{column}" {same} OLD."{column}")' for column in closing
    ]
    kept += [
        f'(NEW."{column}" IS NULL OR NEW."{column}" {same} OLD."{column}")' for column in erasable
    ]
    allowed = " AND ".join(kept)
    if vendor == "postgresql":
        return _on_postgresql(table, allowed)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    update = f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN NOT ({allowed})'
    delete = f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}"'
    return [f"{update} {refuse}", f"{delete} {refuse}"]


def _on_postgresql(table: str, allowed: str) -> list[str]:
    body = f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}: {table}'; END $$"
    function = f'CREATE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS {body}'
    whens = {
        "update": f"FOR EACH ROW WHEN (NOT ({allowed}))",
        "delete": "FOR EACH ROW",
        "truncate": "FOR EACH STATEMENT",
    }
    triggers = [
        f'CREATE TRIGGER "{table}_no_{act}" BEFORE {act.upper()} ON "{table}" {when} '
        f'EXECUTE FUNCTION "{table}_refuse"()'
        for act, when in whens.items()
    ]
    return [function, *triggers]


def removals(vendor: str, table: str) -> list[str]:
    """Return the statements that take the triggers of a table away, if it has them."""
    if vendor != "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{act}"' for act in ("update", "delete")]
    acts = ("update", "delete", "truncate")
    dropped = [f'DROP TRIGGER IF EXISTS "{table}_no_{act}" ON "{table}"' for act in acts]
    return [*dropped, f'DROP FUNCTION IF EXISTS "{table}_refuse"()']
