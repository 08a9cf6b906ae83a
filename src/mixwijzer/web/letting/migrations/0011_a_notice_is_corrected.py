"""The history of a vacancy says that its notice was corrected."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly

EVENTS = [
    *("notice", "answer", "open", "decide", "propose", "confirm", "return", "withdraw"),
    *("hand_over", "open_matching", "stop_matching", "reserve", "free", "let", "correct", "close"),
]


class Migration(migrations.Migration):
    dependencies = [("letting", "0010_what_came_of_nothing")]
    operations = [
        migrations.RemoveConstraint("step", "step_event_known"),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(
                condition=models.Q(event__in=EVENTS), name="step_event_known"
            ),
        ),
        AppendOnly("Step"),
    ]
