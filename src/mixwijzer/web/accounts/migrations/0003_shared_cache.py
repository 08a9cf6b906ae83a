"""The table in which every process of the server counts wrong passwords."""

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table of the cache; there is none yet, or it is left as it is."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_roles_with_days_log_ins_and_links"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
