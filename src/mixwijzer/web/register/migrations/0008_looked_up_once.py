"""The rows of a statement are walked through once to look up their complexes, not twice."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mixwijzer.web.register.references import LOOK_UP


def replace(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LOOK_UP, params=None)


class Migration(migrations.Migration):
    dependencies = [("register", "0007_homes_beside_accounts")]

    operations = [migrations.RunPython(replace, migrations.RunPython.noop)]
