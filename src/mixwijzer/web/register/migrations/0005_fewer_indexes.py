"""Each home that comes in pays for each index and reference, so there are fewer.

Homes that were replaced are found through their complex too: one index serves both questions. An
identity is only ever looked up whole, so PostgreSQL hashes it.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mixwijzer.web.register.references import KeptReferences

OF_COMPLEX = "register_dwelling_complex_id_60d6390e"
OF_IDENTITY = "register_dwelling_public_id_b017de4a"


def hashed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _identity(schema_editor, "hash")


def sorted_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _identity(schema_editor, "btree")


def _identity(schema_editor: BaseDatabaseSchemaEditor, way: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX "{OF_IDENTITY}"')
        schema_editor.execute(f'CREATE INDEX "{OF_IDENTITY}" ON register_dwelling USING {way} (public_id)')


class Migration(migrations.Migration):
    dependencies = [("register", "0004_own_mappings")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="dwelling",
                    name="complex",
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.complex"),
                ),
            ],
            database_operations=[  # to alter the field would build SQLite's table anew, without its triggers
                migrations.RunSQL(
                    f'DROP INDEX "{OF_COMPLEX}"',
                    f'CREATE INDEX "{OF_COMPLEX}" ON register_dwelling (complex_id)',
                ),
            ],
        ),
        migrations.RemoveIndex("dwelling", "dwelling_by_complex"),
        migrations.AddIndex("dwelling", models.Index(fields=["complex", "replaced_at"], name="dwelling_by_complex")),
        migrations.RunPython(hashed, sorted_again),
        KeptReferences("ComplexFacts", "Dwelling", "Tenancy", "Notice", "Letting", "AgreedRole"),
    ]
