"""A cap may be a draft too; SQLite makes the table anew, so the triggers are set again."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("profiles", "0004_versions_append_only")]

    operations = [
        migrations.AddField(
            model_name="cap", name="draft", field=models.BooleanField(default=False)
        ),
        AppendOnly("Cap", closing=("replaced_at",)),
    ]
