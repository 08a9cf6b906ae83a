"""An association keeps mapping files of its own."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_shared_cache"),
        ("register", "0003_imports_and_shapes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("name", models.CharField(max_length=80)),
                ("title", models.JSONField()),
                ("content", models.TextField()),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("owner", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation")),
            ],
            options={
                "constraints": [models.UniqueConstraint(condition=models.Q(("replaced_at__isnull", True)), fields=("owner", "name"), name="register_ownmapping_current")],
            },
            managers=[("of_everybody", django.db.models.manager.Manager())],
        ),
        AppendOnly("OwnMapping", closing=("replaced_at",)),
    ]
