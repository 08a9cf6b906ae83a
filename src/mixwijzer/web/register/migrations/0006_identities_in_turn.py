"""Homes have no index by address, and their identities are sorted again.

An address is sought in the middle and in either case: no order of addresses helps there, and each
home paid for it. Identities of homes that come in together follow one another now; then a sorted
index grows at one end, and a hashed one all over.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OF_IDENTITY = "register_dwelling_public_id_b017de4a"


def in_order(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _identity(schema_editor, "btree")


def hashed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _identity(schema_editor, "hash")


def _identity(schema_editor: BaseDatabaseSchemaEditor, way: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX "{OF_IDENTITY}"')
        schema_editor.execute(f'CREATE INDEX "{OF_IDENTITY}" ON register_dwelling USING {way} (public_id)')


class Migration(migrations.Migration):
    dependencies = [("register", "0005_fewer_indexes")]

    operations = [
        migrations.RemoveIndex("dwelling", "dwelling_by_address"),
        migrations.RunPython(in_order, hashed),
    ]
