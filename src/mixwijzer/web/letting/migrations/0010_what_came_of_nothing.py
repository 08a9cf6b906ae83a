"""A decision lapses when the notice of its home closes and nobody came to live there."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("letting", "0009_rests_for")]
    operations = [
        migrations.AddField("decision", "lapsed_at", models.DateTimeField(null=True)),
        AppendOnly(
            "Decision",
            closing=("read_by_id", "read_at", "withdrawn_at", "lapsed_at"),
            erasable=("checked_inputs",),
        ),
    ]
