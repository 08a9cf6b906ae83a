"""On PostgreSQL a statement's rows are looked up at once: is each about a complex of its owner?

A reference of the database's own is looked up row by row, and for a hundred thousand homes that
takes as long as writing them. It has to guard three moments: a row comes in, a row changes, what
it refers to goes. In an append-only ledger rows don't change (`AppendOnly`), and a complex neither
goes nor changes hands: `KeptReferences` lets the database refuse both. What is left is that rows
come in, and that is one question per statement. It says more than two references did: a row can't
be about another's complex. SQLite keeps its own references.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

__all__ = ["LOOK_UP", "KeptReferences"]

MESSAGE = "a complex stays, and stays with its owner"


class KeptReferences(Operation):
    """Let the database look up the complex of a statement's rows at once."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to write this operation down."""
        return "KeptReferences", list(self.models), {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the state: for Django they are references still."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put one question per statement in the place of two per row."""
        if schema_editor.connection.vendor != "postgresql":
            return
        for sql in (*_COMPLEX_STAYS, LOOK_UP):
            schema_editor.execute(sql, params=None)
        for table in self._tables(app_label):
            for name in _references(schema_editor, table):
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_refers" AFTER INSERT ON "{table}" '
                "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
                "EXECUTE FUNCTION register_complex_look_up()"
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put the references of rows back."""
        if schema_editor.connection.vendor != "postgresql":
            return
        for table in self._tables(app_label):
            schema_editor.execute(f'DROP TRIGGER "{table}_refers" ON "{table}"')
            for column, other in _TARGETS.items():
                schema_editor.execute(
                    f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk" '
                    f"FOREIGN KEY ({column}) REFERENCES {other} (id) DEFERRABLE INITIALLY DEFERRED"
                )
        for sql in _REMOVALS:
            schema_editor.execute(sql)

    def describe(self) -> str:
        """Say what this operation does."""
        return "Let the database look up the complex of a statement's rows at once"

    def _tables(self, app_label: str) -> list[str]:
        return [f"{app_label}_{model.lower()}" for model in self.models]


_TARGETS = {"complex_id": "register_complex", "owner_id": "accounts_organisation"}
# The rows are walked through once. EXCEPT hashes; a join is planned for the few rows that a
# register has before it is first counted.
LOOK_UP = """
    CREATE OR REPLACE FUNCTION register_complex_look_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            WITH told AS MATERIALIZED (SELECT DISTINCT complex_id, owner_id FROM fresh)
            SELECT complex_id, owner_id FROM told
            EXCEPT
            SELECT id, owner_id FROM register_complex
            WHERE id = ANY (ARRAY(SELECT complex_id FROM told))
        ) THEN
            RAISE foreign_key_violation
                USING MESSAGE = TG_TABLE_NAME || ': a row is about no complex of its owner';
        END IF;
        RETURN NULL;
    END $$
"""
_COMPLEX_STAYS = (
    f"""
    CREATE FUNCTION register_complex_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE foreign_key_violation USING MESSAGE = '{MESSAGE}'; END $$
    """,
    (
        "CREATE TRIGGER register_complex_no_delete BEFORE DELETE ON register_complex "
        "FOR EACH ROW EXECUTE FUNCTION register_complex_stays()"
    ),
    (
        "CREATE TRIGGER register_complex_no_truncate BEFORE TRUNCATE ON register_complex "
        "FOR EACH STATEMENT EXECUTE FUNCTION register_complex_stays()"
    ),
    (
        "CREATE TRIGGER register_complex_no_move BEFORE UPDATE OF id, owner_id ON register_complex "
        "FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.owner_id <> OLD.owner_id) "
        "EXECUTE FUNCTION register_complex_stays()"
    ),
)
_REMOVALS = (
    *(
        f"DROP TRIGGER register_complex_no_{act} ON register_complex"
        for act in ("delete", "truncate", "move")
    ),
    "DROP FUNCTION register_complex_stays()",
    "DROP FUNCTION register_complex_look_up()",
)


def _references(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    """Return the names of a table's references to its complex and its owner."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [
        name
        for name, told in found.items()
        if told["foreign_key"] and told["columns"] in ([each] for each in _TARGETS)
    ]
