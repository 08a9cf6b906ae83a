"""A worker divides what lies on a table, as it computes the round of one association."""

from django.db import migrations, models

WORK = {
    "": "nothing",
    "waiting": "waits its turn",
    "running": "being computed",
    "dividing": "being divided together",
}


class Migration(migrations.Migration):
    dependencies = [("rounds", "0006_opening_again")]
    operations = [
        migrations.RemoveConstraint("cityround", "city_round_work_known"),
        migrations.AlterField(
            "cityround",
            "work",
            models.CharField(blank=True, choices=[*WORK.items()], default="", max_length=10),
        ),
        migrations.AddConstraint(
            "cityround",
            models.CheckConstraint(
                condition=models.Q(work__in=[*WORK]), name="city_round_work_known"
            ),
        ),
    ]
