"""What an agreement says of an obligation stands with it; SQLite's triggers are set again."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="obligation", name="wording", field=models.TextField(default="")
        ),
        AppendOnly("Obligation", closing=("replaced_at",)),
    ]
