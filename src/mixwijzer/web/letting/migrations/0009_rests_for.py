"""A candidate who rests because another association proposed him a home says which one and when."""

import django.db.models.deletion
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_shared_cache"), ("letting", "0008_who_looks_no_longer")]
    operations = [
        migrations.AddField(
            "candidate",
            "rests_for",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField("candidate", "rests_since", models.DateTimeField(null=True)),
        AppendOnly("Candidate", closing=("replaced_at",), erasable=("reference", "target_group")),
    ]
