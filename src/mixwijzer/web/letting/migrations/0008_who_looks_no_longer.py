"""A candidate can look no longer; who was let a home before this was known, doesn't.

And somebody else can come to speak for him.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mixwijzer.web.audit.append_only import AppendOnly


def housed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    people = apps.get_model("letting", "Candidate")._base_manager
    let = apps.get_model("letting", "Match")._base_manager.filter(state="let")
    for match in let.order_by("pk"):
        row = people.filter(owner_id=match.owner_id, number=match.candidate, replaced_at=None).first()
        if row is None or row.left_on:
            continue
        people.filter(pk=row.pk).update(replaced_at=match.moved_at)
        row.pk, row.recorded_at = None, match.moved_at
        row.left_on, row.left = match.contract_on or match.moved_at.date(), "housed"
        row.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("letting", "0007_what_was_agreed")]
    operations = [
        migrations.AddField("candidate", "left_on", models.DateField(null=True)),
        migrations.AddField(
            "candidate",
            "left",
            models.CharField(
                choices=[
                    ("housed", "was let a home here"),
                    ("elsewhere", "found a home elsewhere"),
                    ("stopped", "looks no longer"),
                    ("mistake", "was entered by mistake"),
                    ("term", "was kept no longer: the term is over"),
                ],
                default="",
                max_length=10,
            ),
        ),
        AppendOnly("Candidate", closing=("replaced_at",), erasable=("reference", "target_group")),
        migrations.RunPython(housed, migrations.RunPython.noop),
        migrations.RemoveConstraint("matchstep", "match_act_known"),
        migrations.AddConstraint(
            "matchstep",
            models.CheckConstraint(
                condition=models.Q(
                    act__in=[
                        "propose", "speak", "accept", "decline", "confirm", "override", "return",
                        "back", "cancel", "let", "promote", "release", "expire", "reopen",
                    ]
                ),
                name="match_act_known",
            ),
        ),
        AppendOnly("MatchStep"),
    ]
