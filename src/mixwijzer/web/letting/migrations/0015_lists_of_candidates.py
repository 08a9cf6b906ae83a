"""A list of candidates that was brought in can be taken back."""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


def to(model: str, *, null: bool = False, name: str = "+") -> Any:
    protect = django.db.models.deletion.PROTECT
    return models.ForeignKey(model, on_delete=protect, null=null, related_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("letting", "0014_chosen_anew"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CandidateList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField()),
                ("entered", models.PositiveIntegerField()),
                ("corrected", models.PositiveIntegerField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("by", to(settings.AUTH_USER_MODEL)),
                ("owner", to("accounts.organisation")),
                ("partner_organisation", to("accounts.organisation", null=True)),
                ("taken_back_by", to(settings.AUTH_USER_MODEL, null=True)),
            ],
            options={"abstract": False},
            managers=[("of_everybody", models.Manager())],
        ),
        migrations.AddIndex(
            "candidatelist",
            models.Index(fields=["owner", "-at"], name="letting_can_owner_i_75e737_idx"),
        ),
        migrations.AddField(
            "candidate", "listed", to("letting.candidatelist", null=True, name="records")
        ),
        AppendOnly("CandidateList", closing=("taken_back_at", "taken_back_by_id")),
        AppendOnly("Candidate", closing=("replaced_at",), erasable=("reference", "target_group")),
    ]
