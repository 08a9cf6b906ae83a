"""A decision carries for which group it was agreed, and what must be so before the key."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("letting", "0006_matching")]
    operations = [
        migrations.AddField("decision", "group", models.CharField(default="", max_length=80)),
        migrations.AddField("decision", "conditions", models.JSONField(default=list)),
        AppendOnly(
            "Decision",
            closing=("read_by_id", "read_at", "withdrawn_at"),
            erasable=("checked_inputs",),
        ),
    ]
