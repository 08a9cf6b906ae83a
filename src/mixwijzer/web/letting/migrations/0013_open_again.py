"""A notice that was over can count again, and what was decided with it."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly

EVENTS = [
    *("notice", "answer", "open", "decide", "propose", "confirm", "return", "withdraw"),
    *("hand_over", "open_matching", "stop_matching", "reserve", "free", "let", "unlet"),
    *("correct", "close", "reopen"),
]


class Migration(migrations.Migration):
    dependencies = [("letting", "0012_not_let_after_all")]
    operations = [
        migrations.RemoveConstraint("step", "step_event_known"),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(
                condition=models.Q(event__in=EVENTS), name="step_event_known"
            ),
        ),
        AppendOnly("Step"),
        AppendOnly(
            "Decision",
            closing=("read_by_id", "read_at", "withdrawn_at"),
            erasable=("checked_inputs",),
            free=("lapsed_at",),
        ),
    ]
