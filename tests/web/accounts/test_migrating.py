"""Tables are made sooner than by Django alone, and are the same tables."""

from __future__ import annotations

from pathlib import Path

from tests.web.config import installation
from tests.web.config.installation import Installation

# Django's own way, with every model made again after every step.
AS_DJANGO_DOES = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
"""
DESCRIBED = """
from django.db import connection
TOLD = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    ],
}
with connection.cursor() as cursor:
    for question in TOLD[connection.vendor]:
        cursor.execute(question)
        print(*sorted(map(repr, cursor.fetchall())), sep="\\n")
"""


def test_the_tables_are_those_that_django_makes_by_itself(migrated: Installation, tmp_path: Path):
    plain = installation.empty(tmp_path / "plain")
    try:
        plain.python(AS_DJANGO_DOES)
        expected = plain.python(DESCRIBED).splitlines()
    finally:
        installation.removed(plain)
    found = migrated.python(DESCRIBED).splitlines()
    assert len(expected) > 400  # tables, columns or indexes
    assert sorted(set(expected) ^ set(found)) == []
